"""Quality: what cameras and files take away."""

from enum import IntEnum
from typing import Any, NamedTuple, Optional

import numpy as np

from ..core.params import Anything, Integer, Range, anything, integer, interpolation_flag, span
from ..core.records import release_of
from ..core.spellings import old_spelling
from ..functional import quality
from .families import Filter


class _ImageCompressionType(IntEnum):
    JPEG = 0
    WEBP = 1


def _read_type(value: Any) -> str:
    """Names of 1.4 and later, numbers and members of the enum of older releases."""
    known = {"jpeg": "jpeg", "webp": "webp", 0: "jpeg", 1: "webp"}
    if isinstance(value, bool) or not isinstance(value, (int, str)) or value not in known:
        raise ValueError("must be 'jpeg' or 'webp'")
    return known[value]


class ImageCompression(Filter):
    """Compress the image with loss, and decompress it.

    Targets: image, volume; any dtype (other than uint8 through 256 levels); any number of channels, of which three are
    compressed together and others one by one. JPEG (ISO/IEC 10918-1) or WebP (RFC 9649).
    """

    ImageCompressionType = _ImageCompressionType

    compression_type: Anything = anything(read=_read_type, default="jpeg", doc="'jpeg' or 'webp'")
    quality_range: Range = span(
        default=(99, 100), low=0, high=100, integer=True, doc="quality, 0 (worst) - 100; x is read as (x, x)"
    )
    eras = (
        "quality_lower quality_upper compression_type always_apply p",
        "quality_lower quality_upper compression_type quality_range always_apply p",
    )
    examples = ({}, {"quality_range": (10, 30)}, {"compression_type": "webp", "quality_range": (10, 30)})

    @old_spelling
    @staticmethod
    def _two_limits(quality_lower: int = 99, quality_upper: int = 100) -> dict[str, Any]:
        return {"quality_range": (quality_lower, quality_upper)}

    def get_params(self) -> dict[str, Any]:
        low, high = self.quality_range
        return {"quality": self._randint((int(low), int(high)))}

    def apply(self, img: np.ndarray, quality: int, image_type: Optional[str] = None, **params: Any) -> np.ndarray:
        kind = self.compression_type if image_type is None else _ENDINGS[image_type]  # as the releases record it
        return _COMPRESS[kind](img, quality=quality)


_ENDINGS = {".jpg": "jpeg", ".webp": "webp"}
_COMPRESS: dict[str, Any] = {"jpeg": quality.jpeg, "webp": quality.webp}


class JpegCompression(Filter):
    """Compress the image by JPEG with loss, and decompress it: ImageCompression as it was first called.

    Targets: image, volume; any dtype (other than uint8 through 256 levels); any number of channels, of which three are
    compressed together and others one by one (ISO/IEC 10918-1).
    """

    quality_lower: Integer = integer(default=99, low=0, high=100, doc="lowest quality, 0 (worst) - 100")
    quality_upper: Integer = integer(default=100, low=0, high=100, doc="highest quality")
    eras = ("quality_lower quality_upper always_apply p",)
    examples = ({}, {"quality_lower": 20, "quality_upper": 40})

    def _check(self) -> None:
        if self.quality_lower > self.quality_upper:
            said = f"quality_lower={self.quality_lower}, quality_upper={self.quality_upper}"
            raise ValueError(f"JpegCompression({said}): the lower quality must not be above the upper one")

    def get_params(self) -> dict[str, Any]:
        return {"quality": self._randint((self.quality_lower, self.quality_upper))}

    _older_names = {"image_type": ""}  # always .jpg

    def apply(self, img: np.ndarray, quality: int, **params: Any) -> np.ndarray:
        return _COMPRESS["jpeg"](img, quality=quality)


class _Interpolation(NamedTuple):
    downscale: int = 0
    upscale: int = 0


_FLAG = interpolation_flag()


def _read_flags(value: Any) -> dict[str, int]:
    """The flags of both ways, nearest neighbour for what is left out; or one flag for both, as 1.x had it."""
    if isinstance(value, _Interpolation):
        value = value._asdict()
    if not isinstance(value, dict):
        value = {"downscale": value, "upscale": value}
    if not {*value} <= {"downscale", "upscale"}:
        raise ValueError("must be an OpenCV interpolation flag, or {'downscale': flag, 'upscale': flag}")
    return {name: _FLAG.reader(value.get(name, 0)) for name in ("downscale", "upscale")}


class Downscale(Filter):
    """Shrink the image and enlarge it again, so that it loses detail.

    Targets: image, volume; any dtype and number of channels.
    """

    Interpolation = _Interpolation

    scale_range: Range = span(
        default=(0.25, 0.25),
        low=0,
        high=1,
        pair=True,
        doc="sides of the small image as a fraction of its own, rounded, at least 1 pixel",
    )
    interpolation_pair: Anything = anything(
        read=_read_flags,
        default={"downscale": 0, "upscale": 0},
        was=("interpolation",),
        doc="OpenCV interpolation flags, {'downscale': ..., 'upscale': ...}; one is read as both",
    )
    eras = (
        "scale_min scale_max interpolation always_apply p",
        "scale_min scale_max interpolation scale_range interpolation_pair always_apply p",
    )
    examples = ({}, {"scale_range": (0.3, 0.7), "interpolation_pair": {"downscale": 3, "upscale": 1}})
    neutral = {"scale_range": (1, 1)}
    swaps = {}

    @old_spelling
    @staticmethod
    def _two_limits(scale_min: float = 0.25, scale_max: float = 0.25) -> dict[str, Any]:
        return {"scale_range": (scale_min, scale_max)}

    def get_params(self) -> dict[str, Any]:
        return {"scale": self._uniform(self.scale_range)}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) == "2.x" and any(self.interpolation_pair.values()):
            raise ValueError("other interpolations than nearest (0) round sizes otherwise")
        return super()._read_names(params)

    def apply(self, img: np.ndarray, scale: float, **params: Any) -> np.ndarray:
        flags = self.interpolation_pair
        return quality.downscale(img, scale=scale, down=flags["downscale"], up=flags["upscale"])
