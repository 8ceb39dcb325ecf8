"""Rule time of both policy packs on a state of many resources, asked through the SDK's own servicer.

The same servicer with rules that do nothing is asked alternately: what it costs to carry the resources is not the
rules' time.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy, StackValidationPolicy

from benchmarks.figure import Figure
from benchmarks.preview_cost import multiplied
from benchmarks.workplace import Workplace, seconds_of
from sandbox.environment import ROOT
from tests.policies.analyzer import Analyzer, Declared

RESOURCES_PER_SEARCH = 4


def _nothing(_args: Any, _report: Any) -> None:
    return None


NOTHING = [
    ResourceValidationPolicy("nothing", "Does nothing.", _nothing, EnforcementLevel.ADVISORY),
    StackValidationPolicy("nothing-either", "Does nothing.", _nothing, EnforcementLevel.ADVISORY),
]


def measure(workplace: Workplace) -> list[Figure]:
    """One round: a pack that does nothing, both packs. Each judges all inputs, then the stack's outputs."""
    workplace.clear()
    stack = workplace.standing("searches", "policies")
    stack.searches(1)
    stack.up()
    searches = workplace.size.policy_resources // RESOURCES_PER_SEARCH
    resources = declared(multiplied(stack.state(), searches))
    packs = _packs()
    empty, full = [], []
    for _ in range(workplace.size.rounds):
        empty.append(_milliseconds(NOTHING, resources) * len(packs))
        full.append(sum(_milliseconds(pack, resources) for pack in packs))
    return [
        Figure(
            name="rule-time",
            samples=[with_rules - without for with_rules, without in zip(full, empty, strict=True)],
            unit="ms",
            series={"with the SDK's servicer": full, "the servicer alone": empty},
        )
    ]


def _packs() -> list[Sequence[Policy]]:
    for pack in ("consent", "safeguards"):  # each is a root of its own, as when the CLI runs it
        folder = str(ROOT / "policies" / pack)
        if folder not in sys.path:
            sys.path.insert(0, folder)
    from consent_rules.pack import consent_policies
    from safeguard_rules.pack import safeguard_policies

    today = datetime.now(UTC).date()
    return [consent_policies(today), safeguard_policies(today)]


def _milliseconds(pack: Sequence[Policy], resources: Sequence[Declared]) -> float:
    analyzer = Analyzer(pack)
    return seconds_of(lambda: analyzer.judge(resources)) * 1000 / len(resources)


def declared(state: Mapping[str, Any]) -> list[Declared]:
    """The state's resources as the harness takes them; names get their type, because there they have to be unique."""
    resources = [
        resource
        for resource in state["deployment"]["resources"]
        if not resource["type"].startswith("pulumi:")
    ]
    known = {resource["urn"] for resource in resources}
    return [
        Declared(
            resource["type"],
            _name(resource["urn"]),
            resource.get("inputs", {}),
            outputs=resource.get("outputs", {}),
            parents=tuple(resource["urn"].split("::")[2].split("$")[:-1]),
            sources={
                name: tuple(_name(urn) for urn in urns if urn in known)
                for name, urns in resource.get("propertyDependencies", {}).items()
            },
        )
        for resource in resources
    ]


def _name(urn: str) -> str:
    _project, _stack, types, name = urn.split("::", 3)
    return f"{name}-{types.rsplit(':', 1)[-1]}"
