"""Morphology: bright or dark parts grow."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.params import Anything, Choice, anything, choice, integer, numbers_of
from ..core.plan import Shape
from ..core.transforms_interface import DualTransform
from ..functional import morphology

_SIDE = integer(low=1)
_SIDES = numbers_of(count=2, low=1, integer=True)


def _read_sides(value: Any) -> tuple[int, int]:
    """(width, height); one number is a height, as in 1.4 and 2.x."""
    width, height = _SIDES.reader(value) if isinstance(value, Sequence) else (1, _SIDE.reader(value))
    return width, height


class Morphological(DualTransform):
    """Let bright parts grow (dilation) or shrink (erosion): the largest or smallest value under an elliptic kernel.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Boxes grow and shrink as their painted content
    would, and are dropped where nothing is left; keypoints stay. (Serra, 1982)
    """

    scale: Anything = anything(
        read=_read_sides, default=(2, 3), doc="(width, height) of the kernel, in pixels; x is read as (1, x)"
    )
    operation: Choice = choice("dilation", "erosion", default="dilation", doc="what grows: bright parts, or dark ones")

    eras = ("scale operation p always_apply",)
    examples = ({}, {"scale": (5, 3), "operation": "erosion"})
    neutral = {"scale": (1, 1)}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        width, height = self.scale
        return {"kernel": morphology.ellipse(height, width)}

    def apply(self, img: np.ndarray, kernel: np.ndarray, **params: Any) -> np.ndarray:
        return morphology.apply(img, kernel=kernel, operation=self.operation)

    def _move_bboxes(self, bboxes: np.ndarray, kernel: np.ndarray, shape: Shape, **params: Any) -> np.ndarray:
        height, width = shape[:2]
        moved = morphology.boxes(bboxes, kernel=kernel, operation=self.operation, height=height, width=width)
        return moved[(moved[:, 0] < moved[:, 2]) & (moved[:, 1] < moved[:, 3])]

    def _move_keypoints(self, keypoints: np.ndarray, **params: Any) -> np.ndarray:
        return keypoints
