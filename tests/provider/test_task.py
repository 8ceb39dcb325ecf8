"""The task's provider over gRPC: what the engine sends, and what it gets."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import grpc
import pytest
from pulumi.runtime import rpc
from pulumi_speaker_search.lifecycle.aws_settings import ENDPOINT_KEYS

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.declared_tasks import LONG_AGO, SOURCE, named
from tests.provider.provider_process import Props, ProviderProcess
from tests.sandbox_process import SandboxProcess

OUTPUTS = ("speaker_search_task_id", "speaker_search_task_status", "created_timestamp", "accepted_at")


def elsewhere(inputs: Props, aws_account: AwsAccount, name: str) -> Props:
    """The same for a resource of its own, on a pipeline of its own."""
    pipeline = aws_account.pipeline()
    source = {"stream_arn": aws_account.stream_of(pipeline), "channel_id": 0}
    return {**named(inputs, name), "identifier": pipeline, SOURCE: source}


def test_create_answers_with_the_id_of_the_task_that_runs(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, _ = provider.create(task_inputs)
    assert [task["task_id"] for task in control.tasks()] == [id_]


def test_create_echoes_every_input(provider: ProviderProcess, task_inputs: Props) -> None:
    _, outputs = provider.create(task_inputs)
    assert {name: outputs[name] for name in task_inputs} == task_inputs


@pytest.mark.parametrize("output", OUTPUTS)
def test_create_adds_what_aws_returned(provider: ProviderProcess, task_inputs: Props, output: str) -> None:
    assert provider.create(task_inputs)[1][output]


def test_times_are_iso_8601_with_a_time_zone(provider: ProviderProcess, task_inputs: Props) -> None:
    _, outputs = provider.create(task_inputs)
    assert datetime.fromisoformat(outputs["created_timestamp"]).tzinfo is not None


def test_a_float_of_the_engine_is_a_whole_number_for_aws(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    provider.create(task_inputs)
    channel = control.tasks()[0]["request"]["KinesisVideoStreamSourceTaskConfiguration"]["ChannelId"]
    assert (channel, type(channel)) == (0, int)


def test_an_input_that_is_null_is_one_that_is_not_there(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    nulls = dict.fromkeys(("region", "adopt", "client_request_token", "speaker_search_task_id"))
    provider.create({**task_inputs, **nulls})
    assert len(control.tasks()) == 1


def test_outputs_hold_no_null(provider: ProviderProcess, task_inputs: Props) -> None:
    _, outputs = provider.create({**task_inputs, "region": None})
    assert None not in outputs.values()


def test_a_declaration_that_did_not_change_shows_no_difference(
    provider: ProviderProcess, task_inputs: Props
) -> None:
    _, outputs = provider.create(task_inputs)
    assert provider.diff(outputs, task_inputs) == (False, [])


def test_an_identifier_that_a_preview_does_not_know_replaces(
    provider: ProviderProcess, task_inputs: Props
) -> None:
    _, outputs = provider.create(task_inputs)
    assert provider.diff(outputs, {**task_inputs, "identifier": rpc.UNKNOWN}) == (True, ["identifier"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("triggers", "1"),
        ("region", "us-west-2"),
        ("client_request_token", "mine-1"),
        ("adopt", "another"),
    ],
)
def test_a_change_of_what_is_asked_of_aws_replaces(
    provider: ProviderProcess, task_inputs: Props, name: str, value: object
) -> None:
    _, outputs = provider.create(task_inputs)
    assert provider.diff(outputs, {**task_inputs, name: value}) == (True, [name])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timeout_seconds", {"create": 5}),
        ("ledger", False),
        ("stop_on_delete", False),
        ("tags", {"team": "voice"}),
        ("listen", False),
    ],
)
def test_a_change_of_how_it_is_handled_is_made_in_place(
    provider: ProviderProcess, task_inputs: Props, name: str, value: object
) -> None:
    _, outputs = provider.create(task_inputs)
    assert provider.diff(outputs, {**task_inputs, name: value}) == (True, [])


def test_an_update_keeps_what_aws_returned(provider: ProviderProcess, task_inputs: Props) -> None:
    id_, outputs = provider.create(task_inputs)
    updated = provider.update(id_, outputs, {**task_inputs, "timeout_seconds": {"create": 5}})
    assert {name: updated[name] for name in OUTPUTS} == {name: outputs[name] for name in OUTPUTS}


def test_an_update_drops_an_input_that_is_not_set_any_more(
    provider: ProviderProcess, task_inputs: Props
) -> None:
    id_, outputs = provider.create(task_inputs)
    news = {name: value for name, value in task_inputs.items() if name != "timeout_seconds"}
    updated = provider.update(id_, outputs, news)
    assert provider.diff(updated, news) == (False, [])


def test_a_task_that_ended_is_not_replaced_by_itself(provider: ProviderProcess, task_inputs: Props) -> None:
    _, outputs = provider.create(task_inputs)
    ended = {**outputs, "speaker_search_task_status": "Stopped"}
    assert provider.diff(ended, task_inputs) == (False, [])


def test_a_task_that_ended_is_not_replaced_by_the_switch_that_older_state_holds(
    provider: ProviderProcess, task_inputs: Props
) -> None:
    _, outputs = provider.create(task_inputs)
    ended = {**outputs, "speaker_search_task_status": "Stopped", "recreate_when_ended": True}
    assert provider.diff(ended, task_inputs)[1] == []


@pytest.mark.parametrize(
    "change", [{"consent:expires": "2020-01-01"}, {"consent:status": "withdrawn"}], ids=["over", "withdrawn"]
)
def test_an_update_to_a_consent_that_does_not_hold_stops_the_task(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl, change: dict[str, str]
) -> None:
    id_, outputs = provider.create(task_inputs)
    provider.update(id_, outputs, {**task_inputs, "tags": {**task_inputs["tags"], **change}})
    assert control.tasks() == []


def test_an_update_that_does_not_listen_stops_the_task(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(task_inputs)
    updated = provider.update(id_, outputs, {**task_inputs, "listen": False})
    assert (control.tasks(), updated["outcome"]) == ([], "ended")


def test_a_create_that_does_not_listen_starts_nothing(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, _ = provider.create({**task_inputs, "listen": False})
    assert (control.tasks(ended=True), id_) == ([], "not-started")


def test_read_returns_the_present_status(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(task_inputs)
    control.force_status(id_, "Failed")
    assert provider.read(id_, outputs)[1]["speaker_search_task_status"] == "Failed"


def test_a_task_that_aws_does_not_know_any_more_stays_in_state_as_gone(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(task_inputs)
    control.set_switches(results_of_gone_pipeline="not_found")
    control.force_status(task_inputs["identifier"], "Gone")
    read_id, read = provider.read(id_, {**outputs, "accepted_at": LONG_AGO})
    assert (read_id, read["outcome"]) == (id_, "gone")


def test_the_same_create_again_finds_the_task_of_the_first(
    provider: ProviderProcess, task_inputs: Props
) -> None:
    assert provider.create(task_inputs)[0] == provider.create(task_inputs)[0]


def test_a_create_after_the_ledger_was_lost_finds_the_task_by_its_token(
    provider: ProviderProcess, task_inputs: Props, aws_account: AwsAccount, control: SandboxControl
) -> None:
    id_, _ = provider.create(task_inputs)
    pipeline = control.pipelines()[0]
    ours = [key for key in pipeline["tags"] if key.startswith("speaker-search:")]
    aws_account.media.untag_resource(ResourceARN=pipeline["pipeline_arn"], TagKeys=ours)
    assert provider.create(task_inputs)[0] == id_


def test_creates_of_one_resource_at_once_start_one_task(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = {made[0] for made in pool.map(provider.create, [task_inputs] * 4)}
    assert ids == {task["task_id"] for task in control.tasks(ended=True)}


def test_creates_of_many_resources_at_once_start_one_task_each(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl, aws_account: AwsAccount
) -> None:
    searches = [elsewhere(task_inputs, aws_account, str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ids = {made[0] for made in pool.map(provider.create, searches)}
    assert ids == {task["task_id"] for task in control.tasks()}
    assert len(ids) == 8


def test_a_token_of_ones_own_that_is_used_up_is_named(provider: ProviderProcess, task_inputs: Props) -> None:
    own = {**task_inputs, "client_request_token": "mine-1"}
    provider.delete(*provider.create(own))
    with pytest.raises(grpc.RpcError, match="Give another `client_request_token`"):
        provider.create({**own, "triggers": "2"})


def test_an_error_is_a_sentence_and_no_traceback(provider: ProviderProcess, task_inputs: Props) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        provider.create({**task_inputs, "tags": {}})
    assert str(caught.value.details()).startswith("could not start speaker search task")


def test_an_engine_that_is_gone_gets_no_new_task(
    sandbox: SandboxProcess, task_inputs: Props, control: SandboxControl
) -> None:
    with ProviderProcess(sandbox.environment) as orphan:
        orphan.kill_engine()
        with pytest.raises(grpc.RpcError, match="Pulumi engine has exited"):
            orphan.create(task_inputs)
    assert control.tasks() == []


def test_endpoints_of_the_stack_config_are_used(
    sandbox: SandboxProcess, task_inputs: Props, control: SandboxControl
) -> None:
    nowhere = {**sandbox.environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    with ProviderProcess(nowhere) as configured:
        configured.configure(
            {
                "aws:endpoints": json.dumps([dict.fromkeys(ENDPOINT_KEYS.values(), sandbox.endpoint)]),
                "aws:region": "us-east-1",
            }
        )
        configured.create(task_inputs)
    assert len(control.tasks()) == 1
