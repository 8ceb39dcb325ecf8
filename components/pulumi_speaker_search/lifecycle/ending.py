"""End a task or pipeline in AWS, or delete a voice profile, and wait until it has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .absence import Absence, require_account
from .aws_call import Aws, Call, send
from .errors import ConflictError, NotFoundError
from .status import ENDING, WaitTarget
from .waiting import StatusSnapshot, StatusWaiter

Found = TypeVar("Found", bound=StatusSnapshot)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRequest(Generic[Found]):
    """The task, pipeline or voice profile to end.

    Attributes:
        call: Call that asks AWS to end it.
        find: Fetch it once, before a deadline on the monotonic clock; return None if AWS does not find it.
        target: Status to wait for.
        arn: ARN that names its account; None if the credentials are known to be of that account.
        is_gone_once_accepted: True if "not found" means "ended" as soon as AWS has accepted the request.
        age_seconds: How long ago AWS accepted its start, because a new resource may not be found yet; None if unknown.
        on_accepted: Called with AWS's response when AWS has accepted the request.
    """

    call: Call
    find: Callable[[float], Found | None]
    target: WaitTarget
    arn: str | None
    is_gone_once_accepted: bool
    timeout_seconds: float
    age_seconds: float | None
    on_accepted: Callable[[Mapping[str, Any]], None] = lambda _response: None


def end(aws: Aws, request: EndRequest[Found]) -> Found | None:
    """Ask AWS to end it, and wait until it has ended. Do nothing if it has ended or is gone.

    Returns:
        Its last description, or None if AWS certainly does not know it any more.

    Raises:
        AccountMismatchError: The credentials are of another account.
        WaitTimeoutError: It did not end within `timeout_seconds`.
    """
    started = aws.clock.monotonic()
    deadline = started + request.timeout_seconds
    accepted = _request_end(aws, request, deadline)
    absence = Absence(since=started, age_seconds=request.age_seconds)
    waiter = StatusWaiter(
        target=request.target,
        subject=request.call.subject,
        timeout_seconds=request.timeout_seconds,
        since=started,
        # AWS did not find it, or could not end it in its state: the first poll shows whether it has ended.
        polls_immediately=not accepted,
        absence=None if accepted and request.is_gone_once_accepted else absence,
    )
    is_account_known = request.arn is None
    aws.clock.sleep(waiter.first_delay())
    while True:
        found = request.find(deadline)
        if found is None and not is_account_known:
            require_account(aws, str(request.arn), subject=waiter.subject, deadline=deadline)
            is_account_known = True
        if found is not None and found.status not in ENDING and not accepted:
            # AWS refused the request while it was starting. Without another request it would continue to run.
            accepted = _request_end(aws, request, deadline)
        if waiter.is_done(found, aws.clock.monotonic()):
            return found
        aws.clock.sleep(waiter.next_delay(aws.clock.monotonic()))


def _request_end(aws: Aws, request: EndRequest[Found], deadline: float) -> bool:
    """Return whether AWS accepted the request; not if it does not find the resource or its state does not allow it."""
    try:
        response = send(aws, request.call, deadline=deadline)
    except (NotFoundError, ConflictError):
        return False
    request.on_accepted(response)
    return True
