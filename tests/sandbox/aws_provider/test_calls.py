"""Each operation that the stand-in sends is one that the local AWS has."""

from __future__ import annotations

import ast
import importlib
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import Session

from sandbox import aws_provider
from sandbox.aws_provider.configuration import SERVICES
from sandbox.aws_provider.resource_types import RESOURCE_TYPES
from sandbox.services.operations import OPERATIONS

SOURCES = sorted(Path(str(aws_provider.__file__)).parent.rglob("*.py"))


@cache
def operations_by_method(service: str) -> dict[str, str]:
    """boto3's name of a method → AWS's name of the operation."""
    names = Session().get_service_model(service).operation_names
    return {xform_name(name): name for name in names}


def sent_by(source: Path) -> set[tuple[str, str]]:
    """(service, method) of each text in a module that is the name of a method of a service named there too."""
    nodes = ast.walk(ast.parse(source.read_text()))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {
        (service, text)
        for service in SERVICES.keys() & texts
        for text in operations_by_method(service).keys() & texts
    }


def tagging_operations() -> set[tuple[str, str]]:
    """(service, method) of the tag operations of all types: types of several services share them."""
    return {
        (resource_type.service, method)
        for resource_type in RESOURCE_TYPES.values()
        if (tagging := resource_type.tagging) is not None
        for method in (tagging.tag, tagging.untag, tagging.list_)
    }


SENT = sorted(tagging_operations().union(*map(sent_by, SOURCES)))


def is_served(service: str, method: str) -> bool:
    if service in OPERATIONS:
        return operations_by_method(service)[method] in OPERATIONS[service]
    module = importlib.import_module(f"moto.{service}.responses")
    return any(method in vars(one) for one in vars(module).values() if isinstance(one, type))


@pytest.mark.parametrize(("service", "method"), SENT)
def test_every_operation_that_is_sent_is_served(service: str, method: str) -> None:
    assert is_served(service, method)


def test_an_operation_without_a_server_is_noticed() -> None:
    assert not is_served("kinesis", "update_max_record_size")


@pytest.mark.parametrize(
    "call",
    [("kinesisvideo", "update_stream"), ("sts", "get_caller_identity"), ("chime-sdk-voice", "tag_resource")],
)
def test_the_list_of_sent_operations_covers_every_module(call: tuple[str, str]) -> None:
    assert call in SENT
