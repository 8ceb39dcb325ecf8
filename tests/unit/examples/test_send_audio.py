"""The example that sends audio: which stream it finds, what it sends, and when."""

import wave
from array import array
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from examples.send_audio.__main__ import NoStreamError, find_stream
from examples.send_audio.matroska import pieces
from examples.send_audio.sound import Sound, of_file, synthetic

RATE = 8000


class Account:
    """Streams by name; each look sees the next of `listings`, the last one again and again."""

    meta = type("Meta", (), {"region_name": "us-east-1"})
    exceptions = type("Exceptions", (), {"ResourceNotFoundException": LookupError})

    def __init__(self, *listings: dict[str, str]) -> None:
        self._listings = list(listings)

    def create_client(self, service: str) -> Any:
        return self

    def list_streams(self, StreamNameCondition: dict[str, str]) -> dict[str, Any]:
        beginning = StreamNameCondition["ComparisonValue"]
        rows = [{"StreamName": name, "Status": word} for name, word in self._look().items()]
        return {"StreamInfoList": [row for row in rows if row["StreamName"].startswith(beginning)]}

    def describe_stream(self, StreamName: str) -> dict[str, Any]:
        found = self._look()
        if StreamName not in found:
            raise LookupError
        return {"StreamInfo": {"StreamName": StreamName, "Status": found[StreamName]}}

    def _look(self) -> dict[str, str]:
        return self._listings.pop(0) if len(self._listings) > 1 else self._listings[0]


def found(account: Account, name: str = "", prefix: str = "", wait_seconds: float = 0.0) -> str:
    """On a clock that moves a second at each look."""
    ticks = count()
    session: Any = account
    return find_stream(session, name, prefix, wait_seconds, lambda _: None, lambda: float(next(ticks)))


def test_a_stream_is_found_by_its_name() -> None:
    assert found(Account({"line": "ACTIVE", "line-2": "ACTIVE"}), name="line") == "line"


def test_the_only_stream_with_a_beginning_is_found() -> None:
    assert found(Account({"search-1": "ACTIVE", "line": "ACTIVE"}), prefix="search") == "search-1"


def test_of_several_none_is_chosen() -> None:
    with pytest.raises(NoStreamError, match="search-1, search-2"):
        found(Account({"search-1": "ACTIVE", "search-2": "ACTIVE"}), prefix="search")


def test_a_stream_that_is_being_made_is_waited_for() -> None:
    account = Account({}, {"line": "CREATING"}, {"line": "ACTIVE"})
    assert found(account, name="line", wait_seconds=10) == "line"


@pytest.mark.parametrize(("wait_seconds", "looks"), [(0.0, 1), (3.0, 3)])
def test_waiting_ends(wait_seconds: float, looks: int) -> None:
    account = Account(*([{}] * looks), {"line": "ACTIVE"})
    with pytest.raises(NoStreamError, match="no active stream line in us-east-1"):
        found(account, name="line", wait_seconds=wait_seconds)


def test_a_name_that_says_no_pitch_is_refused() -> None:
    with pytest.raises(ValueError, match="voice-220hz"):
        synthetic("somebody", 1, RATE)


@pytest.mark.parametrize("seconds", [0.05, 1, 2.5])
def test_a_synthetic_voice_speaks_for_the_given_time(seconds: float) -> None:
    assert sum(len(one) for one in synthetic("voice-220hz", seconds, RATE).blocks) == int(seconds * RATE) * 2


def recording(folder: Path, rate: int, channels: int, seconds: float = 1.0) -> Path:
    path = folder / "call.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array("h", [1000] * int(rate * seconds) * channels).tobytes())
    return path


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_a_file_is_sent_at_the_rate_that_the_pipeline_expects(tmp_path: Path, rate: int) -> None:
    sent = of_file(recording(tmp_path, rate, channels=1), RATE)
    assert sum(len(one) for one in sent.blocks) / 2 == pytest.approx(RATE, abs=20)


@pytest.mark.parametrize("channels", [1, 2])
def test_one_or_two_channels_stay_as_they_are(tmp_path: Path, channels: int) -> None:
    assert of_file(recording(tmp_path, RATE, channels), RATE).channels == channels


def test_a_fragment_is_sent_when_it_has_been_spoken() -> None:
    header, *rest = pieces(synthetic("voice-220hz", 3, RATE), 1.0)
    assert (header.until_seconds, [one.until_seconds >= number for number, one in enumerate(rest, 1)]) == (
        0.0,
        [True] * len(rest),
    )


def test_silence_is_sent_as_well() -> None:
    quiet = Sound(RATE, 1, iter([bytes(1600)] * 10))
    assert sum(len(one.data) for one in pieces(quiet, 1.0)) > RATE * 2
