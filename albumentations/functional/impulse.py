"""Impulse noise: single pixels or values that are lost, or turn black or white.

Every pixel is hit with exactly the stated probability, independently of all others. Where few are, the hits are thrown
one by one: a Poisson number of throws at random places, `-log(1 - probability)` a pixel on average, misses a pixel
with probability `1 - probability`, whatever happens elsewhere (23 us at 256 x 256 for 1 %, one number a pixel 160).
"""

import numpy as np

from . import cv, quantiles

Array = np.ndarray

# Above this share of hits, one number a pixel is faster than throws.
_MANY = 0.3


def _hits(count: int, probability: float, seed: int) -> tuple[Array, Array]:
    """Indices below `count` that are hit, in an order where the last of equal ones counts, and 32 random bits each."""
    if not 0 <= probability <= 1:
        raise ValueError(f"a share of pixels must lie in [0, 1], got {probability}")
    low = np.uint64(0xFFFFFFFF)
    if probability > _MANY:
        words = cv.generator(seed).bit_generator.random_raw(count)
        places = np.flatnonzero((words >> np.uint64(32)) < round(probability * 2.0**32))
        return places, words[places] & low
    throws = quantiles.poisson(-np.log1p(-probability) * count, seed=seed + 1)
    words = cv.generator(seed).bit_generator.random_raw(throws)
    places = ((words >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32)
    return places.astype(np.intp), words & low


def dropout_mask(shape: tuple[int, ...], *, probability: float, seed: int, per_channel: bool = False) -> Array:
    """What a dropout hits: a bool mask `(H, W)`, or with `per_channel` of the image's own `shape`.

    True with `probability` in [0, 1]; another raises ValueError. The same mask can be applied to other targets.
    """
    size = shape if per_channel else shape[:2]
    mask = np.zeros(size, bool)
    mask.reshape(-1)[_hits(mask.size, probability, seed)[0]] = True
    return mask


def dropout(image: Array, *, mask: Array, value: cv.Fill = 0) -> Array:
    """Replace what `mask` marks, `(H, W)` or the image's shape, by `value`: a number or one a channel.

    `value` is in the image's own units, rounded and saturated. Any channels, any dtype. Raises ValueError where mask
    or value do not fit the image.
    """
    count = cv.channels(image)
    if mask.dtype != bool or mask.shape not in (image.shape, image.shape[:2]):
        raise ValueError(
            f"dropout: mask must be bool {image.shape[:2]} or {image.shape}, got {mask.dtype} {mask.shape}"
        )
    values = cv.saturate(np.asarray(cv.scalar(value, count)), image.dtype)
    result = np.array(image, order="C")
    if mask.ndim == 2:
        result.reshape(-1, count)[np.flatnonzero(mask)] = values
        return result
    places = np.flatnonzero(mask)
    result.reshape(-1)[places] = values[0] if (values == values[0]).all() else values[places % count]
    return result


def salt_and_pepper(image: Array, *, amount: float, salt: float, seed: int) -> Array:
    """Turn a share `amount` of the pixels white (the share `salt` of them) or black, all channels alike.

    Both shares in [0, 1]; others raise ValueError. Black is 0 for signed integers too. Any channels, any dtype.
    """
    if not 0 <= salt <= 1:
        raise ValueError(f"salt_and_pepper: salt must lie in [0, 1], got {salt}")
    count = cv.channels(image)
    result = np.array(image, order="C")
    pixels = result.reshape(-1, count)
    places, bits = _hits(len(pixels), amount, seed)
    colors = cv.saturate(np.array([0.0, cv.white(image.dtype)]), image.dtype)
    # One after the other, so that a pixel that is hit twice is what the last hit made of it, in all its channels.
    state = (bits < round(salt * 2.0**32)).astype(np.intp)
    pixels[places] = colors[state][:, None]
    return result
