"""AWS's partitions: what an ARN begins with, by its region."""

import re
from functools import cache

from botocore.loaders import Loader


@cache
def partition_of(region: str) -> str:
    """`aws`, `aws-cn`, `aws-us-gov`, … by botocore's own table; `aws` for a region that it can't place."""
    partitions = Loader().load_data("partitions")["partitions"]
    found = (one["id"] for one in partitions if re.fullmatch(one["regionRegex"].strip("^$"), region))
    return str(next(found, "aws"))
