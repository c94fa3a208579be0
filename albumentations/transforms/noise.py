"""Noise that is added or multiplied, or hits single pixels."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np

from ..core.advice import warn_once
from ..core.params import (
    Anything,
    Choice,
    Flag,
    Number,
    OptionalNumber,
    OptionalRange,
    Range,
    anything,
    choice,
    flag,
    number,
    positive,
    span,
)
from ..core.serialization import said_once
from ..functional import additive, color, cv, impulse, noise
from .families import Filter, as_recorded
from .recorded import added, multiplied

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
    _recorded = {"gauss": added, "noise_map": added}
    neutral = {"std_range": 0}

    @classmethod
    def _defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        later = any(given.get(name) is not None for name in ("mean_range", "noise_scale_factor"))
        older = any(given.get(name) is not None for name in ("var_limit", "mean"))
        return {"std_range": (0.2, 0.44)} if later and not older and "std_range" not in given else {}

    def _check(self) -> None:
        for new, old in (("std_range", "var_limit"), ("mean_range", "mean")):
            if getattr(self, new) is not None and getattr(self, old) is not None:
                said = f"{new}={getattr(self, new)!r}, {old}={getattr(self, old)!r}"
                raise ValueError(f"GaussNoise({said}): give one of the two")

    def get_params(self) -> dict[str, Any]:
        if self.var_limit is not None:
            std = math.sqrt(self._uniform(self.var_limit))
        elif self.std_range is not None:
            std = self._uniform(self.std_range)
        else:
            std = math.sqrt(self._uniform(_VARIANCE)) / 255
        # Without a range nothing is drawn for the mean, so that a bare one draws as with its classic arguments.
        mean = self._uniform(self.mean_range) if self.mean_range is not None else self.mean or 0.0
        return {"std": std, "mean": mean, "seed": self._draw_seed()}

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


class MultiplicativeNoise(Filter):
    """Multiply the image by random numbers: one for all of it, or one a channel, a pixel or a value.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    multiplier: Range = span(default=(0.9, 1.1), low=0, doc="the numbers, uniform; x is read as (x, x)")
    per_channel: Flag = flag(default=False, doc="every channel has numbers of its own; if False, all have the same")
    elementwise: Flag = flag(default=False, doc="every pixel has a number of its own")
    examples = (
        {},
        {"multiplier": (0.5, 1.5), "per_channel": True},
        {"multiplier": (0.5, 1.5), "elementwise": True},
        {"multiplier": (0.2, 1.0), "per_channel": True, "elementwise": True},
    )
    neutral = {"multiplier": 1}

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        if self.elementwise:
            return {"seed": self._draw_seed()}
        shape = params.get("shape", ())
        count = shape[2] if self.per_channel and len(shape) > 2 else 1
        return {"multiplier": [self._uniform(self.multiplier) for _ in range(count)]}

    def apply(
        self, img: np.ndarray, multiplier: Sequence[float] = (), seed: Optional[int] = None, **params: Any
    ) -> np.ndarray:
        if seed is None and np.ndim(multiplier) > 1:  # one for every pixel or value, as the releases recorded it
            return multiplied(self, img, multiplier, params)
        if seed is None:
            return additive.multiply(img, factors=multiplier if self.per_channel else multiplier[0])
        low, high = self.multiplier
        return additive.multiplicative(img, low=low, high=high, seed=seed, per_channel=self.per_channel)


def _salted(transform: Any, img: np.ndarray, salt: Any, params: dict[str, Any]) -> np.ndarray:
    """White and black where the masks of a record say so."""
    result = img.copy()
    for name, value in (("salt_mask", cv.white(img.dtype)), ("pepper_mask", 0)):
        result[as_recorded(name, params[name], img.shape).astype(bool)] = value
    return result


class SaltAndPepper(Filter):
    """Turn single pixels white or black.

    Targets: image, volume; any dtype and number of channels. All channels of a pixel are hit, each pixel on its own.
    """

    amount: Range = span(
        default=(0.01, 0.06),
        low=0,
        high=1,
        doc="share of the pixels that are hit; x is read as (x, x)",
        was=("amount_range",),
    )
    salt_vs_pepper: Range = span(
        default=(0.4, 0.6),
        low=0,
        high=1,
        doc="share of these that turn white; x is read as (x, x)",
        was=("salt_vs_pepper_range",),
    )
    examples = ({}, {"amount": (0.2, 0.3), "salt_vs_pepper": (0, 1)})
    _recorded = {"salt_mask": _salted}
    neutral = {"amount": 0}

    def get_params(self) -> dict[str, Any]:
        amount, salt = self._uniform(self.amount), self._uniform(self.salt_vs_pepper)
        return {"amount": amount, "salt": salt, "seed": self._draw_seed()}

    def apply(self, img: np.ndarray, amount: float, salt: float, seed: int, **params: Any) -> np.ndarray:
        return impulse.salt_and_pepper(img, amount=amount, salt=salt, seed=seed)


_SMALLEST = 1e-6
# What a range in noise_params may hold, by its name.
_LIMITS: dict[str, Range] = {
    "ranges": span(low=-1, high=1, pair=True),
    "mean_range": span(low=-1, high=1),
    "std_range": span(low=0, high=1),
    "scale_range": span(low=0, high=1),
    "alpha_range": span(low=0),
    "beta_range": span(low=0),
}
# Every distribution's ranges, in the order of its parameters, and the classic ones.
_CLASSIC: dict[str, dict[str, Any]] = {
    "uniform": {"ranges": ((-0.1, 0.1),)},
    "gaussian": {"mean_range": (0.0, 0.0), "std_range": (0.05, 0.15)},
    "laplace": {"mean_range": (0.0, 0.0), "scale_range": (0.05, 0.15)},
    "beta": {"alpha_range": (0.5, 1.5), "beta_range": (0.5, 1.5), "scale_range": (0.1, 0.3)},
}


def _read_noise_params(value: Any) -> Any:
    """Ranges by name; whether they are those of the distribution is seen later."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise TypeError(f"must be a dict of ranges, such as {_CLASSIC['gaussian']!r}, not {type(value).__name__}")
    read: dict[str, Any] = {}
    for name, limits in value.items():
        if name not in _LIMITS:
            raise ValueError(f"may have the keys {', '.join(_LIMITS)}, not {name!r}")
        try:
            read[name] = _read_ranges(limits) if name == "ranges" else _LIMITS[name].reader(limits)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name!r} {error}") from None
    return read


def _read_ranges(value: Any) -> tuple[Any, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise TypeError("must be a list of pairs of numbers")
    return tuple(_LIMITS["ranges"].reader(pair) for pair in value)


class AdditiveNoise(Filter):
    """Add random numbers of a distribution: to every value, every pixel, or whole channels.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1]. Numbers are fractions of white:
    "uniform" between low and high; "gaussian" and "laplace" with a mean and a deviation or scale; "beta" scale * (2 B -
    1), B between 0 and 1 with the shapes alpha and beta. These are drawn from their ranges, once a call.
    """

    noise_type: Choice = choice("uniform", "gaussian", "laplace", "beta", default="uniform", doc="the distribution")
    spatial_mode: Choice = choice(
        *("constant", "per_pixel", "shared"),
        default="constant",
        doc="a number for every channel ('constant'), every value ('per_pixel'), or every pixel ('shared')",
    )
    noise_params: Anything = anything(
        read=_read_noise_params,
        default=None,
        doc="ranges, all that the distribution has: "
        + "; ".join(f"{kind} {classic!r}" for kind, classic in _CLASSIC.items())
        + ", which None stands for. 'ranges' holds one pair, or one a channel in the mode 'constant'",
    )
    approximation: Number = number(
        default=1.0,
        low=0,
        high=1,
        doc="size of the picture the noise is drawn at, at least a pixel; below 1 its grain is coarse",
    )
    examples = (
        {},
        {
            "noise_type": "gaussian",
            "spatial_mode": "per_pixel",
            "noise_params": {"mean_range": (-0.1, 0.1), "std_range": (0.1, 0.2)},
        },
        {"noise_type": "laplace", "spatial_mode": "shared"},
        {"noise_type": "beta", "spatial_mode": "per_pixel", "approximation": 0.5},
        {"noise_params": {"ranges": ((-0.3, -0.2), (0.0, 0.1), (0.2, 0.3))}},
    )
    _recorded = {"noise_map": added}
    neutral = {"noise_params": {"ranges": ((0, 0),)}}

    @classmethod
    def _from_file(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        told = arguments.get("noise_params")
        if isinstance(told, Mapping):  # 2.x repeats the distribution among its ranges
            arguments = {**arguments, "noise_params": said_once(told, noise_type=arguments.get("noise_type"))}
        return arguments

    def _check(self) -> None:
        said = f"AdditiveNoise(noise_type={self.noise_type!r}, noise_params={self.noise_params!r})"
        needed = _CLASSIC[self.noise_type]
        if self.noise_params is not None and self.noise_params.keys() != needed.keys():
            raise ValueError(f"{said}: noise_params must have the keys {', '.join(needed)}, and no others")
        if self.spatial_mode != "constant" and len(self._limits().get("ranges", (0,))) > 1:
            raise ValueError(f"{said}: spatial_mode={self.spatial_mode!r} takes one pair of 'ranges'")

    def _limits(self) -> dict[str, Any]:
        chosen: dict[str, Any] = _CLASSIC[self.noise_type] if self.noise_params is None else self.noise_params
        return chosen

    @property
    def _needs_channels(self) -> Sequence[int]:
        count = len(self._limits().get("ranges", (0,)))
        return (count,) if count > 1 else ()

    def get_params(self) -> dict[str, Any]:
        limits = self._limits()
        ranges = limits.get("ranges")
        if ranges is not None and len(ranges) > 1:
            return {"shifts": [self._uniform(pair) for pair in ranges]}
        drawn = ranges[0] if ranges else [self._uniform(limits[name]) for name in _CLASSIC[self.noise_type]]
        return {"numbers": list(drawn), "seed": self._draw_seed()}

    def apply(
        self,
        img: np.ndarray,
        numbers: Sequence[float] = (),
        seed: int = 0,
        shifts: Optional[Sequence[float]] = None,
        **params: Any,
    ) -> np.ndarray:
        if shifts is not None:
            return color.channel_shift(img, shifts=np.array(shifts) * cv.white(img.dtype))
        if self.noise_type == "beta":  # shapes of 0 are the limit, two points
            numbers = [max(numbers[0], _SMALLEST), max(numbers[1], _SMALLEST), numbers[2]]
        return additive.additive(
            img,
            noise_type=self.noise_type,
            params=numbers,
            spatial_mode=self.spatial_mode,
            seed=seed,
            approximation=self.approximation,
        )
