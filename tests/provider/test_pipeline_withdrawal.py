"""A withdrawal of consent that somebody has written on the pipeline in AWS, and what is declared then."""

from __future__ import annotations

import copy

import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess

STATUS, RECORD_REF = "consent:status", "consent:record-ref"


@pytest.fixture
def withdrawn(
    provider: ProviderProcess, pipeline_inputs: Props, aws_account: AwsAccount
) -> tuple[str, Props]:
    """Id and outputs of a pipeline that runs, and that carries a withdrawal of which state does not know."""
    id_, outputs = provider.create(pipeline_inputs)
    aws_account.media.tag_resource(
        ResourceARN=outputs["media_pipeline_arn"], Tags=[{"Key": STATUS, "Value": "withdrawn"}]
    )
    return id_, outputs


def with_tags(inputs: Props, **tags: str) -> Props:
    return {**inputs, "tags": {**inputs["tags"], **tags}}


def test_new_triggers_do_not_replace_it(
    provider: ProviderProcess, pipeline_inputs: Props, withdrawn: tuple[str, Props]
) -> None:
    assert provider.diff(withdrawn[1], {**pipeline_inputs, "triggers": "2"}) == (True, [])


def test_what_runs_on_it_ends_instead(
    provider: ProviderProcess,
    pipeline_inputs: Props,
    withdrawn: tuple[str, Props],
    control: SandboxControl,
) -> None:
    provider.update(*withdrawn, {**pipeline_inputs, "triggers": "2"})
    assert control.pipelines() == []


def test_the_withdrawal_stays_on_it(
    provider: ProviderProcess,
    pipeline_inputs: Props,
    withdrawn: tuple[str, Props],
    control: SandboxControl,
) -> None:
    provider.update(*withdrawn, {**pipeline_inputs, "triggers": "2"})
    assert [pipeline["tags"][STATUS] for pipeline in control.pipelines(ended=True)] == ["withdrawn"]


def test_the_replacement_stays_to_be_done(
    provider: ProviderProcess, pipeline_inputs: Props, withdrawn: tuple[str, Props]
) -> None:
    declared = {**pipeline_inputs, "triggers": "2"}
    outputs = provider.update(*withdrawn, declared)
    assert provider.diff(outputs, with_tags(declared, **{RECORD_REF: "register/0002"})) == (
        True,
        ["triggers"],
    )


def test_new_triggers_under_another_record_replace_it(
    provider: ProviderProcess, pipeline_inputs: Props, withdrawn: tuple[str, Props]
) -> None:
    declared = with_tags({**pipeline_inputs, "triggers": "2"}, **{RECORD_REF: "register/0002"})
    assert provider.diff(withdrawn[1], declared) == (True, ["triggers"])


def on_stream(inputs: Props, aws_account: AwsAccount, **tags: str) -> None:
    source = inputs["kinesis_video_stream_source_runtime_configuration"]
    aws_account.streams.tag_stream(StreamARN=source["streams"][0]["stream_arn"], Tags=tags)


@pytest.fixture
def on_another_stream(pipeline_inputs: Props, aws_account: AwsAccount) -> Props:
    """The same declaration after its stream was replaced."""
    inputs = copy.deepcopy(pipeline_inputs)
    source = inputs["kinesis_video_stream_source_runtime_configuration"]
    source["streams"][0]["stream_arn"] = aws_account.stream()
    return inputs


def record(inputs: Props) -> str:
    return str(inputs["tags"][RECORD_REF])


def test_a_withdrawal_on_its_stream_holds_back_the_replacement_by_a_new_stream(
    provider: ProviderProcess, pipeline_inputs: Props, on_another_stream: Props, aws_account: AwsAccount
) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    on_stream(pipeline_inputs, aws_account, **{STATUS: "withdrawn", RECORD_REF: record(pipeline_inputs)})
    assert provider.diff(outputs, on_another_stream, id_=id_) == (True, [])


def test_a_withdrawal_on_its_stream_is_kept_on_the_pipeline_which_ends(
    provider: ProviderProcess,
    pipeline_inputs: Props,
    on_another_stream: Props,
    aws_account: AwsAccount,
    control: SandboxControl,
) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    on_stream(pipeline_inputs, aws_account, **{STATUS: "withdrawn", RECORD_REF: record(pipeline_inputs)})
    provider.diff(outputs, on_another_stream, id_=id_)
    updated = provider.update(id_, outputs, on_another_stream)
    assert control.pipelines() == []
    assert provider.diff(updated, on_another_stream, id_=id_)[1] == []


def test_the_withdrawal_of_another_record_on_its_stream_holds_nothing_back(
    provider: ProviderProcess, pipeline_inputs: Props, on_another_stream: Props, aws_account: AwsAccount
) -> None:
    id_, outputs = provider.create(pipeline_inputs)
    on_stream(pipeline_inputs, aws_account, **{STATUS: "withdrawn", RECORD_REF: "register/0009"})
    replaces = provider.diff(outputs, on_another_stream, id_=id_)[1]
    assert replaces == ["kinesis_video_stream_source_runtime_configuration"]


def test_a_tag_that_changes_after_the_end_does_not_make_the_withdrawal_forgotten(
    provider: ProviderProcess, pipeline_inputs: Props, withdrawn: tuple[str, Props]
) -> None:
    declared = {**pipeline_inputs, "triggers": "2"}
    ended = provider.update(*withdrawn, declared)
    retagged = with_tags(declared, team="voice")
    again = provider.update(withdrawn[0], ended, retagged)
    assert provider.diff(again, retagged, id_=withdrawn[0])[1] == []
