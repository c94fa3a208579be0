"""The gallery has a page for every transform, made of all its examples; a small picture stands for the photos."""

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from common import class_cases, classes, picture

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # the gallery stands beside the package and is not installed
from docs import gallery  # noqa: E402


def test_every_transform_has_a_page() -> None:
    missing = {cls.__name__ for cls in classes()} - set(gallery.classes())
    assert all(cls.needs_modules for cls in classes() if cls.__name__ in missing)
    assert set(gallery.classes("^Horiz|^Vert")) == {"HorizontalFlip", "VerticalFlip"}


@pytest.mark.parametrize("cls", class_cases())
def test_a_page_shows_every_example_in_both_dtypes(cls: Any) -> None:
    on = {"color": picture(), "gray": picture(channels=None)}
    cells, columns = gallery.page(cls, on)
    assert columns == 1 + 2 * len(cls.examples) and len(cells) == 2 * columns
    assert [cell.caption for cell in cells[::columns]] == ["color", "gray"]
    assert all(cell.image.ndim in (2, 3) and cell.image.size for cell in cells)


def test_pages_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "photos", lambda: {"waves": picture()})
    gallery.main(["--only", "^(Transpose|ToGray|Mosaic)$", "--out", str(tmp_path / "pages")])
    pages = {path.stem: cv2.imread(str(path)) for path in (tmp_path / "pages").iterdir()}
    assert set(pages) == {"Transpose", "ToGray", "Mosaic"}
    assert all(page.shape[1] > 3 * gallery.SIDE and len(np.unique(page)) > 20 for page in pages.values())


def test_boxes_move_with_the_picture() -> None:
    transposed = gallery.page(gallery.classes("^Transpose$")["Transpose"], {"waves": picture()})[0][:2]
    first, moved = (cell.boxes[0] for cell in transposed)
    assert np.allclose(first, [moved[1], moved[0], moved[3], moved[2]])
