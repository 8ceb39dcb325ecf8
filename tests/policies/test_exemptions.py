"""Exemptions turn a refusal into an advisory that stays visible, and are refused if they have no effect."""

from __future__ import annotations

import pytest
from consent_rules.pack import consent_policies

from tests.policies.case import TODAY
from tests.policies.exemption_cases import EXEMPTION_CASES, ExemptionCase


@pytest.mark.parametrize("case", EXEMPTION_CASES, ids=str)
def test_an_exemption_has_the_effect_of_its_case(case: ExemptionCase) -> None:
    assert case.holds(consent_policies(TODAY))
