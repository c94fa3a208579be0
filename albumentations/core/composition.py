"""Containers: what is run in which order, with which probability."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Optional, Union

from .bbox_utils import BboxParams
from .declared import Declared
from .keypoints_utils import KeypointParams
from .params import (
    Anything,
    Flag,
    Integer,
    OptionalInteger,
    Param,
    Probability,
    anything,
    flag,
    integer,
    probability,
)
from .paths import lazy
from .plan import Call, Data, Settings
from .random import GLOBAL, Source, current
from .run import Node
from .serialization import init_names, init_values, is_library
from .targets import KINDS, TARGETS, merge_targets
from .utils import DataProcessor

Transforms = Param[Sequence[Node], list[Node]]


def _read_transforms(value: Any) -> list[Node]:
    if isinstance(value, Node) and not isinstance(value, BaseCompose):
        raise TypeError(f"must be a list of transforms, not one {type(value).__name__}")
    if isinstance(value, (str, dict)) or not hasattr(value, "__iter__"):
        raise TypeError(f"must be a list of transforms, not {type(value).__name__}")
    nodes = list(value)
    for i, node in enumerate(nodes):
        if not isinstance(node, Node):
            hint = f"; did you mean {node.__name__}()?" if isinstance(node, type) else ""
            raise TypeError(f"must be a list of transforms, but transforms[{i}] is {node!r}{hint}")
    return nodes


def _read_targets(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"must be a dict, not {type(value).__name__}")
    return dict(value)


class BaseCompose(Node, Declared, abstract=True):
    """A node that contains nodes, and behaves as the list of them."""

    transforms: Transforms = anything(read=_read_transforms, doc="the transforms and containers, a list")
    p: Probability = probability(default=1.0, kw_only=True, doc="probability of doing anything")
    order = "transforms p"

    # ---- as a list

    def __len__(self) -> int:
        return len(self.transforms)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.transforms)

    def __getitem__(self, item: Any) -> Any:
        return self._with(self.transforms[item]) if isinstance(item, slice) else self.transforms[item]

    def __add__(self, other: Any) -> "BaseCompose":
        return self._with([*self.transforms, *([other] if isinstance(other, Node) else other)])

    def __radd__(self, other: Any) -> "BaseCompose":
        return self._with([*([other] if isinstance(other, Node) else other), *self.transforms])

    def __sub__(self, other: Union[Node, type[Node]]) -> "BaseCompose":
        for i, node in enumerate(self.transforms):
            if node is other or (isinstance(other, type) and type(node) is other):
                return self._with([*self.transforms[:i], *self.transforms[i + 1 :]])
        raise ValueError(f"{type(self).__name__}: {other!r} is not among the transforms")

    def _with(self, transforms: Sequence[Node]) -> "BaseCompose":
        """A container like this one, with other transforms."""
        return type(self)(transforms, **self._settings())

    # ---- running

    def _child(self, index: int, data: Data, call: Call, force: bool = False) -> None:
        """Run one child, recorded in the trace if there is one."""
        trace = call.trace
        if trace is None:
            self.transforms[index]._run_inside(data, call, force)
            return
        inner: list[Any] = []
        call.trace = inner
        self.transforms[index]._run_inside(data, call, force)
        call.trace = trace
        if inner:
            trace.append([index, inner])

    def _children(self, data: Data, call: Call) -> None:
        """Run all children in order, each with its own coin."""
        for index in range(len(self.transforms)):
            self._child(index, data, call)

    def _wanted(self, call: Call, force: bool) -> bool:
        """The container's own coin."""
        return self.should_apply(force_apply=force) if self._asks else bool(call.rng.random() < self.p) or force

    def _rerun(self, data: Data, call: Call, events: list[Any]) -> None:
        """Run the recorded children again, in the recorded order."""
        for index, inner in events:
            self.transforms[index]._rerun_inside(data, call, inner)

    def _own_names(self) -> set[str]:
        return {name for node in self.transforms for name in node._own_names()}

    def _walk(self) -> Iterator[Node]:
        yield self
        for node in self.transforms:
            yield from ((node,) if node._called else node._walk())

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        self._forget()

    def _save(self, data: Data, events: list[Any], saves: Mapping[int, str]) -> None:
        if not self._called:
            for index, inner in events:
                self.transforms[index]._save(data, inner, saves)

    def _call_settings(self) -> Settings:
        """What the pipelines in it say, this one first, joined; raises where they contradict each other."""
        settings = Settings({}, {})
        additional: dict[str, str] = {}
        known = (*TARGETS, *sorted(self._own_names()))
        for node in self._walk():
            node._tells(self)
            if isinstance(node, Compose) and (node is self or not node._called):
                additional = merge_targets(type(node).__name__, additional, node.additional_targets, known)
                settings = node._join(settings)
        processors = settings.processors
        if not isinstance(self, Compose):  # rows are as they are where nobody says how they are written
            processors = {**super()._call_settings().processors, **processors}
        return settings._replace(
            targets={**TARGETS, **{n: TARGETS[k] for n, k in additional.items() if k in TARGETS}},
            kinds={n: k for n, k in additional.items() if k not in TARGETS},
            processors=processors,
            loose=not settings.check_shapes and any(not is_library(type(node)) for node in self._walk()),
            saves={id(node): node._saved_as for node in self._walk() if node._saved_as is not None},
        )

    # ---- the spellings of releases that users' code has

    def add_targets(self, additional_targets: Optional[Mapping[str, str]]) -> None:
        """Further names of arguments and what they hold, for everything in it."""
        for node in self.transforms:
            node.add_targets(additional_targets)

    @property
    def available_keys(self) -> set[str]:
        """The names of the targets that something in it changes."""
        return {name for node in self.transforms for name in node.available_keys}

    @property
    def is_check_args(self) -> bool:
        """Whether arguments of a call are checked: they always are."""
        return True

    def check_data_post_transform(self, data: Data) -> Data:
        """The data as it is: rows out of sight are dropped when the method that called this returns."""
        return data

    # ---- written down

    def _settings(self) -> dict[str, Any]:
        """The arguments of the constructor without the transforms."""
        return init_values(self, [n for n in init_names(type(self)) if n != "transforms"])

    def _describe(self) -> dict[str, Any]:
        """The class name, the settings and the transforms."""
        return {**self._heading(), "transforms": [node._describe() for node in self.transforms]}

    def _heading(self) -> dict[str, Any]:
        """The class name and the settings as plain values."""
        settings = {k: v.to_dict() if hasattr(v, "to_dict") else v for k, v in self._settings().items()}
        return {"__class_fullname__": self.get_class_fullname(), **settings}

    def __repr__(self) -> str:
        lines = [line for node in self.transforms for line in f"{node!r},".splitlines()]
        inside = "".join(f"\n  {line}" for line in lines)
        try:
            settings = self._settings()
        except NotImplementedError:
            settings = {"p": self.p}
        return f"{type(self).__name__}([{inside}\n], {', '.join(f'{k}={v!r}' for k, v in settings.items())})"


class Sequential(BaseCompose):
    """All transforms in order, each with its own probability, under one coin."""

    p: Probability = probability(default=0.5, kw_only=True)

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self._wanted(call, force):
            self._children(data, call)


class Compose(BaseCompose):
    """A pipeline: all transforms in order, each with its own probability.

    Raises:
        TypeError, ValueError: an argument is not what is allowed.
    """

    bbox_params: Anything = anything(
        read=BboxParams.given,
        default=None,
        doc="how boxes are written and filtered: BboxParams or a dict of its arguments",
    )
    keypoint_params: Anything = anything(
        read=KeypointParams.given,
        default=None,
        doc="how keypoints are written and filtered: likewise",
    )
    additional_targets: Anything = anything(
        read=_read_targets, default=None, doc='further names of arguments and what they hold, as {"image2": "image"}'
    )
    is_check_shapes: Flag = flag(default=True, doc="raise where images and masks differ in height or width")
    strict: Flag = flag(
        default=False, doc="raise on arguments that are neither targets nor labels, instead of passing them through"
    )
    mask_interpolation: OptionalInteger = integer(
        default=None, optional=True, low=0, high=6, doc="OpenCV flag for masks, over those of the transforms"
    )
    seed: OptionalInteger = integer(
        default=None,
        optional=True,
        doc="a stream of random numbers of the pipeline's own; None follows Python's global `random`",
    )
    save_applied_params: Flag = flag(
        default=False, doc='add "applied_transforms" to the result: what was applied, with which numbers'
    )
    fuse: Flag = flag(default=True, doc="merge consecutive tables (exact); False applies each on its own")
    order = (
        "transforms bbox_params keypoint_params additional_targets p is_check_shapes strict mask_interpolation seed"
        " save_applied_params fuse"
    )

    # Whether it has to do more than to run its transforms, as `_check` finds.
    _special: ClassVar[bool]
    _begun: ClassVar[Any] = None  # what `preprocess` leaves to `postprocess`
    _processors: ClassVar[dict[str, tuple[Any, DataProcessor]]]  # made of which params, by kind

    def _check(self) -> None:
        boxes, points = (set(p.label_fields or ()) if p else set() for p in (self.bbox_params, self.keypoint_params))
        for field in sorted(boxes & points):
            raise ValueError(
                f"{type(self).__name__}: the label field {field!r} is named by bbox_params and by keypoint_params;"
                " boxes and keypoints are dropped apart, so each needs a field of its own"
            )
        if self._source.seed != self.seed:
            self._source = Source(self.seed)
        special = self.seed is not None or self.mask_interpolation is not None or self._records or self._asks
        object.__setattr__(self, "_special", special)
        if not hasattr(self, "_processors"):  # a look at __dict__ would make one, and every attribute 15 ns slower
            object.__setattr__(self, "_processors", {})
        self._call_settings()  # raises where pipelines in it contradict this one

    def _join(self, settings: Settings) -> Settings:
        """The settings of pipelines around this one, and its own."""
        joined = dict(settings.processors)
        for kind, processor in self.processors.items():
            outer = joined.setdefault(kind, processor)
            if outer.params.to_dict() != processor.params.to_dict():
                raise ValueError(
                    f"Compose: {KINDS[kind].params} of a pipeline, {outer.params!r}, and of one inside of it,"
                    f" {processor.params!r}, contradict each other"
                )
        return settings._replace(
            processors=joined,
            check_shapes=settings.check_shapes and self.is_check_shapes,
            strict=settings.strict or self.strict,
            fuse=settings.fuse and self.fuse,
        )

    def _call_settings(self) -> Settings:
        return super()._call_settings()._replace(mask_interpolation=self.mask_interpolation)

    @property
    def processors(self) -> dict[str, DataProcessor]:
        """How rows are read, filtered and written, by kind; another `params` of one acts from the next call on."""
        for kind in KINDS.values():
            params = getattr(self, kind.params) if kind.processor else None
            if params is None:
                self._processors.pop(kind.name, None)
            elif kind.processor and self._processors.get(kind.name, (None,))[0] is not params:
                self._processors[kind.name] = (params, kind.processor(params))
        return {name: processor for name, (_, processor) in self._processors.items()}

    def set_random_seed(self, seed: Optional[int]) -> None:
        """Start a new stream; None goes back to Python's global `random`."""
        self.seed = seed
        self._source = Source(self.seed)

    def add_targets(self, additional_targets: Optional[Mapping[str, str]]) -> None:
        """Further names of arguments and what they hold."""
        known = (*TARGETS, *sorted(self._own_names()))
        self.additional_targets = merge_targets(type(self).__name__, self.additional_targets, additional_targets, known)

    def preprocess(self, data: Data) -> None:
        """Turn the rows of a call's data, in place, into what users' own methods see: boxes are fractions there."""
        plan = self._plan(tuple(data))
        plan.check(data)
        call, inside = Call(plan, current.rng), dict(data)
        plan.unpack(inside, call)
        shown = plan.seen(inside, call)
        object.__setattr__(self, "_begun", (call, inside, shown))
        data.update({name: shown[name] for name, _ in plan.rows})

    def postprocess(self, data: Data) -> Data:
        """The data with its rows in the form that they had before `preprocess`."""
        if self._begun is None:
            raise ValueError(f"{type(self).__name__}: postprocess follows preprocess, which has not been called")
        call, inside, shown = self._begun
        object.__setattr__(self, "_begun", None)
        returned = {name: shown[name] if value is inside.get(name) else value for name, value in data.items()}
        call.plan._take(f"{type(self).__name__}.postprocess", returned, shown, inside, call)
        call.plan.pack(inside, call)
        return inside

    def state_dict(self) -> dict[str, Any]:
        """The position in the random stream, as JSON can hold it."""
        return self._source.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken, with the seed that the pipeline had there."""
        source = Source(state.get("seed") if isinstance(state, Mapping) else None)
        source.load_state_dict(state)
        self.seed, self._source = source.seed, source

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self._special:
            with self._ruling(data, call, self._records):
                if self._wanted(call, force):
                    self._children(data, call)
        elif call.rng.random() < self.p or force:
            if call.trace is not None:
                self._children(data, call)
                return
            for node in self.transforms:
                node._run_inside(data, call)

    def _rerun(self, data: Data, call: Call, events: list[Any]) -> None:
        with self._ruling(data, call, records=False):
            super()._rerun(data, call, events)

    @contextmanager
    def _ruling(self, data: Data, call: Call, records: bool) -> Iterator[None]:
        """What this pipeline says for itself holds for what is in it, unless the outermost one says otherwise."""
        plan, rng, trace = call.plan, call.rng, call.trace
        if self.mask_interpolation is not None and not plan.extra:
            call.plan = plan.variant(mask_interpolation=self.mask_interpolation)
        if self.seed is not None and rng is GLOBAL:
            call.rng = current.rng = self._source.rng()
        if records:
            call.trace = []
        try:
            yield
        finally:
            events = call.trace
            call.plan, call.rng, call.trace = plan, rng, trace
            current.rng = rng
        if records:
            self._report(data, events or [])
            if trace is not None:
                trace.extend(events or [])

    @property
    def _records(self) -> bool:
        """Whether something is added to the result that tells what was applied."""
        return self.save_applied_params

    def _report(self, data: Data, events: list[Any]) -> None:
        """Add it."""
        if self.save_applied_params:
            data["applied_transforms"] = list(_applied(self, events))


def _applied(node: Any, events: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in events:
        if isinstance(node, BaseCompose) and not node._called:
            index, inner = event
            yield from _applied(node.transforms[index], inner)
        else:
            yield type(node).__name__, event


class OneOf(BaseCompose):
    """One of the transforms, whatever its own coin says; chances are in proportion to the transforms' p."""

    p: Probability = probability(default=0.5, kw_only=True)

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self.transforms and self._wanted(call, force):
            for index in _weighted(self, call, 1, replace=True):
                self._child(index, data, call, force=True)


def _weighted(node: BaseCompose, call: Call, n: int, replace: bool) -> list[int]:
    """Indices of n children, drawn in proportion to their p; children with p = 0 are never drawn."""
    weights = [float(child.p) for child in node.transforms]
    left = [i for i, w in enumerate(weights) if w > 0]
    if not replace:
        n = min(n, len(left))
    chosen: list[int] = []
    while left and len(chosen) < n:
        index = call.rng.choices(left, [weights[i] for i in left])[0]
        chosen.append(index)
        if not replace:
            left.remove(index)
    return chosen


class SomeOf(BaseCompose):
    """n of the transforms in order, whatever their own coins say; chances are in proportion to the transforms' p."""

    n: Integer = integer(default=1, low=1, doc="how many are applied; without `replace` at most all of them")
    replace: Flag = flag(default=True, doc="the same transform may be chosen again")
    order = "transforms n replace p"

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self._wanted(call, force):
            for index in sorted(_weighted(self, call, self.n, self.replace)):
                self._child(index, data, call, force=True)


class RandomOrder(BaseCompose):
    """n of the transforms, all equally likely, in random order, each with its own probability."""

    n: Integer = integer(default=1, low=1, doc="how many are chosen; without `replace` at most all of them")
    replace: Flag = flag(default=False, doc="the same transform may be chosen again")
    order = "transforms n replace p"

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self.transforms and self._wanted(call, force):
            indices = range(len(self.transforms))
            n = self.n if self.replace else min(self.n, len(indices))
            chosen = call.rng.choices(indices, k=n) if self.replace else call.rng.sample(indices, n)
            for index in chosen:
                self._child(index, data, call)


class OneOrOther(BaseCompose):
    """The first transform with probability p, else the second; either whatever its own coin says.

    They are given as `first` and `second`, or both in `transforms`.
    """

    def __init__(
        self,
        first: Optional[Node] = None,
        second: Optional[Node] = None,
        transforms: Optional[Sequence[Node]] = None,
        p: float = 0.5,
    ) -> None:
        if transforms is None:
            if first is None or second is None:
                raise ValueError("OneOrOther: give first and second, or both in transforms")
            transforms = [first, second]
        elif first is not None or second is not None:
            raise ValueError("OneOrOther: give first and second, or both in transforms, not all of them")
        super().__init__(transforms=transforms, p=p)

    def _check(self) -> None:
        if len(self.transforms) != 2:
            raise ValueError(f"OneOrOther: transforms must have 2 elements, not {len(self.transforms)}")

    def _with(self, transforms: Sequence[Node]) -> "OneOrOther":
        return type(self)(transforms=transforms, p=self.p)

    def _settings(self) -> dict[str, Any]:
        return {"p": self.p}

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        self._child(0 if call.rng.random() < self.p else 1, data, call, force=True)


if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there
    __getattr__ = lazy(__name__)
