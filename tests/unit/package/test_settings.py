"""AWS settings from `aws:` stack config: each key is honoured, has no meaning here, or is refused by name."""

from __future__ import annotations

import ast
from pathlib import Path

import pulumi
import pulumi_aws
import pytest
from pulumi_speaker_search.lifecycle.aws_config import InvalidSettingsError
from pulumi_speaker_search.lifecycle.aws_settings import (
    REFUSED_KEYS,
    WITHOUT_MEANING_KEYS,
    AwsSettings,
    settings_from_config,
    unknown_keys,
)
from pulumi_speaker_search.resources import stack_settings

ROLE = "arn:aws:iam::123456789012:role/r"

HONOURED = {
    "accessKey": "AKIA",
    "allowedAccountIds": '["123456789012"]',
    "assumeRoles": f'[{{"roleArn": "{ROLE}"}}]',
    "customCaBundle": "/bundle.pem",
    "defaultTags": '{"tags": {"team": "voice"}}',
    "ec2MetadataServiceEndpoint": "http://127.0.0.1:1",
    "ec2MetadataServiceEndpointMode": "IPv6",
    "endpoints": '[{"sts": "http://127.0.0.1:1"}]',
    "forbiddenAccountIds": '["123456789012"]',
    "httpProxy": "http://127.0.0.1:1",
    "httpsProxy": "http://127.0.0.1:1",
    "insecure": "true",
    "profile": "p",
    "region": "us-east-1",
    "secretKey": "x",
    "sharedConfigFiles": '["/config"]',
    "sharedCredentialsFiles": '["/credentials"]',
    "skipMetadataApiCheck": "true",
    "stsRegion": "us-west-2",
    "token": "x",
    "useDualstackEndpoint": "true",
    "useFipsEndpoint": "true",
}


def read(**config: str) -> AwsSettings:
    return settings_from_config(config.get)


def refused(**config: str) -> str:
    with pytest.raises(InvalidSettingsError) as wrong:
        read(**config)
    return str(wrong.value)


def keys_of_the_provider() -> set[str]:
    """Every key that the official provider's SDK reads."""
    tree = ast.parse((Path(pulumi_aws.__file__).parent / "config" / "vars.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr.startswith("get")
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "__config__"
        and isinstance(call.args[0], ast.Constant)
    }


def test_nothing_set_leaves_everything_to_the_environment() -> None:
    assert read() == AwsSettings()


def test_each_key_of_the_provider_is_decided() -> None:
    assert keys_of_the_provider() == {*HONOURED, *WITHOUT_MEANING_KEYS, *REFUSED_KEYS}


@pytest.mark.parametrize("key", sorted(set(HONOURED) - {"accessKey", "secretKey"}))
def test_a_key_that_is_honoured_changes_the_settings(key: str) -> None:
    assert read(**{key: HONOURED[key]}) != AwsSettings()


@pytest.mark.parametrize("key", REFUSED_KEYS)
def test_a_key_that_can_t_be_honoured_is_refused_by_name(key: str) -> None:
    assert refused(**{key: '"x"'}).startswith(f"aws:{key} is not supported by speaker search: ")


def test_endpoints_are_taken_by_the_provider_s_own_keys() -> None:
    settings = read(endpoints='[{"chimesdkmediapipelines": "http://127.0.0.1:1", "s3": "http://other"}]')
    assert settings.endpoints == (("chime-sdk-media-pipelines", "http://127.0.0.1:1"),)


@pytest.mark.parametrize("url", ["127.0.0.1:1", "http://", "ftp://there", "http://there:port"])
def test_an_endpoint_that_is_no_url_is_refused_by_its_key(url: str) -> None:
    assert "aws:endpoints chimesdkvoice is no URL" in refused(endpoints=f'[{{"chimesdkvoice": "{url}"}}]')


@pytest.mark.parametrize("value", ['"http://there"', "[1]", '["http://there"]'])
def test_endpoints_that_are_no_list_of_objects_are_refused(value: str) -> None:
    assert refused(endpoints=value) == "aws:endpoints has to be a list of objects"


def test_the_one_of_assume_roles_is_taken() -> None:
    settings = read(assumeRoles=f'[{{"roleArn": "{ROLE}", "externalId": "e"}}]')
    assert settings.assume_role == (("RoleArn", ROLE), ("ExternalId", "e"))


def test_the_older_single_form_is_taken_too() -> None:
    assert read(assumeRole=f'{{"roleArn": "{ROLE}"}}').assume_role == (("RoleArn", ROLE),)


def test_everything_that_a_role_takes_reaches_sts() -> None:
    settings = read(
        assumeRoles=f'[{{"roleArn": "{ROLE}", "duration": "1h30m", "policyArns": ["arn:p"], '
        '"tags": {"team": "voice"}, "transitiveTagKeys": ["team"]}]'
    )
    assert settings.role_parameters() == {
        "RoleArn": ROLE,
        "DurationSeconds": 5400,
        "PolicyArns": [{"arn": "arn:p"}],
        "Tags": [{"Key": "team", "Value": "voice"}],
        "TransitiveTagKeys": ["team"],
    }


def test_a_chain_of_roles_is_refused_by_name() -> None:
    assert refused(assumeRoles='[{"roleArn": "a"}, {"roleArn": "b"}]').startswith("aws:assumeRoles: chains")


def test_a_role_without_its_arn_is_refused_by_name() -> None:
    assert refused(assumeRole='{"externalId": "e"}') == "aws:assumeRole.roleArn is missing"


def test_what_a_role_does_not_have_is_refused_by_name() -> None:
    message = refused(assumeRole=f'{{"roleArn": "{ROLE}", "hue": "red"}}')
    assert message == "aws:assumeRole.hue is not supported by speaker search"


@pytest.mark.parametrize("duration", ['"soon"', '""', "3600", '"1d"'])
def test_a_duration_is_written_as_the_provider_takes_it(duration: str) -> None:
    role = f'{{"roleArn": "{ROLE}", "duration": {duration}}}'
    if duration == '""':
        assert read(assumeRole=role).assume_role == (("RoleArn", ROLE),)
    else:
        assert "aws:assumeRole.duration has to be a duration" in refused(assumeRole=role)


def test_account_ids_without_quotes_are_refused() -> None:
    assert refused(allowedAccountIds="[123456789012]") == (
        "aws:allowedAccountIds has to be a list of texts, in quotes"
    )


def test_default_tags_are_read() -> None:
    assert read(defaultTags='{"tags": {"team": "voice", "a": "1"}}').default_tags == (
        ("a", "1"),
        ("team", "voice"),
    )


def test_one_file_of_credentials_is_taken_and_two_are_refused() -> None:
    assert read(sharedCredentialsFiles='["/one"]').shared_credentials_file == "/one"
    assert "aws:sharedCredentialsFiles: more than one" in refused(sharedCredentialsFiles='["/one", "/two"]')


def test_broken_json_is_refused_by_key_and_never_repeated() -> None:
    message = refused(endpoints="[secret")
    assert "aws:endpoints is not valid JSON" in message
    assert "secret" not in message


def test_a_switch_is_true_or_false() -> None:
    assert refused(useFipsEndpoint="perhaps") == "aws:useFipsEndpoint has to be true or false"


def test_credentials_never_show_in_the_text_of_settings() -> None:
    text = repr(read(accessKey="AKIA", secretKey="hidden-one", token="hidden-two"))
    assert "hidden" not in text


def test_another_region_is_another_value() -> None:
    assert read(region="us-east-1").in_region("us-west-2").region == "us-west-2"


def test_every_key_of_the_provider_is_known() -> None:
    assert unknown_keys(keys_of_the_provider()) == []


def test_a_misspelt_key_is_not_known() -> None:
    assert unknown_keys(["region", "allowedAccountID", "maxRetries"]) == ["allowedAccountID"]


def test_an_unknown_key_is_reported_once_for_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, **_: messages.append(text))
    monkeypatch.setattr(stack_settings, "_warned", set())
    monkeypatch.setattr(stack_settings, "get_monitor", lambda: None)
    monkeypatch.setattr(pulumi, "get_project", lambda: "project")
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    monkeypatch.setenv("PULUMI_CONFIG", '{"aws:allowedAccountID": "[]"}')
    stack_settings.settings_of_this_stack()
    stack_settings.settings_of_this_stack()
    assert [text.partition(":")[2].partition(":")[0] for text in messages] == ["allowedAccountID"]


class Engine:
    """A connection to an engine."""


def settings_of(engine: Engine, region: str, monkeypatch: pytest.MonkeyPatch) -> str | None:
    monkeypatch.setattr(stack_settings, "get_monitor", lambda: engine)
    monkeypatch.setenv("PULUMI_CONFIG", f'{{"aws:region": "{region}"}}')
    return stack_settings.settings_of_this_stack().region


def test_settings_are_read_once_for_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    settings_of(engine, "us-east-1", monkeypatch)
    assert settings_of(engine, "eu-central-1", monkeypatch) == "us-east-1"


def test_settings_of_another_run_in_the_same_process_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Engine(), Engine()
    settings_of(first, "us-east-1", monkeypatch)
    assert settings_of(second, "eu-central-1", monkeypatch) == "eu-central-1"
