"""The sandbox of a worker, and the stack of a run in it: folder, backend and processes, which have a mark."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from sandbox.control import SandboxControl

PROGRAM: Final = Path(__file__).parent / "program"
SCALED: Final = Path(__file__).parent / "scaled"
MARK: Final = "CHAOS_MARK"
STACK: Final = "chaos"
PROJECT: Final = "chaos"
WITHOUT_ATTRIBUTES: Final = "?metadata=skip"
"""Parameter of the file backend. Without it, the backend writes a file with attributes beside each state, in several
steps. A CLI that is killed meanwhile leaves an empty one: "failed to load checkpoint: EOF" (docs/reliability.md)."""

PROVIDER_MODULE: Final = "pulumi.dynamic"
SHORT_COMMAND_SECONDS: Final = 60.0
TASK_URN: Final = re.compile(r"chime:(SpeakerSearch|VoiceToneAnalysis)Task::")
ENDED: Final = ("stopped", "ended", "ended with its pipeline")
"""Results of `sweep --stop`."""


class StateUnreadableError(Exception):
    """The engine can't load the state that it wrote."""


@dataclass(frozen=True, slots=True)
class State:
    """The content of a stack's state.

    Attributes:
        ids: Ids of its tasks and pipelines.
        urns: Id → URN of these.
        creating: URNs under pending operations of creates.
    """

    ids: frozenset[str]
    urns: Mapping[str, str]
    creating: frozenset[str]

    @property
    def task_ids(self) -> frozenset[str]:
        """Return the ids of the tasks."""
        return frozenset(id_ for id_, urn in self.urns.items() if TASK_URN.search(urn))


@dataclass(frozen=True, slots=True)
class Swept:
    """The report of `speaker-search sweep`.

    Attributes:
        code: 0 only when nothing is left.
        found: Every finding.
        shown: Ids of tasks and pipelines that run in no state, or on which something may.
        text: Everything that it printed.
    """

    code: int
    found: list[dict[str, Any]]
    shown: frozenset[str]
    text: str

    @property
    def ended(self) -> frozenset[str]:
        """Return the ids of what it stopped."""
        return frozenset(one["id"] for one in self.found if one["done"] in ENDED and one["id"])


class Workplace:
    """The stack of one run, empty at first. `close` ends its processes, by id.

    Attributes:
        swept_beside: What sweeps answered that ran beside a command.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str], control: SandboxControl) -> None:
        self.control = control
        self.folder = folder
        self.mark = uuid.uuid4().hex
        shutil.copytree(PROGRAM, folder / "program", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "state").mkdir()
        self.variables = {
            **variables,
            "PULUMI_HOME": str(folder / "pulumi"),  # without the stand-in: not used here, and slow to start
            MARK: self.mark,
            "PYTHONPATH": str(SCALED),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PULUMI_BACKEND_URL": (folder / "state").as_uri() + WITHOUT_ATTRIBUTES,
        }
        self.swept_beside: list[Swept] = []
        self.stack = STACK
        self.project = PROJECT
        self.quick("stack", "init", STACK)

    def arguments(self, *words: str) -> list[str]:
        """Return a command line of the CLI in the project of this run."""
        return ["pulumi", *words, "--cwd", str(self.folder / "program"), "--non-interactive"]

    def quick(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command that only changes the state."""
        return subprocess.run(
            self.arguments(*words),
            env=self.variables,
            capture_output=True,
            text=True,
            check=True,
            timeout=SHORT_COMMAND_SECONDS,
        )

    def rename_stack(self) -> None:
        """Rename the stack."""
        new = f"{self.stack}-renamed"
        self.quick("stack", "rename", new, "--stack", self.stack)
        self.stack = new

    def rename_program(self) -> None:
        """Rename the program, and its stack as Pulumi's documentation describes."""
        new = f"{self.project}-renamed"
        self.quick("stack", "rename", f"organization/{new}/{self.stack}", "--stack", self.stack)
        file = self.folder / "program" / "Pulumi.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(f"name: {self.project}\n", f"name: {new}\n"), encoding="utf-8")
        self.project = new

    def delete_from_state(self, urn: str) -> None:
        """Delete a resource from the state."""
        self.quick("state", "delete", urn, "--yes", "--stack", self.stack)

    def move(self, urns: Iterable[str], to: str) -> None:
        """Move resources to another stack of the program, which is created."""
        self.quick("stack", "init", to, "--no-select")
        self.quick("state", "move", "--source", self.stack, "--dest", to, "--yes", *urns)

    def export(self) -> Path:
        """Export the state to a file."""
        file = self.folder / "export.json"
        file.write_text(self.quick("stack", "export", "--stack", self.stack).stdout, encoding="utf-8")
        return file

    def restore(self, file: Path) -> None:
        """Import a state from a file."""
        self.quick("stack", "import", "--stack", self.stack, "--file", str(file))

    def calls(self, operation: str | None = None) -> int:
        """Return the number of calls to AWS so far, of one operation or of all."""
        counts = self.control.call_counts()
        return counts.get(operation, 0) if operation else sum(counts.values())

    def is_locked(self) -> bool:
        """Return whether the stack is locked."""
        return any((self.folder / "state").glob(".pulumi/locks/**/*.json"))

    def state(self, stack: str | None = None) -> State:
        """Return the state of a stack, as the engine exports it.

        Raises:
            StateUnreadableError: The engine can't load it.
        """
        try:
            exported = self.quick("stack", "export", "--stack", stack or self.stack).stdout
            deployment: dict[str, Any] = json.loads(exported)["deployment"]
        except (subprocess.CalledProcessError, ValueError, KeyError) as broken:
            raise StateUnreadableError(str(getattr(broken, "stderr", broken))) from broken
        ours = [one for one in deployment.get("resources") or [] if "dynamic/chime" in one["type"]]
        pending = deployment.get("pending_operations") or []
        return State(
            ids=frozenset(one["id"] for one in ours if one.get("id")),
            urns={one["id"]: one["urn"] for one in ours if one.get("id")},
            creating=frozenset(one["resource"]["urn"] for one in pending if one["type"] == "creating"),
        )

    def sweep(self, *ids: str, stop: bool, stack: str | None = None) -> Swept:
        """Run `speaker-search sweep`; with ids, stop only these. If the command refuses, nothing is found."""
        command = [
            str(Path(sys.executable).with_name("speaker-search")),
            "sweep", *ids, "--stack", stack or self.stack, "--json", *(["--stop", "--yes"] if stop else []),
        ]  # fmt: skip
        done = subprocess.run(
            command,
            cwd=self.folder / "program",
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=SHORT_COMMAND_SECONDS,
        )
        report = json.loads(done.stdout) if done.stdout.strip() else {"found": [], "orphans": []}
        return Swept(
            code=done.returncode,
            found=report["found"],
            shown=frozenset(one[key] for one in report["orphans"] for key in ("id", "pipeline") if one[key]),
            text=done.stdout + done.stderr,
        )

    def processes(self) -> Iterator[psutil.Process]:
        """Yield every running process with the mark of this run."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    yield process

    def providers(self) -> list[psutil.Process]:
        """Return the Python processes that serve the dynamic resources."""
        found = []
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                words = process.cmdline()
                if PROVIDER_MODULE in words and "python" in Path(words[0]).name:
                    found.append(process)
        return found

    def end_stragglers(self) -> None:
        """End the processes that earlier commands of this run left: a killed CLI leaves its plugins."""
        for process in list(self.processes()):
            with contextlib.suppress(psutil.Error):
                process.kill()
        gone_after_seconds = 5.0
        psutil.wait_procs(list(self.processes()), timeout=gone_after_seconds)

    def close(self) -> None:
        """End all processes and remove the folder."""
        self.end_stragglers()
        shutil.rmtree(self.folder, ignore_errors=True)
