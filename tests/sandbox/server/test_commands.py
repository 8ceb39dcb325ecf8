"""`python -m sandbox start | stop | status | env`, as people and the Makefile call it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from sandbox import environment
from tests.sandbox_process import SandboxProcess

Variables = dict[str, str]


def command(name: str, variables: Variables) -> subprocess.CompletedProcess[str]:
    # -S: without site-packages, as the python3 of a machine on which nothing is installed.
    arguments = [sys.executable, "-S", "-m", "sandbox", name]
    return subprocess.run(
        arguments, cwd=environment.ROOT, env=variables, capture_output=True, text=True, check=False
    )


def pid_of(home: Path) -> int:
    return int(json.loads((home / "server.json").read_text())["pid"])


@pytest.fixture
def variables(tmp_path: Path) -> Iterator[Variables]:
    """The variables of a private sandbox that does not run yet; it is stopped at the end."""
    chosen = {**os.environ, environment.HOME_VARIABLE: str(tmp_path / "home"), environment.PORT_VARIABLE: "0"}
    yield chosen
    command("stop", chosen)


def test_start_leaves_a_sandbox_that_answers(variables: Variables) -> None:
    assert (command("start", variables).returncode, command("status", variables).returncode) == (0, 0)


def test_a_second_start_leaves_the_first_alone(variables: Variables) -> None:
    command("start", variables)
    before = pid_of(environment.home(variables))
    again = command("start", variables)
    assert (again.returncode, pid_of(environment.home(variables))) == (0, before)


def test_of_two_starts_at_once_one_starts_it(variables: Variables) -> None:
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _: command("start", variables), range(2)))
    assert sorted("ran already" in one.stdout for one in both) == [False, True]


def test_stop_reports_that_the_account_is_empty(variables: Variables) -> None:
    command("start", variables)
    assert "account is empty" in command("stop", variables).stdout


def test_stop_ends_the_process(variables: Variables) -> None:
    command("start", variables)
    process = psutil.Process(pid_of(environment.home(variables)))
    command("stop", variables)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A program unrelated to any sandbox."""
    with subprocess.Popen(["sleep", "60"]) as other:
        yield other
        other.kill()


@pytest.fixture
def recycled(variables: Variables, bystander: subprocess.Popen[bytes]) -> Iterator[Variables]:
    """A sandbox whose recorded process id belongs to another program by now."""
    command("start", variables)
    record = environment.server_file(environment.home(variables))
    right = record.read_text()
    record.write_text(json.dumps({**json.loads(right), "pid": bystander.pid}))
    yield variables
    record.write_text(right)


def test_stop_leaves_the_program_that_has_the_process_id_now_alone(
    recycled: Variables, bystander: subprocess.Popen[bytes]
) -> None:
    command("stop", recycled)
    assert bystander.poll() is None


def test_stop_names_the_program_that_has_the_process_id_now(recycled: Variables) -> None:
    done = command("stop", recycled)
    assert (done.returncode, "another program (sleep). Nothing was ended" in done.stderr) == (1, True)


def test_stop_leaves_the_sandbox_of_another_folder_alone(
    variables: Variables, sandbox: SandboxProcess
) -> None:
    command("start", variables)
    record = environment.server_file(environment.home(variables))
    right = record.read_text()
    record.write_text(json.dumps({**json.loads(right), "pid": pid_of(sandbox.home)}))
    done = command("stop", variables)
    record.write_text(right)
    assert (done.returncode, psutil.Process(pid_of(sandbox.home)).is_running()) == (1, True)


def test_a_record_without_a_sandbox_ends_no_process(
    variables: Variables, bystander: subprocess.Popen[bytes]
) -> None:
    record = environment.server_file(environment.home(variables))
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"pid": bystander.pid, "port": 1, "endpoint": "http://127.0.0.1:1"}))
    done = command("stop", variables)
    assert (done.returncode, bystander.poll()) == (0, None)


def test_stop_ends_a_sandbox_that_does_not_answer(variables: Variables) -> None:
    command("start", variables)
    process = psutil.Process(pid_of(environment.home(variables)))
    process.suspend()
    done = command("stop", variables)
    assert (done.returncode, process.is_running() and process.status() != psutil.STATUS_ZOMBIE) == (0, False)


def test_stop_of_a_sandbox_that_does_not_run_is_harmless(variables: Variables) -> None:
    assert command("stop", variables).returncode == 0


def test_status_of_a_sandbox_that_does_not_run_is_3(variables: Variables) -> None:
    assert command("status", variables).returncode == 3


def test_status_after_a_kill_is_3(variables: Variables) -> None:
    command("start", variables)
    os.kill(pid_of(environment.home(variables)), signal.SIGKILL)
    time.sleep(0.2)
    assert command("status", variables).returncode == 3


def test_start_works_after_a_kill(variables: Variables) -> None:
    command("start", variables)
    os.kill(pid_of(environment.home(variables)), signal.SIGKILL)
    time.sleep(0.2)
    assert command("start", variables).returncode == 0


def test_a_port_that_is_taken_is_named_with_the_remedy(variables: Variables) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = command("start", {**variables, environment.PORT_VARIABLE: str(port)})
    expected = f"Port {port} on 127.0.0.1 is taken by another program. Set {environment.PORT_VARIABLE}"
    assert (done.returncode, expected in done.stderr) == (1, True)


def test_a_port_that_another_sandbox_has_is_named_as_such(
    variables: Variables, sandbox: SandboxProcess
) -> None:
    port = sandbox.endpoint.rpartition(":")[2]
    done = command("start", {**variables, environment.PORT_VARIABLE: port})
    assert "is taken by another sandbox" in done.stderr


def test_a_port_that_is_none_is_refused(variables: Variables) -> None:
    done = command("start", {**variables, environment.PORT_VARIABLE: "65536"})
    assert (done.returncode, "65536" in done.stderr) == (1, True)


def test_the_sandbox_listens_on_loopback_only(sandbox: SandboxProcess) -> None:
    process = psutil.Process(pid_of(sandbox.home))
    listening = [one.laddr.ip for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN]
    assert listening == ["127.0.0.1"]


def test_env_warns_when_nothing_runs_and_prints_all_the_same(variables: Variables) -> None:
    done = command("env", variables)
    assert (done.returncode, "not running" in done.stderr, "AWS_ENDPOINT_URL" in done.stdout) == (
        0,
        True,
        True,
    )


def evaluated(variables: Variables, times: int) -> Variables:
    """Return a shell's variables after `eval "$(python -m sandbox env)"`."""
    program = f"{sys.executable} -m sandbox env 2>/dev/null"
    script = "\n".join(['eval "$(' + program + ')"'] * times + ["env -0"])
    done = subprocess.run(
        ["sh", "-c", script], cwd=environment.ROOT, env=variables, capture_output=True, text=True, check=True
    )
    return dict(line.split("=", 1) for line in done.stdout.split("\0") if line)


def test_env_evaluated_twice_is_as_once(variables: Variables) -> None:
    assert evaluated(variables, 2) == evaluated(variables, 1)


def test_a_shell_gets_what_tests_get(variables: Variables) -> None:
    shell = evaluated(variables, 1)
    expected = environment.process_environment(variables)
    assert {name: shell.get(name) for name in environment.environment(variables)} == {
        name: expected[name] for name in environment.environment(variables)
    }


def test_nothing_that_leads_to_real_aws_survives(variables: Variables) -> None:
    leading = {"AWS_PROFILE": "p", "AWS_SESSION_TOKEN": "t", "AWS_ENDPOINT_URL_KMS": "https://kms.example"}
    shell = evaluated({**variables, **leading}, 1)
    assert leading.keys() & shell.keys() == set()


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_A;touch INTRUDED", "AWS_ENDPOINT_URL_$(touch INTRUDED)"])
def test_a_name_in_the_environment_runs_nothing(variables: Variables, tmp_path: Path, name: str) -> None:
    intruded = tmp_path / "intruded"
    evaluated({**variables, name.replace("INTRUDED", str(intruded)): "x"}, 1)
    assert not intruded.exists()


def test_a_name_that_no_shell_knows_stops_nothing(variables: Variables) -> None:
    shell = evaluated({**variables, "AWS_ENDPOINT_URL_A-B": "x"}, 1)
    assert shell["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("name", ["start", "stop", "status", "env"])
def test_a_folder_that_can_not_be_used_is_an_error_of_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = command(name, {**os.environ, environment.HOME_VARIABLE: str(tmp_path / "file")})
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert environment.HOME_VARIABLE in done.stderr


@pytest.mark.parametrize("text", ["[1]", "7", '{"pid": null, "endpoint": 1}', "", "null"])
def test_a_server_file_of_something_else_is_no_server(text: str, tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(text)
    variables = {**os.environ, environment.HOME_VARIABLE: str(tmp_path)}
    assert (command("status", variables).returncode, command("env", variables).returncode) == (3, 0)
