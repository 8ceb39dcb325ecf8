"""Find tasks and pipelines that are in AWS and in the state of no stack. Changes nothing.

Two sources are compared: the states of a backend, and the ledger on every pipeline of the account and region. Each
pipeline and each entry is compared by itself: one that can't be read is reported, and does not hide the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from . import analysis_task as task_life
from . import ledger, media_insights_pipeline
from .aws_call import Aws
from .errors import SpeakerSearchError, WaitTimeoutError
from .ledger_carriers import CALL_SECONDS, Carrier, Carriers, each
from .media_insights_pipeline import Pipeline
from .orphans import Elsewhere, Finding, Kind, Survey, Unread
from .ownership import Backend, Owner, Ownership, owner_of
from .stack_record import StackRecord
from .status import ENDED
from .task_kinds import AnalysisTaskKind

LOOK_SECONDS: Final = 8.0
"""How long a task that is not found is looked for."""


def judge(aws: Aws, mine: StackRecord, backend: Backend, carriers: Carriers) -> Survey:
    """Compare the pipelines of a region with every state of the backend."""
    found = Survey(unread=list(carriers.unread))
    for part in each(lambda one: _judge_carrier(aws, mine, backend, carriers.region, one), carriers.running):
        found.add(part)
    found.add(_untraced(aws, mine, carriers.region))
    return found


def _judge_carrier(aws: Aws, mine: StackRecord, backend: Backend, region: str, carrier: Carrier) -> Survey:
    judged = each(lambda entry: _judge_entry(aws, mine, backend, region, carrier, entry), carrier.entries)
    judged.extend(_unreadable(mine, backend, region, carrier))
    found = Survey(
        findings=[one for one in judged if isinstance(one, Finding)],
        elsewhere=[one for one in judged if isinstance(one, Elsewhere)],
    )
    of_others = [one.id for one in found.elsewhere]
    of_pipeline = _judge_pipeline(aws, mine, backend, region, carrier, found)
    if isinstance(of_pipeline, Finding):
        found.findings.append(of_pipeline)
    elif of_pipeline is not None:
        found.elsewhere.append(of_pipeline)
    holder = None if carrier.pipeline.id in mine.ids else backend.holder_of(carrier.pipeline.id)
    ends = any(one.ends_with_pipeline for one in found.findings)
    held = _held_on(aws, mine, backend, carrier, of_others) if ends else ()
    found.findings = [replace(one, held_on_pipeline=held, pipeline_holder=holder) for one in found.findings]
    return found


def _judge_entry(
    aws: Aws, mine: StackRecord, backend: Backend, region: str, carrier: Carrier, entry: ledger.Entry
) -> Finding | Elsewhere | None:
    pipeline = carrier.pipeline
    if entry.task_id in mine.ids:
        return None
    holder = backend.holder_of(entry.task_id)
    if holder:
        return Elsewhere(id=str(entry.task_id), stack=holder)
    ownership = owner_of(
        mine,
        backend,
        written_by=entry.stack_hash,
        pipeline_id=pipeline.id,
        arns=(pipeline.configuration_arn, entry.domain_arn),
    )
    if ownership.owner is Owner.OTHER:
        return Elsewhere(id=entry.task_id or entry.token, stack=str(ownership.stack))
    urn = next((one.urn for one in mine.resources if _is_of(one.origin, one.urn, entry)), None)
    finding = Finding(
        kind=Kind.INTENT,
        region=region,
        pipeline_id=pipeline.id,
        pipeline_arn=pipeline.arn,
        id=entry.task_id,
        urn=urn or next((one.urn for one in mine.interrupted if _is_of(one.origin, one.urn, entry)), None),
        since=entry.recorded_at,
        entry=entry,
        ownership=ownership,
    )
    if entry.task_id is None:
        return replace(finding, kind=Kind.STALE_ENTRY) if was_recorded(mine, entry) else finding
    kind, status = _look_at_task(aws, pipeline, entry)
    return replace(finding, kind=kind, status=status)


def _is_of(origin: str, urn: str, entry: ledger.Entry) -> bool:
    return entry.resource_hash in (ledger.resource_hash(origin), ledger.resource_hash(urn))


def _look_at_task(aws: Aws, pipeline: Pipeline, entry: ledger.Entry) -> tuple[Kind, str]:
    try:
        task = task_life.find_confirmed(
            aws,
            entry.kind,
            pipeline.id,
            str(entry.task_id),
            account_arn=pipeline.arn,
            deadline=aws.clock.monotonic() + LOOK_SECONDS,
            age_seconds=(aws.clock.now() - entry.recorded_at).total_seconds(),
        )
    except WaitTimeoutError:
        return Kind.UNSEEN, "not found yet"
    except SpeakerSearchError as failed:
        return Kind.UNSEEN, failed.reason
    if task is None:
        return Kind.STALE_ENTRY, "gone"
    return (Kind.STALE_ENTRY if task.status in ENDED else Kind.TASK), task.status


def was_recorded(mine: StackRecord, entry: ledger.Entry) -> bool:
    """Return whether the start of this intent succeeded: its task is in state, only its id is not in the ledger."""
    return any(
        _is_of(one.origin, one.urn, entry)
        and one.accepted_at is not None
        and one.accepted_at >= entry.recorded_at
        for one in mine.tasks
    )


def _unreadable(mine: StackRecord, backend: Backend, region: str, carrier: Carrier) -> Iterator[Finding]:
    pipeline = carrier.pipeline
    holder = None if pipeline.id in mine.ids else backend.holder_of(pipeline.id)
    for key in carrier.unreadable:
        if holder:
            continue  # it is that stack's to sweep
        yield Finding(
            kind=Kind.UNREADABLE,
            region=region,
            pipeline_id=pipeline.id,
            pipeline_arn=pipeline.arn,
            status=pipeline.status,
            tag_key=key,
            ownership=_owner_of_pipeline(mine, backend, carrier),
        )


def _owner_of_pipeline(mine: StackRecord, backend: Backend, carrier: Carrier) -> Ownership:
    return owner_of(
        mine,
        backend,
        written_by=carrier.holder or "",
        pipeline_id=carrier.pipeline.id,
        arns=carrier.arns(),
    )


def _judge_pipeline(
    aws: Aws, mine: StackRecord, backend: Backend, region: str, carrier: Carrier, found: Survey
) -> Finding | Elsewhere | None:
    pipeline = carrier.pipeline
    finding = Finding(
        kind=Kind.PIPELINE,
        region=region,
        pipeline_id=pipeline.id,
        pipeline_arn=pipeline.arn,
        id=pipeline.id,
        status=pipeline.status,
        since=pipeline.created,
    )
    if pipeline.id in mine.ids:
        kind = _use_of(aws, mine, backend, carrier, found)
        return replace(finding, kind=kind) if kind else None
    holder = backend.holder_of(pipeline.id)
    if holder:
        return Elsewhere(id=pipeline.id, stack=holder)
    if carrier.holder is None:
        return None  # somebody else's pipeline, on which one of our tasks was started
    ownership = _owner_of_pipeline(mine, backend, carrier)
    if ownership.owner is Owner.OTHER:
        return Elsewhere(id=pipeline.id, stack=str(ownership.stack))
    return replace(finding, ownership=ownership)


def _use_of(aws: Aws, mine: StackRecord, backend: Backend, carrier: Carrier, found: Survey) -> Kind | None:
    """Return how a pipeline in this state is used; None where a task uses it, or may."""
    if any(one.kind is not Kind.STALE_ENTRY for one in found.findings) or carrier.unreadable:
        return None
    known = _tasks_on(mine, backend, carrier)
    if not known:
        return None if found.findings else Kind.IDLE
    return None if _held_on(aws, mine, backend, carrier) else Kind.DONE


def _tasks_on(mine: StackRecord, backend: Backend, carrier: Carrier) -> dict[str, AnalysisTaskKind]:
    """Return the tasks on this pipeline that some state holds, and the type of each."""
    every = {one.id: one for stack in (mine, *backend.stacks) for one in stack.tasks if one.id}
    in_ledger = {entry.task_id for entry in carrier.entries}
    return {
        task_id: one.task_kind
        for task_id, one in every.items()
        if one.pipeline_id == carrier.pipeline.id or task_id in in_ledger
    }


def _held_on(
    aws: Aws, mine: StackRecord, backend: Backend, carrier: Carrier, of_others: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return tasks in any state, or of other stacks, that AWS did not show as ended."""
    in_ledger = {entry.task_id: entry.kind for entry in carrier.entries if entry.task_id}
    every = _tasks_on(mine, backend, carrier)

    def may_run(task_id: str) -> bool:
        kind = every.get(task_id) or in_ledger.get(task_id)
        if kind is None:  # the token of a start without an answer
            return True
        try:
            task = task_life.find_confirmed(
                aws,
                kind,
                carrier.pipeline.id,
                task_id,
                account_arn=carrier.pipeline.arn,
                deadline=aws.clock.monotonic() + LOOK_SECONDS,
            )
        except SpeakerSearchError:
            return True
        return task is not None and task.status not in ENDED

    return tuple(one for one in dict.fromkeys([*every, *of_others]) if may_run(one))


def _untraced(aws: Aws, mine: StackRecord, region: str) -> Survey:
    """Return interrupted creates that wrote no ledger entry: the others are found by their entry."""
    found = Survey()
    for one in mine.interrupted:
        if one.properties.get("ledger") is not False or (one.region or region) != region:
            continue
        try:
            pipeline = (
                media_insights_pipeline.find(aws, one.pipeline_id, timeout_seconds=CALL_SECONDS)
                if one.pipeline_id
                else None
            )
        except SpeakerSearchError as failed:
            found.unread.append(
                Unread(name=f"pipeline {one.pipeline_id}", reason=failed.reason, region=region)
            )
            continue
        if one.pipeline_id and (pipeline is None or pipeline.status in ENDED):
            continue
        found.findings.append(
            Finding(
                kind=Kind.UNTRACKED,
                region=region,
                pipeline_id=one.pipeline_id,
                pipeline_arn=pipeline.arn if pipeline else None,
                urn=one.urn,
            )
        )
    return found
