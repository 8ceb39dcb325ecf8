"""A start that another search of the same stack stands in the way of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pulumi_speaker_search.lifecycle.errors import OccupiedError
from pulumi_speaker_search.lifecycle.occupied_channel import PATIENCE_SECONDS, ListedTask
from pulumi_speaker_search.lifecycle.task_start import start

from tests.unit.lifecycle.scripted_aws import Answer, World, not_found, task
from tests.unit.lifecycle.start_account import START, WANTED, scripted_account

OTHER = ListedTask(
    urn="urn:pulumi:dev::project::pulumi-python:dynamic/chime:SpeakerSearchTask::before",
    task_id="task-0",
    pipeline_id="pipeline-0",
)
BESIDE_OTHER = replace(WANTED, same_channel=(OTHER,), timeout_seconds=60.0)
GET = "get_speaker_search_task"


def with_other(*answers: Answer) -> World:
    return scripted_account(None, {GET: list(answers)})


def test_a_start_is_refused_while_the_other_search_listens() -> None:
    account = with_other(task("InProgress", id_="task-0"))
    with pytest.raises(OccupiedError):
        start(account.aws, BESIDE_OTHER)
    assert account.client.of(START) == []


def test_the_refusal_names_the_task_its_resource_and_the_alias() -> None:
    with pytest.raises(
        OccupiedError, match=r"task-0 is InProgress .* as before .*aliases=\[Alias\(name=\"before\"\)\]"
    ):
        start(with_other(task("InProgress", id_="task-0")).aws, BESIDE_OTHER)


def test_for_a_moved_search_the_refusal_names_the_urn_of_its_component() -> None:
    component = "urn:pulumi:dev::project::somebody:Group$speaker-search:index:SpeakerSearch"
    in_component = f"{component}$pulumi-python:dynamic/chime:SpeakerSearchTask::line::1"
    account = with_other(task("InProgress", id_="task-0"))
    with pytest.raises(OccupiedError) as refused:
        start(account.aws, replace(WANTED, same_channel=(replace(OTHER, urn=in_component),)))
    assert f'aliases=["{component}::line::1"]' in str(refused.value)


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
def test_a_search_that_has_ended_is_in_nobodys_way(status: str) -> None:
    assert start(with_other(task(status, id_="task-0")).aws, BESIDE_OTHER).id == "task-1"


def test_a_search_that_aws_does_not_know_any_more_is_in_nobodys_way() -> None:
    assert start(with_other(not_found()).aws, BESIDE_OTHER).id == "task-1"


def test_a_search_that_this_process_has_ended_costs_no_call() -> None:
    account = with_other(task("InProgress", id_="task-0"))
    aws = account.aws
    aws.memory.ended("task-0")
    start(aws, BESIDE_OTHER)
    assert account.client.of(GET) == []


def test_a_search_that_the_program_does_not_declare_any_more_is_not_waited_for() -> None:
    account = with_other(task("InProgress", id_="task-0"))
    with pytest.raises(OccupiedError):
        start(account.aws, BESIDE_OTHER)
    assert account.clock.sleeps == []


def test_a_search_that_the_program_declares_is_waited_for_until_it_is_replaced() -> None:
    account = with_other(
        task("InProgress", id_="task-0"), task("InProgress", id_="task-0"), task("Stopped", id_="task-0")
    )
    aws = account.aws
    aws.memory.declare(OTHER.urn)
    assert start(aws, BESIDE_OTHER).id == "task-1"


def test_the_wait_for_a_search_that_stays_has_an_end() -> None:
    account = with_other(task("InProgress", id_="task-0"))
    aws = account.aws
    aws.memory.declare(OTHER.urn)
    with pytest.raises(OccupiedError):
        start(aws, BESIDE_OTHER)
    assert account.clock.monotonic() == pytest.approx(PATIENCE_SECONDS, abs=1.0)
