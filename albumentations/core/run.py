"""What can be called with data: plans are found, and one call after the other is run by them."""

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Callable, ClassVar, Optional

from .plan import NOTHING, Call, Data, Plan, Settings, Steps, without
from .random import GLOBAL, Random, SampleKey, Source, Within, current
from .serialization import Serializable
from .targets import KINDS, TARGETS

_MOST_PLANS = 64  # a pass-through key that changes with every call would leave a plan for each


class Node(Serializable, abstract=True):
    """What can be called with data, alone or inside a container: transforms and containers."""

    p: Any
    _source: Source = Source()  # Python's own stream, until a node gets a seed
    # Dicts of its own from the first plan on; any assignment drops them, since a setting may have changed.
    _plans: Mapping[Any, Plan] = NOTHING
    _steps_in: Mapping[Plan, Steps] = NOTHING
    _above: Sequence[Any] = ()  # references to nodes that have a plan which this one's settings are part of
    _saved_as: Optional[str] = None
    # How a container runs it: `_run` and `_rerun`, but for classes of users that have a `__call__` of their own.
    _run_inside: Callable[..., None]
    _rerun_inside: Callable[..., None]
    _asks: ClassVar[bool] = False  # a user's class has a `should_apply` of its own
    _called: ClassVar[bool] = False  # it has such a `__call__`

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._asks = cls.should_apply is not Node.should_apply
        if cls._asks:
            cls._run = getattr(cls, "_run_asking", cls._run)  # type: ignore[method-assign]
        cls._called = cls.__call__ is not Node.__call__
        cls._run_inside = Node._run_called if cls._called else cls._run
        cls._rerun_inside = Node._rerun_called if cls._called else cls._rerun

    def _call_settings(self) -> Settings:
        """What this node decides as the outermost: rows are as they are without params."""
        return Settings(TARGETS, {k.name: k.processor.bare() for k in KINDS.values() if k.processor})

    def _own_names(self) -> set[str]:
        """Arguments of a call that only this node, or what it contains, knows."""
        return set()

    def _plan(self, names: tuple[str, ...], outer: Optional[Plan] = None) -> Plan:
        """The plan for a set of argument names, made once; in what a user's method of a call with a plan does."""
        key = names if outer is None else (outer, names)
        plan: Plan = self._plans.get(key) or self._kept("_plans", key, Plan(self, names, outer))
        return plan

    def _plan_here(self, names: tuple[str, ...]) -> Plan:
        """The plan for a set of argument names in the call under way, if there is one."""
        return self._plan(names, getattr(current.rng, "plan", None))

    def _kept(self, where: str, key: Any, value: Any) -> Any:
        """Keep a plan or the steps of one."""
        kept = getattr(self, where)
        if kept is NOTHING or len(kept) >= _MOST_PLANS:
            kept = {}
            object.__setattr__(self, where, kept)
        kept[key] = value
        return value

    def __call__(
        self, *args: Any, force_apply: bool = False, sample_key: Optional[SampleKey] = None, **data: Any
    ) -> Data:
        """Transform the data.

        Args:
            force_apply: apply whatever the probability says.
            sample_key: with a seed, the result depends on the seed and this key alone (int, str, bytes, or a tuple).
            data: `image=...`, `mask=...`, `bboxes=...`, and whatever shall pass through.

        Returns:
            A dict with the same keys.

        Raises:
            TypeError, ValueError: something is not what its name promises; the message says what is allowed.
        """
        if args:
            owner = type(self).__name__
            raise TypeError(f"{owner}: data is passed by name: transform(image=image), not transform(image)")
        names, rng = tuple(data), current.rng
        if rng is GLOBAL:
            plan = self._plans.get(names) or self._plan(names)
        else:
            plan = self._plan_here(names)
        absent = plan.check(data)
        if absent:
            return without(absent, data, partial(self, force_apply=force_apply, sample_key=sample_key))
        if not plan.simple or sample_key is not None or rng is not GLOBAL:
            return self._execute(data, Call(plan, self._source.rng(sample_key)), force_apply)
        # What `_execute` does where there are no rows, records or seeds: 1.2 us instead of 1.6 for an empty one.
        call = Call(plan, GLOBAL)
        self._run(data, call, force_apply)
        if call.held is not None:
            call.settle(data)
        return data

    def _call_with(self, seed: int, **data: Any) -> Data:
        """A call inside of another one, a function of a seed that was drawn there, whatever the node's own."""
        names = tuple(data)
        plan = self._plans.get(names) or self._plan(names)
        plan.check(data)
        return self._execute(data, Call(plan, Random(seed)))

    def _execute(self, data: Data, call: Call, force: bool = False, events: Optional[list[Any]] = None) -> Data:
        """The work of a call whose data is checked: rows unpacked, nodes run (or a trace run again), rows packed."""
        plan = call.plan
        saves = plan.settings.saves
        if saves and call.trace is None:
            call.trace = []
        outer, current.rng = current.rng, call.rng
        try:
            if plan.rows:
                plan.unpack(data, call)
            if events is None:
                self._run(data, call, force)
            else:
                self._rerun(data, call, events)
            call.settle(data)
            if plan.rows:
                plan.pack(data, call)
        finally:
            current.rng = outer
        if saves:
            self._save(data, call.trace or [], saves)
        return data

    def _save(self, data: Data, events: list[Any], saves: Mapping[int, str]) -> None:
        """Add the numbers of transforms that are deterministic (the word of 1.x) to the result."""
        raise NotImplementedError

    def add_targets(self, additional_targets: Optional[Mapping[str, str]]) -> None:
        """Further names of arguments and what they hold, as {"image2": "image"}."""
        raise NotImplementedError

    @property
    def available_keys(self) -> Iterable[str]:
        """The names of the targets that it changes."""
        raise NotImplementedError

    def _walk(self) -> "Iterator[Node]":
        """This node, and all that it runs itself."""
        yield self

    def _tells(self, owner: "Node") -> None:
        """From now on the owner's plans are dropped too when the settings of this node change."""
        if owner is not self and not any(ref() is owner for ref in self._above):
            object.__setattr__(self, "_above", [*(r for r in self._above if r() is not None), weakref.ref(owner)])

    def _run(self, data: Data, call: Call, force: bool = False) -> None:
        """Toss the coin and do the work on data that is checked and unpacked; `data` is changed in place."""
        raise NotImplementedError

    def _rerun(self, data: Data, call: Call, events: list[Any]) -> None:
        """Do the work again that `_run` has recorded in a trace."""
        raise NotImplementedError

    def _run_called(self, data: Data, call: Call, force: bool = False) -> None:
        """Run a user's own `__call__`, inside of a container."""
        event = {"seed": call.rng.getrandbits(64), **({"force_apply": True} if force else {})}
        if call.trace is not None:
            call.trace.append(event)
        self._rerun_called(data, call, [event])

    def _rerun_called(self, data: Data, call: Call, events: list[Any]) -> None:
        """Run a user's own `__call__` again, with the seeds it had."""
        owner = f"{type(self).__name__}.__call__"
        for event in events:
            force = {"force_apply": True} if event.get("force_apply") else {}
            call.plan.by_hand(owner, self.__call__, data, call, Within(event["seed"]), **force)

    # ---- the spellings of releases that users' code has

    def set_random_seed(self, seed: Optional[int]) -> None:
        """Give the node a stream of its own, for calls whose outermost node it is; None takes it away."""
        self._source = Source(seed)

    def set_random_state(self, random_generator: Any, py_random: Random) -> None:
        """The same, with a seed that is drawn of `py_random` (the spelling of 2.x)."""
        self.set_random_seed(py_random.getrandbits(63))

    def set_deterministic(self, flag: bool, save_key: str = "replay") -> "Node":
        """Add the numbers that are drawn to every result: `{save_key: {id(transform): numbers}}`."""
        for node in self._walk():
            object.__setattr__(node, "_saved_as", str(save_key) if flag else None)
            node._forget()
        return self

    @property
    def deterministic(self) -> bool:
        """Whether `set_deterministic` has been told so."""
        return self._saved_as is not None

    def should_apply(self, force_apply: bool = False) -> bool:
        """Toss the coin: whether this call does anything."""
        return bool(current.rng.random() < self.p) or force_apply

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        object.__setattr__(self, "_plans", NOTHING)
        object.__setattr__(self, "_steps_in", NOTHING)

    def _forget(self) -> None:
        """Drop the plans that this node's settings are part of."""
        for node in (self, *(ref() for ref in self._above)):
            if node is not None:
                object.__setattr__(node, "_plans", NOTHING)
                object.__setattr__(node, "_steps_in", NOTHING)

    def __getstate__(self) -> dict[str, Any]:
        # Plans hold bound methods, and are found again.
        return {k: v for k, v in self.__dict__.items() if k not in ("_plans", "_steps_in", "_above")}
