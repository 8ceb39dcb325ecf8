"""AWS partitions: the part of an ARN that depends on the region."""

import re
from functools import cache

from botocore.loaders import Loader


@cache
def partition_of(region: str) -> str:
    """Return `aws`, `aws-cn`, `aws-us-gov`, … from botocore's own table; `aws` for an unknown region."""
    partitions = Loader().load_data("partitions")["partitions"]
    matching = (
        partition["id"]
        for partition in partitions
        if re.fullmatch(partition["regionRegex"].strip("^$"), region)
    )
    return str(next(matching, "aws"))
