"""The tables against the installed `pulumi_aws`, which is generated from the official plugin's schema."""

from __future__ import annotations

import importlib
import inspect
import re
from types import ModuleType
from typing import Any

import pulumi_aws
import pytest

from sandbox.aws_provider.configuration import REFUSED_KEYS, SERVED_KEYS, SERVICES, WITHOUT_EFFECT_KEYS
from sandbox.aws_provider.functions import FUNCTIONS
from sandbox.aws_provider.resource_types import RESOURCE_TYPES
from sandbox.aws_provider.schema import Kind, Property, ResourceType
from sandbox.aws_provider.servicer import VERSION

TYPES = list(RESOURCE_TYPES.values())


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)


def _module_of(token: str) -> ModuleType:
    package, name = token.split(":")[1].split("/")
    return _part_of(f"pulumi_aws.{package}", _snake(name))


def _part_of(package: str, name: str) -> ModuleType:
    # The package first: pulumi_aws loads it lazily, and stays half-loaded for everybody where its part comes first.
    getattr(getattr(pulumi_aws, package.removeprefix("pulumi_aws.")), "loaded", None)
    return importlib.import_module(f"{package}.{name}")


def _wire_names(class_: type) -> set[str]:
    """The names on the wire of a generated class's properties."""
    found = set()
    for name, member in vars(class_).items():
        if isinstance(member, property):
            found.add(getattr(member.fget, "_pulumi_name", name))
    return found


def _generated(resource_type: ResourceType) -> tuple[type, type]:
    """The resource's class and the class of its arguments."""
    module, name = _module_of(resource_type.pulumi_type), resource_type.pulumi_type.rsplit(":", 1)[-1]
    return getattr(module, name), getattr(module, f"{name}Args")


def _required(class_: Any) -> set[str]:
    parameters = inspect.signature(class_.__init__).parameters.values()
    needed = {one.name for one in parameters if one.default is inspect.Parameter.empty} - {"__self__"}
    return {getattr(vars(class_)[name].fget, "_pulumi_name", name) for name in needed}


def _args_class(package: str, name: str) -> Any:
    inputs = _part_of(f"pulumi_aws.{package}", "_inputs")
    return getattr(inputs, f"{name}Args")


def _nested(resource_type: ResourceType) -> list[tuple[str, str, tuple[Property, ...]]]:
    """(package, name of the generated class, rows) for every object in a type's table."""
    package = resource_type.pulumi_type.split(":")[1].split("/")[0]
    name = resource_type.pulumi_type.rsplit(":", 1)[-1]

    def walk(prefix: str, rows: tuple[Property, ...]) -> list[tuple[str, str, tuple[Property, ...]]]:
        found = []
        for row in rows:
            if row.fields:
                # The generator makes a class for one item: `elements` becomes …Element, `inlinePolicies` …Policy.
                single = (
                    row.name if row.kind is Kind.OBJECT else re.sub("ies$", "y", row.name).removesuffix("s")
                )
                inner = prefix + single[0].upper() + single[1:]
                found += [(package, inner, row.fields), *walk(inner, row.fields)]
        return found

    return walk(name, resource_type.properties)


NESTED = [item for resource_type in TYPES for item in _nested(resource_type)]


def test_there_are_ten_types() -> None:
    assert len(TYPES) == 10


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda one: one.pulumi_type)
def test_inputs_are_those_of_pulumi_aws(resource_type: ResourceType) -> None:
    _, args = _generated(resource_type)
    assert {row.name for row in resource_type.properties if not row.output_only} == _wire_names(args)


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda one: one.pulumi_type)
def test_outputs_are_those_of_pulumi_aws(resource_type: ResourceType) -> None:
    resource, _ = _generated(resource_type)
    assert {row.name for row in resource_type.properties} == _wire_names(resource)


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda one: one.pulumi_type)
def test_required_inputs_are_those_of_pulumi_aws(resource_type: ResourceType) -> None:
    _, args = _generated(resource_type)
    # A name that is auto-named is optional for the program, and required of check's result.
    ours = {row.name for row in resource_type.properties if row.required}
    assert ours - ({"name"} if resource_type.auto_name else set()) == _required(args)


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda one: one.pulumi_type)
def test_the_token_is_what_pulumi_aws_sends(resource_type: ResourceType) -> None:
    resource, _ = _generated(resource_type)
    assert f"'{resource_type.pulumi_type}'" in inspect.getsource(resource)


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda one: one.pulumi_type)
def test_every_row_has_one_name(resource_type: ResourceType) -> None:
    names = [row.name for row in resource_type.properties]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda one: one.pulumi_type)
def test_integers_and_booleans_are_those_of_pulumi_aws(resource_type: ResourceType) -> None:
    _, args = _generated(resource_type)
    for row in resource_type.properties:
        if row.output_only:
            continue
        hint = str(vars(args)[_attribute(args, row.name)].fget.__annotations__["return"])
        assert bool(re.search(r"\bint\b", hint)) == (row.kind is Kind.INTEGER), row.name
        assert bool(re.search(r"\bbool\b", hint)) == (row.kind is Kind.BOOLEAN), row.name


def _attribute(class_: type, wire_name: str) -> str:
    return next(
        name
        for name, member in vars(class_).items()
        if isinstance(member, property) and getattr(member.fget, "_pulumi_name", name) == wire_name
    )


@pytest.mark.parametrize(("package", "name", "rows"), NESTED, ids=[item[1] for item in NESTED])
def test_nested_inputs_are_those_of_pulumi_aws(package: str, name: str, rows: tuple[Property, ...]) -> None:
    assert {row.name for row in rows} == _wire_names(_args_class(package, name))


@pytest.mark.parametrize(("package", "name", "rows"), NESTED, ids=[item[1] for item in NESTED])
def test_nested_required_inputs_are_those_of_pulumi_aws(
    package: str, name: str, rows: tuple[Property, ...]
) -> None:
    assert {row.name for row in rows if row.required} == _required(_args_class(package, name))


def test_every_configuration_key_of_pulumi_aws_is_served_ignored_or_refused() -> None:
    import pulumi_aws

    ours = SERVED_KEYS | WITHOUT_EFFECT_KEYS | REFUSED_KEYS
    # The name that the provider had before version 7.
    assert ours - {"assumeRole"} == _wire_names(pulumi_aws.ProviderArgs)


def test_no_configuration_key_is_listed_twice() -> None:
    assert len(SERVED_KEYS) + len(WITHOUT_EFFECT_KEYS) + len(REFUSED_KEYS) == len(
        SERVED_KEYS | WITHOUT_EFFECT_KEYS | REFUSED_KEYS
    )


def test_endpoint_keys_are_those_of_pulumi_aws() -> None:
    import pulumi_aws

    assert {key for key, _ in SERVICES.values()} <= _wire_names(pulumi_aws.ProviderEndpointArgs)


def test_endpoint_variables_are_those_of_botocore() -> None:
    import botocore.session

    session = botocore.session.get_session()
    for service, (_, suffix) in SERVICES.items():
        identifier = session.get_service_model(service).service_id
        assert suffix == str(identifier).replace(" ", "_").upper()


def test_every_function_token_is_what_pulumi_aws_sends() -> None:
    for token in FUNCTIONS:
        package, name = token.split(":")[1].split("/")
        folder = "" if package == "index" else f".{package}"
        source = inspect.getsource(importlib.import_module(f"pulumi_aws{folder}.{_snake(name)}"))
        assert f"'{token}'" in source


def test_the_version_is_that_of_the_installed_pulumi_aws() -> None:
    from importlib.metadata import version

    assert VERSION.partition("+")[0] == version("pulumi-aws")


def test_the_version_names_the_stand_in() -> None:
    assert "sandbox" in VERSION
