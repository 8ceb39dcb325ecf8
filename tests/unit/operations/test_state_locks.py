"""Whether an update is at work in a backend that is a folder; where that can't be told, None."""

from __future__ import annotations

from pathlib import Path

import pytest
from speaker_search_operations.state_locks import is_locked


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    (tmp_path / ".pulumi").mkdir()
    return tmp_path


def lock(backend: Path, *parts: str) -> None:
    file = backend.joinpath(".pulumi", "locks", *parts, "0b1c.json")
    file.parent.mkdir(parents=True)
    file.write_text("{}")


def asked(url: str, folder: Path = Path("/nowhere")) -> bool | None:
    return is_locked(url, folder, project="project", stack="dev")


def test_a_backend_without_locks_has_no_update(backend: Path) -> None:
    assert asked(f"file://{backend}") is False


def test_a_lock_of_the_stack_is_an_update(backend: Path) -> None:
    lock(backend, "organization", "project", "dev")
    assert asked(f"file://{backend}") is True


def test_a_lock_of_a_backend_without_projects_counts(backend: Path) -> None:
    lock(backend, "dev")
    assert asked(f"file://{backend}") is True


def test_a_lock_of_another_stack_does_not_count(backend: Path) -> None:
    lock(backend, "organization", "project", "prod")
    assert asked(f"file://{backend}") is False


def test_a_lock_of_another_project_does_not_count(backend: Path) -> None:
    lock(backend, "organization", "other", "dev")
    assert asked(f"file://{backend}") is False


def test_a_relative_backend_is_relative_to_the_project(backend: Path) -> None:
    lock(backend, "organization", "project", "dev")
    assert asked("file://.", backend) is True


def test_parameters_of_a_backend_are_no_part_of_its_folder(backend: Path) -> None:
    assert asked(f"file://{backend}?no_tmp_dir=true") is False


@pytest.mark.parametrize("url", ["s3://bucket", "gs://bucket", "azblob://box", ""])
def test_other_backends_do_not_tell(url: str) -> None:
    assert asked(url) is None


def test_a_folder_that_is_no_backend_does_not_tell(tmp_path: Path) -> None:
    assert asked(f"file://{tmp_path}") is None
