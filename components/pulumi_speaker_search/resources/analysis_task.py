"""What the resources of the analysis tasks share: the declaration of one, and the wait for it."""

# Without `from __future__ import annotations`: the SDK reads the annotations of a class at each registration, and would
# evaluate text every time.

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, NotRequired, TypedDict

import pulumi

from ..declaration_error import DeclarationError
from ..lifecycle import analysis_task as life
from ..lifecycle import ledger_repair
from ..lifecycle.aws_call import Aws
from ..lifecycle.aws_client import MEDIA_PIPELINES, AwsSettings, client
from ..lifecycle.errors import Subject
from ..lifecycle.ledger import stack_hash
from ..lifecycle.rate import LowPriorityPace, pace_of
from ..lifecycle.task_kinds import AnalysisTaskKind
from ..providers.inputs import Record, TaskInputs
from ..providers.task_provider import AnalysisTaskProvider
from .argument_types import require_flags
from .ephemeral_resource import CommonInputs, EphemeralResource
from .media_insights_pipeline import is_declared_here
from .readiness import Reached, Readiness, WaitFor
from .ready_outputs import CLOCK, ready_outputs
from .same_channel import Listed, tasks_on_the_same_channel
from .stack_settings import settings_for_reads_of, settings_of_this_stack
from .withdrawn_parts import listen_unless_withdrawn

OPTIONAL_INPUTS: Final = ("region", "timeout_seconds", "triggers", "client_request_token")
"""Inputs that the wait needs where they were given."""

SOURCE: Final = "kinesis_video_stream_source_task_configuration"
DOMAIN: Final = "voice_profile_domain_arn"


class KinesisVideoStreamSourceTaskConfiguration(TypedDict):
    """Which audio the task listens to.

    Attributes:
        stream_arn: One of the pipeline's streams.
        channel_id: 0 or 1.
        fragment_number: Where in the stream it begins; by default where the stream is.
    """

    stream_arn: pulumi.Input[str]
    channel_id: pulumi.Input[int]
    fragment_number: NotRequired[pulumi.Input[str]]


class AnalysisTask(EphemeralResource):
    """A task of a media insights pipeline: a job that runs once."""

    outcome: pulumi.Output[str]
    """Outcome as of the last read: a value of `Outcome`."""
    created_timestamp: pulumi.Output[str | None]
    updated_timestamp: pulumi.Output[str | None]
    accepted_at: pulumi.Output[str]
    """When AWS had accepted the start, by this machine's clock."""
    origin: pulumi.Output[str]
    """The URN under which it was first declared; the ledger knows it by that."""
    ready: pulumi.Output[str]
    """The id, once what `wait_for` names is reached. In a preview it does not wait. It fails the run where the task
    failed to run."""
    status_when_ready: pulumi.Output[str]
    """AWS's status as this `up` fetched it last; unknown in a preview. It never fails."""
    outcome_when_ready: pulumi.Output[str]
    """Outcome as of the end of this `up`; unknown in a preview. It never fails."""

    def __init__(
        self,
        provider: AnalysisTaskProvider,
        resource_name: str,
        own: Mapping[str, Any],
        inputs: CommonInputs,
        *,
        wait_for: str,
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Declare the task.

        Args:
            provider: The provider of its kind of task.
            own: Inputs that other resources do not have, `identifier` and the source among them.
            inputs: The inputs that every ephemeral resource has.
            wait_for: What `ready` waits for.

        Raises:
            DeclarationError: An argument or option is wrong or not supported.
        """
        declared_at = CLOCK.now()
        kind = provider.kind
        waits_for = _wait_for(resource_name, wait_for)
        require_flags(resource_name, verify_live_tags=own["verify_live_tags"])
        settings = settings_of_this_stack()
        stack = stack_hash(f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::")
        source, domain_arn = own[SOURCE], own.get(DOMAIN)
        inputs = replace(
            inputs,
            same_channel=_same_channel(kind, resource_name, opts, source),
            withdrawn=listen_unless_withdrawn(resource_name, domain_arn, source, inputs.tags),
        )
        super().__init__(provider, resource_name, own, inputs, opts)
        if not inputs.ledger:
            pulumi.log.warn(
                "ledger=False: a task whose start is interrupted can't be found again",
                resource=self,
            )
        # Optional ones as inputs: an output that holds nothing is unknown in a preview.
        optional = {name: getattr(inputs, name) for name in OPTIONAL_INPUTS}
        needed = ("identifier", SOURCE, kind.status_output, "outcome", "accepted_at", "origin")
        in_domain = () if domain_arn is None else (DOMAIN,)
        observed = ready_outputs(
            self,
            outputs=lambda: {
                **{name: getattr(self, name) for name in (*needed, *in_domain)},
                "has_pipeline": pulumi.Output.from_input(is_declared_here(own["identifier"])),
                "ledger": pulumi.Output.from_input(inputs.ledger),
                **{name: pulumi.Output.from_input(value) for name, value in optional.items()},
            },
            readiness=lambda id_, known: _readiness(
                kind, id_, known, declared_at, waits_for, settings, stack
            ),
        )
        self.ready = observed.ready
        self.status_when_ready = observed.status
        self.outcome_when_ready = observed.outcome


def _same_channel(
    kind: AnalysisTaskKind,
    resource_name: str,
    opts: pulumi.ResourceOptions | None,
    source: pulumi.Input[KinesisVideoStreamSourceTaskConfiguration],
) -> pulumi.Input[Listed | None] | None:
    parent = opts.parent if opts else None
    if isinstance(source, Mapping):
        return tasks_on_the_same_channel(
            resource_name, parent, source["stream_arn"], source["channel_id"], kind=kind
        )
    known: pulumi.Output[Any] = pulumi.Output.from_input(source)
    return tasks_on_the_same_channel(
        resource_name,
        parent,
        stream_arn=known.apply(lambda one: one["stream_arn"]),
        channel_id=known.apply(lambda one: one["channel_id"]),
        kind=kind,
    )


def _wait_for(resource_name: str, given: str) -> WaitFor:
    try:
        return WaitFor(given)
    except ValueError:
        values = ", ".join(WaitFor)
        raise DeclarationError(
            f"{resource_name}: wait_for is {given!r}; it has to be one of {values}"
        ) from None


def _readiness(
    kind: AnalysisTaskKind,
    id_: str,
    known: Mapping[str, Any],
    declared_at: datetime,
    wait_for: WaitFor,
    settings: AwsSettings,
    stack: str,
) -> Readiness:
    """Return the wait for a task that is in state.

    Args:
        known: Its properties.
        stack: The hash of the stack whose program declares it.
    """
    inputs = TaskInputs.parse({**known, "tags": None})
    record = Record.parse(known, status_property=kind.status_output)
    # State of release 0.1.0 may not say when AWS had accepted the start, and is old.
    accepted_at = record.accepted_at or datetime.min.replace(tzinfo=UTC)
    regional = settings_for_reads_of(inputs.account_arn, region=inputs.region, settings=settings)
    aws = Aws(
        get_client=lambda service: client(regional, service),
        clock=CLOCK,
        pace=LowPriorityPace(pace_of(regional), CLOCK.sleep),
    )
    read_seconds = inputs.timeout_of("read")
    request = inputs.start_request(kind)
    holding = ledger_repair.Holding(stack=stack, has_pipeline=known["has_pipeline"])
    return Readiness(
        subject=Subject(kind=kind.noun, id=id_, pipeline_id=inputs.pipeline_id),
        wait_for=wait_for,
        recorded=Reached(record.outcome, known[kind.status_output]),
        fetch=lambda: life.find(
            aws, kind, inputs.pipeline_id, id_, deadline=CLOCK.monotonic() + read_seconds
        ),
        fetch_confirmed=lambda: life.find_confirmed(
            aws,
            kind,
            inputs.pipeline_id,
            id_,
            account_arn=inputs.account_arn,
            deadline=CLOCK.monotonic() + read_seconds,
            age_seconds=(CLOCK.now() - accepted_at).total_seconds(),
        ),
        timeout_seconds=inputs.timeout_of("ready"),
        accepted_at=accepted_at,
        declared_at=declared_at,
        repair=lambda: (
            ledger_repair.restore(aws, request, id_, accepted_at, holding=holding) if inputs.ledger else None
        ),
        warm_up=lambda: aws.get_client(MEDIA_PIPELINES),
    )
