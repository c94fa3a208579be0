"""Images and masks from and to files, whole or not at all. Arrays are HWC or HW, RGB."""

import io
import os
from pathlib import Path
from typing import Optional

import cv2
import numpy as np

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
MASK_SUFFIXES = (".png", ".tif", ".tiff", ".bmp", ".webp", ".jpg", ".jpeg")

_PALETTE = 3  # a PNG's colour type, byte 25
_LZW = 5  # without being told, OpenCV 4 would store float colours as LogLuv, with losses
_JPEG, _TIFF = [cv2.IMWRITE_JPEG_QUALITY, 95], [cv2.IMWRITE_TIFF_COMPRESSION, _LZW]
_FLAGS = {".jpg": _JPEG, ".jpeg": _JPEG, ".tif": _TIFF, ".tiff": _TIFF}
# What a file format can hold; everything else goes to TIFF, which holds every dtype OpenCV has.
_HOLDS = {".png": ("uint8", "uint16"), ".tif": ("uint8", "uint16", "float32"), ".tiff": ("uint8", "uint16", "float32")}


class UsageError(Exception):
    """Something the user can put right: reported in one message, exit status 2."""


class BrokenImage(Exception):
    """One image, mask or annotation that can't be used: named, skipped and counted, exit status 1."""


def _swapped(image: np.ndarray) -> np.ndarray:
    """RGB(A) to BGR(A) or back; not by cvtColor, which doesn't take every dtype."""
    if image.ndim == 2 or image.shape[2] not in (3, 4):
        return image
    return np.ascontiguousarray(image[..., [2, 1, 0, 3][: image.shape[2]]])


def _decode(path: Path, data: bytes, flags: int) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), flags) if data else None
    if image is None:
        raise BrokenImage(f"{path} is not an image that can be read")
    return _swapped(image)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenImage(f"{path} can't be read: {error.strerror}") from None


def read_image(path: Path) -> np.ndarray:
    """An image file as `(H, W)`, `(H, W, 3)` or `(H, W, 4)` in its own dtype, upright as its EXIF data say."""
    data = _bytes(path)
    # UNCHANGED keeps alpha but leaves a photo lying on its side; JPEG has no alpha.
    jpeg = data[:2] == b"\xff\xd8"
    return _decode(path, data, cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH if jpeg else cv2.IMREAD_UNCHANGED)


def read_mask(path: Path) -> tuple[np.ndarray, Optional[list[int]]]:
    """A mask file with its exact values, and its palette (R, G, B, R, …) if it has one."""
    data = _bytes(path)
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[25:26] == bytes([_PALETTE]):
        # OpenCV would give the palette's colours, not the labels.
        from PIL import Image

        with Image.open(io.BytesIO(data)) as picture:
            return np.array(picture), picture.getpalette()
    return _decode(path, data, cv2.IMREAD_UNCHANGED), None


def suffix_for(image: np.ndarray, wanted: str) -> str:
    """The wanted file suffix if that format holds the image's dtype and channels, else `.png` or `.tiff`."""
    wanted = wanted.lower()
    lossy = image.ndim == 3 and image.shape[2] == 4 and wanted in (".jpg", ".jpeg", ".bmp")
    for suffix in (".png" if lossy else wanted, ".png"):
        if image.dtype.name in _HOLDS.get(suffix, ("uint8",)):
            return suffix
    return ".tiff"


def encode(image: np.ndarray, suffix: str, palette: Optional[list[int]] = None) -> bytes:
    """The bytes of an image file of this suffix; with a palette, of a PNG with the labels as they are."""
    if palette is not None and image.ndim == 2 and image.dtype == np.uint8 and suffix == ".png":
        from PIL import Image

        picture, buffer = Image.fromarray(image), io.BytesIO()
        picture.putpalette(palette)
        picture.save(buffer, "PNG")
        return buffer.getvalue()
    done, data = cv2.imencode(suffix, _swapped(image), _FLAGS.get(suffix, []))
    if not done:
        raise ValueError(f"{image.dtype} {image.shape} can't be written as {suffix}")
    return bytes(data)


def write(path: Path, data: bytes, overwrite: bool = False) -> None:
    """Write a file whole or not at all; one that is there with other content stays, unless overwrite is set."""
    if not overwrite and path.exists():
        if path.read_bytes() == data:
            return
        raise FileExistsError(f"{path} is there already, with other content (--overwrite replaces it)")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")  # one that a killed run left is used again
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
