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
