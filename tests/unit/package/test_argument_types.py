"""Arguments of another type than the annotations say, as programs without a type checker give them."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi_speaker_search import (
    MediaInsightsPipeline,
    SpeakerSearch,
    SpeakerSearchArgs,
    SpeakerSearchTask,
    VoiceAnalyticsArgs,
)
from pulumi_speaker_search.declaration_error import DeclarationError

from tests.unit.package.test_components import CONFIGURATION, CONSENT, DOMAIN, STREAM, declared

NO_FLAGS = ["false", "", None, 0, pulumi.Output.from_input(False)]
FLAGS = ["listen", "ledger", "stop_on_delete"]


def search(**arguments: Any) -> SpeakerSearchArgs:
    usual: dict[str, Any] = {
        "consent": CONSENT,
        "voice_profile_domain_arn": DOMAIN,
        "media_insights_pipeline_configuration_arn": CONFIGURATION,
    }
    return SpeakerSearchArgs(**{**usual, **arguments})


def task(**arguments: Any) -> None:
    def program() -> None:
        SpeakerSearchTask(
            "task",
            identifier="pipeline-1",
            voice_profile_domain_arn=DOMAIN,
            kinesis_video_stream_source_task_configuration={"stream_arn": STREAM, "channel_id": 0},
            tags=CONSENT.tags(),
            **arguments,
        )

    declared(program)


def pipeline(**arguments: Any) -> None:
    def program() -> None:
        MediaInsightsPipeline(
            "pipeline",
            media_insights_pipeline_configuration_arn=CONFIGURATION,
            tags=CONSENT.tags(),
            **arguments,
        )

    declared(program)


@pytest.mark.parametrize("value", NO_FLAGS, ids=["text", "empty", "None", "number", "Output"])
@pytest.mark.parametrize("flag", [*FLAGS, "verify_live_tags"])
def test_what_is_neither_true_nor_false_is_no_switch_of_a_search(flag: str, value: object) -> None:
    with pytest.raises(DeclarationError, match=f"{flag} is .*; it has to be True or False"):
        search(**{flag: value})


@pytest.mark.parametrize("flag", [*FLAGS, "verify_live_tags"])
def test_a_text_is_no_switch_of_a_task(flag: str) -> None:
    with pytest.raises(DeclarationError, match=f"{flag} is of the type str"):
        task(**{flag: "false"})


@pytest.mark.parametrize("flag", FLAGS)
def test_a_text_is_no_switch_of_a_pipeline(flag: str) -> None:
    with pytest.raises(DeclarationError, match=f"{flag} is of the type str"):
        pipeline(**{flag: "false"})


@pytest.mark.parametrize("value", ["false", None], ids=["text", "None"])
def test_what_is_no_switch_does_not_take_the_protection_off(value: object) -> None:
    with pytest.raises(DeclarationError, match="protect_domain"):
        VoiceAnalyticsArgs(consent=CONSENT, protect_domain=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments",
    [
        {"data_retention_hours": "24"},
        {"data_retention_hours": None},
        {"media_sample_rate": "8000"},
        {"channel_id": True},
        {"channel_roles": "CUSTOMER"},
        {"channel_roles": None},
        {"channel_roles": [None]},
        {"consent": None},
        {"consent": CONSENT.tags()},
        {"tags": None},
        {"tags": [("a", "b")]},
    ],
    ids=str,
)
def test_an_argument_of_another_type_is_refused_by_its_name(arguments: dict[str, Any]) -> None:
    (name,) = arguments
    with pytest.raises(DeclarationError, match=f"{name} is "):
        search(**arguments)


def test_an_error_does_not_repeat_a_value_which_may_be_a_secret() -> None:
    with pytest.raises(DeclarationError) as refused:
        search(listen="hunter2")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("option", ["import_", "id", "urn"])
def test_a_search_is_not_imported_and_the_arguments_that_adopt_are_named(option: str) -> None:
    given: dict[str, Any] = {option: "task-1"}
    options = pulumi.ResourceOptions(**given)
    with pytest.raises(DeclarationError, match="`adopt_task` and `adopt_pipeline`"):
        declared(lambda: SpeakerSearch("search", search(), options))


@pytest.mark.parametrize("name", ["", "x" * 257, "Zürich", "a:b"])
def test_a_domain_name_that_aws_does_not_take_is_refused_before_anything(name: str) -> None:
    with pytest.raises(DeclarationError, match="voice_profile_domain_name"):
        VoiceAnalyticsArgs(consent=CONSENT, voice_profile_domain_name=name)


def test_a_domain_name_of_256_characters_is_taken() -> None:
    VoiceAnalyticsArgs(consent=CONSENT, voice_profile_domain_name="Voices of 2026" + "x" * 242)
