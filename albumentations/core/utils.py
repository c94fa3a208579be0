"""What boxes and keypoints share: rows of coordinates that leave and return with their labels untouched.

Labels never enter a float array. Inside a pipeline a row is its coordinates and its index in what the user gave; at the
end labels, extra values and container types are gathered from the originals.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Optional, Union

import numpy as np

from .params import nearest


class Params:
    """How the rows of a target are written and filtered; the common part of BboxParams and KeypointParams."""

    target: ClassVar[str]
    formats: ClassVar[dict[str, int]]  # format -> number of coordinates at the start of a row

    def __init__(
        self, format: str, label_fields: Union[str, Sequence[str], None] = None, check_each_transform: bool = True
    ) -> None:
        owner = type(self).__name__
        if format not in self.formats:
            hint = nearest(str(format), self.formats)
            raise ValueError(f"{owner}(format={format!r}): format must be one of {', '.join(self.formats)}{hint}")
        if isinstance(label_fields, str):
            label_fields = [label_fields]
        if label_fields is not None and not all(isinstance(f, str) for f in label_fields):
            raise TypeError(f"{owner}(label_fields={label_fields!r}): label_fields must be names")
        self.format = format
        self.label_fields = None if label_fields is None else list(label_fields)
        self.check_each_transform = bool(check_each_transform)

    def to_dict(self) -> dict[str, Any]:
        """The arguments of the constructor, for serialization."""
        return dict(vars(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.to_dict().items())})"


class Carried:
    """What the rows of one target were when they came in, kept for the length of a call."""

    __slots__ = ("altered", "labels", "rows", "shape", "start", "visible")

    def __init__(self, rows: Any, labels: dict[str, Any], start: np.ndarray, shape: tuple[int, int]) -> None:
        self.rows = rows
        self.labels = labels
        self.start = start
        self.shape = shape
        self.visible = np.ones(len(start))  # the share of each box's area still visible, by index
        self.altered = np.zeros(len(start), dtype=bool)  # rows that preprocessing itself has moved


class DataProcessor:
    """Takes rows out of a user's containers, and puts what became of them back."""

    def __init__(self, params: Any) -> None:
        self.params = params

    def unpack(self, owner: str, name: str, data: dict[str, Any], shape: tuple[int, int]) -> tuple[np.ndarray, Carried]:
        """The internal array of a target, last column the index, and what is needed to rebuild the user's form."""
        rows = data[name]
        coordinates = _coordinates(owner, name, rows, self.params)
        labels = self._labels(owner, name, data, len(coordinates)) if name == self.params.target else {}
        start = np.empty((len(coordinates), self.width + 1))
        start[:, -1] = np.arange(len(coordinates))
        carried = Carried(rows, labels, start, shape)
        keep = self.read(owner, name, coordinates, carried)
        return (start.copy() if keep is None else start[keep]), carried

    def pack(self, name: str, data: dict[str, Any], carried: Carried, shape: tuple[int, int]) -> None:
        """Write the rows and their labels back in the containers, types and formats they came in."""
        array = data[name]
        index = array[:, -1].astype(np.intp)
        same = (array == carried.start[index]).all(axis=1) if shape == carried.shape else np.zeros(len(index), bool)
        same &= ~carried.altered[index]
        coordinates = self.write(array, shape)
        data[name] = _gather(carried.rows, index, same, coordinates)
        for field, values in carried.labels.items():
            data[field] = _pick(values, index)

    def _labels(self, owner: str, name: str, data: dict[str, Any], count: int) -> dict[str, Any]:
        labels = {}
        for field in self.params.label_fields or ():
            if field not in data:
                raise ValueError(f"{owner}: the label field {field!r} of {name} is missing from the call")
            values = data[field]
            listed = hasattr(values, "__len__") and hasattr(values, "__getitem__")
            if not listed or isinstance(values, (str, bytes, dict)):
                kind = type(values).__name__
                raise TypeError(f"{owner}: the label field {field!r} must be a list or array, not {kind}")
            if len(values) != count:
                raise ValueError(f"{owner}: the label field {field!r} has {len(values)} values for {count} {name}")
            labels[field] = values
        return labels

    # What a kind of row says for itself.
    width: ClassVar[int]  # internal columns without the index

    def read(self, owner: str, name: str, given: np.ndarray, carried: Carried) -> Optional[np.ndarray]:
        """Fill `carried.start` from the user's coordinates, check them; a mask of rows to keep, or None for all."""
        raise NotImplementedError

    def write(self, array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        """The coordinates of internal rows in the user's format."""
        raise NotImplementedError

    def filter(self, array: np.ndarray, carried: Carried, shape: tuple[int, int]) -> np.ndarray:
        """Drop the rows that are no longer wanted."""
        raise NotImplementedError


def _coordinates(owner: str, name: str, rows: Any, params: Params) -> np.ndarray:
    """The leading numbers of every row as a float64 array (N, width of the format)."""
    width = params.formats[params.format]
    if isinstance(rows, np.ndarray):
        if rows.size == 0:
            return np.empty((0, width))
        if rows.ndim != 2 or rows.shape[1] < width:
            raise ValueError(f"{owner}: {name} must have the shape (N, {width} or more), got {rows.shape}")
        given: Any = rows[:, :width]
    elif isinstance(rows, (list, tuple)):
        if not rows:
            return np.empty((0, width))
        for i, row in enumerate(rows):
            if isinstance(row, (str, bytes)) or not hasattr(row, "__len__") or len(row) < width:
                raise ValueError(
                    f"{owner}: {name}[{i}] must have {width} coordinates ({params.format}) and then labels, got {row!r}"
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


def _gather(rows: Any, index: np.ndarray, same: np.ndarray, coordinates: np.ndarray) -> Any:
    """The rows at `index` with new coordinates where they are not the same, in the container they came in."""
    if isinstance(rows, np.ndarray):
        if rows.size == 0:
            return rows.copy()
        result = rows[index]
        changed = ~same
        if changed.any():
            new = coordinates[changed]
            if rows.dtype.kind in "iu":
                info = np.iinfo(rows.dtype)
                new = np.clip(np.rint(new), info.min, info.max)
            result[changed, : coordinates.shape[1]] = new
        return result
    result = []
    for i, kept, new in zip(index.tolist(), same.tolist(), coordinates.tolist()):
        row = rows[i]
        if isinstance(row, np.ndarray):
            moved = row.copy()
            if not kept:
                moved = moved.astype(np.result_type(row.dtype, np.float32)) if row.dtype.kind in "iu" else moved
                moved[: len(new)] = new
        elif kept:
            moved = list(row) if isinstance(row, list) else row
        else:
            moved = [*new, *row[len(new) :]] if isinstance(row, list) else (*new, *row[len(new) :])
        result.append(moved)
    return tuple(result) if isinstance(rows, tuple) else result


def _pick(values: Any, index: np.ndarray) -> Any:
    """Labels at `index`, the very objects, in a container of the same type."""
    if isinstance(values, (list, tuple)):
        chosen: list[Any] = [values[i] for i in index.tolist()]
        return tuple(chosen) if isinstance(values, tuple) else chosen
    if isinstance(values, np.ndarray):
        return values[index]
    by_place = getattr(values, "iloc", values)  # a pandas Series is asked by place, a tensor as it is
    return by_place[index.tolist()]


def clean(coordinates: np.ndarray) -> np.ndarray:
    """Take away the noise of normalizing and back (57 / 100 * 100 is 56.99999999999999): 9 decimals of a pixel stay."""
    return np.round(coordinates, 9)
