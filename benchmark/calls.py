"""What a call costs, side by side with another library in an interpreter of its own, batch by batch in turns.

The other is a peer installed in another environment, or another checkout of this library, such as the commit before.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import numpy as np

from albumentations.core.serialization import registered
from albumentations.core.transforms_interface import BasicTransform, DualTransform

from .timing import BATCH_SECONDS, BATCHES, table

HERE = Path(__file__).resolve().parents[1]

SETUP = """
import random
import cv2, numpy as np, albumentations as A
cv2.setNumThreads(1)
version, file = A.__version__, A.__file__
image = np.random.Generator(np.random.PCG64(0)).integers(0, 255, (256, 256, 3), dtype=np.uint8)
floats = (image / 255).astype(np.float32)
volume = np.random.Generator(np.random.PCG64(0)).integers(0, 255, (64, 64, 64), dtype=np.uint8)
mask = image[:, :, 0] // 64
boxes = [[10 + i, 20 + i, 60 + i, 90 + i] for i in range(100)]
numbers = list(range(100))
"""
BESIDE = "beside = t[0].example_call(image)"  # what the transform wants beside targets
IMAGE = "t(image=image)"
TEN = "t(image=image, bboxes=boxes[:10], labels=numbers[:10])"
HUNDRED = "t(image=image, bboxes=boxes, labels=numbers)"
BOXES = "bbox_params=A.BboxParams('pascal_voc', label_fields=['labels'])"

DETECTION = f"A.Compose([A.HorizontalFlip(p=1), A.ShiftScaleRotate(p=1), A.RandomCrop(200, 200, p=1)], {BOXES})"

# Name -> the pipeline and the call.
PIPELINES: dict[str, tuple[str, str]] = {
    "empty pipeline": ("A.Compose([])", IMAGE),
    "ten skipped transforms": ("A.Compose([A.HorizontalFlip(p=0)] * 10)", IMAGE),
    "flip, rotate, brightness": (
        "A.Compose([A.HorizontalFlip(p=1), A.Rotate(p=1), A.RandomBrightnessContrast(p=1)])",
        IMAGE,
    ),
    "five pointwise": (
        "A.Compose([A.RandomGamma(p=1), A.RandomBrightnessContrast(p=1), A.InvertImg(p=1), A.Posterize(p=1),"
        " A.Solarize(p=1)])",
        IMAGE,
    ),
    "flip, shift-scale-rotate, crop, 10 boxes": (DETECTION, TEN),
    "flip, shift-scale-rotate, crop, 100 boxes": (DETECTION, HUNDRED),
    "classification": (
        "A.Compose([A.RandomResizedCrop(size=(224, 224), scale=(0.4, 1.0), p=1), A.HorizontalFlip(p=0.5),"
        " A.ColorJitter(p=0.8), A.Normalize(p=1)])",
        IMAGE,
    ),
}


def rows(only: str = "") -> dict[str, tuple[str, str]]:
    """Every transform with its first example, those that move boxes also with ten of them, and the named pipelines.

    Images are uint8, or float32 where it must be, and volumes where they are taken whole; a transform that needs a
    package which is not installed, or other channels than RGB, is left out.
    """
    found = {name: row for cls in registered(BasicTransform) for name, row in _rows_of(cls)}
    return {name: row for name, row in {**PIPELINES, **found}.items() if re.search(only, name)}


def _rows_of(cls: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    if not all(_installed(m) for m in cls.needs_modules):
        return
    example = cls(**cls.examples[0])
    if 3 not in (example._needs_channels or (3,)):
        return
    image = "image" if "uint8" in (example._needs_dtypes or ("uint8",)) else "floats"
    name = cls.__name__
    made = f"A.{name}(**{{**{_written(cls)}, 'p': 1}})"
    if cls._solid:
        yield name, (f"A.Compose([{made}])", "t(volume=volume)")
        return
    given = f"image={image}"
    if "mask" in {*example._reads, *example._looks_at}:
        given += ", mask=mask"
    if example.example_call(np.zeros((8, 8, 3), np.uint8)):
        given += ", **beside"
    yield name, (f"A.Compose([{made}])", f"t({given})")
    if issubclass(cls, DualTransform):
        yield f"{name}, 10 boxes", (f"A.Compose([{made}], {BOXES})", TEN.replace("image=image", given))


def _installed(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


def _written(cls: Any) -> str:
    """The first example as code, so that both sides get the same arguments; functions are each side's own."""
    example = cls.examples[0]
    try:
        json.dumps(example)
    except TypeError:
        return f"A.{cls.__name__}.examples[0]"
    return repr(example)


class Refused(Exception):
    """A pipeline that a library cannot build or run."""


class Worker:
    """One library in its own interpreter."""

    def __init__(self, python: str, folder: Optional[Path] = None) -> None:
        self.folder = folder
        path = str(Path(__file__).with_name("worker.py"))
        # What is installed there is meant, not what this process finds first.
        environment = {k: v for k, v in os.environ.items() if folder is not None or k != "PYTHONPATH"}
        self.process = subprocess.Popen(
            [python, "-u", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/", env=environment
        )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.communicate()  # closes what it reads, so that it ends

    def ask(self, **request: Any) -> Any:
        """The worker's answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if isinstance(answer, dict) and "error" in answer:
            raise Refused(answer["error"])
        return answer

    def prepare(self, row: tuple[str, str]) -> str:
        """Build a pipeline there and call it once; the library's version comes back."""
        first = f"import sys; sys.path.insert(0, {str(self.folder)!r})\n" if self.folder else ""
        last = f"\n{BESIDE}" if "**beside" in row[1] else ""
        version, file = self.ask(setup=f"{first}{SETUP}\nt = {row[0]}{last}", call=row[1])
        if (self.folder is None) == ((self.folder or HERE) in Path(file).resolve().parents):
            raise RuntimeError(
                f"{file} was imported, not what is {f'in {self.folder}' if self.folder else 'installed'}"
            )
        return str(version)


def in_turns(first: Worker, second: Worker, batches: int = BATCHES) -> tuple[float, float]:
    """The best seconds a call of two workers' pipelines, batch by batch, the order changing every time.

    Each batch starts its random numbers anew and has the same number of calls on both sides, so that all batches of
    one library do the same work.
    """
    slowest = max(w.ask(calls=5) for w in (first, second))
    calls = max(1, round(BATCH_SECONDS / max(slowest, 1e-9)))
    best = {first: float("inf"), second: float("inf")}
    for i in range(batches):
        for worker in (first, second) if i % 2 else (second, first):
            best[worker] = min(best[worker], worker.ask(calls=calls))
    return best[first], best[second]


def compare(python: str, folder: Optional[Path], only: str = "", rounds: int = 3) -> str:
    """The table of calls, the other library's time over ours, the worst for us on top.

    Args:
        python: the interpreter of the other library.
        folder: the checkout it is imported from there; None where it is installed.
        only: a regular expression that the names of rows must match somewhere.
        rounds: how often two new interpreters measure every row. The best of all counts, since where a process
            happens to lie in memory makes up to a twentieth.
    """
    chosen = rows(only)
    best = {name: (float("inf"), float("inf")) for name in chosen}
    refused: dict[str, str] = {}
    versions = ("", "")
    for _ in range(rounds):
        with Worker(sys.executable, HERE) as ours, Worker(python, folder) as other:
            for name, row in chosen.items():
                if name in refused:
                    continue
                mine = ours.prepare(row)
                try:
                    versions = (mine, other.prepare(row))
                except Refused as error:
                    refused[name] = str(error)
                    continue
                a, b = in_turns(ours, other)
                best[name] = (min(best[name][0], a), min(best[name][1], b))
    label = "before" if folder else versions[1]
    measured = [[n, b * 1e6, a * 1e6, b / a] for n, (a, b) in best.items() if n not in refused]
    lines = [
        f"albumentations {versions[0]} against {folder or versions[1]}, 256 x 256 x 3, volumes 64 x 64 x 64, uint8, one"
        " thread",
        "",
        table(["call", f"{label}, us", "now, us", f"{label} / now"], sorted(measured, key=lambda row: row[3])),
    ]
    if measured:
        ratios = np.array([row[3] for row in measured])
        middle = float(np.exp(np.log(ratios).mean()))
        lines += [
            "",
            f"{len(measured)} calls; geometric mean {middle:.3f}, from {ratios.min():.3f} to {ratios.max():.3f}",
        ]
    lines += ["", "Left out, since the other cannot run them:"] * bool(refused)
    return "\n".join([*lines, *(f"- {name}: {said}" for name, said in refused.items())])


def against(folder: str, only: str = "", rounds: int = 3) -> str:
    """The table of this checkout and another, a folder that holds `albumentations/`, in the same environment."""
    path = Path(folder).resolve()
    if not (path / "albumentations" / "__init__.py").is_file():
        raise SystemExit(f"{path} is no checkout: it holds no albumentations/")
    return compare(sys.executable, path, only, rounds)


def peer(python: str, only: str = "", rounds: int = 3) -> str:
    """The table of this library and another release, installed in the environment of another interpreter.

    Where the first example of a transform is bare, each side takes its own defaults, which may be different work.
    """
    return compare(python, None, only, rounds)
