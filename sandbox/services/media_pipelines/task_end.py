"""The end of a task: by itself, by a stop, or with its pipeline."""

from sandbox.account.context import Context
from sandbox.account.events import TaskEvent
from sandbox.account.state import SPEAKER_SEARCH, Task
from sandbox.services.media_pipelines import task_audio


def end(context: Context, task: Task, event: str, when: float, ended_by: str) -> None:
    """End a task.

    Args:
        context: The task's account and region.
        task: A task that has not ended.
        event: The event of `SEQUENCES` that ends it.
        when: When it ends.
        ended_by: `itself`, `stop` or `pipeline`.
    """
    task.speech_seconds = sum(task_audio.speech(context, task, when).values())
    task.ended_by = ended_by
    task.timeline = context.advance(task.timeline, event, when)


def end_for_lack_of_speech(context: Context, task: Task, when: float) -> None:
    """End a task whose pipeline ends because its audio has ended; a search with too little speech reports that."""
    event = "task stopped"
    if task.kind == SPEAKER_SEARCH and task.timeline.has_been("InProgress", when):
        if not task.identified:
            context.publish(TaskEvent(task, "IdentificationFailure", (), when))
            if context.settings.switches.too_little_speech == "Failed":
                event = "task failed"
        elif not task.has_voiceprint:
            context.publish(TaskEvent(task, "VoiceprintGenerationFailure", (), when))
    end(context, task, event, when, "pipeline")
