"""Spellings of older releases in Python sources and saved pipelines, rewritten in the canonical one."""

import ast
import difflib
import io
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Optional

import cv2
import libcst as cst
from libcst import metadata

import albumentations as A

from ..core.declared import Declared
from ..core.params import REQUIRED
from ..core.spellings import Symbol, _swapped, by_name

Given = dict[str, Any]


class Left(Exception):
    """Why a call is left as it is."""


class Result(NamedTuple):
    """A file before and after, and what is left to do by hand, with its line."""

    before: str
    after: str
    left: list[tuple[int, str]]


def migrate(paths: Iterable[Path], write: bool) -> int:
    """Show, or write, what files become; 1 where something is left to do by hand, else 0."""
    status = 0
    for path in paths:
        try:
            result = rewritten(path)
        except (OSError, ValueError, TypeError, cst.ParserSyntaxError) as error:
            result = Result("", "", [(1, f"left as it is: {error}")])
        for line, message in result.left:
            print(f"{path}:{line}: {message}", file=sys.stderr)
            status = 1
        if result.before == result.after:
            continue
        if write:
            temporary = path.with_name(path.name + ".migrated")
            temporary.write_bytes(result.after.encode("utf-8"))
            temporary.chmod(path.stat().st_mode & 0o7777)
            os.replace(temporary, path)
            print(f"{path}: rewritten")
        else:
            lines = (result.before.splitlines(keepends=True), result.after.splitlines(keepends=True))
            sys.stdout.writelines(difflib.unified_diff(*lines, str(path), str(path)))
    return status


def rewritten(path: Path) -> Result:
    """A file in the canonical spelling: a Python source, or a pipeline in JSON or YAML."""
    before = path.read_bytes().decode("utf-8")
    if path.suffix not in (".json", ".yaml", ".yml"):
        return source(before)
    pipeline, buffer = A.load(path), io.StringIO()
    data_format = "json" if path.suffix == ".json" else "yaml"
    A.save(pipeline, buffer, data_format=data_format)
    if data_format == "json":
        same = json.loads(before).get("transform") == json.loads(buffer.getvalue())["transform"]
    else:
        import yaml

        same = yaml.safe_load(before).get("transform") == yaml.safe_load(buffer.getvalue())["transform"]
    return Result(before, before if same else buffer.getvalue(), [])


def source(before: str) -> Result:
    """A Python source in the canonical spelling."""
    wrapper = metadata.MetadataWrapper(cst.parse_module(before))
    calls = _Calls(wrapper.module)
    return Result(before, wrapper.visit(calls).code, calls.left)


class _Calls(cst.CSTTransformer):
    """Every call of a class of this library, however it was imported."""

    METADATA_DEPENDENCIES = (metadata.QualifiedNameProvider, metadata.PositionProvider)

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.module = module
        self.left: list[tuple[int, str]] = []

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        cls = self._class(original_node.func)
        if cls is None or any(arg.star for arg in original_node.args):
            return updated_node
        try:
            args = self._args(cls, original_node, updated_node)
        except (Left, TypeError, ValueError) as error:
            line = self.get_metadata(metadata.PositionProvider, original_node).start.line  # type: ignore[attr-defined]
            owner = "" if str(error).startswith(cls.__name__) else f"{cls.__name__}: "
            self.left.append((line, f"left as it is: {owner}{error}"))
            return updated_node
        return updated_node if args is None else updated_node.with_changes(args=args)

    def _names(self, node: cst.CSTNode) -> set[str]:
        found: Any = self.get_metadata(metadata.QualifiedNameProvider, node, set())
        return {name.name for name in found if name.source is metadata.QualifiedNameSource.IMPORT}

    def _class(self, func: cst.CSTNode) -> Optional[type[Declared]]:
        for name in self._names(func):
            root, _, last = name.partition(".")[0], *name.rpartition(".")[1:]
            found = getattr(A, last, None) if root == A.__name__ else None
            if isinstance(found, type) and issubclass(found, Declared) and hasattr(found.__init__, "is_declared"):
                return found
        return None

    def _value(self, node: cst.BaseExpression, code: str) -> Any:
        for name in self._names(node):
            if name.startswith("cv2.") and isinstance(getattr(cv2, name[4:], None), int):
                return getattr(cv2, name[4:])
        try:
            return ast.literal_eval(code)
        except (ValueError, SyntaxError, TypeError):
            return Symbol(code)

    def _args(self, cls: Any, original: cst.Call, updated: cst.Call) -> Optional[list[cst.Arg]]:
        """The arguments of a call in the canonical spelling, None where they are in it."""
        values = [self._value(arg.value, self.module.code_for_node(arg.value)) for arg in original.args]
        count = sum(arg.keyword is None for arg in original.args)
        keywords = {arg.keyword.value: value for arg, value in zip(original.args, values) if arg.keyword}
        positions = _positions(cls, values[:count], keywords)
        given = {**dict(zip(positions, values)), **keywords}
        by_position = set(positions) if positions == cls._orders[0][:count] else set()
        if len(by_position) == count and given.keys() <= cls._params.keys():
            return None
        new = _canonical(cls, given)
        old = dict(zip((*positions, *keywords), updated.args))
        made = []
        for name, (kept, value) in new.items():
            arg = old[kept] if kept else cst.Arg(cst.parse_expression(repr(value)))
            if name not in by_position:
                arg = arg.with_changes(keyword=cst.Name(name), equal=old[kept].equal if kept in keywords else _EQUAL)
            made.append(arg)
        return _spaced(made, list(updated.args))


_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def _spaced(made: list[cst.Arg], before: list[cst.Arg]) -> list[cst.Arg]:
    """Arguments with commas and line breaks like those there were."""
    between = next((arg.comma for arg in before[:-1]), cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    commas = [arg.comma if arg in before[:-1] else between for arg in made[:-1]]
    return [arg.with_changes(comma=comma) for arg, comma in zip(made, [*commas, before[-1].comma])]


def _positions(cls: Any, values: list[Any], keywords: Given) -> tuple[str, ...]:
    """The names of positional arguments, where one meaning is left."""
    count = len(values)
    orders = {order[:count] for era in cls._orders for order in _swapped(era) if len(order) >= count}
    if len(orders) == 1:
        return orders.pop()
    unknown = [value for value in values if type(value) is Symbol]
    if unknown:
        same = {tuple(cls._renamed.get(name, name) for name in order) for order in orders}
        if len(same) == 1:
            return cls._orders[0][:count]  # type: ignore[no-any-return]
        raise Left(f"by position releases read it differently, and {unknown[0]!r} is no literal; write it by name")
    known = {name: _stand_in(cls, name) if type(value) is Symbol else value for name, value in keywords.items()}
    return tuple(by_name(cls, tuple(values), known))[:count]


def _stand_in(cls: Any, name: str) -> Any:
    """Some value of an argument, where the true one is not known."""
    canonical = cls._renamed.get(name, name)
    defaults = [spelling.defaults[name] for spelling in cls._spellings if name in spelling.defaults]
    defaults += [cls._params[canonical].default] if canonical in cls._params else []
    examples = [example[canonical] for example in getattr(cls, "examples", ()) if canonical in example]
    return next((v for v in (*defaults, *examples) if v is not None and v is not REQUIRED), 9)


def _canonical(cls: Any, given: Given) -> dict[str, tuple[str, Any]]:
    """Canonical names, each with the name whose expression it keeps ("" where it gets a new one), and its value."""
    always = given.get("always_apply")
    if type(always) is Symbol:
        raise Left(f"always_apply={always!r} is no literal")
    values = {name: _stand_in(cls, name) if type(v) is Symbol else v for name, v in given.items()}
    meant = cls(**values)
    new: dict[str, tuple[str, Any]] = {}
    for name, value in given.items():
        if name in cls._params:
            new.setdefault(name, (name, values[name]))
        elif name in cls._renamed and value is not None:
            new.setdefault(cls._renamed[name], (name, values[name]))
        for spelling in cls._spellings if value is not None else ():
            if name in spelling.defaults and name not in cls._params:
                used = {n: given[n] for n in spelling.defaults if given.get(n) is not None}
                for canonical, converted in spelling.convert(**{**spelling.defaults, **used}).items():
                    new.setdefault(canonical, ("", converted))
    if always:
        new["p"] = ("", 1.0)
    # What one spelling brings for what is left out and another does not is written out.
    plain = {n: values[kept] if kept else _known(meant, n, v) for n, (kept, v) in new.items()}
    made = cls(**plain)
    for name in cls._params:
        if getattr(made, name) != getattr(meant, name):
            new[name] = ("", getattr(meant, name))
            ast.literal_eval(repr(new[name][1]))  # or it cannot be written
    return new


def _known(meant: Any, name: str, value: Any) -> Any:
    """A converted value, or what became of the stand-ins where expressions are in it."""
    try:
        ast.literal_eval(repr(value))
        return value
    except (ValueError, SyntaxError):
        return getattr(meant, name)
