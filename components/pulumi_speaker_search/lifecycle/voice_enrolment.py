"""Enrol a voice: make a voice profile of the voiceprint of a search, enrol it again, or adopt a profile.

AWS has no idempotency token for CreateVoiceProfile [M], and neither tags a profile nor says from which task it was
made. A call that is sent again could therefore make a second profile that nobody knows: it is sent once, and if its
response is lost, the error names the profiles that the domain has got since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from . import analysis_task
from .aws_call import Aws, Call, RetryWindows, send
from .aws_client import VOICE
from .aws_refusals import CREATE_VOICE_PROFILE
from .consent_gate import ConsentSource, require_declared_consent, require_no_withdrawal
from .errors import (
    AdoptionError,
    ConflictError,
    ConsentError,
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
from .status import ENDED, TaskStatus
from .task_kinds import SPEAKER_SEARCH
from .voice_profile import (
    KIND,
    VoiceProfile,
    delete_voice_profile,
    fetch_voice_profile,
    id_of,
    list_voice_profiles,
)

VOICEPRINT_KEPT: Final = timedelta(hours=24)
"""How long after a search a profile can be made of its voiceprint [D va-data-retention]."""

CONCURRENCY_SECONDS: Final = 10.0
"""How long a full quota is retried: AWS has one code for 20 profiles and for one call at a time on a domain
[D ca-regions]."""

NEW_SEARCH: Final = (
    "Nothing was enrolled. Search again, with consent, and enrol within 24 hours of the voiceprint."
)
CONSENT_REMEDY: Final = (
    "Nothing was enrolled. Obtain the consent of the person, record it, then declare the `Consent` value with that "
    "record and run `pulumi up`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """The declaration of a voice profile, as far as AWS needs it.

    Attributes:
        speaker_search_task_id: The search whose voiceprint is enrolled.
        pipeline_id: Id or ARN of the pipeline of that search.
        domain_arn: The voice profile domain in which it searched: AWS creates the profile there.
        tags: The declared tags, consent among them; AWS never gets them, because a profile can't be tagged.
    """

    speaker_search_task_id: str
    pipeline_id: str
    domain_arn: str
    tags: Mapping[str, str]
    timeout_seconds: float


def enrol(aws: Aws, wanted: Enrolment) -> VoiceProfile:
    """Create a voice profile of the voiceprint of a search, by a call that is sent once.

    Raises:
        ConsentError: Consent is not valid, as declared or on the domain in AWS.
        EnrolmentError: The search has no voiceprint yet, or any more, or searched in another domain.
        GoneError, NotFoundError, ConflictError: AWS says so of the voiceprint.
        QuotaFullError: The domain has as many profiles as it may have.
        EnrolmentUnknownError: The response was lost.
        AbandonedError: The Pulumi engine is gone.
    """
    subject = Subject(kind=KIND)
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    _require_voiceprint(aws, wanted, subject, deadline)
    _require_consent(aws, wanted, "enrol", subject, deadline)
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
        before = {
            one.id
            for one in list_voice_profiles(aws, wanted.domain_arn, timeout_seconds=wanted.timeout_seconds)
        }
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
        GoneError, NotFoundError, ConflictError: AWS says so of the voiceprint or of the profile.
    """
    subject = Subject(kind=KIND, id=profile_id)
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    _require_voiceprint(aws, wanted, subject, deadline)
    _require_consent(aws, wanted, "enrol again", subject, deadline)
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
    _require_consent(aws, wanted, "adopt", subject, deadline)
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


def _require_consent(aws: Aws, wanted: Enrolment, action: str, subject: Subject, deadline: float) -> None:
    """Check the declared consent, and that the domain in AWS has no withdrawal and no other record."""
    domain = ConsentSource("voice profile domain", VOICE, wanted.domain_arn)
    try:
        require_declared_consent(aws, wanted.tags, subject=subject)
        require_no_withdrawal(aws, (domain,), wanted.tags, subject=subject, deadline=deadline)
    except ConsentError as invalid:
        raise ConsentError(invalid.reason, action=action, subject=subject, remedy=CONSENT_REMEDY) from None


def _require_voiceprint(aws: Aws, wanted: Enrolment, subject: Subject, deadline: float) -> None:
    """Refuse a search that certainly has no voiceprint, before AWS is asked to enrol it.

    AWS does not say whether a task has made a voiceprint. What is certain follows from its status and its end, by AWS's
    clock. A task that AWS does not find is left to the enrolment: its pipeline may have been deleted.
    """
    task = analysis_task.find(
        aws, SPEAKER_SEARCH, id_of(wanted.pipeline_id), wanted.speaker_search_task_id, deadline=deadline
    )
    if task is None:
        return
    name = f"speaker search task {task.id}"
    if task.status in (TaskStatus.NOT_STARTED, TaskStatus.INITIALIZING):
        reason = f"{name} has not heard anybody yet, and a voiceprint takes about 20 s of speech"
        remedy = "Nothing was enrolled. Run the same command again when it has ended."
    elif task.status == TaskStatus.FAILED:
        reason, remedy = f"{name} has failed, so that it has no voiceprint", NEW_SEARCH
    elif task.status in ENDED and task.updated and task.as_of and task.as_of - task.updated > VOICEPRINT_KEPT:
        ended = f"{task.updated:%Y-%m-%d %H:%M} UTC"
        reason = f"{name} ended at {ended}, and AWS deletes its voiceprint after 24 hours"
        remedy = NEW_SEARCH
    else:
        return
    raise EnrolmentError(reason, action="enrol", subject=subject, last_status=task.status, remedy=remedy)


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


def _unknown(
    aws: Aws, wanted: Enrolment, before: Collection[str], unknown: OutcomeUnknownError
) -> EnrolmentUnknownError:
    """Return the error that names the profiles which the domain has got since."""
    domain_id = id_of(wanted.domain_arn)
    listed = f"`aws chime-sdk-voice list-voice-profiles --voice-profile-domain-id {domain_id}`"
    new: tuple[str, ...] = ()
    try:
        after = list_voice_profiles(aws, wanted.domain_arn, timeout_seconds=wanted.timeout_seconds)
    except SpeakerSearchError as unread:
        found = f"its domain could not be read ({unread.reason})"
        remedy = f"Look for it with {listed}: take it over with `adopt`, or run the same command again."
    else:
        new = tuple(one.id for one in after if one.id not in before)
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
