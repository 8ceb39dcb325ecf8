"""Consent: the value, its tags, and what is wrong with tags."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from datetime import date

import pytest
from pulumi_speaker_search.consent import declared_consent
from pulumi_speaker_search.consent.consent_value import (
    Consent,
    InvalidConsentError,
    malformed,
    missing,
    not_in_force,
    problems_of,
)
from pulumi_speaker_search.consent.vocabulary import FIELDS, PREFIX, REQUIRED, VOICE_TONE_PURPOSE

TODAY = date(2026, 11, 23)
VALID = {
    "consent:schema": "speaker-search:1.0",
    "consent:record-ref": "register/2026/0001",
    "consent:notice": "voice-notice:v3",
    "consent:purpose": "fraud-prevention+quality",
    "consent:basis": "us-il:bipa-15b",
    "consent:jurisdiction": "US-IL+US-TX",
    "consent:status": "given",
    "consent:expires": "2026-11-23",
    "consent:retention-days": "365",
}


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in VALID.items() if key != PREFIX + name}


def test_a_consent_becomes_exactly_the_declared_tags() -> None:
    consent = Consent(
        schema="speaker-search:1.0",
        record_ref="register/2026/0001",
        notice="voice-notice:v3",
        purpose=("fraud-prevention", "quality"),
        basis="us-il:bipa-15b",
        jurisdiction=("US-IL", "US-TX"),
        status="given",
        expires=date(2026, 11, 23),
        retention_days=365,
    )
    assert consent.tags() == VALID


def test_a_consent_outside_the_vocabulary_is_refused_by_its_tag() -> None:
    with pytest.raises(InvalidConsentError, match="consent:basis is not of the form"):
        Consent(
            schema="speaker-search:1.0",
            record_ref="register/2026/0001",
            notice="voice-notice:v3",
            purpose="quality",
            basis="because",
            jurisdiction="US-IL",
            status="given",
            expires="2026-11-23",
            retention_days=365,
        )


def test_valid_tags_have_no_problem_on_their_last_day() -> None:
    assert problems_of(VALID, today=TODAY) == []


def test_consent_is_over_the_day_after_its_last() -> None:
    (problem,) = problems_of(VALID, today=date(2026, 11, 24))
    assert (problem.key, problem.fault) == ("consent:expires", "is over")


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_tag_that_is_missing_is_named(name: str) -> None:
    assert [problem.key for problem in missing(without(name))] == [PREFIX + name]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_tag_that_is_empty_counts_as_missing(name: str) -> None:
    assert [problem.key for problem in missing({**VALID, PREFIX + name: ""})] == [PREFIX + name]


@pytest.mark.parametrize("status", ["withdrawn", "expired"])
def test_any_status_but_given_is_not_in_force(status: str) -> None:
    (problem,) = not_in_force({**VALID, "consent:status": status}, today=TODAY)
    assert problem.key == "consent:status"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schema", "1.0"),
        ("record-ref", "seven77"),
        ("record-ref", "somebody@example.com"),
        ("notice", "http://example.com/notice"),
        ("notice", "https://example.com/notice?person=1"),
        ("purpose", "Fraud"),
        ("purpose", "fraud,quality"),
        ("basis", "bipa"),
        ("jurisdiction", "us-il"),
        ("jurisdiction", "US-ILLI"),
        ("status", "Given"),
        ("expires", "2026-02-30"),
        ("expires", "2026-1-1"),
        ("retention-days", "0"),
        ("retention-days", "10000"),
        ("retention-days", "365 "),
    ],
)
def test_a_malformed_value_is_named_by_its_tag_and_never_repeated(name: str, value: str) -> None:
    (problem,) = malformed({**VALID, PREFIX + name: value})
    assert problem.key == PREFIX + name
    assert value not in problem.fault.split()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("record-ref", "8letters"),
        ("record-ref", "x" * 128),
        ("retention-days", "1"),
        ("retention-days", "9999"),
        ("notice", "https://example.com/notice/3"),
        ("expires", "2028-02-29"),
    ],
)
def test_a_value_at_its_limit_is_accepted(name: str, value: str) -> None:
    assert malformed({**VALID, PREFIX + name: value}) == []


def test_an_unknown_consent_tag_is_malformed() -> None:
    (problem,) = malformed({**VALID, "consent:colour": "red"})
    assert problem.fault == "is not a consent tag of this vocabulary"


def test_tags_of_others_are_nobody_s_business() -> None:
    assert problems_of({**VALID, "CostCentre": "", "speaker-search:task:1": "x"}, today=TODAY) == []


def test_every_field_says_its_form_to_a_person() -> None:
    assert all(field.form for field in FIELDS.values())


def test_the_purpose_that_covers_a_voice_tone_analysis_stands() -> None:
    assert VOICE_TONE_PURPOSE == "voice-tone-analysis"


def test_the_purpose_that_covers_a_voice_tone_analysis_is_a_word_of_that_tag() -> None:
    assert re.fullmatch(FIELDS["purpose"].pattern, VOICE_TONE_PURPOSE)


def test_the_docstring_describes_every_attribute() -> None:
    attributes = (
        (inspect.getdoc(declared_consent.Consent) or "").partition("Attributes:")[2].partition("Raises:")[0]
    )
    assert re.findall(r"^ {4}(\w+): ", attributes, re.MULTILINE) == [field.name for field in fields(Consent)]
