"""Write `report.junit.xml`: one test suite per pack, one test case per rule and resource.

A refusal is a failure. A case that could not be judged, is switched off or is exempted is skipped, with the
reason, so that no dashboard counts it as passed. An advisory passes, with its text as output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from .review_model import Judgement, Review, Verdict

_SKIPPED: Final = {
    Verdict.UNKNOWN: "could not be judged",
    Verdict.SKIPPED: "switched off",
    Verdict.EXEMPTED: "exempted",
}


def report_junit(review: Review) -> str:
    """Return the review as JUnit XML."""
    xml = JUnitXml("speaker-search review")
    by_pack: dict[str, list[Judgement]] = {}
    for judgement in review.judgements:
        by_pack.setdefault(judgement.pack, []).append(judgement)
    for pack in review.packs:
        suite = TestSuite(pack.name)
        suite.add_property("version", pack.version)
        suite.add_property("digest", pack.digest)
        suite.timestamp = review.provenance.generated_at.isoformat(timespec="seconds")
        # All at once: `add_testcase` counts the whole suite again each time.
        suite.add_testcases(list(_cases(review, by_pack.get(pack.name, ()))))
        xml.append(suite)  # type: ignore[no-untyped-call]
    if review.gaps:
        suite = TestSuite("the review itself")
        for number, gap in enumerate(review.gaps, start=1):
            case = TestCase(_numbered("is complete", number), classname="review")
            case.result = [Failure(gap, "incomplete")]
            suite.add_testcase(case)
        xml.append(suite)  # type: ignore[no-untyped-call]
    xml.update_statistics()  # type: ignore[no-untyped-call]
    text: str = xml.tostring().decode("utf-8")  # type: ignore[no-untyped-call]
    return text + "\n"


def _cases(review: Review, judgements: Iterable[Judgement]) -> Iterator[TestCase]:
    """Yield one case per judgement. Readers identify cases by their names, so each name is unique."""
    names: Counter[str] = Counter()
    for judgement in judgements:
        name = f"{judgement.rule}: {review.label(judgement.urn)}"
        names[name] += 1
        yield _case(review, judgement, _numbered(name, names[name]))


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} ({number})"


def _case(review: Review, judgement: Judgement, name: str) -> TestCase:
    case = TestCase(name, classname=judgement.pack)
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
