"""Every exception that the life cycle raises.

    SpeakerSearchError
    ├── ConsentError            consent is missing, malformed, withdrawn or over: nothing was sent
    ├── RefusedError            AWS said no, and will say no again
    │   ├── NotFoundError       … because it is not there
    │   ├── ConflictError       … because of what it is doing at the moment
    │   └── QuotaFullError      … because a quota is full
    ├── AwsUnavailableError     AWS could not do it within the time; it certainly did not happen
    ├── OutcomeUnknownError     the answer was lost: it may have happened
    ├── WaitTimeoutError        the status wanted was not reached in time
    ├── EndedError              it failed while this run waited for it
    ├── UnknownStatusError      AWS used a status word that this release does not know
    ├── StopFailedError         it would not stop: it may still listen
    ├── TokensExhaustedError    every token of the chain belongs to an earlier life
    ├── OccupiedError           another search has this stream and channel of the pipeline
    ├── NoRoomError             the pipeline carries too many tags for the ledger entry: nothing was sent
    ├── AccountMismatchError    the credentials are of another account than the resource
    ├── AdoptionError           what should be taken over is not there, ended, or does not match
    └── AbandonedError          the engine is gone: nothing is started that nobody would record

Messages carry the resource, its id, the action, the last status, AWS's code and request id, and the way out; never
a credential, a tag's value or anything about a person.
"""

from __future__ import annotations

from dataclasses import dataclass


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


class SpeakerSearchError(Exception):
    """Something about one resource went wrong. The text is complete: it is what the user sees."""

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
        self.what = what
        self.action = action
        self.subject = subject
        self.remedy = remedy
        self.last_status = last_status
        self.aws_code = aws_code
        self.request_id = request_id
        facts = [
            f"last status {last_status}" if last_status else "",
            f"AWS {aws_code}" if aws_code else "",
            f"request id {request_id}" if request_id else "",
        ]
        told = ", ".join(fact for fact in facts if fact)
        super().__init__(f"could not {action} {subject}: {what}{f' [{told}]' if told else ''}. {remedy}")


class ConsentError(SpeakerSearchError):
    """Consent does not hold at this moment. Nothing was started."""


class RefusedError(SpeakerSearchError):
    """AWS refused the request for good: retrying it unchanged is no use."""


class NotFoundError(RefusedError):
    """AWS knows no such resource."""


class ConflictError(RefusedError):
    """The resource's state does not allow the action now."""


class QuotaFullError(RefusedError):
    """A quota of the account and region is full."""


class AwsUnavailableError(SpeakerSearchError):
    """AWS throttled or did not take the request until the time was over. It did not happen."""


class OutcomeUnknownError(SpeakerSearchError):
    """The answer to a request was lost: what it asked for may have happened."""


class WaitTimeoutError(SpeakerSearchError):
    """The status that was waited for did not come in time."""


class EndedError(SpeakerSearchError):
    """It failed while this run waited for it."""


class UnknownStatusError(SpeakerSearchError):
    """AWS answered with a status word that this release does not know."""


class StopFailedError(SpeakerSearchError):
    """It was told to stop and did not: it may still listen."""


class TokensExhaustedError(SpeakerSearchError):
    """Every ClientRequestToken of the chain belongs to a life that has ended."""


class AdoptionError(SpeakerSearchError):
    """What should be taken over can't be."""


class OccupiedError(SpeakerSearchError):
    """Another search has, or may have, the stream and channel of the pipeline. Nothing was started."""


class NoRoomError(SpeakerSearchError):
    """The pipeline carries as many tags as it may, so the ledger entry does not fit. Nothing was started."""


class AccountMismatchError(SpeakerSearchError):
    """The credentials are of another account than the resource: what they don't find says nothing."""


class AbandonedError(SpeakerSearchError):
    """The Pulumi engine that asked for this is gone."""


def not_adopted(what: str, subject: Subject, status: str | None = None) -> AdoptionError:
    """The refusal to take something over, with the way on."""
    return AdoptionError(
        what,
        action="adopt",
        subject=subject,
        last_status=status,
        remedy="Correct `adopt`, or leave it out to start a new one.",
    )
