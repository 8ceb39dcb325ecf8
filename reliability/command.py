"""One command of the CLI, with what hits it at a moment of its life."""

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

from reliability.plan import Blow, Event
from reliability.workplace import Workplace

LONGEST_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 0.05
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
    """How a command ended.

    Attributes:
        code: Exit code, negative for the signal that ended it.
        hung: Whether it had to be killed because it did not end.
        struck: Whether the blow met a process that lived.
        text: Everything that it printed.
    """

    command: str
    code: int
    seconds: float
    hung: bool
    struck: bool
    text: str

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.text.splitlines()[-lines:])


def run_command(
    place: Workplace,
    *words: str,
    declaration: str = "{}",
    blow: Blow | None = None,
    event: Event | None = None,
    stack: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> Outcome:
    """Runs `pulumi <words>` in the run's project, and lets blow and event happen.

    Args:
        variables: Beside those of the place.
    """
    log = place.folder / "command.log"
    struck: list[bool] = []
    jobs = _jobs(place, blow, event, struck)
    began = time.monotonic()
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
            threading.Thread(target=_at_its_moment, args=(place, process, job), daemon=True) for job in jobs
        ]
        for thread in threads:
            thread.start()
        hung = False
        try:
            process.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            hung = True
            process.kill()
            process.wait()
        for thread in threads:
            thread.join(LONGEST_SECONDS)
    return Outcome(
        command=" ".join(words),
        code=process.returncode,
        seconds=time.monotonic() - began,
        hung=hung,
        struck=any(struck),
        text=Path(log).read_text(encoding="utf-8", errors="replace"),
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """Something to do to a command `after_seconds` after its first call of `operation`; None: of any.

    Attributes:
        calls_before: How many such calls there had been before the command.
    """

    operation: str | None
    after_seconds: float
    calls_before: int
    do: Callable[[subprocess.Popen[bytes]], None]


def _jobs(place: Workplace, blow: Blow | None, event: Event | None, struck: list[bool]) -> list[_Job]:
    jobs = []
    if blow:
        jobs.append(
            _Job(
                operation=blow.operation,
                after_seconds=blow.after_seconds,
                calls_before=place.calls(blow.operation),
                do=lambda process: struck.append(_strike(place, process, blow)),
            )
        )
    if event:
        jobs.append(
            _Job(
                operation=None,
                after_seconds=event.after_seconds,
                calls_before=place.calls(),
                do=lambda _process: _happen(place, event),
            )
        )
    return jobs


def _at_its_moment(place: Workplace, process: subprocess.Popen[bytes], job: _Job) -> None:
    """Does the job, sooner where the command ends before its moment."""
    while process.poll() is None and place.calls(job.operation) <= job.calls_before:
        time.sleep(LOOK_SECONDS)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(job.after_seconds)
    job.do(process)


def _strike(place: Workplace, process: subprocess.Popen[bytes], blow: Blow) -> bool:
    if process.poll() is not None:
        return False
    if blow.kind == "SIGKILL of the provider":
        providers = place.providers()
        for provider in providers:
            with contextlib.suppress(psutil.Error):
                provider.kill()
        return bool(providers)
    number = {"SIGTERM": signal.SIGTERM, "SIGKILL": signal.SIGKILL}.get(blow.kind, signal.SIGINT)
    os.kill(process.pid, number)
    if blow.kind == "SIGINT twice":
        time.sleep(SECOND_SIGNAL_AFTER_SECONDS)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGINT)
    return True


def _happen(place: Workplace, event: Event) -> None:
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
