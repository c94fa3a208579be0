"""The import paths of older releases, 0.4 to 2.0.8: `albumentations.augmentations.crops.functional` and its kin.

The modules are no files: the loop below makes them of the table in `core/paths.py` when this package is imported, which
`import albumentations` does not do. A name in them is a class of this library, or a function of one of the tables here.
"""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

from ..core import older, older_rows
from ..core.bbox_utils import BboxProcessor
from ..core.keypoints_utils import KeypointsProcessor
from ..core.paths import PATHS, lazy
from ..core.serialization import REGISTRY, is_library
from . import boxes, effects, helpers, images, keypoints, steps

# What is looked up by name, the first that has it: classes, tables of functions, helpers.
_CLASSES = {cls.__name__: cls for cls in (*REGISTRY.values(), BboxProcessor, KeypointsProcessor) if is_library(cls)}
FUNCTIONS = {**images.IMAGES, **effects.EFFECTS, **boxes.BOXES, **keypoints.KEYPOINTS, **helpers.HELPERS, **steps.STEPS}
FOUND = {**vars(older), **vars(older_rows), **vars(helpers), **vars(steps), **FUNCTIONS, **_CLASSES}


def _make() -> None:
    placed = set()
    for path, names in PATHS.items():
        if not path.startswith("augmentations."):
            continue
        name = f"{__name__.rpartition('.')[0]}.{path}"
        module = ModuleType(name, f"{path} of older releases: see {__name__}.")
        module.__spec__ = ModuleSpec(name, None, is_package=any(other.startswith(f"{path}.") for other in PATHS))
        module.__package__ = module.__spec__.parent
        if module.__spec__.submodule_search_locations is not None:
            module.__path__ = []
        found = {each: FOUND[each] for each in names.split() if each in FOUND}
        vars(module).update(found, __all__=sorted(found), __getattr__=lazy(name))
        for each in set(found) & set(FUNCTIONS):
            # A function is pickled and shown as that of the first module that has it.
            function = found[each]
            if getattr(function, "__module__", "").startswith(f"{__name__}.") and id(function) not in placed:
                placed.add(id(function))
                function.__module__, function.__name__, function.__qualname__ = name, each, each
        sys.modules[name] = module
        parent, _, last = name.rpartition(".")
        setattr(sys.modules[parent], last, module)


_make()
