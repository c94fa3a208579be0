"""Replay records of another release, with its pictures: `python -m benchmark records --peer PYTHON --out FILE`.

Every class of the catalogue that the release has is called with the arguments below and those of its `examples`; one
that refuses them is left out. The file is read by tests/test_records.py, and `--table` writes docs/records.md from it.
"""

import base64
import gzip
import json
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from albumentations.core.serialization import registered
from albumentations.core.transforms_interface import BasicTransform

from .calls import Refused, Worker
from .pinned import NO_PHOTO
from .timing import table

# Arguments in several releases' spellings, for pictures of 24 x 32; the first that a release takes is kept.
_REFERENCES = "[photo[::-1].copy()], read_fn=lambda x: x"
ARGUMENTS = {
    "AtLeastOneBBoxRandomCrop": ("12, 14",),
    "BBoxSafeRandomCrop": ("erosion_rate=0.2",),
    "CenterCrop": ("12, 14",),
    "CoarseDropout": ("3, 8, 8", "num_holes_range=(2, 3), hole_height_range=(3, 8), hole_width_range=(3, 8)"),
    "ConstrainedCoarseDropout": ("bbox_labels=[1]",),
    "Crop": ("2, 3, 20, 22",),
    "CropAndPad": ("percent=(-0.2, 0.2)",),
    "CropNonEmptyMaskIfExists": ("12, 14",),
    "FDA": (_REFERENCES,),
    "GridDropout": ("0.3",),
    "GridElasticDeform": ("(4, 4), 3",),
    "HistogramMatching": (_REFERENCES,),
    "LongestMaxSize": ("max_size=40",),
    "MaskDropout": ("max_objects=2",),
    "Pad": ("(5, 10, 15, 20)",),
    "PadIfNeeded": ("41, 37",),
    "PixelDistributionAdaptation": (_REFERENCES,),
    "PixelDropout": ("0.2",),
    "RandomCrop": ("12, 14",),
    "RandomResizedCrop": ("12, 14", "(12, 14)"),
    "RandomSizedBBoxSafeCrop": ("12, 14",),
    "RandomSizedCrop": ("(8, 20), 12, 14", "(8, 20), (12, 14)"),
    "Resize": ("15, 20",),
    "FrequencyMasking": ("6",),
    "SmallestMaxSize": ("max_size=30",),
    "TemplateTransform": ("photo[::-1].copy()",),
    "TimeMasking": ("8",),
    "XYMasking": ("num_masks_x=2, num_masks_y=2, mask_x_length=6, mask_y_length=5",),
}
_BOXED = "dict(mask=mask, bboxes=boxes)"
BESIDE = {
    **dict.fromkeys(("BBoxSafeRandomCrop", "RandomSizedBBoxSafeCrop", "AtLeastOneBBoxRandomCrop"), _BOXED),
    "ConstrainedCoarseDropout": _BOXED,
    "RandomCropNearBBox": "dict(cropping_bbox=[4, 6, 20, 12])",
    "OverlayElements": "dict(overlay_metadata={'image': photo[::-1][:9, :8].copy()})",
    "Mosaic": "dict(mosaic_metadata=[{'image': photo[::-1].copy()}, {'image': photo[:, ::-1].copy()}])",
}
NO_RECORD = NO_PHOTO - {"ToRGB", "FromFloat", "HEStain"} | {"Mosaic", "OverlayElements"}

# What both sides of the fixture call with.
DATA = """
import base64, json, random
import numpy as np
photo = np.frombuffer(base64.b64decode({photo!r}), np.uint8).reshape(24, 32, 3).copy()
mask = np.zeros(photo.shape[:2], np.uint8)
mask[6:12, 4:20] = 1
boxes = [[4.0, 6.0, 20.0, 12.0, 1], [10.0, 15.0, 13.0, 17.0, 2]]
"""
SETUP = """
import albumentations as A
version, file = A.__version__, A.__file__

def kept(value):
    if isinstance(value, dict):
        return {str(k): kept(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [kept(v) for v in value]
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return {"__array__": [value.dtype.str, value.shape, base64.b64encode(value.tobytes()).decode()]}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return {"__object__": type(value).__name__, "params": kept(getattr(value, "params", None))}

def recorded(code, beside, seed):
    random.seed(seed), np.random.seed(seed)
    transform = eval(code)
    beside = eval(beside)
    image = photo
    if "float" in type(transform).__name__.lower() and type(transform).__name__.startswith("From"):
        image = (photo / 255).astype(np.float32)
    elif type(transform).__name__ == "ToRGB":
        image = photo[:, :, 0]
    params = {"bbox_params": A.BboxParams("pascal_voc")} if "bboxes" in beside else {}
    pipeline = A.ReplayCompose([transform], **params)
    if hasattr(pipeline, "set_random_seed"):
        pipeline.set_random_seed(seed)
    result = pipeline(image=image.copy(), **beside)
    return kept({"code": code, "image": image, "beside": beside, "record": result["replay"], "result": result["image"]})
"""


def photo() -> np.ndarray:
    """A piece of a photo of scikit-image, (24, 32, 3) uint8."""
    from skimage import data

    return np.ascontiguousarray(data.astronaut()[100:124, 210:242])


def codes(cls: Any) -> Iterator[tuple[str, ...]]:
    """Calls of the class, as code; of several spellings of one the first that a release takes counts."""
    name = cls.__name__
    plain = ARGUMENTS.get(name, ("",))
    yield tuple(f"A.{name}({', '.join(filter(None, (arguments, 'p=1')))})" for arguments in plain)
    for example in cls.examples:
        try:
            arguments = json.loads(json.dumps(example))
        except TypeError:
            continue
        if arguments:
            yield (f"A.{name}({', '.join(f'{k}={v!r}' for k, v in example.items())}, p=1)",)


def run(python: str) -> dict[str, Any]:
    """The version of the release, its records and pictures by class."""
    encoded = base64.b64encode(photo().tobytes()).decode()
    found: dict[str, list[Any]] = {}
    with Worker(python) as worker:
        version, _ = worker.ask(setup=DATA.format(photo=encoded) + SETUP, call="None")
        for cls in registered(BasicTransform):
            name = cls.__name__
            if name in NO_RECORD or not worker.ask(value=f"hasattr(A, {name!r})"):
                continue
            for i, spellings in enumerate(codes(cls)):
                for seed in range(2 if i == 0 else 1):
                    answer = _first(worker, spellings, BESIDE.get(name, "dict(mask=mask)"), seed)
                    if answer is not None:
                        found.setdefault(name, []).append(answer)
                    if answer is None or len(json.dumps(answer["record"])) > 4000:
                        break
            if name not in found:
                print(f"{name}: no call of {version} worked", file=sys.stderr)
    return {"version": version, "photo": encoded, "records": found}


def _first(worker: Worker, spellings: tuple[str, ...], beside: str, seed: int) -> Any:
    for code in spellings:
        try:
            return worker.ask(value=f"recorded({code!r}, {beside!r}, {seed})")
        except Refused as error:
            print(f"{code}: {error}", file=sys.stderr)
    return None


def write(path: Path, records: dict[str, Any]) -> None:
    """Write what `run` found."""
    path.write_bytes(gzip.compress(json.dumps(records, separators=(",", ":")).encode(), mtime=0))


def read(path: Path) -> dict[str, Any]:
    """Read what `write` wrote, arrays and all."""
    found: dict[str, Any] = _decoded(json.loads(gzip.decompress(path.read_bytes())))
    return found


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(v) for v in value]
    if not isinstance(value, dict):
        return value
    if "__array__" in value:
        dtype, shape, data = value["__array__"]
        return np.frombuffer(base64.b64decode(data), dtype).reshape(shape).copy()
    if "__object__" in value:
        return types.SimpleNamespace(params=_decoded(value["params"]))
    return {k: _decoded(v) for k, v in value.items()}


# What replays to another picture than the release's: class, a part of the call, the largest mean difference, and why.
KNOWN = (
    ("ColorJitter", "", 1.5, "the releases round to whole levels and degrees between its four steps"),
    ("Cutout", "fill_value=9", 2.5, "1.x does not record fill_value, so that 0 is painted, and said"),
    *(
        (name, "fill=77", 13.0, "2.0.8 paints one number into the first channel alone, here it is a gray")
        for name in ("ElasticTransform", "GridDistortion", "OpticalDistortion", "ThinPlateSpline", "Perspective")
    ),
)

TABLE = """# Records of older releases

Written by `python -m benchmark records --table` from real records of a photo of 24 x 32, made by the releases
themselves with default arguments and the examples of each class. Replayed here they give that release's picture, the
mean difference being at most one level, or a ValueError that names the transform, the release and what is missing.

"""


def difference(case: dict[str, Any], record: Any = None) -> float:
    """The mean absolute difference, in levels, of a record's replay and the release's picture."""
    import albumentations as A

    replayed = A.ReplayCompose.replay(
        case["record"] if record is None else record, image=case["image"].copy(), **case["beside"]
    )
    ours, theirs = (np.squeeze(np.asarray(p, dtype=np.float64)) for p in (replayed["image"], case["result"]))
    if ours.shape != theirs.shape:
        return float("inf")
    return float(np.abs(ours - theirs).mean())


def known(name: str, code: str) -> tuple[float, str]:
    """How much a call may differ, and why."""
    return next(((bound, why) for cls, part, bound, why in KNOWN if cls == name and part in code), (1.0, ""))


def report(files: list[Path]) -> str:
    """What does not replay to the release's picture, in Markdown."""
    rows: list[list[Any]] = []
    counts = []
    for path in files:
        found = read(path)
        version, cases = found["version"], [(n, c) for n, cs in found["records"].items() for c in cs]
        refused = 0
        for name, case in cases:
            call = case["code"].removeprefix("A.").replace("|", "\\|")
            try:
                off = difference(case)
            except ValueError as error:
                refused += 1
                why = str(error).split("; it has the numbers")[0].partition("record of release ")[2] or str(error)
                rows.append([name, version, "raises", f"{version[0]}.x{why.removeprefix(f'{version[0]}.x')}", call])
                continue
            why = known(name, case["code"])[1]
            if off > 1:
                rows.append([name, version, f"differs by {off:.1f}", why, call])
        counts.append(f"- {version}: {len(cases)} records of {len(found['records'])} classes; {refused} raise")
    # One row for all calls of a class that end alike.
    merged: dict[tuple[Any, ...], list[Any]] = {}
    for name, version, verdict, why, call in rows:
        key = (name, version, verdict.split(" by ")[0], why)
        merged.setdefault(key, []).append((verdict, call))
    lines = [[n, v, max(x for x, _ in calls), why, len(calls)] for (n, v, _, why), calls in sorted(merged.items())]
    return TABLE + "\n".join([*counts, "", table(["class", "release", "replay", "why", "records"], lines)]) + "\n"
