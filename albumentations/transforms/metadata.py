"""What a call carries for a transform beside its targets: a dict or a list of dicts, checked before any work."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..core.params import shown
from ..core.targets import check_pictures
from ..functional import cv

Entry = tuple[str, dict[str, Any]]  # the words that errors call it by, "mosaic_metadata[1]", and what it holds
Box = tuple[float, float, float, float]


def entries(owner: str, key: str, data: dict[str, Any], required: Iterable[str]) -> list[Entry]:
    """The dicts under a key of the call; raises TypeError or ValueError where they are none or lack what they need."""
    if key not in data:
        raise ValueError(f"{owner} reads {key!r}, which is missing from the call: a dict, or a list of them")
    given = data[key]
    if not isinstance(given, (dict, list, tuple)):
        raise TypeError(f"{owner}: {key} must be a dict, or a list of them, not {type(given).__name__}")
    found = [(key, given)] if isinstance(given, dict) else [(f"{key}[{i}]", item) for i, item in enumerate(given)]
    for place, item in found:
        if not isinstance(item, dict):
            raise TypeError(f"{owner}: {place} must be a dict, not {type(item).__name__} ({shown(item)})")
        missing = [name for name in required if item.get(name) is None]
        if missing:
            raise ValueError(
                f"{owner}: {place} has no {missing[0]!r}; it holds {', '.join(map(str, item)) or 'nothing'}"
            )
    return found


def picture(owner: str, entry: Entry, name: str) -> np.ndarray:
    """A picture of an entry, (H, W) or (H, W, C)."""
    place, item = entry
    check_pictures(owner, f"{place}[{name!r}]", item[name], 0, 0)
    result: np.ndarray = item[name]
    return result


def mask_of(owner: str, entry: Entry, image: np.ndarray, channels: bool) -> np.ndarray:
    """The mask of an entry, as high and wide as its image; (H, W) unless it may have channels."""
    mask, place = picture(owner, entry, "mask"), entry[0]
    if mask.shape[:2] != image.shape[:2] or (not channels and mask.shape[2:] not in ((), (1,))):
        allowed = f"{image.shape[:2]}{' and channels' if channels else ''}, as its image"
        raise ValueError(f"{owner}: {place}['mask'] must have the shape {allowed}, not {mask.shape}")
    return mask if channels else mask.reshape(mask.shape[:2])


def box_of(owner: str, entry: Entry) -> Box:
    """The box of an entry: x_min, y_min, x_max, y_max as fractions of the picture."""
    place, given = entry[0], entry[1]["bbox"]
    kind = f"{owner}: {place}['bbox']={shown(given)} must be (x_min, y_min, x_max, y_max), fractions in [0, 1]"
    if not isinstance(given, (list, tuple, np.ndarray)):
        raise TypeError(f"{kind}, not {type(given).__name__}")
    if len(given) != 4:
        raise ValueError(f"{kind}, not {len(given)} values")
    if any(isinstance(v, (bool, np.bool_)) or not isinstance(v, (int, float, np.integer, np.floating)) for v in given):
        raise TypeError(f"{kind}, all of them numbers")
    x_min, y_min, x_max, y_max = (float(v) for v in given)
    if not (0 <= x_min < x_max <= 1 and 0 <= y_min < y_max <= 1):
        raise ValueError(f"{kind}, the minima less than the maxima")
    return x_min, y_min, x_max, y_max


def pixels(box: Box, height: int, width: int) -> tuple[int, int, int, int]:
    """A box in whole pixels, cut down, but at least a pixel wide and high."""
    x_min, y_min = min(int(box[0] * width + 1e-9), width - 1), min(int(box[1] * height + 1e-9), height - 1)
    return x_min, y_min, max(int(box[2] * width + 1e-9), x_min + 1), max(int(box[3] * height + 1e-9), y_min + 1)


def matching(place: str, given: np.ndarray, target: np.ndarray) -> np.ndarray:
    """A picture that goes into another one: of its dtype, and with as many channels or one for all."""
    count = cv.channels(target)
    if given.dtype != target.dtype or cv.channels(given) not in (1, count):
        allowed = f"{target.dtype} with {'1 channel' if count == 1 else f'1 or {count} channels'}"
        raise ValueError(f"{place} must be {allowed}, as the call's, not {given.dtype} with {cv.channels(given)}")
    return given
