"""How fast AWS is asked: a few at once after a pause, then one after another, in all processes together."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from pulumi_speaker_search.lifecycle.aws_settings import MEDIA_PIPELINES, VOICE, AwsSettings
from pulumi_speaker_search.lifecycle.rate import (
    BURST_SIZE,
    PATIENCE_SECONDS,
    LowPriorityPace,
    OwnPlan,
    Pace,
    SharedPlan,
    pace_of,
)

RATE = 9.5
AWS_PER_SECOND = 10


def most_within_a_second(sent: list[float]) -> int:
    """As AWS counts them: within a second that begins with any of them."""
    return max(sum(begin <= one < begin + 1.0 for one in sent) for begin in sent)


@dataclass
class Asker:
    """Asks on a clock of its own; `waited` are the seconds before each request."""

    pace: Pace = field(init=False)
    clock: float = 1000.0
    sent: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(RATE, OwnPlan(), now=lambda: self.clock)

    def ask(self, times: int) -> None:
        for _ in range(times):
            self.clock += self.pace(MEDIA_PIPELINES)
            self.sent.append(self.clock)


def test_a_single_search_never_waits() -> None:
    asker = Asker()
    asker.ask(BURST_SIZE)
    assert asker.sent == [1000.0] * BURST_SIZE


def test_the_request_after_those_waits() -> None:
    asker = Asker()
    asker.ask(BURST_SIZE + 1)
    assert asker.sent[-1] == pytest.approx(1000.0 + 1 / RATE)


def test_in_the_long_run_the_rate_is_sent() -> None:
    asker = Asker()
    asker.ask(200)
    assert asker.sent[195] - asker.sent[100] == pytest.approx(95 / RATE)


def test_no_second_holds_more_than_aws_takes() -> None:
    asker = Asker()
    asker.ask(200)
    assert most_within_a_second(asker.sent) == AWS_PER_SECOND


def test_no_second_holds_more_than_aws_takes_after_a_pause_either() -> None:
    asker = Asker()
    for pause in (0.3, 0.7, 1.0, 1.1, 0.5):
        asker.ask(13)
        asker.clock += pause
    assert most_within_a_second(asker.sent) <= AWS_PER_SECOND


def test_those_that_wait_are_spaced_evenly() -> None:
    asker = Asker()
    asker.ask(60)
    gaps = [later - earlier for earlier, later in pairwise(asker.sent[20:])]
    assert gaps == pytest.approx([1 / RATE] * len(gaps))


def test_a_pause_gives_them_back() -> None:
    asker = Asker()
    asker.ask(50)
    asker.clock += 10.0
    begin = asker.clock
    asker.ask(BURST_SIZE)
    assert asker.sent[-1] == begin


def test_another_service_s_calls_are_not_counted() -> None:
    asker = Asker()
    asker.ask(BURST_SIZE)
    assert asker.pace(VOICE) == 0.0


def test_a_clock_that_was_put_back_holds_nobody_up() -> None:
    asker = Asker()
    asker.ask(BURST_SIZE)
    asker.clock -= 3600.0
    assert asker.pace(MEDIA_PIPELINES) == 0.0


def test_two_processes_share_one_plan(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from pulumi_speaker_search.lifecycle.rate import Pace, SharedPlan\n"
        f"pace = Pace({RATE}, SharedPlan(Path(sys.argv[1])), now=lambda: 1000.0)\n"
        f"print([pace({MEDIA_PIPELINES!r}) for _ in range(5)][-1])\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "made" / "plan")]
    waits = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(2)
    ]
    assert waits == pytest.approx([1 / RATE, 6 / RATE])


def test_where_no_file_can_be_made_the_process_counts_for_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    pace = Pace(RATE, SharedPlan(tmp_path / "file" / "plan"), now=lambda: 1000.0)
    assert [pace(MEDIA_PIPELINES) for _ in range(BURST_SIZE + 1)][-1] == pytest.approx(1 / RATE)


@pytest.mark.parametrize("text", ["1000.5", "no number", ""])
def test_a_file_of_another_release_holds_nobody_up(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan").write_text(text)
    pace = Pace(RATE, SharedPlan(tmp_path / "plan"), now=lambda: 2000.0)
    assert pace(MEDIA_PIPELINES) == 0.0


def test_a_poll_waits_until_no_request_is_planned() -> None:
    asker = Asker()
    for _ in range(BURST_SIZE + 3):
        asker.pace(MEDIA_PIPELINES)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        asker.clock += seconds

    LowPriorityPace(asker.pace, sleep)(MEDIA_PIPELINES)
    assert slept == pytest.approx([4 / RATE])


def test_looks_that_wait_do_not_queue_up_before_others() -> None:
    asker = Asker()
    asker.ask(BURST_SIZE)
    waiting = [asker.pace.at_once_or_in(MEDIA_PIPELINES) for _ in range(5)]
    assert [*waiting, asker.pace(MEDIA_PIPELINES)] == pytest.approx([1 / RATE] * 6)


def test_a_poll_that_is_sent_is_counted() -> None:
    asker = Asker()
    for _ in range(BURST_SIZE):
        asker.pace.at_once_or_in(MEDIA_PIPELINES)
    assert asker.pace(MEDIA_PIPELINES) == pytest.approx(1 / RATE)


def test_a_poll_does_not_wait_for_ever() -> None:
    asker = Asker()

    def sleep(seconds: float) -> None:
        asker.clock += seconds
        for _ in range(20):
            asker.pace(MEDIA_PIPELINES)

    for _ in range(BURST_SIZE + 1):
        asker.pace(MEDIA_PIPELINES)
    LowPriorityPace(asker.pace, sleep)(MEDIA_PIPELINES)
    assert asker.clock - 1000.0 < PATIENCE_SECONDS + 20 / RATE + 1.0


def test_a_poll_goes_at_once_if_no_request_is_planned() -> None:
    slept: list[float] = []
    assert LowPriorityPace(Asker().pace, slept.append)(MEDIA_PIPELINES) == 0.0
    assert slept == []


@pytest.mark.parametrize(
    ("environment", "per_second"),
    [
        ({}, 9.5),
        ({"SPEAKER_SEARCH_API_CALLS_PER_SECOND": "4"}, 4.0),
        ({"SPEAKER_SEARCH_API_CALLS_PER_SECOND": "0"}, 0.0),
        *(({"SPEAKER_SEARCH_API_CALLS_PER_SECOND": odd}, 9.5) for odd in ("ten", "-1", "nan", "inf", "")),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4780"}, 0.0),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:4780", "SPEAKER_SEARCH_API_CALLS_PER_SECOND": "8"}, 8.0),
    ],
)
def test_the_rate_is_aws_s_unless_the_environment_says_otherwise(
    environment: dict[str, str], per_second: float
) -> None:
    assert pace_of(AwsSettings(region="us-east-1"), environment).per_second == per_second


def test_another_region_has_a_plan_of_its_own() -> None:
    one = pace_of(AwsSettings(region="us-east-1"), {"HOME": "/home"}).plan
    other = pace_of(AwsSettings(region="us-west-2"), {"HOME": "/home"}).plan
    assert isinstance(one, SharedPlan)
    assert isinstance(other, SharedPlan)
    assert one.file != other.file


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "/home-of-somebody"}, "/home-of-somebody/.cache"),
        ({"HOME": "/home-of-somebody", "XDG_CACHE_HOME": "/var/cache"}, "/var/cache"),
        ({"HOME": "/home-of-somebody", "XDG_CACHE_HOME": "cache"}, "/home-of-somebody/.cache"),
        ({}, f"{os.path.expanduser('~')}/.cache"),
        ({"HOME": "relative"}, os.devnull),
    ],
    ids=["home", "cache folder", "relative cache folder", "no HOME", "relative HOME"],
)
def test_the_plan_is_never_in_the_folder_of_a_project(environment: dict[str, str], folder: str) -> None:
    plan = pace_of(AwsSettings(region="us-east-1"), environment).plan
    assert isinstance(plan, SharedPlan)
    assert plan.file.parent == Path(folder) / "pulumi-speaker-search"


def test_without_a_folder_each_process_counts_for_itself() -> None:
    pace = pace_of(AwsSettings(region="us-east-1"), {"HOME": "relative"})
    assert [round(pace(MEDIA_PIPELINES), 1) > 0 for _ in range(6)][-1]
