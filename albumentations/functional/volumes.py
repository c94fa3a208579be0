"""Volumes `(D, H, W)` or `(D, H, W, C)`: the symmetries of a cube, crops, pads and holes, value by value.

Keypoints are `(N, 5 + extra)` of x, y, z, angle, scale as everywhere; z counts along the first axis. Boxes in space
are six numbers z_min, y_min, x_min, z_max, y_max, x_max in voxels, the maxima exclusive.
"""

import cv2
import numpy as np

from . import cv, keypoints, moves

Array = np.ndarray
Size = tuple[int, int, int]

_NONE: Size = (0, 0, 0)

# What the three axes of the result show: z, y or x of the volume, a capital where it runs backwards. The first 24 are
# the rotations, the others their mirror images along x; the numbers are those of 2.0.8 (measured).
CUBIC_ELEMENTS: tuple[str, ...] = (
    *("zyx", "zXy", "zYX", "zxY", "ZyX", "Zxy", "ZYx", "ZXY", "Xyz", "YXz", "xYz", "yxz", "xyZ", "YxZ", "XYZ", "yXZ"),
    *("Yzx", "XzY", "yzX", "xzy", "yZx", "XZy", "YZX", "xZY", "zyX", "zxy", "zYx", "zXY", "Zyx", "ZXy", "ZYX", "ZxY"),
    *("xyz", "Yxz", "XYz", "yXz", "XyZ", "YXZ", "xYZ", "yxZ", "YzX", "xzY", "yzx", "Xzy", "yZX", "xZy", "YZx", "XZY"),
)


def _parts(element: int) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """Which axis of the volume each axis of the result shows, and whether backwards. ValueError for no element."""
    if not 0 <= element < len(CUBIC_ELEMENTS):
        raise ValueError(f"element must lie in [0, {len(CUBIC_ELEMENTS) - 1}], not {element!r}")
    name = CUBIC_ELEMENTS[element]
    return tuple("zyx".index(letter.lower()) for letter in name), tuple(letter.isupper() for letter in name)


def cubic(volume: Array, *, element: int) -> Array:
    """Apply one of the 48 symmetries of a cube, by its number in `CUBIC_ELEMENTS`; 0 is a copy.

    Any dtype; the sides change places with the axes. Raises ValueError for another number.
    """
    axes, backwards = _parts(element)
    if axes[2] == 2:
        return _rows_moved(volume, axes[:2], backwards)
    if axes[0] != 2 and volume.dtype == cv.FLOAT32 and volume.shape[3:] in ((), (3,)) and volume.flags.c_contiguous:
        # Voxels of many bytes are moved once, where others cross the cache twice (96 x 96 x 96: 510 -> 280 us).
        return _slices_turned(volume, axes[0], backwards)
    # Rows stay rows for NumPy, which moves them whole; the turn that makes columns of them is a flat transpose.
    if axes[2] == 0:
        volume = np.ascontiguousarray(volume.swapaxes(0, 1))
    first, last, width = volume.shape[:3]
    flat = cv.contiguous(volume).reshape(first * last, width, *volume.shape[3:])
    turned = moves.transpose(flat).reshape(width, first, last, *volume.shape[3:])  # axes x, then the other, the last
    return _rows_moved(turned, (0, 1) if axes[0] == 2 else (1, 0), backwards)


def _rows_moved(volume: Array, order: tuple[int, ...], backwards: tuple[bool, ...]) -> Array:
    """The first two axes in an order, each of the three axes backwards or not."""
    steps = tuple(slice(None, None, -1 if back else 1) for back in backwards[:2])
    rows = volume.swapaxes(0, 1) if order[0] == 1 else volume
    rows = rows[steps]
    if not backwards[2]:
        return np.array(rows, order="C")
    shape = rows.shape
    flat = np.ascontiguousarray(rows).reshape(shape[0] * shape[1], *shape[2:])
    return moves.hflip(flat).reshape(shape)


def _slices_turned(volume: Array, axis: int, backwards: tuple[bool, ...]) -> Array:
    """Slices along z or y (axis 0 or 1), forwards or backwards, each transposed with its axes backwards or not."""
    slices = volume.swapaxes(0, axis)
    result = np.empty((slices.shape[0], slices.shape[2], slices.shape[1], *slices.shape[3:]), volume.dtype)
    for target, one in zip(result, slices[::-1] if backwards[0] else slices):
        if backwards[1] != backwards[2]:
            cv2.rotate(one, cv2.ROTATE_90_COUNTERCLOCKWISE if backwards[1] else cv2.ROTATE_90_CLOCKWISE, target)
        elif backwards[1]:
            cv2.flip(cv2.transpose(one), -1, target)
        else:
            cv2.transpose(one, target)
    return result


def cubic_then(first: int, second: int) -> int:
    """The element that does what `first` and then `second` do."""
    (axes, back), (axes_2, back_2) = _parts(first), _parts(second)
    letters = ("zyx"[axes[k]] for k in axes_2)
    mirrored = (back[k] != flipped for k, flipped in zip(axes_2, back_2))
    return CUBIC_ELEMENTS.index("".join(c.upper() if m else c for c, m in zip(letters, mirrored)))


def cubic_inverse(element: int) -> int:
    """The element that undoes another."""
    axes, backwards = _parts(element)
    places = [axes.index(k) for k in range(3)]
    return CUBIC_ELEMENTS.index("".join("zyx"[k].upper() if backwards[k] else "zyx"[k] for k in places))


def cubic_keypoints(points: Array, *, shape: Size, element: int) -> Array:
    """Move keypoints under `cubic` of a volume of `shape` (D, H, W).

    Angles lie in the plane of x and y: they follow where the symmetry keeps that plane, and stay as they are elsewhere.
    """
    axes, backwards = _parts(element)
    result = np.array(points, dtype=np.float64)
    old = np.asarray(points, dtype=np.float64)[:, 2::-1]  # z, y, x
    for place, (axis, back) in enumerate(zip(axes, backwards)):
        result[:, 2 - place] = shape[axis] - 1.0 - old[:, axis] if back else old[:, axis]
    if axes[0] == 0:
        plane = np.eye(3)
        plane[:2, :2] = 0.0
        for place, column in ((2, 0), (1, 1)):
            plane[column, 0 if axes[place] == 2 else 1] = -1.0 if backwards[place] else 1.0
        result[:, 3:5] = keypoints.transform(points, matrix=plane)[:, 3:5]
    return result


def crop(
    volume: Array, *, start: Size, size: Size, before: Size = _NONE, after: Size = _NONE, fill: cv.Fill = 0
) -> Array:
    """Copy `size` (D, H, W) voxels from `start` (z, y, x) on, of the volume as `pad` would pad it, which is not done.

    Any dtype. Raises ValueError for what is not there.
    """
    (z, y, x), (depth, height, width), sides = start, size, volume.shape[:3]
    if before == after == _NONE and min(start) >= 0 and min(size) >= 1:  # 3 us instead of 10
        inside = volume[z : z + depth, y : y + height, x : x + width]
        if inside.shape[:3] == (depth, height, width):
            return inside.copy()
    for first, count, b, side, a in zip(start, size, before, sides, after):
        if first < 0 or count < 1 or first + count > b + side + a or b < 0 or a < 0:
            padded = f" padded by {before} and {after}" if any(before) or any(after) else ""
            raise ValueError(f"cannot crop {size} voxels at {start} from a volume of {sides}{padded}")
    begin = [first - b for first, b in zip(start, before)]
    inside = volume[tuple(slice(max(first, 0), max(first + count, 0)) for first, count in zip(begin, size))]
    result = np.empty((*size, *volume.shape[3:]), dtype=volume.dtype)
    color = _row(volume, size[2], fill)
    # Six slabs: those along z take whole slices, each further pair only what is left.
    place: list[slice] = []
    for axis, (first, side) in enumerate(zip(begin, inside.shape)):
        low = min(max(-first, 0), size[axis])
        for slab in (slice(0, low), slice(low + side, size[axis])):
            slices = (*place, slab)
            target = result[slices]
            if target.size:
                target[...] = color if color.ndim == 0 else color[: target.shape[2]]
        place.append(slice(low, low + side))
    result[tuple(place)] = inside
    return result


def pad(volume: Array, *, before: Size, after: Size, fill: cv.Fill = 0) -> Array:
    """Add voxels around a volume: so many before and after it along z, y, x.

    Any dtype; `fill`: a number or one a channel, in the volume's units. Raises ValueError for negative amounts.
    """
    if min(*before, *after) < 0:
        raise ValueError(f"cannot pad by negative amounts: before {before}, after {after}")
    depth, height, width = (b + side + a for b, side, a in zip(before, volume.shape, after))
    return crop(volume, start=_NONE, size=(depth, height, width), before=before, after=after, fill=fill)


def fill(volume: Array, *, boxes: Array, fill: cv.Fill = 0) -> Array:
    """Copy a volume and fill boxes in it: integers `(M, 6)`; what leaves the volume is ignored.

    Any dtype; `fill`: a number or one a channel, in the volume's units.
    """
    result = np.array(volume, order="C")
    color = _row(volume, volume.shape[2], fill)
    for low, high in np.maximum(np.asarray(boxes, dtype=np.int64).reshape(-1, 2, 3), 0).tolist():
        place = result[tuple(slice(a, b) for a, b in zip(low, high))]
        place[...] = color if color.ndim == 0 else color[: place.shape[2]]
    return result


def _row(volume: Array, width: int, fill: cv.Fill) -> Array:
    """What fills voxels: one value, or a row of colors. NumPy repeats a row ten times faster than a color."""
    values = cv.scalar(fill, volume.shape[3] if volume.ndim == 4 else 1)
    color = cv.saturate(np.asarray(values), volume.dtype)
    if values.count(values[0]) == len(values):
        return np.asarray(color[0])
    row = np.empty((width, len(values)), dtype=volume.dtype)
    row[:] = color
    return row


def in_boxes(points: Array, *, boxes: Array) -> Array:
    """Which keypoints lie in any of the boxes `(M, 6)`: a bool mask `(N,)` of low <= place < high on all axes."""
    places = np.asarray(points, dtype=np.float64)[:, None, 2::-1]
    limits = np.asarray(boxes).reshape(-1, 6)
    above, below = np.all(places >= limits[:, :3], axis=2), np.all(places < limits[:, 3:], axis=2)
    return np.asarray(np.any(above & below, axis=1))


def shifted(points: Array, *, by: Size) -> Array:
    """Keypoints moved by whole voxels (z, y, x): `before` of a pad, minus `start` of a crop."""
    result = np.array(points, dtype=np.float64)
    result[:, :3] += by[::-1]
    return result
