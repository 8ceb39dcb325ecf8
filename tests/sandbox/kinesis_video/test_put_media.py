"""PutMedia over HTTP, signed by botocore: it receives Matroska and sends acknowledgements."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from examples.send_audio.matroska import pieces
from examples.send_audio.sound import synthetic
from sandbox.control import SandboxControl
from tests.aws_account import REGION, AwsAccount
from tests.sandbox_process import SandboxProcess

HEADERS = {
    "x-amzn-stream-name": "calls",
    "x-amzn-fragment-timecode-type": "RELATIVE",
    "x-amzn-producer-start-timestamp": "1764072000.000",
}
Answer = tuple[int, str | None, list[dict[str, Any]]]


class Producer:
    """Sends media to the stream `calls` in one piece."""

    def __init__(self, aws: AwsAccount) -> None:
        self._streams = aws.streams

    def put(self, media: Iterator[bytes] | bytes, **changes: str | None) -> Answer:
        """Return (HTTP status, error type, the lines of the response)."""
        endpoint = self._streams.get_data_endpoint(StreamName="calls", APIName="PUT_MEDIA")["DataEndpoint"]
        wanted = {**HEADERS, **{name.replace("_", "-"): value for name, value in changes.items()}}
        request = AWSRequest(
            "POST", f"{endpoint}/putMedia", headers={name: text for name, text in wanted.items() if text}
        )
        SigV4Auth(Credentials("test", "test"), "kinesisvideo", REGION).add_auth(request)
        headers = dict(request.headers.items())
        in_chunks = not isinstance(media, bytes)
        if in_chunks:
            headers["Transfer-Encoding"] = "chunked"
        with closing(HTTPConnection(urlsplit(endpoint).netloc, timeout=10)) as connection:
            connection.request("POST", "/putMedia", media, headers, encode_chunked=in_chunks)
            answer = connection.getresponse()
            lines = [json.loads(line) for line in answer.read().splitlines() if line]
        return answer.status, answer.headers["x-amzn-errortype"], lines


def sound(seconds: float = 2.5) -> Iterator[bytes]:
    return (piece.data for piece in pieces(synthetic("voice-220hz", seconds, 8000), 1.0) if piece.data)


def kinds(answer: Answer) -> list[str]:
    return [line["EventType"] for line in answer[2]]


@pytest.fixture
def producer(aws: AwsAccount) -> Producer:
    aws.stream(StreamName="calls")
    return Producer(aws)


def test_each_fragment_is_acknowledged_as_it_begins_and_as_it_ends(producer: Producer) -> None:
    assert kinds(producer.put(sound())) == ["BUFFERING", "RECEIVED"] * 3


def test_a_stream_with_retention_acknowledges_that_media_is_persisted(aws: AwsAccount) -> None:
    aws.stream(StreamName="calls", DataRetentionInHours=1)
    assert kinds(Producer(aws).put(sound(1))) == ["BUFFERING", "RECEIVED", "PERSISTED"]


def test_an_acknowledgement_has_the_fragments_time_code(producer: Producer) -> None:
    answer = producer.put(sound())
    assert [line["FragmentTimecode"] for line in answer[2][::2]] == [0, 1000, 2000]


def test_fragment_numbers_are_long_texts_that_ascend(producer: Producer) -> None:
    numbers = [line["FragmentNumber"] for line in producer.put(sound())[2][::2]]
    assert ([len(one) for one in numbers], numbers) == ([47] * 3, sorted(numbers))


def test_media_with_a_length_instead_of_chunks_is_taken(producer: Producer) -> None:
    assert kinds(producer.put(b"".join(sound(1)))) == ["BUFFERING", "RECEIVED"]


def test_bytes_that_are_not_matroska_get_an_error_acknowledgement(producer: Producer) -> None:
    status, _, lines = producer.put(b"no media" * 1000)
    assert (status, lines) == (
        200,
        [{"EventType": "ERROR", "ErrorId": 4006, "ErrorCode": "INVALID_MKV_DATA"}],
    )


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"x_amzn_stream_name": "nobody"}, "ResourceNotFoundException", 404),
        ({"x_amzn_stream_name": None}, "InvalidArgumentException", 400),
        (
            {"x_amzn_stream_arn": "arn:aws:kinesisvideo:us-east-1:1:stream/a/1"},
            "InvalidArgumentException",
            400,
        ),
        ({"x_amzn_fragment_timecode_type": "NOW"}, "InvalidArgumentException", 400),
        ({"x_amzn_producer_start_timestamp": "noon"}, "InvalidArgumentException", 400),
        ({"x_amzn_producer_start_timestamp": None}, "InvalidArgumentException", 400),
    ],
)
def test_wrong_headers_are_refused(
    producer: Producer, changes: dict[str, str | None], code: str, status: int
) -> None:
    assert producer.put(b"", **changes)[:2] == (status, code)


def test_a_second_connection_to_a_stream_is_refused(producer: Producer) -> None:
    answers: list[Answer] = []

    def while_the_first_is_open() -> Iterator[bytes]:
        for number, data in enumerate(sound()):
            yield data
            if number == 1:
                answers.append(producer.put(b""))

    producer.put(while_the_first_is_open())
    assert answers[0][:2] == (400, "ConnectionLimitExceededException")


def test_a_stream_takes_the_next_connection_once_the_first_is_closed(producer: Producer) -> None:
    producer.put(b"no media" * 1000)
    assert producer.put(sound(1))[0] == 200


def test_a_call_is_in_the_log(producer: Producer, control: SandboxControl) -> None:
    producer.put(sound(1))
    (call,) = control.calls("PutMedia")
    assert (call["service"], call["resource"], call["status"]) == ("kinesisvideo", "calls", 200)


def test_a_fault_hits_it(producer: Producer, control: SandboxControl) -> None:
    control.add_fault("throttle", "PutMedia", nth=1)
    assert producer.put(b"")[:2] == (400, "ClientLimitExceededException")


def test_an_unsigned_call_is_refused(sandbox: SandboxProcess, producer: Producer) -> None:
    with closing(HTTPConnection(urlsplit(sandbox.endpoint).netloc, timeout=10)) as connection:
        connection.request("POST", "/putMedia", b"", HEADERS)
        assert connection.getresponse().status == 403
