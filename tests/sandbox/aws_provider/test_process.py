"""The plugin process: its start, its version, its connections and its error messages."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import grpc
import psutil
import pytest
from google.protobuf import empty_pb2

from sandbox.aws_provider.property_values import to_struct
from sandbox.aws_provider.protocol import provider_pb2
from tests.sandbox.aws_provider.plugin import PROGRAM, Plugin, Start, urn
from tests.sandbox.aws_provider.ten_types import KEY, TOPIC, VIDEO_STREAM
from tests.sandbox_process import SandboxProcess


def _without_endpoint(local_aws: SandboxProcess) -> dict[str, str]:
    return {key: value for key, value in local_aws.environment.items() if key != "AWS_ENDPOINT_URL"}


def _configure_error(plugin: Plugin, **values: str) -> str:
    with pytest.raises(grpc.RpcError) as raised:
        plugin.configure(**values)
    return str(raised.value.details())


def test_it_starts_from_any_folder(start_plugin: Start, local_aws: SandboxProcess) -> None:
    assert start_plugin(local_aws.environment, Path("/")).port > 0


def test_it_starts_by_a_link_to_it(tmp_path: Path, local_aws: SandboxProcess) -> None:
    link = tmp_path / "pulumi-resource-aws"
    link.symlink_to(PROGRAM)
    with subprocess.Popen(
        [str(link)], env=local_aws.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline()
        process.terminate()
    assert int(port) > 0


def test_a_folder_called_sandbox_where_it_is_started_is_not_imported(
    tmp_path: Path, start_plugin: Start, local_aws: SandboxProcess
) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "__init__.py").write_text("raise SystemExit(1)")
    assert start_plugin(local_aws.environment, tmp_path).port > 0


def test_it_listens_on_loopback_only(plugin: Plugin) -> None:
    listening = psutil.Process(plugin.process.pid).net_connections(kind="inet")
    addresses = {one.laddr.ip for one in listening if one.status == psutil.CONN_LISTEN}
    assert {address.removeprefix("::ffff:") for address in addresses} == {"127.0.0.1"}


def test_its_output_is_the_port_and_nothing_else(start_plugin: Start, local_aws: SandboxProcess) -> None:
    plugin = start_plugin(local_aws.environment)
    plugin.configure()
    plugin.made(TOPIC)
    plugin.process.terminate()
    assert plugin.process.communicate(timeout=10) == ("", "")


def test_it_ends_when_the_engine_is_gone(local_aws: SandboxProcess) -> None:
    with subprocess.Popen(
        [str(PROGRAM), "127.0.0.1:1"], env=local_aws.environment, stdout=subprocess.DEVNULL
    ) as process:
        assert process.wait(timeout=30) == 0


def test_a_missing_environment_is_reported_on_stderr(tmp_path: Path) -> None:
    program = tmp_path / "sandbox" / "bin" / PROGRAM.name
    program.parent.mkdir(parents=True)
    program.write_bytes(PROGRAM.read_bytes())
    program.chmod(0o755)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, "make setup" in done.stderr) == (1, "", True)


def test_a_preview_does_not_pay_for_boto3(start_plugin: Start, local_aws: SandboxProcess) -> None:
    plugin = start_plugin(local_aws.environment)
    plugin.configure()
    plugin.create(TOPIC, plugin.inputs(TOPIC), preview=True)
    loaded = Path(f"/proc/{plugin.process.pid}/maps").read_text()
    assert "/ssl" not in loaded  # botocore's HTTP client is what loads it


def test_its_plugin_info_is_new_enough_and_names_the_sandbox(plugin: Plugin) -> None:
    version = plugin.stub.GetPluginInfo(empty_pb2.Empty()).version
    assert version.startswith("7.51.1+sandbox")


def test_it_needs_an_endpoint(start_plugin: Start, local_aws: SandboxProcess) -> None:
    message = _configure_error(start_plugin(_without_endpoint(local_aws)))
    assert "no local endpoint" in message
    assert "AWS_ENDPOINT_URL" in message


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.us-east-1.amazonaws.com",
        "http://169.254.169.254",
        "http://127.0.0.1.example.com:4780",
        "http://localhost@example.com",
        "http://0.0.0.0:4780",
    ],
)
def test_an_endpoint_elsewhere_is_refused(start_plugin: Start, local_aws: SandboxProcess, url: str) -> None:
    plugin = start_plugin({**local_aws.environment, "AWS_ENDPOINT_URL": url})
    assert "not on this machine" in _configure_error(plugin)


def test_one_configured_endpoint_elsewhere_is_refused(plugin: Plugin) -> None:
    answer = plugin.stub.CheckConfig(
        provider_pb2.CheckRequest(
            urn=urn("pulumi:providers:aws"), news=to_struct({"endpoints": '[{"sns": "https://example.com"}]'})
        )
    )
    assert [failure.property for failure in answer.failures] == ["endpoints"]


def test_configured_endpoints_are_used(start_plugin: Start, local_aws: SandboxProcess) -> None:
    plugin = start_plugin(_without_endpoint(local_aws))
    plugin.configure(endpoints=f'[{{"sns": "{local_aws.endpoint}"}}]')
    assert plugin.made(TOPIC)[0]


def test_a_service_without_an_endpoint_is_named(start_plugin: Start, local_aws: SandboxProcess) -> None:
    plugin = start_plugin(_without_endpoint(local_aws))
    plugin.configure(endpoints=f'[{{"sns": "{local_aws.endpoint}"}}]')
    with pytest.raises(grpc.RpcError, match="no local endpoint for kms"):
        plugin.made(KEY)


@pytest.mark.parametrize("key", ["assumeRoles", "assumeRole", "assumeRoleWithWebIdentity"])
def test_assuming_a_role_is_refused(plugin: Plugin, key: str) -> None:
    assert f"does not serve aws:{key}" in _configure_error(plugin, **{key: '[{"roleArn": "r"}]'})


def test_a_missing_region_is_reported(start_plugin: Start, local_aws: SandboxProcess) -> None:
    environment = {key: value for key, value in local_aws.environment.items() if "REGION" not in key}
    assert "no region" in _configure_error(start_plugin(environment))


def test_the_configured_region_wins(start_plugin: Start, local_aws: SandboxProcess) -> None:
    plugin = start_plugin(local_aws.environment)
    plugin.configure(region="us-west-2")
    assert ":us-west-2:" in plugin.made(TOPIC)[0]


def test_a_forbidden_account_is_refused(start_plugin: Start, local_aws: SandboxProcess) -> None:
    plugin = start_plugin(local_aws.environment)
    assert "forbiddenAccountIds" in _configure_error(plugin, forbiddenAccountIds='["123456789012"]')


def test_credentials_come_from_the_configuration(start_plugin: Start, local_aws: SandboxProcess) -> None:
    environment = {key: value for key, value in local_aws.environment.items() if "ACCESS_KEY" not in key}
    plugin = start_plugin({**environment, "HOME": "/nonexistent"})
    plugin.configure(accessKey="from-config", secretKey="from-config")
    assert plugin.made(TOPIC)[0]


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def test_credentials_of_an_explicit_provider_come_as_secrets(
    start_plugin: Start, local_aws: SandboxProcess
) -> None:
    environment = {key: value for key, value in local_aws.environment.items() if "ACCESS_KEY" not in key}
    plugin = start_plugin({**environment, "HOME": "/nonexistent"})
    plugin.configure(accessKey={**SECRET, "value": "from-program"}, secretKey={**SECRET, "value": "secret"})
    assert plugin.made(TOPIC)[0]


def test_missing_credentials_are_reported(start_plugin: Start, local_aws: SandboxProcess) -> None:
    environment = {key: value for key, value in local_aws.environment.items() if "ACCESS_KEY" not in key}
    plugin = start_plugin({**environment, "HOME": "/nonexistent"})
    plugin.configure()
    with pytest.raises(grpc.RpcError, match="has no credentials"):
        plugin.made(TOPIC)


def test_twenty_five_streams_are_made_at_once(plugin: Plugin, local_aws: SandboxProcess) -> None:
    plugin.made(VIDEO_STREAM, "warm-up")
    local_aws.control.set_latency(0.5)
    inputs = [plugin.inputs(VIDEO_STREAM, f"stream-{number}") for number in range(25)]
    threads = [threading.Thread(target=plugin.create, args=(VIDEO_STREAM, one)) for one in inputs]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One after the other they would take 25 × 2 calls × 0.5 s = 25 s.
    assert time.monotonic() - began < 12
    assert len(local_aws.control.streams()) == 26


def test_cancel_ends_a_wait(start_plugin: Start, local_aws: SandboxProcess) -> None:
    plugin = start_plugin(local_aws.environment)
    plugin.configure()
    local_aws.control.set_transitions(stream_creating_seconds=60)
    call = plugin.stub.Create.future(
        provider_pb2.CreateRequest(urn=urn(VIDEO_STREAM), properties=to_struct(plugin.inputs(VIDEO_STREAM)))
    )
    time.sleep(1.5)
    plugin.stub.Cancel(empty_pb2.Empty())
    with pytest.raises(grpc.RpcError, match="cancelled while waiting"):
        call.result(timeout=10)
