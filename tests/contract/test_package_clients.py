"""The package's own clients against the sandbox: endpoints, credentials and an assumed role."""

from __future__ import annotations

import pytest
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, client

from tests.sandbox_process import SandboxProcess

OTHER_ACCOUNT = "222222222222"


@pytest.fixture
def settings(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> AwsSettings:
    for name, value in sandbox.environment.items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return AwsSettings(region="us-west-2", access_key="AKIATEST", secret_key="throw-away")


def test_an_assumed_role_s_credentials_are_used(sandbox: SandboxProcess, settings: AwsSettings) -> None:
    role = (("RoleArn", f"arn:aws:iam::{OTHER_ACCOUNT}:role/chime"), ("RoleSessionName", "test"))
    assumed = AwsSettings(
        region=settings.region,
        access_key=settings.access_key,
        secret_key=settings.secret_key,
        assume_role=role,
        endpoints=(("sts", sandbox.endpoint),),
    )
    assert client(assumed, "sts").get_caller_identity()["Account"] == OTHER_ACCOUNT


def test_the_region_of_the_settings_is_the_client_s(settings: AwsSettings) -> None:
    assert client(settings, "chime-sdk-media-pipelines").meta.region_name == "us-west-2"


def test_a_client_is_made_once_for_equal_settings(settings: AwsSettings) -> None:
    made = client(settings, "chime-sdk-media-pipelines")
    again = client(settings.in_region("us-west-2"), "chime-sdk-media-pipelines")
    assert again is made


def test_botocore_s_own_retries_are_off(settings: AwsSettings) -> None:
    made = client(settings, "chime-sdk-media-pipelines")
    assert made.meta.config.retries["total_max_attempts"] == 1
