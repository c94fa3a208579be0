"""Text in images: words that change places, letters as a mask, and what was under them."""

from collections.abc import Sequence
from typing import Any, Optional

import cv2
import numpy as np

from . import cv

Array = np.ndarray

CHANGES = ("insertion", "swap", "deletion")
_INPAINT_RADIUS = 3  # pixels


def changed(text: str, *, change: str, stopwords: Sequence[str], seed: int) -> str:
    """A text of which half of the words, at least one, are changed.

    "insertion" puts so many stopwords before or behind words, "swap" exchanges two words so often, "deletion" leaves so
    many out, but one. A function of `seed`. Raises ValueError for other changes.
    """
    if change not in CHANGES:
        raise ValueError(f"change must be one of {CHANGES}, not {change!r}")
    rng = np.random.Generator(np.random.SFC64(seed))
    words = text.split()
    count = max(1, len(words) // 2)
    if change == "insertion":
        for _ in range(count if stopwords else 0):
            words.insert(int(rng.integers(len(words) + 1)), stopwords[int(rng.integers(len(stopwords)))])
    elif change == "swap":
        for _ in range(count if len(words) > 1 else 0):
            a, b = rng.permutation(len(words))[:2].tolist()
            words[a], words[b] = words[b], words[a]
    else:
        kept = sorted(rng.permutation(len(words))[: max(len(words) - count, 1)].tolist())
        words = [words[i] for i in kept]
    return " ".join(words)


def font(size: int, *, path: Optional[str] = None) -> Any:
    """A font of Pillow: that of a file, or the one that Pillow brings along; None where it brings none to scale.

    Pillow is imported here, and nowhere else. Raises ValueError for a file that it cannot read.
    """
    try:
        from PIL import ImageFont, features
    except ImportError:
        if path is None:
            return None
        raise ValueError(f"the font {path!r} needs Pillow, which is not installed") from None
    if path is not None:
        try:
            return ImageFont.truetype(path, size)
        except OSError as error:
            raise ValueError(f"{path!r} is no font that Pillow can read ({error})") from None
    if not features.check("freetype2"):
        return None
    try:
        return ImageFont.load_default(size)
    except TypeError:  # before Pillow 10.1 its font had one size
        return None


def letters(text: str, *, size: int, path: Optional[str] = None) -> Array:
    """A text as float32 (height, width) in [0, 1], 1 where ink is: its first pixel is where the line begins.

    `size`: height of a line in pixels. Drawn by Pillow where it can (see `font`), else with OpenCV's Hershey font.
    """
    drawn = font(size, path=path)
    if drawn is None:
        return _hershey(text, size)
    from PIL import Image, ImageDraw

    left, top, right, low = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, font=drawn)
    sheet = Image.new("L", (max(int(np.ceil(right)), 1), max(int(np.ceil(low)), 1)), 0)
    ImageDraw.Draw(sheet).multiline_text((max(-left, 0), max(-top, 0)), text, fill=255, font=drawn)
    return np.asarray(sheet, dtype=np.float32) / np.float32(255)


def _hershey(text: str, size: int) -> Array:
    """Lines of a Hershey font, whose letters OpenCV scales by a factor; other than ASCII they are question marks."""
    face, lines = cv2.FONT_HERSHEY_SIMPLEX, text.split("\n")
    (_, height), base = cv2.getTextSize("Hg", face, 1.0, 1)
    factor = size / (height + base)
    thick = max(1, round(size / 14))
    widths = [cv2.getTextSize(line, face, factor, thick)[0][0] for line in lines]
    sheet = np.zeros((len(lines) * size + thick, max(*widths, 1) + thick), np.uint8)
    for i, line in enumerate(lines):
        origin = (thick // 2, i * size + round(height * factor))
        cv2.putText(sheet, line, origin, face, factor, 255, thick, cv2.LINE_AA)
    return sheet.astype(np.float32) / np.float32(255)


def write(image: Array, *, ink: Array, x: int, y: int, color: Sequence[float]) -> Array:
    """Copy an image and write on it: `ink` from `letters`, its first pixel at (x, y); what leaves the image is cut off.

    `color`: one value a channel, in the image's own units.
    """
    result = np.array(image, order="C")
    ink = ink[max(-y, 0) : image.shape[0] - y, max(-x, 0) : image.shape[1] - x]
    x, y = max(x, 0), max(y, 0)
    if not ink.size:
        return result
    target = result.reshape(*image.shape[:2], -1)[y : y + ink.shape[0], x : x + ink.shape[1]]
    kind = cv.working(image.dtype)
    share = ink.astype(kind)[:, :, None]
    mixed = target.astype(kind) * (kind(1.0) - share) + np.asarray(color, dtype=kind) * share
    target[...] = cv.saturate(mixed, image.dtype)
    return result


def cleaned(image: Array, *, box: tuple[int, int, int, int]) -> Array:
    """Copy an image and continue what surrounds a box (x_min, y_min, x_max, y_max in pixels) into it, in any dtype.

    The surroundings are continued by fast marching (Telea, 2004), channel by channel unless there are three of uint8; a
    box of the whole image becomes its mean.
    """
    x_min, y_min, x_max, y_max = box
    result = np.array(image, order="C")
    # What is further away than this has no influence, and takes time.
    reach = 2 * _INPAINT_RADIUS + 2
    rows = slice(max(y_min - reach, 0), min(y_max + reach, image.shape[0]))
    columns = slice(max(x_min - reach, 0), min(x_max + reach, image.shape[1]))
    part = result.reshape(*image.shape[:2], -1)[rows, columns]
    hole = np.zeros(part.shape[:2], np.uint8)
    hole[y_min - rows.start : y_max - rows.start, x_min - columns.start : x_max - columns.start] = 255
    if hole.all():
        part[...] = cv.saturate(part.mean(axis=(0, 1), dtype=np.float64), image.dtype)
        return result
    place = hole > 0
    if image.dtype == cv.UINT8 and part.shape[2] == 3:
        part[...] = cv2.inpaint(np.ascontiguousarray(part), hole, _INPAINT_RADIUS, cv2.INPAINT_TELEA)
        return result
    for channel in range(part.shape[2]):
        plane = part[:, :, channel]
        if image.dtype == cv.UINT8:
            levels, low, step = np.ascontiguousarray(plane), 0.0, 1.0
        else:  # floats go through 65535 levels: OpenCV 4.8 has them overflow (0.25 becomes -0.58)
            low = float(plane.min())
            step = (float(plane.max()) - low) / 65535 or 1.0
            levels = np.rint((plane.astype(np.float64) - low) / step).astype(np.uint16)
        filled = cv2.inpaint(levels, hole, _INPAINT_RADIUS, cv2.INPAINT_TELEA)
        plane[place] = cv.saturate(low + filled[place] * step, image.dtype)
    return result
