"""What the demonstration says of searches, and when it calls them over."""

from __future__ import annotations

from typing import Any

import pytest

from tools.demonstration.watching import GOES_ON_SECONDS, Watch


class World:
    """One search and what has arrived for it, set by hand."""

    def __init__(self) -> None:
        self.row: dict[str, Any] = {"task_id": "task-1", "status": "InProgress", "alive": True,
                                    "is_speaker_search": True, "ended_by": None}  # fmt: skip
        self.arrived: list[str] = []
        self.time = 0.0
        world: Any = self
        self.watch = Watch(world, world, names={"vp-1": "voice-220hz"}, now=lambda: self.time)

    def tasks(self, *, ended: bool) -> list[dict[str, Any]]:
        return [self.row]

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        match = {"results": [{"voiceProfileId": "vp-1", "confidenceScore": "0.987"}]}
        return [
            ("insights", {"id": status, "detail-type": "SpeakerSearchStatus",
                          "detail": {"taskId": "task-1", "detailStatus": status, "speakerSearchDetails": match}})
            for status in self.arrived
        ]  # fmt: skip

    def ends(self, by: str = "itself", status: str = "Stopped") -> None:
        self.row |= {"alive": False, "status": status, "ended_by": by}


@pytest.fixture
def world() -> World:
    return World()


def test_a_running_search_is_not_over(world: World) -> None:
    assert not world.watch.all_ended()


def test_a_search_that_has_ended_is_over_once_its_match_has_arrived(world: World) -> None:
    world.ends()
    before = world.watch.all_ended()
    world.arrived.append("IdentificationSuccessful")
    assert (before, world.watch.all_ended()) == (False, True)


def test_a_search_that_was_stopped_has_no_match_to_wait_for(world: World) -> None:
    world.ends(by="stop")
    assert world.watch.all_ended()


@pytest.mark.parametrize(("seconds", "over"), [(GOES_ON_SECONDS - 0.1, False), (GOES_ON_SECONDS, True)])
def test_a_task_that_goes_on_after_its_voiceprint_is_over(world: World, seconds: float, over: bool) -> None:
    world.arrived += ["IdentificationSuccessful", "VoiceprintGenerationSuccessful"]
    world.watch.all_ended()
    world.time += seconds
    assert world.watch.all_ended() is over


def test_a_match_is_printed_with_the_voice_and_its_confidence(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.arrived.append("IdentificationSuccessful")
    world.watch.all_ended()
    expected = "In the queue insights: IdentificationSuccessful: voice-220hz (vp-1), confidence 0.99."
    assert expected in capsys.readouterr().out


def test_a_result_is_printed_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.arrived.append("IdentificationSuccessful")
    world.watch.all_ended()
    capsys.readouterr()
    world.watch.all_ended()
    assert capsys.readouterr().out == ""


def test_a_search_of_an_earlier_time_is_none_of_its_business(world: World) -> None:
    world.watch.before = frozenset({"task-1"})
    assert (world.watch.tasks(), world.watch.all_ended()) == ([], True)
