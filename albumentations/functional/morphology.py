"""Morphology on gray levels (Serra, 1982): the largest or smallest value under a kernel, channel by channel."""

from typing import Any

import cv2
import numpy as np

from . import cv

Array = np.ndarray

_OPERATIONS = {"dilation": cv2.dilate, "erosion": cv2.erode}
# dtypes whose order survives in one that OpenCV compares; 32 bits fit exactly into float64.
_WIDER: dict[str, Any] = {
    "bool": np.uint8,
    "int8": np.int16,
    "float16": np.float32,
    "int32": np.float64,
    "uint32": np.float64,
}


def ellipse(height: int, width: int) -> Array:
    """A flat elliptic kernel, uint8 `(height, width)` of 0 and 1. Raises ValueError for sides below 1."""
    if height < 1 or width < 1:
        raise ValueError(f"a kernel needs at least 1 x 1 pixels, not {height} x {width}")
    # An ellipse of one row is a line; OpenCV's is a point.
    shape = cv2.MORPH_RECT if 1 in (height, width) else cv2.MORPH_ELLIPSE
    return cv2.getStructuringElement(shape, (width, height))


def apply(image: Array, *, kernel: Array, operation: str) -> Array:
    """Replace every value by the largest ("dilation") or smallest ("erosion") under the kernel around it.

    Any dtype and channel count, exactly; what lies outside of the image is left out. `kernel` is uint8 of 0 and 1, its
    anchor `(height // 2, width // 2)`. A dilation shows every bright pixel as the kernel, an erosion is the opposite of
    a dilation of the negative, as in OpenCV. Raises ValueError for another operation.
    """
    function = _operation(operation)

    def call(part: Array, fill: tuple[float, ...]) -> Array:
        return function(part, kernel)

    if image.dtype in cv.NATIVE:
        return cv.grouped(call, image)
    if image.dtype.itemsize == 8:
        # No float holds 64 bits: the ranks of the values travel instead.
        values, ranks = np.unique(image, return_inverse=True)
        return np.ascontiguousarray(values[cv.grouped(call, ranks.reshape(image.shape).astype(np.float64)).astype(int)])
    return cv.grouped(call, image.astype(_WIDER[image.dtype.name])).astype(image.dtype)


def _operation(name: str) -> Any:
    if name not in _OPERATIONS:
        raise ValueError(f"operation must be one of {sorted(_OPERATIONS)}, not {name!r}")
    return _OPERATIONS[name]


def boxes(boxes: Array, *, kernel: Array, operation: str, height: int, width: int) -> Array:
    """Boxes `(N, 4 + extra)` in pixels around what becomes of their painted content in an image `height` x `width`.

    A dilation adds the kernel's reach a side, an erosion takes it; the frame limits the first and, having nothing
    beyond it, does not push the second. Boxes that vanish are left without area (`x_min >= x_max`).
    """
    _operation(operation)
    rows, columns = np.flatnonzero(kernel.any(axis=1)), np.flatnonzero(kernel.any(axis=0))
    anchor_y, anchor_x = kernel.shape[0] // 2, kernel.shape[1] // 2
    # cv2.dilate reads places k - anchor away: a bright pixel is seen from anchor - k.
    left, right = columns[-1] - anchor_x, anchor_x - columns[0]
    top, bottom = rows[-1] - anchor_y, anchor_y - rows[0]
    result = np.array(boxes, dtype=np.float64)
    frame = np.array((0.0, 0.0, width, height))
    if operation == "dilation":
        result[:, :4] += (-left, -top, right, bottom)
        result[:, 0:4:2] = result[:, 0:4:2].clip(0.0, width)
        result[:, 1:4:2] = result[:, 1:4:2].clip(0.0, height)
        return result
    inside = np.array([(result[:, 0] > 0), (result[:, 1] > 0), (result[:, 2] < width), (result[:, 3] < height)]).T
    # Eroding reads right by `left`: what is seen there must be of the box too.
    result[:, :4] = np.where(inside, result[:, :4] + (right, bottom, -left, -top), frame)
    return result
