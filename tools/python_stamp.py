"""Whether `.venv` is complete and of the files as they are now. Light, for it runs at every setup."""

import hashlib
import sys
from pathlib import Path

STAMP = ".setup-stamp"
SOURCES = ("requirements/bootstrap.txt", "requirements/locked.txt", "pyproject.toml")
PACKS = ("policies/consent", "policies/safeguards")


def is_current(root: Path, wanted_python: str | None = None) -> bool:
    """Whether nothing is to be done about Python. `wanted_python`: of which `.venv` has to be made."""
    venv = root / ".venv"
    try:
        stamp = (venv / STAMP).read_text()
    except OSError:
        return False
    return (
        stamp == fingerprint(root)
        and (venv / "bin" / "python").exists()
        and not packs_without_python(root)
        and (wanted_python is None or is_made_of(root, wanted_python))
    )


def base_python() -> str:
    """The Python that runs this, or the one of which its virtual environment was made."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def is_made_of(root: Path, python: str) -> bool:
    """Whether `.venv` is of that Python, by what `venv` notes: its folder, and its version."""
    try:
        lines = (root / ".venv" / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return False
    noted = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    version = ".".join(str(part) for part in sys.version_info[:3])
    return (noted.get("home"), noted.get("version")) == (str(Path(python).absolute().parent), version)


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
