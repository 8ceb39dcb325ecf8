"""A search runs once, on speech: 20 s of it (AWS: va-data-flow), then it ends by itself."""

import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.sandbox.refusals import refusal_code
from tests.sandbox.search import Search

VOICE = "voice-220hz"


@pytest.mark.parametrize(("seconds", "status"), [(19.9, "InProgress"), (20.1, "Stopped")])
def test_a_search_ends_by_itself_after_20_seconds_of_speech(
    search: Search, seconds: float, status: str
) -> None:
    search.receives_speech(seconds)
    assert search.status == status


@pytest.mark.parametrize("status", ["Stopped", "Failed", "InProgress"])
def test_what_a_finished_search_reads_is_a_switch(
    search: Search, control: SandboxControl, status: str
) -> None:
    control.set_switches(finished_task=status)
    search.receives_speech(21)
    assert search.status == status


def test_a_finished_search_can_be_gone(search: Search, control: SandboxControl) -> None:
    control.set_switches(finished_task="gone")
    search.receives_speech(21)
    assert refusal_code(lambda: search.status) == "NotFoundException"


def test_a_finished_search_that_goes_on_ends_with_its_pipeline(
    search: Search, control: SandboxControl
) -> None:
    control.set_switches(finished_task="InProgress")
    search.receives_speech(21)
    search.aws.media.delete_media_pipeline(MediaPipelineId=search.pipeline)
    assert (search.row["status"], search.row["ended_by"]) == ("Stopped", "pipeline")


def test_the_pipeline_goes_on_when_its_search_is_done(search: Search) -> None:
    search.receives_speech(21)
    assert search.aws.pipeline_status(search.pipeline) == "InProgress"


def test_a_second_search_can_follow_the_first(search: Search) -> None:
    search.receives_speech(21)
    second = search.aws.task(search.pipeline, search.domain)
    search.receives_speech(1)
    assert search.aws.task_status(search.pipeline, second) == "InProgress"


def test_without_audio_a_search_stays_initializing(search: Search, control: SandboxControl) -> None:
    control.advance_clock(14)
    assert search.status == "Initializing"


def test_with_audio_a_search_is_in_progress(search: Search) -> None:
    search.receives_speech(0.1)
    assert search.status == "InProgress"


def test_speech_before_the_start_does_not_count(quiet: AwsAccount, control: SandboxControl) -> None:
    pipeline = quiet.pipeline()
    control.speak(quiet.stream_of(pipeline), 30)
    control.advance_clock(25)
    quiet.task(pipeline)
    control.advance_clock(5)
    assert control.tasks()[0]["speech_seconds"] == pytest.approx(5, abs=0.5)


def test_endless_speech_ends_a_search_too(search: Search, control: SandboxControl) -> None:
    control.set_media(search.stream, on=True)
    control.advance_clock(21)
    assert search.status == "Stopped"


def test_speech_may_pass_faster_than_time(search: Search, control: SandboxControl) -> None:
    control.set_switches(speech_speed=10)
    control.speak(search.stream, 20)
    control.advance_clock(2.1)
    assert search.status == "Stopped"


def test_speech_is_spoken_one_after_the_other(search: Search, control: SandboxControl) -> None:
    control.speak(search.stream, 10)
    control.speak(search.stream, 10)
    control.advance_clock(11)
    assert search.row["speech_seconds"] == pytest.approx(11, abs=0.5)


def test_continuous_speech_continues_after_scheduled_speech(search: Search, control: SandboxControl) -> None:
    control.set_media(search.stream, on=True)
    search.receives_speech(5, VOICE)
    control.advance_clock(10)
    assert search.row["speech_seconds"] == pytest.approx(15, abs=0.5)


def test_continuous_speech_begins_after_scheduled_speech(search: Search, control: SandboxControl) -> None:
    control.speak(search.stream, 10)
    control.set_media(search.stream, on=True)
    control.advance_clock(15)
    assert search.row["speech_seconds"] == pytest.approx(15, abs=0.5)


def test_a_row_has_the_speech_and_the_end_of_a_search(search: Search) -> None:
    search.receives_speech(30)
    row = search.row
    found = (round(row["speech_seconds"], 3), row["ended_by"], row["domain_arn"])
    assert found == (20.0, "itself", search.domain)


@pytest.mark.parametrize(("how", "ended_by"), [("stop", "stop"), ("pipeline", "pipeline"), ("not", None)])
def test_a_row_names_what_ended_an_unfinished_search(search: Search, how: str, ended_by: str | None) -> None:
    search.receives_speech(1)
    if how == "stop":
        search.aws.stop(search.pipeline, search.task)
    if how == "pipeline":
        search.aws.media.delete_media_pipeline(MediaPipelineId=search.pipeline)
    assert search.row["ended_by"] == ended_by
