"""Every operation that the sandbox has. Whatever is not in this table answers 501."""

from collections.abc import Callable, Mapping

from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Members
from sandbox.aws_protocol.routing import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE
from sandbox.services.kinesis_video import streams as kinesis_video
from sandbox.services.media_pipelines import configurations as pipeline_configurations
from sandbox.services.media_pipelines import pipelines, tasks
from sandbox.services.voice import profiles as voice_profiles

Handler = Callable[[Context, Members], Members | None]

_CHIME_TAGS: Mapping[str, Handler] = {
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
    "ListTagsForResource": tags.list_tags_for_resource,
}

OPERATIONS: Mapping[str, Mapping[str, Handler]] = {
    MEDIA_PIPELINES: {
        "CreateMediaInsightsPipelineConfiguration": pipeline_configurations.create_configuration,
        "GetMediaInsightsPipelineConfiguration": pipeline_configurations.get_configuration,
        "ListMediaInsightsPipelineConfigurations": pipeline_configurations.list_configurations,
        "UpdateMediaInsightsPipelineConfiguration": pipeline_configurations.update_configuration,
        "DeleteMediaInsightsPipelineConfiguration": pipeline_configurations.delete_configuration,
        "CreateMediaInsightsPipeline": pipelines.create_pipeline,
        "GetMediaPipeline": pipelines.get_pipeline,
        "ListMediaPipelines": pipelines.list_pipelines,
        "DeleteMediaPipeline": pipelines.delete_pipeline,
        "UpdateMediaInsightsPipelineStatus": pipelines.update_pipeline_status,
        "StartSpeakerSearchTask": tasks.start_speaker_search_task,
        "GetSpeakerSearchTask": tasks.get_speaker_search_task,
        "StopSpeakerSearchTask": tasks.stop_speaker_search_task,
        "StartVoiceToneAnalysisTask": tasks.start_voice_tone_analysis_task,
        "GetVoiceToneAnalysisTask": tasks.get_voice_tone_analysis_task,
        "StopVoiceToneAnalysisTask": tasks.stop_voice_tone_analysis_task,
        **_CHIME_TAGS,
    },
    VOICE: {
        "CreateVoiceProfileDomain": voice_profiles.create_domain,
        "GetVoiceProfileDomain": voice_profiles.get_domain,
        "ListVoiceProfileDomains": voice_profiles.list_domains,
        "UpdateVoiceProfileDomain": voice_profiles.update_domain,
        "DeleteVoiceProfileDomain": voice_profiles.delete_domain,
        "CreateVoiceProfile": voice_profiles.create_profile,
        "GetVoiceProfile": voice_profiles.get_profile,
        "ListVoiceProfiles": voice_profiles.list_profiles,
        "UpdateVoiceProfile": voice_profiles.update_profile,
        "DeleteVoiceProfile": voice_profiles.delete_profile,
        **_CHIME_TAGS,
    },
    KINESIS_VIDEO: {
        "CreateStream": kinesis_video.create_stream,
        "DescribeStream": kinesis_video.describe_stream,
        "ListStreams": kinesis_video.list_streams,
        "DeleteStream": kinesis_video.delete_stream,
        "UpdateDataRetention": kinesis_video.update_data_retention,
        "UpdateStream": kinesis_video.update_stream,
        "GetDataEndpoint": kinesis_video.get_data_endpoint,
        "TagStream": kinesis_video.tag_stream,
        "UntagStream": kinesis_video.untag_stream,
        "ListTagsForStream": kinesis_video.list_tags_for_stream,
        "TagResource": kinesis_video.tag_resource,
        "UntagResource": kinesis_video.untag_resource,
        "ListTagsForResource": kinesis_video.list_tags_for_resource,
    },
}
