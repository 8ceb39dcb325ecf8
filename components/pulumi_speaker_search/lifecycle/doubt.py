"""Doubt: the answer to a start was lost and retries ran out, so AWS may have done it all the same.

The same request is asked once more with the same token, which names what it started; that is ended, because
nobody would record it. Where even that fails, the error says that something may run, and what finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .aws_call import Aws, Call, send
from .errors import OutcomeUnknownError, SpeakerSearchError

DOUBT_SECONDS: Final = 20.0
"""How long the last questions may take, beyond the time-out; and again the end of what they find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to end what such a start made, and how to speak of it.

    Attributes:
        end: Ends what AWS's answer names, and gives its id.
        may_run: What is to be feared where nothing is known.
        finds_it: What the user can do then.
        ended: What was done otherwise, as a pattern with `{id}`.
        go_on: What the user can do then.
    """

    end: Callable[[Mapping[str, Any]], str]
    may_run: str
    finds_it: str
    ended: str
    go_on: str


def settle(aws: Aws, call: Call, lost: OutcomeUnknownError, way: Way) -> tuple[SpeakerSearchError, bool]:
    """Asks again, and ends what is found. The error to raise, and whether nothing runs any more."""
    try:
        answer = send(aws, call, deadline=aws.clock.monotonic() + DOUBT_SECONDS)
        id_ = way.end(answer)
    except SpeakerSearchError as failed:
        return _told(call, lost, f"{way.may_run} ({failed.what})", way.finds_it), False
    return _told(call, lost, way.ended.format(id=id_), way.go_on), True


def _told(call: Call, lost: OutcomeUnknownError, what: str, remedy: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        f"{lost.what}; {what}",
        action=call.action,
        subject=call.subject,
        remedy=remedy,
        aws_code=lost.aws_code,
        request_id=lost.request_id,
    )
