"""Compare one task of a stack with AWS: status, outcome, consent, and what is wrong. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pulumi_speaker_search.lifecycle import analysis_task as task_life
from pulumi_speaker_search.lifecycle.analysis_task import Task
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.outcome import FINAL, Outcome, outcome_of, recorded_outcome
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource

from .pipeline_status import CALL_SECONDS, FIND_SECONDS, LivePipeline
from .search_consent import pipeline_tag_problems, running_without_consent, withdrawn_on_domain_or_stream
from .status_row import GONE, StatusRow, row_in_state

RESULTS_KEPT_DAYS: Final = 7
"""After so many days AWS deletes the results of a task (Developer Guide, va-data-retention)."""

SECONDS_PER_DAY: Final = 86_400


def fetch_status(
    aws: Aws, resource: RecordedResource, pipeline_id: str, pipeline_arn: str | None, pipeline: LivePipeline
) -> StatusRow:
    """Ask AWS about one task.

    Args:
        pipeline_id: The pipeline of the task.
        pipeline_arn: Its ARN, if it is known.
        pipeline: The same pipeline as AWS has it.

    Raises:
        ActionError: AWS refused the request or did not answer.
    """
    now = aws.clock.now()
    age = resource.age_seconds(now)
    row = row_in_state(resource, now.date())
    task = _find_task(aws, resource, pipeline_id, pipeline_arn or resource.account_arn, age)
    outcome = outcome_of(task.status, age_seconds=age or 0.0) if task else Outcome.GONE
    runs = outcome not in FINAL
    drift = [*_drift(resource, outcome, age)]
    wrong = ["the task has failed"] if outcome is Outcome.FAILED else []
    unread = [pipeline.unread]
    if runs:
        deadline = aws.clock.monotonic() + CALL_SECONDS
        withdrawn, unread_tags = withdrawn_on_domain_or_stream(aws, resource, deadline)
        drift += pipeline_tag_problems(resource, pipeline.tags) if pipeline.tags is not None else ()
        drift += withdrawn
        wrong += running_without_consent(row.consent)
        unread.append(unread_tags)
    return replace(
        row,
        pipeline_id=pipeline_id,
        status=task.status if task else GONE,
        outcome=outcome.value,
        since=iso(task.created) if task and task.created else None,
        pipeline_goes_on=pipeline.runs and not runs,
        drift=tuple(drift),
        wrong=(*wrong, *drift),
        unread="; ".join(filter(None, unread)) or None,
    )


def _find_task(
    aws: Aws, resource: RecordedResource, pipeline_id: str, arn: str | None, age: float | None
) -> Task | None:
    """Find the task. With an ARN, "not found" is confirmed in the account that the ARN names."""
    task_id = str(resource.id)
    if arn is None:
        return task_life.find(
            aws, resource.task_kind, pipeline_id, task_id, deadline=aws.clock.monotonic() + CALL_SECONDS
        )
    return task_life.find_confirmed(
        aws,
        resource.task_kind,
        pipeline_id,
        task_id,
        account_arn=arn,
        deadline=aws.clock.monotonic() + FIND_SECONDS,
        age_seconds=age,
    )


def _drift(resource: RecordedResource, outcome: Outcome, age: float | None) -> Iterator[str]:
    recorded = recorded_outcome(resource.properties, resource.task_kind.status_output)
    has_results = (age or 0.0) / SECONDS_PER_DAY < RESULTS_KEPT_DAYS
    if outcome is Outcome.GONE and recorded not in FINAL and has_results:
        yield "AWS no longer finds the task, and no end of it was recorded in state"
    if outcome not in FINAL and recorded in FINAL:
        yield f"the task is running, but state records it as {recorded.value}"
    if outcome not in FINAL and resource.properties.get("listen") is False:
        yield "the task is running, but is declared with listen: false"
