"""Maps from a few nodes: a grid of places whose reading is given, and a smooth or bilinear surface between them.

The nodes of a grid of `rows` x `columns` lie at even distances from the first pixel centre to the last one, both
included. A map is two float32 arrays `(H, W)`, as everywhere (`maps.py`).
"""

from functools import lru_cache

import cv2
import numpy as np

from . import cv, maps

Array = np.ndarray
Maps = tuple[Array, Array]

# Splines are evaluated at places this many pixels apart, or a tenth of the way between control points if that is less.
# Catmull-Rom between the places is then a hundredth of the control points' moves off at most, in a tenth of the time.
_CELL = 8
_PLACES = 10
_TINY = np.float32(1e-20)  # the logarithm of zero is not needed: it is multiplied by zero


def nodes(height: int, width: int, *, rows: int, columns: int) -> Maps:
    """Where the nodes of a grid lie: x and y in pixels, two float64 arrays `(rows, columns)`.

    Raises ValueError for less than two rows or columns.
    """
    if rows < 2 or columns < 2:
        raise ValueError(f"a grid needs at least 2 rows and 2 columns of nodes, not {rows} and {columns}")
    x, y = np.meshgrid(np.linspace(0.0, width - 1.0, columns), np.linspace(0.0, height - 1.0, rows))
    return x, y


def normal_moves(rows: int, columns: int, *, seed: int) -> Array:
    """Standard normal numbers for x and y of every node, `(2, rows, columns)`: a function of `seed`."""
    return cv.generator(seed).standard_normal((2, rows, columns))


def whole_moves(rows: int, columns: int, *, reach: int, seed: int) -> Array:
    """Whole numbers from `-reach` to `reach`, all as likely, `(2, rows, columns)`: a function of `seed`."""
    generator = cv.generator(seed)
    return generator.integers(-reach, reach, (2, rows, columns), endpoint=True)


def bilinear(height: int, width: int, *, node_x: Array, node_y: Array) -> Maps:
    """The map that reads the nodes of a grid from given places, and bilinearly between them.

    `node_x`, `node_y`: `(rows, columns)` of pixels in the input. `nodes` gives the identity. 256 x 256 with 4 x 4
    nodes: 70 us.
    """
    rows, columns = node_x.shape
    down, across = _hats(height, rows), _hats(width, columns).T
    x, y = nodes(height, width, rows=rows, columns=columns)
    map_x, map_y = maps.identity(height, width)
    # Only what the nodes are off is interpolated: where they are not, the identity is exact.
    map_x += _product(down, node_x - x, across)
    map_y += _product(down, node_y - y, across)
    return map_x, map_y


def _product(down: Array, values: Array, across: Array) -> Array:
    # Widening first: the long product then has rows of the image's width.
    result: Array = down @ (np.asarray(values, dtype=np.float32) @ across)
    return result


@lru_cache(maxsize=16)
def _hats(side: int, count: int) -> Array:
    """Weights of the nodes at every pixel, `(side, count)`: the straight line between the two nearest."""
    if side == 1:  # all nodes lie on the one pixel; the first and the last share it
        weights = np.zeros((1, count), dtype=np.float32)
        weights[0, 0] = weights[0, -1] = 0.5
        return weights
    place = np.arange(side) * ((count - 1) / (side - 1))
    return np.maximum(1.0 - np.abs(place[:, None] - np.arange(count)), 0.0).astype(np.float32)


def piecewise_affine(height: int, width: int, *, moves_x: Array, moves_y: Array) -> Maps:
    """The map that reads every node of a grid some way off, limited to the image, and bilinearly between nodes.

    `moves_x`, `moves_y`: `(rows, columns)` in pixels. Nothing outside of the image is ever read. Two triangles a cell,
    as the name has it, have the same nodes and edges; which diagonal cuts a cell of a regular grid is arbitrary, and
    the bilinear surface lies between both.
    """
    x, y = nodes(height, width, rows=moves_x.shape[0], columns=moves_x.shape[1])
    return bilinear(
        height,
        width,
        node_x=np.clip(x + moves_x, 0.0, width - 1.0),
        node_y=np.clip(y + moves_y, 0.0, height - 1.0),
    )


def elastic_grid(height: int, width: int, *, moves_x: Array, moves_y: Array) -> Maps:
    """The map that carries the inner nodes of a grid to places nearby; the frame of the image stays where it is.

    `moves_x`, `moves_y`: `(rows - 1, columns - 1)` in pixels, for `rows` x `columns` cells: the content at an inner
    node appears so far to the right and below. Exact at the nodes while moves are small against the cells.
    """
    x, y = nodes(height, width, rows=moves_x.shape[0] + 2, columns=moves_x.shape[1] + 2)
    x[1:-1, 1:-1] -= moves_x
    y[1:-1, 1:-1] -= moves_y
    return bilinear(height, width, node_x=x, node_y=y)


def thin_plate(height: int, width: int, *, moves_x: Array, moves_y: Array) -> Maps:
    """The map of a thin plate spline (Duchon, 1976; Bookstein, 1989) through the nodes of a grid.

    `moves_x`, `moves_y`: `(rows, columns)` fractions of the image's width and height. The control points lie at even
    distances from edge to edge; the output reads each of them so far off, and a surface of least bending between them.
    Larger images are evaluated on cells of 8 pixels and interpolated by Catmull-Rom: 0.15 ms at 256 x 256 with 4 x 4
    control points. Raises ValueError for less than two rows or columns.
    """
    rows, columns = moves_x.shape
    weights, affine, control = _spline(rows, columns, np.stack((moves_x, moves_y), axis=-1).reshape(-1, 2))
    cell_x, cell_y = _cell(width, columns), _cell(height, rows)
    across, down = _places(width, cell_x), _places(height, cell_y)
    u, v = ((across + 0.5) / width).astype(np.float32), ((down + 0.5) / height).astype(np.float32)
    shift = _bent(u, v, weights, affine, control)
    if cell_x > 1:
        shift = shift @ _catmull_rom(width, cell_x).T
    if cell_y > 1:
        shift = _catmull_rom(height, cell_y) @ shift
    map_x, map_y = maps.identity(height, width)
    map_x += shift[0] * np.float32(width)
    map_y += shift[1] * np.float32(height)
    return map_x, map_y


def _radial(square: Array) -> Array:
    """r^2 log r^2 of squared distances in float32: cv2.log takes a tenth of the time of np.log."""
    square = np.maximum(square, _TINY)
    return square * cv2.log(square)


def _spline(rows: int, columns: int, moves: Array) -> tuple[Array, Array, Array]:
    """Weights (N, 2) of the control points, affine part (3, 2) and places (N, 2) of the spline that takes `moves`."""
    if rows < 2 or columns < 2:
        raise ValueError(f"a thin plate spline needs at least 2 rows and 2 columns of nodes, not {rows} and {columns}")
    control, inverse = _solved(rows, columns)
    solution = inverse @ moves
    return solution[:-3].astype(np.float32), solution[-3:].astype(np.float32), control


@lru_cache(maxsize=16)
def _solved(rows: int, columns: int) -> tuple[Array, Array]:
    """Control points (N, 2) in [0, 1], and the matrix that makes weights and affine part of their moves."""
    x, y = np.meshgrid(np.linspace(0.0, 1.0, columns), np.linspace(0.0, 1.0, rows))
    control = np.stack((x.ravel(), y.ravel()), axis=1)
    count = len(control)
    system = np.zeros((count + 3, count + 3))
    square = ((control[:, None] - control[None]) ** 2).sum(axis=2)
    system[:count, :count] = square * np.log(np.maximum(square, float(_TINY)))
    system[:count, count] = system[count, :count] = 1.0
    system[:count, count + 1 :] = control
    system[count + 1 :, :count] = control.T
    return control.astype(np.float32), np.linalg.inv(system)[:, :count]


def _bent(u: Array, v: Array, weights: Array, affine: Array, control: Array) -> Array:
    """The spline's two values (2, V, U) over the places u x v."""
    square = ((v[:, None] - control[:, 1]) ** 2)[:, None, :] + ((u[:, None] - control[:, 0]) ** 2)[None]
    bent = _radial(square.reshape(-1, len(control))) @ weights
    result = np.ascontiguousarray(bent.T).reshape(2, len(v), len(u))
    result += affine[0][:, None, None] + affine[1][:, None, None] * u + affine[2][:, None, None] * v[:, None]
    return result


def _cell(side: int, count: int) -> int:
    return min(max(side // (_PLACES * (count - 1)), 1), _CELL)


def _places(side: int, cell: int) -> Array:
    """Pixels at which a spline is evaluated: all, or one a cell, one before the first and two beyond the last."""
    return np.arange(side) if cell == 1 else (np.arange(-(-side // cell) + 3) - 1) * cell


@lru_cache(maxsize=16)
def _catmull_rom(side: int, cell: int) -> Array:
    """Weights of the evaluated places at every pixel (Catmull and Rom, 1974): they reproduce straight lines."""
    weights = np.zeros((side, len(_places(side, cell))), dtype=np.float32)
    pixel = np.arange(side)
    node, t = pixel // cell, (pixel % cell) / cell
    cubics = (
        ((2.0 - t) * t - 1.0) * t * 0.5,
        ((3.0 * t - 5.0) * t * t + 2.0) * 0.5,
        ((4.0 - 3.0 * t) * t + 1.0) * t * 0.5,
        (t - 1.0) * t * t * 0.5,
    )
    for step, weight in enumerate(cubics):
        weights[pixel, node + step] = weight
    return weights
