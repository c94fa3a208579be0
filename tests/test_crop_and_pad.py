"""Sides that are cut off or added to."""

from typing import Any

import numpy as np
import pytest

import albumentations as A

IMAGE = np.arange(60 * 90, dtype=np.int32).reshape(60, 90)


def changed(**arguments: Any) -> Any:
    return A.Compose([A.CropAndPad(**arguments)], bbox_params="pascal_voc")(
        image=IMAGE, mask=IMAGE, bboxes=[(20, 10, 40, 30)]
    )


def test_four_sides_are_top_right_bottom_left() -> None:
    out = changed(px=(1, -2, 3, -4), keep_size=False, fill=-7, fill_mask=-9)
    expected = np.pad(IMAGE[:, 4:88], ((1, 3), (0, 0)), constant_values=-7)
    assert np.array_equal(out["image"], expected)
    assert np.array_equal(out["mask"], np.where(expected == -7, -9, expected))
    assert out["bboxes"] == [(16, 11, 36, 31)]
    assert changed(px=(1, (-2, -2), 3, -4), keep_size=False)["image"].shape == (64, 84)


def test_shares_are_of_their_own_side_and_rounded_toward_0() -> None:
    out = changed(percent=(0.1, -0.1, 0.249, -0.249), keep_size=False)
    assert out["image"].shape == (60 + 6 + 14, 90 - 9 - 22)
    assert out["bboxes"] == [(-22 + 20, 16, 18, 36)] or out["bboxes"] == [(0, 16, 18, 36)]


def test_the_size_is_kept() -> None:
    # A box seen in 1.3.1: padded by 5, then resized.
    params = {"image": np.zeros((60, 90), np.uint8), "bboxes": [(0, 0, 4, 3)]}
    out = A.Compose([A.CropAndPad(px=5)], bbox_params="pascal_voc")(**params)
    assert out["bboxes"][0] == pytest.approx((4.5, 4.2857, 8.1, 6.857), abs=1e-3)
    assert out["image"].shape == (60, 90)


def test_one_number_for_all_sides_or_one_for_each() -> None:
    for together in (True, False):
        transform = A.CropAndPad(px=(-5, 9), sample_independently=not together)
        pipeline = A.Compose([transform], seed=0, save_applied_params=True)
        drawn = [tuple(pipeline(image=IMAGE)["applied_transforms"][0][1].values()) for _ in range(30)]
        assert all(len(set(sides)) == 1 for sides in drawn) == together


def test_a_pixel_is_left() -> None:
    assert changed(px=-500, keep_size=False)["image"].shape == (1, 1)
    assert changed(percent=-1.0, keep_size=False)["image"].shape == (1, 1)


def test_a_record_of_an_older_release() -> None:
    drawn = {"crop_params": [4, 0, 88, 60], "pad_params": [1, 3, 0, 0]}
    mine = type("Mine", (A.CropAndPad,), {"get_params": lambda self: dict(drawn)})
    out = A.Compose([mine(px=1, keep_size=False)])(image=IMAGE)["image"]
    assert np.array_equal(out, np.pad(IMAGE[:, 4:88], ((1, 3), (0, 0))))


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="CropAndPad: exactly one of px=None and percent=None"):
        A.CropAndPad()
    with pytest.raises(ValueError, match="CropAndPad: exactly one of px"):
        A.CropAndPad(px=3, percent=0.1)
    with pytest.raises(ValueError, match=r"CropAndPad.*pad_cval.*1.x drew one of several values"):
        A.CropAndPad(px=3, pad_cval=(3, 7))
    with pytest.raises(ValueError, match=r"CropAndPad.*px"):
        A.CropAndPad(px=(1, 2, 3))
    old = A.CropAndPad(px=3, pad_mode=2, pad_cval=7, pad_cval_mask=1)
    assert (old.border_mode, old.fill, old.fill_mask) == (2, 7, 1)
