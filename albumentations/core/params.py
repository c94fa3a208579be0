"""Parameter declarations: each argument of a transform is written once, as an annotated class attribute.

From the declaration come the signature, the reading of scalars and lists, the checks and their messages, old spellings,
serialization and the `Args` part of the docstring. Type checkers see the same through `dataclass_transform`.
"""

import inspect
import math
import numbers
from collections.abc import Iterable, Iterator, Sequence
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    ClassVar,
    Generic,
    NamedTuple,
    Optional,
    TypeVar,
    Union,
    overload,
)

import numpy as np

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        """At run time only a mark: nothing new is depended on."""
        return lambda cls: cls


In = TypeVar("In")
Out = TypeVar("Out")

REQUIRED: Any = inspect.Parameter.empty


def plain(value: Any) -> Any:
    """NumPy numbers and arrays as Python numbers and lists; everything else as it is."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the known name most like the given one, or nothing."""
    import difflib  # only errors need it

    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {found[0]!r}?" if found else ""


class Param(Generic[In, Out]):
    """One declared parameter: what it reads, its default, its older names and its line of documentation.

    `read` takes what the user wrote and returns the value kept, or raises TypeError or ValueError with the words that
    follow the name of the argument ("must lie in [0, 1]").
    """

    name: str = ""

    def __init__(
        self,
        read: Callable[[Any], Out],
        *,
        default: Any = REQUIRED,
        doc: str = "",
        was: tuple[str, ...] = (),
        kw_only: bool = False,
        annotation: Any = Any,
    ) -> None:
        self.reader = read
        self.default = default
        self.doc = doc
        self.was = was
        self.kw_only = kw_only
        self.annotation = annotation

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "Param[In, Out]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> Out: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        # Values live in the instance's own dict, which Python finds first: this runs only for the class itself and for
        # objects whose own __init__ never called ours.
        return self if instance is None else self.read(owner, self.default)

    if TYPE_CHECKING:

        def __set__(self, instance: object, value: In) -> None: ...

    def documentation(self) -> str:
        """The line that stands for it in the docstring of its class."""
        return self.doc if self.default is REQUIRED else f"{self.doc}. Default: {self.default!r}."

    def read(self, owner: type, value: Any) -> Any:
        """The value to keep; errors name the transform, the argument, the value given and what is allowed."""
        value = plain(value)
        try:
            return self.reader(value)
        except (TypeError, ValueError) as error:
            message = f"{owner.__name__}({self.name}={value!r}): {self.name} {error}"
            raise type(error)(message) from None


Range = Param[Union[float, Sequence[float]], tuple[float, float]]
Number = Param[float, float]
Integer = Param[int, int]
Flag = Param[bool, bool]
Choice = Param[str, str]
Code = Param[int, int]
Fill = Param[Union[float, Sequence[float], str, None], Any]
Size = Param[Sequence[int], tuple[int, int]]
Numbers = Param[Union[float, Sequence[float]], tuple[float, ...]]
Anything = Param[Any, Any]
Probability = Param[float, float]


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _bounds(low: float, high: float) -> str:
    left = "(-inf" if low == -math.inf else f"[{low:g}"
    right = "inf)" if high == math.inf else f"{high:g}]"
    return f"{left}, {right}"


def _check_number(value: Any, low: float, high: float, integer: bool, kind: str = "") -> Any:
    kind = kind or ("must be an integer" if integer else "must be a number")
    if not _is_number(value):
        raise TypeError(f"{kind}, not {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"must be finite, within {_bounds(low, high)}")
    if integer and value != int(value):
        raise ValueError(kind)
    if not low <= value <= high:
        raise ValueError(f"must lie in {_bounds(low, high)}")
    return int(value) if integer else value


def _optional(read: Callable[[Any], Any], optional: bool) -> Callable[[Any], Any]:
    return (lambda value: None if value is None else read(value)) if optional else read


def number(
    *,
    default: Any = REQUIRED,
    low: float = -math.inf,
    high: float = math.inf,
    optional: bool = False,
    doc: str = "",
    was: tuple[str, ...] = (),
    kw_only: bool = False,
) -> Number:
    """One number within bounds; None where `optional`."""
    read = _optional(lambda value: _check_number(value, low, high, integer=False), optional)
    annotation = Optional[float] if optional else float
    return Param(read, default=default, doc=doc, was=was, kw_only=kw_only, annotation=annotation)


def integer(
    *,
    default: Any = REQUIRED,
    low: float = -math.inf,
    high: float = math.inf,
    optional: bool = False,
    doc: str = "",
    was: tuple[str, ...] = (),
    kw_only: bool = False,
) -> Integer:
    """One integer within bounds; None where `optional`."""
    read = _optional(lambda value: _check_number(value, low, high, integer=True), optional)
    annotation = Optional[int] if optional else int
    return Param(read, default=default, doc=doc, was=was, kw_only=kw_only, annotation=annotation)


def span(
    *,
    default: Any = REQUIRED,
    start: Optional[float] = None,
    around: Optional[float] = None,
    low: float = -math.inf,
    high: float = math.inf,
    integer: bool = False,
    odd: bool = False,
    optional: bool = False,
    doc: str = "",
    was: tuple[str, ...] = (),
    kw_only: bool = False,
) -> Range:
    """A pair (low, high), both included. One number x is read as (start, x), as (around - x, around + x), or as (x, x).

    `odd` allows odd integers and 0 only (kernel sizes).
    """

    def widen(x: Any) -> tuple[Any, Any]:
        if start is not None:
            return (start, x) if start <= x else (x, start)
        if around is not None:
            return (max(around - abs(x), low), min(around + abs(x), high))
        return (x, x)

    def read(value: Any) -> tuple[Any, Any]:
        kind = "must be a number or a pair of numbers"
        if _is_number(value):
            value = widen(_check_number(value, -math.inf, math.inf, integer, kind))
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise TypeError(f"{kind}, not {type(value).__name__}")
        if len(value) != 2:
            raise ValueError(f"{kind}, not {len(value)} values")
        first, second = (_check_number(plain(v), low, high, integer) for v in value)
        if first > second:
            raise ValueError("must be ordered: (low, high)")
        if odd and any(v % 2 == 0 and v != 0 for v in (first, second)):
            raise ValueError("must be odd")
        return first, second

    annotation = Optional[Union[float, Sequence[float]]] if optional else Union[float, Sequence[float]]
    return Param(_optional(read, optional), default=default, doc=doc, was=was, kw_only=kw_only, annotation=annotation)


def choice(
    *options: Any,
    default: Any = REQUIRED,
    optional: bool = False,
    doc: str = "",
    was: tuple[str, ...] = (),
    kw_only: bool = False,
) -> Choice:
    """One of the named options; an enum member counts as its value."""

    def read(value: Any) -> Any:
        value = getattr(value, "value", value)
        if value not in options:
            raise ValueError(f"must be one of {', '.join(repr(o) for o in options)}")
        return value

    annotation = Optional[str] if optional else str
    return Param(_optional(read, optional), default=default, doc=doc, was=was, kw_only=kw_only, annotation=annotation)


def flag(*, default: Any = REQUIRED, doc: str = "", was: tuple[str, ...] = (), kw_only: bool = False) -> Flag:
    """True or False (0 and 1 are read as such)."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool) and value not in (0, 1):
            raise TypeError(f"must be True or False, not {type(value).__name__}")
        return bool(value)

    return Param(read, default=default, doc=doc, was=was, kw_only=kw_only, annotation=bool)


def numbers_of(
    *,
    count: Optional[int] = None,
    default: Any = REQUIRED,
    low: float = -math.inf,
    high: float = math.inf,
    integer: bool = False,
    optional: bool = False,
    doc: str = "",
    was: tuple[str, ...] = (),
    kw_only: bool = False,
) -> Numbers:
    """A tuple of numbers, `count` of them if given; one number stands for itself `count` times (once without count)."""

    def read(value: Any) -> tuple[Any, ...]:
        kind = "must be a number or a sequence of numbers"
        if _is_number(value):
            value = (value,) * (count or 1)
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise TypeError(f"{kind}, not {type(value).__name__}")
        if count is not None and len(value) != count:
            raise ValueError(f"must have {count} values, not {len(value)}")
        if not value:
            raise ValueError("must not be empty")
        return tuple(_check_number(plain(v), low, high, integer) for v in value)

    return Param(
        _optional(read, optional),
        default=default,
        doc=doc,
        was=was,
        kw_only=kw_only,
        annotation=Optional[Union[float, Sequence[float]]] if optional else Union[float, Sequence[float]],
    )


def size(
    *, default: Any = REQUIRED, optional: bool = False, doc: str = "", was: tuple[str, ...] = (), kw_only: bool = False
) -> Size:
    """(height, width) in pixels, both at least 1; one number stands for a square."""
    kept = numbers_of(count=2, default=default, low=1, integer=True, optional=optional, doc=doc, was=was)
    kept.kw_only = kw_only
    return kept  # type: ignore[return-value]


def fill(
    *,
    default: Any = 0,
    words: tuple[str, ...] = (),
    optional: bool = False,
    doc: str = "",
    was: tuple[str, ...] = (),
    kw_only: bool = False,
) -> Fill:
    """A value for pixels that have none: a number, one a channel, in the image's own units, or one of `words`."""

    def read(value: Any) -> Any:
        allowed = "must be a number or one number a channel" + "".join(f", or {w!r}" for w in words)
        if isinstance(value, str):
            if value not in words:
                raise ValueError(allowed)
            return value
        if _is_number(value):
            return _check_number(value, -math.inf, math.inf, integer=False)
        if not isinstance(value, Sequence) or not value:
            raise TypeError(f"{allowed}, not {type(value).__name__}")
        return tuple(_check_number(plain(v), -math.inf, math.inf, integer=False) for v in value)

    return Param(
        _optional(read, optional),
        default=default,
        doc=doc,
        was=was,
        kw_only=kw_only,
        annotation=Union[float, Sequence[float], str, None],
    )


def _code(names: dict[int, str], default: Any, doc: str, was: tuple[str, ...], kw_only: bool) -> Code:
    def read(value: Any) -> int:
        if isinstance(value, bool) or value not in names:
            raise ValueError(f"must be one of {', '.join(f'cv2.{n} ({c})' for c, n in names.items())}")
        return int(value)

    return Param(read, default=default, doc=doc, was=was, kw_only=kw_only, annotation=int)


def interpolation(
    *, default: int = 1, doc: str = "OpenCV interpolation flag", was: tuple[str, ...] = (), kw_only: bool = False
) -> Code:
    """An OpenCV interpolation flag."""
    names = {
        0: "INTER_NEAREST",
        1: "INTER_LINEAR",
        2: "INTER_CUBIC",
        3: "INTER_AREA",
        4: "INTER_LANCZOS4",
        5: "INTER_LINEAR_EXACT",
        6: "INTER_NEAREST_EXACT",
    }
    return _code(names, default, doc, was, kw_only)


def border(
    *, default: int = 4, doc: str = "OpenCV border mode flag", was: tuple[str, ...] = (), kw_only: bool = False
) -> Code:
    """An OpenCV border mode flag."""
    names = {
        0: "BORDER_CONSTANT",
        1: "BORDER_REPLICATE",
        2: "BORDER_REFLECT",
        3: "BORDER_WRAP",
        4: "BORDER_REFLECT_101",
    }
    return _code(names, default, doc, was, kw_only)


def anything(
    *,
    read: Callable[[Any], Any] = lambda value: value,
    default: Any = REQUIRED,
    doc: str = "",
    was: tuple[str, ...] = (),
    kw_only: bool = False,
) -> Anything:
    """A value of the transform's own kind, read by a function of its own."""
    return Param(read, default=default, doc=doc, was=was, kw_only=kw_only)


class Spelling(NamedTuple):
    """An old way of saying things: the names it used, with that release's defaults, and what they became."""

    convert: Callable[..., dict[str, Any]]
    defaults: dict[str, Any]


def old_spelling(convert: Callable[..., dict[str, Any]]) -> Any:
    """Mark a function of a class body as an old spelling: its parameters are the old arguments with their defaults.

    It is called when any of them is given, and returns the canonical arguments that say the same.
    """
    parameters = inspect.signature(convert).parameters.values()
    return Spelling(convert, {p.name: p.default for p in parameters})


class _Signature:
    """The true signature of a class, made when somebody asks: `inspect.signature` reads it."""

    def __get__(self, instance: Any, owner: type["Declared"]) -> inspect.Signature:
        if owner.__init__ is not Declared.__init__:
            parameters = list(inspect.signature(owner.__init__).parameters.values())
            return inspect.Signature(parameters[1:])
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature(
            [inspect.Parameter(q.name, kind, default=q.default, annotation=q.annotation) for q in owner.params()]
        )


@dataclass_transform(
    kw_only_default=False,
    field_specifiers=(
        number,
        integer,
        span,
        choice,
        flag,
        numbers_of,
        size,
        fill,
        interpolation,
        border,
        anything,
    ),
)
class Declared:
    """A class whose constructor arguments are its declared parameters."""

    _params: ClassVar[dict[str, Param[Any, Any]]] = {}
    _spellings: ClassVar[list[Spelling]] = []
    _renamed: ClassVar[dict[str, str]] = {}
    __signature__ = _Signature()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = {n: v for n, v in vars(cls).items() if isinstance(v, Param)}
        for base in cls.__mro__[1:]:
            for name, param in getattr(base, "_params", {}).items():
                declared.setdefault(name, param)
        # Own parameters first, `p` last, whatever class declared it: the order of every release.
        cls._params = {n: v for n, v in declared.items() if n != "p"}
        if "p" in declared:
            cls._params["p"] = declared["p"]
        cls._spellings = [v for c in cls.__mro__ for v in vars(c).values() if isinstance(v, Spelling)]
        cls._renamed = {old: n for n, v in cls._params.items() for old in v.was}
        if cls.__doc__ and cls._params:
            lines = [f"    {n}: {param.documentation()}" for n, param in cls._params.items()]
            cls.__doc__ = inspect.cleandoc(cls.__doc__) + "\n\nArgs:\n" + "\n".join(lines) + "\n"

    @classmethod
    def params(cls) -> Iterator[Param[Any, Any]]:
        """The declared parameters in the order of the signature."""
        return iter(cls._params.values())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        given = _canonical(cls, _positional(cls, args, kwargs))
        for name, param in cls._params.items():
            if name in given:
                value = given[name]
            elif param.default is REQUIRED:
                raise TypeError(f"{cls.__name__}: the argument {name!r} is missing")
            else:
                value = param.default
            self.__dict__[name] = param.read(cls, value)
        self._check()

    def _check(self) -> None:
        """Checks that concern several parameters at once; raises ValueError."""

    def __setattr__(self, name: str, value: Any) -> None:
        param = type(self)._params.get(name)
        object.__setattr__(self, name, value if param is None else param.read(type(self), value))


def _positional(cls: type[Declared], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Name the positional arguments. Where `p` stands, older releases had `always_apply` first: a bool is that."""
    names = [n for n in cls._params if n != "p"]
    given = dict(kwargs)
    for index, value in enumerate(args):
        if index < len(names):
            name = names[index]
        elif index < len(names) + 2:
            name = "always_apply" if isinstance(value, bool) or value is None else "p"
        else:
            raise TypeError(f"{cls.__name__} takes at most {len(names) + 1} positional arguments, got {len(args)}")
        if name in given:
            raise TypeError(f"{cls.__name__}: the argument {name!r} is given twice")
        given[name] = value
    return given


def _canonical(cls: type[Declared], given: dict[str, Any]) -> dict[str, Any]:
    """Turn old spellings into canonical arguments; what is unknown raises with the nearest known name."""
    result: dict[str, Any] = {}
    old: dict[str, Any] = {}
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
    converted = {cls._renamed[name]: value for name, value in old.items() if name in cls._renamed}
    for spelling in cls._spellings:
        used = {name: old[name] for name in spelling.defaults if name in old}
        if used:
            try:
                converted.update(spelling.convert(**{**spelling.defaults, **used}))
            except (TypeError, ValueError) as error:
                said = ", ".join(f"{n}={v!r}" for n, v in used.items())
                raise type(error)(f"{cls.__name__}({said}): {error}") from None
    if given.get("always_apply"):
        result["p"] = 1.0  # "always" in the classic sense: whatever p says
    for name, value in converted.items():
        if name in result and plain(result[name]) != plain(value):
            said = ", ".join(f"{n}={v!r}" for n, v in old.items())
            raise ValueError(f"{cls.__name__}: {name}={result[name]!r} and the older {said} say different things")
        result[name] = value
    return result
