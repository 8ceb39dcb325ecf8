"""Whether `.venv` is complete and of the files as they are now. Light, for it runs at every setup."""

import hashlib
from pathlib import Path

STAMP = ".setup-stamp"
SOURCES = ("requirements/bootstrap.txt", "requirements/locked.txt", "pyproject.toml")
PACKS = ("policies/consent", "policies/safeguards")


def is_current(root: Path) -> bool:
    """Whether nothing is to be done about Python."""
    venv = root / ".venv"
    try:
        stamp = (venv / STAMP).read_text()
    except OSError:
        return False
    return (
        stamp == fingerprint(root) and (venv / "bin" / "python").exists() and not packs_without_python(root)
    )


def withdraw(root: Path) -> None:
    """Called before `.venv` is touched: until `write`, it does not count as complete."""
    (root / ".venv" / STAMP).unlink(missing_ok=True)


def write(root: Path) -> None:
    """The last step of a complete installation."""
    (root / ".venv" / STAMP).write_text(fingerprint(root))


def fingerprint(root: Path) -> str:
    """One hash over all that decides what is in `.venv`; its scripts hold the folder's own path."""
    digest = hashlib.sha256(str(root).encode())
    for name in SOURCES:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def packs_without_python(root: Path) -> list[Path]:
    """Policy packs run in the environment in their own folder, which here is a link to the project's."""
    return [root / pack for pack in PACKS if (root / pack).is_dir() and not (root / pack / ".venv").exists()]
