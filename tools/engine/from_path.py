"""First strategy: use a `pulumi` on PATH that is new enough and has its Python language host."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.engine import installation, record
from tools.engine.installation import StrategyUnavailableError
from tools.progress import Progress

VERSION_TIMEOUT_SECONDS = 20


def use(root: Path, _progress: Progress, environment: Mapping[str, str]) -> record.Engine:
    """Link the first suitable one into `.engine/bin`."""
    folders = path_folders(root, environment)
    candidates = [folder / "pulumi" for folder in folders if installation.is_program(folder / "pulumi")]
    reasons: list[str] = []
    for pulumi in candidates:
        try:
            version = version_of(pulumi, environment)
            programs = installation.siblings(pulumi, folders)
        except StrategyUnavailableError as error:
            reasons.append(str(error))
            continue
        installation.link_into_place(root, programs)
        return record.write(root, kind="path", version=version)
    raise StrategyUnavailableError("; ".join(reasons) or "there is none")


def path_folders(root: Path, environment: Mapping[str, str]) -> list[Path]:
    """Return the folders on PATH, without `.engine/bin` and without relative ones."""
    own = (record.folder(root) / "bin").resolve()
    folders = [Path(part) for part in environment.get("PATH", "").split(os.pathsep) if part]
    return [folder for folder in folders if folder.is_absolute() and folder.resolve() != own]


def version_of(pulumi: Path, environment: Mapping[str, str]) -> str:
    """Return the version without `v`.

    Raises:
        StrategyUnavailableError: It is too old or could not be read.
    """
    try:
        result = subprocess.run(
            [pulumi, "version"],
            env={**environment, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=VERSION_TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StrategyUnavailableError(
            f"{pulumi} does not report its version ({type(error).__name__})"
        ) from error
    version = result.stdout.strip().removeprefix("v")
    if not record.is_new_enough(version):
        oldest = ".".join(str(part) for part in record.OLDEST_VERSION)
        raise StrategyUnavailableError(
            f"{pulumi} is {version or 'of unknown version'}, but {oldest} or newer is needed"
        )
    return version
