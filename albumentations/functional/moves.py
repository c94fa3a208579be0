"""Exact moves: flips, quarter turns, transposes, crops and pads. No value is computed, so any dtype and any number of
channels comes through bit for bit.

A stack `(N, H, W, C)` needs no kernels of its own: the vertical flip of `(H, W, N * C)` and the horizontal flip of
`(N * H, W, C)` are the same moves on a reshaped array.
"""

from typing import Optional

import cv2
import numpy as np

from . import cv

Array = np.ndarray

D4_ELEMENTS: tuple[str, ...] = ("e", "r90", "r180", "r270", "v", "hvt", "h", "t")

# Moved by OpenCV as they are; int64 and uint64 are not among them, since it silently makes int32 of them.
_PLAIN = frozenset(np.dtype(name) for name in ("uint8", "uint16", "int16", "int32", "float32", "float64"))
# OpenCV 4.8 takes 512 channels, 5.0 stops at 128.
_CHANNELS = 127
# Bytes a pixel that cv2.transpose and cv2.rotate know, in every version tried.
_TURNED = frozenset((1, 2, 3, 4, 6, 8, 12, 16, 24, 32))
# Border modes of copyMakeBorder that read the image: replicate, reflect, wrap, reflect 101.
_MIRRORS = frozenset((cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT, cv2.BORDER_WRAP, cv2.BORDER_REFLECT_101))


def _pixel_bytes(image: Array) -> int:
    return int(image.itemsize) * cv.channels(image)


def _words(image: Array) -> Optional[Array]:
    """The same memory as `(H, W, words)`, in a dtype and channel count that OpenCV moves; None if there is no such."""
    size = _pixel_bytes(image)
    for word in (np.dtype(np.uint8), np.dtype(np.int32), np.dtype(np.float64)):
        if size % word.itemsize == 0 and size // word.itemsize <= _CHANNELS:
            return cv.contiguous(image).reshape(image.shape[0], image.shape[1], -1).view(word)
    return None


def _whole(image: Array) -> Array:
    """The same memory as `(H, W)` opaque pixels: NumPy moves them twice as fast as their channels (300 -> 165 us)."""
    flat = cv.contiguous(image).reshape(image.shape[0], -1).view(np.uint8)
    return flat.view(np.dtype((np.void, _pixel_bytes(image))))


def _unpacked(result: Array, image: Array) -> Array:
    """Words or opaque pixels of `(H', W')` back to the dtype, rank and channels of the image."""
    shape = result.shape[:2] + image.shape[2:]
    return result.reshape(-1).view(np.uint8).view(image.dtype).reshape(shape)


def _flip(image: Array, code: int) -> Array:
    # The common route first: the checks cost 0.3 us over cv2.flip itself (8 us at 256 x 256 x 3).
    if image.dtype in _PLAIN and (image.ndim == 2 or image.shape[2] <= _CHANNELS) and image.flags.c_contiguous:
        result = cv2.flip(image, code)
        return result if result.ndim == image.ndim else result[:, :, None]
    words = _words(image)
    if words is not None:
        return _unpacked(cv2.flip(words, code), image)
    step_y, step_x = (1, -1) if code == 1 else (-1, 1) if code == 0 else (-1, -1)
    return _unpacked(_whole(image)[::step_y, ::step_x].copy(), image)


def hflip(image: Array) -> Array:
    """Mirror left and right: pixel `(x, y)` moves to `(W - 1 - x, y)`.

    Any dtype, `(H, W)` or `(H, W, C)`; returns a contiguous array of the same shape.
    """
    return _flip(image, 1)


def vflip(image: Array) -> Array:
    """Mirror top and bottom: pixel `(x, y)` moves to `(x, H - 1 - y)`.

    Any dtype, `(H, W)` or `(H, W, C)`; returns a contiguous array of the same shape.
    """
    return _flip(image, 0)


def transpose(image: Array) -> Array:
    """Swap rows and columns: pixel `(x, y)` moves to `(y, x)`.

    Any dtype, `(H, W)` or `(H, W, C)`; returns a contiguous `(W, H)` or `(W, H, C)` array.
    """
    if _pixel_bytes(image) in _TURNED:
        if image.dtype in _PLAIN and image.flags.c_contiguous:
            return cv.like(cv2.transpose(image), image)
        words = _words(image)
        if words is not None:
            return _unpacked(cv2.transpose(words), image)
    return _unpacked(_whole(image).T.copy(), image)


def rot90(image: Array, *, factor: int) -> Array:
    """Turn counter-clockwise, as seen on the screen, by `factor` quarter turns (any integer), like `np.rot90`.

    Any dtype, `(H, W)` or `(H, W, C)`; height and width change places when `factor` is odd.
    """
    factor %= 4
    if factor == 0:
        return np.array(image, order="C")
    if factor == 2:
        return _flip(image, -1)
    if _pixel_bytes(image) in _TURNED:
        code = cv2.ROTATE_90_COUNTERCLOCKWISE if factor == 1 else cv2.ROTATE_90_CLOCKWISE
        if image.dtype in _PLAIN and image.flags.c_contiguous:
            return cv.like(cv2.rotate(image, code), image)
        words = _words(image)
        if words is not None:
            return _unpacked(cv2.rotate(words, code), image)
    return _unpacked(np.rot90(_whole(image), factor).copy(), image)


def d4(image: Array, *, element: str) -> Array:
    """Apply one of the eight symmetries of the square, by name.

    "e" leaves the image (a copy), "r90", "r180", "r270" turn counter-clockwise, "v" and "h" mirror top and bottom, left
    and right, "t" transposes, "hvt" transposes over the other diagonal. Raises ValueError for another name.
    """
    if element == "h":
        return _flip(image, 1)
    if element == "v":
        return _flip(image, 0)
    if element == "t":
        return transpose(image)
    if element == "hvt":
        return transpose(_flip(image, -1))
    if element in ("e", "r90", "r180", "r270"):
        return rot90(image, factor=D4_ELEMENTS.index(element))
    raise ValueError(f"element must be one of {', '.join(D4_ELEMENTS)}, not {element!r}")


def d4_matrix(element: str, *, height: int, width: int) -> Array:
    """The 3 x 3 float64 matrix of `d4` between pixel centres, for an input of `height` x `width` pixels.

    Raises ValueError for an unknown element.
    """
    right, bottom = width - 1, height - 1
    rows = {
        "e": ((1, 0, 0), (0, 1, 0)),
        "r90": ((0, 1, 0), (-1, 0, right)),
        "r180": ((-1, 0, right), (0, -1, bottom)),
        "r270": ((0, -1, bottom), (1, 0, 0)),
        "v": ((1, 0, 0), (0, -1, bottom)),
        "hvt": ((0, -1, bottom), (-1, 0, right)),
        "h": ((-1, 0, right), (0, 1, 0)),
        "t": ((0, 1, 0), (1, 0, 0)),
    }
    if element not in rows:
        raise ValueError(f"element must be one of {', '.join(D4_ELEMENTS)}, not {element!r}")
    return np.array((*rows[element], (0, 0, 1)), dtype=np.float64)


def crop(image: Array, *, x_min: int, y_min: int, x_max: int, y_max: int) -> Array:
    """Copy the rectangle of columns `x_min` to `x_max - 1` and rows `y_min` to `y_max - 1`.

    Any dtype, `(H, W)` or `(H, W, C)`. Raises ValueError for a rectangle that is empty or leaves the image.
    """
    height, width = image.shape[:2]
    if not (0 <= x_min < x_max <= width and 0 <= y_min < y_max <= height):
        raise ValueError(
            f"cannot crop x {x_min} to {x_max}, y {y_min} to {y_max} from an image {width} wide and {height} high"
        )
    return image[y_min:y_max, x_min:x_max].copy()


def pad(
    image: Array,
    *,
    top: int,
    bottom: int,
    left: int,
    right: int,
    border_mode: int = cv2.BORDER_CONSTANT,
    fill: cv.Fill = 0,
) -> Array:
    """Add rows and columns around the image, `top`, `bottom`, `left`, `right` of them.

    Any dtype, `(H, W)` or `(H, W, C)`. `border_mode` is one of OpenCV's: constant (`fill`: a number, or one a channel,
    in the image's units), replicate, reflect, wrap, reflect 101; pads may be larger than the image. Raises ValueError
    for negative amounts and unknown modes.
    """
    if min(top, bottom, left, right) < 0:
        raise ValueError(f"cannot pad by negative amounts: top {top}, bottom {bottom}, left {left}, right {right}")
    if border_mode == cv2.BORDER_CONSTANT:
        return _pad_constant(image, top, bottom, left, right, fill)
    if border_mode not in _MIRRORS:
        raise ValueError(f"border_mode {border_mode} is none of constant, replicate, reflect, wrap, reflect 101")
    if image.dtype in _PLAIN and cv.channels(image) <= _CHANNELS and image.flags.c_contiguous:
        return cv.like(cv2.copyMakeBorder(image, top, bottom, left, right, border_mode), image)
    words = _words(image)
    if words is not None:
        return _unpacked(cv2.copyMakeBorder(words, top, bottom, left, right, border_mode), image)
    rows = _padded_indices(image.shape[0], top, bottom, border_mode)
    columns = _padded_indices(image.shape[1], left, right, border_mode)
    return image[rows[:, None], columns]


def _padded_indices(count: int, before: int, after: int, border_mode: int) -> Array:
    indices = np.arange(count, dtype=np.int32)[:, None]
    return cv2.copyMakeBorder(indices, before, after, 0, 0, border_mode).ravel()


def _pad_constant(image: Array, top: int, bottom: int, left: int, right: int, fill: cv.Fill) -> Array:
    height, width = image.shape[:2]
    count = cv.channels(image)
    values = cv.scalar(fill, count)
    if image.dtype in _PLAIN and count <= 4 and image.flags.c_contiguous:
        padded = cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(*values, 0, 0, 0)[:4])
        return cv.like(padded, image)
    color = cv.saturate(np.asarray(values), image.dtype)
    result = np.empty((top + height + bottom, left + width + right) + image.shape[2:], dtype=image.dtype)
    result[...] = color if image.ndim == 3 else color[0]
    result[top : top + height, left : left + width] = image
    return result
