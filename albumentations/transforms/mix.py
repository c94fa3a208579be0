"""Several pictures in one: templates, overlays, and mosaics."""

from typing import Any, ClassVar, NamedTuple, Optional

import cv2
import numpy as np

from ..core.params import (
    Anything,
    Choice,
    Code,
    Fill,
    OptionalRange,
    Param,
    Range,
    anything,
    choice,
    fill_value,
    interpolation_flag,
    numbers_of,
    span,
)
from ..core.params import Size as SizeParam
from ..core.params import size as size_of
from ..core.plan import Shape
from ..core.rows import Rows
from ..core.run import Node
from ..core.targets import check_pictures
from ..core.transforms_interface import DualTransform
from ..functional import boxes, cv, mix, warp
from ..functional import keypoints as points
from . import metadata
from .families import Params, Size
from .named import Named, read_name


def _read_templates(value: Any) -> tuple[np.ndarray, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"must be an array or a list of arrays, not {type(value).__name__}")
    if not value:
        raise ValueError("must not be empty")
    for i, template in enumerate(value):
        try:
            check_pictures("", f"template {i}", template, 0, 0)
        except (TypeError, ValueError) as error:
            raise type(error)(f"must be an array or a list of arrays{error}") from None
    return tuple(value)


class _Arrays(Param[Any, tuple[np.ndarray, ...]]):
    """Arrays, which stay arrays: elsewhere they are read as lists."""

    def read(self, owner: type, value: Any) -> Any:
        return super().read(owner, [value] if isinstance(value, np.ndarray) else value)


def _read_node(value: Any) -> Any:
    if value is not None and not isinstance(value, Node):
        raise TypeError(f"must be a transform or a container, not {type(value).__name__}")
    return value


def _ramp() -> np.ndarray:
    """An example of a template: a ramp of colours, uint8 (30, 50, 3)."""
    y, x = np.mgrid[:30, :50]
    return np.stack((x * 5, 250 - y * 8, 90 + x + y), axis=2).astype(np.uint8)


class TemplateTransform(Named):
    """Add another picture, one of the templates, to the image: the sum of both, each times its weight.

    Targets: image, volume; any dtype and number of channels, templates having the same dtype, and as many channels or
    one for all. A template of another size is resized linearly. Raises ValueError for other dtypes and channels.
    """

    templates: _Arrays = _Arrays(_read_templates, doc="an array like the image, or a list of such arrays")
    img_weight: Range = span(default=(0.5, 0.5), low=0, doc="weight of the image; x is read as (x, x)")
    template_weight: OptionalRange = span(
        default=(0.5, 0.5),
        low=0,
        optional=True,
        doc="weight of the template; x is read as (x, x), None is 1 less that of the image",
    )
    template_transform: Anything = anything(
        read=_read_node,
        default=None,
        doc="transform or container that changes the template first; it draws from this one's generator",
    )
    order = "templates img_weight template_weight template_transform name p"
    eras = (
        "templates img_weight template_weight template_transform name always_apply p",
        "templates img_weight template_weight template_transform name p always_apply",
    )
    examples = (
        {"templates": _ramp(), "name": "named"},
        {
            "templates": (_ramp(), 255 - _ramp()[:, :, :1]),
            "img_weight": (0.6, 0.9),
            "template_weight": None,
            "name": "named",
        },
    )
    neutral = {"templates": _ramp(), "img_weight": 1, "template_weight": 0, "name": "named"}

    @property
    def _needs_channels(self) -> tuple[int, ...]:
        counts = {cv.channels(template) for template in self.templates} - {1}
        return () if self.template_transform is not None else tuple(sorted(counts))

    @property
    def _needs_dtypes(self) -> tuple[str, ...]:
        names = {template.dtype.name for template in self.templates}
        return () if self.template_transform is not None else tuple(sorted(names))

    def get_params(self) -> Params:
        weight = self._uniform(self.img_weight)
        other = 1 - weight if self.template_weight is None else self._uniform(self.template_weight)
        numbers = {"chosen": self._uniform((0, 1)), "img_weight": weight, "template_weight": other}
        return {**numbers, "seed": self._draw_seed()} if self.template_transform is not None else numbers

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        if "template" in params:  # as the records of 1.x have it
            return {"template": np.asarray(params["template"])}
        chosen = self.templates[min(int(params["chosen"] * len(self.templates)), len(self.templates) - 1)]
        if self.template_transform is not None:
            chosen = self.template_transform._call_with(params["seed"], image=chosen)["image"]
        return {"template": chosen}

    def apply(
        self, img: np.ndarray, template: np.ndarray, img_weight: float, template_weight: float, **params: Any
    ) -> np.ndarray:
        template = metadata.matching("the template", template, img)
        return mix.weighted(img, other=template, weight=img_weight, other_weight=template_weight)


class _Patch(NamedTuple):
    """What is laid over a picture: where it is shown (None: everywhere), where it lies, what the mask says there."""

    place: str
    image: np.ndarray
    shown: Optional[np.ndarray]
    x: int
    y: int
    value: Optional[float]


class OverlayElements(DualTransform):
    """Lay pictures over the image.

    Targets: image, mask (where `mask_id` is given), volume, mask3d; any dtype. Boxes and keypoints stay. The call
    holds, under `metadata_key`, a dict or a list of dicts: `image`, of the image's dtype with as many channels or one;
    `bbox`, where it goes, (x_min, y_min, x_max, y_max) as fractions of the image, to which it is resized; without it
    the picture keeps its size, at most the image's, and lies anywhere; `mask`, (height, width) as `image`: shown where
    not 0; `mask_id`: the value that masks get where it is shown. Raises TypeError or ValueError for what is missing or
    does not fit.
    """

    _kinds: ClassVar[tuple[str, ...]] = ("image", "volume", "mask", "mask3d")

    metadata_key: Anything = anything(
        read=read_name, default="overlay_metadata", doc="name of the call's argument that holds the pictures"
    )
    order = "metadata_key p"
    eras = ("metadata_key p always_apply",)
    examples = ({}, {"metadata_key": "stickers"})
    swaps = {"offsets": "offsets"}

    @property
    def _reads(self) -> tuple[str, ...]:
        return (self.metadata_key,)

    def example_call(self, image: np.ndarray) -> Params:
        height, width = image.shape[:2]
        part = image[: max(height // 3, 1), : max(width // 2, 1)][::-1]
        shown = np.zeros(part.shape[:2], np.uint8)
        shown[: max(len(shown) // 2, 1)] = 1
        first = {"image": part.copy(), "bbox": (0.1, 0.2, 0.6, 0.9), "mask_id": 1}
        return {self.metadata_key: [first, {"image": part[:, ::-1].copy(), "mask": shown, "mask_id": 3}]}

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        found = metadata.entries("OverlayElements", self.metadata_key, data, ("image",))
        loose = [item.get("bbox") is None for _, item in found]
        return {"offsets": [[self._uniform((0, 1)), self._uniform((0, 1))] if free else None for free in loose]}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        found, offsets = metadata.entries("OverlayElements", self.metadata_key, params, ("image",)), params["offsets"]
        if len(found) != len(offsets):
            raise ValueError(
                f"OverlayElements: the record is of {len(offsets)} pictures, {self.metadata_key} has {len(found)}"
            )
        return {"patches": [self._patch(shape, entry, offset) for entry, offset in zip(found, offsets)]}

    def _patch(self, shape: Shape, entry: metadata.Entry, offset: Any) -> _Patch:
        (place, item), (height, width) = entry, shape[:2]
        image = metadata.picture("OverlayElements", entry, "image")
        shown = None
        if item.get("mask") is not None:
            shown = metadata.mask_of("OverlayElements", entry, image, channels=False) != 0
        value = item.get("mask_id")
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float, np.number))):
            raise TypeError(f"OverlayElements: {place}['mask_id'] must be a number, not {type(value).__name__}")
        if item.get("bbox") is not None:
            x, y, x_max, y_max = metadata.pixels(metadata.box_of("OverlayElements", entry), height, width)
            size = (y_max - y, x_max - x)
        elif offset is None:
            raise ValueError(f"OverlayElements: {place} has no 'bbox', and no place for it is recorded")
        else:
            size = (min(image.shape[0], height), min(image.shape[1], width))
            y, x = (min(int(share * (side - n + 1)), side - n) for share, side, n in zip(offset, shape, size))
        if image.shape[:2] != size:
            image = warp.resize(image, size=size, interpolation=cv2.INTER_AREA)  # overlays are shrunk more often
            shown = None if shown is None else warp.resize(shown, size=size, interpolation=0)
        return _Patch(f"{place}['image']", image, shown, x, y, None if value is None else float(value))

    def apply(self, img: np.ndarray, patches: list[_Patch], **params: Any) -> np.ndarray:
        for patch in patches:
            image = metadata.matching(patch.place, patch.image, img)
            img = mix.overlay(img, patch=image, x=patch.x, y=patch.y, alpha=patch.shown)
        return img

    def apply_to_mask(self, mask: np.ndarray, patches: list[_Patch], **params: Any) -> np.ndarray:
        for patch in patches:
            if patch.value is not None:
                rows, columns = patch.image.shape[:2]
                place = {"height": rows, "width": columns, "x": patch.x, "y": patch.y}
                mask = mix.overlay_mask(mask, **place, value=patch.value, alpha=patch.shown)
        return mask


class _Tile(NamedTuple):
    """A cell of a mosaic: the picture that it shows (None: that of the call itself), and how it lies there."""

    entry: Optional[metadata.Entry]
    shape: Size
    window: mix.Window
    size: Size
    x: int
    y: int

    @property
    def matrix(self) -> np.ndarray:
        return mix.placement_matrix(*self.shape, size=self.size, x=self.x, y=self.y)


_OWN = -1  # among the drawn items: the picture of the call itself


class Mosaic(DualTransform):
    """Put the picture together with others in the cells of a grid, and show a part of it (Bochkovskiy et al., 2020).

    Targets: image, mask, bboxes, keypoints, volume, mask3d; any dtype. Pixels. The call holds the other pictures under
    `metadata_key`: a dict or a list of dicts of `image`, and, where the call has such targets, `mask` (any masks show
    it, without it `fill_mask`), `bboxes` and `keypoints`, written as those of the call, with their label fields. Where
    there are fewer pictures than cells the call's own fills the rest, where more, some are drawn. It lies in the
    largest cell; its rows come first, theirs are added. Boxes end where their cell does. Raises TypeError or
    ValueError for metadata that is missing or does not fit.
    """

    grid_yx: SizeParam = numbers_of(
        default=(2, 2), count=2, low=1, integer=True, doc="cells of the grid: (rows, columns)"
    )  # type: ignore[assignment]
    target_size: SizeParam = size_of(default=(512, 512), doc="(height, width) of the result")
    cell_shape: SizeParam = size_of(default=(512, 512), doc="(height, width) of a cell")
    center_range: Range = span(
        default=(0.3, 0.7),
        low=0,
        high=1,
        doc="where the result lies on the grid, along each axis: 0 at its first pixel, 1 at its last; x is read as"
        " (x, x)",
    )
    fit_mode: Choice = choice(
        "cover",
        "contain",
        default="cover",
        doc="'cover' fills a cell, from the picture's first pixel; 'contain' shows all of it, in the cell's middle",
    )
    interpolation: Code = interpolation_flag(default=1, doc="OpenCV interpolation flag")
    mask_interpolation: Code = interpolation_flag(default=0, doc="OpenCV interpolation flag for masks")
    fill: Fill = fill_value(default=0, doc="value of pixels without a picture, in the image's own units")
    fill_mask: Fill = fill_value(default=0, doc="value of pixels of masks without a picture")
    metadata_key: Anything = anything(
        read=read_name, default="mosaic_metadata", doc="name of the call's argument that holds the other pictures"
    )
    order = (
        "grid_yx target_size cell_shape center_range fit_mode interpolation mask_interpolation fill fill_mask"
        " metadata_key p"
    )
    examples = (
        {"target_size": (50, 61), "cell_shape": (40, 48)},
        {
            "grid_yx": (3, 2),
            "target_size": (52, 70),
            "cell_shape": (30, 44),
            "center_range": (0.1, 0.9),
            "fit_mode": "contain",
            "fill": 90,
            "fill_mask": 1,
        },
    )
    swaps = {
        "grid_yx": "grid_yx",
        "target_size": "target_size",
        "cell_shape": "cell_shape",
        "center": "center",
        "places": "places",
    }

    def _check(self) -> None:
        for axis, count, cell, target in zip(("high", "wide"), self.grid_yx, self.cell_shape, self.target_size):
            if target > count * cell:
                said = f"grid_yx={self.grid_yx}, target_size={self.target_size}, cell_shape={self.cell_shape}"
                raise ValueError(
                    f"Mosaic({said}): target_size must not be beyond the grid, {count * cell} pixels {axis}"
                )

    @property
    def _reads(self) -> tuple[str, ...]:
        return (self.metadata_key,)

    def example_call(self, image: np.ndarray) -> Params:
        height, width = image.shape[:2]
        mask = np.zeros((height, width), np.uint8)
        mask[: max(height // 2, 1), : max(width // 3, 1)] = 1
        box = (0, 0, max(width // 3, 1), max(height // 2, 1))
        first = {"image": image[::-1].copy(), "mask": mask, "bboxes": [box], "labels": ["a"]}
        return {
            self.metadata_key: [
                {**first, "keypoints": [(width // 4, height // 4)], "names": [0]},
                {"image": image[:, ::-1].copy()},
            ]
        }

    def _cells(self, center: Any) -> dict[tuple[int, int], mix.Cell]:
        """The cells that are seen, by row and column."""
        (rows, columns), (height, width), (high, wide) = self.grid_yx, self.cell_shape, self.target_size
        share = (float(center[0]), float(center[1]))
        grid, cell, target = (int(rows), int(columns)), (int(height), int(width)), (int(high), int(wide))
        found = mix.mosaic_cells(grid=grid, cell_shape=cell, target_size=target, center=share)
        y, x = sorted({c.y for c in found}), sorted({c.x for c in found})
        return {(y.index(c.y), x.index(c.x)): c for c in found}

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        count = len(metadata.entries("Mosaic", self.metadata_key, data, ("image",)))
        center = [self._uniform(self.center_range), self._uniform(self.center_range)]
        cells = self._cells(center)

        def area(place: tuple[int, int]) -> int:
            x_min, y_min, x_max, y_max = cells[place].window
            return (x_max - x_min) * (y_max - y_min)

        own = max(cells, key=area)
        others = [place for place in cells if place != own]
        self.py_random.shuffle(others)
        chosen = self.py_random.sample(range(count), min(count, len(others)))
        items = [_OWN, *chosen, *[_OWN] * (len(others) - len(chosen))]
        return {"center": center, "places": [list(place) for place in (own, *others)], "items": items}

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        found, cells = metadata.entries("Mosaic", self.metadata_key, params, ("image",)), self._cells(params["center"])
        tiles = []
        for place, item in zip(params["places"], params["items"]):
            if not _OWN <= item < len(found):
                raise ValueError(f"Mosaic: picture {item} is recorded, {self.metadata_key} has {len(found)}")
            entry = None if item == _OWN else found[item]
            height, width = shape[:2]
            if entry is not None:
                image = metadata.picture("Mosaic", entry, "image")
                height, width = image.shape[:2]
                if entry[1].get("mask") is not None:
                    metadata.mask_of("Mosaic", entry, image, channels=True)
            cell, anchor = cells[tuple(place)], 0.0 if self.fit_mode == "cover" else 0.5
            room = (int(self.cell_shape[0]), int(self.cell_shape[1]))
            size, x, y = mix.fit(height, width, cell_shape=room, mode=self.fit_mode, anchor=(anchor, anchor))
            # Pads belong to no picture: the window ends with what is seen of it.
            x_min, y_min, x_max, y_max = cell.window
            left, top = cell.x + x, cell.y + y
            seen = (max(x_min, left), max(y_min, top), min(x_max, left + size[1]), min(y_max, top + size[0]))
            tiles.append(_Tile(entry, (height, width), seen, size, left, top))
        return {"tiles": tiles}

    def apply(self, img: np.ndarray, tiles: list[_Tile], **params: Any) -> np.ndarray:
        return self._drawn(img, tiles, "image", self.fill, self.interpolation)

    def apply_to_mask(self, mask: np.ndarray, tiles: list[_Tile], **params: Any) -> np.ndarray:
        chosen = params.get("mask_interpolation", self.mask_interpolation)
        return self._drawn(mask, tiles, "mask", self.fill_mask, chosen)

    def _drawn(self, own: np.ndarray, tiles: list[_Tile], name: str, fill: Any, interpolation: int) -> np.ndarray:
        result = mix.canvas(int(self.target_size[0]), int(self.target_size[1]), like=own, fill=fill)
        mine = None
        for tile in tiles:
            if tile.entry is None:
                mine = warp.resize(own, size=tile.size, interpolation=interpolation) if mine is None else mine
                picture = mine
            elif tile.entry[1].get(name) is None:
                continue  # no mask
            else:
                given, place = tile.entry[1][name], f"{tile.entry[0]}[{name!r}]"
                given = metadata.matching(place, _as(place, given, own) if name == "mask" else given, own)
                picture = warp.resize(given, size=tile.size, interpolation=interpolation)
            mix.draw(result, image=picture, window=tile.window, x=tile.x, y=tile.y)
        return result

    def _size_after(self, *args: Any, **params: Any) -> Size:
        return int(self.target_size[0]), int(self.target_size[1])

    def _rows(self, tile: _Tile, carried: Rows, name: str) -> Optional[tuple[np.ndarray, list[tuple[Any, ...]]]]:
        """The rows of a tile's picture, as those of the call are inside of it, and what they carry."""
        assert tile.entry is not None
        place, item = tile.entry
        if item.get(name) is None:
            return None
        array, rows = carried.processor.unpack(f"Mosaic: {place}", name, item, tile.shape)
        loads = [rows.carried(int(i)) for i in array[:, -1]]
        if not carried.labels and rows.labels:  # an additional target has no labels
            loads = [load[: -len(rows.labels)] for load in loads]
        given = carried.given
        if isinstance(given, np.ndarray) and given.size:
            width = given.shape[1] - carried.own + len(carried.labels)
            if any(len(load) != width for load in loads):
                raise ValueError(f"{place}[{name!r}] must have rows of {given.shape[1]} values, as the call's")
        return array, loads

    def _move_bboxes(self, bboxes: np.ndarray, carried: Rows, tiles: list[_Tile], **params: Any) -> np.ndarray:  # type: ignore[override]
        parts: list[np.ndarray] = []
        before = carried.visible.copy()
        for number, tile in enumerate(tiles):
            own = tile.entry is None
            found = (bboxes, None) if own else self._rows(tile, carried, "bboxes")
            if found is None or not len(found[0]):
                continue
            moved = boxes.transform(found[0], matrix=tile.matrix)
            x_min, y_min, x_max, y_max = tile.window
            cut = moved.copy()
            cut[:, :4] = np.clip(moved[:, :4], (x_min, y_min, x_min, y_min), (x_max, y_max, x_max, y_max))
            share, index = boxes.areas(cut) / boxes.areas(moved), moved[:, -1].astype(np.intp)
            seen = np.flatnonzero(boxes.areas(cut) > 0)
            if own and not number:
                carried.visible[index] = before[index] * share
                parts.append(cut[seen])
                continue
            if not len(seen):
                continue
            loads = [carried.carried(int(index[i])) if own else found[1][int(i)] for i in seen]  # type: ignore[index]
            visible = (before[index] * share)[seen] if own else share[seen]
            parts.append(carried.add(cut[seen, :4], loads, visible))
        return np.concatenate(parts) if parts else bboxes[:0]

    def _move_keypoints(self, keypoints: np.ndarray, carried: Rows, tiles: list[_Tile], **params: Any) -> np.ndarray:  # type: ignore[override]
        parts: list[np.ndarray] = []
        for number, tile in enumerate(tiles):
            own = tile.entry is None
            found = (keypoints, None) if own else self._rows(tile, carried, "keypoints")
            if found is None or not len(found[0]):
                continue
            moved = points.transform(found[0], matrix=tile.matrix)
            seen = np.arange(len(moved))
            if carried.processor.params.remove_invisible:
                x_min, y_min, x_max, y_max = tile.window
                x, y = moved[:, 0], moved[:, 1]
                seen = np.flatnonzero((x > x_min - 1) & (x < x_max) & (y > y_min - 1) & (y < y_max))
            if own and not number:
                parts.append(moved[seen])
                continue
            index = moved[:, -1].astype(int)
            if not len(seen):
                continue
            loads = [carried.carried(int(index[i])) if own else found[1][int(i)] for i in seen]  # type: ignore[index]
            parts.append(carried.add(moved[seen, :-1], loads))
        return np.concatenate(parts) if parts else keypoints[:0]


def _as(place: str, mask: np.ndarray, target: np.ndarray) -> np.ndarray:
    """A mask in the dtype of another one, where its values are those of that dtype."""
    result = mask.astype(target.dtype)
    if not np.array_equal(result, mask):
        raise ValueError(f"{place} has values that the call's mask of {target.dtype} cannot hold")
    return result
