"""Text in images: where it lies, how large and in which colour, what becomes of words, and what is refused."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import albumentations as A
from albumentations.core.serialization import jsonable
from albumentations.functional import text

BOX = (0.25, 0.2, 0.9, 0.6)  # columns 50 to 180 and rows 20 to 60


def gray(value: Any = 120, channels: Any = (3,), dtype: Any = np.uint8) -> np.ndarray:
    return np.full((100, 200, *channels), value, dtype)


def written(metadata: Any, seed: int = 0, image: Any = None, **arguments: Any) -> np.ndarray:
    pipeline = A.Compose([A.TextImage(**arguments, p=1)], seed=seed)
    result: np.ndarray = pipeline(image=gray() if image is None else image, textimage_metadata=metadata)["image"]
    return result


def recorded(metadata: Any, seed: int = 0, **arguments: Any) -> list[dict[str, Any]]:
    pipeline = A.Compose([A.TextImage(**arguments, p=1)], seed=seed, save_applied_params=True)
    out = pipeline(image=gray(), **{arguments.get("metadata_key", "textimage_metadata"): metadata})
    texts: list[dict[str, Any]] = out["applied_transforms"][0][1]["texts"]
    return texts


def bounds(image: np.ndarray, before: int = 120) -> tuple[int, int, int, int]:
    """Rows and columns that were written on: first and last + 1."""
    rows, columns = np.nonzero((image != before).reshape(*image.shape[:2], -1).any(axis=2))
    return int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1


def test_a_line_begins_at_its_box_and_is_as_high_as_said() -> None:
    heights = []
    for share in (0.25, 0.5, 1.0):
        top, low, left, right = bounds(written({"text": "HgH", "bbox": BOX}, font_size_fraction_range=share))
        assert 20 <= top < 20 + 40 * share
        assert low <= 20 + 40 * share * 1.35  # letters hang below the line
        assert 50 <= left < 56
        assert right < 180
        heights.append(low - top)
    assert np.allclose(np.array(heights) / heights[-1], (0.25, 0.5, 1.0), atol=0.06)
    sizes = [one["font_size"] for s in range(60) for one in recorded({"text": "a", "bbox": BOX}, s)]
    assert 0.8 <= min(sizes) < 0.81
    assert 0.89 < max(sizes) <= 0.9
    longer = bounds(written({"text": "many words that are longer than their box", "bbox": BOX}))
    assert longer[3] > 190  # written on, to the edge


def test_colours_are_levels_of_255_in_every_dtype() -> None:
    entry = {"text": "HHH", "bbox": BOX}
    for dtype, white in ((np.uint8, 255), (np.float32, 1), (np.uint16, 65535), (np.float64, 1)):
        for color, expected in (((255, 0, 51), (1, 0, 0.2)), ("red", (1, 0, 0)), (51, (0.2,) * 3)):
            image = gray(0, dtype=dtype) + np.asarray(white * 0.5, dtype=dtype)
            out = written(entry, image=image.astype(dtype), font_color=color)
            assert out.dtype == dtype
            found = np.abs(out / white - expected).max(axis=2)
            assert (found < 0.004).sum() > 200  # the stems of letters
    flat = written(entry, image=gray(channels=()), font_color=(255, 0, 0))
    assert flat.min() == 76
    assert (written(entry, image=gray(channels=(5,)), font_color=(9, 8, 7, 6, 5)) == (9, 8, 7, 6, 5)).all(axis=2).any()


def test_the_background_is_cleared() -> None:
    image = np.random.default_rng(0).integers(0, 256, (100, 200, 3), np.uint8)
    plain, cleared = (written({"text": ".", "bbox": BOX}, image=image, clear_bg=c) for c in (False, True))
    assert (plain[20:60, 50:180] != image[20:60, 50:180]).mean() < 0.05
    assert (cleared[20:60, 50:180] != image[20:60, 50:180]).mean() > 0.9
    changed = (cleared != image).any(axis=2)
    changed[20:60, 50:180] = False
    assert changed.sum() == 0
    smooth = np.abs(np.diff(cleared[22:58, 60:178].astype(int), axis=1)).mean()
    assert smooth < 0.25 * np.abs(np.diff(image.astype(int), axis=1)).mean()
    for dtype in ("float32", "uint16", "float64"):
        level = np.full((100, 200, 4), 0.25 if "float" in dtype else 1000, dtype)
        level[30:50, 40:100] *= 2
        out = text.cleaned(level, box=(20, 20, 180, 60))
        assert out.dtype == level.dtype
        assert np.allclose(out, level[0, 0, 0], rtol=0.05)  # the method is off by some 3 %
    whole = text.cleaned(image, box=(0, 0, 200, 100))
    assert np.abs(whole.astype(float) - image.mean(axis=(0, 1))).max() <= 0.5


WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight"]


@pytest.mark.parametrize(("count", "half"), [(2, 1), (3, 1), (5, 2), (8, 4)])
def test_half_of_the_words_are_changed(count: int, half: int) -> None:
    words = WORDS[:count]
    entry, stop = {"text": " ".join(words), "bbox": BOX}, ("a", "an")
    found: dict[str, list[list[str]]] = {}
    for change in text.CHANGES:
        rows = [recorded(entry, s, augmentations=(change,), stopwords=stop) for s in range(40)]
        found[change] = [row[0]["text"].split() for row in rows]
        assert len({tuple(row) for row in found[change]}) > 1 or (change, count) == ("swap", 2)
    for row in found["insertion"]:
        assert [word for word in row if word not in stop] == words
        assert len(row) == count + half
    assert {word for row in found["insertion"] for word in row} == {*words, *stop}
    assert any(row[0] in stop for row in found["insertion"])
    assert any(row[-1] in stop for row in found["insertion"])
    for row in found["deletion"]:
        assert len(row) == count - half
        assert [word for word in words if word in row] == row
    for row in found["swap"]:
        assert sorted(row) == sorted(words)
        assert sum(a != b for a, b in zip(row, words)) <= 2 * half
    assert any(row != words for row in found["swap"])


def test_one_word_is_left_and_none_stays_none() -> None:
    for change, expected in (("swap", {"one"}), ("deletion", {"one"}), ("insertion", {"one a", "a one"})):
        assert {text.changed("one", change=change, stopwords=("a",), seed=s) for s in range(20)} == expected
        assert text.changed("", change="swap", stopwords=(), seed=1) == ""
    kept = {recorded({"text": "one two", "bbox": BOX}, s, augmentations=(None, "swap"))[0]["text"] for s in range(20)}
    assert kept == {"one two", "two one"}
    assert recorded({"text": "one two", "bbox": BOX}, augmentations=[])[0]["text"] == "one two"
    with pytest.raises(ValueError, match="change must be one of"):
        text.changed("one", change="kerning", stopwords=(), seed=0)


def test_a_share_of_the_texts_is_written_each_as_often() -> None:
    metadata = [{"text": str(i), "bbox": BOX} for i in range(8)]
    counts = np.zeros(8, int)
    for seed in range(300):
        chosen = [int(one["text"]) for one in recorded(metadata, seed, fraction_range=(0.25, 0.8))]
        assert 2 <= len(chosen) == len(set(chosen)) <= 6
        counts[chosen] += 1
    assert counts.min() > 0.8 * counts.mean()
    assert recorded(metadata[0], fraction_range=(0.5, 0.5)) == []
    assert len(recorded(metadata)) == 8


def test_it_is_saved_and_replayed_without_arrays() -> None:
    transform = A.TextImage(augmentations=("swap",), font_color="red", p=1)
    buffer = io.StringIO()
    A.save(transform, buffer, data_format="json")
    buffer.seek(0)
    assert A.to_dict(A.load(buffer, data_format="json")) == A.to_dict(transform)
    pipeline = A.ReplayCompose([transform])
    out = pipeline(image=gray(), textimage_metadata={"text": "one two three", "bbox": BOX})
    record = json.loads(json.dumps(jsonable(out["replay"])))
    assert np.array_equal(A.ReplayCompose.replay(record, image=gray())["image"], out["image"])


def test_metadata_is_not_written_into() -> None:
    metadata = [{"text": "one two three", "bbox": list(BOX)}]
    written(metadata, augmentations=("deletion",))
    assert metadata == [{"text": "one two three", "bbox": list(BOX)}]


def test_a_font_of_a_file(tmp_path: Path) -> None:
    font = next(Path("/usr/share/fonts").rglob("DejaVuSerif.ttf"), None)
    if font is None:
        pytest.skip("there is no DejaVuSerif.ttf here")
    ours, theirs = (written({"text": "HgH", "bbox": BOX}, font_path=path) for path in (None, str(font)))
    assert not np.array_equal(ours, theirs)
    assert A.TextImage(font).font_path == str(font)
    wrong = tmp_path / "no.ttf"
    wrong.write_text("no font", encoding="utf-8")
    for path in (str(wrong), str(tmp_path / "absent.ttf")):
        with pytest.raises(ValueError, match=r"TextImage.*font_path must be the path of a font file"):
            A.TextImage(path)


def test_without_a_font_of_pillow_opencv_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "font", lambda size, path=None: None)
    ink = text.letters("HgH\nHgH", size=40)
    assert ink.dtype == np.float32
    assert (ink.min(), ink.max()) == (0, 1)
    rows, columns = np.nonzero(ink > 0.5)
    assert rows.min() < 20
    assert 55 < rows.max() < 85
    assert 40 < columns.max() < 160
    top, low, left, _ = bounds(written({"text": "HgH", "bbox": BOX}))
    assert top >= 20
    assert low < 66
    assert 50 <= left < 60


@pytest.mark.parametrize(
    ("entry", "error", "words"),
    [
        ("text", TypeError, "textimage_metadata must be a dict, or a list of them, not str"),
        ([{"bbox": BOX}], ValueError, r"textimage_metadata\[0\] has no 'text'; it holds bbox"),
        ({"text": "a"}, ValueError, "textimage_metadata has no 'bbox'; it holds text"),
        ([{"text": 3, "bbox": BOX}], TypeError, r"textimage_metadata\[0\]\['text'\] must be a string, not int \(3\)"),
        ([{"text": "a", "bbox": (10, 20, 30, 40)}], ValueError, r"\[0\]\['bbox'\]=\(10, 20, 30, 40\) must be"),
        ([{"text": "a", "bbox": (0.5, 0.1, 0.2, 0.4)}], ValueError, "minima less than the maxima"),
    ],
)
def test_bad_texts_are_refused(entry: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=f"TextImage: .*{words}"):
        written(entry)


def test_bad_arguments_are_refused() -> None:
    for name, value, error in (
        ("augmentations", ("kerning",), ValueError),
        ("augmentations", "swap", TypeError),
        ("stopwords", "the", TypeError),
        ("stopwords", (1,), TypeError),
        ("font_color", "no colour", ValueError),
        ("font_color", (1, 2, 300), ValueError),
        ("font_color", (), ValueError),
        ("font_color", None, TypeError),
        ("font_size_fraction_range", (0, 0.5), ValueError),
        ("fraction_range", (0.5, 1.5), ValueError),
        ("font_path", 3, TypeError),
        ("metadata_key", 3, TypeError),
    ):
        if value is None:
            continue
        with pytest.raises(error, match=rf"TextImage\({name}=.*{name} must"):
            A.TextImage(**{name: value})
    with pytest.raises(ValueError, match=r"TextImage: image: font_color=\(1.0, 2.0\) has 2 values, the image 3"):
        written({"text": "a", "bbox": BOX}, font_color=(1, 2))
    with pytest.raises(ValueError, match="TextImage reads 'textimage_metadata', which is missing"):
        A.Compose([A.TextImage(p=1)])(image=gray())
