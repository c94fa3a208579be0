"""The one table of targets: what a name in a call holds, which method moves it, and how a stack of it is walked.

A kind that is added to `KINDS` is known everywhere: to plans, to `Compose` (which needs an argument for the params of a
kind of rows) and to the laws.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Callable, NamedTuple, Optional

import numpy as np

from .bbox_utils import BboxProcessor
from .keypoints_utils import KeypointsProcessor
from .params import nearest
from .utils import DataProcessor


class Kind(NamedTuple):
    """What a target holds: pictures with `dims` axes of space, or rows, which `processor` reads and writes."""

    name: str
    dims: int = 0
    colors: bool = False  # an image, in contrast to a mask
    params: str = ""  # for rows: the argument of Compose that says how they are written
    each: str = ""  # for rows: the method of users that moves a single one
    processor: Optional[type[DataProcessor]] = None


# In this order a picture of the call says how large it is.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("image", dims=2, colors=True),
        Kind("volume", dims=3, colors=True),
        Kind("mask", dims=2),
        Kind("mask3d", dims=3),
        Kind("bboxes", params="bbox_params", each="apply_to_bbox", processor=BboxProcessor),
        Kind("keypoints", params="keypoint_params", each="apply_to_keypoint", processor=KeypointsProcessor),
    )
}


class Target(NamedTuple):
    """What a name holds, the method that changes it, and how many axes of stacks stand before those of its kind."""

    kind: Kind
    method: str
    stacked: int = 0

    @property
    def axes(self) -> int:
        """The number of axes before (H, W): 0 a picture, 1 a stack or a volume, 2 a stack of volumes."""
        return self.stacked + self.kind.dims - 2 if self.kind.dims else 0


TARGETS: dict[str, Target] = {
    "image": Target(KINDS["image"], "apply"),
    "images": Target(KINDS["image"], "apply_to_images", stacked=1),
    "volume": Target(KINDS["volume"], "apply_to_volume"),
    "volumes": Target(KINDS["volume"], "apply_to_volumes", stacked=1),
    "mask": Target(KINDS["mask"], "apply_to_mask"),
    "masks": Target(KINDS["mask"], "apply_to_masks", stacked=1),
    "mask3d": Target(KINDS["mask3d"], "apply_to_mask3d"),
    "masks3d": Target(KINDS["mask3d"], "apply_to_masks3d", stacked=1),
    "bboxes": Target(KINDS["bboxes"], "apply_to_bboxes"),
    "keypoints": Target(KINDS["keypoints"], "apply_to_keypoints"),
}

# What can be an image or a mask: everything NumPy has whose values are numbers, in the machine's byte order.
DTYPES = frozenset(
    np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64"),
    )
)


def walk(function: Callable[..., Any], stack: Any, axes: int, params: dict[str, Any], *, whole: bool = False) -> Any:
    """Apply a function of one picture to every picture of a stack; lists stay lists, tuples tuples, arrays arrays.

    A function that takes arrays with any number of axes before (H, W) gets stacks that are arrays `whole`.
    """
    if axes == 0 or (whole and isinstance(stack, np.ndarray) and len(stack)):
        return function(stack, **params)
    if isinstance(stack, (list, tuple)):
        return type(stack)([walk(function, item, axes - 1, params, whole=whole) for item in stack])
    if len(stack) == 0:
        # An empty stack still changes its height and width: a blank picture of its kind shows to what.
        blank = np.zeros((*stack.shape[1:axes], *stack.shape[axes:]), stack.dtype)
        return np.zeros((0, *np.shape(walk(function, blank, axes - 1, params))), stack.dtype)
    return np.stack([walk(function, item, axes - 1, params) for item in stack])


def first_picture(value: Any, axes: int) -> Any:
    """The first picture of a stack, or None where it is empty."""
    for _ in range(axes):
        if len(value) == 0:
            return None
        value = value[0]
    return value


def merge_targets(owner: str, old: Mapping[str, str], new: Any, known: Iterable[str]) -> dict[str, str]:
    """Names of arguments and what they hold, with further ones; raises where they say two things of one name."""
    if new is None:
        return dict(old)
    if not isinstance(new, Mapping):
        raise TypeError(f"{owner}: additional_targets must be a dict, not {type(new).__name__}")
    for name, kind in new.items():
        if not isinstance(kind, str) or kind not in known:
            allowed = ", ".join(known) + nearest(str(kind), known)
            raise ValueError(
                f"{owner}: additional_targets must name targets: {name!r} is {kind!r}, and none of {allowed}"
            )
        if old.get(name, kind) != kind:
            raise ValueError(f"{owner}: additional_targets say that {name!r} is {old[name]!r} and that it is {kind!r}")
    return {**old, **new}


def check_pictures(owner: str, name: str, value: Any, axes: int, stacked: int, loose: bool = False) -> list[Any]:
    """Raise unless the value is what its name promises; returns the arrays found in it (a stack given whole is one).

    Of the `axes` before (H, W) the first `stacked` may be lists; a volume is an array. `loose` takes arrays with any
    number of axes.
    """
    if stacked and isinstance(value, (list, tuple)):
        items = [(f"{name}[{i}]", item) for i, item in enumerate(value)]
        return [a for text, item in items for a in check_pictures(owner, text, item, axes - 1, stacked - 1, loose)]
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{owner}: {name} must be a NumPy array{_or_list(stacked)}, not {described(value)}{_conversion(value)}"
        )
    if value.dtype not in DTYPES:
        allowed = "bool, int8 - int64, uint8 - uint64, float16 - float64 in native byte order"
        raise TypeError(f"{owner}: {name} has dtype {value.dtype}; allowed are {allowed}")
    if value.ndim not in (axes + 2, axes + 3) and not loose:
        sides = "N, " * stacked + "D, " * (axes - stacked) + "H, W"
        layout = f"({sides}) or ({sides}, C)"
        raise ValueError(f"{owner}: {name} must have the shape {layout}, got {value.shape}")
    if 0 in value.shape[axes:]:
        raise ValueError(f"{owner}: {name} is empty: its shape is {value.shape}")
    return [value]


def _or_list(stacked: int) -> str:
    return " or a list of them" if stacked else ""


def described(value: Any) -> str:
    """What a value is that is no picture: its type, and the shape and dtype of an array."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    kind = f"{type(value).__module__}.{type(value).__qualname__}".replace("builtins.", "")
    return f"str ({value!r})" if isinstance(value, str) else kind


def _conversion(value: Any) -> str:
    """What to do about a value that somebody gives for a picture."""
    kind = type(value).__module__
    if kind.startswith("torch"):
        return "; convert with tensor.permute(1, 2, 0).numpy()"
    if kind.startswith("PIL"):
        return "; convert with np.array(image)"
    return "; read the file first" if isinstance(value, str) else ""
