"""Pages of docs/policies repeat their rules as `make pages` writes them, and keep what is written by hand."""

from __future__ import annotations

from typing import Final

import pytest
from pulumi_policy import Policy

from tools.policy_pages import PAGES, ROOT, all_policies, page, stale_pages

RULE: Final = "consent-in-force"


@pytest.fixture
def policy() -> Policy:
    return next(policy for policy in all_policies(ROOT)["consent"] if policy.name == RULE)


@pytest.fixture
def current() -> str:
    return (ROOT / PAGES / f"{RULE}.md").read_text(encoding="utf-8")


def test_the_pages_in_this_repository_are_those_of_the_rules() -> None:
    assert [path.name for path, _text in stale_pages(ROOT)] == []


def test_another_description_on_the_page_is_replaced(policy: Policy, current: str) -> None:
    assert page(policy, "consent", current.replace(policy.description, "Something else.")) == current


def test_another_default_on_the_page_is_replaced(policy: Policy, current: str) -> None:
    assert page(policy, "consent", current.replace('| `"consent:"` |', '| `"other:"` |')) == current


def test_a_missing_setting_is_added_to_the_page(policy: Policy, current: str) -> None:
    without = "\n".join(line for line in current.split("\n") if not line.startswith("| `minimumDaysLeft` |"))
    assert page(policy, "consent", without) == current


def test_a_sentence_written_by_hand_stays_on_the_page(policy: Policy, current: str) -> None:
    edited = current.replace("## Why\n\n", "## Why\n\nBy hand. ")
    assert "## Why\n\nBy hand. " in page(policy, "consent", edited)


def test_a_section_written_by_hand_stays_on_the_page(policy: Policy, current: str) -> None:
    edited = current.replace("## Settings\n", "## By hand\n\nMore.\n\n## Settings\n")
    assert page(policy, "consent", edited) == edited
