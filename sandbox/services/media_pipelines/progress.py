"""What time brings about: a task that has heard enough, a pipeline that is silent, too old or paused too long.

Each thing happens at the moment at which it was due, and in that order: it does not matter who looks when.
"""

from collections.abc import Callable, Iterator

from sandbox.account.context import Context
from sandbox.account.state import Pipeline, Task
from sandbox.account.timeline import ENDING_OR_ENDED, GONE
from sandbox.quotas import SPEAKER_SEARCH
from sandbox.services.kinesis_video.audio import NEVER, first_moment, moment_of
from sandbox.services.media_pipelines import elements, listening, pipelines
from sandbox.services.media_pipelines.events import PipelineEvent, TaskEvent

Step = tuple[float, Callable[[float], None]]
"""When it is due, and what happens then."""

NOTHING: Step = (NEVER, lambda when: None)

# What a search becomes when it has made its voiceprint (a switch); None: it goes on.
PLANS_OF_FINISHED_TASK = {
    "Stopped": "task finished",
    "Failed": "task failed",
    "InProgress": None,
    "gone": "task forgotten",
}


def settle(context: Context) -> None:
    """Brings everything of one account and region up to the present."""
    for pipeline in context.state.pipelines.values():
        while pipeline.due <= context.now:
            when, happen = min(_steps(context, pipeline), key=lambda step: step[0], default=NOTHING)
            if when <= context.now:
                happen(when)
            else:
                pipeline.due = when


def _steps(context: Context, pipeline: Pipeline) -> Iterator[Step]:
    entries = pipeline.timeline.entries
    if pipeline.told < len(entries):
        yield entries[pipeline.told][0], lambda when: _tell(context, pipeline)
    if pipeline.timeline.status(context.now) in ENDING_OR_ENDED:
        return
    yield pipelines.due(context, pipeline), lambda when: pipelines.end_by_itself(context, pipeline, when)
    for task in context.state.tasks_of(pipeline.pipeline_id):
        step = None if task.fails else _next_of_task(context, task)
        if step is not None:
            yield step


def _tell(context: Context, pipeline: Pipeline) -> None:
    """Of the next status; a pipeline that is gone was Stopped first."""
    when, status = pipeline.timeline.entries[pipeline.told]
    pipeline.told += 1
    shown = "Stopped" if status == GONE else None
    described = tuple(elements.described(pipeline, when, shown))
    context.tell(PipelineEvent(pipeline, shown or status, described, when))


def _next_of_task(context: Context, task: Task) -> Step | None:
    status = task.timeline.status(context.now)
    pieces = listening.pieces(context, task)
    transitions = context.settings.transitions
    if status in {"NotStarted", "Initializing"}:
        hears = first_moment(pieces, task.created)
        return max(task.ready, hears), lambda when: _run(context, task, when)
    if status != "InProgress" or task.kind != SPEAKER_SEARCH or task.has_voiceprint:
        return None
    since = task.timeline.since(context.now)
    if not task.identified:
        enough = moment_of(pieces, task.created, transitions.identification_speech_seconds)
        return max(since, enough), lambda when: _identify(context, task, when)
    enough = moment_of(pieces, task.created, transitions.voiceprint_speech_seconds)
    return max(since, enough), lambda when: _make_voiceprint(context, task, when)


def _run(context: Context, task: Task, when: float) -> None:
    task.timeline = context.advance(task.timeline, "task runs", when)


def _identify(context: Context, task: Task, when: float) -> None:
    task.identified = True
    results = listening.matches(context, task, when)
    status = "IdentificationSuccessful" if results else "IdentificationNoMatchesFound"
    context.tell(TaskEvent(task, status, results, when))


def _make_voiceprint(context: Context, task: Task, when: float) -> None:
    """Of whom the task heard most. The search is done with it."""
    task.voice = next((voice for voice, _ in listening.speech(context, task, when).most_common(1)), None)
    task.has_voiceprint = True
    context.tell(TaskEvent(task, "VoiceprintGenerationSuccessful", (), when))
    plan = PLANS_OF_FINISHED_TASK[context.settings.switches.finished_task]
    if plan is not None:
        listening.end(context, task, plan, when, "itself")
