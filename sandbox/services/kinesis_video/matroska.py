"""Split incoming Matroska media into fragments, and measure the speech of each voice in them by their signal.

Only the format that Amazon Chime processes counts as speech: 16-bit little-endian PCM. Other tracks make fragments
without speech.
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
"""The most that FFmpeg waits for before it parses what has arrived."""
PROBED_BYTES = 2048
"""Enough for the header, which describes PCM completely."""
MAX_TRACKS = 3
MAX_FRAGMENT_SECONDS = 10.0
SPEECH_CODEC = "pcm_s16le"

WINDOW_SECONDS = 0.02
MIN_SPEECH_RMS = 300.0
"""Root mean square of 16-bit samples: 41 dB below full scale."""
VOICE_STEP_HERTZ = 20
"""Voices are distinguished by their pitch, rounded to this."""


class Readable(Protocol):
    """A source of media."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""
        ...


class MediaError(Exception):
    """Media that PutMedia refuses; `error_id` and `code` are those of PutMedia's documentation."""

    def __init__(self, error_id: int, code: str) -> None:
        super().__init__(f"{error_id} {code}")
        self.error_id = error_id
        self.code = code


@dataclass(frozen=True)
class Speech:
    """The speech on one channel of a fragment."""

    channel_id: int | None
    """None: the only channel, whatever its number in the pipeline."""
    seconds: float
    voice: str | None


@dataclass
class Fragment:
    """One cluster of Matroska."""

    timecode: int
    """Milliseconds, as in the media."""
    sample_rate: int = 0
    seconds: float = 0.0
    channels: list[array[int]] = field(default_factory=list)
    complete: bool = False
    """Set when the next cluster begins, or the media ends."""

    def speech(self) -> list[Speech]:
        """Measure the speech on each channel."""
        is_mono = len(self.channels) == 1
        return [
            Speech(None if is_mono else number, *measure_speech(samples, self.sample_rate))
            for number, samples in enumerate(self.channels)
        ]


def fragments(source: Readable) -> Iterator[Fragment]:
    """Yield each fragment twice: when its first frame has arrived, and when it is complete.

    Raises:
        MediaError: PutMedia answers it with an ERROR acknowledgement.
        OSError: `source` raised it.
    """
    import av  # 35 MB of FFmpeg, not loaded where no media is sent

    recording = _ErrorRecordingSource(source)
    try:
        with av.open(recording, format="matroska", buffer_size=READ_BYTES,
                     options={"probesize": str(PROBED_BYTES)}) as container:  # fmt: skip
            yield from _clusters(container, recording)
    except av.error.InvalidDataError as error:
        recording.check()
        raise MediaError(4006, "INVALID_MKV_DATA") from error


class _ErrorRecordingSource:
    """Keep what `read` raises, and end the media there: FFmpeg would print the exception and lose it."""

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
        """Raise the error that `read` has kept."""
        if self._error is not None:
            raise self._error


def _clusters(container: Any, source: _ErrorRecordingSource) -> Iterator[Fragment]:
    if len(container.streams) > MAX_TRACKS:
        raise MediaError(4012, "MORE_THAN_ALLOWED_TRACKS_FOUND")
    audio = next(
        (track for track in container.streams.audio if track.codec_context.name == SPEECH_CODEC), None
    )
    current, position = Fragment(-1), -1
    for packet in container.demux():
        if packet.pts is None:
            continue  # FFmpeg's end marker
        milliseconds = int(packet.pts * packet.time_base * 1000)
        cluster = _cluster_of(packet, position)
        if cluster != position:
            if position >= 0:
                yield _complete(current)
            if milliseconds <= current.timecode:
                raise MediaError(4004, "FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS")
            position, current = cluster, Fragment(milliseconds)
            yield current
        current.seconds = (milliseconds - current.timecode) / 1000 + float(packet.duration * packet.time_base)
        if current.seconds > MAX_FRAGMENT_SECONDS + WINDOW_SECONDS:
            raise MediaError(4002, "MAX_FRAGMENT_DURATION_REACHED")
        if audio is not None and packet.stream.index == audio.index:
            current.sample_rate = audio.codec_context.sample_rate
            _append_samples(current.channels, bytes(packet), audio.codec_context.channels)
    source.check()
    if position >= 0:
        yield _complete(current)


def _cluster_of(packet: Any, current: int) -> int:
    """Return the position in the media of the packet's cluster: FFmpeg's index has an entry for each key frame."""
    index = packet.stream.index_entries
    return int(index[len(index) - 1].pos) if packet.is_keyframe and len(index) else current


def _complete(fragment: Fragment) -> Fragment:
    fragment.complete = True
    return fragment


def _append_samples(channels: list[array[int]], data: bytes, count: int) -> None:
    samples = array("h")
    samples.frombytes(data[: len(data) - len(data) % (2 * count)])
    channels.extend(array("h") for _ in range(count - len(channels)))
    for number, channel in enumerate(channels):
        channel.extend(samples[number::count])


def measure_speech(samples: array[int], sample_rate: int) -> tuple[float, str | None]:
    """Return (seconds of speech, the voice that speaks most of them; None without speech)."""
    window = max(int(sample_rate * WINDOW_SECONDS), 1)
    windows_with_speech = 0
    voices: Counter[str] = Counter()
    for begin in range(0, len(samples) - window + 1, window):
        piece = samples[begin : begin + window]
        if math.sqrt(sum(sample * sample for sample in piece) / window) >= MIN_SPEECH_RMS:
            windows_with_speech += 1
            voices[voice_name(pitch(samples[begin : begin + 5 * window], sample_rate))] += 1
    most_frequent = max(voices, key=lambda name: voices[name], default=None)
    return windows_with_speech * WINDOW_SECONDS, most_frequent


def pitch(samples: array[int], sample_rate: int) -> float:
    """Estimate the pitch in hertz from the signal's rising zero crossings."""
    rises = [i for i in range(1, len(samples)) if samples[i - 1] < 0 <= samples[i]]
    if len(rises) < 2:
        return 0.0
    return (len(rises) - 1) * sample_rate / (rises[-1] - rises[0])


def voice_name(hertz: float) -> str:
    """Return the name of the synthetic voice with this pitch, e.g. "voice-220hz"."""
    return f"voice-{round(hertz / VOICE_STEP_HERTZ) * VOICE_STEP_HERTZ}hz"
