"""Rows never take a value that they cannot hold: integer arrays, maps, label fields."""

import array
import collections
from typing import Any

import numpy as np
import pytest
from common import cases, channels_for, main, make, params_for, picture, reading

import albumentations as A
from albumentations.core.bbox_utils import FORMATS as BOX_FORMATS
from albumentations.core.bbox_utils import from_pixels
from albumentations.core.keypoints_utils import FORMATS as POINT_FORMATS
from albumentations.core.transforms_interface import DualTransform

DTYPES = ("uint8", "int8", "uint16", "int32", "uint64", "float16", "float32", "object")
BOXES = np.array([(4, 3, 30, 25), (0, 0, 48, 40), (20, 10, 47, 30)])
POINTS = {"x": (4, 30, 47), "y": (3, 20, 39), "z": (0, 1, 2), "a": (0, 1, 2), "s": (1, 2, 3)}


def twin_calls(transform: Any, image: np.ndarray, rows: dict[str, Any], dtype: str, **settings: Any) -> Any:
    """The same rows as float64 and in another dtype, moved by the same numbers."""
    data = reading(transform, image)
    pipeline = A.Compose([transform], seed=5, is_check_shapes=False, **{**params_for(data), **settings})
    found = []
    for kind in ("float64", dtype):
        pipeline.set_random_seed(5)
        found.append(pipeline(**{**data, **{k: v.astype(kind) for k, v in rows.items()}}))
    return found


def check_rows(exact: np.ndarray, found: np.ndarray, pixels: bool) -> None:
    assert found.shape == exact.shape
    assert np.isfinite(exact).all()
    found = found.astype(np.float64)
    assert np.isfinite(found).all()
    if not pixels or not len(exact):
        assert np.allclose(found, exact, rtol=2e-3, atol=1e-3)  # float16 has 11 bits
    else:
        assert np.abs(found - exact).max() <= np.maximum(1.0, np.abs(exact).max() * 1e-3)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("cls", "example"), list(cases(DualTransform)))
def test_boxes_in_arrays_of_any_dtype_move_as_those_in_float64(cls: Any, example: Any, dtype: str) -> None:
    transform = make(cls, example)
    if (
        "bboxes" not in transform.available_keys or cls is A.Mosaic
    ):  # its other pictures have rows of a format of theirs
        return
    image = picture("uint8", channels_for(cls))
    for name in BOX_FORMATS:
        boxes = from_pixels(BOXES.astype(float), name, image.shape[:2])
        if name in ("albumentations", "yolo"):
            boxes = boxes[1:2]  # the whole image: (0, 0, 1, 1) is the one box of integers
        if not (boxes == boxes.astype(int)).all():
            continue
        params = A.BboxParams(name, label_fields=["labels"])
        rows = {"bboxes": boxes, "labels": np.arange(len(boxes))}
        exact, found = twin_calls(transform, image, rows, dtype, bbox_params=params)
        assert exact["labels"].tolist() == found["labels"].tolist()
        check_rows(exact["bboxes"], found["bboxes"], name not in ("albumentations", "yolo"))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("cls", "example"), list(cases(DualTransform)))
def test_keypoints_in_arrays_of_any_dtype_move_as_those_in_float64(cls: Any, example: Any, dtype: str) -> None:
    transform = make(cls, example)
    if "keypoints" not in transform.available_keys or cls is A.Mosaic:  # likewise
        return
    image = picture("uint8", channels_for(cls))
    for name in POINT_FORMATS:
        if main(cls) == "volume" and "z" not in name:
            continue  # refused
        for degrees in (True, False):
            params = A.KeypointParams(name, remove_invisible=False, angle_in_degrees=degrees, label_fields=["names"])
            rows = {"keypoints": np.array([POINTS[c] for c in name]).T, "names": np.arange(3)}
            exact, found = twin_calls(transform, image, rows, dtype, keypoint_params=params)
            assert exact["names"].tolist() == found["names"].tolist()
            check_rows(exact["keypoints"], found["keypoints"], set(name) <= set("xyz"))


def boxes_under(transform: Any, rows: Any, shape: Any = (60, 80), **params: Any) -> Any:
    pipeline = A.Compose([transform], bbox_params=A.BboxParams(**{"format": "pascal_voc", **params}))
    return pipeline(image=np.zeros((*shape, 3), np.uint8), bboxes=rows)["bboxes"]


def points_under(transform: Any, rows: Any, shape: Any = (60, 80), **params: Any) -> Any:
    pipeline = A.Compose([transform], keypoint_params=A.KeypointParams(**{"format": "xy", **params}))
    return pipeline(image=np.zeros((*shape, 3), np.uint8), keypoints=rows)["keypoints"]


def test_an_integer_dtype_stays_where_it_holds_the_coordinates() -> None:
    row = np.array([[4, 3, 70, 50]], np.uint8)
    larger = boxes_under(A.Resize(600, 800), row)
    assert larger.dtype == np.int64
    assert larger.tolist() == [[40, 30, 700, 500]]
    smaller = boxes_under(A.Resize(120, 160), row)
    assert smaller.dtype == np.uint8
    assert smaller.tolist() == [[8, 6, 140, 100]]
    assert boxes_under(A.HorizontalFlip(p=1), np.array([[4, 3, 70, 50]], np.int16)).dtype == np.int16
    outside = points_under(A.Crop(10, 10, 70, 50, p=1), np.array([[4, 30]], np.uint16), remove_invisible=False)
    assert outside.dtype == np.int64
    assert outside.tolist() == [[-6, 20]]


def test_fractions_angles_and_scales_make_floats_of_integers() -> None:
    found = boxes_under(A.Affine(scale=0.5, p=1), np.array([[0, 0, 1, 1]]), format="albumentations")
    assert found.dtype == np.float64
    assert np.allclose(found, [[0.25, 0.25, 0.75, 0.75]])
    turned = points_under(A.HorizontalFlip(p=1), np.array([[4, 3, 2]]), format="xya", angle_in_degrees=False)
    assert np.allclose(turned, [[75, 3, np.pi - 2]])
    halved = points_under(A.Resize(30, 40), np.array([[4, 3, 1]]), format="xys")
    assert np.allclose(halved, [[1.75, 1.25, 0.5]])


def test_integers_are_not_rounded_to_an_empty_box_or_out_of_the_frame() -> None:
    thin = boxes_under(A.Resize(6, 8), np.array([[4, 3, 6, 5]]))
    assert thin.dtype == np.float64
    assert np.allclose(thin, [[0.4, 0.3, 0.6, 0.5]])
    for x in (0, 79):
        corner = points_under(A.Resize(30, 40), np.array([[x, 59]]))
        assert corner.dtype == np.int64
        assert corner.tolist() == [[0 if x == 0 else 39, 29]]
        assert points_under(A.NoOp(p=1), corner, (30, 40)).tolist() == corner.tolist()


def test_what_lies_in_the_frame_by_a_fraction_is_rounded_into_it() -> None:
    for share, x in ((0.0075, 79), (-0.0075, 0)):
        moved = A.ShiftScaleRotate(
            shift_limit_x=(share, share), shift_limit_y=(0, 0), scale_limit=0, rotate_limit=0, p=1
        )
        found = points_under(moved, np.array([[x, 30]], np.uint8))
        assert found.tolist() == [[x, 30]]
        assert found.dtype == np.uint8


def test_rows_that_nothing_has_moved_keep_their_dtype() -> None:
    for name in BOX_FORMATS:
        row = np.array([[0, 0, 1, 1]], np.uint8) if name != "yolo" else np.zeros((0, 4), np.uint8)
        row = row if name != "cxcywh" else row + np.uint8(2)
        assert boxes_under(A.NoOp(p=1), row, format=name).dtype == np.uint8


def test_what_rows_carry_survives_the_wider_dtype() -> None:
    large = 2**60 + 1
    found = boxes_under(A.Affine(scale=0.5, p=1), np.array([[0, 0, 1, 1, large]]), format="albumentations")
    assert int(found[0, 4]) == large
    assert np.allclose(found[0, :4].astype(float), [0.25, 0.25, 0.75, 0.75])
    wide = np.array([[4, 3, 70, 50, 2**64 - 1]], np.uint64)
    assert boxes_under(A.Resize(600, 800), wide).tolist() == [[40, 30, 700, 500, 2**64 - 1]]


def test_float16_does_not_become_infinite() -> None:
    found = points_under(
        A.Affine(scale=1000, p=1), np.array([[0, 0]], np.float16), remove_invisible=False, shape=(600, 800)
    )
    assert found.dtype == np.float64
    assert np.allclose(found, [[399.5 * -999, 299.5 * -999]])


def test_rows_that_are_arrays_in_a_list_hold_what_they_get() -> None:
    (row,) = boxes_under(A.Resize(601, 803), [np.array([4, 3, 70, 50, 9], np.uint8)])
    assert row.dtype == np.float64
    assert np.allclose(row, [40.15, 30.05, 702.625, 500 + 5 / 6, 9])
    (half,) = points_under(A.Affine(scale=1000, p=1), [np.array([0, 0], np.float16)], remove_invisible=False)
    assert np.isfinite(half).all()


class Doubling(A.DualTransform):
    """A user's class that adds a row with other values than the array has room for."""

    def __init__(self, extra: Any, p: float = 1) -> None:
        super().__init__(p=p)
        self.extra = extra

    def apply(self, img: Any, **params: Any) -> Any:
        return img

    def apply_to_bboxes(self, bboxes: Any, **params: Any) -> Any:
        return [*map(tuple, bboxes), (0.1, 0.1, 0.9, 0.9, *self.extra)]


@pytest.mark.parametrize("extra", [3, 300, -1, 0.5, 2**40])
def test_added_rows_and_labels_find_room(extra: Any) -> None:
    pipeline = A.Compose([Doubling((extra, extra))], bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]))
    data = {"image": np.zeros((60, 80, 3), np.uint8), "bboxes": np.array([[4, 3, 70, 50, 7]], np.uint8)}
    out = pipeline(**data, labels=np.array([5], np.uint8))
    assert out["bboxes"].tolist() == [[4, 3, 70, 50, 7], [8, 6, 72, 54, extra]]
    assert out["labels"].tolist() == [5, extra]
    assert out["labels"].dtype == (np.uint8 if extra == 3 else np.float64 if extra == 0.5 else np.int64)


def test_added_strings_are_not_cut() -> None:
    pipeline = A.Compose([Doubling(("long",))], bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]))
    data = {"image": np.zeros((60, 80, 3), np.uint8), "bboxes": np.array([[4, 3, 70, 50]])}
    assert pipeline(**data, labels=np.array(["a"]))["labels"].tolist() == ["a", "long"]
    assert pipeline(**data, labels=np.array(["a"], object))["labels"].tolist() == ["a", "long"]


FLIP = A.HorizontalFlip(p=1)


@pytest.mark.parametrize("kind", [A.Compose, A.ReplayCompose])
def test_boxes_and_keypoints_do_not_share_a_label_field(kind: Any) -> None:
    boxes = A.BboxParams("coco", label_fields=["other", "labels"])
    with pytest.raises(ValueError, match="'labels' is named by bbox_params and by keypoint_params"):
        kind([FLIP], bbox_params=boxes, keypoint_params=A.KeypointParams("xy", label_fields=["labels"]))
    pipeline = kind([FLIP], bbox_params=boxes, keypoint_params=A.KeypointParams("xy", label_fields=["names"]))
    with pytest.raises(ValueError, match="'labels'"):
        pipeline.keypoint_params = A.KeypointParams("xy", label_fields=["labels"])


def labelled(values: Any, **settings: Any) -> Any:
    pipeline = A.Compose(
        [A.Crop(0, 0, 40, 60, p=1)], bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]), **settings
    )
    boxes = [(1, 2, 30, 40), (50, 2, 60, 40), (3, 4, 70, 8)]
    return pipeline(image=np.zeros((60, 80, 3), np.uint8), bboxes=boxes, labels=values)["labels"]


class Own:
    """A sequence by its two methods alone."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> int:
        return (7, 8, 9)[index]


@pytest.mark.parametrize(
    "values",
    [range(7, 10), collections.deque([7, 8, 9]), collections.UserList([7, 8, 9]), array.array("i", [7, 8, 9]), Own()],
)
def test_labels_of_any_sequence_come_back_as_a_list(values: Any) -> None:
    found = labelled(values)
    assert type(found) is list
    assert found == [7, 9]


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "complex64", "U3", "S3", "object", "M8[s]"])
def test_labels_of_arrays_keep_their_dtype(dtype: str) -> None:
    values = np.array([7, 0, 9]).astype(dtype)
    found = labelled(values)
    assert found.dtype == values.dtype
    assert found.tolist() == values[[0, 2]].tolist()
    one_hot = np.eye(3, dtype=np.float32)
    assert labelled(one_hot).tolist() == one_hot[[0, 2]].tolist()


def test_labels_of_pandas_and_torch_come_back_as_such() -> None:
    pandas = pytest.importorskip("pandas")
    series = pandas.Series([7, 8, 9], index=[5, 0, 1])
    found = labelled(series)
    assert type(found) is pandas.Series
    assert found.tolist() == [7, 9]
    assert found.index.tolist() == [5, 1]
    assert list(labelled(pandas.Index(["a", "b", "c"]))) == ["a", "c"]
    assert list(labelled(pandas.Categorical(["a", "b", "c"]))) == ["a", "c"]


def test_labels_of_torch_come_back_as_tensors() -> None:
    torch = pytest.importorskip("torch")
    found = labelled(torch.tensor([7, 8, 9]))
    assert isinstance(found, torch.Tensor)
    assert found.tolist() == [7, 9]
    with pytest.raises(TypeError, match=r"'labels'.*without an axis"):
        labelled(torch.tensor(7))


@pytest.mark.parametrize(
    "value", [np.array(3), np.float32(3), 3, None, "abc", b"abc", {1, 2, 3}, iter([1, 2, 3]), {0: 1}]
)
def test_what_is_no_sequence_of_labels_is_named(value: Any) -> None:
    with pytest.raises(TypeError, match="the label field 'labels' must be a list or array"):
        labelled(value)


def test_an_error_does_not_advise_what_is_set_already() -> None:
    boxes = [(90, 5, 100, 9)]
    with pytest.raises(ValueError, match="reaches outside the image; clip=True or filter_invalid_bboxes=True"):
        boxes_under(FLIP, boxes)
    with pytest.raises(ValueError, match=r"lies outside the image; filter_invalid_bboxes=True") as error:
        boxes_under(FLIP, boxes, clip=True)
    assert "clip" not in str(error.value)
