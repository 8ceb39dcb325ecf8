"""Stacks as the CLI tells of them: names short and long, states that can be read and some that can't."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from speaker_search_operations.pulumi_backend import CommandError, read_stack
from speaker_search_operations.review.pulumi_cli import CliResult

from tests.unit.operations.canned_pulumi import task


class Cli:
    """Answers by the beginning of the command; what has no answer fails. `asked`: every command."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> CliResult:
        command = " ".join(arguments)
        self.asked.append(command)
        for beginning, answer in self.answers.items():
            if command.startswith(beginning):
                return CliResult(0, answer if isinstance(answer, str) else json.dumps(answer), "")
        return CliResult(255, "", f"error: no {command}")


def exported(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"deployment": {"resources": list(resources)}}


def cli(answers: Mapping[str, Any] = MappingProxyType({})) -> Cli:
    usual = {
        "stack --show-name": "dev\n",
        "stack export --stack dev": exported(task()),
        "config --json": {},
        "whoami": {"url": "s3://bucket"},
        "stack ls --all": [],
    }
    return Cli({**usual, **answers})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
    return tmp_path


def test_the_selected_stack_is_read(folder: Path) -> None:
    record = read_stack(folder, None, cli()).record
    assert (record.stack, record.project, record.ids) == ("dev", "project", frozenset({"task-of-search"}))


def test_no_secret_is_asked_for(folder: Path) -> None:
    pulumi = cli()
    read_stack(folder, None, pulumi)
    assert not [one for one in pulumi.asked if "--show-secrets" in one]


@pytest.mark.parametrize("name", ["dev", "acme/dev", "acme/project/dev"])
def test_a_name_is_understood_however_it_is_qualified(folder: Path, name: str) -> None:
    record = read_stack(folder, name, cli({f"stack export --stack {name}": exported(task())})).record
    assert (record.stack, record.project) == ("dev", "project")


def test_the_names_in_the_state_itself_are_the_right_ones(folder: Path) -> None:
    urn = "urn:pulumi:dev::elsewhere::pulumi:pulumi:Stack::elsewhere-dev"
    state = exported({"urn": urn, "type": "pulumi:pulumi:Stack"}, task())
    pulumi = cli({"stack export --stack dev": state})
    assert read_stack(folder, None, pulumi).record.project == "elsewhere"


def test_a_project_is_found_from_a_folder_below(folder: Path) -> None:
    below = folder / "src"
    below.mkdir()
    assert read_stack(below, None, cli()).record.project == "project"


def test_a_missing_folder_is_an_error(folder: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        read_stack(folder / "missing", None, cli())


def test_no_selected_stack_is_an_error(folder: Path) -> None:
    pulumi = Cli({})
    with pytest.raises(CommandError, match="No stack is selected"):
        read_stack(folder, None, pulumi)


def test_an_unknown_stack_is_an_error_in_the_words_of_the_cli(folder: Path) -> None:
    with pytest.raises(CommandError, match="no stack export --stack prod"):
        read_stack(folder, "prod", cli())


def test_a_backend_that_does_not_tell_of_updates(folder: Path) -> None:
    assert read_stack(folder, None, cli()).update_in_progress() is None


@pytest.mark.parametrize(("reported", "update"), [(True, True), (False, False), (None, None)])
def test_pulumi_cloud_reports_updates(folder: Path, reported: bool | None, update: bool | None) -> None:
    summary = {"name": "acme/dev", **({} if reported is None else {"updateInProgress": reported})}
    pulumi = cli({"whoami": {"url": "https://api.pulumi.example"}, "stack ls --json": [summary]})
    assert read_stack(folder, None, pulumi).update_in_progress() is update


class TestOtherStacks:
    listed = (
        {"name": "dev", "resourceCount": 5},
        {"name": "organization/other/dev", "resourceCount": 5},
        {"name": "broken", "resourceCount": 5},
        {"name": "empty", "resourceCount": 0},
    )

    def pulumi(self) -> Cli:
        other = exported(task("elsewhere"))
        return cli(
            answers={"stack ls --all": self.listed, "stack export --stack organization/other/dev": other}
        )

    def test_those_of_other_projects_are_read(self, folder: Path) -> None:
        backend = read_stack(folder, None, self.pulumi()).other_stacks()
        assert backend.holder_of("task-of-elsewhere") == "organization/other/dev"

    def test_this_one_is_not_among_them(self, folder: Path) -> None:
        backend = read_stack(folder, None, self.pulumi()).other_stacks()
        assert backend.holder_of("task-of-search") is None

    def test_one_that_can_not_be_read_is_named(self, folder: Path) -> None:
        assert read_stack(folder, None, self.pulumi()).other_stacks().unread == ("broken",)

    def test_an_empty_one_is_not_exported(self, folder: Path) -> None:
        pulumi = self.pulumi()
        backend = read_stack(folder, None, pulumi).other_stacks()
        assert "empty" in {one.name for one in backend.stacks}
        assert "stack export --stack empty" not in pulumi.asked
