"""Kernels of grids, tiles, regions, volumes, windows, morphology and mixtures against slow and obvious references."""

import itertools
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_kernels_geometry import CHANNELS, DTYPES, LAYOUTS, check, laid_out, padded, picture, smooth

from albumentations.functional import (
    boxes,
    domain,
    grids,
    holes,
    keypoints,
    maps,
    mix,
    morphology,
    tiles,
    volumes,
    warp,
    windows,
)

SIZES = ((1, 1), (1, 7), (7, 1), (2, 3), (17, 33), (40, 61))
FRACTION = st.floats(0, 1)
TWO, THREE, FOUR = (st.tuples(*[FRACTION] * count) for count in (2, 3, 4))


def rows_of(points):
    """Keypoints (N, 5) of x, y, z, angle, scale from x, y or x, y, z."""
    result = np.zeros((len(points), 5))
    result[:, : len(points[0])] = points
    result[:, 4] = 1.0
    return result


# --- maps from nodes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("height, width", SIZES)
def test_grids_without_moves_are_the_identity(height, width):
    for kernel, shape in ((grids.piecewise_affine, (4, 5)), (grids.elastic_grid, (3, 2)), (grids.thin_plate, (4, 3))):
        found = kernel(height, width, moves_x=np.zeros(shape), moves_y=np.zeros(shape))
        for plane, expected in zip(found, maps.identity(height, width)):
            assert plane.dtype == np.float32 and plane.shape == (height, width) and plane.flags.c_contiguous
            np.testing.assert_allclose(plane, expected, atol=2e-5)


@pytest.mark.parametrize("height, width", [(17, 33), (40, 61), (9, 8)])
def test_bilinear_nodes(height, width):
    rng = np.random.default_rng(0)
    x, y = grids.nodes(height, width, rows=3, columns=4)
    assert x[0].tolist() == np.linspace(0, width - 1, 4).tolist() and y[:, 0].tolist() == [
        0,
        (height - 1) / 2,
        height - 1,
    ]
    values = rng.normal(0, 9, (2, 3, 4))
    found = grids.bilinear(height, width, node_x=values[0], node_y=values[1])
    for plane, nodes in zip(found, values):
        for i, j in itertools.product(range(height), range(width)):
            v, u = i * 2 / (height - 1), j * 3 / (width - 1)
            a, b = min(int(v), 1), min(int(u), 2)
            s, t = v - a, u - b
            top = nodes[a, b] * (1 - t) + nodes[a, b + 1] * t
            low = nodes[a + 1, b] * (1 - t) + nodes[a + 1, b + 1] * t
            assert plane[i, j] == pytest.approx(top * (1 - s) + low * s, abs=1e-4)


def test_piecewise_affine_reads_its_nodes_off_and_never_outside():
    moves_x, moves_y = np.random.default_rng(1).normal(0, 6, (2, 3, 4))
    map_x, map_y = grids.piecewise_affine(41, 61, moves_x=moves_x, moves_y=moves_y)
    for i, j in itertools.product(range(3), range(4)):
        assert map_x[20 * i, 20 * j] == pytest.approx(np.clip(20 * j + moves_x[i, j], 0, 60), abs=1e-4)
        assert map_y[20 * i, 20 * j] == pytest.approx(np.clip(20 * i + moves_y[i, j], 0, 40), abs=1e-4)
    assert map_x.min() >= -1e-4 and map_x.max() <= 60 + 1e-4 and map_y.min() >= -1e-4 and map_y.max() <= 40 + 1e-4


def test_elastic_grid_carries_the_content_and_keeps_the_frame():
    moves_x, moves_y = np.zeros((1, 2)), np.zeros((1, 2))
    moves_x[0, 1], moves_y[0, 1] = 4, -3
    map_x, map_y = grids.elastic_grid(41, 61, moves_x=moves_x, moves_y=moves_y)
    for k in (0, -1):
        np.testing.assert_allclose(map_x[k], np.arange(61), atol=1e-4)
        np.testing.assert_allclose(map_y[:, k], np.arange(41), atol=1e-4)
    np.testing.assert_allclose(maps.invert_points([(40, 20)], map_x=map_x, map_y=map_y), [(44, 17)], atol=1)
    assert (map_x[20, 40], map_y[20, 40]) == pytest.approx((36, 23), abs=1e-4)


def thin_plate(height, width, moves_x, moves_y):
    """Bookstein's spline at every pixel, solved and evaluated in float64."""
    rows, columns = moves_x.shape
    points = np.array([(j / (columns - 1), i / (rows - 1)) for i in range(rows) for j in range(columns)])

    def radial(a, b):
        square = ((a[:, None] - b[None]) ** 2).sum(axis=2)
        return np.where(square > 0, square * np.log(np.where(square > 0, square, 1)), 0)

    ones = np.column_stack((np.ones(len(points)), points))
    system = np.block([[radial(points, points), ones], [ones.T, np.zeros((3, 3))]])
    right = np.zeros((len(points) + 3, 2))
    right[:-3] = np.column_stack((moves_x.ravel(), moves_y.ravel()))
    solution = np.linalg.solve(system, right)
    y, x = np.mgrid[0:height, 0:width]
    places = np.column_stack(((x.ravel() + 0.5) / width, (y.ravel() + 0.5) / height))
    shift = np.column_stack((radial(places, points), np.ones(len(places)), places)) @ solution
    return x + shift[:, 0].reshape(height, width) * width, y + shift[:, 1].reshape(height, width) * height


@pytest.mark.parametrize("height, width", [*SIZES, (256, 200), (33, 200), (90, 16)])
def test_thin_plate(height, width):
    moves_x, moves_y = np.random.default_rng(2).normal(0, 0.05, (2, 4, 5))
    found = grids.thin_plate(height, width, moves_x=moves_x, moves_y=moves_y)
    for plane, expected, side in zip(found, thin_plate(height, width, moves_x, moves_y), (width, height)):
        assert plane.dtype == np.float32
        np.testing.assert_allclose(plane, expected, atol=max(1e-3, 1e-3 * side))


@pytest.mark.parametrize(
    "kernel, scale", [(grids.piecewise_affine, 3), (grids.elastic_grid, 3), (grids.thin_plate, 0.03)]
)
def test_points_and_boxes_follow_grids(kernel, scale):
    height, width = 80, 110
    moves_x, moves_y = np.random.default_rng(3).normal(0, scale, (2, 4, 4))
    map_x, map_y = kernel(height, width, moves_x=moves_x, moves_y=moves_y)
    inner = [(30, 20), (70, 50), (55, 40), (90, 30)]
    for (x, y), (u, v) in zip(inner, maps.invert_points(inner, map_x=map_x, map_y=map_y)):
        dot = np.zeros((height, width, 1), np.float32)
        dot[y - 1 : y + 2, x - 1 : x + 2] = 1
        seen = maps.remap(dot, map_x=map_x, map_y=map_y)[:, :, 0]
        rows, columns = np.mgrid[0:height, 0:width]
        assert (seen * columns).sum() / seen.sum() == pytest.approx(u, abs=1)
        assert (seen * rows).sum() / seen.sum() == pytest.approx(v, abs=1)
    box = np.array([(30.0, 20, 60, 50)])
    paint = np.zeros((height, width), np.uint8)
    paint[20:50, 30:60] = 1
    y, x = np.nonzero(maps.remap(paint, map_x=map_x, map_y=map_y, interpolation=cv2.INTER_NEAREST))
    left, top, right, low = boxes.remap(box, map_x=map_x, map_y=map_y)[0]
    assert left <= x.min() and top <= y.min() and right > x.max() and low > y.max()
    assert right - left <= x.max() - x.min() + 3 and low - top <= y.max() - y.min() + 3


def test_grids_need_two_nodes():
    for kernel in (grids.piecewise_affine, grids.thin_plate):
        with pytest.raises(ValueError, match="at least 2"):
            kernel(5, 6, moves_x=np.zeros((1, 3)), moves_y=np.zeros((1, 3)))


# --- tiles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_shuffle_is_exact(dtype, channels):
    image = picture(dtype, channels, height=7, width=9)
    order = tiles.permutation(7, 9, grid=(2, 3), seed=5)
    expected = np.empty_like(image)
    y, x = (0, 3, 7), (0, 3, 6, 9)
    for place, shown in enumerate(order):
        (i, j), (k, m) = divmod(place, 3), divmod(shown, 3)
        expected[y[i] : y[i + 1], x[j] : x[j + 1]] = image[y[k] : y[k + 1], x[m] : x[m + 1]]
    check(lambda a: tiles.shuffle(a, grid=(2, 3), order=order), image, expected)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 5), st.integers(1, 5), st.integers(0, 9))
@settings(max_examples=60)
def test_shuffle_loses_nothing_and_points_ride_along(height, width, rows, columns, seed):
    grid = (rows, columns)
    order = tiles.permutation(height, width, grid=grid, seed=seed)
    image = np.arange(height * width).reshape(height, width)
    result = tiles.shuffle(image, grid=grid, order=order)
    assert sorted(result.ravel()) == sorted(image.ravel())
    y, x = np.mgrid[0:height, 0:width]
    points = rows_of(np.column_stack((x.ravel(), y.ravel())))
    moved = tiles.shuffle_keypoints(points, height=height, width=width, grid=grid, order=order)[:, :2].astype(int)
    np.testing.assert_array_equal(result[moved[:, 1], moved[:, 0]], image.ravel())
    cells = tiles.cells(height, width, grid=grid)
    assert ((cells[:, 2:] - cells[:, :2]).prod(axis=1)).sum() == height * width


def test_shuffled_permutations_are_uniform_among_equal_cells():
    seen = {tuple(tiles.permutation(4, 9, grid=(1, 4), seed=seed)) for seed in range(200)}
    assert len(seen) == 6 and all(order[3] == 3 for order in seen)  # widths 2, 2, 2, 3


@given(st.integers(0, 20), st.integers(0, 14), st.integers(1, 10), st.integers(1, 7), st.integers(0, 5))
@settings(max_examples=60)
def test_shuffled_boxes_are_those_of_their_paint(x, y, w, h, seed):
    height, width, grid = 21, 30, (3, 4)
    order = tiles.permutation(height, width, grid=grid, seed=seed)
    box = np.array([(x, y, x + w, y + h, 7.0), (0, 0, width, height, 8.0)])
    paint = np.zeros((height, width), np.uint8)
    paint[y : y + h, x : x + w] = 1
    shuffled = tiles.shuffle(paint, grid=grid, order=order)
    _, _, stats, _ = cv2.connectedComponentsWithStats(shuffled, connectivity=8)
    expected = sorted((a, b, a + c, b + d, 7) for a, b, c, d, _ in stats[1:].tolist())
    found, origin = tiles.shuffle_boxes(box, height=height, width=width, grid=grid, order=order)
    assert sorted(map(tuple, found[origin == 0].astype(int).tolist())) == expected
    assert found[origin == 1].tolist() == [[0, 0, width, height, 8]]


def test_shuffle_of_no_boxes_and_wrong_orders():
    found, origin = tiles.shuffle_boxes(np.zeros((0, 5)), height=4, width=4, grid=(2, 2), order=[3, 2, 1, 0])
    assert found.shape == (0, 5) and origin.shape == (0,)
    for order, message in (([0, 1], "permutation"), ([1, 0], "another size")):
        with pytest.raises(ValueError, match=message):
            tiles.shuffle(picture(height=4, width=5), grid=(1, 2) if message != "permutation" else (2, 2), order=order)
    with pytest.raises(ValueError, match="cells"):
        tiles.cuts(5, count=0)


@given(
    *(st.integers(1, 14), st.integers(1, 14), st.integers(1, 6), st.integers(1, 6)),
    *(st.integers(0, 7), st.integers(0, 7), st.integers(0, 16), st.integers(0, 16)),
)
@settings(max_examples=150)
def test_lattice(height, width, unit_y, unit_x, hole_y, hole_x, start_y, start_x):
    hole_y, hole_x = min(hole_y, unit_y), min(hole_x, unit_x)
    image = picture("uint8", 3, height=height, width=width)
    expected = image.copy()
    for i, j in itertools.product(range(start_y, height), range(start_x, width)):
        if (i - start_y) % unit_y < hole_y and (j - start_x) % unit_x < hole_x:
            expected[i, j] = (9, 8, 7)
    where = {"unit": (unit_y, unit_x), "hole": (hole_y, hole_x), "start": (start_y, start_x)}
    check(lambda a: tiles.fill_lattice(a, **where, fill=(9, 8, 7)), image, expected)
    rectangles = tiles.lattice(height, width, **where)
    np.testing.assert_array_equal(holes.fill(image, holes=rectangles, fill=(9, 8, 7)), expected)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_lattice_dtypes(dtype, channels):
    image = picture(dtype, channels)
    where = {"unit": (3, 4), "hole": (1, 2), "start": (1, 1)}
    expected = holes.fill(image, holes=tiles.lattice(7, 9, **where), fill=1)
    for layout in LAYOUTS:
        check(lambda a: tiles.fill_lattice(a, **where, fill=1), laid_out(image, layout), expected)


# --- regions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_region_fill(dtype, channels):
    image = picture(dtype, channels)
    region = np.random.default_rng(1).random((7, 9)) < 0.4
    colors = np.arange(1 if channels is None else channels) % 2
    expected = image.copy()
    for i, j in np.argwhere(region):
        expected[i, j] = colors if channels is not None else colors[0]
    for layout in LAYOUTS:
        check(lambda a: holes.fill(a, holes=region, fill=colors), laid_out(image, layout), expected)
    for word in ("random", "random_uniform"):
        result = holes.fill(image, holes=region[:, ::-1], fill=word, seed=3)
        np.testing.assert_array_equal(result, holes.fill(image, holes=region[:, ::-1], fill=word, seed=3))
        np.testing.assert_array_equal(result[~region[:, ::-1]], image[~region[:, ::-1]])
        assert result.dtype == image.dtype and not np.shares_memory(result, image)
        if word == "random_uniform":
            assert len(np.unique(result[region[:, ::-1]], axis=0)) == 1


def test_a_region_of_rectangles_is_the_rectangles():
    rectangles = np.array([(1, 2, 5, 6), (4, 0, 9, 3)])
    region = np.zeros((20, 30), bool)
    for x_min, y_min, x_max, y_max in rectangles:
        region[y_min:y_max, x_min:x_max] = True
    image = picture("uint8", 3, 20, 30)
    for word in (7, "inpaint_telea", "inpaint_ns"):
        np.testing.assert_array_equal(
            holes.fill(image, holes=region, fill=word), holes.fill(image, holes=rectangles, fill=word)
        )
    rng = np.random.default_rng(0)
    low = rng.uniform(-3, 20, (50, 2))
    some = np.concatenate((low, low + rng.uniform(0, 12, (50, 2))), axis=1)
    some[:3, 2:4] = some[:3, :2]
    np.testing.assert_allclose(boxes.uncovered(some, holes=region), boxes.uncovered(some, holes=rectangles), atol=1e-9)
    points = rows_of(rng.uniform(-2, 31, (200, 2)))
    np.testing.assert_array_equal(
        keypoints.in_holes(points, holes=region), keypoints.in_holes(points, holes=rectangles)
    )


def test_a_pixel_of_a_region_owns_what_follows_its_centre():
    region = np.zeros((6, 9), bool)
    region[3, 4] = True
    points = rows_of([(4, 3), (4.99, 3.99), (4, 3.6), (3.99, 3), (5, 3), (4, 2.99), (4, 4), (-5, 3), (np.nan, 3)])
    assert keypoints.in_holes(points, holes=region).tolist() == [True] * 3 + [False] * 6


def test_region_errors():
    image = picture("uint8", 3)
    with pytest.raises(ValueError, match="pixels"):
        holes.fill(image, holes=np.zeros((9, 7), bool))
    with pytest.raises(ValueError, match="fill must be"):
        holes.fill(image, holes=np.zeros((7, 9), bool), fill="noise")
    with pytest.raises(ValueError, match="inpainting"):
        holes.fill(image.astype(np.float32), holes=np.zeros((7, 9), bool), fill="inpaint_ns")


def test_scattered():
    drawn = holes.scattered(200, 301, share=0.03, seed=1)
    assert drawn.shape == (200, 301) and drawn.dtype == bool and 0.027 < drawn.mean() < 0.033
    assert (drawn == holes.scattered(200, 301, share=0.03, seed=1)).all()
    assert (drawn != holes.scattered(200, 301, share=0.03, seed=2)).any()
    apart = holes.scattered(50, 60, share=0.5, seed=0, channels=3)
    assert apart.shape == (50, 60, 3) and (apart[..., 0] != apart[..., 1]).mean() > 0.4
    assert not holes.scattered(5, 6, share=0, seed=0).any() and holes.scattered(5, 6, share=1, seed=0).all()
    with pytest.raises(ValueError, match="share"):
        holes.scattered(5, 6, share=1.5, seed=0)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_replace(dtype, channels):
    image = picture(dtype, channels)
    where = picture("bool", channels, seed=1)
    expected = image.copy()
    expected[where] = 1
    check(lambda a: holes.replace(a, where=where, values=1), image, expected)
    if channels == 3:
        assert (holes.replace(image, where=where, values=(0, 1, 1))[..., 0][where[..., 0]] == 0).all()
    with pytest.raises(ValueError, match="shape"):
        holes.replace(image, where=where[1:], values=1)


@pytest.mark.parametrize("dtype", DTYPES)
def test_components(dtype):
    mask = np.zeros((8, 12), dtype)
    mask[0:2, 0:3], mask[2, 3], mask[5:7, 5:9], mask[7, 11] = 1, 1, 1, 1
    if dtype != "bool":
        mask[5:7, 9:11] = 2  # another value is another object, also where they touch
        assert holes.components(mask)[1] == 4 and holes.components(mask)[0].max() == 4
        mask[5:7, 9:11] = 0
    labels, count = holes.components(mask)
    assert count == 3 and labels[0, 0] == labels[2, 3] != labels[5, 5] and labels.dtype == np.int32
    assert (holes.components(mask[:, :, None])[0] == labels).all()
    assert holes.picked(labels, numbers=[int(labels[0, 0]), int(labels[7, 11])]).sum() == 8
    assert not holes.picked(labels, numbers=[]).any()
    with pytest.raises(ValueError, match="one channel"):
        holes.components(np.zeros((3, 4, 2), dtype))


@given(st.integers(1, 90), st.integers(1, 90), st.floats(0.01, 0.9), st.floats(0.2, 5), FRACTION, FRACTION)
def test_rectangle(height, width, share, ratio, u, v):
    found = holes.rectangle(height, width, share=share, ratio=ratio, fractions=(u, v))
    for x_min, y_min, x_max, y_max in found:
        assert 0 <= x_min < x_max <= width and 0 <= y_min < y_max <= height
        rows, columns = y_max - y_min, x_max - x_min
        assert abs(rows - math.sqrt(share * height * width / ratio)) <= 0.5
        assert abs(columns - math.sqrt(share * height * width * ratio)) <= 0.5


@given(st.integers(1, 20), st.integers(1, 30), st.integers(0, 40), FRACTION)
def test_stripes(height, width, length, place):
    across, down = holes.stripes(height, width, vertical=[(length, place)], horizontal=[(length, place)]).tolist()
    assert across[1] == 0 and across[3] == height and across[2] - across[0] == min(length, width)
    assert down[0] == 0 and down[2] == width and down[3] - down[1] == min(length, height)
    assert across[0] >= 0 and across[2] <= width and down[1] >= 0 and down[3] <= height


def test_centered():
    found = holes.centered(20, 30, centers=[(10, 9), (0, 0), (29, 19)], sizes=[(4, 6), (4, 6), (4, 6)])
    assert found.tolist() == [[7, 7, 13, 11], [0, 0, 3, 2], [26, 17, 30, 20]]


@given(st.floats(0, 20), st.floats(0, 20), st.floats(0.1, 20), st.floats(0.1, 20), *[FRACTION] * 4)
def test_within(x, y, w, h, rows, columns, u, v):
    box = np.array([(x, y, x + w, y + h, 3)])
    left, top, right, low = holes.within(boxes=box, sides=[(rows, columns)], fractions=[(u, v)])[0]
    assert right - left >= 1 and low - top >= 1
    assert right - left <= max(w * columns + 1e-6, 1) and low - top <= max(h * rows + 1e-6, 1)
    if w >= 2 and h >= 2:
        assert left >= x - 1e-6 and right <= x + w + 1e-6 and top >= y - 1e-6 and low <= y + h + 1e-6


def test_on_mask():
    region = np.zeros((40, 60), bool)
    region[10:20, 30:40] = True
    found = holes.on_mask(region, sides=[(0.4, 0.2)] * 50, fractions=np.linspace(0, 1, 50))
    assert set((found[:, 2] - found[:, 0]).tolist()) == {2} and set((found[:, 3] - found[:, 1]).tolist()) == {4}
    assert all(region[(b + d) // 2, (a + c) // 2] for a, b, c, d in found.tolist())
    assert holes.on_mask(~region & region, sides=[(1, 1)], fractions=[0.5]).shape == (0, 4)


# --- volumes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [None, 1, 3, 5])
@pytest.mark.parametrize("dtype", DTYPES)
def test_cubic_is_exact(dtype, channels):
    volume = picture(dtype, channels, height=6, width=5).reshape(2, 3, 5, *(() if channels is None else (channels,)))
    for element, name in enumerate(volumes.CUBIC_ELEMENTS):
        axes = tuple("zyx".index(letter.lower()) for letter in name)
        rest = () if channels is None else (3,)
        expected = np.transpose(volume, axes + rest)
        for axis, letter in enumerate(name):
            expected = np.flip(expected, axis) if letter.isupper() else expected
        check(lambda a, e=element: volumes.cubic(a, element=e), volume, np.ascontiguousarray(expected))


@pytest.mark.parametrize("shape", list(itertools.product((1, 2, 3), repeat=3)))
def test_cubic_of_thin_volumes(shape):
    for rest in ((), (1,), (3,)):
        volume = np.arange(np.prod(shape + rest), dtype=np.float32).reshape(shape + rest)
        for element in range(48):
            expected = volumes.cubic(volume.astype(np.int64), element=element)
            np.testing.assert_array_equal(volumes.cubic(volume, element=element), expected)


def test_cubic_symmetries_are_a_group():
    assert len(set(volumes.CUBIC_ELEMENTS)) == 48
    volume = np.arange(24).reshape(2, 3, 4)
    done = [volumes.cubic(volume, element=e) for e in range(48)]
    for first, second in itertools.product(range(48), repeat=2):
        both = volumes.cubic(done[first], element=second)
        np.testing.assert_array_equal(both, done[volumes.cubic_then(first, second)])
    for element in range(48):
        assert volumes.cubic_then(element, volumes.cubic_inverse(element)) == 0
        np.testing.assert_array_equal(volumes.cubic(done[element], element=volumes.cubic_inverse(element)), volume)
    for element in (-1, 48):
        with pytest.raises(ValueError, match="element"):
            volumes.cubic(volume, element=element)


def test_the_first_24_cubic_elements_are_rotations():
    for element, name in enumerate(volumes.CUBIC_ELEMENTS):
        matrix = np.zeros((3, 3))
        for axis, letter in enumerate(name):
            matrix[axis, "zyx".index(letter.lower())] = -1 if letter.isupper() else 1
        assert np.linalg.det(matrix) == pytest.approx(1 if element < 24 else -1)


@pytest.mark.parametrize("element", range(48))
def test_cubic_keypoints(element):
    volume = np.arange(24).reshape(2, 3, 4)
    z, y, x = (a.ravel() for a in np.mgrid[0:2, 0:3, 0:4])
    points = rows_of(np.column_stack((x, y, z)))
    points[:, 3] = 0.3
    moved = volumes.cubic_keypoints(points, shape=(2, 3, 4), element=element)
    result = volumes.cubic(volume, element=element)
    at = moved[:, :3].astype(int)
    np.testing.assert_array_equal(result[at[:, 2], at[:, 1], at[:, 0]], volume.ravel())
    if volumes.CUBIC_ELEMENTS[element][0] in "zZ":
        ahead = points.copy()
        ahead[:, :2] += np.column_stack((np.cos(points[:, 3]), np.sin(points[:, 3])))
        ahead = volumes.cubic_keypoints(ahead, shape=(2, 3, 4), element=element) - moved
        np.testing.assert_allclose(np.exp(1j * moved[:, 3]), ahead[:, 0] + 1j * ahead[:, 1], atol=1e-9)
    else:
        assert (moved[:, 3] == 0.3).all()
    assert (moved[:, 4] == 1).all()


@pytest.mark.parametrize("channels", [None, 1, 3])
@pytest.mark.parametrize("dtype", DTYPES)
def test_volume_crop_pad_fill(dtype, channels):
    volume = picture(dtype, channels, height=12, width=5).reshape(3, 4, 5, *(() if channels is None else (channels,)))
    check(lambda a: volumes.crop(a, start=(1, 0, 2), size=(2, 3, 1)), volume, volume[1:3, 0:3, 2:3].copy())
    color = np.arange(1 if channels is None else channels) % 2
    expected = np.empty((4, 10, 6, *volume.shape[3:]), dtype)
    expected[...] = color if channels is not None else color[0]
    expected[0:3, 2:6, 1:6] = volume
    check(lambda a: volumes.pad(a, before=(0, 2, 1), after=(1, 4, 0), fill=color), volume, expected)
    expected = volume.copy()
    expected[0:2, 1:3, 2:5] = color if channels is not None else color[0]
    check(lambda a: volumes.fill(a, boxes=[(-1, 1, 2, 2, 3, 9), (5, 0, 0, 9, 9, 9)], fill=color), volume, expected)


def test_volume_errors_and_points():
    volume = np.zeros((3, 4, 5))
    for start, size in (((0, 0, 0), (4, 1, 1)), ((-1, 0, 0), (1, 1, 1)), ((0, 0, 0), (1, 0, 1))):
        with pytest.raises(ValueError, match="cannot crop"):
            volumes.crop(volume, start=start, size=size)
    with pytest.raises(ValueError, match="negative"):
        volumes.pad(volume, before=(0, -1, 0), after=(0, 0, 0))
    points = rows_of([(2, 1, 0), (2, 1, 2), (4, 3, 1)])
    assert volumes.in_boxes(points, boxes=[(0, 1, 2, 2, 2, 3)]).tolist() == [True, False, False]
    assert not volumes.in_boxes(points, boxes=np.zeros((0, 6))).any()
    assert volumes.shifted(points, by=(1, 2, 3))[0, :3].tolist() == [5, 3, 1]


# --- windows ----------------------------------------------------------------------------------------------------------


def legal(window, height, width):
    x_min, y_min, x_max, y_max = window
    assert all(type(edge) is int for edge in window)
    assert 0 <= x_min < x_max <= width and 0 <= y_min < y_max <= height
    return window


def test_between():
    assert [windows.between(2, 4, f) for f in (0, 0.33, 0.34, 0.66, 0.67, 1)] == [2, 2, 3, 3, 4, 4]
    assert windows.between(3, 1, 0.9) == 3


@pytest.mark.parametrize("mode", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_crop_and_pad(dtype, channels, mode):
    image = picture(dtype, channels, height=6, width=8)
    expected = padded(image[1:], 0, 3, 0, 2, mode, np.asarray(1, dtype=dtype))[:, 2:]
    if mode == cv2.BORDER_CONSTANT:
        call = {"top": -1, "right": 2, "bottom": 3, "left": -2}
        check(lambda a: windows.crop_and_pad(a, **call, border_mode=mode, fill=1), image, expected)
    expected = padded(image[1:, 2:], 0, 3, 0, 2, mode, np.asarray(1, dtype=dtype))
    for layout in LAYOUTS:
        check(
            lambda a: windows.crop_and_pad(a, top=-1, right=2, bottom=3, left=-2, border_mode=mode, fill=1),
            laid_out(image, layout),
            expected,
        )
    check(lambda a: windows.crop_and_pad(a, top=0, right=-1, bottom=-2, left=0), image, image[:4, :7].copy())


@given(st.integers(1, 9), st.integers(1, 9), *[st.integers(-20, 20)] * 4)
def test_limited_leaves_a_pixel(height, width, top, right, bottom, left):
    cuts = windows.limited((top, right, bottom, left), height=height, width=width)
    assert all(min(before, 0) <= after <= max(before, 0) for before, after in zip((top, right, bottom, left), cuts))
    image = np.zeros((height, width), np.uint8)
    result = windows.crop_and_pad(image, top=cuts[0], right=cuts[1], bottom=cuts[2], left=cuts[3])
    matrix, size = windows.crop_and_pad_matrix(height, width, cuts=cuts, keep_size=False)
    assert result.shape == size and matrix[:2, 2].tolist() == [cuts[3], cuts[0]]
    if max(-top, 0) + max(-bottom, 0) < height and max(-left, 0) + max(-right, 0) < width:
        assert cuts == (top, right, bottom, left)


def test_crop_and_pad_matrix_keeps_the_size():
    matrix, size = windows.crop_and_pad_matrix(20, 30, cuts=(-2, 10, 6, 5), keep_size=True)
    assert size == (20, 30)
    edges = warp.edges(matrix) @ np.array([(-5, 2, 1), (40, 26, 1)]).T
    np.testing.assert_allclose(edges[:2].T, [(0, 0), (30, 20)], atol=1e-9)
    with pytest.raises(ValueError, match="nothing is left"):
        windows.crop_and_pad(np.zeros((3, 4)), top=-3, right=0, bottom=0, left=0)


@given(st.integers(1, 40), st.integers(1, 40), FOUR, FOUR)
def test_from_borders(height, width, limits, fractions):
    a, b, c, d = limits
    x_min, y_min, x_max, y_max = legal(
        windows.from_borders(height, width, limits=(a, b, c, d), fractions=fractions), height, width
    )
    assert x_min <= a * width + 1e-6 and y_min <= c * height + 1e-6
    assert x_max >= (1 - b) * width - 1 - 1e-6 and y_max >= (1 - d) * height - 1 - 1e-6


@given(st.integers(3, 40), st.integers(3, 40), FOUR, TWO, FOUR)
def test_near_box(height, width, place, parts, fractions):
    (u, v, w, h), (up, across) = place, parts
    x, y = u * (width - 2), v * (height - 2)
    box = (x, y, min(x + 1 + w * width, width), min(y + 1 + h * height, height))
    call = {"box": box, "parts": (up, across)}
    window = legal(windows.near_box(height, width, **call, fractions=fractions), height, width)
    for edge, old, reach in zip(window, box, (across * (box[2] - box[0]), up * (box[3] - box[1])) * 2):
        assert abs(edge - old) <= reach + 2
    still = windows.near_box(height, width, **call, fractions=(0.5,) * 4)
    assert still == (math.floor(x), math.floor(y), math.ceil(box[2]), math.ceil(box[3]))


def test_near_box_moves_heights_by_the_first_part():
    call = {"box": (20, 10, 50, 40), "parts": (0.1, 0.3)}
    assert windows.near_box(60, 90, **call, fractions=(0, 0, 0, 0)) == (11, 7, 41, 37)
    assert windows.near_box(60, 90, **call, fractions=(1, 1, 1, 1)) == (29, 13, 59, 43)
    for box in ((5, 5, 5, 9), (95, 5, 99, 9)):
        with pytest.raises(ValueError, match="no area"):
            windows.near_box(60, 90, box=box, parts=(0.1, 0.1), fractions=(0, 0, 0, 0))


SOME_BOXES = st.lists(st.tuples(*[st.floats(0, 1)] * 4), min_size=1, max_size=5)


@given(st.integers(1, 50), st.integers(1, 50), SOME_BOXES, st.floats(0, 1), FOUR)
@settings(max_examples=300)
def test_windows_around_boxes_lose_none(height, width, rows, erosion, fractions):
    some = np.array(
        [(min(a, c) * width, min(b, d) * height, max(a, c) * width, max(b, d) * height, 1) for a, b, c, d in rows]
    )
    x_min, y_min, x_max, y_max = legal(
        windows.around_boxes(height, width, boxes=some, fractions=fractions), height, width
    )
    assert (some[:, 0] >= x_min).all() and (some[:, 1] >= y_min).all()
    assert (some[:, 2] <= x_max).all() and (some[:, 3] <= y_max).all()
    legal(windows.around_boxes(height, width, boxes=some, erosion_rate=erosion, fractions=fractions), height, width)


def test_windows_around_boxes_reach_their_ends():
    box = np.array([(18.0, 18, 36, 30)])
    assert windows.around_boxes(60, 90, boxes=box, fractions=(0, 0, 0, 0)) == (0, 0, 36, 30)
    assert windows.around_boxes(60, 90, boxes=box, fractions=(1, 1, 1, 1)) == (18, 18, 90, 60)
    assert windows.around_boxes(60, 90, boxes=box, erosion_rate=0.25, fractions=(1, 1, 0, 0)) == (22, 21, 32, 27)
    with pytest.raises(ValueError, match="at least one"):
        windows.around_boxes(60, 90, boxes=np.zeros((0, 4)), fractions=(0, 0, 0, 0))


@given(st.integers(1, 40), st.integers(1, 40), FRACTION, THREE)
def test_shrunk(height, width, erosion, fractions):
    window = windows.shrunk(height, width, erosion_rate=erosion, fractions=fractions)
    x_min, y_min, x_max, y_max = legal(window, height, width)
    assert y_max - y_min >= height * (1 - erosion) - 1
    assert abs((x_max - x_min) / width - (y_max - y_min) / height) <= 1 / width


@given(st.integers(1, 40), st.integers(1, 40), FOUR, TWO, FRACTION, TWO)
@settings(max_examples=300)
def test_over_box_sees_the_box(height, width, place, shares, erosion, fractions):
    a, b, c, d = place
    box = (
        a * (width - 1),
        b * (height - 1),
        a * (width - 1) + 1 + c * (width - 1) * (1 - a),
        b * (height - 1) + 1 + d * (height - 1) * (1 - b),
    )
    rows, columns = 1 + int(shares[0] * (height - 1)), 1 + int(shares[1] * (width - 1))
    call = {"crop_height": rows, "crop_width": columns, "box": box}
    window = windows.over_box(height, width, **call, erosion_factor=erosion, fractions=fractions)
    x_min, y_min, x_max, y_max = legal(window, height, width)
    assert x_max - x_min == columns and y_max - y_min == rows
    assert min(x_max, box[2]) - max(x_min, box[0]) > 0 and min(y_max, box[3]) - max(y_min, box[1]) > 0
    window = windows.over_box(height, width, **call, fractions=fractions)
    for low, high, near, far, length in (
        (box[0], box[2], window[0], window[2], columns),
        (box[1], box[3], window[1], window[3], rows),
    ):
        assert min(high, far) - max(low, near) >= min(high - low, length) - 1


def test_over_box_ends_and_errors():
    call = {"crop_height": 20, "crop_width": 30, "box": (30, 20, 50, 40)}
    assert windows.over_box(60, 90, **call, fractions=(0, 0)) == (20, 20, 50, 40)
    assert windows.over_box(60, 90, **call, fractions=(1, 1)) == (30, 20, 60, 40)
    assert windows.over_box(60, 90, **call, erosion_factor=0.5, fractions=(0, 0)) == (10, 10, 40, 30)
    small = {"crop_height": 5, "crop_width": 6, "box": (30, 20, 50, 40), "erosion_factor": 0.2}
    assert windows.over_box(60, 90, **small, fractions=(0, 0)) == (34, 24, 40, 29)
    assert windows.over_box(60, 90, **small, fractions=(1, 1)) == (40, 31, 46, 36)
    gone = {"crop_height": 5, "crop_width": 6, "box": (30, 20, 50, 40), "erosion_factor": 1.0}
    assert windows.over_box(60, 90, **gone, fractions=(0, 0)) == (25, 16, 31, 21)
    assert windows.over_box(60, 90, **gone, fractions=(1, 1)) == (49, 39, 55, 44)
    assert windows.over_box(60, 90, crop_height=60, crop_width=90, box=None, fractions=(1, 1)) == (0, 0, 90, 60)
    with pytest.raises(ValueError, match="does not fit"):
        windows.over_box(60, 90, crop_height=61, crop_width=6, box=None, fractions=(0, 0))


@given(st.integers(1, 20), st.integers(1, 20), TWO, THREE, st.integers(0, 99))
def test_over_mask_sees_a_pixel(height, width, shares, fractions, seed):
    mask = (np.random.default_rng(seed).random((height, width)) < 0.05).astype(np.int64) * 3
    rows, columns = 1 + int(shares[0] * (height - 1)), 1 + int(shares[1] * (width - 1))
    window = windows.over_mask(mask, crop_height=rows, crop_width=columns, fractions=fractions)
    x_min, y_min, x_max, y_max = legal(window, height, width)
    assert (y_max - y_min, x_max - x_min) == (rows, columns)
    assert mask[y_min:y_max, x_min:x_max].any() or not mask.any()


def test_over_mask_ignores_and_is_uniform():
    mask = np.zeros((20, 30, 2), np.uint8)
    mask[3, 4, 0], mask[15, 25, 1] = 1, 2
    call = {"crop_height": 1, "crop_width": 1}
    ends = [windows.over_mask(mask, **call, fractions=(f, 0, 0))[:2] for f in (0, 0.49, 0.51, 1)]
    assert ends == [(4, 3), (4, 3), (25, 15), (25, 15)]
    assert windows.over_mask(mask, **call, fractions=(0, 0, 0), ignore_values=[1])[:2] == (25, 15)
    assert windows.over_mask(mask, **call, fractions=(1, 0, 0), ignore_channels=[1])[:2] == (4, 3)
    assert windows.over_mask(mask, **call, fractions=(1, 0, 0), ignore_channels=[-1])[:2] == (4, 3)
    assert windows.over_mask(mask, **call, fractions=(1, 1, 0), ignore_channels=[0, 1])[:2] == (29, 0)
    assert windows.over_mask(mask[..., 0], **call, fractions=(0, 0, 0), ignore_values=[1])[:2] == (0, 0)
    with pytest.raises(ValueError, match="ignore_channels"):
        windows.over_mask(mask, **call, fractions=(0, 0, 0), ignore_channels=[2])
    with pytest.raises(ValueError, match="does not fit"):
        windows.over_mask(mask, crop_height=21, crop_width=1, fractions=(0, 0, 0))


# --- morphology -------------------------------------------------------------------------------------------------------


def morphed(image, kernel, pick):
    result = np.empty_like(image)
    ay, ax = kernel.shape[0] // 2, kernel.shape[1] // 2
    for i, j in np.ndindex(*image.shape[:2]):
        places = [(i + a - ay, j + b - ax) for a, b in np.argwhere(kernel)]
        seen = [image[y, x] for y, x in places if 0 <= y < image.shape[0] and 0 <= x < image.shape[1]]
        result[i, j] = pick(np.array(seen), axis=0)
    return result


@pytest.mark.parametrize("operation, pick", [("dilation", np.max), ("erosion", np.min)])
@pytest.mark.parametrize("channels", [None, 1, 3, 5])
@pytest.mark.parametrize("dtype", DTYPES)
def test_morphology(dtype, channels, operation, pick):
    image = picture(dtype, channels)
    kernel = np.array([(1, 1, 0, 1), (0, 1, 1, 0)], np.uint8)
    check(lambda a: morphology.apply(a, kernel=kernel, operation=operation), image, morphed(image, kernel, pick))


@pytest.mark.parametrize("operation", ["dilation", "erosion"])
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (2, 5), (4, 4), (5, 3)])
def test_morphology_of_boxes(size, operation):
    kernel = morphology.ellipse(*size)
    for x, y, w, h in ((5, 4, 8, 7), (0, 3, 9, 9), (20, 10, 10, 10), (0, 0, 30, 20)):
        paint = np.zeros((20, 30), np.uint8)
        paint[y : y + h, x : x + w] = 1
        rows, columns = np.nonzero(morphology.apply(paint, kernel=kernel, operation=operation))
        found = morphology.boxes(
            np.array([(x, y, x + w, y + h, 5.0)]), kernel=kernel, operation=operation, height=20, width=30
        )
        assert found[0].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1, 5]


def test_morphology_of_the_smallest_and_errors():
    for shape in ((1, 1), (1, 7), (7, 1, 3)):
        image = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
        assert morphology.apply(image, kernel=morphology.ellipse(3, 3), operation="erosion").shape == shape
    with pytest.raises(ValueError, match="operation"):
        morphology.apply(picture(), kernel=morphology.ellipse(3, 3), operation="opening")
    with pytest.raises(ValueError, match="kernel"):
        morphology.ellipse(0, 3)


# --- mixtures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [None, 1, 3, 5])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "int64", "float16", "float32", "float64", "bool"])
def test_weighted(dtype, channels):
    image, other = picture(dtype, channels), picture(dtype, channels, seed=1)
    result = mix.weighted(image, other=other, weight=0.3, other_weight=0.6)
    wide = image.astype(np.float64) * 0.3 + other.astype(np.float64) * 0.6
    kind = np.dtype(dtype)
    if kind == bool:
        np.testing.assert_array_equal(result, wide >= 0.5)
    elif kind.kind in "iu":
        info = np.iinfo(kind)
        assert (
            np.abs(result.astype(np.float64) - np.clip(np.rint(wide), info.min, info.max)).max()
            <= np.abs(wide).max() * 1e-7 + 1
        )
    else:
        np.testing.assert_allclose(result, wide, rtol=2e-3, atol=2e-3)
    assert result.dtype == image.dtype and result.shape == image.shape


def test_weighted_resizes_and_refuses():
    image, gray = smooth(20, 30), smooth(40, 15, channels=1)
    result = mix.weighted(image, other=gray, weight=0, other_weight=1)
    np.testing.assert_array_equal(result, np.repeat(warp.resize(gray, size=(20, 30)), 3, axis=2))
    for other in (gray.astype(np.float32), smooth(20, 30, channels=2)):
        with pytest.raises(ValueError, match="other must be"):
            mix.weighted(image, other=other, weight=0.5, other_weight=0.5)


@pytest.mark.parametrize("x, y", [(2, 3), (-2, -1), (7, 5), (20, 2), (-9, 0)])
@pytest.mark.parametrize("channels", [None, 1, 3])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "int64", "bool"])
def test_overlay(dtype, channels, x, y):
    image, patch = picture(dtype, channels), picture(dtype, channels, height=3, width=4, seed=1)
    alpha = np.random.default_rng(2).random((3, 4))
    for share in (None, alpha > 0.5, (alpha > 0.5).astype(np.uint8) * 9, alpha):
        if share is not None and share.dtype.kind == "f" and dtype in ("int64", "bool"):
            continue
        expected = image.astype(np.float64) if share is not None and share.dtype.kind == "f" else image.copy()
        painted = np.zeros((7, 9), bool)
        for i, j in itertools.product(range(3), range(4)):
            if 0 <= y + i < 7 and 0 <= x + j < 9:
                a = 1.0 if share is None else float(share[i, j]) if share.dtype.kind == "f" else float(share[i, j] != 0)
                painted[y + i, x + j] = a > 0
                if expected.dtype == np.float64 and dtype != "float64":
                    expected[y + i, x + j] = expected[y + i, x + j] * (1 - a) + patch[i, j].astype(np.float64) * a
                elif a:
                    expected[y + i, x + j] = patch[i, j]
        result = mix.overlay(image, patch=patch, x=x, y=y, alpha=share)
        assert result.dtype == image.dtype and not np.shares_memory(result, image)
        np.testing.assert_allclose(
            result.astype(np.float64), expected.astype(np.float64), atol=0.51 if dtype == "uint8" else 1e-5
        )
        mask = mix.overlay_mask(picture("int32"), height=3, width=4, x=x, y=y, value=-7, alpha=share)
        np.testing.assert_array_equal(mask, np.where(painted, -7, picture("int32")))


def test_overlay_errors():
    with pytest.raises(ValueError, match="patch must be"):
        mix.overlay(picture("uint8", 3), patch=picture("uint8", 4), x=0, y=0)
    with pytest.raises(ValueError, match="alpha must"):
        mix.overlay(picture("uint8", 3), patch=picture("uint8", 3), x=0, y=0, alpha=np.ones((2, 2)))
    assert (mix.overlay(picture("uint8", 3), patch=np.full((2, 2), 5, np.uint8), x=1, y=1)[1:3, 1:3] == 5).all()


@given(*[st.integers(1, 3)] * 2, *[st.integers(1, 30)] * 4, FRACTION, FRACTION)
def test_mosaic_cells_tile_what_the_canvas_covers(rows, columns, cell_y, cell_x, height, width, u, v):
    cells = mix.mosaic_cells(
        grid=(rows, columns), cell_shape=(cell_y, cell_x), target_size=(height, width), center=(v, u)
    )
    seen = np.zeros((height, width), int)
    for (x_min, y_min, x_max, y_max), x, y in cells:
        seen[y_min:y_max, x_min:x_max] += 1
        assert x <= x_min and y <= y_min and x + cell_x >= x_max and y + cell_y >= y_max
    assert seen.max() == 1
    assert seen.sum() == min(rows * cell_y, height) * min(columns * cell_x, width)


@given(*[st.integers(1, 40)] * 4, FRACTION, FRACTION)
def test_mosaic_fit(height, width, cell_y, cell_x, u, v):
    size, x, y = mix.fit(height, width, cell_shape=(cell_y, cell_x), mode="cover", anchor=(v, u))
    assert (
        size[0] >= cell_y
        and size[1] >= cell_x
        and x <= 0
        and y <= 0
        and x + size[1] >= cell_x
        and y + size[0] >= cell_y
    )
    size, x, y = mix.fit(height, width, cell_shape=(cell_y, cell_x), mode="contain", anchor=(v, u))
    assert (
        size[0] <= cell_y
        and size[1] <= cell_x
        and x >= 0
        and y >= 0
        and x + size[1] <= cell_x
        and y + size[0] <= cell_y
    )


def test_mosaic_centers():
    cells = mix.mosaic_cells(grid=(2, 2), cell_shape=(80, 90), target_size=(100, 120), center=(0.25, 0.75))
    assert cells[0] == ((0, 0, 45, 65), -45, -15) and cells[3] == ((45, 65, 120, 100), 45, 65)


def test_mosaic_draws_where_its_matrix_says():
    image = np.zeros((40, 60, 3), np.uint8)
    image[20, 30] = 255
    (size, x, y), canvas = mix.fit(40, 60, cell_shape=(20, 20)), np.zeros((50, 70, 3), np.uint8)
    assert size == (20, 30) and (x, y) == (-5, 0)
    mix.draw(canvas, image=warp.resize(image, size=size), window=(40, 5, 60, 25), x=40 + x, y=5 + y)
    matrix = mix.placement_matrix(40, 60, size=size, x=40 + x, y=5 + y)
    u, v, _ = matrix @ (30, 20, 1)
    rows, columns = np.nonzero(canvas[..., 0])
    assert abs(columns.mean() - u) <= 0.5 and abs(rows.mean() - v) <= 0.5
    mix.draw(canvas, image=np.full((90, 90), 3, np.uint8), window=(1, 2, 4, 6), x=-5, y=-5)
    assert (canvas == 3).all(axis=2).sum() == 12 and (canvas[2:6, 1:4] == 3).all()
    mix.draw(canvas, image=np.full((9, 9, 3), 9, np.uint8), window=(1, 2, 4, 6), x=20, y=20)
    assert (canvas == 9).sum() == 0
    with pytest.raises(ValueError, match="mode"):
        mix.fit(4, 6, cell_shape=(2, 2), mode="stretch")
    with pytest.raises(ValueError, match="image must be"):
        mix.draw(canvas, image=np.zeros((3, 3, 4), np.uint8), window=(0, 0, 3, 3), x=0, y=0)


# --- domain -----------------------------------------------------------------------------------------------------------


def fourier(image, reference, beta):
    """By the whole complex transforms, as the paper has it."""
    height, width = image.shape[:2]
    reference = warp.resize(reference, size=(height, width)).astype(np.float64)
    band = int(beta * min(height, width))
    f, g = (np.fft.fft2(part, axes=(0, 1)) for part in (image.astype(np.float64), reference))
    y, x = np.fft.fftfreq(height, 1 / height), np.fft.fftfreq(width, 1 / width)
    low = (np.abs(y)[:, None] <= band) & (np.abs(x)[None] <= band)
    low = low.reshape(low.shape + (1,) * (image.ndim - 2))
    return np.fft.ifft2(np.where(low, np.abs(g), np.abs(f)) * np.exp(1j * np.angle(f)), axes=(0, 1)).real


@pytest.mark.parametrize("beta", [0, 0.02, 0.1, 0.33, 0.5])
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (7, 1, 3), (12, 20, 3), (13, 21, 5), (30, 22)])
def test_fourier(shape, beta):
    image = picture("uint8", shape[2] if len(shape) > 2 else None, *shape[:2])
    reference = picture("uint8", shape[2] if len(shape) > 2 else None, 9, 14, seed=1) // 2
    result = domain.fourier(image, reference=reference, beta=beta)
    expected = np.clip(fourier(image, reference, beta), 0, 255)
    assert result.dtype == np.uint8 and np.abs(result - expected).max() <= 0.51
    real = domain.fourier((image / np.float32(255)), reference=reference / np.float32(255), beta=beta)
    assert real.dtype == np.float32 and real.shape == image.shape
    resized = fourier(image / 255, (reference / np.float32(255)), beta)
    np.testing.assert_allclose(real, np.clip(resized, 0, 1), atol=1e-4)


def histogram_matched(own, other):
    """Every value goes to where the reference's shares reach its own, by the plainest loop."""
    values = np.unique(other)
    shares = np.array([(other <= v).mean() for v in values])
    return np.array([np.interp((own <= v).mean(), shares, values.astype(np.float64)) for v in own.ravel()]).reshape(
        own.shape
    )


@pytest.mark.parametrize("blend", [0, 0.4, 1])
@pytest.mark.parametrize("channels", [None, 1, 3, 5])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32", "float64"])
def test_histogram(dtype, channels, blend):
    image, reference = picture(dtype, channels), picture(dtype, channels, 5, 11, seed=3)
    result = domain.histogram(image, reference=reference, blend=blend)
    planes = (image, reference) if channels is not None else (image[..., None], reference[..., None])
    expected = np.stack([histogram_matched(planes[0][..., c], planes[1][..., c]) for c in range(channels or 1)], axis=2)
    expected = planes[0] * (1 - blend) + expected * blend
    atol = 0.51 if np.dtype(dtype).kind in "iu" else 1e-5
    np.testing.assert_allclose(result.astype(np.float64), expected.reshape(image.shape), atol=atol)
    assert result.dtype == image.dtype and not np.shares_memory(result, image)


def test_histogram_of_itself_and_of_a_constant():
    image = picture("uint8", 3)
    np.testing.assert_array_equal(domain.histogram(image, reference=image), image)
    assert (domain.histogram(image, reference=np.full((1, 1, 3), 77, np.uint8)) == 77).all()
    assert domain.histogram(image[:1, :1], reference=image).shape == (1, 1, 3)


@pytest.mark.parametrize("kind", ["pca", "standard", "minmax"])
@pytest.mark.parametrize("channels", [None, 1, 3, 5])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_colors(dtype, channels, kind):
    white = 255 if dtype == "uint8" else 65535 if dtype == "uint16" else 1
    rng = np.random.default_rng(4)
    count = channels or 1
    mixing = rng.normal(0, 0.05, (count, count)) + np.diag(np.linspace(0.05, 0.12, count))

    def make(height, width, center):
        colors = rng.normal(0, 1, (height, width, count)).clip(-2, 2) @ mixing + center
        return (
            (colors.clip(0, 1) * white)
            .astype(dtype)
            .reshape((height, width) if channels is None else (height, width, count))
        )

    image, reference = make(30, 41, 0.4), make(25, 37, 0.6)
    x, y = (part.reshape(-1, count).astype(np.float64) for part in (image, reference))
    if kind == "standard":
        expected = (x - x.mean(0)) / x.std(0) * y.std(0) + y.mean(0)
    elif kind == "minmax":
        expected = (x - x.min(0)) / (x.max(0) - x.min(0)) * (y.max(0) - y.min(0)) + y.min(0)
    else:
        axes = [np.linalg.svd(part - part.mean(0), full_matrices=False)[2] for part in (x, y)]
        axes[1] *= np.sign((axes[0] * axes[1]).sum(axis=1, keepdims=True))
        expected = (x - x.mean(0)) @ axes[0].T @ axes[1] + y.mean(0)
    for blend in (1.0, 0.3):
        result = domain.colors(image, reference=reference, kind=kind, blend=blend)
        mixed = np.clip(expected * blend + x * (1 - blend), 0, white).reshape(image.shape)
        assert result.dtype == image.dtype and result.shape == image.shape
        np.testing.assert_allclose(result.astype(np.float64), mixed, atol=0.55 if white > 1 else 1e-4)


def test_domains_of_the_smallest_constants_and_errors():
    image = np.full((1, 1, 3), 9, np.uint8)
    for kind in ("pca", "standard", "minmax"):
        result = domain.colors(image, reference=np.full((2, 3, 3), 40, np.uint8), kind=kind)
        assert (result == 40).all()
    for call in (
        lambda a, r: domain.fourier(a, reference=r, beta=0.1),
        lambda a, r: domain.histogram(a, reference=r),
        lambda a, r: domain.colors(a, reference=r),
    ):
        for other in (image.astype(np.float32), np.zeros((2, 2), np.uint8)):
            with pytest.raises(ValueError, match="reference must be"):
                call(image, other)
    with pytest.raises(ValueError, match="beta"):
        domain.fourier(image, reference=image, beta=0.6)
    with pytest.raises(ValueError, match="kind"):
        domain.colors(image, reference=image, kind="lab")
