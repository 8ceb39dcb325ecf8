"""The CRUD of a media insights pipeline: convert → life cycle → convert."""

from __future__ import annotations

from collections.abc import Collection

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from ..lifecycle import media_insights_pipeline, pipeline_adoption, pipeline_start, pipeline_tags
from ..lifecycle.aws_call import Aws
from ..lifecycle.clock import iso
from ..lifecycle.errors import WaitTimeoutError
from ..lifecycle.outcome import NOT_STARTED, Outcome
from ..lifecycle.request_schema import CREATE_MEDIA_INSIGHTS_PIPELINE, MAX_TAGS
from ..lifecycle.status import PipelineStatus
from .aws_provider import CLOCK, MEMORY, Props
from .ephemeral_provider import EphemeralProvider
from .inputs import EphemeralInputs, PipelineInAws, PipelineInputs


class PipelineProvider(EphemeralProvider):
    """The provider of media insights pipelines, `pulumi-python:dynamic/chime:MediaInsightsPipeline`."""

    rules = CREATE_MEDIA_INSIGHTS_PIPELINE
    replacing = (*CREATE_MEDIA_INSIGHTS_PIPELINE, "region", "triggers")
    in_place = ("tags", "timeout_seconds", "ledger", "stop_on_delete", "listen", "adopt")
    status_property = "status"
    max_tags = MAX_TAGS["pipeline"]

    def _max_tags(self, _news: Props) -> int:
        # Our own tag goes with the same request, and a task's entry needs one more.
        # Not parsed: this is a part of the check.
        reserved = 0 if _news.get("ledger") is False else 2
        return self.max_tags - reserved - len(set(self._default_tags()) - set(_news.get("tags") or {}))

    def _default_tags(self) -> dict[str, str]:
        return dict(getattr(self.settings, "default_tags", ()))

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Return what a change means. A pipeline that carries a withdrawal is kept, and its tasks end."""
        found = super().diff(_id, _olds, _news)
        if _id != NOT_STARTED and not self._may_listen(_id, _olds):
            MEMORY.close(_id)
        if found.replaces and self._is_withdrawn(_id, _olds, EphemeralInputs.parse(_news)):
            # A new pipeline would not carry the withdrawal any more: the old one is kept, and its tasks end.
            return DiffResult(changes=True, replaces=[], delete_before_replace=True)
        return found

    def _is_withdrawn(self, id_: str, olds: Props, new: EphemeralInputs) -> bool:
        """Return whether the pipeline or its stream carries a withdrawal of the declared record.

        AWS is asked where it may run: a replacement would start a search that knows nothing of the withdrawal.
        """
        if id_ == NOT_STARTED or new.tags is None:
            return False
        pipeline = PipelineInAws.parse(olds)
        status = pipeline_tags.withdrawal(new.tags, pipeline.tags)
        if self._may_listen(id_, olds):
            status = pipeline_tags.live_withdrawal(
                self._aws(pipeline.arn, region=EphemeralInputs.parse(olds).region),
                pipeline.arn,
                stream_arns=pipeline.stream_arns,
                wanted=new.tags,
                timeout_seconds=new.timeout_of("read"),
            )
        if status is None:
            return False
        MEMORY.withdrawn(id_, status)
        pulumi.log.warn(pipeline_tags.withdrawal_warning(id_, status))
        return True

    def create(self, props: Props) -> CreateResult:
        """Start the pipeline, or take over the one that `adopt` names; return when AWS has accepted it."""
        inputs = PipelineInputs.parse(props)
        tags = pipeline_tags.wanted_tags(inputs.tags or {}, self._default_tags())
        own = {"tags_all": tags, "default_tag_keys": sorted(self._default_tags())}
        if not inputs.listen:
            accepted = {"accepted_at": iso(CLOCK.now())}
            return CreateResult(
                NOT_STARTED,
                {**props, **_pipeline_that_never_ran(inputs.configuration_arn), **own, **accepted},
            )
        request = inputs.start_request(tags)
        aws = self._aws(inputs.configuration_arn, region=inputs.region)
        adopt = inputs.adopt
        if adopt is not None and not aws.memory.has_ended(media_insights_pipeline.id_of(adopt)):
            pipeline = pipeline_adoption.adopt(aws, adopt, request)
            own["tags_all"] = self._retag(aws, pipeline.arn, inputs, wanted=tags, before=())
        else:
            pipeline = pipeline_start.start(aws, request)
        described = media_insights_pipeline.to_outputs(pipeline)
        return CreateResult(pipeline.id, {**props, **described, **own, "accepted_at": iso(CLOCK.now())})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the pipeline as AWS has it; what has ended or is gone stays in state."""
        if id_ == NOT_STARTED:
            return ReadResult(id_, props)
        inputs, record, arn = (
            EphemeralInputs.parse(props),
            self._record(props),
            PipelineInAws.parse(props).arn,
        )
        aws = self._aws(arn, region=inputs.region)
        timeout_seconds = inputs.timeout_of("read")
        try:
            pipeline = media_insights_pipeline.find_confirmed(
                aws, arn, timeout_seconds=timeout_seconds, age_seconds=record.age_seconds(CLOCK.now())
            )
        except WaitTimeoutError as unclear:
            aws.warn(str(unclear))
            return ReadResult(id_, props)
        if pipeline is None:
            return ReadResult(id_, {**props, "outcome": record.outcome_without_aws().value})
        outputs = {**props, **media_insights_pipeline.to_outputs(pipeline)}
        live = pipeline_tags.read_tags(aws, arn, timeout_seconds=timeout_seconds)
        if live is not None:
            # Tags from elsewhere are no drift: only the declared ones are compared.
            outputs["tags"] = {key: live[key] for key in inputs.tags or {} if key in live}
            outputs["tags_all"] = live
        return ReadResult(id_, outputs)

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Change tags in AWS and switches in place; end what may not listen any more."""
        new, pipeline = EphemeralInputs.parse(_news), PipelineInAws.parse(_olds)
        outputs = self._updated(_olds, _news)
        # A replacement that a withdrawal has turned into this update is still to come.
        outputs.update({name: _olds[name] for name in self.replacing if name in _olds})
        tags = pipeline_tags.wanted_tags(new.tags or {}, self._default_tags())
        withdrawal = MEMORY.withdrawal(_id)
        if withdrawal is not None:
            tags = {**tags, pipeline_tags.STATUS: withdrawal}
        outputs.update(
            tags_all=pipeline_tags.with_withdrawal(tags, dict(pipeline.tags or {})),
            default_tag_keys=sorted(self._default_tags()),
        )
        if not self._may_listen(_id, _olds):
            return UpdateResult(outputs)
        aws = self._aws(pipeline.arn, region=new.region)
        before = {*(EphemeralInputs.parse(_olds).tags or {}), *pipeline.default_keys}
        outputs["tags_all"] = self._retag(aws, pipeline.arn, new, wanted=tags, before=before)
        if self._has_to_end(_id, {**_olds, "tags_all": outputs["tags_all"]}, new):
            outputs.update(self._end(_id, _olds))
            MEMORY.close(_id)
        return UpdateResult(outputs)

    def _retag(
        self, aws: Aws, arn: str, inputs: EphemeralInputs, *, wanted: dict[str, str], before: Collection[str]
    ) -> dict[str, str]:
        return pipeline_tags.retag(
            aws,
            arn,
            wanted=wanted,
            before=before,
            timeout_seconds=inputs.timeout_of("update"),
        )

    def _end(self, id_: str, props: Props) -> Props:
        """End the pipeline, verify that it has ended, and return what that changes in the outputs."""
        inputs, arn = EphemeralInputs.parse(props), PipelineInAws.parse(props).arn
        media_insights_pipeline.stop(
            self._aws(arn, region=inputs.region),
            id_,
            arn=arn,
            timeout_seconds=inputs.timeout_of("delete"),
            age_seconds=self._record(props).age_seconds(CLOCK.now()),
        )
        return {"status": PipelineStatus.STOPPED.value, "outcome": Outcome.ENDED.value}

    def delete(self, _id: str, _props: Props) -> None:
        """End the pipeline and every task on it, unless `stop_on_delete` is off."""
        if _id == NOT_STARTED or not EphemeralInputs.parse(_props).stop_on_delete:
            return
        if not MEMORY.has_ended(_id):
            self._end(_id, _props)
            MEMORY.ended(_id)

    def _has_drifted(self, _olds: Props, _new: EphemeralInputs) -> bool:
        pipeline = PipelineInAws.parse(_olds)
        if pipeline.tags is None or _new.tags is None:
            return False
        live = pipeline.tags
        target = pipeline_tags.with_withdrawal(
            pipeline_tags.wanted_tags(_new.tags, self._default_tags()), live
        )
        dropped_defaults = pipeline.default_keys - set(target)
        return bool(dropped_defaults) or any(live.get(key) != value for key, value in target.items())

    def _has_to_end(self, id_: str, olds: Props, new: EphemeralInputs) -> bool:
        if super()._has_to_end(id_, olds, new):
            return True
        if new.tags is None or not self._may_listen(id_, olds):
            return False
        # A withdrawal of the declared record that the last refresh has found in AWS ends the tasks under it.
        return pipeline_tags.with_withdrawal(new.tags, PipelineInAws.parse(olds).tags or {}) != new.tags


def _pipeline_that_never_ran(configuration_arn: str) -> Props:
    return {
        "media_pipeline_id": NOT_STARTED,
        "media_pipeline_arn": ":".join([*configuration_arn.split(":")[:5], f"media-pipeline/{NOT_STARTED}"]),
        "status": PipelineStatus.NOT_STARTED.value,
        "outcome": Outcome.ENDED.value,
    }
