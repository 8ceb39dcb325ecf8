"""The reports of a voice tone analysis.

Every 5 s it judges the last 30 s of speech and all speech since its start; after 10 s without speech it reports a
failure; its last report is about all speech [D va-tone-flow, va-notification-targets].
"""

from sandbox.account.audio import TONES, speech_by_tone
from sandbox.account.context import Context
from sandbox.account.events import TaskEvent
from sandbox.account.state import Task
from sandbox.aws_protocol.members import Members
from sandbox.clock import to_datetime
from sandbox.services.media_pipelines import task_audio

SUCCESSFUL = "VoiceToneAnalysisSuccessful"
FAILURE = "VoiceToneAnalysisFailure"
COMPLETED = "VoiceToneAnalysisCompleted"
ROUNDING_SECONDS = 0.001


def next_time(context: Context, task: Task) -> float:
    """Return when the next report of a task that is InProgress is due."""
    last = max(task.analysed, task.timeline.since(context.now))
    return last + context.settings.transitions.voice_tone_interval_seconds


def analyse(context: Context, task: Task, when: float) -> str | None:
    """Report the tone; or, once, that nobody speaks. Return the detailStatus; None if there is nothing to report."""
    transitions = context.settings.transitions
    runs_since = task.timeline.since(context.now)
    task.analysed = when
    silence_since = when - transitions.voice_tone_silence_seconds
    if _average(context, task, max(silence_since, runs_since), when) is not None:
        task.silent = False
        context.publish(TaskEvent(task, SUCCESSFUL, (), when, _details(context, task, when)))
        return SUCCESSFUL
    if task.silent or silence_since < runs_since - ROUNDING_SECONDS:
        return None
    task.silent = True
    context.publish(TaskEvent(task, FAILURE, (), when))
    return FAILURE


def complete(context: Context, task: Task, when: float) -> None:
    """Send the final report of a task that ran; without any speech there is nothing to report."""
    if task.timeline.has_been("InProgress", when):
        details = _details(context, task, when)
        if details:
            context.publish(TaskEvent(task, COMPLETED, (), when, details))


def _details(context: Context, task: Task, when: float) -> Members:
    window_seconds = context.settings.transitions.voice_tone_window_seconds
    averages = {
        "currentAverageVoiceTone": _average(context, task, max(when - window_seconds, task.created), when),
        "overallAverageVoiceTone": _average(context, task, task.created, when),
    }
    return {name: average for name, average in averages.items() if average is not None}


def _average(context: Context, task: Task, since: float, until: float) -> Members | None:
    """Return the tone of the speech in a time, in the form of the example; None if nobody spoke.

    The score of a tone is its share of the speech.
    """
    seconds = speech_by_tone(task_audio.segments(context, task), since, until)
    total = sum(seconds.values())
    if total <= 0:
        return None
    return {
        "startTime": _timestamp(since),
        "endTime": _timestamp(until),
        "voiceToneLabel": max(TONES, key=lambda tone: seconds[tone]),
        "voiceToneScore": {tone: f"{seconds[tone] / total:.2f}" for tone in TONES},
    }


def _timestamp(when: float) -> str:
    return to_datetime(when).isoformat(timespec="milliseconds").replace("+00:00", "Z")
