"""Measure the time of the rules of both packs on a state of many resources, through the SDK's servicer.

The figure is the time within the rules. The time of the servicer is shown beside it, as is that of the
servicer with rules that do nothing, measured alternately.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pulumi_policy import EnforcementLevel, Policy, ResourceValidationPolicy, StackValidationPolicy

from benchmarks.figure import Figure
from benchmarks.preview_cost import multiplied
from benchmarks.workplace import Workplace
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
    """Measure in rounds: a pack that does nothing, then both packs. Each judges all inputs, then the outputs."""
    workplace.clear()
    stack = workplace.standing_searches("policies")
    stack.searches(1)
    stack.up()
    searches = workplace.size.policy_resources // RESOURCES_PER_SEARCH
    resources = declared(multiplied(stack.state(), searches))
    packs = _packs()
    rules, whole, empty = [], [], []
    for _ in range(workplace.size.rounds):
        empty.append(_milliseconds(NOTHING, resources)[1] * len(packs))
        each = [_milliseconds(pack, resources) for pack in packs]
        rules.append(sum(in_rules for in_rules, _all in each))
        whole.append(sum(all_of_it for _rules, all_of_it in each))
    return [
        Figure(
            name="rule-time",
            samples=rules,
            unit="ms",
            series={
                "ms a resource with the SDK's servicer, which reads each resource anew for every rule": whole,
                "the servicer with two packs that do nothing": empty,
            },
        )
    ]


def _packs() -> list[Sequence[Policy]]:
    for pack in ("consent", "safeguards"):  # each is a source root, as when the CLI runs it
        folder = str(ROOT / "policies" / pack)
        if folder not in sys.path:
            sys.path.insert(0, folder)
    from consent_rules.pack import consent_policies
    from safeguard_rules.pack import safeguard_policies

    today = datetime.now(UTC).date()
    return [consent_policies(today), safeguard_policies(today)]


def _milliseconds(pack: Sequence[Any], resources: Sequence[Declared]) -> tuple[float, float]:
    """Return milliseconds of CPU per resource: of the rules, and of everything."""
    spent = [0.0]

    def timed(validate: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            started_at = time.thread_time()
            try:
                return validate(*arguments)
            finally:
                spent[0] += time.thread_time() - started_at

        return run

    for policy in pack:
        if policy not in NOTHING:
            policy.validate = timed(policy.validate)
    analyzer = Analyzer(pack)
    started_at = time.thread_time()
    analyzer.judge(resources)
    whole = time.thread_time() - started_at
    for policy in pack:
        policy.__dict__.pop("validate", None)
    return spent[0] * 1000 / len(resources), whole * 1000 / len(resources)


def declared(state: Mapping[str, Any]) -> list[Declared]:
    """Convert the resources of a state for the test harness, with the type in each name to make it unique."""
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
