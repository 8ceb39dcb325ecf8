"""The pipeline's provider over gRPC."""

from __future__ import annotations

import pytest

from sandbox.control import SandboxControl
from tests.provider.provider_process import Props, ProviderProcess

LONG_AGO = "2026-01-01T00:00:00+00:00"
"""When something was accepted that AWS may be believed not to know any more."""


def test_create_answers_with_the_id_of_the_pipeline_that_runs(
    provider: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    id_, _ = provider.create(pipeline_inputs)
    assert [pipeline["pipeline_id"] for pipeline in control.pipelines()] == [id_]


def test_the_same_create_again_finds_the_pipeline_of_the_first(
    provider: ProviderProcess, pipeline_inputs: Props
) -> None:
    assert provider.create(pipeline_inputs)[0] == provider.create(pipeline_inputs)[0]


def test_a_create_after_the_end_starts_another_one(provider: ProviderProcess, pipeline_inputs: Props) -> None:
    first, outputs = provider.create(pipeline_inputs)
    provider.delete(first, outputs)
    assert provider.create(pipeline_inputs)[0] != first


def test_a_float_of_the_engine_is_a_whole_number_for_aws(
    provider: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    source = dict(pipeline_inputs["kinesis_video_stream_source_runtime_configuration"])
    source["media_sample_rate"] = 48000.0
    provider.create({**pipeline_inputs, "kinesis_video_stream_source_runtime_configuration": source})
    assert len(control.pipelines()) == 1


def test_our_own_tag_shows_in_no_output(provider: ProviderProcess, pipeline_inputs: Props) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    assert provider.read(id_, outputs)[1]["tags"] == pipeline_inputs["tags"]


def test_a_declaration_that_did_not_change_shows_no_difference(
    provider: ProviderProcess, pipeline_inputs: Props
) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    assert provider.diff(provider.read(id_, outputs)[1], pipeline_inputs) == (False, [])


def test_tags_change_in_place(provider: ProviderProcess, pipeline_inputs: Props) -> None:
    _, outputs = provider.create(pipeline_inputs)
    assert provider.diff(
        outputs, {**pipeline_inputs, "tags": {**pipeline_inputs["tags"], "team": "voice"}}
    ) == (True, [])


def test_an_update_changes_the_tags_in_aws_and_keeps_ours(
    provider: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    tags = {**pipeline_inputs["tags"], "team": "voice"}
    provider.update(id_, outputs, {**pipeline_inputs, "tags": tags})
    assert set(control.pipelines()[0]["tags"]) == {*tags, "speaker-search:pipeline"}


def test_an_update_to_tags_without_consent_ends_the_pipeline(
    provider: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    provider.update(id_, outputs, {**pipeline_inputs, "tags": {"team": "voice"}})
    assert control.pipelines() == []


@pytest.mark.parametrize("change", ["triggers", "region", "adopt"])
def test_every_other_change_replaces(provider: ProviderProcess, pipeline_inputs: Props, change: str) -> None:
    _, outputs = provider.create(pipeline_inputs)
    assert provider.diff(outputs, {**pipeline_inputs, change: "another"}) == (True, [change])


def test_a_pipeline_that_aws_does_not_know_any_more_stays_in_state_as_gone(
    provider: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    control.force_status(id_, "Gone")
    read_id, read = provider.read(id_, {**outputs, "accepted_at": LONG_AGO})
    assert (read_id, read["outcome"]) == (id_, "gone")


def test_delete_can_be_asked_twice(
    provider: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    made = provider.create(pipeline_inputs)
    provider.delete(*made)
    provider.delete(*made)
    assert control.pipelines() == []


def test_a_pipeline_that_is_taken_over_is_not_made(
    provider: ProviderProcess, pipeline_inputs: Props, control: SandboxControl
) -> None:
    id_, _ = provider.create(pipeline_inputs)
    adopting = {**pipeline_inputs, "adopt": id_, "origin": pipeline_inputs["origin"] + "-other"}
    assert provider.create(adopting)[0] == id_
    assert len(control.pipelines()) == 1
