"""Looks at what is deployed: a stack's stored state, or a state file, under `pulumi policy analyze`.

A stack is exported first and the export is analysed, so that what was judged and what the report shows are the same.
The export keeps secrets encrypted; it lies in a folder that only this user can read, and is removed.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .engine_events import EngineRun, read_events
from .pack_folders import PackFolder, engine_arguments
from .pulumi_cli import PulumiCli, ReviewError


@dataclass(frozen=True, slots=True)
class StateExport:
    """A state as `pulumi stack export` writes it.

    Attributes:
        digest: SHA-256 of the text.
    """

    text: str
    deployment: Mapping[str, Any]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def time(self) -> str | None:
        time = (self.deployment.get("manifest") or {}).get("time")
        return str(time) if time else None

    @property
    def resources(self) -> Sequence[Mapping[str, Any]]:
        return self.deployment.get("resources") or ()


def exported(pulumi: PulumiCli, stack: str) -> StateExport:
    """The stack's state.

    Raises:
        ReviewError: There is no such stack, or it can't be read.
    """
    done = pulumi(["stack", "export", "--stack", stack])
    if done.code != 0:
        raise ReviewError(f"The state of {stack} can't be read.\n{done.complaint}")
    return _parsed(done.stdout, f"The state of {stack}")


def from_file(path: Path) -> StateExport:
    """A state file.

    Raises:
        ReviewError: It can't be read, or is none.
    """
    try:
        return _parsed(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as fault:
        raise ReviewError(f"{path.name} can't be read: {fault}") from fault


def _parsed(text: str, what: str) -> StateExport:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as fault:
        raise ReviewError(f"{what} is no JSON: {fault}") from fault
    deployment = content.get("deployment") if isinstance(content, dict) else None
    if not isinstance(deployment, dict):
        raise ReviewError(f"{what} is no state: `pulumi stack export` writes one.")
    return StateExport(text, deployment)


def last_version(pulumi: PulumiCli, stack: str) -> int | None:
    """The number of the stack's last update; None where the backend does not count."""
    done = pulumi(["stack", "history", "--stack", stack, "--json", "--page-size", "1"])
    try:
        return (int(json.loads(done.stdout)[0]["version"]) or None) if done.code == 0 else None
    except (ValueError, LookupError, TypeError):
        return None


def analyse(pulumi: PulumiCli, state: StateExport, packs: Sequence[PackFolder]) -> EngineRun:
    """Runs the packs on the state. A refusal by a pack is a result, not an error.

    Raises:
        ReviewError: The state holds no resource, or the analysis did not get to its end.
    """
    if not state.resources:
        raise ReviewError("The state holds no resource: there is nothing to judge.")
    with tempfile.TemporaryDirectory(prefix="speaker-search-review-") as folder:
        file = Path(folder) / "state.json"
        file.write_text(state.text, encoding="utf-8")
        done = pulumi(["policy", "analyze", "--json", "--file", str(file), *engine_arguments(packs)])
    run = read_events(done.stdout.splitlines())
    if not run.result:
        raise ReviewError(f"The analysis did not get to its end.\n{done.complaint}")
    if done.code != 0 and not any(one.level in ("mandatory", "remediate") for one in run.findings):
        run.errors.append(f"pulumi policy analyze ended with code {done.code}")
    return run
