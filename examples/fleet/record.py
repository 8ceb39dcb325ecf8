"""Record each step of a run as one JSON line, so that an interrupted run can be continued."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

Event = Literal["begun", "done", "failed"]


@dataclass(frozen=True)
class Entry:
    """One line. `command` is `up` or `destroy`; `fingerprint` is the one of the stack's config."""

    stack: str
    command: str
    fingerprint: str
    event: Event


class Record:
    """The file, and the last entry of each stack. Thread-safe."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._last: dict[str, Entry] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                entry = _entry(line)
                if entry:
                    self._last[entry.stack] = entry

    def write(self, entry: Entry) -> None:
        """Append an entry. It is on the disk when this returns, so that a power cut loses nothing."""
        with self._lock, self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(entry)) + "\n")
            out.flush()
            os.fsync(out.fileno())
            self._last[entry.stack] = entry

    def is_done(self, stack: str, command: str, fingerprint: str) -> bool:
        """Return whether the last entry of the stack says that this command was completed with this config."""
        return self._last.get(stack) == Entry(stack, command, fingerprint, "done")

    def was_interrupted(self, stack: str) -> bool:
        """Return whether a command was begun and never ended: its run was killed, and the stack may be locked."""
        last = self._last.get(stack)
        return last is not None and last.event == "begun"


def _entry(line: str) -> Entry | None:
    """Return the entry; None for the incomplete line of a run that was killed."""
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
