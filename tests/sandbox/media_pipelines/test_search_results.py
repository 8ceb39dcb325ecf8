"""The results of a search after 10 s and after 20 s of speech (AWS: va-data-flow), and what remains of it."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from sandbox.control import ControlError, SandboxControl
from tests.sandbox.refusals import refusal_code
from tests.sandbox.search import Search

VOICE = "voice-220hz"
OTHER_VOICE = "voice-330hz"
DAY = 24 * 3600.0


@pytest.mark.parametrize(
    ("seconds", "reported"),
    [
        (9.9, []),
        (10.1, ["IdentificationNoMatchesFound"]),
        (19.9, ["IdentificationNoMatchesFound"]),
        (20.1, ["IdentificationNoMatchesFound", "VoiceprintGenerationSuccessful"]),
    ],
)
def test_results_come_after_10_and_after_20_seconds_of_speech(
    search: Search, seconds: float, reported: list[str]
) -> None:
    search.receives_speech(seconds)
    assert search.reported == reported


def test_results_have_the_time_at_which_speech_sufficed(search: Search, control: SandboxControl) -> None:
    search.receives_speech(60)
    first, second = (row["message"]["time"] for row in control.notifications())
    seconds = (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()
    assert seconds == pytest.approx(10, abs=1)  # the times have whole seconds


def test_a_search_that_continues_reports_its_results_once(search: Search, control: SandboxControl) -> None:
    control.set_switches(finished_task="InProgress")
    search.receives_speech(60)
    assert len(search.reported) == 2


def test_an_enrolled_voice_is_a_match(search: Search, control: SandboxControl) -> None:
    profile = control.enrol(search.domain, VOICE)
    search.receives_speech(11, VOICE)
    assert search.results == [(profile, 1.0)]


def test_of_two_voices_the_one_with_more_speech_comes_first(search: Search, control: SandboxControl) -> None:
    much, little = control.enrol(search.domain, VOICE), control.enrol(search.domain, OTHER_VOICE)
    search.receives_speech(4, OTHER_VOICE)
    search.receives_speech(7, VOICE)
    assert [profile for profile, _ in search.results] == [much, little]


def test_a_voice_that_is_enrolled_and_silent_is_no_match(search: Search, control: SandboxControl) -> None:
    control.enrol(search.domain, OTHER_VOICE)
    search.receives_speech(11, VOICE)
    assert search.reported == ["IdentificationNoMatchesFound"]


def test_a_voice_of_another_domain_is_no_match(search: Search, control: SandboxControl) -> None:
    control.enrol(search.aws.domain(), VOICE)
    search.receives_speech(11, VOICE)
    assert search.reported == ["IdentificationNoMatchesFound"]


def test_there_are_at_most_10_matches(search: Search, control: SandboxControl) -> None:
    for number in range(11):
        control.enrol(search.domain, f"voice-{number}")
        search.receives_speech(1, f"voice-{number}")
    assert len(search.results) == 10


def test_a_stopped_search_reports_nothing(search: Search) -> None:
    search.receives_speech(5)
    search.aws.stop(search.pipeline, search.task)
    search.receives_speech(20)
    assert search.reported == []


# Too little speech: the stream is silent for 15 s, the pipeline stops, and the search has heard too little.


@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_the_status_after_too_little_speech_is_a_switch(
    search: Search, control: SandboxControl, status: str
) -> None:
    control.set_switches(too_little_speech=status)
    search.receives_speech(9)
    control.advance_clock(16)
    assert (search.status, search.row["ended_by"]) == (status, "pipeline")


@pytest.mark.parametrize(
    ("seconds", "reported"),
    [
        (9.9, ["IdentificationFailure"]),
        (10.1, ["IdentificationNoMatchesFound", "VoiceprintGenerationFailure"]),
    ],
)
def test_too_little_speech_is_reported(
    search: Search, control: SandboxControl, seconds: float, reported: list[str]
) -> None:
    search.receives_speech(seconds)
    control.advance_clock(16)
    assert search.reported == reported


def test_a_search_without_speech_after_its_identification_is_stopped(
    search: Search, control: SandboxControl
) -> None:
    search.receives_speech(15)
    control.advance_clock(16)
    assert search.status == "Stopped"


def test_a_search_without_speech_is_stopped(search: Search, control: SandboxControl) -> None:
    control.advance_clock(16)
    assert (search.status, search.reported) == ("Stopped", [])


# What comes after a search.


@pytest.mark.parametrize(("days", "code"), [(6.9, ""), (7.1, "NotFoundException")])
def test_results_are_kept_for_7_days(search: Search, control: SandboxControl, days: float, code: str) -> None:
    search.receives_speech(21)
    control.advance_clock(days * DAY)
    assert (refusal_code(lambda: search.status) if code else search.status) == (code or "Stopped")


@pytest.mark.parametrize(("switch", "code"), [("kept", ""), ("not_found", "NotFoundException")])
def test_whether_results_outlive_their_pipeline_is_a_switch(
    search: Search, control: SandboxControl, switch: str, code: str
) -> None:
    control.set_switches(results_of_gone_pipeline=switch)
    search.receives_speech(21)
    search.aws.media.delete_media_pipeline(MediaPipelineId=search.pipeline)
    assert (refusal_code(lambda: search.status) if code else search.status) == (code or "Stopped")


@pytest.mark.parametrize(("seconds", "code"), [(19.9, "ConflictException"), (20.1, "")])
def test_a_profile_needs_a_voiceprint(search: Search, seconds: float, code: str) -> None:
    search.receives_speech(seconds)
    create = search.aws.voice.create_voice_profile
    assert (
        refusal_code(lambda: create(SpeakerSearchTaskId=search.task)) == code
        if code
        else create(SpeakerSearchTaskId=search.task)
    )


@pytest.mark.parametrize(("hours", "code"), [(23.9, ""), (24.1, "GoneException")])
def test_a_voiceprint_is_kept_for_24_hours_after_the_end(
    search: Search, control: SandboxControl, hours: float, code: str
) -> None:
    search.receives_speech(21)
    control.advance_clock(hours * 3600)
    create = search.aws.voice.create_voice_profile
    assert (
        refusal_code(lambda: create(SpeakerSearchTaskId=search.task)) == code
        if code
        else create(SpeakerSearchTaskId=search.task)
    )


def test_the_voice_of_a_search_can_be_enrolled_and_found_again(
    search: Search, control: SandboxControl
) -> None:
    search.receives_speech(21, VOICE)
    made = search.aws.voice.create_voice_profile(SpeakerSearchTaskId=search.task)
    search.aws.task(search.pipeline, search.domain)
    search.receives_speech(11, VOICE)
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
    get = search.aws.voice.get_voice_profile
    expired = refusal_code(lambda: get(VoiceProfileId=profile))
    later = Search(search.aws, control, search.domain)
    later.receives_speech(21, VOICE)
    search.aws.voice.update_voice_profile(VoiceProfileId=profile, SpeakerSearchTaskId=later.task)
    assert (expired, get(VoiceProfileId=profile)["VoiceProfile"]["VoiceProfileId"]) == (
        "NotFoundException",
        profile,
    )


@pytest.mark.parametrize("code", ["ConflictException", "BadRequestException", "NotFoundException"])
def test_what_a_missing_voiceprint_is_answered_with_is_a_switch(
    search: Search, control: SandboxControl, code: str
) -> None:
    control.set_switches(task_without_voiceprint=code)
    search.receives_speech(12)
    create = search.aws.voice.create_voice_profile
    assert refusal_code(lambda: create(SpeakerSearchTaskId=search.task)) == code


@pytest.mark.parametrize(("switch", "code"), [("not_found", "NotFoundException"), ("kept", "")])
def test_whether_an_expired_profile_is_found_is_a_switch(
    search: Search, control: SandboxControl, switch: str, code: str
) -> None:
    control.set_switches(expired_profile=switch)
    profile = control.enrol(search.domain, VOICE)
    control.advance_clock(3 * 365 * DAY + 1)
    get = search.aws.voice.get_voice_profile
    if code:
        assert refusal_code(lambda: get(VoiceProfileId=profile)) == code
    else:
        assert get(VoiceProfileId=profile)["VoiceProfile"]["VoiceProfileId"] == profile


def test_an_expired_profile_can_be_deleted(search: Search, control: SandboxControl) -> None:
    profile = control.enrol(search.domain, VOICE)
    control.advance_clock(3 * 365 * DAY + 1)
    search.aws.voice.delete_voice_profile(VoiceProfileId=profile)
    domain_id = search.domain.rsplit("/", 1)[1]
    assert search.aws.voice.list_voice_profiles(VoiceProfileDomainId=domain_id)["VoiceProfiles"] == []


def test_a_voice_tone_analysis_runs_until_it_is_stopped(search: Search) -> None:
    source = {"StreamArn": search.stream, "ChannelId": 0}
    started = search.aws.media.start_voice_tone_analysis_task(
        Identifier=search.pipeline,
        LanguageCode="en-US",
        KinesisVideoStreamSourceTaskConfiguration=source,
    )["VoiceToneAnalysisTask"]
    search.receives_speech(60)
    found = search.aws.media.get_voice_tone_analysis_task(
        Identifier=search.pipeline, VoiceToneAnalysisTaskId=started["VoiceToneAnalysisTaskId"]
    )
    assert found["VoiceToneAnalysisTask"]["VoiceToneAnalysisTaskStatus"] == "InProgress"


@pytest.mark.parametrize(
    ("call", "make_error"),
    [
        (lambda control: control.speak("nowhere", 1), "404.*no stream nowhere"),
        (lambda control: control.enrol("nowhere", VOICE), "404.*no voice profile domain nowhere"),
        (lambda control: control.speak("nowhere", -1), "seconds can't be -1"),
        (lambda control: control.enrol("nowhere", ""), "voice can't be ''"),
    ],
)
def test_speech_that_can_not_be_is_refused(
    control: SandboxControl, call: Callable[[SandboxControl], None], make_error: str
) -> None:
    with pytest.raises(ControlError, match=make_error):
        call(control)
