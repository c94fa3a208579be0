"""Color: gray, matrices, HSV shifts, jitter, channels, equalization, normalization, conversion between dtypes.

Images are RGB where color has a meaning. Operations here are defined on black to white: integers saturate, floats are
clipped to [0, 1] unless a kernel says otherwise. What OpenCV cannot convert (float64, uint16, int32, ...) is done in
float32 on [0, 1] and comes back in its own dtype.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Callable, Optional, Union

import cv2
import numpy as np

from . import curves, cv

Array = np.ndarray
Numbers = Union[float, Sequence[float], np.ndarray]

# Share of red, green and blue in luma (ITU-R BT.601), as in cv2.COLOR_RGB2GRAY.
LUMA = np.array([0.299, 0.587, 0.114])
# The sepia matrix of common use (Microsoft, "How To: Use Color Matrices"): rows are the new red, green and blue.
SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])


def need_rgb(image: Array, *, kernel: str) -> None:
    """Raise a `ValueError` that names the kernel unless the image is `(H, W, 3)`."""
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"{kernel}: needs an RGB image (H, W, 3), got shape {image.shape}")


def planes(image: Array) -> Array:
    """The channels of an image as a `(C, H, W)` array, each contiguous in itself."""
    height, width, count = (*image.shape[:2], cv.channels(image))
    if not _splits(image):
        return np.array(np.moveaxis(image.reshape(height, width, count), 2, 0), order="C")
    # 16 bytes between the planes keep them from being aligned alike; if they are, OpenCV 5 writes past the cache, and
    # splitting and merging 256 x 256 x 3 takes 59 us instead of 24.
    size = height * width
    result = np.empty((count, size + 16 // image.dtype.itemsize), image.dtype)[:, :size].reshape(count, height, width)
    cv2.split(cv.contiguous(image), list(result))
    return result


def split(image: Array, *, into: Array) -> None:
    """Write the channels of an image `(H, W, C)` into an array `(C, H, W)` that is there."""
    if _splits(image):
        cv2.split(cv.contiguous(image), list(into))
    else:
        into[:] = np.moveaxis(image, 2, 0)


def _splits(image: Array) -> bool:
    """Whether OpenCV takes the channels apart, else NumPy does."""
    return 1 < cv.channels(image) <= 4 and image.dtype in cv.NATIVE


def interleave(channels: Union[Array, Sequence[Array]], image: Array) -> Array:
    """Put channels back together in the rank of the image: the inverse of `planes`."""
    if image.ndim == 2 or image.shape[2] == 1:
        return channels[0].reshape(image.shape)
    if len(channels) > 4 or channels[0].dtype not in cv.NATIVE:
        return np.stack(list(channels), axis=-1)
    return cv2.merge(list(channels))


def clip_unit(image: Array) -> Array:
    """Limit a float array to [0, 1] in place and return it."""
    return np.clip(image, 0, 1, out=image)


def on_unit(function: Callable[[Array], Array], image: Array) -> Array:
    """Run a function of float32 images on [0, 1] over an image of any dtype; the result has the image's dtype.

    What the function leaves alone keeps its value also where float32 has no room for all of it.
    """
    if image.dtype == cv.FLOAT32:
        return function(cv.contiguous(image))
    white = cv.white(image.dtype)
    unit = (image if image.dtype.kind == "f" else image / white).astype(np.float32, order="C")
    exact = image.dtype.itemsize < 4
    changed = function(unit if exact else unit.copy())
    if image.dtype.kind == "f":
        result = changed.astype(image.dtype)
    else:
        result = cv.saturate(changed.astype(np.float64) * white, image.dtype)
    if exact or changed.shape != image.shape:
        return result
    return np.where(changed == unit, image, result)


def on_uint8(function: Callable[[Array], Array], image: Array) -> Array:
    """Run a function of uint8 images over an image of any dtype: black to white becomes 0 to 255 and back."""
    if image.dtype == cv.UINT8:
        return function(cv.contiguous(image))
    floats = image if image.dtype == cv.FLOAT32 else to_float(image)
    levels = function(from_float(floats, dtype=np.uint8))
    if image.dtype.kind == "f":
        return to_float(levels).astype(image.dtype, copy=False)
    return cv.saturate(levels * (cv.white(image.dtype) / 255), image.dtype)


# --- gray -------------------------------------------------------------------------------------------------------------


def to_gray(image: Array, *, method: str = "weighted_average", num_output_channels: int = 3) -> Array:
    """Take the color out of an image; the result is `(H, W, num_output_channels)`, every channel the same.

    `method` "weighted_average" (BT.601 luma) and "from_lab" (L of CIELAB) need RGB; "desaturation" ((max + min) / 2),
    "average", "max" and "pca" (the principal component stretched to black to white, its sign such that the weights of
    the channels sum to at least 0) take any number of channels. An image of one channel is gray already and comes back
    as a copy of the same shape.
    """
    if method not in _GRAY:
        raise ValueError(f"to_gray: method must be one of {', '.join(sorted(_GRAY))}, got {method!r}")
    if cv.channels(image) == 1:
        return image.copy(order="C")
    if method in ("weighted_average", "from_lab"):
        need_rgb(image, kernel="to_gray")
    gray = _GRAY[method](image)
    if num_output_channels == 3 and gray.dtype in (cv.UINT8, cv.FLOAT32, np.dtype(np.uint16)):
        return cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
    return np.repeat(gray[:, :, None], num_output_channels, axis=2)


def luma(image: Array) -> Array:
    """BT.601 luma of an RGB image, `(H, W)`."""
    if image.dtype == np.uint16:
        return cv2.cvtColor(cv.contiguous(image), cv2.COLOR_RGB2GRAY)
    return _keep(lambda rgb: cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), image)


def _keep(function: Callable[[Array], Array], image: Array) -> Array:
    """uint8 as it is, everything else in float32 on [0, 1]: the two dtypes all of OpenCV's color conversions know."""
    return function(cv.contiguous(image)) if image.dtype == cv.UINT8 else on_unit(function, image)


def _lightness(image: Array) -> Array:
    def convert(rgb: Array) -> Array:
        lightness = cv2.extractChannel(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), 0)
        return lightness if rgb.dtype == cv.UINT8 else lightness / np.float32(100)

    return _keep(convert, image)


def _mean_of_extremes(image: Array) -> Array:
    channels = planes(image)
    low, high = reduce(np.minimum, channels), reduce(np.maximum, channels)
    if image.dtype in (cv.UINT8, cv.FLOAT32):
        return cv2.addWeighted(low, 0.5, high, 0.5, 0)
    return cv.saturate(low * 0.5 + high * 0.5, image.dtype)


def _average(image: Array) -> Array:
    count = cv.channels(image)
    if count <= 4 and image.dtype in cv.NATIVE:
        return cv2.transform(cv.contiguous(image), np.full((1, count), 1.0 / count))
    return cv.saturate(image.mean(axis=2, dtype=np.float64), image.dtype)


def _maximum(image: Array) -> Array:
    return reduce(np.maximum, planes(image))


def _principal(image: Array) -> Array:
    working = np.float32 if image.dtype in (cv.UINT8, cv.FLOAT32) else np.float64  # half the time, 1e-5 of white
    values = image.reshape(-1, image.shape[2]).astype(working)
    values -= values.mean(axis=0)
    weights = np.linalg.eigh(values.T @ values)[1][:, -1]
    component = (values @ (weights if weights.sum() >= 0 else -weights)).reshape(image.shape[:2])
    low, high = component.min(), component.max()
    if high == low:
        return _average(image)
    return cv.saturate((component - low) * (cv.white(image.dtype) / (high - low)), image.dtype)


_GRAY = {
    "weighted_average": luma,
    "from_lab": _lightness,
    "desaturation": _mean_of_extremes,
    "average": _average,
    "max": _maximum,
    "pca": _principal,
}

# --- matrices and jitter ----------------------------------------------------------------------------------------------


def matrix(image: Array, *, matrix: Array) -> Array:
    """Replace every RGB pixel by `matrix @ pixel`, `matrix` 3 x 3; integers saturate, floats are clipped to [0, 1]."""
    need_rgb(image, kernel="matrix")
    weights = np.asarray(matrix, dtype=np.float64)
    result = cv.interpolated(lambda rgb: cv2.transform(cv.contiguous(rgb), weights), image)
    return clip_unit(result) if image.dtype.kind == "f" else result


def sepia(image: Array) -> Array:
    """Give an RGB image the brown tone of old photographs (`SEPIA`)."""
    need_rgb(image, kernel="sepia")
    return matrix(image, matrix=SEPIA)


def _affine(image: Array, *, scale: float, offset: float) -> Array:
    """`scale * image + offset`, offset in the image's own units."""
    if image.dtype == cv.UINT8:
        return cv.lut(image, cv.saturate(np.arange(256) * scale + offset, np.uint8))
    result = image.astype(cv.working(image.dtype), order="C")
    result *= scale
    result += offset
    return cv.saturate(clip_unit(result) if image.dtype.kind == "f" else result, image.dtype)


def adjust_brightness(image: Array, *, factor: float) -> Array:
    """Blend with black: multiply by `factor`, at least 0 (torchvision's `adjust_brightness`). Any channels."""
    return _affine(image, scale=factor, offset=0.0)


def adjust_contrast(image: Array, *, factor: float) -> Array:
    """Blend with the mean of the gray image: 0 leaves that gray, 1 the image (torchvision's `adjust_contrast`).

    The gray of an image that is not RGB is the mean of its channels.
    """
    if image.dtype in cv.NATIVE and cv.channels(image) <= 4:
        means = np.array(cv2.mean(cv.contiguous(image))[: cv.channels(image)])  # 18 - 65 us; through gray 45 - 90
    else:
        means = image.reshape(-1, cv.channels(image)).mean(axis=0, dtype=np.float64)
    mean = float(means @ LUMA) if len(means) == 3 else float(means.mean())
    return _affine(image, scale=factor, offset=(1 - factor) * mean)


def adjust_saturation(image: Array, *, factor: float) -> Array:
    """Blend with the gray image: 0 leaves gray, 1 the image (torchvision's `adjust_saturation`). RGB or one channel.

    One 3 x 3 matrix: 35 us at 256 x 256, where making gray, spreading and blending it takes 85.
    """
    if cv.channels(image) == 1:
        return image.copy(order="C")
    need_rgb(image, kernel="adjust_saturation")
    return matrix(image, matrix=np.eye(3) * factor + np.ones((3, 1)) * LUMA * (1 - factor))


def adjust_hue(image: Array, *, factor: float) -> Array:
    """Turn the hue by `factor` of a full circle, in [-0.5, 0.5] (torchvision's `adjust_hue`). RGB or one channel.

    uint8 turns by whole steps of OpenCV's hue, 2 degrees, rounded down.
    """
    if not -0.5 <= factor <= 0.5:
        raise ValueError(f"adjust_hue: factor must lie in [-0.5, 0.5], got {factor}")
    return hue_saturation_value(image, hue=factor * 180, saturation=0.0, value=0.0)


def hue_saturation_value(image: Array, *, hue: float, saturation: float, value: float) -> Array:
    """Shift hue, saturation and value of an RGB image in HSV; an image of one channel comes back as it is, a copy.

    `hue` in OpenCV's units of 2 degrees, `saturation` and `value` in 255ths of their range, whatever the dtype. The hue
    of uint8 moves by whole units, rounded down; saturation and value saturate. Where all three are 0 the image stays as
    it is: through HSV and back uint8 would lose up to 2 levels.
    """
    if cv.channels(image) == 1:
        return image.copy(order="C")
    need_rgb(image, kernel="hue_saturation_value")
    if not (hue or saturation or value):
        return image.copy(order="C")

    def convert(rgb: Array) -> Array:
        hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
        shifted = (_shift_levels if rgb.dtype == cv.UINT8 else _shift_floats)(planes(hsv), (hue, saturation, value))
        return cv2.cvtColor(cv2.merge(shifted, hsv), cv2.COLOR_HSV2RGB)

    return _keep(convert, image)


def _shift_levels(hsv: Array, shifts: tuple[float, float, float]) -> Sequence[Array]:
    levels = np.arange(256)
    # 1e-9: a turn of 0.35 circles is 63 steps, not 62.999...
    tables = [(levels + int(np.floor(shifts[0] + 1e-9))) % 180, *(levels + shift for shift in shifts[1:])]
    return [
        cv.lut(plane, cv.saturate(table.astype(np.float64), np.uint8)) if shift else plane
        for plane, table, shift in zip(hsv, tables, shifts)
    ]


def _shift_floats(hsv: Array, shifts: tuple[float, float, float]) -> Sequence[Array]:
    hue, saturation, value = hsv
    hue += (2 * shifts[0]) % 360
    np.subtract(hue, 360, out=hue, where=hue >= 360)
    for plane, shift in ((saturation, shifts[1]), (value, shifts[2])):
        if shift:
            plane += shift / 255
            clip_unit(plane)
    return [hue, saturation, value]


# --- channels ---------------------------------------------------------------------------------------------------------


def per_channel(values: Numbers, count: int, kernel: str) -> Array:
    """A number, or a number a channel, as a float64 array of one number a channel."""
    result = np.asarray(values, dtype=np.float64).ravel()
    if result.size not in (1, count):
        raise ValueError(f"{kernel}: got {result.size} values for an image of {count} channels")
    return np.resize(result, count)


def channel_shift(image: Array, *, shifts: Numbers) -> Array:
    """Add a number to every channel, in the image's own units: one number, or one a channel. Any channels.

    uint8 adds and subtracts whole images filled row by row, 31 - 50 us at 256 x 256 x 3: `cv2.add` with a scalar takes
    11 on OpenCV 4.8, 4.11 and 5.0 but 776 on 4.12, and a table a channel 46 - 160.
    """
    amounts = per_channel(shifts, cv.channels(image), "channel_shift")
    flat = cv.contiguous(image).reshape(image.shape[0], -1)
    if image.dtype != cv.UINT8:
        result = flat + np.tile(amounts.astype(cv.working(image.dtype)), image.shape[1])
        result = clip_unit(result) if image.dtype.kind == "f" else result
        return cv.saturate(result, image.dtype).reshape(image.shape)
    amounts, result = np.clip(np.rint(amounts), -255, 255), flat
    for sign, combine in ((1, cv2.add), (-1, cv2.subtract)):
        if (sign * amounts > 0).any():
            row = np.tile(np.maximum(sign * amounts, 0).astype(np.uint8), image.shape[1])
            full = np.empty_like(flat)
            full[:] = row
            result = combine(result, full, full)
    return (result.copy() if result is flat else result).reshape(image.shape)


def channel_shuffle(image: Array, *, order: Sequence[int]) -> Array:
    """Put the channels in a new order: channel `i` of the result is channel `order[i]`. Any channels, any dtype."""
    if sorted(order) != list(range(cv.channels(image))):
        raise ValueError(f"channel_shuffle: {tuple(order)} is not an order of {cv.channels(image)} channels")
    if cv.channels(image) > 4 or image.dtype not in cv.NATIVE:
        return image.copy() if image.ndim == 2 else np.take(image, np.asarray(order), axis=2)
    if image.dtype == cv.UINT8:
        channels = planes(image)
        return interleave([channels[i] for i in order], image)  # 24 us at 256 x 256 x 3, mixChannels 50, indexing 66
    result = np.empty(image.shape, image.dtype)
    pairs = [int(i) for pair in zip(order, range(len(order))) for i in pair]
    cv2.mixChannels([cv.contiguous(image)], [result], pairs)  # float32: 62 us, splitting and merging 81
    return result


# --- histograms -------------------------------------------------------------------------------------------------------


def equalize(image: Array, *, mode: str = "cv", by_channels: bool = True, mask: Optional[Array] = None) -> Array:
    """Spread the levels evenly over black to white (`curves.equalize_table`), a channel at a time or the luma only.

    `by_channels=False` works on Y of YCrCb and needs RGB (one channel is its own luma). `mask` `(H, W)` or `(H, W, 1)`,
    with `by_channels` also `(H, W, C)`: where it is 0, pixels are changed but not counted. Other dtypes than uint8 are
    taken through 256 levels.
    """
    if mask is not None and mask.shape[:2] != image.shape[:2]:
        raise ValueError(f"equalize: mask of shape {mask.shape} does not fit an image of shape {image.shape}")
    count = cv.channels(image)
    if not by_channels and count > 1:
        need_rgb(image, kernel="equalize")
        return on_uint8(lambda rgb: _on_first(rgb, "YCrCb", lambda luma: _equalized(luma, mask, mode)), image)
    split = mask is not None and mask.ndim == 3 and mask.shape[2] == count
    masks = [mask[:, :, c] if mask is not None and split else mask for c in range(count)]
    return on_uint8(
        lambda levels: interleave([_equalized(p, m, mode) for p, m in zip(planes(levels), masks)], levels), image
    )


def _equalized(plane: Array, mask: Optional[Array], mode: str) -> Array:
    return cv.lut(plane, curves.equalize_table(plane, mask=mask, mode=mode))


def _on_first(rgb: Array, space: str, function: Callable[[Array], Array]) -> Array:
    """Change the first channel of an RGB uint8 image in another color space."""
    converted = cv2.cvtColor(rgb, getattr(cv2, f"COLOR_RGB2{space}"))
    channels = planes(converted)
    return cv2.cvtColor(
        cv2.merge([function(channels[0]), channels[1], channels[2]], converted), getattr(cv2, f"COLOR_{space}2RGB")
    )


def clahe(image: Array, *, clip_limit: float, tile_grid_size: tuple[int, int] = (8, 8)) -> Array:
    """Contrast limited adaptive histogram equalization (Zuiderveld, Graphics Gems IV), as `cv2.createCLAHE` does it.

    RGB is changed in L of CIELAB, one channel directly. Other dtypes than uint8 are taken through 256 levels.
    """
    apply = cv2.createCLAHE(clipLimit=float(clip_limit), tileGridSize=tuple(tile_grid_size)).apply
    if cv.channels(image) == 1:
        return on_uint8(lambda gray: cv.like(apply(gray), gray), image)
    need_rgb(image, kernel="clahe")
    return on_uint8(lambda rgb: _on_first(rgb, "LAB", apply), image)


# --- dtypes and normalization -----------------------------------------------------------------------------------------


def to_float(image: Array, *, max_value: Optional[float] = None) -> Array:
    """Divide by `max_value`, by default white of the dtype, into float32. Any shape."""
    divisor = float(max_value or cv.white(image.dtype))
    if image.dtype.itemsize >= 4 and image.dtype != cv.FLOAT32:
        return (image / divisor).astype(np.float32, order="C")
    result = image.astype(np.float32, order="C")
    result *= np.float32(1 / divisor)  # 40 us at 256 x 256 x 3; dividing takes 63 and differs in the last bit
    return result


def from_float(image: Array, *, dtype: Union[str, np.dtype, type], max_value: Optional[float] = None) -> Array:
    """Multiply by `max_value`, by default white of `dtype`, and round to `dtype`, saturating. Any shape.

    Undoes `to_float` exactly for uint8 and uint16.
    """
    dtype = np.dtype(dtype)
    factor = float(max_value or cv.white(dtype))
    if image.dtype == cv.FLOAT32 and dtype == cv.UINT8 and image.size:
        # Negative values are cut before the call that takes absolute values: 45 us where saturate takes 92.
        positive = cv2.threshold(cv.contiguous(image).reshape(1, -1), 0, 0, cv2.THRESH_TOZERO)[1]
        return cv2.convertScaleAbs(positive, alpha=factor).reshape(image.shape)
    return np.ascontiguousarray(cv.saturate(image.astype(np.float64) * factor, dtype))


def normalize(image: Array, *, mean: Numbers, std: Numbers, max_pixel_value: float = 255.0) -> Array:
    """Return `(image / max_pixel_value - mean) / std` as float32, in the shape of the image.

    `mean` and `std` are one number or one a channel, fractions of `max_pixel_value`.
    """
    center, scale = _standard(image, mean, std, max_pixel_value)
    # Rows of tiled factors: 102 us at 256 x 256 x 3, where broadcasting over the channels takes 893.
    result = image.astype(np.float32, order="C").reshape(image.shape[0], -1)
    result -= np.tile(center, image.shape[1])
    result *= np.tile(scale, image.shape[1])
    return result.reshape(image.shape)


def normalize_chw(image: Array, *, mean: Numbers, std: Numbers, max_pixel_value: float = 255.0) -> Array:
    """Normalize straight into `(C, H, W)`, in one pass: `normalize` and a transpose; `(H, W)` gives `(1, H, W)`."""
    center, scale = _standard(image, mean, std, max_pixel_value)
    result = np.empty((cv.channels(image), *image.shape[:2]), np.float32)
    # Splitting first pays for uint8 only: 80 - 100 us at 256 x 256 x 3, float32 read with strides 110, split 235.
    split = planes(image) if image.dtype == cv.UINT8 else np.moveaxis(image.reshape(*image.shape[:2], -1), 2, 0)
    for target, plane, middle, factor in zip(result, split, center, scale):
        target[...] = plane
        target -= middle
        target *= factor
    return result


def _standard(image: Array, mean: Numbers, std: Numbers, max_pixel_value: float) -> tuple[Array, Array]:
    count = cv.channels(image)
    deviation = per_channel(std, count, "normalize: std")
    center = per_channel(mean, count, "normalize: mean")
    return (center * max_pixel_value).astype(np.float32), (1 / (deviation * max_pixel_value)).astype(np.float32)


def normalize_per(image: Array, *, kind: str) -> Array:
    """Normalize by the image's own statistics into float32, over all of it or (`..._per_channel`) a channel at a time.

    `kind` "image", "image_per_channel": `(image - mean) / (std + 1e-4)`, limited to [-20, 20]; "min_max",
    "min_max_per_channel": `(image - min) / (max - min + 1e-4)`. All in the image's own units.
    """
    if kind not in ("image", "image_per_channel", "min_max", "min_max_per_channel"):
        raise ValueError(f"normalize_per: unknown kind {kind!r}")
    count = cv.channels(image)
    values = planes(image).reshape(count, -1) if kind.endswith("per_channel") else cv.contiguous(image).reshape(1, -1)
    if kind.startswith("image"):
        values = values if values.dtype in cv.NATIVE else values.astype(np.float64)
        statistics = [cv2.meanStdDev(plane) for plane in values]
        center, spread = np.array(statistics, dtype=np.float64).reshape(-1, 2).T
    else:
        center, high = values.min(axis=1).astype(np.float64), values.max(axis=1).astype(np.float64)
        spread = high - center
    result = normalize(image, mean=center, std=spread + 1e-4, max_pixel_value=1.0)
    return np.clip(result, -20, 20, out=result) if kind.startswith("image") else result
