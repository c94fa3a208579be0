"""Tensors for PyTorch, which is imported when a transform of this package is constructed."""

from .transforms import ToTensor3D, ToTensorV2

__all__ = ["ToTensor3D", "ToTensorV2"]
