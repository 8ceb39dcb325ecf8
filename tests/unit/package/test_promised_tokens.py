"""Exact client request tokens of fixed declarations. A release that says others starts searches that run already.

Each digest is the first 48 hexadecimal digits of SHA-256 over the JSON text `[origin, request, triggers]`, keys sorted,
no blanks, what is not ASCII as `\\uXXXX`. They were computed with `printf '%s' … | sha256sum`, not with this package.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import tokens
from pulumi_speaker_search.lifecycle.pipeline_start import start as start_pipeline
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.task_start import tokens_of
from pulumi_speaker_search.providers.inputs import PipelineInputs, TaskInputs

from tests.unit.lifecycle.scripted_aws import world

COMPONENT = "urn:pulumi:prod::calls::speaker-search:index:SpeakerSearch$pulumi-python:dynamic"
STREAM_ARN = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/line-1/1700000000000"
TASK = {
    "identifier": "2f6a1f0e-0000-4000-8000-000000000001",
    "voice_profile_domain_arn": "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/domain-1",
    "kinesis_video_stream_source_task_configuration": {"stream_arn": STREAM_ARN, "channel_id": 0},
    "origin": f"{COMPONENT}/chime:SpeakerSearchTask::line-1",
}
PIPELINE = {
    "media_insights_pipeline_configuration_arn": (
        "arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/one"
    ),
    "kinesis_video_stream_source_runtime_configuration": {
        "streams": [
            {
                "stream_arn": STREAM_ARN,
                "stream_channel_definition": {
                    "number_of_channels": 1,
                    "channel_definitions": [{"channel_id": 0, "participant_role": "CUSTOMER"}],
                },
            }
        ],
        "media_encoding": "pcm",
        "media_sample_rate": 8000,
    },
    "origin": f"{COMPONENT}/chime:MediaInsightsPipeline::line-1",
}
TAGS = {
    "consent:schema": "speaker-search:1.0",
    "consent:record-ref": "synthetic-voices/0001",
    "consent:notice": "synthetic-voices:v1",
    "consent:purpose": "demonstration",
    "consent:basis": "eu-gdpr:A9-2-a",
    "consent:jurisdiction": "US-WA",
    "consent:status": "given",
    "consent:expires": "2099-12-31",
    "consent:retention-days": "30",
}


def task_chain(**more: Any) -> list[str]:
    return list(tokens_of(TaskInputs.parse({**TASK, "tags": TAGS, **more}).start_request(SPEAKER_SEARCH)))


@pytest.mark.parametrize(
    ("triggers", "digest"),
    [
        (None, "d32ee2532588cd297f1e350fae4fc840ea73029afd6e9bb9"),
        ("2026-11-26", "d263eef0dfd59ae158ff0eef350221f53e073532b73e5f43"),
        ("", "5207ad9d9db14ef11650f54ac452c58b73d9187c83b21fd7"),
        ("\u0661\u00fc\U0001f514", "c8e434a04e319dc9eff0386da2b565585266d07a3d050f23"),
        (True, "7c2e882202833e5b3ebd5ad383994f1aa8ae2bdc83d0a444"),
        (False, "3e0d8ab4ad03f16f4478df531186487166bf1a36189fee04"),
        (7, "2ea95e0951427aeaca4a0b649de7941cc7faef3ccabfacbd"),
        (7.5, "f7f7e56d495bdfefcbe05ed6fb3a21c2d3ff7f4d5a137a95"),
        ([], "d995964208aa47216e8e63dd9b72c7551ce85a7d44aa398a"),
        ([1, "b", None], "c908b287260f40e95f01afb719b52c5912789ed21a6c8dab"),
        ({}, "fc9dada16d17646f2df6569bd90b0eddddeb03274f5167c2"),
        ({"b": [True], "a": {"c": 3}}, "04168a1c89964a6dd559dec868eba098293d7dde6ad15704"),
    ],
)
def test_the_first_token_of_a_task_stands_for_each_type_of_triggers(triggers: object, digest: str) -> None:
    assert task_chain(triggers=triggers)[0] == f"ss-{digest}-0"


def test_the_chain_of_a_task_has_32_tokens_numbered_from_0() -> None:
    base = "ss-d32ee2532588cd297f1e350fae4fc840ea73029afd6e9bb9"
    assert task_chain() == [f"{base}-{number}" for number in range(32)]


def test_the_token_of_a_task_that_begins_at_a_fragment_stands() -> None:
    source = {
        "stream_arn": STREAM_ARN,
        "channel_id": 1,
        "fragment_number": "91343852333181432392682062607743920146264708719",
    }
    (first, *_) = task_chain(kinesis_video_stream_source_task_configuration=source)
    assert first == "ss-36a4563ed7917023d1031b64df215022b2518a05a0d52ff1-0"


def test_the_token_of_a_task_whose_name_is_not_ascii_stands() -> None:
    origin = "urn:pulumi:prod::calls::pulumi-python:dynamic/chime:SpeakerSearchTask::Leitung-\u00fc"
    assert task_chain(origin=origin)[0] == "ss-7c9ecd18fefc00159d7cc7820f360ef23b4443219dd948ff-0"


@pytest.mark.parametrize(
    "more",
    [
        {"ledger": False},
        {"verify_live_tags": True},
        {"timeout_seconds": {"create": 5}},
        {"stop_on_delete": False},
        {"tags": {"team": "voice"}},
        {"region": "us-east-1"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_is_not_asked_of_aws_changes_no_token_of_a_task(more: dict[str, Any]) -> None:
    assert task_chain(**more) == task_chain()


def test_a_token_of_the_user_s_own_is_the_only_one() -> None:
    assert task_chain(client_request_token="my-own") == ["my-own"]


def sent(tags: dict[str, str] = TAGS, **more: Any) -> tuple[str, dict[str, str]]:
    """The token and the tags with which AWS is asked for a pipeline."""
    answer = {
        "MediaPipelineId": "pipeline-1",
        "MediaPipelineArn": "arn:aws:chime:us-east-1:123456789012:media-pipeline/pipeline-1",
        "Status": "NotStarted",
    }
    scripted = world(create_media_insights_pipeline=[{"MediaInsightsPipeline": answer}])
    start_pipeline(scripted.aws, PipelineInputs.parse({**PIPELINE, **more}).start_request(tags))
    (call,) = scripted.client.of("create_media_insights_pipeline")
    return call["ClientRequestToken"], {tag["Key"]: tag["Value"] for tag in call["Tags"]}


@pytest.mark.parametrize(
    ("ledger", "triggers", "digest"),
    [
        (True, None, "8ed84871175c98e7a2c1e2a44ac30e53ea094d9d604bfbda"),
        (True, "2026-11-26", "b2f805323e67a9d0829d4e17d7535330ffd79e6acfa68dc5"),
        (True, {"b": 1}, "8bb8bca3c9642b8683d6d2c6f0992b1bf448159be27e1f40"),
        (False, None, "08b57519fbb5458c385866e134ae0847e0d8dd8eca9a689a"),
        (False, "2026-11-26", "41145a6df8520628f237b9fc6392bd515fc483724b39b237"),
        (False, {"b": 1}, "54cf9ae84ff7b4b8ff1cc207abeb96a9283a13218f953361"),
    ],
)
def test_the_first_token_of_a_pipeline_stands(ledger: bool, triggers: object, digest: str) -> None:
    assert sent(ledger=ledger, triggers=triggers)[0] == f"ss-{digest}-0"


def test_the_token_of_a_pipeline_with_a_tag_that_is_not_ascii_stands() -> None:
    assert sent({**TAGS, "team": "B\u00fcro"})[0] == "ss-055c61e6431a85a3e8919fe82c826dd148e685ced053ab48-0"


RECORDING: dict[str, Any] = {
    "kinesis_video_stream_source_runtime_configuration": None,
    "kinesis_video_stream_recording_source_runtime_configuration": {
        "streams": [{"stream_arn": STREAM_ARN}],
        "fragment_selector": {
            "fragment_selector_type": "ServerTimestamp",
            "timestamp_range": {
                "start_timestamp": "2026-11-26T06:32:03+05:30",
                "end_timestamp": "2026-11-26T01:12:03+00:00",
            },
        },
    },
}


def test_the_token_of_a_pipeline_that_reads_a_recording_stands() -> None:
    assert sent(**RECORDING)[0] == "ss-935b3ffc7f0ceaf27a4c609ec246bc9dd848fe929722f43a-0"


def test_a_pipeline_with_a_ledger_carries_its_token_and_the_hash_of_its_stack() -> None:
    assert sent()[1] == {
        **TAGS,
        "speaker-search:pipeline": "ss-8ed84871175c98e7a2c1e2a44ac30e53ea094d9d604bfbda-0/b6f32ea43446ff63",
    }


def test_a_pipeline_without_a_ledger_carries_the_declared_tags_alone() -> None:
    assert sent(ledger=False)[1] == TAGS


def test_the_tokens_behind_one_of_the_chain_are_the_rest_of_it() -> None:
    chain = task_chain()
    assert list(islice(tokens.remaining_after(chain[30], iter(chain)), 2)) == [
        "ss-d32ee2532588cd297f1e350fae4fc840ea73029afd6e9bb9-31"
    ]
