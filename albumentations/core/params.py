"""Declarations of parameters: each argument of a transform is written once, as an annotated class attribute.

Here is what one of them knows, and the vocabulary of kinds: numbers, spans, choices, flags, fills. How a class makes
its constructor of them stands in declared.py, how older releases said the same in spellings.py.
"""

import inspect
import math
import numbers
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Callable, Generic, Literal, Optional, TypedDict, TypeVar, Union, overload

import numpy as np

if TYPE_CHECKING:
    from typing_extensions import Unpack

In = TypeVar("In")
Out = TypeVar("Out")

REQUIRED: Any = inspect.Parameter.empty
_LONGEST = 120  # characters of a value shown in an error


def plain(value: Any) -> Any:
    """NumPy numbers and arrays as Python numbers and lists; everything else as it is."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value


def shown(value: Any) -> str:
    """A value as errors show it: its repr, cut where it is very long."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 20]}... ({len(text)} characters)"


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the known name most like the given one, or nothing."""
    import difflib  # only errors need it

    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {found[0]!r}?" if found else ""


class Field(TypedDict, total=False):
    """What every declaration may say, whatever its kind; see Param."""

    default: Any
    doc: str
    was: tuple[str, ...]
    then: Callable[[Any], Any]
    kw_only: bool


class Param(Generic[In, Out]):
    """One declared parameter.

    Args:
        read: takes what the user wrote and returns the value kept, or raises TypeError or ValueError with the words
            that follow the name of the argument ("must lie in [0, 1]").
        annotation: the type shown by `inspect.signature`.
        optional: None is kept as it is.
        default: what stands for a value that is not given; it is read like one.
        doc: the line of documentation; without it, that of the parameter of the same name in a base class.
        was: older names.
        then: what becomes of the value read, or a check of it, in the manner of `read`.
        kw_only: for type checkers alone, which derive positions from inheritance; in truth they are `Declared.order`.
    """

    name: str = ""

    def __init__(
        self,
        read: Callable[[Any], Any],
        *,
        annotation: Any = Any,
        optional: bool = False,
        default: Any = REQUIRED,
        doc: str = "",
        was: tuple[str, ...] = (),
        then: Optional[Callable[[Any], Any]] = None,
        kw_only: bool = False,
    ) -> None:
        self.kind = read
        self.annotation = Optional[annotation] if optional else annotation
        self.optional = optional
        self.default = default
        self.doc = doc
        self.was = was
        self.then = then

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> "Param[In, Out]": ...
        @overload
        def __get__(self, instance: object, owner: type) -> Out: ...
        def __get__(self, instance: Any, owner: type) -> Any: ...
        def __set__(self, instance: object, value: In) -> None: ...

    def documentation(self) -> str:
        """The line that stands for it in the docstring of its class."""
        return self.doc if self.default is REQUIRED else f"{self.doc}. Default: {self.default!r}."

    def reader(self, value: Any) -> Any:
        """The value to keep, of plain Python values; errors say what is allowed."""
        if value is None and self.optional:
            return None
        value = self.kind(value)
        return value if self.then is None else self.then(value)

    def read(self, owner: type, value: Any) -> Any:
        """The value to keep; errors name the transform, the argument, the value given and what is allowed."""
        value = plain(value)
        try:
            return self.reader(value)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{owner.__name__}({self.name}={shown(value)}): {self.name} {error}") from None


Range = Param[Union[float, Sequence[float]], tuple[float, float]]
OptionalRange = Param[Union[float, Sequence[float], None], Optional[tuple[float, float]]]
Number = Param[float, float]
OptionalNumber = Param[Optional[float], Optional[float]]
Integer = Param[int, int]
OptionalInteger = Param[Optional[int], Optional[int]]
Flag = Param[bool, bool]
Choice = Param[str, str]
OptionalChoice = Param[Optional[str], Optional[str]]
Code = Param[int, int]
Fill = Param[Union[float, Sequence[float], str, None], Any]
Size = Param[Sequence[int], tuple[int, int]]
Numbers = Param[Union[float, Sequence[float]], tuple[float, ...]]
OptionalNumbers = Param[Union[float, Sequence[float], None], Optional[tuple[float, ...]]]
Anything = Param[Any, Any]
Probability = Param[float, float]


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _bounds(low: float, high: float) -> str:
    left = "(-inf" if low == -math.inf else f"[{_exact(low)}"
    right = "inf)" if high == math.inf else f"{_exact(high)}]"
    return f"{left}, {right}"


def _exact(bound: float) -> str:
    """A bound in short where that is all of it; pi is shown with all its digits."""
    short = f"{bound:g}"
    return short if float(short) == bound else repr(bound)


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


def positive(value: Any) -> Any:
    """For `then`: refuse 0, where the lower bound is 0."""
    if not value:
        raise ValueError("must be above 0")
    return value


@overload
def number(
    *, low: float = ..., high: float = ..., optional: Literal[True], **field: "Unpack[Field]"
) -> OptionalNumber: ...
@overload
def number(
    *, low: float = ..., high: float = ..., optional: Literal[False] = ..., **field: "Unpack[Field]"
) -> Number: ...
def number(*, low: float = -math.inf, high: float = math.inf, optional: bool = False, **field: "Unpack[Field]") -> Any:
    """One number within bounds; None where `optional`."""
    return Param(lambda v: _check_number(v, low, high, integer=False), annotation=float, optional=optional, **field)


def probability(**field: "Unpack[Field]") -> Probability:
    """The probability of applying a transform."""
    field.setdefault("doc", "probability of applying the transform")
    return number(low=0, high=1, **field)


@overload
def integer(
    *, low: float = ..., high: float = ..., optional: Literal[True], **field: "Unpack[Field]"
) -> OptionalInteger: ...
@overload
def integer(
    *, low: float = ..., high: float = ..., optional: Literal[False] = ..., **field: "Unpack[Field]"
) -> Integer: ...
def integer(*, low: float = -math.inf, high: float = math.inf, optional: bool = False, **field: "Unpack[Field]") -> Any:
    """One integer within bounds; None where `optional`."""
    return Param(lambda v: _check_number(v, low, high, integer=True), annotation=int, optional=optional, **field)


@overload
def span(
    *,
    start: Optional[float] = ...,
    around: Optional[float] = ...,
    low: float = ...,
    high: float = ...,
    integer: bool = ...,
    pair: bool = ...,
    signed: bool = ...,
    optional: Literal[True],
    **field: "Unpack[Field]",
) -> OptionalRange: ...
@overload
def span(
    *,
    start: Optional[float] = ...,
    around: Optional[float] = ...,
    low: float = ...,
    high: float = ...,
    integer: bool = ...,
    pair: bool = ...,
    signed: bool = ...,
    optional: Literal[False] = ...,
    **field: "Unpack[Field]",
) -> Range: ...
def span(
    *,
    start: Optional[float] = None,
    around: Optional[float] = None,
    low: float = -math.inf,
    high: float = math.inf,
    integer: bool = False,
    pair: bool = False,
    signed: bool = True,
    optional: bool = False,
    **field: "Unpack[Field]",
) -> Any:
    """A pair (low, high), both included. One number x is read as (start, x), (around - x, around + x), or (x, x).

    `pair`: one number is refused. For limits that older releases gave as two arguments, of which a number by position
    would be one. `signed`: one number may be negative, where its size is what counts.
    """

    def widen(x: Any) -> tuple[Any, Any]:
        if start is not None:
            return (start, x) if start <= x else (x, start)
        if around is not None:
            # (1 - x, 1 + x) ends at 0, which 1.x and torchvision say too; what else is beyond a bound is refused.
            return (max(around - abs(x), low) if around else -abs(x), around + abs(x))
        return (x, x)

    def read(value: Any) -> tuple[Any, Any]:
        kind = "must be a pair of numbers" if pair else "must be a number or a pair of numbers"
        if _is_number(value) and not pair:
            if value < 0 and not signed:
                raise ValueError("must not be negative where it is one number")
            value = widen(_check_number(value, -math.inf, math.inf, integer, kind))
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise TypeError(f"{kind}, not {type(value).__name__}")
        if len(value) != 2:
            raise ValueError(f"{kind}, not {len(value)} values")
        first, second = (_check_number(plain(v), low, high, integer) for v in value)
        if first > second:
            raise ValueError("must be ordered: (low, high)")
        return first, second

    return Param(read, annotation=Union[float, Sequence[float]], optional=optional, **field)


@overload
def choice(*options: Any, optional: Literal[True], **field: "Unpack[Field]") -> OptionalChoice: ...
@overload
def choice(*options: Any, optional: Literal[False] = ..., **field: "Unpack[Field]") -> Choice: ...
def choice(*options: Any, optional: bool = False, **field: "Unpack[Field]") -> Any:
    """One of the named options; an enum member counts as its value."""

    def read(value: Any) -> Any:
        value = getattr(value, "value", value)
        if value not in options:
            raise ValueError(f"must be one of {', '.join(repr(o) for o in options)}")
        return value

    return Param(read, annotation=str, optional=optional, **field)


def flag(**field: "Unpack[Field]") -> Flag:
    """True or False (0 and 1 are read as such)."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool) and value not in (0, 1):
            raise TypeError(f"must be True or False, not {type(value).__name__}")
        return bool(value)

    return Param(read, annotation=bool, **field)


@overload
def numbers_of(
    *,
    count: Optional[int] = ...,
    low: float = ...,
    high: float = ...,
    integer: bool = ...,
    optional: Literal[True],
    **field: "Unpack[Field]",
) -> OptionalNumbers: ...
@overload
def numbers_of(
    *,
    count: Optional[int] = ...,
    low: float = ...,
    high: float = ...,
    integer: bool = ...,
    optional: Literal[False] = ...,
    **field: "Unpack[Field]",
) -> Numbers: ...
def numbers_of(
    *,
    count: Optional[int] = None,
    low: float = -math.inf,
    high: float = math.inf,
    integer: bool = False,
    optional: bool = False,
    **field: "Unpack[Field]",
) -> Any:
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

    return Param(read, annotation=Union[float, Sequence[float]], optional=optional, **field)


def size(**field: "Unpack[Field]") -> Size:
    """(height, width) in pixels, both at least 1; one number stands for a square."""
    kept: Any = numbers_of(count=2, low=1, integer=True, **field)
    return kept  # type: ignore[no-any-return]


def fill_value(*, words: tuple[str, ...] = (), optional: bool = False, **field: "Unpack[Field]") -> Fill:
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

    return Param(read, annotation=Union[float, Sequence[float], str, None], optional=optional, **field)


def _code(names: tuple[str, ...], field: Field) -> Code:
    def read(value: Any) -> int:
        if isinstance(value, bool) or value not in range(len(names)):
            raise ValueError(f"must be one of {', '.join(f'cv2.{n} ({c})' for c, n in enumerate(names))}")
        return int(value)

    return Param(read, annotation=int, **field)


_INTERPOLATIONS = (
    "INTER_NEAREST",
    "INTER_LINEAR",
    "INTER_CUBIC",
    "INTER_AREA",
    "INTER_LANCZOS4",
    "INTER_LINEAR_EXACT",
    "INTER_NEAREST_EXACT",
)
_BORDERS = ("BORDER_CONSTANT", "BORDER_REPLICATE", "BORDER_REFLECT", "BORDER_WRAP", "BORDER_REFLECT_101")


def interpolation_flag(**field: "Unpack[Field]") -> Code:
    """An OpenCV interpolation flag."""
    return _code(_INTERPOLATIONS, field)


def border_flag(**field: "Unpack[Field]") -> Code:
    """An OpenCV border mode flag."""
    return _code(_BORDERS, field)


def anything(*, read: Callable[[Any], Any] = lambda value: value, **field: "Unpack[Field]") -> Anything:
    """A value of the transform's own kind, read by a function of its own."""
    return Param(read, **field)
