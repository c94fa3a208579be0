"""Tensors for PyTorch, which is imported when a transform of this package is constructed."""

from .transforms import ToTensor, ToTensor3D, ToTensorV2

__all__ = ["ToTensor", "ToTensor3D", "ToTensorV2"]
