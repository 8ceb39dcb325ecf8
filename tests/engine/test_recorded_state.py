"""State that release 0.1.0 wrote, `recreate_when_ended` in it: it is taken over, and nothing is started.

The file is an export of commit c97302d, whose ids and ARNs are replaced by those of what is there now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import pytest

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran
from tests.engine.test_adoption import start_elsewhere
from tests.sandbox_process import SandboxProcess

RECORDED = Path(__file__).parent / "recorded" / "state-c97302d.json"


@dataclass(frozen=True)
class TakenOver:
    """What an `up --refresh` of today made of the recorded state, and the `destroy` after it."""

    said: Ran
    task: dict[str, Any]
    recorded_id: str
    alive: list[str]
    starts: int
    alive_after_destroy: list[str]


def running(_there: BroughtStack, _pipeline_id: str, _task_id: str) -> None:
    """Nothing has happened since the state was written."""


def ended(there: BroughtStack, _pipeline_id: str, task_id: str) -> None:
    there.sandbox.control.force_status(task_id, "Stopped")


def vanished(there: BroughtStack, pipeline_id: str, _task_id: str) -> None:
    there.sandbox.control.set_switches(results_of_gone_pipeline="not_found")
    there.sandbox.control.force_status(pipeline_id, "Gone")


@pytest.fixture(scope="module", params=[running, ended, vanished], ids=["running", "ended", "vanished"])
def taken(
    engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> TakenOver:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("recorded"), engine_sandbox)
    pipeline_id, task_id = start_elsewhere(there)
    text = Template(RECORDED.read_text(encoding="utf-8")).substitute(
        pipeline=pipeline_id,
        task=task_id,
        domain_arn=there.account.domain_arn,
        configuration_arn=there.account.configuration_arn,
        stream_arn=there.stream_arn,
    )
    file = there.stack.folder / "state.json"
    file.write_text(text, encoding="utf-8")
    there.stack.pulumi("stack", "import", "--file", str(file))
    happen: Callable[[BroughtStack, str, str], None] = request.param
    happen(there, pipeline_id, task_id)
    control = engine_sandbox.control
    control.clear_calls()
    said = there.stack.up("--refresh")
    starts = control.call_counts().get("StartSpeakerSearchTask", 0)
    alive = there.alive()
    task = there.stack.outputs_of("chime:SpeakerSearchTask")
    there.stack.pulumi("destroy", "--yes", "--skip-preview")
    return TakenOver(said, task, task_id, alive, starts, there.alive())


def test_nothing_is_started(taken: TakenOver) -> None:
    assert taken.starts == 0


def test_the_task_stays_in_state(taken: TakenOver) -> None:
    assert taken.task["speaker_search_task_id"] == taken.recorded_id


def test_the_outcome_is_what_aws_says(taken: TakenOver, request: pytest.FixtureRequest) -> None:
    outcomes = {"running": "running", "ended": "ended", "vanished": "gone"}
    case = request.node.callspec.id
    assert taken.task["outcome"] == outcomes[case]


def test_what_runs_goes_on(taken: TakenOver, request: pytest.FixtureRequest) -> None:
    expected = [taken.recorded_id] if request.node.callspec.id == "running" else []
    assert taken.alive == expected


def test_destroy_ends_it(taken: TakenOver) -> None:
    assert taken.alive_after_destroy == []
