"""Options and triggers of a resource that are refused where it is declared."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pulumi
import pytest
from pulumi_speaker_search import EphemeralArguments, SpeakerSearchTask
from pulumi_speaker_search.declaration_error import DeclarationError
from pulumi_speaker_search.resources.ephemeral_options import (
    delete_by_itself,
    ephemeral_options,
    refuse_invalid_triggers,
)
from pulumi_speaker_search.resources.ephemeral_resource import CommonInputs

ARGUMENTS: dict[str, Any] = {
    "identifier": "pipeline-1",
    "voice_profile_domain_arn": "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/domain-1",
    "kinesis_video_stream_source_task_configuration": {"stream_arn": "arn", "channel_id": 0},
    "tags": {},
}


@pytest.mark.parametrize(
    "path",
    [
        "tags",
        'tags["consent:status"]',
        '["tags"]["consent:status"]',
        "['tags']",
        "tags.team",
        "listen",
        "stop_on_delete",
        "*",
        "**",
    ],
)
def test_what_may_have_to_stop_a_search_can_not_be_ignored(path: str) -> None:
    with pytest.raises(DeclarationError, match="ignore_changes"):
        ephemeral_options("search", pulumi.ResourceOptions(ignore_changes=["timeout_seconds", path]))


def test_other_changes_can_be_ignored() -> None:
    options = ephemeral_options("search", pulumi.ResourceOptions(ignore_changes=["timeout_seconds"]))
    assert options.ignore_changes == ["timeout_seconds"]


@pytest.mark.parametrize(
    "options",
    [{"import_": "task-1"}, {"id": "task-1"}, {"urn": "urn:pulumi:a::b::c::d"}],
    ids=lambda options: next(iter(options)),
)
def test_an_import_is_refused_by_the_name_of_what_takes_its_place(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="`adopt`"):
        ephemeral_options("search", pulumi.ResourceOptions(**options))


def test_to_create_before_the_old_one_ends_is_overruled() -> None:
    options = ephemeral_options("search", pulumi.ResourceOptions(delete_before_replace=False))
    assert options.delete_before_replace is True


@pytest.mark.parametrize(
    ("options", "instead"),
    [
        ({"retain_on_delete": True}, "`stop_on_delete=False`"),
        ({"deleted_with": object()}, "Leave the option out"),
    ],
    ids=["retain_on_delete", "deleted_with"],
)
def test_a_deletion_of_which_the_provider_hears_nothing_is_refused(
    options: dict[str, Any], instead: str
) -> None:
    with pytest.raises(DeclarationError, match=instead):
        ephemeral_options("search", pulumi.ResourceOptions(**options))


def transforms(parent: object) -> int:
    """How many calls of the engine a resource in this parent costs."""
    options = pulumi.ResourceOptions()
    options.parent = cast("pulumi.Resource | None", parent)
    return len(ephemeral_options("search", options).transforms or ())


@pytest.mark.parametrize(
    ("parent", "calls"),
    [
        (None, 0),
        (SimpleNamespace(has_component_above=False), 0),
        (SimpleNamespace(has_component_above=True), 1),
        (SimpleNamespace(), 1),
    ],
    ids=["nothing above", "our component alone", "our component in another", "a component of the user's own"],
)
def test_the_engine_is_asked_what_is_handed_down_only_where_something_may_be(
    parent: object, calls: int
) -> None:
    assert transforms(parent) == calls


def handed_down(**options: Any) -> pulumi.ResourceTransformResult | None:
    given = pulumi.ResourceOptions(**options)
    return delete_by_itself(pulumi.ResourceTransformArgs(True, "a:type", "search", {"a": 1}, given))


def test_a_deletion_with_something_else_that_is_handed_down_is_taken_off() -> None:
    changed = handed_down(deleted_with=object(), protect=True)
    assert changed is not None
    assert (changed.props, changed.opts.deleted_with, changed.opts.protect) == ({"a": 1}, None, True)


def test_where_nothing_is_handed_down_nothing_is_changed() -> None:
    assert handed_down(protect=True) is None


@pytest.mark.parametrize("given", [None, False])
def test_a_retention_that_a_component_above_hands_down_is_overruled(given: bool | None) -> None:
    assert (
        ephemeral_options("search", pulumi.ResourceOptions(retain_on_delete=given)).retain_on_delete is False
    )


@pytest.mark.parametrize(
    ("triggers", "path"),
    [
        (date(2026, 1, 1), "triggers is of the type date"),
        ({"release": [b"ab"]}, r"triggers\.release\[0\] is of the type bytes"),
        ({1: 2}, "the key 1"),
        (float("nan"), "triggers is nan"),
        ([float("inf")], r"triggers\[0\] is inf"),
        (2**53, "beyond 2\\^53"),
        ({"build": [-(10**400)]}, r"triggers\.build\[0\] is a number beyond"),
    ],
    ids=["date", "bytes", "number as key", "nan", "infinity", "one past the largest", "a huge one"],
)
def test_triggers_that_are_no_json_are_refused_with_their_path(triggers: object, path: str) -> None:
    with pytest.raises(DeclarationError, match=path):
        refuse_invalid_triggers("search", triggers)


@pytest.mark.parametrize("triggers", [None, "1", 1, 1.5, True, 2**53 - 1, ["a", {"b": [None]}]])
def test_triggers_that_are_json_are_taken(triggers: object) -> None:
    refuse_invalid_triggers("search", triggers)


def test_an_argument_that_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="'lisen'"):
        SpeakerSearchTask("search", **ARGUMENTS, lisen=False)  # type: ignore[call-arg] # a misspelt argument


def test_every_argument_that_both_resources_take_is_an_input_of_both() -> None:
    inputs = {field.name for field in fields(CommonInputs)}
    assert set(EphemeralArguments.__annotations__) <= inputs
