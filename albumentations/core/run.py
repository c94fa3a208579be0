"""One call of a pipeline: what is checked, unpacked, drawn from and put back around the work of the nodes.

The outermost node of a call, a Compose or a single transform, decides all this in its `Entry`. For each set of argument
names a `Plan` is found once and kept; a `Call` is what one call carries along.
"""

import random
from collections.abc import Iterator
from typing import Any, Optional

import numpy as np

from .bbox_utils import BboxParams, BboxProcessor
from .fuse import Held, settle
from .keypoints_utils import KeypointParams, KeypointsProcessor
from .params import nearest
from .random import GLOBAL, SampleKey, Source, current
from .serialization import Serializable
from .targets import DTYPES, TARGETS, Target, check_pictures, first_picture
from .utils import Carried, DataProcessor

Shape = tuple[int, ...]


class Entry:
    """What the outermost node decides for a whole call."""

    def __init__(
        self,
        owner: str,
        *,
        targets: Optional[dict[str, Target]] = None,
        bbox_params: Optional[BboxParams] = None,
        keypoint_params: Optional[KeypointParams] = None,
        check_shapes: bool = True,
        strict: bool = False,
        mask_interpolation: Optional[int] = None,
        fuse: bool = True,
        traced: bool = False,
        source: Optional[Source] = None,
    ) -> None:
        self.owner = owner
        self.targets = targets or TARGETS
        self.processors: dict[str, DataProcessor] = {}
        if bbox_params is not None:
            self.processors["bboxes"] = BboxProcessor(bbox_params)
        if keypoint_params is not None:
            self.processors["keypoints"] = KeypointsProcessor(keypoint_params)
        self.check_shapes = check_shapes
        self.strict = strict
        self.mask_interpolation = mask_interpolation
        self.fuse = fuse
        self.traced = traced  # the node adds a record of the call to its result
        self.source = source or Source()
        self.plans: dict[tuple[str, ...], Plan] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "plans": {}}  # plans hold bound methods and are found again


class Plan:
    """How the arguments of one set of names are walked."""

    def __init__(self, entry: Entry, names: tuple[str, ...], extra: dict[str, Any]) -> None:
        self.entry = entry
        self.owner = entry.owner
        self.names = names
        self.targets = {n: entry.targets[n] for n in names if n in entry.targets}
        self.arrays = tuple((n, t.axes) for n, t in self.targets.items() if t.kind in ("image", "mask"))
        self.rows = tuple((n, t.kind) for n, t in self.targets.items() if t.kind in ("bboxes", "keypoints"))
        self.extra = {"mask_interpolation": entry.mask_interpolation} if entry.mask_interpolation is not None else {}
        self.simple = not self.rows and not entry.traced
        self.check_shapes = entry.check_shapes and len(self.arrays) > 1
        # Image targets say the size of the picture; where there are none, the first mask does.
        sizing = sorted(self.arrays, key=lambda a: self.targets[a[0]].kind != "image")
        self.sizing = sizing[0] if sizing else None
        self.routes: dict[Any, Any] = {}
        self._check_names(names, extra)

    def _check_names(self, names: tuple[str, ...], extra: dict[str, Any]) -> None:
        labels = {f for p in self.entry.processors.values() for f in p.params.label_fields or ()}
        unknown = [n for n in names if n not in self.targets and n not in labels and n not in extra]
        known = [*self.entry.targets, *labels, *extra]
        if unknown and (self.entry.strict or len(unknown) == len(names)):
            name = unknown[0]
            raise ValueError(
                f"{self.owner}: unknown argument {name!r}{nearest(name, known)}; the targets are {', '.join(known)}"
            )
        if not names and known:
            raise ValueError(f"{self.owner}: called without data; the targets are {', '.join(known)}")
        for name, kind in self.rows:
            if kind not in self.entry.processors:
                params = {"bboxes": "bbox_params", "keypoints": "keypoint_params"}[kind]
                raise ValueError(f"{self.owner}: {name} is given, but no {params}, which say how its rows are written")
            if not self.arrays:
                raise ValueError(f"{self.owner}: {name} needs an image beside it, to say what the coordinates mean")

    def check(self, data: dict[str, Any]) -> None:
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

    def _check_shapes(self, data: dict[str, Any]) -> None:
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

    def shape(self, data: dict[str, Any]) -> Shape:
        """The shape of the picture as it is now: (H, W) or (H, W, C)."""
        if self.sizing is None:
            return ()
        name, axes = self.sizing
        picture = data[name] if axes == 0 else first_picture(data[name], axes)
        if picture is None:
            return tuple(np.shape(data[name])[axes:])
        shape: Shape = picture.shape
        # What is no array any more is a tensor with the channels first.
        return shape if isinstance(picture, np.ndarray) else (*shape[-2:], *shape[:-2])

    def unpack(self, data: dict[str, Any], call: "Call") -> None:
        """Turn boxes and keypoints into arrays."""
        height, width = self.shape(data)[:2]
        call.carried = {}
        for name, kind in self.rows:
            processor = self.entry.processors[kind]
            data[name], call.carried[name] = processor.unpack(self.owner, name, data, (height, width))

    def filter(self, data: dict[str, Any], call: "Call", final: bool) -> None:
        """Drop what a geometric step has moved out of sight: after each one, or at the end, as the params say."""
        height, width = self.shape(data)[:2]
        for name, kind in self.rows:
            processor = self.entry.processors[kind]
            if final or processor.params.check_each_transform:
                data[name] = processor.filter(data[name], call.carried[name], (height, width))

    def pack(self, data: dict[str, Any], call: "Call") -> None:
        """Give boxes and keypoints back in the form they came in."""
        height, width = self.shape(data)[:2]
        for name, kind in self.rows:
            self.entry.processors[kind].pack(name, data, call.carried[name], (height, width))


def _shapes(value: Any, axes: int) -> Iterator[Shape]:
    if isinstance(value, np.ndarray):
        yield value.shape[axes : axes + 2]
    else:
        for item in value:
            yield from _shapes(item, axes - 1)


class Call:
    """What one call carries along: its random numbers, its plan, its record, held tables, and the rows' originals."""

    # Defaults live on the class: most calls need none of these, and a call costs a microsecond in all.
    trace: Optional[list[Any]] = None
    held: Optional[Held] = None
    carried: dict[str, Carried]

    def __init__(self, plan: Plan, rng: random.Random) -> None:
        self.plan = plan
        self.rng = rng


class Node(Serializable, abstract=True):
    """What can be called with data, alone or inside a container: transforms and containers."""

    p: Any
    _kept_entry: Optional[Entry] = None

    def _make_entry(self) -> Entry:
        """What this node decides as the outermost: boxes are normalized corners, keypoints (x, y), all are kept."""
        return Entry(
            type(self).__name__,
            bbox_params=BboxParams("albumentations"),
            keypoint_params=KeypointParams("xy", remove_invisible=False),
        )

    @property
    def _entry(self) -> Entry:
        """What is decided here for a whole call, made with the first one."""
        if self._kept_entry is None:
            self._kept_entry = self._make_entry()
        return self._kept_entry

    def _own_targets(self) -> dict[str, Any]:
        """Targets of a kind that only this node, or what it contains, knows."""
        return {}

    def _plan(self, names: tuple[str, ...]) -> Plan:
        """The plan for a set of argument names, made once."""
        entry = self._entry
        plan = entry.plans.get(names)
        if plan is None:
            plan = entry.plans[names] = Plan(entry, names, self._own_targets())
        return plan

    def __call__(
        self, *args: Any, force_apply: bool = False, sample_key: Optional[SampleKey] = None, **data: Any
    ) -> dict[str, Any]:
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
        entry = self._kept_entry or self._entry
        names = tuple(data)
        plan = entry.plans.get(names) or self._plan(names)
        plan.check(data)
        seeded = entry.source.seed is not None or sample_key is not None
        call = Call(plan, entry.source.rng(sample_key) if seeded else GLOBAL)
        if plan.simple and current.rng is call.rng:
            # What `_execute` does where there are no rows, records or seeds: 1.2 us instead of 1.6 for an empty one.
            self._run(data, call, force_apply)
            if call.held:
                settle(data, call)
            return data
        return self._execute(data, call, force_apply)

    def _execute(
        self, data: dict[str, Any], call: Call, force: bool = False, events: Optional[list[Any]] = None
    ) -> dict[str, Any]:
        """The work of a call whose data is checked: rows unpacked, nodes run (or a trace run again), rows packed."""
        plan = call.plan
        outer = current.rng
        current.rng = call.rng
        try:
            if plan.rows:
                plan.unpack(data, call)
            if events is None:
                self._run(data, call, force)
            else:
                self._rerun(data, call, events)
            if call.held:
                settle(data, call)
            if plan.rows:
                plan.filter(data, call, final=True)
                plan.pack(data, call)
        finally:
            current.rng = outer
        return data

    def _run(self, data: dict[str, Any], call: Call, force: bool = False) -> None:
        """Toss the coin and do the work on data that is checked and unpacked; `data` is changed in place."""
        raise NotImplementedError

    def _rerun(self, data: dict[str, Any], call: Call, events: list[Any]) -> None:
        """Do the work again that `_run` has recorded in a trace."""
        raise NotImplementedError
