"""Randomness: reproducible where asked for, never the same twice where not, whatever the processes."""

import json
import multiprocessing
import os
import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import albumentations as A

IMAGE = np.arange(16 * 14 * 3, dtype=np.uint8).reshape(16, 14, 3)


class Drawn(A.ImageOnlyTransform):
    """Writes what it draws into the image."""

    def get_params(self) -> Any:
        return {"value": self.py_random.getrandbits(60)}

    def apply(self, img: np.ndarray, value: int, **params: Any) -> np.ndarray:
        return np.full((1, 1), value, np.int64)


class Generated(A.ImageOnlyTransform):
    """Draws with NumPy's generator."""

    def get_params(self) -> Any:
        return {"value": int(self.random_generator.integers(2**60))}

    def apply(self, img: np.ndarray, value: int, **params: Any) -> np.ndarray:
        return np.full((1, 1), value, np.int64)


def test_numpys_generator_follows_the_same_source() -> None:
    pipelines = [A.Compose([Generated(p=1)], seed=seed) for seed in (7, 7, 8, None)]
    state = random.getstate()
    first, again, other = (draw(pipeline) for pipeline in pipelines[:3])
    assert random.getstate() == state, "a seeded pipeline draws from its own stream"
    assert first == again != other
    assert len(set(first)) == len(first)
    random.seed(3)
    unseeded = draw(pipelines[3])
    random.seed(3)
    np.random.seed(5)  # noqa: NPY002 - the global generator of NumPy is not the source
    assert draw(pipelines[3]) == unseeded != draw(pipelines[3])


def drawing(seed: Any) -> Any:
    return A.Compose([Drawn(p=1)], seed=seed)


def draw(pipeline: Any, count: int = 4, **call: Any) -> list[int]:
    return [int(pipeline(image=IMAGE, **call)["image"][0, 0]) for _ in range(count)]


def test_python_random_drives_an_unseeded_pipeline() -> None:
    random.seed(0)
    first = draw(drawing(None))
    random.seed(0)
    assert draw(drawing(None)) == first
    assert draw(drawing(None)) != first


def test_a_seeded_pipeline_has_a_stream_of_its_own() -> None:
    random.seed(1)
    first = draw(drawing(7))
    random.seed(2)
    assert draw(drawing(7)) == first
    assert draw(drawing(8)) != first
    assert len(set(first)) == len(first)


def test_a_seeded_pipeline_leaves_pythons_random_alone() -> None:
    random.seed(1)
    expected = random.random()
    random.seed(1)
    draw(drawing(7))
    assert random.random() == expected


def test_a_pipeline_inside_another_draws_from_the_outermost() -> None:
    inner = A.Compose([Drawn(p=1)], seed=99)
    assert draw(A.Compose([inner], seed=7)) != draw(drawing(99))
    assert draw(A.Compose([inner], seed=7)) == draw(A.Compose([A.Compose([Drawn(p=1)])], seed=7))


def test_a_pipeline_called_within_a_call_keeps_to_its_own_source() -> None:
    other = drawing(None)

    class Calls(A.ImageOnlyTransform):
        def apply(self, img: np.ndarray, **params: Any) -> np.ndarray:
            return other(image=img)["image"]

    random.seed(5)
    expected = draw(drawing(None), 2)
    random.seed(5)
    assert draw(A.Compose([Calls(p=1)], seed=7), 2) == expected


def test_set_random_seed_starts_a_stream() -> None:
    pipeline = drawing(3)
    first = draw(pipeline)
    pipeline.set_random_seed(3)
    assert draw(pipeline) == first
    pipeline.set_random_seed(None)
    random.seed(0)
    unseeded = draw(pipeline)
    random.seed(0)
    assert draw(drawing(None)) == unseeded
    alone = Drawn(p=1)
    alone.set_random_seed(3)
    again = pickle.loads(pickle.dumps(alone))
    assert draw(alone) == draw(again)


def test_state_resumes_a_stream() -> None:
    for seed in (4, None):
        pipeline = drawing(seed)
        draw(pipeline, 3)
        state = json.loads(json.dumps(pipeline.state_dict()))
        expected = draw(pipeline)
        other = drawing(seed)
        other.load_state_dict(state)
        assert draw(other) == expected
    other = drawing(5)
    other.load_state_dict(drawing(4).state_dict())
    assert draw(other) == draw(drawing(4))
    with pytest.raises(ValueError, match="state_dict"):
        drawing(5).load_state_dict({"seed": 5})


def test_a_copy_goes_on_where_the_original_is() -> None:
    pipeline = drawing(4)
    draw(pipeline, 3)
    copy = pickle.loads(pickle.dumps(pipeline))
    assert draw(copy) == draw(pipeline)


def test_p_0_draws_only_its_own_coin() -> None:
    never = A.Compose([Drawn(p=0), Drawn(p=0), Drawn(p=1)], seed=1)
    once = A.Compose([A.NoOp(p=0), A.NoOp(p=1), Drawn(p=1)], seed=1)
    assert draw(never) == draw(once)


def test_sample_key_alone_decides() -> None:
    pipeline = drawing(7)
    first = draw(pipeline, 1, sample_key="a")
    draw(pipeline, 5)
    assert draw(pipeline, 1, sample_key="a") == first
    assert draw(pipeline, 1, sample_key="b") != first
    assert draw(drawing(8), 1, sample_key="a") != first
    assert draw(drawing(7), 1, sample_key=np.int64(3)) == draw(drawing(7), 1, sample_key=3)
    assert draw(drawing(7), 1, sample_key=("a", 1)) != draw(drawing(7), 1, sample_key=("a", 2))
    with pytest.raises(ValueError, match="seed"):
        draw(drawing(None), 1, sample_key="a")
    with pytest.raises(TypeError, match="sample_key"):
        draw(drawing(7), 1, sample_key=object())


@pytest.mark.parametrize("seed", ["7", 1.5, True, [1]])
def test_a_seed_is_an_integer(seed: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="seed"):
        drawing(seed)


def test_threads_share_one_pipeline() -> None:
    pipeline = A.Compose([A.HorizontalFlip(p=0.5), A.RandomGamma(p=1), A.Rotate(p=1)], seed=7)
    with ThreadPoolExecutor(8) as pool:
        keyed = list(pool.map(lambda i: pipeline(image=IMAGE, sample_key=i)["image"], range(64)))
    for i, image in enumerate(keyed):
        assert np.array_equal(image, pipeline(image=IMAGE, sample_key=i)["image"])


# ---- processes


def child(pipeline: Any, queue: Any, epochs: int) -> None:
    queue.put([draw(pipeline) for _ in range(epochs)])


def key_child(pipeline: Any) -> list[list[int]]:
    return [draw(pipeline, 1, sample_key=i) for i in range(4)]


def pooled(pipeline: Any) -> list[int]:
    return draw(pipeline)


def streams(method: str, seed: Any, workers: int, epochs: int) -> list[list[int]]:
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    pipeline = drawing(seed)
    draw(pipeline, 1)  # a stream that has begun is handed on by the fork
    processes = [context.Process(target=child, args=(pipeline, queue, epochs)) for _ in range(workers)]
    for process in processes:
        process.start()
    drawn = [stream for _ in processes for stream in queue.get(timeout=120)]
    for process in processes:
        process.join()
    return [*drawn, draw(pipeline)]


METHODS = [m for m in ("fork", "spawn") if m in multiprocessing.get_all_start_methods()]


@pytest.mark.parametrize("seed", [None, 7])
@pytest.mark.parametrize("method", METHODS)
def test_no_two_workers_draw_the_same_stream(method: str, seed: Any) -> None:
    workers = 16 if method == "fork" else 4
    drawn = streams(method, seed, workers, epochs=2)
    numbers = [n for stream in drawn for n in stream]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.heavy
@pytest.mark.parametrize("seed", [None, 7])
def test_16_spawned_workers(seed: Any) -> None:
    numbers = [n for stream in streams("spawn", seed, 16, epochs=2) for n in stream]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("seed", [None, 7])
@pytest.mark.parametrize("method", METHODS)
def test_tasks_of_a_pool_differ_though_each_unpickles_the_pipeline(method: str, seed: Any) -> None:
    with multiprocessing.get_context(method).Pool(2) as pool:
        drawn = pool.map(pooled, [drawing(seed)] * 8, chunksize=1)
    numbers = [n for stream in drawn for n in stream]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize("seed", [None, 7])
def test_a_raw_fork_gets_a_stream_of_its_own(seed: Any) -> None:
    pipeline = drawing(seed)
    draw(pipeline)
    drawn = []
    for _ in range(3):
        read, write = os.pipe()
        if os.fork() == 0:
            os.write(write, json.dumps(draw(pipeline)).encode())
            os._exit(0)
        os.wait()
        drawn += json.loads(os.read(read, 10_000))
    drawn += draw(pipeline)
    assert len(set(drawn)) == len(drawn)


def test_seeded_workers_are_reproducible() -> None:
    if "fork" not in METHODS:
        pytest.skip("there is no fork here")
    code = "import test_random as t; print(sorted(t.streams('fork', 7, 3, 1)))"
    import subprocess
    import sys

    folder = os.path.dirname(__file__)
    runs = {
        subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


@pytest.mark.parametrize("method", METHODS)
def test_sample_keys_do_not_depend_on_the_process(method: str) -> None:
    pipeline = drawing(7)
    expected = key_child(pipeline)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(key_child, [pipeline] * 3) == [expected] * 3


# ---- torch's loader


class Numbers:
    """A dataset that gives what is drawn for each item."""

    def __init__(self, pipeline: Any, keyed: bool = False) -> None:
        self.pipeline = pipeline
        self.keyed = keyed

    def __len__(self) -> int:
        return 64

    def __getitem__(self, index: int) -> int:
        return draw(self.pipeline, 1, **({"sample_key": index} if self.keyed else {}))[0]


def loaded(dataset: Any, epochs: int, torch_seed: int = 0, **settings: Any) -> list[list[int]]:
    torch = pytest.importorskip("torch")
    torch.manual_seed(torch_seed)
    loader = torch.utils.data.DataLoader(dataset, batch_size=4, **settings)
    return [[int(n) for batch in loader for n in batch] for _ in range(epochs)]


@pytest.mark.parametrize("seed", [None, 7])
@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_a_loaders_workers_and_epochs_differ(method: str, persistent: bool, seed: Any) -> None:
    workers = 16 if method == "fork" else 2
    settings = {"num_workers": workers, "multiprocessing_context": method, "persistent_workers": persistent}
    drawn = loaded(Numbers(drawing(seed)), 3, **settings)
    numbers = [n for epoch in drawn for n in epoch]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("workers", [0, 3])
def test_a_seeded_loader_is_reproducible_and_follows_torchs_seed(workers: int) -> None:
    first = loaded(Numbers(drawing(7)), 2, num_workers=workers)
    assert loaded(Numbers(drawing(7)), 2, num_workers=workers) == first
    if workers:
        assert loaded(Numbers(drawing(7)), 2, torch_seed=1, num_workers=workers) != first


def test_sample_keys_do_not_depend_on_the_loader() -> None:
    pipeline = drawing(7)
    expected = [draw(pipeline, 1, sample_key=i)[0] for i in range(64)]
    for workers in (0, 1, 3):
        assert loaded(Numbers(pipeline, keyed=True), 2, num_workers=workers) == [expected] * 2
