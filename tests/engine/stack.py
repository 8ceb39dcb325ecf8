"""A Pulumi stack in a temporary folder, driven through the real CLI as a person does."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.environment import ROOT

CLI_SECONDS = 180
FAILS = -1
"""As an expected exit code: any but 0."""


@dataclass(frozen=True)
class Ran:
    """What a command said."""

    code: int
    text: str

    def __contains__(self, part: str) -> bool:
        return part in self.text


@dataclass(frozen=True)
class Stack:
    """`folder` holds the project, `environment` reaches sandbox and engine."""

    folder: Path
    environment: Mapping[str, str]
    name: str = "test"

    @classmethod
    def of_this_project(cls, folder: Path, environment: Mapping[str, str]) -> Stack:
        """Pulumi.yaml, __main__.py and the sandbox's config, with this repository's Python."""
        project = (ROOT / "Pulumi.yaml").read_text()
        made = cls(folder, {**environment, "PULUMI_BACKEND_URL": f"file://{folder}"})
        (folder / "Pulumi.yaml").write_text(
            project.replace("virtualenv: .venv", f"virtualenv: {ROOT / '.venv'}")
        )
        shutil.copy(ROOT / "__main__.py", folder)
        shutil.copy(ROOT / "Pulumi.sandbox.yaml", folder / f"Pulumi.{made.name}.yaml")
        made.pulumi("stack", "init", made.name)
        return made

    def pulumi(self, *arguments: str, expect: int | None = 0) -> Ran:
        """Runs the CLI; fails the test where its exit code is another than `expect` (`FAILS`, None: any)."""
        done = subprocess.run(
            ["pulumi", "--non-interactive", *arguments],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=CLI_SECONDS,
            check=False,
        )
        text = done.stdout + done.stderr
        met = done.returncode != 0 if expect == FAILS else done.returncode == expect
        assert expect is None or met, text
        return Ran(done.returncode, text)

    def speaker_search(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs our own command beside the stack."""
        return subprocess.run(
            [str(ROOT / ".venv/bin/speaker-search"), *arguments],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=CLI_SECONDS,
            check=False,
        )

    def up(self, *arguments: str, expect: int | None = 0) -> Ran:
        return self.pulumi("up", "--yes", "--skip-preview", *arguments, expect=expect)

    def config(self, path: str, value: str) -> None:
        self.pulumi("config", "set", "--path", f"speaker-search:{path}", value)

    def outputs(self) -> dict[str, Any]:
        done = subprocess.run(
            ["pulumi", "stack", "output", "--json"],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=True,
        )
        outputs: dict[str, Any] = json.loads(done.stdout)
        return outputs

    def resources(self, ending: str) -> list[dict[str, Any]]:
        """The resources in state whose type ends like this."""
        exported = json.loads(self.pulumi("stack", "export").text)
        every: list[dict[str, Any]] = exported["deployment"].get("resources", [])
        return [resource for resource in every if resource["type"].endswith(ending)]

    def outputs_of(self, ending: str) -> dict[str, Any]:
        """The outputs of the only resource of that type."""
        (resource,) = self.resources(ending)
        outputs: dict[str, Any] = resource["outputs"]
        return outputs
