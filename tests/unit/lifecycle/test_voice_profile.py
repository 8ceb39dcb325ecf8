"""Voice profiles without Pulumi: fetched, listed, and deleted until AWS does not find them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pulumi_speaker_search.lifecycle.absence import NEW_RESOURCE_SECONDS
from pulumi_speaker_search.lifecycle.errors import (
    AccountMismatchError,
    GoneError,
    NotFoundError,
    RefusedError,
    WaitTimeoutError,
)
from pulumi_speaker_search.lifecycle.voice_profile import (
    Deletion,
    VoiceProfile,
    delete_voice_profile,
    fetch_confirmed_voice_profile,
    fetch_voice_profile,
    list_voice_profiles,
)

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    DOMAIN_ARN,
    REQUEST_ID,
    Answer,
    World,
    conflict,
    failure,
    lost_answer,
    not_found,
    refusal,
    throttled,
    world,
)

GET, DELETE, LIST = "get_voice_profile", "delete_voice_profile", "list_voice_profiles"
PROFILE_ARN = "arn:aws:chime:us-east-1:123456789012:voice-profile/vp-1"
EXPIRES = BEGIN + timedelta(days=1095)
DELETED = {"ResponseMetadata": {"RequestId": "of-the-deletion"}}


def described(id_: str = "vp-1") -> dict[str, Any]:
    return {
        "VoiceProfileId": id_,
        "VoiceProfileArn": f"arn:aws:chime:us-east-1:123456789012:voice-profile/{id_}",
        "VoiceProfileDomainId": "domain-1",
        "CreatedTimestamp": BEGIN,
        "UpdatedTimestamp": BEGIN,
        "ExpirationTimestamp": EXPIRES,
    }


def profile(id_: str = "vp-1") -> dict[str, Any]:
    """GetVoiceProfile's answer."""
    return {"VoiceProfile": described(id_)}


def gone() -> ClientError:
    return refusal("GoneException", 410)


def deleted(account: World, timeout_seconds: float = 30.0, age_seconds: float | None = None) -> Deletion:
    return delete_voice_profile(
        account.aws,
        "vp-1",
        account_arn=DOMAIN_ARN,
        timeout_seconds=timeout_seconds,
        age_seconds=age_seconds,
    )


def scripted_account(delete_answers: Sequence[Answer], get_answers: Sequence[Answer]) -> World:
    return world({DELETE: delete_answers, GET: get_answers})


def test_a_profile_is_fetched_as_aws_describes_it() -> None:
    found = fetch_voice_profile(world({GET: [profile()]}).aws, PROFILE_ARN, timeout_seconds=5)
    assert found == VoiceProfile(
        id="vp-1", arn=PROFILE_ARN, domain_id="domain-1", created=BEGIN, updated=BEGIN, expires=EXPIRES
    )


def test_a_profile_is_asked_for_by_its_id_also_where_its_arn_is_given() -> None:
    account = world({GET: [profile()]})
    fetch_voice_profile(account.aws, PROFILE_ARN, timeout_seconds=5)
    assert account.client.of(GET) == [{"VoiceProfileId": "vp-1"}]


@pytest.mark.parametrize("answer", [not_found(), gone()], ids=["404", "410"])
def test_a_profile_that_aws_does_not_have_is_none(answer: Exception) -> None:
    assert fetch_voice_profile(world({GET: [answer]}).aws, "vp-1", timeout_seconds=5) is None


def test_another_refusal_is_not_taken_for_an_absence() -> None:
    with pytest.raises(RefusedError, match="could not read voice profile vp-1"):
        fetch_voice_profile(world({GET: [refusal("ForbiddenException", 403)]}).aws, "vp-1", timeout_seconds=5)


def test_gone_is_an_error_of_its_own_that_counts_as_not_found() -> None:
    account = world({LIST: [gone()]})
    with pytest.raises(GoneError) as caught:
        list_voice_profiles(account.aws, "domain-1", timeout_seconds=5)
    assert (isinstance(caught.value, NotFoundError), caught.value.retryable) == (True, False)


@pytest.mark.parametrize(("seconds", "expired"), [(-1, False), (0, True)])
def test_a_profile_has_expired_from_the_moment_that_aws_names(seconds: int, expired: bool) -> None:
    found = VoiceProfile.from_description(described())
    assert found.has_expired(EXPIRES + timedelta(seconds=seconds)) is expired


def test_one_wrong_not_found_does_not_make_a_profile_absent() -> None:
    account = world({GET: [not_found(), profile()]})
    found = fetch_confirmed_voice_profile(account.aws, "vp-1", account_arn=DOMAIN_ARN, timeout_seconds=30)
    assert found is not None


def test_a_profile_is_absent_after_several_answers() -> None:
    account = world({GET: [not_found()]})
    found = fetch_confirmed_voice_profile(account.aws, "vp-1", account_arn=DOMAIN_ARN, timeout_seconds=30)
    assert (found, len(account.client.of(GET))) == (None, 4)


def test_a_profile_that_another_account_does_not_find_is_not_absent() -> None:
    account = world({GET: [not_found()], "get_caller_identity": [{"Account": "999999999999"}]})
    with pytest.raises(AccountMismatchError):
        fetch_confirmed_voice_profile(account.aws, "vp-1", account_arn=DOMAIN_ARN, timeout_seconds=30)


def test_a_new_profile_is_not_absent_when_it_is_not_found() -> None:
    account = world({GET: [not_found()]})
    with pytest.raises(WaitTimeoutError):
        fetch_confirmed_voice_profile(
            account.aws, "vp-1", account_arn=DOMAIN_ARN, timeout_seconds=30, age_seconds=1
        )


def test_all_pages_of_a_domain_are_listed() -> None:
    pages: list[Answer] = [
        {"VoiceProfiles": [described("vp-1")], "NextToken": "more"},
        {"VoiceProfiles": [described("vp-2")]},
    ]
    account = world({LIST: pages})
    found = list_voice_profiles(account.aws, DOMAIN_ARN, timeout_seconds=5)
    assert ([one.id for one in found], [one.get("NextToken") for one in account.client.of(LIST)]) == (
        ["vp-1", "vp-2"],
        [None, "more"],
    )


def test_a_domain_that_is_gone_has_no_list() -> None:
    with pytest.raises(NotFoundError, match="voice profile domain domain-1"):
        list_voice_profiles(world({LIST: [not_found()]}).aws, DOMAIN_ARN, timeout_seconds=5)


def test_a_deletion_is_verified_by_aws_and_says_by_which_requests() -> None:
    account = scripted_account([DELETED], [profile(), not_found()])
    assert deleted(account) == Deletion(
        profile_id="vp-1",
        was_gone=False,
        request_id="of-the-deletion",
        verified_request_id=REQUEST_ID,
        verified_at=account.clock.now(),
    )


@pytest.mark.parametrize("answer", [not_found(), gone()], ids=["404", "410"])
def test_a_profile_that_is_gone_already_is_a_success_that_says_so(answer: Exception) -> None:
    found = deleted(scripted_account([answer], [answer]))
    assert (found.was_gone, found.request_id, found.verified_request_id) == (True, None, REQUEST_ID)


def test_one_wrong_not_found_does_not_leave_the_profile_in_aws() -> None:
    account = scripted_account([not_found(), DELETED], [profile(), not_found()])
    assert (deleted(account).was_gone, len(account.client.of(DELETE))) == (False, 2)


def test_a_deletion_that_runs_into_another_one_is_repeated() -> None:
    account = scripted_account([conflict(), DELETED], [profile(), not_found()])
    assert (deleted(account).request_id, len(account.client.of(DELETE))) == ("of-the-deletion", 2)


@pytest.mark.parametrize("trouble", [throttled(), failure(), lost_answer()])
def test_a_passing_trouble_is_asked_again(trouble: Exception) -> None:
    account = scripted_account([trouble, DELETED], [trouble, not_found()])
    deleted(account)
    assert account.client.operations() == [DELETE, DELETE, GET, GET, "get_caller_identity"]


def test_a_profile_that_stays_is_an_error_that_says_so() -> None:
    with pytest.raises(WaitTimeoutError, match="was not seen to have deleted it within 30 s"):
        deleted(scripted_account([DELETED], [profile()]))


def test_a_profile_that_another_account_does_not_find_is_not_deleted() -> None:
    account = scripted_account([not_found()], [not_found()])
    account.client.answers["get_caller_identity"] = [{"Account": "999999999999"}]
    with pytest.raises(AccountMismatchError):
        deleted(account)


@pytest.mark.parametrize(("age", "error"), [(NEW_RESOURCE_SECONDS - 31, True), (NEW_RESOURCE_SECONDS, False)])
def test_a_new_profile_that_is_not_found_is_not_deleted(age: float, error: bool) -> None:
    account = scripted_account([not_found()], [not_found()])
    if not error:
        assert deleted(account, age_seconds=age).was_gone
        return
    with pytest.raises(WaitTimeoutError):
        deleted(account, age_seconds=age)
