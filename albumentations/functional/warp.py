"""Warps: 3 x 3 matrices that say where pixels go, and the one call that moves an image by such a matrix.

Matrices are float64, map input to output, and speak of pixel centres: `(x, y, 1)` columns, y down. `edges` turns one
into the same motion of box edges.
"""

import math
from collections.abc import Sequence
from typing import Any, Callable

import cv2
import numpy as np

from . import cv

Array = np.ndarray

# OpenCV 5 warps and remaps three channels linearly in 1.2 to 2 times the time of four, with identical bytes. In 4.8 and
# 4.11 four channels cost as much (uint8: 652 and 673 us) or more (float32: 578 and 737).
_WIDEN = int(cv2.__version__.split(".")[0]) >= 5
# From five channels on OpenCV takes them all in one loop: 100 channels at 256 x 256 in one call cost 0.5 ms nearest and
# 5.5 ms linear, in 25 calls of four 24 ms. It stops at 128 (5.0) or 512 (4.8); a multiple of 4 keeps `fill` in step.
_MANY = 124
# What nearest-neighbour travels as, by bytes a value. OpenCV 5 has a sharper routine for uint8, uint16 and float32 with
# 1, 3 or 4 channels than for the rest (49 of 65536 pixels differ in a rotation), and an int64 mask must not differ from
# its image. From five channels on there is one routine for all.
_SHARP: dict[int, Any] = {1: np.uint8, 2: np.uint16, 4: np.uint8, 8: np.uint16}
_PLAIN: dict[int, Any] = {1: np.uint8, 2: np.uint16, 4: np.int32, 8: np.int32}

_MODES: dict[int, int] = {
    cv2.INTER_NEAREST: cv2.INTER_NEAREST,
    cv2.INTER_NEAREST_EXACT: cv2.INTER_NEAREST,
    cv2.INTER_LINEAR: cv2.INTER_LINEAR,
    cv2.INTER_LINEAR_EXACT: cv2.INTER_LINEAR,
    cv2.INTER_AREA: cv2.INTER_LINEAR,
    cv2.INTER_CUBIC: cv2.INTER_CUBIC,
    cv2.INTER_LANCZOS4: cv2.INTER_LANCZOS4,
}

_INT16 = np.dtype(np.int16)

LARGEST = 32766  # pixels a side that OpenCV's warps and remaps take
_TILE = 2048  # pixels a side of the parts in which larger pictures are made
_REACH = 5  # pixels around a place that an interpolation may look at

Sampler = Callable[[Array, tuple[float, ...]], Array]
Places = Callable[[slice, slice], tuple[Array, Array]]  # rows and columns of the output -> where they are read, float32


def translation(x: float, y: float) -> Array:
    """The matrix that moves everything by `x` pixels to the right and `y` down."""
    return np.array(((1.0, 0.0, x), (0.0, 1.0, y), (0.0, 0.0, 1.0)))


def scaling(x: float, y: float) -> Array:
    """The matrix that multiplies coordinates by `x` and `y`, the centre of the first pixel staying where it is."""
    return np.array(((x, 0.0, 0.0), (0.0, y, 0.0), (0.0, 0.0, 1.0)))


def rotation(angle_degrees: float) -> Array:
    """The matrix that turns counter-clockwise, as seen on the screen, about the origin; exact at quarter turns."""
    quarter = angle_degrees / 90.0
    if quarter == int(quarter):
        cos, sin = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarter) % 4]
    else:
        angle = math.radians(angle_degrees)
        cos, sin = math.cos(angle), math.sin(angle)
    return np.array(((cos, sin, 0.0), (-sin, cos, 0.0), (0.0, 0.0, 1.0)))


def shear(x_degrees: float, y_degrees: float) -> Array:
    """The matrix of `x' = x + tan(x_degrees) y`, `y' = y + tan(y_degrees) x`."""
    x, y = math.tan(math.radians(x_degrees)), math.tan(math.radians(y_degrees))
    return np.array(((1.0, x, 0.0), (y, 1.0, 0.0), (0.0, 0.0, 1.0)))


def about(matrix: Array, *, center: Sequence[float]) -> Array:
    """The same motion with `center` (x, y) in the place of the origin: there, the matrix, and back."""
    x, y = float(center[0]), float(center[1])
    return _conjugate(matrix, x, y)


def edges(matrix: Array) -> Array:
    """The same motion for box edges, which lie half a pixel before the centres: edge `e` is at centre `e - 0.5`."""
    return _conjugate(matrix, 0.5, 0.5)


def _conjugate(matrix: Array, x: float, y: float) -> Array:
    """T(x, y) @ matrix @ T(-x, -y), in the few multiplications it takes."""
    # On Python numbers: 2 us, on nine-element arrays 5.
    (a, b, c), (d, e, f), (g, h, i) = np.asarray(matrix, dtype=np.float64).tolist()
    c, f, i = c - a * x - b * y, f - d * x - e * y, i - g * x - h * y
    return np.array(((a + x * g, b + x * h, c + x * i), (d + y * g, e + y * h, f + y * i), (g, h, i)), dtype=np.float64)


def resize_matrix(height: int, width: int, *, new_height: int, new_width: int) -> Array:
    """The matrix of a resize, between pixel centres: `x' = (x + 0.5) * new_width / width - 0.5`, and so for y."""
    x, y = new_width / width, new_height / height
    return np.array(((x, 0.0, 0.5 * x - 0.5), (0.0, y, 0.5 * y - 0.5), (0.0, 0.0, 1.0)))


def perspective(source: Array, target: Array) -> Array:
    """The matrix that moves four points `source` to `target`, both `(4, 2)` of x, y.

    Raises ValueError if three of the points lie on a line. (cv2.getPerspectiveTransform rounds its input to float32.)
    """
    source, target = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    # Two equations a point: h0 x + h1 y + h2 - h6 x x' - h7 y x' = x', and the same with h3, h4, h5 for y'.
    system = np.zeros((8, 8))
    system[:4, 0:2], system[:4, 2] = source, 1.0
    system[4:, 3:5], system[4:, 5] = source, 1.0
    system[:4, 6:] = -source * target[:, :1]
    system[4:, 6:] = -source * target[:, 1:]
    try:
        values = np.linalg.solve(system, target.T.ravel())
    except np.linalg.LinAlgError:
        raise ValueError("perspective needs four points of which no three lie on a line") from None
    # What is affine up to rounding becomes affine: less than a millionth of a pixel over 10 000 pixels.
    if np.abs(values[6:]).max() < 1e-14:
        values[6:] = 0.0
    return np.append(values, 1.0).reshape(3, 3)


def fit(matrix: Array, *, height: int, width: int) -> tuple[Array, tuple[int, int]]:
    """Shift a matrix, and find the size, so that the whole warped `height` x `width` image is just visible.

    Returns (matrix, (new_height, new_width)). The outer edges of the pixels count; what rounding up adds is shared by
    both sides; a millionth of a pixel is forgiven, so that right angles give exact sizes.
    """
    right, bottom = width - 0.5, height - 0.5
    corners = np.array(((-0.5, right, right, -0.5), (-0.5, -0.5, bottom, bottom), (1.0, 1.0, 1.0, 1.0)))
    moved = np.asarray(matrix, dtype=np.float64) @ corners
    points = moved[:2] / moved[2]
    low, high = points.min(axis=1), points.max(axis=1)
    new_width, new_height = (max(math.ceil(extent - 1e-6), 1) for extent in (high - low))
    shift = (np.array((new_width, new_height)) - 1.0 - low - high) / 2.0
    return translation(float(shift[0]), float(shift[1])) @ matrix, (new_height, new_width)


def inverse(matrix: Array) -> Array:
    """The matrix of the opposite motion; exact for flips, quarter turns and whole shifts.

    Raises ValueError if there is none.
    """
    a, b, c, d, e, f, g, h, i = np.asarray(matrix, dtype=np.float64).ravel().tolist()
    adjugate = np.array(
        (
            (e * i - f * h, c * h - b * i, b * f - c * e),
            (f * g - d * i, a * i - c * g, c * d - a * f),
            (d * h - e * g, b * g - a * h, a * e - b * d),
        )
    )
    determinant = a * adjugate[0, 0] + b * adjugate[1, 0] + c * adjugate[2, 0]
    if determinant == 0.0:
        raise ValueError("a matrix that squeezes the image into a line cannot be warped by")
    return adjugate / determinant + 0.0  # -0.0 becomes 0.0


def warp(
    image: Array,
    *,
    matrix: Array,
    size: tuple[int, int],
    interpolation: int = cv2.INTER_LINEAR,
    border_mode: int = cv2.BORDER_CONSTANT,
    fill: cv.Fill = 0,
) -> Array:
    """Move an image by a matrix (input to output, pixel centres) into a frame of `size` (height, width).

    Any dtype and channel count. `interpolation` and `border_mode` are OpenCV's; INTER_AREA means linear here.
    Nearest-neighbour never computes a value. `fill` (constant border): a number, or one a channel, in the image's
    units. Beyond OpenCV's 32766 pixels a side it is made in tiles. Raises ValueError for a singular matrix.
    """
    back = inverse(matrix)
    image = doubled(image, border_mode=border_mode)
    height, width = size
    mode = warp_mode(interpolation, border_mode)
    flags = mode | cv2.WARP_INVERSE_MAP
    if max(*image.shape[:2], *size) > LARGEST:

        def call(part: Array, value: tuple[float, ...]) -> Array:
            return in_tiles(part, size=size, places=_places(back), mode=mode, border_mode=border_mode, fill=value)

    elif back[2, 0] == 0.0 and back[2, 1] == 0.0:
        affine = back[:2] / back[2, 2]

        def call(part: Array, value: tuple[float, ...]) -> Array:
            return cv2.warpAffine(part, affine, (width, height), None, flags, border_mode, value)

    else:

        def call(part: Array, value: tuple[float, ...]) -> Array:
            return cv2.warpPerspective(part, back, (width, height), None, flags, border_mode, value)

    return sampled(call, image, interpolation=mode, fill=fill)


def _places(back: Array) -> Places:
    """Where a matrix reads, computed tile by tile."""

    def places(rows: slice, columns: slice) -> tuple[Array, Array]:
        x, y = np.arange(columns.start, columns.stop), np.arange(rows.start, rows.stop)[:, None]
        u, v, depth = (row[0] * x + row[1] * y + row[2] for row in back)
        depth = np.where(depth == 0.0, 1e-6, depth)
        return (u / depth).astype(np.float32), (v / depth).astype(np.float32)

    return places


def in_tiles(
    image: Array, *, size: tuple[int, int], places: Places, mode: int, border_mode: int, fill: tuple[float, ...]
) -> Array:
    """cv2.remap for pictures of any size: tiles of the output, each from the window of the image that it reads."""
    height, width = size
    result = np.empty((height, width, *image.shape[2:]), image.dtype)
    tiles = [
        (slice(y, min(y + _TILE, height)), slice(x, min(x + _TILE, width)))
        for y in range(0, height, _TILE)
        for x in range(0, width, _TILE)
    ]
    while tiles:
        rows, columns = tiles.pop()
        map_x, map_y = places(rows, columns)
        if border_mode in (cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE):  # all places so far outside are alike
            map_y, map_x = (np.clip(m, -_REACH, n + _REACH) for m, n in zip((map_y, map_x), image.shape))
        (top, bottom), (left, right) = (
            (int(np.floor(m.min())) - _REACH, int(np.ceil(m.max())) + _REACH + 1) for m in (map_y, map_x)
        )
        if max(bottom - top, right - left) > LARGEST:
            tiles += _halves(rows, columns)
            continue
        window = _window(image, slice(top, bottom), slice(left, right), border_mode, fill)
        shown = result[rows, columns]
        map_x, map_y = map_x - np.float32(left), map_y - np.float32(top)
        shown[:] = cv2.remap(window, map_x, map_y, mode, borderMode=cv2.BORDER_REPLICATE).reshape(shown.shape)
    return result


def _halves(rows: slice, columns: slice) -> list[tuple[slice, slice]]:
    if rows.stop - rows.start > columns.stop - columns.start:
        middle = (rows.start + rows.stop) // 2
        return [(slice(rows.start, middle), columns), (slice(middle, rows.stop), columns)]
    middle = (columns.start + columns.stop) // 2
    return [(rows, slice(columns.start, middle)), (rows, slice(middle, columns.stop))]


def _window(image: Array, rows: slice, columns: slice, border_mode: int, fill: tuple[float, ...]) -> Array:
    """A part of the image that may reach over its border."""
    height, width = image.shape[:2]
    if rows.start >= 0 and columns.start >= 0 and rows.stop <= height and columns.stop <= width:
        return image[rows, columns]
    y, x = np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop)
    window = image[_bordered(y, height, border_mode)][:, _bordered(x, width, border_mode)]
    if border_mode == cv2.BORDER_CONSTANT:
        color = np.resize(fill, window.shape[2:]).astype(image.dtype) if window.ndim > 2 else fill[0]
        window[(y < 0) | (y >= height)] = color
        window[:, (x < 0) | (x >= width)] = color
    return window


def _bordered(index: Array, side: int, border_mode: int) -> Array:
    """Which pixels of a side stand for those of any index."""
    if border_mode == cv2.BORDER_WRAP:
        return index % side
    if border_mode in (cv2.BORDER_REFLECT, cv2.BORDER_REFLECT_101):
        same = int(border_mode == cv2.BORDER_REFLECT)  # whether the last pixel stands twice
        period = max(2 * (side - 1 + same), 1)
        index = index % period
        return np.minimum(index, period - same - index)
    return np.clip(index, 0, side - 1)


def doubled(image: Array, *, border_mode: int) -> Array:
    """The image with sides of one pixel made two where the border is mirrored about the last pixel.

    One line, mirrored so, repeats for ever, and so do two alike; OpenCV 5 never returns from looking for the mirror.
    """
    if border_mode != cv2.BORDER_REFLECT_101 or min(image.shape[:2]) > 1:
        return image
    for axis in (0, 1):
        if image.shape[axis] == 1:
            image = np.repeat(image, 2, axis=axis)
    return image


def warp_mode(interpolation: int, border_mode: int) -> int:
    """OpenCV's interpolation for warps: it has no area there (linear is taken), and one kind of nearest.

    Raises ValueError for codes it does not have: OpenCV takes interpolation 99 for 3, and the border mode "transparent"
    leaves memory as it was found.
    """
    if interpolation not in _MODES or not 0 <= border_mode <= 4:
        raise ValueError(f"cannot warp with interpolation {interpolation} and border_mode {border_mode}")
    return _MODES[interpolation]


def sampled(call: Sampler, image: Array, *, interpolation: int, fill: cv.Fill) -> Array:
    """Run a warp or remap call `(part, four border values) -> part` over an image of any dtype and channel count.

    Nearest-neighbour moves bits; the others compute in the image's dtype or in float32 (float64 for wide integers).
    Raises ValueError for what OpenCV refuses.
    """
    try:
        if interpolation == cv2.INTER_NEAREST:
            return _carried(call, image, fill)
        return _computed(call, image, interpolation, fill)
    except cv2.error as error:
        raise ValueError(f"OpenCV cannot warp an array of {image.shape}, {image.dtype}: {error}") from error


def _computed(call: Sampler, image: Array, interpolation: int, fill: cv.Fill) -> Array:
    if image.dtype == _INT16:
        # Through float32 int16 takes 600 us instead of 785 (OpenCV 5) or 1040 (4.8), and 5.0 is sharper there.
        return cv.saturate(_computed(call, image.astype(np.float32), interpolation, fill), _INT16)
    linear = interpolation == cv2.INTER_LINEAR

    def run(part: Array) -> Array:
        values = cv.scalar(fill, cv.channels(part))
        return _in_parts(call, part, values, many=linear, widen=linear and _WIDEN)

    return cv.interpolated(run, image)


def _carried(call: Sampler, image: Array, fill: cv.Fill) -> Array:
    """Nearest-neighbour: values travel as words of their bits (see _SHARP), so that nothing is rounded."""
    count = cv.channels(image)
    values = cv.scalar(fill, count)
    if image.dtype in (cv.UINT8, cv.FLOAT32):
        return _in_parts(call, image, values, many=True, widen=False)
    if image.dtype.itemsize > 2 and 1 < count <= 4:
        # Plane by plane: 0.2 ms a channel at 256 x 256, where groups cut out of all words take 0.7. cv2.merge moves the
        # bits back in 0.1 ms; cv2.split of float64 would take 1.4, slices take 0.07.
        whole: Any = np.int32 if image.dtype.itemsize == 4 else np.float64
        planes = [_carried(call, image[:, :, k], value).view(whole) for k, value in enumerate(values)]
        return cv2.merge(planes).view(image.dtype)
    word = (_SHARP if count <= 4 else _PLAIN)[image.dtype.itemsize]
    words = cv.contiguous(image).reshape(image.shape[0], image.shape[1], count).view(word)
    fills = tuple(float(v) for v in cv.saturate(np.asarray(values), image.dtype).view(word))
    result = _in_parts(call, words, fills, many=count > 4, widen=False)
    result = np.ascontiguousarray(cv.like(result, words)).view(image.dtype)
    return result[:, :, 0] if image.ndim == 2 else result


def _in_parts(call: Sampler, image: Array, values: tuple[float, ...], *, many: bool, widen: bool) -> Array:
    """Split the channels as OpenCV likes them; `many` says that the call can take more than four."""
    count = cv.channels(image)

    def part(array: Array, fill: tuple[float, ...]) -> Array:
        if cv.channels(array) != 2:
            return call(array, fill)
        # OpenCV 5 has no sharp routine for two channels (levels differ by up to 7 of 255), but one for one.
        planes = [call(np.ascontiguousarray(array[:, :, k]), (fill[k],) * 4) for k in (0, 1)]
        return cv2.merge(planes)

    # OpenCV repeats four border values over all channels: more than four go together only if that is what is wanted.
    together = many and count > 4 and values == (values[:4] * (count // 4 + 1))[:count]
    return cv.grouped(part, image, fill=values, limit=_MANY if together else 4, widen=widen)


def resize(image: Array, *, size: tuple[int, int], interpolation: int = cv2.INTER_LINEAR) -> Array:
    """Resize an image to `size` (height, width) by cv2.resize; the same size gives a copy.

    Any dtype and channel count; nearest-neighbour never computes a value. Raises ValueError for a size below 1.
    """
    height, width = size
    if height < 1 or width < 1:
        raise ValueError(f"cannot resize to height {height}, width {width}")
    if image.shape[:2] == (height, width):
        return np.array(image, order="C")

    def call(part: Array, fill: tuple[float, ...]) -> Array:
        return cv2.resize(part, (width, height), interpolation=interpolation)

    if interpolation in (cv2.INTER_NEAREST, cv2.INTER_NEAREST_EXACT):
        return cv.moved(lambda bits: cv.grouped(call, bits, limit=_MANY), image)
    # Area and cubic stop at four channels.
    limit = _MANY if interpolation in (cv2.INTER_LINEAR, cv2.INTER_LINEAR_EXACT) else 4
    return cv.interpolated(lambda part: cv.grouped(call, part, limit=limit), image)
