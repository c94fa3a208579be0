"""Distortions by a dense map: elastic, grid, lens."""

import math
from typing import Any

import cv2
import numpy as np

from ..core.params import (
    Choice,
    Code,
    Flag,
    Integer,
    Number,
    OptionalRange,
    Range,
    anything,
    border_flag,
    choice,
    flag,
    integer,
    number,
    span,
)
from ..core.plan import Shape
from ..core.records import release_of
from ..functional import maps, warp
from .families import Remap

Maps = tuple[np.ndarray, np.ndarray]


class Distortion(Remap, abstract=True):
    """A dense map under the common arguments of the releases."""

    keypoint_remapping_method: Choice = choice(
        *("direct", "mask"),
        default="mask",
        kw_only=True,
        doc="read for the sake of older code: keypoints always follow the map itself",
    )


class ElasticTransform(Distortion):
    """Distort like rubber: every pixel is displaced by smooth noise, after a random affine motion.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels. (Simard, Steinkraus and Platt, 2003)
    """

    alpha: Number = number(default=1, low=0, doc="strength: the noise is multiplied by it after the blur, in pixels")
    sigma: Number = number(default=50, low=0, doc="blur of the noise, in pixels: larger is smoother, and weaker")
    approximate: Flag = flag(default=False, kw_only=True, doc="blur by a 17 x 17 kernel, whatever sigma is")
    same_dxdy: Flag = flag(default=False, kw_only=True, doc="displace x and y by the same noise")
    noise_distribution: Choice = choice(
        "gaussian",
        "uniform",
        default="uniform",
        kw_only=True,
        doc="noise before the blur: uniform in (-1, 1), or normal with a largest value of about 1",
    )
    alpha_affine: Number = number(
        default=50,
        low=0,
        kw_only=True,
        doc="up to so many pixels three points about the centre move by an affine motion before; 0: none",
    )
    order = (
        "alpha sigma interpolation approximate same_dxdy mask_interpolation noise_distribution"
        " keypoint_remapping_method border_mode fill fill_mask p"
    )
    eras = (
        "alpha sigma alpha_affine interpolation border_mode value mask_value always_apply approximate p",
        "alpha sigma alpha_affine interpolation border_mode value mask_value always_apply approximate same_dxdy p",
        "alpha sigma interpolation border_mode value mask_value approximate same_dxdy mask_interpolation"
        " noise_distribution p always_apply",
    )

    _beside = {
        "mask_interpolation noise_distribution keypoint_remapping_method fill fill_mask": {
            "border_mode": cv2.BORDER_CONSTANT,
            "noise_distribution": "gaussian",
            "alpha_affine": 0,
        }
    }
    examples = (
        {"alpha": 60, "sigma": 6, "alpha_affine": 0},
        {"alpha": 60, "sigma": 6, "alpha_affine": 3, "border_mode": 0, "fill": 77, "fill_mask": 2},
        {"alpha": 10, "sigma": 4, "alpha_affine": 0, "approximate": True, "same_dxdy": True},
        {"alpha": 200, "sigma": 6, "alpha_affine": 0, "noise_distribution": "gaussian"},
    )
    _lost = {"random_state": "it is the seed of another generator"}
    neutral = {"alpha": 0, "alpha_affine": 0}

    def get_params(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {"seed": self._draw_seed()}
        if self.alpha_affine:
            reach = (-self.alpha_affine, self.alpha_affine)
            drawn["points"] = [[self._uniform(reach), self._uniform(reach)] for _ in range(3)]
        return drawn

    def _maps(self, shape: Shape, *args: Any, **params: Any) -> Maps:
        height, width = shape[:2]
        gaussian = self.noise_distribution == "gaussian"
        map_x, map_y = maps.elastic(
            height,
            width,
            alpha=self.alpha / _largest_normal(2 * height * width) if gaussian else self.alpha,
            sigma=self.sigma,
            seed=params["seed"],
            approximate=self.approximate,
            same_dxdy=self.same_dxdy,
            distribution=self.noise_distribution,
        )
        if "points" not in params:
            return map_x, map_y
        (a, b, c), (d, e, f), _ = warp.inverse(_moved_points(params["points"], height, width)).astype(np.float32)
        return a * map_x + b * map_y + c, d * map_x + e * map_y + f


def _largest_normal(count: int) -> float:
    """About the largest of so many normal numbers (Gumbel): with it 2.x divided its Gaussian noise."""
    root = math.sqrt(2 * math.log(max(count, 3)))
    return root - (math.log(root * root / 2) + math.log(4 * math.pi)) / (2 * root) + 0.5772 / root


def _moved_points(shifts: list[list[float]], height: int, width: int) -> np.ndarray:
    """The affine matrix that shifts three corners of the middle square of two thirds of the short side."""
    reach = min(height, width) // 3 or 1
    signs = np.array(((1, 1), (1, -1), (-1, -1)))
    source = np.column_stack((signs * reach + (width / 2, height / 2), np.ones(3)))
    target = source[:, :2] + shifts
    matrix: np.ndarray = np.vstack((np.linalg.solve(source, target).T, (0.0, 0.0, 1.0)))
    return matrix


class GridDistortion(Distortion):
    """Stretch and squeeze the columns and rows of a grid at random.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    num_steps: Integer = integer(default=5, low=1, doc="cells along each side")
    distort_limit: Range = span(
        default=(-0.3, 0.3),
        around=0,
        doc="relative change of a cell's size: 0.3 reads 30 % more; x is read as (-x, x)",
        was=("distort_range",),
    )
    normalized: Flag = flag(
        default=False, kw_only=True, doc="scale the cells so that the image's end stays in its place"
    )
    order = (
        "num_steps distort_limit interpolation normalized mask_interpolation keypoint_remapping_method p border_mode"
        " fill fill_mask"
    )
    eras = (
        "num_steps distort_limit interpolation border_mode value mask_value always_apply p",
        "num_steps distort_limit interpolation border_mode value mask_value normalized always_apply p",
        "num_steps distort_limit interpolation border_mode value mask_value normalized mask_interpolation p"
        " always_apply",
    )

    _beside = {
        "mask_interpolation keypoint_remapping_method fill fill_mask distort_range": {
            "border_mode": cv2.BORDER_CONSTANT,
            "normalized": True,
        }
    }
    examples = (
        {},
        {
            "num_steps": 3,
            "distort_limit": (0.2, 0.5),
            "normalized": False,
            "border_mode": 0,
            "fill": 77,
            "fill_mask": 2,
        },
        {"num_steps": 7, "distort_limit": 0.5, "normalized": True},
    )
    _lost = dict.fromkeys(("stepsx", "stepsy"), "cells are read from their edges here, not from pixel centres")
    neutral = {"distort_limit": 0}
    swaps = {"stepsx": "stepsy"}

    def get_params(self) -> dict[str, Any]:
        # One more than there are cells: for what is left over where the number of cells does not divide a side.
        return {
            steps: [1 + self._uniform(self.distort_limit) for _ in range(self.num_steps + 1)]
            for steps in ("stepsx", "stepsy")
        }

    def _maps(self, shape: Shape, *args: Any, **params: Any) -> Maps:
        height, width = shape[:2]
        x_steps, y_steps = params["stepsx"], params["stepsy"]
        if self.normalized:
            x_steps, y_steps = _normalized(x_steps, width), _normalized(y_steps, height)
        return maps.grid_distortion(height, width, x_steps=x_steps, y_steps=y_steps)


def _normalized(steps: list[float], side: int) -> list[float]:
    """Relative sizes of cells scaled so that all of them, the left over part too, read the side once."""
    count = len(steps) - 1
    cell = max(side // count, 1)
    sizes = [max(min(cell, side - i * cell), 0) for i in range(count + 1)]
    total = sum(step * size for step, size in zip(steps, sizes))
    return [step * side / total for step in steps] if total > 0 else steps


def _read_border(value: Any) -> int:
    """An OpenCV border mode; 1.4 wrote its default out as None."""
    return cv2.BORDER_REFLECT_101 if value is None else border_flag().reader(value)


class OpticalDistortion(Distortion):
    """Distort like a lens: barrel (negative) or cushion.

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype.
    """

    distort_limit: Range = span(
        default=(-0.05, 0.05),
        around=0,
        doc="coefficient of the distortion; x is read as (-x, x)",
        was=("distort_range",),
    )
    mode: Choice = choice("camera", "fisheye", default="camera", kw_only=True, doc="the model of the lens")
    border_mode: Code = anything(read=_read_border, default=cv2.BORDER_REFLECT_101, kw_only=True)
    shift_limit: OptionalRange = span(
        default=(-0.05, 0.05),
        around=0,
        optional=True,
        kw_only=True,
        doc="shift in pixels, rounded to whole ones ('camera' only); x is read as (-x, x)",
    )
    order = "distort_limit interpolation mask_interpolation mode keypoint_remapping_method p border_mode fill fill_mask"
    eras = (
        "distort_limit shift_limit interpolation border_mode value mask_value always_apply p",
        "distort_limit shift_limit interpolation border_mode value mask_value mask_interpolation mode p always_apply",
    )

    _beside = {
        "mask_interpolation mode keypoint_remapping_method fill fill_mask distort_range": {
            "border_mode": cv2.BORDER_CONSTANT,
            "shift_limit": 0,
        }
    }
    examples = (
        {},
        {"distort_limit": (0.3, 0.5), "shift_limit": (2, 4), "border_mode": 0, "fill": 77, "fill_mask": 2},
        {"distort_limit": (-0.5, -0.3), "mode": "fisheye"},
    )
    neutral = {"distort_limit": 0, "shift_limit": 0}
    swaps = {"dx": "dy"}

    def get_params(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {"k": self._uniform(self.distort_limit)}
        if self.mode == "camera":
            drawn.update({axis: round(self._uniform(self.shift_limit or (0, 0))) for axis in ("dx", "dy")})
        return drawn

    def _read_names(self, params: dict[str, Any]) -> dict[str, Any]:
        if release_of(params) == "1.x":  # which reads half a pixel right of here and below
            return {**params, "dx": params["dx"] + 0.5, "dy": params["dy"] + 0.5}
        return super()._read_names(params)

    def _maps(self, shape: Shape, *args: Any, **params: Any) -> Maps:
        height, width = shape[:2]
        if self.mode == "fisheye":
            return maps.fisheye(height, width, k=params["k"])
        return maps.camera(height, width, k=params["k"], dx=params["dx"], dy=params["dy"])
