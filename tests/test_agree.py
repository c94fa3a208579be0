"""The tool that says whether transforms change photos as another release does: its tests, and its tables."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from common import picture
from test_positions import SIGNATURES

import albumentations as A

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # the benchmark stands beside the package and is not installed
from benchmark import agree, calls, pinned  # noqa: E402

ARGUMENTS = [(name, text) for name, texts in pinned.PINNED.items() for text in texts]
ARGUMENTS += list(pinned.REQUIRED.items())


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[calls.Worker]:
    """A worker that imports what is tested and has two pictures."""
    folder = Path(A.__file__).resolve().parents[1]
    path = tmp_path_factory.mktemp("agree") / "photos.npz"
    np.savez(path, picture(height=256, width=256), picture(height=256, width=256)[::-1])
    with calls.Worker(sys.executable, folder) as worker:
        first = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        worker.ask(setup=first + agree.SETUP.format(photos=str(path)), call="None")
        yield worker


def test_the_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    a, b = np.array([1.0, 2, 3, 4]), np.array([2.5, 3.5, 4.5, 5.5])
    assert agree.distance(a, a, 0) == 0
    assert agree.distance(a, b, 0) == agree.distance(b, a, 0) == 0.5
    assert agree.distance(a, b, 2) == agree.distance(b, a, 2) == 0
    assert agree.distance(a, a + 9, 2) == 1
    assert agree.distance(np.zeros(9), np.full(9, 0.5), 1) == 0


def test_p_values_are_those_of_the_tables() -> None:
    # The critical distances of two samples of 100: 1.36 and 1.63 times the root of 2 / 100.
    assert agree.p_value(1.36 * 0.02**0.5, 100, 100) == pytest.approx(0.05, rel=0.2)
    assert agree.p_value(1.63 * 0.02**0.5, 100, 100) == pytest.approx(0.01, rel=0.25)
    assert agree.p_value(0, 100, 100) == 1 and agree.p_value(1, 100, 100) < 1e-30


@pytest.mark.parametrize("name", ["HorizontalFlip", "RandomBrightness", "RandomCrop", "ToGray", "Normalize"])
def test_a_library_agrees_with_itself(ours: calls.Worker, name: str, tmp_path: Path) -> None:
    assert set(agree.compare_drawn(name, ours, ours, 20).values()) == {1.0}
    off = agree.compare_pinned(name, ours, ours, str(tmp_path))
    assert off == (0 if name in pinned.PINNED else None)


def test_differences_are_seen(ours: calls.Worker) -> None:
    drawn = [np.array(ours.ask(value=f"drawn({code!r}, 'dict()', 30)")) for code in ("A.NoOp(p=1)", "A.InvertImg(p=1)")]
    assert agree.distance(drawn[0][:, 0], drawn[1][:, 0], 1) == 1
    assert np.allclose(drawn[0], [0, 0, 0, 1, 1])
    with pytest.raises(calls.Refused, match="TypeError: Blur"):
        ours.ask(value="drawn('A.Blur(no=1)', 'dict()', 1)")


@pytest.mark.parametrize(("name", "text"), ARGUMENTS)
def test_arguments_of_the_tables_are_read(name: str, text: str) -> None:
    assert name in SIGNATURES
    if hasattr(A, name):
        eval(f"A.{name}({text})", {"A": A, "photos": [picture(), picture()]})
