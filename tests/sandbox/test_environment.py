"""The variables with which clients use the sandbox, its layers, and its clock."""

import ast
import sys
from pathlib import Path

import pytest

from sandbox import environment
from sandbox.clock import Clock

SANDBOX = Path(environment.__file__).parent
MODULES = sorted(str(path.relative_to(SANDBOX).with_suffix("")) for path in SANDBOX.rglob("*.py"))
STANDARD_LIBRARY_ONLY = (
    "__init__",
    "__main__",
    "environment",
    "server/__init__",
    "server/process",
    "control/__init__",
    "control/client",
)


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    return {environment.HOME_VARIABLE: str(tmp_path), "PATH": "/usr/bin:/bin", "NO_PROXY": "intranet"}


def test_our_programs_come_first(variables: dict[str, str]) -> None:
    first = environment.environment(variables)["PATH"].split(":")[0]
    assert first == str(environment.ROOT / ".venv" / "bin")


def test_applied_twice_is_as_once(variables: dict[str, str]) -> None:
    once = environment.process_environment(variables)
    assert environment.process_environment(once) == once


def test_a_proxy_is_not_asked_for_loopback(variables: dict[str, str]) -> None:
    assert environment.environment(variables)["NO_PROXY"] == "intranet,127.0.0.1,localhost"


def test_the_backends_folder_is_there(variables: dict[str, str], tmp_path: Path) -> None:
    environment.environment(variables)
    assert (tmp_path / "state").is_dir()


def test_an_endpoint_of_one_service_is_unset(variables: dict[str, str]) -> None:
    assert "AWS_ENDPOINT_URL_STS" in environment.unset({**variables, "AWS_ENDPOINT_URL_STS": "https://real"})


def test_the_endpoint_is_the_default_before_the_first_start(variables: dict[str, str]) -> None:
    assert environment.endpoint(variables) == "http://127.0.0.1:4780"


@pytest.mark.parametrize(("text", "port"), [("0", 0), ("65535", 65535), ("", environment.DEFAULT_PORT)])
def test_a_port_is_read(text: str, port: int) -> None:
    assert environment.configured_port({environment.PORT_VARIABLE: text}) == port


@pytest.mark.parametrize("text", ["65536", "-1", "http", "٣"])
def test_a_value_that_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=environment.PORT_VARIABLE):
        environment.configured_port({environment.PORT_VARIABLE: text})


def test_values_with_quotes_survive_the_shell(tmp_path: Path) -> None:
    odd = tmp_path / "it's here"
    text = environment.shell_exports({environment.HOME_VARIABLE: str(odd)})
    assert "it'\"'\"'s here/pulumi" in text


def imported(module: str) -> set[str]:
    """Return the top-level packages that a module of the sandbox imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((SANDBOX / f"{module}.py").read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("module", STANDARD_LIBRARY_ONLY)
def test_what_starts_the_sandbox_needs_nothing_installed(module: str) -> None:
    assert imported(module) <= {*sys.stdlib_module_names, "sandbox"}


@pytest.mark.parametrize("module", MODULES)
def test_the_sandbox_knows_nothing_of_the_package_it_tests(module: str) -> None:
    assert "pulumi_speaker_search" not in imported(module)


def test_the_clock_moves_on() -> None:
    clock = Clock(lambda: 100.0)
    clock.advance(5)
    assert clock.now() == 105.0


def test_the_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="can't go back"):
        Clock().advance(-1)
