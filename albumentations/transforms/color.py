"""Color: shifts and jitter, gray and sepia, channels, histograms, normalization."""

from itertools import permutations
from typing import Any, Optional

import numpy as np

from ..core.params import (
    Anything,
    Choice,
    Flag,
    Integer,
    Numbers,
    OptionalNumber,
    OptionalNumbers,
    Probability,
    Range,
    anything,
    choice,
    flag,
    integer,
    number,
    numbers_of,
    probability,
    span,
)
from ..core.plan import Shape
from ..core.records import release_of
from ..core.serialization import said_once
from ..functional import color, cv
from .families import Filter, Pointwise

_GRAY_METHODS = ("weighted_average", "from_lab", "desaturation", "average", "max", "pca")
_ORDERS = tuple(permutations(range(4)))


class HueSaturationValue(Filter):
    """Shift hue, saturation and value of the HSV color space.

    Targets: image, volume; any dtype; RGB, or one channel, of which only the value is shifted; floats in [0, 1]. HSV as
    in Smith, "Color gamut transform pairs" (1978).
    """

    hue_shift_limit: Range = span(
        default=(-20, 20),
        around=0,
        doc="turn of the hue, in units of 2 degrees; x is read as (-x, x)",
        was=("hue_shift_range",),
    )
    sat_shift_limit: Range = span(
        default=(-30, 30),
        around=0,
        doc="added to the saturation, in 255ths; x is read as (-x, x)",
        was=("sat_shift_range",),
    )
    val_shift_limit: Range = span(
        default=(-20, 20), around=0, doc="added to the value, in 255ths; x is read as (-x, x)", was=("val_shift_range",)
    )
    _needs_channels = (1, 3)
    examples = ({}, {"hue_shift_limit": (60, 90), "sat_shift_limit": 0, "val_shift_limit": 0})
    neutral = {"hue_shift_limit": 0, "sat_shift_limit": 0, "val_shift_limit": 0}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {
            "hue_shift": self._uniform(self.hue_shift_limit),
            "sat_shift": self._uniform(self.sat_shift_limit),
            "val_shift": self._uniform(self.val_shift_limit),
        }

    def apply(self, img: np.ndarray, hue_shift: float, sat_shift: float, val_shift: float, **params: Any) -> np.ndarray:
        if cv.channels(img) == 1:  # gray has no hue and no saturation; its value is the gray itself
            return color.channel_shift(img, shifts=val_shift * cv.white(img.dtype) / 255)
        return color.hue_saturation_value(img, hue=hue_shift, saturation=sat_shift, value=val_shift)


class ColorJitter(Filter):
    """Change brightness, contrast, saturation and hue, in an order drawn anew each time.

    Targets: image, volume; any dtype; RGB, or one channel, of which only brightness and contrast change; floats in
    [0, 1]. The operations are those of torchvision's transform of the same name.
    """

    brightness: Range = span(
        default=(0.8, 1.2),
        around=1,
        low=0,
        signed=False,
        doc="factor of a blend with black; x is read as (max(0, 1 - x), 1 + x)",
        was=("brightness_range",),
    )
    contrast: Range = span(
        default=(0.8, 1.2),
        around=1,
        low=0,
        signed=False,
        doc="factor of a blend with the mean gray; x: (max(0, 1 - x), 1 + x)",
        was=("contrast_range",),
    )
    saturation: Range = span(
        default=(0.8, 1.2),
        around=1,
        low=0,
        signed=False,
        doc="factor of a blend with the gray image; x: (max(0, 1 - x), 1 + x)",
        was=("saturation_range",),
    )
    hue: Range = span(
        default=(-0.2, 0.2),
        around=0,
        low=-0.5,
        high=0.5,
        signed=False,
        doc="turn of the hue, in full circles; x: (-x, x)",
        was=("hue_range",),
    )
    _needs_channels = (1, 3)
    _beside = {"brightness_range contrast_range saturation_range": {"hue": (-0.5, 0.5)}}
    examples = ({}, {"brightness": 0.5, "contrast": (0.2, 2.0), "saturation": 1.0, "hue": (0.2, 0.5)})
    neutral = {"brightness": 0, "contrast": 0, "saturation": 0, "hue": 0}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {
            "brightness": self._uniform(self.brightness),
            "contrast": self._uniform(self.contrast),
            "saturation": self._uniform(self.saturation),
            "hue": self._uniform(self.hue),
            "order": list(self._pick(_ORDERS)),
        }

    def apply(
        self,
        img: np.ndarray,
        brightness: float,
        contrast: float,
        saturation: float,
        hue: float,
        order: Any,
        **params: Any,
    ) -> np.ndarray:
        steps = (
            (color.adjust_brightness, brightness),
            (color.adjust_contrast, contrast),
            (color.adjust_saturation, saturation),
            (color.adjust_hue, hue),
        )
        for function, factor in (steps[i] for i in order):
            img = function(img, factor=factor)
        return img


class RGBShift(Pointwise):
    """Add a number to each of red, green and blue.

    Targets: image, volume; any dtype; RGB; floats in [0, 1].
    """

    r_shift_limit: Range = span(
        default=(-20, 20),
        around=0,
        doc="added to red, in 255ths of white, or as a fraction of white where both ends lie in [-1, 1]; x: (-x, x)",
        was=("r_shift_range",),
    )
    g_shift_limit: Range = span(default=(-20, 20), around=0, doc="added to green, likewise", was=("g_shift_range",))
    b_shift_limit: Range = span(default=(-20, 20), around=0, doc="added to blue, likewise", was=("b_shift_range",))
    _whole_stacks = False
    _needs_channels = (3,)
    examples = ({}, {"r_shift_limit": (50, 90), "g_shift_limit": 0, "b_shift_limit": (-0.2, -0.1)})
    neutral = {"r_shift_limit": 0, "g_shift_limit": 0, "b_shift_limit": 0}
    _older_names = {"noise_map": "added"}

    @classmethod
    def _from_file(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        limits = [arguments.get(f"{c}_shift_limit", (-20, 20)) for c in "rgb"]
        scaled = [[v if max(map(abs, pair)) <= 1 else v / 255 for v in pair] for pair in limits if np.ndim(pair) == 1]
        uniform = {"noise_type": "uniform", "ranges": scaled}
        return said_once(
            arguments, approximation=1.0, noise_type="uniform", spatial_mode="constant", noise_params=uniform
        )

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        names = ("r_shift", "g_shift", "b_shift")
        if any(name in params for name in names):  # as 1.x drew them
            shifts = [params.get(name, 0) for name in names]
            params = {**{n: v for n, v in params.items() if n not in names}, "added": shifts}
        return super()._read_names(params)

    @property
    def _per_channel(self) -> bool:
        return True

    def get_params(self) -> dict[str, Any]:
        limits = (self.r_shift_limit, self.g_shift_limit, self.b_shift_limit)
        return {"shifts": [self._uniform(pair) / (1 if max(map(abs, pair)) <= 1 else 255) for pair in limits]}

    def _curve(self, value: np.ndarray, white: float, shifts: Any = (), added: Any = None) -> np.ndarray:
        return value + np.rint(_in_units(shifts, added, white))  # whole levels, as in `apply`

    def apply(self, img: np.ndarray, shifts: Any = (), added: Any = None, **params: Any) -> np.ndarray:
        return color.channel_shift(img, shifts=_in_units(shifts, added, cv.white(img.dtype)))


def _in_units(shifts: Any, added: Any, white: float) -> np.ndarray:
    """Fractions of white, or else numbers of 1.x, in the image's own units."""
    return np.asarray(shifts, np.float32) * np.float32(white) if added is None else np.asarray(added, np.float32)


class ToGray(Filter):
    """Take the color out of the image.

    Targets: image, volume; any dtype; RGB, or one channel, which is gray already and stays as it is; any number of
    channels by the methods other than the first two. "weighted_average" is the luma of ITU-R BT.601, "from_lab" the L
    of CIELAB, "desaturation" the mean of the smallest and the largest channel, "pca" the principal component.
    """

    num_output_channels: Integer = integer(
        default=3, low=1, doc="channels of the result, all the same; an image of one channel stays as it is"
    )
    method: Choice = choice(*_GRAY_METHODS, default="weighted_average", doc="what gray is")
    eras = ("always_apply p",)
    examples = ({}, {"method": "from_lab"}, {"method": "weighted_average", "num_output_channels": 1})
    swaps = {}

    @property
    def _needs_channels(self) -> tuple[int, ...]:
        return (1, 3) if self.method in ("weighted_average", "from_lab") else ()

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return color.to_gray(img, method=self.method, num_output_channels=self.num_output_channels)


class ToSepia(Filter):
    """Give the image the brown tone of old photographs.

    Targets: image, volume; any dtype; RGB; floats in [0, 1]. The matrix is Microsoft's ("How To: Use Color Matrices").
    """

    _needs_channels = (3,)
    swaps = {}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return color.sepia(img)


def _read_mask(value: Any) -> Any:
    if value is None or callable(value):
        return value
    mask = np.asarray(value)
    if mask.ndim not in (2, 3) or mask.dtype.kind not in "biuf":
        raise ValueError("must be an array (H, W) or (H, W, C), a function that returns one, or None")
    return (mask != 0).astype(np.uint8)


class Equalize(Filter):
    """Spread the levels evenly over black to white, so that each is as frequent as the others.

    Targets: image, volume; any dtype (other than uint8 through 256 levels); any number of channels, RGB or one channel
    with by_channels=False. Mode "cv" is `cv2.equalizeHist`, "pil" Pillow's `ImageOps.equalize`.
    """

    mode: Choice = choice("cv", "pil", default="cv", doc="whose definition is used")
    by_channels: Flag = flag(default=True, doc="each channel alone; if False, the luma of YCrCb only")
    mask: Anything = anything(
        read=_read_mask,
        default=None,
        doc="(H, W) or (H, W, C), pixels are counted only where it is not 0; or a function of the image giving that",
    )
    mask_params: Anything = anything(
        read=lambda value: (value,) if isinstance(value, str) else tuple(value),
        default=(),
        doc="further targets that the function is given, by name",
    )
    examples = ({}, {"mode": "pil"})
    swaps = {}

    @property
    def _needs_channels(self) -> tuple[int, ...]:
        return () if self.by_channels else (1, 3)

    @property
    def _reads(self) -> tuple[str, ...]:
        return ("image", *self.mask_params) if callable(self.mask) else ()

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        mask = self.mask
        return {"counted": _read_mask(mask(**{n: params[n] for n in self._reads})) if callable(mask) else mask}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) == "2.x" and self.mode == "pil":
            raise ValueError("with mode='pil' it spreads levels otherwise")
        return super()._read_names(params)

    def apply(self, img: np.ndarray, counted: Optional[np.ndarray] = None, **params: Any) -> np.ndarray:
        return color.equalize(img, mode=self.mode, by_channels=self.by_channels, mask=counted)

    def _describe(self) -> dict[str, Any]:
        if callable(self.mask):
            raise NotImplementedError("Equalize cannot be saved: its mask is a function")
        return {**super()._describe(), "mask": None if self.mask is None else self.mask.tolist()}


class CLAHE(Filter):
    """Spread the levels evenly within tiles, without raising the contrast beyond a limit.

    Targets: image, volume; any dtype (other than uint8 through 256 levels); RGB, of which L of CIELAB is changed, or
    one channel. Contrast limited adaptive histogram equalization: Zuiderveld, Graphics Gems IV (1994), as
    `cv2.createCLAHE` does it.
    """

    clip_limit: Range = span(
        default=(1.0, 4.0),
        start=1,
        low=0,
        doc="how far a level may exceed the mean frequency, in multiples of it; x is read as (1, x)",
        was=("clip_range",),
    )
    tile_grid_size: Numbers = numbers_of(
        count=2, default=(8, 8), low=1, integer=True, doc="number of tiles across and down"
    )
    _needs_channels = (1, 3)
    examples = ({}, {"clip_limit": (8, 10), "tile_grid_size": (2, 4)})
    swaps = {"tile_grid_size": "tile_grid_size"}

    def get_params(self) -> dict[str, Any]:
        return {"clip_limit": self._uniform(self.clip_limit)}

    def apply(self, img: np.ndarray, clip_limit: float, **params: Any) -> np.ndarray:
        across, down = self.tile_grid_size
        return color.clahe(img, clip_limit=clip_limit, tile_grid_size=(int(across), int(down)))


class ChannelShuffle(Filter):
    """Put the channels in a random order, every order equally likely.

    Targets: image, volume; any dtype and number of channels.
    """

    swaps = {}

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        shape = params.get("shape", ())
        count = shape[2] if len(shape) > 2 else 1
        return {"channels_shuffled": self.py_random.sample(range(count), count)}

    def apply(self, img: np.ndarray, channels_shuffled: Any, **params: Any) -> np.ndarray:
        return color.channel_shuffle(img, order=channels_shuffled)


class Normalize(Filter):
    """Subtract the mean and divide by the standard deviation: given ones, or those of the image itself.

    Targets: image, volume; any dtype; as many channels as mean and std have values, or any where these are single
    numbers. The result is float32. "standard" is (image / max_pixel_value - mean) / std; "image" (x - mean) / (std +
    1e-4) of the image itself, limited to [-20, 20]; "min_max" (x - min) / (max - min + 1e-4); the same by channel.
    """

    mean: OptionalNumbers = numbers_of(
        default=(0.485, 0.456, 0.406),
        optional=True,
        doc="subtracted, as a fraction of max_pixel_value; one or one a channel",
    )
    std: OptionalNumbers = numbers_of(
        default=(0.229, 0.224, 0.225), low=0, optional=True, doc="divided by, likewise; not 0"
    )
    max_pixel_value: OptionalNumber = number(
        default=255.0, low=0, optional=True, doc="what counts as 1: 255 for uint8, 1 for floats in [0, 1]"
    )
    normalization: Choice = choice(
        *("standard", "image", "image_per_channel", "min_max", "min_max_per_channel"),
        default="standard",
        doc="whose mean and deviation; all but the first ignore the three numbers above",
    )
    p: Probability = probability(default=1.0, kw_only=True)
    _converts = True
    eras = ("mean std max_pixel_value always_apply p",)
    examples = (
        {"mean": 0.5, "std": 0.25},
        {"normalization": "image"},
        {"normalization": "image_per_channel"},
        {"normalization": "min_max_per_channel"},
    )
    swaps = {}

    def _check(self) -> None:
        if self.normalization == "standard":
            self._standard()

    def _standard(self) -> tuple[tuple[float, ...], tuple[float, ...], float]:
        """Mean, deviation and white of the standard normalization, which needs all three."""
        mean, std, white = self.mean, self.std, self.max_pixel_value
        if mean is None or std is None or white is None:
            missing = "mean" if mean is None else "std" if std is None else "max_pixel_value"
            raise ValueError(
                f"Normalize({missing}=None): the standard normalization needs mean, std and max_pixel_value"
            )
        if not white:
            raise ValueError("Normalize(max_pixel_value=0): max_pixel_value must be above 0")
        if 0 in std:
            raise ValueError(f"Normalize(std={std!r}): std must not be 0")
        return mean, std, white

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        if self.normalization != "standard":
            return color.normalize_per(img, kind=self.normalization)
        count = cv.channels(img)
        mean, std, white = self._standard()
        if not {len(mean), len(std)} <= {1, count}:
            raise ValueError(
                f"mean has {len(mean)} values and std {len(std)}, the image has {count} channels"
                f" (shape {img.shape}); give one number, or one a channel"
            )
        return color.normalize(img, mean=mean, std=std, max_pixel_value=white)
