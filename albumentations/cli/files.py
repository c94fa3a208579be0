"""Images and masks from and to files, whole or not at all. Arrays are HWC or HW, RGB."""

import io
import os
import struct
from pathlib import Path
from typing import Optional

import cv2
import numpy as np

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
MASK_SUFFIXES = (".png", ".tif", ".tiff", ".bmp", ".webp", ".jpg", ".jpeg")

_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF_ORDER = {b"II*\0": "<", b"MM\0*": ">"}  # the first bytes of TIFF, and of EXIF data
_ORIENTATION, _PHOTOMETRIC = 0x0112, 0x0106
_PALETTE = 3  # a PNG's colour type, byte 25, and a TIFF's photometric interpretation
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


def _is_jpeg(data: bytes) -> bool:
    return data[:2] == b"\xff\xd8"


def read_image(path: Path) -> np.ndarray:
    """An image file as `(H, W)`, `(H, W, 3)` or `(H, W, 4)` in its own dtype, upright as its EXIF data say."""
    data = _bytes(path)
    # UNCHANGED keeps alpha but leaves a photo lying on its side; JPEG has no alpha, and OpenCV turns TIFF itself.
    jpeg = _is_jpeg(data)
    image = _decode(path, data, cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH if jpeg else cv2.IMREAD_UNCHANGED)
    return _upright(image, _tag(_exif(data), _ORIENTATION))


def read_mask(path: Path) -> tuple[np.ndarray, Optional[list[int]]]:
    """A mask file with its exact values, upright, and its palette (R, G, B, R, …) if it has one."""
    data = _bytes(path)
    return _labels(path, data) if _has_palette(data) else (read_image(path), None)


def _labels(path: Path, data: bytes) -> tuple[np.ndarray, Optional[list[int]]]:
    """What stands in a file with a palette: OpenCV would give the palette's colours, not the labels."""
    try:
        from PIL import Image

        with Image.open(io.BytesIO(data)) as picture:
            if picture.mode != "P":  # the palette of a BMP that is the grays themselves
                return read_image(path), None
            picture.load()
            return _upright(np.array(picture), _tag(_exif(data), _ORIENTATION)), picture.getpalette()
    except Exception as error:
        raise BrokenImage(f"{path} has a palette, and its labels can't be read: {error}") from None


def _has_palette(data: bytes) -> bool:
    if data[:2] == b"BM":
        place = 24 if data[14:18] == b"\x0c\0\0\0" else 28  # where the bits of a pixel stand, in OS/2 or Windows
        return int.from_bytes(data[place : place + 2], "little") <= 8
    if data[:4] in _TIFF_ORDER:
        return _tag(data, _PHOTOMETRIC) == _PALETTE
    return data[:8] == _PNG and data[25:26] == bytes([_PALETTE])


def _exif(data: bytes) -> bytes:
    """The EXIF data of a PNG or WebP file, which OpenCV does not look at; empty where there are none."""
    if data[:8] == _PNG:
        start, order, wanted, extra = 8, ">", b"eXIf", 4  # a chunk ends with a checksum
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        start, order, wanted, extra = 12, "<", b"EXIF", 0
    else:
        return b""
    while start + 8 <= len(data):
        first, second = data[start : start + 4], data[start + 4 : start + 8]
        name, size = (second, first) if order == ">" else (first, second)
        (length,) = struct.unpack(order + "I", size)
        if name == wanted:
            return data[start + 8 : start + 8 + length].removeprefix(b"Exif\0\0")
        start += 8 + length + extra + (length % 2 if order == "<" else 0)
    return b""


def _tag(tiff: bytes, wanted: int) -> int:
    """The value of a tag, a short, in the first directory of TIFF or EXIF data; 0 where there is none."""
    order = _TIFF_ORDER.get(tiff[:4])
    try:
        (place,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, place)
        for entry in range(place + 2, place + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == wanted:
                return int(value)
    except struct.error:  # no such data, or cut off
        pass
    return 0


def _upright(image: np.ndarray, orientation: int) -> np.ndarray:
    """An image turned and mirrored as the EXIF orientation 1 - 8 says."""
    if orientation in (5, 6, 7, 8):
        image = image.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    return np.ascontiguousarray(image)


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
