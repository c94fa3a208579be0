"""Stains of histology: hematoxylin and eosin, separated in optical density (Ruifrok and Johnston, 2001).

Optical density is -ln(value / white); it is the sum of what each stain absorbs (Lambert-Beer). A stain matrix is
`(2, 3)`: hematoxylin and eosin in rows, absorption of red, green and blue in columns.
"""

from functools import lru_cache

import cv2
import numpy as np

from . import blend, color, cv

Array = np.ndarray

# Absorption of hematoxylin and eosin; "ruifrok" and "macenko" are from the papers, the rest are slides of other kinds.
PRESETS = {
    "ruifrok": ((0.644211, 0.716556, 0.266844), (0.092789, 0.954111, 0.283111)),
    "macenko": ((0.5626, 0.7201, 0.4062), (0.2159, 0.8012, 0.5581)),
    "standard": ((0.65, 0.70, 0.29), (0.07, 0.99, 0.11)),
    "high_contrast": ((0.55, 0.88, 0.11), (0.12, 0.86, 0.49)),
    "h_heavy": ((0.75, 0.61, 0.32), (0.04, 0.93, 0.36)),
    "e_heavy": ((0.60, 0.75, 0.28), (0.17, 0.95, 0.25)),
    "dark": ((0.78, 0.55, 0.28), (0.09, 0.97, 0.21)),
    "light": ((0.57, 0.71, 0.38), (0.15, 0.89, 0.42)),
}
# Densities are held as int16 in steps of 1 / 4000: 8.2 fit, and a step is 0.06 levels at white.
_STEPS = 4000
# Black absorbs without end; half a level of 255 stands for it.
_DARKEST = 0.5 / 255
# Brighter than this luma (a fraction of white) is glass, not tissue.
_GLASS = 0.85
# Pixels that stains are estimated from, and the density below which a pixel says nothing (Macenko et al., 2009).
_SAMPLE = 16384
_FAINT = 0.15
# OpenCV 5 looks uint16 values up in a table of 65536, OpenCV 4 refuses.
_WIDE_TABLES = int(cv2.__version__.split(".")[0]) >= 5


def he_stain(
    image: Array,
    *,
    matrix: Array,
    scale: tuple[float, float],
    shift: tuple[float, float],
    augment_background: bool = True,
) -> Array:
    """Multiply the amount of each stain at every pixel by `scale` and add `shift`, in units of optical density.

    `matrix` `(2, 3)` holds the two stains, independent rows. What absorbs like neither stain is kept, so that (1, 1)
    and (0, 0) change nothing. Without `augment_background` pixels with a luma of 0.85 of white and more are kept. RGB,
    any dtype; floats are clipped to [0, 1]. uint8: 200 us at 256 x 256 x 3, within 1 level of float64. Raises
    ValueError for another shape and for stains that are parallel.
    """
    color.need_rgb(image, kernel="he_stain")
    stains = np.asarray(matrix, dtype=np.float64)
    if stains.shape != (2, 3):
        raise ValueError(f"he_stain: matrix must be (2, 3), got shape {stains.shape}")
    rest = np.cross(stains[0], stains[1])
    if np.linalg.norm(rest) < 1e-6:
        raise ValueError(f"he_stain: the two stains are parallel: {stains.tolist()}")
    basis = np.vstack([stains, rest])
    change = (np.linalg.inv(basis) @ np.diag([*scale, 1.0]) @ basis).T
    offset = np.array([*shift, 0.0]) @ basis

    def restain(known: Array) -> Array:
        if tuple(scale) == (1, 1) and tuple(shift) == (0, 0):
            return known.copy()  # what logarithms and back would lose depends on the machine
        result = (_levels if known.dtype == cv.UINT8 else _floats)(known, change, offset)
        return result if augment_background else cv2.copyTo(result, _tissue(known), known.copy())

    return blend.on_levels_or_unit(restain, image)


def _levels(image: Array, change: Array, offset: Array) -> Array:
    densities, table = _tables()
    moved = cv2.transform(cv.lut(image, densities), np.hstack([change, offset[:, None] * _STEPS]))
    index = moved.view(np.uint16).reshape(image.shape[0], -1)
    found = cv2.LUT(index, table.reshape(1, -1)) if _WIDE_TABLES else table.take(index)  # 70 us, 145
    return found.reshape(image.shape)


@lru_cache(maxsize=1)
def _tables() -> tuple[Array, Array]:
    """From levels to densities, int16, and back: 65536 levels, in the order of the same bits as uint16."""
    densities = -np.log(np.maximum(np.arange(256) / 255, _DARKEST)) * _STEPS
    back = np.exp(np.arange(65536).astype(np.uint16).view(np.int16) / -float(_STEPS))
    return np.rint(densities).astype(np.int16), cv.saturate(np.clip(back * 255, 0, 255), np.uint8)


def _floats(image: Array, change: Array, offset: Array) -> Array:
    # The image times the quotient of transmissions: exact where nothing changes, and black stays black.
    density = cv2.log(np.maximum(image, np.float32(_DARKEST)))
    quotient = cv2.transform(density, np.hstack([change - np.eye(3), -offset[:, None]]))
    return cv2.multiply(cv2.exp(quotient), image)


def _tissue(image: Array) -> Array:
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return (gray < _GLASS * cv.white(image.dtype)).view(np.uint8)


# --- estimation -------------------------------------------------------------------------------------------------------


def estimate_macenko(image: Array, *, percentile: float = 1.0) -> Array:
    """The stain matrix `(2, 3)` of an RGB image, rows of length 1 (Macenko et al., 2009).

    In the plane of the two strongest components of density, the stains are the directions that `percentile` percent of
    the pixels lie beyond. Deterministic; large images are sampled. An image with fewer than 16 stained pixels, or all
    of one color, has no stains of its own and gives the preset "standard".
    """
    density = _densities(image)
    if len(density) < 16:
        return _standard()
    values, vectors = np.linalg.eigh(np.cov(density.T))
    if values[1] < 1e-8:
        return _standard()
    plane = vectors[:, [2, 1]]
    plane = plane * np.where(plane.sum(axis=0) < 0, -1.0, 1.0)
    across = density @ plane
    angles = np.arctan2(across[:, 1], across[:, 0])
    ends = np.percentile(angles, (percentile, 100 - percentile))
    stains = np.stack((np.cos(ends), np.sin(ends)), axis=1) @ plane.T
    return _ordered(stains)


def estimate_vahadane(image: Array, *, sparsity: float = 0.1, rounds: int = 60) -> Array:
    """The stain matrix `(2, 3)` of an RGB image, rows of length 1 (Vahadane et al., 2016).

    Density is factored into amounts and stains, both not negative, with `sparsity` as the L1 penalty of amounts, by
    alternating coordinate descent from `estimate_macenko`. Deterministic; see there for images without stains.
    """
    density = _densities(image)[: _SAMPLE // 4]
    stains = estimate_macenko(image)
    if len(density) < 16:
        return stains
    stains = np.maximum(stains, 1e-6)
    amounts = np.maximum(density @ np.linalg.pinv(stains), 0)
    for _ in range(rounds):
        for k in (0, 1):  # each stain's amounts given the other's: a soft threshold, the stain having length 1
            rest = density - np.outer(amounts[:, 1 - k], stains[1 - k])
            amounts[:, k] = np.maximum(rest @ stains[k] - sparsity, 0)
        for k in (0, 1):
            rest = density - np.outer(amounts[:, 1 - k], stains[1 - k])
            stain = np.maximum(amounts[:, k] @ rest, 0)
            length = np.linalg.norm(stain)
            if length > 1e-9:
                stains[k] = stain / length
    return _ordered(stains) if np.linalg.norm(np.cross(*stains)) > 1e-3 else estimate_macenko(image)


def _densities(image: Array) -> Array:
    """Optical densities `(N, 3)`, float64, of a sample of the stained pixels in a fixed random order."""
    color.need_rgb(image, kernel="estimate")
    pixels = image.reshape(-1, 3)
    if len(pixels) > _SAMPLE:
        # Not every n-th pixel: a step that divides the width would look at a few columns only.
        pixels = pixels[(blend.random_uniform(0, (_SAMPLE,)) * len(pixels)).astype(np.intp)]
    fractions = np.clip(pixels / cv.white(image.dtype), _DARKEST, 1)
    density = -np.log(fractions.astype(np.float64))
    return density[(density > _FAINT).all(axis=1)]


def _ordered(stains: Array) -> Array:
    """Rows of length 1, not negative, hematoxylin first: it is the one that absorbs more red."""
    stains = np.maximum(stains * np.where(stains.sum(axis=1, keepdims=True) < 0, -1.0, 1.0), 0)
    stains = stains / np.maximum(np.linalg.norm(stains, axis=1, keepdims=True), 1e-9)
    result = stains if stains[0, 0] >= stains[1, 0] else stains[::-1]
    return result if np.linalg.norm(np.cross(*result)) > 1e-3 else _standard()


def _standard() -> Array:
    stains = np.array(PRESETS["standard"])
    return stains / np.linalg.norm(stains, axis=1, keepdims=True)
