"""Put searches, analyses and profiles of two consent records into an empty account, and the state that declares some.

Nothing of the Pulumi engine takes part: boto3 creates what stays, the life cycle starts what listens, so that pipelines
carry the real ledger, and the state is a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from pulumi_speaker_search.lifecycle import ledger, task_start
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.errors import Subject
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS, AnalysisTaskKind
from pulumi_speaker_search.lifecycle.task_start_request import TaskStart
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE, VOICE_PROFILE

from reliability.account import CONSENT, given_again
from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount, client

RECORD_REF: Final = "consent:record-ref"
WITHDRAWN_RECORD: Final = CONSENT[RECORD_REF]
OTHER_RECORD: Final = given_again()[RECORD_REF]
STACK: Final = "dev"
PROJECT: Final = "project"
START_SECONDS: Final = 30.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What is in the account.

    Attributes:
        domain_arn, stream_arns, pipeline_arns: Under the record that is withdrawn.
        profile_ids: Profiles under it: of its domain, and one that the state declares in the other domain.
        task_ids: Tasks under it, in state or not.
        interrupted_pipeline_id: The pipeline with a start whose task id was never recorded.
        other_*: Under the other record.
        resources: The state, as `pulumi stack export` prints it.
    """

    domain_arn: str
    stream_arns: tuple[str, ...]
    pipeline_arns: tuple[str, ...]
    profile_ids: tuple[str, ...]
    task_ids: tuple[str, ...]
    interrupted_pipeline_id: str
    other_domain_arn: str
    other_stream_arn: str
    other_pipeline_arn: str
    other_profile_id: str
    other_task_id: str
    resources: tuple[dict[str, Any], ...]


def set_up(endpoint: str, control: SandboxControl) -> Scene:
    """Create everything. The account has to be empty, and its streams have to carry audio."""
    place = _Place(AwsAccount(endpoint), endpoint)
    given, other = dict(CONSENT), given_again()
    domain, other_domain = place.domain(given), place.domain(other)
    streams, other_stream = [place.stream(given) for _ in range(3)], place.stream(other)
    first, second, third = (place.pipeline(stream, given) for stream in streams)
    other_pipeline = place.pipeline(other_stream, other)
    search = _start(place.aws, SPEAKER_SEARCH, first, streams[0], domain, "search", given)
    tone = _start(place.aws, VOICE_TONE_ANALYSIS, first, streams[0], None, "tone", given)
    orphan = _start(place.aws, SPEAKER_SEARCH, second, streams[1], domain, "orphan", given)
    other_search = _start(
        place.aws, SPEAKER_SEARCH, other_pipeline, other_stream, other_domain, "other", other
    )
    interrupted = _start(place.aws, SPEAKER_SEARCH, third, streams[2], domain, "interrupted", given)
    place.forget_task_id(third, "interrupted")
    profiles = [control.enrol(domain, voice) for voice in ("ann", "bob")]
    declared, foreign = control.enrol(other_domain, "cyd"), control.enrol(other_domain, "dan")
    resources = (
        _resource(MEDIA_INSIGHTS_PIPELINE, "search-pipeline", _id(first), {"media_pipeline_arn": first}),
        _task(SPEAKER_SEARCH, "search", search, first, streams[0], domain, given),
        _task(VOICE_TONE_ANALYSIS, "tone", tone, first, streams[0], None, given),
        _task(SPEAKER_SEARCH, "other", other_search, other_pipeline, other_stream, other_domain, other),
        _resource(VOICE_PROFILE, "cyd", declared, {"voice_profile_domain_arn": other_domain, "tags": given}),
    )
    return Scene(
        domain_arn=domain,
        stream_arns=tuple(streams),
        pipeline_arns=(first, second, third),
        profile_ids=(*profiles, declared),
        task_ids=(search, tone, orphan, interrupted),
        interrupted_pipeline_id=_id(third),
        other_domain_arn=other_domain,
        other_stream_arn=other_stream,
        other_pipeline_arn=other_pipeline,
        other_profile_id=foreign,
        other_task_id=other_search,
        resources=resources,
    )


def start_again(endpoint: str, scene: Scene) -> str:
    """Start another search under the first record, as an `up` with new `triggers` would do; return its id."""
    return _start(
        _aws(endpoint),
        SPEAKER_SEARCH,
        scene.pipeline_arns[0],
        scene.stream_arns[0],
        scene.domain_arn,
        "again",
        dict(CONSENT),
    )


class _Place:
    """An account, as boto3 and the life cycle see it."""

    def __init__(self, world: AwsAccount, endpoint: str) -> None:
        self.world = world
        self.configuration = world.configuration()
        self.aws = _aws(endpoint)

    def domain(self, tags: dict[str, str]) -> str:
        return self.world.domain(Tags=_listed(tags))

    def stream(self, tags: dict[str, str]) -> str:
        return self.world.stream(Tags=tags)

    def pipeline(self, stream: str, tags: dict[str, str]) -> str:
        """Create a pipeline, and return its ARN."""
        arguments = self.world.pipeline_arguments(self.configuration, stream, Tags=_listed(tags))
        made = self.world.media.create_media_insights_pipeline(**arguments)
        return str(made["MediaInsightsPipeline"]["MediaPipelineArn"])

    def forget_task_id(self, pipeline: str, name: str) -> None:
        """Bring the ledger back to where a kill between start and record leaves it."""
        tags = self.world.media.list_tags_for_resource(ResourceARN=pipeline)["Tags"]
        entries, _ = ledger.from_tags({tag["Key"]: tag["Value"] for tag in tags})
        own = ledger.resource_hash(_urn(SPEAKER_SEARCH.type_token, name))
        (entry,) = (one for one in entries if one.resource_hash == own)
        ledger.put_entry(
            self.aws,
            pipeline,
            replace(entry, task_id=None),
            subject=Subject(kind="media insights pipeline", id=_id(pipeline)),
            deadline=self.aws.clock.monotonic() + START_SECONDS,
        )


def _aws(endpoint: str) -> Aws:
    clients: dict[str, Any] = {}

    def get_client(service: str) -> Any:
        if service not in clients:
            clients[service] = client(service, endpoint)
        return clients[service]

    return Aws(get_client=get_client)


def _start(
    aws: Aws,
    kind: AnalysisTaskKind,
    pipeline: str,
    stream: str,
    domain: str | None,
    name: str,
    tags: dict[str, str],
) -> str:
    """Start a task and return its id."""
    spec = TaskStart(
        kind=kind,
        pipeline_id=_id(pipeline),
        domain_arn=domain,
        stream_arn=stream,
        channel_id=0,
        tags=tags,
        origin=_urn(kind.type_token, name),
        timeout_seconds=START_SECONDS,
    )
    return task_start.start(aws, spec).id


def _task(
    kind: AnalysisTaskKind,
    name: str,
    task_id: str,
    pipeline: str,
    stream: str,
    domain: str | None,
    tags: dict[str, str],
) -> dict[str, Any]:
    outputs = {
        "identifier": _id(pipeline),
        "kinesis_video_stream_source_task_configuration": {"stream_arn": stream, "channel_id": 0},
        "tags": tags,
        "accepted_at": datetime.now(UTC).isoformat(),
        "outcome": "running",
        **({"voice_profile_domain_arn": domain} if domain else {}),
    }
    return _resource(kind.type_token, name, task_id, outputs)


def _resource(type_token: str, name: str, id_: str, outputs: dict[str, Any]) -> dict[str, Any]:
    urn = _urn(type_token, name)
    return {"urn": urn, "type": type_token, "custom": True, "id": id_, "outputs": outputs}


def _urn(type_token: str, name: str) -> str:
    return f"urn:pulumi:{STACK}::{PROJECT}::{type_token}::{name}"


def _id(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
