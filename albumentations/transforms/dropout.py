"""Dropout: parts of the image are painted over."""

from typing import Any, Optional, Union

import numpy as np

from ..core.params import Range, span
from ..core.run import Shape
from ..core.spellings import old_spelling
from .families import Erase

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
        count = self.randint((int(self.num_holes_range[0]), int(self.num_holes_range[1])))
        # A height, a width, and where between the edges: all that can be said before the image is seen.
        drawn: dict[str, Any] = {
            "rectangles": [
                [
                    self._draw_side(self.hole_height_range),
                    self._draw_side(self.hole_width_range),
                    self.uniform((0, 1)),
                    self.uniform((0, 1)),
                ]
                for _ in range(count)
            ]
        }
        if isinstance(self.fill, str):
            drawn["seed"] = self.draw_seed()
        return drawn

    def _draw_side(self, limits: tuple[float, float]) -> Side:
        if _is_fraction(limits):
            return float(self.uniform(limits))
        if limits[0] == limits[1]:
            return int(limits[0])
        return self.randint((int(limits[0]), int(limits[1])))

    def region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        if "holes" in params:  # in pixels, as a record of 1.x or a subclass gives them
            return np.array(params["holes"], dtype=np.int64).reshape(-1, 4)
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
