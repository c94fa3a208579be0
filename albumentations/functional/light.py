"""Light: shadows with edges, sun flares, uneven illumination, the color of the illuminant."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from . import blend, color, cv

Array = np.ndarray
Ghost = tuple[float, float, float, float, Sequence[float]]

# CIE XYZ to linear sRGB (IEC 61966-2-1).
_XYZ_TO_RGB = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
)


# --- shadows ----------------------------------------------------------------------------------------------------------


def shadow(image: Array, *, polygons: Sequence[Array], intensities: Sequence[float]) -> Array:
    """Darken the inside of polygons: values are multiplied by 1 - intensity, each in [0, 1], one a polygon.

    A polygon is `(N, 2)`, x and y as fractions of the image's width and height; it may cross itself (even-odd rule).
    Where polygons overlap the deeper shadow counts. Any channels, any dtype. 50 us a polygon at 256 x 256 x 3, where
    filling its mask takes 8. Raises ValueError for another intensity or number of them.
    """
    if len(polygons) != len(intensities) or not all(0 <= value <= 1 for value in intensities):
        raise ValueError(f"shadow: needs an intensity in [0, 1] for each of {len(polygons)} polygons: {intensities}")
    result = image.copy(order="C")
    size = np.array((image.shape[1], image.shape[0]))
    for intensity, polygon in sorted(zip(intensities, polygons), key=lambda pair: pair[0]):
        points = np.rint(np.asarray(polygon, dtype=np.float64).reshape(-1, 2) * size - 0.5)
        left, top = np.clip(points.min(axis=0), 0, size - 1).astype(int)
        right, bottom = np.clip(points.max(axis=0), 0, size - 1).astype(int) + 1
        mask = np.zeros((bottom - top, right - left), np.uint8)
        cv2.fillPoly(mask, [(points - (left, top)).astype(np.int32)], 255)
        part = (slice(top, bottom), slice(left, right))
        _replace(result, part, color.adjust_brightness(image[part], factor=1 - intensity), mask)
    return result


def _replace(target: Array, part: tuple[slice, slice], values: Array, mask: Array) -> None:
    """Write values to a part of an array where the mask is not 0."""
    if target.dtype in (cv.UINT8, cv.FLOAT32) and cv.channels(target) <= 4:
        cut = cv.contiguous(target[part])  # the copy is of the bounding box only; with NumPy's where 10 times as long
        cv2.copyTo(values, mask, cut)
        target[part] = cut
    else:
        inside = mask > 0
        target[part][inside] = values[inside]


# --- the sun in the lens ----------------------------------------------------------------------------------------------


def flare(
    image: Array,
    *,
    center: tuple[float, float],
    radius: float,
    tint: Sequence[float],
    ghosts: Sequence[Ghost] = (),
    method: str = "overlay",
) -> Array:
    """Put a sun into the picture: a glow around it and the ghosts that it leaves in the lens.

    `center` x, y as fractions of the image, which it may lie outside of; `radius` of the glow in pixels, none below 1;
    `tint` RGB, 0 - 255. A ghost is (alpha, x, y, radius, RGB): its opacity in [0, 1], center as fractions, radius in
    pixels. `method` "overlay" paints flat discs and a glow over the image; "physics_based" adds light only (screen
    blending), with rays and soft ghosts brighter at the rim. 1 or 3 channels, any dtype; floats are clipped
    to [0, 1]. Raises ValueError for other channels, methods or a negative radius.
    """
    blend.need_gray_or_rgb(image, kernel="flare")
    if method not in ("overlay", "physics_based"):
        raise ValueError(f'flare: method must be "overlay" or "physics_based", got {method!r}')
    if radius < 0:
        raise ValueError(f"flare: radius must be at least 0, got {radius}")
    height, width = image.shape[:2]
    place = (center[0] * width - 0.5, center[1] * height - 0.5)
    scaled = [(g[0], g[1] * width - 0.5, g[2] * height - 0.5, float(g[3]), g[4]) for g in ghosts]
    if method == "overlay":
        return blend.on_levels_or_unit(lambda known: _overlaid(known, place, radius, tint, scaled), image)
    layer = _lens_layer(height, width, place, radius, tint, scaled)
    return blend.on_levels_or_unit(lambda known: _screened(known, layer), image)


def _overlaid(
    image: Array, place: tuple[float, float], radius: float, tint: Sequence[float], ghosts: Sequence[Ghost]
) -> Array:
    result = image.copy()
    for alpha, x, y, size, rgb in ghosts:
        _disc(result, x, y, size, blend.tint_of(rgb, image), alpha)
    height, width = image.shape[:2]
    top, bottom = max(0, math.ceil(place[1] - radius)), min(height, math.floor(place[1] + radius) + 1)
    left, right = max(0, math.ceil(place[0] - radius)), min(width, math.floor(place[0] + radius) + 1)
    if radius < 1 or top >= bottom or left >= right:
        return result
    part = cv.contiguous(result[top:bottom, left:right])
    distance = _distance(part.shape[0], part.shape[1], place[0] - left, place[1] - top)
    index = cv2.convertScaleAbs(distance, alpha=255 / radius)
    weight = blend.shaded(index, _glow(radius), part)
    colors = blend.tint_of(tint, image)
    bright = min(colors) >= 1
    result[top:bottom, left:right] = (
        blend.toward_white(part, weight=weight) if bright else blend.toward(part, weight=weight, tint=colors)
    )
    return result


def _distance(height: int, width: int, x: float, y: float) -> Array:
    """Distance in pixels from a point, float32 `(height, width)`."""
    across = (np.arange(width, dtype=np.float32) - np.float32(x)) ** 2
    down = (np.arange(height, dtype=np.float32) - np.float32(y)) ** 2
    return cv2.sqrt(down[:, None] + across)


def _glow(radius: float) -> Array:
    """Opacity of the classic glow at 256 distances from 0 to `radius`.

    It is the limit of concentric discs, one for every 10 pixels of radius, the disc of radius r having the opacity
    (1 - r / radius)^3: transmissions multiply, so that their logarithms are integrated.
    """
    inward = (np.arange(256) + 0.5) / 256
    log_rest = np.cumsum(np.log1p(-np.minimum(inward**3, 1 - 1e-9))) / 256 * (radius / 10)
    return (1 - np.exp(log_rest))[::-1]


def _disc(image: Array, x: float, y: float, radius: float, tint: Sequence[float], alpha: float) -> None:
    """Blend a filled circle into an image, touching its bounding box only."""
    height, width = image.shape[:2]
    column, row, reach = round(x), round(y), max(0, round(radius))
    top, bottom, left, right = max(0, row - reach), min(height, row + reach + 1), column - reach, column + reach + 1
    left, right = max(0, left), min(width, right)
    if top >= bottom or left >= right:
        return
    old = cv.contiguous(image[top:bottom, left:right])
    new = old.copy()
    cv2.circle(new, (column - left, row - top), reach, [part * cv.white(image.dtype) for part in tint], -1)
    image[top:bottom, left:right] = cv2.addWeighted(new, alpha, old, 1 - alpha, 0).reshape(old.shape)


def _lens_layer(
    height: int, width: int, place: tuple[float, float], radius: float, tint: Sequence[float], ghosts: Sequence[Ghost]
) -> Array:
    """The light that a sun adds, uint8 RGB, drawn at a quarter of the size: it is soft everywhere."""
    rows, columns = -(-height // 4), -(-width // 4)
    x, y, reach = (place[0] - 1.5) / 4, (place[1] - 1.5) / 4, max(radius, 1.0) / 4
    distance = _distance(rows, columns, x, y)
    halo = np.exp(distance * np.float32(-2.2 / reach))
    halo *= np.float32(0.62)
    halo += np.exp(np.minimum(distance, reach) ** 2 * np.float32(-1 / (0.08 * reach) ** 2))
    layer = cv2.convertScaleAbs(cv2.cvtColor(halo, cv2.COLOR_GRAY2RGB), alpha=255)
    rays = np.zeros((rows, columns), np.uint8)
    for turn in range(12):  # twelve rays, every other one shorter, as from the blades of an iris
        angle, length = math.radians(30 * turn + 8), reach * (1.0 if turn % 2 else 0.6)
        end = (round(x + length * math.cos(angle)), round(y + length * math.sin(angle)))
        cv2.line(rays, (round(x), round(y)), end, 255, 1, cv2.LINE_AA)
    faded = cv2.multiply(cv2.blur(rays, (3, 3)), cv2.convertScaleAbs(halo, alpha=200), scale=1 / 255)
    layer = cv2.add(layer, cv2.cvtColor(faded, cv2.COLOR_GRAY2RGB))
    layer = blend.product(layer, factor=np.full(layer.shape, np.clip(np.asarray(tint), 0, 255), np.uint8))
    for alpha, ghost_x, ghost_y, size, rgb in ghosts:
        middle, inner = (round(ghost_x / 4), round(ghost_y / 4)), max(1, round(size / 4))
        disc = np.zeros_like(layer)
        cv2.circle(disc, middle, inner, [value * alpha for value in rgb], -1)
        cv2.circle(disc, middle, inner, [min(255.0, value * alpha * 1.6) for value in rgb], 1)
        layer = cv2.add(layer, disc)
    return cv2.resize(cv2.blur(layer, (3, 3)), (width, height))


def _screened(image: Array, layer: Array) -> Array:
    if cv.channels(image) == 1:
        layer = cv2.cvtColor(layer, cv2.COLOR_RGB2GRAY).reshape(image.shape)
    if image.dtype == cv.FLOAT32:
        layer = layer * np.float32(1 / 255)
    return blend.toward_white(image, weight=layer)


# --- illumination -----------------------------------------------------------------------------------------------------


def linear_illumination(image: Array, *, intensity: float, angle: float) -> Array:
    """Multiply by 1 + `intensity` * g, g running from -1 in one corner or side to 1 in the opposite one.

    `angle` is where the light comes from, in degrees from the positive x axis towards positive y (down); `intensity`
    in [-1, 1]. Any channels, any dtype; uint8 within 1 level for intensities up to 0.2; floats are clipped to [0, 1].
    """
    across, down = _centred(image.shape[1]), _centred(image.shape[0])
    across, down = across * math.cos(math.radians(angle)), down * math.sin(math.radians(angle))
    reach = max(float(np.abs(across).max() + np.abs(down).max()), 1e-9)
    return _lit(image, np.add.outer(down / reach, across / reach).astype(np.float32), intensity)


def corner_illumination(image: Array, *, intensity: float, corner: int) -> Array:
    """Multiply by 1 - `intensity` * d, d being the distance from a corner in diagonals of the image.

    `corner` 0 to 3: top left, top right, bottom right, bottom left; the other arguments are those of
    `linear_illumination`. Raises ValueError for another corner.
    """
    if corner not in range(4):
        raise ValueError(f"corner_illumination: corner must be 0, 1, 2 or 3, got {corner}")
    height, width = image.shape[:2]
    distance = _distance(height, width, (width - 1) * (corner in (1, 2)), (height - 1) * (corner in (2, 3)))
    return _lit(image, distance * np.float32(-1 / math.hypot(width, height)), intensity)


def gaussian_illumination(image: Array, *, intensity: float, center: tuple[float, float], sigma: float) -> Array:
    """Multiply by 1 + `intensity` * exp(-d^2 / (2 sigma^2)), d being the distance from a point.

    `center` x, y as fractions of the image; d and `sigma` (above 0) as fractions of its longer side; the other
    arguments are those of `linear_illumination`.
    """
    if sigma <= 0:
        raise ValueError(f"gaussian_illumination: sigma must be above 0, got {sigma}")
    height, width = image.shape[:2]
    scale = 1 / (max(height, width) * sigma)
    across = np.exp(-(((np.arange(width) - (center[0] * width - 0.5)) * scale) ** 2) / 2)
    down = np.exp(-(((np.arange(height) - (center[1] * height - 0.5)) * scale) ** 2) / 2)
    return _lit(image, np.outer(down, across).astype(np.float32), intensity)


def _centred(side: int) -> Array:
    """Places of pixels along a side, from -1 to 1; a single pixel is in the middle."""
    return np.linspace(-1, 1, side) if side > 1 else np.zeros(1)


def _lit(image: Array, share: Array, intensity: float) -> Array:
    """Multiply by `1 + intensity * share`, a float32 plane in [-1, 1]."""
    if not -1 <= intensity <= 1:
        raise ValueError(f"illumination: intensity must lie in [-1, 1], got {intensity}")

    def change(known: Array) -> Array:
        if known.dtype != cv.UINT8:
            return blend.product(known, factor=share * np.float32(intensity) + 1)
        # A byte holds the gain: 85 - 110 us at 256 x 256 x 3 (the product 35, by a float gain 70).
        top = 1 + abs(intensity)
        gain = cv2.convertScaleAbs(share, alpha=255 / top * intensity, beta=255 / top)
        return blend.product(known, factor=gain, scale=top)

    return blend.on_levels_or_unit(change, image)


# --- illuminants ------------------------------------------------------------------------------------------------------


def planckian(image: Array, *, temperature: float, mode: str = "blackbody") -> Array:
    """Light an RGB image by an illuminant of another temperature, in kelvin (Planckian jitter: Zini et al., 2023).

    Red and blue are multiplied by `illuminant(temperature, mode)`, green stays. Any dtype; floats are clipped to
    [0, 1]. One diagonal matrix: 30 us at 256 x 256 x 3.
    """
    color.need_rgb(image, kernel="planckian")
    return color.matrix(image, matrix=np.diag(illuminant(temperature, mode=mode)))


def illuminant(temperature: float, *, mode: str = "blackbody") -> Array:
    """Red, green and blue of an illuminant in linear sRGB, green being 1; CIE D65 is (1, 1, 1).

    `mode` "blackbody": a Planckian radiator of 1000 - 15000 K, by the rational approximation of its chromaticity of
    Krystek (Color Research and Application 10, 1985); at 6500 K it is (1.05, 1, 1.04), since daylight is greener.
    "cied": CIE daylight of 4000 - 25000 K (CIE 15, method of Judd, MacAdam and Wyszecki, 1964). Blue that falls outside
    sRGB is 0. Raises ValueError outside these ranges.
    """
    if mode not in ("blackbody", "cied"):
        raise ValueError(f'illuminant: mode must be "blackbody" or "cied", got {mode!r}')
    low, high = (1000, 15000) if mode == "blackbody" else (4000, 25000)
    if not low <= temperature <= high:
        raise ValueError(f"illuminant: temperature must lie in [{low}, {high}] K for {mode}, got {temperature}")
    x, y = (_planckian_xy if mode == "blackbody" else _daylight_xy)(float(temperature))
    rgb = _XYZ_TO_RGB @ (x / y, 1.0, (1 - x - y) / y)
    return np.maximum(rgb / rgb[1], 0.0)


def _planckian_xy(t: float) -> tuple[float, float]:
    u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) / (1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t)
    v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) / (1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t)
    scale = 2 * u - 8 * v + 4
    return 3 * u / scale, 2 * v / scale


def _daylight_xy(t: float) -> tuple[float, float]:
    if t <= 7000:
        x = -4.6070e9 / t**3 + 2.9678e6 / t**2 + 0.09911e3 / t + 0.244063
    else:
        x = -2.0064e9 / t**3 + 1.9018e6 / t**2 + 0.24748e3 / t + 0.237040
    return x, -3 * x * x + 2.870 * x - 0.275
