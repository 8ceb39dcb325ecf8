"""The stand-in as the engine uses it: a process found by its name and called over gRPC."""

from __future__ import annotations

import pathlib
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

import grpc

from sandbox.aws_provider.property_values import from_struct, to_struct
from sandbox.aws_provider.protocol import provider_pb2, provider_pb2_grpc

PROGRAM = pathlib.Path(__file__).resolve().parents[3] / "sandbox" / "bin" / "pulumi-resource-aws"


class Plugin:
    """A plugin process, configured, with the engine's calls as methods over plain dicts."""

    def __init__(
        self, environment: Mapping[str, str], working_directory: pathlib.Path, engine_address: str = ""
    ) -> None:
        self.process = subprocess.Popen(
            [str(PROGRAM), *([engine_address] if engine_address else [])],
            cwd=working_directory,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def configure(self, **values: Any) -> Any:
        return self.stub.Configure(provider_pb2.ConfigureRequest(args=to_struct(values)))

    def check(
        self, type_: str, news: Mapping[str, Any], *, olds: Mapping[str, Any] | None = None, name: str = "it"
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return checked inputs, and the reasons of failures by property."""
        answer = self.stub.Check(
            provider_pb2.CheckRequest(
                urn=urn(type_, name), olds=to_struct(olds or {}), news=to_struct(news), randomSeed=b"seed"
            )
        )
        return from_struct(answer.inputs), {one.property: one.reason for one in answer.failures}

    def inputs(self, type_: str, name: str = "it", /, **news: Any) -> dict[str, Any]:
        """Return checked inputs, which must have no failures."""
        inputs, failures = self.check(type_, news, name=name)
        assert failures == {}
        return inputs

    def diff(
        self, type_: str, olds: Mapping[str, Any], news: Mapping[str, Any], ignored: tuple[str, ...] = ()
    ) -> Any:
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id="id", urn=urn(type_), olds=to_struct(olds), news=to_struct(news), ignoreChanges=ignored
            )
        )

    def create(
        self, type_: str, inputs: Mapping[str, Any], *, preview: bool = False, name: str = "it"
    ) -> tuple[str, dict[str, Any]]:
        answer = self.stub.Create(
            provider_pb2.CreateRequest(urn=urn(type_, name), properties=to_struct(inputs), preview=preview)
        )
        return answer.id, from_struct(answer.properties)

    def made(
        self, type_: str, name: str = "it", /, **news: Any
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Check and create a resource; return id, inputs and outputs."""
        inputs = self.inputs(type_, name, **news)
        id_, outputs = self.create(type_, inputs, name=name)
        return id_, inputs, outputs

    def read(
        self,
        type_: str,
        id_: str,
        state: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Return id (empty if it is gone), outputs and inputs. Without a state it is an import."""
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                id=id_, urn=urn(type_), properties=to_struct(state or {}), inputs=to_struct(inputs or {})
            )
        )
        return answer.id, from_struct(answer.properties), from_struct(answer.inputs)

    def update(
        self,
        type_: str,
        id_: str,
        olds: Mapping[str, Any],
        news: Mapping[str, Any],
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=id_, urn=urn(type_), olds=to_struct(olds), news=to_struct(news), preview=preview
            )
        )
        return from_struct(answer.properties)

    def delete(self, type_: str, id_: str, state: Mapping[str, Any]) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(id=id_, urn=urn(type_), properties=to_struct(state)))

    def invoke(self, token: str, **args: Any) -> dict[str, Any]:
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=to_struct(args)))
        return from_struct(getattr(answer, "return"))

    def close(self) -> None:
        """End the process; what it wrote after its port is returned by `process.communicate`."""
        self._channel.close()
        self.process.terminate()
        self.process.communicate(timeout=10)


def urn(type_: str, name: str = "it") -> str:
    """Return a URN in the engine's form."""
    return f"urn:pulumi:stack::project::{type_}::{name}"


def kinds(diff: Any) -> dict[str, str]:
    """Return a diff's detailed paths with the engine's name of each change."""
    return {path: provider_pb2.PropertyDiff.Kind.Name(one.kind) for path, one in diff.detailedDiff.items()}


Start = Callable[..., Plugin]
"""Starts a plugin in an environment."""
