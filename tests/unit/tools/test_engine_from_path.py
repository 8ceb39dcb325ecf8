"""The first way: what lies on PATH."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import from_path, record
from tools.engine.installation import StrategyUnavailableError
from tools.progress import Progress

InstallPulumi = Callable[..., Path]


def path_of(*folders: Path) -> dict[str, str]:
    return {"PATH": os.pathsep.join([*map(str, folders), os.defpath])}


def test_a_new_enough_pulumi_is_linked(
    root: Path, tmp_path: Path, progress: Progress, install_pulumi: InstallPulumi
) -> None:
    folder = install_pulumi(tmp_path / "found", "3.249.0")
    engine = from_path.use(root, progress, path_of(folder))
    assert (engine.kind, engine.version) == ("path", "3.249.0")
    assert (root / ".engine" / "bin" / "pulumi").readlink() == folder / "pulumi"
    assert record.current(root) == engine


def test_an_updated_one_is_checked_again(
    root: Path, tmp_path: Path, progress: Progress, install_pulumi: InstallPulumi
) -> None:
    folder = install_pulumi(tmp_path / "found", "3.249.0")
    from_path.use(root, progress, path_of(folder))
    install_pulumi(folder, "3.2500.0")
    assert record.current(root) is None


def test_a_pulumi_that_is_too_old_is_named_with_its_version(
    root: Path, tmp_path: Path, progress: Progress, install_pulumi: InstallPulumi
) -> None:
    folder = install_pulumi(tmp_path / "old", "3.248.0")
    with pytest.raises(
        StrategyUnavailableError, match=r"old/pulumi is 3\.248\.0, but 3\.249\.0 or newer is needed"
    ):
        from_path.use(root, progress, path_of(folder))


def test_a_newer_pulumi_behind_one_that_is_too_old_is_taken(
    root: Path, tmp_path: Path, progress: Progress, install_pulumi: InstallPulumi
) -> None:
    old, new = install_pulumi(tmp_path / "old", "3.100.0"), install_pulumi(tmp_path / "new", "3.260.0")
    assert from_path.use(root, progress, path_of(old, new)).version == "3.260.0"


@pytest.mark.parametrize("missing", [name for name in record.PROGRAMS if name != "pulumi"])
def test_a_pulumi_without_its_python_language_host_is_left_alone(
    root: Path, tmp_path: Path, progress: Progress, install_pulumi: InstallPulumi, missing: str
) -> None:
    folder = install_pulumi(tmp_path / "bare", "3.260.0", without=missing)
    with pytest.raises(StrategyUnavailableError, match=f"lacks {missing} of the Python language host"):
        from_path.use(root, progress, path_of(folder))


def test_a_language_host_elsewhere_on_path_will_do(
    root: Path, tmp_path: Path, progress: Progress, install_pulumi: InstallPulumi
) -> None:
    bare = install_pulumi(tmp_path / "bare", "3.260.0", without="pulumi-language-python")
    host = install_pulumi(tmp_path / "host", "3.260.0", without="pulumi")
    from_path.use(root, progress, path_of(bare, host))
    linked = root / ".engine" / "bin" / "pulumi-language-python"
    assert linked.readlink() == host / "pulumi-language-python"


def test_a_language_host_beside_what_a_link_points_to_will_do(
    root: Path, tmp_path: Path, progress: Progress, install_pulumi: InstallPulumi
) -> None:
    folder = install_pulumi(tmp_path / "cellar", "3.260.0")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "pulumi").symlink_to(folder / "pulumi")
    assert from_path.use(root, progress, path_of(tmp_path / "links")).kind == "path"


def test_our_own_folder_on_path_is_not_a_find(
    root: Path, progress: Progress, install_pulumi: InstallPulumi
) -> None:
    own = install_pulumi(root / ".engine" / "bin", "3.260.0")
    with pytest.raises(StrategyUnavailableError, match="there is none"):
        from_path.use(root, progress, path_of(own))


def test_a_pulumi_that_fails_is_named(
    root: Path, tmp_path: Path, progress: Progress, write_program: Callable[[Path, str], Path]
) -> None:
    program = write_program(tmp_path / "broken" / "pulumi", "exit 3\n")
    with pytest.raises(StrategyUnavailableError, match="broken/pulumi does not report its version"):
        from_path.use(root, progress, path_of(program.parent))
