"""What the function of an operation receives besides the members of its input."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.account.events import Event, Subscriber
from sandbox.account.state import RegionState
from sandbox.account.status_timeline import Timeline
from sandbox.settings import Settings


class OtherServices(Protocol):
    """Checks and deliveries that involve services outside this sandbox's own (KMS, IAM, SQS, EventBridge).

    Methods that return `str | None` return None for success, otherwise a sentence that names the problem.
    """

    def role_problem(self, account_id: str, role_arn: str) -> str | None:
        """Return why Amazon Chime can't assume the role."""
        ...

    def role_created(self, account_id: str, role_arn: str) -> float:
        """Return when the role was created, in seconds since 1970."""
        ...

    def key_problem(self, account_id: str, region: str, key_arn: str) -> str | None:
        """Return why a voice profile domain can't use the key."""
        ...

    def deliver(self, sink: str, target_arn: str, body: str, partition_key: str) -> str | None:
        """Send a notification to a sink; return why it was not delivered."""
        ...

    def put_event(self, event: Mapping[str, Any]) -> str | None:
        """Put an event on the default event bus; return why it was not delivered."""
        ...


@dataclass(frozen=True)
class Context:
    """One call's view of an account in a region. Use it only while holding the sandbox's lock."""

    state: RegionState
    now: float
    """Seconds since 1970; the same for everything in one call."""
    settings: Settings
    other_services: OtherServices
    endpoint: str
    fails_later: bool = False
    """Set by the fault of this name: a pipeline or task that is started now goes to Failed."""
    subscribers: list[Subscriber] = field(default_factory=list)
    """Called with every event of a task or pipeline."""
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def publish(self, event: Event) -> None:
        """Pass an event to all subscribers."""
        for subscriber in self.subscribers:
            subscriber(self, event)

    def begin(self, event: str) -> Timeline:
        """Return the timeline of a new resource; the failing one where the fault `fails_later` hit the call."""
        return self.advance(Timeline(), f"{event} to fail" if self.fails_later else event)

    def advance(self, timeline: Timeline, event: str, when: float | None = None) -> Timeline:
        """Return the timeline continued with an event of `SEQUENCES`, at `when` or now."""
        return timeline.followed_by(event, self.now if when is None else when, self.settings.transitions)
