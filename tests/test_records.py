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


@pytest.mark.parametrize(("version", "name"), CASES)
def test_what_a_release_writes_down_of_a_transform_loads(version: str, name: str) -> None:
    for case in RECORDS[version][name]:
        node = {k: v for k, v in case["record"]["transforms"][0].items() if k not in ("params", "applied")}
        assert type(A.from_dict({"transform": json.loads(json.dumps(node))})) is getattr(A, name)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("PadIfNeeded", {"padding": 3}),
        ("SafeRotate", {"fit_output": False}),
        ("SafeRotate", {"balanced_scale": True}),
        ("SafeRotate", {"rotate": [0, 1]}),
        ("SafeRotate", {"scale": {"x": [0.5, 1], "y": [1, 1]}}),
        ("RGBShift", {"approximation": 0.5}),
        ("RGBShift", {"spatial_mode": "per_pixel"}),
        ("RGBShift", {"noise_params": {"noise_type": "uniform", "ranges": [[-0.5, 0.5]] * 3}}),
        ("AdditiveNoise", {"noise_params": {"noise_type": "beta", "ranges": [[-0.1, 0.1]]}}),
        ("TimeMasking", {"num_masks_x": [0, 2]}),
        ("FrequencyMasking", {"mask_y_length": [0, 9]}),
    ],
)
def test_what_a_file_of_2_0_8_says_anew_is_refused(name: str, changes: dict[str, Any]) -> None:
    node = {
        k: v for k, v in RECORDS["2.0.8"][name][0]["record"]["transforms"][0].items() if k not in ("params", "applied")
    }
    with pytest.raises((TypeError, ValueError), match=f"{name}.*{next(iter(changes))}"):
        A.from_dict({"transform": {**node, **changes}})


def test_only_a_file_may_say_it_twice() -> None:
    with pytest.raises(TypeError, match="unknown argument 'padding'"):
        A.PadIfNeeded(9, 9, padding=0)


def test_a_record_edited_under_a_name_that_was_drawn_is_refused() -> None:
    image = RECORDS["2.0.8"]["Blur"][0]["image"]
    record = json.loads(json.dumps(A.ReplayCompose([A.Blur(p=1)])(image=image)["replay"]))
    record["transforms"][0]["params"]["ksize"] = 1
    with pytest.raises(ValueError, match="says twice what Blur drew"):
        A.ReplayCompose.replay(record, image=image)


def test_an_array_of_another_size_is_refused_by_name() -> None:
    for name in ("GaussNoise", "ElasticTransform", "PixelDropout", "SaltAndPepper", "MaskDropout"):
        case = RECORDS["2.0.8"][name][0]
        other = {n: v[:20, :20] if isinstance(v, np.ndarray) else v for n, v in case["beside"].items()}
        with pytest.raises(ValueError, match=rf"replay: {name}: the record of release 2.x cannot be followed"):
            A.ReplayCompose.replay(case["record"], image=np.ascontiguousarray(case["image"][:20, :20]), **other)
