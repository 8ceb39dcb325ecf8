"""From the properties of a resource to what the life cycle is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..lifecycle import media_insights_pipeline, task_start
from ..lifecycle.other_searches import OtherSearch
from ..lifecycle.request_check import to_aws
from ..lifecycle.request_rules import CREATE_MEDIA_INSIGHTS_PIPELINE
from ..timeouts import seconds


def task_start_of(props: Mapping[str, Any]) -> task_start.TaskStart:
    """Return the start that a task's properties declare."""
    source = props["kinesis_video_stream_source_task_configuration"]
    return task_start.TaskStart(
        pipeline_id=props["identifier"],
        domain_arn=props["voice_profile_domain_arn"],
        stream_arn=source["stream_arn"],
        channel_id=int(source["channel_id"]),
        fragment_number=source.get("fragment_number"),
        tags=props.get("tags") or {},
        origin=props["origin"],
        triggers=props.get("triggers"),
        client_request_token=props.get("client_request_token"),
        ledger=props.get("ledger") is not False,
        verify_live_tags=props.get("verify_live_tags") is True,
        timeout_seconds=seconds(props.get("timeout_seconds"), "create"),
        same_channel=_same_channel_of(props),
    )


def pipeline_start_of(
    props: Mapping[str, Any], tags: Mapping[str, str]
) -> media_insights_pipeline.PipelineStart:
    """Return the start that a pipeline's properties declare.

    Args:
        tags: All that it is to carry, without the ledger's.
    """
    request = to_aws(CREATE_MEDIA_INSIGHTS_PIPELINE, props)
    return media_insights_pipeline.PipelineStart(
        client_request_token=request.pop("ClientRequestToken", None),
        request=request,
        tags=tags,
        origin=props["origin"],
        triggers=props.get("triggers"),
        ledger=props.get("ledger") is not False,
        timeout_seconds=seconds(props.get("timeout_seconds"), "create"),
        same_channel=_same_channel_of(props),
    )


def _same_channel_of(props: Mapping[str, Any]) -> tuple[OtherSearch, ...]:
    return tuple(OtherSearch(**one) for one in props.get("same_channel") or ())
