"""Blur: every value becomes a mean of its neighbours, or their median."""

from typing import Any, ClassVar, Optional

import numpy as np

from ..core.params import (
    Flag,
    OptionalRange,
    Range,
    flag,
    span,
)
from ..core.plan import Shape
from ..core.random import Draws
from ..functional import blur, filters
from .families import Filter
from .recorded import convolved

_LEAST = 1e-3  # pixels of a deviation, and a shape
_SMALLEST = 3  # side of a window that does something


def odd(side: int) -> int:
    """An even side rounded up to an odd one of at least 3, as in 2.0.8; an odd one as it is."""
    return side if side % 2 else max(_SMALLEST, side + 1)


def odd_ends(limits: tuple[Any, Any]) -> tuple[int, int]:
    return odd(limits[0]), odd(limits[1])


def some_window(limits: tuple[Any, Any]) -> tuple[int, int]:
    """0 is no window at all; 2.0.8 read it as its smallest."""
    return limits if limits[0] else (_SMALLEST, max(limits[1], _SMALLEST))


def draw_size(draws: Draws, limits: tuple[float, float]) -> int:
    """The side of a window, in steps of 2 from the lower limit."""
    low, high = int(limits[0]), int(limits[1])
    return low + 2 * draws._randint((0, (high - low) // 2))


class Blur(Filter):
    """Take the mean of a square window.

    Targets: image, volume; any dtype and number of channels. A box filter.
    """

    blur_limit: Range = span(
        default=(3, 7),
        start=3,
        low=0,
        integer=True,
        then=some_window,
        doc="side of the window in pixels, drawn in steps of 2 from the lower limit; x is read as (3, x)",
        was=("blur_range",),
    )
    _older_names: ClassVar[dict[str, str]] = {"kernel": "ksize"}
    examples = ({}, {"blur_limit": (9, 13)})
    neutral = {"blur_limit": (1, 1)}
    swaps = {}
    keeps_mean = True

    def get_params(self) -> dict[str, Any]:
        return {"ksize": draw_size(self, self.blur_limit)}

    def _also(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        return {"kernel": params["ksize"]}

    def apply(self, img: np.ndarray, ksize: int, **params: Any) -> np.ndarray:
        return blur.box(img, ksize=ksize)


class OddWindow(Filter, abstract=True):
    """A window of an odd size."""

    blur_limit: Range = span(
        default=(3, 7),
        start=3,
        low=0,
        integer=True,
        then=odd_ends,
        doc="side of the window in pixels, odd; x is read as (3, x)",
        was=("blur_range",),
    )


class MedianBlur(OddWindow):
    """Take the median of a square window.

    Targets: image, volume; any dtype and number of channels.
    """

    _older_names: ClassVar[dict[str, str]] = {"kernel": "ksize"}
    examples = ({}, {"blur_limit": (7, 9)})
    neutral = {"blur_limit": (1, 1)}
    swaps = {}

    def get_params(self) -> dict[str, Any]:
        return {"ksize": draw_size(self, self.blur_limit)}

    def _also(self, shape: Shape, *args: Any, **params: Any) -> dict[str, Any]:
        return {"kernel": params["ksize"]}

    def apply(self, img: np.ndarray, ksize: int, **params: Any) -> np.ndarray:
        return blur.median(img, ksize=ksize)


class GaussianBlur(Filter):
    """Blur with a Gaussian.

    Targets: image, volume; any dtype and number of channels. Sizes and deviations of 0 follow from each other as in
    `cv2.GaussianBlur`.
    """

    blur_limit: Range = span(
        default=(3, 7),
        start=0,
        low=0,
        integer=True,
        doc="side of the kernel in pixels, even draws rounded up; 0 follows from sigma; x is read as (0, x)",
        was=("blur_range",),
    )
    sigma_limit: Range = span(
        default=0,
        start=0,
        low=0,
        doc="standard deviation in pixels; 0 follows from the size; x is read as (0, x)",
        was=("sigma_range",),
    )
    eras = ("blur_limit always_apply p",)
    _beside = {"blur_range": {"sigma_limit": (0.5, 3.0)}, "sigma_range": {"blur_limit": 0}}
    _recorded = {"kernel": convolved}
    examples = ({}, {"sigma_limit": (1.0, 2.0)}, {"blur_limit": 0, "sigma_limit": (0.5, 3.0)})
    neutral = {"blur_limit": (1, 1)}
    swaps = {}
    keeps_mean = True

    def get_params(self) -> dict[str, Any]:
        # Size and deviation drawn as 0 would say nothing, so that where the deviation may be 0 the size may not.
        low, high = self.blur_limit if self.sigma_limit[0] else some_window(self.blur_limit)
        size = self._randint((int(low), int(high)))
        return {"ksize": size + 1 if size and size % 2 == 0 else size, "sigma": self._uniform(self.sigma_limit)}

    def apply(self, img: np.ndarray, ksize: int, sigma: float, **params: Any) -> np.ndarray:
        return blur.gaussian(img, ksize=ksize, sigma=sigma)


class MotionBlur(OddWindow):
    """Smear the image along a line, as a moving camera does.

    Targets: image, volume; any dtype and number of channels. Without angle_range and direction_range the line joins two
    random pixels of the window; with either of them it runs at that angle through the middle.
    """

    allow_shifted: Flag = flag(
        default=True, doc="the line may lie off the middle, which shifts the image by some pixels"
    )
    angle_range: OptionalRange = span(
        default=None,
        optional=True,
        doc="direction of the motion in degrees, clockwise; (0, 360) if only the next is given",
    )
    direction_range: OptionalRange = span(
        default=None,
        low=-1,
        high=1,
        optional=True,
        doc="-1 smears backwards, 1 forwards, 0 both ways; (-1, 1) if only angle_range is given",
    )
    order = "blur_limit allow_shifted angle_range direction_range p"
    eras = (
        "blur_limit always_apply p",
        "blur_limit allow_shifted always_apply p",
    )
    _beside = {
        "angle_range blur_range": {"direction_range": (-1.0, 1.0)},
        "direction_range blur_range": {"angle_range": (0, 360)},
    }
    _recorded = {"kernel": convolved}
    examples = (
        {},
        {"blur_limit": (9, 15), "allow_shifted": False},
        {"blur_limit": 11, "angle_range": (20, 50), "direction_range": (-0.5, 0.5)},
    )
    neutral = {"blur_limit": (1, 1)}
    keeps_mean = True

    def get_params(self) -> dict[str, Any]:
        size = draw_size(self, self.blur_limit)
        if self.angle_range is not None or self.direction_range is not None:
            return {"ksize": size, **self._draw_angle(size)}
        return {"ksize": size, **self._draw_line(size)}

    def _draw_line(self, size: int) -> dict[str, Any]:
        last = (0, size - 1)
        start = [self._randint(last), self._randint(last)]
        end = [self._randint(last), self._randint(last)]
        if start[0] == end[0] and size > 1:
            # Two different pixels: in the same column the rows must differ.
            end[1] = (start[1] + self._randint((1, size - 1))) % size
        return {"start": start, "end": end}

    def _draw_angle(self, size: int) -> dict[str, Any]:
        reach = (size - 1) / 4 if self.allow_shifted else 0.0
        return {
            "angle": self._uniform(self.angle_range or (0, 360)),
            "direction": self._uniform(self.direction_range or (-1, 1)),
            "shift": [self._uniform((-reach, reach)), self._uniform((-reach, reach))],
        }

    def apply(
        self,
        img: np.ndarray,
        ksize: int,
        start: Any = None,
        end: Any = None,
        angle: Optional[float] = None,
        direction: float = 0.0,
        shift: Any = (0, 0),
        **params: Any,
    ) -> np.ndarray:
        if angle is None:
            kernel = blur.line_kernel(ksize, start=start, end=end, centred=not self.allow_shifted)
        else:
            kernel = blur.motion_kernel(ksize, angle=angle, direction=direction, shift=shift)
        return filters.correlate(img, kernel=kernel)


def not_black(limits: tuple[Any, Any]) -> tuple[Any, Any]:
    if not limits[1]:
        raise ValueError("must be above 0 at its upper end")
    return limits


class AdvancedBlur(OddWindow):
    """Blur with a generalized Gaussian: of two deviations, turned, peaked or flat, its weights a little noisy.

    Targets: image, volume; any dtype and number of channels. The degradation of Wang et al.,
    Real-ESRGAN (2021).
    """

    sigma_x_limit: Range = span(
        default=(0.2, 1.0),
        start=0,
        low=0,
        was=("sigmaX_limit", "sigma_x_range"),
        doc="deviation along x, in pixels; x is read as (0, x)",
    )
    sigma_y_limit: Range = span(
        default=(0.2, 1.0),
        start=0,
        low=0,
        was=("sigmaY_limit", "sigma_y_range"),
        doc="deviation along y, in pixels; x is read as (0, x)",
    )
    rotate_limit: Range = span(
        default=(-90, 90), around=0, doc="turn of the axes in degrees; x is read as (-x, x)", was=("rotate_range",)
    )
    beta_limit: Range = span(
        default=(0.5, 8.0),
        start=0,
        low=0,
        doc="shape: below 1 peaked, 1 a Gaussian, above 1 flat, both as often; x is read as (0, x)",
        was=("beta_range",),
    )
    noise_limit: Range = span(
        default=(0.9, 1.1),
        start=0,
        low=0,
        then=not_black,
        doc="factors of the weights, each drawn alone; x is read as (0, x)",
        was=("noise_range",),
    )
    order = "blur_limit sigma_x_limit sigma_y_limit rotate_limit beta_limit noise_limit p"
    eras = (
        "blur_limit sigmaX_limit sigmaY_limit rotate_limit beta_limit noise_limit always_apply p",
        "blur_limit sigma_x_limit sigma_y_limit sigmaX_limit sigmaY_limit rotate_limit beta_limit noise_limit"
        " always_apply p",
    )
    _recorded = {"kernel": convolved}
    examples = (
        {"blur_limit": (5, 9), "sigma_x_limit": (1.0, 2.0), "sigma_y_limit": (0.5, 0.8)},
        {"blur_limit": 9, "rotate_limit": 0, "beta_limit": (0.5, 4.0), "noise_limit": (0.2, 1.0)},
    )
    neutral = {"sigma_x_limit": 0, "sigma_y_limit": 0}
    keeps_mean = True

    def get_params(self) -> dict[str, Any]:
        return {
            "ksize": draw_size(self, self.blur_limit),
            "sigma_x": self._uniform(self.sigma_x_limit),
            "sigma_y": self._uniform(self.sigma_y_limit),
            "angle": self._uniform(self.rotate_limit),
            "beta": self._draw_beta(),
            "seed": self._draw_seed(),
        }

    def apply(
        self,
        img: np.ndarray,
        ksize: int,
        sigma_x: float,
        sigma_y: float,
        angle: float,
        beta: float,
        seed: int,
        **params: Any,
    ) -> np.ndarray:
        # The limit of a deviation that goes to 0 is a point.
        kernel = filters.gaussian_kernel(
            ksize,
            sigma_x=max(sigma_x, _LEAST),
            sigma_y=max(sigma_y, _LEAST),
            angle=angle,
            beta=max(beta, _LEAST),
            noise=self.noise_limit,
            seed=seed,
        )
        return filters.correlate(img, kernel=kernel)

    def _draw_beta(self) -> float:
        low, high = self.beta_limit
        return self._uniform(self._pick(((low, 1.0), (1.0, high))) if low < 1 < high else (low, high))
