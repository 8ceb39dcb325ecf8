"""End something in AWS, and see that it has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from .absence import Absence, demand_account
from .aws_call import Aws, Call, send
from .errors import ConflictError, NotFoundError
from .status import ENDING, Goal
from .waiting import Seen, Watch

Found = TypeVar("Found", bound=Seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Generic[Found]):
    """What is to end.

    Attributes:
        request: The call that asks AWS to end it.
        find: Fetches it once, given a deadline; None where AWS does not find it.
        arn: An ARN that names its account; None where the caller's account is known to be the right one.
        is_gone_once_accepted: Whether "not found" means "ended" as soon as AWS has taken the request.
        age_seconds: How long ago AWS accepted its start: what is young may not be found yet.
    """

    request: Call
    find: Callable[[float], Found | None]
    goal: Goal
    arn: str | None
    is_gone_once_accepted: bool
    timeout_seconds: float
    age_seconds: float | None


def end(aws: Aws, wanted: Ending[Found]) -> Found | None:
    """Ask AWS to end it, and wait until it has ended. Harmless where it has ended, or is gone.

    Returns:
        It as it ended, None where AWS is certain not to know it any more.

    Raises:
        AccountMismatchError: The credentials are of another account.
        WaitTimeoutError: It was not seen to end in time.
    """
    begun = aws.clock.monotonic()
    deadline = begun + wanted.timeout_seconds
    accepted = _request_end(aws, wanted.request, deadline)
    absence = Absence(since=begun, age_seconds=wanted.age_seconds)
    watch = Watch(
        goal=wanted.goal,
        subject=wanted.request.subject,
        timeout_seconds=wanted.timeout_seconds,
        since=begun,
        # It is not found, or not in a state to be ended: the first look shows whether that means "ended".
        looks_at_once=not accepted,
        absence=None if accepted and wanted.is_gone_once_accepted else absence,
    )
    is_account_known = wanted.arn is None
    aws.clock.sleep(watch.first_delay())
    while True:
        found = wanted.find(deadline)
        if found is None and not is_account_known:
            demand_account(aws, str(wanted.arn), subject=watch.subject, deadline=deadline)
            is_account_known = True
        if found is not None and found.status not in ENDING and not accepted:
            # AWS refused while it was still starting: without another request it would go on.
            accepted = _request_end(aws, wanted.request, deadline)
        if watch.is_over(found, aws.clock.monotonic()):
            return found
        aws.clock.sleep(watch.next_delay(aws.clock.monotonic()))


def _request_end(aws: Aws, call: Call, deadline: float) -> bool:
    """Return whether AWS took the request: it does not where it finds nothing, or nothing in a state to be ended."""
    try:
        send(aws, call, deadline=deadline)
    except (NotFoundError, ConflictError):
        return False
    return True
