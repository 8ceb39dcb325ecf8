"""The program's config: what is read, and the one line for what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_speaker_search.program_config import InvalidConfigError, ProgramConfig, read_config

CONSENT = {
    "schema": "speaker-search:1.0",
    "recordRef": "register/2026/0001",
    "notice": "voice-notice:v3",
    "purpose": ["quality"],
    "basis": "us-il:bipa-15b",
    "jurisdiction": ["US-IL"],
    "status": "given",
    "expires": "2099-12-31",
    "retentionDays": 365,
}


def read(**values: Any) -> ProgramConfig:
    said = {"consent": CONSENT, **values}
    texts = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in said.items()
        if value is not None
    }
    return read_config(texts.get, "ns")


def wrong(**values: Any) -> str:
    with pytest.raises(InvalidConfigError) as refused:
        read(**values)
    return str(refused.value)


def test_consent_alone_declares_one_search_with_defaults() -> None:
    (search,) = read().searches
    assert (search.name, search.media_sample_rate, search.data_retention_hours) == (
        "search",
        8000,
        24,
    )


def test_the_domain_is_protected_by_default() -> None:
    assert read().protect_domain


def test_without_consent_the_line_says_why_there_is_none_by_default() -> None:
    assert wrong(consent=None).startswith("ns:consent is missing: a search is never started")


@pytest.mark.parametrize("name", CONSENT)
def test_each_consent_field_is_demanded_by_name(name: str) -> None:
    partial = {key: value for key, value in CONSENT.items() if key != name}
    assert wrong(consent=partial) == f"ns:consent.{name} is missing"


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"consent": {**CONSENT, "expires": "soon"}}, "ns:consent.expires is not of the form"),
        ({"consent": {**CONSENT, "hue": "red"}}, "ns:consent.hue is not known"),
        ({"consent": []}, "ns:consent has to be an object"),
        ({"consent": "{"}, "ns:consent is not of its type"),
        ({"searches": {}}, "ns:searches has to be a list"),
        ({"searches": [{}]}, "ns:searches[0].name is missing"),
        ({"searches": [{"name": "a"}, {"name": "a"}]}, "ns:searches has the name 'a' more than"),
        ({"searches": [{"name": "a", "mediaSampleRate": 7999}]}, "whole number from 8000 to"),
        ({"searches": [{"name": "a", "mediaSampleRate": 48001}]}, "ns:searches[0].mediaSampleRate"),
        ({"searches": [{"name": "a", "channelRoles": ["BOSS"]}]}, "ns:searches[0].channelRoles is"),
        ({"searches": [{"name": "a", "channelId": 1}]}, "ns:searches[0].channelId is 1"),
        ({"searches": [{"name": "a", "dataRetentionHours": 0}]}, "dataRetentionHours is 0"),
        ({"sink": "lambda"}, "ns:sink is 'lambda'"),
        ({"protectDomain": "maybe"}, "ns:protectDomain is not of its type"),
        ({"protectDomain": 1}, "ns:protectDomain has to be true or false"),
    ],
)
def test_a_wrong_value_gets_one_line_with_its_key(values: dict[str, Any], line: str) -> None:
    said = wrong(**values)
    assert line in said
    assert "\n" not in said


@pytest.mark.parametrize("rate", [8000, 48000])
def test_a_sample_rate_at_the_limit_is_accepted(rate: int) -> None:
    (search,) = read(searches=[{"name": "a", "mediaSampleRate": rate}]).searches
    assert search.media_sample_rate == rate
