"""The CRUD of an analysis task: convert → life cycle → convert."""

from __future__ import annotations

from typing import ClassVar

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from ..lifecycle import analysis_task, task_adoption, task_start
from ..lifecycle.clock import iso
from ..lifecycle.errors import ConsentError, WaitTimeoutError
from ..lifecycle.outcome import NOT_STARTED, Outcome
from ..lifecycle.request_schema import MAX_TAGS, START_SPEAKER_SEARCH_TASK, START_VOICE_TONE_ANALYSIS_TASK
from ..lifecycle.status import TaskStatus
from ..lifecycle.task_kinds import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS, AnalysisTaskKind
from ..lifecycle.unwanted_start import stop_unwanted
from .aws_provider import CLOCK, MEMORY, Props
from .ephemeral_provider import EphemeralProvider
from .inputs import EphemeralInputs, TaskInputs, is_unknown


class AnalysisTaskProvider(EphemeralProvider):
    """The provider of one kind of task of a media insights pipeline."""

    kind: ClassVar[AnalysisTaskKind]
    in_place = (
        "tags",
        "timeout_seconds",
        "ledger",
        "verify_live_tags",
        "stop_on_delete",
        "listen",
        "adopt",
    )
    max_tags = MAX_TAGS["task"]

    def create(self, props: Props) -> CreateResult:
        """Start the task, or take over the one that `adopt` names; return when AWS has accepted it."""
        accepted = {"accepted_at": iso(CLOCK.now())}
        inputs = TaskInputs.parse(props)
        request = inputs.start_request(self.kind)
        aws = self._aws(inputs.account_arn, region=inputs.region)
        if not inputs.listen:
            if inputs.pipeline_id != NOT_STARTED:
                stop_unwanted(aws, request)
            return CreateResult(NOT_STARTED, {**props, **_task_that_never_ran(self.kind), **accepted})
        try:
            if inputs.adopt is not None and not aws.memory.has_ended(inputs.adopt):
                task = task_adoption.adopt(aws, inputs.adopt, request)
            else:
                task = task_start.start(aws, request)
        except ConsentError:
            stop_unwanted(aws, request)
            raise
        MEMORY.claim(request.origin, inputs.stream_arn, inputs.channel_id, kind=self.kind, task_id=task.id)
        accepted = {"accepted_at": iso(task.accepted or CLOCK.now())}
        return CreateResult(task.id, {**props, **analysis_task.to_outputs(self.kind, task), **accepted})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the task as AWS has it; what has ended or is gone stays in state."""
        if id_ == NOT_STARTED:
            return ReadResult(id_, props)
        inputs, record = TaskInputs.parse(props), self._record(props)
        aws = self._aws(inputs.account_arn, region=inputs.region)
        age = record.age_seconds(CLOCK.now())
        try:
            task = analysis_task.find_confirmed(
                aws,
                self.kind,
                inputs.pipeline_id,
                id_,
                account_arn=inputs.account_arn,
                deadline=CLOCK.monotonic() + inputs.timeout_of("read"),
                age_seconds=age,
            )
        except WaitTimeoutError as unclear:
            aws.warn(str(unclear))
            return ReadResult(id_, props)
        if task is None:
            return ReadResult(id_, {**props, "outcome": record.outcome_without_aws().value})
        return ReadResult(id_, {**props, **analysis_task.to_outputs(self.kind, task, age_seconds=age or 0.0)})

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Return what a change means, and claim the stream and channel of what listens for this resource."""
        found = super().diff(_id, _olds, _news)
        resource = str(EphemeralInputs.parse(_news).origin)
        if self._may_listen(_id, _olds) and not found.replaces and MEMORY.is_declared(resource):
            # A start of another resource on the same stream and channel is refused, whichever pipeline it names.
            old = TaskInputs.parse(_olds)
            MEMORY.claim(resource, old.stream_arn, old.channel_id, kind=self.kind, task_id=_id)
        return found

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Change tags and switches in place; stop what may not listen any more. Nothing is started."""
        outputs = self._updated(_olds, _news)
        if self._has_to_end(_id, _olds, EphemeralInputs.parse(_news)):
            outputs.update(self._stop(_id, _olds))
            MEMORY.release(_id)
        return UpdateResult(outputs)

    def delete(self, _id: str, _props: Props) -> None:
        """Stop the task and see that it has ended, unless `stop_on_delete` is off."""
        if _id == NOT_STARTED:
            return
        inputs, record = TaskInputs.parse(_props), self._record(_props)
        if not inputs.stop_on_delete:
            # It is released and not forgotten: its entry stays in the ledger, where `sweep` finds it.
            if not record.is_final:
                MEMORY.keep_place(self.kind, _id, inputs.stream_arn, inputs.channel_id)
            return
        aws = self._aws(inputs.account_arn, region=inputs.region)
        if aws.memory.has_ended(_id):
            return
        self._stop(_id, _props)
        if inputs.ledger and inputs.origin:
            analysis_task.delete_ledger_entries(
                aws,
                self.kind,
                inputs.pipeline_id,
                _id,
                account_arn=inputs.account_arn,
                origin=inputs.origin,
                accepted_at=record.accepted_at,
                timeout_seconds=inputs.timeout_of("delete"),
            )
        aws.memory.ended(_id)
        aws.memory.release(_id)

    def _stop(self, id_: str, props: Props) -> Props:
        """Stop the task, verify that it has ended, and return what that changes in the outputs."""
        inputs, record = TaskInputs.parse(props), self._record(props)
        task = analysis_task.stop(
            self._aws(inputs.account_arn, region=inputs.region),
            self.kind,
            inputs.pipeline_id,
            id_,
            account_arn=inputs.account_arn,
            timeout_seconds=inputs.timeout_of("delete"),
            age_seconds=record.age_seconds(CLOCK.now()),
        )
        if task is None:
            return {"outcome": record.outcome_without_aws().value}
        return analysis_task.to_outputs(self.kind, task)

    def _is_same(self, name: str, olds: Props, news: Props) -> bool:
        old, new = olds.get(name), news.get(name)
        if name == "identifier" and isinstance(old, str) and isinstance(new, str) and not is_unknown(new):
            return (
                old.rsplit("/", 1)[-1] == new.rsplit("/", 1)[-1]
            )  # its id and its ARN are the same pipeline
        return super()._is_same(name, olds, news)


class TaskProvider(AnalysisTaskProvider):
    """The provider of speaker search tasks, `pulumi-python:dynamic/chime:SpeakerSearchTask`."""

    kind = SPEAKER_SEARCH
    rules = START_SPEAKER_SEARCH_TASK
    replacing = (*START_SPEAKER_SEARCH_TASK, "region", "triggers")
    status_property = SPEAKER_SEARCH.status_output


class VoiceToneAnalysisTaskProvider(AnalysisTaskProvider):
    """The provider of voice tone analysis tasks, `pulumi-python:dynamic/chime:VoiceToneAnalysisTask`."""

    kind = VOICE_TONE_ANALYSIS
    rules = START_VOICE_TONE_ANALYSIS_TASK
    replacing = (*START_VOICE_TONE_ANALYSIS_TASK, "region", "triggers")
    status_property = VOICE_TONE_ANALYSIS.status_output


def _task_that_never_ran(kind: AnalysisTaskKind) -> Props:
    return {
        kind.id_output: NOT_STARTED,
        kind.status_output: TaskStatus.NOT_STARTED.value,
        "outcome": Outcome.ENDED.value,
    }
