"""How a call is done, found once: what is checked, unpacked and put back around the work of the nodes.

For each set of argument names the outermost node of a call, a Compose or a single transform, makes a `Plan` and keeps
it; a `Call` is what one call carries along.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional

import numpy as np

from .fuse import Held
from .params import nearest
from .random import Random, Within, current
from .rows import Rows
from .targets import DTYPES, KINDS, Target, check_pictures, first_picture
from .users import safe
from .utils import DataProcessor

if TYPE_CHECKING:
    from .run import Node

Data = dict[str, Any]  # the targets of a call, and what passes through, by name
Shape = tuple[int, ...]  # (H, W) or (H, W, C); for what takes volumes whole (D, H, W) or (D, H, W, C)

NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Settings(NamedTuple):
    """What the outermost node decides for a whole call."""

    targets: dict[str, Target]
    processors: dict[str, DataProcessor]
    check_shapes: bool = True
    strict: bool = False
    mask_interpolation: Optional[int] = None
    fuse: bool = True
    kinds: Mapping[str, str] = NOTHING  # further names of targets that only transforms of users know
    loose: bool = False  # pictures may have any number of axes: a user's transform brings them into shape
    trusting: bool = False  # a user's transform alone takes what it likes
    saves: Mapping[int, str] = NOTHING  # the id of a transform whose numbers are added to the result -> under which key

    def within(self, outer: "Plan") -> "Settings":
        """Those of a node that a user's method calls in a call with a plan: rows are as such methods see them."""
        bare = {k.name: k.processor.bare(filters=False) for k in KINDS.values() if k.processor}
        return self._replace(
            targets={**outer.targets, **self.targets},
            processors={n: self.processors.get(n, p).within() for n, p in bare.items()},
            check_shapes=self.check_shapes and outer.settings.check_shapes,
            strict=False,
            mask_interpolation=outer.extra.get("mask_interpolation", self.mask_interpolation),
        )


class Step(NamedTuple):
    """What a transform does to one target of a call: `function(value, **context)`."""

    name: str
    function: Callable[..., Any]
    colors: bool = False  # an image, in contrast to a mask
    axes: int = 0  # before (H, W)
    processor: Optional[DataProcessor] = None  # of rows that a user's own method moves


class Steps:
    """What a transform does to the targets of a call."""

    __slots__ = ("careful", "idle", "pictures", "rows")

    def __init__(self, pictures: tuple[Step, ...], rows: tuple[Step, ...], careful: bool) -> None:
        self.careful = careful  # there is something to check, or to say, before
        self.pictures = pictures
        self.rows = rows
        self.idle = not pictures and not rows


class Plan:
    """How the arguments of one set of names are walked, decided once, from the settings of the outermost node."""

    def __init__(self, node: "Node", names: tuple[str, ...], outer: Optional["Plan"] = None) -> None:
        settings = node._call_settings()
        if outer is not None:
            settings = settings.within(outer)
        self.owner = type(node).__name__
        self.settings = settings
        self.variants: dict[Any, Plan] = {}
        self.names = names
        self.processors = settings.processors
        self.targets = {n: settings.targets[n] for n in names if n in settings.targets}
        self.arrays = tuple((n, t.axes) for n, t in self.targets.items() if t.kind.dims)
        self.sides = tuple((n, t.stacked, t.kind.dims) for n, t in self.targets.items() if t.kind.dims)
        self.rows = tuple((n, t.kind.name) for n, t in self.targets.items() if t.kind.processor)
        self.extra = {} if settings.mask_interpolation is None else {"mask_interpolation": settings.mask_interpolation}
        self.fuse = settings.fuse
        self.simple = not self.rows and not settings.saves and node._source.seed is None
        # One array alone agrees with itself; a list may hold frames that differ.
        compared = settings.check_shapes and not settings.trusting
        self.check_shapes = compared and (len(self.arrays) > 1 or any(a for _, a in self.arrays))
        # The first kind of the table that is there says how large the picture is: an image before a mask.
        order = list(KINDS)
        sizing = sorted(self.arrays, key=lambda a: order.index(self.targets[a[0]].kind.name))
        self.sizing = sizing[0] if sizing else None
        self.solid = next((n for n, _ in sizing if self.targets[n].kind.dims == 3), None)
        self._check_names(settings, node._own_names())
        # Rows that must lie in the depth of the call's picture too, where that is a volume.
        inside = self.sizing is not None and self.sizing[0] == self.solid
        self.deep = tuple(n for n, kind in self.rows if inside and self.processors[kind].deep)

    def _check_names(self, settings: Settings, own: set[str]) -> None:
        known = dict.fromkeys((*settings.targets, *settings.kinds))
        for processor in settings.processors.values():
            known.update(dict.fromkeys(processor.params.label_fields or ()))
        known.update(dict.fromkeys(sorted(own)))
        unknown = [n for n in self.names if n not in known]
        if unknown and (settings.strict or len(unknown) == len(self.names)):
            name = unknown[0]
            raise ValueError(
                f"{self.owner}: unknown argument {name!r}{nearest(name, known)}; the targets are {', '.join(known)}"
            )
        if not self.names and known:
            raise ValueError(f"{self.owner}: called without data; the targets are {', '.join(known)}")

    def variant(self, **extra: Any) -> "Plan":
        """This plan with more to tell to every transform: for a part of a pipeline."""
        key = tuple(extra.items())
        if key not in self.variants:
            self.variants[key] = copy.copy(self)
            self.variants[key].extra = {**self.extra, **extra}
        return self.variants[key]

    def check(self, data: Data) -> Sequence[str]:
        """Raise unless everything is what its name promises; three comparisons a picture where all is well.

        Returns:
            The names of targets that are absent: None, or no rows at all where nobody says how they are written.
        """
        if self.rows:
            for name, kind in self.rows:
                if data[name] is None or kind not in self.processors or not self.arrays:
                    return self._check_odd(data)
        for name, axes in self.arrays:
            value = data[name]
            if (
                type(value) is not np.ndarray
                or value.dtype not in DTYPES
                or not axes + 2 <= value.ndim <= axes + 3
                or not value.size
            ):
                return self._check_odd(data)
        if self.check_shapes:
            self._check_shapes(data)
        return ()

    def _check_odd(self, data: Data) -> Sequence[str]:
        there = [name for name, _ in self.arrays if data[name] is not None]
        absent = [
            name
            for name, target in self.targets.items()
            if name not in ("image", *there) and (data[name] is None or self._no_rows(target, data[name]))
        ]
        if absent and there:
            return absent
        for name, kind in self.rows:
            if kind not in self.processors:
                params = self.targets[name].kind.params
                raise ValueError(f"{self.owner}: {name} is given, but no {params}, which say how its rows are written")
            if not there:
                raise ValueError(f"{self.owner}: {name} needs an image beside it, to say what the coordinates mean")
        for name, axes in self.arrays:
            if not (self.settings.trusting and name in there):
                check_pictures(self.owner, name, data[name], axes, self.targets[name].stacked, self.settings.loose)
        if self.check_shapes:
            self._check_shapes(data)
        return ()

    def _no_rows(self, target: Target, value: Any) -> bool:
        """Whether a value is a list of no rows, and nobody says how its rows would be written."""
        unsaid = bool(target.kind.processor) and target.kind.name not in self.processors
        return unsaid and hasattr(value, "__len__") and not len(value)

    def _check_shapes(self, data: Data) -> None:
        first: Optional[tuple[str, Shape]] = None
        solid: Optional[tuple[str, Shape]] = None
        for name, stacked, dims in self.sides:
            for shape in _shapes(data[name], stacked, dims):
                flat = shape if dims == 2 else shape[1:]
                if first is None:
                    first = (name, flat)
                elif flat != first[1]:
                    self._refuse_shape("height and width", name, flat, *first)
                if dims == 3:
                    solid = solid or (name, shape)
                    if shape != solid[1]:
                        self._refuse_shape("depth, height and width", name, shape, *solid)

    def _refuse_shape(self, sides: str, name: str, shape: Shape, other: str, expected: Shape) -> None:
        raise ValueError(
            f"{self.owner}: {name} has the {sides} {shape}, {other} has {expected};"
            " all targets must agree, unless is_check_shapes=False"
        )

    def shape(self, data: Data) -> Shape:
        """The shape of the picture as it is now: (H, W) or (H, W, C)."""
        if self.sizing is None:
            return ()
        name, axes = self.sizing
        picture = data[name] if axes == 0 else first_picture(data[name], axes)
        if picture is None:
            return tuple(np.shape(data[name])[axes:])
        shape: Shape = tuple(getattr(picture, "shape", ()))  # a user's step may have returned anything
        # A picture that is no array has become a tensor, with the channels first.
        return shape if isinstance(picture, np.ndarray) else (*shape[-2:], *shape[:-2])

    def solid_shape(self, data: Data) -> Shape:
        """The shape of the volume as it is now: (D, H, W) or (D, H, W, C); () where there is none."""
        if self.solid is None:
            return ()
        stacked = self.targets[self.solid].stacked
        volume = first_picture(data[self.solid], stacked)
        if volume is None:
            return tuple(np.shape(data[self.solid])[stacked:])
        shape = tuple(volume.shape)
        # A volume that is no array has become a tensor, with the channels first.
        return shape if isinstance(volume, np.ndarray) else (*shape[-3:], *shape[:-3])

    def _depth(self, data: Data, name: str) -> Optional[int]:
        return self.solid_shape(data)[0] if name in self.deep else None

    def unpack(self, data: Data, call: "Call") -> None:
        """Turn boxes and keypoints into arrays."""
        height, width = self.shape(data)[:2]
        call.rows = {}
        for name, kind in self.rows:
            depth = self._depth(data, name)
            data[name], call.rows[name] = self.processors[kind].unpack(self.owner, name, data, (height, width), depth)

    def filter(self, data: Data, call: "Call", name: str, shape: Shape) -> None:
        """Drop the rows of a target that are out of sight, unless nothing has moved since that was done."""
        rows = call.rows[name]
        data[name] = rows.settle(data[name])
        processor = self.processors[self.targets[name].kind.name]
        if not rows.filtered and processor.filters:
            rows.depth = self._depth(data, name)
            data[name] = processor.filter(data[name], rows, (shape[0], shape[1]))
            rows.filtered, rows.due = True, False

    def before_move(self, data: Data, call: "Call", steps: tuple[Step, ...], transform: Any) -> None:
        """Filter the rows that a transform is to move, where that is due and the next filter would not do the same."""
        for step in steps:
            rows = call.rows[step.name]
            processor = self.processors[self.targets[step.name].kind.name]
            if transform._takes_away:
                waits = processor.monotonic()
            else:
                waits = transform._keeps_inside and not processor.limited()
            if rows.due and not waits:
                self.filter(data, call, step.name, self.shape(data))
            if step.processor is not None or not transform._has_matrix:
                data[step.name] = rows.settle(data[step.name])

    def after_move(self, call: "Call", steps: tuple[Step, ...], transform: Any) -> None:
        """Note that rows have moved, and that they are to be filtered if the params say so."""
        for step in steps:
            rows = call.rows[step.name]
            processor = self.processors[self.targets[step.name].kind.name]
            if not transform._keeps_inside or processor.limited():
                rows.filtered = False
                rows.due = processor.params.check_each_transform

    def seen(self, data: Data, call: "Call") -> Data:
        """The data as transforms that look at it see it: boxes as fractions, rows and labels that are still there."""
        height, width = self.shape(data)[:2]
        for name, _ in self.rows:
            if call.rows[name].due:
                self.filter(data, call, name, (height, width))
            data[name] = call.rows[name].settle(data[name])
        seen = dict(data)
        for name, kind in self.rows:
            rows, array = call.rows[name], data[name]
            seen[name] = rows.shown(array, self.processors[kind].shown(array, (height, width)))
            seen.update({field: rows.label(field, array) for field in rows.labels})
        return seen

    def by_hand(
        self, owner: str, function: Callable[..., Any], data: Data, call: "Call", rng: Within, *args: Any, **more: Any
    ) -> None:
        """Change the data by a user's own function of all of it, which sees rows as users' methods do."""
        call.settle(data)
        shown = self.seen(data, call)
        rng.plan = self
        before, current.rng = current.rng, rng
        try:
            result = function(*args, **shown, **more)
        finally:
            current.rng = before
        if not isinstance(result, Mapping):
            raise TypeError(f"{owner} must return a dict of the targets, not {type(result).__name__}")
        missing = [name for name in shown if name in self.targets and name not in result]
        if missing:
            raise ValueError(f"{owner} must return every target, but {missing[0]!r} is missing from its result")
        self._take(owner, dict(result), shown, data, call)

    def note(self, owner: str, names: Iterable[str], data: Data, call: "Call") -> None:
        """Keep in mind which of these targets are no pictures any more, and who made them so."""
        for name in names:
            target = self.targets.get(name)
            if target is None or not target.kind.dims:
                continue
            others = {n: o for n, o in call.strange.items() if n != name}
            try:
                check_pictures("", name, data[name], target.axes, target.stacked)
            except (TypeError, ValueError):
                others[name] = owner
            call.strange = others

    def _take(self, owner: str, result: Data, shown: Data, data: Data, call: "Call") -> None:
        """Put what a user's function of all the data returned in the place of the data."""
        taken = {name: safe(value, data.get(name)) for name, value in result.items()}
        self.note(owner, self.targets, taken, call)
        height, width = self._size(taken, call) if self.rows else (0, 0)
        for name, kind in self.rows:
            rows, processor = call.rows[name], self.processors[kind]
            coordinates, index = rows.taken(result[name], shown[name], data[name], processor.width)
            taken[name] = np.column_stack([processor.taken(coordinates, (height, width)), index])
            rows.filtered, rows.due = False, processor.params.check_each_transform
            for field in rows.labels:
                if result.get(field) is not shown[field]:
                    raise ValueError(
                        f"{owner} changed the labels {field!r}, which travel in the rows of {name}: change them there"
                    )
                taken[field] = data[field]
        data.clear()
        data.update(taken)

    def _size(self, data: Data, call: "Call") -> tuple[int, int]:
        """Height and width in the end, which a step of the user's may have lost."""
        shape = self.shape(data)
        if len(shape) < 2:
            name, owner = next(iter(call.strange.items()), ("the picture", "a step"))
            raise TypeError(f"{owner} returned no array as {name}, so that nothing says where {self.rows[0][0]} lie")
        return shape[0], shape[1]

    def pack(self, data: Data, call: "Call") -> None:
        """Drop what is out of sight, and give boxes and keypoints back in the form they came in."""
        height, width = self._size(data, call)
        for name, kind in self.rows:
            self.filter(data, call, name, (height, width))
            self.processors[kind].pack(name, data, call.rows[name], (height, width))


def _shapes(value: Any, stacked: int, dims: int) -> Iterator[Shape]:
    """The sides of every picture of a stack; one for all of a stack that is an array."""
    if isinstance(value, np.ndarray):
        yield value.shape[stacked : stacked + dims]
    else:
        for item in value:
            yield from _shapes(item, stacked - 1, dims)


def shape_params(shape: Shape, solid: bool) -> dict[str, Any]:
    """What every method of a target is told of the picture."""
    if solid or not shape:
        return {"shape": shape} if shape else {}
    return {"shape": shape, "rows": shape[0], "cols": shape[1]}


def without(absent: Sequence[str], data: Data, work: Callable[..., Data]) -> Data:
    """The result of a call whose absent targets pass through."""
    kept = {name: data[name] for name in absent}
    result = work(**{name: value for name, value in data.items() if name not in kept})
    first = {name: kept[name] if name in kept else result[name] for name in data if name in kept or name in result}
    return {**first, **result}


class Call:
    """What one call carries along: its plan, its record, held tables, and what the rows carry."""

    # Defaults live on the class: most calls need none of these, and a call costs a microsecond in all.
    trace: Optional[list[Any]] = None
    held: Optional[Held] = None
    strange: Mapping[str, str] = NOTHING  # what is no picture any more, and the step that returned it
    rows: dict[str, Rows]

    def __init__(self, plan: Plan, rng: Random) -> None:
        self.plan = plan
        self.rng = rng  # `current` shows it to the methods that draw, which do not see the call

    def hold(self, transform: Any, context: dict[str, Any], steps: tuple[Step, ...]) -> None:
        """Keep a pointwise transform until something needs the pixels."""
        if self.held is None:
            self.held = Held()
        self.held.append((transform, context, steps))

    def settle(self, data: Data) -> None:
        """Apply the tables that are held, if there are any."""
        held, self.held = self.held, None
        if held is not None:
            held.settle(data)
