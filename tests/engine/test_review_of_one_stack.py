"""What a review says of a program, a config or a call that is not as it should be."""

from __future__ import annotations

import json

from tests.engine.reviewed_stack import run_review
from tests.engine.stack import Stack

# What can't be reviewed


def test_a_program_that_breaks_is_no_passed_review(stack: Stack) -> None:
    (stack.folder / "__main__.py").write_text("raise RuntimeError('broken on purpose')\n")
    made = run_review(stack, "--stack", stack.name)
    assert made.code == 3, made.terminal


def test_a_stack_that_is_not_there_ends_with_3_and_says_so(stack: Stack) -> None:
    made = run_review(stack, "--stack", "nowhere")
    assert made.code == 3
    assert "nowhere" in made.terminal


def test_a_call_without_packs_ends_with_2_and_says_how_to_name_them(stack: Stack) -> None:
    made = run_review(stack, "--stack", stack.name, packs=False)
    assert (made.code, "--policy-pack" in made.terminal) == (2, True)


def test_a_file_and_a_stack_together_end_with_2(stack: Stack) -> None:
    (stack.folder / "state.json").write_text("{}")
    assert run_review(stack, "--file", "state.json", "--stack", stack.name).code == 2


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


def test_rules_that_config_switches_off_are_skipped_and_the_review_is_not_complete(stack: Stack) -> None:
    stack.config("protectDomain", "true")
    config, empty = stack.folder / "consent.json", stack.folder / "safeguards.json"
    config.write_text(json.dumps({"consent-in-force": "disabled", "consent-retention": "disabled"}))
    empty.write_text("{}")
    made = run_review(
        stack, "--stack", stack.name, "--policy-pack-config", str(config), "--policy-pack-config", str(empty)
    )
    skipped = {one["rule"] for one in made.report["judgements"] if one["verdict"] == "skipped"}
    assert (made.code, skipped) == (3, {"consent-in-force", "consent-retention"}), made.terminal
    assert any("switched off" in gap for gap in made.report["gaps"])
    assert "No rule that ran" not in made.terminal


def test_all_rules_switched_off_at_once_are_skipped(stack: Stack) -> None:
    config, empty = stack.folder / "consent.json", stack.folder / "safeguards.json"
    config.write_text(json.dumps({"all": "disabled"}))
    empty.write_text("{}")
    made = run_review(
        stack, "--stack", stack.name, "--policy-pack-config", str(config), "--policy-pack-config", str(empty)
    )
    judged = {one["verdict"] for one in made.report["judgements"] if one["pack"] == "speaker-search-consent"}
    assert judged == {"skipped"}, made.terminal


def test_a_domain_that_only_the_stack_s_name_lets_stand_is_exempted_and_not_passed(stack: Stack) -> None:
    config, empty = stack.folder / "safeguards.json", stack.folder / "consent.json"
    config.write_text(json.dumps({"safeguards-domain-protected": {"unprotectedStacks": [stack.name]}}))
    empty.write_text("{}")
    made = run_review(
        stack, "--stack", stack.name, "--policy-pack-config", str(empty), "--policy-pack-config", str(config)
    )
    assert made.types("exempted", "safeguards-domain-protected") == {"SdkvoiceVoiceProfileDomain"}
    assert made.types("passed", "safeguards-domain-protected") == set()


def test_rules_that_config_lets_advise_only_are_told(stack: Stack) -> None:
    config, empty = stack.folder / "consent.json", stack.folder / "safeguards.json"
    config.write_text(json.dumps({"all": "advisory"}))
    empty.write_text("{}")
    made = run_review(
        stack, "--stack", stack.name, "--policy-pack-config", str(config), "--policy-pack-config", str(empty)
    )
    (softened,) = [one["softened"] for one in made.report["packs"] if one["name"] == "speaker-search-consent"]
    assert "consent-in-force" in softened, made.terminal
