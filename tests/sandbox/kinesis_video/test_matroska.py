"""Incoming Matroska: its fragments, and the speech of each voice in them."""

import io
from array import array
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import pytest

from examples.send_audio.matroska import pieces
from examples.send_audio.sound import Sound, synthetic
from sandbox.services.kinesis_video.matroska import (
    Fragment,
    MediaError,
    Speech,
    fragments,
    measure_speech,
    voice_name,
)

RATE = 8000


def block(level: int, seconds: float = 0.1, channels: int = 1) -> bytes:
    """A square wave of 200 Hz, whose root mean square is its level."""
    half = RATE // 400
    samples = [level if number // half % 2 else -level for number in range(int(RATE * seconds))]
    return array("h", [one for one in samples for _ in range(channels)]).tobytes()


def matroska(sound: Sound, fragment_seconds: float = 1.0) -> io.BytesIO:
    return io.BytesIO(b"".join(piece.data for piece in pieces(sound, fragment_seconds)))


def complete(source: io.BytesIO) -> list[Fragment]:
    return [one for one in fragments(source) if one.complete]


def spoken(sound: Sound) -> list[Speech]:
    """Return all channels of all fragments, one after another."""
    return [speech for fragment in complete(matroska(sound)) for speech in fragment.speech()]


def test_each_cluster_is_a_fragment() -> None:
    found = complete(matroska(synthetic("voice-220hz", 3.5, RATE)))
    assert [(one.timecode, round(one.seconds, 3)) for one in found] == [
        (0, 1.0),
        (1000, 1.0),
        (2000, 1.0),
        (3000, 0.5),
    ]


def test_a_fragment_is_reported_at_its_begin_and_its_end() -> None:
    reported = [one.complete for one in fragments(matroska(synthetic("voice-220hz", 1.5, RATE)))]
    assert reported == [False, True, False, True]


def test_a_fragment_is_reported_before_the_rest_arrives() -> None:
    whole = matroska(synthetic("voice-220hz", 20, RATE))
    found = fragments(whole)
    next(found)
    assert whole.tell() < len(whole.getvalue()) / 10


@pytest.mark.parametrize("pitch", [100, 180, 220, 300])
def test_a_made_up_voice_is_recognised_by_its_pitch(pitch: int) -> None:
    voices = {one.voice for one in spoken(synthetic(f"voice-{pitch}hz", 3, RATE))}
    assert voices == {f"voice-{pitch}hz"}


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_speech_is_measured_at_every_sample_rate(rate: int) -> None:
    found = spoken(synthetic("voice-220hz", 3, rate))
    assert sum(one.seconds for one in found) == pytest.approx(3, abs=0.1)


def test_silence_is_no_speech() -> None:
    assert spoken(Sound(RATE, 1, iter([bytes(1600)] * 10))) == [Speech(None, 0.0, None)]


@pytest.mark.parametrize(("level", "seconds"), [(299, 0.0), (300, 0.1)])
def test_speech_begins_at_a_loudness(level: int, seconds: float) -> None:
    assert measure_speech(array("h", block(level)), RATE)[0] == pytest.approx(seconds)


def test_pauses_do_not_count() -> None:
    blocks = iter([block(5000), bytes(1600)] * 5)
    (found,) = spoken(Sound(RATE, 1, blocks))
    assert found.seconds == pytest.approx(0.5)


def test_two_channels_are_distinguished() -> None:
    left_only = array("h", [one for sample in array("h", block(5000)) for one in (sample, 0)]).tobytes()
    found = spoken(Sound(RATE, 2, iter([left_only] * 10)))
    assert [(one.channel_id, one.seconds) for one in found] == [(0, pytest.approx(1.0)), (1, 0.0)]


def test_the_only_channel_is_whichever_the_pipeline_names() -> None:
    assert spoken(Sound(RATE, 1, iter([block(5000)])))[0].channel_id is None


@pytest.mark.parametrize(("hertz", "name"), [(209.9, "voice-200hz"), (210.1, "voice-220hz")])
def test_a_voice_is_named_after_its_rounded_pitch(hertz: float, name: str) -> None:
    assert voice_name(hertz) == name


def error_of(source: io.BytesIO) -> int:
    with pytest.raises(MediaError) as caught:
        list(fragments(source))
    return caught.value.error_id


def test_bytes_that_are_not_matroska_are_refused() -> None:
    assert error_of(io.BytesIO(b"RIFF" + bytes(10_000))) == 4006


def test_nothing_at_all_is_refused() -> None:
    assert error_of(io.BytesIO(b"")) == 4006


def test_ten_seconds_are_one_fragment() -> None:
    assert len(complete(matroska(synthetic("voice-220hz", 10, RATE), 9.9))) == 1


def test_a_longer_fragment_is_refused() -> None:
    assert error_of(matroska(synthetic("voice-220hz", 11, RATE), 10.5)) == 4002


def test_three_tracks_are_taken() -> None:
    assert list(fragments(tracks(3)))


def test_a_fourth_track_is_refused() -> None:
    assert error_of(tracks(4)) == 4012


def test_audio_in_another_format_is_no_speech() -> None:
    (found,) = complete(tracks(1, codec="pcm_s16be"))
    assert found.speech() == []


def test_a_broken_connection_is_reported() -> None:
    whole = matroska(synthetic("voice-220hz", 3, RATE)).getvalue()
    with pytest.raises(ConnectionError):
        list(fragments(_Breaking(whole[:20_000])))


class _Breaking(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise ConnectionResetError
        return data


def tracks(count: int, codec: str = "pcm_s16le") -> io.BytesIO:
    made = io.BytesIO()
    with av.open(made, "w", format="matroska") as container:
        streams: list[Any] = [container.add_stream(codec, rate=RATE, layout="mono") for _ in range(count)]
        for stream in streams:
            frame = av.AudioFrame(format="s16", layout="mono", samples=800)
            frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
            for packet in _encoded(stream, frame):
                container.mux(packet)
    return io.BytesIO(made.getvalue())


def _encoded(stream: Any, frame: Any) -> Iterator[Any]:
    yield from stream.encode(frame)
    yield from stream.encode(None)
