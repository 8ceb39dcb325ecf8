"""The task's provider over gRPC: what the engine sends, and what it gets."""

from __future__ import annotations

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import grpc
import pytest
from pulumi.runtime import rpc
from pulumi_speaker_search.lifecycle.aws_settings import ENDPOINT_KEYS

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess
from tests.sandbox_process import SandboxProcess

SOURCE = "kinesis_video_stream_source_task_configuration"
OUTPUTS = ("speaker_search_task_id", "speaker_search_task_status", "created_timestamp", "accepted_at")
LONG_AGO = "2026-01-01T00:00:00+00:00"
"""When something was accepted that AWS may be believed not to know any more."""


def named(inputs: Props, name: str) -> Props:
    """The same inputs of a resource with another URN."""
    return {**copy.deepcopy(inputs), "origin": f"{inputs['origin']}-{name}"}


def elsewhere(inputs: Props, world: AwsAccount, name: str) -> Props:
    """The same for a resource of its own, on a pipeline of its own."""
    pipeline = world.pipeline()
    source = {"stream_arn": world.stream_of(pipeline), "channel_id": 0}
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
def test_create_adds_what_aws_told(provider: ProviderProcess, task_inputs: Props, output: str) -> None:
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


def test_an_update_keeps_what_aws_told(provider: ProviderProcess, task_inputs: Props) -> None:
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


def test_read_tells_the_status_as_it_is(
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


def test_the_same_create_again_finds_the_task_of_the_first(
    provider: ProviderProcess, task_inputs: Props
) -> None:
    assert provider.create(task_inputs)[0] == provider.create(task_inputs)[0]


def test_a_create_after_the_ledger_was_lost_finds_the_task_by_its_token(
    provider: ProviderProcess, task_inputs: Props, world: AwsAccount, control: SandboxControl
) -> None:
    id_, _ = provider.create(task_inputs)
    pipeline = control.pipelines()[0]
    ours = [key for key in pipeline["tags"] if key.startswith("speaker-search:")]
    world.media.untag_resource(ResourceARN=pipeline["pipeline_arn"], TagKeys=ours)
    assert provider.create(task_inputs)[0] == id_


def test_creates_of_one_resource_at_once_start_one_task(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = {made[0] for made in pool.map(provider.create, [task_inputs] * 4)}
    assert ids == {task["task_id"] for task in control.tasks(ended=True)}


def test_creates_of_many_resources_at_once_start_one_task_each(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl, world: AwsAccount
) -> None:
    searches = [elsewhere(task_inputs, world, str(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ids = {made[0] for made in pool.map(provider.create, searches)}
    assert ids == {task["task_id"] for task in control.tasks()}
    assert len(ids) == 8


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
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl, world: AwsAccount
) -> None:
    id_, _ = provider.create(task_inputs)
    other = {**named(task_inputs, "another"), "identifier": world.pipeline()}
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
    sandbox: SandboxProcess, task_inputs: Props, world: AwsAccount, control: SandboxControl
) -> None:
    with ProviderProcess(sandbox.environment) as earlier:
        id_, outputs = earlier.create(task_inputs)
    with ProviderProcess(sandbox.environment) as later:
        later.check(task_inputs)
        later.diff(outputs, task_inputs, id_=id_)
        with pytest.raises(grpc.RpcError, match="has a speaker search task already: urn:"):
            later.create({**named(task_inputs, "another"), "identifier": world.pipeline()})


def test_a_task_that_the_program_does_not_declare_any_more_holds_nothing_back(
    sandbox: SandboxProcess, task_inputs: Props, world: AwsAccount, control: SandboxControl
) -> None:
    with ProviderProcess(sandbox.environment) as earlier:
        id_, outputs = earlier.create(task_inputs)
    with ProviderProcess(sandbox.environment) as later:
        later.diff(outputs, task_inputs, id_=id_)  # the engine asks of what it is going to delete, too
        with pytest.raises(grpc.RpcError, match="StreamArn"):  # refused by AWS, which was asked
            later.create({**named(task_inputs, "another"), "identifier": world.pipeline()})


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
    provider: ProviderProcess, task_inputs: Props, world: AwsAccount, control: SandboxControl
) -> None:
    id_, outputs = provider.create({**task_inputs, "stop_on_delete": False})
    provider.delete(id_, outputs)
    with pytest.raises(grpc.RpcError, match=f"{id_}, which was removed from state and listens"):
        provider.create({**task_inputs, "identifier": world.pipeline(), "triggers": "2"})
    assert [task["task_id"] for task in control.tasks()] == [id_]


def test_a_token_of_ones_own_that_is_used_up_is_named(provider: ProviderProcess, task_inputs: Props) -> None:
    own = {**task_inputs, "client_request_token": "mine-1"}
    provider.delete(*provider.create(own))
    with pytest.raises(grpc.RpcError, match="Give another `client_request_token`"):
        provider.create({**own, "triggers": "2"})


def test_deletes_of_one_resource_at_once_all_succeed(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    made = provider.create(task_inputs)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: provider.delete(*made), range(4)))
    assert control.tasks() == []


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
