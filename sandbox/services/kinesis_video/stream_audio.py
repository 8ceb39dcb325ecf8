"""The audio of a stream: fragments of PutMedia, speech of the control API, or continuous speech of an unknown voice."""

from dataclasses import replace

from sandbox.account.audio import NEUTRAL, NEVER, Audio, last_audio_time
from sandbox.account.context import Context
from sandbox.account.state import Stream


def receive(
    context: Context, stream_arn: str, channel_id: int | None, seconds: float, voice: str | None = None
) -> None:
    """Add a fragment that has just arrived.

    Args:
        context: The stream's account and region.
        stream_arn: The stream.
        channel_id: The channel of the stream's media; None: all.
        seconds: Speech in the fragment; 0: audio without speech.
        voice: Whose speech it is.

    Raises:
        LookupError: There is no such stream.
    """
    stream = context.state.stream(stream_arn, context.now)
    if stream is None:
        message = f"There is no stream {stream_arn}."
        raise LookupError(message)
    fragment = Audio(
        begin=context.now, end=context.now, at_once_seconds=seconds, voice=voice, channel_id=channel_id
    )
    _set_audio(context, stream, [*stream.audio, fragment])


def speak(context: Context, stream: Stream, seconds: float, voice: str | None, tone: str = NEUTRAL) -> None:
    """Schedule speech on every channel, after speech that is already scheduled. Continuous speech pauses meanwhile."""
    rate = context.settings.switches.speech_speed
    begin = _end_of_scheduled_speech(context, stream)
    speech = Audio(begin=begin, end=begin + seconds / rate, speech_per_second=rate, voice=voice, tone=tone)
    _set_audio(context, stream, [*_truncated(stream, begin), speech])
    if stream.media:
        _set_audio(context, stream, [*stream.audio, _continuous(context, speech.end)])


def set_media(context: Context, stream: Stream, on: bool) -> None:
    """Switch continuous speech of an unknown voice on or off. Off ends all speech of the stream."""
    if on and not stream.media:
        begin = _end_of_scheduled_speech(context, stream)
        _set_audio(context, stream, [*stream.audio, _continuous(context, begin)])
    elif not on:
        _set_audio(context, stream, _truncated(stream, context.now))
    stream.media = on


def _end_of_scheduled_speech(context: Context, stream: Stream) -> float:
    """Return when the last segment ends that has an end; now if there is none in the future."""
    return max([context.now, *(segment.end for segment in stream.audio if segment.end != NEVER)])


def _continuous(context: Context, begin: float) -> Audio:
    return Audio(begin=begin, end=NEVER, speech_per_second=context.settings.switches.speech_speed)


def _truncated(stream: Stream, when: float) -> list[Audio]:
    """Return the segments that have begun by `when`, cut off there."""
    return [replace(segment, end=min(segment.end, when)) for segment in stream.audio if segment.begin <= when]


def _set_audio(context: Context, stream: Stream, segments: list[Audio]) -> None:
    """Set the stream's audio, without segments that no running task can have received."""
    running = [task.created for task in context.state.tasks.values() if not task.ended(context.now)]
    needed_since = min(running, default=context.now)
    last = last_audio_time(segments)
    stream.audio = [segment for segment in segments if segment.end >= needed_since or segment.end == last]
    for pipeline in context.state.pipelines.values():
        if stream.arn in pipeline.stream_arns:
            pipeline.next_transition = 0.0
