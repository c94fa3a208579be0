"""The laws of targets: whatever else a call names is moved exactly as the main target of its kind would be."""

from typing import Any

import numpy as np
import pytest
from common import BOXES, POINTS, cases, data_for, image_for, make, picture, same

import albumentations as A
from albumentations.core.targets import TARGETS
from albumentations.core.transforms_interface import BasicTransform, DualTransform

SETTINGS: dict[str, Any] = {"bbox_params": A.BboxParams("pascal_voc"), "keypoint_params": A.KeypointParams("xy")}


def settings_for(cls: Any) -> dict[str, Any]:
    """How boxes are written, and keypoints of images or volumes."""
    return {**SETTINGS, "keypoint_params": A.KeypointParams("xyz" if cls._solid else "xy")}


def targets_for(cls: Any) -> dict[str, Any]:
    """A value for each target that may be there beside those a class changes."""
    if not cls._solid:
        return every_target(image_for(cls))
    data = data_for(cls, image_for(cls))
    for one, several in (("volume", "volumes"), ("mask3d", "masks3d")):
        data[several] = np.stack([data[one][::-1], data[one][:, ::-1]])
    if "keypoints" in data:
        data["keypoints"] = [(*row, i) for i, row in enumerate(data["keypoints"])]
    return data


def every_target(image: np.ndarray) -> dict[str, Any]:
    """A value for each target there is, no two pictures of them alike."""
    height, width = image.shape[:2]
    turned, mirrored = np.ascontiguousarray(image[::-1]), np.ascontiguousarray(image[:, ::-1])
    mask = picture("uint8", None, height, width) // 32
    stack, masks = np.stack((image, turned, mirrored)), np.stack((mask, mask[::-1], mask[:, ::-1]))
    return {
        "image": image,
        "images": stack,
        "volume": stack[::-1].copy(),
        "volumes": np.stack((stack, stack[::-1])),
        "mask": mask,
        "masks": masks,
        "mask3d": masks[::-1].copy(),
        "masks3d": np.stack((masks, masks[::-1])),
        "bboxes": [(*row, i) for i, row in enumerate(BOXES)],
        "keypoints": [(*row, i) for i, row in enumerate(POINTS)],
    }


def test_there_is_a_value_for_every_target() -> None:
    assert set(every_target(picture())) == set(TARGETS)


@pytest.mark.parametrize(("cls", "example"), list(cases(BasicTransform)))
def test_an_additional_target_comes_out_as_the_main_one_of_its_kind(cls: Any, example: dict[str, Any]) -> None:
    transform = make(cls, example)
    targets = targets_for(cls)
    names = {f"extra {kind}": kind for kind in targets}
    data = {**targets, **transform.example_call(image_for(cls))}
    for seed in range(2):
        pipeline = A.Compose([transform], additional_targets=names, seed=seed, **settings_for(cls))
        both = pipeline(**data, **{name: data[kind] for name, kind in names.items()})
        pipeline.set_random_seed(seed)
        beside = {name: data[name] for name in (*transform._reads, *transform._looks_at)}
        alone = pipeline(**beside, **{name: data[kind] for name, kind in names.items()})
        for name, kind in names.items():
            assert same(both[name], both[kind]), kind
            assert same(alone[name], both[kind]), kind


@pytest.mark.parametrize(("cls", "example"), list(cases(DualTransform)))
def test_a_target_given_alone_is_moved_as_among_others(cls: Any, example: dict[str, Any]) -> None:
    transform = make(cls, example)
    targets = targets_for(cls)
    data = {**targets, **transform.example_call(image_for(cls))}
    for seed in range(2):
        pipeline = A.Compose([transform], seed=seed, **settings_for(cls))
        together = pipeline(**data)
        for kind, value in targets.items():
            pipeline.set_random_seed(seed)
            beside = {name: data[name] for name in (*transform._reads, *transform._looks_at)}
            shown = "volume" if cls._solid else "image"
            beside.update({shown: data[shown]} if kind in ("bboxes", "keypoints") or beside else {})
            assert same(pipeline(**{**beside, kind: value})[kind], together[kind]), kind


@pytest.mark.parametrize(
    "cls", [p for p in {q.values[0]: q.values[0] for q in cases()}.values() if "mask_interpolation" in p._params]
)
def test_the_pipelines_mask_interpolation_is_the_transforms_own(cls: Any) -> None:
    mask = picture("float32", None)  # soft, so that every interpolation is another
    data = {"image": image_for(cls), "mask": mask, "masks": [mask, mask[::-1].copy()], "mask3d": np.stack((mask, mask))}
    told = False
    for example in cls.examples:
        data.update(make(cls, example).example_call(data["image"]))
        for mode in (0, 1, 2):
            own = A.Compose([make(cls, example, mask_interpolation=mode)], seed=3)(**data)
            for other in (0, 1):
                transform = make(cls, example, mask_interpolation=other)
                assert same(A.Compose([transform], seed=3, mask_interpolation=mode)(**data), own)
                told |= not same(A.Compose([transform], seed=3)(**data)["mask"], own["mask"])
    assert told, "no example shows a difference between interpolations"


def test_frames_of_one_list_must_agree() -> None:
    image = picture()
    for name in ("images", "masks"):
        with pytest.raises(ValueError, match=rf"{name}.*is_check_shapes=False"):
            A.Compose([A.HorizontalFlip(p=1)])(image=image, **{name: [image, image[:20]]})
    frames = A.Compose([A.HorizontalFlip(p=1)], is_check_shapes=False)(images=[image, image[:20]])["images"]
    assert [f.shape[0] for f in frames] == [40, 20]


def test_frames_of_one_list_alone_must_agree() -> None:
    image = picture()
    for name in ("images", "masks"):
        with pytest.raises(ValueError, match=rf"{name}.*is_check_shapes=False"):
            A.Compose([A.HorizontalFlip(p=1)])(**{name: [image, image[:20]]})
