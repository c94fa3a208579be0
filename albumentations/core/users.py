"""What users' own methods return, made safe."""

from typing import Any, Callable

import numpy as np


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
