"""The environment of the measurements: a sandbox, stacks in temporary folders, and the timed CLI."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import yaml

from sandbox.environment import ROOT
from tests.sandbox_process import SandboxProcess

PROGRAMS: Final = Path(__file__).parent / "programs"
CLI_SECONDS: Final = 600
DROPPED_VARIABLES: Final = frozenset({"PULUMI_PARALLEL", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"})
"""Variables that are not set for most users and would change the figures."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """The sizes of the measurements.

    Attributes:
        task_seconds: From the start of a task until it is InProgress.
        stop_seconds: From the stop of a task or pipeline until it has stopped.
        side_rounds: Rounds of the baseline, which takes most of a minute per round.
        many_steps_rounds: Rounds with `PULUMI_PARALLEL=64` too.
        preview_searches: Searches in the preview that is compared.
        growth_resources: Numbers of resources at which the growth is measured, ascending.
        policy_resources: Number of resources that the rules judge.
        side_by_side: Number of stacks in the comparison of one with many.
        unexpected_durations: Durations of a transition, relative to the usual one, at which the lag is measured too.
        one_stack: Whether the measurements after the first go on with its stack and its account.
    """

    rounds: int
    searches: int = 25
    side_rounds: int = 1
    many_steps_rounds: int = 1
    latency_seconds: float = 0.04
    task_seconds: float = 3.0
    stop_seconds: float = 0.5
    preview_searches: int = 500
    growth_resources: tuple[int, ...] = (50, 250, 500, 1000)
    policy_resources: int = 500
    side_by_side: int = 4
    unexpected_durations: tuple[float, ...] = (0.5, 1.7)
    one_stack: bool = False

    def transitions(self) -> dict[str, float]:
        """Return the transitions of the sandbox."""
        return {
            "pipeline_stopping_seconds": self.stop_seconds,
            "task_not_started_seconds": self.task_seconds / 6,
            "task_initializing_seconds": self.task_seconds * 5 / 6,
            "task_stopping_seconds": self.stop_seconds,
        }


def full(rounds: int) -> Size:
    """Return the sizes of `make bench`."""
    return Size(rounds=rounds)


QUICK: Final = Size(
    rounds=1,
    searches=2,
    latency_seconds=0.0,
    task_seconds=0.2,
    stop_seconds=0.1,
    preview_searches=2,
    growth_resources=(0, 3, 6),
    policy_resources=10,
    side_by_side=2,
    many_steps_rounds=0,
    unexpected_durations=(),
    one_stack=True,
)
"""Sizes that only show that the benchmarks run; the figures have no meaning."""


class MeasurementFailedError(RuntimeError):
    """A measured command failed; the text has the end of its output."""


@dataclass(frozen=True, eq=False)  # used as a key, compared by identity
class Stack:
    """A stack of the project in `folder`."""

    folder: Path
    environment: Mapping[str, str]
    name: str = "bench"

    def pulumi(self, *arguments: str) -> str:
        """Run the CLI, and return its output.

        Raises:
            MeasurementFailedError: The exit code was not 0.
        """
        done = subprocess.run(
            ["pulumi", "--non-interactive", *arguments],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=CLI_SECONDS,
            check=False,
        )
        if done.returncode:
            output = (done.stdout + done.stderr)[-3000:]
            raise MeasurementFailedError(
                f"pulumi {' '.join(arguments)} ended with {done.returncode}:\n{output}"
            )
        return done.stdout

    def timed(self, *arguments: str) -> float:
        """Return the seconds that the command takes."""
        return seconds_of(lambda: self.pulumi(*arguments))

    def config(self, key: str, value: str) -> None:
        """Set a config value."""
        file = self.folder / f"Pulumi.{self.name}.yaml"
        settings = yaml.safe_load(file.read_text()) if file.exists() else {}
        settings.setdefault("config", {})[key] = value
        file.write_text(yaml.safe_dump(settings))

    def searches(self, number: int) -> None:
        """Set the number of searches of the next `up`."""
        self.config("bench:searches", str(number))

    def up(self, *arguments: str) -> float:
        """Return the seconds of an `up --skip-preview`."""
        return self.timed("up", "--yes", "--skip-preview", *arguments)

    def destroy_searches(self, *arguments: str) -> float:
        """Destroy the searches, but not the shared infrastructure; return the seconds."""
        return self.timed("destroy", "--yes", "--skip-preview", "--target", "**SpeakerSearch**", *arguments)

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the stack."""
        outputs: dict[str, str] = json.loads(self.pulumi("stack", "output", "--json"))
        return outputs

    def state(self) -> dict[str, Any]:
        """Export the state."""
        state: dict[str, Any] = json.loads(self.pulumi("stack", "export"))
        return state

    def put_state(self, state: Mapping[str, Any]) -> None:
        """Import a state."""
        file = self.folder / "state-to-import.json"
        file.write_text(json.dumps(state))
        self.pulumi("stack", "import", "--force", "--file", str(file))


class Workplace:
    """The sandbox and folders of one run. Leaving the `with` block removes them."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self.folder = Path(self._folder.name)
        self.sandbox = SandboxProcess()
        self.environment = {
            name: value for name, value in self.sandbox.environment.items() if name not in DROPPED_VARIABLES
        }
        self.environment["PYTHONPATH"] = str(ROOT)  # the bare program imports benchmarks.do_nothing
        self._shared_stack: Stack | None = None
        self.clear()

    def clear(self) -> None:
        """Reset the account: usual latency and transitions, raised quotas, and speech in every stream.

        The speech is slow, so that no task ends by itself. An account with the stack that the measurements
        share keeps what is in it.
        """
        control = self.sandbox.control
        if self._shared_stack is None:
            control.reset()
        control.set_latency(self.size.latency_seconds)
        control.set_transitions(**self.size.transitions())
        control.set_switches(new_streams_receive_media=True, speech_speed=0.001)
        control.set_quotas(
            active_pipelines=2000,
            active_speaker_search_tasks=2000,
            voice_profile_domains=100,
            api_calls_per_second=0,
            configuration_calls_per_second=0,
        )

    def stack(self, program: str, name: str) -> Stack:
        """Return an empty stack of one of `programs/`, in its own folder."""
        folder = self.folder / name
        shutil.copytree(PROGRAMS / program, folder)
        (folder / "Pulumi.yaml").write_text(
            f"name: speaker-search\nruntime:\n  name: python\n  options:\n    virtualenv: {ROOT / '.venv'}\n"
        )
        stack = Stack(folder, {**self.environment, "PULUMI_BACKEND_URL": f"file://{folder}"})
        stack.pulumi("stack", "init", stack.name)
        stack.config("aws:region", "us-east-1")
        stack.searches(0)
        return stack

    def standing(self, program: str, name: str) -> Stack:
        """Return a stack with the shared infrastructure deployed, and without searches."""
        stack = self.stack(program, name)
        stack.up()
        return stack

    def standing_searches(self, name: str) -> Stack:
        """Return a stack of the program `searches` as `standing` does: a new one, or the one that all share."""
        if self._shared_stack is not None:
            return self._shared_stack
        stack = self.standing("searches", name)
        if self.size.one_stack:
            self._shared_stack = stack
        return stack

    def __enter__(self) -> Workplace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.stop()
        self._folder.cleanup()


def seconds_of(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    started_at = time.monotonic()
    work()
    return time.monotonic() - started_at
