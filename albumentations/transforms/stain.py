"""Stains of histology."""

from typing import Any, Callable

import numpy as np

from ..core.params import Choice, Flag, OptionalChoice, Range, choice, flag, span
from ..functional import stain
from .families import Filter

_ESTIMATES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "macenko": stain.estimate_macenko,
    "vahadane": stain.estimate_vahadane,
}


class HEStain(Filter):
    """Change how strongly hematoxylin and eosin have stained a slide.

    Targets: image, volume; any dtype; RGB; floats in [0, 1]. The amounts of the two stains (Ruifrok and Johnston, 2001)
    are multiplied and shifted; what absorbs like neither is kept. The colors of the stains are those of a preset, or
    those of each picture, by Macenko et al. (2009) or Vahadane et al. (2016).
    """

    method: Choice = choice(
        *("preset", "random_preset", "vahadane", "macenko"), default="random_preset", doc="whose colors the stains have"
    )
    preset: OptionalChoice = choice(
        *stain.PRESETS, default=None, optional=True, doc="name of the colors; with method preset, and only there"
    )
    intensity_scale_range: Range = span(
        default=(0.7, 1.3), low=0, doc="factor of the amount of each stain; x is read as (x, x)"
    )
    intensity_shift_range: Range = span(
        default=(-0.2, 0.2), doc="added to the amount of each stain, in optical density; x is read as (x, x)"
    )
    augment_background: Flag = flag(
        default=False, doc="change bare glass too: pixels with a luma of 0.85 of white and more"
    )
    _needs_channels = (3,)
    examples = (
        {},
        {"method": "macenko", "augment_background": True},
        {"method": "vahadane"},
        {"method": "preset", "preset": "h_heavy", "intensity_scale_range": (1.2, 1.6)},
    )
    _lost = {"stain_matrix": "stains are told apart otherwise here"}
    neutral = {"intensity_scale_range": (1, 1), "intensity_shift_range": (0, 0)}

    def _check(self) -> None:
        if (self.method == "preset") != (self.preset is not None):
            raise ValueError(
                f"HEStain(method={self.method!r}, preset={self.preset!r}): preset must be given with method='preset',"
                " and only there"
            )

    def get_params(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {
            "scale_factors": [self._uniform(self.intensity_scale_range) for _ in range(2)],
            "shift_values": [self._uniform(self.intensity_shift_range) for _ in range(2)],
        }
        if self.method not in _ESTIMATES:
            name = self.preset or self._pick(tuple(stain.PRESETS))
            drawn["stain_matrix"] = [list(row) for row in stain.PRESETS[name]]
        return drawn

    def apply(
        self, img: np.ndarray, scale_factors: Any, shift_values: Any, stain_matrix: Any = None, **params: Any
    ) -> np.ndarray:
        matrix = _ESTIMATES[self.method](img) if stain_matrix is None else stain_matrix
        background = self.augment_background
        return stain.he_stain(
            img, matrix=matrix, scale=scale_factors, shift=shift_values, augment_background=background
        )
