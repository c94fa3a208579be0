"""What lenses do: blur out of focus, through frosted glass, or while they zoom."""

from typing import Any

import numpy as np

from ..core.params import Choice, Integer, Number, Range, choice, integer, number, span
from ..core.records import release_of
from ..functional import filters, lens
from .blur import not_black
from .families import Filter

_LEAST_STEP = 1e-3  # between two factors


class Defocus(Filter):
    """Blur as a lens out of focus does: every point becomes a disk with a soft rim.

    Targets: image, volume; any dtype and number of channels (Hendrycks and Dietterich, Benchmarking Neural Network
    Robustness, 2019).
    """

    radius: Range = span(
        default=(3, 10),
        start=1,
        low=1,
        integer=True,
        doc="radius of the disk in pixels; x is read as (1, x)",
        was=("radius_range",),
    )
    alias_blur: Range = span(
        default=(0.1, 0.5),
        start=0,
        low=0,
        doc="deviation in pixels that its rim is softened with; x is read as (0, x)",
        was=("alias_blur_range",),
    )
    eras = ("radius alias_blur always_apply p",)
    examples = ({}, {"radius": (8, 12), "alias_blur": (0.6, 1.0)})
    swaps = {}
    keeps_mean = True

    def get_params(self) -> dict[str, Any]:
        low, high = self.radius
        return {"radius": self._randint((int(low), int(high))), "alias_blur": self._uniform(self.alias_blur)}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) is not None and params["alias_blur"] > 0.5:
            raise ValueError("a rim softened by more than half a pixel is another one here")
        return super()._read_names(params)

    def apply(self, img: np.ndarray, radius: int, alias_blur: float, **params: Any) -> np.ndarray:
        return filters.correlate(img, kernel=filters.disk_kernel(radius=radius, alias_blur=alias_blur))


class GlassBlur(Filter):
    """Look through frosted glass: blur, let neighbouring pixels change places, blur again.

    Targets: image, volume; any dtype and number of channels (Hendrycks and Dietterich, Benchmarking Neural Network
    Robustness, 2019). Mode "exact" makes the exchanges one after the other, so that no pixel is lost; "fast" reads
    every pixel from a place as far away, 20 times as fast.
    """

    sigma: Number = number(default=0.7, low=0, doc="deviation of both blurs in pixels, 0 for none")
    max_delta: Integer = integer(default=4, low=0, doc="how far a pixel is exchanged at most along x and y, in pixels")
    iterations: Integer = integer(default=2, low=1, doc="rounds of exchanges")
    mode: Choice = choice("fast", "exact", default="fast", doc="how")
    eras = (
        "sigma max_delta iterations always_apply mode p",
        "sigma max_delta iterations mode always_apply p",
    )
    examples = ({}, {"sigma": 1.5, "max_delta": 6, "iterations": 1}, {"mode": "exact"})
    _lost = {"dxy": "the exchanges are made in another order here"}
    neutral = {"sigma": 0, "max_delta": 0}

    def get_params(self) -> dict[str, Any]:
        return {"seed": self._draw_seed()}

    def apply(self, img: np.ndarray, seed: int, **params: Any) -> np.ndarray:
        return lens.glass_blur(
            img,
            sigma=self.sigma,
            max_delta=self.max_delta,
            iterations=self.iterations,
            seed=seed,
            exact=self.mode == "exact",
        )


def _zoomed(transform: Any, img: np.ndarray, factors: Any, params: dict[str, Any]) -> np.ndarray:
    """The mean of the image and of copies enlarged by factors that a release recorded, 1, 1 + step, ..."""
    first = [*map(float, factors), 1.0][:2]
    step = first[1] - first[0]
    return lens.zoom_blur(img, largest=first[0] + (len(factors) - 0.5) * step, step=step) if step > 0 else img


class ZoomBlur(Filter):
    """Zoom while the shutter is open: the mean of the image and of enlarged copies.

    Targets: image, volume; any dtype and number of channels (Hendrycks and Dietterich, Benchmarking Neural Network
    Robustness, 2019). Factors of the copies are 1, 1 + step, 1 + 2 step, ... below the largest.
    """

    max_factor: Range = span(
        default=(1, 1.31), start=1, low=1, doc="limit of the factors; x is read as (1, x)", was=("max_factor_range",)
    )
    step_factor: Range = span(
        default=(0.01, 0.03),
        low=0,
        then=not_black,
        doc="from one factor to the next; less than 0.001 counts as that; x is read as (x, x)",
        was=("step_factor_range",),
    )
    eras = ("max_factor step_factor always_apply p",)
    examples = ({}, {"max_factor": (1.3, 1.5), "step_factor": 0.05})
    _recorded = {"zoom_factors": _zoomed}
    neutral = {"max_factor": 1}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {"max_factor": self._uniform(self.max_factor), "step": max(self._uniform(self.step_factor), _LEAST_STEP)}

    def apply(self, img: np.ndarray, max_factor: float, step: float, **params: Any) -> np.ndarray:
        return lens.zoom_blur(img, largest=max_factor, step=step)
