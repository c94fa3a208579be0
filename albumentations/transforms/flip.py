"""Flips, transposition and quarter turns: exact, for every dtype and channel count."""

from typing import Any, ClassVar

import numpy as np

from ..core.params import Probability, probability
from ..core.run import Shape
from ..functional import moves
from .families import Move, Size


class Symmetry(Move, abstract=True):
    """A symmetry of the rectangle; `element` is its name in the group D4."""

    element: ClassVar[str] = ""

    def motion(self, shape: Shape, element: str = "", **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        element = element or self.element
        turned = element in ("r90", "r270", "t", "hvt")
        return moves.d4_matrix(element, height=height, width=width), (width, height) if turned else (height, width)

    def move(self, picture: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        return moves.d4(picture, element=params["element"])


class HorizontalFlip(Symmetry):
    """Mirror left and right.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. A keypoint (x, y) goes to (W - 1 - x, y).
    """

    element = "h"

    def move(self, picture: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        return moves.hflip(picture)


class VerticalFlip(Symmetry):
    """Mirror top and bottom.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. A keypoint (x, y) goes to (x, H - 1 - y).
    """

    element = "v"

    def move(self, picture: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        return moves.vflip(picture)


class Transpose(Symmetry):
    """Swap rows and columns.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. (H, W) becomes (W, H), a keypoint (x, y) (y, x).
    """

    element = "t"

    def move(self, picture: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        return moves.transpose(picture)


class Flip(Symmetry):
    """Mirror left and right, top and bottom, or both: one of the three, equally likely.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    def get_params(self) -> dict[str, Any]:
        return {"element": self.pick(("h", "v", "r180"))}


class RandomRotate90(Symmetry):
    """Turn by 0, 90, 180 or 270 degrees, equally likely.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    def get_params(self) -> dict[str, Any]:
        return {"element": self.pick(("e", "r90", "r180", "r270"))}


class D4(Symmetry):
    """One of the eight symmetries of the square, equally likely.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    p: Probability = probability(default=1.0, kw_only=True)

    def get_params(self) -> dict[str, Any]:
        return {"element": self.pick(moves.D4_ELEMENTS)}


class SquareSymmetry(D4):
    """One of the eight symmetries of the square, equally likely: D4 under its other name.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """
