"""The largest upright rectangle in a turned image, against brute force on its corners."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from albumentations.transforms.rotate import _largest_box, inner_window

SIDES = st.integers(1, 60) | st.integers(1, 3000)
ANGLES = st.integers(-16, 16).map(lambda n: n * 22.5) | st.floats(-400, 400)
SLOPES = np.linspace(0, math.pi / 2, 4001)


def brute_force(height: int, width: int, angle: float) -> float:
    """The largest area, a quarter of it: boxes of every slope are blown up until a corner, turned back, hits a side."""
    turn = math.radians(angle)
    x, y = np.cos(SLOPES), np.sin(SLOPES)
    corners = np.array([[x, y], [x, -y]])  # the other two are their opposites
    back = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    reach = np.abs(np.einsum("ij,cjn->cin", back, corners)).max(axis=0)
    scale = 1 / np.maximum(reach[0] / (width / 2), reach[1] / (height / 2))
    return float((scale**2 * x * y).max())


@given(SIDES, SIDES, ANGLES)
@example(1, 3000, 90.0)
@example(3000, 1, 45.0)
@example(77, 77, 45.0)
@example(77, 77, 45 + 1e-7)
@example(301, 302, -135.0)
@example(59, 1023, 1e-9)
def test_the_largest_box_is_the_largest(height: int, width: int, angle: float) -> None:
    turn = math.radians(angle)
    a, b = abs(math.cos(turn)), abs(math.sin(turn))
    x, y = _largest_box(a, b, width / 2, height / 2)
    assert x >= 0
    assert y >= 0
    assert a * x + b * y <= width / 2 * (1 + 1e-8)
    assert b * x + a * y <= height / 2 * (1 + 1e-8)
    best = brute_force(height, width, angle)
    assert x * y >= best * (1 - 1e-8)
    # Where a side is long, a step of the slopes is up to its ratio to the other: the true best lies between two.
    ratio = max(height, width) / min(height, width)
    assert x * y <= best * (1 + 1e-3 * ratio)


@given(SIDES, SIDES, ANGLES)
@example(101, 7, 90.0)
@example(7, 101, -270.0)
@example(33, 34, 180.0)
def test_the_window_is_the_largest_box_about_the_centre_within_the_frame(height: int, width: int, angle: float) -> None:
    left, top, right, bottom = inner_window(height, width, angle)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    turn = math.radians(angle)
    x, y = _largest_box(abs(math.cos(turn)), abs(math.sin(turn)), width / 2, height / 2)
    # Both ends are rounded down, and something is left of every image.
    assert right - left == pytest.approx(max(min(2 * x, width), 1), abs=1.00001)
    assert bottom - top == pytest.approx(max(min(2 * y, height), 1), abs=1.00001)
    assert abs((left + right) / 2 - width / 2) <= 1.00001
    assert abs((top + bottom) / 2 - height / 2) <= 1.00001


def test_quarter_and_half_turns_keep_every_pixel_they_can() -> None:
    for height, width in ((5, 9), (9, 5), (6, 6), (1, 8), (301, 17)):
        for half in (0, 180, -180, 360):
            assert inner_window(height, width, half) == (0, 0, width, height)
        for quarter in (90, -90, 270):
            left, top, right, bottom = inner_window(height, width, quarter)
            small = min(height, width)
            assert (right - left, bottom - top) == (small, small)


def test_a_square_at_45_degrees() -> None:
    left, top, right, bottom = inner_window(100, 100, 45)
    # Half the diagonal of the square in each direction, 70.7 in all.
    assert (left, top, right, bottom) == (14, 14, 85, 85)
