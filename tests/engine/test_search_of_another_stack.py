"""A search that was moved, renamed or adopted has one stack: the declaration that stayed behind is refused.

Each scenario runs once on the real engine; the tests read what it noted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.running_stack import PIPELINE, TASK, RunningStack
from tests.engine.stack import Ran
from tests.sandbox_process import SandboxProcess

REFUSED = "is held by another stack"


@dataclass(frozen=True)
class Noted:
    """What came of a scenario.

    Attributes:
        task_id: The search that was there from the beginning.
        holder: The first `up` of the stack that holds it by then.
        stayed: The `up` of the declaration that stayed behind.
        listening: Every search that listens in the end.
        started: Every search that was ever started.
        in_state: Ids of pipelines and tasks in the state of the declaration that stayed behind.
        stops: How many searches and pipelines AWS was told to end.
        swept: Exit code of the holder's `sweep`.
    """

    task_id: str
    holder: Ran
    stayed: Ran
    listening: list[str]
    started: int
    in_state: list[str]
    stops: int
    swept: int


@pytest.fixture(scope="module")
def running(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> RunningStack:
    """A stack named `test` in which one search runs."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("holder"), engine_sandbox)
    return RunningStack(there, tmp_path_factory.mktemp("kept"))


def begin(running: RunningStack) -> BroughtStack:
    there = running.restored()
    there.sandbox.control.clear_calls()
    return there


def urns(there: BroughtStack) -> list[str]:
    return [one["urn"] for kind in (TASK, PIPELINE) for one in there.stack.resources(kind)]


def named(there: BroughtStack, name: str) -> BroughtStack:
    """The same program and backend, with another stack selected."""
    there.stack = replace(there.stack, name=name)
    there.stack.pulumi("stack", "select", "--create", name)
    return there


def note(there: BroughtStack, task_id: str, holder: Ran, *, holder_name: str) -> Noted:
    """The declaration that stayed behind runs `up` in the stack that is selected now."""
    control = there.sandbox.control
    stayed = there.stack.up(expect=None)
    return Noted(
        task_id=task_id,
        holder=holder,
        stayed=stayed,
        listening=there.alive(),
        started=len(control.tasks(ended=True)),
        in_state=[one["id"] for kind in (TASK, PIPELINE) for one in there.stack.resources(kind)],
        stops=sum(len(control.calls(name)) for name in ("StopSpeakerSearchTask", "DeleteMediaPipeline")),
        swept=there.speaker_search("sweep", "--stack", holder_name).code,
    )


@dataclass(frozen=True)
class Renamed:
    """A stack that was renamed.

    Attributes:
        ups: Two runs of `up` under the new name.
        written: How many calls wrote tags in each of them.
        swept: Exit code of `sweep` after them.
        left: The searches that listen after `destroy`.
        noted: What came of an `up` under the old name, before the `destroy`.
    """

    ups: tuple[Ran, Ran]
    written: tuple[int, int]
    swept: int
    left: list[str]
    noted: Noted


@pytest.fixture(scope="module")
def renamed(running: RunningStack) -> Renamed:
    there = begin(running)
    control = there.sandbox.control
    (task_id,) = there.alive()
    there.stack.pulumi("stack", "rename", "renamed")
    there = named(there, "renamed")
    counts, ups = [len(control.calls("TagResource"))], []
    for _ in range(2):
        ups.append(there.stack.up())
        counts.append(len(control.calls("TagResource")))
    swept = there.speaker_search("sweep", "--stack", "renamed").code
    noted = note(named(there, "test"), task_id, ups[0], holder_name="renamed")
    named(there, "renamed").stack.pulumi("destroy", "--yes", "--skip-preview")
    return Renamed(
        ups=(ups[0], ups[1]),
        written=(counts[1] - counts[0], counts[2] - counts[1]),
        swept=swept,
        left=there.alive(),
        noted=noted,
    )


@pytest.fixture(scope="module")
def moved(running: RunningStack) -> Noted:
    there = begin(running)
    (task_id,) = there.alive()
    own = urns(there)
    there.stack.pulumi("stack", "init", "second", "--no-select")
    there.stack.pulumi("state", "move", "--source", "test", "--dest", "second", "--yes", *own)
    holder = named(there, "second").stack.up()
    return note(named(there, "test"), task_id, holder, holder_name="second")


@pytest.fixture(scope="module")
def adopted(running: RunningStack) -> Noted:
    let_go = {"stop_on_delete": False}
    there = begin(running)
    there.declare(task=let_go, pipeline=let_go)
    there.stack.up()
    ids = {kind: str(there.stack.resources(kind)[0]["id"]) for kind in (TASK, PIPELINE)}
    there.stack.pulumi("destroy", "--yes", "--skip-preview")
    there.declare(pipeline={"adopt": ids[PIPELINE]}, task={"adopt": ids[TASK]})
    holder = named(there, "second").stack.up()
    there.declare(task=let_go, pipeline=let_go)
    return note(named(there, "test"), ids[TASK], holder, holder_name="second")


@pytest.fixture(scope="module", params=["moved", "renamed", "adopted"])
def noted(request: pytest.FixtureRequest) -> Noted:
    came: Noted | Renamed = request.getfixturevalue(request.param)
    return came.noted if isinstance(came, Renamed) else came


def test_the_declaration_that_stayed_behind_is_refused(noted: Noted) -> None:
    assert (noted.stayed.code != 0, REFUSED in noted.stayed) == (True, True)


def test_the_refusal_names_what_helps(noted: Noted) -> None:
    assert "Take the declaration out of this program" in noted.stayed


def test_the_search_goes_on_and_is_the_only_one_that_was_ever_started(noted: Noted) -> None:
    assert (noted.listening, noted.started) == ([noted.task_id], 1)


def test_nothing_was_stopped(noted: Noted) -> None:
    assert noted.stops == 0


def test_the_state_of_the_declaration_that_stayed_behind_has_nothing_of_it(noted: Noted) -> None:
    assert noted.in_state == []


def test_the_stack_that_holds_it_has_no_orphan(noted: Noted) -> None:
    assert noted.swept == 0


@pytest.mark.parametrize("run", [0, 1])
def test_an_up_after_a_rename_changes_no_resource(renamed: Renamed, run: int) -> None:
    assert "3 unchanged" in renamed.ups[run]


def test_the_first_up_after_a_rename_writes_the_new_name_by_one_call(renamed: Renamed) -> None:
    assert renamed.written == (1, 0)


def test_a_renamed_stack_has_no_orphan(renamed: Renamed) -> None:
    assert renamed.swept == 0


def test_a_renamed_stack_destroys_its_search(renamed: Renamed) -> None:
    assert renamed.left == []
