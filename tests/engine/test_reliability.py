"""Reliability with the real CLI: ^C during the wait, many throttled tasks at once, an answer that was lost."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reliability import account
from reliability.command import Outcome, run_command
from reliability.declaration import declare
from reliability.questions import alive_ids
from reliability.workplace import Workplace
from sandbox.control import SandboxControl
from tests.engine.conftest import be_quick
from tests.sandbox_process import SandboxProcess

NEVER_SECONDS = 300.0
PATIENCE_SECONDS = 60.0
CONTROL_C = b"\x03"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@dataclass
class Stack:
    """A stack of searches, none of which is started yet."""

    place: Workplace
    declaration: str

    @property
    def control(self) -> SandboxControl:
        return self.place.control

    def run(self, command: str) -> Outcome:
        return run_command(self.place, command, declaration=self.declaration)


@pytest.fixture(scope="module")
def new_stack(sandbox: SandboxProcess) -> Iterator[Callable[..., Stack]]:
    """Makes a stack in an account that is emptied for it."""
    made: list[Workplace] = []

    def make(searches: int, **transitions: float) -> Stack:
        sandbox.control.reset()
        be_quick(sandbox.control, **transitions)
        there = account.set_up(sandbox.endpoint, searches)
        sandbox.control.clear_calls()
        made.append(Workplace(Path(tempfile.mkdtemp()), sandbox.environment, sandbox.control))
        return Stack(made[-1], declare(there))

    yield make
    for place in made:
        place.close()


class Terminal:
    """`pulumi up` as somebody types it: in the foreground of a terminal of its own."""

    def __init__(self, stack: Stack) -> None:
        self._keyboard, screen = pty.openpty()

        def in_the_foreground() -> None:
            os.setsid()
            fcntl.ioctl(screen, termios.TIOCSCTTY, 0)

        folder = str(stack.place.folder / "program")
        self.process = subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--cwd", folder],
            env={**stack.place.variables, "CHAOS_DECLARATION": stack.declaration, "TERM": "xterm"},
            stdin=screen,
            stdout=screen,
            stderr=screen,
            preexec_fn=in_the_foreground,
        )
        os.close(screen)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        """Takes what is printed, or the terminal would fill up and block."""
        try:
            while os.read(self._keyboard, 65536):
                pass
        except OSError:
            return

    def press_control_c(self) -> None:
        os.write(self._keyboard, CONTROL_C)

    def close(self) -> None:
        self._reader.join(PATIENCE_SECONDS)
        os.close(self._keyboard)


@dataclass(frozen=True)
class Interrupted:
    """An `up` that ^C ended during the wait, and the `destroy` after it."""

    seconds_to_prompt: float
    running_after_prompt: frozenset[str]
    tasks_in_state: frozenset[str]
    destroy_code: int
    running_after_destroy: frozenset[str]


@pytest.fixture(scope="module")
def interrupted(new_stack: Callable[..., Stack]) -> Interrupted:
    stack = new_stack(1, task_initializing_seconds=NEVER_SECONDS)
    terminal = Terminal(stack)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not stack.control.tasks() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)  # well into the wait
    pressed = time.monotonic()
    terminal.press_control_c()
    terminal.process.wait(PATIENCE_SECONDS)
    to_prompt = time.monotonic() - pressed
    terminal.close()
    running, state = alive_ids(stack.control), stack.place.state()
    destroyed = stack.run("destroy")
    return Interrupted(to_prompt, running, state.task_ids, destroyed.code, alive_ids(stack.control))


def test_after_control_c_the_prompt_is_back_within_seconds(interrupted: Interrupted) -> None:
    # One to three on a quiet machine; the wait that it ends would go on for minutes.
    assert interrupted.seconds_to_prompt < 15.0


def test_after_control_c_the_task_that_runs_is_in_state(interrupted: Interrupted) -> None:
    assert interrupted.tasks_in_state
    assert interrupted.tasks_in_state <= interrupted.running_after_prompt


def test_after_control_c_destroy_stops_the_task(interrupted: Interrupted) -> None:
    assert (interrupted.destroy_code, interrupted.running_after_destroy) == (0, frozenset())


@dataclass(frozen=True)
class Throttled:
    """25 searches of which 30 % of all calls were throttled."""

    up: Outcome
    tasks: int
    calls: int
    throttled: int


SEARCHES = 25


@pytest.fixture(scope="module")
def throttled(new_stack: Callable[..., Stack]) -> Throttled:
    stack = new_stack(SEARCHES)
    # Each search of the program has a pipeline of its own, and AWS's quota is 20.
    stack.control.set_quotas(active_pipelines=SEARCHES)
    stack.control.add_fault("throttle", rate=0.3, seed=1)
    outcome = stack.run("up")
    running = [task for task in stack.control.tasks() if task["status"] == "InProgress"]
    calls = sum(stack.control.call_counts().values())
    return Throttled(outcome, len(running), calls, stack.control.fired_faults().get("throttle", 0))


def test_an_up_of_25_throttled_tasks_succeeds(throttled: Throttled) -> None:
    assert throttled.up.code == 0, throttled.up.tail()


def test_25_throttled_tasks_all_run(throttled: Throttled) -> None:
    assert throttled.tasks == SEARCHES


def test_a_throttled_task_takes_fewer_than_15_calls_with_its_pipeline(throttled: Throttled) -> None:
    assert throttled.calls / SEARCHES < 15


def test_three_calls_in_ten_were_really_throttled(throttled: Throttled) -> None:
    assert 0.2 < throttled.throttled / throttled.calls < 0.4


@dataclass(frozen=True)
class LostAnswer:
    """An `up` in which the first answer to StartSpeakerSearchTask was lost."""

    code: int
    started: frozenset[str]
    in_state: frozenset[str]
    lost: int


@pytest.fixture(scope="module")
def lost_answer(new_stack: Callable[..., Stack]) -> LostAnswer:
    stack = new_stack(1)
    stack.control.add_fault("answer_lost", "StartSpeakerSearchTask", nth=1)
    outcome = stack.run("up")
    started = frozenset(task["task_id"] for task in stack.control.tasks(ended=True))
    lost = stack.control.fired_faults().get("answer_lost", 0)
    return LostAnswer(outcome.code, started, stack.place.state().task_ids, lost)


def test_an_up_whose_answer_was_lost_succeeds(lost_answer: LostAnswer) -> None:
    assert (lost_answer.lost, lost_answer.code) == (1, 0)


def test_a_lost_answer_starts_one_task_and_it_is_the_one_in_state(lost_answer: LostAnswer) -> None:
    assert len(lost_answer.started) == 1
    assert lost_answer.started == lost_answer.in_state


@dataclass(frozen=True)
class Unrecorded:
    """A task whose id could not be written to the ledger, and what sweep made of it."""

    in_state: frozenset[str]
    sweep_code: int
    running_after_sweep: frozenset[str]


@pytest.fixture(scope="module")
def unrecorded(new_stack: Callable[..., Stack]) -> Unrecorded:
    stack = new_stack(1)
    stack.declaration = stack.declaration.replace('"create": 20.0', '"create": 1.0')
    for call in range(2, 12):  # the first one writes the intent
        stack.control.add_fault("service_failure", "TagResource", nth=call)
    stack.run("up")
    stack.control.clear_faults()
    code = stack.place.sweep(stop=False).code
    stack.place.sweep(stop=True)
    running = frozenset(task["task_id"] for task in stack.control.tasks())
    return Unrecorded(stack.place.state().task_ids, code, running)


def test_a_task_in_state_that_the_ledger_lacks_is_no_orphan(unrecorded: Unrecorded) -> None:
    assert unrecorded.sweep_code == 0


def test_sweep_leaves_a_task_in_state_that_the_ledger_lacks_alone(unrecorded: Unrecorded) -> None:
    assert unrecorded.in_state
    assert unrecorded.running_after_sweep == unrecorded.in_state
