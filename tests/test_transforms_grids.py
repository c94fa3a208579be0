"""Distortions by a grid: how far the nodes move, along which axis, and that every draw is another one."""

from typing import Any

import numpy as np
import pytest

import albumentations as A

HEIGHT, WIDTH = 90, 150


def shifts(transform: Any, count: int = 150) -> np.ndarray:
    """How far keypoints within the image are moved, (count, points, 2)."""
    points = [(37.0, 44.0), (75.0, 22.0), (75.0, 66.0), (112.0, 44.0)]
    params = A.KeypointParams("xy", remove_invisible=False)
    pipeline = A.Compose([transform], seed=3, keypoint_params=params)
    image = np.zeros((HEIGHT, WIDTH), np.uint8)
    return np.array([np.subtract(pipeline(image=image, keypoints=points)["keypoints"], points) for _ in range(count)])


@pytest.mark.parametrize(
    ("transform", "x", "y"),
    [
        (A.PiecewiseAffine(scale=(0.02, 0.02), nb_rows=3, nb_cols=3, p=1), 0.02 * WIDTH, 0.02 * HEIGHT),
        (A.PiecewiseAffine(scale=2, nb_rows=3, nb_cols=3, absolute_scale=True, p=1), 2, 2),
        (A.ThinPlateSpline(scale_range=0.1, num_control_points=3, p=1), 0.02 * WIDTH, 0.02 * HEIGHT),
        # Uniform in -6 ... 6: a variance of (13^2 - 1) / 12.
        (A.GridElasticDeform((2, 2), 6), 14**0.5, 14**0.5),
    ],
    ids=lambda v: type(v).__name__,
)
def test_nodes_move_as_far_as_they_should(transform: Any, x: float, y: float) -> None:
    params = A.KeypointParams("xy", remove_invisible=False)
    pipeline = A.Compose([transform], seed=3, keypoint_params=params)
    image, center = np.zeros((HEIGHT + 1, WIDTH + 1), np.uint8), (WIDTH / 2, HEIGHT / 2)  # a node of all these grids
    moved = [pipeline(image=image, keypoints=[center])["keypoints"][0] for _ in range(400)]
    spread = np.std(np.subtract(moved, center), axis=0)
    # A deviation of 400 numbers is known to 3.5 %.
    assert spread == pytest.approx((x, y), rel=0.15)


@pytest.mark.parametrize("name", ["PiecewiseAffine", "ThinPlateSpline"])
def test_both_axes_of_every_place_move_on_their_own(name: str) -> None:
    moved = shifts(getattr(A, name)(p=1)).reshape(150, -1)
    assert np.abs(np.corrcoef(moved.T) - np.eye(8)).max() < 0.7
    assert np.abs([np.corrcoef(moved[:, 2 * i], moved[:, 2 * i + 1])[0, 1] for i in range(4)]).max() < 0.3


def changes(transform: Any) -> np.ndarray:
    """How far off every pixel is read, as a fraction of the sides."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    image = np.dstack((x / WIDTH, y / HEIGHT))
    return np.abs(A.Compose([transform], seed=0)(image=image)["image"] - image).max(axis=2)


def test_rows_of_cells_come_first() -> None:
    # One row of cells has no inner nodes, whatever the number of columns is; a node in 2 rows of 2 moves.
    assert not changes(A.GridElasticDeform((1, 6), 5)).any()
    assert changes(A.GridElasticDeform((2, 6), 5)).max() > 0.01
    # Moves are largest along the line of nodes, and none at the frame.
    changed = changes(A.GridElasticDeform((2, 6), 5))
    assert changed[HEIGHT // 2].mean() > 2 * changed[HEIGHT // 8].mean() > 0
    assert changed[:, WIDTH // 6 * 3 - 20 : WIDTH // 6 * 3 + 20].any()
    for edge in (changed[0], changed[-1], changed[:, 0], changed[:, -1]):
        assert edge.max() < 1e-6


def test_rows_and_columns_of_nodes_are_those_asked_for() -> None:
    # With two columns every row of the map is straight: what is read is linear in x.
    image = np.tile(np.linspace(0, 1, WIDTH, dtype=np.float32), (HEIGHT, 1))
    two = A.Compose([A.PiecewiseAffine(0.02, nb_rows=6, nb_cols=2, p=1)], seed=1)(image=image)["image"]
    six = A.Compose([A.PiecewiseAffine(0.02, nb_rows=2, nb_cols=6, p=1)], seed=1)(image=image)["image"]
    assert np.abs(np.diff(two, n=2, axis=1)).max() < 1e-3
    assert np.abs(np.diff(two, n=2, axis=0)).max() > 1e-3
    assert np.abs(np.diff(six, n=2, axis=0)).max() < 1e-3
    assert np.abs(np.diff(six, n=2, axis=1)).max() > 1e-3


def test_the_words_of_1_3_for_borders() -> None:
    old = A.PiecewiseAffine(mode="symmetric", cval=7, cval_mask=2)
    assert (old.border_mode, old.fill, old.fill_mask) == (2, 7, 2)
    with pytest.raises(ValueError, match=r"PiecewiseAffine.*mode must be one of 'constant', 'edge'"):
        A.PiecewiseAffine(mode="mirror")
