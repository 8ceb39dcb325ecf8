"""The served types, by token."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.aws_provider.resource_types.chime_sdk_media_pipelines import (
    MEDIA_INSIGHTS_PIPELINE_CONFIGURATION,
)
from sandbox.aws_provider.resource_types.chime_sdk_voice import VOICE_PROFILE_DOMAIN
from sandbox.aws_provider.resource_types.iam import ROLE, ROLE_POLICY
from sandbox.aws_provider.resource_types.kinesis import STREAM
from sandbox.aws_provider.resource_types.kinesis_video import VIDEO_STREAM
from sandbox.aws_provider.resource_types.kms import ALIAS, KEY
from sandbox.aws_provider.resource_types.sns import TOPIC
from sandbox.aws_provider.resource_types.sqs import QUEUE
from sandbox.aws_provider.schema import ResourceType

RESOURCE_TYPES: Mapping[str, ResourceType] = {
    resource_type.pulumi_type: resource_type
    for resource_type in (
        KEY,
        ALIAS,
        ROLE,
        ROLE_POLICY,
        VIDEO_STREAM,
        STREAM,
        TOPIC,
        QUEUE,
        VOICE_PROFILE_DOMAIN,
        MEDIA_INSIGHTS_PIPELINE_CONFIGURATION,
    )
}
