"""`kill -9` of the CLI at a drawn moment, many times; nothing that runs may be unknown, and `up` takes it back."""

from __future__ import annotations

import queue
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reliability import account
from reliability.command import Outcome, run_command
from reliability.declaration import declare
from reliability.draw import draw_moment
from reliability.plan import Blow
from reliability.questions import alive_ids, started_twice
from reliability.workplace import StateUnreadableError, Workplace
from tests.sandbox_process import SandboxProcess

SEARCHES: Final = 2
TRANSITIONS: Final = {
    "pipeline_initializing_seconds": 0.3,
    "pipeline_stopping_seconds": 0.1,
    "task_not_started_seconds": 0.1,
    "task_initializing_seconds": 0.4,
    "task_stopping_seconds": 0.1,
}
LATENCY_SECONDS: Final = 0.2
"""Of each call to AWS, so that the creates themselves are long enough to be hit."""

SETTLE_SECONDS: Final = 1.5
"""How long AWS must not have been asked. A provider that outlives its CLI ends the create that it is in."""


@dataclass(slots=True)
class Kills:
    """What came of it."""

    struck: int = 0
    too_late: int = 0
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        return not self.wrong

    def table(self) -> str:
        """The figures in Markdown."""
        rows = ["| after the kill | times |", "| --- | --- |"]
        rows += [f"| {what} | {times} |" for what, times in sorted(self.found.items())]
        rows += [
            f"| kills that met a living CLI | {self.struck} |",
            f"| that came after its end | {self.too_late} |",
            f"| wrong | {len(self.wrong)} |",
            "",
            f"in {self.seconds / 60:.0f} minutes",
        ]
        return "\n".join([*rows, *self.wrong])


def run_kill_series(seed: int, times: int, *, workers: int, say: Callable[[str], None] = print) -> Kills:
    """Kills `times` living CLIs; a kill that came too late is not counted, and drawn again."""
    kills, lock, began = Kills(), threading.Lock(), time.monotonic()
    numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(times * 3):
        numbers.put(number)
    broken: list[BaseException] = []

    def work() -> None:
        try:
            with SandboxProcess() as sandbox:
                while not broken and kills.struck < times:
                    number = numbers.get_nowait()
                    drawing = random.Random(f"kill-{seed}-{number}")
                    one = _Kill(sandbox, draw_moment(drawing, "SIGKILL", "up"))
                    one.carry_out()
                    with lock:
                        kills.struck += one.struck
                        kills.too_late += not one.struck
                        kills.found.update(one.found)
                        kills.wrong += [f"kill {number} of seed {seed}: {wrong}" for wrong in one.wrong]
                        verdict = "; ".join(one.wrong) or "nothing lost"
                        say(f"[{kills.struck}/{times}] kill {one.moment}: {verdict}")
        except BaseException as error:
            broken.append(error)
            raise

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kills.seconds = time.monotonic() - began
    if broken:
        raise broken[0]
    return kills


class _Kill:
    """One `up` that is killed, what is found then, and the `up` that takes it back."""

    def __init__(self, sandbox: SandboxProcess, blow: Blow) -> None:
        self.sandbox = sandbox
        self.control = sandbox.control
        self.blow = blow
        self.moment = f"{blow.after_seconds:.2f} s after the first {blow.operation or 'call'}"
        self.struck = False
        self.found: Counter[str] = Counter()
        self.wrong: list[str] = []

    def carry_out(self) -> None:
        self.control.reset()
        self.control.set_transitions(**TRANSITIONS)
        there = account.set_up(self.sandbox.endpoint, SEARCHES)
        for stream_arn in there.streams.values():
            self.control.set_media(stream_arn, True)
        self.control.set_latency(LATENCY_SECONDS)
        declaration = declare(there)
        self.place = Workplace(Path(tempfile.mkdtemp(prefix="kill-")), self.sandbox.environment, self.control)
        try:
            self.struck = self._run("up", declaration, self.blow).struck
            if self.struck:
                self._settle()
                self._look()
                self._take_back(declaration)
        except StateUnreadableError as broken:
            self.wrong.append(f"the state can't be loaded: {broken}")
        finally:
            self.place.close()

    def _run(self, command: str, declaration: str, blow: Blow | None = None) -> Outcome:
        return run_command(self.place, command, declaration=declaration, blow=blow)

    def _settle(self) -> None:
        """Until the provider that outlived its CLI has asked nothing more of AWS for a while."""
        calls = -1
        while calls != (calls := self.place.calls()):
            time.sleep(SETTLE_SECONDS)

    def _look(self) -> None:
        """Everything that runs is in state, or pending and in the ledger; sweep shows exactly the latter."""
        self.control.set_latency(0.0)
        state, alive = self.place.state(), alive_ids(self.control)
        lost = alive - state.ids
        self.found["tasks and pipelines that ran"] += len(alive)
        self.found["of them in state"] += len(alive & state.ids)
        self.found["of them under pending operations and in the ledger"] += len(lost)
        if lost and not state.creating:
            self.wrong.append(f"{sorted(lost)} run, in no state and under no pending operation")
        found = self.place.sweep(stop=False).found
        shown = {str(one["id"]) for one in found if one["kind"] in ("task", "pipeline")}
        if shown != lost:
            self.wrong.append(f"sweep shows {sorted(shown)}, but lost are {sorted(lost)}")
        self.before = alive

    def _take_back(self, declaration: str) -> None:
        """`cancel` and `up`: the same ids, now in state; `destroy` leaves nothing."""
        if self.place.is_locked():
            self._run("cancel", declaration)
        outcome = self._run("up", declaration)
        if outcome.code:
            self.wrong.append(f"the next up failed:\n{outcome.tail()}")
        state, alive = self.place.state(), alive_ids(self.control)
        if alive - state.ids:
            self.wrong.append(f"{sorted(alive - state.ids)} were not adopted by the next up")
        if self.before - alive:
            self.wrong.append(f"{sorted(self.before - alive)} ran before, and do not run after the next up")
        self.found["adopted by the next up"] += len(self.before & state.ids)
        self.wrong += started_twice(self.control)
        outcome = self._run("destroy", declaration)
        if outcome.code or alive_ids(self.control):
            self.wrong.append(f"destroy left {sorted(alive_ids(self.control))}:\n{outcome.tail()}")
