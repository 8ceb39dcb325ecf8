"""`speaker-search status` of two searches on a real stack, when something is wrong with one of them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from sandbox.control import SandboxControl
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran, Stack
from tests.engine.test_emergency_stop import speaker_search
from tests.sandbox_process import SandboxProcess

PIPELINE, TASK = "chime:MediaInsightsPipeline", "chime:SpeakerSearchTask"

Said = dict[str, tuple[int, list[dict[str, Any]]]]
"""What was done → exit code, and the searches."""


def status(stack: Stack) -> tuple[int, list[dict[str, Any]]]:
    ran: Ran = speaker_search(stack, "status", "--json")
    return ran.code, json.loads(ran.text)


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
    said: Said = {"nothing": status(stack)}

    control.add_fault("forbidden", "GetSpeakerSearchTask", nth=1)
    said["one refused"] = status(stack)
    control.clear_faults()

    arn = stack.resources(PIPELINE)[0]["outputs"]["media_pipeline_arn"]
    withdraw_on_pipeline(engine_sandbox, arn, "withdrawn")
    said["withdrawn in AWS"] = status(stack)
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
