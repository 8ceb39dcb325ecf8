"""Faults that the control API injects: which calls they hit, and how often they have fired.

`sandbox.server.application` applies the fault that `Faults.draw` returns for a call.
"""

import random
import threading
from collections import Counter
from collections.abc import Mapping
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
    "hang_after_work",  # the work is done, then `seconds` pass before the response
    "fails_later",  # a start is accepted; the task or pipeline goes to Failed instead of InProgress
)
# The only operations that `fails_later` hits.
STARTS = ("CreateMediaInsightsPipeline", "StartSpeakerSearchTask", "StartVoiceToneAnalysisTask")
HANGS = ("hang", "hang_after_work")


@dataclass(frozen=True)
class ErrorCodes:
    """The codes with which different services answer the same fault."""

    chime: str
    kinesis_video: str
    moto: str


ERROR_CODES: Mapping[str, ErrorCodes] = {
    "throttle": ErrorCodes("ThrottledClientException", "ClientLimitExceededException", "ThrottlingException"),
    "service_failure": ErrorCodes("ServiceFailureException", "InternalFailure", "InternalFailure"),
    "not_found": ErrorCodes("NotFoundException", "ResourceNotFoundException", "ResourceNotFoundException"),
    "forbidden": ErrorCodes("ForbiddenException", "NotAuthorizedException", "AccessDeniedException"),
    "conflict": ErrorCodes("ConflictException", "ResourceInUseException", "ConflictException"),
    "service_unavailable": ErrorCodes(
        "ServiceUnavailableException", "ServiceUnavailable", "ServiceUnavailable"
    ),
}
"""The kinds that are answered with an error in place of the work."""


@dataclass(frozen=True)
class Fault:
    """One instruction: hit the `nth` matching call (1 = the next), or each at a `rate` (0–1, drawn with `seed`).

    Raises:
        ValueError: A field is out of its range, or does not fit the kind.
    """

    kind: str
    operation: str = "*"
    service: str = "*"
    nth: int | None = None
    rate: float | None = None
    seed: int = 0
    times: int | None = None
    """Maximum number of hits; None: no limit (a fault with `nth` fires once)."""
    seconds: float = 0.0
    """Duration of a hang."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise _invalid(f"kind {self.kind!r}", f"one of {', '.join(KINDS)}")
        if (self.nth is None) == (self.rate is None):
            raise _invalid("nth and rate", "exactly one of them")
        if self.nth is not None and (not is_amount(self.nth) or self.nth < 1 or self.nth != int(self.nth)):
            raise _invalid(f"nth {self.nth!r}", "a whole number from 1")
        if self.rate is not None and (not is_amount(self.rate) or self.rate > 1):
            raise _invalid(f"rate {self.rate!r}", "a number from 0 to 1")
        if not is_amount(self.seconds) or (self.kind in HANGS) != (self.seconds > 0):
            raise _invalid(
                f"seconds {self.seconds!r} with {self.kind}", "more than 0 for a hang and 0 otherwise"
            )

    def matches(self, service: str, operation: str) -> bool:
        """Return whether the fault can hit a call of this operation."""
        possible = {"fails_later": operation in STARTS, "not_found": not operation.startswith("Create")}.get(
            self.kind, True
        )
        return possible and self.operation in {"*", operation} and self.service in {"*", service}


@dataclass
class _ActiveFault:
    number: int
    fault: Fault
    random: random.Random
    seen: int = 0
    fired: int = 0

    def hits(self) -> bool:
        """Count a matching call, advance the random sequence, and return whether the call is hit."""
        self.seen += 1
        if self.fault.nth is not None:
            return self.seen == self.fault.nth
        hit = self.random.random() < (self.fault.rate or 0.0)
        return hit and (self.fault.times is None or self.fired < self.fault.times)


@dataclass
class Faults:
    """The active faults. The first that hits a call is the one that fires."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _active: list[_ActiveFault] = field(default_factory=list)
    _fired: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    def add(self, fault: Fault) -> int:
        """Activate a fault and return its number."""
        with self._lock:
            self._number += 1
            # Reproducible on purpose: a failing seed has to fail again.
            self._active.append(_ActiveFault(self._number, fault, random.Random(fault.seed)))  # noqa: S311
            return self._number

    def draw(self, service: str, operation: str) -> Fault | None:
        """Return the fault that hits this call, if any. Every matching fault counts the call, whichever fires."""
        with self._lock:
            hits = [
                active
                for active in self._active
                if active.fault.matches(service, operation) and active.hits()
            ]
            if not hits:
                return None
            hits[0].fired += 1
            self._fired[hits[0].fault.kind] += 1
            return hits[0].fault

    def clear(self) -> None:
        """Deactivate all faults. The counts of those that fired stay until `reset`."""
        with self._lock:
            self._active.clear()

    def reset(self) -> None:
        """Deactivate all faults and clear the counts."""
        with self._lock:
            self._active.clear()
            self._fired.clear()

    def listing(self) -> dict[str, Any]:
        """Return the active faults and the number of hits by kind, as the control API lists them."""
        with self._lock:
            return {
                "faults": [
                    {
                        "number": active.number,
                        **asdict(active.fault),
                        "seen": active.seen,
                        "fired": active.fired,
                    }
                    for active in self._active
                ],
                "fired": dict(self._fired),
            }


def _invalid(value: str, expected: str) -> ValueError:
    return ValueError(f"A fault can't have {value}: it takes {expected}.")
