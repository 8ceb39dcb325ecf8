"""Update the ledger entry of a running task: the entry itself, and the stack that holds the task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from . import ledger
from .aws_call import Aws
from .errors import SpeakerSearchError
from .holder import mark_for
from .start_entry import entry_of
from .task_kinds import AnalysisTaskKind
from .task_start import tokens_of
from .task_start_request import TaskStart


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What the present stack holds.

    Attributes:
        stack: Its hash.
        has_pipeline: Whether its program declares the task's pipeline too, so that the pipeline's mark is its own.
    """

    stack: str
    has_pipeline: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A message for the user about a ledger.

    Attributes:
        is_warning: Whether something was wrong.
    """

    text: str
    is_warning: bool = True


def restore(
    aws: Aws, spec: TaskStart, task_id: str, accepted_at: datetime, *, holding: Holding
) -> Note | None:
    """Write the entry of `task_id` if the pipeline has none, and the stack that holds it if that has changed.

    An entry of the same resource for another task is left alone: it is the only trace of that task. So is an entry of
    another resource for this task, which has adopted it.

    Returns:
        None if nothing has changed; then it took one call.
    """
    own = ledger.resource_hash(spec.origin)
    deadline = aws.clock.monotonic() + spec.timeout_seconds
    try:
        present = ledger.get_tags(aws, spec.pipeline_arn, subject=spec.subject, deadline=deadline)
        entries, _ = ledger.from_tags(present)
        of_task = sorted(
            (entry for entry in entries if entry.task_id == task_id),
            key=lambda entry: entry.resource_hash != own,
        )
        known = next(iter(of_task), None)
        other = next((entry for entry in entries if entry.resource_hash == own and entry is not known), None)
        if known is None and other is None:
            entry = entry_of(
                spec,
                token=next(iter(tokens_of(spec))),
                recorded_at=accepted_at,
                task_id=task_id,
                stack_hash=holding.stack,
            )
            ledger.put_entry(
                aws, spec.pipeline_arn, entry, subject=spec.subject, deadline=deadline, present=present
            )
        if known is not None and known.resource_hash != own and known.stack_hash != holding.stack:
            return Note(_is_held_twice(spec.kind, task_id))
        changed = _changed(known, present, holding)
        if changed:
            ledger.put_tags(aws, spec.pipeline_arn, changed, subject=spec.subject, deadline=deadline)
    except SpeakerSearchError as failed:
        return Note(f"the ledger entry of {spec.kind.noun} {task_id} could not be checked: {failed.reason}")
    if known is not None:
        return Note(_is_held_now(spec.kind, task_id), is_warning=False) if changed else None
    if other is not None:
        return Note(_names_another(spec, other))
    return Note(
        f"the ledger entry of {spec.kind.noun} {task_id} was missing on its pipeline, and was written again"
    )


def _changed(known: ledger.Entry | None, present: Mapping[str, str], holding: Holding) -> dict[str, str]:
    """Return the tags that name another stack, with the right one. A pipeline without a mark gets none."""
    changed: dict[str, str] = {}
    if known is not None and known.stack_hash != holding.stack:
        changed.update(ledger.to_tags(replace(known, stack_hash=holding.stack), room=1))
    if holding.has_pipeline and ledger.PIPELINE in present:
        changed.update(mark_for(present, holding.stack))
    return changed


def _names_another(spec: TaskStart, other: ledger.Entry) -> str:
    return (
        f"the ledger of pipeline {spec.pipeline_id} names another task of this resource, "
        f"{other.task_id or 'whose id is not recorded'}. Run `speaker-search sweep`: it shows whether that one "
        "still listens."
    )


def _is_held_twice(kind: AnalysisTaskKind, task_id: str) -> str:
    return (
        f"another stack has adopted {kind.noun} {task_id}, and this one still has it: `destroy` of either ends "
        "it. Take it out of one of the two programs, after an `up` with `stop_on_delete=False`."
    )


def _is_held_now(kind: AnalysisTaskKind, task_id: str) -> str:
    return (
        f"{kind.noun} {task_id} is recorded as this stack's now, and was recorded as another's: it was moved "
        "here, or the stack was renamed. If another stack has it in state as well, `destroy` of either ends it."
    )
