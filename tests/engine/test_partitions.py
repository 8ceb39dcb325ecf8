"""The program outside of the partition `aws`. (Voice analytics is not there today; the switch says that it is.)"""

from __future__ import annotations

import pytest

from sandbox.control import SandboxControl
from tests.engine.stack import Stack


@pytest.mark.parametrize(("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")])
def test_everything_is_made_in_the_partition_of_the_region(
    stack: Stack, control: SandboxControl, region: str, partition: str
) -> None:
    control.set_switches(voice_analytics_regions=[region])
    settings = stack.folder / f"Pulumi.{stack.name}.yaml"
    settings.write_text(settings.read_text().replace("aws:region: us-east-1", f"aws:region: {region}"))
    stack.up()
    made = [str(one["outputs"]["arn"]) for one in stack.resources("") if "arn" in one.get("outputs", {})]
    assert {arn.split(":")[1] for arn in made} == {partition}
