"""Sweep: what runs without being in state, and the end of it.

Two sources are compared. The stack's state and its pending operations say what Pulumi knows; the ledger on every
pipeline of the account and region says what was started. Looking is pure of side effects; `end` acts on one finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pulumi_speaker_search.consent import problems_of
from pulumi_speaker_search.lifecycle import consent_at_start, ledger, media_insights_pipeline
from pulumi_speaker_search.lifecycle import speaker_search_task as task_life
from pulumi_speaker_search.lifecycle.aws_call import Aws, Call, send
from pulumi_speaker_search.lifecycle.aws_client import MEDIA_PIPELINES
from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.errors import NotFoundError, SpeakerSearchError, Subject
from pulumi_speaker_search.lifecycle.media_insights_pipeline import Pipeline
from pulumi_speaker_search.lifecycle.status import ENDED
from pulumi_speaker_search.lifecycle.task_start import stop_what_intent_started

from .stack_state import StackState

CALL_SECONDS: Final = 60.0
END_SECONDS: Final = 120.0


class Kind(StrEnum):
    """What was found."""

    PIPELINE = "pipeline"
    """A pipeline of this stack runs and is not in state."""
    TASK = "task"
    """A task of this stack runs and is not in state."""
    INTENT = "intent"
    """A start was interrupted before AWS's answer was recorded: a task may run."""
    UNREADABLE = "unreadable"
    """A ledger entry that this release can't read: a task may run."""
    UNTRACED = "untraced"
    """A create without ledger was interrupted: something may run that nobody can find."""
    LEFT_OVER = "left-over"
    """A ledger entry of a task that has ended: harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that state does not know.

    Attributes:
        id: The task's or pipeline's id, where there is one.
        urn: The resource that declared it, where state or pending operations still name it.
        since: ISO 8601.
    """

    kind: Kind
    region: str
    pipeline_id: str | None
    id: str | None = None
    status: str | None = None
    urn: str | None = None
    since: str | None = None
    entry: ledger.Entry | None = None
    tag_key: str | None = None

    @property
    def is_orphan(self) -> bool:
        """Whether something listens, or may listen."""
        return self.kind is not Kind.LEFT_OVER

    def as_json(self) -> dict[str, str | None]:
        return {
            "kind": self.kind.value,
            "id": self.id,
            "pipeline": self.pipeline_id,
            "region": self.region,
            "status": self.status,
            "urn": self.urn,
            "since": self.since,
        }


@dataclass(slots=True)
class Survey:
    """What one region holds.

    Attributes:
        other_stacks: Ledger entries and pipelines of other stacks: theirs to sweep.
    """

    findings: list[Finding] = field(default_factory=list)
    other_stacks: int = 0


def survey(aws: Aws, state: StackState, region: str) -> Survey:
    """Compares state with the ledgers of every pipeline in one region. Changes nothing.

    Raises:
        SpeakerSearchError: AWS refused to be asked.
    """
    found = Survey()
    urns = {ledger.resource_hash(one.urn): one.urn for one in (*state.resources, *state.interrupted)}
    seen_entries: set[str] = set()
    for pipeline_id, pipeline_arn in _list_pipelines(aws):
        tags = _tags(aws, pipeline_arn)
        if not any(key.startswith(ledger.PREFIX) for key in tags):
            continue
        pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=CALL_SECONDS)
        if pipeline is None or pipeline.status in ENDED:
            continue
        _judge_pipeline(found, state, region, pipeline, tags)
        entries, unreadable = ledger.from_tags(tags)
        for entry in entries:
            if entry.stack != state.hash:
                found.other_stacks += 1
                continue
            seen_entries.add(entry.resource)
            finding = _judge_entry(aws, state, region, pipeline, entry, urns.get(entry.resource))
            if finding:
                found.findings.append(finding)
        found.findings.extend(
            Finding(
                kind=Kind.UNREADABLE,
                region=region,
                pipeline_id=pipeline.id,
                status=pipeline.status,
                tag_key=key,
            )
            for key in unreadable
        )
    found.findings.extend(_untraced(aws, state, region))
    return found


def _judge_pipeline(
    found: Survey, state: StackState, region: str, pipeline: Pipeline, tags: dict[str, str]
) -> None:
    marker = tags.get(ledger.PIPELINE)
    if marker is None:
        return
    if marker.rsplit("/", 1)[-1] != state.hash:
        found.other_stacks += 1
    elif pipeline.id not in state.ids():
        found.findings.append(
            Finding(
                kind=Kind.PIPELINE,
                region=region,
                pipeline_id=pipeline.id,
                id=pipeline.id,
                status=pipeline.status,
                since=iso(pipeline.created) if pipeline.created else None,
            )
        )


def _judge_entry(
    aws: Aws,
    state: StackState,
    region: str,
    pipeline: Pipeline,
    entry: ledger.Entry,
    urn: str | None,
) -> Finding | None:
    about: dict[str, Any] = {
        "region": region,
        "pipeline_id": pipeline.id,
        "urn": urn,
        "since": iso(entry.written),
        "entry": entry,
    }
    if entry.task_id is None:
        kind = Kind.LEFT_OVER if _was_recorded(state, entry, urn) else Kind.INTENT
        return Finding(kind=kind, **about)
    if entry.task_id in state.ids():
        return None
    deadline = aws.clock.monotonic() + CALL_SECONDS
    task = task_life.find(aws, pipeline.id, entry.task_id, deadline=deadline)
    ended = task is None or task.status in ENDED
    return Finding(
        kind=Kind.LEFT_OVER if ended else Kind.TASK,
        id=entry.task_id,
        status=task.status if task else "gone",
        **about,
    )


def _was_recorded(state: StackState, entry: ledger.Entry, urn: str | None) -> bool:
    """Whether the start that wrote this intent ended well: its task is in state, its id just not in the ledger."""
    return any(
        one.urn == urn and datetime.fromisoformat(one.properties["accepted_at"]) >= entry.written
        for one in state.resources
        if one.is_task and one.properties.get("accepted_at")
    )


def _untraced(aws: Aws, state: StackState, region: str) -> Iterator[Finding]:
    """Interrupted creates that wrote no ledger. Those that did are judged by it; without an intent nothing started."""
    for one in state.interrupted:
        if one.properties.get("ledger") is not False or one.urn.count("::") < 3:
            continue
        pipeline_id = one.properties.get("identifier") if one.is_task else None
        if pipeline_id and _has_ended(aws, pipeline_id):
            continue
        yield Finding(kind=Kind.UNTRACED, region=region, pipeline_id=pipeline_id, urn=one.urn)


def _has_ended(aws: Aws, pipeline_id: str) -> bool:
    pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=CALL_SECONDS)
    return pipeline is None or pipeline.status in ENDED


def end(aws: Aws, finding: Finding) -> str:
    """Ends what was found, and says what was done. When in doubt whether something listens, its pipeline ends.

    Raises:
        SpeakerSearchError: It would not end.
    """
    pipeline_id = finding.pipeline_id
    if pipeline_id is None:
        return "nobody can find it: pipelines that nobody needs have to be ended by hand"
    if finding.kind is Kind.TASK and finding.id:
        task_life.stop(aws, pipeline_id, finding.id, domain_arn=None, timeout_seconds=END_SECONDS)
        _forget(aws, finding)
        return "stopped"
    if finding.kind is Kind.LEFT_OVER:
        _forget(aws, finding)
        return "taken off the ledger"
    if finding.kind is Kind.INTENT and finding.entry and _asked_and_stopped(aws, finding):
        _forget(aws, finding)
        return "asked for by its token, and stopped"
    media_insights_pipeline.stop(aws, pipeline_id, timeout_seconds=END_SECONDS)
    return "ended" if finding.kind is Kind.PIPELINE else "its pipeline ended, the only certain way"


def _asked_and_stopped(aws: Aws, finding: Finding) -> bool:
    """Whether asking the token again found the task, so that it is stopped. Only a fresh intent may be asked, and only
    while the consent on its pipeline holds: where the interrupted start never reached AWS, the question starts."""
    entry = finding.entry
    if entry is None or finding.pipeline_id is None or not entry.is_fresh(aws.clock.now()):
        return False
    pipeline = media_insights_pipeline.find(aws, finding.pipeline_id, timeout_seconds=CALL_SECONDS)
    if pipeline is None or problems_of(_tags(aws, pipeline.arn), today=aws.clock.now().date()):
        return False
    deadline = aws.clock.monotonic() + CALL_SECONDS
    try:
        task = stop_what_intent_started(aws, finding.pipeline_id, entry, deadline=deadline)
    except SpeakerSearchError as failed:
        aws.warn(str(failed))
        return False
    return task is not None


def _forget(aws: Aws, finding: Finding) -> None:
    entry = finding.entry
    pipeline = media_insights_pipeline.find(aws, str(finding.pipeline_id), timeout_seconds=CALL_SECONDS)
    if entry is None or pipeline is None:
        return
    try:
        ledger.forget(
            aws,
            pipeline.arn,
            [entry.resource],
            subject=Subject(kind=task_life.KIND, id=finding.id, within=finding.pipeline_id),
            deadline=aws.clock.monotonic() + CALL_SECONDS,
        )
    except NotFoundError:
        return


def _list_pipelines(aws: Aws) -> Iterator[tuple[str, str]]:
    """Id and ARN of every media pipeline of the account in this region, of whatever kind."""
    page: dict[str, str] = {}
    while True:
        call = Call(
            service=MEDIA_PIPELINES,
            operation="list_media_pipelines",
            parameters={"MaxResults": 99, **page},
            action="list",
            subject=Subject(kind="media pipelines"),
        )
        answer = send(aws, call, deadline=aws.clock.monotonic() + CALL_SECONDS)
        for summary in answer.get("MediaPipelines", []):
            yield summary["MediaPipelineId"], summary["MediaPipelineArn"]
        if not answer.get("NextToken"):
            return
        page = {"NextToken": answer["NextToken"]}


def _tags(aws: Aws, pipeline_arn: str) -> dict[str, str]:
    subject = Subject(kind=media_insights_pipeline.KIND, id=pipeline_arn.rsplit("/", maxsplit=1)[-1])
    deadline = aws.clock.monotonic() + CALL_SECONDS
    try:
        return consent_at_start.tags_of(
            aws, MEDIA_PIPELINES, pipeline_arn, subject=subject, deadline=deadline
        )
    except NotFoundError:  # it went between the list and the look
        return {}
