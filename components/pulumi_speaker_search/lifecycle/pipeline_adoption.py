"""Adopt a media insights pipeline that already runs."""

from __future__ import annotations

from typing import Final

from . import consent_gate, ledger, pipeline_tags
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .errors import NotFoundError, Subject, not_adopted
from .holder import mark_for
from .media_insights_pipeline import KIND, Pipeline, id_of
from .pipeline_start import PipelineStart
from .status import ENDED

_SOURCES: Final = (
    "KinesisVideoStreamSourceRuntimeConfiguration",
    "KinesisVideoStreamRecordingSourceRuntimeConfiguration",
    "S3RecordingSinkRuntimeConfiguration",
)


def adopt(aws: Aws, identifier: str, spec: PipelineStart) -> Pipeline:
    """Adopt a running pipeline, and record the stack of `spec` in its ledger as its holder.

    Args:
        identifier: Id or ARN of the pipeline.

    Raises:
        ConsentError: The consent is not valid, as declared or as the pipeline has it in AWS.
        AdoptionError: The pipeline does not exist, has ended, or has another configuration or stream.
    """
    subject = Subject(kind=KIND, id=id_of(identifier))
    consent_gate.require_declared_consent(aws, spec.tags, subject=subject)
    call = Call(
        service=MEDIA_PIPELINES,
        operation="get_media_pipeline",
        parameters={"MediaPipelineId": id_of(identifier)},
        action="adopt",
        subject=subject,
        serialize_on=(id_of(identifier),),
    )
    try:
        answer = send(aws, call, deadline=aws.clock.monotonic() + spec.timeout_seconds)
    except NotFoundError as missing:
        raise not_adopted("AWS does not find this pipeline", subject) from missing
    found = answer["MediaPipeline"].get("MediaInsightsPipeline")
    if found is None:
        raise not_adopted("it is a media pipeline of another kind", subject)
    pipeline = Pipeline.from_description(found)
    if pipeline.status in ENDED:
        raise not_adopted("it has ended", subject, pipeline.status)
    for name in ("MediaInsightsPipelineConfigurationArn", *_SOURCES):
        if name in spec.request and found.get(name) != spec.request[name]:
            raise not_adopted(f"its {name} differs from the declared one", subject, pipeline.status)
    live = pipeline_tags.read_all_tags(aws, pipeline.arn, timeout_seconds=spec.timeout_seconds)
    consent_of = f"the consent on the media insights pipeline {pipeline.arn}"
    consent_gate.require_no_withdrawal_in_tags(
        aws, live or {}, spec.tags, consent_of=consent_of, subject=subject
    )
    mark = mark_for(live, ledger.stack_hash(spec.origin)) if spec.ledger and live is not None else {}
    if mark:
        deadline = aws.clock.monotonic() + spec.timeout_seconds
        ledger.put_tags(aws, pipeline.arn, mark, subject=subject, deadline=deadline)
    return pipeline
