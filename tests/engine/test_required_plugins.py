"""Which plugins the Python host believes this project to need: one that is not there costs a look on every command."""

from __future__ import annotations

import shutil
import subprocess

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from sandbox.environment import ROOT
from tests.sandbox_process import SandboxProcess


def test_only_that_of_aws(engine_sandbox: SandboxProcess) -> None:
    environment = dict(engine_sandbox.environment)
    program = shutil.which("pulumi-language-python", path=environment["PATH"])
    assert program
    options = struct_pb2.Struct()
    options.update({"virtualenv": str(ROOT / ".venv")})
    info = language_pb2.ProgramInfo(
        root_directory=str(ROOT), program_directory=str(ROOT), entry_point=".", options=options
    )
    host = subprocess.Popen([program], stdout=subprocess.PIPE, text=True, env=environment)
    assert host.stdout
    try:
        with grpc.insecure_channel(f"127.0.0.1:{host.stdout.readline().strip()}") as channel:
            asked = language_pb2.GetRequiredPluginsRequest(info=info)
            plugins = language_pb2_grpc.LanguageRuntimeStub(channel).GetRequiredPlugins(asked).plugins
    finally:
        host.kill()
        host.wait()
        host.stdout.close()
    assert [plugin.name for plugin in plugins] == ["aws"]
