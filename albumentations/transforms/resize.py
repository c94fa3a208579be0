"""Resizes: a size, or a factor, for the whole image or a window of it."""

from collections.abc import Sequence
from typing import Any, Optional

import cv2
import numpy as np

from ..core.params import (
    Anything,
    Code,
    Integer,
    OptionalChoice,
    Probability,
    Range,
    anything,
    choice,
    integer,
    interpolation_flag,
    numbers_of,
    probability,
    span,
)
from ..core.plan import Shape
from ..core.transforms_interface import Pictures
from ..functional import warp
from .families import Direct, Params, Size

Window = tuple[int, int, int, int]  # x_min, y_min, x_max, y_max


class Resized(Direct, abstract=True):
    """A window of the image, or the whole, at a new size.

    A transform gives `_new_size(height, width, ...)`, and `_window` where there is one.
    """

    interpolation: Code = interpolation_flag(default=1, kw_only=True, doc="OpenCV interpolation flag")
    mask_interpolation: Code = interpolation_flag(default=0, kw_only=True, doc="OpenCV interpolation flag for masks")
    area_for_downscale: OptionalChoice = choice(
        *("image", "image_mask"),
        default=None,
        optional=True,
        kw_only=True,
        doc="use INTER_AREA where a side gets smaller: for images ('image'), masks too ('image_mask'), or never (None)",
    )
    p: Probability = probability(default=1.0, kw_only=True)

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        """The (height, width) that an image of this height and width gets."""
        raise NotImplementedError

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Optional[Window]:
        """What is seen of the image: x_min, y_min, x_max, y_max; None for the whole."""
        return None

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        x_min, y_min, x_max, y_max = self._window(height, width, **params) or (0, 0, width, height)
        rows, columns = self._new_size(height, width, **params)
        matrix = warp.resize_matrix(y_max - y_min, x_max - x_min, new_height=rows, new_width=columns)
        if x_min or y_min:
            matrix = matrix @ warp.translation(-x_min, -y_min)
        return matrix, (rows, columns)

    def _pictures(self, shape: Shape, *args: Any, mask_interpolation: Optional[int] = None, **params: Any) -> Pictures:
        view, size = self._window(shape[0], shape[1], **params), self._new_size(shape[0], shape[1], **params)
        chosen = self.mask_interpolation if mask_interpolation is None else mask_interpolation
        area = self.area_for_downscale
        return (
            lambda image: _resized(image, view, size, self.interpolation, area is not None),
            lambda mask: _resized(mask, view, size, chosen, area == "image_mask"),
        )


def _resized(picture: np.ndarray, view: Optional[Window], size: Size, interpolation: int, area: bool) -> np.ndarray:
    if view is not None:
        x_min, y_min, x_max, y_max = view
        picture = picture[y_min:y_max, x_min:x_max]
    if area and (size[0] < picture.shape[0] or size[1] < picture.shape[1]):
        interpolation = cv2.INTER_AREA
    return warp.resize(picture, size=size, interpolation=interpolation)


class Resize(Resized):
    """Resize to a height and width.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels.
    """

    height: Integer = integer(low=1, doc="new height, in pixels")
    width: Integer = integer(low=1, doc="new width, in pixels")

    eras = (
        "height width interpolation always_apply p",
        "height width interpolation mask_interpolation p always_apply",
    )
    examples = (
        {"height": 48, "width": 37},
        {"height": 20, "width": 90, "interpolation": 2},
        {"height": 20, "width": 21, "area_for_downscale": "image"},
    )
    swaps = {"height": "width"}

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        return self.height, self.width


_SIDES = numbers_of(low=1, integer=True)
_SIDE = integer(low=1, optional=True)


def _read_sides(value: Any) -> Any:
    """One integer, or several to pick from; None for none."""
    if value is None:
        return None
    sides = _SIDES.reader(value)
    return sides if isinstance(value, Sequence) else sides[0]


def _read_limits(value: Any) -> Any:
    """(height, width), either of which may be None; None for none."""
    if value is None:
        return None
    kind = "must be (height, width), of which one may be None"
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"{kind}, not {type(value).__name__}")
    if len(value) != 2 or (value[0] is None and value[1] is None):
        raise ValueError(kind)
    return tuple(_SIDE.reader(side) for side in value)


class Bounded(Resized, abstract=True):
    """Both sides by the same factor, so that they meet a bound."""

    max_size: Anything = anything(
        read=_read_sides,
        default=None,
        doc="length of that side; of several one is picked; 1024 without max_size_hw",
    )
    max_size_hw: Anything = anything(
        read=_read_limits, default=None, doc="(height, width) to fit into or to cover; one may be None"
    )
    eras = (
        "max_size interpolation always_apply p",
        "max_size max_size_hw interpolation mask_interpolation p always_apply",
    )
    swaps = {"max_size_hw": "max_size_hw"}

    @classmethod
    def _defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {"max_size": 1024} if given.get("max_size_hw") is None else {}  # the default of 0.4 - 1.4

    def _check(self) -> None:
        if (self.max_size is None) == (self.max_size_hw is None):
            raise ValueError(
                f"{type(self).__name__}: exactly one of max_size={self.max_size!r} and max_size_hw={self.max_size_hw!r}"
                " must be given, the other one being None"
            )

    def get_params(self) -> dict[str, Any]:
        sides = self.max_size
        if sides is None:
            return {}
        return {"max_size": self._pick(sides) if isinstance(sides, tuple) else sides}

    def _factors(self, height: int, width: int, params: Params) -> list[float]:
        """The factor at which each side that has a bound meets it."""
        if "scale" in params:  # as 2.x records it
            return [params["scale"]]
        bounds = self.max_size_hw or (params["max_size"],) * 2
        return [bound / side for bound, side in zip(bounds, (height, width)) if bound is not None]


class LongestMaxSize(Bounded):
    """Resize so that the longest side has a length, or that both sides fit into a frame; the aspect ratio stays.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels.
    """

    examples = (
        {"max_size": 40},
        {"max_size": (24, 48, 80)},
        {"max_size_hw": (30, 50), "area_for_downscale": "image_mask"},
    )

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        return scaled(height, width, min(self._factors(height, width, params)))


class SmallestMaxSize(Bounded):
    """Resize so that the shortest side has a length, or that a frame is covered; the aspect ratio stays.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels.
    """

    examples = (
        {"max_size": 30},
        {"max_size": (24, 48)},
        {"max_size_hw": (30, 20), "area_for_downscale": "image"},
    )

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        return scaled(height, width, max(self._factors(height, width, params)))


def scaled(height: int, width: int, factor: float) -> Size:
    """Both sides times a factor, rounded half to even, at least 1."""
    return max(round(height * factor), 1), max(round(width * factor), 1)


def at_least_minus_one(limits: tuple[float, float]) -> tuple[float, float]:
    """A check of limits less 1: 1 + limit must be a factor that leaves something."""
    if limits[0] < -1 or limits[1] == -1:
        raise ValueError("must be at least -1, and not -1 alone: the factor is 1 + limit")
    return limits


def off_zero(factor: float, limits: tuple[float, float]) -> float:
    """A factor drawn within limits, at least 0.01 in size where they allow it: 0 leaves nothing to show.

    A hundredth it is since mirrored borders are walked through once for each picture that lies between.
    """
    least = min(0.01, max(map(abs, limits)))
    size = max(abs(factor), least)
    return -size if factor < 0 or limits[1] <= 0 else size


class RandomScale(Resized):
    """Resize both sides by one random factor; the size of the result varies.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    scale_limit: Range = span(
        default=(-0.1, 0.1),
        around=0,
        then=at_least_minus_one,
        doc="the factor less 1: -0.1 is 90 %; x is read as (-x, x); at least -1",
        was=("scale_range",),
    )
    p: Probability = probability(default=0.5, kw_only=True)

    eras = (
        "scale_limit interpolation always_apply p",
        "scale_limit interpolation mask_interpolation p always_apply",
    )
    examples = (
        {},
        {"scale_limit": (-0.5, -0.3), "area_for_downscale": "image"},
        {"scale_limit": (0.3, 0.5), "interpolation": 2},
    )
    neutral = {"scale_limit": 0}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {"scale": off_zero(1 + self._uniform(self.scale_limit), (0, 1 + self.scale_limit[1]))}

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        # Rounded down, as in every release.
        return max(int(height * params["scale"]), 1), max(int(width * params["scale"]), 1)
