"""Weather: shadows, fog, sun, rain, snow, and what they leave on the lens and on the road."""

import math
from typing import Any, Optional

import numpy as np

from ..core.params import (
    Anything,
    Choice,
    Integer,
    Number,
    Numbers,
    OptionalNumber,
    Range,
    anything,
    choice,
    integer,
    number,
    numbers_of,
    positive,
    span,
)
from ..core.plan import Shape
from ..core.records import release_of
from ..core.spellings import old_spelling
from ..functional import cv, light, weather
from .families import Filter, as_recorded
from .recorded import added_fractions

Window = tuple[float, ...]


def _window(value: Window) -> Window:
    """A part of the image: x_min, y_min, x_max, y_max."""
    if not (value[0] < value[2] and value[1] < value[3]):
        raise ValueError("must be (x_min, y_min, x_max, y_max): x_min must be less than x_max, y_min than y_max")
    return value


class RandomShadow(Filter):
    """Darken polygons, as shadows of things beside the picture.

    Targets: image, volume; any dtype and number of channels. Where polygons overlap the deeper shadow counts.
    """

    shadow_roi: Numbers = numbers_of(
        count=4,
        default=(0, 0.5, 1, 1),
        low=0,
        high=1,
        then=_window,
        doc="where the corners lie: (x_min, y_min, x_max, y_max) as fractions of the image",
    )
    num_shadows_limit: Range = span(
        pair=True, default=(1, 2), low=0, integer=True, doc="number of polygons", was=("num_shadows_range",)
    )
    shadow_dimension: Integer = integer(default=5, low=2, doc="number of corners of a polygon; two make a line")
    shadow_intensity_range: Range = span(
        default=(0.5, 0.5), low=0, high=1, doc="share of the light that a shadow takes; x is read as (x, x)"
    )
    eras = (
        "shadow_roi num_shadows_lower num_shadows_upper shadow_dimension always_apply p",
        "shadow_roi num_shadows_limit num_shadows_lower num_shadows_upper shadow_dimension shadow_intensity_range"
        " always_apply p",
    )
    examples = (
        {},
        {"num_shadows_limit": (3, 5), "shadow_intensity_range": (0.2, 0.8), "shadow_roi": (0, 0, 1, 1)},
        {"shadow_dimension": 3, "shadow_roi": (0.1, 0.2, 0.6, 0.9)},
    )
    neutral = {"shadow_intensity_range": 0}

    @old_spelling
    @staticmethod
    def _two_limits(num_shadows_lower: int = 1, num_shadows_upper: int = 2) -> dict[str, Any]:
        return {"num_shadows_limit": (num_shadows_lower, num_shadows_upper)}

    def get_params(self) -> dict[str, Any]:
        x_min, y_min, x_max, y_max = self.shadow_roi
        count = self._randint((int(self.num_shadows_limit[0]), int(self.num_shadows_limit[1])))
        # Corners as fractions of the image.
        return {
            "polygons": [
                [[self._uniform((x_min, x_max)), self._uniform((y_min, y_max))] for _ in range(self.shadow_dimension)]
                for _ in range(count)
            ],
            "intensities": [self._uniform(self.shadow_intensity_range) for _ in range(count)],
        }

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if "vertices_list" not in params:
            return super()._read_names(params)
        if release_of(params) == "1.x":
            raise ValueError("its shadows have other edges and depths")
        corners = [np.reshape(corners, (-1, 2)) for corners in params["vertices_list"]]
        return {"vertices": corners, "intensities": params.get("intensities", [0.5] * len(corners))}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        if "vertices" not in params:
            return {}
        return {"polygons": [((v + 0.5) / (shape[1], shape[0])).tolist() for v in params["vertices"]]}  # from pixels

    def apply(self, img: np.ndarray, polygons: Any, intensities: Any, **params: Any) -> np.ndarray:
        if "vertices" in params:  # one after the other: where they overlap, the releases multiply them
            for polygon, intensity in zip(polygons, intensities):
                img = light.shadow(img, polygons=[polygon], intensities=[float(intensity)])
            return img
        return light.shadow(img, polygons=polygons, intensities=intensities)


class RandomFog(Filter):
    """Lay fog over the image: it blurs, and fades into white in drifts.

    Targets: image, volume; any dtype, 1 or 3 channels; floats are clipped to [0, 1]. Transmission follows Koschmieder's
    law, through a fractal field.
    """

    _needs_channels = (1, 3)
    alpha_coef: Number = number(default=0.08, low=0, high=1, doc="opacity of one layer of fog")
    fog_coef_range: Range = span(pair=True, default=(0.3, 1), low=0, high=1, doc="density: number of layers and blur")
    eras = (
        "fog_coef_lower fog_coef_upper alpha_coef always_apply p",
        "fog_coef_lower fog_coef_upper alpha_coef fog_coef_range always_apply p",
    )
    examples = ({}, {"alpha_coef": 0.4, "fog_coef_range": (0.9, 1)})
    _lost = dict.fromkeys(("haze_list", "particle_positions"), "fog is a field here, not particles")
    neutral = {"fog_coef_range": (0, 0)}

    @old_spelling
    @staticmethod
    def _two_limits(fog_coef_lower: float = 0.3, fog_coef_upper: float = 1) -> dict[str, Any]:
        return {"fog_coef_range": (fog_coef_lower, fog_coef_upper)}

    def get_params(self) -> dict[str, Any]:
        return {"fog_coef": self._uniform(self.fog_coef_range), "seed": self._draw_seed()}

    def apply(self, img: np.ndarray, fog_coef: float, seed: int, **params: Any) -> np.ndarray:
        return weather.fog(img, density=fog_coef, alpha=self.alpha_coef, seed=seed)


class RandomSunFlare(Filter):
    """Let the sun shine into the lens: a glow, and a row of ghosts through it.

    Targets: image, volume; any dtype, 1 or 3 channels; floats are clipped to [0, 1]. Method "overlay" paints over the
    image, "physics_based" adds light with rays and soft ghosts.
    """

    _needs_channels = (1, 3)
    flare_roi: Numbers = numbers_of(
        count=4,
        default=(0, 0, 1, 0.5),
        low=0,
        high=1,
        then=_window,
        doc="where the sun stands: (x_min, y_min, x_max, y_max) as fractions of the image",
    )
    src_radius: Number = number(default=400, low=0, doc="radius of the glow in pixels; none below 1")
    src_color: Numbers = numbers_of(
        count=3, default=(255, 255, 255), low=0, high=255, doc="color of the sun, RGB of 0 - 255 for every dtype"
    )
    angle_range: Range = span(
        pair=True, default=(0, 1), low=0, high=1, doc="direction of the row of ghosts, 1 being a whole turn"
    )
    num_flare_circles_range: Range = span(pair=True, default=(6, 10), low=0, integer=True, doc="number of ghosts")
    method: Choice = choice("overlay", "physics_based", default="overlay", doc="how light meets the image")
    eras = (
        "flare_roi angle_lower angle_upper num_flare_circles_lower num_flare_circles_upper src_radius src_color"
        " always_apply p",
        "flare_roi angle_lower angle_upper num_flare_circles_lower num_flare_circles_upper src_radius src_color"
        " angle_range num_flare_circles_range method always_apply p",
    )
    examples = (
        {},
        {"src_radius": 100, "method": "physics_based", "flare_roi": (0.2, 0.2, 0.8, 0.8)},
        {"src_radius": 10, "src_color": (255, 200, 90), "angle_range": (0.1, 0.2), "num_flare_circles_range": (3, 4)},
    )
    _lost = {"circles": "ghosts have other places and sizes here"}
    neutral = {"src_radius": 0, "num_flare_circles_range": (0, 0)}

    @old_spelling
    @staticmethod
    def _two_angles(angle_lower: float = 0, angle_upper: float = 1) -> dict[str, Any]:
        return {"angle_range": (angle_lower, angle_upper)}

    @old_spelling
    @staticmethod
    def _two_counts(num_flare_circles_lower: int = 6, num_flare_circles_upper: int = 10) -> dict[str, Any]:
        return {"num_flare_circles_range": (num_flare_circles_lower, num_flare_circles_upper)}

    def get_params(self) -> dict[str, Any]:
        x_min, y_min, x_max, y_max = self.flare_roi
        low, high = self.num_flare_circles_range
        return {
            "center": [self._uniform((x_min, x_max)), self._uniform((y_min, y_max))],
            "angle": self._uniform(self.angle_range),
            # Opacity, place along the row and size between their limits, color.
            "ghosts": [
                [
                    self._uniform((0.05, 0.2)),
                    self._uniform((0, 1)),
                    self._uniform((0, 1)),
                    [self._uniform((max(part - 50, 0), part)) for part in self.src_color],
                ]
                for _ in range(self._randint((int(low), int(high))))
            ],
        }

    def _prepare(self, shape: Shape, center: Any, angle: float, ghosts: Any, **params: Any) -> dict[str, Any]:
        height, width = shape[:2]
        x, y = center
        across, down = math.cos(2 * math.pi * angle), math.sin(2 * math.pi * angle) * width / height
        sizes = max(height // 100 - 2, 2)
        return {
            "circles": [
                (alpha, x + (place - x) * across, y + (place - x) * down, min(1 + int(size * sizes), sizes) ** 3, rgb)
                for alpha, place, size, rgb in ghosts
            ]
        }

    def apply(self, img: np.ndarray, center: Any, circles: Any, **params: Any) -> np.ndarray:
        x, y = center
        return light.flare(
            img, center=(x, y), radius=self.src_radius, tint=self.src_color, ghosts=circles, method=self.method
        )


# By type of rain: pixels of the image a drop, and length of a drop in pixels.
_RAIN = {"default": (600, 20), "drizzle": (770, 10), "heavy": (600, 30), "torrential": (500, 60)}


class RandomRain(Filter):
    """Let it rain: streaks of one direction, a blur, less light.

    Targets: image, volume; any dtype, 1 or 3 channels; floats are clipped to [0, 1]. One drop for 600 pixels of the
    image, for 770 in a drizzle, for 500 in torrential rain.
    """

    _needs_channels = (1, 3)
    slant_range: Range = span(
        pair=True, default=(-10, 10), low=-20, high=20, doc="how far a drop drifts along x, in pixels"
    )
    drop_length: OptionalNumber = number(
        default=None,
        low=0,
        high=100,
        optional=True,
        doc="how far a drop falls, in pixels; None: 20, in drizzle 10, heavy rain 30, torrential rain 60",
    )
    drop_width: Integer = integer(default=1, low=1, high=5, doc="width of a drop in pixels")
    drop_color: Numbers = numbers_of(
        count=3, default=(200, 200, 200), low=0, high=255, doc="color of the drops, RGB of 0 - 255 for every dtype"
    )
    blur_value: Integer = integer(default=7, low=1, doc="side of the window of the blur, in pixels; 1 leaves it sharp")
    brightness_coefficient: Number = number(default=0.7, low=0, high=1, doc="factor of all values")
    rain_type: Choice = choice(
        *_RAIN, default="default", doc="'default', 'drizzle', 'heavy' or 'torrential': number and length of drops"
    )
    eras = (
        "slant_lower slant_upper drop_length drop_width drop_color blur_value brightness_coefficient rain_type"
        " always_apply p",
        "slant_lower slant_upper slant_range drop_length drop_width drop_color blur_value brightness_coefficient"
        " rain_type always_apply p",
    )
    examples = (
        {},
        {"rain_type": "torrential", "slant_range": (8, 10), "blur_value": 3, "drop_width": 2},
        {"rain_type": "drizzle", "drop_length": 5, "drop_color": (120, 160, 240), "brightness_coefficient": 0.9},
    )
    _lost = {"rain_drops": "drops are drawn from a seed here"}

    @old_spelling
    @staticmethod
    def _two_limits(slant_lower: float = -10, slant_upper: float = 10) -> dict[str, Any]:
        return {"slant_range": (slant_lower, slant_upper)}

    @classmethod
    def _defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {"rain_type": "default"}  # the releases up to 1.3.1 wrote None

    def get_params(self) -> dict[str, Any]:
        return {"slant": self._uniform(self.slant_range), "seed": self._draw_seed()}

    def apply(self, img: np.ndarray, slant: float, seed: int, **params: Any) -> np.ndarray:
        area, length = _RAIN[self.rain_type]
        return weather.rain(
            img,
            count=img.shape[0] * img.shape[1] // area,
            slant=slant,
            length=length if self.drop_length is None else self.drop_length,
            width=self.drop_width,
            tint=self.drop_color,
            blur_size=self.blur_value,
            brightness=self.brightness_coefficient,
            seed=seed,
        )


class RandomSnow(Filter):
    """Let snow lie on the image, or fall.

    Targets: image, volume; any dtype, 1 or 3 channels; floats are clipped to [0, 1]. Method "bleach" brightens what is
    dark, "texture" covers the image with drifts and flakes.
    """

    _needs_channels = (1, 3)
    brightness_coeff: Number = number(
        default=2.5, low=0, then=positive, doc="factor of the lightness of what is covered, above 0"
    )
    snow_point_range: Range = span(pair=True, default=(0.1, 0.3), low=0, high=1, doc="amount of snow")
    method: Choice = choice("bleach", "texture", default="bleach", doc="how")
    eras = (
        "snow_point_lower snow_point_upper brightness_coeff always_apply p",
        "snow_point_lower snow_point_upper brightness_coeff snow_point_range method always_apply p",
    )
    examples = ({}, {"method": "texture", "snow_point_range": (0.3, 0.5)})
    neutral = {"brightness_coeff": 1}

    @old_spelling
    @staticmethod
    def _two_limits(snow_point_lower: float = 0.1, snow_point_upper: float = 0.3) -> dict[str, Any]:
        return {"snow_point_range": (snow_point_lower, snow_point_upper)}

    def get_params(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {"snow_point": self._uniform(self.snow_point_range)}
        return {**drawn, "seed": self._draw_seed()} if self.method == "texture" else drawn

    _lost = {"snow_texture": "snow is drawn from a seed here"}

    def apply(self, img: np.ndarray, snow_point: float, seed: int = 0, **params: Any) -> np.ndarray:
        if self.method == "texture":
            return weather.snow_texture(img, amount=snow_point, coefficient=self.brightness_coeff, seed=seed)
        # Lightness below 1/3 of white, and up to 5/6 of it, is covered.
        return weather.snow_bleach(img, threshold=snow_point / 2 + 1 / 3, coefficient=self.brightness_coeff)


class RandomGravel(Filter):
    """Strew gravel over parts of the image.

    Targets: image, volume; any dtype, 1 or 3 channels. A patch is up to 200 pixels wide and 30 high.
    """

    _needs_channels = (1, 3)
    gravel_roi: Numbers = numbers_of(
        count=4,
        default=(0.1, 0.4, 0.9, 0.9),
        low=0,
        high=1,
        then=_window,
        doc="where patches lie: (x_min, y_min, x_max, y_max) as fractions of the image",
    )
    number_of_patches: Integer = integer(default=2, low=1, doc="number of patches")
    eras = ("gravel_roi number_of_patches always_apply p",)
    examples = ({}, {"number_of_patches": 8, "gravel_roi": (0, 0, 1, 1)})
    _lost = {"gravels_infos": "gravel has other shapes here"}

    def get_params(self) -> dict[str, Any]:
        # Width and height in pixels, and where between the edges of the region.
        return {
            "patches": [
                [
                    self._uniform((24, 200)),
                    min(self._uniform((5, 60)), 30),
                    self._uniform((0, 1)),
                    self._uniform((0, 1)),
                ]
                for _ in range(self.number_of_patches)
            ],
            "seed": self._draw_seed(),
        }

    def apply(self, img: np.ndarray, patches: Any, seed: int, **params: Any) -> np.ndarray:
        x_min, y_min, x_max, y_max = self.gravel_roi
        windows = []
        for width, height, across, down in patches:
            width, height = min(width / img.shape[1], x_max - x_min), min(height / img.shape[0], y_max - y_min)
            left, top = x_min + across * (x_max - x_min - width), y_min + down * (y_max - y_min - height)
            windows.append((left, top, left + width, top + height))
        return weather.gravel(img, patches=windows, seed=seed)


_LIQUIDS = {"rain": (175, 238, 238), "mud": (63, 42, 20)}
_read_color = numbers_of(count=3, low=0, high=255).reader


def _read_modes(value: Any) -> Any:
    """One liquid, or several of which one is drawn."""
    modes = [value] if isinstance(value, str) else value
    if not isinstance(modes, (list, tuple)) or not modes or any(mode not in _LIQUIDS for mode in modes):
        raise ValueError("must be 'rain', 'mud', or a list of them")
    return value if isinstance(value, str) else tuple(modes)


def _read_colors(value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, dict):
        return _read_color(value)
    if any(mode not in _LIQUIDS for mode in value):
        raise ValueError("must be a color, or a dict of 'rain' and 'mud' to colors")
    return {mode: _read_color(color) for mode, color in value.items()}


def _wet(transform: Any, img: np.ndarray, drops: Any, params: dict[str, Any]) -> np.ndarray:
    """Light of drops that a release recorded, as a fraction of white, is added."""
    return added_fractions(transform, img, drops, params)


def _muddy(transform: Any, img: np.ndarray, mud: Any, params: dict[str, Any]) -> np.ndarray:
    """The image times what mud lets through, plus the mud, as a release recorded both."""
    clear = as_recorded("non_mud", np.asarray(params["non_mud"], np.float64), img.shape)
    return added_fractions(transform, cv.saturate(img * clear, img.dtype), mud, params)


class Spatter(Filter):
    """Spatter the lens with rain or mud.

    Targets: image, volume; any dtype, 1 or 3 channels; floats are clipped to [0, 1]. The corruption of Hendrycks and
    Dietterich, "Benchmarking Neural Network Robustness" (2019): blurred noise, liquid where it exceeds a threshold.
    """

    _needs_channels = (1, 3)
    mean: Range = span(
        default=(0.65, 0.65), low=0, high=1, doc="mean of the noise; x is read as (x, x)", was=("mean_range",)
    )
    std: Range = span(
        default=(0.3, 0.3), low=0, high=1, doc="deviation of the noise; x is read as (x, x)", was=("std_range",)
    )
    gauss_sigma: Range = span(
        default=(2, 2),
        low=0,
        doc="deviation of the blur of the noise in pixels; x is read as (x, x)",
        was=("gauss_sigma_range",),
    )
    cutout_threshold: Range = span(
        default=(0.68, 0.68),
        low=0,
        high=1,
        doc="noise above it is liquid; x is read as (x, x)",
        was=("cutout_threshold_range",),
    )
    intensity: Range = span(
        default=(0.6, 0.6),
        low=0,
        doc="light of rain; how opaque mud is, 1 being opaque; x is read as (x, x)",
        was=("intensity_range",),
    )
    mode: Anything = anything(default="rain", read=_read_modes, doc="'rain', 'mud', or a list of them to draw from")
    color: Anything = anything(
        default=None,
        read=_read_colors,
        doc="color, RGB of 0 - 255 for every dtype, or a dict of one a mode; None: (175, 238, 238) of rain,"
        " (63, 42, 20) of mud",
    )
    eras = ("mean std gauss_sigma cutout_threshold intensity mode color always_apply p",)
    examples = (
        {},
        {"mode": "mud", "intensity": 1.0, "cutout_threshold": 0.65, "gauss_sigma": 4},
        {"mode": ("rain", "mud"), "mean": (0.6, 0.7), "std": (0.2, 0.4), "color": {"rain": (200, 220, 255), "mud": 40}},
    )
    neutral = {"intensity": 0}
    _recorded = {"drops": _wet, "mud": _muddy}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        # 1.x has None in the place of what the mode has not.
        return {n: v for n, v in super()._read_names(params).items() if v is not None}

    def _check(self) -> None:
        modes = (self.mode,) if isinstance(self.mode, str) else self.mode
        several = isinstance(self.color, dict)
        missing = [mode for mode in modes if mode not in self.color] if several else []
        if missing:
            raise ValueError(f"Spatter(mode={self.mode!r}, color={self.color!r}): color lacks {missing[0]!r}")
        if self.color is not None and not several and len(modes) > 1:
            raise ValueError(f"Spatter(mode={self.mode!r}, color={self.color!r}): color must be a dict of one a mode")

    def get_params(self) -> dict[str, Any]:
        return {
            "mean": self._uniform(self.mean),
            "std": self._uniform(self.std),
            "sigma": self._uniform(self.gauss_sigma),
            "threshold": self._uniform(self.cutout_threshold),
            "intensity": self._uniform(self.intensity),
            "mode": self.mode if isinstance(self.mode, str) else self._pick(self.mode),
            "seed": self._draw_seed(),
        }

    def apply(
        self,
        img: np.ndarray,
        mean: float,
        std: float,
        sigma: float,
        threshold: float,
        intensity: float,
        mode: str,
        seed: int,
        **params: Any,
    ) -> np.ndarray:
        tint: Optional[Any] = self.color[mode] if isinstance(self.color, dict) else self.color
        return weather.spatter(
            img,
            mean=mean,
            std=std,
            sigma=sigma,
            threshold=threshold,
            intensity=intensity,
            tint=_LIQUIDS[mode] if tint is None else tint,
            seed=seed,
            mode=mode,
        )
