"""The one door to OpenCV's quirks: channel limits, lost axes, contiguity, dtypes, border values, versions.

OpenCV takes 4 channels in some calls and 127 or 512 in others, drops the axis of `(H, W, 1)`, cannot read views with
negative strides, and silently turns int64 into int32. Nobody outside this file has to know.
"""

import importlib
from collections.abc import Sequence
from typing import Any, Callable, Optional, Union

import cv2
import numpy as np

Array = np.ndarray
Fill = Union[float, Sequence[float], np.ndarray, None]

# dtypes that OpenCV interpolates, filters and warps natively.
NATIVE = frozenset(np.dtype(name) for name in ("uint8", "uint16", "int16", "float32", "float64"))

# Same-size stand-ins for moving values without looking at them; 8 bytes travel as two int32 channels.
_BITS = {
    np.dtype(name): np.dtype(stand_in)
    for name, stand_in in {
        "bool": "uint8",
        "int8": "uint8",
        "float16": "uint16",
        "int32": "int32",
        "uint32": "int32",
        "int64": "int32",
        "uint64": "int32",
    }.items()
}

# The C library hands every freed megabyte back to the system until the process has once freed a larger array, and page
# faults then cost more than kernels (noise at 256 x 256: 324 us, after this 150). Never touched, it takes 5 us.
np.empty((1 << 25) - (1 << 16), np.uint8)

# Channels a call of a filter: OpenCV 4.x takes 512, OpenCV 5 128. Groups of 128 take 40 % of the time of groups of 4.
_FILTERED = 128

UINT8 = np.dtype(np.uint8)
FLOAT32 = np.dtype(np.float32)


def white(dtype: Any) -> float:
    """The value of white: the largest value of an integer dtype, 1.0 for floats and bool."""
    dtype = np.dtype(dtype)
    return float(np.iinfo(dtype).max) if dtype.kind in "iu" else 1.0


def black(dtype: Any) -> float:
    """The lowest value of an integer dtype, which is 0 unless it is signed; 0.0 for floats and bool."""
    dtype = np.dtype(dtype)
    return float(np.iinfo(dtype).min) if dtype.kind in "iu" else 0.0


def working(dtype: Any) -> Any:
    """The float dtype that values of a dtype are computed in without loss: float32 up to 16 bits, else float64."""
    dtype = np.dtype(dtype)
    return np.float64 if dtype.itemsize > 2 and dtype != FLOAT32 else np.float32


def channels(image: Array) -> int:
    """Number of channels of an `(H, W)` or `(H, W, C)` image."""
    return 1 if image.ndim == 2 else image.shape[2]


def contiguous(image: Array) -> Array:
    """The image itself if its memory is C-ordered, else a C-ordered copy (OpenCV rejects negative strides)."""
    return image if image.flags.c_contiguous else np.ascontiguousarray(image)


def like(result: Array, image: Array) -> Array:
    """Give the result the rank of the image: OpenCV drops the last axis of `(H, W, 1)`."""
    return result[:, :, None] if result.ndim < image.ndim else result


def saturate(values: Array, dtype: Any) -> Array:
    """Convert to a dtype: integers are rounded half to even and limited to their range, floats are cast as they are."""
    dtype = np.dtype(dtype)
    if values.dtype == dtype:
        return values
    if dtype == bool:
        return values >= 0.5
    if dtype.kind not in "iu":
        return values.astype(dtype)
    if dtype == UINT8 and values.dtype == FLOAT32 and values.size:
        # 45 us at 256 x 256 x 3; np.maximum instead of the threshold 72, rint, clip and astype 350.
        positive = cv2.threshold(contiguous(values).reshape(1, -1), 0, 0, cv2.THRESH_TOZERO)[1]
        return cv2.convertScaleAbs(positive).reshape(values.shape)
    info = np.iinfo(dtype)
    if values.dtype.kind in "iu":
        own = np.iinfo(values.dtype)
        return np.clip(values, max(info.min, own.min), min(info.max, own.max)).astype(dtype)
    rounded = np.rint(values)
    result = np.clip(rounded, info.min, info.max)
    # The largest int64 and uint64 have no float of their own: what reaches the limit is set, not converted.
    if dtype.itemsize == 8:
        top = rounded >= float(info.max)
        return np.where(top, info.max, np.where(top, 0, result).astype(dtype)).astype(dtype)
    return result.astype(dtype)


def scalar(fill: Fill, count: int) -> tuple[float, ...]:
    """A border value for `count` channels: a number is repeated, None is 0, a sequence has one value a channel."""
    if fill is None:
        return (0.0,) * count
    values = np.asarray(fill, dtype=np.float64).ravel()
    if values.size == 1:
        return (float(values[0]),) * count
    if values.size < count:
        raise ValueError(f"fill {fill!r} has {values.size} values for an image of {count} channels")
    return tuple(float(v) for v in values[:count])


def grouped(
    function: Callable[[Array, tuple[float, ...]], Array],
    image: Array,
    *,
    fill: Fill = None,
    limit: int = 4,
    widen: bool = False,
) -> Array:
    """Run an OpenCV call over an image of any rank and channel count.

    `function(part, fill)` gets at most `limit` channels at a time and a border value of 4 numbers. With `widen`, three
    channels travel as four: linear warps take half the time (527 -> 244 us at 256 x 256) and give identical bytes.
    """
    image = contiguous(image)
    count = channels(image)
    values = scalar(fill, count)
    if count == 3 and widen and image.dtype in (UINT8, FLOAT32, np.dtype(np.uint16)):
        wide = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)
        return cv2.cvtColor(function(wide, (*values, 0.0)), cv2.COLOR_RGBA2RGB)
    if count <= limit:
        return like(function(image, (values * 4)[:4] if count == 1 else (*values, 0.0, 0.0, 0.0)[:4]), image)
    parts = []
    for start in range(0, count, limit):
        part = np.ascontiguousarray(image[:, :, start : start + limit])
        group = values[start : start + limit]
        parts.append(like(function(part, (*group, 0.0, 0.0, 0.0)[:4]), part))
    return np.concatenate(parts, axis=2)


def interpolated(function: Callable[[Array], Array], image: Array) -> Array:
    """Run a call that computes new values: unknown dtypes go through float32, wide ones through float64."""
    if image.dtype in NATIVE:
        return function(image)
    return saturate(function(image.astype(working(image.dtype))), image.dtype)


def filtered(function: Callable[[Array], Array], image: Array) -> Array:
    """Run a filter of OpenCV over an image of any rank, channel count and dtype; see `interpolated`."""
    return interpolated(lambda known: grouped(lambda part, _: function(part), known, limit=_FILTERED), image)


def moved(function: Callable[[Array], Array], image: Array) -> Array:
    """Run a call that only moves values, for any dtype, exactly: unknown dtypes travel as bits of the same size."""
    if image.dtype in NATIVE:
        return function(image)
    stand_in = _BITS[image.dtype]
    count = channels(image)
    bits = contiguous(image).reshape(image.shape[0], image.shape[1], count).view(stand_in)
    result = np.ascontiguousarray(like(function(bits), bits)).view(image.dtype)
    return result[:, :, 0] if image.ndim == 2 else result


def generator(seed: int) -> np.random.Generator:
    """Random numbers that are a function of `seed`, for all kernels (SFC64: 8 us, Mersenne Twister: 148).

    The same everywhere are its words, `generator(seed).bit_generator.random_raw(count)`; what NumPy makes of them may
    change with a version of it.
    """
    return np.random.Generator(np.random.SFC64(int(seed)))


def _find_translate() -> Optional[Callable[..., Any]]:
    try:
        return importlib.import_module("stringzilla").translate  # type: ignore[no-any-return]
    except (ImportError, AttributeError):
        return None


# Optional (`pip install albumentations[fast]`): 9 us instead of 60 for one table over 256 x 256 x 3, the same bytes.
_translate = _find_translate()


def lut(image: Array, table: Array) -> Array:
    """Look every value of a uint8 array of any rank up in a table: `(256,)`, or `(256, C)` with a column a channel.

    The result has the dtype of the table. Raises ValueError where the channels are not as many as the columns.
    """
    if table.ndim == 2:
        if image.shape[-1] != table.shape[1]:
            raise ValueError(f"a table of {table.shape[1]} channels for an image of the shape {image.shape}")
        planes = [lut(np.ascontiguousarray(image[..., c]), table[:, c]) for c in range(table.shape[1])]
        return cv2.merge(planes) if image.ndim == 3 and 1 < len(planes) <= 4 else np.stack(planes, axis=-1)
    if _translate is not None and table.dtype == UINT8:
        result = np.array(image, order="C")
        _translate(result.data.cast("B"), np.ascontiguousarray(table).data, inplace=True)
        return result
    flat = cv2.LUT(contiguous(image).reshape(1, -1), np.ascontiguousarray(table).reshape(1, 256))
    return flat.reshape(image.shape)
