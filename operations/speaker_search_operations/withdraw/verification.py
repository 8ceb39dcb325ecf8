"""`speaker-search withdraw --verify FILE`: check that an evidence file was not changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from ..exit_codes import ExitCode
from ..pulumi_backend import CommandError
from .evidence_chain import read_chain

MIN_HASH_CHARACTERS: Final = 8
"""Minimum number of characters of a hash that a person has noted."""


class Verdict(StrEnum):
    """What the check of a file has found. The values are promised in JSON."""

    INTACT = "intact"
    INTERRUPTED = "interrupted"
    """Every entry is intact, but the last run did not come to its end."""
    CHANGED = "changed"
    """An entry was changed, removed, added or moved."""


EXIT_CODES: Final[Mapping[Verdict, ExitCode]] = {
    Verdict.INTACT: ExitCode.OK,
    Verdict.INTERRUPTED: ExitCode.INTERRUPTED_EVIDENCE,
    Verdict.CHANGED: ExitCode.FINDINGS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The check of one file. `text` is one sentence for people.

    Attributes:
        record_ref: The consent record of the file.
        entries: The number of intact entries from its beginning.
        left: How much was left at the end of the last run, what could not be read included; None if it did not come to
            its end.
    """

    verdict: Verdict
    text: str
    entries: int
    record_ref: str | None
    left: int | None
    last_hash: str | None

    def as_json(self, file: Path) -> dict[str, Any]:
        """Return it as docs/schemas/withdraw-verify.schema.json describes it."""
        return {
            "file": str(file),
            "verdict": self.verdict.value,
            "text": self.text,
            "entries": self.entries,
            "record_ref": self.record_ref,
            "left": self.left,
            "last_hash": self.last_hash,
        }


def verify_file(path: Path, noted_hash: str | None) -> Verification:
    """Check a file.

    Args:
        noted_hash: The hash that a person has noted, or its beginning: the file has to hold an entry with it.

    Raises:
        CommandError: The file can't be read, is empty, or the hash is too short.
    """
    if noted_hash is not None and len(noted_hash) < MIN_HASH_CHARACTERS:
        raise CommandError(f"--last-hash takes at least {MIN_HASH_CHARACTERS} characters of the hash.")
    try:
        content = path.read_bytes()
    except OSError as failed:
        raise CommandError(f"The evidence file {path} can't be read: {failed.strerror}.") from failed
    if not content:
        raise CommandError(f"The evidence file {path} is empty: no withdrawal has begun in it.")
    chain = read_chain(content)
    verdict, text = Verdict.INTACT, "No entry was changed."
    if chain.fault:
        verdict, text = Verdict.CHANGED, f"The file was changed: {chain.fault}."
    elif noted_hash and not any(entry["hash"].startswith(noted_hash.lower()) for entry in chain.entries):
        verdict = Verdict.CHANGED
        text = "No entry has the noted hash: entries were removed from the end, or the file was written anew."
    elif chain.fragment:
        verdict = Verdict.INTERRUPTED
        text = (
            "Every entry is intact. The last line is incomplete, as after a kill of the command; nothing is done "
            "before a line is complete. Run the withdrawal again: it continues the file."
        )
    elif not chain.is_finished:
        verdict = Verdict.INTERRUPTED
        text = "Every entry is intact. The last run did not come to its end: run the withdrawal again."
    first, last = (chain.entries[0], chain.entries[-1]) if chain.entries else ({}, {})
    return Verification(
        verdict=verdict,
        text=text,
        entries=len(chain.entries),
        record_ref=first.get("record_ref"),
        left=last["left"] + last["unread"] if chain.is_finished and not chain.fault else None,
        last_hash=last.get("hash"),
    )
