"""The type tokens that the pack knows, and settings that several of its rules share."""

from __future__ import annotations

from typing import Any, Final

DOMAIN: Final = "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain"
STREAM: Final = "aws:kinesis/videoStream:VideoStream"
CONFIGURATION: Final = (
    "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration"
)
PIPELINE: Final = "pulumi-python:dynamic/chime:MediaInsightsPipeline"
SEARCH_TASK: Final = "pulumi-python:dynamic/chime:SpeakerSearchTask"
TONE_TASK: Final = "pulumi-python:dynamic/chime:VoiceToneAnalysisTask"
VOICE_PROFILE: Final = "pulumi-python:dynamic/chime:VoiceProfile"
KEY: Final = "aws:kms/key:Key"
QUEUE: Final = "aws:sqs/queue:Queue"
TOPIC: Final = "aws:sns/topic:Topic"
DATA_STREAM: Final = "aws:kinesis/stream:Stream"
FUNCTION: Final = "aws:lambda/function:Function"
ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
POLICY: Final = "aws:iam/policy:Policy"
ROLE_POLICY_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

VOICE_TYPES: Final = frozenset(
    {DOMAIN, STREAM, CONFIGURATION, PIPELINE, SEARCH_TASK, TONE_TASK, VOICE_PROFILE}
)
EPHEMERAL: Final = frozenset({PIPELINE, SEARCH_TASK, TONE_TASK})


def any_of(*types: str) -> Any:
    """A `looks_at` for these types alone."""
    wanted = frozenset(types)
    return lambda type_token, _settings: type_token in wanted


def texts(description: str, pattern: str, default: list[str] | None = None) -> dict[str, Any]:
    """The schema of a setting that is a list of texts."""
    return {
        "type": "array",
        "uniqueItems": True,
        "maxItems": 500,
        "items": {"type": "string", "pattern": pattern, "maxLength": 1024},
        "default": default or [],
        "description": description,
    }
