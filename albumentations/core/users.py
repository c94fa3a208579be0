"""What users' own methods are shown, and what they return, made safe."""

from typing import Any, Callable

import numpy as np

from .rows import Rows


def safe(result: Any, value: Any) -> Any:
    """What a user's method made of a value: contiguous, and nobody else's memory."""
    if isinstance(result, np.ndarray) and result is not value:
        if not result.flags.c_contiguous:
            return np.ascontiguousarray(result)
        if isinstance(value, np.ndarray) and result.base is not None and np.may_share_memory(result, value):
            return result.copy()
    return result


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A user's method of one target, whose results are made safe."""

    def guarded(value: Any, /, **params: Any) -> Any:
        return safe(function(value, **params), value)

    return guarded


def moved_by_hand(step: Any, array: np.ndarray, rows: Rows, shapes: Any, context: dict[str, Any]) -> np.ndarray:
    """Move rows by a user's own method, which sees them and gives them back as the releases had them."""
    processor = step.processor
    assert processor is not None
    before, after = ((shape[0], shape[1]) for shape in shapes)
    shown = rows.shown(array, processor.shown(array, before))
    result, index = rows.taken(step.function(shown, **context), shown, array, processor.width)
    return np.column_stack([processor.taken(result, after), index])
