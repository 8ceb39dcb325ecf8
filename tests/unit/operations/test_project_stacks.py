"""Every stack of a project: what can't be read is named and hides nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from speaker_search_operations.project_stacks import read_project
from speaker_search_operations.pulumi_backend import CommandError

from tests.unit.operations.canned_pulumi import task
from tests.unit.operations.test_pulumi_backend import Cli, exported, folder

__all__ = ["folder"]

USUAL = {"config --json": {}, "whoami": {"url": "s3://bucket"}}


def test_each_stack_with_resources_is_read(folder: Path) -> None:
    listed = [
        {"name": "dev", "resourceCount": 3},
        {"name": "prod", "resourceCount": 3},
        {"name": "new", "resourceCount": 0},
    ]
    states = {f"stack export --stack {name}": exported(task()) for name in ("dev", "prod")}
    found = read_project(folder, Cli({**USUAL, "stack ls --json": listed, **states}))
    assert ([stack.record.name for stack in found.stacks], found.unread) == (["dev", "prod"], ())


def test_the_backend_is_asked_for_once(folder: Path) -> None:
    listed = [{"name": "dev", "resourceCount": 3}, {"name": "prod", "resourceCount": 3}]
    pulumi = Cli({**USUAL, "stack ls --json": listed, "stack export": exported(task())})
    read_project(folder, pulumi)
    assert len([one for one in pulumi.asked if one.startswith("whoami")]) == 1


def test_one_that_can_not_be_read_is_named_beside_the_others(folder: Path) -> None:
    listed = [{"name": "dev", "resourceCount": 3}, {"name": "prod", "resourceCount": 3}]
    pulumi = Cli({**USUAL, "stack ls --json": listed, "stack export --stack dev": exported(task())})
    found = read_project(folder, pulumi)
    assert ([stack.record.name for stack in found.stacks], [name for name, _ in found.unread]) == (
        ["dev"],
        ["prod"],
    )


def test_without_a_list_the_stacks_with_a_config_file_are_read(folder: Path) -> None:
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    below = folder / "src"
    below.mkdir()
    found = read_project(below, Cli({**USUAL, "stack export --stack dev": exported(task())}))
    assert ([stack.record.name for stack in found.stacks], [name for name, _ in found.unread]) == (
        ["dev"],
        ["list of stacks"],
    )


def test_without_a_project_there_is_nothing_to_list(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no Pulumi project"):
        read_project(tmp_path, Cli({}))
