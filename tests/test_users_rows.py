"""What users' own methods see of boxes and keypoints, and what becomes of what they return."""

from typing import Any, Callable, Optional

import numpy as np
import pytest

import albumentations as A

IMAGE = np.zeros((40, 80, 3), np.uint8)
BOXES = [(8, 4, 24, 20), (40, 10, 60, 30), (0, 0, 8, 8)]
LABELS = ["cat", "dog", "owl"]


class Hooked(A.DualTransform):
    """A user's transform that hands its rows to a function."""

    def __init__(self, boxes: Optional[Callable[..., Any]] = None, points: Optional[Callable[..., Any]] = None) -> None:
        super().__init__(p=1)
        self.boxes, self.points = boxes, points

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return img

    def apply_to_bboxes(self, bboxes: Any, **params: Any) -> Any:
        return bboxes if self.boxes is None else self.boxes(bboxes)

    def apply_to_keypoints(self, keypoints: Any, **params: Any) -> Any:
        return keypoints if self.points is None else self.points(keypoints)


def call(function: Callable[..., Any], boxes: Any = BOXES, labels: Any = LABELS, **more: Any) -> dict[str, Any]:
    params = A.BboxParams("pascal_voc", label_fields=["labels", *more])
    return A.Compose([Hooked(function)], bbox_params=params)(image=IMAGE, bboxes=boxes, labels=labels, **more)


def test_rows_read_one_by_one_are_tuples_with_labels_as_in_1_x() -> None:
    seen: list[Any] = []
    call(lambda rows: seen.extend(rows) or rows)
    assert seen[0] == (0.1, 0.1, 0.3, 0.5, "cat")
    assert seen[2][4] == "owl"


def test_rows_as_an_array_are_numbers_as_in_2_x() -> None:
    def move(rows: np.ndarray) -> np.ndarray:
        assert isinstance(rows, np.ndarray)
        assert rows.shape == (3, 6)
        assert rows[:, 5].tolist() == [7.0, 8.0, 9.0]
        rows[:, [0, 2]] += 0.1
        return rows

    out = call(move, number=[7, 8, 9])
    assert out["bboxes"][0] == pytest.approx((16, 4, 32, 20))
    assert out["labels"] == LABELS
    assert out["number"] == [7, 8, 9]


@pytest.mark.parametrize("container", [list, np.array, lambda rows: [list(r) for r in rows]])
@pytest.mark.parametrize("labels", [LABELS, [3, 3, 5], [object(), object(), object()], [None, None, float("nan")]])
def test_rows_may_be_dropped_and_reordered(container: Any, labels: Any) -> None:
    out = call(lambda rows: container(list(np.asarray(rows))[::-1][:2]), labels=labels)
    assert [b[:2] for b in out["bboxes"]] == [(0, 0), (40, 10)]
    assert all(a is b for a, b in zip(out["labels"], [labels[2], labels[1]]))


def test_labels_stay_with_rows_that_are_sorted() -> None:
    out = call(lambda rows: sorted(rows, key=lambda row: (row[2] - row[0]) * (row[3] - row[1])))
    assert out["labels"] == ["owl", "cat", "dog"]
    assert [b[0] for b in out["bboxes"]] == [0, 8, 40]


def test_four_numbers_a_row_are_enough_where_no_row_is_dropped() -> None:
    out = call(lambda rows: [(x_min, y_min, x_max, y_max + 0.1) for x_min, y_min, x_max, y_max, _ in rows])
    assert [b[3] for b in out["bboxes"]] == pytest.approx([24, 34, 12])
    assert out["labels"] == LABELS
    with pytest.raises(ValueError, match="without what they carry"):
        call(lambda rows: [tuple(row)[:4] for row in rows][1:])


def test_labels_may_change_and_rows_be_added() -> None:
    out = call(lambda rows: [(*tuple(row)[:4], "new") for row in rows])
    assert out["labels"] == ["new"] * 3
    out = call(lambda rows: [*rows, (0.5, 0.5, 0.75, 1.0, "extra")])
    assert out["labels"] == [*LABELS, "extra"]
    assert out["bboxes"][3] == (40, 20, 60, 40)
    out = call(lambda rows: np.vstack([rows, [0.5, 0.5, 0.75, 1.0, 4]]), labels=np.array([1, 2, 3]))
    assert out["labels"].tolist() == [1, 2, 3, 4]
    assert out["labels"].dtype == np.array([1, 2, 3]).dtype
    flipped = call(lambda rows: [(*tuple(row)[:4], 3 - row[4]) for row in rows], labels=[1, 2, 2])
    assert flipped["labels"] == [2, 1, 1]
    assert all(type(v) is int for v in flipped["labels"])


def test_extras_in_the_rows_are_seen_and_kept() -> None:
    boxes = [(*b, name, 1.5) for b, name in zip(BOXES, "abc")]
    seen: list[Any] = []
    params = A.BboxParams("pascal_voc")
    out = A.Compose([Hooked(lambda rows: seen.extend(rows) or list(rows)[1:])], bbox_params=params)(
        image=IMAGE, bboxes=boxes
    )
    assert seen[0] == (0.1, 0.1, 0.3, 0.5, "a", 1.5)
    assert out["bboxes"] == [(40, 10, 60, 30, "b", 1.5), (0, 0, 8, 8, "c", 1.5)]


def test_rows_in_an_array_come_back_in_an_array() -> None:
    boxes = np.array([(*b, i) for i, b in enumerate(BOXES)], np.int32)
    out = A.Compose([Hooked(lambda rows: np.vstack([rows[1:], [0, 0, 0.5, 0.5, 9]]))], bbox_params="pascal_voc")(
        image=IMAGE, bboxes=boxes
    )
    assert out["bboxes"].dtype == np.int32
    assert out["bboxes"].tolist() == [[40, 10, 60, 30, 1], [0, 0, 8, 8, 2], [0, 0, 40, 20, 9]]


def test_keypoints_are_seen_with_angle_scale_and_labels() -> None:
    seen: list[Any] = []
    params = A.KeypointParams("xyas", label_fields=["names"])
    pipeline = A.Compose([Hooked(points=lambda rows: seen.extend(rows) or list(rows)[::-1])], keypoint_params=params)
    out = pipeline(image=IMAGE, keypoints=[(3, 4, 90, 2), (5, 6, 0, 1)], names=["nose", "eye"])
    assert seen[0][:5] == pytest.approx((3, 4, 0, np.pi / 2, 2))
    assert seen[0][5] == "nose"
    assert out["names"] == ["eye", "nose"]
    assert out["keypoints"] == [(5, 6, 0, 1), (3, 4, 90, 2)]


class Looks(A.DualTransform):
    """A user's transform that looks at rows before it draws."""

    def __init__(self, old: bool = False) -> None:
        super().__init__(p=1)
        self.old = old
        self.seen: dict[str, Any] = {}

    @property
    def targets_as_params(self) -> list[str]:
        return ["bboxes"] if self.old else []

    def get_params_dependent_on_targets(self, params: dict[str, Any]) -> dict[str, Any]:
        self.seen = params
        return {}

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        self.seen = {**data, **self.seen}
        return {}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return img

    def apply_to_bboxes(self, bboxes: Any, **params: Any) -> Any:
        return bboxes


@pytest.mark.parametrize("old", [True, False])
def test_who_looks_sees_the_rows_and_labels_that_are_still_there(old: bool) -> None:
    looks = Looks(old)
    crop = A.Crop(x_min=30, y_min=0, x_max=80, y_max=40, p=1)
    params = A.BboxParams("pascal_voc", label_fields=["labels"])
    A.Compose([A.HorizontalFlip(p=1), A.HorizontalFlip(p=1), crop, looks], bbox_params=params)(
        image=IMAGE, bboxes=BOXES, labels=LABELS
    )
    assert looks.seen["labels"] == ["dog"]
    if old:
        assert looks.seen["bboxes"] == [(0.2, 0.25, 0.6, 0.75, "dog")]
    else:
        assert looks.seen["bboxes"][:, :4].tolist() == [[0.2, 0.25, 0.6, 0.75]]


def test_a_subclass_of_ours_may_call_ours() -> None:
    class Mine(A.HorizontalFlip):
        def apply_to_bboxes(self, bboxes: Any, **params: Any) -> Any:
            return super().apply_to_bboxes(bboxes, **params)

    class MyCrop(A.Crop):
        def apply_to_bboxes(self, bboxes: Any, **params: Any) -> Any:
            return super().apply_to_bboxes(np.asarray(bboxes), **params)

    for mine, ours in (
        (Mine(p=1), A.HorizontalFlip(p=1)),
        (MyCrop(x_max=30, y_max=35, p=1), A.Crop(x_max=30, y_max=35, p=1)),
    ):
        params = A.BboxParams("pascal_voc", label_fields=["labels"])
        results = [
            A.Compose([A.Transpose(p=1), A.Transpose(p=1), t], bbox_params=params)(
                image=IMAGE, bboxes=BOXES, labels=LABELS
            )
            for t in (mine, ours)
        ]
        assert results[0]["labels"] == results[1]["labels"]
        assert np.allclose(results[0]["bboxes"], results[1]["bboxes"])


class Reads(A.ImageOnlyTransform):
    """A user's transform that is told the boxes and labels in two ways, both before it prepares and after."""

    _reads = ("bboxes", "labels")

    def __init__(self) -> None:
        super().__init__(p=1)
        self.seen: list[Any] = []

    def _prepare(self, shape: Any, bboxes: Any = None, labels: Any = None, **params: Any) -> dict[str, Any]:
        self.seen.append((np.asarray(bboxes)[:, :4].tolist(), labels))
        return {}

    def update_params(self, params: dict[str, Any], **data: Any) -> dict[str, Any]:
        self.seen.append((np.asarray(data["bboxes"])[:, :4].tolist(), data["labels"]))
        return params

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return img


def test_who_reads_rows_sees_them_as_they_are_then() -> None:
    reads = Reads()
    crop = A.Crop(x_min=20, y_min=0, x_max=70, y_max=40, p=1)
    params = A.BboxParams("pascal_voc", label_fields=["labels"])
    out = A.Compose([A.HorizontalFlip(p=1), crop, reads], bbox_params=params)(image=IMAGE, bboxes=BOXES, labels=LABELS)
    # (40, 10, 60, 30) goes to (20, 10, 40, 30), and to (0, 10, 20, 30) of 50 x 40; the third leaves the picture.
    expected = ([[0.72, 0.1, 1.0, 0.5], [0.0, 0.25, 0.4, 0.75]], ["cat", "dog"])
    for boxes, labels in reads.seen:
        assert np.allclose(boxes, expected[0])
        assert labels == expected[1]
    assert len(reads.seen) == 2
    assert out["labels"] == expected[1]
