"""`python -m examples.send_audio`: send a sound file, or a made-up voice, to a Kinesis video stream."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from examples.send_audio import sound
from examples.send_audio.matroska import LONGEST_FRAGMENT_SECONDS, pieces
from examples.send_audio.put_media import PutMediaError, put_media

FRAGMENTS_PER_SECOND = 4
"""Kinesis Video Streams takes five."""
LOOK_SECONDS = 0.25
SAY_SECONDS = 10
"""A line each time so much sound has arrived."""

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)

File = Annotated[
    Path | None, typer.Argument(help="A WAV file, or anything else that FFmpeg reads.", exists=True)
]
Stream = Annotated[str, typer.Option("--stream", help="Name of the stream.")]
Prefix = Annotated[
    str, typer.Option("--stream-prefix", help="Beginning of the only stream's name that has it.")
]
Wait = Annotated[float, typer.Option("--wait-for-stream", min=0, help="Seconds to wait until it is there.")]
Voice = Annotated[str, typer.Option("--voice", help="Without a file: this made-up voice, voice-<pitch>hz.")]
Seconds = Annotated[float, typer.Option("--seconds", min=0.1, help="How long the made-up voice speaks.")]
Speed = Annotated[
    float, typer.Option("--speed", min=0.1, max=40, help="How many times as fast as it is spoken.")
]
Rate = Annotated[int, typer.Option("--sample-rate", min=8000, max=48000, help="As the pipeline expects it.")]


class NoStreamError(Exception):
    """The stream is not there, or there are several that it could be."""


@app.command()
def main(
    file: File = None,
    stream: Stream = "",
    stream_prefix: Prefix = "",
    wait_for_stream: Wait = 0.0,
    voice: Voice = "voice-220hz",
    seconds: Seconds = 60.0,
    speed: Speed = 1.0,
    sample_rate: Rate = 8000,
) -> None:
    """Send FILE, or a made-up voice, by PutMedia. AWS's usual settings say which account, region and endpoint."""
    if bool(stream) == bool(stream_prefix):
        _end("Give either --stream or --stream-prefix.", 2)
    try:
        spoken = sound.of_file(file, sample_rate) if file else sound.made_up(voice, seconds, sample_rate)
        session = get_session()
        name = found_stream(session, stream, stream_prefix, wait_for_stream)
        print(f"Sending {file or voice} to the stream {name}{_faster(speed)}.", flush=True)
        fragment_seconds = min(max(1.0, speed / FRAGMENTS_PER_SECOND), LONGEST_FRAGMENT_SECONDS)
        arrived = 0.0
        for one in put_media(session, name, pieces(spoken, fragment_seconds), speed=speed):
            arrived = _told(one, arrived)
    except (NoStreamError, PutMediaError, BotoCoreError, ClientError, ValueError, OSError) as error:
        _end(str(error), 1)
    print("All of it is sent.")


def found_stream(
    session: Session,
    name: str,
    prefix: str,
    wait_seconds: float,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> str:
    """The ACTIVE stream with this name, or the only one that begins with `prefix`. NoStreamError otherwise."""
    client = session.create_client("kinesisvideo")
    deadline = now() + wait_seconds
    while True:
        listed = _named(client, name) if name else _beginning(client, prefix)
        fitting = [str(one["StreamName"]) for one in listed if one["Status"] == "ACTIVE"]
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            message = f"Several streams begin with {prefix}: {', '.join(fitting)}. Give --stream."
            raise NoStreamError(message)
        if now() >= deadline:
            message = f"There is no active stream {name or prefix + '…'} in {client.meta.region_name}."
            raise NoStreamError(message)
        sleep(LOOK_SECONDS)


def _named(client: Any, name: str) -> list[dict[str, Any]]:
    try:
        return [client.describe_stream(StreamName=name)["StreamInfo"]]
    except client.exceptions.ResourceNotFoundException:
        return []


def _beginning(client: Any, prefix: str) -> list[dict[str, Any]]:
    condition = {"ComparisonOperator": "BEGINS_WITH", "ComparisonValue": prefix}
    return list(client.list_streams(StreamNameCondition=condition)["StreamInfoList"])


def _told(acknowledgement: dict[str, Any], said: float) -> float:
    """Says how much has arrived, every `SAY_SECONDS` of sound."""
    if acknowledgement["EventType"] != "RECEIVED":
        return said
    arrived = float(acknowledgement["FragmentTimecode"]) / 1000
    if arrived - said < SAY_SECONDS:
        return said
    print(f"The stream has {arrived:.0f} s of it.", flush=True)
    return arrived


def _faster(speed: float) -> str:
    return "" if speed == 1 else f", {speed:g} times as fast as it is spoken"


def _end(message: str, code: int) -> None:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
