"""COCO segmentations: polygons and run lengths to label maps, which a pipeline can move, and back to run lengths.

Polygons live on the grid between pixels, as boxes do: a pixel belongs to one if its centre lies inside.
"""

import math
from typing import Any, Optional

import numpy as np

from .files import BrokenImage

Entry = dict[str, Any]


def _polygon(flat: list[float], height: int, width: int) -> np.ndarray:
    """The pixels `(H, W)` whose centres lie inside a polygon `[x, y, x, y, …]`, by the even-odd rule."""
    corners = np.asarray(flat, np.float64).reshape(-1, 2)
    # Left to right, the inside begins or ends wherever an edge crosses the line through the pixels' centres.
    toggles = np.zeros((height, width + 1), np.uint8)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0)):
        first, last = (min(max(math.ceil(y - 0.5), 0), height) for y in sorted((y0, y1)))
        lines = np.arange(first, last)
        if len(lines):
            x = x0 + (lines + 0.5 - y0) * (x1 - x0) / (y1 - y0)
            toggles[lines, np.clip(np.ceil(x - 0.5), 0, width).astype(int)] ^= 1
    return np.bitwise_xor.accumulate(toggles, axis=1)[:, :width]


def _unpack(text: str) -> list[int]:
    """Run lengths from COCO's packed text: 5 bits a character, low ones first, differences from the third run on."""
    counts: list[int] = []
    value = bits = 0
    for character in text:
        code = ord(character) - 48
        value |= (code & 31) << bits
        bits += 5
        if not code & 32:
            if code & 16:
                value -= 1 << bits
            counts.append(value + (counts[-2] if len(counts) > 2 else 0))
            value = bits = 0
    return counts


def _runs(entry: Entry, height: int, width: int) -> np.ndarray:
    """The pixels `(H, W)` of run lengths, which go down the columns and begin with the outside."""
    counts = entry["counts"]
    runs = np.asarray(_unpack(counts) if isinstance(counts, str) else counts, np.int64)
    if list(entry.get("size", [height, width])) != [height, width] or runs.sum() != height * width or runs.min() < 0:
        raise ValueError
    inside = np.arange(len(runs)) % 2
    return np.repeat(inside.astype(np.uint8), runs).reshape(width, height).T


def pixels(annotation: Entry, height: int, width: int) -> Optional[np.ndarray]:
    """The pixels `(H, W)` of an annotation's segmentation as 0 and 1; None if it has none."""
    segmentation = annotation.get("segmentation")
    if not segmentation:
        return None
    try:
        if isinstance(segmentation, dict):
            return _runs(segmentation, height, width)
        parts = [_polygon(part, height, width) for part in segmentation]
    except (KeyError, TypeError, ValueError, OverflowError):
        short = str(segmentation)[:60]
        raise BrokenImage(
            f"annotation {annotation.get('id')} has a segmentation that is neither polygons nor run lengths "
            f"of {height * width} pixels: {short}"
        ) from None
    return np.bitwise_or.reduce(parts)


def layers(annotations: list[Entry], height: int, width: int) -> tuple[list[np.ndarray], list[int]]:
    """Label maps `(H, W)` uint16, as few as overlaps allow, and the number of each annotation's map or -1.

    An annotation's label is its index + 1.
    """
    maps: list[np.ndarray] = []
    homes = []
    for index, annotation in enumerate(annotations):
        where = pixels(annotation, height, width)
        home = -1
        if where is not None:
            inside = where.astype(bool)
            home = next((number for number, labels in enumerate(maps) if not labels[inside].any()), len(maps))
            if home == len(maps):
                maps.append(np.zeros((height, width), np.uint16))
            maps[home][inside] = index + 1
        homes.append(home)
    return maps, homes


def run_lengths(where: np.ndarray) -> Entry:
    """The COCO segmentation of a bool mask `(H, W)`, as plain run lengths."""
    flat = np.concatenate([[False], where.T.ravel(), [False]])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    counts = np.diff(np.concatenate([[0], edges, [where.size]]))
    if len(counts) > 1 and counts[-1] == 0:
        counts = counts[:-1]
    return {"size": [int(length) for length in where.shape], "counts": [int(count) for count in counts]}
