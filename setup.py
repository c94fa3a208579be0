"""Metadata and dependencies; pyproject.toml holds the build system and the settings of the tools."""

import re
import site
import sysconfig
from importlib import metadata
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
HEADLESS = "opencv-python-headless"
# Each of these distributions brings the same module `cv2`; two of them in one environment overwrite each other's files.
OTHER_OPENCV = ("opencv-contrib-python-headless", "opencv-contrib-python", "opencv-python")


def version() -> str:
    """Read the version without importing the package, whose dependencies may not be there yet."""
    text = (ROOT / "albumentations" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__(?::\s*\w+)?\s*=\s*"([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise RuntimeError('albumentations/__init__.py has no line `__version__ = "..."`')
    return found.group(1)


def opencv() -> str:
    """Name the OpenCV distribution to require: the one that is installed already, else the headless one.

    `pip install .` builds in isolation, with the target's packages taken off sys.path, but runs the target's
    own interpreter: its site-packages can still be found and read by location, and so this works with and
    without `--no-build-isolation`. It can't work where the build runs in an environment of its own: in
    `python -m build`, in uv, and in a ready-made wheel, whose metadata were fixed when it was built; those
    require the headless distribution. There, `pip install --no-deps` keeps another OpenCV in place. (A wheel that pip
    built from an sdist lies in pip's cache with the answer of the environment it was first built for.)
    """
    places = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    if site.ENABLE_USER_SITE:
        places.add(site.getusersitepackages())
    installed = {
        re.sub(r"[-_.]+", "-", str(found.metadata["Name"])).lower()
        for found in metadata.distributions(path=sorted(places))
    }
    others = [] if HEADLESS in installed else [name for name in OTHER_OPENCV if name in installed]
    return (others or [HEADLESS])[0] + ">=4.8"


CLI = ["tqdm", "libcst"]
DOCS = ["sphinx", "myst-parser", "furo"]
BENCHMARK = ["stringzilla"]
TEST = ["pytest>=8", "pytest-xdist", "hypothesis", "setuptools>=64", *CLI]
DEV = ["ruff", "mypy", "types-PyYAML", "typing_extensions"]

setup(
    name="albumentations",
    version=version(),
    description="Image augmentation for images, masks, boxes and keypoints: the classic interface, written anew",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="the albumentations (classic) contributors",
    license="MIT",
    license_files=["LICENSE"],
    python_requires=">=3.9",
    packages=find_packages(include=["albumentations", "albumentations.*"]),
    package_data={"albumentations": ["py.typed", "augmentations/*.pyi"]},
    install_requires=["numpy>=1.24", opencv(), "scikit-image", "pyyaml"],
    extras_require={
        "cli": CLI,
        "fast": ["stringzilla"],
        "torch": ["torch"],
        "test": TEST,
        "docs": DOCS,
        "benchmark": BENCHMARK,
        "dev": DEV,
    },
    entry_points={"console_scripts": ["albumentations = albumentations.cli.main:main"]},
    classifiers=[
        "Development Status :: 4 - Beta",
        "Intended Audience :: Developers",
        "Intended Audience :: Science/Research",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        *(f"Programming Language :: Python :: 3.{minor}" for minor in range(9, 14)),
        "Topic :: Scientific/Engineering :: Image Processing",
        "Typing :: Typed",
    ],
    zip_safe=False,
)
