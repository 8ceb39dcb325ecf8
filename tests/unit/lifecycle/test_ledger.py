"""The ledger's tags: what is written can be read again, fits into AWS's limits, and never shows as a user's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.errors import NoRoomError
from pulumi_speaker_search.lifecycle.ledger import Entry
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    DOMAIN_ARN,
    ORIGIN,
    PIPELINE_ARN,
    STREAM_ARN,
    SUBJECT,
    world,
)

ENTRY = Entry(
    kind=SPEAKER_SEARCH,
    resource_hash=ledger.resource_hash(ORIGIN),
    token="ss-" + "0" * 48 + "-31",
    recorded_at=BEGIN,
    stack_hash=ledger.stack_hash(ORIGIN),
    channel_id=1,
    task_id="12345678-1234-1234-1234-123456789012",
    stream_arn=STREAM_ARN,
    domain_arn=DOMAIN_ARN,
)
TAG_CHARACTERS = re.compile(r"[\w.:/=+\-@ ]*")

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=2, max_size=48)


@given(
    token=words,
    task=st.none() | words.filter(lambda word: word != ledger.INTENT),
    fragment=st.none() | st.text("0123456789", min_size=1, max_size=80),
    channel=st.integers(0, 1),
    seconds=st.integers(0, 10**8),
)
def test_what_is_written_is_read_again(
    token: str, task: str | None, fragment: str | None, channel: int, seconds: int
) -> None:
    entry = replace(
        ENTRY,
        token=token,
        task_id=task,
        fragment_number=fragment,
        channel_id=channel,
        recorded_at=BEGIN + timedelta(seconds=seconds),
    )
    assert ledger.from_tags(ledger.to_tags(entry)) == ([entry], [])


def test_the_longest_entry_fits_into_a_tag() -> None:
    longest = replace(ENTRY, fragment_number="9" * 128, token="t" * 64)
    assert all(len(value) <= 256 for value in ledger.to_tags(longest).values())


def test_an_entry_has_only_characters_that_every_service_takes_in_a_tag() -> None:
    assert all(TAG_CHARACTERS.fullmatch(text) for pair in ledger.to_tags(ENTRY).items() for text in pair)


def test_an_arn_of_256_characters_is_kept() -> None:
    arn = "a" * 256
    assert ledger.from_tags(ledger.to_tags(replace(ENTRY, stream_arn=arn)))[0][0].stream_arn == arn


def test_an_arn_of_257_characters_is_left_out() -> None:
    entry = replace(ENTRY, stream_arn="a" * 257)
    assert ledger.from_tags(ledger.to_tags(entry))[0][0].stream_arn is None


def test_an_entry_that_nobody_can_read_is_named() -> None:
    key = ledger.TASK + "abc"
    assert ledger.from_tags({key: "of/a/later/release"}) == ([], [key])


def test_an_entry_with_a_time_that_is_none_is_named() -> None:
    key = ledger.TASK + "abc"
    assert ledger.from_tags({key: "intent/token/yesterday/stack/0/-"})[1] == [key]


def test_foreign_tags_are_no_entries() -> None:
    assert ledger.from_tags({"team": "voice", ledger.PIPELINE: "token/stack"}) == ([], [])


def test_our_own_tags_never_show_as_the_users() -> None:
    assert ledger.without_ledger({"team": "voice", **ledger.to_tags(ENTRY), ledger.PIPELINE: "x"}) == {
        "team": "voice"
    }


def test_names_of_stack_and_resource_are_not_in_the_tags() -> None:
    written = str(ledger.to_tags(ENTRY))
    assert not any(name in written for name in ("urn:", "dev", "search::", "project"))


def test_an_intent_is_fresh_until_its_time_is_over() -> None:
    almost = BEGIN + timedelta(seconds=ledger.TOKEN_REPLAY_WINDOW_SECONDS - 1)
    assert ENTRY.is_replayable(almost)


def test_an_intent_is_not_fresh_when_its_time_is_over() -> None:
    assert not ENTRY.is_replayable(BEGIN + timedelta(seconds=ledger.TOKEN_REPLAY_WINDOW_SECONDS))


def test_an_intent_of_the_future_is_not_fresh() -> None:
    assert not ENTRY.is_replayable(BEGIN - timedelta(seconds=ledger.MAX_CLOCK_SKEW_SECONDS + 1))


def test_an_intent_of_a_clock_that_is_a_little_ahead_is_fresh() -> None:
    assert ENTRY.is_replayable(BEGIN - timedelta(seconds=ledger.MAX_CLOCK_SKEW_SECONDS))


def test_all_entries_of_a_pipeline_are_read() -> None:
    other = replace(ENTRY, resource_hash="another", task_id="other")
    assert ledger.from_tags({**ledger.to_tags(other), **ledger.to_tags(ENTRY)})[0] == [other, ENTRY]


def test_the_tags_of_a_pipeline_that_this_process_made_take_no_call() -> None:
    scripted = world()
    aws = scripted.aws
    aws.memory.pipeline_made(PIPELINE_ARN, {"team": "voice"}, 0.0)
    assert ledger.get_tags(aws, PIPELINE_ARN, subject=SUBJECT, deadline=1.0) == {"team": "voice"}


def carrying(count: int) -> dict[str, str]:
    return {f"team-{number}": "voice" for number in range(count)}


@pytest.mark.parametrize(("carried", "written"), [(46, 4), (47, 3), (48, 2), (49, 1)])
def test_an_entry_takes_no_more_tags_than_there_is_room_for(carried: int, written: int) -> None:
    scripted = world(tag_resource=[{}])
    present = carrying(carried)
    ledger.put_entry(scripted.aws, PIPELINE_ARN, ENTRY, subject=SUBJECT, deadline=1.0, present=present)
    assert len(scripted.client.of("tag_resource")[0]["Tags"]) == written


def test_an_entry_for_which_there_is_no_room_is_refused_before_the_start() -> None:
    with pytest.raises(NoRoomError, match="already has 50 tags"):
        ledger.put_entry(
            world().aws,
            PIPELINE_ARN,
            ENTRY,
            subject=SUBJECT,
            deadline=1.0,
            present=carrying(ledger.MAX_TAGS),
        )


def test_an_entry_is_written_by_one_call() -> None:
    scripted = world(tag_resource=[{}])
    ledger.put_entry(scripted.aws, PIPELINE_ARN, ENTRY, subject=SUBJECT, deadline=1.0)
    assert scripted.client.operations() == ["tag_resource"]


def test_an_entry_is_taken_off_by_one_call() -> None:
    scripted = world(untag_resource=[{}])
    ledger.delete_entries(scripted.aws, PIPELINE_ARN, [ENTRY.resource_hash], subject=SUBJECT, deadline=1.0)
    assert set(scripted.client.of("untag_resource")[0]["TagKeys"]) == set(ledger.to_tags(ENTRY))
