"""Random numbers of many distributions from random bytes: a byte picks one of 256 equally likely values.

256 values alone would cut the tails off (a normal distribution at 2.9 deviations). So one number in 128 is drawn from
the two tails of 1/256 each, which have 256 values of their own, and the rest from what lies between. Any distribution
whose quantiles are known is drawn at the same speed.
"""

from functools import lru_cache
from typing import Callable

import numpy as np

from . import blend

Array = np.ndarray
Inverse = Callable[[Array], Array]

# One value in this many lies in one of the tails.
TAIL_SHARE = 128
_TAIL = 0.5 / TAIL_SHARE


@lru_cache(maxsize=1)
def probabilities() -> Array:
    """The probabilities `(2, 256)` at which quantiles are taken: between the tails, and in them."""
    middle = (np.arange(256) + 0.5) / 256
    tail = (np.arange(128) + 0.5) / 128 * _TAIL
    return np.stack([_TAIL + middle * (1 - 2 * _TAIL), np.concatenate([tail, 1 - tail[::-1]])])


def counts_below(cumulative: Array) -> tuple[Array, Array]:
    """How many of the two rows of `probabilities` lie below each cumulative probability, both int64."""
    body = np.rint((cumulative - _TAIL) * (256 / (1 - 2 * _TAIL)))
    low = np.rint(cumulative * (128 / _TAIL))
    high = 256 - np.rint((1 - cumulative) * (128 / _TAIL))
    tails = np.where(cumulative < 0.5, np.minimum(low, 128), np.maximum(high, 128))
    return np.clip(body, 0, 256).astype(np.int64), np.clip(tails, 0, 256).astype(np.int64)


def picks(size: int, *, seed: int) -> tuple[Array, Array, Array]:
    """Draw `size` numbers as bytes: which value between the tails, where a tail is drawn instead, and which of it."""
    tails = size // TAIL_SHARE
    bits = blend.random_bytes(seed, (5 * tails + size,))
    where = (bits[: 4 * tails].view("<u4") % np.uint32(size)).astype(np.intp) if tails else np.empty(0, np.intp)
    return bits[5 * tails :], where, bits[4 * tails : 5 * tails]


@lru_cache(maxsize=1)
def normal() -> Array:
    """Quantiles `(2, 256)` of a standard normal, scaled to a variance of 1."""
    from statistics import NormalDist  # imported with the first noise: it takes 2.5 ms of the library's 23

    inverse = NormalDist().inv_cdf
    values = np.array([[inverse(p) for p in row] for row in probabilities()])
    weights = np.array([[1 - 1 / TAIL_SHARE], [1 / TAIL_SHARE]])
    return values / np.sqrt((values**2 * weights).mean(axis=1).sum())


def laplace(p: Array) -> Array:
    """The inverse of the cumulative distribution of a Laplace distribution with mean 0 and scale 1."""
    centred = p - 0.5
    return -np.sign(centred) * np.log1p(-2 * np.abs(centred))


def beta(p: Array, *, a: float, b: float) -> Array:
    """The inverse of the cumulative distribution of Beta(a, b) on [0, 1], both above 0; error below 1e-3.

    Integrated over t = log(x / (1 - x)), where the density x ** a * (1 - x) ** b is bounded and has no corners even
    where that over x has poles.
    """
    if min(a, b) <= 0:
        raise ValueError(f"beta: both parameters must be above 0, got {a} and {b}")
    spread = 8 * np.sqrt(1 / a + 1 / b)
    peak = np.log(a / b)
    t = np.linspace(peak - 40 / a - spread, peak + 40 / b + spread, 2048)
    log_density = -a * np.logaddexp(0, -t) - b * np.logaddexp(0, t)
    density = np.exp(log_density - log_density.max())
    cumulative = np.cumsum(density)
    cumulative -= 0.5 * density  # midpoints: half of the own share lies below
    found = np.interp(p, cumulative / (cumulative[-1] + 0.5 * density[-1]), t)
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-found))


def poisson(lam: float, *, seed: int) -> int:
    """Draw one number from a Poisson distribution of mean `lam`.

    Up to 30 by adding up probabilities; above by Cornish and Fisher's expansion, whose error is far below the
    distribution's own deviation.
    """
    word = float(blend.random_uniform(seed, (1,))[0])
    if lam > 30:
        from statistics import NormalDist

        z = NormalDist().inv_cdf(min(max(word, 1e-15), 1 - 1e-15))
        return max(0, round(lam + np.sqrt(lam) * z + (z * z - 1) / 6))
    count, term = 0, float(np.exp(-lam))
    total = term
    while word > total and term > 1e-17:
        count += 1
        term *= lam / count
        total += term
    return count
