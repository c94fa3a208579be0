"""Domain adaptation: an image takes over the frequencies, the histogram or the colours of another."""

from functools import lru_cache

import cv2
import numpy as np

from . import cv, warp

Array = np.ndarray


def _pair(image: Array, reference: Array) -> None:
    if reference.dtype != image.dtype or cv.channels(reference) != cv.channels(image):
        raise ValueError(
            f"the reference must be {image.dtype} with {cv.channels(image)} channels,"
            f" not {reference.dtype} with {cv.channels(reference)}"
        )


def _flat(image: Array) -> Array:
    """`(pixels, channels)`."""
    return cv.contiguous(image).reshape(-1, cv.channels(image))


def _closed(values: Array, image: Array) -> Array:
    """Values limited to the range of the image, in its dtype and shape."""
    values = values.reshape(image.shape)
    return np.ascontiguousarray(
        np.clip(values, 0.0, 1.0).astype(image.dtype, copy=False)
        if image.dtype.kind == "f"
        else cv.saturate(values, image.dtype)
    )


def fourier(image: Array, *, reference: Array, beta: float) -> Array:
    """Take over the low-frequency amplitudes of a reference, keeping the phases (FDA; Yang and Soatto, 2020).

    Exchanged are the frequencies up to `int(beta * min(H, W))` along both axes, `beta` in [0, 0.5]; 0 exchanges the
    mean. The reference is resized to the image's size; both of one dtype and channel count. Integers are rounded and
    limited, floats limited to [0, 1]. Only the low frequencies are computed, as products with waves: 2.4 ms at
    256 x 256 x 3 and beta 0.1. Raises ValueError for other arguments.
    """
    _pair(image, reference)
    if not 0.0 <= beta <= 0.5:
        raise ValueError(f"beta must lie in [0, 0.5], not {beta}")
    height, width = image.shape[:2]
    if reference.shape[:2] != (height, width):
        reference = warp.resize(reference, size=(height, width))
    band = int(beta * min(height, width))
    kind = cv.working(image.dtype)
    down, across = _waves(height, band, False, kind), _waves(width, band, True, kind)
    planes = [np.ascontiguousarray(np.moveaxis(_deep(part), 2, 0), dtype=kind) for part in (image, reference)]
    own, other = (_spectrum(part, down, across) for part in planes)
    amplitude = np.abs(own)
    direction = np.where(amplitude > 0.0, own / np.where(amplitude > 0.0, amplitude, 1.0), 1.0)  # of nothing: phase 0
    # A real image has every frequency twice, but those along x that are their own mirror image.
    columns = np.arange(across.shape[1] // 2)
    doubled = np.where((columns == 0) | (2 * columns == width), 1.0, 2.0) / (height * width)
    change = direction * (np.abs(other) - amplitude) * doubled
    rows = down.conj().T @ change.astype(down.dtype)
    flat = np.concatenate((rows.real, rows.imag), axis=2).reshape(-1, across.shape[1])
    planes[0] += (flat @ across.T).reshape(planes[0].shape)
    return _closed(np.moveaxis(planes[0], 0, 2), image)


def _deep(image: Array) -> Array:
    return image if image.ndim == 3 else image[:, :, None]


@lru_cache(maxsize=8)
def _waves(side: int, band: int, half: bool, kind: type) -> Array:
    """Waves exp(-2 pi i f p / side) of the frequencies up to the band.

    Both signs of f give complex `(frequencies, side)`; `half`, without the negative ones, gives the real parts and
    after them the imaginary ones as columns `(side, 2 * frequencies)`, since an image is real.
    """
    top = min(band, side // 2)
    frequencies = np.arange(top + 1) if half else np.unique(np.arange(-top, top + 1) % side)
    waves = np.exp(-2j * np.pi * np.outer(frequencies, np.arange(side)) / side)
    if half:
        return np.concatenate((waves.real, waves.imag)).T.astype(kind)
    return waves.astype(np.complex64 if kind is np.float32 else np.complex128)


def _spectrum(planes: Array, down: Array, across: Array) -> Array:
    """Fourier coefficients of `(C, H, W)` at the frequencies of both waves: `(C, fy, fx)`."""
    parts = planes.reshape(-1, planes.shape[2]) @ across
    half = across.shape[1] // 2
    rows = parts[:, :half] + 1j * parts[:, half:]
    result: Array = down @ rows.astype(down.dtype, copy=False).reshape(*planes.shape[:2], half)
    return result


def histogram(image: Array, *, reference: Array, blend: float = 1.0) -> Array:
    """Give every channel the distribution of values that a reference has there, mixed with the image's own.

    The share of values up to v in the image is looked up among the shares of the reference, linearly between its values
    (Gonzalez and Woods, histogram specification). `blend`: 1 takes the matched value, 0 the image's. Any size of
    reference, of the same dtype and channel count. uint8 by a table, exactly; other dtypes value by value.
    """
    _pair(image, reference)
    own, other = _flat(image), _flat(reference)
    if image.dtype == cv.UINT8:
        levels: Array = np.arange(256.0)
        tables = []
        for channel in range(own.shape[1]):
            shares, wanted = (
                np.cumsum(cv2.calcHist([part], [channel], None, [256], [0, 256]).ravel()) / part[..., 0].size
                for part in (_deep(cv.contiguous(image)), _deep(cv.contiguous(reference)))
            )
            seen = np.flatnonzero(np.diff(wanted, prepend=0.0) > 0.0)
            matched = np.interp(shares, wanted[seen], levels[seen])
            tables.append(cv.saturate(levels + (matched - levels) * blend, image.dtype))
        same = all((table == tables[0]).all() for table in tables)
        return cv.lut(image, tables[0] if same else np.stack(tables, axis=1))
    result = np.empty(own.shape, dtype=np.float64)
    for channel in range(own.shape[1]):
        _, place, counts = np.unique(own[:, channel], return_inverse=True, return_counts=True)
        values, present = np.unique(other[:, channel], return_counts=True)
        matched = np.interp(np.cumsum(counts) / len(own), np.cumsum(present) / len(other), values.astype(np.float64))
        result[:, channel] = matched[place.ravel()]
    mixed = own.astype(np.float64) * (1.0 - blend) + result * blend
    return np.ascontiguousarray(cv.saturate(mixed.reshape(image.shape), image.dtype))


def colors(image: Array, *, reference: Array, kind: str = "pca", blend: float = 1.0) -> Array:
    """Give the pixels the distribution of colours that a reference has, mixed with the image's own.

    "standard" moves mean and deviation of every channel, "minmax" its smallest and largest value; "pca" turns the
    principal axes of the image's colours into those of the reference, about the means, without stretching them. All are
    one matrix for all pixels, and so is the mixture: `blend` 1 takes the adapted pixel, 0 the image's. Any size of
    reference, of the same dtype and channel count. Integers are rounded and limited, floats limited to [0, 1]. Raises
    ValueError for another kind.
    """
    _pair(image, reference)
    count = cv.channels(image)
    pixels = _flat(image)
    if kind == "pca":
        (center, axes), (goal, goal_axes) = _principal(pixels), _principal(_flat(reference))
        # An axis has no sign of its own: each is taken to point the same way in both, so that bright stays bright.
        matrix = goal_axes.T @ (axes * np.where((goal_axes * axes).sum(axis=1, keepdims=True) < 0.0, -1.0, 1.0))
    elif kind in ("standard", "minmax"):
        measure = _deviations if kind == "standard" else _extents
        (center, spread), (goal, goal_spread) = measure(pixels), measure(_flat(reference))
        matrix = np.diag(goal_spread / np.where(spread > 0.0, spread, 1.0))
    else:
        raise ValueError(f"kind must be 'pca', 'standard' or 'minmax', not {kind!r}")
    matrix = blend * matrix + (1.0 - blend) * np.eye(count)
    offset = blend * goal + (1.0 - blend) * center - matrix @ center
    if image.dtype in (cv.UINT8, cv.FLOAT32) and count <= 4:
        moved = cv2.transform(cv.contiguous(image), np.column_stack((matrix, offset)))
        moved = cv.like(moved, image)
        return moved if image.dtype == cv.UINT8 else np.clip(moved, 0.0, 1.0, out=moved)
    return _closed(pixels.astype(np.float64) @ matrix.T + offset, image)


def _deviations(pixels: Array) -> tuple[Array, Array]:
    if pixels.shape[1] <= 4 and pixels.dtype in (cv.UINT8, cv.FLOAT32):
        # 100 us at 256 x 256 x 3 instead of 2600.
        mean, deviation = cv2.meanStdDev(pixels[:, None])
        return mean.ravel(), deviation.ravel()
    values = pixels.astype(np.float64)
    return values.mean(axis=0), values.std(axis=0)


def _extents(pixels: Array) -> tuple[Array, Array]:
    low, high = (np.array([function(plane) for plane in pixels.T], dtype=np.float64) for function in (np.min, np.max))
    return low, high - low


def _principal(pixels: Array) -> tuple[Array, Array]:
    """Mean, and principal axes as rows, the widest first."""
    center = _deviations(pixels)[0]
    kind = pixels.dtype if pixels.dtype in (cv.UINT8, cv.FLOAT32) else np.float64
    products = cv2.mulTransposed(pixels.astype(kind, copy=False), True, dtype=cv2.CV_64F)
    products -= len(pixels) * np.outer(center, center)
    return center, np.linalg.eigh(products)[1][:, ::-1].T
