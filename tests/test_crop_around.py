"""Crops whose window follows from the boxes, or from shares of the sides."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import albumentations as A

IMAGE = np.arange(60 * 90, dtype=np.int32).reshape(60, 90)


def test_every_side_loses_up_to_its_own_share() -> None:
    limits = {"crop_left": 0.1, "crop_right": 0.2, "crop_top": 0.3, "crop_bottom": 0.4}
    pipeline = A.Compose([A.RandomCropFromBorders(**limits)], seed=0)
    cut = []
    for _ in range(1500):
        out = pipeline(image=IMAGE)["image"]
        (top, left), (bottom, right) = divmod(int(out[0, 0]), 90), divmod(int(out[-1, -1]), 90)
        assert np.array_equal(out, IMAGE[top : bottom + 1, left : right + 1])
        cut.append((left, 89 - right, top, 59 - bottom))
    assert [set(side) for side in zip(*cut)] == [set(range(n + 1)) for n in (9, 18, 18, 24)]
    assert np.abs(np.mean(cut, axis=0) - (4.5, 9, 9, 12)).max() < 0.7


def test_a_pixel_is_left() -> None:
    pipeline = A.Compose([A.RandomCropFromBorders(1, 1, 1, 1)], seed=0)
    assert min(min(pipeline(image=IMAGE)["image"].shape) for _ in range(300)) == 1


def test_a_record_of_1_3() -> None:
    drawn = {"x_min": 10, "x_max": 70, "y_min": 20, "y_max": 50}
    looks = {"get_params_dependent_on_data": lambda self, params, data: dict(drawn)}
    mine = type("Mine", (A.RandomCropFromBorders,), looks)
    out = A.Compose([mine()], bbox_params="pascal_voc")(image=IMAGE, bboxes=[(20, 30, 40, 35)])
    assert np.array_equal(out["image"], IMAGE[20:50, 10:70])
    assert out["bboxes"] == [(10, 10, 30, 15)]


HEIGHT, WIDTH = IMAGE.shape


@st.composite
def boxes(draw: Any) -> tuple[float, float, float, float]:
    """Any box in the image: whole or broken pixels, as small as can be, at its edges, or all of it."""
    sides = []
    for side in (WIDTH, HEIGHT):
        number = st.one_of(st.integers(0, side), st.floats(0, side))
        low, high = sorted((draw(number), draw(number)))
        if high - low < 0.01:
            low, high = (low, low + 0.01) if low < 1 else (low - 0.01, low)
        sides.append((float(low), float(high)))
    (x_min, x_max), (y_min, y_max) = sides
    return x_min, y_min, x_max, y_max


@settings(max_examples=150, deadline=None, derandomize=True)
@given(rows=st.lists(boxes(), min_size=1, max_size=5), seed=st.integers(0, 1000))
def test_not_one_box_is_lost_whatever_its_size_and_place(rows: list[Any], seed: int) -> None:
    for transform in (A.BBoxSafeRandomCrop(), A.RandomSizedBBoxSafeCrop(31, 47)):
        params = A.BboxParams("pascal_voc", ["names"], min_visibility=0.9999)
        pipeline = A.Compose([transform], bbox_params=params, seed=seed, save_applied_params=True)
        out = pipeline(image=IMAGE, bboxes=rows, names=list(range(len(rows))))
        assert out["names"] == list(range(len(rows)))
        x_min, y_min, x_max, y_max = out["applied_transforms"][0][1]["crop_coords"]
        for box in rows:
            assert x_min <= box[0] + 1e-6
            assert box[2] - 1e-6 <= x_max
            assert y_min <= box[1] + 1e-6
            assert box[3] - 1e-6 <= y_max


@pytest.mark.parametrize("rate", [0.0, 0.2])
def test_windows_reach_from_the_frame_to_the_boxes(rate: float) -> None:
    params = A.BboxParams("pascal_voc")
    pipeline = A.Compose([A.BBoxSafeRandomCrop(rate)], bbox_params=params, seed=0, save_applied_params=True)
    given_boxes = [(20, 10, 40, 30), (30, 20, 70, 40)]
    out = [pipeline(image=IMAGE, bboxes=given_boxes)["applied_transforms"][0][1]["crop_coords"] for _ in range(2000)]
    low, high = np.min(out, axis=0), np.max(out, axis=0)
    assert low.tolist() == [0, 0, 70 - round(40 * rate), 40 - round(20 * rate)]
    assert high.tolist() == [20 + round(20 * rate), 10 + round(20 * rate), 90, 60]


def test_without_boxes_the_crop_is_in_proportion() -> None:
    params = A.BboxParams("pascal_voc")
    assert A.Compose([A.BBoxSafeRandomCrop()], bbox_params=params)(image=IMAGE, bboxes=[])["image"].shape == (60, 90)
    pipeline = A.Compose([A.BBoxSafeRandomCrop(0.5)], seed=0)
    shapes = {pipeline(image=IMAGE)["image"].shape for _ in range(300)}
    assert min(shapes) == (30, 45)
    assert max(shapes) == (60, 90)
    assert all(columns == rows * 3 // 2 for rows, columns in shapes)
    assert A.Compose([A.RandomSizedBBoxSafeCrop(31, 47)])(image=IMAGE)["image"].shape == (31, 47)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(rows=st.lists(boxes(), min_size=1, max_size=4), seed=st.integers(0, 1000))
def test_at_least_one_box_is_seen(rows: list[Any], seed: int) -> None:
    pipeline = A.Compose([A.AtLeastOneBBoxRandomCrop(17, 31)], "pascal_voc", seed=seed)
    out = pipeline(image=IMAGE, bboxes=rows)
    assert out["image"].shape == (17, 31)
    assert out["bboxes"]


def test_every_box_is_picked_and_wholly_seen_if_it_fits() -> None:
    rows = [(5, 5, 15, 12, "a"), (60, 40, 80, 50, "b"), (3, 52, 9, 58, "c")]
    params = A.BboxParams("pascal_voc", min_visibility=1.0)
    pipeline = A.Compose([A.AtLeastOneBBoxRandomCrop(17, 31)], params, seed=0, save_applied_params=True)
    picked, windows = set(), []
    for _ in range(300):
        out = pipeline(image=IMAGE, bboxes=rows)
        assert out["bboxes"]
        picked |= {row[4] for row in out["bboxes"]}
        if out["bboxes"][0][4] == "b":
            windows.append(out["applied_transforms"][0][1]["crop_coords"])
    assert picked == {"a", "b", "c"}
    assert np.min(windows, axis=0).tolist() == [49, 33, 80, 50]  # 59 is the image's end: 90 - 31
    assert np.max(windows, axis=0).tolist() == [59, 40, 90, 57]


def test_a_window_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"AtLeastOneBBoxRandomCrop: the crop needs 61 rows and 31 columns, the image"):
        A.Compose([A.AtLeastOneBBoxRandomCrop(61, 31)])(image=IMAGE)


# ---- crops near a box of the call


def near(seed: int, box: Any = (20, 10, 60, 40), key: str = "cropping_bbox", **arguments: Any) -> np.ndarray:
    transform = A.RandomCropNearBBox(**arguments)
    result: np.ndarray = A.Compose([transform], seed=seed)(image=IMAGE, **{key: box})["image"]
    return result


def edges(out: np.ndarray) -> tuple[int, int, int, int]:
    """The window that a crop of IMAGE shows."""
    (top, left), (bottom, right) = divmod(int(out[0, 0]), WIDTH), divmod(int(out[-1, -1]), WIDTH)
    assert np.array_equal(out, IMAGE[top : bottom + 1, left : right + 1])
    return left, top, right + 1, bottom + 1


def test_edges_move_by_up_to_their_share_of_the_box() -> None:
    # Of a box 40 wide and 30 high: 0.1 of the height is 3 rows, 0.5 of the width is 20 columns.
    found = np.array([edges(near(seed, max_part_shift=(0.1, 0.5))) for seed in range(900)])
    for column, middle, reach in zip(found.T, (20, 10, 60, 40), (20, 3, 20, 3)):
        assert (column.min(), column.max()) == (middle - reach, middle + reach)
        assert abs(column.mean() - middle) < 0.2 * reach
    assert np.abs(np.corrcoef(found.T) - np.eye(4)).max() < 0.12  # each edge on its own


def test_a_box_is_cut_out_exactly_where_nothing_moves() -> None:
    assert edges(near(0, max_part_shift=0)) == (20, 10, 60, 40)
    assert edges(near(0, box=np.array([20.5, 10.5, 59.5, 39.5]), max_part_shift=(0, 0))) == (20, 10, 60, 40)
    assert edges(near(0, box=(-5, 50, 200, 70), max_part_shift=0)) == (0, 50, 90, 60)
    assert edges(near(0, key="here", max_part_shift=0, cropping_box_key="here")) == (20, 10, 60, 40)


@pytest.mark.parametrize(
    ("box", "error", "words"),
    [
        ("20, 10, 60, 40", TypeError, "four numbers.*'20, 10, 60, 40'"),
        (7, TypeError, "four numbers"),
        ((20, 10, 60), ValueError, "four numbers"),
        ((20, 10, 60, "40"), ValueError, "four numbers"),
        ((20, 10, 60, float("nan")), ValueError, "four numbers"),
        ((60, 10, 20, 40), ValueError, "no area"),
        ((90, 10, 100, 40), ValueError, "no area.*90 wide and 60 high"),
    ],
)
def test_a_bad_cropping_box_is_refused(box: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=rf"RandomCropNearBBox: cropping_bbox.*{words}"):
        near(0, box=box)


def test_a_cropping_box_must_be_given() -> None:
    with pytest.raises(ValueError, match="RandomCropNearBBox: cropping_bbox: is missing from the call"):
        A.Compose([A.RandomCropNearBBox()])(image=IMAGE)


# ---- crops over a mask


def over(seed: int, mask: Any = None, masks: Any = None, size: Any = (10, 20), **arguments: Any) -> Any:
    given = {name: value for name, value in (("mask", mask), ("masks", masks)) if value is not None}
    return edges(A.Compose([A.CropNonEmptyMaskIfExists(*size, **arguments)], seed=seed)(image=IMAGE, **given)["image"])


def dotted(*points: Any, values: Any = (1, 1, 1), channels: Any = ()) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH, *channels), np.uint8)
    for (x, y), value in zip(points, values):
        mask[y, x] = value
    return mask


def shows(window: Any, x: int, y: int) -> bool:
    left, top, right, bottom = window
    return bool(left <= x < right and top <= y < bottom)


def test_every_pixel_of_the_mask_is_shown_as_often() -> None:
    mask = dotted((5, 5), (80, 50), (45, 30))
    windows = [over(seed, mask) for seed in range(600)]
    assert all(right - left == 20 and bottom - top == 10 for left, top, right, bottom in windows)
    counts = [sum(shows(w, *p) for w in windows) for p in ((5, 5), (80, 50), (45, 30))]
    assert sum(counts) == 600
    assert min(counts) > 150  # 200 each, deviation 12
    middle = np.array([w for w in windows if shows(w, 45, 30)])
    assert (middle[:, 0].min(), middle[:, 0].max()) == (26, 45)
    assert (middle[:, 1].min(), middle[:, 1].max()) == (21, 30)


def test_values_and_channels_may_be_ignored() -> None:
    mask = dotted((5, 5), (80, 50), values=(1, 2))
    assert all(shows(over(seed, mask, ignore_values=[1]), 80, 50) for seed in range(20))
    assert not all(shows(over(seed, mask, ignore_values=[]), 80, 50) for seed in range(20))
    layers = dotted((5, 5), (80, 50), values=((1, 0), (0, 1)), channels=(2,))
    assert all(shows(over(seed, layers, ignore_channels=[0]), 80, 50) for seed in range(20))
    assert all(shows(over(seed, layers, ignore_channels=[1]), 5, 5) for seed in range(20))
    assert not all(shows(over(seed, layers, ignore_values=[3]), 5, 5) for seed in range(20))


def test_masks_take_the_place_of_a_mask_and_empty_ones_mean_anywhere() -> None:
    masks = [dotted((5, 5)), dotted((80, 50))]
    windows = [over(seed, masks=masks) for seed in range(40)]
    assert {shows(w, 5, 5) for w in windows} == {True, False}
    assert all(shows(w, 5, 5) or shows(w, 80, 50) for w in windows)
    assert all(shows(over(seed, dotted((5, 5)), masks), 5, 5) for seed in range(20))
    for empty in ({"mask": dotted()}, {"masks": []}):
        lefts = [over(seed, **empty)[0] for seed in range(200)]
        assert min(lefts) < 8
        assert max(lefts) > 62


def test_crops_over_a_mask_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="CropNonEmptyMaskIfExists needs a mask, or masks, in the call"):
        over(0)
    with pytest.raises(ValueError, match="CropNonEmptyMaskIfExists: the crop needs 61 rows and 20 columns"):
        over(0, dotted(), size=(61, 20))
    with pytest.raises(ValueError, match=r"CropNonEmptyMaskIfExists: ignore_channels \[1\] .* 1 channels"):
        over(0, dotted(), ignore_channels=[1])
    with pytest.raises(TypeError, match=r"CropNonEmptyMaskIfExists\(ignore_values='1'\): ignore_values must be"):
        A.CropNonEmptyMaskIfExists(10, 10, ignore_values="1")


def test_a_record_without_a_window_is_refused() -> None:
    pipeline = A.ReplayCompose([A.CropNonEmptyMaskIfExists(10, 20)])
    record = pipeline(image=IMAGE, mask=dotted((5, 5)))["replay"]
    record["transforms"][0]["params"], record["events"] = {}, [[0, [{}]]]  # as 1.3.1 left it
    with pytest.raises(ValueError, match="CropNonEmptyMaskIfExists: the record does not say which window"):
        A.ReplayCompose.replay(record, image=IMAGE, mask=dotted((5, 5)))
