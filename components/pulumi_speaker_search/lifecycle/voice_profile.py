"""Fetch, list and delete voice profiles; `voice_enrolment` makes them.

A deletion is the withdrawal of a person [D va-handle-opt-outs], and can't be undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .absence import fetch_confirmed, require_account
from .aws_call import Aws, Call, send
from .aws_client import VOICE
from .clock import time_of_response
from .ending import EndRequest, end
from .errors import NotFoundError, Subject, WaitTimeoutError
from .status import WaitTarget

KIND: Final = "voice profile"
ENROLLED: Final = "Enrolled"
"""The word for a profile that AWS returns. AWS has no status of profiles [M]."""

PROFILE_IS_GONE: Final = WaitTarget(
    name="disappear",
    success=frozenset(),
    pending=frozenset({ENROLLED}),
    failure=frozenset(),
    expected_seconds=0.0,
)
"""Only "not found" ends the wait for a deletion."""

PAGE_SIZE: Final = 99
"""Profiles in one response; AWS allows 100 [M], and by default a domain has 20 [D general/gr chime-sdk]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceProfile:
    """A voice profile as AWS describes it. Timestamps are aware.

    Attributes:
        domain_id: Id of its voice profile domain.
        created: Time of the enrolment.
        updated: Time of the last enrolment of the same profile.
        expires: When AWS lets it expire: 3 years after the last enrolment [D va-data-retention].
        as_of: When AWS described it so, by AWS's clock; None if AWS does not say.
    """

    id: str
    arn: str
    domain_id: str
    created: datetime | None = None
    updated: datetime | None = None
    expires: datetime | None = None
    as_of: datetime | None = None

    @property
    def status(self) -> str:
        """`ENROLLED`, which `StatusSnapshot` requires."""
        return ENROLLED

    @classmethod
    def from_description(cls, profile: Mapping[str, Any], as_of: datetime | None = None) -> VoiceProfile:
        """Return the profile from its description in a response that AWS sent at `as_of`."""
        return cls(
            id=profile["VoiceProfileId"],
            arn=profile["VoiceProfileArn"],
            domain_id=profile["VoiceProfileDomainId"],
            created=profile.get("CreatedTimestamp"),
            updated=profile.get("UpdatedTimestamp"),
            expires=profile.get("ExpirationTimestamp"),
            as_of=as_of,
        )

    @classmethod
    def from_response(cls, response: Mapping[str, Any]) -> VoiceProfile:
        """Return the profile in a response of AWS."""
        return cls.from_description(response["VoiceProfile"], time_of_response(response))

    def has_expired(self, now: datetime) -> bool:
        """Return whether AWS has let it expire. AWS does not document whether Get still finds it then.

        Args:
            now: By this machine's clock, which counts only if AWS did not send the time of its own.
        """
        return self.expires is not None and self.expires <= (self.as_of or now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """Evidence that a voice profile is deleted.

    Attributes:
        was_gone: True if AWS did not know the profile any more when it was to be deleted.
        request_id: AWS's id of the request that deleted it; None if `was_gone`.
        verified_request_id: AWS's id of the request that did not find it afterwards.
        verified_at: When AWS did not find it, by this machine's clock.
    """

    profile_id: str
    was_gone: bool
    request_id: str | None
    verified_request_id: str | None
    verified_at: datetime


def id_of(identifier: str) -> str:
    """Return the id in an id or ARN of a profile or domain."""
    return identifier.rsplit("/", 1)[-1]


def fetch_voice_profile(aws: Aws, identifier: str, *, timeout_seconds: float) -> VoiceProfile | None:
    """Fetch the profile once; None if AWS does not find it (404), or has deleted it for good (410).

    One such answer proves nothing yet: see `fetch_confirmed_voice_profile`.

    Args:
        identifier: Its id or ARN.
    """
    try:
        return _get(aws, identifier, deadline=aws.clock.monotonic() + timeout_seconds)
    except NotFoundError:
        return None


def fetch_confirmed_voice_profile(
    aws: Aws,
    identifier: str,
    *,
    account_arn: str,
    timeout_seconds: float,
    age_seconds: float | None = None,
) -> VoiceProfile | None:
    """Return the profile; None if AWS certainly does not know it any more.

    Args:
        account_arn: An ARN of its account, such as that of its domain.
        age_seconds: How long ago AWS created it: a new profile may not be found yet.

    Raises:
        AccountMismatchError: The credentials are of another account than the profile.
        WaitTimeoutError: AWS does not find it, and it is too new for a proof.
    """
    profile = fetch_voice_profile(aws, identifier, timeout_seconds=timeout_seconds)
    if profile is not None:
        return profile
    subject = Subject(kind=KIND, id=id_of(identifier))
    deadline = aws.clock.monotonic() + timeout_seconds
    require_account(aws, account_arn, subject=subject, deadline=deadline)
    return fetch_confirmed(
        aws,
        lambda: fetch_voice_profile(aws, identifier, timeout_seconds=timeout_seconds),
        subject=subject,
        deadline=deadline,
        age_seconds=age_seconds,
    )


def list_voice_profiles(aws: Aws, domain: str, *, timeout_seconds: float) -> tuple[VoiceProfile, ...]:
    """Return every profile of a domain, from all pages.

    Args:
        domain: Id or ARN of the domain.

    Raises:
        NotFoundError: There is no such domain.
    """
    deadline = aws.clock.monotonic() + timeout_seconds
    domain_id = id_of(domain)
    found: list[VoiceProfile] = []
    token: str | None = None
    while True:
        call = Call(
            service=VOICE,
            operation="list_voice_profiles",
            parameters={
                "VoiceProfileDomainId": domain_id,
                "MaxResults": PAGE_SIZE,
                **({"NextToken": token} if token else {}),
            },
            action="list the voice profiles of",
            subject=Subject(kind="voice profile domain", id=domain_id),
            serialize_on=(domain_id,),
        )
        page = send(aws, call, deadline=deadline)
        as_of = time_of_response(page)
        found.extend(VoiceProfile.from_description(one, as_of) for one in page["VoiceProfiles"])
        token = page.get("NextToken")
        if not token:
            return tuple(found)


def delete_voice_profile(
    aws: Aws,
    identifier: str,
    *,
    account_arn: str | None,
    timeout_seconds: float,
    age_seconds: float | None = None,
) -> Deletion:
    """Delete the profile, irreversibly, and wait until AWS does not find it any more.

    Args:
        identifier: Its id or ARN.
        account_arn: An ARN of its account, such as that of its domain; None if the credentials are known to be of it.
        age_seconds: How long ago AWS created it: a new profile may not be found yet.

    Raises:
        AccountMismatchError: The credentials are of another account than the profile.
        WaitTimeoutError: AWS still found it when the time was over.
    """
    profile_id = id_of(identifier)
    subject = Subject(kind=KIND, id=profile_id)
    requests = _DeletionRequests()
    request = EndRequest(
        call=Call(
            service=VOICE,
            operation="delete_voice_profile",
            parameters={"VoiceProfileId": profile_id},
            action="delete",
            subject=subject,
            serialize_on=(profile_id,),
        ),
        find=lambda deadline: requests.find(aws, profile_id, deadline),
        target=PROFILE_IS_GONE,
        arn=account_arn,
        is_gone_once_accepted=True,
        timeout_seconds=timeout_seconds,
        age_seconds=age_seconds,
        on_accepted=requests.accept,
    )
    try:
        end(aws, request)
    except WaitTimeoutError as late:
        raise _still_there(subject, late.last_status, timeout_seconds) from late
    return Deletion(
        profile_id=profile_id,
        was_gone=not requests.were_accepted,
        request_id=requests.deleted_by,
        verified_request_id=requests.not_found_by,
        verified_at=aws.clock.now(),
    )


@dataclass(slots=True)
class _DeletionRequests:
    """Which requests deleted a profile, and which one did not find it afterwards."""

    were_accepted: bool = False
    deleted_by: str | None = None
    not_found_by: str | None = None

    def find(self, aws: Aws, profile_id: str, deadline: float) -> VoiceProfile | None:
        try:
            return _get(aws, profile_id, deadline=deadline)
        except NotFoundError as absent:
            self.not_found_by = absent.request_id
            return None

    def accept(self, response: Mapping[str, Any]) -> None:
        self.were_accepted = True
        self.deleted_by = _request_id(response)


def _get(aws: Aws, identifier: str, *, deadline: float) -> VoiceProfile:
    profile_id = id_of(identifier)
    call = Call(
        service=VOICE,
        operation="get_voice_profile",
        parameters={"VoiceProfileId": profile_id},
        action="read",
        subject=Subject(kind=KIND, id=profile_id),
        serialize_on=(profile_id,),
    )
    return VoiceProfile.from_response(send(aws, call, deadline=deadline))


def _request_id(response: Mapping[str, Any]) -> str | None:
    request_id = response.get("ResponseMetadata", {}).get("RequestId")
    return None if request_id is None else str(request_id)


def _still_there(subject: Subject, status: str | None, timeout_seconds: float) -> WaitTimeoutError:
    return WaitTimeoutError(
        f"AWS was not seen to have deleted it within {timeout_seconds:g} s",
        action="delete",
        subject=subject,
        last_status=status,
        remedy="The profile may still be used. It stays in state. Run the same command again.",
    )
