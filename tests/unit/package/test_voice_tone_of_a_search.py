"""`SpeakerSearch(voice_tone_analysis=True)`: a second task on the search's pipeline and channel; nothing without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest
from pulumi_speaker_search import SpeakerSearch, SpeakerSearchArgs, VoiceAnalytics, VoiceAnalyticsArgs
from pulumi_speaker_search.declaration_error import DeclarationError

from tests.unit.package.test_components import CONFIGURATION, CONSENT, DOMAIN, STREAM, declared

SEARCH_TASK = "pulumi-python:dynamic/chime:SpeakerSearchTask"
TONE_TASK = "pulumi-python:dynamic/chime:VoiceToneAnalysisTask"
PROCESSOR = "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration"


def search(**arguments: Any) -> SpeakerSearch:
    return SpeakerSearch(
        "search",
        SpeakerSearchArgs(
            voice_profile_domain_arn=DOMAIN,
            media_insights_pipeline_configuration_arn=CONFIGURATION,
            kinesis_video_stream_arn=STREAM,
            **{"consent": CONSENT, **arguments},
        ),
    )


def tone(**arguments: Any) -> dict[str, Any]:
    """The inputs of the analysis."""
    return declared(lambda: search(voice_tone_analysis=True, **arguments))[TONE_TASK]


def of_both(program_analytics: bool) -> dict[str, dict[str, Any]]:
    def program() -> None:
        analytics = VoiceAnalytics(
            "voice", VoiceAnalyticsArgs(consent=CONSENT, voice_tone_analysis=program_analytics)
        )
        arguments = SpeakerSearchArgs(
            consent=CONSENT, analytics=analytics, voice_tone_analysis=program_analytics
        )
        SpeakerSearch("search", arguments)

    return declared(program)


def test_its_place_below_the_component_stands() -> None:
    place = "urn:pulumi:test::speaker-search::speaker-search:index:SpeakerSearch"
    assert tone()["origin"] == f"{place}${TONE_TASK}::search"


def test_the_analysis_listens_to_the_channel_of_the_search() -> None:
    arguments = {"channel_roles": ("AGENT", "CUSTOMER"), "channel_id": 1, "fragment_number": "42"}
    both = declared(lambda: search(voice_tone_analysis=True, **arguments))
    assert both[TONE_TASK]["kinesis_video_stream_source_task_configuration"] == {
        "stream_arn": STREAM,
        "channel_id": 1,
        "fragment_number": "42",
    }


@pytest.mark.parametrize(
    "name",
    ["tags", "identifier", "kinesis_video_stream_source_task_configuration", "triggers", "verify_live_tags"],
)
def test_it_has_what_the_search_has(name: str) -> None:
    both = declared(lambda: search(voice_tone_analysis=True, triggers="2", verify_live_tags=True))
    assert both[TONE_TASK][name] == both[SEARCH_TASK][name]


def test_its_language_is_the_only_one_of_aws() -> None:
    assert tone()["language_code"] == "en-US"


@pytest.mark.parametrize(
    "arguments",
    [
        {"listen": False},
        {"consent": replace(CONSENT, status="withdrawn")},
        {"consent": replace(CONSENT, expires="2026-01-01")},
    ],
    ids=["listen", "withdrawn", "over"],
)
def test_it_does_not_listen_where_the_search_does_not(arguments: dict[str, Any]) -> None:
    assert tone(**arguments)["listen"] is False


def test_a_running_one_is_taken_over_by_its_id() -> None:
    assert tone(adopt_voice_tone_analysis_task="task-1")["adopt"] == "task-1"


def test_a_program_without_it_declares_what_it_always_did() -> None:
    assert declared(search) == declared(lambda: search(voice_tone_analysis=False))


def test_without_it_there_is_no_analysis() -> None:
    assert TONE_TASK not in declared(search)


def test_without_it_its_outputs_are_none() -> None:
    found: list[Any] = []

    def program() -> None:
        line = search()
        pulumi.Output.all(
            line.voice_tone_analysis_task_id,
            line.voice_tone_analysis_task_status,
            line.voice_tone_analysis_outcome,
        ).apply(found.extend)

    declared(program)
    assert found == [None, None, None]


@pytest.mark.parametrize(("wanted", "status"), [(True, "Enabled"), (False, "Disabled")])
def test_the_configuration_allows_it_only_where_it_is_asked_for(wanted: bool, status: str) -> None:
    processor = of_both(wanted)[PROCESSOR]["elements"][0]["voiceAnalyticsProcessorConfiguration"]
    assert (processor["voiceToneAnalysisStatus"], processor["speakerSearchStatus"]) == (status, "Enabled")


def test_a_configuration_that_does_not_allow_it_is_named_before_any_call() -> None:
    def program() -> None:
        analytics = VoiceAnalytics("voice", VoiceAnalyticsArgs(consent=CONSENT))
        with pytest.raises(DeclarationError, match="VoiceAnalytics voice has voice tone analysis disabled"):
            SpeakerSearchArgs(consent=CONSENT, analytics=analytics, voice_tone_analysis=True)

    declared(program)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"voice_tone_analysis": "true"}, "voice_tone_analysis is"),
        ({"adopt_voice_tone_analysis_task": "task-1"}, "without voice_tone_analysis=True"),
    ],
)
def test_what_can_not_be_is_refused_by_its_name(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        SpeakerSearchArgs(
            consent=CONSENT,
            voice_profile_domain_arn=DOMAIN,
            media_insights_pipeline_configuration_arn=CONFIGURATION,
            **arguments,
        )


def test_voice_analytics_refuses_a_text_for_the_switch() -> None:
    with pytest.raises(DeclarationError, match="voice_tone_analysis is"):
        VoiceAnalyticsArgs(consent=CONSENT, voice_tone_analysis="false")  # type: ignore[arg-type]
