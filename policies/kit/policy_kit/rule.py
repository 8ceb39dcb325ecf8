"""A rule as a value: metadata, settings, and the pure functions that check resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pulumi_policy import Severity

from .resources import Resource

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deferred:
    """A check deferred to the update because its inputs are unknown during the preview.

    At the update the rule checks the known inputs before the resource is made.
    """

    message: str


Finding = str | Deferred
ResourceCheck = Callable[[Resource, Settings, date], Iterable[Finding]]
StackCheck = Callable[[Sequence[Resource], Settings, date], Iterable[tuple[str, Finding]]]


def every_type(_type: str, _settings: Settings) -> bool:
    """Apply to every type."""
    return True


def only_types(*types: str) -> Callable[[str, Settings], bool]:
    """Return an `applies_to` for these type tokens."""
    included = frozenset(types)
    return lambda type_token, _settings: type_token in included


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack.

    Checks get the settings with their defaults, and today's date in UTC. They yield one finding for each problem.

    Attributes:
        name: Id of the rule, and name of its page in `docs/policies/`. Public: configs name it.
        description: What the rule requires, in one sentence.
        framework: Name, version, reference and specification of the law or standard behind the rule.
        settings: Name of each setting → its JSON Schema, with a default.
        waivers: Settings that permit something by name → the value that permits nothing. A finding that such a
            setting suppresses is reported as set aside, not as passed.
        applies_to: Whether the rule checks resources of a type, under these settings.
        check_inputs: Check one resource by its inputs.
        check_stack: Check all resources by their outputs; yields (URN, finding). An empty URN is the stack.
        check_outputs: Check one resource by its outputs, unless `check_inputs` has refused it already.
    """

    name: str
    description: str
    severity: Severity
    framework: tuple[str, str, str, str]
    remediation_steps: str
    tags: tuple[str, ...]
    settings: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    waivers: Mapping[str, Any] = field(default_factory=dict)
    applies_to: Callable[[str, Settings], bool] = every_type
    check_inputs: ResourceCheck | None = None
    check_stack: StackCheck | None = None
    check_outputs: ResourceCheck | None = None
