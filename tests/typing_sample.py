"""A user's script that type checkers must understand; CI runs mypy on it, nothing runs it."""

from typing import Any

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

wrong_class = A.HorizonalFlip  # type: ignore[attr-defined]
wrong_name = A.RandomGamma(gama_limit=3)  # type: ignore[call-arg]
wrong_type = A.RandomGamma(gamma_limit="strong")  # type: ignore[arg-type]
missing = A.RandomCrop(height=3)  # type: ignore[call-arg]
