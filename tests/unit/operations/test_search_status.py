"""How a search stands: outcome, consent, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.errors import WaitTimeoutError
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource
from pulumi_speaker_search.type_tokens import SPEAKER_SEARCH_TASK
from rich.console import Console
from speaker_search_operations.pipeline_status import read_pipeline
from speaker_search_operations.search_consent import (
    consent_of,
)
from speaker_search_operations.search_status import fetch_status
from speaker_search_operations.status_row import StatusRow, not_started, row_in_state
from speaker_search_operations.status_table import print_status

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    DOMAIN_ARN,
    PIPELINE_ARN,
    STREAM_ARN,
    Answer,
    not_found,
    refusal,
    tags,
    task,
    world,
)

TODAY = date(2026, 11, 23)  # the day of BEGIN, and the last one of CONSENT
WITHDRAWN = {**CONSENT, "consent:status": "withdrawn"}


def resource(carried: Mapping[str, str] = CONSENT, **properties: Any) -> RecordedResource:
    usual = {"identifier": "pipeline-1", "voice_profile_domain_arn": DOMAIN_ARN, "tags": carried}
    source = {"kinesis_video_stream_source_task_configuration": {"stream_arn": STREAM_ARN, "channel_id": 0}}
    return RecordedResource(
        f"urn:pulumi:dev::project::{SPEAKER_SEARCH_TASK}::search",
        SPEAKER_SEARCH_TASK,
        "task-1",
        {**usual, **source, "outcome": "running", "accepted_at": "2026-11-23T11:00:00Z", **properties},
        modified="2026-11-22T08:15:00Z",
    )


def seen(
    status: str | Answer,
    declared: RecordedResource | None = None,
    *,
    live: Mapping[str, str] = CONSENT,
    domain: Mapping[str, str] | Exception = CONSENT,
    stream: Mapping[str, str] = CONSENT,
    pipeline: str | Exception = "InProgress",
) -> StatusRow:
    """The search as AWS describes it; `live`, `domain`, `stream`: the tags on pipeline, domain and stream."""

    def list_tags(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        if parameters["ResourceARN"] == PIPELINE_ARN:
            return tags(**live)
        if isinstance(domain, Exception):
            raise domain
        return tags(**domain)

    described = {"MediaPipelineId": "pipeline-1", "MediaPipelineArn": PIPELINE_ARN, "Status": pipeline}
    found: Answer = {"MediaPipeline": {"MediaInsightsPipeline": described}}
    answer: Answer = task(status) if isinstance(status, str) else status
    script: dict[str, Sequence[Answer]] = {
        "get_speaker_search_task": [answer],
        "get_media_pipeline": [pipeline if isinstance(pipeline, Exception) else found],
        "list_tags_for_resource": [list_tags],
        "list_tags_for_stream": [{"Tags": dict(stream)}],
    }
    aws = world(script).aws
    return fetch_status(
        aws, declared or resource(), "pipeline-1", PIPELINE_ARN, read_pipeline(aws, "pipeline-1")
    )


class TestWhatIsNotWrong:
    @pytest.mark.parametrize("status", ["Initializing", "InProgress", "Stopped"])
    def test_a_search_on_its_way_or_ended_by_itself(self, status: str) -> None:
        assert seen(status).wrong == ()

    def test_an_ended_search_under_a_withdrawn_consent(self) -> None:
        assert seen("Stopped", resource(WITHDRAWN, outcome="ended"), live=WITHDRAWN).wrong == ()

    def test_a_search_that_was_seen_to_end_and_that_aws_has_forgotten(self) -> None:
        assert seen(not_found(), resource(outcome="ended")).wrong == ()

    def test_a_search_of_more_than_a_week_ago_that_aws_has_forgotten(self) -> None:
        assert seen(not_found(), resource(accepted_at="2026-11-16T11:59:59Z")).wrong == ()

    def test_tags_of_others_on_the_pipeline(self) -> None:
        assert seen("InProgress", live={**CONSENT, "team": "voice"}).wrong == ()

    def test_a_stream_without_consent_tags_may_be_an_existing_one(self) -> None:
        assert seen("InProgress", stream={"team": "voice"}).wrong == ()

    def test_a_stream_with_the_status_alone_that_says_given(self) -> None:
        assert seen("InProgress", stream={"consent:status": "given"}).wrong == ()

    def test_a_pipeline_that_never_carried_consent(self) -> None:
        assert seen("InProgress", live={}).wrong == ()


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("found", "words"),
        [
            (lambda: seen("Failed"), "has failed"),
            (
                lambda: seen("InProgress", resource(WITHDRAWN), live=WITHDRAWN),
                "RUNNING WITHOUT VALID CONSENT",
            ),
            (lambda: seen("InProgress", live=WITHDRAWN), "its pipeline is withdrawn in AWS"),
            (
                lambda: seen("InProgress", live={**CONSENT, "consent:record-ref": "synthetic-voices/0009"}),
                "differ in AWS from the declaration: consent:record-ref",
            ),
            (lambda: seen("InProgress", domain=WITHDRAWN), "its voice profile domain is withdrawn in AWS"),
            (
                lambda: seen("InProgress", stream={**CONSENT, "consent:expires": "2026-11-22"}),
                "its stream has expired in AWS",
            ),
            (
                lambda: seen("InProgress", stream={**CONSENT, "consent:status": "revoked"}),
                "its stream is revoked",
            ),
            (
                lambda: seen("InProgress", domain={"consent:status": ""}),
                "its voice profile domain has an empty consent:status",
            ),
            (
                lambda: seen("InProgress", stream={"consent:expires": "2026-11-22"}),
                "its stream has expired in AWS",
            ),
            (
                lambda: seen("InProgress", stream={**CONSENT, "consent:expires": "soon"}),
                "its stream has a consent:expires that is not a date",
            ),
            (
                lambda: seen("InProgress", live={**CONSENT, "consent:status": "revoked"}),
                "the consent on its pipeline is revoked in AWS",
            ),
            (lambda: seen("InProgress", resource(outcome="ended")), "state records it as ended"),
            (lambda: seen("InProgress", resource(listen=False)), "declared with listen: false"),
            (lambda: seen(not_found()), "no end of it was recorded"),
            (
                lambda: seen(not_found(), resource(accepted_at="2026-11-16T12:30:00Z")),
                "no end of it was recorded",
            ),
        ],
        ids=[
            "failed",
            "listens after a declared withdrawal",
            "listens after a withdrawal in AWS",
            "another record in AWS",
            "listens after a withdrawal on the domain",
            "listens after the last day on the stream",
            "a word on the stream that nobody knows",
            "an empty word on the domain",
            "a last day alone, which is over",
            "a last day that is no day",
            "a word on the pipeline that nobody knows",
            "listens though state says ended",
            "listens though declared off",
            "gone though nobody saw it end",
            "gone on the last day of its results",
        ],
    )
    def test_is_told(self, found: Any, words: str) -> None:
        assert words in " ".join(found().wrong)


def test_tags_that_may_not_be_read_do_not_hide_the_search() -> None:
    found = seen("InProgress", domain=refusal("ForbiddenException", 403))
    assert (found.outcome, "tags of the voice profile domain" in str(found.unread)) == ("running", True)


def test_a_pipeline_that_may_not_be_read_does_not_hide_the_search() -> None:
    found = seen("InProgress", pipeline=refusal("ForbiddenException", 403))
    assert (found.outcome, "pipeline pipeline-1" in str(found.unread)) == ("running", True)


def test_a_start_of_a_moment_ago_that_is_not_found_is_not_gone() -> None:
    with pytest.raises(WaitTimeoutError):
        seen(not_found(), resource(accepted_at="2026-11-23T11:59:55Z"))


def test_a_state_that_does_not_tell_when_it_started_is_no_crash() -> None:
    assert seen("InProgress", resource(accepted_at="yesterday")).wrong == ()


class TestConsent:
    def test_the_last_day_counts(self) -> None:
        assert consent_of(resource(), TODAY).days_left == 0

    def test_the_day_after_is_too_late(self) -> None:
        found = consent_of(resource(), date(2026, 11, 24))
        assert (found.in_force, found.days_left) == (False, None)

    def test_a_withdrawal_is_reported_with_the_day_on_which_state_recorded_it(self) -> None:
        found = consent_of(resource(WITHDRAWN), TODAY)
        assert (found.text, found.withdrawn_on) == ("withdrawn", "2026-11-22")

    def test_a_missing_record_is_reported(self) -> None:
        carried = {key: value for key, value in CONSENT.items() if key != "consent:record-ref"}
        assert "consent:record-ref is missing" in consent_of(resource(carried), TODAY).text

    def test_secret_tags_are_not_read(self) -> None:
        assert consent_of(resource(tags={"ciphertext": "v1", "x": {}}), TODAY).in_force is False


def test_a_pipeline_that_goes_on_after_its_search_is_reported() -> None:
    assert seen("Stopped").pipeline_goes_on


def test_a_pipeline_that_has_ended_with_its_search_is_not() -> None:
    assert not seen("Stopped", pipeline="Stopped").pipeline_goes_on


def test_a_search_that_was_not_to_listen_has_ended() -> None:
    assert (not_started(resource(), TODAY).outcome, not_started(resource(), TODAY).listens) == (
        "ended",
        False,
    )


def drawn(*searches: StatusRow, columns: int = 60) -> str:
    out = Console(width=columns, highlight=False, color_system=None)
    with out.capture() as capture:
        print_status(out, "stack project/dev", searches)
    return capture.get()


def test_at_60_columns_no_name_and_no_id_is_cut_off() -> None:
    name = "support-line-of-the-southern-region"
    found = resource()
    long = RecordedResource(
        found.urn.replace("::search", f"::{name}"), found.type, found.id, found.properties
    )
    text = drawn(row_in_state(long, TODAY, "throttled"))
    assert (name in text, "task-1" in text) == (True, True)


@pytest.mark.parametrize("columns", [60, 80, 100, 120])
def test_an_id_is_never_in_two_pieces(columns: int) -> None:
    id_ = "982d35ba-60f7-4068-bd5c-45195fba7b46"
    found = resource({**CONSENT, "consent:expires": "2099-12-31", "consent:record-ref": "r" * 60})
    row = row_in_state(RecordedResource(found.urn, found.type, id_, found.properties), TODAY)
    assert id_ in drawn(replace(row, outcome="running", status="InProgress"), columns=columns)


def test_at_60_columns_an_ordinary_line_is_not_longer() -> None:
    assert max(len(line.rstrip()) for line in drawn(seen("InProgress")).splitlines()) <= 60


def test_problems_are_shown_under_the_table() -> None:
    assert "search (task-1, Failed): the task has failed" in drawn(seen("Failed"), columns=120)
