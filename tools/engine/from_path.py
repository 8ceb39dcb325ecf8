"""First way: a `pulumi` on PATH that is new enough and has its Python language host."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.engine import placing, record
from tools.engine.placing import WayClosedError
from tools.progress import Progress

VERSION_TIMEOUT_SECONDS = 20


def use(root: Path, _progress: Progress, environment: Mapping[str, str]) -> record.Engine:
    """Link the first one that will do into `.engine/bin`."""
    folders = path_folders(root, environment)
    candidates = [folder / "pulumi" for folder in folders if placing.is_program(folder / "pulumi")]
    reasons: list[str] = []
    for pulumi in candidates:
        try:
            version = version_of(pulumi, environment)
            programs = placing.siblings(pulumi, folders)
        except WayClosedError as reason:
            reasons.append(str(reason))
            continue
        placing.link_into_place(root, programs)
        return record.write(root, kind="path", version=version)
    raise WayClosedError("; ".join(reasons) or "there is none")


def path_folders(root: Path, environment: Mapping[str, str]) -> list[Path]:
    """The folders on PATH, without our own and without relative ones."""
    own = (record.folder(root) / "bin").resolve()
    folders = [Path(part) for part in environment.get("PATH", "").split(os.pathsep) if part]
    return [folder for folder in folders if folder.is_absolute() and folder.resolve() != own]


def version_of(pulumi: Path, environment: Mapping[str, str]) -> str:
    """The version without `v`; WayClosedError where it is too old or does not answer."""
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            env={**environment, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=VERSION_TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise WayClosedError(f"{pulumi} does not tell its version ({type(error).__name__})") from error
    version = answer.stdout.strip().removeprefix("v")
    if not record.is_new_enough(version):
        oldest = ".".join(str(part) for part in record.OLDEST_VERSION)
        raise WayClosedError(f"{pulumi} is {version or 'of no version'}, and {oldest} or newer is needed")
    return version
