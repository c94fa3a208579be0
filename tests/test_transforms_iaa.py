"""imgaug's names: arguments as 0.4 and 0.5 read them, effects as imgaug's."""

import inspect
from typing import Any

import cv2
import numpy as np
import pytest
from common import picture, replayed

import albumentations as A
from albumentations.core.declared import Declared
from albumentations.core.params import number
from albumentations.core.spellings import old_spelling

NAMES = [name for name in A.__all__ if name.startswith("IAA")]
IMAGE = picture("uint8", 3, 60, 80)


def applied(transform: Any, seed: int = 0, image: np.ndarray = IMAGE, **data: Any) -> Any:
    return A.Compose([transform], seed=seed, keypoint_params="xy", bbox_params="pascal_voc")(image=image, **data)


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "name", "expected"),
    [
        (lambda: A.IAAAffine(scale=0.5), "scale", (0.5, 1)),
        (lambda: A.IAAAffine(scale=1.5), "scale", (1, 1.5)),
        (lambda: A.IAAAffine(translate_percent=0.1), "translate_percent", (0, 0.1)),
        (lambda: A.IAAAffine(translate_px=3), "translate_px", (0, 3)),
        (lambda: A.IAAAffine(translate_px=-3), "translate_px", (-3, 0)),
        (lambda: A.IAAAffine(rotate=20), "rotate", (-20, 20)),
        (lambda: A.IAAAffine(shear=10), "shear", (-10, 10)),
        (lambda: A.IAAAffine(cval=9), "cval", (9, 9)),
        (lambda: A.IAACropAndPad(px=3), "px", (3, 3)),
        (lambda: A.IAACropAndPad(px=(1, 2, 3, 4)), "px", ((1, 1), (2, 2), (3, 3), (4, 4))),
        (lambda: A.IAACropAndPad(), "percent", (-0.1, 0.1)),
        (lambda: A.IAACropAndPad(px=3), "percent", None),
        (lambda: A.IAAPerspective(scale=0.1), "scale", (0.1, 1)),
        (lambda: A.IAAPiecewiseAffine(scale=0.1), "scale", (0, 0.1)),
        (lambda: A.IAAPiecewiseAffine(nb_rows=6), "nb_rows", (6, 6)),
        (lambda: A.IAASharpen(alpha=0.3), "alpha", (0, 0.3)),
        (lambda: A.IAASharpen(lightness=0.7), "lightness", (0, 0.7)),
        (lambda: A.IAAEmboss(alpha=0.3), "alpha", (0, 0.3)),
        (lambda: A.IAAEmboss(strength=0.7), "strength", (0, 0.7)),
        (lambda: A.IAAAdditiveGaussianNoise(loc=5), "loc", (5, 5)),
        (lambda: A.IAAAdditiveGaussianNoise(scale=10), "scale", (0, 10)),
        (lambda: A.IAAAdditiveGaussianNoise(per_channel=True), "per_channel", 1),
        (lambda: A.IAASuperpixels(p_replace=0.5), "p_replace", (0.5, 0.5)),
        (lambda: A.IAASuperpixels(n_segments=50), "n_segments", (50, 50)),
    ],
)
def test_one_number_means_what_it_meant(made: Any, name: str, expected: Any) -> None:
    assert getattr(made(), name) == expected


@pytest.mark.parametrize("name", NAMES)
def test_they_take_what_they_took_and_nothing_else(name: str) -> None:
    expected = {
        "IAAAffine": "scale translate_percent translate_px rotate shear order cval mode p",
        "IAACropAndPad": "px percent pad_mode pad_cval keep_size p",
        "IAAFliplr": "p",
        "IAAFlipud": "p",
        "IAAPerspective": "scale keep_size p",
        "IAAPiecewiseAffine": "scale nb_rows nb_cols order cval mode p",
        "IAASharpen": "alpha lightness p",
        "IAAEmboss": "alpha strength p",
        "IAAAdditiveGaussianNoise": "loc scale per_channel p",
        "IAASuperpixels": "p_replace n_segments p",
    }[name]
    cls = getattr(A, name)
    assert list(inspect.signature(cls).parameters) == expected.split()
    saved = A.to_dict(cls())["transform"]
    assert set(saved) == {"__class_fullname__", *expected.split()}
    assert saved["__class_fullname__"].endswith(name)
    for other in ("interpolation", "border_mode", "fill", "fill_mask", "cval_mask", "pad_cval_mask", "absolute_scale"):
        with pytest.raises(TypeError, match=rf"{name}: unknown argument '{other}'"):
            cls(**{other: 1})


@pytest.mark.parametrize(
    ("made", "kind", "words"),
    [
        (lambda: A.IAAAffine(scale={"x": 1, "y": 2}), TypeError, r"IAAAffine\(scale=.*must be a number or a pair"),
        (lambda: A.IAAAffine(scale=[0.5, 0.8, 1]), ValueError, r"IAAAffine\(scale=.*not 3 values"),
        (lambda: A.IAAAffine(scale=0), ValueError, r"IAAAffine\(scale=0\).*0.0001"),
        (lambda: A.IAAAffine(order=6), ValueError, r"IAAAffine\(order=6\).*\[0, 5\]"),
        (lambda: A.IAAAffine(order=[0, 1]), TypeError, r"IAAAffine\(order=\[0, 1\]\)"),
        (lambda: A.IAAAffine(mode="mirror"), ValueError, r"IAAAffine\(mode='mirror'\).*'symmetric'"),
        (lambda: A.IAAAffine(mode="mean"), ValueError, r"IAAAffine\(mode='mean'\)"),
        (lambda: A.IAAAffine(translate_px=(1.5, 3)), ValueError, r"IAAAffine\(translate_px="),
        (lambda: A.IAAAffine(translate_px=3, translate_percent=0.1), ValueError, "IAAAffine: translate_percent.*both"),
        (lambda: A.IAACropAndPad(px=3, percent=0.1), ValueError, "IAACropAndPad: exactly one of px"),
        (lambda: A.IAACropAndPad(px=3, pad_mode="mirror"), ValueError, r"IAACropAndPad\(pad_mode='mirror'\).*'median'"),
        (lambda: A.IAACropAndPad(px=3, pad_mode=4), ValueError, r"IAACropAndPad\(pad_mode=4\)"),
        (lambda: A.IAACropAndPad(px=1.5), ValueError, r"IAACropAndPad\(px=1.5\)"),
        (lambda: A.IAAPerspective(scale=-0.1), ValueError, r"IAAPerspective\(scale=-0.1\)"),
        (lambda: A.IAAPiecewiseAffine(nb_rows=1), ValueError, r"IAAPiecewiseAffine\(nb_rows=1\)"),
        (lambda: A.IAASharpen(alpha=(0, 2)), ValueError, r"IAASharpen\(alpha=\(0, 2\)\)"),
        (lambda: A.IAAEmboss(strength=-1), ValueError, r"IAAEmboss\(strength=-1\)"),
        (lambda: A.IAAAdditiveGaussianNoise(scale=-1), ValueError, r"IAAAdditiveGaussianNoise\(scale=-1\)"),
        (lambda: A.IAAAdditiveGaussianNoise(per_channel=2), ValueError, r"Noise\(per_channel=2\).*\[0, 1\]"),
        (lambda: A.IAAAdditiveGaussianNoise(per_channel="no"), TypeError, r"Noise\(per_channel='no'\)"),
        (lambda: A.IAASuperpixels(p_replace=1.5), ValueError, r"IAASuperpixels\(p_replace=1.5\)"),
        (lambda: A.IAASuperpixels(n_segments=0), ValueError, r"IAASuperpixels\(n_segments=0\)"),
    ],
)
def test_what_they_refuse(made: Any, kind: Any, words: str) -> None:
    with pytest.raises(kind, match=words):
        made()


def test_a_subclass_has_what_its_base_has_without_what_that_lacks() -> None:
    class Base(Declared):
        a = number(default=1, was=("alpha",))
        b = number(default=2)

        @old_spelling
        @staticmethod
        def _old(c: float = 0, d: float = 0) -> dict[str, Any]:
            return {"a": c + d}

    class Less(Base):
        _without = ("a", "d")
        a = 7  # type: ignore[assignment]

    class Least(Less):
        e = number(default=3)

    for cls, names in ((Less, ["b"]), (Least, ["e", "b"])):
        assert list(inspect.signature(cls).parameters) == names
        assert cls().a == 7
        for name in ("a", "alpha", "c", "d"):
            with pytest.raises(TypeError, match=f"{cls.__name__}: unknown argument '{name}'"):
                cls(**{name: 1})
    assert Base(c=1, d=3).a == 4

    class Again(Less):
        a = number(default=5)  # type: ignore[assignment]

    assert Again(a=4).a == 4


# --- Affine -----------------------------------------------------------------------------------------------------------

POINTS = [(20.0, 15.0), (60.0, 15.0), (20.0, 45.0), (60.0, 45.0)]


def matrix(**arguments: Any) -> np.ndarray:
    """The affine matrix that keypoints show, in fractions of their distance from the centre."""
    moved = np.array(applied(A.IAAAffine(p=1, **arguments), keypoints=POINTS)["keypoints"], dtype=np.float64)
    source = np.column_stack((np.array(POINTS) - (39.5, 29.5), np.ones(4)))
    return np.linalg.lstsq(source, moved - (39.5, 29.5), rcond=None)[0].T


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"rotate": (10, 10)}, [[0.9848, -0.1736, 0], [0.1736, 0.9848, 0]]),  # clockwise on the screen
        ({"scale": (0.5, 0.5)}, [[0.5, 0, 0], [0, 0.5, 0]]),
        ({"shear": (10, 10)}, [[0.9547, -0.1736, 0], [0.1710, 0.9848, 0]]),
        ({"translate_px": (3, 3)}, [[1, 0, 3], [0, 1, 3]]),
        ({"translate_percent": (0.1, 0.1)}, [[1, 0, 8], [0, 1, 6]]),
        ({"rotate": (10, 10), "shear": (5, 5)}, [[0.9585, -0.2588, 0], [0.2572, 0.9659, 0]]),
        (
            {"scale": (0.8, 0.8), "rotate": (10, 10), "shear": (5, 5), "translate_px": (3, 3)},
            [[0.7668, -0.2071, 3], [0.2057, 0.7727, 3]],
        ),
    ],
)
def test_affine_moves_as_imgaug_does(arguments: Any, expected: Any) -> None:
    assert np.abs(matrix(**arguments) - expected).max() < 1e-4


def test_affine_draws_one_number_for_both_axes() -> None:
    found = [
        A.Compose([A.IAAAffine((0.5, 1.5), None, (-5, 5), 0, 20, p=1)], seed=s, keypoint_params="xy")(
            image=IMAGE, keypoints=[(39.5, 29.5)]
        )["keypoints"][0]
        for s in range(60)
    ]
    moves = np.array(found) - (39.5, 29.5)
    assert np.abs(moves[:, 0] - moves[:, 1]).max() < 1e-6
    assert set(moves[:, 0].round(6)) == set(range(-5, 6))


@pytest.mark.parametrize(
    ("mode", "row"),
    [
        ("constant", [99, 99, 99, 5, 15, 25, 35]),
        ("edge", [5, 5, 5, 5, 15, 25, 35]),
        ("symmetric", [25, 15, 5, 5, 15, 25, 35]),
        ("reflect", [35, 25, 15, 5, 15, 25, 35]),
        ("wrap", [45, 55, 65, 5, 15, 25, 35]),
    ],
)
def test_words_for_what_lies_beyond_the_edges(mode: str, row: list[int]) -> None:
    image = np.ascontiguousarray(np.broadcast_to(np.arange(5, 75, 10, dtype=np.uint8), (9, 7)))
    out = applied(A.IAAAffine(translate_px=(3, 3), mode=mode, cval=99, p=1), image=image)["image"]
    assert out[5].tolist() == row
    padded = applied(A.IAACropAndPad((0, 0, 0, 3), pad_mode=mode, pad_cval=99, keep_size=False, p=1), image=image)
    assert padded["image"][5, :7].tolist() == row


@pytest.mark.parametrize("order", range(6))
def test_orders_of_interpolation(order: int) -> None:
    flags = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_CUBIC, *[cv2.INTER_LANCZOS4] * 2)
    mask = np.arange(60 * 80).reshape(60, 80) % 7
    out = applied(A.IAAAffine(rotate=(10, 10), order=order, p=1), mask=mask.astype(np.uint8) * 30)
    ours = A.Rotate((-10, -10), flags[order], cv2.BORDER_REFLECT_101, p=1)
    assert np.array_equal(out["image"], applied(ours)["image"])
    assert set(np.unique(out["mask"])) <= set(range(0, 211, 30))


@pytest.mark.parametrize(
    "transform",
    [
        A.IAAAffine(translate_px=(5, 5), mode="constant", cval=(50, 200), p=1),
        A.IAACropAndPad((9, 0, 0, 9), pad_cval=(50, 200), p=1),
    ],
)
def test_a_fill_is_drawn_from_its_range_and_masks_have_it_too(transform: Any) -> None:
    found = []
    for seed in range(80):
        out = applied(transform, seed, mask=np.zeros((60, 80), np.uint8))
        assert np.ptp(out["image"][0, 0]) == 0
        assert out["mask"][0, 0] == out["image"][0, 0, 0]
        found.append(out["mask"][0, 0])
    assert 50 <= min(found) < 60
    assert 190 < max(found) <= 200


# --- crops and pads ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["linear_ramp", "maximum", "mean", "median", "minimum"])
@pytest.mark.parametrize("shape", [(60, 80, 3), (60, 80), (60, 80, 5)])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_padding_by_what_is_computed_of_the_pixels(mode: str, shape: Any, dtype: str) -> None:
    image = picture(dtype, shape[2] if len(shape) > 2 else None, 60, 80)
    mask = np.full((60, 80), 3, np.uint8)
    transform = A.IAACropAndPad((9, 4, -6, 3), pad_mode=mode, pad_cval=1, keep_size=False, p=1)
    out = applied(transform, image=image, mask=mask)
    ends = {"end_values": 1} if mode == "linear_ramp" else {}
    expected = np.pad(image[:54], ((9, 0), (3, 4), (0, 0))[: image.ndim], mode=mode, **ends)  # type: ignore[call-overload]
    assert np.array_equal(out["image"], expected)
    assert np.array_equal(out["mask"], np.pad(mask[:54], ((9, 0), (3, 4)), constant_values=1))


@pytest.mark.parametrize(
    ("percent", "rows"),
    [(0.033, 7), (0.0325, 6), (0.0324, 6), (0.0375, 8), (-0.033, -7), (-0.0325, -6), (-0.0349, -7)],
)
def test_fractions_are_rounded_to_pixels(percent: float, rows: int) -> None:
    transform = A.IAACropAndPad(percent=(percent, 0, 0, 0), keep_size=False, p=1)
    image = np.zeros((200, 30, 3), np.uint8)
    assert applied(transform, image=image)["image"].shape == (200 + rows, 30, 3)


def test_sides_are_drawn_one_by_one() -> None:
    transform = A.IAACropAndPad((-2, 2), keep_size=False, p=1)
    heights = [applied(transform, seed)["image"].shape[0] for seed in range(200)]
    assert set(heights) == set(range(56, 65))
    assert np.std(heights) == pytest.approx(2, rel=0.15)  # sums of two; one number for both sides would give 2.8


def test_bare_crop_and_pad_draws_a_tenth_either_way() -> None:
    transform = A.IAACropAndPad(keep_size=False)
    assert transform.p == 1
    heights = [applied(transform, seed)["image"].shape[0] for seed in range(200)]
    assert 48 <= min(heights) < 52
    assert 68 < max(heights) <= 72


# --- the families that they share -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (A.IAAFliplr(p=1), A.HorizontalFlip(p=1)),
        (A.IAAFlipud(p=1), A.VerticalFlip(p=1)),
        (A.IAAPerspective((0.1, 0.2), False, p=1), A.Perspective((0.1, 0.2), False, p=1)),
        (A.IAAPiecewiseAffine((0.05, 0.1), 3, 5, p=1), A.PiecewiseAffine((0.05, 0.1), 3, 5, p=1)),
        (A.IAACropAndPad((-5, 9), p=1), A.CropAndPad((-5, 9), p=1)),
        (A.IAASharpen((0.3, 0.6), (0.2, 0.9), p=1), A.Sharpen((0.3, 0.6), (0.2, 0.9), p=1)),
    ],
    ids=lambda t: type(t).__name__,
)
def test_they_do_what_their_families_do(theirs: Any, ours: Any) -> None:
    data = {
        "mask": picture("uint8", None, 60, 80) // 32,
        "bboxes": [(10, 12, 40, 30, "a")],
        "keypoints": [(33.0, 21.0)],
    }
    for seed in range(3):
        one, other = (applied(t, seed, **data) for t in (theirs, ours))
        assert np.array_equal(one["image"], other["image"])
        assert np.array_equal(one["mask"], other["mask"])
        assert one["bboxes"] == other["bboxes"]
        assert one["keypoints"] == other["keypoints"]


# --- pixels -----------------------------------------------------------------------------------------------------------


def test_emboss_is_lit_from_the_top_left() -> None:
    image = np.full((9, 9), 100, np.uint8)
    image[4, 4] = 200
    out = applied(A.IAAEmboss((1, 1), (0.5, 0.5), p=1), image=image)["image"]
    assert out[3:6, 3:6].tolist() == [[250, 150, 100], [150, 200, 50], [100, 50, 0]]
    half = applied(A.IAAEmboss((0.5, 0.5), (0.5, 0.5), p=1), image=image)["image"]
    assert half[3:6, 3:6].tolist() == [[175, 125, 100], [125, 200, 75], [100, 75, 25]]
    floats = applied(A.IAAEmboss((1, 1), (3, 3), p=1), image=picture("float32"))["image"]
    assert floats.min() == 0
    assert floats.max() == 1


def test_sharpen_adds_edges() -> None:
    image = np.full((9, 9), 100, np.uint8)
    image[4, 4] = 120
    out = applied(A.IAASharpen((0.5, 0.5), (0.8, 0.8), p=1), image=image)["image"]
    assert out[0, 0] == 90  # half of the image, and half of 0.8 times the image
    assert out[4, 4] == 188
    assert out[3, 4] == 80


@pytest.mark.parametrize(("dtype", "white"), [("uint8", 255), ("float32", 1), ("uint16", 65535)])
def test_noise_is_in_255ths_of_white(dtype: str, white: float) -> None:
    image = np.full((200, 200, 3), white / 2, dtype)
    for per_channel in (False, True):
        transform = A.IAAAdditiveGaussianNoise((10, 10), (20, 20), per_channel, p=1)
        added = (applied(transform, image=image)["image"].astype(np.float64) - image) * (255 / white)
        assert added.mean() == pytest.approx(10, abs=0.4)
        assert added.std() == pytest.approx(20, rel=0.02)
        assert (np.ptp(added, axis=2).max() > 1e-3) == per_channel


def test_noise_of_its_own_for_every_channel_with_a_probability() -> None:
    image = np.full((20, 20, 3), 128, np.uint8)
    transform = A.IAAAdditiveGaussianNoise(scale=(20, 20), per_channel=0.3, p=1)
    own = [bool(np.ptp(applied(transform, seed, image=image)["image"], axis=2).any()) for seed in range(300)]
    assert 0.2 < np.mean(own) < 0.4
    record = {"loc": 0, "scale": 20, "per_channel": True, "seed": 5}
    assert np.ptp(replayed(transform, record, image=image)["image"], axis=2).any()


def test_superpixels_paint_patches() -> None:
    image = picture("uint8", 3, 100, 120)

    def colors(**arguments: Any) -> int:
        out = applied(A.IAASuperpixels(p=1, **arguments), image=image)["image"]
        return len(np.unique(out.reshape(-1, 3), axis=0))

    assert colors(p_replace=1, n_segments=30) < 60
    assert 60 < colors(p_replace=1, n_segments=100) < 160
    assert colors(p_replace=(0.4, 0.6), n_segments=30) > 1000
    large = picture("uint8", 3, 200, 300)
    out = applied(A.IAASuperpixels(p_replace=0.1, p=1), image=large)["image"]
    assert cv2.Laplacian(out, cv2.CV_32F).std() < 0.5 * cv2.Laplacian(large, cv2.CV_32F).std()  # through 128 pixels
