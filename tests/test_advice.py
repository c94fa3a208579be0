"""What is probably meant otherwise is said once; what a step returns that the next cannot take names that step."""

import warnings
from typing import Any

import numpy as np
import pytest
from common import accepted, cases, class_cases, image_for, main, make, mask_of, params_for, picture, reading

import albumentations as A
from albumentations.core import advice
from albumentations.core.transforms_interface import DualTransform

IMAGE = picture()
FLOAT = picture("float32")


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: Any) -> None:
    """Nothing has been said yet."""
    monkeypatch.setattr(advice, "_said", set())


def said(call: Any, times: int = 1) -> list[str]:
    """The warnings of so many calls."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for _ in range(times):
            call()
    return [str(w.message) for w in found if w.category is UserWarning]


def test_a_variance_that_was_meant_for_255_is_told_once() -> None:
    noisy = A.GaussNoise(var_limit=(5, 20), p=1)
    (message,) = said(lambda: noisy(image=FLOAT), 3)
    assert "GaussNoise(var_limit=(5, 20))" in message
    assert "var_limit=(7.69e-05, 0.000308)" in message
    assert not said(lambda: noisy(image=IMAGE))
    assert not said(lambda: A.GaussNoise(var_limit=(7.69e-05, 0.000308), p=1)(image=FLOAT))
    assert not said(lambda: A.GaussNoise(p=1)(image=FLOAT))


@pytest.mark.parametrize("cls", class_cases())
def test_floats_far_outside_are_told_where_they_are_not_meant(cls: Any) -> None:
    transform = make(cls, cls.examples[0])
    image = image_for(cls, "float32")
    if image.dtype != np.float32:
        return
    data, shown = reading(transform, image), main(cls)
    image = data.pop(shown)
    taken = "floats in [0, 1]" in " ".join((cls.__doc__ or "").split()) and not cls._converts
    pipeline = A.Compose([transform], **params_for(data))
    assert not said(lambda: pipeline(**data, **{shown: image}))
    found = said(lambda: pipeline(**data, **{shown: image * 255}), 3)
    assert len(found) == taken
    assert not taken or "divide by 255" in found[0]
    found = said(lambda: pipeline(**data, **{shown: image * 4 - 2}), 3)
    assert len(found) == taken
    assert not taken or "A.Normalize after it" in found[0]
    assert all(cls.__name__ in message for message in found)


def test_floats_are_told_on_either_side_and_small_ones_pass() -> None:
    gamma = A.RandomGamma(p=1)
    assert not said(lambda: gamma(image=FLOAT * 1.4 - 0.2))
    (message,) = said(lambda: gamma(image=FLOAT - 2))
    assert "A.Normalize after it" in message
    assert not said(lambda: A.HorizontalFlip(p=1)(image=FLOAT * 255))


@pytest.mark.parametrize(("cls", "example"), list(cases(DualTransform)))
@pytest.mark.parametrize(("value", "dtype"), [(-1, "int16"), (300, "uint16")])
@pytest.mark.parametrize("name", ["fill", "fill_mask"])
def test_a_fill_that_a_dtype_does_not_have_is_told_once(
    cls: Any, example: Any, value: int, dtype: str, name: str
) -> None:
    if name not in cls._params or example.get("border_mode") or isinstance(example.get("fill"), str):
        return
    border = {"border_mode": 0} if "border_mode" in cls._params else {}
    transform = make(cls, example, **{name: value}, **border)
    image = image_for(cls)
    data, kind = reading(transform, image), mask_of(cls)
    mask = data.pop(kind)
    pipeline = A.Compose([transform], seed=1, **params_for(data))
    (message,) = said(lambda: pipeline(**data, **{kind: mask}), 3)
    assert f"{cls.__name__}({name}={value})" in message
    assert f"uint8 has no {value}" in message
    assert dtype in message
    if name == "fill_mask":
        assert not said(lambda: pipeline(**data, **{kind: mask.astype(np.int32)}))


def test_fills_that_are_not_read_or_fit_are_silent() -> None:
    mask = IMAGE[:, :, 0].copy()
    turned = A.Rotate(limit=(30, 30), fill_mask=-1, border_mode=0, p=1)
    for fine in ({"fill_mask": -1, "border_mode": 4}, {"fill_mask": 255, "border_mode": 0}, {"fill": 0.5}):
        assert not said(lambda fine=fine: A.Rotate(limit=(30, 30), p=1, **fine)(image=IMAGE, mask=mask))
    wide = IMAGE.astype(np.int32)
    filled = A.Rotate(limit=(30, 30), fill=300, border_mode=0, p=1)
    assert not said(lambda: filled(image=wide, mask=mask))
    with pytest.warns(UserWarning, match="uint8 has no -1"):
        assert A.Compose([turned])(image=IMAGE, mask=mask + 1)["mask"].min() == 0
    assert not said(lambda: A.PadIfNeeded(90, 90, border_mode=0, fill=0.5)(image=FLOAT))
    (message,) = said(lambda: A.PadIfNeeded(90, 90, border_mode=0, fill=(0, 300, 0))(image=IMAGE))
    assert "uint8 has no 300, so 255 is filled in" in message


def strange(kind: str) -> Any:
    if kind == "tensor":
        pytest.importorskip("torch")
        return A.ToTensorV2(), "ToTensorV2 returned torch.Tensor as image", "put ToTensorV2 last"
    results = {
        "None": (None, "NoneType"), "list": ([[1, 2], [3, 4]], "list"), "row": (np.zeros(4), r"shape \(4,\)"),
        "objects": (np.full((4, 5), None), "dtype object"),
    }  # fmt: skip
    result, words = results[kind]
    return A.Lambda(image=lambda img, **_: result), f"Lambda returned .*{words}.* as image", "NumPy array"


@pytest.mark.parametrize("kind", ["tensor", "None", "list", "row", "objects"])
@pytest.mark.parametrize("cls", class_cases())
def test_what_a_step_returned_that_the_next_cannot_take_names_the_step(cls: Any, kind: str) -> None:
    step, words, advised = strange(kind)
    transform = make(cls, cls.examples[0])
    if cls is A.Lambda or "image" not in transform.available_keys or "volume" in transform.targets_as_params:
        return
    image = image_for(cls)
    if not accepted(transform, image):
        return
    data = reading(transform, image)
    with pytest.raises(TypeError, match=f"{words}.*{cls.__name__} cannot take.*{advised}"):
        A.Compose([step, transform], **params_for(data))(**data)


def test_a_function_of_the_users_gets_what_the_step_before_returned() -> None:
    torch = pytest.importorskip("torch")

    class Half(A.ImageOnlyTransform):
        def apply(self, img: Any, **params: Any) -> Any:
            assert isinstance(img, torch.Tensor)
            return img / 2

    double = A.Lambda(image=lambda img, **_: img * 2)
    params = {"bbox_params": A.BboxParams("pascal_voc"), "keypoint_params": A.KeypointParams("xy")}
    out = A.Compose([A.ToTensorV2(), double, Half(p=1)], **params)(
        image=IMAGE, bboxes=[(4, 5, 20, 25)], keypoints=[(3, 4)]
    )
    assert isinstance(out["image"], torch.Tensor)
    assert out["bboxes"] == [(4, 5, 20, 25)]
    back = A.Lambda(image=lambda img, **_: img.permute(1, 2, 0).numpy())
    assert A.Compose([A.ToTensorV2(), back, A.HorizontalFlip(p=1)])(image=IMAGE)["image"].shape == IMAGE.shape


def test_rows_beside_a_picture_without_a_size_name_the_step() -> None:
    lost = A.Lambda(image=lambda img, **_: None)
    assert A.Compose([lost])(image=IMAGE)["image"] is None
    with pytest.raises(TypeError, match="Lambda returned no array as image"):
        A.Compose([lost], bbox_params=A.BboxParams("coco"))(image=IMAGE, bboxes=[(1, 2, 3, 4)])
