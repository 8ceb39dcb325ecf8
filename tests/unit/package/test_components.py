"""How the components wire their children. Mocks prove wiring only; `tests/engine` has the real thing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from pulumi_speaker_search import (
    Consent,
    SpeakerSearch,
    SpeakerSearchArgs,
    VoiceAnalytics,
    VoiceAnalyticsArgs,
)

ACCOUNT = "123456789012"
CONSENT = Consent(
    schema="speaker-search:1.0",
    record_ref="register/2026/0001",
    notice="voice-notice:v3",
    purpose="quality",
    basis="us-il:bipa-15b",
    jurisdiction="US-IL",
    status="given",
    expires="2099-12-31",
    retention_days=365,
)
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/brought"
DOMAIN = f"arn:aws:chime:us-east-1:{ACCOUNT}:voice-profile-domain/brought"
CONFIGURATION = f"arn:aws:chime:us-east-1:{ACCOUNT}:media-insights-pipeline-configuration/brought"
STREAM = f"arn:aws:kinesisvideo:us-east-1:{ACCOUNT}:stream/brought/1"


@dataclass
class Recorder(pulumi.runtime.Mocks):
    """Remembers what is registered; answers with an ARN."""

    registered: dict[str, dict[str, Any]] = field(default_factory=dict)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.registered[args.typ] = args.inputs
        arn = f"arn:aws:{args.typ.split(':')[1].split('/')[0]}:us-east-1:{ACCOUNT}:{args.name}"
        known = {"arn": arn, "accepted_at": "2026-11-23T00:00:00.000Z"}
        return f"{args.name}-id", {**args.inputs, **known}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {"accountId": ACCOUNT, "partition": "aws", "region": "us-east-1"}, []


def declared(program: Callable[[], Any], recorder: Recorder | None = None) -> dict[str, dict[str, Any]]:
    """Runs declarations to their end, as in a preview, and gives the inputs by type."""
    recorder, loops = recorder or Recorder(), LoopsKept()
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(loops)
    try:
        pulumi.runtime.set_mocks(recorder, "speaker-search", "test", preview=True)
        pulumi.runtime.test(program)()  # type: ignore[no-untyped-call] # the SDK's
    finally:
        for loop in loops.made:
            loop.close()
        asyncio.set_event_loop_policy(before)
    return recorder.registered


class LoopsKept(asyncio.DefaultEventLoopPolicy):
    """Remembers every loop, because the SDK's test runner leaves its own open."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[asyncio.AbstractEventLoop] = []

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        self.made.append(super().new_event_loop())
        return self.made[-1]


@pytest.fixture
def declare() -> Callable[[Callable[[], Any]], dict[str, dict[str, Any]]]:
    return declared


Declare = Callable[[Callable[[], Any]], dict[str, dict[str, Any]]]


def analytics(**arguments: Any) -> VoiceAnalytics:
    return VoiceAnalytics("voice", VoiceAnalyticsArgs(consent=CONSENT, **arguments))


def search(**arguments: Any) -> SpeakerSearch:
    return SpeakerSearch("search", SpeakerSearchArgs(consent=CONSENT, **arguments))


def both() -> None:
    search(analytics=analytics())


@pytest.mark.parametrize(
    "type_token",
    [
        "aws:kms/key:Key",
        "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain",
        "aws:iam/role:Role",
        "aws:sqs/queue:Queue",
        "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration",
        "aws:kinesis/videoStream:VideoStream",
        "pulumi-python:dynamic/chime:MediaInsightsPipeline",
        "pulumi-python:dynamic/chime:SpeakerSearchTask",
    ],
)
def test_consent_is_on_everything_that_takes_tags(declare: Declare, type_token: str) -> None:
    assert CONSENT.tags().items() <= declare(both)[type_token]["tags"].items()


@pytest.mark.parametrize("type_token", ["aws:kms/key:Key", "aws:kinesis/videoStream:VideoStream"])
def test_what_the_role_reads_carries_the_tag_it_depends_on(declare: Declare, type_token: str) -> None:
    assert declare(both)[type_token]["tags"]["AWSServiceName"] == "ChimeSDK"


def test_the_key_rotates(declare: Declare) -> None:
    assert declare(both)["aws:kms/key:Key"]["enableKeyRotation"] is True


def test_the_stream_keeps_a_day_by_default(declare: Declare) -> None:
    assert declare(both)["aws:kinesis/videoStream:VideoStream"]["dataRetentionInHours"] == 24


def test_the_role_trusts_this_account_s_media_pipelines_only(declare: Declare) -> None:
    document = json.loads(declare(both)["aws:iam/role:Role"]["assumeRolePolicy"])
    condition = document["Statement"][0]["Condition"]
    assert condition["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_an_existing_key_is_used_and_none_is_created(declare: Declare) -> None:
    registered = declare(lambda: analytics(kms_key_arn=KEY))
    domain = registered["aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain"]
    assert domain["serverSideEncryptionConfiguration"] == {"kmsKeyArn": KEY}
    assert "aws:kms/key:Key" not in registered


def test_with_existing_resources_only_pipeline_and_task_are_created(declare: Declare) -> None:
    registered = declare(
        lambda: search(
            voice_profile_domain_arn=DOMAIN,
            media_insights_pipeline_configuration_arn=CONFIGURATION,
            kinesis_video_stream_arn=STREAM,
        )
    )
    assert sorted(token for token in registered if not token.startswith("speaker-search:")) == [
        "pulumi-python:dynamic/chime:MediaInsightsPipeline",
        "pulumi-python:dynamic/chime:SpeakerSearchTask",
    ]


def test_an_existing_configuration_needs_no_role_and_no_sink(declare: Declare) -> None:
    registered = declare(lambda: analytics(media_insights_pipeline_configuration_arn=CONFIGURATION))
    assert not {"aws:iam/role:Role", "aws:sqs/queue:Queue"} & set(registered)


@pytest.mark.parametrize(
    ("sink", "type_token", "key"),
    [
        ("sqs", "aws:sqs/queue:Queue", "kmsMasterKeyId"),
        ("sns", "aws:sns/topic:Topic", "kmsMasterKeyId"),
        ("kinesis", "aws:kinesis/stream:Stream", "kmsKeyId"),
    ],
)
def test_a_sink_that_is_made_is_encrypted_with_the_key(
    declare: Declare, sink: str, type_token: str, key: str
) -> None:
    registered = declare(lambda: analytics(sink=sink, kms_key_arn=KEY))
    assert registered[type_token][key] == KEY


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data_retention_hours": 0}, "data_retention_hours is 0"),
        ({"channel_id": 2}, "channel_id is 2"),
        ({}, "give analytics, or"),
    ],
)
def test_arguments_that_cannot_work_are_refused_before_anything_is_declared(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        SpeakerSearchArgs(consent=CONSENT, **arguments)


def test_a_sink_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(ValueError, match="sink is 'lambda'"):
        VoiceAnalyticsArgs(consent=CONSENT, sink="lambda")


@pytest.mark.parametrize("name", ["Zürich", "two words", "a::b", "a" * 57, "a.b"])
def test_a_name_that_a_role_or_a_queue_can_t_have_is_refused_before_anything_is_declared(name: str) -> None:
    def program() -> None:
        with pytest.raises(pulumi.RunError, match="VoiceAnalytics: the name"):
            VoiceAnalytics(name, VoiceAnalyticsArgs(consent=CONSENT))

    assert not declared(program)


def test_the_longest_name_is_taken(declare: Callable[..., dict[str, dict[str, Any]]]) -> None:
    assert declare(lambda: VoiceAnalytics("a" * 56, VoiceAnalyticsArgs(consent=CONSENT)))


def test_a_search_whose_name_no_stream_can_have_is_refused(
    declare: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    def program() -> None:
        arguments = SpeakerSearchArgs(
            consent=CONSENT,
            voice_profile_domain_arn=DOMAIN,
            media_insights_pipeline_configuration_arn=CONFIGURATION,
        )
        with pytest.raises(pulumi.RunError, match="SpeakerSearch: the name"):
            SpeakerSearch("Zürich", arguments)

    assert not declare(program)


def test_a_data_stream_gets_no_tag_with_a_colon(declare: Callable[..., dict[str, dict[str, Any]]]) -> None:
    tags = {"team": "voice", "path": "a:b"}
    made = declare(
        lambda: VoiceAnalytics("v", VoiceAnalyticsArgs(consent=CONSENT, sink="kinesis", tags=tags))
    )
    assert made["aws:kinesis/stream:Stream"]["tags"] == {"team": "voice"}


def test_a_sink_of_an_unknown_service_is_refused_without_a_traceback() -> None:
    with pytest.raises(pulumi.RunError, match="sink_arn: arn:aws:s3"):
        VoiceAnalyticsArgs(consent=CONSENT, sink_arn="arn:aws:s3:us-east-1:1:bucket")


TASK = "pulumi-python:dynamic/chime:SpeakerSearchTask"
TASK_IN_SEARCH = f"speaker-search:index:SpeakerSearch${TASK}::search"


class Department(pulumi.ComponentResource):
    """A component of a user's own."""

    def __init__(self) -> None:
        super().__init__("user:index:Department", "department")
        SpeakerSearch(
            "search",
            SpeakerSearchArgs(
                consent=CONSENT,
                voice_profile_domain_arn=DOMAIN,
                media_insights_pipeline_configuration_arn=CONFIGURATION,
                kinesis_video_stream_arn=STREAM,
            ),
            pulumi.ResourceOptions(parent=self),
        )


def test_a_task_in_a_component_at_the_top_knows_its_urn(declare: Declare) -> None:
    origin = declare(both)[TASK]["origin"]
    assert origin == f"urn:pulumi:test::speaker-search::{TASK_IN_SEARCH}"


def test_a_task_below_a_component_of_the_user_knows_its_urn(declare: Declare) -> None:
    origin = declare(Department)[TASK]["origin"]
    assert origin == f"urn:pulumi:test::speaker-search::user:index:Department${TASK_IN_SEARCH}"
