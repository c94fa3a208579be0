"""docs/migration.md is what the declarations say."""

import sys
from pathlib import Path

from common import classes

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # docs stand beside the package and are not installed
from docs import migration  # noqa: E402


def test_the_page_is_up_to_date() -> None:
    assert migration.PAGE.read_text(encoding="utf-8") == migration.page(), "run python docs/migration.py"


def test_every_old_name_is_on_it() -> None:
    page = migration.page()
    for cls in classes():
        section = page.partition(f"\n### {cls.__name__}\n")[2].partition("\n##")[0]
        old = {*cls._renamed, *(name for spelling in cls._spellings for name in spelling.defaults)}
        assert all(name in section for name in old), cls.__name__
    assert "| `Rotate` | `border_mode` | `4` | `0` |" in page
