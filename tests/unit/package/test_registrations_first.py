"""A program with many resources waits for its registrations, and not for every output again and again."""

from __future__ import annotations

import asyncio

from pulumi.runtime.settings import _get_rpc_manager
from pulumi_speaker_search.pulumi_internals.registrations_first import await_registrations_before_outputs


async def _count(times: int) -> int:
    registrations = _get_rpc_manager().rpcs
    registrations.clear()
    for _ in range(times):
        await_registrations_before_outputs()
    count = len(registrations)
    while registrations:
        await registrations.pop()
    return count


def test_the_sdk_still_keeps_registrations_in_a_list() -> None:
    assert asyncio.run(_count(1)) == 1


def test_one_is_enough_for_many_resources() -> None:
    assert asyncio.run(_count(5)) == 1
