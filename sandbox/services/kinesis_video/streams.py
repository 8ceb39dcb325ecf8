"""Operations on streams, their retention and their tags. Media: `put_media`."""

import uuid

from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Stream
from sandbox.account.status_timeline import Timeline
from sandbox.aws_protocol.errors import ServiceError
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.paging import page
from sandbox.clock import to_datetime
from sandbox.services.kinesis_video import stream_audio

MAX_RETENTION_HOURS = 87_600  # ten years
KEPT_MEMBERS = ("DeviceName", "StreamName", "MediaType", "KmsKeyId", "DataRetentionInHours")


def create_stream(context: Context, members: Members) -> Members:
    """Create a stream; its ARN ends with its time of creation in milliseconds, as on AWS."""
    state = context.state
    name = members["StreamName"]
    if any(stream.name == name and not stream.gone(context.now) for stream in state.streams.values()):
        message = f"There is a stream named {name} already."
        raise ServiceError("ResourceInUseException", message)
    retention = members.get("DataRetentionInHours", 0)
    _check_retention(name, retention)
    created_milliseconds = int(context.now * 1000)
    while (arn := state.arn("kinesisvideo", f"stream/{name}/{created_milliseconds}")) in state.streams:
        created_milliseconds += 1  # Deleted and created again within a millisecond.
    kept = {member: members[member] for member in KEPT_MEMBERS if member in members}
    kept.setdefault("KmsKeyId", state.arn("kms", "alias/aws/kinesisvideo"))
    kept["DataRetentionInHours"] = retention
    new = Stream(
        name=name,
        arn=arn,
        members=kept,
        version=_new_version(),
        created=context.now,
        timeline=context.advance(Timeline(), "stream created"),
        tags=tags.validated(members.get("Tags", {}), _invalid),
    )
    stream_audio.set_media(context, new, context.settings.switches.new_streams_receive_media)
    state.streams[arn] = new
    return {"StreamARN": arn}


def describe_stream(context: Context, members: Members) -> Members:
    """Describe a stream."""
    return {"StreamInfo": _stream_info(context, _find(context, members))}


def list_streams(context: Context, members: Members) -> Members:
    """List the streams whose name has a prefix."""
    prefix = members.get("StreamNameCondition", {}).get("ComparisonValue", "")
    rows = [
        _stream_info(context, stream)
        for stream in context.state.streams.values()
        if not stream.gone(context.now) and stream.name.startswith(prefix)
    ]
    return page("StreamInfoList", rows, members, _invalid)


def delete_stream(context: Context, members: Members) -> Members:
    """Delete a stream; its audio ends."""
    found = _find(context, members)
    _check_version(found, members.get("CurrentVersion"))
    _check_active(context, found)
    found.timeline = context.advance(found.timeline, "stream deleted")
    stream_audio.set_media(context, found, on=False)
    return {}


def update_data_retention(context: Context, members: Members) -> Members:
    """Increase or decrease the retention."""
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
    """Update device name and media type. An omitted one stays: AWS has no way to remove it."""
    found = _find(context, members)
    _check_version(found, members["CurrentVersion"])
    _check_active(context, found)
    found.members.update({name: members[name] for name in ("DeviceName", "MediaType") if name in members})
    found.version = _new_version()
    return {}


def get_data_endpoint(context: Context, members: Members) -> Members:
    """Return the sandbox itself, so that no media leaves this machine. It serves PutMedia only."""
    _find(context, members)
    return {"DataEndpoint": context.endpoint}


def tag_stream(context: Context, members: Members) -> Members:
    """Add tags, given as a map."""
    return _tag(context, members, tags.validated(members["Tags"], _invalid))


def untag_stream(context: Context, members: Members) -> Members:
    """Remove tags; keys that are not there are ignored."""
    found = _find(context, members)
    for key in members["TagKeyList"]:
        found.tags.pop(key, None)
    return {}


def list_tags_for_stream(context: Context, members: Members) -> Members:
    """List the tags of a stream."""
    return {"Tags": dict(_find(context, members).tags)}


def tag_resource(context: Context, members: Members) -> Members:
    """Add tags, given as a list."""
    return _tag(context, members, tags.from_list(members["Tags"], _invalid))


untag_resource = untag_stream
list_tags_for_resource = list_tags_for_stream


def _tag(context: Context, members: Members, new: dict[str, str]) -> Members:
    found = _find(context, members)
    found.tags = tags.merged(found.tags, new, tags.MAX_PER_STREAM, _too_many_tags)
    return {}


def _find(context: Context, members: Members) -> Stream:
    """Return the stream by ARN (StreamARN, ResourceARN) or name."""
    arn = members.get("StreamARN", members.get("ResourceARN"))
    name = members.get("StreamName")
    if arn is None and name is None:
        message = "Give StreamARN or StreamName."
        raise _invalid(message)
    for stream in context.state.streams.values():
        if not stream.gone(context.now) and (stream.arn == arn if arn is not None else stream.name == name):
            return stream
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
    if not 0 <= hours <= MAX_RETENTION_HOURS:
        message = f"Stream {name} would keep data for {hours} hours; it takes 0 to {MAX_RETENTION_HOURS}."
        raise _invalid(message)


def _stream_info(context: Context, stream: Stream) -> Members:
    return {
        **stream.members,
        "StreamARN": stream.arn,
        "Version": stream.version,
        "Status": stream.timeline.status(context.now),
        "CreationTime": to_datetime(stream.created),
    }


def _new_version() -> str:
    return uuid.uuid4().hex[:20]


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidArgumentException", message)


def _too_many_tags(message: str) -> ServiceError:
    return ServiceError("TagsPerResourceExceededLimitException", message)
