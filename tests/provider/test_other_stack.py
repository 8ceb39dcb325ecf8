"""A search that another stack holds by now, and the declaration that once started it: the provider over gRPC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import grpc
import pytest
from pulumi_speaker_search.lifecycle import ledger

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess
from tests.sandbox_process import SandboxProcess

ELSEWHERE = ledger.stack_hash("urn:pulumi:other::project::")
LATER_SECONDS = 60.0
"""What AWS answers to a token is then known to be older than the question."""


@pytest.fixture
def later(sandbox: SandboxProcess, control: SandboxControl) -> Iterator[ProviderProcess]:
    """The provider of a later run, which remembers nothing of the first one."""
    with ProviderProcess(sandbox.environment) as process:
        control.advance_clock(LATER_SECONDS)
        yield process


@pytest.fixture
def earlier(sandbox: SandboxProcess, control: SandboxControl) -> Iterator[ProviderProcess]:
    """The provider of the run that has started what another stack holds."""
    with ProviderProcess(sandbox.environment) as process:
        yield process


def hold_elsewhere(aws_account: AwsAccount, control: SandboxControl) -> None:
    """As the first `up` of another stack writes it, to which everything was moved."""
    for pipeline in control.pipelines():
        moved = {key: _of_another_stack(key, value) for key, value in pipeline["tags"].items()}
        aws_account.media.tag_resource(
            ResourceARN=pipeline["pipeline_arn"],
            Tags=[{"Key": key, "Value": value} for key, value in moved.items()],
        )


def _of_another_stack(key: str, value: str) -> str:
    parts = value.split("/")
    if key == ledger.PIPELINE:
        return f"{parts[0]}/{ELSEWHERE}"
    return "/".join([*parts[:3], ELSEWHERE, parts[4]]) if key.startswith(ledger.TASK) else value


def mark_of(control: SandboxControl) -> str:
    (pipeline,) = control.pipelines()
    return str(pipeline["tags"][ledger.PIPELINE])


def test_a_pipeline_of_another_stack_is_not_found_by_its_token(
    earlier: ProviderProcess,
    later: ProviderProcess,
    pipeline_inputs: Props,
    aws_account: AwsAccount,
    control: SandboxControl,
) -> None:
    id_, _ = earlier.create(pipeline_inputs)
    control.advance_clock(LATER_SECONDS)
    hold_elsewhere(aws_account, control)
    with pytest.raises(grpc.RpcError, match=f"{id_}.* is held by another stack"):
        later.create(pipeline_inputs)
    assert [pipeline["pipeline_id"] for pipeline in control.pipelines(ended=True)] == [id_]


def test_a_pipeline_of_this_stack_is_found_by_its_token(
    earlier: ProviderProcess, later: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    id_, _ = earlier.create(pipeline_inputs)
    control.advance_clock(LATER_SECONDS)
    assert later.create(pipeline_inputs)[0] == id_


def test_a_pipeline_whose_mark_was_taken_off_is_found_by_its_token(
    earlier: ProviderProcess,
    later: ProviderProcess,
    pipeline_inputs: Props,
    aws_account: AwsAccount,
    control: SandboxControl,
) -> None:
    id_, outputs = earlier.create(pipeline_inputs)
    control.advance_clock(LATER_SECONDS)
    aws_account.media.untag_resource(ResourceARN=outputs["media_pipeline_arn"], TagKeys=[ledger.PIPELINE])
    assert later.create(pipeline_inputs)[0] == id_


def test_a_task_of_another_stack_runs_on_when_its_old_declaration_is_refused(
    earlier: ProviderProcess,
    later: ProviderProcess,
    task_inputs: Props,
    aws_account: AwsAccount,
    control: SandboxControl,
) -> None:
    id_, _ = earlier.create(task_inputs)
    hold_elsewhere(aws_account, control)
    with pytest.raises(grpc.RpcError, match=f"{id_}.* is held by another stack"):
        later.create(task_inputs)
    assert [(task["task_id"], task["alive"]) for task in control.tasks(ended=True)] == [(id_, True)]


@pytest.mark.parametrize("change", [{"triggers": "2"}, {"listen": False}], ids=["triggers", "listen"])
def test_a_change_of_the_old_declaration_stops_nothing_of_another_stack(
    change: Props,
    earlier: ProviderProcess,
    later: ProviderProcess,
    task_inputs: Props,
    aws_account: AwsAccount,
    control: SandboxControl,
) -> None:
    id_, _ = earlier.create(task_inputs)
    hold_elsewhere(aws_account, control)
    with suppress(grpc.RpcError):
        later.create({**task_inputs, **change})
    assert [(task["task_id"], task["alive"]) for task in control.tasks(ended=True)] == [(id_, True)]


def test_a_pipeline_that_is_adopted_names_the_stack_that_adopts_it(
    earlier: ProviderProcess, later: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    id_, _ = earlier.create(pipeline_inputs)
    token = mark_of(control).split("/")[0]
    adopting = "urn:pulumi:other::project::pulumi-python:dynamic/chime:MediaInsightsPipeline::search"
    later.create({**pipeline_inputs, "adopt": id_, "origin": adopting})
    assert mark_of(control) == f"{token}/{ELSEWHERE}"


def test_an_adopted_pipeline_is_not_found_by_the_declaration_that_let_go_of_it(
    earlier: ProviderProcess,
    later: ProviderProcess,
    shared_provider: ProviderProcess,
    pipeline_inputs: Props,
    control: SandboxControl,
) -> None:
    id_, outputs = earlier.create({**pipeline_inputs, "stop_on_delete": False})
    earlier.delete(id_, outputs)
    control.advance_clock(LATER_SECONDS)
    adopting = "urn:pulumi:other::project::pulumi-python:dynamic/chime:MediaInsightsPipeline::search"
    shared_provider.create({**pipeline_inputs, "adopt": id_, "origin": adopting})
    with pytest.raises(grpc.RpcError, match=f"{id_}.* is held by another stack"):
        later.create(pipeline_inputs)
