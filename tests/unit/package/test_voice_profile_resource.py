"""The options of a voice profile, and the names that stand in state."""

from __future__ import annotations

import inspect
from typing import Any

import pulumi
import pytest
from pulumi_speaker_search import VoiceProfile
from pulumi_speaker_search.declaration_error import DeclarationError
from pulumi_speaker_search.resources.voice_profile import voice_profile_options


@pytest.mark.parametrize(
    ("given", "protected"), [(None, True), (True, True), (False, False)], ids=["by default", "true", "false"]
)
def test_a_profile_is_protected_unless_the_program_lifts_that(given: bool | None, protected: bool) -> None:
    assert voice_profile_options("caller", pulumi.ResourceOptions(protect=given)).protect is protected


def test_a_profile_without_options_is_protected() -> None:
    assert voice_profile_options("caller", None).protect is True


@pytest.mark.parametrize(
    "options",
    [{"import_": "vp-1"}, {"id": "vp-1"}, {"urn": "urn:pulumi:a::b::c::d"}],
    ids=lambda options: next(iter(options)),
)
def test_an_import_is_refused_by_the_name_of_what_takes_its_place(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="`adopt` instead: it takes over the existing one"):
        voice_profile_options("caller", pulumi.ResourceOptions(**options))


@pytest.mark.parametrize(
    "options",
    [{"retain_on_delete": True}, {"deleted_with": object()}],
    ids=lambda options: next(iter(options)),
)
def test_a_removal_without_a_call_to_aws_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="without a call to AWS"):
        voice_profile_options("caller", pulumi.ResourceOptions(**options))


@pytest.mark.parametrize("path", ["tags", 'tags["consent:status"]', "*", "**"])
def test_a_change_of_consent_can_not_be_ignored(path: str) -> None:
    with pytest.raises(DeclarationError, match="ignore_changes"):
        voice_profile_options("caller", pulumi.ResourceOptions(ignore_changes=["media_pipeline_id", path]))


def test_another_search_can_be_ignored() -> None:
    options = voice_profile_options(
        "caller", pulumi.ResourceOptions(ignore_changes=["speaker_search_task_id"])
    )
    assert options.ignore_changes == ["speaker_search_task_id"]


def test_the_names_of_the_inputs_stand() -> None:
    assert list(inspect.signature(VoiceProfile.__init__).parameters)[2:] == [
        "speaker_search_task_id",
        "media_pipeline_id",
        "voice_profile_domain_arn",
        "tags",
        "region",
        "timeout_seconds",
        "adopt",
        "opts",
    ]


def test_the_names_of_the_outputs_stand() -> None:
    assert VoiceProfile.outputs == (
        "voice_profile_id",
        "voice_profile_arn",
        "outcome",
        "created_timestamp",
        "updated_timestamp",
        "expires_at",
        "accepted_at",
    )
