"""Whether transforms change photos as another release does: `python -m benchmark agree --peer PYTHON [--peer ...]`.

Two questions of each class, asked of the first peer that has it. Drawn: over 120 draws of a bare `A.X(p=1)` five
numbers of each picture (`MEASURES`) have one distribution on both sides: the two-sample Kolmogorov-Smirnov test, where
shifts below a tolerance count as none. Pinned: with arguments that leave nothing to draw (pinned.py), the mean
difference is at most one level. Each side runs in an interpreter of its own; nothing of it is seen but pictures.
"""

import datetime
import math
import re
import sys
import tempfile
from typing import Any, Optional

import numpy as np

from albumentations.core.serialization import registered
from albumentations.core.transforms_interface import BasicTransform

from .calls import HERE, Refused, Worker
from .pinned import CALLS, NO_PHOTO, PINNED, REQUIRED
from .timing import table

DRAWS = 120
# Numbers of a picture beside its original, and what counts as no difference: levels of 255, or shares.
MEASURES = {"abs change": 1.0, "change": 1.0, "changed": 0.02, "contrast": 0.02, "sharpness": 0.02}
# Five tests at 0.01 together.
SIGNIFICANT = 0.01 / len(MEASURES)

HEAD = """# Agreement

Written by `python -m benchmark agree`; what differs on purpose, and why, is in decisions.md. p: how likely the two
samples are if they have one distribution, by the two-sample Kolmogorov-Smirnov test, of the mean absolute change, the
mean change, the share of pixels changed by more than four levels (what HLS and back costs), the ratio of contrasts and
that of sharpness (mean of the absolute Laplacian); shifts below a level of 255 or 0.02 count as none. Pinned: the
largest mean difference of a photo, with arguments that leave nothing to draw.

"""

SETUP = """
import random
import cv2, numpy as np, albumentations as A
cv2.setNumThreads(1)
version, file = A.__version__, A.__file__
photos = list(np.load({photos!r}).values())
mask = np.zeros(photos[0].shape[:2], np.uint8)
mask[60:120, 40:200] = 1
boxes = [[40.0, 60.0, 200.0, 120.0, 1], [100.0, 150.0, 130.0, 170.0, 2]]

def made(code, boxed):
    random.seed(0), np.random.seed(0)
    transform = eval(code)
    params = {{"bbox_params": A.BboxParams("pascal_voc")}} if boxed else {{}}
    try:
        return A.Compose([transform], seed=0, **params)
    except TypeError:  # a release without seeds of its own
        return A.Compose([transform], **params)

def pictures(code, beside, draws):
    t = made(code, "bboxes" in beside)
    for i in range(draws):
        image = photos[i % len(photos)]
        yield image, t(image=image.copy(), **eval(beside))["image"]

def sharp(gray):
    return float(np.abs(cv2.Laplacian(gray, cv2.CV_64F)).mean())

def measures(before, after):
    after = np.asarray(after, np.float64)
    after = after[:, :, None] if after.ndim == 2 else after
    if after.shape[:2] != before.shape[:2]:
        after = cv2.resize(after, before.shape[1::-1]).reshape(*before.shape[:2], -1)
    before = before.astype(np.float64)
    change = after - before
    grays = after.mean(axis=2), before.mean(axis=2)
    return [float(np.abs(change).mean()), float(change.mean()), float((np.abs(change).max(axis=2) > 4.5).mean()),
            float(after.std() / before.std()), sharp(grays[0]) / sharp(grays[1])]

def drawn(code, beside, draws):
    return [measures(before, after) for before, after in pictures(code, beside, draws)]

def pinned(code, beside, path):
    np.savez(path, *[np.asarray(after) for _, after in pictures(code, beside, len(photos))])
"""


def distance(a: Any, b: Any, tolerance: float) -> float:
    """The Kolmogorov-Smirnov distance of two samples, of which either may be shifted by up to a tolerance."""
    a, b = np.sort(a), np.sort(b)

    def above(x: Any, y: Any) -> float:
        """How far the distribution of x, moved up by the tolerance, lies above that of y, at every x of either."""
        at = np.concatenate((x + tolerance, y))
        share_x = np.searchsorted(x + tolerance, at, side="right") / len(x)
        return float((share_x - np.searchsorted(y, at, side="right") / len(y)).max())

    return max(above(a, b), above(b, a), 0.0)


def p_value(d: float, n: int, m: int) -> float:
    """How likely a distance is in two samples of one distribution (Stephens, 1970, of Kolmogorov's limit)."""
    root = math.sqrt(n * m / (n + m))
    x = (root + 0.12 + 0.11 / root) * d
    if x < 0.2:  # the series does not converge there
        return 1.0
    return min(1.0, max(0.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 101))))


def photos() -> list[np.ndarray]:
    """Three photos of scikit-image, 256 x 256, RGB."""
    import cv2
    from skimage import data

    found = [getattr(data, name)() for name in ("astronaut", "chelsea", "coffee")]
    squares = [p[:, (p.shape[1] - p.shape[0]) // 2 :][:, : p.shape[0]] for p in found]
    return [cv2.resize(np.ascontiguousarray(p), (256, 256), interpolation=cv2.INTER_AREA) for p in squares]


def compare_drawn(name: str, ours: Worker, peer: Worker, draws: int = DRAWS) -> dict[str, float]:
    """The p-value of each measure."""
    code = f"A.{name}({', '.join(filter(None, (REQUIRED.get(name), 'p=1')))})"
    a, b = (
        np.array(w.ask(value=f"drawn({code!r}, {CALLS.get(name, 'dict(mask=mask)')!r}, {draws})")) for w in (ours, peer)
    )
    return {
        measure: p_value(distance(a[:, i], b[:, i], tolerance), draws, draws)
        for i, (measure, tolerance) in enumerate(MEASURES.items())
    }


def compare_pinned(name: str, ours: Worker, peer: Worker, folder: str) -> Optional[float]:
    """The largest mean difference of a photo, in levels, over the pinned arguments; None where there are none."""
    worst: Optional[float] = None
    for arguments in PINNED.get(name, ()):
        code = f"A.{name}({', '.join(filter(None, (arguments, 'p=1')))})"
        results = []
        for worker in (ours, peer):
            path = f"{folder}/pinned.npz"
            worker.ask(value=f"pinned({code!r}, {CALLS.get(name, 'dict(mask=mask)')!r}, {path!r})")
            with np.load(path) as kept:
                results.append([kept[n].astype(np.float64) for n in kept.files])
        for a, b in zip(*results):
            differs = float(np.abs(a - b).mean()) if a.shape == b.shape else math.inf
            worst = differs if worst is None else max(worst, differs)
    return worst


def run(pythons: list[str], only: str = "", draws: int = DRAWS) -> str:
    """The report, in Markdown: a row a class, the worst on top."""
    decisions = (HERE / "docs" / "decisions.md").read_text(encoding="utf-8")
    rows: list[list[Any]] = []
    left_out: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        np.savez(f"{folder}/photos.npz", *photos())
        setup = SETUP.format(photos=f"{folder}/photos.npz")
        workers = [Worker(sys.executable, HERE), *map(Worker, pythons)]
        first = f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        versions = [w.ask(setup=(first if w.folder else "") + setup, call="None")[0] for w in workers]
        for cls in registered(BasicTransform):
            name = cls.__name__
            if not re.search(only, name) or name in NO_PHOTO:
                continue
            has = [i for i, w in enumerate(workers[1:], 1) if w.ask(value=f"hasattr(A, {name!r})")]
            if not has:
                left_out.append(f"- {name}: no peer has it")
                continue
            ours, peer, release = workers[0], workers[has[0]], versions[has[0]]
            try:
                chances = compare_drawn(name, ours, peer, draws)
                off = compare_pinned(name, ours, peer, folder)
            except Refused as error:
                left_out.append(f"- {name} ({release}): {error}")
                continue
            agrees = min(chances.values()) >= SIGNIFICANT, off is None or off <= 1
            known = f"`{name}" in decisions
            verdict = "agrees" if all(agrees) else "differs, see decisions" if known else "DIFFERS"
            told = [f"{p:.3f}" if p >= 0.001 else f"{p:.0e}" for p in chances.values()]
            rows.append([name, release, *told, "" if off is None else f"{off:.2f}", verdict])
        for worker in workers:
            worker.__exit__()
    rows.sort(key=lambda row: (row[-1] == "agrees", row[-1], row[0]))
    counts = []
    for release in versions[1:]:
        of = [row for row in rows if row[1] == release]
        drawn = sum(all(float(p) >= SIGNIFICANT for p in row[2:7]) for row in of)
        fixed = [float(row[7]) for row in of if row[7]]
        counts.append(
            f"- {release}: a bare `A.X(p=1)` over {draws} draws has the same distributions in {drawn} of {len(of)}"
            f" classes; pinned arguments agree within one level in {sum(off <= 1 for off in fixed)} of {len(fixed)}"
        )
    lines = [
        f"{datetime.date.today()}, albumentations {versions[0]} beside {' and '.join(versions[1:])}: the first that has"
        " a class.",
        "",
        *counts,
        "",
        table(["class", "release", *(f"p, {m}" for m in MEASURES), "pinned, levels", "verdict"], rows),
    ]
    return "\n".join([*lines, *(["", "Not compared:", "", *left_out] if left_out else [])])
