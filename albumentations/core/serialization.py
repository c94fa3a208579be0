"""Pipelines as dicts, JSON and YAML, and back: the one registry of classes, and files of every older release.

Reading a file runs none of it: a name in it is looked up among the classes that are defined, and nothing is imported.
"""

import inspect
import math
import os
import stat
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Optional, TextIO, Union

import numpy as np

from .params import nearest
from .paths import lazy

# Every transform and container ever defined, by its full path. Laws, docs, benchmark and command line loop over it.
REGISTRY: dict[str, type[Any]] = {}

LIBRARY = __name__.split(".")[0]

File = Union[str, "os.PathLike[str]", TextIO]


class Serializable:
    """What can be written down and read again. Defining a class registers it."""

    _abstract: ClassVar[bool] = True

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._abstract = abstract
        REGISTRY[full_name(cls)] = cls

    @classmethod
    def is_serializable(cls) -> bool:
        """Whether the class can be rebuilt from its arguments alone."""
        return True

    @classmethod
    def get_class_fullname(cls) -> str:
        """The name in saved files: short for classes of this library, the full path for others."""
        return cls.__name__ if is_library(cls) else full_name(cls)

    @classmethod
    def _from_file(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        """Arguments as they stand in a file, without what files of other releases say twice (`said_once`)."""
        return arguments

    def to_dict(self, on_not_implemented_error: str = "raise") -> dict[str, Any]:
        """The pipeline as a dict that `from_dict` reads; "warn" leaves out what cannot be written."""
        if on_not_implemented_error not in ("raise", "warn"):
            raise ValueError(f"on_not_implemented_error={on_not_implemented_error!r} must be 'raise' or 'warn'")
        from .. import __version__

        try:
            transform = plain(self._describe())
        except NotImplementedError as error:
            if on_not_implemented_error == "raise":
                raise
            warnings.warn(str(error), stacklevel=2)
            transform = {}
        return {"__version__": __version__, "transform": transform}

    def _describe(self) -> dict[str, Any]:
        """The class name and the arguments; raises NotImplementedError where that is not enough."""
        raise NotImplementedError


def full_name(cls: type) -> str:
    """The module and the qualified name of a class."""
    return f"{cls.__module__}.{cls.__qualname__}"


def is_library(cls: type) -> bool:
    """Whether the class is one of this library's own."""
    return cls.__module__.split(".")[0] == LIBRARY


def registered(base: type[Any]) -> Iterator[type[Any]]:
    """The library's own concrete classes below a base class, in order of definition."""
    return (c for c in list(REGISTRY.values()) if issubclass(c, base) and is_library(c) and not c._abstract)


def find_class(name: str) -> type[Any]:
    """The class of a saved name: short, full, or the path it had in an older release; nothing is imported.

    Raises:
        ValueError: no class of that name is defined, several are, or it is neither a transform nor a container.
    """
    from .run import Node  # it imports this module

    module, _, last = name.rpartition(".")
    ours = not module or module.split(".")[0] == LIBRARY
    if ours:
        # The library's classes are registered under the names they always had, wherever they live now.
        found = [c for c in REGISTRY.values() if is_library(c) and c.__name__ == last]
    elif name in REGISTRY:
        found = [REGISTRY[name]]
    else:
        # Older releases left out what a class is nested in.
        found = [c for c in REGISTRY.values() if f"{c.__module__}.{c.__name__}" == name]
    if len(found) > 1:
        raise ValueError(f"{name!r} may be any of {', '.join(map(full_name, found))}")
    if not found:
        imports = "" if ours else " (a module is never imported by reading a file: import it first)"
        raise ValueError(f"{name!r} is no transform or container that is defined{_hint(name, last)}{imports}")
    if not issubclass(found[0], Node) or found[0]._abstract:
        raise ValueError(f"{name!r} is no transform or container, but a base of others")
    return found[0]


def _hint(name: str, last: str) -> str:
    """The known class that was perhaps meant: one of the same short name, else the one spelled most alike."""
    known = [c.__name__ if is_library(c) else full_name(c) for c in REGISTRY.values()]
    namesakes = [k for k in known if k.rsplit(".", 1)[-1] == last]
    return f"; did you mean {namesakes[-1]!r}?" if namesakes else nearest(name, known) or nearest(last, known)


def to_dict(transform: Serializable, on_not_implemented_error: str = "raise") -> dict[str, Any]:
    """The pipeline as a dict that `from_dict` reads."""
    return transform.to_dict(on_not_implemented_error)


def from_dict(
    transform_dict: dict[str, Any],
    nonserializable: Optional[dict[str, Any]] = None,
    lambda_transforms: Optional[dict[str, Any]] = None,
) -> Any:
    """Build a pipeline from a dict, of this release or an older one.

    Args:
        transform_dict: what `to_dict` returned.
        nonserializable: transforms that cannot be saved (Lambda), by the name they were saved under.
        lambda_transforms: the older name of `nonserializable`.

    Raises:
        ValueError, TypeError: an unknown class or argument, or what is no pipeline; the message says where it stands.
    """
    if not isinstance(transform_dict, Mapping):
        raise TypeError(f"a saved pipeline must be a dict, not {type(transform_dict).__name__}")
    if "transform" not in transform_dict:
        raise ValueError(f"a saved pipeline must have the key 'transform', got {sorted(map(str, transform_dict))}")
    named: dict[str, Any] = {}
    for argument, given in (("lambda_transforms", lambda_transforms), ("nonserializable", nonserializable)):
        if given is not None and not isinstance(given, Mapping):
            raise TypeError(f"{argument} must be a dict of transforms by name, not {type(given).__name__}")
        named.update(given or {})
    return build(transform_dict["transform"], named)


# What a node of a saved file says beside the arguments of its class, and what replay records add.
_NAMES = ("__class_fullname__", "__type__")
_RECORDED = ("applied", "params", "events", "__version__")
_DEEPEST = 100


def build(node: Any, nonserializable: dict[str, Any], where: str = "transform", depth: int = 0) -> Any:
    """Build one node of a saved pipeline and all below it; `where` is its place in the document, for errors."""
    from .composition import BaseCompose  # both import this module
    from .run import Node

    if not isinstance(node, Mapping):
        raise TypeError(f"{where}: a saved transform must be a dict, not {type(node).__name__}")
    if "__instance__" in node:
        if not isinstance(node["__instance__"], Node):
            kind = type(node["__instance__"]).__name__
            raise TypeError(f"{where}: __instance__ is a transform in memory, which no file can hold; got {kind}")
        return node["__instance__"]
    if "__name__" in node:
        return _named(node, nonserializable, where)
    if "__class_fullname__" not in node:
        raise ValueError(f"{where}: a saved transform must have '__class_fullname__', got {sorted(map(str, node))}")
    cls, label = _class_of(node, where)
    if depth > _DEEPEST:
        raise ValueError(f"{label}: containers are nested more than {_DEEPEST} deep")
    recorded = _RECORDED if {"applied", "params"} <= set(node) else ()
    arguments = {k: v for k, v in node.items() if k not in _NAMES and k not in recorded}
    odd = [k for k in arguments if not isinstance(k, str)]
    if odd:
        raise TypeError(f"{label}: names of arguments must be strings, not {odd[0]!r}")
    if issubclass(cls, BaseCompose) and "transforms" in arguments:
        children = arguments["transforms"]
        if isinstance(children, str) or not isinstance(children, Sequence):
            raise TypeError(f"{label}: transforms must be a list, not {type(children).__name__}")
        arguments["transforms"] = [
            build(child, nonserializable, f"{where}.transforms[{i}]", depth + 1) for i, child in enumerate(children)
        ]
    return _construct(cls, cls._from_file(arguments), label)


def _class_of(node: Mapping[str, Any], where: str) -> tuple[type[Any], str]:
    """The class that a node names, and its place with the short name of the class."""
    name = node["__class_fullname__"]
    if not isinstance(name, str):
        raise TypeError(f"{where}: __class_fullname__ must be a string, not {type(name).__name__}")
    where = f"{where} ({name.rpartition('.')[2]})"
    try:
        return find_class(name), where
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _named(node: Mapping[str, Any], nonserializable: dict[str, Any], where: str) -> Any:
    """The transform that stands for a node which is saved by its name alone."""
    from .run import Node

    name, kind = node["__name__"], "Lambda"
    if "__class_fullname__" in node:
        cls, where = _class_of(node, where)
        kind = cls.__name__
    if not isinstance(name, str) or name not in nonserializable:
        given = sorted(map(str, nonserializable))
        raise ValueError(
            f"{where}: {kind} {name!r} cannot be rebuilt from a file: pass it to"
            f" from_dict or load, nonserializable={{{name!r}: transform}}; given were {given}"
        )
    if not isinstance(nonserializable[name], Node):
        raise TypeError(f"nonserializable[{name!r}] must be a transform, not {type(nonserializable[name]).__name__}")
    return nonserializable[name]


def _construct(cls: type[Any], arguments: dict[str, Any], where: str) -> Any:
    """Call the class; whatever it says of arguments from a file is said with their place."""
    try:
        return cls(**arguments)
    except TypeError as error:
        raise TypeError(f"{where}: {error}") from error
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError) as error:
        # Constructors that users write seldom check types; what is wrong is the file.
        raise ValueError(f"{where}: cannot be built: {type(error).__name__}: {error}") from error


def said_once(arguments: Mapping[str, Any], **again: Any) -> dict[str, Any]:
    """Arguments without those that say again what is known; where they say something else they stay, and raise."""
    return {n: v for n, v in arguments.items() if n not in again or jsonable(v, n) != jsonable(again[n], n)}


def plain(value: Any, arrays: bool = True) -> Any:
    """The value with NumPy's numbers, and its arrays unless they are to stay, as Python's, in containers too."""
    if isinstance(value, np.generic) or (arrays and isinstance(value, np.ndarray)):
        return value.tolist()
    if isinstance(value, dict):
        return {plain(k, arrays): plain(v, arrays) for k, v in value.items()}
    if type(value) in (list, tuple):
        return type(value)(plain(v, arrays) for v in value)
    return value


def jsonable(value: Any, where: str = "transform", json: bool = True) -> Any:
    """The value with tuples as lists and NumPy numbers as Python's, as JSON (or YAML) holds it and gives it back.

    Raises:
        TypeError, ValueError: it cannot be written; `where` and the path below it say what.
    """
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, Mapping):
        odd = [k for k in value if not isinstance(k, str if json else (str, int, float, bytes, type(None)))]
        if odd:
            raise TypeError(f"{where}: the key {odd[0]!r} cannot be written: keys must be strings")
        return {k: jsonable(v, f"{where}.{k}", json) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [jsonable(v, f"{where}[{i}]", json) for i, v in enumerate(value)]
    if value is None or isinstance(value, bool) or (isinstance(value, bytes) and not json):
        return value
    if isinstance(value, float) and json and not math.isfinite(value):
        raise ValueError(f"{where} = {value!r} cannot be written: JSON holds finite numbers only")
    # Enumerations and other kinds of numbers and strings are written as what they are based on.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, int) else float(value)
    raise TypeError(f"{where} = {value!r} cannot be written: {type(value).__name__} is no number, string, list or dict")


def _format_of(file: Any, data_format: Optional[str]) -> str:
    if data_format is None:
        data_format = "yaml" if str(file).lower().endswith((".yaml", ".yml")) else "json"
    if data_format not in ("json", "yaml"):
        raise ValueError(f"data_format={data_format!r} must be 'json' or 'yaml'")
    return data_format


def save(
    transform: Serializable,
    filepath_or_buffer: Optional[File] = None,
    data_format: Optional[str] = None,
    on_not_implemented_error: str = "raise",
    *,
    filepath: Optional[File] = None,
) -> None:
    """Write a pipeline to a file, whole or not at all: one that is there stays as it is until the new one is complete.

    Args:
        transform: the pipeline.
        filepath_or_buffer, filepath: a path, or an object open for writing text; the two names mean the same.
        data_format: "json" or "yaml"; by default what the file's ending says, else JSON.
        on_not_implemented_error: "raise", or "warn" to leave out what cannot be written.

    Raises:
        TypeError, ValueError: a value cannot be written, as NaN in JSON; the message says which.
        NotImplementedError: a transform cannot be rebuilt from its arguments.
    """
    place = _one_of(filepath_or_buffer, filepath)
    data_format = _format_of(place, data_format)
    try:
        document = transform.to_dict(on_not_implemented_error)
        document = {**document, "transform": jsonable(document["transform"], json=data_format == "json")}
    except RecursionError:
        raise ValueError("the pipeline cannot be written: a value is nested too deep, or holds itself") from None
    if data_format == "json":
        import json  # with yaml, not at import: many programs need neither

        text = json.dumps(document, indent=2, allow_nan=False)
    else:
        import yaml

        text = yaml.safe_dump(document, sort_keys=False)
    if isinstance(place, (str, os.PathLike)):
        _write(Path(place), text)
    else:
        place.write(text)


def _one_of(filepath_or_buffer: Optional[File], filepath: Optional[File]) -> File:
    """The file that is meant, under the name of its argument in any release."""
    place = filepath if filepath_or_buffer is None else filepath_or_buffer
    if place is None or None not in (filepath_or_buffer, filepath):
        raise TypeError("exactly one of filepath_or_buffer and filepath must be given")
    return place


def _write(path: Path, text: str) -> None:
    """Write beside the file, or what it links to, and rename."""
    target = Path(os.path.realpath(path))
    there = target.exists()
    if there and not target.is_file():
        # A device or a pipe has nothing to lose, and no other may take its place; a folder says that it is one.
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        return
    if there and not os.access(target, os.W_OK):
        raise PermissionError(f"{path} is there and may not be written to")
    part = target.with_name(f".albumentations-{os.urandom(8).hex()}.part")
    try:
        with open(part, "x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if there:
            os.chmod(part, stat.S_IMODE(target.stat().st_mode))
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def load(
    filepath_or_buffer: Optional[File] = None,
    data_format: Optional[str] = None,
    nonserializable: Optional[dict[str, Any]] = None,
    lambda_transforms: Optional[dict[str, Any]] = None,
    *,
    filepath: Optional[File] = None,
) -> Any:
    """Read a pipeline from a file of this or an older release; arguments and errors as in `save` and `from_dict`.

    Classes of your own must be defined before: reading a file imports nothing.
    """
    place = _one_of(filepath_or_buffer, filepath)
    data_format = _format_of(place, data_format)
    if isinstance(place, (str, os.PathLike)):
        with open(place, encoding="utf-8") as file:
            document = _read(file, data_format, str(place))
    else:
        document = _read(place, data_format, "the file")
    return from_dict(document, nonserializable, lambda_transforms)


def _read(file: TextIO, data_format: str, name: str) -> Any:
    """The document in a file: plain values only."""
    # What PyYAML lets out where a tagged value is not what its tag says is among them.
    problems: tuple[type[Exception], ...] = (ValueError, RecursionError, LookupError, AttributeError)
    read: Callable[[Any], Any]
    if data_format == "json":
        import json

        read = json.load
    else:
        import yaml

        read = yaml.safe_load
        problems = (*problems, yaml.YAMLError)
    try:
        return read(file)
    except problems as error:
        raise ValueError(f"{name} cannot be read as {data_format.upper()}: {error}") from error


def init_values(transform: Any, names: Any) -> dict[str, Any]:
    """The values of a transform's constructor arguments, read from its attributes."""
    if isinstance(names, str):
        names = (names,)
    missing: list[str] = [n for n in names if not hasattr(transform, n)]
    if missing:
        raise NotImplementedError(
            f"{full_name(type(transform))} cannot be saved: it keeps no attribute {', '.join(missing)};"
            " define get_transform_init_args_names"
        )
    return {n: getattr(transform, n) for n in names}


def init_names(cls: type[Any]) -> list[str]:
    """The names of the arguments of a class: of its declarations, or of the __init__ that a user has written."""
    parameters = inspect.signature(cls).parameters.values()
    names = [q.name for q in parameters if q.kind not in (q.VAR_POSITIONAL, q.VAR_KEYWORD)]
    if any(q.kind is q.VAR_KEYWORD for q in parameters):  # handed on to ours
        names += [n for n in cls._params if n not in names]
    return [n for n in names if n != "always_apply"]


if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there
    __getattr__ = lazy(__name__)
