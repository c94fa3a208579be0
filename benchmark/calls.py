"""What a call costs, side by side with a peer in an interpreter of its own, batch by batch in turns."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Optional

from .timing import BATCH_SECONDS, BATCHES, table

SETUP = """
import cv2, numpy as np, albumentations as A
cv2.setNumThreads(1)
version = A.__version__
image = np.random.Generator(np.random.PCG64(0)).integers(0, 255, (256, 256, 3), dtype=np.uint8)
boxes = [[10 + i, 20, 60 + i, 90 + i] for i in range(10)]
t = {}
"""
BOXES = "bbox_params=A.BboxParams('pascal_voc', label_fields=['labels'])"

# Name -> the pipeline and the call.
ROWS: dict[str, list[str]] = {
    "Compose([NoOp()])": ["A.Compose([A.NoOp()])", "t(image=image)"],
    "ten skipped transforms": ["A.Compose([A.HorizontalFlip(p=0)] * 10)", "t(image=image)"],
    "HorizontalFlip": ["A.Compose([A.HorizontalFlip(p=1)])", "t(image=image)"],
    "flip, rotate, brightness": [
        "A.Compose([A.HorizontalFlip(p=1), A.Rotate(p=1), A.RandomBrightnessContrast(p=1)])",
        "t(image=image)",
    ],
    "five pointwise": [
        "A.Compose([A.RandomGamma(p=1), A.RandomBrightnessContrast(p=1), A.InvertImg(p=1), A.Posterize(p=1),"
        " A.Solarize(p=1)])",
        "t(image=image)",
    ],
    "flip, shift-scale-rotate, crop, 10 boxes": [
        f"A.Compose([A.HorizontalFlip(p=1), A.ShiftScaleRotate(p=1), A.RandomCrop(200, 200)], {BOXES})",
        "t(image=image, bboxes=boxes, labels=list(range(10)))",
    ],
    "GaussNoise, deviation 40": ["A.Compose([A.GaussNoise(std_range=(40 / 255, 40 / 255), p=1)])", "t(image=image)"],
}
FLIP = ["None", "cv2.flip(image, 1)"]


class Worker:
    """One library in its own interpreter."""

    def __init__(self, python: str, folder: Optional[Path] = None) -> None:
        path = str(Path(__file__).with_name("worker.py"))
        self.process = subprocess.Popen(
            [python, "-u", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder or "/"
        )

    def ask(self, **request: Any) -> Any:
        """The worker's answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def prepare(self, row: list[str], path: str = "") -> str:
        """Build a pipeline there; its version comes back."""
        first = f"import sys; sys.path.insert(0, {path!r})\n" if path else ""
        version: str = self.ask(setup=f"{first}{SETUP}\nt = {row[0]}", call=row[1])
        return version


def in_turns(workers: list[Worker], batches: int = BATCHES) -> list[float]:
    """The best seconds a call of each worker's pipeline."""
    calls = [max(1, round(BATCH_SECONDS / max(w.ask(calls=5), 1e-9))) for w in workers]
    times = [float("inf")] * len(workers)
    for _ in range(batches):
        times = [min(t, w.ask(calls=n)) for t, w, n in zip(times, workers, calls)]
    return times


def run(peer: str) -> str:
    """The table of calls, ours against the peer installed in another interpreter."""
    ours, theirs = Worker(sys.executable), Worker(peer)
    root = str(Path(__file__).parent.parent)
    rows = []
    versions = ["", ""]
    for name, row in ROWS.items():
        versions = [ours.prepare(row, root), theirs.prepare(row)]
        a, b = in_turns([ours, theirs])
        rows.append([name, a * 1e6, b * 1e6, b / a])
    flips = [Worker(sys.executable), Worker(sys.executable)]
    flips[0].prepare(ROWS["HorizontalFlip"], root)
    flips[1].prepare(FLIP, root)
    a, b = in_turns(flips)
    rows.append(["HorizontalFlip against cv2.flip", a * 1e6, b * 1e6, b / a])
    title = f"albumentations {versions[0]} and {versions[1]}, 256 x 256 x 3, one thread\n\n"
    return title + table(["call", f"{versions[0]}, us", f"{versions[1]}, us", "times faster"], rows)
