"""The program: config → components → exports."""

import pulumi
from pulumi_speaker_search import SpeakerSearch, SpeakerSearchArgs, VoiceAnalytics, VoiceAnalyticsArgs
from speaker_search_program.config import config_of_this_stack

config = config_of_this_stack()
analytics = VoiceAnalytics(
    "voice-analytics",
    VoiceAnalyticsArgs(
        consent=config.consent,
        sink=config.sink,
        voice_tone_analysis=any(search.voice_tone_analysis for search in config.searches),
        sinks=config.sinks,
        protect_domain=config.protect_domain,
        tags=config.tags,
    ),
)
searches = {
    search.name: SpeakerSearch(
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
            voice_tone_analysis=search.voice_tone_analysis,
            tags=config.tags,
        ),
    )
    for search in config.searches
}

pulumi.export("voiceProfileDomainArn", analytics.voice_profile_domain_arn)
# Maps by name, whether there is one search or many: who reads an output never sees its type change.
for output, attribute in {
    "kinesisVideoStreamArn": "kinesis_video_stream_arn",
    "mediaInsightsPipelineId": "media_insights_pipeline_id",
    "speakerSearchTaskId": "speaker_search_task_id",
    "speakerSearchTaskStatus": "speaker_search_task_status",
    "outcomes": "outcome",
}.items():
    pulumi.export(output, {name: getattr(search, attribute) for name, search in searches.items()})

with_tone = {name: search for name, search in searches.items() if search.args.voice_tone_analysis}
if with_tone:
    for output, attribute in {
        "voiceToneAnalysisTaskId": "voice_tone_analysis_task_id",
        "voiceToneAnalysisTaskStatus": "voice_tone_analysis_task_status",
        "voiceToneAnalysisOutcomes": "voice_tone_analysis_outcome",
    }.items():
        pulumi.export(output, {name: getattr(search, attribute) for name, search in with_tone.items()})
