"""What a review says of a program, a config or a call that is not as it should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.reviewed_stack import Reviewed, run_review
from tests.engine.stack import Stack
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def empty(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The project of this repository before its first `up`, for reviews that change nothing of it."""
    engine_sandbox.control.reset()
    return Stack.of_this_project(tmp_path_factory.mktemp("empty"), engine_sandbox.environment)


@pytest.fixture
def project(engine_sandbox: SandboxProcess, tmp_path: Path) -> Stack:
    """A folder with a project and without a stack, for calls that end before the engine is asked."""
    (tmp_path / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
    return Stack(tmp_path, engine_sandbox.environment)


# What can't be reviewed


def test_a_program_that_breaks_is_no_passed_review(stack: Stack) -> None:
    (stack.folder / "__main__.py").write_text("raise RuntimeError('broken on purpose')\n")
    made = run_review(stack, "--stack", stack.name)
    assert made.code == 3, made.terminal


def test_a_stack_that_is_not_there_ends_with_3_and_says_so(empty: Stack) -> None:
    made = run_review(empty, "--stack", "nowhere")
    assert made.code == 3
    assert "nowhere" in made.terminal


def test_a_call_without_packs_ends_with_2_and_says_how_to_name_them(project: Stack) -> None:
    made = run_review(project, "--stack", project.name, packs=False)
    assert (made.code, "--policy-pack" in made.terminal) == (2, True)


def test_a_file_and_a_stack_together_end_with_2(project: Stack) -> None:
    (project.folder / "state.json").write_text("{}")
    assert run_review(project, "--file", "state.json", "--stack", project.name).code == 2


# What config keeps as a secret, and what it switches off


def test_a_secret_of_the_config_is_shown_neither_before_nor_after_the_update(stack: Stack) -> None:
    stack.config("protectDomain", "true")
    stack.pulumi(
        "config", "set", "--path", "speaker-search:consent.recordRef", "--secret", "register/4711-secret"
    )
    stack.up(expect=None)
    for options in ((), ("--deployed",)):
        made = run_review(stack, "--stack", stack.name, *options)
        for file in made.out.iterdir() if made.out.exists() else ():
            assert "4711-secret" not in file.read_text(), (file.name, options)
        assert "4711-secret" not in made.terminal


@pytest.fixture(scope="module")
def switched_off(empty: Stack) -> Reviewed:
    """The config of one pack switches two rules off, that of the other pack all of them."""
    consent = {"consent-in-force": "disabled", "consent-retention": "disabled"}
    return run_review_with(empty, consent=consent, safeguards={"all": "disabled"})


@pytest.fixture(scope="module")
def let_stand(empty: Stack) -> Reviewed:
    """The rules of one pack advise only, and one of the other pack lets this stack's domain stand."""
    safeguards = {"safeguards-domain-protected": {"unprotectedStacks": [empty.name]}}
    return run_review_with(empty, consent={"all": "advisory"}, safeguards=safeguards)


def run_review_with(stack: Stack, **settings: dict[str, Any]) -> Reviewed:
    """Review the stack with a config for each pack."""
    options = []
    for pack in ("consent", "safeguards"):
        file = stack.folder / f"{pack}.json"
        file.write_text(json.dumps(settings[pack]))
        options += ["--policy-pack-config", str(file)]
    return run_review(stack, "--stack", stack.name, *options)


def verdicts_of(made: Reviewed, pack: str) -> set[tuple[str, str]]:
    """Return (verdict, rule) of each judgement of a pack."""
    return {(one["verdict"], one["rule"]) for one in made.report["judgements"] if one["pack"] == pack}


def test_rules_that_config_switches_off_are_skipped(switched_off: Reviewed) -> None:
    verdicts = verdicts_of(switched_off, "speaker-search-consent")
    skipped = {rule for verdict, rule in verdicts if verdict == "skipped"}
    assert skipped == {"consent-in-force", "consent-retention"}, switched_off.terminal


def test_a_review_with_rules_that_are_switched_off_is_not_complete(switched_off: Reviewed) -> None:
    assert switched_off.code == 3, switched_off.terminal
    assert any(
        "2 rule(s) of speaker-search-consent are switched off" in gap for gap in switched_off.report["gaps"]
    )
    assert "No rule that ran" not in switched_off.terminal


def test_all_rules_switched_off_at_once_are_skipped(switched_off: Reviewed) -> None:
    verdicts = verdicts_of(switched_off, "speaker-search-safeguards")
    assert {verdict for verdict, _ in verdicts} == {"skipped"}, switched_off.terminal


def test_a_domain_that_only_the_stack_s_name_lets_stand_is_exempted_and_not_passed(
    let_stand: Reviewed,
) -> None:
    assert let_stand.types("exempted", "safeguards-domain-protected") == {"SdkvoiceVoiceProfileDomain"}
    assert let_stand.types("passed", "safeguards-domain-protected") == set()


def test_rules_that_config_lets_advise_only_are_told(let_stand: Reviewed) -> None:
    (softened,) = [
        one["softened"] for one in let_stand.report["packs"] if one["name"] == "speaker-search-consent"
    ]
    assert "consent-in-force" in softened, let_stand.terminal
