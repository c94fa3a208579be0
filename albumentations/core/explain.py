"""What a pipeline does, as a table to read: chances through nested p, targets, dtypes, arguments, older spellings."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .composition import BaseCompose, OneOf, OneOrOther, RandomOrder, SomeOf
from .run import Node
from .serialization import init_names, init_values
from .spellings import said

_WIDTH = 60  # characters of a column of arguments
_HEAD = ("chance", "step", "changes", "takes", "arguments", "was written as")
Line = tuple[str, ...]


class Explanation(str):
    """A text that shows itself as it is, in a notebook and at a prompt too."""

    def __repr__(self) -> str:
        return str(self)


def explain(pipeline: Any) -> Explanation:
    """A readable table of a pipeline or a transform, one step below the other.

    Its columns: how likely a call is to apply the step at least once, whatever it stands in; the step; what it changes;
    the dtypes and numbers of channels that it takes; its arguments in canonical spelling; what was given in an older
    one. Chances of containers that users wrote count as if they ran all that is in them.

    Raises:
        TypeError: it is neither a transform nor a container.
    """
    if not isinstance(pipeline, Node):
        raise TypeError(f"explain takes a pipeline or a transform, not {type(pipeline).__name__}")
    lines = [_HEAD, *_steps(pipeline, 1.0, False, "")]
    used = [i for i in range(len(_HEAD)) if any(line[i] for line in lines[1:])]
    wrapped = [[textwrap.wrap(line[i], _WIDTH, subsequent_indent="  ") or [""] for i in used] for line in lines]
    if used[:2] == [0, 1]:  # the indentation shows what a step stands in
        for cells, line in zip(wrapped, lines):
            cells[1] = [line[1]]
    widths = [max(len(text) for cells in wrapped for text in cells[at]) for at in range(len(used))]
    rows: list[str] = []
    for cells in wrapped:
        for at in range(max(map(len, cells))):
            texts = [cell[at] if at < len(cell) else "" for cell in cells]
            rows.append("  ".join(text.ljust(width) for text, width in zip(texts, widths)).rstrip())
    rows.insert(1, "  ".join("-" * width for width in widths))
    return Explanation("\n".join(rows))


def _steps(node: Any, reached: float, forced: bool, indent: str) -> Iterator[Line]:
    """The lines of a node and all below it; `reached` is the chance that its turn comes, `forced` without its coin."""
    inside = isinstance(node, BaseCompose)
    own = node.p if not forced and not isinstance(node, OneOrOther) else 1.0
    chance = reached * own
    written = said(getattr(node, "_written", {}))
    changes, takes = ("", "") if inside else (_changes(node), _takes(node))
    yield (_percent(chance), indent + type(node).__name__, changes, takes, _arguments(node), written)
    if inside:
        for child, (share, forces) in zip(node.transforms, _shares(node)):
            yield from _steps(child, chance * share, forces, indent + "  ")


def _percent(chance: float) -> str:
    return f"{100 * chance:.3g} %"


def _arguments(node: Any) -> str:
    try:
        values = node._settings() if isinstance(node, BaseCompose) else init_values(node, init_names(type(node)))
    except NotImplementedError:  # a user's class that keeps them elsewhere
        values = {}
    return ", ".join(f"{name}={value!r}" for name, value in {**values, "p": node.p}.items())


def _changes(node: Any) -> str:
    if node._has_targets:
        return ", ".join(node.targets)
    return ", ".join(node._kinds) or "nothing"


def _takes(node: Any) -> str:
    dtypes, counts = node._needs_dtypes, node._needs_channels
    said = ", ".join(dtypes) or "any dtype"
    if not counts:
        return said
    least = f"at least {counts[0]}" if isinstance(counts, range) else " or ".join(map(str, dict.fromkeys(counts)))
    return f"{said}; {least} channels"


def _shares(node: Any) -> list[tuple[float, bool]]:
    """The chance that each child's turn comes at least once where the container runs, and whether its coin is left out.

    A coin that is tossed at every turn is in the share where turns may repeat: the child is then "forced" here.
    """
    children = node.transforms
    count = len(children)
    weights = [float(child.p) for child in children]
    total = sum(weights)
    if isinstance(node, OneOrOther):
        return [(node.p, True), (1 - node.p, True)]
    if isinstance(node, OneOf):
        return [(w / total if total else 0.0, True) for w in weights]
    if isinstance(node, SomeOf):
        if not total:
            return [(0.0, True)] * count
        if node.replace:
            return [(1 - (1 - w / total) ** node.n, True) for w in weights]
        return [(_among_first(i, weights, node.n), True) for i in range(count)]
    if isinstance(node, RandomOrder):
        if node.replace:
            return [(1 - (1 - w / count) ** node.n, True) for w in weights]
        return [(min(node.n, count) / count, False)] * count
    return [(1.0, False)] * count


def _among_first(index: int, weights: Sequence[float], n: int) -> float:
    """The chance that one of several weights is among the first n drawn without replacement.

    Draws in proportion to weights come in the order of exponential clocks with these rates: it is among them where
    fewer than n others ring before it. Integrated over the quantiles of its own clock, to six digits.
    """
    others = [w for i, w in enumerate(weights) if i != index and w > 0]
    if not weights[index]:
        return 0.0
    if len(others) < n:
        return 1.0
    quantiles = (np.arange(4096) + 0.5) / 4096
    rung = np.zeros((n, quantiles.size))  # the chance that 0, 1 ... n - 1 others have rung
    rung[0] = 1
    for w in others:
        before = 1 - (1 - quantiles) ** (w / weights[index])
        rung[1:] = rung[1:] * (1 - before) + rung[:-1] * before
        rung[0] *= 1 - before
    return float(rung.sum(axis=0).mean())
