"""The type tokens: promises to people's stored state. They change only with a migration."""

from typing import Final

SPEAKER_SEARCH_TASK: Final = "pulumi-python:dynamic/chime:SpeakerSearchTask"
MEDIA_INSIGHTS_PIPELINE: Final = "pulumi-python:dynamic/chime:MediaInsightsPipeline"
VOICE_ANALYTICS: Final = "speaker-search:index:VoiceAnalytics"
SPEAKER_SEARCH: Final = "speaker-search:index:SpeakerSearch"
