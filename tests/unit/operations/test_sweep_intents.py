"""What sweep does with an intent that has no id: a task may listen, and asking for it may start one."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_speaker_search.lifecycle import ledger
from speaker_search_operations.sweep import Finding, Kind, end

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONSENT,
    PIPELINE_ARN,
    World,
    not_found,
    tags,
    task,
    world,
)
from tests.unit.lifecycle.start_account import CHAIN, START, entry

STOP_TASK, END_PIPELINE = "stop_speaker_search_task", "delete_media_pipeline"


def account(carried: Mapping[str, str]) -> World:
    """An account whose pipeline carries these tags; it forgets the pipeline once that was told to end."""
    running = {
        "MediaPipeline": {
            "MediaInsightsPipeline": {
                "MediaPipelineId": "pipeline-1",
                "MediaPipelineArn": PIPELINE_ARN,
                "Status": "InProgress",
                "CreatedTimestamp": BEGIN,
            }
        }
    }

    def pipeline(_parameters: Mapping[str, object]) -> Mapping[str, object]:
        if END_PIPELINE in made.client.operations():
            raise not_found()
        return running

    made = world(
        get_media_pipeline=[pipeline],
        list_tags_for_resource=[tags(**carried)],
        untag_resource=[{}],
        start_speaker_search_task=[task("InProgress", "task-7")],
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task("Stopped", "task-7")],
        delete_media_pipeline=[{}],
    )
    return made


def intent(age_seconds: float = 1.0) -> Finding:
    return Finding(
        kind=Kind.INTENT,
        region="us-east-1",
        pipeline_id="pipeline-1",
        entry=entry(CHAIN[0], age_seconds=age_seconds),
    )


def test_a_fresh_intent_is_asked_for_and_its_task_stopped() -> None:
    there = account(CONSENT)
    end(there.aws, intent())
    assert [call["SpeakerSearchTaskId"] for call in there.client.of(STOP_TASK)] == ["task-7"]


def test_an_intent_is_not_asked_for_once_consent_is_withdrawn() -> None:
    there = account({**CONSENT, "consent:status": "withdrawn"})
    end(there.aws, intent())
    assert START not in there.client.operations()


def test_an_intent_whose_consent_is_withdrawn_ends_with_its_pipeline() -> None:
    there = account({**CONSENT, "consent:status": "withdrawn"})
    end(there.aws, intent())
    assert END_PIPELINE in there.client.operations()


def test_an_intent_is_not_asked_for_where_the_pipeline_carries_no_consent() -> None:
    there = account({})
    end(there.aws, intent())
    assert START not in there.client.operations()


def test_an_old_intent_is_never_asked_for() -> None:
    there = account(CONSENT)
    end(there.aws, intent(age_seconds=ledger.FRESH_SECONDS))
    assert START not in there.client.operations()
