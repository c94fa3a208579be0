"""Domain adaptation: which reference is taken, where it comes from, and what is said when it cannot be had."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from common import picture, with_numbers

import albumentations as A
from albumentations.functional import domain
from albumentations.transforms.domain import read_rgb_image

CLASSES = (A.HistogramMatching, A.FDA, A.PixelDistributionAdaptation)
every = pytest.mark.parametrize("cls", CLASSES)


def plain(*color: int) -> np.ndarray:
    """A picture of nearly one colour, not square."""
    image = np.full((20, 30, 3), color, np.uint8)
    image[::2] += 1
    return image


def whole(cls: Any) -> dict[str, Any]:
    """Arguments that take all there is of the reference."""
    return {"beta_limit": (0.3, 0.3)} if cls is A.FDA else {"blend_ratio": (1, 1)}


@every
def test_each_reference_is_taken_as_often_as_the_others(cls: Any) -> None:
    references = [plain(20, 40, 60), plain(90, 100, 110), plain(200, 180, 220)]
    pipeline = A.Compose([cls(references, **whole(cls), p=1)], seed=0)
    means = np.array([pipeline(image=picture())["image"].mean(axis=(0, 1)) for _ in range(150)])
    nearest = [int(np.argmin([np.abs(mean - r.mean(axis=(0, 1))).sum() for r in references])) for mean in means]
    assert min(np.bincount(nearest, minlength=3)) > 30  # 50 each, deviation 6


@every
def test_references_come_from_the_constructor_the_call_or_files(cls: Any, tmp_path: Path) -> None:
    reference = picture("uint8", 3, 31, 57)[:, ::-1] // 2
    cv2.imwrite(str(tmp_path / "a.png"), reference[..., ::-1])
    key = cls._params["metadata_key"].default
    expected = A.Compose([cls([reference], p=1)], seed=3)(image=picture())["image"]
    assert not np.array_equal(expected, picture())
    calls: list[tuple[Any, dict[str, Any]]] = [
        (cls(p=1), {key: [reference]}),
        (cls(metadata_key="mine", p=1), {"mine": (reference,)}),
        (cls([tmp_path / "a.png"], p=1), {}),
        (cls([str(tmp_path / "a.png")], p=1), {}),
        (cls(["a"], read_fn=lambda name: {"a": reference}[name], p=1), {}),
        (cls(metadata_key="mine", p=1), {"mine": [tmp_path / "a.png"]}),
    ]
    for transform, beside in calls:
        out = A.Compose([transform], seed=3)(image=picture(), **beside)
        assert np.array_equal(out["image"], expected)


def test_a_file_is_read_in_rgb(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), plain(10, 20, 30)[..., ::-1])
    assert np.array_equal(read_rgb_image(tmp_path / "a.png"), plain(10, 20, 30))
    with pytest.raises(ValueError, match=r"none\.png' is no picture"):
        read_rgb_image(tmp_path / "none.png")


def test_numbers_drawn_reach_the_kernels() -> None:
    image, reference = picture(), picture("uint8", 3, 31, 57) // 3

    def replayed(transform: Any, **params: Any) -> np.ndarray:
        record = A.ReplayCompose([transform])(image=image)["replay"]
        with_numbers(record, {"reference": 0.5, **params})
        result: np.ndarray = A.ReplayCompose.replay(record, image=image)["image"]
        return result

    matched = replayed(A.HistogramMatching([reference], p=1, name="a"), blend_ratio=0.3)
    assert np.array_equal(matched, domain.histogram(image, reference=reference, blend=0.3))
    mixed = replayed(A.FDA([reference], p=1, name="a"), beta=0.2)
    assert np.array_equal(mixed, domain.fourier(image, reference=reference, beta=0.2))
    for kind in ("pca", "standard", "minmax"):
        made = A.PixelDistributionAdaptation([reference], transform_type=kind, p=1, name="a")
        colored = replayed(made, blend_ratio=0.6)
        assert np.array_equal(colored, domain.colors(image, reference=reference, kind=kind, blend=0.6))


@every
def test_what_is_missing_or_wrong_is_said(cls: Any) -> None:
    key = cls._params["metadata_key"].default
    with pytest.raises(ValueError, match=f"{cls.__name__} reads '{key}', which is missing"):
        cls(p=1)(image=picture())
    for wrong in ([], picture(), "a.png"):
        with pytest.raises(ValueError, match=f"{cls.__name__}: {key} must be a list of references"):
            cls(p=1)(image=picture(), **{key: wrong})
    with pytest.raises(ValueError, match=f"{cls.__name__}: image: the reference must be uint8 with 3 channels"):
        cls(p=1)(image=picture(), **{key: [picture("float32")]})
    with pytest.raises(TypeError, match=f"{cls.__name__}: read_fn must return an array, not NoneType"):
        cls(["a"], read_fn=lambda name: None, p=1)(image=picture())
    with pytest.raises(ValueError, match="must not be empty"):
        cls([])
    with pytest.raises(NotImplementedError, match=f"{cls.__name__} cannot be saved without a name"):
        A.to_dict(A.Compose([cls([picture()])]))
