"""Plasma: fractal random fields, and what they do to an image.

A field is the sum of random grids of 4 x 4, 8 x 8, ... values, enlarged smoothly, each finer one weaker than the one
before (spectral synthesis: Saupe, in Peitgen and Saupe, The Science of Fractal Images, 1988).
"""

import cv2
import numpy as np

from . import blend, cv

Array = np.ndarray

# Fields are 0.5 on average; raised to this power they are 0.4, mostly calm with strong places, as clouds are.
_CALM = 1.4
_CENTRED = np.arange(256, dtype=np.float32) - np.float32(127.5)


def field(height: int, width: int, *, seed: int, roughness: float = 3.0, size: int = 256) -> Array:
    """A fractal field `(height, width)`, uint8, stretched to 0 - 255, a function of `seed`.

    Each grid is `roughness / (roughness + 3)` times as strong as the coarser one, so that at 3 every octave has half
    the amplitude of the one below. `size` is the number of cells of the finest grid along the longer side; what is
    finer than a pixel is not drawn. 115 us at 256 x 256 with `size` 32, 190 with 256. Raises ValueError unless
    `roughness` > 0 and `size` >= 1.
    """
    if roughness <= 0 or size < 1:
        raise ValueError(f"field: roughness must be above 0 and size at least 1, got {roughness} and {size}")
    finest = max(1, min(int(size), height, width) if min(height, width) > 4 else 4)
    sides = [4]
    while sides[-1] * 2 <= finest:
        sides.append(sides[-1] * 2)
    bits = blend.random_bytes(seed, (sum(side * side for side in sides),))
    total: Array = np.zeros((4, 4), np.float32)
    amplitude, start = 1.0, 0
    for side in sides:
        grid = cv.lut(bits[start : start + side * side].reshape(side, side), _CENTRED * np.float32(amplitude))
        total = grid if side == 4 else cv2.add(_doubled(total), grid, grid)
        amplitude, start = amplitude * roughness / (roughness + 3), start + side * side
    for _ in range(2):  # the last steps to the size of the image are linear, which a grid of cells would show
        if len(total) < 128 and len(total) * 2 <= min(height, width):
            total = _doubled(total)
    low, high, _, _ = cv2.minMaxLoc(total)
    scale = 255 / (high - low)
    levels = cv2.convertScaleAbs(total, alpha=scale, beta=-low * scale)
    return levels if levels.shape == (height, width) else cv2.resize(levels, (width, height))


def _doubled(grid: Array) -> Array:
    """A grid at twice the size: cubic while that is cheap and the cells are large, 9 us to 64 x 64 and 46 to 256."""
    side = 2 * len(grid)
    return cv2.resize(grid, (side, side), interpolation=cv2.INTER_CUBIC if side <= 128 else cv2.INTER_LINEAR)


def shadow(image: Array, *, intensity: float, seed: int, roughness: float = 3.0, size: int = 256) -> Array:
    """Darken by a fractal field: values are multiplied by 1 where the field is 0, by 1 - `intensity` where it is 1.

    `intensity` in [0, 1]; the other arguments are those of `field`. Any channels, any dtype; floats are clipped to
    [0, 1]. 265 us at 256 x 256 x 3, of which the field takes 190. Raises ValueError for another intensity.
    """
    if not 0 <= intensity <= 1:
        raise ValueError(f"shadow: intensity must lie in [0, 1], got {intensity}")
    pattern = field(*image.shape[:2], seed=seed, roughness=roughness, size=size)
    factors = 1 - intensity * _strengths()
    return blend.on_levels_or_unit(
        lambda known: blend.product(known, factor=blend.shaded(pattern, factors, known)), image
    )


def brightness_contrast(
    image: Array, *, brightness: float, contrast: float, seed: int, roughness: float = 3.0, size: int = 256
) -> Array:
    """Add `brightness` (a fraction of white) and scale around the mean by 1 + `contrast`, as far as a field says.

    With the field w from 0 to 1: x = image + brightness * w, result = mean(x) + (x - mean(x)) * (1 + contrast * w).
    Both numbers in [-1, 1]; the other arguments are those of `field`. Any channels, any dtype; floats are clipped to
    [0, 1]. Raises ValueError outside these ranges.
    """
    if not (-1 <= brightness <= 1 and -1 <= contrast <= 1):
        raise ValueError(f"brightness_contrast: both must lie in [-1, 1], got {brightness} and {contrast}")
    pattern = field(*image.shape[:2], seed=seed, roughness=roughness, size=size)
    weight = _strengths()

    def change(known: Array) -> Array:
        white = cv.white(known.dtype)
        mean = cv2.mean(known.reshape(1, -1))[0] / white
        mean += brightness * cv2.mean(cv.lut(pattern, weight.astype(np.float32)))[0]
        gain = 1 + contrast * weight
        offset = brightness * weight * gain - mean * contrast * weight
        if known.dtype != cv.UINT8:
            scaled = blend.product(known, factor=blend.shaded(pattern, gain, known))
            return blend.added(scaled, layer=blend.spread(blend.shaded(pattern, offset, known), known))
        # What is subtracted comes before the gain and what is added after it, so that neither end saturates too early.
        first = np.maximum(-offset, 0) / np.maximum(gain, 1e-3)
        top = float(gain.max())
        known = blend.subtracted(known, layer=blend.spread(blend.shaded(pattern, first, known), known))
        known = blend.product(known, factor=blend.shaded(pattern, gain / top, known), scale=top)
        return blend.added(known, layer=blend.spread(blend.shaded(pattern, np.maximum(offset, 0), known), known))

    return blend.on_levels_or_unit(change, image)


def _strengths() -> Array:
    """What the 256 levels of a field stand for, in [0, 1]."""
    return (np.arange(256) / 255) ** _CALM
