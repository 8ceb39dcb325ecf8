"""The properties of the ephemeral resources as typed values, parsed once where a provider is called.

A provider gets properties by the names that state has. Those names are read in this module and nowhere else in
the providers, except where the properties are handed on as they are, or compared by name (`replacing`, `in_place`).
State of older releases lacks some of them; a preview does not know all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from pulumi.output import Unknown
from pulumi.runtime import rpc

from ..lifecycle.occupied_channel import ListedTask
from ..lifecycle.outcome import FINAL, Outcome, recorded_outcome
from ..lifecycle.pipeline_start import PipelineStart
from ..lifecycle.request_schema import CREATE_MEDIA_INSIGHTS_PIPELINE
from ..lifecycle.request_validation import to_aws
from ..lifecycle.task_kinds import AnalysisTaskKind
from ..lifecycle.task_start_request import TaskStart
from ..timeouts import seconds

Properties = Mapping[str, Any]


def is_unknown(value: Any) -> bool:
    """Return whether a preview does not know the value. SDK 3.272 hands over an object, older ones the sentinel."""
    return isinstance(value, Unknown) or value == rpc.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class EphemeralInputs:
    """The inputs that every ephemeral resource has.

    Attributes:
        origin: URN under which the resource was first declared. None in state before 0.1.0 had it.
        tags: None while a preview does not know all of them.
        region: Where it runs, if not in the region of the ARN.
        adopt: Id or ARN of what is to be taken over. None also while a preview does not know it.
        timeout_seconds: By operation, as far as given.
        same_channel: Other searches of the stack that may listen to the channel.
    """

    origin: str | None
    tags: Mapping[str, str] | None
    region: str | None
    listen: bool
    ledger: bool
    stop_on_delete: bool
    adopt: str | None
    triggers: Any
    client_request_token: str | None
    timeout_seconds: Mapping[str, float]
    same_channel: tuple[ListedTask, ...]

    @classmethod
    def parse(cls, properties: Properties) -> Self:
        """Return the inputs among the properties."""
        return cls(**_common(properties))

    def timeout_of(self, operation: str) -> float:
        """Return the seconds that an operation may take: `create`, `ready`, `read`, `update` or `delete`."""
        return seconds(self.timeout_seconds, operation)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInputs(EphemeralInputs):
    """The inputs of an analysis task, all of them known.

    Attributes:
        pipeline_id: Its id or ARN.
        domain_arn: None for a voice tone analysis.
        channel_id: 0 or 1.
    """

    pipeline_id: str
    domain_arn: str | None
    stream_arn: str
    channel_id: int
    fragment_number: str | None
    verify_live_tags: bool

    @classmethod
    def parse(cls, properties: Properties) -> Self:
        """Return the inputs among the properties."""
        source = properties["kinesis_video_stream_source_task_configuration"]
        return cls(
            **_common(properties),
            pipeline_id=properties["identifier"],
            domain_arn=properties.get("voice_profile_domain_arn"),
            stream_arn=source["stream_arn"],
            channel_id=int(source["channel_id"]),
            fragment_number=source.get("fragment_number"),
            verify_live_tags=properties.get("verify_live_tags") is True,
        )

    @property
    def account_arn(self) -> str:
        """An ARN that names the account and region of the task: of its domain, or else of its stream."""
        return self.domain_arn or self.stream_arn

    def start_request(self, kind: AnalysisTaskKind) -> TaskStart:
        """Return the start of a task of this kind that they declare.

        Raises:
            ValueError: `origin` is not known.
        """
        return TaskStart(
            kind=kind,
            pipeline_id=self.pipeline_id,
            domain_arn=self.domain_arn,
            stream_arn=self.stream_arn,
            channel_id=self.channel_id,
            fragment_number=self.fragment_number,
            tags=self.tags or {},
            origin=_known_origin(self.origin),
            triggers=self.triggers,
            client_request_token=self.client_request_token,
            ledger=self.ledger,
            verify_live_tags=self.verify_live_tags,
            timeout_seconds=self.timeout_of("create"),
            same_channel=self.same_channel,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineInputs(EphemeralInputs):
    """The inputs of a media insights pipeline, all of them known.

    Attributes:
        request: What CreateMediaInsightsPipeline is sent, without tags and token.
    """

    configuration_arn: str
    request: Mapping[str, Any]

    @classmethod
    def parse(cls, properties: Properties) -> Self:
        """Return the inputs among the properties."""
        request = to_aws(CREATE_MEDIA_INSIGHTS_PIPELINE, properties)
        request.pop("ClientRequestToken", None)
        return cls(
            **_common(properties),
            configuration_arn=properties["media_insights_pipeline_configuration_arn"],
            request=request,
        )

    def start_request(self, tags: Mapping[str, str]) -> PipelineStart:
        """Return the start that they declare.

        Args:
            tags: All that the pipeline is to carry, without the ledger's.

        Raises:
            ValueError: `origin` is not known.
        """
        return PipelineStart(
            client_request_token=self.client_request_token,
            request=self.request,
            tags=tags,
            origin=_known_origin(self.origin),
            triggers=self.triggers,
            ledger=self.ledger,
            timeout_seconds=self.timeout_of("create"),
            same_channel=self.same_channel,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What state holds of a start.

    Attributes:
        outcome: As of the last read.
        accepted_at: When AWS had accepted the start. None where state of release 0.1.0 does not say.
    """

    outcome: Outcome
    accepted_at: datetime | None

    @classmethod
    def parse(cls, outputs: Properties, *, status_property: str) -> Self:
        """Return the record among the outputs; `status_property` is the name of AWS's status."""
        accepted_at = outputs.get("accepted_at")
        return cls(
            outcome=recorded_outcome(outputs, status_property),
            accepted_at=datetime.fromisoformat(accepted_at) if accepted_at else None,
        )

    @property
    def is_final(self) -> bool:
        """Return whether nothing listens any more."""
        return self.outcome in FINAL

    def age_seconds(self, now: datetime) -> float | None:
        """Return how long ago AWS accepted the start, None where that is not known."""
        return None if self.accepted_at is None else (now - self.accepted_at).total_seconds()

    def outcome_without_aws(self) -> Outcome:
        """Return the outcome of what AWS does not find any more: that it ended, where that is recorded, or gone."""
        return self.outcome if self.is_final else Outcome.GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineInAws:
    """What state holds of a pipeline in AWS.

    Attributes:
        tags: All of them, as of the last read; None in state of release 0.1.0.
        default_keys: Keys of the tags that came from the `aws` provider's default tags.
    """

    arn: str
    stream_arns: tuple[str, ...]
    tags: Mapping[str, str] | None
    default_keys: frozenset[str]

    @classmethod
    def parse(cls, outputs: Properties) -> Self:
        """Return the pipeline among the outputs."""
        source = outputs.get("kinesis_video_stream_source_runtime_configuration") or {}
        return cls(
            arn=outputs["media_pipeline_arn"],
            stream_arns=tuple(str(stream["stream_arn"]) for stream in source.get("streams") or ()),
            tags=outputs.get("tags_all"),
            default_keys=frozenset(outputs.get("default_tag_keys") or ()),
        )


def _common(properties: Properties) -> dict[str, Any]:
    tags, adopt = properties.get("tags") or {}, properties.get("adopt")
    are_known = not is_unknown(tags) and not any(is_unknown(value) for value in tags.values())
    timeouts = properties.get("timeout_seconds") or {}
    return {
        "origin": properties.get("origin"),
        "tags": dict(tags) if are_known else None,
        "region": properties.get("region"),
        "listen": properties.get("listen") is not False,
        "ledger": properties.get("ledger") is not False,
        "stop_on_delete": properties.get("stop_on_delete") is not False,
        "adopt": str(adopt) if adopt and not is_unknown(adopt) else None,
        "triggers": properties.get("triggers"),
        "client_request_token": properties.get("client_request_token"),
        "timeout_seconds": {} if is_unknown(timeouts) else timeouts,
        "same_channel": tuple(
            ListedTask(**search) for search in _list_or_nothing(properties.get("same_channel"))
        ),
    }


def _list_or_nothing(value: Any) -> list[dict[str, str]]:
    return [] if value is None or is_unknown(value) else list(value)


def _known_origin(origin: str | None) -> str:
    if not origin:
        raise ValueError("a start needs the URN of its resource")
    return origin
