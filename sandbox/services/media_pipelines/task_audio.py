"""The audio that a task receives: speech by voice, and the voice profiles that match it."""

from collections import Counter

from sandbox.account.audio import Audio, on_channel, speech_by_voice
from sandbox.account.context import Context
from sandbox.account.state import Task
from sandbox.aws_protocol.members import Members

MAX_MATCHES = 10


def segments(context: Context, task: Task) -> list[Audio]:
    """Return the audio of the task's stream and channel."""
    stream = context.state.streams.get(task.stream_arn)
    return on_channel(stream.audio, task.channel_id) if stream else []


def speech(context: Context, task: Task, when: float) -> Counter[str | None]:
    """Return the seconds of speech of each voice from the task's start until `when`."""
    return speech_by_voice(segments(context, task), task.created, when)


def speech_seconds(context: Context, task: Task) -> float:
    """Return the speech that the task has received until now, or until its end."""
    if task.ended_by is not None:
        return task.speech_seconds
    return sum(speech(context, task, context.now).values())


def matches(context: Context, task: Task, when: float) -> tuple[Members, ...]:
    """Return the profiles of the domain whose voice the task has received, best first, at most 10.

    The score of a profile is its voice's share of the speech.
    """
    seconds = speech(context, task, when)
    total = sum(seconds.values())
    domain = task.request["VoiceProfileDomainArn"].rpartition("/")[2]
    shares = [
        (seconds[profile.voice] / total, profile.profile_id)
        for profile in context.state.profiles.values()
        if profile.domain_id == domain
        and profile.voice is not None
        and seconds[profile.voice]
        and profile.expires > when
    ]
    return tuple(
        {"voiceProfileId": profile_id, "confidenceScore": f"{share:.8f}"}
        for share, profile_id in sorted(shares, reverse=True)[:MAX_MATCHES]
    )
