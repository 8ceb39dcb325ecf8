"""Find the tasks under a consent record: in the ledgers of pipelines, and in a stack's state.

AWS can neither list nor tag tasks. What a ledger entry can't name (a start without a task id, an entry of another
release) ends with its pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .. import analysis_task, media_insights_pipeline
from ..aws_call import Aws
from ..errors import SpeakerSearchError, WaitTimeoutError
from ..ledger import Entry
from ..ledger_carriers import Carrier, each
from ..orphan_survey import was_recorded
from ..orphans import Unread
from ..request_record import recording
from ..stack_record import RecordedResource
from ..status import ENDED
from ..task_kinds import AnalysisTaskKind
from .parts import NOT_FOUND, Action, Holdings, Inquiry, Part, unread

CALL_SECONDS: Final = 60.0
FIND_SECONDS: Final = 8.0
"""How long a task that AWS does not find is asked for again."""

NO_TASK_ID: Final = "a start was interrupted or is in progress, and its task id is not known"
UNREADABLE: Final = "a ledger entry can't be read by this release"
NO_LEDGER: Final = "a create without a ledger was interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A task that may run. `account_arn`: None if the credentials are known to be of its account."""

    kind: AnalysisTaskKind
    id: str
    pipeline_id: str
    account_arn: str | None
    age_seconds: float | None
    name: str | None = None


def find_tasks(aws: Aws, inquiry: Inquiry, carriers: Sequence[Carrier], *, under: frozenset[str]) -> Holdings:
    """Return the tasks under the record, ended or not, and the pipelines that have to end.

    Args:
        carriers: The running pipelines of the region that matter.
        under: ARNs of the pipelines, domains and streams whose own tags refer to the record.
    """
    pipelines = frozenset(map(media_insights_pipeline.id_of, under))
    in_state = [one for one in inquiry.record.tasks if _is_under(inquiry, one, under, pipelines)]
    candidates = {one.id: one for one in _in_ledgers(aws, carriers, under, in_state)}
    hidden = []
    for task in in_state:
        found = _in_state(aws, inquiry, task)
        if isinstance(found, Unread):
            hidden.append(found)
        elif found is not None:
            candidates[found.id] = found
    read = each(lambda one: _read(aws, inquiry, one, pipelines), list(candidates.values()))
    without_ledger = [
        _untraced(aws, inquiry, one) for one in inquiry.record.interrupted if _is_untraced(inquiry, one)
    ]
    pipelines_to_end = _pipelines_to_end(inquiry, carriers, under)
    parts = (*read, *pipelines_to_end, *(one for one in without_ledger if isinstance(one, Part)))
    return Holdings(
        parts=parts,
        unread=(*hidden, *(one for one in without_ledger if isinstance(one, Unread))),
    )


def _is_under(
    inquiry: Inquiry, task: RecordedResource, under: frozenset[str], pipelines: frozenset[str]
) -> bool:
    if not inquiry.is_here(task):
        return False
    on_pipeline = inquiry.record.pipeline_of(task) in pipelines
    return inquiry.is_declared(task) or on_pipeline or any(arn in under for arn in task.arns())


def _in_ledgers(
    aws: Aws,
    carriers: Sequence[Carrier],
    under: frozenset[str],
    in_state: Sequence[RecordedResource],
) -> Iterator[_Candidate]:
    declared = {task.id for task in in_state}
    for carrier in carriers:
        for entry in carrier.entries:
            if entry.task_id and (entry.task_id in declared or _uses(entry, carrier, under)):
                yield _Candidate(
                    kind=entry.kind,
                    id=entry.task_id,
                    pipeline_id=carrier.pipeline.id,
                    account_arn=carrier.pipeline.arn,
                    age_seconds=(aws.clock.now() - entry.recorded_at).total_seconds(),
                )


def _uses(entry: Entry, carrier: Carrier, under: frozenset[str]) -> bool:
    return not under.isdisjoint({carrier.pipeline.arn, entry.domain_arn, entry.stream_arn})


def _in_state(aws: Aws, inquiry: Inquiry, task: RecordedResource) -> _Candidate | Unread | None:
    if task.id is None:  # declared with `listen: false`
        return None
    pipeline_id = inquiry.record.pipeline_of(task)
    if pipeline_id is None:
        reason = "the id of its pipeline is a secret in state. To stop it: pulumi destroy --exclude-protected"
        return Unread(name=f"{task.task_kind.noun} {task.id}", reason=reason, region=inquiry.region)
    return _Candidate(
        kind=task.task_kind,
        id=task.id,
        pipeline_id=pipeline_id,
        account_arn=task.account_arn,
        age_seconds=task.age_seconds(aws.clock.now()),
        name=task.name,
    )


def _read(aws: Aws, inquiry: Inquiry, task: _Candidate, pipelines: frozenset[str]) -> Part:
    recorded, requests = recording(aws)
    reason = None
    try:
        found = _find(recorded, task)
        observed = found.status if found else NOT_FOUND
        is_left = found is not None and found.status not in ENDED
    except WaitTimeoutError:
        observed, is_left = "not found yet", True
    except SpeakerSearchError as failed:  # in doubt, it is stopped
        observed, is_left, reason = "status not known", True, failed.reason
    return Part(
        action=Action.STOP,
        noun=task.kind.noun,
        id=task.id,
        region=inquiry.region,
        observed=observed,
        is_left=is_left,
        name=task.name,
        reason=reason,
        requests=tuple(requests),
        kind=task.kind,
        pipeline_id=task.pipeline_id,
        account_arn=task.account_arn,
        age_seconds=task.age_seconds,
        ends_with_pipeline=task.pipeline_id in pipelines,
    )


def _find(aws: Aws, task: _Candidate) -> analysis_task.Task | None:
    deadline = aws.clock.monotonic() + FIND_SECONDS
    if task.account_arn is None:
        return analysis_task.find(aws, task.kind, task.pipeline_id, task.id, deadline=deadline)
    return analysis_task.find_confirmed(
        aws,
        task.kind,
        task.pipeline_id,
        task.id,
        account_arn=task.account_arn,
        deadline=deadline,
        age_seconds=task.age_seconds,
    )


def _pipelines_to_end(inquiry: Inquiry, carriers: Sequence[Carrier], under: frozenset[str]) -> Iterator[Part]:
    for carrier in carriers:
        reason = _reason_to_end(inquiry, carrier, under)
        if reason:
            pipeline = carrier.pipeline
            yield _pipeline(inquiry, pipeline.id, pipeline.status, reason, pipeline.arn)


def _reason_to_end(inquiry: Inquiry, carrier: Carrier, under: frozenset[str]) -> str | None:
    starts = [entry for entry in carrier.entries if entry.task_id is None and _uses(entry, carrier, under)]
    if any(not was_recorded(inquiry.record, entry) for entry in starts):
        return NO_TASK_ID
    return UNREADABLE if carrier.unreadable and carrier.pipeline.arn in under else None


def _is_untraced(inquiry: Inquiry, resource: RecordedResource) -> bool:
    without_ledger = resource.properties.get("ledger") is False
    return without_ledger and inquiry.is_declared(resource) and inquiry.is_here(resource)


def _untraced(aws: Aws, inquiry: Inquiry, resource: RecordedResource) -> Part | Unread | None:
    """Return what is left of an interrupted create that wrote no ledger entry."""
    pipeline_id = resource.pipeline_id
    if pipeline_id is None:
        return Unread(
            name=resource.urn, reason=f"{NO_LEDGER}: something may be running", region=inquiry.region
        )
    try:
        pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=CALL_SECONDS)
    except SpeakerSearchError as failed:
        return unread(f"pipeline {pipeline_id}", failed, inquiry.region)
    if pipeline is None or pipeline.status in ENDED:
        return None
    return _pipeline(inquiry, pipeline_id, pipeline.status, NO_LEDGER, pipeline.arn)


def _pipeline(inquiry: Inquiry, id_: str, status: str, reason: str, arn: str) -> Part:
    return Part(
        action=Action.DELETE_PIPELINE,
        noun=media_insights_pipeline.KIND,
        id=id_,
        region=inquiry.region,
        observed=status,
        is_left=True,
        reason=reason,
        pipeline_id=id_,
        account_arn=arn,
    )
