"""The tasks and pipelines in a stack's state, read from an exported deployment. No I/O; secrets stay encrypted.

Identity has to survive what people rename: a resource keeps the URN under which it was first created as `origin`, so
that state still has the former names of a stack and of its resources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from ..type_tokens import MEDIA_INSIGHTS_PIPELINE
from .ledger import stack_hash
from .outcome import NOT_STARTED
from .task_kinds import KIND_OF_TYPE, AnalysisTaskKind

CREATING: Final = "creating"
ARN_PARTS: Final = 6
CHIME: Final = "chime"
KINESIS_VIDEO: Final = "kinesisvideo"


def name_in(urn: str) -> str:
    """Return the resource's name in the program: all that follows stack, project and type, `::` included."""
    return urn.split("::", 3)[-1]


@dataclass(frozen=True)
class RecordedResource:
    """A task or pipeline in state, or the declaration of one whose create was interrupted.

    Attributes:
        id: None where the create was interrupted, or where nothing was requested from AWS.
        properties: Its outputs; of an interrupted create its inputs. A secret is an object with ciphertext.
        modified: When state last changed it, ISO 8601.
        depends_on: URNs of the resources that it depends on.
    """

    urn: str
    type: str
    id: str | None
    properties: Mapping[str, Any]
    modified: str | None = None
    depends_on: tuple[str, ...] = ()

    @property
    def is_task(self) -> bool:
        """Return whether it is an analysis task, and not a pipeline."""
        return self.type in KIND_OF_TYPE

    @property
    def task_kind(self) -> AnalysisTaskKind:
        """The type of task that it is.

        Raises:
            KeyError: It is a pipeline.
        """
        return KIND_OF_TYPE[self.type]

    @property
    def name(self) -> str:
        """Return the resource's name in the program."""
        return name_in(self.urn)

    @property
    def origin(self) -> str:
        """The URN under which it was first created."""
        return self.text("origin") or self.urn

    @property
    def pipeline_id(self) -> str | None:
        """The pipeline that a task is on."""
        identifier = self.text("identifier")
        return identifier.rsplit("/", 1)[-1] if identifier else None

    @property
    def region(self) -> str | None:
        """Its region; None where state has none."""
        return self.text("region") or next((region_of(arn) for arn in self.arns() if region_of(arn)), None)

    @property
    def account_arn(self) -> str | None:
        """Return an ARN that names its account, of Chime if there is one; None where each is a secret."""
        every = [arn for arn in self.arns() if arn.split(":")[2] in (CHIME, KINESIS_VIDEO)]
        return min(every, key=lambda arn: arn.split(":")[2] != CHIME, default=None)

    @property
    def accepted_at(self) -> datetime | None:
        """When AWS accepted it; None where state does not have it."""
        try:
            moment = datetime.fromisoformat(self.text("accepted_at") or "")
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def age_seconds(self, now: datetime) -> float | None:
        """Return how long ago AWS accepted it; None where state does not have it."""
        return (now - self.accepted_at).total_seconds() if self.accepted_at else None

    def text(self, name: str) -> str | None:
        """Return a property that is a text; None where it is missing or a secret."""
        value = self.properties.get(name)
        return value if isinstance(value, str) and value else None

    def arns(self) -> Iterator[str]:
        """Yield every ARN among its properties."""
        return _arns(self.properties)


@dataclass(frozen=True, kw_only=True)
class StackRecord:
    """The state of one stack.

    Attributes:
        name: As the Pulumi CLI takes it.
        stack, project: The parts of it that URNs contain.
        resources: Its tasks and pipelines.
        interrupted: Tasks and pipelines under pending operations that are not in state.
        custom: Every resource in state that a provider manages, of whatever type.
        made_arns: ARNs of resources that the stack has created, without existing ones that were given.
        arns: Every ARN in state.
        regions: Every region that state names.
    """

    name: str
    stack: str
    project: str
    resources: tuple[RecordedResource, ...] = ()
    interrupted: tuple[RecordedResource, ...] = ()
    custom: tuple[RecordedResource, ...] = ()
    made_arns: frozenset[str] = frozenset()
    arns: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    @cached_property
    def hash(self) -> str:
        """The stack as the ledger names it today."""
        return stack_hash(f"urn:pulumi:{self.stack}::{self.project}::")

    @cached_property
    def former_hashes(self) -> frozenset[str]:
        """The stack in ledger entries from before it was renamed, or before resources were moved to it."""
        every = (*self.resources, *self.interrupted)
        return frozenset(stack_hash(one.origin) for one in every) - {self.hash}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The tasks and pipelines that it holds."""
        return frozenset(one.id for one in self.resources if one.id)

    @property
    def tasks(self) -> tuple[RecordedResource, ...]:
        """Return the analysis tasks."""
        return tuple(one for one in self.resources if one.is_task)

    def pipeline_of(self, task: RecordedResource) -> str | None:
        """Return the id of a task's pipeline, by what it depends on where the id is a secret."""
        made_of = (one.id for one in self.resources if not one.is_task and one.urn in task.depends_on)
        return task.pipeline_id or next(made_of, None)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """The accounts in which its tasks and pipelines are."""
        every = (arn for one in (*self.resources, *self.interrupted) for arn in one.arns())
        return frozenset(
            account for arn in every if arn.split(":")[2] == CHIME and (account := arn.split(":")[4])
        )


def record_of(name: str, *, stack: str, project: str, deployment: Mapping[str, Any]) -> StackRecord:
    """Read an exported deployment.

    Args:
        name: The stack as the CLI takes it.
        stack, project: Its own name and its project's.
    """
    resources = _dictionaries(deployment.get("resources"))
    ours = tuple(_ours(resources))
    known = {one.urn for one in ours}
    pending = [
        operation.get("resource")
        for operation in _dictionaries(deployment.get("pending_operations"))
        if operation.get("type") == CREATING
    ]
    every = [arn for one in resources for arn in _arns(_properties(one))]
    return StackRecord(
        name=name,
        stack=stack,
        project=project,
        resources=ours,
        interrupted=tuple(one for one in _ours(_dictionaries(pending)) if one.urn not in known),
        custom=tuple(_recorded(one) for one in resources if one.get("custom") and one.get("type")),
        made_arns=frozenset(_made(resources)),
        arns=frozenset(every),
        regions=frozenset(filter(None, (*map(region_of, every), *_named_regions(resources)))),
    )


def region_of(arn: str) -> str | None:
    """Return the region in an ARN; None where the service has none."""
    return arn.split(":")[3] or None


def _dictionaries(value: Any) -> list[dict[str, Any]]:
    return [one for one in value or [] if isinstance(one, dict)]


def _ours(resources: Sequence[dict[str, Any]]) -> Iterator[RecordedResource]:
    for resource in resources:
        # A resource that waits for its deletion (`delete: true`) still runs, and is in state all the same.
        if resource.get("type") in {*KIND_OF_TYPE, MEDIA_INSIGHTS_PIPELINE}:
            yield _recorded(resource)


def _recorded(resource: Mapping[str, Any]) -> RecordedResource:
    id_ = resource.get("id")
    return RecordedResource(
        urn=str(resource.get("urn")),
        type=str(resource["type"]),
        id=str(id_) if id_ and id_ != NOT_STARTED else None,
        properties=_properties(resource),
        modified=resource.get("modified"),
        depends_on=tuple(map(str, resource.get("dependencies") or ())),
    )


def _properties(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = resource.get("outputs") or resource.get("inputs")
    return properties if isinstance(properties, dict) else {}


def _made(resources: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Return the ARNs of resources that the stack has created."""
    for resource in resources:
        if resource.get("external") or not resource.get("custom"):
            continue
        for text in (resource.get("id"), _properties(resource).get("arn")):
            yield from _arns(text)


def _named_regions(resources: Sequence[dict[str, Any]]) -> Iterator[str]:
    for resource in resources:
        region = _properties(resource).get("region")
        if isinstance(region, str):
            yield region


def _arns(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith("arn:") and value.count(":") >= ARN_PARTS - 1:
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _arns(item)
    elif isinstance(value, list):
        for item in value:
            yield from _arns(item)
