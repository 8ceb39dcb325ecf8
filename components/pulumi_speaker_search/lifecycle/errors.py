"""The package's exceptions as a tree; those of the life cycle are here. `*`: `retryable` is True.

    SpeakerSearchError              every error that this package raises
    ├── DeclarationError            a declaration is wrong or not supported (declaration_error.py)
    ├── InvalidConsentError         a `Consent` with values outside the vocabulary (consent/)
    ├── InvalidConfigError          this program's config is missing or wrong (speaker_search_program/config.py)
    ├── InvalidSettingsError        the stack's `aws:` config is wrong or not supported (lifecycle/aws_config.py)
    └── ActionError                 an action on one resource in AWS did not succeed
        ├── ConsentError            consent is missing, malformed, withdrawn or expired: nothing was started
        ├── RefusedError            AWS refused the request, and would refuse it again
        │   ├── NotFoundError       … because the resource does not exist
        │   │   └── GoneError       … any more: AWS has deleted it for good (HTTP 410)
        │   ├── ConflictError *     … because the resource's present status does not allow it
        │   └── QuotaFullError *    … because a quota is full, until something else ends
        ├── AwsUnavailableError *   AWS did not process the request before the time-out: nothing happened
        ├── OutcomeUnknownError *   the response was lost: it may have happened, and the next call finds out
        │   └── EnrolmentUnknownError  … a voice profile may have been created: the call is not sent again
        ├── WaitTimeoutError *      the resource did not reach a status before the time-out
        ├── EndedError              the resource failed before it reached the status
        ├── UnknownStatusError      AWS returned a status that this release does not know
        ├── StopFailedError *       the resource did not stop before the time-out: it may still listen
        ├── TokensExhaustedError    every token of the chain belongs to a task or pipeline that has ended
        ├── OccupiedError           another search has this stream and channel
        ├── NoRoomError             the pipeline has too many tags for the ledger entry: nothing was started
        ├── EnrolmentError          the search has no voiceprint to enrol (yet, or any more): nothing is enrolled
        ├── AccountMismatchError    the credentials are of another account than the resource
        ├── AdoptionError           what should be adopted does not exist, has ended, or does not match
        └── AbandonedError          the Pulumi engine is gone, so nobody would record a start: nothing was started

A message names the resource, its id, the action, the last status, AWS's code and request id, and the remedy; never a
credential, the value of a tag or anything about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..speaker_search_error import SpeakerSearchError as SpeakerSearchError  # noqa: PLC0414 # exported here too


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The resource that an error is about.

    Attributes:
        kind: AWS's noun, such as `speaker search task`.
        id: Its id; None before it has one.
        pipeline_id: Id of a task's pipeline; None for a pipeline.
    """

    kind: str
    id: str | None = None
    pipeline_id: str | None = None

    def __str__(self) -> str:
        text = f"{self.kind} {self.id}" if self.id else self.kind
        return f"{text} (pipeline {self.pipeline_id})" if self.pipeline_id else text


class ActionError(SpeakerSearchError):
    """An action on one resource in AWS did not succeed.

    Attributes:
        reason: What went wrong, without the remedy.
        action: Verb: `start`, `stop`, `read`, …
        subject: The resource.
        remedy: What to do, in sentences.
        last_status: Last status that AWS reported.
        aws_code, request_id: AWS's error code and request id, if AWS refused a request.
    """

    def __init__(  # every part of the text is named
        self,
        reason: str,
        *,
        action: str,
        subject: Subject,
        remedy: str,
        last_status: str | None = None,
        aws_code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        facts = [
            f"last status {last_status}" if last_status else "",
            f"AWS {aws_code}" if aws_code else "",
            f"request id {request_id}" if request_id else "",
        ]
        details = ", ".join(fact for fact in facts if fact)
        super().__init__(
            f"could not {action} {subject}: {reason}{f' [{details}]' if details else ''}. {remedy}"
        )
        self.reason = reason
        self.action = action
        self.subject = subject
        self.remedy = remedy
        self.last_status = last_status
        self.aws_code = aws_code
        self.request_id = request_id


class ConsentError(ActionError):
    """Consent is not valid at this moment. Nothing was started."""


class RefusedError(ActionError):
    """AWS refused the request; the same request would be refused again."""


class NotFoundError(RefusedError):
    """AWS does not find the resource."""


class GoneError(NotFoundError):
    """AWS has deleted the resource, or what the request needs, for good (HTTP 410)."""


class ConflictError(RefusedError):
    """The resource's present status does not allow the action."""

    retryable: ClassVar[bool] = True


class QuotaFullError(RefusedError):
    """A quota of the account and region is full. `aws_refusals` has the text, and `quotas` the documented numbers."""

    retryable: ClassVar[bool] = True


class AwsUnavailableError(ActionError):
    """AWS throttled or did not accept the request until the time-out. Nothing happened in AWS."""

    retryable: ClassVar[bool] = True


class OutcomeUnknownError(ActionError):
    """The response to a request was lost: AWS may have processed it."""

    retryable: ClassVar[bool] = True


class EnrolmentUnknownError(OutcomeUnknownError):
    """The response to an enrolment was lost, and the same call could create a second voice profile.

    Attributes:
        candidates: Ids of the profiles that the domain has got since.
    """

    retryable: ClassVar[bool] = False
    candidates: tuple[str, ...] = ()


class EnrolmentError(ActionError):
    """The speaker search has no voiceprint that can be enrolled in this domain. Nothing is enrolled."""


class WaitTimeoutError(ActionError):
    """The resource did not reach the status before the time-out."""

    retryable: ClassVar[bool] = True


class EndedError(ActionError):
    """The resource failed before it reached the status that this run waited for."""


class UnknownStatusError(ActionError):
    """AWS returned a status that this release does not know."""


class StopFailedError(ActionError):
    """The resource did not stop before the time-out: it may still listen."""

    retryable: ClassVar[bool] = True


class TokensExhaustedError(ActionError):
    """Every ClientRequestToken of the chain belongs to a task or pipeline that has ended."""


class AdoptionError(ActionError):
    """The task, pipeline or voice profile can't be adopted."""


class OccupiedError(ActionError):
    """Another search has, or may have, the stream and channel of the pipeline. Nothing was started."""


class NoRoomError(ActionError):
    """The pipeline has too many tags for the ledger entry. Nothing was started."""


class AccountMismatchError(ActionError):
    """The credentials are of another account than the resource, so that "not found" proves nothing."""


class AbandonedError(ActionError):
    """The Pulumi engine is gone, so nobody would record a start. Nothing was started."""


def not_adopted(
    reason: str,
    subject: Subject,
    status: str | None = None,
    *,
    remedy: str = "Correct `adopt`, or remove it to start a new search.",
) -> AdoptionError:
    """Return the error for a task, pipeline or voice profile that can't be adopted."""
    return AdoptionError(
        reason,
        action="adopt",
        subject=subject,
        last_status=status,
        remedy=remedy,
    )
