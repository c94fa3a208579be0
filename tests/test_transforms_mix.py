"""Templates, overlays and mosaics: what is put where, what follows it, and which metadata is refused."""

import json
from typing import Any

import numpy as np
import pytest
from common import picture, same, with_numbers

import albumentations as A
from albumentations.core.serialization import jsonable

GRAY = np.full((40, 60, 3), 100, np.uint8)


def plain(value: Any, height: int = 40, width: int = 60, dtype: Any = np.uint8) -> np.ndarray:
    image = np.empty((height, width, 3), dtype)
    image[...] = value
    return image


# ---- templates


def test_the_sum_is_weighted() -> None:
    out = A.Compose([A.TemplateTransform(plain(200), 0.3, 0.6, p=1)])(image=GRAY)["image"]
    assert (out == 150).all()
    half = A.Compose([A.TemplateTransform([plain(200)], p=1)])(image=GRAY)["image"]
    assert (half == 150).all()
    rest = A.Compose([A.TemplateTransform(plain(200), img_weight=0.25, template_weight=None, p=1)])(image=GRAY)["image"]
    assert (rest == 175).all()
    exact = A.Compose([A.TemplateTransform(plain(0.5, dtype=np.float32), 0.5, 0.25, p=1)])
    assert np.allclose(exact(image=plain(0.2, dtype=np.float32))["image"], 0.225)
    one_channel = A.Compose([A.TemplateTransform(plain(200)[:, :, 0], p=1)])(image=GRAY)["image"]
    assert (one_channel == 150).all()
    smaller = A.Compose([A.TemplateTransform(plain(200, 7, 9), p=1)])(image=GRAY)["image"]
    assert (smaller == 150).all()


def test_weights_fill_their_ranges_and_templates_are_drawn() -> None:
    templates = [plain(v) for v in (0, 100, 200)]
    pipeline = A.Compose([A.TemplateTransform(templates, (0.2, 0.6), (0.4, 0.4), p=1)], seed=0)
    values = np.array([pipeline(image=GRAY)["image"][0, 0, 0] for _ in range(300)], dtype=int)
    # 20 to 60 of the image, and 0, 40 or 80 of the template.
    assert (values.min(), values.max()) == (20, 140)
    assert abs(values.mean() - 80) < 7  # deviation 34 / 17
    transform = A.TemplateTransform(templates, p=1)
    found = {int(A.Compose([transform], seed=s)(image=GRAY)["image"][0, 0, 0]) for s in range(40)}
    assert found == {50, 100, 150}


def test_a_template_is_transformed_and_replayed() -> None:
    template = picture("uint8", 3, 40, 60)
    inner = A.Compose([A.HorizontalFlip(p=0.5), A.RandomBrightnessContrast(p=1)], seed=1)
    pipeline = A.ReplayCompose([A.TemplateTransform(template, 0, 1, inner, name="t", p=1)])
    results = [pipeline(image=GRAY) for _ in range(8)]
    assert len({r["image"].tobytes() for r in results}) == 8
    for result in results:
        assert same(A.ReplayCompose.replay(result["replay"], image=GRAY)["image"], result["image"])
    pair = [
        A.Compose([A.TemplateTransform(template, 0, 1, A.RandomGamma(p=1), p=1)], seed=s)(image=GRAY)["image"]
        for s in (3, 3, 4)
    ]
    assert np.array_equal(pair[0], pair[1])
    assert not np.array_equal(pair[0], pair[2])
    assert np.array_equal(template, picture("uint8", 3, 40, 60))


def test_templates_are_saved_by_name() -> None:
    transform = A.TemplateTransform(plain(200), name="mine", p=1)
    described = json.loads(json.dumps(A.to_dict(transform)))
    assert A.from_dict(described, nonserializable={"mine": transform}) is transform
    with pytest.raises(NotImplementedError, match="TemplateTransform cannot be saved without a name"):
        A.to_dict(A.TemplateTransform(plain(200)))


def test_what_templates_refuse() -> None:
    for wrong, error in (([], ValueError), ("a.png", TypeError), ([3], TypeError), ([np.zeros(3)], ValueError)):
        with pytest.raises(error, match=r"TemplateTransform.*templates must"):
            A.TemplateTransform(wrong)
    with pytest.raises(TypeError, match="template_transform must be a transform"):
        A.TemplateTransform(plain(1), template_transform=len)
    with pytest.raises(TypeError, match="TemplateTransform: image has dtype uint8; allowed are float32"):
        A.Compose([A.TemplateTransform(plain(1, dtype=np.float32), p=1)])(image=GRAY)
    with pytest.raises(ValueError, match="TemplateTransform: image must have 3 channels"):
        A.Compose([A.TemplateTransform(plain(1), p=1)])(image=GRAY[:, :, :2])
    turned = A.TemplateTransform(plain(1), template_transform=A.ToFloat(p=1), p=1)
    with pytest.raises(ValueError, match=r"TemplateTransform: image: the template must be uint8 .* not float32"):
        A.Compose([turned])(image=GRAY)


# ---- overlays


def overlaid(metadata: Any, seed: int = 0, **data: Any) -> dict[str, Any]:
    given = {"image": GRAY, **data}
    result: dict[str, Any] = A.Compose([A.OverlayElements(p=1)], seed=seed)(**given, overlay_metadata=metadata)
    return result


def test_a_box_says_where_a_picture_goes() -> None:
    mask = np.zeros((40, 60), np.uint8)
    entry = {"image": plain((1, 2, 3), 5, 9), "bbox": (0.1, 0.25, 0.5, 0.75), "mask_id": 7}
    out = overlaid(entry, mask=mask)
    expected = GRAY.copy()
    expected[10:30, 6:30] = (1, 2, 3)
    assert np.array_equal(out["image"], expected)
    assert np.array_equal(out["mask"], np.where(expected[:, :, 0] == 1, 7, 0))
    assert not mask.any()
    out = overlaid([{k: v for k, v in entry.items() if k != "mask_id"}], mask=mask)
    assert np.array_equal(out["image"], expected)
    assert not out["mask"].any()


def test_a_loose_picture_lies_anywhere_in_the_image() -> None:
    shown = np.zeros((10, 20), bool)
    shown[2:7, 3:14] = True
    first = []
    for seed in range(400):
        out = overlaid({"image": plain(9, 10, 20), "mask": shown}, seed)["image"]
        rows, columns = np.nonzero((out == 9).all(axis=2))
        assert len(rows) == shown.sum()
        first.append((rows.min() - 2, columns.min() - 3))
    assert np.array_equal(np.min(first, axis=0), (0, 0))
    assert np.array_equal(np.max(first, axis=0), (30, 40))
    assert np.abs(np.mean(first, axis=0) - (15, 20)).max() < 2
    assert (overlaid({"image": plain(9, 100, 20)[:, :1].repeat(90, axis=1)})["image"] == 9).all()


def test_offsets_are_rows_and_columns() -> None:
    pipeline = A.ReplayCompose([A.OverlayElements(p=1)])
    metadata = [{"image": plain(9, 10, 20)}]
    record = pipeline(image=GRAY, overlay_metadata=metadata)["replay"]
    with_numbers(record, {"offsets": [[0.0, 0.999]]})
    out = A.ReplayCompose.replay(record, image=GRAY, overlay_metadata=metadata)["image"]
    assert (out[:10, 40:] == 9).all()
    assert (out == 9).all(axis=2).sum() == 200
    with pytest.raises(ValueError, match="OverlayElements: the record is of 1 pictures, overlay_metadata has 0"):
        A.ReplayCompose.replay(record, image=GRAY, overlay_metadata=[])


def test_a_mask_is_resized_with_its_picture() -> None:
    shown = np.zeros((4, 6, 1), np.float32)
    shown[:2, 3:] = 0.3  # whatever is not 0
    mask = np.zeros((40, 60), np.uint8)
    out = overlaid({"image": plain(9, 4, 6), "mask": shown, "bbox": (0.5, 0, 1, 1), "mask_id": 1}, mask=mask)
    expected = np.zeros((40, 60), bool)
    expected[:20, 45:] = True
    assert np.array_equal((out["image"] == 9).all(axis=2), expected)
    assert np.array_equal(out["mask"] == 1, expected)


def test_later_pictures_lie_on_earlier_ones_and_nothing_given_is_written() -> None:
    below = {"image": plain(9, 4, 4), "bbox": (0, 0, 1, 1), "mask_id": 1}
    above = {"image": plain(5, 4, 4)[:, :, :1], "bbox": (0, 0, 0.5, 1), "mask_id": 2}
    mask = np.full((40, 60), 4, np.uint8)
    kept = [below["image"].copy(), above["image"].copy()]
    for value in (mask, below["image"], above["image"]):
        value.setflags(write=False)
    for _ in range(2):
        out = overlaid((below, above), mask=mask)
        assert (out["image"][:, :30] == 5).all()
        assert (out["image"][:, 30:] == 9).all()
        assert (out["mask"][:, :30] == 2).all()
        assert (out["mask"][:, 30:] == 1).all()
    assert (mask == 4).all()
    assert same(kept, [below["image"], above["image"]])


BOX = (0.1, 0.2, 0.5, 0.6)


@pytest.mark.parametrize(
    ("entry", "error", "words"),
    [
        (3, TypeError, r"overlay_metadata must be a dict, or a list of them, not int"),
        ([{"image": plain(1)}, 5], TypeError, r"overlay_metadata\[1\] must be a dict, not int"),
        ([{"bbox": BOX}], ValueError, r"overlay_metadata\[0\] has no 'image'; it holds bbox"),
        ([{"image": "a.png"}], TypeError, r"overlay_metadata\[0\]\['image'\] must be a NumPy array"),
        ({"image": plain(1, dtype=np.float32)}, ValueError, r"overlay_metadata\['image'\] must be uint8 .*not float32"),
        ({"image": plain(1)[:, :, :2]}, ValueError, r"overlay_metadata\['image'\] must be .* 1 or 3 channels.* with 2"),
        ([{"image": plain(1), "bbox": (3, 4, 20, 30)}], ValueError, r"\[0\]\['bbox'\]=\(3, 4, 20, 30\) .*fractions"),
        ([{"image": plain(1), "bbox": (0.5, 0.4, 0.5, 0.9)}], ValueError, "minima less than the maxima"),
        ([{"image": plain(1), "bbox": (0.5, 0.4, 0.9)}], ValueError, "not 3 values"),
        ([{"image": plain(1), "bbox": (0.5, 0.4, 0.9, "1")}], TypeError, "all of them numbers"),
        ([{"image": plain(1), "bbox": 0.5}], TypeError, "not float"),
        ([{"image": plain(1), "mask": np.ones((3, 3))}], ValueError, r"\[0\]\['mask'\] must have the shape \(40, 60\)"),
        ([{"image": plain(1), "mask_id": "cat"}], TypeError, r"\[0\]\['mask_id'\] must be a number, not str"),
    ],
)
def test_bad_overlays_are_refused(entry: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=rf"OverlayElements: .*{words}"):
        overlaid(entry)


def test_overlays_must_be_given() -> None:
    with pytest.raises(ValueError, match="OverlayElements reads 'overlay_metadata', which is missing"):
        A.Compose([A.OverlayElements(p=1)])(image=GRAY)
    assert np.array_equal(overlaid([])["image"], GRAY)


# ---- mosaics

LABELED = {
    "bbox_params": A.BboxParams("pascal_voc", label_fields=["labels"]),
    "keypoint_params": A.KeypointParams("xy", label_fields=["names"]),
}
SMALL: dict[str, Any] = {"target_size": (60, 100), "cell_shape": (40, 60)}


def mosaic(metadata: Any, seed: int = 0, data: Any = None, **arguments: Any) -> dict[str, Any]:
    given = {"image": GRAY, "bboxes": [], "labels": [], "keypoints": [], "names": [], **(data or {})}
    transform = A.Mosaic(**{**SMALL, **arguments}, p=1)
    result: dict[str, Any] = A.Compose([transform], seed=seed, **LABELED)(**given, mosaic_metadata=metadata)
    return result


def others(*values: int) -> list[dict[str, Any]]:
    return [{"image": plain(v), "mask": np.full((40, 60), v, np.uint8)} for v in values]


def test_cells_meet_where_the_center_says_and_the_own_picture_has_the_largest() -> None:
    lines = []
    for seed in range(300):
        out = mosaic(others(1, 2, 3, 4, 5), seed, {"mask": np.full((40, 60), 100, np.uint8)})
        image = out["image"][:, :, 0]
        assert out["image"].shape == (60, 100, 3)
        assert np.array_equal(out["mask"], image)
        y, x = np.flatnonzero(np.diff(image[:, 0])), np.flatnonzero(np.diff(image[0]))
        assert len(y) == len(x) == 1
        lines.append((int(y[0]) + 1, int(x[0]) + 1))
        values, counts = np.unique(image, return_counts=True)
        assert len(values) == 4
        assert counts[values.tolist().index(100)] == counts.max()
    # The canvas is 80 x 120: the target begins at 20 u rows and columns, u in [0.3, 0.7], cut down.
    assert np.array_equal(np.min(lines, axis=0), (27, 47))
    assert np.array_equal(np.max(lines, axis=0), (34, 54))


def test_the_own_picture_fills_what_others_do_not() -> None:
    for metadata, expected in (([], [100]), (others(7), [7, 100])):
        image = mosaic(metadata)["image"]
        assert np.unique(image).tolist() == expected
    areas = np.array([(mosaic(others(1, 2, 3, 4, 5), s)["image"] == v).any() for s in range(100) for v in range(1, 6)])
    assert areas.reshape(100, 5).sum(axis=1).tolist() == [3] * 100
    assert areas.reshape(100, 5).sum(axis=0).min() > 40  # 60 each


def one(x: int, y: int, size: int = 6) -> dict[str, Any]:
    """A black picture with a white square, its box and the keypoint in its middle."""
    image = np.zeros((80, 120, 3), np.uint8)
    image[y : y + size, x : x + size] = 255
    middle = (x + size / 2 - 0.5, y + size / 2 - 0.5)
    return {"image": image, "bboxes": [(x, y, x + size, y + size)], "keypoints": [middle]}


@pytest.mark.parametrize("fit_mode", ["cover", "contain"])
@pytest.mark.parametrize("cell", [(60, 90), (90, 60)])
def test_boxes_and_points_of_all_pictures_lie_where_they_are_painted(fit_mode: str, cell: Any) -> None:
    own, other = one(20, 10, 16), one(50, 30, 24)
    seen = 0
    for seed in range(25):
        metadata = [{**other, "labels": ["theirs"], "names": [9]}]
        data = {**own, "labels": ["mine"], "names": [4]}
        given = {"target_size": (110, 110), "cell_shape": cell, "fit_mode": fit_mode, "interpolation": 0}
        out = mosaic(metadata, seed, data, **given)
        assert set(out["labels"]) <= {"mine", "theirs"}
        painted, edges = np.zeros((110, 110), bool), 0
        for x0, y0, x1, y1 in np.array(out["bboxes"]).round().astype(int).tolist():
            painted[y0:y1, x0:x1] = True
            edges += 2 * (x1 - x0 + y1 - y0)
        white = (out["image"] == 255).all(axis=2)
        assert (white != painted).sum() <= edges  # a row or column of pixels at each
        for x, y in out["keypoints"]:
            assert white[int(np.clip(y, 0, 109)), int(np.clip(x, 0, 109))]
        seen += len(out["labels"]) > 2
        assert len(out["keypoints"]) == len(out["names"])
    assert seen > 5


def test_visibility_counts_what_the_cell_shows() -> None:
    params = A.BboxParams("pascal_voc", label_fields=["labels"], min_visibility=0.99)
    data = {"image": GRAY, "bboxes": [(0, 0, 60, 40), (20, 15, 30, 25)], "labels": ["whole", "part"]}
    theirs = {"image": plain(3), "bboxes": [(0, 0, 60, 40), (25, 15, 30, 20)], "labels": ["their whole", "their part"]}
    pipeline = A.Compose([A.Mosaic(**SMALL, p=1)], bbox_params=params, seed=0)
    for _ in range(10):
        labels = pipeline(**data, mosaic_metadata=[theirs])["labels"]
        assert not {"whole", "their whole"} & set(labels)
        assert "part" in labels


def test_rows_that_are_arrays_stay_arrays() -> None:
    boxes = np.array([[5, 5, 30, 20]], np.float32)
    theirs = {**others(3)[0], "bboxes": boxes, "labels": np.array([8])}
    out = mosaic([theirs], data={"bboxes": boxes, "labels": np.array([7])}, center_range=0)
    assert out["bboxes"].dtype == np.float32
    assert set(out["labels"].tolist()) == {7, 8}
    assert len(out["labels"]) == len(out["bboxes"])


def test_fills_of_what_no_picture_covers() -> None:
    given = {"fit_mode": "contain", "fill": (1, 2, 3), "fill_mask": 9, "center_range": 0}
    tall = {"image": plain(50, 80, 20), "mask": np.full((80, 20), 5, np.uint8)}
    out = mosaic([tall], data={"mask": np.full((40, 60), 4, np.uint8)}, **given)
    pads = (out["image"] == (1, 2, 3)).all(axis=2)
    assert pads.any()
    assert np.array_equal(out["mask"] == 9, pads)
    assert np.array_equal(out["mask"] == 5, (out["image"] == 50).all(axis=2))
    out = mosaic([{"image": plain(50)}], data={"mask": np.full((40, 60), 4, np.uint8)}, **given)
    assert np.array_equal(out["mask"] == 9, (out["image"] == 50).all(axis=2))


def test_a_mosaic_is_replayed() -> None:
    pipeline = A.ReplayCompose([A.Mosaic(**SMALL, p=1)])
    for _ in range(5):
        out = pipeline(image=GRAY, mosaic_metadata=others(1, 2, 3, 4))
        record = json.loads(json.dumps(jsonable(out["replay"])))
        again = A.ReplayCompose.replay(record, image=GRAY, mosaic_metadata=others(1, 2, 3, 4))
        assert np.array_equal(out["image"], again["image"])
    with pytest.raises(ValueError, match=r"Mosaic: picture \d is recorded, mosaic_metadata has 0"):
        A.ReplayCompose.replay(record, image=GRAY, mosaic_metadata=[])


@pytest.mark.parametrize(
    ("item", "error", "words"),
    [
        ({"mask": np.zeros((40, 60), np.uint8)}, ValueError, r"\[0\] has no 'image'"),
        ({"image": [1, 2]}, TypeError, r"\[0\]\['image'\] must be a NumPy array"),
        ({"image": plain(1, dtype=np.float32)}, ValueError, r"\[0\]\['image'\] must be uint8 .* not float32"),
        ({"image": plain(1)[:, :, :2]}, ValueError, r"\[0\]\['image'\] must be .* with 2"),
        ({"image": plain(1), "mask": np.zeros((9, 9), np.uint8)}, ValueError, r"\[0\]\['mask'\] must have the shape"),
        ({"image": plain(1), "mask": np.full((40, 60), 999)}, ValueError, r"\[0\]\['mask'\] has values .* uint8"),
        ({"image": plain(1), "bboxes": [(0, 0, 9, 9)]}, ValueError, r"\[0\]: the label field 'labels' of bboxes"),
        (
            {"image": plain(1), "bboxes": [(0, 0, 99, 9)], "labels": ["a"]},
            ValueError,
            r"\[0\]: bboxes\[0\] = .*outside",
        ),
        ({"image": plain(1), "keypoints": [(1, 99)], "names": [1]}, ValueError, r"\[0\]: keypoints\[0\] = .*outside"),
        ("cat", TypeError, r"\[0\] must be a dict, not str"),
    ],
)
def test_bad_pictures_of_a_mosaic_are_refused(item: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=rf"Mosaic: .*mosaic_metadata{words}"):
        mosaic([item], data={"mask": np.zeros((40, 60), np.uint8)})


def test_what_mosaics_refuse() -> None:
    with pytest.raises(ValueError, match=r"Mosaic\(grid_yx=\(2, 2\), target_size=\(99, 50\).*80 pixels high"):
        A.Mosaic(target_size=(99, 50), cell_shape=(40, 60))
    with pytest.raises(ValueError, match=r"Mosaic\(.*80 pixels wide"):
        A.Mosaic(target_size=(50, 99), cell_shape=(60, 40))
    with pytest.raises(ValueError, match="fit_mode must be one of"):
        A.Mosaic(fit_mode="fill")
    with pytest.raises(ValueError, match="Mosaic reads 'mosaic_metadata', which is missing"):
        A.Compose([A.Mosaic(p=1)])(image=GRAY)
    rows = {"image": plain(3), "bboxes": [(1, 1, 9, 9, 2)], "labels": ["a"]}
    with pytest.raises(
        ValueError, match=r"Mosaic: bboxes: mosaic_metadata\[0\]\['bboxes'\] must have rows of 4 values"
    ):
        mosaic([rows], data={"bboxes": np.array([[5, 5, 30, 20.0]]), "labels": ["b"]})
