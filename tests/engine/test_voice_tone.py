"""A voice tone analysis beside a search of the same channel, with the real Pulumi CLI."""

from __future__ import annotations

import pytest

from reliability.account import CONSENT
from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran
from tests.sandbox_process import SandboxProcess

TONE = "chime:VoiceToneAnalysisTask"
SEARCH = "SpeakerSearchTask"
ANALYSIS = "VoiceToneAnalysisTask"

Steps = dict[str, Ran]


def kinds_alive(there: BroughtStack) -> str:
    return " ".join(sorted(task["kind"] for task in there.sandbox.control.tasks() if task["alive"]))


@pytest.fixture(scope="module")
def steps(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """Both are started; the analysis is taken out, started again, lost from state, swept; consent is withdrawn."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("tone"), engine_sandbox)
    there.declare(tone={})
    done: Steps = {}

    def note(name: str, ran: Ran) -> None:
        done[name] = ran
        done[f"alive after {name}"] = Ran(0, kinds_alive(there))

    note("up", there.stack.up())
    note("status", there.speaker_search("status"))
    note("again", there.stack.up())
    there.declare()
    note("taken out", there.stack.up())
    there.declare(tone={})
    there.stack.up()
    (tone,) = there.stack.resources(TONE)
    there.stack.pulumi("state", "delete", tone["urn"], "--yes")
    note("lost", there.speaker_search("sweep"))
    note("swept", there.speaker_search("sweep", "--stop"))
    there.declare(tone={"triggers": "anew"})
    note("anew", there.stack.up())
    note("stopped", there.speaker_search("stop", "tone"))
    there.declare(tone={"triggers": "once more"})
    note("once more", there.stack.up())
    there.declare(tone={"triggers": "once more"}, tags={**CONSENT, "consent:status": "withdrawn"})
    note("withdrawn", there.stack.up())
    note("destroyed", there.stack.pulumi("destroy", "--yes", "--skip-preview"))
    return done


def test_an_analysis_and_a_search_listen_to_one_channel(steps: Steps) -> None:
    assert steps["alive after up"].text == f"{SEARCH} {ANALYSIS}"


def test_status_shows_both(steps: Steps) -> None:
    assert (steps["status"].code, "tone" in steps["status"].text) == (0, True)


def test_a_second_up_changes_nothing(steps: Steps) -> None:
    assert "4 unchanged" in steps["again"].text


def test_an_analysis_that_is_taken_out_of_the_program_is_stopped(steps: Steps) -> None:
    assert steps["alive after taken out"].text == SEARCH


def test_an_analysis_in_no_state_is_found(steps: Steps) -> None:
    assert (steps["lost"].code, steps["alive after lost"].text) == (1, f"{SEARCH} {ANALYSIS}")


def test_an_analysis_in_no_state_is_called_what_it_is(steps: Steps) -> None:
    assert steps["lost"].text.startswith("Voice tone analysis task ")


def test_sweep_stops_it_and_leaves_the_search(steps: Steps) -> None:
    assert (steps["swept"].code, steps["alive after swept"].text) == (0, SEARCH)


def test_a_new_declaration_starts_a_new_one(steps: Steps) -> None:
    assert steps["alive after anew"].text == f"{SEARCH} {ANALYSIS}"


def test_stop_calls_it_what_it_is(steps: Steps) -> None:
    assert "(voice tone analysis task " in steps["stopped"].text


def test_stop_stops_it_and_leaves_the_search(steps: Steps) -> None:
    assert (steps["stopped"].code, steps["alive after stopped"].text) == (0, SEARCH)


def test_a_declared_withdrawal_stops_both(steps: Steps) -> None:
    before, after = steps["alive after once more"].text, steps["alive after withdrawn"].text
    assert (before, steps["withdrawn"].code, after) == (f"{SEARCH} {ANALYSIS}", 0, "")


def test_destroy_leaves_nothing(steps: Steps) -> None:
    assert steps["destroyed"].code == 0
