"""Filters that a kernel defines: the kernels, their application at any size, and sharpening above a threshold.

Kernels are float32 and odd; all but that which sharpens have a sum of 1. Filters take any number of channels and any
dtype and mirror borders without repeating the edge, as in `blur`; integers are rounded and saturate.
"""

from typing import Optional

import cv2
import numpy as np

from . import blend, blur, color, cv

Array = np.ndarray

# From this many weights on, a product of spectra is faster: 256 x 256 x 3 in 1.2 ms at any size, where cv2.filter2D
# takes 0.9 at 9 x 9, 1.3 at 11 x 11, and 6.7 from 13 x 13 on.
_MANY = 122


def _odd(ksize: int, kernel: str) -> int:
    if ksize < 1 or ksize % 2 == 0:
        raise ValueError(f"{kernel}: ksize must be odd and at least 1, got {ksize}")
    return int(ksize)


def _normed(weights: Array) -> Array:
    return (weights / weights.sum()).astype(np.float32)


# --- kernels ----------------------------------------------------------------------------------------------------------


def gaussian_kernel(
    ksize: int,
    *,
    sigma_x: float,
    sigma_y: float,
    angle: float = 0.0,
    beta: float = 1.0,
    noise: tuple[float, float] = (1.0, 1.0),
    seed: int = 0,
) -> Array:
    """A generalized Gaussian, stretched and turned, `(ksize, ksize)` (odd), as a model of unknown blur.

    Weights are `exp(-q ** beta / 2)`, `q = (u / sigma_x) ** 2 + (v / sigma_y) ** 2` with u and v in pixels along axes
    turned by `angle` degrees, clockwise as seen on the screen; `beta` 1 is a Gaussian, less has heavier tails, more a
    flat top (Wang et al., Real-ESRGAN, 2021, section 3.2). Each weight is multiplied by a number drawn evenly from
    `noise` (a function of `seed`), then all are scaled to a sum of 1. Raises ValueError for an even size, deviations or
    a `beta` that are not above 0, or noise below 0.
    """
    size = _odd(ksize, "gaussian_kernel")
    if min(sigma_x, sigma_y, beta) <= 0:
        raise ValueError(
            f"gaussian_kernel: sigma_x, sigma_y and beta must be above 0, got {sigma_x}, {sigma_y} and {beta}"
        )
    if noise[0] < 0 or noise[1] < noise[0] or noise[1] == 0:
        raise ValueError(f"gaussian_kernel: noise must be two numbers from 0 upward, the second above 0, got {noise}")
    x = np.arange(size) - size // 2
    y = x[:, None]
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    q = ((cos * x + sin * y) / sigma_x) ** 2 + ((cos * y - sin * x) / sigma_y) ** 2
    weights = np.exp(-0.5 * q**beta)
    if noise[0] != noise[1]:
        weights *= noise[0] + (noise[1] - noise[0]) * blend.random_uniform(seed, weights.shape)
    return _normed(weights)


def disk_kernel(*, radius: int, alias_blur: float = 0.0) -> Array:
    """A disk of `radius` pixels, its rim softened: what a point out of focus becomes.

    Equal weights where `x ** 2 + y ** 2 <= radius ** 2`, blurred by a Gaussian of deviation `alias_blur` pixels over
    3 x 3 weights (5 x 5 from radius 9 on) (Hendrycks and Dietterich, Benchmarking Neural Network Robustness, 2019).
    The side is `2 * radius + 1`, with the softened rim 2 or 4 more. Raises ValueError for a radius below 1 or a
    negative blur.
    """
    if radius < 1 or alias_blur < 0:
        raise ValueError(f"disk_kernel: needs radius >= 1 and alias_blur >= 0, got {radius} and {alias_blur}")
    rim = (1 if radius <= 8 else 2) if alias_blur else 0
    x = np.arange(-radius - rim, radius + rim + 1)
    disk = (x**2 + x[:, None] ** 2 <= radius**2).astype(np.float64)
    if rim:
        taps = np.exp(-0.5 * (np.arange(-rim, rim + 1) / alias_blur) ** 2)
        return _normed(cv2.sepFilter2D(disk, -1, taps, taps, borderType=cv2.BORDER_CONSTANT))
    return _normed(disk)


def sinc_kernel(ksize: int, *, cutoff: float) -> Array:
    """The ideal circular low pass at `cutoff` radians a pixel, in (0, pi], cut to `ksize` x `ksize` (odd).

    Weights are `cutoff * J1(cutoff * r) / (2 * pi * r)`, scaled to a sum of 1; cut off as it is, the filter rings and
    overshoots along edges (Wang et al., Real-ESRGAN, 2021, equation 6). Raises ValueError for other arguments.
    """
    size = _odd(ksize, "sinc_kernel")
    if not 0 < cutoff <= np.pi:
        raise ValueError(f"sinc_kernel: cutoff must lie in (0, pi], got {cutoff}")
    x = np.arange(size) - size // 2
    squares, place = np.unique(x**2 + x[:, None] ** 2, return_inverse=True)
    r = np.sqrt(squares[1:])
    # Bessel's integral J1(z) = mean of cos(t - z sin t) over (0, pi); the midpoint rule is exact for such waves once
    # it has more points than their frequency: 32 points suffice up to z = 30, more for larger kernels.
    points = 32 + size * 3
    t = (np.arange(points) + 0.5) * (np.pi / points)
    bessel = np.cos(t - cutoff * r[:, None] * np.sin(t)).mean(axis=1)
    values = np.concatenate([[cutoff**2 / (4 * np.pi)], cutoff * bessel / (2 * np.pi * r)])
    return _normed(values[place].reshape(size, size))


def sharpen_kernel(*, alpha: float, lightness: float) -> Array:
    """The 3 x 3 kernel that blends the image with its edges: `alpha` 0 is the image, 1 its edges and it in `lightness`.

    The edges are -1 all around a middle of 8, to which `lightness` is added.
    """
    kernel = np.full((3, 3), -alpha, np.float32)
    kernel[1, 1] = (1 - alpha) + alpha * (8 + lightness)
    return kernel


def emboss_kernel(*, alpha: float, strength: float) -> Array:
    """The 3 x 3 kernel that lights the image from the top left: `alpha` 0 is the image, 1 the relief.

    The relief is `[[-1 - s, -s, 0], [-s, 1, s], [0, s, 1 + s]]`, s the `strength`.
    """
    s = strength
    relief = np.array([[-1 - s, -s, 0.0], [-s, 1.0, s], [0.0, s, 1 + s]])
    identity = np.zeros((3, 3))
    identity[1, 1] = 1
    return ((1 - alpha) * identity + alpha * relief).astype(np.float32)


# --- application ------------------------------------------------------------------------------------------------------


def correlate(image: Array, *, kernel: Array) -> Array:
    """Sum the neighbours of every pixel, weighted by `kernel` `(h, w)`, odd sizes, as it lies; any size is fast.

    Small kernels go through `cv2.filter2D`, large ones through the product of their Fourier transform with the image's,
    in float32 (error below 1e-5 of white; float64 for wide dtypes). Floats are not clipped, but what goes through
    spectra stays within the values of the image where no weight is negative. Raises ValueError for even sizes.
    """
    weights = np.asarray(kernel, dtype=np.float32)
    if weights.ndim != 2 or weights.shape[0] % 2 == 0 or weights.shape[1] % 2 == 0:
        raise ValueError(f"correlate: kernel must be (h, w) with odd h and w, got shape {weights.shape}")
    if weights.size < _MANY:
        return cv.filtered(lambda part: cv2.filter2D(part, -1, weights), image)
    return _by_spectrum(image, weights)


def _by_spectrum(image: Array, weights: Array) -> Array:
    kind = cv.working(image.dtype)
    up, left = weights.shape[0] // 2, weights.shape[1] // 2
    rows, columns = (side + 2 * margin for side, margin in zip(image.shape[:2], (up, left)))
    # Multiples of 8 are faster than the "optimal" 270 (135 us a transform; 288: 103) or 300 (160; 320: 120).
    size = (8 * cv2.getOptimalDFTSize(-(-rows // 8)), 8 * cv2.getOptimalDFTSize(-(-columns // 8)))
    field = np.zeros(size, kind)
    field[: weights.shape[0], : weights.shape[1]] = weights
    spectrum = cv2.dft(field)
    field[:] = 0
    other, filtered = np.empty_like(field), []
    for plane in color.planes(image):
        padded = cv2.copyMakeBorder(plane.astype(kind), up, up, left, left, cv2.BORDER_REFLECT_101)
        field[:rows, :columns] = padded
        cv2.dft(field, other)  # OpenCV 5 takes four times as long when it is told which rows are 0
        cv2.mulSpectrums(other, spectrum, 0, other, conjB=True)
        cv2.dft(other, other, cv2.DFT_INVERSE | cv2.DFT_SCALE)
        part = np.ascontiguousarray(other[: image.shape[0], : image.shape[1]])
        if image.dtype.kind == "f" and weights.min() >= 0:
            np.clip(part, plane.min(), plane.max(), out=part)  # below black a root or a logarithm would be NaN
        filtered.append(cv.saturate(part, image.dtype))
    return color.interleave(filtered, image)


def unsharp_mask(
    image: Array, *, alpha: float, ksize: int = 0, sigma: float = 0.0, threshold: Optional[float] = None
) -> Array:
    """Add `alpha` times what a Gaussian blur takes away, within black and white: `image + alpha * r`.

    `r = image - gaussian(image)`, `ksize` and `sigma` as in `blur.gaussian`. With a `threshold`, in 255ths of white for
    every dtype, this is blended in where `|r|` exceeds it, and nothing else changes; the mask is blurred by the same
    Gaussian, so that it has no seams (Wang et al., Real-ESRGAN, 2021, section 3.4). Raises ValueError for a negative
    threshold and where ksize and sigma say nothing.
    """
    if threshold is not None and threshold < 0:
        raise ValueError(f"unsharp_mask: threshold must be at least 0, got {threshold}")
    if sigma < 0 or (ksize == 0 and sigma == 0):
        raise ValueError(f"unsharp_mask: needs ksize or sigma above 0, got ksize={ksize}, sigma={sigma}")
    if image.dtype == cv.UINT8 and threshold is not None:
        return _unsharp_levels(image, alpha, ksize, sigma, threshold)
    values = cv.contiguous(image if image.dtype == cv.UINT8 else image.astype(cv.working(image.dtype), copy=False))
    soft = blur.gaussian(values, ksize=ksize, sigma=sigma)
    rows = image.shape[0]
    sharp = cv2.addWeighted(values.reshape(rows, -1), 1 + alpha, soft.reshape(rows, -1), -alpha, 0)
    sharp = sharp.reshape(image.shape)
    white = cv.white(image.dtype)
    if image.dtype != cv.UINT8:
        np.clip(sharp, cv.black(image.dtype), white, out=sharp)
    if threshold is not None:
        mask = (np.abs(values - soft) > threshold * (white / 255)).astype(values.dtype)
        sharp -= values
        sharp *= blur.gaussian(mask, ksize=ksize, sigma=sigma)
        sharp += values
    return cv.saturate(sharp, image.dtype)


def _unsharp_levels(image: Array, alpha: float, ksize: int, sigma: float, threshold: float) -> Array:
    # Blurred to sixteenths of a level: whole levels would move the threshold by half a level.
    blurred = cv.filtered(lambda part: _blurred_16(part, ksize, sigma), image)
    flat = cv.contiguous(image).reshape(image.shape[0], -1)
    fine = np.left_shift(flat, 4, dtype=np.int16)
    soft = blurred.reshape(flat.shape)
    sharp = cv2.addWeighted(fine, (1 + alpha) / 16, soft, -alpha / 16, 0, dtype=cv2.CV_8U)
    mask = (cv2.absdiff(fine, soft) > 16 * threshold).view(np.uint8) * np.uint8(255)
    weight = blur.gaussian(mask.reshape(image.shape), ksize=ksize, sigma=sigma).reshape(flat.shape)
    more = cv2.multiply(cv2.subtract(sharp, flat), weight, scale=1 / 255)
    less = cv2.multiply(cv2.subtract(flat, sharp), weight, scale=1 / 255)
    return cv2.subtract(cv2.add(flat, more, more), less, more).reshape(image.shape)


def _blurred_16(part: Array, ksize: int, sigma: float) -> Array:
    """A Gaussian blur of uint8 in sixteenths of a level, int16, of the size that `blur.gaussian` has."""
    size = ksize or round(6 * sigma + 1) | 1
    taps = cv2.getGaussianKernel(size, sigma, cv2.CV_32F)
    return cv2.sepFilter2D(part, cv2.CV_16S, taps * np.float32(16), taps)
