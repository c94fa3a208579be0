"""Crops, pads, resizes, rotations, affine and perspective motions, distortions and dropout: what each one is."""

import json
import math
from typing import Any

import numpy as np
import pytest
from common import classes, make, picture

import albumentations as A
from albumentations.transforms.families import Remap
from albumentations.transforms.rotate import inner_window

SEEDS = range(6)


def applied(transform: Any, seed: int = 0, **data: Any) -> dict[str, Any]:
    """A transform in a pipeline with a seed, for boxes and keypoints in pixels."""
    params = {
        "bbox_params": A.BboxParams("pascal_voc"),
        "keypoint_params": A.KeypointParams("xyas", remove_invisible=False),
    }
    return A.Compose([transform], seed=seed, **params)(**data)


def drawn(transform: Any, count: int, shape: tuple[int, ...] = (100, 150, 3), seed: int = 0) -> list[dict[str, Any]]:
    """The numbers of so many applications; through JSON, as a replay has them."""
    pipeline = A.Compose([transform], seed=seed, save_applied_params=True)
    image = np.zeros(shape, np.uint8)
    return [json.loads(json.dumps(pipeline(image=image)["applied_transforms"][0][1])) for _ in range(count)]


def uniform(values: Any, low: float, high: float) -> None:
    """Whether values look uniform in [low, high]: range, and a Kolmogorov-Smirnov distance at the level of 1e-4."""
    values = np.sort(np.asarray(values, dtype=np.float64))
    assert low <= values[0]
    assert values[-1] <= high
    expected = (values - low) / (high - low)
    ranks = np.arange(1, len(values) + 1) / len(values)
    assert np.abs(ranks - expected).max() < 2.2 / math.sqrt(len(values))


def coordinates(height: int, width: int) -> np.ndarray:
    """An image that says where each pixel came from: x, y, and 1 inside of it."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return np.dstack((x, y, np.ones_like(x)))


def motion(transform: Any, height: int = 60, width: int = 100, seed: int = 0) -> tuple[np.ndarray, tuple[int, ...]]:
    """The matrix input to output that the pixels themselves show, by least squares, and the shape."""
    image = applied(transform, seed, image=coordinates(height, width))["image"]
    rows, columns = np.nonzero(image[:, :, 2] > 0.9999)
    there = np.column_stack((columns, rows, np.ones(len(rows))))
    back = np.linalg.lstsq(there, image[rows, columns, :2].astype(np.float64), rcond=None)[0].T
    return np.linalg.inv(np.vstack((back, (0, 0, 1)))), image.shape


def about_center(linear: Any, height: int = 60, width: int = 100, shift: Any = (0, 0)) -> np.ndarray:
    """The motion about the middle of the picture, then the shift."""
    center = np.array(((width - 1) / 2, (height - 1) / 2))
    linear = np.asarray(linear, dtype=np.float64)
    return np.vstack((np.column_stack((linear, center - linear @ center + shift)), (0, 0, 1)))


def turned(degrees: float) -> np.ndarray:
    """Counter-clockwise as seen on the screen, where y points down."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array(((cos, sin), (-sin, cos)))


# ---- crops and pads


@pytest.mark.parametrize(("height", "width", "top", "left"), [(50, 51, 12, 24), (75, 100, 0, 0), (1, 1, 37, 49)])
def test_center_crop(height: int, width: int, top: int, left: int) -> None:
    image = picture("uint8", 3, 75, 100)
    out = A.CenterCrop(height, width, p=1)(image=image)["image"]
    assert np.array_equal(out, image[top : top + height, left : left + width])


def test_crop_cuts_what_it_says() -> None:
    image = picture("uint16", 5, 40, 48)
    out = applied(A.Crop(3, 5, 30, 25), image=image, bboxes=[(10, 10, 20, 20)], keypoints=[(3, 5, 0, 1)])
    assert np.array_equal(out["image"], image[5:25, 3:30])
    assert np.allclose(out["bboxes"][0][:4], (7, 5, 17, 15))
    assert tuple(out["keypoints"][0][:2]) == (0, 0)


def test_random_crop_takes_every_place_as_often() -> None:
    image = coordinates(12, 15)
    pipeline = A.Compose([A.RandomCrop(10, 11, p=1)], seed=0)
    places = np.array([pipeline(image=image)["image"][0, 0, :2] for _ in range(1500)]).astype(int)
    counts = np.bincount(places[:, 1] * 5 + places[:, 0], minlength=15)
    assert len(counts) == 15
    assert ((counts - 100) ** 2 / 100).sum() < 40  # chi-squared of 14 degrees: 36 at 0.001


@pytest.mark.parametrize(
    ("position", "top", "left"),
    [("center", 5, 2), ("top_left", 0, 0), ("top_right", 0, 5), ("bottom_left", 11, 0), ("bottom_right", 11, 5)],
)
def test_pad_if_needed_places_the_image(position: str, top: int, left: int) -> None:
    image = picture("uint8", 3, 20, 30)
    transform = A.PadIfNeeded(31, 35, position=position, border_mode=0, fill=(1, 2, 3), fill_mask=9)
    out = applied(transform, image=image, mask=image[:, :, 0].copy(), bboxes=[(1, 2, 5, 7)], keypoints=[(4, 6, 0, 1)])
    expected = np.empty((31, 35, 3), np.uint8)
    expected[:] = (1, 2, 3)
    expected[top : top + 20, left : left + 30] = image
    assert np.array_equal(out["image"], expected)
    assert out["mask"][(top or 30) and 0, (left or 34) and 0] == (9 if top or left else image[0, 0, 0])
    assert np.allclose(out["bboxes"][0][:4], (1 + left, 2 + top, 5 + left, 7 + top))
    assert tuple(out["keypoints"][0][:2]) == (4 + left, 6 + top)


def test_pad_if_needed_leaves_what_is_large_enough_and_mirrors_by_default() -> None:
    image = picture("uint8", 1, 20, 30)
    assert np.array_equal(A.PadIfNeeded(20, 10)(image=image)["image"], image)
    out = A.PadIfNeeded(24, 30)(image=image)["image"]
    assert np.array_equal(out, np.pad(image, ((2, 2), (0, 0), (0, 0)), mode="reflect"))
    divided = A.PadIfNeeded(None, None, 16, 7)(image=image)["image"]
    assert divided.shape == (32, 35, 1)


def test_pad_if_needed_at_random_places() -> None:
    found = {
        tuple(
            np.argwhere(A.Compose([A.PadIfNeeded(6, 5, position="random", border_mode=0)], seed=s)(image=one)["image"])[
                0
            ]
        )
        for one in [np.ones((4, 3), np.uint8)]
        for s in range(60)
    }
    assert found == {(y, x) for y in range(3) for x in range(3)}


def test_position_type_is_an_attribute() -> None:
    kinds = A.PadIfNeeded.PositionType
    assert {kind.value for kind in kinds} >= {"center", "top_left", "top_right", "bottom_left", "bottom_right"}
    transform = A.PadIfNeeded(9, 9, position=kinds.TOP_LEFT)
    assert transform.position == "top_left"
    json.dumps(transform.to_dict())


@pytest.mark.parametrize(
    ("padding", "shape", "corner"),
    [(3, (26, 36), (3, 3)), ((2, 5), (30, 34), (5, 2)), ((1, 2, 3, 4), (26, 34), (2, 1))],
)
def test_pad(padding: Any, shape: Any, corner: Any) -> None:
    image = picture("uint8", None, 20, 30)
    out = A.Pad(padding, fill=7)(image=image)["image"]
    assert out.shape == shape
    y, x = corner
    assert np.array_equal(out[y : y + 20, x : x + 30], image)
    assert out[0, 0] == 7


def test_crops_pad_where_asked() -> None:
    image = picture("uint8", 3, 40, 48)
    mask = np.ones((40, 48), np.uint8)
    out = A.CenterCrop(60, 20, pad_if_needed=True, fill=5, fill_mask=3)(image=image, mask=mask)
    assert np.array_equal(out["image"][10:50], image[:, 14:34])
    assert (out["image"][:10] == 5).all()
    assert (out["mask"][50:] == 3).all()
    # The padded image is as large as the far corner asks for, and is cropped then.
    out = A.Crop(10, 20, 58, 45, pad_if_needed=True, pad_position="top_left", fill=5)(image=image)
    assert np.array_equal(out["image"][:20, :38], image[20:, 10:])
    assert (out["image"][20:] == 5).all()


@pytest.mark.parametrize("mode", [0, 4])
def test_a_held_table_does_not_change_the_fill(mode: int) -> None:
    image = picture("uint8", 3, 20, 30)
    for move in (
        A.Pad(3, fill=7, border_mode=mode),
        A.RandomCrop(24, 28, pad_if_needed=True, border_mode=mode, fill=7, p=1),
    ):
        transforms = [A.InvertImg(p=1), move, A.InvertImg(p=1)]
        fused, plain = (A.Compose(transforms, seed=1, fuse=fuse)(image=image)["image"] for fuse in (True, False))
        assert np.array_equal(fused, plain)
        assert move._passes_tables == (mode == 4)


# ---- resizes


def test_resizes_have_the_sizes_they_promise() -> None:
    image = picture("uint8", 3, 60, 100)

    def size(transform: Any) -> tuple[int, ...]:
        return tuple(transform(image=image)["image"].shape[:2])

    assert size(A.Resize(30, 170)) == (30, 170)
    assert size(A.LongestMaxSize(51)) == (31, 51)
    assert size(A.LongestMaxSize()) == (614, 1024)
    assert size(A.SmallestMaxSize(31)) == (31, 52)
    assert size(A.LongestMaxSize(max_size_hw=(45, 50))) == (30, 50)
    assert size(A.LongestMaxSize(max_size_hw=(45, None))) == (45, 75)
    assert size(A.SmallestMaxSize(max_size_hw=(45, 50))) == (45, 75)
    assert size(A.RandomScale((0.37, 0.37), p=1)) == (82, 137)
    assert {size(A.LongestMaxSize([20, 40])) for _ in range(40)} == {(12, 20), (24, 40)}
    assert size(A.LongestMaxSize(max_size=50)) == (30, 50)


def test_boxes_and_keypoints_follow_a_resize() -> None:
    image = picture("uint8", 3, 60, 100)
    out = applied(A.Resize(30, 200), image=image, bboxes=[(10, 20, 30, 40)], keypoints=[(10, 20, 0, 1)])
    assert np.allclose(out["bboxes"][0][:4], (20, 10, 60, 20))
    assert np.allclose(out["keypoints"][0][:2], (10.5 * 2 - 0.5, 20.5 / 2 - 0.5))


@pytest.mark.parametrize("mode", [None, "image", "image_mask"])
def test_area_for_downscale(mode: Any) -> None:
    cv2 = pytest.importorskip("cv2")
    image = picture("uint8", 3, 60, 100)
    mask = image[:, :, 0].copy()
    for size in ((30, 50), (30, 200), (90, 200)):
        out = A.Resize(*size, area_for_downscale=mode)(image=image, mask=mask)
        smaller = size[0] < 60 or size[1] < 100
        expected = cv2.resize(image, size[::-1], interpolation=3 if mode and smaller else 1)
        assert np.array_equal(out["image"], expected)
        expected = cv2.resize(mask, size[::-1], interpolation=3 if mode == "image_mask" and smaller else 0)
        assert np.array_equal(out["mask"], expected)


def test_random_scale_is_uniform() -> None:
    uniform([p["scale"] for p in drawn(A.RandomScale(0.4, p=1), 400)], 0.6, 1.4)


def test_random_resized_crop_draws_as_the_classic() -> None:
    height, width = 400, 300
    transform = A.RandomResizedCrop((20, 24), scale=(0.05, 0.2), ratio=(0.2, 0.9), p=1)
    windows = np.array([p["crop_coords"] for p in drawn(transform, 600, (height, width, 3))])
    columns, rows = windows[:, 2] - windows[:, 0], windows[:, 3] - windows[:, 1]
    assert windows.min() >= 0
    assert windows[:, 2].max() <= width
    assert windows[:, 3].max() <= height
    # None of these is refused: areas are uniform, ratios log-uniform, places uniform.
    uniform(columns * rows / (height * width), 0.049, 0.203)
    uniform(np.log(columns / rows), math.log(0.195), math.log(0.925))
    uniform((windows[:, 0] + 0.5) / (width - columns + 1), 0, 1)


@pytest.mark.parametrize(("ratio", "size"), [((5, 6), (20, 100)), ((0.2, 0.3), (60, 18)), ((1, 2), (60, 100))])
def test_random_resized_crop_falls_back_to_the_centre(ratio: Any, size: Any) -> None:
    transform = A.RandomResizedCrop((20, 24), scale=(1, 1.5) if ratio[1] != 2 else (3, 4), ratio=ratio, p=1)
    (x_min, y_min, x_max, y_max) = drawn(transform, 1, (60, 100, 3))[0]["crop_coords"]
    assert (y_max - y_min, x_max - x_min) == size
    assert (x_min, y_min) == ((100 - size[1]) // 2, (60 - size[0]) // 2)


def test_random_sized_crop() -> None:
    transform = A.RandomSizedCrop((20, 40), (30, 33), w2h_ratio=1.5, p=1)
    heights = [p["crop_height"] for p in drawn(transform, 500)]
    assert set(heights) == set(range(20, 41))
    out = transform(image=picture("uint8", 3, 60, 100))["image"]
    assert out.shape == (30, 33, 3)
    # Of 24 rows and 36 columns half are shown: every second pixel of both.
    shown = A.RandomSizedCrop((24, 24), (12, 18), w2h_ratio=1.5, p=1)(image=coordinates(60, 100))["image"]
    assert np.allclose(np.diff(shown[:, :, 0], axis=1), 2)
    assert np.allclose(np.diff(shown[:, :, 1], axis=0), 2)


# ---- rotations and affine motions


@pytest.mark.parametrize("angle", [30, -75, 90, 180, 12.5])
def test_rotate_turns_counter_clockwise_about_the_centre(angle: float) -> None:
    matrix, shape = motion(A.Rotate((angle, angle), border_mode=0, fill=-1, p=1))
    assert shape == (60, 100, 3)
    assert np.abs(matrix - about_center(turned(angle))).max() < 0.02


def test_a_quarter_turn_is_exact() -> None:
    image = picture("uint8", 3, 50, 50)
    for turns in (1, 2, 3):
        out = A.Rotate((90 * turns, 90 * turns), p=1)(image=image)["image"]
        assert np.array_equal(out, np.rot90(image, turns))


@pytest.mark.parametrize(("height", "width"), [(60, 100), (100, 60), (80, 80)])
@pytest.mark.parametrize("angle", [0, 7, 30, 45, 60, -80, 90])
def test_crop_border_shows_no_border_and_is_the_largest(angle: float, height: int, width: int) -> None:
    image = np.ones((height, width), np.float32)
    transform = A.Rotate((angle, angle), crop_border=True, border_mode=0, fill=-100, p=1)
    out = transform(image=image)["image"]
    # Its size is that of 1.x, where the outermost row or column may touch the border at its two ends.
    assert (out[1:-1, 1:-1] > 0.99).all()
    x_min, y_min, x_max, y_max = inner_window(height, width, angle)
    assert out.shape == (y_max - y_min, x_max - x_min)
    # The largest of all rectangles in the turned one, by brute force over the half diagonal; then the frame.
    turn = math.radians(abs(angle))
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    x, y = np.cos(slopes := np.linspace(1e-4, math.pi / 2 - 1e-4, 20000)), np.sin(slopes)
    reach = np.minimum(width / (x * cos + y * sin), height / (x * sin + y * cos))
    best = np.argmax(reach**2 * x * y)
    assert abs(out.shape[1] - min(reach[best] * x[best], width)) < 1.1
    assert abs(out.shape[0] - min(reach[best] * y[best], height)) < 1.1


@pytest.mark.parametrize("angle", [0, 20, 45, 90, -130])
def test_safe_rotate_loses_nothing_and_keeps_the_size(angle: float) -> None:
    transform = A.SafeRotate((angle, angle), border_mode=0, p=1)
    points = [(0, 0, 0, 1), (99, 0, 0, 1), (0, 59, 0, 1), (99, 59, 0, 1), (49.5, 29.5, 0, 1)]
    out = applied(transform, image=picture("uint8", 3, 60, 100), keypoints=points)
    assert out["image"].shape == (60, 100, 3)
    moved = np.array([point[:2] for point in out["keypoints"]])
    assert moved.min() > -0.5
    assert (moved.max(axis=0) < (99.5, 59.5)).all()
    assert np.allclose(moved[4], (49.5, 29.5))
    # The whole of the frame is used: less than two pixels are left at a side.
    assert moved.min() < 1.5


def test_shift_scale_rotate() -> None:
    transform = A.ShiftScaleRotate(
        shift_limit_x=(0.1, 0.1), shift_limit_y=(0.2, 0.2), scale_limit=(0.5, 0.5), rotate_limit=(30, 30),
        border_mode=0, fill=-1, p=1,
    )  # fmt: skip
    matrix, _ = motion(transform)
    assert np.abs(matrix - about_center(1.5 * turned(30), shift=(10, 12))).max() < 0.02
    numbers = drawn(A.ShiftScaleRotate(p=1), 400)
    uniform([p["angle"] for p in numbers], -45, 45)
    uniform([p["scale"] for p in numbers], 0.9, 1.1)
    uniform([p["dx"] for p in numbers], -0.0625, 0.0625)
    uniform([p["dy"] for p in numbers], -0.0625, 0.0625)


TAN15, TAN20 = math.tan(math.radians(15)), math.tan(math.radians(20))


@pytest.mark.parametrize(
    ("arguments", "linear", "shift"),
    [
        ({"rotate": 30}, turned(30), (0, 0)),
        ({"scale": 1.5}, np.eye(2) * 1.5, (0, 0)),
        ({"scale": {"x": 1.5, "y": (0.5, 0.5)}}, np.diag((1.5, 0.5)), (0, 0)),
        ({"translate_px": {"x": 10, "y": -5}}, np.eye(2), (10, -5)),
        ({"translate_percent": {"x": 0.123}}, np.eye(2), (12.3, 0)),
        ({"shear": {"x": 20}}, [[1, TAN20], [0, 1]], (0, 0)),
        ({"shear": {"y": 20}}, [[1, 0], [-TAN20, 1]], (0, 0)),
        ({"shear": {"x": 15, "y": 20}}, [[1 - TAN15 * TAN20, TAN15], [-TAN20, 1]], (0, 0)),
        (
            {
                "scale": {"x": 1.5, "y": 0.5},
                "translate_px": {"x": 10, "y": -5},
                "rotate": 30,
                "shear": {"x": 15, "y": 20},
            },
            turned(30) @ [[1.5 - TAN15 * TAN20 * 0.5, TAN15 * 0.5], [-TAN20 * 0.5, 0.5]],
            (10, -5),
        ),
    ],
)
def test_affine_signs_and_order(arguments: dict[str, Any], linear: Any, shift: Any) -> None:
    matrix, shape = motion(A.Affine(**arguments, fill=-1, p=1))
    assert shape == (60, 100, 3)
    assert np.abs(matrix - about_center(linear, shift=shift)).max() < 0.03


def test_affine_draws() -> None:
    numbers = drawn(A.Affine(p=1), 400)  # nothing given: what 1.x did
    uniform([p["rotate"] for p in numbers], -15, 15)
    for axis in (0, 1):
        uniform([p["scale"]["xy"[axis]] for p in numbers], 0.9, 1.1)
        uniform([p["translate_percent"][axis] for p in numbers], -0.1, 0.1)
        uniform([p["shear"][axis] for p in numbers], -10, 10)
    alone = drawn(A.Affine(rotate=(-5, 5), p=1), 1)[0]  # the others stay as they are
    assert (alone["scale"], alone["shear"], alone["translate_percent"]) == ({"x": 1, "y": 1}, [0, 0], [0, 0])
    assert all(p["scale"]["x"] == p["scale"]["y"] for p in drawn(A.Affine(scale=(0.5, 2), keep_ratio=True, p=1), 20))
    factors = np.array(
        [list(p["scale"].values()) for p in drawn(A.Affine(scale=(0.5, 3), balanced_scale=True, p=1), 400)]
    )
    assert abs((factors < 1).mean() - 0.5) < 0.08
    pixels = [p["translate_px"][0] for p in drawn(A.Affine(translate_px=(-2, 2), p=1), 100)]
    assert set(pixels) == {-2, -1, 0, 1, 2}


@pytest.mark.parametrize("transform", [A.Affine(rotate=30, scale={"x": 1.3, "y": 0.8}, fit_output=True, fill=-1, p=1)])
def test_fit_output_shows_the_whole_image(transform: Any) -> None:
    points = [(0, 0, 0, 1), (99, 0, 0, 1), (0, 59, 0, 1), (99, 59, 0, 1)]
    out = applied(transform, image=coordinates(60, 100), keypoints=points)
    height, width = out["image"].shape[:2]
    moved = np.array([point[:2] for point in out["keypoints"]])
    assert moved.min() >= -0.5
    assert (moved.max(axis=0) <= (width - 0.5, height - 0.5)).all()
    assert moved.min(axis=0).max() < 1.5
    assert (height, width) == (
        math.ceil(1.3 * 100 * 0.5 + 0.8 * 60 * turned(30)[0, 0]),
        math.ceil(1.3 * 100 * turned(30)[0, 0] + 0.8 * 60 * 0.5),
    )


def test_perspective_draws_and_shows_what_the_corners_enclose() -> None:
    inward = np.array([p["corners"] for p in drawn(A.Perspective((0.1, 0.1), p=1), 600)])
    assert inward.shape == (600, 4, 2)
    assert inward.min() >= 0
    assert abs(inward.mean() - 0.1 * math.sqrt(2 / math.pi)) < 0.003  # half of a normal distribution
    assert abs(inward.std() - 0.1 * math.sqrt(1 - 2 / math.pi)) < 0.003
    image = coordinates(60, 100)
    for seed in SEEDS:
        transform = A.Perspective((0.1, 0.1), border_mode=0, fill=-1000, p=1)
        assert applied(transform, seed, image=image)["image"].shape == (60, 100, 3)
        corners = np.array(drawn(transform, 1, (60, 100, 3), seed)[0]["corners"])
        out = applied(transform, seed, image=image)["image"]
        # The second pixel of each corner shows, to a pixel, what lies beside the corner that was moved inwards.
        for (y, x), (sx, sy), (dx, dy) in zip(
            ((1, 1), (1, 98), (58, 98), (58, 1)), ((0, 0), (1, 0), (1, 1), (0, 1)), corners
        ):
            expected = ((dx if sx == 0 else 1 - dx) * 100, (dy if sy == 0 else 1 - dy) * 60)
            assert np.abs(out[y, x, :2] - expected).max() < 3


@pytest.mark.parametrize("keep_size", [True, False])
@pytest.mark.parametrize("scale", [0.1, 0.4, 2.0])
def test_perspective_never_shows_the_image_from_behind(keep_size: bool, scale: float) -> None:
    points = [(0, 0, 0, 1), (99, 0, 0, 1), (0, 59, 0, 1), (99, 59, 0, 1)]
    for seed in SEEDS:
        transform = A.Perspective((scale, scale), fit_output=True, keep_size=keep_size, p=1)
        out = applied(transform, seed, image=picture("uint8", 3, 60, 100), keypoints=points)
        height, width = out["image"].shape[:2]
        moved = np.array([point[:2] for point in out["keypoints"]])
        assert moved.min() >= -0.51
        assert (moved.max(axis=0) <= (width - 0.49, height - 0.49)).all()
        assert not keep_size or (height, width) == (60, 100)


# ---- distortions


def test_elastic_strength_and_smoothness() -> None:
    image = coordinates(180, 220)
    for noise, expected in (("uniform", 100 / math.sqrt(3) / (2 * math.sqrt(math.pi) * 8)), ("gaussian", None)):
        transform = A.ElasticTransform(100, 8, alpha_affine=0, noise_distribution=noise, border_mode=1, p=1)
        shifts = []
        for seed in SEEDS:
            out = applied(transform, seed, image=image)["image"]
            shifts.append((out - image)[30:-30, 30:-30, :2])
        deviation = float(np.std(shifts))
        if expected is not None:
            assert abs(deviation / expected - 1) < 0.1
        else:
            assert 0.6 < deviation < 1.2  # the largest of the 80 000 numbers is about 1
        assert abs(np.diff(np.array(shifts), axis=1)).max() < 1


def test_elastic_moves_three_points_before() -> None:
    transform = A.ElasticTransform(0, 50, alpha_affine=9, border_mode=0, fill=-1, p=1)
    (shifts,) = [p["points"] for p in drawn(transform, 1, (90, 120, 3), seed=4)]
    matrix, _ = motion(transform, 90, 120, seed=4)
    corners = np.array(((60 + 30, 45 + 30), (60 + 30, 45 - 30), (60 - 30, 45 - 30)))
    moved = (matrix @ np.column_stack((corners, np.ones(3))).T).T[:, :2]
    assert np.abs(moved - corners - shifts).max() < 0.05
    uniform(np.ravel([p["points"] for p in drawn(A.ElasticTransform(p=1), 80)]), -50, 50)


def test_no_distortion_is_the_identity_by_other_ways_too() -> None:
    image = picture("uint8", 3, 61, 47)
    for transform in (
        A.GridDistortion(distort_limit=(0.3, 0.3), normalized=True, p=1),
        A.OpticalDistortion((0, 0), mode="fisheye", p=1),
        A.Affine(rotate=0, p=1),
    ):
        assert np.array_equal(transform(image=image)["image"], image), transform


def test_grid_distortion() -> None:
    numbers = drawn(A.GridDistortion(num_steps=4, p=1), 100)
    assert {len(p["stepsx"]) for p in numbers} == {5}
    uniform(np.ravel([p["stepsx"] + p["stepsy"] for p in numbers]), 0.7, 1.3)
    # A quarter of the output shows a stretch of the input 1.5 times as wide.
    out = A.GridDistortion(4, (0.5, 0.5), border_mode=0, normalized=False, fill=-1, p=1)(image=coordinates(60, 100))[
        "image"
    ]
    assert np.allclose(out[0, 10, 0], 10.5 * 1.5 - 0.5, atol=0.05)
    assert (out[:, 70:] == -1).all()
    for seed in SEEDS:
        transform = A.GridDistortion(7, 0.5, normalized=True, border_mode=1, p=1)
        out = applied(transform, seed, image=coordinates(60, 100))["image"]
        assert out[30, 0, 0] < 1  # all of the image is read, from its first column to its last
        assert out[30, -1, 0] > 98
        assert (np.diff(out[30, 1:-1, 0]) > 0).all()


def test_optical_distortion() -> None:
    image = coordinates(60, 80)
    out = A.OpticalDistortion((0.5, 0.5), border_mode=0, fill=-100, p=1)(image=image)["image"]
    x = 20.5 / 80
    assert np.allclose(out[30, 60, 0], 39.5 + 20.5 * (1 + 0.5 * (x**2 + x**4)), atol=0.1)
    shifts = [(p["dx"], p["dy"]) for p in drawn(A.OpticalDistortion(0, shift_limit=3, p=1), 200)]
    assert set(np.ravel(shifts)) == {-3, -2, -1, 0, 1, 2, 3}
    uniform([p["k"] for p in drawn(A.OpticalDistortion(p=1), 300)], -0.05, 0.05)


@pytest.mark.parametrize(
    "transform",
    [
        A.ElasticTransform(80, 6, alpha_affine=3, p=1),
        A.GridDistortion(p=1),
        A.OpticalDistortion((0.3, 0.5), shift_limit=2, p=1),
        A.OpticalDistortion((-0.4, -0.3), mode="fisheye", p=1),
        A.Rotate(30, p=1),
        A.SafeRotate(30, p=1),
        A.Perspective((0.05, 0.1), p=1),
        A.Affine(rotate=(-20, 20), shear=(-10, 10), scale=(0.8, 1.2), p=1),
        A.RandomResizedCrop((70, 80), scale=(0.5, 1), p=1),
    ],
    ids=lambda t: type(t).__name__,
)
def test_a_painted_box_and_its_corners_stay_together(transform: Any) -> None:
    for seed in SEEDS:
        image = np.zeros((90, 110), np.uint8)
        image[35:55, 40:75] = 255
        changes = transform.to_dict()["transform"]
        changes.pop("__class_fullname__", None)
        if "border_mode" in changes:
            changes["border_mode"] = 0
        still = type(transform)(**changes)
        out = applied(still, seed, image=image, bboxes=[(40, 35, 75, 55)], keypoints=[(57, 45, 0, 1)])
        rows, columns = np.nonzero(out["image"] > 127)
        if not len(rows) or not out["bboxes"]:
            continue
        x_min, y_min, x_max, y_max = out["bboxes"][0][:4]
        found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        inside = (x_min - 1 <= found[0]) & (y_min - 1 <= found[1]) & (found[2] <= x_max + 1) & (found[3] <= y_max + 1)
        assert inside, (seed, found, out["bboxes"])
        x, y = (round(float(v)) for v in out["keypoints"][0][:2])
        if 0 <= x < out["image"].shape[1] and 0 <= y < out["image"].shape[0]:
            assert out["image"][y, x] > 127


# ---- dropout


def test_coarse_dropout_by_default() -> None:
    numbers = drawn(A.CoarseDropout(p=1), 50)
    assert {len(p["rectangles"]) for p in numbers} == {8}
    assert {tuple(r[:2]) for p in numbers for r in p["rectangles"]} == {(8, 8)}
    uniform([r[2] for p in numbers for r in p["rectangles"]], 0, 1)
    image, mask = np.full((100, 150, 3), 9, np.uint8), np.ones((100, 150), np.uint8)
    out = A.CoarseDropout(p=1)(image=image, mask=mask)
    assert 0 < (out["image"] == 0).sum() <= 8 * 64 * 3
    assert np.array_equal(out["mask"], mask)


@pytest.mark.parametrize(
    ("heights", "widths", "rows", "columns"),
    [
        ((3, 5), (7, 7), {3, 4, 5}, {7}),
        ((0.1, 0.3), (2, 4), set(range(10, 31)), {2, 3, 4}),
        ((0.5, 1.0), (0.2, 0.2), set(range(50, 101)), {30}),
        ((500, 500), (1, 1), {100}, {1}),
    ],
)
def test_coarse_dropout_sides(heights: Any, widths: Any, rows: Any, columns: Any) -> None:
    transform = A.CoarseDropout((1, 1), heights, widths, fill=255, fill_mask=7, p=1)
    for seed in range(30):
        out = applied(transform, seed, image=np.zeros((100, 150), np.uint8), mask=np.zeros((100, 150), np.int64))
        ys, xs = np.nonzero(out["image"])
        assert np.ptp(ys) + 1 in rows
        assert np.ptp(xs) + 1 in columns
        assert len(ys) == (np.ptp(ys) + 1) * (np.ptp(xs) + 1)
        assert np.array_equal(out["mask"], np.where(out["image"], 7, 0))


def test_coarse_dropout_drops_what_is_covered() -> None:
    transform = A.CoarseDropout((1, 1), (1000, 1000), (1000, 1000), p=1)
    out = applied(transform, image=picture(), bboxes=[(1, 1, 9, 9)], keypoints=[(3, 3, 0, 1)])
    assert len(out["bboxes"]) == 0
    assert len(out["keypoints"]) == 0
    # Boxes are kept while anything of them is seen, and points while they lie beside the holes.
    half = A.CoarseDropout((1, 1), (1000, 1000), (24, 24), p=1)
    boxes, points = [(x, 3, x + 20, 33) for x in (0, 10, 14, 28)], [(x, 20, 0, 1) for x in range(1, 48, 2)]
    for seed in SEEDS:
        out = applied(half, seed, image=np.ones((40, 48), np.uint8), bboxes=boxes, keypoints=points)
        seen = out["image"] == 1
        visible = [box for box in boxes if seen[box[1] : box[3], box[0] : box[2]].any()]
        assert [tuple(box[:4]) for box in out["bboxes"]] == visible
        assert len(visible) > 1
        assert [row[0] for row in out["keypoints"]] == [x for x, y, *_ in points if seen[y, x]]
    none = A.CoarseDropout((0, 0), p=1)(image=picture())["image"]
    assert np.array_equal(none, picture())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"max_holes": 4}, {"num_holes_range": (4, 4)}),
        ({"max_holes": 4, "min_holes": 1}, {"num_holes_range": (1, 4)}),
        ({"max_height": 0.3, "min_height": 0.1}, {"hole_height_range": (0.1, 0.3)}),
        ({"max_width": 0.2}, {"hole_width_range": (0.2, 0.2)}),
        ({"max_width": 9, "min_width": 3, "fill_value": 3}, {"hole_width_range": (3, 9), "fill": 3}),
    ],
)
def test_a_least_hole_that_is_not_given_is_the_largest(old: dict[str, Any], new: dict[str, Any]) -> None:
    classic = {"num_holes_range": 8, "hole_height_range": 8, "hole_width_range": 8}
    assert A.to_dict(A.CoarseDropout(**old)) == A.to_dict(A.CoarseDropout(**{**classic, **new}))


# ---- what no law can say: arguments that belong together, and images that are too small


def test_height_and_width_are_the_size() -> None:
    for cls, others in ((A.RandomResizedCrop, {}), (A.RandomSizedCrop, {"min_max_height": (5, 9)})):
        assert A.to_dict(cls(height=20, width=30, **others)) == A.to_dict(cls(size=(20, 30), **others))


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: A.RandomResizedCrop(224), TypeError, r"RandomResizedCrop\(size=224\).*size=\(height, width\)"),
        (lambda: A.RandomSizedCrop((50, 80), 64), TypeError, r"RandomSizedCrop\(size=64\)"),
        (lambda: A.RandomResizedCrop(height=3), ValueError, "RandomResizedCrop.*belong together"),
        (lambda: A.Crop(5, 0, 5, 9), ValueError, "Crop: x_min=5 must be less than x_max=5"),
        (lambda: A.Crop(0, 9, 5, 9), ValueError, "Crop: y_min=9 must be less than y_max=9"),
        (lambda: A.Pad((1, 2, 3)), ValueError, r"Pad\(padding=\(1, 2, 3\)\)"),
        (lambda: A.PadIfNeeded(pad_height_divisor=4), ValueError, "PadIfNeeded.*min_height=1024.*pad_height_divisor=4"),
        (lambda: A.PadIfNeeded(min_width=None), ValueError, "PadIfNeeded.*min_width=None"),
        (lambda: A.LongestMaxSize(5, (3, 4)), ValueError, "LongestMaxSize.*exactly one of"),
        (lambda: A.SmallestMaxSize(max_size_hw=(None, None)), ValueError, "SmallestMaxSize.*max_size_hw"),
        (lambda: A.RandomScale((-1.5, 0)), ValueError, "RandomScale.*scale_limit"),
        (lambda: A.ShiftScaleRotate(scale_limit=(-2, 0)), ValueError, "ShiftScaleRotate.*scale_limit"),
        (lambda: A.Affine(scale={"z": 1}), ValueError, "Affine.*scale.*'x' and 'y'"),
        (lambda: A.Affine(translate_px=1, translate_percent=0.1), ValueError, "Affine.*both given"),
        (lambda: A.Affine(scale={"x": 2, "y": 1}, keep_ratio=True), ValueError, "Affine.*keep_ratio"),
        (lambda: A.CoarseDropout(hole_height_range=(0.5, 8)), ValueError, "CoarseDropout.*hole_height.*fractions"),
        (lambda: A.CoarseDropout(min_holes=9), ValueError, "CoarseDropout.*num_holes_range"),
        (lambda: A.RandomCrop(64, 65)(image=picture()), ValueError, "RandomCrop.*64 rows.*65.*height 40 and width 48"),
        (lambda: A.Crop(x_max=9)(image=picture()), ValueError, "Crop.*1024 rows.*height 40"),
        (lambda: A.RandomSizedCrop((64, 64), (9, 8))(image=picture()), ValueError, "RandomSizedCrop.*64 rows.*40"),
    ],
)
def test_what_cannot_be_is_named(call: Any, kind: Any, words: str) -> None:
    with pytest.raises(kind, match=words):
        call()


@pytest.mark.parametrize("cls", classes(Remap))
def test_maps_warp_pictures_beyond_the_largest_of_opencv(cls: Any) -> None:
    image = np.zeros((3, 33000), np.uint8)
    out = A.Compose([make(cls, cls.examples[0])], seed=1)(image=image, mask=image.copy())
    assert out["image"].shape == out["mask"].shape == image.shape


FACTORS: Any = (
    (A.RandomScale, "scale_limit", 1, ("scale",)),
    (A.ShiftScaleRotate, "scale_limit", 1, ("scale",)),
    (A.Affine, "scale", 0, ("scale", "x")),
    (A.Affine, "scale", 0, ("scale", "y")),
)


@pytest.mark.parametrize(("cls", "name", "less", "path"), FACTORS)
@pytest.mark.parametrize("limits", [(0, 1), (0, 0.001), (0, 2)])
def test_factors_are_kept_off_zero(cls: Any, name: str, less: int, path: Any, limits: Any) -> None:
    pipeline = A.Compose([cls(**{name: (limits[0] - less, limits[1] - less)}, p=1)], seed=3, save_applied_params=True)
    found = []
    for _ in range(300):
        out = pipeline(image=np.zeros((20, 30, 3), np.uint8))
        value = out["applied_transforms"][0][1]
        for key in path:
            value = value[key]
        found.append(value)
        assert out["image"].size
    assert min(found) >= min(0.01, limits[1]) - 1e-9
    assert max(found) <= limits[1] + 1e-9
    assert np.mean(found) == pytest.approx(limits[1] / 2, rel=0.15) or limits[1] < 0.01


def test_a_scale_limit_of_1_goes_down_to_nothing_and_a_negative_scale_mirrors() -> None:
    assert A.RandomScale(scale_limit=1.0).scale_limit == (-1, 1)
    assert A.ShiftScaleRotate(scale_limit=1.0).scale_limit == (-1, 1)
    data = {"image": picture(), "mask": picture("uint8", None)}
    settings = {"bbox_params": A.BboxParams("pascal_voc"), "keypoint_params": A.KeypointParams("xya")}
    rows = {"bboxes": [(4, 5, 20, 25)], "keypoints": [(5, 6, 30)]}
    for scale, flips in (((-1, -1), "HV"), ({"x": -1}, "H"), ({"y": -1}, "V")):
        mirrored = A.Compose([A.Affine(scale=scale, p=1)], **settings)(**data, **rows)
        turn = [A.HorizontalFlip(p=1)] * ("H" in flips) + [A.VerticalFlip(p=1)] * ("V" in flips)
        flipped = A.Compose(turn, **settings)(**data, **rows)
        assert np.array_equal(mirrored["image"], flipped["image"])
        assert np.array_equal(mirrored["mask"], flipped["mask"])
        assert np.allclose(mirrored["bboxes"], flipped["bboxes"])
        assert np.allclose(mirrored["keypoints"], flipped["keypoints"])
    drawn_signs = set()
    pipeline = A.Compose([A.Affine(scale=(-1, 1), p=1)], seed=0, save_applied_params=True)
    for _ in range(60):
        scale = pipeline(image=data["image"])["applied_transforms"][0][1]["scale"]
        drawn_signs.add((scale["x"] < 0, scale["y"] < 0))
        assert min(abs(scale["x"]), abs(scale["y"])) >= 0.01
    assert len(drawn_signs) == 4
    for kind, arguments in (
        (A.Affine, {"scale": 0}),
        (A.Affine, {"scale": {"x": (0, 0)}}),
        (A.RandomScale, {"scale_limit": (-1, -1)}),
        (A.ShiftScaleRotate, {"scale_limit": 1.5}),
    ):
        with pytest.raises(ValueError, match=next(iter(arguments))):
            kind(**arguments)
