"""`speaker-search withdraw` on the local AWS: all that is under one consent record ends, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import jsonschema
import pytest
from pulumi_speaker_search.lifecycle.errors import ConsentError
from speaker_search_operations.exit_codes import ExitCode
from speaker_search_operations.main import app
from speaker_search_operations.withdraw.evidence_chain import read_chain
from typer.testing import CliRunner

from reliability.withdraw_scene import WITHDRAWN_RECORD, start_again
from sandbox.environment import ROOT
from tests.sandbox_process import SandboxProcess
from tests.unit.operations.withdrawing_place import Place, Ran, prepare

EVIDENCE = "withdrawal-synthetic-voices-0001.jsonl"
DESTROYING = {
    "StopSpeakerSearchTask",
    "StopVoiceToneAnalysisTask",
    "DeleteMediaPipeline",
    "DeleteVoiceProfile",
    "TagResource",
    "TagStream",
}

PREFIXES = {"chime-sdk-media-pipelines": "chime", "chime-sdk-voice": "chime"}
"""Service in the log → its prefix in IAM, where they differ."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@dataclass(frozen=True)
class Played:
    """What the commands of one withdrawal printed, and the account after them."""

    place: Place
    refused: Ran
    dry: Ran
    calls_of_dry: list[str]
    done: Ran
    calls: list[str]
    again: Ran
    calls_of_again: list[str]
    asked: set[tuple[str, str]]
    tags_before: dict[str, dict[str, str]]
    tags: dict[str, dict[str, str]]
    alive: set[str]
    profiles: set[str]


@pytest.fixture(scope="module")
def played(sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Played:
    place = prepare(sandbox, tmp_path_factory.mktemp("withdraw"))
    tags_before = place.tags()
    refused = place.withdraw()
    first = place.last_call()
    start = place.last_call()
    dry = place.withdraw("--dry-run", "--json")
    calls_of_dry = place.calls(start)
    start = place.last_call()
    done = place.withdraw("--yes", "--json")
    calls = place.calls(start)
    start = place.last_call()
    again = place.withdraw("--yes", "--json")
    return Played(
        place=place,
        refused=refused,
        dry=dry,
        calls_of_dry=calls_of_dry,
        done=done,
        calls=calls,
        again=again,
        calls_of_again=place.calls(start),
        asked={
            (call["service"], call["operation"])
            for call in sandbox.control.calls(after=first)
            if call["service"] != "sts"
        },
        tags_before=tags_before,
        tags=place.tags(),
        alive=place.alive(),
        profiles=place.profiles(),
    )


def test_without_a_terminal_and_without_yes_it_refuses(played: Played) -> None:
    assert played.refused.code == ExitCode.UNREADABLE
    assert "Nothing was done. Add --yes" in played.refused.error


def test_a_dry_run_changes_nothing_and_says_that_something_is_left(played: Played) -> None:
    assert DESTROYING.isdisjoint(played.calls_of_dry)
    assert played.dry.code == ExitCode.FINDINGS


def test_a_dry_run_names_all_that_is_under_the_record(played: Played) -> None:
    scene = played.place.scene
    expected = {
        scene.domain_arn,
        *scene.stream_arns,
        *scene.pipeline_arns,
        *scene.profile_ids,
        *scene.task_ids[:3],
        scene.interrupted_pipeline_id,
    }
    assert {part["id"] for part in played.dry.json["left"]} == expected


def test_it_ends_with_0_and_nothing_left(played: Played) -> None:
    assert (played.done.code, played.done.json["nothing_left"]) == (ExitCode.OK, True)


def test_no_task_under_the_record_listens_in_state_or_not(played: Played) -> None:
    assert played.alive == {played.place.scene.other_task_id}


def test_no_profile_under_the_record_is_left(played: Played) -> None:
    assert played.profiles == {played.place.scene.other_profile_id}


def test_the_consent_is_marked_before_anything_ends(played: Played) -> None:
    acts = [call for call in played.calls if call in DESTROYING]
    marks = ["TagResource"] * 4 + ["TagStream"] * 3
    assert sorted(acts[:7]) == marks


def test_every_resource_of_the_record_says_that_it_is_withdrawn(played: Played) -> None:
    scene = played.place.scene
    arns = {scene.domain_arn, *scene.stream_arns, *scene.pipeline_arns[:2]}
    assert {played.tags[arn]["consent:status"] for arn in arns} == {"withdrawn"}


def test_the_other_tags_are_kept(played: Played) -> None:
    for arn, tags in played.tags.items():
        without_status = {key: value for key, value in tags.items() if key != "consent:status"}
        before = {key: value for key, value in played.tags_before[arn].items() if key != "consent:status"}
        assert without_status == before


def test_what_is_under_another_record_is_left_alone(played: Played) -> None:
    scene = played.place.scene
    for arn in (scene.other_domain_arn, scene.other_stream_arn, scene.other_pipeline_arn):
        assert played.tags[arn] == played.tags_before[arn]


def test_a_second_run_does_nothing_more(played: Played) -> None:
    assert played.again.code == ExitCode.OK
    assert DESTROYING.isdisjoint(played.calls_of_again)


def test_the_reports_are_as_the_schema_describes_them(played: Played) -> None:
    schema = json.loads((ROOT / "docs/schemas/withdraw.schema.json").read_text())
    for report in (played.dry.json, played.done.json, played.again.json):
        jsonschema.Draft202012Validator(schema).validate(report)


def test_the_evidence_has_an_intent_before_each_result(played: Played) -> None:
    entries = read_chain((played.place.folder / EVIDENCE).read_bytes()).entries
    intents = [
        (one["action"], one["resource"]["id"], one["sequence"]) for one in entries if one["event"] == "intent"
    ]
    results = {
        (one["action"], one["resource"]["id"]): one["sequence"] for one in entries if one["event"] == "result"
    }
    assert len(intents) == len(results) == len(played.dry.json["left"])
    assert all(results[action, id_] > sequence for action, id_, sequence in intents)


def test_the_evidence_names_the_requests_that_aws_answered(played: Played) -> None:
    entries = read_chain((played.place.folder / EVIDENCE).read_bytes()).entries
    known = {call["request_id"]: call["operation"] for call in played.place.sandbox.control.calls()}
    for entry in entries:
        for request in entry.get("requests", ()):
            if request["operation"] == "GetCallerIdentity":
                continue  # the log of the local AWS has its own id for a service that moto answers
            assert known[request["request_id"]] == request["operation"]
    profile = next(one for one in entries if one.get("action") == "delete-profile" and "requests" in one)
    assert profile["requests"][0]["operation"] == "DeleteVoiceProfile"
    assert profile["verified"]["operation"] == "GetVoiceProfile"


def test_the_hash_that_is_printed_is_the_last_one(played: Played) -> None:
    chain = read_chain((played.place.folder / EVIDENCE).read_bytes())
    assert chain.last_hash == played.again.json["last_hash"]


def test_the_role_of_the_privacy_officer_allows_every_call(played: Played) -> None:
    policy = json.loads((ROOT / "docs/permissions/privacy-officer.json").read_text())
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    asked = {f"{PREFIXES.get(service, service)}:{operation}" for service, operation in played.asked}
    assert asked <= allowed
    assert not [action for action in allowed if "Start" in action or "Create" in action or "*" in action]


def test_a_start_under_the_record_is_refused_afterwards(played: Played) -> None:
    with pytest.raises(ConsentError, match="is not valid in AWS"):
        start_again(played.place.sandbox.endpoint, played.place.scene)


def test_the_next_step_is_a_refresh(played: Played) -> None:
    again = played.place.withdraw("--yes")
    assert (again.code, "`pulumi refresh` before a new consent record" in again.out) == (ExitCode.OK, True)


def test_a_record_that_nothing_is_under_is_named(played: Played) -> None:
    done = played.place.withdraw("--dry-run", record="misspelt/0001")
    assert (done.code, "Check its spelling" in done.error) == (ExitCode.UNREADABLE, True)


def test_withdrawing_a_record_that_nothing_is_under_is_no_success(played: Played) -> None:
    done = played.place.withdraw("--yes", record="misspelt/0002")
    assert (done.code, "nothing is left" in done.out) == (ExitCode.UNREADABLE, False)


def test_the_beginning_of_a_record_is_another_record(played: Played) -> None:
    assert played.place.withdraw("--dry-run", record=WITHDRAWN_RECORD[:-1]).code == ExitCode.UNREADABLE


def test_a_region_that_does_not_exist_is_refused(played: Played) -> None:
    done = played.place.withdraw("--yes", "--region", "us-esat-1")
    assert (done.code, "us-esat-1 is no region" in done.error) == (ExitCode.UNREADABLE, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["withdraw"], "Name the consent record"),
        (["withdraw", "--record-ref", "short"], "--record-ref takes 8 to 128"),
        (["withdraw", "--record-ref", WITHDRAWN_RECORD, "--json"], "--json does not ask"),
        (["withdraw", "--record-ref", WITHDRAWN_RECORD, "--last-hash", "0" * 64], "needs --verify"),
    ],
)
def test_wrong_input_is_an_error_before_any_call(arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, message in done.stderr) == (ExitCode.UNREADABLE, True)


def test_the_help_has_an_example_that_can_be_copied_from_one_line() -> None:
    environment = {"COLUMNS": "60", "TERM": "dumb", "NO_COLOR": "1"}
    shown = CliRunner().invoke(app, ["withdraw", "--help"], env=environment).output
    assert "Example: speaker-search withdraw --record-ref r/2026/0042" in shown
    assert max(len(line) for line in shown.splitlines()) <= 60
