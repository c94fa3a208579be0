"""Lenses, sharpening, quality and superpixels: what is drawn, what one sees, how releases said it, what is refused."""

from typing import Any

import numpy as np
import pytest
from common import center_of_mass, picture, reseed

import albumentations as A

IMAGE = picture("uint8", 3, 90, 110)
FLOAT = IMAGE.astype(np.float32) / 255
DOT = np.zeros((41, 51), np.float32)
DOT[20, 25] = 1.0
SQUARE = np.pad(np.full((20, 24), 200, np.uint8), 20, constant_values=60)


def drawn(transform: Any, count: int = 400) -> dict[str, list[Any]]:
    """What so many applications draw, by name."""
    reseed()
    every = [transform.get_params() for _ in range(count)]
    return {name: [one[name] for one in every] for name in every[0]}


def apply(transform: Any, image: np.ndarray, seed: int = 0) -> np.ndarray:
    """The image of a single call."""
    result: np.ndarray = A.Compose([transform], seed=seed)(image=image)["image"]
    return result


# --- what is drawn ----------------------------------------------------------------------------------------------------


def test_sizes_and_numbers_that_are_drawn() -> None:
    radii = drawn(A.Defocus())["radius"]
    assert sorted(set(radii)) == list(range(3, 11))
    assert all(25 < radii.count(r) < 80 for r in range(3, 11))
    for transform, sizes in (
        (A.UnsharpMask(), [3, 5, 7]),
        (A.UnsharpMask(5), [3, 5]),
        (A.UnsharpMask((4, 8)), [5, 7, 9]),
        (A.UnsharpMask((0, 7)), [3, 5, 7]),  # a size and a deviation of 0 would say nothing
        (A.UnsharpMask((0, 5), sigma_limit=(1, 2)), [0, 3, 5]),
        (A.UnsharpMask((1, 3)), [1, 3]),
        (A.RingingOvershoot(), [7, 9, 11, 13, 15]),
        (A.RingingOvershoot(5), [3, 5]),
        (A.RingingOvershoot((8, 12)), [9, 11, 13]),
    ):
        found = drawn(transform, 600)["ksize"]
        assert sorted(set(found)) == sizes
        assert all(abs(found.count(s) / 600 - 1 / len(sizes)) < 0.07 for s in sizes)
    assert set(drawn(A.UnsharpMask())["sigma"]) == {0}
    assert set(drawn(A.Superpixels(n_segments=(3, 6)))["n_segments"]) == {3, 4, 5, 6}
    assert set(drawn(A.JpegCompression(20, 23))["quality"]) == {20, 21, 22, 23}
    assert min(drawn(A.ZoomBlur(step_factor=(0, 0.002)))["step"]) == 0.001


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (A.Defocus(5), {"radius": (1, 5)}),
        (A.Defocus(alias_blur=0.3), {"alias_blur": (0, 0.3)}),
        (A.ZoomBlur(1.5), {"max_factor": (1, 1.5)}),
        (A.ZoomBlur(step_factor=0.02), {"step_factor": (0.02, 0.02)}),  # 1.3.1's; (0, 0.02) in 2.0.8, which fails
        (A.Emboss(0.5, 0.4), {"alpha": (0, 0.5), "strength": (0, 0.4)}),
        (A.UnsharpMask(5, 2, 0.4, 7), {"blur_limit": (3, 5), "sigma_limit": (0, 2), "alpha": (0, 0.4), "threshold": 7}),
        (A.RingingOvershoot(9, 1.0), {"blur_limit": (3, 9), "cutoff": (1.0, np.pi / 2)}),
        (A.RingingOvershoot(cutoff=2.0), {"cutoff": (np.pi / 2, 2.0)}),
        (A.Superpixels(0.5, 50), {"p_replace": (0.5, 0.5), "n_segments": (50, 50)}),
        (A.Superpixels(), {"p_replace": (0.1, 0.1), "max_size": 128}),
        (A.Superpixels(max_size=None), {"max_size": None}),
        (A.Downscale(0.1, 0.6), {"scale_range": (0.1, 0.6)}),
        (A.Downscale(scale_min=0.1), {"scale_range": (0.1, 0.25)}),
        (A.Downscale(scale_max=0.5), {"scale_range": (0.25, 0.5)}),
        (A.Downscale((0.3, 0.7)), {"scale_range": (0.3, 0.7)}),
        (A.Downscale(interpolation=3), {"interpolation_pair": {"downscale": 3, "upscale": 3}}),
        (A.Downscale(interpolation={"downscale": 3}), {"interpolation_pair": {"downscale": 3, "upscale": 0}}),
        (A.Downscale(interpolation_pair={"upscale": 1}), {"interpolation_pair": {"downscale": 0, "upscale": 1}}),
        (
            A.Downscale(interpolation=A.Downscale.Interpolation(upscale=2, downscale=3)),
            {"interpolation_pair": {"downscale": 3, "upscale": 2}},
        ),
    ],
    ids=lambda v: str(v)[:60],
)
def test_readings_of_the_releases(transform: Any, expected: dict[str, Any]) -> None:
    assert {name: getattr(transform, name) for name in expected} == expected


# --- what one sees ----------------------------------------------------------------------------------------------------


def test_a_point_out_of_focus_is_a_disk_with_a_soft_rim() -> None:
    y, x = np.mgrid[-20:21, -25:26]
    disk = (x**2 + y**2 <= 36) / np.count_nonzero(x**2 + y**2 <= 36)
    hard = apply(A.Defocus((6, 6), (0, 0), p=1), DOT)
    assert np.abs(hard - disk).max() < 1e-5
    soft = apply(A.Defocus((6, 6), (1, 1), p=1), DOT)
    assert abs(soft[20, 25] - hard[20, 25]) < 0.002
    assert soft[20, 32] > 0.001
    assert soft.sum() == pytest.approx(1, abs=1e-4)
    assert center_of_mass(soft) == pytest.approx((25, 20), abs=1e-3)


def test_a_large_blur_of_floats_stays_in_range() -> None:
    black_and_white = np.zeros((64, 64, 3), np.float32)
    black_and_white[:, 32:] = 1
    result = apply(A.Defocus((9, 9), p=1), black_and_white)
    assert result.min() == 0
    assert result.max() == 1


@pytest.mark.parametrize("mode", ["fast", "exact"])
def test_glass_moves_pixels_no_further_than_their_rounds_allow(mode: str) -> None:
    y, x = np.mgrid[:60, :80].astype(np.float32)
    places = np.stack([y, x], axis=2)
    moves = []
    for iterations in (1, 3):
        glass = A.GlassBlur(sigma=0, max_delta=3, iterations=iterations, mode=mode, p=1)
        move = np.abs(apply(glass, places) - places)
        if mode == "fast":
            assert move.max() <= 3 * iterations
        moves.append(move.std())
    assert moves[1] > 1.3 * moves[0]
    kept = apply(A.GlassBlur(sigma=0, max_delta=3, mode=mode, p=1), np.arange(4800).reshape(60, 80).astype(np.uint16))
    assert (len(np.unique(kept)) == 4800) == (mode == "exact")  # exchanged, no pixel is lost


def test_glass_blurs_twice() -> None:
    sharp, soft = (apply(A.GlassBlur(sigma=s, max_delta=2, p=1), IMAGE).astype(int) for s in (0, 1.5))
    assert np.abs(np.diff(soft, axis=1)).mean() < 0.5 * np.abs(np.diff(sharp, axis=1)).mean()
    assert not np.array_equal(apply(A.GlassBlur(p=1), IMAGE, 1), apply(A.GlassBlur(p=1), IMAGE, 2))


def test_zooming_blurs_the_rim_and_keeps_the_middle() -> None:
    noise = np.random.Generator(np.random.PCG64(0)).integers(0, 256, (121, 121), np.uint8)

    def detail(part: np.ndarray) -> float:
        return float(np.abs(np.diff(part.astype(int), axis=1)).mean())

    zoomed = apply(A.ZoomBlur((1.3, 1.3), p=1), noise)
    assert detail(zoomed[:, :20]) < 0.5 * detail(zoomed[55:66, 55:66])
    weak, strong = (apply(A.ZoomBlur((f, f), 0.02, p=1), noise) for f in (1.06, 1.4))
    assert detail(strong) < detail(weak) < detail(noise)
    # With a step beyond the largest factor there is no copy.
    assert np.array_equal(apply(A.ZoomBlur((1.3, 1.3), 0.5, p=1), noise), noise)


def test_relief_is_lit_from_the_top_left() -> None:
    result = apply(A.Emboss((1, 1), (0.5, 0.5), p=1), SQUARE).astype(int)
    assert result[20, 20] > 200  # rises towards the light
    assert result[19, 19] > 60
    assert result[39, 43] < 60  # falls away from it
    assert result[40, 44] < 60
    assert result[30, 30] == 200
    assert result[5, 5] == 60
    s, part = 0.6, 0.3
    relief = np.array([[-1 - s, -s, 0], [-s, 1, s], [0, s, 1 + s]])
    kernel = part * relief
    kernel[1, 1] += 1 - part
    padded = np.pad(FLOAT.astype(np.float64), ((1, 1), (1, 1), (0, 0)), mode="reflect")
    expected = sum(kernel[i, j] * padded[i : i + 90, j : j + 110] for i in range(3) for j in range(3))
    embossed = A.Emboss((part, part), (s, s), p=1)
    assert np.abs(apply(embossed, FLOAT) - np.clip(expected, 0, 1)).max() < 1e-5


def test_only_edges_above_the_threshold_are_sharpened() -> None:
    def sharp(threshold: float, alpha: float = 1.0, image: np.ndarray = SQUARE) -> np.ndarray:
        return apply(A.UnsharpMask((5, 5), (1, 1), (alpha, alpha), threshold, p=1), image).astype(np.float64)

    everything = sharp(0)
    assert everything.max() > 215
    assert everything.min() < 45
    assert (everything[30, 26:36] == 200).all()
    assert np.array_equal(sharp(150), SQUARE)  # no difference from the blur is as large
    assert np.abs(sharp(0, 0.5) - SQUARE).max() < 0.7 * np.abs(everything - SQUARE).max()
    # Thresholds are 255ths of white for every dtype.
    assert np.abs(sharp(20, image=SQUARE / np.float32(255)) * 255 - sharp(20)).max() < 1.5
    assert np.abs(sharp(20) - everything).max() > 2


def test_edges_ring_and_the_limit_of_no_frequency_is_the_mean() -> None:
    ringing = apply(A.RingingOvershoot((15, 15), (0.8, 0.8), p=1), SQUARE).astype(int)
    assert ringing.max() > 210
    assert ringing.min() < 50
    row = np.sign(np.diff(ringing[30]))
    assert np.count_nonzero(np.diff(row[row != 0])) >= 4  # waves, not one slope up and one down
    # The ideal low pass leaves a wave below the cutoff and takes one above it away, but for the ends of its window.
    x = np.arange(120)
    for frequency, share in ((0.9, 1.0), (1.9, 0.0)):
        wave = np.tile(0.5 + 0.4 * np.sin(frequency * x), (120, 1)).astype(np.float32)
        filtered = apply(A.RingingOvershoot((25, 25), (1.4, 1.4), p=1), wave)[30:90, 30:90]
        assert abs(filtered.std() / wave[30:90, 30:90].std() - share) < 0.15
    mean = apply(A.RingingOvershoot((7, 7), (0, 0), p=1), FLOAT)
    assert np.abs(mean - apply(A.Blur((7, 7), p=1), FLOAT)).max() < 1e-4


@pytest.mark.parametrize(
    "transform",
    [
        A.Emboss((1, 1), (2, 2), p=1),
        A.UnsharpMask((7, 7), alpha=(1, 1), threshold=0, p=1),
        A.RingingOvershoot((9, 9), p=1),
        A.RingingOvershoot((15, 15), p=1),
        A.Sharpen((1, 1), (1, 1), p=1),
    ],
)
def test_what_overshoots_stays_in_range(transform: Any) -> None:
    black_and_white = np.zeros((64, 64, 3), np.float32)
    black_and_white[16:48, 16:48] = 1
    result = apply(transform, black_and_white)
    assert result.min() == 0
    assert result.max() == 1


def test_a_downscaled_picture_is_made_of_blocks() -> None:
    blocks = apply(A.Downscale(p=1), IMAGE[:88, :108]).reshape(22, 4, 27, 4, 3)
    assert (blocks == blocks[:, :1, :, :1]).all()
    # Areas on the way down are the means of blocks; the nearest neighbour on the way up repeats them.
    means = IMAGE[:88, :108].reshape(22, 4, 27, 4, 3).mean(axis=(1, 3), keepdims=True)
    areas = apply(A.Downscale((0.25, 0.25), {"downscale": 3, "upscale": 0}, p=1), IMAGE[:88, :108])
    assert np.abs(areas.reshape(22, 4, 27, 4, 3) - means).max() <= 0.51
    smooth = apply(A.Downscale((0.25, 0.25), {"downscale": 3, "upscale": 1}, p=1), IMAGE[:88, :108]).astype(int)
    assert np.abs(np.diff(smooth, axis=1)).max() < 0.7 * np.abs(np.diff(areas.astype(int), axis=1)).max()
    assert (apply(A.Downscale((0, 0), p=1), IMAGE) == apply(A.Downscale((0, 0), p=1), IMAGE)[0, 0]).all()
    assert A.to_dict(A.Downscale(interpolation=3))["transform"]["interpolation_pair"] == {"downscale": 3, "upscale": 3}


def test_jpeg_compression_is_image_compression_under_its_first_name() -> None:
    ours, younger = A.JpegCompression(20, 40, p=1), A.ImageCompression(quality_lower=20, quality_upper=40, p=1)
    for seed in range(4):
        assert np.array_equal(apply(ours, IMAGE, seed), apply(younger, IMAGE, seed))
    saved = A.to_dict(ours)
    assert saved["transform"]["__class_fullname__"] == "JpegCompression"
    assert isinstance(A.from_dict(saved), A.JpegCompression)
    written = {"__class_fullname__": "albumentations.augmentations.transforms.JpegCompression", "quality_lower": 30}
    assert A.from_dict({"transform": {**written, "p": 1, "always_apply": False}}).quality_lower == 30


def test_superpixels_are_as_many_as_asked_and_painted_with_their_probability() -> None:
    image = picture("uint8", 3, 128, 160)
    for count in (20, 150):
        colors = np.unique(apply(A.Superpixels(1, count, None, p=1), image).reshape(-1, 3), axis=0)
        assert 0.6 * count < len(colors) <= 1.4 * count
    painted = [
        (apply(A.Superpixels(0.3, 60, max_size=None, p=1), image, seed) != image).any(axis=2).mean()
        for seed in range(12)
    ]
    assert abs(np.mean(painted) - 0.3) < 0.06


def test_superpixels_of_a_small_copy_lose_detail_all_over() -> None:
    image = picture("uint8", 3, 128, 160)
    whole, small = (apply(A.Superpixels(0.1, 50, max_size=m, p=1), image, 3) for m in (None, 40))
    assert (whole == image).all(axis=2).mean() > 0.5
    assert (small == image).all(axis=2).mean() < 0.1
    nearest, cubic = (apply(A.Superpixels(0.1, 50, 40, flag, p=1), image, 3) for flag in (0, 2))
    assert not np.array_equal(nearest, cubic)
    nothing = A.Superpixels(0, max_size=10, p=1)
    assert np.array_equal(apply(nothing, image), image)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cls", "arguments", "words"),
    [
        (A.Defocus, {"radius": (0, 3)}, "radius must lie in .1, inf"),
        (A.Defocus, {"radius": (2.5, 3)}, "radius must be an integer"),
        (A.Defocus, {"alias_blur": (-1, 1)}, "alias_blur must lie in .0, inf"),
        (A.GlassBlur, {"sigma": -1}, "sigma must lie in .0, inf"),
        (A.GlassBlur, {"max_delta": -1}, "max_delta must lie in .0, inf"),
        (A.GlassBlur, {"iterations": 0}, "iterations must lie in .1, inf"),
        (A.GlassBlur, {"mode": "slow"}, "mode must be one of 'fast', 'exact'"),
        (A.ZoomBlur, {"max_factor": 0.5}, "max_factor must lie in .1, inf"),
        (A.ZoomBlur, {"step_factor": 0}, "step_factor must be above 0"),
        (A.Emboss, {"alpha": 2}, "alpha must lie in .0, 1."),
        (A.Emboss, {"strength": (-1, 0)}, "strength must lie in .0, inf"),
        (A.UnsharpMask, {"blur_limit": -3}, "blur_limit must lie in .0, inf"),
        (A.UnsharpMask, {"sigma_limit": -1}, "sigma_limit must lie in .0, inf"),
        (A.UnsharpMask, {"alpha": 2}, "alpha must lie in .0, 1."),
        (A.UnsharpMask, {"threshold": 300}, "threshold must lie in .0, 255."),
        (A.RingingOvershoot, {"cutoff": 4}, "cutoff must lie in .0, 3.141592653589793."),
        (A.RingingOvershoot, {"blur_limit": (9, 7)}, "blur_limit must be ordered"),
        (A.Downscale, {"scale_range": 0.5}, "scale_range must be a pair"),
        (A.Downscale, {"scale_range": (0.5, 1.5)}, "scale_range must lie in .0, 1."),
        (A.Downscale, {"scale_min": 0.3}, "scale_range must be ordered"),
        (A.Downscale, {"interpolation_pair": {"down": 3}}, "interpolation_pair must be an OpenCV interpolation flag"),
        (A.Downscale, {"interpolation_pair": {"downscale": 9}}, "interpolation_pair must be one of cv2.INTER_NEAREST"),
        (A.Downscale, {"interpolation_pair": (3, 1)}, "interpolation_pair must be one of cv2.INTER_NEAREST"),
        (A.JpegCompression, {"quality_lower": 50, "quality_upper": 20}, "lower quality must not be above"),
        (A.JpegCompression, {"quality_lower": 10.5}, "quality_lower must be an integer"),
        (A.JpegCompression, {"quality_upper": 101}, "quality_upper must lie in .0, 100."),
        (A.Superpixels, {"p_replace": 2}, "p_replace must lie in .0, 1."),
        (A.Superpixels, {"n_segments": 0}, "n_segments must lie in .1, inf"),
        (A.Superpixels, {"max_size": 0}, "max_size must lie in .1, inf"),
        (A.Superpixels, {"interpolation": 9}, "interpolation must be one of cv2.INTER_NEAREST"),
    ],
)
def test_bad_arguments_are_refused_by_name(cls: Any, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"{cls.__name__}\(.*{words}"):
        cls(**arguments)
