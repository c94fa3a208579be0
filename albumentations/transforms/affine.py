"""Affine and perspective motions."""

import math
from collections.abc import Mapping
from typing import Any, Callable, ClassVar, Optional

import cv2
import numpy as np

from ..core.params import (
    Anything,
    Code,
    Fill,
    Flag,
    OptionalRange,
    Range,
    anything,
    border_flag,
    fill_value,
    flag,
    span,
)
from ..core.plan import Shape
from ..core.records import release_of
from ..functional import warp
from .families import Size, Warp
from .resize import off_zero
from .rotate import Turning, center

Limits = tuple[float, float]

# What a bare Affine() did in 1.0 - 1.3.
_CLASSIC: dict[str, Any] = {
    "scale": (0.9, 1.1),
    "translate_percent": (-0.1, 0.1),
    "rotate": (-15.0, 15.0),
    "shear": (-10.0, 10.0),
}


def _per_axis(
    neutral: float, *, then: Any = None, integer: bool = False, low: float = -math.inf, high: float = math.inf
) -> Callable[[Any], Any]:
    """A reader of a number, a pair, or a dict of these by axis: {"x": (low, high), "y": (low, high)}, or None."""
    limits = span(low=low, high=high, integer=integer, then=then)

    def read(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            both = limits.reader(value)
            return {"x": both, "y": both}
        unknown = sorted(str(key) for key in value if key not in ("x", "y"))
        if unknown or not value:
            raise ValueError("must be a number, a pair of numbers, or a dict of these with the keys 'x' and 'y'")
        return {axis: limits.reader(value.get(axis, neutral)) for axis in ("x", "y")}

    return read


def _leaves_something(limits: Limits) -> Limits:
    if limits == (0, 0):
        raise ValueError("must not be 0 alone: nothing would be left")
    return limits


class Affine(Turning):
    """Scale, shear, rotate about the centre, then translate: all of them random, all in one interpolation.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Degrees, counter-clockwise; a positive shear
    moves the lower half to the right, and the right half up. Wherever (low, high) is asked for, one number x stands for
    (x, x), and {"x": ..., "y": ...} tells the axes apart; an axis left out stays as it is.
    """

    scale: Anything = anything(
        read=_per_axis(1.0, then=_leaves_something),
        default=None,
        doc="factor, each axis its own unless keep_ratio; below 0 it mirrors, 0 itself is not drawn; None: 1, but"
        " (0.9, 1.1) where none of the five is given",
    )
    translate_percent: Anything = anything(
        read=_per_axis(0.0),
        default=None,
        doc="shift as a fraction of width and height; None: 0, but (-0.1, 0.1) where none of the five is given",
    )
    translate_px: Anything = anything(
        read=_per_axis(0, integer=True), default=None, doc="shift in whole pixels, instead of translate_percent"
    )
    rotate: OptionalRange = span(
        default=None, optional=True, doc="angle in degrees; None: 0, but (-15, 15) where none of the five is given"
    )
    shear: Anything = anything(
        read=_per_axis(0.0, low=-89.9, high=89.9),
        default=None,
        doc="angle in degrees; None: 0, but (-10, 10) where none of the five is given",
    )
    fit_output: Flag = flag(
        default=False, kw_only=True, doc="choose the size so that the whole image is just visible; no translation"
    )
    keep_ratio: Flag = flag(default=False, kw_only=True, doc="scale both axes by the same factor")
    balanced_scale: Flag = flag(
        default=False, kw_only=True, doc="shrink as often as enlarge, however the range lies about 1"
    )
    border_mode: Code = border_flag(default=cv2.BORDER_CONSTANT, was=("mode",), kw_only=True)
    fill: Fill = fill_value(default=0, was=("cval",), kw_only=True)
    fill_mask: Fill = fill_value(default=0, was=("cval_mask",), kw_only=True)
    order = (
        "scale translate_percent translate_px rotate shear interpolation mask_interpolation fit_output keep_ratio"
        " rotate_method balanced_scale border_mode fill fill_mask p"
    )
    eras = (
        "scale translate_percent translate_px rotate shear interpolation mask_interpolation cval cval_mask mode"
        " fit_output always_apply p",
        "scale translate_percent translate_px rotate shear interpolation mask_interpolation cval cval_mask mode"
        " fit_output keep_ratio rotate_method always_apply p",
        "scale translate_percent translate_px rotate shear interpolation mask_interpolation cval cval_mask mode"
        " fit_output keep_ratio rotate_method balanced_scale border_mode fill fill_mask p always_apply",
    )

    examples = (
        {},
        {"rotate": (20, 30), "shear": {"x": (5, 15)}, "fit_output": True, "fill": 77, "fill_mask": 2},
        {"scale": (0.7, 1.6), "keep_ratio": True, "balanced_scale": True, "rotate_method": "ellipse", "rotate": 20},
        {"translate_px": {"x": (-5, 5), "y": 3}, "scale": {"x": (1.1, 1.3), "y": 0.8}, "border_mode": 4},
    )
    neutral = {"scale": 1}

    @classmethod
    def _defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        return _CLASSIC if all(given.get(name) is None for name in (*_CLASSIC, "translate_px")) else {}

    def _check(self) -> None:
        if self.translate_percent is not None and self.translate_px is not None:
            raise ValueError(
                f"Affine: translate_percent={self.translate_percent!r} and translate_px={self.translate_px!r} are both"
                " given; one of them must be None"
            )
        if self.keep_ratio and self.scale is not None and self.scale["x"] != self.scale["y"]:
            raise ValueError(f"Affine: keep_ratio=True needs one range for both axes, not scale={self.scale!r}")

    def get_params(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {
            "scale": self._draw_scale(),
            "rotate": 0.0 if self.rotate is None else self._uniform(self.rotate),
            "shear": self._draw_axes(self.shear),
        }
        if self.translate_px is not None:
            drawn["translate_px"] = [self._randint(self.translate_px[axis]) for axis in ("x", "y")]
        else:
            drawn["translate_percent"] = self._draw_axes(self.translate_percent)
        return drawn

    def _draw_axes(self, limits: Optional[dict[str, Limits]]) -> list[float]:
        return [0.0, 0.0] if limits is None else [self._uniform(limits[axis]) for axis in ("x", "y")]

    def _draw_scale(self) -> dict[str, float]:
        if self.scale is None:
            return {"x": 1.0, "y": 1.0}
        x = self._draw_factor(self.scale["x"])
        return {"x": x, "y": x if self.keep_ratio else self._draw_factor(self.scale["y"])}

    def _draw_factor(self, limits: Limits) -> float:
        if self.balanced_scale and limits[0] < 1 < limits[1]:
            limits = self._pick(((limits[0], 1.0), (1.0, limits[1])))
        return off_zero(self._uniform(limits), limits)

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        scale_x, scale_y = params["scale"]["x"], params["scale"]["y"]
        shear_x, shear_y = params["shear"]
        matrix = warp.rotation(params["rotate"])
        if shear_x or shear_y:
            # In y first, then the scale, then in x: the order of 1.x.
            matrix = matrix @ warp.shear(shear_x, 0.0) @ warp.scaling(scale_x, scale_y) @ warp.shear(0.0, -shear_y)
        else:
            matrix = matrix @ warp.scaling(scale_x, scale_y)
        if self.fit_output:
            return warp.fit(matrix, height=height, width=width)
        matrix = warp.about(matrix, center=center(shape))
        if "translate_px" in params:
            x, y = params["translate_px"]
        else:
            x, y = params["translate_percent"][0] * width, params["translate_percent"][1] * height
        matrix[0, 2] += x
        matrix[1, 2] += y
        return matrix, (height, width)


_OUTER = np.array(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
_INWARD = np.array(((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)))


class Perspective(Warp):
    """Look at the image from elsewhere: its four corners move inwards at random, and what they enclose is shown.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    scale: Range = span(
        default=(0.05, 0.1),
        start=0,
        low=0,
        doc="standard deviation of the corners' ways, as a fraction of the sides; x is read as (0, x)",
    )
    keep_size: Flag = flag(default=True, doc="resize the result to the size of the input")
    fit_output: Flag = flag(default=False, doc="show the whole image instead of what the corners enclose")
    border_mode: Code = border_flag(default=cv2.BORDER_CONSTANT, was=("pad_mode",), kw_only=True)
    fill: Fill = fill_value(default=0, was=("pad_val",), kw_only=True)
    fill_mask: Fill = fill_value(default=0, was=("mask_pad_val",), kw_only=True)
    order = "scale keep_size fit_output interpolation mask_interpolation border_mode fill fill_mask p"
    eras = (
        "scale keep_size pad_mode pad_val mask_pad_val fit_output interpolation always_apply p",
        "scale keep_size pad_mode pad_val mask_pad_val fit_output interpolation mask_interpolation border_mode fill"
        " fill_mask p always_apply",
    )

    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {},
        {"scale": (0.1, 0.15), "keep_size": False},
        {"scale": 0.1, "fit_output": True, "fill": 77, "fill_mask": 2},
        {"scale": 0.1, "fit_output": True, "keep_size": False, "border_mode": 4},
    )
    neutral = {"scale": 0}

    def get_params(self) -> dict[str, Any]:
        deviation = self._uniform(self.scale)
        # Limited so that no corner leaves its own quarter of the image.
        inward = [min(abs(self.py_random.gauss(0.0, deviation)), 0.49) for _ in range(8)]
        return {"corners": [inward[i : i + 2] for i in (0, 2, 4, 6)]}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) == "1.x" and self.keep_size:
            raise ValueError("with keep_size it is interpolated twice, here once")
        return super()._read_names(params)

    def _given_motion(
        self, shape: Shape, matrix: np.ndarray, size: Optional[Size] = None, **params: Any
    ) -> tuple[np.ndarray, Size]:
        matrix, (rows, columns) = super()._given_motion(shape, matrix, size)
        if not self.keep_size:
            return matrix, (rows, columns)
        return np.diag((shape[1] / columns, shape[0] / rows, 1.0)) @ matrix, (shape[0], shape[1])

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        inward = np.array(params["corners"])
        matrix, size = _flattened(inward, height, width)
        # Corners that enclose no convex figure, or nearly none, would show the image from behind: then less of it.
        while not _in_front(matrix, height, width, whole=self.fit_output, inward=inward):
            inward = inward / 2
            matrix, size = _flattened(inward, height, width)
        matrix = warp.about(matrix, center=(-0.5, -0.5))  # from edges to pixel centres
        if self.fit_output:
            matrix, size = warp.fit(matrix, height=height, width=width)
        if self.keep_size and size != (height, width):
            matrix = warp.resize_matrix(*size, new_height=height, new_width=width) @ matrix
            size = (height, width)
        return matrix, size


def _corners(inward: np.ndarray, height: int, width: int) -> np.ndarray:
    """The corners of the image, moved inwards: (4, 2) of x, y, clockwise from the upper left, between edges."""
    corners: np.ndarray = (_OUTER + _INWARD * inward) * (width, height)
    return corners


def _flattened(inward: np.ndarray, height: int, width: int) -> tuple[np.ndarray, Size]:
    """The matrix, between edges, that makes a rectangle of the corners, as long as their longer sides; and its size."""
    corners = _corners(inward, height, width)
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners.tolist()
    # What is less than a millionth of a pixel short of a whole number is that number.
    columns = max(int(max(math.hypot(x1 - x0, y1 - y0), math.hypot(x2 - x3, y2 - y3)) + 1e-6), 1)
    rows = max(int(max(math.hypot(x3 - x0, y3 - y0), math.hypot(x2 - x1, y2 - y1)) + 1e-6), 1)
    return warp.perspective(corners, _OUTER * (columns, rows)), (rows, columns)


def _in_front(matrix: np.ndarray, height: int, width: int, *, whole: bool, inward: np.ndarray) -> bool:
    """Whether all that shall be seen lies before the horizon, and not so near it that it grows tenfold."""
    g, h, i = matrix[2].tolist()
    points = _corners(np.zeros((4, 2)) if whole else inward, height, width).tolist()
    depths = [g * x + h * y + i for x, y in points]
    return bool(min(depths) > 0.1 * max(depths))
