"""Conversions: between dtypes, and by functions of the user's own."""

import copy
import inspect
from typing import Any, Callable, NamedTuple, Optional

import numpy as np

from ..core.params import Anything, OptionalNumber, Probability, anything, number, positive, probability
from ..core.spellings import old_spelling
from ..core.transforms_interface import DualTransform
from ..functional import blur, color
from .families import Filter


class ToFloat(Filter):
    """Divide by the largest value, into float32 in [0, 1].

    Targets: image, volume; any dtype and number of channels.
    """

    max_value: OptionalNumber = number(
        default=None,
        low=0,
        then=positive,
        optional=True,
        doc="what becomes 1, above 0; None is the largest value of the dtype, 1 for floats",
    )
    p: Probability = probability(default=1.0, kw_only=True)
    _converts = True
    examples = ({}, {"max_value": 1000})
    swaps = {}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return color.to_float(img, max_value=self.max_value)


def _read_dtype(value: Any) -> str:
    dtype = np.dtype(value)
    if dtype.kind not in "iuf" or not dtype.isnative or dtype.itemsize > 8:
        raise ValueError("must be an integer or float dtype, such as 'uint8' or 'uint16'")
    return str(dtype.name)


class FromFloat(Filter):
    """Multiply floats in [0, 1] by the largest value of another dtype, and round to it: the inverse of ToFloat.

    Targets: image, volume; float32 (also float16, float64); any number of channels.
    """

    dtype: Anything = anything(read=_read_dtype, default="uint16", doc="dtype of the result, integer or float")
    max_value: OptionalNumber = number(
        default=None,
        low=0,
        then=positive,
        optional=True,
        doc="what 1 becomes, above 0; None is the largest value of dtype, 1 for floats",
    )
    p: Probability = probability(default=1.0, kw_only=True)
    _converts = True
    _needs_dtypes = ("float32", "float16", "float64")
    examples = ({}, {"dtype": "uint8"}, {"dtype": "uint16", "max_value": 1000})
    swaps = {}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return color.from_float(img, dtype=self.dtype, max_value=self.max_value)


class _EachBox:
    """A function of one box (x_min, y_min, x_max, y_max), as releases before 1.4 had it, made one of all boxes."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, rows: np.ndarray, /, **params: Any) -> np.ndarray:
        moved = [(*self.function(tuple(row[:4]), **params)[:4], *row[4:]) for row in rows.tolist()]
        return np.array(moved, dtype=np.float64).reshape(-1, rows.shape[1])


class _EachKeypoint:
    """A function of one keypoint (x, y, angle, scale), as releases before 1.4 had it, made one of all keypoints."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, rows: np.ndarray, /, **params: Any) -> np.ndarray:
        result = rows.copy()
        for i, (x, y, _, angle, scale, *_rest) in enumerate(rows.tolist()):
            result[i, [0, 1, 3, 4]] = self.function((x, y, angle, scale), **params)[:4]
        return result


def _read_function(value: Any) -> Any:
    if value is not None and not callable(value):
        raise TypeError(f"must be a function or None, not {type(value).__name__}")
    return value


class _Takes(NamedTuple):
    """What a function takes by name besides its value; None is whatever it is given."""

    first: str
    names: Optional[tuple[str, ...]]


def _takes(function: Callable[..., Any]) -> _Takes:
    # Releases have passed different names (1.x rows and cols, 2.x shape), and functions without **params ask for some.
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some functions written in C do not tell
        return _Takes("", ())
    first = parameters[0] if parameters else None
    by_name = first is not None and first.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    if any(q.kind is inspect.Parameter.VAR_KEYWORD for q in parameters):
        return _Takes(first.name if first is not None and by_name else "", None)
    return _Takes("", tuple(q.name for q in parameters[1:]))


def _read_name(value: Any) -> Any:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"must be a string or None, not {type(value).__name__}")
    return value


def soften(picture: np.ndarray, **params: Any) -> np.ndarray:
    """An example of a function for Lambda: the mean of 3 x 3 pixels."""
    return blur.box(picture, ksize=3)


class Lambda(DualTransform):
    """Call functions of your own, one for each kind of target: `function(value, **params)`.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; whatever the functions take. They get a copy they may write
    to, and by name what they take of shape, rows and cols, all of it as `**params`. Stacks are walked picture by
    picture.
    """

    image: Anything = anything(read=_read_function, default=None, doc="function of an image; None leaves images alone")
    mask: Anything = anything(read=_read_function, default=None, doc="function of a mask")
    keypoints: Anything = anything(
        read=_read_function, default=None, doc="function of all keypoints, (N, 5 or more): x, y, z, angle, scale, ..."
    )
    bboxes: Anything = anything(
        read=_read_function, default=None, doc="function of all boxes, (N, 4 or more): corners as fractions, ..."
    )
    name: Anything = anything(read=_read_name, default=None, doc="what it is saved under; needed for saving only")
    p: Probability = probability(default=1.0, kw_only=True)
    _takes_anything = True
    eras = ("image mask keypoint bbox name always_apply p",)
    examples = ({"image": soften, "name": "named"},)
    neutral = {}
    swaps = {}

    @old_spelling
    @staticmethod
    def _one_box(bbox: Any = None) -> dict[str, Any]:
        return {"bboxes": _EachBox(_read_function(bbox))}

    @old_spelling
    @staticmethod
    def _one_keypoint(keypoint: Any = None) -> dict[str, Any]:
        return {"keypoints": _EachKeypoint(_read_function(keypoint))}

    def _check(self) -> None:
        functions = {n: getattr(self, n) for n in ("image", "mask", "keypoints", "bboxes")}
        self.__dict__["_takes"] = {n: _takes(f) for n, f in functions.items() if f is not None}

    @property
    def _kinds(self) -> tuple[str, ...]:  # type: ignore[override]
        functions = {"image": self.image, "mask": self.mask, "bboxes": self.bboxes, "keypoints": self.keypoints}
        given = [n for n, function in functions.items() if function is not None]
        return (*given, *(solid for n, solid in (("image", "volume"), ("mask", "mask3d")) if n in given))

    def apply(self, img: np.ndarray, **params: Any) -> Any:
        return self._picture("image", img, params)

    def apply_to_mask(self, mask: np.ndarray, **params: Any) -> Any:
        return self._picture("mask", mask, params)

    def apply_to_bboxes(self, bboxes: np.ndarray, **params: Any) -> np.ndarray:
        return self._rows("bboxes", bboxes, params)

    def apply_to_keypoints(self, keypoints: np.ndarray, **params: Any) -> np.ndarray:
        return self._rows("keypoints", keypoints, params)

    def _picture(self, name: str, picture: np.ndarray, params: dict[str, Any]) -> Any:
        if name not in self.__dict__["_takes"]:
            return picture
        result = self._call(name, picture, params)
        return np.ascontiguousarray(result) if isinstance(result, np.ndarray) and result.ndim else result

    def _rows(self, name: str, rows: np.ndarray, params: dict[str, Any]) -> np.ndarray:
        if name not in self.__dict__["_takes"]:
            return rows
        result = np.asarray(self._call(name, rows, params), dtype=np.float64)
        if result.size == 0:
            return result.reshape(0, rows.shape[1])
        if result.ndim != 2 or result.shape[1] != rows.shape[1]:
            raise ValueError(f"the function was given rows of shape {rows.shape} and returned {result.shape}")
        return result

    def _call(self, name: str, value: np.ndarray, params: dict[str, Any]) -> Any:
        takes = self.__dict__["_takes"][name]
        given = {k: v for k, v in params.items() if k != takes.first and (takes.names is None or k in takes.names)}
        # A copy, 5 us at 256 x 256 x 3: functions often write to what they get.
        own = value.copy() if isinstance(value, np.ndarray) else copy.deepcopy(value)  # a tensor of a step before
        return getattr(self, name)(own, **given)

    def _describe(self) -> dict[str, Any]:
        if self.name is None:
            raise NotImplementedError(
                "Lambda cannot be saved without a name: Lambda(name='mine', ...), and when it is read again"
                " from_dict(..., nonserializable={'mine': transform})"
            )
        return {"__class_fullname__": self.get_class_fullname(), "__name__": self.name}

    def __repr__(self) -> str:
        names = ("image", "mask", "keypoints", "bboxes", "name", "p")
        return f"Lambda({', '.join(f'{n}={getattr(self, n)!r}' for n in names)})"
