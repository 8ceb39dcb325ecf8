"""Ids by which other systems know a finding again: code scanning, test dashboards, and readers of `report.json`.

A fingerprint is SHA-256 over project, stack, pack, rule and URN, joined by NUL characters, with the number of the
finding behind another NUL where these share several. Each was computed with `printf … | sha256sum`.
"""

from __future__ import annotations

import json
from typing import Any

from junitparser import JUnitXml
from speaker_search_operations.review.fail_on import EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_PASSED, EXIT_USAGE
from speaker_search_operations.review.report_files import FILES
from speaker_search_operations.review.report_json import report_json
from speaker_search_operations.review.report_junit import report_junit
from speaker_search_operations.review.report_sarif import report_sarif
from speaker_search_operations.review.review_model import Judgement, Verdict

from tests.unit.review.sample_review import review

URN = "urn:pulumi:prod::calls::pulumi-python:dynamic/chime:SpeakerSearchTask::search"


def refused(urn: str = URN) -> Judgement:
    return Judgement(pack="consent", rule="in-force", urn=urn, verdict=Verdict.REFUSED, message="It is over.")


def sarif_run(*judgements: Judgement) -> dict[str, Any]:
    (run,) = json.loads(report_sarif(review(judgements=judgements)))["runs"]
    found: dict[str, Any] = run
    return found


def fingerprints(*judgements: Judgement) -> list[dict[str, str]]:
    return [result["partialFingerprints"] for result in sarif_run(*judgements)["results"]]


def test_the_fingerprints_of_a_finding_stand() -> None:
    assert fingerprints(refused()) == [
        {
            "ruleAndResource/v2": "2bfc24450ca2a6267f9b1b97e21d33d6b6b538ec735a4fe3b406397f0729a233",
            "primaryLocationLineHash": "2bfc24450ca2a626:1",
        }
    ]


def test_the_fingerprint_of_a_second_finding_of_the_rule_on_the_resource_stands() -> None:
    assert fingerprints(refused(), refused())[1] == {
        "ruleAndResource/v2": "7c98222b72da0c277bc13ab2d45c96ef6192c4c78852752c7716f23a76a9e431",
        "primaryLocationLineHash": "7c98222b72da0c27:1",
    }


def test_the_fingerprint_of_a_finding_on_the_whole_stack_stands() -> None:
    (only,) = fingerprints(refused(urn=""))
    assert only["ruleAndResource/v2"] == "2f5447eec9e0b1c014e5f28004eb248e74d6ced428ce600fa3a24d1998df0ed9"


def test_the_category_of_a_preview_in_code_scanning_stands() -> None:
    assert sarif_run(refused())["automationDetails"]["id"] == "consent-review/calls/prod/preview/"


def test_a_result_in_sarif_has_its_rule_s_name_as_id() -> None:
    assert [result["ruleId"] for result in sarif_run(refused())["results"]] == ["in-force"]


def test_a_case_in_junit_is_known_by_pack_rule_and_resource() -> None:
    suites = JUnitXml.fromstring(report_junit(review(judgements=(refused(), refused()))).encode())
    assert [(suite.name, case.classname, case.name) for suite in suites for case in suite] == [
        ("consent", "consent", "in-force: SpeakerSearchTask search"),
        ("consent", "consent", "in-force: SpeakerSearchTask search (2)"),
    ]


def test_report_json_names_its_schema_and_version() -> None:
    assert json.loads(report_json(review()))["schema"] == "speaker-search-review:1.0"


def test_version_1_of_report_json_has_these_members() -> None:
    assert set(json.loads(report_json(review()))) == {
        "schema",
        "complete",
        "counts",
        "provenance",
        "packs",
        "resources",
        "judgements",
        "timeline",
        "lists_passed",
        "gaps",
        "searches",
        "changes",
    }


def test_the_verdicts_in_reports_stand() -> None:
    assert [verdict.value for verdict in Verdict] == [
        "refused",
        "unknown",
        "skipped",
        "advised",
        "exempted",
        "passed",
        "no-finding",
    ]


def test_the_files_of_a_review_have_these_names() -> None:
    assert FILES == ("report.html", "report.md", "report.sarif", "report.junit.xml", "report.json")


def test_the_exit_codes_of_a_review_stand() -> None:
    assert (EXIT_PASSED, EXIT_FINDINGS, EXIT_USAGE, EXIT_INCOMPLETE) == (0, 1, 2, 3)
