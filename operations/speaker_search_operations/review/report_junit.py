"""`report.junit.xml`: one test suite for each pack, one test case for each rule and resource.

A refusal is a failure. What could not be known and what is exempted is skipped, with the reason, so that no dashboard
counts it as passed. An advisory passes with its text as output.
"""

from __future__ import annotations

from typing import Final

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from .review_model import Judgement, Review, Verdict

_SKIPPED: Final = {Verdict.UNKNOWN: "could not be known", Verdict.EXEMPTED: "exempted"}


def report_junit(review: Review) -> str:
    """The review as JUnit XML."""
    xml = JUnitXml("speaker-search review")
    for pack in review.packs:
        suite = TestSuite(pack.name)
        suite.add_property("version", pack.version)
        suite.add_property("digest", pack.digest)
        suite.timestamp = review.provenance.generated_at.isoformat(timespec="seconds")
        for judgement in review.judgements:
            if judgement.pack == pack.name:
                suite.add_testcase(_case(review, judgement))
        xml.add_testsuite(suite)
    if review.gaps:
        suite = TestSuite("the review itself")
        for gap in review.gaps:
            case = TestCase("is complete", classname="review")
            case.result = [Failure(gap, "incomplete")]
            suite.add_testcase(case)
        xml.add_testsuite(suite)
    xml.update_statistics()  # type: ignore[no-untyped-call]
    text: str = xml.tostring().decode("utf-8")  # type: ignore[no-untyped-call]
    return text + "\n"


def _case(review: Review, judgement: Judgement) -> TestCase:
    case = TestCase(f"{judgement.rule}: {review.label(judgement.urn)}", classname=judgement.pack)
    rule = review.rule(judgement)
    if judgement.verdict is Verdict.REFUSED:
        failure = Failure(judgement.message.split("\n")[0], rule.severity or "mandatory")
        failure.text = "\n".join(part for part in (judgement.message, rule.remediation) if part)
        case.result = [failure]
    elif judgement.verdict in _SKIPPED:
        case.result = [Skipped(f"{_SKIPPED[judgement.verdict]}: {_reason(judgement)}")]
    elif judgement.verdict is Verdict.ADVISED:
        case.system_out = f"advisory: {judgement.message}"
    return case


def _reason(judgement: Judgement) -> str:
    exemption = judgement.exemption
    if exemption is None:
        return judgement.message
    return f"until {exemption.until} by {exemption.owner} ({exemption.reference}): {judgement.message}"
