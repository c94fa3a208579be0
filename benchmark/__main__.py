"""`python -m benchmark kernels`, or `calls --against FOLDER`, or `calls --peer PYTHON`, or `agree --peer PYTHON`.

The commit before: `git worktree add ../before HEAD~1` and `python -m benchmark calls --against ../before`.
"""

import argparse
from pathlib import Path

from . import agree, calls, kernels, records


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("kernels", help="the tricks of the kernels against the plain way")
    side = commands.add_parser("calls", help="what a call costs, against another checkout or release")
    other = side.add_mutually_exclusive_group(required=True)
    other.add_argument("--against", metavar="FOLDER", help="another checkout of this library, in this environment")
    other.add_argument("--peer", metavar="PYTHON", help="an interpreter in which another albumentations is installed")
    side.add_argument("--only", metavar="REGEX", default="", help="rows whose names match it somewhere")
    side.add_argument("--rounds", metavar="N", type=int, default=3, help="pairs of new interpreters; the best counts")
    same = commands.add_parser("agree", help="whether transforms change photos as another release does")
    same.add_argument(
        "--peer", metavar="PYTHON", action="append", required=True, help="as above; the first that has a class"
    )
    same.add_argument("--only", metavar="REGEX", default="", help="classes whose names match it somewhere")
    same.add_argument("--out", metavar="FILE", type=Path, help="write the table there instead of printing it")
    replayed = commands.add_parser("records", help="replay records of another release, for the tests")
    source = replayed.add_mutually_exclusive_group(required=True)
    source.add_argument("--peer", metavar="PYTHON", help="as above; its records are written")
    source.add_argument(
        "--table", metavar="FILE", type=Path, nargs="+", help="records that were written: a table of them"
    )
    replayed.add_argument("--out", metavar="FILE", type=Path, required=True, help="a .json.gz to write, or a .md")
    arguments = parser.parse_args()
    if arguments.command == "agree":
        report = agree.run(arguments.peer, arguments.only)
        print(report) if arguments.out is None else arguments.out.write_text(
            agree.HEAD + report + "\n", encoding="utf-8"
        )
    elif arguments.command == "records":
        if arguments.peer is not None:
            records.write(arguments.out, records.run(arguments.peer))
        else:
            arguments.out.write_text(records.report(arguments.table), encoding="utf-8")
    elif arguments.command == "kernels":
        print(kernels.run())
    elif arguments.against is not None:
        print(calls.against(arguments.against, arguments.only, arguments.rounds))
    else:
        print(calls.peer(arguments.peer, arguments.only, arguments.rounds))


if __name__ == "__main__":
    main()
