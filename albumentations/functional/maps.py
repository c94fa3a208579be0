"""Dense maps: for every output pixel, where in the input it is read: two float32 arrays `(H, W)`, x and y of centres.

A map gathers, so points go the other way: `invert_points` finds the output place that reads a given input place.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from . import cv, warp

Array = np.ndarray
Maps = tuple[Array, Array]

# Fields are blurred on a grid coarse enough to leave at least this sigma, then enlarged linearly. At 3 the correlation
# of neighbours is 0.97, so that straight lines between them are off by less than 1 % of the deviation.
_COARSE_SIGMA = 3.0
# Above this sigma so many values are averaged that noise of any shape turns out normal, and random bytes will do:
# 0.28 ms instead of 1.26 for two fields of 256 x 256.
_SHAPELESS_SIGMA = 2.0
_CLOSE = 0.01  # pixels: where the search for a preimage ends
_STEPS = 6
_STRIDE = 8  # of the nodes that are looked at first when the search from the point itself has failed


def identity(height: int, width: int) -> Maps:
    """The map that reads every pixel from its own place."""
    return _spread(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))


def _spread(row: Array, column: Array) -> Maps:
    map_x = np.empty((len(column), len(row)), dtype=np.float32)
    map_y = np.empty_like(map_x)
    map_x[:] = row
    map_y[:] = column[:, None]
    return map_x, map_y


def remap(
    image: Array,
    *,
    map_x: Array,
    map_y: Array,
    interpolation: int = cv2.INTER_LINEAR,
    border_mode: int = cv2.BORDER_CONSTANT,
    fill: cv.Fill = 0,
) -> Array:
    """Read every output pixel where a map says: the result has the height and width of the maps (float32, contiguous).

    Any dtype and channel count; the other arguments are those of `warp.warp`. Nearest-neighbour never computes a value.
    Beyond OpenCV's 32766 pixels a side it is made in tiles.
    """
    mode = warp.warp_mode(interpolation, border_mode)

    def call(part: Array, value: tuple[float, ...]) -> Array:
        if max(*part.shape[:2], *map_x.shape) > warp.LARGEST:
            size = (map_x.shape[0], map_x.shape[1])
            places: warp.Places = lambda rows, columns: (map_x[rows, columns], map_y[rows, columns])  # noqa: E731
            return warp.in_tiles(part, size=size, places=places, mode=mode, border_mode=border_mode, fill=value)
        return cv2.remap(part, map_x, map_y, mode, borderMode=border_mode, borderValue=value)

    return warp.sampled(call, warp.doubled(image, border_mode=border_mode), interpolation=mode, fill=fill)


def elastic(
    height: int,
    width: int,
    *,
    alpha: float,
    sigma: float,
    seed: int,
    approximate: bool = False,
    same_dxdy: bool = False,
    distribution: str = "gaussian",
) -> Maps:
    """The map of an elastic deformation (Simard, Steinkraus and Platt, 2003): blurred noise, times `alpha`, in pixels.

    The noise is standard normal ("gaussian") or uniform in (-1, 1) ("uniform"), a function of `seed`; `sigma` is the
    blur in pixels; `approximate` blurs with a 17 x 17 kernel whatever sigma is; `same_dxdy` moves x and y alike. From
    sigma 6 on the noise lives on a coarser grid, with the same deviation and correlation length (sigma 50 at 256 x 256:
    0.14 ms). Raises ValueError for another distribution.
    """
    if distribution not in ("gaussian", "uniform"):
        raise ValueError(f"distribution must be 'gaussian' or 'uniform', not {distribution!r}")
    generator = cv.generator(seed)
    if approximate:
        grid, sigmas, gain = (height, width), (sigma, sigma), 1.0
    else:
        grid, sigmas, gain = _coarse(height, width, sigma)
    planes = []
    for _ in range(1 if same_dxdy else 2):
        noise = _noise(generator, grid, gain * alpha, distribution == "gaussian", exact=sigma < _SHAPELESS_SIGMA)
        planes.append(_blurred(noise, sigmas, approximate))
    shifts = [cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR) for plane in planes]
    columns, rows = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    return shifts[0] + columns, shifts[-1] + rows


def _coarse(height: int, width: int, sigma: float) -> tuple[tuple[int, int], tuple[float, float], float]:
    """The grid on which to blur, its sigmas (y, x), and what to multiply the noise by.

    White noise averaged over a cell of fy x fx pixels has 1 / sqrt(fy fx) of its deviation. Linear enlarging then
    loses a little between the nodes: with the neighbours' correlation r the mean variance is (2 + r) / 3 an axis.
    """
    cell = max(int(sigma / _COARSE_SIGMA), 1)
    grid = tuple(max(-(-side // cell), 1) for side in (height, width))
    sigmas = tuple(sigma * nodes / side for nodes, side in zip(grid, (height, width)))
    gain = 1.0
    for nodes, side, spread in zip(grid, (height, width), sigmas):
        if nodes < side:
            gain *= math.sqrt(nodes / side * 3.0 / (2.0 + math.exp(-0.25 / spread**2)))
    return (grid[0], grid[1]), (sigmas[0], sigmas[1]), gain


def _noise(
    generator: "np.random.Generator", grid: tuple[int, int], gain: float, gaussian: bool, *, exact: bool
) -> Array:
    count = grid[0] * grid[1]
    if gaussian and exact:
        return generator.standard_normal(grid, dtype=np.float32) * np.float32(gain)
    raw = np.asarray(generator.bit_generator.random_raw(-(-count // 8)), dtype=np.uint64)
    values = raw.view(np.uint8)[:count].reshape(grid).astype(np.float32)
    # 256 equal steps from -255 to 255: variance (256^2 - 1) / 3; that of uniform(-1, 1) is 1 / 3.
    scale = gain * (math.sqrt(3.0) if gaussian else 1.0) / math.sqrt(65535.0)
    result: Array = (values - np.float32(127.5)) * np.float32(2.0 * scale)
    return result


def _blurred(noise: Array, sigmas: tuple[float, float], approximate: bool) -> Array:
    if approximate:
        return cv2.GaussianBlur(noise, (17, 17), sigmas[0]) if sigmas[0] > 0 else noise
    # A kernel of one value for sigma 0: OpenCV would choose a sigma of its own.
    rows, columns = (cv2.getGaussianKernel(2 * int(4.0 * s + 0.5) + 1, max(s, 1e-3), cv2.CV_32F) for s in sigmas)
    return cv2.sepFilter2D(noise, cv2.CV_32F, columns, rows, borderType=cv2.BORDER_REFLECT)


def grid_distortion(height: int, width: int, *, x_steps: Sequence[float], y_steps: Sequence[float]) -> Maps:
    """The map that stretches the columns and rows of a grid.

    `x_steps` are n + 1 relative widths around 1.0. The output is cut into cells of `width // n` pixels; cell i shows a
    stretch of the input `x_steps[i]` times as wide, each beginning where the one before ends. What is left over when n
    does not divide the width is a last cell that ends with the image. The same for `y_steps` and rows. All ones are the
    identity. Raises ValueError for less than two steps.
    """
    return _spread(_stretched(width, x_steps), _stretched(height, y_steps))


def _stretched(side: int, steps: Sequence[float]) -> Array:
    count = len(steps) - 1
    if count < 1:
        raise ValueError(f"grid_distortion needs at least two steps an axis, not {list(steps)}")
    cell = max(side // count, 1)
    whole = min(side // cell, count + 1)
    edges = np.arange(whole + 1, dtype=np.float64) * cell
    sources = np.concatenate(((0.0,), np.cumsum(np.asarray(steps[:whole], dtype=np.float64)) * cell))
    rest = side - edges[-1]
    if rest > 0.0:
        # To the end of the input; past it already, on at the last pace, so that the map never turns back.
        end = side if sources[-1] < side else sources[-1] + rest * steps[whole - 1]
        edges, sources = np.append(edges, side), np.append(sources, end)
    return (np.interp(np.arange(side) + 0.5, edges, sources) - 0.5).astype(np.float32)


def camera(height: int, width: int, *, k: float, dx: float = 0, dy: float = 0) -> Maps:
    """The map of a lens with radial distortion (Brown, 1966): r' = r (1 + k r^2 + k r^4), moved on by dx, dy pixels.

    r is measured from the centre of the image, in widths along x and heights along y. k = 0 is the identity (the
    classic map reads half a pixel right of it and below).
    """
    square, x, y = _squared_radius(height, width, 1.0 / width, 1.0 / height)
    factor = square * np.float32(k)
    factor *= square + np.float32(1.0)
    return _stretched_by(factor, x, y, dx, dy)


def fisheye(height: int, width: int, *, k: float) -> Maps:
    """The map of a bulge: r' = r (1 + k r^2), r being measured from the centre of the image and 1 at its corners."""
    scale = 2.0 / math.hypot(width, height)
    square, x, y = _squared_radius(height, width, scale, scale)
    square *= np.float32(k)
    return _stretched_by(square, x, y, 0.0, 0.0)


def _squared_radius(height: int, width: int, scale_x: float, scale_y: float) -> tuple[Array, Array, Array]:
    """Scaled squared distance from the centre (H, W), and the distances in pixels along x (W,) and y (H, 1)."""
    x = np.arange(width, dtype=np.float32) - np.float32((width - 1) * 0.5)
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32((height - 1) * 0.5)
    return (x * np.float32(scale_x)) ** 2 + (y * np.float32(scale_y)) ** 2, x, y


def _stretched_by(excess: Array, x: Array, y: Array, dx: float, dy: float) -> Maps:
    """The map that reads (1 + excess) times as far from the centre, and dx, dy pixels on."""
    map_x, map_y = x * excess, y * excess
    map_x += np.arange(len(x), dtype=np.float32) + np.float32(dx)
    map_y += np.arange(len(y), dtype=np.float32)[:, None] + np.float32(dy)
    return map_x, map_y


def invert_points(points: Array, *, map_x: Array, map_y: Array) -> Array:
    """Where the output shows points of the input, both `(N, 2)` of x, y in pixel centres, to within a pixel.

    Points that no output pixel shows become NaN. Where a folded map shows a point twice, one place is returned.
    """
    return invert_with_jacobian(points, map_x=map_x, map_y=map_y)[0]


def invert_with_jacobian(points: Array, *, map_x: Array, map_y: Array) -> tuple[Array, Array]:
    """`invert_points`, and the local motion there: `(N, 2, 2)`, d(output x, y) / d(input x, y); NaN like the points."""
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    points = np.where(np.isfinite(points), points, 1e9)  # nowhere
    map_x, map_y = _widened(map_x, map_y)
    height, width = map_x.shape
    found, slopes, distance = _newton(points, points, map_x, map_y)
    lost = ~(distance < _CLOSE)
    if lost.any():
        again, slopes_again, distance_again = _searched(points[lost], map_x, map_y)
        found[lost], slopes[:, lost], distance[lost] = again, slopes_again, distance_again
    a, b, c, d = slopes
    determinant = a * d - b * c
    determinant = np.where(np.abs(determinant) < 1e-3, 1e-3, determinant)
    jacobians = np.stack((d, -b, -c, a), axis=1).reshape(-1, 2, 2) / determinant[:, None, None]
    x, y = found.T
    # Within a pixel of what the output shows, and inside the outer edges of its pixels.
    seen = (distance < 1.0) & (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    found[~seen], jacobians[~seen] = np.nan, np.nan
    return found, jacobians


def beyond(points: Array, *, map_x: Array, map_y: Array) -> Array:
    """Where points that the output does not show lie outside of it, both `(N, 2)`: the map goes on past its edge by its
    last displacement.

    A point is looked for straight out of every border pixel, and in the quarter out of every corner. Where the map has
    a tear and none meets it, it is put beside the nearest. Points that are not finite stay as they are.
    """
    result = np.array(points, dtype=np.float64)
    height, width = map_x.shape
    edge = np.zeros((height, width), dtype=bool)
    edge[[0, -1]], edge[:, [0, -1]] = True, True
    y, x = np.nonzero(edge)
    place, read = np.stack((x, y), axis=1), np.stack((map_x[edge], map_y[edge]), axis=1)
    last = np.array((width - 1, height - 1))
    for i in np.flatnonzero(np.isfinite(result).all(axis=1)).tolist():  # 60 us a point at 256 x 256
        miss = result[i] - read
        away = np.where(place == 0, np.minimum(miss, 0.0), 0.0) + np.where(place == last, np.maximum(miss, 0.0), 0.0)
        rest = np.hypot(*(miss - away).T)
        best = rest.argmin()
        found = place[best] + (miss if rest[best] < 1.0 else away)[best]
        if ((found > -1.0) & (found < last + 1)).all():  # it is not seen, so it must not lie in the frame
            low, high = place[best] == 0, place[best] == last
            axis = np.where(low | high, np.abs(away[best]), -1.0).argmax()
            found[axis] = -1.0 if low[axis] else last[axis] + 1.0
        result[i] = found
    return result


def _widened(map_x: Array, map_y: Array) -> Maps:
    """Maps of at least 2 x 2, a single column or row going on at the pace of the identity, so that slopes exist."""
    if map_x.shape[1] == 1:
        map_x, map_y = np.concatenate((map_x, map_x + 1), axis=1), np.concatenate((map_y, map_y), axis=1)
    if map_x.shape[0] == 1:
        map_x, map_y = np.concatenate((map_x, map_x), axis=0), np.concatenate((map_y, map_y + 1), axis=0)
    return np.ascontiguousarray(map_x), np.ascontiguousarray(map_y)


def _newton(points: Array, start: Array, map_x: Array, map_y: Array) -> tuple[Array, Array, Array]:
    """Solve map(q) = point from a start, the map being bilinear between pixels and going straight on outside.

    Returns q (N, 2), the map's slopes (4, N) as xx, xy, yx, yy and the distance from map(q) to the point (N,).
    """
    height, width = map_x.shape
    flat_x, flat_y = map_x.ravel(), map_y.ravel()
    corners = np.array(((0,), (1,), (width,), (width + 1,)))
    last = np.array(((width - 2.0,), (height - 2.0,)))
    target, place = points.T, start.T
    for step in range(_STEPS):
        cell = np.floor(np.minimum(np.maximum(place, 0.0), last))
        s, t = place - cell
        index = (cell[1] * width + cell[0]).astype(np.intp) + corners
        # x in the first row, y in the second: half the NumPy calls, of which this costs 20 a step.
        first, right, below, across = np.array((flat_x[index], flat_y[index]), dtype=np.float64).swapaxes(0, 1)
        along, down = right - first, below - first
        twist = across - right - down
        slope_x, slope_y = along + twist * t, down + twist * s
        miss = target - (first + along * s + slope_y * t)
        distance = np.hypot(miss[0], miss[1])
        if step == _STEPS - 1 or not (distance >= _CLOSE).any():
            break
        determinant = slope_x[0] * slope_y[1] - slope_y[0] * slope_x[1]
        flat = np.abs(determinant) < 1e-3  # at a fold: step by the displacement itself
        move = np.array((slope_y[1] * miss[0] - slope_y[0] * miss[1], slope_x[0] * miss[1] - slope_x[1] * miss[0]))
        move = np.where(flat, miss, move / np.where(flat, 1.0, determinant))
        place = np.minimum(np.maximum(place + move, -1.0), last + 2.0)
    return place.T.copy(), np.array((slope_x[0], slope_y[0], slope_x[1], slope_y[1])), distance


def _searched(points: Array, map_x: Array, map_y: Array) -> tuple[Array, Array, Array]:
    """As `_newton`, from the nearest pixel: that of every eighth first, then of all around it."""
    height, width = map_x.shape
    nodes_x, nodes_y = map_x[::_STRIDE, ::_STRIDE].ravel(), map_y[::_STRIDE, ::_STRIDE].ravel()
    x, y = points[:, 0:1], points[:, 1:2]
    row, column = np.divmod(((nodes_x - x) ** 2 + (nodes_y - y) ** 2).argmin(axis=1), -(-width // _STRIDE))
    around = np.arange(-_STRIDE, _STRIDE + 1)
    rows = np.clip(row[:, None] * _STRIDE + around, 0, height - 1)
    columns = np.clip(column[:, None] * _STRIDE + around, 0, width - 1)
    index = (rows[:, :, None] * width + columns[:, None, :]).reshape(len(points), -1)
    square = (map_x.ravel()[index] - x) ** 2 + (map_y.ravel()[index] - y) ** 2
    best = square.argmin(axis=1)
    pixel = index[np.arange(len(points)), best]
    start = np.stack((pixel % width, pixel // width), axis=1).astype(np.float64)
    found, slopes, distance = _newton(points, start, map_x, map_y)
    # Where the map jumps there is nothing to solve, and the pixel itself is the answer.
    near = np.sqrt(square.min(axis=1))
    stuck = ~(distance < np.minimum(near, 1.0))
    found[stuck], distance[stuck] = start[stuck], near[stuck]
    return found, slopes, distance
