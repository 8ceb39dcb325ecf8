"""Call PutMedia of Kinesis Video Streams over HTTP: botocore has no operation for it, but can sign it.

A thread sends the media while the acknowledgements are received on the same connection.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

from examples.send_audio.matroska import Piece

PATH = "/putMedia"
SIGNING_NAME = "kinesisvideo"
ANSWER_SECONDS = 40.0
"""AWS closes a connection without traffic after 30 s."""


class PutMediaError(Exception):
    """The service refused the media; the text is its response."""


def put_media(
    session: Session, stream_name: str, media: Iterable[Piece], *, speed: float = 1.0
) -> Iterator[dict[str, Any]]:
    """Send each piece when its audio would have been spoken, `speed` times faster; yield acknowledgements.

    Raises:
        PutMediaError: The service refused the media.
        OSError: The connection broke.
    """
    client = session.create_client("kinesisvideo")
    endpoint = client.get_data_endpoint(StreamName=stream_name, APIName="PUT_MEDIA")["DataEndpoint"]
    connection = _open(session, endpoint, stream_name)
    stop = threading.Event()
    sender = threading.Thread(target=_send, args=(connection.sock, media, speed, stop), daemon=True)
    sender.start()
    try:
        yield from _acknowledgements(connection.getresponse())
    finally:
        stop.set()
        connection.close()


def _open(session: Session, endpoint: str, stream_name: str) -> HTTPConnection:
    """Open a connection and send the headers; the body follows."""
    url = urlsplit(endpoint)
    headers = _signed_headers(session, f"{endpoint}{PATH}", stream_name)
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.netloc, timeout=ANSWER_SECONDS)
    connection.putrequest("POST", PATH, skip_host=True, skip_accept_encoding=True)
    for name, value in {"Host": url.netloc, **headers, "Transfer-Encoding": "chunked"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection


def _signed_headers(session: Session, url: str, stream_name: str) -> dict[str, str]:
    """Return the headers with the signature of an empty body, because the media is not known yet."""
    request = AWSRequest(
        "POST",
        url,
        headers={
            "x-amzn-stream-name": stream_name,
            "x-amzn-fragment-timecode-type": "RELATIVE",
            "x-amzn-producer-start-timestamp": f"{time.time():.3f}",
        },
    )
    SigV4Auth(session.get_credentials(), SIGNING_NAME, _region(session)).add_auth(request)
    return {str(name): str(value) for name, value in request.headers.items()}


def _region(session: Session) -> str:
    return str(session.create_client("kinesisvideo").meta.region_name)


def _send(connection: socket.socket, media: Iterable[Piece], speed: float, stop: threading.Event) -> None:
    started_at = time.monotonic()
    # If the service closes the connection, its last acknowledgement or its response says why.
    with suppress(OSError):
        for piece in media:
            early = piece.until_seconds / speed - (time.monotonic() - started_at)
            if stop.wait(max(early, 0.0)):
                return
            if piece.data:
                connection.sendall(b"%x\r\n%b\r\n" % (len(piece.data), piece.data))
        connection.sendall(b"0\r\n\r\n")


def _acknowledgements(response: HTTPResponse) -> Iterator[dict[str, Any]]:
    if response.status != 200:
        message = (
            f"PutMedia failed with status {response.status}: {response.read().decode('utf-8', 'replace')}"
        )
        raise PutMediaError(message)
    for line in _lines(response.readline):
        acknowledgement = json.loads(line)
        if acknowledgement["EventType"] == "ERROR":
            message = f"PutMedia refused a fragment: {line.decode()}"
            raise PutMediaError(message)
        yield acknowledgement


def _lines(readline: Callable[[], bytes]) -> Iterator[bytes]:
    while line := readline():
        if line.strip():
            yield line.strip()
