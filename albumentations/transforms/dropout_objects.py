"""Dropout of objects: parts of the image that a mask or boxes name are painted over."""

from typing import Any, Optional

import numpy as np

from ..core.bbox_utils import pixel_boxes
from ..core.params import Anything, Fill, OptionalNumbers, Range, anything, fill_value, numbers_of, positive, span
from ..core.plan import Shape
from ..functional import holes
from .families import Erase, Params, as_recorded

_FILLS = ("random", "random_uniform", "inpaint_telea", "inpaint_ns", "inpaint")


def _objects(owner: Any, mask: np.ndarray) -> tuple[np.ndarray, int]:
    try:
        return holes.components(mask)
    except ValueError as error:
        raise ValueError(f"{type(owner).__name__}: mask: {error}") from None


class MaskDropout(Erase):
    """Paint over objects of the mask: pixels of one value that hang together along edges or at corners.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. The call's `mask`, (H, W) or (H, W, 1), says
    where objects are; without any nothing is done. They are drawn without replacement, at most all there are. Boxes
    wholly covered and keypoints on what is painted over are dropped. Raises ValueError without a mask, or where it has
    several channels.
    """

    max_objects: Range = span(
        default=(1, 1),
        start=1,
        low=0,
        integer=True,
        doc="number of objects; x is read as (1, x)",
        was=("max_objects_range",),
    )
    fill: Fill = fill_value(
        default=0,
        words=_FILLS,
        was=("image_fill_value",),
        then=lambda value: "inpaint_telea" if isinstance(value, str) and value == "inpaint" else value,
        doc="a number or one a channel, in the image's own units; 'random' noise, 'random_uniform' one colour;"
        " 'inpaint_telea' (in 1.x 'inpaint') and 'inpaint_ns' (uint8, 1 or 3 channels)",
    )
    fill_mask: Fill = fill_value(default=0, optional=True, was=("mask_fill_value",))
    order = "max_objects fill fill_mask p"
    eras = (
        "max_objects image_fill_value mask_fill_value always_apply p",
        "max_objects image_fill_value mask_fill_value fill fill_mask p always_apply",
    )
    examples = ({}, {"max_objects": (2, 5), "fill": "random_uniform", "fill_mask": 2})
    neutral = {"max_objects": (0, 0)}

    @property
    def _reads(self) -> tuple[str, ...]:
        return ("mask",)

    def get_params(self) -> Params:
        # Which of those that are left, as fractions: all that can be said before the mask is seen.
        count = self._randint((int(self.max_objects[0]), int(self.max_objects[1])))
        return self._drawn(objects=[self._uniform((0, 1)) for _ in range(count)])

    def _read_names(self, params: Params) -> Params:
        # 1.x has the whole mask among the numbers too.
        params = super()._read_names(params)
        return {n: v for n, v in params.items() if n != "mask"} if "dropout_mask" in params else params

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        if "dropout_mask" in params:  # pixel by pixel, as the records of 1.x and 2.x have it
            given = params["dropout_mask"]
            if given is None:
                return np.zeros((0, 4), np.int64)
            return as_recorded("dropout_mask", np.asarray(given, dtype=bool), shape).reshape(shape[:2])
        labels, count = _objects(self, params["mask"])
        left = list(range(1, count + 1))
        chosen = [left.pop(min(int(share * len(left)), len(left) - 1)) for share in params["objects"][:count]]
        return holes.picked(labels, numbers=chosen) if chosen else np.zeros((0, 4), np.int64)


def _read_labels(value: Any) -> Optional[tuple[Any, ...]]:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"must be a list of labels, not {type(value).__name__}")
    if not value:
        raise ValueError("must not be empty")
    wrong = [label for label in value if not isinstance(label, (str, int, float)) or isinstance(label, bool)]
    if wrong:
        raise TypeError(f"must be a list of strings or numbers, not of {type(wrong[0]).__name__}")
    return tuple(value)


def _above_zero(limits: tuple[float, float]) -> tuple[float, float]:
    positive(limits[0])
    return limits


class ConstrainedCoarseDropout(Erase):
    """Paint over rectangles on objects that a mask or boxes name.

    Targets: image, mask (where fill_mask is given), bboxes, keypoints, volume, mask3d; any dtype. With `mask_indices`
    holes lie around pixels of every object of these values in the call's `mask`, (H, W) or (H, W, 1), an object being
    what hangs together along edges or at corners; with `bbox_labels` inside of every box of `bboxes` that carries one
    of these labels. Exactly one of the two is given. Without such objects nothing is done. Boxes wholly covered and
    keypoints in holes are dropped. Raises ValueError where the call has no mask, or no boxes.
    """

    num_holes_range: Range = span(default=(1, 1), low=1, integer=True, doc="number of rectangles an object")
    hole_height_range: Range = span(
        default=(0.1, 0.1),
        low=0,
        high=1,
        then=_above_zero,
        doc="heights, as shares of the box's height, or of the square root of the object's area",
    )
    hole_width_range: Range = span(
        default=(0.1, 0.1),
        low=0,
        high=1,
        then=_above_zero,
        doc="widths, as shares of the box's width, or of the square root of the object's area",
    )
    mask_indices: OptionalNumbers = numbers_of(
        default=None, optional=True, low=1, integer=True, doc="values of the mask; 0 is no object"
    )
    bbox_labels: Anything = anything(read=_read_labels, default=None, doc="labels of boxes, of any label field")
    order = "num_holes_range hole_height_range hole_width_range fill fill_mask p mask_indices bbox_labels"
    examples = (
        {"mask_indices": (3,)},
        {"mask_indices": (3,), "hole_height_range": (0.3, 0.7), "hole_width_range": (0.5, 0.9), "fill_mask": 2},
        {
            "bbox_labels": ("a", "c"),
            "num_holes_range": (1, 3),
            "hole_height_range": (0.2, 0.4),
            "hole_width_range": (0.1, 0.3),
            "fill": "random_uniform",
        },
    )
    swaps = {"hole_height_range": "hole_width_range", "holes": "holes"}

    def _check(self) -> None:
        if (self.mask_indices is None) == (self.bbox_labels is None):
            said = f"mask_indices={self.mask_indices}, bbox_labels={self.bbox_labels}"
            raise ValueError(f"ConstrainedCoarseDropout({said}): exactly one of the two must be given")

    @property
    def _looks_at(self) -> tuple[str, ...]:
        return ("bboxes",) if self.mask_indices is None else ("mask",)

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        name = self._looks_at[0]
        if name not in data:
            raise ValueError(f"ConstrainedCoarseDropout looks at {name!r}, which is missing from the call")
        found = self._on_objects(data["mask"]) if name == "mask" else self._in_boxes(params["shape"], data["bboxes"])
        return self._drawn(holes=found)

    def _draw_sides(self) -> list[list[float]]:
        """Shares (height, width) of the holes of one object."""
        count = self._randint((int(self.num_holes_range[0]), int(self.num_holes_range[1])))
        return [[self._uniform(self.hole_height_range), self._uniform(self.hole_width_range)] for _ in range(count)]

    def _on_objects(self, mask: np.ndarray) -> list[list[int]]:
        labels, count = _objects(self, np.where(np.isin(mask, self.mask_indices or ()), mask, mask.dtype.type(0)))
        sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
        found: list[list[int]] = []
        # The largest first: an order that does not depend on which way the picture lies.
        for number in np.argsort(-sizes, kind="stable").tolist():
            sides = self._draw_sides()
            places = [self._uniform((0, 1)) for _ in sides]
            region = labels == number + 1
            found += holes.on_mask(region, sides=np.array(sides), fractions=np.array(places)).tolist()
        return found

    def _in_boxes(self, shape: Shape, rows: Any) -> list[list[int]]:
        wanted = self.bbox_labels
        boxes = pixel_boxes([row for row in rows if any(value in wanted for value in row[4:])], shape)
        found: list[list[int]] = []
        for box in boxes:
            sides = self._draw_sides()
            places = [[self._uniform((0, 1)), self._uniform((0, 1))] for _ in sides]
            repeated = np.repeat(box[None], len(sides), axis=0)
            found += holes.within(boxes=repeated, sides=np.array(sides), fractions=np.array(places)).tolist()
        return found

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        return np.array(params["holes"], dtype=np.int64).reshape(-1, 4)
