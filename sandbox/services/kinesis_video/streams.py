"""Kinesis Video Streams: streams, their retention and their tags. Media: `put_media`."""

import uuid

from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Members, Stream
from sandbox.account.timeline import Timeline
from sandbox.aws_protocol.errors import ServiceError
from sandbox.aws_protocol.paging import page
from sandbox.clock import moment
from sandbox.services.kinesis_video import speech

LONGEST_RETENTION_HOURS = 87_600  # ten years
DESCRIBED = ("DeviceName", "StreamName", "MediaType", "KmsKeyId", "DataRetentionInHours")


def create_stream(context: Context, members: Members) -> Members:
    state = context.state
    name = members["StreamName"]
    if any(one.name == name and not one.gone(context.now) for one in state.streams.values()):
        message = f"There is a stream named {name} already."
        raise ServiceError("ResourceInUseException", message)
    retention = members.get("DataRetentionInHours", 0)
    _check_retention(name, retention)
    created_milliseconds = int(context.now * 1000)
    while (arn := state.arn("kinesisvideo", f"stream/{name}/{created_milliseconds}")) in state.streams:
        created_milliseconds += 1  # Deleted and made again within a millisecond.
    described = {member: members[member] for member in DESCRIBED if member in members}
    described.setdefault("KmsKeyId", state.arn("kms", "alias/aws/kinesisvideo"))
    described["DataRetentionInHours"] = retention
    new = Stream(
        name=name,
        arn=arn,
        members=described,
        version=_new_version(),
        created=context.now,
        timeline=context.advance(Timeline(), "stream created"),
        tags=tags.checked(members.get("Tags", {}), _invalid),
    )
    speech.set_media(context, new, context.settings.switches.new_streams_receive_media)
    state.streams[arn] = new
    return {"StreamARN": arn}


def describe_stream(context: Context, members: Members) -> Members:
    return {"StreamInfo": _described(context, _find(context, members))}


def list_streams(context: Context, members: Members) -> Members:
    beginning = members.get("StreamNameCondition", {}).get("ComparisonValue", "")
    rows = [
        _described(context, one)
        for one in context.state.streams.values()
        if not one.gone(context.now) and one.name.startswith(beginning)
    ]
    return page("StreamInfoList", rows, members, _invalid)


def delete_stream(context: Context, members: Members) -> Members:
    """Whatever listens to it hears nothing from here on."""
    found = _find(context, members)
    _check_version(found, members.get("CurrentVersion"))
    _check_active(context, found)
    found.timeline = context.advance(found.timeline, "stream deleted")
    speech.set_media(context, found, on=False)
    return {}


def update_data_retention(context: Context, members: Members) -> Members:
    found = _find(context, members)
    _check_version(found, members["CurrentVersion"])
    _check_active(context, found)
    hours = members["DataRetentionChangeInHours"]
    sign = 1 if members["Operation"] == "INCREASE_DATA_RETENTION" else -1
    retention = found.members["DataRetentionInHours"] + sign * hours
    _check_retention(found.name, retention)
    found.members["DataRetentionInHours"] = retention
    found.version = _new_version()
    return {}


def update_stream(context: Context, members: Members) -> Members:
    """What is not given stays: AWS has no way to take a device name or a media type off again."""
    found = _find(context, members)
    _check_version(found, members["CurrentVersion"])
    _check_active(context, found)
    found.members.update({name: members[name] for name in ("DeviceName", "MediaType") if name in members})
    found.version = _new_version()
    return {}


def get_data_endpoint(context: Context, members: Members) -> Members:
    """The sandbox itself, so that nothing leaves this machine. PutMedia is there; the rest answers 501."""
    _find(context, members)
    return {"DataEndpoint": context.endpoint}


def tag_stream(context: Context, members: Members) -> Members:
    return _tag(context, members, tags.checked(members["Tags"], _invalid))


def untag_stream(context: Context, members: Members) -> Members:
    found = _find(context, members)
    for key in members["TagKeyList"]:
        found.tags.pop(key, None)
    return {}


def list_tags_for_stream(context: Context, members: Members) -> Members:
    return {"Tags": dict(_find(context, members).tags)}


def tag_resource(context: Context, members: Members) -> Members:
    return _tag(context, members, tags.from_list(members["Tags"], _invalid))


untag_resource = untag_stream
list_tags_for_resource = list_tags_for_stream


def _tag(context: Context, members: Members, new: dict[str, str]) -> Members:
    found = _find(context, members)
    found.tags = tags.merged(found.tags, new, tags.MOST_PER_STREAM, _too_many_tags)
    return {}


def _find(context: Context, members: Members) -> Stream:
    """By ARN (StreamARN, ResourceARN) or by name."""
    arn = members.get("StreamARN", members.get("ResourceARN"))
    name = members.get("StreamName")
    if arn is None and name is None:
        message = "Give StreamARN or StreamName."
        raise _invalid(message)
    for one in context.state.streams.values():
        if not one.gone(context.now) and (one.arn == arn if arn is not None else one.name == name):
            return one
    message = f"There is no stream {arn or name} in {context.state.region}."
    raise ServiceError("ResourceNotFoundException", message)


def _check_version(stream: Stream, version: str | None) -> None:
    if version is not None and version != stream.version:
        message = f"{stream.arn} has another version than CurrentVersion says: describe it again."
        raise ServiceError("VersionMismatchException", message)


def _check_active(context: Context, stream: Stream) -> None:
    status = stream.timeline.status(context.now)
    if status != "ACTIVE":
        message = f"{stream.arn} is {status}: wait until it is ACTIVE."
        raise ServiceError("ResourceInUseException", message)


def _check_retention(name: str, hours: int) -> None:
    if not 0 <= hours <= LONGEST_RETENTION_HOURS:
        message = f"Stream {name} would keep data for {hours} hours; it takes 0 to {LONGEST_RETENTION_HOURS}."
        raise _invalid(message)


def _described(context: Context, stream: Stream) -> Members:
    return {
        **stream.members,
        "StreamARN": stream.arn,
        "Version": stream.version,
        "Status": stream.timeline.status(context.now),
        "CreationTime": moment(stream.created),
    }


def _new_version() -> str:
    return uuid.uuid4().hex[:20]


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidArgumentException", message)


def _too_many_tags(message: str) -> ServiceError:
    return ServiceError("TagsPerResourceExceededLimitException", message)
