"""A new stack, as `pulumi stack init` leaves it, without its half a second of CPU: a copy of one that it has made."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from sandbox import environment

NAME = "initial"
PROJECT = "name: initial\nruntime: python\n"


@dataclass(frozen=True)
class _Initial:
    """What `pulumi stack init` has written. `layout`: the version of the backend's folders."""

    checkpoint: str
    layout: str
    salt: str


@cache
def _initial() -> _Initial:
    """Run `pulumi stack init`, once in a process."""
    with tempfile.TemporaryDirectory() as home:
        variables = environment.process_environment({**os.environ, environment.HOME_VARIABLE: home})
        folder = Path(home)
        backend = folder / "state"
        (folder / "Pulumi.yaml").write_text(PROJECT)
        subprocess.run(
            ["pulumi", "--non-interactive", "stack", "init", NAME],
            cwd=folder,
            env={**variables, "PULUMI_BACKEND_URL": backend.as_uri()},
            capture_output=True,
            check=True,
        )
        return _Initial(
            checkpoint=_checkpoint_file(backend, NAME, NAME).read_text(),
            layout=(backend / ".pulumi" / "meta.yaml").read_text(),
            salt=yaml.safe_load((folder / f"Pulumi.{NAME}.yaml").read_text())["encryptionsalt"],
        )


def make_stack(folder: Path, variables: Mapping[str, str], name: str) -> None:
    """Make an empty stack of the project in `folder` and select it.

    Args:
        variables: They name a backend in a folder, and Pulumi's home.
    """
    initial = _initial()
    backend_url = variables["PULUMI_BACKEND_URL"]
    backend = Path(urlsplit(backend_url).path)
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())["name"]
    qualified = f"organization/{project}/{name}"

    checkpoint = json.loads(initial.checkpoint)
    checkpoint["checkpoint"]["stack"] = qualified
    secrets = checkpoint["checkpoint"]["latest"]["secrets_providers"]
    secrets["state"]["salt"] = _salt_in_settings(folder / f"Pulumi.{name}.yaml", initial.salt)

    file = _checkpoint_file(backend, project, name)
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(checkpoint))
    (backend / ".pulumi" / "meta.yaml").write_text(initial.layout)
    _select(folder, Path(variables["PULUMI_HOME"]), project, {backend_url: qualified})


def _checkpoint_file(backend: Path, project: str, stack: str) -> Path:
    return backend / ".pulumi" / "stacks" / project / f"{stack}.json"


def _salt_in_settings(file: Path, salt: str) -> str:
    """Return the salt of a stack's settings; write `salt` there if they have none."""
    settings: dict[str, Any] = yaml.safe_load(file.read_text()) if file.exists() else {}
    if "encryptionsalt" not in settings:
        settings["encryptionsalt"] = salt
        file.write_text(yaml.safe_dump(settings, sort_keys=False))
    return str(settings["encryptionsalt"])


def _select(folder: Path, home: Path, project: str, selected: Mapping[str, str]) -> None:
    """Note the stack as the one that is selected in the project's folder."""
    digest = hashlib.sha1(str(folder.resolve() / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    file = home / "workspaces" / f"{project}-{digest}-workspace.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"stacks": dict(selected)}))
