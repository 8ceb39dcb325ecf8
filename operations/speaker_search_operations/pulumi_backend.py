"""Read the stacks of a backend through the Pulumi CLI, without a passphrase.

No secret in state is decrypted. The only secrets that are asked for are those in the `aws:` config of the
stack, because the commands need the credentials that the stack uses.
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
from pulumi_speaker_search.speaker_search_error import SpeakerSearchError

from .review.pulumi_cli import InstalledCli, PulumiCli, ReviewError
from .state_locks import is_locked

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


class CommandError(SpeakerSearchError):
    """The input of a command is wrong, or something that it needs can't be read. The text is one complete line."""


class NoProjectError(CommandError):
    """There is no Pulumi project in the folder."""


@dataclass(frozen=True)
class StackName:
    """The parts of a stack's name. `organization` is None if the name does not give one."""

    organization: str | None
    project: str
    stack: str

    def is_same(self, other: StackName) -> bool:
        """Return whether both names mean one stack. A missing organization matches every organization."""
        organizations = {self.organization, other.organization} - {None}
        same = (self.project, self.stack) == (other.project, other.stack)
        return same and len(organizations) <= 1


@dataclass(frozen=True, kw_only=True)
class OperatedStack:
    """The stack that a command works on.

    Attributes:
        config: `aws:` config, without the namespace.
        undecrypted_keys: Keys of that config that are secrets and could not be decrypted.
        config_error: Why the config could not be read; None if it was.
        update_in_progress: Return whether an update of the stack is in progress; None if the backend does not say.
        other_stacks: Read every other stack of the backend.
    """

    record: StackRecord
    config: Mapping[str, str]
    undecrypted_keys: tuple[str, ...]
    update_in_progress: Callable[[], bool | None]
    other_stacks: Callable[[], Backend]
    config_error: str | None = None


def read_stack(
    folder: Path, name: str | None, cli: PulumiCli | None = None, *, url: str | None = None
) -> OperatedStack:
    """Read a stack; without a name, the selected one.

    Args:
        url: The URL of the backend, if it is known.

    Raises:
        CommandError: There is no project, no such stack, or no CLI.
    """
    project = project_name(project_file(folder))
    pulumi = cli or InstalledCli(folder)
    try:
        return _read(pulumi, folder, project, name or _selected_stack(pulumi), url)
    except ReviewError as error:
        raise CommandError(str(error)) from error


def backend_url(pulumi: PulumiCli) -> str:
    """Return the URL of the backend that the CLI uses.

    Raises:
        CommandError: The CLI does not say.
    """
    return str(pulumi_json(pulumi, "whoami", "--verbose", "--json").get("url", ""))


def _read(pulumi: PulumiCli, folder: Path, project: str, name: str, known_url: str | None) -> OperatedStack:
    with ThreadPoolExecutor(3) as pool:
        exported = pool.submit(pulumi_json, pulumi, "stack", "export", "--stack", name)
        config = pool.submit(_aws_config, pulumi, name)
        asked_url = pool.submit(backend_url, pulumi) if known_url is None else None
    parts = _parts(name, project)
    record = _record(name, parts, exported.result())
    aws_config, undecrypted_keys, config_error = _config_or_error(config.result, record)
    url = asked_url.result() if asked_url else str(known_url)

    def update_in_progress() -> bool | None:
        if url.startswith("http"):
            return _reported_update(pulumi_json(pulumi, "stack", "ls", "--json"), project, parts)
        return is_locked(url, folder, project=parts.project, stack=parts.stack)

    return OperatedStack(
        record=record,
        config=aws_config,
        undecrypted_keys=undecrypted_keys,
        update_in_progress=update_in_progress,
        other_stacks=lambda: _other_stacks(pulumi, project, parts),
        config_error=config_error,
    )


def _config_or_error(
    read: Callable[[], tuple[dict[str, str], tuple[str, ...]]], record: StackRecord
) -> tuple[dict[str, str], tuple[str, ...], str | None]:
    """Return the `aws:` config; if it can't be read, nothing, and why.

    A broken file must not prevent that a search is stopped. The state names account and regions, and with credentials
    of another account nothing is done.

    Raises:
        CommandError: It can't be read, and the state does not name the account.
    """
    try:
        return (*read(), None)
    except CommandError as error:
        if len(record.accounts) != 1:
            raise
        return {}, (), str(error)


def _reported_update(summaries: list[dict[str, Any]], project: str, stack: StackName) -> bool | None:
    """Return whether the backend reports an update of the stack; None if it reports nothing about updates."""
    reported = [
        summary["updateInProgress"]
        for summary in summaries
        if "updateInProgress" in summary and _parts(str(summary["name"]), project).is_same(stack)
    ]
    return any(reported) if reported else None


def _selected_stack(pulumi: PulumiCli) -> str:
    """Return the selected stack. `stack ls` is not used: it fails if any stack of the backend can't be read."""
    result = pulumi(["stack", "--show-name"])
    if result.code != 0 or not result.stdout.strip():
        raise CommandError("No stack is selected. Give --stack, or run `pulumi stack select`.")
    return result.stdout.strip()


def _other_stacks(pulumi: PulumiCli, project: str, own: StackName) -> Backend:
    summaries = [
        summary
        for summary in pulumi_json(pulumi, "stack", "ls", "--all", "--json")
        if not _parts(str(summary["name"]), project).is_same(own)
    ]
    empty = [str(summary["name"]) for summary in summaries if summary.get("resourceCount") == 0]
    names = [str(summary["name"]) for summary in summaries if summary.get("resourceCount") != 0]

    def read(name: str) -> StackRecord | None:
        try:
            exported = pulumi_json(pulumi, "stack", "export", "--stack", name)
        except CommandError:
            return None
        return _record(name, _parts(name, project), exported)

    records = each(read, names)
    return Backend(
        stacks=(
            *(record for record in records if record),
            *(_record(name, _parts(name, project), {}) for name in empty),
        ),
        unread=tuple(name for name, record in zip(names, records, strict=True) if record is None),
    )


def _record(name: str, parts: StackName, exported: Mapping[str, Any]) -> StackRecord:
    deployment = exported.get("deployment")
    if not isinstance(deployment, dict):
        deployment = {}
    names = _names_in_state(deployment) or parts
    return record_of(name, stack=names.stack, project=names.project, deployment=deployment)


def _names_in_state(deployment: Mapping[str, Any]) -> StackName | None:
    """Return the names in the URN of the stack resource: some backends leave the project out of a stack's name."""
    for resource in deployment.get("resources") or ():
        urn = str(resource.get("urn"))
        if resource.get("type") == STACK_TYPE and urn.count("::") >= 3:
            stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
            return StackName(None, project, stack)
    return None


def _parts(name: str, project: str) -> StackName:
    """Split `stack`, `organization/stack` or `organization/project/stack`."""
    *before, stack = name.split("/")
    if len(before) >= 2:
        return StackName(before[-2], before[-1], stack)
    return StackName(before[0] if before else None, project, stack)


def project_file(folder: Path) -> Path:
    """Return the project file in the folder, or in the nearest one above.

    Raises:
        NoProjectError: There is none.
        CommandError: There is no folder.
    """
    if not folder.is_dir():
        raise CommandError(f"There is no folder {folder}.")
    for parent in (folder.resolve(), *folder.resolve().parents):
        for file in (parent / name for name in PROJECT_FILES):
            if file.is_file():
                return file
    raise NoProjectError(f"There is no Pulumi project in {folder.resolve()}. Give its folder with --cwd.")


def project_name(file: Path) -> str:
    """Return the name in a project file.

    Raises:
        CommandError: It can't be read, or has none.
    """
    try:
        name = yaml.safe_load(file.read_text(encoding="utf-8")).get("name")
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError) as error:
        raise CommandError(f"{file} can't be read: {type(error).__name__}.") from error
    if not isinstance(name, str):
        raise CommandError(f"{file} does not name the project.")
    return name


def _aws_config(pulumi: PulumiCli, stack: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the `aws:` config as text, and the keys that could not be decrypted."""
    config = pulumi_json(pulumi, "config", "--json", "--stack", stack)
    values: dict[str, str] = {}
    undecrypted = []
    for key, value in _aws_keys(config):
        if value is not None:
            values[key] = value
            continue
        result = pulumi(["config", "get", f"aws:{key}", "--stack", stack])
        if result.code == 0:
            values[key] = result.stdout.rstrip("\n")
        else:
            undecrypted.append(f"aws:{key}")
    return values, tuple(undecrypted)


def _aws_keys(config: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield each key of the `aws:` config with its value, None if the value is a secret."""
    for key, entry in config.items():
        if key.startswith("aws:") and isinstance(entry, dict):
            yield key.removeprefix("aws:"), None if entry.get("secret") else str(entry.get("value", ""))


def pulumi_json(pulumi: PulumiCli, *arguments: str) -> Any:
    """Run a command of the CLI, and return its JSON.

    Raises:
        CommandError: The command failed. The text has the first line of its reason.
    """
    result = pulumi(list(arguments))
    command = "pulumi " + " ".join(arguments[:2])
    if result.code != 0:
        raise CommandError(f"`{command}` failed: {_first_line(result.error_lines)}")
    try:
        return json.loads(result.stdout)
    except json.JSONDecodeError as error:
        raise CommandError(f"The output of `{command}` is not JSON.") from error


def _first_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[0].removeprefix("error: ") if lines else "it printed no reason"
