"""The dynamic provider as the engine runs it: `python -m pulumi.dynamic`, spoken to over gRPC, without a CLI."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import grpc
from google.protobuf import json_format, struct_pb2
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import proto
from pulumi.runtime.proto import provider_pb2_grpc
from pulumi_speaker_search.providers import EphemeralProvider

Props = dict[str, Any]
CALL_SECONDS = 60.0


def struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Properties as the engine sends them: every number a float, None a null."""
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


def plain(properties: struct_pb2.Struct) -> Props:
    return dict(json_format.MessageToDict(properties))


def blob(provider: EphemeralProvider) -> str:
    """What state holds as `__provider`."""
    return str(serialize_provider(provider))


class ProviderProcess:
    """One plugin process. `with` starts and ends it.

    `kill_engine` closes the address under which the process believes its engine to be.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._engine = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{self._engine.getsockname()[1]}"
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.dynamic", address],
            env=dict(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        port = int(self._process.stdout.readline())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def configure(self, config: Mapping[str, str]) -> None:
        """Stack config, keys with namespace."""
        self._stub.Configure(proto.ConfigureRequest(args=struct(config)), timeout=CALL_SECONDS)

    def check(self, news: Props, olds: Props | None = None) -> tuple[Props, dict[str, str]]:
        """(checked inputs, property → reason)"""
        request = proto.CheckRequest(olds=struct(olds or {}), news=struct(news))
        answer = self._stub.Check(request, timeout=CALL_SECONDS)
        return plain(answer.inputs), {failure.property: failure.reason for failure in answer.failures}

    def diff(self, olds: Props, news: Props, id_: str = "id") -> tuple[bool, list[str]]:
        """(whether anything changes, the properties that replace)"""
        request = proto.DiffRequest(id=id_, olds=struct(olds), news=struct(news))
        answer = self._stub.Diff(request, timeout=CALL_SECONDS)
        return answer.changes == proto.DiffResponse.DIFF_SOME, list(answer.replaces)

    def create(self, inputs: Props) -> tuple[str, Props]:
        answer = self._stub.Create(proto.CreateRequest(properties=struct(inputs)), timeout=CALL_SECONDS)
        return answer.id, plain(answer.properties)

    def read(self, id_: str, outputs: Props) -> tuple[str, Props]:
        request = proto.ReadRequest(id=id_, properties=struct(outputs))
        answer = self._stub.Read(request, timeout=CALL_SECONDS)
        return answer.id, plain(answer.properties)

    def update(self, id_: str, olds: Props, news: Props) -> Props:
        request = proto.UpdateRequest(id=id_, olds=struct(olds), news=struct(news))
        return plain(self._stub.Update(request, timeout=CALL_SECONDS).properties)

    def delete(self, id_: str, outputs: Props) -> None:
        self._stub.Delete(proto.DeleteRequest(id=id_, properties=struct(outputs)), timeout=CALL_SECONDS)

    def kill_engine(self) -> None:
        self._engine.close()

    def __enter__(self) -> ProviderProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()
        self._process.kill()
        self._process.communicate()
        self._engine.close()
