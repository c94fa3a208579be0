"""The core: composition, targets, rows and labels, records, files, and transforms that users write."""

import inspect
import io
import json
import pickle
import random
from typing import Any

import numpy as np
import pytest
from common import picture, same

import albumentations as A
from albumentations.core.params import Range, choice, flag, integer, number, span
from albumentations.core.spellings import old_spelling

IMAGE = picture("uint8", 3, 20, 30)
MASK = (IMAGE[:, :, 0] > 100).astype(np.uint8)


class Log(A.ImageOnlyTransform):
    """Notes that it was applied."""

    name = span(default=(0, 0))

    def __init__(self, label: str, p: float = 0.5) -> None:
        super().__init__(p=p)
        self.label = label

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        LOG.append(self.label)
        return img


LOG: list[str] = []


def logged(pipeline: Any, count: int = 1) -> list[list[str]]:
    runs = []
    for _ in range(count):
        LOG.clear()
        pipeline(image=IMAGE)
        runs.append(list(LOG))
    return runs


def share(runs: list[list[str]], label: str) -> float:
    return sum(run.count(label) for run in runs) / len(runs)


# ---- containers


def test_compose_runs_all_in_order_with_their_own_coins() -> None:
    runs = logged(A.Compose([Log("a", p=1), Log("b", p=0.25), Log("c", p=1)], seed=0), 2000)
    assert all([x for x in run if x != "b"] == ["a", "c"] for run in runs)
    assert abs(share(runs, "b") - 0.25) < 0.04


def test_compose_has_a_coin_too() -> None:
    assert abs(share(logged(A.Compose([Log("a", p=1)], p=0.3, seed=0), 2000), "a") - 0.3) < 0.04
    pipeline = A.Compose([Log("a", p=1)], p=0)
    LOG.clear()
    pipeline(image=IMAGE, force_apply=True)
    assert LOG == ["a"]


def test_one_of_chooses_in_proportion_to_p() -> None:
    runs = logged(A.Compose([A.OneOf([Log("a", p=0.2), Log("b", p=0.6), Log("c", p=0)], p=1)], seed=0), 3000)
    assert all(len(run) == 1 for run in runs)
    assert abs(share(runs, "a") - 0.25) < 0.03
    assert share(runs, "c") == 0
    assert logged(A.OneOf([], p=1)) == [[]]


def test_some_of_is_weighted_and_forced_as_in_1_x() -> None:
    children = [Log("a", p=0.2), Log("b", p=0.6), Log("c", p=0.2)]
    with_replacement = logged(A.Compose([A.SomeOf(children, n=2)], seed=0), 3000)
    assert all(len(run) == 2 and run == sorted(run) for run in with_replacement)
    assert abs(share(with_replacement, "b") - 1.2) < 0.05
    without = logged(A.Compose([A.SomeOf(children, n=2, replace=False)], seed=0), 3000)
    assert all(len(set(run)) == 2 for run in without)
    assert abs(share(without, "b") - 0.9) < 0.03
    assert logged(A.SomeOf(children, n=9, replace=False)) == [["a", "b", "c"]]


def test_random_order_shuffles_and_keeps_coins() -> None:
    children = [Log("a", p=1), Log("b", p=1), Log("c", p=0.5)]
    runs = logged(A.Compose([A.RandomOrder(children, n=3)], seed=0), 2000)
    assert {tuple(run) for run in runs} > {("a", "b"), ("b", "a"), ("c", "a", "b")}
    assert abs(share(runs, "c") - 0.5) < 0.05


def test_one_or_other() -> None:
    runs = logged(A.Compose([A.OneOrOther(Log("a", p=0), Log("b", p=0), p=0.7)], seed=0), 2000)
    assert abs(share(runs, "a") - 0.7) < 0.04
    assert all(len(run) == 1 for run in runs)


def test_sequential_has_one_coin_before_the_others() -> None:
    runs = logged(A.Compose([A.Sequential([Log("a", p=1), Log("b", p=0.5)], p=0.5)], seed=0), 2000)
    assert abs(share(runs, "a") - 0.5) < 0.05
    assert abs(share(runs, "b") - 0.25) < 0.05


def test_selective_channels() -> None:
    pipeline = A.Compose([A.SelectiveChannelTransform([A.InvertImg(p=1)], channels=[0, 2])])
    out = pipeline(image=IMAGE)["image"]
    assert np.array_equal(out[:, :, 1], IMAGE[:, :, 1])
    assert np.array_equal(out[:, :, [0, 2]], 255 - IMAGE[:, :, [0, 2]])
    with pytest.raises(ValueError, match="channels"):
        A.Compose([A.SelectiveChannelTransform([], channels=[5])])(image=IMAGE)
    with pytest.raises(ValueError, match="must keep"):
        A.Compose([A.SelectiveChannelTransform([A.Transpose(p=1)])])(image=IMAGE)


def test_compose_is_a_list() -> None:
    a, b, c = Log("a"), Log("b"), A.NoOp()
    pipeline = A.Compose([a, b], seed=3, strict=True)
    assert len(pipeline) == 2
    assert list(pipeline) == [a, b]
    assert pipeline[-1] is b
    assert list((pipeline + c).transforms) == [a, b, c]
    assert list((pipeline + [c, c]).transforms) == [a, b, c, c]
    assert list((c + pipeline).transforms) == [c, a, b]
    assert list((pipeline - b).transforms) == [a]
    assert list((pipeline - Log).transforms) == [b]
    assert list(pipeline[1:].transforms) == [b]
    assert (pipeline + c).strict
    with pytest.raises(ValueError, match="not among"):
        pipeline - c
    assert list(pipeline) == [a, b]


def test_repr_reads_like_code() -> None:
    pipeline = A.Compose([A.OneOf([A.HorizontalFlip(p=1), A.RandomGamma()], p=0.5)], seed=3)
    assert "RandomGamma(gamma_limit=(80, 120), p=0.5)" in repr(pipeline)
    assert eval(repr(pipeline), {**vars(A)}).to_dict() == pipeline.to_dict()


# ---- declarations


class Everything(A.ImageOnlyTransform):
    """Has a parameter of each kind."""

    limit: Range = span(default=(1, 2), start=1, low=0, doc="a limit", was=("bound",))
    level = number(default=0.5, low=0, high=1, doc="a level")
    count = integer(default=3, low=1, doc="a count")
    mode = choice("a", "b", default="a", doc="a mode")
    exact = flag(default=False, doc="whether")

    @old_spelling
    @staticmethod
    def _between(lowest: Any = 1, highest: Any = 2) -> dict[str, Any]:
        return {"limit": (lowest, highest)}


def test_a_declaration_gives_the_signature_and_the_docstring() -> None:
    assert str(inspect.signature(Everything)).startswith("(limit: Union[float")
    assert list(inspect.signature(Everything).parameters) == ["limit", "level", "count", "mode", "exact", "p"]
    assert "limit: a limit. Default: (1, 2)." in Everything.__doc__
    assert vars(Everything((3, 4), 1, 5, "b", True, 0.25)) == {
        "limit": (3, 4),
        "level": 1,
        "count": 5,
        "mode": "b",
        "exact": True,
        "p": 0.25,
    }


def test_p_and_always_apply_by_position() -> None:
    assert A.HorizontalFlip(0.3).p == 0.3
    assert A.HorizontalFlip(True).p == 1
    assert A.HorizontalFlip(False, 0.3).p == 0.3
    assert A.HorizontalFlip(always_apply=True, p=0.1).p == 1
    assert A.HorizontalFlip(always_apply=None, p=0.1).p == 0.1


def test_numbers_of_every_kind_are_read() -> None:
    assert Everything(limit=5).limit == (1, 5)
    assert Everything(limit=[3, 4]).limit == (3, 4)
    assert Everything(limit=np.array([3.5, 4])).limit == (3.5, 4.0)
    assert type(Everything(level=np.float32(0.5)).level) is float
    assert Everything(count=4.0).count == 4


def test_assigning_reads_and_checks() -> None:
    transform = Everything()
    transform.limit = 7  # type: ignore[assignment]
    assert transform.limit == (1, 7)
    with pytest.raises(ValueError, match=r"Everything\(level=3\)"):
        transform.level = 3


def test_old_spellings_are_silent_and_may_not_contradict() -> None:
    assert Everything(bound=(3, 4)).limit == (3, 4)
    assert Everything(highest=9).limit == (1, 9)
    assert Everything(bound=None, lowest=None).limit == (1, 2)
    assert Everything(limit=(3, 4), bound=(3, 4)).limit == (3, 4)
    with pytest.raises(ValueError, match="different things"):
        Everything(limit=(3, 4), bound=(5, 6))


# ---- targets


def test_additional_targets_follow() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)], additional_targets={"image2": "image", "other-mask": "mask"})
    out = pipeline(image=IMAGE, image2=IMAGE, **{"other-mask": MASK})
    assert np.array_equal(out["image2"], IMAGE[:, ::-1])
    assert np.array_equal(out["other-mask"], MASK[:, ::-1])


def test_additional_boxes_and_keypoints_follow() -> None:
    pipeline = A.Compose(
        [A.HorizontalFlip(p=1)],
        bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]),
        keypoint_params=A.KeypointParams("xy"),
        additional_targets={"faces": "bboxes", "eyes": "keypoints"},
    )
    out = pipeline(
        image=IMAGE, bboxes=[(1, 2, 3, 4)], labels=["x"], faces=[(2, 2, 9, 9, "me")], keypoints=[(0, 0)], eyes=[(5, 5)]
    )
    assert out["bboxes"] == [(27.0, 2.0, 29.0, 4.0)]
    assert out["faces"] == [(21.0, 2.0, 28.0, 9.0, "me")]
    assert out["eyes"] == [(24.0, 5.0)]


def test_a_call_without_an_image() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)], bbox_params=A.BboxParams("pascal_voc"))
    out = pipeline(mask=MASK, bboxes=[(1, 2, 3, 4)])
    assert np.array_equal(out["mask"], MASK[:, ::-1])
    assert out["bboxes"] == [(27.0, 2.0, 29.0, 4.0)]


def test_mask_interpolation_of_the_pipeline() -> None:
    soft = np.linspace(0, 1, 600, dtype=np.float32).reshape(20, 30)
    for mode in (0, 1):
        out = A.Compose([A.Resize(40, 60)], mask_interpolation=mode)(image=IMAGE, mask=soft)["mask"]
        assert (len(np.unique(out)) <= 600) == (mode == 0)


# ---- rows and labels


def test_rows_come_back_in_their_containers() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)], bbox_params=A.BboxParams("pascal_voc"))
    marker = object()
    for rows in ([(1, 2, 3, 4, marker)], ((1.5, 2, 3, 4),), [[1, 2, 3, 4, "a", 5]], [np.array([1, 2, 3, 4.0])]):
        out = pipeline(image=IMAGE, bboxes=rows)["bboxes"]
        assert type(out) is type(rows)
        assert type(out[0]) is type(rows[0])
        assert list(out[0][:4]) == [27, 2, 30 - rows[0][0], 4]
        assert list(out[0][4:]) == list(rows[0][4:])
    for dtype in ("float64", "float32", "int64", "int16"):
        rows = np.array([[1, 2, 3, 4, 16777217 if dtype == "int64" else 7]], dtype)
        out = pipeline(image=IMAGE, bboxes=rows)["bboxes"]
        assert out.dtype == rows.dtype
        assert out[0].tolist() == [27, 2, 29, 4, rows[0, 4]]
        assert rows[0, 0] == 1


def test_boxes_in_integers_are_rounded() -> None:
    pipeline = A.Compose([A.Resize(31, 47)], bbox_params=A.BboxParams("pascal_voc"))
    rows = np.array([[1, 2, 9, 12], [3, 3, 20, 19]])
    exact = pipeline(image=IMAGE, bboxes=rows.astype(np.float64))["bboxes"]
    assert (exact % 1 > 0.5).any()
    assert np.array_equal(pipeline(image=IMAGE, bboxes=rows)["bboxes"], np.rint(exact))


def test_labels_are_the_very_objects() -> None:
    params = A.BboxParams("pascal_voc", label_fields=["labels", "ids", "scores"], min_area=5)
    marker = object()
    out = A.Compose([A.HorizontalFlip(p=1)], bbox_params=params)(
        image=IMAGE,
        bboxes=[(1, 2, 9, 9), (0, 0, 2, 2), (3, 3, 9, 9)],
        labels=(marker, 1, None),
        ids=np.array([16777217, 2, 2**60 + 1]),
        scores=["a", "b", "c"],
    )
    assert out["labels"] == (marker, None)
    assert out["ids"].tolist() == [16777217, 2**60 + 1]
    assert out["ids"].dtype == np.int64
    assert out["scores"] == ["a", "c"]


class Series:
    """Labels as pandas keeps them: asked by name, and by place through `iloc`."""

    def __init__(self, values: list[Any], names: Any = None) -> None:
        self.values = values
        self.names = list(range(len(values)))[::-1] if names is None else names

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, name: Any) -> Any:
        return self.values[self.names.index(name)]

    @property
    def iloc(self) -> "Places":
        return Places(self)


class Places:
    """What is asked by place."""

    def __init__(self, series: Series) -> None:
        self.series = series

    def __getitem__(self, places: list[int]) -> Series:
        return Series([self.series.values[i] for i in places], [self.series.names[i] for i in places])


def test_labels_may_be_series() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)], bbox_params=A.BboxParams("pascal_voc", ["labels"], min_area=5))
    rows = [(1, 2, 9, 9), (0, 0, 2, 2), (3, 4, 8, 9), (5, 5, 9, 9)]
    labels = pipeline(image=IMAGE, bboxes=rows, labels=Series(["a", "b", "c", "d"]))["labels"]
    assert type(labels) is Series
    assert labels.values == ["a", "c", "d"]
    assert labels.names == [3, 1, 0]


def test_labels_may_be_tensors() -> None:
    torch = pytest.importorskip("torch")
    pipeline = A.Compose([A.HorizontalFlip(p=1)], bbox_params=A.BboxParams("pascal_voc", ["labels"], min_area=5))
    rows = [(1, 2, 9, 9), (0, 0, 2, 2), (3, 4, 8, 9)]
    out = pipeline(image=IMAGE, bboxes=rows, labels=torch.tensor([7, 8, 9]))
    assert out["labels"].tolist() == [7, 9]


def test_a_transform_alone_takes_normalized_boxes_and_points() -> None:
    out = A.HorizontalFlip(p=1)(image=IMAGE, mask=MASK, bboxes=[(0.1, 0.2, 0.3, 0.4, "a")], keypoints=[(3, 4)])
    assert out["bboxes"] == [(0.7, 0.2, 0.9, 0.4, "a")]
    assert out["keypoints"] == [(26.0, 4.0)]
    assert np.array_equal(out["mask"], MASK[:, ::-1])


def test_what_nothing_has_moved_comes_back_as_it_was() -> None:
    rows = [(1, 2, 57 / 7, 4, "a"), [0.1, 0.2, 3, 4]]
    params = A.BboxParams("pascal_voc")
    out = A.Compose([A.HorizontalFlip(p=0)], bbox_params=params, keypoint_params=A.KeypointParams("xya"))(
        image=IMAGE, bboxes=rows, keypoints=[(1, 2, 725)]
    )
    assert out["bboxes"] == rows
    assert type(out["bboxes"][0][0]) is int
    assert out["keypoints"] == [(1, 2, 725)]


@pytest.mark.parametrize(
    ("box_format", "row", "flipped"),
    [
        ("pascal_voc", (3, 4, 9, 14), (21, 4, 27, 14)),
        ("coco", (3, 4, 6, 10), (21, 4, 6, 10)),
        ("albumentations", (0.1, 0.2, 0.3, 0.7), (0.7, 0.2, 0.9, 0.7)),
        ("yolo", (0.2, 0.45, 0.2, 0.5), (0.8, 0.45, 0.2, 0.5)),
        ("cxcywh", (6, 9, 6, 10), (24, 9, 6, 10)),
    ],
)
def test_box_formats(box_format: str, row: Any, flipped: Any) -> None:
    out = A.Compose([A.HorizontalFlip(p=1)], bbox_params=A.BboxParams(box_format))(image=IMAGE, bboxes=[row])
    assert out["bboxes"][0] == pytest.approx(flipped, abs=1e-12)


@pytest.mark.parametrize(
    ("point_format", "row", "flipped"),
    [
        ("xy", (3, 4), (26, 4)),
        ("yx", (4, 3), (4, 26)),
        ("xya", (3, 4, 30), (26, 4, 150)),
        ("xys", (3, 4, 2), (26, 4, 2)),
        ("xyas", (3, 4, 30, 2), (26, 4, 150, 2)),
        ("xysa", (3, 4, 2, 30), (26, 4, 2, 150)),
        ("xyz", (3, 4, 5), (26, 4, 5)),
    ],
)
def test_keypoint_formats(point_format: str, row: Any, flipped: Any) -> None:
    out = A.Compose([A.HorizontalFlip(p=1)], keypoint_params=A.KeypointParams(point_format))(
        image=IMAGE, keypoints=[row]
    )
    assert out["keypoints"][0] == pytest.approx(flipped, abs=1e-9)


def test_radians() -> None:
    params = A.KeypointParams("xya", angle_in_degrees=False)
    out = A.Compose([A.VerticalFlip(p=1)], keypoint_params=params)(image=IMAGE, keypoints=[(3, 4, 1.0)])
    assert out["keypoints"][0] == pytest.approx((3, 15, 2 * np.pi - 1))


def crop(box: Any, **params: Any) -> Any:
    bbox_params = A.BboxParams("pascal_voc", **params)
    return A.Compose([A.Crop(10, 0, 30, 16)], bbox_params=bbox_params)(image=IMAGE, bboxes=[box])["bboxes"]


def test_filtering() -> None:
    assert crop((5, 0, 15, 10)) == [(0.0, 0.0, 5.0, 10.0)]
    assert crop((5, 0, 15, 10), min_visibility=0.5) == [(0.0, 0.0, 5.0, 10.0)]
    assert crop((5, 0, 15, 10), min_visibility=0.51) == []
    assert crop((5, 0, 15, 10), min_area=50) == [(0.0, 0.0, 5.0, 10.0)]
    assert crop((5, 0, 15, 10), min_area=51) == []
    assert crop((5, 0, 15, 10), min_width=5, min_height=10) == [(0.0, 0.0, 5.0, 10.0)]
    assert crop((5, 0, 15, 10), min_width=5.5) == []
    assert crop((5, 0, 15, 10), min_height=10.5) == []
    assert crop((5, 0, 15, 16), min_width=5, min_height=16) == [(0.0, 0.0, 5.0, 16.0)]
    assert crop((5, 0, 25, 2), min_width=15, min_height=2) == [(0.0, 0.0, 15.0, 2.0)]
    assert crop((5, 0, 25, 2), min_height=2.5) == []
    assert crop((5, 0, 15, 10), max_accept_ratio=2) == [(0.0, 0.0, 5.0, 10.0)]
    assert crop((5, 0, 15, 10), max_accept_ratio=1.9) == []
    assert crop((0, 0, 9, 9)) == []


def test_visibility_is_measured_against_what_was_visible_at_first() -> None:
    params = A.BboxParams("pascal_voc", min_visibility=0.4)
    steps = [A.Crop(10, 0, 30, 20), A.Resize(40, 60), A.Crop(0, 12, 60, 40)]
    box = [(6, 0, 14, 20)]  # half of it is left by the first crop, 70 % of that by the last
    assert A.Compose(steps[:2], bbox_params=params)(image=IMAGE, bboxes=box)["bboxes"]
    assert not A.Compose(steps, bbox_params=params)(image=IMAGE, bboxes=box)["bboxes"]


def test_check_each_transform() -> None:
    out_and_back = [A.Crop(10, 0, 30, 20), A.PadIfNeeded(20, 40, border_mode=0, position="center")]
    for each, left in ((True, 0), (False, 1)):
        params = A.KeypointParams("xy", check_each_transform=each)
        out = A.Compose(out_and_back, keypoint_params=params)(image=IMAGE, keypoints=[(5, 5)])
        assert len(out["keypoints"]) == left
        boxes = A.BboxParams("pascal_voc", check_each_transform=each)
        out = A.Compose(out_and_back, bbox_params=boxes)(image=IMAGE, bboxes=[(2, 3, 8, 9), (4, 5, 14, 12)])
        # The whole of both lies in the padded image again; what the crop had cut off is not brought back in between.
        expected = [(10.0, 5.0, 14.0, 12.0)] if each else [(2.0, 3.0, 8.0, 9.0), (4.0, 5.0, 14.0, 12.0)]
        assert out["bboxes"] == expected


def test_invisible_keypoints_are_kept_where_asked_and_absent_ones_are_no_error() -> None:
    nan = float("nan")
    points = [(5, 5), (15, 5), (nan, nan)]
    keep = A.Compose([A.Crop(10, 0, 30, 20)], keypoint_params=A.KeypointParams("xy", remove_invisible=False))
    out = keep(image=IMAGE, keypoints=points)["keypoints"]
    assert out[:2] == [(-5.0, 5.0), (5.0, 5.0)]
    assert np.isnan(out[2]).all()
    drop = A.Compose([A.Crop(10, 0, 30, 20)], keypoint_params=A.KeypointParams("xy"))
    assert drop(image=IMAGE, keypoints=points)["keypoints"] == [(5.0, 5.0)]


def test_label_fields_follow_keypoints_and_boxes_apart() -> None:
    pipeline = A.Compose(
        [A.Crop(10, 0, 30, 20)],
        bbox_params=A.BboxParams("pascal_voc", label_fields="kinds"),
        keypoint_params=A.KeypointParams("xy", label_fields=["names"]),
    )
    out = pipeline(image=IMAGE, bboxes=[(0, 0, 5, 5), (12, 0, 20, 5)], kinds=[1, 2], keypoints=[(12, 1)], names=["a"])
    assert out["kinds"] == [2]
    assert out["names"] == ["a"]


# ---- records and files


def test_the_record_keeps_the_classic_form() -> None:
    pipeline = A.ReplayCompose([A.Rotate(30, p=1), A.OneOf([A.HorizontalFlip(p=1), A.VerticalFlip(p=1)], p=1)])
    record = pipeline(image=IMAGE)["replay"]
    assert record["__class_fullname__"] == "ReplayCompose"
    assert record["transforms"][0]["__class_fullname__"] == "Rotate"
    assert record["transforms"][0]["applied"] is True
    assert -30 <= record["transforms"][0]["params"]["angle"] <= 30
    assert sum(t["applied"] for t in record["transforms"][1]["transforms"]) == 1


def test_records_of_every_container_replay() -> None:
    leaves = [A.HorizontalFlip(p=0.5), A.RandomGamma((40, 200), p=0.5), A.Rotate(p=0.5), A.Transpose(p=0.5)]
    containers = [
        A.OneOf(leaves, p=0.8),
        A.SomeOf(leaves, n=3),
        A.RandomOrder(leaves, n=4, replace=True),
        A.OneOrOther(leaves[0], leaves[2]),
        A.Sequential(leaves, p=0.8),
        A.SelectiveChannelTransform([leaves[1], A.Blur(p=0.5)], channels=[1]),
        A.Compose(leaves, p=0.8),
    ]
    pipeline = A.ReplayCompose([*containers, A.SomeOf(containers, n=2)], bbox_params=A.BboxParams("pascal_voc"))
    random.seed(0)
    for _ in range(30):
        data = {"image": IMAGE, "mask": MASK, "bboxes": [(1, 2, 20, 15)]}
        out = pipeline(**data)
        record = json.loads(json.dumps(out.pop("replay")))
        assert same(A.ReplayCompose.replay(record, **data), out)


def test_a_record_of_an_older_release_replays() -> None:
    flip = {"__class_fullname__": "HorizontalFlip", "always_apply": False, "p": 0.5, "params": {}, "applied": True}
    skipped = {**flip, "__class_fullname__": "VerticalFlip", "params": None, "applied": False}
    one_of = {"__class_fullname__": "OneOf", "params": None, "transforms": [skipped, flip], "applied": True}
    record = {
        "__class_fullname__": "ReplayCompose",
        "params": None,
        "transforms": [one_of],
        "bbox_params": None,
        "keypoint_params": None,
        "additional_targets": {},
        "is_check_shapes": True,
        "applied": True,
    }
    out = A.ReplayCompose.replay(record, image=IMAGE)
    assert np.array_equal(out["image"], IMAGE[:, ::-1])


def test_save_applied_params() -> None:
    pipeline = A.Compose(
        [A.RandomGamma(p=1), A.NoOp(p=0), A.OneOf([A.VerticalFlip(p=1)], p=1)], save_applied_params=True
    )
    names = [name for name, _ in pipeline(image=IMAGE)["applied_transforms"]]
    assert names == ["RandomGamma", "VerticalFlip"]


# ---- transforms that users write


class Classic(A.DualTransform):
    """In the manner of 1.x: per box, per keypoint, with its own constructor."""

    def __init__(self, shift: int = 3, always_apply: bool = False, p: float = 0.5) -> None:
        super().__init__(always_apply, p)
        self.shift = shift

    @property
    def targets_as_params(self) -> list[str]:
        return ["image"]

    def get_params_dependent_on_targets(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"height": params["image"].shape[0]}

    def apply(self, img: np.ndarray, height: int = 0, **params: Any) -> np.ndarray:
        assert height == params["rows"] == img.shape[0]
        return np.roll(img, self.shift, axis=1)[:, ::-1][:, ::-1]

    def apply_to_bbox(self, bbox: Any, cols: int = 0, **params: Any) -> Any:
        x_min, y_min, x_max, y_max = bbox[:4]
        return (x_min + self.shift / cols, y_min, x_max + self.shift / cols, y_max, *bbox[4:])

    def apply_to_keypoint(self, keypoint: Any, **params: Any) -> Any:
        x, y, angle, scale = keypoint[:4]
        return (x + self.shift, y, angle, scale, *keypoint[4:])

    def get_transform_init_args_names(self) -> Any:
        return ("shift",)


class Modern(A.DualTransform):
    """In the manner of 2.x: arrays, draws that depend on the data, and a target of its own."""

    def __init__(self, low: int = 1, p: float = 0.5) -> None:
        super().__init__(p=p)
        self.low = low

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        return {"shift": int(self.py_random.randint(self.low, params["shape"][1] // 4))}

    def apply(self, img: np.ndarray, shift: int, **params: Any) -> np.ndarray:
        return np.roll(img, shift, axis=1)

    def apply_to_bboxes(self, bboxes: np.ndarray, shift: int, **params: Any) -> np.ndarray:
        bboxes[:, [0, 2]] += shift / params["shape"][1]
        return bboxes

    def apply_to_keypoints(self, keypoints: np.ndarray, shift: int, **params: Any) -> np.ndarray:
        keypoints[:, 0] += shift
        return keypoints

    def apply_to_note(self, note: str, shift: int, **params: Any) -> str:
        return f"{note} {shift}"

    @property
    def targets(self) -> dict[str, Any]:
        return {**super().targets, "note": self.apply_to_note}


@pytest.mark.parametrize("transform", [Classic(p=1), Modern(p=1)])
def test_users_own_transforms(transform: Any) -> None:
    pipeline = A.Compose(
        [transform, A.HorizontalFlip(p=1)],
        bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]),
        keypoint_params=A.KeypointParams("xy"),
        save_applied_params=True,
    )
    out = pipeline(image=IMAGE, mask=MASK, bboxes=[(1, 2, 9, 9)], labels=["a"], keypoints=[(4, 5)])
    shift = out["applied_transforms"][0][1].get("shift", 3)
    assert np.array_equal(out["image"], np.roll(IMAGE, shift, axis=1)[:, ::-1])
    assert out["image"].flags.c_contiguous
    assert np.array_equal(out["mask"], np.roll(MASK, shift, axis=1)[:, ::-1])
    assert out["bboxes"][0] == pytest.approx((21 - shift, 2, 29 - shift, 9))
    assert out["keypoints"] == [(25 - shift, 5)]
    copy = A.from_dict(A.to_dict(A.Compose([transform])))
    assert type(copy[0]) is type(transform)
    assert pickle.loads(pickle.dumps(transform)).to_dict() == transform.to_dict()


def test_a_target_of_a_users_own_kind() -> None:
    pipeline = A.Compose([Modern(p=1)], save_applied_params=True, strict=True)
    out = pipeline(image=IMAGE, note="moved by")
    assert out["note"] == f"moved by {out['applied_transforms'][0][1]['shift']}"


def test_a_transform_without_image() -> None:
    class Pair(A.BasicTransform):
        @property
        def targets(self) -> dict[str, Any]:
            return {"left": self.apply, "right": self.apply}

        def apply(self, img: Any, **params: Any) -> Any:
            return img + 1

    assert A.Compose([Pair(p=1)])(left=1, right=2) == {"left": 2, "right": 3}


def test_users_may_call_their_own_things_as_they_like() -> None:
    words = "run rerun draw transform route execute plan entry describe settings check child children wanted applied"

    class Wrapper(A.ImageOnlyTransform):
        def __init__(self, p: float = 0.5) -> None:
            super().__init__(p=p)
            for word in words.split():
                setattr(self, word, 7)
            self.transform = A.HorizontalFlip(p=1)

        def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
            return self.transform(image=img)["image"]

        def get_transform_init_args_names(self) -> Any:
            return ()

    out = A.ReplayCompose([Wrapper(p=1), A.OneOf([Wrapper(p=1)], p=1), Wrapper(p=1)])(image=IMAGE)
    assert np.array_equal(out["image"], IMAGE[:, ::-1])


def test_what_users_return_is_made_safe() -> None:
    class View(A.ImageOnlyTransform):
        def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
            return img[2:10]

    out = View(p=1)(image=IMAGE)["image"]
    assert not np.may_share_memory(out, IMAGE)


def test_a_subclass_of_a_transform_of_ours() -> None:
    class Mine(A.RandomGamma):
        def __init__(self, gamma_limit: Any, p: float = 1.0) -> None:
            super().__init__(gamma_limit, p=p)

        def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
            return np.full_like(img, 7)

    pipeline = A.Compose([A.InvertImg(p=1), Mine((50, 60)), A.HorizontalFlip(p=1)])
    assert (pipeline(image=IMAGE)["image"] == 7).all()
    assert str(inspect.signature(Mine)) == "(gamma_limit: Any, p: float = 1.0)"


def test_a_transform_that_cannot_be_saved_says_so() -> None:
    class Forgetful(A.ImageOnlyTransform):
        def __init__(self, secret: int, p: float = 0.5) -> None:
            super().__init__(p=p)

    with pytest.raises(NotImplementedError, match="secret"):
        A.to_dict(A.Compose([Forgetful(3)]))
    with pytest.warns(UserWarning, match="secret"):
        A.to_dict(Forgetful(3), on_not_implemented_error="warn")
    buffer = io.StringIO()
    with pytest.raises(NotImplementedError):
        A.save(Forgetful(3), buffer)
