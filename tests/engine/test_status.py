"""`speaker-search status` of two searches on a real stack, when something is wrong with one of them.

Tasks and pipelines are compared apart: both have rows.
"""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from sandbox.control import SandboxControl
from tests.engine.conftest import be_quick
from tests.engine.stack import Stack
from tests.engine.test_emergency_stop import speaker_search
from tests.sandbox_process import SandboxProcess

PIPELINE, TASK = "chime:MediaInsightsPipeline", "chime:SpeakerSearchTask"

Said = dict[str, tuple[int, list[dict[str, Any]]]]
"""What was done → exit code, and the searches."""


def rows(stack: Stack, *options: str) -> tuple[int, list[dict[str, Any]]]:
    done = stack.speaker_search("status", "--json", *options)
    return done.returncode, json.loads(done.stdout)


def status(stack: Stack) -> tuple[int, list[dict[str, Any]]]:
    code, found = rows(stack)
    return code, [row for row in found if row["type"].endswith(TASK)]


def withdraw_on_pipeline(sandbox: SandboxProcess, arn: str, word: str) -> None:
    boto3.client(
        "chime-sdk-media-pipelines",
        region_name="us-east-1",
        endpoint_url=sandbox.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).tag_resource(ResourceARN=arn, Tags=[{"Key": "consent:status", "Value": word}])


@pytest.fixture(scope="module")
def said(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Said:
    control: SandboxControl = engine_sandbox.control
    control.reset()
    be_quick(control)
    stack = Stack.of_this_project(tmp_path_factory.mktemp("status"), engine_sandbox.environment)
    for number, name in enumerate(("second", "first")):
        stack.config(f"searches[{number}].name", name)
    stack.up()
    said: Said = {"nothing": status(stack), "with pipelines": rows(stack)}
    said["another region"] = rows(stack, "--region", "us-west-2")

    control.add_fault("forbidden", "GetSpeakerSearchTask", nth=1)
    said["one refused"] = status(stack)
    control.clear_faults()

    arn = stack.resources(PIPELINE)[0]["outputs"]["media_pipeline_arn"]
    withdraw_on_pipeline(engine_sandbox, arn, "withdrawn")
    said["withdrawn in AWS"] = status(stack)
    # A state that can't be read fails `pulumi stack ls`; the config file still names the stack.
    state_files = stack.folder / ".pulumi" / "stacks" / "speaker-search"
    (stack.folder / "Pulumi.broken.yaml").write_text("config: {}\n")
    (state_files / "broken.json").write_text("{")
    said["all stacks"] = rows(stack, "--all-stacks")
    (state_files / "broken.json").unlink()
    withdraw_on_pipeline(engine_sandbox, arn, "given")

    speaker_search(stack, "stop", "first")
    said["first stopped"] = status(stack)

    (second,) = [one for one in stack.resources(TASK) if one["urn"].endswith("::second")]
    control.force_status(second["id"], "Failed")
    said["second failed"] = status(stack)
    return said


def test_searches_that_run_are_listed_in_order(said: Said) -> None:
    code, searches = said["nothing"]
    assert (code, [one["name"] for one in searches]) == (0, ["first", "second"])


def test_each_search_has_a_row_for_its_pipeline(said: Said) -> None:
    _, found = said["with pipelines"]
    pipelines = [row for row in found if row["type"].endswith(PIPELINE)]
    assert {row["pipeline_id"] for row in pipelines} == {
        row["pipeline_id"] for row in found if row["task_id"]
    }


def test_a_search_that_went_on_since_the_update_is_no_drift(said: Said) -> None:
    _, found = said["nothing"]
    assert [(row["outcome_in_state"], row["outcome"], row["drift"]) for row in found] == [
        ("starting", "running", [])
    ] * 2


def test_another_region_has_no_row(said: Said) -> None:
    assert said["another region"] == (0, [])


def test_a_withdrawal_in_aws_is_drift_of_task_and_pipeline(said: Said) -> None:
    _, found = said["all stacks"]
    assert len([row for row in found if "consent:status" in " ".join(row["drift"])]) == 2


def test_a_stack_that_can_not_be_read_hides_no_other(said: Said) -> None:
    _, found = said["all stacks"]
    unread = {row["name"] for row in found if row["type"] == "pulumi:pulumi:Stack" and row["unread"]}
    assert (unread, len([row for row in found if row["task_id"]])) == ({"broken", "list of stacks"}, 2)


def test_a_search_that_runs_says_how_long_its_consent_holds(said: Said) -> None:
    _, searches = said["nothing"]
    assert [(one["outcome"], one["listens"], one["days_left"] > 0) for one in searches] == [
        ("running", True, True)
    ] * 2


def test_one_that_can_not_be_read_hides_no_other(said: Said) -> None:
    code, searches = said["one refused"]
    assert (code, len([one for one in searches if one["outcome"] == "running"])) == (2, 1)
    assert len([one for one in searches if one["unread"]]) == 1


def test_one_that_listens_after_a_withdrawal_in_aws_is_wrong(said: Said) -> None:
    code, searches = said["withdrawn in AWS"]
    assert (code, ["withdrawn in AWS" in " ".join(one["wrong"]) for one in searches].count(True)) == (1, 1)


def test_one_that_was_stopped_is_not_wrong_and_its_pipeline_goes_on(said: Said) -> None:
    code, (first, _) = said["first stopped"]
    assert (code, first["outcome"], first["listens"], first["pipeline_goes_on"]) == (0, "ended", False, True)


def test_one_that_failed_is_wrong(said: Said) -> None:
    code, (_, second) = said["second failed"]
    assert (code, second["outcome"], second["wrong"]) == (1, "failed", ["the task has failed"])
