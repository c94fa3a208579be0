"""0.4's functions that make tensors of images and masks."""

from .transforms import img_to_tensor, mask_to_tensor

__all__ = ["img_to_tensor", "mask_to_tensor"]
