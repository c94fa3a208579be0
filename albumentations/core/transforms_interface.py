"""The base classes: draw, prepare, apply. Nothing drawn is kept on a transform, so one may serve many threads."""

from typing import Any, Callable, ClassVar, Optional

import numpy as np

from ..functional.cv import channels
from .fuse import settle
from .params import Declared, Probability, number
from .random import Draws, Source
from .run import Call, Node, Plan, Shape
from .serialization import init_values, is_library
from .targets import TARGETS, first_picture, walk

Params = dict[str, Any]
Step = tuple[str, Callable[..., Any]]

_NAME_OF_METHOD = {target.method: name for name, target in TARGETS.items()}


class BasicTransform(Node, Declared, Draws, abstract=True):
    """A transform: parameters are declared, numbers drawn in `get_params`, targets changed in `apply*`.

    What may be overridden, and is called in this order:
        get_params(): random numbers, as a small dict that JSON can hold.
        get_params_dependent_on_data(params, data): the same, where the data must be looked at.
        prepare(shape, **params): what all targets share (a matrix, a table, a map), without randomness.
        apply(img, **params), apply_to_mask, apply_to_bboxes, apply_to_keypoints, ...: the new target.
    All numbers are passed by name; `*args` stands in the signatures so that type checkers let overriding methods name
    the numbers they use.
    """

    p: Probability = number(default=0.5, low=0, high=1, kw_only=True, doc="probability of applying the transform")

    kinds: ClassVar[tuple[str, ...]] = ("image",)  # what it changes: "image", "mask", "bboxes", "keypoints"
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({},)  # arguments for laws, gallery and benchmark
    needs_channels: ClassVar[tuple[int, ...]] = ()  # numbers of channels an image must have; () for any
    needs_dtypes: ClassVar[tuple[str, ...]] = ()  # dtypes an image must have; () for any
    needs_modules: ClassVar[tuple[str, ...]] = ()  # packages that are not installed with this one
    converts: ClassVar[bool] = False  # the image comes out in another dtype or layout: that is what it is for
    # Facts that laws hold it to. `swaps`: arguments and drawn numbers that trade places when height and width do, as
    # {"x_min": "y_min"}; {"size": "size"} turns a pair round, "-angle" and "1/ratio" say what becomes of a number; {}
    # where nothing has to, None where there is no such symmetry.
    neutral: ClassVar[Optional[dict[str, Any]]] = None  # arguments at which it changes nothing; None: there are none
    swaps: ClassVar[Optional[dict[str, str]]] = None
    keeps_mean: ClassVar[bool] = False  # its weights sum to 1, so that it neither brightens nor darkens
    _draws: ClassVar[bool] = False
    _looks: ClassVar[bool] = False
    _prepares: ClassVar[bool] = False
    _updates: ClassVar[bool] = False
    _has_targets: ClassVar[bool] = False
    _library: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        base = BasicTransform
        cls._draws = cls.get_params is not base.get_params
        cls._looks = (
            cls.get_params_dependent_on_data is not base.get_params_dependent_on_data
            or cls.get_params_dependent_on_targets is not base.get_params_dependent_on_targets
        )
        cls._prepares = cls.prepare is not base.prepare
        cls._updates = cls.update_params is not base.update_params
        cls._has_targets = cls.targets is not base.targets
        cls._library = is_library(cls)

    # ---- what a transform says

    @property
    def passes_tables(self) -> bool:
        """Whether pixels are moved without a look at them, so that a held table may be applied afterwards."""
        return False

    def get_params(self) -> Params:
        """Draw; called once for all targets."""
        return {}

    def get_params_dependent_on_data(self, params: Params, data: Params) -> Params:
        """Draw what depends on the data; `params` holds what get_params drew, and `shape`, `rows`, `cols`."""
        return {}

    @property
    def targets_as_params(self) -> list[str]:
        """Names of targets that `get_params_dependent_on_targets` looks at (the spelling of 1.x)."""
        return []

    def get_params_dependent_on_targets(self, params: Params) -> Params:
        """Draw what depends on the targets named in `targets_as_params` (the spelling of 1.x)."""
        return {}

    def prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        """What all targets of a call share, added to what `apply` gets; no randomness here."""
        return {}

    def update_params(self, params: Params, **kwargs: Any) -> Params:
        """Change what `apply` gets (the spelling of 1.x); `kwargs` are the targets."""
        return params

    def apply(self, img: np.ndarray, *args: Any, **params: Any) -> Any:
        """The transformed image."""
        raise NotImplementedError(f"{type(self).__name__} does not define apply")

    def apply_to_images(self, images: Any, *args: Any, **params: Any) -> Any:
        """The transformed images, (N, H, W[, C]) or a list."""
        return walk(self.apply, images, 1, params)

    def apply_to_volume(self, volume: Any, *args: Any, **params: Any) -> Any:
        """The transformed volume, (D, H, W[, C])."""
        return walk(self.apply, volume, 1, params)

    def apply_to_volumes(self, volumes: Any, *args: Any, **params: Any) -> Any:
        """The transformed volumes, (N, D, H, W[, C])."""
        return walk(self.apply, volumes, 2, params)

    @property
    def targets(self) -> dict[str, Callable[..., Any]]:
        """Which method changes which target."""
        return {n: getattr(self, t.method) for n, t in TARGETS.items() if t.kind in self.kinds}

    @property
    def available_keys(self) -> list[str]:
        """The names of the targets this transform changes."""
        return list(self.targets)

    # ---- how it is run

    def _run(self, data: Params, call: Call, force: bool = False) -> None:
        """Toss the coin, draw, and change the data in place."""
        if call.rng.random() < self.p or force:
            self._transform(data, call, self._draw(data, call) if self._draws or self._looks else {})

    def _rerun(self, data: Params, call: Call, events: list[Any]) -> None:
        """Change the data as recorded; one record for each time it was applied."""
        for params in events:
            self._transform(data, call, dict(params))

    def _draw(self, data: Params, call: Call) -> Params:
        """All random numbers of one application."""
        params = self.get_params() if self._draws else {}
        if self._looks:
            if call.held and not (self._library and self.passes_tables):
                settle(data, call)
            wanted = self.targets_as_params
            if wanted:
                missing = [n for n in wanted if n not in data]
                if missing:
                    owner = type(self).__name__
                    raise ValueError(f"{owner} needs the targets {', '.join(wanted)}; {missing} are missing")
                params = {**params, **self.get_params_dependent_on_targets({n: data[n] for n in wanted})}
            given = {**params, **_shape_params(call.plan.shape(data))}
            params = {**params, **self.get_params_dependent_on_data(given, data)}
        return params

    def _transform(self, data: Params, call: Call, params: Params) -> None:
        """Change every target with the numbers drawn."""
        plan = call.plan
        route = plan.routes.get(self) or self._route(plan)
        if call.trace is not None:
            call.trace.append(params)
        if not route.steps:
            return
        if call.held and not (self._library and self.passes_tables):
            settle(data, call)
        shape = plan.shape(data)
        if self.needs_channels or self.needs_dtypes:
            self._check_images(data, plan)
        context = {**params, **plan.extra, **_shape_params(shape)}
        if self._prepares:
            context.update(self.prepare(shape, **params))
        if self._updates:
            context = self.update_params(context, **data)
        for name, function in route.steps:
            try:
                data[name] = function(data[name], **context)
            except ValueError as error:
                if not self._library:
                    raise
                raise ValueError(f"{type(self).__name__}: {name}: {error}") from error
        if route.moves_rows:
            plan.filter(data, call, final=False)

    def _route(self, plan: Plan) -> "Route":
        """Which method changes which argument of a call; found once a plan."""
        steps: list[Step] = []
        own = self.targets if self._has_targets else {}
        for name in plan.names:
            target = plan.targets.get(name)
            if target is not None and self._has_targets:
                function = own.get(name) or own.get(_NAME_OF_METHOD[target.method])
            elif target is not None:
                function = getattr(self, target.method) if target.kind in self.kinds else None
            else:
                function = own.get(name)
            if function is not None:
                steps.append((name, function if self._library else _guarded(function)))
        moves = any(plan.targets[n].kind in ("bboxes", "keypoints") for n, _ in steps if n in plan.targets)
        route = plan.routes[self] = Route(tuple(steps), moves)
        return route

    def _own_targets(self) -> dict[str, Any]:
        """Targets of kinds of the transform's own."""
        return {n: f for n, f in self.targets.items() if n not in TARGETS} if self._has_targets else {}

    def _check_images(self, data: Params, plan: Plan) -> None:
        for name, axes in plan.arrays:
            if plan.targets[name].kind != "image":
                continue
            picture = first_picture(data[name], axes)
            if picture is None:
                continue  # an empty stack
            owner = type(self).__name__
            if self.needs_channels and channels(picture) not in self.needs_channels:
                allowed = " or ".join(str(n) for n in self.needs_channels)
                raise ValueError(f"{owner}: {name} must have {allowed} channels, got the shape {picture.shape}")
            if self.needs_dtypes and picture.dtype.name not in self.needs_dtypes:
                allowed = ", ".join(self.needs_dtypes)
                raise TypeError(f"{owner}: {name} has dtype {picture.dtype}; allowed are {allowed}")

    def set_random_seed(self, seed: Optional[int]) -> None:
        """Give the transform, where it is called alone, a stream of its own; None goes back to Python's global one."""
        self._entry.source = Source(seed)

    # ---- how it is written down

    def get_transform_init_args_names(self) -> Any:
        """The names of the constructor's arguments, without p."""
        names = [q.name for q in self.params() if q.name != "p"]
        if type(self).__init__ is not Declared.__init__:
            skipped = ("p", "always_apply", "args", "kwargs")
            names += [n for n in type(self).__signature__.parameters if n not in (*names, *skipped)]
        return tuple(names)

    def _describe(self) -> Params:
        """The class name, p and the arguments."""
        names = self.get_transform_init_args_names()
        return {"__class_fullname__": self.get_class_fullname(), **init_values(self, names), "p": self.p}

    def __repr__(self) -> str:
        try:
            values = {k: v for k, v in self._describe().items() if not k.startswith("__")}
        except NotImplementedError:
            values = {"p": self.p}
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in values.items())})"

    def __getstate__(self) -> Params:
        # Plans are found again; only a stream of the transform's own has to travel.
        own_stream = self._kept_entry is not None and self._kept_entry.source.seed is not None
        return dict(self.__dict__) if own_stream else {k: v for k, v in self.__dict__.items() if k != "_kept_entry"}


class Route:
    """The steps of one transform for one plan."""

    __slots__ = ("moves_rows", "steps")

    def __init__(self, steps: tuple[Step, ...], moves_rows: bool) -> None:
        self.steps = steps
        self.moves_rows = moves_rows


def _shape_params(shape: Shape) -> Params:
    return {"shape": shape, "rows": shape[0], "cols": shape[1]} if shape else {}


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """What users' own methods return, made safe: contiguous, and rows as the array the next transform expects."""

    def guarded(value: Any, /, **params: Any) -> Any:
        result = function(value, **params)
        if isinstance(result, np.ndarray) and result is not value:
            if not result.flags.c_contiguous:
                return np.ascontiguousarray(result)
            if isinstance(value, np.ndarray) and result.base is not None and np.may_share_memory(result, value):
                return result.copy()
        return result

    return guarded


class ImageOnlyTransform(BasicTransform, abstract=True):
    """A transform of images alone: masks, boxes and keypoints stay as they are."""


class DualTransform(BasicTransform, abstract=True):
    """A transform of images and of what belongs to them: masks, boxes, keypoints."""

    kinds: ClassVar[tuple[str, ...]] = ("image", "mask", "bboxes", "keypoints")

    def apply_to_mask(self, mask: np.ndarray, *args: Any, **params: Any) -> Any:
        """The transformed mask; as the image, but never interpolated."""
        if "interpolation" in params:
            params["interpolation"] = 0
        return self.apply(mask, **params)

    def apply_to_masks(self, masks: Any, *args: Any, **params: Any) -> Any:
        """The transformed masks, (N, H, W[, C]) or a list."""
        return walk(self.apply_to_mask, masks, 1, params)

    def apply_to_mask3d(self, mask3d: Any, *args: Any, **params: Any) -> Any:
        """The transformed mask of a volume, (D, H, W[, C])."""
        return walk(self.apply_to_mask, mask3d, 1, params)

    def apply_to_masks3d(self, masks3d: Any, *args: Any, **params: Any) -> Any:
        """The transformed masks of volumes, (N, D, H, W[, C])."""
        return walk(self.apply_to_mask, masks3d, 2, params)

    def apply_to_bbox(self, bbox: tuple[float, ...], *args: Any, **params: Any) -> Any:
        """One transformed box: normalized corners, then what else is in the row."""
        raise NotImplementedError(f"{type(self).__name__} does not move boxes")

    def apply_to_bboxes(self, bboxes: np.ndarray, *args: Any, **params: Any) -> Any:
        """The transformed boxes, (N, 4 or more): normalized corners, then what else is in a row."""
        moved = [tuple(self.apply_to_bbox(tuple(row), **params)) for row in bboxes.tolist()]
        return np.array(moved, dtype=np.float64).reshape(-1, bboxes.shape[1])

    def apply_to_keypoint(self, keypoint: tuple[float, ...], *args: Any, **params: Any) -> Any:
        """One transformed keypoint: (x, y, angle, scale) in pixels and radians, then what else is in the row."""
        raise NotImplementedError(f"{type(self).__name__} does not move keypoints")

    def apply_to_keypoints(self, keypoints: np.ndarray, *args: Any, **params: Any) -> Any:
        """The transformed keypoints, (N, 5 or more): x, y, z, angle, scale, then what else is in a row."""
        result = keypoints.copy()
        for i, (x, y, z, angle, scale, *rest) in enumerate(keypoints.tolist()):
            x, y, angle, scale, *rest = self.apply_to_keypoint((x, y, angle, scale, *rest), **params)
            result[i] = (x, y, z, angle, scale, *rest)
        return result


class NoOp(DualTransform):
    """Change nothing; a place holder.

    Targets: all. Shapes, dtypes and values stay as they are.
    """

    kinds = ()
    neutral = {}
    swaps = {}
