"""Users' classes in the manner of each release: what they override is called, inside of containers too."""

import inspect
import json
import random
from collections import UserDict
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from common import cases, classes, data_for, image_for, make, read_by
from common import same as same_value

import albumentations as A
from albumentations.core.targets import TARGETS

IMAGE = np.arange(40 * 80 * 3, dtype=np.uint32).astype(np.uint8).reshape(40, 80, 3)
BOXES = [(8, 4, 24, 20), (40, 10, 60, 30)]
POINTS = [(5.0, 6.0), (30.0, 20.0)]
PARAMS: dict[str, Any] = {
    "bbox_params": A.BboxParams("pascal_voc", label_fields=["labels"]),
    "keypoint_params": A.KeypointParams("xy", label_fields=["names"]),
}


def given() -> dict[str, Any]:
    names = {"labels": ["cat", "dog"], "names": ["nose", "eye"]}
    return {"image": IMAGE, "mask": IMAGE[:, :, 0].copy(), "bboxes": BOXES, "keypoints": POINTS, **names}


def flipped(data: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = A.Compose([A.HorizontalFlip(p=1)], **PARAMS)(**data)
    return result


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    assert a.keys() == b.keys()
    for name, value in b.items():
        if name in ("bboxes", "keypoints"):
            assert np.allclose(np.array(a[name]), np.array(value)), name
        else:
            assert np.array_equal(np.array(a[name]), np.array(value)), name
    return True


class Gate(A.DualTransform):
    """An IfThen: applies what is in it only to images that are wide (1.x)."""

    def __init__(self, inner: Any, always_apply: bool = False, p: float = 1.0) -> None:
        super().__init__(always_apply, p)
        self.inner = inner

    def __call__(self, *args: Any, force_apply: bool = False, **data: Any) -> dict[str, Any]:
        if data["image"].shape[1] > 50 and (force_apply or random.random() < self.p):
            data = self.inner(**data)
        return data


class Shuffled(A.BaseCompose):
    """A RandomOrder of its own (0.4 and 1.x)."""

    def __init__(self, transforms: Any, p: float = 1.0) -> None:
        super().__init__(transforms, p)

    def __call__(self, force_apply: bool = False, **data: Any) -> dict[str, Any]:
        for transform in random.sample(list(self.transforms), len(self.transforms)):
            data = transform(**data)
        return data


class OnlyCall(A.BasicTransform):
    """Nothing but a `__call__`, not even a constructor's arguments."""

    def __call__(self, **data: Any) -> dict[str, Any]:
        data["image"] = 255 - data["image"]
        return data


class Twice(A.HorizontalFlip):
    """A library transform whose `__call__` is wrapped."""

    calls = 0

    def __call__(self, *args: Any, force_apply: bool = False, **data: Any) -> dict[str, Any]:
        type(self).calls += 1
        return super().__call__(*args, force_apply=force_apply, **data)


class Applies(A.HorizontalFlip):
    """Looks at all targets before and after (1.x and 2.x)."""

    seen: list[str] = []

    def apply_with_params(self, params: dict[str, Any], *args: Any, **data: Any) -> dict[str, Any]:
        type(self).seen = list(data)
        result = super().apply_with_params(params, *args, **data)
        result["image"] = result["image"] // 2
        return result


class Decides(A.HorizontalFlip):
    """Applied every second time (2.x)."""

    count = 0

    def should_apply(self, force_apply: bool = False) -> bool:
        type(self).count += 1
        return force_apply or self.count % 2 == 0


CONTAINERS = [
    lambda t: A.Compose([t], **PARAMS),
    lambda t: A.Compose([A.Compose([t])], **PARAMS),
    lambda t: A.Compose([A.OneOf([t], p=1)], **PARAMS),
    lambda t: A.Compose([A.SomeOf([t], n=1, p=1)], **PARAMS),
    lambda t: A.Compose([A.RandomOrder([t], n=1, p=1)], **PARAMS),
    lambda t: A.Compose([A.Sequential([t], p=1)], **PARAMS),
    lambda t: A.Compose([A.OneOrOther(t, t, p=1)], **PARAMS),
    lambda t: A.ReplayCompose([t], **PARAMS),
]


def unrecorded(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name != "replay"}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    "transform",
    [
        Gate(A.HorizontalFlip(p=1)),
        Gate(A.Compose([A.HorizontalFlip(p=1)])),
        Gate(A.Compose([A.HorizontalFlip(p=1)], **PARAMS)),
        Gate(Gate(A.HorizontalFlip(p=1))),
        Shuffled([A.HorizontalFlip(p=1), A.NoOp()]),
        Shuffled([Gate(A.HorizontalFlip(p=1))]),
        Twice(p=1),
    ],
)
def test_a_call_of_its_own_is_called_in_every_container(transform: Any, container: Any) -> None:
    before = given()
    out = unrecorded(container(transform)(**before))
    assert same(out, flipped(given()))
    assert same(before, given())  # nobody's data was touched
    assert all(type(label) is str for label in out["labels"])


def test_gates_gate_and_force_reaches_them() -> None:
    narrow = {**given(), "image": IMAGE[:, :40], "mask": IMAGE[:, :40, 0], "bboxes": BOXES[:1], "labels": ["cat"]}
    assert same(A.Compose([Gate(A.HorizontalFlip(p=1))], **PARAMS)(**narrow), narrow)
    assert same(A.Compose([Gate(A.HorizontalFlip(p=1), p=0)], **PARAMS)(**given()), given())
    once = A.Compose([A.SomeOf([Gate(A.HorizontalFlip(p=1), p=1e-9)], n=1, p=1)], **PARAMS)
    assert same(once(**given()), flipped(given()))


def test_only_a_call() -> None:
    out = A.Compose([OnlyCall(), A.HorizontalFlip(p=1)])(image=IMAGE)
    assert np.array_equal(out["image"], 255 - IMAGE[:, ::-1])


def test_apply_with_params_is_called() -> None:
    for pipeline in (container(Applies(p=1)) for container in CONTAINERS):
        Applies.seen = []
        out = unrecorded(pipeline(**given()))
        expected = flipped(given())
        assert same(out, {**expected, "image": expected["image"] // 2})
        assert {"image", "bboxes", "labels"} <= set(Applies.seen)
    alone = Applies(p=1)(image=IMAGE)
    assert np.array_equal(alone["image"], IMAGE[:, ::-1] // 2)


def test_should_apply_decides() -> None:
    for pipeline in (A.Compose([Decides(p=1)]), Decides(p=1), A.Compose([A.Compose([Decides(p=0)])])):
        Decides.count = 0
        changed = [not np.array_equal(pipeline(image=IMAGE)["image"], IMAGE) for _ in range(4)]
        assert changed == [False, True, False, True]

    class Never(A.Compose):
        def should_apply(self, force_apply: bool = False) -> bool:
            return False

    class NeverOne(A.OneOf):
        def should_apply(self, force_apply: bool = False) -> bool:
            return False

    for container in (Never([A.HorizontalFlip(p=1)]), A.Compose([NeverOne([A.HorizontalFlip(p=1)], p=1)])):
        assert np.array_equal(container(image=IMAGE)["image"], IMAGE)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_called_by_hand_replays(seed: int) -> None:
    inner = A.Compose([A.RandomBrightnessContrast(p=0.5), A.ShiftScaleRotate(p=0.7)])
    pipeline = A.ReplayCompose(
        [A.HorizontalFlip(p=0.5), Gate(inner), Shuffled([A.RandomGamma(p=1), A.Rotate(p=0.5)]), Twice(p=0.5)], **PARAMS
    )
    pipeline.set_random_seed(seed)
    random.seed(5)
    out = pipeline(**given())
    random.seed(5)  # a user's own draws are the user's
    again = A.ReplayCompose.replay(out.pop("replay"), **given())
    assert same(again, out)


def test_a_seeded_pipeline_rules_what_is_called_by_hand() -> None:
    def run() -> Any:
        pipeline = A.Compose([Gate(A.RandomBrightnessContrast(p=0.5)), Twice(p=0.5)], seed=3)
        return [int(pipeline(image=IMAGE)["image"].sum()) for _ in range(6)]

    first = run()
    assert run() == first
    assert len(set(first)) > 2


def test_rows_may_go_within_a_call_and_labels_go_with_them() -> None:
    class Second(A.DualTransform):
        def __call__(self, *args: Any, **data: Any) -> dict[str, Any]:
            data["bboxes"] = data["bboxes"][1:]
            data["keypoints"] = [row for row in data["keypoints"] if "eye" in tuple(row)]
            return data

    out = A.Compose([Second(p=1), A.HorizontalFlip(p=1)], **PARAMS)(**given())
    assert out["labels"] == ["dog"]
    assert out["names"] == ["eye"]
    assert np.allclose(out["bboxes"], [(20, 10, 40, 30)])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: None, "Odd.__call__ must return a dict of the targets, not NoneType"),
        (lambda data: {"image": data["image"]}, "Odd.__call__ must return every target, but 'mask' is missing"),
        (lambda data: {**data, "labels": ["a", "b"]}, "Odd.__call__ changed the labels 'labels'"),
    ],
)
def test_what_comes_back_from_a_call_is_checked(change: Any, message: str) -> None:
    class Odd(A.BasicTransform):
        def __call__(self, *args: Any, **data: Any) -> Any:
            return change(data)

    with pytest.raises((TypeError, ValueError), match=message.replace("(", r"\(")):
        A.Compose([Odd(p=1)], **PARAMS)(**given())


# ---- what is said to a pipeline acts, or raises


def test_an_inner_pipelines_settings_join_the_outer_ones() -> None:
    inner = A.Compose([A.HorizontalFlip(p=1)], additional_targets={"other": "image"}, **PARAMS)
    out = A.Compose([inner])(**given(), other=IMAGE)
    assert same({n: v for n, v in out.items() if n != "other"}, flipped(given()))
    assert np.array_equal(out["other"], IMAGE[:, ::-1])
    for container in (A.OneOf([inner], p=1), A.Compose([A.Sequential([A.Compose([inner])], p=1)])):
        assert np.array_equal(container(image=IMAGE, other=IMAGE)["other"], IMAGE[:, ::-1])

    small = A.Compose([A.NoOp()], is_check_shapes=False)
    A.Compose([small])(image=IMAGE, mask=IMAGE[:5, :5, 0])
    with pytest.raises(ValueError, match="height and width"):
        A.Compose([A.Compose([A.NoOp()])])(image=IMAGE, mask=IMAGE[:5, :5, 0])
    with pytest.raises(ValueError, match="unknown argument 'imagge'"):
        A.Compose([A.Compose([A.NoOp()], strict=True)])(image=IMAGE, imagge=IMAGE)


def test_inner_pipelines_that_contradict_the_outer_one_raise_at_once() -> None:
    with pytest.raises(ValueError, match=r"bbox_params .*coco.*contradict"):
        A.Compose([A.Compose([A.NoOp()], bbox_params="coco")], bbox_params="pascal_voc")
    with pytest.raises(ValueError, match="'other' is 'image' and that it is 'mask'"):
        A.Compose(
            [A.OneOf([A.Compose([A.NoOp()], additional_targets={"other": "mask"})])],
            additional_targets={"other": "image"},
        )


def test_an_inner_pipelines_interpolation_of_masks_is_for_what_is_in_it() -> None:
    mask = IMAGE[:, :, 0].copy()
    turn = A.Rotate((30, 30), p=1)
    linear = A.Compose([turn], mask_interpolation=1)
    expected = linear(image=IMAGE, mask=mask)["mask"]
    nearest = A.Compose([turn])(image=IMAGE, mask=mask)["mask"]
    assert not np.array_equal(expected, nearest)
    record = A.ReplayCompose([A.Compose([turn], mask_interpolation=1)])
    both = record(image=IMAGE, mask=mask)
    assert np.array_equal(both["mask"], expected)
    assert np.array_equal(A.ReplayCompose.replay(both["replay"], image=IMAGE, mask=mask)["mask"], expected)
    two = A.Compose([A.Compose([A.NoOp()], mask_interpolation=1), turn])
    assert np.array_equal(two(image=IMAGE, mask=mask)["mask"], nearest)
    assert np.array_equal(A.Compose([linear], mask_interpolation=0)(image=IMAGE, mask=mask)["mask"], nearest)


def test_an_inner_seed_acts_where_the_outermost_has_none() -> None:
    def run(outer: Any) -> list[int]:
        inner = A.Compose([A.RandomBrightnessContrast(p=1)], seed=3)
        pipeline = A.Compose([inner], seed=outer)
        return [int(pipeline(image=IMAGE)["image"].sum()) for _ in range(4)]

    assert run(None) == run(None)
    assert run(4) == run(4) != run(None)


def test_inner_records_are_made() -> None:
    out = A.Compose([A.ReplayCompose([A.HorizontalFlip(p=1)], save_key="inner"), A.VerticalFlip(p=1)])(image=IMAGE)
    assert np.array_equal(A.ReplayCompose.replay(out["inner"], image=IMAGE)["image"], IMAGE[:, ::-1])
    out = A.Compose([A.Compose([A.HorizontalFlip(p=1)], save_applied_params=True)])(image=IMAGE)
    assert [name for name, _ in out["applied_transforms"]] == ["HorizontalFlip"]


def test_settings_assigned_to_a_live_pipeline_act() -> None:
    inner = A.Compose([A.HorizontalFlip(p=1)])
    pipeline = A.Compose([A.OneOf([inner], p=1)], **PARAMS)
    with pytest.raises(ValueError, match="height and width"):
        pipeline(image=IMAGE, mask=IMAGE[:5, :5, 0], bboxes=[], labels=[], keypoints=[], names=[])
    for node in (pipeline, inner):
        node.is_check_shapes = False
        pipeline(image=IMAGE, mask=IMAGE[:5, :5, 0])
        node.is_check_shapes = True
        with pytest.raises(ValueError, match="height and width"):
            pipeline(image=IMAGE, mask=IMAGE[:5, :5, 0])
        node.additional_targets = {"other": "image"}
        assert np.array_equal(pipeline(image=IMAGE, other=IMAGE)["other"], IMAGE[:, ::-1])
        node.additional_targets = {}
        assert np.array_equal(pipeline(image=IMAGE, other=IMAGE)["other"], IMAGE)
    params = A.BboxParams("pascal_voc", label_fields=["labels"])
    pipeline = A.Compose([A.HorizontalFlip(p=1)], bbox_params=params)
    call = {"image": IMAGE, "bboxes": BOXES, "labels": ["cat", "dog"]}
    assert pipeline(**call)["labels"] == ["cat", "dog"]
    pipeline.bbox_params.min_area = 300
    assert pipeline(**call)["labels"] == ["dog"]
    pipeline.processors["bboxes"].params.min_area = 0
    assert pipeline(**call)["labels"] == ["cat", "dog"]
    pipeline.processors["bboxes"].params = A.BboxParams("coco", label_fields=["labels"], min_area=400)
    assert len(pipeline(image=IMAGE, bboxes=[(0, 0, 10, 10), (1, 1, 30, 20)], labels=["cat", "dog"])["labels"]) == 1


@pytest.mark.parametrize("name", ["mask", "masks", "bboxes", "keypoints", "other"])
def test_absent_targets_pass_through(name: str) -> None:
    data: dict[str, Any] = {**given(), "other": IMAGE, name: None}
    pipeline = A.ReplayCompose([A.HorizontalFlip(p=1)], additional_targets={"other": "image"}, **PARAMS)
    out = pipeline(**data)
    assert out[name] is None
    assert list(out)[:-1] == list(data)
    assert np.array_equal(out["image"], IMAGE[:, ::-1])
    again = A.ReplayCompose.replay(out["replay"], **data)
    assert again[name] is None
    assert np.array_equal(again["image"], IMAGE[:, ::-1])
    assert A.HorizontalFlip(p=1)(image=IMAGE, **({} if name == "other" else {name: None})).get(name) is None


def test_no_rows_need_no_params() -> None:
    for empty in ([], (), np.zeros((0, 4))):
        out = A.Compose([A.HorizontalFlip(p=1)])(image=IMAGE, bboxes=empty, keypoints=empty)
        assert out["bboxes"] is empty
    with pytest.raises(ValueError, match="no bbox_params"):
        A.Compose([A.HorizontalFlip(p=1)])(image=IMAGE, bboxes=BOXES)
    with pytest.raises(TypeError, match="image must be a NumPy array"):
        A.Compose([A.HorizontalFlip(p=1)])(image=None, mask=IMAGE)


class Flattens(A.BasicTransform):
    """Temporal data becomes channels."""

    @property
    def targets(self) -> dict[str, Any]:
        return {"image": self.apply, "note": self.apply_to_note}

    def apply(self, img: Any, **params: Any) -> Any:
        img = np.asarray(img)
        return np.ascontiguousarray(np.moveaxis(img, 0, -2).reshape(*img.shape[1:-1], -1))

    def apply_to_note(self, note: str, **params: Any) -> str:
        return f"{note}!"


def test_images_of_more_axes_reach_a_users_transform() -> None:
    clip = np.stack([IMAGE, 255 - IMAGE])
    out = A.Compose([Flattens(p=1), A.HorizontalFlip(p=1)], is_check_shapes=False)(image=clip)
    assert out["image"].shape == (40, 80, 6)
    assert np.array_equal(out["image"][:, :, :3], IMAGE[:, ::-1])
    with pytest.raises(ValueError, match=r"HorizontalFlip: image must have the shape .*\(2, 40, 80, 3\)"):
        A.Compose([A.HorizontalFlip(p=1), Flattens(p=1)], is_check_shapes=False)(image=clip)
    with pytest.raises(ValueError, match=r"image must have the shape"):
        A.Compose([A.HorizontalFlip(p=1)], is_check_shapes=False)(image=clip)
    assert Flattens(p=1)(image=clip)["image"].shape == (40, 80, 6)
    assert Flattens(p=1)(image=[IMAGE, IMAGE])["image"].shape == (40, 80, 6)


def test_additional_targets_of_a_users_own_kind() -> None:
    pipeline = A.Compose([Flattens(p=1)], additional_targets={"second": "note"}, strict=True, is_check_shapes=False)
    out = pipeline(image=IMAGE[None], note="a", second="b")
    assert (out["note"], out["second"]) == ("a!", "b!")
    with pytest.raises(ValueError, match=r"'second' is 'nte', and none of .*note"):
        A.Compose([Flattens(p=1)], additional_targets={"second": "nte"})


# ---- names that releases had


def test_add_targets_adds_live() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)])
    pipeline(image=IMAGE, other=IMAGE)
    pipeline.add_targets({"other": "image"})
    pipeline.add_targets({"third": "mask"})
    assert pipeline.additional_targets == {"other": "image", "third": "mask"}
    assert np.array_equal(pipeline(image=IMAGE, other=IMAGE)["other"], IMAGE[:, ::-1])
    with pytest.raises(ValueError, match="'third' is 'mask' and that it is 'image'"):
        pipeline.add_targets({"third": "image"})
    flip = A.HorizontalFlip(p=1)
    both = A.Compose([flip, A.VerticalFlip(p=1)])
    both(image=IMAGE, other=IMAGE)
    flip.add_targets({"other": "image"})
    assert np.array_equal(flip(image=IMAGE, other=IMAGE)["other"], IMAGE[:, ::-1])
    assert np.array_equal(both(image=IMAGE, other=IMAGE)["other"], IMAGE[:, ::-1])  # of this transform alone
    A.OneOf([flip]).add_targets({"fourth": "image"})
    assert flip._additional_targets == {"other": "image", "fourth": "image"}
    with pytest.raises(ValueError, match="holds rows"):
        flip.add_targets({"more": "bboxes"})


def test_set_deterministic_puts_the_numbers_into_the_result() -> None:
    gamma, flip = A.RandomGamma(p=1), A.HorizontalFlip(p=1)
    pipeline = A.Compose([A.OneOf([gamma], p=1), flip])
    assert "numbers" not in pipeline(image=IMAGE)
    assert pipeline.set_deterministic(True, save_key="numbers") is pipeline
    numbers = pipeline(image=IMAGE)["numbers"]
    assert set(numbers) == {id(gamma), id(flip)}
    assert set(numbers[id(gamma)]) == {"gamma"}
    pipeline.set_deterministic(False)
    assert "numbers" not in pipeline(image=IMAGE)
    gamma.set_deterministic(True)
    assert gamma.deterministic
    assert set(pipeline(image=IMAGE)["replay"]) == {id(gamma)}
    assert set(gamma(image=IMAGE)["replay"]) == {id(gamma)}


def test_arguments_can_be_asked_for() -> None:
    turn = A.Rotate(20, p=0.3)
    assert turn.get_base_init_args() == {"p": 0.3}
    assert turn.get_transform_init_args()["limit"] == (-20, 20)
    assert not turn.always_apply
    turn.always_apply = True
    assert turn.p == 1
    assert A.Rotate(20, always_apply=True).always_apply
    assert A.Compose([turn]).is_check_args
    assert "image" in A.Compose([turn]).available_keys


@pytest.mark.parametrize("container", [A.OneOf, A.SomeOf, A.RandomOrder, A.Sequential, A.Compose])
def test_every_container_has_a_stream(container: Any) -> None:
    def run() -> list[int]:
        node = container([A.RandomGamma(p=1), A.Rotate(p=1)], p=1)
        node.set_random_seed(3)
        return [int(node(image=IMAGE)["image"].sum()) for _ in range(3)]

    assert run() == run()


def test_preprocess_and_postprocess() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)], **PARAMS)
    data = given()
    pipeline.preprocess(data)
    assert next(iter(data["bboxes"])) == (0.1, 0.1, 0.3, 0.5, "cat")
    data["bboxes"] = data["bboxes"][::-1]
    out = pipeline.postprocess(data)
    assert out["bboxes"] == BOXES[::-1]
    assert out["labels"] == ["dog", "cat"]
    with pytest.raises(ValueError, match="postprocess follows preprocess"):
        pipeline.postprocess(data)


def test_mappings_that_are_no_dict_are_read() -> None:
    pipeline = A.Compose([A.Rotate((-20, 20), p=1), A.OneOf([A.HorizontalFlip()])], bbox_params="coco")
    saved = A.to_dict(pipeline)
    params, others = UserDict({"format": "coco"}), MappingProxyType({"other": "image"})
    for mapping in (MappingProxyType(saved), UserDict({**saved, "transform": UserDict(saved["transform"])})):
        assert repr(A.from_dict(mapping)) == repr(pipeline)
    given = A.Compose([A.NoOp()], bbox_params=params, additional_targets=others)
    assert given.bbox_params.format == "coco"
    assert given.additional_targets == {"other": "image"}
    record = A.ReplayCompose([A.HorizontalFlip(p=1)])(image=IMAGE)["replay"]
    assert np.array_equal(A.ReplayCompose.replay(MappingProxyType(record), image=IMAGE)["image"], IMAGE[:, ::-1])


class Numbers(A.ImageOnlyTransform):
    """Keeps and draws NumPy's numbers."""

    def __init__(self, level: Any, p: float = 1.0) -> None:
        super().__init__(p=p)
        self.level = level

    def get_params(self) -> dict[str, Any]:
        return {"shift": np.int64(3), "more": [np.float32(0.5)]}

    def apply(self, img: np.ndarray, shift: int, **params: Any) -> np.ndarray:
        return img + np.uint8(shift)

    def get_transform_init_args_names(self) -> Any:
        return ("level",)


def test_numpy_numbers_are_written_as_numbers(tmp_path: Any) -> None:
    pipeline = A.ReplayCompose([Numbers({"a": np.float32(0.5), "b": [np.arange(3)]})])
    saved = json.loads(json.dumps(A.to_dict(pipeline)))
    assert saved["transform"]["transforms"][0]["level"] == {"a": 0.5, "b": [[0, 1, 2]]}
    record = json.loads(json.dumps(pipeline(image=IMAGE)["replay"]))
    assert record["transforms"][0]["params"] == {"shift": 3, "more": [0.5]}
    A.save(pipeline, filepath=tmp_path / "a.json")
    assert A.load(filepath=str(tmp_path / "a.json"))[0].level["a"] == 0.5
    for call in (lambda: A.load(), lambda: A.save(pipeline, tmp_path / "b.json", filepath=tmp_path / "c.json")):
        with pytest.raises(TypeError, match="exactly one of filepath_or_buffer and filepath"):
            call()


def test_a_state_brings_its_seed() -> None:
    pipeline = A.Compose([A.RandomGamma(p=1)], seed=3)
    pipeline.set_random_seed(9)
    pipeline(image=IMAGE)
    state = json.loads(json.dumps(pipeline.state_dict()))
    expected = [int(pipeline(image=IMAGE)["image"].sum()) for _ in range(3)]
    fresh = A.Compose([A.RandomGamma(p=1)], seed=3)
    fresh.load_state_dict(state)
    assert fresh.seed == 9
    assert [int(fresh(image=IMAGE)["image"].sum()) for _ in range(3)] == expected


# ---- library transforms, by hand


def test_signatures_of_constructors_are_true() -> None:
    for cls in (A.Resize, A.Rotate, A.Compose, A.BboxParams, A.OneOrOther):
        names = list(inspect.signature(cls).parameters)
        assert list(inspect.signature(cls.__init__).parameters) == ["self", *names]
        assert inspect.getfullargspec(cls.__init__).args[1:] == [
            n for n, q in inspect.signature(cls).parameters.items() if q.kind is not inspect.Parameter.KEYWORD_ONLY
        ]

    class Mine(A.Rotate):
        pass

    assert inspect.signature(Mine.__init__) == inspect.signature(A.Rotate.__init__)
    assert Mine(20).limit == (-20, 20)


@pytest.mark.parametrize(("cls", "example"), list(cases()))
def test_stages_by_hand_do_what_a_call_does(cls: Any, example: dict[str, Any]) -> None:
    transform = make(cls, example)
    if transform._converts or transform._solid or not transform._kinds:
        return
    data = data_for(cls, image_for(cls))
    shape, read = data["image"].shape, read_by(transform, data["image"])
    keypoint_params = A.KeypointParams("xy", remove_invisible=False)
    params: dict[str, Any] = {"keypoint_params": keypoint_params} if len(data) > 2 else {}
    if "bboxes" in read:
        params["bbox_params"] = A.BboxParams("pascal_voc", label_fields=["labels"])
    pipeline = A.ReplayCompose([transform], **params)
    record = pipeline(**{**read, "image": data["image"], "mask": data["mask"]})
    numbers = {
        **{n: v for n, v in read.items() if n in transform._reads},
        **record["replay"]["transforms"][0]["params"],
    }
    assert same_value(transform.apply(data["image"], **numbers), record["image"])
    if not issubclass(cls, A.DualTransform):
        return
    assert same_value(transform.apply_to_mask(data["mask"], **numbers), record["mask"])
    fractions = [(0.1, 0.2, 0.4, 0.6), (0.5, 0.5, 0.9, 1.0)]
    if cls is A.Mosaic:
        with pytest.raises(TypeError, match="cannot be called by hand: it adds rows"):
            transform.apply_to_bboxes(fractions, shape=shape, **numbers)
        return
    by_shape = transform.apply_to_bboxes(fractions, shape=shape, **numbers)
    assert np.array_equal(by_shape, transform.apply_to_bboxes(fractions, rows=shape[0], cols=shape[1], **numbers))
    points = transform.apply_to_keypoints([(5.0, 6.0, 0.0, 0.0, 1.0)], shape=shape, **numbers)
    if not read:
        replayed = A.ReplayCompose.replay(record["replay"], image=data["image"], keypoints=[(5.0, 6.0)])
        assert np.allclose(np.array(points)[:, :2], np.array(replayed["keypoints"]).reshape(-1, 2), equal_nan=True)


def test_stages_by_hand_say_what_they_miss() -> None:
    assert np.array_equal(
        A.Resize(8, 9).apply(IMAGE, interpolation=0), A.Resize(8, 9, interpolation=0)(image=IMAGE)["image"]
    )
    with pytest.raises(TypeError, match=r"RandomCrop.apply by hand needs the number 'h_start'"):
        A.RandomCrop(8, 8).apply(IMAGE)
    with pytest.raises(TypeError, match=r"Rotate.apply_to_bboxes by hand needs the shape"):
        A.Rotate().apply_to_bboxes([(0, 0, 1, 1)], angle=3)
    with pytest.raises(TypeError, match=r"Rotate.apply: numbers are given by name"):
        A.Rotate().apply(IMAGE, 20)


def test_names_that_nobody_reads_raise() -> None:
    class Blur(A.GaussianBlur):
        def get_params(self) -> dict[str, Any]:
            return {**super().get_params(), "kernel_size": 3}

    with pytest.raises(ValueError, match="Blur draws kernel_size, which no method of it or of its bases reads"):
        A.Compose([Blur(p=1)])(image=IMAGE)

    class Reads(Blur):
        def apply(self, img: np.ndarray, kernel_size: int = 0, **params: Any) -> np.ndarray:
            return super().apply(img, **params)

    A.Compose([Reads(p=1)])(image=IMAGE)

    class Window(A.RandomCrop):
        def get_params_dependent_on_data(self, params: Any, data: Any) -> dict[str, Any]:
            return {"crop_coords": (10, 5, 50, 35)}

    assert np.array_equal(A.Compose([Window(30, 40, p=1)])(image=IMAGE)["image"], IMAGE[5:35, 10:50])


def test_numbers_of_a_record_may_be_edited() -> None:
    pipeline = A.ReplayCompose([A.OneOf([A.Rotate((10, 10), p=1)], p=1)])
    here = pipeline(image=IMAGE)["replay"]
    here["transforms"][0]["transforms"][0]["params"]["angle"] = 30
    expected = A.Rotate((30, 30), p=1)(image=IMAGE)["image"]
    assert np.array_equal(A.ReplayCompose.replay(here, image=IMAGE)["image"], expected)
    read = json.loads(json.dumps(pipeline(image=IMAGE)["replay"]))
    read["transforms"][0]["transforms"][0]["params"]["angle"] = 30
    with pytest.raises(ValueError, match="says twice what Rotate drew"):
        A.ReplayCompose.replay(read, image=IMAGE)
    del read["events"], read["transforms"][0]["events"]
    assert np.array_equal(A.ReplayCompose.replay(read, image=IMAGE)["image"], expected)


def test_a_call_that_returns_no_picture_is_named_by_the_next_step() -> None:
    class Lists(A.BasicTransform):
        def __call__(self, *args: Any, **data: Any) -> dict[str, Any]:
            return {**data, "image": data["image"].tolist()}

    with pytest.raises(TypeError, match=r"Lists.__call__ returned list as image, which HorizontalFlip cannot take"):
        A.Compose([Lists(p=1), A.HorizontalFlip(p=1)])(image=IMAGE)
    with pytest.raises(TypeError, match=r"Lists.__call__ returned no array as image"):
        A.Compose([Lists(p=1)], **PARAMS)(image=IMAGE, bboxes=BOXES, labels=["cat", "dog"])
    assert A.Compose([Lists(p=1)])(image=IMAGE)["image"] == IMAGE.tolist()


# ---- names of ours

# What releases have, and users override on purpose, or what Python or the laws do.
API = {
    *("apply", "apply_with_params", "available_keys", "targets", "targets_as_params", "should_apply", "to_dict", "p"),
    *("get_params", "get_params_dependent_on_data", "get_params_dependent_on_targets", "update_params"),
    *("update_transform_params", "get_class_fullname", "get_transform_init_args_names", "get_transform_init_args"),
    *("add_targets", "set_random_seed", "set_deterministic", "is_serializable", "always_apply", "apply_to_bbox"),
    *("apply_to_keypoint", "deterministic", "get_base_init_args", "set_random_state"),
    *(target.method for target in TARGETS.values()),
}
OURS = sorted({name.lstrip("_") for cls in classes() for name in dir(cls)} - API - {"", "abc_impl"} - set(dir(object)))


@pytest.mark.parametrize(
    "base", [A.DualTransform, A.Rotate, A.CoarseDropout, A.RandomGamma, A.Resize, A.ElasticTransform]
)
def test_users_may_have_any_name_of_ours_for_themselves(base: Any) -> None:
    arguments = {"height": 20, "width": 40} if base is A.Resize else {}
    plain = None if base is A.DualTransform else base(**arguments, p=1)
    names = [n for n in OURS if n not in base._params and not n.startswith("__") and n.isidentifier()]
    assert {"params", "prepare", "kinds", "reads", "motion", "table", "solid", "uniform", "py_random"} <= {
        *names,
        "params",
    }

    def method(self: Any, *args: Any, **kwargs: Any) -> str:
        return "theirs"

    body = {"apply": lambda self, img, **params: img, "apply_to_bboxes": lambda self, bboxes, **params: bboxes}
    body["apply_to_keypoints"] = lambda self, keypoints, **params: keypoints
    own = body if base is A.DualTransform else {}
    for values in (dict.fromkeys(names, 7), dict.fromkeys(names, method), {n: property(method) for n in names}):
        cls = type("Theirs", (base,), {**values, **own, "__module__": __name__, "__qualname__": "Theirs"})
        check_theirs(cls(**arguments, p=1), plain)
    cls = type("Theirs", (base,), {**own, "__module__": __name__, "__qualname__": "Theirs"})
    transform = cls(**arguments, p=1)
    for name in (*names, "params"):
        setattr(transform, name, {})
    check_theirs(transform, plain)


def check_theirs(transform: Any, plain: Any) -> None:
    pipeline = A.ReplayCompose([A.OneOf([transform], p=1)], **PARAMS)
    pipeline.set_random_seed(3)
    out = pipeline(**given())
    record = out.pop("replay")
    assert same(A.ReplayCompose.replay(record, **given()), out)
    assert "Theirs" in repr(pipeline)
    assert A.to_dict(pipeline)["transform"]["transforms"][0]["transforms"][0]["p"] == 1
    if plain is not None:
        library = A.ReplayCompose([A.OneOf([plain], p=1)], **PARAMS)
        library.set_random_seed(3)
        expected = library(**given())
        del expected["replay"]
        assert same(out, expected)
    assert transform(image=IMAGE)["image"].ndim == 3


def test_a_call_sees_what_the_steps_before_have_done_and_its_rows_are_filtered() -> None:
    seen: list[Any] = []

    class Pushes(A.BasicTransform):
        def __call__(self, *args: Any, **data: Any) -> dict[str, Any]:
            seen.append(data["image"])
            data["bboxes"] = [
                (x0 - 0.45, y0, x1 - 0.45, y1, *more) for x0, y0, x1, y1, *more in map(tuple, data["bboxes"])
            ]
            return data

    pipeline = A.Compose([A.Affine(rotate=0, p=1), A.InvertImg(p=1), Pushes(p=1)], bbox_params=PARAMS["bbox_params"])
    out = pipeline(image=IMAGE, bboxes=[*BOXES, (30, 0, 50, 20)], labels=["cat", "dog", "owl"])
    assert np.array_equal(seen[0], 255 - IMAGE)
    assert out["labels"] == ["dog", "owl"]  # the cat is out of sight
    assert np.allclose(out["bboxes"], [(4, 10, 24, 30), (0, 0, 14, 20)])


def test_a_users_method_of_one_box_is_told_rows_and_cols_by_hand() -> None:
    class Mine(A.HorizontalFlip):
        def apply_to_bbox(self, bbox: Any, rows: int = 0, cols: int = 0, **params: Any) -> Any:
            return (rows, cols, 0, 0)

    assert Mine().apply_to_bboxes([(0.1, 0.1, 0.2, 0.2)], shape=IMAGE.shape) == [(40, 80, 0, 0)]
    assert Mine().apply_to_bboxes([(0.1, 0.1, 0.2, 0.2)], rows=40, cols=80) == [(40, 80, 0, 0)]
