"""Dropout of objects: which of them are painted over, where holes lie on them, and what is refused."""

from typing import Any

import cv2
import numpy as np
import pytest

import albumentations as A

HEIGHT, WIDTH = 60, 100
LABELED = A.BboxParams("pascal_voc", label_fields=["labels"])


def white(dtype: Any = np.uint8) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), 255 if dtype is np.uint8 else 1, dtype)


def blobs() -> tuple[np.ndarray, list[np.ndarray]]:
    """A mask of four objects, two of which touch and differ in value, and where each is."""
    places = [(slice(5, 15), slice(5, 25)), (slice(15, 20), slice(5, 25)), (slice(40, 55), slice(50, 60))]
    mask, regions = np.zeros((HEIGHT, WIDTH), np.uint8), []
    for place, value in zip(places, (1, 2, 1)):
        mask[place] = value
        regions.append(np.zeros((HEIGHT, WIDTH), bool))
        regions[-1][place] = True
    mask[30, 80] = mask[31, 81] = 7  # these hang together at a corner
    regions.append(mask == 7)
    return mask, regions


def painted(transform: Any, seed: int = 0, mask: Any = None) -> list[bool]:
    """Which of the four objects are painted over; each is so wholly or not at all, and nothing else is."""
    given, regions = blobs()
    out = A.Compose([transform], seed=seed)(image=white(), mask=given if mask is None else mask)
    black = (out["image"] == 0).all(axis=2)
    assert np.array_equal(black, (out["image"] == 0).any(axis=2))
    seen = [bool(black[region].all()) for region in regions]
    assert not any(black[region].any() for region, all_of_it in zip(regions, seen) if not all_of_it)
    assert black.sum() == sum(int(r.sum()) for r, all_of_it in zip(regions, seen) if all_of_it)
    value = out["mask"].reshape(HEIGHT, WIDTH)
    assert np.array_equal(value, np.where(black, 0, given))
    return seen


def test_so_many_objects_are_painted_over_each_as_often() -> None:
    seen = np.array([painted(A.MaskDropout((1, 2), p=1), seed) for seed in range(400)])
    counts = np.bincount(seen.sum(axis=1))
    assert counts[1] + counts[2] == 400
    assert min(counts[1:]) > 160
    assert min(seen.sum(axis=0)) > 110  # 150 each, deviation 10
    assert np.array_equal(painted(A.MaskDropout(9, p=1)), painted(A.MaskDropout((1, 9), p=1)))
    assert all(painted(A.MaskDropout((4, 9), p=1), mask=blobs()[0][:, :, None]))
    assert not any(painted(A.MaskDropout((0, 0), p=1)))


def test_objects_are_filled_with_what_is_said() -> None:
    mask, _ = blobs()
    everything = mask > 0
    for fill, fill_mask in ((77, 9), ((1, 2, 3), None)):
        out = A.Compose([A.MaskDropout((4, 4), fill=fill, fill_mask=fill_mask, p=1)])(image=white(), mask=mask)
        assert (out["image"][everything] == fill).all()
        assert (out["image"][~everything] == 255).all()
        assert np.array_equal(out["mask"], mask if fill_mask is None else np.where(everything, 9, 0))
    photo = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    photo[everything] = 255
    for word in ("inpaint_telea", "inpaint_ns", "inpaint"):
        out = A.Compose([A.MaskDropout((4, 4), word, p=1)])(image=photo, mask=mask)
        assert np.abs(out["image"].astype(int) - 90).max() <= 4
    old = A.Compose([A.MaskDropout((4, 4), image_fill_value=7, mask_fill_value=3, p=1)])(image=white(), mask=mask)
    assert (old["image"][everything] == 7).all()
    assert (old["mask"][everything] == 3).all()
    noise = A.Compose([A.MaskDropout((4, 4), "random", p=1)], seed=1)(image=white(np.float32), mask=mask)["image"]
    assert 0.4 < noise[everything].mean() < 0.6
    assert (noise[~everything] == 1).all()


def test_boxes_and_points_under_objects_are_dropped() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[5:20, 5:25] = 1
    boxes, points = [(6, 6, 24, 19), (4, 4, 26, 21), (60, 40, 80, 50)], [(10, 10), (40, 40)]
    pipeline = A.Compose([A.MaskDropout(p=1)], bbox_params="pascal_voc", keypoint_params="xy")
    out = pipeline(image=white(), mask=mask, bboxes=boxes, keypoints=points)
    assert out["bboxes"] == boxes[1:]
    assert out["keypoints"] == points[1:]


def test_an_empty_mask_changes_nothing() -> None:
    data = {"image": white(), "mask": np.zeros((HEIGHT, WIDTH), np.uint8)}
    out = A.Compose([A.MaskDropout((1, 5), p=1)])(**data)
    assert np.array_equal(out["image"], data["image"])


def test_a_record_of_a_mask_is_read() -> None:
    region = np.zeros((HEIGHT, WIDTH), bool)
    region[3:9, 20:50] = True
    for recorded, expected in ((region, region), (None, np.zeros_like(region))):
        looks = {"get_params": lambda self, recorded=recorded: {"dropout_mask": recorded}}
        mine = type("Mine", (A.MaskDropout,), looks)(p=1)
        out = A.Compose([mine])(image=white(), mask=np.zeros((HEIGHT, WIDTH), np.uint8))["image"]
        assert np.array_equal((out == 0).all(axis=2), expected)


def test_what_mask_dropout_refuses() -> None:
    with pytest.raises(ValueError, match="MaskDropout reads 'mask', which is missing"):
        A.Compose([A.MaskDropout(p=1)])(image=white())
    with pytest.raises(ValueError, match=r"MaskDropout: mask: .* one channel, not 2"):
        A.Compose([A.MaskDropout(p=1)])(image=white(), mask=np.zeros((HEIGHT, WIDTH, 2), np.uint8))
    with pytest.raises(ValueError, match=r"MaskDropout: image: .*inpaint"):
        A.Compose([A.MaskDropout(fill="inpaint_ns", p=1)])(image=white(np.float32), mask=blobs()[0])
    with pytest.raises(ValueError, match="max_objects must be ordered"):
        A.MaskDropout((3, 1))
    with pytest.raises(ValueError, match="'mean'"):
        A.MaskDropout(fill="mean")


# ---- rectangles on objects


def holes_of(transform: Any, seed: int, params: Any = None, **data: Any) -> tuple[np.ndarray, dict[str, Any]]:
    pipeline = A.Compose([transform], bbox_params=params, seed=seed, save_applied_params=True)
    out = pipeline(**{"image": white(), **data})
    return np.array(out["applied_transforms"][0][1]["holes"]).reshape(-1, 4), out


def disk(radius: int = 20) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(mask, (50, 30), radius, 5, -1)
    return mask


def test_holes_lie_around_pixels_of_the_object() -> None:
    mask = disk()
    side = np.sqrt((mask > 0).sum())
    transform = A.ConstrainedCoarseDropout((2, 4), (0.1, 0.3), (0.5, 0.6), mask_indices=[5], p=1)
    counts, heights, widths, centers = [], [], [], []
    for seed in range(300):
        holes, out = holes_of(transform, seed, mask=mask)
        counts.append(len(holes))
        black = np.zeros((HEIGHT, WIDTH), bool)
        for x0, y0, x1, y1 in holes:
            black[y0:y1, x0:x1] = True
            centers.append(((x0 + x1) // 2, (y0 + y1) // 2))
            if x0 > 0 and y0 > 0 and x1 < WIDTH and y1 < HEIGHT:
                heights.append(y1 - y0)
                widths.append(x1 - x0)
        assert np.array_equal((out["image"] == 0).all(axis=2), black)
        assert out["mask"] is mask or np.array_equal(out["mask"], mask)
    assert set(counts) == {2, 3, 4}
    assert (min(heights), max(heights)) == (int(0.1 * side), int(0.3 * side))
    assert (min(widths), max(widths)) == (int(0.5 * side), int(0.6 * side))
    x, y = np.array(centers).T
    assert np.hypot(x - 50, y - 30).max() < 22
    assert np.abs([x.mean() - 50, y.mean() - 30]).max() < 1.5  # deviation of the mean 10 / 30


def test_every_object_of_the_values_gets_its_holes() -> None:
    mask, regions = blobs()
    for indices, mine in (([1], (0, 2)), ([1, 2], (0, 1, 2)), ([2], (1,)), ([7, 3], (3,))):
        transform = A.ConstrainedCoarseDropout((2, 2), mask_indices=indices, p=1)  # holes of a pixel
        for seed in range(10):
            holes, _ = holes_of(transform, seed, mask=mask)
            assert (holes[:, 2:] - holes[:, :2] == 1).all()
            hit = [sum(regions[i][y, x] for x, y, _, _ in holes) for i in range(4)]
            assert hit == [2 if i in mine else 0 for i in range(4)]
    assert not len(holes_of(A.ConstrainedCoarseDropout(mask_indices=[4], p=1), 0, mask=mask)[0])


def test_holes_lie_inside_of_boxes_with_the_labels() -> None:
    boxes, labels = [(10, 5, 50, 55), (60, 20, 80, 30), (85, 5, 95, 55)], ["cat", "dog", "cat"]
    transform = A.ConstrainedCoarseDropout((1, 3), (0.2, 0.5), (0.5, 1.0), bbox_labels=["cat"], p=1)
    counts: list[int] = []
    heights, widths = [], []
    for seed in range(200):
        holes, out = holes_of(transform, seed, LABELED, bboxes=boxes, labels=labels)
        left = holes[:, 0] < 55
        counts += [int(left.sum()), int((~left).sum())]
        assert (holes[left] >= (10, 5, 10, 5)).all()
        assert (holes[left] <= (50, 55, 50, 55)).all()
        assert (holes[~left] >= (85, 5, 85, 5)).all()
        assert (holes[~left] <= (95, 55, 95, 55)).all()
        heights += (holes[left, 3] - holes[left, 1]).tolist()
        widths += (holes[left, 2] - holes[left, 0]).tolist()
        assert out["labels"] == labels
    assert set(counts) == {1, 2, 3}
    assert (min(heights), max(heights)) == (10, 24)
    assert min(widths) == 20
    assert max(widths) in (39, 40)


def test_labels_of_any_field_or_beside_the_coordinates() -> None:
    boxes = [(10, 5, 50, 55), (60, 20, 80, 30)]
    by_number = A.ConstrainedCoarseDropout(bbox_labels=[2], p=1)
    rows = [(*box, number) for box, number in zip(boxes, (1, 2))]
    assert (holes_of(by_number, 0, A.BboxParams("pascal_voc"), bboxes=rows)[0][:, 0] >= 60).all()
    two = A.BboxParams("pascal_voc", label_fields=["labels", "kinds"])
    second = A.ConstrainedCoarseDropout(bbox_labels=["x"], p=1)
    holes = holes_of(second, 0, two, bboxes=boxes, labels=["a", "b"], kinds=["y", "x"])[0]
    assert len(holes) == 1
    assert holes[0, 0] >= 60


def test_what_constrained_dropout_refuses() -> None:
    for given in ({}, {"mask_indices": [1], "bbox_labels": ["a"]}):
        with pytest.raises(ValueError, match=r"ConstrainedCoarseDropout\(.*exactly one of the two"):
            A.ConstrainedCoarseDropout(**given)
    with pytest.raises(ValueError, match="ConstrainedCoarseDropout looks at 'mask', which is missing"):
        holes_of(A.ConstrainedCoarseDropout(mask_indices=[1], p=1), 0)
    with pytest.raises(ValueError, match="ConstrainedCoarseDropout looks at 'bboxes', which is missing"):
        holes_of(A.ConstrainedCoarseDropout(bbox_labels=["a"], p=1), 0)
    with pytest.raises(ValueError, match=r"ConstrainedCoarseDropout: mask: .* one channel, not 2"):
        holes_of(A.ConstrainedCoarseDropout(mask_indices=[1], p=1), 0, mask=np.ones((HEIGHT, WIDTH, 2), np.uint8))
    for name in ("hole_height_range", "hole_width_range"):
        for value in ((0, 0.2), (0.1, 1.1), (0.3, 0.1)):
            with pytest.raises(ValueError, match=f"ConstrainedCoarseDropout.*{name} must"):
                A.ConstrainedCoarseDropout(mask_indices=[1], **{name: value})
    for value, error in (("a", TypeError), ([], ValueError), ([None], TypeError), (3, TypeError)):
        with pytest.raises(error, match="bbox_labels must"):
            A.ConstrainedCoarseDropout(bbox_labels=value)
    for value in ([0], [1.5], []):
        with pytest.raises(ValueError, match="mask_indices must"):
            A.ConstrainedCoarseDropout(mask_indices=value)


def test_random_fills_are_others_with_every_seed() -> None:
    for transform in (
        A.MaskDropout((4, 4), fill="random", p=1),
        A.ConstrainedCoarseDropout(mask_indices=[5], hole_height_range=1, hole_width_range=1, fill="random", p=1),
    ):
        mask = blobs()[0] if isinstance(transform, A.MaskDropout) else disk()
        one, other = (A.Compose([transform], seed=s)(image=white(), mask=mask)["image"] for s in (1, 2))
        both = (one != 255).any(axis=2) & (other != 255).any(axis=2)
        assert both.sum() > 300
        assert (one[both] == other[both]).mean() < 0.05
