"""Append to an evidence file: each entry is on the disk before the next step is made."""

from __future__ import annotations

import fcntl
import hashlib
import os
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final

from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.request_record import SentRequest
from pulumi_speaker_search.lifecycle.withdrawal.parts import Holdings, Part, Step

from ..pulumi_backend import CommandError
from .evidence_chain import NEWLINE, Chain, canonical, linked, read_chain

SCHEMA: Final = "speaker-search-withdrawal:1.0"
"""In each entry: which fields it has. docs/schemas/withdrawal-evidence.schema.json describes them."""


class EvidenceFile:
    """The evidence of the withdrawal of one consent record. Closed by `with`.

    Attributes:
        chain: What the file holds.
    """

    def __init__(self, path: Path, record_ref: str, now: Callable[[], datetime]) -> None:
        """Open the file, or create it. An incomplete last line is taken off, and recorded.

        Raises:
            CommandError: It can't be written, was changed, belongs to another record, or is in use.
        """
        self._record_ref = record_ref
        self._now = now
        self._path = path
        self._run = uuid.uuid4().hex
        self._lock = Lock()
        try:
            self._file = _open(path)
            self.chain = read_chain(_read(self._file))
            self._require_continuable()
            if self.chain.fragment:
                self._take_off_fragment()
        except OSError as failed:
            raise _unwritable(path, failed) from failed

    def __enter__(self) -> EvidenceFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    @property
    def unfinished_profiles(self) -> dict[str, str]:
        """Return the profiles whose deletion was intended and has no result: id → region."""
        open_: dict[str, str] = {}
        for entry in self.chain.entries:
            resource = entry.get("resource") or {}
            if entry.get("action") != "delete-profile":
                continue
            if entry["event"] == "intent":
                open_[resource["id"]] = resource["region"]
            elif entry["event"] in ("result", "verified") and entry.get("outcome") == "done":
                open_.pop(resource["id"], None)
        return open_

    @property
    def found_before(self) -> bool:
        """Return whether a run has found something under the record, whether or not it came to its end."""
        return any(entry["event"] in ("intent", "result", "verified") for entry in self.chain.entries)

    def begin(self, *, stack: str, project: str, regions: list[str], found: Holdings) -> None:
        """Record what a run is about to work on."""
        self._append(
            "begin",
            stack=stack,
            project=project,
            regions=regions,
            left=len(found.left),
            unread=len(found.unread),
        )

    def intend(self, part: Part) -> None:
        """Record what is about to be done."""
        self._append("intent", action=part.action.value, resource=_resource(part))

    def record(self, step: Step) -> None:
        """Record what became of it."""
        self._append(
            "result",
            action=step.part.action.value,
            resource=_resource(step.part),
            outcome="done" if step.is_done else "failed",
            error=step.error,
            aws_code=step.aws_code,
            requests=[asdict(request) for request in step.requests],
            verified=_verified(step.observed, step.requests) if step.is_done else None,
        )

    def verify(self, found: Holdings) -> None:
        """Record what the last survey has read from AWS, and end the run."""
        for part in found.parts:
            self._append(
                "verified",
                action=part.action.value,
                resource=_resource(part),
                outcome="left" if part.is_left else "done",
                verified=_verified(part.observed if part.requests else None, part.requests),
            )
        self._append("end", left=len(found.left), unread=len(found.unread))

    def _require_continuable(self) -> None:
        if self.chain.fault:
            raise CommandError(
                f"The evidence file {self._path} was changed: {self.chain.fault}. Nothing was done. Keep it as it is, "
                "and give another file with --evidence."
            )
        if self.chain.entries and self.chain.entries[0].get("record_ref") != self._record_ref:
            raise CommandError(
                f"The evidence file {self._path} is of another consent record. Nothing was done. Give another file "
                "with --evidence."
            )

    def _take_off_fragment(self) -> None:
        """Take an incomplete line off. Before a line is complete nothing is done, so that nothing is lost with it."""
        fragment = self.chain.fragment
        size = os.fstat(self._file).st_size
        os.ftruncate(self._file, size - len(fragment))
        self.chain = Chain(entries=self.chain.entries)
        digest = hashlib.sha256(fragment).hexdigest()
        self._append("recovered", fragment_bytes=len(fragment), fragment_sha256=digest)

    def _append(self, event: str, **more: Any) -> None:
        with self._lock:
            fields = {
                "schema": SCHEMA,
                "time": iso(self._now()),
                "run": self._run,
                "record_ref": self._record_ref,
                "event": event,
                **more,
            }
            entry = linked(fields, self.chain)
            try:
                _write(self._file, canonical(entry) + NEWLINE)
            except OSError as failed:
                raise _unwritable(self._path, failed) from failed
            self.chain = Chain(entries=(*self.chain.entries, entry))


def _resource(part: Part) -> dict[str, str | None]:
    return {
        "type": part.noun,
        "id": part.id,
        "region": part.region,
        "pipeline_id": part.pipeline_id,
    }


def _verified(observed: str | None, requests: tuple[SentRequest, ...]) -> dict[str, str | None] | None:
    """Return what AWS showed, and the last request that showed it. That of the caller's account shows nothing of it."""
    about_it = [request for request in requests if request.operation != "GetCallerIdentity"]
    if observed is None or not about_it:
        return None
    return {
        "observed": observed,
        "operation": about_it[-1].operation,
        "request_id": about_it[-1].request_id,
    }


def _open(path: Path) -> int:
    is_new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as busy:
        os.close(file)
        raise CommandError(
            f"Another process writes the evidence file {path}. Nothing was done. Wait until it has ended."
        ) from busy
    if is_new:
        _sync_folder(path.parent)
    return file


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file permanent."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)


def _write(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
    os.fsync(file)


def _unwritable(path: Path, failed: OSError) -> CommandError:
    return CommandError(
        f"The evidence file {path} can't be written: {failed.strerror}. Without evidence nothing more is done. Give "
        "another file with --evidence, and run the command again."
    )
