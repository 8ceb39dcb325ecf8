"""Mark and end what a survey has found left, each part by itself: one that fails does not keep the others.

The consent is marked first, so that nothing starts again. Before each part the journal gets the intent, and after it
the result. When in doubt whether a task listens, its pipeline ends, if that carries the same consent record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from .. import analysis_task, media_insights_pipeline, voice_profile
from ..aws_call import Aws
from ..errors import ActionError
from ..ledger_carriers import each
from ..request_record import recording
from .marking import mark_withdrawn
from .parts import NOT_FOUND, Action, Journal, Part, Step

END_SECONDS: Final = 120.0


def end_all(
    aws_in: Callable[[str], Aws], parts: Sequence[Part], record_ref: str, journal: Journal
) -> tuple[Step, ...]:
    """Mark and end these parts, in the order of `Action`, several of one action at a time.

    Args:
        aws_in: Return AWS in a region.
    """

    def end_one(part: Part) -> Step:
        return _end(aws_in(part.region), part, record_ref, journal)

    steps: list[Step] = []
    for action in Action:
        of_action = [part for part in parts if part.action is action and part.is_left]
        done = each(end_one, of_action)
        if action is Action.STOP:
            done = _end_pipelines_of(end_one, done)
        steps += done
    return tuple(steps)


def _end_pipelines_of(end_one: Callable[[Part], Step], stops: Sequence[Step]) -> list[Step]:
    """End the pipelines of tasks that did not stop, if they carry the same consent record."""
    failed = [step.part for step in stops if not step.is_done and step.part.ends_with_pipeline]
    pipelines = {part.pipeline_id: _pipeline_of(part) for part in failed}
    return [*stops, *each(end_one, list(pipelines.values()))]


def _pipeline_of(task: Part) -> Part:
    return Part(
        action=Action.DELETE_PIPELINE,
        noun=media_insights_pipeline.KIND,
        id=str(task.pipeline_id),
        region=task.region,
        observed="",
        is_left=True,
        reason=f"{task.noun} {task.id} did not stop",
        pipeline_id=task.pipeline_id,
    )


def _end(aws: Aws, part: Part, record_ref: str, journal: Journal) -> Step:
    journal.intend(part)
    recorded, requests = recording(aws)
    try:
        observed = _act(recorded, part, record_ref)
        step = Step(part=part, observed=observed, requests=tuple(requests))
    except ActionError as failed:
        step = Step(
            part=part,
            observed=None,
            requests=tuple(requests),
            error=type(failed).__name__,
            text=failed.reason,
            aws_code=failed.aws_code,
        )
    journal.record(step)
    return step


def _act(aws: Aws, part: Part, record_ref: str) -> str:
    """Mark or end the part, and return what AWS showed afterwards."""
    if part.action is Action.MARK and part.source:
        return mark_withdrawn(aws, part.source, record_ref)
    if part.action is Action.STOP and part.kind:
        task = analysis_task.stop(
            aws,
            part.kind,
            str(part.pipeline_id),
            part.id,
            account_arn=part.account_arn,
            timeout_seconds=END_SECONDS,
            age_seconds=part.age_seconds,
        )
        return task.status if task else NOT_FOUND
    if part.action is Action.DELETE_PIPELINE:
        media_insights_pipeline.stop(
            aws, part.id, arn=part.account_arn, timeout_seconds=END_SECONDS, age_seconds=part.age_seconds
        )
        return "ended"
    voice_profile.delete_voice_profile(
        aws, part.id, account_arn=part.account_arn, timeout_seconds=END_SECONDS
    )
    return NOT_FOUND
