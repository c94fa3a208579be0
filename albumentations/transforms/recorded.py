"""What is done with arrays that the releases drew, and recorded: kernels, noise, patterns of pixels."""

from typing import Any

import numpy as np

from ..functional import color, cv, filters
from .families import as_recorded

Params = dict[str, Any]


def convolved(transform: Any, img: np.ndarray, kernel: Any, params: Params) -> np.ndarray:
    """The image under a kernel, (N, N), or (N,) where it is the same along both axes; floats are clipped to [0, 1]."""
    weights = np.asarray(kernel, dtype=np.float64)
    result = filters.correlate(img, kernel=np.outer(weights, weights) if weights.ndim == 1 else weights)
    return color.clip_unit(result) if result.dtype.kind == "f" else result


def added(transform: Any, img: np.ndarray, noise: Any, params: Params) -> np.ndarray:
    """The image plus noise in its own units: for every value, one a pixel, or one a channel."""
    values = np.asarray(noise, dtype=np.float64)
    values = values if values.ndim < 2 else _fitting("noise", values, img)
    return _saturated(np.asarray(img, dtype=np.float64) + values, img)


def added_fractions(transform: Any, img: np.ndarray, noise: Any, params: Params) -> np.ndarray:
    """The image plus what is a fraction of white, likewise."""
    return added(transform, img, np.asarray(noise, dtype=np.float64) * cv.white(img.dtype), params)


def multiplied(transform: Any, img: np.ndarray, factors: Any, params: Params) -> np.ndarray:
    """The image times factors: for every value, or one a pixel."""
    return _saturated(np.asarray(img, dtype=np.float64) * _fitting("multiplier", factors, img), img)


def _fitting(name: str, value: Any, img: np.ndarray) -> np.ndarray:
    values = as_recorded(name, np.asarray(value, dtype=np.float64), img.shape)
    if values.ndim == 3 and img.ndim == 2:
        return values[:, :, 0]
    return values[:, :, None] if values.ndim < img.ndim else values


def _saturated(values: np.ndarray, img: np.ndarray) -> np.ndarray:
    result = cv.saturate(values, img.dtype)
    return np.ascontiguousarray(color.clip_unit(result) if result.dtype.kind == "f" else result)
