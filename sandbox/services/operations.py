"""The operations of the sandbox's own services. One that is not in this table answers 501."""

from collections.abc import Callable, Mapping

from sandbox.account.context import Context
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.routing import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE
from sandbox.services import chime_tags
from sandbox.services.kinesis_video import streams
from sandbox.services.media_pipelines import configurations, pipelines, tasks
from sandbox.services.voice import domains, profiles

Operation = Callable[[Context, Members], Members | None]

_CHIME_TAGS: Mapping[str, Operation] = {
    "TagResource": chime_tags.tag_resource,
    "UntagResource": chime_tags.untag_resource,
    "ListTagsForResource": chime_tags.list_tags_for_resource,
}

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    MEDIA_PIPELINES: {
        "CreateMediaInsightsPipelineConfiguration": configurations.create_configuration,
        "GetMediaInsightsPipelineConfiguration": configurations.get_configuration,
        "ListMediaInsightsPipelineConfigurations": configurations.list_configurations,
        "UpdateMediaInsightsPipelineConfiguration": configurations.update_configuration,
        "DeleteMediaInsightsPipelineConfiguration": configurations.delete_configuration,
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
        "CreateVoiceProfileDomain": domains.create_domain,
        "GetVoiceProfileDomain": domains.get_domain,
        "ListVoiceProfileDomains": domains.list_domains,
        "UpdateVoiceProfileDomain": domains.update_domain,
        "DeleteVoiceProfileDomain": domains.delete_domain,
        "CreateVoiceProfile": profiles.create_profile,
        "GetVoiceProfile": profiles.get_profile,
        "ListVoiceProfiles": profiles.list_profiles,
        "UpdateVoiceProfile": profiles.update_profile,
        "DeleteVoiceProfile": profiles.delete_profile,
        **_CHIME_TAGS,
    },
    KINESIS_VIDEO: {
        "CreateStream": streams.create_stream,
        "DescribeStream": streams.describe_stream,
        "ListStreams": streams.list_streams,
        "DeleteStream": streams.delete_stream,
        "UpdateDataRetention": streams.update_data_retention,
        "UpdateStream": streams.update_stream,
        "GetDataEndpoint": streams.get_data_endpoint,
        "TagStream": streams.tag_stream,
        "UntagStream": streams.untag_stream,
        "ListTagsForStream": streams.list_tags_for_stream,
        "TagResource": streams.tag_resource,
        "UntagResource": streams.untag_resource,
        "ListTagsForResource": streams.list_tags_for_resource,
    },
}
