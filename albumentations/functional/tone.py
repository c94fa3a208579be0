"""Tone and channels: S-curves, stretched contrast, principal components, dropped channels."""

from collections.abc import Sequence
from typing import Optional

import cv2
import numpy as np

from . import color, cv

Array = np.ndarray

# Pixels that a covariance is taken from, at most twice as many; shifts are then 2 levels apart at most.
_SAMPLE = 16384


def s_curve(value: Array, *, white: float, low: float, high: float) -> Array:
    """Map values by a cubic Bezier curve from black to white with the ordinates `low` and `high` at 1/3 and 2/3.

    A curve as those of `curves.py`; `low` and `high` are fractions of white, 1/3 and 2/3 change nothing. Values count
    as lying in black to white.
    """
    t = np.clip(value * (1.0 / white), 0.0, 1.0)
    rest = 1.0 - t
    return (3.0 * rest * rest * t * float(low) + 3.0 * rest * t * t * float(high) + t * t * t) * float(white)


def autocontrast(image: Array, *, cutoff: float = 0.0, ignore: Optional[int] = None, method: str = "cdf") -> Array:
    """Spread each channel over black to white (`autocontrast_table`); other dtypes go through 256 levels.

    Any channels. 230 us at 256 x 256 x 3 with stringzilla, of which the histograms take 120.
    """
    return color.on_uint8(
        lambda levels: color.interleave(
            [
                cv.lut(plane, autocontrast_table(plane, cutoff=cutoff, ignore=ignore, method=method))
                for plane in color.planes(levels)
            ],
            levels,
        ),
        image,
    )


def autocontrast_table(
    image: Array, *, cutoff: float = 0.0, ignore: Optional[int] = None, method: str = "cdf"
) -> Array:
    """The `(256,)` uint8 table that spreads one uint8 channel `(H, W)` over black to white.

    `cutoff` percent of the pixels, in [0, 50), may become black at the dark end, as many white at the bright end.
    `method` "pil" stretches linearly between the levels that are left, as Pillow's `ImageOps.autocontrast`, "cdf" by
    the cumulative histogram between them. The level `ignore`, 0 - 255, is neither counted nor changed. A channel
    without two different levels left stays as it is. Raises ValueError for other arguments.
    """
    if method not in ("cdf", "pil"):
        raise ValueError(f'autocontrast: method must be "cdf" or "pil", got {method!r}')
    if not 0 <= cutoff < 50:
        raise ValueError(f"autocontrast: cutoff must lie in [0, 50), got {cutoff}")
    counts = cv2.calcHist([cv.contiguous(image)], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    levels = np.arange(256)
    if ignore is not None:
        if not 0 <= ignore <= 255:
            raise ValueError(f"autocontrast: ignore must lie in [0, 255], got {ignore}")
        counts[ignore] = 0
    total = np.cumsum(counts)
    cut = int(total[-1] * cutoff // 100)
    kept = np.flatnonzero((total > cut) & (total[-1] - total + counts > cut) & (counts > 0))
    if len(kept) < 2:
        return levels.astype(np.uint8)
    low, high = kept[0], kept[-1]
    if method == "pil":
        table = (levels - low) * (255.0 / (high - low))
    else:
        table = (total - total[low]) * (255.0 / (total[high] - total[low]))
    result = cv.saturate(np.clip(table, 0, 255), np.uint8)
    if ignore is not None:
        result[ignore] = ignore
    return result


def fancy_pca(image: Array, *, alpha: color.Numbers) -> Array:
    """Shift all pixels along the principal components of their colors (Krizhevsky, Sutskever and Hinton, 2012, 4.1).

    The shift is the sum of component * eigenvalue * alpha of the covariance of values on [0, 1]; `alpha` is one number,
    or one a component, the weakest first. Every component is taken with the sign at which its first channel counts
    positively. Any
    channels, any dtype; floats are clipped to [0, 1]. Large images are sampled. 135 us at 256 x 256 x 3.
    """
    count = cv.channels(image)
    weights = color.per_channel(alpha, count, "fancy_pca: alpha")
    height, width = image.shape[:2]
    step = max(1, height * width // _SAMPLE)  # whole rows: they are copied at the speed of memory
    values = color.planes(image[::step]).reshape(count, -1).astype(np.float32)
    values *= np.float32(1 / cv.white(image.dtype))
    values -= values.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)
    # A product at a time: 22 us for 3 x 3, the matrix product of thin float32 rows 74.
    covariance = np.array([[float(a @ b) for b in values] for a in values]) if count <= 4 else values @ values.T
    eigenvalues, components = np.linalg.eigh(np.asarray(covariance, dtype=np.float64) / values.shape[1])
    components *= np.where(components[0] < 0, -1.0, 1.0)
    shifts = components @ (weights * np.maximum(eigenvalues, 0))
    return color.channel_shift(image, shifts=shifts * cv.white(image.dtype))


def channel_dropout(image: Array, *, channels: Sequence[int], fill: float = 0.0) -> Array:
    """Fill channels with a value, in the image's own units. Any channels, any dtype.

    Raises ValueError for a channel that is not there.
    """
    count = cv.channels(image)
    if not all(0 <= channel < count for channel in channels):
        raise ValueError(f"channel_dropout: channels {tuple(channels)} of an image of {count}")
    result = image.copy(order="C")
    result.reshape(*image.shape[:2], count)[:, :, list(channels)] = cv.saturate(np.array(float(fill)), image.dtype)
    return result


def to_rgb(image: Array, *, num_output_channels: int = 3) -> Array:
    """Repeat the one channel of a gray image: `(H, W)` or `(H, W, 1)` gives `(H, W, num_output_channels)`. Any dtype.

    An image of `num_output_channels` comes back as it is, a copy. Raises ValueError for an image of other channels or
    fewer than 1 to give.
    """
    if cv.channels(image) == num_output_channels > 1:
        return image.copy(order="C")
    if cv.channels(image) != 1:
        raise ValueError(f"to_rgb: needs an image of one channel, got shape {image.shape}")
    if num_output_channels < 1:
        raise ValueError(f"to_rgb: num_output_channels must be at least 1, got {num_output_channels}")
    gray = cv.contiguous(image).reshape(image.shape[:2])
    if num_output_channels == 3 and gray.dtype in (cv.UINT8, cv.FLOAT32, np.dtype(np.uint16)):
        return cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
    return np.repeat(gray[:, :, None], num_output_channels, axis=2)
