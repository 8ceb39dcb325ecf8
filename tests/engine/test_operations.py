"""`speaker-search status` and `sweep` on a real stack."""

from __future__ import annotations

import json

import pytest

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran
from tests.sandbox_process import SandboxProcess

TASK = "chime:SpeakerSearchTask"


@pytest.fixture(scope="module")
def steps(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """A task runs, is lost from state, is found, and is stopped."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("operations"), engine_sandbox)
    there.stack.up()
    said = {"status": there.speaker_search("status"), "sweep": there.speaker_search("sweep")}
    said["status json"] = there.speaker_search("status", "--json")
    (task,) = there.stack.resources(TASK)
    there.stack.pulumi("state", "delete", task["urn"], "--yes")
    said["lost"] = there.speaker_search("sweep", "--json")
    said["stop"] = there.speaker_search("sweep", "--stop", "--json")
    said["alive"] = Ran(len(there.alive()), "")
    said["after"] = there.speaker_search("sweep")
    said["elsewhere"] = there.speaker_search("sweep", "--cwd", "/")
    return {**said, "lost id": Ran(0, task["id"])}


Steps = dict[str, Ran]


def test_status_ends_well_while_everything_runs(steps: Steps) -> None:
    assert (steps["status"].code, "InProgress" in steps["status"]) == (0, True)


def test_status_for_scripts_names_the_consent_record(steps: Steps) -> None:
    (search,) = [row for row in json.loads(steps["status json"].text) if row["task_id"]]
    assert search["record"] == "synthetic-voices/0001"


def test_sweep_finds_nothing_where_everything_is_in_state(steps: Steps) -> None:
    assert steps["sweep"].code == 0


def test_sweep_shows_a_task_that_is_in_no_state(steps: Steps) -> None:
    (orphan,) = json.loads(steps["lost"].text)["orphans"]
    assert (orphan["kind"], orphan["id"]) == ("task", steps["lost id"].text)


def test_sweep_says_by_its_exit_code_that_something_is_left(steps: Steps) -> None:
    assert steps["lost"].code == 1


def test_sweep_alone_stops_nothing_and_with_stop_it_ends_what_it_found(steps: Steps) -> None:
    (found,) = json.loads(steps["stop"].text)["found"]
    assert (found["id"], found["done"]) == (steps["lost id"].text, "stopped")


def test_nothing_listens_after_sweep_stop(steps: Steps) -> None:
    assert steps["alive"].code == 0


def test_sweep_ends_well_once_nothing_is_left(steps: Steps) -> None:
    assert steps["after"].code == 0


def test_a_folder_without_a_project_gets_one_line(steps: Steps) -> None:
    assert steps["elsewhere"].code == 2
    assert "Traceback" not in steps["elsewhere"]
