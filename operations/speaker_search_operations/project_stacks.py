"""Read every stack of a project. One that can't be read hides no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pulumi_speaker_search.lifecycle.ledger_carriers import each

from .pulumi_backend import (
    CommandError,
    OperatedStack,
    backend_url,
    project_file,
    project_name,
    pulumi_json,
    read_stack,
)
from .review.pulumi_cli import InstalledCli, PulumiCli, ReviewError

CONFIG_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, kw_only=True)
class ProjectStacks:
    """The stacks of a project.

    Attributes:
        stacks: Those that have resources and could be read.
        unread: Name → reason, of what could not be read.
    """

    project: str
    stacks: tuple[OperatedStack, ...]
    unread: tuple[tuple[str, str], ...]


def read_project(folder: Path, cli: PulumiCli | None = None) -> ProjectStacks:
    """Read all stacks that the backend has of the project in this folder.

    Raises:
        CommandError: There is no project or no CLI, or the CLI does not say which backend it uses.
    """
    file = project_file(folder)
    pulumi = cli or InstalledCli(folder)
    try:
        names, unlisted = _names(pulumi, file.parent)
        url = backend_url(pulumi)
    except ReviewError as error:
        raise CommandError(str(error)) from error

    def read(name: str) -> OperatedStack | str:
        try:
            return read_stack(folder, name, pulumi, url=url)
        except CommandError as error:
            return str(error)

    read_stacks = list(zip(names, each(read, names), strict=True))
    return ProjectStacks(
        project=project_name(file),
        stacks=tuple(stack for _, stack in read_stacks if isinstance(stack, OperatedStack)),
        unread=(*unlisted, *((name, reason) for name, reason in read_stacks if isinstance(reason, str))),
    )


def _names(pulumi: PulumiCli, folder: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the names of the stacks; if they can't be listed, those with a config file, and why.

    In a `file://` backend one state that can't be read fails the whole list [R engine 3.259].
    """
    try:
        listed = pulumi_json(pulumi, "stack", "ls", "--json")
    except CommandError as error:
        reason = f"{error} Only stacks with a config file beside Pulumi.yaml are shown."
        return sorted(_configured(folder)), [("list of stacks", reason)]
    return [str(one["name"]) for one in listed if one.get("resourceCount") != 0], []


def _configured(folder: Path) -> Iterator[str]:
    for suffix in CONFIG_SUFFIXES:
        for file in folder.glob(f"Pulumi.*{suffix}"):
            yield file.name.removeprefix("Pulumi.").removesuffix(suffix)
