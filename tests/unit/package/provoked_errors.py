"""Cause each error that docs/errors.md describes, on a scripted AWS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime

from pulumi_speaker_search.lifecycle import (
    analysis_task,
    ledger,
    media_insights_pipeline,
    pipeline_start,
)
from pulumi_speaker_search.lifecycle.aws_client import VOICE
from pulumi_speaker_search.lifecycle.consent_gate import ConsentSource
from pulumi_speaker_search.lifecycle.enrolment_checks import Enrolment
from pulumi_speaker_search.lifecycle.occupied_channel import ListedTask
from pulumi_speaker_search.lifecycle.status import TASK_RUNS
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.task_start import start
from pulumi_speaker_search.lifecycle.task_start_request import TaskStart
from pulumi_speaker_search.lifecycle.voice_enrolment import enrol
from pulumi_speaker_search.lifecycle.voice_profile import delete_voice_profile
from pulumi_speaker_search.lifecycle.waiting import StatusWaiter, wait
from pulumi_speaker_search.lifecycle.withdrawal.marking import mark_withdrawn

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONFIGURATION_ARN,
    CONSENT,
    DOMAIN_ARN,
    LONG_AGO,
    ORIGIN,
    PIPELINE_ARN,
    STREAM_ARN,
    SUBJECT,
    Answer,
    World,
    refusal,
    tags,
    world,
)
from tests.unit.lifecycle.scripted_aws import task as task_answer
from tests.unit.lifecycle.test_voice_profile import profile

WANTED = TaskStart(
    kind=SPEAKER_SEARCH,
    pipeline_id="pipeline-1",
    domain_arn=DOMAIN_ARN,
    stream_arn=STREAM_ARN,
    channel_id=0,
    tags=CONSENT,
    origin=ORIGIN,
    timeout_seconds=10,
)


def aws(**answers: list[Answer]) -> World:
    """AWS that keeps a ledger without a word, and answers the rest as told."""
    ledger: dict[str, list[Answer]] = {
        "list_tags_for_resource": [{"Tags": []}],
        "list_tags_for_stream": [{"Tags": {}}],
        "get_media_pipeline": [pipeline_answer("NotStarted")],
        "tag_resource": [{}],
        "untag_resource": [{}],
    }
    return world(**{**ledger, **answers})


def pipeline_answer(status: str) -> Answer:
    return {
        "MediaPipeline": {
            "MediaInsightsPipeline": {
                "MediaPipelineId": "pipeline-1",
                "MediaPipelineArn": PIPELINE_ARN,
                "Status": status,
            }
        }
    }


def started(wanted: TaskStart = WANTED, **answers: list[Answer]) -> Callable[[], object]:
    return lambda: start(aws(**answers).aws, wanted)


def waited(*seen: str | None) -> Callable[[], object]:
    def run() -> object:
        scripted = aws(get_speaker_search_task=[_answer_with_status(status) for status in seen])
        waiter = StatusWaiter(target=TASK_RUNS, subject=SUBJECT, timeout_seconds=300, since=0)

        def fetch() -> analysis_task.Task | None:
            return analysis_task.find(scripted.aws, SPEAKER_SEARCH, "pipeline-1", "task-1", deadline=1e9)

        return wait(scripted.aws, waiter, fetch)

    return run


def _answer_with_status(status: str | None) -> Answer:
    return refusal("NotFoundException", 404) if status is None else task_answer(status=status)


@dataclass(frozen=True)
class Provoked:
    """One error: how a user comes to it, what provokes it here, what to know beyond its text."""

    title: str
    when: str
    provoke: Callable[[], object]


def stopped_never() -> object:
    scripted = aws(
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task_answer(status="Stopping")],
    )
    return analysis_task.stop(
        scripted.aws, SPEAKER_SEARCH, "pipeline-1", "task-1", account_arn=DOMAIN_ARN, timeout_seconds=120
    )


def marked_never() -> object:
    record = CONSENT["consent:record-ref"]
    scripted = aws(list_tags_for_resource=[tags(**CONSENT)], tag_resource=[{}])
    return mark_withdrawn(scripted.aws, ConsentSource("voice profile domain", VOICE, DOMAIN_ARN), record)


def ended_never() -> object:
    scripted = aws(
        delete_media_pipeline=[{}],
        get_media_pipeline=[pipeline_answer("Stopping")],
    )
    media_insights_pipeline.stop(scripted.aws, "pipeline-1", timeout_seconds=120)
    return None


def old_intent() -> object:
    left = ledger.Entry(
        kind=SPEAKER_SEARCH,
        resource_hash=ledger.resource_hash(ORIGIN),
        token="ss-of-an-earlier-start-0",
        recorded_at=BEGIN - timedelta(seconds=ledger.TOKEN_REPLAY_WINDOW_SECONDS),
        stack_hash=ledger.stack_hash(ORIGIN),
        channel_id=0,
    )
    return start(aws(list_tags_for_resource=[tags(**ledger.to_tags(left))]).aws, WANTED)


def occupied() -> object:
    other = ledger.Entry(
        kind=SPEAKER_SEARCH,
        resource_hash=ledger.resource_hash(ORIGIN + "-before"),
        token="ss-of-another-resource-0",
        recorded_at=BEGIN - timedelta(hours=1),
        stack_hash=ledger.stack_hash(ORIGIN),
        channel_id=0,
        task_id="task-7",
        stream_arn=STREAM_ARN,
        domain_arn=DOMAIN_ARN,
    )
    scripted = aws(
        list_tags_for_resource=[{"Tags": []}, tags(**ledger.to_tags(other))],
        get_speaker_search_task=[task_answer(status="InProgress", id_="task-7")],
    )
    return start(scripted.aws, WANTED)


def under_a_new_name() -> object:
    other = ListedTask(
        urn="urn:pulumi:dev::project::pulumi-python:dynamic/chime:SpeakerSearchTask::before",
        task_id="task-7",
        pipeline_id="pipeline-7",
    )
    scripted = aws(get_speaker_search_task=[task_answer(status="InProgress", id_="task-7")])
    return start(scripted.aws, replace(WANTED, same_channel=(other,)))


def held_elsewhere() -> object:
    answer = {
        "MediaInsightsPipeline": {
            "MediaPipelineId": "pipeline-1",
            "MediaPipelineArn": PIPELINE_ARN,
            "Status": "InProgress",
            "CreatedTimestamp": LONG_AGO,
        }
    }
    mark = {ledger.PIPELINE: f"ss-of-this-pipeline-0/{ledger.stack_hash('urn:pulumi:prod::project::')}"}
    scripted = aws(create_media_insights_pipeline=[answer], list_tags_for_resource=[tags(**mark)])
    wanted = pipeline_start.PipelineStart(
        request={"MediaInsightsPipelineConfigurationArn": CONFIGURATION_ARN},
        tags=CONSENT,
        origin=ORIGIN,
        timeout_seconds=10,
    )
    return pipeline_start.start(scripted.aws, wanted)


def abandoned() -> object:
    scripted = aws()
    scripted.engine_gone = True
    return start(scripted.aws, WANTED)


def enrolled(**answers: list[Answer]) -> Callable[[], object]:
    """Enrol the voice of a search that has ended, in a domain without profiles."""
    usual: dict[str, list[Answer]] = {
        "get_speaker_search_task": [task_answer(status="Stopped")],
        "list_voice_profiles": [{"VoiceProfiles": []}],
    }
    wanted = Enrolment(
        speaker_search_task_id="task-1",
        pipeline_id="pipeline-1",
        domain_arn=DOMAIN_ARN,
        tags=CONSENT,
        timeout_seconds=10,
    )
    return lambda: enrol(aws(**{**usual, **answers}).aws, wanted)


def too_old() -> Answer:
    ended, sent = BEGIN + timedelta(days=1), BEGIN + timedelta(days=3)
    response = {"HTTPHeaders": {"date": format_datetime(sent, usegmt=True)}}
    return {**task_answer(status="Stopped", created=ended), "ResponseMetadata": response}


def never_deleted() -> object:
    scripted = aws(delete_voice_profile=[{}], get_voice_profile=[profile()])
    return delete_voice_profile(scripted.aws, "vp-1", account_arn=DOMAIN_ARN, timeout_seconds=120)
