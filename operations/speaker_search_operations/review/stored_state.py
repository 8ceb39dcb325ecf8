"""Review what is deployed: a stack's stored state, or a state file, with `pulumi policy analyze`.

A stack is exported and the export is analyzed, so that the report shows what was judged. Secrets stay
encrypted in the export, which is in a temporary folder that only this user can read.
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
        text: The export, as JSON.
    """

    text: str
    deployment: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def time(self) -> str | None:
        """Return when the state was written."""
        time = (self.deployment.get("manifest") or {}).get("time")
        return str(time) if time else None

    @property
    def resources(self) -> Sequence[Mapping[str, Any]]:
        """Return the resources in the state."""
        return self.deployment.get("resources") or ()


def exported(pulumi: PulumiCli, stack: str) -> StateExport:
    """Export the state of a stack.

    Raises:
        ReviewError: There is no such stack, or it can't be read.
    """
    result = pulumi(["stack", "export", "--stack", stack])
    if result.code != 0:
        raise ReviewError(f"The state of stack {stack} can't be read.\n{result.error_lines}")
    return _parsed(result.stdout, f"The state of stack {stack}")


def from_file(path: Path) -> StateExport:
    """Read a state file.

    Raises:
        ReviewError: It can't be read, or is not a state file.
    """
    try:
        return _parsed(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{path.name} can't be read: {error}") from error


def _parsed(text: str, what: str) -> StateExport:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise ReviewError(f"{what} is not JSON: {error}") from error
    deployment = content.get("deployment") if isinstance(content, dict) else None
    if not isinstance(deployment, dict):
        raise ReviewError(f"{what} is not a state file. `pulumi stack export` writes one.")
    return StateExport(text, deployment)


def last_version(pulumi: PulumiCli, stack: str) -> int | None:
    """Return the number of the stack's last update; None if the backend does not count updates."""
    result = pulumi(["stack", "history", "--stack", stack, "--json", "--page-size", "1"])
    try:
        return (int(json.loads(result.stdout)[0]["version"]) or None) if result.code == 0 else None
    except (ValueError, LookupError, TypeError):
        return None


def analyze(pulumi: PulumiCli, state: StateExport, packs: Sequence[PackFolder]) -> EngineRun:
    """Run the packs on the state. A refusal by a pack is a result, not an error.

    Raises:
        ReviewError: The state has no resources, or the analysis did not finish.
    """
    if not state.resources:
        raise ReviewError("The state has no resources: there is nothing to judge.")
    with tempfile.TemporaryDirectory(prefix="speaker-search-review-") as folder:
        file = Path(folder) / "state.json"
        file.write_text(state.text, encoding="utf-8")
        result = pulumi(["policy", "analyze", "--json", "--file", str(file), *engine_arguments(packs)])
    run = read_events(result.stdout.splitlines())
    if not run.result:
        raise ReviewError(f"The analysis did not finish.\n{result.error_lines}")
    if result.code != 0 and not any(one.level in ("mandatory", "remediate") for one in run.findings):
        run.errors.append(f"pulumi policy analyze ended with code {result.code}")
    return run
