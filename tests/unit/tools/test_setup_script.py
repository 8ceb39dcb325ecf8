"""`make setup` finds a Python that starts; where there is none, or the one that was named is none, it says so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.setup_steps import ROOT

SCRIPT = ROOT / "tools" / "setup.sh"
DEAD_SHIM = '#!/bin/sh\necho "pyenv: $0: command not found" >&2\nexit 127\n'
TELLS = '#!/bin/sh\n[ "$1" = -c ] || echo "started as $0 with $*"\n'


@pytest.fixture
def programs(tmp_path: Path) -> Callable[..., Path]:
    """Makes programs in a folder that is all of PATH, next to what the script itself needs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "bash").symlink_to("/bin/bash")

    def make(**texts: str) -> Path:
        for name, text in texts.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        return folder

    return make


def setup(
    path: Path, folder: Path, named: str = "", *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", str(SCRIPT), named, *arguments],
        cwd=folder,
        env={"PATH": str(path), "HOME": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shim_of_a_python_that_is_gone_is_passed_over(
    programs: Callable[..., Path], tmp_path: Path
) -> None:
    path = programs(**{"python3": DEAD_SHIM, "python3.13": TELLS})
    assert setup(path, tmp_path, "", "--python-only").stdout == (
        f"started as {path / 'python3.13'} with -m tools.setup --python-only\n"
    )


def test_the_environment_s_own_python_comes_first(programs: Callable[..., Path], tmp_path: Path) -> None:
    path = programs(python3=TELLS)
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.write_text(TELLS)
    own.chmod(0o755)
    assert f"started as {own} with" in setup(path, tmp_path).stdout


def test_a_python_that_was_named_comes_before_all_others(
    programs: Callable[..., Path], tmp_path: Path
) -> None:
    path = programs(python3=TELLS, mine=TELLS)
    done = setup(path, tmp_path, str(path / "mine"), "--python-only")
    assert done.stdout == f"started as {path / 'mine'} with -m tools.setup --this-python --python-only\n"


@pytest.mark.parametrize("named", ["/nowhere/python3", "no-such-python"])
def test_a_name_that_is_no_python_ends_with_one_line(
    programs: Callable[..., Path], tmp_path: Path, named: str
) -> None:
    done = setup(programs(python3=TELLS), tmp_path, named)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"make setup: PYTHON={named} does not start. Name a Python 3.11 or newer: make setup "
        "PYTHON=/path/to/python3"
    ]


def test_a_home_that_is_none_ends_with_one_line(programs: Callable[..., Path], tmp_path: Path) -> None:
    done = setup(programs(python3=TELLS), tmp_path, HOME="/nowhere")
    (line,) = done.stderr.splitlines()
    assert (done.returncode, line.startswith("make setup: HOME is /nowhere, which is no folder")) == (1, True)


def test_make_finds_the_home_of_the_user_where_the_variable_is_missing() -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "HOME"))}
    done = subprocess.run(
        ["make", "--eval", "told: ; @echo $$HOME", "told"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(Path("~").expanduser())


def test_make_hands_the_python_on_that_was_named() -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "setup", "PYTHON=/nowhere/python3"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "PYTHON=/nowhere/python3 does not start" in done.stderr


def test_an_environment_of_another_python_is_not_current(tmp_path: Path) -> None:
    from tools import python_stamp

    (tmp_path / ".venv").mkdir()
    version = ".".join(str(part) for part in sys.version_info[:3])
    home = Path(python_stamp.base_python()).absolute().parent
    for noted, is_it in (((home, version), True), ((home, "3.8.1"), False), (("/other", version), False)):
        (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"home = {noted[0]}\nversion = {noted[1]}\n")
        assert python_stamp.is_made_of(tmp_path, python_stamp.base_python()) is is_it
