"""Adopt running tasks, release them, and refuse what does not match."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from reliability.account import CONSENT
from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran
from tests.sandbox_process import SandboxProcess

TASK = "chime:SpeakerSearchTask"


@dataclass
class Noted:
    """What stood after each step: the living tasks, and what the command said."""

    pipeline_id: str
    task_id: str
    alive: dict[str, list[str]] = field(default_factory=dict)
    said: dict[str, Ran] = field(default_factory=dict)
    in_state: list[str] = field(default_factory=list)


def start_elsewhere(there: BroughtStack) -> tuple[str, str]:
    """Somebody starts a pipeline and a task by hand."""
    session = boto3.Session("sandbox", "sandbox", region_name="us-east-1")
    client: Any = session.client("chime-sdk-media-pipelines", endpoint_url=there.sandbox.endpoint)
    pipeline_id = client.create_media_insights_pipeline(
        MediaInsightsPipelineConfigurationArn=there.account.configuration_arn,
        KinesisVideoStreamSourceRuntimeConfiguration={
            "Streams": [
                {
                    "StreamArn": there.stream_arn,
                    "StreamChannelDefinition": {
                        "NumberOfChannels": 1,
                        "ChannelDefinitions": [{"ChannelId": 0, "ParticipantRole": "CUSTOMER"}],
                    },
                }
            ],
            "MediaEncoding": "pcm",
            "MediaSampleRate": 8000,
        },
    )["MediaInsightsPipeline"]["MediaPipelineId"]
    there.sandbox.control.force_status(pipeline_id, "InProgress")
    task_id = client.start_speaker_search_task(
        Identifier=pipeline_id,
        VoiceProfileDomainArn=there.account.domain_arn,
        KinesisVideoStreamSourceTaskConfiguration={
            "StreamArn": there.stream_arn,
            "ChannelId": 0,
        },
    )["SpeakerSearchTask"]["SpeakerSearchTaskId"]
    return pipeline_id, task_id


@pytest.fixture(scope="module")
def noted(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Noted:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("adoption"), engine_sandbox)
    pipeline_id, task_id = start_elsewhere(there)
    noted = Noted(pipeline_id, task_id)
    pipeline, task = {"adopt": pipeline_id}, {"adopt": task_id}

    def step(name: str, ran: Ran) -> None:
        noted.said[name] = ran
        noted.alive[name] = there.alive()

    there.declare(pipeline=pipeline, task=task, tags={**CONSENT, "consent:status": "withdrawn"})
    step("no consent", there.stack.up(expect=FAILS))
    there.declare(pipeline=pipeline, task={"adopt": "0" * 8 + task_id[8:]})
    step("wrong id", there.stack.up(expect=FAILS))
    kept = {"stop_on_delete": False}
    there.declare(pipeline={**pipeline, **kept}, task={**task, **kept})
    step("adopt", there.stack.up())
    noted.in_state = [one["id"] for one in there.stack.resources(TASK)]
    step("released", there.stack.pulumi("destroy", "--yes", "--skip-preview"))
    there.declare(pipeline=pipeline, task=task)
    there.stack.up()
    step("destroy", there.stack.pulumi("destroy", "--yes", "--skip-preview"))
    return noted


def test_an_adopted_task_is_in_state(noted: Noted) -> None:
    assert noted.in_state == [noted.task_id]


def test_adoption_starts_nothing(noted: Noted) -> None:
    assert noted.alive["adopt"] == [noted.task_id]


def test_a_task_that_is_not_there_is_not_adopted_and_the_error_says_so(noted: Noted) -> None:
    assert "this pipeline has no such task" in noted.said["wrong id"]


def test_without_consent_nothing_is_adopted_and_nothing_is_stopped(noted: Noted) -> None:
    assert "consent:status" in noted.said["no consent"]
    assert noted.alive["no consent"] == [noted.task_id]


def test_letting_go_does_not_stop_it(noted: Noted) -> None:
    assert noted.alive["released"] == [noted.task_id]


def test_destroy_of_an_adopted_task_stops_it(noted: Noted) -> None:
    assert noted.alive["destroy"] == []
