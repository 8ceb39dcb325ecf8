"""Recognise a response to a start that returns what an earlier start with the same ClientRequestToken created."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol

from .aws_call import Aws
from .status import ENDED

REPLAY_SLACK: Final = timedelta(seconds=2)
"""How much older than its request a new resource may seem, because AWS's Date header has whole seconds."""


class Created(Protocol):
    """A task or pipeline with its time of creation."""

    @property
    def created(self) -> datetime | None:
        """When AWS made it, by AWS's clock."""


class Known(Created, Protocol):
    """A task or pipeline as AWS describes it."""

    @property
    def id(self) -> str:
        """AWS's id."""

    @property
    def status(self) -> str:
        """Status as AWS returns it."""


def is_replay(made: Created, *, asked_seconds: float, clock_difference: timedelta, aws: Aws) -> bool:
    """Return whether `made` is older than the request whose response contains it.

    Args:
        asked_seconds: How long ago this run first sent the token.
        clock_difference: AWS's clock minus this machine's (`clock_difference_to_aws`).
    """
    if made.created is None:
        return False
    age = aws.clock.now() + clock_difference - made.created
    return age > timedelta(seconds=asked_seconds) + REPLAY_SLACK


def has_ended_since(made: Known, *, was_replayed: bool, aws: Aws) -> bool:
    """Return whether a start returned a resource that an earlier start created and that has ended since."""
    return aws.memory.has_ended(made.id) or (was_replayed and made.status in ENDED)


def clock_difference_to_aws(aws: Aws, answer: Mapping[str, Any]) -> timedelta:
    """Return AWS's clock minus this machine's, from the Date header of a response; zero without one."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return timedelta()
    return date.astimezone(UTC) - aws.clock.now()
