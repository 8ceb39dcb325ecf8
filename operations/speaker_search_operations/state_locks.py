"""Whether an update of a stack is at work, where the backend is a folder: the CLI does not tell, its lock files do."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

SCHEME: Final = "file://"
LOCKS: Final = Path(".pulumi") / "locks"


def is_locked(url: str, folder: Path, *, project: str, stack: str) -> bool | None:
    """Tell whether somebody works on the stack; None where the backend is not a folder, or can't be looked into.

    Args:
        url: The backend's, as `pulumi whoami` says it.
        folder: What a relative path is relative to.
    """
    if not url.startswith(SCHEME):
        return None
    base = folder / Path(_path_of(url)).expanduser()
    if not (base / ".pulumi").is_dir():
        return None
    # The second is of backends from before stacks belonged to projects.
    places = (base / LOCKS / "organization" / project / stack, base / LOCKS / stack)
    try:
        return any(one.is_file() for place in places if place.is_dir() for one in place.iterdir())
    except OSError:
        return None


def _path_of(url: str) -> str:
    rest = url.removeprefix(SCHEME)
    path = rest if rest.startswith(("~", ".")) else urlsplit(url).path
    return unquote(path.split("?")[0])
