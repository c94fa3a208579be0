"""Volumes as a whole: crops, pads, holes, and the symmetries of a cube.

Sides, places and paddings are in voxels, along z (depth), y (height) and x (width) in this order.
"""

import math
from collections.abc import Sequence
from typing import Any, Optional, cast

import numpy as np

from ..core.params import (
    Anything,
    Choice,
    Fill,
    Flag,
    OptionalNumbers,
    Probability,
    Range,
    anything,
    choice,
    fill_value,
    flag,
    numbers_of,
    probability,
    span,
)
from ..core.params import Size as SizeParam
from ..core.plan import Shape
from ..core.transforms_interface import Transform3D
from ..functional import volumes

Params = dict[str, Any]
Size = tuple[int, int, int]
Six = tuple[int, int, int, int, int, int]  # what is before and after along z, y, x; or where it begins and ends

_NO_PADS: Six = (0, 0, 0, 0, 0, 0)
_PAD_NAMES = ("pad_front", "pad_back", "pad_top", "pad_bottom", "pad_left", "pad_right")


def _pairs(first: Sequence[int], last: Sequence[int]) -> Six:
    """Two numbers an axis, side by side."""
    return cast(Six, tuple(int(v) for pair in zip(first, last) for v in pair))


class Framed3D(Transform3D, abstract=True):
    """A frame over the volume: pads on some sides, then perhaps a window of what results.

    A transform gives `layout(shape, ...)` of the numbers drawn: pads (front, back, top, bottom, left, right), and the
    window (z_min, z_max, y_min, y_max, x_min, x_max) in the padded volume or None.
    """

    fill: Fill = fill_value(default=0, kw_only=True, doc="value of new voxels of volumes, in their own units")
    fill_mask: Fill = fill_value(default=0, kw_only=True, doc="value of new voxels of masks")
    p: Probability = probability(default=1.0, kw_only=True)

    def _layout(self, *args: Any, **params: Any) -> tuple[Six, Optional[Six]]:
        """Pads, and the window in the padded volume."""
        raise NotImplementedError

    def apply_to_volume(self, volume: np.ndarray, **params: Any) -> np.ndarray:
        return self._framed(volume, self.fill, params)

    def apply_to_mask3d(self, mask3d: np.ndarray, **params: Any) -> np.ndarray:
        return self._framed(mask3d, self.fill_mask, params)

    def _framed(self, volume: np.ndarray, fill: Any, params: Params) -> np.ndarray:
        (front, back, top, bottom, left, right), window = self._layout(**params)
        before, after = (front, top, left), (back, bottom, right)
        if window is None:
            return volumes.pad(volume, before=before, after=after, fill=fill)
        z_min, z_max, y_min, y_max, x_min, x_max = window
        start, size = (z_min, y_min, x_min), (z_max - z_min, y_max - y_min, x_max - x_min)
        return volumes.crop(volume, start=start, size=size, before=before, after=after, fill=fill)

    def _move_keypoints(self, keypoints: np.ndarray, **params: Any) -> np.ndarray:
        (front, _, top, _, left, _), window = self._layout(**params)
        z_min, _, y_min, _, x_min, _ = window or _NO_PADS
        return volumes.shifted(keypoints, by=(front - z_min, top - y_min, left - x_min))


class Crop3D(Framed3D, abstract=True):
    """A window of a given size; a transform says where it and missing voxels lie.

    Numbers drawn, as the records of 2.x have them: `crop_coords` (z_min, z_max, y_min, y_max, x_min, x_max) in the
    padded volume, and `pad_params`, voxels a side or None.
    """

    size: SizeParam = numbers_of(  # type: ignore[assignment]
        count=3, low=1, integer=True, doc="(depth, height, width) of the crop; one number stands for a cube"
    )
    pad_if_needed: Flag = flag(default=False, doc="pad a volume that is too small, instead of raising an error")
    order = "size pad_if_needed fill fill_mask p"
    eras = ("size pad_if_needed fill fill_mask p always_apply",)
    examples = (
        {"size": (3, 17, 22)},
        {"size": (8, 17, 60), "pad_if_needed": True, "fill": 77, "fill_mask": 2},
    )

    @property
    def _takes_away(self) -> bool:
        return not self.pad_if_needed

    def _share(self, rest: int) -> int:
        """How many of the voxels that are missing, or too many, along an axis come before the crop."""
        raise NotImplementedError

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        pads: list[int] = []
        window: list[int] = []
        for wanted, side in zip(self.size, params["shape"]):
            missing = max(0, wanted - side)
            if missing and not self.pad_if_needed:
                raise ValueError(
                    f"{type(self).__name__}: the crop needs {self.size} voxels, the volume has {params['shape'][:3]};"
                    " pad_if_needed=True would pad it"
                )
            before = self._share(missing) if missing else 0
            pads += (before, missing - before)
            first = 0 if missing else self._share(side - wanted)
            window += (first, first + wanted)
        padded = dict(zip(_PAD_NAMES, pads)) if any(pads) else None
        return {"crop_coords": tuple(window), "pad_params": padded}

    def _layout(self, crop_coords: Six, pad_params: Optional[dict[str, int]] = None, **params: Any) -> Any:
        return tuple(pad_params[name] for name in _PAD_NAMES) if pad_params else _NO_PADS, crop_coords


class CenterCrop3D(Crop3D):
    """Cut out the centre of a volume.

    Targets: volume, mask3d, keypoints; any dtype. Voxels; an odd rest is one more at the end. Raises ValueError for a
    volume that is too small, unless pad_if_needed.
    """

    def _share(self, rest: int) -> int:
        return rest // 2


class RandomCrop3D(Crop3D):
    """Cut out a random part of a volume.

    Targets: volume, mask3d, keypoints; any dtype. Voxels; what is padded is shared by the two sides at random. Raises
    ValueError for a volume that is too small, unless pad_if_needed.
    """

    def _share(self, rest: int) -> int:
        return self._randint((0, rest))


_SIDES = numbers_of(low=0, integer=True)


def _read_padding(value: Any) -> Any:
    """One number for all sides, (z, y, x), or (front, back, top, bottom, left, right)."""
    if isinstance(value, (list, tuple)) and len(value) not in (3, 6):
        raise ValueError(
            "must be one number, (depth, height, width) or (front, back, top, bottom, left, right), not"
            f" {len(value)} values"
        )
    sides = _SIDES.reader(value)
    return sides if isinstance(value, (list, tuple)) else sides[0]


class Padded3D(Framed3D, abstract=True):
    """Pads alone: `padding` among the numbers drawn, six voxels counts, as the records of 2.x have it."""

    def _layout(self, padding: Six, **params: Any) -> tuple[Six, Optional[Six]]:
        return padding, None


class Pad3D(Padded3D):
    """Add voxels around a volume.

    Targets: volume, mask3d, keypoints; any dtype. Voxels.
    """

    padding: Anything = anything(
        read=_read_padding,
        doc="voxels: one number for all sides, (depth, height, width) for both sides each, or (front, back, top,"
        " bottom, left, right)",
    )
    order = "padding fill fill_mask p"
    eras = ("padding fill fill_mask p always_apply",)
    examples = (
        {"padding": 2, "fill": 77},
        {"padding": (1, 2, 3)},
        {"padding": (1, 2, 3, 4, 5, 6), "fill_mask": 1},
    )
    neutral = {"padding": 0}

    def get_params(self) -> Params:
        sides = self.padding if isinstance(self.padding, tuple) else (self.padding,) * 3
        return {"padding": _pairs(sides, sides) if len(sides) == 3 else sides}


class PadIfNeeded3D(Padded3D):
    """Pad smaller volumes to a size, or to multiples of one; sides that are large enough stay as they are.

    Targets: volume, mask3d, keypoints; any dtype. Voxels.
    """

    min_zyx: OptionalNumbers = numbers_of(
        default=None, count=3, low=0, integer=True, optional=True, doc="least (depth, height, width)"
    )
    pad_divisor_zyx: OptionalNumbers = numbers_of(
        default=None,
        count=3,
        low=1,
        integer=True,
        optional=True,
        doc="instead of min_zyx, numbers that (depth, height, width) become multiples of",
    )
    position: Choice = choice(
        "center", "random", default="center", doc="where the volume lies in what is padded; an odd rest is behind it"
    )
    order = "min_zyx pad_divisor_zyx position fill fill_mask p"
    eras = ("min_zyx pad_divisor_zyx position fill fill_mask p always_apply",)
    examples = (
        {"min_zyx": (9, 45, 51)},
        {"pad_divisor_zyx": (5, 32, 7), "fill": 77, "fill_mask": 2},
        {"min_zyx": (9, 45, 51), "position": "random"},
    )
    neutral = {"min_zyx": (0, 0, 0)}

    def _check(self) -> None:
        if (self.min_zyx is None) == (self.pad_divisor_zyx is None):
            said = f"min_zyx={self.min_zyx}, pad_divisor_zyx={self.pad_divisor_zyx}"
            raise ValueError(f"PadIfNeeded3D({said}): give exactly one of min_zyx and pad_divisor_zyx")

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        sides = params["shape"][:3]
        if self.min_zyx is not None:
            missing = [max(0, int(least) - side) for least, side in zip(self.min_zyx, sides)]
        else:
            missing = [-side % int(divisor) for divisor, side in zip(self.pad_divisor_zyx or (), sides)]
        at_random = self.position == "random"
        before = [self._randint((0, n)) if at_random and n else n // 2 for n in missing]
        return {"padding": _pairs(before, [n - first for n, first in zip(missing, before)])}


class CoarseDropout3D(Transform3D):
    """Fill boxes at random places of a volume.

    Targets: volume, mask3d (where fill_mask is given), keypoints; any dtype. Sides are fractions of the volume's,
    rounded up to whole voxels, at least one. Keypoints in a hole are dropped.
    """

    num_holes_range: Range = span(default=(1, 1), low=0, integer=True, doc="number of boxes")
    hole_depth_range: Range = span(default=(0.1, 0.2), low=0, high=1, doc="depth, as a fraction of the volume's")
    hole_height_range: Range = span(default=(0.1, 0.2), low=0, high=1, doc="height, as a fraction of the volume's")
    hole_width_range: Range = span(default=(0.1, 0.2), low=0, high=1, doc="width, as a fraction of the volume's")
    fill: Fill = fill_value(default=0, doc="a number or one a channel, in the volume's own units")
    fill_mask: Fill = fill_value(
        default=None, optional=True, doc="value of holes in masks; None leaves masks as they are"
    )

    eras = ("num_holes_range hole_depth_range hole_height_range hole_width_range fill fill_mask p always_apply",)
    examples = (
        {},
        {
            "num_holes_range": (2, 4),
            "hole_depth_range": (0.3, 0.8),
            "hole_height_range": (0.2, 0.5),
            "hole_width_range": (0.1, 0.9),
            "fill": 77,
            "fill_mask": 2,
        },
    )
    neutral = {"num_holes_range": 0}

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        ranges = (self.hole_depth_range, self.hole_height_range, self.hole_width_range)
        count = self._randint((int(self.num_holes_range[0]), int(self.num_holes_range[1])))
        holes = []
        for _ in range(count):
            # Less than a millionth of a voxel is noise: 0.1 of 30 is 3.0000000000000004.
            wanted = [self._uniform(limits) * side for limits, side in zip(ranges, params["shape"])]
            sides = [max(1, math.ceil(side - 1e-6)) for side in wanted]
            begin = [self._randint((0, side - hole)) for hole, side in zip(sides, params["shape"])]
            holes.append([*begin, *(first + hole for first, hole in zip(begin, sides))])
        return {"holes": holes}

    def apply_to_volume(self, volume: np.ndarray, holes: Any, **params: Any) -> np.ndarray:
        return volumes.fill(volume, boxes=holes, fill=self.fill)

    def apply_to_mask3d(self, mask3d: np.ndarray, holes: Any, **params: Any) -> np.ndarray:
        return mask3d if self.fill_mask is None else volumes.fill(mask3d, boxes=holes, fill=self.fill_mask)

    def _move_keypoints(self, keypoints: np.ndarray, holes: Any, **params: Any) -> np.ndarray:
        return keypoints[~volumes.in_boxes(keypoints, boxes=holes)]


class CubicSymmetry(Transform3D):
    """Turn and mirror a volume by a random one of the 48 symmetries of a cube; the sides change places with the axes.

    Targets: volume, mask3d, keypoints; any dtype. `index`, the number drawn, is 0 to 23 for turns and 24 to 47 for
    turns of the mirror image, as 2.x counts them; 0 changes nothing. A keypoint's angle follows where the plane of x
    and y is kept, and stays as it is elsewhere.
    """

    p: Probability = probability(default=1.0, kw_only=True)
    _keeps_inside = True
    eras = ("p always_apply",)

    def get_params(self) -> Params:
        return {"index": self._randint((0, len(volumes.CUBIC_ELEMENTS) - 1))}

    def apply_to_volume(self, volume: np.ndarray, index: int, **params: Any) -> np.ndarray:
        return volumes.cubic(volume, element=index)

    def _move_keypoints(self, keypoints: np.ndarray, index: int, shape: Shape, **params: Any) -> np.ndarray:
        return volumes.cubic_keypoints(keypoints, shape=cast(Size, shape[:3]), element=index)
