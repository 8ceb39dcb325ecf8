"""Orphans as values, and the rules that decide which of them may be stopped.

An orphan is a task or pipeline that runs, or may be running, and is in the state of no stack. This module neither calls
AWS nor changes anything: `orphan_survey` finds orphans, `orphan_end` stops them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from . import ledger
from .ownership import THIS, Owner, Ownership


class Kind(StrEnum):
    """Kind of a finding. The values are promised in JSON."""

    PIPELINE = "pipeline"
    """A pipeline runs and is in no state."""
    TASK = "task"
    """A task runs and is in no state."""
    UNSEEN = "unseen"
    """A task is in no state, and it is unknown whether it runs."""
    INTENT = "intent"
    """A start was interrupted before its task id was recorded, or is in progress: a task may be running."""
    UNREADABLE = "unreadable"
    """This release can't read a ledger entry: a task may be running."""
    UNTRACKED = "untraced"
    """A create without a ledger was interrupted: something may be running that can't be found."""
    STALE_ENTRY = "left-over"
    """A ledger entry belongs to a task that has ended. It is harmless."""
    IDLE = "idle"
    """A pipeline of this stack runs, and no search is known to have been started on it."""
    DONE = "done"
    """A pipeline of this stack runs, and every search on it has ended. It counts against the quota."""


LISTENS_OR_MAY: Final = frozenset({Kind.TASK, Kind.UNSEEN, Kind.INTENT, Kind.UNREADABLE, Kind.UNTRACKED})
HARMLESS: Final = frozenset({Kind.STALE_ENTRY, Kind.IDLE, Kind.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A task, pipeline or ledger entry that the user should know about.

    Attributes:
        id: Id of the task or pipeline; None if it is unknown.
        urn: Resource that declared it, if state or pending operations still name it.
        since: Time of its ledger entry, or of its creation.
        tag_key: Key of an entry that can't be read.
        held_on_pipeline: Ids of tasks that run, or may be running, on its pipeline and are not this stack's orphans.
        pipeline_holder: Other stack whose state has its pipeline.
    """

    kind: Kind
    region: str
    pipeline_id: str | None
    pipeline_arn: str | None = None
    id: str | None = None
    status: str | None = None
    urn: str | None = None
    since: datetime | None = None
    entry: ledger.Entry | None = None
    tag_key: str | None = None
    ownership: Ownership = THIS
    held_on_pipeline: tuple[str, ...] = ()
    pipeline_holder: str | None = None

    @property
    def is_orphan(self) -> bool:
        """Return whether it runs, or may be running, and is in no state."""
        return self.kind not in HARMLESS and self.ownership.owner is not Owner.OTHER

    @property
    def ends_with_pipeline(self) -> bool:
        """Return whether only the deletion of its pipeline certainly ends it."""
        return self.kind in (Kind.PIPELINE, Kind.INTENT, Kind.UNREADABLE, Kind.UNTRACKED)

    @property
    def key(self) -> tuple[str, ...]:
        """Return a key that identifies the finding across two surveys."""
        entry = self.entry.resource_hash if self.entry else self.tag_key or ""
        return (self.region, self.pipeline_id or "", self.id or "", entry, self.urn or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A task or pipeline that another stack of the backend owns.

    Attributes:
        id: Its id; for an intent the token of the start.
        stack: Name of the other stack.
    """

    id: str
    stack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A pipeline, region or state that could not be read.

    Attributes:
        name: Name of what could not be read, for people.
        reason: Why it could not be read.
    """

    name: str
    reason: str
    region: str | None = None


@dataclass(slots=True)
class Survey:
    """The result of a search for orphans."""

    findings: list[Finding] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    @property
    def orphans(self) -> list[Finding]:
        """Return the findings that run, or may be running, and are in no state."""
        return [finding for finding in self.findings if finding.is_orphan]

    def add(self, other: Survey) -> None:
        """Add the results of another survey."""
        self.findings.extend(other.findings)
        self.elsewhere.extend(other.elsewhere)
        self.unread.extend(other.unread)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopOptions:
    """The user's options for stopping orphans, and facts about the backend.

    Attributes:
        named: Ids that the user has given.
        yes: True if orphans that only the name of this stack ties to it may be stopped.
        update_in_progress: True if an update of this stack is in progress; None if the backend does not report it.
        unread_stacks: Names of stacks whose state could not be read.
        emergency: True if everything of this stack has to stop, even what is just being started.
        own: Ids in this stack's state, which may be stopped too in an emergency.
    """

    named: frozenset[str] = frozenset()
    yes: bool = False
    update_in_progress: bool | None = None
    unread_stacks: Collection[str] = ()
    emergency: bool = False
    own: Collection[str] = ()


def reason_to_keep(finding: Finding, options: StopOptions, now: datetime) -> str | None:
    """Return the reason not to stop the finding, in words for the user; None if it may be stopped."""
    is_named = not options.named.isdisjoint(_names(finding))
    return next(_unconditional_reasons(finding, options, is_named=is_named), None) or (
        None if is_named else next(_reasons_unless_named(finding, options, now), None)
    )


def _names(finding: Finding) -> set[str]:
    """Return the ids with which the user can name the finding."""
    pipeline_id = finding.pipeline_id if finding.ends_with_pipeline else None
    return {name for name in (finding.id, pipeline_id) if name}


def _unconditional_reasons(finding: Finding, options: StopOptions, *, is_named: bool) -> Iterator[str]:
    if finding.kind in (Kind.IDLE, Kind.DONE):
        yield "it is in state"
    if finding.ownership.owner is Owner.OTHER:
        yield f"it belongs to stack {finding.ownership.stack}: sweep that stack"
    held = [id_ for id_ in finding.held_on_pipeline if not (options.emergency and id_ in options.own)]
    if held and finding.ends_with_pipeline and not is_named:
        yield (
            f"only deleting its pipeline would end it, but {', '.join(held)} runs on that pipeline and is in state. To "
            f"end all of them: speaker-search sweep --stop {finding.pipeline_id}"
        )


def _reasons_unless_named(finding: Finding, options: StopOptions, now: datetime) -> Iterator[str]:
    stop_command = f"speaker-search sweep --stop {finding.id or finding.pipeline_id}"
    if options.named:
        yield "its id was not given"
    if options.unread_stacks:
        yield (
            f"the state of {', '.join(options.unread_stacks)} could not be read, and it may be in there. To end it "
            f"nevertheless: {stop_command}"
        )
    if finding.ownership.owner is Owner.UNKNOWN:
        yield (
            "no stack of this backend has the name under which it was started: it may belong to another backend. To "
            f"end it: {stop_command}"
        )
    if not options.emergency and _may_be_starting(finding, options, now):
        yield (
            "its ledger entry is recent or dated in the future: an update may be starting it. Sweep again in "
            f"{ledger.TOKEN_REPLAY_WINDOW_SECONDS // 60} minutes. To end it now: {stop_command}"
        )
    if finding.ownership.owner is Owner.THIS_BY_NAME and not options.yes:
        yield (
            "only the name of this stack ties it to the stack: a stack of the same name in another backend may own "
            "it. If it belongs to this stack: speaker-search sweep --stop --yes"
        )


def _may_be_starting(finding: Finding, options: StopOptions, now: datetime) -> bool:
    """Return whether an update in progress may be starting it.

    If the backend does not report whether an update is in progress, this is true of everything new, and so it is on a
    pipeline of another stack, whose updates are not looked up. A new intent may always belong to a start in progress.
    """
    is_young = (
        finding.since is not None
        and (now - finding.since).total_seconds() < ledger.TOKEN_REPLAY_WINDOW_SECONDS
    )
    is_quiet = options.update_in_progress is False and finding.pipeline_holder is None
    return is_young and (finding.kind is Kind.INTENT or not is_quiet)
