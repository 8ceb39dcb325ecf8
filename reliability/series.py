"""Execute many runs on several workers, each with its own sandbox, and sum up the results."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reliability.draw import draw_plan
from reliability.questions import COUNTS
from reliability.run import Result, Run
from tests.sandbox_process import SandboxProcess


@dataclass(slots=True)
class Series:
    """The results of all runs so far."""

    runs: int = 0
    failed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    commands: int = 0
    calls: int = 0
    found_by_sweep: int = 0
    profiles_in_no_state: int = 0
    seconds: float = 0.0

    def add(self, result: Result) -> None:
        """Add the result of a run."""
        self.runs += 1
        self.counts.update(result.answers.counts)
        self.fired.update(result.fired)
        self.commands += len(result.commands)
        self.calls += result.calls
        self.found_by_sweep += result.answers.found_by_sweep
        self.profiles_in_no_state += result.answers.profiles_in_no_state
        if not result.answers.good:
            self.failed.append(result.plan.seed)

    @property
    def good(self) -> bool:
        """Return whether no run failed."""
        return not self.failed

    def table(self) -> str:
        """Return the results as Markdown, as docs/reliability.md shows them."""
        rows = ["| must be zero | count |", "| --- | --- |"]
        rows += [f"| {question} | {self.counts[question]} |" for question in COUNTS]
        rows += ["", "| what happened | times |", "| --- | --- |"]
        rows += [f"| {kind} | {self.fired[kind]} |" for kind in sorted(self.fired)]
        rows += [
            f"| orphans that only sweep found, and ended | {self.found_by_sweep} |",
            f"| voice profiles of a lost response, which only AWS has | {self.profiles_in_no_state} |",
            f"| commands of the CLI | {self.commands} |",
            f"| calls to AWS | {self.calls} |",
            "",
            f"{self.runs} runs in {self.seconds / 60:.0f} minutes; failed: {', '.join(self.failed) or 'none'}.",
        ]
        return "\n".join(rows)


def described(result: Result) -> str:
    """Describe a failed run: what was wrong, its commands, its plan, and how to repeat it."""
    seed, run = result.plan.seed.rsplit("-", 1)
    lines = [f"run {run} of seed {seed} failed; again: python -m reliability --seed {seed} --run {run}"]
    lines += [f"  {sentence}" for sentence in (*result.answers.sentences, *result.answers.troubles)]
    lines += [f"  $ {command}" for command in result.commands]
    lines.append(f"  plan: {json.dumps(result.plan.as_json())}")
    return "\n".join(lines)


def run_series(seed: int, runs: Iterable[int], *, workers: int, say: Callable[[str], None] = print) -> Series:
    """Execute the runs with these numbers; each worker has its own sandbox."""
    numbers = list(runs)
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in numbers:
        waiting.put(number)
    series, lock, began = Series(), threading.Lock(), time.monotonic()
    broken: list[BaseException] = []

    def work() -> None:
        try:
            with SandboxProcess() as sandbox:
                while not broken:
                    try:
                        number = waiting.get_nowait()
                    except queue.Empty:
                        return
                    run_began = time.monotonic()
                    result = Run(sandbox, draw_plan(seed, number)).execute()
                    with lock:
                        series.add(result)
                        took = time.monotonic() - run_began
                        verdict = "passed" if result.answers.good else "FAILED"
                        say(f"[{series.runs}/{len(numbers)}] run {number}: {verdict} in {took:.0f} s")
                        if not result.answers.good:
                            say(described(result))
        except BaseException as error:  # a worker that dies must not look like a series that passed
            broken.append(error)
            raise

    threads = [threading.Thread(target=work, name=f"chaos-{index}") for index in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    series.seconds = time.monotonic() - began
    if broken:
        raise broken[0]
    return series
