"""The third way, with a `go` of a few lines: what it is called with, and what is left when it ends early."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import setup_steps
from tools.engine import go_build, record
from tools.engine.installation import StrategyUnavailableError
from tools.progress import Progress

WriteProgram = Callable[[Path, str], Path]

FAKE_GO = """
case $1 in
env) cat "$FAKE/settings.json" ;;
list) echo "$FAKE/sdk" ;;
build)
    echo "$PWD GOFLAGS=$GOFLAGS GOSUMDB=$GOSUMDB $*" >> "$FAKE/calls"
    while [ "$1" != -o ]; do shift; done
    printf 'half a binary' > "$2"
    %s
    printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"; chmod 755 "$2"
    ;;
esac
"""


@pytest.fixture
def go(tmp_path: Path, write_program: WriteProgram) -> Callable[[str], dict[str, str]]:
    """Give a build something to do in its middle; the answer is the environment that has this Go."""
    fake = tmp_path / "fake"
    for script in go_build.SCRIPTS:
        write_program(fake / "sdk" / script, "exit 0\n")
    settings = {"GOVERSION": "go1.26.8", "GOTOOLCHAIN": "local", "GOCACHE": str(tmp_path / "cache")}
    loose = {"GOFLAGS": "-mod=mod", "GOSUMDB": "off", "GONOSUMDB": "", "GOINSECURE": ""}
    (fake / "settings.json").write_text(json.dumps({**settings, **loose}))

    def with_middle(middle: str) -> dict[str, str]:
        write_program(fake / "bin" / "go", FAKE_GO % middle)
        return {"PATH": f"{fake / 'bin'}{os.pathsep}{os.defpath}", "FAKE": str(fake)}

    return with_middle


def test_a_build_places_all_programs_and_records_them(
    root: Path, progress: Progress, go: Callable[[str], dict[str, str]]
) -> None:
    engine = go_build.use(root, progress, go(""))
    assert (engine.kind, engine.version) == ("built", "3.259.0")
    assert record.current(root) == engine
    assert all(os.access(root / ".engine" / "bin" / name, os.X_OK) for name in record.PROGRAMS)


def test_each_program_is_built_in_its_own_module_with_verified_checksums(
    root: Path, tmp_path: Path, progress: Progress, go: Callable[[str], dict[str, str]]
) -> None:
    go_build.use(root, progress, go(""))
    calls = (tmp_path / "fake" / "calls").read_text().splitlines()
    assert [f"tools/engine/{name} GOFLAGS=-mod=readonly GOSUMDB=sum.golang.org" in call
            for name, call in zip(record.MODULE_FOLDERS, calls, strict=True)] == [True, True]  # fmt: skip


def test_the_version_is_the_one_of_the_modules(
    root: Path, tmp_path: Path, progress: Progress, go: Callable[[str], dict[str, str]]
) -> None:
    go_build.use(root, progress, go(""))
    calls = (tmp_path / "fake" / "calls").read_text()
    assert calls.count("/go/common/version.Version=v3.259.0 ") == 2


def test_the_duration_and_the_verified_checksums_are_printed(
    root: Path, progress: Progress, output: io.StringIO, go: Callable[[str], dict[str, str]]
) -> None:
    go_build.use(root, progress, go(""))
    assert "about 4 minutes on 2 cores" in " ".join(output.getvalue().split())
    assert output.getvalue().count("Checksums stay verified") == 2


def test_a_build_that_fails_leaves_no_half_program_and_shows_the_reason(
    root: Path, progress: Progress, go: Callable[[str], dict[str, str]]
) -> None:
    environment = go("echo verifying module: checksum mismatch >&2; exit 1")
    with pytest.raises(StrategyUnavailableError, match="checksum mismatch"):
        go_build.use(root, progress, environment)
    assert left_behind(root) == []


def test_a_build_that_fails_leaves_the_engine_that_was_there(
    root: Path, progress: Progress, go: Callable[[str], dict[str, str]]
) -> None:
    go_build.use(root, progress, go(""))
    before = record.measure(root)
    with pytest.raises(StrategyUnavailableError):
        go_build.use(root, progress, go("exit 1"))
    assert record.measure(root) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_build_leaves_no_half_program_and_no_process(
    root: Path, go: Callable[[str], dict[str, str]], number: signal.Signals
) -> None:
    environment = go('echo $$ > "$FAKE/process"; sleep 60')
    program = (
        "import os, signal, sys; from pathlib import Path; from tools import setup_steps;"
        "from tools.engine import go_build; from tools.progress import Progress;"
        "[setup_steps.end_on_signal(n) for n in (signal.SIGTERM, signal.SIGHUP)];"
        "go_build.use(Path(sys.argv[1]), Progress(sys.stdout), os.environ)"
    )
    setup = subprocess.Popen(
        [sys.executable, "-c", program, str(root)],
        env={**os.environ, **environment, "PYTHONPATH": str(setup_steps.ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    process = wait_for_process(Path(environment["FAKE"]) / "process")
    setup.send_signal(number)
    assert setup.wait(timeout=60) != 0
    assert left_behind(root) == []
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_what_a_killed_build_left_is_cleared_away(
    root: Path, progress: Progress, go: Callable[[str], dict[str, str]]
) -> None:
    (root / ".engine" / "build-killed").mkdir()
    go_build.use(root, progress, go(""))
    assert not (root / ".engine" / "build-killed").exists()


def test_the_modules_name_go_and_the_programs() -> None:
    assert go_build.needed_go(setup_steps.ROOT) == "1.25.11"
    go_mod = (setup_steps.ROOT / "tools" / "engine" / "cli" / "go.mod").read_text()
    assert go_build.tool(go_mod) == "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"


def test_the_modules_version_is_one_that_we_accept() -> None:
    go_mod = (setup_steps.ROOT / "tools" / "engine" / "cli" / "go.mod").read_text()
    assert record.is_new_enough(go_build.required_version(go_mod, go_build.SDK))


def left_behind(root: Path) -> list[Path]:
    return [path for path in (root / ".engine").rglob("*") if path != root / ".engine" / "bin"]


def wait_for_process(path: Path) -> int:
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < deadline, "the build did not begin"
        time.sleep(0.02)
    return int(path.read_text())
