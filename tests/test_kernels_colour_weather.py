"""Kernels of weather, light, plasma, stains, tone and lens: against slow, obvious NumPy, and doing what they say."""

import math

import cv2
import numpy as np
import pytest

from albumentations.functional import blend, color, cv, lens, light, plasma, stain, tone, weather

RNG = np.random.default_rng(20241)
RGB = RNG.integers(0, 256, (37, 29, 3), dtype=np.uint8)
# A smooth photograph-like image: no edge of a threshold falls between two pixels that differ by much.
SMOOTH = cv2.GaussianBlur(cv2.resize(RNG.integers(0, 256, (9, 11, 3), dtype=np.uint8), (88, 72)), (0, 0), 2)
SHAPES = [(23, 17), (23, 17, 1), (23, 17, 3), (23, 17, 5), (23, 17, 70)]
GHOSTS = [
    (0.15, 0.6, 0.55, 4, (230, 220, 240)),
    (0.2, 0.4, 0.3, 1, (255, 210, 220)),
    (0.1, 1.5, 2.0, 8, (205, 210, 220)),
]
POLYGONS = [((0.1, 0.2), (0.7, 0.3), (0.9, 0.95), (0.4, 0.8)), ((0.5, 0.5), (1, 0.55), (0.8, 1))]
RUIFROK = stain.PRESETS["ruifrok"]


def unit(image):
    return (image / 255).astype(np.float32)


def gray_image(value, shape=(60, 90, 3), dtype=np.uint8):
    return np.full(shape, value if dtype == np.uint8 else value / 255, dtype)


def close(result, expected, tolerance):
    assert result.shape == expected.shape
    assert np.abs(result.astype(np.float64) - expected).max() <= tolerance


def rain(image, **changes):
    arguments = {"count": 20, "slant": 5, "length": 12, "width": 1, "tint": (200, 210, 220), "blur_size": 3}
    return weather.rain(image, **{**arguments, "brightness": 0.7, "seed": 3, **changes})


def spatter(image, **changes):
    arguments = {"mean": 0.65, "std": 0.3, "sigma": 2.0, "threshold": 0.68, "intensity": 0.6, "tint": (238, 238, 175)}
    return weather.spatter(image, **{**arguments, "seed": 3, **changes})


def flare(image, **changes):
    arguments = {"center": (0.4, 0.2), "radius": 30, "tint": (255, 255, 255), "ghosts": GHOSTS}
    return light.flare(image, **{**arguments, **changes})


ANY = {
    "shadow": lambda x: light.shadow(x, polygons=POLYGONS, intensities=[0.3, 0.6]),
    "linear": lambda x: light.linear_illumination(x, intensity=0.2, angle=30),
    "corner": lambda x: light.corner_illumination(x, intensity=0.2, corner=1),
    "gaussian": lambda x: light.gaussian_illumination(x, intensity=-0.2, center=(0.3, 0.6), sigma=0.4),
    "plasma shadow": lambda x: plasma.shadow(x, intensity=0.5, seed=3),
    "plasma": lambda x: plasma.brightness_contrast(x, brightness=0.2, contrast=0.3, seed=3),
    "plasma dark": lambda x: plasma.brightness_contrast(x, brightness=-0.2, contrast=-0.3, seed=3),
    "autocontrast": lambda x: tone.autocontrast(x, cutoff=2),
    "autocontrast pil": lambda x: tone.autocontrast(x, method="pil"),
    "pca": lambda x: tone.fancy_pca(x, alpha=0.3),
    "dropout": lambda x: tone.channel_dropout(x, channels=[0], fill=cv.white(x.dtype)),
}
RGB_OR_ONE = {
    "rain": rain,
    "snow bleach": lambda x: weather.snow_bleach(x, threshold=0.43, coefficient=2.5),
    "snow texture": lambda x: weather.snow_texture(x, amount=0.2, coefficient=2.5, seed=3),
    "fog": lambda x: weather.fog(x, density=0.8, alpha=0.1, seed=3),
    "gravel": lambda x: weather.gravel(x, patches=[(0.1, 0.4, 0.9, 0.9)], seed=3),
    "spatter rain": spatter,
    "spatter mud": lambda x: spatter(x, mode="mud", tint=(63, 42, 20)),
    "flare": flare,
    "flare tint": lambda x: flare(x, tint=(255, 240, 200)),
    "flare physics": lambda x: flare(x, method="physics_based"),
}
RGB_ONLY = {
    "planckian": lambda x: light.planckian(x, temperature=4000),
    "stain": lambda x: stain.he_stain(x, matrix=RUIFROK, scale=(1.2, 0.8), shift=(0.1, -0.1)),
    "stain tissue": lambda x: stain.he_stain(
        x, matrix=RUIFROK, scale=(1.2, 0.8), shift=(0.1, -0.1), augment_background=False
    ),
    "aberration": lambda x: lens.chromatic_aberration(x, red=(0.02, 0.05), blue=(-0.02, -0.05)),
}
EVERY = {**ANY, **RGB_OR_ONE, **RGB_ONLY}


def shapes_for(name):
    return SHAPES if name in ANY else SHAPES[:3] if name in RGB_OR_ONE else SHAPES[2:3]


# --- what holds for every kernel --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_shape_dtype_and_memory(name, dtype):
    for shape in shapes_for(name):
        image = RNG.integers(0, 256, shape, dtype=np.uint8)
        image = image if dtype == np.uint8 else unit(image)
        before = image.copy()
        image.flags.writeable = False
        result = EVERY[name](image)
        assert result.shape == shape and result.dtype == dtype
        assert result.flags.c_contiguous and result.flags.writeable and not np.shares_memory(result, image)
        assert np.array_equal(image, before)
        assert not np.array_equal(result, image)


@pytest.mark.parametrize("name", EVERY)
def test_strided_inputs(name):
    for view in (RGB[::-1, ::-1], RGB[:, :, ::-1], RGB[::2, 1::3], RGB.transpose(1, 0, 2)):
        assert np.array_equal(EVERY[name](view), EVERY[name](np.ascontiguousarray(view)))


@pytest.mark.parametrize("name", [*ANY, *RGB_OR_ONE])
def test_two_axes_are_one_channel(name):
    for image in (RGB[:, :, 0].copy(), unit(RGB[:, :, 0])):
        assert np.array_equal(EVERY[name](image), EVERY[name](image[:, :, None])[:, :, 0])


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 1), (2, 3), (25, 10), (3, 300)])
def test_every_size_works(name, size):
    image = RNG.integers(0, 256, (*size, 3), dtype=np.uint8)
    for given in (image, unit(image)):
        assert EVERY[name](given).shape == (*size, 3)


@pytest.mark.parametrize("name", EVERY)
def test_uint8_and_float_agree(name):
    levels, floats = EVERY[name](SMOOTH), EVERY[name](unit(SMOOTH)) * 255
    difference = np.abs(levels.astype(np.float64) - floats)
    if name in ("snow bleach", "stain tissue"):  # the two sides of a threshold are far apart; few pixels are on it
        assert np.quantile(difference, 0.97) <= 2 and (difference > 3).mean() < 0.02
    else:
        assert difference.max() <= 2 and difference.mean() < 0.5


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int16", "int32", "int64", "float16", "float64"])
def test_other_dtypes_come_back(name, dtype):
    white = cv.white(dtype)
    image = cv.saturate(SMOOTH / 255 * white, dtype)
    result = EVERY[name](image)
    assert result.dtype == image.dtype and result.shape == image.shape
    if dtype not in ("bool", "int8"):
        difference = np.abs(result / white - EVERY[name](unit(SMOOTH)))
        assert np.quantile(difference, 0.98) < 5e-3


@pytest.mark.parametrize("name", [*RGB_OR_ONE, *RGB_ONLY])
def test_channels_that_have_no_meaning_are_refused(name):
    with pytest.raises(ValueError, match=r"needs an .*got shape \(4, 4, 5\)"):
        EVERY[name](np.zeros((4, 4, 5), np.uint8))


@pytest.mark.parametrize("name", EVERY)
def test_floats_end_at_black_and_white(name):
    if name in ("gravel", "dropout", "shadow", "aberration"):
        pytest.skip("writes only where it acts, or moves values only")
    wild = unit(SMOOTH) * 3 - 1
    result = EVERY[name](wild)
    assert result.min() >= 0 and result.max() <= 1


# --- tone and channels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("white", [255.0, 1.0, 65535.0])
def test_s_curve_is_a_bezier_curve(white):
    points = np.array([0, 0.1, 0.95, 1])
    fractions = np.linspace(0, 1, 256)
    expected = [  # de Casteljau's construction
        np.interp(t, [0, 1], [np.interp(t, [0, 1], a), np.interp(t, [0, 1], b)])
        for t in fractions
        for q in [[np.interp(t, [0, 1], points[i : i + 2]) for i in range(3)]]
        for a, b in [(q[:2], q[1:])]
    ]
    close(tone.s_curve(fractions * white, white=white, low=0.1, high=0.95) / white, np.array(expected), 1e-12)
    close(tone.s_curve(fractions * white, white=white, low=1 / 3, high=2 / 3) / white, fractions, 1e-12)
    assert tone.s_curve(np.array([-1.0, 2.0]), white=1.0, low=0.9, high=0.9).tolist() == [0.0, 1.0]
    assert tone.s_curve(unit(RGB), white=1.0, low=0.2, high=0.8).dtype == np.float32


def test_autocontrast_is_pillow_s():
    image, ops = pytest.importorskip("PIL.Image"), pytest.importorskip("PIL.ImageOps")
    plane = np.clip(RNG.normal(120, 20, (61, 47)), 30, 200).astype(np.uint8)
    for cutoff in (0, 2, 10):
        expected = np.asarray(ops.autocontrast(image.fromarray(plane), cutoff=cutoff))
        close(tone.autocontrast(plane, cutoff=cutoff, method="pil"), expected.astype(float), 1)


@pytest.mark.parametrize("cutoff", [0, 5, 20])
def test_autocontrast_by_counting(cutoff):
    plane = np.clip(RNG.normal(120, 20, (61, 47)), 0, 255).astype(np.uint8)
    ordered = np.sort(plane.ravel())
    cut = int(len(ordered) * cutoff / 100)
    low, high = ordered[cut], ordered[-1 - cut]
    count = np.array([(plane <= v).sum() for v in range(256)])
    expected = np.clip((count - count[low]) * 255 / (count[high] - count[low]), 0, 255)
    close(tone.autocontrast_table(plane, cutoff=cutoff), expected, 0.5)
    stretched = np.clip((np.arange(256.0) - low) * 255 / (high - low), 0, 255)
    close(tone.autocontrast_table(plane, cutoff=cutoff, method="pil"), stretched, 0.5)
    channels = np.dstack([plane, plane // 2 + 40, plane])
    assert tone.autocontrast(channels, cutoff=cutoff, method="pil")[:, :, 1].max() == 255


def test_autocontrast_ignores_a_level():
    plane = RNG.integers(90, 160, (30, 40), dtype=np.uint8)
    plane[:10] = 0
    table = tone.autocontrast_table(plane, ignore=0, method="pil")
    assert table[0] == 0 and table[90] == 0 and table[159] == 255
    plane[:10] = 250
    assert tone.autocontrast_table(plane, ignore=250, method="pil")[250] == 250
    flat = np.full((5, 6), 80, np.uint8)
    assert np.array_equal(tone.autocontrast(flat), flat)
    for wrong in ({"method": "x"}, {"cutoff": 50}, {"ignore": 256}):
        with pytest.raises(ValueError, match="autocontrast"):
            tone.autocontrast_table(plane, **wrong)


@pytest.mark.parametrize("count", [1, 3, 6])
def test_fancy_pca(count):
    image = np.dstack([SMOOTH, SMOOTH[::-1] // 2])[:, :, :count]
    alpha = np.linspace(0.5, 1.5, count)
    values = image.reshape(-1, count) / 255.0
    variances, components = np.linalg.eigh(np.atleast_2d(np.cov(values.T, bias=True)))
    components = components * np.where(components[0] < 0, -1, 1)
    expected = values + components @ (alpha * variances)
    close(tone.fancy_pca(unit(image), alpha=alpha), np.clip(expected, 0, 1).reshape(image.shape), 1e-4)
    close(tone.fancy_pca(image, alpha=alpha), np.clip(expected * 255, 0, 255).reshape(image.shape), 0.6)
    assert np.array_equal(tone.fancy_pca(image, alpha=0), image)
    with pytest.raises(ValueError, match="fancy_pca"):
        tone.fancy_pca(image, alpha=[0.1] * (count + 2))


def test_large_images_are_sampled():
    large = cv2.resize(SMOOTH, (700, 450))
    close(tone.fancy_pca(large, alpha=0.5), tone.fancy_pca(unit(large), alpha=0.5) * 255, 0.51)
    values = large.reshape(-1, 3) / 255.0
    variances, components = np.linalg.eigh(np.cov(values.T))
    components = components * np.where(components[0] < 0, -1, 1)
    shift = components @ (0.5 * variances) * 255
    close(tone.fancy_pca(large, alpha=0.5), np.clip(large + shift, 0, 255), 2)


def test_channel_dropout_and_to_rgb():
    for image in (RGB, unit(RGB), RGB.astype(np.int64), np.dstack([RGB, RGB])):
        result = tone.channel_dropout(image, channels=[2, 0], fill=7)
        assert (result[:, :, [0, 2]] == 7).all() and np.array_equal(result[:, :, 1], image[:, :, 1])
    with pytest.raises(ValueError, match="channel_dropout"):
        tone.channel_dropout(RGB, channels=[3])
    for dtype in ("uint8", "float32", "int64", "bool"):
        gray = RGB[:, :, 0].astype(dtype)
        for count in (1, 3, 5):
            for given in (gray, gray[:, :, None]):
                result = tone.to_rgb(given, num_output_channels=count)
                assert result.dtype == gray.dtype and result.shape == (*gray.shape, count)
                assert (result == gray[:, :, None]).all() and not np.shares_memory(result, gray)
    assert np.array_equal(tone.to_rgb(RGB), RGB) and not np.shares_memory(tone.to_rgb(RGB), RGB)
    for wrong in ({"num_output_channels": 4}, {"num_output_channels": 0}):
        with pytest.raises(ValueError, match="to_rgb"):
            tone.to_rgb(RGB, **wrong)


# --- stains -----------------------------------------------------------------------------------------------------------


def slide(stains, seed=5, size=(60, 50)):
    """Tissue of two stains and a third of glass, float64 on [0, 1], and the amounts of the stains."""
    rng = np.random.default_rng(seed)
    amounts = rng.gamma(1.0, 0.5, (*size, 2))
    amounts[rng.random(size) < 0.3, 0] = 0
    amounts[rng.random(size) < 0.3, 1] = 0
    amounts[: size[0] // 3] = 0
    return np.exp(-amounts @ np.asarray(stains)), amounts


def test_stains_by_definition():
    scale, shift = np.array([1.3, 0.8]), np.array([0.1, -0.05])
    image = np.clip(SMOOTH, 5, 250)
    density = -np.log(image / 255.0).reshape(-1, 3)
    stains = np.array(RUIFROK)
    amounts = np.linalg.lstsq(stains.T, density.T, rcond=None)[0].T
    rest = density - amounts @ stains
    expected = np.exp(-((amounts * scale + shift) @ stains + rest)).reshape(image.shape)
    arguments = {"matrix": RUIFROK, "scale": tuple(scale), "shift": tuple(shift)}
    close(stain.he_stain(unit(image), **arguments), np.clip(expected, 0, 1), 1e-4)
    close(stain.he_stain(image, **arguments), np.clip(expected * 255, 0, 255), 1)


def test_stains_round_trip():
    stains = np.array(RUIFROK)
    fractions, amounts = slide(stains)
    for matrix in stain.PRESETS.values():
        same = {"matrix": matrix, "scale": (1, 1), "shift": (0, 0)}
        assert np.array_equal(stain.he_stain(RGB, **same), RGB)
        close(stain.he_stain(unit(RGB), **same), unit(RGB), 1e-5)
    half = stain.he_stain(fractions.astype(np.float32), matrix=stains, scale=(0.5, 1), shift=(0, 0))
    expected = np.exp(-(amounts * (0.5, 1)) @ stains)
    close(half, expected, 2e-3)
    for wrong in (((1, 0, 0), (2, 0, 0)), ((1, 0, 0),)):
        with pytest.raises(ValueError, match="he_stain"):
            stain.he_stain(RGB, matrix=wrong, scale=(1, 1), shift=(0, 0))


def test_glass_is_kept():
    fractions, _ = slide(RUIFROK)
    image = cv.saturate(fractions * 255, np.uint8)
    result = stain.he_stain(image, matrix=RUIFROK, scale=(1, 1), shift=(0.2, 0.2), augment_background=False)
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    changed = (result != image).any(axis=2)
    assert not changed[gray >= 0.85 * 255].any() and changed[gray < 0.8 * 255].mean() > 0.9


@pytest.mark.parametrize("preset", ["ruifrok", "standard", "light", "h_heavy"])
def test_stains_are_found_again(preset):
    stains = np.array(stain.PRESETS[preset])
    stains /= np.linalg.norm(stains, axis=1, keepdims=True)
    image = cv.saturate(slide(stains)[0] * 255, np.uint8)
    for estimate, bound in ((stain.estimate_macenko, 8), (stain.estimate_vahadane, 12)):
        found = estimate(image)
        assert np.allclose(np.linalg.norm(found, axis=1), 1) and (found >= 0).all()
        angles = np.degrees(np.arccos(np.clip((found * stains).sum(axis=1), -1, 1)))
        assert angles.max() < bound
        assert np.array_equal(estimate(image), found)
        close(estimate(unit(image)), found, 1e-3)
    assert np.abs(stain.estimate_vahadane(image, sparsity=1.0) - stain.estimate_vahadane(image)).max() > 1e-3


def test_images_without_stains_give_the_standard():
    for image in (
        np.full((20, 30, 3), 255, np.uint8),
        np.full((20, 30, 3), 90, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
    ):
        found = stain.estimate_macenko(image)
        assert found.shape == (2, 3) and abs(found[0] @ (0.65, 0.70, 0.29)) > 0.99
        assert np.isfinite(stain.estimate_vahadane(image)).all()
    with pytest.raises(ValueError, match="RGB"):
        stain.estimate_macenko(RGB[:, :, 0])


# --- lens -------------------------------------------------------------------------------------------------------------


def test_aberration_moves_red_and_blue_only():
    result = lens.chromatic_aberration(SMOOTH, red=(0.02, 0.05), blue=(0, 0))
    assert np.array_equal(result[:, :, 1:], SMOOTH[:, :, 1:]) and not np.array_equal(result[:, :, 0], SMOOTH[:, :, 0])
    assert np.array_equal(lens.chromatic_aberration(SMOOTH, red=(0, 0), blue=(0, 0)), SMOOTH)


@pytest.mark.parametrize("coefficients", [(0.2, 0.0), (0.0, 0.3), (-0.1, -0.2)])
def test_aberration_by_definition(coefficients):
    height, width = 61, 93
    image = np.zeros((height, width, 3), np.float32)
    ys, xs = np.mgrid[:height, :width]
    image[:, :, 2] = xs / width * 0.6 + ys / height * 0.3
    u, v = (xs - (width - 1) / 2) / width, (ys - (height - 1) / 2) / height
    square = u * u + v * v
    factor = 1 + coefficients[0] * square + coefficients[1] * square * square
    read_x = np.clip((width - 1) / 2 + factor * u * width, 0, width - 1)
    read_y = np.clip((height - 1) / 2 + factor * v * height, 0, height - 1)
    result = lens.chromatic_aberration(image, red=(0, 0), blue=coefficients)
    close(result[:, :, 2], read_x / width * 0.6 + read_y / height * 0.3, 1e-3)


# --- plasma -----------------------------------------------------------------------------------------------------------


def test_plasma_fields():
    one = plasma.field(130, 170, seed=4)
    assert one.shape == (130, 170) and one.dtype == np.uint8 and one.min() <= 2 and one.max() >= 253
    assert np.array_equal(one, plasma.field(130, 170, seed=4)) and not np.array_equal(
        one, plasma.field(130, 170, seed=5)
    )
    coarse = plasma.field(130, 170, seed=4, size=8).astype(int)
    assert np.abs(np.diff(coarse, axis=0)).max() < 30 and np.abs(np.diff(coarse, axis=1)).max() < 30
    fields = np.array([plasma.field(128, 128, seed=s) for s in range(40)]) / 255
    assert 0.44 < fields.mean() < 0.56 and 0.14 < fields.std(axis=(1, 2)).mean() < 0.26
    for wrong in ({"roughness": 0}, {"size": 0}):
        with pytest.raises(ValueError, match="field"):
            plasma.field(5, 5, seed=0, **wrong)


def spectrum(roughness, size=256):
    """Power of fields in octaves of frequency, from low to high."""
    total = np.zeros((128, 160))
    for seed in range(20):
        field = plasma.field(128, 160, seed=seed, roughness=roughness, size=size) / 255.0
        window = np.outer(np.hanning(128), np.hanning(160))
        total += np.abs(np.fft.fft2((field - field.mean()) * window)) ** 2
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(160), np.fft.fftfreq(128)))
    return np.array(
        [total[(frequency >= low) & (frequency < 2 * low)].mean() for low in (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4)]
    )


def test_spectrum_falls_and_roughness_lifts_it():
    smooth, usual, rough = spectrum(1.0), spectrum(3.0), spectrum(9.0)
    for power in (smooth, usual, rough):
        assert (np.diff(power) < 0).all()
    assert smooth[-1] / smooth[0] < usual[-1] / usual[0] / 3 < rough[-1] / rough[0] / 9
    assert 1e-5 < usual[-1] / usual[0] < 1e-1
    assert spectrum(3.0, size=16)[-1] < usual[-1] / 5


def test_plasma_shadow_darkens_by_the_field():
    image = gray_image(200)
    pattern = (plasma.field(60, 90, seed=3) / 255.0) ** 1.4
    expected = image * (1 - 0.6 * pattern[:, :, None])
    close(plasma.shadow(image, intensity=0.6, seed=3), expected, 1)
    close(plasma.shadow(unit(image), intensity=0.6, seed=3), expected / 255, 1e-5)
    assert np.array_equal(plasma.shadow(RGB, intensity=0, seed=3), RGB)
    with pytest.raises(ValueError, match="intensity"):
        plasma.shadow(RGB, intensity=1.1, seed=3)


@pytest.mark.parametrize("brightness", [-0.3, 0.0, 0.3])
@pytest.mark.parametrize("contrast", [-1.0, -0.3, 0.0, 0.9])
def test_plasma_brightness_contrast(brightness, contrast):
    pattern = (plasma.field(*SMOOTH.shape[:2], seed=3) / 255.0)[:, :, None] ** 1.4
    lifted = SMOOTH / 255 + brightness * pattern
    expected = np.clip((lifted - lifted.mean()) * (1 + contrast * pattern) + lifted.mean(), 0, 1)
    arguments = {"brightness": brightness, "contrast": contrast, "seed": 3}
    close(plasma.brightness_contrast(unit(SMOOTH), **arguments), expected, 1e-4)
    close(plasma.brightness_contrast(SMOOTH, **arguments), expected * 255, 3.1)
    with pytest.raises(ValueError, match="brightness_contrast"):
        plasma.brightness_contrast(RGB, brightness=0, contrast=2, seed=0)


# --- light ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 5])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.int32])
def test_shadow_darkens_only_inside(count, dtype):
    image = np.full((50, 80, count), 200, dtype) if dtype != np.float32 else np.full((50, 80, count), 0.8, dtype)
    window = [(0.25, 0.2), (0.75, 0.2), (0.75, 0.8), (0.25, 0.8)]
    result = light.shadow(image, polygons=[window], intensities=[0.4])
    inside = np.zeros((50, 80), bool)
    inside[10:40, 20:60] = True
    border = cv2.dilate(inside.astype(np.uint8), np.ones((3, 3))) != cv2.erode(inside.astype(np.uint8), np.ones((3, 3)))
    close(result[inside & ~border].astype(float), image[inside & ~border] * 0.6, 0.51 if dtype != np.float32 else 1e-6)
    assert np.array_equal(result[~inside & ~border], image[~inside & ~border])


def test_the_deeper_shadow_counts():
    left, right = [(0, 0), (0.6, 0), (0.6, 1), (0, 1)], [(0.4, 0), (1, 0), (1, 1), (0.4, 1)]
    for order in (1, -1):
        result = light.shadow(gray_image(200), polygons=[left, right][::order], intensities=[0.25, 0.5][::order])
        assert (result[:, 10, 0] == 150).all() and (result[:, 45, 0] == 100).all() and (result[:, 80, 0] == 100).all()
    everything = [(0, 0), (1, 0), (1, 1), (0, 1)]
    assert (light.shadow(gray_image(200), polygons=[everything], intensities=[1]) == 0).all()
    outside = light.shadow(RGB, polygons=[[(2, 2), (3, 2), (3, 3)]], intensities=[1.0])
    assert (outside != RGB).any(axis=2).sum() <= 1
    assert np.array_equal(light.shadow(RGB, polygons=[], intensities=[]), RGB)
    for wrong in ([0.5], [0.5, 1.5]):
        with pytest.raises(ValueError, match="shadow"):
            light.shadow(RGB, polygons=[left, right], intensities=wrong)


def test_linear_illumination():
    image = gray_image(100, (41, 81, 3))
    ys, xs = np.mgrid[-1:1:41j, -1:1:81j]
    for angle in (0, 30, 90, 200):
        share = xs * math.cos(math.radians(angle)) + ys * math.sin(math.radians(angle))
        expected = 100 * (1 + 0.2 * share / np.abs(share).max())
        close(light.linear_illumination(image, intensity=0.2, angle=angle)[:, :, 1], expected, 1.1)
        floats = light.linear_illumination(unit(image), intensity=0.2, angle=angle)
        close(floats[:, :, 1] * 255, expected, 1e-3)
    turned = light.linear_illumination(image, intensity=0.2, angle=0)
    assert (np.diff(turned[20, :, 0].astype(int)) >= 0).all() and turned[20, 0, 0] == 80 and turned[20, -1, 0] == 120


def test_corner_and_gaussian_illumination():
    image = unit(gray_image(100, (41, 81, 3)))
    ys, xs = np.mgrid[:41, :81]
    for corner, (x, y) in enumerate(((0, 0), (80, 0), (80, 40), (0, 40))):
        expected = (1 - 0.3 * np.hypot(xs - x, ys - y) / math.hypot(81, 41)) * 100 / 255
        close(light.corner_illumination(image, intensity=0.3, corner=corner)[:, :, 2], expected, 1e-5)
    spot = light.gaussian_illumination(image, intensity=-0.3, center=(0.25, 0.75), sigma=0.2)
    square = ((xs + 0.5 - 0.25 * 81) / 81) ** 2 + ((ys + 0.5 - 0.75 * 41) / 81) ** 2
    close(spot[:, :, 0], (1 - 0.3 * np.exp(-square / (2 * 0.2**2))) * 100 / 255, 1e-5)
    for kernel, wrong in (
        (light.corner_illumination, {"corner": 4, "intensity": 0.1}),
        (light.linear_illumination, {"angle": 0, "intensity": 1.1}),
        (light.gaussian_illumination, {"center": (0, 0), "sigma": 0, "intensity": 0.1}),
    ):
        with pytest.raises(ValueError, match="illumination"):
            kernel(RGB, **wrong)


def test_illuminants():
    close(light.illuminant(6504, mode="cied"), np.ones(3), 0.01)
    close(light.illuminant(6500), np.ones(3), 0.07)  # a black body of that temperature is a little pink beside daylight
    for mode in ("blackbody", "cied"):
        gains = np.array([light.illuminant(t, mode=mode) for t in range(4000, 15001, 250)])
        assert (gains[:, 1] == 1).all()
        assert (np.diff(gains[:, 0]) < 0).all() and (np.diff(gains[:, 2]) > 0).all()
    # CIE standard illuminants: A is a Planckian radiator of 2856 K, D50 and D75 are daylight.
    to_rgb = light._XYZ_TO_RGB
    for given, mode, (x, y) in (
        (2856, "blackbody", (0.44757, 0.40745)),
        (5003, "cied", (0.34567, 0.35850)),
        (7504, "cied", (0.29902, 0.31485)),
    ):
        rgb = to_rgb @ (x / y, 1, (1 - x - y) / y)
        close(light.illuminant(given, mode=mode), rgb / rgb[1], 0.02 if mode == "blackbody" else 0.002)
    assert light.illuminant(1000)[2] == 0
    for wrong in ({"temperature": 3999, "mode": "cied"}, {"temperature": 16000}, {"temperature": 6000, "mode": "d"}):
        with pytest.raises(ValueError, match="illuminant"):
            light.planckian(RGB, **wrong)
    expected = np.clip(RGB * light.illuminant(4500), 0, 255)
    close(light.planckian(RGB, temperature=4500), expected, 0.75)


def glow(radius):
    """Concentric discs, one for every 10 pixels, painted over each other from the outside in."""
    distance, count = np.arange(0, radius), int(radius // 10)
    result = np.zeros(len(distance))
    for alpha, size in zip(np.linspace(0, 1, count) ** 3, np.linspace(1, radius, count)[::-1]):
        result = np.where(distance <= size, result + alpha * (1 - result), result)
    return result


def test_glow_is_what_discs_would_paint():
    black = np.zeros((3, 901), np.float32)
    result = light.flare(black, center=(0.5 / 901, 0.5), radius=400, tint=(255, 255, 255))
    assert np.abs(result[1, :400] - glow(400)).mean() < 0.015 and (result[1, 401:] == 0).all()
    levels = light.flare(black.astype(np.uint8), center=(0.5 / 901, 0.5), radius=400, tint=(255, 255, 255))
    close(levels / 255, result, 1.01 / 255)
    far = light.flare(RGB, center=(90.0, 90.0), radius=50, tint=(255, 255, 255))
    assert np.array_equal(far, RGB)
    assert np.array_equal(light.flare(RGB, center=(0.5 / 29, 0.5 / 37), radius=0, tint=(255, 255, 255)), RGB)


def test_ghosts_are_discs():
    image = gray_image(100)
    result = light.flare(
        image, center=(50, 50), radius=5, tint=(255, 255, 255), ghosts=[(0.2, 0.25, 0.5, 9, (200, 100, 50))]
    )
    changed = (result != image).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert abs(changed.sum() - math.pi * 9.5**2) < 45
    assert abs(rows.mean() - 29.5) <= 0.6 and abs(columns.mean() - 22) <= 0.6
    assert result[30, 22].tolist() == [120, 100, 90]


@pytest.mark.parametrize("method", ["overlay", "physics_based"])
def test_flare_is_brightest_at_the_sun(method):
    image = gray_image(60, (100, 160, 3))
    result = light.flare(image, center=(0.3, 0.4), radius=90, tint=(255, 255, 255), method=method)
    assert result[38:42, 46:50].min() > 245 and (result >= image).all()
    blurred = cv2.blur(result, (9, 9))[:, :, 0].astype(int)
    assert blurred[40, 48] > blurred[40, 80] > blurred[40, 110] and blurred[40, 48] > blurred[75, 48]
    warm = light.flare(image, center=(0.3, 0.4), radius=90, tint=(255, 200, 100), method=method)
    assert warm[:, :, 0].mean() > warm[:, :, 1].mean() > warm[:, :, 2].mean()
    with pytest.raises(ValueError, match="flare"):
        light.flare(image, center=(0.3, 0.4), radius=-1, tint=(255, 255, 255), method=method)
    with pytest.raises(ValueError, match="flare"):
        light.flare(image, center=(0.3, 0.4), radius=9, tint=(255, 255, 255), method=method + "?")


# --- weather ----------------------------------------------------------------------------------------------------------


def line_angle(image):
    """The angle of the streaks in an image, degrees from vertical, leaning right downwards, by the structure tensor."""
    values = image.astype(np.float32)
    gx, gy = cv2.Sobel(values, cv2.CV_32F, 1, 0), cv2.Sobel(values, cv2.CV_32F, 0, 1)
    across = 0.5 * math.atan2(2 * float((gx * gy).mean()), float((gx * gx - gy * gy).mean()))
    return -math.degrees(across)


@pytest.mark.parametrize("slant", [-15, -6, 0, 6, 15])
def test_rain_is_streaked_along_its_slant(slant):
    black = np.zeros((180, 260, 3), np.uint8)
    drawn = rain(black, count=150, slant=slant, length=30, blur_size=1, brightness=1.0)
    assert abs(line_angle(drawn[:, :, 0]) - math.degrees(math.atan2(slant, 30))) < 4
    assert set(np.unique(drawn.reshape(-1, 3).max(axis=0))) <= set(range(195, 221))


def test_rain_blurs_and_darkens():
    plain = rain(SMOOTH, count=0, blur_size=5, brightness=0.7)
    close(plain, cv2.blur(SMOOTH, (5, 5)) * 0.7, 0.51)
    assert np.array_equal(rain(SMOOTH, count=0, blur_size=1, brightness=1), SMOOTH)
    assert not np.array_equal(rain(SMOOTH), rain(SMOOTH, seed=4))
    counts = [(rain(np.zeros((90, 120), np.uint8), count=n, blur_size=1) > 0).sum() for n in (5, 20, 80)]
    assert counts[0] * 3 < counts[1] < counts[2] / 2.5
    wide = rain(np.zeros((90, 120), np.uint8), blur_size=1, width=4)
    assert (wide > 0).sum() > 2 * (rain(np.zeros((90, 120), np.uint8), blur_size=1) > 0).sum()
    for wrong in ({"count": -1}, {"width": 0}, {"blur_size": 0}, {"brightness": -0.1}):
        with pytest.raises(ValueError, match="rain"):
            rain(RGB, **wrong)


def test_rain_stays_sharper_than_what_it_falls_on():
    edge = np.zeros((180, 260), np.uint8)
    edge[:, 130:] = 200
    blurred = rain(edge, count=0, blur_size=13, brightness=1)
    assert (blurred[5] % 200 > 0).sum() == 12
    streaks = rain(np.zeros_like(edge), count=9, slant=0, length=60, blur_size=13, brightness=1)
    widths = cv2.connectedComponentsWithStats((streaks > 8).astype(np.uint8))[2][1:, cv2.CC_STAT_WIDTH]
    assert 5 <= np.median(widths) <= 7


def test_rain_falls_everywhere():
    hits = np.mean([rain(np.zeros((90, 120), np.uint8), seed=s, blur_size=1) > 0 for s in range(60)], axis=0)
    parts = [hits[10:80, a : a + 30].mean() for a in range(0, 120, 30)]
    assert max(parts) < 1.5 * min(parts)
    rows = [hits[a : a + 20].mean() for a in range(12, 72, 20)]
    assert max(rows) < 1.4 * min(rows)


@pytest.mark.parametrize(("threshold", "coefficient"), [(0.44, 2.5), (0.44, 1.3), (0.8, 0.6)])
def test_snow_bleaches_what_is_dark(threshold, coefficient):
    import colorsys

    image = SMOOTH[:20, :24]
    expected = np.empty(image.shape)
    edge = np.zeros(image.shape[:2], bool)
    for place in np.ndindex(image.shape[:2]):
        h, l, s = colorsys.rgb_to_hls(*(image[place] / 255.0))  # noqa: E741
        edge[place] = abs(l - threshold) < 0.004
        expected[place] = colorsys.hls_to_rgb(h, min(coefficient * l, 1) if l < threshold else l, s)
    for given, bound in ((image, 2.6 / 255), (unit(image), 1e-4)):
        result = weather.snow_bleach(given, threshold=threshold, coefficient=coefficient)
        close(result[~edge] / cv.white(given.dtype), expected[~edge], bound)
    ramp = np.arange(256, dtype=np.uint8)[None]
    expected = np.where(ramp / 255 < 0.4, np.minimum(np.rint(ramp * 2.0), 255), ramp)
    assert np.array_equal(weather.snow_bleach(ramp, threshold=0.4, coefficient=2.0), expected)
    assert np.array_equal(weather.snow_bleach(RGB, threshold=0.0, coefficient=2.5), RGB)
    with pytest.raises(ValueError, match="coefficient"):
        weather.snow_bleach(RGB, threshold=0.4, coefficient=-0.5)


def test_snow_whitens_and_flakes():
    image = gray_image(60, (120, 160, 3))
    weak, strong = (weather.snow_texture(image, amount=a, coefficient=2.5, seed=3) for a in (0.1, 0.3))
    assert image.mean() < weak.mean() < strong.mean() and (strong >= image).all()
    assert (strong > 200).all(axis=2).mean() > 0.005  # flakes
    many = [weather.snow_texture(image, amount=0.3, coefficient=2.5, seed=s) for s in range(0, 90, 9)]
    assert np.mean([s[:40].mean() - s[80:].mean() for s in many]) > 4
    assert np.abs(strong.astype(int) - strong[:, :, :1]).max() <= 1
    less = weather.snow_texture(image, amount=0.3, coefficient=1.0, seed=3)
    assert less.mean() < strong.mean()
    for wrong in ({"amount": 1.1, "coefficient": 2.5}, {"amount": 0.1, "coefficient": 0}):
        with pytest.raises(ValueError, match="snow_texture"):
            weather.snow_texture(image, seed=3, **wrong)


def test_fog_is_brighter_and_flatter():
    image = cv2.resize(SMOOTH, (160, 120))
    means, contrasts = [image.mean()], [image.std()]
    for alpha in (0.05, 0.2, 0.5):
        foggy = weather.fog(image, density=1, alpha=alpha, seed=3)
        means.append(foggy.mean())
        contrasts.append(foggy.std())
    assert means == sorted(means) and contrasts == sorted(contrasts, reverse=True)
    densities = [weather.fog(image, density=d, alpha=0.2, seed=3).mean() for d in (0.0, 0.3, 0.6, 1.0)]
    assert densities == sorted(densities)
    assert np.array_equal(weather.fog(image, density=0, alpha=0.5, seed=3), image)
    wide = cv2.resize(SMOOTH, (300, 40))
    close(weather.fog(wide, density=0.9, alpha=0, seed=3), cv2.blur(wide, (5, 5)), 0)
    for wrong in ({"density": 1.1, "alpha": 0.1}, {"density": 0.5, "alpha": 1.1}):
        with pytest.raises(ValueError, match="fog"):
            weather.fog(image, seed=3, **wrong)


def test_fog_lets_light_through_by_koschmieder():
    image = gray_image(50, (60, 20, 3), np.float32)  # too narrow to be blurred
    drifts = (plasma.field(60, 20, seed=3, roughness=2.5, size=32) / 255.0) ** 2
    layers = 2.5 * 0.8**2 * (0.5 + 0.5 * drifts / 0.29)
    expected = 1 - (1 - image) * ((1 - 0.1) ** layers)[:, :, None]
    close(weather.fog(image, density=0.8, alpha=0.1, seed=3), expected, 1e-5)


def test_gravel_lies_in_its_patches():
    image = gray_image(255, (100, 160, 3))
    result = weather.gravel(image, patches=[(0.2, 0.5, 0.6, 0.8)], seed=3, share=0.05)
    changed = (result != image).any(axis=2)
    assert 0.1 < changed[50:80, 32:96].mean() < 0.95
    changed[50 - 4 : 80 + 5, 32 - 4 : 96 + 5] = False
    assert not changed.any()
    assert (result == result[:, :, :1]).all()  # stones are gray
    more = weather.gravel(image, patches=[(0.2, 0.5, 0.6, 0.8)], seed=3, share=0.2)
    assert (more != 255).sum() > (result != 255).sum()
    two = weather.gravel(image, patches=[(0, 0, 0.25, 0.5), (0.5, 0.5, 0.75, 1)], seed=3)
    assert not np.array_equal(two[4:46, 4:36], two[54:96, 84:116])
    assert np.array_equal(weather.gravel(RGB, patches=[], seed=3), RGB)
    assert np.array_equal(weather.gravel(RGB, patches=[(0.5, 0.5, 0.5, 0.9)], seed=3), RGB)


def test_spatter_covers_what_the_threshold_leaves():
    black = np.zeros((240, 300, 3), np.uint8)
    for threshold, share in ((0.60, 0.88), (0.65, 0.5), (0.68, 0.24), (0.75, 0.009)):
        # The deviation of noise of 0.3 under a blur of 2 is 0.3 / (2 sqrt(pi) 2) = 0.0423.
        covered = (spatter(black, threshold=threshold).max(axis=2) > 0).mean()
        assert abs(covered - share) < 0.1 * share + 0.06
    drops = spatter(black)
    assert drops[:, :, 0].max() <= 0.6 * 238 + 1 and drops[:, :, 2].max() <= 0.6 * 175 + 1
    assert spatter(black, intensity=0.3).max() <= 0.3 * 238 + 1
    assert (spatter(SMOOTH) >= SMOOTH).all()  # water only adds light


@pytest.mark.parametrize("sigma", [1.0, 1.7, 3.0, 6.0])
def test_liquid_is_noise_under_a_blur(sigma):
    fields = [weather._liquid(200, 260, sigma=sigma, seed=s) for s in range(8)]
    assert abs(np.mean(fields)) < 0.02 and abs(np.std(fields) - 1) < 0.06
    step = round(sigma)
    expected = math.exp(-(step**2) / (4 * sigma**2))
    for shift in ((slice(None), slice(step, None)), (slice(step, None), slice(None))):
        back = tuple(slice(None, -step) if s.start else s for s in shift)
        found = np.mean([np.corrcoef(f[shift].ravel(), f[back].ravel())[0, 1] for f in fields])
        assert abs(found - expected) < 0.07


def test_drops_grow_with_sigma():
    black = np.zeros((240, 300), np.uint8)
    areas = []
    for sigma in (1.0, 2.0, 4.0):
        covered = (spatter(black, sigma=sigma, threshold=0.65) > 0).astype(np.uint8)
        areas.append(covered.sum() / (cv2.connectedComponents(covered)[0] - 1))
    assert areas[0] < areas[1] < areas[2]


def test_mud_covers():
    white = gray_image(255, (240, 300, 3))
    muddy = spatter(white, mode="mud", tint=(63, 42, 20), intensity=1.0)
    assert muddy.min(axis=(0, 1)).tolist() == [63, 42, 20]
    assert 0.01 < (muddy[:, :, 0] < 100).mean() < 0.2 and (muddy == 255).all(axis=2).mean() > 0.8
    half = spatter(white, mode="mud", tint=(63, 42, 20), intensity=0.5)
    close(half.min(axis=(0, 1)), 0.25 * 255 + 0.75 * np.array([63, 42, 20]), 1.01)
    # Lit from the upper left: in the middle of a clot values fall from there to the lower right.
    inside = cv2.erode((muddy[:, :, 0] < 200).astype(np.uint8), np.ones((3, 3))) > 0
    slope = muddy[:-2, :-2, 0].astype(int) - muddy[2:, 2:, 0]
    assert muddy[inside].std(axis=0).min() > 2 and slope[inside[1:-1, 1:-1]].mean() > 0
    for wrong in ({"mode": "snow"}, {"std": -1}, {"sigma": -1}, {"intensity": -0.1}, {"tint": (1, 2)}):
        with pytest.raises(ValueError, match=r"spatter|color"):
            spatter(RGB, **wrong)


# --- what they share --------------------------------------------------------------------------------------------------


def test_seeds_give_the_same_everywhere():
    """Fixed numbers: what a seed gives may not change between processes, platforms and releases."""
    assert blend.random_bytes(7, (2, 5)).tolist() == EXPECTED_BYTES
    close(blend.random_uniform(7, (3,)), np.array(EXPECTED_NUMBERS), 1e-12)
    numbers = blend.random_uniform(11, (50_000,))
    assert numbers.min() >= 0 and numbers.max() < 1
    assert abs(numbers.mean() - 0.5) < 0.006 and abs(numbers.std() - 12**-0.5) < 0.004


EXPECTED_BYTES = [[207, 94, 80, 250, 115], [114, 58, 11, 187, 186]]
EXPECTED_NUMBERS = [0.04386058169831253, 0.5872743236851424, 0.3691824004624027]


@pytest.mark.parametrize("count", [1, 3, 5])
def test_blending(count):
    image = RNG.integers(0, 256, (20, 30, count), dtype=np.uint8)
    weight = RNG.integers(0, 256, (20, 30), dtype=np.uint8)
    share = weight[:, :, None] / 255
    tint = np.linspace(0.2, 0.9, count)
    for given, plane, bound in ((image, weight, 1.6), (unit(image), unit(weight), 1e-3)):
        scale = 255 / cv.white(given.dtype)
        close(blend.toward_white(given, weight=plane) * scale, image + share * (255.0 - image), bound)
        close(blend.toward(given, weight=plane, tint=tint) * scale, image * (1 - share) + share * tint * 255, bound)
        close(blend.product(given, factor=plane, scale=0.8) * scale, image * share * 0.8, bound)
    assert blend.tint_of((255, 51, 0), RGB) == (1.0, 0.2, 0.0)
    close(np.array(blend.tint_of((255, 51, 0), RGB[:, :, 0])), np.array([color.LUMA @ (1, 0.2, 0)]), 1e-12)
