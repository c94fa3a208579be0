"""One call of a pipeline: what is checked, unpacked, drawn from and put back around the work of the nodes.

For each set of argument names the outermost node of a call, a Compose or a single transform, makes a `Plan` and keeps
it; a `Call` is what one call carries along.
"""

import random
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Callable, NamedTuple, Optional

import numpy as np

from .fuse import Held
from .params import nearest
from .random import GLOBAL, SampleKey, Source, current
from .rows import Rows
from .serialization import Serializable
from .targets import DTYPES, KINDS, TARGETS, Target, check_pictures, first_picture
from .utils import DataProcessor

Data = dict[str, Any]  # the targets of a call, and what passes through, by name
Shape = tuple[int, ...]  # (H, W) or (H, W, C); for what takes volumes whole (D, H, W) or (D, H, W, C)

_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_MOST_PLANS = 64  # a pass-through key that changes with every call would leave a plan for each


class Settings(NamedTuple):
    """What the outermost node decides for a whole call."""

    targets: dict[str, Target]
    processors: dict[str, DataProcessor]
    check_shapes: bool = True
    strict: bool = False
    mask_interpolation: Optional[int] = None
    fuse: bool = True
    recorded: bool = False  # the node adds a record of the call to its result


class Step(NamedTuple):
    """What a transform does to one target of a call: `function(value, **context)`."""

    name: str
    function: Callable[..., Any]
    colors: bool = False  # an image, in contrast to a mask
    axes: int = 0  # before (H, W)
    processor: Optional[DataProcessor] = None  # of rows that a user's own method moves


class Steps:
    """What a transform does to the targets of a call."""

    __slots__ = ("idle", "pictures", "rows")

    def __init__(self, pictures: tuple[Step, ...], rows: tuple[Step, ...]) -> None:
        self.pictures = pictures
        self.rows = rows
        self.idle = not pictures and not rows


class Plan:
    """How the arguments of one set of names are walked, decided once, from the settings of the outermost node."""

    def __init__(self, node: "Node", names: tuple[str, ...]) -> None:
        settings = node._call_settings()
        self.owner = type(node).__name__
        self.names = names
        self.processors = settings.processors
        self.targets = {n: settings.targets[n] for n in names if n in settings.targets}
        self.arrays = tuple((n, t.axes) for n, t in self.targets.items() if t.kind.dims)
        self.rows = tuple((n, t.kind.name) for n, t in self.targets.items() if t.kind.processor)
        self.extra = {} if settings.mask_interpolation is None else {"mask_interpolation": settings.mask_interpolation}
        self.fuse = settings.fuse
        self.recorded = settings.recorded
        self.simple = not self.rows and not settings.recorded and node._source.seed is None
        # One array alone agrees with itself; a list may hold frames that differ.
        self.check_shapes = settings.check_shapes and (len(self.arrays) > 1 or any(a for _, a in self.arrays))
        # The first kind of the table that is there says how large the picture is: an image before a mask.
        order = list(KINDS)
        sizing = sorted(self.arrays, key=lambda a: order.index(self.targets[a[0]].kind.name))
        self.sizing = sizing[0] if sizing else None
        self.solid = next((n for n, _ in sizing if self.targets[n].kind.dims == 3), None)
        self._check_names(settings, node._own_names())

    def _check_names(self, settings: Settings, own: set[str]) -> None:
        known = dict.fromkeys(settings.targets)
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
        for name, kind in self.rows:
            if kind not in settings.processors:
                params = self.targets[name].kind.params
                raise ValueError(f"{self.owner}: {name} is given, but no {params}, which say how its rows are written")
            if not self.arrays:
                raise ValueError(f"{self.owner}: {name} needs an image beside it, to say what the coordinates mean")

    def check(self, data: Data) -> None:
        """Raise unless every picture is what its name promises; three comparisons a picture where all is well."""
        for name, axes in self.arrays:
            value = data[name]
            if (
                type(value) is not np.ndarray
                or value.dtype not in DTYPES
                or not axes + 2 <= value.ndim <= axes + 3
                or not value.size
            ):
                check_pictures(self.owner, name, value, axes)
        if self.check_shapes:
            self._check_shapes(data)

    def _check_shapes(self, data: Data) -> None:
        first: Optional[tuple[str, Shape]] = None
        for name, axes in self.arrays:
            for shape in _shapes(data[name], axes):
                if first is None:
                    first = (name, shape)
                elif shape != first[1]:
                    raise ValueError(
                        f"{self.owner}: {name} has the height and width {shape}, {first[0]} has {first[1]};"
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
        volume = first_picture(data[self.solid], self.targets[self.solid].stacked)
        return () if volume is None else tuple(np.shape(volume))

    def unpack(self, data: Data, call: "Call") -> None:
        """Turn boxes and keypoints into arrays."""
        height, width = self.shape(data)[:2]
        call.rows = {}
        for name, kind in self.rows:
            data[name], call.rows[name] = self.processors[kind].unpack(self.owner, name, data, (height, width))

    def filter(self, data: Data, call: "Call", name: str, shape: Shape) -> None:
        """Drop the rows of a target that are out of sight, unless nothing has moved since that was done."""
        rows = call.rows[name]
        data[name] = rows.settle(data[name])
        if not rows.filtered:
            processor = self.processors[self.targets[name].kind.name]
            data[name] = processor.filter(data[name], rows, (shape[0], shape[1]))
            rows.filtered, rows.due = True, False

    def before_move(self, data: Data, call: "Call", steps: tuple[Step, ...], transform: Any) -> None:
        """Filter the rows that a transform is to move, where that is due and the next filter would not do the same."""
        for step in steps:
            rows = call.rows[step.name]
            processor = self.processors[self.targets[step.name].kind.name]
            if transform.takes_away:
                waits = processor.monotonic()
            else:
                waits = transform.keeps_inside and not processor.limited()
            if rows.due and not waits:
                self.filter(data, call, step.name, self.shape(data))
            if step.processor is not None or not transform.has_matrix:
                data[step.name] = rows.settle(data[step.name])

    def after_move(self, call: "Call", steps: tuple[Step, ...], transform: Any) -> None:
        """Note that rows have moved, and that they are to be filtered if the params say so."""
        for step in steps:
            rows = call.rows[step.name]
            processor = self.processors[self.targets[step.name].kind.name]
            if not transform.keeps_inside or processor.limited():
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


def _shapes(value: Any, axes: int) -> Iterator[Shape]:
    if isinstance(value, np.ndarray):
        yield value.shape[axes : axes + 2]
    else:
        for item in value:
            yield from _shapes(item, axes - 1)


class Call:
    """What one call carries along: its plan, its record, held tables, and what the rows carry."""

    # Defaults live on the class: most calls need none of these, and a call costs a microsecond in all.
    trace: Optional[list[Any]] = None
    held: Optional[Held] = None
    strange: Mapping[str, str] = _NOTHING  # what is no picture any more, and the step that returned it
    rows: dict[str, Rows]

    def __init__(self, plan: Plan, rng: random.Random) -> None:
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


class Node(Serializable, abstract=True):
    """What can be called with data, alone or inside a container: transforms and containers."""

    p: Any
    _source: Source = Source()  # Python's own stream, until a node gets a seed
    # Dicts of its own from the first plan on; any assignment drops them, since a setting may have changed.
    _plans: Mapping[tuple[str, ...], Plan] = _NOTHING
    _steps_in: Mapping[Plan, Steps] = _NOTHING

    def _call_settings(self) -> Settings:
        """What this node decides as the outermost: rows are as they are without params."""
        return Settings(TARGETS, {k.name: k.processor.bare() for k in KINDS.values() if k.processor})

    def _own_names(self) -> set[str]:
        """Arguments of a call that only this node, or what it contains, knows."""
        return set()

    def _plan(self, names: tuple[str, ...]) -> Plan:
        """The plan for a set of argument names, made once."""
        plan: Plan = self._kept("_plans", names, Plan(self, names))
        return plan

    def _kept(self, where: str, key: Any, value: Any) -> Any:
        """Keep a plan or the steps of one."""
        kept = getattr(self, where)
        if kept is _NOTHING or len(kept) >= _MOST_PLANS:
            kept = {}
            object.__setattr__(self, where, kept)
        kept[key] = value
        return value

    def __call__(
        self, *args: Any, force_apply: bool = False, sample_key: Optional[SampleKey] = None, **data: Any
    ) -> Data:
        """Transform the data.

        Args:
            force_apply: apply whatever the probability says.
            sample_key: with a seed, the result depends on the seed and this key alone (int, str, bytes, or a tuple).
            data: `image=...`, `mask=...`, `bboxes=...`, and whatever shall pass through.

        Returns:
            A dict with the same keys.

        Raises:
            TypeError, ValueError: something is not what its name promises; the message says what is allowed.
        """
        if args:
            owner = type(self).__name__
            raise TypeError(f"{owner}: data is passed by name: transform(image=image), not transform(image)")
        names = tuple(data)
        plan = self._plans.get(names) or self._plan(names)
        plan.check(data)
        if not plan.simple or sample_key is not None or current.rng is not GLOBAL:
            return self._execute(data, Call(plan, self._source.rng(sample_key)), force_apply)
        # What `_execute` does where there are no rows, records or seeds: 1.2 us instead of 1.6 for an empty one.
        call = Call(plan, GLOBAL)
        self._run(data, call, force_apply)
        if call.held is not None:
            call.settle(data)
        return data

    def _execute(self, data: Data, call: Call, force: bool = False, events: Optional[list[Any]] = None) -> Data:
        """The work of a call whose data is checked: rows unpacked, nodes run (or a trace run again), rows packed."""
        plan = call.plan
        if plan.recorded:
            call.trace = []
        outer, current.rng = current.rng, call.rng
        try:
            if plan.rows:
                plan.unpack(data, call)
            if events is None:
                self._run(data, call, force)
            else:
                self._rerun(data, call, events)
            call.settle(data)
            if plan.rows:
                plan.pack(data, call)
        finally:
            current.rng = outer
        if call.trace is not None:
            self._report(data, call.trace)
        return data

    def _report(self, data: Data, events: list[Any]) -> None:
        """Add a record of what happened to the result; called where the settings say `recorded`."""

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        """Toss the coin and do the work on data that is checked and unpacked; `data` is changed in place."""
        raise NotImplementedError

    def _rerun(self, data: Data, call: Call, events: list[Any]) -> None:
        """Do the work again that `_run` has recorded in a trace."""
        raise NotImplementedError

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        object.__setattr__(self, "_plans", _NOTHING)
        object.__setattr__(self, "_steps_in", _NOTHING)

    def __getstate__(self) -> dict[str, Any]:
        # Plans hold bound methods, and are found again.
        return {k: v for k, v in self.__dict__.items() if k not in ("_plans", "_steps_in")}
