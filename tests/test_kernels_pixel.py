"""Pixel kernels against slow, obvious NumPy: curves, color, blur, noise, quality."""

import subprocess
import sys
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from albumentations.functional import blur, color, curves, cv, filters, noise, quality

RNG = np.random.default_rng(20240)
RGB = RNG.integers(0, 256, (37, 29, 3), dtype=np.uint8)
# A smooth photograph-like image: chroma and JPEG behave as they do in use.
SMOOTH = cv2.GaussianBlur(cv2.resize(RNG.integers(0, 256, (9, 11, 3), dtype=np.uint8), (88, 72)), (0, 0), 2)
SHAPES = [(23, 17), (23, 17, 1), (23, 17, 3), (23, 17, 5), (23, 17, 200)]


def unit(image):
    return (image / 255).astype(np.float32)


def image_of(shape, dtype=np.uint8, seed=0):
    levels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return levels if dtype == np.uint8 else unit(levels)


def close(result, expected, tolerance):
    assert result.shape == expected.shape
    assert np.abs(result.astype(np.float64) - expected).max() <= tolerance


# Every kernel of an image that gives an image, with the least number of channels that makes sense to it.
ANY = {
    "box": lambda x: blur.box(x, ksize=3),
    "gaussian": lambda x: blur.gaussian(x, ksize=5, sigma=1.2),
    "median": lambda x: blur.median(x, ksize=3),
    "median 7": lambda x: blur.median(x, ksize=7),
    "correlate": lambda x: filters.correlate(x, kernel=blur.line_kernel(5, start=(0, 0), end=(4, 4))),
    "sharpen": lambda x: filters.correlate(x, kernel=filters.sharpen_kernel(alpha=0.2, lightness=0.5)),
    "unsharp_mask": lambda x: filters.unsharp_mask(x, alpha=0.5, ksize=5, sigma=1.0),
    "brightness": lambda x: color.adjust_brightness(x, factor=1.2),
    "contrast": lambda x: color.adjust_contrast(x, factor=0.7),
    "channel_shift": lambda x: color.channel_shift(x, shifts=cv.white(x.dtype) * 0.1),
    "channel_shuffle": lambda x: color.channel_shuffle(x, order=range(cv.channels(x))[::-1]),
    "equalize": lambda x: color.equalize(x),
    "equalize pil": lambda x: color.equalize(x, mode="pil"),
    "noise": lambda x: noise.gaussian(x, std=0.1 * cv.white(x.dtype), seed=1),
    "coarse noise": lambda x: noise.gaussian(x, std=0.1 * cv.white(x.dtype), seed=1, noise_scale_factor=0.3),
    "shared noise": lambda x: noise.gaussian(x, std=0.1 * cv.white(x.dtype), seed=1, per_channel=False),
    "jpeg": lambda x: quality.jpeg(x, quality=60),
    "webp": lambda x: quality.webp(x, quality=60),
}
RGB_ONLY = {
    "matrix": lambda x: color.matrix(x, matrix=color.SEPIA),
    "sepia": lambda x: color.sepia(x),
    "equalize luma": lambda x: color.equalize(x, by_channels=False),
}
RGB_OR_ONE = {
    "gray": lambda x: color.to_gray(x),
    "gray lab": lambda x: color.to_gray(x, method="from_lab"),
    "saturation": lambda x: color.adjust_saturation(x, factor=1.5),
    "hue": lambda x: color.adjust_hue(x, factor=0.1),
    "hsv": lambda x: color.hue_saturation_value(x, hue=10, saturation=-20, value=15),
    "clahe": lambda x: color.clahe(x, clip_limit=3.0, tile_grid_size=(4, 4)),
}
GRAY = {
    f"gray {method}": lambda x, m=method: color.to_gray(x, method=m)
    for method in ("average", "max", "pca", "desaturation")
}
EVERY = {**ANY, **RGB_ONLY, **RGB_OR_ONE, **GRAY}


def shapes_for(name):
    if name in RGB_ONLY:
        return [(23, 17, 3)]
    if name in RGB_OR_ONE or name in GRAY:
        return SHAPES[:3]
    return SHAPES


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
        assert np.array_equal(image, before)


@pytest.mark.parametrize("name", EVERY)
def test_strided_inputs(name):
    shape = shapes_for(name)[-1] if name in RGB_ONLY else (23, 17, 3)
    image = image_of(shape)
    for view in (image[::-1, ::-1], image[:, :, ::-1], image[::2, 1::3], image.transpose(1, 0, 2)):
        expected = EVERY[name](np.ascontiguousarray(view))
        result = EVERY[name](view)
        assert np.array_equal(result, expected) and result.flags.c_contiguous


@pytest.mark.parametrize("name", [*ANY, *RGB_OR_ONE])
def test_two_axes_are_one_channel(name):
    for dtype in (np.uint8, np.float32):
        image = image_of((21, 30), dtype)
        assert np.array_equal(EVERY[name](image), EVERY[name](image[:, :, None])[:, :, 0])


@pytest.mark.parametrize("name", EVERY)
def test_small_images(name):
    for size in ((1, 1), (1, 7), (2, 3)):
        shape = (*size, 3)
        assert EVERY[name](image_of(shape)).shape == shape


@pytest.mark.parametrize("name", [n for n in EVERY if "noise" not in n and n != "sharpen"])
def test_uint8_and_float_agree(name):
    # A hue or chroma of whole levels is coarser than the levels themselves; their bounds are measured.
    bound = {"hue": 6, "hsv": 8, "gray lab": 1.6, "equalize luma": 2, "gray": 1.01}.get(name, 1)
    result, expected = EVERY[name](unit(SMOOTH)), EVERY[name](SMOOTH)
    assert np.abs(result - expected / 255).max() <= bound / 255 + 1e-5


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int16", "int32", "int64", "float16", "float64"])
def test_other_dtypes_come_back(name, dtype):
    white = cv.white(dtype)
    image = cv.saturate(SMOOTH[:24, :20] / 255 * white, dtype)
    result = EVERY[name](image)
    assert result.dtype == image.dtype and result.shape == image.shape
    # Signed integers keep what falls below black, floats do not.
    if dtype not in ("bool", "int8") and "noise" not in name and name not in ("sharpen", "saturation"):
        expected = EVERY[name](unit(SMOOTH[:24, :20]))
        bound = 6e-3 if name.startswith(("jpeg", "webp", "equalize", "clahe", "median")) else 4e-3
        assert np.abs(result / white - expected).max() <= bound + (0.02 if "equalize" in name else 0)


@pytest.mark.parametrize("name", [*RGB_ONLY, *RGB_OR_ONE])
def test_rgb_is_asked_for_by_name(name):
    with pytest.raises(ValueError, match=r"needs an RGB image \(H, W, 3\), got shape \(4, 4, 5\)"):
        EVERY[name](np.zeros((4, 4, 5), np.uint8))


# --- curves -----------------------------------------------------------------------------------------------------------

CURVES = {
    "brightness_contrast": ({"alpha": 1.3, "beta": -0.1}, lambda v: 1.3 * v - 0.1),
    "gamma": ({"gamma": 0.7}, lambda v: v**0.7),
    "invert": ({}, lambda v: 1 - v),
    "posterize": ({"bits": 3}, lambda v: np.floor(np.rint(v * 255) / 32) * 32 / 255),
}


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("white", [255.0, 1.0, 65535.0])
def test_curves(name, white):
    arguments, reference = CURVES[name]
    fractions = np.linspace(0, 1, 256)
    result = getattr(curves, name)(fractions * white, white=white, **arguments)
    close(result / white, reference(fractions), 1e-12)
    values = (fractions * white).astype(np.float32).reshape(4, 8, 8)
    assert getattr(curves, name)(values, white=white, **arguments).dtype == np.float32


def test_shift_and_solarize_are_in_units_of_the_image():
    values = np.arange(256.0)
    assert np.array_equal(curves.shift(values, white=255, amount=-7.5), values - 7.5)
    expected = np.where(values >= 100, 255 - values, values)
    assert np.array_equal(curves.solarize(values, white=255, threshold=100), expected)
    result = curves.solarize(unit(values), white=1.0, threshold=100 / 255)
    close(result * 255, expected, 1e-4)


def test_gamma_of_negative_values_is_black():
    assert np.array_equal(curves.gamma(np.array([-0.5, 0.0]), white=1.0, gamma=0.5), [0.0, 0.0])


@pytest.mark.parametrize("bits", range(9))
def test_posterize_keeps_the_highest_bits(bits):
    levels = np.arange(256, dtype=np.uint8)
    expected = levels >> (8 - bits) << (8 - bits) if bits else np.zeros(256, np.uint8)
    assert np.array_equal(curves.posterize_image(levels.reshape(16, 16), bits=bits).ravel(), expected)
    assert np.array_equal(cv.saturate(curves.posterize(levels * 1.0, white=255, bits=bits), np.uint8), expected)
    close(curves.posterize(unit(levels), white=1.0, bits=bits) * 255, expected, 1e-3)


def test_posterize_rejects_nine_bits():
    with pytest.raises(ValueError, match=r"bits must lie in \[0, 8\], got 9"):
        curves.posterize_image(RGB, bits=9)


def test_uint8_routes_are_their_tables():
    levels = np.arange(256.0)
    assert np.array_equal(curves.invert_image(RGB), cv.saturate(curves.invert(levels, white=255), np.uint8)[RGB])
    for threshold in (-3, 0, 0.5, 1, 127.5, 128, 254.2, 255, 256, 300):
        table = cv.saturate(curves.solarize(levels, white=255, threshold=threshold), np.uint8)
        assert np.array_equal(curves.solarize_image(RGB, threshold=threshold), table[RGB])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 255), min_size=1, max_size=400))
def test_equalize_tables(values):
    plane = np.array(values, np.uint8).reshape(1, -1)
    assert np.array_equal(curves.equalize_table(plane)[plane], cv2.equalizeHist(plane))
    pil = pytest.importorskip("PIL.Image")
    ops = pytest.importorskip("PIL.ImageOps")
    expected = np.asarray(ops.equalize(pil.fromarray(plane)))
    assert np.array_equal(curves.equalize_table(plane, mode="pil")[plane], expected)


def test_equalize_table_counts_only_the_mask():
    plane = RGB[:, :, 0]
    mask = plane > 90
    table = curves.equalize_table(plane, mask=mask)
    assert np.array_equal(table[plane[mask]], cv2.equalizeHist(plane[mask].reshape(1, -1)).ravel())
    assert np.array_equal(curves.equalize_table(plane, mask=np.zeros_like(mask)), np.arange(256))
    with pytest.raises(ValueError, match="mode"):
        curves.equalize_table(plane, mode="other")


# --- color ------------------------------------------------------------------------------------------------------------


def test_gray_references():
    values = SMOOTH.astype(np.float64)
    five = np.concatenate([values, 255 - values[:, :, :2]], axis=2)
    close(color.to_gray(SMOOTH)[:, :, 1], values @ [0.299, 0.587, 0.114], 1)
    close(color.to_gray(SMOOTH, method="desaturation")[:, :, 2], (values.max(2) + values.min(2)) / 2, 0.5)
    for image, reference in ((SMOOTH, values), (five.astype(np.uint8), five)):
        close(color.to_gray(image, method="average", num_output_channels=1)[:, :, 0], reference.mean(2), 0.51)
        close(color.to_gray(image, method="max")[:, :, 0], reference.max(2), 0)
        component = color.to_gray(image, method="pca")[:, :, 0].astype(np.float64)
        assert component.min() == 0 and component.max() == 255
        centered = reference.reshape(-1, reference.shape[2]) - reference.reshape(-1, reference.shape[2]).mean(0)
        weights = np.linalg.svd(centered, full_matrices=False)[2][0]
        axis = centered @ weights * np.sign(weights.sum())
        close(component.ravel(), (axis - axis.min()) / np.ptp(axis) * 255, 0.51)


def test_lightness_of_lab():
    linear = np.where(unit(SMOOTH) <= 0.04045, unit(SMOOTH) / 12.92, ((unit(SMOOTH) + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    lightness = np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance) / 100
    close(color.to_gray(unit(SMOOTH), method="from_lab")[:, :, 0], lightness, 2e-3)
    close(color.to_gray(SMOOTH, method="from_lab")[:, :, 0] / 255, lightness, 2 / 255)


def test_gray_channels():
    for count in (1, 2, 3, 7):
        result = color.to_gray(RGB, num_output_channels=count)
        assert result.shape == (*RGB.shape[:2], count)
        assert (result == result[:, :, :1]).all()
    assert np.array_equal(color.to_gray(RGB[:, :, 0]), RGB[:, :, 0])
    assert (color.to_gray(np.full((4, 4, 3), 80, np.uint8), method="pca") == 80).all()
    with pytest.raises(ValueError, match="method"):
        color.to_gray(RGB, method="mean")


def test_matrix_and_sepia():
    weights = RNG.uniform(-0.5, 1, (3, 3))
    expected = RGB.astype(np.float64) @ weights.T
    close(color.matrix(RGB, matrix=weights), np.clip(expected, 0, 255), 0.75)  # OpenCV: fixed point
    close(color.matrix(unit(RGB), matrix=weights), np.clip(expected / 255, 0, 1), 1e-6)
    close(color.sepia(RGB), np.clip(RGB @ color.SEPIA.T, 0, 255), 0.75)


def hsv_reference(image, hue, saturation, value):
    """The hexcone of Smith (1978), a pixel at a time, by the standard library."""
    import colorsys

    result = np.empty(image.shape)
    for place in np.ndindex(image.shape[:2]):
        h, s, v = colorsys.rgb_to_hsv(*(image[place] / 255.0))
        s, v = np.clip(s + saturation / 255, 0, 1), np.clip(v + value / 255, 0, 1)
        result[place] = colorsys.hsv_to_rgb((h + hue / 180) % 1, s, v)
    return result


@pytest.mark.parametrize("shifts", [(15, 0, 0), (-100, 0, 0), (0, 30, 0), (0, -40, 0), (0, 0, 25), (20, 30, -20)])
def test_hsv_references(shifts):
    image = RGB[:12, :12]
    arguments = dict(zip(("hue", "saturation", "value"), shifts))
    expected = hsv_reference(image, *shifts)
    close(color.hue_saturation_value(unit(image), **arguments), expected, 1e-4)
    # uint8 hue has 180 steps: one is 255 * 6 / 180 = 8.5 levels of the fastest moving channel, half is rounding.
    close(color.hue_saturation_value(image, **arguments) / 255, expected, 7 / 255)


def test_hue_turns():
    red, green, blue = np.eye(3, dtype=np.float32).reshape(3, 1, 1, 3)
    close(color.adjust_hue(red, factor=1 / 3), green, 1e-5)
    close(color.adjust_hue(red, factor=-1 / 3), blue, 1e-5)
    close(color.adjust_hue(cv.saturate(green * 255, np.uint8), factor=1 / 3), blue * 255, 0)
    assert np.array_equal(color.adjust_hue(RGB, factor=0.5), color.adjust_hue(RGB, factor=-0.5))
    with pytest.raises(ValueError, match="factor"):
        color.adjust_hue(RGB, factor=0.6)


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0, 1.2, 2.0])
def test_jitter_references(factor):
    values = SMOOTH.astype(np.float64)
    gray = values @ [0.299, 0.587, 0.114]
    for kernel, base in (
        (color.adjust_brightness, 0.0),
        (color.adjust_contrast, gray.mean()),
        (color.adjust_saturation, gray[:, :, None]),
    ):
        expected = np.clip(factor * values + (1 - factor) * base, 0, 255)
        close(kernel(SMOOTH, factor=factor), expected, 0.75)
        close(kernel(unit(SMOOTH), factor=factor), expected / 255, 1e-5)


def test_channel_shift():
    shifts = np.array([12.0, -20.0, 5.4])
    expected = np.clip(RGB + np.rint(shifts), 0, 255)
    assert np.array_equal(color.channel_shift(RGB, shifts=shifts), expected)
    close(color.channel_shift(unit(RGB), shifts=shifts / 255), np.clip(RGB + shifts, 0, 255) / 255, 1e-6)
    assert np.array_equal(color.channel_shift(RGB, shifts=0), RGB)
    many = image_of((9, 8, 200))
    amounts = RNG.integers(-300, 300, 200)
    assert np.array_equal(color.channel_shift(many, shifts=amounts), np.clip(many.astype(int) + amounts, 0, 255))
    with pytest.raises(ValueError, match="2 values for an image of 3 channels"):
        color.channel_shift(RGB, shifts=(1, 2))


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "int64", "bool"])
def test_channel_shuffle(dtype):
    for count in (2, 3, 4, 5, 200):
        image = image_of((6, 5, count)).astype(dtype)
        order = RNG.permutation(count)
        assert np.array_equal(color.channel_shuffle(image, order=order), image[:, :, order])
    with pytest.raises(ValueError, match="not an order of 3 channels"):
        color.channel_shuffle(RGB, order=(0, 1, 1))


def test_equalize():
    planes = [cv2.equalizeHist(np.ascontiguousarray(SMOOTH[:, :, c])) for c in range(3)]
    assert np.array_equal(color.equalize(SMOOTH), np.stack(planes, axis=2))
    converted = cv2.cvtColor(SMOOTH, cv2.COLOR_RGB2YCrCb)
    converted[:, :, 0] = cv2.equalizeHist(np.ascontiguousarray(converted[:, :, 0]))
    luma_only = cv2.cvtColor(converted, cv2.COLOR_YCrCb2RGB)
    assert np.array_equal(color.equalize(SMOOTH, by_channels=False), luma_only)
    masks = RNG.random(SMOOTH.shape) > 0.5
    by_plane = [
        color.equalize(np.ascontiguousarray(SMOOTH[:, :, c]), mask=masks[:, :, c], mode="pil") for c in range(3)
    ]
    assert np.array_equal(color.equalize(SMOOTH, mask=masks, mode="pil"), np.stack(by_plane, axis=2))
    with pytest.raises(ValueError, match="does not fit"):
        color.equalize(SMOOTH, mask=masks[1:])


def test_clahe():
    plane = np.ascontiguousarray(SMOOTH[:, :, 0])
    expected = cv2.createCLAHE(2.0, (8, 8)).apply(plane)
    assert np.array_equal(color.clahe(plane, clip_limit=2.0), expected)
    assert np.array_equal(color.clahe(plane[:, :, None], clip_limit=2.0)[:, :, 0], expected)
    assert color.to_gray(color.clahe(SMOOTH, clip_limit=4.0)).std() > color.to_gray(SMOOTH).std()


@pytest.mark.parametrize("shape", SHAPES)
def test_normalize(shape):
    image = image_of(shape)
    count = cv.channels(image)
    mean, std = RNG.uniform(0.3, 0.6, count), RNG.uniform(0.2, 0.3, count)
    expected = (image.reshape(*shape[:2], count) / 255 - mean) / std
    result = color.normalize(image, mean=mean, std=std, max_pixel_value=255.0)
    assert result.dtype == np.float32
    close(result.reshape(expected.shape), expected, 1e-5)
    close(color.normalize(unit(image), mean=mean, std=std, max_pixel_value=1.0).reshape(expected.shape), expected, 1e-5)
    planes = color.normalize_chw(image, mean=mean, std=std, max_pixel_value=255.0)
    assert planes.dtype == np.float32 and planes.flags.c_contiguous
    assert np.array_equal(planes, np.moveaxis(result.reshape(expected.shape), 2, 0))
    close(color.normalize(image, mean=0.5, std=0.5), (image / 255 - 0.5) / 0.5, 1e-5)


@pytest.mark.parametrize("kind", ["image", "image_per_channel", "min_max", "min_max_per_channel"])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "int32", "float16"])
def test_normalize_per(kind, dtype):
    image = (RNG.random((20, 30, 3)) * [50, 100, 200]).astype(dtype)
    values = image.astype(np.float64)
    axes = (0, 1) if kind.endswith("channel") else None
    if kind.startswith("image"):
        expected = (values - values.mean(axes)) / (values.std(axes) + 1e-4)
    else:
        expected = (values - values.min(axes)) / (np.ptp(values, axes) + 1e-4)
    result = color.normalize_per(image, kind=kind)
    assert result.dtype == np.float32
    close(result, expected, 1e-4)
    assert np.array_equal(color.normalize_per(np.full((4, 4, 3), 7, dtype), kind=kind), np.zeros((4, 4, 3)))


def test_normalize_per_limits_outliers():
    image = np.zeros((64, 64, 1), np.uint8)
    image[3, 3] = 255
    assert color.normalize_per(image, kind="image").max() == 20
    with pytest.raises(ValueError, match="unknown kind"):
        color.normalize_per(image, kind="standard")


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_float_and_back_is_the_identity(dtype):
    levels = np.arange(np.iinfo(dtype).max + 1, dtype=dtype).reshape(16, -1)
    floats = color.to_float(levels)
    assert floats.dtype == np.float32 and floats.min() == 0 and floats.max() == 1
    assert np.array_equal(color.from_float(floats, dtype=dtype), levels)
    close(floats, levels / np.iinfo(dtype).max, 1e-7)


def test_from_float_rounds_and_saturates():
    floats = np.array([[-0.5, 0.0, 0.4999 / 255, 0.5001 / 255, 0.5, 1.0, 1.7]], np.float32)
    assert color.from_float(floats, dtype=np.uint8).tolist() == [[0, 0, 0, 1, 128, 255, 255]]
    assert color.from_float(floats, dtype="uint16", max_value=10).tolist() == [[0, 0, 0, 0, 5, 10, 17]]
    assert color.to_float(np.array([[0, 5, 10]], np.uint8), max_value=10).tolist() == [[0.0, 0.5, 1.0]]


# --- blur -------------------------------------------------------------------------------------------------------------


def correlate(image, kernel, mode="reflect"):
    """Every pixel a weighted sum of its neighbours, in double precision."""
    height, width = kernel.shape
    values = image.reshape(*image.shape[:2], -1).astype(np.float64)
    padding = ((height // 2, (height - 1) // 2), (width // 2, (width - 1) // 2), (0, 0))
    padded = np.pad(values, padding, mode=mode)
    rows, columns = image.shape[:2]
    total = sum(kernel[y, x] * padded[y : y + rows, x : x + columns] for y in range(height) for x in range(width))
    return total.reshape(image.shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_linear_filters(shape):
    image = image_of(shape)
    cases = [(lambda x, k=k: blur.box(x, ksize=k), np.full((k, k), 1 / k**2), 0.6) for k in (1, 3, 4, 7)]
    taps = np.exp(-0.5 * (np.arange(-4, 5) / 1.7) ** 2)
    taps = np.outer(taps, taps) / taps.sum() ** 2
    cases.append((lambda x: blur.gaussian(x, ksize=9, sigma=1.7), taps, 1.3))  # OpenCV: weights in 256ths
    kernel = RNG.random((5, 5)) / 12.5
    cases.append((lambda x: filters.correlate(x, kernel=kernel), kernel, 0.51))
    for function, weights, tolerance in cases:
        expected = correlate(image, weights)
        close(function(image), np.clip(expected, 0, 255), tolerance)
        close(function(unit(image)), expected / 255, 1e-5)


def test_gaussian_derives_what_is_missing():
    impulse = np.zeros((41, 41), np.float32)
    impulse[20, 20] = 1
    for arguments, sigma in (({"sigma": 2.0}, 2.0), ({"ksize": 9}, 0.3 * 3 + 0.8)):
        spread = blur.gaussian(impulse, **arguments).sum(axis=0)
        assert abs(np.sqrt((spread * (np.arange(41) - 20) ** 2).sum()) - sigma) < 0.06 * sigma
    with pytest.raises(ValueError, match="ksize or sigma"):
        blur.gaussian(RGB)
    with pytest.raises(ValueError, match="odd"):
        blur.gaussian(RGB, ksize=4)


@pytest.mark.parametrize(
    "dtype", ["uint8", "float32", "uint16", "int16", "int32", "float64", "int8", "bool", "float16"]
)
@pytest.mark.parametrize("ksize", [1, 3, 5, 7, 9])
def test_median_is_exact(dtype, ksize):
    for shape in ((13, 11), (13, 11, 1), (13, 11, 2), (13, 11, 3), (13, 11, 6)):
        image = (RNG.random(shape) * (2 if dtype == "bool" else 100)).astype(dtype)
        radius = ksize // 2
        padded = np.pad(image.reshape(13, 11, -1), ((radius, radius), (radius, radius), (0, 0)), mode="edge")
        windows = [padded[y : y + 13, x : x + 11] for y in range(ksize) for x in range(ksize)]
        expected = np.sort(np.stack(windows), axis=0)[ksize**2 // 2].reshape(shape)
        assert np.array_equal(blur.median(image, ksize=ksize), expected)


def test_median_of_uint8_turned_to_float():
    image = image_of((30, 30, 3))
    close(blur.median(unit(image), ksize=9), blur.median(image, ksize=9) / 255, 1e-6)


def test_line_kernels():
    kernel = blur.line_kernel(5, start=(0, 0), end=(4, 4))
    assert np.array_equal(kernel, np.eye(5, dtype=np.float32) / 5)
    kernel = blur.line_kernel(7, start=(1, 0), end=(4, 0), centred=True)
    assert np.array_equal(np.argwhere(kernel), [[3, 2], [3, 3], [3, 4]])
    point = blur.line_kernel(3, start=(2, 2), end=(2, 2))
    assert point[2, 2] == 1
    with pytest.raises(ValueError, match="misses"):
        blur.line_kernel(3, start=(9, 9), end=(8, 9))


@settings(max_examples=80, deadline=None)
@given(
    ksize=st.sampled_from([3, 5, 7, 15]),
    angle=st.floats(0, 360),
    direction=st.floats(-1, 1),
    start=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    end=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
def test_kernels_have_sum_one_and_equal_weights(ksize, angle, direction, start, end):
    for kernel in (
        blur.motion_kernel(ksize, angle=angle, direction=direction),
        blur.line_kernel(ksize, start=start, end=end),
        blur.line_kernel(ksize, start=start, end=end, centred=True),
    ):
        assert kernel.shape == (ksize, ksize) and kernel.dtype == np.float32
        assert abs(kernel.sum() - 1) < 1e-6
        assert len(np.unique(kernel[kernel > 0])) == 1
    ys, xs = np.nonzero(blur.line_kernel(ksize, start=start, end=end, centred=True))
    assert xs.min() + xs.max() == ys.min() + ys.max() == ksize - 1


def test_motion_kernels():
    level = blur.motion_kernel(7, angle=0, direction=0)
    assert np.array_equal(level[3], np.full(7, np.float32(1 / 7))) and level.sum() == level[3].sum()
    assert np.array_equal(np.nonzero(blur.motion_kernel(7, angle=0, direction=1)[3])[0], [3, 4, 5, 6])
    assert np.array_equal(np.nonzero(blur.motion_kernel(7, angle=90, direction=-1)[:, 3])[0], [0, 1, 2, 3])
    moved = blur.motion_kernel(7, angle=0, direction=0, shift=(1, -1))
    assert np.array_equal(np.argwhere(moved), [[2, x] for x in range(1, 7)])


def test_sharpen():
    edges = np.full((3, 3), -1.0)
    edges[1, 1] = 8.5
    kernel = 0.3 * edges
    kernel[1, 1] += 0.7
    expected = correlate(SMOOTH, kernel)
    sharpened = filters.sharpen_kernel(alpha=0.3, lightness=0.5)
    close(filters.correlate(SMOOTH, kernel=sharpened), np.clip(expected, 0, 255), 0.51)
    close(filters.correlate(unit(SMOOTH), kernel=sharpened), expected / 255, 1e-5)
    assert np.array_equal(filters.correlate(SMOOTH, kernel=filters.sharpen_kernel(alpha=0, lightness=1)), SMOOTH)
    soft = blur.gaussian(SMOOTH.astype(np.float64), ksize=5, sigma=1.0)
    expected = np.clip(SMOOTH + 0.5 * (SMOOTH - soft), 0, 255)
    close(filters.unsharp_mask(SMOOTH, alpha=0.5, ksize=5, sigma=1.0), expected, 1.01)
    close(filters.unsharp_mask(unit(SMOOTH), alpha=0.5, ksize=5, sigma=1.0), expected / 255, 1e-5)


# --- noise ------------------------------------------------------------------------------------------------------------


def kurtosis(values):
    centered = values - values.mean()
    return (centered**4).mean() / (centered**2).mean() ** 2


def drawn(dtype, std, mean=0.0, shape=(400, 400, 3), seed=11, **arguments):
    """The noise alone: added to middle gray, where nothing saturates."""
    middle = 128 if dtype == np.uint8 else 0.5
    image = np.full(shape, middle, dtype)
    return noise.gaussian(image, std=std, mean=mean, seed=seed, **arguments).astype(np.float64) - middle


@pytest.mark.parametrize("std", [2.0, 3.2, 7.0, 15.0, 28.0])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_noise_is_normal(dtype, std):
    # 480000 numbers: the standard errors are 0.0014 std (mean), 0.001 (std), 0.007 (kurtosis), 0.0025 (correlation).
    unit_of = 1.0 if dtype == np.uint8 else 1 / 255
    values = drawn(dtype, std * unit_of) / unit_of
    assert abs(values.mean()) < 0.006 * std
    assert abs(values.std() / std - 1) < 0.01
    assert abs(kurtosis(values) - 3) < 0.08
    assert 3.9 < np.abs(values).max() / std < 4.5
    for flat in (values.reshape(-1, 3).T, [values[:, :-1].ravel(), values[:, 1:].ravel()]):
        correlations = np.corrcoef(flat) - np.eye(len(flat))
        assert np.abs(correlations).max() < 0.01
    for z, expected in ((-2.5, 0.00621), (-1.0, 0.15866), (0.0, 0.5), (1.5, 0.93319)):  # the distribution function
        step = 0.5 / std if dtype == np.uint8 else 0.0  # uint8 noise lies on whole levels
        low, high = ((values < (z + d) * std).mean() for d in (-step, step))
        assert low - 0.006 < expected < high + 0.006


def test_noise_mean_and_saturation():
    assert abs(drawn(np.uint8, 10.0, 20.0).mean() - 20) < 0.1
    assert abs(drawn(np.float32, 0.05, -0.1).mean() + 0.1) < 0.001
    wild = noise.gaussian(np.full((100, 100, 3), 128, np.uint8), std=255.0, seed=1)
    assert 0.28 < (wild == 0).mean() < 0.34 and 0.28 < (wild == 255).mean() < 0.34  # P(|z| > 0.5) / 2 = 0.309
    floats = noise.gaussian(np.full((50, 50), 0.5, np.float32), std=1.0, seed=1)
    assert floats.min() == 0 and floats.max() == 1
    assert np.array_equal(noise.gaussian(RGB, std=0.0, seed=3), RGB)
    assert np.array_equal(noise.gaussian(RGB, std=0.0, mean=5, seed=3), cv.saturate(RGB + 5.0, np.uint8))


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_noise_channels_and_seeds(dtype):
    white = cv.white(dtype)
    for count in (3, 5):
        shared = drawn(dtype, 0.05 * white, shape=(60, 60, count), per_channel=False)
        assert (shared == shared[:, :, :1]).all() and shared.std() > 0.04 * white
    assert np.array_equal(drawn(dtype, 0.05 * white, seed=5), drawn(dtype, 0.05 * white, seed=5))
    other = np.corrcoef(drawn(dtype, 0.05 * white, seed=5).ravel(), drawn(dtype, 0.05 * white, seed=6).ravel())
    assert abs(other[0, 1]) < 0.01


@pytest.mark.parametrize("factor", [0.5, 0.25, 0.1])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_coarse_noise(dtype, factor):
    white = cv.white(dtype)
    values = drawn(dtype, 0.1 * white, noise_scale_factor=factor) / white
    assert 0.055 < values.std() < 0.075 and abs(values.mean()) < 0.004
    assert np.corrcoef(values[:, :-1].ravel(), values[:, 1:].ravel())[0, 1] > 0.5


EXPECTED_LEVELS = [[117, 93, 90, 139], [98, 97, 85, 67]]
EXPECTED_NORMALS = [1.0633788, 0.1943766, -1.2526375, -0.2206194]


def test_noise_is_the_same_everywhere():
    """Fixed numbers: what a seed gives may not change between processes, platforms and releases."""
    assert noise.gaussian(np.full((2, 4), 100, np.uint8), std=20.0, seed=7).tolist() == EXPECTED_LEVELS
    close(noise.normal((4,), seed=7), np.array(EXPECTED_NORMALS), 1e-6)
    large = noise.gaussian(np.full((64, 64), 100, np.uint8), std=20.0, seed=7)
    assert zlib.crc32(large.tobytes()) == 1479289927
    code = (
        "import numpy as np; from albumentations.functional import noise;"
        "print(noise.gaussian(np.full((2, 4), 100, np.uint8), std=20.0, seed=7).tolist())"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == str(EXPECTED_LEVELS)


def test_noise_arguments():
    with pytest.raises(ValueError, match="std"):
        noise.gaussian(RGB, std=-1.0, seed=0)
    with pytest.raises(ValueError, match="noise_scale_factor"):
        noise.gaussian(RGB, std=1.0, seed=0, noise_scale_factor=0.0)


# --- quality ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", [quality.jpeg, quality.webp])
@pytest.mark.parametrize("shape", [(72, 88), (72, 88, 1), (72, 88, 3), (72, 88, 5)])
def test_error_falls_with_quality(kernel, shape):
    image = SMOOTH.astype(np.int16) + RNG.integers(-9, 10, SMOOTH.shape)
    image = np.clip(np.concatenate([image, image], axis=2), 0, 255).astype(np.uint8)
    image = image[:, :, 0] if len(shape) == 2 else image[:, :, : shape[2]]
    errors = [np.abs(kernel(image, quality=q).astype(int) - image).mean() for q in (0, 10, 30, 60, 85, 100)]
    assert errors == sorted(errors, reverse=True) and errors[0] > 2 * errors[-1]
    assert errors[-1] < 5


def test_jpeg_is_what_opencv_makes_of_it():
    data = cv2.imencode(".jpg", SMOOTH, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
    assert np.array_equal(quality.jpeg(SMOOTH, quality=40), cv2.imdecode(data, cv2.IMREAD_COLOR))
    close(quality.jpeg(unit(SMOOTH), quality=40), quality.jpeg(SMOOTH, quality=40) / 255, 1e-6)
    for wrong in (-1, 101):
        with pytest.raises(ValueError, match="quality"):
            quality.webp(SMOOTH, quality=wrong)
