"""The outputs of a task that the wait of `readiness` gives: `ready`, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

import pulumi

from ..lifecycle.clock import SystemClock
from ..lifecycle.waiting import TransitionDurations
from .readiness import Reached, Readiness, Watcher

CLOCK: Final = SystemClock()
START_DURATIONS: Final = TransitionDurations()
MAX_CONCURRENT_READS: Final = 16
"""Threads that fetch statuses. They are not the event loop's own, which the SDK's registrations occupy."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ReadyOutputs:
    """What a program can depend on.

    Attributes:
        ready: The id, once what `wait_for` names is reached. It fails the run where the task failed to run.
        outcome, status: As this run fetched them last. They never fail, and are unknown in a preview.
    """

    ready: pulumi.Output[str]
    outcome: pulumi.Output[str]
    status: pulumi.Output[str]


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """The line of a resource in the output of the Pulumi CLI."""

    resource: pulumi.Resource

    def warn(self, text: str) -> None:
        """Show a warning."""
        pulumi.log.warn(text, resource=self.resource)

    def info(self, text: str) -> None:
        """Show what happened."""
        pulumi.log.info(text, resource=self.resource)

    def progress(self, text: str) -> None:
        """Show what happens now, until the next line."""
        pulumi.log.info(text, resource=self.resource, ephemeral=True)


def ready_outputs(
    resource: pulumi.CustomResource,
    *,
    outputs: Callable[[], Mapping[str, pulumi.Output[Any]]],
    readiness: Callable[[str, Mapping[str, Any]], Readiness],
) -> ReadyOutputs:
    """Return the outputs that observe the resource.

    Args:
        outputs: Outputs of the resource that the wait needs. A preview, which does not wait, does not ask for them: an
            output for each would be a good part of what a declaration costs.
        readiness: Makes the wait from the id and the resolved `outputs`.
    """
    if pulumi.runtime.is_dry_run():
        # A preview knows the id of what is there already. An outcome that it promised would be wrong by the time of the
        # update, and a saved plan would fail.
        unknown = _unknown(resource)
        return ReadyOutputs(ready=resource.id, outcome=unknown, status=unknown)
    watcher = Watcher(
        clock=CLOCK, in_thread=in_thread, durations=START_DURATIONS, line=ResourceLine(resource)
    )

    async def observe(known: dict[str, Any]) -> Reached:
        return await watcher.observe(readiness(known["id"], known))

    seen: pulumi.Output[Reached] = pulumi.Output.all(id=resource.id, **outputs()).apply(observe)
    return ReadyOutputs(
        ready=pulumi.Output.all(resource.id, seen).apply(_id_or_error),
        outcome=seen.apply(lambda reached: reached.outcome.value),
        status=seen.apply(lambda reached: reached.status or ""),
    )


def _id_or_error(known: list[Any]) -> str:
    id_, reached = known
    if reached.error is not None:
        raise pulumi.RunError(reached.error)
    return str(id_)


def _unknown(resource: pulumi.Resource) -> pulumi.Output[Any]:
    def settled(value: Any) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.Future()
        future.set_result(value)
        return future

    return pulumi.Output({resource}, settled(None), settled(False))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MAX_CONCURRENT_READS, thread_name_prefix="speaker-search-read")


def in_thread(function: Callable[[], Result]) -> Awaitable[Result]:
    """Run a blocking function in a thread for reads."""
    return asyncio.get_running_loop().run_in_executor(_threads(), function)
