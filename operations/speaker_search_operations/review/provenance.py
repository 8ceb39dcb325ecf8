"""Which commit, which tools: what somebody needs to make the same review again. No person and no machine path."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from .pulumi_cli import PulumiCli

DISTRIBUTION = "pulumi-speaker-search"


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that a folder is at.

    Attributes:
        folder: The folder's path in the repository, `""` for the root.
        uncommitted: Whether anything below the folder differs from the commit.
    """

    id: str
    folder: str
    uncommitted: bool


def commit_of(folder: Path) -> Commit | None:
    """None where the folder is in no git repository, or there is no git."""
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    changes = _git(folder, "status", "--porcelain", "--", ".")
    return Commit(commit, (_git(folder, "rev-parse", "--show-prefix") or "").rstrip("/"), changes != "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def engine_version(pulumi: PulumiCli) -> str:
    return pulumi(["version"]).stdout.strip()


def tool_version() -> str:
    return version(DISTRIBUTION)
