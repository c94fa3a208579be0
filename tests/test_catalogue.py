"""The catalogue: every public transform of 0.4.6 - 2.0.8 is there and takes the defaults of each release by name."""

import warnings
from typing import Any

import numpy as np
import pytest
from common import class_cases, image_for, required
from test_positions import SIGNATURES, Row, eras, value_of

import albumentations as A
from albumentations.core.params import REQUIRED


def test_every_public_transform_of_the_releases_is_there() -> None:
    missing = sorted(set(SIGNATURES) - set(dir(A)))
    assert not missing, f"{len(missing)} of {len(SIGNATURES)} are missing: {', '.join(missing)}"


@pytest.mark.parametrize("cls", class_cases())
def test_the_registry_is_the_only_list(cls: Any) -> None:
    assert getattr(A, cls.__name__) is cls
    assert cls.__name__ in A.__all__


@eras
def test_the_defaults_of_a_release_by_name(cls: Any, row: Row) -> None:
    given = {name: _given(cls, name) if default is REQUIRED else default for name, default in row.items()}
    # Defaults that no release can be built with: one of them must be given.
    given.update({name: value for name, value in required(cls).items() if given.get(name, value) is None})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = cls(**given)
    assert made.p == row["p"] or row.get("always_apply")


def _given(cls: Any, name: str) -> Any:
    """What must be given: pictures where names of files would do."""
    if name == "reference_images":
        return [np.zeros_like(image_for(cls))]
    return required(cls)[name] if name in required(cls) else value_of(cls, name)
