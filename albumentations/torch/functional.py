"""`albumentations.pytorch.functional` under the path that it had up to 0.3."""

from ..pytorch.functional import *  # noqa: F403
