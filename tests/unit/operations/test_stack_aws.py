"""Where a command looks: every region that state names and that has media pipelines."""

from __future__ import annotations

import pytest
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings
from pulumi_speaker_search.lifecycle.ledger_memory import LedgerMemory
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.type_tokens import SPEAKER_SEARCH_TASK
from speaker_search_operations.pulumi_backend import CommandError
from speaker_search_operations.stack_aws import StackAws, regions_of, require_region


def warn(_text: str) -> None:
    return


def aws(region: str | None = None) -> StackAws:
    return StackAws(AwsSettings(region=region), warn, LedgerMemory())


def record(*regions: str, searches: tuple[str, ...] = ()) -> StackRecord:
    """A state that names regions, and searches in some."""
    tasks = [RecordedResource("urn", SPEAKER_SEARCH_TASK, "task-1", {"region": one}) for one in searches]
    return StackRecord(
        name="dev", stack="dev", project="project", resources=tuple(tasks), regions=frozenset(regions)
    )


def test_every_region_of_state_is_searched() -> None:
    assert regions_of(record("us-west-2", "us-east-1"), aws(), None) == ["us-east-1", "us-west-2"]


def test_the_region_of_the_config_is_searched_too() -> None:
    assert regions_of(record("us-east-1"), aws("eu-central-1"), None) == ["eu-central-1", "us-east-1"]


def test_a_region_without_media_pipelines_is_left_out() -> None:
    assert regions_of(record("us-east-1", "eu-north-1"), aws(), None) == ["us-east-1"]


def test_a_region_with_a_search_is_never_left_out() -> None:
    assert regions_of(record(searches=("us-gov-west-1",)), aws(), None) == ["us-gov-west-1"]


def test_a_region_that_was_asked_for_is_the_only_one() -> None:
    assert regions_of(record("us-east-1"), aws(), "us-west-2") == ["us-west-2"]


def test_a_region_that_does_not_exist_is_refused_and_the_right_one_is_named() -> None:
    with pytest.raises(CommandError, match=r"us-esat-1 is no region .* The state names us-east-1\."):
        regions_of(record("us-east-1"), aws(), "us-esat-1")


def test_an_empty_region_is_refused() -> None:
    with pytest.raises(CommandError):
        require_region("", [record("us-east-1")])


def test_a_region_that_botocore_does_not_know_is_accepted_if_a_state_names_it() -> None:
    require_region("us-new-9", [record("us-east-1"), record(searches=("us-new-9",))])
