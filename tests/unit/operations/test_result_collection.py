"""What a notification says, and which of them belong to a search."""

from __future__ import annotations

import json

import pytest
from pulumi_speaker_search.type_tokens import (
    VOICE_TONE_ANALYSIS_TASK,
)
from speaker_search_operations.results.notification import NotificationError, Result, parse

from tests.unit.operations.sent_notifications import asked, collection, message, notification


class TestNotification:
    @pytest.mark.parametrize(
        ("status", "result"),
        [
            ("IdentificationSuccessful", Result.MATCH),
            ("IdentificationNoMatchesFound", Result.NO_MATCH),
            ("IdentificationFailure", Result.IDENTIFICATION_FAILED),
            ("VoiceprintGenerationSuccessful", Result.VOICEPRINT),
            ("VoiceprintGenerationSuccess", Result.VOICEPRINT),
            ("VoiceprintGenerationFailure", Result.VOICEPRINT_FAILED),
            ("VoiceprintGeneration", Result.OTHER),
        ],
    )
    def test_a_status_is_read_by_its_beginning(self, status: str, result: Result) -> None:
        assert parse(notification(status), "m").result is result

    def test_scores_keep_the_digits_of_aws(self) -> None:
        found = {"results": [{"voiceProfileId": "vp-1", "confidenceScore": "0.94567856"}]}
        (match,) = parse(notification("IdentificationSuccessful", speakerSearchDetails=found), "m").matches
        assert (match.profile_id, match.confidence) == ("vp-1", "0.94567856")

    def test_nothing_else_in_a_match_is_kept(self) -> None:
        found = {"results": [{"voiceProfileId": "vp-1", "confidenceScore": "1", "name": "Jane Roe"}]}
        body = notification("IdentificationSuccessful", speakerSearchDetails=found, callerName="Jane Roe")
        assert "Jane" not in repr(parse(body, "m"))

    def test_a_failure_has_its_documented_reason(self) -> None:
        assert "10 s of speech" in str(parse(notification("IdentificationFailure"), "m").reason)

    def test_the_tone_of_a_voice_is_read(self) -> None:
        tone = {
            "startTime": "a",
            "endTime": "b",
            "voiceToneLabel": "neutral",
            "voiceToneScore": {"neutral": "0.8"},
        }
        body = notification(
            "VoiceToneAnalysisSuccessful",
            type_="VoiceToneAnalysisStatus",
            voiceToneAnalysisDetails={"currentAverageVoiceTone": tone},
        )
        current = parse(body, "m").current_tone
        assert current is not None
        assert (current.label, dict(current.scores)) == ("neutral", {"neutral": "0.8"})

    def test_what_a_topic_has_wrapped_is_read(self) -> None:
        wrapped = {"Type": "Notification", "Message": notification("IdentificationNoMatchesFound")}
        assert parse(json.dumps(wrapped), "m").result is Result.NO_MATCH

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ("no JSON", "not JSON"),
            ('{"detail-type": "VoiceAnalyticsStatus"}', "VoiceAnalyticsStatus"),
            ("{}", "without"),
        ],
    )
    def test_a_message_of_another_type_is_named(self, body: str, name: str) -> None:
        with pytest.raises(NotificationError, match=name):
            parse(body, "m")


class TestCollection:
    def test_results_are_in_the_order_of_their_times(self) -> None:
        here = collection()
        here.add(
            [message(notification("VoiceprintGenerationSuccess", id_="b", time="2026-11-23T12:00:20Z"), "1")]
        )
        here.add([message(notification("IdentificationNoMatchesFound", id_="a"), "2")])
        assert [one.id for one in here.searches[0].notifications] == ["a", "b"]

    def test_a_duplicate_is_dropped_but_belongs_to_the_search(self) -> None:
        here = collection()
        here.add([message(notification("IdentificationNoMatchesFound"), "1")])
        new, own_ids = here.add([message(notification("IdentificationNoMatchesFound"), "2")])
        assert (new, own_ids) == ([], ["2"])

    def test_a_message_that_is_received_again_is_counted_once(self) -> None:
        here = collection()
        for _ in range(2):
            here.add([message("no JSON", "1"), message(notification("X", taskId="another"), "2")])
        assert (here.of_other_searches, dict(here.unknown)) == (1, {"not JSON": 1})

    def test_another_task_of_the_same_channel_is_another_search(self) -> None:
        here = collection()
        here.add([message(notification("IdentificationSuccessful", taskId="task-0"))])
        assert (here.searches[0].notifications, here.of_other_searches) == ([], 1)

    def test_the_tone_on_its_channel_is_shown_with_the_search(self) -> None:
        here = collection()
        body = notification("VoiceToneAnalysisSuccessful", type_="VoiceToneAnalysisStatus", taskId="tone")
        new, _ = here.add([message(body)])
        assert [search.name for search, _ in new] == ["search"]

    def test_the_tone_on_another_channel_is_not(self) -> None:
        here = collection()
        body = notification(
            "VoiceToneAnalysisSuccessful", type_="VoiceToneAnalysisStatus", taskId="tone", channelId=1
        )
        assert here.add([message(body)]) == ([], [])

    @pytest.mark.parametrize(
        ("statuses", "is_final"),
        [
            (["IdentificationSuccessful"], False),
            (["VoiceprintGenerationSuccess"], False),
            (["VoiceprintGenerationSuccess", "IdentificationSuccessful"], True),
            (["IdentificationFailure", "VoiceprintGenerationFailure"], True),
        ],
    )
    def test_a_search_is_final_with_identification_and_voiceprint(
        self, statuses: list[str], is_final: bool
    ) -> None:
        here = collection()
        here.add(
            message(notification(status, id_=f"n-{number}"), f"m-{number}")
            for number, status in enumerate(statuses)
        )
        assert here.is_final is is_final

    def test_a_tone_task_is_final_when_aws_has_completed_it(self) -> None:
        here = collection(asked("tone", type_=VOICE_TONE_ANALYSIS_TASK))
        here.add([message(notification("VoiceToneAnalysisCompleted", type_="VoiceToneAnalysisStatus"))])
        assert here.is_final

    def test_a_tone_task_may_go_on_after_a_failure(self) -> None:
        here = collection(asked("tone", type_=VOICE_TONE_ANALYSIS_TASK))
        here.add([message(notification("VoiceToneAnalysisFailure", type_="VoiceToneAnalysisStatus"))])
        assert not here.is_final

    @pytest.mark.parametrize(
        ("status", "has_result"),
        [
            ("VoiceToneAnalysisSuccessful", True),
            ("VoiceToneAnalysisCompleted", True),
            ("VoiceToneAnalysisFailure", False),
        ],
    )
    def test_a_tone_is_the_result_of_a_tone_task(self, status: str, has_result: bool) -> None:
        here = collection(asked("tone", type_=VOICE_TONE_ANALYSIS_TASK))
        here.add([message(notification(status, type_="VoiceToneAnalysisStatus"))])
        assert here.searches[0].has_result is has_result

    def test_what_was_not_started_is_waited_for_by_nobody(self) -> None:
        assert collection(asked(task_id=None)).is_final
