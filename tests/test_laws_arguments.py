"""The laws of arguments: draws fill their range, bounds are true, scalars, defaults and orders are those of history."""

import inspect
import json
import math
import re
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pytest
from common import (
    cases,
    class_cases,
    classic,
    data_for,
    given,
    image_for,
    main,
    make,
    pipeline,
    read_by,
    required,
    run,
    same,
    settings_of,
)

from albumentations.core.params import REQUIRED
from albumentations.core.records import own
from albumentations.transforms.domain import read_rgb_image

every_class = pytest.mark.parametrize("cls", class_cases())

# Signatures as releases from 0.4.6 to 2.0.8 had them, each under the first release that had it; and that of 1.3.1.
HISTORY = json.loads((Path(__file__).parent / "data" / "signatures.json").read_text(encoding="utf-8"))
NAMES = {"read_rgb_image": read_rgb_image}  # what signatures have for defaults beside literals


def build(cls: Any, **changes: Any) -> Any:
    """A transform of its required arguments alone, and some others."""
    needed = {n: v for n, v in required(cls).items() if cls._params[n].default is REQUIRED or changes.get(n) is None}
    others = {n for n in needed if cls._params[n].default is not REQUIRED}
    changes = {n: v for n, v in changes.items() if n not in others}
    return cls(**{**needed, "p": 1, **changes})


def refusal(cls: Any, name: str, value: Any) -> Optional[Exception]:
    """The error of building the class with a value, or None; it must name class and argument."""
    try:
        build(cls, **{name: value})
    except (TypeError, ValueError) as error:
        assert cls.__name__ in str(error)
        assert name in str(error)
        return error
    return None


def numbers(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], float]:
    """The numbers in drawn parameters, and the lengths of lists, by where they stand."""
    if isinstance(value, dict):
        return {k: v for name, item in value.items() for k, v in numbers(item, (*path, name)).items()}
    if isinstance(value, (list, tuple)):
        inside = {k: v for i, item in enumerate(value) for k, v in numbers(item, (*path, i)).items()}
        return {**inside, (*path, "length"): float(len(value))}
    return {path: float(value)} if isinstance(value, (int, float)) else {}


def draws(transform: Any, count: int) -> dict[tuple[Any, ...], np.ndarray]:
    """What so many applications draw, number by number; those that are not there every time aside."""
    image = image_for(type(transform))
    data = {**given(type(transform), image), **read_by(transform, image)}
    draws = pipeline(transform, 1, save_applied_params=True)
    found: dict[tuple[Any, ...], list[float]] = {}
    for _ in range(count):
        params = own(draws(**data)["applied_transforms"][0][1])
        assert json.loads(json.dumps(params)) is not None
        for path, number in numbers(params).items():
            found.setdefault(path, []).append(number)
    return {path: np.array(values) for path, values in found.items() if len(values) == count}


def is_range(cls: Any, name: str, value: Any) -> bool:
    """Whether an argument is a pair (low, high): the other way round it is refused."""
    if not isinstance(value, tuple) or len(value) != 2 or not all(type(v) in (int, float) for v in value):
        return False
    return value[0] < value[1] and "ordered" in str(refusal(cls, name, value[::-1]))


def ranges() -> Any:
    """Every argument of an example that is a range; where an example is bare, the defaults."""
    for case in cases():
        cls, example = case.values
        if case.marks:
            continue
        kept = vars(make(cls, example))
        for param in cls._params.values():
            if param.name in (example or kept) and is_range(cls, param.name, kept[param.name]):
                yield pytest.param(cls, example, param.name, id=f"{case.id}-{param.name}")


@pytest.mark.parametrize(("cls", "example", "name"), list(ranges()))
def test_draws_fill_their_range_and_stay_in_it(cls: Any, example: dict[str, Any], name: str) -> None:
    low, high = vars(make(cls, example))[name]
    at_low, at_high = (draws(make(cls, example, **{name: (x, x)}), 12) for x in (low, high))
    # Where the range is one value, what is drawn of it stays the same: so the numbers that belong to it are known.
    mine = [
        p
        for p in at_low
        if p in at_high and not (np.ptp(at_low[p]) or np.ptp(at_high[p])) and at_low[p][0] != at_high[p][0]
    ]
    free = draws(make(cls, example), 250)
    for path in mine:
        first, last = sorted((at_low[path][0], at_high[path][0]))
        values = free[path]
        assert first <= values.min()
        assert values.max() <= last
        if values.dtype.kind == "f" and len(set(values)) > 30:
            # Of 250 uniform numbers one in ten thousand samples leaves as much as 4 % of the range empty at an end.
            assert values.min() - first <= 0.06 * (last - first), path
            assert last - values.max() <= 0.06 * (last - first), path
        else:
            assert values.min() == first
            assert values.max() == last
    if name in example and not mine:
        # It shapes what is drawn without being drawn itself: then the same seed gives other draws, or another picture.
        whole, *ends = (make(cls, example, **{name: pair}) for pair in ((low, high), (low, low), (high, high)))
        low_draws, high_draws = (draws(end, 20) for end in ends)
        drawn = any(not np.array_equal(low_draws[p], high_draws.get(p)) for p in low_draws)
        data = given(cls, image_for(cls))
        seen = [run(transform, data)[main(cls)] for transform in (whole, *ends)]
        assert drawn or not (same(seen[0], seen[1]) and same(seen[1], seen[2]))


BOUNDS = re.compile(r"must lie in [\[(]([^,]+), ([^\])]+)[\])]")


@every_class
@pytest.mark.parametrize("sign", [-1, 1])
def test_just_beyond_a_bound_is_refused_and_the_bound_is_not(cls: Any, sign: int) -> None:
    for param in cls._params.values():
        for shape in (lambda x: x, lambda x: (x, x)):
            # The refusal of what is far too much says the bound. What is no number is refused with other words.
            found = BOUNDS.search(str(refusal(cls, param.name, shape(sign * 1e15))))
            bound = float(found[1 if sign < 0 else 2]) if found else math.inf
            if not math.isfinite(bound):
                continue
            for beyond in (bound + sign, np.nextafter(bound, sign * math.inf)):
                assert refusal(cls, param.name, shape(beyond)) is not None, (param.name, beyond)
            whole = int(bound) if bound == int(bound) else bound
            error = refusal(cls, param.name, shape(whole))
            if error is None:
                works(build(cls, **{param.name: shape(whole)}))
            else:  # an open end
                assert re.search("must be above|must not be|exactly one of|must be less than", str(error)), error


def works(transform: Any) -> None:
    """What is accepted must also run, or say by name what the image lacks."""
    image = image_for(type(transform))
    try:
        run(transform, given(type(transform), image))
    except ValueError as error:
        assert type(transform).__name__ in str(error)
        assert "volume" if transform._solid else "image" in str(error)


@every_class
def test_other_types_are_refused(cls: Any) -> None:
    for param in cls._params.values():
        assert refusal(cls, param.name, object()) is not None, param.name
        if "name" not in param.doc and "saved" not in param.doc:
            assert refusal(cls, param.name, "no such word") is not None, param.name


READ_AS = re.compile(r"x(?: is read as|:) (\((?:[^()]|\([^()]*\))*\))")


@every_class
def test_one_number_is_read_as_the_documentation_says(cls: Any) -> None:
    for param in cls._params.values():
        found = READ_AS.search(param.doc)
        for x in (0.25, 0.5, 1, 5, 9) if found else ():
            pair = tuple(sorted(eval(found[1], {"x": x, "max": max, "pi": math.pi})))
            if refusal(cls, param.name, pair) is None:
                one, both = build(cls, **{param.name: x}), build(cls, **{param.name: pair})
                assert getattr(one, param.name) == getattr(both, param.name), (param.name, x)


@every_class
def test_an_old_name_says_what_the_new_one_says(cls: Any) -> None:
    candidates: tuple[Any, ...] = (3, 2, (5, 7), 0.5, (0.2, 0.4), (20, 30), True, "here", (5000, 6000))
    for param in cls._params.values():
        bare = vars(build(cls))[param.name]
        told = 0
        for value in candidates if param.was else ():
            if refusal(cls, param.name, value) is not None:
                continue
            rest = classic(cls, param.name)
            new = build(cls, **{param.name: value}, **rest)
            told += getattr(new, param.name) != bare
            for old in param.was:
                assert same(settings_of(build(cls, **{old: value}, **rest)), settings_of(new)), old
                assert same(settings_of(build(cls, **{old: None})), settings_of(build(cls))), old  # as files have it
        assert told or not param.was, param.name


def arguments(text: str) -> list[str]:
    """A signature's parameters, each with its default."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def defaults(text: str) -> dict[str, Any]:
    """The default values that a signature shows."""
    return dict(eval(f"dict({', '.join(part for part in arguments(text) if '=' in part)})", NAMES))


@every_class
def test_bare_it_does_what_the_classic_release_wrote_out(cls: Any) -> None:
    if cls.__name__ not in HISTORY:
        return
    history = HISTORY[cls.__name__]
    classic = defaults(history.get("1.3.1", list(history.values())[-1]))
    assert inspect.signature(cls).parameters["p"].default == classic.pop("p")
    classic.pop("always_apply", None)
    data = {**data_for(cls, image_for(cls)), **read_by(build(cls), image_for(cls))}
    for seed in range(4):
        results = []
        for written in ({}, classic):
            transform = build(cls, **written)
            try:
                results.append(pipeline(transform, seed)(**data))
            except ValueError as error:  # a crop of 1024 pixels
                results.append(str(error))
        assert same(*results)


@every_class
def test_arguments_stand_in_the_order_of_the_last_release(cls: Any) -> None:
    text = list(HISTORY.get(cls.__name__, {"": ""}).values())[-1]
    names = [part.partition("=")[0] for part in arguments(text)]
    names = [name for name in names if name not in ("p", "always_apply")]
    assert [name for name in inspect.signature(cls).parameters if name in names] == names


@every_class
def test_every_argument_that_a_release_had_is_known(cls: Any) -> None:
    for release, text in HISTORY.get(cls.__name__, {}).items():
        for part in arguments(text):
            name, _, default = part.partition("=")
            try:
                build(cls, **{"p": 1, name: eval(default or "None", NAMES)})
            except (TypeError, ValueError) as error:
                assert "unknown argument" not in str(error), release
