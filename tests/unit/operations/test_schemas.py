"""What the commands say for scripts is what docs/schemas says, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pulumi_speaker_search.lifecycle.orphans import Elsewhere, Finding, Kind, Survey, Unread
from pulumi_speaker_search.lifecycle.ownership import Backend, Owner
from pulumi_speaker_search.lifecycle.stack_record import StackRecord
from speaker_search_operations.doctor.check import Check, Verdict
from speaker_search_operations.doctor.report import as_json as doctor_report
from speaker_search_operations.pulumi_backend import OperatedStack
from speaker_search_operations.status_row import report as status_report
from speaker_search_operations.status_row import unread_stack
from speaker_search_operations.stop import StopReport, StopResult
from speaker_search_operations.stop_command import report as stop_report
from speaker_search_operations.sweep import Action, SweepReport
from speaker_search_operations.sweep_report import as_json as sweep_report

from sandbox.environment import ROOT
from tests.unit.lifecycle.scripted_aws import BEGIN, not_found
from tests.unit.operations.canned_pulumi import CannedPulumi, idle
from tests.unit.operations.test_pipeline_status import seen_pipeline
from tests.unit.operations.test_search_status import resource, seen

STACK = OperatedStack(
    record=StackRecord(name="dev", stack="dev", project="project"),
    config={},
    undecrypted_keys=(),
    update_in_progress=lambda: None,
    other_stacks=Backend,
)
UNREAD = Unread(name="media pipeline p", reason="No.", region="us-east-1")


def schema(name: str) -> Any:
    return json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text())


def require_valid(result: Any, name: str) -> None:
    jsonschema.Draft202012Validator(schema(name)).validate(json.loads(json.dumps(result)))


def finding(kind: Kind = Kind.TASK) -> Finding:
    return Finding(kind=kind, region="us-east-1", pipeline_id="p", id="t", since=BEGIN)


def test_status_of_searches_that_aws_knows() -> None:
    require_valid([status_report(seen("InProgress")), status_report(seen(not_found(), resource()))], "status")


def test_status_of_a_pipeline_and_of_a_stack_that_could_not_be_read() -> None:
    unread = unread_stack("project", "prod", "No.")
    require_valid([status_report(seen_pipeline("InProgress")), status_report(unread)], "status")


def test_status_as_the_command_says_it(tmp_path: Path) -> None:
    result = CannedPulumi.of(tmp_path, idle()).speaker_search("status", "--json")
    require_valid(json.loads(result.out), "status")


@pytest.mark.parametrize("kind", list(Kind))
def test_sweep_of_every_kind(kind: Kind) -> None:
    survey = Survey([finding(kind)], [Elsewhere(id="t", stack="prod")], [UNREAD])
    actions = {finding(kind).key: Action("stopped")}
    swept = SweepReport(regions=["us-east-1"], found=survey, left=survey, actions=actions)
    require_valid(sweep_report(STACK, swept), "sweep")


def test_stop_with_orphans() -> None:
    done = StopReport(
        searches=(
            StopResult(
                noun="speaker search task",
                name="a",
                task_id=None,
                pipeline_id=None,
                may_listen=False,
                result="-",
            ),
        ),
        orphans=((finding(), Action("stopped")),),
        unread=(UNREAD,),
    )
    require_valid(stop_report(STACK, done, update_in_progress=False), "stop")


def test_doctor_with_every_verdict() -> None:
    made = [Check(name="engine", verdict=one, found="It was found.", remedy="Do.") for one in Verdict]
    require_valid(doctor_report(STACK.record, made), "doctor")
    require_valid(doctor_report(None, []), "doctor")


@pytest.mark.parametrize(
    "name",
    [
        "status",
        "sweep",
        "stop",
        "withdraw",
        "withdraw-verify",
        "withdrawal-evidence",
        "results",
        "results-follow",
        "expiring",
        "doctor",
    ],
)
def test_each_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


def test_every_owner_is_in_the_schema() -> None:
    found = schema("sweep")["properties"]["orphans"]["items"]["properties"]["owner"]["enum"]
    assert set(found) == {one.value for one in Owner}
