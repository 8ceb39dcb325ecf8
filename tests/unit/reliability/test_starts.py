"""What counts as a search that nobody declared."""

from __future__ import annotations

from reliability.declaration import Search
from reliability.starts import Asked, Start
from sandbox.account.state import VOICE_TONE_ANALYSIS

STREAM = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/voice/1700000000000"
SEARCH = Search.named("search-0", STREAM)


def declared(*commands: tuple[str, int], consent: bool = True, search: Search = SEARCH) -> Asked:
    """Commands with their `triggers`, one a second from second 0 on."""
    asked = Asked()
    for began, (command, triggers) in enumerate(commands):
        asked.note(began, command, [search], triggers=triggers, consent=consent)
    return asked


def started(*seconds: float, stream_arn: str = STREAM) -> list[Start]:
    return [Start("task", "pipeline", stream_arn, 0, asked) for asked in seconds]


def test_one_declaration_asks_for_one_search() -> None:
    assert declared(("up", 0), ("up", 0)).more_often(started(0.5)) == []


def test_a_second_search_of_the_same_declaration_is_one_too_many() -> None:
    assert len(declared(("up", 0), ("up", 0)).more_often(started(0.5, 1.5))) == 1


def test_new_triggers_ask_for_another_search() -> None:
    assert declared(("up", 0), ("up", 1)).more_often(started(0.5, 1.5)) == []


def test_a_new_name_asks_for_another_search() -> None:
    asked = declared(("up", 0))
    asked.note(1, "up", [Search.named("search-0-new", STREAM)], triggers=0, consent=True)
    assert asked.more_often(started(0.5, 1.5)) == []


def test_what_was_destroyed_may_be_searched_again() -> None:
    assert declared(("up", 0), ("destroy", 0), ("up", 0)).more_often(started(0.5, 2.5)) == []


def test_a_search_that_begins_during_a_refresh_was_not_asked_for() -> None:
    assert len(declared(("up", 0), ("refresh", 0)).unasked(started(1.5))) == 1


def test_a_search_of_a_stream_that_is_not_declared_was_not_asked_for() -> None:
    assert len(declared(("up", 0)).unasked(started(0.5, stream_arn=STREAM + "1"))) == 1


def test_a_search_that_begins_during_up_was_asked_for() -> None:
    assert declared(("up", 0)).unasked(started(0.5)) == []


def test_a_search_under_a_declared_withdrawal_is_one_without_consent() -> None:
    assert len(declared(("up", 0), consent=False).without_consent(started(0.5))) == 1


def test_a_search_under_a_consent_in_force_is_none_without_consent() -> None:
    assert declared(("up", 0)).without_consent(started(0.5)) == []


WITH_TONE = Search.named("search-0", STREAM, tone=True)


def tone_started(*seconds: float) -> list[Start]:
    return [Start("tone", "pipeline", STREAM, 0, asked, VOICE_TONE_ANALYSIS) for asked in seconds]


def test_a_search_and_an_analysis_of_one_stream_are_two_tasks() -> None:
    asked = declared(("up", 0), search=WITH_TONE)
    assert asked.more_often([*started(0.5), *tone_started(0.6)]) == []


def test_a_second_analysis_of_the_same_declaration_is_one_too_many() -> None:
    assert len(declared(("up", 0), search=WITH_TONE).more_often(tone_started(0.5, 0.6))) == 1


def test_an_analysis_beside_a_search_that_declares_none_was_not_asked_for() -> None:
    assert len(declared(("up", 0)).unasked(tone_started(0.5))) == 1


def test_an_analysis_under_a_declared_withdrawal_is_one_without_consent() -> None:
    asked = declared(("up", 0), consent=False, search=WITH_TONE)
    assert len(asked.without_consent(tone_started(0.5))) == 1
