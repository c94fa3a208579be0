"""The README's examples run as they stand."""

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
TITLES = ["Classification", "Segmentation", "Detection", "Keypoints", "Volumes", "Pipelines of older releases"]
EXAMPLES = dict(re.findall(r"^## ([^\n]+)\n\n```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))


def test_every_block_of_python_is_an_example():
    assert list(EXAMPLES) == TITLES
    assert TEXT.count("```python") == len(TITLES)


@pytest.mark.parametrize("title", TITLES)
def test_example(title):
    exec(compile(EXAMPLES[title], f"README.md, {title}", "exec"), {"__name__": "example"})


def test_the_two_commands():
    assert '\npip install ".[cli]" && albumentations demo\n' in TEXT
    assert '\npip install ".[test]" && pytest\n' in TEXT
