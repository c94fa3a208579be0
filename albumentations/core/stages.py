"""Stages of the library's transforms called by hand: `t.apply(image, **t.get_params())`.

In a call the core gives `apply` and its kin all that they need, and calls them as they are written. Whoever calls them
by hand gives what a release would have drawn; what `_prepare` adds, and the shape, are found here.
"""

import copy
import functools
import inspect
import sys
from types import CodeType
from typing import Any, Callable

import numpy as np

from .serialization import is_library
from .targets import TARGETS, Target, first_picture

METHODS = {target.method: target for target in TARGETS.values()}
_HOOKS = ("_prepare", "_pictures", "_motion", "_curve", "_maps", "_region")  # what is called with the numbers drawn
# What 1.x had among the numbers.
_SETTINGS = ("interpolation", "mask_interpolation", "border_mode", "fill", "fill_mask")


def complete(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method of one target, as it is written, for callers that give it no more than the numbers drawn."""
    method = function.__name__
    target = METHODS[method]
    first = function.__code__.co_varnames[1]  # the value; `_reads` may have it too

    @functools.wraps(function)
    def by_hand(self: Any, value: Any, *args: Any, **params: Any) -> Any:
        owner = f"{type(self).__name__}.{method}"
        if args:
            raise TypeError(f"{owner}: numbers are given by name, not {args!r}")
        if target.kind.name not in self._kinds:
            return value
        required = _required(function)
        if target.kind.processor:
            required |= _required(getattr(type(self), f"_move_{target.kind.name}"))
        if "carried" in required and "carried" not in params:
            raise TypeError(f"{owner} cannot be called by hand: it adds rows, whose labels only a pipeline knows")
        whole = "shape" in params and ("rows" in params or self._solid)
        if whole and required <= params.keys():
            return function(self, value, **params)  # from a user's method of the same name
        try:
            node, context = _context(self, owner, target, value, params)
            return function(node, value, **{n: v for n, v in context.items() if n != first})
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
        axes = target.stacked if transform._solid else target.axes
        picture = first_picture(value, axes)
        shape = np.shape(value)[axes:] if picture is None else np.shape(picture)
    plane = shape[1:] if transform._solid else shape
    params = {**transform._read_names(params), "shape": tuple(shape), "rows": plane[0], "cols": plane[1]}
    hooks = [getattr(type(transform), hook) for hook in _HOOKS if hasattr(type(transform), hook)]
    missing = sorted({n for hook in hooks for n in _required(hook)} - params.keys() - {"white"})
    if missing:
        raise TypeError(f"{owner} by hand needs the numbers {', '.join(missing)}, as get_params draws them")
    return transform, {**transform._prepare(**params), **params}


@functools.lru_cache(maxsize=1024)
def _only_draws(cls: Any) -> bool:
    """Whether a subclass of a library's transform draws, and leaves all that reads what is drawn as it is."""
    own = [c for c in cls.__mro__ if not is_library(c) and c is not object]
    ours = [c for c in cls.__mro__ if is_library(c)]
    readers = {*METHODS, "targets", "update_params", "apply_with_params", "__call__"}
    readers |= {target.kind.each for target in METHODS.values()}
    return not ours[0].__dict__.get("_abstract") and not any(readers & vars(c).keys() for c in own)


def need_more(cls: Any, params: dict[str, Any], error: Exception) -> None:
    """Raise ValueError if a subclass of a library's transform, which only draws, has drawn too few numbers."""
    lacks = isinstance(error, KeyError) or "required positional argument" in str(error)
    if lacks and not is_library(cls) and _only_draws(cls):
        drawn = ", ".join(sorted(params)) or "none"
        raise ValueError(f"{cls.__name__} draws {drawn}; its base needs other numbers: {error}") from error


def all_read(cls: Any, params: dict[str, Any]) -> dict[str, Any]:
    """The numbers that a subclass has drawn; raises ValueError for those that nobody reads."""
    left = unread(cls, frozenset(n for n, value in params.items() if value is not None))
    if left:
        raise ValueError(f"{cls.__name__} draws {', '.join(left)}, which no method of it or of its bases reads")
    return params


@functools.lru_cache(maxsize=4096)
def unread(cls: Any, names: frozenset[str]) -> list[str]:
    """Which of the numbers that a subclass of a library's transform draws nobody can read.

    Only a subclass that draws and changes nothing else is looked at: whatever it overrides besides may read them.
    """
    if not _only_draws(cls):
        return []
    ours = [c for c in cls.__mro__ if is_library(c)]
    known = {"shape", "rows", "cols", *cls._older_names, *getattr(cls, "_recorded", ())}
    modules = [vars(sys.modules[c.__module__]) for c in ours]
    for value in (value for space in (*map(vars, ours), *modules) for value in space.values()):
        known |= _words(getattr(inspect.unwrap(getattr(value, "as_written", value)), "__code__", None))
    return sorted(names - known)


def _words(code: Any) -> set[str]:
    """Names of arguments and strings in a function."""
    if not isinstance(code, CodeType):
        return set()
    words = set(code.co_varnames)
    for const in code.co_consts:
        words |= {w for w in (const if isinstance(const, tuple) else (const,)) if isinstance(w, str)}
        words |= _words(const) if isinstance(const, CodeType) else set()
    return words


@functools.cache
def _required(function: Any) -> frozenset[str]:
    """Names of a method's arguments that have no default, without self and the first."""
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = list(inspect.signature(function).parameters.values())[2:]
    return frozenset(q.name for q in parameters if q.kind in by_name and q.default is q.empty)
