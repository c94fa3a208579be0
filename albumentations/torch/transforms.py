"""`albumentations.pytorch.transforms` under the path that it had up to 0.3."""

from ..pytorch.transforms import *  # noqa: F403
