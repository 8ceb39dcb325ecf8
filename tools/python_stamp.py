"""Check whether `.venv` is complete and up to date. It imports little, because it runs at every setup."""

import hashlib
import sys
from pathlib import Path

STAMP = ".setup-stamp"
SOURCES = ("requirements/bootstrap.txt", "requirements/locked.txt", "pyproject.toml")
PACKS = ("policies/consent", "policies/safeguards")


def is_current(root: Path, wanted_python: str | None = None) -> bool:
    """Return whether `.venv` is complete. `wanted_python`: the Python that it must use."""
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
    """Return the Python that runs this, or the one that its virtual environment is based on."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def is_made_of(root: Path, python: str) -> bool:
    """Return whether `.venv` is based on that Python, by the folder and version in pyvenv.cfg."""
    try:
        lines = (root / ".venv" / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return False
    recorded = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    version = ".".join(str(part) for part in sys.version_info[:3])
    return (recorded.get("home"), recorded.get("version")) == (str(Path(python).absolute().parent), version)


def withdraw(root: Path) -> None:
    """Remove the stamp before `.venv` is changed: it counts as incomplete until `write`."""
    (root / ".venv" / STAMP).unlink(missing_ok=True)


def write(root: Path) -> None:
    """Write the stamp, as the last step of an installation."""
    (root / ".venv" / STAMP).write_text(fingerprint(root))


def fingerprint(root: Path) -> str:
    """Return a hash of everything that determines the content of `.venv`, including the path in its scripts."""
    digest = hashlib.sha256(str(root).encode())
    for name in SOURCES:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def packs_without_python(root: Path) -> list[Path]:
    """Return the policy packs without `.venv`. Packs run in the one in their folder, here a link to the project's."""
    return [root / pack for pack in PACKS if (root / pack).is_dir() and not (root / pack / ".venv").exists()]
