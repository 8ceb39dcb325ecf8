"""Exact tags of fixed ledger entries, written and read. What runs carries them, and every release has to read them.

Hashes are the first 16 hexadecimal digits of SHA-256 over the URN, or over `urn:pulumi:STACK::PROJECT`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.ledger import Entry
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS

URN = (
    "urn:pulumi:prod::calls::speaker-search:index:SpeakerSearch$pulumi-python:dynamic/chime:SpeakerSearchTask"
    "::line-1"
)
STREAM_ARN = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/line-1/1700000000000"
DOMAIN_ARN = "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/domain-1"
TOKEN = "ss-d32ee2532588cd297f1e350fae4fc840ea73029afd6e9bb9-0"

STARTED = Entry(
    kind=SPEAKER_SEARCH,
    resource_hash="227547547cf48ba6",
    token=TOKEN,
    recorded_at=datetime(2026, 11, 26, 1, 2, 3, tzinfo=UTC),
    stack_hash="b6f32ea43446ff63",
    channel_id=1,
    fragment_number="91343852333181432392682062607743920146264708719",
    task_id="2f6a1f0e-0000-4000-8000-000000000002",
    stream_arn=STREAM_ARN,
    domain_arn=DOMAIN_ARN,
)
STARTED_TAGS = {
    "speaker-search:task:227547547cf48ba6": (
        "2f6a1f0e-0000-4000-8000-000000000002/ss-d32ee2532588cd297f1e350fae4fc840ea73029afd6e9bb9-0"
        "/20261126T010203Z/b6f32ea43446ff63/1"
    ),
    "speaker-search:fragment:227547547cf48ba6": "91343852333181432392682062607743920146264708719",
    "speaker-search:stream:227547547cf48ba6": STREAM_ARN,
    "speaker-search:domain:227547547cf48ba6": DOMAIN_ARN,
}

INTENT = replace(STARTED, task_id=None, fragment_number=None, channel_id=0)
INTENT_TAGS = {
    "speaker-search:task:227547547cf48ba6": (
        "intent/ss-d32ee2532588cd297f1e350fae4fc840ea73029afd6e9bb9-0/20261126T010203Z/b6f32ea43446ff63/0"
    ),
    "speaker-search:fragment:227547547cf48ba6": "-",
    "speaker-search:stream:227547547cf48ba6": STREAM_ARN,
    "speaker-search:domain:227547547cf48ba6": DOMAIN_ARN,
}

TONE = replace(STARTED, kind=VOICE_TONE_ANALYSIS, domain_arn=None, fragment_number=None, channel_id=0)
TONE_TAGS = {
    "speaker-search:task:227547547cf48ba6": (
        "2f6a1f0e-0000-4000-8000-000000000002/ss-d32ee2532588cd297f1e350fae4fc840ea73029afd6e9bb9-0"
        "/20261126T010203Z/b6f32ea43446ff63/0/tone"
    ),
    "speaker-search:fragment:227547547cf48ba6": "-",
    "speaker-search:stream:227547547cf48ba6": STREAM_ARN,
}

BOTH = pytest.mark.parametrize(
    ("entry", "tags"),
    [(STARTED, STARTED_TAGS), (INTENT, INTENT_TAGS), (TONE, TONE_TAGS)],
    ids=["started", "intent", "voice tone"],
)


@BOTH
def test_an_entry_is_written_as_these_tags(entry: Entry, tags: dict[str, str]) -> None:
    assert ledger.to_tags(entry) == tags


@BOTH
def test_these_tags_are_read_as_the_entry(entry: Entry, tags: dict[str, str]) -> None:
    assert ledger.from_tags(tags) == ([entry], [])


def test_an_entry_without_room_for_more_is_its_task_s_tag() -> None:
    key = "speaker-search:task:227547547cf48ba6"
    assert ledger.to_tags(STARTED, room=1) == {key: STARTED_TAGS[key]}


def test_a_task_s_tag_alone_is_an_entry_without_fragment_and_arns() -> None:
    key = "speaker-search:task:227547547cf48ba6"
    short = replace(STARTED, fragment_number=None, stream_arn=None, domain_arn=None)
    assert ledger.from_tags({key: STARTED_TAGS[key]}) == ([short], [])


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    later = replace(
        STARTED, recorded_at=STARTED.recorded_at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    )
    assert ledger.to_tags(later) == STARTED_TAGS


def test_the_keys_of_an_entry_are_these_four() -> None:
    assert set(ledger.keys_of("227547547cf48ba6")) == set(STARTED_TAGS)


def test_the_hash_of_a_resource_stands() -> None:
    assert ledger.resource_hash(URN) == "227547547cf48ba6"


def test_the_hash_of_a_stack_stands_for_every_resource_of_it() -> None:
    stack = "urn:pulumi:prod::calls::pulumi:pulumi:Stack::calls-prod"
    assert {ledger.stack_hash(URN), ledger.stack_hash(stack)} == {"b6f32ea43446ff63"}
