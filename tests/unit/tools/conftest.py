"""A project folder without anything prepared, and programs made of a few lines of shell."""

import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import setup_steps
from tools.engine import record
from tools.progress import Progress

WriteProgram = Callable[[Path, str], Path]
InstallPulumi = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder (with a space in its path) that has the wrapper modules and an empty `.engine`."""
    project = tmp_path / "a project"
    for name in record.MODULE_FOLDERS:
        shutil.copytree(setup_steps.ROOT / "tools" / "engine" / name, project / "tools" / "engine" / name)
    (project / ".engine" / "bin").mkdir(parents=True)
    return project


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def progress(output: io.StringIO) -> Progress:
    return Progress(output, terminal=False)


@pytest.fixture
def write_program() -> WriteProgram:
    def write(path: Path, script: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n" + script)
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def install_pulumi(write_program: WriteProgram) -> InstallPulumi:
    """Put a `pulumi` of a version, with its Python language host, into a folder."""

    def install(folder: Path, version: str, *, without: str = "") -> Path:
        for name in record.PROGRAMS:
            if name != without:
                write_program(folder / name, f"echo v{version}\n")
        return folder

    return install


@pytest.fixture
def system_path() -> str:
    """Where `sh`, `sleep` and `touch` are; no engine and no Go."""
    return os.defpath
