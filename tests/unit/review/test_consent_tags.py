"""Consent tags as the engine's JSON has them, and which of their values a report may show."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.consent.vocabulary import REQUIRED
from speaker_search_operations.review.consent_rows import TagState
from speaker_search_operations.review.consent_tags import (
    REDACTED_SECRET,
    SECRET_KEY,
    UNKNOWN_SENTINEL,
    consent_tags,
    with_missing,
)

SECRETS = [REDACTED_SECRET, {SECRET_KEY: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAAA"}]


def only(properties: dict[str, Any]) -> tuple[str, TagState, str]:
    (tag,) = consent_tags(properties)
    return tag.field, tag.state, tag.value


def test_a_value_of_the_vocabulary_s_form_is_shown() -> None:
    assert only({"tags": {"consent:status": "given", "Team": "x"}}) == ("status", TagState.STATED, "given")


@pytest.mark.parametrize("value", ["Ada Lovelace, 1815", "granted", "", 7, None, ["given"], {"a": "b"}])
def test_a_value_of_another_form_is_withheld(value: object) -> None:
    assert only({"tags": {"consent:status": value}}) == ("status", TagState.WITHHELD, "")


def test_a_key_that_the_vocabulary_does_not_have_is_not_repeated() -> None:
    (tag,) = consent_tags({"tags": {"consent:ada-lovelace": "given"}})
    assert "ada" not in tag.field
    assert (tag.state, tag.value) == (TagState.WITHHELD, "")


def test_an_unknown_value_is_unknown() -> None:
    assert only({"tags": {"consent:expires": UNKNOWN_SENTINEL}}) == ("expires", TagState.UNKNOWN, "")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_value_is_a_secret(secret: object) -> None:
    assert only({"tags": {"consent:status": secret}}) == ("status", TagState.SECRET, "")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_that_the_provider_hands_out_in_clear_stays_a_secret(secret: object) -> None:
    both = {"tags": {"consent:status": secret}, "tagsAll": {"consent:status": "given"}}
    assert only(both) == ("status", TagState.SECRET, "")


@pytest.mark.parametrize("secret", SECRETS)
def test_tags_that_are_a_secret_as_a_whole_are_secret_even_if_the_provider_hands_them_out(
    secret: object,
) -> None:
    found = consent_tags({"tags": secret, "tagsAll": {"consent:status": "given"}})
    assert {tag.state for tag in found} == {TagState.SECRET}


def test_tags_that_are_unknown_as_a_whole_are_unknown_one_by_one() -> None:
    found = consent_tags({"tags": UNKNOWN_SENTINEL})
    assert {tag.field: tag.state for tag in found} == dict.fromkeys(REQUIRED, TagState.UNKNOWN)


def test_the_provider_s_default_tags_count() -> None:
    both = {"tags": {}, "tagsAll": {"consent:status": "given"}}
    assert only(both) == ("status", TagState.STATED, "given")


def test_the_known_tags_count_where_the_provider_leaves_all_of_them_unknown() -> None:
    both = {"tags": {"consent:status": "given"}, "tagsAll": UNKNOWN_SENTINEL}
    assert only(both) == ("status", TagState.STATED, "given")


def test_tags_as_a_list_of_pairs_count() -> None:
    pairs = {"tags": [{"key": "consent:status", "value": "given"}, {"Key": "other", "Value": "x"}]}
    assert only(pairs) == ("status", TagState.STATED, "given")


def test_another_prefix_is_read_where_it_is_asked_for() -> None:
    (tag,) = consent_tags({"tags": {"privacy/status": "given", "consent:status": "withdrawn"}}, "privacy/")
    assert tag.value == "given"


def test_a_required_tag_that_is_not_there_is_missing() -> None:
    found = {
        tag.field: tag.state for tag in with_missing(consent_tags({"tags": {"consent:status": "given"}}))
    }
    assert found.pop("status") is TagState.STATED
    assert found == {field: TagState.MISSING for field in REQUIRED if field != "status"}
