"""Read or synthesise the audio: 16-bit PCM."""

import math
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import av

BLOCK_SECONDS = 0.1
LOUDNESS = 9_000
HARMONICS = ((1, 1.0), (2, 0.3), (3, 0.1))
"""(multiple of the pitch, amplitude): the pitch dominates."""
SYLLABLES_PER_SECOND = 4
VOICE_NAME = re.compile(r"voice-([1-9][0-9]{1,2})hz")


@dataclass(frozen=True)
class Sound:
    """Audio. `blocks`: `BLOCK_SECONDS` each (the last may be shorter), channels interleaved, little-endian."""

    sample_rate: int
    channels: int
    blocks: Iterator[bytes]


def of_file(path: Path, sample_rate: int) -> Sound:
    """Read a file in any format that FFmpeg reads. More than two channels are mixed down to two."""
    with av.open(path) as container:
        channels = min(container.streams.audio[0].codec_context.channels, 2)
    return Sound(sample_rate, channels, _decoded(path, sample_rate, channels))


def synthetic(voice: str, seconds: float, sample_rate: int) -> Sound:
    """Synthesise a voice that belongs to nobody: a pitch with harmonics, modulated like syllables.

    Raises:
        ValueError: The name has no pitch.
    """
    found = VOICE_NAME.fullmatch(voice)
    if found is None:
        message = f"{voice!r} is no synthetic voice: use voice-<pitch>hz, for example voice-220hz."
        raise ValueError(message)
    return Sound(sample_rate, 1, _spoken(int(found[1]), seconds, sample_rate))


def _decoded(path: Path, sample_rate: int, channels: int) -> Iterator[bytes]:
    block = int(sample_rate * BLOCK_SECONDS)
    resampler = av.AudioResampler("s16", "mono" if channels == 1 else "stereo", sample_rate, block)
    with av.open(path) as container:
        for frame in (*_frames(container), None):
            for resampled in resampler.resample(frame):
                yield bytes(resampled.planes[0])[: resampled.samples * 2 * channels]


def _frames(container: "av.container.InputContainer") -> Iterator["av.AudioFrame"]:
    yield from container.decode(audio=0)


def _spoken(pitch: int, seconds: float, sample_rate: int) -> Iterator[bytes]:
    # One second is repeated: pitch and syllables are whole numbers of hertz.
    second = [_sample(pitch, number / sample_rate) for number in range(sample_rate)]
    samples = islice(cycle(second), int(seconds * sample_rate))
    while block := array("h", islice(samples, int(sample_rate * BLOCK_SECONDS))):
        yield block.tobytes()


def _sample(pitch: int, time: float) -> int:
    swell = 0.75 + 0.25 * math.sin(2 * math.pi * SYLLABLES_PER_SECOND * time)
    tone = sum(strength * math.sin(2 * math.pi * pitch * multiple * time) for multiple, strength in HARMONICS)
    return int(LOUDNESS * swell * tone)
