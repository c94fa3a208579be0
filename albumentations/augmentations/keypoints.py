"""Functions of older releases that move keypoints, as calls of kernels.

One keypoint is a tuple (x, y, angle, scale) and gives one of 4; many are an array (N, 5 + extra) of x, y, z, angle,
scale. Angles turn with the picture, as everywhere in this library.
"""

from collections.abc import Sequence
from typing import Any, Optional

import numpy as np

from ..core import older_rows
from ..core.forms import forms
from ..functional import keypoints as kernels
from ..functional import moves, volumes, warp
from .boxes import center_coords, constant_border, crop_and_pad_matrix, random_coords, whole_turn
from .forms import Table, matrix_of

_FLIPS = {0: "v", 1: "h", -1: "r180"}
_TURNS = ("e", "r90", "r180", "r270")


def _many(keypoints: Any, matrix: Any, stretch: Optional[float] = None) -> np.ndarray:
    """Keypoints moved by a matrix between pixel centres; their scales by `stretch`, else as the matrix says."""
    array = np.array(keypoints, dtype=np.float64)
    result = kernels.transform(array, matrix=matrix_of(matrix))
    if stretch is not None:
        result[:, 4] = array[:, 4] * stretch
    return result


def _one(keypoint: Any, matrix: Any, stretch: Optional[float] = None) -> tuple[float, ...]:
    x, y, angle, scale = keypoint[:4]
    x, y, _, angle, scale = _many([(x, y, 0.0, angle, scale)], matrix, stretch)[0].tolist()
    return x, y, angle, scale


def _about(size: Sequence[int], angle: float, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> np.ndarray:
    center = ((size[1] - 1) / 2, (size[0] - 1) / 2)
    turned = warp.about(warp.rotation(angle) @ warp.scaling(scale, scale), center=center)
    return warp.translation(dx * size[1], dy * size[0]) @ turned


def _shift(coords: Sequence[int]) -> np.ndarray:
    return warp.translation(-coords[0], -coords[1])


def _fitted(matrix: Any, size: Sequence[int], max_width: int, max_height: int, keep_size: bool) -> np.ndarray:
    """The matrix of a perspective, resized to the size before where that is kept."""
    scale = (size[1] / max_width, size[0] / max_height) if keep_size else (1.0, 1.0)
    return warp.scaling(*scale) @ matrix_of(matrix)


def _crop_and_pad(crop_params: Any, pad_params: Any, size: Any, result: Any, keep_size: bool) -> np.ndarray:
    matrix = crop_and_pad_matrix(crop_params, pad_params)
    return warp.scaling(size[1] / result[1], size[0] / result[0]) @ matrix if keep_size else matrix


def _cropped_and_padded(
    keypoint: Any,
    crop_params: Any,
    pad_params: Any,
    rows: int,
    cols: int,
    result_rows: int,
    result_cols: int,
    keep_size: bool,
) -> tuple[float, ...]:
    return _one(keypoint, _crop_and_pad(crop_params, pad_params, (rows, cols), (result_rows, result_cols), keep_size))


def _many_cropped_and_padded(
    keypoints: Any,
    crop_params: Any = None,
    pad_params: Any = None,
    image_shape: Any = (0, 0),
    result_shape: Any = (0, 0),
    keep_size: bool = False,
) -> np.ndarray:
    return _many(keypoints, _crop_and_pad(crop_params, pad_params, image_shape, result_shape, keep_size))


def _d4(keypoints: Any, element: str, height: int = 1, width: int = 1) -> np.ndarray:
    return _many(keypoints, moves.d4_matrix(element, height=height, width=width))


def _affine(keypoints: Any, matrix: Any, image_shape: Any, scale: Any, border_mode: Any) -> np.ndarray:
    constant_border(border_mode)
    return _many(keypoints, matrix, max(scale["x"], scale["y"]))


def _padded(keypoints: Any, pad_top: int, pad_left: int, border_mode: Any) -> np.ndarray:
    constant_border(border_mode)
    return _many(keypoints, warp.translation(pad_left, pad_top))


def _shifted(keypoints: Any, shift_vector: Sequence[float]) -> np.ndarray:
    array = np.array(keypoints, dtype=np.float64)
    array[:, : len(shift_vector)] += shift_vector
    return array


def _mirrored(
    keypoints: Any, flip_horizontal: bool = False, flip_vertical: bool = False, image_shape: Any = (0, 0)
) -> Any:
    """Mirrored at the edge of the image, not at its last pixel."""
    array = np.array(keypoints, dtype=np.float64)
    for column, side, flip in ((0, image_shape[1], flip_horizontal), (1, image_shape[0], flip_vertical)):
        if flip:
            array[:, column] = side - array[:, column]
            array[:, 3] *= -1
    return array


def _inside(keypoints: Any, image_shape: Any) -> np.ndarray:
    array = np.asarray(keypoints)
    height, width = older_rows.size_of(image_shape)[:2]
    return array[(array[:, 0] >= 0) & (array[:, 0] < width) & (array[:, 1] >= 0) & (array[:, 1] < height)]


def _remapped(keypoints: Any, map_x: Any, map_y: Any, image_shape: Any) -> np.ndarray:
    moved = kernels.remap(np.array(keypoints, dtype=np.float64), map_x=np.float32(map_x), map_y=np.float32(map_y))
    return _inside(moved, image_shape)


def _outside(keypoints: Any, holes: Any) -> np.ndarray:
    array = np.asarray(keypoints)
    return array[~kernels.in_holes(array, holes=np.asarray(holes))] if len(array) and len(holes) else array


def to_distance_maps(keypoints: Any, height: int, width: int, inverted: bool = False) -> np.ndarray:
    """How far every pixel is from each keypoint, float32 (H, W, N); `inverted` is 1 / (1 + distance)."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    planes = [np.hypot(x - point[0], y - point[1]) for point in keypoints]
    distances = np.stack(planes, axis=-1) if planes else np.zeros((height, width, 0))
    return (1 / (1 + distances) if inverted else distances).astype(np.float32)


def from_distance_maps(
    distance_maps: np.ndarray, inverted: bool, if_not_found_coords: Any = None, threshold: Optional[float] = None
) -> list[tuple[float, float]]:
    """The keypoints of distance maps (H, W, N): where each is nearest.

    One that is farther off than `threshold` (with `inverted` less near) everywhere is put at `if_not_found_coords`, (x,
    y) or a dict of them, and left out if that is None.
    """
    absent = if_not_found_coords
    if isinstance(absent, dict):
        absent = (absent["x"], absent["y"])
    result = []
    for plane in np.moveaxis(np.asarray(distance_maps), -1, 0):
        y, x = np.unravel_index(int((plane.argmax if inverted else plane.argmin)()), plane.shape)
        value = plane[y, x]
        if threshold is not None and (value < threshold if inverted else value >= threshold):
            if absent is not None:
                result.append((float(absent[0]), float(absent[1])))
        else:
            result.append((float(x), float(y)))
    return result


KEYPOINTS: Table = {
    # One keypoint.
    "keypoint_hflip": lambda keypoint, rows, cols: _one(keypoint, moves.d4_matrix("h", height=rows, width=cols)),
    "keypoint_vflip": lambda keypoint, rows, cols: _one(keypoint, moves.d4_matrix("v", height=rows, width=cols)),
    "keypoint_flip": lambda keypoint, d, rows, cols: _one(
        keypoint, moves.d4_matrix(_FLIPS[d], height=rows, width=cols)
    ),
    "keypoint_transpose": lambda keypoint: _one(keypoint, moves.d4_matrix("t", height=1, width=1)),
    "keypoint_rot90": lambda keypoint, factor, rows, cols, **params: _one(
        keypoint, moves.d4_matrix(_TURNS[factor], height=rows, width=cols)
    ),
    "keypoint_rotate": lambda keypoint, angle, rows, cols, **params: _one(keypoint, _about((rows, cols), angle)),
    "keypoint_scale": lambda keypoint, scale_x, scale_y: (
        _one((*keypoint[:2], 0.0, keypoint[3]), warp.scaling(scale_x, scale_y))[:2]
        + (keypoint[2], keypoint[3] * max(scale_x, scale_y))
    ),
    "keypoint_shift_scale_rotate": lambda keypoint, angle, scale, dx, dy, rows, cols, **params: _one(
        keypoint, _about((rows, cols), angle, scale, dx, dy)
    ),
    "keypoint_center_crop": lambda keypoint, crop_height, crop_width, rows, cols: _one(
        keypoint, _shift(center_coords(rows, cols, crop_height, crop_width))
    ),
    "keypoint_random_crop": lambda keypoint, crop_height, crop_width, h_start, w_start, rows, cols: _one(
        keypoint, _shift(random_coords(rows, cols, crop_height, crop_width, h_start, w_start))
    ),
    "crop_keypoint_by_coords": lambda keypoint, crop_coords, crop_height=None, crop_width=None, rows=None, cols=None: (
        _one(keypoint, _shift(crop_coords))
    ),
    "keypoint_affine": lambda keypoint, matrix, scale: _one(keypoint, matrix, max(scale["x"], scale["y"])),
    "keypoint_safe_rotate": forms(
        lambda keypoint, matrix, angle, scale_x, scale_y, cols, rows: _one(keypoint, matrix, max(scale_x, scale_y)),
        lambda keypoint, angle, rows, cols: _one(keypoint, whole_turn(angle, rows, cols)),
    ),
    "perspective_keypoint": lambda keypoint, height, width, matrix, max_width, max_height, keep_size: _one(
        keypoint, _fitted(matrix, (height, width), max_width, max_height, keep_size)
    ),
    "crop_and_pad_keypoint": _cropped_and_padded,
    # Many keypoints.
    "keypoints_hflip": lambda keypoints, cols: _d4(keypoints, "h", width=cols),
    "keypoints_vflip": lambda keypoints, rows: _d4(keypoints, "v", height=rows),
    "keypoints_transpose": lambda keypoints: _d4(keypoints, "t"),
    "keypoints_rot90": lambda keypoints, factor, image_shape: _d4(keypoints, _TURNS[factor], *image_shape[:2]),
    "keypoints_d4": lambda keypoints, group_member, image_shape, **params: _d4(
        keypoints, group_member, *image_shape[:2]
    ),
    "keypoints_scale": lambda keypoints, scale_x, scale_y: np.concatenate(
        (
            _many(keypoints, warp.scaling(scale_x, scale_y))[:, :3],
            np.asarray(keypoints)[:, 3:4],
            _many(keypoints, warp.scaling(scale_x, scale_y), max(scale_x, scale_y))[:, 4:],
        ),
        axis=1,
    ),
    "keypoints_affine": _affine,
    "perspective_keypoints": lambda keypoints, image_shape, matrix, max_width, max_height, keep_size: _many(
        keypoints, _fitted(matrix, image_shape, max_width, max_height, keep_size)
    ),
    "crop_keypoints_by_coords": lambda keypoints, crop_coords: _many(keypoints, _shift(crop_coords)),
    "crop_and_pad_keypoints": _many_cropped_and_padded,
    "pad_keypoints": lambda keypoints, pad_top, pad_bottom, pad_left, pad_right, border_mode, image_shape: _padded(
        keypoints, pad_top, pad_left, border_mode
    ),
    "shift_keypoints": _shifted,
    "flip_keypoints": _mirrored,
    "validate_keypoints": _inside,
    "remap_keypoints": _remapped,
    "remap_keypoints_via_mask": _remapped,
    "filter_keypoints_in_holes": _outside,
    "mask_dropout_keypoints": lambda keypoints, dropout_mask: _outside(keypoints, np.asarray(dropout_mask, dtype=bool)),
    "filter_keypoints_in_holes3d": lambda keypoints, holes: np.asarray(keypoints)[
        ~volumes.in_boxes(np.asarray(keypoints, dtype=np.float64), boxes=np.asarray(holes))
    ],
    "transform_cube_keypoints": lambda keypoints, index, volume_shape: volumes.cubic_keypoints(
        np.array(keypoints, dtype=np.float64), shape=tuple(volume_shape[:3]), element=index
    ),
    "to_distance_maps": forms(
        to_distance_maps,
        lambda keypoints, image_shape, inverted=False: to_distance_maps(
            keypoints, image_shape[0], image_shape[1], inverted
        ),
    ),
    "from_distance_maps": from_distance_maps,
}
