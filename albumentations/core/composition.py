"""Containers: what is run in which order, with which probability."""

from collections.abc import Iterator, Sequence
from typing import Any, Optional, Union

import numpy as np

from .bbox_utils import BboxParams
from .bbox_utils import bbox_params as read_bbox_params
from .keypoints_utils import KeypointParams
from .keypoints_utils import keypoint_params as read_keypoint_params
from .params import nearest
from .random import Source
from .run import Call, Data, Node, Settings
from .targets import KINDS, TARGETS

Transforms = Sequence[Node]


class BaseCompose(Node, abstract=True):
    """A node that contains nodes, and behaves as the list of them."""

    def __init__(self, transforms: Transforms, p: float = 1.0) -> None:
        self.transforms = self._read(transforms)
        self.p = self._probability(p)

    def _read(self, transforms: Any) -> list[Node]:
        owner = type(self).__name__
        if isinstance(transforms, Node) and not isinstance(transforms, BaseCompose):
            raise TypeError(f"{owner}: transforms must be a list of transforms, not one {type(transforms).__name__}")
        if isinstance(transforms, (str, dict)) or not hasattr(transforms, "__iter__"):
            raise TypeError(f"{owner}: transforms must be a list of transforms, not {type(transforms).__name__}")
        nodes = list(transforms)
        for i, node in enumerate(nodes):
            if not isinstance(node, Node):
                hint = f"; did you mean {node.__name__}()?" if isinstance(node, type) else ""
                raise TypeError(f"{owner}: transforms[{i}] must be a transform, not {node!r}{hint}")
        return nodes

    def _probability(self, p: Any) -> float:
        owner = type(self).__name__
        if isinstance(p, (bool, str)) or not hasattr(p, "__float__"):
            raise TypeError(f"{owner}(p={p!r}): p must be a number, not {type(p).__name__}")
        if not 0 <= p <= 1:
            raise ValueError(f"{owner}(p={p!r}): p must lie in [0, 1]")
        return float(p)

    # ---- as a list

    def __len__(self) -> int:
        return len(self.transforms)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.transforms)

    def __getitem__(self, item: Any) -> Any:
        return self._with(self.transforms[item]) if isinstance(item, slice) else self.transforms[item]

    def __add__(self, other: Any) -> "BaseCompose":
        return self._with([*self.transforms, *self._read([other] if isinstance(other, Node) else other)])

    def __radd__(self, other: Any) -> "BaseCompose":
        return self._with([*self._read([other] if isinstance(other, Node) else other), *self.transforms])

    def __sub__(self, other: Union[Node, type[Node]]) -> "BaseCompose":
        for i, node in enumerate(self.transforms):
            if node is other or (isinstance(other, type) and type(node) is other):
                return self._with([*self.transforms[:i], *self.transforms[i + 1 :]])
        raise ValueError(f"{type(self).__name__}: {other!r} is not among the transforms")

    def _with(self, transforms: Transforms) -> "BaseCompose":
        """A container like this one, with other transforms."""
        return type(self)(transforms, **self._settings())

    # ---- running

    def _child(self, index: int, data: Data, call: Call, force: bool = False) -> None:
        """Run one child, recorded in the trace if there is one."""
        trace = call.trace
        if trace is None:
            self.transforms[index]._run(data, call, force)
            return
        inner: list[Any] = []
        call.trace = inner
        self.transforms[index]._run(data, call, force)
        call.trace = trace
        if inner:
            trace.append([index, inner])

    def _children(self, data: Data, call: Call) -> None:
        """Run all children in order, each with its own coin."""
        for index in range(len(self.transforms)):
            self._child(index, data, call)

    def _wanted(self, call: Call, force: bool) -> bool:
        """The container's own coin."""
        return bool(call.rng.random() < self.p) or force

    def _rerun(self, data: Data, call: Call, events: list[Any]) -> None:
        """Run the recorded children again, in the recorded order."""
        for index, inner in events:
            self.transforms[index]._rerun(data, call, inner)

    def _own_names(self) -> set[str]:
        return {name for node in self.transforms for name in node._own_names()}

    # ---- written down

    def _settings(self) -> dict[str, Any]:
        """The arguments of the constructor without the transforms."""
        return {"p": self.p}

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
        settings = ", ".join(f"{k}={v!r}" for k, v in self._settings().items())
        return f"{type(self).__name__}([{inside}\n], {settings})"


class Sequential(BaseCompose):
    """All transforms in order, each with its own probability, under one coin."""

    def __init__(self, transforms: Transforms, p: float = 0.5) -> None:
        super().__init__(transforms, p)

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self._wanted(call, force):
            self._children(data, call)


class Compose(BaseCompose):
    """A pipeline: all transforms in order, each with its own probability.

    Args:
        transforms: the transforms and containers.
        bbox_params: how boxes are written and filtered: BboxParams or a dict of its arguments.
        keypoint_params: how keypoints are written and filtered: KeypointParams or a dict of its arguments.
        additional_targets: further names of arguments and what they hold, as in {"image2": "image"}.
        p: probability of running the pipeline at all.
        is_check_shapes: raise where images and masks differ in height or width.
        strict: raise on arguments that are neither targets nor labels, instead of passing them through.
        mask_interpolation: OpenCV flag for masks, over those of the transforms.
        seed: a stream of random numbers of the pipeline's own; None follows Python's global `random`.
        save_applied_params: add "applied_transforms" to the result: what was applied, with which numbers.
        fuse: merge consecutive tables (exact); False applies each on its own.

    Raises:
        TypeError, ValueError: an argument is not what is allowed.
    """

    def __init__(
        self,
        transforms: Transforms,
        bbox_params: Union[BboxParams, dict[str, Any], None] = None,
        keypoint_params: Union[KeypointParams, dict[str, Any], None] = None,
        additional_targets: Optional[dict[str, str]] = None,
        p: float = 1.0,
        is_check_shapes: bool = True,
        strict: bool = False,
        mask_interpolation: Optional[int] = None,
        seed: Optional[int] = None,
        save_applied_params: bool = False,
        fuse: bool = True,
    ) -> None:
        super().__init__(transforms, p)
        self.bbox_params = read_bbox_params(bbox_params)
        self.keypoint_params = read_keypoint_params(keypoint_params)
        self.additional_targets = self._targets(additional_targets)
        self.is_check_shapes = bool(is_check_shapes)
        self.strict = bool(strict)
        if mask_interpolation is not None and mask_interpolation not in range(7):
            raise ValueError(f"Compose(mask_interpolation={mask_interpolation!r}): must be an OpenCV flag, 0 - 6")
        self.mask_interpolation = mask_interpolation
        self.save_applied_params = bool(save_applied_params)
        self.fuse = bool(fuse)
        self._source = Source(seed)

    def _targets(self, additional: Optional[dict[str, str]]) -> dict[str, str]:
        owner = type(self).__name__
        if additional is not None and not isinstance(additional, dict):
            raise TypeError(f"{owner}: additional_targets must be a dict, not {type(additional).__name__}")
        for name, kind in (additional or {}).items():
            if kind not in TARGETS:
                allowed = ", ".join(TARGETS) + nearest(str(kind), TARGETS)
                raise ValueError(f"{owner}: additional_targets[{name!r}]={kind!r} must be one of {allowed}")
        return dict(additional or {})

    def _call_settings(self) -> Settings:
        params = {kind.name: getattr(self, kind.params) for kind in KINDS.values() if kind.processor}
        return Settings(
            targets={**TARGETS, **{n: TARGETS[k] for n, k in self.additional_targets.items()}},
            processors={n: KINDS[n].processor(p) for n, p in params.items() if p is not None},  # type: ignore[misc]
            check_shapes=self.is_check_shapes,
            strict=self.strict,
            mask_interpolation=self.mask_interpolation,
            fuse=self.fuse,
            recorded=self.save_applied_params,
        )

    @property
    def seed(self) -> Optional[int]:
        """The seed of the pipeline's own stream, or None."""
        return self._source.seed

    def set_random_seed(self, seed: Optional[int]) -> None:
        """Start a new stream; None goes back to Python's global `random`."""
        self._source = Source(seed)

    def state_dict(self) -> dict[str, Any]:
        """The position in the random stream, as JSON can hold it."""
        return self._source.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self._source.load_state_dict(state)

    def _report(self, data: Data, events: list[Any]) -> None:
        if self.save_applied_params:
            data["applied_transforms"] = list(_applied(self, events))

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if not (call.rng.random() < self.p or force):
            return
        if call.trace is not None:
            self._children(data, call)
            return
        for node in self.transforms:
            node._run(data, call)

    def _settings(self) -> dict[str, Any]:
        return {
            "p": self.p,
            "bbox_params": self.bbox_params,
            "keypoint_params": self.keypoint_params,
            "additional_targets": self.additional_targets,
            "is_check_shapes": self.is_check_shapes,
            "strict": self.strict,
            "mask_interpolation": self.mask_interpolation,
            "seed": self.seed,
            "save_applied_params": self.save_applied_params,
            "fuse": self.fuse,
        }


def _applied(node: Any, events: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in events:
        if isinstance(node, BaseCompose):
            index, inner = event
            yield from _applied(node.transforms[index], inner)
        else:
            yield type(node).__name__, event


class OneOf(BaseCompose):
    """One of the transforms, whatever its own coin says; chances are in proportion to the transforms' p."""

    def __init__(self, transforms: Transforms, p: float = 0.5) -> None:
        super().__init__(transforms, p)

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
    """n of the transforms in order, whatever their own coins say; chances are in proportion to the transforms' p.

    Args:
        transforms: the transforms to choose from.
        n: how many are applied; more than there are means all of them where `replace` is False.
        replace: the same transform may be chosen again (the default of 1.x).
        p: probability of doing anything.
    """

    def __init__(self, transforms: Transforms, n: int = 1, replace: bool = True, p: float = 1) -> None:
        super().__init__(transforms, p)
        self.n = _count(self, n)
        self.replace = bool(replace)

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self._wanted(call, force):
            for index in sorted(_weighted(self, call, self.n, self.replace)):
                self._child(index, data, call, force=True)

    def _settings(self) -> dict[str, Any]:
        return {"n": self.n, "replace": self.replace, "p": self.p}


def _count(node: BaseCompose, n: Any) -> int:
    owner = type(node).__name__
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)):
        raise TypeError(f"{owner}(n={n!r}): n must be an integer, not {type(n).__name__}")
    if n < 1:
        raise ValueError(f"{owner}(n={n!r}): n must be at least 1")
    return int(n)


class RandomOrder(BaseCompose):
    """n of the transforms in random order, each with its own probability.

    Args:
        transforms: the transforms to choose from, all equally likely.
        n: how many are chosen; more than there are means all of them where `replace` is False.
        replace: the same transform may be chosen again.
        p: probability of doing anything.
    """

    def __init__(self, transforms: Transforms, n: int = 1, replace: bool = False, p: float = 1) -> None:
        super().__init__(transforms, p)
        self.n = _count(self, n)
        self.replace = bool(replace)

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        if self.transforms and self._wanted(call, force):
            indices = range(len(self.transforms))
            n = self.n if self.replace else min(self.n, len(indices))
            chosen = call.rng.choices(indices, k=n) if self.replace else call.rng.sample(indices, n)
            for index in chosen:
                self._child(index, data, call)

    def _settings(self) -> dict[str, Any]:
        return {"n": self.n, "replace": self.replace, "p": self.p}


class OneOrOther(BaseCompose):
    """The first transform with probability p, else the second; either whatever its own coin says.

    Args:
        first: the transform applied with probability p.
        second: the transform applied otherwise.
        transforms: both of them in a list, instead.
        p: probability of the first.
    """

    def __init__(
        self,
        first: Optional[Node] = None,
        second: Optional[Node] = None,
        transforms: Optional[Transforms] = None,
        p: float = 0.5,
    ) -> None:
        if transforms is None:
            if first is None or second is None:
                raise ValueError("OneOrOther: give first and second, or both in transforms")
            transforms = [first, second]
        super().__init__(transforms, p)
        if len(self.transforms) != 2:
            raise ValueError(f"OneOrOther: transforms must have 2 elements, not {len(self.transforms)}")

    def _with(self, transforms: Transforms) -> "OneOrOther":
        return type(self)(transforms=transforms, p=self.p)

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        self._child(0 if call.rng.random() < self.p else 1, data, call, force=True)
