"""Classes whose constructor is declared: signature, documentation and checks come from the parameters in the body."""

import inspect
from collections.abc import Iterable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Callable, ClassVar

from .params import (
    REQUIRED,
    Param,
    anything,
    border_flag,
    choice,
    fill_value,
    flag,
    integer,
    interpolation_flag,
    number,
    numbers_of,
    probability,
    size,
    span,
)
from .spellings import Order, Spelling, beside, by_name, canonical, older_names, said

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        """At run time only a mark: nothing new is depended on."""
        return lambda cls: cls


class _Signature:
    """The true signature of a class, made when somebody asks: `inspect.signature` reads it."""

    def __get__(self, instance: Any, owner: type["Declared"]) -> inspect.Signature:
        if not getattr(owner.__init__, "is_declared", False):
            parameters = list(inspect.signature(owner.__init__).parameters.values())
            return inspect.Signature(parameters[1:])
        kind, by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
        positions = owner._orders[0]
        return inspect.Signature(
            [
                inspect.Parameter(n, kind if n in positions else by_name, default=q.default, annotation=q.annotation)
                for n, q in owner._params.items()
            ]
        )


@dataclass_transform(
    kw_only_default=False,
    field_specifiers=(
        number,
        probability,
        integer,
        span,
        choice,
        flag,
        numbers_of,
        size,
        fill_value,
        interpolation_flag,
        border_flag,
        anything,
    ),
)
class Declared:
    """A class whose constructor arguments are its declared parameters.

    A class may say besides:
        order: the names of its positional arguments, "limit interpolation ... p"; parameters that are not among them
            are given by name. Without it: its own parameters, then the inherited ones, `p` last.
        eras: the orders of older releases where they differ, by the names of their time (core/spellings.py).
        _without: arguments of its bases, of whatever release, that are none of its own: attributes or methods of the
            class say what the bases would read there.
        _beside: defaults of the release that alone had some names, where one of these is given and it left out others:
            {"names of arguments": {"of what is left out": its default there}}.
    """

    order: ClassVar[str]
    eras: ClassVar[tuple[str, ...]]
    _without: ClassVar[tuple[str, ...]] = ()
    _beside: ClassVar[dict[str, dict[str, Any]]] = {}
    _written: ClassVar[dict[str, Any]] = {}  # what was given under names that are not canonical
    _params: ClassVar[dict[str, Param[Any, Any]]] = {}
    _orders: ClassVar[tuple[Order, ...]] = ((),)
    _spellings: ClassVar[list[Spelling]] = []
    _renamed: ClassVar[dict[str, str]] = {}
    __signature__ = _Signature()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {n: v for n, v in vars(cls).items() if isinstance(v, Param)}
        inherited: dict[str, Param[Any, Any]] = {}
        for base in cls.__mro__[1:]:
            inherited.update({n: v for n, v in getattr(base, "_params", {}).items() if n not in inherited})
        gone = {*cls._without} - own.keys()
        inherited = {n: v for n, v in inherited.items() if n not in gone}
        for name, param in own.items():
            param.doc = param.doc or (inherited[name].doc if name in inherited else "")
        declared = {**own, **{n: v for n, v in inherited.items() if n not in own}}
        cls._orders = _find_orders(cls, declared)
        cls._params = {n: declared[n] for n in dict.fromkeys((*cls._orders[0], *declared))}
        for name in own:
            # Values are the instances' own: beside a class attribute of the name Python finds them 25 ns later.
            delattr(cls, name)
        if getattr(cls.__init__, "is_declared", False):
            cls.__init__ = _constructor(cls)  # type: ignore[method-assign]
        spellings = [v for v in vars(cls).values() if isinstance(v, Spelling)]
        for base in cls.__bases__:
            spellings += [v for v in getattr(base, "_spellings", ()) if v not in spellings]
        cls._spellings = [v for v in spellings if not gone & v.defaults.keys()]
        cls._renamed = {old: n for n, v in cls._params.items() for old in v.was}
        if cls.__doc__ and cls._params:
            lines = [f"    {n}: {param.documentation()}" for n, param in cls._params.items()]
            cls.__doc__ = inspect.cleandoc(cls.__doc__) + "\n\nArgs:\n" + "\n".join(lines) + "\n"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._fill_in(by_name(type(self), args, kwargs) if args else kwargs)

    __init__.is_declared = True  # type: ignore[attr-defined]

    def _fill_in(self, given: dict[str, Any]) -> None:
        """Read and keep every parameter of what is given by name."""
        cls = type(self)
        written = given
        given = canonical(cls, given)
        older = older_names(cls, written)
        given = {**beside(cls, written, older), **given}
        for name, value in cls._defaults(given).items():
            if given.get(name) is None:
                given[name] = value
        try:
            self._read(given)
        except (TypeError, ValueError) as error:
            if not older or any(name in str(error) for name in older):
                raise
            raise type(error)(f"{error}; written as {said(older)}") from None
        if older:
            object.__setattr__(self, "_written", older)

    def _read(self, given: dict[str, Any]) -> None:
        cls = type(self)
        for name, param in cls._params.items():
            if name not in given and param.default is REQUIRED:
                raise TypeError(f"{cls.__name__}: the argument {name!r} is missing")
            # Not through __dict__, which would have to be made for it: reading attributes is 15 ns faster without.
            object.__setattr__(self, name, param.read(cls, given.get(name, param.default)))
        self._check()

    @classmethod
    def _meaning(cls, given: dict[str, Any]) -> dict[str, Any]:
        """The parameters of an object made of what is given by name."""
        made = object.__new__(cls)
        made._fill_in(given)
        return {name: vars(made)[name] for name in cls._params}

    @classmethod
    def _defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Defaults that depend on what else is given: they take the place of what is missing or None."""
        return {}

    def _check(self) -> None:
        """Checks that concern several parameters at once, whenever one of them is set; raises ValueError."""

    def __setattr__(self, name: str, value: Any) -> None:
        cls, own = type(self), self.__dict__
        if name not in cls._params:
            object.__setattr__(self, name, value)
            return
        before = dict(own)
        own[name] = cls._params[name].read(cls, value)
        own.pop("_written", None)  # it says no longer what the object is
        if not cls._params.keys() <= own.keys():
            return  # an __init__ of the user's own is still at work
        try:
            self._check()
        except Exception:
            own.clear()
            own.update(before)
            raise


def _constructor(cls: type[Declared]) -> Any:
    """`Declared.__init__` with the signature of the class, for those who ask the constructor itself."""
    shared = Declared.__init__
    own: Any = FunctionType(shared.__code__, shared.__globals__, "__init__")
    self = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    own.__signature__ = inspect.Signature([self, *cls.__signature__.parameters.values()])
    own.__qualname__ = f"{cls.__qualname__}.__init__"
    own.is_declared = True
    return own


def _find_orders(cls: type[Declared], names: Iterable[str]) -> tuple[Order, ...]:
    """The orders of positions: the canonical one, then those of older releases."""
    own = vars(cls)
    inherited: Any = super(cls, cls)
    order, eras = own.get("order"), own.get("eras", ())
    if not isinstance(eras, tuple) or not all(isinstance(era, str) for era in eras):
        eras = ()  # likewise
    words = order.split() if isinstance(order, str) else []
    unknown = [word for word in words if word not in names]
    if words and len(unknown) < len(words):  # else it is an attribute of the user's own
        if unknown:
            raise TypeError(f"{cls.__name__}: order names {', '.join(unknown)}, which it does not declare")
    elif "eras" not in own and inherited._params.keys() == set(names):
        orders: tuple[Order, ...] = inherited._orders
        return orders
    else:
        words = [*(n for n in names if n != "p"), *(n for n in names if n == "p")]
    return (tuple(words), *(tuple(era.split()) for era in eras))
