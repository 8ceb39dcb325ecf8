"""What AWS allows in a request, as data: for each property its name in AWS, its type and its limits.

Copied from botocore's model `chime-sdk-media-pipelines` (1.44.5), so that a preview needs neither botocore nor its
models. `tests/contract` compares every limit with the installed model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from .task_kinds import LANGUAGE_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string.

    Attributes:
        wire_name: AWS's name of the member, here and in the classes below.
        min_length, max_length: In characters.
        pattern: Must match the whole string.
        enum: The only values allowed; empty for no such limit.
        timestamp: True if the value is ISO 8601 with a time zone.
        example: A valid value, for messages.
    """

    wire_name: str
    required: bool = False
    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    timestamp: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A whole number.

    Attributes:
        minimum, maximum: Both are allowed.
        unit: For messages, such as `Hz`; empty for a number without a unit.
    """

    wire_name: str
    required: bool = False
    minimum: int
    maximum: int
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A structure.

    Attributes:
        members: Our name of a member → its rule.
    """

    wire_name: str
    required: bool = False
    members: Mapping[str, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list.

    Attributes:
        minimum, maximum: Number of items; both are allowed.
        items: The rule of each item.
    """

    wire_name: str
    required: bool = False
    minimum: int
    maximum: int
    items: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMap:
    """A map from text that is not blank to text of one line. Lengths are in characters."""

    wire_name: str
    required: bool = False
    max_key_length: int
    max_value_length: int


Rule: TypeAlias = Text | Number | Group | Items | TextMap

ARN: Final = r"arn[\/\:\-\_\.a-zA-Z0-9]+"
STREAM_ARN: Final = r"arn:[a-z\d-]+:kinesisvideo:[a-z0-9-]+:[0-9]+:[a-z]+/[a-zA-Z0-9_.-]+/[0-9]+"
STREAM_EXAMPLE: Final = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/ChimeVoice/1700000000000"
TOKEN: Final = Text(
    wire_name="ClientRequestToken",
    min_length=2,
    max_length=64,
    pattern=r"[-_a-zA-Z0-9]*",
    example="my-token-1",
)
FRAGMENT: Final = Text(
    wire_name="FragmentNumber",
    min_length=1,
    max_length=128,
    pattern=r"[0-9]+",
    example="91343852333181432392682062607743920146159169392",
)


def _stream_arn(*, required: bool) -> Text:
    return Text(
        wire_name="StreamArn",
        required=required,
        min_length=1,
        max_length=1024,
        pattern=STREAM_ARN,
        example=STREAM_EXAMPLE,
    )


def _timestamp(aws: str) -> Text:
    return Text(wire_name=aws, required=True, timestamp=True, example="2026-01-31T12:00:00+00:00")


_IDENTIFIER: Final = Text(
    wire_name="Identifier",
    required=True,
    max_length=1024,
    pattern=r".*\S.*",
    example="the id or ARN of a media insights pipeline",
)

_TASK_SOURCE: Final = Group(
    wire_name="KinesisVideoStreamSourceTaskConfiguration",
    required=True,
    members={
        "stream_arn": _stream_arn(required=True),
        "channel_id": Number(wire_name="ChannelId", required=True, minimum=0, maximum=1),
        "fragment_number": FRAGMENT,
    },
)

START_SPEAKER_SEARCH_TASK: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "identifier": _IDENTIFIER,
        "voice_profile_domain_arn": Text(
            wire_name="VoiceProfileDomainArn",
            required=True,
            min_length=1,
            max_length=1024,
            pattern=ARN,
            example="arn:aws:chime:us-east-1:123456789012:voice-profile-domain/…",
        ),
        "kinesis_video_stream_source_task_configuration": _TASK_SOURCE,
        "client_request_token": TOKEN,
    }
)

START_VOICE_TONE_ANALYSIS_TASK: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "identifier": _IDENTIFIER,
        "language_code": Text(wire_name="LanguageCode", required=True, enum=(LANGUAGE_CODE,)),
        "kinesis_video_stream_source_task_configuration": _TASK_SOURCE,
        "client_request_token": TOKEN,
    }
)

GET_SPEAKER_SEARCH_TASK: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "identifier": _IDENTIFIER,
        "speaker_search_task_id": Text(
            wire_name="SpeakerSearchTaskId",
            required=True,
            min_length=36,
            max_length=36,
            pattern=r"[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}",
            example="2f6a1f0e-0000-4000-8000-000000000001",
        ),
    }
)
"""An enrolment reads the search first. CreateVoiceProfile itself takes any id of up to 256 characters."""

_STREAM: Final = Group(
    wire_name="",
    members={
        "stream_arn": _stream_arn(required=True),
        "fragment_number": FRAGMENT,
        "stream_channel_definition": Group(
            wire_name="StreamChannelDefinition",
            required=True,
            members={
                "number_of_channels": Number(
                    wire_name="NumberOfChannels", required=True, minimum=1, maximum=2
                ),
                "channel_definitions": Items(
                    wire_name="ChannelDefinitions",
                    minimum=1,
                    maximum=2,
                    items=Group(
                        wire_name="",
                        members={
                            "channel_id": Number(wire_name="ChannelId", required=True, minimum=0, maximum=1),
                            "participant_role": Text(wire_name="ParticipantRole", enum=("AGENT", "CUSTOMER")),
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
            wire_name="MediaInsightsPipelineConfigurationArn",
            required=True,
            min_length=1,
            max_length=1024,
            pattern=ARN,
            example="arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/…",
        ),
        "kinesis_video_stream_source_runtime_configuration": Group(
            wire_name="KinesisVideoStreamSourceRuntimeConfiguration",
            members={
                "streams": Items(wire_name="Streams", required=True, minimum=1, maximum=2, items=_STREAM),
                "media_encoding": Text(wire_name="MediaEncoding", required=True, enum=("pcm",)),
                "media_sample_rate": Number(
                    wire_name="MediaSampleRate", required=True, minimum=8000, maximum=48000, unit="Hz"
                ),
            },
        ),
        "media_insights_runtime_metadata": TextMap(
            wire_name="MediaInsightsRuntimeMetadata", max_key_length=1024, max_value_length=4096
        ),
        "kinesis_video_stream_recording_source_runtime_configuration": Group(
            wire_name="KinesisVideoStreamRecordingSourceRuntimeConfiguration",
            members={
                "streams": Items(
                    wire_name="Streams",
                    required=True,
                    minimum=1,
                    maximum=2,
                    items=Group(wire_name="", members={"stream_arn": _stream_arn(required=False)}),
                ),
                "fragment_selector": Group(
                    wire_name="FragmentSelector",
                    required=True,
                    members={
                        "fragment_selector_type": Text(
                            wire_name="FragmentSelectorType",
                            required=True,
                            enum=("ProducerTimestamp", "ServerTimestamp"),
                        ),
                        "timestamp_range": Group(
                            wire_name="TimestampRange",
                            required=True,
                            members={
                                "start_timestamp": _timestamp("StartTimestamp"),
                                "end_timestamp": _timestamp("EndTimestamp"),
                            },
                        ),
                    },
                ),
            },
        ),
        "s3_recording_sink_runtime_configuration": Group(
            wire_name="S3RecordingSinkRuntimeConfiguration",
            members={
                "destination": Text(
                    wire_name="Destination",
                    required=True,
                    min_length=1,
                    max_length=1024,
                    pattern=ARN,
                    example="arn:aws:s3:::bucket",
                ),
                "recording_file_format": Text(
                    wire_name="RecordingFileFormat", required=True, enum=("Wav", "Opus")
                ),
            },
        ),
        "client_request_token": TOKEN,
    }
)

MAX_TAGS: Final = {"task": 50, "pipeline": 50, "voice profile": 50}
"""Maximum number of tags of one resource. CreateMediaInsightsPipeline accepts 200 in one request [M], but AWS's usual
limit for a resource is 50, and Chime's own is not documented. The tags of tasks and voice profiles are in state only,
with the same limit."""

MAX_TAG_KEY_LENGTH: Final = 128
MAX_TAG_VALUE_LENGTH: Final = 256
