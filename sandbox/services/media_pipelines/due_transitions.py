"""Transitions that time brings: a task with enough speech, a report on a voice's tone, the end of a pipeline.

A pipeline ends when it is silent, too old or paused for too long.

Each is applied with the time at which it was due, and in that order, so the result does not depend on when a call
comes and causes it to be applied.
"""

from collections.abc import Callable, Iterator

from sandbox.account.audio import NEVER, first_audio_time, time_of_speech
from sandbox.account.context import Context
from sandbox.account.events import PipelineEvent, TaskEvent
from sandbox.account.state import VOICE_TONE_ANALYSIS, Pipeline, Task
from sandbox.account.status_timeline import ENDING_OR_ENDED, GONE
from sandbox.services.media_pipelines import element_statuses, pipelines, task_audio, task_end, voice_tone

Transition = tuple[float, Callable[[float], None]]
"""When it is due, and the function that applies it, which receives that time."""

NONE_DUE: Transition = (NEVER, lambda _when: None)

# What a search becomes after its voiceprint (a switch) → the event of its timeline; None: it continues.
EVENTS_OF_FINISHED_TASK = {
    "Stopped": "task finished",
    "Failed": "task failed",
    "InProgress": None,
    "gone": "task forgotten",
}


def apply(context: Context) -> None:
    """Apply all transitions of one account and region that are due."""
    for pipeline in context.state.pipelines.values():
        while pipeline.next_transition <= context.now:
            when, transition = min(
                _pending(context, pipeline), key=lambda pending: pending[0], default=NONE_DUE
            )
            if when <= context.now:
                transition(when)
            else:
                pipeline.next_transition = when


def _pending(context: Context, pipeline: Pipeline) -> Iterator[Transition]:
    entries = pipeline.timeline.entries
    if pipeline.published_statuses < len(entries):
        yield entries[pipeline.published_statuses][0], lambda _when: _publish_status(context, pipeline)
    if pipeline.timeline.status(context.now) in ENDING_OR_ENDED:
        return
    yield (
        pipelines.end_time(context, pipeline),
        lambda when: pipelines.end_by_itself(context, pipeline, when),
    )
    for task in context.state.tasks_of(pipeline.pipeline_id):
        transition = None if task.fails else _next_of_task(context, task)
        if transition is not None:
            yield transition


def _publish_status(context: Context, pipeline: Pipeline) -> None:
    """Publish the next status of the timeline; a pipeline that is gone was Stopped before."""
    when, status = pipeline.timeline.entries[pipeline.published_statuses]
    pipeline.published_statuses += 1
    shown = "Stopped" if status == GONE else None
    elements = tuple(element_statuses.to_members(pipeline, when, shown))
    context.publish(PipelineEvent(pipeline, shown or status, elements, when))


def _next_of_task(context: Context, task: Task) -> Transition | None:
    status = task.timeline.status(context.now)
    segments = task_audio.segments(context, task)
    transitions = context.settings.transitions
    if status in {"NotStarted", "Initializing"}:
        first_audio = first_audio_time(segments, task.created)
        return max(task.ready, first_audio), lambda when: _run(context, task, when)
    if status != "InProgress" or task.has_voiceprint:
        return None
    if task.kind == VOICE_TONE_ANALYSIS:
        return voice_tone.next_time(context, task), lambda when: _analyse_tone(context, task, when)
    since = task.timeline.since(context.now)
    if not task.identified:
        enough = time_of_speech(segments, task.created, transitions.identification_speech_seconds)
        return max(since, enough), lambda when: _identify(context, task, when)
    enough = time_of_speech(segments, task.created, transitions.voiceprint_speech_seconds)
    return max(since, enough), lambda when: _make_voiceprint(context, task, when)


def _run(context: Context, task: Task, when: float) -> None:
    task.timeline = context.advance(task.timeline, "task runs", when)


def _analyse_tone(context: Context, task: Task, when: float) -> None:
    """Report the tone of the voice. Whether the analysis ends when nobody speaks is a switch."""
    reported = voice_tone.analyse(context, task, when)
    if reported == voice_tone.FAILURE and context.settings.switches.silent_voice_tone == "Failed":
        task_end.end(context, task, "task failed", when, "itself")


def _identify(context: Context, task: Task, when: float) -> None:
    task.identified = True
    results = task_audio.matches(context, task, when)
    status = "IdentificationSuccessful" if results else "IdentificationNoMatchesFound"
    context.publish(TaskEvent(task, status, results, when))


def _make_voiceprint(context: Context, task: Task, when: float) -> None:
    """Make a voiceprint of the voice with the most speech, which finishes the search."""
    speech = task_audio.speech(context, task, when)
    task.voice = next((voice for voice, _ in speech.most_common(1)), None)
    task.has_voiceprint = True
    context.publish(TaskEvent(task, "VoiceprintGenerationSuccessful", (), when))
    event = EVENTS_OF_FINISHED_TASK[context.settings.switches.finished_task]
    if event is not None:
        task_end.end(context, task, event, when, "itself")
