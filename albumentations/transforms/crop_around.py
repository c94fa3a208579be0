"""Crops whose window follows from shares of the sides."""

from typing import Any

import numpy as np

from ..core.params import Number, Probability, number, probability
from ..core.run import Shape
from ..core.transforms_interface import Pictures
from ..functional import moves, warp, windows
from .crop import windowed
from .families import Move, Params, Size
from .resize import Window


class Windowed(Move, abstract=True):
    """A window of the image, bit for bit. A transform draws `crop_coords`: x_min, y_min, x_max, y_max in pixels."""

    p: Probability = probability(default=1.0, kw_only=True)

    @property
    def takes_away(self) -> bool:
        return True

    def window(self, height: int, width: int, *args: Any, **params: Any) -> Window:
        """The window in pixels, as it was drawn, or as a record of 1.x has it."""
        if "crop_coords" in params:
            return windowed(params["crop_coords"], height, width)
        return windowed([params[name] for name in ("x_min", "y_min", "x_max", "y_max")], height, width)

    def motion(self, shape: Shape, *args: Any, **params: Any) -> tuple[np.ndarray, Size]:
        x_min, y_min, x_max, y_max = self.window(shape[0], shape[1], **params)
        return warp.translation(-x_min, -y_min), (y_max - y_min, x_max - x_min)

    def pictures(self, shape: Shape, *args: Any, **params: Any) -> Pictures:
        x_min, y_min, x_max, y_max = self.window(shape[0], shape[1], **params)

        def cut(picture: np.ndarray) -> np.ndarray:
            return moves.crop(picture, x_min=x_min, y_min=y_min, x_max=x_max, y_max=y_max)

        return cut, cut


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
    swaps = {"crop_left": "crop_top", "crop_right": "crop_bottom", "crop_coords": "crop_coords"}

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        height, width = params["shape"][:2]
        left, right, top, bottom = (self.uniform((0, 1)) for _ in range(4))
        limits = (self.crop_left, self.crop_right, self.crop_top, self.crop_bottom)
        window = windows.from_borders(height, width, limits=limits, fractions=(left, right, top, bottom))
        return {"crop_coords": list(window)}
