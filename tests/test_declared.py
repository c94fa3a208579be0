"""What a declaration makes of a class: reading, checking, defaults, documentation, and what assignment does."""

import inspect
import pickle
from typing import Any

import numpy as np
import pytest
from common import picture

import albumentations as A
from albumentations.core.params import Fill, Integer, Range, fill_value, integer, positive, probability, span

IMAGE = picture()


def run(transform: Any, image: np.ndarray) -> np.ndarray:
    """The image alone."""
    result: np.ndarray = transform(image=image)["image"]
    return result


# ---- assignment


def test_channels_follow_the_method() -> None:
    many = picture("uint8", 7)
    transform = A.ToGray(p=1)
    with pytest.raises(ValueError, match="ToGray: image must have 1 or 3 channels"):
        transform(image=many)
    transform.method = "average"
    assert np.array_equal(run(transform, many), run(A.ToGray(method="average", p=1), many))
    transform.method = "from_lab"
    with pytest.raises(ValueError, match="ToGray: image must have 1 or 3 channels"):
        transform(image=many)
    equalize = A.Equalize(p=1)
    assert run(equalize, many).shape == many.shape
    equalize.by_channels = False
    with pytest.raises(ValueError, match="Equalize: image must have 1 or 3 channels"):
        equalize(image=many)


def test_bits_by_channel_may_be_assigned() -> None:
    transform = A.Posterize(p=1)
    transform.num_bits = [(1, 1), (2, 2), (3, 3)]
    assert np.array_equal(run(transform, IMAGE), run(A.Posterize([(1, 1), (2, 2), (3, 3)], p=1), IMAGE))
    assert [len(np.unique(run(transform, IMAGE)[..., c])) for c in range(3)] == [2, 4, 8]
    with pytest.raises(ValueError, match="Posterize: image must have 3 channels"):
        transform(image=picture("uint8", 2))
    transform.num_bits = 2
    assert len(np.unique(run(transform, picture("uint8", 2)))) == 4


def test_functions_may_be_assigned() -> None:
    transform = A.Lambda(p=1)
    assert np.array_equal(run(transform, IMAGE), IMAGE)
    transform.image = np.flipud
    assert np.array_equal(run(transform, IMAGE), IMAGE[::-1])
    transform.image = None
    assert np.array_equal(run(transform, IMAGE), IMAGE)


IMPOSSIBLE = [
    (A.Normalize(), "std", 0, r"Normalize\(std=\(0,\)\): std must not be 0"),
    (A.Normalize(), "std", None, "needs mean, std and max_pixel_value"),
    (A.Normalize(), "max_pixel_value", 0, "max_pixel_value must be above 0"),
    (A.Crop(0, 0, 9, 9), "x_max", 0, r"Crop\(x_max=0\): x_max must lie in \[1"),
    (A.Crop(4, 0, 9, 9), "x_max", 3, "Crop: x_min=4 must be less than x_max=3"),
    (A.LongestMaxSize(), "max_size", None, "exactly one of max_size=None and max_size_hw=None"),
    (A.SmallestMaxSize(9), "max_size_hw", (3, 4), "exactly one of max_size=9"),
    (A.PadIfNeeded(9, 9), "pad_width_divisor", 4, "exactly one of min_width=9 and pad_width_divisor=4"),
    (A.GaussNoise(std_range=0.1), "var_limit", 4, "give one of the two"),
    (A.Affine(translate_px=3), "translate_percent", 0.1, "both given"),
    (A.Affine(scale={"x": 2}), "keep_ratio", True, "keep_ratio=True needs one range"),
    (A.RandomScale(), "scale_limit", (-2, 0), "scale_limit must be at least -1"),
    (A.CoarseDropout(), "hole_width_range", (0.5, 8), "hole_width_range must be whole numbers"),
    (A.Sharpen(), "sigma", 0, "sigma must be above 0"),
    (A.ToFloat(), "max_value", 0, "max_value must be above 0"),
    (A.Flip(), "p", 2, "p must lie in"),
]


@pytest.mark.parametrize(("transform", "name", "value", "words"), IMPOSSIBLE)
def test_an_impossible_value_raises_and_leaves_what_was(transform: Any, name: str, value: Any, words: str) -> None:
    before = dict(vars(transform))
    with pytest.raises(ValueError, match=words):
        setattr(transform, name, value)
    assert vars(transform) == before


def test_values_are_read_once_wherever_they_come_from() -> None:
    for make in (A.MedianBlur, A.MotionBlur):
        assert make((4, 6)).blur_limit == (5, 7)
        assert make(blur_limit=(0, 2)).blur_limit == (3, 3)
        transform = make()
        transform.blur_limit = 8
        assert transform.blur_limit == (3, 9)
    assert A.Blur((0, 2)).blur_limit == (3, 3)
    assert A.Blur((0, 5)).blur_limit == (3, 5)
    assert A.Blur((4, 6)).blur_limit == (4, 6)
    assert A.Sharpen(kernel_size=4).kernel_size == 5
    sharpen = A.Sharpen()
    sharpen.kernel_size = 6
    assert sharpen.kernel_size == 7


def test_a_gaussian_of_no_size_and_no_deviation_is_not_drawn() -> None:
    for limit, sizes in (((0, 5), {3, 5}), ((0, 2), {3}), ((1, 5), {1, 3, 5})):
        transform = A.GaussianBlur(limit)
        assert transform.blur_limit == limit
        assert {transform.get_params()["ksize"] for _ in range(200)} == sizes
    assert {A.GaussianBlur((0, 3), (1, 2)).get_params()["ksize"] for _ in range(200)} == {0, 1, 3}


# ---- defaults that depend on what else is given


def test_defaults_that_depend_on_the_rest_are_for_construction_only() -> None:
    bare = A.Affine()
    assert (bare.rotate, bare.shear) == ((-15, 15), {"x": (-10, 10), "y": (-10, 10)})
    assert A.Affine(scale=None, rotate=None).rotate == (-15, 15)
    assert A.Affine(rotate=5).shear is None
    bare.rotate = None
    assert bare.rotate is None
    sized = A.LongestMaxSize(max_size_hw=(3, None))
    assert (sized.max_size, sized.max_size_hw) == (None, (3, None))
    assert A.SmallestMaxSize(None).max_size == 1024


# ---- declarations


class Base(A.ImageOnlyTransform):
    """Some parameters."""

    limit: Range = span(default=(1, 2), low=0, doc="how far")
    fill: Fill = fill_value(default=0, doc="with what")
    size: Integer = integer(default=3, low=0, then=positive, doc="how large")


class Child(Base):
    """The same, other defaults."""

    fill: Fill = fill_value(default=7, was=("value",))
    limit: Range = span(default=(3, 4), low=0, doc="how far exactly")
    p = probability(default=1.0)


def test_redeclared_parameters_take_over_the_words() -> None:
    assert "fill: with what. Default: 7." in str(Child.__doc__)
    assert "limit: how far exactly. Default: (3, 4)." in str(Child.__doc__)
    assert "p: probability of applying the transform. Default: 1.0." in str(Child.__doc__)
    assert list(inspect.signature(Child).parameters) == ["limit", "fill", "size", "p"]
    assert Child(value=3).fill == 3
    assert Base().fill == 0
    with pytest.raises(TypeError, match="'value'"):
        Base(value=3)


def test_a_check_of_a_value_read() -> None:
    assert Base(size=1).size == 1
    with pytest.raises(ValueError, match=r"Base\(size=0\): size must be above 0"):
        Base(size=0)


def test_what_is_not_in_the_order_is_given_by_name() -> None:
    kinds = {q.name: q.kind for q in inspect.signature(A.GaussNoise).parameters.values()}
    assert kinds["noise_scale_factor"] is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert kinds["var_limit"] is inspect.Parameter.KEYWORD_ONLY
    names = list(inspect.signature(A.GridDistortion).parameters)
    assert names.index("p") < names.index("border_mode")


def test_long_values_are_cut_in_errors() -> None:
    for attempt in (
        lambda: A.Blur(blur_limit=np.arange(100000)),
        lambda: A.Blur(always_apply=list(range(100000))),
        lambda: A.RandomResizedCrop(size=(3, 4), height=list(range(100000)), width=3),
        lambda: A.Lambda(list(range(100000)), 1),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            attempt()
        assert len(str(caught.value)) < 500
        assert "characters)" in str(caught.value)


class Far(A.Crop):
    """Sets a value that does not go with the defaults of the others."""

    def __init__(self) -> None:
        self.x_min = 2000
        super().__init__(self.x_min, 0, 2010, 10)


class Own(A.RandomCrop):
    """A constructor that sets values before the base class does."""

    def __init__(self, side: int) -> None:
        self.height = side
        self.params: dict[str, Any] = {}
        super().__init__(side, 2 * side, p=1)


def test_a_constructor_of_the_users_own_may_assign_before_the_base() -> None:
    made = Own(5)
    assert (made.height, made.width) == (5, 10)
    assert pickle.loads(pickle.dumps(made)).width == 10
    with pytest.raises(ValueError, match="height must lie in"):
        Own(0)
    assert Far()._needed == (10, 2010)


def test_params_is_a_name_of_the_users_own() -> None:
    class Free(A.ImageOnlyTransform):
        limit: Range = span(default=(1, 2), doc="how far")

    made = Free()
    made.params = {}
    assert repr(made) == "Free(limit=(1, 2), p=0.5)"
    assert A.to_dict(made)["transform"]["limit"] == (1, 2)
