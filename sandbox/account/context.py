"""What an operation is given besides its input's members."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.account.state import RegionState
from sandbox.account.timeline import Timeline
from sandbox.services.media_pipelines.events import Event, Subscriber
from sandbox.settings import Settings


class Neighbours(Protocol):
    """Questions and messages to the services beside ours.

    Each answers None, or a sentence that says what is wrong, or why nothing arrived.
    """

    def role_problem(self, account_id: str, role_arn: str) -> str | None: ...

    def role_created(self, account_id: str, role_arn: str) -> float:
        """Seconds since 1970."""
        ...

    def key_problem(self, account_id: str, region: str, key_arn: str) -> str | None: ...

    def deliver(self, sink: str, target_arn: str, body: str, partition_key: str) -> str | None: ...

    def put_event(self, event: Mapping[str, Any]) -> str | None: ...


@dataclass(frozen=True)
class Context:
    state: RegionState
    now: float
    """Seconds since 1970; the same for everything in one call."""
    settings: Settings
    neighbours: Neighbours
    endpoint: str
    fails_later: bool = False
    """A fault: what is started now will end as Failed."""
    subscribers: list[Subscriber] = field(default_factory=list)
    """Told what happens to tasks and pipelines."""
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def tell(self, event: Event) -> None:
        for subscriber in self.subscribers:
            subscriber(self, event)

    def begin(self, plan: str) -> Timeline:
        return self.advance(Timeline(), f"{plan} to fail" if self.fails_later else plan)

    def advance(self, timeline: Timeline, plan: str, when: float | None = None) -> Timeline:
        return timeline.then(plan, self.now if when is None else when, self.settings.transitions)
