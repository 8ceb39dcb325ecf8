"""What AWS allows in a request, as data: one table says how a field is called, what it may hold, and where it goes.

Copied from botocore's model `chime-sdk-media-pipelines` (1.44.5), so that a preview needs neither botocore nor its
models; `tests/contract` compares every limit with the installed model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string. Lengths in characters; `pattern` must match the whole. `moment`: ISO 8601 with a time zone."""

    aws: str
    required: bool = False
    shortest: int = 0
    longest: int | None = None
    pattern: str | None = None
    words: tuple[str, ...] = ()
    moment: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A whole number."""

    aws: str
    required: bool = False
    least: int
    most: int
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A structure."""

    aws: str
    required: bool = False
    members: Mapping[str, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list."""

    aws: str
    required: bool = False
    least: int
    most: int
    each: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMap:
    """A map from text that is not blank to text of one line. Lengths in characters."""

    aws: str
    required: bool = False
    longest_key: int
    longest_value: int


Rule: TypeAlias = Text | Number | Group | Items | TextMap

ARN: Final = r"arn[\/\:\-\_\.a-zA-Z0-9]+"
STREAM_ARN: Final = r"arn:[a-z\d-]+:kinesisvideo:[a-z0-9-]+:[0-9]+:[a-z]+/[a-zA-Z0-9_.-]+/[0-9]+"
STREAM_EXAMPLE: Final = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/ChimeVoice/1700000000000"
TOKEN: Final = Text(
    aws="ClientRequestToken",
    shortest=2,
    longest=64,
    pattern=r"[-_a-zA-Z0-9]*",
    example="my-token-1",
)
FRAGMENT: Final = Text(
    aws="FragmentNumber",
    shortest=1,
    longest=128,
    pattern=r"[0-9]+",
    example="91343852333181432392682062607743920146159169392",
)


def _stream_arn(*, required: bool) -> Text:
    return Text(
        aws="StreamArn",
        required=required,
        shortest=1,
        longest=1024,
        pattern=STREAM_ARN,
        example=STREAM_EXAMPLE,
    )


def _moment(aws: str) -> Text:
    return Text(aws=aws, required=True, moment=True, example="2026-01-31T12:00:00+00:00")


START_SPEAKER_SEARCH_TASK: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "identifier": Text(
            aws="Identifier",
            required=True,
            longest=1024,
            pattern=r".*\S.*",
            example="the id or ARN of a media insights pipeline",
        ),
        "voice_profile_domain_arn": Text(
            aws="VoiceProfileDomainArn",
            required=True,
            shortest=1,
            longest=1024,
            pattern=ARN,
            example="arn:aws:chime:us-east-1:123456789012:voice-profile-domain/…",
        ),
        "kinesis_video_stream_source_task_configuration": Group(
            aws="KinesisVideoStreamSourceTaskConfiguration",
            required=True,
            members={
                "stream_arn": _stream_arn(required=True),
                "channel_id": Number(aws="ChannelId", required=True, least=0, most=1),
                "fragment_number": FRAGMENT,
            },
        ),
        "client_request_token": TOKEN,
    }
)

_STREAM: Final = Group(
    aws="",
    members={
        "stream_arn": _stream_arn(required=True),
        "fragment_number": FRAGMENT,
        "stream_channel_definition": Group(
            aws="StreamChannelDefinition",
            required=True,
            members={
                "number_of_channels": Number(aws="NumberOfChannels", required=True, least=1, most=2),
                "channel_definitions": Items(
                    aws="ChannelDefinitions",
                    least=1,
                    most=2,
                    each=Group(
                        aws="",
                        members={
                            "channel_id": Number(aws="ChannelId", required=True, least=0, most=1),
                            "participant_role": Text(aws="ParticipantRole", words=("AGENT", "CUSTOMER")),
                        },
                    ),
                ),
            },
        ),
    },
)

CREATE_MEDIA_INSIGHTS_PIPELINE: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "media_insights_pipeline_configuration_arn": Text(
            aws="MediaInsightsPipelineConfigurationArn",
            required=True,
            shortest=1,
            longest=1024,
            pattern=ARN,
            example="arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/…",
        ),
        "kinesis_video_stream_source_runtime_configuration": Group(
            aws="KinesisVideoStreamSourceRuntimeConfiguration",
            members={
                "streams": Items(aws="Streams", required=True, least=1, most=2, each=_STREAM),
                "media_encoding": Text(aws="MediaEncoding", required=True, words=("pcm",)),
                "media_sample_rate": Number(
                    aws="MediaSampleRate", required=True, least=8000, most=48000, unit="Hz"
                ),
            },
        ),
        "media_insights_runtime_metadata": TextMap(
            aws="MediaInsightsRuntimeMetadata", longest_key=1024, longest_value=4096
        ),
        "kinesis_video_stream_recording_source_runtime_configuration": Group(
            aws="KinesisVideoStreamRecordingSourceRuntimeConfiguration",
            members={
                "streams": Items(
                    aws="Streams",
                    required=True,
                    least=1,
                    most=2,
                    each=Group(aws="", members={"stream_arn": _stream_arn(required=False)}),
                ),
                "fragment_selector": Group(
                    aws="FragmentSelector",
                    required=True,
                    members={
                        "fragment_selector_type": Text(
                            aws="FragmentSelectorType",
                            required=True,
                            words=("ProducerTimestamp", "ServerTimestamp"),
                        ),
                        "timestamp_range": Group(
                            aws="TimestampRange",
                            required=True,
                            members={
                                "start_timestamp": _moment("StartTimestamp"),
                                "end_timestamp": _moment("EndTimestamp"),
                            },
                        ),
                    },
                ),
            },
        ),
        "s3_recording_sink_runtime_configuration": Group(
            aws="S3RecordingSinkRuntimeConfiguration",
            members={
                "destination": Text(
                    aws="Destination",
                    required=True,
                    shortest=1,
                    longest=1024,
                    pattern=ARN,
                    example="arn:aws:s3:::bucket",
                ),
                "recording_file_format": Text(
                    aws="RecordingFileFormat", required=True, words=("Wav", "Opus")
                ),
            },
        ),
        "client_request_token": TOKEN,
    }
)

TAGS_MOST: Final = {"task": 50, "pipeline": 50}
"""Tags on one resource. CreateMediaInsightsPipeline takes 200 in one request [M], but AWS's usual limit of a resource
is 50, and Chime's own is documented nowhere. A task's stand in state only, and keep the same limit."""

TAG_KEY_LONGEST: Final = 128
TAG_VALUE_LONGEST: Final = 256
