"""Stream and channel of a start that failed: free for another resource, unless a task may listen there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.analysis_task import Task
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.errors import OccupiedError, SpeakerSearchError
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.task_start import start
from pulumi_speaker_search.lifecycle.unwanted_start import stop_unwanted

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    ORIGIN,
    PIPELINE_ARN,
    Answer,
    World,
    lost_answer,
    not_found,
    refusal,
    tags,
    task,
    throttled,
)
from tests.unit.lifecycle.start_account import (
    CHAIN,
    LIST,
    OTHER_CHAIN,
    START,
    TAG,
    WANTED,
    entry,
    scripted_account,
)

SECOND = replace(WANTED, origin=f"{ORIGIN}-second", pipeline_id="pipeline-2")
"""Another resource, on the same channel of the same stream."""

WITHDRAWN = replace(WANTED, tags={**CONSENT, "consent:status": "withdrawn"})
PIPELINE: dict[str, Sequence[Answer]] = {
    "get_media_pipeline": [
        {
            "MediaPipeline": {
                "MediaInsightsPipeline": {
                    "MediaPipelineId": "pipeline-1",
                    "MediaPipelineArn": PIPELINE_ARN,
                    "Status": "InProgress",
                }
            }
        }
    ]
}
OTHERS = replace(entry("ss-of-another-0", "task-9"), resource_hash=ledger.resource_hash(f"{ORIGIN}-third"))


def fail_first(account: World) -> Aws:
    """The first start fails; what the process knows afterwards, of an account in which everything goes well."""
    known = account.aws
    with pytest.raises(SpeakerSearchError):
        start(known, WANTED)
    return replace(known, get_client=lambda _service: scripted_account().client)


def start_second(known: Aws) -> Task:
    return start(known, SECOND)


@pytest.mark.parametrize(
    "answers",
    [
        {START: [refusal("BadRequestException")]},
        {START: [refusal("ResourceLimitExceededException")]},
        {START: [throttled()]},
        {TAG: [refusal("ForbiddenException", 403)]},
        {LIST: [tags(), tags(**{f"team-{number}": "x" for number in range(50)})]},
        {LIST: [tags(), not_found()]},
    ],
    ids=[
        "AWS refuses it",
        "a quota is full",
        "AWS throttles it",
        "the ledger may not be written",
        "the pipeline carries too many tags",
        "the pipeline is gone",
    ],
)
def test_where_nothing_was_started_another_resource_may_start(answers: dict[str, Sequence[Answer]]) -> None:
    assert start_second(fail_first(scripted_account(None, {**PIPELINE, **answers}))).id == "task-1"


def test_on_a_pipeline_that_has_ended_nothing_was_started() -> None:
    known = scripted_account().aws
    known.memory.close("pipeline-1")
    with pytest.raises(SpeakerSearchError):
        start(known, WANTED)
    assert start_second(known).id == "task-1"


@pytest.mark.parametrize(
    ("carried", "answers"),
    [
        (None, {START: [lost_answer()]}),
        (entry(CHAIN[0]), {START: [refusal("BadRequestException")]}),
        (entry(CHAIN[0], age_seconds=ledger.TOKEN_REPLAY_WINDOW_SECONDS), {}),
        (entry(OTHER_CHAIN[0], "task-7"), {"get_speaker_search_task": [refusal("ForbiddenException", 403)]}),
        (OTHERS, {"get_speaker_search_task": [task("InProgress", id_="task-9")]}),
    ],
    ids=[
        "the answer was lost",
        "an interrupted start was asked for",
        "an interrupted start is too old",
        "an earlier task may not be looked at",
        "a third resource listens there",
    ],
)
def test_where_a_task_may_listen_no_other_resource_may_start(
    carried: ledger.Entry | None, answers: dict[str, Sequence[Answer]]
) -> None:
    known = fail_first(scripted_account(carried, {**PIPELINE, **answers}))
    with pytest.raises(OccupiedError, match="has a speaker search task already"):
        start_second(known)


def refuse_consent(account: World) -> Aws:
    """The first start is refused for its consent, and what it left is stopped, as `create` of the provider does."""
    known = account.aws
    with pytest.raises(SpeakerSearchError):
        start(known, WITHDRAWN)
    stop_unwanted(known, WITHDRAWN)
    return replace(known, get_client=lambda _service: scripted_account().client)


def test_a_start_without_consent_leaves_its_place_to_one_that_has_it() -> None:
    assert start_second(refuse_consent(scripted_account())).id == "task-1"


def test_what_an_interrupted_start_left_keeps_the_place_where_it_is_not_known_to_be_stopped() -> None:
    known = refuse_consent(scripted_account(entry(CHAIN[0])))
    with pytest.raises(OccupiedError, match="has a speaker search task already"):
        start_second(known)


def test_a_place_whose_task_is_known_is_not_given_up() -> None:
    known = scripted_account().aws
    known.memory.claim(ORIGIN, WANTED.stream_arn, WANTED.channel_id, kind=SPEAKER_SEARCH, task_id="task-1")
    known.memory.renounce(ORIGIN)
    with pytest.raises(OccupiedError, match="has a speaker search task already"):
        start_second(known)
