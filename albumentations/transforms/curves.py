"""Curves: every value becomes a function of itself."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any, Optional

import cv2
import numpy as np

from ..core.params import Anything, Flag, OptionalRange, Range, anything, flag, span
from ..core.records import release_of
from ..core.spellings import old_spelling
from ..functional import curves, cv
from .families import Pointwise


class InvertImg(Pointwise):
    """Turn black into white: every value becomes white minus itself.

    Targets: image, volume; any dtype and number of channels.
    """

    def _curve(self, value: np.ndarray, white: float) -> np.ndarray:
        return curves.invert(value, white=white)

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return curves.invert_image(img) if img.dtype == np.uint8 else super().apply(img, **params)


class RandomGamma(Pointwise):
    """Raise every value to the power gamma: below 1 brightens, above 1 darkens.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    gamma_limit: Range = span(
        default=(80, 120), start=1, low=1, doc="gamma, in percent; x is read as (1, x)", was=("gamma_range",)
    )
    eras = ("gamma_limit eps always_apply p",)
    examples = ({}, {"gamma_limit": (40, 90)})
    neutral = {"gamma_limit": (100, 100)}

    @old_spelling
    @staticmethod
    def _without_effect(eps: Any = None) -> dict[str, Any]:
        return {}  # kept divisions from 0 in the first releases, and was ignored by all later ones

    def get_params(self) -> dict[str, Any]:
        return {"gamma": self._uniform(self.gamma_limit) / 100}

    def _curve(self, value: np.ndarray, white: float, gamma: float) -> np.ndarray:
        return curves.gamma(value, white=white, gamma=gamma)


class RandomBrightnessContrast(Pointwise):
    """Multiply all values by one number (contrast) and add another (brightness): x becomes alpha x + beta.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    brightness_limit: Range = span(
        default=(-0.2, 0.2),
        around=0,
        doc="what is added, as a fraction of white (or of the mean); x: (-x, x)",
        was=("brightness_range",),
    )
    contrast_limit: Range = span(
        default=(-0.2, 0.2),
        around=0,
        doc="what is added to 1 to give the factor; x is read as (-x, x)",
        was=("contrast_range",),
    )
    brightness_by_max: Flag = flag(
        default=True, doc="brightness is a fraction of white; if False, of the mean of the image"
    )
    ensure_safe_range: Flag = flag(
        default=False,
        doc="limit both numbers so that black to white stays within black to white",
        was=("ensure_safe_output",),
    )
    eras = ("brightness_limit contrast_limit brightness_by_max always_apply p",)
    _beside = {"brightness_range contrast_range ensure_safe_output": {"brightness_by_max": False}}
    examples = (
        {},
        {"brightness_limit": 0.5, "contrast_limit": (0.2, 0.6)},
        {"ensure_safe_range": True},
        {"brightness_by_max": False},
    )
    neutral = {"brightness_limit": 0, "contrast_limit": 0}

    def get_params(self) -> dict[str, Any]:
        return {"alpha": 1 + self._uniform(self.contrast_limit), "beta": self._uniform(self.brightness_limit)}

    def _holdable(self) -> bool:
        return self.brightness_by_max

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        # 2.x draws levels. What a subclass draws may be of either; a fraction beyond white would leave nothing.
        if release_of(params) == "2.x" or abs(params.get("beta", 0)) > 1:
            return {**params, "beta": 0.0, "levels": params["beta"]}
        return super()._read_names(params)

    def _curve(
        self, value: np.ndarray, white: float, alpha: float, beta: float, levels: Optional[float] = None
    ) -> np.ndarray:
        if levels is not None:  # what 2.x recorded, which is added as it is
            return curves.brightness_contrast(value, white=white, alpha=alpha, beta=levels / white)
        if self.ensure_safe_range:
            beta = min(max(beta, 0.0), 1.0)
            alpha = min(max(alpha, 0.0), 1.0 - beta)
        return curves.brightness_contrast(value, white=white, alpha=alpha, beta=beta)

    def apply(self, img: np.ndarray, alpha: float, beta: float, **params: Any) -> np.ndarray:
        if not self.brightness_by_max:  # the mean as it is after the change of contrast, as in 1.x
            beta *= alpha * _mean(img) / cv.white(img.dtype)
        return super().apply(img, **{**params, "alpha": alpha, "beta": beta})


def _mean(image: np.ndarray) -> float:
    count = cv.channels(image)
    if count <= 4 and image.dtype in cv.NATIVE:
        return sum(cv2.mean(cv.contiguous(image))[:count]) / count  # 20 us at 256 x 256 x 3, np.mean 110
    return float(image.mean(dtype=np.float64))


def _read_bits(value: Any) -> tuple[Any, ...]:
    """A pair (low, high), or a tuple of pairs, one a channel."""

    def pair(item: Any, low: Any) -> tuple[int, int]:
        ends = (low, item) if isinstance(item, Integral) else item
        if not isinstance(ends, Sequence) or not all(isinstance(b, Integral) and not isinstance(b, bool) for b in ends):
            raise TypeError("must be an integer, a pair of integers, or one of these for every channel")
        if len(ends) != 2 or not 0 <= ends[0] <= ends[1] <= 8:
            raise ValueError("must be ordered, (low, high), within [0, 8]")
        return int(ends[0]), int(ends[1])

    each = isinstance(value, Sequence) and not isinstance(value, str)
    if each and (len(value) > 2 or any(isinstance(v, Sequence) for v in value)):
        pairs = tuple(pair(v, 0) for v in value)
        return pairs if len(pairs) > 1 else pairs[0]
    return pair(value, value)


class Posterize(Pointwise):
    """Keep only the highest bits of the 256 levels between black and white, so that few shades are left.

    Targets: image, volume; any dtype and number of channels (as many as pairs in num_bits, if it has pairs); floats in
    [0, 1].
    """

    num_bits: Anything = anything(
        read=_read_bits,
        default=4,
        doc="bits kept, 0 - 8: a number, a pair to draw from, or a list of a pair (or a number x for (0, x)) a channel",
    )
    examples = ({}, {"num_bits": (1, 3)})

    @property
    def _per_channel(self) -> bool:
        return isinstance(self.num_bits[0], tuple)

    @property
    def _needs_channels(self) -> tuple[int, ...]:
        bits = self.num_bits
        return (len(bits),) if isinstance(bits[0], tuple) else ()

    def get_params(self) -> dict[str, Any]:
        bits = self.num_bits
        return {
            "num_bits": [self._randint(pair) for pair in bits] if isinstance(bits[0], tuple) else self._randint(bits)
        }

    def _curve(self, value: np.ndarray, white: float, num_bits: Any) -> np.ndarray:
        if isinstance(num_bits, int):
            return curves.posterize(value, white=white, bits=num_bits)
        planes = np.broadcast_to(value, (*value.shape[:-1], len(num_bits)))
        parts = [curves.posterize(planes[..., c], white=white, bits=bits) for c, bits in enumerate(num_bits)]
        return np.stack(parts, axis=-1)

    def apply(self, img: np.ndarray, num_bits: Any, **params: Any) -> np.ndarray:
        if img.dtype == np.uint8 and isinstance(num_bits, int):
            return curves.posterize_image(img, bits=num_bits)
        return super().apply(img, num_bits=num_bits)


class Solarize(Pointwise):
    """Invert the values at or above a threshold, as overexposed film does.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    threshold_range: Range = span(
        default=(0.5, 0.5), low=0, high=1, doc="the threshold, as a fraction of white; x is read as (x, x)"
    )
    threshold: OptionalRange = span(
        default=None,
        optional=True,
        kw_only=True,
        doc="instead of threshold_range: the threshold in the image's own units",
    )
    order = "threshold_range p"
    eras = (
        "threshold always_apply p",
        "threshold threshold_range p always_apply",
    )
    examples = ({}, {"threshold_range": (0.2, 0.8)})
    neutral = {"threshold": 256}

    def get_params(self) -> dict[str, Any]:
        return {"threshold": self._uniform(self.threshold or self.threshold_range)}

    def _curve(self, value: np.ndarray, white: float, threshold: float) -> np.ndarray:
        return curves.solarize(value, white=white, threshold=self._in_units(threshold, white))

    def apply(self, img: np.ndarray, threshold: float, **params: Any) -> np.ndarray:
        if img.dtype == np.uint8:
            return curves.solarize_image(img, threshold=self._in_units(threshold, 255.0))
        return super().apply(img, threshold=threshold)

    def _in_units(self, threshold: float, white: float) -> float:
        return threshold * white if self.threshold is None else threshold
