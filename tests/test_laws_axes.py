"""The axis law: what is done to a picture lying on its side is what is done to the picture, lying on its side.

A class says in `swaps` which arguments and drawn numbers trade places when height and width do. Where something in its
code has height for width, x for y or rows for columns, the two results differ: nothing here is square.
"""

import re
from typing import Any

import cv2
import numpy as np
import pytest
from common import (
    BOXES,
    POINTS,
    border,
    cases,
    classes,
    image_for,
    make,
    picture,
    pipeline,
    read_by,
    replay_pipeline,
    replayed,
    run,
)

import albumentations as A
from albumentations.core.records import own
from albumentations.core.transforms_interface import DualTransform

# Words that name a place or a direction.
WORDS = {"top_right": "bottom_left", "bottom_left": "top_right", "h": "v", "v": "h", "r90": "r270", "r270": "r90"}
RULE = re.compile(r"(-|1/)?(\w+)")

symmetric = [p for p in cases() if p.values[0].swaps is not None]
every = pytest.mark.parametrize(("cls", "example"), symmetric)


def turned_round(value: Any) -> Any:
    """A value with its two axes exchanged: pairs, (left, top, right, bottom), words, and lists of these."""
    if isinstance(value, str):
        return WORDS.get(value, value)
    if not isinstance(value, (list, tuple)):
        return value
    if any(isinstance(v, (list, tuple)) for v in value):
        return type(value)(turned_round(v) for v in value)
    return type(value)(value[i ^ 1] for i in range(len(value)))


def calculated(value: Any, rule: str) -> Any:
    """`-value` or `1 / value`; of a range (low, high), the range of the results."""
    if isinstance(value, (list, tuple)):
        return type(value)(sorted(calculated(v, rule) for v in value))
    return -value if rule == "-" else 1 / value


def swapped(swaps: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
    """Arguments or drawn numbers for the picture lying on its side."""
    result = dict(given)
    for name, rule in swaps.items():
        operator, other = RULE.fullmatch(rule).groups()
        for a, b in {(name, other), (other, name)}:
            if a in given:
                result[b] = calculated(given[a], operator) if operator else given[a]
        if name == other and not operator and name in given:
            result[name] = turned_round(given[name])
    return result


def full(cls: Any, example: dict[str, Any]) -> dict[str, Any]:
    """The arguments of an example, defaults included, as they are kept."""
    return {q.name: getattr(make(cls, example), q.name) for q in cls._params.values()}


def lying(array: Any) -> Any:
    """A picture on its side."""
    return np.ascontiguousarray(np.swapaxes(array, 0, 1))


def lying_metadata(value: Any) -> Any:
    """What a transform reads for the picture on its side: pictures in it lie too, boxes and points are turned round."""
    if isinstance(value, np.ndarray):
        return lying(value)
    if isinstance(value, dict):
        return {name: lying_metadata(item) for name, item in value.items()}
    row = isinstance(value, (list, tuple)) and len(value) in (2, 4) and all(type(v) in (int, float) for v in value)
    if isinstance(value, (list, tuple)) and not row:
        return type(value)(lying_metadata(item) for item in value)
    return turned_round(value)


def drawn(transform: Any, data: dict[str, Any], seed: int) -> dict[str, Any]:
    """The numbers drawn for these data."""
    settings = replay_pipeline(transform)._settings()
    chosen = {k: settings[k] for k in ("bbox_params", "keypoint_params")}
    result = A.Compose([transform], seed=seed, save_applied_params=True, **chosen)(**data)
    params: dict[str, Any] = own(result["applied_transforms"][0][1])
    return params


def data_of(image: np.ndarray, transform: Any) -> dict[str, Any]:
    return {
        **transform.example_call(image),
        "image": image,
        "mask": picture("uint8", None, *image.shape[:2]) // 64,
        "bboxes": list(BOXES),
        "labels": list("abc"),
        "keypoints": list(POINTS),
        "names": list(range(len(POINTS))),
    }


def data_lying(data: dict[str, Any]) -> dict[str, Any]:
    """The same data for the picture on its side."""
    targets = {"image", "mask", "bboxes", "labels", "keypoints", "names"}
    return {
        **data,
        **{name: lying_metadata(value) for name, value in data.items() if name not in targets},
        "image": lying(data["image"]),
        "mask": lying(data["mask"]),
        "bboxes": [(y0, x0, y1, x1) for x0, y0, x1, y1 in data["bboxes"]],
        "keypoints": [(y, x) for x, y in data["keypoints"]],
    }


@every
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_a_picture_on_its_side_is_changed_as_the_picture(cls: Any, example: dict[str, Any], dtype: str) -> None:
    arguments = full(cls, example)
    upright, side = cls(**arguments), cls(**swapped(cls.swaps, arguments))
    data = data_of(image_for(cls, dtype), upright)
    for seed in range(4):
        params = drawn(upright, data, seed)
        one = data_lying(replayed(upright, params, **data))
        other = replayed(side, swapped(cls.swaps, params), **data_lying(data))
        assert one["labels"] == other["labels"]
        assert one["names"] == other["names"]
        for rows in ("bboxes", "keypoints"):
            assert len(one[rows]) == len(other[rows])
            assert np.allclose(one[rows], other[rows], atol=0.02, equal_nan=True), rows
        assert one["mask"].shape == other["mask"].shape
        assert (one["mask"] != other["mask"]).mean() < 0.01  # nearest pixels at ties
        assert one["image"].shape == other["image"].shape
        if "seed" in params:
            continue  # noise is drawn on the picture as it stands
        apart = np.abs(one["image"].astype(np.float64) - other["image"])
        white = 255 if one["image"].dtype == np.uint8 else max(1.0, float(np.abs(one["image"]).max()))
        # OpenCV 4 samples at 1/32 of a pixel, which shows at the edge of a fill.
        assert apart.max() <= (0.02 if int(cv2.__version__.split(".")[0]) >= 5 else 0.035) * white, (seed, apart.max())
        assert apart.mean() <= 0.001 * white


def leaves(value: Any, path: Any = ()) -> dict[Any, float]:
    """The numbers in drawn parameters, by where they stand; seeds and lengths that vary aside."""
    if isinstance(value, dict):
        return {k: v for name in value if name != "seed" for k, v in leaves(value[name], (*path, name)).items()}
    if isinstance(value, (list, tuple)):
        return {k: v for i, item in enumerate(value) for k, v in leaves(item, (*path, i)).items()}
    return {path: float(value)} if isinstance(value, (int, float)) else {}


def distance(a: list[float], b: list[float]) -> float:
    """The largest difference between two distributions of samples (Kolmogorov and Smirnov)."""
    grid = np.sort(np.concatenate((a, b)))
    return float(np.abs(np.subtract(*(np.searchsorted(np.sort(v), grid, "right") / len(v) for v in (a, b)))).max())


@every
def test_draws_for_a_picture_on_its_side_are_those_for_the_picture(cls: Any, example: dict[str, Any]) -> None:
    image, count = image_for(cls), 150
    arguments = full(cls, example)
    found: list[dict[Any, list[float]]] = []
    upright = cls(**arguments)
    data = data_of(image, upright)
    for transform, shown, swaps in (
        (upright, data, cls.swaps),
        (cls(**swapped(cls.swaps, arguments)), data_lying(data), {}),
    ):
        given = {"image": shown["image"], **{n: v for n, v in shown.items() if n in read_by(transform, image)}}
        draws = pipeline(transform, len(found), save_applied_params=True)
        columns: dict[Any, list[float]] = {}
        for _ in range(count):
            params = own(draws(**given)["applied_transforms"][0][1])
            for path, number in leaves(swapped(swaps, params)).items():
                columns.setdefault(path, []).append(number)
        found.append({path: numbers for path, numbers in columns.items() if len(numbers) == count})
    assert found[0].keys() == found[1].keys()
    for path in found[0]:
        # At 150 draws each, twins are further apart than 0.25 once in 5000 times.
        assert distance(found[0][path], found[1][path]) < 0.25, path


def test_most_moves_say_what_trades_places() -> None:
    silent = [cls.__name__ for cls in classes(DualTransform) if cls.swaps is None]
    assert len(silent) < len(classes(DualTransform)) / 2, silent


# The law above cannot see x for y where both are exchanged everywhere: names say which of the two is which.

ALONG_X = re.compile(r"(?:^|_)(?:x|w|width|dx|stepsx|left|right)(?:_|$)")


def stripes(height: int, width: int, along: str) -> np.ndarray:
    """A picture whose rows (along x) or columns (along y) are all the same."""
    line = picture("uint8", 3, 1, width) if along == "x" else picture("uint8", 3, height, 1)
    return np.ascontiguousarray(np.broadcast_to(line, (height, width, 3)))


def axis_pairs(cls: Any) -> list[tuple[str, str]]:
    """The names in `swaps` that stand for one axis each: that along x, and that along y."""
    pairs = [(n, o) for n, o in cls.swaps.items() if n != o and RULE.fullmatch(o)[1] is None]
    return [(a, b) if ALONG_X.search(a) else (b, a) for a, b in pairs]


def first_line(image: np.ndarray, along: str) -> np.ndarray:
    return image[0] if along == "x" else image[:, 0]


paired = pytest.mark.parametrize("cls", [c for c in classes() if c.swaps and axis_pairs(c)], ids=lambda c: c.__name__)


@paired
def test_one_name_of_a_pair_is_along_x_and_the_other_along_y(cls: Any) -> None:
    for x, y in axis_pairs(cls):
        assert ALONG_X.search(x), (x, y)
        assert not ALONG_X.search(y), (x, y)


def striped(cls: Any, arguments: dict[str, Any], params: dict[str, Any], along: str) -> np.ndarray:
    """What these numbers make of stripes."""
    transform, image = make(cls, arguments), stripes(40, 48, along)
    result: np.ndarray = replayed(transform, params, image=image, **read_by(transform, image))["image"]
    return result


@paired
def test_a_drawn_number_along_one_axis_changes_nothing_along_the_other(cls: Any) -> None:
    still = border(cls, mirrored=True)
    examples = [{**e, **still} for e in cls.examples]
    numbers = []
    for example in examples:
        transform = make(cls, example)
        data = data_of(image_for(cls), transform)
        numbers += [(example, drawn(transform, data, seed)) for seed in range(4)]
    for pair in axis_pairs(cls):
        changed = []  # by an example that has no room along one of the axes, only one of the two
        for name, along, across in zip(pair, "xy", "yx"):
            found = [(example, params) for example, params in numbers if name in params]
            if not found:
                continue
            base, params = found[0]
            if cls.neutral is not None:
                # From where nothing is changed: no turn and no lens mixes the axes there.
                base = {**cls.neutral, **still}
                params = drawn(make(cls, base), data_of(image_for(cls), make(cls, base)), 0)
                if name not in params:
                    continue
            alike = (type(params[name]), np.shape(params[name]))  # a number may be pixels, or a share
            values = [other[name] for _, other in found if (type(other[name]), np.shape(other[name])) == alike]
            assert values, name
            for value in values:
                other = {**params, name: value}
                a, b = (striped(cls, base, p, across) for p in (params, other))
                assert np.abs(a.astype(int) - b).max() <= 1, (name, value)
                a, b = (striped(cls, base, p, along) for p in (params, other))
                changed.append(not np.array_equal(a, b))
        assert any(changed) or not changed, pair


@paired
def test_an_argument_along_one_axis_changes_nothing_along_the_other(cls: Any) -> None:
    still = border(cls, mirrored=True)
    for example in cls.examples:
        arguments = {**full(cls, example), **still}
        for pair in axis_pairs(cls):
            for name, along, across in zip(pair, "xy", "yx"):
                if type(arguments.get(name)) is not int:
                    continue
                changed = {**arguments, name: arguments[name] + 3}
                lines = {}
                for axis in "xy":
                    data = {"image": stripes(40, 48, axis)}
                    lines[axis] = [run(cls(**given), data, 1)["image"] for given in (arguments, changed)]
                a, b = (first_line(image, across) for image in lines[across])
                assert a.shape == b.shape, name
                assert np.abs(a.astype(int) - b).max() <= 1, name
                a, b = (first_line(image, along) for image in lines[along])
                assert not np.array_equal(a, b), name
