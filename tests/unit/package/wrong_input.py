"""Input that is refused before any call, for docs/errors.md: the real lines of `check` and of the program's config."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from pulumi import StringAsset
from pulumi_speaker_search.consent.consent_value import Consent, InvalidConsentError
from pulumi_speaker_search.lifecycle.aws_client import settings_from_config
from pulumi_speaker_search.lifecycle.aws_config import InvalidSettingsError
from pulumi_speaker_search.providers import PipelineProvider, TaskProvider
from speaker_search_program.config import GivenConfig, InvalidConfigError, read_config

from tests.unit.lifecycle.scripted_aws import CONFIGURATION_ARN, CONSENT, DOMAIN_ARN, STREAM_ARN

SOURCE: Final = "kinesis_video_stream_source_task_configuration"
TASK: Final[Mapping[str, Any]] = {
    "identifier": "pipeline-1",
    "voice_profile_domain_arn": DOMAIN_ARN,
    SOURCE: {"stream_arn": STREAM_ARN, "channel_id": 0},
    "tags": CONSENT,
}
WRONG_TASKS: Final[tuple[Mapping[str, Any], ...]] = (
    {"identifier": ""},
    {"voice_profile_domain_arn": "voice-profile-domain/domain-1"},
    {SOURCE: {"stream_arn": "arn:aws:kinesis:us-east-1:123456789012:stream/voice", "channel_id": 0}},
    {SOURCE: {"stream_arn": STREAM_ARN, "channel_id": 5}},
    {SOURCE: {"stream_arn": STREAM_ARN, "channel_id": 0, "fragment_number": "91a"}},
    {SOURCE: {"stream_arn": STREAM_ARN}},
    {"client_request_token": "not a token"},
    {"tags": {**CONSENT, "aws:mine": "1"}},
    {"timeout_seconds": {"create": 0}},
    {"timeout_seconds": {"start": 60}},
    {"triggers": StringAsset("text")},
)
WRONG_PIPELINES: Final[tuple[Mapping[str, Any], ...]] = (
    {"kinesis_video_stream_source_runtime_configuration": {"media_sample_rate": 7999}},
    {"kinesis_video_stream_source_runtime_configuration": {"media_encoding": "mp3"}},
)
WRONG_CONFIG: Final[tuple[Mapping[str, str], ...]] = (
    {},
    {"searches": '[{"mediaSampleRate": 8000}]'},
    {"sink": "lambda"},
    {"sinks": '{"lambda": "new"}'},
    {"sinks": '{"sqs": "arn:aws:sqs:us-east-1:123456789012:results.fifo"}'},
    {"searches": '[{"name": "a", "triggers": 20261125}]'},
    {"searches": '[{"name": "Zürich"}]'},
    {"search": "[]"},
)
CONSENT_CONFIG: Final = (
    '{"schema": "speaker-search:1.0", "recordRef": "register/2026/0001", "notice": "voice-notice:v3", '
    '"purpose": ["quality"], "basis": "us-il:bipa-15b", "jurisdiction": ["US-IL"], "status": "given", '
    '"expires": "2099-12-31", "retentionDays": 365}'
)


def check_lines() -> list[str]:
    """`property reason` for each wrong value of a task and of a pipeline, as `pulumi` shows them."""
    runtime = {
        "streams": [{"stream_arn": STREAM_ARN, "stream_channel_definition": {"number_of_channels": 1}}],
        "media_encoding": "pcm",
        "media_sample_rate": 8000,
    }
    lines = [_checked(TaskProvider(), {**TASK, **wrong}) for wrong in WRONG_TASKS]
    for wrong in WRONG_PIPELINES:
        ((name, part),) = wrong.items()
        props = {
            "media_insights_pipeline_configuration_arn": CONFIGURATION_ARN,
            name: {**runtime, **part},
            "tags": CONSENT,
        }
        lines.append(_checked(PipelineProvider(), props))
    return lines


def _checked(provider: TaskProvider | PipelineProvider, props: Mapping[str, Any]) -> str:
    (failure,) = provider.check({}, copy.deepcopy(dict(props))).failures
    return f"{failure.property} {failure.reason}"


def config_lines() -> list[str]:
    """The line for each wrong config of this repository's program, of a `Consent` value, and of `aws:` config."""
    lines = []
    for wrong in WRONG_CONFIG:
        config = {"consent": CONSENT_CONFIG, **wrong} if wrong else {}
        try:
            read_config(GivenConfig(values=config))
        except InvalidConfigError as refused:
            lines.append(str(refused))
    try:
        Consent(
            schema="speaker-search:1.0",
            record_ref="register/2026/0001",
            notice="voice-notice:v3",
            purpose="quality",
            basis="us-il:bipa-15b",
            jurisdiction="US-IL",
            status="given",
            expires="soon",
            retention_days=365,
        )
    except InvalidConsentError as refused:
        lines.append(str(refused))
    try:
        settings_from_config({"endpoints": "{"}.get)
    except InvalidSettingsError as refused:
        lines.append(str(refused))
    return lines
