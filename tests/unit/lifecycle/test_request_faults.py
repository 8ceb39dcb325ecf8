"""What the refusal of an input says, and what it never repeats."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.request_schema import Group
from pulumi_speaker_search.providers import TaskProvider

from tests.unit.lifecycle.declared_fields import (
    FIELDS,
    Field,
    declaration,
    refused_properties,
    with_value,
)
from tests.unit.lifecycle.request_fields import each


@each([field for field in FIELDS if not isinstance(field.rule, Group)])
def test_a_fault_names_its_own_property(field: Field) -> None:
    failed = refused_properties(field.provider, with_value(field, object()))
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in field.path)
    assert failed == [named.removeprefix(".")]


def test_a_wrong_channel_is_reported_with_its_value_and_the_allowed_ones() -> None:
    channel = next(field for field in FIELDS if field.path[-1] == "channel_id")
    [failure] = channel.provider().check({}, with_value(channel, 5.0)).failures
    assert failure.reason.endswith("channel_id: is 5.0; AWS allows whole numbers from 0 to 1")


def test_a_failure_names_no_property_whose_value_the_engine_would_print() -> None:
    [failure] = TaskProvider().check({}, {**declaration(TaskProvider), "tags": "a secret"}).failures
    assert failure.property == ""


def test_a_value_of_a_tag_is_never_shown() -> None:
    [failure] = TaskProvider().check({}, {**declaration(TaskProvider), "tags": {"k": "secret" * 50}}).failures
    assert "secret" not in failure.reason


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_the_words_of_a_text_are_never_repeated_because_it_may_be_a_secret(field: Any) -> None:
    failures = field.provider().check({}, with_value(field, "hunter2 \u2603\n" * 400)).failures
    assert not [failure.reason for failure in failures if "hunter2" in failure.reason]


def test_a_text_as_a_time_out_is_not_repeated() -> None:
    [failure] = (
        TaskProvider()
        .check({}, {**declaration(TaskProvider), "timeout_seconds": {"create": "hunter2"}})
        .failures
    )
    assert (
        failure.reason == "timeout_seconds.create: is a text of 7 characters; it has to be 1 to 3600 seconds"
    )
