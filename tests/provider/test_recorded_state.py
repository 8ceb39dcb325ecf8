"""State that release 0.1.0 wrote: its pickles load, and what they stand for can be read, compared and ended."""

from __future__ import annotations

import base64
import copy
import subprocess
import sys
from typing import Any

import pytest
from pulumi_speaker_search.providers import EphemeralProvider, PipelineProvider, TaskProvider

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess, blob

Recorded = dict[str, dict[str, Any]]
RESOURCES = ("SpeakerSearchTask", "MediaInsightsPipeline")
ADDED_LATER = ("accepted_at", "ledger", "origin", "recreate_when_ended", "stop_on_delete", "timeout_seconds")
"""Properties that a state may lack: none of them is needed to read or end what it stands for."""


@pytest.mark.parametrize(
    ("resource", "provider"),
    [("SpeakerSearchTask", TaskProvider), ("MediaInsightsPipeline", PipelineProvider)],
)
def test_todays_blob_is_the_recorded_one(
    recorded: Recorded, resource: str, provider: type[EphemeralProvider]
) -> None:
    assert blob(provider()) == recorded[resource]["outputs"]["__provider"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_blob_stays_under_a_hundred_bytes(recorded: Recorded, resource: str) -> None:
    assert len(base64.b64decode(recorded[resource]["outputs"]["__provider"])) < 100


@pytest.mark.parametrize("resource", RESOURCES)
def test_recorded_inputs_and_outputs_show_no_difference(
    provider: ProviderProcess, recorded: Recorded, resource: str
) -> None:
    assert provider.diff(recorded[resource]["outputs"], recorded[resource]["inputs"]) == (False, [])


@pytest.mark.parametrize("resource", RESOURCES)
def test_recorded_inputs_are_still_right(
    provider: ProviderProcess, recorded: Recorded, resource: str
) -> None:
    assert provider.check(recorded[resource]["inputs"], recorded[resource]["inputs"])[1] == {}


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_gone_by_now_is_read_as_gone(
    provider: ProviderProcess, recorded: Recorded, resource: str
) -> None:
    id_, outputs = recorded[resource]["id"], recorded[resource]["outputs"]
    read_id, read = provider.read(id_, outputs)
    assert (read_id, read["outcome"]) == (id_, "gone")


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_was_read_as_gone_makes_no_difference(
    provider: ProviderProcess, recorded: Recorded, resource: str
) -> None:
    _, read = provider.read(recorded[resource]["id"], recorded[resource]["outputs"])
    assert provider.diff(read, recorded[resource]["inputs"]) == (False, [])


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_gone_by_now_can_be_deleted(
    provider: ProviderProcess, recorded: Recorded, control: SandboxControl, resource: str
) -> None:
    provider.delete(recorded[resource]["id"], recorded[resource]["outputs"])
    assert "StartSpeakerSearchTask" not in control.call_counts()


def recorded_task(recorded: Recorded, aws_account: AwsAccount) -> tuple[str, Props]:
    """A task that runs, with the recorded state of one."""
    pipeline, domain = aws_account.pipeline(), aws_account.domain()
    outputs: Props = copy.deepcopy(recorded["SpeakerSearchTask"]["outputs"])
    task = aws_account.task(pipeline, domain)
    return task, {**outputs, "identifier": pipeline, "voice_profile_domain_arn": domain}


def without_later_properties(outputs: Props) -> Props:
    return {name: value for name, value in outputs.items() if name not in ADDED_LATER}


def test_a_task_of_a_recorded_state_is_read(
    provider: ProviderProcess, recorded: Recorded, aws_account: AwsAccount
) -> None:
    id_, outputs = recorded_task(recorded, aws_account)
    assert provider.read(id_, outputs)[1]["speaker_search_task_status"] == "InProgress"


def test_a_task_of_a_recorded_state_is_stopped(
    provider: ProviderProcess, recorded: Recorded, aws_account: AwsAccount, control: SandboxControl
) -> None:
    provider.delete(*recorded_task(recorded, aws_account))
    assert control.tasks() == []


def test_a_task_of_a_state_that_lacks_later_properties_is_read(
    provider: ProviderProcess, recorded: Recorded, aws_account: AwsAccount
) -> None:
    id_, outputs = recorded_task(recorded, aws_account)
    assert provider.read(id_, without_later_properties(outputs))[0] == id_


def test_a_task_of_a_state_that_lacks_later_properties_is_stopped(
    provider: ProviderProcess, recorded: Recorded, aws_account: AwsAccount, control: SandboxControl
) -> None:
    id_, outputs = recorded_task(recorded, aws_account)
    provider.delete(id_, without_later_properties(outputs))
    assert control.tasks() == []


def test_the_provider_process_loads_neither_pulumi_aws_nor_the_components() -> None:
    seen = subprocess.run(
        [sys.executable, "-c", "import sys, pulumi_speaker_search.providers; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    unwanted = (
        "pulumi_aws",
        "pulumi_speaker_search.components.speaker_search",
        "pulumi_speaker_search.components.voice_analytics",
    )
    assert not set(unwanted) & set(seen)
