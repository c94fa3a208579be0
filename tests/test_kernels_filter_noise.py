"""Kernels of blurs, sharpening, superpixels and noise against slow, obvious NumPy."""

import cv2
import numpy as np
import pytest

from albumentations.functional import (
    additive,
    blur,
    cv,
    filters,
    impulse,
    lens,
    quality,
    quantiles,
    sensor,
    superpixels,
)

RNG = np.random.default_rng(4711)
SMOOTH = cv2.GaussianBlur(cv2.resize(RNG.integers(0, 256, (9, 11, 3), dtype=np.uint8), (88, 72)), (0, 0), 2)
RGB = RNG.integers(0, 256, (37, 29, 3), dtype=np.uint8)
SHAPES = [(23, 17), (23, 17, 1), (23, 17, 2), (23, 17, 3), (23, 17, 5), (23, 17, 130)]
SIZES = [(1, 1), (1, 9), (9, 1), (2, 3), (5, 40), (41, 3)]
SINC = filters.sinc_kernel(13, cutoff=1.1)


def unit(image):
    return (image / 255).astype(np.float32)


def image_of(shape, dtype=np.uint8, seed=0):
    levels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return levels if dtype == np.uint8 else unit(levels)


def close(result, expected, tolerance):
    assert result.shape == expected.shape
    assert np.abs(result.astype(np.float64) - expected).max() <= tolerance


def mask_of(image, per_channel=False):
    return impulse.dropout_mask(image.shape, probability=0.2, seed=4, per_channel=per_channel)


def noisy(noise_type, params, spatial_mode):
    return lambda x: additive.additive(x, noise_type=noise_type, params=params, spatial_mode=spatial_mode, seed=3)


# Kernels that give the same for uint8 and float32, and random ones of which only the statistics agree.
EXACT = {
    "small kernel": lambda x: filters.correlate(x, kernel=filters.emboss_kernel(alpha=0.3, strength=0.5)),
    "large kernel": lambda x: filters.correlate(x, kernel=SINC),
    "unsharp": lambda x: filters.unsharp_mask(x, alpha=0.5, ksize=5, threshold=4),
    "unsharp by sigma": lambda x: filters.unsharp_mask(x, alpha=0.5, sigma=1.2, threshold=4),
    "zoom": lambda x: lens.zoom_blur(x, largest=1.3, step=0.07),
    "glass": lambda x: lens.glass_blur(x, sigma=0.7, max_delta=3, iterations=2, seed=5),
    "glass exact": lambda x: lens.glass_blur(x, sigma=0.7, max_delta=3, iterations=2, seed=5, exact=True),
    "downscale": lambda x: quality.downscale(x, scale=0.4, down=cv2.INTER_AREA, up=cv2.INTER_LINEAR),
    "multiply": lambda x: additive.multiply(x, factors=1.3),
    "multiply channels": lambda x: additive.multiply(x, factors=np.linspace(0.5, 1.2, cv.channels(x))),
    "dropout": lambda x: impulse.dropout(x, mask=mask_of(x), value=cv.white(x.dtype) * np.ones(cv.channels(x))),
    "dropout values": lambda x: impulse.dropout(x, mask=mask_of(x, True), value=0),
    "salt": lambda x: impulse.salt_and_pepper(x, amount=0.2, salt=0.4, seed=6),
    "much salt": lambda x: impulse.salt_and_pepper(x, amount=0.8, salt=0.4, seed=6),
    "constant": noisy("laplace", (0.0, 0.1), "constant"),
}
RANDOM = {
    **{
        f"{kind} {mode}": noisy(kind, params, mode)
        for kind, params in {
            "uniform": (-0.1, 0.2),
            "gaussian": (0.05, 0.1),
            "laplace": (0.0, 0.1),
            "beta": (0.7, 2.0, 0.2),
        }.items()
        for mode in ("per_pixel", "shared")
    },
    "multiplicative": lambda x: additive.multiplicative(x, low=0.5, high=1.5, seed=7),
    "multiplicative shared": lambda x: additive.multiplicative(x, low=0.5, high=1.5, seed=7, per_channel=False),
    "shot": lambda x: sensor.shot(x, scale=0.05, seed=8),
    "superpixels": lambda x: superpixels.superpixels(x, p_replace=0.7, n_segments=12, seed=9),
    "small superpixels": lambda x: superpixels.superpixels(x, p_replace=0.7, n_segments=12, seed=9, max_size=16),
}
RGB_ONLY = {"iso": lambda x: sensor.iso(x, color_shift=0.05, intensity=0.5, seed=10)}
EVERY = {**EXACT, **RANDOM, **RGB_ONLY}


def shapes_for(name):
    return [(23, 17, 3)] if name in RGB_ONLY else SHAPES


# --- what holds for every kernel --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_shape_dtype_and_memory(name, dtype):
    for shape in shapes_for(name):
        image = image_of(shape, dtype)
        before = image.copy()
        image.flags.writeable = False
        result = EVERY[name](image)
        assert result.shape == shape and result.dtype == dtype
        assert result.flags.c_contiguous and result.flags.writeable and not np.shares_memory(result, image)
        assert np.array_equal(image, before) and not np.array_equal(result, before)


@pytest.mark.parametrize("name", EVERY)
def test_strided_inputs(name):
    image = image_of((23, 17, 3))
    for view in (image[::-1, ::-1], image[:, :, ::-1], image[::2, 1::3], image.transpose(1, 0, 2)):
        result = EVERY[name](view)
        assert np.array_equal(result, EVERY[name](np.ascontiguousarray(view))) and result.flags.c_contiguous


@pytest.mark.parametrize("name", [*EXACT, *RANDOM])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_two_axes_are_one_channel(name, dtype):
    image = image_of((21, 30), dtype)
    assert np.array_equal(EVERY[name](image), EVERY[name](image[:, :, None])[:, :, 0])


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_every_size(name, dtype):
    for size in SIZES:
        for shape in ((*size, 3),) if name in RGB_ONLY else ((*size, 3), size):
            assert EVERY[name](image_of(shape, dtype)).shape == shape


@pytest.mark.parametrize("name", EXACT)
def test_uint8_and_float_agree(name):
    floats, levels = EXACT[name](unit(SMOOTH)), EXACT[name](SMOOTH)
    # A sharpened value of uint8 is rounded three times on its way, a resized one twice.
    bound = 2.1 if name in ("unsharp", "unsharp by sigma", "downscale") else 1.1
    assert np.abs(np.clip(floats, 0, 1) - levels / 255).max() <= bound / 255 + 1e-5


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int16", "int32", "int64", "float16", "float64"])
def test_other_dtypes_come_back(name, dtype):
    image = cv.saturate(SMOOTH[:24, :20] / 255 * cv.white(dtype), dtype)
    result = EVERY[name](image)
    assert result.dtype == image.dtype and result.shape == image.shape
    # Signed integers keep what falls below black, floats do not.
    if dtype not in ("bool", "int8") and name != "superpixels":
        expected = np.clip(EVERY[name](unit(SMOOTH[:24, :20])), 0, 1)
        clipped = np.clip(result / cv.white(dtype), 0, 1)
        # Where float32 rounds to another row of a table, or to another side of a threshold, single values differ.
        assert np.quantile(np.abs(clipped - expected), 0.99) <= 4e-3


@pytest.mark.parametrize("name", [n for n in EVERY if any(w in n for w in (*RANDOM, "glass", "salt", "iso"))])
def test_seeds_repeat(name):
    assert np.array_equal(EVERY[name](RGB), EVERY[name](RGB))


# --- filters ----------------------------------------------------------------------------------------------------------


def correlate(image, kernel):
    """Every pixel a weighted sum of its neighbours, in double precision."""
    height, width = kernel.shape
    values = image.reshape(*image.shape[:2], -1).astype(np.float64)
    padded = np.pad(values, ((height // 2,) * 2, (width // 2,) * 2, (0, 0)), mode="reflect")
    rows, columns = image.shape[:2]
    total = sum(kernel[y, x] * padded[y : y + rows, x : x + columns] for y in range(height) for x in range(width))
    return total.reshape(image.shape)


@pytest.mark.parametrize("shape", [*SHAPES, (7, 40, 3), (40, 1, 3)])
@pytest.mark.parametrize("size", [(3, 3), (7, 9), (13, 11), (3, 51), (21, 25)])
def test_correlate(shape, size):
    kernel = RNG.normal(size=size).astype(np.float32) / 20
    image = image_of(shape)
    expected = correlate(image, kernel.astype(np.float64))
    close(filters.correlate(image, kernel=kernel), np.clip(expected, 0, 255), 0.51)
    close(filters.correlate(unit(image), kernel=kernel), expected / 255, 1e-5)
    close(filters.correlate(image / 255, kernel=kernel), expected / 255, 1e-6)
    with pytest.raises(ValueError, match="odd h and w"):
        filters.correlate(image, kernel=kernel[1:])


def test_gaussian_kernels():
    x, y = np.meshgrid(np.arange(-4, 5), np.arange(-4, 5))
    for angle, beta in ((0, 1.0), (30, 1.0), (-60, 0.5), (75, 4.0)):
        turn = np.deg2rad(angle)
        along, across = (x * np.cos(turn) + y * np.sin(turn)) / 2, (y * np.cos(turn) - x * np.sin(turn)) / 0.8
        expected = np.exp(-0.5 * (along**2 + across**2) ** beta)
        result = filters.gaussian_kernel(9, sigma_x=2.0, sigma_y=0.8, angle=angle, beta=beta)
        close(result, expected / expected.sum(), 1e-6)
        assert result.dtype == np.float32 and abs(result.sum() - 1) < 1e-5
    # 30 degrees clockwise on the screen: the long axis runs from the top left to the bottom right.
    tilted = filters.gaussian_kernel(9, sigma_x=2.0, sigma_y=0.8, angle=30)
    assert tilted[6, 7] > 2 * tilted[2, 7]


def test_gaussian_kernel_noise():
    plain = filters.gaussian_kernel(31, sigma_x=9, sigma_y=9)
    ratio = np.stack(
        [filters.gaussian_kernel(31, sigma_x=9, sigma_y=9, noise=(0.5, 1.5), seed=s) / plain for s in range(9)]
    )
    assert abs(ratio.mean() - 1) < 0.03 and abs(ratio.std() - 1 / np.sqrt(12)) < 0.02
    assert ratio.min() < 0.56 and ratio.max() > 1.44 and not np.array_equal(ratio[0], ratio[1])
    assert abs(np.corrcoef(ratio[0].ravel(), ratio[1].ravel())[0, 1]) < 0.12
    for wrong in ({"noise": (-1, 1)}, {"noise": (2, 1)}, {"beta": 0}, {"angle": 0, "sigma_x": 0}):
        with pytest.raises(ValueError, match="gaussian_kernel"):
            filters.gaussian_kernel(5, **{"sigma_x": 1, "sigma_y": 1, **wrong})


@pytest.mark.parametrize("radius", range(1, 13))
def test_disks(radius):
    x, y = np.meshgrid(np.arange(-15, 16), np.arange(-15, 16))
    disk = (x**2 + y**2 <= radius**2) * 1.0
    rim = 1 if radius <= 8 else 2
    taps = np.exp(-0.5 * (np.arange(-rim, rim + 1) / 0.4) ** 2)
    soft = correlate(disk, np.outer(taps, taps) / taps.sum() ** 2)
    for expected, kernel in (
        (disk, filters.disk_kernel(radius=radius)),
        (soft, filters.disk_kernel(radius=radius, alias_blur=0.4)),
    ):
        margin = 15 - kernel.shape[0] // 2
        full = np.pad(kernel, margin)
        close(full, expected / expected.sum(), 1e-6)
        assert abs(kernel.sum() - 1) < 1e-5
    for wrong in ({"radius": 0}, {"radius": 3, "alias_blur": -1}):
        with pytest.raises(ValueError, match="disk_kernel"):
            filters.disk_kernel(**wrong)


def test_sinc_kernels():
    # J1 by its power series, which converges quickly for small arguments.
    for ksize, cutoff in ((7, 0.8), (15, 1.5), (9, 3.1), (21, 0.3)):
        half = ksize // 2
        r = np.hypot(*np.meshgrid(np.arange(-half, half + 1), np.arange(-half, half + 1)))
        z = np.where(r > 0, cutoff * r, 1e-6)
        term, bessel = z / 2, z / 2
        for k in range(1, 60):
            term = term * -((z / 2) ** 2) / (k * (k + 1))
            bessel = bessel + term
        expected = cutoff * bessel / (2 * np.pi * np.where(r > 0, r, 1e-6 / cutoff))
        close(filters.sinc_kernel(ksize, cutoff=cutoff), expected / expected.sum(), 1e-6)
    step = np.zeros((40, 41), np.uint8)
    step[:, 20:] = 100
    rung = filters.correlate(step, kernel=filters.sinc_kernel(15, cutoff=1.0))
    assert 104 < rung.max() < 120
    with pytest.raises(ValueError, match="cutoff"):
        filters.sinc_kernel(7, cutoff=4)


def test_emboss():
    kernel = filters.emboss_kernel(alpha=1.0, strength=0.5)
    assert np.array_equal(kernel, np.float32([[-1.5, -0.5, 0], [-0.5, 1, 0.5], [0, 0.5, 1.5]]))
    close(
        filters.emboss_kernel(alpha=0.25, strength=0.5), 0.25 * kernel + 0.75 * (np.arange(9).reshape(3, 3) == 4), 1e-7
    )


@pytest.mark.parametrize("threshold", [0, 10, 30])
def test_unsharp_mask(threshold):
    image = np.clip(SMOOTH + RNG.normal(0, 15, SMOOTH.shape), 0, 255).astype(np.uint8)
    taps = np.exp(-0.5 * (np.arange(-3, 4) / 1.4) ** 2)
    kernel = np.outer(taps, taps) / taps.sum() ** 2
    residual = image - correlate(image, kernel)
    mask = correlate((np.abs(residual) > threshold) * 1.0, kernel)
    expected = image + mask * (np.clip(image + 0.8 * residual, 0, 255) - image)
    for result in (
        filters.unsharp_mask(image, alpha=0.8, ksize=7, sigma=1.4, threshold=threshold),
        255 * filters.unsharp_mask(unit(image), alpha=0.8, ksize=7, sigma=1.4, threshold=threshold),
        filters.unsharp_mask(image.astype(np.uint16) * 257, alpha=0.8, ksize=7, sigma=1.4, threshold=threshold) / 257,
    ):
        difference = np.abs(result - expected)
        assert difference.mean() < 0.3 and np.quantile(difference, 0.995) < 1.6  # a mask may lie on its threshold
    for wrong in ({"threshold": -1, "ksize": 3}, {}, {"sigma": -1}):
        with pytest.raises(ValueError, match="unsharp_mask"):
            filters.unsharp_mask(image, alpha=1.0, **wrong)


@pytest.mark.parametrize("dtype", ["uint8", "float32", "uint16"])
def test_a_threshold_of_0_leaves_what_is_flat_and_none_at_all_does_not(dtype):
    step = np.full((20, 30), cv.white(dtype) * 0.25, dtype)
    step[:, 15:] = cv.white(dtype) * 0.75
    everywhere, masked = (filters.unsharp_mask(step, alpha=1.0, ksize=7, threshold=t) for t in (None, 0))
    residual = step / cv.white(dtype) - blur.gaussian(step / cv.white(dtype), ksize=7)
    close(everywhere / cv.white(dtype), step / cv.white(dtype) + residual, 1.1 / 255)
    # The mask is blurred: three pixels from the edge, where the blur ends, part of the difference is left out.
    assert 0.3 < (masked[5, 17] / cv.white(dtype) - 0.75) / (residual[5, 17]) < 0.9


# --- zoom and glass ---------------------------------------------------------------------------------------------------


def enlarged(image, factor):
    """The middle of an image, read linearly, in double precision."""
    starts, sides = [], []
    for length in image.shape[:2]:
        sides.append(int(np.ceil(length / factor)))
        starts.append((length - sides[-1]) // 2)
    places = [
        np.clip((np.arange(length) + 0.5) * side / length - 0.5, 0, side - 1) + start
        for length, side, start in zip(image.shape[:2], sides, starts)
    ]
    result = image.astype(np.float64)
    for axis, place in enumerate(places):
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, starts[axis] + sides[axis] - 1)
        weight = (place - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        result = np.take(result, low, axis) * (1 - weight) + np.take(result, high, axis) * weight
    return result


def test_zoom_blur():
    for image in (SMOOTH, RGB):
        factors = (1.0, 1.0, 1.06, 1.12, 1.18, 1.24)
        expected = np.mean([enlarged(image, factor) for factor in factors], axis=0)
        close(lens.zoom_blur(image, largest=1.27, step=0.06), expected, 1.0)
        close(lens.zoom_blur(unit(image), largest=1.27, step=0.06), expected / 255, 1e-4)
    assert np.array_equal(lens.zoom_blur(RGB, largest=1.0, step=0.1), RGB)
    assert np.array_equal(lens.zoom_blur(np.full((9, 8), 77, np.uint8), largest=2, step=0.1), np.full((9, 8), 77))
    for wrong in ({"largest": 0.9, "step": 0.1}, {"largest": 1.1, "step": 0}):
        with pytest.raises(ValueError, match="zoom_blur"):
            lens.zoom_blur(RGB, **wrong)


def ramps(height, width):
    y, x = np.mgrid[:height, :width]
    return np.stack([x, y], axis=2).astype(np.float32)


@pytest.mark.parametrize(("delta", "iterations"), [(1, 1), (4, 1), (4, 3), (2, 5)])
def test_glass_displacements(delta, iterations):
    image = ramps(200, 150)
    moved = lens.glass_blur(image, sigma=0, max_delta=delta, iterations=iterations, seed=3) - image
    inner = moved[30:-30, 30:-30]
    assert np.abs(inner).max() == delta * iterations or delta * iterations > 9
    # A swap moves by -d to d - 1 or, seen from the other pixel, by 1 - d to d; the moves of the rounds add up.
    single = np.concatenate([np.arange(-delta, delta), np.arange(1 - delta, delta + 1)])
    expected = np.sqrt(iterations * np.mean(single**2.0))
    assert np.allclose(inner.std(axis=(0, 1)), expected, rtol=0.03)
    assert np.abs(inner.mean(axis=(0, 1))).max() < 0.05 * expected
    assert abs(np.corrcoef(inner[:, :, 0].ravel(), inner[:, :, 1].ravel())[0, 1]) < 0.03


def test_glass_swaps_lose_nothing():
    image = np.arange(40 * 30, dtype=np.int32).reshape(40, 30)
    moved = lens.glass_blur(image, sigma=0, max_delta=3, iterations=2, seed=3, exact=True)
    assert np.array_equal(np.sort(moved.ravel()), image.ravel()) and (moved != image).mean() > 0.9
    assert np.array_equal(lens.glass_blur(image, sigma=0, max_delta=0, iterations=2, seed=3, exact=True), image)
    fast = lens.glass_blur(image, sigma=0, max_delta=3, iterations=2, seed=3)
    assert len(np.unique(fast)) < image.size and not np.array_equal(
        fast, lens.glass_blur(image, sigma=0, max_delta=3, iterations=2, seed=4)
    )


def test_glass_blurs_before_and_after():
    impulse_image = np.zeros((61, 51), np.float32)
    impulse_image[30, 25] = 1
    for exact in (False, True):
        soft = lens.glass_blur(impulse_image, sigma=2.0, max_delta=0, iterations=1, seed=1, exact=exact)
        variance = (soft.sum(axis=0) * (np.arange(51) - 25.0) ** 2).sum()
        assert abs(variance - 2 * 2.0**2) < 0.2 and abs(soft.sum() - 1) < 1e-4
    for wrong in ({"sigma": -1}, {"max_delta": -1}, {"iterations": 0}):
        with pytest.raises(ValueError, match="glass_blur"):
            lens.glass_blur(RGB, **{"sigma": 1, "max_delta": 1, "iterations": 1, "seed": 0, **wrong})


# --- superpixels ------------------------------------------------------------------------------------------------------


def patches(height=90, width=130):
    """Six flat rectangles: what superpixels must find."""
    truth = (np.arange(height) * 2 // height)[:, None] * 3 + np.arange(width) * 3 // width
    colors = np.array([[250, 20, 20], [20, 250, 20], [20, 20, 250], [240, 240, 10], [10, 230, 230], [128, 128, 128]])
    return colors[truth].astype(np.uint8), truth


def test_segments_follow_edges():
    image, truth = patches()
    for pixels in (image, unit(image), image[:, :, :1], np.concatenate([image, image], axis=2)):
        labels = superpixels.segments(pixels, n_segments=24)
        assert labels.shape == truth.shape and 15 <= len(np.unique(labels)) <= 35
        values = pixels.reshape(-1, pixels.shape[2]).astype(np.float64)
        within = sum(values[labels.ravel() == k].std(axis=0).sum() for k in np.unique(labels))
        assert within < 0.05 * values.std(axis=0).sum() * len(np.unique(labels))


@pytest.mark.parametrize("count", [1, 2, 10, 100, 400])
def test_number_and_size_of_segments(count):
    noise = np.clip(SMOOTH + RNG.normal(0, 3, SMOOTH.shape), 0, 255).astype(np.uint8)
    labels = superpixels.segments(noise, n_segments=count)
    found = len(np.unique(labels))
    assert 0.7 * count <= found <= 1.4 * count + 1
    # Pieces smaller than half a cell have joined their neighbors, unless they are all there is of a patch.
    for label in np.unique(labels)[:20]:
        pieces, _, stats, _ = cv2.connectedComponentsWithStats((labels == label).astype(np.uint8), connectivity=4)
        areas = stats[1:, cv2.CC_STAT_AREA]
        assert pieces == 2 or areas.min() >= 0.3 * labels.size / count or areas.min() == areas.max()


def test_superpixels_are_painted_in_their_mean():
    image = SMOOTH.copy()
    labels = superpixels.segments(image, n_segments=30)
    result = superpixels.superpixels(image, p_replace=1.0, n_segments=30, seed=1)
    for label in np.unique(labels):
        inside = labels == label
        close(result[inside], np.broadcast_to(image[inside].mean(axis=0), result[inside].shape), 0.51)
    some = superpixels.superpixels(image, p_replace=0.3, n_segments=300, seed=1)
    untouched = np.all(some == image, axis=2)
    full = superpixels.superpixels(image, p_replace=1.0, n_segments=300, seed=1)
    assert np.array_equal(some[~untouched], full[~untouched])
    assert 0.2 < 1 - untouched.mean() < 0.4
    assert np.array_equal(superpixels.superpixels(image, p_replace=0.0, n_segments=9, seed=1, max_size=20), image)
    other = superpixels.superpixels(image, p_replace=0.3, n_segments=300, seed=2)
    assert not np.array_equal(some, other)


def test_superpixels_of_a_smaller_image():
    result = superpixels.superpixels(
        SMOOTH, p_replace=1.0, n_segments=10, seed=1, max_size=22, interpolation=cv2.INTER_NEAREST
    )
    blocks = result.reshape(18, 4, 22, 4, 3)
    assert (blocks == blocks[:, :1, :, :1]).all()
    for wrong in ({"p_replace": 1.1}, {"n_segments": 0}, {"max_size": -1}):
        with pytest.raises(ValueError, match="superpixels"):
            superpixels.superpixels(SMOOTH, **{"p_replace": 1, "n_segments": 9, "seed": 1, **wrong})


# --- quantiles --------------------------------------------------------------------------------------------------------


def mixture(values):
    """Mean and deviation of what two rows of quantiles stand for."""
    weights = np.array([[1 - 1 / 128], [1 / 128]])
    mean = (values.mean(axis=1, keepdims=True) * weights).sum()
    return mean, np.sqrt((((values - mean) ** 2).mean(axis=1, keepdims=True) * weights).sum())


def test_quantiles():
    assert np.allclose(mixture(quantiles.normal()), (0, 1), atol=1e-9)
    assert np.allclose(mixture(quantiles.laplace(quantiles.probabilities())), (0, np.sqrt(2)), atol=0.005)
    for a, b in ((1, 1), (0.5, 1.5), (2, 7), (40, 60), (0.1, 0.1), (300, 2)):
        mean, deviation = mixture(quantiles.beta(quantiles.probabilities(), a=a, b=b))
        assert abs(mean - a / (a + b)) < 2e-3
        assert abs(deviation / np.sqrt(a * b / (a + b) ** 2 / (a + b + 1)) - 1) < 0.01
    p = np.linspace(0.01, 0.99, 99)
    close(quantiles.beta(p, a=1, b=1), p, 1e-3)
    close(quantiles.beta(p, a=2, b=1), np.sqrt(p), 2e-3)
    close(quantiles.beta(p, a=0.5, b=0.5), np.sin(np.pi * p / 2) ** 2, 2e-3)


def test_counts_below_are_counts():
    body, tail = quantiles.probabilities()
    for p in np.random.default_rng(1).random(50).tolist() + [0.001, 0.003, 0.995, 0.9999]:
        counts = quantiles.counts_below(np.array([p]))
        assert counts[0][0] == (body < p).sum() and counts[1][0] == (tail < p).sum()


@pytest.mark.parametrize("lam", [0.0, 0.3, 5.0, 29.0, 31.0, 400.0])
def test_poisson(lam):
    drawn = np.array([quantiles.poisson(lam, seed=s) for s in range(1500)])
    error = np.sqrt(max(lam, 1e-9) / 1500)
    assert abs(drawn.mean() - lam) < 4 * error and abs(drawn.var() - lam) < 0.17 * lam + 1e-9
    assert drawn.min() >= 0


# --- additive and multiplicative noise --------------------------------------------------------------------------------

DRAWS = {
    "uniform": ((-0.2, 0.1), lambda g, n: g.uniform(-0.2, 0.1, n)),
    "gaussian": ((0.05, 0.1), lambda g, n: g.normal(0.05, 0.1, n)),
    "laplace": ((-0.02, 0.04), lambda g, n: g.laplace(-0.02, 0.04, n)),
    "beta": ((0.5, 1.5, 0.3), lambda g, n: 0.3 * (2 * g.beta(0.5, 1.5, n) - 1)),
}


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "uint16"])
def test_distributions_of_additive_noise(kind, dtype):
    params, draw = DRAWS[kind]
    expected = np.clip(draw(np.random.default_rng(0), 400000), -0.5, 0.5)
    white = cv.white(dtype)
    image = cv.saturate(np.full((300, 250, 3), 0.5 * white), dtype)
    values = additive.additive(image, noise_type=kind, params=params, spatial_mode="per_pixel", seed=5) / white
    values = values - image / white
    assert abs(values.mean() - expected.mean()) < 0.001 and abs(values.std() / expected.std() - 1) < 0.01
    for p in (0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999):
        # Levels of uint8 and the samples' own scatter, more of it in the tails.
        assert abs(np.quantile(values, p) - np.quantile(expected, p)) < 0.006 if 0.01 < p < 0.99 else 0.03
    flat = values.reshape(-1, 3)
    assert np.abs(np.corrcoef(flat.T) - np.eye(3)).max() < 0.015
    assert abs(np.corrcoef(values[:-1].ravel(), values[1:].ravel())[0, 1]) < 0.015
    assert not np.array_equal(
        additive.additive(image, noise_type=kind, params=params, spatial_mode="per_pixel", seed=6) / white - 0.5, values
    )


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_spatial_modes(kind, dtype):
    params, draw = DRAWS[kind]
    white = cv.white(dtype)
    image = cv.saturate(np.full((30, 40, 5), 0.5 * white), dtype)
    shared = additive.additive(image, noise_type=kind, params=params, spatial_mode="shared", seed=5)
    assert (shared == shared[:, :, :1]).all() and shared.std() > 0.03 * white
    constant = additive.additive(image, noise_type=kind, params=params, spatial_mode="constant", seed=5)
    assert (constant == constant[:1, :1]).all() and len(np.unique(constant)) == 5
    numbers = additive.constants(20000, noise_type=kind, params=params, seed=2)
    expected = draw(np.random.default_rng(0), 200000)
    assert abs(numbers.mean() - expected.mean()) < 0.004 and abs(numbers.std() / expected.std() - 1) < 0.03


def test_additive_arguments():
    for kind, params, mode in (
        ("poisson", (0, 1), "shared"),
        ("uniform", (0.2, 0.1), "shared"),
        ("gaussian", (0, -1), "shared"),
        ("beta", (1, 1), "shared"),
        ("beta", (0, 1, 1), "shared"),
        ("laplace", (0, 1), "per_channel"),
    ):
        with pytest.raises(ValueError, match="additive"):
            additive.additive(RGB, noise_type=kind, params=params, spatial_mode=mode, seed=0)


@pytest.mark.parametrize("factors", [0.0, 0.4, 1.0, 2.5, (0.2, 1.0, 1.7)])
def test_multiply(factors):
    expected = np.clip(RGB * np.asarray(factors), 0, 255)
    close(additive.multiply(RGB, factors=factors), expected, 0.51)
    close(additive.multiply(unit(RGB), factors=factors), expected / 255, 1e-6)
    close(additive.multiply(RGB.astype(np.uint16), factors=factors), np.rint(RGB * np.asarray(factors)), 0.51)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_multiplicative(dtype):
    white = cv.white(dtype)
    image = cv.saturate(np.full((200, 300, 3), 0.5 * white), dtype)
    values = additive.multiplicative(image, low=0.4, high=1.6, seed=4) / image.astype(np.float64)
    assert abs(values.mean() - 1) < 0.005 and abs(values.std() - 1.2 / np.sqrt(12)) < 0.004
    assert 0.39 < values.min() < 0.42 and 1.58 < values.max() < 1.61
    assert np.abs(np.corrcoef(values.reshape(-1, 3).T) - np.eye(3)).max() < 0.02
    shared = additive.multiplicative(image, low=0.4, high=1.6, seed=4, per_channel=False)
    assert (shared == shared[:, :, :1]).all() and abs(shared.std() / white - 0.6 / np.sqrt(12)) < 0.004
    assert not additive.multiplicative(image, low=0, high=0, seed=4).any()
    dark = additive.multiplicative(np.zeros((4, 4), dtype), low=0.4, high=1.6, seed=4)
    assert not dark.any()
    for low, high in ((-0.1, 1), (1, 0.5)):
        with pytest.raises(ValueError, match="multiplicative"):
            additive.multiplicative(image, low=low, high=high, seed=0)


# --- impulse noise ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("probability", [0.0, 0.01, 0.2, 0.299, 0.301, 0.7, 1.0])
@pytest.mark.parametrize("per_channel", [False, True])
def test_dropout_masks(probability, per_channel):
    masks = np.stack(
        [
            impulse.dropout_mask((40, 30, 3), probability=probability, per_channel=per_channel, seed=s)
            for s in range(150)
        ]
    )
    assert masks.dtype == bool and masks.shape[1:] == ((40, 30, 3) if per_channel else (40, 30))
    error = np.sqrt(probability * (1 - probability) / masks.size)
    assert abs(masks.mean() - probability) <= 4 * error
    # Independent pixels: their number is binomial.
    numbers = masks.reshape(150, -1).sum(axis=1)
    expected = masks[0].size * probability * (1 - probability)
    assert abs(numbers.var() - expected) <= 0.5 * expected
    share = masks.mean(axis=0)  # no place is preferred
    assert np.abs(share - probability).max() <= 6.5 * np.sqrt(probability * (1 - probability) / 150 + 1e-12)


def test_small_images_lose_their_share_too():
    masks = np.array([impulse.dropout_mask((3, 2), probability=0.02, seed=s) for s in range(6000)])
    assert abs(masks.mean() - 0.02) < 0.003
    assert np.abs(masks.mean(axis=0) - 0.02).max() < 0.008  # how many are thrown says nothing about where


def test_dropout():
    for mask in (mask_of(RGB), mask_of(RGB, True)):
        full = np.broadcast_to(mask if mask.ndim == 3 else mask[:, :, None], RGB.shape)
        for value in (7, (1, 2, 300)):
            expected = np.where(full, np.minimum(value, 255), RGB)
            assert np.array_equal(impulse.dropout(RGB, mask=mask, value=value), expected)
    labels = RNG.integers(0, 9, (37, 29))
    assert np.array_equal(impulse.dropout(labels, mask=mask_of(RGB), value=-1), np.where(mask_of(RGB), -1, labels))
    for wrong in (mask_of(RGB)[1:], mask_of(RGB).astype(np.uint8)):
        with pytest.raises(ValueError, match="mask"):
            impulse.dropout(RGB, mask=wrong)
    with pytest.raises(ValueError, match="share"):
        impulse.dropout_mask((4, 4), probability=1.5, seed=0)


@pytest.mark.parametrize("amount", [0.03, 0.25, 0.6, 1.0])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "int16"])
def test_salt_and_pepper(amount, dtype):
    white = cv.white(dtype)
    image = cv.saturate(np.full((200, 300, 3), 0.4 * white), dtype)
    result = impulse.salt_and_pepper(image, amount=amount, salt=0.3, seed=2)
    assert (result == result[:, :, :1]).all()
    salted, peppered = (result[:, :, 0] == white).mean(), (result[:, :, 0] == 0).mean()
    assert abs(salted - 0.3 * amount) < 0.006 and abs(peppered - 0.7 * amount) < 0.006
    assert abs((result[:, :, 0] == image[0, 0, 0]).mean() - (1 - amount)) < 0.006
    for salt, color in ((0.0, 0), (1.0, white)):
        assert np.unique(impulse.salt_and_pepper(image, amount=1.0, salt=salt, seed=2)).tolist() == [color]
    assert np.array_equal(impulse.salt_and_pepper(image, amount=0.0, salt=0.3, seed=2), image)
    with pytest.raises(ValueError, match="salt"):
        impulse.salt_and_pepper(image, amount=0.1, salt=-0.1, seed=2)


# --- sensor -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [0.0002, 0.003, 0.05, 0.3])
@pytest.mark.parametrize("value", [3, 20, 90, 200, 253])
def test_shot_noise_counts_photons(scale, value):
    mean = (value / 255) ** 2.2 / scale
    generator = np.random.default_rng(0)
    expected = 255 * np.minimum((generator.poisson(mean, 500000) * scale) ** (1 / 2.2), 1)
    for image in (np.full((400, 300, 3), value, np.uint8), np.full((400, 300, 3), value / 255, np.float32)):
        white = cv.white(image.dtype)
        result = sensor.shot(image, scale=scale, seed=1).astype(np.float64) * (255 / white)
        # Standard error of the mean, rounding, and half a level that floats are rounded by.
        assert abs(result.mean() - expected.mean()) < 0.3 + 0.012 * expected.std()
        assert abs(result.std() - expected.std()) < 0.2 + 0.04 * expected.std()  # probabilities are right within 1/512
        assert np.abs(np.corrcoef(result.reshape(-1, 3).T) - np.eye(3)).max() < 0.015
        for p in (0.002, 0.05, 0.5, 0.95, 0.998):
            steps = np.diff(np.unique(expected)).max() if len(np.unique(expected)) > 1 else 0
            assert abs(np.quantile(result, p) - np.quantile(expected, p)) <= 1.5 + steps
    assert not sensor.shot(np.zeros((5, 5), np.uint8), scale=scale, seed=1).any()


def test_shot_noise_grows_with_scale():
    errors = [np.abs(sensor.shot(SMOOTH, scale=s, seed=1) - 1.0 * SMOOTH).mean() for s in (0.001, 0.01, 0.1, 0.3)]
    assert errors == sorted(errors) and errors[0] < 5
    with pytest.raises(ValueError, match="scale"):
        sensor.shot(SMOOTH, scale=0, seed=1)


@pytest.mark.parametrize(("shift", "intensity"), [(0.05, 0.5), (0.02, 0.3), (0.0, 0.8)])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_iso_noise(shift, intensity, dtype):
    halves = ((60, 90, 120), (180, 120, 60))
    image = np.concatenate([np.full((160, 120, 3), rgb, np.uint8) for rgb in halves], axis=1)
    lightness = np.array([90, 120])  # (max + min) / 2
    gain = lightness.std() * intensity
    result = sensor.iso(image if dtype == "uint8" else unit(image), color_shift=shift, intensity=intensity, seed=3)
    floats = result if dtype == "float32" else unit(result)
    for half, light, hue in ((floats[:, :120], 90, 210.0), (floats[:, 120:], 120, 30.0)):
        h, level, saturation = np.moveaxis(cv2.cvtColor(np.ascontiguousarray(half), cv2.COLOR_RGB2HLS), 2, 0)
        turned = (h - hue + 180) % 360 - 180
        step = 0.0 if dtype == "float32" else 0.8  # hues in 256 steps, then colors in whole levels
        assert abs(turned.mean()) < 0.2 + step and abs(turned.std() - shift * intensity * 360) < 0.25 + step
        factor = (255 - light) / 255
        assert abs(level.mean() * 255 - light - gain * factor) < 0.12 + step / 2
        assert abs(level.std() * 255 - np.sqrt(gain) * factor) < 0.1 + step / 8
        assert saturation.std() < 0.02
        if shift:
            assert abs(np.corrcoef(turned.ravel(), level.ravel())[0, 1]) < 0.05


def test_iso_leaves_gray_gray_and_flat_light():
    gray = np.repeat(SMOOTH[:, :, :1], 3, axis=2)
    result = sensor.iso(gray, color_shift=0.2, intensity=0.5, seed=1)
    assert (result == result[:, :, :1]).all() and result.astype(int).sum() > gray.sum()
    flat = np.full((20, 30, 3), 90, np.uint8)
    assert np.array_equal(sensor.iso(flat, color_shift=0.2, intensity=0.5, seed=1), flat)
    assert np.array_equal(sensor.iso(SMOOTH, color_shift=0.3, intensity=0, seed=1), SMOOTH)
    close(sensor.iso(SMOOTH, color_shift=0, intensity=1e-9, seed=1), SMOOTH, 4)
    close(sensor.iso(unit(SMOOTH), color_shift=0, intensity=1e-9, seed=1), unit(SMOOTH), 1e-5)
    assert not np.array_equal(
        sensor.iso(SMOOTH, color_shift=0.1, intensity=0.5, seed=1),
        sensor.iso(SMOOTH, color_shift=0.1, intensity=0.5, seed=2),
    )
    with pytest.raises(ValueError, match="RGB"):
        sensor.iso(gray[:, :, 0], color_shift=0.1, intensity=0.1, seed=1)
    with pytest.raises(ValueError, match="intensity"):
        sensor.iso(gray, color_shift=0.1, intensity=-0.1, seed=1)


# --- quality ----------------------------------------------------------------------------------------------------------


def test_downscale():
    small = cv2.resize(SMOOTH, (26, 22), interpolation=cv2.INTER_AREA)
    expected = cv2.resize(small, (88, 72), interpolation=cv2.INTER_CUBIC)
    result = quality.downscale(SMOOTH, scale=0.3, down=cv2.INTER_AREA, up=cv2.INTER_CUBIC)
    assert np.array_equal(result, expected)
    blocks = quality.downscale(RGB[:36, :28], scale=0.25).reshape(9, 4, 7, 4, 3)
    assert (blocks == blocks[:, :1, :, :1]).all()
    assert np.array_equal(quality.downscale(RGB, scale=1.0), RGB)
    one = quality.downscale(RGB, scale=0.001)
    assert (one == one[0, 0]).all()
    for wrong in (-0.1, 1.2):
        with pytest.raises(ValueError, match="scale"):
            quality.downscale(RGB, scale=wrong)
