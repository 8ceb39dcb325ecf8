"""Whose a running search is, whatever people rename, move or restore: `sweep` on real stacks of real backends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from pulumi_speaker_search.lifecycle import ledger

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.sandbox_process import SandboxProcess

TASK, PIPELINE = "chime:SpeakerSearchTask", "chime:MediaInsightsPipeline"

Said = dict[str, tuple[int, dict[str, Any], int]]
NewStack = Callable[[], BroughtStack]


@pytest.fixture
def new_stack(engine_sandbox: SandboxProcess, tmp_path: Path) -> NewStack:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    return lambda: BroughtStack(tmp_path, engine_sandbox)


@pytest.fixture
def there(new_stack: NewStack) -> BroughtStack:
    """A stack whose search runs."""
    made = new_stack()
    made.stack.up()
    return made


def sweep(there: BroughtStack, *arguments: str) -> tuple[int, dict[str, Any]]:
    ran = there.speaker_search("sweep", "--json", *arguments)
    report: dict[str, Any] = json.loads(ran.text)
    return ran.code, report


def lose_task(there: BroughtStack) -> str:
    (task,) = there.stack.resources(TASK)
    there.stack.pulumi("state", "delete", task["urn"], "--yes")
    return str(task["id"])


def move_everything(there: BroughtStack, stack: str) -> None:
    urns = [one["urn"] for kind in (TASK, PIPELINE) for one in there.stack.resources(kind)]
    there.stack.pulumi("stack", "init", stack, "--no-select")
    there.stack.pulumi("state", "move", "--source", "test", "--dest", stack, "--yes", *urns)


def in_another_backend(there: BroughtStack, folder: Path) -> BroughtStack:
    """An empty stack of the same project and name."""
    folder.mkdir()
    twin = BroughtStack.__new__(BroughtStack)
    twin.__dict__.update(there.__dict__)
    variables = {**there.stack.environment, "PULUMI_BACKEND_URL": f"file://{folder}"}
    twin.stack = replace(there.stack, environment=variables)
    twin.stack.pulumi("stack", "init", twin.stack.name)
    return twin


def write_intent(there: BroughtStack, *, age_seconds: float) -> None:
    """As a start of another resource leaves it that is at work, or was interrupted."""
    (pipeline,) = there.stack.resources(PIPELINE)
    origin = f"urn:pulumi:test::brought::pulumi-python:dynamic/{TASK}::another"
    entry = ledger.Entry(
        resource=ledger.resource_hash(origin),
        token="ss-made-up-0",
        written=datetime.now(UTC) - timedelta(seconds=age_seconds),
        stack=ledger.stack_hash(origin),
        channel_id=1,
        stream_arn=there.stream_arn,
        domain_arn=there.account.domain_arn,
    )
    client = boto3.client(
        "chime-sdk-media-pipelines",
        region_name="us-east-1",
        endpoint_url=there.sandbox.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.tag_resource(
        ResourceARN=pipeline["outputs"]["media_pipeline_arn"],
        Tags=[{"Key": key, "Value": value} for key, value in ledger.to_tags(entry).items()],
    )


class TestRenamedStack:
    @pytest.fixture
    def lost(self, there: BroughtStack) -> str:
        task_id = lose_task(there)
        there.stack.pulumi("stack", "rename", "renamed")
        return task_id

    def test_what_it_lost_before_stays_visible(self, there: BroughtStack, lost: str) -> None:
        code, report = sweep(there)
        assert (code, [one["id"] for one in report["orphans"]]) == (1, [lost])

    def test_sweep_can_end_what_it_lost_before(self, there: BroughtStack, lost: str) -> None:
        code, _ = sweep(there, "--stop")
        assert (code, there.alive()) == (0, [])


@pytest.fixture(scope="module")
def moved(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """Stack → exit code and report of its `sweep --stop`, and how many searches ran after it."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("moved"), engine_sandbox)
    there.stack.up()
    move_everything(there, "second")
    return {
        stack: (*sweep(there, "--stack", stack, "--stop"), len(there.alive())) for stack in ("test", "second")
    }


def test_what_was_moved_to_another_stack_is_left_alone(moved: Said) -> None:
    code, _, alive = moved["test"]
    assert (code, alive) == (0, 1)


def test_the_stack_that_holds_it_is_named(moved: Said) -> None:
    _, report, _ = moved["test"]
    assert {one["stack"] for one in report["left_alone"]} == {"second"}


def test_what_was_moved_is_no_orphan_of_its_new_stack(moved: Said) -> None:
    code, report, alive = moved["second"]
    assert (code, report["found"], alive) == (0, [], 1)


def test_a_qualified_name_is_understood(there: BroughtStack) -> None:
    code, report = sweep(there, "--stack", "organization/brought/test", "--stop")
    assert (code, report["found"], len(there.alive())) == (0, [], 1)


class TestSameNameInAnotherBackend:
    def test_its_search_is_shown_and_not_ended(self, there: BroughtStack, tmp_path: Path) -> None:
        twin = in_another_backend(there, tmp_path / "other")
        code, _ = sweep(twin, "--stop")
        assert (code, len(there.alive())) == (1, 1)

    def test_whoever_is_sure_says_so(self, there: BroughtStack, tmp_path: Path) -> None:
        twin = in_another_backend(there, tmp_path / "other")
        code, _ = sweep(twin, "--stop", "--yes")
        assert (code, there.alive()) == (0, [])


def test_what_was_let_go_of_is_shown(new_stack: NewStack) -> None:
    there = new_stack()
    let_go = {"stop_on_delete": False}
    there.declare(task=let_go, pipeline=let_go)
    there.stack.up()
    (task,) = there.stack.resources(TASK)
    there.stack.pulumi("destroy", "--yes", "--skip-preview")
    code, report = sweep(there)
    assert code == 1
    assert task["id"] in {one["id"] for one in report["orphans"]}


def test_one_not_found_of_each_call_does_not_hide_a_task(there: BroughtStack) -> None:
    lose_task(there)
    for operation in ("GetSpeakerSearchTask", "StopSpeakerSearchTask", "GetMediaPipeline"):
        there.sandbox.control.add_fault("not_found", operation, nth=1)
    code, _ = sweep(there, "--stop")
    assert (code, there.alive()) == (0, [])


def test_a_pipeline_whose_tags_are_refused_is_named(there: BroughtStack) -> None:
    there.sandbox.control.add_fault("forbidden", "ListTagsForResource", nth=1)
    code, report = sweep(there)
    (pipeline,) = there.stack.resources(PIPELINE)
    assert (code, [one["what"] for one in report["unread"]]) == (2, [f"media pipeline {pipeline['id']}"])


class TestIntent:
    @pytest.mark.parametrize("age_seconds", [1.0, -3600.0], ids=["of a moment ago", "of the future"])
    def test_is_shown_and_not_ended(self, there: BroughtStack, age_seconds: float) -> None:
        write_intent(there, age_seconds=age_seconds)
        code, report = sweep(there, "--stop")
        assert (code, len(there.alive())) == (1, 1)
        assert [one["kind"] for one in report["orphans"]] == ["intent"]

    def test_an_old_one_does_not_end_a_search_that_is_in_state(self, there: BroughtStack) -> None:
        write_intent(there, age_seconds=3600.0)
        code, _ = sweep(there, "--stop")
        assert (code, len(there.alive())) == (1, 1)

    def test_it_ends_with_its_pipeline_where_that_is_named(self, there: BroughtStack) -> None:
        write_intent(there, age_seconds=3600.0)
        (pipeline,) = there.stack.resources(PIPELINE)
        code, _ = sweep(there, "--stop", pipeline["id"])
        assert (code, there.alive()) == (0, [])


def test_a_pipeline_whose_search_is_done_is_shown(there: BroughtStack) -> None:
    there.speaker_search("stop", "search")
    code, report = sweep(there)
    assert (code, [one["kind"] for one in report["found"]]) == (0, ["done"])


def test_a_pipeline_whose_search_is_done_can_be_ended(there: BroughtStack) -> None:
    there.speaker_search("stop", "search")
    code, report = sweep(there, "--finished")
    assert (code, [one["done"] for one in report["found"]]) == (0, ["ended"])
    assert there.sandbox.control.pipelines() == []


def test_the_pipeline_of_a_search_that_runs_is_not_finished(there: BroughtStack) -> None:
    code, _ = sweep(there, "--finished")
    assert (code, len(there.alive())) == (0, 1)
