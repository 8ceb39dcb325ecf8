"""An `aws.Provider` of the program's own on a component of ours."""

from __future__ import annotations

import pulumi
import pytest
from pulumi_aws.provider import Provider
from pulumi_speaker_search import VoiceAnalytics, VoiceAnalyticsArgs
from pulumi_speaker_search.resources.aws_provider_option import refuse_foreign_aws_provider

from tests.unit.package.test_components import CONSENT, declared


class Parent(pulumi.ComponentResource):
    def __init__(self, providers: dict[str, pulumi.ProviderResource]) -> None:
        super().__init__("tests:index:Parent", "parent", None, pulumi.ResourceOptions(providers=providers))


def _refused(options: pulumi.ResourceOptions) -> str:
    with pytest.raises(pulumi.RunError) as refused:
        refuse_foreign_aws_provider("search", options)
    return str(refused.value)


def test_an_aws_provider_is_refused_however_it_is_given() -> None:
    def program() -> None:
        mine = Provider("mine", region="us-west-2")
        for options in (
            pulumi.ResourceOptions(provider=mine),
            pulumi.ResourceOptions(providers=[mine]),
            pulumi.ResourceOptions(providers={"aws": mine}),
            pulumi.ResourceOptions(parent=Parent({"aws": mine})),
        ):
            assert _refused(options).startswith(
                "search: an aws.Provider of the program's own is not supported"
            )

    declared(program)


def test_the_component_refuses_it_before_anything_is_declared() -> None:
    def program() -> None:
        mine = Provider("mine", region="us-west-2")
        with pytest.raises(pulumi.RunError):
            VoiceAnalytics(
                "voice", VoiceAnalyticsArgs(consent=CONSENT), pulumi.ResourceOptions(providers=[mine])
            )

    assert not [type_ for type_ in declared(program) if type_.startswith("aws:")]


def test_another_package_s_provider_is_no_matter() -> None:
    def program() -> None:
        other = pulumi.ProviderResource("random", "other", {})
        refuse_foreign_aws_provider("search", pulumi.ResourceOptions(providers=[other]))

    declared(program)
