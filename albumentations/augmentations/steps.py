"""What older releases drew and computed on the way: noise, tiles, splines, perspectives, piecewise motions."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import cv2
import numpy as np

from ..core.forms import forms
from ..functional import boxes, cv, keypoints, maps, plasma, warp
from .forms import Table, seed_of
from .helpers import almost_equal_intervals, compute_pairwise_distances, order_points


def sample_uniform(size: Sequence[int], params: Mapping[str, Any], random_generator: Any) -> np.ndarray:
    """Numbers from the first of `ranges`, or for as many numbers as there are ranges, from one each."""
    ranges = np.asarray(params["ranges"], dtype=np.float64)
    low, high = ranges.T if tuple(size) == (len(ranges),) else ranges[0]
    return np.asarray(random_generator.uniform(low, high, size))


def _drawn(params: Mapping[str, Any], names: str, random_generator: Any) -> list[float]:
    return [float(random_generator.uniform(*params[f"{name}_range"])) for name in names.split()]


def sample_gaussian(size: Sequence[int], params: Mapping[str, Any], random_generator: Any) -> np.ndarray:
    """Normal numbers whose mean and deviation are drawn from `mean_range` and `std_range`."""
    mean, std = _drawn(params, "mean std", random_generator)
    return np.asarray(random_generator.normal(mean, std, size), dtype=np.float32)


def sample_laplace(size: Sequence[int], params: Mapping[str, Any], random_generator: Any) -> np.ndarray:
    """Laplace numbers whose place and scale are drawn from `mean_range` and `scale_range`."""
    mean, scale = _drawn(params, "mean scale", random_generator)
    return np.asarray(random_generator.laplace(mean, scale, size))


def sample_beta(size: Sequence[int], params: Mapping[str, Any], random_generator: Any) -> np.ndarray:
    """Beta numbers on [-1, 1] times a scale, all drawn from `alpha_range`, `beta_range` and `scale_range`."""
    alpha, beta, scale = _drawn(params, "alpha beta scale", random_generator)
    return np.asarray((2 * random_generator.beta(alpha, beta, size) - 1) * scale)


_SAMPLES = {"uniform": sample_uniform, "gaussian": sample_gaussian, "laplace": sample_laplace, "beta": sample_beta}


def sample_noise(
    noise_type: str, size: Sequence[int], params: Mapping[str, Any], max_value: float, random_generator: Any
) -> np.ndarray:
    """Numbers of a distribution ("uniform", "gaussian", "laplace", "beta"), times white."""
    if noise_type not in _SAMPLES:
        raise ValueError(f"noise_type={noise_type!r} must be one of {', '.join(_SAMPLES)}")
    return _SAMPLES[noise_type](size, params, random_generator) * max_value


def generate_constant_noise(
    noise_type: str, shape: Sequence[int], params: Mapping[str, Any], max_value: float, random_generator: Any
) -> np.ndarray:
    """`sample_noise`, one number a channel."""
    return sample_noise(noise_type, tuple(shape[2:]) or (1,), params, max_value, random_generator)


def generate_shared_noise(
    noise_type: str, shape: Sequence[int], params: Mapping[str, Any], max_value: float, random_generator: Any
) -> np.ndarray:
    """`sample_noise`, one number a pixel, the same in every channel."""
    plane = sample_noise(noise_type, tuple(shape[:2]), params, max_value, random_generator)
    return np.repeat(plane[..., None], shape[2], axis=2) if len(shape) == 3 else plane


def generate_noise(
    noise_type: str,
    spatial_mode: str,
    shape: Sequence[int],
    params: Mapping[str, Any],
    max_value: float,
    approximation: float,
    random_generator: Any,
) -> np.ndarray:
    """Noise "constant", "shared" or "per_pixel"; `approximation` is a matter of speed and not needed here."""
    made = {"constant": generate_constant_noise, "shared": generate_shared_noise, "per_pixel": sample_noise}
    if spatial_mode not in made:
        raise ValueError(f"spatial_mode={spatial_mode!r} must be one of {', '.join(made)}")
    return made[spatial_mode](noise_type, shape, params, max_value, random_generator)


def generate_random_fill(dtype: Any, shape: Sequence[int], random_generator: Any) -> np.ndarray:
    """An array of random values from black to white."""
    if np.dtype(dtype).kind == "f":
        return np.asarray(random_generator.random(shape), dtype=dtype)
    return np.asarray(random_generator.integers(0, int(cv.white(dtype)) + 1, shape), dtype=dtype)


def prepare_drop_values(array: np.ndarray, value: Any, random_generator: Any) -> np.ndarray:
    """An array of the same shape of one value, of one a channel, or (None) of a random one a channel."""
    if value is None:
        value = generate_random_fill(array.dtype, array.shape[2:], random_generator)
    return np.full(array.shape, value, dtype=array.dtype)


def is_valid_component(component_area: float, original_area: float, min_area: float, min_visibility: float) -> bool:
    """Whether a part of a box is large enough, in pixels and as a share of it."""
    return component_area >= min_area and component_area / original_area >= min_visibility


def find_keypoint(
    position: Sequence[int], distance_map: np.ndarray, threshold: Optional[float], inverted: bool
) -> Optional[tuple[float, float]]:
    """A place (y, x) of a distance map as a keypoint (x, y), None if it is too far off."""
    value = distance_map[position[0], position[1]]
    if threshold is not None and (value < threshold if inverted else value >= threshold):
        return None
    return float(position[1]), float(position[0])


def create_shape_groups(tiles: np.ndarray) -> dict[tuple[int, int], list[int]]:
    """Which of the tiles (y, x, y_end, x_end) have the same height and width."""
    groups: dict[tuple[int, int], list[int]] = {}
    for index, (y, x, y_end, x_end) in enumerate(np.asarray(tiles).tolist()):
        groups.setdefault((y_end - y, x_end - x), []).append(index)
    return groups


def shuffle_tiles_within_shape_groups(shape_groups: Mapping[Any, Sequence[int]], random_generator: Any) -> list[int]:
    """Which tile every place shows when tiles of the same shape are shuffled."""
    mapping = list(range(sum(len(group) for group in shape_groups.values())))
    for group in shape_groups.values():
        for place, shown in zip(group, random_generator.permutation(group).tolist()):
            mapping[place] = shown
    return mapping


def generate_shuffled_splits(size: int, divisions: int, random_generator: Any) -> np.ndarray:
    """Where a side is cut into parts that differ by one at most, in random order: `divisions + 1` edges."""
    parts = random_generator.permutation(almost_equal_intervals(size, divisions))
    return np.concatenate(([0], np.cumsum(parts)))


def swap_tiles_on_keypoints(keypoints: np.ndarray, tiles: np.ndarray, mapping: Any) -> np.ndarray:
    """Keypoints moved with the tiles (y, x, y_end, x_end): place i shows tile `mapping[i]`."""
    result, rows = np.array(keypoints, dtype=np.float64), np.asarray(tiles)
    for place, shown in enumerate(mapping):
        y, x, y_end, x_end = rows[shown]
        inside = (keypoints[:, 1] >= y) & (keypoints[:, 1] < y_end) & (keypoints[:, 0] >= x) & (keypoints[:, 0] < x_end)
        result[inside, :2] = np.asarray(keypoints)[inside, :2] + (rows[place, 1] - x, rows[place, 0] - y)
    return result


def compute_perspective_params(points: np.ndarray, image_shape: Sequence[int]) -> tuple[np.ndarray, int, int]:
    """The matrix that moves four corners to those of the image; the width and height of what they span at most."""
    corners = order_points(points)
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    width, height = max(int(sides[[0, 2]].max()), 2), max(int(sides[[1, 3]].max()), 2)
    right, bottom = image_shape[1], image_shape[0]
    target = np.array(((0, 0), (right, 0), (right, bottom), (0, bottom)), dtype=np.float64)
    return warp.perspective(corners.astype(np.float64), target), width, height


def generate_perspective_points(image_shape: Sequence[int], scale: float, random_generator: Any) -> np.ndarray:
    """The corners of an image, moved inwards by normal numbers, fractions of the sides."""
    height, width = image_shape[:2]
    inwards = np.mod(np.abs(random_generator.normal(0, scale, (4, 2))), 0.32)  # they never change places
    corners = np.array(((0, 0), (1, 0), (1, 1), (0, 1)), dtype=np.float64)
    return np.asarray(np.abs(corners - inwards) * (width, height))


def generate_control_points(num_control_points: int) -> np.ndarray:
    """A grid of so many points a side on [0, 1], row by row."""
    x, y = np.meshgrid(*[np.linspace(0, 1, num_control_points)] * 2)
    return np.stack((x.ravel(), y.ravel()), axis=-1)


def _radial(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """r^2 log r^2 of a thin plate."""
    squares = compute_pairwise_distances(points, others).astype(np.float64)
    return np.asarray(squares * np.log(np.where(squares > 0, squares, 1.0)))


def compute_tps_weights(src_points: np.ndarray, dst_points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The thin plate spline from points to points, (N, 2): weights of the points, and the affine part (1, x, y)."""
    count = len(src_points)
    plane = np.c_[np.ones(count), src_points]
    system = np.block([[_radial(src_points, src_points), plane], [plane.T, np.zeros((3, 3))]])
    solved = np.linalg.lstsq(system, np.concatenate((dst_points, np.zeros((3, 2)))), rcond=None)[0].astype(np.float32)
    return solved[:count], solved[count:]


def tps_transform(
    target_points: np.ndarray, control_points: np.ndarray, nonlinear_weights: np.ndarray, affine_weights: np.ndarray
) -> np.ndarray:
    """Where a thin plate spline of `compute_tps_weights` moves points to, float32 (N, 2)."""
    plane = np.c_[np.ones(len(target_points)), target_points]
    moved = _radial(target_points, control_points) @ nonlinear_weights + plane @ affine_weights
    return np.asarray(moved, dtype=np.float32)


def create_directional_gradient(height: int, width: int, angle: float) -> np.ndarray:
    """x cos + y sin of an angle in degrees, x and y from 0 to 1 over the sides, float32 (H, W)."""
    across, down = np.linspace(0, 1, width) * math.cos(math.radians(angle)), np.linspace(0, 1, height)
    return np.add.outer(down * math.sin(math.radians(angle)), across).astype(np.float32)


def pad_along_axes(
    arr: np.ndarray,
    pad_top: int,
    pad_bottom: int,
    pad_left: int,
    pad_right: int,
    h_axis: int,
    w_axis: int,
    border_mode: int,
    pad_value: Any = 0,
) -> np.ndarray:
    """Add to two axes of an array, by an OpenCV border mode."""
    widths = [(0, 0)] * arr.ndim
    widths[h_axis], widths[w_axis] = (pad_top, pad_bottom), (pad_left, pad_right)
    modes = {cv2.BORDER_REFLECT: "symmetric", cv2.BORDER_REFLECT_101: "reflect", cv2.BORDER_REPLICATE: "edge"}
    if border_mode in modes:
        return np.pad(arr, widths, mode=modes[border_mode])  # type: ignore[call-overload,no-any-return]
    if border_mode == cv2.BORDER_WRAP:
        return np.pad(arr, widths, mode="wrap")
    result = np.full([size + sum(width) for size, width in zip(arr.shape, widths)], pad_value, dtype=arr.dtype)
    result[tuple(slice(before, before + size) for size, (before, _) in zip(arr.shape, widths))] = arr
    return result


def resize_boxes_to_visible_area(boxes: np.ndarray, hole_mask: np.ndarray) -> np.ndarray:
    """Boxes in pixels around what of them a mask of holes (H, W) leaves; without area where nothing is left."""
    result = np.array(boxes)
    for row in result:
        x_min, y_min, x_max, y_max = (int(edge) for edge in row[:4])
        y, x = np.nonzero(np.asarray(hole_mask)[y_min:y_max, x_min:x_max] == 0)
        if len(y):
            row[:4] = x_min + x.min(), y_min + y.min(), x_min + x.max() + 1, y_min + y.max() + 1
        else:
            row[2:4] = row[:2]
    return result


def create_gaussian_kernel_input_array(size: int) -> np.ndarray:
    """Whole numbers around 0, so many."""
    return np.arange(size) - size // 2


def _read_by(image_shape: Sequence[int], matrix: Any) -> tuple[np.ndarray, np.ndarray]:
    """The maps of a function of points (N, 2), from places of the output to places of the input."""
    height, width = image_shape[:2]
    places = matrix(np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).reshape(-1, 2))
    map_x, map_y = np.asarray(places, dtype=np.float32).reshape(height, width, 2).transpose(2, 0, 1)
    return np.ascontiguousarray(map_x), np.ascontiguousarray(map_y)


def piecewise_affine(img: np.ndarray, matrix: Any, interpolation: int, mode: int, cval: float) -> np.ndarray:
    """Read every pixel where a function of points (N, 2), such as skimage's PiecewiseAffineTransform, says."""
    map_x, map_y = _read_by(img.shape, matrix)
    return maps.remap(img, map_x=map_x, map_y=map_y, interpolation=interpolation, border_mode=mode, fill=cval)


def keypoint_piecewise_affine(
    keypoint: Any, matrix: Any, h: int, w: int, keypoints_threshold: float = 0.01
) -> tuple[float, ...]:
    """A keypoint (x, y, angle, scale) under `piecewise_affine`; there is no threshold of distances here."""
    map_x, map_y = _read_by((h, w), matrix)
    row = np.array([[keypoint[0], keypoint[1], 0.0, keypoint[2], keypoint[3]]])
    x, y = keypoints.remap(row, map_x=map_x, map_y=map_y)[0, :2].tolist()
    return x, y, keypoint[2], keypoint[3]


def bbox_piecewise_affine(
    bbox: Any, matrix: Any, h: int, w: int, keypoints_threshold: float = 0.01
) -> tuple[float, ...]:
    """A box in fractions under `piecewise_affine`."""
    map_x, map_y = _read_by((h, w), matrix)
    size = np.array((w, h, w, h), dtype=np.float64)
    moved = boxes.remap(np.array([bbox[:4]]) * size, map_x=map_x, map_y=map_y)
    return tuple((moved[0] / size).tolist())


def _plasma(shape: Sequence[int], roughness: float, random_generator: Any) -> np.ndarray:
    return plasma.field(*shape[:2], seed=seed_of(random_generator), roughness=roughness) / np.float32(255)


STEPS: Table = {
    "generate_per_pixel_noise": lambda noise_type, shape, params, max_value, random_generator: sample_noise(
        noise_type, shape, params, max_value, random_generator
    ),
    "generate_random_values": lambda channels, dtype, random_generator: generate_random_fill(
        dtype, (channels,), random_generator
    ),
    "generate_plasma_pattern": forms(
        lambda target_shape, roughness, random_generator: _plasma(target_shape, roughness, random_generator),
        lambda target_shape, size, roughness, random_generator: _plasma(target_shape, roughness, random_generator),
    ),
}
