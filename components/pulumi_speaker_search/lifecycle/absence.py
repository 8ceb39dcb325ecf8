"""Whether "not found" may be believed.

AWS answers a new id with 404 for a moment after it was accepted, and an answer that comes from the wrong account says
404 too. So one answer is no proof: it is believed when it was given several times, over some seconds, for something
that was not accepted lately, and by the account in which the resource is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from .aws_call import Aws, Call, send
from .errors import AccountMismatchError, Subject, WaitTimeoutError

ANSWERS_TO_BELIEVE: Final = 3
"""How many "not found" in a row are a proof."""

SPREAD_SECONDS: Final = 2.0
"""Over how long these answers have to be spread."""

GRACE_SECONDS: Final = 60.0
"""How long after AWS has accepted a start its id may be unknown elsewhere. AWS publishes no figure; terraform's waits
for new Chime resources allow a minute."""

STS: Final = "sts"

Found = TypeVar("Found")


@dataclass(slots=True, kw_only=True)
class Absence:
    """The "not found" answers about one resource.

    Attributes:
        age_seconds: How long ago AWS accepted it, at the time of `since`; None where that is not known.
        since: When the counting began, on the monotonic clock.
    """

    since: float
    age_seconds: float | None = None
    answers: int = 0
    first: float = 0.0

    def noted(self, now: float) -> bool:
        """Count one "not found" at `now`, and tell whether it may be believed."""
        if self.answers == 0:
            self.first = now
        self.answers += 1
        return self.is_repeated(now) and not self._is_young(now)

    def is_repeated(self, now: float) -> bool:
        """Tell whether "not found" was given as often as a proof takes, which for something young is none."""
        return self.answers >= ANSWERS_TO_BELIEVE and now - self.first >= SPREAD_SECONDS

    def seen(self) -> None:
        """Note that the resource was found: the answers before were wrong."""
        self.answers = 0

    def delay(self) -> float:
        """Return the seconds until the next look."""
        return (
            SPREAD_SECONDS / (ANSWERS_TO_BELIEVE - 1) * (1.0 if self.answers <= ANSWERS_TO_BELIEVE else 2.0)
        )

    def _is_young(self, now: float) -> bool:
        return self.age_seconds is not None and self.age_seconds + now - self.since < GRACE_SECONDS


def confirmed(
    aws: Aws,
    look: Callable[[], Found | None],
    *,
    subject: Subject,
    deadline: float,
    age_seconds: float | None = None,
) -> Found | None:
    """Return what `look` finds, or None where "not found" may be believed.

    Args:
        look: One request; None where AWS does not find it.
        deadline: On `aws.clock.monotonic()`.
        age_seconds: How long ago AWS accepted the resource.

    Raises:
        WaitTimeoutError: AWS does not find it, and that can't be believed: it is too young, or time is over.
    """
    absence = Absence(since=aws.clock.monotonic(), age_seconds=age_seconds)
    while (found := look()) is None:
        now = aws.clock.monotonic()
        if absence.noted(now):
            return None
        if absence.is_repeated(now) or now + absence.delay() > deadline:
            raise WaitTimeoutError(
                "AWS does not find it, but accepted it so lately that this is no proof",
                action="read",
                subject=subject,
                last_status="not found",
                remedy="It stays in state. Run the same command again in a minute.",
            )
        aws.clock.sleep(absence.delay())
    return found


def demand_account(aws: Aws, arn: str, *, subject: Subject, deadline: float) -> None:
    """Refuse to believe "not found" where the caller's account is not the one of `arn`.

    Raises:
        AccountMismatchError: The credentials are of another account.
        SpeakerSearchError: AWS does not tell the caller's account.
    """
    owner = account_of(arn)
    call = Call(
        service=STS,
        operation="get_caller_identity",
        parameters={},
        action="read",
        subject=subject,
    )
    caller = str(send(aws, call, deadline=deadline).get("Account"))
    if caller != owner:
        raise AccountMismatchError(
            f"it belongs to account {owner}, but the credentials are of account {caller}",
            action="read",
            subject=subject,
            remedy="Nothing was changed, in AWS or in state. Use credentials of that account, and run it again.",
        )


def account_of(arn: str) -> str:
    """Return the account number in an ARN."""
    return arn.split(":")[4]
