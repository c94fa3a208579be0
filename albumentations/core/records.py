"""Records of older releases: what they hold, and how a transform says that it cannot follow one.

An older record has no `events` and says only what was applied, with its numbers as that release drew them. A transform
reads them in `_read_names`; arrays that a release has recorded (kernels, maps, noise) are applied as they are.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Optional

import cv2
import numpy as np

from .stages import unread

# What the releases kept among the numbers, though it is the call's or the transform's own.
_SHAPES = ("shape", "rows", "cols")
_SETTINGS = ("interpolation", "mask_interpolation", "fill", "fill_mask")


class Older(dict[str, Any]):
    """Numbers that another release drew."""

    def __init__(self, numbers: Mapping[str, Any], release: str) -> None:
        super().__init__(numbers)
        self.release = release


def release_of(numbers: Mapping[str, Any]) -> Optional[str]:
    """The release that drew the numbers, "1.x" or "2.x"; None where they are ours, or of a user's class."""
    return getattr(numbers, "release", None)


def drawn(saved: Mapping[str, Any]) -> Older:
    """The numbers that a node of an older record holds."""
    numbers = saved.get("params") or {}
    # 2.x has no always_apply, and keeps the shape of the picture among the numbers.
    release = "1.x" if "always_apply" in saved and "shape" not in numbers else "2.x"
    left_out = {*_SHAPES, *(n for n in _SETTINGS if n in saved)}
    return Older({n: v for n, v in numbers.items() if v is not None and n not in left_out}, release)


def telling(numbers: dict[str, Any], also: dict[str, Any]) -> dict[str, Any]:
    """Numbers, and what is told besides under the names of 2.0.8; `told` says which these are."""
    return {**also, **numbers, "told": list(also)} if also else numbers


def own(numbers: Mapping[str, Any]) -> Any:
    """The numbers without those that are only told."""
    told = numbers.get("told")
    return numbers if told is None else {n: v for n, v in numbers.items() if n != "told" and n not in told}


@contextmanager
def following(transform: Any, numbers: Mapping[str, Any]) -> Iterator[None]:
    """Say of whatever goes wrong with another release's numbers whose they are, and what is missing."""
    release = release_of(numbers)
    if release is None:
        yield
        return
    cls: Any = type(transform)
    owner = f"replay: {cls.__name__}: the record of release {release}"
    for name in (n for n in cls._lost if n in numbers):
        raise ValueError(f"{owner} holds {name}, but {cls._lost[name]}")
    try:
        left = unread(cls, frozenset(transform._read_names(numbers)))
        if left:
            raise ValueError(f"nothing here reads {', '.join(left)}")
        yield
    except (LookupError, TypeError, ValueError, AttributeError, cv2.error) as error:
        missing = f"does not hold {error}" if isinstance(error, KeyError) else f"cannot be followed: {error}"
        raise ValueError(f"{owner} {missing}; it has the numbers {', '.join(sorted(numbers)) or '(none)'}") from error


def matrix_of(value: Any) -> np.ndarray:
    """A matrix (3, 3) that a release has recorded: as an array or list, of 2 or 3 rows, or an object that holds it."""
    matrix = np.asarray(getattr(value, "params", value), dtype=np.float64)
    return np.vstack([matrix, (0.0, 0.0, 1.0)]) if matrix.shape == (2, 3) else matrix
