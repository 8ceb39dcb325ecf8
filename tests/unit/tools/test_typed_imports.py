"""What our code takes of `pulumi_aws` has a type: mypy skips the package itself, because it imports every service."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
from pathlib import Path

import pytest

from sandbox.environment import ROOT

OURS = (
    "__main__.py",
    "benchmarks",
    "components",
    "examples",
    "operations",
    "policies",
    "reliability",
    "sandbox",
)


def untyped_imports(source: str) -> list[str]:
    """Return what is imported of the package itself, and not of one of its modules."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name == "pulumi_aws"]
        elif isinstance(node, ast.ImportFrom) and node.module == "pulumi_aws":
            found += [alias.name for alias in node.names if not is_module(alias.name)]
    return found


def is_module(name: str) -> bool:
    return importlib.util.find_spec(f"pulumi_aws.{name}") is not None


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pulumi_aws as aws", ["pulumi_aws"]),
        ("from pulumi_aws import Provider, sqs", ["Provider"]),
        ("from pulumi_aws import kinesis, sqs", []),
        ("from pulumi_aws.provider import Provider", []),
    ],
)
def test_an_import_without_types_is_found(source: str, found: list[str]) -> None:
    assert untyped_imports(source) == found


def test_our_code_has_no_import_without_types() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *OURS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [Path(name) for name in listed.stdout.split("\0") if name.endswith(".py")]
    assert len(files) > 100
    assert {str(file): found for file in files if (found := untyped_imports((ROOT / file).read_text()))} == {}
