"""`aws:kinesis/stream:Stream`, the data stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.aws_provider import schema
from sandbox.aws_provider.aws_calls import AwsCalls
from sandbox.aws_provider.property_values import UNKNOWN
from sandbox.aws_provider.rows import REGION, TAGS, TAGS_ALL, name_row
from sandbox.aws_provider.schema import Kind, Property, State
from sandbox.aws_provider.tags import tags_to_send

GONE = frozenset({"ResourceNotFoundException"})
MINIMUM_RETENTION_HOURS = 24
ON_DEMAND, PROVISIONED = "ON_DEMAND", "PROVISIONED"
NOT_IN_MOTO = "moto, which keeps the local data streams, has no {}"


def _mode(inputs: State) -> str:
    details = inputs.get("streamModeDetails")
    return str(details.get("streamMode", PROVISIONED)) if isinstance(details, Mapping) else PROVISIONED


def _create(aws: AwsCalls, inputs: State, _tags: Mapping[str, str]) -> schema.Created:
    mode = _mode(inputs)
    aws.call(
        "kinesis",
        "create_stream",
        StreamName=inputs["name"],
        ShardCount=inputs.get("shardCount") if mode == PROVISIONED else None,
        StreamModeDetails={"StreamMode": mode} if inputs.get("streamModeDetails") else None,
    )
    # CreateStream answers with nothing; the id becomes the ARN when the stream has been described.
    return schema.Created(inputs["name"], {})


def _summary(aws: AwsCalls, id_: str) -> Mapping[str, Any]:
    member = "StreamARN" if id_.startswith("arn:") else "StreamName"
    response: Mapping[str, Any] = aws.call("kinesis", "describe_stream_summary", **{member: id_})
    summary: Mapping[str, Any] = response["StreamDescriptionSummary"]
    return summary


def _active(aws: AwsCalls, id_: str) -> Mapping[str, Any]:
    def active() -> Mapping[str, Any] | None:
        summary = _summary(aws, id_)
        return summary if summary.get("StreamStatus") == "ACTIVE" else None

    return aws.wait("ACTIVE", active)


def _complete(aws: AwsCalls, id_: str, inputs: State) -> State:
    if tags := tags_to_send(inputs):
        # Not with CreateStream: moto 5.2.5, which keeps the local data streams, drops the tags given there.
        aws.call("kinesis", "add_tags_to_stream", StreamName=id_, Tags=tags)
    summary = _active(aws, id_)
    settings = {name: inputs.get(name) for name in ("retentionPeriod", "shardLevelMetrics", "kmsKeyId")}
    if inputs.get("encryptionType") == "KMS":
        settings["encryptionType"] = "KMS"
    if _apply(aws, summary["StreamName"], old=_outputs(summary), new=settings, names=frozenset(settings)):
        summary = _active(aws, id_)
    return {"id": summary["StreamARN"], **_outputs(summary)}


def _outputs(summary: Mapping[str, Any]) -> State:
    mode = summary.get("StreamModeDetails", {}).get("StreamMode", PROVISIONED)
    metrics = [
        name
        for monitoring in summary.get("EnhancedMonitoring") or ()
        for name in monitoring["ShardLevelMetrics"]
    ]
    return {
        "arn": summary["StreamARN"],
        "name": summary["StreamName"],
        "encryptionType": summary.get("EncryptionType") or "NONE",
        "kmsKeyId": summary.get("KeyId"),
        "maxRecordSizeInKib": summary.get("MaxRecordSizeInKiB"),
        "retentionPeriod": summary.get("RetentionPeriodHours", MINIMUM_RETENTION_HOURS),
        "shardCount": summary.get("OpenShardCount") if mode == PROVISIONED else None,
        "shardLevelMetrics": metrics or None,
        "streamModeDetails": {"streamMode": mode},
        "warmThroughputMibPs": (summary.get("WarmThroughput") or {}).get("TargetMiBps"),
    }


def _read(aws: AwsCalls, id_: str, _state: State) -> State | None:
    summary = _summary(aws, id_)
    return None if summary.get("StreamStatus") == "DELETING" else _outputs(summary)


def _apply(aws: AwsCalls, stream: str, *, old: State, new: State, names: frozenset[str]) -> bool:
    """Change retention, metrics and encryption one after the other; return whether anything was changed."""
    steps: list[tuple[str, dict[str, Any]]] = []
    before, after = old.get("retentionPeriod") or MINIMUM_RETENTION_HOURS, new.get("retentionPeriod")
    if "retentionPeriod" in names and after and after != before:
        step = "increase_stream_retention_period" if after > before else "decrease_stream_retention_period"
        steps.append((step, {"RetentionPeriodHours": after}))
    if "shardLevelMetrics" in names:
        old_metrics, new_metrics = (
            set(old.get("shardLevelMetrics") or ()),
            set(new.get("shardLevelMetrics") or ()),
        )
        if old_metrics - new_metrics:
            steps.append(
                ("disable_enhanced_monitoring", {"ShardLevelMetrics": sorted(old_metrics - new_metrics)})
            )
        if new_metrics - old_metrics:
            steps.append(
                ("enable_enhanced_monitoring", {"ShardLevelMetrics": sorted(new_metrics - old_metrics)})
            )
    if names & {"encryptionType", "kmsKeyId"}:
        if new.get("encryptionType") == "KMS":
            steps.append(("start_stream_encryption", {"EncryptionType": "KMS", "KeyId": new["kmsKeyId"]}))
        elif old.get("encryptionType") == "KMS":
            steps.append(("stop_stream_encryption", {"EncryptionType": "KMS", "KeyId": old["kmsKeyId"]}))
    for position, (operation, members) in enumerate(steps):
        if position:
            _active(aws, stream)
        aws.call("kinesis", operation, StreamName=stream, **members)
    return bool(steps)


def _update(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    names, new, stream = change.names, change.new, change.new["name"]
    if "streamModeDetails" in names and new.get("streamModeDetails"):
        aws.call("kinesis", "update_stream_mode", StreamARN=id_, StreamModeDetails={"StreamMode": _mode(new)})
        _active(aws, id_)
    if "shardCount" in names and _mode(new) == PROVISIONED and new.get("shardCount"):
        aws.call(
            "kinesis",
            "update_shard_count",
            StreamName=stream,
            TargetShardCount=new["shardCount"],
            ScalingType="UNIFORM_SCALING",
        )
        _active(aws, id_)
    if _apply(aws, stream, old=change.old, new=new, names=names):
        _active(aws, id_)


def _delete(aws: AwsCalls, _id: str, state: State) -> None:
    aws.call(
        "kinesis",
        "delete_stream",
        StreamName=state["name"],
        EnforceConsumerDeletion=state.get("enforceConsumerDeletion") or None,
    )

    aws.wait_until_gone(lambda: _summary(aws, state["name"]), GONE)


def _check(inputs: State) -> list[schema.Failure]:
    failures: list[schema.Failure] = []
    shards, mode = inputs.get("shardCount"), _mode(inputs)
    if UNKNOWN not in (shards, mode, inputs.get("streamModeDetails")):
        if mode == ON_DEMAND and shards:
            failures.append(("shardCount", "must not be set when streamMode is ON_DEMAND"))
        if mode == PROVISIONED and not shards:
            failures.append(("shardCount", "must be at least 1 when streamMode is PROVISIONED"))
    if inputs.get("encryptionType") == "KMS" and not inputs.get("kmsKeyId"):
        failures.append(("kmsKeyId", "is required when encryptionType is KMS"))
    return failures


STREAM = schema.ResourceType(
    pulumi_type="aws:kinesis/stream:Stream",
    service="kinesis",
    properties=(
        Property("arn", computed=True),
        Property("encryptionType", default="NONE", one_of=("NONE", "KMS")),
        Property("enforceConsumerDeletion", Kind.BOOLEAN, default=False),
        Property("kmsKeyId"),
        Property(
            "maxRecordSizeInKib",
            Kind.INTEGER,
            computed=True,
            minimum=1024,
            maximum=10240,
            not_served=NOT_IN_MOTO.format("UpdateMaxRecordSize"),
        ),
        name_row(pattern=r"[a-zA-Z0-9_.-]{1,128}"),
        REGION,
        Property(
            "retentionPeriod",
            Kind.INTEGER,
            default=MINIMUM_RETENTION_HOURS,
            minimum=MINIMUM_RETENTION_HOURS,
            maximum=8760,
        ),
        Property("shardCount", Kind.INTEGER, minimum=0),
        Property("shardLevelMetrics", Kind.TEXT_SET),
        Property(
            "streamModeDetails",
            Kind.OBJECT,
            computed=True,
            fields=(Property("streamMode", required=True, one_of=(PROVISIONED, ON_DEMAND)),),
        ),
        TAGS,
        TAGS_ALL,
        Property(
            "warmThroughputMibPs",
            Kind.INTEGER,
            computed=True,
            minimum=0,
            not_served=NOT_IN_MOTO.format("UpdateStreamWarmThroughput"),
        ),
    ),
    gone=GONE,
    operations=schema.Operations(_create, _read, _update, _delete, complete=_complete),
    check=_check,
    auto_name=schema.AutoName(maximum_length=128),
    import_as="name",
    tagging=schema.Tagging(
        tag="add_tags_to_stream",
        untag="remove_tags_from_stream",
        list_="list_tags_for_stream",
        member="StreamName",
        identified_by="name",
        as_list=None,
        list_members={"Limit": 50},
    ),
)
