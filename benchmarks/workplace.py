"""Where it is measured: a sandbox of our own, stacks in temporary folders, and the command line, timed."""

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

from sandbox.environment import ROOT
from tests.sandbox_process import SandboxProcess

PROGRAMS: Final = Path(__file__).parent / "programs"
CLI_SECONDS: Final = 600
NOT_A_USERS: Final = frozenset({"PULUMI_PARALLEL", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"})
"""Variables that a shell for measuring may have and a user's has not; they change what is measured."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured.

    Attributes:
        task_seconds: From the start of a task until it is InProgress.
        stop_seconds: Until either has stopped.
        side_rounds: Of the plain way, which takes most of a minute a round, and of `PULUMI_PARALLEL=64`.
        preview_searches: Of the preview that is compared.
        growth_resources: At which numbers of resources the growth is looked at; ascending.
        policy_resources: What the rules are run on.
        side_by_side: Stacks in the comparison of one with many.
    """

    rounds: int
    searches: int = 25
    side_rounds: int = 1
    latency_seconds: float = 0.04
    task_seconds: float = 3.0
    stop_seconds: float = 0.5
    preview_searches: int = 500
    growth_resources: tuple[int, ...] = (50, 250, 500, 1000)
    policy_resources: int = 500
    side_by_side: int = 4

    def transitions(self) -> dict[str, float]:
        return {
            "pipeline_stopping_seconds": self.stop_seconds,
            "task_not_started_seconds": self.task_seconds / 6,
            "task_initializing_seconds": self.task_seconds * 5 / 6,
            "task_stopping_seconds": self.stop_seconds,
        }


def full(rounds: int) -> Size:
    """What `make bench` measures."""
    return Size(rounds=rounds)


QUICK: Final = Size(
    rounds=1,
    searches=2,
    latency_seconds=0.0,
    task_seconds=0.2,
    stop_seconds=0.1,
    preview_searches=6,
    growth_resources=(3, 6, 9),
    policy_resources=10,
    side_by_side=2,
)
"""Shows that the benchmarks run; its figures mean nothing."""


class MeasurementFailedError(RuntimeError):
    """A command that was to be timed failed: its end is in the text."""


@dataclass(frozen=True, eq=False)  # a key, by what it is
class Stack:
    """A stack whose project is in `folder`."""

    folder: Path
    environment: Mapping[str, str]
    name: str = "bench"

    def pulumi(self, *arguments: str) -> str:
        """What the command prints.

        Raises:
            MeasurementFailedError: It did not end with 0.
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
            said = (done.stdout + done.stderr)[-3000:]
            raise MeasurementFailedError(
                f"pulumi {' '.join(arguments)} ended with {done.returncode}:\n{said}"
            )
        return done.stdout

    def timed(self, *arguments: str) -> float:
        """Seconds that the command takes."""
        return seconds_of(lambda: self.pulumi(*arguments))

    def config(self, key: str, value: str) -> None:
        self.pulumi("config", "set", key, value)

    def searches(self, number: int) -> None:
        """How many the next `up` is to have."""
        self.config("bench:searches", str(number))

    def up(self, *arguments: str) -> float:
        return self.timed("up", "--yes", "--skip-preview", *arguments)

    def destroy_searches(self, *arguments: str) -> float:
        """Only the searches: what stands still keeps standing."""
        return self.timed("destroy", "--yes", "--skip-preview", "--target", "**SpeakerSearch**", *arguments)

    def outputs(self) -> dict[str, str]:
        outputs: dict[str, str] = json.loads(self.pulumi("stack", "output", "--json"))
        return outputs

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self.pulumi("stack", "export"))
        return state

    def put_state(self, state: Mapping[str, Any]) -> None:
        file = self.folder / "state-to-import.json"
        file.write_text(json.dumps(state))
        self.pulumi("stack", "import", "--force", "--file", str(file))


class Workplace:
    """One run's sandbox and folders; ended at the end of a `with` block."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self.folder = Path(self._folder.name)
        self.sandbox = SandboxProcess()
        self.environment = {
            name: value for name, value in self.sandbox.environment.items() if name not in NOT_A_USERS
        }
        self.environment["PYTHONPATH"] = str(ROOT)  # the bare program imports benchmarks.do_nothing
        self.clear()

    def clear(self) -> None:
        """An empty account with the run's latency, transitions and raised quotas, and endless speech in every stream.

        Speech passes slowly, so that no task comes to its end by itself.
        """
        control = self.sandbox.control
        control.reset()
        control.set_latency(self.size.latency_seconds)
        control.set_transitions(**self.size.transitions())
        control.set_switches(new_streams_receive_media=True, speech_speed=0.001)
        control.set_quotas(active_pipelines=2000, active_speaker_search_tasks=2000, voice_profile_domains=100)

    def stack(self, program: str, name: str) -> Stack:
        """An empty stack of one of `programs/`, in a folder of its own."""
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
        """The same, with what stands still deployed, and no search."""
        stack = self.stack(program, name)
        stack.up()
        return stack

    def __enter__(self) -> Workplace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.stop()
        self._folder.cleanup()


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began
