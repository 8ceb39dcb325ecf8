"""All ten types through the plugin process: create, read, refresh, import, tags, delete, gone."""

from __future__ import annotations

import pytest

from sandbox.aws_provider.property_values import UNKNOWN
from sandbox.aws_provider.resource_types import RESOURCE_TYPES
from tests.sandbox.aws_provider.plugin import Plugin, kinds
from tests.sandbox.aws_provider.ten_types import (
    ALL,
    CONFIGURATION,
    DOMAIN,
    KEY,
    ROLE,
    STREAM,
    TAGGED,
    TOPIC,
    VIDEO_STREAM,
    inputs_for,
)
from tests.sandbox_process import SandboxProcess


@pytest.mark.parametrize("type_", ALL)
def test_a_created_resource_can_be_read(plugin: Plugin, type_: str) -> None:
    id_, inputs, state = plugin.made(type_, **inputs_for(plugin, type_))
    assert plugin.read(type_, id_, state, inputs)[0] == id_


@pytest.mark.parametrize("type_", ALL)
def test_a_read_right_after_create_finds_the_outputs_of_create(plugin: Plugin, type_: str) -> None:
    tags = {"tags": {"consent:schema": "name:1.0"}} if type_ in TAGGED else {}
    id_, inputs, state = plugin.made(type_, **inputs_for(plugin, type_), **tags)
    assert plugin.read(type_, id_, state, inputs)[1] == state


@pytest.mark.parametrize("type_", ALL)
def test_a_read_right_after_create_keeps_the_inputs(plugin: Plugin, type_: str) -> None:
    tags = {"tags": {"consent:schema": "name:1.0"}} if type_ in TAGGED else {}
    id_, inputs, state = plugin.made(type_, **inputs_for(plugin, type_), **tags)
    assert plugin.read(type_, id_, state, inputs)[2] == inputs


@pytest.mark.parametrize("type_", ALL)
def test_the_same_inputs_are_no_difference(plugin: Plugin, type_: str) -> None:
    written = inputs_for(plugin, type_)
    _, inputs, state = plugin.made(type_, **written)
    again, _ = plugin.check(type_, written, olds=inputs)
    assert kinds(plugin.diff(type_, state, again)) == {}


@pytest.mark.parametrize("type_", ALL)
def test_a_deleted_resource_is_gone(plugin: Plugin, type_: str) -> None:
    id_, inputs, state = plugin.made(type_, **inputs_for(plugin, type_))
    plugin.delete(type_, id_, state)
    assert plugin.read(type_, id_, state, inputs) == ("", {}, {})


@pytest.mark.parametrize("type_", ALL)
def test_deleting_twice_is_no_error(plugin: Plugin, type_: str) -> None:
    id_, inputs, state = plugin.made(type_, **inputs_for(plugin, type_))
    plugin.delete(type_, id_, state)
    plugin.delete(type_, id_, state)
    assert plugin.read(type_, id_, state, inputs)[0] == ""


@pytest.mark.parametrize("type_", ALL)
def test_everything_is_gone_when_the_local_aws_was_emptied(
    plugin: Plugin, type_: str, local_aws: SandboxProcess
) -> None:
    id_, inputs, state = plugin.made(type_, **inputs_for(plugin, type_))
    local_aws.control.reset()
    assert plugin.read(type_, id_, state, inputs)[0] == ""


@pytest.mark.parametrize("type_", ALL)
def test_an_import_gives_inputs_that_need_no_change(plugin: Plugin, type_: str) -> None:
    id_, _, _ = plugin.made(type_, **inputs_for(plugin, type_))
    _, imported_state, imported_inputs = plugin.read(type_, id_)
    checked, failures = plugin.check(type_, imported_inputs)
    assert (failures, kinds(plugin.diff(type_, imported_state, checked))) == ({}, {})


def test_a_data_stream_is_imported_by_its_name(plugin: Plugin) -> None:
    id_, inputs, _ = plugin.made(STREAM, shardCount=1)
    assert plugin.read(STREAM, inputs["name"])[0] == id_


def test_an_import_takes_a_region_after_the_id(plugin: Plugin) -> None:
    id_, _, _ = plugin.made(TOPIC, region="us-west-2")
    assert plugin.read(TOPIC, f"{id_}@us-west-2")[1]["region"] == "us-west-2"


@pytest.mark.parametrize("type_", ALL)
def test_a_preview_of_a_create_calls_nothing(plugin: Plugin, type_: str, local_aws: SandboxProcess) -> None:
    inputs = plugin.inputs(type_, **inputs_for(plugin, type_))
    local_aws.control.clear_calls()
    plugin.create(type_, inputs, preview=True)
    assert local_aws.control.calls() == []


@pytest.mark.parametrize("type_", ALL)
def test_a_preview_shows_what_aws_fills_in_as_unknown(plugin: Plugin, type_: str) -> None:
    inputs = plugin.inputs(type_, **inputs_for(plugin, type_))
    _, planned = plugin.create(type_, inputs, preview=True)
    output_only = {row.name for row in RESOURCE_TYPES[type_].properties if row.output_only} - {"tagsAll"}
    assert {planned[name] for name in output_only} <= {UNKNOWN}


@pytest.mark.parametrize("type_", ALL)
def test_a_preview_shows_the_inputs_as_they_are(plugin: Plugin, type_: str) -> None:
    written = inputs_for(plugin, type_)
    _, planned = plugin.create(type_, plugin.inputs(type_, **written), preview=True)
    assert {name: planned[name] for name in written} == written


@pytest.mark.parametrize("type_", TAGGED)
def test_tags_change_in_place(plugin: Plugin, type_: str) -> None:
    written = inputs_for(plugin, type_)
    _, inputs, state = plugin.made(type_, **written, tags={"a": "1", "b": "2"})
    news, _ = plugin.check(type_, {**written, "tags": {"a": "1", "b": "3"}}, olds=inputs)
    assert kinds(plugin.diff(type_, state, news)) == {"tags.b": "UPDATE", "tagsAll.b": "UPDATE"}


@pytest.mark.parametrize("type_", TAGGED)
def test_changed_tags_reach_aws(plugin: Plugin, type_: str) -> None:
    written = inputs_for(plugin, type_)
    id_, inputs, state = plugin.made(type_, **written, tags={"kept": "1", "gone": "2", "changed": "3"})
    news, _ = plugin.check(type_, {**written, "tags": {"kept": "1", "changed": "4", "new": ""}}, olds=inputs)
    updated = plugin.update(type_, id_, state, news)
    found = plugin.read(type_, id_, updated, news)[1]
    assert found["tags"] == {"kept": "1", "changed": "4", "new": ""}


@pytest.mark.parametrize("type_", TAGGED)
def test_all_tags_can_be_taken_away(plugin: Plugin, type_: str) -> None:
    written = inputs_for(plugin, type_)
    id_, inputs, state = plugin.made(type_, **written, tags={"a": "1"})
    news, _ = plugin.check(type_, written, olds=inputs)
    updated = plugin.update(type_, id_, state, news)
    assert plugin.read(type_, id_, updated, news)[1].get("tags", {}) == {}


@pytest.mark.parametrize("type_", TAGGED)
def test_an_update_returns_what_a_read_would(plugin: Plugin, type_: str) -> None:
    written = inputs_for(plugin, type_)
    id_, inputs, state = plugin.made(type_, **written, tags={"a": "1"})
    news, _ = plugin.check(type_, {**written, "tags": {"a": "2"}}, olds=inputs)
    updated = plugin.update(type_, id_, state, news)
    assert plugin.read(type_, id_, updated, news)[1] == updated


@pytest.mark.parametrize(
    ("type_", "most"),
    [(VIDEO_STREAM, 2), (DOMAIN, 1), (CONFIGURATION, 1), (ROLE, 1), (TOPIC, 2), (KEY, 3)],
)
def test_a_create_makes_as_few_calls_as_it_can(
    plugin: Plugin, type_: str, most: int, local_aws: SandboxProcess
) -> None:
    inputs = plugin.inputs(type_, **inputs_for(plugin, type_), tags={"a": "1"})
    local_aws.control.clear_calls()
    plugin.create(type_, inputs)
    assert len(local_aws.control.calls()) <= most
