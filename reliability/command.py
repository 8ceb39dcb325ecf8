"""Run one command of the CLI, and disturb it at a moment."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from reliability.plan import Event, Interruption
from reliability.workplace import Workplace

TIMEOUT_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.05
SECOND_SIGNAL_AFTER_SECONDS: Final = 0.4

FLAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "up": ("--yes", "--skip-preview"),
    "refresh": ("--yes", "--skip-preview"),
    "destroy": ("--yes", "--skip-preview"),
    "preview": (),
    "cancel": ("--yes",),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a command.

    Attributes:
        code: Exit code; negative for the signal that ended it.
        hung: Whether it was killed because it did not end.
        interrupted: Whether the interruption met a running process.
        text: Its output.
    """

    command: str
    code: int
    seconds: float
    hung: bool
    interrupted: bool
    text: str

    def tail(self, lines: int = 25) -> str:
        """Return the last lines of the output."""
        return "\n".join(self.text.splitlines()[-lines:])


def run_command(
    place: Workplace,
    *words: str,
    declaration: str = "{}",
    interruption: Interruption | None = None,
    event: Event | None = None,
    stack: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> Outcome:
    """Run `pulumi <words>` in the project of the run, with interruption and event.

    Args:
        variables: Additional environment variables.
    """
    log = place.folder / "command.log"
    interrupted: list[bool] = []
    jobs = _jobs(place, interruption, event, interrupted)
    started_at = time.monotonic()
    with log.open("w") as out:
        process = subprocess.Popen(
            place.arguments(*words, *FLAGS[words[0]], "--stack", stack or place.stack),
            env={**place.variables, "CHAOS_DECLARATION": declaration, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threads = [
            threading.Thread(target=_run_at_moment, args=(place, process, job), daemon=True) for job in jobs
        ]
        for thread in threads:
            thread.start()
        hung = False
        try:
            process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            hung = True
            process.kill()
            process.wait()
        for thread in threads:
            thread.join(TIMEOUT_SECONDS)
    return Outcome(
        command=" ".join(words),
        code=process.returncode,
        seconds=time.monotonic() - started_at,
        hung=hung,
        interrupted=any(interrupted),
        text=Path(log).read_text(encoding="utf-8", errors="replace"),
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do `after_seconds` after the command's first call of `operation`; None: of any operation.

    Attributes:
        calls_before: The number of such calls before the command.
    """

    operation: str | None
    after_seconds: float
    calls_before: int
    do: Callable[[subprocess.Popen[bytes]], None]


def _jobs(
    place: Workplace, interruption: Interruption | None, event: Event | None, interrupted: list[bool]
) -> list[_Job]:
    jobs = []
    if interruption:
        jobs.append(
            _Job(
                operation=interruption.operation,
                after_seconds=interruption.after_seconds,
                calls_before=place.calls(interruption.operation),
                do=lambda process: interrupted.append(_interrupt(place, process, interruption)),
            )
        )
    if event:
        jobs.append(
            _Job(
                operation=None,
                after_seconds=event.after_seconds,
                calls_before=place.calls(),
                do=lambda _process: _apply_event(place, event),
            )
        )
    return jobs


def _run_at_moment(place: Workplace, process: subprocess.Popen[bytes], job: _Job) -> None:
    """Do the job at its moment, or when the command ends."""
    while process.poll() is None and place.calls(job.operation) <= job.calls_before:
        time.sleep(POLL_SECONDS)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(job.after_seconds)
    job.do(process)


def _interrupt(place: Workplace, process: subprocess.Popen[bytes], interruption: Interruption) -> bool:
    if process.poll() is not None:
        return False
    if interruption.kind == "SIGKILL of the provider":
        providers = place.providers()
        for provider in providers:
            with contextlib.suppress(psutil.Error):
                provider.kill()
        return bool(providers)
    number = {"SIGTERM": signal.SIGTERM, "SIGKILL": signal.SIGKILL}.get(interruption.kind, signal.SIGINT)
    os.kill(process.pid, number)
    if interruption.kind == "SIGINT twice":
        time.sleep(SECOND_SIGNAL_AFTER_SECONDS)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGINT)
    return True


def _apply_event(place: Workplace, event: Event) -> None:
    if event.kind == "sweep --stop":
        place.swept_beside.append(place.sweep(stop=True))
        return
    noun, status = event.kind.split(" ")
    if noun == "task":
        tasks = place.control.tasks()
        if tasks:
            place.control.force_status(tasks[0]["task_id"], status)
        return
    pipelines = place.control.pipelines()
    if pipelines:
        place.control.force_status(pipelines[0]["pipeline_id"], status)
