"""Matroska media as it comes in: its fragments, and how much speech of which voice is in them by their signal.

Only what Chime hears counts as speech: 16-bit little-endian PCM. Other tracks make fragments in which nobody speaks.
"""

from __future__ import annotations  # `array` takes no type argument before Python 3.12.

import math
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from werkzeug.exceptions import HTTPException

READ_BYTES = 4096
"""At most so much is awaited before what has come is looked at."""
PROBED_BYTES = 2048
"""Enough for the header, which says all about PCM."""
MOST_TRACKS = 3
LONGEST_FRAGMENT_SECONDS = 10.0
HEARD_CODEC = "pcm_s16le"

WINDOW_SECONDS = 0.02
QUIETEST_SPEECH = 300.0
"""Root mean square of 16-bit samples: 41 dB below full scale."""
VOICE_STEP_HERTZ = 20
"""Voices are told apart by their pitch, rounded to this."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class MediaError(Exception):
    """`error_id`: the number that PutMedia's documentation gives this error."""

    def __init__(self, error_id: int, code: str) -> None:
        super().__init__(f"{error_id} {code}")
        self.error_id = error_id
        self.code = code


@dataclass(frozen=True)
class Speech:
    channel_id: int | None
    """None: the only channel, whatever the pipeline calls it."""
    seconds: float
    voice: str | None


@dataclass
class Fragment:
    """One cluster. `complete` once the next one has begun or the media has ended."""

    timecode: int
    """Milliseconds, as the media says it."""
    sample_rate: int = 0
    seconds: float = 0.0
    channels: list[array[int]] = field(default_factory=list)
    complete: bool = False

    def speech(self) -> list[Speech]:
        alone = len(self.channels) == 1
        return [
            Speech(None if alone else number, *measured(samples, self.sample_rate))
            for number, samples in enumerate(self.channels)
        ]


def fragments(source: Readable) -> Iterator[Fragment]:
    """Each fragment twice: when its first frame has come in, and when it is complete.

    MediaError for what PutMedia answers with an Error acknowledgement. OSError of `source` passes.
    """
    import av  # 35 MB of FFmpeg, needed by nobody who sends no media

    watched = _Source(source)
    try:
        with av.open(watched, format="matroska", buffer_size=READ_BYTES,
                     options={"probesize": str(PROBED_BYTES)}) as container:  # fmt: skip
            yield from _clusters(container, watched)
    except av.error.InvalidDataError as error:
        watched.check()
        raise MediaError(4006, "INVALID_MKV_DATA") from error


class _Source:
    """FFmpeg would print what `read` raises: it is kept, and to FFmpeg the media ends there."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._error: OSError | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            self._error = error
        except HTTPException as error:  # werkzeug: a body shorter than its Content-Length
            self._error = ConnectionResetError(str(error))
        return b""

    def check(self) -> None:
        if self._error is not None:
            raise self._error


def _clusters(container: Any, source: _Source) -> Iterator[Fragment]:
    if len(container.streams) > MOST_TRACKS:
        raise MediaError(4012, "MORE_THAN_ALLOWED_TRACKS_FOUND")
    audio = next((one for one in container.streams.audio if one.codec_context.name == HEARD_CODEC), None)
    current, position = Fragment(-1), -1
    for packet in container.demux():
        if packet.pts is None:
            continue  # FFmpeg's mark of the end
        milliseconds = int(packet.pts * packet.time_base * 1000)
        cluster = _cluster_of(packet, position)
        if cluster != position:
            if position >= 0:
                yield _completed(current)
            if milliseconds <= current.timecode:
                raise MediaError(4004, "FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS")
            position, current = cluster, Fragment(milliseconds)
            yield current
        current.seconds = (milliseconds - current.timecode) / 1000 + float(packet.duration * packet.time_base)
        if current.seconds > LONGEST_FRAGMENT_SECONDS + WINDOW_SECONDS:
            raise MediaError(4002, "MAX_FRAGMENT_DURATION_REACHED")
        if audio is not None and packet.stream.index == audio.index:
            current.sample_rate = audio.codec_context.sample_rate
            _add(current.channels, bytes(packet), audio.codec_context.channels)
    source.check()
    if position >= 0:
        yield _completed(current)


def _cluster_of(packet: Any, current: int) -> int:
    """Where in the media the packet's cluster begins: FFmpeg's index has an entry for each key frame."""
    index = packet.stream.index_entries
    return int(index[len(index) - 1].pos) if packet.is_keyframe and len(index) else current


def _completed(fragment: Fragment) -> Fragment:
    fragment.complete = True
    return fragment


def _add(channels: list[array[int]], data: bytes, count: int) -> None:
    samples = array("h")
    samples.frombytes(data[: len(data) - len(data) % (2 * count)])
    channels.extend(array("h") for _ in range(count - len(channels)))
    for number, channel in enumerate(channels):
        channel.extend(samples[number::count])


def measured(samples: array[int], sample_rate: int) -> tuple[float, str | None]:
    """(seconds of speech, the voice that speaks most of them; None without speech)"""
    window = max(int(sample_rate * WINDOW_SECONDS), 1)
    spoken = 0
    voices: Counter[str] = Counter()
    for begin in range(0, len(samples) - window + 1, window):
        piece = samples[begin : begin + window]
        if math.sqrt(sum(one * one for one in piece) / window) >= QUIETEST_SPEECH:
            spoken += 1
            voices[voice_of(pitch(samples[begin : begin + 5 * window], sample_rate))] += 1
    best = max(voices, key=lambda name: voices[name], default=None)
    return spoken * WINDOW_SECONDS, best


def pitch(samples: array[int], sample_rate: int) -> float:
    """In hertz: how often the signal rises through zero."""
    rises = [i for i in range(1, len(samples)) if samples[i - 1] < 0 <= samples[i]]
    if len(rises) < 2:
        return 0.0
    return (len(rises) - 1) * sample_rate / (rises[-1] - rises[0])


def voice_of(hertz: float) -> str:
    """The made-up name of a voice with this pitch, e.g. "voice-220hz"."""
    return f"voice-{round(hertz / VOICE_STEP_HERTZ) * VOICE_STEP_HERTZ}hz"
