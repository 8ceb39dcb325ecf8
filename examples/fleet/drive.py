"""Deploy stacks through the Automation API: a limited number in parallel, so that one failure stops no other."""

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
PARALLEL_STEPS: Final = 64
"""Parallel steps of one stack. They wait for AWS and need little of this machine."""


@dataclass(frozen=True)
class Outcome:
    """The result for one stack. `state`: done, skipped (an earlier run completed it) or failed."""

    stack: FleetStack
    state: str
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Many stacks of one program.

    Attributes:
        work: The folder for the copy of the program, the settings of the stacks and the record.
        environment: Environment variables for the CLI: backend, credentials.
        at_once: Maximum number of stacks in parallel.
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
        on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> list[Outcome]:
        """Run `up` or `destroy` for every stack that the record does not show as done.

        Args:
            again: Include the stacks that are done.
            on_outcome: Called with each outcome when it is known.

        Returns:
            One outcome per stack, in the order of `stacks`.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        for file in PROGRAM.iterdir():
            if file.is_file():
                shutil.copy(file, self.work)
        record = Record(self.work / "record.jsonl")
        outcomes: dict[str, Outcome] = {}
        with ThreadPoolExecutor(self.at_once) as threads:
            futures = [
                threads.submit(self._run_stack, command, stack, record, again=again) for stack in stacks
            ]
            for future in as_completed(futures):
                outcome = future.result()
                outcomes[outcome.stack.name] = outcome
                on_outcome(outcome)
        return [outcomes[stack.name] for stack in stacks]

    def _run_stack(self, command: str, stack: FleetStack, record: Record, *, again: bool) -> Outcome:
        if not again and record.is_done(stack.name, command, stack.fingerprint):
            return Outcome(stack, "skipped", detail="completed by an earlier run")
        started_at = time.monotonic()
        try:
            workspace_stack = self._stack(stack)
            if record.was_interrupted(stack.name):
                workspace_stack.cancel()  # release the lock of the run that was killed
            record.write(Entry(stack.name, command, stack.fingerprint, "begun"))
            if command == "up":
                detail = _count_outcomes(workspace_stack.up(parallel=PARALLEL_STEPS, refresh=True).outputs)
            else:
                workspace_stack.destroy(parallel=PARALLEL_STEPS)
                detail = "everything is removed"
        except CommandError as error:
            record.write(Entry(stack.name, command, stack.fingerprint, "failed"))
            return Outcome(stack, "failed", time.monotonic() - started_at, _reason(str(error)))
        record.write(Entry(stack.name, command, stack.fingerprint, "done"))
        return Outcome(stack, "done", time.monotonic() - started_at, detail)

    def _stack(self, stack: FleetStack) -> automation.Stack:
        created = automation.create_or_select_stack(
            stack.name,
            work_dir=str(self.work),
            opts=LocalWorkspaceOptions(env_vars=dict(self.environment)),
        )
        created.set_all_config({key: automation.ConfigValue(value) for key, value in stack.config.items()})
        return created


def _count_outcomes(outputs: Mapping[str, automation.OutputValue]) -> str:
    found = list(outputs["outcomes"].value.values())
    return ", ".join(f"{found.count(outcome)} {outcome}" for outcome in sorted(set(found)))


def _reason(text: str) -> str:
    """Return the first error that the CLI printed."""
    lines = [line.strip() for line in text.splitlines()]
    return next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "")
