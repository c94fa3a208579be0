"""Geometry kernels against slow and obvious references: moves, warps, maps, boxes, keypoints, holes."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from albumentations.functional import boxes, holes, keypoints, maps, moves, warp

DTYPES = (
    *("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"),
    *("float16", "float32", "float64"),
)
CHANNELS = (None, 1, 2, 3, 5, 200)
LAYOUTS = ("plain", "negative", "sliced", "fortran", "read-only")
BORDERS = (cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT, cv2.BORDER_WRAP, cv2.BORDER_REFLECT_101)
LINEAR, NEAREST, CUBIC = cv2.INTER_LINEAR, cv2.INTER_NEAREST, cv2.INTER_CUBIC


def picture(dtype="uint8", channels=None, height=7, width=9, seed=0):
    """Random values over the whole range of a dtype."""
    rng = np.random.default_rng(seed)
    shape = (height, width) if channels is None else (height, width, channels)
    dtype = np.dtype(dtype)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, size=shape, dtype=dtype, endpoint=True)
    if dtype == bool:
        return rng.random(shape) < 0.5
    return (rng.random(shape) * 3 - 1).astype(dtype)


def laid_out(image, layout):
    """The same values in another memory layout."""
    if layout == "negative":
        return np.ascontiguousarray(image[::-1, ::-1])[::-1, ::-1]
    if layout == "sliced":
        wide = np.zeros((image.shape[0] * 2, image.shape[1] + 3) + image.shape[2:], image.dtype)
        wide[::2, 1:-2] = image
        return wide[::2, 1:-2]
    if layout == "fortran":
        return np.asfortranarray(image)
    image = image.copy()
    image.flags.writeable = layout != "read-only"
    return image


def check(call, image, expected):
    """The call gives the expected array, its own, contiguous, and leaves the input alone."""
    before = image.copy()
    result = call(image)
    assert result.dtype == expected.dtype and result.shape == expected.shape
    np.testing.assert_array_equal(result, expected)
    assert result.flags.c_contiguous and result.flags.writeable
    assert not np.shares_memory(result, image)
    np.testing.assert_array_equal(image, before)


def smooth(height, width, channels=3, dtype="uint8"):
    """A gentle picture: OpenCV may read at 1/32 of a pixel, which shows as levels where neighbours differ much."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 60 * np.sin(x / 9 + c) + 60 * np.cos(y / 7 - c) for c in range(channels)]
    return np.stack(planes, axis=2).astype(dtype)


def border_index(position, count, mode):
    """Which pixel stands for position outside [0, count), or None for the constant."""
    if 0 <= position < count:
        return position
    if mode == cv2.BORDER_CONSTANT:
        return None
    if mode == cv2.BORDER_REPLICATE:
        return min(max(position, 0), count - 1)
    if mode == cv2.BORDER_WRAP:
        return position % count
    if mode == cv2.BORDER_REFLECT:
        period = position % (2 * count)
        return period if period < count else 2 * count - 1 - period
    if count == 1:
        return 0
    period = position % (2 * count - 2)
    return period if period < count else 2 * count - 2 - period


def bilinear(image, map_x, map_y, fill=0.0):
    """Bilinear reading with a constant border, in float64, pixel by pixel."""
    height, width = image.shape[:2]
    result = np.zeros(map_x.shape + image.shape[2:])
    for i, j in np.ndindex(*map_x.shape):
        x, y = float(map_x[i, j]), float(map_y[i, j])
        x0, y0 = math.floor(x), math.floor(y)
        for yy, wy in ((y0, 1 - (y - y0)), (y0 + 1, y - y0)):
            for xx, wx in ((x0, 1 - (x - x0)), (x0 + 1, x - x0)):
                inside = 0 <= xx < width and 0 <= yy < height
                result[i, j] += wx * wy * (image[yy, xx].astype(np.float64) if inside else fill)
    return result


def matrix_map(matrix, height, width):
    """The dense map of a matrix: where every output pixel is read."""
    back = np.linalg.inv(matrix)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v, w = np.tensordot(back, np.stack((x, y, np.ones_like(x))), 1)
    return (u / w).astype(np.float32), (v / w).astype(np.float32)


AFFINE = st.builds(
    lambda angle, sx, sy, shear, x, y: (
        warp.translation(x, y) @ warp.rotation(angle) @ warp.shear(shear, 0) @ warp.scaling(sx, sy)
    ),
    st.floats(-180, 180),
    st.floats(0.3, 2),
    st.floats(0.3, 2),
    st.floats(-40, 40),
    st.floats(-20, 20),
    st.floats(-20, 20),
)
PROJECTIVE = st.builds(
    lambda corners: warp.perspective(
        np.array([(0, 0), (40, 0), (40, 30), (0, 30)]),
        np.reshape(corners, (4, 2)) + [(0, 0), (40, 0), (40, 30), (0, 30)],
    ),
    st.lists(st.floats(-8, 8), min_size=8, max_size=8),
)
BOXES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(1, 10), st.integers(1, 10)), min_size=0, max_size=5
).map(lambda rows: np.array([(x, y, x + w, y + h, 7) for x, y, w, h in rows], dtype=np.float64).reshape(-1, 5))


# --- moves ------------------------------------------------------------------------------------------------------------

MOVES = {
    "hflip": (moves.hflip, lambda a: a[:, ::-1]),
    "vflip": (moves.vflip, lambda a: a[::-1]),
    "transpose": (moves.transpose, lambda a: a.swapaxes(0, 1)),
    **{f"rot90 {k}": (lambda a, k=k: moves.rot90(a, factor=k), lambda a, k=k: np.rot90(a, k)) for k in range(-1, 5)},
    "crop": (lambda a: moves.crop(a, x_min=1, y_min=2, x_max=5, y_max=3), lambda a: a[2:3, 1:5]),
}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("channels", CHANNELS + (127, 128, 129, 300))
@pytest.mark.parametrize("dtype", DTYPES)
def test_moves_are_exact(dtype, channels, name):
    call, reference = MOVES[name]
    image = picture(dtype, channels)
    check(call, image, np.ascontiguousarray(reference(image)))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", MOVES)
def test_moves_take_any_layout(name, layout):
    call, reference = MOVES[name]
    for dtype, channels in (("uint8", 3), ("uint8", None), ("int64", 2), ("bool", 1), ("float32", 5)):
        image = picture(dtype, channels)
        check(call, laid_out(image, layout), np.ascontiguousarray(reference(image)))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (1, 1, 3), (1, 9, 1), (9, 1, 5)])
def test_moves_of_the_smallest(shape):
    image = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    for element in moves.D4_ELEMENTS:
        assert moves.d4(image, element=element).shape[:2] in (shape[:2], shape[1::-1])
    for name in ("hflip", "vflip", "transpose", "rot90 1"):
        check(MOVES[name][0], image, np.ascontiguousarray(MOVES[name][1](image)))


@pytest.mark.parametrize("element", moves.D4_ELEMENTS)
def test_d4_and_its_matrix_agree(element):
    image = picture("int32", 3, height=4, width=6)
    result = moves.d4(image, element=element)
    matrix = moves.d4_matrix(element, height=4, width=6)
    expected = np.empty_like(result)
    for y, x in np.ndindex(4, 6):
        u, v, w = matrix @ (x, y, 1)
        assert w == 1
        expected[int(v), int(u)] = image[y, x]
    np.testing.assert_array_equal(result, expected)
    assert not np.shares_memory(result, image)


def test_d4_names():
    image = picture("uint8", 3)
    np.testing.assert_array_equal(moves.d4(image, element="r90"), np.rot90(image))
    np.testing.assert_array_equal(moves.d4(image, element="hvt"), np.rot90(image, 2).swapaxes(0, 1))
    for call in (lambda: moves.d4(image, element="x"), lambda: moves.d4_matrix("x", height=1, width=1)):
        with pytest.raises(ValueError, match="element"):
            call()


def test_a_stack_is_flipped_by_a_reshape():
    stack = np.stack([picture("uint8", 3, seed=k) for k in range(4)])
    n, h, w, c = stack.shape
    flipped = moves.hflip(stack.reshape(n * h, w, c)).reshape(stack.shape)
    np.testing.assert_array_equal(flipped, stack[:, :, ::-1])


@pytest.mark.parametrize("box", [(-1, 0, 2, 2), (0, 0, 10, 2), (2, 0, 2, 2), (0, 3, 2, 2), (0, 0, 2, 8)])
def test_crop_refuses_what_is_not_there(box):
    with pytest.raises(ValueError, match="cannot crop"):
        moves.crop(picture(), x_min=box[0], y_min=box[1], x_max=box[2], y_max=box[3])


def padded(image, top, bottom, left, right, mode, fill):
    height, width = image.shape[:2]
    result = np.empty((top + height + bottom, left + width + right) + image.shape[2:], image.dtype)
    for i, j in np.ndindex(*result.shape[:2]):
        y, x = border_index(i - top, height, mode), border_index(j - left, width, mode)
        result[i, j] = fill if y is None or x is None else image[y, x]
    return result


@pytest.mark.parametrize("mode", BORDERS)
@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_pad(dtype, channels, mode):
    image = picture(dtype, channels, height=3, width=4)
    fill = 1 if channels is None else [k % 2 for k in range(channels)]
    amounts = {"top": 2, "bottom": 5, "left": 0, "right": 9}
    expected = padded(image, 2, 5, 0, 9, mode, np.asarray(fill, dtype=dtype))
    check(lambda a: moves.pad(a, **amounts, border_mode=mode, fill=fill), image, expected)


@pytest.mark.parametrize("mode", BORDERS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 4, 3), (4, 1, 200), (2, 2, 1)])
def test_pad_the_smallest_by_much(shape, mode):
    image = np.arange(np.prod(shape), dtype=np.uint16).reshape(shape)
    expected = padded(image, 7, 1, 3, 8, mode, 500)
    check(lambda a: moves.pad(a, top=7, bottom=1, left=3, right=8, border_mode=mode, fill=500), image, expected)


def test_pad_saturates_and_refuses():
    image = np.zeros((2, 2, 3), np.uint8)
    assert moves.pad(image, top=1, bottom=0, left=0, right=0, fill=300)[0, 0, 0] == 255
    assert moves.pad(image[:, ::-1], top=1, bottom=0, left=0, right=0, fill=(1, 2, 3))[0, 0].tolist() == [1, 2, 3]
    big = moves.pad(np.zeros((2, 2), np.int64), top=1, bottom=0, left=0, right=0, fill=-(2**62))
    assert big[0, 0] == -(2**62)
    with pytest.raises(ValueError, match="border_mode"):
        moves.pad(image, top=1, bottom=0, left=0, right=0, border_mode=17)
    with pytest.raises(ValueError, match="negative"):
        moves.pad(image, top=1, bottom=0, left=-1, right=0)


# --- matrices ---------------------------------------------------------------------------------------------------------


def moved_point(matrix, x, y):
    u, v, w = matrix @ (x, y, 1)
    return u / w, v / w


def test_matrices_say_what_they_do():
    assert moved_point(warp.translation(3, -2), 1, 1) == (4, -1)
    assert moved_point(warp.scaling(2, 3), 1, 1) == (2, 3)
    assert moved_point(warp.rotation(90), 1, 0) == (0, -1)  # to the right becomes upwards: counter-clockwise
    np.testing.assert_allclose(moved_point(warp.rotation(30), 1, 0), (math.sqrt(3) / 2, -0.5))
    np.testing.assert_allclose(moved_point(warp.shear(45, 0), 0, 2), (2, 2))
    np.testing.assert_allclose(moved_point(warp.shear(0, 45), 2, 0), (2, 2))
    assert moved_point(warp.about(warp.rotation(180), center=(4, 3)), 4, 3) == (4, 3)
    assert moved_point(warp.resize_matrix(10, 20, new_height=20, new_width=10), -0.5, 9.5) == (-0.5, 19.5)


def test_rotation_is_exact_at_quarters():
    for k in range(-4, 9):
        assert set(np.unique(warp.rotation(90 * k))) <= {-1.0, 0.0, 1.0}
        image = picture("uint8", None, height=6, width=6)
        turned = warp.warp(
            image, matrix=warp.about(warp.rotation(90 * k), center=(2.5, 2.5)), size=(6, 6), interpolation=NEAREST
        )
        np.testing.assert_array_equal(turned, np.rot90(image, k))


@given(AFFINE, st.floats(-50, 50), st.floats(-50, 50))
def test_about_and_edges_are_conjugations(matrix, x, y):
    there, back = warp.translation(x, y), warp.translation(-x, -y)
    np.testing.assert_allclose(warp.about(matrix, center=(x, y)), there @ matrix @ back, atol=1e-9)
    half = warp.translation(0.5, 0.5) @ matrix @ warp.translation(-0.5, -0.5)
    np.testing.assert_allclose(warp.edges(matrix), half, atol=1e-9)


def test_edges_of_a_flip():
    flip = moves.d4_matrix("h", height=5, width=8)
    assert moved_point(flip, 0, 0) == (7, 0)
    assert moved_point(warp.edges(flip), 0, 0) == (8, 0)


@given(PROJECTIVE)
@settings(max_examples=50)
def test_edges_of_a_perspective(matrix):
    np.testing.assert_allclose(moved_point(warp.edges(matrix), 3.5, 4.5), np.add(moved_point(matrix, 3, 4), 0.5))


@given(st.lists(st.floats(-8, 8), min_size=8, max_size=8))
@settings(max_examples=50)
def test_perspective_meets_its_points(shifts):
    source = np.array([(0, 0), (40, 0), (40, 30), (0, 30)], dtype=float)
    target = source + np.reshape(shifts, (4, 2))
    matrix = warp.perspective(source, target)
    for (x, y), expected in zip(source, target):
        np.testing.assert_allclose(moved_point(matrix, x, y), expected, atol=1e-8)


def test_perspective_of_a_parallelogram_is_affine_and_a_line_is_refused():
    source = np.array([(0, 0), (40, 0), (40, 30), (0, 30)])
    assert warp.perspective(source, source @ [[1.1, 0.2], [-0.3, 0.9]] + 5)[2].tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match="line"):
        warp.perspective(np.array([(0, 0), (1, 1), (2, 2), (0, 5)]), np.array([(0, 0), (1, 1), (2, 2), (0, 5)]))


@given(st.one_of(AFFINE, PROJECTIVE))
def test_inverse(matrix):
    product = warp.inverse(matrix) @ matrix
    np.testing.assert_allclose(product / product[2, 2], np.eye(3), atol=1e-6)


def test_inverse_is_exact_for_moves_and_refuses_the_singular():
    for element in moves.D4_ELEMENTS:
        matrix = moves.d4_matrix(element, height=640, width=479)
        np.testing.assert_array_equal(warp.inverse(matrix) @ matrix, np.eye(3))
    with pytest.raises(ValueError, match="line"):
        warp.inverse(warp.scaling(0, 1))


@given(st.one_of(AFFINE, PROJECTIVE))
def test_fit_shows_everything_and_no_more(matrix):
    height, width = 30, 40
    fitted, (new_height, new_width) = warp.fit(matrix, height=height, width=width)
    corners = np.array([(-0.5, -0.5), (39.5, -0.5), (39.5, 29.5), (-0.5, 29.5)])
    points = np.array([moved_point(fitted, x, y) for x, y in corners]) + 0.5
    assert (points.min(axis=0) > -1e-5).all()
    assert (points.max(axis=0) < np.array((new_width, new_height)) + 1e-5).all()
    extent = points.max(axis=0) - points.min(axis=0)
    assert (extent > np.array((new_width, new_height)) - 1.001).all() or min(new_width, new_height) == 1


@pytest.mark.parametrize(
    "angle, size", [(0, (30, 41)), (90, (41, 30)), (180, (30, 41)), (270, (41, 30)), (-90, (41, 30))]
)
def test_fit_is_exact_at_right_angles(angle, size):
    matrix, found = warp.fit(warp.about(warp.rotation(angle), center=(20, 14.5)), height=30, width=41)
    assert found == size
    image = picture("uint8", 3, height=30, width=41)
    for interpolation in (NEAREST, LINEAR, CUBIC):
        result = warp.warp(image, matrix=matrix, size=found, interpolation=interpolation)
        np.testing.assert_array_equal(result, np.rot90(image, angle // 90))


# --- warp -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_nearest_is_exact_for_any_dtype(dtype, channels):
    image = picture(dtype, channels)
    for element in moves.D4_ELEMENTS:
        matrix = moves.d4_matrix(element, height=7, width=9)
        expected = moves.d4(image, element=element)
        size = expected.shape[:2]
        check(lambda a, m=matrix, s=size: warp.warp(a, matrix=m, size=s, interpolation=NEAREST), image, expected)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("interpolation", [NEAREST, LINEAR])
def test_warp_takes_any_layout(layout, interpolation):
    for dtype, channels in (("uint8", 3), ("uint8", None), ("int64", 2), ("bool", 1), ("float32", 5)):
        image = picture(dtype, channels)
        if dtype == "int64":
            image //= 2**20  # through float64, which holds 53 bits
        matrix = moves.d4_matrix("r90", height=7, width=9)
        call = lambda a, m=matrix: warp.warp(a, matrix=m, size=(9, 7), interpolation=interpolation)  # noqa: E731
        check(call, laid_out(image, layout), np.ascontiguousarray(np.rot90(image)))


@pytest.mark.parametrize("perspective", [False, True])
def test_nearest_shows_the_same_pixels_in_every_dtype(perspective):
    """OpenCV 5 takes one routine for uint8 and another for int32: 49 of 65536 pixels would differ."""
    index = np.random.default_rng(0).integers(0, 2, (256, 256, 4)).astype(np.uint8)
    matrix = warp.about(warp.rotation(17) @ warp.scaling(1.1, 0.9), center=(120, 130))
    if perspective:
        matrix = np.array(((1, 0, 0), (0, 1, 0), (1e-4, -2e-4, 1))) @ matrix
    expected = warp.warp(index, matrix=matrix, size=(200, 256), interpolation=NEAREST, fill=1)
    for dtype in DTYPES:
        for channels in (1, 2, 3, 4):
            image = index[:, :, :channels].astype(dtype)
            result = warp.warp(image, matrix=matrix, size=(200, 256), interpolation=NEAREST, fill=1)
            np.testing.assert_array_equal(result, expected[:, :, :channels].astype(dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [None, 2, 3, 5, 8, 130])
def test_fill_reaches_every_channel(dtype, channels):
    image = np.ones((4, 4) if channels is None else (4, 4, channels), dtype)
    count = channels or 1
    for fill in (0, [k % 2 for k in range(count)], [k % 3 == 0 for k in range(count)]):
        expected = np.broadcast_to(np.asarray(fill, dtype=dtype), (count,))
        for interpolation in (NEAREST, LINEAR, CUBIC):
            matrix = warp.translation(50, 0)
            result = warp.warp(image, matrix=matrix, size=(4, 4), interpolation=interpolation, fill=fill)
            assert result.dtype == image.dtype and result.shape == image.shape
            np.testing.assert_array_equal(result.reshape(4, 4, count)[0, 0], expected)


def test_fill_of_wide_integers_and_wrong_lengths():
    image = np.zeros((3, 3, 2), np.int64)
    away = warp.translation(9, 9)
    filled = warp.warp(image, matrix=away, size=(3, 3), interpolation=NEAREST, fill=(-(2**62), -1))
    assert filled[0, 0].tolist() == [-(2**62), -1]
    with pytest.raises(ValueError, match="fill"):
        warp.warp(np.zeros((3, 3, 3), np.uint8), matrix=away, size=(3, 3), fill=(1, 2))


@pytest.mark.parametrize("mode", BORDERS)
@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32"])
def test_borders_of_a_shift(dtype, mode):
    image = picture(dtype, 3, height=5, width=6)
    expected = padded(image, 7, 8, 4, 15, mode, np.asarray(3, dtype))
    result = warp.warp(
        image,
        matrix=warp.translation(4, 7),
        size=expected.shape[:2],
        interpolation=NEAREST,
        border_mode=mode,
        fill=3,
    )
    np.testing.assert_array_equal(result, expected)


def check_levels(result, expected, image):
    """Up to 2 levels inside; along the border, where fill meets image, a 1/64 of a pixel is up to 4 levels."""
    difference = np.abs(result - expected)
    assert result.dtype == image.dtype
    assert difference.max() <= 4 and (difference > 2).mean() < 0.01 and difference.mean() < 0.3


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32", "float64"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_linear_warps_are_bilinear(dtype, channels):
    image = smooth(40, 50, channels, dtype)
    affine = warp.about(warp.rotation(25) @ warp.scaling(1.2, 0.9), center=(24, 19))
    for matrix in (affine, np.array(((1, 0, 0), (0, 1, 0), (2e-3, -1e-3, 1))) @ affine):
        expected = bilinear(image, *matrix_map(matrix, 30, 44), fill=90)
        result = warp.warp(image, matrix=matrix, size=(30, 44), fill=90)
        check_levels(result, expected, image)
        area = warp.warp(image, matrix=matrix, size=(30, 44), interpolation=cv2.INTER_AREA, fill=90)
        np.testing.assert_array_equal(area, result)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_three_channels_as_four_change_nothing(dtype):
    image = (picture("float32", 3, height=64, width=64) * 80 + 90).astype(dtype)
    matrix = warp.about(warp.rotation(33), center=(30, 31))
    for mode in BORDERS:
        together = warp.warp(image, matrix=matrix, size=(64, 64), border_mode=mode, fill=(1, 2, 3))
        for k in range(3):
            alone = warp.warp(image[:, :, k], matrix=matrix, size=(64, 64), border_mode=mode, fill=k + 1)
            np.testing.assert_array_equal(together[:, :, k], alone)


@pytest.mark.parametrize("dtype", DTYPES)
def test_other_dtypes_interpolate_in_their_range(dtype):
    image = np.full((8, 8, 3), 1, dtype)
    matrix = warp.about(warp.rotation(10), center=(3.5, 3.5))
    for interpolation in (LINEAR, CUBIC, cv2.INTER_LANCZOS4):
        result = warp.warp(
            image, matrix=matrix, size=(8, 8), interpolation=interpolation, border_mode=cv2.BORDER_REFLECT_101
        )
        assert result.dtype == image.dtype
        np.testing.assert_allclose(result.astype(float), 1, atol=1e-2)


@given(st.one_of(AFFINE, PROJECTIVE), st.integers(0, 39), st.integers(0, 29))
@settings(max_examples=60)
def test_a_painted_dot_lands_where_its_keypoint_goes(matrix, x, y):
    matrix, (height, width) = warp.fit(matrix, height=30, width=40)
    image = np.zeros((30, 40), np.float32)
    image[y, x] = 1
    ((u, v, _, _, stretch),) = keypoints.transform(np.array([(x, y, 0, 0, 1.0)]), matrix=matrix)
    result = warp.warp(image, matrix=matrix, size=(height, width))
    rows, columns = np.nonzero(result > 0.05)
    if len(rows):  # a shrinking warp may pass a dot by
        weights = result[rows, columns]
        assert abs(np.average(columns, weights=weights) - u) < max(1, stretch)
        assert abs(np.average(rows, weights=weights) - v) < max(1, stretch)


@given(st.one_of(AFFINE, PROJECTIVE), st.integers(0, 25), st.integers(0, 15), st.integers(4, 14), st.integers(4, 14))
@settings(max_examples=60)
def test_a_painted_box_stays_inside_its_box(matrix, x, y, width, height):
    matrix, size = warp.fit(matrix, height=30, width=40)
    image = np.zeros((30, 40), np.uint8)
    image[y : y + height, x : x + width] = 255
    for interpolation in (NEAREST, LINEAR):
        rows, columns = np.nonzero(warp.warp(image, matrix=matrix, size=size, interpolation=interpolation) > 127)
        ((x0, y0, x1, y1),) = boxes.transform(np.array([(x, y, x + width, y + height)], dtype=float), matrix=matrix)
        if len(rows):
            assert x0 - 1 <= columns.min() and columns.max() + 1 <= x1 + 1
            assert y0 - 1 <= rows.min() and rows.max() + 1 <= y1 + 1


def test_what_opencv_refuses_is_a_value_error():
    tall = np.zeros((4, 2, 3), np.uint8)
    map_x, map_y = maps.identity(4, 4)
    with pytest.raises(ValueError, match=r"\(4, 2, 3\)"):
        maps.remap(tall, map_x=map_x.astype(np.float64), map_y=map_y)
    with pytest.raises(ValueError, match="cannot warp"):
        warp.warp(tall[:4], matrix=np.eye(3), size=(4, 4), interpolation=99)
    with pytest.raises(ValueError, match="border_mode 5"):
        maps.remap(tall[:4], map_x=map_x, map_y=map_y, border_mode=cv2.BORDER_TRANSPARENT)


# --- resize -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interpolation", [cv2.INTER_NEAREST, cv2.INTER_NEAREST_EXACT])
@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_resize_nearest_moves_values(dtype, channels, interpolation):
    image = picture(dtype, channels)
    places = np.arange(63, dtype=np.uint8).reshape(7, 9)
    for size in ((14, 5), (3, 20), (1, 1), (7, 9)):
        taken = cv2.resize(places, size[::-1], interpolation=interpolation).reshape(size)
        expected = image.reshape((63,) + image.shape[2:])[taken]
        check(lambda a, s=size: warp.resize(a, size=s, interpolation=interpolation), image, expected)


@pytest.mark.parametrize("interpolation", [LINEAR, CUBIC, cv2.INTER_AREA, cv2.INTER_LANCZOS4, cv2.INTER_LINEAR_EXACT])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32", "float64"])
def test_resize_is_that_of_opencv_a_channel(dtype, interpolation):
    for channels in (1, 2, 3, 5, 200):
        image = (picture("float64", channels, height=20, width=30) * 100).clip(0).astype(dtype)
        result = warp.resize(image, size=(11, 17), interpolation=interpolation)
        assert result.shape == (11, 17, channels) and result.dtype == image.dtype and result.flags.c_contiguous
        for k in range(min(channels, 6)):
            plane = cv2.resize(np.ascontiguousarray(image[:, :, k]), (17, 11), interpolation=interpolation)
            np.testing.assert_allclose(
                result[:, :, k].astype(float), plane.astype(float), atol=1 if dtype[0] in "ui" else 1e-2
            )


@pytest.mark.parametrize("dtype", DTYPES)
def test_resize_any_dtype_and_same_size(dtype):
    image = np.ones((6, 8, 3), dtype)
    np.testing.assert_array_equal(warp.resize(image, size=(3, 5)), np.ones((3, 5, 3), dtype))
    full = picture(dtype, 3)
    check(lambda a: warp.resize(a, size=(7, 9)), full[:, ::-1], full[:, ::-1].copy())


def test_resize_matrix_is_that_of_linear_resize():
    image = smooth(20, 30)
    matrix = warp.resize_matrix(20, 30, new_height=33, new_width=47)
    warped = warp.warp(image, matrix=matrix, size=(33, 47), border_mode=cv2.BORDER_REPLICATE)
    assert np.abs(warped.astype(int) - warp.resize(image, size=(33, 47))).max() <= 2
    with pytest.raises(ValueError, match="cannot resize"):
        warp.resize(image, size=(0, 5))


# --- boxes ------------------------------------------------------------------------------------------------------------


def corner_envelope(box, matrix):
    matrix = warp.translation(0.5, 0.5) @ matrix @ warp.translation(-0.5, -0.5)
    x0, y0, x1, y1 = box[:4]
    points = np.array([moved_point(matrix, x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))])
    return (*points.min(axis=0), *points.max(axis=0))


@given(BOXES, st.one_of(AFFINE, PROJECTIVE))
def test_boxes_are_envelopes_of_corners(rows, matrix):
    result = boxes.transform(rows, matrix=matrix)
    assert result.shape == rows.shape
    for before, after in zip(rows, result):
        np.testing.assert_allclose(after[:4], corner_envelope(before, matrix), atol=1e-7)
        assert after[4] == 7


@given(BOXES, st.one_of(AFFINE, PROJECTIVE))
@settings(max_examples=60)
def test_ellipses_are_envelopes_of_ellipses(rows, matrix):
    result = boxes.transform(rows, matrix=matrix, method="ellipse")
    around = np.linspace(0, 2 * np.pi, 2001)
    for (x0, y0, x1, y1, _), after in zip(rows, result):
        x = (x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(around)
        y = (y0 + y1) / 2 + (y1 - y0) / 2 * np.sin(around)
        u, v, w = warp.edges(matrix) @ np.stack((x, y, np.ones_like(x)))
        points = np.stack((u / w, v / w))
        np.testing.assert_allclose(after[:2], points.min(axis=1), atol=1e-3)
        np.testing.assert_allclose(after[2:4], points.max(axis=1), atol=1e-3)


@pytest.mark.parametrize("method", ["largest_box", "ellipse"])
@pytest.mark.parametrize("element", moves.D4_ELEMENTS)
def test_boxes_under_moves_are_exact(element, method):
    image = np.zeros((13, 17), np.uint8)
    image[2:7, 3:14] = 1
    result = moves.d4(image, element=element)
    rows, columns = np.nonzero(result)
    expected = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1, 0.25]
    box = np.array([(3, 2, 14, 7, 0.25)])
    matrix = moves.d4_matrix(element, height=13, width=17)
    assert boxes.transform(box, matrix=matrix, method=method)[0].tolist() == expected
    assert box.tolist() == [[3, 2, 14, 7, 0.25]]


def test_boxes_under_scale_and_shift_are_exact():
    box = np.array([(3.0, 2.0, 14.0, 7.0)])
    doubled = warp.resize_matrix(10, 20, new_height=20, new_width=60)
    assert boxes.transform(box, matrix=doubled)[0].tolist() == [9, 4, 42, 14]
    assert boxes.transform(box, matrix=warp.translation(-5, 6))[0].tolist() == [-2, 8, 9, 13]


def test_boxes_odds_and_ends():
    none = np.zeros((0, 5))
    far = np.array(((1, 0, 0), (0, 1, 0), (-0.1, 0, 1)))  # the horizon is at x = 10
    for matrix in (np.eye(3), far):
        for method in ("largest_box", "ellipse"):
            assert boxes.transform(none, matrix=matrix, method=method).shape == (0, 5)
    for method in ("largest_box", "ellipse"):
        assert np.isfinite(boxes.transform(np.array([(2.0, 2, 20, 8)]), matrix=far, method=method)).all()
    with pytest.raises(ValueError, match="method"):
        boxes.transform(none, matrix=np.eye(3), method="circle")
    clipped = boxes.clip(np.array([(-3.0, 2, 50, 8, 1), (60, 60, 70, 70, 2)]), height=30, width=40)
    assert clipped.tolist() == [[0, 2, 40, 8, 1], [40, 30, 40, 30, 2]]
    assert boxes.areas(np.array([(0.0, 0, 2, 3), (5, 5, 4, 9)])).tolist() == [6, 0]
    assert boxes.clip(none, height=3, width=3).shape == (0, 5) and boxes.areas(none).shape == (0,)


@given(
    BOXES,
    st.lists(st.tuples(st.integers(-4, 40), st.integers(-4, 30), st.integers(1, 15), st.integers(1, 15)), max_size=8),
)
def test_uncovered_counts_pixels(rows, rectangles):
    covered = np.zeros((80, 80), bool)
    for x, y, w, h in rectangles:
        covered[y + 10 : y + h + 10, x + 10 : x + w + 10] = True
    found = boxes.uncovered(rows, holes=np.array([(x, y, x + w, y + h) for x, y, w, h in rectangles]).reshape(-1, 4))
    assert found.shape == (len(rows),)
    for (x0, y0, x1, y1, _), fraction in zip(rows.astype(int), found):
        assert fraction == pytest.approx(1 - covered[y0 + 10 : y1 + 10, x0 + 10 : x1 + 10].mean(), abs=1e-12)


def test_uncovered_of_fractions_and_of_nothing():
    rows = np.array([(0.5, 0.5, 1.5, 1.5), (3, 3, 3, 3)])
    assert boxes.uncovered(rows, holes=np.array([(1, 0, 2, 9), (1, 0, 3, 9)])).tolist() == [0.5, 1.0]


# --- keypoints --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("element", moves.D4_ELEMENTS)
def test_keypoints_under_moves_are_exact(element):
    image = np.zeros((13, 17), np.uint8)
    image[2, 5] = 1
    ((y, x),) = np.argwhere(moves.d4(image, element=element))
    point = np.array([(5, 2, 8, 0.0, 3.0, 9.0)])
    matrix = moves.d4_matrix(element, height=13, width=17)
    ((u, v, z, _, scale, extra),) = keypoints.transform(point, matrix=matrix)
    assert (u, v, z, scale, extra) == (x, y, 8, 3, 9)
    assert point.tolist() == [[5, 2, 8, 0, 3, 9]]


@given(st.floats(0, 6.28))
def test_angles_under_moves(angle):
    expected = {
        "e": angle,
        "h": math.pi - angle,
        "v": -angle,
        "t": math.pi / 2 - angle,
        "r90": angle - math.pi / 2,
        "r180": angle + math.pi,
        "r270": angle + math.pi / 2,
        "hvt": -math.pi / 2 - angle,
    }
    for element, value in expected.items():
        matrix = moves.d4_matrix(element, height=13, width=17)
        found = keypoints.transform(np.array([(1, 1, 0, angle, 1.0)]), matrix=matrix)[0, 3]
        assert 0 <= found < 2 * math.pi
        assert abs(math.remainder(found - value, 2 * math.pi)) < 1e-12


def test_angles_without_noise():
    for element, value in (("h", math.pi), ("v", 0.0), ("t", math.pi / 2)):
        matrix = moves.d4_matrix(element, height=13, width=17)
        assert keypoints.transform(np.array([(1, 1, 0, 0, 1.0)]), matrix=matrix)[0, 3] == value
    shifted = keypoints.transform(np.array([(1, 1, 0, 1.25, 3.5)]), matrix=warp.translation(3.25, 4))
    assert shifted.tolist() == [[4.25, 5, 0, 1.25, 3.5]]


def test_scale_is_the_largest_stretch():
    point = np.array([(1, 1, 0, 0, 2.0)])
    stretched = keypoints.transform(point, matrix=warp.resize_matrix(10, 10, new_height=7, new_width=3))
    assert stretched[0, 4] == 2 * 0.7
    turned = keypoints.transform(point, matrix=warp.rotation(30) @ warp.scaling(0.7, 0.3))
    assert turned[0, 4] == pytest.approx(1.4)


@given(st.one_of(AFFINE, PROJECTIVE), st.floats(0, 40), st.floats(0, 30), st.floats(0, 6))
def test_keypoints_follow_the_local_motion(matrix, x, y, angle):
    ((u, v, _, turned, scale),) = keypoints.transform(np.array([(x, y, 0, angle, 1.0)]), matrix=matrix)
    np.testing.assert_allclose((u, v), moved_point(matrix, x, y), atol=1e-9)
    step = 1e-5
    columns = [
        np.subtract(moved_point(matrix, x + dx, y + dy), moved_point(matrix, x - dx, y - dy)) / (2 * step)
        for dx, dy in ((step, 0), (0, step))
    ]
    jacobian = np.stack(columns, axis=1)
    direction = jacobian @ (math.cos(angle), math.sin(angle))
    assert abs(math.remainder(turned - math.atan2(direction[1], direction[0]), 2 * math.pi)) < 1e-4
    assert scale == pytest.approx(np.linalg.svd(jacobian)[1][0], rel=1e-4)


def test_in_frame_and_in_holes():
    points = np.array([(0, 0), (9.99, 4), (10, 4), (-0.01, 2), (3, 5), (np.nan, np.nan)])
    points = np.concatenate((points, np.zeros((6, 3))), axis=1)
    assert keypoints.in_frame(points, height=5, width=10).tolist() == [True, True, False, True, False, False]
    both = np.array([(0, 0, 1, 1), (3, 5, 4, 6)])
    assert keypoints.in_holes(points, holes=both).tolist() == [True, False, False, False, True, False]
    whole = np.array([(0, 0, 10, 5)])
    assert keypoints.in_holes(points, holes=whole).tolist() == [True, True, False, False, False, False]
    none = np.zeros((0, 4), int)
    assert not keypoints.in_holes(points, holes=none).any()
    empty = np.zeros((0, 5))
    assert keypoints.transform(empty, matrix=warp.rotation(3)).shape == (0, 5)
    assert keypoints.in_holes(empty, holes=both).shape == (0,) == keypoints.in_frame(empty, height=1, width=1).shape


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (1, 9, 3), (1, 1, 5)])
@pytest.mark.parametrize("interpolation", [0, 1, 2])
def test_mirrored_borders_of_one_pixel_end(shape, interpolation):
    """OpenCV 5.0 never returns from a warp of one line about whose only pixel the border is mirrored."""
    image = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    matrix = warp.about(warp.rotation(33), center=((shape[1] - 1) / 2, (shape[0] - 1) / 2))
    arguments = {"interpolation": interpolation, "border_mode": cv2.BORDER_REFLECT_101}
    moved = warp.warp(image, matrix=matrix, size=(7, 8), **arguments)
    assert moved.shape == (7, 8, *shape[2:])
    map_x, map_y = np.full((3, 4), -5.3, np.float32), np.full((3, 4), 7.7, np.float32)
    assert maps.remap(image, map_x=map_x, map_y=map_y, **arguments).shape == (3, 4, *shape[2:])
    if shape[:2] == (1, 1):
        assert np.allclose(moved, image[0, 0], atol=1e-5)


# --- maps -------------------------------------------------------------------------------------------------------------


def check_maps(found, height, width):
    for plane in found:
        assert plane.dtype == np.float32 and plane.shape == (height, width) and plane.flags.c_contiguous
    assert not np.shares_memory(*found)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_remap_nearest_moves_values(dtype, channels):
    image = picture(dtype, channels)
    map_x, map_y = maps.identity(7, 9)
    check_maps((map_x, map_y), 7, 9)
    check(lambda a: maps.remap(a, map_x=map_x, map_y=map_y, interpolation=NEAREST), image, image.copy())
    flipped_x = np.ascontiguousarray(map_x[:, ::-1])
    expected = np.ascontiguousarray(image[:, ::-1])
    check(lambda a: maps.remap(a, map_x=flipped_x, map_y=map_y, interpolation=NEAREST), image, expected)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32", "float64", "int32"])
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_remap_is_bilinear(dtype, channels):
    image = smooth(40, 50, channels, dtype)
    map_x, map_y = maps.elastic(30, 44, alpha=60, sigma=4, seed=3)
    expected = bilinear(image, map_x + 3, map_y + 2, fill=90)
    result = maps.remap(image, map_x=map_x + 3, map_y=map_y + 2, fill=90)
    check_levels(result, expected, image)


@pytest.mark.parametrize("mode", BORDERS)
def test_remap_borders(mode):
    image = picture("uint8", 3, height=5, width=6)
    map_x, map_y = maps.identity(20, 25)
    expected = padded(image, 7, 8, 4, 15, mode, 3)
    for interpolation in (NEAREST, LINEAR):
        result = maps.remap(
            image, map_x=map_x - 4, map_y=map_y - 7, interpolation=interpolation, border_mode=mode, fill=3
        )
        np.testing.assert_array_equal(result, expected)


def test_elastic_is_a_function_of_its_seed():
    for kwargs in ({}, {"approximate": True}, {"distribution": "uniform"}, {"same_dxdy": True}):
        one = maps.elastic(31, 47, alpha=30, sigma=5, seed=1, **kwargs)
        check_maps(one, 31, 47)
        again = maps.elastic(31, 47, alpha=30, sigma=5, seed=1, **kwargs)
        other = maps.elastic(31, 47, alpha=30, sigma=5, seed=2, **kwargs)
        assert np.array_equal(one, again) and not np.array_equal(one, other)
    map_x, map_y = maps.elastic(31, 47, alpha=30, sigma=5, seed=1, same_dxdy=True)
    still_x, still_y = maps.identity(31, 47)
    np.testing.assert_allclose(map_x - still_x, map_y - still_y, atol=1e-5)
    np.testing.assert_array_equal(maps.elastic(31, 47, alpha=0, sigma=5, seed=1), maps.identity(31, 47))
    for shape in ((1, 1), (1, 9), (300, 2)):
        check_maps(maps.elastic(*shape, alpha=5, sigma=50, seed=0), *shape)
    with pytest.raises(ValueError, match="distribution"):
        maps.elastic(4, 4, alpha=1, sigma=1, seed=1, distribution="cauchy")


def blur_matrix(side, sigma):
    """A Gaussian filter of one axis with mirrored borders, as a matrix: the reference that the field must resemble."""
    radius = int(4 * sigma + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    matrix = np.zeros((side, side))
    for i in range(side):
        for offset, weight in zip(range(-radius, radius + 1), kernel):
            matrix[i, border_index(i + offset, side, cv2.BORDER_REFLECT)] += weight
    return matrix


@pytest.mark.parametrize("side, sigma", [(256, 50), (256, 12), (200, 6.5), (256, 30), (100, 40), (64, 3)])
def test_elastic_has_the_deviation_and_correlation_of_the_full_resolution(side, sigma):
    """Both fields are linear in white noise, so their covariances along an axis are known exactly."""
    grid, sigmas, gain = maps._coarse(side, side, sigma)
    basis = np.eye(grid[1], dtype=np.float32)
    rows = maps._blurred(np.repeat(basis, 2, axis=0), (0, sigmas[1]), False)[::2]
    coarse = cv2.resize(rows, (side, grid[1]), interpolation=LINEAR).T * math.sqrt(gain)
    reference = blur_matrix(side, sigma)
    found, expected = coarse @ coarse.T, reference @ reference.T
    deviation = np.sqrt(np.diag(found)).mean() / np.sqrt(np.diag(expected)).mean()
    assert abs(deviation - 1) < 0.02
    correlation = found / np.sqrt(np.outer(np.diag(found), np.diag(found)))
    wanted = expected / np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.abs(correlation - wanted).max() < 0.06


@pytest.mark.parametrize("distribution, deviation", [("gaussian", 1.0), ("uniform", 3**-0.5)])
@pytest.mark.parametrize("sigma", [0, 1, 3, 9])
def test_elastic_deviation(distribution, deviation, sigma):
    fields = np.concatenate(
        [
            np.subtract(maps.elastic(250, 250, alpha=100, sigma=sigma, seed=k, distribution=distribution), still)[
                :, 30:-30, 30:-30
            ]
            for k in range(6)
            for still in [maps.identity(250, 250)]
        ]
    )
    expected = deviation * 100 / (2 * math.sqrt(math.pi) * sigma if sigma > 0 else 1)
    assert fields.std() == pytest.approx(expected, rel=0.12)


def test_elastic_approximation_has_a_fixed_kernel():
    kernel = cv2.getGaussianKernel(17, 50)
    map_x, _ = maps.elastic(400, 400, alpha=100, sigma=50, seed=0, approximate=True, distribution="uniform")
    deviation = (map_x - maps.identity(400, 400)[0]).std()
    assert deviation == pytest.approx(100 * 3**-0.5 * (kernel**2).sum(), rel=0.1)


# Where Albumentations 1.3.1 reads along a row, seen from outside by distorting coordinates; beyond the image it is cut.
CLASSIC_GRIDS = (
    (
        20,
        (1, 0.8, 0.6, 1.2, 1.1, 0.5),
        "0 1.34 2.66 4 4 5.06 6.12 7.19 7.19 8 8.81 9.59 9.59 11.19 12.81 14.41 14.41 15.88 17.34 18.81",
    ),
    (
        23,
        (1, 0.8, 0.6, 1.2, 1.1, 1.3),
        "0 1.34 2.66 4 4 5.06 6.12 7.19 7.19 8 8.81 9.59 9.59 11.19 12.81 14.41 14.41 15.88 17.34 18.81 18.81 20.91 22",
    ),
    (
        20,
        (1, 1.2, 1.6, 1.2, 1.1, 0.5),
        "0 1.34 2.66 4 4 5.59 7.19 8.81 8.81 10.94 13.06 15.19 15.19 16.81 18.41 19 19 19 19 19",
    ),
    (
        29,
        (0.5, 1.2, 1.2, 0.7, 0.6, 0.5, 1.9),
        "0 0.66 1.34 2 2 3.59 5.19 6.81 6.81 8.41 10 11.59 11.59 12.53 13.47 14.41 14.41 15.19 16 16.81 16.81 17.47 "
        "18.12 18.81 18.81 21.34 23.88 26.41",
    ),
)


@pytest.mark.parametrize("width, steps, row", CLASSIC_GRIDS)
def test_grid_distortion_reads_where_the_classic_one_did(width, steps, row):
    classic = np.array(row.split(), dtype=float)
    ones = [1] * len(steps)
    map_x, map_y = maps.grid_distortion(width, width, x_steps=steps, y_steps=ones)
    check_maps((map_x, map_y), width, width)
    # The classic cells show both of their ends, ours lie edge to edge: half a pixel of the input apart at each end.
    for found in (map_x[3], maps.grid_distortion(width, width, x_steps=ones, y_steps=steps)[1][:, 3]):
        found = np.clip(found, 0, width - 1)[: len(classic)]
        assert np.abs(found - classic).max() < (1 + max(steps)) / 2 + 0.05
        assert np.abs(found - classic).mean() < 0.6
    np.testing.assert_allclose(map_y, maps.identity(width, width)[1], atol=1e-5)


@given(st.integers(1, 80), st.lists(st.floats(0.3, 1.7), min_size=2, max_size=12))
def test_grid_distortion_never_turns_back(side, steps):
    map_x, _ = maps.grid_distortion(3, side, x_steps=steps, y_steps=[1, 1])
    assert map_x.shape == (3, side) and (np.diff(map_x[0]) > 0).all()
    ones = maps.grid_distortion(side, side, x_steps=[1] * len(steps), y_steps=[1] * len(steps))
    np.testing.assert_allclose(ones, maps.identity(side, side), atol=1e-4)


def test_grid_distortion_needs_steps():
    with pytest.raises(ValueError, match="two steps"):
        maps.grid_distortion(9, 9, x_steps=[1], y_steps=[1, 1])


@pytest.mark.parametrize("k, dx, dy", [(0.3, 0, 0), (-0.3, 3, 5), (0.05, -7, 2)])
def test_camera_is_the_lens_of_opencv(k, dx, dy):
    lens = np.array(((64, 0, 32 + dx), (0, 48, 24 + dy), (0, 0, 1)), dtype=np.float64)
    expected = cv2.initUndistortRectifyMap(lens, np.array((k, k, 0, 0, 0.0)), None, None, (64, 48), cv2.CV_32FC1)
    found = maps.camera(48, 64, k=k, dx=dx, dy=dy)
    check_maps(found, 48, 64)
    np.testing.assert_allclose(found[0], expected[0] - 0.5, atol=1e-4)
    np.testing.assert_allclose(found[1], expected[1] - 0.5, atol=1e-4)


def test_fisheye():
    map_x, map_y = maps.fisheye(61, 121, k=0.3)
    check_maps((map_x, map_y), 61, 121)
    assert (map_x[30, 60], map_y[30, 60]) == (60, 30)
    r = math.hypot(60, 30) / math.hypot(60.5, 30.5)
    np.testing.assert_allclose(
        (map_x[0, 0], map_y[0, 0]), (60 - 60 * (1 + 0.3 * r * r), 30 - 30 * (1 + 0.3 * r * r)), atol=1e-4
    )
    for zero in (maps.fisheye(61, 120, k=0), maps.camera(61, 120, k=0)):
        np.testing.assert_array_equal(zero, maps.identity(61, 120))


FIELDS = {
    "identity": maps.identity(60, 80),
    "elastic": maps.elastic(60, 80, alpha=120, sigma=8, seed=4),
    "grid": maps.grid_distortion(60, 80, x_steps=(1.3, 0.7, 0.8, 1.2, 1.1, 1), y_steps=(0.8, 1.2, 1.2, 0.7, 1, 1)),
    "camera": maps.camera(60, 80, k=0.4, dx=3),
    "fisheye": maps.fisheye(60, 80, k=-0.4),
    "rotation": matrix_map(warp.about(warp.rotation(70) @ warp.scaling(1.3, 0.8), center=(39, 29)), 60, 80),
}


@pytest.mark.parametrize("name", FIELDS)
def test_invert_points_is_the_way_back(name):
    map_x, map_y = FIELDS[name]
    rng = np.random.default_rng(0)
    places = rng.random((200, 2)) * (79, 59)
    # Where the output place (x, y) reads: between pixels the map is bilinear.
    read = [bilinear(plane[:, :, None].astype(np.float64), *places.T[:, None])[0, :, 0] for plane in (map_x, map_y)]
    found = maps.invert_points(np.stack(read, axis=1), map_x=map_x, map_y=map_y)
    # A folded map (elastic, the corners of fisheye) reads some points twice: the place may be another.
    again = [bilinear(plane[:, :, None].astype(np.float64), *found.T[:, None])[0, :, 0] for plane in (map_x, map_y)]
    assert (np.abs(found - places).max(axis=1) < 0.1).mean() > (0.85 if name in ("elastic", "fisheye") else 0.999)
    inside = ((found >= 0) & (found <= (79, 59))).all(axis=1)
    assert np.abs(np.subtract(again, read))[:, inside].max() < 0.1 and inside.mean() > 0.98


def test_invert_points_knows_what_is_not_shown():
    map_x, map_y = FIELDS["identity"]
    points = np.array([(-0.4, 59.4), (-2, 5), (5, 70), (500, 5), (np.nan, 1)])
    found = maps.invert_points(points, map_x=map_x, map_y=map_y)
    np.testing.assert_allclose(found[0], (-0.4, 59.4))
    assert np.isnan(found[1:]).all()
    assert maps.invert_points(np.zeros((0, 2)), map_x=map_x, map_y=map_y).shape == (0, 2)
    half = map_x[:, :40] * 0.5 + 10  # zoomed in on columns 10 to 29.5
    shown = maps.invert_points(np.array([(10.0, 3), (29, 3), (31, 3), (8, 3)]), map_x=half, map_y=map_y[:, :40])
    assert shown[:2].tolist() == [[0, 3], [38, 3]] and np.isnan(shown[2:]).all()


def test_invert_points_under_torn_and_tiny_maps():
    map_x, map_y = maps.identity(40, 40)
    swapped = np.concatenate((map_x[:, 20:], map_x[:, :20]), axis=1)  # the halves change places
    points = np.array([(5.0, 5), (25, 30), (33, 3)])
    found = maps.invert_points(points, map_x=swapped, map_y=map_y)
    np.testing.assert_allclose(found, [(25, 5), (5, 30), (13, 3)], atol=0.01)
    constant = np.zeros((30, 30), np.float32)
    assert np.isfinite(maps.invert_points(np.array([(0.2, 0.2)]), map_x=constant, map_y=constant)).all()
    for shape in ((1, 1), (1, 6), (6, 1)):
        map_x, map_y = maps.identity(*shape)
        found = maps.invert_points(np.array([(0.0, 0.0)]), map_x=map_x, map_y=map_y)
        np.testing.assert_array_equal(found, [(0, 0)])


@pytest.mark.parametrize("name", FIELDS)
def test_keypoints_follow_a_map_like_dots(name):
    map_x, map_y = FIELDS[name]
    seen = 0
    for x, y in ((20, 20), (40, 30), (70, 50), (3, 4), (60, 8), (77, 57)):
        image = np.zeros((60, 80), np.float32)
        image[y, x] = 1
        rows, columns = np.nonzero(maps.remap(image, map_x=map_x, map_y=map_y) > 0.3)
        ((u, v, _, _, _),) = keypoints.remap(np.array([(x, y, 0, 0, 1.0)]), map_x=map_x, map_y=map_y)
        if len(rows):
            assert abs(columns.mean() - u) < 1 and abs(rows.mean() - v) < 1
            seen += 1
    assert seen >= 2


@pytest.mark.parametrize("name", FIELDS)
def test_keypoints_that_a_map_does_not_show_are_carried_on_past_its_edge(name):
    map_x, map_y = FIELDS[name]
    height, width = map_x.shape
    around = 120
    y, x = np.mgrid[-around : height + around, -around : width + around]
    inner = np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
    wide_x = (map_x[inner] + x - inner[1]).astype(np.float32)
    wide_y = (map_y[inner] + y - inner[0]).astype(np.float32)
    points = np.array([(-30, 20), (110, 5), (40, -25), (33, 88), (-20, -30), (100, 80), (0, 0), (79, 59), (0.4, 58.7)])
    rows = np.column_stack([points, np.zeros((9, 3))])
    found = keypoints.remap(rows, map_x=map_x, map_y=map_y)[:, :2]
    assert np.isfinite(found).all()
    inside = keypoints.in_frame(found, height=height, width=width)
    at = np.clip(np.rint(found + around), 0, np.array(wide_x.shape[::-1]) - 1).astype(int)
    shown = np.stack((wide_x[at[:, 1], at[:, 0]], wide_y[at[:, 1], at[:, 0]]), axis=1)
    assert np.abs(shown - points)[~inside].max() < 2 and (~inside).sum() >= 4
    if name == "identity":
        points[:, 1] += 0.4
        np.testing.assert_allclose(maps.beyond(points[:4], map_x=map_x, map_y=map_y), points[:4])


def test_a_point_in_a_tear_of_a_map_is_put_outside():
    map_x, map_y = maps.identity(20, 30)
    map_x[:, 15:] += 40  # nothing reads 15 - 54
    found = maps.beyond(np.array([(25, 8), (30.4, 19), (30, 0), (200, 3)]), map_x=map_x, map_y=map_y)
    assert np.isfinite(found).all() and not keypoints.in_frame(found, height=20, width=30).any()
    assert found[3].tolist() == [160, 3]


def test_a_point_that_is_not_finite_stays_so_under_a_map():
    rows = np.array([(np.nan, 3, 0, 1, 2.0), (5, np.inf, 0, 1, 2.0)])
    found = keypoints.remap(rows, map_x=FIELDS["grid"][0], map_y=FIELDS["grid"][1])
    assert np.isnan(found[0, 0]) and np.isinf(found[1, 1])


def test_keypoints_remap_turns_and_stretches_like_the_matrix():
    matrix = warp.about(warp.rotation(70) @ warp.scaling(1.3, 0.8), center=(39, 29))
    points = np.array([(35, 25, 4, 0.3, 2.0, 8), (40, 33, 4, 5.0, 1.0, 9), (500, 500, 4, 1, 1, 1)])
    found = keypoints.remap(points, map_x=FIELDS["rotation"][0], map_y=FIELDS["rotation"][1])
    np.testing.assert_allclose(found[:2], keypoints.transform(points[:2], matrix=matrix), atol=1e-2)
    assert found[2, :2].min() > 80 and found[2, 2:].tolist() == [4, 1, 1, 1]
    assert keypoints.remap(np.zeros((0, 5)), map_x=FIELDS["grid"][0], map_y=FIELDS["grid"][1]).shape == (0, 5)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("seed", range(3))
def test_boxes_follow_a_map_like_painted_boxes(name, seed):
    map_x, map_y = FIELDS[name]
    rng = np.random.default_rng(seed)
    low = rng.integers(0, (60, 40), size=(8, 2))
    rows = np.concatenate((low, low + rng.integers(3, 20, size=(8, 2)), rng.random((8, 1))), axis=1).astype(float)
    found = boxes.remap(rows, map_x=map_x, map_y=map_y)
    np.testing.assert_array_equal(found[:, 4], rows[:, 4])
    for before, after in zip(rows, found):
        x0, y0, x1, y1 = before[:4].astype(int)
        image = np.zeros((60, 80), np.uint8)
        image[y0:y1, x0:x1] = 1
        ys, xs = np.nonzero(maps.remap(image, map_x=map_x, map_y=map_y, interpolation=NEAREST))
        if not len(ys):
            assert tuple(after[:4]) == boxes.NOWHERE or boxes.areas(after[None])[0] < 4
            continue
        painted = np.array((xs.min(), ys.min(), xs.max() + 1, ys.max() + 1))
        assert (after[:2] <= painted[:2]).all() and (after[2:4] >= painted[2:]).all()
        assert np.abs(after[:4] - painted).max() <= 2


def test_boxes_remap_odds_and_ends():
    map_x, map_y = FIELDS["identity"]
    whole = np.array([(3.0, 4, 9, 11), (0, 0, 80, 60), (100, 100, 120, 120), (20.6, 20.6, 20.8, 20.8)])
    found = boxes.remap(whole, map_x=map_x, map_y=map_y)
    assert found[:2].tolist() == whole[:2].tolist()
    assert tuple(found[2]) == boxes.NOWHERE
    np.testing.assert_allclose(found[3], whole[3])
    assert boxes.areas(boxes.clip(found[2:3], height=60, width=80)) == 0
    assert boxes.remap(np.zeros((0, 6)), map_x=map_x, map_y=map_y).shape == (0, 6)


# --- holes ------------------------------------------------------------------------------------------------------------

RECTANGLES = np.array([(1, 1, 3, 4), (2, 3, 6, 5), (7, 5, 20, 20), (-4, -4, 1, 1), (4, 4, 4, 6), (30, 1, 40, 2)])


def hole_mask(height, width):
    mask = np.zeros((height, width), bool)
    for y, x in np.ndindex(height, width):
        mask[y, x] = any(x0 <= x < x1 and y0 <= y < y1 for x0, y0, x1, y1 in RECTANGLES)
    return mask


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_holes_are_filled(dtype, channels):
    image = picture(dtype, channels)
    mask = hole_mask(7, 9)
    for fill in (1, [k % 2 for k in range(channels or 1)]):
        expected = image.copy()
        expected[mask] = np.asarray(fill, dtype=dtype) if channels else np.asarray(fill, dtype=dtype).ravel()[0]
        check(lambda a, f=fill: holes.fill(a, holes=RECTANGLES, fill=f), image, expected)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_holes_in_any_layout(layout):
    image = picture("uint8", 3)
    expected = image.copy()
    expected[hole_mask(7, 9)] = (1, 2, 3)
    check(lambda a: holes.fill(a, holes=RECTANGLES, fill=(1, 2, 3)), laid_out(image, layout), expected)
    check(lambda a: holes.fill(a, holes=np.zeros((0, 4), int)), laid_out(image, layout), image)


@pytest.mark.parametrize("fill", ["random", "random_uniform"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_random_holes(dtype, fill):
    for channels in (None, 1, 3, 5):
        image = np.zeros((40, 50) if channels is None else (40, 50, channels), dtype)
        places = np.array([(3, 4, 23, 34), (30, 5, 60, 35)])
        result = holes.fill(image, holes=places, fill=fill, seed=3)
        assert result.dtype == image.dtype and result.shape == image.shape and result.flags.c_contiguous
        np.testing.assert_array_equal(result, holes.fill(image, holes=places, fill=fill, seed=3))
        first = result[4:34, 3:23]
        if fill == "random_uniform":
            assert (first == first[0, 0]).all()
            continue
        assert not np.array_equal(result, holes.fill(image, holes=places, fill=fill, seed=4))
        mean = first.astype(np.float64).mean() / (np.iinfo(dtype).max if np.dtype(dtype).kind in "iu" else 1)
        assert 0.4 < mean < 0.6
        assert not result[:4].any() and not result[4:34, 23:30].any()


@pytest.mark.parametrize("word", ["inpaint_telea", "inpaint_ns"])
def test_inpainted_holes(word):
    image = smooth(40, 50)
    place = np.array([(10, 10, 16, 17)])
    for part in (image, image[:, :, 0], image[:, :, :1], image[:, ::-1]):
        result = holes.fill(part, holes=place, fill=word)
        assert result.shape == part.shape and result.dtype == np.uint8
        changed = result != part
        changed[10:17, 10:16] = False
        assert not changed.any()
        assert np.abs(result.astype(int) - part).max() < 25
    for part in (image.astype(np.float32), image[:, :, :2]):
        with pytest.raises(ValueError, match="inpainting"):
            holes.fill(part, holes=place, fill=word)
    with pytest.raises(ValueError, match="fill"):
        holes.fill(image, holes=place, fill="paint")


def test_holes_saturate():
    image = np.zeros((4, 4, 3), np.uint8)
    place = np.array([(0, 0, 1, 1)])
    for fill, value in ((300, 255), (-4, 0), (0.6, 1), (2.5, 2), (None, 0), (7, 7)):
        assert holes.fill(image, holes=place, fill=fill)[0, 0].tolist() == [value] * 3
    assert holes.fill(image.astype(np.int64), holes=place, fill=-(2**62))[0, 0, 0] == -(2**62)


def tile_picture(dtype, channels):
    rng = np.random.default_rng(1)
    shape = (50, 70) if channels is None else (50, 70, channels)
    values = cv2.GaussianBlur(rng.random((50, 70, channels or 1)).astype(np.float32), (0, 0), 3).reshape(shape)
    values = (values - values.min()) / (values.max() - values.min())
    return values if dtype == "float32" else (values * 250).astype(dtype)


WINDOW = warp._window


def small_window(image, rows, columns, *more):
    assert max(rows.stop - rows.start, columns.stop - columns.start) <= 40
    return WINDOW(image, rows, columns, *more)


def wild_map(height, width, reach):
    rng = np.random.default_rng(3)
    map_x, map_y = maps.identity(height, width)
    map_x += cv2.resize(rng.normal(0, reach, (3, 4)).astype(np.float32), (width, height))
    map_y += cv2.resize(rng.normal(0, reach, (3, 4)).astype(np.float32), (width, height))
    return map_x, map_y


@pytest.mark.parametrize("border_mode", range(5))
@pytest.mark.parametrize("interpolation", [0, 1, 2, 4])
def test_remaps_in_tiles_are_those_in_one_piece(monkeypatch, interpolation, border_mode):
    for dtype, channels in (("uint8", 3), ("float32", 1), ("int64", 2), ("uint16", 6), ("uint8", None)):
        image = tile_picture(dtype, channels)
        for reach in (2, 60):
            map_x, map_y = wild_map(50, 70, reach)
            how = {
                "map_x": map_x,
                "map_y": map_y,
                "interpolation": interpolation,
                "border_mode": border_mode,
                "fill": 9,
            }
            # Not by the border mode itself: OpenCV 5.0 reads wrong pixels there by cubic interpolation.
            around = ((300, 300), (300, 300), (0, 0))[: image.ndim]
            values = {"constant_values": 9} if border_mode == 0 else {}
            padded = np.pad(image, around, ("constant", "edge", "symmetric", "wrap", "reflect")[border_mode], **values)
            whole = maps.remap(padded, **{**how, "map_x": map_x + 300, "map_y": map_y + 300})
            with monkeypatch.context() as patch:
                patch.setattr(warp, "LARGEST", 40)
                patch.setattr(warp, "_TILE", 16)
                patch.setattr(warp, "_window", small_window)
                tiled = maps.remap(image, **how)
            assert tiled.dtype == whole.dtype and tiled.shape == whole.shape
            exact = interpolation == 0
            # Places less a whole number are rounded to other 32nds of a pixel.
            assert np.abs(tiled.astype(float) - whole.astype(float)).max() <= (0 if exact else 0.01 * whole.max())


@pytest.mark.parametrize("border_mode", range(5))
@pytest.mark.parametrize(
    "matrix", [warp.translation(7, -3), warp.rotation(20), np.array([[1, 0.1, 3], [0, 1, 2], [1e-3, 2e-3, 1]])]
)
def test_warps_in_tiles_are_those_in_one_piece(monkeypatch, matrix, border_mode):
    image = tile_picture("uint8", 3)
    whole = warp.warp(image, matrix=matrix, size=(45, 80), border_mode=border_mode, fill=(9, 90, 200))
    monkeypatch.setattr(warp, "LARGEST", 40)
    monkeypatch.setattr(warp, "_TILE", 16)
    tiled = warp.warp(image, matrix=matrix, size=(45, 80), border_mode=border_mode, fill=(9, 90, 200))
    # OpenCV knows places to 1/32 of a pixel only in some of its routines.
    assert np.abs(tiled.astype(int) - whole.astype(int)).mean() < 0.5


@pytest.mark.parametrize("shape", [(4, 40000, 3), (40000, 3)])
def test_pictures_beyond_the_largest_of_opencv_are_warped(shape):
    image = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    height, width = shape[:2]
    map_x, map_y = maps.identity(height, width)
    moved = maps.remap(image, map_x=map_x + np.float32(1), map_y=map_y + np.float32(1))
    assert np.array_equal(moved[:-1, :-1], image[1:, 1:]) and not moved[-1].any() and not moved[:, -1].any()
    moved = warp.warp(image, matrix=warp.translation(-1, -1), size=(height, width))
    assert np.array_equal(moved[:-1, :-1], image[1:, 1:]) and not moved[-1].any()
    half = warp.warp(image, matrix=warp.scaling(0.5, 1), size=(height, (width + 1) // 2), interpolation=0)
    assert np.array_equal(half, image[:, ::2])
