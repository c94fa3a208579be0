"""Kinds of targets, what a transform is told of them, and what it may read; plans and settings that stay true."""

import inspect
import pickle
from typing import Any

import numpy as np
import pytest

import albumentations as A
from albumentations.core.targets import KINDS, TARGETS
from albumentations.core.transforms_interface import BasicTransform, DualTransform, Transform3D

IMAGE = np.arange(40 * 50 * 3, dtype=np.uint8).reshape(40, 50, 3)
VOLUME = np.arange(5 * 40 * 50, dtype=np.int64).reshape(5, 40, 50).astype(np.uint8)


def test_every_kind_is_known_everywhere() -> None:
    for kind in KINDS.values():
        assert any(target.kind is kind for target in TARGETS.values()), kind
        assert kind.name in DualTransform._kinds
        assert bool(kind.dims) != bool(kind.processor)
        if kind.processor:
            assert kind.params in inspect.signature(A.Compose).parameters, f"Compose has no {kind.params}"
            assert hasattr(DualTransform, f"_move_{kind.name}")
            assert hasattr(DualTransform, kind.each)
            kind.processor.bare()
    for target in TARGETS.values():
        assert hasattr(
            DualTransform if target.kind.name not in BasicTransform._kinds else BasicTransform, target.method
        )


class Slab(Transform3D):
    """A user's transform of volumes: cuts away the first slice, row and column."""

    def __init__(self) -> None:
        super().__init__(p=1)
        self.told: list[Any] = []

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        self.told.append(params["shape"])
        return {}

    def apply_to_volume(self, volume: np.ndarray, **params: Any) -> np.ndarray:
        self.told.append(params["shape"])
        return volume[1:, 1:, 1:]

    def apply_to_keypoints(self, keypoints: np.ndarray, **params: Any) -> np.ndarray:
        keypoints[:, :3] -= 1
        return keypoints


def test_a_transform_of_volumes_is_told_their_shape() -> None:
    slab = Slab()
    out = slab(volume=VOLUME, mask3d=VOLUME)
    assert slab.told == [(5, 40, 50)] * 3
    assert np.array_equal(out["volume"], VOLUME[1:, 1:, 1:])
    assert np.array_equal(out["mask3d"], VOLUME[1:, 1:, 1:])
    out = slab(volumes=np.stack([VOLUME, VOLUME]))
    assert slab.told[3:] == [(5, 40, 50)] * 3
    assert out["volumes"].shape == (2, 4, 39, 49)
    params = A.KeypointParams("xyz")
    out = A.Compose([Slab()], keypoint_params=params)(volume=VOLUME, keypoints=[(3, 4, 2)])
    assert out["keypoints"] == [(2, 3, 1)]


def test_a_transform_of_pictures_walks_volumes_beside_an_image() -> None:
    out = A.Compose([A.RandomCrop(20, 30, p=1)], seed=1)(image=IMAGE, volume=VOLUME, mask3d=VOLUME)
    assert out["volume"].shape == (5, 20, 30)
    assert np.array_equal(out["volume"], out["mask3d"])


class Reads(A.ImageOnlyTransform):
    """A user's transform that prepares from metadata and from the picture itself."""

    _reads = ("gain", "image")

    def _prepare(self, shape: Any, gain: int = 0, image: Any = None, **params: Any) -> dict[str, Any]:
        return {"offset": gain + int(image[0, 0, 0])}

    def apply(self, img: np.ndarray, offset: int, **params: Any) -> np.ndarray:
        return img + np.uint8(offset)


def test_what_a_transform_reads_reaches_prepare_and_is_no_unknown_argument() -> None:
    pipeline = A.Compose([A.OneOf([Reads(p=1)], p=1)], strict=True)
    out = pipeline(image=IMAGE, gain=7)
    assert np.array_equal(out["image"], IMAGE + np.uint8(7 + IMAGE[0, 0, 0]))
    assert out["gain"] == 7
    with pytest.raises(ValueError, match="Reads reads 'gain', which is missing"):
        pipeline(image=IMAGE)
    with pytest.raises(ValueError, match="unknown argument 'gian'"):
        pipeline(image=IMAGE, gian=7)
    held = A.Compose([A.InvertImg(p=1), Reads(p=1)])(image=IMAGE, gain=0)  # the picture as it is then
    assert np.array_equal(held["image"], ~IMAGE + (~IMAGE)[0, 0, 0])


def test_a_table_may_be_prepared() -> None:
    class Offset(A.RandomGamma):
        """Not of the library, so that it never waits; see below for one that does."""

        def _prepare(self, shape: Any, *args: Any, **params: Any) -> dict[str, Any]:
            return {"gamma": 1.0 + shape[0] / 100}

    results = [A.Compose([Offset(p=1), A.InvertImg(p=1)], fuse=f, seed=1)(image=IMAGE)["image"] for f in (True, False)]
    assert np.array_equal(*results)


def test_plans_stay_few_whatever_the_names() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)])
    for i in range(500):
        pipeline(image=IMAGE, **{f"note{i}": i})
    assert len(pipeline._plans) <= 64
    assert not A.Compose([A.NoOp()])._plans, "plans are never shared"


def test_settings_may_be_assigned_after_calls() -> None:
    mask = (IMAGE[:, :, 0] > 99).astype(np.uint8) * 255
    pipeline = A.Compose([A.Resize(height=60, width=33)])
    assert set(np.unique(pipeline(image=IMAGE, mask=mask)["mask"])) == {0, 255}
    pipeline.mask_interpolation = 1
    assert len(np.unique(pipeline(image=IMAGE, mask=mask)["mask"])) > 2
    pipeline.save_applied_params = True
    assert pipeline(image=IMAGE)["applied_transforms"][0][0] == "Resize"
    pipeline.bbox_params = A.BboxParams("coco")
    assert pipeline(image=IMAGE, bboxes=[(0, 0, 25, 20)])["bboxes"] == [(0, 0, 16.5, 30)]
    pipeline.strict = True
    with pytest.raises(ValueError, match="unknown"):
        pipeline(image=IMAGE, note=1)
    assert pickle.loads(pickle.dumps(pipeline))(image=IMAGE)["image"].shape == (60, 33, 3)


def test_users_may_have_our_names_for_themselves() -> None:
    class Mine(A.ImageOnlyTransform):
        def __init__(self) -> None:
            super().__init__(p=1)
            self.params: dict[str, Any] = {}

        def __eq__(self, other: object) -> bool:
            return True

        def prepare(self, img: np.ndarray) -> np.ndarray:
            return ~img

        def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
            return self.prepare(img)

        def get_transform_init_args_names(self) -> Any:
            return ()

    transform = Mine()
    assert np.array_equal(A.Compose([transform])(image=IMAGE)["image"], ~IMAGE)
    assert "Mine" in repr(transform)
    assert transform.to_dict()


def test_containers_are_declared_like_everything_else() -> None:
    assert list(inspect.signature(A.Compose).parameters)[:6] == [
        *("transforms", "bbox_params", "keypoint_params", "additional_targets", "p", "is_check_shapes"),
    ]
    assert list(inspect.signature(A.SomeOf).parameters) == ["transforms", "n", "replace", "p"]
    assert A.Compose([A.NoOp()], None, None, None, 0.25, False).p == 0.25
    assert A.SomeOf([A.NoOp()], 2, False, 0.5).replace is False
    assert A.BboxParams("coco", ["a"], 4.0, 0.1, 1, 2, False).check_each_transform is False
    with pytest.raises(TypeError, match="Compose: unknown argument 'bbox_parms'; did you mean 'bbox_params'"):
        A.Compose([], bbox_parms=None)
    with pytest.raises(TypeError, match="BboxParams: unknown argument 'min_aera'; did you mean 'min_area'"):
        A.BboxParams("coco", min_aera=3)
    pipeline = A.Compose([A.NoOp()], bbox_params={"format": "coco", "min_area": 3})
    with pytest.raises(ValueError, match="min_area must lie in"):
        pipeline.bbox_params.min_area = -1
    with pytest.raises(ValueError, match=r"Compose.*p must lie in"):
        pipeline.p = 2
    with pytest.raises(TypeError, match=r"transforms\[0\] is 3"):
        pipeline.transforms = [3]
    pipeline.transforms = (A.InvertImg(p=1),)
    assert np.array_equal(pipeline(image=IMAGE)["image"], ~IMAGE)
    assert pipeline.bbox_params.min_area == 3
    assert "min_area: smallest area" in (A.BboxParams.__doc__ or "")


def test_a_seed_may_be_assigned_and_other_settings_leave_the_stream_alone() -> None:
    pipeline = A.Compose([A.RandomCrop(20, 20, p=1)], seed=3)
    first = [pipeline(image=IMAGE)["image"] for _ in range(3)]
    pipeline.seed = 4
    other = pipeline(image=IMAGE)["image"]
    pipeline.seed = 3
    again = [pipeline(image=IMAGE)["image"]]
    pipeline.strict = True
    again += [pipeline(image=IMAGE)["image"] for _ in range(2)]
    assert all(np.array_equal(a, b) for a, b in zip(first, again))
    assert not np.array_equal(first[0], other)


class Twice(A.Compose):
    """A user's container with a setting of its own."""

    def __init__(self, transforms: Any, times: int = 2, **settings: Any) -> None:
        super().__init__(transforms, **settings)
        self.times = times

    def _run(self, data: Any, call: Any, force: bool = False) -> None:
        for _ in range(self.times):
            super()._run(data, call, force)


def test_a_users_container_keeps_its_settings_through_files_and_slices() -> None:
    pipeline = Twice([A.NoOp(), A.Transpose(p=1)], times=3, strict=True)
    copy = A.from_dict(A.to_dict(pipeline))
    assert (copy.times, copy.strict) == (3, True)
    assert pipeline[1:].times == 3
    assert "times=3" in repr(pipeline)
    assert copy(image=IMAGE)["image"].shape == (50, 40, 3)


def test_a_function_given_later_acts() -> None:
    transform = A.Lambda(image=lambda image, **_: ~image, p=1)
    pipeline = A.Compose([transform], bbox_params="pascal_voc")
    data = {"image": IMAGE, "mask": IMAGE[:, :, 0], "bboxes": [(1, 2, 10, 20)]}
    assert np.array_equal(pipeline(**data)["mask"], data["mask"])
    transform.mask = lambda mask, **_: ~mask
    transform.bboxes = lambda rows, **_: rows[:0]
    out = pipeline(**data)
    assert np.array_equal(out["mask"], ~data["mask"])
    assert out["bboxes"] == []
