"""One local AWS and one configured plugin process for the tests of this folder, with boto3 to check results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.sandbox.aws_provider.plugin import Plugin
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="session")
def local_aws() -> Iterator[SandboxProcess]:
    with SandboxProcess() as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def _empty_account(request: pytest.FixtureRequest) -> None:
    if "local_aws" in request.fixturenames:
        local_aws: SandboxProcess = request.getfixturevalue("local_aws")
        local_aws.control.reset()


@pytest.fixture(scope="session")
def start_plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Plugin]]:
    """Start plugin processes with an environment; all are ended after the tests."""
    started: list[Plugin] = []

    def start(environment: Mapping[str, str], working_directory: Path | None = None) -> Plugin:
        plugin = Plugin(environment, working_directory or tmp_path_factory.mktemp("anywhere"))
        started.append(plugin)
        return plugin

    yield start
    for plugin in started:
        plugin.close()


@pytest.fixture(scope="session")
def configured(local_aws: SandboxProcess, start_plugin: Callable[..., Plugin]) -> Plugin:
    plugin = start_plugin(local_aws.environment)
    plugin.configure()
    return plugin


@pytest.fixture
def plugin(configured: Plugin, local_aws: SandboxProcess) -> Plugin:
    """The shared plugin, over an account that holds nothing."""
    assert local_aws.endpoint
    return configured


@pytest.fixture
def client(local_aws: SandboxProcess) -> Callable[..., Any]:
    """A boto3 client that knows nothing of the plugin."""

    def make(service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=local_aws.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="throw-away",
        )

    return make
