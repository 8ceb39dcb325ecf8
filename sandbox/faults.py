"""Faults that the control API asks for: what goes wrong, with which call, and how often it did."""

import random
import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.settings import is_amount

KINDS = (
    "throttle",  # 429, nothing is done
    "service_failure",  # 500, nothing is done
    "service_unavailable",  # 503, nothing is done
    "not_found",  # 404, nothing is done; never for a Create
    "forbidden",  # 403, nothing is done
    "conflict",  # 409, nothing is done
    "answer_lost",  # the work is done, then the connection is dropped
    "hang",  # `seconds` pass before the work is done and answered
    "hang_after_work",  # the work is done, then `seconds` pass before the answer
    "fails_later",  # a start is accepted; the task or pipeline goes to Failed instead of InProgress
)
# What `fails_later` can hit.
STARTS = ("CreateMediaInsightsPipeline", "StartSpeakerSearchTask", "StartVoiceToneAnalysisTask")
HANGS = ("hang", "hang_after_work")


@dataclass(frozen=True)
class Fault:
    """One instruction. Either `nth` (1 = the next fitting call) or `rate` (0–1, drawn with `seed`)."""

    kind: str
    operation: str = "*"
    service: str = "*"
    nth: int | None = None
    rate: float | None = None
    seed: int = 0
    times: int | None = None
    """At most so often; None = no limit (a fault with `nth` fires once)."""
    seconds: float = 0.0
    """How long a hang takes."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise _wrong(f"kind {self.kind!r}", f"one of {', '.join(KINDS)}")
        if (self.nth is None) == (self.rate is None):
            raise _wrong("nth and rate", "exactly one of them")
        if self.nth is not None and (not is_amount(self.nth) or self.nth < 1 or self.nth != int(self.nth)):
            raise _wrong(f"nth {self.nth!r}", "a whole number from 1")
        if self.rate is not None and (not is_amount(self.rate) or self.rate > 1):
            raise _wrong(f"rate {self.rate!r}", "a number from 0 to 1")
        if not is_amount(self.seconds) or (self.kind in HANGS) != (self.seconds > 0):
            raise _wrong(
                f"seconds {self.seconds!r} with {self.kind}", "more than 0 for a hang and 0 otherwise"
            )

    def fits(self, service: str, operation: str) -> bool:
        able = {"fails_later": operation in STARTS, "not_found": not operation.startswith("Create")}.get(
            self.kind, True
        )
        return able and self.operation in {"*", operation} and self.service in {"*", service}


@dataclass
class _Armed:
    number: int
    fault: Fault
    draws: random.Random
    seen: int = 0
    fired: int = 0

    def fires(self) -> bool:
        """Whether this fitting call is hit. Counts it, and keeps the sequence of draws going."""
        self.seen += 1
        if self.fault.nth is not None:
            return self.seen == self.fault.nth
        hit = self.draws.random() < (self.fault.rate or 0.0)
        return hit and (self.fault.times is None or self.fired < self.fault.times)


@dataclass
class Faults:
    """The instructions in force. The first that hits a call is the one that fires."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _armed: list[_Armed] = field(default_factory=list)
    _fired: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    def add(self, fault: Fault) -> int:
        """The number under which it is listed."""
        with self._lock:
            self._number += 1
            # Reproducible on purpose: a failing seed has to fail again.
            self._armed.append(_Armed(self._number, fault, random.Random(fault.seed)))  # noqa: S311
            return self._number

    def draw(self, service: str, operation: str) -> Fault | None:
        """The fault that hits this call. Every fitting instruction sees the call, whichever fires."""
        with self._lock:
            hits = [one for one in self._armed if one.fault.fits(service, operation) and one.fires()]
            if not hits:
                return None
            hits[0].fired += 1
            self._fired[hits[0].fault.kind] += 1
            return hits[0].fault

    def clear(self) -> None:
        """Forgets the instructions; the counts of what fired stay until `reset`."""
        with self._lock:
            self._armed.clear()

    def reset(self) -> None:
        with self._lock:
            self._armed.clear()
            self._fired.clear()

    def listing(self) -> dict[str, Any]:
        with self._lock:
            return {
                "faults": [
                    {"number": one.number, **asdict(one.fault), "seen": one.seen, "fired": one.fired}
                    for one in self._armed
                ],
                "fired": dict(self._fired),
            }


def _wrong(what: str, right: str) -> ValueError:
    return ValueError(f"A fault can't have {what}: it takes {right}.")
