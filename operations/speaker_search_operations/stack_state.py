"""A stack's state as the commands need it, read through the Automation API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer
from pulumi import automation
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, client, settings_from_config
from pulumi_speaker_search.lifecycle.ledger import stack_hash
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE, SPEAKER_SEARCH_TASK

CREATING: Final = "creating"


@dataclass(frozen=True, slots=True)
class StateResource:
    """A task or pipeline in state, or the declaration of one that a create was interrupted in.

    Attributes:
        id: None where the create was interrupted.
        properties: Its outputs; of an interrupted create its inputs.
    """

    urn: str
    type: str
    id: str | None
    properties: Mapping[str, Any]

    @property
    def is_task(self) -> bool:
        return self.type == SPEAKER_SEARCH_TASK

    @property
    def name(self) -> str:
        return self.urn.rsplit("::", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """What a stack's state says.

    Attributes:
        resources: Its tasks and pipelines.
        interrupted: Creates under pending operations whose resource is not in state.
        update_in_progress: Whether somebody works on the stack now; None where the backend does not tell.
    """

    name: str
    project: str
    resources: tuple[StateResource, ...]
    interrupted: tuple[StateResource, ...]
    settings: AwsSettings
    update_in_progress: bool | None

    @property
    def hash(self) -> str:
        """The stack as the ledger names it."""
        return stack_hash(f"urn:pulumi:{self.name}::{self.project}::")

    def ids(self) -> frozenset[str]:
        return frozenset(resource.id for resource in self.resources if resource.id)

    def regions(self) -> frozenset[str]:
        """Where its resources are, by their ARNs."""
        return frozenset(_regions((*self.resources, *self.interrupted)))


def _regions(resources: tuple[StateResource, ...]) -> Iterator[str]:
    for resource in resources:
        if resource.properties.get("region"):
            yield resource.properties["region"]
            continue
        arn = resource.properties.get("voice_profile_domain_arn") or resource.properties.get(
            "media_insights_pipeline_configuration_arn"
        )
        if isinstance(arn, str) and arn.count(":") >= 5:
            yield arn.split(":")[3]


def read_stack(work_dir: Path, stack_name: str | None) -> StackState:
    """Reads a stack's state; the selected stack where no name is given. Secrets stay encrypted.

    Raises:
        typer.Exit: There is no project, stack or CLI; what is wrong has been said.
    """
    try:
        workspace = automation.LocalWorkspace(work_dir=str(work_dir))
        project = workspace.project_settings().name
        name = stack_name or _selected(workspace)
        exported = workspace.export_stack(name)
        config = workspace.get_all_config(name)
        summaries = {summary.name: summary for summary in workspace.list_stacks()}
    except (automation.errors.CommandError, FileNotFoundError) as failed:
        typer.echo(f"The state can't be read: {_first_line(failed)}", err=True)
        raise typer.Exit(2) from failed
    deployment = exported.deployment or {}
    summary = summaries.get(name)
    resources = tuple(_ours(deployment.get("resources") or []))
    known = {resource.urn for resource in resources}
    pending = [
        operation["resource"]
        for operation in deployment.get("pending_operations") or []
        if operation.get("type") == CREATING
    ]
    return StackState(
        name=name.rsplit("/", 1)[-1],
        project=project,
        resources=resources,
        interrupted=tuple(one for one in _ours(pending) if one.urn not in known),
        settings=settings_from_config(
            lambda key: config[f"aws:{key}"].value if f"aws:{key}" in config else None
        ),
        update_in_progress=summary.update_in_progress if summary else None,
    )


def _selected(workspace: automation.LocalWorkspace) -> str:
    current = workspace.stack()
    if current is None:
        typer.echo("No stack is selected: give --stack, or run `pulumi stack select`.", err=True)
        raise typer.Exit(2)
    return current.name


def _ours(resources: list[dict[str, Any]]) -> Iterator[StateResource]:
    for resource in resources:
        # A resource that waits for its deletion (`delete: true`) still runs, and is in state all the same.
        if resource.get("type") in (SPEAKER_SEARCH_TASK, MEDIA_INSIGHTS_PIPELINE):
            yield StateResource(
                urn=resource["urn"],
                type=resource["type"],
                id=resource.get("id"),
                properties=resource.get("outputs") or resource.get("inputs") or {},
            )


def _first_line(failed: Exception) -> str:
    lines = [line for line in str(failed).splitlines() if "error:" in line] or str(failed).splitlines()
    return lines[0].removeprefix("stderr: ").strip() if lines else type(failed).__name__


def aws_of(settings: AwsSettings, region: str | None) -> Aws:
    """AWS as the stack's config and the environment say, in `region`."""
    in_region = settings.in_region(region)
    return Aws(
        client_of=lambda service: client(in_region, service),
        warn=lambda text: typer.echo(f"warning: {text}", err=True),
    )
