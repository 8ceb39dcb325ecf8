"""Taking over a media insights pipeline that runs."""

from __future__ import annotations

from typing import Final

from . import consent_gate, ledger, pipeline_tags
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .errors import NotFoundError, Subject, not_adopted
from .holder import mark_for
from .media_insights_pipeline import KIND, Pipeline, PipelineStart, id_of
from .status import ENDED

_SOURCES: Final = (
    "KinesisVideoStreamSourceRuntimeConfiguration",
    "KinesisVideoStreamRecordingSourceRuntimeConfiguration",
    "S3RecordingSinkRuntimeConfiguration",
)


def adopt(aws: Aws, identifier: str, wanted: PipelineStart) -> Pipeline:
    """Take over a pipeline that runs, and enter the stack of `wanted` into its ledger as the one that holds it.

    Args:
        identifier: Its id or ARN.

    Raises:
        ConsentError: The consent does not hold, as declared or as the pipeline has it in AWS.
        AdoptionError: It is not there, has ended, or was made from another configuration.
    """
    subject = Subject(kind=KIND, id=id_of(identifier))
    consent_gate.require_declared_consent(aws, wanted.tags, subject=subject)
    call = Call(
        service=MEDIA_PIPELINES,
        operation="get_media_pipeline",
        parameters={"MediaPipelineId": id_of(identifier)},
        action="adopt",
        subject=subject,
        serialize_on=(id_of(identifier),),
    )
    try:
        answer = send(aws, call, deadline=aws.clock.monotonic() + wanted.timeout_seconds)
    except NotFoundError as missing:
        raise not_adopted("AWS knows no such pipeline", subject) from missing
    found = answer["MediaPipeline"].get("MediaInsightsPipeline")
    if found is None:
        raise not_adopted("it is a media pipeline of another kind", subject)
    pipeline = Pipeline.from_description(found)
    if pipeline.status in ENDED:
        raise not_adopted("it has ended", subject, pipeline.status)
    for name in ("MediaInsightsPipelineConfigurationArn", *_SOURCES):
        if name in wanted.request and found.get(name) != wanted.request[name]:
            raise not_adopted(f"its {name} is another one", subject, pipeline.status)
    live = pipeline_tags.read_all_tags(aws, pipeline.arn, timeout_seconds=wanted.timeout_seconds)
    consent_of = f"the consent on the media insights pipeline {pipeline.arn}"
    consent_gate.require_no_withdrawal_in_tags(
        aws, live or {}, wanted.tags, consent_of=consent_of, subject=subject
    )
    mark = mark_for(live, ledger.stack_hash(wanted.origin)) if wanted.ledger and live is not None else {}
    if mark:
        deadline = aws.clock.monotonic() + wanted.timeout_seconds
        ledger.put_tags(aws, pipeline.arn, mark, subject=subject, deadline=deadline)
    return pipeline
