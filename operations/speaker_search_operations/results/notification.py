"""Read one notification of voice analytics, as a sink receives it [D va-notification-targets]. Pure.

Only the members named here are kept: nothing else in a message reaches the terminal. No member names a person; AWS
identifies a voice by the id of its profile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pulumi_speaker_search.speaker_search_error import SpeakerSearchError

SPEAKER_SEARCH: Final = "SpeakerSearchStatus"
VOICE_TONE: Final = "VoiceToneAnalysisStatus"
MAX_NAME_CHARACTERS: Final = 60
"""Maximum number of characters that are shown of an unknown type, which comes from the message."""


class Result(StrEnum):
    """What a notification reports."""

    MATCH = "match"
    NO_MATCH = "no_match"
    IDENTIFICATION_FAILED = "identification_failed"
    VOICEPRINT = "voiceprint"
    VOICEPRINT_FAILED = "voiceprint_failed"
    VOICE_TONE = "voice_tone"
    VOICE_TONE_FAILED = "voice_tone_failed"
    VOICE_TONE_COMPLETED = "voice_tone_completed"
    OTHER = "other"


RESULTS: Final[Mapping[str, Mapping[str, Result]]] = {
    SPEAKER_SEARCH: {
        "IdentificationSuccess": Result.MATCH,
        "IdentificationNoMatchesFound": Result.NO_MATCH,
        "IdentificationFailure": Result.IDENTIFICATION_FAILED,
        "VoiceprintGenerationSuccess": Result.VOICEPRINT,
        "VoiceprintGenerationFailure": Result.VOICEPRINT_FAILED,
    },
    VOICE_TONE: {
        "VoiceToneAnalysisSuccess": Result.VOICE_TONE,
        "VoiceToneAnalysisFailure": Result.VOICE_TONE_FAILED,
        "VoiceToneAnalysisCompleted": Result.VOICE_TONE_COMPLETED,
    },
}
"""detail-type → the beginning of detailStatus → result. AWS's table has VoiceprintGenerationSuccessful, and its example
VoiceprintGenerationSuccess."""

REASONS: Final[Mapping[Result, str]] = {
    Result.IDENTIFICATION_FAILED: "less than 10 s of speech, or audio of low quality",
    Result.VOICEPRINT_FAILED: "less than 20 s of speech",
    Result.VOICE_TONE_FAILED: "10 s without speech, or audio of low quality",
}
"""The documented reason of a failure: a notification gives none."""


class NotificationError(SpeakerSearchError, ValueError):
    """A message is no notification of voice analytics. The text is the name of its type, or why it can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A profile whose voice is like the one that was heard. `confidence`: 0 to 1, in AWS's own digits."""

    profile_id: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTone:
    """The tone over a time. `scores`: label → 0 to 1, in AWS's own digits."""

    label: str | None
    start_time: str | None
    end_time: str | None
    scores: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One notification.

    Attributes:
        id: AWS's id of it; duplicates have the same.
        time: When it happened, ISO 8601, as AWS writes it.
        status: AWS's detailStatus.
        matches: Best first; only of `Result.MATCH`.
        current_tone, overall_tone: The tone of the last 30 seconds, and of all speech; only of `VOICE_TONE` and
            `VOICE_TONE_COMPLETED`.
    """

    id: str
    time: str
    type: str
    status: str
    result: Result
    task_id: str | None
    pipeline_id: str | None
    stream_arn: str | None
    channel_id: int | None
    matches: tuple[Match, ...] = ()
    current_tone: VoiceTone | None = None
    overall_tone: VoiceTone | None = None

    @property
    def reason(self) -> str | None:
        """Return the documented reason of a failure."""
        return REASONS.get(self.result)


def parse(body: str, message_id: str) -> Notification:
    """Read the body of a message.

    Args:
        message_id: The queue's id of the message, where the notification has none.

    Raises:
        NotificationError: It is of another type, or can't be read.
    """
    envelope = _unwrapped(_object(body))
    type_ = _text(envelope.get("detail-type")) or "without a type"
    if type_ not in RESULTS:
        raise NotificationError(type_[:MAX_NAME_CHARACTERS])
    detail = envelope.get("detail")
    status = _text(detail.get("detailStatus")) if isinstance(detail, dict) else None
    if not isinstance(detail, dict) or not status:
        raise NotificationError(f"{type_} without a status")
    channel_id = detail.get("channelId")
    tones = _mapping(detail.get("voiceToneAnalysisDetails"))
    return Notification(
        id=_text(envelope.get("id")) or message_id,
        time=_text(envelope.get("time")) or "",
        type=type_,
        status=status,
        result=_result(type_, status),
        task_id=_text(detail.get("taskId")),
        pipeline_id=_text(detail.get("mediaInsightsPipelineId")),
        stream_arn=_text(detail.get("streamArn")),
        channel_id=channel_id if isinstance(channel_id, int) else None,
        matches=_matches(_mapping(detail.get("speakerSearchDetails")).get("results")),
        current_tone=_tone(tones.get("currentAverageVoiceTone")),
        overall_tone=_tone(tones.get("overallAverageVoiceTone")),
    )


def _object(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotificationError("not JSON")
    return found


def _unwrapped(envelope: dict[str, Any]) -> dict[str, Any]:
    """Return what a topic has wrapped, in a queue that is subscribed to it."""
    if envelope.get("Type") == "Notification" and isinstance(envelope.get("Message"), str):
        return _object(envelope["Message"])
    return envelope


def _result(type_: str, status: str) -> Result:
    found = (result for beginning, result in RESULTS[type_].items() if status.startswith(beginning))
    return next(found, Result.OTHER)


def _matches(results: Any) -> tuple[Match, ...]:
    listed = results if isinstance(results, list) else []
    return tuple(
        Match(profile_id=str(one["voiceProfileId"]), confidence=str(one.get("confidenceScore", "")))
        for one in listed
        if isinstance(one, dict) and one.get("voiceProfileId")
    )


def _tone(value: Any) -> VoiceTone | None:
    if not isinstance(value, dict):
        return None
    scores = {str(name): str(score) for name, score in _mapping(value.get("voiceToneScore")).items()}
    return VoiceTone(
        label=_text(value.get("voiceToneLabel")),
        start_time=_text(value.get("startTime")),
        end_time=_text(value.get("endTime")),
        scores=scores,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
