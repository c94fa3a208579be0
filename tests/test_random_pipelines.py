"""Random pipelines on random data: whatever is combined, nothing is lost, and every way of running it agrees."""

import json
import pickle
import random
from typing import Any

import numpy as np
import pytest
from common import classes, picture, same

import albumentations as A

EVERY = [
    (c, e)
    for c in classes()
    if not c._converts and not c.needs_modules and "name" not in c._params
    for e in c.examples
    if not c(**e).example_call(np.zeros((8, 8, 3), np.uint8))  # metadata are of one picture, dtype and size
]
SOLID = [(c, e) for c, e in EVERY if c._solid]  # what takes volumes whole
LEAVES = [(c, e) for c, e in EVERY if not c._solid]


def node(rng: random.Random, leaves: Any = LEAVES, depth: int = 0) -> Any:
    """A transform, or a container of some."""
    if depth > 2 or rng.random() < 0.7:
        cls, example = rng.choice(leaves)
        return cls(**{**example, "p": rng.choice([0.3, 0.7, 1])})
    inside = [node(rng, leaves, depth + 1) for _ in range(rng.randint(1, 3))]
    containers = [
        lambda: A.OneOf(inside, p=0.8),
        lambda: A.SomeOf(inside, n=2),
        lambda: A.Sequential(inside, p=0.8),
        lambda: A.RandomOrder(inside, n=2),
        lambda: A.Compose(inside, p=0.9),
    ]
    return rng.choice(containers)()


def sample(rng: random.Random) -> dict[str, Any]:
    """An image with masks of wide integers and bools, boxes with labels inside and beside them, and keypoints."""
    height, width = rng.choice([(64, 80), (90, 70), (33, 47)])
    dtype, channels = rng.choice(["uint8", "uint8", "float32", "uint16", "float64"]), rng.choice([None, 1, 3, 3, 3, 5])
    mask = picture("uint8", None, height, width) // 50
    boxes: list[Any] = []
    for i in range(rng.randint(0, 6)):
        x, y = (sorted(rng.uniform(0, side) for _ in range(2)) for side in (width, height))
        if x[1] - x[0] > 0.1 and y[1] - y[0] > 0.1:
            boxes.append((x[0], y[0], x[1], y[1], f"box {i}"))
    points = [(rng.uniform(0, width - 1), rng.uniform(0, height - 1), rng.uniform(0, 359), i) for i in range(4)]
    return {
        "image": picture(dtype, channels, height, width),
        "mask": mask,
        "masks": [mask.astype(np.int64) + 2**40, mask > 1],
        "bboxes": boxes,
        "ids": np.arange(len(boxes)) + 2**60,
        "keypoints": points,
    }


@pytest.mark.parametrize("seed", range(12))
def test_random_pipelines(seed: int) -> None:
    rng = random.Random(seed)
    done = 0
    while done < 15:
        transforms = [node(rng) for _ in range(rng.randint(1, 5))]
        data, kept = sample(rng), rng.random() < 0.7
        settings = {
            "bbox_params": A.BboxParams("pascal_voc", label_fields=["ids"]),
            "keypoint_params": A.KeypointParams("xya", remove_invisible=kept),
            "seed": rng.getrandbits(30),
        }
        result = every_way(transforms, settings, data)
        if result is not None:
            check(data, result)
            done += 1


def every_way(transforms: list[Any], settings: dict[str, Any], data: dict[str, Any]) -> Any:
    """The result, the same by every way of running the pipeline; None where a transform cannot take the data."""
    before = pickle.loads(pickle.dumps(data))
    try:
        result = A.ReplayCompose(transforms, **settings)(**data)
    except ValueError as error:  # an image of channels, or a size, that one of them says it cannot take
        assert "must have" in str(error) or "the crop needs" in str(error)
        return None
    record = json.loads(json.dumps(result.pop("replay")))
    assert same(data, before), "inputs were written to"
    assert same(A.ReplayCompose.replay(record, **data), result)
    pipeline = A.Compose(transforms, **settings)
    saved = json.loads(json.dumps(A.core.serialization.jsonable(A.to_dict(pipeline))))
    assert same(A.from_dict(saved)(**data), result)
    assert same(A.Compose(transforms, fuse=False, **settings)(**data), result)
    return result


@pytest.mark.parametrize("seed", range(6))
def test_random_pipelines_of_volumes(seed: int) -> None:
    rng = random.Random(seed)
    alone = [(c, e) for c, e in LEAVES if not {*c(**e)._looks_at, *c(**e)._reads} - {"image"}]
    done = 0
    while done < 15:
        transforms = [node(rng, rng.choice([SOLID, alone])) for _ in range(rng.randint(1, 5))]
        sides = rng.choice([(8, 40, 50), (5, 33, 27), (12, 30, 64)])
        dtype, channels = rng.choice(["uint8", "float32", "uint16"]), rng.choice([None, 1, 3, 3])
        volume = np.stack([picture(dtype, channels, *sides[1:])[::step] for step in (1, -1)] * 6)[: sides[0]]
        places = [np.array([rng.randrange(side) for side in sides]) for _ in range(6)]
        data = {
            "volume": volume,
            "mask3d": np.stack([picture("uint8", None, *sides[1:]) // 50] * sides[0]).astype(np.int64),
            "masks3d": [np.ones(sides, bool), np.zeros(sides, np.float32)],
            "keypoints": [(float(x), float(y), float(z), i) for i, (z, y, x) in enumerate(places)],
        }
        settings = {"keypoint_params": A.KeypointParams("xyz"), "seed": rng.getrandbits(30)}
        result = every_way(transforms, settings, data)
        if result is None:
            continue
        shape = result["volume"].shape[:3]
        assert result["volume"].dtype == volume.dtype
        assert result["volume"].ndim == volume.ndim
        for mask, moved in zip((data["mask3d"], *data["masks3d"]), (result["mask3d"], *result["masks3d"])):
            assert moved.shape == shape
            assert moved.dtype == mask.dtype
        assert all(-1 < v < side for row in result["keypoints"] for v, side in zip(row, shape[::-1]))
        assert len({row[3] for row in result["keypoints"]}) == len(result["keypoints"])
        done += 1


def check(data: dict[str, Any], result: dict[str, Any]) -> None:
    """Sizes agree, dtypes stay, labels stay with their boxes, and boxes lie in the image."""
    height, width = result["image"].shape[:2]
    for a, b in zip((data["image"], data["mask"], *data["masks"]), (result["image"], result["mask"], *result["masks"])):
        assert b.dtype == a.dtype
        assert b.ndim == a.ndim
        assert b.shape[:2] == (height, width)
        assert b.flags.c_contiguous
    assert [row[4] for row in result["bboxes"]] == [data["bboxes"][i - 2**60][4] for i in result["ids"].tolist()]
    for x_min, y_min, x_max, y_max, _ in result["bboxes"]:
        assert 0 <= x_min < x_max <= width
        assert 0 <= y_min < y_max <= height
