"""Sharpen: what a blur takes away is added, edges are lit, or made to ring."""

import math
from typing import Any, ClassVar

import numpy as np

from ..core.params import Choice, Integer, Number, Range, choice, integer, number, positive, span
from ..core.records import release_of
from ..functional import color, filters
from .blur import OddWindow, draw_size, odd, odd_ends, some_window
from .families import Filter
from .recorded import convolved

_LEAST = 1e-3  # radians a pixel


def _in_range(result: np.ndarray) -> np.ndarray:
    """Floats clipped to [0, 1], in place; integers were limited by their type."""
    return color.clip_unit(result) if result.dtype.kind == "f" else result


class Sharpen(Filter):
    """Sharpen the image: blend it with its edges, or add what a Gaussian blur would take away.

    Targets: image, volume; any dtype and number of channels; floats are clipped to [0, 1]. Method "kernel" blends with
    a 3 x 3 high pass, "gaussian" is unsharp masking.
    """

    alpha: Range = span(
        default=(0.2, 0.5), start=0, low=0, high=1, doc="0 leaves the image; x is read as (0, x)", was=("alpha_range",)
    )
    lightness: Range = span(
        default=(0.5, 1.0),
        start=0,
        low=0,
        doc="weight of the image in its edges (method kernel); x is read as (0, x)",
        was=("lightness_range",),
    )
    method: Choice = choice("kernel", "gaussian", default="kernel", doc="how")
    kernel_size: Integer = integer(
        default=5, low=3, then=odd, doc="side of the Gaussian in pixels, odd (method gaussian)"
    )
    sigma: Number = number(
        default=1.0, low=0, then=positive, doc="deviation of the Gaussian in pixels, above 0 (method gaussian)"
    )
    eras = ("alpha lightness always_apply p",)
    _recorded = {"sharpening_matrix": convolved}
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {},
        {"alpha": (0.8, 1.0), "lightness": 0.0},
        {"method": "gaussian", "alpha": (0.5, 1.0)},
    )
    neutral = {"alpha": 0}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {"alpha": self._uniform(self.alpha), "lightness": self._uniform(self.lightness)}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) is not None and self.method == "gaussian":
            raise ValueError("with method='gaussian' it blends otherwise")
        return super()._read_names(params)

    def apply(self, img: np.ndarray, alpha: float, lightness: float, **params: Any) -> np.ndarray:
        if self.method == "gaussian":
            return filters.unsharp_mask(img, alpha=alpha, ksize=self.kernel_size, sigma=self.sigma)
        return _in_range(filters.correlate(img, kernel=filters.sharpen_kernel(alpha=alpha, lightness=lightness)))


class Emboss(Filter):
    """Light the image from the top left, as if its values were heights.

    Targets: image, volume; any dtype and number of channels; floats are clipped to [0, 1]. A 3 x 3 filter, blended with
    the image.
    """

    alpha: Range = span(
        default=(0.2, 0.5),
        start=0,
        low=0,
        high=1,
        doc="0 leaves the image, 1 is the relief alone; x is read as (0, x)",
        was=("alpha_range",),
    )
    strength: Range = span(
        default=(0.2, 0.7), start=0, low=0, doc="height of the relief; x is read as (0, x)", was=("strength_range",)
    )
    eras = ("alpha strength always_apply p",)
    _recorded = {"emboss_matrix": convolved}
    examples = ({}, {"alpha": (0.8, 1.0), "strength": (0.5, 0.8)})
    neutral = {"alpha": 0}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {"alpha": self._uniform(self.alpha), "strength": self._uniform(self.strength)}

    def apply(self, img: np.ndarray, alpha: float, strength: float, **params: Any) -> np.ndarray:
        return _in_range(filters.correlate(img, kernel=filters.emboss_kernel(alpha=alpha, strength=strength)))


class UnsharpMask(Filter):
    """Add what a Gaussian blur would take away, where that is more than a threshold.

    Targets: image, volume; any dtype and number of channels; floats are clipped to [0, 1]. Sizes and deviations of 0
    follow from each other as in `cv2.GaussianBlur`. The sharpening of Wang et al., Real-ESRGAN (2021).
    """

    blur_limit: Range = span(
        default=(3, 7),
        start=3,
        low=0,
        integer=True,
        doc="side of the Gaussian in pixels, drawn in steps of 2, even draws rounded up; 0 follows from sigma;"
        " x is read as (3, x)",
        was=("blur_range",),
    )
    sigma_limit: Range = span(
        default=0,
        start=0,
        low=0,
        doc="its deviation in pixels; 0 follows from the size; x is read as (0, x)",
        was=("sigma_range",),
    )
    alpha: Range = span(
        default=(0.2, 0.5),
        start=0,
        low=0,
        high=1,
        doc="share of the difference that is added; x is read as (0, x)",
        was=("alpha_range",),
    )
    threshold: Number = number(
        default=10, low=0, high=255, doc="differences up to it are left, in 255ths of white for every dtype"
    )
    eras = ("blur_limit sigma_limit alpha threshold always_apply p",)
    examples = (
        {},
        {"blur_limit": (5, 9), "sigma_limit": (1.0, 2.0), "alpha": (0.8, 1.0), "threshold": 0},
        {"blur_limit": (0, 0), "sigma_limit": (0.5, 3.0), "threshold": 2},
    )
    neutral = {"alpha": 0}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        # As in GaussianBlur: a size and a deviation of 0 would say nothing.
        size = draw_size(self, self.blur_limit if self.sigma_limit[0] else some_window(self.blur_limit))
        return {
            "ksize": size and odd(size),
            "sigma": self._uniform(self.sigma_limit),
            "alpha": self._uniform(self.alpha),
        }

    def apply(self, img: np.ndarray, ksize: int, sigma: float, alpha: float, **params: Any) -> np.ndarray:
        return filters.unsharp_mask(img, alpha=alpha, ksize=ksize, sigma=sigma, threshold=self.threshold)


class RingingOvershoot(OddWindow):
    """Let edges overshoot and ring, as compression and sharpening do.

    Targets: image, volume; any dtype and number of channels; floats are clipped to [0, 1]. An ideal low pass, cut to a
    window (Wang et al., Real-ESRGAN, 2021).
    """

    blur_limit: Range = span(default=(7, 15), start=3, low=0, integer=True, then=odd_ends, was=("blur_range",))
    cutoff: Range = span(
        default=(math.pi / 4, math.pi / 2),
        start=math.pi / 2,
        low=0,
        high=math.pi,
        doc="highest frequency that is kept, in radians a pixel; x is read as (x, pi/2)",
        was=("cutoff_range",),
    )
    eras = ("blur_limit cutoff always_apply p",)
    _recorded = {"kernel": convolved}
    examples = ({}, {"blur_limit": (13, 15), "cutoff": (0.6, 0.8)})
    neutral = {"blur_limit": (1, 1)}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {"ksize": draw_size(self, self.blur_limit), "cutoff": self._uniform(self.cutoff)}

    def apply(self, img: np.ndarray, ksize: int, cutoff: float, **params: Any) -> np.ndarray:
        # The limit of a cutoff that goes to 0 is the mean of the window.
        kernel = filters.sinc_kernel(ksize, cutoff=max(cutoff, _LEAST))
        return _in_range(filters.correlate(img, kernel=kernel))
