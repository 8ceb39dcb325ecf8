"""The CRUD of a speaker search task: convert → life cycle → convert."""

from __future__ import annotations

from datetime import datetime

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from ..lifecycle import speaker_search_task, task_adoption, task_start
from ..lifecycle.clock import iso
from ..lifecycle.errors import ConsentError, WaitTimeoutError
from ..lifecycle.outcome import FINAL, NOT_STARTED, Outcome, recorded_outcome
from ..lifecycle.request_rules import START_SPEAKER_SEARCH_TASK, TAGS_MOST
from ..lifecycle.status import TaskStatus
from ..lifecycle.unwanted_start import stop_unwanted
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
from .requests import task_start_of


class TaskProvider(EphemeralProvider):
    """`pulumi-python:dynamic/chime:SpeakerSearchTask`."""

    rules = START_SPEAKER_SEARCH_TASK
    replacing = (*START_SPEAKER_SEARCH_TASK, "region", "triggers")
    in_place = (
        "tags",
        "timeout_seconds",
        "ledger",
        "verify_live_tags",
        "stop_on_delete",
        "listen",
        "adopt",
    )
    status_property = "speaker_search_task_status"
    tags_most = TAGS_MOST["task"]

    def create(self, props: Props) -> CreateResult:
        """Start the task, or take over the one that `adopt` names; return when AWS has accepted it."""
        accepted = {"accepted_at": iso(CLOCK.now())}
        wanted = task_start_of(props)
        aws = self._aws(props, wanted.domain_arn)
        if props.get("listen") is False:
            if props["identifier"] != NOT_STARTED:
                stop_unwanted(aws, wanted)
            return CreateResult(NOT_STARTED, {**props, **_task_that_never_ran(), **accepted})
        adopted = props.get("adopt")
        try:
            if adopted and not aws.memory.has_ended(adopted):
                task = task_adoption.adopt(aws, adopted, wanted)
            else:
                task = task_start.start(aws, wanted)
        except ConsentError:
            stop_unwanted(aws, wanted)
            raise
        MEMORY.claim(wanted.origin, wanted.stream_arn, wanted.channel_id, task_id=task.id)
        accepted = {"accepted_at": iso(task.accepted or CLOCK.now())}
        return CreateResult(task.id, {**props, **speaker_search_task.to_outputs(task), **accepted})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the task as AWS has it; what has ended or is gone stays in state."""
        if id_ == NOT_STARTED:
            return ReadResult(id_, props)
        domain_arn = props["voice_profile_domain_arn"]
        aws = self._aws(props, domain_arn)
        age = age_seconds(props)
        try:
            task = speaker_search_task.find_confirmed(
                aws,
                props["identifier"],
                id_,
                domain_arn=domain_arn,
                deadline=CLOCK.monotonic() + seconds(props.get("timeout_seconds"), "read"),
                age_seconds=age,
            )
        except WaitTimeoutError as unclear:
            aws.warn(str(unclear))
            return ReadResult(id_, props)
        if task is None:
            return ReadResult(id_, {**props, "outcome": outcome_without_aws(props, self.status_property)})
        return ReadResult(id_, {**props, **speaker_search_task.to_outputs(task, age_seconds=age or 0.0)})

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell what a change means, and keep the stream and channel of what listens for this resource."""
        found = super().diff(_id, _olds, _news)
        listens = _id != NOT_STARTED and recorded_outcome(_olds, self.status_property) not in FINAL
        source = _olds.get("kinesis_video_stream_source_task_configuration") or {}
        resource = str(_news.get("origin"))
        if listens and not found.replaces and MEMORY.is_declared(resource) and source.get("stream_arn"):
            # A start of another resource on the same stream and channel is refused, whichever pipeline it names.
            MEMORY.claim(resource, source["stream_arn"], int(source["channel_id"]), task_id=_id)
        return found

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Change tags and switches in place; stop what may not listen any more. Nothing is started."""
        outputs = {
            **_olds,
            **dropped(_olds, _news, self.in_place),
            **_news,
            "origin": _olds.get("origin") or _news.get("origin"),
        }
        if self._has_to_end(_id, _olds, _news):
            outputs.update(self._stop(_id, _olds))
            MEMORY.release(_id)
        return UpdateResult(outputs)

    def delete(self, _id: str, _props: Props) -> None:
        """Stop the task and see that it has ended, unless `stop_on_delete` is off."""
        props = _props
        if _id == NOT_STARTED:
            return
        if props.get("stop_on_delete") is False:
            # It is let go of and not forgotten: its entry stays in the ledger, where `sweep` finds it.
            source = props["kinesis_video_stream_source_task_configuration"]
            if recorded_outcome(props, self.status_property) not in FINAL:
                MEMORY.let_go(_id, source["stream_arn"], int(source["channel_id"]))
            return
        domain_arn = props["voice_profile_domain_arn"]
        aws = self._aws(props, domain_arn)
        if aws.memory.has_ended(_id):
            return
        self._stop(_id, props)
        if props.get("ledger") is not False and props.get("origin"):
            speaker_search_task.forget(
                aws,
                props["identifier"],
                _id,
                domain_arn=domain_arn,
                origin=props["origin"],
                accepted_at=_moment(props.get("accepted_at")),
                timeout_seconds=seconds(props.get("timeout_seconds"), "delete"),
            )
        aws.memory.ended(_id)
        aws.memory.release(_id)

    def _stop(self, id_: str, props: Props) -> Props:
        """Stop the task and see it end; what that changes in the outputs."""
        domain_arn = props["voice_profile_domain_arn"]
        task = speaker_search_task.stop(
            self._aws(props, domain_arn),
            props["identifier"],
            id_,
            domain_arn=domain_arn,
            timeout_seconds=seconds(props.get("timeout_seconds"), "delete"),
            age_seconds=age_seconds(props),
        )
        if task is None:
            return {"outcome": outcome_without_aws(props, self.status_property)}
        return speaker_search_task.to_outputs(task)

    def _is_same(self, name: str, olds: Props, news: Props) -> bool:
        old, new = olds.get(name), news.get(name)
        if name == "identifier" and isinstance(old, str) and isinstance(new, str) and not is_unknown(new):
            return (
                old.rsplit("/", 1)[-1] == new.rsplit("/", 1)[-1]
            )  # its id and its ARN are the same pipeline
        return super()._is_same(name, olds, news)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _task_that_never_ran() -> Props:
    return {
        "speaker_search_task_id": NOT_STARTED,
        "speaker_search_task_status": TaskStatus.NOT_STARTED.value,
        "outcome": Outcome.ENDED.value,
    }
