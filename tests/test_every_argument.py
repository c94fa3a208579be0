"""Every argument of every release by name: defaults, other values, other forms; and the names of 2.x's successor."""

import enum
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from common import classes, classic, required
from test_catalogue import _given
from test_positions import SIGNATURES, Row, eras, parsed, value_of

import albumentations as A
from albumentations.core.params import REQUIRED

ALONE = ("px", "percent")  # of which exactly one is given


def needed(cls: Any, row: Row, *but: str) -> dict[str, Any]:
    """What a class cannot be made without, by the names of a release."""
    found = {name: _given(cls, name) for name, default in row.items() if default is REQUIRED}
    found.update({name: value for name, value in required(cls).items() if row.get(name, value) is None})
    return {n: v for n, v in found.items() if n not in but and not (n in ALONE and {*but} & {*ALONE})}


def listed(value: Any) -> Any:
    """As YAML and JSON have it: lists for tuples."""
    return [listed(v) for v in value] if isinstance(value, (tuple, list)) else value


def in_numpy(value: Any) -> Any:
    """Numbers as NumPy's, pairs of them as arrays."""
    if isinstance(value, bool) or not isinstance(value, (int, float, tuple, list)):
        return value
    if isinstance(value, (int, float)):
        return np.array(value)[()]
    return np.array(value) if all(isinstance(v, (int, float)) for v in value) else type(value)(map(in_numpy, value))


def kept(transform: Any) -> Any:
    """What a transform keeps, to compare: whole numbers of either kind are one, what wraps a function is its class."""
    return {n: alike(getattr(transform, n)) for n in type(transform)._params}


def alike(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [alike(v) for v in value]
    if isinstance(value, dict):
        return {n: alike(v) for n, v in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value if value is None or isinstance(value, (str, int, float)) else type(value)


@eras
def test_each_argument_alone_by_name_in_every_form(cls: Any, row: Row) -> None:
    for name, default in row.items():
        for value in ([] if default is REQUIRED else [default]) + [_given(cls, name)]:
            rest = needed(cls, row, name)
            if value is None and name in required(cls):
                continue  # one of several must be given
            try:
                made = cls(**rest, **{name: value})
            except (
                TypeError,
                ValueError,
            ) as error:  # of two that go together, one; a value of another class's argument
                assert cls.__name__ in str(error)
                assert value is not default or "exactly one of" in str(error), error
                continue
            for form in (listed(value), in_numpy(value)):
                assert kept(cls(**rest, **{name: form})) == kept(made), (name, form)


@eras
def test_old_arguments_that_are_unused_are_none(cls: Any, row: Row) -> None:
    old = {*cls._renamed, "always_apply", *(n for s in cls._spellings for n in s.defaults)} & row.keys()
    if "mask" in old or not old:
        return
    rest = required(cls)
    rest = {n: v for n, v in rest.items() if n not in old}
    assert kept(cls(**{**dict.fromkeys(old), **rest})) == kept(cls(**rest))


@pytest.mark.parametrize("cls", [c for c in classes() if c._renamed])
def test_the_same_said_twice_must_agree(cls: Any) -> None:
    for old, new in cls._renamed.items():
        value = _given(cls, old)
        rest = {n: v for n, v in {**classic(cls), **required(cls)}.items() if n != new}
        if value is None or new in ALONE:
            continue
        made = cls(**rest, **{old: value})
        assert kept(cls(**rest, **{old: value, new: value})) == kept(made)
        with pytest.raises((TypeError, ValueError), match=cls.__name__):
            cls(**rest, **{old: value, new: "another"})


# ---- names and defaults of 2.5.1 of 2.x's successor, where it renamed arguments

SUCCESSOR = json.loads((Path(__file__).parent / "data" / "successor.json").read_text(encoding="utf-8"))
RENAMED = [getattr(A, name) for name, text in SUCCESSOR.items() if {*parsed(text)} & {*getattr(A, name)._renamed}]


@pytest.mark.parametrize("cls", RENAMED)
def test_names_of_the_successor(cls: Any) -> None:
    """One name alone brings the successor's defaults for all the rest; what no release had is unknown."""
    row = {n: v for n, v in parsed(SUCCESSOR[cls.__name__]).items() if n != "p"}
    known = {*cls._params, *cls._renamed}
    beyond = {n for n in row if n not in known}
    assert beyond <= BEYOND.get(cls.__name__, set())
    row = {n: v for n, v in row.items() if n in known and (n, v) != ("fill_mask", None)}
    full = cls(**row)
    earlier = set().union(*map(parsed, SIGNATURES[cls.__name__].values()))
    for name in row.keys() & cls._renamed.keys() - earlier:
        if row[name] is not None:
            assert kept(cls(**{name: row[name]})) == kept(full), name
        else:
            cls(**{name: None})
    for name in beyond:
        with pytest.raises(TypeError, match=f"{cls.__name__}: unknown argument '{name}'"):
            cls(**{name: 1})


# What it does besides, which no release did.
BEYOND = {
    "GaussianBlur": {"volume_mode", "sigma_z_range", "blur_z_range"},
    "GridDistortion": {"map_resolution_range"},
    "OpticalDistortion": {"map_resolution_range"},
    "PiecewiseAffine": {"map_resolution_range"},
}


def test_there_are_as_many_as_said() -> None:
    assert len(RENAMED) == 34
    assert A.BboxParams(coord_format="coco").to_dict() == A.BboxParams("coco").to_dict()
    assert A.KeypointParams(coord_format="xya").to_dict() == A.KeypointParams("xya").to_dict()


# ---- what a name brings besides: the defaults of the release that it is from


BROUGHT = [
    (lambda: A.Rotate(30, fill=255), {"border_mode": 0}),
    (lambda: A.Rotate(30, value=255), {"border_mode": 4, "fill": 255}),
    (lambda: A.Rotate(30, value=255, mask_interpolation=0), {"border_mode": 4}),
    (lambda: A.Rotate(30), {"border_mode": 4}),
    (lambda: A.Rotate(angle_range=(-30, 30)), {"limit": (-30, 30), "border_mode": 0}),
    (lambda: A.PadIfNeeded(9, 9, fill=114), {"border_mode": 0}),
    (lambda: A.PadIfNeeded(9, 9, value=114), {"border_mode": 4}),
    (lambda: A.PadIfNeeded(9, 9, border_mode=2, fill=114), {"border_mode": 2}),
    (lambda: A.CoarseDropout(num_holes_range=(1, 3)), {"hole_height_range": (0.1, 0.2)}),
    (lambda: A.CoarseDropout(max_holes=4), {"num_holes_range": (4, 4), "hole_height_range": (8, 8)}),
    (lambda: A.CoarseDropout(max_holes=4, fill_value=3), {"hole_width_range": (8, 8), "fill": 3}),
    (lambda: A.GaussNoise(mean_range=(0, 0)), {"std_range": (0.2, 0.44)}),
    (lambda: A.GaussNoise(var_limit=9, noise_scale_factor=0.5), {"std_range": None, "var_limit": (0, 9)}),
    (lambda: A.GridDropout(fill=3), {"random_offset": True}),
    (lambda: A.GridDropout(shift_xy=(1, 2), fill=3), {"random_offset": False}),
    (lambda: A.ColorJitter(hue=0.1), {"hue": (-0.1, 0.1)}),
    (lambda: A.ColorJitter(contrast_range=(0.9, 1.1)), {"hue": (-0.5, 0.5)}),
    (lambda: A.MotionBlur(7, angle_range=(0, 9)), {"direction_range": (-1, 1)}),
    (lambda: A.GaussianBlur(sigma_range=(1, 2)), {"blur_limit": (0, 0), "sigma_limit": (1, 2)}),
]


@pytest.mark.parametrize(("build", "expected"), BROUGHT)
def test_a_name_brings_the_defaults_of_its_release(build: Any, expected: dict[str, Any]) -> None:
    made = build()
    assert {name: getattr(made, name) for name in expected} == expected
    assert A.to_dict(A.from_dict(A.to_dict(made))) == A.to_dict(made)


# ---- enums, flags of OpenCV as bare numbers


class Position(enum.Enum):
    """An enumeration like those of 1.x."""

    TOP_LEFT = "top_left"


def test_enums_and_bare_numbers() -> None:
    assert A.PadIfNeeded(9, 9, position=Position.TOP_LEFT).position == "top_left"
    assert A.PadIfNeeded(9, 9, position=A.PadIfNeeded.PositionType.TOP_LEFT).position == "top_left"
    kinds = A.ImageCompression.ImageCompressionType
    assert [A.ImageCompression(compression_type=kind).compression_type for kind in kinds] == ["jpeg", "webp"]
    assert A.Rotate(border_mode=cv2.BORDER_REFLECT, interpolation=2).border_mode == 2
    assert A.Resize(9, 9, interpolation=np.int64(3)).interpolation == 3
    noise = A.GaussNoise(std_range=(0.1, 0.2), var_limit=None, mean=None, always_apply=None)
    assert noise.std_range == (0.1, 0.2)
    assert value_of(A.Rotate, "limit") == 30
