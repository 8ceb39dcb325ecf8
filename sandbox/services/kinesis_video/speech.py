"""How audio comes into a stream: by PutMedia, by the control API speaking, or as endless speech of nobody known."""

from dataclasses import replace

from sandbox.account.context import Context
from sandbox.account.state import Stream
from sandbox.services.kinesis_video.audio import NEVER, Audio, last_moment


def hear(
    context: Context, stream_arn: str, channel_id: int | None, seconds: float, voice: str | None = None
) -> None:
    """A fragment that has just come in, with so many seconds of speech in it (0: audio in which nobody speaks).

    `channel_id`: which channel of the stream's media; None: all. LookupError: there is no such stream.
    """
    stream = context.state.stream(stream_arn, context.now)
    if stream is None:
        message = f"There is no stream {stream_arn}."
        raise LookupError(message)
    came = Audio(
        begin=context.now, end=context.now, at_once_seconds=seconds, voice=voice, channel_id=channel_id
    )
    _keep(context, stream, [came])


def speak(context: Context, stream: Stream, seconds: float, voice: str | None) -> None:
    """Speech on every channel, after what is being spoken already. Endless speech is quiet meanwhile."""
    speed = context.settings.switches.speech_speed
    begin = _silent_from(context, stream)
    spoken = Audio(begin=begin, end=begin + seconds / speed, speech_per_second=speed, voice=voice)
    _keep(context, stream, [*_ended(stream, begin), spoken], replaces=True)
    if stream.media:
        _keep(context, stream, [_endless(context, spoken.end)])


def set_media(context: Context, stream: Stream, on: bool) -> None:
    """Whether somebody speaks endlessly whom nobody knows. Off: whatever is being spoken ends as well."""
    if on and not stream.media:
        _keep(context, stream, [_endless(context, _silent_from(context, stream))])
    elif not on:
        _keep(context, stream, _ended(stream, context.now), replaces=True)
    stream.media = on


def _silent_from(context: Context, stream: Stream) -> float:
    """When the last has been said of what has an end."""
    return max([context.now, *(one.end for one in stream.audio if one.end != NEVER)])


def _endless(context: Context, begin: float) -> Audio:
    return Audio(begin=begin, end=NEVER, speech_per_second=context.settings.switches.speech_speed)


def _ended(stream: Stream, when: float) -> list[Audio]:
    """What has begun, ended by `when`."""
    return [replace(one, end=min(one.end, when)) for one in stream.audio if one.begin <= when]


def _keep(context: Context, stream: Stream, new: list[Audio], *, replaces: bool = False) -> None:
    """Adds `new`, or replaces by it; forgets what no running task can have heard."""
    pieces = new if replaces else [*stream.audio, *new]
    running = [task.created for task in context.state.tasks.values() if not task.ended(context.now)]
    needed_since = min(running, default=context.now)
    last = last_moment(pieces)
    stream.audio = [one for one in pieces if one.end >= needed_since or one.end == last]
    for pipeline in context.state.pipelines.values():
        if stream.arn in pipeline.stream_arns:
            pipeline.due = 0.0
