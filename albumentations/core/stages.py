"""Stages of the library's transforms called by hand: `t.apply(image, **t.get_params())`.

In a call the core gives `apply` and its kin all that they need, and calls them as they are written. Whoever calls them
by hand gives what a release would have drawn; what `prepare` adds, and the shape, are found here.
"""

import copy
import functools
import inspect
from typing import Any, Callable

import numpy as np

from .targets import TARGETS, Target, first_picture

METHODS = {target.method: target for target in TARGETS.values()}
_HOOKS = ("prepare", "pictures", "motion", "curve", "maps", "region")  # what is called with the numbers drawn
# What 1.x had among the numbers.
_SETTINGS = ("interpolation", "mask_interpolation", "border_mode", "fill", "fill_mask")


def complete(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method of one target, as it is written, for callers that give it no more than the numbers drawn."""
    method = function.__name__
    target = METHODS[method]
    own = _required(function)

    @functools.wraps(function)
    def by_hand(self: Any, value: Any, *args: Any, **params: Any) -> Any:
        owner = f"{type(self).__name__}.{method}"
        if args:
            raise TypeError(f"{owner}: numbers are given by name, not {args!r}")
        if target.kind.name not in self.kinds:
            return value
        required = own | _required(getattr(type(self), f"move_{target.kind.name}")) if target.kind.processor else own
        if "shape" in params and required - {"carried"} <= params.keys():
            return function(self, value, **params)  # from a user's method of the same name
        try:
            node, context = _context(self, owner, target, value, params)
            return function(node, value, **context)
        except KeyError as error:
            raise TypeError(f"{owner} by hand needs the number {error}, as get_params draws it") from error

    by_hand.as_written = function  # type: ignore[attr-defined]
    return by_hand


def _context(
    transform: Any, owner: str, target: Target, value: Any, params: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """The transform, changed where numbers are settings of it, and all that its method needs by name."""
    settings = {n: params.pop(n) for n in _SETTINGS if n in params and n in type(transform)._params}
    if settings:
        transform = copy.copy(transform)
        for name, setting in settings.items():
            setattr(transform, name, setting)
    shape = params.get("shape")
    if shape is None and "rows" in params and "cols" in params:
        shape = (params["rows"], params["cols"])
    if shape is None:
        if target.kind.processor:
            raise TypeError(f"{owner} by hand needs the shape of the picture: shape=image.shape, or rows=, cols=")
        axes = target.stacked if transform.solid else target.axes
        picture = first_picture(value, axes)
        shape = np.shape(value)[axes:] if picture is None else np.shape(picture)
    plane = shape[1:] if transform.solid else shape
    params = {**transform._read_names(params), "shape": tuple(shape), "rows": plane[0], "cols": plane[1]}
    hooks = [getattr(type(transform), hook) for hook in _HOOKS if hasattr(type(transform), hook)]
    missing = sorted({n for hook in hooks for n in _required(hook)} - params.keys() - {"white"})
    if missing:
        raise TypeError(f"{owner} by hand needs the numbers {', '.join(missing)}, as get_params draws them")
    return transform, {**transform.prepare(**params), **params}


@functools.cache
def _required(function: Any) -> frozenset[str]:
    """Names of a method's arguments that have no default, without self and the first."""
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = list(inspect.signature(function).parameters.values())[2:]
    return frozenset(q.name for q in parameters if q.kind in by_name and q.default is q.empty)
