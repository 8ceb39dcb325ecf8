"""A stream and channel takes one task, whoever started it."""

from __future__ import annotations

import grpc
import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.declared_tasks import SOURCE, named
from tests.provider.provider_process import Props, ProviderProcess
from tests.sandbox_process import SandboxProcess


def test_another_resource_gets_no_task_on_a_stream_and_channel_that_is_taken(
    provider: ProviderProcess, sandbox: SandboxProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, _ = provider.create(task_inputs)
    with (
        ProviderProcess(sandbox.environment) as of_another_run,
        pytest.raises(grpc.RpcError, match=f'adopt="{id_}"'),
    ):
        of_another_run.create(named(task_inputs, "another"))
    assert [task["task_id"] for task in control.tasks(ended=True)] == [id_]


def test_another_pipeline_gets_no_task_on_a_stream_and_channel_that_is_taken(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl, aws_account: AwsAccount
) -> None:
    id_, _ = provider.create(task_inputs)
    other = {**named(task_inputs, "another"), "identifier": aws_account.pipeline()}
    with pytest.raises(grpc.RpcError, match="has a speaker search task already: urn:"):
        provider.create(other)
    assert [task["task_id"] for task in control.tasks(ended=True)] == [id_]


def test_a_stream_and_channel_is_free_again_after_a_delete(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    provider.delete(*provider.create(task_inputs))
    id_, _ = provider.create(named(task_inputs, "another"))
    assert [task["task_id"] for task in control.tasks()] == [id_]


def test_a_task_of_an_earlier_run_has_its_stream_and_channel(
    sandbox: SandboxProcess, task_inputs: Props, aws_account: AwsAccount, control: SandboxControl
) -> None:
    with ProviderProcess(sandbox.environment) as earlier:
        id_, outputs = earlier.create(task_inputs)
    with ProviderProcess(sandbox.environment) as later:
        later.check(task_inputs)
        later.diff(outputs, task_inputs, id_=id_)
        with pytest.raises(grpc.RpcError, match="has a speaker search task already: urn:"):
            later.create({**named(task_inputs, "another"), "identifier": aws_account.pipeline()})


def test_a_task_that_the_program_does_not_declare_any_more_holds_nothing_back(
    sandbox: SandboxProcess, task_inputs: Props, aws_account: AwsAccount, control: SandboxControl
) -> None:
    with ProviderProcess(sandbox.environment) as earlier:
        id_, outputs = earlier.create(task_inputs)
    with ProviderProcess(sandbox.environment) as later:
        later.diff(outputs, task_inputs, id_=id_)  # the engine asks of what it is going to delete, too
        with pytest.raises(grpc.RpcError, match="StreamArn"):  # refused by AWS, which was asked
            later.create({**named(task_inputs, "another"), "identifier": aws_account.pipeline()})


def test_a_task_of_an_earlier_run_that_has_ended_leaves_its_stream_and_channel_free(
    sandbox: SandboxProcess, task_inputs: Props, control: SandboxControl
) -> None:
    with ProviderProcess(sandbox.environment) as earlier:
        id_, outputs = earlier.create(task_inputs)
        earlier.delete(id_, outputs)
    with ProviderProcess(sandbox.environment) as later:
        later.diff({**outputs, "outcome": "ended"}, task_inputs, id_=id_)
        later.create(named(task_inputs, "another"))
    assert len(control.tasks()) == 1


def renamed(inputs: Props) -> Props:
    return named(inputs, "renamed")


def test_a_new_resource_of_an_old_name_does_not_stop_the_renamed_one(
    sandbox: SandboxProcess, task_inputs: Props, control: SandboxControl
) -> None:
    with ProviderProcess(sandbox.environment) as earlier:
        id_, outputs = earlier.create(task_inputs)
    on_channel_1 = {**task_inputs, SOURCE: {**task_inputs[SOURCE], "channel_id": 1}}
    with ProviderProcess(sandbox.environment) as later:
        with pytest.raises(grpc.RpcError, match="was started under the name of this resource"):
            later.create(on_channel_1)
        later.check(renamed(task_inputs))
        later.diff(outputs, renamed(task_inputs), id_=id_)
        with pytest.raises(grpc.RpcError, match="has a speaker search task already: urn:"):
            later.create({**task_inputs, "triggers": "2"})
    assert [task["task_id"] for task in control.tasks()] == [id_]


def test_a_task_that_was_let_go_of_keeps_its_stream_and_channel_from_its_replacement(
    provider: ProviderProcess, task_inputs: Props, aws_account: AwsAccount, control: SandboxControl
) -> None:
    id_, outputs = provider.create({**task_inputs, "stop_on_delete": False})
    provider.delete(id_, outputs)
    with pytest.raises(grpc.RpcError, match=f"{id_}, which was removed from state and listens"):
        provider.create({**task_inputs, "identifier": aws_account.pipeline(), "triggers": "2"})
    assert [task["task_id"] for task in control.tasks()] == [id_]
