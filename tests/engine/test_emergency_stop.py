"""The worst day: a protected domain, a search that will not stop, credentials of another account."""

from __future__ import annotations

import pytest

from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

OTHER_ACCOUNT = "210987654321"

Steps = dict[str, Ran]


def speaker_search(stack: Stack, *arguments: str) -> Ran:
    done = stack.speaker_search(*arguments)
    return Ran(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def steps(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """Two searches beside a protected domain, stopped in each way."""
    control = engine_sandbox.control
    control.reset()
    be_quick(control)

    def alive() -> Ran:
        return Ran(len([task for task in control.tasks() if task["alive"]]), "")

    stack = Stack.of_this_project(tmp_path_factory.mktemp("emergency"), engine_sandbox.environment)
    stack.config("protectDomain", "true")
    for number, name in enumerate(("first", "second")):
        stack.config(f"searches[{number}].name", name)
    stack.up()
    steps = {"running": alive(), "status": speaker_search(stack, "status")}

    stack.pulumi(
        "config", "set", "--path", "aws:assumeRole.roleArn", f"arn:aws:iam::{OTHER_ACCOUNT}:role/deploy"
    )
    steps["other account"] = speaker_search(stack, "stop", "--all")
    steps["running after other account"] = alive()
    stack.pulumi("config", "rm", "aws:assumeRole")

    control.add_fault("forbidden", "StopSpeakerSearchTask", nth=1)
    steps["stop"] = speaker_search(stack, "stop", "--all")
    steps["running after stop"] = alive()
    control.clear_faults()
    stack.up("--refresh")
    steps["running after up"] = alive()
    steps["status after up"] = speaker_search(stack, "status")

    for number in range(2):
        stack.config(f"searches[{number}].triggers", "again")
    stack.up()
    steps["running again"] = alive()
    steps["destroy"] = stack.pulumi("destroy", "--yes", expect=FAILS)  # the preview is what refuses it
    steps["running after destroy"] = alive()
    steps["excluded"] = stack.pulumi("destroy", "--yes", "--skip-preview", "--exclude-protected")
    steps["running after excluded"] = alive()
    return steps


def test_both_searches_run_and_nothing_is_wrong(steps: Steps) -> None:
    assert (steps["running"].code, steps["status"].code) == (2, 0)


def test_credentials_of_another_account_stop_nothing_and_are_told(steps: Steps) -> None:
    assert (steps["other account"].code, OTHER_ACCOUNT in steps["other account"]) == (2, True)
    assert steps["running after other account"].code == 2


def test_one_command_stops_every_search_though_one_refuses(steps: Steps) -> None:
    assert (steps["stop"].code, steps["running after stop"].code) == (0, 0)


def test_the_search_that_refused_ended_with_its_pipeline(steps: Steps) -> None:
    assert "so its pipeline" in steps["stop"]


def test_the_next_up_starts_none_of_them(steps: Steps) -> None:
    assert steps["running after up"].code == 0


def test_a_stopped_search_is_no_fault(steps: Steps) -> None:
    assert steps["status after up"].code == 0, steps["status after up"].text


def test_new_triggers_start_them_again(steps: Steps) -> None:
    assert steps["running again"].code == 2


def test_destroy_stops_nothing_where_a_domain_is_protected(steps: Steps) -> None:
    assert (steps["destroy"].code != 0, steps["running after destroy"].code) == (True, 2)


def test_destroy_without_what_is_protected_stops_everything(steps: Steps) -> None:
    assert (steps["excluded"].code, steps["running after excluded"].code) == (0, 0)
