"""Writes docs/names.md: which names of older releases have no counterpart, from albumentations/core/paths.py."""

from pathlib import Path

from albumentations.core.paths import ABSENT, PATHS

PAGE = Path(__file__).parent / "names.md"

HEAD = """# Names of older releases

Every module of 0.4 to 2.0.8 imports under its path, and with `albumentations.torch`, `albumentations.imgaug` and
`albumentations.random_utils` those that older programs know. Classes and functions are there under the names, the call
signatures and the conventions that they had: one box or keypoint is a tuple and gives a tuple, many with `rows, cols`
are a list, many with a `shape` an array. `import albumentations` loads none of these modules.

Angles of keypoints turn with the picture in these functions too, a number fills all channels, and random numbers are
other ones than a release drew of the same generator (those of `random_utils` are 1.3.1's). Functions that make boxes or
keypoints of mirrored borders raise.

Static checkers see `albumentations.augmentations` and all below it as `Any`.

## Without a counterpart

Asking for one of these raises AttributeError, importing it ImportError; both say what is written here.

"""


def page() -> str:
    """The text of the page."""
    lines = []
    for reason, names in sorted(ABSENT.items()):
        lines.append(f"- {reason[0].upper()}{reason[1:]}:")
        for name in names.split():
            where = sorted(f"`{path}`" for path, known in PATHS.items() if path and name in known.split())
            lines.append(f"  - `{name}` of {', '.join(where)}")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
