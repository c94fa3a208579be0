"""What a lens does to colors: red and blue are drawn larger or smaller than green."""

import cv2
import numpy as np

from . import color, maps

Array = np.ndarray


def chromatic_aberration(
    image: Array,
    *,
    red: tuple[float, float],
    blue: tuple[float, float],
    interpolation: int = cv2.INTER_LINEAR,
) -> Array:
    """Read red and blue at another distance from the centre than green: r (1 + k1 r^2 + k2 r^4) (Brown, 1966).

    `red` and `blue` are (k1, k2); (0, 0) leaves a channel as it is. r is measured in widths along x and heights along
    y, so that it is at most 0.71; edges are repeated. RGB, any dtype; images up to 32766 pixels a side. 440 us at
    256 x 256, of which the two channels' reading takes 260. Raises ValueError for other channels.
    """
    color.need_rgb(image, kernel="chromatic_aberration")
    height, width = image.shape[:2]
    x = np.arange(width, dtype=np.float32) - np.float32((width - 1) / 2)
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32((height - 1) / 2)
    square = (x / np.float32(width)) ** 2 + (y / np.float32(height)) ** 2
    parts = list(color.planes(image))
    for channel, (primary, secondary) in ((0, red), (2, blue)):
        if primary or secondary:
            factor = square * np.float32(secondary)
            factor += np.float32(primary)
            factor *= square
            factor += np.float32(1)
            map_x, map_y = factor * x, factor * y
            map_x += np.float32((width - 1) / 2)
            map_y += np.float32((height - 1) / 2)
            parts[channel] = maps.remap(
                parts[channel],
                map_x=map_x,
                map_y=map_y,
                interpolation=interpolation,
                border_mode=cv2.BORDER_REPLICATE,
            )
    return color.interleave(parts, image)
