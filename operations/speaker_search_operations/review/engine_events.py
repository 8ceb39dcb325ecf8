"""Read the engine's events: one JSON object per line, from `preview --event-log` or `policy analyze --json`.

Source: `sdk/go/common/apitype/events.go` of the engine, 3.259. Only a preview has events that list what passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ERROR: Final = "error"
_POLICY_FAILURE_TEXTS: Final = ("preview failed", "one or more mandatory policy violations were found")


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """One policy event. A finding about the whole stack has the URN of the stack, or none."""

    pack: str
    rule: str
    urn: str
    level: str
    severity: str
    message: str


@dataclass(slots=True)
class EngineRun:
    """The events of one run.

    Attributes:
        passed: (pack, URN, rule) that the engine lists as passed.
        judged: (pack, URN) that a pack judged.
        stack_judged: Packs whose stack rules ran.
        resources: URN → metadata of the step, as the engine's untyped JSON.
        removed: The same for resources that the update would delete.
        errors: Error diagnostics, without those about policy violations.
        result: `succeeded` or `failed`; empty if the run did not finish.
    """

    findings: list[PolicyFinding] = field(default_factory=list)
    passed: set[tuple[str, str, str]] = field(default_factory=set)
    judged: set[tuple[str, str]] = field(default_factory=set)
    stack_judged: set[str] = field(default_factory=set)
    resources: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    removed: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    result: str = ""


def read_events(lines: Iterable[str]) -> EngineRun:
    """Read a run from its event lines. Lines without a JSON object are skipped."""
    run = EngineRun()
    for line in lines:
        if not line.lstrip().startswith("{"):
            continue
        try:
            event: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:
            continue  # the last line of a run that was killed
        for kind, read in _READERS.items():
            if isinstance(event.get(kind), dict):
                read(run, event[kind])
    return run


def _finding(run: EngineRun, event: Mapping[str, Any]) -> None:
    run.findings.append(
        PolicyFinding(
            pack=event.get("policyPackName", ""),
            rule=event.get("policyName", ""),
            urn=event.get("resourceUrn", ""),
            level=event.get("enforcementLevel", ""),
            severity=event.get("severity", ""),
            message=event.get("message", ""),
        )
    )


def _analyzed(run: EngineRun, event: Mapping[str, Any]) -> None:
    pack, urn = event.get("policyPackName", ""), event.get("resourceUrn", "")
    run.judged.add((pack, urn))
    run.passed.update((pack, urn, rule) for rule in event.get("passed") or ())


def _stack_analyzed(run: EngineRun, event: Mapping[str, Any]) -> None:
    pack = event.get("policyPackName", "")
    run.stack_judged.add(pack)
    run.passed.update((pack, "", rule) for rule in event.get("passed") or ())


def _resource(run: EngineRun, event: Mapping[str, Any]) -> None:
    metadata = event.get("metadata") or {}
    if metadata.get("new") and metadata.get("urn"):
        run.resources[metadata["urn"]] = metadata
    elif metadata.get("op") == "delete" and metadata.get("urn"):
        run.removed[metadata["urn"]] = metadata


def _diagnostic(run: EngineRun, event: Mapping[str, Any]) -> None:
    message = str(event.get("message", "")).strip()
    if event.get("severity") == ERROR and message and message not in _POLICY_FAILURE_TEXTS:
        run.errors.append(message)


def _summary(run: EngineRun, event: Mapping[str, Any]) -> None:
    run.result = event.get("result", "")


_READERS: Final = {
    "policyEvent": _finding,
    "policyAnalyzeSummaryEvent": _analyzed,
    "policyAnalyzeStackSummaryEvent": _stack_analyzed,
    "resourcePreEvent": _resource,
    "diagnosticEvent": _diagnostic,
    "summaryEvent": _summary,
}
