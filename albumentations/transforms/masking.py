"""Masking: stripes, a rectangle or single pixels are painted over."""

from typing import Any

import numpy as np

from ..core.params import Fill, Flag, Number, Range, fill_value, flag, number, positive, span
from ..core.plan import Shape
from ..core.transforms_interface import DualTransform
from ..functional import cv, holes
from .families import Erase, as_recorded


def _read_ratios(limits: tuple[float, float]) -> tuple[float, float]:
    positive(limits[0])
    return limits


class XYMasking(Erase):
    """Paint over stripes: vertical ones over the whole height, horizontal ones over the whole width.

    Targets: image, mask (where fill_mask is given), bboxes, keypoints, volume, mask3d; any dtype. Every stripe has a
    length and a place of its own; one longer than the side covers all of it (Park et al., SpecAugment, 2019).
    """

    num_masks_x: Range = span(
        default=0,
        start=0,
        low=0,
        integer=True,
        doc="number of vertical stripes; x is read as (0, x)",
        was=("num_masks_x_range",),
    )
    num_masks_y: Range = span(
        default=0,
        start=0,
        low=0,
        integer=True,
        doc="number of horizontal stripes; x is read as (0, x)",
        was=("num_masks_y_range",),
    )
    mask_x_length: Range = span(
        default=0,
        start=0,
        low=0,
        integer=True,
        doc="their widths in pixels; x is read as (0, x)",
        was=("mask_x_length_range",),
    )
    mask_y_length: Range = span(
        default=0,
        start=0,
        low=0,
        integer=True,
        doc="their heights in pixels; x is read as (0, x)",
        was=("mask_y_length_range",),
    )
    order = "num_masks_x num_masks_y mask_x_length mask_y_length fill fill_mask p"
    eras = (
        "num_masks_x num_masks_y mask_x_length mask_y_length fill_value mask_fill_value fill fill_mask p always_apply",
    )
    examples = (
        {"num_masks_x": (1, 3), "mask_x_length": (3, 8)},
        {"num_masks_y": (2, 2), "mask_y_length": 5, "fill_mask": 1},
        {"num_masks_x": 1, "mask_x_length": 9, "num_masks_y": (2, 2), "mask_y_length": (2, 4), "fill": "random"},
    )
    neutral = {}
    swaps = {"num_masks_x": "num_masks_y", "mask_x_length": "mask_y_length", "stripes": "stripes"}

    def get_params(self) -> dict[str, Any]:
        count_x, count_y = (self._randint((int(a), int(b))) for a, b in (self.num_masks_x, self.num_masks_y))
        # Rows of one vertical and one horizontal stripe: a width, a height, and where. A length of 0 is none.
        return self._drawn(
            stripes=[
                [
                    self._randint((int(self.mask_x_length[0]), int(self.mask_x_length[1]))) if i < count_x else 0,
                    self._randint((int(self.mask_y_length[0]), int(self.mask_y_length[1]))) if i < count_y else 0,
                    self._uniform((0, 1)),
                    self._uniform((0, 1)),
                ]
                for i in range(max(count_x, count_y))
            ]
        )

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        stripes = np.array(params["stripes"], dtype=np.float64).reshape(-1, 4)
        found = holes.stripes(*shape[:2], vertical=stripes[:, (0, 2)], horizontal=stripes[:, (1, 3)])
        return found[(found[:, 0] < found[:, 2]) & (found[:, 1] < found[:, 3])]


class Erasing(Erase):
    """Paint over one rectangle of random area and shape (random erasing; Zhong et al., 2020).

    Targets: image, mask (where fill_mask is given), bboxes, keypoints, volume, mask3d; any dtype. The largest area is
    limited so that every ratio fits into the image; what is too large even at the smallest area is not erased.
    """

    scale: Range = span(default=(0.02, 0.33), low=0, high=1, doc="area as a fraction of the image's")
    ratio: Range = span(default=(0.3, 3.3), low=0, then=_read_ratios, doc="width divided by height, above 0")
    order = "scale ratio fill fill_mask p"
    eras = ("scale ratio fill fill_mask always_apply p",)
    examples = (
        {},
        {"scale": (0.1, 0.2), "ratio": (0.5, 2), "fill": "random", "fill_mask": 1},
        {"scale": (0.05, 0.1), "ratio": (2, 3), "fill": 7},
    )
    neutral = {"scale": 0}

    def get_params(self) -> dict[str, Any]:
        place = [self._uniform((0, 1)), self._uniform((0, 1))]
        return self._drawn(share=self._uniform(self.scale), ratio=self._uniform(self.ratio), place=place)

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        height, width = shape[:2]
        low, high = self.scale
        share = params["share"]
        most = max(low, min(high, height / width * self.ratio[0], width / height / self.ratio[1]))
        if most < high:  # uniform up to what fits, instead of up to what was asked for
            share = low + (share - low) * (most - low) / (high - low)
        x, y = params["place"]
        return holes.rectangle(height, width, share=share, ratio=params["ratio"], fractions=(x, y))


class PixelDropout(DualTransform):
    """Paint over single pixels, each with a probability of its own.

    Targets: image, mask (where mask_drop_value is given), volume, mask3d; any dtype. Boxes and keypoints stay. The
    probability is rounded to a multiple of 2^-16. Raises ValueError for mask_drop_value with per_channel.
    """

    dropout_prob: Number = number(default=0.01, low=0, high=1, doc="probability of a pixel to be dropped")
    per_channel: Flag = flag(default=False, doc="whether the values of a pixel are dropped one by one")
    drop_value: Fill = fill_value(
        default=0,
        optional=True,
        doc="a number or one a channel, in the image's own units; None is one random colour a call",
    )
    mask_drop_value: Fill = fill_value(
        default=None, optional=True, doc="value of the same pixels in masks; None leaves masks as they are"
    )
    eras = ("dropout_prob per_channel drop_value mask_drop_value always_apply p",)
    _kinds = ("image", "volume", "mask", "mask3d")
    examples = (
        {},
        {"dropout_prob": 0.2, "per_channel": True},
        {"dropout_prob": 0.1, "drop_value": None, "mask_drop_value": 0},
    )
    neutral = {"dropout_prob": 0}

    def _check(self) -> None:
        if self.per_channel and self.mask_drop_value is not None:
            said = f"per_channel=True, mask_drop_value={self.mask_drop_value!r}"
            raise ValueError(f"PixelDropout({said}): a mask has not the channels of the image; give one of the two")

    def get_params(self) -> dict[str, Any]:
        color = {"color_seed": self._draw_seed()} if self.drop_value is None else {}
        return {"seed": self._draw_seed(), **color}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if "drop_mask" not in params:
            return super()._read_names(params)
        one, several = params.get("drop_value"), params.get("drop_values")  # of 1.x, of 2.x
        values = one if several is None else several
        return {"drop_values": values, **{n: v for n, v in params.items() if v is not None and n != "drop_value"}}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        if "drop_mask" in params:  # as the releases drew it
            return {"drop_mask": as_recorded("drop_mask", np.asarray(params["drop_mask"], dtype=bool), shape)}
        if self.per_channel:
            return {}
        return {"dropped": holes.scattered(shape[0], shape[1], share=self.dropout_prob, seed=params["seed"])}

    def apply(self, img: np.ndarray, seed: int = 0, **params: Any) -> np.ndarray:
        if "drop_mask" in params:
            where = params["drop_mask"]
            where = where.reshape(img.shape) if where.size == img.size else where
            return np.where(where, np.asarray(params["drop_values"]).astype(img.dtype), img)
        value = self.drop_value
        if value is None:
            color = holes.random_color(cv.channels(img), img.dtype, seed=params["color_seed"])
            value = tuple(color.tolist())
        if not self.per_channel:
            return holes.fill(img, holes=params["dropped"], fill=value)
        height, width, *depth = img.shape
        where = holes.scattered(height, width, share=self.dropout_prob, seed=seed, channels=depth[0] if depth else None)
        return holes.replace(img, where=where, values=value)

    def apply_to_mask(self, mask: np.ndarray, **params: Any) -> np.ndarray:
        if "mask_drop_mask" in params:
            return np.where(params["mask_drop_mask"], np.asarray(params["mask_drop_values"]).astype(mask.dtype), mask)
        value = self.mask_drop_value
        if value is not None and "drop_mask" in params:
            where = params["drop_mask"]
            return holes.fill(mask, holes=where if where.ndim == 2 else where.any(axis=2), fill=value)
        return mask if value is None else holes.fill(mask, holes=params["dropped"], fill=value)
