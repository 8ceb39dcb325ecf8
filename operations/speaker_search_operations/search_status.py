"""Compare one search of a stack with AWS: status, outcome, consent, and what is wrong. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from pulumi_speaker_search.lifecycle import analysis_task as task_life
from pulumi_speaker_search.lifecycle import consent_gate, media_insights_pipeline
from pulumi_speaker_search.lifecycle.analysis_task import Task
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.aws_client import MEDIA_PIPELINES
from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.errors import ActionError, NotFoundError, Subject
from pulumi_speaker_search.lifecycle.outcome import FINAL, Outcome, outcome_of, recorded_outcome
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource
from pulumi_speaker_search.lifecycle.status import ENDED

from .search_consent import (
    ConsentStatus,
    consent_of,
    pipeline_tag_problems,
    running_without_consent,
    withdrawn_on_domain_or_stream,
)
from .stack_aws import reason_of

CALL_SECONDS: Final = 30.0
FIND_SECONDS: Final = 8.0
"""How long a task that is not found is fetched again."""

RESULTS_KEPT_DAYS: Final = 7
"""After so many days AWS deletes the results of a task (Developer Guide, va-data-retention)."""

SECONDS_PER_DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchStatus:
    """One search of the stack.

    Attributes:
        status: AWS's status word, or `gone`; None if nothing was started, or AWS does not answer.
        outcome: What the status means (`lifecycle/outcome.py`); None if it is not known.
        since: When AWS created the task, ISO 8601.
        pipeline_goes_on: Whether its pipeline still runs although the search has ended.
        wrong: What needs attention, as text.
        unread: Why the search, or something that belongs to it, could not be read.
    """

    name: str
    task_id: str | None
    pipeline_id: str | None
    region: str | None
    consent: ConsentStatus
    status: str | None = None
    outcome: str | None = None
    since: str | None = None
    pipeline_goes_on: bool = False
    wrong: tuple[str, ...] = ()
    unread: str | None = None

    @property
    def listens(self) -> bool:
        """Return whether the task is running or may be."""
        return self.outcome is not None and self.outcome not in {outcome.value for outcome in FINAL}


@dataclass(frozen=True, slots=True)
class _LivePipeline:
    """A pipeline in AWS. `tags` is None if it has ended or they can't be read; `unread` says why not."""

    runs: bool
    tags: Mapping[str, str] | None = None
    unread: str | None = None


def not_started(resource: RecordedResource, today: date) -> SearchStatus:
    """Return the status of a search that is declared with `listen: false`: nothing was started in AWS."""
    return SearchStatus(
        name=resource.name,
        task_id=None,
        pipeline_id=resource.pipeline_id,
        region=resource.region,
        consent=consent_of(resource, today),
        outcome=Outcome.ENDED.value,
    )


def unreadable(resource: RecordedResource, reason: str, today: date) -> SearchStatus:
    """Return the status of a search that could not be read."""
    return SearchStatus(
        name=resource.name,
        task_id=resource.id,
        pipeline_id=resource.pipeline_id,
        region=resource.region,
        consent=consent_of(resource, today),
        unread=reason,
    )


def fetch_status(
    aws: Aws, resource: RecordedResource, pipeline_id: str, pipeline_arn: str | None
) -> SearchStatus:
    """Ask AWS about one search.

    Args:
        pipeline_id: The pipeline of the task.
        pipeline_arn: Its ARN, if it is known.

    Raises:
        ActionError: AWS refused the request or did not answer.
    """
    now = aws.clock.now()
    age = resource.age_seconds(now)
    consent = consent_of(resource, now.date())
    deadline = aws.clock.monotonic() + CALL_SECONDS
    task = _find_task(aws, resource, pipeline_id, pipeline_arn or resource.account_arn, age)
    outcome = outcome_of(task.status, age_seconds=age or 0.0) if task else Outcome.GONE
    pipeline = _find_pipeline(aws, pipeline_id, deadline)
    runs = outcome not in FINAL
    wrong = [*_outcome_problems(resource, outcome, age)]
    unread = [pipeline.unread]
    if runs:
        withdrawn, unread_tags = withdrawn_on_domain_or_stream(aws, resource, deadline)
        wrong += running_without_consent(consent)
        wrong += pipeline_tag_problems(resource, pipeline.tags) if pipeline.tags is not None else ()
        wrong += withdrawn
        unread.append(unread_tags)
    return SearchStatus(
        name=resource.name,
        task_id=str(resource.id),
        pipeline_id=pipeline_id,
        region=resource.region,
        consent=consent,
        status=task.status if task else "gone",
        outcome=outcome.value,
        since=iso(task.created) if task and task.created else None,
        pipeline_goes_on=pipeline.runs and not runs,
        wrong=tuple(wrong),
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


def _find_pipeline(aws: Aws, pipeline_id: str, deadline: float) -> _LivePipeline:
    subject = Subject(kind=media_insights_pipeline.KIND, id=pipeline_id)
    runs = False
    try:
        pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=CALL_SECONDS)
        if pipeline is None or pipeline.status in ENDED:
            return _LivePipeline(runs=False)
        runs = True
        tags = consent_gate.fetch_tags(aws, MEDIA_PIPELINES, pipeline.arn, subject=subject, deadline=deadline)
    except NotFoundError:
        return _LivePipeline(runs=runs)
    except ActionError as error:
        return _LivePipeline(runs=runs, unread=f"pipeline {pipeline_id}: {reason_of(error)}")
    return _LivePipeline(runs=True, tags=tags)


def _outcome_problems(resource: RecordedResource, outcome: Outcome, age: float | None) -> Iterator[str]:
    recorded = recorded_outcome(resource.properties, resource.task_kind.status_output)
    if outcome is Outcome.FAILED:
        yield "the task has failed"
    has_results = (age or 0.0) / SECONDS_PER_DAY < RESULTS_KEPT_DAYS
    if outcome is Outcome.GONE and recorded not in FINAL and has_results:
        yield "AWS no longer finds the task, and no end of it was recorded in state"
    if outcome not in FINAL and recorded in FINAL:
        yield f"the task is running, but state records it as {recorded.value}"
    if outcome not in FINAL and resource.properties.get("listen") is False:
        yield "the task is running, but is declared with listen: false"


def today_utc() -> date:
    """Return the day, in UTC, on which consent is judged."""
    return datetime.now(UTC).date()
