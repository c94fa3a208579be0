"""What is probably meant otherwise, but means what it always has: it is done, and said once."""

import functools
import warnings
from typing import Any

import numpy as np

_NODES = 16  # a side: so many values are looked at, 3 us a picture
_FAR = 0.5  # beyond [0, 1]: interpolation and noise may overshoot by less

_said: set[str] = set()


def warn_once(message: str) -> None:
    """A UserWarning, the first time that it is said in this process."""
    if message not in _said:
        _said.add(message)
        warnings.warn(message, UserWarning, stacklevel=2)


def warn_of_range(owner: str, name: str, value: Any) -> None:
    """Say once if floats that a transform takes to lie in [0, 1] lie far outside."""
    picture = value[0] if isinstance(value, (list, tuple)) and value else value
    if not isinstance(picture, np.ndarray) or picture.dtype.kind != "f" or not picture.size:
        return
    seen = picture[tuple(slice(None, None, max(side // _NODES, 1)) for side in picture.shape[:-1])]
    low, high = float(seen.min()), float(seen.max())
    if low < -_FAR or high > 1 + _FAR:
        advice = (
            "divide by 255 first (A.ToFloat(max_value=255))" if low >= 0 and high > 16 else "put A.Normalize after it"
        )
        warn_once(
            f"{owner} takes floats to lie in [0, 1], but {name} has values far outside, which it may cut off: {advice}"
        )


def warn_of_fill(owner: str, name: str, fill: Any, value: Any) -> None:
    """Say once if a fill is none of the values that an integer dtype has: it is cut to the nearest."""
    picture = value[0] if isinstance(value, (list, tuple)) and value else value
    if isinstance(picture, np.ndarray):
        problem = _misfit(fill, picture.dtype)
        if problem:
            warn_once(f"{owner}({name}={fill!r}): {problem}, or another {name}")


@functools.lru_cache(maxsize=256)  # it is asked in every call: 0.2 us instead of 1
def _misfit(fill: Any, dtype: np.dtype) -> str:
    """What becomes of a fill that is none of the values of a dtype, and what to do; "" where it is one."""
    if dtype.kind not in "iu" or isinstance(fill, str):
        return ""
    info = np.iinfo(dtype)
    for number in fill if isinstance(fill, tuple) else (fill,):
        if not info.min <= number <= info.max:
            nearest = info.min if number < info.min else info.max
            wider = np.result_type(dtype, np.min_scalar_type(int(number)))
            return f"{dtype} has no {number}, so {nearest} is filled in; give an array of a dtype that has it ({wider})"
    return ""
