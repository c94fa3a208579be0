"""Blur: every value becomes a mean or the median of its neighbours in the same channel; kernels of motion.

All kernels take any number of channels and any dtype. Borders are mirrored without repeating the edge
(`cv2.BORDER_REFLECT_101`), for the median the edge is repeated. Linear filters round and saturate integers and do not
clip floats; dtypes OpenCV cannot filter go through float32, wide integers through float64.
"""

import cv2
import numpy as np

from . import cv

Array = np.ndarray
Point = tuple[float, float]


def _size(ksize: int, kernel: str, *, odd: bool) -> int:
    if ksize < 1 or (odd and ksize % 2 == 0):
        raise ValueError(f"{kernel}: ksize must be {'odd and ' if odd else ''}at least 1, got {ksize}")
    return int(ksize)


def box(image: Array, *, ksize: int) -> Array:
    """Take the mean of `ksize` x `ksize` pixels; an even window reaches one pixel further up and left."""
    size = _size(ksize, "box", odd=False)
    return cv.filtered(lambda part: cv2.blur(part, (size, size)), image)


def gaussian(image: Array, *, ksize: int = 0, sigma: float = 0.0) -> Array:
    """Blur with a Gaussian of standard deviation `sigma` pixels, cut to `ksize` x `ksize` (odd).

    Like in OpenCV, either may be 0 and follows from the other: `ksize` is `6 * sigma + 1` for uint8, `8 * sigma + 1`
    for other dtypes, rounded and made odd; `sigma` is `0.3 * ((ksize - 1) / 2 - 1) + 0.8`.
    """
    if sigma < 0 or (ksize == 0 and sigma == 0):
        raise ValueError(f"gaussian: needs ksize or sigma above 0, got ksize={ksize}, sigma={sigma}")
    size = _size(ksize, "gaussian", odd=True) if ksize else 0
    return cv.filtered(lambda part: cv2.GaussianBlur(part, (size, size), float(sigma)), image)


# --- median -----------------------------------------------------------------------------------------------------------


def median(image: Array, *, ksize: int) -> Array:
    """Take the median of `ksize` x `ksize` values (odd), exactly, in every dtype; edges are repeated.

    OpenCV finds it for uint8, and up to 5 x 5 for uint16, int16 and float32. A float32 image that holds multiples of
    1/255, as uint8 turned to float does, goes through its levels, in the time of uint8 at 7 x 7; the rest is selected
    from the windows themselves, 8 times as slow (24 times with NumPy 1).
    """
    size = _size(ksize, "median", odd=True)
    if image.dtype == bool:
        return _median_by_opencv(image.astype(np.uint8), size).astype(bool)
    if image.dtype == cv.UINT8 or (size <= 5 and image.dtype in (np.uint16, np.int16, np.float32)):
        return _median_by_opencv(image, size)
    if image.dtype == cv.FLOAT32:
        levels = cv.saturate(image * np.float32(255), np.uint8)
        if np.abs(levels * np.float32(1 / 255) - image).max(initial=0) < 1e-6:
            return _median_by_opencv(levels, size) * np.float32(1 / 255)
    return _median_by_selection(image, size)


def _median_by_opencv(image: Array, size: int) -> Array:
    # cv2.medianBlur takes 1, 3 or 4 channels beyond 5 x 5; for many channels, one at a time is as fast as four.
    limit = 4 if cv.channels(image) in (3, 4) else 1
    return cv.grouped(lambda part, _: cv2.medianBlur(part, size), image, limit=limit)


def _median_by_selection(image: Array, size: int) -> Array:
    radius, count = size // 2, size * size
    rows, columns = image.shape[:2]
    values = image.reshape(rows, columns, -1)
    padded = np.pad(values, ((radius, radius), (radius, radius), (0, 0)), mode="edge")
    result = np.empty(values.shape, image.dtype)
    step = max(1, (1 << 20) // (columns * values.shape[2] * count))  # a million values at a time stay in the cache
    for top in range(0, rows, step):
        part = padded[top : min(top + step, rows) + 2 * radius]
        windows = np.lib.stride_tricks.sliding_window_view(part, (size, size), axis=(0, 1))
        target = result[top : top + step]
        target[...] = np.partition(windows.reshape(-1, count), count // 2, axis=1)[:, count // 2].reshape(target.shape)
    return result.reshape(image.shape)


# --- motion -----------------------------------------------------------------------------------------------------------


def line_kernel(ksize: int, *, start: Point, end: Point, centred: bool = False) -> Array:
    """Draw a kernel `(ksize, ksize)` float32 of sum 1 that smears along the line from `start` to `end`.

    Points are `(x, y)` in pixels of the kernel, rounded. With `centred` the line moves to the middle of the kernel, and
    loses a pixel where its width or height would not allow that.
    """
    size = _size(ksize, "line_kernel", odd=True)
    points = np.rint(np.array([start, end], dtype=np.float64)).astype(int)
    if centred:
        half = np.fix((points[1] - points[0]) / 2).astype(int)
        points = size // 2 + np.array([-half, half])
    kernel = np.zeros((size, size), np.uint8)
    first, last = ((int(x), int(y)) for x, y in points)
    cv2.line(kernel, first, last, 1)
    return _normed(kernel, "line_kernel")


def _normed(kernel: Array, name: str) -> Array:
    if not kernel.any():
        raise ValueError(f"{name}: the line misses the kernel of shape {kernel.shape}")
    return kernel.astype(np.float32) / np.float32(np.count_nonzero(kernel))


def motion_kernel(ksize: int, *, angle: float, direction: float, shift: Point = (0.0, 0.0)) -> Array:
    """Draw the kernel `(ksize, ksize)` float32, sum 1, of a motion at `angle` degrees, clockwise as seen on the screen.

    `ksize` points are spread evenly over a line through the middle of the kernel, moved by `shift` pixels `(x, y)`;
    every pixel one of them falls into counts once. `direction` in [-1, 1]: at 0 the line reaches as far ahead as
    behind, at 1 nothing lies behind the middle, at -1 nothing ahead.
    """
    size = _size(ksize, "motion_kernel", odd=True)
    if not -1 <= direction <= 1:
        raise ValueError(f"motion_kernel: direction must lie in [-1, 1], got {direction}")
    radius = size // 2
    way = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    steps = np.linspace(-radius * min(1.0, 1.0 - direction), radius * min(1.0, 1.0 + direction), size)
    points = np.rint(radius + np.asarray(shift, dtype=np.float64) + steps[:, None] * way).astype(int)
    x, y = points[((points >= 0) & (points < size)).all(axis=1)].T
    kernel = np.zeros((size, size), np.uint8)
    kernel[y, x] = 1
    return _normed(kernel, "motion_kernel")
