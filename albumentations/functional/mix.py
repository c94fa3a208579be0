"""Several images in one: weighted sums, overlays, and the cells of a mosaic."""

from collections.abc import Sequence
from typing import NamedTuple, Optional

import cv2
import numpy as np

from . import cv, warp

Array = np.ndarray
Window = tuple[int, int, int, int]


def weighted(image: Array, *, other: Array, weight: float, other_weight: float) -> Array:
    """The sum of two images, each times its weight; `other` is resized linearly to the size of `image`.

    The result has the dtype of `image`, integers rounded and limited; `other` has the same dtype and as many channels,
    or one for all. Raises ValueError for others.
    """
    other = _matching(image, other, "other")
    if other.shape[:2] != image.shape[:2]:
        other = warp.resize(other, size=image.shape[:2])
    if cv.channels(other) < cv.channels(image):
        other = np.repeat(other.reshape(*image.shape[:2], 1), cv.channels(image), axis=2)
    if image.dtype in (cv.UINT8, cv.FLOAT32):
        flat, flat_other = (cv.contiguous(part).reshape(image.shape[0], -1) for part in (image, other))
        return cv2.addWeighted(flat, weight, flat_other, other_weight, 0.0).reshape(image.shape)
    kind = cv.working(image.dtype)
    total = image.astype(kind) * kind(weight) + other.reshape(image.shape).astype(kind) * kind(other_weight)
    return cv.saturate(total, image.dtype)


def _matching(image: Array, other: Array, name: str) -> Array:
    if other.dtype != image.dtype or cv.channels(other) not in (1, cv.channels(image)):
        raise ValueError(
            f"{name} must be {image.dtype} with 1 or {cv.channels(image)} channels,"
            f" not {other.dtype} with {cv.channels(other)}"
        )
    return other


def overlay(image: Array, *, patch: Array, x: int, y: int, alpha: Optional[Array] = None) -> Array:
    """Lay a patch over an image, its first pixel at column `x` and row `y`; what leaves the image is cut off.

    Both of one dtype, `patch` with as many channels or one for all. `alpha`: `(h, w)` like the patch, bool or integers
    (shown where not 0), or floats in [0, 1] (mixed); None shows all. Raises ValueError for patches of another dtype or
    channel count, and for an alpha of another size.
    """
    patch = _matching(image, patch, "patch")
    if alpha is not None and alpha.shape != patch.shape[:2]:
        raise ValueError(f"alpha must have the patch's height and width {patch.shape[:2]}, not {alpha.shape}")
    result = np.array(image, order="C")
    place, part = _clipped(image.shape, patch.shape, x, y)
    if place is None:
        return result
    target, source = result[place], patch[part]
    source = source.reshape(*source.shape[:2], -1) if image.ndim == 3 else source.reshape(source.shape[:2])
    if alpha is None:
        target[...] = source
        return result
    share = alpha[part] if image.ndim == 2 else alpha[part][:, :, None]
    if alpha.dtype.kind != "f":
        np.copyto(target, source, where=share != 0)
        return result
    kind = cv.working(image.dtype)
    share = share.astype(kind)
    mixed = target.astype(kind) * (kind(1.0) - share) + source.astype(kind) * share
    target[...] = cv.saturate(mixed, image.dtype)
    return result


def overlay_mask(
    mask: Array, *, height: int, width: int, x: int, y: int, value: float, alpha: Optional[Array]
) -> Array:
    """Set a mask to a value where a patch of `height` x `width` at (x, y) is shown: where `alpha` is not 0, or all."""
    result = np.array(mask, order="C")
    place, part = _clipped(mask.shape, (height, width), x, y)
    if place is None:
        return result
    target = result[place]
    shown = np.ones(target.shape[:2], dtype=bool) if alpha is None else alpha[part] != 0
    target[shown] = cv.saturate(np.asarray([value]), mask.dtype)[0]
    return result


def _clipped(
    shape: Sequence[int], patch: Sequence[int], x: int, y: int
) -> tuple[Optional[tuple[slice, slice]], tuple[slice, slice]]:
    """Where a patch is seen: rows and columns of the image and of the patch; None if nowhere."""
    left, top, right, low = max(x, 0), max(y, 0), min(x + patch[1], shape[1]), min(y + patch[0], shape[0])
    part = (slice(top - y, low - y), slice(left - x, right - x))
    return ((slice(top, low), slice(left, right)) if left < right and top < low else None), part


class Cell(NamedTuple):
    """A cell of a mosaic: what is seen of it in the target, and where its own first pixel lies there."""

    window: Window
    x: int
    y: int


def mosaic_cells(
    *, grid: tuple[int, int], cell_shape: tuple[int, int], target_size: tuple[int, int], center: tuple[float, float]
) -> list[Cell]:
    """The cells of a grid (rows, columns) that are seen through a target, row by row.

    The grid is a canvas of `rows * cell height` x `columns * cell width` pixels; `center` (y, x), fractions, says where
    the target of `target_size` (height, width) lies on it: 0 at the first pixel, 1 at the last, so that a larger share
    moves the lines between cells left and up. Where the target is larger than the canvas the cells are centred.
    Sizes are (height, width) in pixels; windows (x_min, y_min, x_max, y_max) in the target.
    """
    first = []
    for count, side, target, share in zip(grid, cell_shape, target_size, center):
        room = count * side - target
        first.append(int(room * share) if room >= 0 else -((-room) // 2))
    cells = []
    for row in range(grid[0]):
        for column in range(grid[1]):
            y, x = row * cell_shape[0] - first[0], column * cell_shape[1] - first[1]
            window = (
                max(x, 0),
                max(y, 0),
                min(x + cell_shape[1], target_size[1]),
                min(y + cell_shape[0], target_size[0]),
            )
            if window[0] < window[2] and window[1] < window[3]:
                cells.append(Cell(window, x, y))
    return cells


def fit(
    height: int,
    width: int,
    *,
    cell_shape: tuple[int, int],
    mode: str = "cover",
    anchor: tuple[float, float] = (0.5, 0.5),
) -> tuple[tuple[int, int], int, int]:
    """How an image fits into a cell: its new (height, width), and the x and y of its first pixel in the cell.

    "cover" fills the cell, what is too much being cut off (x, y at most 0); "contain" shows all of the image (x, y at
    least 0). `anchor` (y, x), fractions, shares the difference: 0 keeps the first pixels together. Raises ValueError
    for another mode.
    """
    if mode not in ("cover", "contain"):
        raise ValueError(f"mode must be 'cover' or 'contain', not {mode!r}")
    scales = (cell_shape[0] / height, cell_shape[1] / width)
    scale = max(scales) if mode == "cover" else min(scales)
    size = (max(round(height * scale), 1), max(round(width * scale), 1))
    y, x = (int((cell - side) * share) for cell, side, share in zip(cell_shape, size, anchor))
    return size, x, y


def placement_matrix(height: int, width: int, *, size: tuple[int, int], x: int, y: int) -> Array:
    """The 3 x 3 matrix between pixel centres of an image that is resized to `size` and laid at (x, y)."""
    return warp.translation(x, y) @ warp.resize_matrix(height, width, new_height=size[0], new_width=size[1])


def canvas(height: int, width: int, *, like: Array, fill: cv.Fill) -> Array:
    """A picture of one colour with the dtype and channels of another; `fill`: a number or one a channel."""
    result = np.empty((height, width, *like.shape[2:]), like.dtype)
    result[...] = (
        cv.saturate(np.asarray(cv.scalar(fill, cv.channels(like))), like.dtype)
        if like.ndim == 3
        else (cv.saturate(np.asarray(cv.scalar(fill, 1)), like.dtype)[0])
    )
    return result


def draw(canvas: Array, *, image: Array, window: Window, x: int, y: int) -> None:
    """Write the part of an image at (x, y) that lies in a window of the canvas, in place.

    The one kernel that writes to an argument: a mosaic is drawn on a canvas of its own. Raises ValueError for an image
    of another dtype or channel count.
    """
    image = _matching(canvas, image, "image")
    x_min, y_min, x_max, y_max = window
    left, top = max(x, x_min), max(y, y_min)
    right, low = min(x + image.shape[1], x_max), min(y + image.shape[0], y_max)
    if left >= right or top >= low:
        return
    source, target = image[top - y : low - y, left - x : right - x], canvas[top:low, left:right]
    target[...] = source.reshape(*source.shape[:2], -1) if canvas.ndim == 3 else source.reshape(source.shape[:2])
