"""Spectrograms: pictures with time along x and frequency along y."""

from typing import Any

import numpy as np

from ..core.params import Fill, Integer, fill_value, integer
from ..core.plan import Shape
from ..core.serialization import said_once
from ..functional import holes
from .families import Erase
from .flip import HorizontalFlip


class Stripe(Erase, abstract=True):
    """Half of the calls paint over one stripe, the others over none.

    A transform gives `longest`, the largest length in pixels, and `vertical`.
    """

    _vertical = True

    fill_mask: Fill = fill_value(
        default=0,
        optional=True,
        was=("mask_fill_value",),
        kw_only=True,
        doc="value of the stripe in masks; None leaves masks as they are",
    )

    @classmethod
    def _from_file(cls, arguments: dict[str, Any]) -> dict[str, Any]:
        # 2.x writes down all that XYMasking has, which it is made of.
        most = arguments.get("time_mask_param" if cls._vertical else "freq_mask_param")
        along, across = ("x", "y") if cls._vertical else ("y", "x")
        again: dict[str, Any] = {f"num_masks_{along}": (0, 1), f"mask_{along}_length": (0, most)}
        return said_once(arguments, **again, **{f"num_masks_{across}": (0, 0), f"mask_{across}_length": (0, 0)})

    def _longest(self) -> int:
        """The largest length of the stripe in pixels."""
        raise NotImplementedError

    def get_params(self) -> dict[str, Any]:
        length = self._randint((0, self._longest())) if self._randint((0, 1)) else 0
        return self._drawn(length=length, place=self._uniform((0, 1)))

    def _region(self, shape: Shape, *args: Any, **params: Any) -> np.ndarray:
        stripe, none = np.array([[params["length"], params["place"]]]), np.zeros((0, 2))
        if not params["length"]:
            return np.zeros((0, 4), dtype=np.int64)
        along = (stripe, none) if self._vertical else (none, stripe)
        return holes.stripes(*shape[:2], vertical=along[0], horizontal=along[1])


class TimeMasking(Stripe):
    """Paint over a span of time: a vertical stripe of the spectrogram (SpecAugment; Park et al., 2019).

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Half of the calls have no stripe; one longer
    than the picture is wide covers all of it.
    """

    time_mask_param: Integer = integer(default=40, low=0, doc="largest width of the stripe in pixels; 0 is possible")
    order = "time_mask_param p"
    examples = ({}, {"time_mask_param": 9}, {"time_mask_param": 20, "fill": "random", "fill_mask": None})
    neutral = {"time_mask_param": 0}

    def _longest(self) -> int:
        return self.time_mask_param


class FrequencyMasking(Stripe):
    """Paint over a band of frequencies: a horizontal stripe of the spectrogram (SpecAugment; Park et al., 2019).

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Half of the calls have no stripe; one longer
    than the picture is high covers all of it.
    """

    freq_mask_param: Integer = integer(default=30, low=0, doc="largest height of the stripe in pixels; 0 is possible")
    order = "freq_mask_param p"
    examples = ({}, {"freq_mask_param": 9}, {"freq_mask_param": 20, "fill": "random", "fill_mask": None})
    neutral = {"freq_mask_param": 0}
    _vertical = False

    def _longest(self) -> int:
        return self.freq_mask_param


class TimeReverse(HorizontalFlip):
    """Play a spectrogram backwards: mirror left and right.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. A keypoint (x, y) goes to (W - 1 - x, y).
    """
