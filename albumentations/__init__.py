"""Image augmentation: images, masks, boxes and keypoints through one pipeline. `import albumentations as A`."""

__version__ = "2.1.0"

from .core.bbox_utils import BboxParams
from .core.composition import (
    BaseCompose,
    Compose,
    OneOf,
    OneOrOther,
    RandomOrder,
    SelectiveChannelTransform,
    Sequential,
    SomeOf,
)
from .core.keypoints_utils import KeypointParams
from .core.replay import ReplayCompose
from .core.serialization import from_dict, load, save, to_dict
from .core.transforms_interface import BasicTransform, DualTransform, ImageOnlyTransform, NoOp
