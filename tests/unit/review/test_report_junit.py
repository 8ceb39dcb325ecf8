"""JUnit: one case for each verdict, and a review that is not complete fails."""

from __future__ import annotations

import time

import pytest
from junitparser import Failure, JUnitXml, Skipped, TestCase
from speaker_search_operations.review.report_junit import report_junit
from speaker_search_operations.review.review_model import Review
from speaker_search_operations.review.untrusted_text import printable

from tests.unit.review.report_reading import _several
from tests.unit.review.sample_review import HOSTILE, hostile_review, review


def cases(made: Review) -> dict[str, TestCase]:
    suites = JUnitXml.fromstring(report_junit(made).encode())
    return {case.name.partition(":")[0]: case for suite in suites for case in suite}


# JUnit


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("in-force", [Failure]),
        ("known", [Skipped]),
        ("off", [Skipped]),
        ("retention", [Skipped]),
        ("advice", []),
        ("tags", []),
        ("covers", []),
    ],
)
def test_junit_has_one_case_for_each_verdict(rule: str, kinds: list[type]) -> None:
    assert [type(result) for result in cases(review())[rule].result] == kinds


def test_junit_says_until_when_and_by_whom_something_is_exempted() -> None:
    assert "until 2027-01-31 by privacy-office (DPIA-17)" in cases(review())["retention"].result[0].message


def test_junit_s_totals_are_those_of_its_cases() -> None:
    suites = JUnitXml.fromstring(report_junit(review()).encode())
    assert (suites.tests, suites.failures, suites.skipped, suites.errors) == (7, 1, 3, 0)


def test_a_review_that_is_not_complete_fails_in_junit() -> None:
    assert cases(review(gaps=("it ended early",)))["is complete"].result[0].message == "it ended early"


def test_a_hostile_text_stands_in_junit_as_it_is() -> None:
    assert printable(HOSTILE) in cases(hostile_review())["in-force"].result[0].text


def test_junit_keeps_each_of_several_findings_of_a_rule_on_a_resource() -> None:
    (suite,) = JUnitXml.fromstring(report_junit(_several(3)).encode())
    assert [case.name for case in suite] == [
        "in-force: VideoStream search",
        "in-force: VideoStream search (2)",
        "in-force: VideoStream search (3)",
    ]
    assert [case.result[0].message for case in suite] == ["fault 0", "fault 1", "fault 2"]


def test_junit_takes_time_in_proportion_to_its_judgements() -> None:
    """In CPU time, and the best of three: other tests run beside this one."""

    def seconds(made: Review) -> float:
        start = time.process_time()
        report_junit(made)
        return time.process_time() - start

    few, many = _several(400), _several(4000)
    report_junit(few)  # imports and caches
    assert min(seconds(many) for _ in range(3)) < 20 * max(min(seconds(few) for _ in range(3)), 0.01)
