"""Text that is written into the image."""

import os
from typing import Any, Optional

import numpy as np

from ..core.params import Anything, Flag, Range, anything, flag, positive, span
from ..core.plan import Shape
from ..functional import cv, text
from . import metadata
from .families import Filter, Params
from .named import read_name

_KEEP = None  # an augmentation that leaves the text as it is


def _read_path(value: Any) -> Optional[str]:
    if value is None:
        return None
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"must be the path of a font file, or None, not {type(value).__name__}")
    try:
        text.font(10, path=os.fspath(value))
    except ValueError as error:
        raise ValueError(f"must be the path of a font file, or None: {error}") from None
    return os.fspath(value)


def _read_words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        raise TypeError("must be a list of strings")
    return tuple(value)


def _read_changes(value: Any) -> tuple[Optional[str], ...]:
    allowed = f"must be a list of {', '.join(map(repr, text.CHANGES))} and None"
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{allowed}, not {type(value).__name__}")
    wrong = [word for word in value if word is not _KEEP and word not in text.CHANGES]
    if wrong:
        raise ValueError(f"{allowed}, not of {wrong[0]!r}")
    return tuple(value) or (_KEEP,)


def _read_color(value: Any) -> tuple[float, ...]:
    if isinstance(value, str):
        from PIL import ImageColor

        try:
            return tuple(float(v) for v in ImageColor.getrgb(value)[:3])
        except ValueError:
            raise ValueError("must be the name of a colour, or numbers in [0, 255]") from None
    values = (value,) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    kind = "must be a number in [0, 255], one a channel, or the name of a colour"
    if not isinstance(values, (list, tuple)) or any(isinstance(v, (bool, str)) for v in values):
        raise TypeError(f"{kind}, not {type(value).__name__}")
    if not values or not all(isinstance(v, (int, float)) and 0 <= v <= 255 for v in values):
        raise ValueError(kind)
    return tuple(float(v) for v in values)


def _above_zero(limits: tuple[float, float]) -> tuple[float, float]:
    positive(limits[0])
    return limits


class TextImage(Filter):
    """Write texts into boxes of the image.

    Targets: image, volume; any dtype and number of channels. The call holds, under `metadata_key`, a dict or a list of
    dicts: `text`, a string, and `bbox`, where its line begins and how high it is, (x_min, y_min, x_max, y_max) as
    fractions of the image. What is longer than its box is written on. Words are changed before (`augmentations`). The
    font is that of a file, or the one that Pillow brings along; where it brings none (before 10.1), OpenCV's. Raises
    TypeError or ValueError for texts and boxes that are none, and for colours of another number of channels.
    """

    font_path: Anything = anything(
        read=_read_path, default=None, doc="a font file that Pillow can read; None is the font that Pillow brings along"
    )
    stopwords: Anything = anything(
        read=_read_words, default=("the", "is", "in", "at", "of"), doc="words that 'insertion' puts between others"
    )
    augmentations: Anything = anything(
        read=_read_changes,
        default=(None,),
        doc="what may be done to half of a text's words, one of: 'insertion' of stopwords, 'swap', 'deletion', or None",
    )
    fraction_range: Range = span(default=(1.0, 1.0), low=0, high=1, doc="share of the texts that are written")
    font_size_fraction_range: Range = span(
        default=(0.8, 0.9),
        low=0,
        high=1,
        then=_above_zero,
        doc="size of the font as a share of its box's height",
    )
    font_color: Anything = anything(
        read=_read_color,
        default=(0, 0, 0),
        doc="a number, one a channel, or the name of a colour; 0 to 255 in every dtype. Three for a picture of one"
        " channel are its lightness",
    )
    clear_bg: Flag = flag(default=False, doc="first continue what surrounds the box into it")
    metadata_key: Anything = anything(
        read=read_name, default="textimage_metadata", doc="name of the call's argument that holds the texts"
    )
    order = (
        "font_path stopwords augmentations fraction_range font_size_fraction_range font_color clear_bg metadata_key p"
    )
    eras = (
        "font_path stopwords augmentations fraction_range font_size_fraction_range font_color clear_bg metadata_key"
        " always_apply p",
    )
    examples = (
        {},
        {"augmentations": ("insertion", "swap", "deletion"), "font_color": 200, "clear_bg": True},
        {"stopwords": ("and", "or"), "augmentations": ("insertion",), "font_size_fraction_range": (0.3, 0.6)},
        {"fraction_range": (0.25, 0.75), "metadata_key": "texts"},
    )

    @property
    def _looks_at(self) -> tuple[str, ...]:
        return (self.metadata_key,)

    def example_call(self, image: np.ndarray) -> Params:
        texts = ("one of two or three", "four, five") * 5
        return {self.metadata_key: [{"text": t, "bbox": (0.1, i / 10, 0.9, (i + 1) / 10)} for i, t in enumerate(texts)]}

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        found = metadata.entries("TextImage", self.metadata_key, data, ("text", "bbox"))
        texts: list[Params] = []
        for place, item in found:
            if not isinstance(item["text"], str):
                kind = type(item["text"]).__name__
                raise TypeError(f"TextImage: {place}['text'] must be a string, not {kind} ({item['text']!r})")
            texts.append({"text": item["text"], "bbox": list(metadata.box_of("TextImage", (place, item)))})
        count = min(int(len(texts) * self._uniform(self.fraction_range) + 1e-9), len(texts))
        chosen = self.py_random.sample(texts, count)
        for one in chosen:
            change = self._pick(self.augmentations)
            if change is not _KEEP:
                seed = self._draw_seed()
                one["text"] = text.changed(one["text"], change=change, stopwords=self.stopwords, seed=seed)
            one["font_size"] = self._uniform(self.font_size_fraction_range)
        return {"texts": chosen}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        height, width = shape[:2]
        lines = []
        for one in params["texts"]:
            x_min, y_min, x_max, y_max = one["bbox"]
            box = metadata.pixels((x_min, y_min, x_max, y_max), height, width)
            size = max(int((box[3] - box[1]) * one["font_size"]), 1)
            lines.append((box, text.letters(one["text"], size=size, path=self.font_path)))
        return {"lines": lines}

    def apply(self, img: np.ndarray, lines: Any, **params: Any) -> np.ndarray:
        color = self._color(img)
        for box, ink in lines:
            if self.clear_bg:
                img = text.cleaned(img, box=box)
            img = text.write(img, ink=ink, x=box[0], y=box[1], color=color)
        return img

    def _color(self, img: np.ndarray) -> tuple[float, ...]:
        """The colour in the image's own units, one value a channel."""
        count, values = cv.channels(img), self.font_color
        if len(set(values)) == 1:
            values = values[:1] * count
        elif count == 1 and len(values) == 3:
            values = (float(np.dot(values, (0.299, 0.587, 0.114))),)
        if len(values) != count:
            raise ValueError(f"font_color={self.font_color} has {len(values)} values, the image {count} channels")
        low, high = cv.black(img.dtype), cv.white(img.dtype)
        return tuple(low + v / 255 * (high - low) for v in values)
