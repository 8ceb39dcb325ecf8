"""Changing the tags of a pipeline: a withdrawal stays, and only what changed is written."""

from __future__ import annotations

from pulumi_speaker_search.lifecycle.pipeline_tags import retag

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    PIPELINE_ARN,
    World,
    tags,
    world,
)


def retagged(old: dict[str, str], new: dict[str, str], live: dict[str, str] | None = None) -> World:
    account = world(
        tag_resource=[{}],
        untag_resource=[{}],
        list_tags_for_resource=[tags(**(old if live is None else live))],
    )
    retag(account.aws, PIPELINE_ARN, wanted=new, before=old, timeout_seconds=10.0)
    return account


def test_a_withdrawal_that_stands_in_aws_is_not_overwritten() -> None:
    withdrawn = {**CONSENT, "consent:status": "withdrawn"}
    account = retagged(CONSENT, {**CONSENT, "team": "voice"}, live=withdrawn)
    assert account.client.of("tag_resource")[0]["Tags"] == [{"Key": "team", "Value": "voice"}]


def test_a_withdrawal_that_stays_is_reported() -> None:
    account = retagged(CONSENT, CONSENT, live={**CONSENT, "consent:status": "withdrawn"})
    assert "never overwritten" in account.warnings[0]


def test_the_status_of_a_new_record_replaces_a_withdrawal_of_the_old_one() -> None:
    renewed = {**CONSENT, "consent:record-ref": "synthetic-voices/0002"}
    account = retagged(CONSENT, renewed, live={**CONSENT, "consent:status": "withdrawn"})
    written = {tag["Key"]: tag["Value"] for tag in account.client.of("tag_resource")[0]["Tags"]}
    assert written["consent:status"] == "given"


def test_tags_that_somebody_else_has_put_there_stay() -> None:
    assert not retagged({"a": "1"}, {"a": "1"}, live={"a": "1", "theirs": "x"}).client.of("untag_resource")


def test_only_tags_that_changed_are_written() -> None:
    account = retagged({"a": "1", "b": "1"}, {"a": "1", "b": "2"})
    assert account.client.of("tag_resource")[0]["Tags"] == [{"Key": "b", "Value": "2"}]


def test_only_tags_that_went_are_taken_off() -> None:
    account = retagged({"a": "1", "b": "1"}, {"a": "1"})
    assert account.client.of("untag_resource")[0]["TagKeys"] == ["b"]


def test_tags_that_are_the_same_take_no_call() -> None:
    assert retagged({"a": "1"}, {"a": "1"}).client.operations() == ["list_tags_for_resource"]
