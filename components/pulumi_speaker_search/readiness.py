"""`ready`: the wait until what was started runs, in the program's own process.

A Python dynamic resource that waits in create holds one of four threads, and leaves nothing in state when it
fails. So create returns at once, and the wait is an `apply` on the recorded outputs: as many at once as there are,
never in a preview, and whatever it ends with, everything that was started is in state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import pulumi

from .lifecycle.aws_call import Aws
from .lifecycle.aws_client import client, settings_from_config
from .lifecycle.clock import SystemClock
from .lifecycle.errors import SpeakerSearchError, Subject
from .lifecycle.status import Goal
from .lifecycle.waiting import Experience, Seen, Watch, wait_async

CLOCK = SystemClock()
EXPERIENCE = Experience()
LOOKS_AT_ONCE = 16
"""Threads for the looks. Not the event loop's own: the SDK's registrations occupy those."""

LEFT_ALONE = frozenset({"Stopping", "Stopped", "Paused"})
"""What an earlier run started and somebody ended: it is theirs to decide, so `up` only says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What to wait for.

    Attributes:
        look: Sees the resource now; blocking.
        declared_at: When the program declared it: what was accepted later was started in this run.
        way_on: What to do about one that has ended, as a sentence.
        prepare: What the first look needs and takes time; done while there is nothing to see yet.
    """

    goal: Goal
    subject: Subject
    look: Callable[[], Seen | None]
    timeout_seconds: float
    accepted_at: datetime
    declared_at: datetime
    way_on: str
    prepare: Callable[[], object] = lambda: None


def program_aws(region: str | None) -> Aws:
    """AWS as the program's config and environment say, in `region`."""
    settings = _settings().in_region(region)
    return Aws(client_of=lambda service: client(settings, service), clock=CLOCK)


@cache
def _settings() -> Any:
    return settings_from_config(pulumi.Config("aws").get)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(LOOKS_AT_ONCE, thread_name_prefix="speaker-search-look")


def ready_outputs(
    resource: pulumi.CustomResource,
    *,
    status: pulumi.Output[str],
    outputs: Mapping[str, pulumi.Output[Any]],
    readiness: Callable[[str, Mapping[str, Any]], Readiness],
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """The resource's id once it runs, and the status that was seen then.

    Args:
        status: As the state has it.
        readiness: Makes the wait from the id and the resolved `outputs`.
    """

    async def when_running(known: dict[str, Any]) -> dict[str, str]:
        wanted = readiness(known["id"], known)
        if pulumi.runtime.is_dry_run():
            return {"id": known["id"], "status": _expected(wanted.goal, known["recorded_status"])}
        return {"id": known["id"], "status": await _until_running(resource, wanted)}

    seen: pulumi.Output[dict[str, str]]
    seen = pulumi.Output.all(id=resource.id, recorded_status=status, **outputs).apply(when_running)
    return seen.apply(lambda found: found["id"]), seen.apply(lambda found: found["status"])


def _expected(goal: Goal, status: str) -> str:
    """What `up` will have seen where a preview finds `status` in state: it waits out what is on the way."""
    return min(goal.reached) if status in goal.on_the_way else status


async def _until_running(resource: pulumi.CustomResource, wanted: Readiness) -> str:
    aws = Aws(client_of=lambda _service: None, clock=CLOCK)

    async def look() -> Seen | None:
        return await asyncio.get_running_loop().run_in_executor(_threads(), wanted.look)

    new = wanted.accepted_at >= wanted.declared_at
    age = (CLOCK.now() - wanted.accepted_at).total_seconds()
    watch = Watch(
        goal=wanted.goal,
        subject=wanted.subject,
        timeout_seconds=wanted.timeout_seconds,
        since=CLOCK.monotonic(),
        age_seconds=max(0.0, age),
        experience=EXPERIENCE,
    )

    def told(status: str | None) -> None:
        seconds = CLOCK.monotonic() - watch.since + watch.age_seconds
        pulumi.log.info(f"{status}, {seconds:.0f} s", resource=resource, ephemeral=True)

    try:
        if not new:
            seen = await look()
            if seen is not None and seen.status in LEFT_ALONE:
                pulumi.log.warn(
                    f"{wanted.subject} is {seen.status}, and is left alone. {wanted.way_on}",
                    resource=resource,
                )
                return seen.status
            if watch.is_over(seen):
                return str(watch.last_status)
        if new:
            told("accepted")
            _threads().submit(wanted.prepare)
        await wait_async(aws, watch, look, told=told)
        return str(watch.last_status)
    except SpeakerSearchError as failed:
        told(watch.last_status)  # at once: the error below is told when the waits of the others have ended
        raise pulumi.RunError(str(failed)) from failed
