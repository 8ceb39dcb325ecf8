"""Recover a start whose response was lost when no retry was left: AWS may have started it.

The same request is sent again with the same ClientRequestToken. AWS answers with what the token has started, so it is
recorded as if the first response had come. To end it instead would cost the declaration its one search. If that fails
too, the error says that something may run, and which command finds it.
"""

from __future__ import annotations

from typing import Any, Final

from .aws_call import Aws, Call, send
from .errors import OutcomeUnknownError, SpeakerSearchError

RECOVERY_TIMEOUT_SECONDS: Final = 20.0
"""Time for the recovery, beyond the time-out of the start."""


def send_start(
    aws: Aws, call: Call, *, deadline: float, unresolved_message: str, unresolved_remedy: str
) -> dict[str, Any]:
    """Send a start, and send it again with the same token if its response was lost.

    Args:
        deadline: On `aws.clock.monotonic()`; a recovery takes up to `RECOVERY_TIMEOUT_SECONDS` more.
        unresolved_message: Part of the error if the outcome stays unknown: what may be running.
        unresolved_remedy: Sentences of that error: what the user can do.

    Returns:
        AWS's response.

    Raises:
        OutcomeUnknownError: The outcome stays unknown.
        SpeakerSearchError: AWS refused the start, and nothing was started.
    """
    try:
        return send(aws, call, deadline=deadline)
    except OutcomeUnknownError as lost:
        try:
            return send(aws, call, deadline=aws.clock.monotonic() + RECOVERY_TIMEOUT_SECONDS)
        except SpeakerSearchError as failed:
            raise OutcomeUnknownError(
                f"{lost.reason}; {unresolved_message} ({failed.reason})",
                action=call.action,
                subject=call.subject,
                remedy=unresolved_remedy,
                aws_code=lost.aws_code,
                request_id=lost.request_id,
            ) from failed
