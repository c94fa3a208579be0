"""`albumentations migrate`: what becomes of sources and saved pipelines; the meaning stays."""

import json
from pathlib import Path
from typing import Any

import pytest
from common import same, settings_of
from test_catalogue import _given
from test_every_argument import needed
from test_positions import Row, eras

import albumentations as A
from albumentations.cli.main import main
from albumentations.core.params import REQUIRED

migrate = pytest.importorskip("albumentations.cli.migrate", reason="libcst is not installed")

HEAD = "import cv2\nimport albumentations as A\n"


def became(call: str, head: str = HEAD) -> str:
    """What becomes of a line below the imports."""
    result = migrate.source(f"{head}{call}\n")
    assert not result.left, result.left
    assert result.after.startswith(head)
    return str(result.after[len(head) : -1])


REWRITTEN = [
    (
        "A.Rotate(limit=30, value=3, border_mode=cv2.BORDER_CONSTANT)",
        "A.Rotate(limit=30, fill=3, border_mode=cv2.BORDER_CONSTANT)",
    ),
    ("A.Rotate(30, value=c)", "A.Rotate(30, fill=c, border_mode=4)"),  # `fill` alone would bring border_mode=0
    ("A.Rotate(angle_range=(-3, 3))", "A.Rotate(limit=(-3, 3), border_mode=0)"),
    ("A.Rotate(fill = 3, always_apply=False)", "A.Rotate(fill = 3)"),
    ("A.Rotate(always_apply=True, p=0.1)", "A.Rotate(p=1.0)"),
    ("A.Flip(True, 0.3)", "A.Flip(p=1.0)"),
    ("A.GaussNoise((10.0, 50.0))", "A.GaussNoise(var_limit=(10.0, 50.0))"),
    (
        "A.GaussNoise(std_range=(0.1, 0.2), mean=None, always_apply=None)",
        "A.GaussNoise(std_range=(0.1, 0.2), mean=None)",
    ),
    ("A.RandomResizedCrop(height=S, width=2 * S, p=1)", "A.RandomResizedCrop(size=(S, 2 * S), p=1)"),
    ("A.RandomResizedCrop(8, 9, (0.2, 1))", "A.RandomResizedCrop(size=(8, 9), scale=(0.2, 1))"),
    ("A.ImageCompression(quality_lower=lo, p=1)", "A.ImageCompression(quality_range=(lo, 100), p=1)"),
    (
        "A.CoarseDropout(max_holes=4)",
        "A.CoarseDropout(num_holes_range=(4, 4), hole_height_range=(8, 8), hole_width_range=(8, 8))",
    ),
    ("A.BboxParams(coord_format='coco')", "A.BboxParams(format='coco')"),
    ("A.OneOf([A.Rotate(value=3, border_mode=0)], p=1)", "A.OneOf([A.Rotate(fill=3, border_mode=0)], p=1)"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_a_call_in_the_canonical_spelling(before: str, after: str) -> None:
    assert became(before) == after
    assert became(after) == after


KEPT = [
    "A.Flip(0.5)",
    "A.MedianBlur(7, 1)",
    "A.Resize(S, 9)",
    "A.Rotate( 30,p = 1 )",
    "A.Blur(**c)",
    "B.Rotate(value=3)",
]


@pytest.mark.parametrize("call", KEPT)
def test_what_is_canonical_or_not_ours_stays(call: str) -> None:
    assert became(call) == call


LEFT = [
    ("A.CoarseDropout(8, 8, 8, 1)", r"CoarseDropout\(num_holes_range=8.*or CoarseDropout\(max_holes=8"),
    ("A.RandomResizedCrop(S, S)", "RandomResizedCrop: by position releases read it differently, and S is no literal"),
    ("A.Rotate(always_apply=flag)", "always_apply=flag is no literal"),
    ("A.Rotate(value=3, fill=4)", "say different things"),
    ("A.Rotate(bogus=3)", "unknown argument 'bogus'"),
]


@pytest.mark.parametrize(("call", "words"), LEFT)
def test_what_cannot_be_decided_is_left_and_told(call: str, words: str) -> None:
    before = f"{HEAD}{call}\n"
    result = migrate.source(before)
    assert result.after == before
    ((line, message),) = result.left
    assert line == 3
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(message)


def test_classes_are_found_however_they_are_imported() -> None:
    for head, name in (
        ("import albumentations\n", "albumentations.Rotate"),
        ("import albumentations as alb\n", "alb.augmentations.Rotate"),
        ("from albumentations import Rotate as Turn\n", "Turn"),
        ("from albumentations.augmentations.geometric.rotate import Rotate\n", "Rotate"),
    ):
        assert became(f"{name}(value=3, border_mode=0)", head) == f"{name}(fill=3, border_mode=0)"
    assert became("Rotate(value=3)", "from torchvision import Rotate\n") == "Rotate(value=3)"


def test_lines_and_comments_stay() -> None:
    before = "A.Compose([\n    A.Rotate(\n        value=3,  # dark\n        border_mode=0,\n    ),  # turn\n])"
    assert became(before) == before.replace("value", "fill")


def literal(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str, type(None))) or (
        isinstance(value, (tuple, list)) and all(map(literal, value))
    )


@eras
def test_the_meaning_stays(cls: Any, row: Row) -> None:
    if cls.__name__ == "Lambda":
        return
    for name, default in row.items():
        for value in ([] if default is REQUIRED else [default]) + [_given(cls, name)]:
            given = {**needed(cls, row, name), name: value}
            try:
                made = cls(**given)
            except (TypeError, ValueError):
                continue
            if all(map(literal, given.values())):
                call = f"A.{cls.__name__}({', '.join(f'{n}={v!r}' for n, v in given.items())})"
                after = became(call)
                assert same(settings_of(eval(after, {"A": A})), settings_of(made)), (call, after)


def test_the_command_shows_or_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, bad = tmp_path / "train.py", tmp_path / "bad.py"
    file.write_bytes((HEAD + "t = A.Rotate(value='é', border_mode=0)\r\nu = A.Blur(9, always_apply=None)\n").encode())
    bad.write_text("def (\n", encoding="utf-8")
    before = file.read_bytes()
    assert main(["migrate", str(file)]) == 1  # a word is no fill
    assert "train.py:3: left as it is: Rotate(" in capsys.readouterr().err
    file.write_bytes(before.replace(b"'\xc3\xa9'", b"3"))
    before = file.read_bytes()
    assert main(["migrate", "--diff", str(file)]) == 0
    assert "+t = A.Rotate(fill=3, border_mode=0)" in capsys.readouterr().out
    assert file.read_bytes() == before
    file.chmod(0o640)
    assert main(["migrate", "--write", str(file), str(bad)]) == 1
    assert f"{bad}:1: left as it is" in capsys.readouterr().err
    assert file.read_bytes() == before.replace(b"value", b"fill").replace(b", always_apply=None", b"")
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [bad, file]
    assert main(["migrate", "--write", str(file)]) == 0
    assert main(["migrate", str(tmp_path / "none.py")]) == 1


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_saved_pipelines(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"old.{suffix}"
    step = {
        "__class_fullname__": "albumentations.augmentations.transforms.GaussNoise",
        "var_limit": [10, 50],
        "mean": 0,
    }
    document = {"__version__": "1.3.1", "transform": {**step, "always_apply": False, "p": 0.3}}
    file.write_text(json.dumps(document), encoding="utf-8")  # which is YAML too
    before = A.load(file)
    assert main(["migrate", "--write", str(file)]) == 0
    assert A.to_dict(A.load(file)) == A.to_dict(before)
    assert "always_apply" not in file.read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["migrate", str(file)]) == 0
    assert capsys.readouterr().out == ""
    file.write_text('{"a": 1}', encoding="utf-8")
    assert main(["migrate", str(file)]) == 1
    assert "must have the key 'transform'" in capsys.readouterr().err
