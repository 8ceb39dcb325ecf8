"""Starting a task: what is asked in which order, what an interrupted start left, and what a lost answer becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import ledger, tokens
from pulumi_speaker_search.lifecycle.errors import (
    AwsUnavailableError,
    ConsentError,
    OutcomeUnknownError,
    RefusedError,
    SpeakerSearchError,
    TokensExhaustedError,
)
from pulumi_speaker_search.lifecycle.task_start import TaskStart, start

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONSENT,
    DOMAIN_ARN,
    ORIGIN,
    PIPELINE_ARN,
    STREAM_ARN,
    Answer,
    World,
    conflict,
    failure,
    lost_answer,
    not_found,
    refusal,
    tags,
    task,
    throttled,
    world,
)

WANTED = TaskStart(
    pipeline_id="pipeline-1",
    domain_arn=DOMAIN_ARN,
    stream_arn=STREAM_ARN,
    channel_id=0,
    tags=CONSENT,
    origin=ORIGIN,
    timeout_seconds=10.0,
)
CHAIN = list(tokens.chain(ORIGIN, WANTED.request, None))
OTHER_CHAIN = list(tokens.chain(ORIGIN, WANTED.request, "other triggers"))

LIST, TAG, START, UNTAG = (
    "list_tags_for_resource",
    "tag_resource",
    "start_speaker_search_task",
    "untag_resource",
)


def there(
    carried: ledger.Entry | None = None,
    answers: Mapping[str, Sequence[Answer]] | None = None,
    /,
    **more: Sequence[Answer],
) -> World:
    """An account whose pipeline carries an entry, and that takes every tag."""
    on_pipeline = tags(**ledger.to_tags(carried)) if carried else tags()
    usual: dict[str, Sequence[Answer]] = {LIST: [on_pipeline], TAG: [{}], UNTAG: [{}], START: [task()]}
    return world({**usual, **(answers or {})}, **more)


def entry(token: str, task_id: str | None = None, age_seconds: float = 1.0) -> ledger.Entry:
    return ledger.Entry(
        resource=ledger.resource_hash(ORIGIN),
        token=token,
        written=BEGIN - timedelta(seconds=age_seconds),
        stack=ledger.stack_hash(ORIGIN),
        channel_id=0,
        task_id=task_id,
        stream_arn=STREAM_ARN,
        domain_arn=DOMAIN_ARN,
    )


def asked_tokens(account: World) -> list[str]:
    return [str(call["ClientRequestToken"]) for call in account.client.of(START)]


def written_ids(account: World) -> list[str | None]:
    """The task's id in each ledger entry that was written, in order."""
    entries = (
        ledger.from_tags({tag["Key"]: tag["Value"] for tag in call["Tags"]})[0]
        for call in account.client.of(TAG)
    )
    return [found.task_id for read in entries for found in read]


def test_a_start_reads_the_ledger_writes_its_intent_starts_and_records_the_id() -> None:
    account = there()
    start(account.aws, WANTED)
    assert account.client.operations() == [LIST, TAG, START, TAG]


def test_the_intent_is_written_before_the_start_and_the_id_after_it() -> None:
    account = there()
    start(account.aws, WANTED)
    assert written_ids(account) == [None, "task-1"]


def test_a_start_does_not_wait_for_the_task_to_run() -> None:
    account = there()
    start(account.aws, WANTED)
    assert account.clock.sleeps == []


def test_without_a_ledger_there_is_one_call() -> None:
    account = there()
    start(account.aws, replace(WANTED, ledger=False))
    assert account.client.operations() == [START]


def test_your_own_token_is_the_one_that_is_sent() -> None:
    account = there()
    start(account.aws, replace(WANTED, client_request_token="mine-1"))
    assert asked_tokens(account) == ["mine-1"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {name: value for name, value in CONSENT.items() if name != "consent:record-ref"},
        {**CONSENT, "consent:basis": "because"},
        {**CONSENT, "consent:status": "withdrawn"},
        {**CONSENT, "consent:expires": "2026-11-22"},
    ],
    ids=["none", "one missing", "malformed", "withdrawn", "over since yesterday"],
)
def test_without_valid_consent_nothing_is_asked_of_aws(broken: dict[str, str]) -> None:
    account = there()
    with pytest.raises(ConsentError):
        start(account.aws, replace(WANTED, tags=broken))
    assert account.client.asked == []


def test_consent_holds_on_its_last_day() -> None:
    assert start(there().aws, WANTED).id == "task-1"


def test_a_consent_error_names_the_tag_and_not_its_value() -> None:
    with pytest.raises(ConsentError) as caught:
        start(there().aws, replace(WANTED, tags={**CONSENT, "consent:record-ref": "jane@example.com"}))
    assert "consent:record-ref" in str(caught.value)
    assert "jane" not in str(caught.value)


def live_tags(**changed: dict[str, str]) -> World:
    """An account whose domain, stream and pipeline carry consent, but for what is changed."""

    def of_resource(parameters: Any) -> Any:
        part = "domain" if parameters["ResourceARN"] == DOMAIN_ARN else "pipeline"
        return tags(**{**CONSENT, **changed.get(part, {})})

    stream = {"Tags": {**CONSENT, **changed.get("stream", {})}}
    return there(list_tags_for_resource=[of_resource], list_tags_for_stream=[stream])


@pytest.mark.parametrize("part", ["domain", "stream", "pipeline"])
def test_consent_that_was_withdrawn_in_aws_stops_a_start_that_looks(part: str) -> None:
    account = live_tags(**{part: {"consent:status": "withdrawn"}})
    with pytest.raises(ConsentError, match=part):
        start(account.aws, replace(WANTED, verify_live_tags=True))
    assert START not in account.client.operations()


def test_consent_that_holds_in_aws_lets_a_start_go_on() -> None:
    assert start(live_tags().aws, replace(WANTED, verify_live_tags=True)).id == "task-1"


def test_what_an_interrupted_start_recorded_is_found_without_a_start() -> None:
    account = there(entry(CHAIN[0], "task-7"), get_speaker_search_task=[task("InProgress", "task-7")])
    assert start(account.aws, WANTED).id == "task-7"
    assert START not in account.client.operations()


def test_a_fresh_intent_of_the_same_request_is_asked_again() -> None:
    account = there(entry(CHAIN[2]))
    start(account.aws, WANTED)
    assert asked_tokens(account) == [CHAIN[2]]


def test_an_intent_that_is_asked_again_keeps_its_age() -> None:
    account = there(entry(CHAIN[0], age_seconds=200), {START: [lost_answer(), task()]})
    start(account.aws, WANTED)
    written = str(account.client.of(TAG)[-1]["Tags"])
    assert (BEGIN - timedelta(seconds=200)).strftime(ledger.TIME_FORMAT) in written


def test_an_intent_stays_when_it_can_not_be_asked_again() -> None:
    account = there(entry(CHAIN[0]), {START: [throttled()]})
    with pytest.raises(AwsUnavailableError):
        start(account.aws, WANTED)
    assert UNTAG not in account.client.operations()


def test_an_intent_that_is_too_old_is_never_asked_again() -> None:
    account = there(entry(CHAIN[0], age_seconds=ledger.FRESH_SECONDS))
    with pytest.raises(OutcomeUnknownError, match="MAY RUN"):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


def test_a_living_task_of_an_earlier_declaration_is_stopped_before_the_start() -> None:
    account = there(
        entry(OTHER_CHAIN[0], "task-7"),
        get_speaker_search_task=[task("InProgress", "task-7"), task("Stopped", "task-7")],
        stop_speaker_search_task=[{}],
    )
    start(account.aws, WANTED)
    operations = account.client.operations()
    assert operations.index("stop_speaker_search_task") < operations.index(START)


def test_what_a_fresh_intent_of_an_earlier_declaration_started_is_stopped() -> None:
    account = there(
        entry(OTHER_CHAIN[0]),
        start_speaker_search_task=[task("InProgress", "task-7"), task()],
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task("Stopped", "task-7")],
    )
    start(account.aws, WANTED)
    stopped = [call["SpeakerSearchTaskId"] for call in account.client.of("stop_speaker_search_task")]
    assert stopped == ["task-7"]


def test_after_a_recorded_task_that_ended_the_next_token_is_used() -> None:
    account = there(entry(CHAIN[4], "task-7"), get_speaker_search_task=[task("Stopped", "task-7")])
    start(account.aws, WANTED)
    assert asked_tokens(account) == [CHAIN[5]]


def test_after_a_recorded_task_that_is_gone_the_next_token_is_used() -> None:
    account = there(entry(CHAIN[0], "task-7"), get_speaker_search_task=[not_found()])
    start(account.aws, WANTED)
    assert asked_tokens(account) == [CHAIN[1]]


def test_a_token_that_answers_with_an_ended_task_is_an_earlier_life() -> None:
    account = there(None, {START: [task("Stopped", "old"), task("Failed", "older"), task()]})
    assert start(account.aws, WANTED).id == "task-1"
    assert asked_tokens(account) == CHAIN[:3]


def test_an_earlier_life_is_never_recorded() -> None:
    account = there(None, {START: [task("Stopped", "old"), task()]})
    start(account.aws, WANTED)
    assert "old" not in written_ids(account)


def test_a_chain_without_a_living_end_is_an_error_that_names_the_way_out() -> None:
    account = there(None, {START: [task("Stopped")]})
    with pytest.raises(TokensExhaustedError, match="triggers"):
        start(account.aws, WANTED)
    assert len(asked_tokens(account)) == tokens.CHAIN_LENGTH


def test_a_refused_start_takes_its_intent_off_again() -> None:
    account = there(None, {START: [refusal("BadRequestException")]})
    with pytest.raises(RefusedError):
        start(account.aws, WANTED)
    assert account.client.operations()[-1] == UNTAG


def test_an_intent_that_can_not_be_taken_off_is_a_warning() -> None:
    account = there(None, {START: [conflict()], UNTAG: [refusal("ForbiddenException", 403)]})
    with pytest.raises(RefusedError):
        start(account.aws, WANTED)
    assert len(account.warnings) == 1


def test_a_start_without_permission_for_the_ledger_does_not_start() -> None:
    account = there(None, {TAG: [refusal("ForbiddenException", 403)]})
    with pytest.raises(RefusedError):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


def test_a_task_whose_id_could_not_be_recorded_is_still_answered() -> None:
    account = there(None, {TAG: [{}, refusal("ForbiddenException", 403)]})
    assert start(account.aws, WANTED).id == "task-1"
    assert "task-1" in account.warnings[0]


def test_a_lost_answer_within_the_time_finds_the_same_task() -> None:
    account = there(None, {START: [lost_answer(), task()]})
    assert start(account.aws, WANTED).id == "task-1"
    assert len(set(asked_tokens(account))) == 1


def outage_then(*later: Answer) -> list[Answer]:
    """Lost answers for longer than the time-out of ten seconds, then what came later."""
    return [*[lost_answer()] * 6, *later]


def test_a_start_in_doubt_stops_what_it_finds() -> None:
    account = there(
        start_speaker_search_task=outage_then(task("InProgress")),
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task("Stopped")],
    )
    with pytest.raises(OutcomeUnknownError, match="task-1 that it had started was found and stopped"):
        start(account.aws, WANTED)
    assert account.client.of("stop_speaker_search_task")


def test_a_doubt_that_was_resolved_takes_the_intent_off() -> None:
    account = there(
        start_speaker_search_task=outage_then(task("InProgress")),
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task("Stopped")],
    )
    with pytest.raises(OutcomeUnknownError):
        start(account.aws, WANTED)
    assert account.client.operations()[-1] == UNTAG


def test_a_doubt_that_stays_says_so_and_names_the_command() -> None:
    account = there(None, {START: [lost_answer()]})
    with pytest.raises(OutcomeUnknownError, match=r"A TASK MAY RUN .*speaker-search sweep --stop"):
        start(account.aws, WANTED)


def test_a_doubt_that_stays_leaves_the_intent_in_the_ledger() -> None:
    account = there(None, {START: [failure()]})
    with pytest.raises(OutcomeUnknownError):
        start(account.aws, WANTED)
    assert UNTAG not in account.client.operations()


def test_a_task_in_doubt_that_does_not_stop_may_run() -> None:
    account = there(
        start_speaker_search_task=outage_then(task("InProgress")),
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task("InProgress")],
    )
    with pytest.raises(OutcomeUnknownError, match="A TASK MAY RUN"):
        start(account.aws, WANTED)


def test_no_start_takes_longer_than_its_time_and_the_time_for_a_doubt() -> None:
    account = there(None, {START: [lost_answer()]})
    with pytest.raises(SpeakerSearchError):
        start(account.aws, WANTED)
    doubt_seconds = 20.0
    assert account.clock.seconds <= WANTED.timeout_seconds + doubt_seconds


def test_the_ledger_is_asked_for_on_the_pipelines_arn() -> None:
    account = there()
    start(account.aws, WANTED)
    assert account.client.of(LIST)[0]["ResourceARN"] == PIPELINE_ARN
