"""The journal of an output folder: what it was made with and which copies are done, so that a run can go on."""

import hashlib
import json
from pathlib import Path
from typing import Any, Optional

from .files import UsageError

NAME = "journal.jsonl"
Record = dict[str, Any]


def digest(value: Any) -> str:
    """A short fingerprint of bytes or of anything JSON can hold."""
    data = value if isinstance(value, bytes) else json.dumps(value, sort_keys=True, default=str).encode()
    return hashlib.sha256(data).hexdigest()[:16]


class Journal:
    """One JSON object a line: first the settings, then a record for each finished copy, in order of finishing."""

    def __init__(self, folder: Path, settings: Record, overwrite: bool = False) -> None:
        self.path = folder / NAME
        self.done: dict[str, Record] = {}
        self.annotations: Optional[str] = None
        lines = [] if overwrite else self._lines()
        if lines:
            self._check(settings, lines[0])
            for record in lines[1:]:
                self._take(record)
        folder.mkdir(parents=True, exist_ok=True)
        # Written anew: a line cut off when the last run was killed would spoil the next one.
        text = "".join(json.dumps(record) + "\n" for record in (lines or [{"settings": settings}]))
        part = self.path.with_name(NAME + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(self.path)
        self._file = self.path.open("a", encoding="utf-8")

    def _lines(self) -> list[Record]:
        if not self.path.exists():
            return []
        records = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:
                break
        return records

    def _check(self, settings: Record, first: Record) -> None:
        before = first.get("settings", {})
        for name, value in settings.items():
            if before.get(name) != value:
                raise UsageError(
                    f"{self.path.parent} was made with another {name} ({before.get(name)}, now {value}): "
                    "give another --out, or --overwrite to start it over"
                )

    def _take(self, record: Record) -> None:
        if "annotations_file" in record:
            self.annotations = record["annotations_file"]
        else:
            self.done[record["copy"]] = record

    def add(self, record: Record) -> None:
        """Append a record and push it to the file, so that it outlives an interruption."""
        self._take(record)
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
