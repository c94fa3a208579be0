"""Noise of a camera's sensor."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ..core.params import Range, span
from ..functional import sensor
from .families import Filter

# Fewer photons than white / 1e-6 are noise; of more than that nothing would be seen, and 0 stands for endlessly many.
_FINEST = 1e-6


class ISONoise(Filter):
    """Noise of a high ISO setting: hues scatter, and what is dark brightens in grains.

    Targets: image, volume; any dtype, RGB; floats in [0, 1]. In HLS hues turn by normal numbers of deviation
    color_shift * intensity of a circle, and lightness gains Poisson numbers whose mean is intensity times the deviation
    of lightness over the image: a flat image keeps its lightness.
    """

    color_shift: Range = span(
        default=(0.01, 0.05),
        low=0,
        high=1,
        doc="scatter of hues, as a fraction of a circle; x is read as (x, x)",
        was=("color_shift_range",),
    )
    intensity: Range = span(
        default=(0.1, 0.5),
        low=0,
        doc="strength of both; 0 leaves the image; x is read as (x, x)",
        was=("intensity_range",),
    )
    _older_names: ClassVar[dict[str, str]] = {"random_state": "seed", "random_seed": "seed"}
    _lost = dict.fromkeys(("random_state", "random_seed"), "it is the seed of another generator")
    examples = ({}, {"color_shift": (0.1, 0.2), "intensity": (0.8, 1.0)})
    neutral = {"intensity": 0}

    @property
    def _needs_channels(self) -> Sequence[int]:
        return (3,)

    def get_params(self) -> dict[str, Any]:
        shift, intensity = self._uniform(self.color_shift), self._uniform(self.intensity)
        return {"color_shift": shift, "intensity": intensity, "seed": self._draw_seed()}

    def apply(self, img: np.ndarray, color_shift: float, intensity: float, seed: int, **params: Any) -> np.ndarray:
        return sensor.iso(img, color_shift=color_shift, intensity=intensity, seed=seed)


class ShotNoise(Filter):
    """Noise of few photons: every value becomes a Poisson number of them, counted in linear light.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1]. What is bright is noisier than what is
    dark, but less so in proportion.
    """

    scale_range: Range = span(
        default=(0.1, 0.3),
        low=0,
        doc="share of white that one photon makes: 0.1 leaves 10 photons to white; x is read as (x, x)",
    )
    _older_names: ClassVar[dict[str, str]] = {"random_seed": "seed"}
    _lost = {"random_seed": "it is the seed of another generator"}
    examples = ({}, {"scale_range": (0.001, 0.01)})

    def get_params(self) -> dict[str, Any]:
        return {"scale": self._uniform(self.scale_range), "seed": self._draw_seed()}

    def apply(self, img: np.ndarray, scale: float, seed: int, **params: Any) -> np.ndarray:
        return sensor.shot(img, scale=max(scale, _FINEST), seed=seed)
