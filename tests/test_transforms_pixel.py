"""Transforms of values: what is drawn, what it does, how older releases said it, and what is refused."""

import json
import random
from typing import Any

import cv2
import numpy as np
import pytest
from common import picture

import albumentations as A
from albumentations.core.serialization import jsonable

IMAGE = picture("uint8", 3)
FLOAT = IMAGE.astype(np.float32) / 255
GRAY = picture("uint8", None)


def draws(transform: Any, count: int = 400) -> list[dict[str, Any]]:
    """What a transform draws, from the start of Python's stream."""
    random.seed(0)
    return [transform.get_params() for _ in range(count)]


def apply(transform: Any, image: np.ndarray) -> np.ndarray:
    """The image of a single call."""
    random.seed(0)
    result: np.ndarray = transform(image=image)["image"]
    return result


def near(a: np.ndarray, b: Any, tolerance: float = 1.0) -> None:
    """No value further apart than the tolerance."""
    assert np.abs(np.asarray(a, np.float64) - b).max() <= tolerance + 1e-4


# --- what is drawn ----------------------------------------------------------------------------------------------------


def test_the_variance_of_bare_noise_is_uniform_between_10_and_50() -> None:
    variances = np.sort([(d["std"] * 255) ** 2 for d in draws(A.GaussNoise(), 2000)])
    expected = np.linspace(10, 50, len(variances))
    assert np.abs(variances - expected).max() < 2
    assert all(d["mean"] == 0 for d in draws(A.GaussNoise(), 10))


def test_window_sizes_come_in_steps_of_two() -> None:
    def sizes(transform: Any) -> dict[int, float]:
        found = [d["ksize"] for d in draws(transform, 3000)]
        return {k: found.count(k) / len(found) for k in sorted(set(found))}

    for cls in (A.Blur, A.MedianBlur, A.MotionBlur):
        shares = sizes(cls())
        assert list(shares) == [3, 5, 7]
        assert all(abs(s - 1 / 3) < 0.03 for s in shares.values())
    shares = sizes(A.GaussianBlur())  # integers, even ones rounded up
    assert list(shares) == [3, 5, 7]
    assert abs(shares[3] - 0.2) < 0.03
    assert list(sizes(A.Blur(blur_limit=(4, 7)))) == [4, 6]
    assert list(sizes(A.Blur(blur_limit=0))) == [3]
    assert list(sizes(A.MedianBlur(blur_limit=(4, 6)))) == [5, 7]
    assert list(sizes(A.MedianBlur(blur_limit=(1, 3)))) == [1, 3]
    assert sizes(A.GaussianBlur(blur_limit=7)) == sizes(A.GaussianBlur(blur_limit=(3, 7)))  # 0 and 0 would say nothing
    assert list(sizes(A.GaussianBlur(blur_limit=(2, 6), sigma_limit=1))) == [3, 5, 7]


def test_motion_joins_two_different_pixels_or_follows_an_angle() -> None:
    for d in draws(A.MotionBlur(blur_limit=3), 500):
        assert d["start"] != d["end"]
        assert {*d["start"], *d["end"]} <= {0, 1, 2}
    vertical = sum(d["start"][0] == d["end"][0] for d in draws(A.MotionBlur(blur_limit=3), 3000))
    assert abs(vertical / 3000 - 1 / 3) < 0.03
    assert "angle" not in A.MotionBlur().get_params()
    only_direction = A.MotionBlur(direction_range=(0, 0)).get_params()
    assert only_direction["direction"] == 0
    assert 0 <= only_direction["angle"] <= 360
    assert A.MotionBlur(angle_range=(0, 0), allow_shifted=False).get_params()["shift"] == [0, 0]


def test_orders_are_equally_likely() -> None:
    orders = [tuple(d["order"]) for d in draws(A.ColorJitter(), 4800)]
    assert len(set(orders)) == 24
    assert all(140 < orders.count(o) < 260 for o in set(orders))
    random.seed(0)
    shuffled = [
        tuple(A.ChannelShuffle().get_params_dependent_on_data({"shape": (4, 4, 3)}, {})["channels_shuffled"])
        for _ in range(1200)
    ]
    assert len(set(shuffled)) == 6
    assert all(140 < shuffled.count(o) < 260 for o in set(shuffled))


def test_shifts_are_255ths_or_fractions_of_white() -> None:
    for limit, expected in ((20, 20 / 255), (2, 2 / 255), (1, 1.0), (0.1, 0.1), ((-1, 20), 20 / 255)):
        reds = [d["shifts"][0] for d in draws(A.RGBShift(r_shift_limit=limit))]
        assert 0.95 * expected < max(reds) <= expected


# --- what it does -----------------------------------------------------------------------------------------------------


def test_brightness_and_contrast() -> None:
    def fixed(beta: float, alpha: float, **more: Any) -> Any:
        return A.RandomBrightnessContrast((beta, beta), (alpha - 1, alpha - 1), p=1, **more)

    near(apply(fixed(0.1, 1.3), IMAGE), np.clip(IMAGE * 1.3 + 25.5, 0, 255), 0.51)
    near(apply(fixed(0.1, 1.3), FLOAT), np.clip(FLOAT * 1.3 + 0.1, 0, 1), 1e-5)
    near(
        apply(fixed(0.2, 1.1, brightness_by_max=False), IMAGE), np.clip(IMAGE * 1.1 + 0.22 * IMAGE.mean(), 0, 255), 0.51
    )
    near(apply(fixed(0.2, 1.1, brightness_by_max=False), FLOAT), np.clip(FLOAT * 1.1 + 0.22 * FLOAT.mean(), 0, 1), 1e-5)
    safe = apply(fixed(0.3, 1.5, ensure_safe_range=True), np.array([[0, 255]], np.uint8))
    assert np.abs(safe.astype(int) - [[76, 255]]).max() <= 1


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_brightness_by_the_mean_is_not_held_as_a_table(dtype: str) -> None:
    image = picture(dtype, 5)
    by_mean = A.RandomBrightnessContrast((0.3, 0.3), (0, 0), brightness_by_max=False, p=1)
    gamma = A.RandomGamma((60, 60), p=1)
    fused = A.Compose([gamma, by_mean, gamma])(image=image)["image"]
    assert np.array_equal(fused, A.Compose([gamma, by_mean, gamma], fuse=False)(image=image)["image"])
    first = apply(gamma, image)
    white = np.iinfo(dtype).max if np.dtype(dtype).kind == "u" else 1.0
    expected = np.clip(first.astype(np.float64) + 0.3 * first.mean(dtype=np.float64), 0, white)
    near(apply(by_mean, first), expected, 0.51 if white > 1 else 1e-6)


def test_posterize_keeps_bits() -> None:
    assert np.array_equal(apply(A.Posterize(3, p=1), IMAGE), IMAGE & 0xE0)
    each = apply(A.Posterize([(1, 1), (4, 4), (8, 8)], p=1), IMAGE)
    assert np.array_equal(each, IMAGE & np.array([0x80, 0xF0, 0xFF], np.uint8))
    near(apply(A.Posterize([(1, 1), (4, 4), (8, 8)], p=1), FLOAT) * 255, each, 0.01)
    assert A.Posterize([3, 5, 4]).num_bits == ((0, 3), (0, 5), (0, 4))
    assert A.Posterize([[2, 3]]).num_bits == (2, 3)
    copy = A.from_dict(json.loads(json.dumps(jsonable(A.to_dict(A.Posterize([(1, 1), (4, 4), (8, 8)], p=1))))))
    assert np.array_equal(apply(copy, IMAGE), each)
    with pytest.raises(ValueError, match="Posterize: image must have 3 channels"):
        A.Posterize([1, 2, 3], p=1)(image=GRAY)


def test_solarize_inverts_what_is_bright() -> None:
    assert np.array_equal(apply(A.Solarize(p=1), IMAGE), np.where(IMAGE >= 128, 255 - IMAGE, IMAGE))
    assert np.array_equal(apply(A.Solarize(threshold=77, p=1), IMAGE), np.where(IMAGE >= 77, 255 - IMAGE, IMAGE))
    near(apply(A.Solarize(p=1), FLOAT), np.where(FLOAT >= 0.5, 1 - FLOAT, FLOAT), 1e-6)
    assert np.array_equal(apply(A.Solarize(threshold=128, p=1), FLOAT), FLOAT)  # in the image's own units, as in 1.x


def test_gray_images_change_in_value_brightness_and_contrast() -> None:
    near(apply(A.HueSaturationValue((50, 50), (50, 50), (30, 30), p=1), GRAY), np.clip(GRAY + 30.0, 0, 255), 0.51)
    jitter = A.ColorJitter(brightness=(1.2, 1.2), contrast=(1, 1), saturation=(0, 0), hue=(0.4, 0.4), p=1)
    near(apply(jitter, GRAY), np.clip(GRAY * 1.2, 0, 255), 0.51)


def test_hue_turns_and_saturation_goes() -> None:
    red = np.full((4, 4, 3), (255, 0, 0), np.uint8)
    assert np.array_equal(apply(A.HueSaturationValue((60, 60), (0, 0), (0, 0), p=1), red)[0, 0], (0, 255, 0))
    assert np.array_equal(apply(A.HueSaturationValue((0, 0), (-255, -255), (0, 0), p=1), red)[0, 0], (255, 255, 255))
    turned = A.ColorJitter((1, 1), (1, 1), (1, 1), (1 / 3, 1 / 3), p=1)
    assert np.array_equal(apply(turned, red)[0, 0], (0, 255, 0))


def test_rgb_shift() -> None:
    shift = A.RGBShift((10, 10), (-20, -20), (0.1, 0.1), p=1)
    near(apply(shift, IMAGE), np.clip(IMAGE + np.array([10, -20, 25.5]), 0, 255), 0.51)
    near(apply(shift, FLOAT), np.clip(FLOAT + np.array([10 / 255, -20 / 255, 0.1]), 0, 1), 1e-5)


def test_gray_and_sepia() -> None:
    gray = apply(A.ToGray(p=1), IMAGE)
    near(gray, (IMAGE @ np.array([0.299, 0.587, 0.114]))[:, :, None] * np.ones(3), 0.6)
    assert apply(A.ToGray(1, p=1), IMAGE).shape == (*IMAGE.shape[:2], 1)
    assert apply(A.ToGray(4, "max", p=1), picture("uint8", 5)).shape == (*IMAGE.shape[:2], 4)
    assert np.array_equal(apply(A.ToGray(p=1), GRAY), GRAY)
    sepia = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
    near(apply(A.ToSepia(p=1), FLOAT), np.clip(FLOAT @ sepia.T, 0, 1), 1e-5)


def test_equalize_counts_where_its_mask_is_not_0() -> None:
    mask = np.zeros(GRAY.shape, np.uint8)
    mask[5:30, 8:40] = 3
    by_array = apply(A.Equalize(mask=mask, p=1), IMAGE)
    assert not np.array_equal(by_array, apply(A.Equalize(p=1), IMAGE))
    seen: list[Any] = []

    def count_here(image: np.ndarray, **more: Any) -> np.ndarray:
        seen.append((image.shape, sorted(more)))
        return mask

    by_function = A.Equalize(mask=count_here, mask_params=["mask"], p=1)
    assert np.array_equal(by_function(image=IMAGE, mask=mask)["image"], by_array)
    assert seen == [(IMAGE.shape, ["mask"])]
    with pytest.raises(ValueError, match="Equalize reads 'mask', which is missing"):
        by_function(image=IMAGE)
    with pytest.raises(NotImplementedError, match="Equalize cannot be saved"):
        A.to_dict(by_function)
    copy = A.from_dict(json.loads(json.dumps(jsonable(A.to_dict(A.Equalize(mask=mask, p=1))))))
    assert np.array_equal(apply(copy, IMAGE), by_array)
    with pytest.raises(ValueError, match="Equalize: image must have 1 or 3 channels"):
        A.Equalize(by_channels=False, p=1)(image=picture("uint8", 5))


def test_clahe_has_tiles_across_and_down() -> None:
    line = picture("uint8", None, 40, 1)
    same_rows, same_columns = (np.ascontiguousarray(np.broadcast_to(a, (40, 48))) for a in (line[:1], line))
    same_rows[:] = np.resize(line[:, 0], 48)
    for image, inert, active in ((same_columns, (4, 1), (1, 4)), (same_rows, (1, 4), (4, 1))):
        whole, split, other = (apply(A.CLAHE((1000, 1000), n, p=1), image) for n in ((1, 1), inert, active))
        # Tiles along lines that are all the same see the same levels as the whole image.
        near(split, whole, 1)
        assert np.abs(other.astype(int) - whole).max() > 20


def test_channel_shuffle_is_a_permutation() -> None:
    image = picture("float32", 5)
    out = apply(A.ChannelShuffle(p=1), image)
    order = [next(i for i in range(5) if np.array_equal(image[..., i], out[..., c])) for c in range(5)]
    assert sorted(order) == list(range(5))
    assert np.array_equal(apply(A.ChannelShuffle(p=1), GRAY), GRAY)


def test_normalize() -> None:
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    near(apply(A.Normalize(), IMAGE), (IMAGE / 255 - mean) / std, 1e-5)
    near(apply(A.Normalize(max_pixel_value=1.0), FLOAT), (FLOAT - mean) / std, 1e-5)
    near(apply(A.Normalize(0.5, 0.25), GRAY), (GRAY / 255 - 0.5) / 0.25, 1e-5)
    near(apply(A.Normalize(0.5, (0.1, 0.2, 0.3)), IMAGE), (IMAGE / 255 - 0.5) / [0.1, 0.2, 0.3], 1e-4)
    x = IMAGE.astype(np.float64)
    near(apply(A.Normalize(normalization="image"), IMAGE), (x - x.mean()) / (x.std() + 1e-4), 1e-4)
    flat = x.reshape(-1, 3)
    each = (x - flat.mean(0)) / (flat.std(0) + 1e-4)
    near(apply(A.Normalize(normalization="image_per_channel"), IMAGE), each, 1e-4)
    near(apply(A.Normalize(normalization="min_max"), IMAGE), (x - x.min()) / (x.max() - x.min() + 1e-4), 1e-4)
    low, high = flat.min(0), flat.max(0)
    near(apply(A.Normalize(normalization="min_max_per_channel"), IMAGE), (x - low) / (high - low + 1e-4), 1e-4)
    for kind in ("standard", "image", "min_max_per_channel"):
        assert apply(A.Normalize(normalization=kind), IMAGE.astype(np.float64)).dtype == np.float32
    assert A.Normalize(mean=None, std=None, normalization="image").mean is None


def test_motion_blur_of_a_dot_draws_the_line() -> None:
    dot = np.zeros((15, 17), np.float32)
    dot[7, 7] = 1
    level = apply(A.MotionBlur(7, False, angle_range=(0, 0), direction_range=(0, 0), p=1), dot)
    assert set(np.nonzero(level)[0]) == {7}
    assert level.sum() == pytest.approx(1, abs=1e-5)
    upright = apply(A.MotionBlur((7, 7), False, angle_range=(90, 90), direction_range=(0, 0), p=1), dot)
    assert set(np.nonzero(upright)[1]) == {7}
    random.seed(1)
    for _ in range(20):  # not shifted: as far one way as the other
        rows, columns = np.nonzero(A.MotionBlur((9, 9), allow_shifted=False, p=1)(image=dot)["image"])
        assert abs(rows.mean() - 7) < 0.5
        assert abs(columns.mean() - 7) < 0.5


def test_blurs_and_sharpening_leave_flat_images_alone() -> None:
    flat = np.full((20, 26, 3), 90, np.uint8)
    for transform in (
        *(A.Blur(p=1), A.MedianBlur(p=1), A.MotionBlur(p=1), A.GaussianBlur(p=1)),
        A.GaussianBlur(0, (0.5, 3), p=1),
        A.Sharpen(method="gaussian", p=1),
        A.Sharpen(lightness=(1.0, 1.0), p=1),
    ):
        near(apply(transform, flat), flat, 1.0)
    sharp = apply(A.Sharpen((1, 1), (0.5, 0.5), p=1), FLOAT)
    assert sharp.min() >= 0
    assert sharp.max() <= 1


def test_the_strength_and_units_of_noise() -> None:
    gray, light = np.full((180, 220, 3), 128, np.uint8), np.full((180, 220, 3), 0.5, np.float32)
    for arguments, expected in (
        ({"std_range": (0.1, 0.1)}, 25.5),
        ({"var_limit": (100, 100)}, 10.0),
    ):
        assert (apply(A.GaussNoise(p=1, **arguments), gray) - 128.0).std() == pytest.approx(expected, rel=0.02)
    for arguments, expected in (({"std_range": (0.1, 0.1)}, 0.1), ({"var_limit": (0.0025, 0.0025)}, 0.05)):
        assert (apply(A.GaussNoise(p=1, **arguments), light) - 0.5).std() == pytest.approx(expected, rel=0.02)
    for image, white in ((gray, 255), (light, 1)):
        assert 10 <= (apply(A.GaussNoise(p=1), image).astype(float) / white * 255).var() <= 52
    assert apply(A.GaussNoise(mean=20, p=1), gray).mean() == pytest.approx(148, abs=0.3)
    assert apply(A.GaussNoise((0.02, 0.04), (0.1, 0.1), p=1), gray).mean() == pytest.approx(153.5, abs=0.3)
    same = apply(A.GaussNoise(per_channel=False, p=1), gray)
    assert np.array_equal(same[..., 0], same[..., 1])
    coarse = apply(A.GaussNoise(std_range=(0.1, 0.1), noise_scale_factor=0.25, p=1), light) - 0.5
    assert np.corrcoef(coarse[:, 1:].ravel(), coarse[:, :-1].ravel())[0, 1] > 0.6


def test_compression_loses_more_at_lower_quality() -> None:
    for kind in ("jpeg", "webp"):
        loss = [
            np.abs(apply(A.ImageCompression(kind, (q, q), p=1), IMAGE).astype(int) - IMAGE).mean() for q in (5, 50, 100)
        ]
        assert loss[0] > loss[1] > loss[2]


def test_floats_and_back() -> None:
    for dtype in ("uint8", "uint16"):
        image = picture(dtype, 3)
        there = apply(A.ToFloat(), image)
        assert there.dtype == np.float32
        assert there.max() <= 1
        assert np.array_equal(apply(A.FromFloat(dtype), there), image)
    assert apply(A.FromFloat(), FLOAT).dtype == np.uint16
    near(apply(A.ToFloat(max_value=1000), IMAGE), IMAGE / 1000, 1e-6)
    assert A.FromFloat(np.uint8).dtype == A.FromFloat(np.dtype("uint8")).dtype == "uint8"


# --- functions of the user's own --------------------------------------------------------------------------------------


def darker(image: np.ndarray, **params: Any) -> np.ndarray:
    image //= 2  # written in place: the caller's image must not notice
    return image[:, ::-1]


def test_lambda_calls_its_functions() -> None:
    kept = IMAGE.copy()
    named: dict[str, Any] = {}

    def mask_function(mask: np.ndarray, **params: Any) -> np.ndarray:
        named.update(params)
        return mask + 1

    def shifted(rows: np.ndarray, **params: Any) -> np.ndarray:
        rows[:, 0] += 2
        return rows

    def halved(boxes: np.ndarray, **params: Any) -> Any:
        boxes[:, 2] /= 2
        return boxes.tolist()

    pipeline = A.Compose(
        [A.Lambda(image=darker, mask=mask_function, keypoints=shifted, bboxes=halved)],
        bbox_params=A.BboxParams("albumentations", label_fields=["labels"]),
        keypoint_params=A.KeypointParams("xy"),
    )
    out = pipeline(
        image=IMAGE, mask=GRAY, masks=[GRAY], bboxes=[(0.0, 0.0, 0.5, 1.0)], labels=["a"], keypoints=[(3.0, 4.0)]
    )
    assert np.array_equal(IMAGE, kept)
    assert np.array_equal(out["image"], (IMAGE // 2)[:, ::-1])
    assert out["image"].flags.c_contiguous
    assert np.array_equal(out["masks"][0], GRAY + 1)
    assert {"shape", "rows", "cols"} <= set(named)
    assert out["bboxes"] == [(0.0, 0.0, 0.25, 1.0)]
    assert out["labels"] == ["a"]
    assert out["keypoints"] == [(5.0, 4.0)]


def test_lambda_of_one_box_and_one_keypoint_as_before_1_4() -> None:
    seen: list[Any] = []

    def one_box(box: Any, **params: Any) -> Any:
        seen.append(box)
        return (box[0] / 2, *box[1:])

    def one_point(point: Any, **params: Any) -> Any:
        seen.append(point)
        return (point[0] + 1, *point[1:])

    pipeline = A.Compose(
        [A.Lambda(bbox=one_box, keypoint=one_point)],
        bbox_params=A.BboxParams("albumentations", label_fields=["labels"]),
        keypoint_params=A.KeypointParams("xyas"),
    )
    out = pipeline(
        image=IMAGE,
        bboxes=[(0.5, 0.0, 1.0, 1.0), (0.25, 0.25, 0.75, 0.5)],
        labels=["a", "b"],
        keypoints=[(3.0, 4.0, 0.0, 2.0)],
    )
    assert out["bboxes"] == [(0.25, 0.0, 1.0, 1.0), (0.125, 0.25, 0.75, 0.5)]
    assert out["labels"] == ["a", "b"]
    assert out["keypoints"] == [(4.0, 4.0, 0.0, 2.0)]
    assert all(type(row) is tuple and len(row) == 4 for row in seen)


def test_lambda_functions_are_given_what_they_take() -> None:
    seen: list[Any] = []

    def of_2(picture: np.ndarray, shape: Any) -> np.ndarray:
        seen.append(shape)
        return picture

    def of_1(picture: np.ndarray, rows: int, cols: int) -> np.ndarray:
        seen.append((rows, cols))
        return picture

    A.Lambda(image=of_2, mask=of_1)(image=IMAGE, mask=GRAY)
    assert seen == [IMAGE.shape, IMAGE.shape[:2]]
    assert np.array_equal(A.Lambda(image=np.fliplr)(image=IMAGE)["image"], IMAGE[:, ::-1])
    assert np.array_equal(A.Lambda(image=lambda x: x // 2)(image=IMAGE)["image"], IMAGE // 2)


def test_lambda_is_saved_by_name() -> None:
    transform = A.Lambda(image=darker, name="darker")
    assert A.to_dict(transform)["transform"] == {"__class_fullname__": "Lambda", "__name__": "darker"}
    assert A.from_dict(A.to_dict(transform), nonserializable={"darker": transform}) is transform
    with pytest.raises(NotImplementedError, match="without a name"):
        A.to_dict(A.Lambda(image=darker))
    with pytest.raises(TypeError, match=r"Lambda\(image=3\): image must be a function or None"):
        A.Lambda(image=3)
    with pytest.raises(ValueError, match=r"Lambda: bboxes: .*returned"):
        A.Lambda(bboxes=lambda rows, **_: rows[:, :2])(image=IMAGE, bboxes=[(0.0, 0.0, 0.5, 1.0)])


# --- what no law can say: old words for several arguments, contradictions, images that do not fit ---------------------


@pytest.mark.parametrize(
    ("cls", "old", "new"),
    [
        (A.ImageCompression, {"quality_lower": 20, "quality_upper": 40}, {"quality_range": (20, 40)}),
        (A.ImageCompression, {"quality_lower": 20}, {"quality_range": (20, 100)}),
        (A.ImageCompression, {"quality_upper": 99}, {"quality_range": (99, 99)}),
        (A.ImageCompression, {"compression_type": 1}, {"compression_type": "webp"}),
        (A.ImageCompression, {"compression_type": A.ImageCompression.ImageCompressionType.JPEG}, {}),
        (A.RandomGamma, {"eps": 1e-7}, {}),
        (A.GaussNoise, {"var_limit": None, "mean": None, "std_range": (0.2, 0.44)}, {"std_range": (0.2, 0.44)}),
        (A.GaussianBlur, {"blur_limit": 5, "sigma_limit": (1, 2)}, {"blur_limit": (0, 5), "sigma_limit": (1, 2)}),
        (A.InvertImg, {"always_apply": True}, {"p": 1.0}),
    ],
)
def test_an_old_spelling_builds_the_same_object(cls: Any, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert A.to_dict(cls(**old)) == A.to_dict(cls(**new))


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: A.Posterize(9), "Posterize.*num_bits"),
        (lambda: A.Posterize((5, 3)), "Posterize.*ordered"),
        (lambda: A.GaussNoise(std_range=(0.1, 0.2), var_limit=10), "give one of the two"),
        (lambda: A.GaussNoise(mean_range=(0.1, 0.2), mean=10), "give one of the two"),
        (lambda: A.Normalize(mean=None), "needs mean, std and max_pixel_value"),
        (lambda: A.Normalize(std=(0.2, 0, 0.2)), "std must not be 0"),
        (lambda: A.FromFloat("complex64"), "dtype must be an integer or float dtype"),
        (lambda: A.Normalize()(image=GRAY), "mean has 3 values and std 3, the image has 1 channels"),
        (lambda: A.Normalize()(image=picture("uint8", 5)), "5 channels"),
        (lambda: A.ToSepia(p=1)(image=GRAY), "ToSepia: image must have 3 channels"),
        (lambda: A.RGBShift(p=1)(image=GRAY), "RGBShift: image must have 3 channels"),
        (lambda: A.HueSaturationValue(p=1)(image=picture("uint8", 5)), "must have 1 or 3 channels"),
    ],
)
def test_what_cannot_be_is_refused(attempt: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        attempt()


def test_from_float_takes_floats_only() -> None:
    with pytest.raises(TypeError, match="FromFloat: image has dtype uint8; allowed are float32"):
        A.FromFloat()(image=IMAGE)


def test_advanced_blur_has_a_deviation_for_each_axis() -> None:
    rows = np.repeat(IMAGE[:, :1], IMAGE.shape[1], axis=1)  # changes along y only
    settings = {"blur_limit": 9, "rotate_limit": 0, "p": 1}
    along_x = A.AdvancedBlur(sigma_x_limit=(2, 2), sigma_y_limit=0, **settings)
    along_y = A.AdvancedBlur(sigma_x_limit=0, sigma_y_limit=(2, 2), **settings)
    assert np.array_equal(apply(along_x, rows), rows)
    assert not np.array_equal(apply(along_y, rows), rows)


@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation", "hue"])
def test_one_negative_number_is_no_range_of_jitter(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must not be negative"):
        A.ColorJitter(**{name: -0.1})
    assert A.ColorJitter(**{name: 0.1})


@pytest.mark.parametrize(("name", "factor"), [("brightness", 1.3), ("contrast", 0.7)])
def test_brightness_or_contrast_alone_do_not_pass_through_hsv(name: str, factor: float) -> None:
    image = picture()
    alone = {"brightness": 0, "contrast": 0, "saturation": 0, "hue": 0, name: (factor, factor)}
    mean = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).mean() if name == "contrast" else 0
    expected = np.clip((image.astype(float) - mean) * factor + mean, 0, 255)
    assert np.abs(A.ColorJitter(**alone, p=1)(image=image)["image"] - expected).max() < 0.6
