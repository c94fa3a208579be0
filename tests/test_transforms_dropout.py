"""Dropout, masking and spectrograms: where the holes lie, how large they are, and what they are filled with."""

from typing import Any

import numpy as np
import pytest
from common import picture, with_numbers

import albumentations as A

HEIGHT, WIDTH = 61, 122


def white(height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    return np.full((height, width, 3), 255, np.uint8)


def erased(transform: Any, seed: int = 0, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """Where a white picture came out black."""
    image = A.Compose([transform], seed=seed)(image=white(height, width))["image"]
    assert set(np.unique(image)) <= {0, 255}
    result: np.ndarray = (image == 0).all(axis=2)
    assert np.array_equal(result, (image == 0).any(axis=2))
    return result


def bounds(region: np.ndarray) -> tuple[int, int, int, int]:
    """x_min, y_min, x_max, y_max of what is erased."""
    rows, columns = np.nonzero(region)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def runs(line: np.ndarray) -> list[tuple[int, int]]:
    """Start and end of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(int), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist()))


def test_a_cutout_is_high_and_wide_as_said_and_cut_by_the_edges() -> None:
    heights, widths, centers = set(), set(), []
    for seed in range(150):
        x_min, y_min, x_max, y_max = bounds(erased(A.Cutout(1, 12, 20, p=1), seed))
        heights.add(y_max - y_min)
        widths.add(x_max - x_min)
        if x_max - x_min == 20 and y_max - y_min == 12:
            centers.append((x_min + 10, y_min + 6))
        else:
            assert x_min == 0 or y_min == 0 or x_max == WIDTH or y_max == HEIGHT
    assert max(heights) == 12
    assert min(heights) >= 6
    assert max(widths) == 20
    assert min(widths) >= 10
    x, y = np.array(centers).T
    assert x.min() < 20
    assert x.max() > WIDTH - 20
    assert y.min() < 15
    assert y.max() > HEIGHT - 15


def test_a_cutout_leaves_masks_boxes_and_keypoints() -> None:
    mask = picture("uint8", None)
    params = {"bbox_params": A.BboxParams("pascal_voc"), "keypoint_params": A.KeypointParams("xy")}
    pipeline = A.Compose([A.Cutout(1, 200, 200, fill_value=(1, 2, 3), p=1)], seed=0, **params)
    out = pipeline(image=picture(), mask=mask, bboxes=[(1, 2, 9, 8)], keypoints=[(3, 4)])
    assert (out["image"][20, 24] == (1, 2, 3)).all()
    assert np.array_equal(out["mask"], mask)
    assert out["bboxes"] == [(1, 2, 9, 8)]
    assert out["keypoints"] == [(3, 4)]


def test_a_grid_is_made_of_squares_of_a_tenth_of_the_width() -> None:
    region = erased(A.GridDropout(p=1))
    assert runs(region[0]) == [(x, x + 6) for x in range(0, 120, 12)] + [(120, 122)]
    assert runs(region[:, 0]) == [(y, min(y + 6, 61)) for y in range(0, 61, 12)]
    assert np.array_equal(region, region[:, :1] & region[:1])


@pytest.mark.parametrize(
    ("arguments", "unit_x", "unit_y"),
    [
        ({"holes_number_xy": (3, 4)}, 30, 20),
        ({"holes_number_x": 4, "holes_number_y": 3}, 30, 20),
        ({"holes_number_x": 4}, 30, 30),
        ({"holes_number_xy": (3, None)}, 12, 20),
        ({"unit_size_range": (9, 9)}, 9, 9),
        ({"unit_size_min": 9, "unit_size_max": 9}, 9, 9),
    ],
)
def test_units_of_a_grid(arguments: dict[str, Any], unit_x: int, unit_y: int) -> None:
    region = erased(A.GridDropout(0.3, **arguments, p=1))
    along_x, along_y = runs(region[0]), runs(region[:, 0])
    assert [a for a, _ in along_x] == list(range(0, WIDTH, unit_x))
    assert [a for a, _ in along_y] == list(range(0, HEIGHT, unit_y))
    assert along_x[0][1] == int(0.3 * unit_x)
    assert along_y[0][1] == int(0.3 * unit_y)


def test_a_grid_begins_where_it_is_shifted_to() -> None:
    assert bounds(erased(A.GridDropout(shift_xy=(5, 3), p=1)))[:2] == (5, 3)
    assert bounds(erased(A.GridDropout(shift_x=5, p=1)))[:2] == (5, 0)
    # No further than a unit of 12 has room beside its hole of 4: the first hole is whole, and no strip is left free.
    assert bounds(erased(A.GridDropout(0.4, shift_xy=(30, 9), p=1)))[:2] == (8, 8)


def test_a_random_grid_begins_anywhere_with_whole_holes() -> None:
    starts = [
        bounds(erased(A.GridDropout(random_offset=True, holes_number_xy=(4, 6), p=1), seed))[:2] for seed in range(200)
    ]
    x, y = zip(*starts)
    assert set(x) == set(range(11))  # units of 20, holes of 10
    assert set(y) == set(range(9))  # units of 15, holes of 7


def test_units_drawn_reach_both_ends() -> None:
    found = {runs(erased(A.GridDropout(0.5, unit_size_range=(7, 11), p=1), seed)[0])[1][0] for seed in range(60)}
    assert found == {7, 8, 9, 10, 11}


@pytest.mark.parametrize("ratio", [0.001, 1])
def test_a_hole_is_at_least_a_pixel_and_leaves_one(ratio: float) -> None:
    start, end = runs(erased(A.GridDropout(ratio, unit_size_range=(5, 5), p=1))[0])[0]
    assert end - start == (1 if ratio < 0.5 else 4)


REFUSED = [
    (lambda: A.GridDropout(unit_size_min=3), "given together"),
    (lambda: A.GridDropout(unit_size_range=(3, 4), holes_number_xy=(3, 4)), "give one of the two"),
    (lambda: A.GridDropout(random_offset=True, shift_xy=(3, 4)), "give one of the two"),
    (lambda: A.GridDropout(holes_number_xy=(3, 0)), "each at least 1"),
    (lambda: A.GridDropout(holes_number_xy=(3, 4, 5)), "pair of integers"),
    (lambda: A.GridDropout(ratio=0), "above 0"),
    (lambda: A.Erasing(ratio=(0, 1)), "above 0"),
    (lambda: A.PixelDropout(per_channel=True, mask_drop_value=3), "give one of the two"),
]


@pytest.mark.parametrize(("build", "words"), REFUSED)
def test_what_cannot_be_is_refused(build: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build()


def test_more_holes_than_pixels_are_refused_when_the_image_is_seen() -> None:
    with pytest.raises(ValueError, match=r"GridDropout\(holes_number_xy=\(3, 100\)\): units of 1 x 20 pixels"):
        A.GridDropout(holes_number_xy=(3, 100), p=1)(image=white())


@pytest.mark.parametrize(
    ("transform", "axis", "longest"),
    [
        (A.XYMasking(num_masks_x=(1, 1), mask_x_length=(5, 9), p=1), 0, 9),
        (A.XYMasking(num_masks_y=(1, 1), mask_y_length=(5, 9), p=1), 1, 9),
        (A.TimeMasking(9, p=1), 0, 9),
        (A.FrequencyMasking(9, p=1), 1, 9),
    ],
)
def test_stripes_run_from_edge_to_edge(transform: Any, axis: int, longest: int) -> None:
    lengths, starts, none = [], [], 0
    for seed in range(200):
        region = erased(transform, seed)
        line = region.take(0, axis)
        assert np.array_equal(region, np.broadcast_to(np.expand_dims(line, axis), region.shape))
        if not line.any():
            none += 1
            continue
        ((start, end),) = runs(line)
        lengths.append(end - start)
        starts.append(start)
    shortest = 5 if isinstance(transform, A.XYMasking) else 1
    assert set(lengths) == set(range(shortest, longest + 1))
    assert min(starts) < 8
    assert max(starts) + longest > len(line) - 8
    # Half of the time no stripe, and one of length 0 in a tenth of the others: 110 of 200, deviation 7.
    assert none == 0 if shortest == 5 else 80 < none < 140


def test_a_stripe_longer_than_the_picture_covers_it() -> None:
    found = {int(erased(A.TimeMasking(1000, p=1), seed, 20, 30)[0].sum()) for seed in range(20)}
    assert found == {0, 30}


def test_spectrograms_are_black_in_masks_too() -> None:
    mask = np.full((HEIGHT, WIDTH), 7, np.uint8)
    for seed in range(8):
        out = A.Compose([A.TimeMasking(30, p=1)], seed=seed)(image=white(), mask=mask)
        assert np.array_equal(out["mask"] == 0, out["image"][..., 0] == 0)
        out = A.Compose([A.TimeMasking(30, fill_mask=None, p=1)], seed=seed)(image=white(), mask=mask)
        assert np.array_equal(out["mask"], mask)


def test_time_reversed_is_mirrored() -> None:
    image = picture()
    assert np.array_equal(A.TimeReverse(p=1)(image=image)["image"], image[:, ::-1])


def test_an_erased_rectangle_has_the_area_and_ratio_asked_for() -> None:
    areas, ratios = [], []
    for seed in range(200):
        x_min, y_min, x_max, y_max = bounds(erased(A.Erasing((0.1, 0.2), (1.5, 2.5), p=1), seed))
        areas.append((x_max - x_min) * (y_max - y_min) / (HEIGHT * WIDTH))
        ratios.append((x_max - x_min) / (y_max - y_min))
    assert 0.095 < min(areas) < 0.11
    assert 0.19 < max(areas) < 0.205
    assert 1.4 < min(ratios) < 1.6
    assert 2.4 < max(ratios) < 2.6


def test_the_largest_area_erased_is_one_that_fits_with_every_ratio() -> None:
    shares = [erased(A.Erasing(p=1), seed, 200, 100).mean() for seed in range(200)]
    assert 0.019 < min(shares) < 0.03  # whole pixels: 20 x 20 may be 19 x 20
    assert 0.14 < max(shares) < 100 / 200 / 3.3 + 0.005
    assert 0.08 < np.mean(shares) < 0.093  # uniform


def test_pixels_are_dropped_as_often_as_said() -> None:
    whole = erased(A.PixelDropout(0.2, p=1), 0, 200, 300)
    assert 0.19 < whole.mean() < 0.21  # deviation 0.0016
    image = A.PixelDropout(0.2, per_channel=True, p=1)(image=white(200, 300))["image"]
    assert 0.19 < (image == 0).mean() < 0.21
    assert 0.004 < (image == 0).all(axis=2).mean() < 0.012  # 0.2 ** 3


def test_a_dropped_pixel_has_its_value_in_image_and_mask() -> None:
    mask = np.full((HEIGHT, WIDTH), 7, np.uint8)
    out = A.PixelDropout(0.3, drop_value=(1, 2, 3), mask_drop_value=5, p=1)(image=white(), mask=mask)
    where = (out["image"] == (1, 2, 3)).all(axis=2)
    assert 0.25 < where.mean() < 0.35
    assert (out["image"][~where] == 255).all()
    assert np.array_equal(out["mask"] == 5, where)
    assert (out["mask"][~where] == 7).all()


@pytest.mark.parametrize("per_channel", [False, True])
def test_a_random_drop_value_is_one_colour_a_call(per_channel: bool) -> None:
    colors = []
    for seed in range(60):
        pipeline = A.Compose([A.PixelDropout(0.3, per_channel, None, p=1)], seed=seed)
        image = pipeline(image=np.full((HEIGHT, WIDTH, 3), 0.5, np.float32))["image"]
        found = [np.unique(image[..., c][image[..., c] != 0.5]) for c in range(3)]
        assert [len(f) for f in found] == [1, 1, 1]
        colors.append(np.concatenate(found))
    assert np.min(colors) < 0.1
    assert np.max(colors) > 0.9


def test_records_with_holes_in_pixels_are_replayed() -> None:
    for cls in (A.CoarseDropout, A.Cutout, A.GridDropout, A.XYMasking, A.Erasing, A.TimeMasking):
        pipeline = A.ReplayCompose([cls(**{**cls.examples[0], "p": 1})])
        record = pipeline(image=white())["replay"]
        with_numbers(record, {"holes": [(3, 4, 10, 20), (50, 5, 70, 9)]})
        image = A.ReplayCompose.replay(record, image=white())["image"]
        expected = white()
        expected[4:20, 3:10] = expected[5:9, 50:70] = 0
        assert np.array_equal(image, expected)


@pytest.mark.parametrize(
    "transform",
    [
        A.PixelDropout(0.2, p=1),
        A.PixelDropout(0.2, True, p=1),
        A.PixelDropout(1, drop_value=None, p=1),
        A.GridDropout(fill="random", p=1),
        A.GridDropout(fill="random_uniform", p=1),
    ],
)
def test_every_call_draws_anew(transform: Any) -> None:
    pipeline = A.Compose([transform], seed=0)
    first, second = (pipeline(image=white())["image"] for _ in range(2))
    assert (first != second).mean() > 0.1
