"""Crops: a window of the image, bit for bit, or enlarged to a size."""

import math
from typing import Any, Optional

from ..core.params import (
    Choice,
    Code,
    Fill,
    Flag,
    Integer,
    Number,
    Range,
    anything,
    border_flag,
    choice,
    fill_value,
    flag,
    integer,
    number,
    numbers_of,
    span,
)
from ..core.params import Size as SizeParam
from ..core.plan import Shape
from ..core.spellings import old_spelling
from .families import Size
from .pad import NO_PADS, POSITIONS, Framed, Pads, given_pads, placed
from .resize import Resized, Window

_TRIES = 10  # of an area and a ratio, before the centre is taken


class Cropping(Framed, abstract=True):
    """A window that must lie in the image, which is padded for it where `pad_if_needed`.

    A transform gives `_needed`, the size an image must have, and `_window(height, width, ...)`.
    """

    pad_if_needed: Flag = flag(
        default=False, kw_only=True, doc="pad an image that is too small, instead of raising an error"
    )
    pad_position: Choice = choice(*POSITIONS, default="center", kw_only=True, doc="where a padded image lies")
    border_mode: Code = border_flag(default=0, was=("pad_mode",), kw_only=True)
    fill: Fill = fill_value(default=0, was=("pad_cval",), kw_only=True)
    fill_mask: Fill = fill_value(default=0, was=("pad_cval_mask",), kw_only=True)

    @property
    def _takes_away(self) -> bool:
        return not vars(self)["pad_if_needed"]

    @property
    def _needed(self) -> Size:
        """The least (height, width) of an image."""
        raise NotImplementedError

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        """The window in an image that is as large as needed."""
        raise NotImplementedError

    @property
    def _paints(self) -> bool:
        return self.pad_if_needed and super()._paints

    def get_params(self) -> dict[str, Any]:
        return self._draw_place(self.pad_position) if self.pad_if_needed else {}

    def _layout(self, shape: Shape, *args: Any, **params: Any) -> tuple[Pads, Optional[Window]]:
        height, width = shape[:2]
        if "crop_coords" in params:  # a window in pixels, as a record of 2.x or a subclass has it
            given = params.get("pad_params")
            top, bottom, left, right = pads = given_pads(given) if given else NO_PADS
            return pads, windowed(type(self), params["crop_coords"], height + top + bottom, width + left + right)
        rows, columns = self._needed
        pads = NO_PADS
        if height < rows or width < columns:
            if not self.pad_if_needed:
                raise ValueError(
                    f"{type(self).__name__}: the crop needs {rows} rows and {columns} columns, the image has height"
                    f" {height} and width {width}; pad_if_needed=True would pad it"
                )
            place = (params.get("pad_y", 0.5), params.get("pad_x", 0.5))
            pads = placed((rows - height, columns - width), self.pad_position, *place)
        return pads, self._window(max(height, rows), max(width, columns), **params)


class Crop(Cropping):
    """Cut out a rectangle given in pixels.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels; the maxima are exclusive.
    """

    x_min: Integer = integer(default=0, low=0, doc="first column")
    y_min: Integer = integer(default=0, low=0, doc="first row")
    x_max: Integer = integer(default=1024, low=1, doc="the column after the last")
    y_max: Integer = integer(default=1024, low=1, doc="the row after the last")

    eras = (
        "x_min y_min x_max y_max always_apply p",
        "x_min y_min x_max y_max pad_if_needed pad_mode pad_cval pad_cval_mask pad_position border_mode fill"
        " fill_mask p always_apply",
    )
    examples = (
        {"x_min": 3, "y_min": 5, "x_max": 25, "y_max": 21},
        {"x_min": 3, "y_min": 5, "x_max": 80, "y_max": 75, "pad_if_needed": True, "fill": 77, "fill_mask": 2},
    )
    swaps = {"x_min": "y_min", "x_max": "y_max", "pad_position": "pad_position", "pad_x": "pad_y"}

    def _check(self) -> None:
        for axis, first, last in (("x", self.x_min, self.x_max), ("y", self.y_min, self.y_max)):
            if first >= last:
                raise ValueError(f"Crop: {axis}_min={first} must be less than {axis}_max={last}")

    @property
    def _needed(self) -> Size:
        return self.y_max, self.x_max

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        return self.x_min, self.y_min, self.x_max, self.y_max


class SizedCrop(Cropping, abstract=True):
    """A window of a given size; a transform says where."""

    height: Integer = integer(low=1, doc="height of the crop")
    width: Integer = integer(low=1, doc="width of the crop")
    eras = (
        "height width always_apply p",
        "height width pad_if_needed pad_mode pad_cval pad_cval_mask pad_position border_mode fill fill_mask p"
        " always_apply",
    )
    swaps = {"height": "width", "h_start": "w_start", "pad_position": "pad_position", "pad_x": "pad_y"}

    @property
    def _needed(self) -> Size:
        return self.height, self.width


class CenterCrop(SizedCrop):
    """Cut out the centre.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels; an odd rest is one more at the end.
    """

    examples = (
        {"height": 16, "width": 12},
        {"height": 70, "width": 12, "pad_if_needed": True, "border_mode": 4},
        {"height": 20, "width": 71, "pad_if_needed": True, "pad_position": "random", "fill": 77},
    )

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        x_min, y_min = (width - self.width) // 2, (height - self.height) // 2
        return x_min, y_min, x_min + self.width, y_min + self.height


class RandomCrop(SizedCrop):
    """Cut out a window of a size, anywhere.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels; every place is equally likely.
    """

    examples = (
        {"height": 16, "width": 12},
        {"height": 70, "width": 12, "pad_if_needed": True, "fill": 77, "fill_mask": 2},
    )

    def get_params(self) -> dict[str, Any]:
        return {"h_start": self._uniform((0, 1)), "w_start": self._uniform((0, 1)), **super().get_params()}

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        y_min, x_min = started(params["h_start"], height - self.height), started(params["w_start"], width - self.width)
        return x_min, y_min, x_min + self.width, y_min + self.height


def started(fraction: float, room: int) -> int:
    """Where a window begins that has this much room: 0 to room, each as likely."""
    return min(int(fraction * (room + 1)), room)


def windowed(owner: type, coordinates: Any, height: int, width: int, drawn_for: Any = None) -> Window:
    """A window in pixels that a record or a subclass gives; raises ValueError where it does not lie in the image.

    In an image of another size than the (height, width) it was drawn for it is as large in proportion.
    """
    x_min, y_min, x_max, y_max = coordinates
    if drawn_for is not None and tuple(drawn_for) != (height, width):
        y, x = height / drawn_for[0], width / drawn_for[1]
        x_min, y_min = min(round(x_min * x), width - 1), min(round(y_min * y), height - 1)
        x_max, y_max = max(round(x_max * x), x_min + 1), max(round(y_max * y), y_min + 1)
    if not (0 <= x_min < x_max <= width and 0 <= y_min < y_max <= height):
        raise ValueError(
            f"{owner.__name__}: crop_coords={coordinates!r} must lie in the image of height {height} and width {width}"
        )
    return int(x_min), int(y_min), int(x_max), int(y_max)


def started_window(owner: type, height: int, width: int, params: dict[str, Any]) -> Window:
    """A window as 1.x drew it: its size in pixels, and where it begins in the room that is left, as fractions."""
    rows, columns = params["crop_height"], params["crop_width"]
    if rows > height or columns > width:
        raise ValueError(
            f"{owner.__name__}: the crop needs {rows} rows and {columns} columns, the image has height {height} and"
            f" width {width}"
        )
    y_min, x_min = started(params["h_start"], height - rows), started(params["w_start"], width - columns)
    return x_min, y_min, x_min + columns, y_min + rows


_SIZE = numbers_of(count=2, low=1, integer=True)


def _read_size(value: Any) -> tuple[int, int]:
    """(height, width). One number is refused: it is the first of an older (height, width, ...)."""
    if isinstance(value, (int, float)):
        raise TypeError("must be (height, width), not one number: write size=(height, width), or height=..., width=...")
    height, width = _SIZE.reader(value)
    return int(height), int(width)


class ResizedCrop(Resized, abstract=True):
    """A window of the image, resized to a given size; a transform says which."""

    size: SizeParam = anything(read=_read_size, kw_only=True, doc="(height, width) of the result, in pixels")

    @old_spelling
    @staticmethod
    def _two_sides(height: Optional[int] = None, width: Optional[int] = None) -> dict[str, Any]:
        if height is None or width is None:
            raise ValueError("height and width belong together; or write size=(height, width)")
        return {"size": (height, width)}

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        return self.size


class RandomResizedCrop(ResizedCrop):
    """Cut out a window of random area, shape and place, and resize it: the standard of image classification.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Areas are fractions of the image's.
    """

    size: SizeParam = anything(read=_read_size)
    scale: Range = span(default=(0.08, 1.0), low=0, doc="area of the window, as a fraction of the image's")
    ratio: Range = span(default=(0.75, 4 / 3), low=1e-6, doc="width / height of the window; log-uniform")

    eras = (
        "height width scale ratio interpolation always_apply p",
        "size width height scale ratio interpolation mask_interpolation p always_apply",
    )
    examples = (
        {"size": (20, 24)},
        {"size": (20, 24), "scale": (0.5, 0.9), "ratio": (0.9, 1.1), "area_for_downscale": "image"},
    )
    swaps = {"size": "size", "ratio": "1/ratio", "crop_coords": "crop_coords", "drawn_for": "drawn_for"}

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        height, width = params["shape"][:2]
        for _ in range(_TRIES):
            area = self._uniform(self.scale) * height * width
            aspect = math.exp(self._uniform((math.log(self.ratio[0]), math.log(self.ratio[1]))))
            rows, columns = round(math.sqrt(area / aspect)), round(math.sqrt(area * aspect))
            if 0 < rows <= height and 0 < columns <= width:
                x_min, y_min = self._randint((0, width - columns)), self._randint((0, height - rows))
                break
        else:
            rows, columns = self._largest(height, width)
            x_min, y_min = (width - columns) // 2, (height - rows) // 2
        return {"crop_coords": [x_min, y_min, x_min + columns, y_min + rows], "drawn_for": [height, width]}

    def _largest(self, height: int, width: int) -> Size:
        """The largest window whose ratio is allowed."""
        narrowest, widest = self.ratio
        if width / height < narrowest:
            return max(round(width / narrowest), 1), width
        if width / height > widest:
            return height, max(round(height * widest), 1)
        return height, width

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Optional[Window]:
        if "crop_coords" in params:
            return windowed(type(self), params["crop_coords"], height, width, params.get("drawn_for"))
        return started_window(type(self), height, width, params)  # as 1.x drew it


class RandomSizedCrop(ResizedCrop):
    """Cut out a window of random size, anywhere, and resize it.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels.
    """

    min_max_height: Range = span(low=1, integer=True, doc="height of the window, in pixels")
    size: SizeParam = anything(read=_read_size)
    w2h_ratio: Number = number(default=1.0, low=1e-6, doc="width / height of the window")

    eras = (
        "min_max_height height width w2h_ratio interpolation always_apply p",
        "min_max_height size width height w2h_ratio interpolation mask_interpolation p always_apply",
    )
    examples = (
        {"min_max_height": (12, 24), "size": (20, 30)},
        {"min_max_height": (12, 20), "size": (16, 16), "w2h_ratio": 1.4, "area_for_downscale": "image_mask"},
    )

    def get_params(self) -> dict[str, Any]:
        rows = self._randint((int(self.min_max_height[0]), int(self.min_max_height[1])))
        columns = max(int(rows * self.w2h_ratio), 1)
        start = {"h_start": self._uniform((0, 1)), "w_start": self._uniform((0, 1))}
        return {"crop_height": rows, "crop_width": columns, **start}

    def _also(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        return {"crop_coords": self._window(shape[0], shape[1], **params)}

    def _window(self, height: int, width: int, *args: Any, **params: Any) -> Optional[Window]:
        if "crop_coords" in params:  # as 2.x drew it
            return windowed(type(self), params["crop_coords"], height, width)
        return started_window(type(self), height, width, params)

    def _new_size(self, height: int, width: int, *args: Any, **params: Any) -> Size:
        return self.size
