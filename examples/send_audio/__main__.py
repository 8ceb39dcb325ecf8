"""`python -m examples.send_audio`: send a sound file, or a synthetic voice, to a Kinesis video stream."""

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
"""Kinesis Video Streams accepts five."""
POLL_SECONDS = 0.25
PROGRESS_SECONDS = 10
"""Print a line whenever so much audio has arrived."""

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)

File = Annotated[
    Path | None, typer.Argument(help="A WAV file, or anything else that FFmpeg reads.", exists=True)
]
Stream = Annotated[str, typer.Option("--stream", help="Name of the stream.")]
Prefix = Annotated[
    str, typer.Option("--stream-prefix", help="Prefix of the stream's name; only one stream may have it.")
]
Wait = Annotated[
    float, typer.Option("--wait-for-stream", min=0, help="Seconds to wait for the stream to be created.")
]
Voice = Annotated[str, typer.Option("--voice", help="Without a file: this synthetic voice, voice-<pitch>hz.")]
Seconds = Annotated[float, typer.Option("--seconds", min=0.1, help="Duration of the synthetic voice.")]
Speed = Annotated[
    float, typer.Option("--speed", min=0.1, max=40, help="How many times faster than real time.")
]
Rate = Annotated[
    int, typer.Option("--sample-rate", min=8000, max=48000, help="In Hz, as the pipeline expects it.")
]


class NoStreamError(Exception):
    """There is no such stream, or there are several."""


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
    """Send FILE, or a synthetic voice, by PutMedia. AWS's usual settings say which account, region and endpoint."""
    if bool(stream) == bool(stream_prefix):
        _exit("Give either --stream or --stream-prefix.", 2)
    try:
        spoken = sound.of_file(file, sample_rate) if file else sound.synthetic(voice, seconds, sample_rate)
        session = get_session()
        name = find_stream(session, stream, stream_prefix, wait_for_stream)
        print(f"Sending {file or voice} to stream {name}{_speed_text(speed)}.", flush=True)
        fragment_seconds = min(max(1.0, speed / FRAGMENTS_PER_SECOND), LONGEST_FRAGMENT_SECONDS)
        arrived = 0.0
        for acknowledgement in put_media(session, name, pieces(spoken, fragment_seconds), speed=speed):
            arrived = _print_progress(acknowledgement, arrived)
    except (NoStreamError, PutMediaError, BotoCoreError, ClientError, ValueError, OSError) as error:
        _exit(str(error), 1)
    print("Everything is sent.")


def find_stream(
    session: Session,
    name: str,
    prefix: str,
    wait_seconds: float,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> str:
    """Return the name of the ACTIVE stream with this name, or of the only one with this prefix.

    Raises:
        NoStreamError: There is no such stream in time, or there are several.
    """
    client = session.create_client("kinesisvideo")
    deadline = now() + wait_seconds
    while True:
        listed = _named(client, name) if name else _with_prefix(client, prefix)
        active = [str(stream["StreamName"]) for stream in listed if stream["Status"] == "ACTIVE"]
        if len(active) == 1:
            return active[0]
        if len(active) > 1:
            message = f"Several streams begin with {prefix}: {', '.join(active)}. Give --stream."
            raise NoStreamError(message)
        if now() >= deadline:
            message = f"There is no active stream {name or prefix + '…'} in {client.meta.region_name}."
            raise NoStreamError(message)
        sleep(POLL_SECONDS)


def _named(client: Any, name: str) -> list[dict[str, Any]]:
    try:
        return [client.describe_stream(StreamName=name)["StreamInfo"]]
    except client.exceptions.ResourceNotFoundException:
        return []


def _with_prefix(client: Any, prefix: str) -> list[dict[str, Any]]:
    condition = {"ComparisonOperator": "BEGINS_WITH", "ComparisonValue": prefix}
    return list(client.list_streams(StreamNameCondition=condition)["StreamInfoList"])


def _print_progress(acknowledgement: dict[str, Any], printed: float) -> float:
    """Print how much has arrived, every `PROGRESS_SECONDS` of audio; return the seconds last printed."""
    if acknowledgement["EventType"] != "RECEIVED":
        return printed
    arrived = float(acknowledgement["FragmentTimecode"]) / 1000
    if arrived - printed < PROGRESS_SECONDS:
        return printed
    print(f"{arrived:.0f} s have arrived in the stream.", flush=True)
    return arrived


def _speed_text(speed: float) -> str:
    return "" if speed == 1 else f", {speed:g} times faster than real time"


def _exit(message: str, code: int) -> None:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
