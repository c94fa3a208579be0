"""Records of other releases, and of ours on other sizes: replayed to the picture that is meant, or refused."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from common import channels_for, class_cases, image_for, make, picture, read_by

import albumentations as A
from benchmark.records import difference, known, read, report

FOLDER = Path(__file__).parent / "data" / "records"
FILES = sorted(FOLDER.glob("*.json.gz"))
RECORDS = {found["version"]: found["records"] for found in map(read, FILES)}
CASES = [(version, name) for version, records in RECORDS.items() for name in records]


def as_json(value: Any) -> Any:
    """A record as a user writes it: arrays as lists; what JSON does not hold is left out."""
    if isinstance(value, dict):
        return {k: as_json(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [as_json(v) for v in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else None


def outcome(case: dict[str, Any], record: Any) -> Any:
    """How far the replay is off, or the error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return difference(case, record)
        except ValueError as error:
            return str(error)


@pytest.mark.parametrize(("version", "name"), CASES)
def test_a_record_of_another_release_gives_its_picture_or_is_refused_by_name(version: str, name: str) -> None:
    release = f"{version[0]}.x"
    for case in RECORDS[version][name]:
        found = outcome(case, case["record"])
        if isinstance(found, str):
            assert found.startswith(f"replay: {name}: the record of release {release} "), case["code"]
        else:
            assert found <= known(name, case["code"])[0], case["code"]
        # Through JSON, where only what was no array to begin with may be missing.
        written = json.loads(json.dumps(as_json(case["record"])))
        again = outcome(case, written)
        if "namespace" in str(case["record"]):
            assert isinstance(again, str)
            assert again.startswith(f"replay: {name}: the record of release {release} ")
        else:
            assert again == pytest.approx(found, abs=0.02) if not isinstance(found, str) else again == found
        # The path that the class had.
        written["transforms"][0]["__class_fullname__"] = f"albumentations.augmentations.transforms.{name}"
        assert outcome(case, written) == again


def test_nothing_that_replays_is_off_by_more_than_a_level_but_what_is_known() -> None:
    counts = {}
    for version, records in RECORDS.items():
        found = [outcome(c, c["record"]) for cases in records.values() for c in cases]
        counts[version] = len(found), sum(isinstance(f, str) for f in found)
    assert counts["1.3.1"][1] / counts["1.3.1"][0] < 0.2
    assert counts["2.0.8"][1] / counts["2.0.8"][0] < 0.2


def test_the_table_is_as_the_records_are() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = report(FILES)
    written = (Path(__file__).parents[1] / "docs" / "records.md").read_text(encoding="utf-8")

    def rows(text: str) -> list[list[str]]:
        cells = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
        return [[*row[:2], row[2].split(" by ")[0], *row[3:]] for row in cells]

    assert rows(made) == rows(written)


@pytest.mark.parametrize("size", [(24, 30), (64, 80)])
@pytest.mark.parametrize("cls", class_cases())
def test_a_record_of_ours_on_another_size_works_or_is_refused_by_name(cls: Any, size: tuple[int, int]) -> None:
    rows = {"bbox_params": A.BboxParams("pascal_voc", label_fields=["labels"])}
    for example in cls.examples:
        transform = make(cls, example)
        if transform._solid:
            continue
        image = image_for(cls)
        pipeline = A.ReplayCompose([transform], **rows)
        record = pipeline(image=image, **read_by(transform, image))["replay"]
        other = picture(image.dtype.name, channels_for(cls), *size)
        try:
            replayed = A.ReplayCompose.replay(record, image=other, **read_by(transform, other))["image"]
        except ValueError as error:
            assert cls.__name__ in str(error)
            continue
        here = np.shape(pipeline(image=other, **read_by(transform, other))["image"])
        assert np.ndim(replayed) == len(here)


@pytest.mark.parametrize(
    "transform",
    [
        A.RandomResizedCrop((20, 24), p=1),
        A.BBoxSafeRandomCrop(erosion_rate=0.9, p=1),
        A.RandomSizedBBoxSafeCrop(20, 24, erosion_rate=0.9, p=1),
        A.RandomCropFromBorders(0.4, 0.4, 0.4, 0.4, p=1),
    ],
    ids=lambda t: type(t).__name__,
)
def test_a_window_is_as_large_in_proportion_on_another_size(transform: Any) -> None:
    rows, columns = np.mgrid[:60, :80]
    image = np.stack([rows, columns], axis=2).astype(np.float32)
    pipeline = A.ReplayCompose([transform], bbox_params=A.BboxParams("pascal_voc", label_fields=[]))
    for _ in range(10):
        result = pipeline(image=image, bboxes=[(30, 20, 50, 40)])
        larger = image.repeat(2, axis=0).repeat(2, axis=1)
        smaller = image[1::4, 1::4]
        for other in (larger, smaller):
            again = A.ReplayCompose.replay(result["replay"], image=other)["image"]
            corners = [[p[0, 0], p[-1, -1]] for p in (result["image"], again)]
            assert np.abs(np.subtract(*corners)).max() <= 5
