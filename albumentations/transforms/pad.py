"""Pads, and what they share with crops: a frame laid over the image, and painted where nothing lies under it."""

import enum
from collections.abc import Sequence
from typing import Any, Optional

import cv2
import numpy as np

from ..core.params import (
    Anything,
    Choice,
    Code,
    Fill,
    OptionalInteger,
    Probability,
    anything,
    border_flag,
    choice,
    fill_value,
    integer,
    numbers_of,
    probability,
)
from ..core.plan import Shape
from ..core.serialization import said_once
from ..core.transforms_interface import Pictures
from ..functional import moves, warp
from .families import Move, Params, Size
from .resize import Window

Pads = tuple[int, int, int, int]  # top, bottom, left, right
POSITIONS: tuple[str, ...] = ("center", "top_left", "top_right", "bottom_left", "bottom_right", "random")
NO_PADS: Pads = (0, 0, 0, 0)


def placed(missing: Size, position: str, pad_y: float = 0.5, pad_x: float = 0.5) -> Pads:
    """How (rows, columns) that are missing are shared by the sides; fractions say where a random position is."""
    rows, columns = (max(side, 0) for side in missing)
    if position == "center":
        top, left = rows // 2, columns // 2
    elif position == "random":
        top, left = int(pad_y * (rows + 1)), int(pad_x * (columns + 1))
    else:
        # The name says where the image lies: at the top it is padded below.
        top = 0 if position.startswith("top") else rows
        left = 0 if position.endswith("left") else columns
    return top, rows - top, left, columns - left


def given_pads(params: Params) -> Pads:
    """Pads in pixels, as a record of 2.x or a subclass gives them."""
    return params["pad_top"], params["pad_bottom"], params["pad_left"], params["pad_right"]


class Framed(Move, abstract=True):
    """A frame over the image, without interpolation: pads on some sides, then perhaps a window of what results.

    A transform gives `layout(shape, ...)`, the pads and the window or None.
    """

    border_mode: Code = border_flag(default=cv2.BORDER_CONSTANT, kw_only=True, doc="OpenCV border mode flag")
    fill: Fill = fill_value(
        default=0, kw_only=True, doc="value of new pixels of images (constant border), in the image's own units"
    )
    fill_mask: Fill = fill_value(default=0, kw_only=True, doc="value of new pixels of masks (constant border)")
    p: Probability = probability(default=1.0, kw_only=True)

    def _layout(self, shape: Shape, *args: Any, **params: Any) -> tuple[Pads, Optional[Window]]:
        """Pads (top, bottom, left, right), and the window (x_min, y_min, x_max, y_max) in the padded image."""
        raise NotImplementedError

    @property
    def _paints(self) -> bool:
        """Whether pixels may get the constant `fill`."""
        return self.border_mode == cv2.BORDER_CONSTANT

    @property
    def _passes_tables(self) -> bool:
        """A table that is held back would change the fill; reflected pixels are the image's own."""
        return not self._paints

    def _draw_place(self, position: str) -> Params:
        """Where a random position is, as fractions; nothing is drawn for the others."""
        return {"pad_y": self._uniform((0, 1)), "pad_x": self._uniform((0, 1))} if position == "random" else {}

    def _also(self, shape: Shape, *args: Any, **params: Any) -> Params:
        pads, window = self._layout(shape, **params)
        sides: Any = dict(zip(("pad_top", "pad_bottom", "pad_left", "pad_right"), pads))
        return sides if window is None else {"crop_coords": list(window), "pad_params": sides if any(pads) else None}

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        (top, bottom, left, right), window = self._layout(shape, **params)
        x_min, y_min, x_max, y_max = window or (0, 0, shape[1] + left + right, shape[0] + top + bottom)
        return warp.translation(left - x_min, top - y_min), (y_max - y_min, x_max - x_min)

    def _pictures(self, shape: Shape, *args: Any, **params: Any) -> Pictures:
        pads, window = self._layout(shape, **params)
        if window is not None and not any(pads):
            x_min, y_min, x_max, y_max = window
            if 0 <= x_min < x_max <= shape[1] and 0 <= y_min < y_max <= shape[0]:
                # As `moves.crop`, which would check the window again for each picture.
                rows, columns = slice(y_min, y_max), slice(x_min, x_max)
                return (lambda picture: picture[rows, columns].copy(),) * 2
        return (
            lambda image: self._framed(image, pads, window, self.fill),
            lambda mask: self._framed(mask, pads, window, self.fill_mask),
        )

    def _framed(self, picture: np.ndarray, pads: Pads, window: Optional[Window], fill: Any) -> np.ndarray:
        if any(pads) or window is None:
            top, bottom, left, right = pads
            mode = self.border_mode
            picture = moves.pad(picture, top=top, bottom=bottom, left=left, right=right, border_mode=mode, fill=fill)
        if window is None:
            return picture
        x_min, y_min, x_max, y_max = window
        return moves.crop(picture, x_min=x_min, y_min=y_min, x_max=x_max, y_max=y_max)


_SIDES = numbers_of(low=0, integer=True)


def _read_padding(value: Any) -> Any:
    """One number for all sides, (x, y), or (left, top, right, bottom)."""
    sides = _SIDES.reader(value)
    if len(sides) not in (1, 2, 4):
        raise ValueError(f"must be one number, (x, y) or (left, top, right, bottom), not {len(sides)} values")
    return sides if isinstance(value, Sequence) else sides[0]


class Pad(Framed):
    """Add rows and columns around the image.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels.
    """

    padding: Anything = anything(
        read=_read_padding,
        default=0,
        doc="pixels: one number for all sides, (x, y) for both sides each, or (left, top, right, bottom)",
    )
    order = "padding fill fill_mask border_mode p"

    examples = (
        {"padding": 3, "fill": 77},
        {"padding": (2, 5), "border_mode": 4},
        {"padding": (1, 2, 3, 4), "fill_mask": 1},
    )
    neutral = {"padding": 0}
    swaps = {"padding": "padding"}

    def _layout(self, shape: Shape, *args: Any, **params: Any) -> tuple[Pads, Optional[Window]]:
        if "pad_top" in params:
            return given_pads(params), None
        sides = self.padding if isinstance(self.padding, tuple) else (self.padding,)
        left, top, right, bottom = (sides * 4)[:4]
        return (top, bottom, left, right), None


class PositionType(str, enum.Enum):
    """Where the image lies in what is padded."""

    CENTER = "center"
    TOP_LEFT = "top_left"
    TOP_RIGHT = "top_right"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM_RIGHT = "bottom_right"
    RANDOM = "random"


class PadIfNeeded(Framed):
    """Pad smaller images to a size, or to a multiple of one; what is large enough stays as it is.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels.
    """

    PositionType = PositionType

    min_height: OptionalInteger = integer(
        default=1024, low=1, optional=True, doc="least height; None: see pad_height_divisor"
    )
    min_width: OptionalInteger = integer(
        default=1024, low=1, optional=True, doc="least width; None: see pad_width_divisor"
    )
    pad_height_divisor: OptionalInteger = integer(
        default=None, low=1, optional=True, doc="the height becomes a multiple of this, where min_height is None"
    )
    pad_width_divisor: OptionalInteger = integer(
        default=None, low=1, optional=True, doc="the width becomes a multiple of this, where min_width is None"
    )
    position: Choice = choice(*POSITIONS, default="center", doc="where the image lies in what is padded")
    border_mode: Code = border_flag(default=cv2.BORDER_REFLECT_101, kw_only=True)
    fill: Fill = fill_value(default=0, was=("value",), kw_only=True)
    fill_mask: Fill = fill_value(default=0, was=("mask_value",), kw_only=True)

    eras = (
        "min_height min_width border_mode value mask_value always_apply p",
        "min_height min_width pad_height_divisor pad_width_divisor border_mode value mask_value always_apply p",
        "min_height min_width pad_height_divisor pad_width_divisor position border_mode value mask_value"
        " always_apply p",
        "min_height min_width pad_height_divisor pad_width_divisor position border_mode value mask_value fill"
        " fill_mask p always_apply",
    )
    _beside = {"fill fill_mask": {"border_mode": cv2.BORDER_CONSTANT}}
    examples = (
        {"min_height": 70, "min_width": 67},
        {"min_height": 70, "min_width": 67, "border_mode": 0, "fill": 77, "fill_mask": 2, "position": "top_right"},
        {
            "min_height": None,
            "min_width": None,
            "pad_height_divisor": 12,
            "pad_width_divisor": 11,
            "position": "random",
        },
    )
    neutral = {"min_height": 1, "min_width": 1}
    swaps = {
        "min_height": "min_width",
        "pad_height_divisor": "pad_width_divisor",
        "position": "position",
        "pad_x": "pad_y",
    }

    @classmethod
    def _from_file(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        return said_once(arguments, padding=0)  # of Pad, which it is made of in 2.x

    def _check(self) -> None:
        for side, least, divisor in (
            ("height", self.min_height, self.pad_height_divisor),
            ("width", self.min_width, self.pad_width_divisor),
        ):
            if (least is None) == (divisor is None):
                raise ValueError(
                    f"PadIfNeeded: exactly one of min_{side}={least!r} and pad_{side}_divisor={divisor!r} must be"
                    " given, the other one being None"
                )

    def get_params(self) -> dict[str, Any]:
        return self._draw_place(self.position)

    def _layout(self, shape: Shape, *args: Any, **params: Any) -> tuple[Pads, Optional[Window]]:
        if "pad_top" in params:
            return given_pads(params), None
        missing = (
            _missing(shape[0], self.min_height, self.pad_height_divisor),
            _missing(shape[1], self.min_width, self.pad_width_divisor),
        )
        place = (params.get("pad_y", 0.5), params.get("pad_x", 0.5))
        return placed(missing, self.position, *place), None


def _missing(side: int, least: Optional[int], divisor: Optional[int]) -> int:
    """How much a side lacks of its least length, or else of a multiple of the divisor."""
    return (least or side) - side if divisor is None else -side % divisor
