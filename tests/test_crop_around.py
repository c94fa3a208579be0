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
