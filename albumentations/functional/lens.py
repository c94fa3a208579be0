"""What lenses and glass do: colors drawn at different sizes, zooming while the shutter is open, frosted glass."""

import cv2
import numpy as np

from . import blend, blur, color, cv, maps

Array = np.ndarray


def chromatic_aberration(
    image: Array,
    *,
    red: tuple[float, float],
    blue: tuple[float, float],
    interpolation: int = cv2.INTER_LINEAR,
) -> Array:
    """Read red and blue at another distance from the centre than green: r (1 + k1 r^2 + k2 r^4) (Brown, 1966).

    `red` and `blue` are (k1, k2); (0, 0) leaves a channel as it is. r is measured in widths along x and heights along
    y, so that it is at most 0.71; edges are repeated. RGB, any dtype. 440 us at 256 x 256, of which the two channels'
    reading takes 260. Raises ValueError for other channels.
    """
    color.need_rgb(image, kernel="chromatic_aberration")
    height, width = image.shape[:2]
    x = np.arange(width, dtype=np.float32) - np.float32((width - 1) / 2)
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32((height - 1) / 2)
    square = (x / np.float32(width)) ** 2 + (y / np.float32(height)) ** 2
    parts = list(color.planes(image))
    for channel, (primary, secondary) in ((0, red), (2, blue)):
        if primary or secondary:
            factor = square * np.float32(secondary)
            factor += np.float32(primary)
            factor *= square
            factor += np.float32(1)
            map_x, map_y = factor * x, factor * y
            map_x += np.float32((width - 1) / 2)
            map_y += np.float32((height - 1) / 2)
            parts[channel] = maps.remap(
                parts[channel],
                map_x=map_x,
                map_y=map_y,
                interpolation=interpolation,
                border_mode=cv2.BORDER_REPLICATE,
            )
    return color.interleave(parts, image)


def zoom_blur(image: Array, *, largest: float, step: float) -> Array:
    """Zoom while the shutter is open: the mean of the image and of copies enlarged about its centre.

    Factors are 1, 1 + `step`, 1 + 2 `step`, ... below `largest`; a copy is the middle of the image, its sides divided
    by the factor and rounded up, enlarged linearly (Hendrycks and Dietterich, Benchmarking Neural Network Robustness,
    2019; the image itself counts twice, once as the factor 1). Any channels, any dtype. 67 us a copy at
    256 x 256 x 3. Raises ValueError unless `largest` >= 1 and `step` > 0.
    """
    if largest < 1 or step <= 0:
        raise ValueError(f"zoom_blur: needs largest >= 1 and step > 0, got {largest} and {step}")
    factors = np.arange(1.0, largest, step)
    if len(factors) < 2:
        return image.copy(order="C")
    values = image.astype(cv.working(image.dtype), copy=False)
    total = cv.grouped(lambda part, _: _zoomed(part, factors[1:]), values)
    if image.dtype == cv.UINT8:
        flat = total.reshape(image.shape[0], -1)
        return cv2.convertScaleAbs(flat, alpha=1 / (len(factors) + 1)).reshape(image.shape)
    total *= 1 / (len(factors) + 1)
    return cv.saturate(total, image.dtype)


def _zoomed(part: Array, factors: Array) -> Array:
    """Twice the image and all its copies, added up. In float32 a copy takes 67 us; of uint8, widened, 98."""
    height, width = part.shape[:2]
    total = part * part.dtype.type(2)
    copy = np.empty_like(part)
    for factor in factors:
        rows, columns = int(np.ceil(height / factor)), int(np.ceil(width / factor))
        top, left = (height - rows) // 2, (width - columns) // 2
        cv2.resize(part[top : top + rows, left : left + columns], (width, height), copy)
        cv2.accumulate(copy, total)
    return total


def glass_blur(image: Array, *, sigma: float, max_delta: int, iterations: int, seed: int, exact: bool = False) -> Array:
    """Look through frosted glass: blur, scatter pixels, blur again (Hendrycks and Dietterich, 2019).

    Both blurs are Gaussians of deviation `sigma` pixels (0: none). In between, `iterations` times, every pixel changes
    places with one up to `max_delta` pixels away along x and y. `exact` makes these swaps one after the other, from the
    bottom right on, so that no pixel is lost (13 ms a round at 256 x 256). Otherwise every pixel is read from a place
    that is the sum of `iterations` such moves, 0.6 ms in all; pixels may be doubled and lost, and lie 1.4 times nearer,
    since a swap moves two. What would come from outside is mirrored. Any channels, any dtype. Raises ValueError for
    a negative sigma, less than 1 iteration or a negative `max_delta`.
    """
    if sigma < 0 or max_delta < 0 or iterations < 1:
        raise ValueError(
            "glass_blur: needs sigma >= 0, max_delta >= 0 and iterations >= 1,"
            f" got {sigma}, {max_delta} and {iterations}"
        )
    size = image.shape[:2]
    source = (_swapped if exact else _scattered)(size, int(max_delta), int(iterations), seed)
    soft = cv.contiguous(blur.gaussian(image, sigma=sigma) if sigma else image)
    pixels = soft.reshape(size[0] * size[1], -1)
    whole = pixels.view(np.dtype((np.void, pixels.shape[1] * image.dtype.itemsize)))
    moved = np.take(whole.reshape(-1), source).view(image.dtype).reshape(image.shape)
    return blur.gaussian(moved, sigma=sigma) if sigma else moved


def _mirrored(size: int, reach: int) -> Array:
    """Indices from `-reach` to `size - 1 + reach`, those outside mirrored without repeating the edge."""
    index = np.abs(np.arange(-reach, size + reach)) % max(1, 2 * (size - 1))
    return np.minimum(index, 2 * (size - 1) - index).astype(np.int32)


def _steps(max_delta: int, iterations: int) -> Array:
    """256 equally likely sums of `iterations` moves, int32. A move is -d to d, the two ends half as likely."""
    single = np.ones(2 * max_delta + 1)
    if max_delta:
        single[[0, -1]] = 0.5
    shares = np.ones(1)
    for _ in range(iterations):
        shares = np.convolve(shares, single / single.sum())
    places = np.searchsorted(np.cumsum(shares), (np.arange(256) + 0.5) / 256)
    return (np.minimum(places, len(shares) - 1) - max_delta * iterations).astype(np.int32)


def _scattered(size: tuple[int, int], max_delta: int, iterations: int, seed: int) -> Array:
    """For every pixel the flat index of the one that it is read from."""
    height, width = size
    reach = max_delta * iterations
    steps = _steps(max_delta, iterations) + np.int32(reach)
    bits = blend.random_bytes(seed, (2, height, width))
    y = cv.lut(bits[0], steps) + np.arange(height, dtype=np.int32)[:, None]
    x = cv.lut(bits[1], steps) + np.arange(width, dtype=np.int32)
    return (np.take(_mirrored(height, reach) * np.int64(width), y) + np.take(_mirrored(width, reach), x)).reshape(-1)


def _swapped(size: tuple[int, int], max_delta: int, iterations: int, seed: int) -> Array:
    """The same by swaps, one pixel after the other."""
    order = list(range(size[0] * size[1]))
    for iteration in range(iterations):
        partners = _scattered(size, max_delta, 1, seed + iteration).tolist()
        for place in range(len(order) - 1, -1, -1):
            partner = partners[place]
            order[place], order[partner] = order[partner], order[place]
    return np.array(order, np.intp)
