"""Keypoints under geometry: float64 arrays `(N, 5 + extra)` of x, y, z, angle, scale in pixel-centre coordinates.

The angle is in radians, of the direction (cos a, sin a) in image coordinates, y down. z and the columns after the fifth
are carried along untouched; N may be 0; a kernel returns a new array.
"""

import math
from typing import Optional, Union

import numpy as np

from . import maps
from .holes import is_region

Array = np.ndarray
Slope = Union[float, np.ndarray]

_TURN = 2.0 * math.pi


def transform(keypoints: Array, *, matrix: Array) -> Array:
    """Move keypoints by a 3 x 3 matrix (input to output, pixel centres).

    The direction goes through the local Jacobian, so that a horizontal flip makes pi - a of the angle a, and ends in
    [0, 2 pi); the scale is multiplied by the largest stretch. Flips, quarter turns and shifts add no rounding to x, y.
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    result = np.array(keypoints, dtype=np.float64)
    x, y = result[:, 0].copy(), result[:, 1].copy()
    a, b, c, d, e, f, g, h, i = matrix.ravel().tolist()
    if g != 0.0 or h != 0.0:
        # At and behind the horizon of a perspective there is no image: such points end up far outside.
        depth = np.maximum(g * x + h * y + i, 1e-6)
        new_x, new_y = (a * x + b * y + c) / depth, (d * x + e * y + f) / depth
        result[:, 0], result[:, 1] = new_x, new_y
        # The quotient rule: d(u / w) = (du - (u / w) dw) / w.
        slopes = [(a - new_x * g), (b - new_x * h), (d - new_y * g), (e - new_y * h)]
        _turn(result, *(slope / depth for slope in slopes))
        return result
    if i != 1.0:
        a, b, c, d, e, f = a / i, b / i, c / i, d / i, e / i, f / i
    result[:, 0] = a * x + b * y + c
    result[:, 1] = d * x + e * y + f
    if (a, b, d, e) != (1.0, 0.0, 0.0, 1.0):
        _turn(result, a, b, d, e)
    return result


def _turn(keypoints: Array, a: Slope, b: Slope, d: Slope, e: Slope) -> None:
    """Move angles and scales, in place, by the Jacobian ((a, b), (d, e)): four numbers or four arrays (N,)."""
    angle = keypoints[:, 3]
    cos, sin = np.cos(angle), np.sin(angle)
    angle = np.arctan2(d * cos + e * sin, a * cos + b * sin) % _TURN
    keypoints[:, 3] = np.where(angle >= _TURN, 0.0, angle)  # -1e-17 % 2 pi is 2 pi
    if isinstance(a, float) and b == 0.0 and d == 0.0:
        keypoints[:, 4] *= max(abs(a), abs(float(e)))
    elif isinstance(b, float) and a == 0.0 and e == 0.0:
        keypoints[:, 4] *= max(abs(b), abs(float(d)))
    else:
        # The larger singular value of a 2 x 2 matrix: the turning part plus the mirroring part.
        keypoints[:, 4] *= 0.5 * (np.hypot(a + e, d - b) + np.hypot(a - e, b + d))


def remap(keypoints: Array, *, map_x: Array, map_y: Array) -> Array:
    """Move keypoints under a dense map (`maps.py`): to where the output reads them, to within a pixel.

    Angle and scale follow the map's local Jacobian. Keypoints that the output does not show lie outside of it, where
    the map going on by its last displacement has them, with their angle and scale as they were.
    """
    result = np.array(keypoints, dtype=np.float64)
    if not len(result):
        return result
    points, jacobians = maps.invert_with_jacobian(result[:, :2], map_x=map_x, map_y=map_y)
    result[:, :2] = points
    seen = ~np.isnan(points[:, 0])
    local = jacobians[seen]
    moved = result[seen]
    _turn(moved, local[:, 0, 0], local[:, 0, 1], local[:, 1, 0], local[:, 1, 1])
    result[seen] = moved
    if not seen.all():
        result[~seen, :2] = maps.beyond(np.asarray(keypoints, dtype=np.float64)[~seen, :2], map_x=map_x, map_y=map_y)
    return result


def in_frame(keypoints: Array, *, height: int, width: int, depth: Optional[int] = None) -> Array:
    """Which keypoints lie in a frame: a bool mask `(N,)` of -1 < x < width and -1 < y < height. NaN does not.

    In a volume of a `depth` also -1 < z < depth.

    The classic frame is 0 <= x < W. A flip takes x to W - 1 - x, and so the last pixel's outer half to (-1, 0): this is
    the frame that keeps under flips whatever it accepts. For whole pixels both are the same.
    """
    x, y = keypoints[:, 0], keypoints[:, 1]
    mask: Array = (x > -1.0) & (x < width) & (y > -1.0) & (y < height)
    if depth is not None:
        mask &= (keypoints[:, 2] > -1.0) & (keypoints[:, 2] < depth)
    return mask


def in_holes(keypoints: Array, *, holes: Array) -> Array:
    """Which keypoints lie in any of the holes `(M, 4)`, x_min, y_min, x_max, y_max in pixels: a bool mask `(N,)`.

    Holes may also be bool `(H, W)`, True where one is. A pixel's centre and what follows it up to the next one are its
    own: x_min <= x < x_max.
    """
    holes = np.asarray(holes)
    if is_region(holes):
        return _in_region(keypoints[:, 0], keypoints[:, 1], holes)
    x, y = keypoints[:, 0:1], keypoints[:, 1:2]
    inside: Array = (x >= holes[:, 0]) & (x < holes[:, 2]) & (y >= holes[:, 1]) & (y < holes[:, 3])
    return np.asarray(inside.any(axis=1))


def _in_region(x: Array, y: Array, region: Array) -> Array:
    result = (x >= 0.0) & (x < region.shape[1]) & (y >= 0.0) & (y < region.shape[0])
    result[result] = region[y[result].astype(np.intp), x[result].astype(np.intp)]
    return np.asarray(result)
