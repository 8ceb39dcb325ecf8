"""Segments of audio in a stream, and how much speech of which voice falls between two points in time.

Times are seconds since 1970 by the sandbox's clock.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NEVER = math.inf
NEUTRAL, POSITIVE, NEGATIVE = "neutral", "positive", "negative"
TONES = (NEUTRAL, POSITIVE, NEGATIVE)
"""The labels of a voice tone analysis [D va-tone-flow]."""


@dataclass(frozen=True)
class Audio:
    """One segment. Its speech passes evenly from `begin` to `end`, or arrives all at once at `begin`."""

    begin: float
    end: float
    """`NEVER` for audio that continues until it is switched off."""
    speech_per_second: float = 0.0
    at_once_seconds: float = 0.0
    """Seconds of speech that arrive at `begin`, as a fragment of PutMedia does."""
    voice: str | None = None
    """The name of a synthetic voice; None: an unknown voice, enrolled nowhere."""
    channel_id: int | None = None
    """None: on every channel."""
    tone: str = NEUTRAL
    """How the voice sounds: one of `TONES`. Nothing measures it in audio; who plays speech says it."""

    def speech(self, since: float, until: float) -> float:
        """Return the seconds of speech from `since` to `until`."""
        at_once = self.at_once_seconds if since <= self.begin <= until else 0.0
        overlap = min(self.end, until) - max(self.begin, since)
        return at_once + self.speech_per_second * max(overlap, 0.0)


def on_channel(segments: Iterable[Audio], channel_id: int | None) -> list[Audio]:
    """Return the segments on the channel; None: on any."""
    return [segment for segment in segments if channel_id is None or segment.channel_id in {None, channel_id}]


def first_audio_time(segments: Iterable[Audio], since: float) -> float:
    """Return when audio arrives first from `since` on; NEVER if none does."""
    return min((max(segment.begin, since) for segment in segments if segment.end >= since), default=NEVER)


def last_audio_time(segments: Iterable[Audio]) -> float:
    """Return when the last audio ends; minus infinity without any."""
    return max((segment.end for segment in segments), default=-NEVER)


def is_receiving(segments: Iterable[Audio], now: float, silence_seconds: float) -> bool:
    """Return whether audio continues at `now`, or a fragment arrived less than `silence_seconds` ago."""

    def until(segment: Audio) -> float:
        return segment.end + silence_seconds if segment.begin == segment.end else segment.end

    return any(segment.begin <= now < until(segment) for segment in segments)


def speech_by_voice(segments: Iterable[Audio], since: float, until: float) -> Counter[str | None]:
    """Return the seconds of speech of each voice between two points in time."""
    seconds: Counter[str | None] = Counter()
    for segment in segments:
        seconds[segment.voice] += segment.speech(since, until)  # type: ignore[assignment] # typed for integers
    return seconds


def speech_by_tone(segments: Iterable[Audio], since: float, until: float) -> dict[str, float]:
    """Return the seconds of speech in each tone between two points in time."""
    seconds = dict.fromkeys(TONES, 0.0)
    for segment in segments:
        seconds[segment.tone] += segment.speech(since, until)
    return seconds


def time_of_speech(segments: list[Audio], since: float, seconds: float) -> float:
    """Return when `seconds` of speech have arrived since `since`; NEVER if that never happens."""
    total, rate, reached = 0.0, 0.0, since
    for when, at_once, rate_change in sorted(_rate_changes(segments, since)):
        gained = rate * (when - reached) if rate else 0.0
        if total + gained >= seconds:
            break
        total, rate, reached = total + gained + at_once, rate + rate_change, when
        if total >= seconds:
            return when
    missing = seconds - total
    if missing <= 0:
        return reached
    return reached + missing / rate if rate > 0 else NEVER


def _rate_changes(segments: Iterable[Audio], since: float) -> Iterator[tuple[float, float, float]]:
    """Yield (time, seconds of speech that arrive at once, change of the rate of speech from then on)."""
    for segment in segments:
        if segment.end < since:
            continue
        if segment.at_once_seconds and segment.begin >= since:
            yield segment.begin, segment.at_once_seconds, 0.0
        if segment.speech_per_second:
            yield max(segment.begin, since), 0.0, segment.speech_per_second
            if segment.end != NEVER:
                yield segment.end, 0.0, -segment.speech_per_second
