"""Pipelines and tasks begin and end as AWS documents it."""

import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.sandbox.refusals import refusal_code
from tests.sandbox_process import SandboxProcess

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture
def slow(sandbox: SandboxProcess, control: SandboxControl) -> AwsAccount:
    """Statuses last minutes, so that only `advance_clock` brings the next; streams carry continuous speech."""
    control.set_switches(new_streams_receive_media=True)
    control.set_transitions(
        identification_speech_seconds=DAY,
        voiceprint_speech_seconds=DAY,
        pipeline_initializing_seconds=100,
        pipeline_stopping_seconds=100,
        task_not_started_seconds=100,
        task_initializing_seconds=100,
        task_stopping_seconds=100,
    )
    return AwsAccount(sandbox.endpoint)


def test_a_task_goes_through_its_words_in_order(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline()
    task = slow.task(pipeline)
    seen = [slow.task_status(pipeline, task)]
    for _ in range(2):
        control.advance_clock(101)
        seen.append(slow.task_status(pipeline, task))
    slow.stop(pipeline, task)
    seen.append(slow.task_status(pipeline, task))
    control.advance_clock(101)
    seen.append(slow.task_status(pipeline, task))
    assert seen == ["NotStarted", "Initializing", "InProgress", "Stopping", "Stopped"]


def test_the_updated_time_is_when_the_status_began_not_when_it_was_read(
    slow: AwsAccount, control: SandboxControl
) -> None:
    pipeline = slow.pipeline()
    task = slow.task(pipeline)
    control.advance_clock(100 + 100 + 5000)
    found = slow.media.get_speaker_search_task(Identifier=pipeline, SpeakerSearchTaskId=task)[
        "SpeakerSearchTask"
    ]
    assert (found["UpdatedTimestamp"] - found["CreatedTimestamp"]).total_seconds() == pytest.approx(
        200, abs=0.01
    )


def test_a_stop_before_the_task_ever_ran_ends_it(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline()
    task = slow.task(pipeline)
    slow.stop(pipeline, task)
    control.advance_clock(1000)
    assert slow.task_status(pipeline, task) == "Stopped"


def test_a_second_stop_does_not_prolong_the_stopping(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline()
    task = slow.task(pipeline)
    slow.stop(pipeline, task)
    control.advance_clock(99)
    slow.stop(pipeline, task)
    control.advance_clock(2)
    assert slow.task_status(pipeline, task) == "Stopped"


def test_a_stop_of_a_stopped_task_is_a_conflict(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    aws.stop(pipeline, task)
    assert refusal_code(lambda: aws.stop(pipeline, task)) == "ConflictException"


def test_a_stop_of_a_stopped_task_succeeds_when_switched_so(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_switches(stop_of_ended_task="success")
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    aws.stop(pipeline, task)
    aws.stop(pipeline, task)
    assert aws.task_status(pipeline, task) == "Stopped"


def test_an_arn_serves_as_identifier(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    found = aws.media.get_media_pipeline(MediaPipelineId=pipeline)["MediaPipeline"]["MediaInsightsPipeline"]
    task = aws.task(pipeline)
    assert aws.task_status(found["MediaPipelineArn"], task) == "InProgress"


def test_a_task_is_found_in_its_own_pipeline_only(aws: AwsAccount) -> None:
    pipeline, other = aws.pipeline(), aws.pipeline()
    task = aws.task(pipeline)
    assert refusal_code(lambda: aws.task_status(other, task)) == "NotFoundException"


def test_a_speaker_search_task_is_no_voice_tone_analysis_task(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    get = aws.media.get_voice_tone_analysis_task
    assert refusal_code(lambda: get(Identifier=pipeline, VoiceToneAnalysisTaskId=task)) == "NotFoundException"


def test_pausing_stops_the_tasks_of_the_pipeline(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    aws.media.update_media_insights_pipeline_status(Identifier=pipeline, UpdateStatus="Pause")
    assert (aws.pipeline_status(pipeline), aws.task_status(pipeline, task)) == ("Paused", "Stopped")


def test_resuming_restarts_no_task(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    for update in ("Pause", "Resume"):
        aws.media.update_media_insights_pipeline_status(Identifier=pipeline, UpdateStatus=update)
    assert (aws.pipeline_status(pipeline), aws.task_status(pipeline, task)) == ("InProgress", "Stopped")


def test_a_pipeline_that_is_not_paused_can_not_be_resumed(aws: AwsAccount) -> None:
    pipeline = aws.running_pipeline()
    update = aws.media.update_media_insights_pipeline_status
    assert refusal_code(lambda: update(Identifier=pipeline, UpdateStatus="Resume")) == "ConflictException"


def test_a_deleted_pipeline_takes_its_tasks_with_it(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    aws.task(pipeline)
    aws.media.delete_media_pipeline(MediaPipelineId=pipeline)
    assert control.tasks() == []


def test_a_deleted_pipeline_is_gone_after_stopping(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline()
    slow.media.delete_media_pipeline(MediaPipelineId=pipeline)
    assert slow.pipeline_status(pipeline) == "Stopping"
    control.advance_clock(101)
    assert refusal_code(lambda: slow.pipeline_status(pipeline)) == "NotFoundException"


def test_a_pipeline_that_is_gone_is_not_listed(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    aws.media.delete_media_pipeline(MediaPipelineId=pipeline)
    assert aws.media.list_media_pipelines()["MediaPipelines"] == []


@pytest.mark.parametrize(("seconds", "status"), [(14.0, "InProgress"), (15.1, "Stopped")])
def test_a_pipeline_stops_when_its_stream_is_silent_for_15_seconds(
    aws: AwsAccount, control: SandboxControl, seconds: float, status: str
) -> None:
    pipeline = aws.running_pipeline()
    control.set_media(aws.stream_of(pipeline), on=False)
    control.advance_clock(seconds)
    assert aws.pipeline_status(pipeline) == status


def test_a_silence_that_ended_in_time_stops_nothing(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.running_pipeline()
    stream = aws.stream_of(pipeline)
    control.set_media(stream, on=False)
    control.advance_clock(14)
    control.set_media(stream, on=True)
    control.advance_clock(HOUR)
    assert aws.pipeline_status(pipeline) == "InProgress"


def test_a_silence_that_lasted_too_long_is_not_undone_by_media_that_comes_back(
    aws: AwsAccount, control: SandboxControl
) -> None:
    pipeline = aws.running_pipeline()
    stream = aws.stream_of(pipeline)
    control.set_media(stream, on=False)
    control.advance_clock(16)
    control.set_media(stream, on=True)
    assert aws.pipeline_status(pipeline) == "Stopped"


def test_a_silent_stream_ends_the_tasks_at_the_moment_it_ends_the_pipeline(
    aws: AwsAccount, control: SandboxControl
) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    control.set_media(aws.stream_of(pipeline), on=False)
    control.advance_clock(HOUR)
    found = aws.media.get_speaker_search_task(Identifier=pipeline, SpeakerSearchTaskId=task)[
        "SpeakerSearchTask"
    ]
    lived = (found["UpdatedTimestamp"] - found["CreatedTimestamp"]).total_seconds()
    assert lived == pytest.approx(15, abs=3)


def test_a_deleted_stream_is_a_silent_one(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.running_pipeline()
    aws.streams.delete_stream(StreamARN=aws.stream_of(pipeline))
    control.advance_clock(16)
    assert aws.pipeline_status(pipeline) == "Stopped"


@pytest.mark.parametrize(("hours", "status"), [(7.9, "InProgress"), (8.1, "Stopped")])
def test_a_pipeline_lives_8_hours(
    aws: AwsAccount, control: SandboxControl, hours: float, status: str
) -> None:
    pipeline = aws.running_pipeline()
    control.advance_clock(hours * HOUR)
    assert aws.pipeline_status(pipeline) == status


@pytest.mark.parametrize(("hours", "status"), [(1.9, "Paused"), (2.1, "Stopped")])
def test_a_pause_lasts_2_hours(aws: AwsAccount, control: SandboxControl, hours: float, status: str) -> None:
    pipeline = aws.running_pipeline()
    aws.media.update_media_insights_pipeline_status(Identifier=pipeline, UpdateStatus="Pause")
    control.advance_clock(hours * HOUR)
    assert aws.pipeline_status(pipeline) == status


def test_a_status_can_be_forced(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    control.force_status(task, "Failed")
    assert aws.task_status(pipeline, task) == "Failed"


def test_a_pipeline_forced_to_fail_takes_its_tasks_with_it(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    control.force_status(pipeline, "Failed")
    assert aws.task_status(pipeline, task) == "Stopped"


def test_a_pipeline_can_be_made_to_vanish(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    control.force_status(pipeline, "Gone")
    assert refusal_code(lambda: aws.pipeline_status(pipeline)) == "NotFoundException"
