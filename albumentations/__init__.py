"""Image augmentation: images, masks, boxes and keypoints through one pipeline. `import albumentations as A`."""

__version__ = "2.1.0"

from typing import TYPE_CHECKING, NoReturn

from .core.bbox_utils import BboxParams
from .core.composition import (
    BaseCompose,
    Compose,
    OneOf,
    OneOrOther,
    RandomOrder,
    Sequential,
    SomeOf,
)
from .core.keypoints_utils import KeypointParams
from .core.replay import ReplayCompose
from .core.serialization import from_dict, load, save, to_dict
from .core.transforms_interface import BasicTransform, DualTransform, ImageOnlyTransform, NoOp
from .pytorch.transforms import ToTensorV2
from .transforms.affine import Affine, Perspective
from .transforms.blur import AdvancedBlur, Blur, GaussianBlur, MedianBlur, MotionBlur, Sharpen
from .transforms.color import (
    CLAHE,
    ChannelShuffle,
    ColorJitter,
    Equalize,
    HueSaturationValue,
    Normalize,
    RGBShift,
    ToGray,
    ToSepia,
)
from .transforms.convert import FromFloat, Lambda, ToFloat
from .transforms.crop import CenterCrop, Crop, RandomCrop, RandomResizedCrop, RandomSizedCrop
from .transforms.crop_and_pad import CropAndPad
from .transforms.crop_around import (
    AtLeastOneBBoxRandomCrop,
    BBoxSafeRandomCrop,
    CropNonEmptyMaskIfExists,
    RandomCropFromBorders,
    RandomCropNearBBox,
    RandomSizedBBoxSafeCrop,
)
from .transforms.curves import InvertImg, Posterize, RandomBrightnessContrast, RandomGamma, Solarize
from .transforms.distort import ElasticTransform, GridDistortion, OpticalDistortion
from .transforms.domain import FDA, HistogramMatching, PixelDistributionAdaptation
from .transforms.dropout import CoarseDropout, Cutout, GridDropout
from .transforms.dropout_objects import ConstrainedCoarseDropout, MaskDropout
from .transforms.flip import D4, Flip, HorizontalFlip, RandomRotate90, SquareSymmetry, Transpose, VerticalFlip
from .transforms.grids import GridElasticDeform, PiecewiseAffine, ThinPlateSpline
from .transforms.light import (
    ChromaticAberration,
    Illumination,
    PlanckianJitter,
    PlasmaBrightnessContrast,
    PlasmaShadow,
)
from .transforms.masking import Erasing, PixelDropout, XYMasking
from .transforms.mix import Mosaic, OverlayElements, TemplateTransform
from .transforms.morphology import Morphological
from .transforms.noise import GaussNoise
from .transforms.pad import Pad, PadIfNeeded
from .transforms.quality import ImageCompression
from .transforms.resize import LongestMaxSize, RandomScale, Resize, SmallestMaxSize
from .transforms.rotate import Rotate, SafeRotate, ShiftScaleRotate
from .transforms.selective import SelectiveChannelTransform
from .transforms.spectrogram import FrequencyMasking, TimeMasking, TimeReverse
from .transforms.stain import HEStain
from .transforms.text import TextImage
from .transforms.tiles import RandomGridShuffle
from .transforms.tone import (
    AutoContrast,
    ChannelDropout,
    FancyPCA,
    RandomBrightness,
    RandomContrast,
    RandomToneCurve,
    ToRGB,
)
from .transforms.weather import RandomFog, RandomGravel, RandomRain, RandomShadow, RandomSnow, RandomSunFlare, Spatter

__all__ = [
    "CLAHE",
    "D4",
    "FDA",
    "AdvancedBlur",
    "Affine",
    "AtLeastOneBBoxRandomCrop",
    "AutoContrast",
    "BBoxSafeRandomCrop",
    "BaseCompose",
    "BasicTransform",
    "BboxParams",
    "Blur",
    "CenterCrop",
    "ChannelDropout",
    "ChannelShuffle",
    "ChromaticAberration",
    "CoarseDropout",
    "ColorJitter",
    "Compose",
    "ConstrainedCoarseDropout",
    "Crop",
    "CropAndPad",
    "CropNonEmptyMaskIfExists",
    "Cutout",
    "DualTransform",
    "ElasticTransform",
    "Equalize",
    "Erasing",
    "FancyPCA",
    "Flip",
    "FrequencyMasking",
    "FromFloat",
    "GaussNoise",
    "GaussianBlur",
    "GridDistortion",
    "GridDropout",
    "GridElasticDeform",
    "HEStain",
    "HistogramMatching",
    "HorizontalFlip",
    "HueSaturationValue",
    "Illumination",
    "ImageCompression",
    "ImageOnlyTransform",
    "InvertImg",
    "KeypointParams",
    "Lambda",
    "LongestMaxSize",
    "MaskDropout",
    "MedianBlur",
    "Morphological",
    "Mosaic",
    "MotionBlur",
    "NoOp",
    "Normalize",
    "OneOf",
    "OneOrOther",
    "OpticalDistortion",
    "OverlayElements",
    "Pad",
    "PadIfNeeded",
    "Perspective",
    "PiecewiseAffine",
    "PixelDistributionAdaptation",
    "PixelDropout",
    "PlanckianJitter",
    "PlasmaBrightnessContrast",
    "PlasmaShadow",
    "Posterize",
    "RGBShift",
    "RandomBrightness",
    "RandomBrightnessContrast",
    "RandomContrast",
    "RandomCrop",
    "RandomCropFromBorders",
    "RandomCropNearBBox",
    "RandomFog",
    "RandomGamma",
    "RandomGravel",
    "RandomGridShuffle",
    "RandomOrder",
    "RandomRain",
    "RandomResizedCrop",
    "RandomRotate90",
    "RandomScale",
    "RandomShadow",
    "RandomSizedBBoxSafeCrop",
    "RandomSizedCrop",
    "RandomSnow",
    "RandomSunFlare",
    "RandomToneCurve",
    "ReplayCompose",
    "Resize",
    "Rotate",
    "SafeRotate",
    "SelectiveChannelTransform",
    "Sequential",
    "Sharpen",
    "ShiftScaleRotate",
    "SmallestMaxSize",
    "Solarize",
    "SomeOf",
    "Spatter",
    "SquareSymmetry",
    "TemplateTransform",
    "TextImage",
    "ThinPlateSpline",
    "TimeMasking",
    "TimeReverse",
    "ToFloat",
    "ToGray",
    "ToRGB",
    "ToSepia",
    "ToTensorV2",
    "Transpose",
    "VerticalFlip",
    "XYMasking",
    "from_dict",
    "load",
    "save",
    "to_dict",
]

if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there

    def __getattr__(name: str) -> NoReturn:
        from .core.params import nearest

        hint = "" if name.startswith("_") else nearest(name, __all__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")
