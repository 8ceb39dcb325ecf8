"""Checksums stay verified, whatever the user's Go settings are. The real `go env` reads what we set."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.engine import go_environment
from tools.engine.installation import StrategyUnavailableError

HARMLESS = {
    "GOVERSION": "go1.26.8",
    "GOTOOLCHAIN": "local",
    "GOFLAGS": "",
    "GOSUMDB": "sum.golang.org",
    "GONOSUMDB": "",
    "GOINSECURE": "",
}


def test_harmless_settings_give_no_warning() -> None:
    assert go_environment.verified({}, HARMLESS)[1] == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("GOSUMDB", "off", "sum.golang.org"),
        ("GONOSUMDB", "github.com/*", "none"),
        ("GOINSECURE", "*", "none"),
        ("GOFLAGS", "-mod=mod", "-mod=readonly"),
        ("GOFLAGS", "-modfile=/tmp/other.mod", "-mod=readonly"),
        ("GOFLAGS", "-insecure", "-mod=readonly"),
        ("GOFLAGS", "--mod=mod -p=1", "-mod=readonly -p=1"),
    ],
)
def test_a_setting_that_loosens_checksums_is_ignored_with_a_warning(
    name: str, value: str, expected: str
) -> None:
    env, warnings = go_environment.verified({name: value}, {**HARMLESS, name: value})
    assert env[name] == expected
    assert len(warnings) == 1
    assert name in warnings[0]
    assert "Checksums stay verified" in warnings[0]


def test_another_checksum_database_of_the_users_stays() -> None:
    env, _ = go_environment.verified(
        {"GOSUMDB": "sum.golang.google.cn"}, {**HARMLESS, "GOSUMDB": "sum.golang.google.cn"}
    )
    assert env["GOSUMDB"] == "sum.golang.google.cn"


def test_the_old_switch_against_checksums_is_left_out() -> None:
    env, warnings = go_environment.verified({"GONOSUMCHECK": "1"}, HARMLESS)
    assert "GONOSUMCHECK" not in env
    assert len(warnings) == 1


def test_the_engine_is_built_for_this_machine() -> None:
    env, _ = go_environment.verified({"GOOS": "plan9", "GOARCH": "arm"}, HARMLESS)
    assert not {"GOOS", "GOARCH"} & env.keys()


@pytest.mark.parametrize("version", ["go1.25.11", "go1.26.0", "go1.25.12 X:nocoverageredesign"])
def test_a_go_that_is_new_enough(version: str) -> None:
    go_environment.require_version({**HARMLESS, "GOVERSION": version}, "1.25.11")


@pytest.mark.parametrize("version", ["go1.25.10", "go1.25", "go1.19.8", "devel"])
def test_a_go_that_is_too_old_is_named(version: str) -> None:
    with pytest.raises(StrategyUnavailableError, match=f"{version} is too old; 1.25.11 or newer is needed"):
        go_environment.require_version({**HARMLESS, "GOVERSION": version}, "1.25.11")


def test_an_older_go_may_fetch_its_toolchain() -> None:
    found = {**HARMLESS, "GOVERSION": "go1.21.0", "GOTOOLCHAIN": "auto"}
    go_environment.require_version(found, "1.25.11")


def test_go_before_toolchains_may_not() -> None:
    found = {**HARMLESS, "GOVERSION": "go1.20.14", "GOTOOLCHAIN": "auto"}
    with pytest.raises(StrategyUnavailableError):
        go_environment.require_version(found, "1.25.11")


def test_no_go_on_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StrategyUnavailableError, match="there is no go on PATH"):
        go_environment.settings({"PATH": str(tmp_path)}, tmp_path)


@pytest.mark.skipif(
    shutil.which("go") is None and not os.environ.get("CI"), reason="needs Go; CI must have it"
)
def test_the_real_go_takes_over_what_we_set_against_its_own_settings_file(tmp_path: Path) -> None:
    settings_file = tmp_path / "go.env"
    settings_file.write_text("GOSUMDB=off\nGONOSUMDB=github.com/*\nGOFLAGS=-mod=mod\nGOINSECURE=*\n")
    user = {**os.environ, "GOENV": str(settings_file)}
    for name in ("GOSUMDB", "GONOSUMDB", "GOFLAGS", "GOINSECURE", "GOPRIVATE"):
        user.pop(name, None)
    env, warnings = go_environment.verified(user, go_environment.settings(user, tmp_path))
    names = ["GOSUMDB", "GONOSUMDB", "GOFLAGS", "GOINSECURE"]
    answer = subprocess.run(["go", "env", "-json", *names], env=env, capture_output=True, check=True)
    assert json.loads(answer.stdout) == {
        "GOSUMDB": "sum.golang.org",
        "GONOSUMDB": "none",
        "GOFLAGS": "-mod=readonly",
        "GOINSECURE": "none",
    }
    assert len(warnings) == len(names)
