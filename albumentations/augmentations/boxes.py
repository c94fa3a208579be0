"""Functions of older releases that move boxes, as calls of kernels.

Boxes are fractions of the image unless said otherwise: one box is a tuple and gives a tuple of 4, many are an array
(N, 4 + extra). Matrices of the releases act on box edges, those of the kernels on pixel centres.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from ..core import older_rows
from ..core.forms import forms
from ..functional import boxes, morphology, moves, warp
from .forms import Table, matrix_of

_FLIPS = {0: "v", 1: "h", -1: "r180"}
_TURNS = ("e", "r90", "r180", "r270")


def _moved(rows: Any, matrix: Any, size: Sequence[int], new: Sequence[int], method: str = "largest_box") -> np.ndarray:
    """Boxes moved by a matrix between pixel edges, from an image of one size (height, width) to one of another."""
    array = np.array(rows, dtype=np.float64)
    array[:, :4] *= (size[1], size[0]) * 2
    centred = warp.translation(-0.5, -0.5) @ matrix_of(matrix) @ warp.translation(0.5, 0.5)
    array = boxes.transform(array, matrix=centred, method=method)
    array[:, :4] /= (new[1], new[0]) * 2
    return array


def _one(bbox: Any, *args: Any) -> tuple[float, ...]:
    return tuple(_moved([bbox[:4]], *args)[0].tolist())


def _d4(rows: Any, element: str) -> np.ndarray:
    """The symmetries of the square look alike in fractions of any image: it is taken for one pixel."""
    matrix = moves.d4_matrix(element, height=1, width=1)
    return boxes.transform(np.array(rows, dtype=np.float64), matrix=matrix)


def _turned(bbox: Any, element: str) -> tuple[float, ...]:
    return tuple(_d4([bbox[:4]], element)[0].tolist())


def _about(size: Sequence[int], angle: float, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> np.ndarray:
    """Turned counter-clockwise and scaled about the middle, then shifted by fractions of the image."""
    turned = warp.about(warp.rotation(angle) @ warp.scaling(scale, scale), center=(size[1] / 2, size[0] / 2))
    return warp.translation(dx * size[1], dy * size[0]) @ turned


def _crop(coords: Sequence[int]) -> tuple[np.ndarray, tuple[int, int]]:
    x_min, y_min, x_max, y_max = coords
    return warp.translation(-x_min, -y_min), (y_max - y_min, x_max - x_min)


def center_coords(height: int, width: int, crop_height: int, crop_width: int) -> tuple[int, int, int, int]:
    """The window x_min, y_min, x_max, y_max of a crop in the middle."""
    y, x = (height - crop_height) // 2, (width - crop_width) // 2
    return x, y, x + crop_width, y + crop_height


def random_coords(
    height: int, width: int, crop_height: int, crop_width: int, h_start: float, w_start: float
) -> tuple[int, int, int, int]:
    """The window of a crop that starts at fractions in [0, 1) of where it can."""
    y, x = int((height - crop_height + 1) * h_start), int((width - crop_width + 1) * w_start)
    return x, y, x + crop_width, y + crop_height


def whole_turn(angle: float, rows: int, cols: int) -> np.ndarray:
    """Turned counter-clockwise so that all of the image is seen, and resized to its size: between pixel centres."""
    turned, (height, width) = warp.fit(warp.rotation(angle), height=rows, width=cols)
    return warp.resize_matrix(height, width, new_height=rows, new_width=cols) @ turned


def _cropped(bbox: Any, coords: Sequence[int], rows: int, cols: int) -> tuple[float, ...]:
    matrix, new = _crop(coords)
    return _one(bbox, matrix, (rows, cols), new)


def crop_and_pad_matrix(crop_params: Any, pad_params: Any) -> np.ndarray:
    """What a crop to (x_min, y_min, x_max, y_max) and a pad of (top, bottom, left, right) move by; each may be None."""
    x, y = crop_params[:2] if crop_params is not None else (0, 0)
    top, left = (pad_params[0], pad_params[2]) if pad_params is not None else (0, 0)
    return warp.translation(left - x, top - y)


def constant_border(border_mode: Any) -> None:
    """Raise ValueError for borders that mirror: what they show once more has no counterpart here."""
    if border_mode in (cv2.BORDER_REFLECT, cv2.BORDER_REFLECT_101):
        raise ValueError(f"border_mode={border_mode!r} must not mirror: mirrored boxes and keypoints are not made here")


def _affine(
    bboxes: Any, matrix: Any, rotate_method: str, image_shape: Any, border_mode: Any, output_shape: Any
) -> np.ndarray:
    constant_border(border_mode)
    return _moved(bboxes, matrix, older_rows.size_of(image_shape), older_rows.size_of(output_shape), rotate_method)


def _cropped_rows(bboxes: Any, crop_coords: Any, image_shape: Any, normalized_input: bool = True) -> np.ndarray:
    matrix, new = _crop(crop_coords)
    return _moved(bboxes, matrix, image_shape if normalized_input else (1, 1), new if normalized_input else (1, 1))


def _padded(bboxes: Any, pad_top: int, pad_left: int, border_mode: Any) -> np.ndarray:
    constant_border(border_mode)
    return boxes.transform(np.array(bboxes, dtype=np.float64), matrix=warp.translation(pad_left, pad_top))


def _inside(bboxes: Any, image_shape: Any) -> np.ndarray:
    array = np.asarray(bboxes)
    height, width = older_rows.size_of(image_shape)[:2]
    return array[(array[:, 2] > 0) & (array[:, 3] > 0) & (array[:, 0] < width) & (array[:, 1] < height)]


def _visible(bboxes: Any, holes: Any, min_area: float, min_visibility: float) -> np.ndarray:
    array = np.asarray(bboxes, dtype=np.float64)
    if not len(array) or not len(holes):
        return array
    share = boxes.uncovered(array, holes=np.asarray(holes))
    return array[(share * boxes.areas(array) >= min_area) & (share >= min_visibility) & (share > 0)]


BOXES: Table = {
    # One box.
    "bbox_hflip": lambda bbox, rows, cols: _turned(bbox, "h"),
    "bbox_vflip": lambda bbox, rows, cols: _turned(bbox, "v"),
    "bbox_flip": lambda bbox, d, rows, cols: _turned(bbox, _FLIPS[d]),
    "bbox_transpose": lambda bbox, axis, rows, cols: _turned(bbox, ("t", "hvt")[axis]),
    "bbox_rot90": lambda bbox, factor, rows, cols: _turned(bbox, _TURNS[factor]),
    "bbox_rotate": forms(
        lambda bbox, angle, method, rows, cols: _one(bbox, _about((rows, cols), angle), *[(rows, cols)] * 2, method),
        lambda bbox, angle, rows, cols: _one(bbox, _about((rows, cols), angle), *[(rows, cols)] * 2),
    ),
    "bbox_shift_scale_rotate": forms(
        lambda bbox, angle, scale, dx, dy, rotate_method, rows, cols, **kwargs: _one(
            bbox, _about((rows, cols), angle, scale, dx, dy), *[(rows, cols)] * 2, rotate_method
        ),
        lambda bbox, angle, scale, dx, dy, rows, cols, **kwargs: _one(
            bbox, _about((rows, cols), angle, scale, dx, dy), *[(rows, cols)] * 2
        ),
    ),
    "bbox_affine": forms(
        lambda bbox, matrix, rotate_method, rows, cols, output_shape: _one(
            bbox, matrix, (rows, cols), output_shape, rotate_method
        ),
        lambda bbox, matrix, rows, cols, output_shape: _one(bbox, matrix, (rows, cols), output_shape),
    ),
    "bbox_safe_rotate": forms(
        lambda bbox, matrix, cols, rows: _one(bbox, matrix, *[(rows, cols)] * 2),
        lambda bbox, angle, rows, cols: _one(bbox, warp.edges(whole_turn(angle, rows, cols)), *[(rows, cols)] * 2),
    ),
    "perspective_bbox": lambda bbox, height, width, matrix, max_width, max_height, keep_size: _one(
        bbox, matrix, (height, width), (max_height, max_width)
    ),
    "bbox_crop": lambda bbox, x_min, y_min, x_max, y_max, rows, cols: _cropped(
        bbox, (x_min, y_min, x_max, y_max), rows, cols
    ),
    "crop_bbox_by_coords": lambda bbox, crop_coords, crop_height, crop_width, rows, cols: _one(
        bbox, _crop(crop_coords)[0], (rows, cols), (crop_height, crop_width)
    ),
    "bbox_center_crop": lambda bbox, crop_height, crop_width, rows, cols: _cropped(
        bbox, center_coords(rows, cols, crop_height, crop_width), rows, cols
    ),
    "bbox_random_crop": lambda bbox, crop_height, crop_width, h_start, w_start, rows, cols: _cropped(
        bbox, random_coords(rows, cols, crop_height, crop_width, h_start, w_start), rows, cols
    ),
    "crop_and_pad_bbox": lambda bbox, crop_params, pad_params, rows, cols, result_rows, result_cols, keep_size=None: (
        _one(bbox, crop_and_pad_matrix(crop_params, pad_params), (rows, cols), (result_rows, result_cols))
    ),
    "bbox_from_mask": lambda mask: tuple(int(edge) for edge in older_rows.bboxes_from_masks(mask)[0]),
    "mask_from_bbox": lambda img, bbox: older_rows.masks_from_bboxes([bbox], img.shape[:2])[0],
    # Many boxes.
    "bboxes_hflip": lambda bboxes: _d4(bboxes, "h"),
    "bboxes_vflip": lambda bboxes: _d4(bboxes, "v"),
    "bboxes_transpose": lambda bboxes: _d4(bboxes, "t"),
    "bboxes_rot90": lambda bboxes, factor: _d4(bboxes, _TURNS[factor]),
    "bboxes_d4": lambda bboxes, group_member: _d4(bboxes, group_member),
    "bboxes_affine": _affine,
    "bboxes_affine_largest_box": lambda bboxes, matrix: _moved(bboxes, matrix, (1, 1), (1, 1)),
    "bboxes_affine_ellipse": lambda bboxes, matrix: _moved(bboxes, matrix, (1, 1), (1, 1), "ellipse"),
    "perspective_bboxes": lambda bboxes, image_shape, matrix, max_width, max_height, keep_size: _moved(
        bboxes, matrix, image_shape, (max_height, max_width)
    ),
    "crop_bboxes_by_coords": _cropped_rows,
    "crop_and_pad_bboxes": lambda bboxes, crop_params, pad_params, image_shape, result_shape: _moved(
        bboxes, crop_and_pad_matrix(crop_params, pad_params), image_shape, result_shape
    ),
    # Boxes in pixels.
    "pad_bboxes": lambda bboxes, pad_top, pad_bottom, pad_left, pad_right, border_mode, image_shape: _padded(
        bboxes, pad_top, pad_left, border_mode
    ),
    "shift_bboxes": lambda bboxes, shift_vector: boxes.transform(
        np.array(bboxes, dtype=np.float64), matrix=warp.translation(shift_vector[0], shift_vector[1])
    ),
    "flip_bboxes": lambda bboxes, flip_horizontal=False, flip_vertical=False, image_shape=(0, 0): boxes.transform(
        np.array(bboxes, dtype=np.float64),
        matrix=moves.d4_matrix(
            {(0, 0): "e", (1, 0): "h", (0, 1): "v", (1, 1): "r180"}[bool(flip_horizontal), bool(flip_vertical)],
            height=image_shape[0],
            width=image_shape[1],
        ),
    ),
    "validate_bboxes": _inside,
    "remap_bboxes": lambda bboxes, map_x, map_y, image_shape: boxes.remap(
        np.array(bboxes, dtype=np.float64), map_x=np.float32(map_x), map_y=np.float32(map_y)
    ),
    "bboxes_piecewise_affine": lambda bboxes, map_x, map_y, border_mode, image_shape: boxes.remap(
        np.array(bboxes, dtype=np.float64), map_x=np.float32(map_x), map_y=np.float32(map_y)
    ),
    "bboxes_morphology": lambda bboxes, kernel, operation, image_shape: morphology.boxes(
        np.array(bboxes, dtype=np.float64),
        kernel=kernel,
        operation=operation,
        height=image_shape[0],
        width=image_shape[1],
    ),
    "filter_bboxes_by_holes": lambda bboxes, holes, image_shape, min_area, min_visibility: _visible(
        bboxes, holes, min_area, min_visibility
    ),
    "mask_dropout_bboxes": lambda bboxes, dropout_mask, image_shape, min_area, min_visibility: _visible(
        bboxes, np.asarray(dropout_mask, dtype=bool).reshape(image_shape[:2]), min_area, min_visibility
    ),
}
