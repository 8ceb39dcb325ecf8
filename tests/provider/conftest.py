"""One sandbox and one provider process for all provider tests; the account is emptied before each of them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess
from tests.sandbox_process import IMMEDIATE, SandboxProcess

RECORDED = Path(__file__).parent / "recorded" / "state-0.1.0.json"


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture(scope="session")
def shared_provider(sandbox: SandboxProcess) -> Iterator[ProviderProcess]:
    with ProviderProcess(sandbox.environment) as process:
        yield process


@pytest.fixture
def control(sandbox: SandboxProcess) -> SandboxControl:
    """Statuses follow one another at once, and everybody speaks: a search runs for its 20 s."""
    sandbox.control.reset()
    sandbox.control.set_switches(new_streams_receive_media=True)
    sandbox.control.set_transitions(**IMMEDIATE)
    return sandbox.control


@pytest.fixture
def provider(shared_provider: ProviderProcess, control: SandboxControl) -> ProviderProcess:
    return shared_provider


@pytest.fixture(scope="session")
def shared_aws_account(sandbox: SandboxProcess) -> AwsAccount:
    return AwsAccount(sandbox.endpoint)  # its clients take half a second to make


@pytest.fixture
def aws_account(shared_aws_account: AwsAccount, control: SandboxControl) -> AwsAccount:
    return shared_aws_account


@pytest.fixture(scope="session")
def recorded() -> dict[str, dict[str, Any]]:
    """State as release 0.1.0 wrote it: resource type → urn, id, inputs, outputs."""
    return dict(json.loads(RECORDED.read_text(encoding="utf-8")))


@pytest.fixture
def task_inputs(recorded: dict[str, dict[str, Any]], aws_account: AwsAccount) -> Props:
    """The recorded task's inputs, on a pipeline that runs."""
    inputs: Props = copy.deepcopy(recorded["SpeakerSearchTask"]["inputs"])
    pipeline = aws_account.pipeline()
    inputs["identifier"] = pipeline
    inputs["voice_profile_domain_arn"] = aws_account.domain()
    inputs["kinesis_video_stream_source_task_configuration"] = {
        "stream_arn": aws_account.stream_of(pipeline),
        "channel_id": 0,
    }
    return inputs


@pytest.fixture
def pipeline_inputs(recorded: dict[str, dict[str, Any]], aws_account: AwsAccount) -> Props:
    """The recorded pipeline's inputs, with a configuration and a stream that are there."""
    inputs: Props = copy.deepcopy(recorded["MediaInsightsPipeline"]["inputs"])
    inputs["media_insights_pipeline_configuration_arn"] = aws_account.configuration()
    source = inputs["kinesis_video_stream_source_runtime_configuration"]
    source["streams"][0]["stream_arn"] = aws_account.stream()
    return inputs
