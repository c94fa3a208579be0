"""`albumentations.pytorch` under the path that it had up to 0.3."""

from ..pytorch import ToTensor, ToTensor3D, ToTensorV2

__all__ = ["ToTensor", "ToTensor3D", "ToTensorV2"]
