"""What `core` of older releases held, as programs call it: functions on boxes, keypoints and arguments.

One row is a tuple and comes back as one, whatever it carries behind its coordinates; rows with `rows, cols` are lists
of tuples (0.4 - 1.3); rows with a `shape`, (height, width[, depth]) or a dict of these names, are arrays (1.4 - 2.0).
Boxes are (x_min, y_min, x_max, y_max) as fractions of the image; keypoints (x, y, angle, scale) in tuples and
(x, y, z, angle, scale) in arrays, angles in radians.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dis import opname
from enum import Enum
from typing import Any, Optional, TypedDict, Union

import numpy as np

from . import composition, older_rows, serialization, transforms_interface
from .forms import forms
from .params import nearest
from .paths import ABSENT, PATHS

BoxType = BoxInternalType = KeypointType = KeypointInternalType = tuple[Any, ...]
TransformType = Union[transforms_interface.BasicTransform, composition.BaseCompose]
TransformsSeqType = Sequence[TransformType]
ScaleFloatType = Union[float, tuple[float, float]]
ScaleIntType = Union[int, tuple[int, int]]
ImageColorType = ColorType = Union[float, Sequence[float]]
FillValueType = Union[float, Sequence[float], np.ndarray]
NumType = Union[float, np.ndarray]
Serializable = serialization.Serializable
SerializableMeta = CombinedMeta = ValidatedTransformMeta = type(serialization.Serializable)
REPR_INDENT_STEP = 2


class ReferenceImage(TypedDict, total=False):
    """What OverlayElements and Mosaic take as metadata."""

    image: np.ndarray
    mask: Optional[np.ndarray]
    bboxes: Any
    keypoints: Any


class BaseTransformInitSchema:
    """The base of 2.x's schemes of arguments. It is there to be inherited from, and checks nothing."""


# How modules look names up.


def find(module: str, name: str) -> Any:
    """What a name in a module of `core` stands for: one of this file, else a class of the registry.

    Raises:
        AttributeError: there is none. In `from module import name` ImportError: Python would replace the message.
    """
    if name in PATHS.get(module.partition(".")[2], "").split():
        for place in (globals(), vars(older_rows)):
            if name in place:
                return place[name]
        for cls in serialization.REGISTRY.values():
            if cls.__name__ == name and serialization.is_library(cls):
                return cls
    reasons = [reason for reason, names in ABSENT.items() if name in names.split()]
    hint = f": {reasons[0]}" if reasons else nearest(name, dir(sys.modules[module]))
    message = f"module {module!r} has no attribute {name!r}{hint}"
    caller = sys._getframe(2)
    if reasons and opname[caller.f_code.co_code[caller.f_lasti]] == "IMPORT_FROM":
        raise ImportError(message, name=module)
    raise AttributeError(message)


# Arguments and classes.


def to_tuple(param: Any, low: Any = None, bias: Any = None) -> Any:
    """A pair of a number: (-n, n), or with `low` both in order, `bias` added; pairs stay pairs; None stays None."""
    if low is not None and bias is not None:
        raise ValueError(f"low={low!r} and bias={bias!r}: at most one of them may be given")
    if param is None:
        return None
    if isinstance(param, (int, float, np.number)):
        pair = (-param, param) if low is None else (min(low, param), max(low, param))
    elif isinstance(param, Sequence) and not isinstance(param, str):
        if len(param) not in (1, 2) and bias is None and low is None:
            return tuple(param)
        pair = tuple(param)
    else:
        raise ValueError(f"a number or a sequence of numbers was expected, not {param!r}")
    return pair if bias is None else tuple(value + bias for value in pair)


def format_args(args_dict: Mapping[str, Any]) -> str:
    """Arguments as they are written in a call."""
    return ", ".join(f"{name}={value!r}" for name, value in args_dict.items())


def _shape(img: Any) -> Any:
    """(height, width) of an image or a tensor with the channels first; of a call's data a dict with these names."""
    if isinstance(img, Mapping):
        solid = next((name for name in ("volume", "mask3d", "volumes", "masks3d") if name in img), None)
        if solid is not None:
            first = img[solid][0] if solid in ("volumes", "masks3d") else img[solid]
            return dict(zip(("depth", "height", "width"), first.shape[:3]))
        name = next(name for name in ("image", "images", "mask", "masks") if name in img)
        return dict(zip(("height", "width"), _shape(img[name][0] if name.endswith("s") else img[name])))
    if isinstance(img, np.ndarray):
        return img.shape[:2]
    if hasattr(img, "shape") and hasattr(img, "numpy"):
        return tuple(img.shape[-2:])
    raise RuntimeError(f"images must be arrays or tensors, not {type(img).__name__}")


get_shape = forms(lambda img: _shape(img), lambda data: _shape(data), name="get_shape")


def get_image_shape(img: Any) -> dict[str, int]:
    """The shape of an image as a dict."""
    if isinstance(img, Mapping):
        raise RuntimeError(f"images must be arrays or tensors, not {type(img).__name__}")
    return dict(zip(("height", "width"), _shape(img)))


def get_volume_shape(vol: Any) -> dict[str, int]:
    """The shape of a volume as a dict."""
    return dict(zip(("depth", "height", "width"), vol.shape[:3] if isinstance(vol, np.ndarray) else vol.shape[-3:]))


def custom_sort(item: Any) -> tuple[int, Any]:
    """A key that sorts numbers before text."""
    return (0, item) if isinstance(item, (int, float, np.number)) else (1, str(item))


class LabelEncoder:
    """Whole numbers for labels, in sorted order; numbers stay as they are."""

    def __init__(self) -> None:
        self.classes_: dict[Any, int] = {}
        self.inverse_classes_: dict[int, Any] = {}
        self.num_classes = 0
        self.is_numerical = True

    def fit(self, y: Any) -> "LabelEncoder":
        labels = np.asarray(y).ravel().tolist() if isinstance(y, np.ndarray) else list(y)
        self.is_numerical = all(isinstance(label, (int, float)) for label in labels)
        if not self.is_numerical:
            self.classes_ = {label: i for i, label in enumerate(sorted(set(labels), key=custom_sort))}
            self.inverse_classes_ = {i: label for label, i in self.classes_.items()}
            self.num_classes = len(self.classes_)
        return self

    def transform(self, y: Any) -> np.ndarray:
        if self.is_numerical:
            return np.asarray(y)
        unknown = [label for label in y if label not in self.classes_]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is none of the labels{nearest(str(unknown[0]), map(str, self.classes_))}")
        return np.array([self.classes_[label] for label in y])

    def fit_transform(self, y: Any) -> np.ndarray:
        return self.fit(y).transform(y)

    def inverse_transform(self, y: Any) -> np.ndarray:
        return np.asarray(y) if self.is_numerical else np.array([self.inverse_classes_[int(label)] for label in y])


def get_shortest_class_fullname(cls: type) -> str:
    """The name of a class in saved files."""
    return cls.__name__ if serialization.is_library(cls) else serialization.full_name(cls)


def shorten_class_name(class_fullname: str) -> str:
    """The last part of a path in this library; other paths whole."""
    first, _, last = class_fullname.partition(".")
    return last.rpartition(".")[2] if first == serialization.LIBRARY else class_fullname


def check_data_format(data_format: str) -> None:
    """Raise ValueError unless it is "json" or "yaml"."""
    if data_format not in ("json", "yaml"):
        raise ValueError(f"data_format={data_format!r} must be 'json' or 'yaml'")


def register_additional_transforms() -> None:
    """Transforms are registered when they are defined; nothing is left to do."""


def add_metaclass(metaclass: type) -> Callable[[type], type]:
    """A decorator that makes a class anew with a metaclass."""

    def wrapper(cls: type) -> type:
        body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
        made: type = metaclass(cls.__name__, cls.__bases__, body)
        return made

    return wrapper


def set_always_apply(transforms: Sequence[Any]) -> None:
    """Make transforms always run."""
    for transform in transforms:
        transform.p = 1.0


def get_always_apply(transforms: Sequence[Any]) -> list[Any]:
    """The transforms that always run."""
    return [transform for transform in transforms if getattr(transform, "p", 0.0) >= 1.0]


def apply_bias(min_val: Any, max_val: Any, bias: Any) -> tuple[Any, Any]:
    """A pair moved by a number."""
    return min_val + bias, max_val + bias


def process_scalar(param: Any, low: Any) -> tuple[Any, Any]:
    """`to_tuple` of a number."""
    pair: tuple[Any, Any] = to_tuple(param, low)
    return pair


def process_sequence(param: Sequence[Any]) -> tuple[Any, Any]:
    """A sequence of two as a pair, the smaller first."""
    if len(param) != 2:
        raise ValueError(f"{param!r} must have two elements")
    return min(param), max(param)


def validate_args(low: Any, bias: Any) -> None:
    """Raise ValueError where both are given."""
    if low is not None and bias is not None:
        raise ValueError(f"low={low!r} and bias={bias!r}: at most one of them may be given")


def ensure_int_output(min_val: Any, max_val: Any, param: Any) -> tuple[Any, Any]:
    """A pair as whole numbers if `param` is one."""
    return (int(min_val), int(max_val)) if isinstance(param, int) else (float(min_val), float(max_val))


def ensure_contiguous_output(arg: Any) -> Any:
    """Arrays, also in lists and dicts, in contiguous memory."""
    if isinstance(arg, np.ndarray):
        return np.require(arg, requirements=["C_CONTIGUOUS"])
    if isinstance(arg, Mapping):
        return {key: ensure_contiguous_output(value) for key, value in arg.items()}
    return type(arg)(map(ensure_contiguous_output, arg)) if isinstance(arg, (list, tuple)) else arg


def instantiate_nonserializable(transform: Mapping[str, Any], nonserializable: Optional[dict[str, Any]] = None) -> Any:
    """The transform that stands for a saved one that cannot be written, by its name; None for any other."""
    if transform.get("__class_fullname__") != "Lambda" and "__name__" not in transform:
        return None
    return serialization.build(dict(transform), nonserializable or {})


def instantiate_lambda(transform: Mapping[str, Any], lambda_transforms: Optional[dict[str, Any]] = None) -> Any:
    """0.4's name of `instantiate_nonserializable`."""
    return instantiate_nonserializable(transform, lambda_transforms)


class Targets(Enum):
    """Kinds of targets as 1.4 - 2.0 name them."""

    IMAGE = "Image"
    MASK = "Mask"
    MASKS = "Masks"
    BBOXES = "BBoxes"
    KEYPOINTS = "Keypoints"
    VOLUME = "Volume"
    MASK3D = "Mask3D"


ALL_TARGETS = (Targets.IMAGE, Targets.MASK, Targets.BBOXES, Targets.KEYPOINTS, Targets.VOLUME, Targets.MASK3D)
