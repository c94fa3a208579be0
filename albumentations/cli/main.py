"""The command line: arguments in, exit status out (0 all done, 1 some images skipped, 2 nothing done)."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from .. import __version__
from .files import UsageError

_INTERRUPTED = 130  # as shells have it


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {number}")
    return number


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError(f"must lie in [0, 2**32), not {number}")
    return number


_count.__name__, _seed.__name__ = "whole number", "whole number"  # argparse names these in its messages


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="albumentations", description="Augment images, masks, boxes and keypoints.")
    parser.add_argument("--version", action="version", version=f"albumentations {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    augment = commands.add_parser(
        "augment",
        help="make augmented copies of a folder of images",
        description="Make augmented copies of every image in a folder, with masks and annotations beside them. "
        "The result depends on --seed only. An interrupted run goes on where it stopped: give the same command again.",
    )
    augment.add_argument("source", type=Path, metavar="SOURCE", help="folder of images; subfolders are kept")
    augment.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="images/, masks/, annotations.json go here"
    )
    _pipeline_option(augment)
    augment.add_argument(
        "--masks", type=Path, metavar="DIR", help="folder of masks, each of the same stem as its image"
    )
    augment.add_argument("--coco", type=Path, metavar="FILE", help="COCO file of the images' boxes and keypoints")
    augment.add_argument("--copies", type=_count, default=1, metavar="N", help="copies of each image (default 1)")
    _run_options(augment)

    preview = commands.add_parser(
        "preview",
        help="draw a contact sheet of a pipeline",
        description="Draw the original and some draws of a pipeline on one sheet, masks, boxes and keypoints drawn in.",
    )
    preview.add_argument("image", type=Path, nargs="?", metavar="IMAGE", help="default: a photo that scikit-image has")
    preview.add_argument("--out", type=Path, required=True, metavar="FILE", help="the sheet, a PNG or JPEG")
    _pipeline_option(preview)
    preview.add_argument("-n", type=_count, default=8, metavar="N", dest="count", help="number of draws (default 8)")
    preview.add_argument("--mask", type=Path, metavar="FILE", help="the image's mask")
    preview.add_argument("--coco", type=Path, metavar="FILE", help="COCO file that lists the image")
    _seed_option(preview)
    _overwrite_option(preview)

    demo = commands.add_parser(
        "demo",
        help="both on photos that come with scikit-image",
        description="Augment and preview photos that come with scikit-image, with masks, boxes and keypoints.",
    )
    demo.add_argument(
        "--out", type=Path, default=Path("albumentations-demo"), metavar="DIR", help="default: %(default)s"
    )
    demo.add_argument("--copies", type=_count, default=8, metavar="N", help="copies of each photo (default 8)")
    _run_options(demo)

    migrate = commands.add_parser(
        "migrate",
        help="rewrite spellings of older releases in Python sources and saved pipelines",
        description="Show what files become in the canonical spelling. What cannot be decided is left as it is and told"
        " with its line; the exit status is 1 then. Needs libcst.",
    )
    migrate.add_argument("files", type=Path, nargs="+", metavar="FILE", help="Python sources, JSON or YAML")
    how = migrate.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="show the difference (the default)")
    how.add_argument("--write", action="store_true", help="write the files")
    return parser


def _pipeline_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pipeline", type=Path, metavar="FILE", help="YAML or JSON that A.save wrote (default: a moderate pipeline)"
    )


def _seed_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=_seed, default=0, metavar="S", help="another seed, other copies (default 0)")


def _overwrite_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--overwrite", action="store_true", help="replace files that are there already; start over")


def _run_options(parser: argparse.ArgumentParser) -> None:
    cores = _cores()
    parser.add_argument(
        "--workers", type=_count, default=cores, metavar="K", help=f"processes (default {cores}, one a core)"
    )
    _seed_option(parser)
    _overwrite_option(parser)


def _migrate(options: argparse.Namespace) -> int:
    try:
        from .migrate import migrate
    except ModuleNotFoundError as error:
        if error.name != "libcst":
            raise
        raise UsageError("migrate needs libcst: pip install 'albumentations[cli]'") from None
    return migrate(options.files, options.write)


def _augment(options: argparse.Namespace) -> int:
    from .augment import Request, augment

    fields = ("source", "out", "pipeline", "masks", "coco", "copies", "workers", "seed", "overwrite")
    report = augment(Request(**{name: getattr(options, name) for name in fields}))
    there = f", {report.before} were there" if report.before else ""
    skipped = f"; {len(report.broken)} images skipped" if report.broken else ""
    print(f"{report.made} copies made{there}{skipped}: {options.out}")
    return report.status


def _preview(options: argparse.Namespace) -> int:
    from . import files
    from .preview import preview, sample_of

    if options.out.suffix.lower() not in files.IMAGE_SUFFIXES:
        raise UsageError(f"--out {options.out} must end with one of {', '.join(files.IMAGE_SUFFIXES)}")
    if options.out.exists() and not options.overwrite:
        raise UsageError(f"{options.out} is there already (--overwrite replaces it)")
    if options.image is None:
        if options.mask or options.coco:
            raise UsageError("--mask and --coco need an IMAGE")
        from .demo import photo

        sample = photo()
    else:
        sample = sample_of(options.image, options.mask, options.coco)
    page = preview(sample, options.pipeline, options.count, options.seed)
    files.write(options.out, files.encode(page, options.out.suffix.lower()), options.overwrite)
    print(f"{options.count} draws of {sample.name}: {options.out}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from .demo import demo

    return demo(options.out, options.copies, options.workers, options.seed, options.overwrite)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run the command; returns the exit status."""
    options = _parser().parse_args(arguments)
    from .augment import stoppable

    try:
        with stoppable():
            commands = {"augment": _augment, "preview": _preview, "demo": _demo, "migrate": _migrate}
            return commands[options.command](options)
    except (UsageError, OSError) as error:
        print(f"albumentations: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        over = options.command in ("preview", "migrate") or options.overwrite
        then = "starts over" if over else "goes on from here"
        print(f"albumentations: stopped; the same command {then}", file=sys.stderr)
        return _INTERRUPTED
