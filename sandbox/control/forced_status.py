"""Force the status of a task or pipeline."""

from typing import Any

from sandbox.account.context import Context
from sandbox.account.state import Pipeline, Task
from sandbox.account.status_timeline import ENDING_OR_ENDED, GONE, PIPELINE_STATUSES, TASK_STATUSES
from sandbox.control import lists
from sandbox.control.requests import Json, NoSuchResourceError, Query
from sandbox.local_aws import LocalAws
from sandbox.services.media_pipelines import element_statuses, pipelines


def force_status(aws: LocalAws, query: Query, values: Json) -> Json:
    """Take {"id": id or ARN of a task or pipeline, "status": word}; "Gone" makes it answer 404."""
    identifier, status = str(values.get("id")), values.get("status")
    with aws.lock:
        for context in lists.contexts(aws):
            resources: list[Task | Pipeline] = [*context.state.tasks.values()]
            resources += context.state.pipelines.values()
            for resource in resources:
                if identifier in _identifiers(resource):
                    _force(context, resource, status)
                    return {"id": identifier, "status": status}
    message = f"There is no task or pipeline {identifier}."
    raise NoSuchResourceError(message)


def _identifiers(resource: Task | Pipeline) -> set[str]:
    return {resource.task_id} if isinstance(resource, Task) else {resource.pipeline_id, resource.arn}


def _force(context: Context, resource: Task | Pipeline, status: Any) -> None:
    statuses = (*(TASK_STATUSES if isinstance(resource, Task) else PIPELINE_STATUSES), GONE)
    if status not in statuses:
        message = f"status can't be {status!r}: it takes {', '.join(statuses)}."
        raise ValueError(message)
    if isinstance(resource, Task):
        resource.timeline = resource.timeline.forced(status, context.now)
        context.state.pipelines[resource.pipeline_id].next_transition = 0.0
        return
    resource.next_transition = 0.0
    element_statuses.force(context, resource, status)
    if status in {*ENDING_OR_ENDED, "Paused"}:
        pipelines.stop_tasks_of(context, resource, context.now)
