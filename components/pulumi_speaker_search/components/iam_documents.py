"""The role's trust and permission documents: pure functions of ARNs, least privilege per sink.

Source: AWS, "Using the call analytics resource access role", and the permissions per sink that its pages list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from .insights_sinks import SINKS

SERVICE_PRINCIPAL: Final = "mediapipelines.chime.amazonaws.com"
SERVICE_TAG: Final[Mapping[str, str]] = MappingProxyType({"AWSServiceName": "ChimeSDK"})
"""The tag by which the role may read a stream and use a key [D]."""

_VERSION: Final = "2012-10-17"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SinkAccess:
    """A sink to which the role writes.

    Attributes:
        service: Its key in `SINKS`.
        arn: Its ARN; of a function with the alias or version, if it has one.
        key_arn: The key that encrypts it; None for a sink whose key needs no permission of the role.
    """

    service: str
    arn: str
    key_arn: str | None = None


def trust_policy(*, account_id: str, partition: str) -> Document:
    """Return who may assume the role: Chime's media pipelines, for this account's own resources only."""
    return {
        "Version": _VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE_PRINCIPAL},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnLike": {"aws:SourceArn": f"arn:{partition}:chime:*:{account_id}:*"},
                },
            }
        ],
    }


def permissions_policy(*, account_id: str, partition: str, sinks: Sequence[SinkAccess]) -> Document:
    """Return what the role may do: read tagged streams and those of Chime, use tagged keys, write to these sinks.

    A Voice Connector's streams are named `ChimeVoiceConnector-…`, and whether AWS tags them is not documented; AWS's
    own minimum has a statement for each [D call-analytics-resource-access-role].
    """
    tagged = {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in SERVICE_TAG.items()}}
    read = ["kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"]
    statements: list[Document] = [
        {
            "Sid": "ReadChimeStreams",
            "Effect": "Allow",
            "Action": read,
            "Resource": f"arn:{partition}:kinesisvideo:*:{account_id}:stream/Chime*",
        },
        {
            "Sid": "ReadTaggedStreams",
            "Effect": "Allow",
            "Action": read,
            "Resource": f"arn:{partition}:kinesisvideo:*:{account_id}:stream/*",
            "Condition": tagged,
        },
        {
            "Sid": "DecryptTaggedStreams",
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": f"arn:{partition}:kms:*:{account_id}:key/*",
            "Condition": tagged,
        },
        *(
            statement
            for sink in sinks
            for statement in _sink_statements(sink, SINKS[sink.service].title if len(sinks) > 1 else "")
        ),
    ]
    return {"Version": _VERSION, "Statement": statements}


def _sink_statements(sink: SinkAccess, suffix: str) -> list[Document]:
    """Return what one sink needs. A Sid stands once in a document, so several sinks have suffixes."""
    kind = SINKS[sink.service]
    granted = [("WriteInsights", kind.actions, sink.arn)]
    if sink.key_arn and kind.key_actions:
        granted.append(("EncryptInsights", kind.key_actions, sink.key_arn))
    return [
        {"Sid": f"{sid}{suffix}", "Effect": "Allow", "Action": list(actions), "Resource": resource}
        for sid, actions, resource in granted
    ]
