"""Windows: which rectangle of an image a crop shows. Pure arithmetic on sizes, boxes, masks and drawn fractions.

A window is (x_min, y_min, x_max, y_max) in whole pixels, the maxima exclusive, at least a pixel wide and high and
inside of the image, unless said otherwise. A fraction in [0, 1] says where between the first and the last possibility.
"""

import math
from collections.abc import Sequence
from typing import Any, Optional, Union

import cv2
import numpy as np

from . import cv, moves, warp

Array = np.ndarray
Window = tuple[int, int, int, int]
Sides = tuple[int, int, int, int]


def between(low: int, high: int, fraction: float) -> int:
    """The integer in [low, high] that a fraction in [0, 1] falls on, all equally likely; `low` where high is less."""
    return low + min(int(fraction * (high - low + 1)), high - low) if high > low else low


def limited(cuts: Sides, *, height: int, width: int) -> Sides:
    """What to add to the (top, right, bottom, left) of an image, or cut where negative, so that a pixel remains.

    Cuts that would take everything shrink in proportion; an axis that is padded on one side is not limited.
    """
    top, right, bottom, left = cuts
    top, bottom = _axis_limited(top, bottom, height)
    left, right = _axis_limited(left, right, width)
    return top, right, bottom, left


def _axis_limited(before: int, after: int, side: int) -> tuple[int, int]:
    # What is cut on one side must leave something to be seen between the pads.
    before_cut, after_cut = max(-before, 0), max(-after, 0)
    if before_cut + after_cut < side:
        return before, after
    kept_before = before_cut * (side - 1) // (before_cut + after_cut)
    kept_after = side - 1 - kept_before
    return (-kept_before if before < 0 else before), (-min(kept_after, after_cut) if after < 0 else after)


def crop_and_pad(
    image: Array,
    *,
    top: int,
    right: int,
    bottom: int,
    left: int,
    border_mode: Union[int, str] = cv2.BORDER_CONSTANT,
    fill: cv.Fill = 0,
) -> Array:
    """Add so many pixels to every side of an image, or cut them off where negative: first cut, then padded.

    Any dtype and channel count; `border_mode` and `fill` as in `moves.pad`, or else a word of `np.pad`: "minimum",
    "maximum", "mean", "median", and "linear_ramp", which ends at `fill`. Raises ValueError if nothing is left.
    """
    height, width = image.shape[:2]
    x_min, y_min, x_max, y_max = max(-left, 0), max(-top, 0), width + min(right, 0), height + min(bottom, 0)
    if x_min >= x_max or y_min >= y_max:
        raise ValueError(
            f"nothing is left of {width} x {height} pixels: top {top}, right {right}, bottom {bottom}, left {left}"
        )
    seen = image[y_min:y_max, x_min:x_max]
    pads = {"top": max(top, 0), "bottom": max(bottom, 0), "left": max(left, 0), "right": max(right, 0)}
    if not any(pads.values()):
        return seen.copy()
    if isinstance(border_mode, str):
        ends: dict[str, Any] = {"end_values": fill} if border_mode == "linear_ramp" else {}
        widths = ((pads["top"], pads["bottom"]), (pads["left"], pads["right"]), (0, 0))
        mode: Any = border_mode
        padded: Array = np.pad(cv.contiguous(seen), widths[: seen.ndim], mode=mode, **ends)
        return padded
    # `moves.pad` hands OpenCV what is contiguous: the copy costs 5 us, NumPy's own padding 360.
    return moves.pad(cv.contiguous(seen), **pads, border_mode=border_mode, fill=fill)


def crop_and_pad_matrix(height: int, width: int, *, cuts: Sides, keep_size: bool) -> tuple[Array, tuple[int, int]]:
    """The matrix of `crop_and_pad` by (top, right, bottom, left), and the new (height, width).

    With `keep_size` the result is resized to the height and width of the image.
    """
    top, right, bottom, left = cuts
    size = (height + top + bottom, width + left + right)
    shift = warp.translation(left, top)
    if not keep_size:
        return shift, size
    return warp.resize_matrix(*size, new_height=height, new_width=width) @ shift, (height, width)


def from_borders(
    height: int, width: int, *, limits: tuple[float, float, float, float], fractions: tuple[float, float, float, float]
) -> Window:
    """A window that cuts up to a share off every side (RandomCropFromBorders).

    `limits`: the largest share at the left, right, top, bottom, in [0, 1]; `fractions`: four drawn numbers in that
    order. Where the cuts of two sides meet, the second side gives way.
    """
    x_min = between(0, min(int(limits[0] * width + 1e-9), width - 1), fractions[0])
    x_max = between(max(x_min + 1, int((1.0 - limits[1]) * width + 1e-9)), width, fractions[1])
    y_min = between(0, min(int(limits[2] * height + 1e-9), height - 1), fractions[2])
    y_max = between(max(y_min + 1, int((1.0 - limits[3]) * height + 1e-9)), height, fractions[3])
    return x_min, y_min, x_max, y_max


def near_box(
    height: int,
    width: int,
    *,
    box: Sequence[float],
    parts: tuple[float, float],
    fractions: tuple[float, float, float, float],
) -> Window:
    """A window around a box, each of its edges moved by up to a share of the box's height and width.

    `box`: x_min, y_min, x_max, y_max in pixels; `parts`: the shares for (height, width); `fractions`: drawn numbers in
    [0, 1] for x_min, x_max, y_min, y_max, 0.5 meaning no move. Edges are limited to the image, and where they cross, to
    one pixel. Raises ValueError for a box that lies outside or has no area.
    """
    x_min, y_min, x_max, y_max = box[:4]
    if not (x_min < x_max and y_min < y_max and x_min < width and y_min < height and x_max > 0 and y_max > 0):
        raise ValueError(f"box {tuple(box)} has no area in an image {width} wide and {height} high")
    # Rounded half up: round() would send .5 to the nearest even number, and halves are usual here.
    reach_y = math.floor((y_max - y_min) * parts[0] + 0.5)
    reach_x = math.floor((x_max - x_min) * parts[1] + 0.5)
    left = int(x_min) + between(-reach_x, reach_x, fractions[0])
    right = math.ceil(x_max) + between(-reach_x, reach_x, fractions[1])
    top = int(y_min) + between(-reach_y, reach_y, fractions[2])
    low = math.ceil(y_max) + between(-reach_y, reach_y, fractions[3])
    left, right = _ordered(left, right, width)
    top, low = _ordered(top, low, height)
    return left, top, right, low


def _ordered(low: int, high: int, side: int) -> tuple[int, int]:
    low, high = min(max(low, 0), side - 1), min(max(high, 1), side)
    return (low, high) if low < high else (low, low + 1)


def around_boxes(
    height: int,
    width: int,
    *,
    boxes: Array,
    erosion_rate: float = 0.0,
    fractions: tuple[float, float, float, float],
) -> Window:
    """A window around the union of all boxes `(N, 4 + extra)` in pixels, each of its edges anywhere outside of it.

    `fractions`: drawn numbers for x_min, y_min, x_max, y_max; 0 is the first possible place. Every box may first lose
    `erosion_rate` of its width and height at either side; at 0 every box is wholly seen, whatever its size and place,
    from 0.5 on its centre may be cut. Raises ValueError without boxes.
    """
    if not len(boxes):
        raise ValueError("around_boxes needs at least one box")
    boxes = np.asarray(boxes, dtype=np.float64)
    lost = (boxes[:, 2:4] - boxes[:, :2]) * erosion_rate
    left, top = (boxes[:, :2] + lost).min(axis=0).tolist()
    right, bottom = (boxes[:, 2:4] - lost).max(axis=0).tolist()
    x_min, x_max = _axis_around(left, right, width, fractions[0], fractions[2])
    y_min, y_max = _axis_around(top, bottom, height, fractions[1], fractions[3])
    return x_min, y_min, x_max, y_max


def _axis_around(low: float, high: float, side: int, first: float, second: float) -> tuple[int, int]:
    start = between(0, min(max(math.floor(low), 0), side - 1), first)
    return start, between(max(min(math.ceil(high), side), start + 1), side, second)


def shrunk(height: int, width: int, *, erosion_rate: float, fractions: tuple[float, float, float]) -> Window:
    """The window of a box-safe crop without boxes: `1 - erosion_rate` to all of the height, and as much of the width.

    `fractions`: drawn numbers for the size, x and y.
    """
    rows = between(max(int(height * (1.0 - erosion_rate) + 1e-9), 1), height, fractions[0])
    columns = max(rows * width // height, 1)
    x_min, y_min = between(0, width - columns, fractions[1]), between(0, height - rows, fractions[2])
    return x_min, y_min, x_min + columns, y_min + rows


def over_box(
    height: int,
    width: int,
    *,
    crop_height: int,
    crop_width: int,
    box: Optional[Sequence[float]],
    erosion_factor: float = 0.0,
    fractions: tuple[float, float],
) -> Window:
    """A window of a given size that keeps at least a part of one box, or lies anywhere if there is none.

    `box` in pixels; it first loses `erosion_factor` of its width and height at either side, then the window contains
    what is left, or lies within it where the window is smaller; at least a pixel of the box is seen. `fractions`: drawn
    numbers for x and y. Raises ValueError for a window larger than the image.
    """
    if crop_height > height or crop_width > width:
        raise ValueError(f"a window of {crop_width} x {crop_height} does not fit into {width} x {height} pixels")
    if box is None:
        x_min, y_min = between(0, width - crop_width, fractions[0]), between(0, height - crop_height, fractions[1])
    else:
        x_min = _axis_over(box[0], box[2], width, crop_width, erosion_factor, fractions[0])
        y_min = _axis_over(box[1], box[3], height, crop_height, erosion_factor, fractions[1])
    return x_min, y_min, x_min + crop_width, y_min + crop_height


def _axis_over(low: float, high: float, side: int, length: int, erosion: float, fraction: float) -> int:
    lost = (high - low) * erosion
    first, last = sorted((high - lost - length, low + lost))
    # Where no whole pixel lies between (a box as long as the window, on a fraction of a pixel) the nearest will do.
    start = between(math.ceil(first - 1e-9), math.floor(last + 1e-9), fraction)
    start = min(max(start, math.floor(low) - length + 1), math.ceil(high) - 1)
    return min(max(start, 0), side - length)


def over_mask(
    mask: Array,
    *,
    crop_height: int,
    crop_width: int,
    fractions: tuple[float, float, float],
    ignore_values: Sequence[float] = (),
    ignore_channels: Sequence[int] = (),
) -> Window:
    """A window of a given size that shows one pixel of a mask, drawn from all that are not zero; anywhere if none is.

    `mask`: `(H, W)` or `(H, W, C)` of any dtype; pixels of `ignore_values` and of `ignore_channels` count as zero.
    `fractions`: drawn numbers for the pixel, and for x and y of the window over it. Raises ValueError for a window
    larger than the mask and for channels that are not there.
    """
    height, width = mask.shape[:2]
    if crop_height > height or crop_width > width:
        raise ValueError(f"a window of {crop_width} x {crop_height} does not fit into {width} x {height} pixels")
    found = np.flatnonzero(wanted(mask, ignore_values=ignore_values, ignore_channels=ignore_channels))
    if not len(found):
        x_min, y_min = between(0, width - crop_width, fractions[1]), between(0, height - crop_height, fractions[2])
        return x_min, y_min, x_min + crop_width, y_min + crop_height
    y, x = divmod(int(found[between(0, len(found) - 1, fractions[0])]), width)
    # Uniform over the window's places that show the pixel, then pushed into the image, as in 1.3.1 and 2.0.8.
    x_min = min(max(x - between(0, crop_width - 1, fractions[1]), 0), width - crop_width)
    y_min = min(max(y - between(0, crop_height - 1, fractions[2]), 0), height - crop_height)
    return x_min, y_min, x_min + crop_width, y_min + crop_height


def wanted(mask: Array, *, ignore_values: Sequence[float] = (), ignore_channels: Sequence[int] = ()) -> Array:
    """Which pixels of a mask count, as `over_mask` has it: bool `(H, W)`."""
    count = cv.channels(mask)
    if any(not -count <= channel < count for channel in ignore_channels):
        raise ValueError(f"ignore_channels {list(ignore_channels)} are not all there in a mask of {count} channels")
    kept = sorted(set(range(count)) - {channel % count for channel in ignore_channels})
    planes = mask if mask.ndim == 2 else mask[:, :, kept] if len(kept) < count else mask
    if not kept:
        return np.zeros(mask.shape[:2], dtype=bool)
    counts = planes != 0
    if len(ignore_values):
        counts &= ~np.isin(planes, ignore_values)
    return np.asarray(counts if counts.ndim == 2 else counts.any(axis=2))
