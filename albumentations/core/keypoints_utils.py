"""Keypoints: formats, checks and filtering. Inside a pipeline: (x, y, z, angle in radians, scale, index), in pixels."""

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Optional, Union

import numpy as np

from ..functional.keypoints import in_frame
from .rows import Rows
from .utils import DataProcessor, Params, clean

# Where the letters of a format stand in an internal row.
_COLUMN = {"x": 0, "y": 1, "z": 2, "a": 3, "s": 4}


class KeypointParams(Params):
    """How keypoints are written and which of them are kept.

    Args:
        format: "xy", "yx", "xya", "xys", "xyas", "xysa" or "xyz": x, y in pixels, z in slices, a angle, s scale.
        label_fields: names of the call's arguments that hold one label a keypoint.
        remove_invisible: drop keypoints that lie outside the image; False keeps all of them, and their order.
        angle_in_degrees: angles are in degrees, else in radians.
        check_each_transform: filter after every geometric transform instead of once at the end.

    Raises:
        ValueError: an unknown format.
    """

    target = "keypoints"
    formats: ClassVar[dict[str, int]] = {f: len(f) for f in ("xy", "yx", "xya", "xys", "xyas", "xysa", "xyz")}

    def __init__(
        self,
        format: str,
        label_fields: Union[str, Sequence[str], None] = None,
        remove_invisible: bool = True,
        angle_in_degrees: bool = True,
        check_each_transform: bool = True,
    ) -> None:
        super().__init__(format, label_fields, check_each_transform)
        self.remove_invisible = bool(remove_invisible)
        self.angle_in_degrees = bool(angle_in_degrees)


class KeypointsProcessor(DataProcessor):
    """Keypoints on their way in and out of a pipeline."""

    params: KeypointParams
    width = 5

    @classmethod
    def bare(cls) -> "KeypointsProcessor":
        return cls(KeypointParams("xy", remove_invisible=False))

    def read(self, owner: str, name: str, given: np.ndarray, rows: Rows) -> Optional[np.ndarray]:
        rows.start[:, :5] = 0.0
        rows.start[:, [_COLUMN[c] for c in self.params.format]] = given
        if "a" in self.params.format and self.params.angle_in_degrees:
            rows.start[:, 3] = np.radians(rows.start[:, 3])
        if not self.params.remove_invisible:
            return None
        height, width = rows.shape
        absent = np.isnan(rows.start[:, :2]).any(axis=1)
        outside = ~in_frame(rows.start, height=height, width=width) & ~absent
        if outside.any():
            index = int(np.argmax(outside))
            raise ValueError(
                f"{owner}: {name}[{index}] = {tuple(given[index].tolist())} lies outside the image: x must lie in"
                f" (-1, {width}) and y in (-1, {height}) (format {self.params.format!r});"
                " remove_invisible=False accepts that"
            )
        return ~absent if absent.any() else None

    def write(self, array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        result = clean(array[:, :5])
        angle = array[:, 3] % (2 * math.pi)
        result[:, 3] = clean(np.degrees(angle)) % 360.0 if self.params.angle_in_degrees else angle
        return result[:, [_COLUMN[c] for c in self.params.format]]

    def filter(self, array: np.ndarray, rows: Rows, shape: tuple[int, int]) -> np.ndarray:
        """Drop what has left the image, where that is asked for."""
        if not self.params.remove_invisible or not len(array):
            return array
        keep = in_frame(array, height=shape[0], width=shape[1])
        return array if keep.all() else array[keep]


def keypoint_params(value: Union[KeypointParams, dict[str, Any], str, None]) -> Optional[KeypointParams]:
    """KeypointParams as users give them: an object, a dict of its arguments, a format, or nothing."""
    if value is None or isinstance(value, KeypointParams):
        return value
    if isinstance(value, str):
        return KeypointParams(value)
    if not isinstance(value, dict):
        raise TypeError(f"keypoint_params must be KeypointParams, a dict or a format, not {type(value).__name__}")
    return KeypointParams(**value) if value else None
