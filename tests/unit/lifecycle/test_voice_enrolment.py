"""Enrolments without Pulumi: what is checked before, the one call, and what is said when its response is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.enrolment_checks import Enrolment
from pulumi_speaker_search.lifecycle.errors import (
    AbandonedError,
    ConflictError,
    ConsentError,
    EnrolmentError,
    EnrolmentUnknownError,
    GoneError,
    NotFoundError,
    QuotaFullError,
)
from pulumi_speaker_search.lifecycle.voice_enrolment import enrol, enrol_again

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONSENT,
    DOMAIN_ARN,
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
from tests.unit.lifecycle.test_voice_profile import described, profile

CREATE, UPDATE, LIST = "create_voice_profile", "update_voice_profile", "list_voice_profiles"
GET, DELETE, GET_TASK = "get_voice_profile", "delete_voice_profile", "get_speaker_search_task"

WANTED = Enrolment(
    speaker_search_task_id="task-1",
    pipeline_id="arn:aws:chime:us-east-1:123456789012:media-pipeline/pipeline-1",
    domain_arn=DOMAIN_ARN,
    tags=CONSENT,
    timeout_seconds=30,
)


def account(**answers: list[Answer]) -> World:
    """AWS with a search that has ended, and a domain without profiles and without tags."""
    usual: dict[str, list[Answer]] = {
        GET_TASK: [task("Stopped")],
        "list_tags_for_resource": [{"Tags": []}],
        LIST: [{"VoiceProfiles": []}],
        CREATE: [profile()],
        UPDATE: [profile()],
        GET: [profile()],
    }
    return world({**usual, **answers})


def listed(*ids: str) -> Answer:
    return {"VoiceProfiles": [described(id_) for id_ in ids]}


def ended_before(hours: float) -> dict[str, Any]:
    """The description of a task that ended so long before AWS sends it, by AWS's clock."""
    sent = BEGIN + timedelta(days=400)  # far from this machine's clock
    answer = task("Stopped")
    answer["SpeakerSearchTask"]["UpdatedTimestamp"] = sent - timedelta(hours=hours)
    return {**answer, "ResponseMetadata": {"HTTPHeaders": {"date": format_datetime(sent, usegmt=True)}}}


def test_a_declared_consent_that_is_not_valid_is_refused_before_any_call() -> None:
    scripted = account()
    with pytest.raises(ConsentError):
        enrol(scripted.aws, replace(WANTED, tags={**CONSENT, "consent:status": "withdrawn"}))
    assert scripted.client.operations() == []


def test_a_withdrawal_on_the_domain_is_read_right_before_the_call() -> None:
    scripted = account()
    enrol(scripted.aws, WANTED)
    assert scripted.client.operations()[-2:] == ["list_tags_for_resource", CREATE]


def test_an_enrolment_is_one_call_with_the_id_of_the_search() -> None:
    scripted = account()
    assert (enrol(scripted.aws, WANTED).id, scripted.client.of(CREATE)) == (
        "vp-1",
        [{"SpeakerSearchTaskId": "task-1"}],
    )


def test_the_search_is_fetched_by_the_id_of_its_pipeline() -> None:
    scripted = account()
    enrol(scripted.aws, WANTED)
    assert scripted.client.of(GET_TASK) == [{"Identifier": "pipeline-1", "SpeakerSearchTaskId": "task-1"}]


@pytest.mark.parametrize(
    "declared",
    [{}, {**CONSENT, "consent:status": "withdrawn"}, {**CONSENT, "consent:expires": "2026-11-22"}],
    ids=["missing", "withdrawn", "past"],
)
def test_nobody_is_enrolled_without_valid_consent(declared: dict[str, str]) -> None:
    scripted = account()
    with pytest.raises(ConsentError, match=r"could not enrol voice profile: .* Nothing was enrolled"):
        enrol(scripted.aws, replace(WANTED, tags=declared))
    assert scripted.client.of(CREATE) == []


@pytest.mark.parametrize(
    "in_aws",
    [{"consent:status": "withdrawn"}, {"consent:record-ref": "another/record"}],
    ids=["a withdrawal", "another record"],
)
def test_nobody_is_enrolled_against_the_tags_of_the_domain(in_aws: dict[str, str]) -> None:
    scripted = account(list_tags_for_resource=[tags(**in_aws)])
    with pytest.raises(ConsentError, match="voice profile domain"):
        enrol(scripted.aws, WANTED)
    assert scripted.client.of(CREATE) == []


@pytest.mark.parametrize("again", [False, True], ids=["enrol", "enrol again"])
@pytest.mark.parametrize("status", ["NotStarted", "Initializing", "Failed"])
def test_a_search_that_has_no_voiceprint_is_refused_before_the_call(status: str, again: bool) -> None:
    scripted = account(get_speaker_search_task=[task(status)])
    with pytest.raises(EnrolmentError, match="voiceprint"):
        enrol_again(scripted.aws, "vp-1", WANTED) if again else enrol(scripted.aws, WANTED)
    assert scripted.client.operations() == [GET_TASK]


@pytest.mark.parametrize("status", ["InProgress", "Stopping", "Stopped"])
def test_a_search_that_may_have_a_voiceprint_is_enrolled(status: str) -> None:
    assert enrol(account(get_speaker_search_task=[task(status)]).aws, WANTED).id == "vp-1"


def test_a_search_that_aws_does_not_find_is_left_to_the_enrolment() -> None:
    assert enrol(account(get_speaker_search_task=[not_found()]).aws, WANTED).id == "vp-1"


def test_a_voiceprint_is_enrolled_24_hours_after_the_end_by_aws_s_clock() -> None:
    assert enrol(account(get_speaker_search_task=[ended_before(24)]).aws, WANTED).id == "vp-1"


def test_a_voiceprint_that_is_older_than_24_hours_is_refused_before_the_call() -> None:
    scripted = account(get_speaker_search_task=[ended_before(24.01)])
    with pytest.raises(EnrolmentError, match="AWS deletes its voiceprint after 24 hours"):
        enrol(scripted.aws, WANTED)
    assert scripted.client.operations() == [GET_TASK]


@pytest.mark.parametrize("trouble", [lost_answer(), failure(500), failure(503)], ids=["lost", "500", "503"])
def test_an_enrolment_whose_response_is_lost_is_never_sent_again(trouble: Exception) -> None:
    scripted = account(create_voice_profile=[trouble, profile()])
    with pytest.raises(EnrolmentUnknownError, match="was not sent again"):
        enrol(scripted.aws, WANTED)
    assert len(scripted.client.of(CREATE)) == 1


def test_the_error_names_the_profiles_that_the_domain_has_got_since() -> None:
    scripted = account(
        create_voice_profile=[lost_answer()], list_voice_profiles=[listed("vp-0"), listed("vp-0", "vp-7")]
    )
    with pytest.raises(EnrolmentUnknownError, match='adopt="vp-7"') as caught:
        enrol(scripted.aws, WANTED)
    assert (caught.value.candidates, caught.value.retryable) == (("vp-7",), False)


def test_the_error_says_that_there_is_no_new_profile_so_far() -> None:
    scripted = account(create_voice_profile=[lost_answer()], list_voice_profiles=[listed("vp-0")])
    with pytest.raises(EnrolmentUnknownError, match="no new one so far") as caught:
        enrol(scripted.aws, WANTED)
    assert caught.value.candidates == ()


def test_the_error_says_that_the_domain_could_not_be_read() -> None:
    scripted = account(
        create_voice_profile=[lost_answer()],
        list_voice_profiles=[listed(), refusal("ForbiddenException", 403)],
    )
    with pytest.raises(EnrolmentUnknownError, match="could not be read"):
        enrol(scripted.aws, WANTED)


def test_a_throttled_enrolment_is_sent_again_because_aws_did_not_process_it() -> None:
    scripted = account(create_voice_profile=[throttled(), profile()])
    assert (enrol(scripted.aws, WANTED).id, len(scripted.client.of(CREATE))) == ("vp-1", 2)


def test_without_the_engine_nothing_is_enrolled() -> None:
    scripted = account()
    scripted.engine_gone = True
    with pytest.raises(AbandonedError):
        enrol(scripted.aws, WANTED)
    assert scripted.client.of(CREATE) == []


def test_the_21st_profile_is_an_error_that_names_the_quota() -> None:
    scripted = account(create_voice_profile=[refusal("ResourceLimitExceededException")])
    with pytest.raises(
        QuotaFullError,
        match=r"voice profiles \(20 per voice profile domain by default\).*Delete voice profiles",
    ):
        enrol(scripted.aws, WANTED)


def test_a_call_that_runs_into_another_one_on_the_domain_is_sent_again() -> None:
    scripted = account(create_voice_profile=[refusal("ResourceLimitExceededException"), profile()])
    assert enrol(scripted.aws, WANTED).id == "vp-1"


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        (
            refusal("GoneException", 410),
            GoneError,
            "has deleted the voiceprint of speaker search task task-1",
        ),
        (not_found(), NotFoundError, "does not find speaker search task task-1 or its voice profile domain"),
        (conflict(), ConflictError, "most likely it has no voiceprint yet"),
    ],
    ids=["410", "404", "409"],
)
def test_a_refusal_of_aws_names_the_voiceprint(answer: Exception, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        enrol(account(create_voice_profile=[answer]).aws, WANTED)


def test_a_profile_in_another_domain_than_declared_is_deleted_again() -> None:
    scripted = account(delete_voice_profile=[{}], get_voice_profile=[not_found()])
    elsewhere = replace(WANTED, domain_arn=DOMAIN_ARN.replace("domain-1", "domain-2"))
    with pytest.raises(
        EnrolmentError, match=r"domain domain-1, and not in the declared one.*is deleted again"
    ):
        enrol(scripted.aws, elsewhere)
    assert scripted.client.of(DELETE) == [{"VoiceProfileId": "vp-1"}]


def test_a_profile_in_another_domain_that_stays_is_named() -> None:
    scripted = account(delete_voice_profile=[refusal("ForbiddenException", 403)])
    elsewhere = replace(WANTED, domain_arn=DOMAIN_ARN.replace("domain-1", "domain-2"))
    with pytest.raises(EnrolmentError, match="delete-voice-profile --voice-profile-id vp-1"):
        enrol(scripted.aws, elsewhere)


def test_a_profile_is_enrolled_again_by_an_update() -> None:
    scripted = account()
    enrol_again(scripted.aws, "vp-1", WANTED)
    assert scripted.client.of(UPDATE) == [{"VoiceProfileId": "vp-1", "SpeakerSearchTaskId": "task-1"}]


def test_an_update_whose_response_is_lost_is_sent_again_because_it_changes_nothing_twice() -> None:
    scripted = account(update_voice_profile=[lost_answer(), profile()])
    assert (enrol_again(scripted.aws, "vp-1", WANTED).id, len(scripted.client.of(UPDATE))) == ("vp-1", 2)


def test_nobody_is_enrolled_again_without_valid_consent() -> None:
    scripted = account()
    with pytest.raises(ConsentError, match="could not enrol again voice profile vp-1"):
        enrol_again(scripted.aws, "vp-1", replace(WANTED, tags={}))
    assert scripted.client.of(UPDATE) == []


def test_a_profile_that_is_gone_can_not_be_enrolled_again() -> None:
    with pytest.raises(NotFoundError, match="or the profile vp-1"):
        enrol_again(account(update_voice_profile=[not_found()]).aws, "vp-1", WANTED)
