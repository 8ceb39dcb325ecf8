"""Doubt: the answer to a start was lost and retries ran out, so AWS may have done it all the same.

The same request is asked once more with the same token, which names what it started: so it is found, and recorded as
if the first answer had come. To end it instead would cost the declaration its one search. Where even that fails, the
error says that something may run, and what finds it.
"""

from __future__ import annotations

from typing import Any, Final

from .aws_call import Aws, Call, send
from .errors import OutcomeUnknownError, SpeakerSearchError

DOUBT_SECONDS: Final = 20.0
"""How long the last questions may take, beyond the time-out."""


def send_start(aws: Aws, call: Call, *, deadline: float, may_run: str, finds_it: str) -> dict[str, Any]:
    """Return the answer to a start, asked again with the same token where it was lost.

    Args:
        deadline: On `aws.clock.monotonic()`; a doubt takes up to `DOUBT_SECONDS` more.
        may_run: What is to be feared where nothing is known.
        finds_it: What the user can do then.

    Raises:
        OutcomeUnknownError: Nothing is known.
        SpeakerSearchError: AWS said no, and nothing was started.
    """
    try:
        return send(aws, call, deadline=deadline)
    except OutcomeUnknownError as lost:
        try:
            return send(aws, call, deadline=aws.clock.monotonic() + DOUBT_SECONDS)
        except SpeakerSearchError as failed:
            raise OutcomeUnknownError(
                f"{lost.what}; {may_run} ({failed.what})",
                action=call.action,
                subject=call.subject,
                remedy=finds_it,
                aws_code=lost.aws_code,
                request_id=lost.request_id,
            ) from failed
