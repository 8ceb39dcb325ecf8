"""End one orphan: stop it, fetch it again, and delete its ledger entry only if AWS shows it as ended.

An entry in the ledger is the only trace of a task that is in no state. It is deleted only if AWS shows the task as
ended; the end of a pipeline deletes its entries too.
"""

from __future__ import annotations

from typing import Final

from . import analysis_task as task_life
from . import consent_gate, ledger, media_insights_pipeline
from .aws_call import Aws
from .aws_client import MEDIA_PIPELINES
from .errors import NotFoundError, Subject
from .orphans import Finding, Kind
from .status import ENDED

CALL_SECONDS: Final = 60.0
END_SECONDS: Final = 120.0


def end(aws: Aws, finding: Finding) -> str:
    """End an orphan, and return what was done. When in doubt whether a task listens, its pipeline is ended.

    A start without a response is not requested again with its token: if it never reached AWS, that would start it.

    Raises:
        SpeakerSearchError: It did not end, or AWS did not show that it has.
    """
    if finding.pipeline_id is None:
        return "not found: it was created without a ledger. Delete pipelines that are not needed by hand"
    if finding.id and finding.entry:
        return _end_task(aws, finding, finding.pipeline_id, finding.entry)
    if finding.kind is Kind.STALE_ENTRY:
        return "left alone: its task is in state"
    end_pipeline(aws, finding.pipeline_id, finding.pipeline_arn)
    return (
        "ended"
        if finding.kind is Kind.PIPELINE
        else "ended by deleting its pipeline, because the task id is not known"
    )


def end_pipeline(aws: Aws, pipeline_id: str, arn: str | None) -> None:
    """End a pipeline, and wait until it has ended.

    Raises:
        SpeakerSearchError: It did not end, or AWS did not show that it has.
    """
    media_insights_pipeline.stop(aws, pipeline_id, arn=arn, timeout_seconds=END_SECONDS)


def _end_task(aws: Aws, finding: Finding, pipeline_id: str, entry: ledger.Entry) -> str:
    task = task_life.stop(
        aws,
        entry.kind,
        pipeline_id,
        str(finding.id),
        account_arn=finding.pipeline_arn,
        timeout_seconds=END_SECONDS,
        age_seconds=(aws.clock.now() - entry.recorded_at).total_seconds(),
    )
    if task is not None and task.status in ENDED:
        _forget(aws, finding, entry)
        return "removed from the ledger" if finding.kind is Kind.STALE_ENTRY else "stopped"
    pipeline = media_insights_pipeline.find_confirmed(
        aws, str(finding.pipeline_arn), timeout_seconds=CALL_SECONDS
    )
    if pipeline is None or pipeline.status in ENDED:
        return "ended with its pipeline"
    return "AWS no longer finds it; its ledger entry is kept, because AWS did not show it as ended"


def _tags(aws: Aws, arn: str, deadline: float) -> dict[str, str]:
    subject = Subject(kind=media_insights_pipeline.KIND, id=media_insights_pipeline.id_of(arn))
    return consent_gate.fetch_tags(aws, MEDIA_PIPELINES, arn, subject=subject, deadline=deadline)


def _forget(aws: Aws, finding: Finding, entry: ledger.Entry) -> None:
    """Delete the entry, unless a start has replaced it meanwhile."""
    arn = str(finding.pipeline_arn)
    subject = Subject(kind=entry.kind.noun, id=finding.id, pipeline_id=finding.pipeline_id)
    deadline = aws.clock.monotonic() + CALL_SECONDS
    try:
        present, _ = ledger.from_tags(_tags(aws, arn, deadline))
        if entry in present:
            ledger.delete_entries(aws, arn, [entry.resource_hash], subject=subject, deadline=deadline)
    except NotFoundError:  # its pipeline ended, and the ledger with it
        return
