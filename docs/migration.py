"""docs/migration.md from the declarations: `python docs/migration.py` writes it, and a test compares it."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: the checkout that it stands in, in contrast to tests of what is installed
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import albumentations as A
from albumentations.core.params import REQUIRED
from albumentations.core.serialization import registered
from albumentations.core.spellings import Spelling, Symbol, said
from albumentations.core.transforms_interface import BasicTransform

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "migration.md"
SIGNATURES = json.loads((ROOT / "tests" / "data" / "signatures.json").read_text(encoding="utf-8"))
READERS = {"read_rgb_image": None}  # a function that is a default; no difference of defaults

HEAD = """# From older releases

Made of the declarations by `python docs/migration.py`; do not edit.

Pipelines written for 0.4 – 2.0.8 run as they are, and mean what they meant: every argument is read under each name it
had, by name and by the position it had. Nothing has to be migrated. Who wants the canonical spelling (that of 2.0.8)
gets it from `albumentations migrate FILE…`: it shows what Python sources, JSON and YAML become, and writes them with
`--write`. `A.explain(pipeline)` shows what was read, and from which older names.

## What holds everywhere

- **Unknown arguments raise** `TypeError` with the nearest name that is known. The same thing said twice, in an old
  spelling and a new one, must have the same value.
- **`always_apply`** is read by every transform: `True` is `p=1`, `False` and `None` say nothing.
- **`None` for an old name** says nothing, as saved pipelines and defensive code write it: `var_limit=None`.
- **One number for a range** is read as the argument's documentation says, mostly (-x, x); lists stand for tuples,
  NumPy's numbers and arrays for Python's, members of enumerations for their values, plain numbers for OpenCV's flags.
- **Old arguments left out** take the defaults of their release: `CoarseDropout(max_holes=4)` has holes of 8 × 8 pixels.
  So do names that only later releases had (below: "brings"): `CoarseDropout(num_holes_range=(1, 3))` has 2.0.8's holes.

## By position

Positions changed their meaning from release to release. Every order that any release had is tried, and those in which
all given values can be read are kept: a bool is `always_apply`, a number is a probability, a pair is no single number.
If they all mean the same, that is what is built. If two mean something else, a `TypeError` shows both and how to write
each by name. A name that only one era had, given beside, decides too. `MedianBlur(7, 1)` is `p=1`,
`MedianBlur(7, True)` is `always_apply=True`; `CoarseDropout(8, 8, 8, 1)` could be `min_holes=1` or `fill=1`: it raises.

## Transforms

"Positions" are the older orders; the first line is the canonical one.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for cls in sorted(registered(BasicTransform), key=lambda c: c.__name__):
        lines = list(_of(cls))
        if lines:
            parts.append("\n".join([f"### {cls.__name__}", "", *lines, ""]))
    parts.append("\n".join(["## Defaults that differ from 2.0.8", "", *_differences(), ""]))
    return "\n".join(parts)


def _of(cls: Any) -> Iterator[str]:
    """What a class was told in older spellings."""
    names = [f"| `{old}` | `{new}` |" for old, new in cls._renamed.items()]
    names += [f"| `{old}` | `{new}` |" for old, new in map(_spelled, cls._spellings)]
    if names:
        yield from ("| Was | Became |", "|---|---|", *names, "")
    for brings, defaults in cls._beside.items():
        listed = ", ".join(f"`{name}`" for name in brings.split())
        yield f"- Any of {listed} brings `{said(defaults)}` where that is left out."
    if len(cls._orders) > 1:
        yield "- Positions:"
        yield from (f"  - `{', '.join(order)}`" for order in cls._orders)


def _spelled(spelling: Spelling) -> tuple[str, str]:
    """An old spelling, and what it becomes in terms of its names, or at its defaults."""
    given = {name: Symbol(name) if value is REQUIRED else value for name, value in spelling.defaults.items()}
    old = ", ".join(name if value is REQUIRED else f"{name}={value!r}" for name, value in spelling.defaults.items())
    for values in ({name: Symbol(name) for name in given}, given):
        try:
            new = said(spelling.convert(**values))
        except TypeError:
            continue
        if new and " object at " not in new:
            return old, new
    return old, "what is given, by the names of the first line"


def _differences() -> Iterator[str]:
    """Defaults of classes that are not those of 2.0.8."""
    yield from ("Where a transform existed in 1.x its bare form does what 1.3.1 did.", "")
    yield from ("| Transform | Argument | Here | 2.0.8 |", "|---|---|---|---|")
    for cls in sorted(registered(BasicTransform), key=lambda c: c.__name__):
        text = SIGNATURES.get(cls.__name__, {}).get("2.0.8")
        if text is None:
            continue
        needed = {n: v for n, v in cls.examples[0].items() if cls._params[n].default is REQUIRED}
        row = {name: value for name, value in _parsed(text).items() if value is not None and name not in needed}
        try:
            here, there = cls(**needed), cls(**{**row, **needed})
        except ValueError:  # of two arguments one must be given
            needed = dict(cls.examples[0])
            here, there = cls(**needed), cls(**{**row, **needed})
        for name in cls._params:
            mine, other = getattr(here, name), getattr(there, name)
            if repr(mine) != repr(other) and mine != other:
                yield f"| `{cls.__name__}` | `{name}` | `{mine!r}` | `{other!r}` |"


def _parsed(text: str) -> dict[str, Any]:
    """The defaults that a signature shows, by name."""
    arguments = ast.parse(f"def f({text}): pass").body[0].args  # type: ignore[attr-defined]
    defaults = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    return {
        argument.arg: READERS[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)
        for argument, node in zip(defaults, arguments.defaults)
    }


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE} for {A.__version__}")
