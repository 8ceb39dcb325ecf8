"""What the plugin does when a call fails: it names the call, and loses no resource that AWS has made."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from sandbox.aws_provider.property_values import from_struct
from sandbox.aws_provider.protocol import provider_pb2, status_pb2
from tests.sandbox.aws_provider.plugin import Plugin, Start
from tests.sandbox.aws_provider.ten_types import DOMAIN, TOPIC, VIDEO_STREAM, inputs_for
from tests.sandbox_process import SandboxProcess


def test_an_error_names_type_name_action_code_and_request(plugin: Plugin) -> None:
    plugin.made(VIDEO_STREAM, "first", name="taken")
    with pytest.raises(grpc.RpcError) as raised:
        plugin.made(VIDEO_STREAM, "second", name="taken")
    assert str(raised.value.details()).startswith(
        'creating aws:kinesis/videoStream:VideoStream "second": CreateStream answered ResourceInUseException (HTTP 400)'
    )


def test_an_error_names_the_request(plugin: Plugin) -> None:
    plugin.made(VIDEO_STREAM, "first", name="taken")
    with pytest.raises(grpc.RpcError, match=r"request id [0-9A-Za-z-]{8,}"):
        plugin.made(VIDEO_STREAM, "second", name="taken")


def test_a_local_aws_that_does_not_run_is_reported_before_any_call(
    start_plugin: Start, local_aws: SandboxProcess
) -> None:
    plugin = start_plugin({**local_aws.environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    with pytest.raises(grpc.RpcError, match=r"not running at http://127\.0\.0\.1:9: start it with"):
        plugin.configure()


def test_a_local_aws_that_ends_meanwhile_is_reported_within_seconds(start_plugin: Start) -> None:
    with SandboxProcess() as own:
        plugin = start_plugin(own.environment)
        plugin.configure()
        inputs = plugin.inputs(TOPIC)
    begun = time.monotonic()
    with pytest.raises(
        grpc.RpcError, match='creating aws:sns/topic:Topic "it": the local AWS is not running'
    ):
        plugin.create(TOPIC, inputs)
    assert time.monotonic() - begun < 20


def _init_failed(error: grpc.RpcError) -> provider_pb2.ErrorResourceInitFailed:
    metadata = {item.key: item.value for item in error.trailing_metadata()}
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    return detail


@pytest.fixture
def half_made(
    start_plugin: Start, local_aws: SandboxProcess
) -> tuple[Plugin, provider_pb2.ErrorResourceInitFailed]:
    """Create a video stream whose first description fails; return the plugin too."""
    plugin = start_plugin(local_aws.environment)
    plugin.configure(maxRetries="1")
    inputs = plugin.inputs(VIDEO_STREAM)
    local_aws.control.add_fault("service_failure", "DescribeStream", service="kinesisvideo", rate=1.0)
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VIDEO_STREAM, inputs)
    local_aws.control.clear_faults()
    return plugin, _init_failed(raised.value)


def test_a_half_made_resource_keeps_its_id(
    half_made: tuple[Plugin, provider_pb2.ErrorResourceInitFailed], local_aws: SandboxProcess
) -> None:
    assert half_made[1].id == local_aws.control.streams()[0]["stream_arn"]


def test_a_partly_created_resource_names_what_failed(
    half_made: tuple[Plugin, provider_pb2.ErrorResourceInitFailed],
) -> None:
    assert "DescribeStream answered" in half_made[1].reasons[0]


def test_a_half_made_resource_is_completed_by_the_next_update(
    half_made: tuple[Plugin, provider_pb2.ErrorResourceInitFailed],
) -> None:
    plugin, detail = half_made
    state, inputs = from_struct(detail.properties), from_struct(detail.inputs)
    assert "version" in plugin.update(VIDEO_STREAM, detail.id, state, inputs)


def test_a_half_made_resource_can_be_deleted(
    half_made: tuple[Plugin, provider_pb2.ErrorResourceInitFailed], local_aws: SandboxProcess
) -> None:
    plugin, detail = half_made
    plugin.delete(VIDEO_STREAM, detail.id, from_struct(detail.properties))
    assert local_aws.control.streams() == []


def test_a_lost_answer_makes_no_second_domain(
    plugin: Plugin, local_aws: SandboxProcess, client: Callable[[str], Any]
) -> None:
    inputs = plugin.inputs(DOMAIN, **inputs_for(plugin, DOMAIN))
    local_aws.control.add_fault("answer_lost", "CreateVoiceProfileDomain", nth=1)
    plugin.create(DOMAIN, inputs)
    assert len(client("chime-sdk-voice").list_voice_profile_domains()["VoiceProfileDomains"]) == 1


def test_throttling_is_waited_out(plugin: Plugin, local_aws: SandboxProcess) -> None:
    inputs = plugin.inputs(DOMAIN, **inputs_for(plugin, DOMAIN))
    local_aws.control.add_fault("throttle", "CreateVoiceProfileDomain", nth=1)
    assert plugin.create(DOMAIN, inputs)[0]
