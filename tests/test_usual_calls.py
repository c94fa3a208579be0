"""The usual calls: each argument of each release at two values, alone and in a pipeline, run or raise by name."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from common import _param, classes, data_for, image_for, pipeline, read_by, required, reseed
from test_positions import SIGNATURES, parsed, upside_down, value_of

from albumentations.core.params import REQUIRED

Call = tuple[str, dict[str, Any]]  # the argument that is meant, and all that are given
TARGETS = ("image", "mask", "bboxes", "keypoints", "volume")


def between(default: Any) -> Any:
    """Another value in the manner of a default: inside of a range, the other flag, half of a number."""
    if isinstance(default, bool):
        return not default
    if isinstance(default, (int, float)):
        return type(default)(default / 2)
    if isinstance(default, tuple) and len(default) == 2 and all(isinstance(v, (int, float)) for v in default):
        low, high = default
        return type(low)(low + (high - low) / 4), type(high)(high - (high - low) / 4)
    return default


def number_of(default: Any) -> Any:
    """One number in place of a range."""
    return default[1] if isinstance(default, tuple) and len(default) == 2 else between(default)


def calls(cls: Any) -> Iterator[Call]:
    """Every argument of every release at two values, beside what must be given; the same call once."""
    seen = []
    for text in SIGNATURES.get(cls.__name__, {}).values():
        row = parsed(text)
        needed = {name: given_for(cls, name) for name, default in row.items() if default is REQUIRED}
        needed.update({name: value for name, value in required(cls).items() if row.get(name, value) is None})
        alone = ("px", "percent")  # of which exactly one is given
        for name, default in row.items():
            values = [given_for(cls, name)]
            if default not in (REQUIRED, None):
                values += [between(default), number_of(default)]
            for value in values[:3]:
                if (name, repr(value)) not in seen:
                    seen.append((name, repr(value)))
                    rest = {n: v for n, v in needed.items() if name not in alone or n not in alone}
                    yield name, {**beside(cls, name), **rest, name: value, "p": 1}


def given_for(cls: Any, name: str) -> Any:
    """What somebody might write; pictures where file names would be read."""
    if name == "reference_images":
        return [image_for(cls)[::-1].copy()]
    return required(cls)[name] if name in required(cls) else value_of(cls, name)


def beside(cls: Any, name: str) -> dict[str, Any]:
    """Arguments without which another one says nothing."""
    if "reference_images" in cls._params and name != "metadata_key":
        return {"reference_images": given_for(cls, "reference_images"), "read_fn": upside_down}
    return BESIDE.get(cls.__name__, {})


# What suits a picture of 48 x 40, and what one of must be given.
BESIDE: dict[str, dict[str, Any]] = {"Crop": {"x_max": 30, "y_max": 35}}


def outcome(cls: Any, call: Call, dtype: str) -> str:
    """Run a call alone and in a pipeline with all targets; what raises must name the class and what is wrong."""
    name, arguments = call
    try:
        transform = cls(**arguments)
    except (TypeError, ValueError) as error:
        assert cls.__name__ in str(error), error
        assert any(known in str(error) for known in (name, cls._renamed.get(name, name))), (call, error)
        return "refused"
    image = image_for(cls, dtype)
    data = data_for(cls, image)
    read = {} if cls._solid else {n: v for n, v in read_by(transform, image).items() if n not in data}
    pictures = {n: v for n, v in data.items() if n not in ("bboxes", "labels", "keypoints") or n in transform._reads}
    reseed()
    try:
        alone = transform(**pictures, **read)
        together = pipeline(transform)(**data, **read)
    except (TypeError, ValueError) as error:
        words = (name, cls._renamed.get(name, name), *TARGETS)
        assert cls.__name__ in str(error) and any(word in str(error) for word in words), (call, error)
        return "raised"
    assert set(together) >= set(data)
    assert len(together.get("bboxes", ())) == len(together.get("labels", ()))
    for result in (alone, together):
        made = result["volume" if cls._solid else "image"]
        if not hasattr(made, "numpy"):
            assert isinstance(made, np.ndarray) and made.flags.c_contiguous
            assert cls._converts or made.dtype == image.dtype
    return "ran"


def every(step: int) -> list[Any]:
    """Every class with a share of its calls, as pytest parameters."""
    return [_param(cls, cls, step, id=cls.__name__) for cls in classes() if cls.__name__ in SIGNATURES]


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(("cls", "step"), every(5))
def test_some_usual_calls_run_or_raise_by_name(cls: Any, step: int, dtype: str) -> None:
    chosen = list(calls(cls))[(dtype == "float32") * 2 :: step]
    outcomes = [outcome(cls, call, dtype) for call in chosen]
    assert "ran" in outcomes or not outcomes or cls._needs_dtypes


@pytest.mark.heavy
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(("cls", "step"), every(1))
def test_all_usual_calls_run_or_raise_by_name(cls: Any, step: int, dtype: str) -> None:
    outcomes = [outcome(cls, call, dtype) for call in calls(cls)]
    assert outcomes.count("ran") * 2 > len(outcomes)


def test_there_are_as_many_as_said() -> None:
    assert sum(len(list(calls(cls))) for cls in classes()) > 1000
    assert between((0.1, 0.5)) == pytest.approx((0.2, 0.4))
