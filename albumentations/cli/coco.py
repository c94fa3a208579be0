"""COCO annotations: read, checked, handed to a pipeline as rows, and put together again from what came back."""

import json
import math
from pathlib import Path
from typing import Any

from . import segments
from .files import BrokenImage, UsageError

Entry = dict[str, Any]

BOX_FIELDS = ("bboxes", "box_of")
POINT_FIELDS = ("keypoints", "point_of", "point_number")  # the arguments of a pipeline call, data before labels

# Written anew for every copy; all other fields of an annotation are copied as they are.
_REMADE = ("id", "image_id", "bbox", "area", "keypoints", "num_keypoints", "segmentation")


class Coco:
    """The content of a COCO file: images by file name, and each image's annotations."""

    def __init__(self, content: Any, where: str) -> None:
        if not isinstance(content, dict) or not isinstance(content.get("images"), list):
            raise UsageError(f'{where} is not a COCO file: it has no list "images"')
        self.where = where
        self.head = {name: value for name, value in content.items() if name not in ("images", "annotations")}
        self.images: dict[str, Entry] = {}
        names: dict[Any, str] = {}
        for image in content["images"]:
            if not isinstance(image, dict) or "id" not in image or not isinstance(image.get("file_name"), str):
                raise UsageError(f'{where}: each image needs an "id" and a "file_name", unlike {image!r}')
            names[image["id"]] = image["file_name"]
            self.images[image["file_name"]] = image
        self.annotations: dict[str, list[Entry]] = {name: [] for name in self.images}
        everything = content.get("annotations", [])
        for annotation in everything:
            if annotation.get("image_id") not in names:
                number, image = annotation.get("id"), annotation.get("image_id")
                raise UsageError(f"{where}: annotation {number} belongs to image {image}, which is not there")
            self.annotations[names[annotation["image_id"]]].append(annotation)
        self.has_boxes = any("bbox" in annotation for annotation in everything)
        self.has_points = any("keypoints" in annotation for annotation in everything)
        points = (str(name) for category in self._categories() for name in category.get("keypoints", []))
        self.sided = self.has_points and any("left" in name.lower() or "right" in name.lower() for name in points)
        self.labels = {
            category.get("id"): (number, str(category.get("name", "")))
            for number, category in enumerate(self._categories(), 1)
        }

    def _categories(self) -> list[Entry]:
        return list(self.head.get("categories", []))

    @classmethod
    def read(cls, path: Path) -> "Coco":
        """From a JSON file."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise UsageError(f"{path} can't be read as JSON: {error}") from None
        return cls(content, str(path))


def _numbers(values: Any, what: str, annotation: Entry) -> list[float]:
    good = isinstance(values, list) and all(isinstance(v, (int, float)) and math.isfinite(v) for v in values)
    if not good:
        raise BrokenImage(f"annotation {annotation.get('id')} has a {what} of {values!r}, not of finite numbers")
    return [float(value) for value in values]


def rows(annotations: list[Entry], height: int, width: int) -> Entry:
    """Arguments of a pipeline call: boxes `[x, y, w, h]`, labelled keypoints `[x, y]` in frame, and whose they are."""
    boxes, box_of, points, point_of, point_number = [], [], [], [], []
    for index, annotation in enumerate(annotations):
        if "bbox" in annotation:
            box = _numbers(annotation["bbox"], "bbox", annotation)
            if len(box) != 4:
                raise BrokenImage(f"annotation {annotation.get('id')} has a bbox of {len(box)} numbers, not 4")
            boxes.append(box)
            box_of.append(index)
        flat = _numbers(annotation.get("keypoints", []), "keypoints", annotation)
        if len(flat) % 3:
            raise BrokenImage(
                f"annotation {annotation.get('id')} has {len(flat)} keypoint numbers, not x, y, v of each"
            )
        for number in range(len(flat) // 3):
            x, y, seen = flat[3 * number : 3 * number + 3]
            if seen and 0 <= x < width and 0 <= y < height:
                points.append([x, y])
                point_of.append(index)
                point_number.append(number)
    return {
        "bboxes": boxes,
        "box_of": box_of,
        "keypoints": points,
        "point_of": point_of,
        "point_number": point_number,
    }


def _keypoints(annotation: Entry, index: int, points: dict[tuple[int, int], Any]) -> list[float]:
    """The flat list `[x, y, v, …]`: what left the frame or was covered is "not labelled" (0, 0, 0)."""
    flat: list[float] = []
    for number, seen in enumerate(annotation["keypoints"][2::3]):
        point = points.get((index, number))
        flat += [0, 0, 0] if point is None else [round(float(point[0]), 3), round(float(point[1]), 3), seen]
    return flat


def collect(annotations: list[Entry], homes: list[int], result: Entry) -> list[Entry]:
    """The annotations of an augmented copy, from what the pipeline returned; lengths in pixels, to a thousandth.

    An annotation goes with its box, or with the last pixel of its segmentation. One that has neither lives as long
    as one of its keypoints.
    """
    boxes = dict(zip(result.get("box_of", []), result.get("bboxes", [])))
    places = zip(result.get("point_of", []), result.get("point_number", []))
    points = dict(zip(places, result.get("keypoints", [])))
    kept = []
    for index, annotation in enumerate(annotations):
        new = {name: value for name, value in annotation.items() if name not in _REMADE}
        alive = []
        if "bbox" in annotation:
            box = [round(float(value), 3) for value in boxes.get(index, ())[:4]]
            new.update(bbox=box, area=round(box[2] * box[3], 3) if box else 0)
            alive.append(bool(box))
        if homes[index] >= 0:
            where = result["masks"][homes[index]] == index + 1
            new.update(segmentation=segments.run_lengths(where), area=int(where.sum()))
            alive.append(bool(where.any()))
        elif "segmentation" in annotation:
            new["segmentation"] = annotation["segmentation"]  # an empty one
        if "keypoints" in annotation:
            flat = _keypoints(annotation, index, points)
            new.update(keypoints=flat, num_keypoints=sum(seen > 0 for seen in flat[2::3]))
        if all(alive or [new.get("num_keypoints", 0) > 0]):
            kept.append(new)
    return kept


def assemble(coco: Coco, copies: list[tuple[str, Entry]]) -> bytes:
    """A COCO file of all copies, `(name of the original, journal record)` in order, with new ids counted from 1."""
    images: list[Entry] = []
    annotations: list[Entry] = []
    for number, (name, record) in enumerate(copies, 1):
        file = {"file_name": record["image"].split("/", 1)[1], "height": record["height"], "width": record["width"]}
        images.append({**coco.images[name], "id": number, **file})
        for annotation in record["annotations"]:
            annotations.append({"id": len(annotations) + 1, "image_id": number, **annotation})
    content = {**coco.head, "images": images, "annotations": annotations}
    return json.dumps(content, indent=1).encode()


def check_size(entry: Entry, height: int, width: int) -> None:
    """Annotations made on an image of another size would land in wrong places."""
    stated = entry.get("height", height), entry.get("width", width)
    if stated != (height, width):
        raise BrokenImage(f"the image has {width} × {height} pixels, its COCO entry {stated[1]} × {stated[0]}")
