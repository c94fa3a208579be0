"""The laws: what holds for every transform, walked over the registry with each example, dtype and channel count."""

import inspect
import io
import itertools
import json
import pickle
import random
from typing import Any

import numpy as np
import pytest
from common import (
    BOXES,
    POINTS,
    accepted,
    arrays_in,
    border,
    cases,
    center_of_mass,
    channels_for,
    class_cases,
    classes,
    data_for,
    given,
    image_for,
    main,
    make,
    mask_of,
    picture,
    pipeline,
    read_by,
    required,
    run,
    same,
    sample,
    solid,
)

import albumentations as A
from albumentations.core.params import plain
from albumentations.core.transforms_interface import BasicTransform, DualTransform, Transform3D
from albumentations.transforms.families import Move, Pointwise, Sampled

every = pytest.mark.parametrize(("cls", "example"), list(cases()))
every_dual = pytest.mark.parametrize(
    ("cls", "example"), [p for p in cases(DualTransform) if main(p.values[0]) == "image"]
)
every_solid = pytest.mark.parametrize(("cls", "example"), [p for p in cases() if main(p.values[0]) == "volume"])
looks = pytest.mark.parametrize(
    ("dtype", "channels"), [("uint8", 3), ("float32", 3), ("uint8", 1), ("uint8", 5), ("float32", 1), ("float32", 5)]
)


def accepts(cls: Any, example: dict[str, Any], image: np.ndarray) -> bool:
    """Whether the class takes this image; where it says that it does not, it must raise and name itself."""
    if accepted(make(cls, example), image):
        return True
    with pytest.raises((ValueError, TypeError), match=cls.__name__):
        run(make(cls, example), given(cls, image))
    return False


@every
@looks
def test_p_0_returns_equal_data(cls: Any, example: dict[str, Any], dtype: str, channels: int) -> None:
    data = data_for(cls, picture(dtype, channels))
    for seed in range(3):
        assert same(run(make(cls, example, p=0), dict(data), seed), data)


@every
def test_p_1_always_applies(cls: Any, example: dict[str, Any]) -> None:
    transform = pipeline(make(cls, example), None, save_applied_params=True)
    for _ in range(20):
        names = [name for name, _ in transform(**data_for(cls, image_for(cls)))["applied_transforms"]]
        assert names == [cls.__name__]


@every
@looks
def test_inputs_are_never_written_and_results_never_aliased(
    cls: Any, example: dict[str, Any], dtype: str, channels: int
) -> None:
    image = picture(dtype, channels)
    if not accepts(cls, example, image):
        return
    data = data_for(cls, image)
    kept = pickle.loads(pickle.dumps(data))
    for value in arrays_in(data):
        value.setflags(write=False)
    for seed in range(3):
        result = run(make(cls, example), data, seed)
        assert same(data, kept)
        for name in (main(cls), mask_of(cls)):
            out = result[name]
            if not isinstance(out, np.ndarray) or out is data[name]:
                continue
            assert not any(np.may_share_memory(out, value) for value in arrays_in(data))
            assert out.flags.c_contiguous
            assert out.flags.writeable


@every
@looks
def test_dtype_rank_containers_and_labels_are_kept(
    cls: Any, example: dict[str, Any], dtype: str, channels: int
) -> None:
    image = picture(dtype, channels)
    if not accepts(cls, example, image):
        return
    for picture_ in (image, np.ascontiguousarray(image[:, :, 0])):
        if not accepted(make(cls, example), picture_):
            continue
        data = data_for(cls, picture_)
        for seed in range(3):
            result = run(make(cls, example), data, seed)
            assert list(result) == list(data)
            if cls._converts:
                continue
            for name in (main(cls), mask_of(cls)):
                assert result[name].dtype == data[name].dtype
                assert result[name].ndim == data[name].ndim
            if "bboxes" in data:
                assert type(result["bboxes"]) is list
                assert all(type(row) is tuple and all(type(v) is float for v in row) for row in result["bboxes"])
                assert len(result["labels"]) == len(result["bboxes"])
                assert all(label in data["labels"] for label in result["labels"])
            if "keypoints" in data:
                assert all(type(row) is tuple for row in result["keypoints"])


@every
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_two_axes_and_one_channel_give_the_same(cls: Any, example: dict[str, Any], dtype: str) -> None:
    flat = picture(dtype, None)
    if not accepts(cls, example, flat):
        return
    for seed in range(3):
        a = run(make(cls, example), data_for(cls, flat), seed)
        b = run(make(cls, example), data_for(cls, flat[:, :, None]), seed)
        shown = main(cls)
        assert np.array_equal(np.asarray(a[shown]).ravel(), np.asarray(b[shown]).ravel())
        others = {*a} & {"mask", "mask3d", "bboxes", "labels", "keypoints"}
        assert same({k: a[k] for k in others}, {k: b[k] for k in others})


def copies(transform: Any) -> Any:
    """The same pipeline through every way of writing it down."""
    yield pickle.loads(pickle.dumps(transform))
    named = {"named": transform[0]}
    yield A.from_dict(A.to_dict(transform), nonserializable=named)
    yield A.from_dict(
        json.loads(json.dumps(A.core.serialization.jsonable(A.to_dict(transform)))), nonserializable=named
    )
    for data_format in ("json", "yaml"):
        buffer = io.StringIO()
        A.save(transform, buffer, data_format=data_format)
        buffer.seek(0)
        yield A.load(buffer, data_format=data_format, nonserializable=named)


@every
def test_written_down_and_read_again_it_does_the_same(cls: Any, example: dict[str, Any]) -> None:
    transform = pipeline(make(cls, example), seed=5)
    data = data_for(cls, image_for(cls))
    for copy in copies(transform):
        transform.set_random_seed(5)
        for _ in range(3):
            assert same(copy(**data), transform(**data))
        assert A.to_dict(copy) == A.to_dict(transform)


@every
def test_a_replayed_trace_gives_the_same(cls: Any, example: dict[str, Any]) -> None:
    params = pipeline(make(cls, example))._settings()
    chosen = {k: params[k] for k in ("bbox_params", "keypoint_params")}
    transform = A.ReplayCompose([make(cls, example)], **chosen)
    data = data_for(cls, image_for(cls))
    random.seed(3)
    for _ in range(3):
        result = transform(**data)
        record = result.pop("replay")
        assert same(A.ReplayCompose.replay(record, **data), result)
        if "__instance__" not in record["transforms"][0] and "__name__" not in record["transforms"][0]:
            assert same(A.ReplayCompose.replay(json.loads(json.dumps(record)), **data), result)


@pytest.mark.parametrize(("cls", "example"), [p for p in cases() if main(p.values[0]) == "image"])
def test_a_stack_is_its_frames(cls: Any, example: dict[str, Any]) -> None:
    frames = [image_for(cls), image_for(cls)[::-1].copy(), image_for(cls)[:, ::-1].copy()]
    masks = [np.ascontiguousarray(f[:, :, 0] > f.mean()) for f in frames]
    transform = make(cls, example)
    beside = read_by(transform, frames[0])
    if "mask" in beside:  # what is read is one for all frames
        masks = [beside["mask"]] * len(frames)
    stacks = {"images": np.stack(frames), "volume": np.stack(frames), "volumes": np.stack([np.stack(frames)] * 2)}
    if issubclass(cls, DualTransform):
        stacks.update({"masks": np.stack(masks), "mask3d": np.stack(masks), "masks3d": np.stack([np.stack(masks)] * 2)})
    for seed in range(2):
        # The first image says the size, and its data what is drawn where a draw looks at the data.
        single = [run(transform, {**beside, "image": f, "mask": m}, seed) for f, m in zip(frames, masks)]
        if any(not same(s.get("mask"), t.get("mask")) for s, t in zip(single, single)):
            continue
        # A transform may leave a kind of stack alone (ToTensorV2 leaves volumes to their own transform).
        changed = {*transform.available_keys, "masks", "mask3d", "masks3d"}
        whole = run(transform, {**beside, "image": frames[0], **stacks}, seed)
        listed = run(transform, {**beside, "image": frames[0], "images": frames, "masks": masks}, seed)
        for i, frame in enumerate(single):
            for name in changed & {"images", "volume"}:
                assert np.array_equal(np.asarray(whole[name][i]), np.asarray(frame["image"])), name
            if "volumes" in changed:
                assert np.array_equal(np.asarray(whole["volumes"][1][i]), np.asarray(frame["image"]))
            assert np.array_equal(np.asarray(listed["images"][i]), np.asarray(frame["image"]))
            if issubclass(cls, DualTransform):
                for name in ("masks", "mask3d"):
                    assert np.array_equal(np.asarray(whole[name][i]), np.asarray(frame["mask"])), name
                assert np.array_equal(np.asarray(whole["masks3d"][0][i]), np.asarray(frame["mask"]))
                assert np.array_equal(np.asarray(listed["masks"][i]), np.asarray(frame["mask"]))
        assert type(listed["images"]) is list
        assert type(listed["masks"]) is list


@pytest.mark.parametrize(("cls", "example"), list(cases(Pointwise)))
@pytest.mark.parametrize("channels", [1, 3])
def test_a_pointwise_image_is_its_table_and_its_curve(cls: Any, example: dict[str, Any], channels: int) -> None:
    image = picture("uint8", channels)
    if not accepts(cls, example, image):
        return
    for seed in range(5):
        transform = make(cls, example)
        if not transform._holdable():  # its curve depends on the picture
            return
        trace = pipeline(transform, seed, save_applied_params=True)(image=image)
        _, params = trace["applied_transforms"][0]
        table = transform._table(**params)
        expected = table[image] if table.ndim == 1 else np.stack([table[image[..., c], c] for c in range(channels)], -1)
        assert np.array_equal(trace["image"], expected)
        exact = run(make(cls, example), {"image": image.astype(np.float32) / 255}, seed)["image"]
        assert np.abs(exact * 255 - trace["image"]).max() <= 1.001


def spot(shape: Any, x: float, y: float) -> np.ndarray:
    """A soft dot around a point, bright on black."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 1.5**2)).astype(np.float32)


@every_dual
def test_a_painted_dot_lands_where_its_keypoint_goes(cls: Any, example: dict[str, Any]) -> None:
    if "keypoints" not in make(cls, example)._kinds:
        return
    size, margin = (96, 112), 5
    checked = large = 0
    for seed in range(3):
        for x, y in ((14.0, 13.0), (28.0, 37.0), (42.0, 60.0), (56.0, 48.0), (70.0, 30.0), (84.0, 75.0)):
            image = spot(size, x, y)
            if not accepted(make(cls, example), image):
                return
            transform = make(cls, without_random_fill(example))
            out = run(transform, {"image": image, "keypoints": [(x, y, "mine")]}, seed)
            painted = np.asarray(out["image"], dtype=np.float64)
            painted = painted.reshape(painted.shape[-2:])
            large += min(painted.shape) >= 40
            mine = [row[:2] for row in out["keypoints"] if row[2:] == ("mine",)]  # not one that was added
            if not mine:
                continue
            found = mine[0]
            if not all(margin <= v < side - margin for v, side in zip(found, painted.shape[::-1])):
                continue
            window = tuple(slice(int(v) - margin, int(v) + margin + 1) for v in found[::-1])
            around = painted[window]
            assert around.max() > 0.2, f"nothing is painted where the keypoint went: {found}"
            peak = around >= 0.95 * around.max()  # not the middle of all of it: maps stretch a dot unevenly
            for center, v in zip(center_of_mass(peak), found):
                assert abs(center + int(v) - margin - v) <= 1, (seed, center, found)
            checked += 1
    assert checked or not large


def without_random_fill(example: dict[str, Any]) -> dict[str, Any]:
    """The example with black where nothing is: so that only what was painted is bright."""
    return {k: v for k, v in example.items() if k not in ("fill", "fill_mask", "drop_value")}


def painted_object(size: Any, box: Any, ellipse: bool) -> np.ndarray:
    """A mask of what fills a box: all of it, or the ellipse that the method of that name takes it for."""
    x_min, y_min, x_max, y_max = box
    rows, columns = np.mgrid[: size[0], : size[1]]
    mask = (columns >= x_min) & (columns < x_max) & (rows >= y_min) & (rows < y_max)
    if ellipse:
        across = (columns + 0.5 - (x_min + x_max) / 2) / ((x_max - x_min) / 2)
        down = (rows + 0.5 - (y_min + y_max) / 2) / ((y_max - y_min) / 2)
        mask &= across**2 + down**2 <= 1
    return mask.astype(np.uint8)


@every_dual
def test_a_painted_box_stays_inside_its_box(cls: Any, example: dict[str, Any]) -> None:
    if "bboxes" not in make(cls, example)._kinds:
        return
    size, ellipse = (96, 112), example.get("rotate_method") == "ellipse"
    for seed in range(6):
        for x_min, y_min, x_max, y_max in ((30, 34, 60, 58), (50, 40, 70, 75)):
            mask = painted_object(size, (x_min, y_min, x_max, y_max), ellipse)
            transform = make(cls, without_random_fill(example), **border(cls, mirrored=False))
            data = {"image": np.zeros((*size, channels_for(cls)), np.uint8), "mask": mask}
            out = run(transform, {**data, "bboxes": [(x_min, y_min, x_max, y_max)], "labels": ["a"]}, seed)
            moved = np.asarray(out["mask"])
            if not out["bboxes"]:
                assert (moved > 0).sum() <= 2, "the box is gone, but not what it was around"
                continue
            rows, columns = np.nonzero(moved)
            if not len(rows):
                continue
            slack = 2 if ellipse else 1  # an ellipse of whole pixels reaches half a pixel beyond the true one
            boxes = np.array(out["bboxes"])[:, :4].T[:, :, None]  # several where a box was cut into parts
            inside = (columns >= boxes[0] - slack) & (columns + 1 <= boxes[2] + slack)
            assert (inside & (rows >= boxes[1] - slack) & (rows + 1 <= boxes[3] + slack)).any(axis=0).all()


@every_dual
def test_a_mask_is_the_image_under_nearest(cls: Any, example: dict[str, Any]) -> None:
    if not issubclass(cls, (Move, Sampled)):
        return
    image = picture("uint8", 3)
    changes = {k: 0 for k in ("interpolation", "mask_interpolation") if k in cls._params}
    changes.update({k: 7 for k in ("fill", "fill_mask") if k in cls._params})
    if example.get("pad_mode") == "mean":  # which labels have none of
        return
    # Where a class does not say how its masks are sampled, they are made as soft as its image.
    says = "mask_interpolation" in cls._params or issubclass(cls, Move)
    modes = [{}] if says else [{"mask_interpolation": mode} for mode in range(5)]
    beside = {n: v for n, v in read_by(make(cls, example), image).items() if n != "mask"}
    outs = [
        [pipeline(make(cls, example, **changes), seed, **mode)(image=image, mask=image, **beside) for seed in range(3)]
        for mode in modes
    ]
    assert any(all(np.array_equal(out["image"], out["mask"]) for out in some) for some in outs)


@every_solid
def test_a_stack_of_volumes_is_its_volumes(cls: Any, example: dict[str, Any]) -> None:
    volume, mask = data_for(cls, image_for(cls))["volume"], data_for(cls, image_for(cls))["mask3d"]
    volumes, masks = (
        [volume, volume[::-1].copy(), volume[:, ::-1].copy()],
        [mask, mask[::-1].copy(), mask[:, ::-1].copy()],
    )
    for seed in range(3):
        single = [run(make(cls, example), {"volume": v, "mask3d": m}, seed) for v, m in zip(volumes, masks)]
        stacked = run(make(cls, example), {"volumes": np.stack(volumes), "masks3d": np.stack(masks)}, seed)
        listed = run(make(cls, example), {"volumes": volumes, "masks3d": tuple(masks)}, seed)
        masks_alone = run(make(cls, example), {"masks3d": masks}, seed)
        assert type(listed["volumes"]) is type(masks_alone["masks3d"]) is list
        assert type(listed["masks3d"]) is tuple
        for i, one in enumerate(single):
            for out in (stacked, listed):
                assert same(np.asarray(out["volumes"][i]), np.asarray(one["volume"]))
                assert same(np.asarray(out["masks3d"][i]), np.asarray(one["mask3d"]))
            assert same(np.asarray(masks_alone["masks3d"][i]), np.asarray(one["mask3d"]))


@every_solid
def test_a_bright_voxel_lands_where_its_keypoint_goes(cls: Any, example: dict[str, Any]) -> None:
    sides, seen = (7, 30, 41), 0
    if not issubclass(cls, Transform3D):
        return
    for seed in range(4):
        for z, y, x in itertools.product(range(7), (0, 9, 15, 29), (0, 13, 20, 40)):
            volume = np.zeros(sides, np.uint8)
            volume[z, y, x] = 200
            transform = make(cls, {n: v for n, v in example.items() if n not in ("fill", "fill_mask")})
            out = run(transform, {"volume": volume, "mask3d": volume, "keypoints": [(x, y, z)]}, seed)
            places = [tuple(map(float, place[::-1])) for place in np.argwhere(out["volume"])]
            assert [tuple(map(float, row)) for row in out["keypoints"]] == places
            if not issubclass(cls, A.CoarseDropout3D):  # it leaves masks
                assert same(out["mask3d"], out["volume"])
            seen += len(places)
    assert seen > 20


def chains() -> Any:
    """Pipelines of tables and moves, with other work between them, each with a seed."""
    pointwise = [make(c, e) for c in classes(Pointwise) for e in c.examples]
    moves = [make(c, e) for c in classes(Move) for e in c.examples]
    others = [A.Blur(p=1), A.SelectiveChannelTransform([pointwise[0], A.Blur(p=1)], channels=[1])]
    for seed in range(40):
        rng = random.Random(seed)
        yield seed, [rng.choice(rng.choices((pointwise, moves, others), (60, 28, 12))[0]) for _ in range(6)]


def test_fused_is_unfused_bit_for_bit() -> None:
    image = picture("uint8", 3, 64, 80)
    for seed, transforms in chains():
        settings = {"bbox_params": A.BboxParams("pascal_voc"), "keypoint_params": A.KeypointParams("xy"), "seed": seed}
        data = {"image": image, "mask": image[:, :, 0].copy(), "bboxes": list(BOXES), "keypoints": list(POINTS)}
        for transform in transforms:
            data.update({} if isinstance(transform, A.BaseCompose) else transform.example_call(image))
        try:
            plain_result = A.Compose(transforms, fuse=False, **settings)(**data)
        except ValueError as error:  # a crop larger than what the crops before have left
            with pytest.raises(ValueError, match=str(error).split(":")[0].split("(")[0]):
                A.Compose(transforms, **settings)(**data)
            continue
        assert same(A.Compose(transforms, **settings)(**data), plain_result), transforms


@pytest.mark.parametrize("cls", class_cases())
def test_an_unknown_argument_raises_and_names_the_class(cls: Any) -> None:
    with pytest.raises(TypeError, match=rf"{cls.__name__}.*'no_such_argument'"):
        make(cls, cls.examples[0], no_such_argument=1)
    name = next(iter(cls._params))
    with pytest.raises(TypeError, match=rf"{cls.__name__}.*did you mean"):
        make(cls, {k: v for k, v in cls.examples[0].items() if k != name}, **{f"{name}x": 1})


def usable(value: Any) -> bool:
    return value is not None and value is not inspect.Parameter.empty


@pytest.mark.parametrize("cls", class_cases())
def test_each_old_spelling_builds_the_same_object(cls: Any) -> None:
    needed = required(cls)
    for param in cls._params.values():
        for old in param.was:
            values = [e[param.name] for e in cls.examples if param.name in e]
            value = values[0] if values else param.default
            if not usable(plain(value)):
                continue
            rest = {k: v for k, v in needed.items() if k != param.name}
            new_object, old_object = cls(**{**rest, param.name: value}), cls(**{**rest, old: value})
            assert A.to_dict(new_object) == A.to_dict(old_object), old
    for spelling in cls._spellings:
        given = {n: v for n, v in spelling.defaults.items() if usable(v)}
        if len(given) < 1:
            continue
        canonical = spelling.convert(**spelling.defaults)
        rest = {k: v for k, v in needed.items() if k not in canonical}
        assert A.to_dict(cls(**{**rest, **given})) == A.to_dict(cls(**{**rest, **canonical}))


def without_rows(value: Any) -> Any:
    """Metadata without the boxes and keypoints of what it holds."""
    if isinstance(value, list):
        return [without_rows(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without_rows(item) for name, item in value.items() if name not in ("bboxes", "keypoints")}


def volumes_beside_nothing(cls: Any, example: dict[str, Any], image: np.ndarray) -> None:
    """Of volumes: no masks, as a list and as an array, no keypoints, and no volumes."""
    transform, volume = make(cls, example), solid(image)
    rows = {"keypoints": np.zeros((0, 3), np.float32)} if issubclass(cls, DualTransform) else {}
    out = run(transform, {"volume": volume, "masks3d": [], **rows})
    assert out["masks3d"] == []
    if rows:
        assert out["keypoints"].shape == (0, 3)
        assert out["keypoints"].dtype == np.float32
    none = run(transform, {"volume": volume, "masks3d": np.zeros((0, *volume.shape[:3]), bool)})["masks3d"]
    assert none.shape == (0, *((1,) if cls._converts else ()), *np.asarray(out["volume"]).shape[cls._converts :][:3])
    assert str(none.dtype).endswith("bool")
    assert run(transform, {"volume": volume, "volumes": []})["volumes"] == []
    alone = run(transform, {"volumes": np.stack([volume] * 2)[:0]})["volumes"]
    assert alone.shape == (0, *np.asarray(out["volume"]).shape)


@every
@looks
def test_empty_targets(cls: Any, example: dict[str, Any], dtype: str, channels: int) -> None:
    image = picture(dtype, channels)
    if not accepted(make(cls, example), image):
        return
    if main(cls) == "volume":
        volumes_beside_nothing(cls, example, image)
        return
    empty: dict[str, Any] = {"image": image, "masks": []}
    if issubclass(cls, DualTransform):
        empty.update({"bboxes": [], "labels": [], "keypoints": np.zeros((0, 2), np.float32)})
    transform = make(cls, example)
    empty.update(without_rows(transform.example_call(image)))
    out = run(transform, empty)
    assert out["masks"] == []
    if issubclass(cls, DualTransform):
        assert out["bboxes"] == []
        assert out["labels"] == []
        assert out["keypoints"].shape == (0, 2)
        assert out["keypoints"].dtype == np.float32
        none = run(transform, {"image": image, "masks": np.zeros((0, *image.shape[:2]), bool)})
        if isinstance(none["masks"], np.ndarray):
            assert none["masks"].shape == (0, *np.asarray(none["image"]).shape[:2])
            assert none["masks"].dtype == bool


@every
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_images_of_one_pixel_or_one_line(cls: Any, example: dict[str, Any], shape: Any) -> None:
    image = picture(image_for(cls).dtype.name, channels_for(cls), *shape)
    for seed in range(2):
        try:
            out = run(make(cls, example), given(cls, image, np.ones(shape, np.uint8)), seed)
        except ValueError as error:
            assert cls.__name__ in str(error)
            assert "rop" in cls.__name__, f"only a crop may be larger than the image: {error}"
        else:
            assert np.asarray(out[main(cls)]).size


@every
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_memory_order_does_not_matter(cls: Any, example: dict[str, Any], dtype: str) -> None:
    image = image_for(cls, dtype)
    data = given(cls, image, sample(image)["mask"])
    expected = run(make(cls, example), data)
    views = {
        "reversed": lambda array: array[::-1].copy()[::-1],
        "mirrored": lambda array: array[:, ::-1].copy()[:, ::-1],
        "fortran": np.asfortranarray,
        "channels first": lambda array: np.moveaxis(np.moveaxis(array, -1, 0).copy(), 0, -1),
        "every second": lambda array: np.repeat(array, 2, axis=1)[:, ::2],
    }
    for name, view in views.items():
        seen = {key: view(array) for key, array in data.items()}
        for array in seen.values():
            array.setflags(write=False)
        assert same(run(make(cls, example), seen), expected), name


@every
def test_any_dtype_comes_out_as_it_went_in_or_is_refused_by_name(cls: Any, example: dict[str, Any]) -> None:
    for dtype in ("bool", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float64"):
        image = picture("uint8", channels_for(cls)).astype(dtype)
        mask = (sample(image)["mask"]).astype(dtype)
        try:
            out = run(make(cls, example), given(cls, image, mask))
        except (TypeError, ValueError) as error:
            assert cls.__name__ in str(error)
            continue
        if not cls._converts:
            moved = out[mask_of(cls)]
            assert out[main(cls)].dtype == image.dtype
            assert moved.dtype == mask.dtype
            if example.get("area_for_downscale") != "image_mask":  # which asks for averages
                assert set(np.unique(moved)) <= {*np.unique(mask), 0, *np.unique(make_fill(cls, example, dtype))}


def make_fill(cls: Any, example: dict[str, Any], dtype: str) -> np.ndarray:
    """The values that fills may bring into a mask."""
    kept = make(cls, example).__dict__
    fill = next((kept[name] for name in ("fill_mask", "cval", "pad_cval") if name in kept), None)
    return np.zeros(1) if fill is None or isinstance(fill, str) else np.asarray(fill).astype(dtype)


@pytest.mark.parametrize("cls", class_cases())
def test_it_is_exported_documented_and_truly_signed(cls: Any) -> None:
    assert getattr(A, cls.__name__) is cls
    first, *rest = inspect.getdoc(cls).splitlines()
    assert first.endswith((".", ":")) or first
    assert any(line.startswith("Targets:") for line in rest), "the docstring says its targets"
    for param in cls._params.values():
        assert param.doc, f"{cls.__name__}.{param.name} has no line of documentation"
        assert param.name in inspect.getdoc(cls)
    signature = inspect.signature(cls)
    assert list(signature.parameters) == list(cls._params)
    bound = signature.bind(**cls.examples[0])
    assert (
        A.to_dict(cls(*bound.args, **bound.kwargs)) == A.to_dict(cls(**cls.examples[0]))
        if cls is not A.Lambda
        else True
    )


def test_every_transform_is_a_basic_transform_with_examples() -> None:
    assert len(classes()) >= 50
    for cls in classes():
        assert issubclass(cls, BasicTransform)
        assert cls.examples
