"""The laws of effects: what is applied is seen, every argument matters, what is neutral is, and means are kept."""

from typing import Any

import numpy as np
import pytest
from common import cases, class_cases, classes, image_for, make, picture, pipeline, run, same, sample

from albumentations.core.params import REQUIRED
from albumentations.core.transforms_interface import DualTransform
from albumentations.transforms.families import Geometric, Remap

every = pytest.mark.parametrize(("cls", "example"), list(cases()))


@every
def test_p_1_changes_the_picture(cls: Any, example: dict[str, Any]) -> None:
    if not cls.kinds:
        return  # a place holder changes nothing
    changed = False
    for dtype in ("uint8", "float32"):  # some arguments are in the units of one of them
        image = image_for(cls, dtype)
        changed |= any(not same(run(make(cls, example), {"image": image}, seed)["image"], image) for seed in range(8))
    assert changed


@pytest.mark.parametrize("cls", [*classes(Geometric), *classes(Remap)])
def test_what_moves_pixels_moves_masks_boxes_and_points(cls: Any) -> None:
    moved: set[str] = set()
    for example in cls.examples:
        data = {**sample(image_for(cls)), "keypoints": [(23.0, 11.0), (9.0, 25.0)]}
        results = [run(make(cls, example), data, seed) for seed in range(8)]
        changed = {name for name in data if not all(same(result[name], data[name]) for result in results)}
        assert "keypoints" in changed, example
        moved |= changed
    assert {"mask", "bboxes", "keypoints"} <= moved  # a slight distortion may leave the nearest pixels and boxes


@pytest.mark.parametrize("cls", class_cases())
def test_neutral_arguments_change_nothing(cls: Any) -> None:
    if cls.neutral is None:
        return
    for dtype in ("uint8", "float32", "uint16", "int16", "int32", "float16", "float64"):
        if dtype not in ("uint8", "float32") and "threshold" in cls.neutral:
            continue  # in the image's own units
        data = sample(image_for(cls, dtype))
        names = list(data) if issubclass(cls, DualTransform) else ["image", "mask"]
        given = {name: data[name] for name in names}
        for seed in range(4):
            result = run(cls(**cls.neutral, p=1), dict(given), seed)
            for name in names:
                assert same(result[name], data[name]), (dtype, name)


@pytest.mark.parametrize(("cls", "example"), [c for c in cases() if c.values[0].keeps_mean])
def test_weights_that_sum_to_1_keep_the_mean(cls: Any, example: dict[str, Any]) -> None:
    flat = np.full((30, 37, 3), 0.3, np.float32)
    # A photo in the middle of black: nothing of it reaches the border, so that its sum stays.
    framed = np.pad(picture("float32", 3), ((40, 40), (45, 45), (0, 0)))
    for seed in range(6):
        transform = make(cls, example)
        assert np.abs(run(transform, {"image": flat}, seed)["image"] - 0.3).max() < 1e-6
        level = np.full((30, 37, 3), 77, np.uint8)
        assert np.array_equal(run(transform, {"image": level}, seed)["image"], level)
        blurred = run(transform, {"image": framed}, seed)["image"]
        assert blurred.sum(dtype=np.float64) == pytest.approx(framed.sum(dtype=np.float64), rel=1e-5)
        rounded = (framed * 255).astype(np.uint8)
        # Every value is rounded to the nearest level: the mean of so many is off by much less than half of one.
        assert abs(run(transform, {"image": rounded}, seed)["image"].mean() - rounded.mean()) < 0.1


@every
def test_every_argument_of_an_example_matters(cls: Any, example: dict[str, Any]) -> None:
    # Masks of numbers, of levels, and of channels.
    data = {**sample(image_for(cls)), "soft": picture("float32", None), "layers": picture("uint8", 2)}
    if not issubclass(cls, DualTransform):
        data = {name: data[name] for name in ("image", "mask", "soft", "layers")}
    settings = {"additional_targets": {"soft": "mask", "layers": "mask"}}
    for name in example:
        default = cls._params[name].default
        if default is REQUIRED or default == example[name] or name == "name":  # a name is for files
            continue
        full, less = make(cls, example), {k: v for k, v in example.items() if k != name}
        differs = False
        for seed in range(12):
            expected = pipeline(full, seed, **settings)(**data)
            try:
                differs |= not same(pipeline(make(cls, less), seed, **settings)(**data), expected)
            except ValueError:  # it cannot do without: that matters too
                differs = True
        assert differs, f"{name}={example[name]!r} makes no difference"
