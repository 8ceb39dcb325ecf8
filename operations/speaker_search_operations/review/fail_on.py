"""When the command's exit code says no."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from .review_model import Review, Verdict

EXIT_PASSED: Final = 0
EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2
EXIT_INCOMPLETE: Final = 3


class FailOn(StrEnum):
    """The mildest thing that fails; each takes in those before it."""

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
    """The verdicts that fail."""
    if fail_on is FailOn.NONE:
        return frozenset()
    last = next(number for number, (level, _) in enumerate(_ORDER) if level is fail_on)
    return frozenset(verdict for _, verdict in _ORDER[: last + 1])


def exit_code(review: Review, fail_on: FailOn) -> int:
    """0, or 1 for findings, or 3 where nothing was found but the review is not complete."""
    if any(one.verdict in failing_verdicts(fail_on) for one in review.judgements):
        return EXIT_FINDINGS
    return EXIT_INCOMPLETE if review.gaps else EXIT_PASSED
