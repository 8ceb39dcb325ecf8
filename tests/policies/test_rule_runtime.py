"""The runtime around the rules: unknown values, secrets, failures, settings, metadata."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import pytest
from consent_rules import pack as consent_pack
from consent_rules.in_force_rule import IN_FORCE
from consent_rules.listening import FINAL_OUTCOMES
from consent_rules.tag_rules import TAGS_REQUIRED
from consent_rules.vendor.policy_kit.pack import policies
from consent_rules.vendor.vocabulary import REQUIRED
from pulumi_policy import Policy
from pulumi_speaker_search.lifecycle.outcome import FINAL

from tests.policies.analyzer import ROOT, UNKNOWN, Analyzer, Declared, secret
from tests.policies.case import TODAY
from tests.policies.conftest import PACKS
from tests.policies.every_policy import MAKERS
from tests.policies.voice_stack import DOMAIN_ARN, IN_SCOPE, consent, domain, role_policy, stream, task, whole

CANARY: Final = "canary-7b1e-value-that-must-not-be-repeated"


def _with_rules(*rules: Any) -> list[Policy]:
    return policies(rules, consent_pack.EXEMPTIONS, consent_pack.EXEMPTED, None, TODAY)


def _breaks(*_: object) -> Iterator[str]:
    raise KeyError(CANARY)
    yield ""


@pytest.mark.parametrize("phase", ["check_inputs", "check_stack", "check_outputs"])
def test_a_rule_that_fails_refuses_and_the_others_still_run(phase: str) -> None:
    silent: dict[str, Any] = {"check_inputs": None, "check_stack": None, "check_outputs": None}
    broken = replace(IN_FORCE, **{**silent, phase: _breaks})
    verdicts = Analyzer(_with_rules(broken, TAGS_REQUIRED)).judge([task(tags={})])
    assert {(one.rule, one.level) for one in verdicts} == {
        ("consent-in-force", "mandatory"),
        ("consent-tags-required", "mandatory"),
    }


def test_the_message_of_a_failure_has_its_kind_and_place_but_no_value() -> None:
    broken = replace(IN_FORCE, check_inputs=_breaks, check_stack=None, check_outputs=None)
    (verdict,) = Analyzer(_with_rules(broken)).judge([task()])
    assert re.search(
        r"consent-in-force could not be evaluated: KeyError at test_rule_runtime\.py:\d+\.", verdict.message
    )
    assert CANARY not in verdict.message


def test_a_failure_is_not_exempted() -> None:
    broken = replace(IN_FORCE, check_inputs=_breaks, check_stack=None, check_outputs=None)
    entry = {
        "rule": "consent-in-force",
        "resource": "task",
        "reference": "DPIA-12",
        "owner": "privacy",
        "reason": "Some good reason",
        "until": "2026-12-01",
    }
    verdicts = Analyzer(_with_rules(broken), {"consent-exemptions": {"exemptions": [entry]}}).judge([task()])
    assert ("consent-in-force", "mandatory") in {(one.rule, one.level) for one in verdicts}


def test_an_unknown_setting_refuses_every_resource_of_its_rule() -> None:
    settings = {"consent-in-force": {"minimumDaysleft": 30}}
    verdicts = Analyzer(MAKERS["consent"](TODAY), settings).judge(whole())
    assert {(one.rule, one.level) for one in verdicts} == {("consent-in-force", "mandatory")}
    assert "no setting named minimumDaysleft" in verdicts[0].message


def _everything_unknown(resource: Declared) -> Declared:
    unknown = dict.fromkeys(resource.inputs, UNKNOWN)
    return replace(resource, inputs=unknown, outputs=unknown)


@pytest.mark.parametrize("pack", MAKERS)
@pytest.mark.parametrize("resource", whole(), ids=lambda one: one.name)
def test_a_resource_with_unknown_properties_only_fails_no_rule(pack: str, resource: Declared) -> None:
    verdicts = Analyzer(MAKERS[pack](TODAY)).judge([_everything_unknown(resource)])
    assert not [one for one in verdicts if "could not be evaluated:" in one.message]


@pytest.mark.parametrize("pack", MAKERS)
def test_the_sdk_never_turns_a_rule_into_an_advisory(pack: str) -> None:
    verdicts = Analyzer(MAKERS[pack](TODAY)).judge([_everything_unknown(one) for one in whole()])
    assert not [one for one in verdicts if one.message.startswith("can't run policy")]


@pytest.mark.parametrize("type_token", IN_SCOPE)
def test_unknown_tags_are_refused_for_every_type_in_scope(type_token: str) -> None:
    verdicts = Analyzer(MAKERS["consent"](TODAY)).judge_inputs(Declared(type_token, "one", {"tags": UNKNOWN}))
    assert ("consent-known", "mandatory") in {(one.rule, one.level) for one in verdicts}


def _full_of(value: Any, resource: Declared) -> Declared:
    full = {
        name: dict.fromkeys(found, value) if isinstance(found, dict) else value
        for name, found in resource.inputs.items()
    }
    return replace(resource, inputs=full, outputs=full)


@pytest.mark.parametrize("pack", MAKERS)
@pytest.mark.parametrize("text", [CANARY, f"{CANARY}@example.com", f"AKIA{'Z' * 16} {CANARY}"])
def test_no_message_repeats_a_secret(pack: str, text: str) -> None:
    verdicts = Analyzer(MAKERS[pack](TODAY)).judge([_full_of(secret(text), one) for one in whole()])
    assert verdicts
    assert not [one for one in verdicts if CANARY in one.message]


@pytest.mark.parametrize("pack", MAKERS)
@pytest.mark.parametrize("odd", [None, 7, True, [], {}, [[{}]], "", {"__target": "x"}], ids=repr)
def test_odd_values_anywhere_fail_no_rule(pack: str, odd: Any) -> None:
    verdicts = Analyzer(MAKERS[pack](TODAY)).judge([_full_of(odd, one) for one in whole()])
    assert not [one for one in verdicts if "could not be evaluated:" in one.message]


def test_a_rule_reports_that_it_does_not_apply_to_other_types() -> None:
    bucket = Declared("aws:s3/bucket:Bucket", "bucket", {})
    resource_rules = {rule.name for rule in consent_pack.RULES if rule.check_inputs} - {
        "consent-not-scripted"
    }
    assert Analyzer(MAKERS["consent"](TODAY)).not_applicable(bucket) >= resource_rules


def test_a_rule_without_a_finding_counts_as_passed() -> None:
    left_out = Analyzer(MAKERS["consent"](TODAY)).not_applicable(task())
    assert left_out == {"consent-exemptions", "consent-exempted", "consent-covers-voice-tone"}


def test_without_consent_every_resource_in_scope_is_refused_with_each_missing_tag() -> None:
    bare = [Declared(one.type, one.name, {}, parents=one.parents) for one in whole() if one.type in IN_SCOPE]
    verdicts = Analyzer(MAKERS["consent"](TODAY)).judge(bare)
    lacking = {one.urn: one.message for one in verdicts if one.rule == "consent-tags-required"}
    assert lacking.keys() == {one.urn for one in bare}
    for message in lacking.values():
        assert all(f"consent:{name}" in message for name in REQUIRED)


def test_a_refusal_of_inputs_and_outputs_is_reported_once() -> None:
    verdicts = Analyzer(MAKERS["consent"](TODAY)).judge([task(tags=consent(status="withdrawn"))])
    assert [one.rule for one in verdicts].count("consent-in-force") == 1


def test_a_deferred_check_is_reported_as_an_advisory() -> None:
    verdicts = Analyzer(MAKERS["safeguards"](TODAY)).judge([role_policy(policy=UNKNOWN)])
    assert [(one.rule, one.level) for one in verdicts] == [("safeguards-undecided", "advisory")]
    assert (
        "undecided rule=safeguards-least-privilege\npolicy of permissions is only known"
        in verdicts[0].message
    )


SET_ASIDE: Final = [
    ("safeguards", "safeguards-domain-protected", {"unprotectedStacks": ["dev"]}, [domain(protect=False)]),
    ("consent", "consent-not-bypassed", {"allowWithoutLedger": True}, [task(ledger=False)]),
    ("consent", "consent-not-bypassed", {"allowWithoutLedger": True}, [task(stop_on_delete=False)]),
    ("consent", "consent-no-personal-data", {"allowedTexts": ["a@b.org"]}, [stream(description="a@b.org")]),
    (
        "consent",
        "consent-not-scripted",
        {"allowedScriptableTypes": ["command:local:Command"]},
        [domain(), Declared("command:local:Command", "c", {})],
    ),
    ("consent", "consent-covers-search", {"trustedDomains": [DOMAIN_ARN]}, whole()[2:]),
]


@pytest.mark.parametrize(("pack", "rule", "settings", "resources"), SET_ASIDE)
def test_a_finding_that_a_setting_permits_is_reported_and_not_refused(
    pack: str, rule: str, settings: dict[str, Any], resources: Sequence[Declared]
) -> None:
    verdicts = Analyzer(MAKERS[pack](TODAY), {rule: settings}).judge(resources)
    assert not [one for one in verdicts if one.rule == rule]
    (note,) = [one for one in verdicts if f"set-aside rule={rule} by={next(iter(settings))}" in one.message]
    assert (note.rule, note.level) == (f"{pack}-exempted", "advisory")


def test_a_setting_that_permits_nothing_is_not_reported() -> None:
    settings = {"safeguards-domain-protected": {"unprotectedStacks": ["dev"]}}
    assert Analyzer(MAKERS["safeguards"](TODAY), settings).judge(whole()) == []


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="consent-in-force"):
        _with_rules(IN_FORCE, IN_FORCE)


def test_the_final_outcomes_are_those_of_the_components() -> None:
    assert {word.value for word in FINAL} == FINAL_OUTCOMES


def test_a_stack_without_identity_numbers_does_not_load_their_tables() -> None:
    program = (
        "import sys\n"
        "from tests.policies.analyzer import Analyzer\n"
        "from tests.policies.case import TODAY\n"
        "from tests.policies.voice_stack import whole\n"
        "from consent_rules.pack import consent_policies\n"
        "Analyzer(consent_policies(TODAY)).judge(whole())\n"
        "print('stdnum' in sys.modules)"
    )
    path = os.pathsep.join([str(PACKS.parent), str(PACKS / "consent")])
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "False"


def test_the_root_and_resources_out_of_scope_pass_both_packs() -> None:
    others: Sequence[Declared] = (
        Declared("aws:s3/bucket:Bucket", "bucket", {"bucket": "b"}),
        Declared("random:index:X", "r", {}),
    )
    for make in MAKERS.values():
        assert Analyzer(make(TODAY)).judge(others) == []
    assert ROOT.type == "pulumi:pulumi:Stack"


def test_a_second_run_in_the_same_process_reports_the_same() -> None:
    drifted = [replace(task(), outputs={"tags": consent(status="withdrawn")})]
    first, second = (Analyzer(MAKERS["consent"](TODAY)).judge(drifted) for _ in range(2))
    assert first == second
