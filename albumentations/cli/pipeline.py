"""Pipelines for the command: from a file, or a sensible default, fitted to the targets at hand."""

import json
from pathlib import Path
from typing import Any, Optional

import cv2
import numpy as np
import yaml

import albumentations as A

from .coco import BOX_FIELDS, POINT_FIELDS, Coco, rows
from .files import UsageError
from .segments import layers

Spec = dict[str, Any]  # what A.to_dict makes and a pipeline file holds

_ROOTS = ("Compose", "ReplayCompose")
_TENSORS = ("ToTensorV2", "ToTensor", "ToTensor3D")
_MIRRORS = ("HorizontalFlip", "VerticalFlip", "Flip", "Transpose", "D4", "SquareSymmetry")


def load_spec(path: Path) -> Spec:
    """Read a file that A.save wrote and check each of its transforms."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read: {error}") from None
    try:
        spec = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise UsageError(f"{path} is not {'JSON' if path.suffix.lower() == '.json' else 'YAML'}: {error}") from None
    if not isinstance(spec, dict) or not isinstance(spec.get("transform"), dict):
        raise UsageError(f'{path} is not a pipeline that A.save wrote: it has no entry "transform"')
    try:
        problem = _problem(spec["transform"], "")
    except RecursionError:
        problem = "its transforms are nested too deep"
    if problem is not None:
        raise UsageError(f"{path}: {problem}")
    return spec


def _name(node: Spec) -> str:
    return str(node.get("__class_fullname__", "?")).rsplit(".", 1)[-1]


def _problem(node: Any, place: str) -> Optional[str]:
    """What is wrong with the innermost transform that can't be built, and where it stands: `transform 3.1 (Blur)`."""
    if not isinstance(node, dict) or "__class_fullname__" not in node:
        return f'transform {place or "at the root"} has no "__class_fullname__" but is {node!r}'
    children = node.get("transforms", [])
    if not isinstance(children, list):
        return f'"transforms" of {_name(node)} must be a list, not {children!r}'
    for number, child in enumerate(children, 1):
        problem = _problem(child, f"{place}.{number}" if place else str(number))
        if problem is not None:
            return problem
    if _name(node) in _TENSORS:
        return f"transform {place} ({_name(node)}) makes tensors, which no image file holds: leave it out"
    try:
        A.from_dict({"__version__": A.__version__, "transform": node})
    except Exception as error:  # whatever a constructor raises, the user reads it
        where = f"transform {place} ({_name(node)})" if place else _name(node)
        said = " ".join(str(error).split()).removeprefix(f"transform ({_name(node)}): ")
        return f"{where}: {said or type(error).__name__}"
    return None


def _default(masks: bool, coco: Optional[Coco]) -> Spec:
    """A moderate default that keeps image sizes."""
    boxes, points = coco is not None and coco.has_boxes, coco is not None and coco.has_points
    transforms: list[Any] = []
    if coco is None or not coco.sided:  # a mirrored left eye is a right one
        transforms.append(A.HorizontalFlip(p=0.5))
    transforms += [
        A.Affine(
            scale=(0.85, 1.15),
            translate_percent=(-0.06, 0.06),
            rotate=(-7, 7) if boxes else (-20, 20),  # a box around a turned box grows
            keep_ratio=True,
            # A reflected border would show objects that no box or keypoint tells of.
            border_mode=cv2.BORDER_CONSTANT if boxes or points else cv2.BORDER_REFLECT_101,
            p=0.8,
        ),
        A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.2, p=0.7),
        A.RandomGamma(gamma_limit=(80, 120), p=0.3),
        A.OneOf(
            [A.GaussianBlur(blur_limit=(3, 5)), A.GaussNoise(std_range=(0.02, 0.06)), A.MotionBlur(blur_limit=5)], p=0.3
        ),
    ]
    if masks and not boxes and not points:
        transforms.append(A.ElasticTransform(alpha=40, sigma=8, p=0.2))
    return dict(A.to_dict(A.Compose(transforms)))


def spec_for(path: Optional[Path], masks: bool, coco: Optional[Coco]) -> Spec:
    """The pipeline of a file, or a default one, fitted to the targets at hand."""
    spec = _default(masks, coco) if path is None else load_spec(path)
    return _fit(spec, coco is not None and coco.has_boxes, coco is not None and coco.has_points)


def _fit(spec: Spec, boxes: bool, points: bool) -> Spec:
    """The pipeline for our targets: COCO boxes and keypoints as rows with an index, alpha moved like a mask."""
    root = spec["transform"]
    if _name(root) in _ROOTS:
        root = {**root, "__class_fullname__": "Compose"}
    else:
        root = {"__class_fullname__": "Compose", "p": 1.0, "transforms": [root]}
    # The thresholds of the file hold; format and labels are the command's own.
    own_boxes = {"format": "coco", "label_fields": list(BOX_FIELDS[1:]), "clip": True, "filter_invalid_bboxes": True}
    own_points = {"format": "xy", "label_fields": list(POINT_FIELDS[1:]), "remove_invisible": True}
    root["bbox_params"] = {**(root.get("bbox_params") or {}), **own_boxes} if boxes else None
    root["keypoint_params"] = {**(root.get("keypoint_params") or {}), **own_points} if points else None
    root["additional_targets"] = {**(root.get("additional_targets") or {}), "alpha": "mask"}
    return {"__version__": spec.get("__version__", A.__version__), "transform": root}


def build(spec: Spec, seed: int) -> Any:
    """The pipeline itself, with its own random stream."""
    pipeline = A.from_dict(spec)
    pipeline.set_random_seed(seed)
    return pipeline


def arguments(spec: Spec, image: Any, mask: Any, annotations: list[Spec]) -> tuple[dict[str, Any], list[int]]:
    """What the pipeline is called with, and in which of its `masks` each annotation's segmentation is.

    Opacity is moved with the image but is no colour, so it goes by itself.
    """
    data = {"image": image} if mask is None else {"image": image, "mask": mask}
    if image.ndim == 3 and image.shape[2] == 4:
        data["image"], data["alpha"] = np.ascontiguousarray(image[..., :3]), np.ascontiguousarray(image[..., 3])
    root, given = spec["transform"], rows(annotations, *image.shape[:2])
    wanted = BOX_FIELDS * bool(root["bbox_params"]) + POINT_FIELDS * bool(root["keypoint_params"])
    maps, homes = layers(annotations, *image.shape[:2])
    data.update({"masks": maps} if maps else {})
    return {**data, **{name: given[name] for name in wanted}}, homes


def mirrors(spec: Spec) -> bool:
    """Does any transform of the pipeline mirror the image?"""

    def walk(node: Spec) -> bool:
        return _name(node) in _MIRRORS or any(walk(child) for child in node.get("transforms", []))

    return walk(spec["transform"])
