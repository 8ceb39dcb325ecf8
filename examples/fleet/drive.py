"""Drives stacks through the Automation API: a bounded number at once, each failure for itself."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pulumi import automation
from pulumi.automation import CommandError, LocalWorkspaceOptions

from examples.fleet.plan import FleetStack
from examples.fleet.record import Entry, Record

PROGRAM: Final = Path(__file__).parent / "program"
STEPS_AT_ONCE: Final = 64
"""Of one stack. Its steps wait for AWS, not for this machine."""


@dataclass(frozen=True)
class Outcome:
    """How it went for one stack. `state`: done, skipped (an earlier run had done it), failed."""

    stack: FleetStack
    state: str
    seconds: float = 0.0
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Where a fleet is driven.

    Attributes:
        work: A folder of its own: the program's copy, the stacks' settings, the record.
        environment: More variables for the CLI: the backend, credentials.
        at_once: Stacks.
    """

    work: Path
    environment: Mapping[str, str]
    at_once: int

    def run(
        self,
        command: str,
        stacks: Sequence[FleetStack],
        *,
        again: bool = False,
        told: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> list[Outcome]:
        """`up` or `destroy` for every stack that the record does not show as done; in the order of `stacks`.

        Args:
            again: Also for those.
            told: Hears each outcome when it is there.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        for file in PROGRAM.iterdir():
            if file.is_file():
                shutil.copy(file, self.work)
        record = Record(self.work / "record.jsonl")
        outcomes: dict[str, Outcome] = {}
        with ThreadPoolExecutor(self.at_once) as threads:
            futures = [threads.submit(self._one, command, stack, record, again=again) for stack in stacks]
            for future in as_completed(futures):
                outcome = future.result()
                outcomes[outcome.stack.name] = outcome
                told(outcome)
        return [outcomes[stack.name] for stack in stacks]

    def _one(self, command: str, stack: FleetStack, record: Record, *, again: bool) -> Outcome:
        if not again and record.is_done(stack.name, command, stack.fingerprint):
            return Outcome(stack, "skipped", says="done by an earlier run")
        began = time.monotonic()
        try:
            driven = self._stack(stack)
            if record.was_interrupted(stack.name):
                driven.cancel()  # its lock outlived the run that was killed
            record.write(Entry(stack.name, command, stack.fingerprint, "begun"))
            if command == "up":
                says = _running(driven.up(parallel=STEPS_AT_ONCE, refresh=True).outputs)
            else:
                driven.destroy(parallel=STEPS_AT_ONCE)
                says = "nothing is left"
        except CommandError as failed:
            record.write(Entry(stack.name, command, stack.fingerprint, "failed"))
            return Outcome(stack, "failed", time.monotonic() - began, _reason(str(failed)))
        record.write(Entry(stack.name, command, stack.fingerprint, "done"))
        return Outcome(stack, "done", time.monotonic() - began, says)

    def _stack(self, stack: FleetStack) -> automation.Stack:
        driven = automation.create_or_select_stack(
            stack.name,
            work_dir=str(self.work),
            opts=LocalWorkspaceOptions(env_vars=dict(self.environment)),
        )
        driven.set_all_config({key: automation.ConfigValue(value) for key, value in stack.config.items()})
        return driven


def _running(outputs: Mapping[str, automation.OutputValue]) -> str:
    found = list(outputs["outcomes"].value.values())
    return ", ".join(f"{found.count(outcome)} {outcome}" for outcome in sorted(set(found)))


def _reason(text: str) -> str:
    """The first error that the CLI showed."""
    lines = [line.strip() for line in text.splitlines()]
    return next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "")
