"""`Consent` as a program declares it: values that have lost what was written, and how they are refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pulumi
import pulumi_speaker_search
import pytest
from pulumi_speaker_search import Consent, InvalidConsentError

VALID: dict[str, Any] = {
    "schema": "speaker-search:1.0",
    "record_ref": "register/2026/0001",
    "notice": "voice-notice:v3",
    "purpose": "quality",
    "basis": "us-il:bipa-15b",
    "jurisdiction": "US-IL",
    "status": "given",
    "expires": date(2026, 11, 23),
    "retention_days": 365,
}


def refused(**values: Any) -> InvalidConsentError:
    with pytest.raises(InvalidConsentError) as wrong:
        Consent(**{**VALID, **values})
    return wrong.value


def test_a_record_that_is_a_number_is_refused_with_the_cure() -> None:
    assert str(refused(record_ref=175304202)) == (
        "consent:record-ref is of the type int and has to be a text: put it in quotes, exactly as its record has it"
    )


def test_a_secret_is_no_text() -> None:
    async def secret() -> pulumi.Output[str]:
        return pulumi.Output.secret("register/2026/0001")  # which takes an event loop

    assert "consent:record-ref is of the type Output" in str(refused(record_ref=asyncio.run(secret())))


def test_a_moment_is_no_last_day() -> None:
    assert "consent:expires is a moment" in str(refused(expires=datetime(2026, 11, 23, tzinfo=UTC)))


@pytest.mark.parametrize("name", VALID)
def test_a_required_value_that_is_empty_is_missing(name: str) -> None:
    key = f"consent:{name.replace('_', '-')}"
    assert str(refused(**{name: None})) == f"{key} is missing"


def test_all_problems_are_named_at_once() -> None:
    keys = [problem.key for problem in refused(record_ref=1, basis="because", notice=None).problems]
    assert keys == ["consent:record-ref", "consent:notice", "consent:basis"]


def test_the_program_ends_with_the_sentence_and_no_traceback() -> None:
    assert isinstance(refused(record_ref=1), pulumi.RunError)


def test_a_value_that_is_not_set_makes_no_tag() -> None:
    assert "consent:method" not in Consent(**VALID, method="").tags()


def test_the_package_lists_its_public_names() -> None:
    assert set(pulumi_speaker_search.__all__) <= set(dir(pulumi_speaker_search))
