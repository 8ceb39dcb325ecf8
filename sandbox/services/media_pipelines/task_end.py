"""The end of a task: by itself, by a stop, or with its pipeline."""

from sandbox.account.context import Context
from sandbox.account.events import TaskEvent
from sandbox.account.state import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS, Task
from sandbox.services.media_pipelines import task_audio, voice_tone


def end(
    context: Context,
    task: Task,
    event: str,
    when: float,
    ended_by: str,
    *,
    audio_has_ended: bool = False,
) -> None:
    """End a task. A voice tone analysis that has not failed sends its final report.

    Args:
        context: The task's account and region.
        task: A task that has not ended.
        event: The event of `SEQUENCES` that ends it.
        when: When it ends.
        ended_by: `itself`, `stop` or `pipeline`.
        audio_has_ended: Whether it ends because the call has; whether it reports after a stop too is a switch.
    """
    reports = audio_has_ended or context.settings.switches.stopped_voice_tone == "completed"
    if task.kind == VOICE_TONE_ANALYSIS and event != "task failed" and reports:
        voice_tone.complete(context, task, when)
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
    end(context, task, event, when, "pipeline", audio_has_ended=True)
