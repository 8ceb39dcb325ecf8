"""The states of a backend, read through the Pulumi CLI. No secret is decrypted, so that no passphrase is needed.

Only a key of the `aws:` stack config that is a secret itself is asked for, because without it AWS can't be reached as
the stack reaches it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.ownership import Backend
from pulumi_speaker_search.lifecycle.stack_record import StackRecord, record_of

from .review.pulumi_cli import InstalledCli, PulumiCli, ReviewError
from .state_locks import is_locked

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


class UnreadableError(Exception):
    """What a command needs can't be read, or what it was given is wrong. The text is one line and complete."""


@dataclass(frozen=True)
class StackName:
    """A stack's name in its parts; `organization` is None where it is not said."""

    organization: str | None
    project: str
    stack: str

    def is_same(self, other: StackName) -> bool:
        organizations = {self.organization, other.organization} - {None}
        same = (self.project, self.stack) == (other.project, other.stack)
        return same and len(organizations) <= 1


@dataclass(frozen=True, kw_only=True)
class OperatedStack:
    """The stack that a command is about.

    Attributes:
        config: `aws:` config, without the namespace.
        unread_keys: Keys of it that are secrets and could not be decrypted.
        update_in_progress: Whether somebody works on the stack now; None where the backend does not tell.
        others: Reads every other stack of the backend.
    """

    record: StackRecord
    config: Mapping[str, str]
    unread_keys: tuple[str, ...]
    update_in_progress: Callable[[], bool | None]
    others: Callable[[], Backend]


def read_stack(folder: Path, given: str | None, cli: PulumiCli | None = None) -> OperatedStack:
    """Read a stack; the selected one where no name is given.

    Raises:
        UnreadableError: There is no project, no such stack, or no CLI.
    """
    project = _project_of(folder)
    pulumi = cli or InstalledCli(folder)
    try:
        return _read(pulumi, folder, project, given)
    except ReviewError as missing:
        raise UnreadableError(str(missing)) from missing


def _read(pulumi: PulumiCli, folder: Path, project: str, given: str | None) -> OperatedStack:
    name = given or _selected(pulumi)
    with ThreadPoolExecutor(3) as pool:
        exported = pool.submit(_json, pulumi, "stack", "export", "--stack", name)
        config = pool.submit(_aws_config, pulumi, name)
        about = pool.submit(_json, pulumi, "whoami", "--verbose", "--json")
    parts = _parts(name, project)
    record = _record(name, parts, exported.result())
    aws_config, unread_keys = config.result()
    url = str(about.result().get("url", ""))

    def update_in_progress() -> bool | None:
        if url.startswith("http"):
            return _told(_json(pulumi, "stack", "ls", "--json"), project, parts)
        return is_locked(url, folder, project=parts.project, stack=parts.stack)

    return OperatedStack(
        record=record,
        config=aws_config,
        unread_keys=unread_keys,
        update_in_progress=update_in_progress,
        others=lambda: _others(pulumi, project, parts),
    )


def _told(summaries: list[dict[str, Any]], project: str, stack: StackName) -> bool | None:
    """What a backend says of updates of a stack; None where it says nothing."""
    said = [
        one["updateInProgress"]
        for one in summaries
        if "updateInProgress" in one and _parts(str(one["name"]), project).is_same(stack)
    ]
    return any(said) if said else None


def _selected(pulumi: PulumiCli) -> str:
    """The selected stack. Not from the list of all: that needs every one of them to be readable."""
    done = pulumi(["stack", "--show-name"])
    if done.code != 0 or not done.stdout.strip():
        raise UnreadableError("No stack is selected: give --stack, or run `pulumi stack select`.")
    return done.stdout.strip()


def _others(pulumi: PulumiCli, project: str, mine: StackName) -> Backend:
    listed = _json(pulumi, "stack", "ls", "--all", "--json")
    names = [
        str(one["name"])
        for one in listed
        if one.get("resourceCount") != 0 and not _parts(str(one["name"]), project).is_same(mine)
    ]

    def read(name: str) -> StackRecord | None:
        try:
            exported = _json(pulumi, "stack", "export", "--stack", name)
        except UnreadableError:
            return None
        return _record(name, _parts(name, project), exported)

    read_records = each(read, names)
    empty = [
        _record(name, _parts(name, project), {})
        for name in (str(one["name"]) for one in listed if one.get("resourceCount") == 0)
        if not _parts(name, project).is_same(mine)
    ]
    return Backend(
        stacks=(*(one for one in read_records if one), *empty),
        unread=tuple(name for name, one in zip(names, read_records, strict=True) if one is None),
    )


def _record(name: str, parts: StackName, exported: Mapping[str, Any]) -> StackRecord:
    deployment = exported.get("deployment")
    if not isinstance(deployment, dict):
        deployment = {}
    said = named_in(deployment)
    return record_of(
        name,
        stack=said.stack if said else parts.stack,
        project=said.project if said else parts.project,
        deployment=deployment,
    )


def named_in(deployment: Mapping[str, Any]) -> StackName | None:
    """The names in the URN of the stack itself: some backends leave the project out of a stack's name."""
    for resource in deployment.get("resources") or ():
        urn = str(resource.get("urn"))
        if resource.get("type") == STACK_TYPE and urn.count("::") >= 3:
            stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
            return StackName(None, project, stack)
    return None


def _parts(name: str, project: str) -> StackName:
    """`stack`, `organization/stack` or `organization/project/stack`."""
    *before, stack = name.split("/")
    if len(before) >= 2:
        return StackName(before[-2], before[-1], stack)
    return StackName(before[0] if before else None, project, stack)


def _project_of(folder: Path) -> str:
    if not folder.is_dir():
        raise UnreadableError(f"There is no folder {folder}.")
    for place in (folder.resolve(), *folder.resolve().parents):
        for file in (place / name for name in PROJECT_FILES):
            if file.is_file():
                return _project_name(file)
    raise UnreadableError(f"There is no Pulumi project in {folder.resolve()}: give its folder with --cwd.")


def _project_name(file: Path) -> str:
    try:
        name = yaml.safe_load(file.read_text(encoding="utf-8")).get("name")
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError) as broken:
        raise UnreadableError(f"{file} can't be read: {type(broken).__name__}.") from broken
    if not isinstance(name, str):
        raise UnreadableError(f"{file} has no name of a project.")
    return name


def _aws_config(pulumi: PulumiCli, stack: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """`aws:` config as texts, and the keys that could not be decrypted."""
    listed = _json(pulumi, "config", "--json", "--stack", stack)
    found: dict[str, str] = {}
    unread = []
    for key, value in _aws_keys(listed):
        if value is not None:
            found[key] = value
            continue
        done = pulumi(["config", "get", f"aws:{key}", "--stack", stack])
        if done.code == 0:
            found[key] = done.stdout.rstrip("\n")
        else:
            unread.append(f"aws:{key}")
    return found, tuple(unread)


def _aws_keys(listed: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for key, about in listed.items():
        if key.startswith("aws:") and isinstance(about, dict):
            yield key.removeprefix("aws:"), None if about.get("secret") else str(about.get("value", ""))


def _json(pulumi: PulumiCli, *arguments: str) -> Any:
    done = pulumi(list(arguments))
    what = "pulumi " + " ".join(arguments[:2])
    if done.code != 0:
        raise UnreadableError(f"`{what}` failed: {_first_line(done.complaint)}")
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError as broken:
        raise UnreadableError(f"`{what}` gave no JSON.") from broken


def _first_line(complaint: str) -> str:
    lines = [line for line in complaint.splitlines() if line.strip()]
    return lines[0].removeprefix("error: ") if lines else "it said nothing"
