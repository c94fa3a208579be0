"""The benchmark's rows come from the registry and run, in this process and in workers; nothing is timed."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from common import channels_for, classes

import albumentations as A
from albumentations.core.transforms_interface import DualTransform

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # the benchmark stands beside the package and is not installed
from benchmark import calls, timing  # noqa: E402

ROWS = calls.rows()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers import what is tested, be it a checkout or an installed package."""
    monkeypatch.setattr(calls, "HERE", Path(A.__file__).resolve().parents[1])


def test_every_transform_has_its_rows() -> None:
    expected = set(calls.PIPELINES)
    for cls in classes():
        if not all(calls._installed(m) for m in cls.needs_modules):
            continue
        expected.add(cls.__name__)
        if issubclass(cls, DualTransform) and not cls._solid:
            expected.add(f"{cls.__name__}, 10 boxes")
    unfit = {cls.__name__ for cls in classes() if not cls.needs_modules and channels_for(cls) != 3}
    assert set(ROWS) == {name for name in expected if name.split(",")[0] not in unfit}
    assert len(ROWS) > 70


def test_rows_are_chosen_by_their_names() -> None:
    assert set(calls.rows("^Horiz")) == {"HorizontalFlip", "HorizontalFlip, 10 boxes"}
    assert set(calls.rows("pipeline|skipped")) == {"empty pipeline", "ten skipped transforms"}
    assert calls.rows("no such row") == {}


@pytest.mark.parametrize("name", ROWS)
def test_rows_run(name: str) -> None:
    made, call = ROWS[name]
    names: dict[str, Any] = {}
    exec(calls.SETUP, names)
    names["t"] = eval(made, names)
    if "**beside" in call:
        exec(calls.BESIDE, names)
    result = eval(call, names)
    assert isinstance(names["t"], A.Compose)
    assert len(result.get("bboxes", [])) == len(result.get("labels", []))
    if name not in calls.PIPELINES:
        assert [t.p for t in names["t"]] == [1]
        cls = type(names["t"][0])
        expected = cls(**{**cls.examples[0], "p": 1})
        assert repr(names["t"][0]) == repr(expected)


def test_workers_take_turns(here: None) -> None:
    asked = []

    class Recorded(calls.Worker):
        """Remembers the batches it is asked for."""

        def ask(self, **request: Any) -> Any:
            if "calls" in request:
                asked.append((self, request["calls"]))
            return super().ask(**request)

    with Recorded(sys.executable, calls.HERE) as first, Recorded(sys.executable, calls.HERE) as second:
        for worker in (first, second):
            assert worker.prepare(ROWS["empty pipeline"]) == A.__version__
        times = calls.in_turns(first, second, batches=4)
    assert [worker for worker, _ in asked[2:]] == [second, first, first, second, second, first, first, second]
    assert len({count for _, count in asked[2:]}) == 1
    assert all(0 < seconds < 60 for seconds in times)
    assert first.process.returncode == second.process.returncode == 0


def test_the_table(here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # The other library takes 1, 2, ... times as long as ours.
    seconds = iter([(1e-6, 1e-6), (1e-6, 2e-6), (2e-6, 1e-6), (1e-6, 1e-6)] * 2)
    monkeypatch.setattr(calls, "in_turns", lambda ours, other: next(seconds))
    known = calls.rows("^(Blur|NoOp|Sharpen|Equalize)$")
    names = list(known)
    known["Absent"] = ("A.Absent()", calls.IMAGE)
    monkeypatch.setattr(calls, "rows", lambda only: known)
    prepare = calls.Worker.prepare
    ours = []

    def prepared(self: Any, row: Any) -> str:
        if row is known["Absent"] and not ours:
            ours.append(self)
            return A.__version__
        return prepare(self, row)

    monkeypatch.setattr(calls.Worker, "prepare", prepared)
    text = calls.against(str(calls.HERE), rounds=2)
    order = [line.split(" | ")[0][2:] for line in text.splitlines() if line.startswith("| ")][1:]
    assert order == [names[2], names[0], names[3], names[1]]
    assert f"| {names[2]} | 1.00 | 2.00 | 0.50 |" in text.splitlines()
    assert "4 calls; geometric mean 1.000, from 0.500 to 2.000" in text
    assert "- Absent: AttributeError: module 'albumentations' has no attribute 'Absent'" in text


def test_an_error_of_this_library_is_raised(here: None) -> None:
    with calls.Worker(sys.executable, calls.HERE) as worker:
        with pytest.raises(calls.Refused, match="Blurr"):
            worker.prepare(("A.Blurr()", calls.IMAGE))
        assert worker.prepare(ROWS["NoOp"]) == A.__version__


def test_another_checkout_is_the_one_that_is_imported(tmp_path: Path, here: None) -> None:
    with pytest.raises(SystemExit, match="no checkout"):
        calls.against(str(tmp_path))
    package = tmp_path / "albumentations"
    package.mkdir()
    (package / "__init__.py").write_text("__version__ = '0'\ndef Compose(nodes): return lambda image: None\n")
    with calls.Worker(sys.executable, tmp_path) as worker:
        assert worker.prepare(("A.Compose([])", calls.IMAGE)) == "0"
    (tmp_path / "empty").mkdir()
    with calls.Worker(sys.executable, tmp_path / "empty") as worker, pytest.raises((RuntimeError, calls.Refused)):
        worker.prepare(ROWS["NoOp"])


def test_the_command_says_what_it_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmark", "calls"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--against" in done.stderr
    assert "--peer" in done.stderr


def test_the_best_of_batches() -> None:
    calls_made = {"a": 0, "b": 0}

    def counted(name: str) -> Any:
        def call() -> None:
            calls_made[name] += 1

        return call

    assert set(timing.best({name: counted(name) for name in calls_made}, batches=2)) == {"a", "b"}
    assert all(calls_made.values())
