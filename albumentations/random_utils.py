"""1.x's random numbers of NumPy, which `random.seed` rules: every call without a `random_state` seeds its own.

The same seed gives the numbers that 1.3 gives. Transforms of this library do not draw from here.
"""

from typing import Any

import numpy as np

from .core.random import GLOBAL

__all__ = [
    "choice",
    "get_random_state",
    "normal",
    "permutation",
    "poisson",
    "rand",
    "randint",
    "randn",
    "random",
    "uniform",
]


def get_random_state() -> np.random.RandomState:
    """A generator of NumPy that is seeded by the next number of Python's `random`."""
    return np.random.RandomState(GLOBAL.randint(0, (1 << 32) - 1))


def uniform(low: Any = 0.0, high: Any = 1.0, size: Any = None, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).uniform(low, high, size)


def rand(*sides: int, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).rand(*sides)


def randn(*sides: int, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).randn(*sides)


def normal(loc: Any = 0.0, scale: Any = 1.0, size: Any = None, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).normal(loc, scale, size)


def poisson(lam: Any = 1.0, size: Any = None, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).poisson(lam, size)


def permutation(x: Any, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).permutation(x)


def randint(low: Any, high: Any = None, size: Any = None, dtype: Any = np.int32, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).randint(low, high, size, dtype)


def random(size: Any = None, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).random_sample(size)


def choice(a: Any, size: Any = None, replace: bool = True, p: Any = None, random_state: Any = None) -> Any:
    return (random_state or get_random_state()).choice(a, size, replace, p)
