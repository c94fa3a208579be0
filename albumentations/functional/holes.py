"""Holes: rectangles of the image filled with a colour, with noise, or with what surrounds them."""

from typing import Any, Union

import cv2
import numpy as np

from . import cv

Array = np.ndarray

_INPAINT = {"inpaint_telea": cv2.INPAINT_TELEA, "inpaint_ns": cv2.INPAINT_NS}
_INPAINT_RADIUS = 3  # pixels


def fill(image: Array, *, holes: Array, fill: Union[cv.Fill, str] = 0, seed: int = 0) -> Array:
    """Copy an image and fill holes in it.

    `image`: any dtype, `(H, W)` or `(H, W, C)`. `holes`: integers `(M, 4)` of x_min, y_min, x_max, y_max in pixels, the
    maxima exclusive; what leaves the image is ignored. `fill`: a number or one a channel, in the image's units;
    "random" draws every value of every pixel, "random_uniform" one colour a hole, both from 0 to white (a function of
    `seed`); "inpaint_telea" and "inpaint_ns" continue the surroundings (uint8 with 1 or 3 channels).
    Raises ValueError for other words, and for what cannot be inpainted.
    """
    boxes = _inside(holes, image.shape)
    if isinstance(fill, str):
        if fill in _INPAINT:
            return _inpainted(image, boxes, _INPAINT[fill])
        if fill not in ("random", "random_uniform"):
            raise ValueError(f"fill must be numbers, 'random', 'random_uniform' or {sorted(_INPAINT)}, not {fill!r}")
        return _randomized(image, boxes, seed, one_color=fill == "random_uniform")
    result = np.array(image, order="C")
    values = cv.scalar(fill, cv.channels(image))
    if values.count(values[0]) == len(values):
        color = _as_it_is(values[0], image.dtype)
        for x_min, y_min, x_max, y_max in boxes:
            result[y_min:y_max, x_min:x_max] = color
        return result
    # NumPy copies a row of colours faster than it repeats one colour: 190 x 190 x 3 in 15 us instead of 170.
    row = np.empty((image.shape[1], len(values)), dtype=image.dtype)
    row[:] = cv.saturate(np.asarray(values), image.dtype)
    for x_min, y_min, x_max, y_max in boxes:
        result[y_min:y_max, x_min:x_max] = row[: x_max - x_min]
    return result


def _as_it_is(value: float, dtype: Any) -> Any:
    """A value of the dtype; the usual ones without the 4 us that rounding and limiting in NumPy take."""
    if dtype == cv.FLOAT32 or (dtype == cv.UINT8 and 0.0 <= value <= 255.0 and value.is_integer()):
        return value
    return cv.saturate(np.asarray([value]), dtype)[0]


def _inside(holes: Array, shape: tuple[int, ...]) -> list[list[int]]:
    """The holes as lists of integers, limited to the image; without those of which nothing is left."""
    height, width = shape[:2]
    found: list[list[int]] = []
    for hole in np.asarray(holes).tolist():
        x_min, y_min, x_max, y_max = hole
        if not (0 <= x_min < x_max <= width and 0 <= y_min < y_max <= height):
            x_min, y_min, x_max, y_max = max(x_min, 0), max(y_min, 0), min(x_max, width), min(y_max, height)
            if x_min >= x_max or y_min >= y_max:
                continue
            hole = [x_min, y_min, x_max, y_max]
        found.append(hole)
    return found


def _randomized(image: Array, boxes: list[list[int]], seed: int, *, one_color: bool) -> Array:
    result = np.array(image, order="C")
    generator = np.random.Generator(np.random.SFC64(seed))
    holes = [result[y_min:y_max, x_min:x_max] for x_min, y_min, x_max, y_max in boxes]
    sizes = [cv.channels(image) if one_color else hole.size for hole in holes]
    values = _values(generator, sum(sizes), image.dtype)  # at once: a draw costs 5 us however small
    start = 0
    for hole, size in zip(holes, sizes):
        drawn = values[start : start + size]
        hole[...] = drawn.reshape(image.shape[2:] if one_color else hole.shape)
        start += size
    return result


def _values(generator: "np.random.Generator", count: int, dtype: Any) -> Array:
    """Random values from 0 to white."""
    if dtype == cv.UINT8:
        raw = np.asarray(generator.bit_generator.random_raw(-(-count // 8)), dtype=np.uint64)
        return raw.view(np.uint8)[:count]
    if dtype.kind == "b":
        return np.asarray(generator.random(count) < 0.5)
    if dtype.kind in "iu":
        return np.asarray(generator.integers(0, np.iinfo(dtype).max, size=count, dtype=dtype, endpoint=True))
    return np.asarray(generator.random(count)).astype(dtype)


def _inpainted(image: Array, boxes: list[list[int]], method: int) -> Array:
    if image.dtype != cv.UINT8 or cv.channels(image) not in (1, 3):
        raise ValueError(
            f"inpainting takes uint8 images with 1 or 3 channels, not {image.dtype} with {cv.channels(image)}"
        )
    mask = np.zeros(image.shape[:2], dtype=np.uint8)
    for x_min, y_min, x_max, y_max in boxes:
        mask[y_min:y_max, x_min:x_max] = 255
    return cv.like(cv2.inpaint(cv.contiguous(image), mask, _INPAINT_RADIUS, method), image)
