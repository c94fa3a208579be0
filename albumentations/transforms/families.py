"""The six families: they carry the targets, so that a transform says only what is its own."""

from typing import Any, ClassVar, Dict, Optional, Tuple

import numpy as np

from ..core.fuse import hold
from ..core.run import Call, Shape
from ..core.transforms_interface import DualTransform, ImageOnlyTransform
from ..functional import boxes, holes, keypoints, maps, warp
from ..functional.cv import UINT8, lut, saturate, white

Params = Dict[str, Any]
Size = Tuple[int, int]

_LEVELS = np.arange(256, dtype=np.float32)


class Pointwise(ImageOnlyTransform, abstract=True):
    """Every value becomes a function of itself: uint8 by a table of 256 entries, floats by the curve.

    A transform gives `curve(value, white, ...)`, whose further arguments are drawn numbers; integers are rounded and
    limited to their range, floats to [0, 1]. Tables of neighbours are merged (core/fuse.py).
    """

    per_channel: ClassVar[bool] = False  # the curve differs by channel: it sees values with the channels last
    _names: ClassVar[Tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        code = cls.curve.__code__
        cls._names = code.co_varnames[3 : code.co_argcount]

    def curve(self, value: np.ndarray, white: float) -> np.ndarray:
        """New values of float32 or float64 values, of any shape; may leave the range."""
        raise NotImplementedError

    def table(self, **params: Any) -> np.ndarray:
        """The curve at 0 - 255, uint8: (256,), or (256, C) where it differs by channel."""
        levels = _LEVELS[:, None] if self.per_channel else _LEVELS
        return saturate(self.curve(levels, 255.0, **{n: params[n] for n in self._names}), UINT8)

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        if img.dtype == UINT8:
            return lut(img, self.table(**params))
        top = white(img.dtype)
        wide = img.dtype.kind in "iu" and img.dtype.itemsize > 2 or img.dtype == np.float64
        value = np.asarray(img, dtype=np.float64 if wide else np.float32)
        result = self.curve(value, top, **{n: params[n] for n in self._names})
        if img.dtype.kind == "f":
            result = np.clip(result, 0.0, 1.0)
        return np.ascontiguousarray(saturate(result, img.dtype))

    def transform(self, data: Params, call: Call, params: Params) -> None:
        """Hold the table back where all images are uint8, so that neighbours merge with it."""
        plan = call.plan
        route = plan.routes.get(self) or self.route(plan)
        if not self._library or not plan.entry.fuse or not all(_is_uint8(data[n]) for n, _ in route.steps):
            super().transform(data, call, params)
            return
        if call.trace is not None:
            call.trace.append(params)
        if self.needs_channels:
            self._check_images(data, plan)
        hold(call, self, params, route.steps)


def _is_uint8(value: Any) -> bool:
    return type(value) is np.ndarray and value.dtype == UINT8


class Filter(ImageOnlyTransform, abstract=True):
    """The image alone, each value from its neighbourhood or the whole picture; frames and volumes one by one.

    A transform gives `apply`.
    """


class Geometric(DualTransform, abstract=True):
    """What has a matrix: boxes and keypoints follow it, whatever moves the pixels.

    A transform gives `motion(shape, ...)`: the 3 x 3 matrix between pixel centres, and the new (height, width).
    """

    def motion(self, shape: Shape, **params: Any) -> Tuple[np.ndarray, Size]:
        """The matrix between pixel centres, input to output, and the new (height, width)."""
        raise NotImplementedError

    def _motion(self, params: Params) -> Tuple[np.ndarray, Size]:
        # Made in `prepare` where the pixels need it; where they do not, only a call with boxes or keypoints pays for it.
        return (params["matrix"], params["size"]) if "matrix" in params else self.motion(**params)

    def apply_to_bboxes(self, bboxes: np.ndarray, **params: Any) -> np.ndarray:
        matrix, size = self._motion(params)
        moved = on_pixels(bboxes, params["shape"])
        moved = boxes.transform(moved, matrix=matrix, method=getattr(self, "rotate_method", "largest_box"))
        return normalized(moved, size)

    def apply_to_keypoints(self, keypoints_: np.ndarray, **params: Any) -> np.ndarray:
        return keypoints.transform(keypoints_, matrix=self._motion(params)[0])


def on_pixels(bboxes: np.ndarray, shape: Shape) -> np.ndarray:
    """Normalized boxes (N, 4 or more) on the pixel grid of an image of this shape."""
    height, width = shape[:2]
    result = bboxes.copy()
    result[:, :4] *= (width, height, width, height)
    return result


def normalized(bboxes: np.ndarray, size: Size) -> np.ndarray:
    """Boxes in pixels (N, 4 or more) as fractions of an image of this (height, width); changes the array."""
    height, width = size
    bboxes[:, :4] /= (width, height, width, height)
    return bboxes


class Move(Geometric, abstract=True):
    """Exact moves without interpolation: flips, quarter turns, crops, pads.

    A transform gives `motion`, and `move(picture, ...)`, which is the same for images and masks of any dtype.
    """

    passes_tables = True

    def move(self, picture: np.ndarray, **params: Any) -> np.ndarray:
        """The moved image or mask."""
        raise NotImplementedError

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return self.move(img, **params)

    def apply_to_mask(self, mask: np.ndarray, **params: Any) -> np.ndarray:
        return self.move(mask, **params)


class Warp(Geometric, abstract=True):
    """A matrix and an output size, by interpolation; masks by their own, nearest neighbour unless asked otherwise.

    A transform gives `motion`, and declares interpolation, mask_interpolation, border_mode, fill and fill_mask.
    """

    interpolation: Any
    mask_interpolation: Any
    border_mode: Any
    fill: Any
    fill_mask: Any

    def prepare(self, shape: Shape, **params: Any) -> Params:
        matrix, size = self.motion(shape, **params)
        return {"matrix": matrix, "size": size}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return warp.warp(img, interpolation=self.interpolation, fill=self.fill, **self._place(params))

    def apply_to_mask(self, mask: np.ndarray, mask_interpolation: Optional[int] = None, **params: Any) -> np.ndarray:
        chosen = self.mask_interpolation if mask_interpolation is None else mask_interpolation
        return warp.warp(mask, interpolation=chosen, fill=self.fill_mask, **self._place(params))

    def _place(self, params: Params) -> Params:
        return {"matrix": params["matrix"], "size": params["size"], "border_mode": self.border_mode}


class Remap(DualTransform, abstract=True):
    """A dense map, built once a call: where in the input each output pixel is read.

    A transform gives `maps(shape, ...)`, two float32 arrays (H, W), x and y, and declares the arguments of Warp.
    """

    interpolation: Any
    mask_interpolation: Any
    border_mode: Any
    fill: Any
    fill_mask: Any

    def maps(self, shape: Shape, **params: Any) -> Tuple[np.ndarray, np.ndarray]:
        """The map: x and y in the input for every output pixel."""
        raise NotImplementedError

    def prepare(self, shape: Shape, **params: Any) -> Params:
        map_x, map_y = self.maps(shape, **params)
        return {"map_x": map_x, "map_y": map_y}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return maps.remap(img, interpolation=self.interpolation, fill=self.fill, **self._place(params))

    def apply_to_mask(self, mask: np.ndarray, mask_interpolation: Optional[int] = None, **params: Any) -> np.ndarray:
        chosen = self.mask_interpolation if mask_interpolation is None else mask_interpolation
        return maps.remap(mask, interpolation=chosen, fill=self.fill_mask, **self._place(params))

    def _place(self, params: Params) -> Params:
        return {"map_x": params["map_x"], "map_y": params["map_y"], "border_mode": self.border_mode}

    def apply_to_bboxes(self, bboxes: np.ndarray, **params: Any) -> np.ndarray:
        moved = boxes.remap(on_pixels(bboxes, params["shape"]), map_x=params["map_x"], map_y=params["map_y"])
        return normalized(moved, params["map_x"].shape)

    def apply_to_keypoints(self, keypoints_: np.ndarray, **params: Any) -> np.ndarray:
        return keypoints.remap(keypoints_, map_x=params["map_x"], map_y=params["map_y"])


class Erase(DualTransform, abstract=True):
    """Rectangles that are filled in image and mask; boxes and keypoints wholly inside them are dropped.

    A transform gives `holes(shape, ...)`, integer pixels (N, 4): x_min, y_min, x_max, y_max, and declares fill and
    fill_mask (None leaves masks as they are). `seed` among the drawn numbers is that of random fills.
    """

    fill: Any
    fill_mask: Any

    def holes(self, shape: Shape, **params: Any) -> np.ndarray:
        """The rectangles, in pixels."""
        raise NotImplementedError

    def prepare(self, shape: Shape, **params: Any) -> Params:
        return {"hole_pixels": self.holes(shape, **params)}

    def apply(self, img: np.ndarray, hole_pixels: np.ndarray, seed: int = 0, **params: Any) -> np.ndarray:
        return holes.fill(img, holes=hole_pixels, fill=self.fill, seed=seed)

    def apply_to_mask(self, mask: np.ndarray, hole_pixels: np.ndarray, seed: int = 0, **params: Any) -> np.ndarray:
        return mask if self.fill_mask is None else holes.fill(mask, holes=hole_pixels, fill=self.fill_mask, seed=seed)

    def apply_to_bboxes(self, bboxes: np.ndarray, hole_pixels: np.ndarray, **params: Any) -> np.ndarray:
        if not len(bboxes) or not len(hole_pixels):
            return bboxes
        return bboxes[boxes.uncovered(on_pixels(bboxes, params["shape"]), holes=hole_pixels) > 0]

    def apply_to_keypoints(self, keypoints_: np.ndarray, hole_pixels: np.ndarray, **params: Any) -> np.ndarray:
        if not len(keypoints_) or not len(hole_pixels):
            return keypoints_
        return keypoints_[~keypoints.in_holes(keypoints_, holes=hole_pixels)]
