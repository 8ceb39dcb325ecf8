"""The plugin's lines in the engine's log, received by a log service."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2

from sandbox.aws_provider.protocol import engine_pb2, engine_pb2_grpc
from tests.sandbox.aws_provider.plugin import Plugin, urn
from tests.sandbox.aws_provider.ten_types import CONFIGURATION, DOMAIN, KEY, inputs_for
from tests.sandbox_process import SandboxProcess


class EngineLog(engine_pb2_grpc.EngineServicer):
    """Record what the stand-in logs."""

    def __init__(self) -> None:
        self.requests: list[engine_pb2.LogRequest] = []

    def Log(self, request: Any, context: Any) -> Any:
        self.requests.append(request)
        return empty_pb2.Empty()

    def warnings(self) -> list[engine_pb2.LogRequest]:
        return [one for one in self.requests if one.severity == engine_pb2.WARNING]


@pytest.fixture
def engine() -> Iterator[tuple[EngineLog, str]]:
    log, server = EngineLog(), grpc.server(ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(log, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield log, f"127.0.0.1:{port}"
    server.stop(grace=None).wait()


@pytest.fixture
def logging_plugin(
    engine: tuple[EngineLog, str], local_aws: SandboxProcess, tmp_path: Path
) -> Iterator[Plugin]:
    plugin = Plugin(local_aws.environment, tmp_path, engine[1])
    plugin.configure(accessKey="AKIA-SECRET-ID", secretKey="very-secret")
    yield plugin
    plugin.close()


def _update(plugin: Plugin, type_: str, change: dict[str, Any]) -> None:
    written = inputs_for(plugin, type_)
    id_, inputs, state = plugin.made(type_, **written)
    plugin.update(type_, id_, state, plugin.check(type_, {**written, **change}, olds=inputs)[0])


def test_one_line_names_the_stand_in(logging_plugin: Plugin, engine: tuple[EngineLog, str]) -> None:
    assert logging_plugin.port
    assert [("sandbox stand-in" in one.message) for one in engine[0].requests] == [True]


def test_that_line_is_not_shown_on_every_run(logging_plugin: Plugin, engine: tuple[EngineLog, str]) -> None:
    assert logging_plugin.port
    assert engine[0].requests[0].severity == engine_pb2.DEBUG


def test_no_credential_is_logged(logging_plugin: Plugin, engine: tuple[EngineLog, str]) -> None:
    logging_plugin.made(KEY)
    assert not [one for one in engine[0].requests if "SECRET" in one.message.upper()]


def test_a_new_key_of_a_domain_is_warned_of(logging_plugin: Plugin, engine: tuple[EngineLog, str]) -> None:
    other = logging_plugin.made(KEY, "other")[2]["arn"]
    _update(logging_plugin, DOMAIN, {"serverSideEncryptionConfiguration": {"kmsKeyArn": other}})
    assert [one.urn for one in engine[0].warnings()] == [urn(DOMAIN)]


def test_a_cleared_description_of_a_domain_is_warned_of(
    logging_plugin: Plugin, engine: tuple[EngineLog, str]
) -> None:
    _update(logging_plugin, DOMAIN, {"description": ""})
    assert "never clears" in engine[0].warnings()[0].message


def test_a_new_name_of_a_configuration_is_warned_of(
    logging_plugin: Plugin, engine: tuple[EngineLog, str]
) -> None:
    _update(logging_plugin, CONFIGURATION, {"name": "other"})
    assert "can't be renamed" in engine[0].warnings()[0].message


def test_an_ordinary_update_is_not_warned_of(logging_plugin: Plugin, engine: tuple[EngineLog, str]) -> None:
    _update(logging_plugin, DOMAIN, {"name": "other"})
    assert engine[0].warnings() == []
