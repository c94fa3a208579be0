"""What the tables of this package share."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.random import GLOBAL

Table = dict[str, Callable[..., Any]]


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
