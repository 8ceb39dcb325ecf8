"""The type tokens of everything that takes part in voice analytics. Data only: no Pulumi, no AWS.

Stored state holds the tokens of this project, so that they change only with a migration. The policy packs have a
generated copy of this file (`make vendor`).
"""

from typing import Final

SPEAKER_SEARCH_TASK: Final = "pulumi-python:dynamic/chime:SpeakerSearchTask"
MEDIA_INSIGHTS_PIPELINE: Final = "pulumi-python:dynamic/chime:MediaInsightsPipeline"
VOICE_ANALYTICS: Final = "speaker-search:index:VoiceAnalytics"
SPEAKER_SEARCH: Final = "speaker-search:index:SpeakerSearch"

VOICE_TONE_ANALYSIS_TASK: Final = "pulumi-python:dynamic/chime:VoiceToneAnalysisTask"
VOICE_PROFILE: Final = "pulumi-python:dynamic/chime:VoiceProfile"

VOICE_PROFILE_DOMAIN: Final = "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain"
VIDEO_STREAM: Final = "aws:kinesis/videoStream:VideoStream"
PIPELINE_CONFIGURATION: Final = (
    "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration"
)

TASK_TYPES: Final = frozenset({SPEAKER_SEARCH_TASK, VOICE_TONE_ANALYSIS_TASK})
"""Tasks that listen to a stream."""

EPHEMERAL_TYPES: Final = frozenset({MEDIA_INSIGHTS_PIPELINE, *TASK_TYPES})
"""What AWS runs for a time, and what then ends by itself."""

STANDING_TYPES: Final = frozenset({VOICE_PROFILE_DOMAIN, VIDEO_STREAM, PIPELINE_CONFIGURATION})
"""What stays until it is deleted, and listens to nothing by itself."""

VOICE_TYPES: Final = frozenset({*STANDING_TYPES, *EPHEMERAL_TYPES, VOICE_PROFILE})
"""Every type that takes part in voice analytics."""
