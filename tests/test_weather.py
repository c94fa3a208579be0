"""Weather: every argument is seen in the picture, where and as strongly as it says."""

from typing import Any

import cv2
import numpy as np
import pytest

import albumentations as A

GRAY = np.full((120, 200, 3), 100, np.uint8)  # height, width


def apply(transform: Any, image: np.ndarray = GRAY, seed: int = 0) -> np.ndarray:
    result: np.ndarray = A.Compose([transform], seed=seed)(image=image)["image"]
    return result


def touched(image: np.ndarray, result: np.ndarray) -> tuple[int, int, int, int]:
    """x_min, y_min, x_max, y_max of what has changed."""
    y, x = np.nonzero((image != result).any(axis=2))
    return int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1


REGION = (0.1, 0.5, 0.4, 0.9)  # x 20 - 80, y 60 - 108


@pytest.mark.parametrize(
    "transform",
    [
        A.RandomShadow(REGION, (20, 20), p=1),
        A.RandomGravel(REGION, 20, p=1),
        A.RandomSunFlare(REGION, src_radius=2, num_flare_circles_range=(0, 0), p=1),
    ],
    ids=lambda t: type(t).__name__,
)
def test_a_region_is_filled_and_not_left(transform: Any) -> None:
    spots = np.array([touched(GRAY, apply(transform, seed=seed)) for seed in range(40)])
    low, high = spots[:, :2].min(axis=0), spots[:, 2:].max(axis=0)
    assert np.abs([low, high] - np.array([[20, 60], [80, 108]])).max() <= 6  # stones and the sun have a radius


def test_shadows_are_as_many_and_as_deep_as_said() -> None:
    result = apply(A.RandomShadow((0, 0, 1, 1), (1, 1), 3, (0.3, 0.3), p=1))
    assert set(np.unique(result)) == {70, 100}
    deep = apply(A.RandomShadow((0, 0, 1, 1), (6, 6), 3, (0.2, 0.8), p=1))
    assert 20 <= deep.min() < np.unique(deep)[1] < 100
    triangle, many = (
        A.ReplayCompose([A.RandomShadow(shadow_dimension=n, p=1)])(image=GRAY)["replay"]["transforms"][0]["params"]
        for n in (3, 9)
    )
    assert {len(polygon) for polygon in triangle["polygons"]} == {3}
    assert {len(polygon) for polygon in many["polygons"]} == {9}


def test_fog_whitens_with_either_number() -> None:
    means = [
        [apply(A.RandomFog(alpha, (density, density), p=1)).mean() for alpha in (0.05, 0.1, 0.3)]
        for density in (0.3, 0.6, 1)
    ]
    assert (np.diff(means, axis=0) > 0).all() and (np.diff(means, axis=1) > 0).all()


def test_the_sun_has_its_color_and_radius() -> None:
    settings = {"num_flare_circles_range": (0, 0), "flare_roi": (0.49, 0.49, 0.51, 0.51), "p": 1}
    large = apply(A.RandomSunFlare(src_radius=400, src_color=(250, 180, 40), **settings))
    assert np.abs(large[60, 100].astype(int) - (250, 180, 40)).max() <= 10
    result = apply(A.RandomSunFlare(src_radius=30, src_color=(250, 180, 40), **settings))
    x_min, y_min, x_max, y_max = touched(GRAY, result)
    assert 25 < x_max - x_min < 62 and 25 < y_max - y_min < 62
    other = apply(A.RandomSunFlare(src_radius=30, method="physics_based", **settings))
    assert not np.array_equal(other, apply(A.RandomSunFlare(src_radius=30, **settings)))


def test_ghosts_lie_on_a_line_through_the_sun() -> None:
    settings = {"src_radius": 0, "num_flare_circles_range": (30, 30), "p": 1}
    place = {"flare_roi": (0.49, 0.49, 0.51, 0.51)}
    across = touched(GRAY, apply(A.RandomSunFlare(angle_range=(0, 0), **place, **settings)))
    down = touched(GRAY, apply(A.RandomSunFlare(angle_range=(0.25, 0.25), **place, **settings)))
    assert across[2] - across[0] > 150 and across[1] > 40 and across[3] < 80
    assert down[3] - down[1] > 95 and down[0] > 80 and down[2] < 120
    # A slanted row has the angle in pixels, not in fractions of a side.
    slanted = apply(A.RandomSunFlare(angle_range=(0.125, 0.125), **place, **settings))
    y, x = np.nonzero((slanted != GRAY).any(axis=2))
    assert np.polyfit(x, y, 1)[0] == pytest.approx(1, abs=0.15)


def test_drops_fall_as_said() -> None:
    black = np.zeros((120, 200, 3), np.uint8)
    plain = {"blur_value": 1, "brightness_coefficient": 1, "p": 1}
    result = apply(A.RandomRain((0, 0), drop_length=15, drop_color=(200, 100, 50), **plain), black)
    # Antialiasing takes a little.
    assert np.abs(result.reshape(-1, 3).max(axis=0).astype(int) - (200, 100, 50)).max() <= 2
    columns = (result[:, :, 0] > 100).sum(axis=0)
    assert columns.max() >= 15 and 0.7 < columns.sum() / (120 * 200 // 600 * 16) < 1.1
    counts = {kind: apply(A.RandomRain((0, 0), rain_type=kind, **plain), black) for kind in A_RAIN}
    amounts = [int((picture[:, :, 0] > 100).sum()) for picture in counts.values()]
    assert amounts == sorted(amounts) and len(set(amounts)) == len(A_RAIN)
    wide = apply(A.RandomRain((0, 0), drop_length=15, drop_width=3, **plain), black)
    assert (wide > 0).sum() > 2 * (result > 0).sum()
    # Leaning drops: what is seen moved by the slant and the length is seen again.
    for slant in (-9, 9):
        lean = apply(A.RandomRain((slant, slant), drop_length=18, **plain), black)[:, :, 0].astype(float)
        along, against = (np.roll(lean, (6, sign * 3), (0, 1)) for sign in (1, -1))
        agreement = [float((lean * moved).sum()) for moved in (along, against)]
        assert (agreement[0] > agreement[1]) == (slant > 0)


A_RAIN = ("drizzle", "default", "heavy", "torrential")


def test_rain_darkens_and_blurs() -> None:
    noise = np.random.Generator(np.random.PCG64(0)).integers(0, 255, GRAY.shape, np.uint8)
    stds = [apply(A.RandomRain(blur_value=n, brightness_coefficient=1, p=1), noise).std() for n in (1, 3, 9)]
    assert stds == sorted(stds, reverse=True)
    means = [apply(A.RandomRain(brightness_coefficient=c, p=1)).mean() for c in (0.3, 0.6, 0.9)]
    assert means == pytest.approx([means[2] / 3, means[2] / 1.5, means[2]], rel=0.02)


def test_snow_covers_what_is_dark_enough() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2).repeat(9, axis=0)
    result = apply(A.RandomSnow(1.2, (0.2, 0.2), p=1), ramp)[0, :, 0].astype(int)
    border = round(255 * (0.2 / 2 + 1 / 3))
    assert np.abs(result[: border - 1] - 1.2 * np.arange(border - 1)).max() <= 1
    assert np.abs(result[border + 1 :] - np.arange(border + 1, 256)).max() <= 1
    texture = [apply(A.RandomSnow(2.5, (a, a), "texture", p=1)).mean() for a in (0.1, 0.4, 0.8)]
    assert texture == sorted(texture)


def test_gravel_has_as_many_patches_as_said() -> None:
    amounts = [int((apply(A.RandomGravel((0, 0, 1, 1), n, p=1)) != GRAY).sum()) for n in (1, 3, 9)]
    assert amounts[0] < amounts[1] < amounts[2]


def test_spatter_has_the_color_of_its_liquid() -> None:
    colors = {"rain": (200, 0, 0), "mud": (0, 200, 0)}
    transform = A.Spatter(mode=["rain", "mud"], color=colors, intensity=(1, 1), cutout_threshold=0.65, p=1)
    changes = [(apply(transform, seed=s).astype(int) - GRAY).mean(axis=(0, 1)) for s in range(20)]
    rains = [c[0] > 0 and c[1] == c[2] == 0 for c in changes]
    muds = [c[1] > 0 > c[0] == c[2] for c in changes]
    assert all(r != m for r, m in zip(rains, muds)) and 4 <= sum(rains) <= 16
    assert apply(A.Spatter(mode="mud", intensity=1, p=1)).mean(axis=(0, 1)).argmax() == 0  # brown by default


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mode": "hail"}, r"mode='hail'\): mode must be 'rain', 'mud', or a list"),
        ({"mode": []}, "must be 'rain'"),
        ({"mode": ["rain", "mud"], "color": (1, 2, 3)}, "must be a dict of one a mode"),
        ({"mode": ["rain", "mud"], "color": {"rain": (1, 2, 3)}}, "color lacks 'mud'"),
        ({"color": {"hail": (1, 2, 3)}}, "must be a color, or a dict of"),
        ({"color": (1, 2)}, "must have 3 values"),
    ],
)
def test_spatter_refuses_what_it_cannot_paint(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        A.Spatter(**arguments)


@pytest.mark.parametrize("cls", [A.RandomShadow, A.RandomGravel, A.RandomSunFlare])
def test_a_region_has_two_ordered_corners(cls: Any) -> None:
    for region in ((0.5, 0, 0.5, 1), (0, 0.8, 1, 0.2)):
        with pytest.raises(ValueError, match="x_min must be less than x_max"):
            cls(region)


@pytest.mark.parametrize(
    "transform",
    [
        A.RandomFog(p=1),
        A.RandomRain(p=1),
        A.RandomSnow(method="texture", p=1),
        A.RandomGravel(p=1),
        A.Spatter(p=1),
        A.Spatter(mode="mud", p=1),
    ],
    ids=lambda t: type(t).__name__,
)
def test_the_seed_of_a_record_makes_the_picture(transform: Any) -> None:
    made = A.ReplayCompose([transform], seed=0)(image=GRAY)
    record = made["replay"]
    assert np.array_equal(A.ReplayCompose.replay(record, image=GRAY)["image"], made["image"])
    record["transforms"][0]["params"]["seed"] += 77
    assert not np.array_equal(A.ReplayCompose.replay(record, image=GRAY)["image"], made["image"])


def test_ghosts_have_the_color_of_the_sun() -> None:
    result = apply(A.RandomSunFlare(src_radius=0, src_color=(255, 0, 0), num_flare_circles_range=(20, 20), p=1))
    assert result[:, :, 0].max() > 100
    assert result[:, :, 1:].max() == 100 > result[:, :, 1:].min()


def test_a_drop_is_as_wide_as_its_slant() -> None:
    black = np.zeros((120, 200, 3), np.uint8)
    rain = A.RandomRain((16, 16), drop_length=20, blur_value=1, p=1)
    _, _, spots, _ = cv2.connectedComponentsWithStats((apply(rain, black)[:, :, 0] > 20).astype(np.uint8))
    assert 15 <= np.median(spots[1:, cv2.CC_STAT_WIDTH]) <= 19
    assert 19 <= np.median(spots[1:, cv2.CC_STAT_HEIGHT]) <= 25


def test_each_number_of_spatter_rules_the_amount_of_liquid() -> None:
    still = {"mean": 0.65, "std": 0.3, "cutout_threshold": 0.68, "gauss_sigma": 2, "p": 1}

    def amount(**changes: Any) -> float:
        return float(np.abs(apply(A.Spatter(**{**still, **changes})).astype(int) - GRAY).mean())

    assert amount(mean=0.6) < amount() < amount(mean=0.7)
    assert amount(cutout_threshold=0.72) < amount() < amount(cutout_threshold=0.6)
    assert amount(std=0.1) < amount()
    assert amount(intensity=0.3) == pytest.approx(amount(intensity=0.6) / 2, rel=0.1)
    rough, smooth = (
        cv2.Laplacian(apply(A.Spatter(**{**still, "cutout_threshold": 0.65, "gauss_sigma": g})), cv2.CV_64F).std()
        for g in (1, 5)
    )
    assert smooth < rough
    full = apply(A.Spatter(mode="mud", color=(255, 255, 255), intensity=1, cutout_threshold=0.5, p=1))
    assert full.max() == 255


def test_textured_snow_brightens_by_its_coefficient() -> None:
    means = [apply(A.RandomSnow(c, (0.3, 0.3), "texture", p=1)).mean() for c in (1, 2, 4)]
    assert means[0] < means[1] < means[2]


def test_patches_of_gravel_are_wider_than_high() -> None:
    large = np.full((400, 700, 3), 100, np.uint8)
    for seed in range(8):
        x_min, y_min, x_max, y_max = touched(large, apply(A.RandomGravel((0, 0, 1, 1), 1, p=1), large, seed))
        assert x_max - x_min <= 208 and y_max - y_min <= 38
