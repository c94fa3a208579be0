"""Small things that programs took from older releases: checks of images, decorators, shapes and matrices."""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, TypedDict, Union

import cv2
import numpy as np

from ..functional import cv, tiles, warp
from .forms import Table, matrix_of

MAX_VALUES_BY_DTYPE: dict[Any, float] = {}
for _dtype, _white in ((np.uint8, 255), (np.uint16, 65535), (np.uint32, 4294967295), (np.float32, 1.0)):
    MAX_VALUES_BY_DTYPE.update({np.dtype(_dtype): _white, _dtype: _white})
NPDTYPE_TO_OPENCV_DTYPE = {
    np.uint8: cv2.CV_8U,
    np.uint16: cv2.CV_16U,
    np.float32: cv2.CV_32F,
    np.float64: cv2.CV_64F,
    np.int32: cv2.CV_32S,
}
NPDTYPE_TO_OPENCV_DTYPE.update({np.dtype(key): value for key, value in list(NPDTYPE_TO_OPENCV_DTYPE.items())})  # type: ignore[misc]


class XYFloatDict(TypedDict):
    """A pair of numbers by axis."""

    x: float
    y: float


class XYIntDict(TypedDict):
    """A pair of whole numbers by axis."""

    x: int
    y: int


XYFloat = XYFloatScale = Union[float, XYFloatDict]
XYInt = XYIntScale = Union[int, XYIntDict]


class CropSizeError(Exception):
    """A crop is larger than its image; here ValueError is raised."""


class PCA:
    """Principal components of rows (N, features), the strongest first."""

    def __init__(self, n_components: Optional[int] = None) -> None:
        if n_components is not None and n_components <= 0:
            raise ValueError(f"n_components={n_components!r} must be at least 1")
        self.n_components = n_components
        self.mean: Any = None
        self.components_: Any = None
        self.explained_variance_: Any = None

    def fit(self, x: np.ndarray) -> None:
        rows = np.asarray(x, dtype=np.float64)
        self.mean, self.components_, values = cv2.PCACompute2(rows, np.empty(0), maxComponents=self.n_components or 0)
        self.explained_variance_ = np.ravel(values)

    def transform(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(cv2.PCAProject(np.asarray(x, dtype=np.float64), self.mean, self.components_))

    def fit_transform(self, x: np.ndarray) -> np.ndarray:
        self.fit(x)
        return self.transform(x)

    def inverse_transform(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(cv2.PCABackProject(np.asarray(x, dtype=np.float64), self.mean, self.components_))

    def explained_variance_ratio(self) -> np.ndarray:
        return np.asarray(self.explained_variance_ / self.explained_variance_.sum())

    def cumulative_explained_variance_ratio(self) -> np.ndarray:
        return np.cumsum(self.explained_variance_ratio())


def preserve_shape(func: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """A function of images whose result gets the shape of what it was given."""

    @functools.wraps(func)
    def wrapped(img: np.ndarray, *args: Any, **kwargs: Any) -> np.ndarray:
        return func(img, *args, **kwargs).reshape(img.shape)

    return wrapped


def preserve_channel_dim(func: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """A function of images whose result gets back the one channel that OpenCV drops."""

    @functools.wraps(func)
    def wrapped(img: np.ndarray, *args: Any, **kwargs: Any) -> np.ndarray:
        result = func(img, *args, **kwargs)
        return result[..., None] if img.ndim == 3 and img.shape[2] == 1 and result.ndim == 2 else result

    return wrapped


def ensure_contiguous(func: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """A function of images that is given contiguous memory and returns such."""

    @functools.wraps(func)
    def wrapped(img: np.ndarray, *args: Any, **kwargs: Any) -> np.ndarray:
        return np.ascontiguousarray(func(np.ascontiguousarray(img), *args, **kwargs))

    return wrapped


def clipped(func: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """A function of images whose result is rounded, limited to black and white, and of the image's dtype."""

    @functools.wraps(func)
    def wrapped(img: np.ndarray, *args: Any, **kwargs: Any) -> np.ndarray:
        return clip(func(img, *args, **kwargs), img.dtype, cv.white(img.dtype))

    return wrapped


def clip(img: np.ndarray, dtype: Any, maxval: float = 1.0) -> np.ndarray:
    """Values limited to [0, maxval], integers rounded."""
    return cv.saturate(np.clip(img, 0, maxval), np.dtype(dtype))


def angle_2pi_range(func: Callable[..., Any]) -> Callable[..., Any]:
    """A function of keypoints whose angles end in [0, 2 pi): third of a tuple, fourth of the rows of an array."""

    @functools.wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = func(*args, **kwargs)
        if isinstance(result, np.ndarray):
            if len(result):
                result[:, 3] %= 2 * math.pi
            return result
        return (*result[:2], result[2] % (2 * math.pi), *result[3:])

    return wrapped


def handle_empty_array(param_name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A function that is not called where the named argument is empty, which is returned instead."""

    def decorator(func: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(func)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            rows = kwargs[param_name] if param_name in kwargs else args[0]
            return rows if len(rows) == 0 else func(*args, **kwargs)

        return wrapped

    return decorator


def is_rgb_image(image: np.ndarray) -> bool:
    """Whether there are three channels."""
    return image.ndim == 3 and image.shape[-1] == 3


def is_grayscale_image(image: np.ndarray) -> bool:
    """Whether there is one channel."""
    return get_num_channels(image) == 1


def is_multispectral_image(image: np.ndarray) -> bool:
    """Whether there are other numbers of channels than one and three."""
    return image.ndim == 3 and image.shape[-1] not in (1, 3)


def get_num_channels(image: np.ndarray) -> int:
    """The number of channels."""
    return int(image.shape[2]) if image.ndim == 3 else 1


def non_rgb_error(image: np.ndarray) -> None:
    """Raise ValueError unless an image is RGB."""
    if not is_rgb_image(image):
        raise ValueError(f"this needs an RGB image (H, W, 3), not {image.shape}")


def get_opencv_dtype_from_numpy(value: Any) -> int:
    """OpenCV's number of a dtype, or of an array's."""
    return NPDTYPE_TO_OPENCV_DTYPE[np.dtype(value.dtype if isinstance(value, np.ndarray) else value)]  # type: ignore[index]


def rotation2d_matrix_to_euler_angles(matrix: np.ndarray, y_up: bool = False) -> float:
    """The angle of a rotation in radians, counter-clockwise with y up, clockwise on the screen."""
    return float(math.atan2(matrix[1, 0], matrix[0, 0]) if y_up else math.atan2(-matrix[1, 0], matrix[0, 0]))


def check_range(value: Any, lower_bound: float, upper_bound: float, name: Optional[str]) -> None:
    """Raise ValueError unless a number, or all of a sequence, lie within bounds."""
    values = value if isinstance(value, (tuple, list)) else (value,)
    if not all(lower_bound <= each <= upper_bound for each in values):
        raise ValueError(f"{name}={value!r} must lie within [{lower_bound}, {upper_bound}]")


def get_dimension_padding(current_size: int, min_size: Optional[int], divisor: Optional[int]) -> tuple[int, int]:
    """What to add before and after, so that a side has a least length or is a multiple."""
    if min_size is not None:
        missing = max(min_size - current_size, 0)
    else:
        missing = -current_size % divisor if divisor is not None else 0
    return missing // 2, missing - missing // 2


def get_padding_params(
    image_shape: Sequence[int],
    min_height: Optional[int],
    min_width: Optional[int],
    pad_height_divisor: Optional[int],
    pad_width_divisor: Optional[int],
) -> tuple[int, int, int, int]:
    """`get_dimension_padding` of height and width: top, bottom, left, right."""
    return (
        *get_dimension_padding(image_shape[0], min_height, pad_height_divisor),
        *get_dimension_padding(image_shape[1], min_width, pad_width_divisor),
    )


def adjust_padding_by_position(
    h_top: int, h_bottom: int, w_left: int, w_right: int, position: str, py_random: Any
) -> tuple[int, int, int, int]:
    """Paddings moved so that the picture lies in the middle, in a corner or at random."""
    high, wide = h_top + h_bottom, w_left + w_right
    if position == "random":
        top, left = py_random.randint(0, high), py_random.randint(0, wide)
        return top, high - top, left, wide - left
    if position == "center":
        return h_top, h_bottom, w_left, w_right
    top, left = (0 if "top" in position else high), (0 if "left" in position else wide)
    return top, high - top, left, wide - left


def adjust_padding_by_position3d(paddings: Sequence[tuple[int, int]], position: str, py_random: Any) -> tuple[int, ...]:
    """The same for (before, after) along three axes, "center" or "random"."""
    result: list[int] = []
    for before, after in paddings:
        drawn = py_random.randint(0, before + after) if position == "random" else before
        result += [drawn, before + after - drawn]
    return tuple(result)


def order_points(pts: np.ndarray) -> np.ndarray:
    """Four corners in the order top left, top right, bottom right, bottom left."""
    points = np.asarray(pts, dtype=np.float32)
    by_x = points[np.argsort(points[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1], kind="stable")]
    top_right, bottom_right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array((top_left, top_right, bottom_right, bottom_left))


def create_affine_transformation_matrix(
    translate: Mapping[str, float],
    shear: Mapping[str, float],
    scale: Mapping[str, float],
    rotate: float,
    shift: Sequence[float],
) -> np.ndarray:
    """Scaled, turned and sheared about a point, then moved."""
    motion = warp.shear(shear["x"], shear["y"]) @ warp.rotation(rotate) @ warp.scaling(scale["x"], scale["y"])
    return warp.translation(translate["x"], translate["y"]) @ warp.about(motion, center=shift)


def _corners(matrix: Any, shape: Sequence[int]) -> np.ndarray:
    height, width = shape[:2]
    return apply_affine_to_points(np.array(((0, 0), (width, 0), (width, height), (0, height))), matrix)


def compute_transformed_image_bounds(matrix: Any, image_shape: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest whole x, y that an image reaches when it is moved."""
    corners = _corners(matrix, image_shape)
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    return low.astype(np.int64), high.astype(np.int64)


def apply_affine_to_points(points: np.ndarray, matrix: Any) -> np.ndarray:
    """Points (N, 2) moved by a matrix."""
    moved = np.c_[np.asarray(points, dtype=np.float64), np.ones(len(points))] @ matrix_of(matrix).T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def almost_equal_intervals(n: int, parts: int) -> np.ndarray:
    """A number as a sum of so many that differ by one at most, the larger first."""
    return np.array([n // parts + (i < n % parts) for i in range(parts)])


def split_uniform_grid(image_shape: Sequence[int], grid: Sequence[int], random_generator: Any) -> np.ndarray:
    """The cells of a grid (rows, columns) as (y, x, y_end, x_end)."""
    cells = tiles.cells(*image_shape[:2], grid=(grid[0], grid[1]))
    return np.asarray(cells)[:, [1, 0, 3, 2]].astype(np.int16)


def get_safe_brightness_contrast_params(alpha: float, beta: float, max_value: float) -> tuple[float, float]:
    """`alpha` limited so that white times it, and `beta`, is white at most."""
    safe_beta = min(max(beta, -max_value), max_value)
    return min(alpha, (max_value - safe_beta) / max_value), safe_beta


def normalize_vectors(vectors: np.ndarray) -> np.ndarray:
    """Rows divided by their lengths."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def process_blur_limit(value: Any, info: Any, min_value: int = 0) -> tuple[int, int]:
    """A range of odd kernel sizes: a number is the largest."""
    low, high = (min_value, value) if isinstance(value, (int, float)) else value
    odd = [int(side) + (side != 0 and side % 2 == 0) for side in (max(low, min_value), max(high, min_value))]
    return odd[0], odd[1]


def sample_odd_from_range(random_state: Any, low: int, high: int) -> int:
    """A random odd number of a range, at least 3."""
    low, high = max(3, low + (low % 2 == 0)), max(3, high - (high % 2 == 0))
    return low if high <= low else low + 2 * int(random_state.randint(0, (high - low) // 2))


def create_gaussian_kernel_1d(sigma: float, ksize: int = 0) -> np.ndarray:
    """A Gaussian that sums to 1, of `ksize` values; 0: three deviations to each side."""
    size = ksize or int(sigma * 3) * 2 + 1
    x = np.arange(size, dtype=np.float64) - (size - 1) / 2
    kernel = np.exp(-0.5 * (x / sigma) ** 2)
    return np.asarray(kernel / kernel.sum())


def label(mask: np.ndarray, return_num: bool = False, connectivity: int = 2) -> Any:
    """Pieces of what is not 0, numbered from 1; `connectivity` 1: pixels join at their sides, 2: at corners too."""
    plane = np.asarray(mask) != 0
    count, labels = cv2.connectedComponents(plane.astype(np.uint8), connectivity=8 if connectivity == 2 else 4)
    return (labels, count - 1) if return_num else labels


def get_mask_array(data: Mapping[str, Any]) -> Any:
    """The mask of a call's data, or the first of its masks."""
    if "mask" in data:
        return data["mask"]
    return data["masks"][0] if len(data.get("masks", ())) else None


def convert_image_to_pil(image: np.ndarray) -> Any:
    """An image of Pillow."""
    from PIL import Image

    if image.ndim == 3 and image.shape[2] not in (1, 3):
        raise TypeError(f"images of Pillow have 1 or 3 channels here, not {image.shape[2]}")
    return Image.fromarray(image[..., 0] if image.ndim == 3 and image.shape[2] == 1 else image)


def compute_pairwise_distances(points1: np.ndarray, points2: np.ndarray) -> np.ndarray:
    """Squared distances of points (N, 2) from points (M, 2), float32 (N, M)."""
    first, second = np.asarray(points1, dtype=np.float32), np.asarray(points2, dtype=np.float32)
    return np.asarray(((first[:, None] - second[None]) ** 2).sum(axis=-1))


def expand_transform(matrix: Any, shape: Sequence[int]) -> tuple[np.ndarray, int, int]:
    """A matrix moved so that the whole image is seen, and the width and height that this takes."""
    corners = _corners(matrix, shape)
    low, size = corners.min(axis=0), np.ceil(corners.max(axis=0) - corners.min(axis=0))
    return warp.translation(-low[0], -low[1]) @ matrix_of(matrix), int(size[0]), int(size[1])


def compute_affine_warp_output_shape(matrix: Any, input_shape: Sequence[int]) -> tuple[np.ndarray, tuple[int, ...]]:
    """The same in whole pixels: the matrix and the shape of the output."""
    low, high = compute_transformed_image_bounds(matrix, input_shape)
    width, height = (high - low + 1).tolist()
    return warp.translation(-low[0], -low[1]) @ matrix_of(matrix), (height, width, *input_shape[2:])


def _words(words: Sequence[str], count: int, py_random: Any) -> list[int]:
    return sorted(py_random.sample(range(len(words)), min(count, len(words))))


def delete_random_words(words: list[str], num_words: int, py_random: Any) -> str:
    """A text without so many of its words; nothing if all go."""
    gone = set(_words(words, num_words, py_random))
    return " ".join(word for i, word in enumerate(words) if i not in gone)


def swap_random_words(words: list[str], num_words: int, py_random: Any) -> str:
    """A text in which words have changed places, so many times."""
    result = list(words)
    for _ in range(num_words if len(words) > 1 else 0):
        first, second = py_random.sample(range(len(result)), 2)
        result[first], result[second] = result[second], result[first]
    return " ".join(result)


def insert_random_stopwords(words: list[str], num_insertions: int, stopwords: Any, py_random: Any) -> str:
    """A text with so many stopwords put in."""
    result = list(words)
    known = tuple(stopwords) if stopwords is not None else ("and", "the", "is", "in", "at", "of")
    for _ in range(num_insertions):
        result.insert(py_random.randint(0, len(result)), py_random.choice(known))
    return " ".join(result)


HELPERS: Table = {
    "noop": lambda input_obj, **params: input_obj,
    "py3round": lambda number: round(number),
    "center": lambda image_shape: ((image_shape[1] - 1) / 2, (image_shape[0] - 1) / 2),
    "center_bbox": lambda image_shape: (image_shape[1] / 2, image_shape[0] / 2),
    "is_identity_matrix": lambda matrix: bool(np.allclose(matrix_of(matrix), np.eye(3))),
    "extend_value": lambda value, num_channels: value,
    "non_rgb_warning": non_rgb_error,
    "rotation2DMatrixToEulerAngles": rotation2d_matrix_to_euler_angles,
    "create_gaussian_kernel": lambda sigma, ksize=0: np.outer(*[create_gaussian_kernel_1d(sigma, ksize)] * 2),
}
