"""The laws of containers, walked over the registry: coins, force, records, files, fusion, and targets inside them."""

import inspect
import io
import itertools
import json
import random
from typing import Any

import numpy as np
import pytest
from common import classes, same, sample

import albumentations as A
from albumentations.core.serialization import jsonable

CONTAINERS = classes(A.BaseCompose)
every = pytest.mark.parametrize("cls", CONTAINERS, ids=lambda c: c.__name__)
pairs = pytest.mark.parametrize(
    ("outer", "inner"), list(itertools.product(CONTAINERS, repeat=2)), ids=lambda c: c.__name__
)

PHOTO = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
SETTINGS: dict[str, Any] = {
    "bbox_params": A.BboxParams("pascal_voc", label_fields=["labels"]),
    "keypoint_params": A.KeypointParams("xy"),
}


class Counted(A.ImageOnlyTransform):
    """Counts how often it was applied."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__(p=p)
        self.count = 0

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        self.count += 1
        return img + np.uint8(1)

    def get_transform_init_args_names(self) -> Any:
        return ()


class LooksAtPixels(A.ImageOnlyTransform):
    """Draws what it adds from the pixels as they are when its turn comes."""

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        return {"sum": int(data["image"].sum()) % 251}

    def apply(self, img: np.ndarray, sum: int, **params: Any) -> np.ndarray:
        return img + np.uint8(sum)


def contain(cls: Any, transforms: list[Any], **settings: Any) -> Any:
    """A container of two transforms; where it takes a number of them, of both."""
    names = inspect.signature(cls).parameters
    return cls(transforms=transforms, **({"n": 2} if "n" in names else {}), **settings)


def leaves() -> list[Any]:
    """Two transforms that keep the size, one of them a table that is held back, and a container that looks."""
    table = A.RandomGamma((40, 200), p=0.7)
    return [A.Sequential([table, LooksAtPixels(p=0.6), A.Blur(p=0.3)], p=0.9), A.SafeRotate(p=0.6, border_mode=0)]


def photo() -> dict[str, Any]:
    return {**sample(np.tile(PHOTO, (2, 2, 1))[:, :48]), "extra": PHOTO[::-1, :, 0].repeat(2, 0).repeat(2, 1)[:, :48]}


def outermost(node: Any, cls: Any = A.Compose, **settings: Any) -> Any:
    """A pipeline that knows boxes, keypoints and one more mask."""
    return cls([node], additional_targets={"extra": "mask"}, **{**SETTINGS, **settings})


@every
@pytest.mark.parametrize("p", [0, 0.5, 1])
def test_its_own_p_is_respected(cls: Any, p: float) -> None:
    # The second child never runs by its own coin, and is never chosen where chances are in proportion to p.
    first = Counted(p=1)
    pipeline = A.Compose([contain(cls, [first, A.NoOp(p=0)], p=p)], seed=1)
    applied = 0
    for _ in range(400):
        before = first.count
        image = pipeline(image=PHOTO)["image"]
        assert np.array_equal(image, PHOTO + np.uint8(first.count - before))
        applied += first.count > before
    assert abs(applied / 400 - p) <= (0.1 if p == 0.5 else 0)


@every
def test_p_0_changes_nothing_and_nothing_is_recorded(cls: Any) -> None:
    container = contain(cls, [A.InvertImg(p=1), A.NoOp(p=0)], p=0)
    out = A.Compose([container], seed=1, save_applied_params=True)(image=PHOTO)
    assert np.array_equal(out["image"], PHOTO)
    assert "InvertImg" not in [name for name, _ in out["applied_transforms"]]


@every
def test_force_apply_is_stronger_than_p(cls: Any) -> None:
    children = [Counted(p=1), Counted(p=1)]
    for i in range(10):
        contain(cls, children, p=0)(image=PHOTO, force_apply=True)
        assert sum(c.count for c in children) > i
    # What is chosen by a container is forced too, however improbable it is by itself.
    chosen = A.OneOf([contain(cls, children, p=1e-9), A.NoOp(p=0)], p=1)
    before = sum(c.count for c in children)
    for _ in range(10):
        chosen(image=PHOTO)
    assert sum(c.count for c in children) - before >= 10


@pairs
def test_a_record_replays_through_json(outer: Any, inner: Any) -> None:
    node = contain(outer, [contain(inner, leaves(), p=0.8), A.InvertImg(p=0.5)], p=0.9)
    pipeline = outermost(node, A.ReplayCompose)
    random.seed(5)
    for _ in range(6):
        result = pipeline(**photo())
        record = json.loads(json.dumps(jsonable(result.pop("replay"))))
        assert same(A.ReplayCompose.replay(record, **photo()), result)


@pairs
def test_files_keep_it(outer: Any, inner: Any) -> None:
    node = contain(outer, [contain(inner, leaves(), p=0.8), A.InvertImg(p=0.5)], p=0.9)
    pipeline = outermost(node, seed=3)
    expected = [pipeline(**photo()) for _ in range(6)]
    assert len({out["image"].tobytes() for out in expected}) > 1
    copies = [A.from_dict(A.to_dict(pipeline))]
    for data_format in ("json", "yaml"):
        buffer = io.StringIO()
        A.save(pipeline, buffer, data_format=data_format)
        buffer.seek(0)
        copies.append(A.load(buffer, data_format=data_format))
    for copy in copies:
        assert A.to_dict(copy) == A.to_dict(pipeline)
        for out in expected:
            assert same(copy(**photo()), out)


@every
def test_files_keep_every_setting(cls: Any) -> None:
    parameters = {**inspect.signature(cls).parameters}
    if any(q.kind is q.VAR_KEYWORD for q in parameters.values()):
        parameters = {**inspect.signature(cls.__base__).parameters, **parameters}  # which the rest is handed to
    others: dict[str, Any] = {"p": 0.3, "n": 3, "channels": (2, 0), "mask_interpolation": 1, "seed": 5, "save_key": "r"}
    others.update(SETTINGS, additional_targets={"extra": "mask"})
    settings = {n: v for n, v in others.items() if n in parameters}
    settings.update({n: not q.default for n, q in parameters.items() if isinstance(q.default, bool)})
    assert len(settings) == len([q for q in parameters if q not in ("transforms", "first", "second", "settings")])
    node = cls(transforms=[A.NoOp(p=0.2), A.Blur(5)], **settings)
    described = A.to_dict(node)["transform"]
    for name, value in settings.items():
        assert described[name] == (value.to_dict() if hasattr(value, "to_dict") else value), name
    copy = A.from_dict(json.loads(json.dumps(jsonable(A.to_dict(node)))))
    assert type(copy) is cls
    assert A.to_dict(copy) == A.to_dict(node)


@pairs
def test_fused_is_unfused_where_a_child_looks_at_the_pixels(outer: Any, inner: Any) -> None:
    node = contain(outer, [contain(inner, leaves(), p=1), LooksAtPixels(p=0.8)], p=1)
    transforms = [A.RandomGamma((40, 90), p=1), node, LooksAtPixels(p=0.7), A.InvertImg(p=1), LooksAtPixels(p=1)]
    for seed in range(4):
        fused, plain = (A.Compose(transforms, seed=seed, fuse=f, **SETTINGS) for f in (True, False))
        data = {k: v for k, v in photo().items() if k != "extra"}
        assert same(fused(**data), plain(**data))


@every
def test_a_transform_that_looks_sees_what_was_done_before_it(cls: Any) -> None:
    seen: list[np.ndarray] = []

    class Looks(A.ImageOnlyTransform):
        def get_params_dependent_on_data(self, params: Any, data: Any) -> Any:
            seen.append(data["image"].copy())
            return {}

        def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
            return img

    # The table may stand before the container, or be held by a child of it.
    A.Compose([A.InvertImg(p=1), contain(cls, [Looks(p=1), Looks(p=1)], p=1)])(image=PHOTO)
    assert seen
    assert all(np.array_equal(image, 255 - PHOTO) for image in seen)
    out = A.Compose([contain(cls, [A.InvertImg(p=1), A.Solarize(p=1)], p=1), Looks(p=1)], seed=0)(image=PHOTO)
    assert np.array_equal(seen[-1], out["image"])


@every
def test_boxes_labels_and_masks_follow_through_it(cls: Any) -> None:
    data = photo()
    node = contain(cls, [A.HorizontalFlip(p=1), A.HorizontalFlip(p=1)], p=1)
    out = outermost(node, seed=0, save_applied_params=True)(**data)
    expected = outermost(A.HorizontalFlip(p=len(out["applied_transforms"]) % 2))(**data)
    assert out["applied_transforms"]
    assert same(out["labels"], data["labels"])
    for name in ("bboxes", "keypoints", "mask", "extra"):
        assert np.allclose(out[name], expected[name]), name


@every
def test_it_is_a_list_that_keeps_its_settings(cls: Any) -> None:
    a, b = A.NoOp(p=0.2), A.Blur(5)
    node = contain(cls, [a, b], p=0.25)
    assert len(node) == 2
    assert list(node) == [a, b]
    assert node[0] is a
    assert A.to_dict(node[0:2]) == A.to_dict(node)
    assert repr(node).startswith(f"{cls.__name__}([")
