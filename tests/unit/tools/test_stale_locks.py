"""Whose locks `make up` may take away."""

import json
from pathlib import Path

import pytest

from tools import stale_locks

ENDED, RUNNING = 100, 200


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    (tmp_path / ".pulumi" / "locks" / "organization" / "speaker-search" / "sandbox").mkdir(parents=True)
    return tmp_path


def lock(backend: Path, process: int, *, host: str = "here", stack: str = "sandbox") -> None:
    folder = backend / ".pulumi" / "locks" / "organization" / "speaker-search" / stack
    folder.mkdir(exist_ok=True)
    (folder / f"{host}-{process}.json").write_text(json.dumps({"pid": process, "hostname": host}))


def may_be_cancelled(backend: Path) -> bool:
    return stale_locks.only_stale_locks(backend, "sandbox", host="here", alive=lambda pid: pid == RUNNING)


def test_a_stack_without_locks_needs_no_cancel(backend: Path) -> None:
    assert not may_be_cancelled(backend)


def test_a_lock_of_a_process_that_ended_may_go(backend: Path) -> None:
    lock(backend, ENDED)
    assert may_be_cancelled(backend)


def test_a_lock_of_a_running_process_stays(backend: Path) -> None:
    lock(backend, ENDED)
    lock(backend, RUNNING)
    assert not may_be_cancelled(backend)


def test_a_lock_of_another_machine_stays(backend: Path) -> None:
    lock(backend, ENDED, host="elsewhere")
    assert not may_be_cancelled(backend)


def test_a_lock_of_another_stack_is_none_of_ours(backend: Path) -> None:
    lock(backend, ENDED, stack="production")
    assert not may_be_cancelled(backend)
