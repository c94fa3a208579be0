"""Distortions by the nodes of a grid: few places move, and a surface between them takes the rest along."""

from typing import Any, ClassVar

import cv2

from ..core.params import (
    Code,
    Flag,
    Integer,
    Number,
    Probability,
    Range,
    Size,
    border_flag,
    flag,
    integer,
    number,
    probability,
    size,
    span,
)
from ..core.plan import Shape
from ..core.spellings import old_spelling
from ..functional import grids
from .distort import Distortion, Maps
from .families import Remap

# The words of scikit-image for what OpenCV counts.
SKIMAGE_MODES = {
    "constant": cv2.BORDER_CONSTANT,
    "edge": cv2.BORDER_REPLICATE,
    "symmetric": cv2.BORDER_REFLECT,
    "reflect": cv2.BORDER_REFLECT_101,
    "wrap": cv2.BORDER_WRAP,
}


class ThinPlateSpline(Distortion):
    """Bend like a thin sheet of metal: control points move at random, the image follows with the least bending.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. The control points lie at even distances from
    edge to edge. (Bookstein, 1989)
    """

    scale_range: Range = span(
        default=(0.2, 0.4), low=0, doc="strength: five standard deviations of a move, as a fraction of the image's side"
    )
    num_control_points: Integer = integer(default=4, low=2, doc="control points along each side")
    border_mode: Code = border_flag(default=cv2.BORDER_CONSTANT, kw_only=True)
    order = (
        "scale_range num_control_points interpolation mask_interpolation keypoint_remapping_method p border_mode fill"
        " fill_mask"
    )
    eras = ("scale_range num_control_points interpolation mask_interpolation p always_apply",)

    examples = (
        {},
        {"scale_range": (0.1, 0.2), "num_control_points": 3, "fill": 77, "fill_mask": 2},
        {"scale_range": (0.4, 0.5), "border_mode": 4},
    )
    neutral = {"scale_range": 0}

    def get_params(self) -> dict[str, Any]:
        return {"scale": self._uniform(self.scale_range), "seed": self._draw_seed()}

    def _maps(self, shape: Shape, *args: Any, **params: Any) -> Maps:
        count = self.num_control_points
        moves_x, moves_y = grids.normal_moves(count, count, seed=params["seed"]) * (params["scale"] / 5)
        return grids.thin_plate(shape[0], shape[1], moves_x=moves_x, moves_y=moves_y)


class PiecewiseAffine(Distortion):
    """Move the nodes of a regular grid at random, and what lies between them along.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Nothing outside of the image is ever read, so
    that borders and fills are never seen.
    """

    scale: Range = span(
        default=(0.03, 0.05),
        low=0,
        doc="standard deviation of a node's move, as a fraction of the image's width and height",
        was=("scale_range",),
    )
    nb_rows: Range = span(
        default=(4, 4), low=2, integer=True, doc="number of rows of nodes; x is read as (x, x)", was=("nb_rows_range",)
    )
    nb_cols: Range = span(
        default=(4, 4),
        low=2,
        integer=True,
        doc="number of columns of nodes; x is read as (x, x)",
        was=("nb_cols_range",),
    )
    absolute_scale: Flag = flag(default=False, kw_only=True, doc="scale is in pixels")
    keypoints_threshold: Number = number(
        default=0.01, low=0, kw_only=True, doc="read for the sake of older code: keypoints always follow the map itself"
    )
    border_mode: Code = border_flag(default=cv2.BORDER_CONSTANT, kw_only=True)
    order = (
        "scale nb_rows nb_cols interpolation mask_interpolation absolute_scale keypoint_remapping_method p border_mode"
        " fill fill_mask"
    )
    eras = (
        "scale nb_rows nb_cols interpolation mask_interpolation cval cval_mask mode absolute_scale always_apply"
        " keypoints_threshold p",
        "scale nb_rows nb_cols interpolation mask_interpolation cval cval_mask mode absolute_scale p always_apply"
        " keypoints_threshold",
    )

    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {},
        {"scale": (0.05, 0.1), "nb_rows": (2, 5), "nb_cols": 3},
        {"scale": (3, 5), "absolute_scale": True},
    )
    _lost = {"matrix": "an object that is in no file, of another library"}
    neutral = {"scale": 0}

    @old_spelling
    @staticmethod
    def _skimage(mode: str = "constant", cval: float = 0, cval_mask: float = 0) -> dict[str, Any]:
        if mode not in SKIMAGE_MODES:
            raise ValueError(f"mode must be one of {', '.join(map(repr, SKIMAGE_MODES))}")
        return {"border_mode": SKIMAGE_MODES[mode], "fill": cval, "fill_mask": cval_mask}

    def get_params(self) -> dict[str, Any]:
        return {
            "scale": self._uniform(self.scale),
            "nb_rows": self._randint((int(self.nb_rows[0]), int(self.nb_rows[1]))),
            "nb_cols": self._randint((int(self.nb_cols[0]), int(self.nb_cols[1]))),
            "seed": self._draw_seed(),
        }

    def _maps(self, shape: Shape, *args: Any, **params: Any) -> Maps:
        height, width = shape[:2]
        moves_x, moves_y = (
            grids.normal_moves(params["nb_rows"], params["nb_cols"], seed=params["seed"]) * params["scale"]
        )
        if not self.absolute_scale:
            moves_x, moves_y = moves_x * width, moves_y * height
        return grids.piecewise_affine(height, width, moves_x=moves_x, moves_y=moves_y)


class GridElasticDeform(Remap):
    """Move the inner nodes of a regular grid by a few pixels; the frame of the image stays where it is.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels.
    """

    num_grid_xy: Size = size(doc="(rows, columns) of cells; the name has it the other way round, since 1.4")
    magnitude: Integer = integer(low=1, doc="up to so many pixels a node moves, along x and y")
    border_mode: Code = border_flag(default=cv2.BORDER_CONSTANT, kw_only=True)
    p: Probability = probability(default=1.0, kw_only=True)
    order = "num_grid_xy magnitude interpolation mask_interpolation p"

    _lost = {"generated_mesh": "cells are moved in another way here"}
    examples = ({"num_grid_xy": (4, 3), "magnitude": 6}, {"num_grid_xy": (2, 5), "magnitude": 3})

    def get_params(self) -> dict[str, Any]:
        return {"seed": self._draw_seed()}

    def _maps(self, shape: Shape, *args: Any, **params: Any) -> Maps:
        rows, columns = self.num_grid_xy
        moves_x, moves_y = grids.whole_moves(rows - 1, columns - 1, reach=self.magnitude, seed=params["seed"])
        return grids.elastic_grid(shape[0], shape[1], moves_x=moves_x, moves_y=moves_y)
