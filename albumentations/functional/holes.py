"""Holes: rectangles of the image, or any of its pixels, filled with a colour, noise, or what surrounds them."""

from collections.abc import Sequence
from typing import Any, Optional, Union

import cv2
import numpy as np

from . import cv

Array = np.ndarray

_INPAINT = {"inpaint_telea": cv2.INPAINT_TELEA, "inpaint_ns": cv2.INPAINT_NS}
_INPAINT_RADIUS = 3  # pixels
_PIXEL_BYTES = 127  # what OpenCV 5 takes as channels


def fill(image: Array, *, holes: Array, fill: Union[cv.Fill, str] = 0, seed: int = 0) -> Array:
    """Copy an image and fill holes in it.

    `image`: any dtype, `(H, W)` or `(H, W, C)`. `holes`: integers `(M, 4)` of x_min, y_min, x_max, y_max in pixels, the
    maxima exclusive, what leaves the image being ignored; or bool `(H, W)`, True where a hole is. `fill`: a number or
    one a channel, in the image's units; "random" draws every value of every pixel, "random_uniform" one colour a hole
    (one for all pixels of a bool array), both from 0 to white (a function of `seed`); "inpaint_telea" and "inpaint_ns"
    continue the surroundings (uint8 with 1 or 3 channels).
    Raises ValueError for other words, for what cannot be inpainted, and for a bool array of another size.
    """
    if isinstance(fill, str) and fill not in _INPAINT and fill not in ("random", "random_uniform"):
        raise ValueError(f"fill must be numbers, 'random', 'random_uniform' or {sorted(_INPAINT)}, not {fill!r}")
    if is_region(holes):
        return _fill_region(image, holes, fill, seed)
    boxes = _inside(holes, image.shape)
    if isinstance(fill, str):
        if fill in _INPAINT:
            mask = np.zeros(image.shape[:2], dtype=np.uint8)
            for x_min, y_min, x_max, y_max in boxes:
                mask[y_min:y_max, x_min:x_max] = 255
            return _inpainted(image, mask, _INPAINT[fill])
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
    generator = cv.generator(seed)
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


def random_color(count: int, dtype: Any, *, seed: int) -> Array:
    """A value for each of `count` channels, from 0 to white of the dtype; a function of `seed`."""
    return _values(cv.generator(seed), count, np.dtype(dtype))


def _inpainted(image: Array, mask: Array, method: int) -> Array:
    if image.dtype != cv.UINT8 or cv.channels(image) not in (1, 3):
        raise ValueError(
            f"inpainting takes uint8 images with 1 or 3 channels, not {image.dtype} with {cv.channels(image)}"
        )
    return cv.like(cv2.inpaint(cv.contiguous(image), mask, _INPAINT_RADIUS, method), image)


def is_region(holes: Array) -> bool:
    """Whether holes are given pixel by pixel, as a bool array, and not as rectangles."""
    return isinstance(holes, np.ndarray) and holes.dtype == bool


def _fill_region(image: Array, region: Array, fill: Union[cv.Fill, str], seed: int) -> Array:
    if region.shape != image.shape[:2]:
        raise ValueError(f"holes are given for {region.shape} pixels, the image has {image.shape[:2]}")
    if isinstance(fill, str) and fill in _INPAINT:
        return _inpainted(image, cv.contiguous(region).view(np.uint8), _INPAINT[fill])
    result = np.array(image, order="C")
    count = cv.channels(image)
    if isinstance(fill, str) and fill == "random":
        generator = cv.generator(seed)
        pixels = int(np.count_nonzero(region))
        result[region] = _values(generator, pixels * count, image.dtype).reshape(pixels, *image.shape[2:])
        return result
    if isinstance(fill, str):
        color = random_color(count, image.dtype, seed=seed)
    else:
        color = cv.saturate(np.asarray(cv.scalar(fill, count)), image.dtype)
    if count * image.itemsize <= _PIXEL_BYTES:
        _paint(result, region, np.tile(color, image.shape[1]))
        return result
    result[region] = color if image.ndim == 3 else color[0]
    return result


def _paint(result: Array, where: Array, row: Array) -> None:
    """Copy one row into every row of the result where a bool array `(H, N)` says so, in place.

    N counts pixels or single values: they travel as bytes. cv2.copyTo takes 20 us at 256 x 256 x 3, NumPy's own
    assignment 300 and more.
    """
    height, count = where.shape
    target = result.reshape(height, count, -1).view(np.uint8)
    source = np.broadcast_to(row.view(np.uint8).reshape(1, count, -1), target.shape)
    cv2.copyTo(np.ascontiguousarray(source), cv.contiguous(where).view(np.uint8), target)


def scattered(height: int, width: int, *, share: float, seed: int, channels: Optional[int] = None) -> Array:
    """Random pixels, each with a probability `share` on its own: bool `(H, W)`, or `(H, W, channels)`.

    A function of `seed`; the probability is a multiple of 2^-16, rounded. Raises ValueError outside of [0, 1].
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"share must lie in [0, 1], not {share}")
    shape = (height, width) if channels is None else (height, width, channels)
    count = int(np.prod(shape))
    raw = np.asarray(cv.generator(seed).bit_generator.random_raw(-(-count // 4)), dtype="<u8").view("<u2")[:count]
    level = round(share * 65536)
    drawn = raw < level if level < 65536 else np.ones(count, dtype=bool)
    return np.asarray(drawn.reshape(shape))


def replace(image: Array, *, where: Array, values: cv.Fill) -> Array:
    """Copy an image with single values replaced: `where` is bool of the image's own shape (PixelDropout per channel).

    `values`: a number or one a channel, in the image's units. Raises ValueError for another shape.
    """
    if where.shape != image.shape:
        raise ValueError(f"where has the shape {where.shape}, the image {image.shape}")
    color = cv.saturate(np.asarray(cv.scalar(values, cv.channels(image))), image.dtype)
    result = np.array(image, order="C")
    _paint(result, where.reshape(len(image), -1), np.tile(color, image.shape[1]))
    return result


def components(mask: Array) -> tuple[Array, int]:
    """The separate objects of a mask: int32 `(H, W)` of 1 to N, 0 where the mask is 0, and N.

    An object is all pixels of one value that hang together along edges or at corners. `mask`: `(H, W)` or `(H, W, 1)`
    of any dtype. Raises ValueError for more channels.
    """
    if mask.ndim == 3 and mask.shape[2] != 1:
        raise ValueError(f"objects are looked for in a mask of one channel, not {mask.shape[2]}")
    plane = mask.reshape(mask.shape[:2])
    result, total = np.zeros(plane.shape, dtype=np.int32), 0
    for value in np.unique(plane).tolist():
        if value != 0:
            count, labels = cv2.connectedComponents(np.ascontiguousarray(plane == value).view(np.uint8), connectivity=8)
            result = np.where(labels > 0, labels + total, result)
            total += count - 1
    return result, total


def picked(labels: Array, *, numbers: Sequence[int]) -> Array:
    """The region, bool `(H, W)`, of the objects with these numbers among `labels` of `components`."""
    return np.isin(labels, list(numbers))


def rectangle(height: int, width: int, *, share: float, ratio: float, fractions: tuple[float, float]) -> Array:
    """One hole `(1, 4)` of a share of the image's area and a ratio of width to height (Zhong et al., 2020).

    `fractions` (x, y) in [0, 1] say where. `(0, 4)` where so much does not fit into the image.
    """
    area = share * height * width
    rows, columns = round((area / ratio) ** 0.5), round((area * ratio) ** 0.5)
    if not (0 < rows <= height and 0 < columns <= width):
        return np.zeros((0, 4), dtype=np.int64)
    x = min(int(fractions[0] * (width - columns + 1)), width - columns)
    y = min(int(fractions[1] * (height - rows + 1)), height - rows)
    return np.array(((x, y, x + columns, y + rows),), dtype=np.int64)


def stripes(height: int, width: int, *, vertical: Array, horizontal: Array) -> Array:
    """Holes `(N, 4)` over the whole height or width (Park et al., 2019): `(K, 2)` each of a length and a fraction.

    Vertical stripes are `length` pixels wide; the fraction in [0, 1] says where between the edges. Lengths beyond the
    image are all of it.
    """
    found = []
    for length, place in np.asarray(vertical, dtype=np.float64).reshape(-1, 2).tolist():
        columns = min(int(length), width)
        x = min(int(place * (width - columns + 1)), width - columns)
        found.append((x, 0, x + columns, height))
    for length, place in np.asarray(horizontal, dtype=np.float64).reshape(-1, 2).tolist():
        rows = min(int(length), height)
        y = min(int(place * (height - rows + 1)), height - rows)
        found.append((0, y, width, y + rows))
    return np.array(found, dtype=np.int64).reshape(-1, 4)


def centered(height: int, width: int, *, centers: Array, sizes: Array) -> Array:
    """Holes `(N, 4)` of `sizes` (height, width) around `centers` (x, y), `(N, 2)` whole pixels each, cut by the image.

    The classic squares of Cutout (DeVries and Taylor, 2017): near the edges less than the whole is seen.
    """
    centers, sizes = (
        np.asarray(centers, dtype=np.int64).reshape(-1, 2),
        np.asarray(sizes, dtype=np.int64).reshape(-1, 2),
    )
    start = centers - sizes[:, ::-1] // 2
    low, high = np.clip(start, 0, (width, height)), np.clip(start + sizes[:, ::-1], 0, (width, height))
    return np.concatenate((low, high), axis=1)


def within(*, boxes: Array, sides: Array, fractions: Array) -> Array:
    """One hole inside of each box: `(N, 4)` whole pixels.

    `boxes` `(N, 4 + extra)` in pixels, `sides` `(N, 2)` the hole's height and width as shares of the box's, at least a
    pixel each; `fractions` `(N, 2)` of x and y in [0, 1] say where. A box of less than a pixel holds a hole of one.
    """
    boxes = np.asarray(boxes, dtype=np.float64)
    low, high = np.ceil(boxes[:, :2] - 1e-9), np.floor(boxes[:, 2:4] + 1e-9)
    low = np.where(high > low, low, np.floor(boxes[:, :2]))
    room = np.maximum(high - low, 1.0)
    size = np.clip(np.floor((boxes[:, 2:4] - boxes[:, :2]) * np.asarray(sides)[:, ::-1] + 1e-9), 1.0, room)
    start = low + np.minimum(np.floor(np.asarray(fractions) * (room - size + 1.0)), room - size)
    return np.concatenate((start, start + size), axis=1).astype(np.int64)


def on_mask(region: Array, *, sides: Array, fractions: Array) -> Array:
    """Holes around pixels of a region, bool `(H, W)`: `(N, 4)`, cut by the image; none where the region is empty.

    `sides` `(N, 2)`: height and width as shares of the square root of the region's area, at least a pixel; `fractions`
    `(N,)` in [0, 1] say which of its pixels are the centres.
    """
    pixels = np.flatnonzero(region)
    if not len(pixels):
        return np.zeros((0, 4), dtype=np.int64)
    chosen = pixels[np.minimum((np.asarray(fractions) * len(pixels)).astype(np.int64), len(pixels) - 1)]
    y, x = np.divmod(chosen, region.shape[1])
    sizes = np.maximum((np.asarray(sides) * len(pixels) ** 0.5).astype(np.int64), 1)
    return centered(*region.shape, centers=np.stack((x, y), axis=1), sizes=sizes)
