"""Consent tags in AWS are only ever marked as withdrawn, and only under the record that is withdrawn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pulumi_speaker_search.consent.vocabulary import FIELDS
from pulumi_speaker_search.lifecycle.aws_client import KINESIS_VIDEO, VOICE
from pulumi_speaker_search.lifecycle.consent_gate import ConsentSource
from pulumi_speaker_search.lifecycle.errors import RefusedError, WaitTimeoutError
from pulumi_speaker_search.lifecycle.withdrawal.marking import mark_withdrawn
from pulumi_speaker_search.lifecycle.withdrawal.parts import WITHDRAWN

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    DOMAIN_ARN,
    STREAM_ARN,
    Answer,
    World,
    not_found,
    refusal,
    tags,
    world,
)

DOMAIN = ConsentSource("voice profile domain", VOICE, DOMAIN_ARN)
STREAM = ConsentSource("Kinesis video stream", KINESIS_VIDEO, STREAM_ARN)
RECORD = CONSENT["consent:record-ref"]
MARK = [{"Key": "consent:status", "Value": "withdrawn"}]


def carrying(**status: str) -> dict[str, Any]:
    """The tags of a resource; keys of consent tags without their prefix."""
    changed = {f"consent:{key.replace('_', '-')}": value for key, value in status.items()}
    return tags(**{**CONSENT, **changed})


def account(*answers: Answer) -> World:
    return world({"list_tags_for_resource": answers, "tag_resource": [{}]})


def test_the_status_that_is_written_is_in_the_vocabulary() -> None:
    assert re.fullmatch(FIELDS["status"].pattern, WITHDRAWN)


@pytest.mark.parametrize("before", ["given", "expired", "unknown"])
def test_only_the_status_is_written(before: str) -> None:
    scripted = account(carrying(status=before), carrying(status="withdrawn"))
    assert mark_withdrawn(scripted.aws, DOMAIN, RECORD) == "withdrawn"
    assert scripted.client.of("tag_resource") == [{"ResourceARN": DOMAIN_ARN, "Tags": MARK}]


def test_a_stream_is_marked_by_its_own_operation() -> None:
    given, marked = ({"Tags": {**CONSENT, "consent:status": one}} for one in ("given", "withdrawn"))
    scripted = world({"list_tags_for_stream": [given, marked], "tag_stream": [{}]})
    assert mark_withdrawn(scripted.aws, STREAM, RECORD) == "withdrawn"
    assert scripted.client.of("tag_stream") == [
        {"StreamARN": STREAM_ARN, "Tags": {"consent:status": "withdrawn"}}
    ]


def test_what_is_marked_is_not_written_again() -> None:
    scripted = account(carrying(status="withdrawn"))
    mark_withdrawn(scripted.aws, DOMAIN, RECORD)
    assert "tag_resource" not in scripted.client.operations()


def test_a_resource_under_another_record_is_left_alone() -> None:
    scripted = account(carrying(record_ref="synthetic-voices/0002"))
    assert mark_withdrawn(scripted.aws, DOMAIN, RECORD) == "another record"
    assert "tag_resource" not in scripted.client.operations()


def test_a_tag_that_aws_shows_later_is_waited_for() -> None:
    scripted = account(carrying(), carrying(), carrying(), carrying(status="withdrawn"))
    assert mark_withdrawn(scripted.aws, DOMAIN, RECORD) == "withdrawn"
    assert len(scripted.client.of("tag_resource")) == 1


def test_a_tag_that_aws_never_shows_is_an_error() -> None:
    scripted = account(carrying())
    with pytest.raises(WaitTimeoutError, match="A start may still be accepted"):
        mark_withdrawn(scripted.aws, DOMAIN, RECORD)


def test_a_pipeline_that_has_ended_needs_no_mark() -> None:
    assert mark_withdrawn(account(not_found()).aws, DOMAIN, RECORD) == "not found"


def test_a_refusal_is_an_error() -> None:
    scripted = world(
        {"list_tags_for_resource": [carrying()], "tag_resource": [refusal("ForbiddenException", 403)]}
    )
    with pytest.raises(RefusedError):
        mark_withdrawn(scripted.aws, DOMAIN, RECORD)
