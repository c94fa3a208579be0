"""A progress bar on stderr: tqdm's where tqdm is installed, else a plain line now and then."""

import sys
import time
from typing import Any

_SECONDS = 2.0  # between two plain lines


class _Plain:
    """Stands in for tqdm: `update`, `write`, `close`."""

    def __init__(self, total: int, initial: int) -> None:
        self.total, self.done, self.shown = total, initial, time.monotonic()

    def update(self, count: int) -> None:
        """Count finished copies."""
        self.done += count
        if time.monotonic() - self.shown >= _SECONDS:
            self.shown = time.monotonic()
            print(f"{self.done} of {self.total} copies", file=sys.stderr)

    def write(self, text: str, file: Any = None) -> None:
        """Print a line."""
        print(text, file=file)

    def close(self) -> None:
        """Nothing is left open."""


def progress(total: int, initial: int) -> Any:
    """A bar over `total` copies, of which `initial` were there before."""
    try:
        from tqdm import tqdm
    except ImportError:
        return _Plain(total, initial)
    return tqdm(total=total, initial=initial, unit="copy", dynamic_ncols=True)
