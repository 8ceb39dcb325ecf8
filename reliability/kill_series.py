"""Kill the CLI with SIGKILL at random moments: everything that runs must be known, and `up` must adopt it."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from reliability import account
from reliability.command import Outcome, run_command
from reliability.declaration import declare
from reliability.draw import draw_moment
from reliability.killing import Kills, run_kills
from reliability.plan import Interruption
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
    "identification_speech_seconds": 600.0,
    "voiceprint_speech_seconds": 600.0,
}
"""Searches need so much speech that none ends by itself, on a slow machine either."""
LATENCY_SECONDS: Final = 0.2
"""Latency of each call to AWS, so that creates take long enough to be hit."""

SETTLE_SECONDS: Final = 1.5
"""How long there must be no call to AWS: a provider that outlives its CLI finishes its current create."""


def run_kill_series(seed: int, times: int, *, workers: int, say: Callable[[str], object] = print) -> Kills:
    """Kill `times` running CLIs. A kill that comes too late does not count, and is drawn again."""

    def attempt(sandbox: SandboxProcess, number: int) -> _Kill:
        kill = _Kill(sandbox, draw_moment(random.Random(f"kill-{seed}-{number}"), "SIGKILL", "up"))
        kill.execute()
        return kill

    kills = Kills(asked=times, command="CLI", heading="after the kill", failure="wrong")
    return run_kills(kills, attempt, workers=workers, say=say)


class _Kill:
    """One `up` that is killed, what is found then, and the `up` that adopts it."""

    def __init__(self, sandbox: SandboxProcess, interruption: Interruption) -> None:
        self.sandbox = sandbox
        self.control = sandbox.control
        self.interruption = interruption
        self.moment = f"{interruption.after_seconds:.2f} s after the first {interruption.operation or 'call'}"
        self.met = False
        self.found: Counter[str] = Counter()
        self.wrong: list[str] = []

    def execute(self) -> None:
        """Kill an `up`, check what is running, and recover."""
        self.control.reset()
        self.control.set_transitions(**TRANSITIONS)
        aws_account = account.set_up(self.sandbox.endpoint, SEARCHES)
        for stream_arn in aws_account.streams.values():
            self.control.set_media(stream_arn, True)
        self.control.set_latency(LATENCY_SECONDS)
        declaration = declare(aws_account)
        self.place = Workplace(Path(tempfile.mkdtemp(prefix="kill-")), self.sandbox.environment, self.control)
        try:
            self.met = self._run("up", declaration, self.interruption).interrupted
            if self.met:
                self._settle()
                self._check()
                self._recover(declaration)
        except StateUnreadableError as broken:
            self.wrong.append(f"the state can't be loaded: {broken}")
        finally:
            self.place.close()

    def _run(self, command: str, declaration: str, interruption: Interruption | None = None) -> Outcome:
        return run_command(self.place, command, declaration=declaration, interruption=interruption)

    def _settle(self) -> None:
        """Wait until the provider that outlived its CLI makes no more calls to AWS."""
        calls = -1
        while calls != (calls := self.place.calls()):
            time.sleep(SETTLE_SECONDS)

    def _check(self) -> None:
        """Check that everything is in state, or pending and in the ledger, and that sweep shows exactly the latter."""
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

    def _recover(self, declaration: str) -> None:
        """Check that `cancel` and `up` adopt the same ids, and that `destroy` removes everything."""
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
