"""The hash chain of an evidence file: JSON lines, of which each holds the hash of the one before. Pure.

| field | contents |
| --- | --- |
| `sequence` | 1, 2, 3, … |
| `previous` | the hash of the entry before; 64 zeros in the first one |
| `hash` | SHA-256, in hexadecimal, of the entry without this field as canonical JSON |

Canonical JSON has its keys sorted, no spaces, and ASCII only; entries hold no fractional numbers. A line is the
canonical JSON of its entry, so that one changed byte shows. Its fields are in
docs/schemas/withdrawal-evidence.schema.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NO_HASH: Final = "0" * 64
"""What the first entry has in place of a hash before."""

NEWLINE: Final = b"\n"

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The entries of a file, up to the first that does not belong there.

    Attributes:
        entries: The entries that follow each other without a gap, in their order.
        fault: Why the line after them is not the next entry, with its number; None if every line is.
        fragment: An incomplete last line, of a command that was killed while it wrote it.
    """

    entries: tuple[Entry, ...]
    fault: str | None = None
    fragment: bytes = b""

    @property
    def last_hash(self) -> str:
        """Return the hash of the last entry."""
        return str(self.entries[-1]["hash"]) if self.entries else NO_HASH

    @property
    def is_finished(self) -> bool:
        """Return whether the last run has come to its end."""
        return not self.fragment and bool(self.entries) and self.entries[-1]["event"] == "end"


def canonical(entry: Mapping[str, Any]) -> bytes:
    """Return an entry as canonical JSON."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def hash_of(entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry; its field `hash` does not count."""
    return hashlib.sha256(
        canonical({key: value for key, value in entry.items() if key != "hash"})
    ).hexdigest()


def linked(fields: Mapping[str, Any], chain: Chain) -> Entry:
    """Return the entry with these fields that follows a chain."""
    entry = {**fields, "sequence": len(chain.entries) + 1, "previous": chain.last_hash}
    return {**entry, "hash": hash_of(entry)}


def read_chain(content: bytes) -> Chain:
    """Read the content of an evidence file."""
    *lines, rest = content.split(NEWLINE)
    entries: list[Entry] = []
    for number, line in enumerate(lines, 1):
        fault = _fault(line, entries)
        if fault:
            return Chain(entries=tuple(entries), fault=f"line {number} {fault}")
        entries.append(json.loads(line))
    if rest and not _is_fragment(rest, entries):
        return Chain(entries=tuple(entries), fault=f"line {len(lines) + 1} is no entry, and no part of one")
    return Chain(entries=tuple(entries), fragment=rest)


def _fault(line: bytes, before: list[Entry]) -> str | None:
    """Return why a line is not the entry that follows `before`; None if it is."""
    try:
        entry = json.loads(line)
        is_canonical = isinstance(entry, dict) and canonical(entry) == line
    except (ValueError, RecursionError):  # brackets within brackets, thousands deep
        return "is not JSON"
    if not is_canonical:
        return "is not the canonical JSON of an entry"
    if entry.get("hash") != hash_of(entry):
        return "was changed: its hash is not the hash of its content"
    expected = str(before[-1]["hash"]) if before else NO_HASH
    if entry.get("previous") != expected or entry.get("sequence") != len(before) + 1:
        return "does not follow the line before: an entry was removed, added or moved"
    return None


def _is_fragment(rest: bytes, before: list[Entry]) -> bool:
    """Return whether a last line without a line break is the beginning of an entry."""
    if not b'{"'.startswith(rest[:2]):
        return False
    try:
        json.loads(rest)
    except json.JSONDecodeError as error:
        return error.msg != "Extra data"
    except (ValueError, RecursionError):
        return False
    return _fault(rest, before) is None
