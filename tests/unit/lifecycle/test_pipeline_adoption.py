"""Taking over a pipeline that runs already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import ledger, pipeline_adoption
from pulumi_speaker_search.lifecycle.errors import (
    AdoptionError,
    ConsentError,
)

from tests.unit.lifecycle.pipeline_answers import (
    ELSEWHERE,
    GET,
    HERE,
    LIST,
    WANTED,
    carrying,
    got,
)
from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    Answer,
    World,
    not_found,
    tags,
    world,
)


def test_a_running_pipeline_is_taken_over() -> None:
    account = world({GET: [got("InProgress")], LIST: [tags()], "tag_resource": [{}]})
    assert pipeline_adoption.adopt(account.aws, "pipeline-1", WANTED).status == "InProgress"


def marks_written(account: World) -> list[str]:
    every = [tag for call in account.client.of("tag_resource") for tag in call["Tags"]]
    return [tag["Value"] for tag in every if tag["Key"] == ledger.PIPELINE]


@pytest.mark.parametrize(
    ("carried", "written"),
    [
        (carrying(ELSEWHERE), [f"ss-of-this-pipeline-0/{HERE}"]),
        (tags(), [f"adopted/{HERE}"]),
        (carrying(HERE), []),
    ],
    ids=["another stack's", "nobody's", "its own"],
)
def test_a_pipeline_that_is_taken_over_names_the_stack_that_takes_it(
    carried: dict[str, Any], written: list[str]
) -> None:
    account = world({GET: [got("InProgress")], LIST: [carried], "tag_resource": [{}]})
    pipeline_adoption.adopt(account.aws, "pipeline-1", WANTED)
    assert marks_written(account) == written


def test_a_pipeline_that_is_taken_over_without_a_ledger_is_not_marked() -> None:
    account = world({GET: [got("InProgress")], LIST: [tags()]})
    pipeline_adoption.adopt(account.aws, "pipeline-1", replace(WANTED, ledger=False))
    assert "tag_resource" not in account.client.operations()


@pytest.mark.parametrize("seen", [not_found(), got("Stopped"), got("Failed")])
def test_what_does_not_run_can_not_be_taken_over(seen: Answer) -> None:
    with pytest.raises(AdoptionError):
        pipeline_adoption.adopt(world({GET: [seen]}).aws, "pipeline-1", WANTED)


def test_a_pipeline_of_another_configuration_can_not_be_taken_over() -> None:
    wanted = replace(WANTED, request={"MediaInsightsPipelineConfigurationArn": "arn:another"})
    with pytest.raises(
        AdoptionError, match="MediaInsightsPipelineConfigurationArn differs from the declared one"
    ):
        pipeline_adoption.adopt(world({GET: [got("InProgress")]}).aws, "pipeline-1", wanted)


def test_a_pipeline_that_carries_a_withdrawal_is_not_taken_over() -> None:
    live = tags(**{**CONSENT, "consent:status": "withdrawn"})
    account = world({GET: [got("InProgress")], "list_tags_for_resource": [live]})
    with pytest.raises(ConsentError):
        pipeline_adoption.adopt(account.aws, "pipeline-1", WANTED)
