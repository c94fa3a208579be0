"""Tone and channels: curves of tone, stretched contrast, principal components, dropped and repeated channels."""

from collections.abc import Sequence
from typing import Any, ClassVar, Optional

import numpy as np

from ..core.params import (
    Choice,
    Flag,
    Integer,
    Number,
    OptionalInteger,
    Probability,
    Range,
    choice,
    flag,
    integer,
    number,
    probability,
    span,
)
from ..core.records import release_of
from ..functional import curves, tone
from .families import Filter, Pointwise

_MOST_CHANNELS = 512  # of any array that OpenCV takes


def _count(params: dict[str, Any]) -> int:
    """Channels of the picture that a call speaks of."""
    shape = params.get("shape", ())
    return shape[-1] if len(shape) > 2 else 1


class RandomToneCurve(Pointwise):
    """Bend the relation of bright and dark by a random S-curve, as a photographer does.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1]. A cubic Bezier curve from black to white
    whose two inner points are drawn from normal distributions around 1/4 and 3/4 of white.
    """

    scale: Number = number(default=0.1, low=0, doc="standard deviation of the two points, as a fraction of white")
    per_channel: Flag = flag(default=False, doc="a curve of its own for each channel, which changes colors")
    eras = ("scale always_apply p",)
    examples = ({}, {"scale": 0.4, "per_channel": True})

    @property
    def _per_channel(self) -> bool:
        return self.per_channel

    @property
    def _whole_stacks(self) -> bool:
        return not self.per_channel

    @property
    def _passes_tables(self) -> bool:
        return True  # the draw looks at the number of channels alone, which no table changes

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        count = _count(params) if self.per_channel else 1
        low, high = ([self._draw_near(middle) for _ in range(count)] for middle in (0.25, 0.75))
        return {"low_y": low, "high_y": high} if count > 1 else {"low_y": low[0], "high_y": high[0]}

    def _draw_near(self, middle: float) -> float:
        return min(max(self.py_random.gauss(middle, self.scale), 0.0), 1.0)

    def _curve(self, value: np.ndarray, white: float, low_y: Any, high_y: Any) -> np.ndarray:
        if not np.ndim(low_y):
            return tone.s_curve(value, white=white, low=low_y, high=high_y)
        planes = np.broadcast_to(value, (*value.shape[:-1], len(low_y)))
        ends = enumerate(zip(low_y, high_y))
        return np.stack([tone.s_curve(planes[..., c], white=white, low=a, high=b) for c, (a, b) in ends], axis=-1)


class FancyPCA(Filter):
    """Shift all colors along their own principal components.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1]. Krizhevsky, Sutskever and Hinton,
    "ImageNet classification with deep convolutional neural networks" (2012), 4.1.
    """

    alpha: Number = number(
        default=0.1, low=0, doc="standard deviation of the number that the components are multiplied by"
    )
    _older_names: ClassVar[dict[str, str]] = {"alpha_vector": "alpha"}
    _lost = dict.fromkeys(("alpha", "alpha_vector"), "components have other lengths here")
    examples = ({}, {"alpha": 0.5})
    neutral = {"alpha": 0}

    def get_params(self) -> dict[str, Any]:
        return {"alpha": self.py_random.gauss(0, self.alpha)}

    def apply(self, img: np.ndarray, alpha: Any, **params: Any) -> np.ndarray:
        return tone.fancy_pca(img, alpha=alpha)


class ChannelDropout(Filter):
    """Fill some channels with one value.

    Targets: image, volume; any dtype; more channels than are dropped at most.
    """

    channel_drop_range: Range = span(
        default=(1, 1), low=1, high=_MOST_CHANNELS - 1, integer=True, doc="how many; x is read as (x, x)"
    )
    fill: Number = number(default=0, was=("fill_value",), doc="the value, in the image's own units")
    eras = (
        "channel_drop_range fill_value always_apply p",
        "channel_drop_range fill_value fill p always_apply",
    )
    examples = ({}, {"channel_drop_range": (1, 2), "fill": 128})
    swaps = {}

    @property
    def _needs_channels(self) -> Sequence[int]:
        return range(int(self.channel_drop_range[1]) + 1, _MOST_CHANNELS + 1)

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        count = _count(params)
        dropped = min(self._randint((int(self.channel_drop_range[0]), int(self.channel_drop_range[1]))), count)
        return {"channels_to_drop": self.py_random.sample(range(count), dropped)}

    def apply(self, img: np.ndarray, channels_to_drop: Any, **params: Any) -> np.ndarray:
        return tone.channel_dropout(img, channels=channels_to_drop, fill=self.fill)


def _less_than_half(value: float) -> float:
    if value >= 50:
        raise ValueError("must be less than 50: nothing would be left")
    return value


class AutoContrast(Filter):
    """Spread each channel over black to white.

    Targets: image, volume; any dtype (other than uint8 through 256 levels) and number of channels. Method "pil" is
    linear, as Pillow's `ImageOps.autocontrast`; "cdf" follows the cumulative histogram.
    """

    cutoff: Number = number(
        default=0,
        low=0,
        high=50,
        then=_less_than_half,
        doc="percent of the pixels that may become black, and as many white; below 50",
    )
    ignore: OptionalInteger = integer(
        default=None, low=0, high=255, optional=True, doc="a level of 256 that is neither counted nor changed"
    )
    method: Choice = choice("cdf", "pil", default="cdf", doc="how levels between the ends are spread")
    eras = ("p always_apply",)
    examples = ({}, {"cutoff": 5, "method": "pil"})
    swaps = {}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) == "2.x" and self.method == "pil":
            raise ValueError("with method='pil' it counts what it cuts off otherwise")
        return super()._read_names(params)

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return tone.autocontrast(img, cutoff=self.cutoff, ignore=self.ignore, method=self.method)


class OneLimit(Pointwise, abstract=True):
    """Multiply all values by alpha and add beta, of which one is drawn: half of RandomBrightnessContrast."""

    limit: Range = span(default=(-0.2, 0.2), around=0)
    examples = ({}, {"limit": (0.2, 0.4)})
    neutral: ClassVar[Optional[dict[str, Any]]] = {"limit": 0}

    def _curve(self, value: np.ndarray, white: float, alpha: float, beta: float) -> np.ndarray:
        return curves.brightness_contrast(value, white=white, alpha=alpha, beta=beta)


class RandomBrightness(OneLimit):
    """Add one number to all values.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    limit: Range = span(
        default=(-0.2, 0.2), around=0, doc="what is added, as a fraction of white; x is read as (-x, x)"
    )

    def get_params(self) -> dict[str, Any]:
        return {"alpha": 1.0, "beta": self._uniform(self.limit)}


class RandomContrast(OneLimit):
    """Multiply all values by one number.

    Targets: image, volume; any dtype and number of channels; floats in [0, 1].
    """

    limit: Range = span(
        default=(-0.2, 0.2), around=0, doc="what is added to 1 to give the factor; x is read as (-x, x)"
    )

    def get_params(self) -> dict[str, Any]:
        return {"alpha": 1 + self._uniform(self.limit), "beta": 0.0}


class ToRGB(Filter):
    """Repeat the one channel of a gray image.

    Targets: image, volume; any dtype; (H, W) or (H, W, 1) becomes (H, W, num_output_channels). An image that has that
    many channels already stays as it is.
    """

    num_output_channels: Integer = integer(default=3, low=1, high=_MOST_CHANNELS, doc="channels of the result")
    p: Probability = probability(default=1.0, kw_only=True)
    _converts = True
    eras = ("always_apply p",)
    examples = ({"num_output_channels": 5}, {})
    swaps = {}

    @property
    def _needs_channels(self) -> Sequence[int]:
        return (1, self.num_output_channels)

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return tone.to_rgb(img, num_output_channels=self.num_output_channels)
