"""One row for each search: line, voice, purpose, until when, whether it listens, what changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.outcome import NOT_STARTED
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE as PIPELINE
from pulumi_speaker_search.type_tokens import SPEAKER_SEARCH_TASK as TASK
from pulumi_speaker_search.type_tokens import VIDEO_STREAM as STREAM
from pulumi_speaker_search.type_tokens import VOICE_PROFILE_DOMAIN as DOMAIN
from pulumi_speaker_search.type_tokens import VOICE_TONE_ANALYSIS_TASK
from speaker_search_operations.review.consent_rows import SearchRow, TagState
from speaker_search_operations.review.consent_tags import REDACTED_SECRET, UNKNOWN_SENTINEL
from speaker_search_operations.review.review_model import ReviewedResource
from speaker_search_operations.review.searches import Entry, search_rows

from tests.unit.review.sample_review import TODAY, review, tag, tags

STREAM_ARN = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/line-7/1700000000000"
DOMAIN_ARN = "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/d-1"


def resource(type_token: str, name: str = "north", **changed: Any) -> ReviewedResource:
    urn = f"urn:pulumi:prod::calls::{type_token}::{name}"
    made = replace(review().resources[1], urn=urn, type=type_token, name=name)
    return replace(made, tags=(*tags(), tag("purpose", "fraud")), **changed)


def entry(type_token: str = TASK, name: str = "north", operation: str = "same", **more: Any) -> Entry:
    shown = resource(type_token, name, **more.pop("shown", {}))
    known: dict[str, Any] = {"id": "t-1", "inputs": {}, "outputs": {}, **more}
    return Entry(shown=shown, urn=shown.urn, type=type_token, operation=operation, **known)


def task(operation: str = "same", outcome: str | None = "running", **more: Any) -> Entry:
    inputs = {
        "kinesis_video_stream_source_task_configuration": {"stream_arn": STREAM_ARN, "channel_id": 1},
        "voice_profile_domain_arn": DOMAIN_ARN,
        **more.pop("inputs", {}),
    }
    outputs = {} if outcome is None else {"outcome": outcome}
    return entry(operation=operation, inputs=inputs, outputs=outputs, **more)


def row(one: Entry, *others: Entry) -> SearchRow:
    (made,) = search_rows([one, *others], TODAY)
    return made


def test_the_line_is_the_stream_s_name_and_the_channel() -> None:
    assert row(task()).line == "line-7, channel 1"


def test_a_stream_of_the_stack_has_the_name_that_the_program_gives_it() -> None:
    assert row(task(), entry(STREAM, "calls", outputs={"arn": STREAM_ARN})).line == "calls, channel 1"


def test_a_new_stream_is_found_by_the_name_of_its_search() -> None:
    source = {"kinesis_video_stream_source_task_configuration": {"stream_arn": UNKNOWN_SENTINEL}}
    made = row(task(inputs=source), entry(STREAM, "north"), entry(STREAM, "south"))
    assert made.line == "north, channel 0"


def test_a_stream_that_is_a_secret_is_not_shown() -> None:
    source = {"kinesis_video_stream_source_task_configuration": {"stream_arn": REDACTED_SECRET}}
    assert row(task(inputs=source)).line == "a secret, not shown, channel 0"


def test_the_voice_is_the_role_on_the_channel_and_the_domain_that_it_is_compared_with() -> None:
    definitions = [
        {"channel_id": 0, "participant_role": "AGENT"},
        {"channel_id": 1, "participant_role": "CUSTOMER"},
    ]
    stream = {"stream_arn": STREAM_ARN, "stream_channel_definition": {"channel_definitions": definitions}}
    inputs = {"kinesis_video_stream_source_runtime_configuration": {"streams": [stream]}}
    domain = entry(DOMAIN, "callers", outputs={"arn": DOMAIN_ARN})
    assert (
        row(task(), entry(PIPELINE, "north", inputs=inputs), domain).voice
        == "CUSTOMER, compared with callers"
    )


def test_purpose_record_and_last_day_are_those_of_the_tags() -> None:
    made = row(task())
    assert (made.purpose, made.record, made.until) == ("fraud", "registry/record-0042", date(2027, 6, 30))


def test_of_a_withdrawn_consent_the_last_day_is_today_at_the_latest() -> None:
    withdrawn = (*(one for one in tags() if one.field != "status"), tag("status", "withdrawn"))
    made = row(task(shown={}), *[])
    over = search_rows([replace(task(), shown=replace(resource(TASK), tags=withdrawn))], TODAY)[0]
    assert (made.standing, over.standing, over.until) == ("in force", "withdrawn", TODAY)


def test_where_the_tags_are_withheld_the_line_is_too() -> None:
    hidden = replace(tag("record-ref", ""), state=TagState.WITHHELD)
    assert row(replace(task(), shown=replace(resource(TASK), tags=(hidden,)))).line == "not shown"


@pytest.mark.parametrize(
    ("outcome", "listens"),
    [
        ("running", "yes"),
        ("waiting_for_audio", "yes"),
        ("starting", "yes"),
        ("unheard-of", "yes"),
        ("ended", "no (ended)"),
        ("failed", "no (failed)"),
        ("gone", "no (gone)"),
        (None, "no"),
    ],
)
def test_it_listens_as_its_outcome_says(outcome: str | None, listens: str) -> None:
    assert row(task(outcome=outcome)).listens == listens


def test_what_was_never_started_does_not_listen() -> None:
    assert row(task(id=NOT_STARTED)).listens == "no"


@pytest.mark.parametrize(("status", "listens"), [("InProgress", "yes"), ("Stopped", "no"), ("Failed", "no")])
def test_a_state_without_outcomes_is_read_by_its_status(status: str, listens: str) -> None:
    one = task()
    assert row(replace(one, outputs={"speaker_search_task_status": status})).listens == listens


@pytest.mark.parametrize(
    ("operation", "outcome", "listen", "change"),
    [
        ("same", "running", True, "none"),
        ("", "running", True, "none"),
        ("create", None, True, "is started"),
        ("create", None, False, "none: it is declared with listen: false"),
        ("update", "running", True, "changes in place"),
        ("update", "running", False, "is stopped"),
        ("update", "ended", False, "none: it is declared with listen: false"),
        ("replace", "running", True, "is replaced by a new search"),
        ("create-replacement", "running", True, "is replaced by a new search"),
        ("delete", "running", True, "is removed and stopped"),
        ("delete", "ended", True, "is removed"),
    ],
)
def test_a_change_is_reported_in_words(
    operation: str, outcome: str | None, listen: bool, change: str
) -> None:
    assert row(task(operation, outcome, inputs={"listen": listen})).change == change


def test_searches_of_one_record_stand_together_and_those_that_listen_first() -> None:
    a, b, c = (
        task(name=name, outcome=outcome) for name, outcome in (("a", "ended"), ("b", "running"), ("c", None))
    )
    assert [one.search for one in search_rows([a, b, c], TODAY)] == ["b", "a", "c"]


def tone(**outputs: Any) -> Entry:
    one = task()
    more = {**one.outputs, **outputs}
    return replace(one, type=VOICE_TONE_ANALYSIS_TASK, outputs=more)


def test_a_voice_tone_analysis_has_a_row_of_its_own() -> None:
    assert row(tone()).voice.endswith(", its tone analysed")


def test_a_voice_tone_analysis_that_has_ended_does_not_listen() -> None:
    one = tone(outcome=None, voice_tone_analysis_task_status="Stopped")
    assert row(one).listens == "no"
