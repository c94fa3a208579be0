"""What boxes and keypoints share: how their rows are written, and how they are read, filtered and given back."""

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Optional

import numpy as np

from .declared import Declared
from .params import Anything, Choice, Flag, anything, choice, flag
from .paths import lazy
from .rows import Rows, Shape


def _read_fields(value: Any) -> Optional[list[str]]:
    if value is None:
        return None
    fields = [value] if isinstance(value, str) else value
    if not isinstance(fields, Sequence) or not all(isinstance(field, str) for field in fields):
        raise TypeError("must be names of arguments of the call")
    return list(fields)


class Params(Declared):
    """How the rows of a target are written and filtered; the common part of BboxParams and KeypointParams."""

    target: ClassVar[str]
    formats: ClassVar[dict[str, int]]  # format -> number of coordinates at the start of a row

    format: Choice = choice(doc="how the coordinates of a row are written")
    label_fields: Anything = anything(
        read=_read_fields,
        default=None,
        doc="names of the call's arguments that hold one label a row: lists, tuples, arrays, tensors, Series come back"
        " as such, other sequences (range, deque) as lists",
    )
    check_each_transform: Flag = flag(
        default=True, doc="drop what is out of sight after every geometric transform instead of once at the end"
    )

    @classmethod
    def given(cls, value: Any) -> Any:
        """Params as users give them: an object, a dict of its arguments, a format; None and an empty dict are none."""
        if value is None or isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls(value)
        if not isinstance(value, Mapping):
            raise TypeError(f"must be {cls.__name__}, a dict of its arguments or a format, not {type(value).__name__}")
        return cls(**dict(value)) if value else None

    def to_dict(self) -> dict[str, Any]:
        """The arguments of the constructor, for serialization."""
        return {name: getattr(self, name) for name in self._params}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.to_dict().items())})"


class DataProcessor:
    """Takes rows out of a user's containers, decides which of them stay, and puts what became of them back."""

    width: ClassVar[int]  # coordinates of a row inside of a call
    filters = True  # rows that are out of sight are dropped
    inside = False  # rows come as users' methods see them, and go so

    def __init__(self, params: Any) -> None:
        self.params = params

    @classmethod
    def bare(cls, filters: bool = True) -> "DataProcessor":
        """How rows are read where nobody says how they are written."""
        raise NotImplementedError

    def within(self) -> "DataProcessor":
        """The same for rows as users' methods see them, which hold their labels."""
        result = copy.copy(self)
        result.inside = True
        return result

    def unpack(
        self, owner: str, name: str, data: dict[str, Any], shape: Shape, depth: Optional[int] = None
    ) -> tuple[np.ndarray, Rows]:
        """The array of a target, (N, width + 1) with the index last, and what its rows carry."""
        given = data[name]
        kind = "users' methods" if self.inside else self.params.format
        width = self.width if self.inside else self.params.formats[kind]
        coordinates = _coordinates(owner, name, given, width, kind)
        labelled = name == self.params.target and not self.inside
        labels = self._labels(owner, name, data, len(coordinates)) if labelled else {}
        start = np.empty((len(coordinates), self.width + 1))
        start[:, -1] = np.arange(len(coordinates))
        rows = Rows(given, width, labels, start, shape)
        rows.processor, rows.depth = self, depth
        if self.inside:
            start[:, :-1] = self.taken(coordinates, shape)
            return start.copy(), rows
        keep = self.read(owner, name, coordinates, rows)
        return (start.copy() if keep is None else start[keep]), rows

    def pack(self, name: str, data: dict[str, Any], rows: Rows, shape: Shape) -> None:
        """Write the rows and their labels back in the containers, types and formats they came in."""
        array = data[name]
        coordinates = self.shown(array, shape) if self.inside else self.write(array, shape)
        data[name] = rows.pack(array, coordinates, shape, lambda new: None if self.inside else self.rounded(new, shape))
        for field in rows.labels:
            data[field] = rows.label(field, array)

    def _labels(self, owner: str, name: str, data: dict[str, Any], count: int) -> dict[str, Any]:
        labels = {}
        for field in self.params.label_fields or ():
            if field not in data:
                raise ValueError(f"{owner}: the label field {field!r} of {name} is missing from the call")
            values = data[field]
            listed = hasattr(values, "__len__") and hasattr(values, "__getitem__")
            scalar = getattr(values, "shape", None) == ()  # a tensor or an array of one value has a len that raises
            if not listed or scalar or isinstance(values, (str, bytes, Mapping)):
                kind = f"{type(values).__name__} without an axis" if scalar else type(values).__name__
                raise TypeError(f"{owner}: the label field {field!r} must be a list or array, not {kind}")
            if len(values) != count:
                raise ValueError(f"{owner}: the label field {field!r} has {len(values)} values for {count} {name}")
            labels[field] = values
        return labels

    # What a kind of row says for itself.

    def read(self, owner: str, name: str, given: np.ndarray, rows: Rows) -> Optional[np.ndarray]:
        """Fill `rows.start` from the user's coordinates, check them; a mask of rows to keep, or None for all."""
        raise NotImplementedError

    def write(self, array: np.ndarray, shape: Shape) -> np.ndarray:
        """The coordinates of an array in the user's format."""
        raise NotImplementedError

    @property
    def deep(self) -> bool:
        """Whether a row says where in a volume it lies."""
        return False

    def rounded(self, coordinates: np.ndarray, shape: Shape) -> Optional[np.ndarray]:
        """Coordinates in the user's format as integers; None where the format, or a box, is no matter of integers."""
        raise NotImplementedError

    def limited(self) -> bool:
        """Whether rows that lie in the frame may be dropped all the same."""
        return False

    def monotonic(self) -> bool:
        """Whether what is dropped would also be dropped of a smaller part of the picture."""
        return True

    def filter(self, array: np.ndarray, rows: Rows, shape: Shape) -> np.ndarray:
        """Drop the rows that are no longer wanted."""
        raise NotImplementedError

    def shown(self, array: np.ndarray, shape: Shape) -> np.ndarray:
        """The coordinates as users' own methods see them."""
        return array[:, :-1].copy()

    def taken(self, coordinates: np.ndarray, shape: Shape) -> np.ndarray:
        """The coordinates that users' own methods returned, as they are inside of a call."""
        return coordinates


def _coordinates(owner: str, name: str, rows: Any, width: int, kind: str) -> np.ndarray:
    """The leading numbers of every row as a float64 array (N, width)."""
    if isinstance(rows, np.ndarray):
        if rows.size == 0:
            return np.empty((0, width))
        if rows.ndim != 2 or rows.shape[1] < width:
            raise ValueError(f"{owner}: {name} must have the shape (N, {width} or more), got {rows.shape}")
        given: Any = rows[:, :width]
    elif isinstance(rows, (list, tuple)):
        if not rows:
            return np.empty((0, width))
        try:
            given = np.array(rows)  # 2 us for 10 rows of numbers, 10 with the look at each
        except ValueError:  # rows that differ in length
            given = None
        if given is not None and given.dtype.kind in "iuf" and given.ndim == 2 and given.shape[1] >= width:
            return np.asarray(given[:, :width], dtype=np.float64)
        for i, row in enumerate(rows):
            if isinstance(row, (str, bytes)) or not hasattr(row, "__len__") or len(row) < width:
                raise ValueError(
                    f"{owner}: {name}[{i}] must have {width} coordinates ({kind}) and then labels, got {row!r}"
                )
        given = np.array([list(row[:width]) for row in rows])
    else:
        raise TypeError(f"{owner}: {name} must be a list, tuple or array of rows, not {type(rows).__name__}")
    if given.dtype.kind not in "iuf":
        for i in range(len(rows)):
            values = list(rows[i][:width])
            if any(isinstance(v, (str, bytes, complex)) or not hasattr(v, "__float__") for v in values):
                raise TypeError(f"{owner}: the coordinates of {name}[{i}] must be numbers, got {values!r}")
    return np.asarray(given, dtype=np.float64)


def clean(coordinates: np.ndarray) -> np.ndarray:
    """Take away the noise of normalizing and back (57 / 100 * 100 is 56.99999999999999): 9 decimals of a pixel stay."""
    return np.round(coordinates, 9)


if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there
    __getattr__ = lazy(__name__)
