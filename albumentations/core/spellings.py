"""How older releases said the same: names that changed, arguments that became others, positions that moved.

Whatever a caller wrote becomes canonical arguments by name, which declared.py reads. An old spelling is silent: old
code is not wrong. What two releases would read differently, and what cannot be read at all, raises.
"""

import inspect
from collections.abc import Set
from typing import Any, Callable

from .params import nearest, plain, shown

Given = dict[str, Any]
Order = tuple[str, ...]

_TAIL = ("p", "always_apply")


class Spelling:
    """An old way of saying things: the names it used, with that release's defaults, and what they became."""

    def __init__(self, convert: Callable[..., Given]) -> None:
        self.convert = convert
        self.defaults: Given = {q.name: q.default for q in inspect.signature(convert).parameters.values()}


def old_spelling(convert: Any) -> Spelling:
    """Mark a static method of a class body as an old spelling: its parameters are the old arguments, with defaults.

    It is called when any of them is given, the others taking these defaults, and returns the canonical arguments that
    say the same. None stands for an argument that is not given.

        @old_spelling
        @staticmethod
        def _two_limits(quality_lower: int = 99, quality_upper: int = 100) -> dict[str, Any]:
            return {"quality_range": (quality_lower, quality_upper)}
    """
    return Spelling(convert.__func__ if isinstance(convert, staticmethod) else convert)


class Symbol:
    """An expression whose value is not known: it may be handed on, and whoever looks at it is told so."""

    def __init__(self, code: str) -> None:
        object.__setattr__(self, "_code", code)

    def __repr__(self) -> str:
        return str(object.__getattribute__(self, "_code"))

    def __getattribute__(self, name: str) -> Any:  # isinstance asks for __class__
        if name == "__repr__":
            return object.__getattribute__(self, name)
        raise TypeError(f"{self!r} is no literal")

    def _unknown(self, *args: Any) -> Any:
        raise TypeError(f"{self!r} is no literal")

    __bool__ = __len__ = __iter__ = __getitem__ = __lt__ = __gt__ = __le__ = __ge__ = __neg__ = __hash__ = _unknown
    __eq__ = __ne__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __float__ = __int__ = _unknown


def canonical(cls: Any, given: Given) -> Given:
    """Turn old names and spellings into canonical arguments; what is unknown raises with the nearest known name."""
    result: Given = {}
    old: Given = {}
    every_old = {name for spelling in cls._spellings for name in spelling.defaults}
    for name, value in given.items():
        if name in cls._params:
            result[name] = value
        elif name in cls._renamed or name in every_old:
            if value is not None:  # None is how an unused old argument is written out
                old[name] = value
        elif name != "always_apply":
            known = [*cls._params, *cls._renamed, *every_old]
            raise TypeError(f"{cls.__name__}: unknown argument {name!r}{nearest(name, known)}")
    for meant in _converted(cls, old):
        for name, value in meant.items():
            if result.get(name) is not None and plain(result[name]) != plain(value):
                raise ValueError(
                    f"{cls.__name__}: {name}={shown(result[name])} and the older {said(old)} say different things"
                )
            result[name] = value
    always = plain(given.get("always_apply"))
    if always is not None and not isinstance(always, bool):
        raise TypeError(f"{cls.__name__}(always_apply={shown(always)}): always_apply must be True, False or None")
    if always:
        if "p" in result:
            cls._params["p"].read(cls, result["p"])
        result["p"] = 1.0  # "always" in the classic sense: whatever p says
    return result


def _converted(cls: Any, old: Given) -> list[Given]:
    """What every old name and every old spelling says, in canonical arguments."""
    meant: list[Given] = []
    for name, value in old.items():
        if name in cls._renamed:
            meant.append({cls._renamed[name]: value})
    for spelling in cls._spellings:
        used = {name: old[name] for name in spelling.defaults if name in old}
        if used:
            try:
                meant.append(spelling.convert(**{**spelling.defaults, **used}))
            except (TypeError, ValueError) as error:
                raise type(error)(f"{cls.__name__}({said(used)}): {error}") from None
    return meant


def older_names(cls: Any, given: Given) -> Given:
    """What is given under names that are not canonical."""
    return {n: v for n, v in given.items() if n not in cls._params and n != "always_apply" and v is not None}


def beside(cls: Any, given: Given, older: Given) -> Given:
    """Defaults of the release whose names these are, for what is left out; none where older names are among them."""
    listed = [(set(names.split()), defaults) for names, defaults in cls._beside.items()]
    if older.keys() - {name for names, _ in listed for name in names}:
        return {}
    found: Given = {}
    for names, defaults in listed:
        if any(given.get(name) is not None for name in names):
            found.update(defaults)
    return found


def said(given: Given) -> str:
    """Arguments as they are written in a call."""
    return ", ".join(f"{n}={shown(v)}" for n, v in given.items())


def by_name(cls: Any, args: tuple[Any, ...], kwargs: Given) -> Given:
    """Name the positional arguments, in the order of whatever release they were written for.

    `cls._orders` are the orders: the canonical one, then those of older releases. Every order is tried in which all
    that is given can be read. Those that mean the same are one; two meanings raise.
    """
    first_error: Any = None
    for tier in _tiers(cls, kwargs.keys()):
        meanings: list[tuple[Given, Given]] = []
        for names in dict.fromkeys(order[: len(args)] for order in tier if len(order) >= len(args)):
            try:
                given = _merged(cls, names, args, kwargs)
                meaning = cls._meaning(given)
            except (TypeError, ValueError) as error:
                first_error = first_error or error
                continue
            if not any(_same(meaning, other) for _, other in meanings):
                meanings.append((given, meaning))
        if len(meanings) == 1:
            return meanings[0][0]
        if meanings:
            choices = " or ".join(f"{cls.__name__}({said(given)})" for given, _ in meanings)
            raise TypeError(
                f"{cls.__name__}: by position this is read differently by different releases; write {choices}"
            )
    if first_error is None:
        count = len(cls._orders[0])
        raise TypeError(f"{cls.__name__} takes at most {count} positional arguments, got {len(args)}")
    raise first_error


def _tiers(cls: Any, names: Set[str]) -> tuple[list[Order], list[Order]]:
    """The orders that releases had which knew all these names; then all, with p and always_apply in either order."""
    first, *older = cls._orders
    current = _swapped(first)
    known = current if names <= {*cls._params, "always_apply"} else []
    return (
        [*known, *(order for order in older if names <= set(order))],
        [*current, *older, *(swapped for order in older for swapped in _swapped(order))],
    )


def _swapped(order: Order) -> list[Order]:
    """An order with `p` at its end, and `always_apply` behind it or before it: 1.4 had both in either order.

    They cannot be confused, since one is a bool or None and the other a number, so that either may stand alone.
    """
    head = order
    while head and head[-1] in _TAIL:
        head = head[:-1]
    return [order] if head == order or "always_apply" in head else [(*head, *_TAIL), (*head, *_TAIL[::-1])]


def _merged(cls: Any, names: Order, args: tuple[Any, ...], kwargs: Given) -> Given:
    given = dict(zip(names, args))
    for name in given:
        if name in kwargs:
            raise TypeError(f"{cls.__name__}: the argument {name!r} is given twice")
    return {**given, **kwargs}


def _same(a: Given, b: Given) -> bool:
    return all(plain(a[name]) == plain(b[name]) for name in a)
