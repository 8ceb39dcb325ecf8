"""docs/permissions against AWS's Service Authorization Reference, as the package policy_sentry has it.

IAM accepts a statement that can't apply: a resource of the wrong type, or a condition key that the action does not
have, denies the call without a word. What AWS lists for each action is compared here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from policy_sentry.querying.actions import get_privilege_info
from policy_sentry.util.arns import does_arn_match

from sandbox.environment import ROOT

POLICIES = sorted((ROOT / "docs" / "permissions").glob("*.json"))

NOT_NEEDED = {
    ("chime:CreateMediaInsightsPipelineConfiguration", "s3:ListBucket"): "no sink of ours is a bucket",
    ("chime:UpdateMediaInsightsPipelineConfiguration", "s3:ListBucket"): "no sink of ours is a bucket",
    ("kms:CreateKey", "iam:CreateServiceLinkedRole"): "for keys of several regions [D kms CreateKey]",
}
"""Dependent actions that calls of ours do not depend on."""

QUOTAS_OF_OTHERS = "servicequotas:ListServiceQuotas"
"""It depends on an action of each service that is asked about; `doctor` asks about Chime, which has none."""


@dataclass(frozen=True)
class Statement:
    """One action of a statement, with what the statement says of it.

    Attributes:
        keys: Its condition keys.
    """

    sid: str
    action: str
    resources: tuple[str, ...]
    keys: frozenset[str]

    @property
    def reference(self) -> dict[str, Any]:
        """AWS's entry of the action; empty without one."""
        service, name = self.action.split(":")
        return get_privilege_info(service, name)

    def arn_format(self, resource_type: str) -> str:
        """The form of the ARNs of a resource type."""
        return str(self.reference["service_resources"][resource_type]["arn"])

    def covers(self, resource_type: str) -> bool:
        """Whether a resource of the statement can be of that type."""
        return any(
            does_arn_match(arn, self.arn_format(resource_type)) for arn in self.resources if arn != "*"
        )


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def statements_of(document: dict[str, Any]) -> Iterator[Statement]:
    for statement in document["Statement"]:
        keys = frozenset(key for test in statement.get("Condition", {}).values() for key in test)
        for action in listed(statement["Action"]):
            yield Statement(statement["Sid"], action, tuple(listed(statement["Resource"])), keys)


def wrong_resources(one: Statement) -> list[str]:
    """Return the resource types that AWS authorizes the action on, and that the statement has no resource of."""
    types = {name: row for name, row in one.reference["resource_types"].items() if name}
    if "*" in one.resources:
        return []
    if not types:
        return ["*"]
    required = [name for name, row in types.items() if row["required"]]
    missing = [name for name in required if not one.covers(name)]
    return missing if required or any(map(one.covers, types)) else sorted(types)


def unknown_keys(one: Statement) -> list[str]:
    """Return the condition keys of the statement that the action does not have."""
    rows = one.reference["resource_types"]
    known = {key for row in rows.values() for key in row["condition_keys"]}
    for name in filter(None, rows):
        known.update(one.reference["service_resources"][name]["condition_keys"])
    return sorted(key for key in one.keys if re.sub(r"/.*", "/${TagKey}", key) not in known)


EVERY = [
    pytest.param(one, id=f"{policy.stem}-{one.sid}-{one.action}")
    for policy in POLICIES
    for one in statements_of(json.loads(policy.read_text()))
]


@pytest.mark.parametrize("one", EVERY)
def test_the_action_exists(one: Statement) -> None:
    assert one.reference["privilege"] == one.action.split(":")[1]


@pytest.mark.parametrize("one", EVERY)
def test_the_resources_are_of_the_types_that_aws_authorizes_on(one: Statement) -> None:
    assert wrong_resources(one) == []


@pytest.mark.parametrize("one", EVERY)
def test_the_action_has_each_condition_key(one: Statement) -> None:
    assert unknown_keys(one) == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.stem)
def test_actions_that_others_depend_on_are_allowed_too(policy: Any) -> None:
    every = list(statements_of(json.loads(policy.read_text())))
    needed = {
        (one.action, action)
        for one in every
        for row in one.reference["resource_types"].values()
        for action in row["dependent_actions"]
        if one.action != QUOTAS_OF_OTHERS
    }
    allowed = {one.action for one in every}
    assert {(one, action) for one, action in needed if action not in allowed} - NOT_NEEDED.keys() == set()


def test_a_resource_of_another_type_is_found() -> None:
    stream = Statement("", "kinesis:StartStreamEncryption", ("arn:aws:kinesis:*:*:stream/*",), frozenset())
    assert wrong_resources(stream) == ["kmsKey"]


def test_a_resource_of_an_action_that_has_none_is_found() -> None:
    listing = Statement("", "chime:ListMediaPipelines", ("arn:aws:chime:*:*:media-pipeline/*",), frozenset())
    assert wrong_resources(listing) == ["*"]


def test_a_key_that_the_action_does_not_have_is_found() -> None:
    key = "aws:RequestTag/consent:status"
    start = Statement(
        "", "chime:StartSpeakerSearchTask", ("arn:aws:chime:*:*:media-pipeline/*",), frozenset({key})
    )
    assert unknown_keys(start) == [key]
