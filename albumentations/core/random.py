"""Where every random number comes from: one source a pipeline, owned by the outermost Compose and handed down.

Without a seed it is Python's global `random`: `random.seed(0)` reproduces a run, frameworks that seed their workers'
`random` get a stream a worker, and Python itself reseeds it after a fork. With a seed it is a stream of its own: in the
main process a function of the seed, in a worker a function of the seed and the worker.
"""

import os
import random
import sys
import threading
from collections.abc import Mapping
from typing import Any, Callable, Optional, Union, cast

import numpy as np

from ..functional.cv import generator

# The module's functions are the methods of the global generator; a name of its own, since `random` is also this file.
GLOBAL = cast(random.Random, random)

Random = random.Random
Seed = Optional[int]
SampleKey = Union[int, str, bytes, tuple[Any, ...]]


class _Current(threading.local):
    """The generator of the call that this thread is in; outside of any call the global one."""

    rng: random.Random = GLOBAL


current = _Current()


class Within(random.Random):
    """The stream of what a user's own method does; nodes that it calls learn here of the call around them."""

    plan: Any = None


class _Process:
    """Which process this is, as a path of forks: kept here, since a raw fork tells nobody."""

    def __init__(self) -> None:
        self.token = object()  # a new object in every process, so that one `is` tells whether a fork came between
        self.forks: list[tuple[tuple[int, ...], int]] = []
        self.children = 0
        self.copies: dict[tuple[Any, ...], int] = {}

    def before_fork(self) -> None:
        self.children += 1

    def after_fork(self) -> None:
        self.token = object()
        self.forks.append((_multiprocessing_identity(), self.children))
        self.children = 0
        self.copies.clear()


_process = _Process()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_process.before_fork, after_in_child=_process.after_fork)


def _multiprocessing_identity() -> tuple[int, ...]:
    module = sys.modules.get("multiprocessing.process")
    return tuple(module.current_process()._identity) if module is not None else ()


def worker() -> tuple[Any, ...]:
    """Who this process is: () for the main one, else a key that no other living worker has.

    In a data-loader worker it is its number and the loader's seed for this epoch, read where torch has left it (torch
    itself is never imported); elsewhere the place in the tree of `multiprocessing` processes and raw forks.
    """
    loader = sys.modules.get("torch.utils.data._utils.worker")
    info = loader.get_worker_info() if loader is not None else None
    if info is not None:
        return ("loader", int(info.id), int(info.seed))
    here = _multiprocessing_identity()
    # A fork made by multiprocessing shows in the identity; only raw forks count on their own.
    identities = [identity for identity, _ in _process.forks] + [here]
    raw = tuple(child for (identity, child), after in zip(_process.forks, identities[1:]) if identity == after)
    return ("process", here, raw) if here or raw else ()


class Source:
    """The random stream of one pipeline."""

    def __init__(self, seed: Seed = None) -> None:
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, (int, np.integer))):
            raise TypeError(f"seed must be an integer or None, not {type(seed).__name__} ({seed!r})")
        self.seed = None if seed is None else int(seed)
        self._copied: Any = None  # where the stream of the original was, in a copy that has not begun
        self._home: object = None  # the process that the stream was begun in
        if self.seed is not None:
            self._start()

    def _start(self) -> None:
        """Begin a stream in this process. An unpickled copy in the main process goes on where the original was."""
        self._home = _process.token
        self._rng = random.Random()
        key = worker()
        if self._copied and not key:
            self._rng.setstate(self._copied)
            return
        if self._copied and key[0] == "process":
            # A pool unpickles the pipeline again for every task: each copy gets a stream of its own.
            copies = _process.copies
            copies[(self.seed, key)] = copies.get((self.seed, key), 0) + 1
            key += (copies[(self.seed, key)],)
        self._rng.seed(f"albumentations/{self.seed}/{key!r}")

    def rng(self, sample_key: Optional[SampleKey] = None) -> random.Random:
        """The generator of the next call: the stream itself, or one made of the seed and the sample key alone."""
        if sample_key is not None:
            return self._keyed(sample_key)
        if self.seed is None:
            # A separate pipeline that is called within a call follows its own source; what a user's `__call__` is made
            # of follows the call's.
            return current.rng if type(current.rng) is Within else GLOBAL
        if self._home is not _process.token:
            self._start()
        return self._rng

    def _keyed(self, sample_key: SampleKey) -> random.Random:
        if self.seed is None:
            raise ValueError(f"sample_key={sample_key!r} needs a pipeline with a seed: Compose(..., seed=0)")
        return random.Random(f"albumentations/{self.seed}/sample/{_readable(sample_key)}")

    def state_dict(self) -> dict[str, Any]:
        """The seed and the position in the stream, as JSON can hold them."""
        version, numbers, gauss = self.rng().getstate()
        return {"seed": self.seed, "stream": [version, list(numbers), gauss]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        if not isinstance(state, Mapping) or {"seed", "stream"} - set(state):
            raise ValueError(f"state must be what state_dict() returned, got {state!r}")
        version, numbers, gauss = state["stream"]
        self.rng().setstate((version, tuple(numbers), gauss))

    def __getstate__(self) -> dict[str, Any]:
        if self.seed is None:
            return {"seed": None}
        return {"seed": self.seed, "stream": self.rng().getstate()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Begun with the first call: a spawned worker unpickles the pipeline before it knows who it is.
        self.seed = state["seed"]
        self._copied = state.get("stream")
        self._home = None


def _readable(key: Any) -> str:
    """A text that is the same in every process: no hashes, no addresses."""
    if isinstance(key, np.generic):
        key = key.item()
    if isinstance(key, tuple):
        return f"({','.join(_readable(k) for k in key)})"
    if not isinstance(key, (int, str, bytes)):
        raise TypeError(
            f"sample_key must be an integer, a string, bytes or a tuple of these, not {type(key).__name__} ({key!r})"
        )
    return repr(key)


class _Shared:
    """A property that instances of users' classes may have for themselves: an assignment takes its place."""

    def __init__(self, get: Callable[[], Any]) -> None:
        self.get = get
        self.__doc__ = get.__doc__

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self if instance is None else self.get()


def _py_random() -> random.Random:
    """The generator of the call under way: an object with the methods of `random.Random`."""
    return current.rng


def _random_generator() -> "np.random.Generator":
    """A new NumPy generator, seeded from the pipeline's source."""
    return generator(current.rng.getrandbits(64))


class Draws:
    """The drawing tools of a transform; every number comes from the pipeline's own source."""

    py_random: Any = _Shared(_py_random)
    random_generator: Any = _Shared(_random_generator)

    def _uniform(self, limits: tuple[float, float]) -> float:
        """A real number, uniform between two limits."""
        return current.rng.uniform(limits[0], limits[1])

    def _randint(self, limits: tuple[int, int]) -> int:
        """An integer, uniform between two limits, both included."""
        return current.rng.randint(int(limits[0]), int(limits[1]))

    def _pick(self, options: Any) -> Any:
        """One of the options, each as likely as the others."""
        return current.rng.choice(options)

    def _draw_seed(self) -> int:
        """A seed for noise that is expanded in a kernel."""
        return current.rng.getrandbits(32)
