"""PutMedia: Matroska in, acknowledgements out, on one connection.

Source: Kinesis Video Streams Developer Guide, PutMedia. No model of botocore has it: it is plain HTTP.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.account.context import Context
from sandbox.account.state import Stream
from sandbox.aws_protocol.errors import ServiceError
from sandbox.aws_protocol.serialising import Answer
from sandbox.local_aws import LocalAws
from sandbox.services.kinesis_video import media, speech

PATH = "/putMedia"
OPERATION = "PutMedia"
NAME_HEADER = "x-amzn-stream-name"
ARN_HEADER = "x-amzn-stream-arn"
TIMECODE_HEADER = "x-amzn-fragment-timecode-type"
START_HEADER = "x-amzn-producer-start-timestamp"
TIMECODE_TYPES = ("ABSOLUTE", "RELATIVE")


class PutMedia:
    """The sessions of one local AWS."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws
        self._lock = threading.Lock()
        self._open: set[str] = set()

    def begin(
        self, account_id: str, region: str, headers: Mapping[str, str], source: media.Readable
    ) -> Answer:
        """200 and the acknowledgements as they come about. ServiceError for what the headers say wrong."""
        _check_times(headers)
        with self._aws.lock:
            stream = _find(self._aws.context(account_id, region), headers)
        with self._lock:
            if stream.arn in self._open:
                message = f"{stream.arn} takes one PutMedia connection at a time."
                raise ServiceError("ConnectionLimitExceededException", message)
            self._open.add(stream.arn)
        session = _Session(self._aws, account_id, region, stream)
        return Answer(200, b"", chunks=self._run(session, source))

    def _run(self, session: "_Session", source: media.Readable) -> Iterator[bytes]:
        try:
            yield from session.acknowledgements(source)
        finally:
            with self._lock:
                self._open.discard(session.stream.arn)


class _Session:
    def __init__(self, aws: LocalAws, account_id: str, region: str, stream: Stream) -> None:
        self.stream = stream
        self._aws, self._account_id, self._region = aws, account_id, region
        self._number = int(aws.clock.now() * 1000) * 10**34

    def acknowledgements(self, source: media.Readable) -> Iterator[bytes]:
        """The last one is an Error if the media can't be taken."""
        try:
            for fragment in media.fragments(source):
                if not fragment.complete:
                    self._number += 1
                    yield self._acknowledged("BUFFERING", fragment)
                    continue
                self._hear(fragment)
                yield self._acknowledged("RECEIVED", fragment)
                if self.stream.members["DataRetentionInHours"]:
                    yield self._acknowledged("PERSISTED", fragment)
        except media.MediaError as error:
            yield _line({"EventType": "ERROR", "ErrorId": error.error_id, "ErrorCode": error.code})
        except OSError:
            return  # the producer has gone away

    def _hear(self, fragment: media.Fragment) -> None:
        measured = fragment.speech() or [media.Speech(None, 0.0, None)]
        with self._aws.lock:
            context = self._aws.context(self._account_id, self._region)
            for one in measured:
                try:
                    speech.hear(context, self.stream.arn, one.channel_id, one.seconds, one.voice)
                except LookupError as error:
                    raise media.MediaError(4008, "STREAM_NOT_ACTIVE") from error

    def _acknowledged(self, event: str, fragment: media.Fragment) -> bytes:
        return _line(
            {
                "EventType": event,
                "FragmentTimecode": fragment.timecode,
                "FragmentNumber": str(self._number),
            }
        )


def _line(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode() + b"\r\n"


def _check_times(headers: Mapping[str, str]) -> None:
    if headers.get(TIMECODE_HEADER) not in TIMECODE_TYPES:
        message = f"{TIMECODE_HEADER} takes {' or '.join(TIMECODE_TYPES)}."
        raise _invalid(message)
    try:
        float(headers.get(START_HEADER, ""))
    except ValueError as error:
        message = f"{START_HEADER} takes seconds since 1970."
        raise _invalid(message) from error


def _find(context: Context, headers: Mapping[str, str]) -> Stream:
    name, arn = headers.get(NAME_HEADER), headers.get(ARN_HEADER)
    if (name is None) == (arn is None):
        message = f"Give either {NAME_HEADER} or {ARN_HEADER}."
        raise _invalid(message)
    for stream in context.state.streams.values():
        if not stream.gone(context.now) and (stream.arn == arn if arn else stream.name == name):
            return stream
    message = f"There is no stream {arn or name} in {context.state.region}."
    raise ServiceError("ResourceNotFoundException", message)


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidArgumentException", message)
