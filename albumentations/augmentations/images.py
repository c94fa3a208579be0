"""Functions of older releases that change images and volumes, as calls of kernels.

Images are arrays (H, W) or (H, W, C); volumes (D, H, W[, C]). Where a release drew its numbers from a generator that a
program gave it, a seed is drawn from that.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Optional

import cv2
import numpy as np

from ..core.forms import forms
from ..functional import (
    color,
    curves,
    cv,
    holes,
    impulse,
    light,
    maps,
    moves,
    stain,
    tone,
    warp,
)
from .boxes import center_coords, random_coords, whole_turn
from .forms import Table, matrix_of, seed_of

_FLIPS = {0: moves.vflip, 1: moves.hflip, -1: lambda img: moves.rot90(img, factor=2)}
_LINEAR, _MIRROR = cv2.INTER_LINEAR, cv2.BORDER_REFLECT_101


def _floats(img: np.ndarray, function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A function of values as float64: integers are rounded and limited, floats limited to [0, 1]."""
    result = function(np.asarray(img, dtype=np.float64))
    return cv.saturate(np.clip(result, cv.black(img.dtype), cv.white(img.dtype)), img.dtype)


def _curve(img: np.ndarray, curve: Callable[..., np.ndarray], **numbers: Any) -> np.ndarray:
    """A curve of `functional.curves` over an image; uint8 by a table."""
    if img.dtype != np.uint8:
        return _floats(img, lambda values: curve(values, white=cv.white(img.dtype), **numbers))
    table = curve(np.arange(256, dtype=np.float64), white=255.0, **numbers)
    return cv.lut(img, cv.saturate(table, np.uint8))


def _brightness(img: np.ndarray, alpha: float = 1, beta: float = 0, beta_by_max: bool = False) -> np.ndarray:
    if not beta_by_max:
        beta *= alpha * float(np.mean(img)) / cv.white(img.dtype)
    return _curve(img, curves.brightness_contrast, alpha=alpha, beta=beta)


def _by_channel(
    img: np.ndarray, values: Sequence[Any], function: Callable[[np.ndarray, Any], np.ndarray]
) -> np.ndarray:
    return np.stack([function(np.ascontiguousarray(img[..., i]), value) for i, value in enumerate(values)], axis=-1)


def _posterize(img: np.ndarray, bits: Any) -> np.ndarray:
    if np.ndim(bits):
        return _by_channel(img, bits, _posterize)
    return _curve(img, curves.posterize, bits=int(bits))


def _tone(img: np.ndarray, low_y: Any, high_y: Any) -> np.ndarray:
    if np.ndim(low_y):
        return _by_channel(img, list(zip(low_y, high_y)), lambda plane, pair: _tone(plane, *pair))
    return _curve(img, tone.s_curve, low=float(low_y), high=float(high_y))


def _resized_to(img: np.ndarray, side: float, interpolation: int) -> np.ndarray:
    size = tuple(max(1, round(length * side)) for length in img.shape[:2])
    return warp.resize(img, size=(size[0], size[1]), interpolation=interpolation)


def _resize(img: np.ndarray, height: int, width: int, interpolation: int = _LINEAR) -> np.ndarray:
    return warp.resize(img, size=(height, width), interpolation=interpolation)


def _about(size: Sequence[int], angle: float, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0) -> np.ndarray:
    center = ((size[1] - 1) / 2, (size[0] - 1) / 2)
    turned = warp.about(warp.rotation(angle) @ warp.scaling(scale, scale), center=center)
    return warp.translation(dx * size[1], dy * size[0]) @ turned


def _warped(
    img: np.ndarray,
    matrix: Any,
    interpolation: int = _LINEAR,
    border_mode: int = _MIRROR,
    fill: Any = None,
    size: Optional[Sequence[int]] = None,
) -> np.ndarray:
    height, width = (size if size is not None else img.shape)[:2]
    return warp.warp(
        img,
        matrix=matrix_of(matrix),
        size=(int(height), int(width)),
        interpolation=interpolation,
        border_mode=border_mode,
        fill=fill,
    )


def _perspective(
    img: np.ndarray,
    matrix: Any,
    max_width: int,
    max_height: int,
    border_val: Any,
    border_mode: int,
    keep_size: bool,
    interpolation: int,
) -> np.ndarray:
    result = _warped(img, matrix, interpolation, border_mode, border_val, (max_height, max_width))
    return warp.resize(result, size=img.shape[:2], interpolation=interpolation) if keep_size else result


def _mapped(
    img: np.ndarray, map_x: Any, map_y: Any, interpolation: int = _LINEAR, border_mode: int = _MIRROR, value: Any = None
) -> np.ndarray:
    return maps.remap(
        img,
        map_x=np.float32(map_x),
        map_y=np.float32(map_y),
        interpolation=interpolation,
        border_mode=border_mode,
        fill=value,
    )


def _elastic(
    img: np.ndarray,
    alpha: float,
    sigma: float,
    alpha_affine: float,
    interpolation: int = _LINEAR,
    border_mode: int = _MIRROR,
    value: Any = None,
    random_state: Any = None,
    approximate: bool = False,
    same_dxdy: bool = False,
) -> np.ndarray:
    """A random affine motion that moves three points by up to `alpha_affine` pixels, then an elastic deformation."""
    height, width = img.shape[:2]
    generator = cv.generator(seed_of(random_state))
    reach = min(height, width) // 3
    corners = np.array(((1, 1), (1, -1), (-1, -1)), dtype=np.float32) * reach + (width // 2, height // 2)
    moved = corners + generator.uniform(-alpha_affine, alpha_affine, corners.shape)
    affine = cv2.getAffineTransform(np.float32(corners), np.float32(moved))
    img = _warped(img, affine, interpolation, border_mode, value) if alpha_affine else img
    map_x, map_y = maps.elastic(
        height,
        width,
        alpha=alpha,
        sigma=sigma,
        seed=int(generator.integers(1 << 31)),
        approximate=approximate,
        same_dxdy=same_dxdy,
        distribution="uniform",
    )
    return _mapped(img, map_x, map_y, interpolation, border_mode, value)


def _grid(
    img: np.ndarray,
    num_steps: int = 10,
    xsteps: Sequence[float] = (),
    ysteps: Sequence[float] = (),
    interpolation: int = _LINEAR,
    border_mode: int = _MIRROR,
    value: Any = None,
) -> np.ndarray:
    map_x, map_y = maps.grid_distortion(*img.shape[:2], x_steps=xsteps, y_steps=ysteps)
    return _mapped(img, map_x, map_y, interpolation, border_mode, value)


def _optical(
    img: np.ndarray,
    k: float = 0,
    dx: float = 0,
    dy: float = 0,
    interpolation: int = _LINEAR,
    border_mode: int = _MIRROR,
    value: Any = None,
) -> np.ndarray:
    return _mapped(img, *maps.camera(*img.shape[:2], k=k, dx=dx, dy=dy), interpolation, border_mode, value)


def _crop(img: np.ndarray, x_min: int, y_min: int, x_max: int, y_max: int) -> np.ndarray:
    return moves.crop(img, x_min=x_min, y_min=y_min, x_max=x_max, y_max=y_max)


def _clamped(img: np.ndarray, x_min: int, y_min: int, x_max: int, y_max: int) -> np.ndarray:
    height, width = img.shape[:2]
    return _crop(img, max(x_min, 0), max(y_min, 0), min(x_max, width - 1), min(y_max, height - 1))


def _random_coords(
    height: int, width: int, crop_height: int, crop_width: int, h_start: float, w_start: float
) -> tuple[int, int, int, int]:
    return random_coords(height, width, crop_height, crop_width, h_start, w_start)


def _center_crop(img: np.ndarray, crop_height: int, crop_width: int) -> np.ndarray:
    return _crop(img, *center_coords(img.shape[0], img.shape[1], crop_height, crop_width))


def _random_crop(img: np.ndarray, crop_height: int, crop_width: int, h_start: float, w_start: float) -> np.ndarray:
    return _crop(img, *random_coords(img.shape[0], img.shape[1], crop_height, crop_width, h_start, w_start))


def _padded(
    img: np.ndarray, top: int, bottom: int, left: int, right: int, border_mode: int = _MIRROR, value: Any = None
) -> np.ndarray:
    return moves.pad(img, top=top, bottom=bottom, left=left, right=right, border_mode=border_mode, fill=value)


def _pad(img: np.ndarray, min_height: int, min_width: int, border_mode: int = _MIRROR, value: Any = None) -> np.ndarray:
    down, right = max(min_height - img.shape[0], 0), max(min_width - img.shape[1], 0)
    return _padded(img, down // 2, down - down // 2, right // 2, right - right // 2, border_mode, value)


def _crop_and_pad(
    img: np.ndarray,
    crop_params: Any,
    pad_params: Any,
    pad_value: Any,
    rows: int,
    cols: int,
    interpolation: int,
    pad_mode: int,
    keep_size: bool,
) -> np.ndarray:
    result = img if crop_params is None or not any(crop_params) else _crop(img, *crop_params)
    if pad_params is not None and any(pad_params):
        top, bottom, left, right = pad_params
        result = _padded(result, top, bottom, left, right, pad_mode, pad_value)
    return warp.resize(result, size=(rows, cols), interpolation=interpolation) if keep_size else result


def _cutout(img: np.ndarray, holes_: Any, fill: Any = 0, random_generator: Any = None) -> np.ndarray:
    word = isinstance(fill, str)
    boxes = np.asarray(holes_, dtype=np.int64).reshape(-1, 4)
    return holes.fill(img, holes=boxes, fill=fill, seed=seed_of(random_generator) if word else 0)


def _swapped(image: np.ndarray, tiles_: Any, mapping: Any = None) -> np.ndarray:
    """Tiles as (y, x, old y, old x, height, width), or as (y, x, y_end, x_end): place i shows tile `mapping[i]`."""
    if tiles_ is None or not len(tiles_):
        return image.copy()
    result = image.copy()
    rows = np.asarray(tiles_, dtype=np.int64).tolist()
    if len(rows[0]) == 6:
        for y, x, old_y, old_x, height, width in rows:
            result[y : y + height, x : x + width] = image[old_y : old_y + height, old_x : old_x + width]
        return result
    for place, shown in enumerate(mapping if mapping is not None else range(len(rows))):
        y, x, end_y, end_x = rows[place]
        top, left, bottom, right = rows[shown]
        result[y:end_y, x:end_x] = image[top:bottom, left:right]
    return result


def _normalized(img: np.ndarray, mean: Any, std: Any, max_pixel_value: float = 255.0) -> np.ndarray:
    return color.normalize(img, mean=mean, std=std, max_pixel_value=max_pixel_value)


def _standardized(img: np.ndarray, mean: Any, denominator: Any) -> np.ndarray:
    return color.normalize(img, mean=mean, std=1 / np.asarray(denominator, dtype=np.float64), max_pixel_value=1.0)


def _gray(method: str) -> Callable[[np.ndarray], np.ndarray]:
    return lambda img: color.to_gray(img, method=method, num_output_channels=1)[..., 0]


def _to_gray(img: np.ndarray, num_output_channels: int = 3, method: str = "weighted_average") -> np.ndarray:
    result = color.to_gray(img, method=method, num_output_channels=num_output_channels)
    return result[..., 0] if num_output_channels == 1 else result


def _added(img: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return _floats(img, lambda values: values + noise)


def _replaced(image: np.ndarray, drop_mask: np.ndarray, drop_value: Any = 0) -> np.ndarray:
    """`drop_mask` (H, W) or as the image; `drop_value` a number, one a channel, or an array of the image's shape."""
    mask = np.asarray(drop_mask, dtype=bool)
    mask = mask[..., None] if mask.ndim < image.ndim else mask
    return np.where(mask, cv.saturate(np.asarray(drop_value, dtype=np.float64), image.dtype), image)


def _contrast_table(
    hist: np.ndarray, min_intensity: int, max_intensity: int, max_value: int, method: str
) -> np.ndarray:
    """The table that stretches levels between two others over black to white: linearly ("pil") or by their sums."""
    levels = np.arange(256, dtype=np.float64)
    if min_intensity >= max_intensity:
        return np.zeros(256, dtype=np.uint8)
    if method == "pil":
        table = (levels - min_intensity) * (max_value / (max_intensity - min_intensity))
    else:
        sums = np.cumsum(np.where((levels >= min_intensity) & (levels <= max_intensity), hist, 0))
        low = sums[min_intensity]
        table = (sums - low) * (max_value / max(sums[max_intensity] - low, 1))
    return cv.saturate(np.clip(table, 0, max_value), np.uint8)


def _both(function: Callable[..., np.ndarray]) -> Any:
    """By `rows, cols` and by `image_shape`, which stand before three more."""
    return forms(
        function,
        lambda img, crop_params, pad_params, pad_value, image_shape, interpolation, pad_mode, keep_size: function(
            img, crop_params, pad_params, pad_value, *image_shape[:2], interpolation, pad_mode, keep_size
        ),
    )


IMAGES: Table = {
    # Moves.
    "hflip": lambda img: moves.hflip(img),
    "vflip": lambda img: moves.vflip(img),
    "hflip_cv2": lambda img: moves.hflip(img),
    "random_flip": lambda img, code: _FLIPS[code](img),
    "transpose": lambda img: moves.transpose(img),
    "rot90": lambda img, factor: moves.rot90(img, factor=factor),
    "d4": lambda img, group_member: moves.d4(img, element=group_member),
    "crop": _crop,
    "clamping_crop": _clamped,
    "center_crop": _center_crop,
    "random_crop": _random_crop,
    "get_random_crop_coords": _random_coords,
    "get_crop_coords": lambda image_shape, crop_shape, h_start, w_start: random_coords(
        image_shape[0], image_shape[1], crop_shape[0], crop_shape[1], h_start, w_start
    ),
    "get_center_crop_coords": forms(
        center_coords, lambda image_shape, crop_shape: center_coords(*image_shape[:2], *crop_shape[:2])
    ),
    "pad": _pad,
    "pad_with_params": lambda img, h_pad_top, h_pad_bottom, w_pad_left, w_pad_right, border_mode=_MIRROR, value=None: (
        _padded(img, h_pad_top, h_pad_bottom, w_pad_left, w_pad_right, border_mode, value)
    ),
    "copy_make_border_with_value_extension": lambda img, top, bottom, left, right, border_mode, value: _padded(
        img, top, bottom, left, right, border_mode, value
    ),
    "crop_and_pad": _both(_crop_and_pad),
    "resize": forms(
        _resize,
        lambda img, target_shape, interpolation=_LINEAR: _resize(img, target_shape[0], target_shape[1], interpolation),
    ),
    "scale": lambda img, scale, interpolation=_LINEAR: warp.resize(
        img, size=(int(img.shape[0] * scale), int(img.shape[1] * scale)), interpolation=interpolation
    ),
    "longest_max_size": lambda img, max_size, interpolation: _resized_to(
        img, max_size / max(img.shape[:2]), interpolation
    ),
    "smallest_max_size": lambda img, max_size, interpolation: _resized_to(
        img, max_size / min(img.shape[:2]), interpolation
    ),
    "rotate": lambda img, angle, interpolation=_LINEAR, border_mode=_MIRROR, value=None: _warped(
        img, _about(img.shape, angle), interpolation, border_mode, value
    ),
    "shift_scale_rotate": lambda img, angle, scale, dx, dy, interpolation=_LINEAR, border_mode=_MIRROR, value=None: (
        _warped(img, _about(img.shape, angle, scale, dx, dy), interpolation, border_mode, value)
    ),
    "safe_rotate": forms(
        lambda img, matrix, interpolation, value=None, border_mode=_MIRROR: _warped(
            img, matrix, interpolation, border_mode, value
        ),
        lambda img, angle, interpolation=_LINEAR, value=None, border_mode=_MIRROR: _warped(
            img, whole_turn(angle, *img.shape[:2]), interpolation, border_mode, value
        ),
    ),
    "warp_affine": forms(
        lambda image, matrix, interpolation, cval, mode, output_shape: _warped(
            image, matrix, interpolation, mode, cval, output_shape
        ),
        lambda image, matrix, interpolation, fill, border_mode, output_shape: _warped(
            image, matrix, interpolation, border_mode, fill, output_shape
        ),
    ),
    "warp_affine_with_value_extension": lambda image, matrix, dsize, flags, border_mode, border_value: _warped(
        image, matrix, flags, border_mode, border_value, (dsize[1], dsize[0])
    ),
    "perspective": _perspective,
    "remap": lambda img, map_x, map_y, interpolation, border_mode, value=None: _mapped(
        img, map_x, map_y, interpolation, border_mode, value
    ),
    "elastic_transform": _elastic,
    "elastic_transform_approx": functools.partial(_elastic, approximate=True),
    "grid_distortion": _grid,
    "optical_distortion": _optical,
    "get_camera_matrix_distortion_maps": lambda image_shape, k: maps.camera(*image_shape[:2], k=k),
    "get_fisheye_distortion_maps": lambda image_shape, k: maps.fisheye(*image_shape[:2], k=k),
    "swap_tiles_on_image": lambda image, tiles, mapping=None: _swapped(image, tiles, mapping),
    # Holes.
    "cutout": forms(
        lambda img, holes, fill_value=0, random_generator=None: _cutout(img, holes, fill_value, random_generator),
        lambda img, holes, fill=0, random_generator=None: _cutout(img, holes, fill, random_generator),
    ),
    "fill_holes_with_value": forms(
        lambda img, holes, fill_value: _cutout(img, holes, fill_value),
        lambda img, holes, fill: _cutout(img, holes, fill),
    ),
    "fill_holes_with_random": lambda img, holes, random_generator, uniform: _cutout(
        img, holes, "random_uniform" if uniform else "random", random_generator
    ),
    "apply_inpainting": lambda img, holes, method: _cutout(img, holes, method),
    "channel_dropout": forms(
        lambda img, channels_to_drop, fill_value=0: tone.channel_dropout(
            img, channels=channels_to_drop, fill=fill_value
        ),
        lambda img, channels_to_drop, fill=0: tone.channel_dropout(img, channels=channels_to_drop, fill=fill),
    ),
    "pixel_dropout": forms(
        lambda image, drop_mask, drop_value=0: _replaced(image, drop_mask, drop_value),
        lambda image, drop_mask, drop_values: _replaced(image, drop_mask, drop_values),
    ),
    "get_drop_mask": lambda shape, per_channel, dropout_prob, random_generator: impulse.dropout_mask(
        tuple(shape), probability=dropout_prob, seed=seed_of(random_generator), per_channel=per_channel
    ),
    # Tone and colour.
    "invert": lambda img: _curve(img, curves.invert),
    "solarize": lambda img, threshold=128: _curve(img, curves.solarize, threshold=threshold),
    "posterize": _posterize,
    "equalize": lambda img, mask=None, mode="cv", by_channels=True: color.equalize(
        img, mode=mode, by_channels=by_channels, mask=mask
    ),
    "auto_contrast": lambda img, cutoff=0, ignore=None, method="cdf": tone.autocontrast(
        img, cutoff=cutoff, ignore=ignore, method=method
    ),
    "clahe": lambda img, clip_limit=2.0, tile_grid_size=(8, 8): color.clahe(
        img, clip_limit=clip_limit, tile_grid_size=tuple(tile_grid_size)
    ),
    "brightness_contrast_adjust": _brightness,
    "gamma_transform": lambda img, gamma: _curve(img, curves.gamma, gamma=gamma),
    "move_tone_curve": _tone,
    "shift_rgb": lambda img, r_shift, g_shift, b_shift: color.channel_shift(img, shifts=(r_shift, g_shift, b_shift)),
    "shift_hsv": lambda img, hue_shift, sat_shift, val_shift: color.hue_saturation_value(
        img, hue=hue_shift, saturation=sat_shift, value=val_shift
    ),
    "channel_shuffle": lambda img, channels_shuffled: color.channel_shuffle(img, order=channels_shuffled),
    "linear_transformation_rgb": lambda img, transformation_matrix: color.matrix(
        img, matrix=np.asarray(transformation_matrix)
    ),
    "to_gray": _to_gray,
    "to_gray_average": _gray("average"),
    "to_gray_desaturation": _gray("desaturation"),
    "to_gray_from_lab": _gray("from_lab"),
    "to_gray_max": _gray("max"),
    "to_gray_pca": _gray("pca"),
    "to_gray_weighted_average": _gray("weighted_average"),
    "gray_to_rgb": lambda img: tone.to_rgb(img),
    "grayscale_to_multichannel": lambda grayscale_image, num_output_channels=3: tone.to_rgb(
        grayscale_image, num_output_channels=num_output_channels
    ),
    "adjust_brightness_torchvision": lambda img, factor: color.adjust_brightness(img, factor=factor),
    "adjust_contrast_torchvision": lambda img, factor: color.adjust_contrast(img, factor=factor),
    "adjust_saturation_torchvision": lambda img, factor, gamma=0: _added(
        color.adjust_saturation(img, factor=factor), np.asarray(gamma)
    ),
    "adjust_hue_torchvision": lambda img, factor: color.adjust_hue(img, factor=factor),
    "fancy_pca": forms(
        lambda img, alpha=0.1: tone.fancy_pca(img, alpha=alpha),
        lambda img, alpha_vector: tone.fancy_pca(img, alpha=alpha_vector),
    ),
    "planckian_jitter": lambda img, temperature, mode: light.planckian(img, temperature=temperature, mode=mode),
    "apply_he_stain_augmentation": lambda img, stain_matrix, scale_factors, shift_values, augment_background: (
        stain.he_stain(
            img,
            matrix=np.asarray(stain_matrix),
            scale=tuple(scale_factors),
            shift=tuple(shift_values),
            augment_background=augment_background,
        )
    ),
    "create_contrast_lut": _contrast_table,
    "normalize": _normalized,
    "normalize_cv2": _standardized,
    "normalize_numpy": _standardized,
    "to_float": lambda img, max_value=None: color.to_float(img, max_value=max_value),
    "from_float": lambda img, dtype, max_value=None: color.from_float(img, dtype=dtype, max_value=max_value),
}
