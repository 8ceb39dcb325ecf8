"""The program: config → components → exports."""

import pulumi
from pulumi_speaker_search import SpeakerSearch, VoiceAnalytics
from speaker_search_program.arguments import analytics_args, search_args
from speaker_search_program.config import config_of_this_stack

config = config_of_this_stack()
analytics = VoiceAnalytics("voice-analytics", analytics_args(config))
searches = {
    search.name: SpeakerSearch(search.name, search_args(search, config, analytics))
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
