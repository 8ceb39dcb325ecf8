"""Remove what the questions created, newest first, however the run ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

GONE = ("NotFound", "NoSuchEntity", "NonExistentQueue", "QueueDoesNotExist")
LONGEST_SECONDS = 120.0
PAUSE_SECONDS = 2.0
Created = tuple[str, Callable[[], object]]
"""A description, and what removes it."""


@dataclass
class CleanUp:
    """What has to be removed: of one question after it, because AWS's quotas are small; what is shared, at the end.

    Attributes:
        sleep: Wait between two attempts to remove something that is still in use.
        left: What could not be removed, with the reason.
    """

    sleep: Callable[[float], None]
    left: list[str] = field(default_factory=list)
    _of_question: list[Created] = field(default_factory=list)
    _shared: list[Created] = field(default_factory=list)
    _depth: int = 0

    def add(self, what: str, remove: Callable[[], object]) -> None:
        """Remember something that was created."""
        (self._shared if self._depth else self._of_question).append((what, remove))

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Keep what is created in the block until the end."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def after_question(self) -> None:
        """Remove what the last question created."""
        self._remove_all(self._of_question)

    def at_the_end(self) -> None:
        """Remove everything."""
        self._remove_all(self._of_question)
        self._remove_all(self._shared)

    def _remove_all(self, created: list[Created]) -> None:
        while created:
            what, remove = created[-1]
            if problem := self._remove(remove):
                self.left.append(f"{what}: {problem}")
            created.pop()  # only now, so that an interrupted removal is tried again

    def _remove(self, remove: Callable[[], object]) -> str:
        """Return an empty text, or why it failed. A pipeline takes time to end and blocks its configuration."""
        waited = 0.0
        while True:
            try:
                remove()
            except ClientError as error:
                code = str(error.response["Error"]["Code"])
                if any(word in code for word in GONE):
                    return ""
                problem = f"{code}: {error.response['Error'].get('Message', '')}"
            except BotoCoreError as error:
                problem = str(error)
            else:
                return ""
            if waited >= LONGEST_SECONDS:
                return problem
            self.sleep(PAUSE_SECONDS)
            waited += PAUSE_SECONDS
