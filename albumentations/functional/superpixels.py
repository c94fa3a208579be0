"""Superpixels: an image cut into patches of similar color, some of them painted in their mean."""

from functools import lru_cache

import cv2
import numpy as np

from . import blend, cv, warp

Array = np.ndarray

# Color differences count as much as distances of one cell when they reach this (CIELAB units; the usual compactness).
_COMPACTNESS = 10.0
# Patches stop moving visibly after so many rounds.
_ROUNDS = 5


def superpixels(
    image: Array,
    *,
    p_replace: float,
    n_segments: int,
    seed: int,
    max_size: int = 0,
    interpolation: int = cv2.INTER_LINEAR,
) -> Array:
    """Paint superpixels in their mean color: each of about `n_segments` with probability `p_replace`.

    If the longer side exceeds `max_size` pixels (0: no limit), the image is made so small first and enlarged again at
    the end, both with `interpolation`, an OpenCV flag: what is not painted then loses its details too. Where no
    superpixel is painted the image stays as it is, a copy. Any channels, any dtype. 3 ms at 256 x 256 x 3 with 100
    segments and `max_size` 128. Raises ValueError for a probability outside [0, 1] or less than 1 segment.
    """
    if not 0 <= p_replace <= 1 or n_segments < 1 or max_size < 0:
        raise ValueError(
            "superpixels: needs p_replace in [0, 1], n_segments >= 1 and max_size >= 0,"
            f" got {p_replace}, {n_segments} and {max_size}"
        )
    rows, columns = _grid(_small_size(image.shape, max_size), n_segments)
    painted = blend.random_uniform(seed, (rows * columns,)) < p_replace
    if not painted.any():
        return image.copy(order="C")
    size = _small_size(image.shape, max_size)
    small = image if size == image.shape[:2] else warp.resize(image, size=size, interpolation=interpolation)
    labels = segments(small, n_segments=n_segments)
    result = _painted(small, labels, painted)
    return result if small is image else warp.resize(result, size=image.shape[:2], interpolation=interpolation)


def _small_size(shape: tuple[int, ...], max_size: int) -> tuple[int, int]:
    height, width = shape[:2]
    scale = max_size / max(height, width)
    if not max_size or scale >= 1:
        return height, width
    return max(1, round(height * scale)), max(1, round(width * scale))


def _painted(image: Array, labels: Array, painted: Array) -> Array:
    flat = labels.reshape(-1)
    sizes = np.maximum(np.bincount(flat, minlength=len(painted)), 1)
    pixels = image.reshape(flat.size, -1)
    result = np.array(pixels, order="C")
    chosen = np.flatnonzero(painted[flat])
    for channel in range(pixels.shape[1]):
        plane = pixels[:, channel].astype(np.float64)
        means = np.bincount(flat, weights=plane, minlength=len(painted)) / sizes
        result[chosen, channel] = cv.saturate(means, image.dtype)[flat[chosen]]
    return result.reshape(image.shape)


def _grid(size: tuple[int, int], n_segments: int) -> tuple[int, int]:
    """Rows and columns of nearly square cells, about `n_segments` in all."""
    side = np.sqrt(size[0] * size[1] / n_segments)
    cells = [-(-length // max(1, round(length / side))) for length in size]  # pixels
    return -(-size[0] // cells[0]), -(-size[1] // cells[1])


def segments(image: Array, *, n_segments: int) -> Array:
    """Cut an image into about `n_segments` patches of similar color: labels `(H, W)`, int64, from 0.

    k-means over color and place with centers that start on a grid, where each pixel chooses among the 9 centers around
    its cell (SLIC: Achanta et al., 2012). Colors are CIELAB for RGB; other channels count as 100 from black to white.
    Pieces smaller than half a cell join a neighbor, unless they are the largest of their patch. A label may be missing.
    """
    height, width = image.shape[:2]
    rows, columns = _grid((height, width), n_segments)
    tall, wide = -(-height // rows), -(-width // columns)
    cells = _cells(_lab(image), rows, columns)
    around = _neighbors(rows, columns)
    centers = cells.mean(axis=3).reshape(rows * columns, -1)
    totals = np.empty((rows, columns, 9, centers.shape[1]), np.float32)
    for _ in range(_ROUNDS):
        for row, weights, total in zip(cells, _weights(centers)[around], totals):  # a row stays in the cache
            scores = np.matmul(weights, row)
            chosen = (scores == scores.min(axis=1)[:, None]).astype(np.float32)
            np.matmul(chosen, row.transpose(0, 2, 1), out=total)
        columns_of_sums = totals.reshape(around.size, -1).T
        sums = np.stack([np.bincount(around.ravel(), c, len(centers)) for c in columns_of_sums], axis=1)
        found = sums[:, -1] > 0
        centers[found] = sums[found] / sums[found, -1:]
    labels = _nearest(np.matmul(_weights(centers)[around], cells), around)
    labels = labels.reshape(rows, columns, tall, wide).transpose(0, 2, 1, 3)
    labels = np.ascontiguousarray(labels.reshape(rows * tall, columns * wide)[:height, :width])
    return _without_specks(labels, tall * wide // 2)


def _cells(colors: Array, rows: int, columns: int) -> Array:
    """Features of pixels by cells, `(rows, columns, features, pixels of a cell)`: colors, y, x, and 1.

    The last counts pixels and takes up constants. Cells that reach beyond the image repeat its last pixels.
    """
    height, width, count = colors.shape
    tall, wide = -(-height // rows), -(-width // columns)
    padded = np.pad(colors, ((0, rows * tall - height), (0, columns * wide - width), (0, 0)), mode="edge")
    cells = np.empty((rows, columns, count + 3, tall, wide), np.float32)
    by_cells = padded.reshape(rows, tall, columns, wide, count).transpose(0, 2, 4, 1, 3)
    np.multiply(by_cells, np.float32(1 / _COMPACTNESS), out=cells[:, :, :count])
    side = np.sqrt(tall * wide)
    cells[:, :, count] = (np.arange(rows * tall) / side).reshape(rows, 1, tall, 1)
    cells[:, :, count + 1] = (np.arange(columns * wide) / side).reshape(columns, 1, wide)
    cells[:, :, count + 2] = 1
    return cells.reshape(rows, columns, count + 3, tall * wide)


def _weights(centers: Array) -> Array:
    """What features are multiplied by to give the squared distance to each center, but for what all centers share."""
    weights = centers * np.float32(-2)
    weights[:, -1] = np.square(centers[:, :-1]).sum(axis=1)
    return weights


def _nearest(scores: Array, around: Array) -> Array:
    """The label of the smallest of 9 scores `(rows, columns, 9, pixels)`; a third of the time of argmin."""
    least = scores[:, :, 0].copy()
    labels = np.empty(least.shape, np.int64)
    labels[:] = around[:, :, :1]
    for i in range(1, 9):
        np.copyto(labels, around[:, :, i, None], where=scores[:, :, i] < least)
        np.minimum(least, scores[:, :, i], out=least)
    return labels


def _without_specks(labels: Array, smallest: int) -> Array:
    """Give pieces of less than `smallest` pixels, except the largest of each label, the nearest label that stays."""
    height, width = labels.shape
    # Pixels on even places, joined by the odd places between two of the same label.
    joints = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)
    joints[::2, ::2] = 1
    joints[::2, 1::2] = labels[:, 1:] == labels[:, :-1]
    joints[1::2, ::2] = labels[1:] == labels[:-1]
    pieces = cv2.connectedComponents(joints, connectivity=4)[1][::2, ::2]
    sizes = np.bincount(pieces.reshape(-1))
    owners = np.zeros(len(sizes), labels.dtype)
    owners[pieces] = labels
    largest = np.zeros(int(labels.max()) + 1, sizes.dtype)
    np.maximum.at(largest, owners, sizes)
    specks = ((sizes < smallest) & (sizes < largest[owners]))[pieces]
    if not specks.any():
        return labels
    nearest = cv2.distanceTransformWithLabels(specks.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)[
        1
    ]
    # It numbers the pixels that are no specks; a speck gets the number of the one nearest to it.
    table = np.empty(int(nearest.max()) + 1, labels.dtype)
    table[nearest[~specks]] = labels[~specks]
    return table[nearest]


def _lab(image: Array) -> Array:
    values = image.reshape(*image.shape[:2], -1)
    floats = (values * cv.working(image.dtype)(1 / cv.white(image.dtype))).astype(np.float32, copy=False)
    floats = np.clip(floats, 0, 1)
    if floats.shape[2] == 3:
        return cv2.cvtColor(floats, cv2.COLOR_RGB2LAB)
    floats *= np.float32(100 / np.sqrt(max(1, floats.shape[2] / 3)))
    return floats


@lru_cache(maxsize=32)
def _neighbors(rows: int, columns: int) -> Array:
    """The labels `(rows, columns, 9)` of the cells around each cell, itself first; the nearest for those outside."""
    order = ((0, 0), (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
    y, x = np.mgrid[:rows, :columns]
    return np.stack(
        [np.clip(y + dy, 0, rows - 1) * columns + np.clip(x + dx, 0, columns - 1) for dy, dx in order], axis=2
    )
