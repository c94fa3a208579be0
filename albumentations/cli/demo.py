"""`albumentations demo`: photos that scikit-image brings along, with masks, boxes and keypoints made from them."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from . import files
from .augment import ANNOTATIONS, Request, augment
from .coco import Coco
from .preview import Sample, preview

_FACE = ["eye", "eye", "nose"]  # without sides, so that faces may be mirrored
_NAMES = ("person", "rocket", "cat", "cup", "motorcycle", "coin")
CATEGORIES: list[dict[str, Any]] = [
    {"id": number, "name": name, **({"keypoints": _FACE} if name in ("person", "cat") else {})}
    for number, name in enumerate(_NAMES, 1)
]

# Rough outlines `(x, y)` in pixels, drawn by hand; GrabCut finds the edge near them.
_OUTLINES: dict[str, list[tuple[str, list[tuple[int, int]]]]] = {
    "astronaut": [
        (
            "person",
            [(165, 40), (225, 12), (280, 45), (300, 100), (262, 160), (300, 215), (345, 255), (362, 350), (420, 345)]
            + [(475, 385), (500, 440), (500, 511), (20, 511), (40, 290), (110, 215), (125, 160), (175, 150), (152, 85)],
        ),
        (
            "rocket",
            [(405, 0), (425, 20), (445, 45), (452, 180), (470, 270), (365, 275), (352, 225), (375, 180), (380, 50)],
        ),
    ],
    "chelsea": [
        (
            "cat",
            [(35, 0), (370, 0), (372, 45), (345, 80), (362, 150), (335, 230), (290, 285), (215, 290), (130, 265)]
            + [(40, 240), (0, 285), (0, 130), (40, 80)],
        )
    ],
    "coffee": [
        (
            "cup",
            [(180, 70), (210, 35), (290, 17), (370, 40), (408, 85), (398, 170), (372, 215), (345, 240), (255, 270)]
            + [(225, 308), (198, 290), (205, 235), (180, 165)],
        )
    ],
    "rocket": [("rocket", [(319, 128), (330, 145), (334, 180), (333, 408), (309, 408), (309, 180), (311, 145)])],
    "motorcycle": [
        (
            "motorcycle",
            [(100, 205), (140, 195), (145, 160), (230, 170), (340, 185), (420, 165), (340, 125), (390, 120), (470, 150)]
            + [(480, 100), (540, 125), (575, 115), (580, 135), (560, 190), (545, 210), (600, 265), (650, 310)]
            + [(685, 380), (670, 440), (630, 450), (560, 390), (510, 310), (480, 290), (450, 370), (340, 375)]
            + [(335, 435), (320, 370), (225, 405), (160, 385), (120, 320), (130, 250)],
        )
    ],
}
# In pixels, as `_FACE` names them.
_POINTS = {"astronaut": [(238, 105), (206, 106), (222, 123)], "chelsea": [(317, 133), (169, 115), (263, 238)]}


def _photos() -> dict[str, np.ndarray]:
    from skimage import data  # slow to import, and of no use to other commands

    names = ("astronaut", "chelsea", "coffee", "rocket", "coins")
    pair: Any = data.stereo_motorcycle  # skimage says no types
    return {**{name: getattr(data, name)() for name in names}, "motorcycle": pair()[0]}


def _refine(image: np.ndarray, outline: list[tuple[int, int]]) -> np.ndarray:
    """A bool mask `(H, W)` of the object inside a rough outline."""
    rough = cv2.fillPoly(np.zeros(image.shape[:2], np.uint8), [np.array(outline, np.int32)], 1)
    thickness = max(5, round(0.012 * sum(image.shape[:2])))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thickness, thickness))
    known = np.full(rough.shape, cv2.GC_BGD, np.uint8)
    known[cv2.dilate(rough, brush) > 0] = cv2.GC_PR_BGD
    known[rough > 0] = cv2.GC_PR_FGD
    known[cv2.erode(rough, brush) > 0] = cv2.GC_FGD
    cv2.setRNGSeed(0)  # GrabCut draws its first colour clusters
    cv2.grabCut(image, known, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
    found = (known & 1).astype(np.uint8)  # GC_FGD and GC_PR_FGD are odd
    return cv2.medianBlur(found, 5).astype(bool)


def _coins(image: np.ndarray) -> list[np.ndarray]:
    """A bool mask `(H, W)` of each coin; the ground is brighter above, so each place has its own threshold."""
    smooth = cv2.GaussianBlur(image, (0, 0), 2)
    bright = cv2.adaptiveThreshold(smooth, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 101, -12)
    outlines = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    hulls = [cv2.convexHull(outline) for outline in outlines if cv2.contourArea(outline) > 300]
    return [cv2.fillPoly(np.zeros_like(image), [hull], 1).astype(bool) for hull in hulls]


def _objects(name: str, image: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """The objects of a photo: a category and a bool mask `(H, W)` of each."""
    if name == "coins":
        return [("coin", where) for where in _coins(image)]
    return [(kind, _refine(image, outline)) for kind, outline in _OUTLINES[name]]


def _annotation(name: str, kind: str, where: np.ndarray) -> dict[str, Any]:
    """The COCO annotation of an object."""
    left, top, width, height = cv2.boundingRect(where.astype(np.uint8))
    box = {"bbox": [left, top, width, height], "area": width * height, "iscrowd": 0}
    points: dict[str, Any] = {}
    if kind in ("person", "cat"):
        places = _POINTS[name]
        points = {"keypoints": [value for x, y in places for value in (x, y, 2)], "num_keypoints": len(places)}
    return {"category_id": _NAMES.index(kind) + 1, **box, **points}


def _samples(photos: dict[str, np.ndarray]) -> tuple[list[Sample], dict[str, Any]]:
    """The photos with their masks, and one COCO file for all."""
    content: dict[str, Any] = {"images": [], "annotations": [], "categories": CATEGORIES}
    samples = []
    for number, (name, image) in enumerate(photos.items(), 1):
        sample = Sample(f"{name}.jpg", image, np.zeros(image.shape[:2], np.uint8))
        entry = {"id": number, "file_name": sample.name, "height": image.shape[0], "width": image.shape[1]}
        content["images"].append(entry)
        for kind, where in _objects(name, image):
            sample.mask[where] = _NAMES.index(kind) + 1
            ids = {"id": len(content["annotations"]) + 1, "image_id": number}
            content["annotations"].append({**ids, **_annotation(name, kind, where)})
        samples.append(sample)
    known = Coco(content, ANNOTATIONS)
    for sample in samples:
        sample.coco = known
    return samples, content


def photo() -> Sample:
    """One photo with everything, for a preview without an image."""
    return _samples({"astronaut": _photos()["astronaut"]})[0][0]


def demo(out: Path, copies: int, workers: int, seed: int, overwrite: bool) -> int:
    """Make the folder; returns the exit status."""
    source, augmented = out / "source", out / "augmented"
    samples, content = _samples(_photos())
    files.write(source / ANNOTATIONS, json.dumps(content, indent=1).encode(), overwrite)
    for sample in samples:
        # As a user's own data would lie there.
        files.write(source / "images" / sample.name, files.encode(sample.image, ".jpg"), overwrite)
        mask = Path(sample.name).with_suffix(".png")
        files.write(source / "masks" / mask, files.encode(sample.mask, ".png"), overwrite)
        page = files.encode(preview(sample, None, 8, seed), ".png")
        files.write(out / f"preview-{mask}", page, overwrite)
    report = augment(
        Request(
            source / "images",
            augmented,
            masks=source / "masks",
            coco=source / ANNOTATIONS,
            copies=copies,
            workers=workers,
            seed=seed,
            overwrite=overwrite,
        )
    )
    boxes = len(json.loads((augmented / ANNOTATIONS).read_text(encoding="utf-8"))["annotations"])
    print(
        f"{source}: {len(samples)} photos of scikit-image with masks, boxes and keypoints\n"
        f"{augmented}: {report.made + report.before} augmented copies with masks, {boxes} boxes in {ANNOTATIONS}\n"
        f"{out / 'preview-*.png'}: what happened, a sheet for each photo\n"
        f"The same with your own photos: albumentations augment FOLDER --out DIR [--masks DIR] [--coco FILE]"
    )
    return report.status
