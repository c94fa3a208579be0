"""The transforms that 0.x took from imgaug, native: with their arguments, and the effects that imgaug defines.

Each has the arguments of 0.4 and 0.5 and no others, and one number means what it meant there. Masks are never
interpolated; boxes and keypoints follow the picture.
"""

import math
from typing import Any, ClassVar, Union

import cv2
import numpy as np

from ..core.params import Anything, Choice, Integer, OptionalRange, Range, anything, choice, integer, number, span
from ..core.plan import Shape
from ..functional import cv, filters, noise, superpixels, warp
from .affine import Perspective
from .crop_and_pad import CropAndPad
from .families import Filter, Params, Sampled, Size, Warp
from .flip import HorizontalFlip, VerticalFlip
from .grids import SKIMAGE_MODES, PiecewiseAffine
from .rotate import center
from .sharpen import Sharpen

# OpenCV's flags that are nearest to splines of order 0 - 5.
_FLAGS = (
    cv2.INTER_NEAREST,
    cv2.INTER_LINEAR,
    cv2.INTER_CUBIC,
    cv2.INTER_CUBIC,
    cv2.INTER_LANCZOS4,
    cv2.INTER_LANCZOS4,
)
# Words of np.pad for what is computed of the pixels.
_STATISTICS = ("linear_ramp", "maximum", "mean", "median", "minimum")

_ORDER = "order of the interpolation: 0 nearest, 1 linear, 2 and 3 cubic, 4 and 5 Lanczos"
_CVAL = "value of pixels that lie outside of the image (mode 'constant'), in its own units; x is read as (x, x)"
_MODE = "how the image goes on beyond its edges, in NumPy's words"


class Worded(Sampled, abstract=True):
    """What samples in the words of scikit-image and NumPy: the arguments that OpenCV's flags come from are its own.

    A transform gives `_sampling`; masks are sampled alike, but nearest.
    """

    _without: ClassVar[tuple[str, ...]] = (
        "interpolation",
        "mask_interpolation",
        "border_mode",
        "fill",
        "fill_mask",
    )

    def _sampling(self, params: Params) -> Params:
        return {"interpolation": cv2.INTER_LINEAR, "border_mode": cv2.BORDER_CONSTANT, "fill": 0}

    def _mask_sampling(self, params: Params) -> Params:
        return {**self._sampling(params), "interpolation": params.get("mask_interpolation", cv2.INTER_NEAREST)}


class IAAAffine(Warp, Worded):
    """Shear, scale, turn about the centre, then translate: all of them random, all in one interpolation.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Degrees, clockwise. Both axes are scaled by one
    factor, moved by one number and sheared by one angle, which makes a shear nearly a turn.
    """

    scale: Range = span(default=(1.0, 1.0), start=1.0, low=1e-4, doc="factor; x is read as (x, 1)")
    translate_percent: OptionalRange = span(
        default=None, start=0, optional=True, doc="shift as a fraction of width and height; x is read as (0, x)"
    )
    translate_px: OptionalRange = span(
        default=None,
        start=0,
        integer=True,
        optional=True,
        doc="shift in whole pixels, instead of translate_percent; x is read as (0, x)",
    )
    rotate: Range = span(default=(0.0, 0.0), around=0, doc="angle in degrees; x is read as (-x, x)")
    shear: Range = span(
        default=(0.0, 0.0), around=0, low=-89.9, high=89.9, doc="angle in degrees; x is read as (-x, x)"
    )
    order: Integer = integer(default=1, low=0, high=5, doc=_ORDER)  # type: ignore[misc, assignment]
    cval: Range = span(default=(0, 0), doc=_CVAL)
    mode: Choice = choice(*SKIMAGE_MODES, default="reflect", doc=_MODE)

    examples = (
        {"scale": (0.7, 1.4), "translate_percent": (-0.1, 0.1), "rotate": 30, "shear": (-8, 8)},
        {"translate_px": (2, 9), "shear": 20, "mode": "constant", "cval": 77, "order": 0},
        {"rotate": (20, 40), "order": 3, "mode": "symmetric"},
    )
    neutral = {}

    def _check(self) -> None:
        if self.translate_percent is not None and self.translate_px is not None:
            raise ValueError(
                f"IAAAffine: translate_percent={self.translate_percent!r} and translate_px={self.translate_px!r} are"
                " both given; one of them must be None"
            )

    def get_params(self) -> Params:
        drawn: Params = {name: self._uniform(getattr(self, name)) for name in ("scale", "rotate", "shear", "cval")}
        if self.translate_px is not None:
            drawn["translate_px"] = self._randint((int(self.translate_px[0]), int(self.translate_px[1])))
        elif self.translate_percent is not None:
            drawn["translate_percent"] = self._uniform(self.translate_percent)
        return drawn

    def _sampling(self, params: Params) -> Params:
        return _sampling(self.order, self.mode, params["cval"])

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        height, width = shape[:2]
        factor, pixels, share = params["scale"], params.get("translate_px", 0), params.get("translate_percent", 0)
        matrix = warp.rotation(-params["rotate"]) @ warp.scaling(factor, factor) @ _sheared(params["shear"])
        matrix = warp.about(matrix, center=center(shape))
        return warp.translation(pixels + share * width, pixels + share * height) @ matrix, (height, width)


def _sampling(order: Any, mode: str, cval: float) -> Params:
    return {"interpolation": _FLAGS[order], "border_mode": SKIMAGE_MODES[mode], "fill": cval}


def _sheared(angle: float) -> np.ndarray:
    """The matrix that leans both axes by an angle in degrees, first x and then y, and keeps their length."""
    sin, cos = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    x_axis = np.array(((cos, 0.0, 0.0), (sin, 1.0, 0.0), (0.0, 0.0, 1.0)))
    y_axis = np.array(((1.0, -sin, 0.0), (0.0, cos, 0.0), (0.0, 0.0, 1.0)))
    return y_axis @ x_axis


class IAAPerspective(Perspective, Worded):
    """Look at the image from elsewhere: its four corners move inwards at random, and what they enclose is shown.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    _without = (*Worded._without, "fit_output")
    fit_output = False  # type: ignore[assignment]

    scale: Range = span(
        default=(0.05, 0.1),
        start=1.0,
        low=0,
        doc="standard deviation of the corners' ways, as a fraction of the sides; x is read as (x, 1)",
    )
    order = "scale keep_size p"
    examples = ({}, {"scale": (0.1, 0.15), "keep_size": False})
    neutral = {"scale": (0, 0)}


class IAAPiecewiseAffine(PiecewiseAffine, Worded):
    """Move the nodes of a regular grid at random, and what lies between them along.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Nothing outside of the image is ever read, so
    that cval and mode are never seen.
    """

    _without = (
        *Worded._without,
        *("absolute_scale", "keypoints_threshold", "keypoint_remapping_method", "cval_mask"),
    )
    absolute_scale = False  # type: ignore[assignment]

    scale: Range = span(
        default=(0.03, 0.05),
        start=0,
        low=0,
        doc="standard deviation of a node's move, as a fraction of the image's width and height; x is read as (0, x)",
    )
    nb_rows: Range = span(default=(4, 4), low=2, integer=True)
    nb_cols: Range = span(default=(4, 4), low=2, integer=True)
    order: Integer = integer(default=1, low=0, high=5, doc=_ORDER)  # type: ignore[misc, assignment]
    cval: Range = span(default=(0, 0), doc=_CVAL)
    mode: Choice = choice(*SKIMAGE_MODES, default="constant", doc=_MODE)
    examples = ({}, {"scale": (0.05, 0.1), "nb_rows": (2, 5), "nb_cols": 3, "order": 3})

    def _sampling(self, params: Params) -> Params:
        return _sampling(self.order, self.mode, self.cval[0])


class IAACropAndPad(CropAndPad, Worded):
    """Cut off sides of the image, or add to them: positive numbers pad, negative ones crop.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. At most one of `px` and `percent` is given: a
    number for every side, a range (low, high) that each side is drawn from, or four numbers or ranges for top, right,
    bottom and left; without either, percent is (-0.1, 0.1). Fractions are rounded to the nearest pixel. Of cuts that
    would take everything a pixel is left. Masks have no means and medians: where pad_mode is one, they get pad_cval.
    """

    _without = (*Worded._without, "sample_independently", "pad_cval_mask")
    sample_independently = True  # type: ignore[assignment]

    pad_mode: Choice = choice(*SKIMAGE_MODES, *_STATISTICS, default="constant", doc=_MODE)
    pad_cval: Range = span(
        default=(0, 0),
        doc="value of what is added (modes 'constant' and, at its end, 'linear_ramp'), in the image's own units; x is"
        " read as (x, x)",
    )
    order = "px percent pad_mode pad_cval keep_size p"
    examples = (
        {"px": (-8, 12)},
        {"percent": (-0.2, 0.2), "keep_size": False, "pad_mode": "symmetric"},
        {"px": (2, 5), "pad_cval": 77},
        {"px": (-4, 9), "pad_mode": "mean", "keep_size": False},
    )

    @classmethod
    def _defaults(cls, given: Params) -> Params:
        """imgaug's own choice where neither is given."""
        return {"percent": (-0.1, 0.1)} if given.get("px") is None else {}

    def get_params(self) -> Params:
        return {**super().get_params(), "cval": self._uniform(self.pad_cval)}

    def _whole(self, length: float) -> int:
        return round(length)

    def _sampling(self, params: Params) -> Params:
        border: Union[int, str] = SKIMAGE_MODES.get(self.pad_mode, self.pad_mode)
        return {"interpolation": cv2.INTER_LINEAR, "border_mode": border, "fill": params["cval"]}

    def _mask_sampling(self, params: Params) -> Params:
        sampling = super()._mask_sampling(params)
        if self.pad_mode in _STATISTICS:  # the mean of two labels is none
            sampling["border_mode"] = cv2.BORDER_CONSTANT
        return sampling


class IAAFliplr(HorizontalFlip):
    """Mirror left and right.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. A keypoint (x, y) goes to (W - 1 - x, y).
    """


class IAAFlipud(VerticalFlip):
    """Mirror top and bottom.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. A keypoint (x, y) goes to (x, H - 1 - y).
    """


class IAASharpen(Sharpen):
    """Sharpen the image: blend it with its edges, a 3 x 3 high pass.

    Targets: image, volume; any dtype and number of channels; floats are clipped to [0, 1].
    """

    _without = ("method", "kernel_size", "sigma")
    method = "kernel"  # type: ignore[assignment]
    order = "alpha lightness p"
    examples = ({}, {"alpha": (0.8, 1.0), "lightness": 0.0})


class IAAEmboss(Filter):
    """Light the image from the top left, as a relief.

    Targets: image, volume; any dtype and number of channels; floats are clipped to [0, 1].
    """

    alpha: Range = span(default=(0.2, 0.5), start=0, low=0, high=1, doc="0 leaves the image; x is read as (0, x)")
    strength: Range = span(default=(0.2, 0.7), start=0, low=0, doc="height of the relief; x is read as (0, x)")
    examples = ({}, {"alpha": (0.8, 1.0), "strength": (0.5, 0.8)})
    neutral = {"alpha": 0}
    swaps = {}

    def get_params(self) -> Params:
        return {"alpha": self._uniform(self.alpha), "strength": self._uniform(self.strength)}

    def apply(self, img: np.ndarray, alpha: float, strength: float, **params: Any) -> np.ndarray:
        result = filters.correlate(img, kernel=filters.emboss_kernel(alpha=alpha, strength=strength))
        return np.clip(result, 0, 1, out=result) if img.dtype.kind == "f" else result


def _read_share(value: Any) -> float:
    """A probability, or True or False for 1 and 0."""
    return float(value) if isinstance(value, bool) else float(number(low=0, high=1).reader(value))


class IAAAdditiveGaussianNoise(Filter):
    """Add normally distributed noise.

    Targets: image, volume; any dtype and number of channels; floats are clipped to [0, 1]. Numbers are in 255ths of
    white for every dtype.
    """

    loc: Range = span(default=(0, 0), doc="mean of the noise, in 255ths of white; x is read as (x, x)")
    scale: Range = span(
        default=(0.01 * 255, 0.05 * 255),
        start=0,
        low=0,
        doc="standard deviation of the noise, in 255ths of white; x is read as (0, x)",
    )
    per_channel: Anything = anything(
        read=_read_share,
        default=False,
        doc="whether every channel has noise of its own, or the probability of that; else all have the same",
    )
    examples = ({}, {"loc": (10, 30), "scale": (20, 40), "per_channel": True}, {"scale": 30, "per_channel": 0.5})
    neutral = {"scale": 0}

    def get_params(self) -> Params:
        loc, scale = self._uniform(self.loc), self._uniform(self.scale)
        per_channel = self.py_random.random() < self.per_channel
        return {"loc": loc, "scale": scale, "per_channel": per_channel, "seed": self._draw_seed()}

    def apply(
        self, img: np.ndarray, loc: float, scale: float, per_channel: bool, seed: int, **params: Any
    ) -> np.ndarray:
        unit = cv.white(img.dtype) / 255
        return noise.gaussian(img, std=scale * unit, mean=loc * unit, seed=seed, per_channel=per_channel)


class IAASuperpixels(Filter):
    """Paint some of the patches of similar color that the image consists of in their mean color.

    Targets: image, volume; any dtype and number of channels. Where any is painted, an image whose longer side exceeds
    128 pixels loses its finer details too.
    """

    p_replace: Range = span(
        default=(0.1, 0.1), low=0, high=1, doc="probability of a patch to be painted; x is read as (x, x)"
    )
    n_segments: Range = span(
        default=(100, 100), low=1, integer=True, doc="number of patches, about; x is read as (x, x)"
    )
    examples = ({}, {"p_replace": (0.5, 1.0), "n_segments": (20, 50)})
    neutral = {"p_replace": 0}

    def get_params(self) -> Params:
        count = self._randint((int(self.n_segments[0]), int(self.n_segments[1])))
        return {"p_replace": self._uniform(self.p_replace), "n_segments": count, "seed": self._draw_seed()}

    def apply(self, img: np.ndarray, p_replace: float, n_segments: int, seed: int, **params: Any) -> np.ndarray:
        return superpixels.superpixels(img, p_replace=p_replace, n_segments=n_segments, seed=seed, max_size=128)
