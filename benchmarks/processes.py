"""Measure peak memory and CPU of the child processes while a command runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import psutil

POLL_SECONDS: Final = 0.1

PARTS: Final[tuple[tuple[str, str], ...]] = (
    ("pulumi.dynamic", "provider"),
    ("pulumi-language-python-exec", "program"),
    ("sandbox.aws_provider", "stand-in aws provider"),
    ("pulumi-resource-aws", "stand-in aws provider"),
    ("pulumi-language-python", "language host"),
    ("pulumi", "engine"),
)
"""A word of the command line, and the part that the process is. The first match counts."""

OURS: Final = frozenset({"provider", "program"})


@dataclass
class Usage:
    """CPU and peak memory by part. `our_peak_bytes` is the peak of provider and program together."""

    cpu_seconds: dict[str, float] = field(default_factory=dict)
    peak_bytes: dict[str, int] = field(default_factory=dict)
    our_peak_bytes: int = 0


def measure_usage(work: Callable[[], float]) -> tuple[float, Usage]:
    """Run `work` and measure its processes; return its result and their usage."""
    finished = threading.Event()
    cpu: dict[tuple[int, str], float] = {}
    usage = Usage()

    def watch() -> None:
        while not finished.wait(POLL_SECONDS):
            _sample(usage, cpu)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        result = work()
    finally:
        finished.set()
        watcher.join()
    for (_pid, part), seconds in cpu.items():
        usage.cpu_seconds[part] = usage.cpu_seconds.get(part, 0.0) + seconds
    return result, usage


def _sample(usage: Usage, cpu: dict[tuple[int, str], float]) -> None:
    now: dict[str, int] = {}
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            part = part_of(process.cmdline())
            if part is None:
                continue
            times = process.cpu_times()
            cpu[process.pid, part] = times.user + times.system
            now[part] = now.get(part, 0) + process.memory_info().rss
        except psutil.Error:
            continue  # it has just ended
    for part, size in now.items():
        usage.peak_bytes[part] = max(usage.peak_bytes.get(part, 0), size)
    usage.our_peak_bytes = max(usage.our_peak_bytes, sum(size for part, size in now.items() if part in OURS))


def part_of(command_line: list[str]) -> str | None:
    """Return the part that a process is; None for others (sandbox, shells)."""
    text = " ".join(command_line[:6])
    if "sandbox.server" in text or (command_line and os.path.basename(command_line[0]) in ("sh", "bash")):
        return None
    return next((part for word, part in PARTS if word in text), None)
