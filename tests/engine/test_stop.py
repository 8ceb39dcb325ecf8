"""`speaker-search stop` on a real stack: at once, without an update, without the passphrase."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran
from tests.sandbox_process import SandboxProcess

TASK = "chime:SpeakerSearchTask"
PASSPHRASE = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")

Steps = dict[str, Ran]


def without_passphrase(there: BroughtStack) -> BroughtStack:
    """The same stack in the environment of somebody who does not know its passphrase."""
    kept = {name: value for name, value in there.stack.environment.items() if name not in PASSPHRASE}
    other = BroughtStack.__new__(BroughtStack)
    other.__dict__.update(there.__dict__)
    other.stack = replace(there.stack, environment=kept)
    return other


@pytest.fixture(scope="module")
def steps(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """A search is stopped by name; then one is lost from state and everything is stopped."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("stop"), engine_sandbox)
    there.stack.pulumi("config", "set", "--secret", "brought:unused", "hush")
    there.stack.up()
    stranger = without_passphrase(there)
    state_file = there.stack.folder / ".pulumi" / "stacks" / "brought" / f"{there.stack.name}.json"
    before = state_file.read_text()
    said = {"misspelt": stranger.speaker_search("stop", "serch"), "nothing": stranger.speaker_search("stop")}
    said["alive before"] = Ran(len(there.alive()), "")
    said["by name"] = stranger.speaker_search("stop", "search", "--json")
    said["alive after"] = Ran(len(there.alive()), "")
    said["state"] = Ran(int(before != state_file.read_text()), "")
    said["again"] = stranger.speaker_search("stop", "search")
    there.stack.pulumi("refresh", "--yes", "--skip-preview")
    said["refreshed"] = Ran(0, there.stack.outputs_of(TASK)["outcome"])
    there.stack.up()
    said["alive after up"] = Ran(len(there.alive()), "")

    there.declare(task={"triggers": "once more"})
    there.stack.up()
    (task,) = there.stack.resources(TASK)
    there.stack.pulumi("state", "delete", task["urn"], "--yes")
    said["lost"] = Ran(len(there.alive()), task["id"])
    said["all"] = stranger.speaker_search("stop", "--all", "--json")
    said["alive after all"] = Ran(len(there.alive()), "")
    said["sweep after all"] = stranger.speaker_search("sweep")
    return said


def test_a_search_is_stopped_by_its_name(steps: Steps) -> None:
    assert steps["alive before"].code == 1
    assert (steps["by name"].code, steps["alive after"].code) == (0, 0)


def test_what_was_stopped_is_told_with_its_last_status(steps: Steps) -> None:
    (search,) = json.loads(steps["by name"].text)["searches"]
    assert (search["may_listen"], search["result"]) == (False, "not running: Stopped")


def test_a_stop_changes_nothing_in_state(steps: Steps) -> None:
    assert steps["state"].code == 0


def test_the_next_refresh_agrees(steps: Steps) -> None:
    assert steps["refreshed"].text == "ended"


def test_what_was_stopped_stays_stopped_at_the_next_up(steps: Steps) -> None:
    assert steps["alive after up"].code == 0


def test_to_stop_what_is_stopped_ends_well(steps: Steps) -> None:
    assert steps["again"].code == 0


def test_a_misspelt_name_stops_nothing_and_names_what_there_is(steps: Steps) -> None:
    assert (steps["misspelt"].code, "Its searches are: search" in steps["misspelt"]) == (2, True)


def test_a_stop_without_a_name_asks_for_one(steps: Steps) -> None:
    assert (steps["nothing"].code, "--all" in steps["nothing"]) == (2, True)


def test_stop_all_ends_a_task_that_is_in_no_state(steps: Steps) -> None:
    assert steps["lost"].code == 1
    assert (steps["all"].code, steps["alive after all"].code) == (0, 0)


def test_stop_all_names_the_task_that_was_in_no_state(steps: Steps) -> None:
    (orphan,) = json.loads(steps["all"].text)["orphans"]
    assert (orphan["id"], orphan["done"]) == (steps["lost"].text, "stopped")


def test_nothing_is_left_for_sweep(steps: Steps) -> None:
    assert steps["sweep after all"].code == 0
