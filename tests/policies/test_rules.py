"""Every rule of both packs on the cases of its table: what must pass, what must be refused, and bypasses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from consent_rules.pack import RULES as CONSENT_RULES
from consent_rules.pack import consent_policies
from pulumi_policy import Policy
from safeguard_rules.pack import RULES as SAFEGUARD_RULES
from safeguard_rules.pack import safeguard_policies

from tests.policies.analyzer import Analyzer
from tests.policies.case import TODAY, Case, refused
from tests.policies.consent_cases import CONSENT_CASES
from tests.policies.safeguard_cases import SAFEGUARD_CASES
from tests.policies.voice_stack import whole

POLICIES = {"consent": consent_policies, "safeguards": safeguard_policies}


def _policies(rule: str) -> Sequence[Policy]:
    return POLICIES[rule.partition("-")[0]](TODAY)


@pytest.mark.parametrize("case", [*CONSENT_CASES, *SAFEGUARD_CASES], ids=str)
def test_a_rule_refuses_the_resources_of_its_case_and_no_other(case: Case) -> None:
    found = refused(case, _policies(case.rule))
    assert found.keys() == case.names
    for hint in case.hints:
        assert all(hint in message for message in found.values())


@pytest.mark.parametrize("rule", [*CONSENT_RULES, *SAFEGUARD_RULES], ids=lambda rule: rule.name)
def test_every_rule_has_three_cases_that_pass_and_three_that_are_refused(rule: object) -> None:
    name = getattr(rule, "name", "")
    kinds = Counter(bool(case.names) for case in [*CONSENT_CASES, *SAFEGUARD_CASES] if case.rule == name)
    assert kinds[False] >= 3
    assert kinds[True] >= 3


@pytest.mark.parametrize("pack", POLICIES)
def test_a_stack_with_consent_and_safeguards_passes_every_rule(pack: str) -> None:
    assert Analyzer(POLICIES[pack](TODAY)).judge(whole()) == []
