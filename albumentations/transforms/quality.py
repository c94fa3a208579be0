"""Quality: what cameras and files take away."""

from enum import IntEnum
from typing import Any

import numpy as np

from ..core.params import Anything, Range, anything, span
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
        return {"quality": self.randint((int(low), int(high)))}

    def apply(self, img: np.ndarray, quality: int, **params: Any) -> np.ndarray:
        return _COMPRESS[self.compression_type](img, quality=quality)


_COMPRESS: dict[str, Any] = {"jpeg": quality.jpeg, "webp": quality.webp}
