"""The CRUD of a media insights pipeline: convert → life cycle → convert."""

from __future__ import annotations

from collections.abc import Collection

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from ..lifecycle import media_insights_pipeline, pipeline_adoption, pipeline_tags
from ..lifecycle.aws_call import Aws
from ..lifecycle.clock import iso
from ..lifecycle.errors import WaitTimeoutError
from ..lifecycle.outcome import FINAL, NOT_STARTED, Outcome, recorded_outcome
from ..lifecycle.request_rules import CREATE_MEDIA_INSIGHTS_PIPELINE, TAGS_MOST
from ..lifecycle.status import PipelineStatus
from ..timeouts import seconds
from .ephemeral_provider import (
    CLOCK,
    MEMORY,
    EphemeralProvider,
    Props,
    age_seconds,
    dropped,
    is_unknown,
    outcome_without_aws,
)
from .requests import pipeline_start_of


class PipelineProvider(EphemeralProvider):
    """`pulumi-python:dynamic/chime:MediaInsightsPipeline`."""

    rules = CREATE_MEDIA_INSIGHTS_PIPELINE
    replacing = (*CREATE_MEDIA_INSIGHTS_PIPELINE, "region", "triggers")
    in_place = ("tags", "timeout_seconds", "ledger", "stop_on_delete", "listen", "adopt")
    status_property = "status"
    tags_most = TAGS_MOST["pipeline"]

    def _tags_most(self, _news: Props) -> int:
        # Our own tag goes with the same request, and a task's entry needs one more.
        reserved = 0 if _news.get("ledger") is False else 2
        return self.tags_most - reserved - len(set(self._default_tags()) - set(_news.get("tags") or {}))

    def _default_tags(self) -> dict[str, str]:
        return dict(getattr(self.settings, "default_tags", ()))

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell what a change means. A pipeline that carries a withdrawal is kept, and what runs on it ends."""
        found = super().diff(_id, _olds, _news)
        if _id != NOT_STARTED and recorded_outcome(_olds, self.status_property) in FINAL:
            MEMORY.close(_id)
        if found.replaces and self._is_withdrawn(_id, _olds, _news):
            # A new pipeline would not carry the withdrawal any more: the old one is kept, and what runs on it ends.
            return DiffResult(changes=True, replaces=[], delete_before_replace=True)
        return found

    def _is_withdrawn(self, id_: str, olds: Props, news: Props) -> bool:
        """Tell whether the pipeline or its stream carries a withdrawal of the declared record.

        AWS is asked where it may run: a replacement would start a search that knows nothing of the withdrawal.
        """
        tags = news.get("tags") or {}
        if id_ == NOT_STARTED or is_unknown(tags) or any(is_unknown(one) for one in tags.values()):
            return False
        status = pipeline_tags.withdrawal(tags, olds.get("tags_all"))
        if recorded_outcome(olds, self.status_property) not in FINAL:
            status = pipeline_tags.live_withdrawal(
                self._aws(olds, olds["media_pipeline_arn"]),
                olds["media_pipeline_arn"],
                stream_arns=_streams_of(olds),
                wanted=tags,
                timeout_seconds=seconds(news.get("timeout_seconds"), "read"),
            )
        if status is None:
            return False
        MEMORY.withdrawn(id_, status)
        pulumi.log.warn(pipeline_tags.stands(id_, status))
        return True

    def create(self, props: Props) -> CreateResult:
        """Start the pipeline, or take over the one that `adopt` names; return when AWS has accepted it."""
        tags = pipeline_tags.wanted_tags(props.get("tags") or {}, self._default_tags())
        own = {"tags_all": tags, "default_tag_keys": sorted(self._default_tags())}
        if props.get("listen") is False:
            accepted = {"accepted_at": iso(CLOCK.now())}
            return CreateResult(NOT_STARTED, {**props, **_pipeline_that_never_ran(props), **own, **accepted})
        wanted = pipeline_start_of(props, tags)
        aws = self._aws(props, props["media_insights_pipeline_configuration_arn"])
        adopted = props.get("adopt")
        if adopted and not aws.memory.has_ended(media_insights_pipeline.id_of(adopted)):
            pipeline = pipeline_adoption.adopt(aws, adopted, wanted)
            own["tags_all"] = self._retag(aws, pipeline.arn, props, wanted=tags, before=())
        else:
            pipeline = media_insights_pipeline.start(aws, wanted)
        described = media_insights_pipeline.to_outputs(pipeline)
        return CreateResult(pipeline.id, {**props, **described, **own, "accepted_at": iso(CLOCK.now())})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the pipeline as AWS has it; what has ended or is gone stays in state."""
        if id_ == NOT_STARTED:
            return ReadResult(id_, props)
        arn = props["media_pipeline_arn"]
        aws = self._aws(props, arn)
        timeout_seconds = seconds(props.get("timeout_seconds"), "read")
        try:
            pipeline = media_insights_pipeline.find_confirmed(
                aws, arn, timeout_seconds=timeout_seconds, age_seconds=age_seconds(props)
            )
        except WaitTimeoutError as unclear:
            aws.warn(str(unclear))
            return ReadResult(id_, props)
        if pipeline is None:
            return ReadResult(id_, {**props, "outcome": outcome_without_aws(props, self.status_property)})
        outputs = {**props, **media_insights_pipeline.to_outputs(pipeline)}
        live = pipeline_tags.read_tags(aws, arn, timeout_seconds=timeout_seconds)
        if live is not None:
            # Tags that somebody else has put there are no drift: only the declared ones are compared.
            declared = props.get("tags") or {}
            outputs["tags"] = {key: live[key] for key in declared if key in live}
            outputs["tags_all"] = live
        return ReadResult(id_, outputs)

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Change tags in AWS and switches in place; end what may not listen any more."""
        outputs = {
            **_olds,
            **dropped(_olds, _news, self.in_place),
            **_news,
            "origin": _olds.get("origin") or _news.get("origin"),
        }
        # A replacement that a withdrawal has turned into this update is still to come.
        outputs.update({name: _olds[name] for name in self.replacing if name in _olds})
        tags = pipeline_tags.wanted_tags(_news.get("tags") or {}, self._default_tags())
        known = dict(_olds.get("tags_all") or {})
        stands = MEMORY.withdrawal(_id)
        if stands is not None:
            tags = {**tags, pipeline_tags.STATUS: stands}
        outputs.update(
            tags_all=pipeline_tags.with_withdrawal(tags, known),
            default_tag_keys=sorted(self._default_tags()),
        )
        if _id == NOT_STARTED or recorded_outcome(_olds, self.status_property) in FINAL:
            return UpdateResult(outputs)
        arn = _olds["media_pipeline_arn"]
        aws = self._aws(_news, arn)
        before = {*(_olds.get("tags") or {}), *(_olds.get("default_tag_keys") or ())}
        outputs["tags_all"] = self._retag(aws, arn, _news, wanted=tags, before=before)
        if self._has_to_end(_id, {**_olds, "tags_all": outputs["tags_all"]}, _news):
            outputs.update(self._end(_id, _olds))
            MEMORY.close(_id)
        return UpdateResult(outputs)

    def _retag(
        self, aws: Aws, arn: str, props: Props, *, wanted: dict[str, str], before: Collection[str]
    ) -> dict[str, str]:
        return pipeline_tags.retag(
            aws,
            arn,
            wanted=wanted,
            before=before,
            timeout_seconds=seconds(props.get("timeout_seconds"), "update"),
        )

    def _end(self, id_: str, props: Props) -> Props:
        """End the pipeline and see it end; what that changes in the outputs."""
        arn = props["media_pipeline_arn"]
        media_insights_pipeline.stop(
            self._aws(props, arn),
            id_,
            arn=arn,
            timeout_seconds=seconds(props.get("timeout_seconds"), "delete"),
            age_seconds=age_seconds(props),
        )
        return {"status": PipelineStatus.STOPPED.value, "outcome": Outcome.ENDED.value}

    def delete(self, _id: str, _props: Props) -> None:
        """End the pipeline and every task on it, unless `stop_on_delete` is off."""
        if _id == NOT_STARTED or _props.get("stop_on_delete") is False:
            return
        memory = self._aws(_props, _props["media_pipeline_arn"]).memory
        if not memory.has_ended(_id):
            self._end(_id, _props)
            memory.ended(_id)

    def _has_drifted(self, _olds: Props, _news: Props) -> bool:
        tags = _news.get("tags") or {}
        if _olds.get("tags_all") is None or is_unknown(tags) or any(is_unknown(one) for one in tags.values()):
            return False
        wanted = pipeline_tags.wanted_tags(tags, self._default_tags())
        live = _olds["tags_all"]
        target = pipeline_tags.with_withdrawal(wanted, live)
        dropped_defaults = set(_olds.get("default_tag_keys") or ()) - set(target)
        return bool(dropped_defaults) or any(live.get(key) != value for key, value in target.items())

    def _has_to_end(self, id_: str, olds: Props, news: Props) -> bool:
        if super()._has_to_end(id_, olds, news):
            return True
        if id_ == NOT_STARTED or recorded_outcome(olds, self.status_property) in FINAL:
            return False
        # A withdrawal that stands in AWS for the declared record, as of the last refresh, ends what runs under it.
        tags = news.get("tags") or {}
        if is_unknown(tags) or any(is_unknown(one) for one in tags.values()):
            return False
        return pipeline_tags.with_withdrawal(tags, olds.get("tags_all") or {}) != dict(tags)


def _streams_of(props: Props) -> list[str]:
    source = props.get("kinesis_video_stream_source_runtime_configuration") or {}
    return [str(stream["stream_arn"]) for stream in source.get("streams") or ()]


def _pipeline_that_never_ran(props: Props) -> Props:
    arn = str(props["media_insights_pipeline_configuration_arn"])
    return {
        "media_pipeline_id": NOT_STARTED,
        "media_pipeline_arn": ":".join([*arn.split(":")[:5], f"media-pipeline/{NOT_STARTED}"]),
        "status": PipelineStatus.NOT_STARTED.value,
        "outcome": Outcome.ENDED.value,
    }
