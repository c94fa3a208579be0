"""Tensors for PyTorch, which is imported when a transform of this package is constructed."""

from .transforms import ToTensorV2

__all__ = ["ToTensorV2"]
