"""Noise: how strong it is, where it falls, what is drawn, and what is refused."""

from typing import Any

import cv2
import numpy as np
import pytest
from common import make, picture, replayed

import albumentations as A

SIZE = (200, 240)


def flat(value: float, dtype: str = "uint8", channels: int = 3) -> np.ndarray:
    return np.full((*SIZE, channels), value, dtype)


def noise(transform: Any, image: np.ndarray, seed: int = 0) -> np.ndarray:
    """What a transform adds to an image."""
    return A.Compose([transform], seed=seed)(image=image)["image"].astype(np.float64) - image


# --- sensor -----------------------------------------------------------------------------------------------------------


def test_iso_noise_turns_hues_and_brightens() -> None:
    image = picture("float32", 3, *SIZE)
    weak, strong = (A.ISONoise((shift, shift), (0.5, 0.5), p=1) for shift in (0.01, 0.1))
    hls = cv2.cvtColor(image, cv2.COLOR_RGB2HLS)
    turned = []
    for transform in (weak, strong):
        out = cv2.cvtColor((image + noise(transform, image)).astype(np.float32), cv2.COLOR_RGB2HLS)
        turns = (out[..., 0] - hls[..., 0] + 180) % 360 - 180
        turned.append(turns[hls[..., 2] > 0.2].std())
        gain = out[..., 1] - hls[..., 1]
        expected = (1 - hls[..., 1]) * hls[..., 1].std() * 0.5
        assert gain.mean() == pytest.approx(expected.mean(), rel=0.03)
        assert gain.min() > -1e-3
    assert turned == [pytest.approx(0.01 * 0.5 * 360, rel=0.05), pytest.approx(0.1 * 0.5 * 360, rel=0.05)]


def test_iso_noise_leaves_the_lightness_of_a_flat_image() -> None:
    image = flat(0.5, "float32") * np.float32([0.9, 0.6, 0.3])
    out = (image + noise(A.ISONoise((0.1, 0.1), (1, 1), p=1), image)).astype(np.float32)
    lightness = (out.max(axis=2) + out.min(axis=2)) / 2
    assert np.abs(lightness - lightness[0, 0]).max() < 1e-5
    assert out.std(axis=(0, 1)).min() > 0.01


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_iso_noise_needs_rgb(channels: int) -> None:
    with pytest.raises(ValueError, match="ISONoise: image must have 3 channels"):
        A.Compose([A.ISONoise(p=1)])(image=flat(9, channels=channels))


@pytest.mark.parametrize("name", ["random_state", "random_seed"])
def test_a_seed_under_its_older_names(name: str) -> None:
    numbers = {"color_shift": 0.02, "intensity": 0.3}

    class Mine(A.ISONoise):
        def get_params(self) -> dict[str, Any]:
            return {**numbers, name: 77}

    image = picture()
    expected = replayed(A.ISONoise(p=1), {**numbers, "seed": 77}, image=image)["image"]
    assert np.array_equal(A.Compose([Mine(p=1)])(image=image)["image"], expected)


@pytest.mark.parametrize("value", [40, 128, 220])
@pytest.mark.parametrize("scale", [0.005, 0.1])
def test_shot_noise_counts_photons(value: int, scale: float) -> None:
    photons = np.random.Generator(np.random.PCG64(0)).poisson((value / 255) ** 2.2 / scale, 200_000)
    expected = 255 * np.minimum(photons * scale, 1) ** (1 / 2.2)
    for dtype, unit in (("uint8", 1.0), ("float32", 255.0)):
        transform = A.ShotNoise((scale, scale), p=1)
        out = (noise(transform, flat(value / unit, dtype)) + value / unit) * unit
        assert out.mean() == pytest.approx(expected.mean(), abs=0.6)
        assert out.std() == pytest.approx(expected.std(), rel=0.03)


def test_shot_noise_of_endlessly_many_photons_is_none() -> None:
    image = picture("float32")
    assert np.abs(noise(A.ShotNoise(0, p=1), image)).max() < 0.01


# --- multiplied -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("elementwise", [False, True])
@pytest.mark.parametrize("per_channel", [False, True])
def test_factors_are_shared_as_the_arguments_say(dtype: str, elementwise: bool, per_channel: bool) -> None:
    image = flat(100 if dtype == "uint8" else 100 / 255, dtype)
    transform = A.MultiplicativeNoise((0.5, 1.5), per_channel, elementwise, p=1)
    factors = 1 + noise(transform, image) / image[0, 0, 0]
    assert 0.49 <= factors.min() <= factors.max() <= 1.51
    alike_pixels = np.ptp(factors, axis=(0, 1)).max() < 1e-6
    alike_channels = np.ptp(factors, axis=2).max() < 1e-6
    assert alike_pixels == (not elementwise)
    assert alike_channels == (not per_channel)
    if elementwise:
        assert factors.mean() == pytest.approx(1, abs=0.01)
        assert factors.std() == pytest.approx(1 / np.sqrt(12), rel=0.02)  # uniform


def test_factors_in_a_record() -> None:
    image = picture()
    for per_channel, count in ((False, 1), (True, 3)):
        pipeline = A.Compose([A.MultiplicativeNoise((0.5, 0.9), per_channel, p=1)], seed=0, save_applied_params=True)
        out = pipeline(image=image)
        drawn = out["applied_transforms"][0][1]["multiplier"]
        assert len(drawn) == count
        assert np.abs(out["image"] - image * np.array(drawn)).max() <= 0.5 + 1e-4


def test_factors_below_0_are_refused() -> None:
    with pytest.raises(ValueError, match=r"MultiplicativeNoise\(multiplier=\(-1, 1\)\).*\[0, inf\)"):
        A.MultiplicativeNoise((-1, 1))


# --- single pixels ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "white"), [("uint8", 255), ("uint16", 65535), ("float32", 1)])
@pytest.mark.parametrize(("amount", "salt"), [(0.05, 0.5), (0.4, 0.2), (0.1, 1.0), (0.1, 0.0)])
def test_salt_and_pepper_hit_the_shares_that_they_should(dtype: str, white: float, amount: float, salt: float) -> None:
    image = flat(white / 2, dtype)
    out = A.Compose([A.SaltAndPepper((amount, amount), (salt, salt), p=1)], seed=1)(image=image)["image"]
    assert (out == out[..., :1]).all()
    count = out[..., 0].size
    hits = [(out[..., 0] == value).mean() for value in (white, 0)]
    for found, share in zip(hits, (amount * salt, amount * (1 - salt))):
        assert abs(found - share) <= 4 * np.sqrt(share * (1 - share) / count)
    assert (out[..., 0] == image[0, 0, 0]).mean() == pytest.approx(1 - sum(hits))


@pytest.mark.parametrize("argument", ["amount", "salt_vs_pepper"])
def test_shares_beyond_1_are_refused(argument: str) -> None:
    with pytest.raises(ValueError, match=rf"SaltAndPepper\({argument}=\(0.5, 1.5\)\)"):
        A.SaltAndPepper(**{argument: (0.5, 1.5)})


# --- added ------------------------------------------------------------------------------------------------------------

FIXED: dict[str, tuple[dict[str, Any], float, float]] = {  # noise_params, and what mean and deviation they give
    "uniform": ({"ranges": [(-0.1, 0.2)]}, 0.05, 0.3 / np.sqrt(12)),
    "gaussian": ({"mean_range": 0.05, "std_range": 0.1}, 0.05, 0.1),
    "laplace": ({"mean_range": -0.05, "scale_range": 0.05}, -0.05, 0.05 * np.sqrt(2)),
    "beta": ({"alpha_range": 2, "beta_range": 3, "scale_range": 0.2}, 0.2 * (2 * 0.4 - 1), 0.4 * 0.2),
}
each_type = pytest.mark.parametrize("kind", list(FIXED))


@each_type
@pytest.mark.parametrize("mode", ["per_pixel", "shared"])
@pytest.mark.parametrize(("dtype", "white"), [("uint8", 255), ("float32", 1), ("uint16", 65535)])
def test_added_noise_has_its_mean_and_deviation(kind: str, mode: str, dtype: str, white: float) -> None:
    params, mean, deviation = FIXED[kind]
    drawn = noise(A.AdditiveNoise(kind, mode, params, p=1), flat(white / 2, dtype)) / white
    assert drawn.mean() == pytest.approx(mean, abs=0.003)
    assert drawn.std() == pytest.approx(deviation, rel=0.03)
    between = np.corrcoef(drawn[..., 0].ravel(), drawn[..., 1].ravel())[0, 1]
    assert between == pytest.approx(1 if mode == "shared" else 0, abs=0.02)


@each_type
def test_constant_noise_shifts_whole_channels(kind: str) -> None:
    params, mean, deviation = FIXED[kind]
    transform = A.AdditiveNoise(kind, "constant", params, p=1)
    drawn = np.stack([noise(transform, flat(0.5, "float32"), seed) for seed in range(150)])
    assert np.ptp(drawn, axis=(1, 2)).max() < 1e-6
    shifts = drawn[:, 0, 0].ravel()  # 450 numbers
    assert shifts.mean() == pytest.approx(mean, abs=5 * deviation / np.sqrt(450))
    assert shifts.std() == pytest.approx(deviation, rel=0.2)
    assert len(set(shifts.round(6))) > 400


@pytest.mark.parametrize(("dtype", "white"), [("uint8", 255), ("float32", 1)])
def test_a_range_for_every_channel(dtype: str, white: float) -> None:
    ranges = ((-0.3, -0.2), (0.0, 0.1), (0.2, 0.3))
    transform = A.AdditiveNoise(noise_params={"ranges": ranges}, p=1)
    drawn = np.stack([noise(transform, flat(white / 2, dtype), seed)[0, 0] for seed in range(60)]) / white
    for shifts, (low, high) in zip(drawn.T, ranges):
        assert low - 0.005 <= shifts.min() < low + 0.02
        assert high - 0.02 < shifts.max() <= high + 0.005
    with pytest.raises(ValueError, match="AdditiveNoise: image must have 3 channels"):
        A.Compose([transform])(image=flat(9, channels=2))


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("mode", ["per_pixel", "shared"])
def test_an_approximation_is_coarse(dtype: str, mode: str) -> None:
    image = flat(128 if dtype == "uint8" else 0.5, dtype)
    params = {"mean_range": 0, "std_range": 0.1}

    def neighbors(approximation: float) -> float:
        drawn = noise(A.AdditiveNoise("gaussian", mode, params, approximation, p=1), image)[..., 0]
        return float(np.corrcoef(drawn[:, 1:].ravel(), drawn[:, :-1].ravel())[0, 1])

    assert abs(neighbors(1)) < 0.02
    assert 0.6 < neighbors(0.5) < 0.85
    assert neighbors(0.25) > 0.85
    whole = noise(A.AdditiveNoise("gaussian", mode, params, 0, p=1), image)
    assert np.ptp(whole, axis=(0, 1)).max() < 1e-6
    assert np.abs(whole).max() > 0


def test_shapes_of_0_are_two_points() -> None:
    params = {"alpha_range": 0, "beta_range": 0, "scale_range": 0.2}
    drawn = noise(A.AdditiveNoise("beta", "per_pixel", params, p=1), flat(0.5, "float32"))
    assert np.allclose(np.abs(drawn), 0.2, atol=1e-6)
    assert abs(drawn.mean()) < 0.005


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"noise_params": 3}, TypeError, "noise_params must be a dict of ranges"),
        ({"noise_params": {"range": (0, 1)}}, ValueError, "noise_params may have the keys .*, not 'range'"),
        ({"noise_params": {"ranges": (-0.1, 0.1)}}, TypeError, "'ranges' must be a pair of numbers, not float"),
        ({"noise_params": {"ranges": 0.1}}, TypeError, "'ranges' must be a list of pairs of numbers"),
        ({"noise_params": {"ranges": []}}, TypeError, "'ranges' must be a list of pairs of numbers"),
        ({"noise_params": {"ranges": [(0.2, 0.1)]}}, ValueError, "'ranges' must be ordered"),
        ({"noise_params": {"ranges": [(-2, 0.1)]}}, ValueError, r"'ranges' must lie in \[-1, 1\]"),
        ({"noise_type": "gaussian", "noise_params": {"ranges": [(0, 0.1)]}}, ValueError, "keys mean_range, std_range"),
        ({"noise_type": "gaussian", "noise_params": {"std_range": (0, 0.1)}}, ValueError, "keys mean_range, std_range"),
        (
            {"noise_type": "gaussian", "noise_params": {"mean_range": 0, "std_range": 0, "scale_range": 0}},
            ValueError,
            "and no others",
        ),
        ({"noise_params": {"mean_range": 0, "std_range": 0.1}}, ValueError, "noise_type='uniform'.*keys ranges"),
        (
            {"noise_type": "laplace", "noise_params": {"mean_range": 0, "scale_range": (-1, 1)}},
            ValueError,
            r"'scale_range' must lie in \[0, 1\]",
        ),
        (
            {"spatial_mode": "shared", "noise_params": {"ranges": [(0, 0.1), (0, 0.2), (0, 0.3)]}},
            ValueError,
            "spatial_mode='shared' takes one pair",
        ),
        ({"noise_type": "poisson"}, ValueError, "noise_type must be one of 'uniform', 'gaussian', 'laplace', 'beta'"),
        ({"spatial_mode": "patch"}, ValueError, "spatial_mode must be one of 'constant', 'per_pixel', 'shared'"),
    ],
)
def test_added_noise_refuses_what_it_cannot_mean(arguments: dict[str, Any], kind: Any, words: str) -> None:
    with pytest.raises(kind, match=rf"AdditiveNoise\(.*{words}"):
        A.AdditiveNoise(**arguments)


def test_assigning_a_distribution_checks_its_ranges() -> None:
    transform = make(A.AdditiveNoise, {"noise_params": {"ranges": [(0, 0.1)]}})
    with pytest.raises(ValueError, match="keys mean_range, std_range"):
        transform.noise_type = "gaussian"
    assert transform.noise_type == "uniform"


# --- what all of them do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [A.ISONoise, A.ShotNoise, A.MultiplicativeNoise, A.SaltAndPepper, A.AdditiveNoise])
@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 17, 3), (33, 1, 3), (31, 27), (9, 11, 1), (9, 11, 5)])
def test_any_size(cls: Any, shape: Any) -> None:
    for example in cls.examples:
        transform = make(cls, example)
        for dtype in ("uint8", "float32"):
            image = np.ones(shape, dtype)
            channels = shape[2] if len(shape) > 2 else 1
            if transform._needs_channels and channels not in transform._needs_channels:
                continue
            out = A.Compose([transform], seed=0)(image=image)["image"]
            assert out.shape == shape
            assert out.dtype == dtype
