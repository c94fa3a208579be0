"""Boxes: formats, checks and filtering. Inside a pipeline a box is (x_min, y_min, x_max, y_max, index), normalized."""

from collections.abc import Sequence
from typing import Any, Optional, Union

import numpy as np

from .utils import Carried, DataProcessor, Params, clean

FORMATS = {
    "pascal_voc": "x_min, y_min, x_max, y_max in pixels",
    "albumentations": "x_min, y_min, x_max, y_max as fractions of the image",
    "coco": "x_min, y_min, width, height in pixels",
    "yolo": "x_center, y_center, width, height as fractions of the image",
    "cxcywh": "x_center, y_center, width, height in pixels",
}


class BboxParams(Params):
    """How boxes are written and which of them are kept.

    Args:
        format: "pascal_voc", "albumentations", "coco", "yolo" or "cxcywh".
        label_fields: names of the call's arguments that hold one label a box.
        min_area: smallest area to keep, in pixels of the transformed image.
        min_visibility: smallest share of a box's area that must still be visible, in [0, 1].
        min_width: smallest width to keep, in pixels.
        min_height: smallest height to keep, in pixels.
        check_each_transform: clip and filter after every geometric transform instead of once at the end.
        clip: clip boxes to the image before anything else.
        filter_invalid_bboxes: drop boxes that are invalid from the start instead of raising.
        max_accept_ratio: largest ratio of the longer to the shorter side to keep; None keeps all.

    Raises:
        ValueError: an unknown format, or a limit outside its range.
    """

    target = "bboxes"
    formats = dict.fromkeys(FORMATS, 4)

    def __init__(
        self,
        format: str,
        label_fields: Union[str, Sequence[str], None] = None,
        min_area: float = 0.0,
        min_visibility: float = 0.0,
        min_width: float = 0.0,
        min_height: float = 0.0,
        check_each_transform: bool = True,
        clip: bool = False,
        filter_invalid_bboxes: bool = False,
        max_accept_ratio: Optional[float] = None,
    ) -> None:
        super().__init__(format, label_fields, check_each_transform)
        self.min_area = _limit("min_area", min_area)
        self.min_visibility = _limit("min_visibility", min_visibility, high=1.0)
        self.min_width = _limit("min_width", min_width)
        self.min_height = _limit("min_height", min_height)
        self.clip = bool(clip)
        self.filter_invalid_bboxes = bool(filter_invalid_bboxes)
        self.max_accept_ratio = None if max_accept_ratio is None else _limit("max_accept_ratio", max_accept_ratio, 1.0)


def _limit(name: str, value: Any, low: float = 0.0, high: float = float("inf")) -> float:
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        raise TypeError(f"BboxParams({name}={value!r}): {name} must be a number, not {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"BboxParams({name}={value!r}): {name} must lie in [{low:g}, {high:g}]")
    return float(value)


def convert_bboxes_to_albumentations(bboxes: np.ndarray, source_format: str, shape: tuple[int, int]) -> np.ndarray:
    """Boxes (N, 4) of any format as normalized corners, float64 (N, 4)."""
    corners = np.array(bboxes[:, :4], dtype=np.float64)
    if source_format in ("yolo", "cxcywh"):
        corners[:, :2] -= corners[:, 2:] / 2
    if source_format in ("yolo", "cxcywh", "coco"):
        corners[:, 2:] += corners[:, :2]
    if source_format in ("pascal_voc", "coco", "cxcywh"):
        corners /= _scale(shape)
    return corners


def convert_bboxes_from_albumentations(bboxes: np.ndarray, target_format: str, shape: tuple[int, int]) -> np.ndarray:
    """Normalized corners (N, 4) in another format, float64 (N, 4)."""
    result = np.array(bboxes[:, :4], dtype=np.float64)
    if target_format in ("pascal_voc", "coco", "cxcywh"):
        result *= _scale(shape)
    if target_format in ("yolo", "cxcywh", "coco"):
        result[:, 2:] -= result[:, :2]
    if target_format in ("yolo", "cxcywh"):
        result[:, :2] += result[:, 2:] / 2
    return clean(result)


def _scale(shape: tuple[int, int]) -> tuple[int, int, int, int]:
    height, width = shape[:2]
    return (width, height, width, height)


class BboxProcessor(DataProcessor):
    """Boxes on their way in and out of a pipeline."""

    params: BboxParams
    width = 4

    def read(self, owner: str, name: str, given: np.ndarray, carried: Carried) -> Optional[np.ndarray]:
        corners = convert_bboxes_to_albumentations(given, self.params.format, carried.shape)
        inside = np.clip(corners, 0.0, 1.0)
        if self.params.clip:
            carried.altered |= (inside != corners).any(axis=1)
            corners = inside
        # What rounding did to a box at the border is not the user's mistake: up to a pixel, or 1e-4, is snapped.
        slack = np.maximum(1e-4, 1.0 / np.array(_scale(carried.shape)))
        with np.errstate(invalid="ignore"):
            snapped = np.where(np.abs(corners - inside) <= slack + 1e-12, inside, corners)
            inner = (snapped >= 0) & (snapped <= 1)
            valid = np.logical_and(inner.all(axis=1), (snapped[:, :2] < snapped[:, 2:]).all(axis=1))
        carried.altered |= (snapped != corners).any(axis=1)
        carried.start[:, :4] = snapped
        if valid.all():
            return None
        if self.params.filter_invalid_bboxes:
            return valid
        index = int(np.argmin(valid))
        raise ValueError(f"{owner}: {self._complaint(name, given, index, carried.shape)}")

    def _complaint(self, name: str, given: np.ndarray, index: int, shape: tuple[int, int]) -> str:
        box = tuple(float(v) for v in given[index])
        height, width = shape
        one = given[index : index + 1]
        x_min, y_min, x_max, y_max = convert_bboxes_to_albumentations(one, self.params.format, shape)[0]
        if not np.isfinite(given[index]).all():
            problem = "has coordinates that are not finite"
        elif x_min >= x_max or y_min >= y_max:
            problem = "is empty or reversed: x_max must be greater than x_min and y_max greater than y_min"
        else:
            problem = "reaches outside the image; clip=True or filter_invalid_bboxes=True would accept that"
        text = f"{name}[{index}] = {box} {problem} (format {self.params.format!r}: {FORMATS[self.params.format]};"
        text += f" image of height {height} and width {width})"
        others = [f for f in FORMATS if f != self.params.format and _all_valid(given, f, shape)]
        return text + (f"; it looks like {others[0]!r}" if others else "")

    def write(self, array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        return convert_bboxes_from_albumentations(array, self.params.format, shape)

    def filter(self, array: np.ndarray, carried: Carried, shape: tuple[int, int]) -> np.ndarray:
        """Clip to the image and drop what is too small; visibility is measured against the original visible area."""
        if not len(array):
            return array
        params = self.params
        index = array[:, 4].astype(np.intp)
        extent = array[:, 2:4] - array[:, :2]
        area = extent[:, 0] * extent[:, 1]
        clipped = array.copy()
        np.clip(array[:, :4], 0.0, 1.0, out=clipped[:, :4])
        seen = clipped[:, 2:4] - clipped[:, :2]
        seen_area = seen[:, 0] * seen[:, 1]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(area > 0, seen_area / area, 0.0)
        visible = carried.visible[index] * share
        carried.visible[index] = visible
        height, width = shape
        sides = clean(seen * (width, height))
        keep = (sides > 0).all(axis=1) & (sides[:, 0] >= params.min_width) & (sides[:, 1] >= params.min_height)
        keep &= (clean(sides[:, 0] * sides[:, 1]) >= params.min_area) & (visible >= params.min_visibility - 1e-9)
        if params.max_accept_ratio is not None:
            keep &= sides.max(axis=1) <= params.max_accept_ratio * sides.min(axis=1)
        return clipped if keep.all() else clipped[keep]


def _all_valid(given: np.ndarray, source_format: str, shape: tuple[int, int]) -> bool:
    corners = convert_bboxes_to_albumentations(given, source_format, shape)
    with np.errstate(invalid="ignore"):
        return bool(((corners >= 0) & (corners <= 1)).all() and (corners[:, :2] < corners[:, 2:]).all())


def bbox_params(value: Union[BboxParams, dict[str, Any], str, None]) -> Optional[BboxParams]:
    """BboxParams as users give them: an object, a dict of its arguments, a format, or nothing."""
    if value is None or isinstance(value, BboxParams):
        return value
    if isinstance(value, str):
        return BboxParams(value)
    if not isinstance(value, dict):
        raise TypeError(f"bbox_params must be BboxParams, a dict or a format, not {type(value).__name__}")
    return BboxParams(**value) if value else None
