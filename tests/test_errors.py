"""Bad input gets an error that names the target, the value and what is allowed."""

from typing import Any

import numpy as np
import pytest

import albumentations as A

IMAGE = np.zeros((20, 30, 3), np.uint8)
MASK = np.zeros((20, 30), np.uint8)
BOXES = A.BboxParams("pascal_voc", label_fields=["labels"])
POINTS = A.KeypointParams("xy", label_fields=["names"])


def pipeline(**settings: Any) -> Any:
    return A.Compose([A.HorizontalFlip(p=1)], **{"bbox_params": BOXES, "keypoint_params": POINTS, **settings})


@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        (None, TypeError, ["image", "NumPy array", "NoneType"]),
        ("photo.jpg", TypeError, ["image", "NumPy array", "photo.jpg"]),
        ([[1, 2], [3, 4]], TypeError, ["image", "NumPy array", "list"]),
        (7, TypeError, ["image", "int"]),
        (np.zeros(5, np.uint8), ValueError, ["image", "(H, W)", "(5,)"]),
        (np.zeros((2, 5, 5, 3), np.uint8), ValueError, ["image", "(2, 5, 5, 3)"]),
        (np.zeros((0, 5, 3), np.uint8), ValueError, ["image", "empty", "(0, 5, 3)"]),
        (np.zeros((5, 5, 0), np.uint8), ValueError, ["image", "empty", "(5, 5, 0)"]),
        (np.zeros((5, 5), complex), TypeError, ["image", "complex128", "uint8"]),
        (np.full((5, 5), "a"), TypeError, ["image", "U1"]),
        (np.zeros((5, 5), object), TypeError, ["image", "object"]),
        (np.zeros((5, 5), ">u2"), TypeError, ["image", ">u2", "byte order"]),
    ],
)
def test_images(image: Any, error: Any, words: Any) -> None:
    for transform in (pipeline(), A.HorizontalFlip(p=1), A.OneOf([A.HorizontalFlip(p=1)], p=1)):
        with pytest.raises(error) as caught:
            transform(image=image)
        for word in [type(transform).__name__, *words]:
            assert word in str(caught.value)


@pytest.mark.parametrize("name", ["mask", "masks", "images", "volume", "masks3d", "bboxes", "keypoints"])
@pytest.mark.parametrize("value", ["text", 3])
def test_every_target_is_checked(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=name):
        pipeline()(image=IMAGE, labels=[], names=[], **{name: value})


def test_items_of_a_list_are_named() -> None:
    with pytest.raises(TypeError, match=r"masks\[1\].*NoneType"):
        pipeline()(image=IMAGE, masks=[MASK, None])


def test_shapes_must_agree() -> None:
    for name, value in (("mask", MASK[:10]), ("masks", [MASK, MASK[:, :7]]), ("images", [IMAGE, IMAGE[:3]])):
        with pytest.raises(ValueError, match=rf"{name}.*\(20, 30\).*is_check_shapes=False"):
            pipeline()(image=IMAGE, **{name: value})
    assert pipeline(is_check_shapes=False)(image=IMAGE, mask=MASK[:10])["mask"].shape == (10, 30)


def boxes(rows: Any, **params: Any) -> Any:
    bbox_params = A.BboxParams(**{"format": "pascal_voc", **params})
    return A.Compose([A.HorizontalFlip(p=1)], bbox_params=bbox_params)(image=IMAGE, bboxes=rows)["bboxes"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(1, 2, float("nan"), 4)], ["bboxes[0]", "finite"]),
        ([(1, 2, float("inf"), 4)], ["bboxes[0]", "finite"]),
        (
            [(1, 2, 5, 6), (9, 2, 5, 6)],
            ["bboxes[1]", "(9.0, 2.0, 5.0, 6.0)", "reversed", "pascal_voc", "height 20", "width 30"],
        ),
        ([(3, 3, 3, 9)], ["bboxes[0]", "empty"]),
        ([(1, 2, 300, 4)], ["bboxes[0]", "outside", "clip=True"]),
        ([(20, 10, 8, 9)], ["looks like 'coco'"]),
        ([(1, 2, 3)], ["bboxes[0]", "4 coordinates"]),
        ([5], ["bboxes[0]"]),
        (np.zeros((2, 3)), ["bboxes", "(2, 3)"]),
        (np.zeros(4), ["bboxes", "(4,)"]),
    ],
)
def test_boxes(rows: Any, words: Any) -> None:
    with pytest.raises(ValueError) as caught:
        boxes(rows)
    for word in ["Compose", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "rows", [[("1", 2, 3, 4)], [(None, 2, 3, 4)], np.array([["a", "b", "c", "d"]]), "abcd", 3, {1: 2}]
)
def test_boxes_of_other_types(rows: Any) -> None:
    with pytest.raises(TypeError, match="bboxes"):
        boxes(rows)


def test_rounding_at_the_border_is_no_mistake() -> None:
    assert boxes([(0, 0, 30.0000001, 20)]) == [(0.0, 0.0, 30.0, 20.0)]
    assert boxes([(-0.5, 0, 30, 20)]) == [(0.0, 0.0, 30.0, 20.0)]


def test_invalid_boxes_can_be_dropped_or_clipped() -> None:
    rows = [(1, 2, 300, 4), (5, 5, 3, 3), (1, 2, 3, 4)]
    assert boxes(rows, filter_invalid_bboxes=True) == [(27.0, 2.0, 29.0, 4.0)]
    assert boxes(rows, filter_invalid_bboxes=True, clip=True) == [(0.0, 2.0, 29.0, 4.0), (27.0, 2.0, 29.0, 4.0)]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ({"bboxes": [(1, 2, 3, 4)]}, ValueError, ["labels", "missing"]),
        ({"bboxes": [(1, 2, 3, 4)], "labels": [1, 2]}, ValueError, ["labels", "2 values", "1 bboxes"]),
        ({"bboxes": [(1, 2, 3, 4)], "labels": 5}, TypeError, ["labels", "int"]),
        ({"bboxes": [(1, 2, 3, 4)], "labels": "a"}, TypeError, ["labels", "str"]),
        ({"bboxes": [(1, 2, 3, 4)], "labels": {0: "a"}}, TypeError, ["labels", "dict"]),
        ({"keypoints": [(1, 2)], "names": []}, ValueError, ["names", "0 values", "1 keypoints"]),
        ({"keypoints": [(1,)], "names": [0]}, ValueError, ["keypoints[0]", "2 coordinates"]),
        ({"keypoints": [(40, 2)], "names": [0]}, ValueError, ["keypoints[0]", "outside", "remove_invisible=False"]),
        ({"keypoints": [("a", 2)], "names": [0]}, TypeError, ["keypoints[0]", "numbers"]),
    ],
)
def test_labels_and_keypoints(data: dict[str, Any], error: Any, words: Any) -> None:
    with pytest.raises(error) as caught:
        pipeline()(image=IMAGE, **data)
    for word in words:
        assert word in str(caught.value)


def test_rows_need_params_and_an_image() -> None:
    with pytest.raises(ValueError, match="bbox_params"):
        A.Compose([])(image=IMAGE, bboxes=[(1, 2, 3, 4)])
    with pytest.raises(ValueError, match="keypoint_params"):
        A.Compose([])(image=IMAGE, keypoints=[(1, 2)])
    with pytest.raises(ValueError, match="bboxes needs an image"):
        pipeline()(bboxes=[(1, 2, 3, 4)], labels=[0])


def test_unknown_keys() -> None:
    assert pipeline()(image=IMAGE, anything=3)["anything"] == 3
    with pytest.raises(ValueError, match=r"'imgae'.*did you mean 'image'"):
        pipeline(strict=True)(image=IMAGE, imgae=IMAGE)
    with pytest.raises(ValueError, match=r"'imgae'.*did you mean 'image'"):
        pipeline()(imgae=IMAGE)
    with pytest.raises(ValueError, match="without data"):
        pipeline()()
    with pytest.raises(TypeError, match="by name"):
        pipeline()(IMAGE)


@pytest.mark.parametrize(
    ("build", "error", "words"),
    [
        (lambda: A.Compose(A.HorizontalFlip()), TypeError, ["Compose", "list of transforms"]),
        (lambda: A.Compose([A.HorizontalFlip]), TypeError, ["transforms[0]", "HorizontalFlip()"]),
        (lambda: A.Compose([None]), TypeError, ["transforms[0]", "None"]),
        (lambda: A.Compose("abc"), TypeError, ["transforms", "str"]),
        (lambda: A.Compose([], p=2), ValueError, ["p=2", "[0, 1]"]),
        (lambda: A.Compose([], p="1"), TypeError, ["p='1'", "number"]),
        (lambda: A.Compose([], bbox_params=3), TypeError, ["bbox_params", "int"]),
        (lambda: A.Compose([], additional_targets={"a": "imag"}), ValueError, ["'imag'", "did you mean 'image'"]),
        (lambda: A.Compose([], additional_targets={"a": []}), ValueError, ["'a' is []"]),
        (lambda: A.Compose([], additional_targets=["a"]), TypeError, ["additional_targets", "list"]),
        (lambda: A.Compose([], mask_interpolation=99), ValueError, ["mask_interpolation=99"]),
        (lambda: A.BboxParams("voc"), ValueError, ["'voc'", "pascal_voc"]),
        (lambda: A.BboxParams("coco", min_visibility=2), ValueError, ["min_visibility=2", "[0, 1]"]),
        (lambda: A.BboxParams("coco", min_area=-1), ValueError, ["min_area=-1"]),
        (lambda: A.BboxParams("coco", label_fields=[1]), TypeError, ["label_fields"]),
        (lambda: A.KeypointParams("abc"), ValueError, ["'abc'", "xyas"]),
        (lambda: A.SomeOf([A.NoOp()], n=0), ValueError, ["SomeOf", "n=0", "[1, inf)"]),
        (lambda: A.SomeOf([A.NoOp()], n="a"), TypeError, ["SomeOf", "n='a'"]),
        (lambda: A.OneOrOther(A.NoOp()), ValueError, ["OneOrOther", "second"]),
        (lambda: A.HorizontalFlip(p=-1), ValueError, ["HorizontalFlip", "p=-1", "[0, 1]"]),
        (lambda: A.HorizontalFlip(p="a"), TypeError, ["HorizontalFlip", "p='a'", "number"]),
        (lambda: A.HorizontalFlip(q=1), TypeError, ["HorizontalFlip", "'q'"]),
        (lambda: A.HorizontalFlip(False, 1, 2), TypeError, ["HorizontalFlip", "positional"]),
        (lambda: A.RandomGamma(gamma_limit=(0, 3)), ValueError, ["RandomGamma(gamma_limit=(0, 3))", "[1, inf)"]),
        (lambda: A.RandomGamma(gamma_limit=(90, 80)), ValueError, ["ordered"]),
        (lambda: A.RandomGamma(gamma_limit=float("nan")), ValueError, ["finite"]),
        (lambda: A.RandomCrop(width=3), TypeError, ["RandomCrop", "'height'", "missing"]),
        (lambda: A.RandomCrop(0, 3), ValueError, ["RandomCrop", "height=0", "[1, inf)"]),
        (lambda: A.Rotate(interpolation=77), ValueError, ["Rotate", "interpolation=77", "INTER_LINEAR"]),
        (lambda: A.Rotate(border_mode="x"), ValueError, ["Rotate", "border_mode='x'", "BORDER_CONSTANT"]),
        (lambda: A.GaussNoise(var_limit=(-5, 3)), ValueError, ["GaussNoise", "var_limit"]),
        (lambda: A.from_dict({"transform": {"__class_fullname__": "HorizontlFlip"}}), ValueError, ["HorizontalFlip"]),
        (lambda: A.from_dict({"a": 1}), ValueError, ["'transform'"]),
        (
            lambda: A.from_dict({"transform": {"__class_fullname__": "os.system", "command": "true"}}),
            ValueError,
            ["os.system", "no transform"],
        ),
        (lambda: A.from_dict([1]), TypeError, ["dict"]),
        (
            lambda: A.from_dict({"transform": {"__class_fullname__": "Blur", "limit": 3}}),
            TypeError,
            ["Blur", "'limit'"],
        ),
    ],
)
def test_impossible_arguments(build: Any, error: Any, words: Any) -> None:
    with pytest.raises(error) as caught:
        build()
    for word in words:
        assert word in str(caught.value)


def test_a_crop_larger_than_the_image() -> None:
    with pytest.raises(ValueError, match=r"RandomCrop.*50.*20"):
        A.Compose([A.RandomCrop(50, 60)])(image=IMAGE)


def test_a_fill_with_too_few_values_names_the_transform() -> None:
    with pytest.raises(ValueError, match=r"Rotate: image: fill \(1, 2\).*3 channels"):
        A.Compose([A.Rotate(border_mode=0, fill=(1, 2), p=1)])(image=IMAGE)


def test_tensors_and_pil_images_are_told_how_to_convert() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError, match=r"permute\(1, 2, 0\)"):
        pipeline()(image=torch.zeros(3, 4, 4))


def test_a_number_that_stands_for_a_range_beyond_its_bounds_is_refused_and_not_cut() -> None:
    for value in (5, (-5, 5)):
        with pytest.raises(ValueError, match=r"ColorJitter.*hue must lie in \[-0.5, 0.5\]"):
            A.ColorJitter(hue=value)
    assert A.ColorJitter(brightness=3).brightness == (0, 4)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: A.RandomFog(fog_coef_upper=0.1), r"fog_coef_range=.*ordered.*; written as fog_coef_upper=0.1$"),
        (lambda: A.ImageCompression(quality_upper=60, p=1), r"ordered.*; written as quality_upper=60$"),
        (lambda: A.Rotate(value="red"), r"fill='red'\).*; written as value='red'$"),
        (lambda: A.Rotate(fill="red"), r"fill='red'\): [^;]*$"),
    ],
)
def test_an_error_names_what_was_written(build, words) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        build()
