"""A user's script that type checkers must understand; CI runs mypy on it, nothing runs it."""

from typing import Any, Optional

import numpy as np

import albumentations as A

transform = A.Compose(
    [
        A.RandomCrop(height=224, width=224),
        A.HorizontalFlip(p=0.5),
        A.OneOf([A.RandomGamma((40, 90)), A.RandomGamma(gamma_limit=120, p=0.3)], p=0.5),
        A.Rotate(limit=30, border_mode=0, fill=(1, 2, 3)),
    ],
    bbox_params=A.BboxParams(format="coco", label_fields=["labels"]),
    seed=3,
)
result: dict[str, Any] = transform(image=np.zeros((256, 256, 3), np.uint8), bboxes=[], labels=[])

gamma = A.RandomGamma((40, 90), p=0.3)
limits: tuple[float, float] = gamma.gamma_limit
probability: float = gamma.p
gamma.gamma_limit = 120

padded = A.PadIfNeeded(min_height=None, min_width=None, pad_height_divisor=32, pad_width_divisor=32)
height: Optional[int] = padded.min_height
wrong_height: int = padded.min_height  # type: ignore[assignment]
padded.pad_height_divisor = None
optional = [
    A.GaussNoise(std_range=None),
    A.ToFloat(max_value=None),
    A.Normalize(mean=None, std=None, max_pixel_value=None, normalization="image"),
    A.MotionBlur(angle_range=None, direction_range=(-1, 1)),
    A.Resize(20, 30, area_for_downscale=None),
]
noise_mean: Optional[float] = A.GaussNoise().mean
angles: Optional[tuple[float, float]] = A.MotionBlur().angle_range
fixed: tuple[float, float] = A.Rotate(30, fill_mask=3, mask_interpolation=1).limit
crop = A.RandomSizedCrop((10, 12), (20, 30), w2h_ratio=1.5, p=0.3)
size: tuple[int, int] = crop.size

wrong_none = A.Rotate(limit=None)  # type: ignore[arg-type]
wrong_class = A.HorizonalFlip  # type: ignore[attr-defined]
wrong_name = A.RandomGamma(gama_limit=3)  # type: ignore[call-arg]
wrong_type = A.RandomGamma(gamma_limit="strong")  # type: ignore[arg-type]
missing = A.RandomCrop(height=3)  # type: ignore[call-arg]
