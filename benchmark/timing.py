"""Timing on shared, noisy machines: the best of many short batches, and competitors that take turns."""

import time
from collections.abc import Sequence
from typing import Any, Callable

BATCH_SECONDS = 0.004
BATCHES = 40


def batch(function: Callable[[], Any], calls: int) -> float:
    """Seconds a call over one batch."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def calls_in_a_batch(function: Callable[[], Any]) -> int:
    """How many calls fill a batch."""
    function()
    return max(1, round(BATCH_SECONDS / max(batch(function, 3), 1e-9)))


def best(functions: dict[str, Callable[[], Any]], batches: int = BATCHES) -> dict[str, float]:
    """The best seconds a call of each function, the functions taking turns batch by batch."""
    calls = {name: calls_in_a_batch(function) for name, function in functions.items()}
    times = {name: float("inf") for name in functions}
    for _ in range(batches):
        for name, function in functions.items():
            times[name] = min(times[name], batch(function, calls[name]))
    return times


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines: list[str] = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    lines += ["| " + " | ".join(f"{v:.2f}" if isinstance(v, float) else str(v) for v in row) + " |" for row in rows]
    return "\n".join(lines)
