"""`.venv`: when it is complete, and pip's settings on their way to uv."""

import ast
import os
import shutil
import sys
from pathlib import Path

import pytest

from tools import pip_settings, python_environment, python_stamp, setup, setup_steps


@pytest.fixture
def complete(root: Path) -> Path:
    """A project folder whose Python part was finished."""
    for name in python_stamp.SOURCES:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(setup_steps.ROOT / name, root / name)
    bin_folder = root / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    (bin_folder / "pip").write_text(f"#!{bin_folder / 'python'}\n")
    python_stamp.write(root)
    return root


def test_a_completed_environment_is_current(complete: Path) -> None:
    assert python_stamp.is_current(complete)


@pytest.mark.parametrize("name", python_stamp.SOURCES)
def test_a_changed_source_asks_for_an_installation(complete: Path, name: str) -> None:
    with (complete / name).open("a") as file:
        file.write("\n")
    assert not python_stamp.is_current(complete)


def test_an_interrupted_installation_is_not_current(complete: Path) -> None:
    python_stamp.withdraw(complete)
    assert not python_stamp.is_current(complete)


def test_a_moved_project_is_not_current(complete: Path, tmp_path: Path) -> None:
    moved = complete.rename(tmp_path / "elsewhere")
    assert not python_stamp.is_current(moved)
    assert not python_environment.is_sound(moved)


def test_a_python_that_went_away_is_noticed(complete: Path, tmp_path: Path) -> None:
    python = complete / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(tmp_path / "uninstalled")
    assert not python_stamp.is_current(complete)
    assert not python_environment.is_sound(complete)


def test_a_policy_pack_without_its_link_asks_for_one(complete: Path) -> None:
    pack = complete / "policies" / "consent"
    pack.mkdir(parents=True)
    assert python_stamp.packs_without_python(complete) == [pack]
    assert not python_stamp.is_current(complete)


def test_pips_variables_win_over_its_files() -> None:
    listing = "global.index-url='https://a.example/simple'\n:env:.index-url='https://b.example/simple'\n"
    assert pip_settings.parse(listing) == {"index-url": "https://b.example/simple"}


def test_pips_index_becomes_uvs() -> None:
    environment = pip_settings.uv_environment({}, {"index-url": "https://a.example/simple"})
    assert environment["UV_DEFAULT_INDEX"] == "https://a.example/simple"


def test_uvs_own_variable_wins_over_pips_setting() -> None:
    environment = pip_settings.uv_environment({"UV_DEFAULT_INDEX": "mine"}, {"index-url": "other"})
    assert environment["UV_DEFAULT_INDEX"] == "mine"


def test_several_indexes_are_searched_as_pip_does() -> None:
    environment = pip_settings.uv_environment(
        {}, {"extra-index-url": "\nhttps://a.example\nhttps://b.example"}
    )
    assert environment["UV_INDEX"] == "https://a.example https://b.example"
    assert environment["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_a_folder_of_wheels_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    assert "UV_FIND_LINKS" not in pip_settings.uv_environment({}, {"find-links": str(tmp_path / "none")})
    assert pip_settings.uv_environment({}, {"find-links": str(tmp_path)})["UV_FIND_LINKS"] == str(tmp_path)


def test_uvs_configuration_files_of_this_machine_are_not_read() -> None:
    assert pip_settings.uv_environment({}, {})["UV_NO_CONFIG"] == "1"


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 9), (3, 8, 1)])
def test_a_python_that_is_too_old_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed") as ending:
        setup.require_python()
    assert f"is {version[0]}.{version[1]}" in str(ending.value)


def test_the_locked_requirements_carry_hashes_and_no_address() -> None:
    for name in ("requirements/bootstrap.txt", "requirements/locked.txt"):
        text = (setup_steps.ROOT / name).read_text()
        pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
        assert text.count("--hash=sha256:") >= len(pinned) > 0
        assert "://" not in text


def test_a_newer_python_on_path_takes_over_from_one_that_is_too_old(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    newer = tmp_path / "python3.12"
    newer.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["setup.py", "--python-only"])
    monkeypatch.setenv("PATH", str(tmp_path))
    started: list[list[str]] = []

    def execv(_program: str, arguments: list[str]) -> None:
        started.append(arguments)
        raise InterruptedError

    monkeypatch.setattr(os, "execv", execv)
    with pytest.raises(InterruptedError):
        setup.require_python()
    assert started == [[str(newer), "-m", "tools.setup", "--python-only"]]


@pytest.mark.parametrize("name", ["__init__.py", "setup.py"])
def test_what_runs_first_can_be_read_by_an_old_python(name: str) -> None:
    ast.parse((setup_steps.ROOT / "tools" / name).read_text(), feature_version=(3, 7))
