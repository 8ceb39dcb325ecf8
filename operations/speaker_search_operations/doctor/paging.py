"""Read every page of a list of AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pulumi_speaker_search.lifecycle.aws_call import Aws, Call, send


def items(aws: Aws, call: Call, member: str, deadline: float) -> Iterator[Mapping[str, Any]]:
    """Yield the members of a list in every page of it.

    Args:
        member: The member of the response that has the list.
        deadline: On `aws.clock.monotonic()`.
    """
    token: dict[str, Any] = {}
    while True:
        answer = send(aws, replace(call, parameters={**call.parameters, **token}), deadline=deadline)
        yield from answer.get(member, ())
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}
