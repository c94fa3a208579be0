"""Names and import paths of 0.4 - 2.0.8: modules, classes and functions that programs import and call."""

import gc
import importlib
import importlib.util
import inspect
import json
import pickle
import pkgutil
import pydoc
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import albumentations as A
from albumentations.core import older_rows
from albumentations.core.paths import ABSENT, PATHS
from albumentations.core.serialization import REGISTRY, is_library

DATA = Path(__file__).parent / "data"
# module -> name -> "class", or the arguments that the name had, a text for each change of them
MODULES: dict[str, dict[str, Any]] = json.loads((DATA / "modules.json").read_text(encoding="utf-8"))
# release, call, and what it returned there; images are of `names`, to within a level of 255
CALLS = json.loads((DATA / "older_calls.json").read_text(encoding="utf-8"))
GONE = {name for names in ABSENT.values() for name in names.split()}
FUNCTIONS = sorted({(m, n) for m, names in MODULES.items() for n, how in names.items() if how != "class"})


@pytest.mark.parametrize("module", [*MODULES, "albumentations.torch.transforms", "albumentations.imgaug.transforms"])
def test_every_module_imports_and_has_its_names(module: str) -> None:
    found = importlib.import_module(module)
    assert sys.modules[module] is found
    for name in MODULES.get(module, {}):
        if name in GONE:
            assert not hasattr(found, name)
            with pytest.raises(ImportError, match=rf"{name!r}: .*"):
                exec(f"from {module} import {name}", {})  # the statement itself: its message is what is asked for
        else:
            value = getattr(found, name)
            exec(f"from {module} import {name}", {})
            assert value is not None
            assert pydoc.locate(f"{module}.{name}") is value


def test_what_is_gone_is_little_and_says_what_to_use() -> None:
    names = {name for _, name in FUNCTIONS}
    assert len(names & GONE) / len(names) < 0.13
    assert {name for known in PATHS.values() for name in known.split()} >= GONE
    assert (Path(__file__).parents[1] / "docs" / "names.md").read_text(encoding="utf-8") == names_page()
    with pytest.raises(AttributeError, match="use RandomFog"):
        _ = A.augmentations.functional.add_fog
    with pytest.raises(ImportError, match="use RandomFog"):
        from albumentations import add_fog  # noqa: F401
    with pytest.raises(AttributeError, match=r"augmentations\.functional.*did you mean 'hflip'"):
        _ = A.augmentations.functional.hflipp
    with pytest.raises(ImportError):
        importlib.import_module("albumentations.augmentations.nothing")


def names_page() -> str:
    spec = importlib.util.spec_from_file_location("names", Path(__file__).parents[1] / "docs" / "names.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.page())


@pytest.mark.parametrize(("module", "name"), [pair for pair in FUNCTIONS if pair[1] not in GONE])
def test_functions_take_the_arguments_that_they_took(module: str, name: str) -> None:
    function = getattr(importlib.import_module(module), name)
    forms = [list(inspect.signature(form).parameters.values()) for form in getattr(function, "forms", (function,))]
    for text in MODULES[module][name]:
        wanted = [part for part in text[1:-1].split(", ") if part]
        if name in ("rand", "randn", "from_dict", "load", "save") or "center_xy" in wanted or "k" in wanted[:2]:
            continue  # *args; tested elsewhere; lenses off the middle and turns about any axis are not there
        assert any(
            [p.name for p in form][: len(wanted)] in (wanted, [w for w in wanted if w not in ("params", "kwargs")])
            for form in forms
        ), (wanted, forms)


names: dict[str, Any] = {"np": np}
_rng = np.random.RandomState(0)
names["img"] = _rng.randint(0, 256, (6, 8, 3)).astype(np.uint8)
names["f"], names["g"] = (names["img"] / 255).astype(np.float32), names["img"][..., 0].copy()
_rng.randint(0, 256, (40, 48, 3))
names["vol"] = _rng.randint(0, 256, (4, 5, 6, 2)).astype(np.uint8)
names["b"], names["be"] = (0.125, 0.25, 0.5, 0.75), (0.125, 0.25, 0.5, 0.75, "a")
names["B"] = [(0.125, 0.25, 0.5, 0.75, 1), (0.2, 0.1, 0.9, 0.6, 2)]
names["NB"], names["PB"] = np.array(names["B"]), np.array([[1.0, 2, 4, 5, 1], [2, 1, 7, 5, 2]])
names["k"], names["ke"] = (3.0, 2.0, 0.5, 2.0), (3.0, 2.0, 0.5, 2.0, "a")
names["NK"] = np.array([[3.0, 2, 0, 0.5, 2, 7], [1.0, 4, 0, 1.5, 1, 8]])
names["M2"] = np.array([[0.9, 0.2, 1], [-0.1, 1.1, 0.5]])
names["M3"] = np.vstack([names["M2"], [0, 0, 1]])
names["P3"] = np.vstack([names["M2"], [0.002, 0, 1]])


def plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "values": value.ravel().tolist()}
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value


@pytest.mark.parametrize(("release", "call", "expected"), CALLS, ids=[f"{r}-{c}"[:70] for r, c, _ in CALLS])
def test_calls_return_what_they_returned(release: str, call: str, expected: Any) -> None:
    name = call.partition("(")[0]
    modules = [module for module, known in MODULES.items() if name in known]
    function = getattr(importlib.import_module(modules[0]), name)
    given = {key: value.copy() if isinstance(value, np.ndarray) else value for key, value in names.items()}
    result = eval(call, given, {name: function})
    levels = isinstance(result, np.ndarray) and result.dtype == np.uint8
    same(plain(result), expected, 1 if levels else 2e-5)
    for key, value in given.items():  # nothing is written to what is given
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(value, names[key])


def same(ours: Any, theirs: Any, tolerance: float) -> None:
    assert isinstance(ours, (type(theirs), int, float)), (ours, theirs)
    if isinstance(theirs, dict):
        assert ours["shape"] == theirs["shape"]
        np.testing.assert_allclose(ours["values"], theirs["values"], atol=tolerance, rtol=1e-5)
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs):
            same(a, b, tolerance)
    elif isinstance(theirs, (int, float)):
        assert ours == pytest.approx(theirs, abs=tolerance)
    else:
        assert ours == theirs


# What real programs do.


def test_importing_the_library_loads_none_of_it() -> None:
    code = (
        "import sys, albumentations as A; names = 'augmentations core.older torch imgaug random_utils'.split()"
        "; print([name for name in names if f'albumentations.{name}' in sys.modules])"
        "; A.augmentations.transforms.Blur; import albumentations.augmentations.functional as F; F.hflip; A.hflip"
        "; from albumentations.augmentations.geometric import functional; functional.keypoint_scale"
    )
    path = str(Path(A.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=path)
    assert done.stdout.strip() == "[]"


def test_programs_walk_and_look_up() -> None:
    seen = set()
    stack = [A.augmentations]
    while stack:
        module = stack.pop()
        for value in vars(module).values():
            if inspect.ismodule(value) and value.__name__.startswith(f"{module.__name__}."):
                stack.append(value)
            elif inspect.isclass(value):
                seen.add(value)
    older_ones = {name for module, known in MODULES.items() if ".augmentations." in module for name in known}
    for cls in list(REGISTRY.values()):
        if is_library(cls) and cls.__name__ in older_ones:
            assert cls in seen
            assert getattr(A, cls.__name__) is cls
    assert hasattr(A.augmentations.transforms, "Blur")
    assert not hasattr(A.augmentations.transforms, "Blurred")
    assert ("Blur", A.Blur) in inspect.getmembers(A.augmentations.transforms, inspect.isclass)
    assert pydoc.locate("albumentations.augmentations.crops.transforms.RandomCrop") is A.RandomCrop
    assert "Blur" in A.augmentations.blur.transforms.__all__
    assert inspect.signature(A.augmentations.transforms.Blur) == inspect.signature(A.Blur)
    assert pickle.loads(pickle.dumps(A.augmentations.transforms.Blur)) is A.Blur
    assert A.Blur.__module__ == "albumentations.transforms.blur"
    for name in ("hflip", "add_snow", "add_snow_bleach", "normalize_cv2", "rotate"):
        function = getattr(A, name) if name != "add_snow_bleach" else A.augmentations.functional.add_snow_bleach
        assert pickle.loads(pickle.dumps(function)) is function
    assert importlib.util.find_spec("albumentations.augmentations.geometric.functional") is not None
    assert list(pkgutil.iter_modules(A.augmentations.geometric.__path__)) == []
    gc.collect()
    assert sys.modules["albumentations.augmentations.crops"] is A.augmentations.crops


def test_what_core_had() -> None:
    from albumentations.core.bbox_utils import BboxProcessor, convert_bbox_to_albumentations, union_of_bboxes
    from albumentations.core.composition import BaseCompose, Transforms, TransformsSeqType, TransformType
    from albumentations.core.serialization import SerializableMeta, get_shortest_class_fullname
    from albumentations.core.transforms_interface import BoxType, KeypointType, NoOp, to_tuple
    from albumentations.core.type_definitions import ReferenceImage, Targets

    assert None not in (BboxProcessor, Transforms, TransformsSeqType, TransformType, BoxType, KeypointType)
    assert issubclass(A.Compose, BaseCompose)
    assert isinstance(A.Compose, SerializableMeta)
    assert get_shortest_class_fullname(NoOp) == "NoOp"
    assert A.core.serialization.register_additional_transforms() is None
    assert Targets.IMAGE.value == "Image"
    assert ReferenceImage(image=1)["image"] == 1
    assert to_tuple(3, low=1) == A.to_tuple(3, low=1) == (1, 3)
    assert union_of_bboxes(height=10, width=20, bboxes=[(0.1, 0.2, 0.3, 0.4)]) == (0.1, 0.2, 0.3, 0.4)
    assert union_of_bboxes(1, 1, []) is None
    with pytest.raises(ValueError, match="x_max must lie above x_min"):
        convert_bbox_to_albumentations((5, 1, 5, 4), "pascal_voc", 10, 20, check_validity=True)
    with pytest.raises(ValueError, match=r"source_format=.voc. must be"):
        convert_bbox_to_albumentations((5, 1, 5, 4), "voc", 10, 20)
    with pytest.raises(ValueError, match="lies outside"):
        older_rows.check_keypoints(np.array([[30.0, 2, 0, 0.5, 1]]), (10, 20))
    with pytest.raises(TypeError, match="normalize_bboxes: takes"):
        older_rows.normalize_bboxes([])

    class Mine(A.core.transforms_interface.ImageOnlyTransform, metaclass=SerializableMeta):  # type: ignore[metaclass]
        pass

    assert Mine(p=1).p == 1


def test_random_utils_is_ruled_by_random_seed() -> None:
    # Numbers of 1.3.1.
    random.seed(7)
    assert A.random_utils.uniform() == pytest.approx(0.6597498985422061)
    random.seed(7)
    assert A.random_utils.permutation(5).tolist() == [2, 1, 3, 0, 4]
    random.seed(7)
    assert A.random_utils.choice([1, 2, 3], 2, False).tolist() == [1, 3]
    assert A.random_utils.randint(0, 5, random_state=np.random.RandomState(1)) == 3


def test_what_draws_takes_its_seed_from_the_given_source() -> None:
    image = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    F = A.augmentations.functional
    for make in (np.random.RandomState, np.random.default_rng, random.Random):
        first, second = (F.iso_noise(image, 0.05, 0.5, make(3)) for _ in range(2))
        np.testing.assert_array_equal(first, second)
        assert not np.array_equal(first, F.iso_noise(image, 0.05, 0.5, make(4)))
    random.seed(1)
    first = F.elastic_transform(image, 10, 5, 3)
    random.seed(1)
    np.testing.assert_array_equal(first, F.elastic_transform(image, 10, 5, 3))
    assert not np.array_equal(first, image)


def test_mirrored_borders_are_refused_and_shapes_may_be_dicts() -> None:
    boxes = np.array([[0.1, 0.2, 0.3, 0.4, 7]])
    with pytest.raises(ValueError, match="must not mirror"):
        A.augmentations.geometric.functional.pad_bboxes(boxes, 1, 2, 3, 4, 4, (10, 20))
    by_dict = older_rows.denormalize_bboxes(boxes, {"height": 10, "width": 20})
    np.testing.assert_array_equal(by_dict, older_rows.denormalize_bboxes(boxes, shape=(10, 20, 3)))
    np.testing.assert_allclose(by_dict, [[2, 2, 6, 4, 7]])
    # The least width and height are a pixel of arrays, 0 of lists.
    thin = (0.1, 0.1, 0.12, 0.5)
    assert len(older_rows.filter_bboxes([thin], 10, 20)) == 1
    assert len(older_rows.filter_bboxes(np.array([thin]), (10, 20))) == 0


def test_to_tensor_of_0_4() -> None:
    torch = pytest.importorskip("torch")
    from albumentations.pytorch.functional import img_to_tensor, mask_to_tensor
    from albumentations.torch import ToTensor

    assert ToTensor is A.pytorch.ToTensor is A.pytorch.transforms.ToTensor is A.ToTensor
    assert A.pytorch.ToTensorV2 is A.ToTensorV2 is A.pytorch.transforms.ToTensorV2
    image = np.array([[[0, 51, 255], [255, 255, 0]]], dtype=np.uint8)
    tensor = img_to_tensor(image)
    assert tensor.shape == (3, 1, 2)
    assert tensor.dtype == torch.float32
    np.testing.assert_allclose(tensor[:, 0, 0], [0, 0.2, 1], rtol=1e-6)
    made = ToTensor(normalize={"mean": [0.5] * 3, "std": [0.25] * 3})(image=image, mask=image[..., 0])
    np.testing.assert_allclose(made["image"][:, 0, 0], [-2, -1.2, 2], rtol=1e-5)
    assert made["mask"].shape == (1, 1, 2)
    assert made["mask"].max() == 1
    classes = np.eye(3, dtype=np.uint8)[[[0, 2]]]
    assert mask_to_tensor(classes, 3, sigmoid=False).tolist() == [[0, 2]]
    assert mask_to_tensor(classes.astype(np.float32), 3, sigmoid=True).shape == (3, 1, 2)
    with pytest.raises(TypeError, match="a dict of mean and std"):
        ToTensor(normalize=[0.5])


def test_decorators() -> None:
    from albumentations.augmentations.utils import clipped, ensure_contiguous, preserve_channel_dim, preserve_shape

    gray = np.zeros((4, 5, 1), dtype=np.uint8)
    assert preserve_channel_dim(lambda img: img[..., 0])(gray).shape == (4, 5, 1)
    assert preserve_shape(lambda img: img.ravel())(gray).shape == (4, 5, 1)
    assert clipped(lambda img: img + 300.0)(gray).max() == 255
    assert ensure_contiguous(lambda img: img[::-1])(gray[::-1]).flags.c_contiguous
