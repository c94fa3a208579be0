"""Rows on their way through a call: coordinates that are moved, and what they carry, which never enters their array.

Inside a call the value of a target of boxes or keypoints is a float64 array: the coordinates of its kind, then the
index of the row among those that were carried in. Extras (what a user writes after the coordinates) and labels stay
here as the very objects they were, and are gathered by index when the rows leave.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Callable, Optional

import numpy as np

from ..functional import boxes

Shape = tuple[int, int]
Rounded = Callable[[np.ndarray], Optional[np.ndarray]]  # coordinates as integers; None where integers cannot say them


class Rows:
    """What the rows of one target carried in, and what is known of them by index."""

    __slots__ = (
        *("added", "altered", "depth", "due", "filtered", "given", "labels"),
        *("processor", "matrix", "method", "own", "parallel", "shape", "start", "visible"),
    )

    def __init__(self, given: Any, own: int, labels: dict[str, Any], start: np.ndarray, shape: Shape) -> None:
        self.processor: Any = None  # what has read them, and would read more of their kind
        self.given = given
        self.own = own  # how many coordinates a row of the user has
        self.labels = labels
        self.start = start
        self.shape = shape
        self.depth: Optional[int] = None  # of the volume as it is now, for rows that say where in it they lie
        self.visible = np.ones(len(start))  # the share of each box's area that is still visible
        self.altered = np.zeros(len(start), dtype=bool)  # rows that reading them has moved
        self.added: list[tuple[Any, ...]] = []  # what rows carry that came later: extras, then one value a label field
        self.filtered = False  # whether nothing has moved since rows out of sight were dropped
        self.due = False  # whether they are to be dropped before the next move that could bring them back
        self.matrix: Optional[np.ndarray] = None  # a move of boxes that is yet to be done, between pixel centres
        self.parallel = True  # whether it keeps sides parallel to the axes
        self.method = ""  # else: how a box is put around a moved one

    def move(self, array: np.ndarray, matrix: np.ndarray, method: str) -> np.ndarray:
        """Boxes that a matrix is to move: it is multiplied to the one that waits where one box around both is as tight.

        A box around a turned box around a turned box would be larger than that around the box turned twice, and is what
        two transforms give; a flip, a crop or a scale before or after changes nothing.
        """
        (a, b, _), (c, d, _), (e, f, _) = matrix.tolist()
        parallel = e == f == 0.0 and (b == c == 0.0 or a == d == 0.0)
        if self.matrix is not None and not (parallel or self.parallel):
            array = self.settle(array)
        if self.matrix is None:
            self.matrix, self.parallel, self.method = matrix, parallel, method
        else:
            self.matrix = matrix @ self.matrix
            self.method = method if self.parallel else self.method
            self.parallel = self.parallel and parallel
        return array

    def settle(self, array: np.ndarray) -> np.ndarray:
        """Do the move that waits."""
        matrix, self.matrix = self.matrix, None
        return array if matrix is None else boxes.transform(array, matrix=matrix, method=self.method)

    def carried(self, index: int) -> tuple[Any, ...]:
        """What the row of an index carries: its extras, then one value a label field."""
        if index >= len(self.start):
            return self.added[index - len(self.start)]
        shown = getattr(self.given, "carried", None)
        if shown is not None:  # the very objects, where the array has numbers for them
            return tuple(shown[index])
        extras = self.given[index][self.own :]
        return (*extras, *(_item(values, index) for values in self.labels.values()))

    def add(
        self, coordinates: Any, carried: Sequence[Sequence[Any]], visible: Optional[np.ndarray] = None
    ) -> np.ndarray:
        """New rows for an array: coordinates (M, width), and what each carries (extras, then a value a label field)."""
        coordinates = np.asarray(coordinates, dtype=np.float64).reshape(len(carried), -1)
        for row in carried:
            if len(row) < len(self.labels):
                fields = ", ".join(self.labels)
                raise ValueError(f"a row that is added carries a value for each of {fields}, not {row!r}")
        first = len(self.start) + len(self.added)
        self.added += [tuple(row) for row in carried]
        self.visible = np.append(self.visible, np.ones(len(carried)) if visible is None else visible)
        return np.column_stack([coordinates, np.arange(first, first + len(carried))])

    def label(self, field: str, array: np.ndarray) -> Any:
        """The labels of the rows of an array, in a container as the user's."""
        place = list(self.labels).index(field) - len(self.labels)
        return _picked(self.labels[field], array[:, -1].astype(np.intp), [row[place] for row in self.added])

    def pack(self, array: np.ndarray, coordinates: np.ndarray, shape: Shape, rounded: Rounded) -> Any:
        """The rows with new coordinates, in the container, types and rows they came in; unmoved ones as they were.

        An array of integers stays one of its dtype where that holds what `rounded` makes of the coordinates; else it
        becomes int64, or float64 where it makes None of them: no integers can say them.
        """
        index = array[:, -1].astype(np.intp)
        old = index < len(self.start)
        same = np.zeros(len(index), dtype=bool)
        if shape == self.shape and len(self.start):
            known = np.where(old, index, 0)
            same = (array == self.start[known]).all(axis=1) & ~self.altered[known]  # the index is among what is equal
        if isinstance(self.given, np.ndarray):
            return self._packed_array(index, old, same, coordinates, rounded)
        places = zip(index.tolist(), same.tolist(), coordinates.tolist())
        result = [self._packed_row(i, kept, new) for i, kept, new in places]
        return tuple(result) if isinstance(self.given, tuple) else result

    def _packed_row(self, index: int, kept: bool, new: list[float]) -> Any:
        if index >= len(self.start):
            example = self.given[0] if len(self.given) else ()
            extras = self.added[index - len(self.start)][: -len(self.labels) or None]
            return [*new, *extras] if isinstance(example, list) else (*new, *extras)
        row = self.given[index]
        if isinstance(row, np.ndarray):
            if kept:
                return row.copy()
            dtype = np.dtype(np.float64) if row.dtype.kind in "iub" else row.dtype
            moved = row.astype(_roomy(dtype, np.array(new), row))
            moved[: len(new)] = new
            return moved
        if isinstance(row, list):
            return list(row) if kept else [*new, *row[len(new) :]]
        return row if kept else (*new, *row[len(new) :])

    def _packed_array(
        self, index: np.ndarray, old: np.ndarray, same: np.ndarray, coordinates: np.ndarray, rounded: Rounded
    ) -> np.ndarray:
        given = self.given if self.given.size else self.given.reshape(0, max(self.own, self.given.shape[-1]))
        if not len(index) and not self.given.size:
            return self.given.copy()
        if given.dtype == np.float64 and not self.added and len(given):  # it holds all there is: 4 us instead of 12
            result = given[index]
            np.copyto(result[:, : coordinates.shape[1]], coordinates, where=~same[:, None])
            return self._as_given(result, index)
        kept, changed = given[index[old]], ~same
        new, dtype = coordinates[changed], given.dtype
        if dtype.kind in "iub" and len(new):
            integers = rounded(new)
            new, dtype = (new, np.dtype(np.float64)) if integers is None else (integers, dtype)
        extras = [self.added[i - len(self.start)][: -len(self.labels) or None] for i in index[~old].tolist()]
        result = np.empty((len(index), given.shape[1]), _roomy(dtype, new, kept, *map(np.array, extras)))
        result[old] = kept
        for place, extra in zip(np.flatnonzero(~old), extras):
            result[place, self.own :] = extra
        result[changed, : coordinates.shape[1]] = new
        return self._as_given(result, index)

    def _as_given(self, result: np.ndarray, index: np.ndarray) -> np.ndarray:
        """The rows of an array as those given: they know what they carry where those did."""
        if getattr(self.given, "carried", None) is None:
            return result
        shown = result.view(Shown)
        shown.carried = [self.carried(i) for i in index.tolist()]
        return shown

    # ---- as users' own methods see rows, and give them back

    def shown(self, array: np.ndarray, coordinates: np.ndarray) -> "Shown":
        """Rows as releases gave them: an array (N, M) as 2.x, whose rows read one by one hold labels as 1.x.

        The columns are the coordinates, extras and labels; what is no number stands as the index of its row.
        """
        carried = [self.carried(i) for i in array[:, -1].astype(int).tolist()]
        width = min((len(row) for row in carried), default=len(self.labels))
        carried = [(*row[: width - len(self.labels)], *row[len(row) - len(self.labels) :]) for row in carried]
        codes = [[_code(v, i) for v in row] for i, row in enumerate(carried)]
        whole = np.column_stack([coordinates, np.array(codes, dtype=np.float64).reshape(len(carried), width)])
        result = whole.view(Shown)
        result.carried = carried
        return result

    def taken(self, result: Any, shown: "Shown", array: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
        """What a user's method returned, a list or array of rows: the coordinates (N, width), and the indices.

        Rows are known by what they carry; among rows that carry the same, by their order. Where as many come back as
        were given, one that carries something new has changed it; where not, it has been added.
        """
        given = [list(row) for row in (result.tolist() if isinstance(result, np.ndarray) else result)]
        before = array[:, -1].astype(int).tolist()
        if any(len(row) < width for row in given):
            raise ValueError(f"rows must have {width} coordinates and then what they carry, got {given!r}")
        coordinates = np.array([[float(v) for v in row[:width]] for row in given]).reshape(len(given), width)
        carried = [self._meant(row[width:], shown) for row in given]
        if len(given) == len(before) and all(c is None or _equal(c, s) for c, s in zip(carried, shown.carried)):
            return coordinates, np.array(before, dtype=np.float64)
        left = list(range(len(before)))
        index: list[int] = []
        for place, row in enumerate(carried):
            if row is None:
                raise ValueError(
                    f"of {len(before)} rows {len(given)} came back without what they carry:"
                    f" return (*coordinates, *row[{width}:])"
                )
            found = next((i for i in left if _equal(row, shown.carried[i])), None)
            if found is not None:
                left.remove(found)
                index.append(before[found])
            else:
                one_for_one = len(given) == len(before)
                visible = self.visible[[before[place]]] if one_for_one else None
                index.append(int(self.add(coordinates[place : place + 1], [row], visible)[0, -1]))
        return coordinates, np.array(index, dtype=np.float64)

    def _meant(self, carried: list[Any], shown: "Shown") -> Optional[tuple[Any, ...]]:
        """What a returned row carries, with rows' numbers read as the labels they stand for; None for nothing."""
        expected = len(shown.carried[0]) if shown.carried else len(self.labels)
        if not carried and expected:
            return None
        if len(carried) < expected:
            raise ValueError(f"a row that came back carries {carried!r}, not the {expected} values it was given")
        meant = []
        for place, value in enumerate(carried[:expected]):
            column = [row[place] for row in shown.carried]
            coded = any(not _is_number(v) for v in column)
            if coded and _is_number(value) and float(value).is_integer() and 0 <= value < len(column):
                value = column[int(value)]
            elif column and _is_number(value):
                kind = next((type(v) for v in column if v == value), type(column[0]))
                whole = float(value).is_integer() and kind is not bool
                value = kind(value) if whole and _holds(np.dtype(kind), np.array(value)) else value
            meant.append(value)
        return tuple(meant)


class Shown(np.ndarray):
    """Rows for users' methods: an array of numbers; read one by one, tuples with labels as they are."""

    carried: Any = None  # a list of tuples, of an array as it was shown; None for what is made of it

    def __iter__(self) -> Iterator[Any]:
        carried = self.carried
        if carried is None or all(_is_number(v) for row in carried for v in row):
            return iter(self.view(np.ndarray))
        width = self.shape[1] - len(carried[0])
        return ((*row[:width], *extra) for row, extra in zip(self.view(np.ndarray).tolist(), carried))


def _roomy(dtype: Any, *values: np.ndarray) -> Any:
    """A dtype that holds values: the one given if it does, else the first of int64, float64 and object."""
    wider = (np.dtype(np.int64),) if dtype.kind in "iub" else ()
    choices = (dtype, *wider, np.dtype(np.float64), np.dtype(object))
    return next(choice for choice in choices if all(_holds(choice, v) for v in values))


def _holds(dtype: Any, values: np.ndarray) -> bool:
    """Whether values are themselves in a dtype; floats among floats may be rounded, but not become infinite."""
    if dtype.kind == "O" or values.dtype == dtype or not values.size:
        return True
    if values.dtype.kind not in "iubf":
        return False
    with np.errstate(all="ignore"):
        cast = values.astype(dtype)
        if values.dtype.kind == dtype.kind == "f":
            return bool((np.isfinite(cast) | ~np.isfinite(values)).all())
        # Both ways: an int64 equals the float64 that it was rounded to, and 200 comes home from int8.
        return bool((cast == values).all() and (cast.astype(values.dtype) == values).all())


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _code(value: Any, index: int) -> float:
    return float(value) if _is_number(value) else float(index)


def _equal(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    return len(a) == len(b) and all(x is y or bool(np.all(x == y)) or (x != x and y != y) for x, y in zip(a, b))


def _item(values: Any, index: int) -> Any:
    return getattr(values, "iloc", values)[index]


def _picked(values: Any, index: np.ndarray, added: list[Any]) -> Any:
    """Values at `index`, the very objects, in a container of the same type; `added` follow the given ones."""
    places = index.tolist()
    count = len(values)
    container = hasattr(values, "iloc") or hasattr(values, "__array__")  # others (range, deque) become lists
    if not container or (added and any(i >= count for i in places)):
        chosen = [_item(values, i) if i < count else added[i - count] for i in places]
        if isinstance(values, np.ndarray):
            return _array_of(chosen, values.dtype)
        if isinstance(values, tuple):
            return tuple(chosen)
        return type(values)(chosen) if container else chosen
    # A pandas Series is asked by place, a tensor as it is.
    return values.iloc[places] if hasattr(values, "iloc") else values[index]


def _array_of(chosen: list[Any], dtype: Any) -> np.ndarray:
    """Labels of which some have been added, as an array: of the dtype, or another where it would change them."""
    if dtype.kind == "O":
        result = np.empty(len(chosen), dtype)
        result[:] = chosen
        return result
    array = np.array(chosen)
    if array.dtype.kind in "iubf" and dtype.kind in "iubf":
        return array.astype(_roomy(dtype, array))
    return array
