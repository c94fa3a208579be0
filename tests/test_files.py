"""Pipelines in files: reading runs and imports nothing, what is wrong says where, writing spoils nothing."""

import enum
import inspect
import io
import json
import os
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from common import classes, picture, same
from hypothesis import given, settings
from hypothesis import strategies as st

import albumentations as A
from albumentations.cli import main as cli
from albumentations.core import serialization
from albumentations.core.serialization import jsonable

IMAGE = picture("uint8", 3, 20, 30)


def document(*nodes: Any, **settings: Any) -> dict[str, Any]:
    """A saved Compose."""
    return {"transform": {"__class_fullname__": "Compose", "transforms": list(nodes), **settings}}


def node(name: Any, **arguments: Any) -> dict[str, Any]:
    """A saved transform."""
    return {"__class_fullname__": name, **arguments}


FLIP = node("HorizontalFlip", p=1)


def record(*nodes: Any) -> dict[str, Any]:
    """A replay record in which everything was applied."""
    return {
        **node("ReplayCompose", params=None, applied=True),
        "transforms": [{**n, "params": {}, "applied": True} for n in nodes],
    }


def through_file(path: Path, content: Any) -> Any:
    """Read a document from a file in the format of its ending."""
    path.write_text(json.dumps(content) if path.suffix == ".json" else yaml.safe_dump(content))
    return A.load(path)


# ---- whole pipelines


def test_a_whole_pipeline_is_written_and_read(tmp_path: Path) -> None:
    pipeline = A.Compose(
        [A.OneOf([A.Rotate(10), A.RandomGamma()], p=0.3), A.SomeOf([A.HorizontalFlip(), A.Blur()], n=1, replace=False)],
        bbox_params=A.BboxParams("coco", label_fields=["labels"], min_area=3),
        keypoint_params={"format": "xy"},
        additional_targets={"image2": "image"},
        p=0.9,
        seed=11,
    )
    for name in ("pipeline.json", "pipeline.yaml"):
        A.save(pipeline, tmp_path / name)
        read = A.load(str(tmp_path / name))
        assert A.to_dict(read) == A.to_dict(pipeline)
        assert same(read(image=IMAGE), pipeline(image=IMAGE))
        pipeline.set_random_seed(11)
    with pytest.raises(ValueError, match="data_format"):
        A.save(pipeline, tmp_path / "x", data_format="xml")


def test_lambda_is_saved_by_name() -> None:
    shift = A.Lambda(image=lambda img, **kwargs: img + 1, name="shift", p=1)
    pipeline = A.Compose([shift])
    saved = json.loads(json.dumps(A.to_dict(pipeline)))
    for spelling in ("nonserializable", "lambda_transforms"):
        read = A.from_dict(saved, **{spelling: {"shift": shift}})
        assert np.array_equal(read(image=IMAGE)["image"], IMAGE + 1)
    with pytest.raises(ValueError, match=r"transforms\[0\].*'shift'.*nonserializable"):
        A.from_dict(saved)
    with pytest.raises(TypeError, match=r"nonserializable\['shift'\] must be a transform, not function"):
        A.from_dict(saved, nonserializable={"shift": lambda img: img})
    with pytest.raises(TypeError, match="nonserializable must be a dict"):
        A.from_dict(saved, nonserializable=[shift])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"transforms\[0\] \(system\)"):
        A.from_dict(document(node("os.system", __name__="shift")), nonserializable={"shift": shift})


def test_a_lambda_of_the_first_releases() -> None:
    shift = A.Lambda(name="shift")
    saved = {"transform": {"__type__": "Lambda", "__name__": "shift"}}
    assert A.from_dict(saved, lambda_transforms={"shift": shift}) is shift


SAVED = sorted((Path(__file__).parent / "data" / "saved").glob("*.json"))


@pytest.mark.parametrize("path", SAVED, ids=lambda p: p.stem)
def test_pipelines_saved_by_older_releases_load_and_run(path: Path) -> None:
    pipeline = A.load(path)
    assert [type(t).__name__ for t in pipeline][:3] == ["RandomCrop", "HorizontalFlip", "OneOf"]
    image = picture("uint8", 3, 60, 70)
    out = pipeline(image=image, bboxes=[(5, 5, 40, 40)], labels=[1], keypoints=[(30, 30)])
    assert out["image"].shape == (48, 48, 3)
    assert out["image"].dtype == np.float32


def test_the_saved_pipelines_are_there() -> None:
    assert len(SAVED) == 6


# ---- reading imports nothing

TRAP = """
from pathlib import Path
import albumentations as A

Path(__file__).with_name("it-ran").touch()

class Innocent(A.ImageOnlyTransform):
    pass
"""


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the import path with a module that leaves a trace when it is imported."""
    (tmp_path / "trap_module.py").write_text(TRAP)
    package = tmp_path / "trap_package"
    package.mkdir()
    (package / "__init__.py").write_text(TRAP)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("trap_module", "trap_package"):
        sys.modules.pop(name, None)


NAMES = ["trap_module.Innocent", "trap_module.missing", "trap_package.trap_package.Innocent", "trap_module", "this.s"]


@pytest.mark.parametrize("name", NAMES)
def test_reading_imports_nothing(trap: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    content = document(FLIP, node("OneOf", transforms=[node(name, p=1)]))
    place = r"transform\.transforms\[1\]\.transforms\[0\]"
    for suffix in (".json", ".yaml"):
        with pytest.raises(ValueError, match=place):
            through_file(trap / f"file{suffix}", content)
    with pytest.raises(ValueError, match=place):
        A.from_dict(content)
    with pytest.raises(ValueError, match=r"transforms\[0\]"):
        A.ReplayCompose.replay(record(node(name)), image=IMAGE)
    (trap / "images").mkdir()
    arguments = ["augment", trap / "images", "--out", trap / "out", "--pipeline", trap / "file.yaml"]
    assert cli.main([str(a) for a in arguments]) == 2
    assert "transform 2.1" in capsys.readouterr().err
    assert not list(trap.rglob("it-ran"))
    assert not {"trap_module", "trap_package", "this"} & set(sys.modules)


def test_what_is_defined_is_found_and_a_module_must_be_imported_first(trap: Path) -> None:
    saved = {"transform": node("trap_module.Innocent", p=0.25)}
    with pytest.raises(ValueError, match="import it first"):
        A.from_dict(saved)
    import trap_module  # type: ignore[import-not-found]

    assert (trap / "it-ran").exists()
    assert type(A.from_dict(saved)) is trap_module.Innocent
    assert A.from_dict(saved).p == 0.25


def test_a_script_reads_what_it_saved(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, albumentations as A\n"
        "class Mine(A.ImageOnlyTransform):\n"
        "    def apply(self, img, **params): return 255 - img\n"
        "if sys.argv[1] == 'save': A.save(A.Compose([Mine(p=1)]), sys.argv[2])\n"
        "else: assert type(A.load(sys.argv[2])[0]) is Mine\n"
    )
    path = {**os.environ, "PYTHONPATH": str(Path(A.__file__).parents[1])}
    for what in ("save", "load"):
        subprocess.run([sys.executable, str(script), what, str(tmp_path / "p.json")], check=True, env=path)
    assert '"__main__.Mine"' in (tmp_path / "p.json").read_text()


def defined(name: str, module: str, base: Any = A.ImageOnlyTransform, **members: Any) -> Any:
    """A class as a user's module defines it."""
    return type(name, (base,), {"__module__": module, "__qualname__": name, "__doc__": name, **members})


@pytest.fixture(autouse=True)
def registry_as_before() -> Iterator[None]:
    """Classes that a test defines are forgotten after it."""
    kept = dict(serialization.REGISTRY)
    yield
    serialization.REGISTRY.clear()
    serialization.REGISTRY.update(kept)


def test_the_latest_definition_counts() -> None:
    defined("Mine", "notebook")
    second = defined("Mine", "notebook")
    assert type(A.from_dict({"transform": node("notebook.Mine")})) is second


def test_namesakes_do_not_shadow_each_other() -> None:
    mine = defined("Blur", "__main__")
    child = defined("Blur", "project.blurs", A.Blur)
    expected = {
        "Blur": A.Blur,
        "albumentations.augmentations.transforms.Blur": A.Blur,
        "albumentations.augmentations.blur.transforms.Blur": A.Blur,
        "__main__.Blur": mine,
        "project.blurs.Blur": child,
    }
    for name, cls in expected.items():
        assert type(A.from_dict({"transform": node(name)})) is cls
    for cls in (A.Blur, mine, child):
        assert type(A.from_dict(A.to_dict(cls()))) is cls
    for name in ("other.Blur", "albumentationsx.Blur", "transforms.Blur", "main.Blur"):
        with pytest.raises(ValueError, match=r"did you mean '.*Blur'"):
            A.from_dict({"transform": node(name)})


def test_users_class_is_not_reached_by_its_short_name() -> None:
    defined("Peculiar", "project")
    for name in ("Peculiar", "albumentations.Peculiar", "other.Peculiar"):
        with pytest.raises(ValueError, match=r"did you mean 'project\.Peculiar'"):
            A.from_dict({"transform": node(name)})


def test_nested_classes_under_both_names() -> None:
    nested = type("In", (A.ImageOnlyTransform,), {"__module__": "project", "__qualname__": "Out.In"})
    for name in ("project.Out.In", "project.In"):  # older releases wrote the second
        assert type(A.from_dict({"transform": node(name)})) is nested
    type("In", (A.ImageOnlyTransform,), {"__module__": "project", "__qualname__": "Other.In"})
    with pytest.raises(ValueError, match=r"project\.Out\.In, project\.Other\.In"):
        A.from_dict({"transform": node("project.In")})
    assert type(A.from_dict({"transform": node("project.Out.In")})) is nested


BASES = ["DualTransform", "ImageOnlyTransform", "BasicTransform", "BaseCompose", "albumentations.core.run.Node"]


def test_bases_and_other_classes_are_refused() -> None:
    type("Note", (serialization.Serializable,), {"__module__": "project", "__qualname__": "Note"})
    for name in [*BASES, "project.Note"]:
        with pytest.raises(ValueError, match=r"\(\w+\): '.*' is no transform or container, but a base"):
            A.from_dict(document(node(name)))
    for name in ("BboxParams", "albumentations.BboxParams", "albumentations.core.serialization.Serializable", "dict"):
        with pytest.raises(ValueError, match="is no transform or container that is defined"):
            A.from_dict(document(node(name)))


@pytest.mark.parametrize("value", [None, 3, "A.NoOp()", {}, [], {"__class_fullname__": "NoOp"}, A.NoOp, len])
def test_a_live_transform_is_no_part_of_a_file(value: Any) -> None:
    smuggled = node("Lambda", __name__=None, __instance__=value)
    for build in (
        lambda: A.from_dict({"transform": smuggled}),
        lambda: A.from_dict(document(smuggled)),
        lambda: A.ReplayCompose.replay(record(smuggled), image=IMAGE),
    ):
        with pytest.raises(TypeError, match="__instance__"):
            build()


def test_a_record_replays_live_transforms() -> None:
    shift = A.Lambda(image=lambda img, **kwargs: img + 1, p=1)
    out = A.ReplayCompose([shift, A.HorizontalFlip(p=1)])(image=IMAGE)
    again = A.ReplayCompose.replay(out["replay"], image=IMAGE)
    assert np.array_equal(again["image"], (IMAGE + 1)[:, ::-1])


def test_arguments_named_as_a_records_marks_are_kept() -> None:
    def init(self: Any, events: int = 0, params: int = 0, p: float = 0.5) -> None:
        A.ImageOnlyTransform.__init__(self, p=p)
        self.events, self.params = events, params

    defined("Marked", "project", A.BasicTransform, __init__=init, get_transform_init_args_names=lambda s: ("events",))
    assert A.from_dict({"transform": node("project.Marked", events=3)}).events == 3


def test_a_users_transform_may_have_transforms_of_another_kind() -> None:
    def init(self: Any, transforms: Any, p: float = 0.5) -> None:
        A.ImageOnlyTransform.__init__(self, p=p)
        self.transforms = transforms

    defined("Named", "project", __init__=init)
    assert A.from_dict({"transform": node("project.Named", transforms=["a", 3])}).transforms == ["a", 3]


# ---- what is wrong says where

WRONG: list[tuple[Any, Any, str]] = [
    ([1], TypeError, r"must be a dict, not list"),
    (None, TypeError, r"must be a dict, not NoneType"),
    ({"a": 1}, ValueError, r"key 'transform', got \['a'\]"),
    ({1: 2, "a": 3}, ValueError, r"'transform'"),
    ({"transform": 3}, TypeError, r"^transform: .* not int"),
    ({"transform": {}}, ValueError, r"^transform: .*__class_fullname__"),
    ({"transform": {"__type__": "Lambda"}}, ValueError, r"^transform: .*__class_fullname__"),
    (document(FLIP, "HorizontalFlip"), TypeError, r"^transform\.transforms\[1\]: .* dict, not str"),
    (document(FLIP, {"HorizontalFlip": {"p": 1}}), ValueError, r"^transform\.transforms\[1\]: .*__class_fullname__"),
    (document(FLIP, node(7)), TypeError, r"^transform\.transforms\[1\]: __class_fullname__ must be a string, not int"),
    (document(node(["Blur"])), TypeError, r"^transform\.transforms\[0\]: .* string, not list"),
    (document(node("HorizonalFlip")), ValueError, r"\[0\] \(HorizonalFlip\): .*did you mean 'HorizontalFlip'"),
    (document(node("mine.HorizonalFlip")), ValueError, r"did you mean 'HorizontalFlip'.*import it first"),
    (document(node("")), ValueError, r"transforms\[0\]"),
    (document(node(".")), ValueError, r"transforms\[0\]"),
    (document(node("albumentations.")), ValueError, r"transforms\[0\]"),
    ({"transform": node("Compose", transforms=None)}, TypeError, r"^transform \(Compose\): transforms .* not NoneType"),
    ({"transform": node("Compose", transforms="abc")}, TypeError, r"^transform \(Compose\): .* not str"),
    ({"transform": node("Compose", transforms=FLIP)}, TypeError, r"^transform \(Compose\): .* not dict"),
    ({"transform": node("Compose")}, TypeError, r"^transform \(Compose\): .*transforms"),
    (
        document(FLIP, node("OneOf", transforms=[FLIP, None])),
        TypeError,
        r"^transform\.transforms\[1\]\.transforms\[1\]: ",
    ),
    (document(node("Blur", limit=3)), TypeError, r"^transform\.transforms\[0\] \(Blur\): Blur: .*'limit'"),
    (document(node("Blur", p=3)), ValueError, r"^transform\.transforms\[0\] \(Blur\): .*p=3"),
    (document(node("SomeOf", transforms=[], count=3)), TypeError, r"\[0\] \(SomeOf\): .*'count'"),
    (document(node("OneOf", transforms=[], p=[])), TypeError, r"\[0\] \(OneOf\): "),
    (document({**FLIP, 3: 4}), TypeError, r"\[0\] \(HorizontalFlip\): names .* strings, not 3"),
    (document(p="x"), TypeError, r"^transform \(Compose\): .*p='x'"),
    (document(bbox_params=3), TypeError, r"^transform \(Compose\): .*bbox_params"),
    (document(bbox_params={"form": "coco"}), TypeError, r"^transform \(Compose\): .*form"),
    (document(node("Lambda", __name__=["x"])), ValueError, r"\[0\] \(Lambda\): "),
    (document(node("OneOrOther", first=FLIP, second=FLIP)), TypeError, r"\[0\] \(OneOrOther\): "),
]


@pytest.mark.parametrize(("content", "error", "words"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_says_where(content: Any, error: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        A.from_dict(content)
    assert caught.type is error


@pytest.mark.parametrize("error", [AttributeError("x"), KeyError("x"), IndexError("x"), ZeroDivisionError("x")])
def test_constructors_that_stumble_over_a_value_say_where(error: Exception) -> None:
    def init(self: Any, **arguments: Any) -> None:
        raise error

    defined("Stumbling", "project", __init__=init)
    with pytest.raises(ValueError, match=rf"^transform\.transforms\[0\] \(Stumbling\): .*{type(error).__name__}"):
        A.from_dict(document(node("project.Stumbling", value=3)))


def test_what_is_not_the_files_fault_is_passed_on() -> None:
    def init(self: Any, **arguments: Any) -> None:
        raise ImportError("no such package")

    defined("Needy", "project", __init__=init)
    with pytest.raises(ImportError, match="no such package"):
        A.from_dict(document(node("project.Needy")))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
CONTAINERS: list[Any] = [
    *(A.Compose, A.ReplayCompose, A.OneOf, A.SomeOf, A.OneOrOther, A.RandomOrder, A.Sequential),
    A.SelectiveChannelTransform,
]
KNOWN = [cls for cls in (*CONTAINERS, *classes()) if not getattr(cls, "needs_modules", ())]


def arguments_of(cls: Any) -> Any:
    """Saved nodes of a class: some of its arguments, with any values."""
    names = [n for n in inspect.signature(cls).parameters if n not in ("transforms", "settings")]
    given = st.dictionaries(st.sampled_from(names), VALUES, max_size=2)
    return given.map(lambda values: {"__class_fullname__": cls.__name__, **values})


def nodes_around(inner: Any) -> Any:
    """Saved nodes that are mostly right, with any values in them."""
    children = st.lists(inner, max_size=3).map(lambda nodes: {"transforms": nodes})
    marks = st.sampled_from(("params", "applied", "__name__", "__instance__", "__type__", "__class_fullname__", "q"))
    right = st.sampled_from(KNOWN).flatmap(
        lambda cls: st.tuples(arguments_of(cls), children if cls in CONTAINERS else st.just({}))
    )
    wrong = st.tuples(right.map(lambda two: {**two[0], **two[1]}), st.dictionaries(marks, VALUES, max_size=2))
    return st.one_of(right, right, wrong).map(lambda two: {**two[0], **two[1]})


@given(st.recursive(nodes_around(VALUES), nodes_around, max_leaves=4) | VALUES)
@settings(max_examples=300)
def test_no_file_is_met_by_another_error(content: Any) -> None:
    try:
        built = A.from_dict({"transform": content})
    except (TypeError, ValueError) as error:
        assert str(error)
    else:
        assert callable(built)


def test_files_that_cannot_be_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts = {
        "brackets.json": "[" * 100_000,
        "open.json": '{"transform": {',
        "empty.json": "",
        "flow.yaml": "[" * 5_000,
        "open.yaml": "transform: [",
        "object.yaml": "transform: !!python/object/apply:os.system ['touch it-ran']",
        "name.yaml": "transform: !!python/name:os.system ''",
        "bool.yaml": "transform: !!bool maybe",
        "int.yaml": "transform: !!int ''",
        "date.yaml": "transform: !!timestamp x",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(ValueError, match=f"{name} cannot be read as"):
            A.load(tmp_path / name)
        with pytest.raises(ValueError, match="the file cannot be read as"):
            A.load(io.StringIO(text), data_format=name.rsplit(".", 1)[1])
    assert not Path("it-ran").exists()
    (tmp_path / "latin.json").write_bytes(b'"\xe9"')
    with pytest.raises(ValueError, match=r"latin\.json"):
        A.load(tmp_path / "latin.json")
    with pytest.raises(FileNotFoundError):
        A.load(tmp_path / "absent.json")


def test_nesting_has_an_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner: Any = FLIP
    for _ in range(60):
        inner = node("Sequential", transforms=[inner], p=1)
    assert np.array_equal(A.from_dict({"transform": inner})(image=IMAGE)["image"], IMAGE[:, ::-1])
    for _ in range(60):
        inner = node("Sequential", transforms=[inner], p=1)
    with pytest.raises(ValueError, match=r"(\.transforms\[0\]){100}.* nested more than 100 deep"):
        A.from_dict({"transform": inner})
    value: Any = 3
    for _ in range(3000):
        value = [value]
    with pytest.raises((TypeError, ValueError), match=r"transforms\[0\] \(Blur\)"):
        A.from_dict(document(node("Blur", blur_limit=value)))
    circle = tmp_path / "circle.yaml"
    circle.write_text("transform: &a\n  __class_fullname__: Sequential\n  transforms: [*a]\n")
    with pytest.raises(ValueError, match="nested more than"):
        A.load(circle)
    (tmp_path / "images").mkdir()
    arguments = ["augment", tmp_path / "images", "--out", tmp_path / "out", "--pipeline"]
    for name, text in (("circle.yaml", None), ("deep.json", "[" * 100_000), ("deep.yaml", "[" * 5_000)):
        if text is not None:
            (tmp_path / name).write_text(text)
        assert cli.main([str(a) for a in (*arguments, tmp_path / name)]) == 2
        assert name in capsys.readouterr().err


# ---- writing


class Holder(A.ImageOnlyTransform):
    """Keeps any value."""

    def __init__(self, value: Any, p: float = 0.5) -> None:
        super().__init__(p=p)
        self.value = value

    def get_transform_init_args_names(self) -> tuple[str, ...]:
        return ("value",)


class Level(enum.IntEnum):
    """A number with a name."""

    HIGH = 3


class Color(str, enum.Enum):
    """A string with a name."""

    RED = "red"


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_values_come_back(tmp_path: Path, suffix: str) -> None:
    given = {
        "numbers": (1, 2.5, np.float32(0.5), np.int64(2**60), np.bool_(True), True, None),
        "array": np.arange(6, dtype=np.uint8).reshape(2, 3),
        "names": [Level.HIGH, Color.RED, np.str_("a"), "ü\n: #", "1", "null", "1e3", "yes"],
        "tiny": [1e-300, 0.1 + 0.2, -0.0],
    }
    expected = {
        "numbers": [1, 2.5, 0.5, 2**60, True, True, None],
        "array": [[0, 1, 2], [3, 4, 5]],
        "names": [3, "red", "a", "ü\n: #", "1", "null", "1e3", "yes"],
        "tiny": [1e-300, 0.1 + 0.2, -0.0],
    }
    A.save(A.Compose([Holder(given)]), tmp_path / f"file{suffix}")
    read = A.load(tmp_path / f"file{suffix}")[0].value
    assert same(read, expected)


BAD: list[tuple[Any, Any, str]] = [
    (float("nan"), ValueError, r"value = nan"),
    ([1, (2, float("inf"))], ValueError, r"value\[1\]\[1\] = inf"),
    (np.array([1, -np.inf]), ValueError, r"value\[1\] = -inf"),
    ({"a": {"b": b"x"}}, TypeError, r"value\.a\.b = b'x'.*bytes"),
    (object, TypeError, r"value = <class 'object'>"),
    ({1, 2}, TypeError, r"value = \{1, 2\}.*set"),
    (1j, TypeError, r"value = 1j.*complex"),
    ({3: 4}, TypeError, r"value: the key 3 "),
    (np.array([object()]), TypeError, r"value\[0\] = <object"),
]


@pytest.mark.parametrize(("value", "error", "words"), BAD, ids=[w for _, _, w in BAD])
def test_what_json_cannot_hold_is_refused_by_name(tmp_path: Path, value: Any, error: Any, words: str) -> None:
    pipeline = A.Compose([A.NoOp(), Holder(value)])
    path = tmp_path / "file.json"
    A.save(A.NoOp(), path)
    before = path.read_bytes()
    buffer = io.StringIO()
    for target in (path, buffer, tmp_path / "new.json"):
        with pytest.raises(error, match=r"transform\.transforms\[1\]\." + words):
            A.save(pipeline, target)
    assert buffer.getvalue() == ""
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["file.json"]


def test_yaml_holds_what_it_gives_back(tmp_path: Path) -> None:
    value = {"a": float("inf"), 3: b"x", None: -float("inf")}
    A.save(Holder(value), tmp_path / "file.yaml")
    assert same(A.load(tmp_path / "file.yaml").value, value)
    with pytest.raises(TypeError, match=r"transform\.value\[0\]"):
        A.save(Holder([object()]), tmp_path / "file.yaml")
    assert same(A.load(tmp_path / "file.yaml").value, value)


def test_values_without_end_are_refused(tmp_path: Path) -> None:
    value: list[Any] = []
    value.append(value)
    for name in ("file.json", "file.yaml"):
        with pytest.raises(ValueError, match="holds itself"):
            A.save(Holder(value), tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_jsonable_gives_the_same_again() -> None:
    value = {"a": [1, "b", None, 2.5, {"c": True}]}
    assert same(jsonable(value), value)
    assert same(jsonable((1, (2,))), [1, [2]])


# ---- writing beside and renaming

OLD = A.Compose([A.VerticalFlip(p=0.25)])
NEW = A.Compose([A.HorizontalFlip(p=0.75)])


def saved_in(path: Path) -> str:
    """The name of the first transform in a file, and that nothing else is in its folder."""
    assert [p for p in os.listdir(path.parent) if p.endswith(".part")] == []
    return type(A.load(path)[0]).__name__


class Full(Exception):
    """A disk that is full."""


def failing(*args: Any, **kwargs: Any) -> Any:
    raise Full


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("what", ["fsync", "replace", "chmod", "write"])
def test_a_failed_save_spoils_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, there: bool) -> None:
    path = tmp_path / "file.json"
    if there:
        A.save(OLD, path)
    with monkeypatch.context() as patch:
        if what == "write":

            class Half(io.StringIO):
                """Breaks in the middle."""

                def write(self, text: str) -> int:
                    super().write(text[: len(text) // 2])
                    raise Full

            def opened(file: Any, mode: str = "r", **kwargs: Any) -> Any:
                Path(file).write_text("half", encoding="utf-8")
                return Half()

            patch.setattr(serialization, "open", opened, raising=False)
        else:
            patch.setattr(os, what, failing)
        if what == "chmod" and not there:
            A.save(NEW, path)
            assert saved_in(path) == "HorizontalFlip"
            return
        with pytest.raises(Full):
            A.save(NEW, path)
    assert os.listdir(tmp_path) == (["file.json"] if there else [])
    if there:
        assert saved_in(path) == "VerticalFlip"
    A.save(NEW, path)
    assert saved_in(path) == "HorizontalFlip"


def test_a_transform_that_cannot_be_saved_spoils_no_file(tmp_path: Path) -> None:
    nameless = A.Compose([A.Lambda(image=lambda img, **kwargs: img)])
    for name in ("file.json", "file.yaml"):
        A.save(OLD, tmp_path / name)
        with pytest.raises(NotImplementedError):
            A.save(nameless, tmp_path / name)
        assert saved_in(tmp_path / name) == "VerticalFlip"


def test_the_folder_sees_the_old_file_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.json"
    A.save(OLD, path)
    seen = []
    replace = os.replace

    def watched(source: Any, target: Any) -> None:
        assert Path(source).parent == tmp_path  # a rename within one file system is all or nothing
        seen.append((saved_name(path), saved_name(Path(source))))
        replace(source, target)

    def saved_name(file: Path) -> str:
        return str(json.loads(file.read_text())["transform"]["transforms"][0]["__class_fullname__"])

    monkeypatch.setattr(os, "replace", watched)
    A.save(NEW, path)
    assert seen == [("VerticalFlip", "HorizontalFlip")]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_permissions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    before = os.umask(0o027)
    try:
        A.save(OLD, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640  # as open() makes it
        for mode in (0o600, 0o664, 0o755):
            path.chmod(mode)
            A.save(NEW, path)
            assert stat.S_IMODE(path.stat().st_mode) == mode
    finally:
        os.umask(before)
    assert saved_in(path) == "HorizontalFlip"


def test_a_protected_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.json"
    A.save(OLD, path)
    monkeypatch.setattr(os, "access", lambda file, mode: False)  # the superuser may write everywhere
    with pytest.raises(PermissionError, match=r"file\.json"):
        A.save(NEW, path)
    assert saved_in(path) == "VerticalFlip"


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_links_are_written_through_and_pipes_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    for name in ("there", "dangling"):
        real, link, second = tmp_path / "real" / f"{name}.json", tmp_path / f"{name}.json", tmp_path / f"{name}2.json"
        if name == "there":
            A.save(OLD, real)
        link.symlink_to(Path("real") / f"{name}.json")
        second.symlink_to(link.name)
        A.save(NEW, second)
        assert link.is_symlink()
        assert second.is_symlink()
        assert saved_in(real) == "HorizontalFlip"
    # A pipe of the test's own: a save that is wrong must not reach a device of the machine.
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    with open(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8") as reader:
        A.save(NEW, pipe)
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert json.loads(reader.read()) == A.to_dict(NEW)
    with pytest.raises(OSError, match="directory"):
        A.save(NEW, tmp_path / "real")
    with pytest.raises(FileNotFoundError):
        A.save(NEW, tmp_path / "absent" / "file.json")


def test_a_file_of_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    longest = "n" * 250 + ".yaml"
    A.save(NEW, longest)
    assert os.listdir(tmp_path) == [longest]
    assert "__class_fullname__: HorizontalFlip" in (tmp_path / longest).read_text()


def test_buffers_are_written_and_read() -> None:
    for data_format in (None, "json", "yaml"):
        buffer = io.StringIO()
        A.save(NEW, buffer, data_format=data_format)
        buffer.seek(0)
        assert A.to_dict(A.load(buffer, data_format=data_format)) == A.to_dict(NEW)


# ---- the package's names


def test_an_unknown_name_of_the_package() -> None:
    with pytest.raises(
        AttributeError, match=r"^module 'albumentations' has no attribute 'HorizonalFlip'; .*'HorizontalFlip'"
    ):
        _ = A.HorizonalFlip  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"^module 'albumentations' has no attribute 'zzzzzzzz'$"):
        _ = A.zzzzzzzz  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"^module 'albumentations' has no attribute '__wrapped__'$"):
        _ = A.__wrapped__  # type: ignore[attr-defined]
    assert not hasattr(A, "x")
    assert getattr(A, "Blurr", None) is None
    with pytest.raises(ImportError, match="HorizonalFlip"):
        from albumentations import HorizonalFlip  # type: ignore[attr-defined] # noqa: F401
    with pytest.raises(ModuleNotFoundError):
        import albumentations.transfroms  # type: ignore[import-not-found] # noqa: F401
    names: dict[str, Any] = {}
    exec("from albumentations import *", names)
    assert names["Blur"] is A.Blur
    assert set(A.__all__) <= set(names)


def test_submodules_and_difflib_are_loaded_when_needed() -> None:
    code = """
import sys, albumentations as A
assert "difflib" not in sys.modules
assert not hasattr(A, "__wrapped__") and "difflib" not in sys.modules
assert not hasattr(A, "cli")
import albumentations.cli.main
assert A.cli is sys.modules["albumentations.cli"]
from albumentations import functional, transforms, core
from albumentations.core import params
assert not hasattr(A, "Blurr") and "difflib" in sys.modules
"""
    path = {**os.environ, "PYTHONPATH": str(Path(A.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", code], check=True, env=path)


def test_the_seed_of_a_pipeline_travels(tmp_path: Path) -> None:
    random.seed(3)
    pipeline = A.Compose([A.Rotate(p=1)], seed=5)
    A.save(pipeline, tmp_path / "file.json")
    assert same(A.load(tmp_path / "file.json")(image=IMAGE), pipeline(image=IMAGE))


@pytest.mark.parametrize(
    ("events", "error", "words"),
    [
        ([[99, []]], ValueError, r"events\[0\] names transform 99 of 1"),
        ([[-1, [{}]]], ValueError, "names transform -1"),
        ([["0", [{}]]], ValueError, "names transform '0'"),
        ([[0, [7]]], TypeError, r"events\[0\]\[0\] must be the numbers that Transpose drew"),
        ([7], TypeError, "must be \\(index of a transform"),
        ("x", TypeError, "events must be a list, not str"),
    ],
)
def test_events_of_a_record_are_checked(events: Any, error: Any, words: str) -> None:
    image = np.zeros((4, 5, 3), np.uint8)
    record = A.ReplayCompose([A.Transpose(p=1)])(image=image)["replay"]
    with pytest.raises(error, match=words):
        A.ReplayCompose.replay({**record, "events": events}, image=image)
    assert A.ReplayCompose.replay(record, image=image)["image"].shape == (5, 4, 3)
