"""Tiles: an image cut into the cells of a grid that change places, and regular rows of holes.

A grid is `(rows, columns)`; cells are counted row by row. Sides that do not divide evenly give cells that differ by a
pixel. Only cells of the same size may change places, so every value arrives bit for bit.
"""

from collections import defaultdict
from functools import lru_cache

import numpy as np

from . import cv

Array = np.ndarray
Grid = tuple[int, int]
Box = tuple[int, int, int, int]


def cuts(side: int, *, count: int) -> Array:
    """The `count + 1` edges of cells along a side, first 0 and last `side`; no more cells than pixels.

    Raises ValueError for less than one cell.
    """
    if count < 1:
        raise ValueError(f"a side cannot be cut into {count} cells")
    count = min(count, side)
    return np.arange(count + 1) * side // count


def cells(height: int, width: int, *, grid: Grid) -> Array:
    """The cells of a grid as boxes `(N, 4)` of x_min, y_min, x_max, y_max in pixels, row by row."""
    return np.array(_cells(height, width, *grid), dtype=np.int64)


@lru_cache(maxsize=16)
def _cells(height: int, width: int, rows: int, columns: int) -> tuple[Box, ...]:
    y, x = cuts(height, count=rows).tolist(), cuts(width, count=columns).tolist()
    return tuple((left, top, right, low) for top, low in zip(y, y[1:]) for left, right in zip(x, x[1:]))


def _size(cell: Box) -> Grid:
    return cell[3] - cell[1], cell[2] - cell[0]


def permutation(height: int, width: int, *, grid: Grid, seed: int) -> list[int]:
    """Which cell each place shows after shuffling, a function of `seed`: uniform among cells of the same size."""
    places = _cells(height, width, *grid)
    groups = defaultdict(list)
    for index, cell in enumerate(places):
        groups[_size(cell)].append(index)
    generator = cv.generator(seed)
    order = [0] * len(places)
    for members in groups.values():
        for place, shown in zip(members, generator.permutation(members).tolist()):
            order[place] = shown
    return order


def shuffle(image: Array, *, grid: Grid, order: list[int]) -> Array:
    """Show cell `order[i]` at place i. Any dtype, `(H, W)` or `(H, W, C)`.

    Raises ValueError for an order that is no permutation of the cells, or puts a cell where another size is needed.
    """
    places = _checked(image.shape[0], image.shape[1], grid, order)
    result = np.empty(image.shape, dtype=image.dtype)
    for (left, top, right, bottom), shown in zip(places, order):
        x_min, y_min, x_max, y_max = places[shown]
        result[top:bottom, left:right] = image[y_min:y_max, x_min:x_max]
    return result


def _checked(height: int, width: int, grid: Grid, order: list[int]) -> tuple[Box, ...]:
    places = _cells(height, width, *grid)
    if sorted(order) != list(range(len(places))):
        raise ValueError(f"order must be a permutation of {len(places)} cells, not {order}")
    if any(_size(place) != _size(places[shown]) for place, shown in zip(places, order)):
        raise ValueError(f"order {order} puts a cell where one of another size is needed")
    return places


def _shifts(places: tuple[Box, ...], order: list[int]) -> Array:
    """How far the content of every cell travels, `(N, 2)` of x, y."""
    corners = np.array(places)[:, :2]
    result = np.empty_like(corners)
    result[order] = corners - corners[order]
    return result


def shuffle_keypoints(keypoints: Array, *, height: int, width: int, grid: Grid, order: list[int]) -> Array:
    """Move keypoints `(N, 2 + extra)` of x, y with the cells that they lie in; outside of the image they stay.

    A pixel's centre and what follows it up to the next one are its own, as in `keypoints.in_holes`.
    """
    places = _checked(height, width, grid, order)
    result = np.array(keypoints, dtype=np.float64)
    x, y = result[:, 0], result[:, 1]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    row = np.searchsorted(cuts(height, count=grid[0]), y[inside], side="right") - 1
    columns = cuts(width, count=grid[1])
    column = np.searchsorted(columns, x[inside], side="right") - 1
    result[inside, :2] += _shifts(places, order)[row * (len(columns) - 1) + column]
    return result


def shuffle_boxes(boxes: Array, *, height: int, width: int, grid: Grid, order: list[int]) -> tuple[Array, Array]:
    """What becomes of boxes `(N, 4 + extra)`: the pieces that the cells cut them into, moved.

    Pieces of one box that touch along an edge or at a corner stay together: each such group gives one box around it.
    Returns the boxes `(M, 4 + extra)` and for each the index `(M,)` of the one that it comes from, in order.
    """
    shifts = np.tile(_shifts(_checked(height, width, grid, order), order), 2)
    places = cells(height, width, grid=grid)
    boxes = np.asarray(boxes, dtype=np.float64)
    found, origin = [], []
    for index, box in enumerate(boxes[:, :4]):
        pieces = np.concatenate((np.maximum(places[:, :2], box[:2]), np.minimum(places[:, 2:], box[2:])), axis=1)
        seen = (pieces[:, 0] < pieces[:, 2]) & (pieces[:, 1] < pieces[:, 3])
        for group in _touching(pieces[seen] + shifts[seen]):
            found.append(np.concatenate((group[:, :2].min(axis=0), group[:, 2:].max(axis=0), boxes[index, 4:])))
            origin.append(index)
    return np.array(found).reshape(-1, boxes.shape[1]), np.array(origin, dtype=np.intp)


def _touching(pieces: Array) -> list[Array]:
    """Boxes `(K, 4)` in groups that hang together."""
    touch = (pieces[:, None, :2] <= pieces[None, :, 2:]).all(axis=2)
    touch &= touch.T
    groups, left = [], np.ones(len(pieces), dtype=bool)
    while left.any():
        group = np.zeros(len(pieces), dtype=bool)
        group[left.argmax()] = True
        while True:
            grown = touch[group].any(axis=0)
            if (grown == group).all():
                break
            group = grown
        groups.append(pieces[group])
        left &= ~group
    return groups


def lattice(height: int, width: int, *, unit: Grid, hole: Grid, start: Grid) -> Array:
    """Regular holes: one of `hole` (height, width) in every `unit`, the first at `start` (y, x), all in pixels.

    Returns `(N, 4)` of x_min, y_min, x_max, y_max, limited to the image. Holes before `start` are not drawn.
    Raises ValueError for units below 1.
    """
    if min(unit) < 1:
        raise ValueError(f"units must be at least 1 x 1 pixels, not {unit}")
    x, y = np.arange(start[1], width, unit[1]), np.arange(start[0], height, unit[0])
    top, left = (edges.ravel() for edges in np.meshgrid(y, x, indexing="ij"))
    holes = np.stack((left, top, np.minimum(left + hole[1], width), np.minimum(top + hole[0], height)), axis=1)
    return holes[(holes[:, 0] < holes[:, 2]) & (holes[:, 1] < holes[:, 3])]


def fill_lattice(image: Array, *, unit: Grid, hole: Grid, start: Grid, fill: cv.Fill = 0) -> Array:
    """`holes.fill` of `lattice` with numbers, in a few strided assignments: 9 us for 64 holes instead of 31.

    `fill`: a number or one a channel, in the image's units. `start` must not be negative.
    """
    if min(unit) < 1 or min(start) < 0:
        raise ValueError(f"units must be at least 1 x 1 pixels, and start not negative: {unit}, {start}")
    result = np.array(image, order="C")
    values = cv.scalar(fill, cv.channels(image))
    color = cv.saturate(np.asarray(values), image.dtype)
    height, width = image.shape[0] - start[0], image.shape[1] - start[1]
    if height <= 0 or width <= 0 or min(hole) <= 0:
        return result
    part = result.reshape(*image.shape[:2], -1)[start[0] :, start[1] :]
    step_y, step_x, step = part.strides
    # One row of a hole, whose values lie side by side: NumPy repeats a row in a tenth of the time of a colour.
    row = np.tile(color, min(hole[1], unit[1]))
    # Whole units through one view; those cut at the right and at the bottom through views of their own.
    for first_y, count_y, unit_y in _spans(height, unit[0]):
        for first_x, count_x, unit_x in _spans(width, unit[1]):
            painted = min(hole[1], unit_x) * len(color)
            view = np.lib.stride_tricks.as_strided(
                part[first_y:, first_x:],
                (count_y, min(hole[0], unit_y), count_x, painted),
                (step_y * unit[0], step_y, step_x * unit[1], step),
            )
            view[...] = row[:painted]
    return result


def _spans(side: int, unit: int) -> list[tuple[int, int, int]]:
    """First pixel, number of units and pixels a unit: of the whole units, and of the one that is cut."""
    whole = side // unit
    spans = [(0, whole, unit)] if whole else []
    return spans + ([(whole * unit, 1, side - whole * unit)] if side > whole * unit else [])
