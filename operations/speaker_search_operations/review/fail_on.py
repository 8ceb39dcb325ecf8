"""Map a review to the exit code of the command."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from .review_model import Review, Verdict

EXIT_PASSED: Final = 0
EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2
EXIT_INCOMPLETE: Final = 3


class FailOn(StrEnum):
    """The lowest severity that fails the review; those before it are included."""

    NONE = "none"
    MANDATORY = "mandatory"
    UNKNOWN = "unknown"
    ADVISORY = "advisory"
    EXEMPTED = "exempted"


_ORDER: Final = (
    (FailOn.MANDATORY, Verdict.REFUSED),
    (FailOn.UNKNOWN, Verdict.UNKNOWN),
    (FailOn.ADVISORY, Verdict.ADVISED),
    (FailOn.EXEMPTED, Verdict.EXEMPTED),
)


def failing_verdicts(fail_on: FailOn) -> frozenset[Verdict]:
    """Return the verdicts that fail the review."""
    if fail_on is FailOn.NONE:
        return frozenset()
    last = next(number for number, (level, _) in enumerate(_ORDER) if level is fail_on)
    return frozenset(verdict for _, verdict in _ORDER[: last + 1])


def exit_code(review: Review, fail_on: FailOn) -> int:
    """Return 1 for findings, 3 for a review that is not complete, otherwise 0."""
    if any(judgement.verdict in failing_verdicts(fail_on) for judgement in review.judgements):
        return EXIT_FINDINGS
    return EXIT_INCOMPLETE if review.gaps else EXIT_PASSED
