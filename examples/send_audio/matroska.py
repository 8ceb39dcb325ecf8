"""Write audio as Matroska, cluster by cluster: each becomes one fragment of the Kinesis video stream."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av

from examples.send_audio.sound import Sound

LONGEST_FRAGMENT_SECONDS = 10.0
LARGEST_FRAGMENT_BYTES = 50_000_000
"""The limits of Kinesis Video Streams."""


@dataclass(frozen=True)
class Piece:
    """Bytes to send once the audio up to `until_seconds` has been spoken."""

    data: bytes
    until_seconds: float


def pieces(sound: Sound, fragment_seconds: float) -> Iterator[Piece]:
    """Yield the header, then the clusters. What was yielded is never changed afterwards."""
    pipe = _Pipe()
    options = {
        "live": "1",
        "cluster_time_limit": str(int(fragment_seconds * 1000)),
        "cluster_size_limit": str(LARGEST_FRAGMENT_BYTES),
    }
    with av.open(pipe, "w", format="matroska", options=options) as container:
        layout = "mono" if sound.channels == 1 else "stereo"
        stream = container.add_stream("pcm_s16le", rate=sound.sample_rate, layout=layout)
        spoken = 0
        for block in sound.blocks:
            frame = _frame(block, sound, layout, spoken)
            for packet in stream.encode(frame):
                container.mux(packet)
            if data := pipe.take():
                yield Piece(data, spoken / sound.sample_rate)
            spoken += frame.samples
        for packet in stream.encode(None):
            container.mux(packet)
    yield Piece(pipe.take(), spoken / sound.sample_rate)


def _frame(block: bytes, sound: Sound, layout: str, position: int) -> Any:
    frame = av.AudioFrame(format="s16", layout=layout, samples=len(block) // (2 * sound.channels))
    frame.sample_rate = sound.sample_rate
    frame.time_base = Fraction(1, sound.sample_rate)
    frame.pts = position
    # FFmpeg pads: a plane may be longer than its samples.
    frame.planes[0].update(block.ljust(frame.planes[0].buffer_size, b"\0"))
    return frame


class _Pipe(io.RawIOBase):
    """Keep what FFmpeg writes until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._data += data
        return len(data)

    def take(self) -> bytes:
        data, self._data = bytes(self._data), bytearray()
        return data
