"""Light: illuminants, uneven lighting, fractal shadows; and what a lens does to colors."""

from typing import Any

import numpy as np

from ..core.params import (
    Choice,
    Code,
    Integer,
    Number,
    OptionalRange,
    Range,
    choice,
    integer,
    interpolation_flag,
    number,
    positive,
    span,
)
from ..functional import lens, light, plasma
from .families import Filter

_WHITE = 6000  # kelvin; colder light is bluer
_TEMPERATURES = {"blackbody": (1000, 15000), "cied": (4000, 25000)}  # that the formulae hold for


class PlanckianJitter(Filter):
    """Light the image by a warmer or colder illuminant.

    Targets: image, volume; any dtype; RGB; floats in [0, 1]. Zini et al., "Planckian jitter: countering the
    color-crippling effects of color jitter on self-supervised training" (2023). Four times of ten the temperature is
    below 6000 K, where the limits lie on both sides of it.
    """

    mode: Choice = choice("blackbody", "cied", default="blackbody", doc="a Planckian radiator, or CIE daylight")
    temperature_limit: OptionalRange = span(
        default=None,
        low=1000,
        high=25000,
        integer=True,
        optional=True,
        doc="kelvin, within [1000, 15000] for blackbody and [4000, 25000] for cied; x is read as (x, x); None is"
        " (3000, 15000) or (4000, 15000)",
        was=("temperature_range",),
    )
    sampling_method: Choice = choice(
        *("uniform", "gaussian"), default="uniform", doc="uniform below and above 6000 K, or most often near it"
    )
    _needs_channels = (3,)
    examples = (
        {},
        {"mode": "cied", "sampling_method": "gaussian"},
        {"temperature_limit": (4000, 9000)},
    )
    swaps = {}

    _lost = {"temperature": "light of that temperature has another color here"}

    @classmethod
    def _defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        mode = getattr(given.get("mode"), "value", given.get("mode"))
        return {"temperature_limit": (4000 if mode == "cied" else 3000, 15000)}

    def _check(self) -> None:
        low, high = _TEMPERATURES[self.mode]
        first, last = self._limits()
        if first < low or last > high:
            raise ValueError(
                f"PlanckianJitter(temperature_limit={self.temperature_limit!r}): temperature_limit must not be outside"
                f" of ({low}, {high}) with mode={self.mode!r}"
            )

    def _limits(self) -> tuple[float, float]:
        return self.temperature_limit or self._defaults({"mode": self.mode})["temperature_limit"]

    def get_params(self) -> dict[str, Any]:
        low, high = self._limits()
        white = min(max(_WHITE, low), high)
        colder = white == low or (white < high and self.py_random.random() >= 0.4)
        end = high if colder else low
        if self.sampling_method == "uniform":
            return {"temperature": self._randint((int(min(white, end)), int(max(white, end))))}
        away = min(abs(self.py_random.gauss(0, 1 / 3)), 1.0)
        return {"temperature": round(white + away * (end - white))}

    def apply(self, img: np.ndarray, temperature: float, **params: Any) -> np.ndarray:
        return light.planckian(img, temperature=temperature, mode=self.mode)


def _above_zero(limits: tuple[float, float]) -> tuple[float, float]:
    positive(limits[0])
    return limits


class Illumination(Filter):
    """Light the image unevenly: from one side, from a corner, or by a spot.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1]. Values are multiplied by a linear
    gradient, by one that grows with the distance from a corner, or by a Gaussian around a point.
    """

    mode: Choice = choice("linear", "corner", "gaussian", default="linear", doc="the kind of light")
    intensity_range: Range = span(
        default=(0.01, 0.2), low=0, high=1, doc="how much the factor departs from 1; x is read as (x, x)"
    )
    effect_type: Choice = choice(
        *("brighten", "darken", "both"),
        default="both",
        doc="sign of the intensity, both as often as each other; a corner that brightens darkens away from itself",
    )
    angle_range: Range = span(
        default=(0, 360), doc="where linear light comes from, in degrees, clockwise from the right; x is read as (x, x)"
    )
    center_range: Range = span(
        default=(0.1, 0.9), low=0, high=1, doc="middle of the spot, as fractions of the image; x is read as (x, x)"
    )
    sigma_range: Range = span(
        default=(0.2, 1.0),
        low=0,
        then=_above_zero,
        doc="deviation of the spot, as a fraction of the longer side; x is read as (x, x)",
    )
    examples = (
        {},
        {"effect_type": "brighten", "angle_range": (20, 60)},
        {"mode": "corner", "effect_type": "darken"},
        {"mode": "gaussian", "intensity_range": (0.1, 0.2), "center_range": (0.2, 0.4), "sigma_range": (0.1, 0.3)},
    )
    _lost = {"angle": "light from there falls otherwise here"}
    neutral = {"intensity_range": (0, 0)}

    def get_params(self) -> dict[str, Any]:
        sign = {"brighten": 1, "darken": -1}.get(self.effect_type) or self._pick((1, -1))
        intensity = sign * self._uniform(self.intensity_range)
        if self.mode == "linear":
            return {"intensity": intensity, "angle": self._uniform(self.angle_range)}
        if self.mode == "corner":
            return {"intensity": intensity, "corner": self._randint((0, 3))}
        center = [self._uniform(self.center_range), self._uniform(self.center_range)]
        return {"intensity": intensity, "center": center, "sigma": self._uniform(self.sigma_range)}

    def apply(
        self,
        img: np.ndarray,
        intensity: float,
        angle: float = 0.0,
        corner: int = 0,
        center: Any = (0.5, 0.5),
        sigma: float = 1.0,
        **params: Any,
    ) -> np.ndarray:
        if self.mode == "linear":
            return light.linear_illumination(img, intensity=intensity, angle=angle)
        if self.mode == "corner":
            return light.corner_illumination(img, intensity=intensity, corner=corner)
        return light.gaussian_illumination(img, intensity=intensity, center=center, sigma=sigma)


class ChromaticAberration(Filter):
    """Draw red and blue at another size than green, as a lens does towards its edges.

    Targets: image, volume; any dtype; RGB. The distance r from the centre becomes r (1 + primary r^2 + secondary r^4)
    (Brown, 1966). The secondary coefficient of a color takes the sign of its primary one.
    """

    primary_distortion_limit: Range = span(
        default=(-0.02, 0.02),
        around=0,
        doc="the first coefficient; x is read as (-x, x)",
        was=("primary_distortion_range",),
    )
    secondary_distortion_limit: Range = span(
        default=(-0.05, 0.05),
        around=0,
        doc="the second coefficient; x is read as (-x, x)",
        was=("secondary_distortion_range",),
    )
    mode: Choice = choice(
        *("green_purple", "red_blue", "random"),
        default="green_purple",
        doc="red and blue to the same side, to opposite sides, or as it comes",
    )
    interpolation: Code = interpolation_flag(default=1, doc="OpenCV interpolation flag")
    _needs_channels = (3,)
    examples = (
        {},
        {"mode": "red_blue", "primary_distortion_limit": (0.1, 0.2), "secondary_distortion_limit": 0},
        {"mode": "random", "primary_distortion_limit": 0.2, "interpolation": 0},
    )
    neutral = {"primary_distortion_limit": 0, "secondary_distortion_limit": 0}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        red, blue = self._uniform(self.primary_distortion_limit), self._uniform(self.primary_distortion_limit)
        if self.mode != "random":
            blue = float(np.copysign(blue, red if self.mode == "green_purple" else -red))
        limits = self.secondary_distortion_limit
        return {
            "primary_distortion_red": red,
            "secondary_distortion_red": float(np.copysign(self._uniform(limits), red)),
            "primary_distortion_blue": blue,
            "secondary_distortion_blue": float(np.copysign(self._uniform(limits), blue)),
        }

    def apply(
        self,
        img: np.ndarray,
        primary_distortion_red: float,
        secondary_distortion_red: float,
        primary_distortion_blue: float,
        secondary_distortion_blue: float,
        **params: Any,
    ) -> np.ndarray:
        red = primary_distortion_red, secondary_distortion_red
        blue = primary_distortion_blue, secondary_distortion_blue
        return lens.chromatic_aberration(img, red=red, blue=blue, interpolation=self.interpolation)


class Plasma(Filter, abstract=True):
    """A change that is stronger or weaker from place to place, as a fractal field says."""

    plasma_size: Integer = integer(
        default=256, low=1, doc="cells of the finest grid of the field along the longer side; finer is more detailed"
    )
    roughness: Number = number(
        default=3.0,
        low=0,
        then=positive,
        doc="weight of fine detail, above 0: each grid has r / (r + 3) of the coarser",
    )

    def _field(self, seed: int) -> dict[str, Any]:
        """The field, as arguments of a kernel."""
        return {"seed": seed, "roughness": self.roughness, "size": self.plasma_size}


class PlasmaBrightnessContrast(Plasma):
    """Change brightness and contrast by different amounts from place to place.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1]. The amounts are a fractal field times
    the numbers drawn.
    """

    brightness_range: Range = span(
        default=(-0.3, 0.3), low=-1, high=1, doc="what is added at most, as a fraction of white; x is read as (x, x)"
    )
    contrast_range: Range = span(
        default=(-0.3, 0.3), low=-1, high=1, doc="what is added to a contrast of 1 at most; x is read as (x, x)"
    )
    examples = (
        {},
        {"brightness_range": (-0.5, -0.4), "contrast_range": (0.5, 0.8), "plasma_size": 8, "roughness": 1.0},
    )
    _lost = {"plasma_pattern": "the field is another here"}
    neutral = {"brightness_range": (0, 0), "contrast_range": (0, 0)}

    def get_params(self) -> dict[str, Any]:
        return {
            "brightness_factor": self._uniform(self.brightness_range),
            "contrast_factor": self._uniform(self.contrast_range),
            "seed": self._draw_seed(),
        }

    def apply(
        self, img: np.ndarray, brightness_factor: float, contrast_factor: float, seed: int, **params: Any
    ) -> np.ndarray:
        return plasma.brightness_contrast(
            img, brightness=brightness_factor, contrast=contrast_factor, **self._field(seed)
        )


class PlasmaShadow(Plasma):
    """Cast a shadow of fractal shape, as clouds and leaves do.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    shadow_intensity_range: Range = span(
        default=(0.3, 0.7), low=0, high=1, doc="0 leaves the image, 1 is black at the darkest; x is read as (x, x)"
    )
    examples = ({}, {"shadow_intensity_range": (0.8, 1), "plasma_size": 8, "roughness": 1.0})
    _lost = {"plasma_pattern": "the field is another here"}
    neutral = {"shadow_intensity_range": (0, 0)}

    def get_params(self) -> dict[str, Any]:
        return {"intensity": self._uniform(self.shadow_intensity_range), "seed": self._draw_seed()}

    def apply(self, img: np.ndarray, intensity: float, seed: int, **params: Any) -> np.ndarray:
        return plasma.shadow(img, intensity=intensity, **self._field(seed))
