"""What every policy declares: severity, page, settings with limits; and that its module is pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from consent_rules.retention_ceilings import CEILINGS
from pulumi_policy import Policy

from tests.policies.analyzer import Analyzer
from tests.policies.case import TODAY
from tests.policies.conftest import PACKS
from tests.policies.every_policy import MAKERS
from tests.policies.voice_stack import domain

DOCS: Final = PACKS.parent / "docs" / "policies"
POLICIES: Final = [policy for make in MAKERS.values() for policy in make(TODAY)]


def test_a_refusal_names_its_remedy_and_its_page() -> None:
    (verdict,) = Analyzer(MAKERS["safeguards"](TODAY)).judge_inputs(domain(protect=False))
    assert "How to fix it: Set protect=True" in verdict.message
    assert "(docs/policies/safeguards-domain-protected.md)" in verdict.message


def test_no_policy_ever_remediates() -> None:
    assert not [policy for policy in POLICIES if policy.has_remediation()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_policy_has_severity_framework_remedy_tags_and_page(policy: Policy) -> None:
    assert policy.severity
    assert policy.framework
    assert policy.framework.reference
    assert policy.framework.specification
    assert policy.remediation_steps
    assert policy.tags
    assert policy.url == f"docs/policies/{policy.name}.md"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_policy_has_a_page_with_its_sections(policy: Policy) -> None:
    page = (DOCS / f"{policy.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {policy.name}\n")
    for section in (
        "## What it refuses",
        "## Why",
        "## Settings",
        "## What to do",
        "## Bypasses that were tried",
    ):
        assert section in page


def test_the_ceilings_are_on_the_page_as_the_table_has_them() -> None:
    page = (DOCS / "consent-retention.md").read_text(encoding="utf-8")
    for ceiling in CEILINGS:
        assert f"| {ceiling.jurisdiction} | {ceiling.days} |" in page


SETTINGS: Final = [
    pytest.param(schema, id=f"{policy.name}.{name}")
    for policy in POLICIES
    if policy.config_schema
    for name, schema in policy.config_schema.properties.items()
]


@pytest.mark.parametrize("schema", SETTINGS)
def test_every_setting_has_a_type_a_description_a_limit_and_a_default_that_fits(
    schema: dict[str, Any],
) -> None:
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(schema["default"], schema)
    assert schema["description"]
    limits = {
        "boolean": (),
        "integer": ("minimum", "maximum"),
        "array": ("maxItems",),
        "string": ("pattern",),
    }
    assert all(limit in schema for limit in limits.get(schema["type"], ("maxProperties",)))


@pytest.mark.parametrize("schema", SETTINGS)
def test_every_pattern_of_a_setting_is_one_that_the_engine_can_read(schema: dict[str, Any]) -> None:
    """Go's RE2 has no look-around and repeats 1000 times at most."""
    for pattern in re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(schema)):
        text = json.loads(pattern)
        assert "(?" not in text
        assert all(int(bound) <= 1000 for bound in re.findall(r"[{,](\d+)\}", text))


def _sources() -> Iterator[Path]:
    for pack, package in (("consent", "consent_rules"), ("safeguards", "safeguard_rules")):
        yield from sorted((PACKS / pack / package).rglob("*.py"))


@pytest.mark.parametrize("path", list(_sources()), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_module_of_a_pack_uses_clock_network_or_environment(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    imports = r"^\s*(import|from) (os|time|socket|subprocess|requests|urllib\.request|http|random)\b"
    forbidden = rf"{imports}|\.(now|today|utcnow)\("
    assert not re.search(forbidden, source, re.MULTILINE)
