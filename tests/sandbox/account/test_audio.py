"""How much speech falls between two points in time, and when enough of it has arrived."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.account.audio import (
    NEVER,
    Audio,
    first_audio_time,
    last_audio_time,
    on_channel,
    speech_by_voice,
    time_of_speech,
)

SPOKEN = Audio(begin=100.0, end=130.0, speech_per_second=1.0, voice="voice-220hz")
FAST = Audio(begin=100.0, end=NEVER, speech_per_second=4.0)
FRAGMENT = Audio(begin=110.0, end=110.0, at_once_seconds=2.0, voice="voice-330hz", channel_id=1)


@pytest.mark.parametrize(
    ("pieces", "since", "moment"),
    [
        ([SPOKEN], 90.0, 110.0),
        ([SPOKEN], 105.0, 115.0),
        ([SPOKEN], 120.0, 130.0),
        ([SPOKEN], 120.1, NEVER),
        ([FAST], 100.0, 102.5),
        ([FRAGMENT] * 5, 100.0, 110.0),
        ([FRAGMENT] * 4, 100.0, NEVER),
        ([FRAGMENT, SPOKEN], 105.0, 113.0),
        ([], 100.0, NEVER),
    ],
)
def test_ten_seconds_of_speech_have_come_in_at_a_moment(
    pieces: list[Audio], since: float, moment: float
) -> None:
    assert time_of_speech(pieces, since, 10.0) == pytest.approx(moment)


@given(
    since=st.floats(90, 140),
    seconds=st.floats(0.1, 40),
    pieces=st.lists(st.sampled_from([SPOKEN, FAST, FRAGMENT]), max_size=5),
)
def test_at_the_time_of_speech_that_much_has_arrived(
    since: float, seconds: float, pieces: list[Audio]
) -> None:
    moment = time_of_speech(pieces, since, seconds)
    if moment != NEVER:
        assert sum(speech_by_voice(pieces, since, moment).values()) >= seconds - 1e-6


def test_speech_is_counted_by_voice() -> None:
    assert speech_by_voice([SPOKEN, FRAGMENT], 105.0, 115.0) == {"voice-220hz": 10.0, "voice-330hz": 2.0}


@pytest.mark.parametrize(
    ("channel", "pieces"), [(0, [SPOKEN]), (1, [SPOKEN, FRAGMENT]), (None, [SPOKEN, FRAGMENT])]
)
def test_a_channel_has_its_own_pieces_and_those_of_every_channel(
    channel: int | None, pieces: list[Audio]
) -> None:
    assert on_channel([SPOKEN, FRAGMENT], channel) == pieces


@pytest.mark.parametrize(("since", "moment"), [(90.0, 100.0), (120.0, 120.0), (130.1, NEVER)])
def test_audio_comes_in_for_the_first_time_at_a_moment(since: float, moment: float) -> None:
    assert first_audio_time([SPOKEN], since) == moment


def test_audio_ends_with_its_last_piece() -> None:
    assert last_audio_time([SPOKEN, FRAGMENT]) == 130.0
