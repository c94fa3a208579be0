"""Functions of older releases that light, blur, and spoil images, and change volumes, as calls of kernels.

Images are arrays (H, W) or (H, W, C); volumes (D, H, W[, C]). Where a release drew its numbers from a generator that a
program gave it, a seed is drawn from that.
"""

from collections.abc import Callable, Sequence
from typing import Any, Optional

import cv2
import numpy as np

from ..core.forms import forms
from ..functional import (
    blur,
    color,
    cv,
    domain,
    filters,
    lens,
    light,
    mix,
    morphology,
    moves,
    quality,
    sensor,
    volumes,
    warp,
    weather,
)
from ..functional import superpixels as patches
from ..transforms.domain import read_rgb_image
from .forms import Table, seed_of
from .images import _LINEAR, _added, _crop, _cutout, _floats, _padded, _resized_to


def _each(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """A function of images as one of volumes, or stacks of them: over every slice, of the leading axis."""
    return lambda stack, *args, **kwargs: np.stack([function(picture, *args, **kwargs) for picture in stack])


def _shadow(img: np.ndarray, vertices_list: Any, intensities: Any = None) -> np.ndarray:
    """Polygons in pixels; half as light in HLS terms where no intensity is given."""
    size = np.array((img.shape[1], img.shape[0]), dtype=np.float64)
    polygons = [(np.asarray(vertices, dtype=np.float64).reshape(-1, 2) + 0.5) / size for vertices in vertices_list]
    return light.shadow(
        img, polygons=polygons, intensities=[0.5] * len(polygons) if intensities is None else intensities
    )


def _snow(img: np.ndarray, snow_point: float, brightness_coeff: float) -> np.ndarray:
    """`snow_point` in [0, 1]; lightness is raised below (1 + snow_point) / 2 of two thirds of white ... of white."""
    return weather.snow_bleach(img, threshold=snow_point / 2 + 1 / 3, coefficient=brightness_coeff)


def _flare(method: str) -> Callable[..., np.ndarray]:
    def called(
        img: np.ndarray, flare_center: Any, src_radius: float, src_color: Any, circles: Sequence[Any]
    ) -> np.ndarray:
        height, width = img.shape[:2]

        def place(point: Any) -> tuple[float, float]:
            return (point[0] + 0.5) / width, (point[1] + 0.5) / height

        ghosts = [(alpha, *place(center), radius, tint) for alpha, center, radius, tint in circles]
        return light.flare(
            img, center=place(flare_center), radius=src_radius, tint=src_color, ghosts=ghosts, method=method
        )

    return called


def _compressed(img: np.ndarray, quality_: int, image_type: str) -> np.ndarray:
    kernels = {".jpg": quality.jpeg, ".jpeg": quality.jpeg, ".webp": quality.webp}
    if image_type not in kernels:
        raise ValueError(f"image_type={image_type!r} must be one of {', '.join(kernels)}")
    return kernels[image_type](img, quality=int(quality_))


def _multiplied(img: np.ndarray, multiplier: Any) -> np.ndarray:
    return _floats(img, lambda values: values * np.asarray(multiplier))


def _salt_and_pepper(img: np.ndarray, salt_mask: np.ndarray, pepper_mask: np.ndarray) -> np.ndarray:
    result = img.copy()
    result[np.asarray(salt_mask, dtype=bool)] = cv.white(img.dtype)
    result[np.asarray(pepper_mask, dtype=bool)] = 0
    return result


def _chromatic(
    img: np.ndarray,
    primary_distortion_red: float,
    secondary_distortion_red: float,
    primary_distortion_blue: float,
    secondary_distortion_blue: float,
    interpolation: int,
) -> np.ndarray:
    red = (primary_distortion_red, secondary_distortion_red)
    blue = (primary_distortion_blue, secondary_distortion_blue)
    return lens.chromatic_aberration(img, red=red, blue=blue, interpolation=interpolation)


def _zoomed(img: np.ndarray, zoom_factors: Any) -> np.ndarray:
    """The mean of the image and of its middle enlarged by every factor."""
    copies = [img.astype(np.float64)] + [_zoom(img, factor).astype(np.float64) for factor in zoom_factors]
    return _floats(img, lambda values: sum(copies) / len(copies))  # type: ignore[arg-type,return-value]


def _zoom(img: np.ndarray, zoom_factor: float) -> np.ndarray:
    height, width = img.shape[:2]
    rows, columns = int(np.ceil(height / zoom_factor)), int(np.ceil(width / zoom_factor))
    top, left = (height - rows) // 2, (width - columns) // 2
    part = _crop(img, left, top, left + columns, top + rows)
    return warp.resize(part, size=(height, width), interpolation=_LINEAR)


def _plasma_shadow(img: np.ndarray, intensity: float, plasma_pattern: np.ndarray) -> np.ndarray:
    return _floats(img, lambda values: values * _plane(1 - np.asarray(plasma_pattern) * intensity, values))


def _plasma(
    img: np.ndarray, brightness_factor: float, contrast_factor: float, plasma_pattern: np.ndarray
) -> np.ndarray:
    """Brighter by a fraction of white and of more contrast about the mean, as far as the pattern says."""

    def change(values: np.ndarray) -> np.ndarray:
        pattern = _plane(np.asarray(plasma_pattern), values)
        bright = values + brightness_factor * cv.white(img.dtype) * pattern
        return bright.mean() + (bright - bright.mean()) * (1 + contrast_factor * pattern)

    return _floats(img, change)


def _plane(plane: np.ndarray, image: np.ndarray) -> np.ndarray:
    return plane[..., None] if plane.ndim < image.ndim else plane


def _superpixels(
    image: np.ndarray, n_segments: int, replace_samples: Sequence[bool], max_size: Optional[int], interpolation: int
) -> np.ndarray:
    """Superpixel i is painted where `replace_samples` says so, which is repeated."""
    size = image.shape[:2]
    small = image
    if max_size is not None and max(size) > max_size:
        small = _resized_to(image, max_size / max(size), interpolation)
    labels = patches.segments(small, n_segments=n_segments)
    result = small.astype(np.float64)
    for label in np.unique(labels):
        if replace_samples[int(label) % len(replace_samples)]:
            result[labels == label] = small[labels == label].mean(axis=0)
    return warp.resize(cv.saturate(result, image.dtype), size=size, interpolation=interpolation)


def _mud(img: np.ndarray, non_mud: np.ndarray, mud: np.ndarray) -> np.ndarray:
    return _floats(img, lambda values: values * non_mud + np.asarray(mud) * cv.white(img.dtype))


def _wet(img: np.ndarray, rain: np.ndarray) -> np.ndarray:
    return _floats(img, lambda values: values + np.asarray(rain) * cv.white(img.dtype))


def _gravel(img: np.ndarray, gravels: Sequence[Sequence[int]]) -> np.ndarray:
    """Lines (y_min, y_max, x_min, x_max, lightness of HLS in 255ths)."""
    color.need_rgb(img, kernel="add_gravel")

    def change(levels: np.ndarray) -> np.ndarray:
        hls = cv2.cvtColor(levels, cv2.COLOR_RGB2HLS)
        for y_min, y_max, x_min, x_max, lightness in gravels:
            hls[x_min:x_max, y_min:y_max, 1] = lightness
        return cv2.cvtColor(hls, cv2.COLOR_HLS2RGB)

    return color.on_uint8(change, img)


def _rain(
    img: np.ndarray,
    slant: float,
    drop_length: int,
    drop_width: int,
    drop_color: Sequence[int],
    blur_value: int,
    brightness_coefficient: float,
    rain_drops: Sequence[Sequence[int]],
) -> np.ndarray:
    """Lines from every drop (x, y), then a box blur and the value of HSV times the coefficient."""

    def change(levels: np.ndarray) -> np.ndarray:
        result = levels.copy()
        for x, y in np.asarray(rain_drops, dtype=np.int64).reshape(-1, 2).tolist():
            end = (int(x + slant), int(y + drop_length))
            cv2.line(result, (x, y), end, tuple(int(value) for value in drop_color), int(drop_width))
        result = cv2.blur(result, (int(blur_value), int(blur_value)))
        return color.adjust_brightness(result, factor=brightness_coefficient)

    return color.on_uint8(change, img)


def _low_frequencies(amp_src: np.ndarray, amp_trg: np.ndarray, beta: float) -> np.ndarray:
    """Centred amplitudes (H, W) whose middle, `beta` of the shorter side to each side, is taken over from another."""
    result = amp_src.copy()
    border = int(np.floor(min(amp_src.shape[:2]) * beta))
    y, x = amp_src.shape[0] // 2, amp_src.shape[1] // 2
    place = (slice(max(0, y - border), y + border + 1), slice(max(0, x - border), x + border + 1))
    result[place] = amp_trg[place]
    return result


EFFECTS: Table = {
    # Light and weather.
    "add_shadow": _shadow,
    "add_snow": _snow,
    "add_snow_bleach": _snow,
    "add_rain": _rain,
    "add_gravel": _gravel,
    "add_sun_flare": forms(
        lambda img, flare_center_x, flare_center_y, src_radius, src_color, circles: _flare("overlay")(
            img, (flare_center_x, flare_center_y), src_radius, src_color, circles
        )
    ),
    "add_sun_flare_overlay": _flare("overlay"),
    "add_sun_flare_physics_based": _flare("physics_based"),
    "spatter_rain": _wet,
    "spatter_mud": _mud,
    "spatter": lambda img, non_mud, mud, rain, mode: _wet(img, rain) if mode == "rain" else _mud(img, non_mud, mud),
    "apply_linear_illumination": lambda img, intensity, angle: light.linear_illumination(
        img, intensity=intensity, angle=angle
    ),
    "apply_corner_illumination": lambda img, intensity, corner: light.corner_illumination(
        img, intensity=intensity, corner=corner
    ),
    "apply_gaussian_illumination": lambda img, intensity, center, sigma: light.gaussian_illumination(
        img, intensity=intensity, center=center, sigma=sigma
    ),
    "apply_illumination_pattern": lambda img, pattern, intensity: _floats(
        img, lambda values: values * (1 + intensity * _plane(np.asarray(pattern), values))
    ),
    "apply_plasma_shadow": _plasma_shadow,
    "apply_plasma_brightness_contrast": _plasma,
    "chromatic_aberration": _chromatic,
    # Blur and filters.
    "blur": lambda img, ksize: blur.box(img, ksize=ksize),
    "box_blur": lambda img, ksize: blur.box(img, ksize=ksize),
    "median_blur": lambda img, ksize: blur.median(img, ksize=ksize),
    "gaussian_blur": lambda img, ksize, sigma=0: blur.gaussian(img, ksize=ksize, sigma=sigma),
    "motion_blur": lambda img, kernel: filters.correlate(img, kernel=np.asarray(kernel)),
    "convolve": lambda img, kernel: filters.correlate(img, kernel=np.asarray(kernel)),
    "separable_convolve": lambda img, kernel: filters.correlate(img, kernel=np.outer(kernel, kernel)),
    "create_motion_kernel": lambda kernel_size, angle, direction, allow_shifted, random_state: blur.motion_kernel(
        kernel_size,
        angle=angle,
        direction=direction,
        shift=tuple(random_state.uniform(-1, 1) * kernel_size / 4 for _ in "xy") if allow_shifted else (0.0, 0.0),
    ),
    "unsharp_mask": lambda image, ksize, sigma=0.0, alpha=0.2, threshold=10: filters.unsharp_mask(
        image, ksize=ksize, sigma=sigma, alpha=alpha, threshold=threshold
    ),
    "sharpen_gaussian": lambda img, alpha, kernel_size, sigma: filters.unsharp_mask(
        img, alpha=alpha, ksize=kernel_size, sigma=sigma
    ),
    "glass_blur": lambda img, sigma, max_delta, iterations, dxy, mode: lens.glass_blur(
        img,
        sigma=sigma,
        max_delta=max_delta,
        iterations=iterations,
        seed=seed_of(np.random.RandomState(np.abs(np.asarray(dxy)).sum() % (1 << 31))),
        exact=mode == "exact",
    ),
    "defocus": lambda img, radius, alias_blur: filters.correlate(
        img, kernel=filters.disk_kernel(radius=radius, alias_blur=alias_blur)
    ),
    "zoom_blur": _zoomed,
    "central_zoom": _zoom,
    "dilate": lambda img, kernel: morphology.apply(img, kernel=kernel, operation="dilation"),
    "erode": lambda img, kernel: morphology.apply(img, kernel=kernel, operation="erosion"),
    "morphology": lambda img, kernel, operation: morphology.apply(img, kernel=kernel, operation=operation),
    # Noise and quality.
    "gauss_noise": lambda image, gauss: _added(image, gauss),
    "add_noise": lambda img, noise: _added(img, noise),
    "multiply": lambda img, multiplier: _multiplied(img, multiplier),
    "iso_noise": forms(
        lambda image, color_shift=0.05, intensity=0.5, random_state=None, **kwargs: sensor.iso(
            image, color_shift=color_shift, intensity=intensity, seed=seed_of(random_state)
        ),
        lambda image, color_shift, intensity, random_generator: sensor.iso(
            image, color_shift=color_shift, intensity=intensity, seed=seed_of(random_generator)
        ),
    ),
    "shot_noise": lambda img, scale, random_generator: sensor.shot(img, scale=scale, seed=seed_of(random_generator)),
    "apply_salt_and_pepper": _salt_and_pepper,
    "image_compression": lambda img, quality, image_type: _compressed(img, quality, image_type),
    "downscale": forms(
        lambda img, scale, down_interpolation=cv2.INTER_AREA, up_interpolation=_LINEAR: quality.downscale(
            img, scale=scale, down=down_interpolation, up=up_interpolation
        ),
        lambda img, scale, interpolation: quality.downscale(img, scale=scale, down=interpolation, up=interpolation),
    ),
    "superpixels": _superpixels,
    "slic": lambda image, n_segments, compactness=10.0, max_iterations=10: patches.segments(
        image, n_segments=n_segments
    ),
    # Other pictures.
    "add_weighted": lambda img1, alpha, img2, beta: mix.weighted(img1, other=img2, weight=alpha, other_weight=beta),
    "copy_and_paste_blend": lambda base_image, overlay_image, overlay_mask, offset: mix.overlay(
        base_image, patch=overlay_image, x=offset[1], y=offset[0], alpha=np.asarray(overlay_mask)
    ),
    "fourier_domain_adaptation": lambda img, target_img, beta: domain.fourier(img, reference=target_img, beta=beta),
    "apply_histogram": lambda img, reference_image, blend_ratio: domain.histogram(
        img, reference=reference_image, blend=blend_ratio
    ),
    "match_histograms": lambda image, reference: domain.histogram(image, reference=reference),
    "adapt_pixel_distribution": lambda img, ref, transform_type="pca", weight=0.5: domain.colors(
        img, reference=ref, kind=transform_type, blend=weight
    ),
    "low_freq_mutate": _low_frequencies,
    # Volumes.
    "volume_hflip": lambda volume: _each(moves.hflip)(volume),
    "volumes_hflip": lambda volumes: _each(_each(moves.hflip))(volumes),
    "volume_vflip": lambda volume: _each(moves.vflip)(volume),
    "volumes_vflip": lambda volumes: _each(_each(moves.vflip))(volumes),
    "volume_rot90": lambda volume, factor: _each(moves.rot90)(volume, factor=factor),
    "volumes_rot90": lambda volumes, factor: _each(_each(moves.rot90))(volumes, factor=factor),
    "volume_crop_yx": lambda volume, x_min, y_min, x_max, y_max: _each(_crop)(volume, x_min, y_min, x_max, y_max),
    "volumes_crop_yx": lambda volumes, x_min, y_min, x_max, y_max: _each(_each(_crop))(
        volumes, x_min, y_min, x_max, y_max
    ),
    "volume_channel_shuffle": lambda volume, channels_shuffled: _each(color.channel_shuffle)(
        volume, order=channels_shuffled
    ),
    "volumes_channel_shuffle": lambda volumes, channels_shuffled: _each(_each(color.channel_shuffle))(
        volumes, order=channels_shuffled
    ),
    "pad_images_with_params": (
        lambda images, h_pad_top, h_pad_bottom, w_pad_left, w_pad_right, border_mode, value: _each(_padded)(
            images, h_pad_top, h_pad_bottom, w_pad_left, w_pad_right, border_mode, value
        )
    ),
    "cutout_on_volume": lambda volume, holes, fill, random_generator: _each(_cutout)(
        volume, holes, fill, random_generator
    ),
    "cutout_on_volumes": lambda volumes, holes, fill, random_generator: _each(_each(_cutout))(
        volumes, holes, fill, random_generator
    ),
    "fill_volume_holes_with_value": lambda volume, holes, fill: _each(_cutout)(volume, holes, fill),
    "fill_volumes_holes_with_value": lambda volumes, holes, fill: _each(_each(_cutout))(volumes, holes, fill),
    "fill_volume_holes_with_random": lambda volume, holes, random_generator, uniform: _each(_cutout)(
        volume, holes, "random_uniform" if uniform else "random", random_generator
    ),
    "fill_volumes_holes_with_random": lambda volumes, holes, random_generator, uniform: _each(_each(_cutout))(
        volumes, holes, "random_uniform" if uniform else "random", random_generator
    ),
    "crop3d": lambda volume, crop_coords: volumes.crop(
        volume,
        start=(crop_coords[0], crop_coords[2], crop_coords[4]),
        size=(crop_coords[1] - crop_coords[0], crop_coords[3] - crop_coords[2], crop_coords[5] - crop_coords[4]),
    ),
    "pad_3d_with_params": lambda volume, padding, value: volumes.pad(
        volume, before=tuple(padding[::2]), after=tuple(padding[1::2]), fill=value
    ),
    "cutout3d": forms(
        lambda volume, holes, fill_value: volumes.fill(volume, boxes=np.asarray(holes), fill=fill_value),
        lambda volume, holes, fill: volumes.fill(volume, boxes=np.asarray(holes), fill=fill),
    ),
    "transform_cube": lambda cube, index: volumes.cubic(cube, element=index),
    # Files.
    "read_rgb_image": read_rgb_image,
    "read_bgr_image": lambda path: np.ascontiguousarray(read_rgb_image(path)[..., ::-1]),
    "read_grayscale": lambda path: cv2.imread(str(path), cv2.IMREAD_GRAYSCALE),
}
