"""A search runs once, on speech: 10 s for matches, 20 s for a voiceprint (AWS: va-data-flow), then it ends."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.control import ControlError, SandboxControl, TaskRow
from tests.contract.world import VOICE_ANALYTICS, World, error_code
from tests.sandbox_process import SandboxProcess

VOICE = "voice-220hz"
OTHER_VOICE = "voice-330hz"
DAY = 24 * 3600.0
QUEUE_SINK = {
    "Type": "SqsQueueSink",
    "SqsQueueSinkConfiguration": {"InsightsTarget": "arn:aws:sqs:us-east-1:123456789012:insights"},
}


@pytest.fixture
def quiet(sandbox: SandboxProcess, control: SandboxControl) -> World:
    """Statuses follow one another at once, and nobody speaks unless a test makes somebody."""
    control.set_transitions(
        pipeline_initializing_seconds=0,
        pipeline_stopping_seconds=0,
        task_not_started_seconds=0,
        task_initializing_seconds=0,
        task_stopping_seconds=0,
    )
    return World(sandbox.endpoint)


class Search:
    """One search on a stream of its own; `hears` lets somebody speak and the time for it pass."""

    def __init__(self, world: World, control: SandboxControl, domain: str | None = None) -> None:
        self.world, self.control = world, control
        self.domain = domain or world.domain()
        # The queue is not there: what goes to it is listed all the same.
        self.pipeline = world.pipeline(world.configuration(Elements=[VOICE_ANALYTICS, QUEUE_SINK]))
        self.stream = world.stream_of(self.pipeline)
        self.task = world.task(self.pipeline, self.domain)

    def hears(self, seconds: float, voice: str | None = None) -> None:
        self.control.speak(self.stream, seconds, voice)
        self.control.advance_clock(seconds)

    @property
    def status(self) -> str:
        return self.world.task_status(self.pipeline, self.task)

    @property
    def row(self) -> TaskRow:
        return next(row for row in self.control.tasks(ended=True) if row["task_id"] == self.task)

    @property
    def told(self) -> list[str]:
        """The detail statuses of its notifications."""
        return [row["message"]["detail"]["detailStatus"] for row in self.control.notifications()]

    @property
    def results(self) -> list[tuple[str, float]]:
        """(voice profile, score) of what it told first."""
        detail = self.control.notifications()[0]["message"]["detail"]
        found = detail["speakerSearchDetails"]["results"]
        return [(one["voiceProfileId"], float(one["confidenceScore"])) for one in found]


@pytest.fixture
def search(quiet: World, control: SandboxControl) -> Search:
    return Search(quiet, control)


def code_of(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return error_code(caught.value)[0]


@pytest.mark.parametrize(("seconds", "status"), [(19.9, "InProgress"), (20.1, "Stopped")])
def test_a_search_ends_by_itself_after_20_seconds_of_speech(
    search: Search, seconds: float, status: str
) -> None:
    search.hears(seconds)
    assert search.status == status


@pytest.mark.parametrize("status", ["Stopped", "Failed", "InProgress"])
def test_what_a_finished_search_reads_is_a_switch(
    search: Search, control: SandboxControl, status: str
) -> None:
    control.set_switches(finished_task=status)
    search.hears(21)
    assert search.status == status


def test_a_finished_search_can_be_gone(search: Search, control: SandboxControl) -> None:
    control.set_switches(finished_task="gone")
    search.hears(21)
    assert code_of(lambda: search.status) == "NotFoundException"


def test_a_finished_search_that_goes_on_ends_with_its_pipeline(
    search: Search, control: SandboxControl
) -> None:
    control.set_switches(finished_task="InProgress")
    search.hears(21)
    search.world.media.delete_media_pipeline(MediaPipelineId=search.pipeline)
    assert (search.row["status"], search.row["ended_by"]) == ("Stopped", "pipeline")


def test_the_pipeline_goes_on_when_its_search_is_done(search: Search) -> None:
    search.hears(21)
    assert search.world.pipeline_status(search.pipeline) == "InProgress"


def test_a_second_search_can_follow_the_first(search: Search) -> None:
    search.hears(21)
    second = search.world.task(search.pipeline, search.domain)
    search.hears(1)
    assert search.world.task_status(search.pipeline, second) == "InProgress"


def test_without_audio_a_search_stays_initializing(search: Search, control: SandboxControl) -> None:
    control.advance_clock(14)
    assert search.status == "Initializing"


def test_with_audio_a_search_is_in_progress(search: Search) -> None:
    search.hears(0.1)
    assert search.status == "InProgress"


def test_what_was_said_before_the_start_is_not_heard(quiet: World, control: SandboxControl) -> None:
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


def test_endless_speech_goes_on_after_somebody_has_spoken(search: Search, control: SandboxControl) -> None:
    control.set_media(search.stream, on=True)
    search.hears(5, VOICE)
    control.advance_clock(10)
    assert search.row["speech_seconds"] == pytest.approx(15, abs=0.5)


def test_a_row_says_what_was_heard_and_how_the_search_ended(search: Search) -> None:
    search.hears(30)
    row = search.row
    found = (round(row["speech_seconds"], 3), row["ended_by"], row["domain_arn"])
    assert found == (20.0, "itself", search.domain)


@pytest.mark.parametrize(("how", "ended_by"), [("stop", "stop"), ("pipeline", "pipeline"), ("not", None)])
def test_a_row_says_who_ended_a_search_that_did_not_finish(
    search: Search, how: str, ended_by: str | None
) -> None:
    search.hears(1)
    if how == "stop":
        search.world.stop(search.pipeline, search.task)
    if how == "pipeline":
        search.world.media.delete_media_pipeline(MediaPipelineId=search.pipeline)
    assert search.row["ended_by"] == ended_by


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (9.9, []),
        (10.1, ["IdentificationNoMatchesFound"]),
        (19.9, ["IdentificationNoMatchesFound"]),
        (20.1, ["IdentificationNoMatchesFound", "VoiceprintGenerationSuccessful"]),
    ],
)
def test_results_come_after_10_and_after_20_seconds_of_speech(
    search: Search, seconds: float, told: list[str]
) -> None:
    search.hears(seconds)
    assert search.told == told


def test_results_bear_the_moment_at_which_enough_was_heard(search: Search, control: SandboxControl) -> None:
    search.hears(60)
    first, second = (row["message"]["time"] for row in control.notifications())
    seconds = (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()
    assert seconds == pytest.approx(10, abs=1)  # the times have whole seconds


def test_a_search_that_goes_on_tells_its_results_once(search: Search, control: SandboxControl) -> None:
    control.set_switches(finished_task="InProgress")
    search.hears(60)
    assert len(search.told) == 2


def test_an_enrolled_voice_that_speaks_is_a_match(search: Search, control: SandboxControl) -> None:
    profile = control.enrol(search.domain, VOICE)
    search.hears(11, VOICE)
    assert search.results == [(profile, 1.0)]


def test_of_two_voices_the_one_that_speaks_more_comes_first(search: Search, control: SandboxControl) -> None:
    much, little = control.enrol(search.domain, VOICE), control.enrol(search.domain, OTHER_VOICE)
    search.hears(4, OTHER_VOICE)
    search.hears(7, VOICE)
    assert [profile for profile, _ in search.results] == [much, little]


def test_a_voice_that_is_enrolled_and_silent_is_no_match(search: Search, control: SandboxControl) -> None:
    control.enrol(search.domain, OTHER_VOICE)
    search.hears(11, VOICE)
    assert search.told == ["IdentificationNoMatchesFound"]


def test_a_voice_of_another_domain_is_no_match(search: Search, control: SandboxControl) -> None:
    control.enrol(search.world.domain(), VOICE)
    search.hears(11, VOICE)
    assert search.told == ["IdentificationNoMatchesFound"]


def test_there_are_at_most_10_matches(search: Search, control: SandboxControl) -> None:
    for number in range(11):
        control.enrol(search.domain, f"voice-{number}")
        search.hears(1, f"voice-{number}")
    assert len(search.results) == 10


def test_a_search_that_was_stopped_tells_nothing(search: Search) -> None:
    search.hears(5)
    search.world.stop(search.pipeline, search.task)
    search.hears(20)
    assert search.told == []


# Too little speech: the stream is silent for 15 s, the pipeline stops, and the search has heard too little.


@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_what_a_search_reads_that_heard_too_little_is_a_switch(
    search: Search, control: SandboxControl, status: str
) -> None:
    control.set_switches(too_little_speech=status)
    search.hears(9)
    control.advance_clock(16)
    assert (search.status, search.row["ended_by"]) == (status, "pipeline")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (9.9, ["IdentificationFailure"]),
        (10.1, ["IdentificationNoMatchesFound", "VoiceprintGenerationFailure"]),
    ],
)
def test_too_little_speech_is_told(
    search: Search, control: SandboxControl, seconds: float, told: list[str]
) -> None:
    search.hears(seconds)
    control.advance_clock(16)
    assert search.told == told


def test_a_search_that_identified_and_heard_no_more_is_stopped(
    search: Search, control: SandboxControl
) -> None:
    search.hears(15)
    control.advance_clock(16)
    assert search.status == "Stopped"


def test_a_search_that_heard_nothing_is_stopped(search: Search, control: SandboxControl) -> None:
    control.advance_clock(16)
    assert (search.status, search.told) == ("Stopped", [])


# What comes after a search.


@pytest.mark.parametrize(("days", "code"), [(6.9, ""), (7.1, "NotFoundException")])
def test_results_are_kept_for_7_days(search: Search, control: SandboxControl, days: float, code: str) -> None:
    search.hears(21)
    control.advance_clock(days * DAY)
    assert (code_of(lambda: search.status) if code else search.status) == (code or "Stopped")


@pytest.mark.parametrize(("switch", "code"), [("kept", ""), ("not_found", "NotFoundException")])
def test_whether_results_outlive_their_pipeline_is_a_switch(
    search: Search, control: SandboxControl, switch: str, code: str
) -> None:
    control.set_switches(results_of_gone_pipeline=switch)
    search.hears(21)
    search.world.media.delete_media_pipeline(MediaPipelineId=search.pipeline)
    assert (code_of(lambda: search.status) if code else search.status) == (code or "Stopped")


@pytest.mark.parametrize(("seconds", "code"), [(19.9, "ConflictException"), (20.1, "")])
def test_a_profile_needs_a_voiceprint(search: Search, seconds: float, code: str) -> None:
    search.hears(seconds)
    create = search.world.voice.create_voice_profile
    assert (
        code_of(lambda: create(SpeakerSearchTaskId=search.task)) == code
        if code
        else create(SpeakerSearchTaskId=search.task)
    )


@pytest.mark.parametrize(("hours", "code"), [(23.9, ""), (24.1, "GoneException")])
def test_a_voiceprint_is_kept_for_24_hours_after_the_end(
    search: Search, control: SandboxControl, hours: float, code: str
) -> None:
    search.hears(21)
    control.advance_clock(hours * 3600)
    create = search.world.voice.create_voice_profile
    assert (
        code_of(lambda: create(SpeakerSearchTaskId=search.task)) == code
        if code
        else create(SpeakerSearchTaskId=search.task)
    )


def test_a_voice_that_was_heard_can_be_enrolled_and_found_again(
    search: Search, control: SandboxControl
) -> None:
    search.hears(21, VOICE)
    made = search.world.voice.create_voice_profile(SpeakerSearchTaskId=search.task)
    search.world.task(search.pipeline, search.domain)
    search.hears(11, VOICE)
    (found,) = control.notifications("IdentificationSuccessful")
    results = found["message"]["detail"]["speakerSearchDetails"]["results"]
    assert [one["voiceProfileId"] for one in results] == [made["VoiceProfile"]["VoiceProfileId"]]


def test_the_id_of_a_profile_begins_with_vp(search: Search, control: SandboxControl) -> None:
    profile = control.enrol(search.domain, VOICE)
    assert re.fullmatch("vp-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", profile)


def test_a_profile_expires_after_three_years_and_an_update_revives_it(
    search: Search, control: SandboxControl
) -> None:
    profile = control.enrol(search.domain, VOICE)
    control.advance_clock(3 * 365 * DAY + 1)
    get = search.world.voice.get_voice_profile
    expired = code_of(lambda: get(VoiceProfileId=profile))
    later = Search(search.world, control, search.domain)
    later.hears(21, VOICE)
    search.world.voice.update_voice_profile(VoiceProfileId=profile, SpeakerSearchTaskId=later.task)
    assert (expired, get(VoiceProfileId=profile)["VoiceProfile"]["VoiceProfileId"]) == (
        "NotFoundException",
        profile,
    )


def test_a_voice_tone_analysis_runs_until_it_is_stopped(search: Search) -> None:
    source = {"StreamArn": search.stream, "ChannelId": 0}
    started = search.world.media.start_voice_tone_analysis_task(
        Identifier=search.pipeline,
        LanguageCode="en-US",
        KinesisVideoStreamSourceTaskConfiguration=source,
    )["VoiceToneAnalysisTask"]
    search.hears(60)
    found = search.world.media.get_voice_tone_analysis_task(
        Identifier=search.pipeline, VoiceToneAnalysisTaskId=started["VoiceToneAnalysisTaskId"]
    )
    assert found["VoiceToneAnalysisTask"]["VoiceToneAnalysisTaskStatus"] == "InProgress"


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda control: control.speak("nowhere", 1), "404.*no stream nowhere"),
        (lambda control: control.enrol("nowhere", VOICE), "404.*no voice profile domain nowhere"),
        (lambda control: control.speak("nowhere", -1), "seconds can't be -1"),
        (lambda control: control.enrol("nowhere", ""), "voice can't be ''"),
    ],
)
def test_speech_that_can_not_be_is_refused(
    control: SandboxControl, call: Callable[[SandboxControl], None], complaint: str
) -> None:
    with pytest.raises(ControlError, match=complaint):
        call(control)
