"""A Pulumi stack in a temporary folder, driven through the real CLI as a person does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.environment import ROOT
from tests.engine.forked_command import run_forked
from tests.engine.new_stack import make_stack

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
        make_stack(made.folder, made.environment, made.name)
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
        return run_forked(list(arguments), folder=self.folder, environment=self.environment)

    def up(self, *arguments: str, expect: int | None = 0) -> Ran:
        return self.pulumi("up", "--yes", "--skip-preview", *arguments, expect=expect)

    def config(self, path: str, value: str) -> None:
        """Set a value of the program's config in the stack's file, as `config set --path` does."""
        file = self.folder / f"Pulumi.{self.name}.yaml"
        settings = yaml.safe_load(file.read_text())
        set_at_path(settings["config"], f"speaker-search:{path}", value)
        file.write_text(yaml.safe_dump(settings, sort_keys=False))

    def outputs(self) -> dict[str, Any]:
        """The outputs of the stack, from the file of the backend: the command takes a third of a second of CPU."""
        stacks = self.resources("pulumi:pulumi:Stack")  # none before the first `up`, and after `destroy`
        outputs: dict[str, Any] = stacks[0].get("outputs", {}) if stacks else {}
        return outputs

    def resources(self, ending: str) -> list[dict[str, Any]]:
        """The resources in state whose type ends like this, from the file of the backend."""
        backend = Path(self.environment["PULUMI_BACKEND_URL"].removeprefix("file://"))
        project = yaml.safe_load((self.folder / "Pulumi.yaml").read_text())["name"]
        checkpoint = json.loads((backend / ".pulumi" / "stacks" / project / f"{self.name}.json").read_text())
        every: list[dict[str, Any]] = (checkpoint["checkpoint"].get("latest") or {}).get("resources", [])
        return [resource for resource in every if resource["type"].endswith(ending)]

    def outputs_of(self, ending: str) -> dict[str, Any]:
        """The outputs of the only resource of that type."""
        (resource,) = self.resources(ending)
        outputs: dict[str, Any] = resource["outputs"]
        return outputs


def set_at_path(config: dict[str, Any], path: str, value: str) -> None:
    """Set `searches[0].name`. `true`, `false` and whole numbers are no text, as for `config set --path`."""
    *outer, last = [int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", path)]
    place: Any = config
    for step, following in zip(outer, [*outer, last][1:], strict=True):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(place, list):
            if step == len(place):
                place.append(empty)
            place = place[step]
        else:
            place = place.setdefault(step, empty)
    place[last] = {"true": True, "false": False}.get(value, int(value) if value.isdecimal() else value)
