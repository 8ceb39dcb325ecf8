"""Every key of stored stack config, as it was written: a release that does not know one refuses a stack that exists.

The keys are made from attribute names, so that renaming an attribute would rename a key.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_speaker_search import ExistingSink
from speaker_search_program.config import GivenConfig, ProgramConfig, read_config
from speaker_search_program.config_profiles import VoiceProfileConfig

CONSENT: dict[str, Any] = {
    "schema": "speaker-search:1.0",
    "recordRef": "synthetic-voices/0001",
    "notice": "synthetic-voices:v1",
    "purpose": "demonstration",
    "basis": "eu-gdpr:A9-2-a",
    "jurisdiction": ["US-WA", "US-IL"],
    "status": "given",
    "expires": "2099-12-31",
    "retentionDays": 30,
}
STREAM_ARN = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/line-1/1700000000000"
QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:results"
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:results:live"
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/results"
SEARCH: dict[str, Any] = {
    "name": "line-1",
    "mediaSampleRate": 16000,
    "channelRoles": ["AGENT", "CUSTOMER"],
    "channelId": 1,
    "dataRetentionHours": 48,
    "kinesisVideoStreamArn": STREAM_ARN,
    "triggers": "2026-11-26",
    "verifyLiveTags": True,
    "listen": False,
    "waitFor": "ended",
    "voiceToneAnalysis": True,
}
ATTRIBUTES_OF_SEARCH = {
    "name": "line-1",
    "media_sample_rate": 16000,
    "channel_roles": ("AGENT", "CUSTOMER"),
    "channel_id": 1,
    "data_retention_hours": 48,
    "kinesis_video_stream_arn": STREAM_ARN,
    "triggers": "2026-11-26",
    "verify_live_tags": True,
    "listen": False,
    "wait_for": "ended",
    "voice_tone_analysis": True,
}


@pytest.fixture(scope="module")
def config() -> ProgramConfig:
    values = {
        "consent": json.dumps(CONSENT),
        "searches": json.dumps([SEARCH]),
        "sink": "kinesis",
        "protectDomain": "false",
        "tags": json.dumps({"team": "voice"}),
    }
    return read_config(GivenConfig(values=values))


def test_the_keys_of_the_consent_become_these_tags(config: ProgramConfig) -> None:
    assert config.consent.tags() == {
        "consent:schema": "speaker-search:1.0",
        "consent:record-ref": "synthetic-voices/0001",
        "consent:notice": "synthetic-voices:v1",
        "consent:purpose": "demonstration",
        "consent:basis": "eu-gdpr:A9-2-a",
        "consent:jurisdiction": "US-WA+US-IL",
        "consent:status": "given",
        "consent:expires": "2099-12-31",
        "consent:retention-days": "30",
    }


@pytest.mark.parametrize(
    ("key", "value", "tag"),
    [
        ("method", "e-signature", "consent:method"),
        ("withdrawal", "process/7", "consent:withdrawal"),
        ("controller", "synthetic-voices", "consent:controller"),
        ("dataCategory", "biometric-voice", "consent:data-category"),
    ],
)
def test_a_key_that_a_consent_may_leave_out_becomes_this_tag(key: str, value: str, tag: str) -> None:
    given = GivenConfig(values={"consent": json.dumps({**CONSENT, key: value})})
    assert read_config(given).consent.tags()[tag] == value


def test_the_keys_of_a_search_become_these_attributes(config: ProgramConfig) -> None:
    (search,) = config.searches
    assert {name: getattr(search, name) for name in ATTRIBUTES_OF_SEARCH} == ATTRIBUTES_OF_SEARCH


def test_the_keys_of_several_sinks_become_these() -> None:
    sinks = {
        "sqs": {"arn": QUEUE_ARN, "kmsKeyArn": KEY_ARN},
        "kinesis": "new",
        "sns": "new",
        "lambda": FUNCTION_ARN,
    }
    given = GivenConfig(values={"consent": json.dumps(CONSENT), "sinks": json.dumps(sinks)})
    assert read_config(given).sinks == {
        **sinks,
        "sqs": ExistingSink(arn=QUEUE_ARN, kms_key_arn=KEY_ARN),
    }


@pytest.mark.parametrize(("given", "protect"), [({}, True), ({"protect": False}, False)])
def test_the_keys_of_a_voice_profile_become_these_attributes(given: dict[str, bool], protect: bool) -> None:
    entry = {"name": "caller-1", "speakerSearchTaskId": "task-1", "mediaPipelineId": "pipeline-1", **given}
    values = {"consent": json.dumps(CONSENT), "voiceProfiles": json.dumps([entry])}
    assert read_config(GivenConfig(values=values)).voice_profiles == (
        VoiceProfileConfig(
            name="caller-1",
            speaker_search_task_id="task-1",
            media_pipeline_id="pipeline-1",
            protect=protect,
        ),
    )


def test_the_other_keys_are_known(config: ProgramConfig) -> None:
    assert (config.sink, config.protect_domain, config.tags) == ("kinesis", False, {"team": "voice"})
