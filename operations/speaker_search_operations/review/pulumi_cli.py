"""Runs the Pulumi CLI. The Automation API is not used here: it selects stacks, and drops the events that name what
passed (SDK 3.272)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class ReviewError(Exception):
    """The review could not be made. The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class CliResult:
    """What a command of the CLI left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def complaint(self) -> str:
        """The lines that say what went wrong; the CLI has taken secrets out of them."""
        lines = [line.strip() for line in (self.stderr + "\n" + self.stdout).splitlines() if line.strip()]
        errors = [line for line in lines if "error:" in line]
        return "\n".join((errors or lines)[-5:])


class PulumiCli(Protocol):
    """The CLI as the review needs it."""

    def __call__(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> CliResult:
        """Runs one command; `environment` comes on top of the process's own."""


@dataclass(frozen=True, slots=True)
class InstalledCli:
    """The `pulumi` on PATH, run in the project's folder."""

    folder: Path

    def __call__(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> CliResult:
        try:
            done = subprocess.run(
                ["pulumi", "--non-interactive", "--color", "never", *arguments],
                cwd=self.folder,
                env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", **(environment or {})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError as missing:
            raise ReviewError(
                "There is no `pulumi` on PATH: install it (3.249 or newer), or run `make setup` and use .engine/bin."
            ) from missing
        return CliResult(done.returncode, done.stdout, done.stderr)
