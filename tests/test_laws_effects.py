"""The laws of effects: what is applied is seen, every argument matters, what is neutral is, and means are kept."""

from typing import Any

import numpy as np
import pytest
from common import (
    cases,
    class_cases,
    classes,
    data_for,
    given,
    image_for,
    main,
    make,
    mask_of,
    params_for,
    picture,
    pipeline,
    reading,
    replayed,
    run,
    same,
    sample,
)

import albumentations as A
from albumentations.core.params import REQUIRED
from albumentations.transforms.families import Geometric, Remap

every = pytest.mark.parametrize(("cls", "example"), list(cases()))


@every
def test_p_1_changes_the_picture(cls: Any, example: dict[str, Any]) -> None:
    if not cls._kinds:
        return  # a place holder changes nothing
    changed = False
    for dtype in ("uint8", "float32"):  # some arguments are in the units of one of them
        image = image_for(cls, dtype)
        data, name = given(cls, image), main(cls)
        changed |= any(not same(run(make(cls, example), data, seed)[name], data[name]) for seed in range(8))
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
        data = data_for(cls, image_for(cls, dtype))
        for seed in range(4):
            result = run(cls(**cls.neutral, p=1), dict(data), seed)
            for name in data:
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
def test_a_seed_in_a_record_is_used(cls: Any, example: dict[str, Any]) -> None:
    transform = make(cls, example)
    drawn: set[str] = set()
    told: set[str] = set()
    for seed, dtype in [(seed, dtype) for seed in range(4) for dtype in ("uint8", "float32")]:
        data = reading(transform, image_for(cls, dtype))
        trace = A.Compose([transform], seed=seed, save_applied_params=True, **params_for(data))(**data)
        params = trace["applied_transforms"][0][1]
        for name in params:
            if name.endswith("seed"):
                drawn.add(name)
                ours, again, other = (
                    replayed(transform, {**params, name: params[name] ^ change}, **data)
                    for change in (0, 0, 0x5A5A5A5A)
                )
                assert same(ours, again), name
                told |= set() if same(ours, other) else {name}
    assert told == drawn, "two seeds, one picture"


@every
def test_every_argument_of_an_example_matters(cls: Any, example: dict[str, Any]) -> None:
    # Masks of numbers, of levels, and of channels.
    image = image_for(cls)
    others = given(cls, picture("float32", None), picture("uint8", 2))
    data = {**data_for(cls, image), "soft": others[main(cls)], "layers": others[mask_of(cls)]}
    own = make(cls, example).example_call(image)  # and not what another example reads
    data = {
        n: v
        for n, v in data.items()
        if n in own or not any(n in make(cls, e).example_call(image) for e in cls.examples)
    }
    settings = {"additional_targets": {"soft": mask_of(cls), "layers": mask_of(cls)}}
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
