"""The look at every pipeline of a region: each judged by itself, one answer no proof, the unreadable named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.ledger_carriers import carriers_in
from pulumi_speaker_search.lifecycle.orphan_survey import judge
from pulumi_speaker_search.lifecycle.orphans import Kind, Survey
from pulumi_speaker_search.lifecycle.ownership import Backend
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE, SPEAKER_SEARCH_TASK

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    PIPELINE_ARN,
    Answer,
    World,
    not_found,
    refusal,
    tags,
    task,
    world,
)
from tests.unit.lifecycle.start_account import CHAIN, entry

REGION = "us-east-1"
ARN = PIPELINE_ARN.rsplit("/", 1)[0]
LISTENS = entry(CHAIN[0], "task-7", age_seconds=3600.0)


def account(pipelines: Mapping[str, Mapping[str, str] | ClientError], /, **more: Sequence[Answer]) -> World:
    """Pipelines by their id, with the tags that each carries, or the refusal to show them."""

    def list_tags(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        carried = pipelines[parameters["ResourceARN"].rsplit("/", 1)[-1]]
        if isinstance(carried, ClientError):
            raise carried
        return tags(**carried)

    def get(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        id_ = parameters["MediaPipelineId"]
        described = {"MediaPipelineId": id_, "MediaPipelineArn": f"{ARN}/{id_}", "Status": "InProgress"}
        return {"MediaPipeline": {"MediaInsightsPipeline": {**described, "CreatedTimestamp": BEGIN}}}

    listed = [{"MediaPipelineId": id_, "MediaPipelineArn": f"{ARN}/{id_}"} for id_ in pipelines]
    usual: dict[str, Sequence[Answer]] = {
        "list_media_pipelines": [{"MediaPipelines": listed}],
        "list_tags_for_resource": [list_tags],
        "get_media_pipeline": [get],
        "get_speaker_search_task": [task("InProgress", "task-7")],
    }
    return world(usual, **more)


def resource(kind: str, id_: str, **properties: Any) -> RecordedResource:
    return RecordedResource(f"urn:pulumi:dev::project::{kind}::search", kind, id_, properties)


def stack(*resources: RecordedResource) -> StackRecord:
    return StackRecord(name="dev", stack="dev", project="project", resources=resources)


MINE = stack(resource(MEDIA_INSIGHTS_PIPELINE, "pipeline-1"))


def survey(scripted: World, mine: StackRecord = MINE, backend: Backend | None = None) -> Survey:
    return judge(scripted.aws, mine, backend or Backend(), carriers_in(scripted.aws, mine, REGION))


def kinds(found: Survey) -> list[Kind]:
    return [one.kind for one in found.findings]


def test_a_task_in_no_state_is_found() -> None:
    found = survey(account({"pipeline-1": ledger.to_tags(LISTENS)}))
    assert [(one.kind, one.id) for one in found.findings] == [(Kind.TASK, "task-7")]


def test_a_task_in_this_state_is_no_finding() -> None:
    mine = stack(*MINE.resources, resource(SPEAKER_SEARCH_TASK, "task-7", identifier="pipeline-1"))
    assert kinds(survey(account({"pipeline-1": ledger.to_tags(LISTENS)}), mine)) == []


def test_a_task_in_another_state_is_that_stacks_whatever_its_entry_says() -> None:
    other = StackRecord(
        name="prod",
        stack="prod",
        project="project",
        resources=(resource(SPEAKER_SEARCH_TASK, "task-7", identifier="pipeline-1"),),
    )
    found = survey(account({"pipeline-1": ledger.to_tags(LISTENS)}), backend=Backend(stacks=(other,)))
    assert [(one.id, one.stack) for one in found.elsewhere] == [("task-7", "prod")]


def test_one_pipeline_that_can_not_be_read_hides_no_other() -> None:
    scripted = account(
        {"pipeline-0": refusal("ForbiddenException", 403), "pipeline-1": ledger.to_tags(LISTENS)}
    )
    found = survey(scripted)
    assert kinds(found) == [Kind.TASK]
    assert ["pipeline-0" in one.name for one in found.unread] == [True]


def test_a_region_that_can_not_be_listed_is_named() -> None:
    scripted = account({}, list_media_pipelines=[refusal("ForbiddenException", 403)])
    assert [one.region for one in survey(scripted).unread] == [REGION]


def test_one_late_not_found_does_not_make_a_task_a_left_over() -> None:
    answers = [not_found(), task("InProgress", "task-7")]
    found = survey(account({"pipeline-1": ledger.to_tags(LISTENS)}, get_speaker_search_task=answers))
    assert kinds(found) == [Kind.TASK]


def test_a_young_task_that_is_not_found_may_listen() -> None:
    young = entry(CHAIN[0], "task-7", age_seconds=5.0)
    found = survey(account({"pipeline-1": ledger.to_tags(young)}, get_speaker_search_task=[not_found()]))
    assert (kinds(found), len(found.orphans)) == ([Kind.UNSEEN], 1)


def test_a_task_that_may_not_be_read_may_listen() -> None:
    refused = [refusal("ForbiddenException", 403)]
    found = survey(account({"pipeline-1": ledger.to_tags(LISTENS)}, get_speaker_search_task=refused))
    assert kinds(found) == [Kind.UNSEEN]


def test_a_task_that_has_ended_is_a_left_over() -> None:
    ended = [task("Stopped", "task-7")]
    found = survey(account({"pipeline-1": ledger.to_tags(LISTENS)}, get_speaker_search_task=ended))
    assert (kinds(found), found.orphans) == ([Kind.STALE_ENTRY], [])


def test_tags_that_are_not_found_for_a_moment_hide_nothing() -> None:
    scripted = account(
        {"pipeline-1": {}}, list_tags_for_resource=[not_found(), tags(**ledger.to_tags(LISTENS))]
    )
    assert kinds(survey(scripted)) == [Kind.TASK]


def test_tags_that_are_not_found_on_a_running_pipeline_are_named() -> None:
    scripted = account({"pipeline-1": not_found()})
    assert len(survey(scripted).unread) == 1


def test_a_pipeline_without_a_search_is_shown() -> None:
    found = survey(account({"pipeline-1": {ledger.PIPELINE: f"token/{MINE.hash}"}}))
    assert (kinds(found), found.orphans) == ([Kind.IDLE], [])


def test_a_pipeline_whose_search_has_ended_is_shown_as_done() -> None:
    mine = stack(*MINE.resources, resource(SPEAKER_SEARCH_TASK, "task-7", identifier="pipeline-1"))
    scripted = account({"pipeline-1": {}}, get_speaker_search_task=[task("Stopped", "task-7")])
    assert kinds(survey(scripted, mine)) == [Kind.DONE]


def test_a_pipeline_in_no_state_is_found() -> None:
    scripted = account({"pipeline-5": {ledger.PIPELINE: f"token/{MINE.hash}"}})
    assert [(one.kind, one.id) for one in survey(scripted).orphans] == [(Kind.PIPELINE, "pipeline-5")]


def test_a_pipeline_without_a_ledger_in_no_state_is_not_ours() -> None:
    found = survey(account({"pipeline-5": {"team": "another"}}))
    assert (found.findings, found.elsewhere, found.unread) == ([], [], [])


def test_an_interrupted_start_names_the_searches_that_would_end_with_it() -> None:
    mine = stack(*MINE.resources, resource(SPEAKER_SEARCH_TASK, "task-8", identifier="pipeline-1"))
    scripted = account(
        {"pipeline-1": ledger.to_tags(entry(CHAIN[0], age_seconds=3600.0))},
        get_speaker_search_task=[task("InProgress", "task-8")],
    )
    (finding,) = survey(scripted, mine).findings
    assert (finding.kind, finding.held_on_pipeline) == (Kind.INTENT, ("task-8",))


def test_an_entry_that_can_not_be_read_may_stand_for_a_search() -> None:
    found = survey(account({"pipeline-1": {ledger.TASK + "0123456789abcdef": "made by a later release"}}))
    assert (kinds(found), len(found.orphans)) == ([Kind.UNREADABLE], 1)
