"""The provider of voice tone analyses over gRPC, and what the local AWS has afterwards."""

from __future__ import annotations

import copy

import grpc
import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_speaker_search.providers import VoiceToneAnalysisTaskProvider

from sandbox.control import SandboxControl
from tests.provider.provider_process import Props, ProviderProcess

PROVIDER = "__provider"


@pytest.fixture
def tone_inputs(task_inputs: Props) -> Props:
    """The recorded search's inputs, as a voice tone analysis has them."""
    inputs: Props = copy.deepcopy(task_inputs)
    del inputs["voice_profile_domain_arn"]
    inputs["language_code"] = "en-US"
    inputs["origin"] = inputs["origin"].replace("SpeakerSearchTask", "VoiceToneAnalysisTask")
    inputs[PROVIDER] = serialize_provider(VoiceToneAnalysisTaskProvider())
    return inputs


def kinds(control: SandboxControl) -> list[str]:
    return [task["kind"] for task in control.tasks()]


def test_create_starts_a_voice_tone_analysis(
    provider: ProviderProcess, tone_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(tone_inputs)
    assert kinds(control) == ["VoiceToneAnalysisTask"]
    assert outputs["voice_tone_analysis_task_id"] == id_


def test_a_search_and_an_analysis_listen_to_one_channel(
    provider: ProviderProcess, task_inputs: Props, tone_inputs: Props, control: SandboxControl
) -> None:
    provider.create(task_inputs)
    provider.create(tone_inputs)
    assert sorted(kinds(control)) == ["SpeakerSearchTask", "VoiceToneAnalysisTask"]


def test_another_language_is_refused_before_any_call(provider: ProviderProcess, tone_inputs: Props) -> None:
    _, failures = provider.check({**tone_inputs, "language_code": "de-DE"})
    assert any("language_code" in reason for reason in failures.values())


def test_without_consent_nothing_starts(
    provider: ProviderProcess, tone_inputs: Props, control: SandboxControl
) -> None:
    with pytest.raises(grpc.RpcError, match="consent"):
        provider.create({**tone_inputs, "tags": {}})
    assert kinds(control) == []


def test_delete_stops_it(provider: ProviderProcess, tone_inputs: Props, control: SandboxControl) -> None:
    id_, outputs = provider.create(tone_inputs)
    provider.delete(id_, outputs)
    assert kinds(control) == []


def test_read_reports_its_status(provider: ProviderProcess, tone_inputs: Props) -> None:
    id_, outputs = provider.create(tone_inputs)
    _, read = provider.read(id_, outputs)
    assert read["voice_tone_analysis_task_status"] == "InProgress"
