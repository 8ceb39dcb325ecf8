"""The CRUD of the two dynamic resources: convert → life cycle → convert.

The classes are pickled by reference: state holds the dotted path `pulumi_speaker_search.providers.CLASS` and
nothing else, so the path is a promise to everybody's state, and instances carry no attributes in the program.
The provider process imports this module and what it needs, neither `pulumi_aws` nor the components.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown
from pulumi.runtime import rpc

from .consent import problems_of
from .engine_connection import engine_is_gone
from .lifecycle import (
    media_insights_pipeline,
    pipeline_adoption,
    speaker_search_task,
    task_adoption,
    task_start,
)
from .lifecycle.aws_call import Aws
from .lifecycle.aws_client import AwsSettings, client, settings_from_config
from .lifecycle.clock import SystemClock, iso
from .lifecycle.ledger import without_ledger
from .lifecycle.request_check import Fault, faults, json_faults, tag_faults, to_aws
from .lifecycle.request_rules import (
    CREATE_MEDIA_INSIGHTS_PIPELINE,
    START_SPEAKER_SEARCH_TASK,
    TAGS_MOST,
    Rule,
)
from .lifecycle.status import ENDED
from .plain_errors import speak_plainly
from .process_exit import end_without_collecting
from .timeouts import DEFAULTS, LEAST, MOST, seconds
from .worker_threads import widen_own_pool

Props = dict[str, Any]

CLOCK = SystemClock()


def _is_unknown(value: Any) -> bool:
    # SDK 3.272 hands over an object, older ones the sentinel string.
    return isinstance(value, Unknown) or value == rpc.UNKNOWN


class EphemeralProvider(ResourceProvider):
    """What the task's and the pipeline's provider share: checking, comparing, reaching AWS."""

    serialize_as_secret_always = False  # the blob is a dotted path

    rules: ClassVar[Mapping[str, Rule]]
    replacing: ClassVar[tuple[str, ...]]
    """Inputs of which a change ends what runs and starts it anew."""
    in_place: ClassVar[tuple[str, ...]]
    """Inputs that change without it."""
    status_property: ClassVar[str]
    tags_most: ClassVar[int]

    settings: AwsSettings = AwsSettings()

    def configure(self, req: ConfigureRequest) -> None:
        speak_plainly()
        self.settings = settings_from_config(lambda key: req.config.get(f"aws:{key}"))
        widen_own_pool()
        end_without_collecting()

    def check(self, _olds: Props, news: Props) -> CheckResult:
        found = [*faults(self.rules, news, _is_unknown), *self._own_faults(news)]
        return CheckResult(news, [CheckFailure(fault.property, fault.reason) for fault in found])

    def _own_faults(self, news: Props) -> Iterator[Fault]:
        yield from tag_faults(news.get("tags"), _is_unknown, most=self._tags_most(news))
        yield from json_faults("triggers", news.get("triggers"), _is_unknown)
        given = news.get("timeout_seconds")
        if isinstance(given, dict):
            yield from _timeout_faults(given)
        elif given is not None and not _is_unknown(given):
            yield Fault("timeout_seconds", f"has to be an object of seconds for {', '.join(DEFAULTS)}")

    def _tags_most(self, _news: Props) -> int:
        return self.tags_most

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        olds, news = _olds, _news
        replaces = [name for name in self.replacing if olds.get(name) != news.get(name)]
        if not replaces and self._starts_again(olds, news):
            replaces = [self.status_property]
        changed = [name for name in self.in_place if olds.get(name) != news.get(name)]
        return DiffResult(changes=bool(replaces or changed), replaces=replaces, delete_before_replace=True)

    def _starts_again(self, olds: Props, news: Props) -> bool:
        """Whether it has ended, is to be started again by itself, and consent holds for that now."""
        return (
            news.get("recreate_when_ended") is True
            and olds.get(self.status_property) in ENDED
            and not problems_of(news.get("tags") or {}, today=CLOCK.now().date())
        )

    def _aws(self, props: Props, arn: str) -> Aws:
        """AWS in the region of `arn`: state alone says where its resource is, whatever the config says today."""
        region = props.get("region") or arn.split(":")[3]
        settings = self.settings.in_region(region)
        return Aws(
            client_of=lambda service: client(settings, service),
            clock=CLOCK,
            alone=engine_is_gone,
            warn=pulumi.log.warn,
        )


def _timeout_faults(given: Mapping[str, Any]) -> Iterator[Fault]:
    for name, value in given.items():
        if name not in DEFAULTS:
            yield Fault(f"timeout_seconds.{name}", f"is not known; there are: {', '.join(DEFAULTS)}")
        elif not _is_unknown(value) and not _is_time_out(value):
            yield Fault(f"timeout_seconds.{name}", f"is {value!r}; it has to be {LEAST} to {MOST} seconds")


def _is_time_out(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and LEAST <= value <= MOST


class TaskProvider(EphemeralProvider):
    """`pulumi-python:dynamic/chime:SpeakerSearchTask`."""

    rules = START_SPEAKER_SEARCH_TASK
    replacing = (*START_SPEAKER_SEARCH_TASK, "tags", "region", "triggers", "adopt")
    in_place = (
        "timeout_seconds",
        "ledger",
        "verify_live_tags",
        "recreate_when_ended",
        "stop_on_delete",
    )
    status_property = "speaker_search_task_status"
    tags_most = TAGS_MOST["task"]

    def create(self, props: Props) -> CreateResult:
        wanted = _task_start(props)
        aws = self._aws(props, wanted.domain_arn)
        if props.get("adopt"):
            task = task_adoption.adopt(aws, props["adopt"], wanted)
        else:
            task = task_start.start(aws, wanted)
        accepted = {"accepted_at": iso(CLOCK.now())}
        return CreateResult(task.id, {**props, **speaker_search_task.describe(task), **accepted})

    def read(self, id_: str, props: Props) -> ReadResult:
        aws = self._aws(props, props["voice_profile_domain_arn"])
        deadline = CLOCK.monotonic() + seconds(props.get("timeout_seconds"), "read")
        task = speaker_search_task.find(aws, props["identifier"], id_, deadline=deadline)
        if task is None:
            return ReadResult("", {})
        return ReadResult(id_, {**props, **speaker_search_task.describe(task)})

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        return UpdateResult({**_olds, **_dropped(_olds, _news, self.in_place), **_news})

    def delete(self, _id: str, _props: Props) -> None:
        props = _props
        pipeline_id, domain_arn = props["identifier"], props["voice_profile_domain_arn"]
        aws = self._aws(props, domain_arn)
        timeout = seconds(props.get("timeout_seconds"), "delete")
        if props.get("stop_on_delete") is not False:
            speaker_search_task.stop(aws, pipeline_id, _id, timeout_seconds=timeout)
        if props.get("ledger") is not False and props.get("origin"):
            speaker_search_task.forget(aws, pipeline_id, domain_arn, props["origin"], timeout_seconds=timeout)


def _task_start(props: Props) -> task_start.TaskStart:
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
    )


class PipelineProvider(EphemeralProvider):
    """`pulumi-python:dynamic/chime:MediaInsightsPipeline`."""

    rules = CREATE_MEDIA_INSIGHTS_PIPELINE
    replacing = (*CREATE_MEDIA_INSIGHTS_PIPELINE, "region", "triggers", "adopt")
    in_place = ("tags", "timeout_seconds", "ledger", "recreate_when_ended", "stop_on_delete")
    status_property = "status"
    tags_most = TAGS_MOST["pipeline"]

    def _tags_most(self, _news: Props) -> int:
        # Our own tag goes with the same request.
        return self.tags_most - (0 if _news.get("ledger") is False else 1)

    def create(self, props: Props) -> CreateResult:
        wanted = _pipeline_start(props)
        aws = self._aws(props, props["media_insights_pipeline_configuration_arn"])
        if props.get("adopt"):
            pipeline = pipeline_adoption.adopt(aws, props["adopt"], wanted)
        else:
            pipeline = media_insights_pipeline.start(aws, wanted)
        described = media_insights_pipeline.describe(pipeline)
        return CreateResult(pipeline.id, {**props, **described, "accepted_at": iso(CLOCK.now())})

    def read(self, id_: str, props: Props) -> ReadResult:
        aws = self._aws(props, props["media_insights_pipeline_configuration_arn"])
        timeout = seconds(props.get("timeout_seconds"), "read")
        pipeline = media_insights_pipeline.find(aws, id_, timeout_seconds=timeout)
        if pipeline is None:
            return ReadResult("", {})
        return ReadResult(id_, {**props, **media_insights_pipeline.describe(pipeline)})

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        media_insights_pipeline.retag(
            self._aws(_news, _news["media_insights_pipeline_configuration_arn"]),
            _olds["media_pipeline_arn"],
            old=without_ledger(_olds.get("tags") or {}),
            new=without_ledger(_news.get("tags") or {}),
            timeout_seconds=seconds(_news.get("timeout_seconds"), "update"),
        )
        return UpdateResult({**_olds, **_dropped(_olds, _news, self.in_place), **_news})

    def delete(self, _id: str, _props: Props) -> None:
        if _props.get("stop_on_delete") is False:
            return
        aws = self._aws(_props, _props["media_insights_pipeline_configuration_arn"])
        timeout = seconds(_props.get("timeout_seconds"), "delete")
        media_insights_pipeline.stop(aws, _id, timeout_seconds=timeout)


def _pipeline_start(props: Props) -> media_insights_pipeline.PipelineStart:
    request = to_aws(CREATE_MEDIA_INSIGHTS_PIPELINE, props)
    return media_insights_pipeline.PipelineStart(
        client_request_token=request.pop("ClientRequestToken", None),
        request=request,
        tags=props.get("tags") or {},
        origin=props["origin"],
        triggers=props.get("triggers"),
        ledger=props.get("ledger") is not False,
        timeout_seconds=seconds(props.get("timeout_seconds"), "create"),
    )


def _dropped(olds: Props, news: Props, names: tuple[str, ...]) -> Props:
    """The inputs that are not set any more, as None: the engine drops those from the outputs."""
    return {name: None for name in names if name in olds and name not in news}
