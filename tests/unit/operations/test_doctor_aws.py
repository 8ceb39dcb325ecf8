"""`speaker-search doctor`: credentials, region, endpoints, and what redirects calls."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from botocore.exceptions import ConnectTimeoutError
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings
from pulumi_speaker_search.lifecycle.loopback import place
from speaker_search_operations.doctor.check import Check, Verdict
from speaker_search_operations.doctor.endpoints import SERVICES, Service, endpoint_check, failure_of
from speaker_search_operations.doctor.identity import Caller, identity_checks, region_checks, shortened
from speaker_search_operations.doctor.overrides import override_check

from tests.unit.operations.canned_pulumi import NOBODY_LISTENS

Aws = Callable[..., AwsSettings]


@pytest.fixture
def aws_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., AwsSettings]:
    """Sets the environment of AWS, and nothing else of it."""

    def set_environment(url: str | None = None, **variables: str) -> AwsSettings:
        for name in [name for name in os.environ if name.startswith("AWS_") or "proxy" in name.lower()]:
            monkeypatch.delenv(name)
        usual = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
        given = {"AWS_ENDPOINT_URL": url} if url else {}
        for name, value in {**usual, **given, **variables}.items():
            monkeypatch.setenv(name, value)
        return AwsSettings(region="us-east-1")

    return set_environment


class TestIdentity:
    def test_no_credentials_are_a_problem(self, aws_at: Aws) -> None:
        (found,) = identity_checks(aws_at(NOBODY_LISTENS))
        assert (found.verdict, found.found) == (Verdict.PROBLEM, "There are no AWS credentials.")
        assert "aws configure" in str(found.remedy)

    def test_a_profile_that_does_not_exist_is_a_problem(self, aws_at: Aws) -> None:
        (found,) = identity_checks(aws_at(NOBODY_LISTENS, AWS_PROFILE="nobody"))
        assert (found.verdict, "nobody" in found.found) == (Verdict.PROBLEM, True)

    def test_credentials_that_nobody_was_asked_about_are_unknown(self, aws_at: Aws) -> None:
        keys = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up"}
        (found,) = identity_checks(aws_at(NOBODY_LISTENS, **keys))
        assert found.verdict is Verdict.UNKNOWN

    @pytest.mark.parametrize(
        ("region", "verdict"),
        [("us-east-1", Verdict.OK), ("us-west-2", Verdict.OK), ("us-east-2", Verdict.PROBLEM)],
    )
    def test_a_region_is_compared(self, region: str, verdict: Verdict) -> None:
        assert [(one.region, one.verdict) for one in region_checks([region])] == [(region, verdict)]

    def test_no_region_is_a_problem(self) -> None:
        assert [one.found[:17] for one in region_checks([])] == ["No region is set."]

    @pytest.mark.parametrize(
        ("key", "shown"), [("AKIAIOSFODNN7EXAMPLE", "AKIA...MPLE"), ("12345678901", "1234..."), ("x", "x...")]
    )
    def test_a_key_id_is_shortened(self, key: str, shown: str) -> None:
        assert shortened(key) == shown

    def test_the_name_of_a_session_is_not_shown(self) -> None:
        arn = "arn:aws:sts::123456789012:assumed-role/Deployer/jane.roe@example.com"
        assert Caller("123456789012", arn).shown_arn == "arn:aws:sts::123456789012:assumed-role/Deployer"


class Plain(BaseHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def plain_http() -> Iterator[str]:
    """The port of a server without TLS."""
    with HTTPServer(("127.0.0.1", 0), Plain) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


class TestEndpoints:
    def endpoint(self, settings: AwsSettings, service: Service = SERVICES[0]) -> Check:
        return endpoint_check(settings, service, 1)

    def test_nobody_listens(self, aws_at: Aws) -> None:
        found = self.endpoint(aws_at(NOBODY_LISTENS))
        assert (found.verdict, "nothing listens there" in found.found) == (Verdict.PROBLEM, True)

    def test_a_service_that_only_this_command_uses_is_a_warning(self, aws_at: Aws) -> None:
        (iam,) = (service for service in SERVICES if service.name == "iam")
        assert self.endpoint(aws_at(NOBODY_LISTENS), iam).verdict is Verdict.WARNING

    def test_a_name_that_does_not_resolve(self, aws_at: Aws) -> None:
        assert "(DNS)" in self.endpoint(aws_at("https://nobody.invalid")).found

    def test_a_server_without_tls(self, aws_at: Aws, plain_http: str) -> None:
        assert "TLS failed" in self.endpoint(aws_at(f"https://127.0.0.1:{plain_http}")).found

    def test_a_server_that_never_answers(self, aws_at: Aws) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            found = self.endpoint(aws_at(f"http://127.0.0.1:{silent.getsockname()[1]}"))
        assert "gave no answer in time" in found.found

    def test_a_proxy_that_is_not_there(self, aws_at: Aws) -> None:
        found = self.endpoint(aws_at("https://aws.invalid", HTTPS_PROXY=NOBODY_LISTENS))
        assert "the proxy" in found.found

    def test_a_connection_that_takes_too_long(self) -> None:
        error = ConnectTimeoutError(endpoint_url="https://x")
        assert failure_of(error, "https://x").reason == "no connection was made in time"

    @pytest.mark.parametrize(
        ("url", "shown"), [("https://a:b@host:1/c?d", "https://host:1"), ("http://host:x/", "http://host:x")]
    )
    def test_a_url_is_shown_without_password_and_path(self, url: str, shown: str) -> None:
        assert place(url) == shown


class TestOverrides:
    def test_a_variable_is_named(self) -> None:
        found = override_check(AwsSettings(), {"AWS_ENDPOINT_URL_STS": NOBODY_LISTENS})
        assert found.verdict is Verdict.WARNING
        assert f"AWS_ENDPOINT_URL_STS={NOBODY_LISTENS}" in found.found

    def test_an_endpoint_of_the_config_is_named(self) -> None:
        settings = AwsSettings(endpoints=(("chime-sdk-voice", NOBODY_LISTENS),))
        assert f"aws:endpoints chimesdkvoice={NOBODY_LISTENS}" in override_check(settings, {}).found

    def test_an_endpoint_of_the_profile_is_named(self, aws_at: Aws, tmp_path: Path) -> None:
        file = tmp_path / "config"
        file.write_text(f"[default]\nendpoint_url = {NOBODY_LISTENS}\n")
        settings = aws_at(AWS_CONFIG_FILE=str(file))
        assert "shared config file" in override_check(settings, {}).found

    def test_none_is_fine(self, aws_at: Aws) -> None:
        assert override_check(aws_at(), {}).verdict is Verdict.OK
