"""Pictures as tensors of PyTorch."""

import importlib
from collections.abc import Mapping
from typing import Any, Callable, Optional

import numpy as np

from ..core.params import Anything, Flag, Integer, Probability, anything, flag, integer, probability
from ..core.transforms_interface import BasicTransform
from ..functional import color


def torch() -> Any:
    """PyTorch, imported with the first use."""
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        raise ImportError(f"transforms to tensors need PyTorch (pip install torch): {error}") from error


def tensor(array: np.ndarray, owner: str) -> Any:
    """A tensor of an array that nobody else holds."""
    try:
        return torch().from_numpy(array)
    except TypeError:
        message = (
            f"{owner}: this PyTorch has no tensors of dtype {array.dtype}; convert first, for instance with ToFloat"
        )
        raise TypeError(message) from None


def _read_normalize(value: Any) -> Optional[dict[str, Any]]:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"mean", "std"}:
        raise TypeError("must be a dict of mean and std")
    return {name: np.asarray(value[name], dtype=np.float64).tolist() for name in ("mean", "std")}


class Tensors(BasicTransform, abstract=True):
    """What turns images and masks into tensors."""

    p: Probability = probability(default=1.0, kw_only=True)
    _kinds = ("image", "mask")
    _converts = True
    needs_modules = ("torch",)

    def _check(self) -> None:
        torch()  # what is missing is said when the pipeline is built

    @property
    def targets(self) -> dict[str, Callable[..., Any]]:
        return {
            "image": self.apply,
            "images": self.apply_to_images,
            "mask": self.apply_to_mask,  # type: ignore[attr-defined]
            "masks": self.apply_to_masks,  # type: ignore[attr-defined]
        }


class ToTensorV2(Tensors):
    """Turn images and masks into tensors of PyTorch, images with the channels first.

    Targets: image, images, mask, masks; any dtype that PyTorch has. An image (H, W, C) becomes (C, H, W), (H, W)
    becomes (1, H, W), images (N, H, W, C) become (N, C, H, W); masks keep their axes, unless transpose_mask is set.
    Lists become lists of tensors. Values and dtypes stay as they are; a tensor shares no memory with the array. Volumes
    stay arrays.
    """

    transpose_mask: Flag = flag(default=False, doc="masks (H, W, C) become (C, H, W), as images do")
    examples = ({}, {"transpose_mask": True})

    def apply(self, img: np.ndarray, **params: Any) -> Any:
        return tensor(np.ascontiguousarray(color.planes(img)), type(self).__name__)

    def apply_to_images(self, images: Any, **params: Any) -> Any:
        if isinstance(images, (list, tuple)):
            return type(images)([self.apply(image) for image in images])
        return self._channels_first(images if images.ndim == 4 else images[..., None])

    def apply_to_mask(self, mask: np.ndarray, **params: Any) -> Any:
        if self.transpose_mask and mask.ndim == 3:
            return self.apply(mask)
        return tensor(mask.copy(order="C"), type(self).__name__)

    def apply_to_masks(self, masks: Any, **params: Any) -> Any:
        if isinstance(masks, (list, tuple)):
            return type(masks)([self.apply_to_mask(mask) for mask in masks])
        if self.transpose_mask and masks.ndim == 4:
            return self._channels_first(masks)
        return tensor(masks.copy(order="C"), type(self).__name__)

    def _channels_first(self, stack: np.ndarray) -> Any:
        return tensor(np.moveaxis(stack, -1, -3).copy(order="C"), type(self).__name__)


class ToTensor3D(BasicTransform):
    """Turn volumes and their masks into tensors of PyTorch, the channels first.

    Targets: volume, volumes, mask3d, masks3d; any dtype that PyTorch has. (D, H, W, C) becomes (C, D, H, W), (D, H, W)
    becomes (1, D, H, W), and stacks of N of them (N, C, D, H, W). Lists become lists of tensors. Values and dtypes stay
    as they are; a tensor shares no memory with the array. Images stay arrays.
    """

    p: Probability = probability(default=1.0, kw_only=True)
    _kinds = ("volume", "mask3d")
    _solid = True
    _converts = True
    needs_modules = ("torch",)

    def _check(self) -> None:
        torch()

    @property
    def targets(self) -> dict[str, Callable[..., Any]]:
        return {
            "volume": self.apply_to_volume,
            "volumes": self.apply_to_volumes,
            "mask3d": self.apply_to_volume,
            "masks3d": self.apply_to_volumes,
        }

    def apply_to_volume(self, volume: np.ndarray, **params: Any) -> Any:
        if volume.ndim == 3:
            planes = volume.copy(order="C")
        else:
            # Channels of whole volumes are taken apart as those of one image that is D * H high.
            depth, height, width, count = volume.shape
            planes = np.empty((count, depth * height, width), volume.dtype)
            color.split(volume.reshape(depth * height, width, count), into=planes)
        return tensor(planes.reshape(-1, *volume.shape[:3]), type(self).__name__)

    def apply_to_volumes(self, volumes: Any, **params: Any) -> Any:
        if isinstance(volumes, (list, tuple)):
            return type(volumes)([self.apply_to_volume(volume) for volume in volumes])
        stack = volumes if volumes.ndim == 5 else volumes[..., None]
        return tensor(np.moveaxis(stack, -1, 1).copy(order="C"), type(self).__name__)


def img_to_tensor(im: np.ndarray, normalize: Optional[dict[str, Any]] = None) -> Any:
    """An image (H, W, C) as a float32 tensor (C, H, W): uint8 over 255, `(value - mean) / std` if they are given."""
    values = color.to_float(im) if im.dtype == np.uint8 else im.astype(np.float32)
    if normalize is not None:
        values = color.normalize(values, mean=normalize["mean"], std=normalize["std"], max_pixel_value=1.0)
    return tensor(np.ascontiguousarray(color.planes(values)), "img_to_tensor")


def mask_to_tensor(mask: np.ndarray, num_classes: int, sigmoid: bool) -> Any:
    """A mask as a tensor: of one class (1, H, W), of several (K, H, W), float32, uint8 over 255.

    Without `sigmoid` a mask (H, W, K) of several classes, each of which is marked by 1 in its channel, becomes the
    numbers of the classes, int64 (H, W).
    """
    if num_classes > 1 and not sigmoid:
        numbers = np.zeros(mask.shape[:2], dtype=np.int64)
        planes = mask if mask.ndim == 3 else np.repeat(mask[..., None], num_classes, axis=2)
        for number in range(planes.shape[2]):
            numbers[planes[..., number] == 1] = number
        return tensor(numbers, "mask_to_tensor")
    values = color.to_float(mask) if mask.dtype == np.uint8 else mask.astype(np.float32)
    planes = values[None] if num_classes == 1 and values.ndim == 2 else color.planes(values)
    return tensor(planes.copy(order="C"), "mask_to_tensor")


class ToTensor(Tensors):
    """0.x's ToTensor: images as tensors (C, H, W) of float32, uint8 over 255, and masks by `mask_to_tensor`.

    Targets: image, images, mask, masks; uint8 and floats.
    """

    num_classes: Integer = integer(default=1, low=1, doc="classes of the masks")
    sigmoid: Flag = flag(default=True, doc="masks of several classes keep a channel for each, else become numbers")
    normalize: Anything = anything(
        read=_read_normalize, default=None, doc="mean and std of images on [0, 1], a dict as of Normalize"
    )
    examples = ({}, {"normalize": {"mean": 0.5, "std": 0.25}}, {"num_classes": 3, "sigmoid": False})

    def apply(self, img: np.ndarray, **params: Any) -> Any:
        return img_to_tensor(img, self.normalize)

    def apply_to_images(self, images: Any, **params: Any) -> Any:
        made = [self.apply(image) for image in images]
        return type(images)(made) if isinstance(images, (list, tuple)) else torch().stack(made)

    def apply_to_mask(self, mask: np.ndarray, **params: Any) -> Any:
        return mask_to_tensor(mask, self.num_classes, self.sigmoid)

    def apply_to_masks(self, masks: Any, **params: Any) -> Any:
        made = [self.apply_to_mask(mask) for mask in masks]
        return type(masks)(made) if isinstance(masks, (list, tuple)) else torch().stack(made)
