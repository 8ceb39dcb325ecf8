"""AWS settings from `aws:` stack config."""

from __future__ import annotations

import pytest
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, settings_from_config


def read(**config: str) -> AwsSettings:
    return settings_from_config(config.get)


def test_nothing_set_leaves_everything_to_the_environment() -> None:
    assert read() == AwsSettings()


def test_endpoints_are_taken_by_the_provider_s_own_keys() -> None:
    settings = read(endpoints='[{"chimesdkmediapipelines": "http://127.0.0.1:1", "s3": "http://other"}]')
    assert settings.endpoints == (("chime-sdk-media-pipelines", "http://127.0.0.1:1"),)


def test_the_first_of_assume_roles_is_taken() -> None:
    settings = read(assumeRoles='[{"roleArn": "arn:aws:iam::1:role/r", "externalId": "e"}]')
    assert settings.assume_role == (("RoleArn", "arn:aws:iam::1:role/r"), ("ExternalId", "e"))


def test_the_older_single_form_is_taken_too() -> None:
    assert read(assumeRole='{"roleArn": "arn:aws:iam::1:role/r"}').assume_role == (
        ("RoleArn", "arn:aws:iam::1:role/r"),
    )


def test_a_chain_of_roles_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="aws:assumeRoles: chains"):
        read(assumeRoles='[{"roleArn": "a"}, {"roleArn": "b"}]')


def test_broken_json_is_refused_by_key_and_never_repeated() -> None:
    with pytest.raises(ValueError, match="aws:endpoints is not valid JSON") as refused:
        read(endpoints="[secret")
    assert "secret" not in str(refused.value)


def test_credentials_never_show_in_the_text_of_settings() -> None:
    text = repr(read(accessKey="AKIA", secretKey="hidden-one", token="hidden-two"))
    assert "hidden" not in text


def test_another_region_is_another_value() -> None:
    assert read(region="us-east-1").in_region("us-west-2").region == "us-west-2"
