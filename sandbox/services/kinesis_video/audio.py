"""What comes into a stream: pieces of audio, and how much speech of whom lies between two moments."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NEVER = math.inf


@dataclass(frozen=True)
class Audio:
    """One piece. Speech either passes evenly from `begin` to `end`, or came all at once (`at_once_seconds`)."""

    begin: float
    """Seconds since 1970, as `end` (`NEVER` for what goes on)."""
    end: float
    speech_per_second: float = 0.0
    at_once_seconds: float = 0.0
    voice: str | None = None
    """A made-up name; None: somebody who is enrolled nowhere."""
    channel_id: int | None = None
    """None: on every channel."""

    def speech(self, since: float, until: float) -> float:
        """Seconds of speech from `since` to `until`."""
        at_once = self.at_once_seconds if since <= self.begin <= until else 0.0
        overlap = min(self.end, until) - max(self.begin, since)
        return at_once + self.speech_per_second * max(overlap, 0.0)


def on_channel(pieces: Iterable[Audio], channel_id: int | None) -> list[Audio]:
    """Those that are heard on the channel; None: on any."""
    return [one for one in pieces if channel_id is None or one.channel_id in {None, channel_id}]


def first_moment(pieces: Iterable[Audio], since: float) -> float:
    """When audio comes in for the first time from `since` on; NEVER if none does."""
    return min((max(one.begin, since) for one in pieces if one.end >= since), default=NEVER)


def last_moment(pieces: Iterable[Audio]) -> float:
    """When the last audio ends; minus infinity if there was none."""
    return max((one.end for one in pieces), default=-NEVER)


def comes_in(pieces: Iterable[Audio], now: float, silence_seconds: float) -> bool:
    """Whether somebody sends: audio goes on, or a fragment has come in less than so many seconds ago."""

    def until(one: Audio) -> float:
        return one.end + silence_seconds if one.begin == one.end else one.end

    return any(one.begin <= now < until(one) for one in pieces)


def speech_by_voice(pieces: Iterable[Audio], since: float, until: float) -> Counter[str | None]:
    """Voice → seconds of speech between the two moments."""
    heard: Counter[str | None] = Counter()
    for one in pieces:
        heard[one.voice] += one.speech(since, until)  # type: ignore[assignment] # Counter is typed for whole numbers.
    return heard


def moment_of(pieces: list[Audio], since: float, seconds: float) -> float:
    """The first moment at which `seconds` of speech have come in since `since`; NEVER if they never will."""
    total, speed, reached = 0.0, 0.0, since
    for moment, at_once, faster in sorted(_changes(pieces, since)):
        gained = speed * (moment - reached) if speed else 0.0
        if total + gained >= seconds:
            break
        total, speed, reached = total + gained + at_once, speed + faster, moment
        if total >= seconds:
            return moment
    missing = seconds - total
    if missing <= 0:
        return reached
    return reached + missing / speed if speed > 0 else NEVER


def _changes(pieces: Iterable[Audio], since: float) -> Iterator[tuple[float, float, float]]:
    """(moment, seconds of speech that come in there at once, change of the speed from there on)"""
    for one in pieces:
        if one.end < since:
            continue
        if one.at_once_seconds and one.begin >= since:
            yield one.begin, one.at_once_seconds, 0.0
        if one.speech_per_second:
            yield max(one.begin, since), 0.0, one.speech_per_second
            if one.end != NEVER:
                yield one.end, 0.0, -one.speech_per_second
