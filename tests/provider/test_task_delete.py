"""Deleting a task stops it, takes it off the ledger, and can be repeated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from sandbox.control import SandboxControl
from tests.provider.declared_tasks import LONG_AGO
from tests.provider.provider_process import Props, ProviderProcess


def test_delete_stops_the_task(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    provider.delete(*provider.create(task_inputs))
    assert control.tasks() == []


def test_delete_takes_the_entry_off_the_ledger(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    provider.delete(*provider.create(task_inputs))
    assert not [key for key in control.pipelines()[0]["tags"] if key.startswith("speaker-search:")]


def test_delete_can_be_asked_twice(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    made = provider.create(task_inputs)
    provider.delete(*made)
    provider.delete(*made)
    assert control.tasks() == []


def test_delete_is_harmless_where_the_pipeline_is_gone(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(task_inputs)
    control.force_status(task_inputs["identifier"], "Gone")
    provider.delete(id_, {**outputs, "accepted_at": LONG_AGO})
    assert control.tasks() == []


def test_a_task_that_was_accepted_a_moment_ago_is_not_believed_to_be_gone(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(task_inputs)
    control.set_switches(results_of_gone_pipeline="not_found")
    control.force_status(task_inputs["identifier"], "Gone")
    with pytest.raises(grpc.RpcError, match="may still listen"):
        provider.delete(id_, {**outputs, "timeout_seconds": {"delete": 4}})


def test_delete_lets_go_of_a_task_where_that_is_wanted(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create({**task_inputs, "stop_on_delete": False})
    provider.delete(id_, outputs)
    assert [task["task_id"] for task in control.tasks()] == [id_]


def test_deletes_of_one_resource_at_once_all_succeed(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    made = provider.create(task_inputs)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: provider.delete(*made), range(4)))
    assert control.tasks() == []
