"""Tasks of the same stack and kind that listen to the channel of a start, under other names.

A start is refused while one of them listens. It may be about to end in this very run, where the declarations of two
tasks exchange their places: so its status is fetched again for a while before the refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..type_tokens import SPEAKER_SEARCH
from .analysis_task import Task, find_confirmed
from .aws_call import Aws
from .errors import OccupiedError, Subject
from .stack_record import name_in
from .status import ENDED
from .task_kinds import KIND_OF_TYPE, AnalysisTaskKind

PATIENCE_SECONDS: Final = 20.0
"""How long a task that the program still declares may take to be replaced: a stop takes seconds."""
INTERVAL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTask:
    """A task in the state of this stack.

    Attributes:
        urn: The resource that holds it.
        pipeline_id: The id or ARN of its pipeline.
    """

    urn: str
    task_id: str
    pipeline_id: str

    @property
    def kind(self) -> AnalysisTaskKind:
        """The type of task, which the URN names."""
        return KIND_OF_TYPE[self.urn.split("::")[2].rpartition("$")[2]]


def require_ended(
    aws: Aws, others: Sequence[ListedTask], *, account_arn: str, subject: Subject, deadline: float
) -> None:
    """Refuse to go on while one of these tasks listens.

    Args:
        account_arn: Any ARN of the account and region in which they are.

    Raises:
        OccupiedError: One listens.
    """
    patience = min(deadline, aws.clock.monotonic() + PATIENCE_SECONDS)
    for other in others:
        task = _listening(aws, other, account_arn, deadline)
        while task is not None and aws.memory.is_declared(other.urn) and aws.clock.monotonic() < patience:
            aws.clock.sleep(INTERVAL_SECONDS)
            task = _listening(aws, other, account_arn, deadline)
        if task is not None:
            raise _occupied(other, task, subject)


def _listening(aws: Aws, other: ListedTask, account_arn: str, deadline: float) -> Task | None:
    if aws.memory.has_ended(other.task_id):
        return None
    task = find_confirmed(
        aws, other.kind, other.pipeline_id, other.task_id, account_arn=account_arn, deadline=deadline
    )
    return None if task is None or task.status in ENDED else task


def _occupied(other: ListedTask, task: Task, subject: Subject) -> OccupiedError:
    name = name_in(other.urn)
    return OccupiedError(
        f"{other.kind.noun} {task.id} is {task.status} on the same stream and channel, and is in the state of this "
        f"stack as {name} ({other.urn})",
        action="start",
        subject=subject,
        last_status=task.status,
        remedy="Nothing was started. Where it was renamed, declare its former name in "
        f'`opts=ResourceOptions(aliases=[Alias(name="{name}")])`; where it was moved to another parent, '
        f'`aliases=["{_declared_as(other.urn)}"]`. Otherwise take {name} out of the program and run `pulumi up`, which '
        "stops it, before the new one is declared.",
    )


def _declared_as(urn: str) -> str:
    """Return the URN of what a program declares: a `SpeakerSearch` declares its task."""
    stack, project, types, name = urn.split("::", 3)
    parent_types, _, _ = types.rpartition("$")
    return f"{stack}::{project}::{parent_types}::{name}" if parent_types.endswith(SPEAKER_SEARCH) else urn
