"""Tasks of this stack that already listen to the channel of a declaration, under another name.

A resource that is renamed without an alias is another one to the engine, which deletes the old one last: both would
listen for a while. The program can't know which of its resources are new, because aliases are the engine's; so it
passes on what state holds, and the provider's create, which is called for new resources only, refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from ..lifecycle.task_kinds import SPEAKER_SEARCH, AnalysisTaskKind
from ..pulumi_internals.stack_state import StackState, StoredTask, state_before_this_run
from .origin import known_urn

Listed = list[dict[str, str]]


def tasks_on_the_same_channel(
    task_name: str,
    parent: pulumi.Resource | None,
    stream_arn: pulumi.Input[str],
    channel_id: pulumi.Input[int],
    *,
    kind: AnalysisTaskKind = SPEAKER_SEARCH,
) -> pulumi.Input[Listed | None] | None:
    """Return the tasks in state that listen to this channel, None without any, or where the task is among them.

    Args:
        task_name: Name of the task that is declared.
        parent: Its parent.
        kind: Its type. Tasks of another kind may listen to the same channel.
    """
    state = state_before_this_run()
    stored = state.tasks_by_channel
    is_free = isinstance(stream_arn, str) and (stream_arn, channel_id) not in stored
    if not stored or is_free or _has_it_itself(kind, task_name, parent, stream_arn, channel_id, state):
        return None
    own_urn = pulumi.create_urn(task_name, kind.type_token, parent)

    async def others(source: Mapping[str, Any]) -> Listed | None:
        # Awaited here and no part of the Output below, which would make the parent a dependency of its own child.
        urn = await own_urn.future()
        same = stored.get((source["stream_arn"], int(source["channel_id"])), ())
        if any(other.urn == urn for other in same):
            return None  # it has the channel itself
        return [_listed(other) for other in same if other.kind == kind] or None

    return pulumi.Output.all(stream_arn=stream_arn, channel_id=channel_id).apply(others)


def _has_it_itself(
    kind: AnalysisTaskKind,
    task_name: str,
    parent: pulumi.Resource | None,
    stream_arn: pulumi.Input[str],
    channel_id: pulumi.Input[int],
    state: StackState,
) -> bool:
    """Return whether the task is in state with this channel, as far as that can be known at once.

    That is the usual case, in which an output for each of many tasks would cost more than all the rest. A stream that
    is only known later is taken to be the one that the task has: if it is not, the provider's claims decide.
    """
    urn = known_urn(task_name, kind.type_token, parent)
    return any(
        task.urn == urn
        and task.channel_id == channel_id
        and (task.stream_arn == stream_arn or not isinstance(stream_arn, str))
        for task in state.tasks_by_name.get(task_name, ())
    )


def _listed(task: StoredTask) -> dict[str, str]:
    return {"urn": task.urn, "task_id": task.task_id, "pipeline_id": task.pipeline_id}
