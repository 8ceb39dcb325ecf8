"""What an operation is given besides its input's members."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sandbox.settings import Settings
from sandbox.state import RegionState
from sandbox.timeline import Timeline


class Neighbours(Protocol):
    """Questions to the services beside ours. Each answers None, or a sentence that says what is wrong."""

    def role_problem(self, account_id: str, role_arn: str) -> str | None: ...

    def key_problem(self, account_id: str, region: str, key_arn: str) -> str | None: ...


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
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def begin(self, plan: str) -> Timeline:
        return self.advance(Timeline(), f"{plan} to fail" if self.fails_later else plan)

    def advance(self, timeline: Timeline, plan: str, when: float | None = None) -> Timeline:
        return timeline.then(plan, self.now if when is None else when, self.settings.transitions)
