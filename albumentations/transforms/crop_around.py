"""Crops whose window follows from boxes, a mask, or shares of the sides."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.bbox_utils import pixel_boxes
from ..core.params import (
    Anything,
    Integer,
    Number,
    Numbers,
    OptionalNumbers,
    Probability,
    anything,
    integer,
    number,
    numbers_of,
    probability,
    shown,
)
from ..core.plan import Shape
from ..core.random import Draws
from ..core.transforms_interface import Pictures
from ..functional import moves, warp, windows
from .crop import started_window, windowed
from .families import Move, Params, Size
from .named import read_name
from .resize import Resized, Window


class Windowed(Move, abstract=True):
    """A window of the image, bit for bit. A transform draws `crop_coords`: x_min, y_min, x_max, y_max in pixels."""

    p: Probability = probability(default=1.0, kw_only=True)

    @property
    def _takes_away(self) -> bool:
        return True

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        """The window in pixels, as it was drawn, or as a record of 1.x has it."""
        if "crop_coords" in params:
            return windowed(type(self), params["crop_coords"], height, width, params.get("drawn_for"))
        if "crop_height" in params:
            return started_window(type(self), height, width, params)
        edges = [params.get(name) for name in ("x_min", "y_min", "x_max", "y_max")]
        if None in edges:
            raise ValueError(f"{type(self).__name__}: the record does not say which window was drawn (crop_coords)")
        return windowed(type(self), edges, height, width)

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        x_min, y_min, x_max, y_max = self._window(shape[0], shape[1], **params)
        return warp.translation(-x_min, -y_min), (y_max - y_min, x_max - x_min)

    def _pictures(self, shape: Shape, *args: Any, **params: Any) -> Pictures:
        x_min, y_min, x_max, y_max = self._window(shape[0], shape[1], **params)

        def cut(picture: np.ndarray) -> np.ndarray:
            return moves.crop(picture, x_min=x_min, y_min=y_min, x_max=x_max, y_max=y_max)

        return cut, cut


def _fitting(transform: Any, params: Params) -> Size:
    """The image's height and width, which must not be less than those of the transform."""
    height, width = params["shape"][:2]
    if transform.height > height or transform.width > width:
        raise ValueError(
            f"{type(transform).__name__}: the crop needs {transform.height} rows and {transform.width} columns, the"
            f" image has height {height} and width {width}"
        )
    return height, width


def _draw_safe(draws: Draws, params: Params, data: Params, rate: float) -> Params:
    """A window around all boxes; without any, one that is as high and wide in proportion."""
    height, width = params["shape"][:2]
    boxes = pixel_boxes(data.get("bboxes", ()), params["shape"])
    a, b, c, d = (draws._uniform((0, 1)) for _ in range(4))
    if not len(boxes):
        window = windows.shrunk(height, width, erosion_rate=rate, fractions=(a, b, c))
    else:
        window = windows.around_boxes(height, width, boxes=boxes, erosion_rate=rate, fractions=(a, b, c, d))
    return {"crop_coords": list(window), "drawn_for": [height, width]}


class BBoxSafeRandomCrop(Windowed):
    """Cut out a random window that shows every box.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Not one box of `bboxes` is lost, whatever its
    size and place; those of additional targets are not looked at. Without boxes nothing is cut, unless `erosion_rate`.
    """

    erosion_rate: Number = number(
        default=0.0, low=0, high=1, doc="share of its width and height that a box may lose at either side"
    )

    eras = ("erosion_rate always_apply p",)
    examples = ({"erosion_rate": 0.3}, {"erosion_rate": 0.6})
    swaps = {"crop_coords": "crop_coords", "drawn_for": "drawn_for"}

    @property
    def _looks_at(self) -> tuple[str, ...]:
        return ("bboxes",)

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        return _draw_safe(self, params, data, self.erosion_rate)


class RandomSizedBBoxSafeCrop(Resized):
    """Cut out a random window that shows every box, and resize it.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels. Not one box of `bboxes` is lost,
    whatever its size and place; those of additional targets are not looked at.
    """

    height: Integer = integer(low=1, doc="height of the result, in pixels")
    width: Integer = integer(low=1, doc="width of the result, in pixels")
    erosion_rate: Number = number(
        default=0.0, low=0, high=1, doc="share of its width and height that a box may lose at either side"
    )
    order = "height width erosion_rate interpolation mask_interpolation p"
    eras = (
        "height width erosion_rate interpolation always_apply p",
        "height width erosion_rate interpolation mask_interpolation always_apply p",
    )
    examples = (
        {"height": 50, "width": 41},
        {"height": 20, "width": 27, "erosion_rate": 0.6, "area_for_downscale": "image"},
    )
    swaps = {"height": "width", "crop_coords": "crop_coords", "drawn_for": "drawn_for"}

    @property
    def _looks_at(self) -> tuple[str, ...]:
        return ("bboxes",)

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        return _draw_safe(self, params, data, self.erosion_rate)

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        if "crop_height" in params:  # as 1.x drew it
            return started_window(type(self), height, width, params)
        return windowed(type(self), params["crop_coords"], height, width, params.get("drawn_for"))

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        return self.height, self.width


class AtLeastOneBBoxRandomCrop(Windowed):
    """Cut out a window of a given size that shows one box, picked at random.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels. A box larger than the window is seen in
    part, as is one where `erosion_factor` allows it. Without boxes the window lies anywhere. Raises ValueError for a
    window larger than the image.
    """

    height: Integer = integer(low=1, doc="height of the crop")
    width: Integer = integer(low=1, doc="width of the crop")
    erosion_factor: Number = number(
        default=0.0, low=0, high=1, doc="share of its width and height that the box may lose at either side"
    )

    eras = ("height width erosion_factor always_apply p",)
    examples = ({"height": 16, "width": 23}, {"height": 26, "width": 17, "erosion_factor": 0.3})
    swaps = {"height": "width", "crop_coords": "crop_coords"}

    @property
    def _looks_at(self) -> tuple[str, ...]:
        return ("bboxes",)

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        height, width = _fitting(self, params)
        boxes = pixel_boxes(data.get("bboxes", ()), params["shape"])
        box = boxes[self._randint((0, len(boxes) - 1))].tolist() if len(boxes) else None
        window = windows.over_box(
            height,
            width,
            crop_height=self.height,
            crop_width=self.width,
            box=box,
            erosion_factor=self.erosion_factor,
            fractions=(self._uniform((0, 1)), self._uniform((0, 1))),
        )
        return {"crop_coords": list(window)}


class RandomCropFromBorders(Windowed):
    """Cut a random part off every side.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Where the cuts of two sides meet, the second
    side gives way: a pixel is left.
    """

    crop_left: Number = number(default=0.1, low=0, high=1, doc="up to this share of the width is cut at the left")
    crop_right: Number = number(default=0.1, low=0, high=1, doc="up to this share of the width is cut at the right")
    crop_top: Number = number(default=0.1, low=0, high=1, doc="up to this share of the height is cut at the top")
    crop_bottom: Number = number(default=0.1, low=0, high=1, doc="up to this share of the height is cut at the bottom")

    eras = ("crop_left crop_right crop_top crop_bottom always_apply p",)
    examples = ({}, {"crop_left": 0.3, "crop_right": 0.2, "crop_top": 0.25, "crop_bottom": 0.05})
    neutral = {"crop_left": 0, "crop_right": 0, "crop_top": 0, "crop_bottom": 0}
    swaps = {
        "crop_left": "crop_top",
        "crop_right": "crop_bottom",
        "crop_coords": "crop_coords",
        "drawn_for": "drawn_for",
    }

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        x_min, y_min, x_max, y_max = super()._window(height, width, **params)
        if "crop_coords" not in params and height > 1 and width > 1:  # 1.x never shows the last row and column
            x_max, y_max = min(x_max, width - 1), min(y_max, height - 1)
        return x_min, y_min, x_max, y_max

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        height, width = params["shape"][:2]
        left, right, top, bottom = (self._uniform((0, 1)) for _ in range(4))
        limits = (self.crop_left, self.crop_right, self.crop_top, self.crop_bottom)
        window = windows.from_borders(height, width, limits=limits, fractions=(left, right, top, bottom))
        return {"crop_coords": list(window), "drawn_for": [height, width]}


class RandomCropNearBBox(Windowed):
    """Cut out a box that the call names, each of its edges moved at random.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. The box, in the call under `cropping_bbox_key`,
    is (x_min, y_min, x_max, y_max) in pixels of the picture as it is then. Edges stay in the image, at least a pixel
    apart. Raises TypeError or ValueError where the box is missing, is not four numbers, or has no area in the image.
    """

    max_part_shift: Numbers = numbers_of(
        default=(0.3, 0.3),
        count=2,
        low=0,
        high=1,
        doc="how far edges move at most, as shares of the box's (height, width); x is read as (x, x)",
    )
    cropping_bbox_key: Anything = anything(
        read=read_name,
        default="cropping_bbox",
        was=("cropping_box_key",),
        doc="name of the call's argument that holds the box",
    )
    order = "max_part_shift cropping_bbox_key p"
    eras = (
        "max_part_shift always_apply p",
        "max_part_shift cropping_box_key always_apply p",
        "max_part_shift cropping_bbox_key cropping_box_key always_apply p",
    )
    _beside = {"cropping_bbox_key": {"max_part_shift": (0, 0.3)}}
    examples = ({}, {"max_part_shift": (0.1, 0.6), "cropping_bbox_key": "here"})
    swaps = {"max_part_shift": "max_part_shift", "crop_coords": "crop_coords"}

    @property
    def _looks_at(self) -> tuple[str, ...]:
        return (self.cropping_bbox_key,)

    def example_call(self, image: np.ndarray) -> Params:
        height, width = image.shape[:2]
        return {self.cropping_bbox_key: (width // 5, height // 4, max(width * 4 // 5, 1), max(height * 2 // 3, 1))}

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        height, width = params["shape"][:2]
        a, b, c, d = (self._uniform((0, 1)) for _ in range(4))
        parts = (self.max_part_shift[0], self.max_part_shift[1])
        try:
            window = windows.near_box(height, width, box=self._box(data), parts=parts, fractions=(a, b, c, d))
        except ValueError as error:
            raise ValueError(f"RandomCropNearBBox: {self.cropping_bbox_key}: {error}") from None
        return {"crop_coords": list(window)}

    def _box(self, data: Params) -> tuple[float, ...]:
        if self.cropping_bbox_key not in data:
            raise ValueError("is missing from the call; it is a box: x_min, y_min, x_max, y_max in pixels")
        box = data[self.cropping_bbox_key]
        kind = f"must be four numbers, x_min, y_min, x_max, y_max in pixels, not {shown(box)}"
        if isinstance(box, str) or not isinstance(box, (Sequence, np.ndarray)):
            raise TypeError(f"RandomCropNearBBox: {self.cropping_bbox_key} {kind}")
        if len(box) != 4 or not all(isinstance(v, (int, float, np.integer, np.floating)) for v in box):
            raise ValueError(kind)
        edges = tuple(float(v) for v in box)
        if not np.isfinite(edges).all():
            raise ValueError(kind)
        return edges


def _or_none(listed: OptionalNumbers) -> Any:
    """How a list of numbers is read where an empty one says nothing."""
    return lambda value: None if isinstance(value, Sequence) and not len(value) else listed.reader(value)


class CropNonEmptyMaskIfExists(Windowed):
    """Cut out a window of a given size that shows something of the mask: a pixel that is not 0, picked at random.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels. The call's `mask` is looked at, or all
    of its `masks`. Where they are empty the window lies anywhere. Raises ValueError without a mask, for a window larger
    than the image, and for channels to ignore that the mask does not have.
    """

    height: Integer = integer(low=1, doc="height of the crop")
    width: Integer = integer(low=1, doc="width of the crop")
    ignore_values: Anything = anything(
        read=_or_none(numbers_of(optional=True)), default=None, doc="values of the mask that count as 0"
    )
    ignore_channels: Anything = anything(
        read=_or_none(numbers_of(optional=True, integer=True)),
        default=None,
        doc="channels of the mask that count as 0",
    )

    eras = ("height width ignore_values ignore_channels always_apply p",)
    examples = ({"height": 16, "width": 23}, {"height": 26, "width": 7, "ignore_values": (1, 2)})
    swaps = {"height": "width", "crop_coords": "crop_coords"}

    @property
    def _looks_at(self) -> tuple[str, ...]:
        return ("mask",)

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        height, width = _fitting(self, params)
        if "mask" not in data and "masks" not in data:
            raise ValueError("CropNonEmptyMaskIfExists needs a mask, or masks, in the call")
        found = np.zeros((height, width), dtype=bool)
        for mask in (data["mask"],) if "mask" in data else data["masks"]:
            found |= self._wanted(mask)
        a, b, c = (self._uniform((0, 1)) for _ in range(3))
        window = windows.over_mask(found, crop_height=self.height, crop_width=self.width, fractions=(a, b, c))
        return {"crop_coords": list(window)}

    def _wanted(self, mask: np.ndarray) -> np.ndarray:
        try:
            return windows.wanted(
                mask,
                ignore_values=self.ignore_values or (),
                ignore_channels=self.ignore_channels or (),
            )
        except ValueError as error:
            raise ValueError(f"CropNonEmptyMaskIfExists: {error}") from None
