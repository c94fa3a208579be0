"""What effects that are laid over an image share: one plane over all channels, blending, seeded random numbers.

Effects compute on two kinds of images: uint8 and float32 on [0, 1] (`on_levels_or_unit`). A plane says how strongly an
effect acts at a pixel; it is uint8 for uint8 images (255 is 1) and float32 for float images.
"""

from collections.abc import Sequence
from typing import Callable

import cv2
import numpy as np

from . import color, cv

Array = np.ndarray


def need_gray_or_rgb(image: Array, *, kernel: str) -> None:
    """Raise a `ValueError` that names the kernel unless the image has 1 or 3 channels."""
    if cv.channels(image) not in (1, 3):
        raise ValueError(f"{kernel}: needs an image of 1 or 3 channels, got shape {image.shape}")


def on_levels_or_unit(function: Callable[[Array], Array], image: Array) -> Array:
    """Run a function of uint8 and of float32 images over any dtype; what is not uint8 is float32, clipped to [0, 1].

    The result has the image's dtype.
    """
    if image.dtype == cv.UINT8:
        return function(cv.contiguous(image))
    return color.on_unit(lambda unit: color.clip_unit(function(unit)), image)


def random_bytes(seed: int, shape: tuple[int, ...]) -> Array:
    """Random bytes, a function of `seed`, the same everywhere (SFC64, whose raw stream NumPy guarantees)."""
    count = int(np.prod(shape))
    words = cv.generator(seed).bit_generator.random_raw((count + 7) // 8)
    return np.asarray(words, dtype="<u8").view(np.uint8)[:count].reshape(shape)


def random_uniform(seed: int, shape: tuple[int, ...]) -> Array:
    """Random float64 numbers in [0, 1), a function of `seed`, the same everywhere."""
    words = cv.generator(seed).bit_generator.random_raw(int(np.prod(shape)))
    return ((words >> np.uint64(11)) * 2.0**-53).reshape(shape)


def shaded(plane: Array, table: Array, image: Array) -> Array:
    """Look a uint8 plane up in a table of 256 fractions: a plane for `image`, uint8 or float32 as that is."""
    if image.dtype == cv.UINT8:
        return cv.lut(plane, cv.saturate(np.clip(table, 0, 1) * 255.0, np.uint8))
    return cv.lut(plane, table.astype(np.float32))


def spread(plane: Array, image: Array) -> Array:
    """Repeat a plane `(H, W)` for every channel of the image; the result has the image's shape."""
    count = cv.channels(image)
    if count == 1:
        return plane.reshape(image.shape)
    return cv2.cvtColor(plane, cv2.COLOR_GRAY2RGB) if count == 3 else np.repeat(plane[:, :, None], count, axis=2)


def product(image: Array, *, factor: Array, scale: float = 1.0) -> Array:
    """Multiply an image by `scale` times a plane or an array of its own shape, rounding and saturating uint8."""
    full = factor if factor.shape == image.shape else spread(factor, image)
    rows, unit = image.shape[0], 255.0 if image.dtype == cv.UINT8 else 1.0
    return cv2.multiply(image.reshape(rows, -1), full.reshape(rows, -1), scale=scale / unit).reshape(image.shape)


def added(image: Array, *, layer: Array) -> Array:
    """Add an array of the image's shape and dtype; uint8 saturates."""
    rows = image.shape[0]
    return cv2.add(image.reshape(rows, -1), layer.reshape(rows, -1)).reshape(image.shape)


def subtracted(image: Array, *, layer: Array) -> Array:
    """Subtract an array of the image's shape and dtype; uint8 saturates."""
    rows = image.shape[0]
    return cv2.subtract(image.reshape(rows, -1), layer.reshape(rows, -1)).reshape(image.shape)


def toward_white(image: Array, *, weight: Array) -> Array:
    """`image + weight * (white - image)`: blend with white by a plane, or screen with a layer of the image's shape."""
    full = weight if weight.shape == image.shape else spread(weight, image)
    if image.dtype == cv.UINT8:  # white minus a value is its complement: 5 us at 256 x 256 x 3
        dark = product(cv2.bitwise_not(image).reshape(image.shape), factor=cv2.bitwise_not(full).reshape(image.shape))
        return np.bitwise_not(dark, out=dark)
    dark = (1 - image) * (1 - full)
    return np.subtract(1, dark, out=dark)


def tinted(weight: Array, tint: Sequence[float], image: Array) -> Array:
    """A plane times a color of one fraction of white a channel; the result has the image's shape."""
    if weight.dtype == cv.UINT8:
        levels = np.arange(256.0)
        layers = [cv.lut(weight, cv.saturate(levels * part, np.uint8)) for part in tint]
    else:
        layers = [weight * np.float32(part) for part in tint]
    return color.interleave(layers, image)


def toward(image: Array, *, weight: Array, tint: Sequence[float]) -> Array:
    """Blend with a color of one fraction of white a channel: `image * (1 - weight) + weight * tint`."""
    rest = cv2.bitwise_not(weight) if weight.dtype == cv.UINT8 else 1 - weight
    return added(product(image, factor=rest), layer=tinted(weight, tint, image))


def tint_of(rgb: Sequence[float], image: Array) -> tuple[float, ...]:
    """An RGB color, 0 - 255, as fractions of white, one a channel; one channel takes the color's luma."""
    fractions = np.asarray(rgb, dtype=np.float64) / 255
    if fractions.shape != (3,):
        raise ValueError(f"a color has 3 values in [0, 255], got {rgb!r}")
    values = fractions if cv.channels(image) == 3 else [fractions @ color.LUMA]
    return tuple(float(value) for value in values)
