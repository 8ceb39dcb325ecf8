"""The IAM policies of docs/permissions as data: which actions a role needs, and on what.

The folder permission_policies has copies, because docs/ is in no wheel; `make vendor` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

FOLDER: Final = "permission_policies"
SINK_SERVICES: Final = frozenset({"sqs", "sns", "kinesis", "lambda"})
"""Services of which a configuration uses one or several as its sinks."""

ARN_PARTS: Final = 6


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a policy.

    Attributes:
        resources: ARNs with wildcards, or `*`.
        context: (condition key, value) pairs under which it allows the actions.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[tuple[str, str], ...]

    @property
    def sink_services(self) -> frozenset[str]:
        """The services of its resources, if all of them are sinks."""
        services = {
            resource.split(":")[2] for resource in self.resources if resource.count(":") >= ARN_PARTS - 1
        }
        is_sink = bool(services) and services <= SINK_SERVICES and "*" not in self.resources
        return frozenset(services) if is_sink else frozenset()


def roles() -> list[str]:
    """Return the names of the policies, such as deployer and reviewer."""
    folder = files(__package__) / FOLDER
    return sorted(one.name.removesuffix(".json") for one in folder.iterdir() if one.name.endswith(".json"))


def statements_of(role: str) -> list[Statement]:
    """Return the statements of a role's policy."""
    text = (files(__package__) / FOLDER / f"{role}.json").read_text(encoding="utf-8")
    return [_statement(one) for one in json.loads(text)["Statement"]]


def _statement(document: Mapping[str, Any]) -> Statement:
    conditions = document.get("Condition", {})
    context = [
        (key, value)
        for pairs in conditions.values()
        for key, given in pairs.items()
        for value in _texts(given)
    ]
    return Statement(_texts(document["Action"]), _texts(document["Resource"]), tuple(context))


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the resources of a policy are, instead of its wildcards.

    Attributes:
        arns: Those of the stack's state: what a statement is about, if the stack has such a resource already.
    """

    partition: str
    account_id: str
    region: str
    arns: frozenset[str] = frozenset()

    def resource(self, pattern: str) -> str:
        """Return an ARN for a pattern such as `arn:aws:iam::*:role/voice-analytics-*`: of the state, or made up."""
        if pattern.count(":") < ARN_PARTS - 1:
            return pattern
        _, _, service, region, account, name = pattern.split(":", ARN_PARTS - 1)
        kind = name.partition("/")[0] if "/" in name else None
        known = (arn for arn in sorted(self.arns) if _is_of(arn, service, kind, self.account_id))
        made_up = ":".join(
            [
                "arn",
                self.partition,
                service,
                self.region if region == "*" else region,
                self.account_id if account == "*" else account,
                name.replace("*", "doctor"),
            ]
        )
        return next(known, made_up)

    def value(self, condition_value: str) -> str:
        """Return a condition's value, with the region for its wildcard (`sqs.*.amazonaws.com`)."""
        return condition_value.replace("*", self.region)


def _is_of(arn: str, service: str, kind: str | None, account_id: str) -> bool:
    _, _, of_service, _, account, name = arn.split(":", ARN_PARTS - 1)
    same_kind = name.startswith(f"{kind}/") if kind else "/" not in name
    return of_service == service and same_kind and account == account_id


def needed(statements: Sequence[Statement], place: Place) -> list[Statement]:
    """Leave out sinks that the stack does not have, if it has any."""
    present = {arn.split(":")[2] for arn in place.arns} & SINK_SERVICES
    return [one for one in statements if not present or not one.sink_services or one.sink_services & present]
