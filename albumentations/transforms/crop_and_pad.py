"""Sides that are cut off or added to."""

from collections.abc import Sequence
from typing import Any, Callable, Optional, Union

import cv2
import numpy as np

from ..core.params import (
    Anything,
    Code,
    Fill,
    Flag,
    Probability,
    anything,
    border_flag,
    fill_value,
    flag,
    probability,
    span,
)
from ..core.plan import Shape
from ..core.spellings import old_spelling
from ..functional import warp, windows
from .families import Geometric, Params, Sampled, Size

_SIDES = ("top", "right", "bottom", "left")


def _reader(*, low: float = -np.inf, integer: bool) -> Callable[[Any], Any]:
    """Reads a number, a range, or four of these: kept as a range, or four ranges."""
    one = span(low=low, integer=integer).reader

    def read(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, Sequence) and len(value) == 4:
            return tuple(one(side) for side in value)
        try:
            return one(value)
        except TypeError as error:
            raise TypeError(f"{error}, or four of these for top, right, bottom, left") from None

    return read


class CropAndPad(Geometric, Sampled):
    """Cut off sides of the image, or add to them: positive numbers pad, negative ones crop.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Exactly one of `px` and `percent` is given: a
    number for every side, a range (low, high) that each side is drawn from, or four numbers or ranges for top, right,
    bottom and left. Fractions become whole pixels, toward 0. Of cuts that would take everything a pixel is left.
    """

    px: Anything = anything(read=_reader(integer=True), default=None, doc="whole pixels, both ends included")
    percent: Anything = anything(
        read=_reader(low=-1, integer=False),
        default=None,
        doc="fractions of the image's height (top, bottom) and width (right, left)",
    )
    keep_size: Flag = flag(default=True, doc="resize the result to the size of the image")
    sample_independently: Flag = flag(default=True, doc="draw every side on its own, instead of one number for all")
    border_mode: Code = border_flag(default=cv2.BORDER_CONSTANT, was=("pad_mode",), kw_only=True)
    fill: Fill = fill_value(default=0, kw_only=True)
    fill_mask: Fill = fill_value(default=0, kw_only=True)
    p: Probability = probability(default=1.0, kw_only=True)
    order = "px percent keep_size sample_independently interpolation mask_interpolation border_mode fill fill_mask p"
    eras = (
        "px percent pad_mode pad_cval pad_cval_mask keep_size sample_independently interpolation always_apply p",
        "px percent pad_mode pad_cval pad_cval_mask keep_size sample_independently interpolation mask_interpolation"
        " border_mode fill fill_mask p always_apply",
    )

    examples = (
        {"px": (-8, 12)},
        {"percent": (-0.1, 0.1), "keep_size": False},
        {"px": (-3, 9), "sample_independently": False, "fill": 77, "fill_mask": 2},
        {"percent": 0.15, "border_mode": 4},
    )
    _older_names = dict.fromkeys(("result_shape", "result_rows", "result_cols", "pad_value_mask"), "")
    neutral = {"px": 0}

    def _read_names(self, params: Params) -> Params:
        if "pad_value" in params and params["pad_value"] != self.fill:
            raise ValueError(f"pad_value={params['pad_value']!r} was drawn of several; fill={self.fill!r} is one")
        return {n: v for n, v in super()._read_names(params).items() if n != "pad_value"}

    swaps = {"left": "top", "right": "bottom"}

    @old_spelling
    @staticmethod
    def _one_value(pad_cval: Optional[float] = None, pad_cval_mask: Optional[float] = None) -> Params:
        said = {"fill": pad_cval, "fill_mask": pad_cval_mask}
        for value in said.values():
            if isinstance(value, Sequence):
                raise ValueError("1.x drew one of several values; write fill and fill_mask, one number a channel")
        return {name: value for name, value in said.items() if value is not None}

    def _check(self) -> None:
        if (self.px is None) == (self.percent is None):
            raise ValueError(
                f"{type(self).__name__}: exactly one of px={self.px!r} and percent={self.percent!r} must be given, the"
                " other one being None"
            )

    def get_params(self) -> Params:
        limits = self.percent if self.px is None else self.px
        sides = limits if len(limits) == 4 else (limits,) * 4
        if len(limits) == 2 and not self.sample_independently:
            return dict.fromkeys(_SIDES, self._draw_side(limits))
        return {name: self._draw_side(side) for name, side in zip(_SIDES, sides)}

    def _draw_side(self, limits: tuple[float, float]) -> Union[int, float]:
        return self._uniform(limits) if self.px is None else self._randint((int(limits[0]), int(limits[1])))

    def _cuts(self, shape: Shape, params: Params) -> windows.Sides:
        height, width = shape[:2]
        if "crop_params" in params or "pad_params" in params:  # in pixels, as a record of 1.x or 2.x has them
            x_min, y_min, x_max, y_max = params.get("crop_params") or (0, 0, width, height)
            top, bottom, left, right = params.get("pad_params") or (0, 0, 0, 0)
            return top - y_min, right - (width - x_max), bottom - (height - y_max), left - x_min
        top, right, bottom, left = (params[name] for name in _SIDES)
        if self.px is None:
            whole = self._whole
            top, right, bottom, left = (
                whole(top * height),
                whole(right * width),
                whole(bottom * height),
                whole(left * width),
            )
        return windows.limited((top, right, bottom, left), height=height, width=width)

    def _whole(self, length: float) -> int:
        """A length in whole pixels."""
        return int(length)

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        return {"cuts": self._cuts(shape, params)}

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        cuts = self._cuts(shape, params)
        return windows.crop_and_pad_matrix(shape[0], shape[1], cuts=cuts, keep_size=self.keep_size)

    def _changed(self, picture: np.ndarray, cuts: windows.Sides, sampling: Params) -> np.ndarray:
        size, interpolation = picture.shape[:2], sampling.pop("interpolation")
        top, right, bottom, left = cuts
        picture = windows.crop_and_pad(picture, top=top, right=right, bottom=bottom, left=left, **sampling)
        return warp.resize(picture, size=size, interpolation=interpolation) if self.keep_size else picture

    def apply(self, img: np.ndarray, cuts: windows.Sides, **params: Any) -> np.ndarray:
        return self._changed(img, cuts, self._sampling(params))

    def apply_to_mask(self, mask: np.ndarray, cuts: windows.Sides, **params: Any) -> np.ndarray:
        return self._changed(mask, cuts, self._mask_sampling(params))
