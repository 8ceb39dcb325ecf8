"""Two stacks of one Python process, inline programs of the Automation API: each in an account of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import boto3
import pytest
from pulumi import automation
from pulumi_speaker_search import MediaInsightsPipeline, SpeakerSearchTask

from reliability.account import CONSENT, Account, set_up
from sandbox.control import SandboxControl
from tests.engine.conftest import be_quick
from tests.sandbox_process import SandboxProcess

NOTHING: Mapping[str, str] = MappingProxyType({})
ACCOUNTS = {"first": "111111111111", "second": "222222222222"}


@dataclass(frozen=True)
class InlineStack:
    """A stack of this process, on what stands in its account already."""

    folder: Path
    name: str
    account: Account

    def program(self) -> None:
        (stream_arn,) = self.account.streams.values()
        pipeline = MediaInsightsPipeline(
            "search",
            media_insights_pipeline_configuration_arn=self.account.configuration_arn,
            kinesis_video_stream_source_runtime_configuration={
                "streams": [
                    {
                        "stream_arn": stream_arn,
                        "stream_channel_definition": {
                            "number_of_channels": 1,
                            "channel_definitions": [{"channel_id": 0, "participant_role": "CUSTOMER"}],
                        },
                    }
                ],
                "media_encoding": "pcm",
                "media_sample_rate": 8000,
            },
            tags=CONSENT,
        )
        SpeakerSearchTask(
            "search",
            identifier=pipeline.media_pipeline_id,
            voice_profile_domain_arn=self.account.domain_arn,
            kinesis_video_stream_source_task_configuration={"stream_arn": stream_arn, "channel_id": 0},
            tags=CONSENT,
        )

    def up(self, *, config: Mapping[str, str], environment: Mapping[str, str] = NOTHING) -> str:
        """Bring it up; what the CLI said."""
        stack = automation.create_or_select_stack(
            self.name,
            project_name="inline",
            program=self.program,
            opts=automation.LocalWorkspaceOptions(
                work_dir=str(self.folder),
                env_vars={"PULUMI_BACKEND_URL": f"file://{self.folder}", **environment},
            ),
        )
        stack.set_all_config({key: automation.ConfigValue(value) for key, value in config.items()})
        done = stack.up()
        return done.stdout + done.stderr


def _profiles(folder: Path, endpoint: str) -> Path:
    """Return a credentials file with a profile for each account, as roles of theirs."""
    sts = boto3.client(
        "sts",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="throw-away",
    )
    file = folder / "credentials"
    for name, account in ACCOUNTS.items():
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/deploy", RoleSessionName="test")
        keys = given["Credentials"]
        with file.open("a") as out:
            out.write(
                f"[{name}]\naws_access_key_id = {keys['AccessKeyId']}\n"
                f"aws_secret_access_key = {keys['SecretAccessKey']}\n"
                f"aws_session_token = {keys['SessionToken']}\n"
            )
    return file


def _clients_of(session: boto3.Session) -> Callable[..., Any]:
    def client(service: str, endpoint: str, **_options: object) -> Any:
        return session.client(service, endpoint_url=endpoint)

    return client


@pytest.fixture
def stacks(
    engine_sandbox: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, InlineStack]:
    control: SandboxControl = engine_sandbox.control
    control.reset()
    be_quick(control)
    for name in [name for name in os.environ if name.startswith(("AWS_", "PULUMI_"))]:
        monkeypatch.delenv(name)
    for name, value in engine_sandbox.environment.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(_profiles(tmp_path, engine_sandbox.endpoint)))
    made = {}
    for name in ACCOUNTS:
        folder = tmp_path / name
        folder.mkdir()
        with monkeypatch.context() as of_this_account:
            session = boto3.Session(profile_name=name, region_name="us-east-1")
            of_this_account.setattr("tests.aws_account.client", _clients_of(session))
            made[name] = InlineStack(folder, name, set_up(engine_sandbox.endpoint, 1))
    return made


def test_each_stack_waits_in_the_account_that_its_config_names(stacks: dict[str, InlineStack]) -> None:
    for name, stack in stacks.items():
        said = stack.up(config={"aws:profile": name, "aws:region": "us-east-1"})
        assert "warning" not in said
        assert "NotFound" not in said


def test_each_stack_waits_in_the_account_of_the_process_s_environment_at_that_time(
    stacks: dict[str, InlineStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, stack in stacks.items():
        monkeypatch.setenv("AWS_PROFILE", name)
        assert "warning" not in stack.up(config={"aws:region": "us-east-1"})


def test_what_only_the_engine_sees_is_not_looked_at_and_that_is_said(
    stacks: dict[str, InlineStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "first")
    said = stacks["second"].up(config={"aws:region": "us-east-1"}, environment={"AWS_PROFILE": "second"})
    assert (
        f"they are of account {ACCOUNTS['first']}, and what is asked about is in {ACCOUNTS['second']}" in said
    )
    assert "does not see `LocalWorkspaceOptions(env_vars=…)`" in said
