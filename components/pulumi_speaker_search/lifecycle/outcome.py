"""What became of a task or a pipeline, in this project's own words. They are defined here and nowhere else.

A speaker search task is a job that runs once. AWS's status words say what a task does at the moment; these words say
what that means for the declaration: whether something listens, and whether something is left to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from .status import PipelineStatus, TaskStatus


class Outcome(StrEnum):
    """The value of the output `outcome`."""

    STARTING = "starting"
    """AWS has accepted the start. Nothing is wrong, and nothing is known yet."""
    WAITING_FOR_AUDIO = "waiting_for_audio"
    """It has been starting for longer than a start takes: the stream most likely sends nothing yet."""
    RUNNING = "running"
    """It listens, or may listen: AWS says InProgress, Stopping, Paused, or a word that is not known here."""
    ENDED = "ended"
    """It does not listen, and nothing starts in its place until the declaration asks for it."""
    FAILED = "failed"
    """AWS says Failed: it does not listen, and may never have."""
    GONE = "gone"
    """AWS does not know it any more: results are deleted after 7 days [D va-data-retention], and a task is not found
    once its pipeline is gone. It does not listen."""


FINAL: Final = frozenset({Outcome.ENDED, Outcome.FAILED, Outcome.GONE})
"""Nothing listens any more, and nothing will again under this id."""

AUDIO_PATIENCE_SECONDS: Final = 10.0
"""How old a start is when it is said to wait for audio. AWS publishes no figure for a start; terraform's acceptance
tests and AWS's samples see seconds, so three times the 3 s that the wait expects."""

NOT_STARTED: Final = "not-started"
"""The id of a resource that was declared with `listen` off: AWS was asked for nothing."""

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
    """Return the outcome of a task that AWS knows under `status`.

    Args:
        status: AWS's word. One that is not known here counts as running: it may listen.
        age_seconds: How long ago AWS accepted the start.
    """
    outcome = _BY_STATUS.get(status, Outcome.RUNNING)
    if outcome is Outcome.STARTING and age_seconds >= AUDIO_PATIENCE_SECONDS:
        return Outcome.WAITING_FOR_AUDIO
    return outcome


def recorded_outcome(outputs: Mapping[str, Any], status_property: str) -> Outcome:
    """Return the outcome that state holds; state of release 0.1.0 holds AWS's status only."""
    recorded = outputs.get("outcome")
    if recorded in set(Outcome):
        return Outcome(str(recorded))
    return outcome_of(str(outputs.get(status_property)), age_seconds=0.0)
