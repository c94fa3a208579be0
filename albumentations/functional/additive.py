"""Noise that is added or multiplied, of several distributions; what a seed gives is the same everywhere.

Parameters of distributions are fractions of white. Integers are rounded and saturate, floats are clipped to [0, 1].
Any channels, any dtype.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from . import blend, color, cv, noise, quantiles, warp

Array = np.ndarray

# The number of parameters of each distribution.
_PARAMETERS = {"uniform": 2, "gaussian": 2, "laplace": 2, "beta": 3}
_MODES = ("constant", "per_pixel", "shared")


def additive(
    image: Array,
    *,
    noise_type: str,
    params: Sequence[float],
    spatial_mode: str,
    seed: int,
    approximation: float = 1.0,
) -> Array:
    """Add random numbers to an image.

    `noise_type` and its `params`: "uniform" (low, high), "gaussian" (mean, deviation), "laplace" (mean, scale), "beta"
    (alpha, beta, scale), which is `scale * (2 * B - 1)` for B drawn from Beta(alpha, beta); low, high, mean, deviation
    and scale are fractions of white. `spatial_mode` "per_pixel" draws every value, "shared" every pixel (all its
    channels get the same), "constant" one number a channel. `approximation` in [0, 1] draws at that fraction of the
    image's size, at least a pixel, and enlarges linearly, which makes the grain coarse and weaker. uint8: 100 us at
    256 x 256 x 3, by tables of quantiles of whole levels. Raises ValueError for other words and parameters.
    """
    _check(noise_type, params)
    if spatial_mode not in _MODES:
        raise ValueError(f"additive: spatial_mode must be one of {', '.join(_MODES)}, got {spatial_mode!r}")
    if not 0 <= approximation <= 1:
        raise ValueError(f"additive: approximation must lie in [0, 1], got {approximation}")
    count = cv.channels(image)
    if spatial_mode == "constant":
        shifts = constants(count, noise_type=noise_type, params=params, seed=seed)
        return color.channel_shift(image, shifts=shifts * cv.white(image.dtype))
    drawn = count if spatial_mode == "per_pixel" else 1
    height, width = image.shape[:2]
    size = max(1, int(height * approximation)), max(1, int(width * approximation))
    if size == (height, width) and image.dtype == cv.UINT8:
        return _add_levels(image, (height, width, drawn), _quantiles(noise_type, params), seed)
    fractions = _floats((*size, drawn), noise_type, params, seed)
    if size != (height, width):
        fractions = warp.resize(fractions, size=(height, width))
    return _add_floats(image, _spread(fractions, image))


def constants(count: int, *, noise_type: str, params: Sequence[float], seed: int) -> Array:
    """Draw `count` numbers of a distribution of `additive`, fractions of white, float64."""
    _check(noise_type, params)
    p = blend.random_uniform(seed, (count,))
    if noise_type == "gaussian":
        from statistics import NormalDist  # imported with the first noise, see `quantiles.normal`

        inverse = NormalDist().inv_cdf
        return params[0] + params[1] * np.array([inverse(min(max(x, 1e-16), 1 - 1e-16)) for x in p])
    return _inverse(noise_type, params, p)


def _check(noise_type: str, params: Sequence[float]) -> None:
    if noise_type not in _PARAMETERS:
        raise ValueError(f"additive: noise_type must be one of {', '.join(_PARAMETERS)}, got {noise_type!r}")
    if len(params) != _PARAMETERS[noise_type]:
        raise ValueError(f"additive: {noise_type} takes {_PARAMETERS[noise_type]} params, got {tuple(params)}")
    wrong = params[1] < params[0] if noise_type == "uniform" else params[-1] < 0
    if wrong or (noise_type == "beta" and min(params[:2]) <= 0):
        raise ValueError(f"additive: {tuple(params)} are no params of {noise_type}")


def _inverse(noise_type: str, params: Sequence[float], p: Array) -> Array:
    if noise_type == "uniform":
        return params[0] + (params[1] - params[0]) * p
    if noise_type == "laplace":
        return params[0] + params[1] * quantiles.laplace(p)
    return params[2] * (2 * quantiles.beta(p, a=params[0], b=params[1]) - 1)


def _quantiles(noise_type: str, params: Sequence[float]) -> Array:
    """Quantiles between the tails and in them, `(2, 256)`, fractions of white."""
    if noise_type == "gaussian":
        return params[0] + params[1] * quantiles.normal()
    return _inverse(noise_type, params, quantiles.probabilities())


def _add_levels(image: Array, shape: tuple[int, ...], values: Array, seed: int) -> Array:
    body, where, tail = quantiles.picks(int(np.prod(shape)), seed=seed)
    levels = np.rint(values * 255)
    flat = cv.contiguous(image).reshape(image.shape[0], -1)
    for sign, combine in ((1, cv2.add), (-1, cv2.subtract)):
        tables = np.clip(sign * levels, 0, 255).astype(np.uint8)
        if not tables.any():
            continue
        part = cv.lut(body, tables[0])
        part[where] = tables[1][tail]
        spread = _spread(part.reshape(shape), image).reshape(flat.shape)
        flat = combine(flat, spread, spread)
    result = flat.reshape(image.shape)
    return result.copy() if np.shares_memory(result, image) else result


def _spread(drawn: Array, image: Array) -> Array:
    """Numbers for every value, or one a pixel that all its channels share, in the shape of the image."""
    return (
        drawn.reshape(image.shape) if drawn.size == image.size else blend.spread(drawn.reshape(image.shape[:2]), image)
    )


def _floats(shape: tuple[int, ...], noise_type: str, params: Sequence[float], seed: int) -> Array:
    """Random float32 numbers, fractions of white."""
    if noise_type == "gaussian":
        return noise.normal(shape, std=float(params[1]), mean=float(params[0]), seed=seed)
    size = int(np.prod(shape))
    if noise_type == "beta":
        # 65536 equally likely values, drawn by 16 bits: 900 us at 256 x 256 x 3, of which the table takes 500.
        table = _inverse("beta", params, (np.arange(65536) + 0.5) / 65536).astype(np.float32)
        return np.take(table, blend.random_bytes(seed, (2 * size,)).view("<u2")).reshape(shape)
    # 24 bits, at half steps: p is never 0 nor 1.
    whole = blend.random_bytes(seed, (4 * size,)).view("<u4") >> np.uint32(8)
    p = whole.astype(np.float32)
    if noise_type == "uniform":
        p *= np.float32((params[1] - params[0]) * 2.0**-24)
        p += np.float32(params[0] + (params[1] - params[0]) * 2.0**-25)
        return p.reshape(shape)
    p -= np.float32(2**23 - 0.5)  # the sign tells the side, the size how far out: 23 bits, up to 16.6 scales
    away = cv2.log(np.abs(p).reshape(1, -1) * np.float32(2.0**-23)).ravel()
    away = np.copysign(away * np.float32(-params[1]), p)
    away += np.float32(params[0])
    return away.reshape(shape)


def _add_floats(image: Array, fractions: Array) -> Array:
    white = cv.white(image.dtype)
    if image.dtype.kind == "f":
        total = fractions + image.astype(np.float32, copy=False)
        return np.clip(total, 0, 1, out=total).astype(image.dtype, copy=False)
    return cv.saturate(fractions.astype(np.float64) * white + image, image.dtype)


# --- multiplicative ---------------------------------------------------------------------------------------------------


def multiply(image: Array, *, factors: color.Numbers) -> Array:
    """Multiply every channel by a number: one number, or one a channel."""
    count = cv.channels(image)
    values = color.per_channel(factors, count, "multiply")
    if image.dtype == cv.UINT8 and (values == values[0]).all():
        return cv.lut(image, cv.saturate(np.arange(256) * values[0], np.uint8))
    if image.dtype in (cv.UINT8, cv.FLOAT32) and count <= 4:
        result = cv.like(cv2.transform(cv.contiguous(image), np.diag(values)), image)
    else:
        wide = image.astype(cv.working(image.dtype), order="C")
        wide *= values.astype(wide.dtype) if image.ndim == 3 else wide.dtype.type(values[0])
        result = cv.saturate(wide, image.dtype)
    return np.clip(result, 0, 1, out=result) if image.dtype.kind == "f" else result


def multiplicative(image: Array, *, low: float, high: float, seed: int, per_channel: bool = True) -> Array:
    """Multiply every value (`per_channel`) or every pixel by its own number, drawn evenly from [low, high], low >= 0.

    uint8 has 256 different factors, rounded to 1/255 of the largest: 95 us at 256 x 256 x 3. Raises ValueError for
    other limits.
    """
    if not 0 <= low <= high:
        raise ValueError(f"multiplicative: needs 0 <= low <= high, got {low} and {high}")
    shape = (*image.shape[:2], cv.channels(image) if per_channel else 1)
    if image.dtype == cv.UINT8:
        flat = cv.contiguous(image).reshape(image.shape[0], -1)
        factors = low + (high - low) * (np.arange(256) + 0.5) / 256
        table = np.rint(factors * (255 / (high or 1))).astype(np.uint8)
        drawn = cv.lut(blend.random_bytes(seed, shape), table)
        spread = _spread(drawn, image)
        return cv2.multiply(flat, spread.reshape(flat.shape), scale=high / 255).reshape(image.shape)
    spread = _spread(_floats(shape, "uniform", (low, high), seed), image)
    if image.dtype.kind == "f":
        result = spread * image.astype(np.float32, copy=False)
        return np.clip(result, 0, 1, out=result).astype(image.dtype, copy=False)
    return cv.saturate(spread.astype(np.float64) * image, image.dtype)
