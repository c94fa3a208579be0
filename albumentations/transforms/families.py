"""The six families: they carry the targets, so that a transform says only what is its own."""

import functools
from collections.abc import Mapping
from typing import Any, Callable, ClassVar, Optional

import cv2
import numpy as np

from ..core.params import Code, Fill, border_flag, fill_value, interpolation_flag
from ..core.plan import Shape, Step
from ..core.records import matrix_of, release_of
from ..core.rows import Rows
from ..core.serialization import is_library
from ..core.transforms_interface import DualTransform, ImageOnlyTransform, Pictures
from ..functional import boxes, holes, maps, warp
from ..functional import keypoints as points
from ..functional.cv import UINT8, lut, saturate, white, working

Params = dict[str, Any]
Size = tuple[int, int]

_LEVELS = np.arange(256, dtype=np.float32)


def as_recorded(name: str, value: Any, shape: Shape) -> np.ndarray:
    """An array that was recorded, or drawn by a subclass; raises ValueError where it is not as large as the image."""
    array = np.asarray(value)
    if array.shape[:2] != tuple(shape[:2]):
        raise ValueError(f"{name} of the shape {array.shape} does not fit the image, whose shape is {tuple(shape)}")
    return array


class Pointwise(ImageOnlyTransform, abstract=True):
    """Every value becomes a function of itself: uint8 by a table of 256 entries, floats by the curve.

    A transform gives `_curve(value, white, ...)`, whose further arguments are drawn numbers; integers are rounded and
    limited to their range, floats to [0, 1]. Tables of neighbours are merged (core/fuse.py).
    """

    _names: ClassVar[tuple[str, ...]] = ()
    swaps = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        code = cls._curve.__code__
        cls._names = code.co_varnames[3 : code.co_argcount]

    @property
    def _per_channel(self) -> bool:
        """Whether the curve differs by channel: then it sees values with the channels last."""
        return False

    def _curve(self, value: np.ndarray, white: float, *args: Any, **params: Any) -> np.ndarray:
        """New values of float32 or float64 values, of any shape; may leave the range."""
        raise NotImplementedError

    def _holdable(self) -> bool:
        """Whether the curve is the same for every picture, so that its table may be held back."""
        return True

    @property
    def _whole_stacks(self) -> bool:
        return self._holdable()

    def _table(self, **params: Any) -> np.ndarray:
        """The curve at 0 - 255, uint8: (256,), or (256, C) where it differs by channel."""
        levels = _LEVELS[:, None] if self._per_channel else _LEVELS
        result = saturate(self._curve(levels, 255.0, **{n: params[n] for n in self._names if n in params}), UINT8)
        return result[:, 0] if result.shape[1:] == (1,) else result  # of one channel, which an image (H, W) has too

    def apply(self, img: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        if img.dtype == UINT8:
            return lut(img, self._table(**params))
        value = np.asarray(img, dtype=working(img.dtype))
        result = self._curve(value, white(img.dtype), **{n: params[n] for n in self._names if n in params})
        if img.dtype.kind == "f":
            result = np.clip(result, 0.0, 1.0)
        return np.ascontiguousarray(saturate(result, img.dtype))

    def _waits(self, data: Params, steps: tuple[Step, ...]) -> bool:
        for step in steps:
            value = data[step.name]
            if type(value) is not np.ndarray or value.dtype != UINT8:
                return False
        return self._holdable()


class Filter(ImageOnlyTransform, abstract=True):
    """The image alone, each value from its neighbourhood or the whole picture; frames and volumes one by one.

    A transform gives `apply`. Where a release drew arrays (a kernel, noise), `_recorded` says by their names what is
    done with them instead: a function of the transform, the image, the array and all numbers.
    """

    _recorded: ClassVar[dict[str, Callable[..., np.ndarray]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls._recorded and "apply" in vars(cls) and is_library(cls):
            cls.apply = _or_recorded(cls.apply, cls._recorded)  # type: ignore[method-assign]
        super().__init_subclass__(**kwargs)


def _or_recorded(apply: Callable[..., Any], recorded: Mapping[str, Callable[..., np.ndarray]]) -> Callable[..., Any]:
    """An `apply` that takes the arrays of other releases too."""

    @functools.wraps(apply)
    def applied(self: Any, img: np.ndarray, **params: Any) -> Any:
        for name, function in recorded.items():
            if name in params:
                return function(self, img, params[name], params)
        return apply(self, img, **params)

    return applied


class Geometric(DualTransform, abstract=True):
    """What has a matrix: boxes and keypoints follow it, whatever moves the pixels.

    A transform gives `_motion(shape, ...)`: the 3 x 3 matrix between pixel centres, and the new (height, width).
    """

    _has_matrix = True

    def _motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        """The matrix between pixel centres, input to output, and the new (height, width)."""
        raise NotImplementedError

    def _moved(self, params: Params) -> tuple[np.ndarray, Size]:
        # Made in `_prepare` where the pixels need it; elsewhere only a call with boxes or keypoints pays for it.
        return (params["matrix"], params["size"]) if "matrix" in params else self._motion(**params)

    def _size_after(self, *args: Any, **params: Any) -> Size:
        return self._moved(params)[1]

    def _move_bboxes(self, bboxes: np.ndarray, carried: Optional[Rows] = None, **params: Any) -> np.ndarray:
        matrix = self._moved(params)[0]
        method = getattr(self, "rotate_method", "largest_box")
        if carried is None:
            return boxes.transform(bboxes, matrix=matrix, method=method)
        return carried.move(bboxes, matrix, method)

    def _move_keypoints(self, keypoints: np.ndarray, **params: Any) -> np.ndarray:
        return points.transform(keypoints, matrix=self._moved(params)[0])


class Direct(Geometric, abstract=True):
    """What goes straight from numbers to pictures, where the way through `_prepare` and `apply` would show (3 us).

    A transform gives `_motion`, and `_pictures(shape, ...)`: a function of an image and one of a mask.
    """

    def _pictures(self, shape: Shape, *args: Any, **params: Any) -> Pictures:
        raise NotImplementedError

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return self._pictures(**params)[0](img)

    def apply_to_mask(self, mask: np.ndarray, **params: Any) -> np.ndarray:
        return self._pictures(**params)[1](mask)


class Move(Direct, abstract=True):
    """Exact moves without interpolation, for any dtype: flips, quarter turns, crops, pads."""

    @property
    def _passes_tables(self) -> bool:
        return True


class Sampled(DualTransform, abstract=True):
    """What samples pixels: images by one interpolation, masks by their own, nearest neighbour unless said otherwise."""

    interpolation: Code = interpolation_flag(default=1, kw_only=True, doc="OpenCV interpolation flag")
    mask_interpolation: Code = interpolation_flag(default=0, kw_only=True, doc="OpenCV interpolation flag for masks")
    border_mode: Code = border_flag(default=cv2.BORDER_REFLECT_101, kw_only=True, doc="OpenCV border mode flag")
    fill: Fill = fill_value(
        default=0,
        was=("value",),
        kw_only=True,
        doc="value of pixels that lie outside of the image (constant border), in its own units",
    )
    fill_mask: Fill = fill_value(
        default=0,
        was=("mask_value",),
        kw_only=True,
        doc="value of pixels that lie outside of the mask (constant border)",
    )

    def _sampling(self, params: Params) -> Params:
        """How images are sampled, as arguments of a kernel."""
        return {"interpolation": self.interpolation, "border_mode": self.border_mode, "fill": self.fill}

    def _mask_sampling(self, params: Params) -> Params:
        """How masks are sampled; a Compose may have an interpolation for all of them."""
        chosen = params.get("mask_interpolation", self.mask_interpolation)
        return {"interpolation": chosen, "border_mode": self.border_mode, "fill": self.fill_mask}


# What the releases record beside a matrix, which says it all.
_IN_MATRIX = {
    *("angle", "rotate", "scale", "scale_x", "scale_y", "dx", "dy"),
    *("bbox_matrix", "matrix_bbox", "max_height", "max_width", "output_shape"),
}


class Warp(Geometric, Sampled, abstract=True):
    """A matrix and an output size, by interpolation. A transform gives `_motion`.

    A `matrix` among the numbers takes its place: from pixel centres to pixel centres, as the releases record it.
    """

    def _read_names(self, params: Params) -> Params:
        params = super()._read_names(params)
        if params.get("matrix") is None:
            return params
        height, width = params.get("max_height"), params.get("max_width")
        size = params.get("output_shape") or (params.get("size") if height is None else (height, width))
        beside = {n: v for n, v in params.items() if n not in _IN_MATRIX}
        return {**beside, "matrix": matrix_of(params["matrix"]), **({"size": tuple(size[:2])} if size else {})}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        if "matrix" in params:
            matrix, size = self._given_motion(shape, **params)
        else:
            matrix, size = self._motion(shape, **params)
        return {"matrix": matrix, "size": size}

    def _given_motion(
        self, shape: Shape, matrix: np.ndarray, size: Optional[Size] = None, **params: Any
    ) -> tuple[np.ndarray, Size]:
        """As `_motion`, of a matrix that is given."""
        height, width = size or shape[:2]
        return matrix, (int(height), int(width))

    def apply(self, img: np.ndarray, matrix: np.ndarray, size: Size, **params: Any) -> np.ndarray:
        return warp.warp(img, matrix=matrix, size=size, **self._sampling(params))

    def apply_to_mask(self, mask: np.ndarray, matrix: np.ndarray, size: Size, **params: Any) -> np.ndarray:
        return warp.warp(mask, matrix=matrix, size=size, **self._mask_sampling(params))


class Remap(Sampled, abstract=True):
    """A dense map, built once a call: where in the input each output pixel is read.

    A transform gives `_maps(shape, ...)`, two float32 arrays (H, W), x and y.
    """

    def _maps(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, np.ndarray]:
        """The map: x and y in the input for every output pixel."""
        raise NotImplementedError

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        if "map_x" in params:  # as a record of 2.x or a subclass has it
            given = [np.ascontiguousarray(params[name], dtype=np.float32) for name in ("map_x", "map_y")]
            as_recorded("map_x", given[0], shape)
            return {"map_x": given[0], "map_y": given[1]}
        map_x, map_y = self._maps(shape, **params)
        return {"map_x": map_x, "map_y": map_y}

    def apply(self, img: np.ndarray, map_x: np.ndarray, map_y: np.ndarray, **params: Any) -> np.ndarray:
        return maps.remap(img, map_x=map_x, map_y=map_y, **self._sampling(params))

    def apply_to_mask(self, mask: np.ndarray, map_x: np.ndarray, map_y: np.ndarray, **params: Any) -> np.ndarray:
        return maps.remap(mask, map_x=map_x, map_y=map_y, **self._mask_sampling(params))

    def _size_after(self, *args: Any, **params: Any) -> Size:
        return params["map_x"].shape[0], params["map_x"].shape[1]

    def _move_bboxes(self, bboxes: np.ndarray, map_x: np.ndarray, map_y: np.ndarray, **params: Any) -> np.ndarray:
        return boxes.remap(bboxes, map_x=map_x, map_y=map_y)

    def _move_keypoints(self, keypoints: np.ndarray, map_x: np.ndarray, map_y: np.ndarray, **params: Any) -> np.ndarray:
        return points.remap(keypoints, map_x=map_x, map_y=map_y)


class Erase(DualTransform, abstract=True):
    """Parts of the picture are filled in image and mask; boxes and keypoints wholly inside them are dropped.

    A transform gives `_region(shape, ...)`, rectangles in pixels (N, 4): x_min, y_min, x_max, y_max, or a bool mask.
    Its draws go through `_drawn`, which adds `seed`, that of random fills. `holes` among the numbers, rectangles as the
    records of 1.x and 2.x and subclasses have them, take the place of the region.
    """

    fill: Fill = fill_value(
        default=0,
        words=("random", "random_uniform", "inpaint_telea", "inpaint_ns"),
        was=("fill_value",),
        kw_only=True,
        doc="a number or one a channel, in the image's own units; 'random' noise, 'random_uniform' one colour a hole;"
        " 'inpaint_telea' and 'inpaint_ns' (uint8, 1 or 3 channels)",
    )
    fill_mask: Fill = fill_value(
        default=None,
        optional=True,
        was=("mask_fill_value",),
        kw_only=True,
        doc="value of holes in masks; None leaves masks as they are",
    )

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        """What is erased: rectangles in pixels, or a bool mask."""
        raise NotImplementedError

    def _drawn(self, **numbers: Any) -> Params:
        """Numbers drawn, and a seed where the fill needs one."""
        return {**numbers, "seed": self._draw_seed()} if isinstance(self.fill, str) else numbers

    def _read_names(self, params: Params) -> Params:
        if release_of(params) is not None and isinstance(self.fill, str) and self.fill.startswith("random"):
            raise ValueError(f"fill={self.fill!r}: another generator would draw other noise")
        return super()._read_names(params)

    def _also(self, shape: Shape, *args: Any, **params: Any) -> Params:
        if self._reads or "holes" in params or "dropout_mask" in params:
            return {}
        region = self._region(shape, **params)
        return {} if region.dtype == bool else {"holes": region.tolist()}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        if "holes" in params:
            return {"erased": np.array(params["holes"], dtype=np.int64).reshape(-1, 4)}
        return {"erased": self._region(shape, **params)}

    def apply(self, img: np.ndarray, erased: np.ndarray, seed: int = 0, **params: Any) -> np.ndarray:
        return holes.fill(img, holes=erased, fill=self.fill, seed=seed)

    def apply_to_mask(self, mask: np.ndarray, erased: np.ndarray, seed: int = 0, **params: Any) -> np.ndarray:
        value = self.fill_mask
        return mask if value is None else holes.fill(mask, holes=erased, fill=value, seed=seed)

    def _move_bboxes(self, bboxes: np.ndarray, erased: np.ndarray, **params: Any) -> np.ndarray:
        if not len(bboxes) or not len(erased):
            return bboxes
        return bboxes[boxes.uncovered(bboxes, holes=erased) > 0]

    def _move_keypoints(self, keypoints: np.ndarray, erased: np.ndarray, **params: Any) -> np.ndarray:
        if not len(keypoints) or not len(erased):
            return keypoints
        return keypoints[~points.in_holes(keypoints, holes=erased)]
