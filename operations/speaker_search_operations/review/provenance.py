"""Record commit and tools, so that the review can be repeated. It names no person and no path of the machine."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from .pulumi_cli import PulumiCli

DISTRIBUTION = "pulumi-speaker-search"


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit of a folder.

    Attributes:
        folder: The path in the repository; empty for the root.
        uncommitted: Whether a file below the folder differs from the commit.
    """

    id: str
    folder: str
    uncommitted: bool


def commit_of(folder: Path) -> Commit | None:
    """Return the commit; None if the folder is not in a git repository, or git is missing."""
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    changes = _git(folder, "status", "--porcelain", "--", ".")
    return Commit(commit, (_git(folder, "rev-parse", "--show-prefix") or "").rstrip("/"), changes != "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        result = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None


def engine_version(pulumi: PulumiCli) -> str:
    """Return the version of the Pulumi CLI."""
    return pulumi(["version"]).stdout.strip()


def tool_version() -> str:
    """Return the version of this package."""
    return version(DISTRIBUTION)
