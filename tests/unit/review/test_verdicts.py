"""From the engine's events to one verdict for each rule and resource."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from speaker_search_operations.review.engine_events import read_events
from speaker_search_operations.review.review_model import Judgement, Pack, Rule, Verdict
from speaker_search_operations.review.verdicts import judgements

from tests.unit.review.sample_review import STREAM

STACK = "urn:pulumi:prod::calls::pulumi:pulumi:Stack::calls-prod"
RULES = ("in-force", "known", "covers", "p-exempted", "p-undecided", "p-exemptions")
PACK = Pack(
    name="p",
    version="1",
    source="p",
    digest="",
    rules=tuple(Rule(name=name, title=name, description="Says what.", remediation="Do it") for name in RULES),
)
NOTE = (
    "exempted rule=in-force until=2027-01-31 owner=privacy-office reference=DPIA-17\n"
    "It is past.\nReason: Renewed soon"
)


def policy(rule: str, message: str, *, level: str = "mandatory", urn: str = STREAM) -> dict[str, Any]:
    return {
        "policyEvent": {
            "policyPackName": "p",
            "policyName": rule,
            "resourceUrn": urn,
            "message": message,
            "enforcementLevel": level,
        }
    }


def summary(*passed: str, urn: str = STREAM) -> dict[str, Any]:
    return {"policyAnalyzeSummaryEvent": {"policyPackName": "p", "resourceUrn": urn, "passed": list(passed)}}


STACK_SUMMARY = {"policyAnalyzeStackSummaryEvent": {"policyPackName": "p"}}


def judged(*events: dict[str, Any], lists_passed: bool = True) -> dict[tuple[str, str], Judgement]:
    run = read_events(json.dumps(event) for event in events)
    return {(one.rule, one.urn): one for one in judgements(run, [PACK], lists_passed=lists_passed)}


def test_a_mandatory_finding_refuses() -> None:
    assert judged(policy("in-force", "It is past."))["in-force", STREAM].verdict is Verdict.REFUSED


def test_an_advisory_finding_advises() -> None:
    found = judged(policy("in-force", "It is past.", level="advisory"))
    assert found["in-force", STREAM].verdict is Verdict.ADVISED


def test_a_rule_that_the_engine_lists_as_passed_has_passed() -> None:
    assert judged(summary("in-force"))["in-force", STREAM].verdict is Verdict.PASSED


def test_a_refusal_of_the_stack_phase_outweighs_a_pass_of_the_resource_phase() -> None:
    found = judged(summary("in-force"), policy("in-force", "It is past."))
    assert found["in-force", STREAM].verdict is Verdict.REFUSED


def test_an_exempted_refusal_says_until_when_and_by_whom() -> None:
    one = judged(policy("p-exempted", NOTE, level="advisory"))["in-force", STREAM]
    assert one.verdict is Verdict.EXEMPTED
    assert one.exemption is not None
    assert (one.exemption.until, one.exemption.owner) == (date(2027, 1, 31), "privacy-office")
    assert (one.exemption.reference, one.exemption.reason, one.message) == (
        "DPIA-17",
        "Renewed soon",
        "It is past.",
    )


def test_an_exempted_rule_has_not_passed() -> None:
    found = judged(summary("in-force"), policy("p-exempted", NOTE, level="advisory"))
    assert [one.verdict for key, one in found.items() if key == ("in-force", STREAM)] == [Verdict.EXEMPTED]


@pytest.mark.parametrize("level", ["mandatory", "advisory"])
def test_a_refusal_can_not_exempt_itself_by_its_text(level: str) -> None:
    one = judged(policy("in-force", NOTE, level=level))["in-force", STREAM]
    assert one.exemption is None
    assert one.verdict in (Verdict.REFUSED, Verdict.ADVISED)


def test_a_note_that_begins_with_something_else_is_no_exemption() -> None:
    found = judged(policy("p-exempted", f"On search\n{NOTE}", level="advisory"))
    assert all(one.exemption is None for one in found.values())


def test_what_a_pack_could_not_judge_yet_is_unknown() -> None:
    note = "Says what.\nundecided rule=known\nkmsKeyId is only known after the update."
    one = judged(summary("known"), policy("p-undecided", note, level="advisory"))["known", STREAM]
    assert (one.verdict, one.message) == (Verdict.UNKNOWN, "kmsKeyId is only known after the update.")


def test_the_sdk_s_advisory_for_an_unknown_value_is_unknown_and_no_advice() -> None:
    text = "can't run policy 'known' from policy pack 'p@v1' during preview: x is unknown"
    assert judged(policy("known", text, level="advisory"))["known", STREAM].verdict is Verdict.UNKNOWN


def test_a_rule_without_events_found_nothing_and_its_judgement_is_derived() -> None:
    one = judged(summary("in-force"), STACK_SUMMARY)["covers", ""]
    assert (one.verdict, one.derived) == (Verdict.NO_FINDING, True)


def test_a_rule_without_events_is_unknown_if_the_stack_rules_did_not_run() -> None:
    assert judged(summary("in-force"))["covers", ""].verdict is Verdict.UNKNOWN


def test_a_stored_state_without_findings_found_nothing() -> None:
    assert judged(lists_passed=False)["covers", ""].verdict is Verdict.NO_FINDING


@pytest.mark.parametrize("urn", [STACK, ""])
def test_a_finding_about_the_stack_is_about_the_whole_stack(urn: str) -> None:
    assert ("covers", "") in judged(policy("covers", "Other records.", urn=urn))


@pytest.mark.parametrize("label", ["How to fix it:", "How to mend it:"], ids=["this version", "earlier ones"])
def test_a_message_does_not_repeat_what_the_report_says_beside_it(label: str) -> None:
    text = f"Says what.\nOn search: It is past.\n{label} Do it (docs/x.md)\n"
    assert judged(policy("in-force", text))["in-force", STREAM].message == "It is past."


def test_the_same_finding_twice_counts_once() -> None:
    run = read_events(json.dumps(policy("in-force", "It is past.")) for _ in range(2))
    assert [one.rule for one in judgements(run, [PACK], lists_passed=False)].count("in-force") == 1


def test_the_rules_that_keep_the_books_do_not_pass() -> None:
    found = judged(summary("p-exempted", "p-undecided", "p-exemptions"), STACK_SUMMARY)
    assert {rule for rule, _ in found} == {"in-force", "known", "covers"}


def test_a_line_that_is_cut_off_does_not_end_the_reading() -> None:
    run = read_events([json.dumps(policy("in-force", "x")), '{"policyEvent": {"pol', "Previewing update"])
    assert len(run.findings) == 1


def test_an_error_that_is_no_policy_s_is_counted() -> None:
    lines = [
        json.dumps({"diagnosticEvent": {"severity": "error", "message": message}})
        for message in ("preview failed\n", "Program failed with an unhandled exception")
    ]
    assert read_events(lines).errors == ["Program failed with an unhandled exception"]


@pytest.mark.parametrize(("level", "failed"), [("mandatory", True), ("advisory", False)])
def test_a_rule_that_raised_an_error_is_distinguished_from_one_that_refuses(level: str, failed: bool) -> None:
    text = "Says what.\nOn search: in-force could not be evaluated: KeyError at rules.py:7. Report it."
    assert judged(policy("in-force", text, level=level))["in-force", STREAM].rule_failed is failed


def test_a_text_about_another_rule_is_no_error_of_this_one() -> None:
    text = "known could not be evaluated: KeyError at rules.py:7."
    assert not judged(policy("in-force", text))["in-force", STREAM].rule_failed


def test_a_rule_that_config_switches_off_is_skipped_and_has_neither_passed_nor_found_nothing() -> None:
    off = replace(PACK, switched_off=("in-force", "covers"))
    run = read_events(json.dumps(event) for event in (summary("in-force"), STACK_SUMMARY))
    found = [(one.rule, one.verdict) for one in judgements(run, [off], lists_passed=True)]
    assert [one for one in found if one[0] in off.switched_off] == [
        ("covers", Verdict.SKIPPED),
        ("in-force", Verdict.SKIPPED),
    ]


def test_what_a_setting_lets_stand_by_name_is_exempted_and_not_passed() -> None:
    note = "set-aside rule=in-force by=unprotectedStacks\ndomain is not protected against deletion."
    found = judged(summary("in-force"), policy("p-exempted", note, level="advisory"))
    one = found["in-force", STREAM]
    assert (one.verdict, one.exemption) == (Verdict.EXEMPTED, None)
    assert "by the pack's setting unprotectedStacks" in one.message
