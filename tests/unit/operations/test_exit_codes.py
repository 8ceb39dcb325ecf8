"""Exit codes of the commands, with one line on stderr and without a traceback."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from speaker_search_operations.exit_codes import with_exit_codes
from typer import Exit

from sandbox.environment import ROOT
from tests.command_in_process import Answered
from tests.unit.operations.canned_pulumi import CannedPulumi, idle, task

COMMANDS = [("status",), ("sweep",), ("stop", "--all"), ("stop", "search")]


def is_one_line(said: Answered) -> bool:
    return len(said.error.strip().splitlines()) == 1 and "Traceback" not in said.error


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
class TestEachCommand:
    def test_a_wrong_endpoint_is_wrong_input(self, command: tuple[str, ...], tmp_path: Path) -> None:
        endpoints = {"value": '[{"chimesdkmediapipelines": "not a url"}]', "secret": False}
        there = CannedPulumi.of(tmp_path, task(), config={"aws:endpoints": endpoints})
        said = there.speaker_search(*command)
        assert (said.code, is_one_line(said), "aws:endpoints" in said.error) == (2, True, True)

    def test_no_project_is_wrong_input(self, command: tuple[str, ...], tmp_path: Path) -> None:
        there = CannedPulumi.of(tmp_path)
        (tmp_path / "Pulumi.yaml").unlink()
        said = there.speaker_search(*command)
        assert (said.code, is_one_line(said)) == (2, True)

    def test_a_state_that_can_not_be_read_is_no_finding(
        self, command: tuple[str, ...], tmp_path: Path
    ) -> None:
        there = CannedPulumi.of(tmp_path, answers={"stack export": "no JSON"})
        said = there.speaker_search(*command)
        assert (said.code, is_one_line(said)) == (2, True)

    def test_what_goes_wrong_in_the_command_itself_is_no_finding(
        self, command: tuple[str, ...], tmp_path: Path
    ) -> None:
        there = CannedPulumi.of(tmp_path, answers={"whoami": json.dumps(["not an object"])})
        said = there.speaker_search(*command)
        assert (said.code, is_one_line(said)) == (3, True)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_local_aws_that_does_not_run_is_said_with_the_command_that_starts_it(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    said = CannedPulumi.of(tmp_path, task()).speaker_search(*command)
    assert (said.code, is_one_line(said), "sandbox start" in said.error) == (2, True, True)


def test_the_installed_command_ends_as_the_one_in_this_process_does(tmp_path: Path) -> None:
    there = CannedPulumi.of(tmp_path, answers={"stack export": "no JSON"})
    said = there.speaker_search_process("status")
    assert (said.code, is_one_line(said)) == (2, True)
    assert said == there.speaker_search("status")


def test_an_output_that_was_closed_is_no_failure(tmp_path: Path) -> None:
    there = CannedPulumi.of(tmp_path, idle())
    command = f"{shlex.quote(str(ROOT / '.venv/bin/speaker-search'))} status >&-"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env=there.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_broken_config_file_is_no_obstacle_where_the_state_names_the_account(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    said = CannedPulumi.of(tmp_path, task(), answers={"config --json": "no JSON"}).speaker_search(*command)
    assert "`pulumi config --json` is not JSON" in said.error
    assert "The credentials of the environment are used" in said.error


@pytest.mark.parametrize("command", [("status",), ("sweep",), ("stop", "--all")], ids=" ".join)
def test_without_config_and_account_nothing_is_asked_of_aws(command: tuple[str, ...], tmp_path: Path) -> None:
    said = CannedPulumi.of(tmp_path, answers={"config --json": "no JSON"}).speaker_search(*command)
    assert (said.code, is_one_line(said), "The credentials" in said.error) == (2, True, False)


def test_markup_in_a_name_is_text(tmp_path: Path) -> None:
    said = CannedPulumi.of(tmp_path, idle("[/nope] [red]x[/]")).speaker_search("status")
    assert "[/nope] [red]x[/]" in said.out


def test_escape_sequences_of_a_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    said = CannedPulumi.of(tmp_path, idle("\x1b[2Jgone\x07")).speaker_search("status")
    assert not {"\x1b", "\x07"} & set(said.out + said.error)


def test_a_terminal_without_umlauts_shows_escapes(tmp_path: Path) -> None:
    said = CannedPulumi.of(tmp_path, idle("größe")).speaker_search_process("status", PYTHONIOENCODING="ascii")
    assert (said.code, r"gr\xf6\xdfe" in said.out) == (0, True)


def test_a_key_that_can_not_be_decrypted_is_named_and_no_end(tmp_path: Path) -> None:
    there = CannedPulumi.of(tmp_path, idle(), config={"aws:secretKey": {"secret": True}})
    said = there.speaker_search("status")
    assert ("aws:secretKey can't be decrypted" in said.error, said.code) == (True, 0)


def test_a_list_of_stacks_that_can_not_be_read_is_no_obstacle_to_a_stop(tmp_path: Path) -> None:
    there = CannedPulumi.of(tmp_path, idle(), answers={"stack ls": "no JSON"})
    said = there.speaker_search("stop", "search", "--json")
    assert json.loads(said.out)["searches"][0]["name"] == "search"


def test_a_long_name_is_not_folded_in_a_pipe(tmp_path: Path) -> None:
    name = "a-search-with-a-long-name-" * 8
    said = CannedPulumi.of(tmp_path, idle(name)).speaker_search("status", COLUMNS="60")
    assert name in said.out


def test_a_secret_domain_is_no_crash(tmp_path: Path) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1"}
    there = CannedPulumi.of(tmp_path, task(voice_profile_domain_arn=secret, identifier=secret))
    said = there.speaker_search("status")
    assert (said.code, "the id of its pipeline is a secret" in said.out) == (2, True)


def test_a_pipe_that_nobody_reads_is_no_finding(tmp_path: Path) -> None:
    there = CannedPulumi.of(tmp_path, *(idle(f"search-{number}") for number in range(3)))
    command = f"{ROOT / '.venv/bin/speaker-search'} status; echo $? > code"
    done = subprocess.run(
        ["bash", "-c", f"(sleep 0.5; {command}) | true"],
        cwd=tmp_path,
        env=there.environment(PYTHONUNBUFFERED="1"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ((tmp_path / "code").read_text().strip(), done.stderr) == ("3", "")


def test_a_crash_names_what_shows_more(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise ZeroDivisionError("by zero")

    with pytest.raises(Exit) as ended:
        with_exit_codes(broken)()
    said = capsys.readouterr().err
    assert (ended.value.exit_code, "SPEAKER_SEARCH_TRACEBACK" in said) == (3, True)


def test_an_exit_of_the_command_is_kept() -> None:
    def finds_something() -> None:
        raise Exit(1)

    with pytest.raises(Exit) as ended:
        with_exit_codes(finds_something)()
    assert ended.value.exit_code == 1
