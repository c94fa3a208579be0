"""Tiles that change places, and parts that grow."""

import numpy as np
import pytest

import albumentations as A

IMAGE = np.arange(60 * 90, dtype=np.int32).reshape(60, 90)


def test_cells_of_a_grid_of_rows_and_columns_change_places() -> None:
    pipeline = A.Compose([A.RandomGridShuffle((2, 5), p=1)], seed=1)
    seen = set()
    for _ in range(30):
        out = pipeline(image=IMAGE)["image"]
        tiles = {tuple(IMAGE[y : y + 30, x : x + 18].ravel()) for y in (0, 30) for x in range(0, 90, 18)}
        shown = [tuple(out[y : y + 30, x : x + 18].ravel()) for y in (0, 30) for x in range(0, 90, 18)]
        assert set(shown) == tiles
        seen.add(shown[0])
    assert len(seen) > 5


def test_a_box_that_is_cut_becomes_several_with_its_label() -> None:
    params = A.BboxParams("pascal_voc", label_fields=["names"])
    pipeline = A.Compose([A.RandomGridShuffle((1, 3), p=1)], bbox_params=params, save_applied_params=True)
    mask = np.zeros((60, 90), np.uint8)
    mask[10:20, 20:40] = 1
    counts = set()
    for _ in range(20):
        out = pipeline(image=IMAGE, mask=mask, bboxes=[(20, 10, 40, 20), (62, 5, 70, 9)], names=["cut", "whole"])
        counts.add(out["names"].count("cut"))
        assert out["names"].count("whole") == 1
        painted = np.zeros_like(mask)
        for (x0, y0, x1, y1), name in zip(out["bboxes"], out["names"]):
            if name == "cut":
                painted[int(y0) : int(y1), int(x0) : int(x1)] = 1
        if out["names"].count("cut") == 2:
            assert np.array_equal(painted, out["mask"])
    assert counts == {1, 2}


def test_what_is_visible_of_a_box_is_shared_out() -> None:
    mapping = {"mapping": [2, 0, 1]}
    drawn = type("Drawn", (A.RandomGridShuffle,), {"get_params": lambda self: dict(mapping)})
    for least, count in ((0.0, 2), (0.4, 2), (0.5, 1), (0.7, 0)):
        params = A.BboxParams("pascal_voc", min_visibility=least)
        out = A.Compose([drawn((1, 3), p=1), A.HorizontalFlip(p=1)], bbox_params=params)(
            image=IMAGE, bboxes=np.array([(15.0, 10, 40, 20, 7)])
        )
        assert len(out["bboxes"]) == count, least  # 15 and 10 of 25 columns
        assert (out["bboxes"][:, 4] == 7).all()


def test_a_mapping_of_2_says_where_cells_go() -> None:
    mapping = {"mapping": [2, 0, 4, 5, 1, 3]}
    drawn = type("Drawn", (A.RandomGridShuffle,), {"get_params": lambda self: dict(mapping)})
    out = A.Compose([drawn((2, 3), p=1)], keypoint_params="xy")(image=IMAGE, keypoints=[(40, 10)])
    assert np.array_equal(out["image"][:30, :30], IMAGE[:30, 30:60])
    assert out["keypoints"] == [(10, 10)]


@pytest.mark.parametrize(
    ("scale", "width", "height"), [((5, 1), 5, 1), ((1, 5), 1, 5), (5, 1, 5), ((3, 5), 3, 5), ((7, 3), 7, 3)]
)
def test_a_point_grows_to_the_width_and_height_of_the_kernel(scale: object, width: int, height: int) -> None:
    image = np.zeros((30, 41, 3), np.uint8)
    image[14, 20] = 200
    box = (20, 14, 21, 15)
    grow, shrink = (A.Morphological(scale=scale, operation=name, p=1) for name in ("dilation", "erosion"))
    out = A.Compose([grow], bbox_params="pascal_voc")(image=image, mask=image[:, :, 0], bboxes=[box])
    for grown in (out["image"][:, :, 0], out["mask"]):
        rows, columns = np.nonzero(grown)
        assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (width, height)
    assert out["bboxes"] == [(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)]
    back = A.Compose([shrink], bbox_params="pascal_voc")(image=out["image"], bboxes=out["bboxes"])
    assert np.array_equal(back["image"] > 0, image > 0)
    assert back["bboxes"] == [box]
    # What has vanished does not come back.
    params = A.BboxParams("pascal_voc", check_each_transform=False)
    gone = A.Compose([shrink, grow], bbox_params=params)(image=image, bboxes=[box])
    assert gone["bboxes"] == []
