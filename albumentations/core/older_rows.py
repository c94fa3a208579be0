"""What `core` of older releases held for boxes and keypoints, as programs call it.

One row is a tuple and comes back as one, whatever it carries behind its coordinates; rows with `rows, cols` are lists
of tuples (0.4 - 1.3); rows with a `shape`, (height, width[, depth]) or a dict of these names, are arrays (1.4 - 2.0).
Boxes are (x_min, y_min, x_max, y_max) as fractions of the image; keypoints (x, y, angle, scale) in tuples and
(x, y, z, angle, scale) in arrays, angles in radians.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, Union

import numpy as np

from . import bbox_utils, keypoints_utils
from .forms import forms

Row = tuple[Any, ...]
Size = Union[Sequence[int], Mapping[str, int]]
keypoint_formats = set(keypoints_utils.FORMATS)

# Shapes and rows.


def size_of(shape: Size) -> tuple[int, ...]:
    """(height, width[, depth]) of a sequence or a dict."""
    if isinstance(shape, Mapping):
        return tuple(int(shape[name]) for name in ("height", "width", "depth") if name in shape)
    return tuple(int(side) for side in shape)


def _sides(shape: Size) -> tuple[int, int]:
    height, width = size_of(shape)[:2]
    return height, width


def _array(rows: Any, function: Callable[[Any], Any]) -> np.ndarray:
    array = np.asarray(rows)
    if not len(array):
        return array.astype(np.float64)
    return np.array([function(tuple(row)) for row in array.tolist()], dtype=np.float64)


# Boxes.


def normalize_bbox(bbox: Any, rows: int, cols: int) -> Row:
    """Pixels as fractions of the image."""
    x_min, y_min, x_max, y_max, *rest = bbox
    _need_size(rows, cols)
    return (x_min / cols, y_min / rows, x_max / cols, y_max / rows, *rest)


def denormalize_bbox(bbox: Any, rows: int, cols: int) -> Row:
    """Fractions of the image as pixels."""
    x_min, y_min, x_max, y_max, *rest = bbox
    _need_size(rows, cols)
    return (x_min * cols, y_min * rows, x_max * cols, y_max * rows, *rest)


def _need_size(rows: int, cols: int) -> None:
    if rows <= 0 or cols <= 0:
        raise ValueError(f"rows={rows!r} and cols={cols!r} must be at least 1")


normalize_bboxes = forms(
    lambda bboxes, rows, cols: [normalize_bbox(bbox, rows, cols) for bbox in bboxes],
    lambda bboxes, shape: _array(bboxes, lambda bbox: normalize_bbox(bbox, *_sides(shape))),
    name="normalize_bboxes",
)
denormalize_bboxes = forms(
    lambda bboxes, rows, cols: [denormalize_bbox(bbox, rows, cols) for bbox in bboxes],
    lambda bboxes, shape: _array(bboxes, lambda bbox: denormalize_bbox(bbox, *_sides(shape))),
    name="denormalize_bboxes",
)


def calculate_bbox_area(bbox: Any, rows: int, cols: int) -> float:
    """The area of a box in pixels."""
    x_min, y_min, x_max, y_max = denormalize_bbox(bbox, rows, cols)[:4]
    return float((x_max - x_min) * (y_max - y_min))


def calculate_bbox_areas_in_pixels(bboxes: np.ndarray, shape: Size) -> np.ndarray:
    """The areas of boxes (N, 4 or more) in pixels, (N,)."""
    height, width = size_of(shape)[:2]
    sides = np.asarray(bboxes, dtype=np.float64)[:, 2:4] - np.asarray(bboxes, dtype=np.float64)[:, :2]
    return np.asarray(sides[:, 0] * width * sides[:, 1] * height)


def check_bbox(bbox: Any) -> None:
    """Raise ValueError unless all coordinates are in [0, 1] and the maxima are larger than the minima."""
    for name, value in zip(("x_min", "y_min", "x_max", "y_max"), bbox[:4]):
        if not -1e-8 <= value <= 1 + 1e-8:  # what 1.3.1 and 2.0.8 let pass
            raise ValueError(f"box {bbox}: {name} = {value} lies outside [0, 1]")
    x_min, y_min, x_max, y_max = bbox[:4]
    for axis, low, high in (("x", x_min, x_max), ("y", y_min, y_max)):
        if high <= low:
            raise ValueError(f"box {bbox}: {axis}_max must lie above {axis}_min")


def check_bboxes(bboxes: Any) -> None:
    """`check_bbox` of every row."""
    for bbox in bboxes:
        check_bbox(bbox)


def _pixel_format(name: str, value: str) -> None:
    if value not in ("coco", "pascal_voc", "yolo"):
        raise ValueError(f"{name}={value!r} must be 'coco', 'pascal_voc' or 'yolo'")


def convert_bbox_to_albumentations(
    bbox: Any, source_format: str, rows: int, cols: int, check_validity: bool = False
) -> Row:
    """A box of another format ("coco", "pascal_voc" in pixels, "yolo" in fractions) as corners in fractions."""
    _pixel_format("source_format", source_format)
    if check_validity and source_format == "yolo" and not all(0 < value <= 1 for value in bbox[:4]):
        raise ValueError(f"box {bbox}: fractions above 0 and up to 1 were expected (format 'yolo')")
    corners = bbox_utils.to_pixels(np.array([bbox[:4]], dtype=np.float64), source_format, (rows, cols))
    result = normalize_bbox((*corners[0].tolist(), *bbox[4:]), rows, cols)
    if check_validity:
        check_bbox(result)
    return result


def convert_bbox_from_albumentations(
    bbox: Any, target_format: str, rows: int, cols: int, check_validity: bool = False
) -> Row:
    """The inverse of `convert_bbox_to_albumentations`."""
    _pixel_format("target_format", target_format)
    if check_validity:
        check_bbox(bbox)
    corners = np.array([denormalize_bbox(bbox[:4], rows, cols)])
    return (*bbox_utils.from_pixels(corners, target_format, (rows, cols))[0].tolist(), *bbox[4:])


convert_bboxes_to_albumentations = forms(
    lambda bboxes, source_format, rows, cols, check_validity=False: [
        convert_bbox_to_albumentations(bbox, source_format, rows, cols, check_validity) for bbox in bboxes
    ],
    lambda bboxes, source_format, shape, check_validity=False: _array(
        bboxes,
        lambda bbox: convert_bbox_to_albumentations(bbox, source_format, *_sides(shape), check_validity),
    ),
    name="convert_bboxes_to_albumentations",
)
convert_bboxes_from_albumentations = forms(
    lambda bboxes, target_format, rows, cols, check_validity=False: [
        convert_bbox_from_albumentations(bbox, target_format, rows, cols, check_validity) for bbox in bboxes
    ],
    lambda bboxes, target_format, shape, check_validity=False: _array(
        bboxes,
        lambda bbox: convert_bbox_from_albumentations(bbox, target_format, *_sides(shape), check_validity),
    ),
    name="convert_bboxes_from_albumentations",
)


def clip_bboxes(bboxes: Any, shape: Size = (1, 1)) -> np.ndarray:
    """Boxes limited to [0, 1]."""
    result = np.array(bboxes, dtype=np.float64)
    result[:, :4] = np.clip(result[:, :4], 0.0, 1.0)
    return result


def _filter_list(
    bboxes: Any,
    rows: int,
    cols: int,
    min_area: float = 0.0,
    min_visibility: float = 0.0,
    min_width: float = 0.0,
    min_height: float = 0.0,
) -> list[Row]:
    mask, clipped = _kept(bboxes, (rows, cols), min_area, min_visibility, min_width, min_height)
    return [(*clipped[i].tolist(), *bboxes[i][4:]) for i in np.flatnonzero(mask)]


def _filter_array(
    bboxes: Any,
    shape: Size,
    min_area: float = 0.0,
    min_visibility: float = 0.0,
    min_width: float = 1.0,
    min_height: float = 1.0,
    max_accept_ratio: Optional[float] = None,
) -> np.ndarray:
    limits = (min_area, min_visibility, min_width, min_height, max_accept_ratio)
    mask, clipped = _kept(bboxes, size_of(shape), *limits)
    return np.concatenate((clipped, np.asarray(bboxes)[:, 4:]), axis=1)[mask] if len(bboxes) else np.asarray(bboxes)


# Boxes are clipped, and those dropped that are too small: in pixels, or as a share of what they were.
filter_bboxes = forms(_filter_list, _filter_array, name="filter_bboxes")


def _kept(
    bboxes: Any,
    size: tuple[int, ...],
    min_area: float = 0.0,
    min_visibility: float = 0.0,
    min_width: float = 0.0,
    min_height: float = 0.0,
    max_accept_ratio: Optional[float] = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Which boxes stay, and all of them, clipped."""
    whole = np.array([list(row[:4]) for row in bboxes], dtype=np.float64).reshape(-1, 4)
    clipped = clip_bboxes(whole)
    width, height = ((clipped[:, 2:] - clipped[:, :2]) * (size[1], size[0])).T
    area, before = width * height, calculate_bbox_areas_in_pixels(whole, size)
    near = 1e-9  # fractions times sides miss whole pixels by so much
    mask = (area > 0) & (before > 0) & (area >= min_area - near) & (area >= before * min_visibility - near)
    mask &= (width >= min_width - near) & (height >= min_height - near)
    if max_accept_ratio is not None:
        mask &= np.maximum(width, height) <= max_accept_ratio * np.minimum(width, height) + near
    return mask, clipped


def filter_bboxes_by_visibility(
    original_shape: Sequence[int],
    bboxes: Sequence[Any],
    transformed_shape: Sequence[int],
    transformed_bboxes: Sequence[Any],
    threshold: float = 0.0,
    min_area: float = 0.0,
) -> list[Any]:
    """The transformed boxes of at least `min_area` pixels and at least a share `threshold` of what they were."""
    result = []
    for bbox, moved in zip(bboxes, transformed_bboxes):
        if not all(0.0 <= value <= 1.0 for value in moved[:4]):
            continue
        before = calculate_bbox_area(bbox, *original_shape[:2])
        after = calculate_bbox_area(moved, *transformed_shape[:2])
        if after >= min_area and before > 0 and after / before >= threshold:
            result.append(moved)
    return result


def _corners(bboxes: Any) -> tuple[np.ndarray, np.ndarray]:
    corners = np.array([list(row[:4]) for row in bboxes], dtype=np.float64)
    return corners[:, :2], corners[:, 2:]


def _union_tuple(height: int, width: int, bboxes: Any, erosion_rate: float = 0.0) -> Optional[Row]:
    """Around all boxes after each is cut by that share of its sides at each of them."""
    if not len(bboxes):
        return None
    low, high = _corners(bboxes)
    inset = erosion_rate * (high - low)
    return (*(low + inset).min(axis=0).tolist(), *(high - inset).max(axis=0).tolist())


def _union_array(bboxes: Any, erosion_rate: float) -> Optional[np.ndarray]:
    """Around all boxes, its sides then shortened by that share."""
    if not len(bboxes):
        return None
    lows, highs = _corners(bboxes)
    low, high = lows.min(axis=0), highs.max(axis=0)
    return np.concatenate((low + erosion_rate / 2 * (high - low), high - erosion_rate / 2 * (high - low)))


union_of_bboxes = forms(_union_tuple, _union_array, name="union_of_bboxes")


def bboxes_from_masks(masks: np.ndarray) -> np.ndarray:
    """Boxes (N, 4) in pixels around the pixels above 0 of masks (N, H, W) or one (H, W); -1 where there are none."""
    masks = np.asarray(masks)
    result = np.full((1 if masks.ndim == 2 else len(masks), 4), -1, dtype=np.int32)
    for row, mask in zip(result, masks[None] if masks.ndim == 2 else masks):
        y, x = np.nonzero(mask)
        if len(y):
            row[:] = x.min(), y.min(), x.max() + 1, y.max() + 1
    return result


def masks_from_bboxes(bboxes: Any, shape: Size) -> np.ndarray:
    """Masks (N, H, W), uint8, 1 inside of boxes in pixels."""
    height, width = size_of(shape)[:2]
    result = np.zeros((len(bboxes), height, width), dtype=np.uint8)
    for mask, bbox in zip(result, bboxes):
        x_min, y_min, x_max, y_max = (max(int(value), 0) for value in bbox[:4])
        mask[y_min:y_max, x_min:x_max] = 1
    return result


def bboxes_to_mask(bboxes: Any, image_shape: Size) -> np.ndarray:
    """`masks_from_bboxes` as the channels of one mask (H, W, N)."""
    return np.ascontiguousarray(np.moveaxis(masks_from_bboxes(bboxes, image_shape), 0, -1))


def mask_to_bboxes(masks: np.ndarray, original_bboxes: np.ndarray) -> np.ndarray:
    """The boxes, around what is set in the channels of a mask (H, W, N); those whose channel is empty stay."""
    result = np.array(original_bboxes)
    found = bboxes_from_masks(np.moveaxis(np.asarray(masks), -1, 0))
    seen = found[:, 2] > 0
    result[seen, :4] = found[seen]
    return result


# Keypoints.


angle_to_2pi_range = forms(
    lambda angle: angle % (2 * math.pi), lambda angles: angles % (2 * math.pi), name="angle_to_2pi_range"
)
angles_to_2pi_range = angle_to_2pi_range


def check_keypoint(kp: Any, rows: int, cols: int) -> None:
    """Raise ValueError unless x is in [0, cols), y in [0, rows), and the angle in [0, 2 pi)."""
    for name, value, size in (("x", kp[0], cols), ("y", kp[1], rows)):
        if not 0 <= value < size:
            raise ValueError(f"keypoint {kp}: {name} = {value} lies outside [0, {size})")
    if not 0 <= kp[2] < 2 * math.pi:
        raise ValueError(f"keypoint {kp}: the angle {kp[2]} lies outside [0, 2 pi)")


def _check_tuples(keypoints: Any, rows: int, cols: int) -> None:
    for keypoint in keypoints:
        check_keypoint(keypoint, rows, cols)


def _check_array(keypoints: Any, shape: Size) -> None:
    _check_tuples(np.asarray(keypoints, dtype=np.float64)[:, [0, 1, 3]].tolist(), *_sides(shape))


check_keypoints = forms(_check_tuples, _check_array, name="check_keypoints")


def _filter_tuples(keypoints: Any, rows: int, cols: int, remove_invisible: bool) -> Any:
    if not remove_invisible:
        return keypoints
    return [keypoint for keypoint in keypoints if 0 <= keypoint[0] < cols and 0 <= keypoint[1] < rows]


def _filter_keypoints(keypoints: Any, shape: Size, remove_invisible: bool) -> Any:
    height, width, *depth = size_of(shape)
    if not remove_invisible or not len(keypoints):
        return keypoints
    array = np.asarray(keypoints)
    sides = np.array((width, height, *depth))
    places = array[:, : len(sides)]
    return array[((places >= 0) & (places < sides)).all(axis=1)]


filter_keypoints = forms(_filter_tuples, _filter_keypoints, name="filter_keypoints")


def convert_keypoint_to_albumentations(
    keypoint: Any,
    source_format: str,
    rows: int,
    cols: int,
    check_validity: bool = False,
    angle_in_degrees: bool = True,
) -> Row:
    """A keypoint of a format ("xy", "yx", "xya", "xys", "xyas", "xysa") as (x, y, angle in radians, scale)."""
    return _kp_to(keypoint, source_format, rows, cols, check_validity, angle_in_degrees, "xyas")


def convert_keypoint_from_albumentations(
    keypoint: Any,
    target_format: str,
    rows: int,
    cols: int,
    check_validity: bool = False,
    angle_in_degrees: bool = True,
) -> Row:
    """The inverse of `convert_keypoint_to_albumentations`."""
    return _kp_from(keypoint, target_format, rows, cols, check_validity, angle_in_degrees, "xyas")


def _format(name: str, value: str) -> None:
    if value not in keypoint_formats:
        raise ValueError(f"{name}={value!r} must be one of {', '.join(sorted(keypoint_formats))}")


def _kp_to(
    keypoint: Any, source_format: str, rows: int, cols: int, check_validity: bool, degrees: bool, inner: str
) -> Row:
    _format("source_format", source_format)
    count = len(source_format)
    values = {"x": 0.0, "y": 0.0, "z": 0.0, "a": 0.0, "s": 0.0, **dict(zip(source_format, keypoint))}
    angle = math.radians(values["a"]) if degrees else values["a"]
    values["a"] = angle_to_2pi_range(angle)
    if check_validity:
        check_keypoint((values["x"], values["y"], values["a"]), rows, cols)
    return (*(values[letter] for letter in inner), *keypoint[count:])


def _kp_from(
    keypoint: Any, target_format: str, rows: int, cols: int, check_validity: bool, degrees: bool, inner: str
) -> Row:
    _format("target_format", target_format)
    values = dict(zip(inner, keypoint))
    values["a"] = angle_to_2pi_range(values["a"])
    if check_validity:
        check_keypoint((values["x"], values["y"], values["a"]), rows, cols)
    if degrees:
        values["a"] = math.degrees(values["a"])
    return (*(values[letter] for letter in target_format), *keypoint[len(inner) :])


convert_keypoints_to_albumentations = forms(
    lambda keypoints, source_format, rows, cols, check_validity=False, angle_in_degrees=True: [
        _kp_to(row, source_format, rows, cols, check_validity, angle_in_degrees, "xyas") for row in keypoints
    ],
    lambda keypoints, source_format, shape, check_validity=False, angle_in_degrees=True: _array(
        keypoints,
        lambda row: _kp_to(row, source_format, *_sides(shape), check_validity, angle_in_degrees, "xyzas"),
    ),
    name="convert_keypoints_to_albumentations",
)


convert_keypoints_from_albumentations = forms(
    lambda keypoints, target_format, rows, cols, check_validity=False, angle_in_degrees=True: [
        _kp_from(row, target_format, rows, cols, check_validity, angle_in_degrees, "xyas") for row in keypoints
    ],
    lambda keypoints, target_format, shape, check_validity=False, angle_in_degrees=True: _array(
        keypoints,
        lambda row: _kp_from(row, target_format, *_sides(shape), check_validity, angle_in_degrees, "xyzas"),
    ),
    name="convert_keypoints_from_albumentations",
)


def keypoint_has_extra_data(kp: Any, format: str) -> bool:
    """Whether a row is longer than its format."""
    return len(kp) > len(format)
