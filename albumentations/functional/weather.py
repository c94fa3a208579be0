"""Weather: rain, snow, fog, and what it throws on the lens and on the road.

Everything random follows from a `seed`; lengths are in pixels. Images of 1 or 3 channels and any dtype; what is not
uint8 is computed in float32 and clipped to [0, 1].
"""

from collections.abc import Sequence

import cv2
import numpy as np

from . import blend, blur, color, cv, plasma

Array = np.ndarray
Window = tuple[float, float, float, float]


# --- rain -------------------------------------------------------------------------------------------------------------


def rain(
    image: Array,
    *,
    count: int,
    slant: float,
    length: float,
    width: int,
    tint: Sequence[float],
    blur_size: int,
    brightness: float,
    seed: int,
) -> Array:
    """Blur an image by a box of `blur_size` pixels, draw `count` streaks over it and multiply all by `brightness`.

    A streak goes from (x, y) to (x + `slant`, y + `length`), all in pixels, is `width` pixels wide and of the RGB color
    `tint`, 0 - 255 (one channel: its luma); its places are drawn evenly over the image. Streaks are blurred by a third
    of the box, so that they stay what one sees. 1 or 3 channels, any dtype; floats are clipped to [0, 1]. 340 us at
    256 x 256 x 3 for 110 streaks and a blur of 7, which takes 90. Raises ValueError for other channels and for a count,
    blur or brightness that is out of range.
    """
    blend.need_gray_or_rgb(image, kernel="rain")
    if count < 0 or width < 1 or blur_size < 1 or brightness < 0:
        raise ValueError(f"rain: out of range: {count=}, {width=}, {blur_size=}, {brightness=}")
    mask: Array = np.zeros(image.shape[:2], np.uint8)
    lines = _streaks(image.shape[0], image.shape[1], count, slant, length, seed)
    cv2.polylines(mask, list(lines), False, 255, int(width), cv2.LINE_AA)
    mask = blur.box(mask, ksize=1 + 2 * (blur_size // 6))

    def change(known: Array) -> Array:
        result = blur.box(known, ksize=blur_size)
        weight = mask if known.dtype == cv.UINT8 else mask * np.float32(1 / 255)
        result = blend.toward(result, weight=weight, tint=blend.tint_of(tint, known))
        return color.adjust_brightness(result, factor=brightness)

    return blend.on_levels_or_unit(change, image)


def _streaks(height: int, width: int, count: int, slant: float, length: float, seed: int) -> Array:
    """End points `(count, 2, 2)` of x, y: the middles are even over the width, the tops where the streak still fits."""
    place = blend.random_uniform(seed, (count, 2))
    rest = height - length
    x = place[:, 0] * width - slant / 2
    y = place[:, 1] * max(rest, 0) + min(rest, 0) * (1 - place[:, 1])
    start = np.stack((x, y), axis=1)
    return np.floor(np.stack((start, start + (slant, length)), axis=1)).astype(np.int32)


# --- snow -------------------------------------------------------------------------------------------------------------


def snow_bleach(image: Array, *, threshold: float, coefficient: float) -> Array:
    """Multiply the lightness of HLS by `coefficient` where it is below `threshold`, a fraction of white; white limits.

    1 or 3 channels, any dtype; floats are clipped to [0, 1]. The hue and the saturation of HLS stay, so that every
    pixel is a gain and an offset that depend on its lightness alone: 180 us at 256 x 256 x 3, converting to HLS and
    back 217. Raises ValueError for other channels or a negative coefficient.
    """
    blend.need_gray_or_rgb(image, kernel="snow_bleach")
    if coefficient < 0:
        raise ValueError(f"snow_bleach: coefficient must be at least 0, got {coefficient}")
    return blend.on_levels_or_unit(lambda known: _bleached(known, float(threshold), float(coefficient)), image)


def _bleached(image: Array, threshold: float, coefficient: float) -> Array:
    levels = image.dtype == cv.UINT8
    if cv.channels(image) == 1:
        light = image.reshape(image.shape[:2])
    else:
        parts = color.planes(image)
        high, low = cv2.max(cv2.max(parts[0], parts[1]), parts[2]), cv2.min(cv2.min(parts[0], parts[1]), parts[2])
        light = cv2.addWeighted(high, 0.5, low, 0.5, 0)
    old = np.arange(256) / 255 if levels else light
    new = np.where(old < threshold, np.minimum(old * coefficient, 1), old)
    if cv.channels(image) == 1:
        return cv.lut(image, cv.saturate(new * 255, np.uint8)) if levels else new.reshape(image.shape)
    # Chroma is saturation times 1 - |2 L - 1|: the new one is the old one times the quotient.
    room = np.maximum(1 - np.abs(2 * old - 1), 1e-6)
    gain = (1 - np.abs(2 * new - 1)) / room
    offset = new - gain * old
    if not levels:
        return blend.added(blend.product(image, factor=gain), layer=blend.spread(offset, image))
    if (offset < -1e-9).any():  # darker snow: what is subtracted comes first, or the gain saturates too early
        first = np.maximum(-offset, 0) / np.maximum(gain, 1e-6)
        image = blend.subtracted(image, layer=blend.spread(blend.shaded(light, first, image), image))
    full = cv2.cvtColor(cv.lut(light, gain.astype(np.float32)), cv2.COLOR_GRAY2RGB).reshape(image.shape[0], -1)
    scaled = cv2.multiply(image.reshape(image.shape[0], -1), full, dtype=cv2.CV_8U).reshape(image.shape)
    return blend.added(scaled, layer=blend.spread(blend.shaded(light, offset, image), image))


def snow_texture(image: Array, *, amount: float, coefficient: float, seed: int) -> Array:
    """Cover an image with snow that falls and lies: a white veil, denser in drifts and upwards, and flakes of 4 sizes.

    `amount` in [0, 1] is the share of white in the veil and sets the number of flakes; `coefficient` (above 0) is how
    much snow brightens, 2.5 doing what `amount` says. 1 or 3 channels, any dtype; floats are clipped to [0, 1].
    560 us at 256 x 256 x 3, of which the flakes take 325. Raises ValueError for other channels, values out of range.
    """
    blend.need_gray_or_rgb(image, kernel="snow_texture")
    if not 0 <= amount <= 1 or coefficient <= 0:
        raise ValueError(f"snow_texture: needs amount in [0, 1], coefficient above 0, got {amount} and {coefficient}")
    height, width = image.shape[:2]
    veil = plasma.field(height, width, seed=seed, roughness=2.0, size=16)
    depth = cv.saturate(np.linspace(255, 150, height), np.uint8)
    veil = cv2.multiply(veil, np.repeat(depth[:, None], width, axis=1), scale=1 / 255)
    share = min(amount * coefficient / 2.5, 1.0)
    weight = cv.lut(veil, cv.saturate(255 * share * (0.5 + 1.1 * np.arange(256) / 255), np.uint8))
    flakes = _flakes(height, width, share, seed + 1)
    layer = cv2.max(weight, flakes)
    return blend.on_levels_or_unit(
        lambda known: blend.toward_white(
            known, weight=layer if known.dtype == cv.UINT8 else layer * np.float32(1 / 255)
        ),
        image,
    )


def _flakes(height: int, width: int, share: float, seed: int) -> Array:
    """Opacity of falling flakes, uint8: dots of four sizes, the larger the fewer and the softer."""
    result: Array = np.zeros((height, width), np.uint8)
    for order, (size, density) in enumerate(((1, 0.05), (2, 0.04), (4, 0.035), (7, 0.03))):
        rows, columns = -(-height // size), -(-width // size)
        bits = blend.random_bytes(seed + order, (rows, columns))
        # Flakes of a size differ in opacity: the bytes that pass are spread over the upper half.
        limit = min(round(256 * density * min(4 * share, 1.5)), 255)
        table = np.zeros(256)
        table[:limit] = np.linspace(150, 255, max(limit, 1))[:limit]
        dots = cv.lut(bits, cv.saturate(table, np.uint8))
        if size > 1:
            dots = cv2.resize(dots, (width, height), interpolation=cv2.INTER_CUBIC if size > 2 else cv2.INTER_LINEAR)
        result = cv2.max(result, dots)
    return cv2.convertScaleAbs(cv2.GaussianBlur(result, (3, 3), 0.6), alpha=1.25)


# --- fog --------------------------------------------------------------------------------------------------------------


def fog(image: Array, *, density: float, alpha: float, seed: int) -> Array:
    """Lay fog over an image: what is behind it is blurred and fades into white, half of it evenly, half in drifts.

    Light gets through as in Koschmieder's law: transmission exp(-t). t is -ln(1 - `alpha`) (one layer of opacity
    `alpha`, in [0, 1]) times a fractal field whose mean is 2.5 times the square of `density`, in [0, 1]. The
    blur is a box of 1/50 of the width times `density`. 1 or 3 channels, any dtype; floats are clipped to [0, 1].
    260 us at 256 x 256 x 3: field 115, blur 90, blending 50. Raises ValueError for other channels, values out of range.
    """
    blend.need_gray_or_rgb(image, kernel="fog")
    if not (0 <= density <= 1 and 0 <= alpha <= 1):
        raise ValueError(f"fog: needs density and alpha in [0, 1], got {density} and {alpha}")
    height, width = image.shape[:2]
    drifts = plasma.field(height, width, seed=seed, roughness=2.5, size=32)
    # Half a veil, half drifts; the square of a field of mean 0.5 and deviation 0.2 has a mean of 0.29.
    layers = 2.5 * density**2 * (0.5 + 0.5 / 0.29 * (np.arange(256) / 255) ** 2)
    opacity = 1 - (1 - alpha) ** layers
    size = int(width * density / 50)

    def change(known: Array) -> Array:
        soft = blur.box(known, ksize=size) if size > 1 else known.copy()
        if not opacity.any():  # not a bit is changed then: blending floats with a weight of 0 rounds
            return soft
        return blend.toward_white(soft, weight=blend.shaded(drifts, opacity, known))

    return blend.on_levels_or_unit(change, image)


# --- gravel -----------------------------------------------------------------------------------------------------------


def gravel(image: Array, *, patches: Sequence[Window], seed: int, share: float = 0.015) -> Array:
    """Strew stones over rectangles, denser towards their middles: gray pebbles of 3 - 9 pixels that throw a shadow.

    A patch is (x_min, y_min, x_max, y_max) as fractions of the image; it gets `share` stones a pixel, larger ones on
    top. 1 or 3 channels, any dtype. 5 us a stone, of which its three polygons take 3. Raises ValueError for other
    channels.
    """
    blend.need_gray_or_rgb(image, kernel="gravel")
    height, width = image.shape[:2]
    result = image.copy(order="C")
    scale = np.array((width, height, width, height))
    for number, patch in enumerate(patches):
        left, top, right, bottom = np.asarray(patch, dtype=np.float64) * scale
        count = max(1, round((right - left) * (bottom - top) * share)) if right > left and bottom > top else 0
        draws = blend.random_uniform(seed + number, (count, 8))
        x = left + (draws[:, 0] + draws[:, 1]) / 2 * (right - left)
        y = top + (draws[:, 2] + draws[:, 3]) / 2 * (bottom - top)
        size = 1 + 3 * np.sort(draws[:, 4] ** 2)  # few are large
        _stones(result, np.stack((x, y), axis=1), size, draws[:, 5:])
    return result


# Corners of a pebble around its middle, and of the part of it that the light from the upper left meets.
_TURNS = np.arange(7) * (2 * np.pi / 7)
_LIT = np.array((-0.25, -0.3))


def _stones(image: Array, places: Array, sizes: Array, draws: Array) -> None:
    """Draw pebbles into an image, in order: a shadow at the lower right, the stone, and its lit side.

    `draws`, three a stone in [0, 1), are its shade, how flat it lies and which way it is turned.
    """
    count, white = cv.channels(image), cv.white(image.dtype)
    known = image.dtype in cv.NATIVE
    canvas = image if known else np.full((*image.shape[:2], count), -1.0)
    angles = _TURNS + 2 * np.pi * draws[:, 2:]
    # Corners lie nearer to the middle and further from it in turns, so that no pebble is round.
    reach = sizes[:, None] * (1 + 0.2 * np.sin(3 * angles + 9 * draws[:, :1]))
    corners = np.stack((np.cos(angles) * reach, np.sin(angles) * reach * (0.6 + 0.3 * draws[:, 1:2])), axis=2)
    shades = white * (0.25 + 0.5 * draws[:, 0])
    around = places[:, None]
    layers = [
        (around + corners + 0.3 * sizes[:, None, None] + 0.5, shades * 0.3),
        (around + corners, shades),
        (around + corners * 0.5 + _LIT * sizes[:, None, None], shades * 1.35),
    ]
    points = [np.floor(outline).astype(np.int32) for outline, _ in layers]
    for stone in range(len(sizes)):
        for outline, (_, values) in zip(points, layers):
            cv2.fillConvexPoly(canvas, outline[stone], [min(float(values[stone]), white)] * count)
    if not known:  # dtypes that OpenCV cannot draw on: what was touched is copied
        touched = canvas[:, :, 0] >= 0
        image[touched] = cv.saturate(canvas, image.dtype).reshape(image.shape)[touched]


# --- spatter ----------------------------------------------------------------------------------------------------------


def spatter(
    image: Array,
    *,
    mean: float,
    std: float,
    sigma: float,
    threshold: float,
    intensity: float,
    tint: Sequence[float],
    seed: int,
    mode: str = "rain",
) -> Array:
    """Spatter a lens with water or mud (the corruption of Hendrycks and Dietterich, 2019).

    Liquid lies where Gaussian noise of `mean` and `std`, blurred by `sigma` pixels, exceeds `threshold`. "rain" adds
    light of the RGB color `tint` (0 - 255), up to `intensity` of it, on drops lit from the upper left; "mud" covers
    what is thickest with `tint`, lit likewise; 1 - (1 - `intensity`)^2 is its opacity. 1 or 3 channels, any dtype;
    floats are clipped to [0, 1]. 290 us at 256 x 256 x 3, mud 580, of which the noise takes 90. Raises ValueError for
    other channels, modes and values out of range.
    """
    blend.need_gray_or_rgb(image, kernel="spatter")
    if mode not in ("rain", "mud"):
        raise ValueError(f'spatter: mode must be "rain" or "mud", got {mode!r}')
    if std < 0 or sigma < 0 or intensity < 0:
        raise ValueError(f"spatter: out of range: {std=}, {sigma=}, {intensity=}")
    liquid = _liquid(*image.shape[:2], sigma=sigma, seed=seed)
    # What is left of the deviation of white noise after a Gaussian blur.
    left = std / max(1.0, 2 * np.sqrt(np.pi) * sigma)
    level = float(np.clip((threshold - mean) / max(left, 1e-9), -9, 9))

    lit = _lit(liquid, sigma)
    if mode == "rain":
        plane = _drops(liquid, level, lit)
        strengths = np.minimum(np.arange(256) / 255 * intensity, 1)
    else:
        plane = _clots(liquid, level, sigma)
        strengths = np.arange(256) / 255 * (1 - (1 - min(intensity, 1)) ** 2)
        rise = cv.lut(lit, cv.saturate(1.6 * (np.arange(256) - 84.0), np.uint8))
        lit = cv2.multiply(plane, rise, scale=1 / 255)

    def change(known: Array) -> Array:
        weight, colors = blend.shaded(plane, strengths, known), blend.tint_of(tint, known)
        if mode == "rain":
            return blend.added(known, layer=blend.tinted(weight, colors, known))
        light = blend.tinted(blend.shaded(lit, strengths, known), [0.25 + 0.75 * part for part in colors], known)
        return blend.added(blend.toward(known, weight=weight, tint=colors), layer=light)

    return blend.on_levels_or_unit(change, image)


def _liquid(height: int, width: int, *, sigma: float, seed: int) -> Array:
    """Blurred noise of mean 0 and deviation 1, float32 `(height, width)`; from sigma 2 on drawn at half the size."""
    step = 2 if sigma >= 2 else 1
    rows, columns = -(-height // step), -(-width // step)
    noise: Array = blend.random_bytes(seed, (rows, columns)).astype(np.float32)
    if sigma > 0:
        noise = cv2.GaussianBlur(noise, (0, 0), sigma / step)
    center, deviation = (float(value[0, 0]) for value in cv2.meanStdDev(noise))
    noise -= np.float32(center)
    noise *= np.float32(1 / max(deviation, 1e-6))
    return cv2.resize(noise, (width, height)) if step > 1 else noise


def _lit(liquid: Array, sigma: float) -> Array:
    """How much light the surface of a liquid sends back, uint8: 84 where it is level, more on its upper left slopes."""
    # Against z = a x + b y this is 4 (a + b), whose deviation is 4 / sigma in noise that was blurred by sigma.
    slope = cv2.filter2D(liquid, -1, np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]], np.float32))
    slope *= np.float32(130 * max(sigma, 0.5) / 4)
    slope += np.float32(84)
    return cv.saturate(np.maximum(slope, np.float32(30)), np.uint8)


def _drops(liquid: Array, level: float, lit: Array) -> Array:
    """How brightly drops shine, uint8: soft at the edge, dim inside, bright where they are lit."""
    body = cv2.threshold(liquid - np.float32(level), 0, 0, cv2.THRESH_TOZERO)[1]
    return cv2.multiply(cv2.convertScaleAbs(body, alpha=5 * 255), lit, scale=1 / 255)


def _clots(liquid: Array, level: float, sigma: float) -> Array:
    """Opacity of mud, uint8: the places around which most is covered, with a short edge."""
    covered: Array = (liquid > level).view(np.uint8) * np.uint8(255)
    if sigma > 0:
        covered = cv2.GaussianBlur(covered, (0, 0), sigma)
    return cv.lut(covered, cv.saturate(255 * np.clip((np.arange(256) / 255 - 0.7) / 0.08, 0, 1), np.uint8))
