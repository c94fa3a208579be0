"""Pipelines as dicts, JSON and YAML, and back: the one registry of classes, and files of every older release."""

import importlib
import os
import warnings
from collections.abc import Iterator
from typing import Any, Callable, ClassVar, Optional, TextIO, Union

import numpy as np

from .params import nearest

# Every transform and container ever defined, by its full path. Laws, docs, benchmark and command line loop over it.
REGISTRY: dict[str, type] = {}

LIBRARY = __name__.split(".")[0]

File = Union[str, "os.PathLike[str]", TextIO]


class Serializable:
    """What can be written down and read again. Defining a class registers it."""

    abstract: ClassVar[bool] = True

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.abstract = abstract
        REGISTRY[full_name(cls)] = cls

    @classmethod
    def is_serializable(cls) -> bool:
        """Whether the class can be rebuilt from its arguments alone."""
        return True

    @classmethod
    def get_class_fullname(cls) -> str:
        """The name in saved files: short for classes of this library, the full path for others."""
        return cls.__name__ if is_library(cls) else full_name(cls)

    def to_dict(self, on_not_implemented_error: str = "raise") -> dict[str, Any]:
        """The pipeline as a dict that `from_dict` reads; "warn" leaves out what cannot be written."""
        if on_not_implemented_error not in ("raise", "warn"):
            raise ValueError(f"on_not_implemented_error={on_not_implemented_error!r} must be 'raise' or 'warn'")
        from .. import __version__

        try:
            transform = self._describe()
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
    return (
        c
        for c in list(REGISTRY.values())
        if issubclass(c, base) and is_library(c) and not getattr(c, "abstract", False)
    )


def find_class(name: str) -> type[Any]:
    """The class of a saved name: short, full, or the path it had in an older release."""
    last = name.rsplit(".", 1)[-1]
    if "." not in name or name.startswith(f"{LIBRARY}."):
        # All of this library's classes are registered under the names they always had, wherever they live now.
        for cls in REGISTRY.values():
            if is_library(cls) and cls.__name__ == last:
                return cls
    if name in REGISTRY:
        return REGISTRY[name]
    module, _, attribute = name.rpartition(".")
    if module and not name.startswith(f"{LIBRARY}."):
        found: Any = getattr(importlib.import_module(module), attribute, None)
        if isinstance(found, type) and issubclass(found, Serializable):
            return found
        raise ValueError(f"{name!r} is no transform: a saved pipeline may name transforms and containers only")
    known = [cls.__name__ for cls in REGISTRY.values() if is_library(cls)]
    raise ValueError(f"unknown transform {name!r}{nearest(last, known)}")


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
        ValueError, TypeError: an unknown class or argument; the message names both.
    """
    if not isinstance(transform_dict, dict):
        raise TypeError(f"a saved pipeline must be a dict, not {type(transform_dict).__name__}")
    if "transform" not in transform_dict:
        raise ValueError(f"a saved pipeline must have the key 'transform', got {sorted(map(str, transform_dict))}")
    return build(transform_dict["transform"], {**(lambda_transforms or {}), **(nonserializable or {})})


# What a node of a saved file says beside the arguments of its class: names, and what replay records add.
_MARKS = ("__class_fullname__", "__type__", "__name__", "applied", "params", "events")


def build(node: dict[str, Any], nonserializable: dict[str, Any]) -> Any:
    """Build one node of a saved pipeline and all below it."""
    if not isinstance(node, dict) or not ({"__class_fullname__", "__type__"} & set(node)):
        raise ValueError(f"a saved transform must be a dict with '__class_fullname__', got {node!r}")
    if "__instance__" in node:
        return node["__instance__"]
    if "__name__" in node:
        name = node["__name__"]
        if name not in nonserializable:
            raise ValueError(
                f"{node.get('__class_fullname__', 'Lambda')} {name!r} cannot be rebuilt from a file: pass it to"
                f" from_dict or load, nonserializable={{{name!r}: transform}}; given were {sorted(nonserializable)}"
            )
        return nonserializable[name]
    arguments = {k: v for k, v in node.items() if k not in _MARKS}
    for key, value in arguments.items():
        if key == "transforms":
            arguments[key] = [build(child, nonserializable) for child in value]
    return find_class(node["__class_fullname__"])(**arguments)


def jsonable(value: Any) -> Any:
    """The value with tuples as lists and NumPy numbers as Python's, as JSON and YAML hold it."""
    if isinstance(value, dict):
        return {k: jsonable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(v) for v in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    return value


def _format_of(file: Any, data_format: Optional[str]) -> str:
    if data_format is None:
        data_format = "yaml" if str(file).lower().endswith((".yaml", ".yml")) else "json"
    if data_format not in ("json", "yaml"):
        raise ValueError(f"data_format={data_format!r} must be 'json' or 'yaml'")
    return data_format


def _with_file(file: File, mode: str, work: Callable[[Any], Any]) -> Any:
    if isinstance(file, (str, os.PathLike)):
        with open(file, mode, encoding="utf-8") as opened:
            return work(opened)
    return work(file)


def save(
    transform: Serializable,
    filepath_or_buffer: File,
    data_format: Optional[str] = None,
    on_not_implemented_error: str = "raise",
) -> None:
    """Write a pipeline to a file.

    Args:
        transform: the pipeline.
        filepath_or_buffer: a path, or an object open for writing text.
        data_format: "json" or "yaml"; by default what the file's ending says, else JSON.
        on_not_implemented_error: "raise", or "warn" to leave out what cannot be written.
    """
    document = jsonable(transform.to_dict(on_not_implemented_error))
    if _format_of(filepath_or_buffer, data_format) == "json":
        import json  # with yaml, not at import: many programs need neither

        _with_file(filepath_or_buffer, "w", lambda file: json.dump(document, file, indent=2))
    else:
        import yaml

        _with_file(filepath_or_buffer, "w", lambda file: yaml.safe_dump(document, file, sort_keys=False))


def load(
    filepath_or_buffer: File,
    data_format: Optional[str] = None,
    nonserializable: Optional[dict[str, Any]] = None,
    lambda_transforms: Optional[dict[str, Any]] = None,
) -> Any:
    """Read a pipeline from a file of this or an older release; arguments as in `save` and `from_dict`."""
    if _format_of(filepath_or_buffer, data_format) == "json":
        import json

        document = _with_file(filepath_or_buffer, "r", json.load)
    else:
        import yaml

        document = _with_file(filepath_or_buffer, "r", yaml.safe_load)
    return from_dict(document, nonserializable, lambda_transforms)


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
