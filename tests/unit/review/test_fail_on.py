"""Which verdicts end the command with which code."""

from __future__ import annotations

import pytest
from speaker_search_operations.review.fail_on import EXIT_INCOMPLETE, FailOn, exit_code, failing_verdicts
from speaker_search_operations.review.review_model import Verdict

from tests.unit.review.sample_review import one_of_each, review

FAILS = {
    FailOn.NONE: set(),
    FailOn.MANDATORY: {Verdict.REFUSED},
    FailOn.UNKNOWN: {Verdict.REFUSED, Verdict.UNKNOWN},
    FailOn.ADVISORY: {Verdict.REFUSED, Verdict.UNKNOWN, Verdict.ADVISED},
    FailOn.EXEMPTED: {Verdict.REFUSED, Verdict.UNKNOWN, Verdict.ADVISED, Verdict.EXEMPTED},
}


@pytest.mark.parametrize("level", list(FailOn))
def test_a_level_takes_in_those_before_it(level: FailOn) -> None:
    assert failing_verdicts(level) == FAILS[level]


@pytest.mark.parametrize("level", list(FailOn))
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_finding_fails_from_its_level_on(level: FailOn, verdict: Verdict) -> None:
    (one,) = (one for one in one_of_each() if one.verdict is verdict)
    assert exit_code(review(judgements=(one,)), level) == (1 if verdict in FAILS[level] else 0)


def test_a_review_that_is_not_complete_has_not_passed_even_where_nothing_fails() -> None:
    (passed,) = (one for one in one_of_each() if one.verdict is Verdict.PASSED)
    assert exit_code(review(judgements=(passed,), gaps=("it ended early",)), FailOn.NONE) == EXIT_INCOMPLETE
