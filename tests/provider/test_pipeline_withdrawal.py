"""A withdrawal of consent that somebody has written on the pipeline in AWS, and what is declared then."""

from __future__ import annotations

import pytest

from sandbox.control import SandboxControl
from tests.contract.world import World
from tests.provider.provider_process import Props, ProviderProcess

STATUS, RECORD_REF = "consent:status", "consent:record-ref"


@pytest.fixture
def withdrawn(provider: ProviderProcess, pipeline_inputs: Props, world: World) -> tuple[str, Props]:
    """Id and outputs of a pipeline that runs, and that carries a withdrawal of which state does not know."""
    id_, outputs = provider.create(pipeline_inputs)
    world.media.tag_resource(
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
