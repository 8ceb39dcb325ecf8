"""Whether AWS answered a start with something that an earlier start of the same ClientRequestToken had made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol

from .aws_call import Aws
from .status import ENDED

REPLAY_SLACK: Final = timedelta(seconds=2)
"""How much older than its request a new resource may look: AWS's Date has whole seconds."""


class Created(Protocol):
    """A task or a pipeline."""

    @property
    def created(self) -> datetime | None:
        """When AWS made it, by AWS's clock."""


class Known(Created, Protocol):
    """The same, with what AWS says of it."""

    @property
    def id(self) -> str:
        """AWS's id."""

    @property
    def status(self) -> str:
        """AWS's word."""


def is_replay(made: Created, *, asked_seconds: float, clock_difference: timedelta, aws: Aws) -> bool:
    """Tell whether `made` is older than the request that was answered with it.

    Args:
        asked_seconds: How long ago the token was first asked in this run.
        clock_difference: AWS's clock minus this machine's (`difference`).
    """
    if made.created is None:
        return False
    age = aws.clock.now() + clock_difference - made.created
    return age > timedelta(seconds=asked_seconds) + REPLAY_SLACK


def is_over(made: Known, *, was_replayed: bool, aws: Aws) -> bool:
    """Tell whether a start was answered with what an earlier start of the token had made, and that has ended."""
    return aws.memory.has_ended(made.id) or (was_replayed and made.status in ENDED)


def difference(aws: Aws, answer: Mapping[str, Any]) -> timedelta:
    """Return AWS's clock minus this machine's, from the Date of an answer; zero where it has none."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return timedelta()
    return date.astimezone(UTC) - aws.clock.now()
