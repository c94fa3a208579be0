"""The base classes: draw, prepare, apply. Nothing drawn is kept on a transform, so one may serve many threads."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Optional

import numpy as np

from . import checks
from .bbox_utils import scale
from .declared import Declared
from .params import Probability, probability
from .paths import lazy
from .plan import Call, Data, Plan, Settings, Shape, Step, Steps, shape_params, without
from .random import Draws, Within, current
from .records import following, own, telling
from .rows import Shown
from .run import Node
from .serialization import init_names, init_values, is_library
from .stages import METHODS, all_read, complete, need_more
from .targets import TARGETS, Target, merge_targets, walk
from .users import guarded, moved_by_hand

Params = dict[str, Any]  # numbers drawn, and what follows from them, by name
Pictures = tuple[Callable[[Any], Any], Callable[[Any], Any]]  # a function of an image, and one of a mask

_NAME_OF_METHOD = {target.method: name for name, target in TARGETS.items()}


class BasicTransform(Node, Declared, Draws, abstract=True):
    """A transform: parameters are declared, numbers drawn in `get_params`, targets changed in `apply*`.

    What may be overridden, and is called in this order:
        get_params(): random numbers, as a small dict that JSON can hold.
        get_params_dependent_on_data(params, data): the same, where the data must be looked at.
        apply(img, **params), apply_to_mask, apply_to_bboxes, apply_to_keypoints, ...: the new target.
    Between them the library's own transforms have `_prepare(shape, **params)`: what all targets share (a matrix, a
    table, a map), without randomness. All numbers are passed by name; `*args` stands in the signatures so that type
    checkers let overriding methods name the numbers they use.

    What a call reads of a class and no release had is private: users' classes may use any other name for themselves.
    Facts with public names (`examples`, `neutral`, ...) are read of the library's classes only, by laws and tools.
    """

    p: Probability = probability(default=0.5, kw_only=True)

    _kinds: ClassVar[tuple[str, ...]] = ("image", "volume")  # what it changes, of core/targets.py
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({},)  # arguments for laws, gallery and benchmark
    needs_modules: ClassVar[tuple[str, ...]] = ()  # packages that are not installed with this one
    _converts: ClassVar[bool] = False  # the image comes out in another dtype or layout: that is what it is for
    _takes_anything: ClassVar[bool] = False  # what it calls is the user's, who may have tensors
    _solid: ClassVar[bool] = False  # volumes are taken whole, not slice by slice
    _keeps_inside: ClassVar[bool] = False  # rows that lie in the frame still do afterwards
    _has_matrix: ClassVar[bool] = False  # `_move_bboxes` leaves its matrix with `carried`, which may know of another
    _older_names: ClassVar[dict[str, str]] = {}  # a number of another release -> its name here; "": said again
    _lost: ClassVar[dict[str, str]] = {}  # numbers in older releases' records that cannot be followed -> why
    # Facts that laws hold it to. `swaps`: arguments and drawn numbers that trade places when height and width do, as
    # {"x_min": "y_min"}; {"size": "size"} turns a pair round, "-angle" and "1/ratio" say what becomes of a number; {}
    # where nothing has to, None where there is no such symmetry.
    neutral: ClassVar[Optional[dict[str, Any]]] = None  # arguments at which it changes nothing; None: there are none
    swaps: ClassVar[Optional[dict[str, str]]] = None
    keeps_mean: ClassVar[bool] = False  # its weights sum to 1, so that it neither brightens nor darkens
    _additional_targets: ClassVar[Mapping[str, str]] = MappingProxyType(
        {}
    )  # of its own; a Compose has those of a pipeline
    _draws: ClassVar[bool] = False
    _looks: ClassVar[bool] = False
    _prepares: ClassVar[bool] = False
    _updates: ClassVar[bool] = False
    _straight: ClassVar[bool] = False
    _holds: ClassVar[bool] = False
    _needs: ClassVar[bool] = False
    _has_targets: ClassVar[bool] = False
    _free: ClassVar[bool] = False  # takes what is no picture
    _strange: ClassVar[bool] = False  # may return what is no picture
    _fills: ClassVar[tuple[str, ...]] = ()  # arguments that are values of an image, of a mask
    _unit: ClassVar[bool] = False  # is made for floats in [0, 1]
    _library: ClassVar[bool] = True  # its results are trusted: they are new, contiguous, and rows are rows

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        base = BasicTransform
        cls._draws = cls.get_params is not base.get_params
        cls._looks = (
            cls.get_params_dependent_on_data is not base.get_params_dependent_on_data
            or cls.get_params_dependent_on_targets is not base.get_params_dependent_on_targets
        )
        cls._prepares = cls._prepare is not base._prepare
        cls._updates = cls.update_params is not base.update_params
        cls._has_targets = cls.targets is not base.targets
        cls._library = is_library(cls)
        if cls._library:
            for name in METHODS.keys() & vars(cls).keys():
                setattr(cls, name, complete(vars(cls)[name]))
        cls._holds = cls._library and cls._waits is not base._waits
        cls._needs = cls._needs_channels is not base._needs_channels or cls._needs_dtypes is not base._needs_dtypes
        cls._free = not cls._library or cls._takes_anything
        cls._strange = cls._free or cls._converts
        # What the documentation says of floats is the one list of who takes which.
        cls._unit = cls._library and not cls._converts and "floats in [0, 1]" in " ".join((cls.__doc__ or "").split())
        cls._fills = tuple(n for n in ("fill", "fill_mask") if cls._library and n in cls._params)
        cls._straight = cls._library and cls._pictures is not base._pictures
        if cls.apply_with_params is not base.apply_with_params:
            cls._transform = base._transform_called  # type: ignore[method-assign]
        elif not cls._library:
            cls._transform = base._transform_drawn  # type: ignore[method-assign]

    # ---- what a transform says; what may depend on its arguments is asked of the instance

    @property
    def _needs_channels(self) -> Sequence[int]:
        """Numbers of channels that an image must have; () for any, a range where there is no end worth naming."""
        return ()

    @property
    def _needs_dtypes(self) -> tuple[str, ...]:
        """Names of dtypes that an image must have; () for any."""
        return ()

    @property
    def _takes_away(self) -> bool:
        """Whether a part of the picture is shown as it is, and nothing beside it."""
        return False

    @property
    def _passes_tables(self) -> bool:
        """Whether pixels are moved without a look at them, so that a held table may be applied afterwards."""
        return False

    @property
    def _reads(self) -> tuple[str, ...]:
        """Names of arguments of the call that `_prepare` gets, as they are then: targets, or metadata."""
        return ()

    @property
    def _looks_at(self) -> tuple[str, ...]:
        """Names of arguments of the call whose content decides what is drawn; a record holds what follows from it."""
        return ()

    def example_call(self, image: np.ndarray) -> Params:
        """What a call holds beside its targets, where the transform wants more; for laws, gallery and benchmark."""
        return {}

    @property
    def _whole_stacks(self) -> bool:
        """Whether `apply` and `apply_to_mask` take arrays with any number of axes before (H, W)."""
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

    def _prepare(self, shape: Shape, *args: Any, **params: Any) -> Params:
        """What all targets of a call share, added to what `apply` gets; no randomness here."""
        return {}

    def _pictures(self, shape: Shape, *args: Any, **params: Any) -> Optional[Pictures]:
        """A function of an image and one of a mask that do all the work: the straight way, without `apply`.

        For what costs less than the way through `_prepare` and `apply` (3 us). None: this call takes that way.
        """
        return None

    def update_params(self, params: Params, **kwargs: Any) -> Params:
        """Change what `apply` gets (the spelling of 1.x); `kwargs` are the targets."""
        return params

    def apply(self, img: np.ndarray, *args: Any, **params: Any) -> Any:
        """The transformed image."""
        raise NotImplementedError(f"{type(self).__name__} does not define apply")

    def apply_to_images(self, images: Any, *args: Any, **params: Any) -> Any:
        """The transformed images, (N, H, W[, C]) or a list."""
        return walk(self.apply, images, 1, params, whole=self._whole_stacks)

    def apply_to_volume(self, volume: Any, *args: Any, **params: Any) -> Any:
        """The transformed volume, (D, H, W[, C])."""
        return walk(self.apply, volume, 1, params, whole=self._whole_stacks)

    def apply_to_volumes(self, volumes: Any, *args: Any, **params: Any) -> Any:
        """The transformed volumes, (N, D, H, W[, C])."""
        return walk(self.apply, volumes, 2, params, whole=self._whole_stacks)

    @property
    def targets(self) -> dict[str, Callable[..., Any]]:
        """Which method changes which target."""
        return {n: getattr(self, t.method) for n, t in TARGETS.items() if t.kind.name in self._kinds}

    @property
    def available_keys(self) -> list[str]:
        """The names of the targets this transform changes."""
        return list(self.targets)

    # ---- how it is run

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        """Toss the coin, draw, and change the data in place."""
        if call.rng.random() < self.p or force:
            if call.strange and not self._free:
                checks.refuse(self, (self._steps_in.get(call.plan) or self._steps(call.plan)).pictures, data, call)
            self._transform(data, call, self._draw(data, call) if self._draws or self._looks else {})

    def _run_asking(self, data: Data, call: Call, force: bool = False) -> None:
        if self.should_apply(force_apply=force):
            if call.strange and not self._free:
                checks.refuse(self, (self._steps_in.get(call.plan) or self._steps(call.plan)).pictures, data, call)
            self._transform(data, call, self._draw(data, call) if self._draws or self._looks else {})

    def _rerun(self, data: Data, call: Call, events: list[Any]) -> None:
        """Change the data as recorded; one record for each time it was applied."""
        for params in events:
            with following(self, params):
                self._transform(data, call, self._read_names(own(params)))

    def _draw(self, data: Data, call: Call) -> Params:
        """All random numbers of one application."""
        params = self.get_params() if self._draws else {}
        if self._looks:
            if call.held is not None and not (self._library and self._passes_tables):
                call.settle(data)
            seen = call.plan.seen(data, call) if call.plan.rows else data
            wanted = self.targets_as_params
            if wanted:
                missing = [n for n in wanted if n not in data]
                if missing:
                    owner = type(self).__name__
                    raise ValueError(f"{owner} needs the targets {', '.join(wanted)}; {missing} are missing")
                listed = {n: list(map(tuple, seen[n])) if isinstance(seen[n], Shown) else seen[n] for n in wanted}
                params = {**params, **self.get_params_dependent_on_targets(listed)}
            given = {**params, **shape_params(self._shape(data, call.plan), self._solid)}
            params = {**params, **self.get_params_dependent_on_data(given, seen)}
        if self._library:
            return params
        return all_read(type(self), self._read_names(params))

    def _shape(self, data: Data, plan: Plan) -> Shape:
        """The shape of the picture as it is now, or of the volume where they are taken whole."""
        return plan.solid_shape(data) if self._solid else plan.shape(data)

    def _read_names(self, params: Params) -> Params:
        """Numbers drawn, as a record or a subclass of any release names them, under the names of this one."""
        older = self._older_names
        return {older.get(name, name): value for name, value in params.items() if older.get(name, name)}

    def _also(self, shape: Shape, *args: Any, **params: Any) -> Params:
        """What 2.0.8 records beside these numbers, where it is cheap; asked only where a call is recorded."""
        return {}

    def _waits(self, data: Data, steps: tuple[Step, ...]) -> bool:
        """Whether the work is a table that may be held back."""
        return False

    def _transform(self, data: Data, call: Call, params: Params) -> None:
        """Change every target with the numbers drawn."""
        plan = call.plan
        steps = self._steps_in.get(plan) or self._steps(plan)
        if call.trace is not None:
            also = self._also(self._shape(data, plan), **params) if self._library else {}
            call.trace.append(telling(params, also))
        if steps.idle:
            return
        if steps.careful:
            checks.images(self, data, plan)
            checks.fills(self, steps.pictures, data)
        trusted = self._library
        if self._holds and plan.fuse and self._waits(data, steps.pictures):
            looks = self._prepares or self._updates
            context = self._context(data, call, params, plan.shape(data)) if looks else params
            call.hold(self, context, steps.pictures)
            return
        if self._unit:
            checks.ranges(self, steps.pictures, data)
        if call.held is not None and not (trusted and self._passes_tables):
            call.settle(data)
        shape = plan.solid_shape(data) if self._solid else plan.shape(data)
        straight = self._pictures(shape, **params, **plan.extra) if self._straight else None
        context = self._context(data, call, params, shape) if straight is None or steps.rows else {}
        if steps.rows:
            plan.before_move(data, call, steps.rows, self)
        try:
            if straight is None:
                for step in steps.pictures:
                    data[step.name] = step.function(data[step.name], **context)
            else:
                for step in steps.pictures:
                    work = straight[0 if step.colors else 1]
                    data[step.name] = walk(work, data[step.name], step.axes, {}) if step.axes else work(data[step.name])
            for step in steps.rows:
                rows = call.rows[step.name]
                if step.processor is None:
                    data[step.name] = step.function(data[step.name], carried=rows, **context)
                else:
                    data[step.name] = moved_by_hand(step, data[step.name], rows, (shape, plan.shape(data)), context)
        except ValueError as error:
            if not trusted:
                raise
            raise ValueError(f"{type(self).__name__}: {step.name}: {error}") from error
        if self._strange:
            plan.note(type(self).__name__, [step.name for step in steps.pictures], data, call)
        if steps.rows:
            plan.after_move(call, steps.rows, self)

    def _transform_drawn(self, data: Data, call: Call, params: Params) -> None:
        """The same with numbers that a user's class has drawn."""
        try:
            BasicTransform._transform(self, data, call, params)
        except (KeyError, TypeError) as error:
            need_more(type(self), params, error)
            raise

    def _transform_called(self, data: Data, call: Call, params: Params) -> None:
        """Change every target by a user's own `apply_with_params`."""
        if call.trace is not None:
            call.trace.append(telling(params, {}))
        owner = f"{type(self).__name__}.apply_with_params"
        call.plan.by_hand(owner, self.apply_with_params, data, call, Within(call.rng.getrandbits(64)), params)

    def update_transform_params(self, params: Params, data: Data) -> Params:
        """The numbers drawn, and what every `apply` gets beside them, as the shape of the picture (spelling of 2.x)."""
        plan = self._plan_here(tuple(data))
        return {**params, **plan.extra, **shape_params(self._shape(data, plan), self._solid)}

    def apply_with_params(self, params: Params, *args: Any, **data: Any) -> Data:
        """Change the data with the numbers drawn; what a call of the transform does once its coin has fallen."""
        data.pop("force_apply", None)  # 0.4 handed it on
        plan = self._plan_here(tuple(data))
        absent = plan.check(data)
        if absent:
            return without(absent, data, partial(self.apply_with_params, params))
        call = Call(plan, current.rng)
        if plan.rows:
            plan.unpack(data, call)
        BasicTransform._transform(self, data, call, self._read_names(params))
        call.settle(data)
        if plan.rows:
            plan.pack(data, call)
        return data

    def _context(self, data: Data, call: Call, params: Params, shape: Shape) -> Params:
        """All that `apply` and its kin get by name."""
        plan, reads = call.plan, self._reads if self._prepares else ()
        context = {**params, **plan.extra, **shape_params(shape, self._solid)}
        seen = plan.seen(data, call) if plan.rows and (reads or self._updates) else data
        if self._prepares:
            missing = [name for name in reads if name not in seen]
            if missing:
                raise ValueError(f"{type(self).__name__} reads {missing[0]!r}, which is missing from the call")
            context.update(self._prepare(shape, **params, **{name: seen[name] for name in reads}))
        return self.update_params(context, **seen) if self._updates else context

    def _steps(self, plan: Plan) -> Steps:
        """Which function changes which argument of a call; found once a plan."""
        pictures: list[Step] = []
        rows: list[Step] = []
        own = self.targets if self._has_targets else {}
        for name in plan.names:
            target = plan.targets.get(name) or TARGETS.get(self._additional_targets.get(name, ""))
            if target is not None and self._has_targets:
                function = own.get(name) or own.get(_NAME_OF_METHOD[target.method])
            elif target is not None:
                function = getattr(self, target.method) if target.kind.name in self._kinds else None
            else:
                function = own.get(plan.settings.kinds.get(name, name))
            if function is None:
                continue
            written = getattr(function, "as_written", None)
            if target is None or target.kind.processor is None:
                function = function if written is None else written.__get__(self)
                function = function if self._library else guarded(function)
                pictures.append(Step(name, function, *((target.kind.colors, target.axes) if target else ())))
            elif self._moves(target, function):
                rows.append(Step(name, getattr(self, f"_move_{target.kind.name}")))
            else:
                rows.append(Step(name, function, processor=plan.processors[target.kind.name]))
        careful = self._needs or plan.settings.loose or checks.fills_differ(self)
        steps: Steps = self._kept("_steps_in", plan, Steps(tuple(pictures), tuple(rows), careful))
        return steps

    def _moves(self, target: Target, function: Callable[..., Any]) -> bool:
        """Whether rows are moved by the library's own `_move_...`: nobody has written another method for them."""
        ours = getattr(DualTransform, target.method)
        each = getattr(type(self), target.kind.each, None) is getattr(DualTransform, target.kind.each)
        return each and getattr(function, "__func__", None) is ours

    def _own_names(self) -> set[str]:
        own = {n for n in self.targets if n not in TARGETS} if self._has_targets else set()
        return {*own, *self._reads, *self._looks_at, *self._additional_targets}

    def _save(self, data: Data, events: list[Any], saves: Mapping[int, str]) -> None:
        key = saves.get(id(self))
        if key is not None and events:
            data.setdefault(key, {})[id(self)] = events[-1]

    def _call_settings(self) -> Settings:
        settings = super()._call_settings()
        return settings._replace(
            targets={**settings.targets, **{n: TARGETS[k] for n, k in self._additional_targets.items()}},
            trusting=not self._library,
            loose=not self._library,
            saves={} if self._saved_as is None else {id(self): self._saved_as},
        )

    # ---- the spellings of releases that users' code has

    @property
    def always_apply(self) -> bool:
        """Whether it is applied in every call (the argument of 1.x)."""
        return bool(self.p >= 1)

    @always_apply.setter
    def always_apply(self, value: bool) -> None:
        if value:
            self.p = 1.0

    def add_targets(self, additional_targets: Optional[Mapping[str, str]]) -> None:
        """Further names of arguments and the pictures they hold, as {"image2": "image"}, for this transform."""
        merged = merge_targets(type(self).__name__, self._additional_targets, additional_targets, TARGETS)
        rows = [n for n, k in merged.items() if TARGETS[k].kind.processor]
        if rows:
            owner = type(self).__name__
            raise ValueError(f"{owner}.add_targets: {rows[0]!r} holds rows, whose params a Compose has: name it there")
        object.__setattr__(self, "_additional_targets", merged)
        self._forget()

    def get_base_init_args(self) -> Params:
        """The arguments that every transform has."""
        return {"p": self.p}

    def get_transform_init_args(self) -> Params:
        """The arguments of the constructor but p, by name."""
        return init_values(self, self.get_transform_init_args_names())

    # ---- how it is written down

    def get_transform_init_args_names(self) -> Any:
        """The names of the constructor's arguments, without p."""
        return tuple(n for n in init_names(type(self)) if n != "p")

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


class ImageOnlyTransform(BasicTransform, abstract=True):
    """A transform of images alone: masks, boxes and keypoints stay as they are."""


class DualTransform(BasicTransform, abstract=True):
    """A transform of images and of what belongs to them: masks, boxes, keypoints."""

    _kinds: ClassVar[tuple[str, ...]] = ("image", "volume", "mask", "mask3d", "bboxes", "keypoints")

    def apply_to_mask(self, mask: np.ndarray, *args: Any, **params: Any) -> Any:
        """The transformed mask; as the image, but never interpolated."""
        if "interpolation" in params:
            params["interpolation"] = 0
        return self.apply(mask, **params)

    def apply_to_masks(self, masks: Any, *args: Any, **params: Any) -> Any:
        """The transformed masks, (N, H, W[, C]) or a list."""
        return walk(self.apply_to_mask, masks, 1, params, whole=self._whole_stacks)

    def apply_to_mask3d(self, mask3d: Any, *args: Any, **params: Any) -> Any:
        """The transformed mask of a volume, (D, H, W[, C])."""
        return walk(self.apply_to_mask, mask3d, 1, params, whole=self._whole_stacks)

    def apply_to_masks3d(self, masks3d: Any, *args: Any, **params: Any) -> Any:
        """The transformed masks of volumes, (N, D, H, W[, C])."""
        return walk(self.apply_to_mask, masks3d, 2, params, whole=self._whole_stacks)

    # Rows: inside of a call boxes and keypoints are moved by `_move_...`, boxes in pixels. `apply_to_...` is what users
    # write themselves, or call: boxes are fractions there, as in every release.

    def _move_bboxes(self, bboxes: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        """Moved boxes (N, 5): corners in pixels, index; `carried` knows the rest."""
        raise NotImplementedError(f"{type(self).__name__} does not move boxes")

    def _move_keypoints(self, keypoints: np.ndarray, *args: Any, **params: Any) -> np.ndarray:
        """Moved keypoints (N, 6): x, y, z, angle in radians, scale, index; `carried` knows the rest."""
        raise NotImplementedError(f"{type(self).__name__} does not move keypoints")

    def _size_after(self, shape: Shape, *args: Any, **params: Any) -> tuple[int, int]:
        """The (height, width) that a picture of a shape gets."""
        return shape[0], shape[1]

    def apply_to_bbox(self, bbox: tuple[float, ...], *args: Any, **params: Any) -> Any:
        """One transformed box, normalized corners."""
        raise NotImplementedError(f"{type(self).__name__} does not move boxes")

    def apply_to_bboxes(self, bboxes: Any, *args: Any, **params: Any) -> Any:
        """The transformed boxes, (N, 4 or more) or a list of tuples: normalized corners, then what a row carries."""
        if type(self).apply_to_bbox is not DualTransform.apply_to_bbox:
            return [(*tuple(self.apply_to_bbox(tuple(row[:4]), **params))[:4], *row[4:]) for row in map(tuple, bboxes)]
        result = np.array(bboxes, dtype=np.float64).reshape(len(bboxes), -1)
        result[:, :4] *= scale(params["shape"])
        result = self._move_bboxes(result, **params)
        result[:, :4] /= scale(self._size_after(**params))
        return result

    def apply_to_keypoint(self, keypoint: tuple[float, ...], *args: Any, **params: Any) -> Any:
        """One transformed keypoint: (x, y, angle, scale) in pixels and radians."""
        raise NotImplementedError(f"{type(self).__name__} does not move keypoints")

    def apply_to_keypoints(self, keypoints: Any, *args: Any, **params: Any) -> Any:
        """The transformed keypoints, (N, 5 or more): x, y, z, angle, scale, then what a row carries."""
        if type(self).apply_to_keypoint is DualTransform.apply_to_keypoint:
            return self._move_keypoints(np.array(keypoints, dtype=np.float64).reshape(len(keypoints), -1), **params)
        moved = []
        for x, y, z, angle, size, *carried in map(tuple, keypoints):
            x, y, angle, size = tuple(self.apply_to_keypoint((x, y, angle, size), **params))[:4]
            moved.append((x, y, z, angle, size, *carried))
        return moved


class Transform3D(DualTransform, abstract=True):
    """A transform of volumes as a whole, (D, H, W) or (D, H, W, C), and of what belongs to them.

    A transform gives `apply_to_volume`, and `apply_to_mask3d` where masks differ. `shape` is that of the volume.
    Raises ValueError where the call has a target that does not follow (images, masks of images, boxes), and for
    keypoints without z.
    """

    _kinds: ClassVar[tuple[str, ...]] = ("volume", "mask3d", "keypoints")
    _solid = True

    def _draw(self, data: Data, call: Call) -> Params:
        if call.plan not in self._steps_in:
            self._steps(call.plan)  # what cannot be moved is said before anything is drawn
        return super()._draw(data, call)

    def _steps(self, plan: Plan) -> Steps:
        owner, own = type(self).__name__, self.available_keys
        left = [n for n, t in plan.targets.items() if t.kind.name not in self._kinds and n not in own]
        if left or plan.solid is None:
            raise ValueError(
                f"{owner} moves {', '.join(own)}; {' and '.join(left or plan.names)} would be left behind. Give such"
                " targets to a pipeline of their own"
            )
        for name, kind in plan.rows:
            if kind == "keypoints" and not plan.processors[kind].deep:
                written = plan.processors[kind].params.format
                raise ValueError(f"{owner}: {name} need z to lie in a volume, as in format 'xyz'; {written!r} has none")
        return super()._steps(plan)

    def apply_to_volume(self, volume: np.ndarray, *args: Any, **params: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not define apply_to_volume")

    def apply_to_volumes(self, volumes: Any, *args: Any, **params: Any) -> Any:
        return walk(self.apply_to_volume, volumes, 1, params)

    def apply_to_mask3d(self, mask3d: np.ndarray, *args: Any, **params: Any) -> Any:
        return self.apply_to_volume(mask3d, **params)

    def apply_to_masks3d(self, masks3d: Any, *args: Any, **params: Any) -> Any:
        return walk(self.apply_to_mask3d, masks3d, 1, params)


class NoOp(DualTransform):
    """Change nothing; a place holder.

    Targets: all. Shapes, dtypes and values stay as they are.
    """

    _kinds = ()
    neutral = {}
    swaps = {}

    def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
        return img


if not TYPE_CHECKING:  # a checker would take it for a promise that every name is there
    __getattr__ = lazy(__name__)
