"""`aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration`.

The nested names are AWS's own with a small first letter, so they are converted by rule; the two that are not
stand in `_SPELLED_OTHERWISE`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.aws_provider import schema
from sandbox.aws_provider.aws_calls import AwsCalls
from sandbox.aws_provider.rows import ARN, ARN_PATTERN, CHIME_TAGGING, REGION, TAGS, TAGS_ALL, name_row
from sandbox.aws_provider.schema import Kind, Property, State
from sandbox.aws_provider.tags import as_list

SERVICE = "chime-sdk-media-pipelines"
_SPELLED_OTHERWISE = {
    "outputEncryptionKmsKeyId": "OutputEncryptionKMSKeyId",
    "s3RecordingSinkConfiguration": "S3RecordingSinkConfiguration",
}
_BACK = {aws_name: name for name, aws_name in _SPELLED_OTHERWISE.items()}

LANGUAGES = ("en-US", "en-GB", "es-US", "fr-CA", "fr-FR", "en-AU", "it-IT", "de-DE", "pt-BR")
ON_OFF = ("Enabled", "Disabled")
_NAME_PATTERN = r"[0-9a-zA-Z._-]+"


def to_request(value: Any) -> Any:
    """Convert names from Pulumi's form to AWS's."""
    if isinstance(value, Mapping):
        return {
            _SPELLED_OTHERWISE.get(key) or key[0].upper() + key[1:]: to_request(item)
            for key, item in value.items()
            if key != "__defaults"
        }
    return [to_request(item) for item in value] if isinstance(value, list) else value


def from_answer(value: Any) -> Any:
    """Convert names from AWS's form to Pulumi's; empty members are dropped."""
    if isinstance(value, Mapping):
        return {
            _BACK.get(key) or key[0].lower() + key[1:]: from_answer(item)
            for key, item in value.items()
            if item not in (None, {}, [])
        }
    return [from_answer(item) for item in value] if isinstance(value, list) else value


def _outputs(configuration: Mapping[str, Any]) -> State:
    return {
        "arn": configuration["MediaInsightsPipelineConfigurationArn"],
        "name": configuration["MediaInsightsPipelineConfigurationName"],
        "resourceAccessRoleArn": configuration["ResourceAccessRoleArn"],
        "elements": from_answer(configuration["Elements"]),
        "realTimeAlertConfiguration": from_answer(configuration.get("RealTimeAlertConfiguration")) or None,
    }


def _create(aws: AwsCalls, inputs: State, tags: Mapping[str, str]) -> schema.Created:
    configuration = aws.call(
        SERVICE,
        "create_media_insights_pipeline_configuration",
        MediaInsightsPipelineConfigurationName=inputs["name"],
        ResourceAccessRoleArn=inputs["resourceAccessRoleArn"],
        Elements=to_request(inputs["elements"]),
        RealTimeAlertConfiguration=to_request(inputs.get("realTimeAlertConfiguration")),
        Tags=as_list(tags),
        ClientRequestToken=str(uuid.uuid4()),
    )["MediaInsightsPipelineConfiguration"]
    return schema.Created(configuration["MediaInsightsPipelineConfigurationArn"], _outputs(configuration))


def _read(aws: AwsCalls, id_: str, _state: State) -> State | None:
    response = aws.call(SERVICE, "get_media_insights_pipeline_configuration", Identifier=id_)
    return _outputs(response["MediaInsightsPipelineConfiguration"])


def _update(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    # A new name is shown as an update and is not sent: AWS has no way to rename, and the official provider
    # does not replace. Mirrored; see the document.
    if change.names - {"tags", "tagsAll"}:
        aws.call(
            SERVICE,
            "update_media_insights_pipeline_configuration",
            Identifier=id_,
            ResourceAccessRoleArn=change.new["resourceAccessRoleArn"],
            Elements=to_request(change.new["elements"]),
            RealTimeAlertConfiguration=to_request(change.new.get("realTimeAlertConfiguration")),
        )


def _warnings(change: schema.Change) -> list[str]:
    if "name" not in change.names:
        return []
    return [
        "a media insights pipeline configuration can't be renamed, and the official provider does not try; "
        "this update leaves the old name in place"
    ]


def _delete(aws: AwsCalls, id_: str, _state: State) -> None:
    aws.call(SERVICE, "delete_media_insights_pipeline_configuration", Identifier=id_)


def _transcribe_rows(*, call_analytics: bool) -> tuple[Property, ...]:
    shared = (
        Property("contentIdentificationType", one_of=("PII",)),
        Property("contentRedactionType", one_of=("PII",)),
        Property("enablePartialResultsStabilization", Kind.BOOLEAN),
        Property("filterPartialResults", Kind.BOOLEAN),
        Property("languageCode", required=True, one_of=LANGUAGES),
        Property("languageModelName", pattern=_NAME_PATTERN),
        Property("partialResultsStability", one_of=("high", "medium", "low")),
        Property("piiEntityTypes", pattern=r"[A-Z_, ]{1,300}"),
        Property("vocabularyFilterMethod", one_of=("remove", "mask", "tag")),
        Property("vocabularyFilterName", pattern=_NAME_PATTERN),
        Property("vocabularyName", pattern=_NAME_PATTERN),
    )
    if not call_analytics:
        return (*shared, Property("showSpeakerLabel", Kind.BOOLEAN))
    return (
        *shared,
        Property("callAnalyticsStreamCategories", Kind.TEXT_LIST),
        Property(
            "postCallAnalyticsSettings",
            Kind.OBJECT,
            fields=(
                Property("contentRedactionOutput", one_of=("redacted", "redacted_and_unredacted")),
                Property("dataAccessRoleArn", required=True, pattern=ARN_PATTERN),
                Property("outputEncryptionKmsKeyId"),
                Property("outputLocation", required=True, pattern=r"s3://.+"),
            ),
        ),
    )


def _sink(name: str) -> Property:
    return Property(
        name, Kind.OBJECT, fields=(Property("insightsTarget", required=True, pattern=ARN_PATTERN),)
    )


#: Element type -> the property that configures it.
CONFIGURED_BY = {
    "AmazonTranscribeCallAnalyticsProcessor": "amazonTranscribeCallAnalyticsProcessorConfiguration",
    "AmazonTranscribeProcessor": "amazonTranscribeProcessorConfiguration",
    "KinesisDataStreamSink": "kinesisDataStreamSinkConfiguration",
    "LambdaFunctionSink": "lambdaFunctionSinkConfiguration",
    "S3RecordingSink": "s3RecordingSinkConfiguration",
    "SnsTopicSink": "snsTopicSinkConfiguration",
    "SqsQueueSink": "sqsQueueSinkConfiguration",
    "VoiceAnalyticsProcessor": "voiceAnalyticsProcessorConfiguration",
}
ELEMENT_ROWS = (
    Property("type", required=True, one_of=(*CONFIGURED_BY, "VoiceEnhancementSink")),
    Property(
        "amazonTranscribeCallAnalyticsProcessorConfiguration",
        Kind.OBJECT,
        fields=_transcribe_rows(call_analytics=True),
    ),
    Property(
        "amazonTranscribeProcessorConfiguration", Kind.OBJECT, fields=_transcribe_rows(call_analytics=False)
    ),
    _sink("kinesisDataStreamSinkConfiguration"),
    _sink("lambdaFunctionSinkConfiguration"),
    Property(
        "s3RecordingSinkConfiguration", Kind.OBJECT, fields=(Property("destination", pattern=ARN_PATTERN),)
    ),
    _sink("snsTopicSinkConfiguration"),
    _sink("sqsQueueSinkConfiguration"),
    Property(
        "voiceAnalyticsProcessorConfiguration",
        Kind.OBJECT,
        fields=(
            Property("speakerSearchStatus", required=True, one_of=ON_OFF),
            Property("voiceToneAnalysisStatus", required=True, one_of=ON_OFF),
        ),
    ),
)
_RULE_NAME = Property("ruleName", required=True, pattern=_NAME_PATTERN)
RULE_ROWS = (
    Property("type", required=True, one_of=("KeywordMatch", "Sentiment", "IssueDetection")),
    Property("issueDetectionConfiguration", Kind.OBJECT, fields=(_RULE_NAME,)),
    Property(
        "keywordMatchConfiguration",
        Kind.OBJECT,
        fields=(
            _RULE_NAME,
            Property("keywords", Kind.TEXT_LIST, required=True),
            Property("negate", Kind.BOOLEAN, computed=True),
        ),
    ),
    Property(
        "sentimentConfiguration",
        Kind.OBJECT,
        fields=(
            _RULE_NAME,
            Property("sentimentType", required=True, one_of=("NEGATIVE",)),
            Property("timePeriod", Kind.INTEGER, required=True, minimum=60, maximum=1800),
        ),
    ),
)


def _check(inputs: State) -> list[schema.Failure]:
    """Require for each element the block that its type names."""
    elements = inputs.get("elements")
    return [
        (f"elements[{index}].{CONFIGURED_BY[element['type']]}", f"is required for type {element['type']}")
        for index, element in enumerate(elements if isinstance(elements, list) else ())
        if isinstance(element, Mapping)
        and element.get("type") in CONFIGURED_BY
        and element.get(CONFIGURED_BY[element["type"]]) is None
    ]


MEDIA_INSIGHTS_PIPELINE_CONFIGURATION = schema.ResourceType(
    pulumi_type="aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration",
    service=SERVICE,
    properties=(
        ARN,
        Property("elements", Kind.OBJECT_LIST, required=True, fields=ELEMENT_ROWS),
        name_row(pattern=r"[0-9a-zA-Z._-]{2,64}", force_new=False),
        Property(
            "realTimeAlertConfiguration",
            Kind.OBJECT,
            fields=(
                Property("disabled", Kind.BOOLEAN, computed=True),
                Property("rules", Kind.OBJECT_LIST, required=True, fields=RULE_ROWS),
            ),
        ),
        REGION,
        Property("resourceAccessRoleArn", required=True, pattern=ARN_PATTERN),
        TAGS,
        TAGS_ALL,
    ),
    gone=frozenset({"NotFoundException"}),
    operations=schema.Operations(_create, _read, _update, _delete),
    check=_check,
    warnings=_warnings,
    auto_name=schema.AutoName(),
    tagging=CHIME_TAGGING,
)
