"""The public names of the package: each stands in the three lists, can be imported, and is documented."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pulumi
import pulumi_speaker_search
import pytest
import yaml
from speaker_search_program.config import InvalidConfigError

from sandbox.environment import ROOT

PACKAGE = ROOT / "components" / "pulumi_speaker_search"
COMMAND = ROOT / "operations" / "speaker_search_operations"
NAMES = tuple(name for name in pulumi_speaker_search.__all__ if name != "__version__")


def names_for_type_checkers() -> dict[str, str]:
    """Name → module, of the imports that only type checkers see."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: f".{node.module}" for node in imports for alias in node.names}


def test_type_checkers_see_the_modules_from_which_names_are_loaded() -> None:
    assert names_for_type_checkers() == pulumi_speaker_search._MODULE_OF


def test_the_api_is_what_can_be_loaded() -> None:
    assert sorted(NAMES) == sorted(pulumi_speaker_search._MODULE_OF)


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_can_be_imported(name: str) -> None:
    assert getattr(pulumi_speaker_search, name).__name__ == name


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_has_a_docstring(name: str) -> None:
    assert inspect.getdoc(vars(import_module(names_for_type_checkers()[name], "pulumi_speaker_search"))[name])


def test_a_name_that_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = pulumi_speaker_search.Nothing


def test_the_package_alone_imports_neither_pulumi_nor_a_module_of_its_own() -> None:
    code = (
        "import sys, pulumi_speaker_search;"
        "print([name for name in sys.modules if name.startswith(('pulumi.', 'pulumi_aws', 'pulumi_speaker_search.'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_resources_alone_do_not_load_pulumi_aws() -> None:
    code = (
        "import sys; from pulumi_speaker_search import SpeakerSearchTask; print('pulumi_aws' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# Errors

RETRYABLE = {
    "ConflictError",
    "QuotaFullError",
    "AwsUnavailableError",
    "OutcomeUnknownError",
    "WaitTimeoutError",
    "StopFailedError",
}
ERRORS = tuple(name for name in NAMES if name.endswith("Error"))


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_the_one_root(name: str) -> None:
    assert issubclass(getattr(pulumi_speaker_search, name), pulumi_speaker_search.SpeakerSearchError)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_says_whether_the_same_call_may_succeed_later(name: str) -> None:
    assert getattr(pulumi_speaker_search, name).retryable is (name in RETRYABLE)


def test_every_error_of_the_life_cycle_is_public() -> None:
    from pulumi_speaker_search.lifecycle import errors

    defined = {name for name, value in vars(errors).items() if inspect.isclass(value)}
    assert {name for name in defined if name.endswith("Error")} <= set(NAMES)


def exceptions_of_the_distribution() -> list[type[BaseException]]:
    """Every exception class that the package or the command defines, except those that never leave their module."""
    found = []
    for folder, package in ((PACKAGE, "pulumi_speaker_search"), (COMMAND, "speaker_search_operations")):
        for path in sorted(folder.rglob("*.py")):
            module = ".".join([package, *path.relative_to(folder).with_suffix("").parts]).removesuffix(
                ".__init__"
            )
            if not any(may_be_an_exception(node) for node in class_definitions(path)):
                continue
            values = vars(import_module(module)).items()
            found += [value for name, value in values if is_defined_error(name, value, module)]
    return found


def class_definitions(path: Path) -> list[ast.ClassDef]:
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]


def may_be_an_exception(definition: ast.ClassDef) -> bool:
    """Whether one of its bases has the name of an exception."""
    return any(ast.unparse(base).endswith(("Error", "Exception")) for base in definition.bases)


def is_defined_error(name: str, value: object, module: str) -> bool:
    is_error = inspect.isclass(value) and issubclass(value, BaseException) and value.__module__ == module
    return is_error and not name.startswith("_")


def test_the_command_s_errors_are_among_those_of_the_distribution() -> None:
    assert {"CommandError", "ReviewError"} <= {error.__name__ for error in exceptions_of_the_distribution()}


def test_every_error_of_the_distribution_has_the_one_root() -> None:
    root = pulumi_speaker_search.SpeakerSearchError
    assert [error for error in exceptions_of_the_distribution() if not issubclass(error, root)] == []


def test_every_error_of_the_distribution_says_whether_it_is_retryable() -> None:
    assert [
        error for error in exceptions_of_the_distribution() if not isinstance(retryable(error), bool)
    ] == []


def retryable(error: type[BaseException]) -> object:
    return getattr(error, "retryable", None)


def test_the_error_of_this_program_s_config_has_the_root() -> None:
    assert issubclass(InvalidConfigError, pulumi_speaker_search.SpeakerSearchError)


@pytest.mark.parametrize("error", [pulumi_speaker_search.DeclarationError, InvalidConfigError])
def test_a_wrong_declaration_still_ends_the_program_without_a_traceback(error: type) -> None:
    assert issubclass(error, pulumi.RunError)


@pytest.mark.parametrize(
    "error",
    [
        pulumi_speaker_search.DeclarationError,
        pulumi_speaker_search.InvalidConsentError,
        pulumi_speaker_search.InvalidSettingsError,
        InvalidConfigError,
    ],
)
def test_a_wrong_input_is_still_a_value_error(error: type) -> None:
    assert issubclass(error, ValueError)


def test_the_text_of_an_error_is_what_is_wrong() -> None:
    error = pulumi_speaker_search.DeclarationError("line-1: that can't be")
    assert (str(error), error.reason) == ("line-1: that can't be", "line-1: that can't be")


def test_the_former_name_of_the_reason_still_works() -> None:
    assert pulumi_speaker_search.SpeakerSearchError("reason").what == "reason"


# Versions

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_version_is_the_installed_distribution_s() -> None:
    assert pulumi_speaker_search.__version__ == version("pulumi-speaker-search")


def test_what_is_installed_has_the_version_of_pyproject() -> None:
    assert version("pulumi-speaker-search") == PYPROJECT["project"]["version"]


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("policies/*/PulumiPolicy.yaml")), ids=lambda file: file.parent.name
)
def test_a_policy_pack_has_the_version_of_the_distribution(file: Path) -> None:
    assert yaml.safe_load(file.read_text())["version"] == PYPROJECT["project"]["version"]


def test_the_changelog_has_the_version() -> None:
    assert f"## [{PYPROJECT['project']['version']}]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_documents_name_the_version_of_the_packs() -> None:
    command = f"validate-config my-org/speaker-search-consent {PYPROJECT['project']['version']} "
    assert command in (ROOT / "docs" / "review.md").read_text()


# What other parts of this repository use beyond the API

SHARED_BEGIN, SHARED_END = "<!-- internal but shared -->", "<!-- end of internal but shared -->"
USERS = {
    "operations/": "operations/**/*.py",
    "sandbox/": "sandbox/**/*.py",
    "policies/": "policies/**/*.py",
    "tools/": "tools/**/*.py",
    "components/speaker_search_program/": "components/speaker_search_program/*.py",
    "`__main__.py`, examples/": "examples/**/*.py",
}


def modules_used(pattern: str) -> set[str]:
    """The modules of the package, without its name, that the files import from."""
    found: set[str] = set()
    for file in ROOT.glob(pattern):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pulumi_speaker_search"):
                module = (node.module or "").removeprefix("pulumi_speaker_search").lstrip(".")
                is_package = not module or (PACKAGE / module.replace(".", "/")).is_dir()
                found |= (
                    {f"{module}.{one.name}".lstrip(".") for one in node.names} if is_package else {module}
                )
    return found - set(NAMES)


def modules_in_the_document() -> dict[str, set[str]]:
    text = (ROOT / "docs" / "architecture.md").read_text()
    rows = text.split(SHARED_BEGIN)[1].split(SHARED_END)[0].strip().splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {who: {name.strip(" `") for name in names.split(",") if name.strip(" `–")} for who, names in cells}


@pytest.mark.parametrize("who", list(USERS))
def test_the_document_lists_what_is_used_beyond_the_api(who: str) -> None:
    assert modules_in_the_document()[who] == modules_used(USERS[who])
