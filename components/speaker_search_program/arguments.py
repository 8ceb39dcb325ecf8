"""Turn the config of a stack into the arguments of the components."""

from pulumi_speaker_search import SpeakerSearchArgs, VoiceAnalytics, VoiceAnalyticsArgs

from .config import ProgramConfig
from .config_rules import SearchConfig


def analytics_args(config: ProgramConfig) -> VoiceAnalyticsArgs:
    """Return what all searches of the stack share."""
    return VoiceAnalyticsArgs(
        consent=config.consent,
        sink=config.sink,
        voice_tone_analysis=any(search.voice_tone_analysis for search in config.searches),
        sinks=config.sinks,
        protect_domain=config.protect_domain,
        tags=config.tags,
    )


def search_args(search: SearchConfig, config: ProgramConfig, analytics: VoiceAnalytics) -> SpeakerSearchArgs:
    """Return the arguments of one search."""
    return SpeakerSearchArgs(
        analytics=analytics,
        consent=config.consent,
        kinesis_video_stream_arn=search.kinesis_video_stream_arn,
        data_retention_hours=search.data_retention_hours,
        media_sample_rate=search.media_sample_rate,
        channel_roles=search.channel_roles,
        channel_id=search.channel_id,
        triggers=search.triggers,
        listen=search.listen,
        wait_for=search.wait_for,
        verify_live_tags=search.verify_live_tags,
        voice_tone_analysis=search.voice_tone_analysis,
        tags=config.tags,
    )
