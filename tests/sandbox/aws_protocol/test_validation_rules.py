"""Every constraint of the models is enforced, and no request breaks the reader."""

import json
import re
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws_protocol.routing import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE, service_model
from sandbox.aws_protocol.validation import InvalidRequestError, _compiled, read_request
from sandbox.services.operations import OPERATIONS

ALL = [(service, operation) for service, operations in OPERATIONS.items() for operation in operations]


def operation(service: str, name: str) -> OperationModel:
    return service_model(service).operation_model(name)


def shapes(shape: Shape, seen: frozenset[str] = frozenset()) -> list[Shape]:
    if shape.name in seen:
        return []
    inner = seen | {shape.name}
    if isinstance(shape, StructureShape):
        return [shape, *(one for member in shape.members.values() for one in shapes(member, inner))]
    if isinstance(shape, ListShape):
        return [shape, *shapes(shape.member, inner)]
    if isinstance(shape, MapShape):
        return [shape, *shapes(shape.key, inner), *shapes(shape.value, inner)]
    return [shape]


def input_shapes(service: str, name: str) -> list[Shape]:
    shape = operation(service, name).input_shape
    return shapes(shape) if shape else []


@pytest.mark.parametrize(("service", "name"), ALL)
def test_every_pattern_compiles(service: str, name: str) -> None:
    patterns = {
        shape.metadata["pattern"] for shape in input_shapes(service, name) if "pattern" in shape.metadata
    }
    assert all(_compiled(pattern) for pattern in patterns)


@pytest.mark.parametrize(("service", "name"), ALL)
def test_no_nested_member_has_another_name_on_the_wire(service: str, name: str) -> None:
    """Reader and writer rely on it below the top level of an input."""
    top = operation(service, name).input_shape
    renamed = [
        inner
        for shape in input_shapes(service, name)
        if isinstance(shape, StructureShape) and shape is not top
        for inner, member in shape.members.items()
        if member.serialization.get("name", inner) != inner
    ]
    assert renamed == []


def read(name: str, body: Any, service: str = MEDIA_PIPELINES, **path: str) -> dict[str, Any]:
    return read_request(operation(service, name), path, {}, json.dumps(body).encode())


TASK = {"VoiceProfileDomainArn": "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/x"}


@given(token=st.text(st.characters(codec="utf-8"), max_size=70))
def test_a_token_is_accepted_just_when_it_is_2_to_64_of_its_characters(token: str) -> None:
    right = re.fullmatch(r"[-_a-zA-Z0-9]{2,64}", token) is not None
    try:
        read("StartSpeakerSearchTask", {**TASK, "ClientRequestToken": token}, identifier="x")
        accepted = True
    except InvalidRequestError:
        accepted = False
    assert accepted == right


@given(
    channel=st.one_of(
        st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.text()
    )
)
def test_a_channel_is_accepted_just_when_it_is_the_number_0_or_1(channel: Any) -> None:
    stream = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/x/1"
    source = {"StreamArn": stream, "ChannelId": channel}
    try:
        read(
            "StartSpeakerSearchTask",
            {**TASK, "KinesisVideoStreamSourceTaskConfiguration": source},
            identifier="x",
        )
        accepted = True
    except InvalidRequestError:
        accepted = False
    assert accepted == (type(channel) is int and channel in {0, 1})


@given(
    body=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | st.binary().map(repr)
)
def test_a_body_of_any_kind_is_refused_or_read_but_never_breaks_the_reader(body: Any) -> None:
    with pytest.raises(InvalidRequestError):
        read("CreateVoiceProfileDomain", body, VOICE)


def test_members_that_the_model_does_not_have_are_ignored() -> None:
    found = read("StartSpeakerSearchTask", {**TASK, "Surprise": 1}, identifier="x")
    assert found == {**TASK, "Identifier": "x"}


def test_null_is_as_absent() -> None:
    found = read("StartSpeakerSearchTask", {**TASK, "ClientRequestToken": None}, identifier="x")
    assert "ClientRequestToken" not in found


@pytest.mark.parametrize(
    ("text", "accepted"), [("1", True), ("100", True), ("101", False), ("0", False), ("x", False)]
)
def test_a_number_in_the_query_is_read_and_checked(text: str, accepted: bool) -> None:
    listing = operation(VOICE, "ListVoiceProfileDomains")
    if accepted:
        assert read_request(listing, {}, {"max-results": text}, b"") == {"MaxResults": int(text)}
    else:
        with pytest.raises(InvalidRequestError, match="'MaxResults'"):
            read_request(listing, {}, {"max-results": text}, b"")


@pytest.mark.parametrize(
    ("value", "accepted"), [("Zürich 1", True), ("½", True), ("a,b", False), ("a\nb", False)]
)
def test_unicode_categories_are_understood(value: str, accepted: bool) -> None:
    stream = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/x/1"
    body = {"ResourceARN": stream, "Tags": [{"Key": "k", "Value": value}]}
    if accepted:
        assert read("TagResource", body, KINESIS_VIDEO) == body
    else:
        with pytest.raises(InvalidRequestError, match=r"Tags\.1\.member\.Value"):
            read("TagResource", body, KINESIS_VIDEO)
