"""Answers of the scripted AWS about a pipeline, and the start that asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.pipeline_start import PipelineStart

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONFIGURATION_ARN,
    CONSENT,
    ORIGIN,
    PIPELINE_ARN,
    tags,
)

CREATE, GET, DELETE = "create_media_insights_pipeline", "get_media_pipeline", "delete_media_pipeline"
LIST = "list_tags_for_resource"

WANTED = PipelineStart(
    request={"MediaInsightsPipelineConfigurationArn": CONFIGURATION_ARN},
    tags=CONSENT,
    origin=ORIGIN,
    timeout_seconds=10.0,
)


def described(status: str, id_: str = "pipeline-1", created: datetime = BEGIN) -> dict[str, Any]:
    return {
        "MediaPipelineId": id_,
        "MediaPipelineArn": PIPELINE_ARN,
        "MediaInsightsPipelineConfigurationArn": CONFIGURATION_ARN,
        "Status": status,
        "CreatedTimestamp": created,
    }


def made(status: str = "NotStarted", id_: str = "pipeline-1", created: datetime = BEGIN) -> dict[str, Any]:
    return {"MediaInsightsPipeline": described(status, id_, created)}


def got(status: str) -> dict[str, Any]:
    return {"MediaPipeline": {"MediaInsightsPipeline": described(status)}}


HERE, ELSEWHERE = ledger.stack_hash(ORIGIN), ledger.stack_hash("urn:pulumi:other::project::")


def carrying(stack: str) -> dict[str, Any]:
    return tags(**{ledger.PIPELINE: f"ss-of-this-pipeline-0/{stack}"})
