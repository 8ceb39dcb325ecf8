"""The package's exceptions as a tree; those of the life cycle stand here. `*`: `retryable` is True.

    SpeakerSearchError              everything that this package raises on purpose
    ├── DeclarationError            something was declared that can't be (declaration_error.py)
    ├── InvalidConsentError         a `Consent` with values outside the vocabulary (consent/)
    ├── InvalidConfigError          this program's config is missing or wrong (speaker_search_program/config.py)
    ├── InvalidSettingsError        the stack's `aws:` config is wrong or not supported (lifecycle/aws_settings.py)
    └── ActionError                 an action on one resource in AWS did not succeed
        ├── ConsentError            consent is missing, malformed, withdrawn or over: nothing was sent
        ├── RefusedError            AWS said no, and will say no again
        │   ├── NotFoundError       … because it is not there
        │   ├── ConflictError *     … because of what it is doing at the moment
        │   └── QuotaFullError *    … because a quota is full, until something else ends
        ├── AwsUnavailableError *   AWS could not do it within the time; it certainly did not happen
        ├── OutcomeUnknownError *   the answer was lost: it may have happened, and the next call finds it
        ├── WaitTimeoutError *      the status wanted was not reached in time
        ├── EndedError              it failed while this run waited for it
        ├── UnknownStatusError      AWS used a status word that this release does not know
        ├── StopFailedError *       it would not stop: it may still listen
        ├── TokensExhaustedError    every token of the chain belongs to an earlier life
        ├── OccupiedError           another search has this stream and channel of the pipeline
        ├── NoRoomError             the pipeline carries too many tags for the ledger entry: nothing was sent
        ├── AccountMismatchError    the credentials are of another account than the resource
        ├── AdoptionError           what should be taken over is not there, ended, or does not match
        └── AbandonedError          the engine is gone: nothing is started that nobody would record

Messages carry the resource, its id, the action, the last status, AWS's code and request id, and what to do; never a
credential, a tag's value or anything about a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..speaker_search_error import SpeakerSearchError as SpeakerSearchError  # noqa: PLC0414 # exported here too


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an action is about.

    Attributes:
        kind: AWS's noun, like `speaker search task`.
        id: Its id, once there is one.
        within: The id of the pipeline that a task belongs to.
    """

    kind: str
    id: str | None = None
    within: str | None = None

    def __str__(self) -> str:
        text = f"{self.kind} {self.id}" if self.id else self.kind
        return f"{text} (pipeline {self.within})" if self.within else text


class ActionError(SpeakerSearchError):
    """An action on one resource in AWS did not succeed.

    Attributes:
        action: The verb: `start`, `stop`, `read`, …
        subject: The resource.
        remedy: What to do, in sentences.
        last_status: AWS's word when it was seen last.
        aws_code, request_id: Of AWS's refusal.
    """

    def __init__(  # every part of the text is named
        self,
        what: str,
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
        told = ", ".join(fact for fact in facts if fact)
        super().__init__(f"could not {action} {subject}: {what}{f' [{told}]' if told else ''}. {remedy}")
        self.what = what
        self.action = action
        self.subject = subject
        self.remedy = remedy
        self.last_status = last_status
        self.aws_code = aws_code
        self.request_id = request_id


class ConsentError(ActionError):
    """Consent does not hold at this moment. Nothing was started."""


class RefusedError(ActionError):
    """AWS refused the request for good: retrying it unchanged is no use."""


class NotFoundError(RefusedError):
    """AWS knows no such resource."""


class ConflictError(RefusedError):
    """The resource's state does not allow the action now."""

    retryable: ClassVar[bool] = True


class QuotaFullError(RefusedError):
    """A quota of the account and region is full."""

    retryable: ClassVar[bool] = True


class AwsUnavailableError(ActionError):
    """AWS throttled or did not take the request until the time was over. It did not happen."""

    retryable: ClassVar[bool] = True


class OutcomeUnknownError(ActionError):
    """The answer to a request was lost: what it asked for may have happened."""

    retryable: ClassVar[bool] = True


class WaitTimeoutError(ActionError):
    """The status that was waited for did not come in time."""

    retryable: ClassVar[bool] = True


class EndedError(ActionError):
    """It failed while this run waited for it."""


class UnknownStatusError(ActionError):
    """AWS answered with a status word that this release does not know."""


class StopFailedError(ActionError):
    """It was told to stop and did not: it may still listen."""

    retryable: ClassVar[bool] = True


class TokensExhaustedError(ActionError):
    """Every ClientRequestToken of the chain belongs to a life that has ended."""


class AdoptionError(ActionError):
    """What should be taken over can't be."""


class OccupiedError(ActionError):
    """Another search has, or may have, the stream and channel of the pipeline. Nothing was started."""


class NoRoomError(ActionError):
    """The pipeline carries as many tags as it may, so the ledger entry does not fit. Nothing was started."""


class AccountMismatchError(ActionError):
    """The credentials are of another account than the resource: what they don't find says nothing."""


class AbandonedError(ActionError):
    """The Pulumi engine that asked for this is gone."""


def not_adopted(what: str, subject: Subject, status: str | None = None) -> AdoptionError:
    """Return the error for what can't be adopted, with what to do."""
    return AdoptionError(
        what,
        action="adopt",
        subject=subject,
        last_status=status,
        remedy="Correct `adopt`, or leave it out to start a new one.",
    )
