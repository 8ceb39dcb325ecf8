"""A small stack that passes both packs, and variations of its resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.policies.analyzer import Declared

DOMAIN: Final = "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain"
STREAM: Final = "aws:kinesis/videoStream:VideoStream"
CONFIGURATION: Final = (
    "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration"
)
PIPELINE: Final = "pulumi-python:dynamic/chime:MediaInsightsPipeline"
TASK: Final = "pulumi-python:dynamic/chime:SpeakerSearchTask"
TONE_TASK: Final = "pulumi-python:dynamic/chime:VoiceToneAnalysisTask"
VOICE_PROFILE: Final = "pulumi-python:dynamic/chime:VoiceProfile"
SEARCH: Final = "speaker-search:index:SpeakerSearch"
IN_SCOPE: Final = (DOMAIN, STREAM, CONFIGURATION, PIPELINE, TASK, TONE_TASK, VOICE_PROFILE)

ACCOUNT: Final = "123456789012"
KEY_ARN: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
DOMAIN_ARN: Final = f"arn:aws:chime:us-east-1:{ACCOUNT}:voice-profile-domain/abcdefgh"
STREAM_ARN: Final = f"arn:aws:kinesisvideo:us-east-1:{ACCOUNT}:stream/search/1700000000000"
CONFIGURATION_ARN: Final = (
    f"arn:aws:chime:us-east-1:{ACCOUNT}:media-insights-pipeline-configuration/analytics"
)
SINK_ARN: Final = f"arn:aws:sqs:us-east-1:{ACCOUNT}:insights"
PIPELINE_ID: Final = "0f8fad5b-d9cb-469f-a165-70867728950e"

CONSENT: Final[Mapping[str, Any]] = {
    "consent:schema": "speaker-search:1.0",
    "consent:record-ref": "rec/2026/0001-A",
    "consent:notice": "callers:v3",
    "consent:purpose": "fraud-prevention+quality",
    "consent:basis": "us-il:bipa-15b",
    "consent:jurisdiction": "US-IL+US-WA",
    "consent:status": "given",
    "consent:expires": "2099-12-31",
    "consent:retention-days": "90",
}


def consent(without: tuple[str, ...] = (), **changed: Any) -> dict[str, Any]:
    """The tags, some left out and some changed; `record_ref=` stands for `consent:record-ref`."""
    tags = {**CONSENT, **{f"consent:{name.replace('_', '-')}": value for name, value in changed.items()}}
    return {key: value for key, value in tags.items() if key.removeprefix("consent:") not in without}


_SERVICE_TAG: Final = {"AWSServiceName": "ChimeSDK"}


def key(name: str = "key", **properties: Any) -> Declared:
    inputs = {"enableKeyRotation": True, "tags": _SERVICE_TAG, **properties}
    return Declared(
        "aws:kms/key:Key", name, inputs, {**inputs, "arn": KEY_ARN, "keyId": KEY_ARN.rpartition("/")[2]}
    )


def domain(name: str = "domain", tags: Any = CONSENT, protect: bool = True, **properties: Any) -> Declared:
    inputs = {
        "name": "callers",
        "serverSideEncryptionConfiguration": {"kmsKeyArn": KEY_ARN},
        "tags": tags,
        "tagsAll": tags,
        **properties,
    }
    return Declared(DOMAIN, name, inputs, {"arn": DOMAIN_ARN, **inputs}, protect=protect)


def stream(name: str = "stream", tags: Any = CONSENT, **properties: Any) -> Declared:
    all_tags = {**tags, **_SERVICE_TAG} if isinstance(tags, dict) or tags is CONSENT else tags
    inputs = {
        "name": f"{name}-6f1c2ab",
        "kmsKeyId": KEY_ARN,
        "dataRetentionInHours": 24,
        "tags": all_tags,
        "tagsAll": all_tags,
        **properties,
    }
    return Declared(STREAM, name, inputs, {"arn": STREAM_ARN, **inputs})


VOICE_ANALYTICS: Final = {
    "type": "VoiceAnalyticsProcessor",
    "voiceAnalyticsProcessorConfiguration": {
        "speakerSearchStatus": "Enabled",
        "voiceToneAnalysisStatus": "Disabled",
    },
}
SQS_SINK: Final = {"type": "SqsQueueSink", "sqsQueueSinkConfiguration": {"insightsTarget": SINK_ARN}}


def configuration(name: str = "configuration", tags: Any = CONSENT, **properties: Any) -> Declared:
    inputs = {
        "name": "analytics",
        "resourceAccessRoleArn": f"arn:aws:iam::{ACCOUNT}:role/chime",
        "elements": [VOICE_ANALYTICS, SQS_SINK],
        "tags": tags,
        "tagsAll": tags,
        **properties,
    }
    return Declared(CONFIGURATION, name, inputs, {"arn": CONFIGURATION_ARN, **inputs})


def queue(name: str = "sink", **properties: Any) -> Declared:
    inputs = {"kmsMasterKeyId": KEY_ARN, **properties}
    return Declared("aws:sqs/queue:Queue", name, inputs, {**inputs, "arn": SINK_ARN})


TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "mediapipelines.chime.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:chime:*:{ACCOUNT}:*"},
            },
        }
    ],
}


def role(name: str = "role", trust: Any = TRUST, **properties: Any) -> Declared:
    document = json.dumps(trust) if isinstance(trust, dict) else trust
    return Declared("aws:iam/role:Role", name, {"assumeRolePolicy": document, **properties})


def statement(**changed: Any) -> dict[str, Any]:
    """A statement as the role needs it, with parts changed; None takes one out."""
    made = {
        "Effect": "Allow",
        "Action": ["kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"],
        "Resource": f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/AWSServiceName": "ChimeSDK"}},
        **changed,
    }
    return {part: value for part, value in made.items() if value is not None}


def role_policy(name: str = "permissions", *statements: Any, **properties: Any) -> Declared:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements or [statement()])})
    return Declared("aws:iam/rolePolicy:RolePolicy", name, {"policy": document, "role": "role", **properties})


def pipeline(
    name: str = "pipeline", tags: Any = CONSENT, parents: tuple[str, ...] = (SEARCH,), **more: Any
) -> Declared:
    inputs = {
        "media_insights_pipeline_configuration_arn": CONFIGURATION_ARN,
        "kinesis_video_stream_source_runtime_configuration": {
            "streams": [{"stream_arn": STREAM_ARN, "stream_channel_definition": {"number_of_channels": 1}}],
            "media_encoding": "pcm",
            "media_sample_rate": 8000,
        },
        "tags": tags,
        "ledger": True,
        **more,
    }
    return Declared(PIPELINE, name, inputs, {"media_pipeline_id": PIPELINE_ID, **inputs}, parents=parents)


def task(
    name: str = "task", tags: Any = CONSENT, parents: tuple[str, ...] = (SEARCH,), **more: Any
) -> Declared:
    inputs = {
        "identifier": PIPELINE_ID,
        "voice_profile_domain_arn": DOMAIN_ARN,
        "kinesis_video_stream_source_task_configuration": {"stream_arn": STREAM_ARN, "channel_id": 0},
        "tags": tags,
        "ledger": True,
        **more,
    }
    return Declared(TASK, name, inputs, parents=parents)


def profile(name: str = "profile", tags: Any = CONSENT, **more: Any) -> Declared:
    inputs = {
        "speaker_search_task_id": "2f6a1f0e-0000-4000-8000-000000000001",
        "media_pipeline_id": PIPELINE_ID,
        "voice_profile_domain_arn": DOMAIN_ARN,
        "tags": tags,
        **more,
    }
    return Declared(VOICE_PROFILE, name, inputs)


def tone_task(
    name: str = "tone", tags: Any = CONSENT, parents: tuple[str, ...] = (SEARCH,), **more: Any
) -> Declared:
    inputs = {
        "identifier": PIPELINE_ID,
        "language_code": "en-US",
        "kinesis_video_stream_source_task_configuration": {"stream_arn": STREAM_ARN, "channel_id": 0},
        "tags": tags,
        "ledger": True,
        **more,
    }
    return Declared(TONE_TASK, name, inputs, parents=parents)


def whole(**replaced: Declared) -> tuple[Declared, ...]:
    """The whole stack, with the resources of some roles replaced."""
    made = {
        "key": key(),
        "domain": domain(),
        "stream": stream(),
        "role": role(),
        "role_policy": role_policy(),
        "queue": queue(),
        "configuration": configuration(),
        "pipeline": pipeline(),
        "task": task(),
        **replaced,
    }
    return tuple(made.values())
