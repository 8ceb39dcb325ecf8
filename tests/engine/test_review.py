"""`speaker-search review` with the real engine and both packs: previews, stored state, and each exit code."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.environment import ROOT
from tests.engine.conftest import be_quick
from tests.engine.reviewed_stack import Reviewed, run_review
from tests.engine.stack import Stack
from tests.sandbox_process import SandboxProcess

FILES = {"report.html", "report.md", "report.sarif", "report.junit.xml", "report.json"}
IN_SCOPE = {
    "SdkvoiceVoiceProfileDomain",
    "VideoStream",
    "MediaInsightsPipelineConfiguration",
    "MediaInsightsPipeline",
    "SpeakerSearchTask",
}
LISTENING = {"MediaInsightsPipeline", "SpeakerSearchTask"}
EXEMPTION = {
    "rule": "consent-retention",
    "resource": "search",
    "reference": "DPIA-2026/17",
    "owner": "privacy-office",
    "reason": "The archive shortens the retention in its next release",
}

SECRET, PERSON, HOSTILE = "s3cr3t-value-1", "ada@example.org", "<script>alert(1)</script>|`x`"
ODD_PROGRAM = f"""
import pulumi, pulumi_aws as aws
first = aws.kinesis.VideoStream("call-of-{PERSON}", name="one", data_retention_in_hours=24,
    tags={{"consent:record-ref": "records/00000001", "consent:method": "Ada told me so"}})
second = aws.kinesis.VideoStream("plain", name="two", data_retention_in_hours=24,
    tags={{"consent:record-ref": pulumi.Output.secret("{SECRET}"), "consent:status": "given"}})
aws.kinesis.VideoStream("{HOSTILE}", name="three", data_retention_in_hours=24,
    tags={{"consent:record-ref": first.arn, "consent:status": "given"}})
"""


def made_stack(sandbox: SandboxProcess, folder: Path) -> Stack:
    sandbox.control.reset()
    be_quick(sandbox.control)
    stack = Stack.of_this_project(folder, sandbox.environment)
    # The sandbox's own config leaves the domain unprotected, so that `make down` can delete it.
    stack.config("protectDomain", "true")
    return stack


@pytest.fixture(scope="module")
def passed(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """The project as it is, before anything is made."""
    stack = made_stack(engine_sandbox, tmp_path_factory.mktemp("passed"))
    return run_review(stack, "--stack", stack.name)


@pytest.fixture(scope="module")
def refused(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """Consent that has expired, and data that is kept for too long, with an exemption for what is named `search`."""
    stack = made_stack(engine_sandbox, tmp_path_factory.mktemp("refused"))
    stack.config("consent.expires", "2020-01-01")
    stack.config("consent.retentionDays", "1200")
    until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 24 * 3600))
    config = stack.folder / "consent.json"
    config.write_text(json.dumps({"consent-exemptions": {"exemptions": [{**EXEMPTION, "until": until}]}}))
    empty = stack.folder / "safeguards.json"
    empty.write_text("{}")
    return run_review(
        stack, "--stack", stack.name, "--policy-pack-config", str(config), "--policy-pack-config", str(empty)
    )


@pytest.fixture(scope="module")
def odd(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """A program that puts a person, a secret, an unknown value and a script into names and tags."""
    stack = made_stack(engine_sandbox, tmp_path_factory.mktemp("odd"))
    (stack.folder / "__main__.py").write_text(ODD_PROGRAM)
    return run_review(stack, "--stack", stack.name)


@dataclass(frozen=True)
class Deployed:
    """The reviews of the project after its `up`, and its state as the CLI exports it."""

    exported: dict[str, Any]
    stored: Reviewed
    previewed: Reviewed
    expired: Reviewed
    """Of a file: the exported state, in which every consent has expired."""


@pytest.fixture(scope="module")
def deployed(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    stack = made_stack(engine_sandbox, tmp_path_factory.mktemp("deployed"))
    stack.up()
    exported = stack.pulumi("stack", "export").text
    return Deployed(
        exported=json.loads(exported),
        stored=run_review(stack, "--stack", stack.name, "--deployed"),
        previewed=run_review(stack, "--stack", stack.name),
        expired=run_review(stack, "--file", str(write_expired(stack.folder / "state.json", exported))),
    )


def write_expired(file: Path, exported: str) -> Path:
    """Write the state to a file, with every consent expired."""
    state = json.loads(exported)
    for resource in state["deployment"]["resources"]:
        for side in ("inputs", "outputs"):
            for tags in ("tags", "tagsAll"):
                if "consent:expires" in resource.get(side, {}).get(tags, {}):
                    resource[side][tags]["consent:expires"] = "2020-01-01"
    file.write_text(json.dumps(state))
    return file


# A stack that both packs let pass


def test_the_sandbox_stack_passes_both_packs(passed: Reviewed) -> None:
    assert (passed.code, passed.report["counts"]["refused"]) == (0, 0), passed.terminal


def test_its_review_is_complete(passed: Reviewed) -> None:
    assert (passed.report["complete"], passed.report["gaps"]) == (True, [])


def test_all_five_reports_are_written(passed: Reviewed) -> None:
    assert {path.name for path in passed.out.iterdir()} == FILES


def test_the_engine_itself_says_where_a_rule_has_passed(passed: Reviewed) -> None:
    assert passed.types("passed", "consent-tags-required") == IN_SCOPE


def test_every_resource_in_scope_is_there_with_its_consent_tags(passed: Reviewed) -> None:
    found = {
        one["type"].rpartition(":")[2]: {tag["field"]: tag["value"] for tag in one["tags"]}
        for one in passed.report["resources"]
    }
    assert {found[type_name]["record-ref"] for type_name in IN_SCOPE} == {"sandbox/synthetic-voices/0001"}


def test_the_packs_say_how_their_rules_are_mended(passed: Reviewed) -> None:
    rules = [rule for pack in passed.report["packs"] for rule in pack["rules"]]
    assert len(rules) >= 20
    assert all(rule["remediation"] and rule["severity"] and rule["framework"] for rule in rules)


def test_versions_and_settings_of_the_packs_are_there(passed: Reviewed) -> None:
    assert all(pack["version"] and pack["digest"] and pack["settings"] for pack in passed.report["packs"])


def test_the_terminal_says_where_the_report_is(passed: Reviewed) -> None:
    assert str(passed.out / "report.html") in passed.terminal


def test_no_path_of_this_machine_is_in_a_report_but_the_packs_as_they_were_given(passed: Reviewed) -> None:
    for file in FILES:
        text = (passed.out / file).read_text().replace(f"{ROOT}/policies/", "")
        assert str(passed.out.parent) not in text, file
        assert str(ROOT) not in text, file


# A stack that is refused


def test_expired_consent_stops_the_search_and_refuses_nothing_that_stands_still(refused: Reviewed) -> None:
    assert refused.types("refused", "consent-in-force") == set()


def test_a_refusal_ends_with_1(refused: Reviewed) -> None:
    assert refused.code == 1


def test_a_refused_preview_is_a_complete_review(refused: Reviewed) -> None:
    assert refused.report["complete"] is True


def test_what_is_exempted_is_told_apart_from_what_is_refused(refused: Reviewed) -> None:
    # The pipeline and the task listen to nothing: their consent is over.
    assert refused.types("exempted", "consent-retention") == {"VideoStream"}


def test_an_exemption_says_by_whom_it_is(refused: Reviewed) -> None:
    owners = {one["exemption"]["owner"] for one in refused.report["judgements"] if one["exemption"]}
    assert owners == {"privacy-office"}


# A stack that would tell too much


@pytest.mark.parametrize("file", sorted(FILES))
@pytest.mark.parametrize("text", [SECRET, PERSON, "Ada told me so"])
def test_no_secret_and_no_person_reaches_a_report(odd: Reviewed, file: str, text: str) -> None:
    assert text not in (odd.out / file).read_text()
    assert text not in odd.terminal


def test_a_secret_tag_is_shown_as_a_secret_and_an_unknown_one_as_unknown(odd: Reviewed) -> None:
    states = {
        # The engine's order numbers what is withheld.
        one["name"].rstrip("1234567890 "): tag["state"]
        for one in odd.report["resources"]
        for tag in one["tags"]
        if tag["field"] == "record-ref"
    }
    assert states == {"plain": "secret", HOSTILE: "unknown", "(name withheld)": "withheld"}


def test_a_script_in_a_name_is_text_on_the_page(odd: Reviewed) -> None:
    html = (odd.out / "report.html").read_text()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


# Stored state


def test_the_stored_state_of_the_stack_passes(deployed: Deployed) -> None:
    made = deployed.stored
    assert (made.code, made.report["counts"]["refused"]) == (0, 0), made.terminal


def test_a_review_of_stored_state_says_of_which_state(deployed: Deployed) -> None:
    where = deployed.stored.report["provenance"]
    assert where["state_time"] == deployed.exported["deployment"]["manifest"]["time"]


def test_a_state_file_is_judged_as_the_stack_is(deployed: Deployed) -> None:
    made = deployed.expired
    assert (made.code, made.types("refused", "consent-in-force")) == (1, LISTENING), made.terminal


def test_each_search_has_a_row_that_says_whether_it_listens_and_what_changes(deployed: Deployed) -> None:
    (row,) = deployed.previewed.report["searches"]
    assert (row["line"], row["voice"]) == ("search, channel 0", "CUSTOMER, compared with voice-analytics")
    assert (row["record"], row["listens"], row["change"]) == ("sandbox/synthetic-voices/0001", "yes", "none")
