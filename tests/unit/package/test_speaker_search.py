"""What a `SpeakerSearch` hands on to its pipeline and its task, and when it declares that nothing listens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pulumi
import pytest
from pulumi_speaker_search import (
    Consent,
    SpeakerSearch,
    SpeakerSearchArgs,
    SpeakerSearchTask,
    VoiceAnalytics,
    VoiceAnalyticsArgs,
)
from pulumi_speaker_search.declaration_error import DeclarationError

from tests.unit.package.test_components import CONFIGURATION, CONSENT, DOMAIN, STREAM, declared

PIPELINE = "pulumi-python:dynamic/chime:MediaInsightsPipeline"
TASK = "pulumi-python:dynamic/chime:SpeakerSearchTask"
BOTH = pytest.mark.parametrize("type_token", [PIPELINE, TASK])
WITHDRAWN = replace(CONSENT, status="withdrawn")
OVER = replace(CONSENT, expires="2026-01-01")


def inputs(type_token: str, *, consent: Consent = CONSENT, **arguments: Any) -> dict[str, Any]:
    """The inputs of a resource of a search on existing resources."""

    def program() -> None:
        SpeakerSearch(
            "search",
            SpeakerSearchArgs(
                consent=consent,
                voice_profile_domain_arn=DOMAIN,
                media_insights_pipeline_configuration_arn=CONFIGURATION,
                kinesis_video_stream_arn=STREAM,
                **arguments,
            ),
        )

    return declared(program)[type_token]


@BOTH
def test_new_triggers_go_to_both(type_token: str) -> None:
    assert inputs(type_token, triggers="2")["triggers"] == "2"


@BOTH
def test_a_search_listens_by_default(type_token: str) -> None:
    assert "listen" not in inputs(type_token)


@BOTH
def test_a_search_that_is_not_to_listen_declares_so_on_both(type_token: str) -> None:
    assert inputs(type_token, listen=False)["listen"] is False


@BOTH
@pytest.mark.parametrize("consent", [WITHDRAWN, OVER], ids=["withdrawn", "over"])
def test_a_consent_that_is_not_in_force_declares_that_nothing_listens(
    type_token: str, consent: Consent
) -> None:
    assert inputs(type_token, consent=consent)["listen"] is False


@BOTH
def test_a_consent_that_is_not_in_force_on_the_analytics_declares_that_nothing_listens(
    type_token: str,
) -> None:
    def program() -> None:
        analytics = VoiceAnalytics("voice", VoiceAnalyticsArgs(consent=WITHDRAWN))
        SpeakerSearch("search", SpeakerSearchArgs(consent=CONSENT, analytics=analytics))

    assert declared(program)[type_token]["listen"] is False


@BOTH
def test_a_consent_that_is_not_in_force_keeps_its_tags(type_token: str) -> None:
    assert inputs(type_token, consent=WITHDRAWN)["tags"]["consent:status"] == "withdrawn"


@pytest.mark.parametrize("channel", [0, 1])
def test_a_mono_stream_carries_one_leg_of_a_call_on_its_channel(channel: int) -> None:
    source = inputs(PIPELINE, channel_id=channel)["kinesis_video_stream_source_runtime_configuration"]
    definitions = source["streams"][0]["stream_channel_definition"]["channel_definitions"]
    assert [definition["channel_id"] for definition in definitions] == [channel]


def test_a_stereo_stream_carries_both_legs() -> None:
    roles = ("AGENT", "CUSTOMER")
    source = inputs(PIPELINE, channel_roles=roles)["kinesis_video_stream_source_runtime_configuration"]
    definitions = source["streams"][0]["stream_channel_definition"]["channel_definitions"]
    assert [(one["channel_id"], one["participant_role"]) for one in definitions] == [
        (0, "AGENT"),
        (1, "CUSTOMER"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [{"channel_id": 2}, {"data_retention_hours": 0}, {"channel_roles": ()}, {"recreate_when_ended": True}],
    ids=lambda arguments: next(iter(arguments)),
)
def test_what_can_not_be_is_refused_by_its_name(arguments: dict[str, Any]) -> None:
    (name,) = arguments
    with pytest.raises(DeclarationError, match=name):
        SpeakerSearchArgs(
            consent=CONSENT,
            voice_profile_domain_arn=DOMAIN,
            media_insights_pipeline_configuration_arn=CONFIGURATION,
            **arguments,
        )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [({"wait_for": "speech"}, "wait_for"), ({"recreate_when_ended": True}, "triggers")],
    ids=["wait_for", "recreate_when_ended"],
)
def test_a_task_refuses_what_can_not_be(arguments: dict[str, Any], named: str) -> None:
    def program() -> None:
        SpeakerSearchTask(
            "task",
            identifier="pipeline-1",
            voice_profile_domain_arn=DOMAIN,
            kinesis_video_stream_source_task_configuration={"stream_arn": STREAM, "channel_id": 0},
            tags=CONSENT.tags(),
            **arguments,
        )

    with pytest.raises(DeclarationError, match=named):
        declared(program)


@pytest.mark.parametrize(
    ("options", "instead"),
    [
        ({"retain_on_delete": True}, "`stop_on_delete=False`"),
        ({"deleted_with": object()}, "Leave the option out"),
    ],
    ids=["retain_on_delete", "deleted_with"],
)
def test_a_search_refuses_a_deletion_of_which_nobody_hears(options: dict[str, Any], instead: str) -> None:
    arguments = SpeakerSearchArgs(
        consent=CONSENT,
        voice_profile_domain_arn=DOMAIN,
        media_insights_pipeline_configuration_arn=CONFIGURATION,
    )
    with pytest.raises(DeclarationError, match=instead):
        declared(lambda: SpeakerSearch("search", arguments, pulumi.ResourceOptions(**options)))


def test_voice_analytics_refuse_a_deletion_of_which_aws_does_not_hear() -> None:
    options = pulumi.ResourceOptions()
    options.deleted_with = cast("pulumi.Resource", object())
    with pytest.raises(DeclarationError, match="deleted_with"):
        declared(lambda: VoiceAnalytics("voice", VoiceAnalyticsArgs(consent=CONSENT), options))
