"""Style laws: imports run downward, random numbers come from one place, kernels look alike, files stay short."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import albumentations

ROOT = Path(albumentations.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

# What a part of the house may import of the others; `functional` may import nothing.
ALLOWED = {
    "functional": {"functional"},
    # Tables are applied, keypoints filtered, boxes moved when that has waited.
    "core": {"core", "functional.cv", "functional.keypoints.in_frame", "functional.boxes"},
    "transforms": {"transforms", "core", "functional"},
    "pytorch": {"pytorch", "core", "functional", "transforms"},
    "augmentations": {"augmentations", "core", "functional", "transforms", "pytorch"},
    "cli": {"cli", ""},
}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, those of this package relative to it, and the line."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                base = ".".join(parts[: len(parts) - node.level])
                module = ".".join(p for p in (base, module) if p)
                for alias in node.names:
                    yield "." + ".".join(p for p in (module, alias.name) if p), node.lineno
            else:
                yield module, node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_downward(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    if room not in ALLOWED:
        return
    for name, line in imports(path):
        if name.startswith("albumentations"):
            name = name[len("albumentations") :] or "."
        if not name.startswith("."):
            continue
        target = name[1:]
        if target == "__version__":
            continue
        allowed = ALLOWED[room]
        assert "" in allowed or any(target == a or target.startswith(f"{a}.") for a in allowed), (
            f"{path.name}:{line} imports {target}"
        )


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_random_numbers_come_from_the_drawing_steps_and_noise_kernels(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    if room not in ("functional", "transforms", "core", "pytorch") or path.name == "random.py":
        return
    names: set[str] = {name for name, _ in imports(path)}
    assert "random" not in names, f"{path.name} imports random"
    source = path.read_text(encoding="utf-8")
    if "np.random" in source or "cv2.randn" in source or "cv2.randu" in source:
        assert room == "functional", f"{path.name} draws outside of a kernel"
        assert "seed" in source, f"{path.name} draws without a seed"
        assert "np.random.seed" not in source


KERNELS = sorted(p for p in (ROOT / "functional").glob("*.py") if p.stem not in ("__init__", "cv"))


@pytest.mark.parametrize("path", KERNELS, ids=lambda p: p.stem)
def test_kernels_take_the_image_first_and_the_rest_by_name(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not node.args.args:
            continue
        first = node.args.args[0].arg
        if first in ("image", "value", "boxes", "keypoints", "bboxes"):
            assert len(node.args.args) == 1, f"{path.name}: {node.name} takes more than its {first} by position"
        assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


def test_every_public_name_is_documented() -> None:
    for name in dir(albumentations):
        value = getattr(albumentations, name)
        if name.startswith("_") or inspect.ismodule(value):
            continue
        assert inspect.getdoc(value), name
