"""Whose a running search is, whatever people rename, move or restore: `sweep` on real stacks of real backends."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sandbox.environment import ROOT
from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.running_stack import PIPELINE, TASK, RunningStack
from tests.engine.stack import Ran
from tests.engine.swept_stack import (
    Said,
    Swept,
    in_another_backend,
    lose_task,
    move_everything,
    only_id,
    sweep,
    write_intent,
)
from tests.engine.terminal import END_OF_INPUT, run_in_terminal
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def ran(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> RunningStack:
    """Each fixture below plays a story on this stack, as its `up` has left it, and notes what came of it."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("ownership"), engine_sandbox)
    return RunningStack(there, tmp_path_factory.mktemp("kept"))


Asked = dict[bytes, tuple[Ran, int]]
"""What was typed → what the terminal showed, and how many searches ran after it."""

NO_ANSWERS = [b"n\n", b"\n", END_OF_INPUT]


@pytest.fixture(scope="module")
def of_a_twin(ran: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, Asked]:
    """What an empty stack of the same project and name in another backend says, and asks in a terminal."""
    other = in_another_backend(ran.restored(), tmp_path_factory.mktemp("other") / "backend")

    def answer(typed: bytes) -> tuple[Ran, int]:
        shown = run_in_terminal(
            [str(ROOT / ".venv/bin/speaker-search"), "sweep", "--stop"],
            folder=other.stack.folder,
            environment=other.stack.environment,
            question="Stop them?",
            typed=typed,
        )
        return shown, len(other.alive())

    said = {"stop": sweep(other, "--stop")}
    asked = {typed: answer(typed) for typed in (*NO_ANSWERS, b"y\n")}
    ran.restored()
    other.stack.pulumi("stack", "select", other.stack.name)
    said["yes"] = sweep(other, "--stop", "--yes")
    return said, asked


@pytest.fixture(scope="module")
def renamed(ran: RunningStack) -> tuple[str, Said]:
    """The task that a stack has lost before it was renamed, and what its sweep says."""
    there = ran.restored()
    task_id = lose_task(there)
    there.stack.pulumi("stack", "rename", "renamed")
    return task_id, {"look": sweep(there), "stop": sweep(there, "--stop")}


def test_what_a_stack_lost_before_it_was_renamed_stays_visible(renamed: tuple[str, Said]) -> None:
    task_id, said = renamed
    assert (said["look"].code, said["look"].ids()) == (1, {task_id})


def test_what_a_stack_lost_before_it_was_renamed_can_be_ended(renamed: tuple[str, Said]) -> None:
    _, said = renamed
    assert (said["look"].alive, said["stop"].code, said["stop"].alive) == (1, 0, 0)


@pytest.fixture(scope="module")
def moved(ran: RunningStack) -> Said:
    """Stack → what its sweep said after everything had been moved from `test` to `second`."""
    there = ran.restored()
    move_everything(there, "second")
    return {stack: sweep(there, "--stack", stack, "--stop") for stack in ("test", "second")}


def test_what_was_moved_to_another_stack_is_left_alone(moved: Said) -> None:
    assert (moved["test"].code, moved["test"].alive) == (0, 1)


def test_the_stack_that_holds_it_is_named(moved: Said) -> None:
    assert {one["stack"] for one in moved["test"].report["left_alone"]} == {"second"}


def test_what_was_moved_is_no_orphan_of_its_new_stack(moved: Said) -> None:
    assert (moved["second"].code, moved["second"].report["found"], moved["second"].alive) == (0, [], 1)


@pytest.fixture(scope="module")
def twin(of_a_twin: tuple[Said, Asked]) -> Said:
    return of_a_twin[0]


@pytest.fixture(scope="module")
def asked(of_a_twin: tuple[Said, Asked]) -> Asked:
    """The same in a terminal without `--yes`, where the command asks."""
    return of_a_twin[1]


def test_a_search_of_the_same_name_in_another_backend_is_shown_and_not_ended(twin: Said) -> None:
    assert (twin["stop"].code, twin["stop"].alive) == (1, 1)


def test_whoever_is_sure_says_so(twin: Said) -> None:
    assert (twin["yes"].code, twin["yes"].alive) == (0, 0)


@pytest.mark.parametrize("typed", NO_ANSWERS, ids=["no", "nothing", "end of input"])
def test_whoever_does_not_say_yes_ends_nothing(asked: Asked, typed: bytes) -> None:
    shown, alive = asked[typed]
    assert (
        "A stack of the same name in another backend may own them. Stop them?" in shown,
        shown.code,
        alive,
    ) == (
        True,
        1,
        1,
    )


@pytest.mark.parametrize("typed", NO_ANSWERS, ids=["no", "nothing", "end of input"])
def test_what_was_not_ended_is_reported(asked: Asked, typed: bytes) -> None:
    shown, _ = asked[typed]
    assert "Orphans left in us-east-1: " in shown


def test_whoever_says_yes_in_a_terminal_ends_it(asked: Asked) -> None:
    shown, alive = asked[b"y\n"]
    assert (shown.code, alive) == (0, 0)


@dataclass(frozen=True)
class LetGo:
    """A search that its stack has let go of, and another stack has taken over.

    Attributes:
        ids: The pipeline and the task.
        after_destroy: What its former stack says of it before it is taken over.
        after_adoption: What its former stack says then.
    """

    ids: dict[str, str]
    after_destroy: Swept
    after_adoption: Swept


@pytest.fixture(scope="module")
def let_go(ran: RunningStack) -> LetGo:
    there, kept = ran.restored(), {"stop_on_delete": False}
    ids = {kind: only_id(there, kind) for kind in (PIPELINE, TASK)}
    there.declare(task=kept, pipeline=kept)
    there.stack.up()
    there.stack.pulumi("destroy", "--yes", "--skip-preview")
    after_destroy = sweep(there)
    there.stack.pulumi("stack", "init", "second")
    there.declare(pipeline={"adopt": ids[PIPELINE]}, task={"adopt": ids[TASK]})
    there.stack.up()
    return LetGo(ids, after_destroy, sweep(there, "--stack", "test", "--stop"))


def test_what_was_let_go_of_is_shown(let_go: LetGo) -> None:
    swept = let_go.after_destroy
    assert (swept.code, let_go.ids[TASK] in swept.ids()) == (1, True)


def test_what_another_stack_has_taken_over_is_left_alone(let_go: LetGo) -> None:
    swept = let_go.after_adoption
    assert (swept.code, swept.alive) == (0, 1)
    assert swept.ids("left_alone") == set(let_go.ids.values())


def test_one_not_found_of_each_call_does_not_hide_a_task(ran: RunningStack) -> None:
    there = ran.restored()
    lose_task(there)
    for operation in ("GetSpeakerSearchTask", "StopSpeakerSearchTask", "GetMediaPipeline"):
        there.sandbox.control.add_fault("not_found", operation, nth=1)
    swept = sweep(there, "--stop")
    assert (swept.code, swept.alive) == (0, 0)


@pytest.fixture(scope="module")
def running(ran: RunningStack) -> tuple[str, Said]:
    """The pipeline of a search that runs all the time, and what one sweep after another says beside it."""
    there = ran.restored()
    pipeline_id = only_id(there, PIPELINE)
    said = {
        "qualified": sweep(there, "--stack", "organization/brought/test", "--stop"),
        "finished": sweep(there, "--finished"),
    }
    there.sandbox.control.add_fault("forbidden", "ListTagsForResource", nth=1)
    said["refused"] = sweep(there)
    for age, age_seconds in {"fresh": 1.0, "future": -3600.0, "old": 3600.0}.items():
        write_intent(there, age_seconds=age_seconds)
        said[age] = sweep(there, "--stop")
    said["named"] = sweep(there, "--stop", pipeline_id)
    return pipeline_id, said


def test_a_qualified_name_is_understood(running: tuple[str, Said]) -> None:
    _, said = running
    assert (said["qualified"].code, said["qualified"].report["found"]) == (0, [])


def test_the_pipeline_of_a_search_that_runs_is_not_finished(running: tuple[str, Said]) -> None:
    _, said = running
    assert (said["finished"].code, said["finished"].alive) == (0, 1)


def test_a_pipeline_whose_tags_are_refused_is_named(running: tuple[str, Said]) -> None:
    pipeline_id, said = running
    named = [one["what"] for one in said["refused"].report["unread"]]
    assert (said["refused"].code, named) == (2, [f"media pipeline {pipeline_id}"])


@pytest.mark.parametrize("age", ["fresh", "future"])
def test_a_start_of_a_moment_ago_is_shown_and_not_ended(running: tuple[str, Said], age: str) -> None:
    _, said = running
    assert (said[age].code, said[age].alive, said[age].kinds()) == (1, 1, ["intent"])


def test_an_old_start_does_not_end_a_search_that_is_in_state(running: tuple[str, Said]) -> None:
    _, said = running
    assert (said["old"].code, said["old"].alive) == (1, 1)


def test_a_start_ends_with_its_pipeline_where_that_is_named(running: tuple[str, Said]) -> None:
    _, said = running
    assert (said["named"].code, said["named"].alive) == (0, 0)


@pytest.fixture(scope="module")
def done(ran: RunningStack) -> tuple[Said, int]:
    """What is said of a pipeline whose search was stopped, and how many pipelines run in the end."""
    there = ran.restored()
    there.speaker_search("stop", "search")
    said = {"look": sweep(there), "finished": sweep(there, "--finished")}
    return said, len(there.sandbox.control.pipelines())


def test_a_pipeline_whose_search_is_done_is_shown(done: tuple[Said, int]) -> None:
    said, _ = done
    assert (said["look"].code, said["look"].kinds("found")) == (0, ["done"])


def test_a_pipeline_whose_search_is_done_can_be_ended(done: tuple[Said, int]) -> None:
    said, pipelines = done
    results = [one["done"] for one in said["finished"].report["found"]]
    assert (said["finished"].code, results, pipelines) == (0, ["ended"], 0)
