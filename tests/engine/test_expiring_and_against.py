"""`expiring` and `review --against` on real stacks: a consent that is renewed, a search that is added."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from sandbox.environment import ROOT
from tests.command_in_process import Answered, speaker_search
from tests.engine.conftest import be_quick
from tests.engine.stack import Stack
from tests.sandbox_process import SandboxProcess

SOON = (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
PACKS = ("--policy-pack", str(ROOT / "policies/consent"), "--policy-pack", str(ROOT / "policies/safeguards"))
REVIEW = ("review", "--deployed", "--fail-on", "none", *PACKS)


def in_process(stack: Stack, *arguments: str) -> Answered:
    return speaker_search(stack.folder, stack.environment, *arguments)


def review(stack: Stack, out: Path, *arguments: str) -> Answered:
    return in_process(stack, *REVIEW, "--out", str(out), *arguments)


def review_in_a_process_of_its_own(stack: Stack, out: Path, *arguments: str) -> Answered:
    """Run the installed command, as a person does."""
    done = stack.speaker_search(*REVIEW, "--out", str(out), *arguments)
    return Answered(done.returncode, done.stdout, done.stderr)


@dataclass
class Steps:
    soon: Answered
    later: Answered
    calendar: Answered
    compared: Answered
    other_stack: Answered
    passphrase: Answered
    document: dict[str, Any]


@pytest.fixture(scope="module")
def steps(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    stack = Stack.of_this_project(tmp_path_factory.mktemp("expiring"), engine_sandbox.environment)
    reports = tmp_path_factory.mktemp("reports")
    stack.config("searches[0].name", "first")
    stack.config("consent.expires", SOON)
    stack.up()
    review(stack, reports / "before")
    before = str(reports / "before/report.json")
    soon, calendar = in_process(stack, "expiring", "--json"), in_process(stack, "expiring", "--ics")
    later = in_process(stack, "expiring", "--within", "8d")
    wrong = replace(stack, environment={**stack.environment, "PULUMI_CONFIG_PASSPHRASE": "wrong"})
    passphrase = in_process(wrong, "expiring", "--json")

    stack.config("consent.expires", "2099-12-31")
    stack.config("searches[1].name", "second")
    stack.up()
    compared = review_in_a_process_of_its_own(stack, reports / "after", "--against", before)
    document = json.loads((reports / "after/report.json").read_text())["changes"]
    foreign = json.loads(Path(before).read_text())
    foreign["provenance"]["stack"] = "another"
    (reports / "foreign.json").write_text(json.dumps(foreign))
    other_stack = review(stack, reports / "refused", "--against", str(reports / "foreign.json"))
    return Steps(soon, later, calendar, compared, other_stack, passphrase, document)


def test_search_and_domain_are_about_to_lose_their_consent(steps: Steps) -> None:
    found = json.loads(steps.soon.out)["expiring"]
    assert (steps.soon.code, [(one["kind"], one["on"], one["days_left"]) for one in found]) == (
        1,
        [("search", SOON, 9), ("domain", SOON, 9)],
    )


def test_one_day_less_finds_nothing(steps: Steps) -> None:
    assert (steps.later.code, steps.later.out.startswith("Nothing ends")) == (0, True)


def test_the_calendar_has_an_event_for_each(steps: Steps) -> None:
    assert len(Calendar.from_ical(steps.calendar.out).walk("VEVENT")) == 2


def test_it_needs_no_passphrase(steps: Steps) -> None:
    assert (steps.passphrase.code, steps.passphrase.out) == (1, steps.soon.out)


def test_the_added_search_is_a_change(steps: Steps) -> None:
    assert [name for name in steps.document["searches_added"] if "second" in name] == steps.document[
        "searches_added"
    ]
    assert "+ search" in steps.compared.out


def test_the_renewed_consent_is_a_change(steps: Steps) -> None:
    changed = {(one["field"], one["before"], one["after"]) for one in steps.document["consent"]}
    assert ("expires", SOON, "2099-12-31") in changed


def test_the_report_of_another_stack_is_refused(steps: Steps) -> None:
    assert (steps.other_stack.code, "is about the stack" in steps.other_stack.error) == (2, True)
