"""What an enrolment is checked for before the call: declared consent, consent on the domain, a voiceprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from . import analysis_task
from .aws_call import Aws
from .aws_client import VOICE
from .consent_gate import ConsentSource, require_declared_consent, require_no_withdrawal
from .errors import ConsentError, EnrolmentError, Subject
from .status import ENDED, TaskStatus
from .task_kinds import SPEAKER_SEARCH
from .voice_profile import id_of

VOICEPRINT_KEPT: Final = timedelta(hours=24)
"""How long after a search a profile can be made of its voiceprint [D va-data-retention]."""

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


def require_declared(aws: Aws, wanted: Enrolment, action: str, subject: Subject) -> None:
    """Check the declared consent, without a call.

    Raises:
        ConsentError: It is not valid.
    """
    with _with_action(action, subject):
        require_declared_consent(aws, wanted.tags, subject=subject)


def require_consent(aws: Aws, wanted: Enrolment, action: str, subject: Subject, deadline: float) -> None:
    """Check the declared consent, and that the domain in AWS has no withdrawal and no other record.

    Raises:
        ConsentError: It is not valid, or the domain carries another one.
        RefusedError: AWS refused to list the tags.
    """
    domain = ConsentSource("voice profile domain", VOICE, wanted.domain_arn)
    with _with_action(action, subject):
        require_declared_consent(aws, wanted.tags, subject=subject)
        require_no_withdrawal(aws, (domain,), wanted.tags, subject=subject, deadline=deadline)


@contextmanager
def _with_action(action: str, subject: Subject) -> Iterator[None]:
    """Let an invalid consent say what was not done, and what helps."""
    try:
        yield
    except ConsentError as invalid:
        raise ConsentError(invalid.reason, action=action, subject=subject, remedy=CONSENT_REMEDY) from None


def require_voiceprint(aws: Aws, wanted: Enrolment, subject: Subject, deadline: float) -> None:
    """Refuse a search that certainly has no voiceprint, before AWS is asked to enrol it.

    AWS does not say whether a task has made a voiceprint. What is certain follows from its status and its end, by AWS's
    clock. A task that AWS does not find is left to the enrolment: its pipeline may have been deleted.

    Raises:
        EnrolmentError: It has none.
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
