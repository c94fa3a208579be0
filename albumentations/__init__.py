"""Image augmentation: images, masks, boxes and keypoints through one pipeline. `import albumentations as A`."""

__version__ = "2.1.0"

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
from .core.explain import explain
from .core.keypoints_utils import KeypointParams
from .core.replay import ReplayCompose
from .core.serialization import from_dict, load, save, to_dict
from .core.transforms_interface import BasicTransform, DualTransform, ImageOnlyTransform, NoOp, Transform3D
from .pytorch.transforms import ToTensor, ToTensor3D, ToTensorV2
from .transforms.affine import Affine, Perspective
from .transforms.blur import AdvancedBlur, Blur, GaussianBlur, MedianBlur, MotionBlur
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
from .transforms.iaa import (
    IAAAdditiveGaussianNoise,
    IAAAffine,
    IAACropAndPad,
    IAAEmboss,
    IAAFliplr,
    IAAFlipud,
    IAAPerspective,
    IAAPiecewiseAffine,
    IAASharpen,
    IAASuperpixels,
)
from .transforms.lens import Defocus, GlassBlur, ZoomBlur
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
from .transforms.noise import AdditiveNoise, GaussNoise, MultiplicativeNoise, SaltAndPepper
from .transforms.pad import Pad, PadIfNeeded
from .transforms.quality import Downscale, ImageCompression, JpegCompression
from .transforms.resize import LongestMaxSize, RandomScale, Resize, SmallestMaxSize
from .transforms.rotate import Rotate, SafeRotate, ShiftScaleRotate
from .transforms.selective import SelectiveChannelTransform
from .transforms.sensor import ISONoise, ShotNoise
from .transforms.sharpen import Emboss, RingingOvershoot, Sharpen, UnsharpMask
from .transforms.spectrogram import FrequencyMasking, TimeMasking, TimeReverse
from .transforms.stain import HEStain
from .transforms.superpixels import Superpixels
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
from .transforms.volumes import CenterCrop3D, CoarseDropout3D, CubicSymmetry, Pad3D, PadIfNeeded3D, RandomCrop3D
from .transforms.weather import RandomFog, RandomGravel, RandomRain, RandomShadow, RandomSnow, RandomSunFlare, Spatter

__all__ = [
    "CLAHE",
    "D4",
    "FDA",
    "AdditiveNoise",
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
    "CenterCrop3D",
    "ChannelDropout",
    "ChannelShuffle",
    "ChromaticAberration",
    "CoarseDropout",
    "CoarseDropout3D",
    "ColorJitter",
    "Compose",
    "ConstrainedCoarseDropout",
    "Crop",
    "CropAndPad",
    "CropNonEmptyMaskIfExists",
    "CubicSymmetry",
    "Cutout",
    "Defocus",
    "Downscale",
    "DualTransform",
    "ElasticTransform",
    "Emboss",
    "Equalize",
    "Erasing",
    "FancyPCA",
    "Flip",
    "FrequencyMasking",
    "FromFloat",
    "GaussNoise",
    "GaussianBlur",
    "GlassBlur",
    "GridDistortion",
    "GridDropout",
    "GridElasticDeform",
    "HEStain",
    "HistogramMatching",
    "HorizontalFlip",
    "HueSaturationValue",
    "IAAAdditiveGaussianNoise",
    "IAAAffine",
    "IAACropAndPad",
    "IAAEmboss",
    "IAAFliplr",
    "IAAFlipud",
    "IAAPerspective",
    "IAAPiecewiseAffine",
    "IAASharpen",
    "IAASuperpixels",
    "ISONoise",
    "Illumination",
    "ImageCompression",
    "ImageOnlyTransform",
    "InvertImg",
    "JpegCompression",
    "KeypointParams",
    "Lambda",
    "LongestMaxSize",
    "MaskDropout",
    "MedianBlur",
    "Morphological",
    "Mosaic",
    "MotionBlur",
    "MultiplicativeNoise",
    "NoOp",
    "Normalize",
    "OneOf",
    "OneOrOther",
    "OpticalDistortion",
    "OverlayElements",
    "Pad",
    "Pad3D",
    "PadIfNeeded",
    "PadIfNeeded3D",
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
    "RandomCrop3D",
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
    "RingingOvershoot",
    "Rotate",
    "SafeRotate",
    "SaltAndPepper",
    "SelectiveChannelTransform",
    "Sequential",
    "Sharpen",
    "ShiftScaleRotate",
    "ShotNoise",
    "SmallestMaxSize",
    "Solarize",
    "SomeOf",
    "Spatter",
    "SquareSymmetry",
    "Superpixels",
    "TemplateTransform",
    "TextImage",
    "ThinPlateSpline",
    "TimeMasking",
    "TimeReverse",
    "ToFloat",
    "ToGray",
    "ToRGB",
    "ToSepia",
    "ToTensor",
    "ToTensor3D",
    "ToTensorV2",
    "Transform3D",
    "Transpose",
    "UnsharpMask",
    "VerticalFlip",
    "XYMasking",
    "ZoomBlur",
    "explain",
    "from_dict",
    "load",
    "save",
    "to_dict",
]

if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there

    def __getattr__(name: str) -> Any:
        from .core.paths import PATHS, SUBMODULES

        if name in SUBMODULES:
            return import_module(f"{__name__}.{name}")
        if name in PATHS[""].split():
            found = import_module(f"{__name__}.augmentations").FOUND
            return found[name] if name in found else import_module(f"{__name__}.core.older").find(__name__, name)
        from .core.params import nearest

        hint = "" if name.startswith("_") else nearest(name, __all__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")
