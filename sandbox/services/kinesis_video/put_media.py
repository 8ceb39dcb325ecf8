"""PutMedia: receives Matroska and sends acknowledgements on one connection.

Source: Kinesis Video Streams Developer Guide, PutMedia. botocore has no model of it, so it is handled as plain HTTP.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sandbox.account.context import Context
from sandbox.account.state import Stream
from sandbox.aws_protocol.errors import ServiceError
from sandbox.aws_protocol.serialization import Response
from sandbox.clock import Clock
from sandbox.services.kinesis_video import matroska, stream_audio

PATH = "/putMedia"
OPERATION = "PutMedia"
NAME_HEADER = "x-amzn-stream-name"
ARN_HEADER = "x-amzn-stream-arn"
TIMECODE_HEADER = "x-amzn-fragment-timecode-type"
START_HEADER = "x-amzn-producer-start-timestamp"
TIMECODE_TYPES = ("ABSOLUTE", "RELATIVE")


class Accounts(Protocol):
    """What a session needs of the local AWS, which it changes piece by piece."""

    @property
    def clock(self) -> Clock:
        """Return the sandbox's clock."""
        ...

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Return the lock under which a context may be used."""
        ...

    def context(self, account_id: str, region: str) -> Context:
        """Return an account and region with all due transitions applied."""
        ...


class PutMedia:
    """The open sessions of one local AWS."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._lock = threading.Lock()
        self._open: set[str] = set()

    def begin(
        self, account_id: str, region: str, headers: Mapping[str, str], source: matroska.Readable
    ) -> Response:
        """Return a response that streams the acknowledgements.

        Raises:
            ServiceError: The headers are invalid, or the stream is missing or in use.
        """
        _check_times(headers)
        with self._accounts.lock:
            stream = _find(self._accounts.context(account_id, region), headers)
        with self._lock:
            if stream.arn in self._open:
                message = f"{stream.arn} takes one PutMedia connection at a time."
                raise ServiceError("ConnectionLimitExceededException", message)
            self._open.add(stream.arn)
        session = _Session(self._accounts, account_id, region, stream)
        return Response(200, b"", chunks=self._run(session, source))

    def _run(self, session: "_Session", source: matroska.Readable) -> Iterator[bytes]:
        try:
            yield from session.acknowledgements(source)
        finally:
            with self._lock:
                self._open.discard(session.stream.arn)


class _Session:
    def __init__(self, accounts: Accounts, account_id: str, region: str, stream: Stream) -> None:
        self.stream = stream
        self._accounts, self._account_id, self._region = accounts, account_id, region
        self._number = int(accounts.clock.now() * 1000) * 10**34

    def acknowledgements(self, source: matroska.Readable) -> Iterator[bytes]:
        """Yield the acknowledgements; the last one is an ERROR if the media is invalid."""
        try:
            for fragment in matroska.fragments(source):
                if not fragment.complete:
                    self._number += 1
                    yield self._acknowledgement("BUFFERING", fragment)
                    continue
                self._receive(fragment)
                yield self._acknowledgement("RECEIVED", fragment)
                if self.stream.members["DataRetentionInHours"]:
                    yield self._acknowledgement("PERSISTED", fragment)
        except matroska.MediaError as error:
            yield _line({"EventType": "ERROR", "ErrorId": error.error_id, "ErrorCode": error.code})
        except OSError:
            return  # the producer has closed the connection

    def _receive(self, fragment: matroska.Fragment) -> None:
        speech = fragment.speech() or [matroska.Speech(None, 0.0, None)]
        with self._accounts.lock:
            context = self._accounts.context(self._account_id, self._region)
            for part in speech:
                try:
                    stream_audio.receive(context, self.stream.arn, part.channel_id, part.seconds, part.voice)
                except LookupError as error:
                    raise matroska.MediaError(4008, "STREAM_NOT_ACTIVE") from error

    def _acknowledgement(self, event: str, fragment: matroska.Fragment) -> bytes:
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
