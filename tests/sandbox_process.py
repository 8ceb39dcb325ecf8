"""A private sandbox for tests: its own folder and a free port, started by the command that people use."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from sandbox import environment
from sandbox.control import SandboxControl

IMMEDIATE = dict.fromkeys(
    (
        "pipeline_initializing_seconds",
        "pipeline_stopping_seconds",
        "task_not_started_seconds",
        "task_initializing_seconds",
        "task_stopping_seconds",
    ),
    0.0,
)
"""Transitions that take no time."""


class SandboxProcess:
    """A sandbox that runs from its construction until `stop`, or the end of a `with` block.

    Attributes:
        endpoint: Its URL.
        control: A client of its control API.
        home: Its folder, with server.log.
        environment: All variables of a child process that uses it: `os.environ` with the sandbox's changes.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-")
        self.home = Path(self._folder.name)
        self._variables = {
            **os.environ,
            environment.HOME_VARIABLE: str(self.home),
            environment.PORT_VARIABLE: "0",
        }
        self.command("start")
        self.endpoint = environment.endpoint(self._variables)
        self.control = SandboxControl(self.endpoint)
        self.environment = environment.process_environment(self._variables)

    def command(self, name: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`python -m sandbox <name>` for this sandbox. RuntimeError with its output when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "sandbox", name],
            cwd=environment.ROOT,
            env=self._variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            message = f"python -m sandbox {name} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            raise RuntimeError(message)
        return done

    def stop(self) -> None:
        self.command("stop")
        self._folder.cleanup()

    def __enter__(self) -> "SandboxProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
