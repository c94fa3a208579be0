"""Curves: every value becomes a function of itself."""

from typing import Any, Dict

import numpy as np

from ..core.params import Range, span
from ..functional import curves
from .families import Pointwise


class InvertImg(Pointwise):
    """Turn black into white: every value becomes white minus itself.

    Targets: image, volume; any dtype and number of channels.
    """

    def curve(self, value: np.ndarray, white: float) -> np.ndarray:
        return curves.invert(value, white=white)

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return curves.invert_image(img) if img.dtype == np.uint8 else super().apply(img, **params)


class RandomGamma(Pointwise):
    """Raise every value to the power gamma: below 1 brightens, above 1 darkens.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    gamma_limit: Range = span(default=(80, 120), start=1, low=1, doc="gamma, in percent; x is read as (1, x)")
    examples = ({}, {"gamma_limit": (40, 90)})

    def get_params(self) -> Dict[str, Any]:
        return {"gamma": self.uniform(self.gamma_limit) / 100}

    def curve(self, value: np.ndarray, white: float, gamma: float) -> np.ndarray:
        return curves.gamma(value, white=white, gamma=gamma)
