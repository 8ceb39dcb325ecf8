"""Where AWS's documentation is silent, one declaration is one search either way: each switch at its other values."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sandbox.control import SandboxControl
from sandbox.settings import CHOICES
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess

OF_TONE_ANALYSES = {"silent_voice_tone", "stopped_voice_tone"}  # a search knows nothing of them
OTHER_VALUES = [
    *(
        (name, value)
        for name, values in sorted(CHOICES.items())
        for value in values[1:]
        if name not in OF_TONE_ANALYSES
    ),
    ("new_streams_receive_media", False),
]
LATE = [("not_found_after_create_seconds", 2.0), ("role_propagation_seconds", 2.0)]
LONG_AGO = "2026-01-01T00:00:00+00:00"
OVER = {"ended", "failed", "gone"}


@dataclass
class Life:
    """A pipeline and a search on it, declared once."""

    provider: ProviderProcess
    control: SandboxControl
    pipeline_inputs: Props
    task_inputs: Props
    pipeline: tuple[str, Props]
    task: tuple[str, Props]

    def end_by_itself(self) -> None:
        """Somebody speaks for long enough; by now "not found" may be believed."""
        (row,) = self.control.tasks(ended=True)
        stream = row["request"]["KinesisVideoStreamSourceTaskConfiguration"]["StreamArn"]
        self.control.speak(stream, 30)
        self.control.advance_clock(30)
        self.task = (self.task[0], {**self.task[1], "accepted_at": LONG_AGO})

    @property
    def started(self) -> list[str]:
        return [task["task_id"] for task in self.control.tasks(ended=True)]


@pytest.fixture
def begun(
    provider: ProviderProcess,
    control: SandboxControl,
    aws_account: AwsAccount,
    pipeline_inputs: Props,
    recorded: dict[str, Props],
) -> Callable[[], Life]:
    def begin() -> Life:
        pipeline = provider.create(pipeline_inputs)
        source = pipeline_inputs["kinesis_video_stream_source_runtime_configuration"]["streams"][0]
        inputs: Props = copy.deepcopy(recorded["SpeakerSearchTask"]["inputs"])
        inputs["identifier"] = pipeline[0]
        inputs["voice_profile_domain_arn"] = aws_account.domain()
        inputs["kinesis_video_stream_source_task_configuration"] = {
            "stream_arn": source["stream_arn"],
            "channel_id": 0,
        }
        return Life(provider, control, pipeline_inputs, inputs, pipeline, provider.create(inputs))

    return begin


@pytest.fixture(params=OTHER_VALUES, ids=lambda pair: f"{pair[0]}={pair[1]}")
def life(request: pytest.FixtureRequest, control: SandboxControl, begun: Callable[[], Life]) -> Life:
    name, value = request.param
    control.set_switches(**{name: value})
    return begun()


def test_a_search_that_did_its_work_is_read_as_over_or_as_running(life: Life) -> None:
    life.end_by_itself()
    goes_on = life.control.settings()["switches"]["finished_task"] == "InProgress"
    read_id, read = life.provider.read(*life.task)
    assert read_id == life.task[0]
    assert read["outcome"] in ({"running"} if goes_on else OVER)


def test_the_same_create_again_starts_nothing_in_its_place(life: Life) -> None:
    life.end_by_itself()
    again, _ = life.provider.create(life.task_inputs)
    assert (again, life.started) == (life.task[0], [life.task[0]])


def test_a_search_that_did_its_work_is_deleted_with_its_pipeline(life: Life) -> None:
    life.end_by_itself()
    life.provider.delete(*life.task)
    life.provider.delete(*life.pipeline)
    assert (life.control.tasks(), life.control.pipelines()) == ([], [])


def test_a_search_that_runs_is_stopped_by_delete(life: Life) -> None:
    life.provider.delete(*life.task)
    life.provider.delete(*life.pipeline)
    assert (life.control.tasks(), life.control.pipelines()) == ([], [])


@pytest.mark.parametrize(("name", "seconds"), LATE)
def test_what_is_late_after_a_create_is_waited_for(
    control: SandboxControl, begun: Callable[[], Life], name: str, seconds: float
) -> None:
    control.set_transitions(**{name: seconds})
    life = begun()
    assert (life.started, life.provider.read(*life.task)[1]["outcome"]) == ([life.task[0]], "running")


def test_awss_rate_is_kept(control: SandboxControl, begun: Callable[[], Life]) -> None:
    control.set_quotas(api_calls_per_second=10)
    life = begun()
    life.provider.delete(*life.task)
    life.provider.delete(*life.pipeline)
    assert "ThrottledClientException" not in {call["code"] for call in control.calls()}
