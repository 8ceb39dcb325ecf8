"""engine.json: when a second `make setup` has nothing to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import record


@pytest.fixture
def built(root: Path, install_pulumi: Callable[..., Path]) -> Path:
    install_pulumi(root / ".engine" / "bin", "3.259.0")
    record.write(root, kind="built", version="3.259.0")
    return root


def test_an_engine_that_was_recorded_is_current(built: Path) -> None:
    engine = record.current(built)
    assert engine is not None
    assert (engine.kind, engine.version) == ("built", "3.259.0")


def test_nothing_recorded_is_not_current(root: Path) -> None:
    assert record.current(root) is None


@pytest.mark.parametrize("name", record.PROGRAMS)
def test_an_engine_that_lacks_a_program_is_not_current(built: Path, name: str) -> None:
    (built / ".engine" / "bin" / name).unlink()
    assert record.current(built) is None


def test_an_altered_program_is_not_current(built: Path) -> None:
    with (built / ".engine" / "bin" / "pulumi").open("a") as program:
        program.write("# cut off or replaced\n")
    assert record.current(built) is None


def test_an_engine_built_from_other_modules_is_not_current(built: Path) -> None:
    with (built / "tools" / "engine" / "cli" / "go.sum").open("a") as sums:
        sums.write("\n")
    assert record.current(built) is None


def test_other_modules_do_not_matter_to_an_engine_from_path(built: Path) -> None:
    record.write(built, kind="path", version="3.259.0")
    with (built / "tools" / "engine" / "cli" / "go.sum").open("a") as sums:
        sums.write("\n")
    assert record.current(built) is not None


def test_half_a_record_is_not_current(built: Path) -> None:
    path = built / ".engine" / "engine.json"
    path.write_text(path.read_text()[:40])
    assert record.current(built) is None


@pytest.mark.parametrize("version", ["3.249.0", "v3.249.0", "3.249.1-alpha.2", "3.300.0+build"])
def test_versions_that_will_do(version: str) -> None:
    assert record.is_new_enough(version)


@pytest.mark.parametrize("version", ["3.248.9", "3.249.0-alpha.2", "2.999.0", "4.0.0", "3.249", "", "dev"])
def test_versions_that_will_not_do(version: str) -> None:
    assert not record.is_new_enough(version)
