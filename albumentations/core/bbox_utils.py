"""Boxes: formats, checks and filtering. Inside a call a box is (x_min, y_min, x_max, y_max, index) in pixels."""

from typing import TYPE_CHECKING, Any, Optional

import numpy as np

from .params import Choice, Flag, Number, OptionalNumber, choice, flag, number
from .paths import lazy
from .rows import Rows
from .utils import DataProcessor, Params, clean

_NOISE = 1e-9  # of a pixel: what arithmetic leaves of a difference that is none

FORMATS = {
    "pascal_voc": "x_min, y_min, x_max, y_max in pixels",
    "albumentations": "x_min, y_min, x_max, y_max as fractions of the image",
    "coco": "x_min, y_min, width, height in pixels",
    "yolo": "x_center, y_center, width, height as fractions of the image",
    "cxcywh": "x_center, y_center, width, height in pixels",
}


class BboxParams(Params):
    """How boxes are written and which of them are kept.

    Raises:
        TypeError, ValueError: an unknown format or argument, or a limit outside its range.
    """

    target = "bboxes"
    formats = dict.fromkeys(FORMATS, 4)
    order = (
        "format label_fields min_area min_visibility min_width min_height check_each_transform clip"
        " filter_invalid_bboxes max_accept_ratio"
    )

    format: Choice = choice(
        *FORMATS, doc="; ".join(f"{name!r}: {what}" for name, what in FORMATS.items()), was=("coord_format",)
    )
    min_area: Number = number(default=0.0, low=0, doc="smallest area to keep, in pixels of the transformed image")
    min_visibility: Number = number(
        default=0.0, low=0, high=1, doc="smallest share of a box's area that must still be visible"
    )
    min_width: Number = number(default=0.0, low=0, doc="smallest width to keep, in pixels")
    min_height: Number = number(default=0.0, low=0, doc="smallest height to keep, in pixels")
    clip: Flag = flag(default=False, doc="clip boxes to the image before anything else")
    filter_invalid_bboxes: Flag = flag(
        default=False, doc="drop boxes that are invalid from the start instead of raising"
    )
    max_accept_ratio: OptionalNumber = number(
        default=None, optional=True, low=1, doc="largest ratio of the longer to the shorter side to keep; None: any"
    )


def to_pixels(given: np.ndarray, source_format: str, shape: tuple[int, int]) -> np.ndarray:
    """Boxes (N, 4) of any format as corners in pixels, float64 (N, 4)."""
    corners = np.array(given[:, :4], dtype=np.float64)
    if source_format in ("albumentations", "yolo"):
        corners *= scale(shape)
    with np.errstate(invalid="ignore"):  # whoever reads boxes says which of them are not finite
        if source_format in ("yolo", "cxcywh"):
            corners[:, :2] -= corners[:, 2:] / 2
        if source_format in ("yolo", "cxcywh", "coco"):
            corners[:, 2:] += corners[:, :2]
    return corners


def from_pixels(corners: np.ndarray, target_format: str, shape: tuple[int, int]) -> np.ndarray:
    """Corners in pixels (N, 4 or more) in another format, float64 (N, 4)."""
    result = clean(corners[:, :4])
    if target_format in ("yolo", "cxcywh", "coco"):
        result[:, 2:] -= result[:, :2]
    if target_format in ("yolo", "cxcywh"):
        result[:, :2] += result[:, 2:] / 2
    if target_format in ("albumentations", "yolo"):
        result /= scale(shape)
    return result


def scale(shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """What makes pixels of fractions: (width, height, width, height)."""
    height, width = shape[:2]
    return (width, height, width, height)


def pixel_boxes(rows: Any, shape: tuple[int, ...]) -> np.ndarray:
    """The boxes that a transform is shown, rows that begin with fractions, in pixels: (N, 4)."""
    boxes = np.array([row[:4] for row in rows], dtype=np.float64).reshape(-1, 4)
    # Fractions times the sides are whole pixels again up to rounding.
    return clean(boxes * scale(shape))


class BboxProcessor(DataProcessor):
    """Boxes on their way in and out of a pipeline."""

    params: BboxParams
    width = 4

    @classmethod
    def bare(cls, filters: bool = True) -> "BboxProcessor":
        result = cls(BboxParams("albumentations"))
        result.filters = filters
        return result

    def read(self, owner: str, name: str, given: np.ndarray, rows: Rows) -> Optional[np.ndarray]:
        corners = to_pixels(given, self.params.format, rows.shape)
        rows.start[:, :4] = corners
        first, last = corners[:, :2], corners[:, 2:]
        if (first >= 0).all() and (last <= rows.shape[::-1]).all() and (first < last).all():
            return None  # 8 us for 10 boxes; what follows takes 25
        frame = np.array(scale(rows.shape), dtype=np.float64)
        inside = np.minimum(np.maximum(corners, 0.0), frame)
        if self.params.clip:
            rows.altered |= (inside != corners).any(axis=1)
            corners = inside
        # Rounding may push a box at the border over it, which is nobody's mistake: up to a pixel, or 1e-4, is snapped.
        with np.errstate(invalid="ignore"):
            snapped = np.where(np.abs(corners - inside) <= np.maximum(1.0, frame * 1e-4) + 1e-9, inside, corners)
            inner = (snapped >= 0) & (snapped <= frame)
            valid = np.logical_and(inner.all(axis=1), (snapped[:, :2] < snapped[:, 2:]).all(axis=1))
        rows.altered |= (snapped != corners).any(axis=1)
        rows.start[:, :4] = snapped
        if valid.all():
            return None
        if self.params.filter_invalid_bboxes:
            return valid
        index = int(np.argmin(valid))
        raise ValueError(f"{owner}: {self._complaint(name, given, index, rows.shape)}")

    def _complaint(self, name: str, given: np.ndarray, index: int, shape: tuple[int, int]) -> str:
        box = tuple(float(v) for v in given[index])
        height, width = shape
        one = given[index : index + 1]
        x_min, y_min, x_max, y_max = to_pixels(one, self.params.format, shape)[0]
        if not np.isfinite(given[index]).all():
            problem = "has coordinates that are not finite"
        elif x_min >= x_max or y_min >= y_max:
            problem = "is empty or reversed: x_max must be greater than x_min and y_max greater than y_min"
        else:
            # Not what is set already: a box that clipping has emptied lies wholly outside.
            ways = "filter_invalid_bboxes=True" if self.params.clip else "clip=True or filter_invalid_bboxes=True"
            where = "lies" if self.params.clip else "reaches"
            problem = f"{where} outside the image; {ways} would accept that"
        text = f"{name}[{index}] = {box} {problem} (format {self.params.format!r}: {FORMATS[self.params.format]};"
        text += f" image of height {height} and width {width})"
        others = [f for f in FORMATS if f != self.params.format and _all_valid(given, f, shape)]
        return text + (f"; it looks like {others[0]!r}" if others else "")

    def write(self, array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        return from_pixels(array, self.params.format, shape)

    def rounded(self, coordinates: np.ndarray, shape: tuple[int, int]) -> Optional[np.ndarray]:
        if self.params.format in ("albumentations", "yolo"):
            return None
        whole = np.rint(coordinates)
        sides = whole[:, 2:] - whole[:, :2] if self.params.format == "pascal_voc" else whole[:, 2:]
        return whole if (sides > 0).all() else None  # else a box would come out empty

    def limited(self) -> bool:
        params = self.params
        least = params.min_area, params.min_width, params.min_height, params.min_visibility
        return any(least) or params.max_accept_ratio is not None

    def monotonic(self) -> bool:
        return self.params.max_accept_ratio is None

    def filter(self, array: np.ndarray, rows: Rows, shape: tuple[int, int]) -> np.ndarray:
        """Clip to the image and drop what is too small; visibility is measured against the original visible area."""
        if not len(array):
            return array
        params = self.params
        result = array.copy()
        corners = result[:, :4]
        np.minimum(np.maximum(corners, 0.0, out=corners), scale(shape), out=corners)
        width, height = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
        # What is less than 1e-9 of a pixel short of a limit has reached it: that much is lost by moving.
        keep = (width > _NOISE) & (height > _NOISE)
        if params.min_width:
            keep &= width >= params.min_width - _NOISE
        if params.min_height:
            keep &= height >= params.min_height - _NOISE
        area = width * height
        if params.min_area:
            keep &= area >= params.min_area - _NOISE
        if params.min_visibility:
            index = array[:, 4].astype(np.intp)
            whole = (array[:, 2] - array[:, 0]) * (array[:, 3] - array[:, 1])
            with np.errstate(invalid="ignore", divide="ignore"):
                rows.visible[index] *= np.where(whole > 0, area / whole, 0.0)
            keep &= rows.visible[index] >= params.min_visibility - _NOISE
        if params.max_accept_ratio is not None:
            keep &= np.maximum(width, height) <= params.max_accept_ratio * np.minimum(width, height) + _NOISE
        return result if keep.all() else result[keep]

    def shown(self, array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        return array[:, :4] / scale(shape)

    def taken(self, coordinates: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        return coordinates * scale(shape)


def _all_valid(given: np.ndarray, source_format: str, shape: tuple[int, int]) -> bool:
    corners = to_pixels(given, source_format, shape)
    with np.errstate(invalid="ignore"):
        inside = ((corners >= 0) & (corners <= scale(shape))).all()
        return bool(inside and (corners[:, :2] < corners[:, 2:]).all())


if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there
    __getattr__ = lazy(__name__)
