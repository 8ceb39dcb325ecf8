"""What is installed: the file that Pulumi's Python host looks for, and the command without the packages it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from sandbox.environment import ROOT

PLUGIN_FILE = "pulumi_speaker_search/pulumi-plugin.json"
BUILD = "from hatchling.build import build_wheel as build; import sys; print(build(sys.argv[1]))"
WITHOUT_TYPER = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from speaker_search_operations.entry import run
run()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return zipfile.ZipFile(folder / done.stdout.strip().splitlines()[-1])


def test_the_wheel_says_that_there_is_no_plugin(wheel: zipfile.ZipFile) -> None:
    assert json.loads(wheel.read(PLUGIN_FILE)) == {"resource": False}


def test_the_wheel_has_the_command(wheel: zipfile.ZipFile) -> None:
    (entries,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "speaker-search = speaker_search_operations.entry:run" in wheel.read(entries).decode()


def test_the_wheel_has_the_permissions_that_doctor_checks(wheel: zipfile.ZipFile) -> None:
    assert "speaker_search_operations/doctor/permission_policies/deployer.json" in wheel.namelist()


def test_an_editable_install_says_so_where_the_host_looks() -> None:
    # pip's `location` of a package, to which the host adds the package's name.
    location = Path(str(distribution("pulumi-speaker-search").locate_file("")))
    assert json.loads((location / PLUGIN_FILE).read_text()) == {"resource": False}


def test_the_package_is_still_imported_from_its_sources() -> None:
    import pulumi_speaker_search

    assert Path(pulumi_speaker_search.__file__).is_relative_to(ROOT)


def test_without_its_packages_the_command_says_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TYPER],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    assert done.returncode == 2
    assert done.stderr == (
        "speaker-search needs the package typer, which is not installed. Install the commands with: "
        'pip install "pulumi-speaker-search[operations]"\n'
    )
