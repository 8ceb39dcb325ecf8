"""A voice tone analysis beside a speaker search: the same life cycle, another call, its own place in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.analysis_task import pipeline_arn
from pulumi_speaker_search.lifecycle.errors import ConsentError, OccupiedError
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS
from pulumi_speaker_search.lifecycle.task_start import start

from tests.unit.lifecycle.scripted_aws import CONSENT, DOMAIN_ARN, STREAM_ARN, World, tags, task
from tests.unit.lifecycle.start_account import CHAIN, LIST_STREAM, WANTED, entry, scripted_account

START, GET = "start_voice_tone_analysis_task", "get_voice_tone_analysis_task"
TONE_URN = "urn:pulumi:dev::project::pulumi-python:dynamic/chime:VoiceToneAnalysisTask::line"
TONE = replace(WANTED, kind=VOICE_TONE_ANALYSIS, domain_arn=None, origin=TONE_URN)
TONE_ENTRY = replace(entry("ss-tone-0", "task-9"), kind=VOICE_TONE_ANALYSIS, domain_arn=None)


def tone(status: str = "InProgress") -> Mapping[str, Any]:
    search = task(status)["SpeakerSearchTask"]
    return {
        "VoiceToneAnalysisTask": {
            name.replace("SpeakerSearchTask", "VoiceToneAnalysisTask"): value
            for name, value in search.items()
        }
    }


def with_tone(carried: ledger.Entry | None = None, status: str = "InProgress") -> World:
    return scripted_account(carried, {START: [tone(status)], GET: [tone(status)]})


def test_the_request_has_the_language_and_no_domain() -> None:
    account = with_tone()
    start(account.aws, TONE)
    (asked,) = account.client.of(START)
    assert {name: value for name, value in asked.items() if name != "ClientRequestToken"} == {
        "Identifier": "pipeline-1",
        "LanguageCode": "en-US",
        "KinesisVideoStreamSourceTaskConfiguration": {"StreamArn": STREAM_ARN, "ChannelId": 0},
    }


def test_a_withdrawal_on_the_stream_refuses_the_start() -> None:
    withdrawn = {**CONSENT, "consent:status": "withdrawn"}
    account = scripted_account(None, {START: [tone()], LIST_STREAM: [{"Tags": withdrawn}]})
    with pytest.raises(ConsentError, match="Kinesis video stream"):
        start(account.aws, TONE)
    assert account.client.of(START) == []


def test_without_declared_consent_nothing_starts() -> None:
    account = with_tone()
    with pytest.raises(ConsentError):
        start(account.aws, replace(TONE, tags={}))
    assert account.client.of(START) == []


def test_a_search_on_the_same_channel_is_in_nobodys_way() -> None:
    account = with_tone(entry(CHAIN[0], "task-7"))
    assert start(account.aws, TONE).id == "task-1"


def test_a_second_analysis_on_the_same_channel_is_refused() -> None:
    account = with_tone(TONE_ENTRY)
    with pytest.raises(OccupiedError, match="voice tone analysis task task-9 is InProgress"):
        start(account.aws, TONE)


def test_both_kinds_of_one_program_may_have_one_channel() -> None:
    aws = with_tone().aws
    start(aws, WANTED)
    assert start(aws, TONE).id == "task-1"


def test_two_analyses_of_one_program_may_not() -> None:
    aws = with_tone().aws
    start(aws, TONE)
    with pytest.raises(OccupiedError):
        start(aws, replace(TONE, origin=f"{TONE_URN}-2"))


def test_its_ledger_entry_is_written_as_these_tags() -> None:
    assert ledger.to_tags(TONE_ENTRY)[f"speaker-search:task:{TONE_ENTRY.resource_hash}"].endswith("/0/tone")


def test_its_ledger_entry_is_read_as_it_was_written() -> None:
    assert ledger.from_tags(ledger.to_tags(TONE_ENTRY)) == ([TONE_ENTRY], [])


def test_an_entry_of_a_kind_that_is_not_known_is_unreadable() -> None:
    key = "speaker-search:task:0123456789abcdef"
    value = f"{ledger.to_tags(TONE_ENTRY)[f'speaker-search:task:{TONE_ENTRY.resource_hash}']}x"
    assert ledger.from_tags({key: value}) == ([], [key])


def test_an_interrupted_start_is_replayed_with_its_own_call() -> None:
    chain = start_tokens()
    intent = replace(TONE_ENTRY, task_id=None, token=chain, resource_hash=ledger.resource_hash(TONE_URN))
    account = with_tone(intent)
    start(account.aws, TONE)
    assert [call["ClientRequestToken"] for call in account.client.of(START)] == [chain]


def start_tokens() -> str:
    account = with_tone()
    start(account.aws, TONE)
    return str(account.client.of(START)[0]["ClientRequestToken"])


@pytest.mark.parametrize("arn", [DOMAIN_ARN, STREAM_ARN])
def test_domain_and_stream_name_the_same_pipeline(arn: str) -> None:
    assert pipeline_arn("p-1", arn) == "arn:aws:chime:us-east-1:123456789012:media-pipeline/p-1"


def test_the_kinds_differ_in_what_they_ask() -> None:
    assert SPEAKER_SEARCH.searches_domain
    assert not VOICE_TONE_ANALYSIS.searches_domain


def test_the_tags_of_the_pipeline_are_read_for_a_withdrawal() -> None:
    withdrawn = tags(**{**CONSENT, "consent:status": "withdrawn"})
    account = scripted_account(None, {START: [tone()], "list_tags_for_resource": [withdrawn]})
    with pytest.raises(ConsentError, match="media insights pipeline"):
        start(account.aws, TONE)
