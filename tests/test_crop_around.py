"""Crops whose window follows from shares of the sides."""

import numpy as np

import albumentations as A

IMAGE = np.arange(60 * 90, dtype=np.int32).reshape(60, 90)


def test_every_side_loses_up_to_its_own_share() -> None:
    limits = {"crop_left": 0.1, "crop_right": 0.2, "crop_top": 0.3, "crop_bottom": 0.4}
    pipeline = A.Compose([A.RandomCropFromBorders(**limits)], seed=0)
    cut = []
    for _ in range(1500):
        out = pipeline(image=IMAGE)["image"]
        (top, left), (bottom, right) = divmod(int(out[0, 0]), 90), divmod(int(out[-1, -1]), 90)
        assert np.array_equal(out, IMAGE[top : bottom + 1, left : right + 1])
        cut.append((left, 89 - right, top, 59 - bottom))
    assert [set(side) for side in zip(*cut)] == [set(range(n + 1)) for n in (9, 18, 18, 24)]
    assert np.abs(np.mean(cut, axis=0) - (4.5, 9, 9, 12)).max() < 0.7


def test_a_pixel_is_left() -> None:
    pipeline = A.Compose([A.RandomCropFromBorders(1, 1, 1, 1)], seed=0)
    assert min(min(pipeline(image=IMAGE)["image"].shape) for _ in range(300)) == 1


def test_a_record_of_1_3() -> None:
    drawn = {"x_min": 10, "x_max": 70, "y_min": 20, "y_max": 50}
    looks = {"get_params_dependent_on_data": lambda self, params, data: dict(drawn)}
    mine = type("Mine", (A.RandomCropFromBorders,), looks)
    out = A.Compose([mine()], bbox_params="pascal_voc")(image=IMAGE, bboxes=[(20, 30, 40, 35)])
    assert np.array_equal(out["image"], IMAGE[20:50, 10:70])
    assert out["bboxes"] == [(10, 10, 30, 15)]
