"""Retries: what is asked again, how long after, and what an error says in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botocore.exceptions import NoCredentialsError
from pulumi_speaker_search.lifecycle.aws_call import Call, send
from pulumi_speaker_search.lifecycle.errors import (
    AbandonedError,
    AwsUnavailableError,
    ConflictError,
    NotFoundError,
    OutcomeUnknownError,
    QuotaFullError,
    RefusedError,
)

from tests.unit.lifecycle.scripted_aws import (
    REQUEST_ID,
    SUBJECT,
    Answer,
    World,
    failure,
    lost_answer,
    refusal,
    throttled,
    unreachable,
    world,
)

MINUTE = 60.0


def asked(scripted: World, *, ambiguous_if_lost: bool = False, deadline: float = MINUTE) -> dict[str, object]:
    call = Call(
        service="chime-sdk-media-pipelines",
        operation="start_speaker_search_task",
        parameters={"ClientRequestToken": "token-1"},
        action="start",
        subject=SUBJECT,
        ambiguous_if_lost=ambiguous_if_lost,
    )
    return send(scripted.aws, call, deadline=deadline)


@pytest.mark.parametrize(
    "trouble",
    [
        throttled(),
        refusal("ClientLimitExceededException", 400),
        refusal("TooManyRequests", 429),
        failure(500),
        failure(503),
        lost_answer(),
        unreachable(),
    ],
    ids=["throttled", "KVS throttled", "any 429", "500", "503", "answer lost", "unreachable"],
)
def test_a_passing_trouble_is_asked_again(trouble: Exception) -> None:
    scripted = world(start_speaker_search_task=[trouble, {"done": True}])
    assert asked(scripted) == {"done": True}


def test_it_is_asked_again_with_the_same_token() -> None:
    scripted = world(start_speaker_search_task=[lost_answer(), throttled(), {}])
    asked(scripted, ambiguous_if_lost=True)
    assert [call["ClientRequestToken"] for call in scripted.client.of("start_speaker_search_task")] == [
        "token-1"
    ] * 3


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("BadRequestException", 400),
        ("UnauthorizedClientException", 401),
        ("ForbiddenException", 403),
        ("AccessDeniedException", 403),
    ],
)
def test_a_refusal_is_never_asked_again(code: str, status: int) -> None:
    scripted = world(start_speaker_search_task=[refusal(code, status)])
    with pytest.raises(RefusedError):
        asked(scripted)
    assert len(scripted.client.asked) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NotFoundException", NotFoundError),
        ("ResourceNotFoundException", NotFoundError),
        ("ConflictException", ConflictError),
        ("ResourceLimitExceededException", QuotaFullError),
        ("ServiceQuotaExceededException", QuotaFullError),
    ],
)
def test_a_refusal_has_a_kind_of_its_own(code: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        asked(world(start_speaker_search_task=[refusal(code)]))


def test_a_full_quota_is_named() -> None:
    scripted = world(start_speaker_search_task=[refusal("ResourceLimitExceededException")])
    with pytest.raises(QuotaFullError, match="active speaker search tasks"):
        asked(scripted)


def test_the_back_off_doubles_up_to_its_cap() -> None:
    scripted = world(start_speaker_search_task=[*[throttled()] * 8, {}])
    asked(scripted)
    assert scripted.bounds == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_what_the_jitter_draws_is_what_is_slept() -> None:
    scripted = world(start_speaker_search_task=[*[throttled()] * 3, {}])
    asked(scripted)
    assert scripted.clock.sleeps == scripted.bounds


def test_no_sleep_goes_past_the_deadline() -> None:
    scripted = world(start_speaker_search_task=[throttled()])
    with pytest.raises(AwsUnavailableError):
        asked(scripted, deadline=5.0)
    assert scripted.clock.seconds < 5.0


def test_the_first_attempt_is_made_even_past_the_deadline() -> None:
    scripted = world(start_speaker_search_task=[{"done": True}])
    assert asked(scripted, deadline=-1.0) == {"done": True}


def test_an_error_names_resource_code_and_request_id() -> None:
    scripted = world(start_speaker_search_task=[refusal("BadRequestException", message="Channel 5.")])
    with pytest.raises(RefusedError) as caught:
        asked(scripted)
    assert str(caught.value) == (
        "could not start speaker search task task-1 (pipeline pipeline-1): Channel 5. "
        f"[AWS BadRequestException, request id {REQUEST_ID}]. Correct what AWS names, and run the same command again."
    )


def test_time_that_is_over_says_how_often_it_was_asked() -> None:
    scripted = world(start_speaker_search_task=[throttled()])
    with pytest.raises(AwsUnavailableError, match="3 attempts"):
        asked(scripted, deadline=1.0)


DOUBTFUL: list[list[Answer]] = [
    [lost_answer()],
    [lost_answer(), throttled()],
    [failure(500), refusal("ForbiddenException", 403)],
]


@pytest.mark.parametrize("answers", DOUBTFUL, ids=["lost", "lost then throttled", "500 then refused"])
def test_a_start_whose_answer_was_lost_is_in_doubt(answers: list[Answer]) -> None:
    with pytest.raises(OutcomeUnknownError):
        asked(world(start_speaker_search_task=list(answers)), ambiguous_if_lost=True, deadline=1.0)


def test_a_start_that_was_throttled_throughout_is_in_no_doubt() -> None:
    with pytest.raises(AwsUnavailableError):
        asked(world(start_speaker_search_task=[throttled()]), ambiguous_if_lost=True, deadline=1.0)


def test_a_start_that_never_reached_aws_is_in_no_doubt() -> None:
    with pytest.raises(AwsUnavailableError):
        asked(world(start_speaker_search_task=[unreachable()]), ambiguous_if_lost=True, deadline=1.0)


def test_a_read_whose_answer_was_lost_is_not_ambiguous() -> None:
    with pytest.raises(AwsUnavailableError):
        asked(world(start_speaker_search_task=[lost_answer()]), ambiguous_if_lost=False, deadline=1.0)


def test_nothing_is_started_for_an_engine_that_is_gone() -> None:
    scripted = world(start_speaker_search_task=[{}])
    scripted.engine_gone = True
    with pytest.raises(AbandonedError):
        asked(scripted, ambiguous_if_lost=True)
    assert scripted.client.asked == []


def test_an_engine_that_goes_after_a_lost_answer_leaves_a_doubt() -> None:
    scripted = world(start_speaker_search_task=[])

    def lose_answer_and_engine(_parameters: object) -> dict[str, object]:
        scripted.engine_gone = True
        raise lost_answer()

    scripted.client.answers["start_speaker_search_task"] = [lose_answer_and_engine]
    with pytest.raises(OutcomeUnknownError):
        asked(scripted, ambiguous_if_lost=True)


def test_missing_credentials_are_one_sentence() -> None:
    scripted = world(start_speaker_search_task=[NoCredentialsError()])
    with pytest.raises(RefusedError, match=r"Nothing was sent\. Check the credentials"):
        asked(scripted)


LOCAL = "http://127.0.0.1:4780/media-insights-pipelines/an-id?operation=start"


def test_a_refused_connection_of_this_machine_is_not_asked_again() -> None:
    scripted = world(start_speaker_search_task=[unreachable(LOCAL), {}])
    with pytest.raises(AwsUnavailableError):
        asked(scripted, ambiguous_if_lost=True)
    assert (len(scripted.client.of("start_speaker_search_task")), scripted.clock.monotonic()) == (1, 0.0)


def test_it_names_the_place_and_the_command_that_starts_a_local_aws() -> None:
    scripted = world(start_speaker_search_task=[unreachable(LOCAL)])
    expected = r"nothing listens at http://127\.0\.0\.1:4780\. .*`python3 -m sandbox start`"
    with pytest.raises(AwsUnavailableError, match=expected):
        asked(scripted)


def test_no_local_aws_is_spoken_of_where_another_machine_is_asked() -> None:
    scripted = world(start_speaker_search_task=[unreachable()] * 40)
    with pytest.raises(AwsUnavailableError) as unavailable:
        asked(scripted)
    assert "sandbox" not in str(unavailable.value)


def test_a_local_aws_that_ends_after_a_lost_answer_leaves_the_doubt() -> None:
    scripted = world(start_speaker_search_task=[lost_answer(), *[unreachable(LOCAL)] * 40])
    with pytest.raises(OutcomeUnknownError):
        asked(scripted, ambiguous_if_lost=True)


def test_the_client_is_made_before_the_moment_is_planned_at_which_the_request_is_sent() -> None:
    scripted = world(start_speaker_search_task=[{"done": True}])
    order: list[str] = []

    def get_client(service: str) -> object:
        order.append("client")
        return scripted.client

    def pace(service: str) -> float:
        order.append("moment")
        return 0.0

    call = Call(
        service="chime-sdk-media-pipelines",
        operation="start_speaker_search_task",
        parameters={},
        action="start",
        subject=SUBJECT,
    )
    send(replace(scripted.aws, get_client=get_client, pace=pace), call, deadline=MINUTE)
    assert order == ["client", "moment"]
