"""docs/permissions against what the local AWS has seen: no call of a stack's life is missing in its policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.environment import ROOT
from tests.command_in_process import speaker_search
from tests.engine.conftest import be_quick
from tests.engine.stack import Stack
from tests.sandbox_process import SandboxProcess

PREFIXES = {
    "chime-sdk-media-pipelines": "chime",
    "chime-sdk-voice": "chime",
    "service-quotas": "servicequotas",
}
"""Service in the log → its prefix in IAM, where they differ."""

FREE = {"sts:GetCallerIdentity"}
"""What needs no permission [D]."""

FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:results:live"
EVERY_SINK = {"sqs": "new", "sns": "new", "kinesis": "new", "lambda": FUNCTION_ARN}

Actions = frozenset[str]


@dataclass(frozen=True)
class Seen:
    """What the local AWS was asked, by role, and the sinks that the stack had: type of the element → target."""

    calls: dict[str, Actions]
    sinks: dict[str, str]


def allowed(name: str) -> Actions:
    document = json.loads((ROOT / "docs" / "permissions" / f"{name}.json").read_text())
    return frozenset(action for statement in document["Statement"] for action in statement["Action"])


def asked(calls: Sequence[Mapping[str, Any]]) -> Actions:
    actions = {f"{PREFIXES.get(call['service'], call['service'])}:{call['operation']}" for call in calls}
    return frozenset(actions - FREE)


@pytest.fixture(scope="module")
def seen(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    control = engine_sandbox.control
    control.reset()
    be_quick(control)
    stack = Stack.of_this_project(tmp_path_factory.mktemp("permissions"), engine_sandbox.environment)

    def run(*command: str) -> None:
        speaker_search(stack.folder, stack.environment, *command)

    stack.config("searches[0].name", "search")
    for sink in ("kinesis", "sqs"):
        stack.config("sink", sink)
        stack.config("tags.sink", sink)
        if sink == "sqs":
            for name, target in EVERY_SINK.items():
                stack.config(f"sinks.{name}", target)
        stack.up()
    configured = _sinks_of_the_configuration(stack)
    stack.pulumi("config", "rm", "--path", "speaker-search:tags.sink")
    stack.up("--refresh")
    before = len(control.calls())
    for command in ("status", "sweep"):
        run(command)
    reviewed = len(control.calls())
    run("doctor")
    examined = len(control.calls())
    run("stop", "--all")
    run("sweep", "--finished")
    stack.pulumi("destroy", "--yes", "--skip-preview")
    calls = control.calls()
    by_role = {
        "deployer": asked([*calls[:reviewed], *calls[examined:]]),
        "reviewer": asked(calls[before:reviewed]),
        "doctor": asked(calls[reviewed:examined]),
    }
    return Seen(by_role, configured)


def _sinks_of_the_configuration(stack: Stack) -> dict[str, str]:
    """Return the type of the element → its target."""
    outputs = stack.outputs_of("MediaInsightsPipelineConfiguration")
    return {
        element["type"]: part["insightsTarget"]
        for element in outputs["elements"]
        for part in element.values()
        if isinstance(part, dict) and "insightsTarget" in part
    }


def test_a_configuration_has_all_four_sinks(seen: Seen) -> None:
    assert sorted(target.split(":")[2] for target in seen.sinks.values()) == sorted(EVERY_SINK)
    assert seen.sinks["LambdaFunctionSink"] == FUNCTION_ARN


@pytest.mark.parametrize("name", ["deployer", "reviewer", "doctor"])
def test_every_call_is_allowed(seen: Seen, name: str) -> None:
    assert seen.calls[name]
    assert seen.calls[name] - allowed(name) == set()


def test_a_reviewer_changes_nothing() -> None:
    verbs = {action.split(":")[1] for action in allowed("reviewer")}
    assert all(verb.startswith(("Get", "List")) for verb in verbs)


@pytest.mark.parametrize("name", ["deployer", "doctor", "producer", "reviewer"])
def test_no_action_is_a_wildcard(name: str) -> None:
    assert not [action for action in allowed(name) if "*" in action]


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("deployer", "kms:CreateGrant"),
        ("deployer", "kms:DescribeKey"),
        ("deployer", "kinesis:DescribeStream"),
        ("deployer", "iam:PassRole"),
        ("producer", "kms:GenerateDataKey"),
        ("producer", "kinesisvideo:PutMedia"),
    ],
)
def test_what_aws_asks_for_behind_the_calls_is_there(name: str, action: str) -> None:
    assert action in allowed(name)
