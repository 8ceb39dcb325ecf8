"""Outcomes: what AWS's status of a task or pipeline means for its declaration. They are defined here only.

A speaker search task is a job that runs once. AWS's status says what the task does at the moment; the outcome says
whether something listens, and whether the user has to do something.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from .status import PipelineStatus, TaskStatus


class Outcome(StrEnum):
    """The value of the output `outcome`: what AWS's status means for the declaration. Scripts rely on the words."""

    STARTING = "starting"
    """AWS has accepted the start; the task is not running yet."""
    WAITING_FOR_AUDIO = "waiting_for_audio"
    """The task has been starting for longer than a start takes: most likely the stream has no audio yet."""
    RUNNING = "running"
    """The task listens, or may listen: AWS reports InProgress, Stopping, Paused, or an unknown status."""
    ENDED = "ended"
    """The task does not listen, and nothing starts in its place until the declaration changes."""
    FAILED = "failed"
    """AWS reports Failed: the task does not listen, and possibly never did."""
    GONE = "gone"
    """AWS does not find the task any more: results are deleted after 7 days [D va-data-retention], and a task is not
    found without its pipeline. It does not listen."""


FINAL: Final = frozenset({Outcome.ENDED, Outcome.FAILED, Outcome.GONE})
"""Outcomes after which nothing listens under this id any more."""

AUDIO_PATIENCE_SECONDS: Final = 10.0
"""Age from which a start counts as waiting for audio. AWS publishes no figure for a start; terraform-provider-aws's
acceptance tests and AWS's samples take seconds, so this is three times the 3 s that the wait expects."""

NOT_STARTED: Final = "not-started"
"""Id of a resource that was declared with `listen=False`: nothing was started in AWS."""

_BY_STATUS: Final[Mapping[str, Outcome]] = {
    TaskStatus.NOT_STARTED: Outcome.STARTING,
    TaskStatus.INITIALIZING: Outcome.STARTING,
    TaskStatus.IN_PROGRESS: Outcome.RUNNING,
    TaskStatus.STOPPING: Outcome.RUNNING,
    TaskStatus.STOPPED: Outcome.ENDED,
    TaskStatus.FAILED: Outcome.FAILED,
    PipelineStatus.PAUSED: Outcome.RUNNING,
}


def outcome_of(status: str, *, age_seconds: float) -> Outcome:
    """Return the outcome of a task with this status.

    Args:
        status: Status as AWS returns it. An unknown one counts as running, because the task may listen.
        age_seconds: How long ago AWS accepted the start.
    """
    outcome = _BY_STATUS.get(status, Outcome.RUNNING)
    if outcome is Outcome.STARTING and age_seconds >= AUDIO_PATIENCE_SECONDS:
        return Outcome.WAITING_FOR_AUDIO
    return outcome


def recorded_outcome(outputs: Mapping[str, Any], status_property: str) -> Outcome:
    """Return the outcome in state; for state of release 0.1.0, which has AWS's status only, the one of that status."""
    recorded = outputs.get("outcome")
    if recorded in set(Outcome):
        return Outcome(str(recorded))
    return outcome_of(str(outputs.get(status_property)), age_seconds=0.0)
