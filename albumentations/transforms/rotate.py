"""Rotations about the centre of the image."""

import math
from typing import Any, Optional

import cv2
import numpy as np

from ..core.params import Choice, Flag, OptionalRange, Range, choice, flag, span
from ..core.plan import Shape
from ..core.serialization import said_once
from ..functional import warp
from .families import Size, Warp
from .resize import at_least_minus_one, off_zero


def center(shape: Shape) -> tuple[float, float]:
    """The centre (x, y) of an image, between pixel centres."""
    return (shape[1] - 1) / 2, (shape[0] - 1) / 2


class Turning(Warp, abstract=True):
    """A warp that may turn: upright boxes can follow it in two ways."""

    rotate_method: Choice = choice(
        *("largest_box", "ellipse"),
        default="largest_box",
        kw_only=True,
        doc="boxes around the moved corners ('largest_box'), or around the moved inscribed ellipse ('ellipse')",
    )


class Rotation(Turning, abstract=True):
    """A turn about the centre by a random angle."""

    limit: Range = span(
        default=(-90, 90),
        around=0,
        doc="angle in degrees, counter-clockwise; x is read as (-x, x)",
        was=("angle_range",),
    )

    def get_params(self) -> dict[str, Any]:
        return {"angle": self._uniform(self.limit)}


class Rotate(Rotation):
    """Turn about the centre by a random angle; the size stays, corners are cut off.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Degrees, counter-clockwise.
    """

    crop_border: Flag = flag(
        default=False, kw_only=True, doc="cut out the largest upright rectangle in which nothing is filled"
    )
    order = "limit interpolation border_mode rotate_method crop_border mask_interpolation fill fill_mask p"
    eras = (
        "limit interpolation border_mode value mask_value always_apply p",
        "limit interpolation border_mode value mask_value rotate_method crop_border always_apply p",
        "limit interpolation border_mode value mask_value rotate_method crop_border mask_interpolation fill"
        " fill_mask p always_apply",
    )

    _beside = {"mask_interpolation fill fill_mask angle_range": {"border_mode": cv2.BORDER_CONSTANT}}
    examples = (
        {},
        {"limit": (20, 40), "border_mode": 0, "fill": 77, "fill_mask": 2, "rotate_method": "ellipse"},
        {"limit": 45, "crop_border": True, "interpolation": 2},
    )
    neutral = {"limit": 0}
    swaps = {"limit": "-limit", "angle": "-angle"}

    def _given_motion(
        self, shape: Shape, matrix: np.ndarray, size: Optional[Size] = None, **params: Any
    ) -> tuple[np.ndarray, Size]:
        if not self.crop_border or size is not None:
            return super()._given_motion(shape, matrix, size)
        x_min, y_min = params["x_min"], params["y_min"]
        return warp.translation(-x_min, -y_min) @ matrix, (params["y_max"] - y_min, params["x_max"] - x_min)

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        matrix = warp.about(warp.rotation(params["angle"]), center=center(shape))
        if not self.crop_border:
            return matrix, (shape[0], shape[1])
        x_min, y_min, x_max, y_max = inner_window(shape[0], shape[1], params["angle"])
        return warp.translation(-x_min, -y_min) @ matrix, (y_max - y_min, x_max - x_min)


def inner_window(height: int, width: int, angle: float) -> tuple[int, int, int, int]:
    """The largest upright rectangle inside of the turned image, about the same centre: x_min, y_min, x_max, y_max.

    Rounded down, and limited to the frame, as in every release.
    """
    turn = math.radians(angle)
    x, y = _largest_box(abs(math.cos(turn)), abs(math.sin(turn)), width / 2, height / 2)
    columns, rows = 2 * x, 2 * y
    # Exact at right angles and where a side is a round number, whatever the sines were rounded to.
    left, right = math.floor((width - columns) / 2 + 1e-6), math.floor((width + columns) / 2 + 1e-6)
    top, bottom = math.floor((height - rows) / 2 + 1e-6), math.floor((height + rows) / 2 + 1e-6)
    left, right, top, bottom = max(left, 0), min(right, width), max(top, 0), min(bottom, height)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _largest_box(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """The half sides x, y >= 0 of largest product under a x + b y <= c and b x + a y <= d; a, b >= 0, a a + b b = 1.

    Turned back by the angle whose cosine is a and whose sine is b, the corners of a box with half sides x, y reach
    a x + b y along the width and b x + a y along the height; an image with half sides c, d contains them.
    """
    lines = ((a, b, c), (b, a, d))
    # Along a line u x + v y = w the product is largest in its middle, where both terms are w / 2.
    for (u, v, w), (s, t, limit) in (lines, lines[::-1]):
        if u > 0 and v > 0:
            x, y = w / (2 * u), w / (2 * v)
            # At 45 degrees both lines of a square are one: what rounding does must not decide.
            if s * x + t * y <= limit * (1 + 1e-9):
                return x, y
    # Neither middle can be had, so it is where the lines meet: nearest to both.
    determinant = a * a - b * b
    return (a * c - b * d) / determinant, (a * d - b * c) / determinant


class SafeRotate(Rotation):
    """Turn about the centre by a random angle, and scale the whole turned image into the old size: no corner is lost.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Degrees, counter-clockwise.
    """

    order = "limit interpolation border_mode rotate_method mask_interpolation fill fill_mask p"
    eras = (
        "limit interpolation border_mode value mask_value always_apply p",
        "limit interpolation border_mode value mask_value rotate_method mask_interpolation fill fill_mask p"
        " always_apply",
    )

    _beside = {"rotate_method mask_interpolation fill fill_mask angle_range": {"border_mode": cv2.BORDER_CONSTANT}}
    examples = (
        {},
        {"limit": (20, 40), "border_mode": 0, "fill": 77, "fill_mask": 2, "rotate_method": "ellipse"},
    )
    neutral = {"limit": 0}
    swaps = {"limit": "-limit", "angle": "-angle"}

    @classmethod
    def _from_file(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        # 2.x writes down all that Affine has, of which only the rotation is its own.
        still = {"x": (0, 0), "y": (0, 0)}
        arguments = said_once(arguments, balanced_scale=False, fit_output=True, keep_ratio=False, shear=still)
        arguments = said_once(arguments, scale={"x": (1, 1), "y": (1, 1)}, translate_percent=None, translate_px=still)
        return said_once(arguments, rotate=arguments.get("limit"))

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        matrix, (rows, columns) = warp.fit(warp.rotation(params["angle"]), height=height, width=width)
        return warp.resize_matrix(rows, columns, new_height=height, new_width=width) @ matrix, (height, width)


class ShiftScaleRotate(Turning):
    """Turn and scale about the centre, then shift: one random affine motion.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Degrees, counter-clockwise.
    """

    shift_limit: Range = span(
        default=(-0.0625, 0.0625),
        around=0,
        doc="shift as a fraction of width and height; x is read as (-x, x)",
        was=("shift_range",),
    )
    scale_limit: Range = span(
        default=(-0.1, 0.1),
        around=0,
        then=at_least_minus_one,
        doc="the factor less 1: -0.1 is 90 %; x is read as (-x, x); at least -1",
        was=("scale_range",),
    )
    rotate_limit: Range = span(
        default=(-45, 45),
        around=0,
        doc="angle in degrees, counter-clockwise; x is read as (-x, x)",
        was=("rotate_range",),
    )
    shift_limit_x: OptionalRange = span(
        default=None,
        around=0,
        optional=True,
        kw_only=True,
        doc="shift along x, instead of shift_limit",
        was=("shift_range_x",),
    )
    shift_limit_y: OptionalRange = span(
        default=None,
        around=0,
        optional=True,
        kw_only=True,
        doc="shift along y, instead of shift_limit",
        was=("shift_range_y",),
    )
    order = (
        "shift_limit scale_limit rotate_limit interpolation border_mode shift_limit_x shift_limit_y rotate_method"
        " mask_interpolation fill fill_mask p"
    )
    eras = (
        "shift_limit scale_limit rotate_limit interpolation border_mode value mask_value always_apply p",
        "shift_limit scale_limit rotate_limit interpolation border_mode value mask_value shift_limit_x"
        " shift_limit_y always_apply p",
        "shift_limit scale_limit rotate_limit interpolation border_mode value mask_value shift_limit_x"
        " shift_limit_y rotate_method always_apply p",
        "shift_limit scale_limit rotate_limit interpolation border_mode value mask_value shift_limit_x"
        " shift_limit_y rotate_method mask_interpolation fill fill_mask p always_apply",
    )

    _beside = {
        "mask_interpolation fill fill_mask shift_range scale_range rotate_range shift_range_x shift_range_y": {
            "border_mode": cv2.BORDER_CONSTANT
        }
    }
    examples = (
        {},
        {"shift_limit": 0.2, "scale_limit": (0.2, 0.4), "border_mode": 0, "fill": 77, "fill_mask": 2},
        {"shift_limit_x": (0.1, 0.2), "shift_limit_y": 0, "rotate_limit": (30, 40), "rotate_method": "ellipse"},
    )
    neutral = {"shift_limit": 0, "scale_limit": 0, "rotate_limit": 0}
    swaps = {
        "shift_limit_x": "shift_limit_y",
        "rotate_limit": "-rotate_limit",
        "dx": "dy",
        "angle": "-angle",
    }

    def get_params(self) -> dict[str, Any]:
        return {
            "angle": self._uniform(self.rotate_limit),
            "scale": off_zero(1 + self._uniform(self.scale_limit), (0, 1 + self.scale_limit[1])),
            "dx": self._uniform(self.shift_limit_x or self.shift_limit),
            "dy": self._uniform(self.shift_limit_y or self.shift_limit),
        }

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        matrix = warp.rotation(params["angle"])
        matrix[:2, :2] *= params["scale"]
        matrix = warp.about(matrix, center=center(shape))
        matrix[0, 2] += params["dx"] * width
        matrix[1, 2] += params["dy"] * height
        return matrix, (height, width)
