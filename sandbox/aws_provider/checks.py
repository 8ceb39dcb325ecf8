"""Check: convert what a program declares to inputs, or to failures that name the property."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.aws_provider.auto_naming import AutoNamingError, Proposal, auto_name
from sandbox.aws_provider.configuration import Configuration
from sandbox.aws_provider.property_rules import coerce, measure
from sandbox.aws_provider.schema import Failure, Property, ResourceType, State
from sandbox.aws_provider.tags import all_tags


@dataclass(frozen=True)
class Naming:
    """The source of an automatic name: logical name, the engine's seed and its auto-naming configuration."""

    logical_name: str
    random_seed: bytes = b""
    proposal: Proposal | None = None


@dataclass
class Checked:
    """Complete inputs, and what is wrong with them."""

    inputs: State = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)


def check(
    resource_type: ResourceType, olds: State, news: State, configuration: Configuration, naming: Naming
) -> Checked:
    """Convert inputs, add tags, region, defaults and name, and validate them against the table."""
    checked = Checked()
    rows = {row.name: row for row in resource_type.properties}
    for name, value in news.items():
        if name in ("__defaults", "tagsAll"):
            continue
        row = rows.get(name)
        if row is None or row.output_only:
            checked.failures.append((name, _unknown_property(resource_type, row)))
        else:
            checked.inputs[name] = coerce(row, name, value, checked.failures)
    if "tagsAll" in rows:
        checked.inputs["tagsAll"] = all_tags(checked.inputs.get("tags"), configuration)
    if "region" in rows:
        checked.inputs.setdefault("region", configuration.region)
    checked.inputs["__defaults"] = _fill_defaults(resource_type, olds, checked, naming)
    measure(resource_type.properties, checked.inputs, "", checked.failures)
    checked.failures += resource_type.check(checked.inputs)
    return checked


def _unknown_property(resource_type: ResourceType, row: Property | None) -> str:
    if row is not None:
        return "is set by AWS and can't be an input"
    known = ", ".join(sorted(row.name for row in resource_type.properties if not row.output_only))
    return f"is not a property of {resource_type.pulumi_type}, which has {known}"


def _fill_defaults(resource_type: ResourceType, olds: State, checked: Checked, naming: Naming) -> list[str]:
    """Set what the program omits; return the names of what was set, for the next check and for the diff."""
    inputs, filled = checked.inputs, []
    for row in resource_type.properties:
        if row.default is not None and row.name not in inputs:
            inputs[row.name] = row.default
            filled.append(row.name)
    rules = resource_type.auto_name
    if rules is not None and "name" not in inputs and "namePrefix" not in inputs:
        try:
            if "name" in (olds.get("__defaults") or ()) and olds.get("name"):
                inputs["name"] = olds["name"]
            else:
                inputs["name"] = auto_name(
                    rules, naming.logical_name, inputs, naming.random_seed, naming.proposal
                )
            filled.append("name")
        except AutoNamingError as error:
            checked.failures.append(("name", str(error)))
    return sorted(filled)
