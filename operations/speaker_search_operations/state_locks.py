"""Detect an update in progress from the lock files of a `file://` backend: the CLI does not report it there."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

SCHEME: Final = "file://"
LOCKS: Final = Path(".pulumi") / "locks"


def is_locked(url: str, folder: Path, *, project: str, stack: str) -> bool | None:
    """Return whether an update of the stack is in progress; None if the backend is no folder that can be read.

    Args:
        url: The URL of the backend, as `pulumi whoami` prints it.
        folder: The folder to which a relative path in the URL is relative.
    """
    if not url.startswith(SCHEME):
        return None
    backend = folder / Path(_path_of(url)).expanduser()
    if not (backend / ".pulumi").is_dir():
        return None
    # The second folder is the one of older backends, in which stacks do not belong to projects.
    lock_folders = (backend / LOCKS / "organization" / project / stack, backend / LOCKS / stack)
    try:
        return any(file.is_file() for locks in lock_folders if locks.is_dir() for file in locks.iterdir())
    except OSError:
        return None


def _path_of(url: str) -> str:
    rest = url.removeprefix(SCHEME)
    path = rest if rest.startswith(("~", ".")) else urlsplit(url).path
    return unquote(path.split("?")[0])
