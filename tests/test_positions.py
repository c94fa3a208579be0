"""Positional arguments of every release: they mean what they meant, or raise where releases disagree."""

import ast
import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from common import classes

import albumentations as A
from albumentations.core.params import REQUIRED, Range, flag, number, span
from albumentations.core.spellings import _swapped
from albumentations.transforms.domain import read_rgb_image

Row = dict[str, Any]  # an argument's name and its default


def parsed(text: str) -> Row:
    """The arguments of a signature as the data hold it, and their defaults; REQUIRED where there is none."""
    arguments = ast.parse(f"def f({text}): pass").body[0].args  # type: ignore[attr-defined]
    shown = [REQUIRED] * (len(arguments.args) - len(arguments.defaults))
    return dict(zip([a.arg for a in arguments.args], [*shown, *map(default_of, arguments.defaults)]))


def default_of(node: ast.expr) -> Any:
    """A default as a signature has it: a literal, or the one function that is a default somewhere."""
    return {"read_rgb_image": read_rgb_image}[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)


# Signatures as releases from 0.4.6 to 2.0.8 had them, each under the first release that had it; and that of 1.3.1.
SIGNATURES = json.loads((Path(__file__).parent / "data" / "signatures.json").read_text(encoding="utf-8"))
ERAS = [
    pytest.param(cls, parsed(text), id=f"{cls.__name__}-{release}")
    for cls in classes()
    for release, text in SIGNATURES.get(cls.__name__, {}).items()
]
eras = pytest.mark.parametrize(("cls", "row"), ERAS)


def upside_down(picture: np.ndarray, **params: Any) -> np.ndarray:
    """A function for Lambda."""
    return picture[::-1]


# What somebody might have written for an argument of this name; no default of any release.
VALUES: dict[str, Any] = {
    "absolute_scale": True,
    "allow_shifted": False,
    "alpha": 0.4,
    "alpha_affine": 30,
    "always_apply": True,
    "angle_range": (10, 50),
    "approximate": True,
    "area_for_downscale": "image",
    "b_shift_limit": 12,
    "balanced_scale": True,
    "bbox": upside_down,
    "bboxes": upside_down,
    "beta_limit": (0.05, 0.2),
    "blend_ratio": (0.3, 0.7),
    "blur_limit": 9,
    "border_mode": 2,
    "brightness": 0.3,
    "brightness_by_max": False,
    "brightness_limit": 0.3,
    "by_channels": False,
    "clip_limit": 3.0,
    "compression_type": "webp",
    "contrast": 0.4,
    "contrast_limit": 0.4,
    "crop_border": True,
    "crop_bottom": 0.25,
    "crop_left": 0.2,
    "crop_right": 0.3,
    "crop_top": 0.15,
    "cropping_bbox_key": "here",
    "cropping_box_key": "here",
    "cval": 3,
    "cval_mask": 2,
    "direction_range": (-0.5, 0.5),
    "distort_limit": 0.2,
    "drop_value": 4,
    "dropout_prob": 0.3,
    "dtype": "int16",
    "ensure_safe_range": True,
    "eps": 1e-6,
    "erosion_factor": 0.1,
    "erosion_rate": 0.1,
    "fill": 3,
    "fill_mask": 2,
    "fill_value": 3,
    "fit_output": True,
    "freq_mask_param": 12,
    "g_shift_limit": 11,
    "gamma_limit": (70, 90),
    "grid": (2, 4),
    "height": 7,
    "hole_height_range": (4, 6),
    "hole_width_range": (5, 7),
    "holes_number_x": 4,
    "holes_number_xy": (3, 2),
    "holes_number_y": 5,
    "hue": 0.1,
    "hue_shift_limit": 10,
    "ignore_channels": (0,),
    "ignore_values": (3,),
    "image": upside_down,
    "interpolation": 2,
    "keep_ratio": True,
    "keep_size": False,
    "keypoint": upside_down,
    "keypoint_remapping_method": "direct",
    "keypoints": upside_down,
    "keypoints_threshold": 0.02,
    "lightness": (0.4, 0.6),
    "limit": 30,
    "magnitude": 4,
    "mask": None,
    "mask_drop_value": 2,
    "mask_fill_value": 2,
    "mask_indices": (1,),
    "mask_interpolation": 1,
    "mask_pad_val": 2,
    "mask_params": ("extra",),
    "mask_value": 2,
    "mask_x_length": (3, 9),
    "mask_y_length": (2, 7),
    "max_h_size": 7,
    "max_height": 9,
    "max_holes": 6,
    "max_part_shift": (0.1, 0.2),
    "max_pixel_value": 100.0,
    "max_size": 77,
    "max_size_hw": None,
    "max_value": 200,
    "max_w_size": 9,
    "max_width": 11,
    "mean": 0.4,
    "mean_range": (0.1, 0.2),
    "metadata_key": "others",
    "method": "gaussian",
    "min_height": 6,
    "min_holes": 2,
    "min_max_height": (5, 6),
    "min_width": 7,
    "mode": None,  # of every class its own
    "name": "mine",
    "nb_cols": (3, 5),
    "nb_rows": 5,
    "noise_distribution": "gaussian",
    "noise_scale_factor": 0.5,
    "normalization": "image",
    "normalized": True,
    "num_bits": 3,
    "num_control_points": 5,
    "num_grid_xy": (3, 5),
    "num_holes": 3,
    "num_holes_range": (2, 3),
    "num_masks_x": (1, 2),
    "num_masks_y": (2, 3),
    "num_output_channels": 1,
    "num_steps": 4,
    "operation": "erosion",
    "p": 0.3,
    "pad_cval": 3,
    "pad_cval_mask": 2,
    "pad_height_divisor": None,
    "pad_if_needed": True,
    "pad_mode": 2,
    "pad_position": "random",
    "pad_val": 3,
    "pad_width_divisor": None,
    "padding": 5,
    "per_channel": False,
    "percent": None,
    "position": "top_left",
    "px": (-3, 4),
    "quality_lower": 30,
    "quality_range": (20, 40),
    "quality_upper": 60,
    "r_shift_limit": 10,
    "random_offset": True,
    "ratio": (0.9, 1.1),
    "read_fn": upside_down,
    "reference_images": ("a.png", "b.png"),
    "rotate": 20,
    "rotate_limit": 30,
    "rotate_method": "ellipse",
    "same_dxdy": True,
    "sample_independently": False,
    "sat_shift_limit": 15,
    "saturation": 0.5,
    "scale": (0.5, 0.9),
    "scale_limit": 0.3,
    "scale_max": 0.6,
    "scale_min": 0.3,
    "scale_range": (0.1, 0.2),
    "shear": 5,
    "shift_limit": 0.2,
    "shift_limit_x": 0.1,
    "shift_limit_y": 0.15,
    "shift_x": 2,
    "shift_xy": (3, 1),
    "shift_y": 4,
    "sigma": 20,
    "sigma_limit": (1.0, 2.0),
    "size": (7, 9),
    "std": 0.3,
    "std_range": (0.1, 0.2),
    "threshold": 100,
    "threshold_range": (0.2, 0.4),
    "tile_grid_size": (4, 5),
    "time_mask_param": 12,
    "transform_type": "minmax",
    "translate_percent": 0.1,
    "translate_px": None,
    "unit_size_max": 14,
    "unit_size_min": 6,
    "unit_size_range": (5, 8),
    "val_shift_limit": 17,
    "value": 3,
    "var_limit": (20, 40),
    "w2h_ratio": 1.5,
    "width": 9,
    "x_max": 30,
    "x_min": 2,
    "y_max": 40,
    "y_min": 3,
}
OWN_VALUES = {
    ("Morphological", "scale"): (5, 3),
    ("PiecewiseAffine", "mode"): "edge",
    ("PiecewiseAffine", "scale"): (0.01, 0.02),
    ("Erasing", "scale"): (0.05, 0.1),
    ("GlassBlur", "mode"): "exact",
    ("GridDropout", "ratio"): 0.4,
    ("PixelDropout", "per_channel"): True,
    ("Affine", "mode"): 2,
    ("IAAAffine", "mode"): "wrap",
    ("IAACropAndPad", "pad_mode"): "edge",
    ("IAAPiecewiseAffine", "mode"): "edge",
    ("IAAPiecewiseAffine", "scale"): (0.01, 0.02),
    ("IAAPerspective", "scale"): (0.1, 0.2),
    ("Equalize", "mode"): "pil",
    ("OpticalDistortion", "mode"): "fisheye",
    ("ElasticTransform", "alpha"): 30,
    ("Sharpen", "kernel_size"): 7,
    ("Sharpen", "sigma"): 2.0,
    ("Perspective", "scale"): (0.1, 0.2),
    ("Normalize", "mean"): (0.3, 0.4, 0.5),
    ("Normalize", "std"): (0.2, 0.3, 0.4),
}


def value_of(cls: Any, name: str) -> Any:
    """A plausible value of an argument of a class: chosen above, or that of an example, or the default."""
    for chosen in ({n: v for (owner, n), v in OWN_VALUES.items() if owner == cls.__name__}, VALUES):
        if name in chosen:
            return chosen[name]
    ours = cls._renamed.get(name, name)
    for example in cls.examples:
        if ours in example:
            return example[ours]
    if ours in cls._params:
        return cls._params[ours].default
    return next(spelling.defaults[name] for spelling in cls._spellings if name in spelling.defaults)


def built(cls: Any, *args: Any, **kwargs: Any) -> Any:
    """The parameters of the object, or the error."""
    try:
        made = cls(*args, **kwargs)
    except (TypeError, ValueError) as error:
        return error
    return {name: vars(made)[name] for name in cls._params}


def compare(cls: Any, names: list[str], values: list[Any]) -> str:
    """Assert that it is the same by position as by name, or a refusal of what is impossible or disputed; and which."""
    named, placed = built(cls, **dict(zip(names, values))), built(cls, *values)
    if isinstance(placed, Exception):
        differs = f"{cls.__name__}: by position this is read differently by different releases; write {cls.__name__}("
        assert isinstance(named, Exception) or str(placed).startswith(differs), placed
        return "impossible" if isinstance(named, Exception) else "disputed"
    if isinstance(named, Exception):  # impossible in this release, but not in another one
        assert any(placed == built(cls, **dict(zip(order, values))) for order in cls._orders), named
    else:
        assert placed == named
    return "read"


@eras
def test_the_defaults_of_a_release_by_position(cls: Any, row: Row) -> None:
    names = list(row)
    values = [value_of(cls, name) if default is REQUIRED else default for name, default in row.items()]
    required = list(row.values()).count(REQUIRED)
    outcomes = [compare(cls, names[:n], values[:n]) for n in range(max(required, 1), len(row) + 1)]
    assert "read" in outcomes or set(outcomes) == {"impossible"} or cls in (A.AutoContrast, A.Solarize)


@eras
def test_other_values_of_a_release_by_position(cls: Any, row: Row) -> None:
    names = list(row)
    values = [value_of(cls, name) for name in names]
    required = list(row.values()).count(REQUIRED)
    for n in range(max(required, 1), len(row) + 1):
        compare(cls, names[:n], values[:n])
    # 1.4 had old and new names side by side: the old ones left out.
    old = {*cls._renamed, *(name for spelling in cls._spellings for name in spelling.defaults)}
    compare(cls, names, [None if name in old else value for name, value in zip(names, values)])


@eras
def test_every_order_of_a_release_is_declared(cls: Any, row: Row) -> None:
    assert tuple(row) in (*_swapped(cls._orders[0]), *cls._orders)


@pytest.mark.parametrize("cls", classes())
def test_the_canonical_order_is_that_of_the_last_release(cls: Any) -> None:
    releases = SIGNATURES.get(cls.__name__, {})
    by_position = [q.name for q in inspect.signature(cls).parameters.values() if q.kind is not q.KEYWORD_ONLY]
    assert by_position == list(cls._orders[0])
    if "2.0.8" in releases:
        assert by_position == list(parsed(releases["2.0.8"]))
    known = {*cls._params, *cls._renamed, "always_apply", *(n for s in cls._spellings for n in s.defaults)}
    for order in cls._orders:
        assert set(order) <= known
        assert len(set(order)) == len(order)


@pytest.mark.parametrize("cls", classes())
def test_the_default_probability_is_the_classic_one(cls: Any) -> None:
    releases = SIGNATURES.get(cls.__name__, {})
    classic = [parsed(text)["p"] for release, text in releases.items() if release < "1.4"]
    if classic:
        assert cls._params["p"].default == classic[-1]


DISPUTED = [
    (lambda: A.CoarseDropout(8, 8, 8, 1), r"CoarseDropout\(num_holes_range=8.* fill=1\) or .*max_holes=8.*min_holes=1"),
    (lambda: A.ShiftScaleRotate(0.1, 0.1, 45, 1, 0, 0), "shift_limit_x=0.*value=0"),
    (lambda: A.GridDistortion(5, 0.3, 1, 1), "normalized=1.*border_mode=1"),
    (lambda: A.OpticalDistortion(0.05, 0, 1), "interpolation=0, mask_interpolation=1.*shift_limit=0, interpolation=1"),
    (lambda: A.ElasticTransform(1, 50, 0), "interpolation=0.*alpha_affine=0"),
    (lambda: A.Perspective((0.05, 0.1), True, 0, 0), "fit_output=0, interpolation=0.*pad_mode=0, pad_val=0"),
    (lambda: A.AutoContrast(0.5), r"AutoContrast\(cutoff=0.5\) or AutoContrast\(p=0.5\)"),
    (lambda: A.GaussNoise((0.001, 0.01)), "std_range=.*var_limit="),
    (lambda: A.Affine(1, None, None, 0, 0, 1, 0, 1), "fit_output=1.*cval=1"),
    (lambda: A.MotionBlur(7, True), "allow_shifted=True.*always_apply=True"),
    (lambda: A.RandomCrop(9, 9, True), "pad_if_needed=True.*always_apply=True"),
    (lambda: A.Lambda(None, None, upside_down), "keypoints=.*keypoint="),
]


@pytest.mark.parametrize(("build", "words"), DISPUTED)
def test_what_releases_read_differently_must_be_written_by_name(build: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        build()


READ = [
    (lambda: A.CoarseDropout(8, 8, 8), {"num_holes_range": (8, 8), "hole_width_range": (8, 8)}),
    (lambda: A.CoarseDropout(8, 32, 30, None, 9, 10), {"hole_height_range": (9, 32), "hole_width_range": (10, 30)}),
    (lambda: A.ShiftScaleRotate(0.1, 0.1, 45, 1, 0, (1, 2, 3)), {"fill": (1, 2, 3), "shift_limit_x": None}),
    # A name that only older releases had, or only newer ones, says whose positions these are.
    (lambda: A.ShiftScaleRotate(0.1, 0.1, 45, 1, 0, 0, mask_value=3), {"shift_limit_x": None, "fill_mask": 3}),
    (lambda: A.CoarseDropout(8, 8, 8, 1, min_height=4), {"num_holes_range": (1, 8), "hole_height_range": (4, 8)}),
    (lambda: A.Rotate(45, 1, 0, 0), {"border_mode": 0, "fill": 0, "rotate_method": "largest_box"}),
    (lambda: A.Rotate(45, 1, 0, (1, 2, 3), 5, False, 0.3), {"fill": (1, 2, 3), "fill_mask": 5, "p": 0.3}),
    (lambda: A.GaussNoise((10, 50)), {"var_limit": (10, 50), "std_range": None}),
    (lambda: A.GridDistortion(5, 0.3, 1, 2), {"border_mode": 2, "normalized": False}),
    (lambda: A.RandomResizedCrop(20, 30), {"size": (20, 30)}),
    (lambda: A.RandomResizedCrop(20, 30, (0.2, 1)), {"size": (20, 30), "scale": (0.2, 1)}),
    (lambda: A.RandomResizedCrop((20, 30), (0.2, 1)), {"size": (20, 30), "scale": (0.2, 1)}),
    (lambda: A.RandomResizedCrop(None, 30, 20), {"size": (20, 30)}),  # 1.4: size, width, height
    (lambda: A.RandomSizedCrop((10, 12), 20, 30), {"min_max_height": (10, 12), "size": (20, 30)}),
    (lambda: A.RandomSizedCrop((10, 12), (20, 30), 0.5), {"size": (20, 30), "w2h_ratio": 0.5}),
    (lambda: A.Resize(20, 30, 1, 0), {"mask_interpolation": 0, "p": 1}),
    (lambda: A.Resize(20, 30, 1, False, 0.3), {"p": 0.3}),
    (lambda: A.MotionBlur(7, True, angle_range=(0, 9)), {"allow_shifted": True, "p": 0.5}),  # a name of 1.4 and later
    (lambda: A.MotionBlur(7, None), {"allow_shifted": True, "p": 0.5}),
    (lambda: A.CoarseDropout((1, 2), (4, 5), (6, 7), fill_value=3), {"num_holes_range": (1, 2), "fill": 3}),
    (lambda: A.LongestMaxSize(50, 2), {"max_size": 50, "interpolation": 2}),
    (lambda: A.Solarize(128), {"threshold": (128, 128)}),
    (lambda: A.MedianBlur(7, 1), {"p": 1}),
    (lambda: A.MedianBlur(7, True, 0.2), {"p": 1}),
    (lambda: A.MedianBlur(7, None, 0.2), {"p": 0.2}),
    (lambda: A.MedianBlur(7, 0.2, None), {"p": 0.2}),
    (lambda: A.CenterCrop(9, 9, 0.4), {"p": 0.4}),
    (lambda: A.Flip(0.4), {"p": 0.4}),
    (lambda: A.Flip(True, 0.4), {"p": 1}),
    (lambda: A.Flip(True), {"p": 1}),
    (lambda: A.Flip(np.float64(0.25)), {"p": 0.25}),
    (lambda: A.ToGray(False, 0.4), {"p": 0.4}),
    (lambda: A.RandomFog(0.3, 1, 0.08), {"fog_coef_range": (0.3, 1), "alpha_coef": 0.08, "p": 0.5}),
    (lambda: A.RandomFog(0.3, (0.4, 1), 0.2), {"fog_coef_range": (0.4, 1), "alpha_coef": 0.3, "p": 0.2}),
    (lambda: A.RandomSnow(0.1, 0.3), {"snow_point_range": (0.1, 0.3), "brightness_coeff": 2.5}),
    (lambda: A.RandomSnow(2, (0.1, 0.2), "texture"), {"snow_point_range": (0.1, 0.2), "brightness_coeff": 2}),
    (lambda: A.RandomRain(-3, 4, 9), {"slant_range": (-3, 4), "drop_length": 9, "drop_width": 1}),
    (lambda: A.RandomShadow((0, 0, 1, 1), 1, 2), {"num_shadows_limit": (1, 2), "shadow_dimension": 5}),
    (lambda: A.RandomSunFlare((0, 0, 1, 1), 0, 0.5, 3, 4, 9), {"angle_range": (0, 0.5), "src_radius": 9}),
]


@pytest.mark.parametrize(("build", "expected"), READ)
def test_positions_mean_what_they_meant(build: Any, expected: dict[str, Any]) -> None:
    made = build()
    assert {name: getattr(made, name) for name in expected} == expected


REFUSED = [
    (lambda: A.MedianBlur(7, 0, 1, 2), TypeError, "at most 2 positional arguments, got 4"),
    (lambda: A.MedianBlur(7, 0.5, 0.5), TypeError, r"always_apply=0.5\): always_apply must be True, False or None"),
    (lambda: A.MedianBlur(7, True, True), TypeError, r"p=True\): p must be a number"),
    (lambda: A.Flip(always_apply=1), TypeError, "always_apply must be True, False or None"),
    (lambda: A.Rotate(45, limit=3), TypeError, "'limit' is given twice"),
    (lambda: A.Rotate(45, 1, 0, 7, fill=3), ValueError, r"rotate_method=7\): rotate_method must be one of"),
    (lambda: A.GaussNoise((0.1, 0.2), var_limit=3), ValueError, "give one of the two"),
    (lambda: A.RandomResizedCrop(20), TypeError, r"size=20\): size must be \(height, width\)"),
    (lambda: A.GaussNoise((0.1, 0.2), None, True, 1, 0.5, 10), TypeError, "GaussNoise"),
]


@pytest.mark.parametrize(("build", "kind", "words"), REFUSED)
def test_what_no_order_can_read_is_refused(build: Any, kind: Any, words: str) -> None:
    with pytest.raises(kind, match=words):
        build()


# ---- classes of users


class OfOld(A.ImageOnlyTransform):
    """Written for 0.4 - 1.3."""

    def __init__(self, strength: float = 3, always_apply: bool = False, p: float = 0.5) -> None:
        super().__init__(always_apply, p)
        self.strength = strength


class OfNew(A.ImageOnlyTransform):
    """Written for 2.x."""

    def __init__(self, strength: float = 3, p: float = 0.5) -> None:
        super().__init__(p)
        self.strength = strength


class Steeper(A.Rotate):
    """Another default, and positions as they were."""

    limit: Range = span(default=(-10, 10), around=0)


class Longer(A.Rotate):
    """An argument more, which comes first."""

    bend = number(default=0.25, low=0, high=1, doc="how much")
    order_of_magnitude = 3


class Ordered(A.ImageOnlyTransform):
    """An attribute of the user's own has the name of ours."""

    order = "RGB"
    bend = number(default=0.25, low=0, high=1, doc="how much")
    exact = flag(default=False, doc="whether")


def test_constructors_of_users_hand_on_by_position() -> None:
    assert OfOld(5, False, 0.3).p == 0.3
    assert OfOld(5, True, 0.3).p == 1
    assert OfNew(5, 0.3).p == 0.3
    assert list(inspect.signature(OfOld).parameters) == ["strength", "always_apply", "p"]


def test_subclasses_keep_positions_unless_they_add_some() -> None:
    assert Steeper().limit == (-10, 10)
    assert "limit: angle in degrees" in str(Steeper.__doc__)
    assert Steeper(45, 1, 0, (1, 2, 3)).fill == (1, 2, 3)
    assert list(inspect.signature(Longer).parameters)[:3] == ["bend", "limit", "interpolation"]
    assert Longer(0.5, 45).limit == (-45, 45)
    assert Ordered.order == "RGB"
    assert Ordered(0.5, True, 0.3).p == 0.3


def test_an_order_names_what_is_declared() -> None:
    with pytest.raises(TypeError, match="Wrong: order names bent, which it does not declare"):
        type("Wrong", (A.ImageOnlyTransform,), {"bend": number(default=0.25), "order": "bent p"})
