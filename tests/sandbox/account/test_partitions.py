"""The partition in ARNs. Source: AWS General Reference, "Amazon Resource Names"."""

import pytest

from sandbox.account.partitions import partition_of
from sandbox.account.state import RegionState


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("eu-central-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-gov-east-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("nowhere", "aws"),
    ],
)
def test_a_region_has_a_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition


def test_an_arn_begins_with_the_partition_of_its_region() -> None:
    state = RegionState("123456789012", "us-gov-west-1")
    assert state.arn("kinesisvideo", "stream/a/1") == (
        "arn:aws-us-gov:kinesisvideo:us-gov-west-1:123456789012:stream/a/1"
    )
