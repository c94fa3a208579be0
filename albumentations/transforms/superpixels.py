"""Superpixels."""

from typing import Any

import numpy as np

from ..core.params import Code, OptionalInteger, Range, integer, interpolation_flag, span
from ..functional import superpixels
from .families import Filter


class Superpixels(Filter):
    """Cut the image into patches of similar color, and paint some of them in their mean.

    Targets: image, volume; any dtype and number of channels. SLIC (Achanta et al., 2012). Where any patch is painted
    and the image is larger than max_size, the rest loses the details that a small copy does not hold.
    """

    p_replace: Range = span(
        default=(0.1, 0.1),
        low=0,
        high=1,
        doc="probability that a patch is painted; x is read as (x, x)",
        was=("p_replace_range",),
    )
    n_segments: Range = span(
        default=(100, 100),
        low=1,
        integer=True,
        doc="number of patches, about; x is read as (x, x)",
        was=("n_segments_range",),
    )
    max_size: OptionalInteger = integer(
        default=128,
        low=1,
        optional=True,
        doc="longer side in pixels to which a larger image is reduced meanwhile; None for no limit",
    )
    interpolation: Code = interpolation_flag(default=1, doc="OpenCV interpolation flag of reducing and enlarging")
    eras = ("p_replace n_segments max_size interpolation always_apply p",)
    _beside = {"n_segments_range": {"p_replace": (0, 0.1)}}
    examples = (
        {},
        {"p_replace": (0.3, 0.6), "max_size": 30, "interpolation": 3},
        {"p_replace": (0.5, 1.0), "n_segments": 50},
    )
    _lost = {"replace_samples": "patches are others here"}
    neutral = {"p_replace": 0}

    def get_params(self) -> dict[str, Any]:
        low, high = self.n_segments
        return {
            "n_segments": self._randint((int(low), int(high))),
            "p_replace": self._uniform(self.p_replace),
            "seed": self._draw_seed(),
        }

    def apply(self, img: np.ndarray, n_segments: int, p_replace: float, seed: int, **params: Any) -> np.ndarray:
        return superpixels.superpixels(
            img,
            p_replace=p_replace,
            n_segments=n_segments,
            seed=seed,
            max_size=self.max_size or 0,
            interpolation=self.interpolation,
        )
