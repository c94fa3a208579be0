"""Properties of boxes, keypoints and their labels, over inputs that hypothesis makes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import albumentations as A
from albumentations.core.bbox_utils import (
    FORMATS,
    from_pixels,
    to_pixels,
)

sizes = st.tuples(st.integers(1, 500), st.integers(1, 500))
fractions = st.floats(0, 1, allow_nan=False)


@st.composite
def boxes(draw: Any) -> tuple[tuple[int, int], list[tuple[float, ...]]]:
    """An image size and boxes inside it, in pixels."""
    height, width = draw(sizes)
    rows = []
    for _ in range(draw(st.integers(0, 5))):
        x, y = sorted(draw(st.tuples(fractions, fractions))), sorted(draw(st.tuples(fractions, fractions)))
        row = (x[0] * width, y[0] * height, x[1] * width, y[1] * height)
        if row[2] - row[0] > 1e-3 and row[3] - row[1] > 1e-3:
            rows.append(row)
    return (height, width), rows


@given(boxes(), st.sampled_from(sorted(FORMATS)))
def test_formats_convert_there_and_back(case: Any, box_format: str) -> None:
    shape, rows = case
    array = np.array(rows).reshape(-1, 4)
    pixels = to_pixels(array, "pascal_voc", shape)
    there = from_pixels(pixels, box_format, shape)
    back = to_pixels(there, box_format, shape)
    assert np.allclose(back * 500, pixels * 500, atol=1e-6)


@given(boxes(), st.sampled_from([list, tuple, np.array]))
def test_a_pipeline_that_does_nothing_gives_back_what_it_got(case: Any, container: Any) -> None:
    shape, rows = case
    given_rows = container(rows) if rows or container is not np.array else np.zeros((0, 4))
    labels = [object() for _ in rows]
    params = A.BboxParams("pascal_voc", label_fields=["labels"])
    pipeline = A.Compose([A.NoOp(p=1), A.HorizontalFlip(p=0)], bbox_params=params)
    out = pipeline(image=np.zeros(shape, np.uint8), bboxes=given_rows, labels=labels)
    assert type(out["bboxes"]) is type(given_rows)
    assert [tuple(row) for row in out["bboxes"]] == rows
    assert all(a is b for a, b in zip(out["labels"], labels))
    assert len(out["labels"]) == len(labels)


@given(boxes(), st.sampled_from(["HorizontalFlip", "VerticalFlip", "Transpose"]))
def test_moves_that_undo_themselves_bring_boxes_and_points_home(case: Any, name: str) -> None:
    shape, rows = case
    points = [(row[0] * 0.999, row[1] * 0.999) for row in rows]
    move = getattr(A, name)(p=1)
    pipeline = A.Compose(
        [move, move],
        bbox_params=A.BboxParams("pascal_voc"),
        keypoint_params=A.KeypointParams("xy", remove_invisible=False),
    )
    out = pipeline(image=np.zeros(shape, np.uint8), bboxes=rows, keypoints=points)
    assert np.array(out["bboxes"]).reshape(-1, 4) == pytest.approx(np.array(rows).reshape(-1, 4), abs=1e-6)
    assert np.array(out["keypoints"]).reshape(-1, 2) == pytest.approx(np.array(points).reshape(-1, 2), abs=1e-6)


@given(boxes(), st.integers(0, 2**32))
@settings(max_examples=60)
def test_labels_follow_their_boxes(case: Any, seed: int) -> None:
    shape, rows = case
    params = A.BboxParams("pascal_voc", label_fields=["ids"])
    transforms = [A.D4(), A.RandomResizedCrop(size=(40, 50)), A.Rotate(p=1)]
    pipeline = A.Compose(transforms, bbox_params=params, seed=seed)
    data = {"image": np.zeros(shape, np.uint8), "bboxes": [(*row, i) for i, row in enumerate(rows)]}
    ids = np.arange(len(rows), dtype=np.int64) + 2**60
    out = pipeline(**data, ids=ids)
    assert [row[4] for row in out["bboxes"]] == (out["ids"] - 2**60).tolist()
    for x_min, y_min, x_max, y_max, _ in out["bboxes"]:
        assert 0 <= x_min < x_max <= 50
        assert 0 <= y_min < y_max <= 40


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(["HorizontalFlip", "VerticalFlip", "Transpose", "D4"]))
def test_what_was_in_frame_stays_in_frame(height: int, width: int, name: str) -> None:
    points = [(0, 0), (width - 1, height - 1), (np.nextafter(width, 0), 0.0), (0.0, np.nextafter(height, 0))]
    rows = [(0, 0, width, height)]
    pipeline = A.Compose(
        [getattr(A, name)(p=1)], bbox_params=A.BboxParams("pascal_voc"), keypoint_params=A.KeypointParams("xy")
    )
    out = pipeline(image=np.zeros((height, width), np.uint8), bboxes=rows, keypoints=points)
    assert len(out["bboxes"]) == 1
    assert len(out["keypoints"]) == len(points)


class Mirror(A.HorizontalFlip):
    """A user's class that moves each box itself."""

    def apply_to_bbox(self, bbox: Any, **params: Any) -> Any:
        x_min, y_min, x_max, y_max = bbox
        return 1 - x_max, y_min, 1 - x_min, y_max


TURN = A.Rotate(limit=(31, 31), border_mode=0, p=1)
TURN_ELLIPSE = A.SafeRotate(limit=(-20, -20), rotate_method="ellipse", p=1)
FLIP = A.HorizontalFlip(p=1)
CUT = A.CenterCrop(height=20, width=26, p=1)
STEPS = (
    *(FLIP, A.Transpose(p=1), Mirror(p=1), TURN, TURN_ELLIPSE, CUT),
    A.Crop(x_min=7, y_min=3, x_max=23, y_max=19, p=1),
    A.Resize(height=50, width=41, p=1),
    A.PadIfNeeded(min_height=60, min_width=70, p=1),
    A.Perspective(scale=(0.05, 0.05), p=1),
    A.GridDistortion(distort_limit=(0.2, 0.2), p=1),
    A.CoarseDropout(num_holes_range=(2, 2), hole_height_range=(15, 15), hole_width_range=(15, 15), p=1),
    A.Lambda(bboxes=lambda rows, **_: rows, p=1),
)
LIMITS: Any = ({}, {"min_area": 60}, {"min_width": 9, "min_height": 4}, {"max_accept_ratio": 2.5})
CORNERS = [(x, y, w, h) for x in (0, 9, 21) for y in (0, 12, 19) for w, h in ((4, 12), (21, 5), (17, 19))]


def check_one_by_one(steps: Any, limits: Any, corners: Any) -> None:
    """A pipeline moves and drops rows as its transforms do one by one: that moves and filters wait shows nowhere."""
    rows = [(x, y, x + w, y + h) for x, y, w, h in corners]
    data = {"image": np.zeros((43, 47, 3), np.uint8), "bboxes": rows, "keypoints": [r[:2] for r in rows]}
    data.update(labels=list(range(len(rows))), names=list(range(len(rows))))
    settings = {
        "bbox_params": A.BboxParams("pascal_voc", label_fields=["labels"], **limits),
        "keypoint_params": A.KeypointParams("xy", label_fields=["names"]),
    }
    try:
        whole = A.ReplayCompose(steps, **settings)(**data)
    except ValueError as error:
        assert "rop" in str(error)  # larger than what the crops before have left
        return
    expected = data
    for index, record in enumerate(whole["replay"]["transforms"]):
        saved = {**whole["replay"], "transforms": [record], "events": [[0, whole["replay"]["events"][index][1]]]}
        expected = A.ReplayCompose.replay(saved, **expected)
    assert whole["labels"] == expected["labels"]
    assert whole["names"] == expected["names"]
    assert np.allclose(np.reshape(whole["bboxes"], (-1, 4)), np.reshape(expected["bboxes"], (-1, 4)), atol=1e-6)
    assert np.allclose(whole["keypoints"], expected["keypoints"], atol=1e-6)


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize(
    "steps",
    [
        [TURN, TURN],
        [TURN, FLIP, TURN],
        [TURN_ELLIPSE, FLIP],
        [FLIP, TURN_ELLIPSE],
        [TURN_ELLIPSE, FLIP, TURN],
        [TURN, A.CenterCrop(height=60, width=30, pad_if_needed=True, p=1)],
        [CUT, A.CenterCrop(height=60, width=30, pad_if_needed=True, p=1)],
        [CUT, A.PadIfNeeded(min_height=40, min_width=50, p=1)],
        [TURN, CUT],
        [A.Resize(height=43, width=47, p=1), A.Crop(x_min=5, y_min=0, x_max=15, y_max=15, p=1)],
        [A.Resize(height=50, width=20, p=1), A.Transpose(p=1), A.Resize(height=90, width=90, p=1)],
        [A.Resize(height=20, width=47, p=1), CUT, A.Transpose(p=1)],
        [FLIP, Mirror(p=1)],
        [FLIP, TURN, Mirror(p=1), CUT],
        [A.Transpose(p=1), A.Lambda(bboxes=lambda rows, **_: rows, p=1), TURN],
    ],
)
def test_rows_are_moved_and_dropped_as_by_one_transform_after_the_other(steps: Any, limits: Any) -> None:
    check_one_by_one(steps, limits, CORNERS)


@pytest.mark.parametrize("steps", [[TURN, TURN], [TURN, FLIP, TURN], [TURN, A.GridDistortion(p=0), TURN, TURN]])
def test_a_box_around_a_box_is_the_same_however_often_boxes_are_filtered(steps: Any) -> None:
    image = np.zeros((143, 147, 3), np.uint8)
    found = [
        A.Compose(steps, bbox_params=A.BboxParams("pascal_voc", check_each_transform=each))(
            image=image, bboxes=[(60, 62, 71, 68)]
        )["bboxes"]
        for each in (True, False)
    ]
    assert np.allclose(found[0], found[1])


@given(
    st.lists(st.sampled_from(STEPS), min_size=1, max_size=5),
    st.sampled_from(LIMITS),
    st.lists(st.tuples(*[st.integers(0, 22)] * 2, *[st.integers(1, 21)] * 2), max_size=6),
)
def test_rows_are_moved_and_dropped_so_in_any_pipeline(steps: Any, limits: Any, corners: Any) -> None:
    check_one_by_one(steps, limits, corners)
