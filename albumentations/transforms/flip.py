"""Flips, transposition and quarter turns: exact, for every dtype and channel count."""

from functools import partial
from typing import Any, Callable, ClassVar

import numpy as np

from ..core.params import Probability, probability
from ..core.plan import Shape
from ..core.transforms_interface import Pictures
from ..functional import moves
from .families import Move, Size

_MOVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    **{element: partial(moves.d4, element=element) for element in moves.D4_ELEMENTS},
    "h": moves.hflip,
    "v": moves.vflip,
    "t": moves.transpose,  # 0.3 us less
}


class Symmetry(Move, abstract=True):
    """A symmetry of the rectangle; `element` is its name in the group D4, or `named` finds it in what was drawn."""

    _keeps_inside = True
    _element: ClassVar[str] = ""

    def _named(self, **params: Any) -> str:
        """The name of the symmetry."""
        return self._element

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        element = self._named(**params)
        turned = element in ("r90", "r270", "t", "hvt")
        return moves.d4_matrix(element, height=height, width=width), (width, height) if turned else (height, width)

    def _pictures(self, shape: Shape, *args: Any, **params: Any) -> Pictures:
        moved = _MOVES[self._named(**params)]
        return moved, moved


class HorizontalFlip(Symmetry):
    """Mirror left and right.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. A keypoint (x, y) goes to (W - 1 - x, y).
    """

    _element = "h"


class VerticalFlip(Symmetry):
    """Mirror top and bottom.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. A keypoint (x, y) goes to (x, H - 1 - y).
    """

    _element = "v"


class Transpose(Symmetry):
    """Swap rows and columns.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. (H, W) becomes (W, H), a keypoint (x, y) (y, x).
    """

    _element = "t"
    swaps = {}


class Flip(Symmetry):
    """Mirror left and right, top and bottom, or both: one of the three, equally likely.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    def get_params(self) -> dict[str, Any]:
        return {"d": self._pick((1, 0, -1))}

    def _named(self, d: int = 1, **params: Any) -> str:
        return {1: "h", 0: "v", -1: "r180"}[d]  # the codes of cv2.flip


class RandomRotate90(Symmetry):
    """Turn by 0, 90, 180 or 270 degrees, equally likely.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    def get_params(self) -> dict[str, Any]:
        return {"factor": self._randint((0, 3))}

    def _named(self, factor: int = 0, **params: Any) -> str:
        return ("e", "r90", "r180", "r270")[factor % 4]


class D4(Symmetry):
    """One of the eight symmetries of the square, equally likely.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    p: Probability = probability(default=1.0, kw_only=True)
    swaps = {"group_element": "group_element"}

    def get_params(self) -> dict[str, Any]:
        return {"group_element": self._pick(moves.D4_ELEMENTS)}

    def _named(self, group_element: str = "e", **params: Any) -> str:
        return group_element


class SquareSymmetry(D4):
    """One of the eight symmetries of the square, equally likely: D4 under its other name.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """
