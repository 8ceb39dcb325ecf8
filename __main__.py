"""The program: config → components → exports."""

import pulumi
from pulumi_speaker_search import SpeakerSearch, VoiceAnalytics, VoiceProfile
from speaker_search_program.arguments import analytics_args, search_args
from speaker_search_program.config import config_of_this_stack

config = config_of_this_stack()
analytics = VoiceAnalytics("voice-analytics", analytics_args(config))
searches = {
    search.name: SpeakerSearch(search.name, search_args(search, config, analytics))
    for search in config.searches
}
profiles = {
    profile.name: VoiceProfile(
        profile.name,
        speaker_search_task_id=profile.speaker_search_task_id,
        media_pipeline_id=profile.media_pipeline_id,
        voice_profile_domain_arn=analytics.voice_profile_domain_arn,
        tags={**config.tags, **config.consent.tags()},
        opts=pulumi.ResourceOptions(protect=profile.protect),
    )
    for profile in config.voice_profiles
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
if profiles:
    pulumi.export("voiceProfileId", {name: profile.voice_profile_id for name, profile in profiles.items()})
    pulumi.export("voiceProfileOutcome", {name: profile.outcome for name, profile in profiles.items()})
    pulumi.export("voiceProfileExpiresAt", {name: profile.expires_at for name, profile in profiles.items()})
