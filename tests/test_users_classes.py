"""Users' classes in the manner of each release: what they override is called, inside of containers too."""

import random
from typing import Any

import numpy as np
import pytest

import albumentations as A

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
