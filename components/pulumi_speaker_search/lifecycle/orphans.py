"""Orphans: what runs in AWS without being in the state of any stack, as values, and what may be done about each.

Nothing here asks AWS or changes anything: `orphan_survey` looks, `orphan_end` ends.
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
    """What was found."""

    PIPELINE = "pipeline"
    """A pipeline runs and is in no state."""
    TASK = "task"
    """A task runs and is in no state."""
    UNSEEN = "unseen"
    """A task is in no state, and whether it runs can't be told now."""
    INTENT = "intent"
    """A start was interrupted before AWS's answer was recorded, or is at work: a task may run."""
    UNREADABLE = "unreadable"
    """A ledger entry that this release can't read: a task may run."""
    UNTRACED = "untraced"
    """A create without ledger was interrupted: something may run that nobody can find."""
    LEFT_OVER = "left-over"
    """A ledger entry of a task that has ended: harmless."""
    IDLE = "idle"
    """A pipeline of this stack runs, and no search was ever started on it that is known."""
    DONE = "done"
    """A pipeline of this stack runs, and every search on it is done. It counts against the quota."""


LISTENS_OR_MAY: Final = frozenset({Kind.TASK, Kind.UNSEEN, Kind.INTENT, Kind.UNREADABLE, Kind.UNTRACED})
HARMLESS: Final = frozenset({Kind.LEFT_OVER, Kind.IDLE, Kind.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that somebody should know about.

    Attributes:
        id: The task's or pipeline's id, where there is one.
        urn: The resource that declared it, where state or pending operations still name it.
        since: When it was written down, or made.
        tag_key: Of an entry that can't be read.
        held_on_pipeline: Ids of tasks that run, or may run, on its pipeline and are not this stack's orphans.
        pipeline_holder: The other stack in whose state its pipeline is.
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
        """Whether something runs in no state, or may."""
        return self.kind not in HARMLESS and self.ownership.owner is not Owner.OTHER

    @property
    def ends_with_pipeline(self) -> bool:
        """Whether only the end of its pipeline is certain to end it."""
        return self.kind in (Kind.PIPELINE, Kind.INTENT, Kind.UNREADABLE, Kind.UNTRACED)

    @property
    def key(self) -> tuple[str, ...]:
        """What is the same for the same thing in two surveys."""
        entry = self.entry.resource_hash if self.entry else self.tag_key or ""
        return (self.region, self.pipeline_id or "", self.id or "", entry, self.urn or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A task or pipeline that another stack of the backend holds, or has to sweep.

    Attributes:
        id: Of a start without an answer its token.
    """

    id: str
    stack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something that could not be looked at.

    Attributes:
        name: Name of what could not be read, for people.
        reason: Why it could not be read.
    """

    name: str
    reason: str
    region: str | None = None


@dataclass(slots=True)
class Survey:
    """What was found."""

    findings: list[Finding] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    @property
    def orphans(self) -> list[Finding]:
        """Return what runs in no state, or may."""
        return [one for one in self.findings if one.is_orphan]

    def add(self, other: Survey) -> None:
        """Add what another survey found."""
        self.findings.extend(other.findings)
        self.elsewhere.extend(other.elsewhere)
        self.unread.extend(other.unread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What the person who ends orphans has said, and what is known of the backend.

    Attributes:
        named: Ids that were named to be ended.
        yes: Whether those that only the name of this stack speaks for may be ended.
        update_in_progress: Whether somebody works on this stack now; None where the backend does not tell.
        unread_stacks: Stacks whose state could not be read.
        emergency: Whether everything of this stack has to stop, also what is just being started.
        own: Ids in this stack's state, which in an emergency may end along.
    """

    named: frozenset[str] = frozenset()
    yes: bool = False
    update_in_progress: bool | None = None
    unread_stacks: Collection[str] = ()
    emergency: bool = False
    own: Collection[str] = ()


def held_back(finding: Finding, leave: Leave, now: datetime) -> str | None:
    """Return why the finding is not to be ended, None where it is."""
    is_named = not leave.named.isdisjoint(_names(finding))
    return next(_never(finding, leave, is_named=is_named), None) or (
        None if is_named else next(_unless_named(finding, leave, now), None)
    )


def _names(finding: Finding) -> set[str]:
    """Return the ids by which it can be named to be ended."""
    pipeline_id = finding.pipeline_id if finding.ends_with_pipeline else None
    return {name for name in (finding.id, pipeline_id) if name}


def _never(finding: Finding, leave: Leave, *, is_named: bool) -> Iterator[str]:
    if finding.kind in (Kind.IDLE, Kind.DONE):
        yield "it is in state"
    if finding.ownership.owner is Owner.OTHER:
        yield f"it belongs to stack {finding.ownership.stack}: sweep that stack"
    held = [one for one in finding.held_on_pipeline if not (leave.emergency and one in leave.own)]
    if held and finding.ends_with_pipeline and not is_named:
        yield (
            f"only deleting its pipeline would end it, but {', '.join(held)} runs on that pipeline and is in state. To "
            f"end all of them: speaker-search sweep --stop {finding.pipeline_id}"
        )


def _unless_named(finding: Finding, leave: Leave, now: datetime) -> Iterator[str]:
    stop_it = f"speaker-search sweep --stop {finding.id or finding.pipeline_id}"
    if leave.named:
        yield "its id was not given"
    if leave.unread_stacks:
        yield (
            f"the state of {', '.join(leave.unread_stacks)} could not be read, and it may be in there. To end it "
            f"nevertheless: {stop_it}"
        )
    if finding.ownership.owner is Owner.UNKNOWN:
        yield (
            "no stack of this backend has the name under which it was started: it may belong to another backend. To "
            f"end it: {stop_it}"
        )
    if not leave.emergency and _may_be_starting(finding, leave, now):
        yield (
            "its ledger entry is recent or dated in the future: an update may be starting it. Sweep again in "
            f"{ledger.TOKEN_REPLAY_WINDOW_SECONDS // 60} minutes. To end it now: {stop_it}"
        )
    if finding.ownership.owner is Owner.THIS_BY_NAME and not leave.yes:
        yield (
            "only the name of this stack ties it to the stack: a stack of the same name in another backend may own "
            "it. If it belongs to this stack: speaker-search sweep --stop --yes"
        )


def _may_be_starting(finding: Finding, leave: Leave, now: datetime) -> bool:
    """Tell whether an update that is at work may have made it just now.

    Where the backend does not tell of updates, that is true of everything young; so it is on a pipeline of another
    stack, of whose updates nobody has asked. An intent is the trace of a start without an answer, and is left alone in
    any case.
    """
    is_young = (
        finding.since is not None
        and (now - finding.since).total_seconds() < ledger.TOKEN_REPLAY_WINDOW_SECONDS
    )
    is_quiet = leave.update_in_progress is False and finding.pipeline_holder is None
    return is_young and (finding.kind is Kind.INTENT or not is_quiet)
