"""The `albumentations` command: what it makes, that it makes it once, and how it says no."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml
from PIL import Image

import albumentations as A
from albumentations.cli import augment, demo, files, pipeline, segments, sheet, worker
from albumentations.cli.main import main

ROOT = Path(A.__file__).parents[1]


def picture(seed, height=48, width=64):
    noise = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)


@pytest.fixture
def data(tmp_path):
    """Three images, one of them in a subfolder, with masks and a COCO file."""
    content = {"info": {"year": 2026}, "categories": [{"id": 7, "name": "thing", "keypoints": ["a", "b"]}]}
    content.update(images=[], annotations=[])
    for number, name in enumerate(("one.png", "two.jpg", "more/three.png")):
        image, mask = picture(number), np.zeros((48, 64), np.uint16)
        mask[10:30, 20:50] = 1000 + number
        for folder, file, array in (("images", name, image), ("masks", Path(name).with_suffix(".png"), mask)):
            path = tmp_path / folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            assert cv2.imwrite(str(path), array)
        content["images"].append({"id": 10 + number, "file_name": name, "width": 64, "height": 48, "license": 3})
        box = {"id": 70 + number, "image_id": 10 + number, "category_id": 7, "bbox": [20, 10, 30, 20], "area": 1}
        extra = {"iscrowd": 0, "keypoints": [25, 15, 2, 0, 0, 0], "num_keypoints": 1, "note": {"by": "hand"}}
        content["annotations"].append({**box, **extra})
    (tmp_path / "coco.json").write_text(json.dumps(content))
    return tmp_path


def run(*arguments):
    return main([str(argument) for argument in arguments])


def augmenting(data, out="out", *more):
    everything = ("--masks", data / "masks", "--coco", data / "coco.json")
    return run("augment", data / "images", "--out", data / out, *everything, "--workers", 1, *more)


def content_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "journal.jsonl"
    }


def save(path, *transforms, **options):
    A.save(A.Compose(list(transforms), **options), str(path), data_format=path.suffix[1:])
    return path


def spec_file(path, *nodes):
    root = {"__class_fullname__": "Compose", "p": 1.0, "transforms": list(nodes)}
    path.write_text(yaml.safe_dump({"__version__": "2.0.8", "transform": root}))
    return path


def test_copies_masks_and_annotations(data):
    flip = save(data / "flip.yaml", A.HorizontalFlip(p=1.0))
    assert augmenting(data, "out", "--copies", 2, "--pipeline", flip) == 0
    out = data / "out"
    names = {f"{stem}_{copy:03d}" for stem in ("one", "two", "more/three") for copy in (0, 1)}
    for folder in ("images", "masks"):
        found = {path.relative_to(out / folder).with_suffix("").as_posix() for path in (out / folder).rglob("*.*")}
        assert found == names
    image = cv2.imread(str(out / "images/one_000.png"))
    assert np.array_equal(image, picture(0)[:, ::-1])
    mask = cv2.imread(str(out / "masks/more/three_001.png"), cv2.IMREAD_UNCHANGED)
    assert mask.dtype == np.uint16
    assert set(np.unique(mask)) == {0, 1002}
    coco = json.loads((out / "annotations.json").read_text())
    assert coco["info"] == {"year": 2026}
    assert len(coco["images"]) == len(coco["annotations"]) == 6
    assert sorted(entry["file_name"] for entry in coco["images"])[0] == "more/three_000.png"
    assert {entry["license"] for entry in coco["images"]} == {3}
    first = coco["annotations"][0]
    assert (first["id"], first["image_id"], first["category_id"]) == (1, 1, 7)
    assert first["bbox"] == [14, 10, 30, 20]
    assert first["area"] == 600
    assert first["keypoints"] == [38, 15, 2, 0, 0, 0]
    assert first["num_keypoints"] == 1
    assert first["note"] == {"by": "hand"}


def test_default_pipelines(data):
    assert run("augment", data / "images", "--out", data / "plain", "--workers", 1) == 0
    assert sorted(content_of(data / "plain")) == [
        "images/more/three_000.png",
        "images/one_000.png",
        "images/two_000.jpg",
    ]
    with_masks = ("--masks", data / "masks")
    assert run("augment", data / "images", "--out", data / "masked", *with_masks, "--workers", 1) == 0
    assert len(content_of(data / "masked")) == 6
    assert augmenting(data, "all", "--copies", 4) == 0
    for name, image in content_of(data / "all").items():
        if name.startswith("images"):
            assert cv2.imdecode(np.frombuffer(image, np.uint8), 1).shape == (48, 64, 3)


def test_names_with_sides_are_not_mirrored(data):
    content = json.loads((data / "coco.json").read_text())
    content["categories"][0]["keypoints"] = ["left_eye", "right_eye"]
    (data / "coco.json").write_text(json.dumps(content))
    spec = pipeline.spec_for(None, False, pipeline.Coco.read(data / "coco.json"))
    assert not pipeline.mirrors(spec)


def test_workers_and_order_do_not_matter(data):
    assert augmenting(data, "one", "--copies", 10, "--seed", 5) == 0
    assert augmenting(data, "two", "--copies", 10, "--seed", 5, "--workers", 2) == 0
    assert augmenting(data, "other", "--copies", 10, "--seed", 6) == 0
    assert content_of(data / "one") == content_of(data / "two") != content_of(data / "other")
    # An image's copies do not depend on which others there are.
    (data / "few").mkdir()
    shutil.copy(data / "images/two.jpg", data / "few/two.jpg")
    for source, out in (("few", "few-out"), ("images", "all-out")):
        assert run("augment", data / source, "--out", data / out, "--seed", 5, "--workers", 1) == 0
    name = "images/two_000.jpg"
    assert (data / "few-out" / name).read_bytes() == (data / "all-out" / name).read_bytes()


def test_goes_on_after_an_interruption(data, monkeypatch):
    assert augmenting(data, "whole", "--copies", 9) == 0
    plain, calls = worker.run, []

    def stopping(job):
        calls.append(job)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return plain(job)

    monkeypatch.setattr(worker, "run", stopping)
    assert augmenting(data, "out", "--copies", 9) == 130
    made = {path: path.stat().st_mtime_ns for path in (data / "out").rglob("*.png")}
    assert made
    with (data / "out/journal.jsonl").open("a") as journal:
        journal.write('{"copy": "two.jpg#3", "ima')  # what a kill in the midst of writing leaves
    monkeypatch.setattr(worker, "run", plain)
    assert augmenting(data, "out", "--copies", 9) == 0
    assert content_of(data / "out") == content_of(data / "whole")
    assert made == {path: path.stat().st_mtime_ns for path in made}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_goes_on_after_a_kill(data, name):
    command = [sys.executable, "-m", "albumentations", "augment", data / "images", "--out", data / "out"]
    command += ["--copies", "400", "--workers", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=data, env=environment, stderr=subprocess.PIPE, text=True)
    journal, deadline = data / "out/journal.jsonl", time.monotonic() + 60
    while not (journal.exists() and journal.read_text().count("\n") > 5):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(getattr(signal, name))
    message = process.communicate(timeout=60)[1]
    if name == "SIGTERM":
        assert process.returncode == 130
        assert "goes on" in message
    before = journal.read_text().count('"copy"')
    assert before < 1200
    # The rest is made without a second look at what is there.
    done = subprocess.run(command, cwd=data, env=environment, capture_output=True, text=True, check=True)
    assert f"{before} were there" in done.stdout
    assert len(content_of(data / "out")) == 1200


def test_a_lost_or_outdated_copy_is_made_again(data):
    assert augmenting(data) == 0
    whole = content_of(data / "out")
    (data / "out/masks/one_000.png").unlink()
    assert augmenting(data) == 0
    assert content_of(data / "out") == whole
    assert cv2.imwrite(str(data / "images/one.png"), picture(99))
    assert augmenting(data) == 1  # the copy of the old image is in the way
    assert content_of(data / "out") == whole
    assert augmenting(data, "out", "--overwrite") == 0
    assert content_of(data / "out")["images/one_000.png"] != whole["images/one_000.png"]


def test_more_copies_are_added(data):
    assert augmenting(data, "out", "--copies", 2) == 0
    assert augmenting(data, "out", "--copies", 4) == 0
    assert augmenting(data, "whole", "--copies", 4) == 0
    assert content_of(data / "out") == content_of(data / "whole")


def test_broken_images_are_named_skipped_and_counted(data, capsys):
    (data / "images/bad.png").write_bytes(b"not an image")
    (data / "images/empty.jpg").write_bytes(b"")
    assert run("augment", data / "images", "--out", data / "out", "--copies", 9, "--workers", 1) == 1
    said = capsys.readouterr()
    assert said.err.count("skipped bad.png") == said.err.count("skipped empty.jpg") == 1
    assert "27 copies made; 2 images skipped" in said.out
    assert len(content_of(data / "out")) == 27


def test_what_does_not_belong_together(data, capsys):
    shutil.copy(data / "images/one.png", data / "images/alone.png")
    cv2.imwrite(str(data / "masks/two.png"), np.zeros((5, 6), np.uint8))
    assert run("augment", data / "images", "--out", data / "a", "--masks", data / "masks", "--workers", 1) == 1
    said = capsys.readouterr().err
    assert "alone.png: has no mask" in said
    assert "two.jpg: the image has 64 × 48 pixels, but its mask two.png has 6 × 5" in said
    content = json.loads((data / "coco.json").read_text())
    content["images"][0]["width"] = 65
    content["annotations"][1]["bbox"] = [1, 2, float("nan"), 3]
    content["images"].append({"id": 99, "file_name": "gone.png"})
    (data / "coco.json").write_text(json.dumps(content))
    assert run("augment", data / "images", "--out", data / "b", "--coco", data / "coco.json", "--workers", 1) == 1
    said = capsys.readouterr().err
    assert "one.png: the image has 64 × 48 pixels, its COCO entry 65 × 48" in said
    assert "two.jpg: annotation 71 has a bbox of [1, 2, nan, 3], not of finite numbers" in said
    assert "gone.png: in" in said
    assert "1 images are not in" in said
    made = json.loads((data / "b/annotations.json").read_text())
    assert [entry["file_name"] for entry in made["images"]] == ["more/three_000.png"]


def test_boxes_and_points_that_leave(data):
    crop = save(data / "crop.json", A.Crop(0, 0, 22, 12, p=1.0), bbox_params=A.BboxParams("yolo", min_visibility=0.5))
    assert augmenting(data, "out", "--pipeline", crop) == 0
    assert json.loads((data / "out/annotations.json").read_text())["annotations"] == []
    crop = save(data / "crop2.json", A.Crop(30, 0, 64, 48, p=1.0))
    assert augmenting(data, "out2", "--pipeline", crop) == 0
    kept = json.loads((data / "out2/annotations.json").read_text())["annotations"][0]
    assert (kept["bbox"], kept["area"]) == ([0, 10, 20, 20], 400)
    assert (kept["keypoints"], kept["num_keypoints"]) == ([0, 0, 0, 0, 0, 0], 0)


def test_segmentations(data):
    content = json.loads((data / "coco.json").read_text())
    square = {"segmentation": [[20, 10, 50, 10, 50, 30, 20, 30]], "bbox": [20, 10, 30, 20]}
    other = {"segmentation": [[40, 20, 60, 20, 60, 40, 40, 40]], "image_id": 10, "category_id": 7, "iscrowd": 0}
    content["annotations"][0].update(square)
    content["annotations"] += [{**other, "id": 80}, {**other, "id": 81, "segmentation": []}]
    (data / "coco.json").write_text(json.dumps(content))
    flip = save(data / "flip.yaml", A.HorizontalFlip(p=1.0))
    assert augmenting(data, "out", "--pipeline", flip) == 0
    made = json.loads((data / "out/annotations.json").read_text())
    image = next(entry["id"] for entry in made["images"] if entry["file_name"] == "one_000.png")
    found = [entry for entry in made["annotations"] if entry["image_id"] == image]
    assert [entry["area"] for entry in found] == [600, 400]  # the third has nothing left to tell where it is
    for entry, (left, top, right, bottom) in zip(found, ((14, 10, 44, 30), (4, 20, 24, 40))):
        expected = np.zeros((48, 64), np.uint8)
        expected[top:bottom, left:right] = 1
        assert np.array_equal(segments.pixels(entry, 48, 64), expected)
    crop = save(data / "crop.yaml", A.Crop(0, 0, 64, 15, p=1.0))
    assert augmenting(data, "cropped", "--pipeline", crop) == 0
    made = json.loads((data / "cropped/annotations.json").read_text())
    assert [entry["area"] for entry in made["annotations"] if "segmentation" in entry] == [150]
    content["annotations"][0]["segmentation"] = {"size": [48, 64], "counts": [3, 4]}
    (data / "coco.json").write_text(json.dumps(content))
    assert augmenting(data, "bad") == 1


def test_run_lengths_come_back():
    rng = np.random.default_rng(0)
    for _ in range(50):
        where = rng.random(rng.integers(1, 9, 2)) < rng.random()
        runs = segments.run_lengths(where)
        assert np.array_equal(segments.pixels({"segmentation": runs}, *where.shape), where)
    packed = {"size": [10, 12], "counts": "3X11jNk1<"}  # from the third run on, differences to the run before last
    plain = {"size": [10, 12], "counts": [3, 40, 1, 2, 60, 14]}
    expected = segments.pixels({"segmentation": plain}, 10, 12)
    assert np.array_equal(segments.pixels({"segmentation": packed}, 10, 12), expected)


def test_polygons_hold_the_pixels_whose_centres_they_hold():
    rng = np.random.default_rng(0)
    middles = np.stack(np.meshgrid(np.arange(11) + 0.5, np.arange(10) + 0.5), axis=-1).reshape(-1, 2)
    for corners in rng.uniform(-3, 13, (50, 5, 2)):
        inside = np.zeros(len(middles), bool)
        for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0)):
            crosses = (y0 > middles[:, 1]) != (y1 > middles[:, 1])
            inside ^= crosses & (middles[:, 0] > x0 + (middles[:, 1] - y0) * (x1 - x0) / (y1 - y0))
        polygon = {"segmentation": [corners.ravel().tolist()]}
        assert np.array_equal(segments.pixels(polygon, 10, 11), inside.reshape(10, 11))


def test_nothing_is_overwritten(data, capsys):
    stranger = data / "out/images/mine.txt"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("mine")
    assert augmenting(data) == 2
    assert "is there already" in capsys.readouterr().err
    assert augmenting(data, "fresh") == 0
    before = content_of(data / "fresh")
    flip = save(data / "flip.yaml", A.HorizontalFlip(p=1.0))
    for more, what in ((("--seed", 1), "another seed"), (("--pipeline", flip), "another pipeline")):
        assert augmenting(data, "fresh", *more) == 2
        assert what in capsys.readouterr().err
    (data / "fresh/annotations.json").write_text("edited")
    assert augmenting(data, "fresh") == 2
    assert (data / "fresh/annotations.json").read_text() == "edited"
    assert augmenting(data, "fresh", "--seed", 1, "--overwrite") == 0
    assert content_of(data / "fresh").keys() == before.keys()
    assert content_of(data / "fresh") != before


@pytest.mark.parametrize(
    ("node", "parts"),
    [
        ({"__class_fullname__": "HorizontalFlop", "p": 1}, ["transform 2 (HorizontalFlop)", "HorizontalFlip"]),
        ({"__class_fullname__": "Blur", "blur_limits": 3}, ["transform 2 (Blur)", "blur_limits", "blur_limit"]),
        (
            {
                "__class_fullname__": "OneOf",
                "transforms": [{"__class_fullname__": "RandomGamma", "gamma_limit": [0, 3]}],
            },
            ["transform 2.1 (RandomGamma)", "gamma_limit", "[1, "],
        ),
        ({"__class_fullname__": "HorizontalFlip", "p": 3}, ["transform 2 (HorizontalFlip)", "p", "[0, 1]"]),
        ({"__class_fullname__": "ToTensorV2"}, ["transform 2 (ToTensorV2)", "tensors"]),
        ({"HorizontalFlip": {"p": 1}}, ["transform 2", "__class_fullname__"]),
        ("HorizontalFlip", ["transform 2", "HorizontalFlip"]),
    ],
)
def test_bad_pipelines(data, capsys, monkeypatch, node, parts):
    monkeypatch.setattr(files, "read_image", lambda path: pytest.fail("an image was read"))
    bad = spec_file(data / "bad.yaml", {"__class_fullname__": "NoOp", "p": 1.0}, node)
    assert augmenting(data, "out", "--pipeline", bad) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    for part in (*parts, "bad.yaml"):
        assert part in said
    assert not (data / "out").exists()


@pytest.mark.parametrize("text", ["transform: [", "- 1", "", "transform: 3"])
def test_files_that_are_no_pipelines(data, capsys, text):
    (data / "bad.yaml").write_text(text)
    assert augmenting(data, "out", "--pipeline", data / "bad.yaml") == 2
    assert augmenting(data, "out", "--pipeline", data / "absent.yaml") == 2
    assert "bad.yaml" in capsys.readouterr().err


def test_bad_requests(data, capsys):
    assert run("augment", data / "absent", "--out", data / "out") == 2
    assert run("augment", data / "masks/more", "--out", data / "masks/more") == 2
    (data / "coco.json").write_text("[]")
    assert augmenting(data) == 2
    shutil.copy(data / "images/one.png", data / "images/One.jpg")
    assert run("augment", data / "images", "--out", data / "out") == 2
    said = capsys.readouterr().err
    for part in ("absent is not a folder", "can't be --out", "not a COCO file", "rename one of them"):
        assert part in said
    for bad in ("--copies=0", "--seed=-1", "--workers=x", "--unknown"):
        with pytest.raises(SystemExit) as stop:
            run("augment", data / "images", "--out", data / "out", bad)
        assert stop.value.code == 2


def test_own_output_is_no_input(data):
    assert run("augment", data / "images", "--out", data / "images/aug", "--workers", 1) == 0
    assert run("augment", data / "images", "--out", data / "images/aug", "--copies", 2, "--workers", 1) == 0
    assert len(content_of(data / "images/aug")) == 6


def test_files_keep_what_they_hold(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "masks").mkdir()
    rng = np.random.default_rng(0)
    kinds = {
        "gray.png": rng.integers(0, 256, (20, 30), np.uint8),
        "deep.png": rng.integers(0, 65536, (20, 30, 3), np.uint16),
        "clear.png": rng.integers(0, 256, (20, 30, 4), np.uint8),
        "float.tif": rng.random((20, 30, 3), np.float32),
    }
    for name, image in kinds.items():
        (tmp_path / "in" / name).write_bytes(files.encode(image, Path(name).suffix))
        labels = Image.fromarray(rng.integers(0, 3, (20, 30), np.uint8))
        labels.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])  # as Pascal VOC has its labels
        labels.save(tmp_path / "masks" / Path(name).with_suffix(".png"))
    flip = save(tmp_path / "flip.yaml", A.HorizontalFlip(p=1.0))
    out = tmp_path / "out"
    masks = ("--masks", tmp_path / "masks")
    assert run("augment", tmp_path / "in", "--out", out, "--pipeline", flip, *masks, "--workers", 1) == 0
    for name, image in kinds.items():
        stem, suffix = name.split(".")
        made = cv2.imread(str(out / f"images/{stem}_000.{suffix}"), cv2.IMREAD_UNCHANGED)
        if image.ndim == 3:
            made = made[..., [2, 1, 0, 3][: made.shape[2]]]
        assert made.dtype == image.dtype
        assert np.array_equal(made, image[:, ::-1])
        with Image.open(out / f"masks/{stem}_000.png") as mask, Image.open(tmp_path / f"masks/{stem}.png") as source:
            assert mask.mode == "P"
            assert mask.getpalette()[:9] == source.getpalette()[:9]
            assert np.array_equal(np.array(mask), np.array(source)[:, ::-1])


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int16", "int32", "float32", "float64"])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3)])
def test_a_mask_of_any_dtype_comes_back(tmp_path, dtype, shape):
    mask = (np.random.default_rng(0).random(shape) * 100).astype(dtype)
    path = tmp_path / f"mask{files.suffix_for(mask, '.png')}"
    files.write(path, files.encode(mask, path.suffix))
    back = files.read_mask(path)[0]
    assert back.dtype == mask.dtype
    assert np.array_equal(back, mask)


def test_floats_become_tiff(data):
    floats = save(data / "float.yaml", A.ToFloat(max_value=255, p=1.0))
    assert run("augment", data / "images", "--out", data / "out", "--pipeline", floats, "--workers", 1) == 0
    made = cv2.imread(str(data / "out/images/one_000.tiff"), cv2.IMREAD_UNCHANGED)
    assert made.dtype == np.float32
    assert np.allclose(made * 255, picture(0), atol=1e-3)


def test_a_photo_on_its_side_is_put_upright(tmp_path):
    (tmp_path / "in").mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    Image.fromarray(picture(0)).save(tmp_path / "in/a.jpg", exif=exif)
    still = save(tmp_path / "still.yaml", A.NoOp())
    assert run("augment", tmp_path / "in", "--out", tmp_path / "out", "--pipeline", still, "--workers", 1) == 0
    assert cv2.imread(str(tmp_path / "out/images/a_000.jpg")).shape == (64, 48, 3)


def turned(array, orientation):
    """As a camera stores what it has seen upright."""
    return {
        1: array, 2: array[:, ::-1], 3: array[::-1, ::-1], 4: array[::-1], 5: array.swapaxes(0, 1),
        6: np.rot90(array, 1), 7: array[::-1, ::-1].swapaxes(0, 1), 8: np.rot90(array, -1),
    }[orientation]  # fmt: skip


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "webp", "tiff", "jpg"])
def test_files_of_all_kinds_are_read_upright(tmp_path, suffix, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    shades = np.add.outer(np.arange(48) * 2, np.arange(64)).astype(np.uint8)
    colors = np.stack([shades, shades[::-1], shades[:, ::-1]], axis=2)
    alpha = np.dstack([colors, shades + 20])
    for number, image in enumerate((shades, colors, alpha)[: 2 if suffix in ("jpg", "tiff") else 3]):
        path = tmp_path / f"{number}.{suffix}"
        how = {"lossless": True} if suffix == "webp" else {"quality": 100, "subsampling": 0} if suffix == "jpg" else {}
        Image.fromarray(np.ascontiguousarray(turned(image, orientation))).save(path, exif=exif, **how)
        near = 3 if suffix == "jpg" else 0
        for found in (files.read_image(path), files.read_mask(path)[0]):
            expected = image if found.ndim == image.ndim else np.stack([image] * 3, axis=2)  # WebP has no gray
            assert found.shape == expected.shape
            assert np.abs(found.astype(int) - expected).max() <= near
            assert found.flags.c_contiguous


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff"])
@pytest.mark.parametrize("colors", [[0, 0, 0, 255, 0, 0, 0, 255, 0, 9, 9, 9], [10 * (i // 3) for i in range(768)]])
def test_labels_of_a_palette_are_read_exactly(tmp_path, suffix, orientation, colors):
    labels = np.zeros((48, 64), np.uint8)
    labels[10:30, 20:50] = 1
    labels[40:, :5] = 3
    orientation = orientation if suffix != "bmp" else 1  # which knows of none
    stored = Image.fromarray(np.ascontiguousarray(turned(labels, orientation)))
    stored.putpalette([c % 256 for c in colors])
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / f"labels.{suffix}", **({"exif": exif} if suffix != "bmp" else {}))
    found, palette = files.read_mask(tmp_path / f"labels.{suffix}")
    assert np.array_equal(found, labels)
    assert palette[:12] == [c % 256 for c in colors][:12]


def test_a_palette_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    labels = Image.fromarray(np.eye(16, dtype=np.uint8))
    labels.putpalette([0, 0, 0, 255, 0, 0])
    labels.save(tmp_path / "labels.bmp")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(files.BrokenImage, match=r"labels\.bmp has a palette"):
        files.read_mask(tmp_path / "labels.bmp")


def test_grays_of_bmp_and_broken_exif_are_read_as_they_are(tmp_path):
    shades = np.arange(48 * 64, dtype=np.uint32).reshape(48, 64).astype(np.uint8)
    Image.fromarray(shades).save(tmp_path / "gray.bmp")
    found, palette = files.read_mask(tmp_path / "gray.bmp")
    assert palette is None
    assert np.array_equal(found, shades)
    for exif in (b"Exif\0\0", b"Exif\0\0II*\0\xff\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12"):
        for suffix in ("png", "webp"):
            Image.fromarray(np.dstack([shades] * 3)).save(tmp_path / f"a.{suffix}", exif=exif, lossless=True)
            assert np.array_equal(files.read_image(tmp_path / f"a.{suffix}")[:, :, 0], shades)


@pytest.mark.parametrize(("more", "said"), [((), "goes on from here"), (("--overwrite",), "starts over")])
def test_what_is_said_after_an_interruption_is_true(data, monkeypatch, capsys, more, said):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(augment, "augment", stop)
    assert augmenting(data, "out", *more) == 130
    assert f"the same command {said}" in capsys.readouterr().err


def test_preview(data, capsys):
    given = ("--mask", data / "masks/more/three.png", "--coco", data / "coco.json", "-n", 3)
    arguments = ("preview", data / "images/more/three.png", *given, "--out", data / "sheet.png")
    assert run(*arguments) == 0
    page = cv2.imread(str(data / "sheet.png"))
    assert page.shape[0] > 2 * 216
    assert page.shape[1] > 2 * 288
    assert run(*arguments) == 2
    assert "is there already" in capsys.readouterr().err
    assert run(*arguments, "--overwrite") == 0
    assert run("preview", "-n", 1, "--out", data / "photo.png") == 0
    assert run("preview", data / "absent.png", "--out", data / "x.png") == 2
    assert run("preview", "--out", data / "x.txt") == 2
    crop = save(data / "crop.yaml", A.RandomCrop(500, 500, p=1.0))
    assert run("preview", data / "images/one.png", "--pipeline", crop, "--out", data / "x.png") == 2
    assert "one.png: " in capsys.readouterr().err


def test_preview_shows_what_augment_makes(data, monkeypatch):
    shown = []
    monkeypatch.setattr("albumentations.cli.preview.sheet", lambda pictures: shown.extend(pictures) or picture(0))
    assert augmenting(data, "out", "--copies", 3, "--seed", 4) == 0
    given = ("--mask", data / "masks/one.png", "--coco", data / "coco.json", "--seed", 4, "-n", 3)
    assert run("preview", data / "images/one.png", *given, "--out", data / "sheet.png") == 0
    for copy in range(3):
        made = cv2.imread(str(data / f"out/images/one_{copy:03d}.png"))[..., ::-1]
        assert np.array_equal(made, shown[1 + copy].image)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((9, 7), np.uint8),
        np.zeros((9, 7, 1), bool),
        np.full((9, 7, 4), 65535, np.uint16),
        np.linspace(-2, 2, 9 * 7 * 5, dtype=np.float32).reshape(9, 7, 5),
    ],
)
def test_a_sheet_shows_any_image(image):
    shown = sheet.visible(image)
    assert (shown.shape, shown.dtype) == ((9, 7, 3), np.uint8)
    page = sheet.sheet([sheet.Picture("x", image, None, [[0, 0, 5, 5]], [(1, "thing")], [[1, 1]])] * 2)
    assert page.ndim == 3


def test_demo(tmp_path, capsys):
    out = tmp_path / "demo"
    assert run("demo", "--out", out, "--copies", 2, "--workers", 1) == 0
    photos = len(demo._photos())
    assert len(list((out / "augmented/images").glob("*.jpg"))) == 2 * photos
    assert len(list((out / "augmented/masks").glob("*.png"))) == 2 * photos
    assert len(list(out.glob("preview-*.png"))) == photos
    coco = json.loads((out / "augmented/annotations.json").read_text())
    assert {entry["category_id"] for entry in coco["annotations"]} == {1, 2, 3, 4, 5, 6}
    # Each box still encloses a part of the mask of its category.
    for entry in coco["images"]:
        mask = cv2.imread(str(out / "augmented/masks" / Path(entry["file_name"]).with_suffix(".png")), 0)
        for found in coco["annotations"]:
            if found["image_id"] == entry["id"]:
                x, y, width, height = (round(value) for value in found["bbox"])
                assert (mask[y : y + height, x : x + width] == found["category_id"]).any()
    said = capsys.readouterr().out
    assert f"{2 * photos} augmented copies" in said
    assert run("demo", "--out", out, "--copies", 2, "--workers", 1) == 0  # nothing to do


def test_without_tqdm(data, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr("albumentations.cli.progress._SECONDS", 0.0)
    assert augmenting(data, "out", "--copies", 2) == 0
    assert "6 of 6 copies" in capsys.readouterr().err


def test_version_and_help(capsys):
    for arguments in (["--version"], ["--help"], ["augment", "--help"]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 0
    assert A.__version__ in capsys.readouterr().out
    done = subprocess.run(
        [sys.executable, "-m", "albumentations", "--version"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"albumentations {A.__version__}\n"


class Bomb:
    """Ends the process that unpickles it, as a lack of memory would."""

    def __reduce__(self):
        return os._exit, (1,)


def test_a_dead_worker_is_reported(data):
    spec = pipeline.spec_for(None, False, None)
    setup = worker.Setup(spec, 0, data / "images", data / "out", None, False)
    with pytest.raises(files.UsageError, match="worker process died"):
        list(augment._outcomes(setup, [worker.Job(Bomb())], 2))
