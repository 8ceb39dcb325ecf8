"""Whose something is that no state holds: names change, ids and what the stack has made do not."""

from __future__ import annotations

import pytest
from pulumi_speaker_search.lifecycle.ledger import stack_hash
from pulumi_speaker_search.lifecycle.ownership import Backend, Owner, Ownership, owner_of
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE

from tests.unit.lifecycle.scripted_aws import DOMAIN_ARN, STREAM_ARN


def urn(stack: str) -> str:
    return f"urn:pulumi:{stack}::project::{MEDIA_INSIGHTS_PIPELINE}::search"


def record(
    stack: str, *pipelines: str, origin: str | None = None, made: frozenset[str] = frozenset()
) -> StackRecord:
    """A stack whose state holds these pipelines, made when the stack was called `origin`."""
    return StackRecord(
        name=stack,
        stack=stack,
        project="project",
        resources=tuple(
            RecordedResource(urn(stack), MEDIA_INSIGHTS_PIPELINE, one, {"origin": urn(origin or stack)})
            for one in pipelines
        ),
        made_arns=made,
    )


def judged(mine: StackRecord, *others: StackRecord, written_by: str) -> Ownership:
    """Whose an entry on the pipeline `pipeline-1` is that a stack of this name has written."""
    return owner_of(
        mine,
        Backend(stacks=others),
        written_by=stack_hash(urn(written_by)),
        pipeline_id="pipeline-1",
        arns=(DOMAIN_ARN, STREAM_ARN, None),
    )


def test_what_is_on_a_pipeline_of_this_state_is_this_stacks() -> None:
    assert judged(record("dev", "pipeline-1"), written_by="dev").owner is Owner.THIS


def test_what_uses_a_domain_that_this_stack_has_made_is_this_stacks() -> None:
    assert judged(record("dev", made=frozenset({DOMAIN_ARN})), written_by="dev").owner is Owner.THIS


def test_the_name_alone_is_no_proof() -> None:
    assert judged(record("dev", "pipeline-2"), written_by="dev").owner is Owner.THIS_BY_NAME


def test_a_former_name_of_this_stack_is_known_by_its_origins() -> None:
    renamed = record("new", "pipeline-1", origin="dev")
    assert judged(renamed, written_by="dev").owner is Owner.THIS


def test_what_another_stack_of_the_backend_has_written_is_its_own() -> None:
    assert judged(record("dev"), record("prod"), written_by="prod") == Ownership(Owner.OTHER, "prod")


def test_a_former_name_of_another_stack_is_known_by_its_origins() -> None:
    other = record("prod", "pipeline-2", origin="staging")
    assert judged(record("dev"), other, written_by="staging") == Ownership(Owner.OTHER, "prod")


def test_what_a_name_that_is_gone_has_left_on_a_pipeline_here_is_this_stacks() -> None:
    assert judged(record("dev", "pipeline-1"), written_by="gone").owner is Owner.THIS


def test_what_a_name_that_is_gone_has_left_on_anothers_pipeline_is_the_others() -> None:
    other = record("prod", "pipeline-1")
    assert judged(record("dev"), other, written_by="gone") == Ownership(Owner.OTHER, "prod")


def test_a_former_name_that_another_stack_has_taken_is_that_stacks() -> None:
    renamed = record("new", "pipeline-2", origin="dev")
    assert judged(renamed, record("dev", "pipeline-1"), written_by="dev") == Ownership(Owner.OTHER, "dev")


def test_what_a_former_name_has_left_on_a_pipeline_here_is_this_stacks_whoever_has_the_name() -> None:
    renamed = record("new", "pipeline-1", origin="dev")
    assert judged(renamed, record("dev"), written_by="dev").owner is Owner.THIS


def test_what_no_stack_of_the_backend_knows_is_of_unknown_owner() -> None:
    assert judged(record("dev"), record("prod"), written_by="gone").owner is Owner.UNKNOWN


@pytest.mark.parametrize("here", ["dev", "prod"])
def test_one_stack_at_least_shows_what_two_could_own(here: str) -> None:
    """An orphan of `dev` on a pipeline of `prod` is nobody's to overlook."""
    stacks = {"dev": record("dev"), "prod": record("prod", "pipeline-1")}
    other = "prod" if here == "dev" else "dev"
    found = judged(stacks[here], stacks[other], written_by="dev")
    assert found == (Ownership(Owner.OTHER, "dev") if here == "prod" else Ownership(Owner.THIS_BY_NAME))
