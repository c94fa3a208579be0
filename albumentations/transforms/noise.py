"""Noise."""

import math
from typing import Any

import numpy as np

from ..core.advice import warn_once
from ..core.params import Flag, Number, OptionalNumber, OptionalRange, flag, number, positive, span
from ..functional import cv, noise
from .families import Filter

# Variance on the scale of 255 that a bare GaussNoise() draws from.
_VARIANCE = (10.0, 50.0)


class GaussNoise(Filter):
    """Add normally distributed noise.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1]. How strong it is, is said by std_range,
    a fraction of white, or by var_limit, a variance in the image's own units; without either, the variance is uniform
    in 10 - 50 where white is 255, and in proportion for other dtypes.
    """

    std_range: OptionalRange = span(
        default=None,
        low=0,
        high=1,
        optional=True,
        doc="standard deviation, as a fraction of white; x is read as (x, x)",
    )
    mean_range: OptionalRange = span(
        default=None, low=-1, high=1, optional=True, doc="mean of the noise, as a fraction of white; None is 0"
    )
    per_channel: Flag = flag(default=True, doc="every channel has noise of its own; if False, all have the same")
    noise_scale_factor: Number = number(
        default=1,
        low=0,
        high=1,
        then=positive,
        doc="size of the picture the noise is drawn at, above 0; below 1 its grain is coarse",
    )
    var_limit: OptionalRange = span(
        default=None,
        start=0,
        low=0,
        optional=True,
        kw_only=True,
        doc="instead of std_range: variance in the image's own units (in [0, 1] for floats); x is read as (0, x)",
    )
    mean: OptionalNumber = number(
        default=None,
        optional=True,
        kw_only=True,
        doc="instead of mean_range: mean of the noise in the image's own units",
    )
    order = "std_range mean_range per_channel noise_scale_factor p"
    eras = (
        "var_limit mean always_apply p",
        "var_limit mean per_channel always_apply p",
        "var_limit mean std_range mean_range per_channel noise_scale_factor always_apply p",
    )
    examples = (
        {},
        {"std_range": (0.1, 0.2), "mean_range": (-0.05, 0.05), "per_channel": False},
        {"std_range": (0.1, 0.2), "noise_scale_factor": 0.5},
        {"var_limit": (0.001, 0.01)},
    )
    neutral = {"std_range": 0}

    def _check(self) -> None:
        for new, old in (("std_range", "var_limit"), ("mean_range", "mean")):
            if getattr(self, new) is not None and getattr(self, old) is not None:
                said = f"{new}={getattr(self, new)!r}, {old}={getattr(self, old)!r}"
                raise ValueError(f"GaussNoise({said}): give one of the two")

    def get_params(self) -> dict[str, Any]:
        if self.var_limit is not None:
            std = math.sqrt(self.uniform(self.var_limit))
        elif self.std_range is not None:
            std = self.uniform(self.std_range)
        else:
            std = math.sqrt(self.uniform(_VARIANCE)) / 255
        # Without a range nothing is drawn for the mean, so that a bare one draws as with its classic arguments.
        mean = self.uniform(self.mean_range) if self.mean_range is not None else self.mean or 0.0
        return {"std": std, "mean": mean, "seed": self.draw_seed()}

    def apply(self, img: np.ndarray, std: float, mean: float, seed: int, **params: Any) -> np.ndarray:
        white = cv.white(img.dtype)
        if img.dtype.kind == "f" and (self.var_limit or (0, 0))[1] > 1:
            low, high = self.var_limit or (0, 0)
            warn_once(
                f"GaussNoise(var_limit={(low, high)}): floats lie in [0, 1], so a variance above 1 leaves nothing of"
                f" the image; if it was meant for 0 - 255, give var_limit=({low / 255**2:.3g}, {high / 255**2:.3g})"
            )
        return noise.gaussian(
            img,
            std=std * (white if self.var_limit is None else 1),
            mean=mean * (white if self.mean is None else 1),
            seed=seed,
            per_channel=self.per_channel,
            noise_scale_factor=self.noise_scale_factor,
        )
