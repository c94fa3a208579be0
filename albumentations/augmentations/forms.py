"""How the tables of this package say what older releases took."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..core.random import GLOBAL

Table = dict[str, Callable[..., Any]]

# What tells the arguments of one form from those of another that stand at the same place.
_NUMBERS = ("height", "rows", "angle", "flare_center_x", "d0", "quality_lower")
_WORDS = ("method", "rotate_method", "operation")


def forms(*functions: Callable[..., Any]) -> Callable[..., Any]:
    """One function of several: the first whose arguments fit, by their names, number and kind, is called.

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

    return called


def _fits(name: str, value: Any) -> bool:
    if name.endswith("shape") or name in ("flare_center", "matrix"):
        return isinstance(value, (tuple, list, np.ndarray, Mapping)) or hasattr(value, "params")
    if name in _NUMBERS:
        return isinstance(value, (int, float, np.number))
    if name in _WORDS:
        return isinstance(value, str)
    return True


def seed_of(random_state: Any = None) -> int:
    """A seed drawn from what a program gives as its source of random numbers; Python's own if it gives none."""
    if random_state is None:
        return GLOBAL.getrandbits(32)
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(1 << 32))
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(1 << 31))
    return int(random_state.getrandbits(32))


def matrix_of(matrix: Any) -> np.ndarray:
    """A 3 x 3 matrix of a 2 x 3 or 3 x 3 one, or of an object that holds it as `params`."""
    array = np.asarray(getattr(matrix, "params", matrix), dtype=np.float64)
    return array if array.shape == (3, 3) else np.vstack((array, (0.0, 0.0, 1.0)))
