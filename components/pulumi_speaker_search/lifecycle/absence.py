"""Decide whether a "not found" answer proves that a resource is gone.

AWS may answer 404 for a new id for a moment after it has accepted the start, and 404 is also the answer for credentials
of another account. One answer is therefore no proof. The resource counts as gone after several such answers over some
seconds, if it is not new and the credentials are of its own account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from .aws_call import Aws, Call, send
from .errors import AccountMismatchError, Subject, WaitTimeoutError

REQUIRED_ANSWERS: Final = 3
"""Number of "not found" answers in a row that prove the absence."""

REQUIRED_SPREAD_SECONDS: Final = 2.0
"""Minimum time between the first and the last of these answers."""

NEW_RESOURCE_SECONDS: Final = 60.0
"""How long after AWS has accepted a start AWS may not find its id yet. AWS publishes no figure; the waits of
terraform-provider-aws for new Chime resources allow a minute."""

STS: Final = "sts"

Found = TypeVar("Found")


@dataclass(slots=True, kw_only=True)
class Absence:
    """Count the "not found" answers about one resource.

    Attributes:
        since: Start of the count, on the monotonic clock.
        age_seconds: Age of the resource at `since`, from the moment AWS accepted it; None if unknown.
        answers: Number of "not found" answers in a row.
        first: Time of the first of them, on the monotonic clock.
    """

    since: float
    age_seconds: float | None = None
    answers: int = 0
    first: float = 0.0

    def count_not_found(self, now: float) -> bool:
        """Count one "not found" answer at `now`, and return whether the absence is proved."""
        if self.answers == 0:
            self.first = now
        self.answers += 1
        return self.has_enough_answers(now) and not self._is_new(now)

    def has_enough_answers(self, now: float) -> bool:
        """Return whether there are enough answers over enough time; for a new resource this is still no proof."""
        return self.answers >= REQUIRED_ANSWERS and now - self.first >= REQUIRED_SPREAD_SECONDS

    def reset(self) -> None:
        """Drop the count, because AWS has found the resource."""
        self.answers = 0

    def delay(self) -> float:
        """Return the seconds until the next request."""
        return (
            REQUIRED_SPREAD_SECONDS
            / (REQUIRED_ANSWERS - 1)
            * (1.0 if self.answers <= REQUIRED_ANSWERS else 2.0)
        )

    def _is_new(self, now: float) -> bool:
        return self.age_seconds is not None and self.age_seconds + now - self.since < NEW_RESOURCE_SECONDS


def fetch_confirmed(
    aws: Aws,
    fetch: Callable[[], Found | None],
    *,
    subject: Subject,
    deadline: float,
    age_seconds: float | None = None,
) -> Found | None:
    """Return the resource, or None if its absence is proved.

    Args:
        fetch: Send one request; return None if AWS does not find the resource.
        deadline: On `aws.clock.monotonic()`.
        age_seconds: How long ago AWS accepted the resource; None if unknown.

    Raises:
        WaitTimeoutError: AWS does not find the resource, but it is too new for a proof, or the deadline has passed.
    """
    absence = Absence(since=aws.clock.monotonic(), age_seconds=age_seconds)
    while (found := fetch()) is None:
        now = aws.clock.monotonic()
        if absence.count_not_found(now):
            return None
        if absence.has_enough_answers(now) or now + absence.delay() > deadline:
            raise WaitTimeoutError(
                "AWS does not find it, but may not show it yet, because it was started a short time ago",
                action="read",
                subject=subject,
                last_status="not found",
                remedy="It stays in state. Run the same command again in one minute.",
            )
        aws.clock.sleep(absence.delay())
    return found


def require_account(aws: Aws, arn: str, *, subject: Subject, deadline: float) -> None:
    """Check that the credentials are of the account in `arn`; "not found" from another account proves nothing.

    Raises:
        AccountMismatchError: The credentials are of another account.
        SpeakerSearchError: AWS did not return the caller's account.
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
            remedy=f"Nothing was changed, in AWS or in state. Use credentials of account {owner}, and run the same "
            "command again.",
        )


def account_of(arn: str) -> str:
    """Return the account number in an ARN."""
    return arn.split(":")[4]
