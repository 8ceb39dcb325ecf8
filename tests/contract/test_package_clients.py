"""The package's own clients against the sandbox: endpoints, credentials and an assumed role."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, client
from pulumi_speaker_search.lifecycle.errors import AccountMismatchError

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


def with_account_rules(settings: AwsSettings, **rules: tuple[str, ...] | str) -> AwsSettings:
    return replace(settings, **rules)  # type: ignore[arg-type] # by name


def own_account(settings: AwsSettings) -> str:
    return str(client(settings, "sts").get_caller_identity()["Account"])


def test_an_allowed_account_is_served(settings: AwsSettings) -> None:
    ruled = with_account_rules(settings, allowed_account_ids=(own_account(settings),))
    assert client(ruled, "chime-sdk-media-pipelines") is not None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"allowed_account_ids": (OTHER_ACCOUNT,)}, "is not among aws:allowedAccountIds"),
        ({"account_id": OTHER_ACCOUNT}, f"what is asked about is in {OTHER_ACCOUNT}"),
    ],
)
def test_another_account_is_refused_before_the_first_call(
    settings: AwsSettings, rule: dict[str, tuple[str, ...] | str], words: str
) -> None:
    with pytest.raises(AccountMismatchError, match=words):
        client(with_account_rules(settings, **rule), "chime-sdk-media-pipelines")


def test_a_forbidden_account_is_refused(settings: AwsSettings) -> None:
    ruled = with_account_rules(settings, forbidden_account_ids=(own_account(settings),))
    with pytest.raises(AccountMismatchError, match="is among aws:forbiddenAccountIds"):
        client(ruled, "chime-sdk-media-pipelines")


def test_a_changed_environment_gets_clients_of_its_own(
    settings: AwsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client(settings, "chime-sdk-media-pipelines")
    monkeypatch.setenv("AWS_PROFILE_OF_ANOTHER_STACK", "b")
    assert client(settings, "chime-sdk-media-pipelines") is not made


def test_fips_and_dual_stack_lead_to_their_endpoints(
    settings: AwsSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    fips = client(replace(settings, use_fips_endpoint=True), "sts")
    assert fips.meta.endpoint_url == "https://sts-fips.us-west-2.amazonaws.com"


def test_credentials_come_from_the_file_that_the_config_names(
    settings: AwsSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "credentials"
    file.write_text("[of-the-file]\naws_access_key_id = AKIAOFTHEFILE\naws_secret_access_key = throw-away\n")
    filed = AwsSettings(region="us-west-2", profile="of-the-file", shared_credentials_file=str(file))
    made = client(filed, "sts")
    assert made._request_signer._credentials.access_key == "AKIAOFTHEFILE"
