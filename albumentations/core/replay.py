"""Pipelines that record what they did, and do it again."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Optional

from .composition import BaseCompose, Compose
from .params import Anything, anything
from .plan import Call, Data, without
from .random import current
from .records import drawn
from .run import Node
from .serialization import build, plain


class ReplayCompose(Compose):
    """A Compose that adds to its result a record of what was applied, which `ReplayCompose.replay` applies again."""

    save_key: Anything = anything(read=str, default="replay", doc="the key of the record in the result")
    order = "transforms bbox_params keypoint_params additional_targets p is_check_shapes save_key"

    @property
    def _records(self) -> bool:
        return True

    def _report(self, data: Data, events: list[Any]) -> None:
        super()._report(data, events)
        from .. import __version__

        data[self.save_key] = {"__version__": __version__, **record(self, plain(events, arrays=False))}

    @staticmethod
    def replay(saved_augmentations: dict[str, Any], **data: Any) -> dict[str, Any]:
        """Apply a record to other data.

        Args:
            saved_augmentations: what a ReplayCompose has put under its `save_key`, perhaps through JSON.
            data: the targets, as in a call.

        Returns:
            A dict with the same keys as `data`.
        """
        if not isinstance(saved_augmentations, Mapping) or "transforms" not in saved_augmentations:
            raise TypeError("ReplayCompose.replay: the record must be a dict that a ReplayCompose has made")
        left_out = ("save_key", "__class_fullname__", "__version__")
        node = {k: v for k, v in saved_augmentations.items() if k not in left_out}
        pipeline = build({**node, "__class_fullname__": "Compose", "save_applied_params": False}, {}, where="replay")
        plan = pipeline._plan(tuple(data))
        absent = plan.check(data)
        if absent:
            return without(absent, data, partial(ReplayCompose.replay, saved_augmentations))
        given = saved_augmentations.get("events")
        events = _events_of(saved_augmentations, "__version__" in saved_augmentations) if given is None else given
        _check_events(pipeline, events, "events")
        if given is not None:
            _check_params(saved_augmentations, events)
        result: Data = pipeline._execute(data, Call(plan, current.rng), events=events)
        return result


def record(node: Node, events: list[Any], applied: Optional[bool] = None) -> dict[str, Any]:
    """The classic record: the pipeline's description, with what was applied, and `events`, the order it happened in."""
    applied = bool(events) if applied is None else applied
    if not isinstance(node, BaseCompose) or node._called:
        return {**_description(node), "params": events[0] if events else None, "applied": applied}
    inner: dict[int, list[Any]] = {i: [] for i in range(len(node.transforms))}
    for index, below in events:
        inner[index] += below
    return {
        **node._heading(),
        "params": None,
        "transforms": [record(child, inner[i]) for i, child in enumerate(node.transforms)],
        "applied": applied,
        "events": events,
    }


def _description(node: Node) -> dict[str, Any]:
    try:
        described = plain(node._describe())
    except NotImplementedError:
        described = {"__class_fullname__": node.get_class_fullname(), "__name__": None}
    # What cannot be written down is kept itself: the record works in this process, though not through JSON.
    return {**described, "__instance__": node} if "__name__" in described else described


def _events_of(saved: Mapping[str, Any], ours: bool) -> list[Any]:
    """The events of a record that says only what was applied, as those of older releases do."""
    return [e for i, child in enumerate(saved["transforms"]) for e in _event(i, child, ours)]


def _event(index: int, saved: Mapping[str, Any], ours: bool) -> Iterable[tuple[int, list[Any]]]:
    if not saved.get("applied"):
        return
    if "transforms" in saved:
        yield index, _events_of(saved, ours)
    else:
        yield index, [saved.get("params") or {} if ours else drawn(saved)]


def _check_params(saved: Mapping[str, Any], events: list[Any]) -> None:
    """Raise where a record was edited in one of the two places that hold the numbers of a transform."""
    inner: dict[int, list[Any]] = {}
    for index, below in events:
        inner.setdefault(index, []).extend(below)
    for index, below in inner.items():
        child = saved["transforms"][index]
        if below and not isinstance(below[0], Mapping):
            _check_params(child, below)
        elif below and child.get("params") is not None and child["params"] != below[0]:
            raise ValueError(
                f"replay: the record says twice what {child.get('__class_fullname__')} drew, {child['params']!r} under"
                f" 'params' and {below[0]!r} under 'events': change both, or take 'events' out of the record"
            )


def _check_events(node: Node, events: Any, where: str) -> None:
    """Raise unless the events of a record, which may come from a file, are such as the node makes."""
    if not isinstance(events, (list, tuple)):
        raise TypeError(f"replay: {where} must be a list, not {type(events).__name__}")
    for i, event in enumerate(events):
        here = f"{where}[{i}]"
        if not isinstance(node, BaseCompose) or node._called:
            if not isinstance(event, Mapping):
                raise TypeError(f"replay: {here} must be the numbers that {type(node).__name__} drew, a dict")
            continue
        if not isinstance(event, (list, tuple)) or len(event) != 2 or isinstance(event[0], bool):
            raise TypeError(f"replay: {here} must be (index of a transform, its events), got {event!r}")
        index, inner = event
        if not isinstance(index, int) or not 0 <= index < len(node.transforms):
            raise ValueError(f"replay: {here} names transform {index!r} of {len(node.transforms)}")
        _check_events(node.transforms[index], inner, here)
