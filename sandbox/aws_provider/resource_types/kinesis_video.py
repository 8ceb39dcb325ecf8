"""`aws:kinesis/videoStream:VideoStream`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.aws_provider import schema
from sandbox.aws_provider.aws_calls import AwsCalls
from sandbox.aws_provider.rows import ARN, REGION, TAGS, TAGS_ALL, name_row, output
from sandbox.aws_provider.schema import Kind, Property, State

GONE = frozenset({"ResourceNotFoundException"})


def _create(aws: AwsCalls, inputs: State, tags: Mapping[str, str]) -> schema.Created:
    arn = aws.call(
        "kinesisvideo",
        "create_stream",
        StreamName=inputs["name"],
        DataRetentionInHours=inputs.get("dataRetentionInHours", 0),
        DeviceName=inputs.get("deviceName"),
        KmsKeyId=inputs.get("kmsKeyId"),
        MediaType=inputs.get("mediaType"),
        Tags=dict(tags) or None,
    )["StreamARN"]
    return schema.Created(arn, {"arn": arn})


def _describe(aws: AwsCalls, arn: str) -> Mapping[str, Any]:
    info: Mapping[str, Any] = aws.call("kinesisvideo", "describe_stream", StreamARN=arn)["StreamInfo"]
    return info


def _active(aws: AwsCalls, arn: str) -> Mapping[str, Any]:
    def active() -> Mapping[str, Any] | None:
        info = _describe(aws, arn)
        return info if info.get("Status") == "ACTIVE" else None

    return aws.wait("ACTIVE", active)


def _outputs(info: Mapping[str, Any]) -> State:
    return {
        "arn": info["StreamARN"],
        "name": info["StreamName"],
        "creationTime": info["CreationTime"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "dataRetentionInHours": info.get("DataRetentionInHours", 0),
        "deviceName": info.get("DeviceName"),
        "kmsKeyId": info.get("KmsKeyId"),
        "mediaType": info.get("MediaType"),
        "version": info.get("Version"),
    }


def _complete(aws: AwsCalls, id_: str, _inputs: State) -> State:
    return _outputs(_active(aws, id_))


def _read(aws: AwsCalls, id_: str, _state: State) -> State | None:
    return _outputs(_describe(aws, id_))


def _update(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    if change.names & {"deviceName", "mediaType"}:
        aws.call(
            "kinesisvideo",
            "update_stream",
            StreamARN=id_,
            CurrentVersion=change.old["version"],
            DeviceName=change.new.get("deviceName"),
            MediaType=change.new.get("mediaType"),
        )
        _active(aws, id_)


def _delete(aws: AwsCalls, id_: str, state: State) -> None:
    aws.call("kinesisvideo", "delete_stream", StreamARN=id_, CurrentVersion=state.get("version"))

    aws.wait_until_gone(lambda: _describe(aws, id_), GONE)


VIDEO_STREAM = schema.ResourceType(
    pulumi_type="aws:kinesis/videoStream:VideoStream",
    service="kinesisvideo",
    properties=(
        ARN,
        output("creationTime"),
        # The bridged provider replaces the stream here, although UpdateDataRetention exists
        # (terraform-provider-aws #21871). A preview on the sandbox must show what real AWS will do.
        Property("dataRetentionInHours", Kind.INTEGER, force_new=True, default=0, minimum=0),
        Property("deviceName", maximum=128, pattern=r"[0-9A-Za-z_.-]+"),
        Property("kmsKeyId", computed=True, force_new=True),
        Property("mediaType"),
        name_row(pattern=r"[a-zA-Z0-9_.-]{1,256}"),
        REGION,
        TAGS,
        TAGS_ALL,
        output("version"),
    ),
    gone=GONE,
    operations=schema.Operations(_create, _read, _update, _delete, complete=_complete),
    auto_name=schema.AutoName(),
    tagging=schema.Tagging(
        tag="tag_stream",
        untag="untag_stream",
        list_="list_tags_for_stream",
        member="StreamARN",
        as_list=None,
        listed_as_list=None,
        untag_keys="TagKeyList",
    ),
)
