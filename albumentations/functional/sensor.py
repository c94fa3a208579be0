"""What a camera's sensor adds: noise of photons, and of high sensitivity."""

import cv2
import numpy as np

from . import color, cv, noise, quantiles

Array = np.ndarray

_GAMMA = 2.2
# Float images are counted from the nearest of so many brightnesses: half a level of 255, in the shot noise only.
_STEPS = 512
# Mean numbers of photons below this are taken from their probabilities, above from an expansion of the quantiles.
_FEW = 12.0


def shot(image: Array, *, scale: float, seed: int) -> Array:
    """Photon noise: a Poisson number of photons of every value, counted in linear light.

    A value v (a fraction of white) stands for `v ** 2.2 / scale` photons on average; the number drawn goes back the
    same way and stops at white. `scale` > 0 is the share of white one photon makes: 0.1 leaves 10 photons to white.
    Quantiles come from tables of 256 values between the tails and 256 in them; probabilities are right within 1/512.
    Any channels, any dtype. 0.9 ms at 256 x 256 x 3. Raises ValueError for another scale.
    """
    if not scale > 0:
        raise ValueError(f"shot: scale must be above 0, got {scale}")
    if image.dtype == cv.UINT8:
        return _looked_up(cv.contiguous(image), _photons(256, scale, np.uint8), seed)
    if image.dtype.kind == "f":
        levels = np.clip(image, 0, 1).astype(np.float32)
    else:
        levels = np.clip(image / cv.white(image.dtype), 0, 1).astype(np.float32)
    rows = cv.saturate(levels * np.float32(_STEPS - 1), np.uint16)
    result = _looked_up(rows, _photons(_STEPS, scale, np.float32), seed)
    if image.dtype.kind == "f":
        return result.astype(image.dtype, copy=False)
    return cv.saturate(result.astype(np.float64) * cv.white(image.dtype), image.dtype)


def _looked_up(rows: Array, tables: Array, seed: int) -> Array:
    """Values of tables `(2, rows, 256)` by row and random byte, one in 128 from the second table."""
    body, where, tail = quantiles.picks(rows.size, seed=seed)
    flat = rows.reshape(-1)
    index = flat.astype(np.uint32)
    index <<= np.uint32(8)
    index |= body
    result = np.take(tables[0].reshape(-1), index)
    result[where] = tables[1][flat[where], tail]
    return result.reshape(rows.shape)


def _photons(steps: int, scale: float, dtype: type) -> Array:
    """Tables `(2, steps, 256)` of the values that quantiles of photon numbers give, by brightness."""
    mean = np.linspace(0, 1, steps) ** _GAMMA / scale
    few = int(np.searchsorted(mean, _FEW))
    numbers = np.empty((2, steps, 256), np.int32)
    if few < steps:
        z = quantiles.normal().astype(np.float32)
        lam = mean[few:, None].astype(np.float32)
        for part, row in zip(numbers, z):  # Cornish and Fisher: the skewness of a Poisson number is 1 / sqrt(mean)
            part[few:] = np.maximum(np.rint(lam + np.sqrt(lam) * row + (row * row - 1) * np.float32(1 / 6)), 0)
    if few:
        for part, row in zip(numbers, _few_photons(mean[:few])):
            part[:few] = row
    top = int(min(np.ceil(1 / scale), numbers.max())) + 1  # from here on all is white
    values = np.minimum((np.arange(top + 1) * scale) ** (1 / _GAMMA), 1)
    values = cv.saturate(values * 255, np.uint8) if dtype == np.uint8 else values.astype(np.float32)
    return np.take(values, np.minimum(numbers, top, out=numbers))


def _few_photons(mean: Array) -> tuple[Array, Array]:
    """Quantiles of Poisson numbers, `(means, 256)` each, from their cumulative probabilities."""
    largest = int(mean[-1] + 7 * np.sqrt(mean[-1]) + 9)
    terms = np.empty((len(mean), largest))
    terms[:, 0] = np.exp(-mean)
    for k in range(1, largest):
        terms[:, k] = terms[:, k - 1] * mean / k
    cumulative = np.cumsum(terms, axis=1)
    cumulative[:, -1] = 1
    numbers = np.tile(np.arange(largest), len(mean))
    body, tails = (
        np.repeat(numbers, np.diff(below, axis=1, prepend=0).ravel()).reshape(len(mean), 256)
        for below in quantiles.counts_below(cumulative)
    )
    return body, tails


def iso(image: Array, *, color_shift: float, intensity: float, seed: int) -> Array:
    """Noise of a high ISO setting: hues scatter, and photons brighten, in HLS; needs RGB.

    Hues turn by normal numbers of deviation `color_shift * intensity` of a full circle. Lightness L (0 to 1) becomes
    `L + (1 - L) * n / 255`, n a Poisson number whose mean is `intensity` times the deviation of L over the image, in
    255ths: a flat image keeps its lightness. uint8 goes through hue, lightness and saturation in 256 steps, which moves
    colors by up to 3 levels; other dtypes in float32, clipped to [0, 1]. An intensity of 0 leaves the image as it is.
    400 us at 256 x 256. Raises ValueError for other images and negative numbers.
    """
    color.need_rgb(image, kernel="iso")
    if color_shift < 0 or intensity < 0:
        raise ValueError(f"iso: color_shift and intensity must be at least 0, got {color_shift} and {intensity}")
    if intensity == 0:
        return image.copy(order="C")
    if image.dtype == cv.UINT8:
        return _iso_levels(cv.contiguous(image), color_shift * intensity, intensity, seed)
    return color.on_unit(lambda unit: _iso_floats(unit, color_shift * intensity, intensity, seed), image)


def _brightening(lightness: Array, intensity: float, white: float) -> float:
    """The mean number of 255ths that lightness gains."""
    return float(cv2.meanStdDev(lightness)[1][0, 0]) * intensity * 255 / white


def _photon_plane(shape: tuple[int, ...], lam: float, seed: int) -> Array:
    """Poisson numbers of one mean, uint8."""
    if lam < _FEW:
        tables = np.stack(_few_photons(np.array([lam])))[:, 0]
    else:
        z = quantiles.normal()
        tables = np.maximum(np.rint(lam + np.sqrt(lam) * z + (z * z - 1) / 6), 0)
    tables = np.minimum(tables, 255).astype(np.uint8)
    body, where, tail = quantiles.picks(int(np.prod(shape)), seed=seed)
    plane = cv.lut(body, tables[0])
    plane[where] = tables[1][tail]
    return plane.reshape(shape)


def _iso_levels(image: Array, turn: float, intensity: float, seed: int) -> Array:
    hue, lightness, saturation = color.planes(cv2.cvtColor(image, cv2.COLOR_RGB2HLS_FULL))
    # The hue wraps around in its 256 steps by itself.
    body, where, tail = quantiles.picks(hue.size, seed=seed)
    turns = (np.rint(quantiles.normal() * (turn * 256)).astype(np.int64) % 256).astype(np.uint8)
    hues = cv.lut(body, turns[0])
    hues[where] = turns[1][tail]
    hue += hues.reshape(hue.shape)
    photons = _photon_plane(hue.shape, _brightening(lightness, intensity, 255), seed + 1)
    lightness += cv2.multiply(cv2.bitwise_not(lightness), photons, scale=1 / 255)
    return cv2.cvtColor(cv2.merge([hue, lightness, saturation]), cv2.COLOR_HLS2RGB_FULL)


def _iso_floats(image: Array, turn: float, intensity: float, seed: int) -> Array:
    hue, lightness, saturation = color.planes(cv2.cvtColor(color.clip_unit(image.copy()), cv2.COLOR_RGB2HLS))
    hue += noise.normal(hue.shape, std=turn * 360, seed=seed)
    hue -= np.floor(hue * np.float32(1 / 360)) * np.float32(360)  # np.mod takes four times as long
    photons = _photon_plane(hue.shape, _brightening(lightness, intensity, 1), seed + 1).astype(np.float32)
    photons *= np.float32(1 / 255)
    lightness += photons * (1 - lightness)
    return color.clip_unit(cv2.cvtColor(cv2.merge([hue, lightness, saturation]), cv2.COLOR_HLS2RGB))
