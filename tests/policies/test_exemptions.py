"""Exemptions turn a refusal into an advisory that stays visible, and are refused when they don't count."""

from __future__ import annotations

import pytest
from consent_rules.pack import consent_policies

from tests.policies.case import TODAY
from tests.policies.exemption_cases import EXEMPTION_CASES, ExemptionCase


@pytest.mark.parametrize("case", EXEMPTION_CASES, ids=str)
def test_an_exemption_does_what_its_table_says(case: ExemptionCase) -> None:
    assert case.holds(consent_policies(TODAY))
