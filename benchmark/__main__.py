"""`python -m benchmark kernels | calls --peer PYTHON`."""

import argparse

from . import calls, kernels


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmark", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("kernels", help="the tricks of the kernels against the plain way")
    side = commands.add_parser("calls", help="what a call costs, against a peer")
    side.add_argument("--peer", required=True, help="a Python interpreter in which another albumentations is installed")
    arguments = parser.parse_args()
    print(kernels.run() if arguments.command == "kernels" else calls.run(arguments.peer))


if __name__ == "__main__":
    main()
