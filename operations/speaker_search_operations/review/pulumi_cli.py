"""Run the Pulumi CLI.

The Automation API is not used: it selects stacks, and drops the events that list what passed (SDK 3.272).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pulumi_speaker_search.speaker_search_error import SpeakerSearchError


class ReviewError(SpeakerSearchError):
    """The CLI could not be run, or the review could not be made. The text says why, and what to do."""


class CliTimeoutError(ReviewError):
    """The CLI gave no answer in time, and was ended."""


@dataclass(frozen=True, slots=True)
class CliResult:
    """The result of one command."""

    code: int
    stdout: str
    stderr: str

    @property
    def error_lines(self) -> str:
        """Return the lines with the error; the CLI has removed secrets from them."""
        lines = [line.strip() for line in (self.stderr + "\n" + self.stdout).splitlines() if line.strip()]
        errors = [line for line in lines if "error:" in line]
        return "\n".join((errors or lines)[-5:])


class PulumiCli(Protocol):
    """A function that runs the CLI."""

    def __call__(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> CliResult:
        """Run one command. `environment` is added to the environment of this process."""


@dataclass(frozen=True, slots=True)
class InstalledCli:
    """The `pulumi` on PATH, which runs in the project's folder.

    Attributes:
        timeout_seconds: After how long a command is ended; None for never.
    """

    folder: Path
    timeout_seconds: float | None = None

    def __call__(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> CliResult:
        """Run one command.

        Raises:
            ReviewError: There is no `pulumi` on PATH that can be run, or no such folder.
            CliTimeoutError: It gave no answer in time.
        """
        if not self.folder.is_dir():
            raise ReviewError(f"There is no folder {self.folder}.")
        try:
            result = subprocess.run(
                ["pulumi", "--non-interactive", "--color", "never", *arguments],
                cwd=self.folder,
                env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", **(environment or {})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",  # whatever the locale is
                errors="replace",
                check=False,
                timeout=self.timeout_seconds,
            )
        except subprocess.TimeoutExpired as expired:
            command = " ".join(["pulumi", *arguments[:2]])
            raise CliTimeoutError(f"`{command}` gave no answer in {self.timeout_seconds:g} s.") from expired
        except OSError as missing:
            raise ReviewError(
                "There is no `pulumi` on PATH. Install it (3.249 or newer), or run `make setup` and use .engine/bin."
            ) from missing
        return CliResult(result.returncode, result.stdout, result.stderr)
