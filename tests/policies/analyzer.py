"""Feed resources to a pack as the engine does: through the SDK's own servicer, as protobuf.

So the rules meet what they meet in a run: proxies that raise, unknown values, unwrapped secrets, numbers as
floats, and no properties that start with `__`. The servicer is private to `pulumi_policy`, whose version is
pinned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

STACK, PROJECT = "dev", "probe"
UNKNOWN: Final = UNKNOWN_STRING_VALUE
"""Represents a value that is known only after the update, in inputs and outputs."""

_SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"


def secret(value: Any) -> dict[str, Any]:
    """Return a value as the engine marks secrets on the wire."""
    return {_SIGNATURE_KEY: _SECRET, "value": value}


@dataclass(frozen=True)
class Declared:
    """A resource as a program declares it.

    Attributes:
        outputs: What a stack rule sees; by default the inputs.
        parents: The chain of component types above it, outermost first.
        sources: Property → names of the resources in the same list that its value comes from.
        provider: The properties of its provider.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] | None = None
    parents: tuple[str, ...] = ()
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: Mapping[str, Any] = field(default_factory=dict)
    stack: str = STACK

    @property
    def urn(self) -> str:
        return f"urn:pulumi:{self.stack}::{PROJECT}::{'$'.join((*self.parents, self.type))}::{self.name}"

    @property
    def seen_outputs(self) -> Mapping[str, Any]:
        return self.inputs if self.outputs is None else self.outputs


ROOT: Final = Declared("pulumi:pulumi:Stack", f"{PROJECT}-{STACK}", {})
"""The first resource of every run."""


@dataclass(frozen=True)
class Verdict:
    """One diagnostic."""

    rule: str
    level: str
    urn: str
    message: str


class Analyzer:
    """One run of one pack: every resource with its inputs, then the stack with its outputs."""

    def __init__(
        self, policies: Sequence[Policy], settings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self._servicer: Any = _PolicyAnalyzerServicer(
            "pack", "0.0.0", list(policies), EnforcementLevel.MANDATORY, initial_config=None
        )
        self._configure(policies, settings or {})

    def _configure(self, policies: Sequence[Policy], settings: Mapping[str, Mapping[str, Any]]) -> None:
        """Send what the engine sends: the level of every rule, and its settings if there are any."""
        request = proto.ConfigureAnalyzerRequest()
        for policy in policies:
            level = policy.enforcement_level or EnforcementLevel.MANDATORY
            given = dict(settings.get(policy.name, {}))
            chosen = given.pop("enforcementLevel", level.value)
            request.policyConfig[policy.name].enforcementLevel = getattr(proto, chosen.upper())
            request.policyConfig[policy.name].properties.update(given)
        self._servicer.Configure(request, None)

    def judge(self, resources: Iterable[Declared]) -> list[Verdict]:
        """Run both phases, as in a preview."""
        declared = [ROOT, *resources]
        return [
            *(verdict for one in declared for verdict in self.judge_inputs(one)),
            *self.judge_outputs(declared),
        ]

    def judge_inputs(self, resource: Declared) -> list[Verdict]:
        """Run the resource phase for one resource."""
        return _verdicts(
            self._servicer.Analyze(_request(resource, resource.inputs, proto.AnalyzeRequest), None), resource
        )

    def not_applicable(self, resource: Declared) -> set[str]:
        """Return the rules that report that they do not apply to a resource."""
        answer = self._servicer.Analyze(_request(resource, resource.inputs, proto.AnalyzeRequest), None)
        return {one.policy_name for one in answer.not_applicable}

    def judge_outputs(self, resources: Sequence[Declared]) -> list[Verdict]:
        """Run the stack phase."""
        by_name = {one.name: one.urn for one in resources}
        request = proto.AnalyzeStackRequest()
        for one in resources:
            sent = _request(one, one.seen_outputs, proto.AnalyzerResource)
            for name, sources in one.sources.items():
                sent.propertyDependencies[name].urns.extend(by_name[source] for source in sources)
            request.resources.append(sent)
        return _verdicts(self._servicer.AnalyzeStack(request, None), ROOT)


def _request(resource: Declared, properties: Mapping[str, Any], kind: Any) -> Any:
    options = proto.AnalyzerResourceOptions(
        protect=resource.protect, ignoreChanges=resource.ignore_changes, parent=ROOT.urn
    )
    sent = kind(urn=resource.urn, type=resource.type, name=resource.name, options=options)
    sent.properties.CopyFrom(_struct({k: v for k, v in properties.items() if not k.startswith("__")}))
    if resource.provider:
        sent.provider.CopyFrom(
            proto.AnalyzerProviderResource(type="pulumi:providers:aws", urn="urn", name="aws")
        )
        sent.provider.properties.CopyFrom(_struct(resource.provider))
    return sent


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(dict(properties))
    return made


def _verdicts(answer: Any, default: Declared) -> list[Verdict]:
    return [
        Verdict(
            one.policyName,
            proto.EnforcementLevel.Name(one.enforcementLevel).lower(),
            one.urn or default.urn,
            one.message,
        )
        for one in answer.diagnostics
    ]
