"""Numbers that users' subclasses draw, and records hold, under the names of the releases."""

from typing import Any

import numpy as np
import pytest

import albumentations as A

IMAGE = np.arange(60 * 80 * 3, dtype=np.int64).reshape(60, 80, 3).astype(np.uint8)


def drawing(cls: Any, numbers: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    """A transform of a user's subclass that draws these numbers."""
    mine = type(f"My{cls.__name__}", (cls,), {"get_params": lambda self: dict(numbers)})
    if "get_params_dependent_on_data" in vars(cls):
        mine.get_params_dependent_on_data = lambda self, params, data: {}
        mine._looks = False
    return mine(*args, **{"p": 1, **kwargs})


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (drawing(A.RandomCrop, {"crop_coords": (10, 20, 70, 50)}, 30, 60), IMAGE[20:50, 10:70]),
        (drawing(A.CenterCrop, {"crop_coords": (10, 20, 70, 50)}, 30, 60), IMAGE[20:50, 10:70]),
        (drawing(A.RandomCrop, {"h_start": 0.999, "w_start": 0.0}, 30, 60), IMAGE[30:, :60]),
        (drawing(A.RandomResizedCrop, {"crop_coords": (10, 20, 70, 50)}, (30, 60)), IMAGE[20:50, 10:70]),
        (
            drawing(
                A.RandomResizedCrop, {"crop_height": 30, "crop_width": 60, "h_start": 0.999, "w_start": 0}, (30, 60)
            ),
            IMAGE[30:, :60],
        ),
        (
            drawing(A.RandomSizedCrop, {"crop_coords": (10, 20, 70, 50)}, (20, 30), (30, 60)),
            IMAGE[20:50, 10:70],
        ),
        (
            drawing(
                A.RandomSizedCrop,
                {"crop_height": 30, "crop_width": 60, "h_start": 0, "w_start": 0.999},
                (20, 30),
                (30, 60),
            ),
            IMAGE[:30, 20:],
        ),
        (
            drawing(A.PadIfNeeded, {"pad_top": 1, "pad_bottom": 2, "pad_left": 3, "pad_right": 4}, border_mode=0),
            np.pad(IMAGE, ((1, 2), (3, 4), (0, 0))),
        ),
        (drawing(A.Flip, {"d": 0}), IMAGE[::-1]),
        (drawing(A.Flip, {"d": -1}), IMAGE[::-1, ::-1]),
        (drawing(A.RandomRotate90, {"factor": 3}), np.rot90(IMAGE, 3)),
        (drawing(A.D4, {"group_element": "t"}), IMAGE.transpose(1, 0, 2)),
        (drawing(A.ShiftScaleRotate, {"angle": 0, "scale": 1, "dx": 0.1, "dy": 0}), np.roll(IMAGE, 8, axis=1)),
    ],
    ids=lambda v: type(v).__name__,
)
def test_a_subclass_draws_under_the_releases_names(transform: Any, expected: np.ndarray) -> None:
    out = A.Compose([transform])(image=IMAGE, mask=IMAGE[:, :, 0])
    if isinstance(transform, A.ShiftScaleRotate):
        assert np.array_equal(out["image"][:, 8:], expected[:, 8:])
        return
    assert np.array_equal(out["image"], expected)
    assert out["mask"].shape == expected.shape[:2]


def test_holes_in_pixels_and_sizes_of_kernels() -> None:
    hole = drawing(A.CoarseDropout, {"holes": [(0, 5, 20, 15)]}, fill=7)
    out = A.Compose([hole], keypoint_params="xy")(image=IMAGE, keypoints=[(3, 7), (30, 7)])
    assert (out["image"][5:15, :20] == 7).all()
    assert np.array_equal(out["image"][15:], IMAGE[15:])
    assert out["keypoints"] == [(30, 7)]
    for cls in (A.Blur, A.MedianBlur):
        both = [A.Compose([drawing(cls, {name: 5})])(image=IMAGE)["image"] for name in ("kernel", "ksize")]
        assert np.array_equal(*both)


def test_a_window_outside_of_the_image_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"MyRandomCrop: crop_coords=\(10, 20, 90, 50\) must lie in the image of height 60 and width 80",
    ):
        A.Compose([drawing(A.RandomCrop, {"crop_coords": (10, 20, 90, 50)}, 30, 60)])(image=IMAGE)
