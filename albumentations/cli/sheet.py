"""Contact sheets: pictures side by side, with masks, boxes and keypoints drawn in. All images RGB, uint8 when drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import cv2
import numpy as np

_CELL = 288  # pixels of a picture's longer side
_STRIP, _GAP = 24, 6  # caption above a picture, space around it
_COLORS = (
    (230, 60, 50),
    (40, 130, 240),
    (45, 180, 80),
    (250, 170, 30),
    (160, 80, 220),
    (20, 190, 190),
    (240, 100, 180),
)


@dataclass
class Picture:
    """One cell: boxes as `(x, y, w, h)` in pixels, a (mask value, name) for each, keypoints as `(x, y)` in pixels."""

    caption: str
    image: np.ndarray
    mask: Optional[np.ndarray] = None
    boxes: Sequence[Sequence[float]] = ()
    labels: Sequence[tuple[int, str]] = ()
    points: Sequence[Sequence[float]] = ()


def color_of(label: int) -> tuple[int, int, int]:
    """A colour for a label, the same for its boxes and in masks."""
    return _COLORS[(label - 1) % len(_COLORS)]


def visible(image: np.ndarray) -> np.ndarray:
    """Any image as `(H, W, 3)` uint8; values outside their range, as after Normalize, are stretched to fit."""
    if image.ndim == 2:
        image = image[:, :, None]
    if image.dtype != np.uint8:
        values = image.astype(np.float64)
        white = float(np.iinfo(image.dtype).max) if image.dtype.kind in "iu" else 1.0
        low, high = float(values.min()), float(values.max())
        if low < 0 or high > white:
            values, white = values - low, max(high - low, 1e-12)
        image = np.rint(values * (255 / white)).astype(np.uint8)
    return np.ascontiguousarray(image[..., :3] if image.shape[2] >= 3 else np.repeat(image[..., :1], 3, axis=2))


def _shrink(picture: Picture) -> tuple[np.ndarray, float]:
    image = visible(picture.image)
    scale = _CELL / max(image.shape[:2])
    size = tuple(max(1, round(length * scale)) for length in image.shape[1::-1])
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR), scale


def _tint(canvas: np.ndarray, mask: np.ndarray) -> None:
    labels = mask.reshape(*mask.shape[:2], -1).any(axis=2) if mask.ndim == 3 else mask
    for label in np.unique(labels):
        if label == 0:
            continue
        size = (canvas.shape[1], canvas.shape[0])
        inside = cv2.resize((labels == label).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        color = color_of(int(label))
        where = inside.astype(bool)
        canvas[where] = (0.6 * canvas[where] + 0.4 * np.array(color)).astype(np.uint8)
        outlines = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]
        cv2.drawContours(canvas, outlines, -1, color, 1, cv2.LINE_AA)


def _write(canvas: np.ndarray, text: str, place: tuple[int, int], color: tuple[int, int, int]) -> None:
    cv2.putText(canvas, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, color, 1, cv2.LINE_AA)


def _box(canvas: np.ndarray, box: Sequence[float], label: tuple[int, str], scale: float) -> None:
    left, top = box[0] * scale, box[1] * scale
    # A box's edges lie between pixels: its last pixel is one before its right edge.
    first = (round(left), round(top))
    last = (round(left + box[2] * scale) - 1, round(top + box[3] * scale) - 1)
    color, name = color_of(label[0]), label[1]
    cv2.rectangle(canvas, first, last, color, 2)
    (width, height), base = cv2.getTextSize(name, cv2.FONT_HERSHEY_SIMPLEX, 0.45, 1)
    # On a small object the name would hide more than it tells.
    if name and last[1] - first[1] > 4 * height:
        corner = (first[0] + width + 4, first[1] + height + base + 1)
        cv2.rectangle(canvas, first, corner, color, -1)
        _write(canvas, name, (first[0] + 2, first[1] + height + 1), (255, 255, 255))


def _draw(picture: Picture) -> np.ndarray:
    """The image as it stands on the sheet."""
    canvas, scale = _shrink(picture)
    if picture.mask is not None:
        _tint(canvas, picture.mask)
    for box, label in zip(picture.boxes, picture.labels):
        _box(canvas, box, label, scale)
    for x, y in picture.points:
        # A keypoint lies on a pixel's centre, half a pixel into the image.
        place = (round((x + 0.5) * scale - 0.5), round((y + 0.5) * scale - 0.5))
        cv2.circle(canvas, place, 4, (255, 255, 255), -1, cv2.LINE_AA)
        cv2.circle(canvas, place, 3, _COLORS[0], -1, cv2.LINE_AA)
    return canvas


def sheet(pictures: Sequence[Picture], columns: int = 0) -> np.ndarray:
    """All pictures with their captions on one white sheet, `(H, W, 3)` uint8; 0: about as many lines as columns."""
    drawn = [_draw(picture) for picture in pictures]
    columns = columns or math.ceil(math.sqrt(len(drawn)))
    lines = math.ceil(len(drawn) / columns)
    high = max(canvas.shape[0] for canvas in drawn) + _STRIP + _GAP
    wide = max(canvas.shape[1] for canvas in drawn) + _GAP
    page = np.full((lines * high + _GAP, columns * wide + _GAP, 3), 255, np.uint8)
    for number, (picture, canvas) in enumerate(zip(pictures, drawn)):
        top, left = _GAP + number // columns * high, _GAP + number % columns * wide
        height, width = picture.image.shape[:2]
        _write(page, f"{picture.caption}  {width}x{height}", (left + 2, top + _STRIP - 8), (60, 60, 60))
        page[top + _STRIP : top + _STRIP + canvas.shape[0], left : left + canvas.shape[1]] = canvas
    return page
