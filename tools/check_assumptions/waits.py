"""How long the questions wait for AWS."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Waits:
    """Durations in seconds. AWS documents 15 s of silence, and 10 and 20 s of speech.

    Attributes:
        poll: Between two reads of a status.
        settled: Until a status that was reached is taken to be final.
        silence: Until a pipeline without audio must have ended.
        longest: Until a status that does not change is given up.
    """

    poll: float = 1.0
    settled: float = 5.0
    silence: float = 30.0
    longest: float = 180.0
