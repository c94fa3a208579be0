"""Numbers that users' subclasses draw, and records hold, under the names of the releases."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import albumentations as A
from benchmark.records import difference, known, read

FOLDER = Path(__file__).parent / "data" / "records"

IMAGE = np.arange(60 * 80 * 3, dtype=np.int64).reshape(60, 80, 3).astype(np.uint8)


def drawing(cls: Any, numbers: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    """A transform of a user's subclass that draws these numbers."""
    mine = type(f"My{cls.__name__}", (cls,), {"get_params": lambda self: dict(numbers)})
    if "get_params_dependent_on_data" in vars(cls):
        mine.get_params_dependent_on_data = lambda self, params, data: {}
        mine._looks = False
    return mine(*args, **{"p": 1, **kwargs})


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (drawing(A.RandomCrop, {"crop_coords": (10, 20, 70, 50)}, 30, 60), IMAGE[20:50, 10:70]),
        (drawing(A.CenterCrop, {"crop_coords": (10, 20, 70, 50)}, 30, 60), IMAGE[20:50, 10:70]),
        (drawing(A.RandomCrop, {"h_start": 0.999, "w_start": 0.0}, 30, 60), IMAGE[30:, :60]),
        (drawing(A.RandomResizedCrop, {"crop_coords": (10, 20, 70, 50)}, (30, 60)), IMAGE[20:50, 10:70]),
        (
            drawing(
                A.RandomResizedCrop, {"crop_height": 30, "crop_width": 60, "h_start": 0.999, "w_start": 0}, (30, 60)
            ),
            IMAGE[30:, :60],
        ),
        (
            drawing(A.RandomSizedCrop, {"crop_coords": (10, 20, 70, 50)}, (20, 30), (30, 60)),
            IMAGE[20:50, 10:70],
        ),
        (
            drawing(
                A.RandomSizedCrop,
                {"crop_height": 30, "crop_width": 60, "h_start": 0, "w_start": 0.999},
                (20, 30),
                (30, 60),
            ),
            IMAGE[:30, 20:],
        ),
        (
            drawing(A.PadIfNeeded, {"pad_top": 1, "pad_bottom": 2, "pad_left": 3, "pad_right": 4}, border_mode=0),
            np.pad(IMAGE, ((1, 2), (3, 4), (0, 0))),
        ),
        (drawing(A.Flip, {"d": 0}), IMAGE[::-1]),
        (drawing(A.Flip, {"d": -1}), IMAGE[::-1, ::-1]),
        (drawing(A.RandomRotate90, {"factor": 3}), np.rot90(IMAGE, 3)),
        (drawing(A.D4, {"group_element": "t"}), IMAGE.transpose(1, 0, 2)),
        (drawing(A.ShiftScaleRotate, {"angle": 0, "scale": 1, "dx": 0.1, "dy": 0}), np.roll(IMAGE, 8, axis=1)),
    ],
    ids=lambda v: type(v).__name__,
)
def test_a_subclass_draws_under_the_releases_names(transform: Any, expected: np.ndarray) -> None:
    out = A.Compose([transform])(image=IMAGE, mask=IMAGE[:, :, 0])
    if isinstance(transform, A.ShiftScaleRotate):
        assert np.array_equal(out["image"][:, 8:], expected[:, 8:])
        return
    assert np.array_equal(out["image"], expected)
    assert out["mask"].shape == expected.shape[:2]


def test_holes_in_pixels_and_sizes_of_kernels() -> None:
    hole = drawing(A.CoarseDropout, {"holes": [(0, 5, 20, 15)]}, fill=7)
    out = A.Compose([hole], keypoint_params="xy")(image=IMAGE, keypoints=[(3, 7), (30, 7)])
    assert (out["image"][5:15, :20] == 7).all()
    assert np.array_equal(out["image"][15:], IMAGE[15:])
    assert out["keypoints"] == [(30, 7)]
    for cls in (A.Blur, A.MedianBlur):
        both = [A.Compose([drawing(cls, {name: 5})])(image=IMAGE)["image"] for name in ("kernel", "ksize")]
        assert np.array_equal(*both)


def test_a_window_outside_of_the_image_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"MyRandomCrop: crop_coords=\(10, 20, 90, 50\) must lie in the image of height 60 and width 80",
    ):
        A.Compose([drawing(A.RandomCrop, {"crop_coords": (10, 20, 90, 50)}, 30, 60)])(image=IMAGE)


RECORDS = {found["version"]: found["records"] for found in map(read, sorted(FOLDER.glob("*.json.gz")))}
# What the releases have among the numbers, though it is the call's or the transform's own.
SETTINGS = ("shape", "rows", "cols", "interpolation", "fill", "fill_mask")
# Numbers of the same meaning whose effect is another, as docs/decisions.md and docs/records.md say.
OTHER_EFFECT = {
    *("Perspective", "GridDistortion", "OpticalDistortion", "Defocus", "ISONoise", "FancyPCA", "RandomShadow"),
    *("Equalize", "PlanckianJitter", "Illumination", "Downscale", "ShotNoise", "HEStain", "AutoContrast"),
    *("CoarseDropout", "GridDropout", "XYMasking", "Erasing"),  # random fills
}


@pytest.mark.parametrize(("version", "name"), [(v, n) for v, records in RECORDS.items() for n in records])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_a_release_draws_has_its_effect_in_a_subclass_or_is_refused(version: str, name: str) -> None:
    base = getattr(A, name)
    for case in RECORDS[version][name]:
        node = case["record"]["transforms"][0]
        numbers = {k: v for k, v in node["params"].items() if k not in SETTINGS}
        left_out = ("__class_fullname__", "params", "applied")
        arguments = base._from_file({k: v for k, v in node.items() if k not in left_out})
        mine = drawing(base, numbers, **{**arguments, "p": 1})
        rows = {"bbox_params": A.BboxParams("pascal_voc")} if "bboxes" in case["beside"] else {}
        try:
            result = A.Compose([mine], **rows)(image=case["image"].copy(), **case["beside"])["image"]
        except ValueError as error:
            text = str(error)
            assert f"My{name}" in text or name in text or "kernel" in text or "cells" in text or "order" in text
            with pytest.raises(ValueError, match=f"replay: {name}"):
                difference(case)
            continue
        ours, theirs = (np.squeeze(np.asarray(p, dtype=np.float64)) for p in (result, case["result"]))
        assert ours.shape == theirs.shape
        if name not in OTHER_EFFECT:
            assert np.abs(ours - theirs).mean() <= known(name, case["code"])[0]


def test_what_a_subclass_draws_too_little_of_is_named() -> None:
    with pytest.raises(ValueError, match=r"MyMotionBlur draws angle; its base needs other numbers"):
        A.Compose([drawing(A.MotionBlur, {"angle": 30})])(image=IMAGE)
    with pytest.raises(ValueError, match=r"MyPiecewiseAffine draws scale; its base needs other numbers: 'nb_rows'"):
        A.Compose([drawing(A.PiecewiseAffine, {"scale": 0.1})])(image=IMAGE)
    with pytest.raises(ValueError, match=r"MyRGBShift draws x_shift, which no method"):
        A.Compose([drawing(A.RGBShift, {"r_shift": 5, "x_shift": 3})])(image=IMAGE)


@pytest.mark.parametrize(
    ("transform", "names"),
    [
        (A.RandomCrop(30, 40, p=1), {"crop_coords", "pad_params", "h_start"}),
        (A.CenterCrop(70, 40, pad_if_needed=True, p=1), {"crop_coords", "pad_params"}),
        (A.RandomResizedCrop((30, 40), p=1), {"crop_coords"}),
        (A.RandomSizedCrop((20, 40), (30, 40), p=1), {"crop_coords", "h_start"}),
        (A.PadIfNeeded(70, 90, p=1), {"pad_top", "pad_bottom", "pad_left", "pad_right"}),
        (A.Blur(p=1), {"kernel", "ksize"}),
        (A.CoarseDropout(p=1), {"holes"}),
    ],
    ids=lambda v: type(v).__name__,
)
def test_what_is_told_has_the_names_of_2_0_8_too(transform: Any, names: set[str]) -> None:
    applied = A.Compose([transform], save_applied_params=True)(image=IMAGE)["applied_transforms"]
    assert names <= applied[0][1].keys()
    result = A.ReplayCompose([transform])(image=IMAGE)
    record = json.loads(json.dumps(result["replay"]))
    assert names <= record["transforms"][0]["params"].keys()
    assert np.array_equal(A.ReplayCompose.replay(record, image=IMAGE)["image"], result["image"])
    # Told, but not read again: a window is a place in proportion, whatever the size.
    A.ReplayCompose.replay(record, image=IMAGE.repeat(2, axis=0).repeat(2, axis=1))
    del record["events"]
    assert np.array_equal(A.ReplayCompose.replay(record, image=IMAGE)["image"], result["image"])


def test_a_record_of_ours_is_told_from_one_of_2_0_8_by_its_version() -> None:
    result = A.ReplayCompose([A.RandomBrightnessContrast((0.2, 0.2), 0, p=1)])(image=IMAGE)
    record = {k: v for k, v in result["replay"].items() if k != "events"}
    assert record["__version__"] == A.__version__
    assert np.array_equal(A.ReplayCompose.replay(record, image=IMAGE)["image"], result["image"])
    levels = {**record, "transforms": [{**record["transforms"][0], "params": {"alpha": 1.0, "beta": 51.0}}]}
    del levels["__version__"]
    assert np.array_equal(A.ReplayCompose.replay(levels, image=IMAGE)["image"], result["image"])
