"""What is installed: version, license, types, requirements, and what importing it loads."""

import os
import runpy
import site
import subprocess
import sys
import sysconfig
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import pytest

import albumentations

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "torchvision", "scipy", "skimage", "tqdm", "PIL", "yaml", "concurrent.futures", "multiprocessing")


def installed():
    try:
        return metadata.distribution("albumentations")
    except metadata.PackageNotFoundError:
        return pytest.skip("runs on a checkout that is not installed")


def test_distribution():
    found = installed()
    assert found.version == albumentations.__version__
    assert found.metadata["License"] == "MIT" or found.metadata["License-Expression"] == "MIT"
    commands = {entry.name: entry.value for entry in found.entry_points if entry.group == "console_scripts"}
    assert commands == {"albumentations": "albumentations.cli.main:main"}
    needs = [need for need in found.requires or [] if "extra" not in need]
    assert {need.split(">")[0] for need in needs} >= {"numpy", "scikit-image", "pyyaml"}
    assert sum(need.startswith("opencv") for need in needs) == 1
    assert not any("<" in need or "==" in need for need in found.requires or [] if "extra" not in need)
    extras = set(found.metadata.get_all("Provides-Extra"))
    assert extras == {"cli", "fast", "torch", "test", "docs", "benchmark", "dev"}
    shipped = {str(file) for file in found.files or []}
    if not any("__editable__" in file for file in shipped):
        assert "albumentations/py.typed" in shipped
        assert any(file.endswith("LICENSE") for file in shipped)
        assert not any(file.startswith("tests/") for file in shipped)
        # Every module of the checkout is shipped.
        modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "albumentations").rglob("*.py")}
        assert modules <= {file.replace(os.sep, "/") for file in shipped}


def test_typed_and_licensed():
    assert (files("albumentations") / "py.typed").is_file()
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n")
    assert "the albumentations (classic) contributors" in text


@pytest.mark.parametrize("module", ["albumentations", "albumentations.cli.main"])
def test_importing_loads_nothing_heavy(module):
    heavy = HEAVY if module == "albumentations.cli.main" else HEAVY[:5]
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    path = {"PYTHONPATH": str(Path(albumentations.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("names", "required"),
    [
        ([], "opencv-python-headless>=4.8"),
        (["opencv_python_headless"], "opencv-python-headless>=4.8"),
        (["opencv_python"], "opencv-python>=4.8"),
        (["opencv_contrib_python"], "opencv-contrib-python>=4.8"),
        (["opencv_contrib_python_headless"], "opencv-contrib-python-headless>=4.8"),
        (["opencv_python", "opencv_python_headless"], "opencv-python-headless>=4.8"),
        (["opencv_python_rolling_tools"], "opencv-python-headless>=4.8"),
    ],
)
def test_an_opencv_that_is_there_is_kept(tmp_path, monkeypatch, names, required):
    setuptools = pytest.importorskip("setuptools")
    for name in names:
        folder = tmp_path / f"{name}-4.9.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 4.9.0\n")
    asked = {}
    monkeypatch.setattr(setuptools, "setup", asked.update)
    monkeypatch.setattr(setuptools, "find_packages", lambda **options: [])
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(tmp_path)])
    monkeypatch.setattr(site, "ENABLE_USER_SITE", False)
    runpy.run_path(str(ROOT / "setup.py"))
    assert required in asked["install_requires"]
    assert asked["version"] == albumentations.__version__
