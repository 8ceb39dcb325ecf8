"""`speaker-search doctor`: each kind of failure is made on purpose, and hides no other check."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version
from rich.console import Console
from speaker_search_operations.doctor.check import Check, Probe, Verdict, run_side_by_side
from speaker_search_operations.doctor.examination import exit_code
from speaker_search_operations.doctor.project import place_of
from speaker_search_operations.doctor.report import print_checks
from speaker_search_operations.doctor.versions import (
    engine_check,
    package_checks,
    plugin_check,
    python_check,
    required,
)
from speaker_search_operations.exit_codes import ExitCode
from speaker_search_operations.main import app
from speaker_search_operations.review.pulumi_cli import CliResult, InstalledCli
from typer.testing import CliRunner

from tests.unit.operations.canned_pulumi import CannedPulumi, task
from tools.engine.record import OLDEST_VERSION

SDK = json.dumps([{"name": "aws", "kind": "resource", "version": "7.51.1"}])
SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI-secret",
    "AWS_SESSION_TOKEN": "FwoGZXIvYXdzE-token",
    "AWS_ENDPOINT_URL": "http://jane:hunter2@127.0.0.1:9/path",
}


@pytest.fixture
def canned(tmp_path: Path) -> CannedPulumi:
    return CannedPulumi.of(tmp_path, task(), answers={"version": "v3.259.0", "plugin ls": SDK})


def run(canned: CannedPulumi, *arguments: str, **variables: str | None) -> tuple[int, str]:
    """Exit code and output, in this process."""
    usual = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": None, "AWS_DEFAULT_REGION": None}
    environment = {**canned.environment(), **usual, **variables}
    result = CliRunner().invoke(
        app, ["doctor", "--cwd", str(canned.folder), *arguments], env={**environment, "COLUMNS": "60"}
    )
    return result.exit_code, result.stdout


def checks(canned: CannedPulumi, *arguments: str, **variables: str | None) -> dict[str, dict[str, Any]]:
    """The checks by name."""
    found = json.loads(run(canned, "--json", *arguments, **variables)[1])
    return {check["name"]: check for check in found["checks"]}


class TestProbes:
    def test_one_that_fails_hides_no_other(self) -> None:
        def fail() -> Sequence[Check]:
            raise RuntimeError("a secret")

        found = run_side_by_side([Probe("a", fail, "Do."), Probe("b", lambda: [ok("b")], "Do.")], 5)
        assert [(one.name, one.verdict) for one in found] == [("a", Verdict.UNKNOWN), ("b", Verdict.OK)]
        assert "a secret" not in found[0].found

    def test_one_that_hangs_is_unknown_and_hides_no_other(self) -> None:
        end = threading.Event()

        def hang() -> Sequence[Check]:
            end.wait(60)
            return []

        found = run_side_by_side([Probe("a", hang, "Do."), Probe("b", lambda: [ok("b")], "Do.")], 0.2)
        assert [thread.daemon for thread in threading.enumerate() if thread.name == "a"] == [True]
        end.set()
        assert [(one.name, one.verdict, one.remedy) for one in found] == [
            ("a", Verdict.UNKNOWN, "Do."),
            ("b", Verdict.OK, None),
        ]

    def test_they_run_side_by_side(self) -> None:
        together = threading.Barrier(3, timeout=5)

        def meet() -> Sequence[Check]:
            together.wait()
            return [ok("met")]

        assert [one.name for one in run_side_by_side([Probe("a", meet, "")] * 3, 10)] == ["met"] * 3


def ok(name: str) -> Check:
    return Check(name=name, verdict=Verdict.OK, found="Fine.")


class TestExitCode:
    @pytest.mark.parametrize(
        ("verdicts", "code"),
        [
            (["ok"], ExitCode.OK),
            (["ok", "warning"], ExitCode.OK),
            (["ok", "unknown"], ExitCode.UNREADABLE),
            (["problem", "unknown"], ExitCode.FINDINGS),
        ],
    )
    def test_unknown_is_not_ok(self, verdicts: list[str], code: ExitCode) -> None:
        assert exit_code([Check(name="x", verdict=Verdict(one), found="x") for one in verdicts]) is code


class TestVersions:
    def test_the_oldest_engine_is_the_one_that_setup_accepts(self) -> None:
        oldest = ".".join(map(str, OLDEST_VERSION))
        before = f"{OLDEST_VERSION[0]}.{OLDEST_VERSION[1] - 1}.99"
        assert (required("pulumi").contains(oldest), required("pulumi").contains(before)) == (True, False)

    @pytest.mark.parametrize(
        ("printed", "verdict"),
        [("v3.249.0", "ok"), ("v3.248.9", "problem"), ("v4.0.0", "problem"), ("what?", "unknown")],
    )
    def test_the_engine_on_path_is_compared(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str, verdict: str
    ) -> None:
        here = CannedPulumi.of(tmp_path, answers={"version": printed})
        monkeypatch.setenv("PATH", here.environment()["PATH"])
        assert engine_check(InstalledCli(tmp_path)).verdict == verdict

    def test_a_missing_engine_is_a_problem_and_hides_no_other(self, canned: CannedPulumi) -> None:
        found = checks(canned, PATH=str(canned.folder))
        assert found["engine"]["verdict"] == "problem"
        assert found["credentials"]["verdict"] == "unknown"

    def test_an_engine_that_hangs_is_unknown_and_hides_no_other(self, canned: CannedPulumi) -> None:
        script = canned.folder / "bin" / "pulumi"
        script.write_text("#!/bin/sh\nexec sleep 60\n")
        begin = time.monotonic()
        found = checks(canned, "--timeout", "1")
        assert (found["engine"]["verdict"], found["python"]["verdict"]) == ("unknown", "ok")
        assert found["stack"]["verdict"] == "unknown"
        assert time.monotonic() - begin < 20

    @pytest.mark.parametrize(
        ("running", "verdict"),
        [
            ("3.10.9", Verdict.PROBLEM),
            ("3.11.0", Verdict.OK),
            ("3.13.5", Verdict.OK),
            ("3.14.0", Verdict.WARNING),
        ],
    )
    def test_python_is_compared_with_the_tested_ones(self, running: str, verdict: Verdict) -> None:
        assert python_check(running).verdict is verdict

    def test_a_package_that_is_not_as_locked_is_a_warning(self, tmp_path: Path) -> None:
        (tmp_path / "requirements.txt").write_text("pulumi==3.250.0\n")
        found = {one.name: one for one in package_checks(tmp_path)}
        assert found["package pulumi"].verdict is Verdict.WARNING
        assert "requirements.txt has 3.250.0" in found["package pulumi"].found
        assert found["package botocore"].verdict is Verdict.OK

    @pytest.mark.parametrize(
        ("installed", "environment", "verdict"),
        [
            ("7.51.1", {}, Verdict.OK),
            ("7.51.0", {}, Verdict.WARNING),
            ("7.51.0", {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}, Verdict.PROBLEM),
            ("7.999.0", {"PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH": "true"}, Verdict.OK),
            ("7.999.0", {}, Verdict.WARNING),
            ("8.0.0", {"PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH": "true"}, Verdict.WARNING),
        ],
    )
    def test_the_plugin_is_that_of_the_sdk(
        self, monkeypatch: pytest.MonkeyPatch, installed: str, environment: dict[str, str], verdict: Verdict
    ) -> None:
        monkeypatch.setattr("speaker_search_operations.doctor.versions.version", lambda _name: "7.51.1")
        listed = json.dumps([{"name": "aws", "kind": "resource", "version": str(Version(installed))}])
        assert plugin_check(lambda *_: CliResult(0, listed, ""), environment).verdict is verdict


class TestProject:
    def test_outside_of_a_project_the_rest_is_checked(self, canned: CannedPulumi, tmp_path: Path) -> None:
        (canned.folder / "Pulumi.yaml").unlink()
        found = checks(canned, "--region", "us-east-1")
        assert found["stack"]["verdict"] == "unknown"
        assert "--cwd" in found["stack"]["remedy"]
        assert (found["engine"]["verdict"], found["region"]["verdict"]) == ("ok", "ok")

    def test_a_wrong_key_of_the_config_is_a_problem(self, tmp_path: Path) -> None:
        config = {"aws:noProxy": {"value": "x", "secret": False}}
        here = CannedPulumi.of(tmp_path, config=config, answers={"version": "v3.259.0", "plugin ls": SDK})
        everything = checks(here)
        found = everything["stack"]
        assert everything["region"]["verdict"] == "problem"  # that of the config can't be read
        assert (found["verdict"], "aws:noProxy" in found["found"]) == ("problem", True)

    @pytest.mark.parametrize(
        ("url", "shown"),
        [
            ("file:///srv/of-somebody/state?x=y", "a folder of this machine (file://)"),
            ("https://api.pulumi.com/somebody", "https://api.pulumi.com"),
            ("s3://bucket/folder?region=us-east-1", "s3://bucket"),
        ],
    )
    def test_a_backend_is_shown_without_folders_and_users(self, url: str, shown: str) -> None:
        assert place_of(url) == shown


class TestOutput:
    def test_each_line_fits_into_60_columns(self) -> None:
        out = Console(width=60, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
        long = "word " * 40
        found = [
            Check(name="endpoint chime-sdk-media-pipelines", verdict=one, found=long, remedy=long)
            for one in Verdict
        ]
        print_checks(out, found)
        out.file.close()
        assert max(map(len, out.export_text().splitlines())) <= 60

    def test_a_pipe_gets_no_colours_and_ascii_is_enough(self, canned: CannedPulumi) -> None:
        found = canned.speaker_search_process(
            "doctor", PYTHONIOENCODING="ascii", AWS_EC2_METADATA_DISABLED="true"
        )
        assert (found.code, "\x1b" in found.out, found.error) == (1, False, "")

    def test_the_help_has_an_example(self) -> None:
        shown = CliRunner().invoke(
            app, ["doctor", "--help"], env={"COLUMNS": "60", "TERM": "dumb", "NO_COLOR": "1"}
        )
        assert "Example: speaker-search doctor --stack prod" in shown.output

    @pytest.mark.parametrize("form", ["--json", "--timeout=30"])
    def test_nothing_secret_is_printed(self, canned: CannedPulumi, form: str) -> None:
        out = run(canned, form, **SECRETS)[1]
        leaked = ("wJalr", "FwoGZ", "hunter2", "jane", "AKIAIOSFODNN7EXAMPLE", "/path")
        assert [word for word in leaked if word in out] == []
