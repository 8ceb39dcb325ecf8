"""Control the speech in a stream, and enrol synthetic voices."""

from sandbox.account.audio import NEUTRAL, TONES
from sandbox.account.context import Context
from sandbox.account.state import Stream
from sandbox.control import lists
from sandbox.control.requests import Json, NoSuchResourceError, Query, amount
from sandbox.local_aws import LocalAws
from sandbox.services.kinesis_video import stream_audio
from sandbox.services.voice import profiles


def set_media(aws: LocalAws, query: Query, values: Json) -> Json:
    """Take {"stream": name or ARN, "on": true or false}."""
    name, on = str(values.get("stream")), values.get("on")
    if not isinstance(on, bool):
        message = f"on can't be {on!r}: it takes true or false."
        raise ValueError(message)
    with aws.lock:
        context, stream = _find_stream(aws, name)
        stream_audio.set_media(context, stream, on)
        return lists.stream_row(context, stream)


def speak(aws: LocalAws, query: Query, values: Json) -> Json:
    """Take {"stream": name or ARN, "seconds": of speech, "voice": name, or null for an unknown voice, "tone"}."""
    name, seconds, voice = str(values.get("stream")), amount(values, "seconds"), values.get("voice")
    tone = values.get("tone", NEUTRAL)
    if tone not in TONES:
        message = f"tone can't be {tone!r}: it takes {', '.join(TONES)}."
        raise ValueError(message)
    with aws.lock:
        context, stream = _find_stream(aws, name)
        stream_audio.speak(context, stream, seconds, None if voice is None else str(voice), tone)
        return lists.stream_row(context, stream)


def enrol(aws: LocalAws, query: Query, values: Json) -> Json:
    """Take {"domain": id or ARN, "voice": name}, and return {"profile_id"}."""
    identifier, voice = str(values.get("domain")), values.get("voice")
    if not isinstance(voice, str) or not voice:
        message = f"voice can't be {voice!r}: it takes a name."
        raise ValueError(message)
    with aws.lock:
        for context in lists.contexts(aws):
            for domain in context.state.domains.values():
                if identifier in {domain.domain_id, domain.arn}:
                    return {"profile_id": profiles.enrol(context, domain, voice).profile_id}
    message = f"There is no voice profile domain {identifier}."
    raise NoSuchResourceError(message)


def _find_stream(aws: LocalAws, name: str) -> tuple[Context, Stream]:
    """Return a stream by name or ARN, in any account and region."""
    for context in lists.contexts(aws):
        for stream in context.state.streams.values():
            if name in {stream.name, stream.arn} and not stream.gone(context.now):
                return context, stream
    message = f"There is no stream {name}."
    raise NoSuchResourceError(message)
