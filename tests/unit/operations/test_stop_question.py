"""`speaker-search stop --all` asks a person first, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi_speaker_search.lifecycle.ownership import Backend
from pulumi_speaker_search.lifecycle.stack_record import record_of
from speaker_search_operations import stop_command
from speaker_search_operations.main import app
from speaker_search_operations.pulumi_backend import CommandError, OperatedStack
from speaker_search_operations.stop import StopReport
from typer.testing import CliRunner

from sandbox.environment import ROOT
from tests.engine.terminal import END_OF_INPUT, run_in_terminal
from tests.unit.operations.canned_pulumi import CannedPulumi, task

QUESTION = "Stop every search of stack project/dev, orphans included? In its state: line-1."


class Stops:
    """What the command would stop. `asked`: the questions. `regions`: of each `stop --all`."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        *,
        answer: bool = True,
        terminal: bool = True,
        updating: Callable[[], bool | None] = lambda: None,
    ) -> None:
        self.asked: list[str] = []
        self.regions: list[str | None] = []
        self.named: list[str] = []
        resources = {"resources": [task("line-1"), task("line-2", region="us-west-2")]}
        stack = OperatedStack(
            record=record_of("dev", stack="dev", project="project", deployment=resources),
            config={},
            undecrypted_keys=(),
            update_in_progress=updating,
            other_stacks=Backend,
        )

        def confirm(question: str) -> bool:
            self.asked.append(question)
            return answer

        def everything(_stack: object, _aws: object, *, yes: bool, region: str | None) -> StopReport:
            self.regions.append(region)
            return StopReport(searches=())

        def searches(_record: object, _aws: object, tasks: list[object], *, with_pipeline: bool) -> tuple[()]:
            self.named += [str(getattr(one, "name", "")) for one in tasks]
            return ()

        monkeypatch.setattr(stop_command, "read_stack", lambda _folder, _name: stack)
        monkeypatch.setattr(stop_command, "can_ask", lambda: terminal)
        monkeypatch.setattr(stop_command, "confirm", confirm)
        monkeypatch.setattr(stop_command, "stop_everything", everything)
        monkeypatch.setattr(stop_command, "stop_searches", searches)

    def run(self, *options: str) -> int:
        return CliRunner().invoke(app, ["stop", *options]).exit_code


def test_in_a_terminal_all_asks_once_and_names_the_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = Stops(monkeypatch)
    assert (stops.run("--all"), stops.regions) == (0, [None])
    assert ["line-1, line-2." in question for question in stops.asked] == [True]


def test_no_stops_nothing_and_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = Stops(monkeypatch, answer=False)
    assert (stops.run("--all"), stops.regions) == (1, [])


@pytest.mark.parametrize("options", [("--all", "--yes"), ("--all", "--json"), ("--all", "-y")], ids=" ".join)
def test_yes_and_json_are_not_asked(monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]) -> None:
    stops = Stops(monkeypatch)
    assert (stops.run(*options), stops.asked, stops.regions) == (0, [], [None])


def test_a_backend_that_does_not_answer_prevents_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> bool | None:
        raise CommandError("`pulumi stack ls` failed: 503.")

    stops = Stops(monkeypatch, updating=fails)
    assert (stops.run("--all", "--yes"), stops.regions) == (0, [None])


def test_all_of_a_region_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = Stops(monkeypatch)
    assert (stops.run("--all", "--region", "us-esat-1"), stops.regions) == (2, [])


def test_a_script_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = Stops(monkeypatch, terminal=False)
    assert (stops.run("--all"), stops.asked, stops.regions) == (0, [], [None])


def test_a_search_that_is_named_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = Stops(monkeypatch)
    assert (stops.run("line-1"), stops.asked, stops.named) == (0, [], ["line-1"])


def test_a_region_limits_what_is_stopped_and_what_the_question_names(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = Stops(monkeypatch)
    assert (stops.run("--all", "--region", "us-west-2"), stops.regions) == (0, ["us-west-2"])
    assert ["in us-west-2" in question and ": line-2." in question for question in stops.asked] == [True]


def test_a_search_of_another_region_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = Stops(monkeypatch)
    assert (stops.run("line-1", "--region", "us-west-2"), stops.named) == (2, [])


@pytest.mark.parametrize("typed", [b"n\n", b"\n", END_OF_INPUT], ids=["no", "enter", "end of input"])
def test_in_a_real_terminal_what_is_not_yes_stops_nothing(tmp_path: Path, typed: bytes) -> None:
    pulumi = CannedPulumi.of(tmp_path, task("line-1"))
    ran = run_in_terminal(
        [str(ROOT / ".venv/bin/speaker-search"), "stop", "--all"],
        folder=pulumi.folder,
        environment=pulumi.environment(COLUMNS="200"),
        question="continued.",
        typed=typed,
    )
    assert (ran.code, QUESTION in ran.text, "Nothing was stopped." in ran.text) == (1, True, True)
