"""One image's share of an augment run: read it, call the pipeline for each copy, write what comes out."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import Any, Optional

import cv2
import numpy as np

from . import coco, files, pipeline
from .files import BrokenImage
from .journal import Record


@dataclass(frozen=True)
class Setup:
    """What all jobs of a run share."""

    spec: dict[str, Any]
    seed: int
    source: Path
    out: Path
    masks: Optional[Path]
    overwrite: bool


@dataclass(frozen=True)
class Job:
    """One image and the numbers of its copies to make; paths are relative to their folders."""

    name: str
    mask: Optional[str] = None
    entry: Optional[dict[str, Any]] = None
    annotations: list[dict[str, Any]] = field(default_factory=list)
    copies: list[int] = field(default_factory=list)


@dataclass
class Outcome:
    """The journal records of the copies made, and what went wrong if not all were."""

    name: str
    records: list[Record]
    problem: Optional[str] = None


_setup: Setup
_pipeline: Any


def _use(setup: Setup) -> None:
    global _setup, _pipeline
    _setup, _pipeline = setup, pipeline.build(setup.spec, setup.seed)
    cv2.setNumThreads(1)  # one process a core already


def start(setup: Setup) -> None:
    """Make a fresh process a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends us in order
    parent = parent_process()
    assert parent is not None

    def follow() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    # A parent that was killed outright can't say good-bye; without this its workers would wait for ever.
    threading.Thread(target=follow, daemon=True).start()
    _use(setup)


@contextmanager
def here(setup: Setup) -> Iterator[None]:
    """Be the worker in this process for a while."""
    threads = cv2.getNumThreads()
    try:
        _use(setup)
        yield
    finally:
        cv2.setNumThreads(threads)


def stamp(path: Path) -> list[int]:
    """Size and time of a file: tells whether it has changed since its copies were made."""
    try:
        status = path.stat()
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns]


def run(job: Job) -> Outcome:
    """Make the copies of one image; whatever goes wrong stays with this image."""
    outcome = Outcome(job.name, [])
    try:
        source = stamp(_setup.source / job.name)
        given = _read(job)
        for copy in job.copies:
            outcome.records.append({**_copy(job, copy, given), "source": source})
    except Exception as error:
        kind = "" if isinstance(error, (BrokenImage, FileExistsError)) else f"{type(error).__name__}: "
        outcome.problem = kind + str(error)
    return outcome


@dataclass(frozen=True)
class _Given:
    """The arguments of the pipeline call, the palette of the mask, and in which of `masks` each annotation is."""

    data: dict[str, Any]
    palette: Optional[list[int]]
    homes: list[int]


def _read(job: Job) -> _Given:
    image, mask, palette = files.read_image(_setup.source / job.name), None, None
    height, width = image.shape[:2]
    if job.mask is not None and _setup.masks is not None:
        mask, palette = files.read_mask(_setup.masks / job.mask)
        if mask.shape[:2] != (height, width):
            size = f"{mask.shape[1]} × {mask.shape[0]}"
            raise BrokenImage(f"the image has {width} × {height} pixels, but its mask {job.mask} has {size}")
    if job.entry is not None:
        coco.check_size(job.entry, height, width)
    data, homes = pipeline.arguments(_setup.spec, image, mask, job.annotations)
    return _Given(data, palette, homes)


def _copy(job: Job, copy: int, given: _Given) -> Record:
    """Make and write one copy; returns its journal record."""
    key = f"{job.name}#{copy}"
    result = _pipeline(**given.data, sample_key=key)
    image = result["image"]
    if "alpha" in result:
        image = np.dstack([image, result["alpha"]])
    stem = f"{Path(job.name).with_suffix('').as_posix()}_{copy:03d}"
    suffix = files.suffix_for(image, Path(job.name).suffix)
    record: Record = {"copy": key, "image": f"images/{stem}{suffix}", "height": image.shape[0], "width": image.shape[1]}
    pictures = [(record["image"], files.encode(image, suffix))]
    if "mask" in result:
        suffix = files.suffix_for(result["mask"], ".png")
        record["mask"] = f"masks/{stem}{suffix}"
        pictures.append((record["mask"], files.encode(result["mask"], suffix, given.palette)))
    if job.entry is not None:
        record["annotations"] = coco.collect(job.annotations, given.homes, result)
    for name, content in pictures:
        files.write(_setup.out / name, content, _setup.overwrite)
    return record
