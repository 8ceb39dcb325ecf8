"""Install programs into `.engine/bin`, each by one rename, so that none is ever incomplete."""

import os
from pathlib import Path

from tools.engine import record


class StrategyUnavailableError(Exception):
    """A strategy can't be used on this machine; the text says why."""


def move_into_place(root: Path, staging: Path) -> None:
    """Move the programs from `staging`, a folder on the same file system."""
    target = _bin(root)
    for name in record.PROGRAMS:
        os.replace(staging / name, target / name)


def link_into_place(root: Path, programs: dict[str, Path]) -> None:
    """Link to the programs where they were found."""
    target = _bin(root)
    for name in record.PROGRAMS:
        partial = target / f"{name}.partial"
        partial.unlink(missing_ok=True)
        partial.symlink_to(programs[name])
        partial.replace(target / name)


def siblings(pulumi: Path, search: list[Path]) -> dict[str, Path]:
    """Return the CLI with its Python language host: beside it, beside what it links to, or in `search`.

    Raises:
        StrategyUnavailableError: A program is missing; the text names it.
    """
    folders = [pulumi.parent, pulumi.resolve().parent, *search]
    found = {"pulumi": pulumi}
    for name in record.PROGRAMS[:-1]:
        for folder in folders:
            if is_program(folder / name):
                found[name] = folder / name
                break
        else:
            raise StrategyUnavailableError(
                f"{pulumi} lacks {name} of the Python language host, beside it and on PATH"
            )
    return found


def is_program(path: Path) -> bool:
    """Return whether `path` is an executable file."""
    return path.is_file() and os.access(path, os.X_OK)


def _bin(root: Path) -> Path:
    target = record.folder(root) / "bin"
    target.mkdir(parents=True, exist_ok=True)
    return target
