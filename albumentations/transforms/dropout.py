"""Dropout: parts of the image are painted over."""

from typing import Any, Optional, Union

import numpy as np

from ..core.advice import warn_once
from ..core.params import (
    Anything,
    Fill,
    Flag,
    Integer,
    Number,
    Numbers,
    OptionalRange,
    Range,
    anything,
    fill_value,
    flag,
    integer,
    number,
    numbers_of,
    plain,
    positive,
    span,
)
from ..core.plan import Shape
from ..core.records import release_of
from ..core.spellings import old_spelling
from ..functional import holes, tiles
from .families import Erase, Filter

Side = Union[int, float]


def _read_sides(limits: tuple[float, float]) -> tuple[float, float]:
    if not _is_fraction(limits) and any(side != int(side) for side in limits):
        raise ValueError("must be whole numbers (pixels), or numbers in [0, 1] (fractions of the image's side)")
    return limits


class CoarseDropout(Erase):
    """Paint over rectangles at random places.

    Targets: image, mask (where fill_mask is given), bboxes, keypoints, volume, mask3d; any dtype. Sides in pixels, or
    as fractions of the image's. Boxes wholly covered and keypoints in holes are dropped.
    """

    num_holes_range: Range = span(default=(8, 8), low=0, integer=True, doc="number of rectangles")
    hole_height_range: Range = span(
        default=(8, 8),
        low=0,
        then=_read_sides,
        doc="heights: whole numbers are pixels, numbers below 1 fractions of the image's height",
    )
    hole_width_range: Range = span(
        default=(8, 8),
        low=0,
        then=_read_sides,
        doc="widths: whole numbers are pixels, numbers below 1 fractions of the image's width",
    )
    order = "num_holes_range hole_height_range hole_width_range fill fill_mask p"
    eras = (
        "max_holes max_height max_width min_holes min_height min_width fill_value always_apply p",
        "max_holes max_height max_width min_holes min_height min_width fill_value mask_fill_value always_apply p",
        "max_holes max_height max_width min_holes min_height min_width fill_value mask_fill_value num_holes_range"
        " hole_height_range hole_width_range fill fill_mask p always_apply",
    )
    _beside = {
        "num_holes_range hole_height_range hole_width_range fill fill_mask": {
            "num_holes_range": (1, 2),
            "hole_height_range": (0.1, 0.2),
            "hole_width_range": (0.1, 0.2),
        }
    }
    examples = (
        {},
        {"num_holes_range": (1, 3), "hole_height_range": (0.1, 0.3), "hole_width_range": (0.1, 0.3), "fill_mask": 2},
        {"num_holes_range": (2, 2), "fill": "random"},
        {"num_holes_range": (2, 2), "hole_height_range": (3, 9), "fill": "random_uniform"},
    )
    neutral = {"num_holes_range": 0}
    swaps = {"hole_height_range": "hole_width_range", "rectangles": "rectangles"}

    @old_spelling
    @staticmethod
    def _single_numbers(
        max_holes: int = 8,
        max_height: Side = 8,
        max_width: Side = 8,
        min_holes: Optional[int] = None,
        min_height: Optional[Side] = None,
        min_width: Optional[Side] = None,
    ) -> dict[str, Any]:
        """A minimum left out is the maximum: holes of one size."""
        return {
            "num_holes_range": (max_holes if min_holes is None else min_holes, max_holes),
            "hole_height_range": (max_height if min_height is None else min_height, max_height),
            "hole_width_range": (max_width if min_width is None else min_width, max_width),
        }

    def get_params(self) -> dict[str, Any]:
        count = self._randint((int(self.num_holes_range[0]), int(self.num_holes_range[1])))
        # A height, a width, and where between the edges: all that can be said before the image is seen.
        return self._drawn(
            rectangles=[
                [
                    self._draw_side(self.hole_height_range),
                    self._draw_side(self.hole_width_range),
                    self._uniform((0, 1)),
                    self._uniform((0, 1)),
                ]
                for _ in range(count)
            ]
        )

    def _draw_side(self, limits: tuple[float, float]) -> Side:
        if _is_fraction(limits):
            return float(self._uniform(limits))
        if limits[0] == limits[1]:
            return int(limits[0])
        return self._randint((int(limits[0]), int(limits[1])))

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        height, width = shape[:2]
        whole_y, whole_x = not _is_fraction(self.hole_height_range), not _is_fraction(self.hole_width_range)
        found: list[tuple[int, int, int, int]] = []
        for rows, columns, y, x in params["rectangles"]:
            rows = min(int(rows if whole_y else rows * height), height)
            columns = min(int(columns if whole_x else columns * width), width)
            top = min(int(y * (height - rows + 1)), height - rows)
            left = min(int(x * (width - columns + 1)), width - columns)
            if rows and columns:
                found.append((left, top, left + columns, top + rows))
        return np.array(found, dtype=np.int64).reshape(-1, 4)


def _is_fraction(limits: tuple[float, float]) -> bool:
    """Up to 1, and not whole pixels: (0.1, 0.5), (0.5, 1), but not (1, 1)."""
    return limits[1] <= 1 and any(side != int(side) for side in limits)


class Cutout(Filter):
    """Paint over squares around random pixels of the image (DeVries and Taylor, 2017).

    Targets: image, volume; any dtype and number of channels. Masks, boxes and keypoints stay. Squares near an edge are
    cut by it, so that less than their whole is seen. CoarseDropout is its younger sibling for all targets.
    """

    num_holes: Integer = integer(default=8, low=0, doc="number of squares")
    max_h_size: Integer = integer(default=8, low=0, doc="their height in pixels")
    max_w_size: Integer = integer(default=8, low=0, doc="their width in pixels")
    fill_value: Fill = fill_value(default=0, doc="a number or one a channel, in the image's own units")
    examples = ({}, {"num_holes": 3, "max_h_size": 6, "max_w_size": 12, "fill_value": 9})
    neutral = {"num_holes": 0}

    def get_params(self) -> dict[str, Any]:
        return {"centers": [[self._uniform((0, 1)), self._uniform((0, 1))] for _ in range(self.num_holes)]}

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) == "1.x" and self.fill_value == 0:
            warn_once("Cutout: records of 1.x do not hold fill_value; what is replayed is painted 0")
        return super()._read_names(params)

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        if "holes" in params:  # in pixels, as the records of 1.x have them
            return {"erased": np.array(params["holes"], dtype=np.int64).reshape(-1, 4)}
        height, width = shape[:2]
        centers = np.array(params["centers"], dtype=np.float64).reshape(-1, 2) * (width, height)
        sizes = np.array([[self.max_h_size, self.max_w_size]] * len(centers))
        pixels = np.minimum(centers.astype(np.int64), (width - 1, height - 1))
        return {"erased": holes.centered(height, width, centers=pixels, sizes=sizes)}

    def apply(self, img: np.ndarray, erased: np.ndarray, **params: Any) -> np.ndarray:
        return holes.fill(img, holes=erased, fill=self.fill_value)


def _read_counts(value: Any) -> Any:
    kind = "must be a pair of integers, or None: (rows, columns)"
    if value is None:
        return None
    if not isinstance(value, (list, tuple)):
        raise TypeError(kind)
    value = tuple(map(plain, value))
    if any(isinstance(n, bool) or not isinstance(n, (int, type(None))) for n in value):
        raise TypeError(kind)
    if len(value) != 2 or any(n is not None and n < 1 for n in value):
        raise ValueError(f"{kind}, each at least 1")
    return None if value[0] is None and value[1] is None else tuple(value)


class GridDropout(Erase):
    """Paint over regular holes, one in every unit of a grid (GridMask; Chen et al., 2020).

    Targets: image, mask (where fill_mask is given), bboxes, keypoints, volume, mask3d; any dtype. Units are squares of
    a tenth of the image's width, or as unit_size_range or holes_number_xy say; a hole is the ratio of its unit along
    both axes, at least a pixel and at most a pixel less than the unit. Raises ValueError where units would be smaller
    than two pixels.
    """

    ratio: Number = number(default=0.5, low=0, high=1, then=positive, doc="side of a hole as a fraction of its unit's")
    random_offset: Flag = flag(default=False, doc="whether the grid begins at a random place within the first unit")
    unit_size_range: OptionalRange = span(
        default=None, low=2, integer=True, optional=True, doc="side of a square unit in pixels"
    )
    holes_number_xy: Anything = anything(
        read=_read_counts,
        default=None,
        doc="instead of unit_size_range: (rows, columns) of units, though the name has it the other way round, since"
        " 1.4; the image is divided by it. Without rows units are squares; without columns a tenth of the image wide",
    )
    shift_xy: Numbers = numbers_of(
        default=(0, 0),
        count=2,
        low=0,
        integer=True,
        doc="pixels (x, y) before the first hole, at most what a unit has beside its hole; not with random_offset",
    )
    order = "ratio random_offset unit_size_range holes_number_xy shift_xy fill fill_mask p"
    eras = (
        "ratio unit_size_min unit_size_max holes_number_x holes_number_y shift_x shift_y random_offset fill_value"
        " mask_fill_value always_apply p",
        "ratio unit_size_min unit_size_max holes_number_x holes_number_y shift_x shift_y random_offset fill_value"
        " mask_fill_value unit_size_range holes_number_xy shift_xy fill fill_mask p always_apply",
    )
    _beside = {
        "unit_size_range holes_number_xy fill fill_mask": {"random_offset": True},
        "shift_xy": {"random_offset": False},  # else it would say nothing
    }
    examples = (
        {},
        {"ratio": 0.3, "random_offset": True, "fill_mask": 2},
        {"holes_number_xy": (4, 3), "fill": "random_uniform"},
        {"unit_size_range": (5, 9), "shift_xy": (2, 3)},
    )

    @old_spelling
    @staticmethod
    def _smallest_and_largest(
        unit_size_min: Optional[int] = None, unit_size_max: Optional[int] = None
    ) -> dict[str, Any]:
        if unit_size_min is None or unit_size_max is None:
            raise ValueError("unit_size_min and unit_size_max are given together")
        return {"unit_size_range": (unit_size_min, unit_size_max)}

    @old_spelling
    @staticmethod
    def _single_counts(holes_number_x: Optional[int] = None, holes_number_y: Optional[int] = None) -> dict[str, Any]:
        return {"holes_number_xy": (holes_number_y, holes_number_x)}

    @old_spelling
    @staticmethod
    def _single_shifts(shift_x: int = 0, shift_y: int = 0) -> dict[str, Any]:
        return {"shift_xy": (shift_x, shift_y)}

    @classmethod
    def _from_file(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        # 2.x writes both down, and looks at the shift only where the offset is not random.
        hidden = "shift_xy" if arguments.get("random_offset") else None
        return {n: v for n, v in arguments.items() if n != hidden}

    def _check(self) -> None:
        if self.unit_size_range is not None and self.holes_number_xy is not None:
            said = f"unit_size_range={self.unit_size_range}, holes_number_xy={self.holes_number_xy}"
            raise ValueError(f"GridDropout({said}): give one of the two")
        if self.random_offset and any(self.shift_xy):
            raise ValueError(f"GridDropout(random_offset=True, shift_xy={self.shift_xy}): give one of the two")

    def get_params(self) -> dict[str, Any]:
        numbers: dict[str, Any] = {}
        if self.unit_size_range is not None:
            numbers["unit"] = self._randint((int(self.unit_size_range[0]), int(self.unit_size_range[1])))
        if self.random_offset:
            numbers["offset"] = [self._uniform((0, 1)), self._uniform((0, 1))]
        return self._drawn(**numbers)

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        height, width = shape[:2]
        units = (params["unit"], params["unit"]) if "unit" in params else self._units(height, width)
        sides = [max(1, min(int(unit * self.ratio), unit - 1)) for unit in units]
        starts = [min(int(n), unit - side) for n, unit, side in zip(self.shift_xy, units, sides)]
        if "offset" in params:
            pairs = zip(units, sides, params["offset"])
            starts = [min(int(share * (unit - side + 1)), unit - side) for unit, side, share in pairs]
        return tiles.lattice(height, width, unit=units[::-1], hole=(sides[1], sides[0]), start=(starts[1], starts[0]))

    def _units(self, height: int, width: int) -> tuple[int, int]:
        """Sides of a unit along x and y."""
        along_y, along_x = self.holes_number_xy or (None, None)
        x = max(2, width // 10) if along_x is None else width // along_x
        y = max(2, min(x, height)) if along_y is None else height // along_y
        if x < 2 or y < 2:
            raise ValueError(
                f"GridDropout(holes_number_xy={self.holes_number_xy}): units of {x} x {y} pixels in an image of"
                f" {height} x {width}; allowed are units of 2 pixels and more"
            )
        return x, y
