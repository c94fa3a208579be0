"""Contact sheets of every transform: `python docs/gallery.py [--only REGEX] [--out FOLDER]`.

A page a class of the registry, with all its examples (the first is the default, the others are stronger or other ways)
on three photos and a gray one of scikit-image, as uint8 and as float32, with mask, boxes and keypoints where they move.
"""

import argparse
import importlib.util
import re
import sys
from pathlib import Path
from typing import Any, Optional

import cv2
import numpy as np

if not __package__:  # run as a script: the checkout that it stands in, in contrast to tests of what is installed
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import albumentations as A
from albumentations.cli.sheet import Picture, sheet
from albumentations.core.serialization import registered
from albumentations.core.transforms_interface import BasicTransform, DualTransform, Transform3D

HERE = Path(__file__).resolve().parent
SIDE = 288  # pixels of the longer side of a photo, and of a cell of the sheet
DEPTH = 12  # slices of a volume
DTYPES = ("uint8", "float32")
Photos = dict[str, np.ndarray]


def photos() -> Photos:
    """Three photos and a gray one, RGB uint8, at the size at which the sheet shows them."""
    from skimage import data

    found = {}
    for name in ("astronaut", "chelsea", "coffee", "camera"):
        photo = getattr(data, name)()
        scale = SIDE / max(photo.shape[:2])
        size = (round(photo.shape[1] * scale), round(photo.shape[0] * scale))
        found[name] = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    return found


def classes(only: str = "") -> dict[str, Any]:
    """The transforms that a regular expression finds; those whose packages are not installed have no page."""
    found = {cls.__name__: cls for cls in registered(BasicTransform) if re.search(only, cls.__name__)}
    return {n: cls for n, cls in found.items() if all(importlib.util.find_spec(m) for m in cls.needs_modules)}


def page(cls: Any, on: Photos) -> tuple[list[Picture], int]:
    """The cells of a class, line by line, and how many make a line: the photo, and every example in both dtypes."""
    cells: list[Picture] = []
    others = list(on.values())
    for at, (name, photo) in enumerate(on.items()):
        cells.append(_picture(cls, name, sample(cls, photo)))
        for example in cls.examples:
            shown = {"reference_images": [others[at - 1]]} if "reference_images" in example else {}
            transform = cls(**{**example, **shown, "p": 1})
            for dtype in DTYPES:
                caption = f"{', '.join(f'{k}={v}' for k, v in example.items()) or 'default'}"
                caption = f"{dtype[:2]} {caption}"
                dtype = dtype if dtype in (transform._needs_dtypes or DTYPES) else transform._needs_dtypes[0]
                data = sample(cls, _fitted(photo, transform._needs_channels, dtype))
                reads = {
                    n: v for n, v in _read_by(transform, data, _typed(others[at - 1], dtype)).items() if n not in data
                }
                settings = {"bbox_params": _BOXES, "keypoint_params": _POINTS} if "bboxes" in data else {}
                cells.append(_picture(cls, caption, A.Compose([transform], seed=at, **settings)(**data, **reads)))
    return cells, 1 + len(DTYPES) * len(cls.examples)


_BOXES = A.BboxParams("pascal_voc", label_fields=["labels"])
_POINTS = A.KeypointParams("xy")


def sample(cls: Any, photo: np.ndarray) -> dict[str, Any]:
    """A photo, or a volume that brightens slice by slice, with what the class moves: two objects."""
    height, width = photo.shape[:2]
    objects = [(0.3, 0.1, 0.6, 0.5), (0.1, 0.55, 0.9, 0.95)]
    boxes = [(a * width, b * height, c * width, d * height) for a, b, c, d in objects]
    mask = np.zeros((height, width), np.uint8)
    for number, (left, top, right, bottom) in enumerate(boxes, 1):
        center = (int(left + right) // 2, int(top + bottom) // 2)
        cv2.ellipse(mask, center, (int(right - left) // 2, int(bottom - top) // 2), 0, 0, 360, number, -1)
    if issubclass(cls, Transform3D):
        shades = np.linspace(0.4, 1, DEPTH)
        return {"volume": np.stack([(photo * shade).astype(photo.dtype) for shade in shades])}
    if not issubclass(cls, DualTransform):
        return {"image": photo}
    points = [(left, top) for left, top, _, _ in boxes]
    return {"image": photo, "mask": mask, "bboxes": boxes, "labels": [1, 2], "keypoints": points}


def _read_by(transform: Any, data: dict[str, Any], other: np.ndarray) -> dict[str, Any]:
    """What it reads in a call beside the targets: another photo, unless it says itself what."""
    if "image" in data:
        return dict(transform.example_call(data["image"])) or {n: [other] for n in transform._reads}
    return {n: [other] for n in transform._reads}


def _typed(photo: np.ndarray, dtype: str) -> np.ndarray:
    return photo if dtype == "uint8" else (photo / 255).astype(dtype)


def _fitted(photo: np.ndarray, needs: Any, dtype: str) -> np.ndarray:
    """The photo with a number of channels that the transform takes."""
    channels = photo.shape[2] if photo.ndim == 3 else 1
    if needs and channels not in needs:
        gray = photo if photo.ndim == 2 else cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
        photo = np.repeat(gray[:, :, None], needs[0] if needs[0] != 2 else 3, axis=2)
    return _typed(photo, dtype)


def _picture(cls: Any, caption: str, data: dict[str, Any]) -> Picture:
    """One cell: the caption is cut to the width of the picture."""
    caption = caption[:34]
    if "volume" in data:
        slices = data["volume"]
        return Picture(caption, np.hstack(list(slices[:: max(1, len(slices) // 3)])))
    image = data["image"]
    if hasattr(image, "numpy"):
        image = image.numpy().transpose(1, 2, 0)
    if image.dtype.kind == "f" and not cls._converts:  # fills are in units of uint8 in many examples
        image = image.clip(0, 1)
    if "bboxes" not in data:
        return Picture(caption, image)
    boxes = [(a, b, c - a, d - b) for a, b, c, d in data["bboxes"]]
    labels = [(label if isinstance(label, int) else 3, "") for label in data["labels"]]  # some bring their own
    mask = data["mask"].numpy() if hasattr(data["mask"], "numpy") else data["mask"]
    return Picture(caption, image, _outline(mask), boxes, labels, data["keypoints"])


def _outline(mask: np.ndarray) -> np.ndarray:
    """The edges of a mask alone, so that the picture is seen as it is."""
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(inner == mask, 0, mask).astype(np.uint8)


def main(arguments: Optional[list[str]] = None) -> None:
    """Write the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="REGEX", default="", help="classes whose names match it somewhere")
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=HERE / "gallery", help="default: docs/gallery")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    on = photos()
    for name, cls in classes(options.only).items():
        cells, columns = page(cls, on)
        cv2.imwrite(str(options.out / f"{name}.png"), cv2.cvtColor(sheet(cells, columns), cv2.COLOR_RGB2BGR))
        print(options.out / f"{name}.png")


if __name__ == "__main__":
    main()
