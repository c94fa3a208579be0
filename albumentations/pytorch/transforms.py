"""Pictures as tensors of PyTorch."""

import importlib
from typing import Any, Callable

import numpy as np

from ..core.params import Flag, Probability, flag, probability
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


class ToTensorV2(BasicTransform):
    """Turn images and masks into tensors of PyTorch, images with the channels first.

    Targets: image, images, mask, masks; any dtype that PyTorch has. An image (H, W, C) becomes (C, H, W), (H, W)
    becomes (1, H, W), images (N, H, W, C) become (N, C, H, W); masks keep their axes, unless transpose_mask is set.
    Lists become lists of tensors. Values and dtypes stay as they are; a tensor shares no memory with the array. Volumes
    stay arrays.
    """

    transpose_mask: Flag = flag(default=False, doc="masks (H, W, C) become (C, H, W), as images do")
    p: Probability = probability(default=1.0, kw_only=True)
    _kinds = ("image", "mask")
    _converts = True
    needs_modules = ("torch",)
    examples = ({}, {"transpose_mask": True})

    def _check(self) -> None:
        torch()  # what is missing is said when the pipeline is built

    @property
    def targets(self) -> dict[str, Callable[..., Any]]:
        return {
            "image": self.apply,
            "images": self.apply_to_images,
            "mask": self.apply_to_mask,
            "masks": self.apply_to_masks,
        }

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
