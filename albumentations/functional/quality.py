"""What lossy compression and a loss of resolution do to an image.

To compress is to encode and decode. As in every release since 0.1, the array goes to the encoder as it lies, the first
channel in the place of blue. Colors come back as they were; only the errors of red and blue are exchanged.
"""

import cv2
import numpy as np

from . import color, cv, warp

Array = np.ndarray


def jpeg(image: Array, *, quality: int) -> Array:
    """Compress and decompress by JPEG (ISO/IEC 10918-1) at `quality` 0 (worst) to 100. Any channels, any dtype.

    One and three channels are encoded directly, other counts a channel at a time, so that unrelated channels do not
    share their chroma. Other dtypes than uint8 are taken through 256 levels. At most 65500 pixels a side.
    """
    return _compressed(image, ".jpg", cv2.IMWRITE_JPEG_QUALITY, quality)


def webp(image: Array, *, quality: int) -> Array:
    """Compress and decompress by lossy WebP (RFC 9649) at `quality` 0 (worst) to 100; see `jpeg`.

    At most 16383 pixels a side. OpenCV takes quality 0 for 1, with a warning on the terminal that is avoided here.
    """
    return _compressed(image, ".webp", cv2.IMWRITE_WEBP_QUALITY, quality, least=1)


def downscale(image: Array, *, scale: float, down: int = cv2.INTER_NEAREST, up: int = cv2.INTER_NEAREST) -> Array:
    """Shrink an image to `scale` of its size, in [0, 1], and enlarge it again: `down`, `up` are OpenCV interpolations.

    The small size is rounded, and at least 1 x 1. Any channels, any dtype. Raises ValueError for another scale.
    """
    if not 0 <= scale <= 1:
        raise ValueError(f"downscale: scale must lie in [0, 1], got {scale}")
    size = image.shape[:2]
    small = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    if small == size:
        return image.copy(order="C")
    return warp.resize(warp.resize(image, size=small, interpolation=down), size=size, interpolation=up)


def _compressed(image: Array, extension: str, flag: int, quality: int, *, least: int = 0) -> Array:
    if not 0 <= quality <= 100:
        raise ValueError(f"{extension[1:]}: quality must lie in [0, 100], got {quality}")

    def pass_through(part: Array) -> Array:
        decode = cv2.IMREAD_GRAYSCALE if cv.channels(part) == 1 else cv2.IMREAD_COLOR
        data = cv2.imencode(extension, part, [flag, max(least, int(quality))])[1]
        decoded = cv2.imdecode(data, decode)
        if decoded is None:
            raise ValueError(f"{extension[1:]}: cannot decode what an image of shape {image.shape} was encoded to")
        return decoded

    limit = 3 if cv.channels(image) == 3 else 1
    return color.on_uint8(lambda levels: cv.grouped(lambda part, _: pass_through(part), levels, limit=limit), image)
