"""docs/permissions against what the local AWS has seen: no call of a stack's life is missing in its policy."""

from __future__ import annotations

import json

import pytest

from sandbox.control import SandboxControl
from sandbox.environment import ROOT
from tests.engine.conftest import be_quick
from tests.engine.stack import Stack
from tests.sandbox_process import SandboxProcess

PREFIXES = {"chime-sdk-media-pipelines": "chime", "chime-sdk-voice": "chime"}
"""Service in the log → its prefix in IAM, where they differ."""

FREE = {"sts:GetCallerIdentity"}
"""What needs no permission [D]."""

Actions = frozenset[str]


def allowed(name: str) -> Actions:
    document = json.loads((ROOT / "docs" / "permissions" / f"{name}.json").read_text())
    return frozenset(action for statement in document["Statement"] for action in statement["Action"])


def asked(control: SandboxControl, *, after: int = 0) -> Actions:
    calls = control.calls()[after:]
    actions = {f"{PREFIXES.get(call['service'], call['service'])}:{call['operation']}" for call in calls}
    return frozenset(actions - FREE)


@pytest.fixture(scope="module")
def seen(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Actions]:
    control = engine_sandbox.control
    control.reset()
    be_quick(control)
    stack = Stack.of_this_project(tmp_path_factory.mktemp("permissions"), engine_sandbox.environment)
    stack.config("searches[0].name", "search")
    for sink in ("sns", "kinesis", "sqs"):
        stack.config("sink", sink)
        stack.config("tags.sink", sink)
        stack.up()
    stack.pulumi("config", "rm", "--path", "speaker-search:tags.sink")
    stack.up("--refresh")
    before = len(control.calls())
    for command in ("status", "sweep"):
        stack.speaker_search(command)
    reviewed = asked(control, after=before)
    stack.speaker_search("stop", "--all")
    stack.speaker_search("sweep", "--finished")
    stack.pulumi("destroy", "--yes", "--skip-preview")
    return {"deployer": asked(control), "reviewer": reviewed}


@pytest.mark.parametrize("name", ["deployer", "reviewer"])
def test_every_call_is_allowed(seen: dict[str, Actions], name: str) -> None:
    assert seen[name]
    assert seen[name] - allowed(name) == set()


def test_a_reviewer_changes_nothing() -> None:
    verbs = {action.split(":")[1] for action in allowed("reviewer")}
    assert all(verb.startswith(("Get", "List")) for verb in verbs)


@pytest.mark.parametrize("name", ["deployer", "producer", "reviewer"])
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
