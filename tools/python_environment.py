"""Create `.venv` with exactly the packages in `requirements/locked.txt`, and this project, editable.

pip, which knows the user's index settings, installs uv from `requirements/bootstrap.txt`, with hashes.
"""

import os
import sys
from pathlib import Path

from tools import child_process, pip_settings, python_stamp
from tools.errors import SetupError
from tools.progress import Progress


def prepare(root: Path, progress: Progress, wanted_python: str | None = None) -> None:
    """Create or complete `.venv`. It may be interrupted: the stamp is written last.

    Args:
        wanted_python: The Python that `.venv` must use; None if any will do.
    """
    python_stamp.withdraw(root)
    progress.say("Python: installing requirements/locked.txt into .venv; about a minute the first time.")
    try:
        if not is_sound(root) or (wanted_python and not python_stamp.is_made_of(root, wanted_python)):
            _create(root, progress)
        _install(root, progress)
    except child_process.CommandError as error:
        raise SetupError(f"the Python packages could not be installed. {error}") from error
    for pack in python_stamp.packs_without_python(root):
        link = pack / ".venv"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("../../.venv"))
    python_stamp.write(root)


def is_sound(root: Path) -> bool:
    """Return whether `.venv` was created in this folder, has pip, and its Python still exists."""
    venv = root / ".venv"
    try:
        created_here = str(venv) in (venv / "bin" / "pip").read_text()
    except OSError:
        return False
    return created_here and (venv / "bin" / "python").exists()


def _create(root: Path, progress: Progress) -> None:
    base = python_stamp.base_python()
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"this Python ({base}) has no module {error.name}, which a virtual environment needs. "
            f"Install it (Debian, Ubuntu: apt install python{version}-venv) and run make setup again."
        ) from error
    command: list[str | Path] = [base, "-m", "venv", "--clear", root / ".venv"]
    child_process.run(command, what="creating .venv", progress=progress, folder=root)


def _install(root: Path, progress: Progress) -> None:
    python = root / ".venv" / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    command = [*pip, "--require-hashes", "--no-deps", "-r", "requirements/bootstrap.txt"]
    child_process.run(command, what="installing uv and pip", progress=progress, folder=root)
    environment = pip_settings.uv_environment(os.environ, pip_settings.read(python))
    uv = root / ".venv" / "bin" / "uv"
    steps: tuple[tuple[str, list[str]], ...] = (
        # Compiled once, here: with PYTHONDONTWRITEBYTECODE, which many containers set, every process of every
        # command would compile pulumi, botocore and grpc again, 0.4 s of CPU each.
        (
            "installing and compiling the locked packages",
            ["sync", "--require-hashes", "--compile-bytecode", "requirements/locked.txt"],
        ),
        ("installing this project", ["install", "--no-deps", "--no-build-isolation", "--editable", "."]),
    )
    for what, arguments in steps:
        child_process.run(
            [uv, "pip", *arguments, "--python", python],
            what=what,
            progress=progress,
            folder=root,
            environment=environment,
        )
