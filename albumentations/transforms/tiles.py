"""Tiles of the image that change places."""

from typing import Any, Optional

import numpy as np

from ..core.params import Size, size
from ..core.plan import Shape
from ..core.rows import Rows
from ..core.transforms_interface import DualTransform
from ..functional import tiles


def _areas(boxes: np.ndarray) -> np.ndarray:
    areas: np.ndarray = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return areas


class RandomGridShuffle(DualTransform):
    """Cut the image into the cells of a grid and shuffle those of the same size.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype, every value bit for bit. A box that is cut into
    separate parts becomes several boxes that carry the same. Sides that do not divide evenly give cells that differ by
    a pixel, and so several groups of cells.
    """

    grid: Size = size(default=(3, 3), doc="(rows, columns) of cells")

    eras = ("grid always_apply p",)
    examples = ({}, {"grid": (2, 5)}, {"grid": (1, 4)})
    neutral = {"grid": (1, 1)}

    def get_params(self) -> dict[str, Any]:
        return {"seed": self._draw_seed()}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        if "tiles" in params and "mapping" not in params:  # as 1.x drew them: rows of two corners (y, x) and a size
            corners = [tuple(c[1::-1]) for c in tiles.cells(shape[0], shape[1], grid=self.grid).tolist()]
            shown = {(y, x): (old_y, old_x) for y, x, old_y, old_x, *_ in np.asarray(params["tiles"]).tolist()}
            return {"places": [corners.index(shown[corner]) for corner in corners]}
        if "mapping" in params:  # as 2.x drew it: where each cell goes
            return {"places": np.argsort(params["mapping"]).tolist()}
        return {"places": tiles.permutation(shape[0], shape[1], grid=self.grid, seed=params["seed"])}

    def apply(self, img: np.ndarray, places: list[int], **params: Any) -> np.ndarray:
        return tiles.shuffle(img, grid=self.grid, order=places)

    def _move_bboxes(
        self, bboxes: np.ndarray, shape: Shape, places: list[int], carried: Optional[Rows] = None, **params: Any
    ) -> np.ndarray:
        pieces, origin = tiles.shuffle_boxes(bboxes, height=shape[0], width=shape[1], grid=self.grid, order=places)
        if carried is None or len(np.unique(origin)) == len(origin):
            return pieces
        # Every further piece is a row of its own, and what is visible of a box is shared out by area.
        index = pieces[:, -1].astype(np.intp)
        cut = np.bincount(origin)[origin] > 1
        visible = carried.visible[index] * np.where(cut, _areas(pieces) / _areas(bboxes)[origin], 1.0)
        first = np.diff(origin, prepend=-1) > 0
        carried.visible[index[first]] = visible[first]
        more = [carried.carried(i) for i in index[~first].tolist()]
        pieces[~first] = carried.add(pieces[~first, :4], more, visible[~first])
        return pieces

    def _move_keypoints(self, keypoints: np.ndarray, shape: Shape, places: list[int], **params: Any) -> np.ndarray:
        return tiles.shuffle_keypoints(keypoints, height=shape[0], width=shape[1], grid=self.grid, order=places)
