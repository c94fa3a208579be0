"""Keypoints: formats, checks and filtering. Inside a pipeline: (x, y, z, angle in radians, scale, index), in pixels."""

import math
from typing import TYPE_CHECKING, ClassVar, Optional

import numpy as np

from ..functional.keypoints import in_frame
from .params import Choice, Flag, choice, flag
from .paths import lazy
from .rows import Rows
from .utils import DataProcessor, Params, clean

# Where the letters of a format stand in an internal row.
_COLUMN = {"x": 0, "y": 1, "z": 2, "a": 3, "s": 4}


FORMATS = ("xy", "yx", "xya", "xys", "xyas", "xysa", "xyz")


class KeypointParams(Params):
    """How keypoints are written and which of them are kept.

    Raises:
        TypeError, ValueError: an unknown format or argument.
    """

    target = "keypoints"
    formats: ClassVar[dict[str, int]] = {name: len(name) for name in FORMATS}
    order = "format label_fields remove_invisible angle_in_degrees check_each_transform"

    format: Choice = choice(
        *FORMATS, doc="what stands in a row: x, y in pixels, z in slices, a angle, s scale", was=("coord_format",)
    )
    remove_invisible: Flag = flag(
        default=True,
        doc="drop keypoints that lie outside the image, or with z outside the volume; False keeps all of them, and"
        " their order",
    )
    angle_in_degrees: Flag = flag(default=True, doc="angles are in degrees, else in radians")


class KeypointsProcessor(DataProcessor):
    """Keypoints on their way in and out of a pipeline."""

    params: KeypointParams
    width = 5

    @classmethod
    def bare(cls, filters: bool = True) -> "KeypointsProcessor":
        result = cls(KeypointParams("xy", remove_invisible=False))
        result.filters = filters
        return result

    @property
    def deep(self) -> bool:
        return "z" in self.params.format

    def read(self, owner: str, name: str, given: np.ndarray, rows: Rows) -> Optional[np.ndarray]:
        rows.start[:, :5] = 0.0
        rows.start[:, [_COLUMN[c] for c in self.params.format]] = given
        if "a" in self.params.format and self.params.angle_in_degrees:
            rows.start[:, 3] = np.radians(rows.start[:, 3])
        if not self.params.remove_invisible:
            return None
        (height, width), depth = rows.shape, rows.depth
        absent = np.isnan(rows.start[:, : 2 if depth is None else 3]).any(axis=1)
        outside = ~in_frame(rows.start, height=height, width=width, depth=depth) & ~absent
        if outside.any():
            index = int(np.argmax(outside))
            inside = f"x must lie in (-1, {width}) and y in (-1, {height})"
            inside += "" if depth is None else f" and z in (-1, {depth})"
            raise ValueError(
                f"{owner}: {name}[{index}] = {tuple(given[index].tolist())} lies outside the"
                f" {'image' if depth is None else 'volume'}: {inside} (format {self.params.format!r});"
                " remove_invisible=False accepts that"
            )
        return ~absent if absent.any() else None

    def write(self, array: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        result = clean(array[:, :5])
        angle = array[:, 3] % (2 * math.pi)
        result[:, 3] = clean(np.degrees(angle)) % 360.0 if self.params.angle_in_degrees else angle
        return result[:, [_COLUMN[c] for c in self.params.format]]

    def rounded(self, coordinates: np.ndarray, shape: tuple[int, int]) -> Optional[np.ndarray]:
        if not set(self.params.format) <= set("xyz") or not np.isfinite(coordinates).all():
            return None
        whole = np.rint(coordinates)
        for letter, side in zip("xy", reversed(shape)):
            column = self.params.format.index(letter)
            exact = coordinates[:, column]
            inside = (exact > -1) & (exact < side)  # what lies in the frame still does as an integer
            whole[inside, column] = np.clip(whole[inside, column], 0, side - 1)
        return whole

    def filter(self, array: np.ndarray, rows: Rows, shape: tuple[int, int]) -> np.ndarray:
        """Drop what has left the image, where that is asked for."""
        if not self.params.remove_invisible or not len(array):
            return array
        keep = in_frame(array, height=shape[0], width=shape[1], depth=rows.depth)
        return array if keep.all() else array[keep]


if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there
    __getattr__ = lazy(__name__)
