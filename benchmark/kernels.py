"""The tricks of the kernels against the plain way: what they save, and that they give the same."""

from typing import Any, Callable

import cv2
import numpy as np

from albumentations.functional import cv, maps, noise, warp

from .timing import best, table

Pair = tuple[str, Callable[[], Any], Callable[[], Any], str]


def photo(size: int = 256) -> np.ndarray:
    """A real photo, uint8 RGB."""
    from skimage import data

    return cv2.resize(data.astronaut(), (size, size), interpolation=cv2.INTER_AREA)


def pairs(image: np.ndarray) -> list[Pair]:
    """Name, the library's way, the plain way, and how the results compare."""
    height, width = image.shape[:2]
    center = ((width - 1) / 2, (height - 1) / 2)
    turn = warp.about(warp.rotation(17), center=center)
    tilt = turn.copy()
    tilt[2, :2] = 2e-4, 1e-4
    map_x, map_y = maps.elastic(height, width, alpha=30, sigma=6, seed=1)
    as_float = image.astype(np.float32) / 255
    size = (width, height)
    reflect = {"flags": cv2.INTER_LINEAR, "borderMode": cv2.BORDER_REFLECT_101}
    drawn = np.random.Generator(np.random.PCG64(0))
    levels = np.random.Generator(np.random.PCG64(1)).permutation(256).astype(np.uint8)

    def library_warp(source: np.ndarray, matrix: np.ndarray) -> Callable[[], Any]:
        return lambda: warp.warp(source, matrix=matrix, size=(height, width), border_mode=cv2.BORDER_REFLECT_101)

    def plain_noise() -> np.ndarray:
        values = image + 40 * drawn.standard_normal(image.shape, dtype=np.float32)
        return np.clip(np.rint(values), 0, 255).astype(np.uint8)

    return [
        (
            "warpAffine, uint8",
            library_warp(image, turn),
            lambda: cv2.warpAffine(image, turn[:2], size, **reflect),
            "bytes",
        ),
        (
            "warpAffine, float32",
            library_warp(as_float, turn),
            lambda: cv2.warpAffine(as_float, turn[:2], size, **reflect),
            "bytes",
        ),
        (
            "warpPerspective, uint8",
            library_warp(image, tilt),
            lambda: cv2.warpPerspective(image, tilt, size, **reflect),
            "bytes",
        ),
        (
            "remap, uint8",
            lambda: maps.remap(image, map_x=map_x, map_y=map_y, interpolation=1, border_mode=4),
            lambda: cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101),
            "bytes",
        ),
        ("one table", lambda: cv.lut(image, levels), lambda: cv2.LUT(image, levels), "bytes"),
        ("one table, against np.take", lambda: cv.lut(image, levels), lambda: np.take(levels, image), "bytes"),
        (
            "a table a channel",
            lambda: cv.lut(image, np.stack([levels, levels[::-1], levels], axis=1)),
            lambda: cv2.LUT(image, np.stack([levels, levels[::-1], levels], axis=1)[None]),
            "bytes",
        ),
        (
            "Gaussian noise, deviation 40",
            lambda: noise.gaussian(image, std=40, mean=0, seed=1),
            plain_noise,
            "deviation",
        ),
    ]


def compared(kind: str, ours: np.ndarray, plain: np.ndarray, image: np.ndarray) -> str:
    """What may be said of the two results."""
    if kind == "bytes":
        return "same bytes" if np.array_equal(ours, plain) else f"differ by {np.abs(ours * 1.0 - plain).max():.3g}"
    middle = (image > 120) & (image < 136)  # where nothing saturates
    deviations = [np.std(r[middle] * 1.0 - image[middle]) for r in (ours, plain)]
    return "deviation {:.1f} and {:.1f}".format(*deviations)


def run() -> str:
    """The table of all tricks."""
    cv2.setNumThreads(1)
    image = photo()
    rows = []
    for name, ours, plain, kind in pairs(image):
        times: dict[str, float] = best({"ours": ours, "plain": plain})
        words = compared(kind, ours(), plain(), image)
        rows.append([name, times["ours"] * 1e6, times["plain"] * 1e6, times["plain"] / times["ours"], words])
    fast = "with" if cv._translate is not None else "without"
    title = f"OpenCV {cv2.__version__}, NumPy {np.__version__}, {fast} stringzilla, 256 x 256 x 3, one thread\n\n"
    return title + table(["kernel", "library, us", "plain, us", "times faster", "results"], rows)
