"""`speaker-search withdraw` where one part can't be ended or read: the others end, and it says what is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from speaker_search_operations.exit_codes import ExitCode

from reliability.withdraw_scene import OTHER_RECORD
from tests.sandbox_process import SandboxProcess
from tests.unit.operations.withdrawing_place import prepare


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


def test_one_task_that_can_not_be_stopped_hides_no_other(sandbox: SandboxProcess, tmp_path: Path) -> None:
    place = prepare(sandbox, tmp_path)
    sandbox.control.add_fault("forbidden", "StopVoiceToneAnalysisTask", rate=1.0)
    sandbox.control.add_fault("forbidden", "DeleteMediaPipeline", rate=1.0)
    done = place.withdraw("--yes", "--json")
    tone = place.scene.task_ids[1]
    left = {part["id"] for part in done.json["left"]}
    assert (done.code, left) == (ExitCode.FINDINGS, {tone, place.scene.interrupted_pipeline_id})
    assert place.profiles() == {place.scene.other_profile_id}
    sandbox.control.clear_faults()
    assert place.withdraw("--yes").code == ExitCode.OK
    assert place.alive() == {place.scene.other_task_id}


def test_a_task_that_does_not_stop_ends_with_its_pipeline(sandbox: SandboxProcess, tmp_path: Path) -> None:
    place = prepare(sandbox, tmp_path)
    sandbox.control.add_fault("forbidden", "StopVoiceToneAnalysisTask", rate=1.0)
    assert place.withdraw("--yes").code == ExitCode.OK
    assert place.alive() == {place.scene.other_task_id}


def test_what_can_not_be_read_is_named_and_hides_nothing(sandbox: SandboxProcess, tmp_path: Path) -> None:
    place = prepare(sandbox, tmp_path)
    sandbox.control.add_fault("forbidden", "ListStreams", rate=1.0)
    done = place.withdraw("--yes", "--json")
    assert done.code == ExitCode.UNREADABLE
    assert [one["what"] for one in done.json["unread"]] == ["the Kinesis video streams"]
    assert place.alive() == {place.scene.other_task_id}


def test_a_withdrawal_of_another_record_touches_only_that(sandbox: SandboxProcess, tmp_path: Path) -> None:
    place = prepare(sandbox, tmp_path)
    assert place.withdraw("--yes", record=OTHER_RECORD).code == ExitCode.OK
    assert place.scene.other_task_id not in place.alive()
    assert place.alive() == set(place.scene.task_ids)
