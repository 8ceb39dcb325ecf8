"""Declare one stack of the fleet: one `VoiceAnalytics`, and the searches that its config lists."""

import pulumi
from pulumi_speaker_search import SpeakerSearch, SpeakerSearchArgs, VoiceAnalytics, VoiceAnalyticsArgs
from speaker_search_program.config import config_of_this_stack

config = config_of_this_stack()
analytics = VoiceAnalytics(
    "voice-analytics",
    VoiceAnalyticsArgs(
        consent=config.consent, sink=config.sink, protect_domain=config.protect_domain, tags=config.tags
    ),
)
searches = [
    SpeakerSearch(
        search.name,
        SpeakerSearchArgs(
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
            tags=config.tags,
        ),
    )
    for search in config.searches
]
pulumi.export("outcomes", {search.name: search.outcome for search in searches})
