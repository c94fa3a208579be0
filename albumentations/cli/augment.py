"""`albumentations augment`: what is to be done, and the run itself, over processes and interruptions."""

import signal
import sys
from collections import defaultdict
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Optional

from . import pipeline, worker
from .coco import Coco, assemble
from .files import IMAGE_SUFFIXES, MASK_SUFFIXES, UsageError, write
from .journal import NAME, Journal, digest
from .progress import progress
from .worker import Job, Outcome, Setup

ANNOTATIONS = "annotations.json"
_AT_ONCE = 8  # copies a job, so that few images with many copies keep all processes busy


@dataclass
class Request:
    """What the user asked for."""

    source: Path
    out: Path
    pipeline: Optional[Path] = None
    masks: Optional[Path] = None
    coco: Optional[Path] = None
    copies: int = 1
    workers: int = 1
    seed: int = 0
    overwrite: bool = False


@dataclass
class Report:
    """What became of it: numbers of copies, and the images that were skipped with the reason."""

    made: int
    before: int
    broken: dict[str, str]

    @property
    def status(self) -> int:
        """The exit status."""
        return 1 if self.broken else 0


def say(text: str) -> None:
    """A notice to the user: on stderr, as stdout is for results."""
    print(f"albumentations: {text}", file=sys.stderr)


def _find(folder: Path, suffixes: tuple[str, ...], without: tuple[Path, ...] = ()) -> list[str]:
    """Relative paths of all files with these suffixes, sorted; hidden ones and some folders are left out."""
    found = []
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if path.suffix.lower() not in suffixes or any(part.startswith(".") for part in inside.parts):
            continue
        if path.is_file() and not any(room in path.resolve().parents for room in without):
            found.append(inside.as_posix())
    return sorted(found)


def _stem(name: str) -> str:
    return Path(name).with_suffix("").as_posix()


def _images(request: Request) -> list[str]:
    if not request.source.is_dir():
        raise UsageError(f"{request.source} is not a folder")
    rooms = tuple(room.resolve() for room in (request.out, request.masks) if room is not None)
    if request.source.resolve() in rooms:
        raise UsageError("the folder of images can't be --out or --masks too")
    images = _find(request.source, IMAGE_SUFFIXES, rooms)
    if not images:
        raise UsageError(f"{request.source} holds no images ({', '.join(IMAGE_SUFFIXES)})")
    names: dict[str, str] = {}
    for name in images:
        # Compared without case, since some file systems can't keep A and a apart.
        other = names.setdefault(_stem(name).lower(), name)
        if other != name:
            raise UsageError(f"{other} and {name} would both become {_stem(name)}_000: rename one of them")
    return images


def _mask_files(request: Request) -> dict[str, list[str]]:
    if request.masks is None:
        return {}
    if not request.masks.is_dir():
        raise UsageError(f"{request.masks} is not a folder")
    masks = defaultdict(list)
    for name in _find(request.masks, MASK_SUFFIXES):
        masks[_stem(name)].append(name)
    return masks


def _jobs(request: Request, coco: Optional[Coco], broken: dict[str, str]) -> list[Job]:
    """One job an image, without the copies yet; images that lack their mask are named as broken."""
    images, masks = _images(request), _mask_files(request)
    if coco is not None:
        missing = sorted(set(coco.images) - set(images))
        broken.update(dict.fromkeys(missing, f"in {coco.where} but not in {request.source}"))
        unlisted = len(images)
        images = [name for name in images if name in coco.images]
        unlisted -= len(images)
        if unlisted:
            say(f"{unlisted} images are not in {coco.where} and are left out")
    jobs = []
    for name in images:
        job = Job(name)
        if request.masks is not None:
            found = masks.get(_stem(name), [])
            if len(found) != 1:
                what = f"has {len(found)} masks, {', '.join(found)}" if found else "has no mask of this stem"
                broken[name] = f"{what} in {request.masks}"
                continue
            job = replace(job, mask=found[0])
        if coco is not None:
            job = replace(job, entry=coco.images[name], annotations=coco.annotations[name])
        jobs.append(job)
    return jobs


def _open(request: Request, spec: dict[str, Any], coco: Optional[Coco]) -> Journal:
    """The journal of the output folder, if that folder may be written to."""
    if not request.overwrite and not (request.out / NAME).exists():
        for name in ("images", "masks", ANNOTATIONS):
            if (request.out / name).exists():
                raise UsageError(
                    f"{request.out / name} is there already, and no {NAME} tells that this command made it: "
                    "give another --out, or --overwrite"
                )
    settings = {
        "seed": request.seed,
        "pipeline": digest(spec),
        "masks": request.masks is not None,
        "annotations": None if request.coco is None else digest(request.coco.read_bytes()),
    }
    return Journal(request.out, settings, request.overwrite)


def _left(request: Request, journal: Journal, job: Job) -> Job:
    """The job with those copies that are still to be made."""

    def done(copy: int) -> bool:
        record = journal.done.get(f"{job.name}#{copy}")
        if record is None or record["source"] != worker.stamp(request.source / job.name):
            return False
        return all((request.out / record[kind]).exists() for kind in ("image", "mask") if record.get(kind))

    return replace(job, copies=[copy for copy in range(request.copies) if not done(copy)])


def _share(job: Job) -> list[Job]:
    """The job in parts that an interruption need not wait for long."""
    starts = range(0, len(job.copies), _AT_ONCE)
    return [replace(job, copies=job.copies[start : start + _AT_ONCE]) for start in starts]


def _outcomes(setup: Setup, jobs: list[Job], workers: int) -> Generator[Outcome, None, None]:
    """Run the jobs, here or in processes; outcomes come as they are ready."""
    if workers == 1:
        with worker.here(setup):
            for job in jobs:
                yield worker.run(job)
        return
    context = get_context("spawn")  # works the same everywhere, and with threads about
    with ProcessPoolExecutor(workers, context, worker.start, (setup,)) as pool:
        waiting: set[Future[Outcome]] = set()
        todo = iter(jobs)
        try:
            while True:
                # A short queue: an interruption need not wait for it, and a million jobs don't fill memory.
                for job in islice(todo, 3 * workers - len(waiting)):
                    waiting.add(pool.submit(worker.run, job))
                if not waiting:
                    return
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    yield future.result()
        except BrokenProcessPool:
            then = "starts over" if setup.overwrite else "continues"
            raise UsageError(
                f"a worker process died, perhaps for lack of memory; the same command {then}, "
                "with fewer --workers perhaps"
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _write_annotations(request: Request, journal: Journal, coco: Coco, jobs: list[Job]) -> None:
    copies = []
    for job in jobs:
        for copy in range(request.copies):
            record = journal.done.get(f"{job.name}#{copy}")
            if record is not None:
                copies.append((job.name, record))
    path, data = request.out / ANNOTATIONS, assemble(coco, copies)
    # Our own file of an earlier, shorter run may grow; one that somebody edited may not be replaced.
    ours = path.exists() and digest(path.read_bytes()) == journal.annotations
    write(path, data, request.overwrite or ours)
    journal.add({"annotations_file": digest(data)})


def augment(request: Request) -> Report:
    """Make the copies that are not there yet."""
    coco = None if request.coco is None else Coco.read(request.coco)
    spec = pipeline.spec_for(request.pipeline, request.masks is not None, coco)
    if coco is not None and coco.sided and pipeline.mirrors(spec):
        say("the pipeline mirrors images, but keypoints keep their names (left …, right …)")
    broken: dict[str, str] = {}
    jobs = _jobs(request, coco, broken)
    journal = _open(request, spec, coco)
    left = [part for job in jobs for part in _share(_left(request, journal, job))]
    todo = sum(len(job.copies) for job in left)
    before = len(jobs) * request.copies - todo
    if before:
        say(f"{before} copies are there already; {todo} to make")
    bar = progress(before + todo, before)
    made = 0
    try:
        for name, problem in broken.items():
            bar.write(f"albumentations: skipped {name}: {problem}", file=sys.stderr)
        setup = Setup(spec, request.seed, request.source, request.out, request.masks, request.overwrite)
        # A process takes seconds to start: not worth it for a handful of copies.
        workers = max(1, min(request.workers, todo // _AT_ONCE))
        with closing(_outcomes(setup, left, workers)) as outcomes:
            for outcome in outcomes:
                for record in outcome.records:
                    journal.add(record)
                made += len(outcome.records)
                bar.update(len(outcome.records))
                if outcome.problem and outcome.name not in broken:
                    broken[outcome.name] = outcome.problem
                    bar.write(f"albumentations: skipped {outcome.name}: {outcome.problem}", file=sys.stderr)
        if coco is not None:
            _write_annotations(request, journal, coco, jobs)
    finally:
        bar.close()
        journal.close()
    return Report(made, before, broken)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let `kill` end a run as Ctrl-C does, with the workers and the journal in order."""

    def stop(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
