"""The program of this repository with the real engine: one journey of commands, and what was seen on the way.

A command of the real CLI costs seconds, so each is run once, in the order of a stack's life, and the tests read
what was noted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.control import SandboxControl
from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

TASK = "chime:SpeakerSearchTask"
PIPELINE = "chime:MediaInsightsPipeline"


@dataclass
class Step:
    """One command and what stood when it had ended. `tasks`: the ids of the search tasks that are alive."""

    said: Ran
    outputs: dict[str, Any]
    tasks: list[str]
    calls: list[str]
    task_state: dict[str, Any] | None
    account: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Journey:
    """Runs commands on one stack, and notes."""

    stack: Stack
    sandbox: SandboxProcess
    steps: dict[str, Step] = field(default_factory=dict)

    @property
    def control(self) -> SandboxControl:
        return self.sandbox.control

    def client(self, service: str) -> Any:
        session = boto3.Session("sandbox", "sandbox", region_name="us-east-1")
        return session.client(service, endpoint_url=self.sandbox.endpoint)

    def note(self, name: str, command: Callable[[], Ran]) -> Step:
        before = len(self.control.calls())
        said = command()
        states = [resource["outputs"] for resource in self.stack.resources(TASK)]
        self.steps[name] = Step(
            said=said,
            outputs=self.stack.outputs(),
            tasks=[
                task["task_id"]
                for task in self.control.tasks()
                if task["alive"] and task["is_speaker_search"]
            ],
            calls=[call["operation"] for call in self.control.calls()[before:]],
            task_state=states[0] if states else None,
        )
        return self.steps[name]

    def account(self) -> dict[str, list[Any]]:
        return {
            "tasks": [task for task in self.control.tasks() if task["alive"]],
            "pipelines": [one for one in self.control.pipelines() if one["alive"]],
            "streams": self.client("kinesisvideo").list_streams()["StreamInfoList"],
            "domains": self.client("chime-sdk-voice").list_voice_profile_domains()["VoiceProfileDomains"],
        }


@pytest.fixture(scope="module")
def journey(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    folder: Path = tmp_path_factory.mktemp("journey")
    stack = Stack.of_this_project(folder, engine_sandbox.environment)
    stack.config("searches[0].name", "search")
    travelled = Journey(stack, engine_sandbox)
    _travel(travelled)
    return travelled.steps


def _travel(journey: Journey) -> None:
    stack, control, note = journey.stack, journey.control, journey.note
    first = note("up", stack.up)
    note("preview", lambda: stack.pulumi("preview", "--expect-no-changes"))
    note("up again", stack.up)
    control.force_status(first.tasks[0], "Stopped")
    note("refresh", lambda: stack.pulumi("refresh", "--yes", "--skip-preview"))
    note("up on stopped", stack.up)
    stack.config("searches[0].triggers", "consented again")
    note("up with triggers", stack.up)
    (task,) = stack.resources(TASK)
    note("target replace", lambda: stack.up("--target-replace", task["urn"]))
    stack.config("tags.team", "voice")
    stack.config("searches[0].voiceToneAnalysis", "true")
    note("up with a tag and voice tone", stack.up)
    journey.client("chime-sdk-media-pipelines").delete_media_pipeline(
        MediaPipelineId=stack.outputs()["mediaInsightsPipelineId"]["search"]
    )
    note("up on vanished", lambda: stack.up("--refresh"))
    stack.config("searches[0].triggers", "consented a third time")
    note("up after vanished", stack.up)
    control.force_status(journey.steps["up after vanished"].tasks[0], "Failed")
    note("up on failed", stack.up)
    settings = stack.folder / f"Pulumi.{stack.name}.yaml"
    accepted = settings.read_text()
    stack.config("searches[0].recreateWhenEnded", "true")
    note("up with recreate", lambda: stack.up(expect=FAILS))
    settings.write_text(accepted)
    control.reset()
    be_quick(control)
    note("up on emptied", lambda: stack.up("--refresh"))
    destroyed = note("destroy", lambda: stack.pulumi("destroy", "--yes", "--skip-preview"))
    destroyed.account = journey.account()


Steps = dict[str, Step]


def test_up_ends_with_a_search_that_runs(journey: Steps) -> None:
    assert journey["up"].outputs["outcomes"] == {"search": "running"}


def test_up_starts_exactly_the_task_that_is_in_state(journey: Steps) -> None:
    assert journey["up"].tasks == [journey["up"].outputs["speakerSearchTaskId"]["search"]]


def test_an_undisturbed_start_takes_three_calls_for_the_task(journey: Steps) -> None:
    of_the_task = [name for name in journey["up"].calls if "SpeakerSearch" in name]
    assert of_the_task.count("StartSpeakerSearchTask") == 1
    assert len(of_the_task) <= 3


def test_the_task_starts_on_a_pipeline_that_has_not_started(journey: Steps) -> None:
    asked = journey["up"].calls
    assert "GetMediaPipeline" not in asked[: asked.index("StartSpeakerSearchTask")]


def test_a_preview_of_what_runs_finds_nothing_to_do(journey: Steps) -> None:
    assert "12 unchanged" in journey["preview"].said


def test_a_preview_asks_nothing_of_chime(journey: Steps) -> None:
    asked = journey["preview"].calls
    assert not [name for name in asked if "SpeakerSearch" in name or "Pipeline" in name]


def test_a_second_up_changes_nothing(journey: Steps) -> None:
    assert journey["up again"].tasks == journey["up"].tasks


def test_a_second_up_looks_once_at_the_task(journey: Steps) -> None:
    looks = [name for name in journey["up again"].calls if name.startswith("GetSpeaker")]
    assert looks == ["GetSpeakerSearchTask"]


def test_a_task_that_was_stopped_elsewhere_shows_as_ended_after_refresh(journey: Steps) -> None:
    state = journey["refresh"].task_state
    assert state is not None
    assert (state["speaker_search_task_status"], state["outcome"]) == ("Stopped", "ended")


def test_up_starts_nothing_in_place_of_a_task_that_has_ended(journey: Steps) -> None:
    assert "StartSpeakerSearchTask" not in journey["up on stopped"].calls


def test_up_says_what_takes_a_new_search(journey: Steps) -> None:
    assert "has ended. A new search takes new `triggers`" in journey["up on stopped"].said


def test_outputs_of_a_task_that_has_ended_stay(journey: Steps) -> None:
    assert journey["up on stopped"].outputs["speakerSearchTaskId"] == {"search": journey["up"].tasks[0]}


def test_changed_triggers_start_a_new_task(journey: Steps) -> None:
    (new,) = journey["up with triggers"].tasks
    assert [new] != journey["up"].tasks


def test_target_replace_stops_before_it_starts(journey: Steps) -> None:
    order = [
        name
        for name in journey["target replace"].calls
        if name in ("StartSpeakerSearchTask", "StopSpeakerSearchTask")
    ]
    # The declaration is the same, so its tokens are: the first ones answer with the lives that have ended.
    assert order[0] == "StopSpeakerSearchTask"
    assert order.count("StopSpeakerSearchTask") == 1


def test_target_replace_leaves_one_new_task(journey: Steps) -> None:
    (new,) = journey["target replace"].tasks
    assert [new] != journey["up with triggers"].tasks


def test_a_changed_tag_does_not_touch_the_task(journey: Steps) -> None:
    assert journey["up with a tag and voice tone"].tasks == journey["target replace"].tasks


def test_nothing_is_started_in_place_of_a_pipeline_that_vanished(journey: Steps) -> None:
    step = journey["up on vanished"]
    assert (step.tasks, [name for name in step.calls if name.startswith("Start")]) == ([], [])


def test_new_triggers_make_a_pipeline_in_place_of_one_that_vanished(journey: Steps) -> None:
    (new,) = journey["up after vanished"].tasks
    assert journey["up after vanished"].outputs["speakerSearchTaskId"] == {"search": new}


def test_a_failed_task_of_an_earlier_run_is_told_and_no_error_of_up(journey: Steps) -> None:
    assert "has failed: it does not listen" in journey["up on failed"].said


def test_a_failed_task_is_an_output(journey: Steps) -> None:
    assert journey["up on failed"].outputs["outcomes"] == {"search": "failed"}


def test_recreate_when_ended_is_refused_by_the_name_of_what_takes_its_place(journey: Steps) -> None:
    said = journey["up with recreate"].said
    assert "recreateWhenEnded" in said
    assert "triggers" in said


def test_a_refusal_has_no_traceback(journey: Steps) -> None:
    assert "Traceback" not in journey["up with recreate"].said


def test_an_account_that_was_emptied_is_filled_again(journey: Steps) -> None:
    assert journey["up on emptied"].outputs["outcomes"] == {"search": "running"}


def test_a_stack_without_voice_tone_analysis_has_no_output_of_it(journey: Steps) -> None:
    assert not [name for name in journey["up"].outputs if name.startswith("voiceTone")]


def test_a_voice_tone_analysis_is_added_by_config(journey: Steps) -> None:
    assert journey["up with a tag and voice tone"].outputs["voiceToneAnalysisOutcomes"] == {
        "search": "running"
    }


def test_adding_a_voice_tone_analysis_leaves_the_search_alone(journey: Steps) -> None:
    calls = journey["up with a tag and voice tone"].calls
    started = [call for call in calls if call.startswith(("Start", "CreateMedia", "Stop"))]
    assert started == ["StartVoiceToneAnalysisTask"]


def test_destroy_leaves_nothing_in_the_account(journey: Steps) -> None:
    assert journey["destroy"].account == {
        "tasks": [],
        "pipelines": [],
        "streams": [],
        "domains": [],
    }


def test_the_blob_in_state_stays_under_100_bytes(journey: Steps) -> None:
    state = journey["up"].task_state
    assert state is not None
    assert len(state["__provider"]) < 100
