"""What a task hears, and how it ends."""

from collections import Counter

from sandbox.account.context import Context
from sandbox.account.state import Members, Task
from sandbox.quotas import SPEAKER_SEARCH
from sandbox.services.kinesis_video.audio import Audio, on_channel, speech_by_voice
from sandbox.services.media_pipelines.events import TaskEvent

MOST_MATCHES = 10


def pieces(context: Context, task: Task) -> list[Audio]:
    """The audio of the task's stream and channel."""
    stream = context.state.streams.get(task.stream_arn)
    return on_channel(stream.audio, task.channel_id) if stream else []


def speech(context: Context, task: Task, when: float) -> Counter[str | None]:
    """Voice → seconds that the task has heard of it by then. It listens from its start on."""
    return speech_by_voice(pieces(context, task), task.created, when)


def speech_seconds(context: Context, task: Task) -> float:
    if task.ended_by is not None:
        return task.speech_seconds
    return sum(speech(context, task, context.now).values())


def end(context: Context, task: Task, plan: str, when: float, ended_by: str) -> None:
    """`ended_by`: itself, stop or pipeline."""
    task.speech_seconds = sum(speech(context, task, when).values())
    task.ended_by = ended_by
    task.timeline = context.advance(task.timeline, plan, when)


def end_for_want_of_speech(context: Context, task: Task, when: float) -> None:
    """The audio has ended, and with it the pipeline. A search that heard too little says so."""
    plan = "task stopped"
    if task.kind == SPEAKER_SEARCH and task.timeline.has_been("InProgress", when):
        if not task.identified:
            context.tell(TaskEvent(task, "IdentificationFailure", (), when))
            if context.settings.switches.too_little_speech == "Failed":
                plan = "task failed"
        elif not task.has_voiceprint:
            context.tell(TaskEvent(task, "VoiceprintGenerationFailure", (), when))
    end(context, task, plan, when, "pipeline")


def matches(context: Context, task: Task, when: float) -> tuple[Members, ...]:
    """Profiles of the domain whose voice was heard; the score is the voice's share of the speech."""
    heard = speech(context, task, when)
    total = sum(heard.values())
    domain = task.request["VoiceProfileDomainArn"].rpartition("/")[2]
    found = [
        (heard[one.voice] / total, one.profile_id)
        for one in context.state.profiles.values()
        if one.domain_id == domain and one.voice is not None and heard[one.voice] and one.expires > when
    ]
    return tuple(
        {"voiceProfileId": profile_id, "confidenceScore": f"{share:.8f}"}
        for share, profile_id in sorted(found, reverse=True)[:MOST_MATCHES]
    )
