"""What was begun, done and failed, one JSON line each: where a run that was interrupted goes on."""

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
    """`command` is `up` or `destroy`; `fingerprint` that of the stack's config."""

    stack: str
    command: str
    fingerprint: str
    event: Event


class Record:
    """The file, and what it says last about each stack. Safe from several threads."""

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
        """On the disk before it returns: the next line may be a power cut."""
        with self._lock, self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(entry)) + "\n")
            out.flush()
            os.fsync(out.fileno())
            self._last[entry.stack] = entry

    def is_done(self, stack: str, command: str, fingerprint: str) -> bool:
        """Whether the last that happened to the stack was this, and it was done."""
        return self._last.get(stack) == Entry(stack, command, fingerprint, "done")

    def was_interrupted(self, stack: str) -> bool:
        """Whether something was begun and never ended: its run was killed, so the stack may be locked."""
        last = self._last.get(stack)
        return last is not None and last.event == "begun"


def _entry(line: str) -> Entry | None:
    """None for the half line that a kill leaves."""
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
