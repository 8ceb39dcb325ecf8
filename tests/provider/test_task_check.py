"""What the task's provider says to inputs, over gRPC: what it lets through, what it refuses, and by what name."""

from __future__ import annotations

import pytest
from pulumi.runtime import rpc

from sandbox.control import SandboxControl
from tests.provider.provider_process import Props, ProviderProcess

SOURCE = "kinesis_video_stream_source_task_configuration"
AN_ASSET = {rpc._special_sig_key: rpc._special_asset_sig, "text": "two"}
"""A text asset, as the engine sends it."""


@pytest.mark.parametrize("unknown", ["identifier", "voice_profile_domain_arn", SOURCE, "tags"])
def test_check_lets_an_unknown_through(provider: ProviderProcess, task_inputs: Props, unknown: str) -> None:
    checked, failures = provider.check({**task_inputs, unknown: rpc.UNKNOWN})
    assert (checked[unknown], failures) == (rpc.UNKNOWN, {})


def test_check_lets_an_unknown_within_an_object_through(
    provider: ProviderProcess, task_inputs: Props
) -> None:
    source = {"stream_arn": rpc.UNKNOWN, "channel_id": 0}
    assert provider.check({**task_inputs, SOURCE: source})[1] == {}


def test_check_names_the_property_that_is_wrong(provider: ProviderProcess, task_inputs: Props) -> None:
    source = {**task_inputs[SOURCE], "channel_id": 5}
    assert next(iter(provider.check({**task_inputs, SOURCE: source})[1].values())).startswith(
        f"{SOURCE}.channel_id: "
    )


@pytest.mark.parametrize(
    ("triggers", "properties"),
    [
        ({"release": ["1", 2.0, None, True]}, []),
        (rpc.UNKNOWN, []),
        ({"release": [rpc.UNKNOWN]}, []),
        ({"release": [AN_ASSET]}, ["triggers.release[0]: "]),
    ],
)
def test_triggers_have_to_be_something_of_which_a_token_can_be_made(
    provider: ProviderProcess, task_inputs: Props, triggers: object, properties: list[str]
) -> None:
    reasons = provider.check({**task_inputs, "triggers": triggers})[1].values()
    assert len(reasons) == len(properties)
    assert all(reason.startswith(name) for reason, name in zip(reasons, properties, strict=True))


def test_what_check_refuses_never_reaches_aws(
    provider: ProviderProcess, task_inputs: Props, control: SandboxControl
) -> None:
    control.clear_calls()
    provider.check({**task_inputs, "identifier": ""})
    assert control.call_counts() == {}
