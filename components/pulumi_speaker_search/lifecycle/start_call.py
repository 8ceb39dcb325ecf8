"""The call that starts a task, and the recovery of an interrupted one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import ledger
from .analysis_task import Task, stop
from .aws_call import NO_RETRIES, Aws, Call, RetryWindows, send
from .aws_client import MEDIA_PIPELINES
from .errors import Subject
from .start_recovery import RECOVERY_TIMEOUT_SECONDS
from .status import ENDED
from .task_kinds import AnalysisTaskKind


def start_call(
    kind: AnalysisTaskKind,
    request: Mapping[str, Any],
    token: str,
    subject: Subject,
    *,
    retry_windows: RetryWindows = NO_RETRIES,
) -> Call:
    """Return the call that starts a task.

    Args:
        request: Its members without the token.
        retry_windows: Which refusals are retried.
    """
    return Call(
        service=MEDIA_PIPELINES,
        operation=kind.start,
        parameters={**request, "ClientRequestToken": token},
        action="start",
        subject=subject,
        serialize_on=tuple(
            request[name] for name in ("VoiceProfileDomainArn", "Identifier") if name in request
        ),
        ambiguous_if_lost=True,
        retry_windows=retry_windows,
    )


def stop_what_intent_started(
    aws: Aws, pipeline_id: str, entry: ledger.Entry, *, deadline: float
) -> Task | None:
    """Find the task that a recent intent without an id has started, by sending its token again, and stop it.

    It is stopped as well if this very call started it. None if the entry does not have enough for the call.

    Raises:
        SpeakerSearchError: AWS refused the call, or the task did not stop.
    """
    if not entry.stream_arn or (entry.kind.searches_domain and not entry.domain_arn):
        return None
    source: dict[str, Any] = {"StreamArn": entry.stream_arn, "ChannelId": entry.channel_id}
    if entry.fragment_number:
        source["FragmentNumber"] = entry.fragment_number
    request = {
        "Identifier": pipeline_id,
        "KinesisVideoStreamSourceTaskConfiguration": source,
        **({"VoiceProfileDomainArn": entry.domain_arn} if entry.domain_arn else {}),
        **dict(entry.kind.fixed_members),
    }
    call = start_call(
        entry.kind, request, entry.token, Subject(kind=entry.kind.noun, pipeline_id=pipeline_id)
    )
    task = Task.from_response(entry.kind, send(aws, call, deadline=deadline))
    if task.status not in ENDED:
        left = max(RECOVERY_TIMEOUT_SECONDS, deadline - aws.clock.monotonic())
        account_arn = entry.domain_arn or entry.stream_arn
        stop(aws, entry.kind, pipeline_id, task.id, account_arn=account_arn, timeout_seconds=left)
    return task
