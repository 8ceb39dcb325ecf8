"""`speaker-search doctor` against the local AWS: what it finds, what it asks, and what hides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings
from speaker_search_operations.doctor.check import Check, Verdict, run_side_by_side
from speaker_search_operations.doctor.identity import identity_checks
from speaker_search_operations.doctor.quota_use import quota_probes
from speaker_search_operations.main import app
from typer.testing import CliRunner

from sandbox.control import SandboxControl
from sandbox.environment import ACCOUNT_ID, ROOT
from tests.aws_account import AwsAccount
from tests.sandbox_process import SandboxProcess
from tests.unit.operations.canned_pulumi import CannedPulumi, idle

SETTINGS = AwsSettings(region="us-east-1", access_key="AKIAIOSFODNN7EXAMPLE", secret_key="throw-away")
PREFIXES = {
    "chime-sdk-media-pipelines": "chime",
    "chime-sdk-voice": "chime",
    "service-quotas": "servicequotas",
}
PLUGINS = json.dumps([{"name": "aws", "kind": "resource", "version": "7.51.1"}])


@pytest.fixture
def settings(aws: AwsAccount, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> AwsSettings:
    monkeypatch.setenv("AWS_ENDPOINT_URL", sandbox.endpoint)
    return SETTINGS


def run(folder: Path, endpoint: str, *arguments: str) -> tuple[int, Mapping[str, Any]]:
    """Exit code and document."""
    canned = CannedPulumi.of(folder, idle(), answers={"version": "v3.259.0", "plugin ls": PLUGINS})
    environment = canned.environment(AWS_ENDPOINT_URL=endpoint)
    done = CliRunner().invoke(app, ["doctor", "--cwd", str(folder), "--json", *arguments], env=environment)
    return done.exit_code, json.loads(done.stdout)


class TestWholeRun:
    def test_it_changes_nothing_and_says_what_could_not_be_checked(
        self, aws: AwsAccount, control: SandboxControl, sandbox: SandboxProcess, tmp_path: Path
    ) -> None:
        begin = len(control.calls())
        code, document = run(tmp_path, sandbox.endpoint)
        jsonschema.validate(document, json.loads((ROOT / "docs/schemas/doctor.schema.json").read_text()))
        verdicts = {check["name"]: check["verdict"] for check in document["checks"]}
        assert {name for name, verdict in verdicts.items() if verdict in ("problem", "unknown")} == {
            "permissions deployer"
        }
        assert (code, verdicts["credentials"], verdicts["endpoint sts"]) == (2, "ok", "warning")

        calls = control.calls()[begin:]
        asked = {f"{PREFIXES.get(call['service'], call['service'])}:{call['operation']}" for call in calls}
        policy = json.loads((ROOT / "docs/permissions/doctor.json").read_text())
        allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
        assert asked - allowed == {"sts:GetCallerIdentity"}


def identity(settings: AwsSettings) -> dict[str, Check]:
    return {check.name: check for check in identity_checks(settings)}


class TestIdentity:
    def test_account_and_arn_are_shown_and_where_the_credentials_come_from(
        self, settings: AwsSettings
    ) -> None:
        found = identity(settings)["credentials"].found
        assert f"Account {ACCOUNT_ID}, arn:aws:sts::{ACCOUNT_ID}:user/moto" in found
        assert "access key AKIA...MPLE, from explicit" in found

    def test_refused_credentials_are_a_problem(self, settings: AwsSettings, control: SandboxControl) -> None:
        control.add_fault("forbidden", "GetCallerIdentity", rate=1)
        found = identity(settings)["credentials"]
        assert (found.verdict, "AccessDeniedException" in found.found) == (Verdict.PROBLEM, True)

    def test_no_answer_about_them_is_unknown(self, settings: AwsSettings, control: SandboxControl) -> None:
        control.add_fault("service_unavailable", "GetCallerIdentity", rate=1)
        assert identity(settings)["credentials"].verdict is Verdict.UNKNOWN

    def test_credentials_of_another_account_are_a_problem(self, settings: AwsSettings) -> None:
        found = identity(replace(settings, account_id="999999999999"))
        assert (found["credentials"].verdict, found["account"].verdict) == (Verdict.OK, Verdict.PROBLEM)

    def test_those_of_the_account_are_fine(self, settings: AwsSettings) -> None:
        assert identity(replace(settings, account_id=ACCOUNT_ID))["account"].verdict is Verdict.OK


def quotas(settings: AwsSettings, timeout_seconds: float = 20) -> dict[str, Check]:
    probes = list(quota_probes(settings, None, timeout_seconds * 0.8))
    return {check.name: check for check in run_side_by_side(probes, timeout_seconds)}


class TestQuotas:
    def test_what_is_there_is_counted(self, settings: AwsSettings, aws: AwsAccount) -> None:
        aws.pipeline()
        aws.domain()
        found = quotas(settings)
        assert found["quota active media insights pipelines"].found.startswith("1 of 20 in use, 19 left")
        assert found["quota media insights pipeline configurations"].found.startswith("1 of 100 in use")
        assert found["quota voice profile domains"].found.startswith("1 of 3 in use")
        assert "0 of 20 in use" in found["quota voice profiles"].found

    def test_a_refused_list_is_unknown_and_hides_no_other(
        self, settings: AwsSettings, control: SandboxControl
    ) -> None:
        control.add_fault("forbidden", "ListMediaPipelines", rate=1)
        found = quotas(settings)
        refused = found["quota active media insights pipelines"]
        assert (refused.verdict, "doctor.json" in str(refused.remedy)) == (Verdict.UNKNOWN, True)
        assert found["quota voice profile domains"].verdict is Verdict.OK

    def test_a_list_that_hangs_is_unknown_and_hides_no_other(
        self, settings: AwsSettings, control: SandboxControl
    ) -> None:
        quotas(settings)  # makes the clients
        control.add_fault("hang", "ListMediaPipelines", rate=1, seconds=4)
        found = quotas(settings, timeout_seconds=2)
        assert found["quota active media insights pipelines"].found == "There was no answer in 2 s."
        assert found["quota media insights pipeline configurations"].verdict is Verdict.OK
