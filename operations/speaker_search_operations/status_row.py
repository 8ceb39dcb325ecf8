"""Define a row of `speaker-search status`: one task or pipeline of a stack, as state and AWS have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from pulumi_speaker_search.lifecycle.outcome import FINAL, Outcome, recorded_outcome
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE

from .exit_codes import ExitCode
from .pulumi_backend import STACK_TYPE
from .search_consent import ConsentStatus, consent_of

PIPELINE_STATUS: Final = "status"
"""The output of a pipeline with AWS's status: a promise to state."""

GONE: Final = Outcome.GONE.value
"""In place of AWS's status, for what AWS does not find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One task or pipeline of a stack; or a stack that could not be read.

    Attributes:
        type: Its type token.
        project, stack: The stack whose state has it.
        status: AWS's status word, or `gone`; None if nothing was started, or AWS does not answer.
        outcome: What the status means (`lifecycle/outcome.py`); None if it is not known.
        status_in_state, outcome_in_state: The same as the last update or refresh recorded them.
        since: When AWS created it, ISO 8601.
        pipeline_goes_on: Whether the pipeline of a task still runs although the task has ended.
        drift: What differs between AWS and the declaration, as text. The end of a task is no drift.
        wrong: What needs attention, as text. The drift of a task is part of it.
        unread: Why it, or something that belongs to it, could not be read.
    """

    type: str
    name: str
    task_id: str | None
    pipeline_id: str | None
    region: str | None
    consent: ConsentStatus
    project: str = ""
    stack: str = ""
    status: str | None = None
    outcome: str | None = None
    status_in_state: str | None = None
    outcome_in_state: str | None = None
    since: str | None = None
    pipeline_goes_on: bool = False
    drift: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    unread: str | None = None

    @property
    def listens(self) -> bool:
        """Return whether the task is running or may be. A pipeline listens through its tasks, which have rows."""
        return not self.is_pipeline and self.outcome is not None and self.outcome not in set(FINAL)

    @property
    def is_pipeline(self) -> bool:
        """Return whether it is a pipeline."""
        return self.type == MEDIA_INSIGHTS_PIPELINE

    @property
    def is_stack(self) -> bool:
        """Return whether it stands for a stack that could not be read."""
        return self.type == STACK_TYPE

    @property
    def id(self) -> str | None:
        """Return the id of the task or pipeline; None if nothing was started."""
        return self.pipeline_id if self.is_pipeline else self.task_id

    def of_stack(self, record: StackRecord) -> StatusRow:
        """Return the row with the names of its stack."""
        return replace(self, project=record.project, stack=record.stack)


@dataclass(frozen=True)
class Status:
    """What one round has read. `subject` is what was asked for: a stack, or all stacks of a project."""

    subject: str
    rows: Sequence[StatusRow]

    @property
    def exit_code(self) -> ExitCode:
        """Return the exit code that says whether something is wrong."""
        if any(row.wrong for row in self.rows):
            return ExitCode.FINDINGS
        return ExitCode.UNREADABLE if any(row.unread for row in self.rows) else ExitCode.OK


def row_in_state(resource: RecordedResource, today: date, unread: str | None = None) -> StatusRow:
    """Return what state alone says about a task or pipeline; `unread` says why AWS does not add to it."""
    status_output = resource.task_kind.status_output if resource.is_task else PIPELINE_STATUS
    return StatusRow(
        type=resource.type,
        name=resource.name,
        task_id=resource.id if resource.is_task else None,
        pipeline_id=resource.pipeline_id if resource.is_task else resource.id,
        region=resource.region,
        consent=consent_of(resource, today),
        status_in_state=resource.text(status_output),
        outcome_in_state=recorded_outcome(resource.properties, status_output).value if resource.id else None,
        unread=unread,
    )


def not_started(resource: RecordedResource, today: date) -> StatusRow:
    """Return the row of what is declared with `listen: false`: nothing was started in AWS."""
    row = row_in_state(resource, today)
    return replace(row, outcome=Outcome.ENDED.value, outcome_in_state=Outcome.ENDED.value)


def unread_stack(project: str, name: str, reason: str) -> StatusRow:
    """Return the row of a stack that could not be read: what it declares may be running."""
    return StatusRow(
        type=STACK_TYPE,
        name=name,
        task_id=None,
        pipeline_id=None,
        region=None,
        consent=ConsentStatus(text="not known", in_force=False, record=None, expires=None),
        project=project,
        stack=name,
        unread=reason,
    )


def report(row: StatusRow) -> dict[str, Any]:
    """Return a row as docs/schemas/status.schema.json describes it."""
    consent = asdict(row.consent)
    text = consent.pop("text")
    return {**asdict(row), **consent, "consent": text, "listens": row.listens}


def today_utc() -> date:
    """Return the day, in UTC, on which consent is judged."""
    return datetime.now(UTC).date()
