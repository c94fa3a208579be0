"""The laws of volumes: no axis is taken for another, what is padded is cropped away again, and groups are closed."""

import itertools
import json
import random
from typing import Any

import numpy as np
import pytest
from common import cases, data_for, image_for, make, same, with_numbers

import albumentations as A
from albumentations.core.serialization import jsonable
from albumentations.core.transforms_interface import DualTransform, Transform3D
from albumentations.functional import volumes

every = pytest.mark.parametrize(
    ("cls", "example"), [p for p in cases(Transform3D) if p.values[0] is not A.CubicSymmetry]
)
orders = pytest.mark.parametrize("order", list(itertools.permutations(range(3))))

# The names that stand for one axis each, along z, y and x.
TRIPLES = (
    ("hole_depth_range", "hole_height_range", "hole_width_range"),
    ("pad_front", "pad_top", "pad_left"),
    ("pad_back", "pad_bottom", "pad_right"),
)


def turned(value: Any, order: tuple[int, ...]) -> Any:
    """Arguments or drawn numbers for a volume with its axes in another order."""
    if isinstance(value, dict):
        moved = {triple[i]: triple[k] for triple in TRIPLES for i, k in enumerate(order)}
        return {name: turned(value[moved.get(name, name)], order) for name in value}
    if not isinstance(value, (list, tuple)) or not value:
        return value
    if isinstance(value[0], (list, tuple)):  # holes: where they begin along each axis, where they end
        return [[hole[i + k] for i in (0, 3) for k in order] for hole in value]
    if len(value) == 6:  # pads and windows: two numbers an axis
        return type(value)(value[2 * k + i] for k in order for i in (0, 1))
    return type(value)(value[k] for k in order) if len(value) == 3 else value


def turned_data(data: dict[str, Any], order: tuple[int, ...]) -> dict[str, Any]:
    """A volume, its mask and keypoints with the axes in another order."""
    result = {name: np.ascontiguousarray(data[name].transpose(*order, *range(3, data[name].ndim))) for name in SHOWN}
    return {**result, "keypoints": [tuple(row[2 - k] for k in order)[::-1] for row in data["keypoints"]]}


SHOWN = ("volume", "mask3d")
POINTS = A.KeypointParams("xyz", remove_invisible=False)


def recorded(transform: Any, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """What the transform does with these drawn numbers, from a record."""
    record = A.ReplayCompose([transform], keypoint_params=POINTS)(**data).pop("replay")
    return A.ReplayCompose.replay(json.loads(json.dumps(jsonable(with_numbers(record, params)))), **data)


def drawn(transform: Any, seed: int, data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the transform does under a seed, and the numbers drawn."""
    out = A.Compose([transform], seed=seed, keypoint_params=POINTS, save_applied_params=True)(**data)
    return out, out.pop("applied_transforms")[0][1]


@every
@orders
def test_a_volume_that_lies_otherwise_is_changed_as_the_volume(cls: Any, example: Any, order: tuple[int, ...]) -> None:
    data = data_for(cls, image_for(cls))
    lying = turned_data(data, order)
    arguments = {q.name: getattr(make(cls, example), q.name) for q in cls._params.values()}
    upright, other = cls(**arguments), cls(**turned(arguments, order))
    for seed in range(4):
        out, params = drawn(upright, seed, data)
        assert same(recorded(other, turned(params, order), lying), turned_data(out, order))


@every
@orders
def test_draws_for_a_volume_that_lies_otherwise_are_those_for_the_volume(
    cls: Any, example: Any, order: tuple[int, ...]
) -> None:
    data = data_for(cls, image_for(cls))
    lying = turned_data(data, order)
    arguments = {q.name: getattr(make(cls, example), q.name) for q in cls._params.values()}
    draws: list[list[np.ndarray]] = [[], []]
    for seed in range(60):
        for k, (transform, given) in enumerate(((cls(**arguments), data), (cls(**turned(arguments, order)), lying))):
            params = drawn(transform, seed + 1000 * k, given)[1]
            draws[k].append(first_numbers(params if k else turned(params, order)))
    one, two = (np.array(rows) for rows in draws)
    # The mean of 60 draws on each side: further apart than 4 deviations once in 15 000 times, of 12 numbers a case.
    spread = np.sqrt((one.var(axis=0) + two.var(axis=0)) / 60)
    assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) <= 4.5 * spread).all()


def first_numbers(params: dict[str, Any]) -> list[float]:
    """The numbers that every draw has: six of a window, a padding, or the first hole."""
    numbers = [*params.get("crop_coords", ()), *params.get("padding", ()), *next(iter(params.get("holes", ())), ())]
    return [*numbers, *(params.get("pad_params") or {}).values()]


@pytest.mark.parametrize("position", ["center", "random"])
def test_what_was_padded_is_cropped_away_again(position: str) -> None:
    data = data_for(A.Pad3D, image_for(A.Pad3D))
    size = data["volume"].shape[:3]
    for seed in range(10):
        params = {"keypoint_params": "xyz", "seed": seed, "save_applied_params": True}
        pad = A.PadIfNeeded3D((11, 50, 61), position=position, fill=3)
        there = A.Compose([pad], **params)(**data)
        padding = there.pop("applied_transforms")[0][1]["padding"]
        front, _, top, _, left, _ = padding
        begin = {"crop_coords": [front, front + size[0], top, top + size[1], left, left + size[2]], "pad_params": None}
        back = recorded(A.RandomCrop3D(size), begin, there)
        assert same(back, data)
        if position == "center":  # an odd rest of pads is behind, and of crops before: only even ones go back
            even = A.Compose([A.Pad3D((3, 1, 2)), A.CenterCrop3D(size)], keypoint_params="xyz")
            assert same(even(**data), data)
        assert same(A.Compose([A.Pad3D(padding)], keypoint_params="xyz")(**data)["keypoints"], there["keypoints"])


def test_the_symmetries_of_a_cube_are_a_group_of_48_and_each_is_undone() -> None:
    volume = np.arange(2 * 3 * 4 * 2, dtype=np.uint8).reshape(2, 3, 4, 2)
    data = {"volume": volume, "mask3d": volume[..., 0].copy(), "keypoints": [(3.0, 1.0, 0.0), (0.0, 2.0, 1.0)]}
    done = [recorded(A.CubicSymmetry(), {"index": i}, data) for i in range(48)]
    assert same(done[0], data)
    cube = {"volume": np.arange(27).reshape(3, 3, 3)}
    turned_cubes = [recorded(A.CubicSymmetry(), {"index": i}, cube)["volume"] for i in range(48)]
    assert len({turned_cube.tobytes() for turned_cube in turned_cubes}) == 48
    pairs = list(itertools.product(range(48), repeat=2))
    for first, second in random.Random(0).sample(pairs, 300):
        both = recorded(A.CubicSymmetry(), {"index": second}, done[first])
        assert same(both, done[volumes.cubic_then(first, second)])
    for i in range(48):
        assert same(recorded(A.CubicSymmetry(), {"index": volumes.cubic_inverse(i)}, done[i]), data)
        moved = done[i]
        for (x, y, z), (u, v, w) in zip(data["keypoints"], moved["keypoints"]):
            assert (moved["volume"][int(w), int(v), int(u)] == volume[int(z), int(y), int(x)]).all()


def test_every_symmetry_is_drawn_and_as_often_as_the_others() -> None:
    cube = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    pipeline = A.Compose([A.CubicSymmetry()], seed=1, save_applied_params=True)
    found = [pipeline(volume=cube)["applied_transforms"][0][1]["index"] for _ in range(4800)]
    counts = np.bincount(found, minlength=48)
    assert len(counts) == 48
    assert counts.min() > 60  # 100 expected, with a deviation of 10
    assert counts.max() < 140


# Volumes through ordinary transforms: every slice as an image, with one draw.


def ordinary() -> Any:
    """The cases of transforms that take volumes slice by slice, and need no more than a picture for it."""
    for case in cases(DualTransform):
        transform = None if case.marks else make(*case.values)
        if transform and not transform._solid and not {*transform._looks_at, *transform._reads} - {"image"}:
            yield case


@pytest.mark.parametrize(("cls", "example"), list(ordinary()))
def test_an_ordinary_transform_moves_keypoints_of_volumes_within_their_slices(cls: Any, example: Any) -> None:
    data = data_for(A.CubicSymmetry, image_for(cls))
    for seed in range(3):
        transform = make(cls, example)
        read = transform.example_call(data["volume"][0])
        solid = A.Compose([transform], keypoint_params="xyz", seed=seed)(**data, **read)
        image = {"image": data["volume"][0], "mask": data["mask3d"][0]}
        plain = [(x, y, z) for x, y, z in data["keypoints"]]
        pictured = A.Compose([transform], keypoint_params="xyz", seed=seed)(**image, keypoints=plain, **read)
        assert same(solid["keypoints"], pictured["keypoints"])
        assert same(solid["mask3d"][0], pictured["mask"])
        assert same(solid["volume"][0], pictured["image"])
