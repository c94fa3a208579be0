"""What the tests share: pictures, rows, and the registry that the laws walk."""

import importlib.util
import json
import random
from collections.abc import Iterator
from typing import Any, Optional

import numpy as np
import pytest

import albumentations as A
from albumentations.core.params import REQUIRED
from albumentations.core.serialization import jsonable, registered
from albumentations.core.transforms_interface import BasicTransform, DualTransform, Transform3D

HEIGHT, WIDTH = 40, 48


def picture(dtype: str = "uint8", channels: Optional[int] = 3, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """Waves and a little noise: smooth enough to be a photo, with no two pixels alike. None channels is (H, W)."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    planes = [
        0.5 + 0.35 * np.sin(x / (5 + c) + c) * np.cos(y / (7 + c)) + 0.1 * np.sin(x * y / 50 + c)
        for c in range(channels or 1)
    ]
    noise = np.random.Generator(np.random.PCG64(1)).uniform(-0.03, 0.03, (height, width, channels or 1))
    image = np.clip(np.stack(planes, axis=2) + noise, 0, 1)
    image = image if channels is not None else image[:, :, 0]
    if np.dtype(dtype).kind in "iu":
        return np.ascontiguousarray((image * np.iinfo(dtype).max).astype(dtype))
    return np.ascontiguousarray(image.astype(dtype))


def classes(base: Any = BasicTransform) -> list[Any]:
    """The library's transforms below a base class."""
    return list(registered(base))


def _param(cls: Any, *values: Any, id: str) -> Any:
    missing = [m for m in cls.needs_modules if importlib.util.find_spec(m) is None]
    marks = [pytest.mark.skip(reason=f"{missing[0]} is not installed")] if missing else []
    return pytest.param(*values, id=id, marks=marks)


def class_cases() -> list[Any]:
    """Every transform, as pytest parameters; skipped where a package it needs is not installed."""
    return [_param(cls, cls, id=cls.__name__) for cls in classes()]


def cases(base: Any = BasicTransform) -> Iterator[Any]:
    """Every transform with each of its examples, as pytest parameters."""
    for cls in classes(base):
        for i, example in enumerate(cls.examples):
            yield _param(cls, cls, example, id=f"{cls.__name__}-{i}")


def make(cls: Any, example: dict[str, Any], **changes: Any) -> Any:
    """A transform of one of its examples, always applied unless said otherwise."""
    return cls(**{**example, "p": 1, **changes})


def required(cls: Any) -> dict[str, Any]:
    """The arguments of an example that a class cannot be made without."""
    needed = {n: v for n, v in cls.examples[0].items() if cls._params[n].default is REQUIRED}
    try:
        cls(**needed)
    except ValueError as error:  # one of two, neither of which has a default
        assert "exactly one of" in str(error)
        return dict(cls.examples[0])
    return needed


def accepted(transform: Any, image: np.ndarray) -> bool:
    """Whether the transform says that it takes such an image."""
    channels = 1 if image.ndim == 2 else image.shape[-1]
    return (not transform._needs_channels or channels in transform._needs_channels) and (
        not transform._needs_dtypes or image.dtype.name in transform._needs_dtypes
    )


def channels_for(cls: Any) -> int:
    """A number of channels that the class takes with all its examples: 3 where it can be."""
    needed = [make(cls, example)._needs_channels for example in cls.examples]
    return next(n for n in (3, *(n for some in needed for n in some)) if all(not some or n in some for some in needed))


BOXES = [(4.0, 5.0, 20.0, 25.0), (10.0, 2.0, 40.0, 30.0), (0.0, 0.0, 48.0, 40.0)]
POINTS = [(5.0, 6.0), (30.0, 20.0), (47.0, 39.0)]


def pipeline(transform: Any, seed: Optional[int] = 0, **settings: Any) -> Any:
    """A Compose of one transform, for boxes and keypoints too."""
    dual = isinstance(transform, (DualTransform, list, A.BaseCompose))
    params = {
        "bbox_params": A.BboxParams("pascal_voc", label_fields=["labels"]),
        "keypoint_params": A.KeypointParams("xyz" if isinstance(transform, Transform3D) else "xy"),
    }
    transforms = transform if isinstance(transform, list) else [transform]
    return A.Compose(transforms, seed=seed, **({**params, **settings} if dual else settings))


def sample(image: np.ndarray) -> dict[str, Any]:
    """An image with a mask, boxes with labels, and keypoints."""
    height, width = image.shape[:2]
    mask = (picture("uint8", None, height, width) // 64).astype(np.uint8)
    x, y = width / WIDTH, height / HEIGHT
    boxes = [(x0 * x, y0 * y, x1 * x, y1 * y) for x0, y0, x1, y1 in BOXES]
    points = [(u * x, v * y) for u, v in POINTS]
    return {"image": image, "mask": mask, "bboxes": boxes, "labels": ["a", "b", None], "keypoints": points}


def data_for(cls: Any, image: np.ndarray) -> dict[str, Any]:
    """A sample with the targets that the transform's pipeline can name, and what any of its examples reads."""
    known = sample(image)
    if main(cls) == "volume":
        targets = {**given(cls, image, known["mask"]), "keypoints": spread(known["keypoints"])}
        return targets if issubclass(cls, DualTransform) else {n: targets[n] for n in ("volume", "mask3d")}
    targets = known if issubclass(cls, DualTransform) else {"image": image, "mask": known["mask"]}
    read = {name: value for e in cls.examples for name, value in make(cls, e).example_call(image).items()}
    return {**targets, **read}


def image_for(cls: Any, dtype: str = "uint8") -> np.ndarray:
    """A picture that the class takes, in color where it can be."""
    dtypes = make(cls, cls.examples[0])._needs_dtypes
    return picture(dtypes[0] if dtypes and dtype not in dtypes else dtype, channels_for(cls))


def read_by(transform: Any, image: np.ndarray) -> dict[str, Any]:
    """What the transform reads or looks at in a call beside the image: targets with their labels, and metadata."""
    known, wanted = sample(image), {*transform._reads, *transform._looks_at} - {"image"}
    targets = {n: v for n, v in known.items() if n in wanted or (n == "labels" and "bboxes" in wanted)}
    return {**targets, **transform.example_call(image)}


def arrays_in(value: Any) -> Iterator[np.ndarray]:
    """Every array of a call's data, those in metadata too."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(item)


def replayed(transform: Any, params: dict[str, Any], **data: Any) -> dict[str, Any]:
    """The transform with these drawn numbers, from a record."""
    pipeline = replay_pipeline(transform)
    record = pipeline(**data).pop("replay")
    return A.ReplayCompose.replay(json.loads(json.dumps(jsonable(with_numbers(record, params)))), **data)


def with_numbers(record: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """The record of a pipeline of one transform that drew these numbers."""
    record["transforms"][0].update(params=params, applied=True)
    record["events"] = [[0, [params]]]
    return record


def replay_pipeline(transform: Any) -> Any:
    if "__name__" in transform._describe():
        pytest.skip("functions of the user's own are in no record")
    return A.ReplayCompose(
        [transform],
        bbox_params=A.BboxParams("pascal_voc", label_fields=["labels"]),
        keypoint_params=A.KeypointParams("xy", label_fields=["names"], remove_invisible=False),
    )


def reading(transform: Any, image: np.ndarray) -> dict[str, Any]:
    """A call with the picture, a volume where it takes these whole, and what the transform reads."""
    cls = type(transform)
    if main(cls) == "volume":
        return given(cls, image, sample(image)["mask"])
    return {"image": image, "mask": sample(image)["mask"], **read_by(transform, image)}


def params_for(data: dict[str, Any]) -> dict[str, Any]:
    """The params of rows that a call has."""
    return {"bbox_params": A.BboxParams("pascal_voc", label_fields=["labels"])} if "bboxes" in data else {}


def border(cls: Any, *, mirrored: bool) -> dict[str, Any]:
    """The argument that mirrors the image beyond its edges or leaves it black there, however the class calls it."""
    if "border_mode" in cls._params:
        return {"border_mode": 4 if mirrored else 0}
    for name in ("mode", "pad_mode"):
        value = name.replace("mode", "cval")
        if value in cls._params:
            return {name: "reflect" if mirrored else "constant", value: 0}
    return {}


def same(a: Any, b: Any) -> bool:
    """Equal values, types, dtypes and shapes, through containers."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and bool(np.array_equal(a, b))
    if hasattr(a, "numpy"):
        return type(a) is type(b) and same(a.numpy(), b.numpy())
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return type(a) is type(b) and (bool(a == b) or (a != a and b != b))  # NaN is an absent keypoint


def run(transform: Any, data: dict[str, Any], seed: int = 0) -> dict[str, Any]:
    """The result of a pipeline of one transform under a seed; what it reads is given where `data` has it not."""
    read = {} if main(type(transform)) == "volume" else read_by(transform, data["image"])
    beside = {n: v for n, v in read.items() if n not in data}
    result: dict[str, Any] = pipeline(transform, seed)(**data, **beside)
    return {n: v for n, v in result.items() if n not in beside}


def reseed(seed: int = 0) -> None:
    """Python's global stream, from the start."""
    random.seed(seed)


def center_of_mass(weights: np.ndarray) -> tuple[float, float]:
    """x and y of the middle of a spot."""
    y, x = np.mgrid[: weights.shape[0], : weights.shape[1]]
    total = weights.sum()
    return float((x * weights).sum() / total), float((y * weights).sum() / total)


# Transforms of volumes are held to the laws too: what a law has for an image, they get as a volume of such slices.

DEPTH = 6


def main(cls: Any) -> str:
    """The name of the picture that a class changes: "image", or "volume" where it takes volumes whole."""
    return "volume" if cls._solid else "image"


def mask_of(cls: Any) -> str:
    """The name of the mask beside it."""
    return "mask3d" if main(cls) == "volume" else "mask"


def solid(image: np.ndarray) -> np.ndarray:
    """A volume, (D, H, W) or (D, H, W, C), no slice like another; the first is the image."""
    return np.stack([np.roll(image, (2 * z, 3 * z), (0, 1)) for z in range(DEPTH)])


def given(cls: Any, image: np.ndarray, mask: Optional[np.ndarray] = None) -> dict[str, Any]:
    """The image, and perhaps a mask, under the names and in the rank that the class takes."""
    made = solid if main(cls) == "volume" else (lambda picture: picture)
    return {main(cls): made(image), **({} if mask is None else {mask_of(cls): made(mask)})}


def spread(points: Any) -> list[Any]:
    """Keypoints in the slices of a volume, from first to last."""
    return [(x, y, float(z)) for (x, y), z in zip(points, (0, 3, DEPTH - 1))]
