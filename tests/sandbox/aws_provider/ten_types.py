"""One valid set of inputs for each served type, with the resources that it needs."""

from __future__ import annotations

import json
from typing import Any

from tests.sandbox.aws_provider.plugin import Plugin

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
VIDEO_STREAM = "aws:kinesis/videoStream:VideoStream"
STREAM = "aws:kinesis/stream:Stream"
TOPIC = "aws:sns/topic:Topic"
QUEUE = "aws:sqs/queue:Queue"
DOMAIN = "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain"
CONFIGURATION = (
    "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration"
)
ALL = (KEY, ALIAS, ROLE, ROLE_POLICY, VIDEO_STREAM, STREAM, TOPIC, QUEUE, DOMAIN, CONFIGURATION)
TAGGED = tuple(type_ for type_ in ALL if type_ not in (ALIAS, ROLE_POLICY))

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "mediapipelines.chime.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
PERMISSIONS = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "*"}]}
)


def inputs_for(plugin: Plugin, type_: str) -> dict[str, Any]:
    """Return a program's inputs for `type_`, and create the key, role and stream that they refer to."""
    plain: dict[str, dict[str, Any]] = {
        KEY: {"enableKeyRotation": True, "deletionWindowInDays": 7},
        ROLE: {"assumeRolePolicy": TRUST},
        VIDEO_STREAM: {"dataRetentionInHours": 24},
        STREAM: {"shardCount": 1, "retentionPeriod": 48},
        TOPIC: {"displayName": "Voice"},
        QUEUE: {"visibilityTimeoutSeconds": 60},
    }
    if type_ in plain:
        return plain[type_]
    if type_ == ALIAS:
        return {"targetKeyId": plugin.made(KEY, "of-alias")[0]}
    if type_ == ROLE_POLICY:
        role, _, _ = plugin.made(ROLE, "of-policy", assumeRolePolicy=TRUST)
        return {"role": role, "policy": PERMISSIONS}
    if type_ == DOMAIN:
        key = plugin.made(KEY, "of-domain")[2]
        return {"description": "Callers", "serverSideEncryptionConfiguration": {"kmsKeyArn": key["arn"]}}
    role_arn = plugin.made(ROLE, "of-configuration", assumeRolePolicy=TRUST)[2]["arn"]
    sink = plugin.made(STREAM, "of-configuration", shardCount=1)[2]["arn"]
    return {"resourceAccessRoleArn": role_arn, "elements": elements(sink)}


def elements(sink: str) -> list[dict[str, Any]]:
    """Voice analytics with speaker search, into a data stream."""
    return [
        {
            "type": "VoiceAnalyticsProcessor",
            "voiceAnalyticsProcessorConfiguration": {
                "speakerSearchStatus": "Enabled",
                "voiceToneAnalysisStatus": "Disabled",
            },
        },
        {"type": "KinesisDataStreamSink", "kinesisDataStreamSinkConfiguration": {"insightsTarget": sink}},
    ]
