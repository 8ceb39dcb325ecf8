"""`examples/fleet` with a stack for each of two accounts in two regions; one search is made to fail, and resumed.

The shipped file makes eight stacks: two lines for each account and region. The second line shows nothing that the first
one does not, and takes as long.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from examples.fleet.drive import Fleet, Outcome
from examples.fleet.plan import FleetStack, read_fleet
from examples.fleet.sandbox_profiles import ACCOUNTS, write_profiles
from sandbox.control import SandboxControl, TaskRow
from sandbox.environment import ROOT
from tests.engine.conftest import be_quick
from tests.sandbox_process import SandboxProcess

FILE = ROOT / "examples" / "fleet" / "sandbox.toml"
STACKS = 4


@dataclass(frozen=True)
class Driven:
    """What three runs did: the first meets one refusal, the second goes on, the third ends everything."""

    first: list[Outcome]
    resumed: list[Outcome]
    started: list[TaskRow]
    running: list[TaskRow]
    regions_called_by_resumed: set[str]
    destroyed: list[Outcome]
    left: list[TaskRow]


@pytest.fixture(scope="module")
def fleet_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        be_quick(process.control)
        yield process


@pytest.fixture(scope="module")
def driven(fleet_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Driven:
    folder = tmp_path_factory.mktemp("fleet")
    write_profiles(folder / "credentials", fleet_sandbox.endpoint)
    environment = {
        name: value
        for name, value in fleet_sandbox.environment.items()
        # A profile in the config does not win over keys in the environment.
        if name not in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    }
    environment |= {
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(environment):
            patch.delenv(name)  # the Automation API adds to this process's environment
        patch.setenv("PATH", environment["PATH"])
        stacks = read_fleet(_one_line(folder / "fleet.toml"))
        return _drive(folder / "work", environment, fleet_sandbox.control, stacks)


def _one_line(file: Path) -> Path:
    """Write the shipped file with one of its lines."""
    text = FILE.read_text()
    lines = [line for line in text.splitlines() if not line.startswith("lines =")]
    assert len(lines) == len(text.splitlines()) - 1
    file.write_text("\n".join(['lines = ["sales"]', *lines]))
    return file


def _drive(
    work: Path, environment: dict[str, str], control: SandboxControl, stacks: list[FleetStack]
) -> Driven:
    fleet = Fleet(work=work, environment=environment, at_once=3)
    control.add_fault("fails_later", "StartSpeakerSearchTask", nth=1, times=1)
    first = fleet.run("up", stacks)
    before = max(call["number"] for call in control.calls())
    resumed = fleet.run("up", stacks)
    regions = {call["region"] for call in control.calls(after=before)}
    started, running = control.tasks(ended=True), control.tasks()
    destroyed = fleet.run("destroy", stacks)
    return Driven(first, resumed, started, running, regions, destroyed, control.tasks())


def test_the_file_makes_eight_stacks() -> None:
    assert len({stack.name for stack in read_fleet(FILE)}) == 8


def test_one_stack_fails_and_the_others_are_done(driven: Driven) -> None:
    assert sorted(outcome.state for outcome in driven.first) == ["done"] * (STACKS - 1) + ["failed"]


def test_the_failure_says_why(driven: Driven) -> None:
    (failed,) = _in_state(driven.first, "failed")
    assert "speaker search task" in failed.detail


def test_the_next_run_does_only_the_one_that_failed(driven: Driven) -> None:
    (failed,) = _in_state(driven.first, "failed")
    (done,) = _in_state(driven.resumed, "done")
    assert done.stack == failed.stack


def test_the_next_run_asks_nothing_of_other_regions(driven: Driven) -> None:
    (failed,) = _in_state(driven.first, "failed")
    assert driven.regions_called_by_resumed == {failed.stack.region}


def test_every_stack_has_started_one_task_in_its_account_and_region(driven: Driven) -> None:
    assert sorted((task["account_id"], task["region"]) for task in driven.started) == sorted(
        (account, region) for account in ACCOUNTS.values() for region in ("us-east-1", "us-west-2")
    )


def test_every_other_stack_then_has_a_running_task(driven: Driven) -> None:
    (failed,) = _in_state(driven.first, "failed")
    every = {(task["account_id"], task["region"]) for task in driven.started}
    where = {
        (task["account_id"], task["region"]) for task in driven.running if task["status"] == "InProgress"
    }
    assert where == every - {(ACCOUNTS[failed.stack.account], failed.stack.region)}


def test_a_search_that_failed_is_not_started_again_by_itself(driven: Driven) -> None:
    assert [task["status"] for task in driven.running] == ["InProgress"] * (STACKS - 1)


def test_destroy_leaves_no_task(driven: Driven) -> None:
    assert driven.left == []


def test_destroy_is_done_for_all(driven: Driven) -> None:
    assert [outcome.state for outcome in driven.destroyed] == ["done"] * STACKS


def test_a_changed_config_is_done_again() -> None:
    stack = FleetStack(region="us-east-1", account="one", line="sales", config={"aws:region": "us-east-1"})
    changed = FleetStack(region="us-east-1", account="one", line="sales", config={"aws:region": "us-west-2"})
    assert stack.fingerprint != changed.fingerprint


def _in_state(outcomes: list[Outcome], state: str) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.state == state]
