"""A check as a value, and probes that run side by side: one that fails or hangs hides no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pulumi_speaker_search.speaker_search_error import SpeakerSearchError


class Verdict(StrEnum):
    """What a check says. `UNKNOWN`: it could not be checked, which is never `OK`."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The result of one check.

    Attributes:
        name: What was checked; scripts rely on it.
        found: What was found, in sentences; no secret.
        remedy: The command or page that helps; None if there is nothing to do.
        region: The region it is about; None if it is about none.
    """

    name: str
    verdict: Verdict
    found: str
    remedy: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that makes checks.

    Attributes:
        name: The name of its check, or of the first of them.
        run: Returns the checks.
        remedy: What helps if it fails or hangs.
    """

    name: str
    run: Callable[[], Sequence[Check]]
    remedy: str
    region: str | None = None

    def unknown(self, reason: str) -> Check:
        """Return the check of a probe that could not say anything."""
        return Check(
            name=self.name, verdict=Verdict.UNKNOWN, found=reason, remedy=self.remedy, region=self.region
        )


DETAILED: Final = (SpeakerSearchError,)
"""Errors whose text holds no secret. Of all others only the type is shown."""


def run_side_by_side(probes: Sequence[Probe], timeout_seconds: float) -> list[Check]:
    """Return the checks of all probes, in their order. A probe that is not done in time is unknown.

    The threads are daemons: one that hangs does not keep the process alive.
    """
    running: list[tuple[Probe, Future[Sequence[Check]]]] = [(probe, Future()) for probe in probes]
    for probe, future in running:
        threading.Thread(target=_run, args=(probe, future), name=probe.name, daemon=True).start()
    deadline = time.monotonic() + timeout_seconds
    return [check for probe, future in running for check in _result(probe, future, deadline, timeout_seconds)]


def _run(probe: Probe, future: Future[Sequence[Check]]) -> None:
    try:
        future.set_result(probe.run())
    except BaseException as error:  # noqa: BLE001 # it is reported in the thread that waits
        future.set_exception(error)


def _result(
    probe: Probe, future: Future[Sequence[Check]], deadline: float, timeout_seconds: float
) -> Sequence[Check]:
    try:
        return future.result(max(0.0, deadline - time.monotonic()))
    except TimeoutError as error:
        # A probe may raise a TimeoutError of its own.
        reason = type(error).__name__ if future.done() else f"There was no answer in {timeout_seconds:g} s."
        return [probe.unknown(reason)]
    except DETAILED as error:
        return [probe.unknown(reason_of(error))]
    except Exception as error:  # noqa: BLE001 # whatever fails in one check is that check's result
        return [probe.unknown(f"The check failed: {type(error).__name__}.")]


def reason_of(error: SpeakerSearchError) -> str:
    """Return the text of an error as a sentence."""
    return str(error).rstrip(".") + "."
