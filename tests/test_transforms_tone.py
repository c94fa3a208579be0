"""Tone, stains and light: what the laws cannot know of each class."""

from typing import Any

import numpy as np
import pytest
from common import picture

import albumentations as A

IMAGE = picture("uint8", 3)


def drawn(transform: Any, count: int = 40) -> list[dict[str, Any]]:
    """The numbers of so many applications."""
    pipeline = A.Compose([transform], seed=3, save_applied_params=True)
    return [pipeline(image=IMAGE)["applied_transforms"][0][1] for _ in range(count)]


@pytest.mark.parametrize("per_channel", [False, True])
def test_a_tone_curve_becomes_one_table_with_its_neighbour(per_channel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [A.Posterize(5, p=1), A.RandomToneCurve(scale=0.3, per_channel=per_channel, p=1)]
    first = both[0].apply(IMAGE, num_bits=5)
    with monkeypatch.context() as patch:
        patch.setattr("albumentations.transforms.families.lut", None)  # a table of its own would be looked up here
        patch.setattr("albumentations.transforms.curves.curves.posterize_image", None)
        result = A.Compose(both, seed=1, save_applied_params=True)(image=IMAGE)
    _, params = result["applied_transforms"][1]
    assert np.array_equal(result["image"], both[1].apply(first, **params))
    assert isinstance(params["low_y"], list) == per_channel


def test_curves_of_three_channels_do_not_fit_an_image_of_five() -> None:
    transform = A.Compose([A.RandomToneCurve(per_channel=True, p=1)], additional_targets={"more": "image"})
    with pytest.raises(ValueError, match="a table of 3 channels for an image of the shape"):
        transform(image=IMAGE, more=picture("uint8", 5))


def test_halves_of_brightness_and_contrast_are_the_whole_one() -> None:
    for cls, limits in ((A.RandomBrightness, (0.3, 0)), (A.RandomContrast, (0, 0.3))):
        whole = A.RandomBrightnessContrast(*limits, p=1)
        for ours in drawn(cls(limit=0.3, p=1), 8):
            alone = cls(p=1).apply(IMAGE, alpha=ours["alpha"], beta=ours["beta"])
            assert np.array_equal(alone, whole.apply(IMAGE, alpha=ours["alpha"], beta=ours["beta"]))
            assert (ours["alpha"] == 1) != (ours["beta"] == 0)


def test_channels_are_dropped_without_repeats_and_one_is_left() -> None:
    seen = [params["channels_to_drop"] for params in drawn(A.ChannelDropout((1, 2), p=1))]
    assert {len(set(channels)) for channels in seen} == {1, 2}
    assert {c for channels in seen for c in channels} == {0, 1, 2}
    with pytest.raises(ValueError, match="ChannelDropout: image must have at least 3 channels"):
        A.Compose([A.ChannelDropout((1, 2), p=1)])(image=IMAGE[:, :, :2])


def test_warm_light_is_red_and_limits_are_those_of_the_formula() -> None:
    warm = A.PlanckianJitter(temperature_limit=3500, p=1)(image=IMAGE)["image"].mean(axis=(0, 1))
    cold = A.PlanckianJitter(temperature_limit=12000, p=1)(image=IMAGE)["image"].mean(axis=(0, 1))
    assert warm[0] > cold[0]
    assert warm[2] < cold[2]
    temperatures = [params["temperature"] for params in drawn(A.PlanckianJitter(p=1), 300)]
    assert 0.3 < np.mean(np.array(temperatures) < 6000) < 0.5
    with pytest.raises(ValueError, match="temperature_limit must not be outside"):
        A.PlanckianJitter(mode="cied", temperature_limit=(3000, 9000))


def test_a_preset_goes_with_its_method() -> None:
    for wrong in ({"method": "preset"}, {"preset": "dark"}, {"method": "macenko", "preset": "dark"}):
        with pytest.raises(ValueError, match="preset must be given with method='preset'"):
            A.HEStain(**wrong)
    assert len({str(params["stain_matrix"]) for params in drawn(A.HEStain(p=1), 120)}) == 8


def test_light_falls_where_it_is_said_to() -> None:
    gray = np.full((40, 60), 100, np.uint8)
    right = A.Illumination("linear", (0.2, 0.2), "brighten", (0, 0), p=1)(image=gray)["image"]
    assert right[20, 59] > 115 > 85 > right[20, 0]
    spot = A.Illumination("gaussian", (0.2, 0.2), "darken", center_range=(0.5, 0.5), sigma_range=0.1, p=1)
    spot_image = spot(image=gray)["image"]
    assert spot_image[20, 30] < 83
    assert spot_image[0, 0] == 100
    assert {params["corner"] for params in drawn(A.Illumination("corner", p=1))} == {0, 1, 2, 3}


@pytest.mark.parametrize(("mode", "signs"), [("green_purple", {1}), ("red_blue", {-1}), ("random", {-1, 1})])
def test_red_and_blue_go_to_the_sides_of_the_mode(mode: str, signs: set[int]) -> None:
    found = drawn(A.ChromaticAberration(mode=mode, p=1))
    pairs = [(params["primary_distortion_red"], params["primary_distortion_blue"]) for params in found]
    assert {int(np.sign(red * blue)) for red, blue in pairs} == signs
    assert all(params["primary_distortion_red"] * params["secondary_distortion_red"] >= 0 for params in found)


def test_plasma_darkens_where_it_should() -> None:
    dark = A.PlasmaBrightnessContrast((-0.4, -0.4), (0, 0), p=1)(image=IMAGE)["image"]
    assert dark.mean() < IMAGE.mean() - 20
    shadow = A.PlasmaShadow((0.7, 0.7), p=1)(image=IMAGE)["image"]
    assert (shadow <= IMAGE).all()
    assert shadow.mean() < 0.85 * IMAGE.mean()


def test_arguments_and_numbers_reach_their_places() -> None:
    image = IMAGE.copy()
    image[:5] = 0
    kept = A.AutoContrast(cutoff=10, ignore=120, p=1)(image=image)["image"]
    assert (kept[image == 120] == 120).all()
    assert (A.AutoContrast(cutoff=10, p=1)(image=image)["image"][image == 120] != 120).any()
    gray = np.full((40, 60), 100, np.uint8)
    spot = A.Illumination("gaussian", p=1).apply(gray, intensity=0.2, center=(0.8, 0.2), sigma=0.1)
    row, column = np.unravel_index(spot.argmax(), spot.shape)
    assert abs(column - 48) <= 2
    assert abs(row - 8) <= 2
    none = {f"{order}_distortion_{color}": 0.0 for order in ("primary", "secondary") for color in ("red", "blue")}
    for name in none:
        moved = A.ChromaticAberration(p=1).apply(IMAGE, **{**none, name: 0.3})
        changed = [c for c in range(3) if not np.array_equal(moved[..., c], IMAGE[..., c])]
        assert changed == [0 if name.endswith("red") else 2]
    glass = np.full((8, 9, 3), 240, np.uint8)
    strong: dict[str, Any] = {"intensity_shift_range": (0.2, 0.2), "p": 1}
    assert np.array_equal(A.HEStain(**strong)(image=glass)["image"], glass)
    assert not np.array_equal(A.HEStain(**strong, augment_background=True)(image=glass)["image"], glass)


def test_the_first_stain_is_hematoxylin() -> None:
    transform = A.HEStain(p=1, augment_background=True)
    numbers = {"stain_matrix": [[0.65, 0.70, 0.29], [0.07, 0.99, 0.11]], "scale_factors": [1, 1]}
    hematoxylin = transform.apply(IMAGE, **numbers, shift_values=[0.3, 0])
    eosin = transform.apply(IMAGE, **numbers, shift_values=[0, 0.3])
    assert hematoxylin[..., 0].mean() < eosin[..., 0].mean() - 5  # it absorbs red
