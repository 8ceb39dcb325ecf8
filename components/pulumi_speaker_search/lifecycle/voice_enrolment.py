"""Enrol a voice: make a voice profile of the voiceprint of a search, enrol it again, or adopt a profile.

AWS has no idempotency token for CreateVoiceProfile [M], and neither tags a profile nor says from which task it was
made. A call that is sent again could therefore make a second profile that nobody knows: it is sent once, and if its
response is lost, the error names the profiles that the domain has got since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from .aws_call import Aws, Call, RetryWindows, send
from .aws_client import VOICE
from .aws_refusals import CREATE_VOICE_PROFILE
from .enrolment_checks import NEW_SEARCH, Enrolment, require_consent, require_declared, require_voiceprint
from .errors import (
    AdoptionError,
    ConflictError,
    EnrolmentError,
    EnrolmentUnknownError,
    GoneError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    SpeakerSearchError,
    Subject,
    not_adopted,
)
from .resource_locks import resource_locks
from .voice_profile import (
    KIND,
    VoiceProfile,
    delete_voice_profile,
    fetch_voice_profile,
    id_of,
    list_voice_profiles,
)

CONCURRENCY_SECONDS: Final = 10.0
"""How long a full quota is retried: AWS has one code for 20 profiles and for one call at a time on a domain
[D ca-regions]."""


def enrol(aws: Aws, wanted: Enrolment) -> VoiceProfile:
    """Create a voice profile of the voiceprint of a search, by a call that is sent once.

    Raises:
        ConsentError: Consent is not valid, as declared or on the domain in AWS.
        EnrolmentError: The search has no voiceprint yet, or any more, or searched in another domain.
        GoneError, NotFoundError, ConflictError: AWS reports it about the voiceprint.
        QuotaFullError: The domain has as many profiles as it may have.
        EnrolmentUnknownError: The response was lost.
        AbandonedError: The Pulumi engine is gone.
    """
    subject = Subject(kind=KIND)
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    require_declared(aws, wanted, "enrol", subject)
    require_voiceprint(aws, wanted, subject, deadline)
    call = Call(
        service=VOICE,
        operation=CREATE_VOICE_PROFILE,
        parameters={"SpeakerSearchTaskId": wanted.speaker_search_task_id},
        action="enrol",
        subject=subject,
        serialize_on=(id_of(wanted.domain_arn),),
        ambiguous_if_lost=True,
        resend_if_lost=False,
        retry_windows=RetryWindows({"ResourceLimitExceededException": CONCURRENCY_SECONDS}),
    )
    # One at a time for each domain, so that a profile that is new afterwards is most likely this one.
    with resource_locks((f"enrolments in {wanted.domain_arn}",)):
        before = _profile_ids(aws, wanted)
        # After the wait for other enrolments, and next to the call: a withdrawal meanwhile still counts.
        require_consent(aws, wanted, "enrol", subject, deadline)
        try:
            with _explained(wanted, subject):
                profile = VoiceProfile.from_response(send(aws, call, deadline=deadline))
        except OutcomeUnknownError as unknown:
            raise _unknown(aws, wanted, before, unknown) from unknown
    if profile.domain_id != id_of(wanted.domain_arn):
        raise _in_another_domain(aws, wanted, profile)
    return profile


def enrol_again(aws: Aws, profile_id: str, wanted: Enrolment) -> VoiceProfile:
    """Replace the voiceprint of a profile by that of another search; AWS accepts it for an expired profile too.

    Raises:
        ConsentError: Consent is not valid, as declared or on the domain in AWS.
        EnrolmentError: The search has no voiceprint yet, or any more.
        GoneError, NotFoundError, ConflictError: AWS reports it about the voiceprint or the profile.
    """
    subject = Subject(kind=KIND, id=profile_id)
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    require_declared(aws, wanted, "enrol again", subject)
    require_voiceprint(aws, wanted, subject, deadline)
    require_consent(aws, wanted, "enrol again", subject, deadline)
    call = Call(
        service=VOICE,
        operation="update_voice_profile",
        parameters={
            "VoiceProfileId": profile_id,
            "SpeakerSearchTaskId": wanted.speaker_search_task_id,
        },
        action="enrol again",
        subject=subject,
        serialize_on=(profile_id,),
    )
    with _explained(wanted, subject):
        return VoiceProfile.from_response(send(aws, call, deadline=deadline))


def adopt(aws: Aws, identifier: str, wanted: Enrolment) -> VoiceProfile:
    """Return the profile with this id or ARN, to take it over instead of enrolling. Consent is checked as there.

    Raises:
        ConsentError: Consent is not valid, as declared or on the domain in AWS.
        AdoptionError: It does not exist, has expired, or is in another domain.
    """
    subject = Subject(kind=KIND, id=id_of(identifier))
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    require_consent(aws, wanted, "adopt", subject, deadline)
    profile = fetch_voice_profile(aws, identifier, timeout_seconds=wanted.timeout_seconds)
    if profile is None:
        raise _not_adopted("AWS does not find it", subject)
    if profile.domain_id != id_of(wanted.domain_arn):
        raise _not_adopted(f"it is in the voice profile domain {profile.domain_id}", subject)
    if profile.has_expired(aws.clock.now()):
        raise _not_adopted("it has expired", subject)
    return profile


def _not_adopted(reason: str, subject: Subject) -> AdoptionError:
    return not_adopted(reason, subject, remedy="Correct `adopt`, or remove it to enrol the search.")


@contextmanager
def _explained(wanted: Enrolment, subject: Subject) -> Iterator[None]:
    """Turn what AWS refuses into the same error with what it means for an enrolment."""
    name = f"speaker search task {wanted.speaker_search_task_id}"
    try:
        yield
    except GoneError as refusal:
        reason = f"AWS has deleted the voiceprint of {name}, as it does 24 hours after the call"
        raise _with(refusal, reason, NEW_SEARCH) from refusal
    except NotFoundError as refusal:
        either = f"or the profile {subject.id}" if subject.id else "or its voice profile domain"
        remedy = "Nothing was enrolled. Correct the id." + (
            " A profile that is gone can't be enrolled again: take it out of the program and declare another one."
            if subject.id
            else ""
        )
        raise _with(refusal, f"AWS does not find {name} {either}", remedy) from refusal
    except ConflictError as refusal:
        reason = f"AWS can't enrol {name} now; most likely it has no voiceprint yet ({refusal.reason})"
        remedy = (
            "Nothing was enrolled. A voiceprint takes about 20 s of speech; then run the same command again."
        )
        raise _with(refusal, reason, remedy) from refusal


def _with(refusal: RefusedError, reason: str, remedy: str) -> RefusedError:
    return type(refusal)(
        reason,
        action=refusal.action,
        subject=refusal.subject,
        remedy=remedy,
        aws_code=refusal.aws_code,
        request_id=refusal.request_id,
    )


def _profile_ids(aws: Aws, wanted: Enrolment) -> tuple[str, ...]:
    listed = list_voice_profiles(aws, wanted.domain_arn, timeout_seconds=wanted.timeout_seconds)
    return tuple(one.id for one in listed)


def _unknown(
    aws: Aws, wanted: Enrolment, before: Collection[str], unknown: OutcomeUnknownError
) -> EnrolmentUnknownError:
    """Return the error that names the profiles which the domain has got since."""
    domain_id = id_of(wanted.domain_arn)
    listed = f"`aws chime-sdk-voice list-voice-profiles --voice-profile-domain-id {domain_id}`"
    new: tuple[str, ...] = ()
    try:
        after = _profile_ids(aws, wanted)
    except SpeakerSearchError as unread:
        found = f"its domain could not be read ({unread.reason})"
        remedy = f"Look for it with {listed}: take it over with `adopt`, or run the same command again."
    else:
        new = tuple(id_ for id_ in after if id_ not in before)
        found = f"since then the domain has {', '.join(new)}" if new else "its domain has no new one so far"
        take = f'Take it over with `adopt="{new[0]}"`, or delete it' if new else f"Look again with {listed}"
        remedy = f"{take}; then run the same command again."
    error = EnrolmentUnknownError(
        f"{unknown.reason}; a voice profile may have been created, and {found}. The call was not sent again, because "
        "it could create a second one",
        action="enrol",
        subject=unknown.subject,
        remedy=remedy,
        aws_code=unknown.aws_code,
        request_id=unknown.request_id,
    )
    error.candidates = new
    return error


def _in_another_domain(aws: Aws, wanted: Enrolment, profile: VoiceProfile) -> EnrolmentError:
    """Delete what AWS has enrolled in a domain whose consent was not checked, and return the error that says so."""
    subject = Subject(kind=KIND, id=profile.id)
    where = f"the search was in the voice profile domain {profile.domain_id}, and not in the declared one"
    try:
        delete_voice_profile(
            aws, profile.id, account_arn=wanted.domain_arn, timeout_seconds=wanted.timeout_seconds
        )
    except SpeakerSearchError as failed:
        reason = f"{where}; the profile that AWS has created there could not be deleted ({failed.reason})"
        remedy = f"Delete it: `aws chime-sdk-voice delete-voice-profile --voice-profile-id {profile.id}`."
    else:
        reason = f"{where}; the profile that AWS had created there is deleted again"
        remedy = "Correct `voice_profile_domain_arn`, and run the same command again."
    return EnrolmentError(reason, action="enrol", subject=subject, remedy=remedy)
