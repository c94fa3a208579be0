"""Transforms of volumes: what their arguments say, what they refuse, what they draw, and what becomes of keypoints."""

import pickle
from typing import Any

import numpy as np
import pytest
from common import data_for, image_for, same, with_numbers

import albumentations as A

VOLUME = np.arange(7 * 13 * 22, dtype=np.int64).reshape(7, 13, 22).astype(np.uint8)
COLORS = np.stack([VOLUME, VOLUME + 1, 255 - VOLUME], axis=3)
IMAGE = COLORS[0]
MOVES: list[Any] = [
    A.CubicSymmetry(),
    A.CenterCrop3D((3, 4, 5)),
    A.RandomCrop3D((3, 4, 5)),
    A.Pad3D(1),
    A.PadIfNeeded3D((9, 9, 9)),
    A.CoarseDropout3D(p=1),
]
every = pytest.mark.parametrize("transform", MOVES, ids=lambda t: type(t).__name__)


def drawn(transform: Any, seed: int = 0, **data: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The result, and the numbers drawn for it."""
    out = A.Compose([transform], seed=seed, save_applied_params=True, keypoint_params="xyz")(**data)
    return out, out.pop("applied_transforms")[0][1]


# What a call must have


@every
def test_what_does_not_follow_a_volume_is_refused_by_name(transform: Any) -> None:
    name = type(transform).__name__
    for data in (
        {"image": IMAGE},
        {"images": COLORS},
        {"volume": COLORS, "image": IMAGE},
        {"volume": COLORS, "mask": IMAGE[..., 0]},
        {"volume": COLORS, "masks": [IMAGE[..., 0]]},
        {"mask3d": VOLUME, "bboxes": [(0, 0, 1, 1)]},
    ):
        left = next(key for key in data if key not in ("volume", "mask3d"))
        for pipeline in (transform, A.Compose([transform], bbox_params="pascal_voc", keypoint_params="xyz")):
            for _ in range(2):  # not only with the first call of a kind
                with pytest.raises(ValueError, match=rf"{name} moves volume, .*; {left} would be left behind"):
                    pipeline(**data)
    with pytest.raises(ValueError, match=rf"{name}: keypoints need z .* 'xy' has none"):
        A.Compose([transform], keypoint_params="xy")(volume=COLORS, keypoints=[(1, 2)])
    with pytest.raises(ValueError, match="'xy' has none"):
        transform(volume=COLORS, keypoints=[(1, 2, 3)])
    extra = A.Compose([transform], additional_targets={"other": "volume", "photo": "image"})
    assert extra(other=COLORS)["other"].ndim == 4
    with pytest.raises(ValueError, match=f"{name} .* photo would be left behind"):
        extra(other=COLORS, photo=IMAGE)
    assert extra(volume=COLORS, note=3)["note"] == 3


@every
def test_volumes_are_arrays_and_agree(transform: Any) -> None:
    pipeline = A.Compose([transform])
    with pytest.raises(TypeError, match="Compose: volume must be a NumPy array, not list"):
        pipeline(volume=list(COLORS))
    with pytest.raises(TypeError, match=r"Compose: volumes\[0\] must be a NumPy array, not list"):
        pipeline(volumes=[list(COLORS)])
    with pytest.raises(ValueError, match=r"volume must have the shape \(D, H, W\) or \(D, H, W, C\), got \(13, 22\)"):
        pipeline(volume=VOLUME[0])
    with pytest.raises(ValueError, match=r"volumes must have the shape \(N, D, H, W\) or \(N, D, H, W, C\)"):
        pipeline(volumes=VOLUME)
    for other in ({"mask3d": VOLUME[:5]}, {"masks3d": [VOLUME, VOLUME[:5]]}, {"volumes": COLORS[None, :5]}):
        with pytest.raises(ValueError, match=r"depth, height and width \(5, 13, 22\), volume has \(7, 13, 22\)"):
            pipeline(volume=VOLUME, **other)
    with pytest.raises(ValueError, match=r"height and width \(13, 20\), volume has \(13, 22\)"):
        pipeline(volume=VOLUME, mask3d=VOLUME[:, :, :20])


def test_slices_of_a_volume_and_frames_may_be_of_any_number_through_ordinary_transforms() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)])
    out = pipeline(image=IMAGE, images=COLORS[:3], volume=COLORS)
    assert np.array_equal(out["volume"], COLORS[:, :, ::-1])
    assert out["images"].shape[0] == 3
    loose = A.Compose([A.CubicSymmetry()], is_check_shapes=False, seed=3)
    assert loose(volume=VOLUME, mask3d=VOLUME[:5])["mask3d"].size == VOLUME[:5].size


# Keypoints have a depth


def test_keypoints_outside_of_the_depth_are_refused_and_dropped() -> None:
    for transform in (A.NoOp(p=1), A.HorizontalFlip(p=1), A.Pad3D(1)):
        pipeline = A.Compose([transform], keypoint_params="xyz")
        assert len(pipeline(volume=VOLUME, keypoints=[(1, 2, -0.9), (1, 2, 6.9)])["keypoints"]) == 2
        for z in (-1, 7):
            with pytest.raises(ValueError, match=rf"\(1.0, 2.0, {z}.0\) lies outside the volume: .* z in \(-1, 7\)"):
                pipeline(volume=VOLUME, keypoints=[(1, 2, 3), (1, 2, z)])
            if not isinstance(transform, A.Pad3D):  # in an image z is anything
                assert pipeline(image=IMAGE, keypoints=[(1, 2, z)])["keypoints"][0][2] == z
        keep = A.Compose([transform], keypoint_params=A.KeypointParams("xyz", remove_invisible=False))
        assert len(keep(volume=VOLUME, keypoints=[(1, 2, -5), (1, 2, 9)])["keypoints"]) == 2
    crop = {"transforms": [A.CenterCrop3D((3, 13, 22))], "keypoint_params": A.KeypointParams("xyz", label_fields=["n"])}
    points = [(4.0, 5.0, float(z)) for z in range(7)]
    out = A.Compose(**crop)(volume=VOLUME, keypoints=points, n=list("abcdefg"))
    assert out["keypoints"] == [(4, 5, 0), (4, 5, 1), (4, 5, 2)]
    assert out["n"] == ["c", "d", "e"]
    # What has left the volume does not come back with the next pad, unless rows are looked at in the end only.
    crop["transforms"].append(A.Pad3D((2, 0, 0)))
    assert A.Compose(**crop)(volume=VOLUME, keypoints=points, n=list("abcdefg"))["n"] == ["c", "d", "e"]
    crop["keypoint_params"] = A.KeypointParams("xyz", label_fields=["n"], check_each_transform=False)
    assert A.Compose(**crop)(volume=VOLUME, keypoints=points, n=list("abcdefg"))["n"] == list("abcdefg")


def test_absent_keypoints_and_those_of_masks_and_stacks() -> None:
    nan = float("nan")
    out = A.Compose([A.Pad3D(1)], keypoint_params="xyz")(volume=VOLUME, keypoints=[(1, 2, nan), (1, 2, 3)])
    assert out["keypoints"] == [(2, 3, 4)]
    for data in ({"mask3d": VOLUME}, {"volumes": VOLUME[None]}, {"masks3d": [VOLUME, VOLUME]}):
        out = A.Compose([A.CenterCrop3D((5, 13, 22))], keypoint_params="xyz")(**data, keypoints=[(1, 2, 0), (1, 2, 3)])
        assert out["keypoints"] == [(1, 2, 2)]


def test_beside_an_image_z_may_be_anything() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=1)], keypoint_params="xyz")
    assert pipeline(image=IMAGE, volume=VOLUME, keypoints=[(1, 2, 99)])["keypoints"] == [(20, 2, 99)]


def test_a_symmetry_keeps_every_keypoint_that_is_taken() -> None:
    points = [(-0.9, -0.5, -0.3), (21.9, 12.4, 6.7), (0.0, 12.0, 6.0)]
    pipeline = A.Compose([A.CubicSymmetry()], keypoint_params="xyz", seed=0)
    assert all(len(pipeline(volume=VOLUME, keypoints=points)["keypoints"]) == 3 for _ in range(200))


def test_a_users_own_transform_moves_keypoints_of_volumes() -> None:
    class Deeper(A.Transform3D):
        def apply_to_volume(self, volume: np.ndarray, **params: Any) -> np.ndarray:
            return np.concatenate([volume[:1] * 0, volume])[:-1]

        def apply_to_keypoints(self, keypoints: np.ndarray, **params: Any) -> np.ndarray:
            assert params["shape"] == VOLUME.shape
            assert "rows" not in params  # which are neither the depth nor the height
            return keypoints + [0, 0, 1, 0, 0]

    pipeline = A.Compose([Deeper(p=1)], keypoint_params="xyz")
    out = pipeline(volume=VOLUME, keypoints=[(1, 2, 3), (1, 2, 6)])
    assert out["keypoints"] == [(1, 2, 4)]
    with pytest.raises(ValueError, match=r"Deeper moves volume, .* image would be left behind"):
        pipeline(image=IMAGE)


# Crops


def test_a_centre_crop_is_the_centre_and_its_numbers_are_those_of_2x() -> None:
    out, params = drawn(A.CenterCrop3D((3, 4, 5)), volume=VOLUME)
    assert params == {"crop_coords": (2, 5, 4, 8, 8, 13), "pad_params": None}
    assert np.array_equal(out["volume"], VOLUME[2:5, 4:8, 8:13])
    out, params = drawn(A.CenterCrop3D((12, 4, 25), True, fill=9, fill_mask=3), volume=VOLUME, mask3d=VOLUME)
    assert params["crop_coords"] == (0, 12, 4, 8, 0, 25)
    names = ("pad_front", "pad_back", "pad_top", "pad_bottom", "pad_left", "pad_right")
    assert params["pad_params"] == dict(zip(names, (2, 3, 0, 0, 1, 2)))
    for name, fill in (("volume", 9), ("mask3d", 3)):
        expected = np.pad(VOLUME[:, 4:8], ((2, 3), (0, 0), (1, 2)), constant_values=fill)
        assert np.array_equal(out[name], expected)


def test_places_of_random_crops_are_uniform_and_reach_both_ends() -> None:
    begins = np.array([drawn(A.RandomCrop3D((5, 4, 22)), seed, volume=VOLUME)[1]["crop_coords"] for seed in range(600)])
    assert (begins[:, 1::2] - begins[:, ::2] == (5, 4, 22)).all()
    for axis, places in enumerate((3, 10, 1)):
        counts = np.bincount(begins[:, 2 * axis], minlength=places)
        assert len(counts) == places
        assert (np.abs(counts - 600 / places) < 4.5 * np.sqrt(600 / places)).all()
    pads = [drawn(A.RandomCrop3D((10, 4, 5), True), seed, volume=VOLUME)[1]["pad_params"] for seed in range(200)]
    assert {(p["pad_front"], p["pad_back"]) for p in pads} == {(0, 3), (1, 2), (2, 1), (3, 0)}
    assert {p["pad_top"] + p["pad_left"] for p in pads} == {0}


@pytest.mark.parametrize("cls", [A.CenterCrop3D, A.RandomCrop3D])
def test_what_a_crop_refuses(cls: Any) -> None:
    for size in ((8, 4, 5), (3, 14, 5), (3, 4, 23)):
        with pytest.raises(ValueError, match=rf"{cls.__name__}: the crop needs .* \(7, 13, 22\).*pad_if_needed=True"):
            cls(size)(volume=VOLUME)
    for size in ((3, 4), (3, 4, 0), (3, 4, 5, 6), -1):
        with pytest.raises(ValueError, match=rf"{cls.__name__}.*size must"):
            cls(size)
    for size in ("345", None, (3, 4.5, 5)):
        with pytest.raises((TypeError, ValueError), match=rf"{cls.__name__}.*size must"):
            cls(size)
    assert cls(3)(volume=VOLUME)["volume"].shape == (3, 3, 3)
    with pytest.raises(ValueError, match="fill"):
        cls((9, 4, 5), True, fill=(1, 2))(volume=COLORS)


def test_a_window_of_a_record_must_lie_in_the_volume() -> None:
    record = A.ReplayCompose([A.RandomCrop3D((3, 4, 5))])(volume=VOLUME)["replay"]
    for window in ((5, 8, 0, 4, 0, 5), (-1, 2, 0, 4, 0, 5), (3, 3, 0, 4, 0, 5)):
        with_numbers(record, {"crop_coords": window, "pad_params": None})
        with pytest.raises(ValueError, match="RandomCrop3D: volume: cannot crop"):
            A.ReplayCompose.replay(record, volume=VOLUME)


# Pads


@pytest.mark.parametrize(
    ("padding", "six"),
    [(2, (2,) * 6), ((1, 2, 3), (1, 1, 2, 2, 3, 3)), ([1, 2, 3, 4, 5, 6], (1, 2, 3, 4, 5, 6)), (0, (0,) * 6)],
)
def test_sides_of_a_pad(padding: Any, six: tuple[int, ...]) -> None:
    fills = {"fill": (9, 8, 7), "fill_mask": 3}
    out, params = drawn(A.Pad3D(padding, **fills), volume=COLORS, mask3d=VOLUME, keypoints=[(1, 2, 3)])
    assert params == {"padding": six}
    pairs = tuple(zip(six[::2], six[1::2]))
    for channel, fill in enumerate(fills["fill"]):
        expected = np.pad(COLORS[..., channel], pairs, constant_values=fill)
        assert np.array_equal(out["volume"][..., channel], expected)
    assert np.array_equal(out["mask3d"], np.pad(VOLUME, pairs, constant_values=3))
    assert out["keypoints"] == [(1 + six[4], 2 + six[2], 3 + six[0])]


def test_what_a_pad_refuses() -> None:
    for padding in ((1, 2), (1,), (1, 2, 3, 4), -1, 1.5, (1, 2, -3)):
        with pytest.raises(ValueError, match=r"Pad3D\(padding=.*padding must"):
            A.Pad3D(padding)
    for padding in ("1", None, {1: 2}):
        with pytest.raises(TypeError, match=r"Pad3D\(padding=.*padding must"):
            A.Pad3D(padding)
    with pytest.raises(TypeError, match="padding"):
        A.Pad3D()


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ({"min_zyx": (9, 16, 20)}, (9, 16, 22)),
        ({"min_zyx": (0, 1, 2)}, (7, 13, 22)),
        ({"pad_divisor_zyx": (4, 13, 5)}, (8, 13, 25)),
        ({"min_zyx": 15}, (15, 15, 22)),
    ],
)
def test_a_volume_is_padded_where_that_is_needed(arguments: Any, shape: tuple[int, ...]) -> None:
    out, params = drawn(A.PadIfNeeded3D(**arguments, fill=5), volume=VOLUME)
    assert out["volume"].shape == shape
    missing = [a - b for a, b in zip(shape, VOLUME.shape)]
    front, back, top, bottom, left, right = params["padding"]
    assert (front, top, left) == tuple(n // 2 for n in missing)
    assert (front + back, top + bottom, left + right) == tuple(missing)
    splits = {drawn(A.PadIfNeeded3D(**arguments, position="random"), s, volume=VOLUME)[1]["padding"] for s in range(99)}
    assert {split[0] for split in splits} == set(range(missing[0] + 1))


def test_what_padding_if_needed_refuses() -> None:
    for arguments in ({}, {"min_zyx": (1, 2, 3), "pad_divisor_zyx": (1, 2, 3)}):
        with pytest.raises(ValueError, match=r"PadIfNeeded3D\(min_zyx.*exactly one of"):
            A.PadIfNeeded3D(**arguments)
    for name, value in (("min_zyx", (1, 2)), ("min_zyx", (-1, 2, 3)), ("pad_divisor_zyx", (0, 1, 2))):
        with pytest.raises(ValueError, match=rf"PadIfNeeded3D\({name}=.*{name} must"):
            A.PadIfNeeded3D(**{name: value})
    with pytest.raises(ValueError, match="position must be one of 'center', 'random'"):
        A.PadIfNeeded3D(8, position="top_left")


# Holes


def test_holes_cover_the_stated_share_of_each_side() -> None:
    sides = {"hole_depth_range": (0.5, 0.5), "hole_height_range": (0.25, 0.25), "hole_width_range": (0.1, 0.1)}
    volume = np.full((40, 20, 30), 200, np.uint8)
    for seed in range(20):
        data = {"volume": volume, "mask3d": volume, "keypoints": [(x, y, z) for x, y, z in np.ndindex(30, 20, 40)]}
        out, params = drawn(A.CoarseDropout3D(fill=7, fill_mask=3, p=1, **sides), seed, **data)
        hole = out["volume"] == 7
        assert hole.sum() == 20 * 5 * 3
        assert set(np.unique(out["volume"])) == {7, 200}
        assert np.array_equal(out["mask3d"] == 3, hole)
        ((z0, y0, x0, z1, y1, x1),) = params["holes"]
        assert hole[z0:z1, y0:y1, x0:x1].all()
        assert len(out["keypoints"]) == volume.size - hole.sum()
        assert not any(hole[int(z), int(y), int(x)] for x, y, z in out["keypoints"])


def test_sides_of_holes_are_rounded_up_and_their_places_uniform() -> None:
    # Sides as 2.0.8 has them: a third of 10 is 4, a tenth of 30 is 3, and there is always a voxel.
    for share, side, expected in ((0.33, 10, 4), (0.1, 30, 3), (0.0, 9, 1), (1.0, 9, 9), (0.123, 100, 13)):
        volume = np.zeros((side, 4, 4), np.uint8)
        ((first, _, _, last, _, _),) = drawn(A.CoarseDropout3D(hole_depth_range=(share, share), p=1), volume=volume)[1][
            "holes"
        ]
        assert last - first == expected
    volume = np.zeros((100, 20, 30), np.uint8)
    holes = np.array([drawn(A.CoarseDropout3D(p=1), seed, volume=volume)[1]["holes"][0] for seed in range(800)])
    sides = holes[:, 3:] - holes[:, :3]
    assert [(sides[:, k].min(), sides[:, k].max()) for k in range(3)] == [(11, 20), (3, 4), (4, 6)]
    share = holes[:, :3] / (np.array(volume.shape) - sides)
    assert (share.min(axis=0) == 0).all()
    assert (np.abs(share.mean(axis=0) - 0.5) < 4.5 * np.sqrt(1 / 12 / 800)).all()
    counts = {len(drawn(A.CoarseDropout3D((2, 5), p=1), seed, volume=volume)[1]["holes"]) for seed in range(60)}
    assert counts == {2, 3, 4, 5}


def test_what_holes_refuse_and_leave() -> None:
    for name, value in (
        ("num_holes_range", (-1, 2)),
        ("num_holes_range", (3, 2)),
        ("hole_depth_range", (0.5, 1.5)),
        ("hole_height_range", (2, 3)),
        ("hole_width_range", (-0.1, 0.3)),
        ("fill", "random"),
    ):
        with pytest.raises(ValueError, match=rf"CoarseDropout3D\({name}=.*{name} must"):
            A.CoarseDropout3D(**{name: value})
    mask = VOLUME.copy()
    assert A.CoarseDropout3D(p=1)(volume=VOLUME, mask3d=mask)["mask3d"] is mask
    out = A.CoarseDropout3D(
        hole_depth_range=(1, 1), hole_height_range=(1, 1), hole_width_range=(1, 1), fill=(1, 2, 3), p=1
    )
    assert (out(volume=COLORS)["volume"] == (1, 2, 3)).all()


# Volumes and the rest of the library


def test_volumes_go_through_a_pipeline_of_both_kinds() -> None:
    pipeline = A.Compose(
        [
            A.CubicSymmetry(),
            A.OneOf([A.HorizontalFlip(p=1), A.RandomRotate90(p=1)], p=0.8),
            A.PadIfNeeded3D((24, 24, 24), position="random"),
            A.RandomCrop3D((9, 10, 11)),
            A.GaussNoise(p=0.5),
            A.RandomCrop(8, 9, p=1),
            A.CoarseDropout3D(fill_mask=7),
            A.RandomBrightnessContrast(p=0.5),
        ],
        keypoint_params="xyz",
        seed=3,
    )
    data = data_for(A.CubicSymmetry, image_for(A.CubicSymmetry)[:20, :23])
    data["keypoints"] = [(3.0, 4.0, 2.0), (11.0, 9.0, 5.0)]
    copies = [pickle.loads(pickle.dumps(pipeline)), A.from_dict(A.to_dict(pipeline))]
    replaying = A.ReplayCompose(list(pipeline), keypoint_params="xyz")
    for _ in range(8):
        out = pipeline(**data)
        assert out["volume"].shape == (9, 8, 9, 3)
        assert out["mask3d"].shape == (9, 8, 9)
        assert all(same(copy(**data), out) for copy in copies)
        result = replaying(**data)
        record = result.pop("replay")
        assert same(A.ReplayCompose.replay(record, **data), result)


def test_noise_differs_from_slice_to_slice_or_not_as_for_frames() -> None:
    flat = np.full((4, 20, 30), 100, np.uint8)
    out = A.Compose([A.GaussNoise(p=1)], seed=1)(volume=flat, images=flat[..., None])
    assert np.array_equal(out["volume"], out["images"][..., 0])
