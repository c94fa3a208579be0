"""One function of several forms: how releases called it, told apart by names, number and kind of its arguments."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

# What tells the arguments of one form from those of another that stand at the same place.
_NUMBERS = ("height", "rows", "angle", "flare_center_x", "d0", "quality_lower")
_WORDS = ("method", "rotate_method", "operation")


def forms(*functions: Callable[..., Any], name: str = "") -> Callable[..., Any]:
    """One function, called `name`, of several: the first whose arguments fit, by names, number and kind, is called.

    They are kept as its attribute `forms`.

    Raises:
        TypeError: none does.
    """
    signatures = [inspect.signature(function) for function in functions]

    @functools.wraps(functions[0])
    def called(*args: Any, **kwargs: Any) -> Any:
        for function, signature in zip(functions, signatures):
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError:
                continue
            if all(_fits(name, value) for name, value in bound.arguments.items()):
                return function(*args, **kwargs)
        raise TypeError(f"{called.__name__}: takes {' or '.join(map(str, signatures))}")

    called.__name__ = called.__qualname__ = name
    called.forms = functions  # type: ignore[attr-defined]
    return called


def _fits(name: str, value: Any) -> bool:
    if name.endswith("shape") or name in ("flare_center", "matrix"):
        return isinstance(value, (tuple, list, np.ndarray, Mapping)) or hasattr(value, "params")
    if name in _NUMBERS:
        return isinstance(value, (int, float, np.number))
    if name in _WORDS:
        return isinstance(value, str)
    return True
