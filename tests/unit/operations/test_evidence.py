"""The evidence file of a withdrawal: whatever is done to it shows, and an interrupted one goes on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from pulumi_speaker_search.lifecycle.orphans import Unread
from pulumi_speaker_search.lifecycle.request_record import SentRequest
from pulumi_speaker_search.lifecycle.withdrawal.parts import Action, Holdings, Part, Step
from speaker_search_operations.exit_codes import ExitCode
from speaker_search_operations.main import app
from speaker_search_operations.pulumi_backend import CommandError
from speaker_search_operations.withdraw.evidence_chain import read_chain
from speaker_search_operations.withdraw.evidence_file import EvidenceFile
from speaker_search_operations.withdraw.verification import Verdict, verify_file
from typer.testing import CliRunner

from sandbox.environment import ROOT

RECORD = "synthetic-voices/0001"
MOMENT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
REQUESTS = (SentRequest(operation="DeleteVoiceProfile", request_id="1111"),)
PROFILE = Part(
    action=Action.DELETE_PROFILE,
    noun="voice profile",
    id="vp-1",
    region="us-east-1",
    observed="Enrolled",
    is_left=True,
    requests=REQUESTS,
)
SAID = "User: arn:aws:iam::123456789012:user/jane.roe is not authorized"
FAILED = Step(
    part=PROFILE, observed=None, requests=REQUESTS, error="RefusedError", text=SAID, aws_code="Forbidden"
)


def written(file: Path, record: str = RECORD) -> EvidenceFile:
    return EvidenceFile(file, record, lambda: MOMENT)


def test_a_run_that_found_nothing_is_no_trace_of_something(tmp_path: Path) -> None:
    with written(tmp_path / "evidence.jsonl") as journal:
        journal.begin(stack="dev", project="project", regions=["us-east-1"], found=Holdings())
        journal.verify(Holdings())
    with written(tmp_path / "evidence.jsonl") as journal:
        assert not journal.found_before


def test_a_run_that_found_something_is_remembered(file: Path) -> None:
    with written(file) as journal:
        assert journal.found_before


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The evidence of one run, with an entry of each kind but `recovered`."""
    path = tmp_path / "evidence.jsonl"
    with written(path) as journal:
        unread = Unread(name="the voice profile domains", reason="No.", region="us-east-1")
        journal.begin(
            stack="dev",
            project="project",
            regions=["us-east-1"],
            found=Holdings(parts=(PROFILE,), unread=(unread,)),
        )
        journal.intend(PROFILE)
        journal.record(FAILED)
        journal.record(Step(part=PROFILE, observed="not found", requests=REQUESTS))
        journal.verify(Holdings(parts=(PROFILE,)))
    return path


def verdict(file: Path, content: bytes, noted: str | None = None) -> Verdict:
    file.write_bytes(content)
    return verify_file(file, noted).verdict


def test_what_was_written_is_intact(file: Path) -> None:
    checked = verify_file(file, None)
    assert (checked.verdict, checked.entries, checked.left) == (Verdict.INTACT, 6, 1)


def test_every_changed_byte_shows(file: Path) -> None:
    content = file.read_bytes()
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= 1
        assert read_chain(bytes(changed)).fault, f"byte {position}"


@pytest.mark.parametrize("line_break", [b"", b"\n"], ids=["unfinished", "whole"])
def test_a_line_of_too_many_brackets_is_a_change(file: Path, line_break: bytes) -> None:
    deep = b'{"a":' * 200_000 + b"1" + b"}" * 200_000
    assert verdict(file, file.read_bytes() + deep + line_break) is Verdict.CHANGED


def test_a_removed_line_shows(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    for number in range(len(lines) - 1):
        assert verdict(file, b"".join(lines[:number] + lines[number + 1 :])) is Verdict.CHANGED


def test_lines_in_another_order_show(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    lines[2], lines[3] = lines[3], lines[2]
    assert verdict(file, b"".join(lines)) is Verdict.CHANGED


def test_an_added_line_shows(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    assert verdict(file, b"".join([*lines, lines[-1]])) is Verdict.CHANGED
    assert verdict(file, b"".join([*lines, b"\n"])) is Verdict.CHANGED


def test_lines_removed_from_the_end_are_found_only_by_the_noted_hash(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    noted = json.loads(lines[-1])["hash"]
    assert verdict(file, b"".join(lines)) is Verdict.INTACT
    assert verdict(file, b"".join(lines[:-1]), noted) is Verdict.CHANGED
    assert verdict(file, b"".join(lines), noted[:8]) is Verdict.INTACT


def test_a_line_that_ends_anywhere_is_an_interruption_and_no_change(file: Path) -> None:
    content = file.read_bytes()
    begin = content.rindex(b"\n", 0, -1) + 1
    for end in range(begin, len(content)):
        assert verdict(file, content[:end]) is Verdict.INTERRUPTED, f"at byte {end}"


def test_something_else_at_the_end_is_a_change(file: Path) -> None:
    content = file.read_bytes()
    assert verdict(file, content + b"x") is Verdict.CHANGED
    assert verdict(file, content[:-1] + b"x") is Verdict.CHANGED


@pytest.mark.parametrize("cut", [1, 2, 20])
def test_the_next_run_continues_a_file_with_an_incomplete_line(file: Path, cut: int) -> None:
    content = file.read_bytes()[:-cut]
    file.write_bytes(content)
    with written(file) as journal:
        journal.verify(Holdings())
    assert verify_file(file, None).verdict is Verdict.INTACT
    (recovered,) = [one for one in read_chain(file.read_bytes()).entries if one["event"] == "recovered"]
    assert recovered["fragment_bytes"] == len(content) - content.rindex(b"\n") - 1


def test_a_changed_file_is_not_continued(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"vp-1", b"vp-2"))
    with pytest.raises(CommandError, match="was changed: line 2"):
        written(file)


def test_a_file_of_another_record_is_not_continued(file: Path) -> None:
    with pytest.raises(CommandError, match="of another consent record"):
        written(file, "synthetic-voices/0002")


def test_two_processes_do_not_write_one_file(file: Path) -> None:
    with written(file), pytest.raises(CommandError, match="Another process writes"):
        written(file)


def test_a_folder_that_does_not_exist_is_an_error_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written: No such file"):
        written(tmp_path / "nowhere" / "evidence.jsonl")


def test_each_entry_is_on_the_disk_before_the_next_step(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", lambda _file: synced.append(file.stat().st_size))
    with written(file) as journal:
        journal.intend(PROFILE)
        journal.record(Step(part=PROFILE, observed="not found", requests=REQUESTS))
    assert len(synced) == 2
    assert synced[-1] == file.stat().st_size


def test_a_profile_whose_deletion_was_interrupted_is_known(file: Path) -> None:
    with written(file) as journal:
        journal.intend(PROFILE)
        assert journal.unfinished_profiles == {"vp-1": "us-east-1"}
        journal.record(Step(part=PROFILE, observed="not found", requests=REQUESTS))
        assert journal.unfinished_profiles == {}


def test_what_aws_says_is_no_part_of_the_evidence(file: Path) -> None:
    assert "jane" not in file.read_text()


def test_every_entry_is_as_the_schema_describes_it(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5])
    with written(file) as journal:
        journal.verify(Holdings())
    schema = json.loads((ROOT / "docs/schemas/withdrawal-evidence.schema.json").read_text())
    entries = [json.loads(line) for line in file.read_text().splitlines()]
    for entry in entries:
        jsonschema.Draft202012Validator(schema).validate(entry)
    assert {entry["event"] for entry in entries} == {
        one["properties"]["event"]["const"] for one in schema["oneOf"]
    }


@pytest.mark.parametrize(("cut", "code"), [(None, ExitCode.OK), (-3, ExitCode.INTERRUPTED_EVIDENCE), (-1, 4)])
def test_the_exit_code_says_whether_the_file_is_complete(file: Path, cut: int | None, code: int) -> None:
    file.write_bytes(file.read_bytes()[:cut])
    assert CliRunner().invoke(app, ["withdraw", "--verify", str(file)]).exit_code == code


def test_the_exit_code_of_a_changed_file_is_1(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"vp-1", b"vp-2"))
    shown = CliRunner().invoke(app, ["withdraw", "--verify", str(file), "--json"])
    schema = json.loads((ROOT / "docs/schemas/withdraw-verify.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(shown.stdout))
    assert shown.exit_code == ExitCode.FINDINGS


def test_a_file_that_is_not_there_can_not_be_verified(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["withdraw", "--verify", str(tmp_path / "nothing")])
    assert (shown.exit_code, "can't be read" in shown.stderr) == (ExitCode.UNREADABLE, True)
